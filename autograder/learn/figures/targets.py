"""What a loss compares with what, and over which axes it takes the mean."""

import keras
import numpy as np

from autograder.learn.figures.picture import (
    FRONT,
    INK,
    PAPER,
    SOFT,
    TOP,
    WIDEST,
    CannotDraw,
    Picture,
    aside,
    canvas,
    counted,
    draw_arrow,
    draw_box,
    say,
    shade,
    whole,
    write,
)

_CELL = 0.3


def draw_pairs(targets=(4, 1), outputs=(4,)):
    """Draw which targets meet which outputs where arrays of these shapes are subtracted.

    targets, outputs: shapes with as many samples each, and sizes of 1 otherwise.
    """
    count = targets[0] if targets else 0
    whole(8, samples=count)
    if any(set(shape[1:]) - {1} or shape[:1] != (count,) for shape in (targets, outputs)):
        raise CannotDraw(
            "This figure takes two shapes of as many samples, such as (4, 1) and (4,)."
        )
    meant = (count,)
    sides = [(meant, meant, "what is meant"), (tuple(targets), tuple(outputs), "what happens")]
    high = count * _CELL + 1.4
    figure, axes = canvas(WIDEST, high)
    said = []
    for i, (one, other, title) in enumerate(sides):
        shape, met = _meetings(one, other, count)
        middle = WIDEST * (0.25 + 0.5 * i)
        _draw_meetings(axes, middle, high, met, across=len(targets) < len(outputs))
        total = counted(int(met.sum()), "difference")
        words = f"{write(one)} − {write(other)} is {write(shape)}"
        say(axes, middle, high - 0.2, title, 9.5, weight="bold")
        say(axes, middle, 0.42, words)
        say(axes, middle, 0.2, total, weight="bold")
        said.append(f"{title.capitalize()}: {words}, {total}")
    own = "each target meets its own output"
    alt = f"{said[0]}: {own}. {said[1]}: "
    alt += f"{own}." if met.sum() == count else "each target meets every output."
    return Picture(figure, alt)


def _meetings(targets, outputs, count):
    """Return the shape of a difference, and how often target i meets output j in it."""
    numbers = [
        np.broadcast_to(np.arange(count).reshape(count, *[1] * (len(shape) - 1)), shape)
        for shape in (targets, outputs)
    ]
    one, other = np.broadcast_arrays(*numbers)
    met = np.zeros((count, count), int)
    np.add.at(met, (one.ravel(), other.ravel()), 1)
    return one.shape, met


def _draw_meetings(axes, middle, high, met, across):
    """Draw which meet, targets down, or across where NumPy lays them so, in their colours."""
    count = len(met)
    left, top = middle - count * _CELL / 2, high - 0.62
    names = ("targets", "outputs") if across else ("outputs", "targets")
    say(axes, middle, top + 0.12, names[0], 8)
    say(axes, left - 0.42, top - count * _CELL / 2, names[1], 8)
    for target, output in np.ndindex(met.shape):
        i, j = (output, target) if across else (target, output)
        met_here = met[target, output]
        face = shade(target, count) if met_here else PAPER
        place = left + j * _CELL, top - (i + 1) * _CELL
        draw_box(axes, *place, _CELL, _CELL, "−" if met_here else "", face, edgecolor=SOFT)


def draw_averages(samples=3, steps=5, outputs=2):
    """Draw the two means of a loss: over the outputs, and then over all that is left."""
    whole(5, samples=samples, outputs=outputs)
    whole(6, steps=steps)
    shape = (samples, steps, outputs)
    with aside():
        zeros = np.zeros(shape, "float32")
        losses = tuple(keras.losses.mean_squared_error(zeros, zeros).shape)
    wide = min(0.34, 1.9 / steps)
    high = samples * 0.36 + 1.45
    figure, axes = canvas(WIDEST, high)
    middle = high / 2 + 0.05
    grids = ((1.45, shape, outputs), (4.55, losses, 1))
    for x, of, parts in grids:
        _draw_grid(axes, x, middle, wide, samples, steps, parts)
        say(axes, x, high - 0.2, write(of), 9.5, weight="bold")
    draw_box(axes, 6.95, middle - 0.2, 0.5, 0.4, face=FRONT)
    say(axes, 7.2, high - 0.2, "()", 9.5, weight="bold")
    edge = steps * wide / 2 + 0.12
    draw_arrow(axes, (1.45 + edge, middle), (4.55 - edge, middle))
    draw_arrow(axes, (4.55 + edge, middle), (6.9, middle))
    squares, left = samples * steps * outputs, samples * steps
    squared, parted = counted(squares, "squared error"), counted(outputs, "output")
    words = [
        (1.45, f"{squared}: samples\ndown, steps across, and\n{parted} in each box"),
        (4.55, f"mean over the outputs:\n{left} losses; sample_weight\nmultiplies these"),
        (7.2, "mean over\nall of them:\none number"),
    ]
    for x, text in words:
        say(axes, x, 0.38, text, 8)
    alt = (
        f"{counted(squares, 'squared error')} of shape {write(shape)}: the mean over the last "
        f"axis leaves losses of shape {write(losses)}, one for each step of each sample, and with "
        f"these sample_weight is multiplied. The mean over all {left} of them is the loss, one "
        "number."
    )
    return Picture(figure, alt)


