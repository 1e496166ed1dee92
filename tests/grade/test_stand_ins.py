"""What a check does with an answer gives what plain Python gives, or is left to a person.

Each kind of answer is put to each use twice: in one process, as Python has it, and through the
judge's stand-ins. A use may raise what it raises in Python; but no use gives anything else.
"""

import contextlib
import io
import re

import keras
import numpy as np
import pytest

from autograder.grade.run import wire
from autograder.grade.run.judge.objects import type_of
from autograder.grade.run.judge.remote import Undecided
from tests.grade.loopback import Loopback, named, student_with

pytestmark = pytest.mark.sandbox

#: What a person decides, where it would be more than it is worth to have it decided here.
BY_HAND = "by hand"

OWN = """
import collections, dataclasses, datetime, decimal, enum, fractions, inspect, itertools, types
from collections import *
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

class Own(layers.Layer):
    def __init__(self, units=3):
        super().__init__()
        self.units = units
    def build(self, shape):
        self.w = self.add_weight(shape=(shape[-1], self.units))
    def call(self, x):
        return x @ self.w
    def compute_output_shape(self, shape):
        return (*shape[:-1], self.units)
    def doubled(self):
        return 2 * self.units

class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.flat, self.dense = layers.Flatten(), layers.Dense(2)
        self.note = {"made": ["by", 1]}
    def call(self, x):
        return self.dense(self.flat(x))

class Stack(keras.Sequential):
    def size(self):
        return len(self.layers)

class Graph(keras.Model):
    def __init__(self):
        i = keras.Input((4, 4, 1))
        super().__init__(i, layers.Dense(2)(layers.Flatten()(i)))

class MyDense(layers.Dense):
    def call(self, x):
        return super().call(x) * 2

def act(x):
    return keras.ops.relu(x) * 2

def stack(*more):
    return keras.Sequential([keras.Input((4, 4, 1)), layers.Flatten(), *more])

class P:
    def __init__(self, x):
        self.x = x
    def double(self):
        return 2 * self.x

class Always:
    def __eq__(self, other):
        return True

@dataclass
class Point:
    x: int = 1
    y: tuple = (2, 3)

class Colour(enum.Enum):
    RED = 1

class Number(enum.IntEnum):
    TWO = 2

Named = namedtuple("Named", "x y")
keras.utils.set_random_seed(1)
"""

CHECKS = (
    OWN.split("class Own")[0]
    + """
import copy
Named = namedtuple("Named", "x y")
"""
)

