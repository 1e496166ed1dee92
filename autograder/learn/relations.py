"""How a wrong result is related to the right one: what is wrong with it, whatever it was meant for.

A relation is a fact about two arrays ("the axes stand in another order"), not a belief, and says
nothing of what the right numbers are. It is told where no mistaken rule leads to the result.
"""

import itertools

import keras
import numpy as np

from autograder.learn.diagnose import Diagnosis
from autograder.learn.quiet import unwarned
from autograder.learn.values import numbers

#: Activations that somebody may have applied, or left out.
_ACTIVATIONS = ("relu", "sigmoid", "tanh", "softmax")
#: What may have become of an axis, with the word for it.
_LOST = ((np.sum, "added up"), (np.mean, "averaged"), (np.max, "reduced to the largest number"))
#: How one number is made of several, with the word for it.
_MADE = ((np.mean, "mean"), (np.sum, "sum"), (np.max, "largest"), (np.min, "smallest"))
#: The codes of what is told here.
FACTS = {
    *("still_apart", "places_for_numbers", "all_zero"),
    *("given_back", "off_by_a_factor", "off_by_a_number", "wrong_addend", "axis_backwards"),
    *("numbers_out_of_place", "axis_of_one", "axes_not_kept", "axes_in_other_order"),
    *("axis_reduced", "part_of_it", "more_than_asked", "samples_lost", "one_number"),
}
#: Of these, what a function that gives the same for several arguments may give.
PARTS = {"part_of_it", "axis_reduced", "one_number"}
#: Larger results are not looked at.
_MOST = 10**6


@unwarned()
def related(got, want, given=()):
    """Return the Diagnosis of how a result is related to the right one, or None.

    given: what the function was given; a result may be one of these, as it came.
    """
    got, want = numbers(got), numbers(want)
    if got is None or want is None or max(got.size, want.size) > _MOST or not got.size:
        return None
    if not (np.isfinite(got).all() and np.isfinite(want).all()):
        return None
    if want.size < 2:
        return _still_apart(got, want)
    looks = (_one_number, _given_back, _all_zero, _same_shape, _same_numbers, _place_taken)
    for look in (*looks, _part, _axis_lost, _part_given, _samples):
        found = look(got, want, given)
        if found:
            code, said, hint = found
            return Diagnosis((code,), said, hint=hint)
    return None


def first_wrong(got, want):
    """Say how many numbers of an array are right, and where the first one stands that isn't.

    A sentence with a blank in front; "" where all are wrong, or are of another shape.
    """
    got, want = numbers(got), numbers(want)
    if got is None or want is None or got.shape != want.shape or not want.ndim:
        return ""
    right = np.isclose(got, want, 1e-4, 1e-5)
    if right.all() or not right.any():
        return ""
    place = np.argwhere(~right)[0].tolist()
    place = tuple(place) if len(place) > 1 else place[0]
    said = f"{right.sum()} of {right.size} {'are' if right.sum() > 1 else 'is'} right"
    return f" {said}; the first that isn't stands at {place}, counted from 0."


def _still_apart(got, want):
    """Return the Diagnosis of several numbers where one is asked for, which is made of them."""
    word = next((word for f, word in _MADE if got.size > 1 and _alike(f(got), want.ravel()[0])), "")
    if want.ndim or not word:
        return None
    said = f"A single number is asked for, and it is the {word} of yours."
    return Diagnosis(("still_apart",), said, hint="one step is still to come after your last one.")


def _one_number(got, want, given):
    if got.size > 1 or np.any([_alike(got, f(want)) for f in (np.sum, np.mean, np.max)]):
        return None
    said = f"That is a single number, where an array of {want.size} is asked for."
    return "one_number", said, "look for the step that makes one number of many."


