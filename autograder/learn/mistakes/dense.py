"""Beliefs about Dense: which axis it works on, and what that costs."""

import functools

from keras import layers

from autograder.learn.mistakes.rule import also, rule
from autograder.learn.mistakes.sizes import RECURRENT, convolves, product
from autograder.learn.predictions import Reach

#: Rules about one kind of question, or one topic.
about_reach = functools.partial(rule, "value", about=Reach)


@rule(
    "layer",
    belief="Dense flattens what it receives",
    truth="Dense works on the last axis and keeps all axes before it",
    hint="give a Dense layer a batch of tables and print the shape of what comes back.",
)
def dense_flattens(layer, before, after):
    """Dense(16) on (None, 3, 2) is (None, 16).

    Met in "What is the role of Flatten in Keras?" and many threads since, for example
    datascience.stackexchange.com/questions/42530.
    """
    if isinstance(layer, layers.Dense) and len(before) > 2:
        return (before[0], layer.units)
    return None


@also("count", "dense_flattens")
def _(layer, before, count):
    """Dense(16) on (None, 3, 2) has 6 x 16 + 16 parameters."""
    if isinstance(layer, layers.Dense) and len(before) > 2 and None not in before[1:]:
        return count.with_part(kernel=(product(before[1:]), layer.units))
    return None


@rule(
    "layer",
    belief="what a layer makes is put behind what it was given",
    truth="it takes the place of what the layer was given; only Concatenate joins two things",
    hint="look at the first argument of the layer.",
    weak=True,
)
def results_put_behind(layer, before, after):
    """Dense(16) on (None, 3, 2) is (None, 3, 18), Conv2D(8, 5) gives 3 + 8 channels."""
    makes = isinstance(layer, (layers.Dense, *RECURRENT)) or convolves(layer)
    return (*after[:-1], before[-1] + after[-1]) if makes and before[-1] else None


@rule(
    "layer",
    belief="Dense puts all its results into one flat row",
    truth="Dense leaves the axes before the last as they are; it takes a Flatten to unroll them",
    hint="give a Dense layer a batch of tables and print the shape of what comes back.",
)
def dense_result_flattened(layer, before, after):
    """Dense(16) on (None, 3, 2) is (None, 48)."""
    if isinstance(layer, layers.Dense) and len(before) > 2:
        return (before[0], product((*before[1:-1], layer.units)))
    return None


@rule(
    "layer",
    belief="Dense works on the first axis after the batch",
    truth="Dense works on the last axis and keeps all axes before it",
    hint="give a Dense layer a batch of tables and print the shape of what comes back.",
)
def dense_on_first_axis(layer, before, after):
    """Dense(16) on (None, 3, 2) is (None, 16, 2)."""
    if isinstance(layer, layers.Dense) and len(before) > 2:
        return (before[0], layer.units, *before[2:])
    return None


@also("count", "dense_on_first_axis")
def _(layer, before, count):
    """Dense(16) on (None, 3, 2) has 3 x 16 + 16 parameters."""
    if isinstance(layer, layers.Dense) and len(before) > 2 and before[1] is not None:
        return count.with_part(kernel=(before[1], layer.units))
    return None


@rule(
    "layer",
    belief="the units become an axis of their own, behind the features",
    truth="each unit sums up the features into one number, so the units take the features' place",
    hint="count the axes of a Dense layer's input and output.",
)
def dense_adds_axis(layer, before, after):
    """Dense(16) on (None, 3, 2) is (None, 3, 2, 16)."""
    return (*before, layer.units) if isinstance(layer, layers.Dense) else None


@rule(
    "layer",
    belief="each number of a sample goes through Dense by itself",
    truth="Dense takes the numbers along the last axis together, and makes its units from them",
    hint="count the axes of a Dense layer's input and output.",
)
def dense_on_each_number(layer, before, after):
    """Dense(16) on (None, 3, 2) is (None, 6, 16)."""
    if isinstance(layer, layers.Dense) and len(before) > 2 and None not in before[1:]:
        return (before[0], product(before[1:]), layer.units)
    return None


@rule(
    "layer",
    belief="the units come before the other axes of a sample",
    truth="the units stand where the features stood, on the last axis",
    hint="give a Dense layer a batch of tables and print the shape of what comes back.",
)
def dense_units_first(layer, before, after):
    """Dense(16) on (None, 3, 2) is (None, 16, 3)."""
    if isinstance(layer, layers.Dense) and len(before) > 2:
        return (before[0], layer.units, *before[1:-1])
    return None


@rule(
    "layer",
    belief="Dense hands on as many features as it received",
    truth="Dense gives one number for each of its units, however many features came in",
    hint="look at the first argument of the Dense layer.",
)
def dense_keeps_features(layer, before, after):
    """Dense(16) on (None, 3, 2) is (None, 3, 2)."""
    return before if isinstance(layer, layers.Dense) else None


@also("value", "dense_flattens", about=Reach)
def _(question):
    """One row of (3, 2) changes, and all rows of Dense(16) change."""
    return [True for _ in question.truth]


@about_reach(
    belief="Dense reacts to flattened samples only",
    truth="Dense works on the last axis, however many axes stand before it",
    hint="print d(x) for two tables that differ in a single number.",
)
def dense_needs_flat_input(question):
    """One row of (3, 2) changes, and no row of Dense(16) does."""
    return [False for _ in question.truth]


@about_reach(
    belief="rows are counted from the end",
    truth="rows are counted from the first, beginning with 0",
    hint="print np.arange(6).reshape(3, 2) and its row with index 1.",
)
def rows_counted_from_end(question):
    """Row 2 of 3 changes, and row 0 of Dense(16) does."""
    return question.truth[::-1]


@about_reach(
    belief="rows are counted from 1",
    truth="rows are counted from 0, as everything in Python",
    hint="print np.arange(6).reshape(3, 2) and its row with index 1.",
)
def rows_counted_from_one(question):
    """Row 2 of 3 changes, and row 1 of Dense(16) does."""
    return [i == question.row - 1 for i in range(len(question.truth))]


@about_reach(
    belief="a row carries what came before it along to the next",
    truth="that is what a recurrent layer does; Dense begins afresh with every row",
    hint="print d(x) for two tables that differ in their first row only.",
)
def rows_hear_earlier_ones(question):
    """Row 1 of 4 changes, and rows 1, 2 and 3 of Dense(16) do."""
    return [i >= question.row for i in range(len(question.truth))]


@about_reach(
    belief="a row is heard by its neighbours",
    truth="that is what a window does, in a convolution; Dense looks at one row alone",
    hint="print d(x) for two tables that differ in their first row only.",
)
def neighbours_hear(question):
    """Row 1 of 4 changes, and rows 0, 1 and 2 of Dense(16) do."""
    return [abs(i - question.row) < 2 for i in range(len(question.truth))]


@about_reach(
    belief="a row is heard by all rows but itself",
    truth="it is the row's own result that is made of its numbers",
    hint="print d(x) for two tables that differ in their first row only.",
)
def all_others_hear(question):
    """Row 1 of 4 changes, and rows 0, 2 and 3 of Dense(16) do."""
    return [i != question.row for i in range(len(question.truth))]
