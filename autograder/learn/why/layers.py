"""What is known of models and layers: plain data, and the way of a shape from layer to layer."""

from dataclasses import dataclass, field

import keras
from keras import layers

from autograder.learn.calls import calls_to, is_shape
from autograder.learn.mistakes.sizes import GLOBAL_POOLINGS

#: What is noted of a layer's settings.
_SETTINGS = (
    *("units", "filters", "kernel_size", "strides", "padding", "dilation_rate", "pool_size"),
    *("size", "activation", "return_sequences", "return_state", "input_dim", "output_dim"),
    *("stateful", "axis", "data_format", "target_shape", "dims", "num_heads", "groups"),
    *("cropping", "mask_zero", "axes", "shared_axes", "equation", "partial_output_shape"),
)
_POOLS = tuple(c for n, c in vars(layers).items() if "Pooling" in n and isinstance(c, type))
_FAMILIES = (
    ("input", layers.InputLayer),
    ("model", keras.Model),
    ("film", (layers.ConvLSTM1D, layers.ConvLSTM2D, layers.ConvLSTM3D)),
    ("recurrent", (layers.RNN, layers.Bidirectional)),
    ("conv", (layers.Conv1D, layers.Conv2D, layers.Conv3D, layers.SeparableConv1D)),
    ("conv", (layers.SeparableConv2D, layers.DepthwiseConv1D, layers.DepthwiseConv2D)),
    ("upconv", (layers.Conv1DTranspose, layers.Conv2DTranspose, layers.Conv3DTranspose)),
    ("global", GLOBAL_POOLINGS),
    ("pool", _POOLS),
    ("dense", (layers.Dense, layers.EinsumDense)),
    ("embedding", layers.Embedding),
    ("flatten", layers.Flatten),
    ("reshape", (layers.Reshape, layers.Permute, layers.RepeatVector)),
    ("merge", (layers.Concatenate, layers.Add, layers.Subtract, layers.Multiply)),
    ("merge", (layers.Average, layers.Maximum, layers.Minimum, layers.Dot)),
    ("attention", (layers.Attention, layers.AdditiveAttention, layers.MultiHeadAttention)),
    ("attention", layers.GroupQueryAttention),
    ("up", (layers.UpSampling1D, layers.UpSampling2D, layers.UpSampling3D)),
    ("pad", (layers.ZeroPadding1D, layers.ZeroPadding2D, layers.ZeroPadding3D)),
    ("pad", (layers.Cropping1D, layers.Cropping2D, layers.Cropping3D)),
    ("each", layers.TimeDistributed),
    ("same", (layers.Dropout, layers.Activation, layers.BatchNormalization, layers.ReLU)),
    ("same", (layers.LayerNormalization, layers.LeakyReLU, layers.Softmax, layers.PReLU)),
    ("same", (layers.ELU, layers.GaussianNoise, layers.SpatialDropout1D, layers.Rescaling)),
    ("same", (layers.SpatialDropout2D, layers.Masking, layers.Identity)),
    ("lambda", layers.Lambda),
)


@dataclass(frozen=True)
class Layer:
    """A layer, or an operation of keras.ops.

    name, kind: its name and class. family: what sort of layer, see _FAMILIES; "own" for a class
    of the person's, "other" for the rest. settings: the arguments that shapes depend on.
    wants: how many axes it takes: (exactly, at least), None where anything goes. weights: the
    shapes of its weights. before, after: the shapes in and out where known. inner: the layer it
    wraps.
    """

    name: str
    kind: str
    family: str
    settings: dict = field(default_factory=dict)
    wants: tuple = (None, None)
    weights: tuple = ()
    before: tuple = ()
    after: tuple | None = None
    inner: object = None
    nodes: int = 0

    def get(self, setting, default=None):
        """Return a setting of this layer."""
        return self.settings.get(setting, default)

    def takes(self, shape):
        """Tell whether this layer takes a shape, as far as its axes and weights tell."""
        exact, least = self.wants
        if exact not in (None, len(shape)) or len(shape) < (least or 0):
            return False
        # Dense, convolutions and recurrent layers: the width stands beside the units or filters.
        width = self.weights[0][-2] if self.weights and len(self.weights[0]) > 1 else None
        plain = self.kind in ("Dense", "Conv1D", "Conv2D", "Conv3D", "LSTM", "GRU", "SimpleRNN")
        plain = plain and self.get("groups", 1) == 1
        plain = plain and self.get("data_format") != "channels_first"
        return not plain or None in (width, shape[-1]) or width == shape[-1]


