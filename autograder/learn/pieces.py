"""Judge the pieces that a learner writes to go with a model: a layer, a guard for its data."""

import math

import keras
import numpy as np

from autograder.learn.diagnose import Diagnosis, diagnose_result, explained
from autograder.learn.functions import judge_function
from autograder.learn.seen import is_layer_class, layer_seen
from autograder.learn.verdict import NOT_ATTEMPTED, RIGHT, WRONG, Verdict
from autograder.learn.work import Stopped, call, name_of, show

PASSES, REFUSES = "lets it through", "raises ValueError"


def judge_layer(make, like, on, about=None, own=False):
    """Return the verdict on a layer: right on the arrays `on`, and on an Input of their shapes.

    own: it must be of a class of the learner's own, which leaves no work to Keras's layers.
    """
    for i, x in enumerate(on):
        layer = call(make)
        found = _no_layer(make, layer) or _without_self(layer)
        found = found or (_borrowed(layer) if own else None)
        if found:
            return found
        verdict = judge_function(layer, like, [x], about, before=[(x,) for x in on[:i]])
        if verdict.state != RIGHT:
            return verdict
    for x in on:
        start = keras.Input(x.shape[1:])
        got = tuple(getattr(call(call(make), start), "shape", ()))
        if got != tuple(like(start).shape):
            return _wrong_symbol(got, tuple(start.shape))
    return Verdict(RIGHT, "The same numbers in the same places, and the same shapes.", share=1.0)


def _no_layer(make, layer):
    """Return the verdict on something that isn't a layer, or None."""
    if isinstance(layer, keras.Layer):
        return None
    if is_layer_class(layer):
        said = f"{name_of(make)} gives the class {layer.__name__} itself, and no layer of it. You "
        said += "get this if you think that the class is the layer. A class is the plan; brackets "
        said += "behind its name make a layer by it."
        hint = "look at what stands behind your last `return`."
        return Verdict(WRONG, said, ("class_for_layer",), hint=hint)
    said = f"{name_of(make)} gives a {type(layer).__name__}, which is not a keras.Layer."
    hint = "begin with `class ...(keras.layers.Layer):`."
    return Verdict(WRONG, said, ("no_layer",), hint=hint)


def _without_self(layer):
    """Return the verdict on a layer whose `call` has no argument for the data, or None."""
    takes = layer_seen(layer)["takes"]
    if takes is None:
        return None
    said = f"`call` of your class takes {', '.join(takes) or 'nothing'}, and no "
    said += "more. You get this if you think that a method is handed only what it works on. Python "
    said += "hands it the layer itself first, and then the data."
    hint = "compare the line that begins with `def call` with that of the example."
    return Verdict(WRONG, said, ("self_forgotten",), hint=hint)


def _borrowed(layer):
    """Return the verdict on a layer that is Keras's own, or has one do its work, or None."""
    names = layer_seen(layer)["borrows"]
    if not names:
        return None
    said = f"The work is done by Keras's own {names[0]} here. You get this if you think that only "
    said += "the result counts. This time the way is asked for: a class of your own, whose `call` "
    said += "says what becomes of the numbers."
    hint = "write the class as in the example, and change what its `call` returns."
    return Verdict(WRONG, said, ("borrowed_layer",), hint=hint)


def _wrong_symbol(got, before):
    return Verdict(
        WRONG,
        f"On data your layer is right. But on an Input of shape {before} it gives {got}, and no "
        "Dense could stand behind it. You get this if you think that Keras can work out -1, or a "
        "size that is looked up in the data, before there are any data. While a model is put "
        "together only the sizes in `x.shape` are known.",
        ("width_left_open",),
        hint="work the width out of x.shape, in Python.",
    )


def judge_guard(guard, good, bad, says_why=False, about="guard"):
    """Return the verdict on guard(model, x, y): True for good cases, ValueError for bad ones.

    says_why: the error must have a text. about: the topic whose mistaken rules are tried.
    """
    cases = [*good, *bad]
    want = [PASSES] * len(good) + [REFUSES] * len(bad)
    mute = []
    got = outcomes(lambda *case: _call(guard, case, mute), *cases)
    if got == want and says_why and mute:
        said = f"All {len(cases)} cases are told apart, but the ValueError says nothing. You get "
        said += "this if you think that an error is enough. Who reads it wants to know which of "
        said += "the shapes is wrong, and how."
        hint = "write a sentence into the brackets behind ValueError."
        return Verdict(WRONG, said, ("no_reason_given",), hint=hint)
    if got == want:
        return Verdict(RIGHT, f"All {len(cases)} cases are told apart.", share=1.0)
    i = next(i for i, pair in enumerate(zip(got, want, strict=True)) if pair[0] != pair[1])
    model, x, y = cases[i]
    said = f"{sum(g == w for g, w in zip(got, want, strict=True))} of {len(cases)} cases are "
    said += f"judged rightly. For a model from {model.input_shape} to {model.output_shape}, with "
    labels = "" if about == "guard" else f", {show(y.tolist(), 60)}"
    said += f"x of shape {x.shape} and y of shape {y.shape}{labels}, {name_of(guard)} {got[i]}; "
    said += "it should return True." if want[i] == PASSES else "it should raise a ValueError."
    found = _wrong_refusal(got, want) or _nothing_passes(guard, got, cases[0], few=len(good) < 2)
    found = found or diagnose_result(about, cases, got, run=outcomes)
    hint = "go through your guard line by line with this y: which line decides?"
    if about == "guard":  # Another topic asks for something else than these shapes.
        found = found or _what_counts(model, x, y, want[i] == PASSES)
    return explained(said, found, "wrong_guard", hint)


