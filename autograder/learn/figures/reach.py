"""Which rows of a layer's result a row of its input reaches."""

import numpy as np

from autograder.learn.figures.picture import (
    PAPER,
    SIDE,
    SOFT,
    CannotDraw,
    Picture,
    aside,
    canvas,
    draw_box,
    say,
    untouched,
    write,
)

#: The most rows across and down.
MOST = 16
#: On so much noise a layer is tried: on one sample alone a ReLU may be silent.
TRIES = 4


def draw_reach(layer, shape):
    """Draw which output rows change when one input row does, found out by trying.

    layer: a layer or model. shape: of one sample, its rows first.
    """
    shape = tuple(shape)
    if not shape or not 1 <= shape[0] <= MOST:
        raise CannotDraw(f"This figure takes the shape of a sample of 1 to {MOST} rows.")
    reached, after = _try(layer, shape)
    rows, ends = reached.shape
    word = "row" if len(after) > 1 else "number"
    if ends > 2 * MOST:
        raise CannotDraw(f"This figure draws at most {2 * MOST} output rows, and these are {ends}.")
    cell = min(0.42, 5.6 / ends, 3.2 / rows)
    high = cell * rows + 1.5
    figure, axes = canvas(max(5.4, cell * ends + 2.2), high)
    _draw_matrix(axes, high, cell, reached, word)
    name = type(layer).__name__
    title = f"{name}: {write((None, *shape))} gives {write((None, *after))}"
    say(axes, figure.get_size_inches()[0] / 2, high - 0.2, title, 9.5, weight="bold")
    said = "; ".join(
        f"input row {i} reaches {_listed(np.flatnonzero(row), word)}"
        for i, row in enumerate(reached)
    )
    return Picture(figure, f"{title}. Found out by changing one row at a time: {said}.")


def _try(layer, shape):
    """Return a matrix, input row by output row, of what changes; and the shape of one result."""
    with aside():
        layer = untouched(layer)
        noise = np.random.default_rng(0).normal(size=(TRIES, 1, *shape)).astype("float32")
        batch = np.repeat(noise, shape[0] + 1, axis=1)
        for row in range(shape[0]):
            batch[:, row + 1, row] += 1
        try:
            result = np.asarray(layer(batch.reshape(-1, *shape)))
        except (TypeError, ValueError) as fault:
            name = type(layer).__name__
            raise CannotDraw(f"{name} does not take samples of shape {write(shape)}.") from fault
    after = result.shape[1:]
    result = result.reshape(TRIES, shape[0] + 1, after[0], -1)
    changed = ~np.isclose(result[:, 1:], result[:, :1], atol=1e-6)
    return changed.any(axis=(0, 3)), after


def _listed(rows, word):
    if not len(rows):
        return f"no output {word}"
    return f"output {word}{'s' * (len(rows) > 1)} {', '.join(map(str, rows))}"


def _draw_matrix(axes, high, cell, reached, word):
    rows, ends = reached.shape
    left, top = (axes.get_xlim()[1] - ends * cell) / 2, high - 0.95
    say(axes, left + ends * cell / 2, top + 0.38, f"output {word}", 8.5)
    say(axes, left - 0.65, top - rows * cell / 2, "input\nrow", 8.5)
    for j in range(0, ends, 1 if cell > 0.24 else 2):
        say(axes, left + (j + 0.5) * cell, top + 0.15, j, 8)
    for i in range(rows):
        say(axes, left - 0.2, top - (i + 0.5) * cell, i, 8)
        for j in range(ends):
            face = SIDE if reached[i, j] else PAPER
            text = "●" if reached[i, j] else ""
            x, y = left + j * cell, top - (i + 1) * cell
            draw_box(axes, x, y, cell, cell, text, face, 8, edgecolor=SOFT)
    say(axes, left + ends * cell / 2, 0.25, "● changes when that input row changes", 8.5)
