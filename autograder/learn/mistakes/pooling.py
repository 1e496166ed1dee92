"""Beliefs about global pooling, and what sets it apart from Flatten."""

from keras import layers

from autograder.learn.mistakes.rule import rule
from autograder.learn.mistakes.sizes import GLOBAL_POOLINGS, product


def _pools_all(layer):
    return isinstance(layer, GLOBAL_POOLINGS) and layer.data_format == "channels_last"


@rule(
    "layer",
    belief="global pooling unrolls the positions, as Flatten does",
    truth="global pooling makes one number of all positions of a channel",
    hint="give a global pooling layer a larger image and see whether its result grows.",
)
def global_pooling_as_flatten(layer, before, after):
    """GlobalAveragePooling2D on (None, 4, 4, 32) is (None, 512)."""
    return (before[0], product(before[1:])) if _pools_all(layer) else None


@rule(
    "layer",
    belief="global pooling leaves axes of size 1",
    truth="unless `keepdims=True`, the axes that are pooled away are gone",
    hint="compare x.mean(axis=1) and x.mean(axis=1, keepdims=True) in NumPy.",
)
def global_pooling_keeps_axes(layer, before, after):
    """GlobalAveragePooling2D on (None, 4, 4, 32) is (None, 1, 1, 32).

    Met in the answers to stackoverflow.com/questions/49295311.
    """
    if not _pools_all(layer) or layer.keepdims:
        return None
    return (before[0], *(1 for _ in before[1:-1]), before[-1])


@rule(
    "layer",
    belief="global pooling averages over the channels",
    truth="global pooling averages over the positions and keeps the channels",
    hint="give a global pooling layer a larger image and see whether its result grows.",
)
def global_pooling_over_channels(layer, before, after):
    """GlobalAveragePooling2D on (None, 4, 4, 32) leaves 16 numbers, one a position."""
    return (before[0], product(before[1:-1])) if _pools_all(layer) else None


@rule(
    "layer",
    belief="global pooling makes one number of a whole sample",
    truth="global pooling makes one number of each channel",
    hint="give a global pooling layer a larger image and see whether its result grows.",
)
def global_pooling_of_everything(layer, before, after):
    """GlobalAveragePooling2D on (None, 4, 4, 32) is (None, 1)."""
    return (before[0], 1) if _pools_all(layer) else None


@rule(
    "layer",
    belief="global pooling leaves the positions as they are",
    truth="global pooling leaves one number for each channel",
    hint="print the shapes before and after a global pooling layer.",
)
def global_pooling_does_nothing(layer, before, after):
    """GlobalAveragePooling2D on (None, 4, 4, 32) stays (None, 4, 4, 32)."""
    return before if _pools_all(layer) else None


@rule(
    "layer",
    belief="Flatten leaves one number for each channel, as global pooling does",
    truth="Flatten only moves numbers: as many come out as went in",
    hint="count the numbers in one sample before Flatten, and after.",
)
def flatten_as_global_pooling(layer, before, after):
    """Flatten((None, 4, 4, 32)) is (None, 32).

    Met in the answers to stackoverflow.com/questions/49295311.
    """
    if isinstance(layer, layers.Flatten) and len(before) > 2:
        return (before[0], before[-1])
    return None