def _what_counts(model, x, y, is_good):
    """Return the Diagnosis of one case: what about it a guard should have gone by."""
    if is_good:
        said = "Everything fits here: where the model's shape has None, any size does."
        hint = "follow your guard line by line for these data: on which line does it raise?"
        return Diagnosis(("good_case_refused",), said, hint=hint)
    for name, data, shape in (("x", x, model.input_shape), ("y", y, model.output_shape)):
        if len(data.shape) != len(shape):
            said = f"What is wrong with this case is the number of axes of {name}."
            return Diagnosis(("axes_not_counted",), said, hint="compare len() of both shapes.")
        if any(n not in (None, m) for m, n in zip(data.shape[1:], shape[1:], strict=True)):
            said = f"What is wrong with this case is a size of {name}."
            hint = "compare the shapes size by size, and let None fit any."
            return Diagnosis(("sizes_not_compared",), said, hint=hint)
    said = "What is wrong with this case is that x and y have different numbers of samples."
    return Diagnosis(("samples_not_counted",), said, hint="compare the first sizes of x and y.")


def _call(guard, case, mute):
    """Call a guard; note an error without a text in `mute`."""
    try:
        return call(guard, *case)
    except Stopped as stop:
        mute += [stop.error] * (stop.error is not None and not str(stop.error).strip())
        raise


def _wrong_refusal(got, want):
    """Return the Diagnosis of a guard that refuses what it should, but not with a ValueError."""
    others = {g for g, w in zip(got, want, strict=True) if g != w}
    bad = {g for g, w in zip(got, want, strict=True) if w == REFUSES} & others
    if len(others) != 1 or bad != others or bad == {PASSES}:
        return None
    if others == {"returns False"}:
        return Diagnosis(
            ("refusal_returned",),
            "You get this if you think that False is as good as an error. Nobody has to look at "
            "what a guard returns; an error can't be overlooked.",
            hint="look for what `raise` does.",
        )
    if others == {"raises AssertionError"}:
        return Diagnosis(
            ("assertion_for_error",),
            "You get this if you think that one error is as good as another. An `assert` raises "
            "an AssertionError, and Python can be told to leave all of them out.",
            hint="write the condition with `if`, and raise the error yourself.",
        )
    return None


def _nothing_passes(guard, got, case, few):
    """Return the Diagnosis of a guard that refuses all, even a model without open sizes, or None.

    To other guards that refuse all, the None of the batch axis may be the reason; and where only
    `few` good cases were tried, something that these have in common.
    """
    if set(got) != {REFUSES} or few:
        return None
    _, x, y = case
    fixed = keras.Sequential([keras.Input(batch_shape=x.shape), keras.layers.Flatten()])
    fixed.add(keras.layers.Dense(math.prod(y.shape[1:])))
    fixed.add(keras.layers.Reshape(y.shape[1:]))
    if outcomes(lambda *case: call(guard, *case), (fixed, x, y)) == [PASSES]:
        return None
    return Diagnosis(
        ("refuses_everything",),
        "It refuses every case that it is tried on. You get this if you think that a guard is "
        "there for bad data alone. Good data have to reach the line that returns True.",
        hint="follow your guard line by line for the good data above: on which line does it raise?",
    )


def outcomes(guard, *cases):
    """Return what a guard does with each case, in words."""
    return [_outcome(guard, case) for case in cases]


def _outcome(guard, case):
    try:
        said = guard(*case)
    except Stopped as stop:
        if stop.error is None or stop.verdict.state == NOT_ATTEMPTED:
            raise
        return _raises(stop.error)
    except Exception as error:
        return _raises(error)
    said = bool(said) if isinstance(said, np.bool_) else said
    return PASSES if said is True else f"returns {said!r}"


def _raises(error):
    # One of a class of the learner's own, made of ValueError, is a ValueError.
    return REFUSES if isinstance(error, ValueError) else f"raises {type(error).__name__}"
