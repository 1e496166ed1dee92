"""Values travel as data: all that comes back is what went, and nothing else gets in."""

import base64
import collections
import contextlib
import datetime
import decimal
import fractions
import json
import math
import pickle
import types
from pathlib import Path

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.grade.run import wire


def fetch(kind, handle, about):
    return kind, handle, about


def trip(value):
    """Return a value after it has travelled as JSON text."""
    data = json.loads(json.dumps(wire.encode(value, lambda thing: 7), allow_nan=False))
    return wire.decode(data, fetch)


scalars = st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.just(...)
scalars |= st.floats(allow_nan=False) | st.complex_numbers(allow_nan=False) | st.binary(max_size=9)
keys = st.text(max_size=5) | st.integers() | st.tuples(st.integers(), st.text(max_size=3))
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(keys, inner, max_size=4)
    ),
    max_leaves=20,
)


@given(values)
def test_plain_values_come_back_as_they_were(value):
    back = trip(value)
    assert repr(back).encode("utf-8", "replace") == repr(value).encode("utf-8", "replace")


def test_odd_plain_values_come_back():
    assert math.isnan(trip(float("nan"))) and trip(-math.inf) == -math.inf
    assert trip({1, "a"}) == {1, "a"} and trip(range(2, 9, 3)) == range(2, 9, 3)
    assert trip(10**3000) == 10**3000 and trip(slice(1, None, -1)) == slice(1, None, -1)
    assert trip("\udc80") == "?"


LIBRARY = [
    fractions.Fraction(1, 2),
    decimal.Decimal("1.50"),
    datetime.date(2030, 1, 2),
    datetime.time(3, 4),
    datetime.datetime(2030, 1, 2, 3, 4),
    datetime.timedelta(days=1, seconds=2),
    frozenset({1, 2}),
    bytearray(b"a"),
    collections.deque([1, 2, 3], maxlen=4),
    collections.OrderedDict(b=1, a=2),
    collections.Counter("aab"),
    collections.defaultdict(int, a=1),
    {1: 2}.keys(),
    {1: 2}.values(),
    {1: 2}.items(),
    types.MappingProxyType({1: 2}),
    NotImplemented,
]


@pytest.mark.parametrize("value", LIBRARY, ids=lambda value: type(value).__name__)
def test_values_of_pythons_library_come_back(value):
    back = trip(value)
    assert type(back) is type(value) and repr(back) == repr(value)


def test_all_classes_of_pythons_library_are_tried():
    assert {type(value).__name__ for value in LIBRARY} == set(wire._KNOWN)


@pytest.mark.parametrize("dtype", ["float32", "float64", "int8", "uint16", "bool", "complex64"])
@pytest.mark.parametrize("shape", [(), (0, 3), (2, 3, 4)])
def test_arrays_come_back(dtype, shape):
    array = (np.random.default_rng(0).random(shape) * 9).astype(dtype)
    back = trip(array)
    assert back.dtype == array.dtype and back.shape == shape and (back == array).all()
    back += back  # it is an array of its own, that can be changed
    turned = np.asfortranarray(array).T
    assert (trip(turned) == turned).all()
    assert (trip(array.astype(array.dtype.newbyteorder(">"))) == array).all()


def test_what_belongs_to_numpy_and_keras_comes_back():
    assert type(trip(np.float32(2.5))) is np.float32 and trip(np.bool_(True)) is np.True_
    assert trip(np.array([None, 3])).tolist() == [None, 3]
    assert trip(np.array(["a", "bc"])).dtype.kind == "U"
    assert trip(np.dtype("float16")) == np.dtype("float16")
    assert keras.ops.is_tensor(trip(keras.ops.ones((2, 3))))
    tensor = trip(keras.KerasTensor((None, 3), "int32", name="x"))
    assert (tensor.shape, tensor.dtype, tensor.name) == ((None, 3), "int32", "x")


