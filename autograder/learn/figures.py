"""The figures of the lessons: one function a figure, its words made from the same data.

All share one look: ink on a light card, so that they read in JupyterLab's light and dark theme;
colours run from dark to light with the numbers they stand for, so that they read in grey.
"""

import ast
import base64
import html
import io

import matplotlib
import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, Polygon, Rectangle

from autograder.learn.trace import trace

INK, PAPER, SOFT = "#1b2a41", "#fdfcf8", "#8d99ae"
FRONT, SIDE, TOP = "#9ec1d9", "#5f8fb3", "#c9dfec"
#: The distance between two stages of draw_shapes, in the units of its blocks.
STEP = 3.0
SEQUENCE = matplotlib.colormaps["cividis"]


class Picture:
    """A figure with its alternative text. In a notebook it shows as an image with that text.

    figure: a matplotlib Figure. alt: the same in words.
    """

    def __init__(self, figure, alt):
        self.figure, self.alt = figure, alt

    def png(self, dpi=110):
        """Return the figure as PNG bytes."""
        out = io.BytesIO()
        # No metadata: the bytes then depend on nothing but the drawing.
        self.figure.savefig(
            out, format="png", dpi=dpi, facecolor=PAPER, metadata={"Software": None}
        )
        return out.getvalue()

    def as_html(self):
        """Return the figure as an HTML image that says in `alt` what it shows."""
        data = base64.b64encode(self.png()).decode()
        source = f"data:image/png;base64,{data}"
        return f'<img alt="{html.escape(self.alt)}" src="{source}" style="max-width:100%">'

    def _repr_mimebundle_(self, include=None, exclude=None):
        # JupyterLab shows an image/png output without any alternative text, so the image goes
        # in as HTML, where `alt` reaches a screen reader.
        return {"text/plain": self.alt, "text/html": self.as_html()}


def draw_shapes(thing):
    """Draw how a shape changes from layer to layer.

    thing: a model, or a KerasTensor and with it all the layers that lead to it. Every stage is
    a block (height, width, channels), a sheet (two axes) or a bar (one axis), drawn for one
    sample; sizes are compressed, the numbers below are exact.
    """
    chain = trace(thing)
    shapes = chain.shapes()
    names = [step.name for step in chain.steps]
    counts = [step.layer.count_params() for step in chain.steps]
    figure = Figure(figsize=(1.2 + 2.2 * len(shapes), 2.9))
    axes = _canvas(figure)
    for i, shape in enumerate(shapes):
        _draw_stage(axes, i * STEP, shape[1:])
        axes.text(i * STEP, -1.62, _write(shape), ha="center", fontsize=9.5, color=INK)
        if i:
            _draw_arrow(axes, i * STEP - STEP / 2, names[i - 1], counts[i - 1])
    axes.text(0, 1.5, "Input", ha="center", fontsize=9.5, color=INK, weight="bold")
    axes.set_xlim(-1.25, (len(shapes) - 1) * STEP + 1.25)
    axes.set_ylim(-1.95, 1.9)
    said = [
        f"{n} ({c:,} parameters) gives {_write(s)}"
        for n, c, s in zip(names, counts, shapes[1:], strict=True)
    ]
    return Picture(
        figure, f"Shapes from layer to layer: Input {_write(shapes[0])}; " + "; ".join(said) + "."
    )


def draw_two_ways(rows):
    """Draw a learner's way through the layers above Keras's, as far as a verdict tells both.

    rows: a verdict's. Returns None where there is nothing to look at: rows of numbers of
    parameters, or shapes without height and width.
    """
    mine, true = ([_read(getattr(row, way)) for row in rows] for way in ("yours", "keras"))
    if not any(shape and len(shape) > 3 for shape in mine):
        return None
    figure = Figure(figsize=(1.8 + 2.2 * len(rows), 4.4))
    axes = _canvas(figure)
    for y, words, shapes in ((0, "your way", mine), (-3.9, "Keras", true)):
        axes.text(-1.45, y, words, ha="right", va="center", fontsize=10.5, color=INK, weight="bold")
        for i, shape in enumerate(shapes):
            _draw_known_stage(axes, i * STEP, y, shape)
    for i, row in enumerate(rows):
        axes.text(i * STEP, 1.5, row.layer, ha="center", fontsize=10.5, color=INK, weight="bold")
    axes.set_xlim(-3.0, (len(rows) - 1) * STEP + 1.25)
    axes.set_ylim(-5.8, 1.9)
    said = "; ".join(f"{row.layer}: your way {row.yours}, Keras {row.keras}" for row in rows)
    return Picture(figure, f"Two ways through the layers. {said}.")


def _read(text):
    """Return the shape that a cell of a verdict's table shows, or None."""
    try:
        shape = ast.literal_eval(text)
    except (SyntaxError, ValueError):
        return None
    return shape if isinstance(shape, tuple) and len(shape) > 1 else None


def _draw_known_stage(axes, x, y, shape):
    if shape is None:
        axes.text(x, y, "?", ha="center", va="center", fontsize=22, color=SOFT)
        return
    _draw_stage(axes, x, shape[1:], y)
    axes.text(x, y - 1.62, _write(shape), ha="center", fontsize=10, color=INK)


