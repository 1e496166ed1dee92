"""Judge what a learner's function gives: numbers, words, and weights for a layer."""

from dataclasses import replace

import keras
import numpy as np

from autograder.learn.diagnose import (
    Diagnosis,
    diagnose_parts,
    diagnose_result,
    explained,
    outcome,
)
from autograder.learn.forms import is_whole, plain
from autograder.learn.mistakes import rules
from autograder.learn.quiet import unwarned
from autograder.learn.relations import FACTS, PARTS, first_wrong, related
from autograder.learn.values import agree, difference, is_worded, numbers
from autograder.learn.verdict import RIGHT, WRONG, Verdict
from autograder.learn.work import (
    Stopped,
    argument_ignored,
    argument_unused,
    call,
    is_untouched,
    name_of,
    show,
    speaks_of_keras,
    untouched,
)

#: What is said of an error of which too little is known; the rules of a topic may know more.
_UNKNOWN = (
    *("raised", "sizes_do_not_multiply", "width_changed", "shapes_in_a_sum"),
    *("declared_shape_binds", "sequence_axis_missing", "extra_axis", "input_left_out"),
    *("ends_apart",),
)
#: Samples of more numbers are not tried one by one, and results of more not shown.
_MOST, _SHOWN = 2000, 12
_PLACES = ("first", "second", "third", "fourth", "fifth")


def judge_function(function, like, on, about=None, given=(), before=()):
    """Return the verdict on a function or layer that should give the same as `like`.

    on: the inputs to try, each one argument or a tuple of several. about, given: the topic whose
    mistaken rules are tried on a wrong result, and what they take besides the arguments. before:
    inputs for which it was right already.
    """
    cases = [args if isinstance(args, tuple) else (args,) for args in on]
    if not cases:
        raise ValueError("on= holds no inputs, and any function would be right")
    for i, args in enumerate(cases):
        _litter(args)
        try:
            got, want = _call(function, args, about, given), like(*args)
        except Stopped as stop:
            raise _of_these_alone(stop, [*before, *cases[:i]]) from None
        if not agree(got, want):
            found = _explains(function, like, cases, i, about, given)
            relation = related(got, want, args)
            if relation is None or relation.codes[0] not in PARTS:
                found = found or _one_for_all(function, cases)
            found = found or _made_anew(function, args, got, want) or relation
            if not isinstance(got, (keras.Layer, keras.KerasTensor)):  # of these more is known
                found = found or argument_unused(function)
            return _wrong_result(function, args, got, want, found, [*before, *cases[:i]])
        if hasattr(want, "shape") and isinstance(got, (tuple, list)):
            said = f"The numbers are right, but {name_of(function)} gives a {type(got).__name__}, "
            said += "and not an array."
            hint = "np.array(…) makes an array of a list."
            return Verdict(WRONG, said, ("list_returned",), hint=hint)
    apart = "; " if any(len(args) > 1 for args in cases) else ", "
    tried = apart.join(dict.fromkeys(filter(None, map(_shapes, cases))))
    if is_worded(want):
        times = f", all {len(cases)} times" if len(cases) > 1 else ""
        return Verdict(RIGHT, f"It gives what it should{times}.", share=1.0)
    said = "The same numbers in the same places" + (f", for {tried}." if tried else ".")
    return Verdict(RIGHT, said, share=1.0)


def _of_these_alone(stop, before):
    """Return what stopped a function that was right in the cases before: one that fits them alone.

    An error of which the cause is known is left as it is; it says more.
    """
    verdict = stop.verdict
    if not before or not set(verdict.mistakes) <= set(_UNKNOWN):
        return stop
    said = f"{verdict.message.split(' You get this')[0]} {_held_before(before)}"
    hint = "look for a size, a number of axes or a name that you have written down."
    return Stopped(Verdict(WRONG, said, ("fits_one_case",), hint=hint), stop.error)


def _held_before(before):
    known = _with_shapes(before[-1]) or "the arguments before these"
    return f"It was right for {known}, so something in it holds for those alone."


