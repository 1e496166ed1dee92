"""Which shapes a model takes and which it refuses."""

import numpy as np

from autograder.learn.figures.picture import (
    WIDEST,
    CannotDraw,
    Picture,
    aside,
    canvas,
    draw_sign,
    folded,
    labelled,
    say,
    untouched,
    write,
)


def draw_contract(models, shapes):
    """Draw which shapes each model takes, found out by feeding it zeros.

    models: a dictionary of labels and models (or layers). shapes: a list of shapes, the batch
    axis included. A model that has not met its input is tried as a fresh copy each time.
    """
    models = labelled(models, 4, "models")
    shapes = [tuple(shape) for shape in shapes]
    if not 1 <= len(shapes) <= 10:
        raise CannotDraw(f"This figure takes a list of 1 to 10 shapes, not {len(shapes)}.")
    found = [[_feed(model, shape) for _, model in models] for shape in shapes]
    high = 0.5 * len(shapes) + 1.2
    figure, axes = canvas(WIDEST, high)
    each = (WIDEST - 2.1) / len(models)
    say(axes, 1.0, high - 0.74, "fed zeros of shape", 8.5)
    for j, (label, model) in enumerate(models):
        x = 2.0 + each * (j + 0.5)
        say(axes, x, high - 0.3, folded(label, each - 0.1, 9.5), 9.5, weight="bold")
        broken = "\n" if len(models) > 3 else " "
        say(axes, x, high - 0.74, _declared(model).replace("for ", f"for{broken}", 1), 8.5)
    for i, shape in enumerate(shapes):
        y = high - 1.0 - 0.5 * (i + 1)
        say(axes, 1.0, y + 0.25, write(shape))
        for j, gives in enumerate(found[i]):
            place = (2.0 + each * j + 0.04, y + 0.03, each - 0.08, 0.44)
            if gives is None:
                draw_sign(axes, *place, False, "refused")
            else:
                draw_sign(axes, *place, True, "accepted", f"gives {write(gives)}")
    return Picture(figure, _told(models, shapes, found))


def _feed(model, shape):
    """Return the shape a model makes of zeros, or None if it refuses them."""
    try:
        with aside():
            return tuple(untouched(model)(np.zeros(shape, "float32")).shape)
    except Exception:  # a model of somebody's own may refuse in any way
        return None


def _declared(model):
    try:
        return f"made for {write(tuple(model.input_shape))}"
    except AttributeError:
        return "made for no shape yet"


def _told(models, shapes, found):
    said = [
        f"{label}, {_declared(model)}: "
        + "; ".join(
            f"{write(shape)} {'refused' if row[j] is None else f'accepted, gives {write(row[j])}'}"
            for shape, row in zip(shapes, found, strict=True)
        )
        for j, (label, model) in enumerate(models)
    ]
    return f"What each model takes, fed with zeros. {'. '.join(said)}."
