"""Judge what a learner's function gives: arrays, and weights for a layer."""

import keras
import numpy as np

from autograder.learn.diagnose import Diagnosis, diagnose_result, explained, outcome
from autograder.learn.quiet import unwarned
from autograder.learn.verdict import RIGHT, WRONG, Verdict
from autograder.learn.work import Stopped, call, is_untouched, name_of, untouched

#: What is said of an error of which too little is known; the rules of a topic may know more.
_UNKNOWN = ("raised", "sizes_do_not_multiply", "width_changed")


def judge_function(function, like, on, about=None, given=()):
    """Return the verdict on a function or layer that should give the same arrays as `like`.

    on: the inputs to try, each an array or a tuple of arguments. about, given: the topic whose
    mistaken rules are tried on a wrong result, and what they take besides the arguments.
    """
    cases = [args if isinstance(args, tuple) else (args,) for args in on]
    for args in cases:
        _litter(args)
        got, want = _call(function, args, about, given), like(*args)
        if not _agree(got, want):
            found = _explains_all(function, cases, about, given)
            found = found or diagnose(about, args, given, got) or _one_for_all(function, cases)
            found = found or _made_anew(function, args, got, want)
            return _wrong_result(function, args, got, want, found)
        if hasattr(want, "shape") and isinstance(got, (tuple, list)):
            said = f"The numbers are right, but {name_of(function)} gives a {type(got).__name__}, "
            said += "and not an array."
            hint = "np.array(…) makes an array of a list."
            return Verdict(WRONG, said, ("list_returned",), hint=hint)
    apart = "; " if any(len(args) > 1 for args in cases) else ", "
    tried = apart.join(dict.fromkeys(filter(None, map(_shapes, cases))))
    said = "The same numbers in the same places" + (f", for {tried}." if tried else ".")
    return Verdict(RIGHT, said, share=1.0)


def _litter(args):
    """Leave wrong numbers where an array that nobody fills might find the right ones."""
    for array in (a for a in args if isinstance(a, np.ndarray)):
        [np.full(array.shape, -1, array.dtype) for _ in range(4)]  # kept until all are made


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
        names = [w.name for w in layer.weights]
        if len(arrays) != len(shapes):
            said = f"You gave {_count(len(arrays))} of shape {yours}; the layer they are for has "
            said += f"{_count(len(shapes))}: {', then '.join(names)}."
        elif len(set(names)) == len(names) and sorted(w.shape for w in arrays) == sorted(shapes):
            said = f"Your weights have shape {yours}. These are the right shapes in the wrong "
            said += f"order: wanted are {', then '.join(names)}."
            hint = "change the order of what your function returns."
            return Verdict(WRONG, said, ("weights_in_other_order",), hint=hint)
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


@unwarned()
def _explains_all(function, cases, about, given):
    """Return the Diagnosis by the rules that agree with the function in every case, or None."""

    def run(f, *more):
        return [outcome(f, *_copied(args), *more) for args in cases]

    return diagnose_result(about, (), run(function), run=lambda f: run(f, *given))


def _copied(args):
    return [a.copy() if isinstance(a, np.ndarray) else a for a in args]


def _one_for_all(function, cases):
    """Return the Diagnosis of a function that gives the same for all of its arguments, or None."""
    if len(cases) < 2:
        return None
    given = [outcome(function, *_copied(args)) for args in cases]
    results, first = [_numbers(g) for g in given], _numbers(given[0])
    listed = all(isinstance(g, (tuple, list)) for g in given) and len(set(map(repr, given))) == 1
    if not listed and any(r is None or not np.array_equal(r, first) for r in results):
        return None
    return Diagnosis(
        ("argument_ignored",),
        "It gives the same for every argument. You get this if you think that the function is "
        "only ever called with the one that you know.",
        hint="make your result from what the function is given, under the name it has there.",
    )


def _made_anew(function, args, got, want):
    """Return the Diagnosis of a result that only has the right shape, and differs each time."""
    shapes = [getattr(x, "shape", None) for x in (got, want)]
    if None in shapes or tuple(shapes[0]) != tuple(shapes[1]):
        return None
    if not any(isinstance(a, keras.Layer) for a in args):  # nor a model: none was given
        return None
    if _agree(call(function, *args), got):
        return None
    return Diagnosis(
        ("made_anew",),
        "They differ from call to call: a layer is made anew each time. You get this if you think "
        "that a layer of the same kind and size does the same. Every layer starts with random "
        "weights of its own; those of the layers that you were given are asked for.",
        hint="look for a layer that is made in your function, or on the way from it.",
    )


def _call(function, args, about, given):
    """Call the learner's function; where an unknown error arises, try the topic's rules on it."""
    try:
        return call(function, *args)
    except Stopped as stop:
        unknown = stop.error is not None and set(stop.verdict.mistakes) & set(_UNKNOWN)
        found = diagnose(about, args, given, stop.error) if unknown else None
        if found is None:
            raise
        said = stop.verdict.message.split(" You get this")[0]
        raise Stopped(explained(said, found, "raised", "")) from None


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
    if isinstance(got, keras.Model):
        said += "a model, and no numbers."
        hint = "you have made the model; now call it on the data."
        return explained(said, found, "model_for_numbers", hint)
    if isinstance(got, keras.Layer):
        said += f"a {type(got).__name__}, a layer that was made and not called. You get this if "
        said += "you think that a layer is told its data when it is made. It is made with its "
        said += "settings first, and then called on the data."
        hint = "count the pairs of brackets in the line that makes your layer."
        return Verdict(WRONG, said, ("layer_not_called",), hint=hint)
    if isinstance(got, keras.KerasTensor):
        said += "a KerasTensor, which has a shape and no numbers yet."
        hint = "make a model that ends in this tensor, and call it on the data."
        return explained(said, found, "tensor_for_numbers", hint)
    if isinstance(got, tuple) and hasattr(want, "shape") and got == tuple(want.shape):
        said += f"{got}, a shape; asked for are the numbers, in an array of that shape."
        hint = "look for the function of NumPy that gives an array another shape."
        return explained(said, found, "shape_for_numbers", hint)
    if isinstance(want, (tuple, list)):
        said += "something else than it should."
        hint = "print your result for one case, and compare it with what the text describes."
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


def _count(arrays):
    return "1 array" if arrays == 1 else f"{arrays} arrays"


def _kinds(value):
    entries = value if isinstance(value, (tuple, list)) else [value]
    return " and ".join(type(entry).__name__ for entry in entries)