def _samples(got, want, given):
    """Tell whether as many samples came out as went in, where that is asked."""
    arrays = [x for x in given if isinstance(x, np.ndarray) and x.ndim]
    count = len(arrays[0]) if arrays else None
    if not got.ndim or not want.ndim or count != len(want) or len(got) == count:
        return None
    if arrays[0].ndim == 1:  # whether its entries are samples, nobody knows
        said = f"{count} entries went in, and {len(got)} came out; asked for is one for each."
        return "samples_lost", said, "look for the step that changes how many there are."
    said = f"{count} samples went in, and {len(got)} entries came out: the first axis counts the "
    said += "samples, and isn't to be changed."
    return "samples_lost", said, "look for the step that takes the first axis for another."


def _given_back(got, want, given):
    """Tell whether the result is what was given, in whatever shape."""
    for thing in given:
        thing = numbers(thing) if isinstance(thing, (np.ndarray, list)) else None
        same = thing is not None and thing.size == got.size and _alike(thing.ravel(), got.ravel())
        if same and not (want.size == got.size and _alike(np.sort(want.ravel()), _sorted(got))):
            said = "These are still the numbers that your function was given; at most their shape "
            said += "is another."
            return "given_back", said, "look at what stands behind your last `return`."
    return None


def _all_zero(got, want, given):
    if got.any() or not want.any():
        return None
    said = "All of them are 0."
    return "all_zero", said, "print what each of your steps gives: where does it become 0?"


def _same_shape(got, want, given):
    if got.shape != want.shape:
        return None
    hint = "work out one of the numbers by hand, and look for the step where yours parts from it."
    scale = float(np.sum(got * want) / (np.sum(want * want) or 1))
    if scale not in (0, 1) and _alike(got, scale * want):
        return "off_by_a_factor", f"Each number is {scale:.6g} times what it should be.", hint
    if _alike(got - want, np.full_like(want, (got - want).flat[0])):
        off = abs(float((got - want).flat[0]))
        more = "large" if (got - want).flat[0] > 0 else "small"
        return "off_by_a_number", f"Each number is too {more} by {off:.6g}.", hint
    for name in _ACTIVATIONS:
        if name == "softmax" and want.shape[-1:] == (1,):
            continue  # over a single unit it makes 1 of anything
        apply = keras.activations.get(name)
        if want.ndim and _alike(got, np.asarray(apply(want))):
            said = f"They are those that were asked for, after one step more: {name}."
            return "activation_added", said, "compare your steps with those of the text."
        if want.ndim and _alike(np.asarray(apply(got)), want):
            said = "They are right but for an activation that is still to come."
            return "activation_missing", said, "compare your steps with those of the text."
    off = got - want
    rows = want.size // (want.shape[-1] if want.ndim else 1)
    if rows > 1 and _alike(off, np.broadcast_to(off[(0,) * (off.ndim - 1)], off.shape)):
        said = "What each of them is off by depends on its place along the last axis alone, so it "
        said += "is what is added there, a bias say, that isn't right."
        return "wrong_addend", said, "look at what you add, and how often."
    for axis in range(want.ndim):
        if _alike(np.flip(got, axis), want):
            said = f"They are right, but axis {axis} runs backwards."
            return "axis_backwards", said, "print the first and the last number along that axis."
    if _alike(_sorted(got), _sorted(want)):
        said = "They are the right numbers, but not in their places."
        return "numbers_out_of_place", said, "try it on np.arange(…), and look where each one goes."
    return None


