"""What data give, where Keras is known to promise another shape beforehand.

Keras works most shapes out by rules of its own. Some don't look at a setting that matters: an
activation that halves the features, a backward layer of other units. Their computation itself is
asked then, on shapes, without data.
"""

import keras
from keras import layers

from autograder.learn.calls import is_shape
from autograder.learn.quiet import hushed

#: Operations whose promise is wrong with some arguments.
DOUBTFUL = {
    "AdaptiveMaxPool",
    "AdaptiveAveragePool",
    "Percentile",
    "Quantile",
    "Nanpercentile",
    "Nanquantile",
    "Where",
}


def measured(call):
    """Return the shape that the computation of a Call gives, None if there is no doubt about it."""
    if not _doubtful(call.layer) or not call.befores:
        return None
    args, kwargs = call.arguments
    if not keras.tree.flatten((args, kwargs)):
        tensors = [keras.KerasTensor(shape) for shape in call.befores]
        args = (tensors if len(tensors) > 1 else tensors[0],)
    try:
        with hushed():
            # Not the layer's own compute_output_spec: that is what is in doubt.
            given = keras.Operation.compute_output_spec(call.layer, *args, **kwargs)
    except Exception:  # what cannot be computed so proves nothing
        return None
    shapes = tuple(tuple(x.shape) for x in keras.tree.flatten(given))
    shape = shapes[0] if len(shapes) == 1 else shapes
    shape = _filled(shape, call.after)
    return None if _fits(shape, call.after) else shape


def _filled(shape, promised):
    """Return a shape with the promised sizes, from the last on, where it leaves them open."""
    if not is_shape(shape) or not is_shape(promised or ()):
        return shape
    known = (*(None,) * len(shape), *(promised or ()))[-len(shape) :] if shape else ()
    return tuple(m if n is None else n for n, m in zip(shape, known, strict=True))


def _doubtful(layer):
    kind = type(layer)
    if kind.__module__.split(".")[0] != "keras":
        own = getattr(kind, "compute_output_shape", None)
        single = isinstance(layer, keras.Layer) and not isinstance(layer, keras.Model)
        return single and own is not keras.Layer.compute_output_shape
    if isinstance(layer, layers.Bidirectional):
        ways = layer.forward_layer, layer.backward_layer
        return len({(type(way), getattr(way, "units", None)) for way in ways}) > 1
    if isinstance(layer, layers.Hashing):
        return layer.output_mode != "int"
    return kind.__name__ in DOUBTFUL or _reshapes(getattr(layer, "activation", None))


def _reshapes(activation):
    """Tell whether an activation may give another shape than it gets."""
    name = getattr(activation, "__name__", "")
    known = getattr(keras.activations, name, None) is activation
    return callable(activation) and (not known or name == "glu")


def _fits(shape, promised):
    """Tell whether a shape may be what was promised; an open size may be any."""
    if is_shape(shape) != is_shape(promised or ()) or len(shape) != len(promised or ()):
        return False
    pairs = zip(shape, promised, strict=True)
    if is_shape(shape):
        return all(n == m or None in (n, m) for n, m in pairs)
    return all(_fits(n, m) for n, m in pairs)
