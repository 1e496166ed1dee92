"""A recurrent layer going along the steps of a sequence."""

import keras

from autograder.learn.figures.picture import (
    FRONT,
    PAPER,
    SIDE,
    SOFT,
    TOP,
    WIDEST,
    Picture,
    aside,
    canvas,
    draw_arrow,
    draw_box,
    say,
    whole,
    write,
)


def draw_steps(steps=5, features=3, units=2, sequences=False):
    """Draw a recurrent layer going along the steps; the last, or every, output leaves it.

    steps, features: the shape of a sample. sequences: whether every output leaves
    (return_sequences).
    """
    whole(8, steps=steps)
    whole(6, features=features, units=units)
    before = (None, steps, features)
    with aside():
        layer = keras.layers.SimpleRNN(units, return_sequences=sequences, name="steps")
        after = tuple(layer.compute_output_shape(before))
    leaving = after[1] if len(after) == 3 else 1
    base = 0.75 + 0.2 * features
    high = base + 1.85 + 0.2 * units
    figure, axes = canvas(WIDEST, high)
    each = (WIDEST - 0.7) / steps
    for i in range(steps):
        x = 0.35 + each * (i + 0.5)
        leaves = i >= steps - leaving
        _draw_step(axes, x, base, each, i, (features, units), leaves)
        if i + 1 < steps:
            start, end = x + min(0.38, each * 0.36), x + each - min(0.38, each * 0.36)
            draw_arrow(axes, (start, base + 0.55), (end, base + 0.55))
            if end - start > 0.45:
                say(axes, (start + end) / 2, base + 0.66, "state", 8)
    said = (
        f"{write(before)} goes in, {write(after)} comes out "
        f"(return_sequences={bool(sequences)}): {_leaving(steps, leaving)}"
    )
    say(axes, WIDEST / 2, high - 0.18, said, 9.5, weight="bold")
    say(
        axes,
        WIDEST / 2,
        0.18,
        f"one layer, {counted_steps(steps)}: each takes {features} numbers, "
        f"and the state ({units} numbers) from the step before",
        8.5,
    )
    alt = (
        f"A recurrent layer of {units} units goes along {counted_steps(steps)} of {features} "
        f"numbers, the same weights at each step, handing on its state of {units}. {said}."
    )
    return Picture(figure, alt)


def counted_steps(steps):
    """Write a number of steps."""
    return f"{steps} step{'s' * (steps != 1)}"


def _leaving(steps, leaving):
    if steps == 1:
        return "the only output leaves"
    return "every output leaves" if leaving == steps else "only the last output leaves"


def _draw_step(axes, x, base, each, i, sizes, leaves):
    features, units = sizes
    wide = min(0.76, each * 0.72)
    say(axes, x, base - 0.2 * features - 0.3, f"step {i}", 8.5)
    for k in range(features):
        draw_box(axes, x - 0.15, base - 0.15 - 0.2 * (k + 1), 0.3, 0.2, face=TOP)
    draw_arrow(axes, (x, base - 0.13), (x, base + 0.28))
    draw_box(axes, x - wide / 2, base + 0.3, wide, 0.5, "layer", FRONT, 8.5)
    dashes = {} if leaves else {"linestyle": "--", "edgecolor": SOFT}
    draw_arrow(axes, (x, base + 0.82), (x, base + 1.2), **({} if leaves else {"color": SOFT}))
    for k in range(units):
        face = SIDE if leaves else PAPER
        draw_box(axes, x - 0.15, base + 1.22 + 0.2 * k, 0.3, 0.2, face=face, **dashes)
    words = "returned" if leaves else "not returned"
    say(axes, x, base + 1.22 + 0.2 * units + 0.12, words, 8)