def _litter(args):
    """Leave wrong numbers where an array that nobody fills might find the right ones."""
    for array in (a for a in args if isinstance(a, np.ndarray)):
        [np.full(array.shape, -1).astype(array.dtype) for _ in range(4)]  # kept until all are made


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
    arrays = [numbers(w) for w in _listed(got, shapes)]
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
        found = diagnose(about, args, given, got)
        if found is None and callable(weights):
            found = argument_ignored("weights of these shapes", weights, args, _weight_shapes)
        if found is None and len(arrays) == len(shapes):
            said += _apart(arrays, shapes, names)
        return explained(said, found, "weight_shapes", hint)
    layer.set_weights(arrays)
    if agree(layer(on), like(on)):
        said = "With these weights the outputs agree, number for number."
        return Verdict(RIGHT, said, share=1.0)
    found = diagnose(about, args, given, got) or related(layer(on), like(on))
    said = "Your weights have the right shape, but with them the layer gives other numbers."
    return explained(
        said if found else said + (_rows_apart(arrays, args) or _one_at_a_time(layer, like, on)),
        found,
        "wrong_numbers",
        "try it with the smallest sizes you can, and write every weight down.",
    )


def _rows_apart(arrays, args):
    """Say what became of the rows of a kernel that was given and has all its numbers still."""
    mine = arrays[0]
    given = [a for a in args if isinstance(a, np.ndarray) and a.shape == mine.shape and a.ndim == 2]
    if len(arrays) != 1 or len(given) != 1:
        return ""
    if not np.array_equal(np.sort(mine, axis=None), np.sort(given[0], axis=None)):
        return ""
    if sorted(mine.tolist()) == sorted(given[0].tolist()):
        return " All rows that you were given are in it, but not each of them in its place."
    return " The numbers that you were given are all in it, but those of one row are torn apart."


@unwarned()
def _one_at_a_time(layer, like, on):
    """Say for which number of a sample, the others being 0, a layer first gives what is wrong."""
    sizes = np.shape(on)[1:]
    if np.prod(sizes) > _MOST:
        return ""
    samples = np.eye(np.prod(sizes), dtype="float32").reshape(-1, *sizes)
    got, want = np.asarray(layer(samples)), np.asarray(like(samples))
    if got.shape != want.shape or len(got) != len(samples):
        return ""
    apart = [i for i in range(len(got)) if not agree(got[i], want[i])]
    if not apart or got[0].size > _SHOWN:
        return ""
    place = np.argwhere(samples[apart[0]])[0].tolist()
    place = place[0] if len(place) == 1 else tuple(place)
    gives = ", ".join(f"{n:.4g}" for n in got[apart[0]].ravel())
    said = f" Of a sample that is 1 at {place} and 0 everywhere else it makes {gives}; that isn't "
    return said + "right."


def _weight_shapes(got):
    return [np.shape(w) for w in (got if isinstance(got, (tuple, list)) else [got])]


def _apart(arrays, shapes, names):
    """Say which of the weights has a wrong shape, and in what it is wrong."""
    pairs = zip(names, (w.shape for w in arrays), map(tuple, shapes), strict=True)
    name, mine, right = next(pair for pair in pairs if pair[1] != pair[2])
    if len(mine) != len(right):
        more = "many" if len(mine) > len(right) else "few"
        return f" The {name} has {len(mine)} axes, which are too {more}."
    if sorted(mine) == sorted(right):
        return f" The sizes of the {name} are right, but not in this order."
    wrong = [str(i) for i, pair in enumerate(zip(mine, right, strict=True)) if pair[0] != pair[1]]
    return f" The {name} has a wrong size on axis {' and on axis '.join(wrong)}."


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
    same, said = got[-2:]
    if same and not errors and said is True:
        return Verdict(RIGHT, "The outputs agree, number for number.", share=1.0)
    found = diagnose_result("copied_weights", (source, target, on), got, run=_transferred)
    if errors:
        verdict = errors[0].verdict
        return explained(verdict.message, found, verdict.mistakes[0], verdict.hint)
    if same:
        told = f"Both layers give the same numbers, but your function returned {said}."
        hint = "compare the two outputs number by number, and allow for rounding."
        return explained(told, found, "wrong_comparison", hint)
    told = f"After your function the two layers give different numbers; it returned {said}."
    return explained(told, found, "wrong_numbers", "print the weights of both layers.")


def diagnose(about, args, given, got):
    """Return the Diagnosis of a result by the rules of a topic, or None.

    Where no topic is named, those of all topics are tried; but all of these are about Keras.
    """
    if about is None and not speaks_of_keras():
        return None
    found = diagnose_result(about, (*args, *given), got)
    if found is None and about is not None and isinstance(got, (tuple, list)):
        return diagnose_parts(about, (*args, *given), got)
    return found


