"""Judge a trained classifier by what it says of samples that it hasn't seen."""

import keras
import numpy as np

from autograder.learn.verdict import RIGHT, WRONG, Verdict
from autograder.learn.why.before import compare
from autograder.learn.work import Stopped, call, set_seeds, show

#: Two classifiers that differ by less than this share of all samples are called equally good.
CHANCE = 0.1

#: What was trained last: the function, the tuple of its arguments, and the model that it gave.
_last = (None, None, None)


def trained(make, args):
    """Return the model that a function trains on arguments, after a seed is set.

    For the very same tuple of arguments it is the model of the last time. (Not for one like it: a
    cell that is run again makes another, for the function may do something else by then.)
    """
    global _last
    if not args or _last[0] is not make or _last[1] is not args:
        set_seeds(make, 1)
        _last = (make, args, call(make, *args))
    return _last[2]


def judge_classifier(model, x, y, at_least):
    """Return the verdict on a trained model.

    x: samples, batch axis first. y: their classes, whole numbers from 0. at_least: the share, from
    0 to 1, that the model must tell rightly; its answer for a sample is its largest output.
    """
    if not isinstance(model, keras.Model):
        return _wrong(
            f"Your function returned {show(model)} ({type(model).__name__}), and not a model.",
            "no_model",
            "end the function with `return` and the name of the model.",
        )
    try:
        scores = np.asarray(call(lambda: model(x)))
    except Stopped as stop:
        return stop.verdict
    classes = int(np.max(y)) + 1
    found = _misshapen(scores, len(x), classes) or _on_accuracy(scores, y, classes, at_least)
    return found if found.state == RIGHT else _for_a_reason(found, model, x, y)


def _for_a_reason(verdict, model, x, y):
    """Return the verdict on a poor classifier, with what its model shows of the reason."""
    if verdict.mistakes[0] not in ("at_chance", "accuracy_too_low"):
        return verdict
    said = f"{verdict.message.split(' That is about')[0].split(' It has learned')[0]} "
    steps = getattr(getattr(model, "optimizer", None), "iterations", None)
    if steps is not None and int(steps) == 0:
        said += "It was compiled, and has taken no step of training yet."
        return _wrong(said, "never_trained", "look for the line that calls `fit`, and on what.")
    causes = [(r, f) for r, f in compare(model, x, y).causes if r.code == "activation_and_loss"]
    if causes:
        ((rule, cause),) = causes
        hint = cause.change[0].lower() + cause.change[1:]
        return _wrong(f"{said}{cause.happened}", rule.code, hint)
    layers = [type(layer).__name__ for layer in model.layers]
    if np.ndim(x) > 2 and "Flatten" in layers and "Dense" in layers and not _slides(layers):
        said = f"{verdict.message} It has no convolution: each place of a sample has weights of "
        said += "its own, and what is learned in one of them isn't known in the others."
        return _wrong(said, verdict.mistakes[0], verdict.hint)
    return verdict


def _slides(layers):
    # What is inside of a model among the layers isn't looked at.
    kinds = ("Conv", "LSTM", "GRU", "RNN", "Attention", "Functional", "Sequential")
    return any(part in name for name in layers for part in kinds)


def _misshapen(scores, samples, classes):
    """Return the verdict on outputs that aren't one row of scores a sample, or None."""
    if scores.shape == (samples, classes):
        return None
    said = f"For {samples} samples your model gives an array of shape {scores.shape}."
    if scores.ndim > 2 and scores.shape[-1] == classes:
        return _wrong(
            f"{said} You get this if you think that Dense looks at a whole sample. It works on "
            "the last axis, so there is a row of scores for each place.",
            "dense_flattens",
            "print the shape after every layer, and look for the place where a sample becomes "
            "one row.",
        )
    if scores.shape[0] != samples:
        return _wrong(
            f"{said} The first axis counts the samples, and some were lost or added on the way.",
            "samples_lost",
            "look for a layer or operation that touches the batch axis.",
        )
    return _wrong(
        f"{said} There are {classes} classes, and so {classes} scores for a sample.",
        "scores_per_class",
        "compare the last axis with the number of classes.",
    )


def _on_accuracy(scores, y, classes, at_least):
    accuracy = float(np.mean(scores.argmax(axis=-1) == y))
    said = f"Of {len(y)} samples that it hasn't seen, your model tells {accuracy:.0%} rightly"
    if accuracy >= at_least:
        return Verdict(RIGHT, f"{said}.", share=1.0)
    said += f"; {at_least:.0%} were asked for."
    if not np.isfinite(scores).all():
        return _wrong(
            f"{said} Some of its scores are not numbers.",
            "loss_not_a_number",
            "scale what goes in, or take smaller steps in training.",
        )
    common = np.bincount(y, minlength=classes).max() / len(y)
    if accuracy <= common + CHANCE:
        return _wrong(
            f"{said} That is about what guessing gives, as from a model that was never trained, "
            "or that can't see what tells the classes apart.",
            "at_chance",
            "print the loss of each epoch: does it fall? If not, follow the shapes from the "
            "pixels to the scores.",
        )
    return _wrong(
        f"{said} It has learned something.",
        "accuracy_too_low",
        "train it for longer first; then ask whether its layers can see what they need.",
    )


def _wrong(said, code, hint):
    return Verdict(WRONG, said, (code,), hint=hint)
