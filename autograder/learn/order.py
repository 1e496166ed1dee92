"""Mistakes about the order of elements: what Flatten does to positions, not only to shapes."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from autograder.learn.verdict import WRONG, Verdict


@dataclass(frozen=True)
class OrderRule:
    """A mistaken way to unroll. For arrays f(x); for positions f(h, w, c, H, W, C)."""

    code: str
    belief: str
    hint: str
    apply: Callable


def _rule(rules, belief, hint):
    def register(function):
        rules.append(OrderRule(function.__name__.lstrip("_"), belief, hint, function))
        return function

    return register


ARRAY_RULES, POSITION_RULES = [], []


@_rule(
    ARRAY_RULES,
    "everything was unrolled into one vector, samples and all; Flatten keeps the samples apart",
    "look for the axis of your result that counts samples.",
)
def flatten_swallows_batch(x):
    """x.flatten(), NumPy's own, on (4, 3, 2) is (24,)."""
    return x.reshape(-1)


@_rule(
    ARRAY_RULES,
    "all samples became one single sample; Flatten keeps one row for each",
    "look for the axis of your result that counts samples.",
)
def one_sample_of_all(x):
    """x.reshape(1, -1) on (4, 3, 2) is (1, 24)."""
    return x.reshape(1, -1)


@_rule(
    ARRAY_RULES,
    "the last axis was kept, and rows of one sample became samples of their own",
    "count the samples that went in and the rows that come out.",
)
def rows_into_batch(x):
    """x.reshape(-1, x.shape[-1]) on (4, 3, 2) is (12, 2)."""
    return x.reshape(-1, x.shape[-1])


@_rule(
    ARRAY_RULES,
    "the elements stand column by column, the first axis running fastest; Keras, like NumPy by "
    "default, lets the last axis run fastest",
    "flatten np.arange(6).reshape(1, 2, 3) both ways and read the numbers.",
)
def column_major(x):
    """x.reshape(len(x), -1, order="F"): right shape, wrong places.

    Met in github.com/keras-team/keras/issues/13830, where weights come from a column-major tool.
    """
    return x.reshape(len(x), -1, order="F")


@_rule(
    ARRAY_RULES,
    "the last axis was moved to the front before unrolling; Keras unrolls the axes as they stand",
    "flatten np.arange(8).reshape(1, 2, 2, 2) both ways and read the numbers.",
)
def channels_before_places(x):
    """np.moveaxis(x, -1, 1).reshape(len(x), -1): the order of a channels-first array."""
    return np.moveaxis(x, -1, 1).reshape(len(x), -1)


@_rule(
    POSITION_RULES,
    "whole channel planes follow one another; in Keras the channels of one pixel stand together",
    "flatten np.arange(8).reshape(1, 2, 2, 2) and look where the two channels of a pixel went.",
)
def channel_planes_first(h, w, c, H, W, C):
    """(c * H + h) * W + w, the order of channels-first frameworks."""
    return (c * H + h) * W + w


@_rule(
    POSITION_RULES,
    "the image is read column by column; Keras reads it row by row",
    "flatten np.arange(6).reshape(1, 2, 3, 1) and read the numbers.",
)
def column_by_column(h, w, c, H, W, C):
    """(w * H + h) * C + c."""
    return (w * H + h) * C + c


@_rule(
    POSITION_RULES,
    "a pixel takes one place; it takes as many as it has channels",
    "count the numbers in one row of an image of width 5 with 3 channels.",
)
def channels_take_no_place(h, w, c, H, W, C):
    """h * W + w."""
    return h * W + w


@_rule(
    POSITION_RULES,
    "a row is as long as the image is high; its length is the width (on square images this can't "
    "be seen)",
    "count the numbers in one row of an image of height 4 and width 5.",
)
def height_for_width(h, w, c, H, W, C):
    """(h * H + w) * C + c."""
    return (h * H + w) * C + c


@_rule(
    POSITION_RULES,
    "the coordinates are multiplied; steps along an axis add up instead",
    "work out by hand where pixel (0, 1), channel 0, lands.",
)
def coordinates_multiplied(h, w, c, H, W, C):
    """h * w * c."""
    return h * w * c


def judge_wrong_array(x, got, want):
    """Return the verdict on an array `got` that should have been `want`, made from `x`."""
    same_shape = got.shape == want.shape
    found = next((r for r in ARRAY_RULES if _equal(_try(r.apply, x), got)), None)
    said = (
        f"For x of shape {x.shape} your result has shape {got.shape}, and that is right, but "
        "numbers stand in the wrong places."
        if same_shape
        else f"For x of shape {x.shape} your result has shape {got.shape}; Flatten's is another."
    )
    if found is None:
        code = "wrong_order" if same_shape else "wrong_array_shape"
        hint = "compare the first row of your result with the first row of Flatten's."
        return Verdict(WRONG, said, (code,), hint=hint)
    return Verdict(WRONG, f"{said} It looks as if {found.belief}.", (found.code,), hint=found.hint)


def judge_wrong_position(shape, places, got, place, index):
    """Return the verdict on a position function, wrong first at `place`, where it gave `index`."""
    said = f"In a {shape} image, you put (h, w, c) = {place} at index {index!r}; it isn't there."
    for rule in POSITION_RULES:
        if [rule.apply(*p, *shape) for p in places] == got:
            said += f" Your formula is that of someone who thinks that {rule.belief}."
            return Verdict(WRONG, said, (rule.code,), hint=rule.hint)
    hint = "start with the index of (h, 0, 0): how many numbers stand before row h?"
    return Verdict(WRONG, said, ("wrong_position",), hint=hint)


def _try(function, x):
    try:
        return function(x)
    except ValueError:  # this way of unrolling is impossible for x
        return None


def _equal(believed, got):
    return believed is not None and believed.shape == got.shape and np.array_equal(believed, got)
