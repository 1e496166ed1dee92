"""Which layers a model calls, in what order and on what shapes, as Keras itself recorded it."""

import inspect
from collections import Counter
from dataclasses import dataclass, field, replace

import keras

#: The arguments in which Keras hands on the masks that it works out for padded steps.
MASKS = ("mask", "query_mask", "value_mask", "key_mask")


@dataclass(frozen=True)
class Call:
    """One call of a layer, or of an operation of keras.ops.

    befores: the shapes that go in, one a tensor. after: the shape that comes out, a tuple of
    shapes where there are several, None where Keras cannot tell. sources: the names of the
    calls whose outputs go in. turn: 2 for the second call of a layer, and so on. arguments: what
    it was called with, positional and by name, where Keras has recorded it.
    """

    layer: object
    befores: tuple
    after: tuple | None
    sources: tuple = ()
    turn: int = 1
    arguments: tuple = field(default=((), {}), compare=False, repr=False)

    @property
    def name(self):
        """The layer's name, with a number from the second call on."""
        return self.layer.name if self.turn == 1 else f"{self.layer.name} (call {self.turn})"

    @property
    def before(self):
        """The shape that goes in; of several the first."""
        return self.befores[0] if self.befores else None

    @property
    def given(self):
        """What it was called with, by the name of the argument."""
        args, kwargs = self.arguments
        try:
            return inspect.signature(self.layer.call).bind(*args, **kwargs).arguments
        except TypeError:
            return kwargs


def calls_of(model):
    """Return the Calls that lead from a model's inputs to its outputs.

    A branch is followed to its end before the next one starts. A model whose way through its
    layers is written in a `call` method has no such record: it gives None.
    """
    outputs = getattr(model, "outputs", None)
    return calls_to(outputs) if outputs else None


def calls_to(outputs):
    """Return the Calls that lead to KerasTensors, each after all that it reads."""
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
    inner = getattr(model, "layers", None) or model._flatten_layers(False, recursive=False)
    return [_first_call(layer) for layer in inner]


def _first_call(layer):
    """Return the Call that a layer was built for; if it keeps no shape, its last one in a graph."""
    call = Call(layer, *_built_for(layer))
    return call if call.befores or not layer._inbound_nodes else _call(layer._inbound_nodes[-1])


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


def try_out(layer, shapes):
    """Return the Call of a copy of `layer` on inputs of these shapes; `layer` stays as it is.

    shapes: one, or a list or dictionary of several. A layer that cannot be copied, a Lambda say,
    is built for these shapes if need be.
    """
    given = of_shapes(shapes, lambda shape: keras.KerasTensor(tuple(shape)))
    args = _as_called(layer, given)
    befores = tuple(tuple(x.shape) for x in _tensors(args))
    try:
        copy = type(layer).from_config(layer.get_config())
    except (NotImplementedError, TypeError, ValueError):
        copy = layer
    if copy is not layer or isinstance(layer, keras.Model):  # it has a way of its own to be built
        after = copy(*args)
    else:
        if not layer.built:
            layer.build(shapes)
        after = layer.compute_output_spec(*args)
    return Call(copy, befores, _shapes(after), arguments=(args, {}))


def of_shapes(shapes, make):
    """Return what is made of each shape, in the list or dictionary that they come in."""
    if is_shape(shapes):
        return make(shapes)
    if isinstance(shapes, dict):
        return {name: of_shapes(shape, make) for name, shape in shapes.items()}
    return [of_shapes(shape, make) for shape in shapes]


def _as_called(layer, given):
    """Return the arguments in which a layer takes tensors: in a list, or one after the other."""
    takes = list(inspect.signature(layer.call).parameters.values())
    takes = [p for p in takes if p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD]
    if len(takes) < 2 or isinstance(given, dict):
        return (given,)
    if not hasattr(layer, "state_size"):
        return tuple(given) if isinstance(given, list) else (given,)
    if isinstance(given, list):
        return given[0], given[1:]
    sizes = keras.tree.flatten(layer.state_size)
    return given, [keras.KerasTensor((given.shape[0], size)) for size in sizes]


def several(shapes):
    """Return the one shape of a list as it is, several as a tuple."""
    shapes = tuple(map(tuple, shapes))
    return shapes[0] if len(shapes) == 1 else shapes


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
    masks = [given.pop(name, None) for name in MASKS]
    written = [x for x in _tensors(masks) if isinstance(_maker(x), keras.Layer)]
    return _tensors((node.arguments.args, given)) + written


def _tensors(arguments):
    return [x for x in keras.tree.flatten(arguments) if isinstance(x, keras.KerasTensor)]


def _maker(tensor):
    return tensor._keras_history.operation


def _call(node):
    befores = tuple(tuple(x.shape) for x in _read(node))
    given = (node.arguments.args, node.arguments.kwargs)
    return Call(node.operation, befores, _shapes(node.outputs), arguments=given)


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
