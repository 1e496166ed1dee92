"""Values as data: how answers, arguments and results travel between a student's process and ours.

Everything that travels is JSON. None, booleans, texts, lists and whole numbers below 2**53 stand
for themselves; all else is an object {"k": kind, ...}:

    int float complex bytes ellipsis tuple dict pairs set range slice     Python's own values
    array scalar tensor objects                                           NumPy's and Keras's
    keras_tensor shape dtype exception                                    of Keras, by what they say
    function layer model remote_layer remote_model held opaque            by a handle

`encode` writes it and `decode` reads it. What comes from a student's process may be anything, so
`decode` believes nothing: depth, number and size of all parts are bounded before anything is
made of them, arrays hold plain numbers only, and neither pickle nor eval is used. It raises Bad
for all that is malformed or too large.

Layers and models travel as a configuration with weights where Keras's own classes suffice, else
as facts about an object that stays where it is (remote_layer, remote_model). What becomes of
them, and of handles, is up to `fetch`; this module makes none of them itself.

The source of this module is also loaded into the student's kernel, where it must stand alone.
"""

import base64
import builtins
import math
import sys
import types

import numpy as np

#: Bounds on one message: how deep it is nested, how many parts it has, how long a text is, how
#: many digits a number has, how many bytes all arrays have together, how many axes one has.
DEPTH, PARTS, TEXT, DIGITS, BYTES, AXES = 48, 200_000, 100_000, 4_000, 48 * 2**20, 16

#: What may be called a layer's class or the name of an exception.
NAME = 100

_EXACT = 2**53  # JSON readers may round larger numbers
_NUMERIC = "biufc"
#: Layers that hold code or files: they stay where they are.
_ROOTED = ("Lambda", "TFSMLayer", "TorchModuleWrapper", "JaxLayer", "FlaxLayer", "Layer", "Wrapper")


class Bad(ValueError):
    """What came is malformed, or over a bound."""


class Opaque:
    """Stands for a value of which only the type's name and a short text are known."""

    def __init__(self, said):
        self._said = said

    def __repr__(self):
        return self._said


def with_names(model, names):
    """Return a model whose inputs have the names that they had where it comes from."""
    inputs = getattr(model, "inputs", None) or ()
    for tensor, name in zip(inputs, names, strict=False):
        tensor.name = name
    return model


def opaque(kind, said):
    """Return an Opaque whose type has this name."""
    return type(kind, (Opaque,), {})(said)


def is_name(text):
    """Tell whether a text can be the name of a class: an identifier that isn't too long."""
    return type(text) is str and text.isidentifier() and len(text) <= NAME


def _is_function_name(text):
    return is_name(text) or (type(text) is str and text == "<lambda>")


# Writing


def encode(value, keep, plain=lambda config: config, strict=False, seen=lambda thing: None):
    """Return `value` as JSON-ready data.

    keep: keep(object) returns the handle (a whole number) under which the object can be found
    again. plain: is given each configuration of a layer or model before it is written. strict:
    raise Bad for what would arrive as no more than a name (opaque). seen: seen(thing) returns what
    can be told of the code behind an error, layer or function, see _seen.
    """
    return _Writer(keep, plain, strict, seen).write(value, 0)


def encode_facts(layer, keep, seen=lambda thing: None):
    """Return what can be said from outside of a layer or model, as data; see `encode`."""
    import keras

    return _Writer(keep, lambda config: config, seen=seen).facts(layer, 0, keras)


