"""Beliefs about the shapes that convolution and pooling give."""

from autograder.learn.mistakes.rule import rule
from autograder.learn.mistakes.sizes import CONVOLUTIONS, POOLINGS, ceil_divide


@rule(
    "layer",
    belief="a convolution keeps height and width",
    truth='with the default, `padding="valid"`, a window stands only where it fits; it is '
    '`padding="same"` that keeps the size',
    hint="slide a window of 3 along a row of 10 with your finger and count the places.",
)
def same_padding(layer, before, after):
    """Conv2D(32, 3) on (None, 10, 10, 64) is (None, 10, 10, 32): "same" taken for "valid"."""
    if not isinstance(layer, CONVOLUTIONS) or layer.padding != "valid":
        return None
    sizes = (ceil_divide(n, s) for n, s in zip(before[1:-1], layer.strides, strict=True))
    return (after[0], *sizes, after[-1])


@rule(
    "layer",
    belief="a convolution hands on as many channels as it received",
    truth="a convolution gives one channel per filter, however many channels came in",
    hint="look at the first argument of the convolution.",
)
def channels_kept(layer, before, after):
    """Conv2D(32, 3) on (None, 10, 10, 64) is (None, 8, 8, 64)."""
    if not isinstance(layer, CONVOLUTIONS):
        return None
    return (*after[:-1], before[-1])


@rule(
    "layer",
    belief="each filter gives one channel for each channel that came in",
    truth="a filter adds its results over all input channels and gives a single channel",
    hint="look at the first argument of the convolution.",
)
def channels_multiplied(layer, before, after):
    """Conv2D(32, 3) on (None, 10, 10, 64) has 32 x 64 channels."""
    if not isinstance(layer, CONVOLUTIONS) or before[-1] is None:
        return None
    return (*after[:-1], before[-1] * layer.filters)


@rule(
    "layer",
    belief="pooling leaves height and width as they are",
    truth="a pooling layer keeps one number per window, and its windows stand side by side",
    hint="pool the row 1 2 3 4 5 6 by windows of two, on paper.",
)
def pooling_forgotten(layer, before, after):
    """MaxPooling2D(2) on (None, 8, 8, 32) stays (None, 8, 8, 32)."""
    return before if isinstance(layer, POOLINGS) else None


@rule(
    "layer",
    belief="the pooling window moves on by one position, as a convolution's does",
    truth="unless `strides` says otherwise, a pooling window moves by its own size",
    hint="pool the row 1 2 3 4 5 6 by windows of two, on paper.",
)
def pooling_stride_one(layer, before, after):
    """MaxPooling2D(2) on (None, 8, 8, 32) is (None, 7, 7, 32)."""
    if not isinstance(layer, POOLINGS) or layer.padding != "valid":
        return None
    sizes = zip(before[1:-1], layer.pool_size, strict=True)
    return (before[0], *(None if n is None else n - p + 1 for n, p in sizes), before[-1])


@rule(
    "layer",
    belief="pooling rounds up where the windows don't fit evenly",
    truth='with `padding="valid"`, the default, a window that would stick out is left out',
    hint="pool the row 1 2 3 4 5 by windows of two, on paper.",
)
def pooling_rounds_up(layer, before, after):
    """MaxPooling2D(2) on (None, 11, 11, 64) is (None, 6, 6, 64)."""
    if not isinstance(layer, POOLINGS) or layer.padding != "valid":
        return None
    sizes = (ceil_divide(n, s) for n, s in zip(before[1:-1], layer.strides, strict=True))
    return (before[0], *sizes, before[-1])
