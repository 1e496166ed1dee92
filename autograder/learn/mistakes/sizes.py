"""Small sums with sizes, of which some may be open (None), and kinds of layers."""

import math

from keras import layers

CONVOLUTIONS = (layers.Conv1D, layers.Conv2D, layers.Conv3D)
POOLINGS = (
    *(layers.MaxPooling1D, layers.MaxPooling2D, layers.MaxPooling3D),
    *(layers.AveragePooling1D, layers.AveragePooling2D, layers.AveragePooling3D),
)
GLOBAL_POOLINGS = (
    *(layers.GlobalMaxPooling1D, layers.GlobalMaxPooling2D, layers.GlobalMaxPooling3D),
    *(layers.GlobalAveragePooling1D, layers.GlobalAveragePooling2D),
    layers.GlobalAveragePooling3D,
)
RECURRENT = (layers.LSTM, layers.GRU, layers.SimpleRNN)


def convolves(layer, padding=None):
    """Tell whether a layer is a convolution that keeps the channels last. padding: only this."""
    return _is_window(layer, CONVOLUTIONS, padding)


def pools(layer, padding=None):
    """Tell whether a layer pools by windows and keeps the channels last. padding: only this."""
    return _is_window(layer, POOLINGS, padding)


def _is_window(layer, kinds, padding):
    here = isinstance(layer, kinds) and layer.data_format == "channels_last"
    return here and padding in (None, layer.padding)


def window_of(layer):
    """Return the reach of a convolution's or pooling layer's window along each axis."""
    if isinstance(layer, POOLINGS):
        return tuple(layer.pool_size)
    pairs = zip(layer.kernel_size, layer.dilation_rate, strict=True)
    return tuple((k - 1) * d + 1 for k, d in pairs)


def product(sizes):
    """Multiply sizes; None where one of them is open."""
    return None if None in sizes else math.prod(sizes)


def ceil_divide(n, by):
    """Divide a size and round up; None stays None."""
    return None if n is None else -(-n // by)


def with_positions(shape, f, *along):
    """Return a shape with f(size, ...) for each size between batch and channels.

    along: what else f takes, one entry an axis. Open sizes stay open; None if a size would be
    less than 1.
    """
    sizes = [
        None if n is None else f(n, *rest) for n, *rest in zip(shape[1:-1], *along, strict=True)
    ]
    return (shape[0], *sizes, shape[-1]) if all(n is None or n > 0 for n in sizes) else None