def _draw_grid(axes, x, middle, wide, samples, steps, parts):
    """Draw a table of samples by steps around (x, middle), each place in so many parts."""
    left, top = x - steps * wide / 2, middle + samples * 0.18
    for i in range(samples):
        for j in range(steps):
            corner = left + j * wide, top - (i + 1) * 0.36
            for k in range(parts):
                place = corner[0] + k * wide / parts, corner[1]
                draw_box(axes, *place, wide / parts, 0.34, face=shade(i, samples), edgecolor=PAPER)
            draw_box(axes, *corner, wide, 0.34, face="none", edgecolor=INK)


def draw_targets(kinds, outputs):
    """Draw whole-number classes (n,) and their one-hot rows beside what a model gives, (n, k).

    Framed is the share that belongs to the class of a sample, with which either is compared.
    """
    outputs, kinds = np.asarray(outputs), np.asarray(kinds)
    if outputs.ndim != 2 or kinds.shape != outputs.shape[:1]:
        raise CannotDraw("This figure takes classes (n,) and outputs (n, k).")
    samples, classes = outputs.shape
    whole(8, samples=samples)
    whole(6, classes=classes)
    if kinds.dtype.kind not in "iu" or not np.isin(kinds, range(classes)).all():
        raise CannotDraw(f"This figure takes whole-number classes from 0 to {classes - 1}.")
    rows = np.eye(classes, dtype=int)[kinds]
    high = samples * _CELL + 1.3
    figure, axes = canvas(WIDEST, high)
    tables = (
        (1.75, kinds[:, None], kinds.shape, "whole numbers", "sparse_categorical_…"),
        (3.95, rows, rows.shape, "one-hot rows", "categorical_…"),
        (6.55, outputs, outputs.shape, "what the model gives", "shares of a softmax"),
    )
    for middle, table, shape, title, words in tables:
        say(axes, middle, high - 0.2, title, 9.5, weight="bold")
        _draw_table(axes, middle, high - 0.55, table, rows, framed=table is outputs)
        say(axes, middle, 0.42, write(shape), 9.5, weight="bold")
        say(axes, middle, 0.2, words, 8.5)
    for i in range(samples):
        say(axes, 0.55, high - 0.55 - (i + 0.5) * _CELL, f"sample {i}", 8.5)
    shares = ", ".join(f"{outputs[i, kind]:.2f}" for i, kind in enumerate(kinds))
    first = zip(*np.unique(kinds, return_index=True), strict=True)
    said = "; ".join(f"{kind} is {' '.join(map(str, rows[i]))}" for kind, i in first)
    alt = (
        f"{counted(samples, 'sample')}. Targets as whole numbers, {write(kinds.shape)}: "
        f"{', '.join(map(str, kinds))}. The same as one-hot rows, {write(rows.shape)}: {said}. "
        f"Beside them the outputs, {write(outputs.shape)}; framed are the shares of these classes: "
        f"{shares}."
    )
    return Picture(figure, alt)


def _draw_table(axes, middle, top, table, rows, framed):
    """Draw a table of numbers; what stands where the one-hot rows have a one is set off."""
    wide = 0.5 if framed else _CELL
    left = middle - table.shape[1] * wide / 2
    ones = rows.astype(bool) if table.shape == rows.shape else np.ones(table.shape, bool)
    # These last, so that no other cell covers their frames.
    for i, j in sorted(np.ndindex(table.shape), key=lambda place: ones[place]):
        value = f"{table[i, j]:.2f}" if framed else table[i, j]
        edge = {"edgecolor": INK, "linewidth": 2} if framed and ones[i, j] else {"edgecolor": SOFT}
        place = left + j * wide, top - (i + 1) * _CELL
        draw_box(axes, *place, wide, _CELL, value, TOP if ones[i, j] else PAPER, **edge)
