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
    call(lambda: model.compile("sgd", loss) or model)
    causes = compare(model, x, y).causes
    if causes:
        rule, cause = causes[0]
        hint = cause.change[0].lower() + cause.change[1:]
        return Verdict(WRONG, cause.happened, (rule.code,), hint=hint)
    call(lambda: model.fit(x[:MOST], y[:MOST], verbose=0))
    said = f"A pass over {min(len(x), MOST)} samples goes through: x is {x.shape}, y is {y.shape}, "
    said += f"and the model gives {tuple(model(x[:1], training=False).shape)} for one of them."
    return Verdict(RIGHT, said, share=1.0)


def _misformed(name, parts):
    """Return the verdict on what isn't a model, two arrays and the name of a loss, or None."""
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
        return Verdict(WRONG, said, ("form",), hint="np.array(…) makes an array of a list.")
    if not isinstance(loss, str):
        said = f"The last of the four should be the name of a loss in quotes; it is {show(loss)}."
        return Verdict(WRONG, said, ("form",), hint='write it as in `"mse"`.')
    return None