def draw_flatten(height=2, width=3, channels=2):
    """Draw how Flatten unrolls one small feature map, every number keeping its colour."""
    numbers = np.arange(height * width * channels).reshape(height, width, channels)
    total = numbers.size
    figure = Figure(figsize=(max(6.2, total * 0.55), 0.7 * height + 2.3))
    axes = _canvas(figure)
    left = (total - width * 2) / 2
    for h, w in np.ndindex(height, width):
        _draw_pixel(axes, left + 2 * w, 2.2 + 1.3 * (height - 1 - h), numbers[h, w], total)
        axes.text(
            left + 2 * w + 0.95,
            3.28 + 1.3 * (height - 1 - h),
            f"row {h}, column {w}",
            ha="center",
            fontsize=7.5,
            color=INK,
        )
    for k in range(total):
        _draw_number(axes, k, 0, 1, k, total)
    axes.text(
        total / 2,
        1.38,
        "Flatten: row by row, in a row pixel by pixel, in a pixel channel by channel",
        ha="center",
        fontsize=9,
        color=INK,
    )
    axes.text(
        total / 2,
        -0.55,
        f"{height} × {width} × {channels} = {total} features, in this order",
        ha="center",
        fontsize=9,
        color=INK,
    )
    axes.set_xlim(-0.4, total + 0.4)
    axes.set_ylim(-0.9, 2.6 + 1.3 * height)
    places = "; ".join(
        f"row {h}, column {w}: {', '.join(map(str, numbers[h, w]))}"
        for h, w in np.ndindex(height, width)
    )
    alt = (
        f"A feature map of {height} rows, {width} columns and {channels} channels, its numbers "
        f"counted from 0 to {total - 1}. {places}. Below, Flatten's row of {total} features holds "
        f"0 to {total - 1} in just this order, each in the colour of its place above."
    )
    return Picture(figure, alt)


def _canvas(figure):
    axes = figure.add_axes((0.01, 0.01, 0.98, 0.98))
    axes.axis("off")
    return axes


def _write(shape):
    return "(" + ", ".join(map(str, shape)) + ("," if len(shape) == 1 else "") + ")"


def _draw_stage(axes, x, sample, y=0):
    """Draw one sample's shape around (x, y)."""
    sizes = [_length(n) for n in sample]
    if len(sizes) == 1:
        _draw_block(axes, x, y, 0.2, max(sizes[0], 0.3), 0)
    elif len(sizes) == 2:
        _draw_block(axes, x, y, sizes[1], sizes[0], 0)
    else:
        _draw_block(axes, x, y, sizes[1], sizes[0], sizes[-1] * 0.45)


def _length(size):
    """Return how long to draw a size: its logarithm, so that 2 and 2,000 fit on one page."""
    return 0.5 if size is None else float(np.clip(0.24 * np.log2(size + 1), 0.18, 2.0))


def _draw_block(axes, x, y, wide, high, deep):
    slant = deep * 0.6
    x0, y0 = x - (wide + deep) / 2, y - (high + slant) / 2
    axes.add_patch(Rectangle((x0, y0), wide, high, facecolor=FRONT, edgecolor=INK, linewidth=1))
    if deep:
        top = [
            (x0, y0 + high),
            (x0 + deep, y0 + high + slant),
            (x0 + wide + deep, y0 + high + slant),
            (x0 + wide, y0 + high),
        ]
        side = [
            (x0 + wide, y0),
            (x0 + wide, y0 + high),
            (x0 + wide + deep, y0 + high + slant),
            (x0 + wide + deep, y0 + slant),
        ]
        axes.add_patch(Polygon(top, facecolor=TOP, edgecolor=INK, linewidth=1))
        axes.add_patch(Polygon(side, facecolor=SIDE, edgecolor=INK, linewidth=1))


def _draw_arrow(axes, x, name, count):
    axes.add_patch(
        FancyArrowPatch(
            (x - 0.22, 0), (x + 0.22, 0), arrowstyle="-|>", mutation_scale=13, color=INK
        )
    )
    axes.text(x, 1.5, name, ha="center", fontsize=9.5, color=INK, weight="bold")
    axes.text(
        x,
        1.2,
        f"{count:,} parameters" if count else "no parameters",
        ha="center",
        fontsize=8,
        color=INK,
    )


def _draw_pixel(axes, x, y, numbers, total):
    wide = 1.9 / len(numbers)
    for c, k in enumerate(numbers):
        _draw_number(axes, x + c * wide, y, wide, int(k), total)


def _draw_number(axes, x, y, wide, k, total):
    shade = k / max(total - 1, 1)
    axes.add_patch(
        Rectangle((x, y), wide, 1, facecolor=SEQUENCE(shade), edgecolor=PAPER, linewidth=1.5)
    )
    axes.text(
        x + wide / 2,
        y + 0.5,
        str(k),
        ha="center",
        va="center",
        fontsize=10,
        color="white" if shade < 0.5 else "black",
    )
