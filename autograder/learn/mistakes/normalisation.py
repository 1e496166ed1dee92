"""Beliefs about what BatchNormalization keeps."""

from keras import layers

from autograder.learn.formula import Formula
from autograder.learn.mistakes.rule import rule
from autograder.learn.mistakes.sizes import product


def _learned(layer):
    return layer.scale + layer.center


@rule(
    "count",
    belief="two of the numbers that BatchNormalization has for each entry don't count, such as "
    "those that it keeps",
    truth="it learns a scale and an offset and keeps a moving mean and variance; all four count",
    hint="print the names of the layer's weights: [w.name for w in layer.weights].",
)
def moving_statistics_forgotten(layer, before, count):
    """BatchNormalization on (4, 4, 32) has 2 x 32 parameters."""
    if not isinstance(layer, layers.BatchNormalization) or before[layer.axis] is None:
        return None
    return Formula({"statistics": (_learned(layer), before[layer.axis])})


@rule(
    "count",
    belief="there is one set of statistics for all the numbers of a layer",
    truth="each entry of the last axis has statistics of its own",
    hint="print the shapes of the layer's weights.",
)
def one_set_of_statistics(layer, before, count):
    """BatchNormalization on (4, 4, 32) has 4 parameters."""
    if not isinstance(layer, layers.BatchNormalization):
        return None
    return Formula({"statistics": (_learned(layer) + 2,)})


@rule(
    "count",
    belief="each position has statistics of its own",
    truth="all positions of a channel share its statistics",
    hint="count the layer's parameters on a larger image: do they grow?",
)
def statistics_per_position(layer, before, count):
    """BatchNormalization on (4, 4, 32) has 4 x 4 x 32 x 4 parameters."""
    if not isinstance(layer, layers.BatchNormalization) or len(before) < 3:
        return None
    if product(before[1:]) is None:
        return None
    return Formula({"statistics": (_learned(layer) + 2, *before[1:])})


def _counted(layer, before, times, more=0):
    """Return the Formula of so many numbers for each entry, and some more; None of other layers."""
    if not isinstance(layer, layers.BatchNormalization) or before[layer.axis] is None:
        return None
    parts = {"statistics": (times, before[layer.axis])}
    return Formula({**parts, "counter": (more,)} if more else parts)


_ENTRY = "print the names of the layer's weights: [w.name for w in layer.weights]."


@rule(
    "count",
    belief="BatchNormalization keeps a counter, as Normalization does",
    truth="it keeps a mean and a variance that move, and counts nothing",
    hint=_ENTRY,
)
def counter_added(layer, before, count):
    """BatchNormalization on (4, 4, 32) has 4 x 32 + 1 parameters."""
    return _counted(layer, before, 4, 1)


@rule(
    "count",
    belief="BatchNormalization has the numbers of a Normalization",
    truth="that one measures mean and variance and counts; this one also learns a scale and an "
    "offset, and counts nothing",
    hint=_ENTRY,
)
def normalisations_alike(layer, before, count):
    """BatchNormalization on (4, 4, 32) has 2 x 32 + 1 parameters."""
    return _counted(layer, before, 2, 1)


@rule(
    "count",
    belief="BatchNormalization has one number for each entry of the last axis",
    truth="for each entry it has what it learns, and what it keeps of the data",
    hint=_ENTRY,
)
def one_number_an_entry(layer, before, count):
    """BatchNormalization on (4, 4, 32) has 32 parameters."""
    return _counted(layer, before, 1)


@rule(
    "count",
    belief="a layer that normalises has nothing to learn and nothing to keep",
    truth="it learns a scale and an offset, and keeps a mean and a variance, for each entry",
    hint=_ENTRY,
)
def normalisation_has_none(layer, before, count):
    """BatchNormalization on (4, 4, 32) has 0 parameters."""
    return Formula({}) if isinstance(layer, layers.BatchNormalization) else None


@rule(
    "count",
    belief="BatchNormalization goes by the first axis of a sample",
    truth="it goes by the last axis, that of the channels or features",
    hint=_ENTRY,
)
def normalised_by_rows(layer, before, count):
    """BatchNormalization on (4, 5, 32) has 4 x 4 parameters."""
    one = len(before) < 3 or before[1] in (None, before[-1])
    if one or not isinstance(layer, layers.BatchNormalization):
        return None
    return Formula({"statistics": (_learned(layer) + 2, before[1])})


@rule(
    "count",
    belief="BatchNormalization has statistics for each place, whatever the channel",
    truth="it has them for each channel, whatever the place",
    hint=_ENTRY,
)
def statistics_of_places(layer, before, count):
    """BatchNormalization on (4, 4, 32) has 4 x 4 x 4 parameters."""
    few = len(before) < 4 or None in before[1:]
    if few or not isinstance(layer, layers.BatchNormalization):
        return None
    return Formula({"statistics": (_learned(layer) + 2, *before[1:-1])})


@rule(
    "count",
    belief="one of the numbers that BatchNormalization has for each entry doesn't count",
    truth="what it learns counts, and what it keeps of the data as well: two of each",
    hint=_ENTRY,
)
def one_number_left_out(layer, before, count):
    """BatchNormalization on (4, 4, 32) has 3 x 32 parameters."""
    return _counted(layer, before, 3)
