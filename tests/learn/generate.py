"""Models at random: chains of small layers, of sizes that differ so that no two can be mixed up.

All choices go through an object with the methods of random.Random, so a seed gives a chain again,
and hypothesis can make the choices (strategies.randoms()) and look for a small failing one.
Keras works everything out symbolically; no data flow.
"""

import keras
from keras import layers

#: Sizes are drawn from these without being put back.
SIZES = tuple(range(2, 14))


class Draw:
    """The random choices behind one chain; no size is used twice while others are left."""

    def __init__(self, rng):
        self.rng = rng
        self._sizes = []

    def size(self):
        """Return a size that was not used before."""
        if not self._sizes:
            self._sizes = list(SIZES)
        return self._sizes.pop(self.rng.randrange(len(self._sizes)))

    def one_of(self, *values):
        """Return one of these."""
        return self.rng.choice(values)

    def few(self):
        """Return a small number for a window, stride or the like."""
        return self.rng.choice((2, 2, 3, 4))

    def window(self, axes):
        """Return a window: one number for all its axes, or one for each."""
        if axes > 1 and self.rng.random() < 0.3:
            return tuple(self.few() for _ in range(axes))
        return self.few()

    def sometimes(self):
        """Return True, one time in four."""
        return self.rng.random() < 0.25


def chain(rng, depth=4):
    """Return the end of a chain: one to `depth` layers on an input.

    The input has 1 to 3 axes a sample, sometimes with open sizes or a fixed batch.
    """
    draw = Draw(rng)
    tensor = _input(draw, draw.one_of(1, 2, 2, 3, 3, 3))
    for _ in range(1 + rng.randrange(depth)):
        tensor = _add(tensor, draw)
    return tensor


def strided(rng):
    """Return what a convolution with strides and without padding gives: in chains it is rare."""
    draw = Draw(rng)
    return layers.Conv2D(draw.size(), draw.window(2), strides=draw.few())(_input(draw, 3))


def _input(draw, axes):
    if axes == 3:
        sizes = [draw.size() + draw.one_of(3, 9, 18) for _ in range(2)]
        sizes = [sizes[0]] * 2 if draw.sometimes() else sizes
        sizes.append(1 if draw.sometimes() else draw.size())  # grey or coloured
    else:
        sizes = [draw.size() for _ in range(axes)]
        sizes[0] += draw.one_of(0, 5, 14)
    if axes > 1 and draw.rng.random() < 0.1:
        sizes[:-1] = [None] * (axes - 1)
    batch = draw.size() if draw.sometimes() else None
    return keras.Input(batch_shape=(batch, *sizes))


def _add(tensor, draw):
    """Put one more layer on a tensor; the first that Keras will have."""
    for _ in range(20):
        layer = draw.rng.choice(MAKERS[len(tensor.shape) - 1])(draw, tuple(tensor.shape))
        try:
            return layer(tensor)
        except (ValueError, TypeError):  # an open size, or a window too large for what is left
            continue
    return layers.ReLU()(tensor)


def _dense(draw, shape):
    return layers.Dense(draw.size(), use_bias=not draw.sometimes())


def _activation(draw, shape):
    return draw.one_of(layers.ReLU, layers.Softmax, lambda: layers.Activation("relu"))()


def _normalization(draw, shape):
    return draw.one_of(layers.BatchNormalization, layers.LayerNormalization)()


def _dropout(draw, shape):
    return layers.Dropout(0.5)


def _reshape(draw, shape):
    sizes = [n or 1 for n in shape[1:]]
    if None in shape[1:]:
        return layers.Reshape((-1, shape[-1] or 1))
    target = draw.one_of((-1,), (-1, sizes[-1]), (*sizes, 1), tuple(sizes[::-1]), (1, -1))
    return layers.Reshape(target)


def _permute(draw, shape):
    axes = list(range(1, len(shape)))
    draw.rng.shuffle(axes)
    return layers.Permute(tuple(axes))


def _flatten(draw, shape):
    return layers.Flatten(data_format="channels_first" if draw.rng.random() < 0.1 else None)


def _repeat(draw, shape):
    return layers.RepeatVector(draw.size())


def _recurrent(draw, shape):
    kind = draw.one_of(layers.LSTM, layers.LSTM, layers.GRU, layers.SimpleRNN)
    return kind(
        draw.size(), return_sequences=draw.one_of(True, False), use_bias=not draw.sometimes()
    )


