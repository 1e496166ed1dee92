"""An allow-list for configurations of Keras layers and models that come from strangers.

A configuration names classes, modules and numbers, and Keras's own reader would import modules
and allocate whatever it says. So before Keras sees it, all of it is held against lists written
here: which layers, initialisers, activations and operations there may be, which settings each
takes, how large numbers are, how deep it is nested. Weights are counted when they are asked for,
whichever setting makes them, and what is over the budget is refused before any memory is taken.
What a layer makes only when it is called is counted then: by an initialiser of ours that stands
before each of Keras's, and in the layer itself where there is none.

What is refused here can still be judged by what it does, as an object that stays on the
student's side.
"""

import contextlib
import copy
import functools
import inspect
import itertools
import math
import re
import types
import warnings
from functools import cache

import keras

from autograder.grade.run import wire

#: How many parameters a rebuilt model has at most, and how many numbers one layer may give.
PARAMETERS, OUTPUTS = 20_000_000, 50_000_000

#: Bounds on a configuration: nesting, parts, whole numbers, texts.
DEPTH, PARTS, NUMBER, TEXT = 40, 50_000, 1_000_000, 300


def _words(text):
    return frozenset(text.split())


INITIALISERS = _words(
    """
    Constant GlorotNormal GlorotUniform HeNormal HeUniform Identity LecunNormal LecunUniform Ones
    Orthogonal OrthogonalInitializer IdentityInitializer RandomNormal RandomUniform
    TruncatedNormal VarianceScaling Zeros
    """
)
ACTIVATIONS = _words(
    """
    celu elu exponential gelu glu hard_shrink hard_sigmoid hard_silu hard_swish hard_tanh
    leaky_relu linear log_sigmoid log_softmax mish relu relu6 selu sigmoid silu soft_shrink
    softmax softplus softsign sparse_plus sparse_sigmoid sparsemax squareplus swish tanh
    tanh_shrink threshold
    """
)
#: Operations of keras.ops that may stand between the layers of a Functional model.
OPERATIONS = _words(
    """
    Abs Absolute Add All Any Argmax Argmin Average Ceil Clip Concatenate Cos Cosh Cumprod Cumsum
    Diagonal Diff Divide DivideNoNan Dot Einsum Equal Exp ExpandDims Expm1 Flip Floor FloorDivide
    GetItem Greater GreaterEqual Hstack Less LessEqual Log Log10 Log1p Log2 Logaddexp LogicalAnd
    LogicalNot LogicalOr Matmul Max Maximum Mean Median Min Minimum Mod Moveaxis Multiply Negative
    NotEqual OnesLike Outer Power Prod Ravel Reciprocal Reshape Roll Round Sign Sin Sinh Split
    Sqrt Square Squeeze Stack Std Subtract Sum Swapaxes Take Tan Tanh Tensordot Transpose Tril
    Triu TrueDivide Var Vstack Where ZerosLike Celu Elu Gelu HardSigmoid HardSilu LeakyRelu
    LogSigmoid LogSoftmax Normalize Relu Relu6 Selu Sigmoid Silu Softmax Softplus Softsign Cast
    StopGradient Unstack Erf Logsumexp Rsqrt MaxPool AveragePool
    """
)
_NUMPY_LIKE = ("keras.src.ops.numpy", "keras.src.ops.nn", "keras.src.ops.core")
_NUMPY_LIKE += ("keras.src.ops.math",)
_MODELS = {
    ("keras", "Sequential"): keras.Sequential,
    ("keras.src.models.functional", "Functional"): keras.Model,
}
_PENALTIES = {
    "keras.regularizers": ("L1", "L2", "L1L2", "OrthogonalRegularizer"),
    "keras.constraints": ("MaxNorm", "NonNeg", "UnitNorm", "MinMaxNorm"),
}
_POLICIES = ("float16", "bfloat16", "float32", "float64", "int32", "int64", "uint8", "bool")
_POLICIES += ("mixed_float16", "mixed_bfloat16", "int8", "int16", "uint16", "uint32", "uint64")
#: Settings that multiply sizes where they stand, or make features: each with a bound of its own.
_FACTORS = {"size": 64, "padding": 1_024, "n": 10_000, "depth_multiplier": 1_024}
_FACTORS |= {"height": 4_096, "width": 4_096, "units": 100_000, "filters": 100_000}
_SETTINGS_OF_MODELS = ("name", "trainable", "dtype", "build_input_shape")
_SETTINGS_OF_MODELS += ("input_layers", "output_layers")
# What TensorFlow and Keras put into their errors for others than people.
_FOR_MACHINES = re.compile(r"\{\{function_node [^}]*\}\} ?|\[Op:\w+\]|\x1b\[[0-9;]*m")
_NAMES_OF_ACTIVATIONS = ("activation", "recurrent_activation")
HELD = "__held__"