@pytest.mark.parametrize(
    "error",
    [
        *(ValueError("a"), KeyError("k"), NotImplementedError(), ZeroDivisionError("0", 1)),
        *(
            SystemExit(3),
            KeyboardInterrupt(),
            StopIteration(4),
            OSError(2, "gone"),
            UserWarning("w"),
        ),
        UnicodeDecodeError("utf-8", b"\xff", 0, 1, "why"),
    ],
)
def test_errors_keep_their_type_and_text(error):
    back = trip(error)
    assert type(back).__name__ == type(error).__name__ and str(back) == str(error)
    assert isinstance(back, Exception) == isinstance(error, Exception)


def test_errors_of_ones_own_keep_what_they_are_built_on():
    class Mine(LookupError):
        def __str__(self):
            return "said so"

    back = trip(Mine(3))
    assert type(back) is not Mine and isinstance(back, LookupError)
    assert type(back).__name__ == "Mine" and str(back) == "said so"


def test_a_subclass_travels_as_what_it_is_built_on():
    class Equal(int):
        def __eq__(self, other):
            return True

        __hash__ = int.__hash__

    assert trip(Equal(3))[0] == "opaque" and trip([Equal(3)]) != [4]


def test_the_unknown_is_told_by_its_name():
    kind, _, about = trip(types.SimpleNamespace(a=1))
    assert (kind, about["type"]) == ("opaque", "SimpleNamespace") and "a=1" in about["said"]
    with pytest.raises(wire.Bad):
        wire.encode(object(), None, strict=True)


def test_functions_layers_and_models_have_handles():
    assert trip(print)[:2] == ("function", 7)
    kind, _, about = trip(keras.layers.Dense(3, name="d"))
    assert kind == "layer" and about["config"]["config"]["units"] == 3
    kind, _, about = trip(keras.Sequential([keras.Input((2,)), keras.layers.Dense(3)]))
    assert kind == "model" and [w.shape for w in about["weights"]] == [(2, 3), (3,)]
    kind, _, about = trip(keras.Sequential([keras.layers.Lambda(abs)]))
    held = about["config"]["config"]["layers"][0]["facts"]
    assert kind == "model" and held[0] == "remote_layer" and held[2]["class"] == "Lambda"