@dataclass(frozen=True)
class Way:
    """How shapes came about. steps: Layers in the order of their calls. end: the last shapes."""

    steps: tuple = ()
    end: tuple = ()

    def has(self, *families):
        """Tell whether a layer of one of these families is on the way."""
        return any(s.family in families for s in self.steps)

    def last(self, *families):
        """Return the last step that is of none of these families, or None."""
        return next((s for s in reversed(self.steps) if s.family not in families), None)

    @property
    def maker(self):
        """The last layer that does more than keep a shape; None where only an Input is."""
        return self.last("same")


@dataclass(frozen=True)
class Model:
    """A model.

    kind: its class; graph: whether its inputs and outputs are known. names, inputs: of its
    inputs. out_names, outputs: of its outputs. structure: "one", "list" or "dict" of inputs.
    layers: Layers, nested ones as one. loss, metrics: as compiled: a name, or a list or dict of
    names. loss_weights: how many there are, or the names that they have. num_labels: for how many
    labels a metric was made, by its name. measures: names and classes of metrics. logits: whether
    the loss is told that no activation comes before it. own_loss: whether it is a function of the
    person's own. ways: to each of several outputs, by their names. within: what is inside of layers
    of the person's own, where it was followed. own_steps: whether what it does with a batch in
    training is the person's own. chain: the very layers of a Sequential; used while
    facts are gathered only.
    """

    kind: str
    name: str
    names: tuple = ()
    inputs: tuple = ()
    out_names: tuple = ()
    outputs: tuple = ()
    structure: str = "one"
    out_structure: str = "one"
    layers: tuple = ()
    loss: object = None
    logits: bool = False
    metrics: object = None
    compiled: bool = False
    way: Way = Way()
    own_loss: bool = False
    ways: dict = field(default_factory=dict)
    loss_weights: object = None
    num_labels: dict = field(default_factory=dict)
    measures: tuple = ()
    within: tuple = ()
    own_steps: bool = False
    chain: tuple = field(default=(), compare=False, repr=False)

    @property
    def last(self):
        """The last layer that is no mere activation, dropout or the like; None if there is none."""
        return next(
            (x for x in reversed(self.way.steps or self.layers) if x.family != "same"), None
        )

    @property
    def softmax(self):
        """The activation at the end: "softmax", "sigmoid", ... or ""."""
        for layer in reversed(self.layers):
            if layer.kind == "Softmax":
                return "softmax"
            said = layer.get("activation")
            if said and said != "linear":
                return said
            if layer.family != "same":
                return ""
        return ""


def family_of(layer):
    """Return what sort of layer this is."""
    if not isinstance(layer, keras.Layer):
        return "operation"
    for family, kinds in _FAMILIES:
        if isinstance(layer, kinds):
            return family
    return "other" if type(layer).__module__.split(".")[0] == "keras" else "own"


def layer_of(layer, before=(), after=None):
    """Return a Layer: what is known of a layer or operation."""
    if layer is None:
        return None
    kind, name = type(layer).__name__, getattr(layer, "name", "")
    if not isinstance(layer, keras.Layer):
        axis = getattr(layer, "axis", None)
        axis = axis[0] if isinstance(axis, (list, tuple)) and len(axis) == 1 else axis
        settings = {} if axis is None else {"axis": axis}
        return Layer(name, kind, "operation", settings, before=before, after=after)
    settings = {k: _plain(v) for k in _SETTINGS if (v := _setting(layer, k)) is not None}
    settings |= _promise(layer)
    weights = tuple(tuple(w.shape) for w in layer.weights) if layer.built else ()
    inner = getattr(layer, "layer", None) or getattr(layer, "forward_layer", None)
    return Layer(
        name,
        kind,
        family_of(layer),
        settings,
        _wants(layer),
        weights,
        before,
        after,
        layer_of(inner) if isinstance(inner, keras.Layer) else None,
        len(getattr(layer, "_inbound_nodes", ())),
    )


