"""What the elements of a Dataset are, one after the other, as fit is given them."""

import itertools

import numpy as np

from autograder.learn.figures.picture import (
    FRONT,
    INK,
    SOFT,
    WIDEST,
    CannotDraw,
    Picture,
    canvas,
    counted,
    draw_box,
    labelled,
    say,
    write,
)

#: The side of a sample, and what stands between two elements.
_SIDE, _APART = 0.13, 0.11
MOST = 24


def draw_elements(datasets):
    """Draw of each Dataset how its samples are handed out: one by one, in batches, or nested.

    datasets: a dictionary of titles and Datasets of (x, y), each x a row of numbers.
    """
    found = [(title, _shapes(dataset)) for title, dataset in labelled(datasets, 5, "Datasets")]
    step = 0.62
    figure, axes = canvas(WIDEST, step * len(found) + 0.3)
    said = []
    for i, (title, shapes) in enumerate(found):
        y = step * (len(found) - i) - 0.16
        say(axes, 0.15, y, title, 9.5, ha="left", weight="bold", family="monospace")
        x = 2.75
        for shape in shapes:
            x = _draw_element(axes, x, y, shape[:-1]) + _APART
        shown = " ".join(write(shape) for shape, _ in itertools.groupby(shapes))
        words = f"{counted(len(shapes), 'element')}: {shown}"
        say(axes, 2.75, y - 0.27, words, 8.5, ha="left")
        said.append(f"{title} gives {words}")
    alt = f"What each Dataset hands to fit, a square for each sample. {'. '.join(said)}."
    return Picture(figure, alt)


def _shapes(dataset):
    """Return the shape of the features of each element."""
    shapes = []
    for element in itertools.islice(dataset, MOST + 1):
        shapes.append(tuple(np.shape(element[0])))
        drawn = sum(int(np.prod(shape[:-1])) for shape in shapes)
        if not 1 <= len(shapes[-1]) <= 3 or drawn > MOST:
            raise CannotDraw(
                f"This figure draws up to {MOST} samples, each a row of numbers, and batches of "
                "batches at most."
            )
    return shapes


def _draw_element(axes, x, y, batch):
    """Draw one element from x on; return where it ends."""
    if not batch:
        draw_box(axes, x, y - _SIDE / 2, _SIDE, _SIDE, face=FRONT, edgecolor=SOFT)
        return x + _SIDE
    end = x + 0.05
    for _ in range(batch[0]):
        inner = _draw_element(axes, end, y, batch[1:])
        end = inner + (0.05 if batch[1:] else 0)
    end += 0 if batch[1:] else 0.05
    half = _SIDE / 2 + 0.045 * len(batch)
    draw_box(axes, x, y - half, end - x, 2 * half, face="none", edgecolor=INK)
    return end
