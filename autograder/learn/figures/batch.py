"""The first axis: samples of a batch, or a part of one sample."""

import math

import keras
import numpy as np

from autograder.learn.figures.picture import (
    SOFT,
    WIDEST,
    CannotDraw,
    Picture,
    aside,
    canvas,
    draw_arrow,
    draw_sample,
    say,
    write,
)

#: Of a stack, so many samples are drawn.
DRAWN = 3
#: As many numbers are tried out at most.
MOST = 10**7


def draw_batch(shape=(3, 3, 128)):
    """Draw what Flatten makes of samples of this shape, and of one bare array of this shape.

    Keras reads the first axis of the array as the number of its samples.
    """
    shape = tuple(shape)
    if not 2 <= len(shape) <= 4 or not all(isinstance(n, int) and n > 0 for n in shape):
        raise CannotDraw(
            f"This figure takes two to four sizes, such as (3, 3, 128), not {shape!r}."
        )
    if math.prod(shape) > MOST:
        raise CannotDraw(f"This figure tries at most {MOST:,} numbers, and these are more.")
    with aside():
        flatten = keras.layers.Flatten(name="flatten")
        stack = (None, *shape)
        flat = tuple(flatten.compute_output_shape(stack))
        bare = tuple(keras.ops.shape(flatten(np.zeros(shape, "float32"))))
    ways = (
        (f"keras.Input({write(shape)}) takes {write(shape)} as one sample", stack, flat),
        (f"A bare array of {write(shape)} is a batch of {shape[0]}", shape, bare),
    )
    figure, axes = canvas(WIDEST, 4.6)
    for i, (title, before, after) in enumerate(ways):
        _draw_way(axes, 4.55 - 2.3 * i, title, before, after)
    axes.plot([0.3, WIDEST - 0.3], [2.27] * 2, color=SOFT, linewidth=0.8)
    said = " ".join(
        f"{title}: {_samples(before)} of shape {write(before[1:])}, together {write(before)}; "
        f"after Flatten {_samples(after)} of shape {write(after[1:])}, together {write(after)}."
        for title, before, after in ways
    )
    return Picture(figure, f"What Flatten keeps is the first axis. {said}")


def _samples(shape):
    if shape[0] is None:
        return "any number of samples"
    return f"{shape[0]} sample{'s' * (shape[0] != 1)}"


def _draw_way(axes, top, title, before, after):
    say(axes, 0.3, top - 0.2, title, 9.5, weight="bold", ha="left")
    for x, shape in ((2.1, before), (6.3, after)):
        _draw_stack(axes, x, top - 1.1, shape)
        say(axes, x, top - 1.86, f"{_samples(shape)} of shape {write(shape[1:])}", 8.5)
        say(axes, x, top - 2.06, f"together {write(shape)}", 8.5)
    say(axes, 4.15, top - 0.9, "Flatten", 9.5, weight="bold")
    draw_arrow(axes, (3.8, top - 1.1), (4.5, top - 1.1))


def _draw_stack(axes, x, y, shape):
    """Draw some samples beside one another around (x, y), and dots if there are more."""
    count = DRAWN if shape[0] is None else min(shape[0], DRAWN)
    more = shape[0] is None or shape[0] > DRAWN
    step = 0.9
    left = x - step * (count - 1 + more) / 2
    for i in range(count):
        draw_sample(axes, left + i * step, y, shape[1:], 0.42)
    if more:
        say(axes, left + count * step, y, "…", 14)
