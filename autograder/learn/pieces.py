"""Judge the pieces that a learner writes to go with a model: a layer, a guard for its data."""

import keras

from autograder.learn.diagnose import diagnose_result, explained
from autograder.learn.functions import judge_function
from autograder.learn.verdict import NOT_ATTEMPTED, RIGHT, WRONG, Verdict
from autograder.learn.work import Stopped, call, name_of

PASSES, REFUSES = "lets it through", "raises ValueError"


def judge_layer(make, like, on, about=None):
    """Return the verdict on a layer: right on the arrays `on`, and on an Input of their shapes."""
    for x in on:
        layer = call(make)
        if not isinstance(layer, keras.Layer):
            said = f"{name_of(make)} gives a {type(layer).__name__}, which is not a keras.Layer."
            hint = "begin with `class ...(keras.layers.Layer):`."
            return Verdict(WRONG, said, ("no_layer",), hint=hint)
        verdict = judge_function(layer, like, [x], about)
        if verdict.state != RIGHT:
            return verdict
    for x in on:
        start = keras.Input(x.shape[1:])
        got = tuple(getattr(call(call(make), start), "shape", ()))
        if got != tuple(like(start).shape):
            return _wrong_symbol(got, tuple(start.shape))
    return Verdict(RIGHT, "The same numbers in the same places, and the same shapes.", share=1.0)


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


def judge_guard(guard, good, bad):
    """Return the verdict on guard(model, x, y): True for good cases, ValueError for bad ones."""
    cases = [*good, *bad]
    want = [PASSES] * len(good) + [REFUSES] * len(bad)
    got = outcomes(lambda *case: call(guard, *case), *cases)
    if got == want:
        return Verdict(RIGHT, f"All {len(cases)} cases are told apart.", share=1.0)
    i = next(i for i, pair in enumerate(zip(got, want, strict=True)) if pair[0] != pair[1])
    model, x, y = cases[i]
    said = f"{sum(g == w for g, w in zip(got, want, strict=True))} of {len(cases)} cases are "
    said += f"judged rightly. For a model from {model.input_shape} to {model.output_shape}, with "
    said += f"x of shape {x.shape} and y of shape {y.shape}, {name_of(guard)} {got[i]}; it should "
    said += "return True." if want[i] == PASSES else "raise a ValueError."
    found = diagnose_result("guard", cases, got, run=outcomes)
    hint = "write down what model, x and y have on each axis in this case."
    return explained(said, found, "wrong_guard", hint)


def outcomes(guard, *cases):
    """Return what a guard does with each case, in words."""
    return [_outcome(guard, case) for case in cases]


def _outcome(guard, case):
    try:
        said = guard(*case)
    except Stopped as stop:
        if stop.error is None or stop.verdict.state == NOT_ATTEMPTED:
            raise
        return f"raises {type(stop.error).__name__}"
    except Exception as error:
        return f"raises {type(error).__name__}"
    return PASSES if said is True else f"returns {said!r}"