@unwarned()
def _explains(function, like, cases, place, about, given):
    """Return the Diagnosis by the rules of a topic, or None.

    Told are those that agree with the function in every case; else those that agree in this one,
    cases[place], and are right in just those others in which it is.
    """
    if about is None and not speaks_of_keras():
        return None

    def everywhere(f, *more):
        return [outcome(f, *_copied(args), *more) for args in cases]

    def here(f, *more):
        got = everywhere(f, *more)
        return [got[place], *map(agree, got, wanted)]

    results, wanted = everywhere(function), everywhere(like)
    found = diagnose_result(about, given, results, run=everywhere)
    if found or is_whole(plain(results[place])):
        return found  # that a single whole number is the same may be chance
    return diagnose_result(about, given, here(function), run=here)


def _copied(args):
    return [a.copy() if isinstance(a, np.ndarray) else a for a in args]


def _one_for_all(function, cases):
    """Return the Diagnosis of a function that gives the same for all of its arguments, or None."""
    if len(cases) < 2:
        return None
    given = [outcome(function, *_copied(args)) for args in cases]
    results, first = [numbers(g) for g in given], numbers(given[0])
    kinds = (tuple, list, str, dict, set)
    listed = all(isinstance(g, kinds) for g in given) and len(set(map(repr, given))) == 1
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
    if agree(call(function, *args), got):
        return None
    return Diagnosis(
        ("made_anew",),
        "They differ from call to call: a layer is made anew each time. You get this if you think "
        "that a layer of the same kind and size does the same. Every layer starts with random "
        "weights of its own; those of the layers that you were given are asked for.",
        hint="look for a layer that is made in your function, or on the way from it.",
    )


def _call(function, args, about, given):
    """Call the learner's function; where an error arises, try the topic's rules on it.

    Those of this package are tried only on an error of which nothing else is known.
    """
    try:
        return call(function, *args)
    except Stopped as stop:
        told = set(stop.verdict.mistakes) if stop.error is not None else ()
        own = any(r.own for r in rules("function", about=about))
        asked = told and (own or told & {*_UNKNOWN, "axis_added_in_front"})
        # The same error comes of many a belief: only those of a topic that is named are asked.
        found = diagnose(about, args, given, stop.error) if asked and about else None
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
        same = agree(source(x), target(x))
    except ValueError:  # built on an input of another width
        same = False
    return (*shapes, same, bool(said) if isinstance(said, np.bool_) else said)


def _listed(got, shapes):
    """Return weights as a list: a nested list may be the only one."""
    if not isinstance(got, (tuple, list)):
        return [got]
    single = numbers(got)
    return [got] if single is not None and [single.shape] == shapes else list(got)


def _wrong_result(function, args, got, want, found, before=()):
    verdict = _wrongly(function, args, got, want, found)
    if not before or (found is not None and not set(found.codes) & FACTS):
        return verdict
    hint = "look for a size, a number of axes or a name that you have written down."
    return replace(verdict, message=f"{verdict.message} {_held_before(before)}", hint=hint)


