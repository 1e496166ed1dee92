"""Judge a model together with the data that it is to be trained on, all of the learner's own."""

import keras
import numpy as np

from autograder.learn.verdict import RIGHT, WRONG, Verdict
from autograder.learn.why.before import compare
from autograder.learn.work import call, name_of, show

#: One pass over so many samples tells whether a model trains.
MOST = 100


def judge_training(make):
    """Return the verdict on a function that gives (model, x, y, loss): do the four fit together?"""
    parts = call(make)
    found = _misformed(name_of(make), parts)
    if found:
        return found
    model, x, y, loss = parts
    call(lambda: model.compile("adam", loss) or model)
    causes = compare(model, x, y).causes
    if causes:
        rule, cause = causes[0]
        hint = cause.change[0].lower() + cause.change[1:]
        return Verdict(WRONG, cause.happened, (rule.code,), hint=hint)
    history = call(lambda: model.fit(x[:MOST], y[:MOST], verbose=0))
    found = _lost(history.history["loss"], model.get_weights())
    if found:
        return found
    said = f"A pass over {min(len(x), MOST)} samples goes through: x is {x.shape}, y is {y.shape}, "
    said += f"and the model gives {tuple(model(x[:1], training=False).shape)} for one of them."
    return Verdict(RIGHT, said, share=1.0)


def _lost(losses, weights):
    """Return the verdict on a pass that went through and left numbers that are none, or None."""
    if np.isfinite(losses).all() and all(np.isfinite(w).all() for w in weights):
        return None
    said = "A pass goes through, but it leaves numbers that are none, or infinite: the loss is "
    said += f"{losses[-1]:g}. Such a model learns nothing from there on."
    hint = "print the least and the largest number of x and of y, and look at what your layers and "
    hint += "your loss make of such numbers: logarithms, divisions, powers."
    return Verdict(WRONG, said, ("loss_not_finite",), hint=hint)


def _misformed(name, parts):
    """Return the verdict on what isn't a model, two arrays and a loss, or None."""
    if not isinstance(parts, (tuple, list)) or len(parts) != 4:
        said = f"{name} should return four things, (model, x, y, loss); it returned {show(parts)}."
        return Verdict(WRONG, said, ("form",), hint="end it with `return model, x, y, loss`.")
    model, x, y, loss = parts
    if not isinstance(model, keras.Model):
        said = f"The first of the four should be a keras.Model; it is {show(model)}."
        return Verdict(WRONG, said, ("no_model",), hint="return the model itself, first of all.")
    if not all(isinstance(a, np.ndarray) and a.ndim for a in (x, y)):
        said = "The second and the third of the four should be arrays, samples and targets; they "
        said += f"are of the types {type(x).__name__} and {type(y).__name__}."
        hint = "np.array(…) makes an array of a list of numbers; more inputs or outputs than one, "
        hint += "and Datasets, explain(model, x, y) takes."
        return Verdict(WRONG, said, ("form",), hint=hint)
    if not isinstance(loss, (str, keras.losses.Loss)):
        said = "The last of the four should be a loss, by its name in quotes or as an object of "
        said += f"Keras's; it is {show(loss)}."
        return Verdict(WRONG, said, ("form",), hint='write it as in `"mse"`.')
    return None
