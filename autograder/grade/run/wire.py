"""Values as data: how answers, arguments and results travel between a student's process and ours.

Everything that travels is JSON. None, booleans, texts, lists and whole numbers below 2**53 stand
for themselves; all else is an object {"k": kind, ...}:

    int float complex bytes ellipsis tuple dict pairs set range slice     Python's own values
    known named kin                                                       of its library
    array scalar tensor variable objects                                  NumPy's and Keras's
    keras_tensor shape dtype exception                                    of Keras, by what they say
    function setting layer model remote_layer remote_model held sent opaque   by a handle
    shared view                                                           by a number, see `Shared`

A value of any other class stays where it is (opaque): known of it are its class's name, a short
text, which special methods it has, and the names of a dataclass's fields.

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
import collections
import contextlib
import copy
import dataclasses
import datetime
import decimal
import fractions
import gc
import inspect
import math
import numbers
import operator
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
#: Layers that may be put together on the judge's side, see `vetting`; a student's other ones stay.
_LISTED = """
    InputLayer Dense EinsumDense Embedding Activation Identity Masking Flatten Reshape Permute
    RepeatVector Conv1D Conv2D Conv3D Conv1DTranspose Conv2DTranspose Conv3DTranspose
    DepthwiseConv1D DepthwiseConv2D SeparableConv1D SeparableConv2D MaxPooling1D MaxPooling2D
    MaxPooling3D AveragePooling1D AveragePooling2D AveragePooling3D GlobalMaxPooling1D
    GlobalMaxPooling2D GlobalMaxPooling3D GlobalAveragePooling1D GlobalAveragePooling2D
    GlobalAveragePooling3D UpSampling1D UpSampling2D UpSampling3D ZeroPadding1D ZeroPadding2D
    ZeroPadding3D Cropping1D Cropping2D Cropping3D Resizing CenterCrop Rescaling
    BatchNormalization LayerNormalization GroupNormalization RMSNormalization UnitNormalization
    Dropout AlphaDropout GaussianDropout GaussianNoise SpatialDropout1D SpatialDropout2D
    SpatialDropout3D ActivityRegularization ReLU LeakyReLU PReLU ELU Softmax Add Subtract
    Multiply Average Maximum Minimum Concatenate Dot SimpleRNN LSTM GRU RNN SimpleRNNCell
    LSTMCell GRUCell StackedRNNCells ConvLSTM1D ConvLSTM2D ConvLSTM3D Bidirectional
    TimeDistributed Attention AdditiveAttention MultiHeadAttention GroupQueryAttention
"""
LAYERS = frozenset(_LISTED.split())


class Bad(ValueError):
    """What came is malformed, or over a bound."""


def with_names(model, names):
    """Return a model whose inputs have the names that they had where it comes from."""
    inputs = getattr(model, "inputs", None) or ()
    for tensor, name in zip(inputs, names, strict=False):
        tensor.name = name
    return model


def each_layer(layer):
    """Yield a layer or model, and all layers that a model lists, one inside another."""
    yield layer
    for part in getattr(layer, "layers", ()):
        yield from each_layer(part)


def set_trainable(layer, trainable):
    """Have a layer and all in it be trainable or not; a model's configuration tells only of some.

    To set that of a model sets those inside, which come later.
    """
    for part, is_so in zip(list(each_layer(layer)), trainable, strict=False):
        if part.trainable is not is_so:
            part.trainable = is_so


def number_after(layer):
    """Have Keras number the names that it gives from now on after those in a layer that came."""
    from keras.src.backend.common import global_state

    none = collections.defaultdict(int)
    counts = global_state.get_global_attribute("object_name_uids", none, set_to_default=True)
    for part in layer._flatten_layers():
        name, _, number = part.name.rpartition("_")
        if not (name and number.isdecimal() and len(number) < 10):
            name, number = part.name, 0
        counts[name] = max(counts[name], int(number) + 1)


def is_name(text):
    """Tell whether a text can be the name of a class: an identifier that isn't too long."""
    return type(text) is str and text.isidentifier() and len(text) <= NAME


def said_of_points(result, text):
    """Return what the value of a check's last line says of points.

    None: nothing, so that the check is worth all its points. A number: so many points. A text:
    something that may be meant as points and can't be read as such; a person has to.

    Args:
        result: The value.
        text: As which it is shown, by which nbgrader goes; "" if it isn't.
    """
    if isinstance(result, (bool, np.bool_)):
        return None if result else "False"
    if isinstance(result, (numbers.Real, decimal.Decimal)):
        text = str(result) if isinstance(result, np.generic) else result
    elif getattr(result, "shape", None) == () and type(result).__module__ != "builtins":
        return text[:80] or "a number"
    try:
        number = float(text)
    except OverflowError:
        return "a number of hundreds of digits"
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else f"{number}"


def _is_function_name(text):
    return is_name(text) or (type(text) is str and text == "<lambda>")


def named_tuple(kind, fields, values):
    """Return a named tuple; collections.namedtuple would run a text that it makes of the names."""
    parts = {name: property(operator.itemgetter(i)) for i, name in enumerate(fields)}
    parts |= {"__slots__": (), "__doc__": f"{kind}({', '.join(fields)})"}
    parts |= {"_fields": tuple(fields), "__match_args__": tuple(fields), "__annotations__": {}}
    parts |= {"_asdict": lambda self: dict(zip(fields, self, strict=True)), "__repr__": _said_named}
    parts |= {"__new__": _new_named, "__getnewargs__": lambda self: tuple(self)}
    parts |= {"_make": classmethod(tuple.__new__)}
    parts["_replace"] = lambda self, **new: type(self)(**{**self._asdict(), **new})
    return tuple.__new__(type(kind, (tuple,), parts), values)


def _new_named(cls, *values, **named):
    left = cls._fields[len(values) :]
    if len(values) > len(cls._fields) or named.keys() != set(left):
        raise TypeError(f"{cls.__name__} takes {', '.join(cls._fields)}")
    return tuple.__new__(cls, (*values, *(named[name] for name in left)))


def _said_named(self):
    parts = (f"{name}={value!r}" for name, value in self._asdict().items())
    return f"{type(self).__name__}({', '.join(parts)})"


