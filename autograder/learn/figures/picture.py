"""What all figures share: one look, a few shapes to draw with, and a Picture with its words.

Figures are drawn in ink on a light card. In a dark theme the page turns them over: light ink on a
dark card, in the same hues. Colours run evenly from dark to light, or from light to dark, with the
numbers they stand for, so that they read in grey, and none says anything alone.
Measures are inches, unless a figure says otherwise.
"""

import base64
import contextlib
import html
import io
import random
import textwrap

import keras
import matplotlib
import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, Polygon, Rectangle

from autograder.learn.quiet import hushed

INK, PAPER, SOFT = "#1b2a41", "#fdfcf8", "#8d99ae"
FRONT, SIDE, TOP = "#9ec1d9", "#6594b8", "#c9dfec"
SEQUENCE = matplotlib.colormaps["cividis"]
#: Half of what is left out of the middle of SEQUENCE, where no number stands out in both themes.
GAP = 0.08
#: How JupyterLab, VS Code and Colab say that their theme is dark. Where a page takes no style, a
#: card stays light.
_DARK = ("[data-jp-theme-light=false]", ".vscode-dark", "[theme=dark]")
_TURNED, _DIMMED = "filter:invert(1) hue-rotate(180deg)", "filter:brightness(.8)"
#: The widest a figure may be, so that a notebook does not shrink its letters.
WIDEST, DPI = 8.1, 110
#: Where a window is narrower, a figure is scrolled and not shrunk any more, in pixels.
NARROWEST = 620


class CannotDraw(ValueError):
    """A figure cannot be drawn of this; in a notebook it says so without a stack trace."""

    def _render_traceback_(self):
        # IPython asks an exception for its own rendering by this name.
        return [str(self)]


class Picture:
    """A figure with its alternative text. In a notebook it shows as an image with that text.

    figure: a matplotlib Figure. alt: the same in words. as_it_is: it holds pictures of things,
    whose colours stay in a dark theme.
    """

    def __init__(self, figure, alt, as_it_is=False):
        self.figure, self.alt, self.as_it_is = figure, alt, as_it_is

    def png(self, dpi=DPI):
        """Return the figure as PNG bytes."""
        out = io.BytesIO()
        # No metadata: the bytes then depend on nothing but the drawing.
        self.figure.savefig(
            out, format="png", dpi=dpi, facecolor=PAPER, metadata={"Software": None}
        )
        return out.getvalue()

    def as_html(self):
        """Return the figure as an HTML image that says in `alt` what it shows."""
        kind, turned = ("shown", _DIMMED) if self.as_it_is else ("drawn", _TURNED)
        style = f"{','.join(f'{page} img.{kind}' for page in _DARK)}{{{turned}}}"
        least = min(NARROWEST, int(self.figure.get_figwidth() * DPI))
        look = f"max-width:100%;min-width:{least}px;border-radius:6px"
        data = base64.b64encode(self.png()).decode()
        image = f'<img class="{kind}" alt="{html.escape(self.alt)}" style="{look}" '
        return f'<style>{style}</style>{image}src="data:image/png;base64,{data}">'

    def _repr_mimebundle_(self, include=None, exclude=None):
        # JupyterLab shows an image/png output without any alternative text, so the image goes
        # in as HTML, where `alt` reaches a screen reader.
        return {"text/plain": self.alt, "text/html": self.as_html()}


def canvas(wide, high):
    """Return a Figure and its axes, on which (x, y) are inches from the lower left corner."""
    figure = Figure(figsize=(wide, high))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.axis("off")
    axes.set_xlim(0, wide)
    axes.set_ylim(0, high)
    return figure, axes


def write(shape):
    """Write a shape as Python does: (3,) with its comma, (None, 3) without quotes."""
    return "(" + ", ".join(map(str, shape)) + ("," if len(shape) == 1 else "") + ")"


def counted(number, what="parameter"):
    """Write a number of things: 1 parameter, 1,216 parameters."""
    return f"{number:,} {what}{'s' * (number != 1)}"


def ink_on(colour):
    """Return white or black, whichever stands out from a colour: never less than 4.5 to 1."""
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    light = 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    return "white" if 1.05 / (light + 0.05) > (light + 0.05) / 0.05 else "black"


def shade(k, total):
    """Return the colour of number k of 0 … total - 1."""
    return colour(k / max(total - 1, 1))


def colour(share):
    """Return the colour of a share from 0 to 1: from SEQUENCE, whose middle is left out."""
    return SEQUENCE(share * (1 - 2 * GAP) + (2 * GAP if share >= 0.5 else 0))


def say(axes, x, y, text, size=9, ground=None, **options):
    """Write a text around (x, y), in inches. ground: a colour to put behind it."""
    options = {"ha": "center", "color": INK, "linespacing": 1.35, "zorder": 3, **options}
    if ground:
        options["bbox"] = {"facecolor": ground, "edgecolor": "none", "pad": 1.5}
    if "\n" in str(text):
        return axes.text(x, y, text, fontsize=size, va="center", **options)
    # By its baseline, so that texts of one line stand level whatever their letters.
    return axes.text(x, y - 0.36 * size / 72, text, fontsize=size, va="baseline", **options)


def folded(text, wide, size=9):
    """Break a text into lines that fit a width in inches."""
    return textwrap.fill(str(text), max(int(wide / (0.0088 * size)), 6), break_long_words=False)


