"""How a layer's number of parameters comes about: a sum of products that can be read."""

import math
from dataclasses import dataclass, replace

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
    would make it. Layers that the rules don't treat are read off their weights.
    """
    last = before[-1] if before else None
    if isinstance(layer, layers.Dense) and last is not None:
        return _with_bias({"kernel": (last, layer.units)}, layer, layer.units)
    if hasattr(layer, "filters") and hasattr(layer, "kernel_size") and _plain(layer):
        kernel = (*layer.kernel_size, last // layer.groups, layer.filters)
        return _with_bias({"kernel": kernel}, layer, layer.filters)
    if isinstance(layer, (layers.LSTM, layers.SimpleRNN)) and last is not None:
        gates = (4,) if isinstance(layer, layers.LSTM) else ()
        parts = {"kernel": (*gates, last, layer.units)}
        parts["recurrent"] = (*gates, layer.units, layer.units)
        return _with_bias(parts, layer, *gates, layer.units)
    if isinstance(layer, layers.BatchNormalization) and last is not None and layer.axis == -1:
        return Formula({"statistics": (layer.scale + layer.center + 2, last)})
    return Formula({weight.path: tuple(weight.shape) or (1,) for weight in layer.weights})


def _plain(layer):
    kinds = (layers.Conv1D, layers.Conv2D, layers.Conv3D)
    return type(layer) in kinds and layer.data_format == "channels_last"


def _with_bias(parts, layer, *bias):
    return Formula({**parts, "bias": bias} if layer.use_bias else parts)