class Shared:
    """What both sides have: lists and the like, each with a number, as long as both hold it.

    One of them is one object on either side, wherever it comes up. What becomes of it on one side
    is told with the next message (`encode_changes`), and done to it on the other.
    """

    def __init__(self, first):
        """Make the table of one side, which gives the numbers `first`, `first` + 2, and so on."""
        self.first, self.given = first, 0
        self.things, self.numbers, self.known = {}, {}, {}
        self.gone = set()  # numbers of what the other side no longer holds

    def new_number(self):
        """Return a number that was never given."""
        self.given += 1
        return self.first + 2 * self.given

    def add(self, number, thing):
        """Take note of a thing that both sides have from now on."""
        self.things[number], self.numbers[id(thing)] = thing, number
        self.known[number] = None

    def settle(self):
        """Take note of what things are like that both sides have only now, and still hold."""
        for number, known in self.known.items():
            if known is None and number not in self.gone:
                self.known[number] = _content(self.things[number])

    def changed(self):
        """Return the numbers of the things that are no longer as the other side knows them."""
        known = ((n, content) for n, content in self.known.items() if content is not None)
        return [n for n, content in known if not _same(content, _content(self.things[n]))]

    def drop(self, numbers):
        """Forget things that one side no longer holds."""
        for number in self.things.keys() & numbers:
            del self.numbers[id(self.things.pop(number))], self.known[number]

    def drop_unheld(self):
        """Forget what nobody holds here but this table; return the numbers."""
        dropped = []
        while found := [n for n in self.things if not self._is_held(n)]:
            self.drop(found)  # which may have held others
            dropped += found
        return dropped

    def _is_held(self, number):
        if sys.getrefcount(self.things[number]) > sys.getrefcount(_ALONE[0]):
            return True
        if type(self.things[number]) is not np.ndarray or self.things[number].base is None:
            return False
        base = self.things[number].base  # whose numbers it shows
        return id(base) not in self.numbers and sys.getrefcount(base) > _BASE_ALONE

    def read_changes(self, told, fetch, is_lenient=False):
        """Yield the number of each thing that was changed on the other side, and what is new.

        is_lenient: whether what isn't known here is passed over.
        """
        reader = _Reader(fetch, self)
        _check(type(told) is list and len(told) <= PARTS, told, "changes")
        for entry in told:
            _check(type(entry) is list and len(entry) == 2, entry, "changes")
            if not is_lenient or entry[0] in self.things:
                self.find(entry[0])
                yield entry[0], reader.content(entry[1], 0)

    def change(self, number, new):
        """Do to a thing what was done to it on the other side: `new` is of the same content."""
        thing = self.find(number)
        try:
            _renew(thing, new)
        except (BufferError, TypeError, ValueError) as error:  # it can't be written to
            raise Bad("malformed change") from error
        self.known[number] = None

    def find(self, number):
        """Return the thing of a number."""
        known = type(number) is int and number in self.things
        return self.things[_check(known, number, "number of something shared")]


_ALONE = {0: object()}
_BASE_ALONE = sys.getrefcount(np.empty(1)[:].base)


def can_change(thing):
    """Tell whether something is a list or the like."""
    return _kind(thing) is not None


def restoring(thing):
    """Return a function that gives something the content again that it has now."""
    if _kind(thing) in _CHANGING:
        old = copy.copy(thing) if type(thing) in _CHANGING else _kind(thing)(thing)
        return lambda: _renew(thing, old)
    numbers = np.asarray(thing).copy()
    return lambda: thing.assign(numbers)


def _kind(thing):
    """Return the plain class whose objects can be changed that a thing is of; None: of none."""
    if type(thing) in _CHANGING:
        return type(thing)
    keras = sys.modules.get("keras")
    kinds = (list, dict, set, keras.Variable) if keras else (list, dict, set)
    return next((kind for kind in kinds if issubclass(type(thing), kind)), None)


def _content(thing):
    """Return what something consists of: what is compared, and objects that stay the same ones."""
    if isinstance(thing, np.ndarray) and thing.dtype.kind == "O":
        return thing.shape, thing.ravel().tolist()
    if isinstance(thing, np.ndarray):
        return (thing.shape, thing.dtype.str, thing.tobytes()), ()
    if isinstance(thing, bytearray):
        return bytes(thing), ()
    if isinstance(thing, dict):
        made_by = thing.default_factory if type(thing) is collections.defaultdict else None
        return None, [made_by, *(part for pair in thing.items() for part in pair)]
    if isinstance(thing, (list, set, collections.deque)):
        return None, list(thing)
    return np.asarray(thing).tobytes(), ()


def _bases(array):
    """Yield what an array shows numbers of, and what that does."""
    while (array := getattr(array, "base", None)) is not None:
        yield array


def _shown(whole, like, offset, strides):
    """Return a view of an array, of the shape of another one; None if there is no such view.

    offset, strides: in bytes, of an array that lies in memory as it is written.
    """
    types = [x.dtype.newbyteorder("=") for x in (whole, like)]
    is_same = types[0] == types[1]
    if not is_same and not (whole.dtype.isnative and like.dtype.isnative):
        return None
    if any(x.kind not in _NUMERIC for x in types) or not whole.flags.c_contiguous:
        return None
    try:
        return np.ndarray(like.shape, whole.dtype if is_same else types[1], whole, offset, strides)
    except ValueError:  # it ends outside
        return None


def _same(old, new):
    if old[0] != new[0] or len(old[1]) != len(new[1]):
        return False
    return all(map(operator.is_, old[1], new[1]))


def _renew(thing, new):
    """Give something, which stays the same object, the content of a new one of its kind."""
    kind = _kind(thing)
    _check(_kind(new) is kind, new, "something of another kind than before")
    if kind is np.ndarray:
        types = [x.dtype.newbyteorder("=") for x in (thing, new)]
        _check(thing.shape == new.shape and types[0] == types[1], new, "shape or dtype")
        thing[...] = new
    elif kind not in _CHANGING:
        _check((thing.shape, thing.dtype) == (new.shape, new.dtype), new, "shape or dtype")
        thing.assign(new)
    elif kind in (list, bytearray):
        thing[:] = new
    elif kind is set:
        thing.clear()
        thing.update(new)
    elif kind is collections.deque:
        _check(thing.maxlen == new.maxlen, new, "deque")
        thing.clear()
        thing.extend(new)
    else:
        thing.clear()
        thing.update(new)
        if kind is collections.defaultdict:
            thing.default_factory = new.default_factory


# Writing


def _nobodys(thing):
    return None


def encode(
    value,
    keep,
    plain=lambda config: config,
    strict=False,
    seen=_nobodys,
    shared=None,
    theirs=_nobodys,
    sent=None,
):
    """Return `value` as JSON-ready data.

    keep: keep(object) returns the handle (a whole number) under which the object can be found
    again. theirs: theirs(thing) returns of a thing of the other side's its handle there and its
    place in what that is, see `each_layer`; None of others. plain: is given each configuration of a
    layer or model before it is written. strict: raise Bad for what would arrive as no more than a
    name (opaque). seen: seen(thing) returns what can be told of the code behind an error, layer or
    function, see _seen. shared: the table of what both sides have; None: all that is written is a
    copy. sent: the layers that the other side has just got, to which those in `value` are added;
    None: none.
    """
    writer = _Writer(keep, plain, strict, seen, shared, theirs, sent)
    data = writer.write(value, 0)
    writer.share()
    return data


def encode_changes(shared, keep, plain=None, strict=False, seen=_nobodys, theirs=_nobodys):
    """Return what has changed of what both sides have: [number, data] of each; see `encode`."""
    writer, numbers = _Writer(keep, plain, strict, seen, shared, theirs), shared.changed()
    told = [[number, writer.content(shared.things[number], 0)] for number in numbers]
    writer.share()
    shared.known |= {number: _content(shared.things[number]) for number in numbers}
    return told


def encode_facts(layer, keep, seen=_nobodys, theirs=_nobodys):
    """Return what can be said from outside of a layer or model, as data; see `encode`."""
    import keras

    return _Writer(keep, lambda config: config, seen=seen, theirs=theirs).facts(layer, 0, keras)