def _wrongly(function, args, got, want, found):
    """Return the verdict on a wrong result, by what kind of thing it is."""
    given = _with_shapes(args)
    said = f"For {given}, {name_of(function)} gives " if given else "It gives "
    if not given and not any(isinstance(a, keras.Layer) for a in args):
        said = f"{name_of(function)}({', '.join(show(a, 40) for a in args)}) gives "
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
    if _is_shape_of(got, want):
        said += f"{tuple(got)}, a shape; asked for are the numbers, in an array of that shape."
        hint = "look for a `.shape`: the array in front of it may be what is asked for."
        known = None if found and set(found.codes) <= FACTS else found
        return explained(said, known, "shape_for_numbers", hint)
    if is_worded(want):
        said += f"something else than it should: {difference(got, want)}."
        hint = "print your result for this case, and compare it with what the text describes."
        return explained(said, found, "wrong_value", hint)
    if isinstance(want, (tuple, list)):
        said += f"something else than it should: {difference(got, want)}."
        found = found or _of_entries(got, want, args)
        hint = "print your result for one case, and compare it with what the text describes."
        return explained(said, found, "wrong_entry", hint)
    if numbers(got) is None or isinstance(got, str):
        wanted = "that is no array of numbers" if given or np.ndim(want) else "and no number"
        said += f"a {type(got).__name__} {wanted}."
        several = got if isinstance(got, (tuple, list)) else ()
        at = next((i for i, part in enumerate(several[: len(_PLACES)]) if agree(part, want)), None)
        if at is not None:
            said += f" The {_PLACES[at]} of what it returns, [{at}], is what was asked for."
            hint = "look up what the function that you call returns, and take the part you want."
            return explained(said, found, "more_returned", hint)
        return explained(said, found, "wrong_result_shape", hint)
    shape = tuple(np.shape(got))
    if shape == () == np.shape(want) and not given:
        said += f"{show(got, 40)}, which isn't right."
        return explained(said, found, "wrong_numbers", "work this case out by hand, step by step.")
    if shape == tuple(np.shape(want)):
        said += f"shape {shape}, and that is right, but its numbers are not."
        said += "" if found else first_wrong(got, want)
        return explained(said, found, "wrong_numbers", hint)
    said += f"shape {shape}, which isn't the right one."
    hint = "print the shape of your result for a small array, and count its axes."
    return explained(said, found, "wrong_result_shape", hint)


def _is_shape_of(got, want):
    """Tell whether a result is the shape of the right one."""
    shape = isinstance(got, tuple) or type(got).__name__ == "TensorShape"
    return shape and hasattr(want, "shape") and repr(tuple(got)) == repr(tuple(want.shape))


def _of_entries(got, want, args):
    """Return the Diagnosis of a list of arrays: in another order, or its first that is wrong."""
    if not isinstance(got, (tuple, list)):
        at = next((i for i, part in enumerate(want[: len(_PLACES)]) if agree(got, part)), None)
        if at is None or len(want) < 2:
            return None
        said = f"It is the {_PLACES[at]} of the {len(want)} that are asked for, and right; the "
        said += "rest is missing."
        hint = "look at what stands behind your `return`: several things are put apart by commas."
        return Diagnosis(("part_of_it",), said, hint=hint)
    if 0 < len(got) < len(want) and all(map(agree, got, want)):
        said = "What is there is right, but the list ends too early."
        hint = "look where your `return` stands: what is behind it, or in a loop, isn't done again."
        return Diagnosis(("part_of_it",), said, hint=hint)
    if len(got) != len(want):
        return None
    wrong = [i for i, pair in enumerate(zip(got, want, strict=True)) if not agree(*pair)]
    if len(wrong) == 2 and all(agree(got[i], want[j]) for i, j in (wrong, wrong[::-1])):
        return Diagnosis(
            ("numbers_swapped",),
            f"Entries {wrong[0] + 1} and {wrong[1] + 1} are right, but in each other's place.",
            hint="read once more in which order the exercise asks for them.",
        )
    found = related(got[wrong[0]], want[wrong[0]], args)
    return found and replace(found, message=f"Of entry {wrong[0] + 1}: {found.message}")


def _with_shapes(args):
    shapes = _shapes(args)
    return f"arguments of shape {shapes}" if shapes.startswith("(") else shapes


def _shapes(args):
    """Return arguments and their shapes in words, "" where none is an array, or a list that is one.

    A number beside them is told as it is, for its shape is always (). Lists of words, or of rows
    with words in them, are no arrays.
    """
    told = [a for a in args if not isinstance(a, (keras.Layer, str, dict, set))]
    if not any(hasattr(a, "shape") or isinstance(a, (tuple, list)) for a in told):
        return ""
    try:
        if any(isinstance(a, (tuple, list)) and np.asarray(a).dtype.kind in "USO" for a in told):
            return ""
        if all(np.ndim(a) for a in told):
            return " and ".join(str(tuple(np.shape(a))) for a in told)
        return " and ".join(_alone(a) for a in told)
    except ValueError:  # lists of different lengths
        return ""


def _alone(value):
    if np.ndim(value):
        return f"values of shape {tuple(np.shape(value))}"
    return f"{value}" if value is None or isinstance(value, bool) else f"the number {value}"


def _count(arrays):
    return "1 array" if arrays == 1 else f"{arrays} arrays"


def _kinds(value):
    entries = value if isinstance(value, (tuple, list)) else [value]
    return " and ".join(type(entry).__name__ for entry in entries)