MODELS = {
    "a Sequential": "stack(layers.Dense(2))",
    "a fixed batch": "keras.Sequential([keras.Input(batch_shape=(3, 4, 4, 1)), layers.Flatten()])",
    "a Lambda": "stack(layers.Lambda(lambda x: x * 2), layers.Dense(2))",
    "a Lambda, fixed batch": (
        "keras.Sequential([keras.Input(batch_shape=(3, 4, 4, 1)), layers.Lambda(lambda x: x)])"
    ),
    "a layer of one's own": "stack(Own(), layers.Dense(2))",
    "Activation(function)": "stack(layers.Dense(2), layers.Activation(act))",
    "activation=function": "stack(layers.Dense(2, activation=act))",
    "Conv2D(activation=function)": (
        "keras.Sequential([keras.Input((4, 4, 1)), layers.Conv2D(2, 3, activation=act)])"
    ),
    "a layer derived from Dense": "stack(MyDense(2))",
    "a class derived from Sequential": (
        "Stack([keras.Input((4, 4, 1)), layers.Flatten(), layers.Dense(2)])"
    ),
    "the same, with a Lambda": "Stack([keras.Input((4, 4, 1)), layers.Lambda(lambda x: x)])",
    "a class of Model(inputs, outputs)": "Graph()",
    "a class of its own": "(lambda m: (m(np.ones((1, 4, 4, 1))), m)[1])(Net())",
    "the same, not built": "Net()",
    "a compiled model": (
        "(lambda m: (m.compile('sgd', 'mse', metrics=['mae']), m)[1])(stack(layers.Dense(2)))"
    ),
    "a compiled model of its own": "(lambda m: (m.compile('sgd', 'mse'), m)[1])(Graph())",
    "a frozen layer": "stack(layers.Dense(2, trainable=False), Own())",
    "a frozen model": "(lambda m: (setattr(m, 'trainable', False), m)[1])(Graph())",
    "a model of a layer that adapts": "stack(layers.Normalization(mean=1.0, variance=4.0))",
    "a model with RandomFlip": (
        "keras.Sequential([keras.Input((4, 4, 1)), layers.RandomFlip(), layers.Flatten()])"
    ),
}
X, Y = "np.arange(48.0).reshape(3, 4, 4, 1)", "np.ones((3, *a.output_shape[1:]))"
LEARN = f"a.fit({X}, {Y}, verbose=0, shuffle=False, epochs=2).history['loss']"
USES_OF_MODELS = [
    "a.compute_output_shape((3, 4, 4, 1))",
    "a.compute_output_shape((None, 4, 4, 1))",
    "a.compute_output_shape((5, 4, 4, 1))",
    f"a({X})",
    f"a({X}[:1])",
    f"a({X}, training=True)",
    f"a.call(keras.ops.convert_to_tensor({X}, 'float32'))",
    f"a.predict({X}, verbose=0)",
    f"a.predict({X}, verbose=0, batch_size=2)",
    f"a.predict({X}[:2], verbose=0)",
    f"a.predict_on_batch({X})",
    f"(a.compile('sgd', 'mse'), {LEARN}, a.evaluate({X}, {Y}, verbose=0), a.get_weights())",
    f"(a.compile(optimizer='sgd', loss='mse', metrics=['mae']), a.evaluate({X}, {Y}, verbose=0))",
    f"({LEARN}, a.predict({X}, verbose=0))",
    f"a.evaluate({X}, {Y}, verbose=0)",
    f"a.train_on_batch({X}, {Y})",
    "a.get_weights()",
    "[w.shape for w in a.weights]",
    "a.count_params()",
    "a.summary()",
    "[len(a.trainable_weights), len(a.non_trainable_weights), len(a.trainable_variables)]",
    "a.trainable, [x.trainable for x in a.layers]",
    "[type(x).__name__ for x in a.layers]",
    "[x.name for x in a.layers]",
    "[type(x) is layers.Dense for x in a.layers]",
    "[isinstance(x, layers.Dense) for x in a.layers]",
    "[isinstance(x, (layers.Conv2D, layers.Lambda, layers.Activation)) for x in a.layers]",
    "[type(x) is layers.Conv2D for x in a.layers]",
    "[type(x) == layers.Lambda for x in a.layers]",
    "[x.__class__.__name__ for x in a.layers]",
    "[getattr(x, 'units', None) for x in a.layers]",
    "[getattr(x, 'filters', None) for x in a.layers]",
    "[getattr(x, 'kernel_size', None) for x in a.layers]",
    "[getattr(x, 'use_bias', None) for x in a.layers]",
    "[getattr(getattr(x, 'activation', None), '__name__', None) for x in a.layers]",
    "[x.activation is keras.activations.relu for x in a.layers if hasattr(x, 'activation')]",
    "a.get_layer(index=0).name",
    "a.get_layer(a.layers[-1].name).name",
    "a.get_layer('no such layer')",
    "a.layers[0] is a.layers[0]",
    "[x.count_params() for x in a.layers]",
    "[x.output.shape for x in a.layers]",
    f"a.layers[-1](a.layers[0]({X}))",
    f"keras.Model(a.inputs, a.layers[-1].output)({X})",
    f"keras.Sequential(a.layers)({X})",
    f"keras.models.clone_model(a)({X}).shape",
    "a.inputs[0].shape",
    "a.outputs[0].shape",
    "a.input_shape",
    "a.output_shape",
    "a.input.shape, a.output.dtype",
    "len(a.inputs)",
    "a.get_config()",
    "sorted(a.get_config())",
    "[sorted(x.get_config()) for x in a.layers]",
    "[x.get_config().get('activation') for x in a.layers]",
    "a.to_json()",
    "isinstance(a, keras.Model)",
    "isinstance(a, keras.Sequential)",
    "type(a).__name__",
    "type(a) is keras.Sequential",
    "type(a) is type(a)",
    "a.built",
    "a.compiled",
    "a.loss",
    "a.optimizer.__class__.__name__",
    "float(a.optimizer.learning_rate)",
    "a.metrics_names",
    "[m.name for m in a.metrics]",
    "a.dtype",
    "a.name",
    "a.losses",
    "a.note['made'][1]",
    "a.size()",
    "a.dense.units",
    "a.dense is a.layers[-1]",
    "a.layers[1].doubled()",
    "a.no_such_name",
    "hasattr(a, 'no_such_name')",
    "a.set_weights([np.ones(w.shape) for w in a.get_weights()]), a.predict(np.ones((3, 4, 4, 1)))",
    f"[setattr(a, 'trainable', False), len(a.trainable_weights), a({X})]",
    "setattr(a, 'mine', 3), a.mine",
    "bool(a)",
    "a == 3, a == a, a != 3, a is None",
    f"keras.ops.mean(a({X}))",
    "len({a, a})",
]