def _same_numbers(got, want, given):
    """Tell whether only the axes of a result are wrong."""
    if got.size != want.size:
        return None
    ones = got.ndim - want.ndim
    if _alike(got.ravel(), want.ravel()):
        if ones > 0 and [n for n in got.shape if n != 1] == [n for n in want.shape if n != 1]:
            said = f"The numbers are right; there is an axis of size 1 too many among {got.ndim}."
            return "axis_of_one", said, "look for the step that brings this axis, or keeps it."
        if ones < 0 and [n for n in got.shape if n != 1] == [n for n in want.shape if n != 1]:
            said = "The numbers are right; an axis of size 1 is missing."
            hint = "look for the step that loses this axis, or should bring it."
            return "axis_of_one", said, hint
        said = "The numbers are right, and in the right order; only the axes are others."
        return "axes_not_kept", said, "print the shape after each step: which one joins or cuts?"
    if ones == 0 and got.ndim <= 5:
        for order in itertools.permutations(range(got.ndim)):
            turned = got.transpose(order)
            if turned.shape == want.shape and _alike(turned, want):
                said = "The numbers are right, but the axes stand in another order."
                hint = "write the names of the axes in a row, as they are and as they should be."
                return "axes_in_other_order", said, hint
    if _alike(_sorted(got), _sorted(want)):
        said = "They are the right numbers, but neither their places nor their axes are right."
        return "numbers_out_of_place", said, "try it on np.arange(…), and look where each one goes."
    return None


def _axis_lost(got, want, given):
    """Tell whether an axis was summed over, or the like."""
    for axis in range(want.ndim):
        for reduce, word in _LOST if want.shape[axis] > 1 else ():
            if _alike(got, reduce(want, axis)) or _alike(got, reduce(want, axis, keepdims=True)):
                said = f"Axis {axis} of the result is gone: along it, all was {word}."
                return "axis_reduced", said, "look for the step that makes one of several."
    for reduce, word in _LOST:
        if got.size == 1 and _alike(got.ravel()[0], reduce(want)):
            return "axis_reduced", f"All the numbers were {word}.", "keep the axes apart."
    return None


def _place_taken(got, want, given):
    """Tell whether the places of the largest numbers were given, in the place of the numbers."""
    if want.ndim and want.shape[-1] > 1 and _alike(got, want.argmax(-1)):
        said = "These are the places of the largest numbers, and no longer the numbers."
        return "places_for_numbers", said, "look for the step that looks for what is largest."
    return None


def _part(got, want, given):
    """Tell whether the result is a part of the right one, or has that as a part."""
    if got.size > 1 and np.ptp(got) == 0 != np.ptp(want):
        return None  # one number several times may be found anywhere
    for axis in range(max(got.ndim, want.ndim)):
        if _is_part(got, want, axis):
            said = f"What is there is right, but it is only a part: along axis {axis} some is left "
            said += "out."
            return "part_of_it", said, "compare the size of that axis with what was given."
        if _is_part(want, got, axis):
            said = f"What was asked for is in it, but along axis {axis} there is more besides."
            return "more_than_asked", said, "compare the size of that axis with what is asked for."
    return None


def _part_given(got, want, given):
    """Tell whether the result is a part of what was given, as it came."""
    if got.size < 2 or np.ptp(got) == 0:
        return None
    for thing in (numbers(x) for x in given if isinstance(x, np.ndarray)):
        axes = range(thing.ndim if thing is not None and thing.size <= _MOST else 0)
        axis = next((axis for axis in axes if _is_part(got, thing, axis)), None)
        if axis is not None:
            said = "It is a part of what your function was given, with the numbers as they were: "
            said += f"along axis {axis} of that, some is left out."
            return "given_back", said, "look at what stands behind your last `return`."
    return None


def _is_part(small, large, axis):
    """Tell whether one array is an entry of another along an axis, or several one after another."""
    if axis >= large.ndim or small.size >= large.size:
        return False
    entries = np.moveaxis(large, axis, 0)
    if small.ndim == large.ndim - 1:
        return any(_alike(small, entry) for entry in entries)
    if small.ndim != large.ndim:
        return False
    rows = np.moveaxis(small, axis, 0)
    starts = range(len(entries) - len(rows) + 1)
    return any(_alike(rows, entries[i : i + len(rows)]) for i in starts)


def _sorted(array):
    return np.sort(array.ravel())


def _alike(one, other):
    return np.shape(one) == np.shape(other) and bool(np.allclose(one, other, 1e-4, 1e-5))