class Refused(wire.Bad):
    """A configuration is not on the lists, or too large; says why in a few words."""


def vet_layer(config):
    """Raise Refused unless this serialised layer may be put together here."""
    _Vet().layer(config, 0)


def vet_model(config):
    """Raise Refused unless this serialised Sequential or Functional model may be put together."""
    _Vet().model(config, 0)


def rebuild_layer(config, weights=(), later=Refused):
    """Return the layer of a vetted configuration with these weights; raise Refused if it can't be.

    config: as keras.saving.serialize_keras_object gives it. weights: arrays, as get_weights does.
    later: what is raised if it asks for too many parameters after that, when it is called.
    """
    vet_layer(config)
    return _rebuilt(config, weights, later)


def rebuild_model(config, weights=(), later=Refused):
    """Return the model of a vetted configuration with these weights; raise Refused if it can't be.

    An entry {"class_name": "__held__", "facts": layer} stands for a layer that exists already.
    """
    vet_model(config)
    return _rebuilt(config, weights, later)


def plain(config):
    """Return a configuration of a rebuilt layer or model as Keras alone would have it."""
    if isinstance(config, dict):
        if config.get("registered_name") == _BOUNDED:
            return plain(config["config"]["initializer"])
        return {key: plain(value) for key, value in config.items()}
    return type(config)(map(plain, config)) if isinstance(config, (list, tuple)) else config