@pytest.mark.parametrize(
    "value",
    [
        "x" * (wire.TEXT + 1),
        list(range(wire.PARTS + 1)),
        np.zeros(wire.BYTES // 8 + 1),
        [np.zeros(wire.BYTES // 16 + 1)] * 2,
        np.zeros((1,) * (wire.AXES + 1)),
    ],
)
def test_the_large_is_not_sent(value):
    with pytest.raises(wire.Bad):
        wire.encode(value, lambda thing: 7)


def test_the_endless_is_not_sent():
    endless = []
    endless.append(endless)
    with pytest.raises(wire.Bad):
        wire.encode(endless, lambda thing: 7)


def nested(depth):
    data = []
    for _ in range(depth):
        data = [data]
    return data


def array(**changes):
    data = {"k": "array", "dtype": "<f4", "shape": [2], "v": base64.b64encode(b"8 bytes!").decode()}
    return {**data, **changes}


def error(**changes):
    data = {"k": "exception", "type": "ValueError", "module": "x", "base": "ValueError"}
    return {**data, "text": "a", "args": None, **changes}


OBJECT = {"k": "opaque", "type": "x", "v": "", "handle": 1, "has": [], "of": []}
MALFORMED = [
    nested(100),
    [0] * (wire.PARTS + 1),
    "x" * 20_000_000,
    2**60,
    1.5,
    {},
    {"k": "eval", "v": "1"},
    {"k": ["int"], "v": "1"},
    {"k": "int", "v": "f" * 10**6},
    {"k": "int", "v": 3},
    {"k": "int", "v": "0x1_"},
    {"k": "int"},
    {"k": "float", "v": "nine"},
    {"k": "float", "v": "1" * 100},
    {"k": "complex", "v": ["0x1p+0"]},
    {"k": "tuple", "v": {"a": 1}},
    {"k": "dict", "v": [1]},
    {"k": "pairs", "v": [[1]]},
    {"k": "pairs", "v": [[[1], 1]]},
    {"k": "set", "v": [[1]]},
    {"k": "range", "v": [0, 10**9, 1]},
    {"k": "range", "v": [0, 1, 0]},
    {"k": "bytes", "v": "A"},
    array(dtype="|O8"),
    array(dtype="|S4"),
    array(dtype="<M8[s]"),
    array(dtype="<f3"),
    array(dtype=["<f4"]),
    array(dtype="f4,f4"),
    array(shape=[-2]),
    array(shape=[3]),
    array(shape=[2**50]),
    array(shape=[2.0]),
    array(shape=[True, 2]),
    array(shape=[None]),
    array(shape={"2": 2}),
    array(shape=[1] * 40 + [2]),
    array(v="!" * 12),
    array(v="A" * 10_000),
    array(v=[1, 2]),
    array(k="scalar"),
    {"k": "objects", "dtype": "O", "shape": [2], "v": [1]},
    {"k": "objects", "dtype": "O", "shape": [1], "v": [{"k": "tuple", "v": []}]},
    {"k": "objects", "dtype": "U", "shape": [1], "v": [1]},
    {"k": "objects", "dtype": "f", "shape": [1], "v": [1]},
    {"k": "keras_tensor", "shape": [-1], "dtype": "float32", "name": "x"},
    {"k": "keras_tensor", "shape": [1], "dtype": "os", "name": "x"},
    {"k": "keras_tensor", "shape": [1], "dtype": "float32", "name": 3},
    {"k": "dtype", "v": "f4,f4,f4,f4,f4,f4,f4,f4"},
    {"k": "dtype", "v": "nonsense"},
    error(type="os.system"),
    error(type="x" * 200),
    error(base=3),
    error(text=3),
    error(args=3),
    error(args=[[1]]),
    {"k": "opaque", "type": "x", "v": "x" * 10_000},
    {"k": "function", "handle": 2.5, "name": "f", "type": "function", "v": ""},
    {"k": "layer", "handle": 1, "config": {"k": "dict", "v": {}}, "weights": [1]},
    *(
        {"k": "layer", "handle": 1, "config": {"k": "dict", "v": {}}, "weights": [], names: [3]}
        for names in ("inputs", "frozen")
    ),
    {**OBJECT, "fields": ["os.system"]},
    {**OBJECT, "fields": ["x"] * 1000},
]


@pytest.mark.parametrize("data", MALFORMED, ids=lambda data: repr(data)[:60])
def test_the_malformed_is_refused(data):
    with pytest.raises(wire.Bad):
        wire.decode(data, fetch)


class Marks:
    """Leaves a file behind when it is unpickled."""

    def __init__(self, file):
        self.file = file

    def __reduce__(self):
        return Path.touch, (self.file,)


def one_of_each_kind():
    """Return data of each kind that is read."""
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3)])
    values = [2**60, 1.5, 1j, b"a", ..., (1,), {"a": 1}, {1: 2}, {1}, range(3), slice(1), print]
    values += [fractions.Fraction(1, 2), collections.namedtuple("Two", "a b")(1, 2), ValueError(1)]
    values += [np.zeros(2), np.float32(1), np.array(["a"]), np.dtype("float32"), keras.ops.ones(2)]
    values += [keras.Variable([1.0]), keras.KerasTensor((2,)), model, model.layers[0]]
    values += [keras.losses.Huber()]
    values += [keras.ops.ones(2).shape, types.SimpleNamespace(), type("Mine", (int,), {})(3)]
    values += [keras.layers.Lambda(abs), type("Own", (keras.Model,), {})()]
    found = [wire.encode(value, lambda thing: 7) for value in values]
    row = {"k": "view", "of": 1, "offset": 0, "strides": [8], "fixed": True, "v": array()}
    found += [{"k": kind, "handle": 7, "place": 0} for kind in ("held", "sent")]
    return [*found, {"k": "shared", "n": 2, "v": [1]}, row]


