"""Words and sums that explanations share, each compared with what Keras says."""

import math
from dataclasses import dataclass

import numpy as np

from autograder.learn.calls import is_shape
from autograder.learn.formula import channels_first


@dataclass(frozen=True)
class Reason:
    """Why a layer's output has its shape, and what its weights are: two clauses, no full stop."""

    shape: str
    weights: str = ""


class Unknown(Exception):
    """Nothing is known of this layer, or what is known does not agree with Keras; says which."""


def agree(keras_says, value):
    """Raise Unknown unless Keras says the same."""
    if keras_says != value:
        raise Unknown


def equals(text, value, keras_says):
    """Return "text = value", provided that Keras says so too."""
    agree(keras_says, value)
    return f"{text} = {value}"


def stays(call):
    """Return the clause that the shape stays, provided that it does."""
    agree(call.after, call.before)
    return "the shape stays"


def written(shape):
    """Return a shape, or several, as Keras writes it; in words where Keras cannot tell."""
    if shape is None:
        return "no shape beforehand"
    if shape and isinstance(shape[0], tuple):
        return ", ".join(map(written, shape))
    return str(tuple(shape))


def listed(words):
    """Return "a", "a and b" or "a, b and c"."""
    *most, last = words
    if most and set(words) == {last}:
        return f"{last}, {len(words)} times"
    return f"{', '.join(most)} and {last}" if most else last


def many(n, noun):
    """Return "1 feature" or "12 features"."""
    return f"{n} {noun}{'s' * (n != 1)}"


def times(sizes, total=True):
    """Return "3 × 2 = 6", or without `total` "3 × 2"; open sizes have no total."""
    said = " × ".join("?" if n is None else str(n) for n in sizes)
    if not total or None in sizes or len(sizes) < 2:
        return said
    return f"{said} = {math.prod(sizes)}"


def windows(layer, call, kernel, dilation=None):
    """Return how the sizes come about over which a window of size `kernel` moves."""
    sizes = {}
    dilation = np.broadcast_to(1 if dilation is None else dilation, len(kernel)).tolist()
    strides = np.broadcast_to(layer.strides, len(kernel)).tolist()
    for name, n, m, k, s, d in spaces(layer, call, kernel, strides, dilation):
        span = (k - 1) * d + 1
        if n is None:
            agree(m, None)
            sizes[name] = ": open (None)"
        elif layer.padding == "valid":
            rounded = " rounded down" if (n - span) % s else ""
            sizes[name] = equals(f": ({n} - {span}) / {s}{rounded} + 1", (n - span) // s + 1, m)
        elif s == 1:
            agree(m, n)
            sizes[name] = f': {n}, kept by padding="{layer.padding}"'
        else:
            rounded = " rounded up" if n % s else ""
            sizes[name] = equals(f": {n} / {s}{rounded}", -(-n // s), m)
            sizes[name] += f', by padding="{layer.padding}"'
    if max(dilation) == 1 or layer.padding != "valid":
        return merged(sizes)
    spans = [(k - 1) * d + 1 for k, d in zip(kernel, dilation, strict=True)]
    if len({*zip(kernel, spans, strict=True)}) == 1:
        kernel, spans = kernel[:1], spans[:1]
    wide = f"{times(kernel, total=False)} spread over {times(spans, total=False)}"
    return f"{merged(sizes)} (kernel of {wide} by dilation)"


def biases_of(layer, count=1):
    """Return " and 16 biases", to end a list of a layer's weights."""
    if not layer.use_bias:
        return ", no bias"
    return " and one bias" if count == 1 else f" and {count} biases"


def filters_of(layer):
    """Return the clause that each filter gives a channel."""
    filters, channels = many(layer.filters, "filter"), many(layer.filters, "channel")
    where = ", which come first (channels_first)" if channels_first(layer) else ""
    return f"{filters} {'gives' if layer.filters == 1 else 'give'} {channels}{where}"


def spaces(layer, call, *more):
    """Yield the name, the size before and after, and `more` for each axis but batch and channel."""
    first = channels_first(layer)
    before, after = (s[2:] if first else s[1:-1] for s in (call.before, call.after))
    names = {1: ["length"], 2: ["height", "width"], 3: ["depth", "height", "width"]}[len(before)]
    if len(after) != len(before):
        after = [None] * len(before)
    return list(zip(names, before, after, *more, strict=True))


def pairs(amounts):
    """Return the amounts in front and behind, an axis each; Keras keeps a lone pair bare."""
    return (amounts,) if isinstance(amounts[0], int) else amounts


def or_open(n, text, value, keras_says):
    """Return the clause of a size that comes about so, or that it is open."""
    return ": open (None)" if n is None else equals(text, value, keras_says)


def merged(sizes):
    """Return "height: ..., width: ...", axes of equal sizes put together."""
    together = {}
    for name, said in sizes.items():
        together.setdefault(said, []).append(name)
    return ", ".join(listed(names) + said for said, names in together.items())


def inputs_of(call):
    """Return the names of what a call reads, as far as they are known."""
    return listed(call.sources) if call.sources else "its inputs"


def observed(call):
    """Return what can be seen of a Call from outside: what became of its shape."""
    before, after = call.before, call.after
    if after is None:
        return "Keras cannot tell the shape beforehand"
    if after and not is_shape(after):
        return f"{len(after)} tensors come out: {written(after)}"
    if len(call.befores) != 1:
        return f"{written(after) if after else 'one number'} comes out"
    if after == before:
        return "the shape stays"
    if not after:
        return "one number is left"
    if len(after) != len(before):
        return f"{written(before)} becomes {written(after)}"
    changed = [
        f"axis {i} goes from {_size(n)} to {_size(m)}"
        for i, (n, m) in enumerate(zip(before, after, strict=True))
        if n != m
    ]
    return listed(changed) + ", the other axes stay" * (len(changed) < len(after))


def _size(n):
    return "open (None)" if n is None else str(n)
