"""Shapes from layer to layer, as Keras makes them and as a learner took them to be."""

import ast
import re

import keras

from autograder.learn.calls import calls_of
from autograder.learn.figures.graph import draw_graph
from autograder.learn.figures.picture import (
    WIDEST,
    Picture,
    canvas,
    counted,
    cut,
    draw_arrow,
    draw_sample,
    sample_width,
    say,
    write,
)
from autograder.learn.trace import trace

#: So many stages stand beside one another; further ones go on below.
ACROSS = 4
#: How far apart stages stand of which one more is put in a row.
CLOSER = (WIDEST - 1.9) / ACROSS
#: How large a unit of a block is drawn, in inches, and how high a row of stages is.
SCALE, ROW = 0.62, 2.55


def draw_shapes(thing):
    """Draw how a shape changes from layer to layer.

    thing: a model, or a KerasTensor and with it all the layers that lead to it. Every stage is
    a block (height, width, channels), a sheet (two axes) or a bar (one axis), drawn for one
    sample; sizes are compressed, the numbers below are exact. Layers that branch are drawn as
    boxes with arrows between them.
    """
    chain = trace(thing)
    branched = None if chain.steps else _branched(thing)
    if branched:
        return draw_graph(branched)
    shapes = chain.shapes()
    names = ["Input", *(step.name for step in chain.steps)]
    counts = [None, *(step.layer.count_params() for step in chain.steps)]
    across = len(shapes) if _fit_closer(shapes) else ACROSS
    bands = -(-len(shapes) // across)
    left, step = (0.95, CLOSER if across > ACROSS else 2.07) if bands == 1 else (1.6, 1.86)
    wide = 2 * left + step * (len(shapes) - 1) if bands == 1 else WIDEST
    figure, axes = canvas(max(wide, 2.0), ROW * bands)
    for i, stage in enumerate(zip(names, counts, shapes, strict=True)):
        place = (left + step * (i % across), ROW * (bands - i // across) - 1.4)
        _draw_step(axes, *place, step, *stage)
    said = [
        f"{n} ({counted(c)}) gives {write(s)}"
        for n, c, s in zip(names[1:], counts[1:], shapes[1:], strict=True)
    ]
    told = "; ".join([f"Input {write(shapes[0])}", *said])
    return Picture(figure, f"Shapes from layer to layer: {told}.")


def _fit_closer(shapes):
    """Tell whether these are one stage more than stand in a row, and small enough to stand there.

    Between two stages there has to be room for an arrow, and none may have a long text below it.
    """
    wide = [sample_width(shape[1:], SCALE) for shape in shapes]
    gaps = [CLOSER - (a + b) / 2 for a, b in zip(wide, wide[1:], strict=False)]
    return len(shapes) == ACROSS + 1 and min(gaps) > 0.42 and max(map(len, map(write, shapes))) < 20


def _branched(thing):
    """Return the Calls of a model or KerasTensor that more than one layer leads to, or None."""
    if isinstance(thing, keras.KerasTensor) and hasattr(thing, "_keras_history"):
        # A name of its own keeps this model out of the count of unnamed models.
        thing = keras.Model(keras.utils.get_source_inputs(thing), thing, name="until_here")
    calls = calls_of(thing) if isinstance(thing, keras.Model) else None
    return calls if calls and len(calls) > 1 else None


def draw_two_ways(rows):
    """Draw a learner's way through the layers above Keras's, as far as a verdict tells both.

    rows: a verdict's. Returns None where there is nothing to look at: rows of numbers of
    parameters, shapes without height and width, or ways that part only at the end.
    """
    mine, true = ([_read(getattr(row, way)) for row in rows] for way in ("yours", "keras"))
    if not any(shape and len(shape) > 3 for shape in mine):
        return None
    parted = any(row.keras == "…" for row in rows)
    if not parted and all(a == b for a, b in zip(mine, true, strict=True) if a and b):
        return None
    band = 2 * ROW - 0.75
    bands = -(-len(rows) // ACROSS)
    across = min(len(rows), ACROSS)
    figure, axes = canvas(1.9 + 1.75 * (across - 1) + 0.92, band * bands)
    for i, row in enumerate(rows):
        x, top = 1.9 + 1.75 * (i % ACROSS), band * (bands - i // ACROSS)
        say(axes, x, top - 0.28, _folded(row.layer), 9.5, weight="bold")
        for y, words, told in (
            (top - 1.2, "your way", row.yours),
            (top - 3.15, "Keras", row.keras),
        ):
            if not i % ACROSS:
                say(axes, 0.95, y, words, 9.5, weight="bold", ha="right")
            _draw_told_stage(axes, x, y, told)
    said = "; ".join(f"{row.layer}: your way {row.yours}, Keras {row.keras}" for row in rows)
    return Picture(figure, f"Two ways through the layers. {said}.")


def _read(text):
    """Return the shape that a cell of a verdict's table shows, or None."""
    try:
        shape = ast.literal_eval(text)
    except (SyntaxError, ValueError):
        return None
    return shape if isinstance(shape, tuple) and len(shape) > 1 else None


def _draw_told_stage(axes, x, y, told):
    """Draw what a cell of a verdict's table shows: a shape, or "?" where it isn't told."""
    shape = _read(told)
    if shape is not None:
        _draw_stage(axes, x, y, shape)
    elif told in ("?", "…"):
        say(axes, x, y, "?", 22)
    else:  # such as (800,), which leaves out the batch, so there is no sample to draw
        say(axes, x, y, cut(told, 1.7, 9.5), 9.5)


def _draw_stage(axes, x, y, shape):
    """Draw one sample around (x, y), and the shape below it."""
    draw_sample(axes, x, y, shape[1:], SCALE)
    text = write(shape)
    say(axes, x, y - 0.98, text, 9.5 if len(text) < 20 else 8.5 if len(text) < 25 else 8)


def _draw_step(axes, x, y, step, name, count, shape):
    """Draw a stage; above the arrow that leads to it, the layer's name and parameters."""
    _draw_stage(axes, x, y, shape)
    if count is None:
        say(axes, x, y + 1.12, name, 9.5, weight="bold")
        return
    x -= step / 2
    draw_arrow(axes, (x - 0.16, y), (x + 0.16, y))
    say(axes, x, y + 1.12, _folded(name), 9.5, weight="bold")
    say(axes, x, y + 0.82, counted(count) if count else "no parameters", 8)


def _folded(name):
    """Break the name of a class in two if it is long: GlobalAverage, Pooling2D."""
    if len(name) < 17:
        return name
    starts = [m.start() for m in re.finditer(r"(?<=[a-z])[A-Z]", name)]
    if not starts:
        return name
    middle = min(starts, key=lambda start: abs(start - len(name) / 2))
    return f"{name[:middle]}\n{name[middle:]}"