def _promise(layer):
    """Return where a person's own words tell the shape that a layer gives, if they do."""
    if isinstance(layer, layers.Lambda):
        return {"promise": "output_shape"} if _setting(layer, "_output_shape") else {}
    own = family_of(layer) == "own" and type(layer).compute_output_shape
    return {"promise": own.__name__} if own and own is not keras.Layer.compute_output_shape else {}


def _setting(layer, key):
    try:
        return getattr(layer, key, None)
    except Exception:  # a property that needs the layer to be built
        return None


def _plain(value):
    if callable(value):
        return getattr(value, "__name__", type(value).__name__)
    return tuple(value) if isinstance(value, list) else value


def _wants(layer):
    if isinstance(layer, layers.TimeDistributed):
        return tuple(n and n + 1 for n in _wants(layer.layer))
    try:
        specs = keras.tree.flatten(layer.input_spec)
    except Exception:
        return (None, None)
    spec = specs[0] if len(specs) == 1 else None
    exact, least = getattr(spec, "ndim", None), getattr(spec, "min_ndim", None)
    if type(layer) is layers.RNN and exact is None:  # it says nothing of several cells
        exact = 3
    if isinstance(layer, layers.Conv2D.__mro__[1]) and least:  # a convolution says "at least"
        exact = least
    return (exact, least)


def way_to(tensors):
    """Return the Way to KerasTensors, from their Inputs on."""
    end = tuple(tuple(t.shape) for t in tensors)
    made = [t for t in tensors if hasattr(t, "_keras_history")]
    steps = tuple(layer_of(c.layer, c.befores, c.after) for c in calls_to(made)) if made else ()
    return Way(steps, end)


def way_through(chain, shape):
    """Return the Way of data through layers as far as they take it, and the Layer that doesn't.

    Worked out by Keras's own compute_output_shape. Only Keras's own layers are asked: a person's
    code isn't run.
    """
    shapes, steps = tuple(shape), []
    for layer in chain:
        exact, least = _wants(layer)
        fits = (exact in (None, len(shapes))) and (least or 0) <= len(shapes)
        if fits and layer.built and layer.input_spec is not None:
            fits = _axes_fit(layer, shapes)
        after = _after(layer, shapes) if fits else None
        if after is None:
            known = family_of(layer) not in ("own", "lambda", "model", "each") or not fits
            return Way(tuple(steps), (shapes,)), layer_of(layer, (shapes,)) if known else None
        steps.append(layer_of(layer, (shapes,), after))
        shapes = after
    return Way(tuple(steps), (shapes,)), None


def _axes_fit(layer, shape):
    specs = keras.tree.flatten(layer.input_spec)
    for axis, size in (getattr(specs[0], "axes", None) or {}).items():
        if size is not None and shape[axis] not in (size, None):
            return False
    kernel = tuple(layer.weights[0].shape) if layer.weights else ()
    if isinstance(layer, layers.RNN) and kernel and shape[-1] is not None:
        return kernel[0] == shape[-1]
    return True


def _after(layer, shape):
    inner = getattr(layer, "layer", None)
    if family_of(layer) == "each" and family_of(inner) in ("own", "lambda", "model"):
        return None
    if family_of(layer) in ("own", "lambda", "model"):
        outer = getattr(layer, "output_shape", None) if family_of(layer) == "model" else None
        return tuple(outer) if outer and is_shape(outer) else None
    try:
        after = layer.compute_output_shape(shape)
        return tuple(after) if is_shape(after) else None
    except Exception:  # it refuses
        return None


def model_of(model):
    """Return what is known of a model, or None."""
    if not isinstance(model, keras.Model):
        return None
    kind = type(model).__name__
    inputs = list(getattr(model, "inputs", None) or ())
    outputs = list(getattr(model, "outputs", None) or ())
    loss, logits = _loss(getattr(model, "loss", None))
    compiled = bool(getattr(model, "compiled", False))
    sequential = isinstance(model, keras.Sequential)
    return Model(
        kind,
        model.name,
        tuple(x.name for x in inputs),
        tuple(tuple(x.shape) for x in inputs),
        _out_names(model, outputs),
        tuple(tuple(x.shape) for x in outputs),
        _structure(model, "_inputs_struct"),
        _structure(model, "_outputs_struct"),
        tuple(layer_of(x) for x in model.layers[:300]),
        loss,
        logits,
        _metrics(model),
        compiled,
        _way_of(outputs),
        _is_own(getattr(model, "loss", None)),
        _ways(model, outputs),
        _loss_weights(model),
        _num_labels(model),
        tuple((_metric(m), _kind_of_metric(m)) for m in _metrics_given(model)),
        (),
        _own_steps(model),
        tuple(model.layers) if sequential else (),
    )


