"""How a layer's number of parameters comes about: a sum of products that can be read."""

import math
from dataclasses import dataclass, replace
from functools import singledispatch

from keras import layers


@dataclass(frozen=True)
class Formula:
    """A number of parameters. parts: {weight: its factors}; copies: how often all of it occurs.

    Formula({"kernel": (3, 3, 64, 32), "bias": (32,)}) is 3 × 3 × 64 × 32 + 32 = 18,464.
    """

    parts: dict
    copies: tuple = ()

    @property
    def value(self):
        """The number."""
        return math.prod(self.copies) * sum(math.prod(f) for f in self.parts.values())

    def __str__(self):
        terms = [" × ".join(map(str, factors)) for factors in self.parts.values()]
        said = " + ".join(terms) or "0"
        if self.copies:
            said = f"{' × '.join(map(str, self.copies))} × ({said})"
        return said if said == str(self.value) else f"{said} = {self.value:,}"

    def with_part(self, **parts):
        """Return a copy with some parts replaced; a part that is None is taken out."""
        merged = {**self.parts, **parts}
        return replace(self, parts={k: v for k, v in merged.items() if v is not None})

    def times(self, *copies):
        """Return a copy that occurs so many times."""
        return replace(self, copies=copies)


def formula(layer, before):
    """Return the Formula of Keras's count for a built layer on inputs of shape `before`.

    `before` may be a shape that somebody believes in: then the layer's kernel is as that input
    would make it. A layer that has no formula here is read off its weights.
    """
    found = _formula(layer, tuple(before)) if before else None
    if found is None or any(None in factors for factors in found.parts.values()):
        return weights_of(layer)
    return found


def weights_of(layer):
    """Return the Formula that sums the sizes of a layer's weights, whatever they are for."""
    shapes = [tuple(weight.shape) or (1,) for weight in layer.weights]
    return Formula({f"weight {i}": shape for i, shape in enumerate(shapes)})


@singledispatch
def _formula(layer, before):
    """Return a layer's Formula, or None. One small function for each kind of layer."""
    return None


@_formula.register(layers.Dense)
def _dense(layer, before):
    return _with_bias(layer, {"kernel": (before[-1], layer.units)}, layer.units)


@_formula.register(layers.Conv1D)
@_formula.register(layers.Conv2D)
@_formula.register(layers.Conv3D)
def _convolution(layer, before):
    channels = channels_of(layer, before)
    if channels is None:
        return None
    kernel = (*layer.kernel_size, channels // layer.groups, layer.filters)
    return _with_bias(layer, {"kernel": kernel}, layer.filters)


@_formula.register(layers.Conv1DTranspose)
@_formula.register(layers.Conv2DTranspose)
@_formula.register(layers.Conv3DTranspose)
def _transposed(layer, before):
    kernel = (*layer.kernel_size, channels_of(layer, before), layer.filters)
    return _with_bias(layer, {"kernel": kernel}, layer.filters)


@_formula.register(layers.DepthwiseConv1D)
@_formula.register(layers.DepthwiseConv2D)
def _depthwise(layer, before):
    channels, multiplier = channels_of(layer, before), layer.depth_multiplier
    if channels is None:
        return None
    kernel = (*layer.kernel_size, channels, multiplier)
    return _with_bias(layer, {"kernel": kernel}, channels * multiplier)


@_formula.register(layers.SeparableConv1D)
@_formula.register(layers.SeparableConv2D)
def _separable(layer, before):
    channels, multiplier = channels_of(layer, before), layer.depth_multiplier
    if channels is None:
        return None
    parts = {"depthwise": (*layer.kernel_size, channels, multiplier)}
    parts["pointwise"] = (channels * multiplier, layer.filters)
    return _with_bias(layer, parts, layer.filters)


@_formula.register(layers.Embedding)
def _embedding(layer, before):
    return Formula({"table": (layer.input_dim, layer.output_dim)})


@_formula.register(layers.SimpleRNN)
def _simple_rnn(layer, before):
    return _recurrent(layer, before)


@_formula.register(layers.LSTM)
def _lstm(layer, before):
    return _recurrent(layer, before, 4)


@_formula.register(layers.GRU)
def _gru(layer, before):
    found = _recurrent(layer, before, 3)
    if layer.use_bias and layer.reset_after:
        return found.with_part(bias=(2, 3, layer.units))
    return found


def _recurrent(layer, before, *gates):
    parts = {"kernel": (*gates, before[-1], layer.units)}
    parts["recurrent"] = (*gates, layer.units, layer.units)
    return _with_bias(layer, parts, *gates, layer.units)


@_formula.register(layers.Bidirectional)
def _bidirectional(layer, before):
    ways = layer.forward_layer, layer.backward_layer
    one, other = (_formula(way, before) for way in ways)
    if one is None or other is None:
        return None
    if one == other:
        return one.times(2)
    return Formula(
        {**one.parts, **{f"backward {name}": part for name, part in other.parts.items()}}
    )


@_formula.register(layers.TimeDistributed)
def _time_distributed(layer, before):
    return _formula(layer.layer, before[:1] + before[2:])


@_formula.register(layers.BatchNormalization)
def _batch_normalization(layer, before):
    return Formula({"statistics": (layer.scale + layer.center + 2, before[layer.axis])})


def channels_of(layer, shape):
    """Return the number of channels that a layer for images or sequences finds in a shape."""
    return shape[1] if channels_first(layer) else shape[-1]


def channels_first(layer):
    """Tell whether a layer finds the channels in axis 1; some layers leave no choice."""
    return getattr(layer, "data_format", None) == "channels_first"


def _with_bias(layer, parts, *bias):
    return Formula({**parts, "bias": bias} if layer.use_bias else parts)