def _bidirectional(draw, shape):
    merge = draw.one_of("concat", "concat", "sum")
    return layers.Bidirectional(_recurrent(draw, shape), merge_mode=merge)


def _time_distributed(draw, shape):
    inner = [layers.Dense(draw.size())]
    if len(shape) > 3:
        inner += [layers.Flatten(), layers.Conv1D(draw.size(), draw.few())]
        inner += [layers.GlobalAveragePooling1D(), layers.LSTM(draw.size())]
    return layers.TimeDistributed(draw.rng.choice(inner))


def _embedding(draw, shape):
    return layers.Embedding(draw.size() + 10, draw.size())


def _convolution(draw, shape):
    axes = len(shape) - 2
    kind = {1: layers.Conv1D, 2: layers.Conv2D}[axes]
    options = {"padding": draw.one_of("valid", "same"), "use_bias": not draw.sometimes()}
    if draw.rng.random() < 0.4:
        options["strides"] = draw.few()
    elif draw.sometimes():
        options["dilation_rate"] = draw.one_of(2, 2, 3)
    groups = draw.one_of(1, 1, 1, 2, 3)
    filters = draw.size()
    if groups > 1 and shape[-1] and shape[-1] % groups == 0:
        options["groups"] = groups
        filters *= groups
    return kind(filters, draw.window(axes), **options)


def _other_convolution(draw, shape):
    axes = len(shape) - 2
    padding = draw.one_of("valid", "same")
    depthwise = {1: layers.DepthwiseConv1D, 2: layers.DepthwiseConv2D}[axes]
    separable = {1: layers.SeparableConv1D, 2: layers.SeparableConv2D}[axes]
    transposed = {1: layers.Conv1DTranspose, 2: layers.Conv2DTranspose}[axes]
    which = draw.one_of("depthwise", "separable", "transposed")
    if which == "depthwise":
        return depthwise(draw.few(), padding=padding, depth_multiplier=draw.one_of(1, 2))
    if which == "separable":
        return separable(draw.size(), draw.few(), padding=padding)
    return transposed(draw.size(), draw.window(axes), strides=draw.one_of(1, 2), padding=padding)


def _pooling(draw, shape):
    axes = len(shape) - 2
    kinds = {
        1: (layers.MaxPooling1D, layers.AveragePooling1D),
        2: (layers.MaxPooling2D, layers.AveragePooling2D),
    }
    options = {"padding": draw.one_of("valid", "same")}
    if draw.rng.random() < 0.4:
        options["strides"] = draw.few()
    return draw.one_of(*kinds[axes])(draw.window(axes), **options)


def _global_pooling(draw, shape):
    kinds = {
        1: (layers.GlobalMaxPooling1D, layers.GlobalAveragePooling1D),
        2: (layers.GlobalMaxPooling2D, layers.GlobalAveragePooling2D),
    }
    return draw.one_of(*kinds[len(shape) - 2])(keepdims=draw.rng.random() < 0.1)


def _padding_or_scaling(draw, shape):
    one = len(shape) == 3
    return draw.one_of(
        (layers.ZeroPadding1D if one else layers.ZeroPadding2D)(draw.few()),
        (layers.UpSampling1D if one else layers.UpSampling2D)(draw.few()),
        (layers.Cropping1D if one else layers.Cropping2D)(1),
    )


_ANYWHERE = (_dense, _flatten, _activation, _normalization, _dropout, _reshape)
_WINDOWS = (_convolution, _pooling) * 3 + (_global_pooling, _other_convolution)

#: Makers of layers, f(draw, shape), by the number of axes that a sample has; the oftener, the
#: likelier.
MAKERS = {
    1: (*_ANYWHERE, _dense, _dense, _repeat, _embedding),
    2: (
        *_ANYWHERE,
        *_WINDOWS,
        *(_dense, _flatten, _permute, _padding_or_scaling),
        *(_recurrent, _recurrent, _recurrent, _bidirectional, _time_distributed),
    ),
    3: (
        *_ANYWHERE,
        *_WINDOWS,
        *(_dense, _flatten, _permute, _permute, _padding_or_scaling, _time_distributed),
    ),
}
for _axes in (4, 5, 6):  # after Reshape or Embedding
    MAKERS[_axes] = (_flatten, _dense, _activation, _permute)