class _Vet:
    """Goes through a configuration once, counting its parts."""

    def __init__(self):
        self.parts = 0

    def step(self, depth):
        self.parts += 1
        if depth > DEPTH or self.parts > PARTS:
            raise Refused("it is nested too deeply or has too many parts")

    def thing(self, config, depth):
        """Return module, class name and settings of a serialised object."""
        self.step(depth)
        if type(config) is not dict or type(config.get("config")) is not dict:
            raise Refused("a part of it is no configuration")
        module, name = config.get("module"), config.get("class_name")
        if type(module) is not str or type(name) is not str:
            raise Refused("a part of it has no class")
        if config.get("registered_name") not in (None, name):
            raise Refused("it has a class that isn't Keras's")
        return module, name, config["config"]

    def layer(self, config, depth):
        module, name, settings = self.thing(config, depth)
        if (module, name) in _MODELS:
            return self.model(config, depth)
        if module in _NUMPY_LIKE and name in OPERATIONS:
            return self.values(settings, depth + 1)
        if module != "keras.layers" or name not in wire.LAYERS:
            raise Refused(f"{name[:40]} is not on the list of layers")
        self.known_keys(config, name)
        known = _settings_of(name)
        for key, value in settings.items():
            if key not in known and value not in (None, False):
                raise Refused(f"{name} takes no setting {str(key)[:40]}")
            self.setting(key, value, depth + 1)
        self.values(config.get("build_config"), depth + 1)

    def known_keys(self, config, name):
        keys = {"module", "class_name", "config", "registered_name", "build_config"}
        keys |= {"name", "inbound_nodes", "compile_config"}  # the last is left out, see _prepared
        if not config.keys() <= keys:
            raise Refused(f"{name} is not described as Keras does it")

    def setting(self, key, value, depth):
        if key in ("layer", "backward_layer", "cell"):
            return self.layers(value, depth)
        if key == "cells":
            return [self.layers(cell, depth) for cell in _as_list(value)]
        if key in ("unroll", "stateful") and value:
            raise Refused(f"{key} layers are not taken")
        if key in _NAMES_OF_ACTIVATIONS and type(value) is str and value not in ACTIVATIONS:
            raise Refused(f"no activation is called {value[:40]}")
        if key == "seed" and type(value) is int:
            return self.step(depth) or _bounded(value, 2**64)
        if key in _FACTORS:
            _factor(value, _FACTORS[key])
        return self.values(value, depth)

    def layers(self, config, depth):
        """Vet a layer within a layer; None where there is none."""
        if config is not None:
            self.layer(config, depth)

    def model(self, config, depth):
        module, name, settings = self.thing(config, depth)
        if (module, name) not in _MODELS:
            raise Refused(f"{name[:40]} is not a model of Keras's own")
        self.known_keys(config, name)
        for key, value in settings.items():
            if key == "layers":
                self.entries(value, depth + 1)
            elif key in _SETTINGS_OF_MODELS:
                self.values(value, depth + 1)
            else:
                raise Refused(f"a model takes no setting {str(key)[:40]}")
        self.values(config.get("build_config"), depth + 1)

    def entries(self, entries, depth):
        if type(entries) not in (list, tuple):
            raise Refused("its layers are no list")
        for entry in entries:
            if type(entry) is dict and entry.get("class_name") == HELD:
                if not isinstance(entry.get("facts"), keras.Layer):
                    raise Refused("a part of it is no layer")
                self.values(entry.get("config"), depth + 1)
            else:
                self.layer(entry, depth + 1)
            self.values(entry.get("name"), depth + 1)
            self.values(entry.get("inbound_nodes"), depth + 1)

    def values(self, value, depth):
        """Vet settings that aren't layers: numbers, texts, lists, and small objects of Keras."""
        self.step(depth)
        if value is None or type(value) is bool:
            return
        if type(value) is int:
            _bounded(value, NUMBER)
        elif type(value) is str:
            _bounded(len(value), TEXT)
        elif type(value) in (list, tuple):
            for entry in value:
                self.values(entry, depth + 1)
        elif type(value) is dict:
            self.object(value, depth + 1)
        elif type(value) is not float:
            raise Refused(f"it holds a {type(value).__name__}")

    def object(self, value, depth):
        if not all(type(key) is str and len(key) <= TEXT for key in value):
            raise Refused("its settings have no names")
        if "class_name" in value:
            self.small(value, depth)
        for key, part in value.items():
            if key not in ("class_name", "module", "registered_name"):
                self.values(part, depth)

    def small(self, value, depth):
        """Vet a serialised object that is no layer: by its module and class."""
        name = value["class_name"]
        if not value.keys() <= {"class_name", "module", "registered_name", "config"}:
            raise Refused("a part of it is not described as Keras does it")
        if type(name) is str and name in ("__keras_tensor__", "__slice__", "__ellipsis__"):
            return
        module, name, settings = self.thing(value, depth)
        if module == "keras.initializers" and name in INITIALISERS:
            return
        if module in _PENALTIES and name in _PENALTIES[module]:
            return
        if module == "keras" and name == "DTypePolicy" and settings.get("name") in _POLICIES:
            return
        raise Refused(f"{module[:40]}.{name[:40]} is not on the list")


def _bounded(number, most):
    if abs(number) > most:
        raise Refused("a number in it is too large")


def _factor(value, most):
    for entry in _as_list(value):
        if type(entry) in (list, tuple):
            _factor(entry, most)
        elif type(entry) is int:
            _bounded(entry, most)


def _as_list(value):
    return value if type(value) in (list, tuple) else [value]