def table():
    """Return a table of what both sides have, in which there is an array."""
    shared = wire.Shared(1)
    shared.add(1, np.zeros(2))
    return shared


def with_each(data, text):
    """Yield the data with a text in the place of each of its parts."""
    if isinstance(data, (dict, list)):
        for place in data if isinstance(data, dict) else range(len(data)):
            for part in with_each(data[place], text):
                changed = data.copy()
                changed[place] = part
                yield changed
    yield text


def test_nothing_that_comes_is_evaluated_or_unpickled(tmp_path):
    mark = tmp_path / "mark"
    code, pickled = f"__import__('pathlib').Path({str(mark)!r}).touch()", pickle.dumps(Marks(mark))
    for leave_it in (lambda: eval(code), lambda: pickle.loads(pickled)):
        leave_it()
        mark.unlink()
    texts = [code, base64.b64encode(pickled).decode(), pickled.hex(), pickled.decode("latin-1")]
    samples = [array(dtype="|u1", shape=[len(pickled)], v=texts[1]), *one_of_each_kind()]
    assert {data["k"] for data in samples} == set(wire._READERS)
    for data in samples:
        wire.decode(data, fetch, table())
        for text in texts:
            for changed in with_each(data, text):
                with contextlib.suppress(wire.Bad):
                    wire.decode(changed, fetch, table())
    assert not mark.exists()


json_data = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["k", "v", "n", "dtype", "shape", "handle", "type"]), inner
        )
        | st.fixed_dictionaries({"k": st.sampled_from(sorted(wire._READERS)), "v": inner})
    ),
    max_leaves=25,
)


@given(json_data)
def test_whatever_comes_is_read_or_refused(data):
    for shared in (None, table()):
        with contextlib.suppress(wire.Bad):
            wire.decode(data, fetch, shared)


def test_arrays_are_counted_together():
    big = wire.encode(np.zeros(wire.BYTES // 2 + 8, "int8"), None)
    assert wire.decode(big, fetch).size
    with pytest.raises(wire.Bad):
        wire.decode([big, big], fetch)


def test_names_of_the_unknown_are_names():
    data = {"k": "opaque", "type": "a b", "v": "", "handle": 1, "has": [], "of": []}
    assert wire.decode(data, fetch)[2]["type"] == "object"


def test_an_error_may_say_where_it_arose_but_only_by_names():
    told = {"met_in": ["LSTM", "Flatten"], "unwritten": "f", "cause": "c", "declared": [None, 3]}
    assert wire.decode(error(seen={**told, "more": "x"}), fetch).seen_there == told
    for lie in (
        3,
        [],
        {"met_in": ["a]", "b"]},
        {"met_in": ["a"]},
        {"met_in": "ab"},
        {"declared": ["a"]},
        {"declared": [True, -1]},
        {"declared": (None, 3)},
        {"unwritten": "a b"},
        {"cause": "a b"},
    ):
        seen = wire.decode(error(seen=lie), fetch).seen_there
        assert seen == dict.fromkeys(told)


@pytest.mark.parametrize("dtype", ["U3", "S2", "float32", "bool", "M8[D]", "m8[s]", "bfloat16"])
def test_dtypes_travel(dtype):
    assert trip(np.dtype(dtype)) == np.dtype(dtype)


def test_errors_of_libraries_arrive_as_what_they_say():
    with pytest.raises(TypeError) as met:
        np.array(["a", "b"]) - 1
    error = trip(met.value)
    assert isinstance(error, TypeError) and "did not contain a loop" in str(error)
    assert not hasattr(error, "dtypes")
