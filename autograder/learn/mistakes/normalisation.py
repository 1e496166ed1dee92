"""Beliefs about what BatchNormalization keeps."""

from keras import layers

from autograder.learn.formula import Formula
from autograder.learn.mistakes.rule import rule
from autograder.learn.mistakes.sizes import product


def _learned(layer):
    return layer.scale + layer.center


@rule(
    "count",
    belief="BatchNormalization has only what it learns by training, a scale and an offset",
    truth="it also keeps the moving mean and variance, which count as parameters, too",
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
