"""Judge what a learner's function gives: arrays, and weights for a layer."""

import keras
import numpy as np

from autograder.learn.diagnose import diagnose_result, explained, outcome
from autograder.learn.verdict import RIGHT, WRONG, Verdict
from autograder.learn.work import Stopped, call, is_untouched, name_of, untouched


def judge_function(function, like, on, about=None, given=()):
    """Return the verdict on a function or layer that should give the same arrays as `like`.

    on: the inputs to try, each an array or a tuple of arguments. about, given: the topic whose
    mistaken rules are tried on a wrong result, and what they take besides the arguments.
    """
    cases = [args if isinstance(args, tuple) else (args,) for args in on]
    for args in cases:
        got, want = _call(function, args, about, given), like(*args)
        if not _agree(got, want):
            found = _explains_all(function, cases, about, given)
            found = found or diagnose(about, args, given, got)
            return _wrong_result(function, args, got, want, found)
    tried = ", ".join(dict.fromkeys(filter(None, map(_shapes, cases))))
    said = "The same numbers in the same places" + (f", for {tried}." if tried else ".")
    return Verdict(RIGHT, said, share=1.0)


def judge_weights(weights, like, layer, on, args=(), about=None, given=()):
    """Return the verdict on weights with which `layer` should do the same as `like`.

    weights: an array, a list of arrays, or a function that gives them for `args`. layer: a layer
    or model; it is built on the array `on`, given the weights, and its outputs are compared.
    """
    got = _call(weights, args, about, given) if callable(weights) else weights
    if is_untouched(got):
        return untouched()
    layer(on)
    shapes = [w.shape for w in layer.get_weights()]
    arrays = [_numbers(w) for w in _listed(got, shapes)]
    if any(w is None for w in arrays):
        return Verdict(
            WRONG,
            f"Weights are arrays of numbers; yours are {_kinds(got)}.",
            ("form",),
            hint="mind the form of the answer first.",
        )
    if [w.shape for w in arrays] != shapes:
        yours = " and ".join(str(w.shape) for w in arrays[:4])
        said = f"Your weights have shape {yours}; the layer they are for has weights of other "
        said += "shapes."
        hint = "build such a layer on other sizes, and print the shape of each of its weights."
        return explained(said, diagnose(about, args, given, got), "weight_shapes", hint)
    layer.set_weights(arrays)
    if _agree(layer(on), like(on)):
        said = "With these weights the outputs agree, number for number."
        return Verdict(RIGHT, said, share=1.0)
    return explained(
        "Your weights have the right shape, but with them the layer gives other numbers.",
        diagnose(about, args, given, got),
        "wrong_numbers",
        "try it with the smallest sizes you can, and write every weight down.",
    )


def judge_transfer(transfer, source, target, on):
    """Return the verdict on a function that copies the weights of one layer into another.

    transfer(source, target, x) should leave both layers with the same outputs, and return
    whether they have. source, target: layers; new ones like them are made for each attempt.
    """
    errors = []

    def learners(*layers_and_x):
        try:
            return call(transfer, *layers_and_x)
        except Stopped as stop:
            errors.append(stop)
            raise stop if stop.error is None else stop.error from None

    try:
        got = _transferred(learners, source, target, on)
    except Stopped as stop:
        return stop.verdict
    agree, said = got[-2:]
    if agree and not errors and said is True:
        return Verdict(RIGHT, "The outputs agree, number for number.", share=1.0)
    found = diagnose_result("copied_weights", (source, target, on), got, run=_transferred)
    if errors:
        verdict = errors[0].verdict
        return explained(verdict.message, found, verdict.mistakes[0], verdict.hint)
    if agree:
        told = f"Both layers give the same numbers, but your function returned {said}."
        hint = "compare the two outputs number by number, and allow for rounding."
        return explained(told, found, "wrong_comparison", hint)
    told = f"After your function the two layers give different numbers; it returned {said}."
    return explained(told, found, "wrong_numbers", "print the weights of both layers.")


def diagnose(about, args, given, got):
    """Return the Diagnosis of a result by the rules of a topic, or None."""
    return diagnose_result(about, (*args, *given), got)


def _explains_all(function, cases, about, given):
    """Return the Diagnosis by the rules that agree with the function in every case, or None."""

    def run(f, *more):
        copies = ([a.copy() if isinstance(a, np.ndarray) else a for a in args] for args in cases)
        return [outcome(f, *args, *more) for args in copies]

    return diagnose_result(about, (), run(function), run=lambda f: run(f, *given))


def _call(function, args, about, given):
    """Call the learner's function; where an unknown error arises, try the topic's rules on it."""
    try:
        return call(function, *args)
    except Stopped as stop:
        unknown = stop.error is not None and stop.verdict.mistakes == ("raised",)
        found = diagnose(about, args, given, stop.error) if unknown else None
        if found is None:
            raise
        raise Stopped(explained(stop.verdict.message, found, "raised", "")) from None


def _transferred(transfer, source, target, x):
    """Run a transfer with new layers; return all weights' shapes, if the outputs agree, the rest.

    The rest is what it returned, or the error that it raised.
    """
    source, target = (type(x).from_config(x.get_config()) for x in (source, target))
    try:
        said = transfer(source, target, x)
    except Stopped:
        raise
    except Exception as error:
        said = error
    shapes = [tuple(tuple(w.shape) for w in layer.weights) for layer in (source, target)]
    try:
        agree = _agree(source(x), target(x))
    except ValueError:  # built on an input of another width
        agree = False
    return (*shapes, agree, bool(said) if isinstance(said, np.bool_) else said)


def _listed(got, shapes):
    """Return weights as a list: a nested list may be the only one."""
    if not isinstance(got, (tuple, list)):
        return [got]
    single = _numbers(got)
    return [got] if single is not None and [single.shape] == shapes else list(got)


def _numbers(value):
    """Return a value as an array of numbers, or None."""
    try:
        return np.asarray(value, "float32")
    except (TypeError, ValueError):
        return None


def _agree(got, want):
    if isinstance(want, (tuple, list)):
        same = isinstance(got, (tuple, list)) and len(got) == len(want)
        return same and all(map(_agree, got, want))
    want = np.asarray(want)
    # Keras computes in float32 what NumPy may have left in float64.
    got = _numbers(got) if want.dtype.kind == "f" else np.asarray(got)
    return got is not None and got.shape == want.shape and np.allclose(got, want, 1e-4, 1e-5)


def _wrong_result(function, args, got, want, found):
    shapes = _shapes(args)
    said = f"For arguments of shape {shapes}, {name_of(function)} gives " if shapes else "It gives "
    hint = "compare the first few numbers of your result with the right ones."
    if isinstance(want, (tuple, list)):
        said += "something else than it should."
        return explained(said, found, "wrong_result_shape", hint)
    if _numbers(got) is None:
        said += f"a {type(got).__name__} that is no array of numbers."
        return explained(said, found, "wrong_result_shape", hint)
    shape = tuple(np.shape(got))
    if shape == tuple(np.shape(want)):
        said += f"shape {shape}, and that is right, but its numbers are not."
        return explained(said, found, "wrong_numbers", hint)
    said += f"shape {shape}; it should be another."
    hint = "print the shape of your result for a small array, and count its axes."
    return explained(said, found, "wrong_result_shape", hint)


def _shapes(args):
    told = (a for a in args if not isinstance(a, (keras.Layer, str)))
    return ", ".join(str(tuple(np.shape(a))) for a in told)


def _kinds(value):
    entries = value if isinstance(value, (tuple, list)) else [value]
    return " and ".join(type(entry).__name__ for entry in entries)