@cache
def _settings_of(name):
    """Return the names of the settings that a layer's class and its bases take."""
    names = set()
    for cls in getattr(keras.layers, name).__mro__[:-1]:
        names |= set(inspect.signature(cls.__init__).parameters)
    names |= {"dtype", "name", "trainable", "batch_shape"}
    return names - {"self", "args", "kwargs", "input_shape", "batch_input_shape", "weights"}


# Putting together


class _Budget:
    """How many more parameters may be made. refusal: what is raised if it is exceeded."""

    def __init__(self, left, refusal=Refused):
        self.left, self.refusal, self.is_paid = left, refusal, False

    def spend(self, shape):
        self.left -= 0 if self.is_paid else math.prod(shape)
        if self.left < 0:
            raise self.refusal(f"it would have more than {PARAMETERS:,} parameters")

    @contextlib.contextmanager
    def paid(self):
        """Count nothing of what is made meanwhile, for it has been counted."""
        self.is_paid = True
        try:
            yield
        finally:
            self.is_paid = False


_budgets = {}
_numbers = itertools.count(1)
_BOUNDED = "autograder>Bounded"


@keras.saving.register_keras_serializable("autograder", "Bounded")
class Bounded(keras.initializers.Initializer):
    """Counts what an initialiser is about to make, and refuses what is over the budget.

    initializer: the one that makes it. budget: the number of the budget that it is taken from.
    """

    def __init__(self, initializer, budget):
        self.inner = keras.initializers.get(initializer)
        self.budget = budget

    def __call__(self, shape, dtype=None):
        """Return the first numbers of a weight, if there may be so many."""
        _budgets[self.budget].spend(shape)
        return self.inner(shape, dtype=dtype)

    def get_config(self):
        """Return what it is made of."""
        return self.inner.get_config()

    def __getattr__(self, name):
        if name == "inner":
            raise AttributeError(name)
        return getattr(self.inner, name)

    @property
    def __class__(self):  # so for checks, and where it is written down, it is the one of Keras's
        return type(self.inner)


def _rebuilt(config, weights, later):
    number = next(_numbers)
    _budgets[number] = _Budget(PARAMETERS)
    held = []
    config = _prepared(copy.copy(config), number, held)
    scope = {"autograder>Held": _holder(held)}
    try:
        with warnings.catch_warnings(), _counted(number):
            warnings.simplefilter("ignore")  # the student has seen them already
            made = keras.saving.deserialize_keras_object(config, custom_objects=scope)
    except Refused:
        raise
    except Exception as error:
        raise Refused(f"Keras can't put it together{_said(error)}") from error
    wire.number_after(made)
    _check_size(made)
    shapes = [tuple(w.shape) for w in made.weights]
    if shapes != [w.shape for w in weights]:
        raise Refused("its weights don't fit")
    made.set_weights(list(weights))
    # For what a check builds by calling it, and for copies.
    _budgets[number] = _Budget(2 * PARAMETERS, later)
    for layer in made._flatten_layers():
        if not layer.built:
            counting = _counting(keras.Layer.add_weight, number)
            layer.add_weight = types.MethodType(counting, layer)
    return made


@contextlib.contextmanager
def _counted(number):
    """Count all weights that layers make meanwhile."""
    plain = keras.Layer.add_weight
    keras.Layer.add_weight = _counting(plain, number)
    try:
        yield
    finally:
        keras.Layer.add_weight = plain


def _counting(add_weight, number):
    """Return Layer.add_weight so that it counts each weight, whoever fills it with numbers."""

    @functools.wraps(add_weight)
    def counting(layer, *args, **options):
        shape = options.get("shape", args[0] if args else None)
        budget = _budgets[number]
        budget.spend(shape or ())
        with budget.paid():
            return add_weight(layer, *args, **options)

    return counting


def _said(error):
    """Return what Keras says of a configuration, where that is a sentence for people."""
    if type(error) is not ValueError:
        return ""
    lines = _FOR_MACHINES.sub("", str(error)).strip().splitlines()
    return f": {lines[0][:200]}" if lines else ""


