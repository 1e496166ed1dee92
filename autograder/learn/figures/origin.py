"""Where keras.Input, InputLayer and KerasTensor come from, and where they show up."""

import keras
from IPython.utils.capture import capture_output

from autograder.learn.figures.picture import (
    FRONT,
    SIDE,
    TOP,
    WIDEST,
    Picture,
    aside,
    canvas,
    draw_arrow,
    draw_box,
    draw_sign,
    say,
    write,
)


def draw_origin():
    """Draw what keras.Input makes, what it returns, and where a model shows it."""
    with aside():
        tensor = keras.Input((4,), name="start")
        maker = tensor._keras_history.operation
        dense = keras.layers.Dense(2, kernel_initializer="zeros", name="end")
        models = {
            "Functional": keras.Model(tensor, dense(tensor), name="functional"),
            "Sequential": keras.Sequential([tensor, dense], name="sequential"),
        }
    seen = {label: _where(model) for label, model in models.items()}
    figure, axes = canvas(WIDEST, 3.7)
    boxes = (
        ("keras.Input(shape=(4,))", f"a {type(keras.Input).__name__}", TOP),
        (type(maker).__name__, f"a layer with {maker.count_params()} parameters", FRONT),
        (type(tensor).__name__, f"shape {write(tensor.shape)}, no numbers", SIDE),
    )
    for i, (title, words, face) in enumerate(boxes):
        draw_box(axes, 0.25 + 2.85 * i, 2.75, 1.9, 0.5, title, face, 9)
        say(axes, 1.2 + 2.85 * i, 2.57, words, 8.5)
    for i, words in enumerate(("makes", "gives out")):
        draw_arrow(axes, (2.17 + 2.85 * i, 3.0), (3.08 + 2.85 * i, 3.0))
        say(axes, 2.62 + 2.85 * i, 3.14, words, 8.5)
    say(axes, WIDEST / 2, 3.5, "What keras.Input returns is the KerasTensor", 9.5, weight="bold")
    _draw_table(axes, seen)
    shown = "; ".join(
        f"{label}: {', '.join(f'{place} {_words(*found)}' for place, found in places.items())}"
        for label, places in seen.items()
    )
    alt = (
        f"keras.Input is a {type(keras.Input).__name__}. It makes an {type(maker).__name__}, a "
        f"layer with {maker.count_params()} parameters, and returns what that gives out, a "
        f"{type(tensor).__name__} of shape {write(tensor.shape)}. {shown}."
    )
    return Picture(figure, alt)


def _where(model):
    """Return, place by place, what is looked for and whether the model shows it there."""
    lines = []
    with capture_output():  # in a notebook the summary leaves an empty output besides
        model.summary(print_fn=lambda line, **_: lines.append(line))
    of = (
        ("model.layers", model.layers, "InputLayer"),
        ("model.inputs", model.inputs, "KerasTensor"),
    )
    found = {place: (kind, any(type(x).__name__ == kind for x in xs)) for place, xs, kind in of}
    found["model.summary()"] = ("InputLayer", any("InputLayer" in line for line in lines))
    return found


def _words(kind, there):
    return f"shows the {kind}" if there else f"shows no {kind}"


def _draw_table(axes, seen):
    for j, (label, places) in enumerate(seen.items()):
        x = 2.2 + 2.9 * j
        say(axes, x + 1.4, 2.02, label, 9.5, weight="bold")
        for i, (place, (kind, there)) in enumerate(places.items()):
            y = 1.32 - 0.55 * i
            if not j:
                say(axes, 2.05, y + 0.22, place, ha="right")
            draw_sign(axes, x, y, 2.75, 0.44, there, kind)
