"""Small sums with sizes, of which some may be open (None), and kinds of layers."""

import math

from keras import layers

CONVOLUTIONS = (layers.Conv1D, layers.Conv2D, layers.Conv3D)
POOLINGS = (
    *(layers.MaxPooling1D, layers.MaxPooling2D, layers.MaxPooling3D),
    *(layers.AveragePooling1D, layers.AveragePooling2D, layers.AveragePooling3D),
)


def product(sizes):
    """Multiply sizes; None where one of them is open."""
    return None if None in sizes else math.prod(sizes)


def ceil_divide(n, by):
    """Divide a size and round up; None stays None."""
    return None if n is None else -(-n // by)