class _Writer:
    def __init__(
        self, keep, plain=None, strict=False, seen=None, shared=None, theirs=_nobodys, sent=None
    ):
        self.keep, self.plain, self.strict, self.seen = keep, plain, strict, seen
        self.theirs = theirs
        # By id: of each layer written so far, with what it was, and its place there.
        self.sent = {} if sent is None else sent
        self.shared, self.new = shared, {}  # by id: numbers and things that go over now
        self.parts = self.bytes = 0

    def write(self, value, depth):
        self.parts += 1
        if depth > DEPTH or self.parts > PARTS:
            raise Bad(f"it is nested more than {DEPTH} deep, or has more than {PARTS:,} parts")
        if value is None or type(value) is bool:
            return value
        if type(value) in _CHANGING:
            return self.once(value, lambda: self.content(value, depth))
        written = _WRITERS.get(type(value))
        if written is not None:
            return written(self, value, depth + 1)
        if type(value) in _NAMES_OF_KNOWN:
            return self.known(value, depth + 1)
        return self.of_library(value, depth + 1)

    def once(self, value, write):
        """Write something that can change, with a number; only that where both sides have it."""
        if self.shared is None:
            return write()
        if id(value) in self.shared.numbers:
            return {"k": "shared", "n": self.shared.numbers[id(value)]}
        if id(value) in self.new:
            return {"k": "shared", "n": self.new[id(value)][0]}
        if view := self.view(value, write):
            return view
        number, before = self.shared.new_number(), len(self.new)
        self.new[id(value)] = number, value
        data = write()
        if type(data) is dict and data.get("k") == "opaque":  # it stays where it is
            self.take_back(before)
            return data
        fixed = type(value) is np.ndarray and not value.flags.writeable
        return {"k": "shared", "n": number, "v": data, **({"fixed": True} if fixed else {})}

    def view(self, value, write):
        """Write an array that shows numbers of another one that both sides have; None: of none."""
        if type(value) is not np.ndarray or value.base is None:
            return None
        bases = list(_bases(value))
        for number, whole in (*self.shared.things.items(), *self.new.values()):
            wholes = [whole, whole.base] if type(whole) is np.ndarray else []
            if any(base is x for base in bases for x in wholes):
                offset = value.ctypes.data - whole.ctypes.data
                if _shown(whole, value, offset, value.strides) is not None:
                    about = {"offset": offset, "strides": list(value.strides), "v": write()}
                    return {"k": "view", "of": number, "fixed": not value.flags.writeable, **about}
        return None

    def content(self, value, depth):
        """Write what something that can change consists of."""
        kind = _kind(value)
        if kind in _WRITERS:
            return _WRITERS[kind](self, value if type(value) is kind else kind(value), depth + 1)
        return self.known(value, depth + 1) if kind in _CHANGING else self.variable(value, depth)

    def take_back(self, before):
        """Forget what was written since there were so many things that go over."""
        for key in list(self.new)[before:]:
            del self.new[key]

    def share(self):
        """Take note that all that was written is on the other side now."""
        for number, thing in self.new.values():
            self.shared.add(number, thing)

    @contextlib.contextmanager
    def copying(self):
        """Have what is written be copies."""
        shared, self.shared = self.shared, None
        try:
            yield
        finally:
            self.shared = shared

    def text(self, value, depth):
        if len(value) > TEXT:
            raise Bad(f"a text has more than {TEXT:,} characters")
        return value.encode("utf-8", "replace").decode()  # half a surrogate pair can't travel

    def bytes_(self, value, depth):
        if len(value) > TEXT:
            raise Bad("its bytes are too many")
        return {"k": "bytes", "v": base64.b64encode(value).decode()}

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
        for key in value:
            if not _hashable(key):
                raise Bad(f"a dict has a key of type {type(key).__name__}, which can't travel")
        pairs = [[self.write(n, depth), self.write(v, depth)] for n, v in value.items()]
        return {"k": "pairs", "v": pairs}

    def set(self, value, depth):
        for entry in value:
            if not _hashable(entry):
                raise Bad(f"a set has an entry of type {type(entry).__name__}, which can't travel")
        return {"k": "set", "v": self.list(value, depth)}

    def range(self, value, depth):
        if len(value) > PARTS:
            raise Bad(f"a range has more than {PARTS:,} numbers")
        return {"k": "range", "v": self.list((value.start, value.stop, value.step), depth)}

    def slice(self, value, depth):
        if not all(e is None or type(e) is int for e in (value.start, value.stop, value.step)):
            raise Bad("a slice has ends that are no whole numbers")
        return {"k": "slice", "v": self.list((value.start, value.stop, value.step), depth)}

    def array(self, value, depth, kind="array"):
        if value.dtype.kind not in _NUMERIC:
            return self.objects(value, depth)
        self.bytes += value.nbytes
        if self.bytes > BYTES or value.ndim > AXES:
            raise Bad(f"its arrays have more than {BYTES >> 20} MB together, or {AXES} axes")
        data = np.ascontiguousarray(value).astype(value.dtype.newbyteorder("<"), copy=False)
        numbers = base64.b64encode(data.tobytes()).decode()
        dtype = data.dtype.str.replace("=", "<")
        data = {"k": kind, "dtype": dtype, "shape": list(value.shape), "v": numbers}
        is_by_columns = value.flags.f_contiguous and not value.flags.c_contiguous
        return {**data, "order": "F"} if is_by_columns else data

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
        if type(value) is np.memmap:
            return self.array(np.asarray(value), depth)
        if getattr(type(value), "stands_for_original", False):
            return {"k": "held", "handle": value.held_by_student}
        if isinstance(value, np.generic) and value.dtype.kind in _NUMERIC:
            return self.array(np.asarray(value), depth, "scalar")
        if isinstance(value, np.dtype):
            said = value.str if value.kind in "USMm" else value.name
            return {"k": "dtype", "v": said} if value.names is None else self.opaque(value)
        if isinstance(value, BaseException):
            return self.exception(value, depth)
        keras = sys.modules.get("keras")
        written = self.of_keras(value, depth, keras) if keras else None
        if written is None and isinstance(value, _BASES):
            written = self.kin(value, depth)
        if written is None and callable(value):
            written = self.function(value)
        return self.opaque(value) if written is None else written

    def of_keras(self, value, depth, keras):
        kinds = keras.KerasTensor, keras.Layer, keras.Variable
        if isinstance(value, kinds) and not issubclass(type(value), kinds):
            name = type(value).__name__[:NAME]
            raise Bad(f"its __class__ says that it is one of Keras's, but it is a {name}")
        if isinstance(value, keras.KerasTensor):
            shape = self.list(tuple(value.shape), depth)
            dtype, name = str(value.dtype), str(value.name)[:NAME]
            return {"k": "keras_tensor", "shape": shape, "dtype": dtype, "name": name}
        if isinstance(value, keras.Layer):
            with self.copying():
                return self.layer(value, depth, keras)
        if isinstance(value, type):
            return None
        if type(value).__name__ == "TensorShape" and value.rank is not None:
            return {"k": "shape", "v": self.list(value.as_list(), depth)}
        if isinstance(value, keras.Variable):
            return self.once(value, lambda: self.variable(value, depth))
        home = _home_of_setting(type(value), keras)
        if home and (written := self.setting(value, home, depth)):
            return written
        if self.strict and hasattr(value, "assign"):  # it could be changed over there
            return self.opaque(value)
        if keras.ops.is_tensor(value):
            try:
                numbers = np.asarray(value) if hasattr(value, "__array__") else None
            except Exception as error:  # each backend has its own
                raise Bad("a tensor of a graph, whose numbers aren't known yet") from error
            if type(numbers) is np.ndarray and numbers.dtype.kind in _NUMERIC:
                return self.array(numbers, depth, "tensor")
        return None

    def setting(self, value, home, depth):
        """Write a loss or the like, which a graph may call, by what it is made of."""
        if (held := self.of_theirs(value)) is not None:
            return held
        if self.strict:  # it could be changed over there
            return None
        config = value.get_config()
        if home == "losses":  # whose configuration leaves out what it knows by functions
            takes = inspect.signature(type(value)).parameters
            more = {"dtype": value.dtype, **getattr(value, "_fn_kwargs", {})}
            config |= {name: more[name] for name in more if name in takes}
        try:
            is_all = vars(type(value)(**config)) == vars(value)
        except Exception:  # somebody has put something else into it
            is_all = False
        if not is_all:
            return None
        data = {"k": "setting", "handle": self.keep(value), "of": home}
        return {**data, "class": type(value).__name__, "config": self.write(config, depth)}

    def variable(self, value, depth):
        numbers = self.array(np.asarray(value), depth)
        about = {"name": str(value.name)[:NAME], "trainable": bool(value.trainable)}
        return {"k": "variable", "v": numbers, **about}

    def layer(self, value, depth, keras):
        if (held := self.of_theirs(value)) is not None:
            return held
        kind = "model" if isinstance(value, keras.Model) else "layer"
        config = self.config(value, depth, keras)
        if config is None:
            return self.facts(value, depth, keras)
        data = {"k": kind, "handle": self.keep(value), "config": config}
        data["class"] = None if _is_exact(value, keras) else type(value).__name__
        data |= {"compiled": bool(getattr(value, "compiled", False)), "seen": self.seen(value)}
        inputs = [str(x.name)[:NAME] for x in getattr(value, "inputs", None) or ()]
        frozen = [str(x.name)[:NAME] for x in value._flatten_layers() if _is_frozen(x, keras)]
        weights = [_numbers(w) for w in value.get_weights()]
        trainable = [bool(part.trainable) for part in each_layer(value)]
        data |= {"inputs": inputs, "frozen": frozen, "trainable": trainable}
        for place, part in enumerate(each_layer(value)):
            self.sent.setdefault(id(part), (data["handle"], place))
        return {**data, "weights": self.list(weights, depth)}

    def of_theirs(self, thing):
        """Write a thing of the other side's, or a layer that it has just got; None for others."""
        found = self.sent.get(id(thing)) or self.theirs(thing)
        if found is None:
            return None
        kind = "sent" if id(thing) in self.sent else "held"
        return {"k": kind, "handle": found[0], "place": found[1]}

    def config(self, value, depth, keras):
        """Return a layer's configuration, or None where it can't be put together elsewhere."""
        if not _is_standard(value, keras) or not self.is_listed(value, keras):
            return None
        try:
            config = self.plain(_serialised(value, keras))
        except Exception:  # somebody's own layer inside, which has no configuration
            return None
        if not isinstance(value, keras.Model) and _holds_code(config):
            return None
        compiled = config.get("compile_config")
        held = self.stays(value, config, depth, keras)
        if self.strict and compiled and not _holds_code(compiled):
            held = {**held, "compile_config": compiled}
        return None if held is None else self.write(held, depth)

    def stays(self, value, config, depth, keras):
        """Return a configuration in which all that can't leave is replaced by facts about it."""
        config = {k: v for k, v in config.items() if k != "compile_config"}
        inner = config["config"]
        if not isinstance(value, keras.Model):
            return {**config, "config": _with_plain_activations(value, inner)}
        known = {x.name: x for x in _parts(value)}
        listed = list(getattr(value, "_layers", ())) if isinstance(value, keras.Sequential) else []
        in_order = len(listed) == len(inner["layers"])  # a class of one's own may tell no name
        entries = []
        for number, entry in enumerate(inner["layers"]):
            named = known.get(entry["config"].get("name", entry.get("name")))
            part = listed[number] if in_order else named
            if isinstance(part, keras.Layer) and self.has_to_stay(part, entry, keras):
                graph = {k: entry[k] for k in ("name", "inbound_nodes") if k in entry}
                facts = _Written(self.layer(part, depth, keras))
                entry = {"class_name": "__held__", "config": {"name": part.name}, **graph}
                entry["facts"] = facts
            elif isinstance(part, keras.Layer):
                entry = self.stays(part, _of_kerass_class(part, entry, keras), depth, keras)
            entries.append(entry)
        return {**config, "config": {**inner, "layers": entries}}

    def has_to_stay(self, part, entry, keras):
        if not _is_standard(part, keras) or not self.is_listed(part, keras):
            return True
        if not isinstance(part, keras.Model) and _holds_code({**entry, "module": "keras"}):
            return True
        return id(part) in self.sent or self.theirs(part) is not None  # it is there already

    def is_listed(self, layer, keras):
        """Tell whether a layer can be put together over there: a student's process takes all."""
        models = isinstance(layer, keras.Model)
        return self.strict or models or _base(layer, keras).__name__ in LAYERS

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
            "base": _base(value, keras).__name__,
            "exact": _is_exact(value, keras),
            "name": str(getattr(value, "name", ""))[:NAME],
            "built": bool(getattr(value, "built", False)),
            "trainable": [bool(w.trainable) for w in own],
            "names": [w.name for w in own],
            "weights": self.list([_numbers(w) for w in own], depth),
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
        args = [a for a in error.args if type(a) in _PLAIN]
        try:
            said = str(error)
        except Exception:
            said = ""
        return {
            "k": "exception",
            "type": type(error).__name__[:NAME],
            "module": str(getattr(type(error), "__module__", "")),
            "base": _builtin(error).__name__,
            "text": self.text(said[: TEXT // 4], depth),
            "args": self.list(args[:8], depth) if len(args) == len(error.args) else None,
            "own": self.own_parts(error, depth),
            "cause": self.write(error.__cause__, depth + 1),
            "seen": self.seen(error),
        }

    def own_parts(self, error, depth):
        """Write what the notebook has put into an error; a library's tell what they say."""
        if type(error).__module__ not in ("__main__", "builtins"):
            return {}
        parts = {k: part for k, part in vars(error).items() if _is_own(k, _builtin(error))}
        return {name: self.write(value, depth + 1) for name, value in parts.items()}

    def function(self, value):
        name = getattr(value, "__name__", None)
        name = name[:NAME] if isinstance(name, str) else None
        said = _short(value)
        kind, is_class = type(value), isinstance(value, type)
        data = {"k": "function", "handle": self.keep(value), "name": name, "v": said}
        data |= {"type": kind.__name__, "seen": self.seen(value), "is_class": is_class}
        data |= {"has": [method for method in _has(kind) if method != "__call__"]}
        return {**data, "of": _classes(kind), "fields": _fields_of(value if is_class else kind)}

    def known(self, value, depth):
        """Write a value of one of the library's classes by what it is made of."""
        before = len(self.new)
        try:
            parts = self.write(_KNOWN[_NAMES_OF_KNOWN[type(value)]][1](value), depth)
        except (Bad, KeyError, StopIteration):  # a default that is made by a function, say
            self.take_back(before)
            return self.opaque(value)
        return {"k": "known", "type": _NAMES_OF_KNOWN[type(value)], "v": parts}

    def kin(self, value, depth):
        """Write a value of a class that is derived from a plain one, if it is used as that one."""
        kind, base = type(value), next(b for b in _BASES if isinstance(value, b))
        theirs = kind.__module__.split(".")[0] in ("keras", "tensorflow")
        if theirs and not hasattr(kind, "_fields"):  # what they make of a layer's lists and dicts
            return _WRITERS[base](self, base(value), depth)
        if not issubclass(kind, base):  # it only says that it is one
            return None
        own = set().union(*map(vars, kind.__mro__[: kind.__mro__.index(base)])) - _NEUTRAL
        fields = getattr(kind, "_fields", None)
        if type(fields) is tuple and base is tuple and own <= {*fields, *_OF_NAMED}:
            data = {"k": "named", "type": kind.__name__[:NAME], "fields": self.list(fields, depth)}
            return {**data, "v": self.list(tuple(value), depth)}
        own -= _MAKING
        changes = base in (list, dict, set) and own  # a copy wouldn't see what its methods do
        if changes or own & _OPERATORS or any(hasattr(base, name) for name in own):
            return None
        said, plain = _short(value), base(value)
        data = {"k": "kin", "type": kind.__name__[:NAME], "base": base.__name__, "said": said}
        data["handle"] = self.keep(value)

        def write():
            return {**data, "v": _WRITERS[base](self, plain, depth)}

        return self.once(value, write) if base in _CHANGING else write()

    def opaque(self, value, said=None):
        if self.strict:
            raise Bad(f"a {type(value).__name__} can't travel")
        kind = type(value)
        data = {"k": "opaque", "type": kind.__name__[:NAME], "v": said or _short(value)}
        data |= {"handle": self.keep(value), "has": _has(kind), "of": _classes(kind)}
        return {**data, "fields": _fields_of(kind)}


class _Written(dict):
    """Data that stands in a configuration and is written already."""


class Parts(list):
    """What something is taken apart into: a list that nobody else has."""


#: Classes whose objects can be changed. One derived from them has objects that can, too, and so
#: has Keras's Variable.
_CHANGING = {list, dict, set, bytearray, np.ndarray, collections.deque, collections.OrderedDict}
_CHANGING |= {collections.Counter, collections.defaultdict}

_PLAIN = (type(None), bool, int, float, str)
_BASES = (int, float, complex, str, bytes, tuple, list, dict, set, frozenset)
#: How an object is made, copied and written: where a class derived from a plain one has a way of
#: its own, it is used as the plain one all the same.
_MAKING = {"__new__", "__repr__", "__getnewargs__", "__reduce__", "__reduce_ex__", "__setattr__"}
#: What each named tuple has.
_OF_NAMED = ("_fields", "_field_defaults", "_make", "_replace", "_asdict", "__match_args__")
_OF_NAMED += ("__new__", "__repr__", "__getnewargs__", "__slots__", "__replace__", "__orig_bases__")
#: Special methods by which it is told what can be done with a value that stays where it is. Those
#: of operators are Python's own, each in its three forms: binary, reflected and in place.
_METHODS = """
    __len__ __iter__ __next__ __reversed__ __contains__ __getitem__ __setitem__ __delitem__
    __bool__ __int__ __float__ __complex__ __index__ __round__ __trunc__ __floor__ __ceil__
    __neg__ __pos__ __abs__ __invert__ __enter__ __exit__
    __array__ __bytes__ __call__ __await__ __aiter__ __anext__ __fspath__ __length_hint__
"""
_BINARY = {name[2:] for name in vars(operator) if f"__i{name[2:]}" in vars(operator)}
_BINARY = (_BINARY | {"divmod__"}) - {"concat__"}  # that one is a function for two lists
_IN_FORMS = {f"__{form}{name}" for name in _BINARY for form in ("", "r", "i")}
_SPECIAL = frozenset(_METHODS.split()) | (_IN_FORMS - {"__idivmod__"})
#: What Python looks for in a class: to find it there, it asks no copy of another class.
_OPERATORS = _SPECIAL | {"__missing__", "__getattr__"}
#: Those that every object has: only what is no longer object's own is told.
_INHERITED = ("__eq__", "__ne__", "__hash__", "__lt__", "__le__", "__gt__", "__ge__", "__str__")
_INHERITED += ("__format__",)
_WRITERS = {
    str: _Writer.text,
    int: _Writer.int,
    float: lambda w, v, d: {"k": "float", "v": v.hex()},
    complex: lambda w, v, d: {"k": "complex", "v": [v.real.hex(), v.imag.hex()]},
    bytes: _Writer.bytes_,
    type(...): lambda w, v, d: {"k": "ellipsis"},
    tuple: lambda w, v, d: {"k": "tuple", "v": w.list(v, d)},
    list: _Writer.list,
    dict: _Writer.dict,
    set: _Writer.set,
    frozenset: lambda w, v, d: {"k": "known", "type": "frozenset", "v": w.list(v, d)},
    range: _Writer.range,
    slice: _Writer.slice,
    np.ndarray: _Writer.array,
    _Written: lambda w, v, d: dict(v),
    Parts: _Writer.list,
    types.FunctionType: lambda w, v, d: w.function(v),
}


def _moment(value):
    """Return what a date or time is made of; none of one in a zone with rules."""
    zone = getattr(value, "tzinfo", None)
    if zone is not None and type(zone) is not datetime.timezone:
        raise Bad("its time zone has rules")
    return value.isoformat()


def _decimal(text):
    if type(text) is not str or len(text) > DIGITS:
        raise Bad("malformed known")
    value = decimal.Decimal(text)
    size = value.as_tuple().exponent
    if type(size) is int and abs(size) > DIGITS:  # to make a whole number of it takes for ever
        raise Bad("a number of thousands of digits")
    return value


def _pairs(kind):
    return lambda parts: kind(_hashed_pairs(parts))


def _hashed_pairs(parts):
    pairs = [tuple(pair) for pair in parts]
    if not all(len(pair) == 2 and _hashable(pair[0]) for pair in pairs):
        raise Bad("malformed known")
    return pairs


def _all_hashable(parts):
    return _check(type(parts) is list and all(map(_hashable, parts)), parts, "set")


def _listed(value):
    return Parts(Parts(pair) for pair in value.items())


_FACTORIES = {"int": int, "float": float, "str": str, "list": list, "dict": dict, "set": set}
_FACTORIES |= {"tuple": tuple, "None": None}


def _factory(value):
    return next(name for name, kind in _FACTORIES.items() if kind is value.default_factory)


def _dict(value):
    return _check(isinstance(value, dict), value, "dict")


def _dict_of(view):
    """Return the dict whose keys or values a view shows; a copy of one of a class of one's own."""
    (of,) = gc.get_referents(view)
    return of if type(of) in _CHANGING else dict(of)


#: Classes of Python's library: by their name, how one is made of plain parts, and taken apart.
_KNOWN = {
    "frozenset": (lambda v: frozenset(_all_hashable(v)), Parts),
    "Fraction": (
        lambda v: fractions.Fraction(*map(_whole, v)),
        lambda v: Parts((v.numerator, v.denominator)),
    ),
    "Decimal": (_decimal, str),
    "bytearray": (lambda v: bytearray(_of_type(bytes, v)), bytes),
    "date": (datetime.date.fromisoformat, _moment),
    "time": (datetime.time.fromisoformat, _moment),
    "datetime": (datetime.datetime.fromisoformat, _moment),
    "timedelta": (
        lambda v: datetime.timedelta(*map(_whole, v)),
        lambda v: Parts((v.days, v.seconds, v.microseconds)),
    ),
    "deque": (
        lambda v: collections.deque(_of_type(list, v[0]), v[1]),
        lambda v: Parts((Parts(v), v.maxlen)),
    ),
    "OrderedDict": (_pairs(collections.OrderedDict), _listed),
    "Counter": (_pairs(lambda pairs: collections.Counter(dict(pairs))), _listed),
    "defaultdict": (
        lambda v: collections.defaultdict(_FACTORIES[v[0]], _hashed_pairs(v[1])),
        lambda v: Parts((_factory(v), _listed(v))),
    ),
    "dict_keys": (lambda v: _dict(v).keys(), _dict_of),
    "dict_values": (lambda v: _dict(v).values(), _dict_of),
    "dict_items": (lambda v: _dict(v).items(), _dict_of),
    "mappingproxy": (
        lambda v: types.MappingProxyType(dict(_hashed_pairs(v))),
        _listed,
    ),
    "NotImplementedType": (lambda v: NotImplemented, lambda v: None),
}
_NAMES_OF_KNOWN = {
    kind: name
    for name, kind in {
        **{name: getattr(collections, name) for name in ("deque", "OrderedDict", "Counter")},
        **{name: getattr(datetime, name) for name in ("date", "time", "datetime", "timedelta")},
        "Fraction": fractions.Fraction,
        "Decimal": decimal.Decimal,
        "defaultdict": collections.defaultdict,
        "bytearray": bytearray,
        **{f"dict_{name}": type(getattr({}, name)()) for name in ("keys", "values", "items")},
        "mappingproxy": types.MappingProxyType,
        "NotImplementedType": type(NotImplemented),
    }.items()
}


def _of_type(kind, value):
    return _check(type(value) is kind, value, kind.__name__)


def _whole(number):
    return _check(type(number) is int and number.bit_length() <= 4 * DIGITS, number, "number")


def _short(value):
    try:
        return repr(value)[:200]
    except Exception:  # somebody's own __repr__ may do anything
        return f"<{type(value).__name__}>"[:200]


def _has(kind):
    """Return the special methods of a class that are no object's own."""
    names = set().union(*map(vars, kind.__mro__)) & _SPECIAL
    has = [n for n in sorted(names) if getattr(kind, n, None) is not None]
    return has + [n for n in _INHERITED if getattr(kind, n, None) is not getattr(object, n)]


def _classes(kind):
    """Return where a class is from and what it is called, and the same of those before it."""
    classes = [[c.__module__, c.__qualname__] for c in kind.__mro__[:-1]]
    return [c for c in classes if all(type(n) is str and len(n) <= NAME for n in c)][:20]


def _fields_of(kind):
    """Return the names of the fields of a dataclass, None for any other class."""
    return [f.name for f in dataclasses.fields(kind)] if dataclasses.is_dataclass(kind) else None


def _builtin(error):
    """Return the class of Python's own that an error is of, or is derived from."""
    return next(c for c in type(error).__mro__ if getattr(builtins, c.__name__, 0) is c)


def _is_own(name, kind):
    """Tell whether a part of an error is somebody's own, and none that such errors have."""
    is_free = is_name(name) and not name.startswith("_") and name not in ("seen_there", "said")
    return is_free and not hasattr(kind, name)


def _numbers(weight):
    """Return a weight as an array of a type that NumPy itself has: bfloat16 isn't one."""
    array = np.asarray(weight)
    return array if array.dtype.kind in _NUMERIC else array.astype("float32")


def _contents(layer, model):
    """Return a model's layers, and the weights of a layer or model; nothing of a broken one."""
    try:
        return (list(layer.layers) if model else []), list(layer.weights)
    except Exception:  # a class whose __init__ lacks what Keras prepares
        return [], []


def _base(layer, keras):
    """Return the class of Keras's own that a layer or model is of, or is derived from."""
    return next(kind for kind in type(layer).__mro__ if _is_kerass(kind, keras))


def _is_kerass(kind, keras):
    if kind in (keras.Sequential, keras.Model, keras.Layer):
        return True
    if (kind.__name__, kind.__module__.split(".")[0]) == ("Functional", "keras"):
        return True
    return getattr(keras.layers, kind.__name__, None) is kind


def _is_exact(layer, keras):
    return type(layer) is _base(layer, keras)


def _is_standard(layer, keras):
    """Tell whether a layer does what one of Keras's own classes does, which holds no code.

    A class derived from one of those does, if it has a way of its own to be made and no more, or
    methods by names of its own.
    """
    base = _base(layer, keras)
    if base is keras.Model or base.__name__ in _ROOTED:
        return False
    derived = type(layer).__mro__[: type(layer).__mro__.index(base)]
    own = {name for kind in derived for name in vars(kind)} - _NEUTRAL
    return not any(hasattr(base, name) for name in own)


#: What every class has, and what only says how an object is made.
_NEUTRAL = {"__init__", "__module__", "__doc__", "__dict__", "__weakref__", "__annotations__"}
_NEUTRAL |= {"__qualname__", "__firstlineno__", "__static_attributes__", "__annotate_func__"}
_NEUTRAL |= {"__slotnames__"}  # left by whoever has copied an object of it


def _serialised(layer, keras):
    """Return the configuration of a standard layer or model, as of one of Keras's own class."""
    if _is_exact(layer, keras):
        return keras.saving.serialize_keras_object(layer)
    if _base(layer, keras).__name__ != "Functional":
        return _of_kerass_class(layer, keras.saving.serialize_keras_object(layer), keras)
    # Keras writes no graph for a class whose __init__ takes something else than its ends.
    same = keras.Model(layer._inputs_struct, layer._outputs_struct, name=layer.name)
    config = keras.saving.serialize_keras_object(same)
    return {**config, "config": {**config["config"], "trainable": layer.trainable}}


def _of_kerass_class(layer, config, keras):
    """Return a layer's configuration with the name of Keras's class that it is derived from."""
    if _is_exact(layer, keras):
        return config
    base = _base(layer, keras)
    if base.__name__ == "Functional":
        return {**_serialised(layer, keras), **{k: config[k] for k in _GRAPH if k in config}}
    module = "keras" if base is keras.Sequential else "keras.layers"
    return {**config, "module": module, "class_name": base.__name__, "registered_name": None}


_GRAPH = ("name", "inbound_nodes")


def _holds_code(config):
    """Tell whether a layer's configuration names functions or classes that aren't Keras's."""
    if isinstance(config, (list, tuple)):
        return any(map(_holds_code, config))
    if not isinstance(config, dict):
        return False
    if isinstance(config.get("class_name"), str) and "config" in config:
        kind, module = config["class_name"], str(config.get("module") or "")
        if kind in ("function", "__lambda__"):
            return config.get("config") not in _OF_TENSORFLOW
        if not kind.startswith("__") and module.split(".")[0] != "keras":
            return True
    return any(_holds_code(value) for key, value in config.items() if key != "inbound_nodes")


def _is_frozen(layer, keras):
    """Tell whether it is an input that isn't trainable, which its configuration doesn't say."""
    return isinstance(layer, keras.layers.InputLayer) and not layer.trainable


#: Where Keras has classes of which an object is no more than what it was made with, and what each
#: is derived from there.
_SETTINGS = {
    "losses": "Loss",
    "regularizers": "Regularizer",
    "constraints": "Constraint",
    "optimizers.schedules": "LearningRateSchedule",
}


def _home_of_setting(kind, keras):
    """Return in which of `_SETTINGS` Keras has a class; None: in none."""
    return next((home for home in _SETTINGS if _setting(home, kind.__name__, keras) is kind), None)


def _setting(home, name, keras):
    """Return a class of `_SETTINGS` by its name; None if there is none."""
    module = operator.attrgetter(home)(keras)
    base, kind = getattr(module, _SETTINGS[home]), getattr(module, name, None)
    fine = isinstance(kind, type) and issubclass(kind, base) and kind is not base
    return kind if fine else None


def _parts(model):
    return getattr(model, "operations", None) or model.layers


#: Functions of TensorFlow that do what Keras's of the same name do.
_OF_TENSORFLOW = ("softmax", "log_softmax", "leaky_relu")


def _with_plain_activations(layer, config):
    """Return a layer's configuration in which TensorFlow's activations have their Keras names."""
    tf = sys.modules.get("tensorflow")
    same = _OF_TENSORFLOW
    named = {}
    for key in ("activation", "recurrent_activation"):
        function = getattr(layer, key, None)
        for name in same if tf and isinstance(config.get(key), dict) else ():
            if function is getattr(tf.nn, name, None):
                named[key] = name
    return {**config, **named}


# Reading


def decode(data, fetch, shared=None):
    """Return the value that `data` stands for, or raise Bad.

    fetch: fetch(kind, handle, about) returns what stands for a function, layer or model, held
    here or at the other side; `about` is what is said of it, read already. shared: the table of
    what both sides have.
    """
    value = _Reader(fetch, shared).read(data, 0)
    if shared is not None:
        shared.settle()
    return value


class _Reader:
    def __init__(self, fetch, shared=None):
        self.fetch, self.shared, self.parts, self.bytes = fetch, shared, 0, 0

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

    def both(self, data, depth):
        """Read something that both sides have, from now on or already."""
        number, shared = data["n"], self.shared
        _check(shared is not None, data, "shared")
        if "v" not in data:
            return shared.find(number)
        fine = type(number) is int and 0 <= number < _EXACT and (number - shared.first) % 2
        _check(fine and number not in shared.things, number, "number of something shared")
        self.parts -= 1
        value = self.content(data["v"], depth - 1)
        if data.get("fixed") is True and type(value) is np.ndarray:
            value.flags.writeable = False
        shared.add(number, value)
        return value

    def view(self, data, depth):
        """Read an array that shows numbers of one that both sides have."""
        _check(self.shared is not None, data, "view")
        numbers, whole = self.read(data["v"], depth), self.shared.find(data["of"])
        fine = type(numbers) is type(whole) is np.ndarray and type(data["offset"]) is int
        strides = whole_numbers(_check(fine, data["of"], "view") and data["strides"])
        view = _shown(whole, numbers, data["offset"], strides)
        if view is None:  # here, it lies otherwise in memory
            return numbers
        if data["fixed"] is True:
            view.flags.writeable = False
        return view

    def content(self, data, depth):
        """Read what something that can change consists of; return a new one."""
        _check(type(data) is not dict or data.get("k") != "shared", data, "shared")
        value = self.read(data, depth)
        return _check(_kind(value) is not None, value, "shared")

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
        pairs = _check(type(data["v"]) is list, data["v"], "dict")
        pairs = [self.several(pair, depth) for pair in pairs]
        _check(all(len(p) == 2 and _hashable(p[0]) for p in pairs), pairs, "dict")
        return dict(pairs)

    def set(self, data, depth):
        entries = self.several(data["v"], depth)
        return set(_check(all(map(_hashable, entries)), entries, "set"))

    def bytes_(self, data, depth):
        return base64.b64decode(
            _check(type(data["v"]) is str and len(data["v"]) <= 2 * TEXT, data, "bytes")["v"]
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
        order = "F" if data.get("order") == "F" else "C"
        array = np.frombuffer(numbers, dtype).reshape(shape)
        return array.astype(dtype.newbyteorder("="), order=order)

    def scalar(self, data, depth):
        array = self.array(data, depth)
        return _check(array.ndim == 0, array, "scalar")[()]

    def tensor(self, data, depth):
        import keras

        return keras.ops.convert_to_tensor(self.array(data, depth))

    def variable(self, data, depth):
        import keras

        numbers, name = self.read(data["v"], depth), data["name"]
        fine = type(numbers) is np.ndarray and numbers.dtype.kind in "biuf"
        _check(fine and type(name) is str and len(name) <= NAME, 0, "variable")
        name = name.replace("/", "_") or "variable"
        return keras.Variable(numbers, trainable=data["trainable"] is True, name=name)

    def shape(self, data, depth):
        sizes = _sizes(data["v"], opened=True)
        tf = sys.modules.get("tensorflow")
        return tf.TensorShape(sizes) if tf else sizes

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
        dtype, name = _check(type(data["dtype"]) is str, data, "dtype")["dtype"], data["name"]
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
        text = data["text"]
        _check(type(text) is str and len(text) <= TEXT, text, "text of an exception")
        error = _exception(*names, data["module"], text, args)
        seen = _seen(data.get("seen"), met_in=list, unwritten=str, cause=str)
        seen["met_in"] = seen["met_in"] if len(seen["met_in"] or ()) == 2 else None
        seen["declared"] = _declared(data.get("seen"))
        error.seen_there = seen
        own = data.get("own", {})
        _check(type(own) is dict and len(own) <= 50, own, "exception")
        for name, part in own.items():
            _check(_is_own(name, type(error)), name, "exception")
            setattr(error, name, self.read(part, depth + 1))
        error.__cause__ = self.read(data.get("cause"), depth + 1)
        return error

    def known(self, data, depth):
        made = _KNOWN[_check(type(data["type"]) is str, data, "class of the library")["type"]][0]
        try:
            return made(self.read(data["v"], depth))
        except (ArithmeticError, AttributeError, IndexError, StopIteration) as error:
            raise Bad("malformed known") from error

    def named(self, data, depth):
        fields, values = self.several(data["fields"], depth, 500), self.several(data["v"], depth)
        fine = all(map(is_name, fields)) and len(set(fields)) == len(fields) == len(values)
        _check(fine and not any(n.startswith("_") for n in fields), fields, "named tuple")
        return named_tuple(data["type"] if is_name(data["type"]) else "tuple", fields, values)

    def kin(self, data, depth):
        """Read a value of a class that is derived from a plain one."""
        about = self.about_opaque(data)
        about["value"] = self.read(data["v"], depth)
        _check(type(about["value"]) in _BASES, data, "value of a class of its own")
        return self.fetch("kin", _handle(data), about)

    def opaque(self, data, depth):
        about = {**self.about_opaque(data), **self.methods(data)}
        return self.fetch("opaque", _handle(data), about)

    def methods(self, data):
        """Read which special methods something has, and of what classes it is."""
        has, classes, known = data["has"], data["of"], {*_SPECIAL, *_INHERITED}
        fine = type(has) is list and len(has) <= len(known)
        _check(fine and all(type(n) is str and n in known for n in has), 0, "methods")
        fine = type(classes) is list and len(classes) <= 20
        _check(fine and all(map(_is_class_name, classes)), 0, "classes")
        return {"has": has, "of": classes}

    def about_opaque(self, data):
        said = data["said"] if data["k"] == "kin" else data["v"]
        _check(type(said) is str and len(said) <= 300, data, "text")
        kind = data["type"] if is_name(data["type"]) else "object"
        return {"type": kind, "said": said, "fields": self.fields(data)}

    def fields(self, data):
        names = data.get("fields")
        fine = type(names) is list and len(names) <= 200 and all(map(is_name, names))
        return _check(names is None or fine, data, "fields").get("fields")

    def function(self, data, depth):
        name, said = data["name"], data["v"]
        name = name if _is_function_name(name) else None
        _check(type(said) is str and len(said) <= 300, data, "text")
        kind = data["type"] if is_name(data["type"]) else "function"
        about = {"name": name, "said": said, "type": kind}
        about["seen"] = _seen(data.get("seen"), layer_class=bool, unused=list)
        about |= {"is_class": data.get("is_class") is True, "fields": self.fields(data)}
        about |= self.methods({"has": [], "of": [], **data})
        return self.fetch("function", _handle(data), about)

    def layer(self, data, depth):
        """Read the configuration and weights of a layer or model."""
        config = self.read(data["config"], depth)
        _check(type(config) is dict, config, "configuration")
        about = {"config": config, "weights": self.arrays(data["weights"], depth)}
        for key in ("inputs", "frozen"):
            names = about[key] = data.get(key, [])
            _check(type(names) is list and len(names) <= 100, names, "names of inputs")
            _check(all(type(n) is str and len(n) <= NAME for n in names), names, "names of inputs")
        flags = about["trainable"] = data.get("trainable", [])
        _check(type(flags) is list and all(type(f) is bool for f in flags), flags, "trainable")
        about["class"] = data.get("class") if is_name(data.get("class")) else None
        about["compiled"] = data.get("compiled") is True
        about["seen"] = _seen(data.get("seen"), takes=list, borrows=list)
        return self.fetch(data["k"], _handle(data), about)

    def remote(self, data, depth):
        """Read the facts about a layer or model that stays at the other side."""
        about = {key: data[key] for key in ("class", "name", "built", "trainable", "names")}
        about["base"] = data.get("base") if is_name(data.get("base")) else None
        about["exact"] = data.get("exact") is True
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

    def setting(self, data, depth):
        """Read a loss or the like; `fetch` is given its class and what it is made with."""
        import keras

        home, config = data["of"], self.read(data["config"], depth)
        _check(type(home) is str and home in _SETTINGS and is_name(data["class"]), 0, "class")
        kind = _setting(home, data["class"], keras)
        _check(kind is not None, 0, "class")
        _check(type(config) is dict and all(map(is_name, config)), 0, "configuration")
        values = [v for x in config.values() for v in (x if type(x) is list else [x])]
        _check(all(type(v) in _PLAIN for v in values), 0, "configuration")
        try:
            return self.fetch("setting", _handle(data), (kind, config))
        except Exception as error:
            raise Bad("malformed configuration") from error

    def held(self, data, depth):
        place = data.get("place", 0)
        _check(type(place) is int and 0 <= place < PARTS, place, "place")
        return self.fetch(data["k"], _handle(data), {"place": place})

    def arrays(self, data, depth):
        found = self.several(data, depth, 1000)
        are_numbers = all(type(a) is np.ndarray and a.dtype.kind in "biuf" for a in found)
        return _check(are_numbers, found, "weights")


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
    "known": _Reader.known,
    "named": _Reader.named,
    "kin": _Reader.kin,
    "opaque": _Reader.opaque,
    "function": _Reader.function,
    "held": _Reader.held,
    "sent": _Reader.held,
    "shared": _Reader.both,
    "view": _Reader.view,
    "bytes": _Reader.bytes_,
    "ellipsis": lambda r, data, depth: ...,
    "tuple": lambda r, data, depth: tuple(r.several(data["v"], depth)),
    "shape": _Reader.shape,
    "variable": _Reader.variable,
    "setting": _Reader.setting,
    "layer": _Reader.layer,
    "model": _Reader.layer,
    "remote_layer": _Reader.remote,
    "remote_model": _Reader.remote,
}


def _check(holds, value, what):
    if not holds:
        raise Bad(f"malformed or too large: {what}")
    return value


def _float(text):
    _check(type(text) is str and len(text) <= 40, text, "number")
    return float.fromhex(text)


def whole_numbers(data):
    """Return a list of whole numbers that came from the other side."""
    return _check(type(data) is list and all(type(n) is int for n in data), data, "numbers")


def _handle(data):
    handle = data["handle"]
    return _check(type(handle) is int and 0 <= handle < 10**6, handle, "handle")


def _hashable(value):
    if type(value) is tuple:
        return all(map(_hashable, value))
    kinds = (*_PLAIN, complex, bytes, type(...), *_HASHABLE)
    return type(value) in kinds or isinstance(value, np.generic)


_HASHABLE = (frozenset, fractions.Fraction, decimal.Decimal, datetime.date, datetime.time)
_HASHABLE += (datetime.datetime, datetime.timedelta)


def _is_class_name(names):
    fine = type(names) is list and len(names) == 2
    return fine and all(type(n) is str and len(n) <= NAME for n in names)


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


def _declared(told):
    """Return the shape that is told of an Input, a list of sizes and None; or None."""
    shape = told.get("declared") if type(told) is dict else None
    sizes = shape if type(shape) is list and len(shape) <= 10 else [""]
    fine = all(n is None or (type(n) is int and 0 <= n < 10**9) for n in sizes)
    return shape if fine else None


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