VALUES = {
    "a Fraction": "Fraction(1, 2)",
    "a Decimal": "Decimal('1.50')",
    "a Decimal that is none": "Decimal('NaN')",
    "a deque": "deque([1, 2, 3], maxlen=4)",
    "keys": "{'a': 1, 2: 3}.keys()",
    "values": "{'a': 1, 2: 3}.values()",
    "items": "{'a': 1}.items()",
    "map": "map(str, [1, 2])",
    "filter": "filter(None, [0, 1, 2])",
    "zip": "zip([1, 2], 'ab')",
    "enumerate": "enumerate('ab')",
    "reversed": "reversed([1, 2])",
    "a generator": "(n * n for n in range(3))",
    "a generator that raises": "(1 / n for n in (1, 0))",
    "a chain": "itertools.chain([1], [2])",
    "an iterator": "iter([1, 2, 3])",
    "a range": "range(2, 9, 3)",
    "a set": "{1, 2, 3}",
    "a frozenset": "frozenset({1, 2})",
    "a set of frozensets": "{frozenset({1, 2}), frozenset()}",
    "a complex number": "3 + 4j",
    "a date": "date(2024, 2, 29)",
    "a datetime": "datetime.datetime(2024, 2, 29, 12, 30)",
    "a datetime with a zone": "datetime.datetime(2024, 2, 29, tzinfo=datetime.timezone.utc)",
    "a time": "datetime.time(12, 30)",
    "a timedelta": "timedelta(days=1, seconds=2)",
    "an Enum": "Colour.RED",
    "an IntEnum": "Number.TWO",
    "a named tuple": "Named(1, 2)",
    "a dataclass": "Point()",
    "an object": "P(21)",
    "what equals everything": "Always()",
    "a Counter": "Counter('aab')",
    "an OrderedDict": "OrderedDict(b=1, a=2)",
    "a defaultdict": "defaultdict(list, {'a': [1]})",
    "a masked array": "np.ma.masked_array([1.0, 2.0], [False, True])",
    "a matrix": "np.matrix([[1, 2], [3, 4]])",
    "an array of dates": "np.array(['2024-02-29'], 'datetime64[D]')",
    "a structured array": "np.array([(1, 2.0)], dtype=[('a', int), ('b', float)])",
    "an array of objects": "np.array([Fraction(1, 2), None], object)",
    "bytes": "b'ab'",
    "a bytearray": "bytearray(b'ab')",
    "a memoryview": "memoryview(b'ab')",
    "a text of a class": "type('Text', (str,), {'loud': lambda self: self.upper()})('ab')",
    "a list of a class": "type('List', (list,), {})([1, 2])",
    "a function": "lambda x, y=2: x * y",
    "a built-in function": "len",
    "a class": "P",
    "a method": "P(21).double",
    "a module": "math",
    "Ellipsis": "...",
    "NotImplemented": "NotImplemented",
    "an object of objects": "types.SimpleNamespace(a=1, b=[2])",
    "a read-only dict": "types.MappingProxyType({'a': 1})",
    "a slice": "slice(1, 2)",
    "a ragged tensor": "tf.ragged.constant([[1, 2], [3]])",
    "an optimizer": "keras.optimizers.Adam(0.5)",
    "a shape": "tf.TensorShape([None, 2])",
    "a Variable": "keras.Variable(np.ones((2, 3)))",
}
#: Those of TensorFlow's for which it compiles anew with each use; a Variable is one as well.
SLOW = {"a ragged tensor", "an optimizer"}
USES_OF_VALUES = [
    *("a == Fraction(1, 2)", "a == Decimal('1.5')", "a == 0.5", "a != 3", "a == [1, 2, 3]"),
    *("a == deque([1, 2, 3])", "a == {1, 2}", "a == frozenset({1, 2})", "a == (1, 2)"),
    *("a == {'a': 1}", "a == {'a': 1, 2: 3}.keys()", "[1, 2, 3] == a", "{1, 2} == a"),
    *("a == date(2024, 2, 29)", "a == timedelta(days=1, seconds=2)", "a == 2", "a == 'ab'"),
    *("a == b'ab'", "a == 3 + 4j", "a == Counter('aab')", "a == range(2, 9, 3)", "a is None"),
    *("a == Named(1, 2)", "a == a", "a in [a]", "a in [1, 2]", "a not in (3, 4)", "a == None"),
    *("a > 0", "a < Fraction(2)", "a <= {1, 2, 3}", "bool(a)", "not a", "a and 1"),
    *("list(a)", "tuple(a)", "sorted(a)", "set(a)", "dict(a)", "len(a)", "sum(a)", "max(a)"),
    *("next(a)", "next(iter(a))", "[list(a), list(a)]", "iter(a) is a", "[x for x in a]"),
    *("a[0]", "a['a']", "a[-1]", "a[0:2]", "a['missing']", "1 in a", "'a' in a"),
    *("a + 1", "1 + a", "a * 2", "a / 2", "-a", "a ** 2", "a | {5}", "a & {1}", "abs(a)"),
    *("float(a)", "int(a)", "complex(a)", "round(a, 1)", "str(a)", "repr(a)", "f'{a}'"),
    *("f'{a:>9}'", "hash(a) == hash(a)", "{a: 1}[a]", "type(a).__name__", "callable(a)"),
    *("isinstance(a, Fraction)", "isinstance(a, (int, float, complex))", "isinstance(a, deque)"),
    *("isinstance(a, dict)", "isinstance(a, tuple)", "isinstance(a, list)", "isinstance(a, set)"),
    *("isinstance(a, collections.abc.Iterator)", "isinstance(a, collections.abc.Iterable)"),
    *("isinstance(a, collections.abc.Mapping)", "isinstance(a, types.GeneratorType)"),
    *("isinstance(a, map)", "isinstance(a, str)", "isinstance(a, collections.abc.Callable)"),
    *("isinstance(a, type)", "isinstance(a, np.ndarray)", "isinstance(a, enum.Enum)"),
    *("type(a) is map", "type(a) is Fraction", "type(a) == frozenset", "type(a) is type(a)"),
    *("type(a) is dict", "type(a) is tuple", "type(a) is types.GeneratorType", "a.no_such_name"),
    *("a.x", "a.y", "a.value", "a.name", "a.numerator", "a.real", "a.year", "a.days", "a.maxlen"),
    *("a.double()", "a.a", "a.pi", "a.as_tuple()", "a.isoformat()", "a.total_seconds()"),
    *("a.most_common(1)", "a._asdict()", "a.keys()", "a.mask", "a.loud()", "a.learning_rate"),
    *("a.appendleft(0), list(a)", "a.append(4), list(a)", "a.pop()", "a.update({9: 9}), a"),
    *("hasattr(a, 'shape')", "hasattr(a, '__iter__')", "hasattr(a, '__len__')", "dir(a) == []"),
    *("a(3)", "a(x=3)", "a(3).x", "a(3).double()", "a([1, 2])", "a()", "a.__doc__"),
    *("a.__name__", "np.asarray(a).tolist()", "np.allclose(a, [1, 2])", "np.sum(a)", "a.tolist()"),
    *("a.tobytes()", "math.floor(a)", "'%s' % (a,)", "isinstance(a(3), a)", "a.x + 1 == 22"),
    *(
        "a.split()",
        "a.__class__.__name__",
        "a.__dict__",
        "vars(a)",
        "a @ a",
        "a // 2",
        "divmod(a, 2)",
    ),
    *("copy.copy(a) == a", "copy.deepcopy(a) == a", "setattr(a, 'x', 5), a.x", "a is a", "a.shape"),
    *("dataclasses.asdict(a)", "[f.name for f in dataclasses.fields(a)]", "dataclasses.replace(a)"),
    *("dataclasses.is_dataclass(a)", "str(inspect.signature(a))", "a.__annotations__"),
    *("a.__class__(1, 2)", "a.__class__(1, y=2)", "a._replace(x=5)", "a._make([3, 4])"),
    *("a.__eq__(3)", "a.__len__()", "[*a]", "(lambda *n: n)(*a)", "(lambda **n: n)(**a)"),
]