def _holder(held):
    """Return what Keras takes for a class, which gives the layers that exist already."""

    class Held:
        @classmethod
        def from_config(cls, config):
            return held[config["index"]]

    return Held


def _prepared(config, number, held):
    """Return a vetted configuration with our initialisers, and without what Keras must not do."""
    if config.get("class_name") == HELD:
        held.append(config["facts"])
        index = {"index": len(held) - 1, "name": config["config"].get("name")}
        entry = {"module": "autograder", "class_name": "Held", "config": index}
        graph = {k: config[k] for k in ("name", "inbound_nodes") if k in config}
        return {**entry, "registered_name": "autograder>Held", **graph}
    settings = dict(config["config"])
    if "layers" in settings:
        settings = _after_calls(settings)
        settings["layers"] = [_prepared(e, number, held) for e in settings["layers"]]
    for key in ("layer", "backward_layer", "cell"):
        if isinstance(settings.get(key), dict):
            settings[key] = _prepared(settings[key], number, held)
    if "cells" in settings:
        settings["cells"] = [_prepared(c, number, held) for c in settings["cells"]]
    if config["module"] == "keras.layers":
        settings |= _initialisers(config["class_name"], settings, number)
        settings = {k: v for k, v in settings.items() if k in _settings_of(config["class_name"])}
    kept = {k: config[k] for k in ("build_config", "name", "inbound_nodes") if k in config}
    named = {k: config.get(k) for k in ("module", "class_name", "registered_name")}
    if (config["module"], config["class_name"]) in _MODELS:
        kept.pop("build_config", None)  # putting it together builds it
    return copy.deepcopy({**named, "config": settings, **kept})


def _after_calls(settings):
    """Return settings of a graph with its calls numbered after those that its layers have had."""
    held = [e for e in settings["layers"] if e["class_name"] == HELD and e.get("inbound_nodes")]
    calls = {e["name"]: len(e["facts"]._inbound_nodes) for e in held}

    def renumbered(value):
        if type(value) is dict:
            return {key: renumbered(part) for key, part in value.items()}
        if type(value) not in (list, tuple):
            return value
        if len(value) == 3 and type(value[0]) is str and type(value[1]) is int:
            return [value[0], value[1] + calls.get(value[0], 0), value[2]]
        return type(value)(map(renumbered, value))

    ends = {key: renumbered(settings[key]) for key in settings if key.endswith("put_layers")}
    layers = [
        {**e, **({"inbound_nodes": renumbered(e["inbound_nodes"])} if "inbound_nodes" in e else {})}
        for e in settings["layers"]
    ]
    return {**settings, **ends, "layers": layers}


def _initialisers(name, settings, number):
    """Return the initialisers of a layer, those that it doesn't name as well, with a budget."""
    defaults = {}
    for cls in reversed(getattr(keras.layers, name).__mro__[:-1]):
        for key, parameter in inspect.signature(cls.__init__).parameters.items():
            if key.endswith("_initializer"):
                defaults[key] = parameter.default
    named = {**defaults, **{k: v for k, v in settings.items() if k in defaults}}
    about = {"class_name": "Bounded", "module": "autograder", "registered_name": _BOUNDED}
    return {
        key: {**about, "config": {"initializer": value, "budget": number}}
        for key, value in named.items()
        if value is not None
    }


def _check_size(made):
    """Raise Refused if a layer of a graph gives more numbers for a sample than is allowed."""
    for operation in getattr(made, "operations", None) or getattr(made, "layers", [made]):
        if operation is not made and isinstance(operation, keras.Model):
            _check_size(operation)
        try:
            outputs = keras.tree.flatten(operation.output)
        except (AttributeError, ValueError):  # not called, or called more than once
            continue
        if any(math.prod(n or 1 for n in x.shape) > OUTPUTS for x in outputs):
            raise Refused("a layer of it gives too many numbers")
