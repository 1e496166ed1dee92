"""What is inside a layer: the layers and operations that one call of it is made of."""

import contextlib
from dataclasses import dataclass, replace

import keras
from keras import layers
from keras.src.backend.common import global_state

from autograder.learn.calls import Call, calls_of, calls_to, first_calls_of, of_shapes, several
from autograder.learn.quiet import hushed


def inside(call):
    """Return the Calls that a Call of a layer is made of; none if nothing is inside it."""
    layer = call.layer
    if not isinstance(layer, keras.Layer):
        return []
    if isinstance(layer, keras.Model) and calls_of(layer):
        return without_inputs(calls_of(layer))
    if isinstance(layer, layers.TimeDistributed):
        after = call.after[:1] + call.after[2:]
        return [Call(layer.layer, (call.before[:1] + call.before[2:],), after)]
    if _own(layer):
        way = followed(call)
        return list(way.calls) if way else _parts(layer)
    return _parts(layer)


@dataclass(frozen=True)
class Way:
    """What a layer's `call` does with shapes: the Calls that it makes; what goes in, comes out."""

    calls: tuple
    befores: tuple
    after: tuple


def followed(call):
    """Return the Way of a layer's `call`, followed on shapes; None if it can't be.

    The layer and all in it stay as they are, and no name is used up.
    """
    try:
        # In a scope without state, what a call assigns to a variable never reaches it.
        with hushed(), _unrecorded(call.layer), keras.StatelessScope():
            args, kwargs = _fresh(call)
            names = _names_of(args, kwargs)
            ends = [
                x for x in keras.tree.flatten(call.layer.call(*args, **kwargs)) if x is not None
            ]
            calls = without_inputs(calls_to(ends))
    except Exception:  # what somebody wrote may need data, or fail in any way
        return None
    calls = [replace(c, sources=tuple(names.get(s, s) for s in c.sources)) for c in calls]
    befores = tuple(shapes_of(args) + shapes_of(kwargs))
    return Way(tuple(calls), befores, several(shapes_of(ends))) if calls else None


def without_inputs(calls):
    """Return Calls but those where data come in."""
    return [call for call in calls if not isinstance(call.layer, layers.InputLayer)]


def shapes_of(tensors):
    """Return the shapes of the tensors in a structure."""
    return [tuple(x.shape) for x in keras.tree.flatten(tensors) if hasattr(x, "_keras_history")]


def _names_of(args, kwargs):
    """Return what each Input is called in sentences, by the name of its layer."""
    found = [
        (next((key for key in reversed(path) if isinstance(key, str)), ""), x)
        for path, x in keras.tree.flatten_with_path((args, kwargs))
        if hasattr(x, "_keras_history")
    ]
    several = len(found) > 1
    return {
        x._keras_history.operation.name: f"the input {key or i + 1}" if several else "the input"
        for i, (key, x) in enumerate(found)
    }


def parts_of(layer):
    """Return the layers that a layer has, those inside of them left out."""
    return layer._flatten_layers(include_self=False, recursive=False)


def _own(layer):
    """Tell whether somebody else than Keras wrote what a layer does."""
    return type(layer).__module__.split(".")[0] != "keras" or isinstance(layer, layers.Pipeline)


def _parts(layer):
    """Return the layers that a layer has, each with the call that it was built for."""
    if isinstance(layer, layers.RNN) and type(layer) is not layers.RNN:
        return []  # its cell is no more than it is
    return [c for c in first_calls_of(layer) if c.layer is not layer]


def _fresh(call):
    """Return the arguments of a Call, with an Input in place of each tensor."""
    if keras.tree.flatten(call.arguments):
        return keras.tree.map_structure(_input_like, call.arguments)
    config = call.layer.get_build_config() or {}
    if "shapes_dict" in config:
        shapes = config["shapes_dict"].items()
        return (), {name.removesuffix("_shape"): of_shapes(s, _input) for name, s in shapes}
    return (of_shapes(config.get("input_shape") or call.before, _input),), {}


def _input(shape):
    return keras.Input(batch_shape=tuple(shape))


def _input_like(x):
    return keras.Input(batch_shape=x.shape, dtype=x.dtype) if hasattr(x, "_keras_history") else x


@contextlib.contextmanager
def _unrecorded(layer):
    """Take back what Keras notes down of calls: nodes, losses, and the numbers in names."""
    known = layer._flatten_layers()  # Keras has no public name for it
    nodes = [(nodes, len(nodes)) for x in known for nodes in (x._inbound_nodes, x._outbound_nodes)]
    names = dict(global_state.get_global_attribute("object_name_uids", {}))
    for x in known:
        # A loss is a number of data; there are none here.
        vars(x)["add_loss"] = lambda *args, **kwargs: None
    try:
        yield
    finally:
        for x in known:
            vars(x).pop("add_loss", None)
        for noted, length in nodes:
            del noted[length:]
        global_state.get_global_attribute("object_name_uids", {}).clear()
        global_state.get_global_attribute("object_name_uids", {}).update(names)