@pytest.fixture(scope="module", autouse=True)
def _quiet():
    with contextlib.redirect_stdout(io.StringIO()):
        yield


def said(use, names):
    """Return what came of a use, as plain data that can be compared."""
    keras.utils.set_random_seed(0)
    try:
        return plain(eval(use, names))
    except Undecided as undecided:
        assert len(undecided.reason) > 20
        return BY_HAND
    except Exception:
        return "raises"


def plain(value):
    if isinstance(value, (list, tuple)) and type(value) in (list, tuple):
        return [type(value).__name__, *map(plain, value)]
    if type(value) is dict:
        return ["dict", *([plain(k), plain(v)] for k, v in value.items())]
    if keras.ops.is_tensor(value):
        value = np.asarray(value)
    if isinstance(value, float) or getattr(getattr(value, "dtype", None), "kind", "") in (*"biuf",):
        return repr(np.round(np.asarray(value, "float64"), 3).tolist())
    return re.sub(r"_\d+|0x[0-9a-f]+|<.*>", "", repr(value))


def differences(source, uses):
    """Return {use: (in Python, through the judge)} of what isn't the same; and how many are."""
    found, counts = {}, {"same": 0, BY_HAND: 0}
    names, ours = named(OWN), named(CHECKS)
    loop = Loopback(names)
    for use in uses:
        results = []
        for student in (None, loop.student):
            keras.utils.set_random_seed(3)
            names["a"] = eval(source, names)
            if student is not None:
                student.forget()
            try:
                a = names["a"] if student is None else student.value("a")
                results.append(
                    said(use, {**ours, "a": a, "type": type if student is None else type_of})
                )
            except Undecided:
                results.append(BY_HAND)
        want, got = results
        counts["same" if got == want else BY_HAND] += 1
        if got not in (want, BY_HAND):
            found[use] = want, got
    return found, counts


