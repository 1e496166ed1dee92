"""Tables of numbers, and what softmax and sigmoid make of scores."""

import keras
import numpy as np

from autograder.learn.figures.picture import (
    FRONT,
    INK,
    SOFT,
    WIDEST,
    CannotDraw,
    Picture,
    aside,
    canvas,
    colour,
    draw_box,
    labelled,
    say,
    whole,
    write,
)

_HIGH, _WIDE = 0.32, 0.42


def draw_tables(tables, down="row", across="column"):
    """Draw tables of numbers side by side, each row and column with its name.

    tables: a dictionary of titles and arrays (rows, columns). down, across: what a row is, and
    what a column is. Colours run from the least number of a table to its largest.
    """
    arrays = {title: _numbers(title, x) for title, x in labelled(tables, 3, "tables")}
    each = WIDEST / len(arrays)
    whole(int((each - 1) / _WIDE), columns=max(table.shape[1] for table in arrays.values()))
    rows = max(len(table) for table in arrays.values())
    figure, axes = canvas(WIDEST, rows * _HIGH + 1.05)
    said = []
    for i, (title, table) in enumerate(arrays.items()):
        _draw_table(axes, each * i, title, table, (down, across))
        lines = "; ".join(" ".join(map(_short, row)) for row in table)
        said.append(f"{title}, {write(table.shape)}: {lines}")
    alt = f"Tables of numbers, each {down} a row, each {across} a column. {'. '.join(said)}."
    return Picture(figure, alt)


def _numbers(title, values):
    table = np.asarray(values)
    if table.ndim != 2 or table.dtype.kind not in "buif" or not np.isfinite(table).all():
        raise CannotDraw(f"{title!r} has to be a table of numbers, (rows, columns).")
    whole(7, rows=len(table))
    return table


def _short(number):
    return f"{round(float(number), 2):g}".replace("-", "−")


def _draw_table(axes, start, title, table, names):
    high = axes.get_ylim()[1]
    left, top = start + 0.82, high - 0.72
    middle = left + _WIDE * table.shape[1] / 2
    say(axes, middle, high - 0.18, title, 9.5, weight="bold")
    say(axes, middle, high - 0.42, names[1], 8)
    least, span = table.min(), max(np.ptp(table * 1.0), 1e-9)
    for j in range(table.shape[1]):
        say(axes, left + (j + 0.5) * _WIDE, top + 0.1, j, 8)
    for i, row in enumerate(table):
        y = top - (i + 1) * _HIGH
        say(axes, left - 0.08, y + _HIGH / 2, f"{names[0]} {i}", 8, ha="right")
        for j, number in enumerate(row):
            face = colour((number - least) / span)
            place = left + j * _WIDE, y
            draw_box(axes, *place, _WIDE, _HIGH, _short(number), face, 8, edgecolor=SOFT)
    say(axes, middle, 0.16, write(table.shape), 8.5)


def draw_shares(scores=(2.0, 0.0, -1.0)):
    """Draw what softmax and sigmoid make of the scores of one sample, a number for each unit."""
    scores = np.asarray(scores, "float32")
    if scores.ndim != 1 or not 1 <= len(scores) <= 5 or not np.abs(scores).max() < 9:
        raise CannotDraw("This figure takes up to 5 scores between −9 and 9.")
    with aside():
        softmax = np.asarray(keras.ops.softmax(scores))
        sigmoid = np.asarray(keras.ops.sigmoid(scores))
    figure, axes = canvas(WIDEST, 0.3 * len(scores) + 1.05)
    parts = [
        (1.05, "scores", scores, "any numbers"),
        (3.65, "softmax", softmax, "one answer: they add up to 1"),
        (6.25, "sigmoid", sigmoid, "an answer each, from 0 to 1"),
    ]
    high = axes.get_ylim()[1]
    for left, title, numbers, words in parts:
        say(axes, left + 0.6, high - 0.2, title, 9.5, weight="bold")
        say(axes, left + 0.6, 0.2, words, 8.5)
        _draw_bars(axes, left, high - 0.45, numbers)
    said = [f"{title} {', '.join(map(_short, numbers))}" for _, title, numbers, _ in parts]
    alt = (
        f"{said[0].capitalize()}. By {said[1]}, which add up to 1. By {said[2]}, each from 0 to 1 "
        "on its own."
    )
    return Picture(figure, alt)


def _draw_bars(axes, left, top, numbers):
    """Draw numbers as bars, from a line for 0 on, with each number behind its bar."""
    ends = min(numbers.min(), 0), max(numbers.max(), 1)
    unit = 1.2 / (ends[1] - ends[0])
    zero = left - ends[0] * unit
    for i, number in enumerate(numbers):
        y = top - (i + 1) * 0.3
        draw_box(axes, zero + min(number, 0) * unit, y + 0.05, abs(number) * unit, 0.2, face=FRONT)
        say(axes, left - 0.12, y + 0.15, f"unit {i}", 8, ha="right")
        say(axes, left + 1.3, y + 0.15, _short(number), 8.5, ha="left")
    axes.plot([zero, zero], [top, top - 0.3 * len(numbers)], color=INK, linewidth=1)