def _out_names(model, outputs):
    struct = _struct(model, "_outputs_struct")
    if isinstance(struct, dict):  # its keys are the names, whatever the layers are called
        keys = {id(x): str(k) for k, x in struct.items()}
        if all(id(x) in keys for x in outputs):
            return tuple(keys[id(x)] for x in outputs)
    names = getattr(model, "output_names", None)
    return tuple(names or (x._keras_history.operation.name for x in outputs))


def _way_of(outputs):
    try:
        return way_to(outputs) if outputs else Way()
    except Exception:
        return Way()


def _ways(model, outputs):
    """Return the Way to each of several outputs; of many outputs none is asked for."""
    names = _out_names(model, outputs)
    if not 1 < len(outputs) <= 6 or len(names) != len(outputs):
        return {}
    return {name: _way_of([x]) for name, x in zip(names, outputs, strict=True)}


def _struct(model, key):
    return getattr(getattr(model, "_functional", None) or model, key, None)


def _structure(model, key):
    struct = _struct(model, key)
    return (
        "dict"
        if isinstance(struct, dict)
        else "list"
        if isinstance(struct, (list, tuple))
        else "one"
    )


def _loss(loss):
    """Return the name or names of a loss, and whether it takes logits."""
    if isinstance(loss, dict):
        return {str(k): _loss(v)[0] for k, v in loss.items()}, False
    if isinstance(loss, (list, tuple)):
        return [_loss(v)[0] for v in loss], False
    if loss is None:
        return None, False
    options = getattr(loss, "_fn_kwargs", None) or {}
    return _snake(loss), bool(options.get("from_logits"))


def _loss_weights(model):
    """Return how many weights of losses there are, or their names; None if there are none."""
    given = getattr(getattr(model, "_compile_loss", None), "_user_loss_weights", None)
    if isinstance(given, dict):
        return tuple(map(str, given))
    return len(given) if isinstance(given, (list, tuple)) else None


def _num_labels(model):
    return {m.name: n for m in _metrics_given(model) if (n := getattr(m, "num_labels", None))}


def _metrics_given(model):
    given = getattr(getattr(model, "_compile_metrics", None), "_user_metrics", None)
    return [m for m in keras.tree.flatten(given) if m is not None]


def _kind_of_metric(metric):
    return metric if isinstance(metric, str) else type(metric).__name__


def _is_own(loss):
    """Tell whether a loss is a function of the person's own."""
    return callable(loss) and not str(getattr(loss, "__module__", "")).startswith("keras")


def _own_steps(model):
    """Tell whether a class of the person's own says what a step of training does."""
    steps = ("train_step", "test_step", "predict_step", "compute_loss", "compute_metrics")
    known = [getattr(type(model), name, None) for name in steps]
    return any(not str(getattr(f, "__module__", "keras")).startswith("keras") for f in known)


def _snake(thing):
    """Return the name of a loss or metric as one writes it in compile: "mse" as it is."""
    if isinstance(thing, str):
        try:
            found = keras.losses.get(thing)
        except Exception:
            return thing
        return getattr(found, "__name__", thing)
    return getattr(thing, "name", None) or getattr(thing, "__name__", type(thing).__name__)


def _metrics(model):
    compiled = getattr(model, "_compile_metrics", None)
    given = getattr(compiled, "_user_metrics", None)
    if given is None:
        return None
    if isinstance(given, dict):
        return {str(k): _metric(v) for k, v in given.items()}
    return _metric(given)


def _metric(given):
    if isinstance(given, (list, tuple)):
        return [_metric(v) for v in given]
    return (
        given
        if isinstance(given, str)
        else getattr(given, "name", None) or getattr(given, "__name__", "")
    )