def test_a_model_is_as_in_python():
    """In every fourth use; to try all uses, of each kind of models, takes long."""
    kind = "Conv2D(activation=function)"
    found = differences(MODELS[kind], USES_OF_MODELS[::4])[0]
    assert not found.keys() - set(DIFFERENT.get(kind, ()))


@pytest.mark.long
@pytest.mark.parametrize("kind", MODELS)
def test_models_are_as_in_python(kind):
    found = differences(MODELS[kind], USES_OF_MODELS)[0]
    assert not found.keys() - set(DIFFERENT.get(kind, ()))


@pytest.mark.parametrize("kind", [kind for kind in VALUES if kind not in SLOW])
def test_a_value_is_as_in_python(kind):
    """In every fourth use, of each kind in others."""
    uses = USES_OF_VALUES[list(VALUES).index(kind) % 4 :: 4]
    assert not differences(VALUES[kind], uses)[0].keys() - set(DIFFERENT.get(kind, ()))


@pytest.mark.long
@pytest.mark.parametrize("kind", VALUES)
def test_values_are_as_in_python(kind):
    found = differences(VALUES[kind], USES_OF_VALUES)[0]
    assert not found.keys() - set(DIFFERENT.get(kind, ()))


#: What depends on where something lies in memory, or on what has looked at it; lists that
#: TensorFlow wraps in classes of its own, which come as lists; the random numbers that a layer
#: begins with which is built by the check; and metrics of a model that is compiled once more
#: without them, which Keras goes on telling.
DIFFERENT = {
    "a masked array": ("a.__dict__", "vars(a)"),
    "an array of objects": ("a.tobytes()",),
    "a class": ("a.__eq__(3)",),
    "an optimizer": ("a.__dict__", "vars(a)"),
    "the same, not built": (f"a.layers[-1](a.layers[0]({X}))", f"keras.Sequential(a.layers)({X})"),
    "a compiled model": (
        f"(a.compile('sgd', 'mse'), {LEARN}, a.evaluate({X}, {Y}, verbose=0), a.get_weights())",
    ),
}