def cut(text, wide, size=9):
    """Cut a text that does not fit a width in inches, and mark it with dots."""
    most = max(int(wide / (0.0088 * size)), 4)
    return text if len(text) <= most else text[: most - 1] + "…"


def draw_sign(axes, x, y, wide, high, yes, text, more=""):
    """Draw a box that says yes (a tick, plain) or no (a cross, hatched), and in which words."""
    face, hatch = (TOP, "") if yes else (PAPER, "////")
    draw_box(axes, x, y, wide, high, face=face, hatch=hatch, edgecolor=SOFT)
    words = f"{'✓' if yes else '✗'} {text}"
    ends = (high * 0.69, high * 0.29) if more else (high / 2, 0)
    say(axes, x + wide / 2, y + ends[0], words, ground=face, weight="bold")
    if more:
        say(axes, x + wide / 2, y + ends[1], more, 8, ground=face)


def draw_box(axes, x, y, wide, high, text="", face=PAPER, size=9, **options):
    """Draw a rectangle from its lower left corner, with a text in it that stands out."""
    options = {"edgecolor": INK, "linewidth": 1, **options}
    axes.add_patch(Rectangle((x, y), wide, high, facecolor=face, **options))
    if text != "":
        say(axes, x + wide / 2, y + high / 2, str(text), size, color=ink_on(face))


def draw_numbers(axes, x, y, wide, high, numbers, total):
    """Draw numbers of 0 … total - 1 in a row of cells, each in its colour."""
    for i, k in enumerate(numbers):
        face = shade(int(k), total)
        draw_box(axes, x + i * wide, y, wide, high, int(k), face, edgecolor=PAPER, linewidth=1.5)


def draw_arrow(axes, start, end, **options):
    """Draw an arrow from point to point, or along path=, if both are None."""
    options = {"arrowstyle": "-|>", "mutation_scale": 12, "color": INK, "shrinkA": 0, **options}
    axes.add_patch(FancyArrowPatch(start, end, **{"shrinkB": 0, **options}))


def draw_block(axes, x, y, wide, high, deep):
    """Draw a block around (x, y); a sheet if it is not deep."""
    slant = deep * 0.6
    x0, y0 = x - (wide + deep) / 2, y - (high + slant) / 2
    axes.add_patch(Rectangle((x0, y0), wide, high, facecolor=FRONT, edgecolor=INK, linewidth=1))
    if not deep:
        return
    x1, y1 = x0 + wide, y0 + high
    top = [(x0, y1), (x0 + deep, y1 + slant), (x1 + deep, y1 + slant), (x1, y1)]
    side = [(x1, y0), (x1, y1), (x1 + deep, y1 + slant), (x1 + deep, y0 + slant)]
    axes.add_patch(Polygon(top, facecolor=TOP, edgecolor=INK, linewidth=1))
    axes.add_patch(Polygon(side, facecolor=SIDE, edgecolor=INK, linewidth=1))


def draw_sample(axes, x, y, sample, scale=1.0):
    """Draw the shape of one sample around (x, y): a block, a sheet or a bar."""
    sizes = [scale * drawn_length(n) for n in sample]
    if len(sizes) == 1:
        draw_block(axes, x, y, 0.2 * scale, max(sizes[0], 0.3 * scale), 0)
    elif len(sizes) == 2:
        draw_block(axes, x, y, sizes[1], sizes[0], 0)
    else:
        draw_block(axes, x, y, sizes[1], sizes[0], sizes[-1] * 0.45)


def sample_width(sample, scale=1.0):
    """Return how wide draw_sample draws the shape of a sample."""
    sizes = [scale * drawn_length(n) for n in sample]
    return 0.2 * scale if len(sizes) < 2 else sizes[1] + (sizes[-1] * 0.45 if sizes[2:] else 0)


def drawn_length(size):
    """Return how long to draw a size: its logarithm, so that 2 and 2,000 fit on one page."""
    return 0.5 if size is None else float(np.clip(0.24 * np.log2(size + 1), 0.18, 2.0))


def whole(most, /, **sizes):
    """Check that the sizes of a figure are whole numbers from 1 to `most`."""
    for name, size in sizes.items():
        fits = isinstance(size, (int, np.integer)) and not isinstance(size, bool)
        if not fits or not 1 <= size <= most:
            raise CannotDraw(f"This figure draws {name} from 1 to {most}, not {size!r}.")


def labelled(things, most, what):
    """Check that a figure gets a dictionary of 1 to `most` things, and return its items."""
    if not isinstance(things, dict) or not 1 <= len(things) <= most:
        raise CannotDraw(
            f"This figure takes a dictionary of 1 to {most} {what}, each with its label."
        )
    return [(str(label), thing) for label, thing in things.items()]


@contextlib.contextmanager
def aside():
    """Try something out in silence, and without a trace in the random numbers that follow."""
    state = random.getstate()  # Keras's initializers take their seeds from here
    try:
        with hushed():
            yield
    finally:
        random.setstate(state)


def untouched(layer):
    """Return a layer or model that may be tried out: the built one, or a copy of an unbuilt."""
    if getattr(layer, "built", True):
        return layer
    if isinstance(layer, keras.Model) and not isinstance(layer, keras.Sequential):
        return layer
    return type(layer).from_config(layer.get_config())
