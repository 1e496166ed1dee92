"""Beliefs about the shapes that convolution and pooling give."""

from autograder.learn.mistakes.rule import also, rule
from autograder.learn.mistakes.sizes import (
    ceil_divide,
    convolves,
    pools,
    window_of,
    with_positions,
)


def _sizes_of(after, shape):
    """Return `after` with the heights and widths of another shape (None: there is none)."""
    return shape and (after[0], *shape[1:-1], after[-1])


@rule(
    "layer",
    belief="a convolution keeps height and width",
    truth="unless padding is asked for, a window stands only where it fits, so the edges are lost",
    hint="slide a window along a short row with your finger, and count the places where it fits.",
)
def same_padding(layer, before, after):
    """Conv2D(32, 3) on (None, 10, 10, 64) is (None, 10, 10, 32): "same" taken for "valid"."""
    if not convolves(layer, "valid"):
        return None
    return _sizes_of(after, with_positions(before, ceil_divide, layer.strides))


@rule(
    "layer",
    belief="a convolution hands on as many channels as it received",
    truth="a convolution gives one channel per filter, however many channels came in",
    hint="look at the first argument of the convolution.",
)
def channels_kept(layer, before, after):
    """Conv2D(32, 3) on (None, 10, 10, 64) is (None, 8, 8, 64)."""
    return (*after[:-1], before[-1]) if convolves(layer) else None


@rule(
    "layer",
    belief="each filter gives one channel for each channel that came in",
    truth="a filter adds its results over all input channels and gives a single channel",
    hint="look at the first argument of the convolution.",
)
def channels_multiplied(layer, before, after):
    """Conv2D(32, 3) on (None, 10, 10, 64) has 32 x 64 channels."""
    if not convolves(layer) or before[-1] is None:
        return None
    return (*after[:-1], before[-1] * layer.filters)


@rule(
    "layer",
    belief="a convolution changes the numbers and not the shape",
    truth="a convolution gives one channel per filter, and unless padding is asked for, its "
    "windows take away rows and columns",
    hint="ask of each axis whether the convolution touches it.",
)
def convolution_keeps_shape(layer, before, after):
    """Conv2D(32, 3) on (None, 10, 10, 64) stays (None, 10, 10, 64)."""
    # Where it is only the sizes or only the channels, the rules above say more.
    if not convolves(layer, "valid") or before[-1] == after[-1] or before[1:-1] == after[1:-1]:
        return None
    return before


@rule(
    "layer",
    belief="pooling leaves height and width as they are",
    truth="a pooling layer keeps one number per window, and its windows stand side by side",
    hint="pool the row 1 2 3 4 5 6 by windows of two, on paper.",
)
def pooling_forgotten(layer, before, after):
    """MaxPooling2D(2) on (None, 8, 8, 32) stays (None, 8, 8, 32)."""
    padded = pools(layer, "same") and max(layer.strides) > 1  # then same_undoes_stride says more
    return before if pools(layer) and not padded else None


@rule(
    "layer",
    belief="the pooling window moves on by one position, as a convolution's does",
    truth="unless `strides` says otherwise, a pooling window moves by its own size",
    hint="pool the row 1 2 3 4 5 6 by windows of two, on paper.",
)
def pooling_stride_one(layer, before, after):
    """MaxPooling2D(2) on (None, 8, 8, 32) is (None, 7, 7, 32)."""
    if not pools(layer, "valid"):
        return None
    return with_positions(before, lambda n, p: n - p + 1, layer.pool_size)


@rule(
    "layer",
    belief="pooling by windows of size k takes k away from height and width",
    truth="a pooling layer keeps one number per window, and its windows stand side by side",
    hint="pool the row 1 2 3 4 5 6 by windows of two, on paper.",
)
def pooling_subtracts(layer, before, after):
    """MaxPooling2D(2) on (None, 8, 8, 32) is (None, 6, 6, 32)."""
    if not pools(layer, "valid"):
        return None
    return with_positions(before, lambda n, p: n - p, layer.pool_size)