ERRORS = """
class Short(ValueError):
    def __init__(self, line):
        super().__init__(f"line {line}")
        self.line, self.parts = line, [1, (2,)]
def a():
    try:
        raise Short(3)
    except Short as error:
        raise KeyError("k") from error
"""


def test_what_an_error_holds_and_comes_from_is_known():
    with pytest.raises(KeyError) as raised:
        student_with(ERRORS).value("a")()
    cause = raised.value.__cause__
    assert isinstance(cause, ValueError) and str(cause) == "line 3"
    assert (cause.line, cause.parts) == (3, [1, (2,)])


@pytest.mark.parametrize("name", ["filename", "__traceback__", "args", "seen_there", "_x", "a b"])
def test_nothing_that_errors_have_is_set_from_there(name):
    error = {"k": "exception", "type": "SyntaxError", "base": "SyntaxError", "module": "builtins"}
    error |= {"text": "x", "args": ["x"], "own": {name: "/etc/passwd"}}
    with pytest.raises(wire.Bad):
        wire.decode(error, None)


def test_what_a_generator_ends_with_is_known():
    make = student_with("def a():\n    x = yield 1\n    return x").value("a")

    def outer():
        yield (yield from make())

    assert list(outer()) == [1, None]
    inner = make()
    next(inner)
    with pytest.raises(StopIteration) as raised:
        inner.send(5)
    assert raised.value.value == 5


KINDS = """
class Dog: pass
class Puppy(Dog): pass
class Stack(list): pass
class Scale(layers.Layer): pass
class Net(keras.Sequential): pass
"""


@pytest.mark.parametrize("name", ["Dog", "Puppy", "Stack", "Scale", "Net"])
def test_the_class_of_an_object_is_the_one_that_it_was_made_of(name):
    student = student_with(KINDS)
    kind, other = student.value(name), student.value("Dog")
    made = kind()
    assert type_of(made) is kind and type_of(made) == type_of(kind())
    assert (type_of(made) is other) is (name == "Dog")
    assert type_of(made) not in (int, list, keras.Layer) and type_of(made).__name__ == name