class _Writer:
    def __init__(self, keep, plain=None, strict=False, seen=None):
        self.keep, self.plain, self.strict, self.seen = keep, plain, strict, seen
        self.parts = self.bytes = 0

    def write(self, value, depth):
        self.parts += 1
        if depth > DEPTH or self.parts > PARTS:
            raise Bad("it is nested too deeply, or has too many parts")
        if value is None or type(value) is bool:
            return value
        written = _WRITERS.get(type(value))
        if written is not None:
            return written(self, value, depth + 1)
        return self.of_library(value, depth + 1)

    def text(self, value, depth):
        if len(value) > TEXT:
            raise Bad("a text is too long")
        return value.encode("utf-8", "replace").decode()  # half a surrogate pair can't travel

    def int(self, value, depth):
        if abs(value) < _EXACT:
            return value
        if value.bit_length() > 4 * DIGITS:
            return self.opaque(value, "a number of thousands of digits")
        return {"k": "int", "v": hex(value)}

    def list(self, value, depth):
        return [self.write(v, depth) for v in value]

    def dict(self, value, depth):
        if all(type(key) is str for key in value):
            pairs = value.items()
            return {"k": "dict", "v": {self.text(n, 0): self.write(v, depth) for n, v in pairs}}
        pairs = [[self.write(n, depth), self.write(v, depth)] for n, v in value.items()]
        return {"k": "pairs", "v": pairs}

    def slice(self, value, depth):
        return {"k": "slice", "v": self.list((value.start, value.stop, value.step), depth)}

    def array(self, value, depth, kind="array"):
        if value.dtype.kind not in _NUMERIC:
            return self.objects(value, depth)
        self.bytes += value.nbytes
        if self.bytes > BYTES or value.ndim > AXES:
            raise Bad("its arrays are too large")
        data = np.ascontiguousarray(value).astype(value.dtype.newbyteorder("<"), copy=False)
        numbers = base64.b64encode(data.tobytes()).decode()
        dtype = data.dtype.str.replace("=", "<")
        return {"k": kind, "dtype": dtype, "shape": list(value.shape), "v": numbers}

    def objects(self, value, depth):
        """Write an array of texts, or of numbers mixed with None."""
        entries = value.ravel().tolist()
        if value.ndim > AXES or not all(type(e) in _PLAIN for e in entries):
            return self.opaque(value)
        kind = "U" if value.dtype.kind == "U" else "O"
        shape = list(value.shape)
        return {"k": "objects", "dtype": kind, "shape": shape, "v": self.list(entries, depth)}

    def of_library(self, value, depth):
        """Write what belongs to NumPy or Keras, a function, an error, or something unknown."""
        if isinstance(value, np.ndarray):
            return self.array(np.asarray(value), depth)
        if isinstance(value, np.generic) and value.dtype.kind in _NUMERIC:
            return self.array(np.asarray(value), depth, "scalar")
        if isinstance(value, np.dtype):
            return {"k": "dtype", "v": value.name}
        if isinstance(value, BaseException):
            return self.exception(value, depth)
        keras = sys.modules.get("keras")
        written = self.of_keras(value, depth, keras) if keras else None
        if written is None and isinstance(value, tuple(_BASES)):
            base = next(b for b in _BASES if isinstance(value, b))
            written = _WRITERS[base](self, base(value), depth)  # a subclass: a named tuple, say
        if written is None and callable(value):
            written = self.function(value)
        return self.opaque(value) if written is None else written

    def of_keras(self, value, depth, keras):
        if isinstance(value, keras.KerasTensor):
            shape = self.list(tuple(value.shape), depth)
            dtype, name = str(value.dtype), str(value.name)[:NAME]
            return {"k": "keras_tensor", "shape": shape, "dtype": dtype, "name": name}
        if isinstance(value, keras.Layer):
            return self.layer(value, depth, keras)
        if isinstance(value, type):
            return None
        if type(value).__name__ == "TensorShape":
            return {"k": "shape", "v": self.list(value.as_list(), depth)}
        if hasattr(value, "__array__") and not callable(value):
            numbers = np.asarray(value)  # a tensor, a variable, a table
            if type(numbers) is np.ndarray and numbers.dtype.kind in _NUMERIC:
                return self.array(numbers, depth, "tensor")
        return None

    def layer(self, value, depth, keras):
        held = getattr(value, "held_by_student", None)
        if type(held) is int:
            return {"k": "held", "handle": held}
        kind = "model" if isinstance(value, keras.Model) else "layer"
        config = self.config(value, depth, keras)
        if config is None:
            return self.facts(value, depth, keras)
        data = {"k": kind, "handle": self.keep(value), "config": config}
        inputs = [str(x.name)[:NAME] for x in getattr(value, "inputs", None) or ()]
        return {**data, "inputs": inputs, "weights": self.list(value.get_weights(), depth)}

    def config(self, value, depth, keras):
        """Return a layer's configuration, or None where it can't be put together elsewhere."""
        if not _is_standard(value, keras):
            return None
        try:
            config = self.plain(keras.saving.serialize_keras_object(value))
        except Exception:  # somebody's own layer inside, which has no configuration
            return None
        held = self.stays(value, config, depth, keras)
        return None if held is None else self.write(held, depth)

    def stays(self, value, config, depth, keras):
        """Return a configuration in which all that can't leave is replaced by facts about it."""
        config = {k: v for k, v in config.items() if k != "compile_config"}
        inner = config["config"]
        if not isinstance(value, keras.Model):
            return {**config, "config": _with_plain_activations(value, inner)}
        known = {x.name: x for x in _parts(value)}
        entries = []
        for entry in inner["layers"]:
            part = known.get(entry["config"].get("name", entry.get("name")))
            if isinstance(part, keras.Layer) and not _is_standard(part, keras):
                graph = {k: entry[k] for k in ("name", "inbound_nodes") if k in entry}
                facts = _Written(self.layer(part, depth, keras))
                entry = {"class_name": "__held__", "config": {"name": part.name}, **graph}
                entry["facts"] = facts
            elif isinstance(part, keras.Layer):
                entry = self.stays(part, entry, depth, keras)
            entries.append(entry)
        return {**config, "config": {**inner, "layers": entries}}

    def facts(self, value, depth, keras):
        """Write what can be known from outside about a layer or model that stays here."""
        model = isinstance(value, keras.Model)
        parts, weights = _contents(value, model)
        inside = {id(w) for part in parts for w in part.weights}
        own = [w for w in weights if id(w) not in inside]
        return {
            "k": "remote_model" if model else "remote_layer",
            "handle": self.keep(value),
            "class": type(value).__name__,
            "name": str(getattr(value, "name", ""))[:NAME],
            "built": bool(getattr(value, "built", False)),
            "trainable": [bool(w.trainable) for w in own],
            "names": [w.name for w in own],
            "weights": self.list([np.asarray(w) for w in own], depth),
            "activation": getattr(getattr(value, "activation", None), "__name__", None),
            "seen": self.seen(value),
            "parts": self.list(parts, depth),
            "ends": self.ends(value, depth) if model else None,
        }

    def ends(self, value, depth):
        """Write the inputs and outputs of a model that has a graph."""
        ends = getattr(value, "inputs", None), getattr(value, "outputs", None)
        return self.list(list(ends), depth) if all(type(e) is list and e for e in ends) else None

    def exception(self, error, depth):
        bases = [c.__name__ for c in type(error).__mro__ if getattr(builtins, c.__name__, 0) is c]
        args = [a for a in error.args if type(a) in _PLAIN]
        try:
            said = str(error)
        except Exception:
            said = ""
        return {
            "k": "exception",
            "type": type(error).__name__[:NAME],
            "module": str(getattr(type(error), "__module__", "")),
            "base": bases[0],
            "text": self.text(said[: TEXT // 4], depth),
            "args": self.list(args[:8], depth) if len(args) == len(error.args) else None,
            "seen": self.seen(error),
        }

    def function(self, value):
        name = getattr(value, "__name__", None)
        name = name[:NAME] if isinstance(name, str) else None
        said = _short(value)
        kind = type(value).__name__
        data = {"k": "function", "handle": self.keep(value), "name": name, "type": kind, "v": said}
        return {**data, "seen": self.seen(value)}

    def opaque(self, value, said=None):
        if self.strict:
            raise Bad(f"a {type(value).__name__} can't travel")
        return {"k": "opaque", "type": type(value).__name__[:NAME], "v": said or _short(value)}


class _Written(dict):
    """Data that stands in a configuration and is written already."""


_PLAIN = (type(None), bool, int, float, str)
_BASES = (bool, int, float, complex, str, bytes, tuple, list, dict, set, frozenset)
_WRITERS = {
    str: _Writer.text,
    int: _Writer.int,
    float: lambda w, v, d: {"k": "float", "v": v.hex()},
    complex: lambda w, v, d: {"k": "complex", "v": [v.real.hex(), v.imag.hex()]},
    bytes: lambda w, v, d: {"k": "bytes", "v": base64.b64encode(v[:TEXT]).decode()},
    type(...): lambda w, v, d: {"k": "ellipsis"},
    tuple: lambda w, v, d: {"k": "tuple", "v": w.list(v, d)},
    list: _Writer.list,
    dict: _Writer.dict,
    set: lambda w, v, d: {"k": "set", "v": w.list(v, d)},
    frozenset: lambda w, v, d: {"k": "set", "v": w.list(v, d)},
    range: lambda w, v, d: {"k": "range", "v": w.list((v.start, v.stop, v.step), d)},
    slice: _Writer.slice,
    np.ndarray: _Writer.array,
    _Written: lambda w, v, d: dict(v),
    types.FunctionType: lambda w, v, d: w.function(v),
}


def _short(value):
    try:
        return repr(value)[:200]
    except Exception:  # somebody's own __repr__ may do anything
        return f"<{type(value).__name__}>"[:200]


def _contents(layer, model):
    """Return a model's layers, and the weights of a layer or model; nothing of a broken one."""
    try:
        return (list(layer.layers) if model else []), list(layer.weights)
    except Exception:  # a class whose __init__ lacks what Keras prepares
        return [], []


def _is_standard(layer, keras):
    """Tell whether a layer is of one of Keras's own classes, and holds no code."""
    kind = type(layer)
    if kind is keras.Sequential or (kind.__name__, kind.__module__.split(".")[0]) == (
        "Functional",
        "keras",
    ):
        return True
    return getattr(keras.layers, kind.__name__, None) is kind and kind.__name__ not in _ROOTED


def _parts(model):
    return getattr(model, "operations", None) or model.layers


def _with_plain_activations(layer, config):
    """Return a layer's configuration in which TensorFlow's activations have their Keras names."""
    tf = sys.modules.get("tensorflow")
    same = {"softmax": "softmax", "log_softmax": "log_softmax", "leaky_relu": "leaky_relu"}
    named = {}
    for key in ("activation", "recurrent_activation"):
        function = getattr(layer, key, None)
        for name in same if tf and isinstance(config.get(key), dict) else ():
            if function is getattr(tf.nn, name, None):
                named[key] = same[name]
    return {**config, **named}


# Reading


def decode(data, fetch):
    """Return the value that `data` stands for, or raise Bad.

    fetch: fetch(kind, handle, about) returns what stands for a function, layer or model, held
    here or at the other side; `about` is what is said of it, read already.
    """
    return _Reader(fetch).read(data, 0)


class _Reader:
    def __init__(self, fetch):
        self.fetch, self.parts, self.bytes = fetch, 0, 0

    def read(self, data, depth):
        self.parts += 1
        if depth > DEPTH or self.parts > PARTS:
            raise Bad("nested too deeply, or too many parts")
        if data is None or type(data) is bool:
            return data
        if type(data) is int:
            return _check(abs(data) < _EXACT, data, "number")
        if type(data) is str:
            return _check(len(data) <= TEXT, data, "text")
        if type(data) is list:
            return [self.read(v, depth + 1) for v in data]
        kind = data.get("k") if type(data) is dict else None
        reader = _READERS.get(kind) if type(kind) is str else None
        if reader is None:
            raise Bad("an unknown kind of data")
        try:
            return reader(self, data, depth + 1)
        except Bad:
            raise
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise Bad(f"malformed {kind}") from error

    def several(self, data, depth, at_most=PARTS):
        _check(type(data) is list and len(data) <= at_most, data, "list")
        return [self.read(v, depth) for v in data]

    def int(self, data, depth):
        _check(type(data["v"]) is str and len(data["v"]) <= DIGITS, data, "number")
        return int(data["v"], 16)

    def float(self, data, depth):
        return _float(data["v"])

    def complex(self, data, depth):
        real, imaginary = data["v"]
        return complex(_float(real), _float(imaginary))

    def dict(self, data, depth):
        _check(type(data["v"]) is dict, data, "dict")
        pairs = data["v"].items()
        return {self.read(n, depth): self.read(v, depth) for n, v in pairs}

    def pairs(self, data, depth):
        pairs = [self.several(pair, depth) for pair in _check(type(data["v"]) is list, data["v"])]
        _check(all(len(p) == 2 and _hashable(p[0]) for p in pairs), pairs, "dict")
        return dict(pairs)

    def set(self, data, depth):
        entries = self.several(data["v"], depth)
        return set(_check(all(map(_hashable, entries)), entries, "set"))

    def bytes_(self, data, depth):
        return base64.b64decode(
            _check(type(data["v"]) is str and len(data["v"]) <= 2 * TEXT, data)["v"]
        )

    def range(self, data, depth):
        ends = self.several(data["v"], depth, 3)
        _check(len(ends) == 3 and all(type(e) is int for e in ends) and ends[2], ends, "range")
        return _check(len(range(*ends)) <= PARTS, range(*ends), "range")

    def slice(self, data, depth):
        ends = self.several(data["v"], depth, 3)
        _check(len(ends) == 3 and all(e is None or type(e) is int for e in ends), ends, "slice")
        return slice(*ends)

    def array(self, data, depth):
        dtype, shape = data["dtype"], _sizes(data["shape"])
        _check(type(dtype) is str and len(dtype) <= 4 and dtype[1:2] in _NUMERIC, dtype, "dtype")
        try:
            dtype = np.dtype(dtype)
        except TypeError:
            raise Bad("malformed dtype") from None
        size = math.prod(shape) * dtype.itemsize
        self.bytes += size
        _check(dtype.kind in _NUMERIC and self.bytes <= BYTES, size, "size of array")
        text = data["v"]
        _check(type(text) is str and len(text) == 4 * ((size + 2) // 3), size, "size of array")
        numbers = base64.b64decode(text, validate=True)
        _check(len(numbers) == size, size, "size of array")
        return np.frombuffer(numbers, dtype).reshape(shape).astype(dtype.newbyteorder("="))

    def scalar(self, data, depth):
        array = self.array(data, depth)
        return _check(array.ndim == 0, array, "scalar")[()]

    def tensor(self, data, depth):
        import keras

        return keras.ops.convert_to_tensor(self.array(data, depth))

    def objects(self, data, depth):
        entries, shape = self.several(data["v"], depth), _sizes(data["shape"])
        kind = _check(data["dtype"] in ("U", "O"), data, "dtype")["dtype"]
        _check(all(type(e) in _PLAIN for e in entries), entries, "array")
        _check(kind == "O" or all(type(e) is str and len(e) <= NAME for e in entries), 0, "array")
        _check(math.prod(shape) == len(entries), entries, "size of array")
        return np.array(entries, str if kind == "U" else object).reshape(shape)

    def keras_tensor(self, data, depth):
        import keras

        shape = _sizes(data["shape"], opened=True)
        dtype, name = _check(type(data["dtype"]) is str, data)["dtype"], data["name"]
        _check(type(name) is str and len(name) <= NAME, name, "name")
        try:
            return keras.KerasTensor(shape, dtype=keras.backend.standardize_dtype(dtype), name=name)
        except ValueError:
            raise Bad("malformed keras_tensor") from None

    def dtype(self, data, depth):
        _check(type(data["v"]) is str and len(data["v"]) <= 20, data, "dtype")
        return np.dtype(data["v"])

    def exception(self, data, depth):
        names = data["type"], data["base"]
        _check(all(map(is_name, names)), names, "name of an exception")
        args = None if data["args"] is None else self.several(data["args"], depth, 8)
        _check(args is None or all(type(a) in _PLAIN for a in args), args, "exception")
        text = _check(type(data["text"]) is str and len(data["text"]) <= TEXT, data)["text"]
        error = _exception(*names, data["module"], text, args)
        seen = _seen(data.get("seen"), met_in=list, unwritten=str)
        seen["met_in"] = seen["met_in"] if len(seen["met_in"] or ()) == 2 else None
        error.seen_there = seen
        return error

    def opaque(self, data, depth):
        _check(type(data["v"]) is str and len(data["v"]) <= 300, data, "text")
        kind = data["type"] if is_name(data["type"]) else "object"
        return opaque(kind, data["v"])

    def function(self, data, depth):
        name, said = data["name"], data["v"]
        name = name if _is_function_name(name) else None
        _check(type(said) is str and len(said) <= 300, data, "text")
        kind = data["type"] if is_name(data["type"]) else "function"
        about = {"name": name, "said": said, "type": kind}
        about["seen"] = _seen(data.get("seen"), layer_class=bool)
        return self.fetch("function", _handle(data), about)

    def layer(self, data, depth):
        """Read the configuration and weights of a layer or model."""
        config = self.read(data["config"], depth)
        _check(type(config) is dict, config, "configuration")
        weights, inputs = self.arrays(data["weights"], depth), data.get("inputs", [])
        _check(type(inputs) is list and len(inputs) <= 100, inputs, "names of inputs")
        _check(all(type(n) is str and len(n) <= NAME for n in inputs), inputs, "names of inputs")
        about = {"config": config, "weights": weights, "inputs": inputs}
        return self.fetch(data["k"], _handle(data), about)

    def remote(self, data, depth):
        """Read the facts about a layer or model that stays at the other side."""
        about = {key: data[key] for key in ("class", "name", "built", "trainable", "names")}
        _check(is_name(about["class"]) and type(about["built"]) is bool, 0, "facts")
        _check(type(about["name"]) is str and len(about["name"]) <= NAME, 0, "name")
        about["weights"] = self.arrays(data["weights"], depth)
        many = len(about["weights"])
        for key, kind in (("trainable", bool), ("names", str)):
            right = type(about[key]) is list and len(about[key]) == many
            _check(right and all(type(x) is kind for x in about[key]), 0, "facts")
        _check(all(len(n) <= NAME for n in about["names"]), 0, "name")
        named = _is_function_name(data["activation"])
        about["activation"] = data["activation"] if named else None
        about["seen"] = _seen(data.get("seen"), takes=list, borrows=list)
        about["parts"] = self.several(data["parts"], depth, 200)
        ends = None if data["ends"] is None else self.several(data["ends"], depth, 2)
        _check(ends is None or (len(ends) == 2 and all(map(_are_symbols, ends))), 0, "ends")
        return self.fetch(data["k"], _handle(data), {**about, "ends": ends})

    def held(self, data, depth):
        return self.fetch("held", _handle(data), None)

    def arrays(self, data, depth):
        found = self.several(data, depth, 1000)
        return _check(all(type(a) is np.ndarray and a.dtype.kind in "biuf" for a in found), found)


_READERS = {
    "int": _Reader.int,
    "float": _Reader.float,
    "complex": _Reader.complex,
    "dict": _Reader.dict,
    "pairs": _Reader.pairs,
    "set": _Reader.set,
    "range": _Reader.range,
    "slice": _Reader.slice,
    "array": _Reader.array,
    "scalar": _Reader.scalar,
    "tensor": _Reader.tensor,
    "objects": _Reader.objects,
    "keras_tensor": _Reader.keras_tensor,
    "dtype": _Reader.dtype,
    "exception": _Reader.exception,
    "opaque": _Reader.opaque,
    "function": _Reader.function,
    "held": _Reader.held,
    "bytes": _Reader.bytes_,
    "ellipsis": lambda r, data, depth: ...,
    "tuple": lambda r, data, depth: tuple(r.several(data["v"], depth)),
    "shape": lambda r, data, depth: _sizes(data["v"], opened=True),
    "layer": _Reader.layer,
    "model": _Reader.layer,
    "remote_layer": _Reader.remote,
    "remote_model": _Reader.remote,
}


def _check(holds, value, what="data"):
    if not holds:
        raise Bad(f"malformed or too large: {what}")
    return value


def _float(text):
    _check(type(text) is str and len(text) <= 40, text, "number")
    return float.fromhex(text)


def _handle(data):
    handle = data["handle"]
    return _check(type(handle) is int and 0 <= handle < 10**6, handle, "handle")


def _hashable(value):
    return type(value) in (*_PLAIN, bytes) or (type(value) is tuple and all(map(_hashable, value)))


def _sizes(data, opened=False):
    """Return a shape: sizes from 0 on, and None where it may be open."""
    _check(type(data) is list and len(data) <= AXES, data, "shape")
    sizes = (type(n) is int and 0 <= n < 2**40 or (opened and n is None) for n in data)
    return _check(all(sizes), tuple(data), "shape")


def _are_symbols(ends):
    import keras

    return type(ends) is list and ends and all(type(t) is keras.KerasTensor for t in ends)


def _seen(told, **kinds):
    """Return what is told of code: names, lists of names, yes or no. All else becomes None.

    kinds: what there may be, each with its type.
    """
    found = {}
    for key, kind in kinds.items():
        value = told.get(key) if type(told) is dict else None
        names = value if kind is list else [value] if kind is str else []
        fine = type(value) is kind and len(names) <= 50 and all(map(is_name, names))
        found[key] = value if fine else None
    return found


#: Exceptions that nothing may raise here on another's word.
_FORBIDDEN = ("GeneratorExit", "BaseExceptionGroup", "ExceptionGroup", "BaseException")
# A real one would end a check's loop early, before what it asserts.
_FORBIDDEN += ("StopIteration", "StopAsyncIteration")


def _exception(name, base, module, text, args):
    """Return an exception of a known type where there is one, else of a new type of that name."""
    known = getattr(builtins, name, None)
    if not _is_exception(known) and module == "tensorflow.python.framework.errors_impl":
        return _of_tensorflow(name, text)
    parent = getattr(builtins, base, None)
    parent = parent if _is_exception(parent) else Exception
    kind = known if _is_exception(known) else None
    for candidate in (args, [text]):
        try:
            error = kind(*candidate) if kind and candidate is not None else None
        except TypeError:
            error = None
        if error is not None and str(error) == text:
            return error
    return _own_exception(name, parent)(text)


def _of_tensorflow(name, text):
    import tensorflow as tf

    kind = getattr(tf.errors, name, None)
    if (
        isinstance(kind, type)
        and issubclass(kind, tf.errors.OpError)
        and kind is not tf.errors.OpError
    ):
        return kind(None, None, text)
    return _own_exception(name, Exception)(text)


def _is_exception(thing):
    if not isinstance(thing, type) or thing.__name__ in _FORBIDDEN:
        return False
    return issubclass(thing, BaseException)


def _own_exception(name, parent):
    """Return a new type of exception, whose text is the one it is given, as it is."""

    def __init__(self, said):
        self.said = said

    def __str__(self):
        return self.said

    return type(name, (parent,), {"__init__": __init__, "__str__": __str__})