@rule(
    "layer",
    belief="pooling divides the channels, too",
    truth="pooling works on each channel by itself, so as many come out as went in",
    hint="go through the axes one by one: along which of them do the windows lie?",
)
def pooling_divides_channels(layer, before, after):
    """MaxPooling2D(2) on (None, 8, 8, 32) is (None, 4, 4, 16)."""
    if not pools(layer) or before[-1] is None or max(layer.strides) == 1:
        return None
    return (*after[:-1], before[-1] // max(layer.strides))


@rule(
    "layer",
    belief="pooling rounds up where the windows don't fit evenly",
    truth='with `padding="valid"`, the default, a window that would stick out is left out',
    hint="pool the row 1 2 3 4 5 by windows of two, on paper.",
)
def pooling_rounds_up(layer, before, after):
    """MaxPooling2D(2) on (None, 11, 11, 64) is (None, 6, 6, 64)."""
    if not pools(layer, "valid"):
        return None
    return with_positions(before, ceil_divide, layer.strides)


@rule(
    "layer",
    belief="pooling may leave half a pixel",
    truth="a map has whole positions, so a window that would stick out is left out",
    hint="pool the row 1 2 3 4 5 by windows of two, on paper.",
)
def pooling_leaves_fractions(layer, before, after):
    """MaxPooling2D(2) on (None, 11, 11, 64) is (None, 5.5, 5.5, 64)."""
    if not pools(layer, "valid"):
        return None
    return with_positions(before, lambda n, s: n // s if n % s == 0 else n / s, layer.strides)


@rule(
    "layer",
    belief='pooling drops what is left over, also with `padding="same"`',
    truth='with `padding="same"`, a window that sticks out is filled up and counts',
    hint='ask what "same" would pad if nothing stuck out.',
)
def pooling_rounds_down(layer, before, after):
    """MaxPooling2D(2, padding="same") on (None, 11, 11, 64) is (None, 5, 5, 64)."""
    if not pools(layer, "same"):
        return None
    return with_positions(before, lambda n, s: n // s, layer.strides)


@rule(
    "layer",
    belief="a convolution's window always moves on by one position",
    truth="the window moves by `strides` at a time, so there are fewer places for it",
    hint="slide a window of 3 along a row of 9, two steps at a time, and count the places.",
)
def stride_forgotten(layer, before, after):
    """Conv2D(32, 3, strides=2) on (None, 11, 11, 3) is (None, 9, 9, 32)."""
    if not convolves(layer) or max(layer.strides) == 1:
        return None
    if layer.padding != "valid":
        return (*before[:-1], after[-1])
    return _sizes_of(after, with_positions(before, lambda n, w: n - w + 1, window_of(layer)))


@rule(
    "layer",
    belief='`padding="same"` keeps the size, whatever the stride',
    truth='with `padding="same"`, the stride still divides the size; only the edges lose nothing',
    hint="slide a window along a row of 8, two steps at a time, and count the places.",
)
def same_undoes_stride(layer, before, after):
    """MaxPooling2D(2, padding="same") on (None, 8, 8, 32) stays (None, 8, 8, 32)."""
    return before if pools(layer, "same") and max(layer.strides) > 1 else None


@rule(
    "layer",
    belief="a window of size k takes k away from height and width",
    truth="the window also stands at its starting place, so it takes away one less than its size",
    hint="slide a window of 3 along a row of 4 with your finger and count the places.",
)
def window_off_by_one(layer, before, after):
    """Conv2D(32, 3) on (None, 10, 10, 64) is (None, 7, 7, 32); strided, (n - k) // s."""
    if not convolves(layer, "valid"):
        return None
    sizes = with_positions(before, lambda n, w, s: (n - w) // s, window_of(layer), layer.strides)
    return _sizes_of(after, sizes)


@rule(
    "layer",
    belief="every convolution takes away two rows and two columns",
    truth="that holds for a window of 3; a window takes away one less than its size",
    hint="slide a window of 4 along a row of 6 with your finger and count the places.",
)
def window_of_three(layer, before, after):
    """Conv2D(8, 5) on (None, 32, 32, 3) is (None, 30, 30, 8)."""
    if not convolves(layer, "valid") or max(*layer.strides, *layer.dilation_rate) > 1:
        return None
    wide = min(layer.kernel_size) > 3
    return _sizes_of(after, with_positions(before, lambda n: n - 2)) if wide else None


@rule(
    "layer",
    belief="a window takes away half its size in all",
    truth="a window loses half its size, rounded down, at each of the two edges",
    hint="slide a window along a short row with your finger, and count the places where it fits.",
)
def one_edge_forgotten(layer, before, after):
    """Conv2D(32, 3) on (None, 10, 10, 64) is (None, 9, 9, 32)."""
    if not convolves(layer, "valid") or max(*layer.strides, *layer.dilation_rate) > 1:
        return None
    return _sizes_of(after, with_positions(before, lambda n, k: n - k // 2, layer.kernel_size))


@rule(
    "layer",
    belief='a convolution shrinks the map, also with `padding="same"`',
    truth='`padding="same"` puts zeros around the map, so that the window fits everywhere',
    hint="look at the arguments of the convolution again, all of them.",
)
def padding_forgotten(layer, before, after):
    """Conv2D(32, 3, padding="same") on (None, 10, 10, 64) is (None, 8, 8, 32)."""
    if not convolves(layer, "same"):
        return None
    slide = with_positions(
        before, lambda n, w, s: (n - w) // s + 1, window_of(layer), layer.strides
    )
    return _sizes_of(after, slide)


@rule(
    "layer",
    belief='with `padding="same"`, a stride that does not divide the size rounds down',
    truth='with `padding="same"`, the last place counts even if the window sticks out there',
    hint="slide a window along a row of 9, two steps at a time, and begin at the first number.",
)
def same_rounds_down(layer, before, after):
    """Conv2D(32, 3, strides=2, padding="same") on (None, 11, 11, 3) is (None, 5, 5, 32)."""
    if not convolves(layer, "same"):
        return None
    return _sizes_of(after, with_positions(before, lambda n, s: n // s, layer.strides))


@rule(
    "layer",
    belief="dilation makes no difference to the shape",
    truth="dilation spreads the window's numbers out, so the window reaches further",
    hint="draw a window of 3 with a gap after each of its numbers, and measure it.",
)
def dilation_forgotten(layer, before, after):
    """Conv2D(32, 3, dilation_rate=2) on (None, 10, 10, 3) is (None, 8, 8, 32)."""
    if not convolves(layer, "valid") or max(layer.dilation_rate) == 1:
        return None
    slide = with_positions(
        before, lambda n, k, s: (n - k) // s + 1, layer.kernel_size, layer.strides
    )
    return _sizes_of(after, slide)


@rule(
    "layer",
    belief="a stride divides the number of places, and what is left over is dropped",
    truth="the window stands at the first place, and then at every second or third one, so what is "
    "left over makes a place more",
    hint="count the places 0, 2, 4 and so on that are below 7.",
)
def places_rounded_down(layer, before, after):
    """Conv2D(12, 5, strides=2) on (None, 31, 24, 3) is (None, 13, 10, 12)."""
    if not convolves(layer, "valid") or max(layer.strides) == 1:
        return None
    slide = with_positions(
        before, lambda n, w, s: (n - w + 1) // s, window_of(layer), layer.strides
    )
    return _unlike(_sizes_of(after, slide), layer, before, after, window_off_by_one)


def _unlike(believed, layer, before, after, *others):
    """Return a shape unless another belief gives it too: that is then told alone.

    Sums with a stride often come to the same number, and who forgets that a window also stands at
    its starting place is met most of all.
    """
    return None if believed in [apply(layer, before, after) for apply in others] else believed


@rule(
    "layer",
    belief="a stride divides the size of the image, and the window takes nothing away",
    truth="unless padding is asked for, a window stands only where it fits, so the edges are lost",
    hint="slide a window of 3 along a row of 9, two steps at a time, and count the places.",
)
def size_divided_by_stride(layer, before, after):
    """Conv2D(12, 5, strides=2) on (None, 31, 24, 3) is (None, 15, 12, 12)."""
    if not convolves(layer, "valid") or max(layer.strides) == 1:
        return None
    divided = _sizes_of(after, with_positions(before, lambda n, s: n // s, layer.strides))
    earlier = same_padding, window_off_by_one, places_rounded_down
    return _unlike(divided, layer, before, after, *earlier)


@rule(
    "layer",
    belief="the stride makes the image smaller first, and then the window takes its part",
    truth="the window slides over the whole image, and the stride says at which places it stops",
    hint="slide a window of 3 along a row of 9, two steps at a time, and count the places.",
)
def window_after_stride(layer, before, after):
    """Conv2D(12, 5, strides=2) on (None, 31, 24, 3) is (None, 11, 8, 12)."""
    if not convolves(layer, "valid") or max(layer.strides) == 1:
        return None
    slide = with_positions(before, lambda n, w, s: n // s - w + 1, window_of(layer), layer.strides)
    earlier = window_off_by_one, places_rounded_down, size_divided_by_stride
    return _unlike(_sizes_of(after, slide), layer, before, after, *earlier)


@rule(
    "layer",
    belief="the windows of a convolution stand side by side",
    truth="unless `strides` says otherwise, a convolution's window moves on by one position",
    hint="slide a window of 3 along a row of 6, one step at a time, and count the places.",
)
def windows_side_by_side(layer, before, after):
    """Conv2D(8, 5) on (None, 32, 48, 3) is (None, 6, 9, 8)."""
    if not convolves(layer, "valid") or max(layer.strides) > 1:
        return None
    return _sizes_of(after, with_positions(before, lambda n, w: n // w, window_of(layer)))


@rule(
    "layer",
    belief="a convolution gives as many channels as its window is wide",
    truth="the first argument says how many channels come out, and the second how wide a window is",
    hint="look at the names of the arguments: help(keras.layers.Conv2D).",
)
def window_for_channels(layer, before, after):
    """Conv2D(24, 5) on (None, 16, 16, 3) is (None, 12, 12, 5)."""
    return (*after[:-1], layer.kernel_size[0]) if convolves(layer) else None


@rule(
    "layer",
    belief="the filters become an axis of their own, behind the channels",
    truth="a filter adds its results over all input channels, so the filters take their place",
    hint="count the axes of a convolution's input and output.",
)
def filters_as_an_axis(layer, before, after):
    """Conv2D(8, 5) on (None, 32, 48, 3) is (None, 28, 44, 3, 8)."""
    return (*after[:-1], before[-1], layer.filters) if convolves(layer) else None


@rule(
    "layer",
    belief="a convolution is told its window first, and then how many filters it has",
    truth="the first argument is the number of filters, and the second the size of the window",
    hint="look at the names of the arguments: help(keras.layers.Conv2D).",
)
def filters_for_window(layer, before, after):
    """Conv2D(8, 5) on (None, 32, 48, 3) is (None, 25, 41, 5)."""
    if not convolves(layer, "valid") or len(set(layer.kernel_size)) > 1:
        return None
    slide = with_positions(before, lambda n, s: (n - layer.filters) // s + 1, layer.strides)
    return slide and (*slide[:-1], layer.kernel_size[0])


@also("count", "filters_for_window")
def _(layer, before, count):
    """Conv2D(32, 3) on 64 channels has 32 x 32 x 64 x 3 + 3 parameters."""
    if not convolves(layer) or len(set(layer.kernel_size)) > 1 or layer.groups > 1:
        return None
    window = (layer.filters,) * len(layer.kernel_size)
    found = count.with_part(kernel=(*window, before[-1], layer.kernel_size[0]))
    return found.with_part(bias=(layer.kernel_size[0],)) if "bias" in count.parts else found
