"""Which layers a model calls, in what order and on what shapes, as Keras itself recorded it."""

from collections import Counter
from dataclasses import dataclass, replace

import keras


@dataclass(frozen=True)
class Call:
    """One call of a layer, or of an operation of keras.ops.

    befores: the shapes that go in, one a tensor. after: the shape that comes out, a tuple of
    shapes where there are several, None where Keras cannot tell. sources: the names of the
    calls whose outputs go in. turn: 2 for the second call of a layer, and so on.
    """

    layer: object
    befores: tuple
    after: tuple | None
    sources: tuple = ()
    turn: int = 1

    @property
    def name(self):
        """The layer's name, with a number from the second call on."""
        return self.layer.name if self.turn == 1 else f"{self.layer.name} (call {self.turn})"

    @property
    def before(self):
        """The shape that goes in; of several the first."""
        return self.befores[0] if self.befores else None


def calls_of(model):
    """Return the Calls that lead from a model's inputs to its outputs.

    A branch is followed to its end before the next one starts. A model whose way through its
    layers is written in a `call` method has no such record: it gives None.
    """
    outputs = getattr(model, "outputs", None)
    if not outputs:
        return None
    nodes, turns, names, calls = _in_order(map(_node, outputs)), Counter(), {}, []
    for node in nodes:
        turns[node.operation.name] += 1
        sources = tuple(names[id(_node(x))] for x in _read(node))
        calls.append(replace(_call(node), sources=sources, turn=turns[node.operation.name]))
        names[id(node)] = calls[-1].name
    return calls


def first_calls_of(model):
    """Return, for each layer of a model, the Call it was built for; befores is () if there is none.

    This is what Keras keeps of a subclassed model.
    """
    return [Call(layer, *_built_for(layer)) for layer in model.layers]


def call_of(layer):
    """Return the Call that an existing layer was made for: in a graph, else when it was built."""
    try:
        node = _node(keras.tree.flatten(layer.output)[0])
    except (AttributeError, ValueError):  # never called in a graph
        return Call(layer, *_built_for(layer))
    return _call(node)


def made_by(tensor):
    """Return the layer or operation that made a KerasTensor, and the tensors it was called on."""
    node = _node(tensor)
    return node.operation, _read(node)


def try_out(layer, *shapes):
    """Return the Call of a copy of `layer` on inputs of these shapes; `layer` stays as it is.

    A layer that cannot be copied, a Lambda say, is built for these shapes if need be.
    """
    tensors = [keras.KerasTensor(shape) for shape in shapes]
    given = tensors if len(tensors) > 1 else tensors[0]
    try:
        copy = type(layer).from_config(layer.get_config())
    except (NotImplementedError, TypeError, ValueError):
        copy = layer
    if copy is not layer:
        after = copy(given)
    elif isinstance(layer, keras.Model):  # has a way of its own to build itself
        after = layer(given)
    else:
        if not layer.built:
            layer.build(list(shapes) if len(shapes) > 1 else shapes[0])
        after = layer.compute_output_spec(given)
    return Call(copy, tuple(shapes), _shapes(after))


def is_shape(thing):
    """Tell whether this is a shape, a tuple or list of sizes and None."""
    return isinstance(thing, (tuple, list)) and all(n is None or isinstance(n, int) for n in thing)


def _node(tensor):
    """Return the record of the call that made a KerasTensor. Keras has no public name for it."""
    history = tensor._keras_history
    return history.operation._inbound_nodes[history.node_index]


def _in_order(ends):
    """Return the nodes that lead to `ends`, each after all that it reads, branch by branch."""
    order, seen, stack = [], set(), [(node, False) for node in reversed(list(ends))]
    while stack:
        node, ready = stack.pop()
        if id(node) in seen:
            continue
        if ready:
            seen.add(id(node))
            order.append(node)
            continue
        stack.append((node, True))
        stack += [(_node(tensor), False) for tensor in reversed(_read(node))]
    return order


def _read(node):
    """Return the tensors that a call computes with.

    Masks that Keras works out on the way, for padded steps, are left out: nobody wrote them.
    """
    given = dict(node.arguments.kwargs)
    mask = [x for x in _tensors(given.pop("mask", None)) if isinstance(_maker(x), keras.Layer)]
    return _tensors((node.arguments.args, given)) + mask


def _tensors(arguments):
    return [x for x in keras.tree.flatten(arguments) if isinstance(x, keras.KerasTensor)]


def _maker(tensor):
    return tensor._keras_history.operation


def _call(node):
    befores = tuple(tuple(x.shape) for x in _read(node))
    return Call(node.operation, befores, _shapes(node.outputs))


def _shapes(outputs):
    """Return the shape of one output, or a tuple of the shapes of several."""
    shapes = tuple(tuple(x.shape) for x in keras.tree.flatten(outputs))
    return shapes[0] if len(shapes) == 1 else shapes


def _built_for(layer):
    """Return the shapes that a layer was built for, and what Keras says comes out of it."""
    config = (layer.get_build_config() if layer.built else None) or {}
    given = config.get("input_shape") or config.get("shapes_dict")
    given = tuple(given.values()) if isinstance(given, dict) else (given,) if given else ()
    befores = given if all(map(is_shape, given)) else tuple(given[0])
    try:
        after = layer.compute_output_shape(*given) if given else None
    except Exception:  # a layer of somebody's own may fail in any way
        after = None
    if after is not None:
        after = tuple(after) if is_shape(after) else tuple(map(tuple, after))
    return tuple(map(tuple, befores)), after
