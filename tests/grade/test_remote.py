"""Answers judged through data get the verdicts that they get in the learner's own cell."""

import contextlib
import io
import re
import warnings

import keras
import numpy as np
import pytest
from keras import layers

from autograder.grade.run import vetting, wire
from autograder.grade.run.judge.remote import Lost, Student, Undecided
from autograder.learn import check_function, check_layer, check_model, verdict
from tests.circles import long_but
from tests.grade.loopback import (
    SEED,
    Loopback,
    forged,
    judged,
    named,
    said_of,
    student_with,
    value_of,
)
from tests.lessons import conftest
from tests.lessons.conftest import LESSONS, answers

pytestmark = pytest.mark.sandbox

#: Of these exercises, which train models, so many check cells are tried: they take seconds each.
FEW_CELLS = {"classifier": 1}

#: What `predict` raises depends on what else the same model was asked to predict before.
BY_HISTORY = (
    *("Cannot take the length of shape with unknown rank", "Invalid input shape for input"),
    *("Matrix size-incompatible", "expected axis -1 of input shape to have value 3"),
)
#: Notes that need not be the same: whether there is a warning depends on what an array that nobody
#: filled happens to hold; and what is written to stderr stays in the student's process.
BY_CHANCE = ("in cast", "Your code also wrote to stderr")


@pytest.fixture
def shown(monkeypatch):
    """Return the list of the verdicts that checks deliver."""
    told = []
    monkeypatch.setattr(verdict, "_show", told.append)
    return told


def plain(told):
    """Return a verdict without what is never the same twice: addresses and numbers of layers."""
    if not isinstance(told, verdict.Verdict):
        return repr(told)
    message, *notes = (
        re.sub(r"_\d+", "", re.sub("0x[0-9a-f]+", "0x", text))
        for text in (told.message, *told.notes)
    )
    if any(words in message for words in BY_HISTORY):
        message = ""
    notes = [note for note in notes if not any(words in note for words in BY_CHANCE)]
    return (told.state, told.mistakes, message, told.hint, told.rows, notes, told.share)


def tried(results):
    return [([plain(v) for v in told], earned, worth) for told, earned, worth in results]


def direct(book, exercise, source, cells):
    names = dict(book.names)
    conftest.run_cell(source, names)
    results = []
    for cell in book.checks(exercise)[:cells]:
        keras.utils.set_random_seed(SEED)
        results.append(book._try_check(cell, names))
    return results


@pytest.mark.parametrize("lesson", long_but(["00_start_here"], LESSONS))
def test_verdicts_are_those_of_the_cell(lesson, monkeypatch):
    with contextlib.redirect_stdout(io.StringIO()):
        book = conftest.workbook_of(lesson)
    monkeypatch.setattr(verdict, "_show", book.shown.append)
    for name, exercise in answers(lesson).items():
        gaps = [f"{name} = ...", f"def {name}(*args):\n    raise NotImplementedError"]
        cells = FEW_CELLS.get(name)
        for source in [*exercise.right, *(wrong for wrong, _ in exercise.wrong), *gaps]:
            got = tried(judged(book, name, source, cells))
            assert got == tried(direct(book, name, source, cells)), source


RNG = "np.random.default_rng(0).random"
LIKE = "keras.Sequential([keras.Input((6, 5)), layers.Flatten(), layers.Dense(4, 'relu')])"
MODEL = f"check_model(a, args=(6, 5), like=lambda: {LIKE})"
HM = "warnings.warn('hm')"
STRICT = MODEL.replace("like=", "strict=True, like=")
FORMULA = (
    "check_model(a, input_shape=(None, 6, 5), output_shape=(None, 4), params=124,"
    " computes=lambda x, W, b: np.maximum(0, x.reshape(len(x), -1) @ W + b))"
)
BUILT = FORMULA.replace("params=124", "params=124, built=True")
TWICE = "check_function(a, like=lambda x: x * 2.0, on=[np.ones((2, 3))], about='flatten')"
LAYER = (
    "check_layer(a, like=layers.Flatten(), on=[np.ones((2, 3, 4)), np.ones((3, 2, 2, 2))],"
    " about='flatten')"
)
OWN = LAYER.replace("about=", "own=True, about=")
FIRST = (
    "check_function(a, like=lambda layer: layer.name, on=[layers.Flatten(name='f')],"
    " about='flatten')"
)
SHAPE = "check_shape(a, of=(None, 3, 4))"
COUNT = "check_count(a, of=keras.Sequential([keras.Input((3,)), layers.Dense(2)]))"
NUMBERS = "check_numbers(a, of=lambda n: [Size(keras.Input((n,)))], on=[3, 4])"
TWO = "check_models(a, 2, input_shape=(None, 3), output_shape=(None, 2))"
TRANSFER = (
    "check_transfer(a, layers.Dense(3), layers.EinsumDense('bi,io->bo', 3, bias_axes='o'),"
    f" {RNG}((5, 4)))"
)


def subclass(activation, own="pass"):
    return (
        "class Mine(keras.Model):\n"
        "    def __init__(self):\n"
        "        super().__init__()\n"
        f"        self.d, self.f = layers.Dense(4, activation={activation!r}), layers.Flatten()\n"
        f"        {own}\n"
        "    def call(self, x):\n"
        "        return self.d(self.f(x))\n"
        "def a(*sizes):\n    return Mine()"
    )


def sequential(*stack, start="keras.Input((h, w)), "):
    return f"def a(h, w):\n    return keras.Sequential([{start}{', '.join(stack)}])"


def functional(middle, last="layers.Dense(4, 'relu')"):
    return (
        f"def a(h, w):\n    i = keras.Input((h, w))\n    return keras.Model(i, {last}({middle}(i)))"
    )


def raises(statement):
    return f"def a(h, w):\n    {statement}"


def transfer(*lines):
    return "def a(s, t, x):\n    " + "\n    ".join(lines)


OWN_FLATTEN = (
    "class F(layers.Layer):\n"
    "    def __init__(self, k, secret):\n"
    "        super().__init__()\n"
    "        self.k = k\n"
    "    def call(self, x):\n"
    "        return keras.ops.reshape(x, (-1, self.k))\n"
)
OWN_DENSE = (
    "class D(layers.Layer):\n"
    "    def build(self, shape):\n"
    "        self.w = self.add_weight(shape=(shape[-1], 4))\n"
    "        self.b = self.add_weight(shape=(4,))\n"
    "    def call(self, x):\n"
    "        return {}(x @ self.w + self.b)\n"
)
RESHAPED = "layers.Lambda(lambda t: tf.reshape(t, (-1, h * w)))"
TURNED = "layers.Lambda(lambda t: tf.reshape(tf.transpose(t, (0, 2, 1)), (-1, h * w)))"
COPIES = ("s(x)", "t(x)", "t.set_weights(s.get_weights())")

CASES = [
    (FORMULA, subclass("relu")),
    (FORMULA, subclass(None)),
    (FORMULA, subclass("tanh")),
    (FORMULA, subclass("relu", "self.more = self.add_weight(shape=(2,), name='more')")),
    (BUILT, subclass("relu")),
    (BUILT, subclass("relu", "self.d.build((None, 30))")),
    (MODEL, subclass("relu")),
    (MODEL, subclass("sigmoid")),
    (MODEL, f"a = {LIKE}"),
    (MODEL, f"a = {LIKE}\na.compile('adam', 'mse')\na.fit({RNG}((4, 6, 5)), {RNG}((4, 4)))"),
    (MODEL, sequential("layers.Flatten()", "layers.Dense(4, 'relu')", start="")),
    (MODEL, sequential("keras.Sequential([layers.Flatten(), layers.Dense(4)])", "layers.ReLU()")),
    (MODEL, sequential("layers.Flatten()", "layers.Dense(4, lambda z: keras.ops.relu(z))")),
    (MODEL, sequential("layers.Flatten()", "layers.Dense(4, lambda z: keras.ops.tanh(z))")),
    (MODEL, functional(RESHAPED)),
    (MODEL, functional(RESHAPED, "layers.Dense(4)")),
    (MODEL, functional(TURNED)),
    (MODEL, OWN_FLATTEN + functional("F(h * w, object())")),
    (MODEL, OWN_FLATTEN + functional("F(h * w, object())", "layers.Dense(4)")),
    (MODEL, OWN_DENSE.format("keras.ops.relu") + sequential("layers.Flatten()", "D()")),
    (MODEL, OWN_DENSE.format("keras.ops.relu") + sequential("layers.Flatten()", "D()", start="")),
    (MODEL, OWN_DENSE.format("") + sequential("layers.Flatten()", "D()")),
    (MODEL, f"class S(keras.Sequential): pass\na = S({LIKE}.layers)"),
    (MODEL, "def a(h, w):\n    warnings.warn('hm')\n    return 3"),
    (STRICT, "def a(h, w):\n    warnings.warn('hm')\n    1 / 0"),
    (STRICT, "def a(h, w):\n    warnings.warn('hm', DeprecationWarning)\n    1 / 0"),
    (STRICT, f"def a(h, w):\n    warnings.simplefilter('ignore')\n    {HM}\n    return {LIKE}"),
    (MODEL, f"def a(h, w):\n    warnings.simplefilter('ignore')\n    {HM}\n    return {LIKE}"),
    (MODEL, sequential("layers.LSTM(3)")),
    (MODEL, sequential("layers.Flatten()", "layers.LSTM(3)")),
    (
        "check_model(a, input_shape={'x': (None, 6)}, output_shape=(None, 6))",
        "a = keras.Sequential([keras.Input((6,)), layers.ReLU()])",
    ),
    (MODEL, raises("raise SystemExit(3)")),
    (MODEL, raises("raise KeyError('x')")),
    (MODEL, raises("b'\\xff'.decode()")),
    (MODEL, raises("tf.matmul(tf.ones((2, 3)), tf.ones((2, 3)))")),
    (MODEL, raises("raise type('Mine', (ValueError,), {})('no')")),
    (MODEL, raises("raise NotImplementedError")),
    (MODEL, raises("raise NotImplementedError('really')")),
    (MODEL, "def a(h): pass"),
    (MODEL, "a = 3"),
    (MODEL, "a = ..."),
    *((TWICE, f"a = {f}") for f in ("lambda x: 2 * x", "functools.partial(np.multiply, 2)")),
    *((TWICE, f"a = {f}") for f in ("layers.Rescaling(2.0)", "np.add", "np.float64", "int")),
    (TWICE, "a = keras.Sequential([layers.Rescaling(2.0)])"),
    *(
        (TWICE, f"def a(x):\n    return {result}")
        for result in (
            *("(x * 2).tolist()", "tf.Variable(x * 2)", "keras.ops.convert_to_tensor(x) * 2"),
            *("'x'", "{1: 2}", "set()", "object", "x * 2 + 1e-9j", "np.array([None, 2])"),
            *("x.astype('float16') * 2", "np.float64(2)", "x * float('nan')", "b'x'", "x > 0"),
        )
    ),
    (TWICE, "def a(x):\n    x *= 2\n    return x"),
    (LAYER, "a = layers.Flatten"),
    (LAYER, "class a(layers.Layer): pass"),
    *(
        (LAYER, f"class a(layers.Layer):\n    def call(self, x):\n        return {result}")
        for result in ("keras.ops.reshape(x, (-1, math.prod(x.shape[1:])))", "None", "x.numpy()")
    ),
    (LAYER, "class a(layers.Layer):\n    def __init__(self): pass"),
    (LAYER, "a = lambda: layers.Reshape((-1,))"),
    (OWN, "a = lambda: layers.Flatten()"),
    (OWN, "class a(layers.Layer):\n    def call(self, x):\n        return layers.Flatten()(x)"),
    (OWN, "class a(layers.Flatten): pass"),
    (OWN, "class a(layers.Layer):\n    def call(x):\n        return x"),
    (OWN, "class B(layers.Layer): pass\na = lambda: B"),
    (TWICE, "def g(x):\n    raise NotImplementedError\ndef a(x):\n    return g(x)"),
    (LAYER, "a = lambda: layers.Lambda(lambda x: keras.ops.ravel(x))"),
    (FIRST, "a = lambda layer: layer"),
    (FIRST, "a = lambda layer: layer.get_weights()[0]"),
    *(
        (SHAPE, f"a = {answer}")
        for answer in (
            *("(None, 3, 4)", "[None, 3, 4]", "np.array([None, 3, 4])", "keras.Input((3, 4))"),
            *("np.ones((2, 3, 4))", "tf.ones((2, 3, 4))", "tf.TensorShape([None, 3, 4])", "print"),
            *("(None, 3.0, 4)", "(None, np.int64(3), 4)", "(None, '3', 4)", "(None, 10**30, 4)"),
            *(
                "12",
                "'x'",
                "None",
                "range(3)",
                "{3, 4}",
                "{3: 4}",
                "b'ab'",
                "keras",
                "float('nan')",
            ),
            *("collections.namedtuple('P', 'x y z')(None, 3, 4)", "layers.Dense(3)", "np.float32"),
            *("keras.Sequential([keras.Input((3, 4)), layers.ReLU()])", "np.array(['x', 'y'])"),
        )
    ),
    (SHAPE, "b = 1"),
    *((COUNT, f"a = {answer}") for answer in ("8", "True", "np.int32(8)", "10**400", "6", "[8]")),
    *((NUMBERS, f"a = lambda n: {answer}") for answer in ("(n,)", "[n + 1]", "n")),
    (
        TWO,
        "def a():\n    m = keras.Sequential([keras.Input((3,)), layers.Dense(2)])\n    return m, m",
    ),
    (
        TWO,
        "def a():\n    m = keras.Sequential([keras.Input((3,)), layers.Dense(2)])\n"
        "    return [m, keras.models.clone_model(m)]",
    ),
    (TRANSFER, transfer(*COPIES, "return np.allclose(s(x), t(x))")),
    (TRANSFER, transfer(*COPIES, "return False")),
    (TRANSFER, transfer("t.set_weights(s.get_weights())", "return True")),
    (TRANSFER, transfer("s(x)", "t(x)", "return bool(np.allclose(s(x), t(x)))")),
]
EVERY_SECOND = [
    pytest.param(*case, marks=[pytest.mark.long] * (number % 2))
    for number, case in enumerate(CASES)
]


@pytest.mark.parametrize("check, answer", EVERY_SECOND)
def test_odd_answers_get_the_verdict_of_the_cell(shown, check, answer):
    want = said_of(check, named(answer), shown)
    want = want if isinstance(want, str) else [plain(v) for v in want]
    student = student_with(answer)
    try:
        got = said_of(check, {"a": student.value("a")}, shown)
    except NameError as error:
        got = f"NameError: {error}"
    assert (got if isinstance(got, str) else [plain(v) for v in got]) == want


# What comes back


def test_keyboard_interrupts_and_exits_are_raised_as_they_were():
    with pytest.raises(KeyboardInterrupt):
        student_with("def a():\n    raise KeyboardInterrupt").value("a")()
    with pytest.raises(SystemExit) as stop:
        student_with("def a():\n    raise SystemExit(3)").value("a")()
    assert stop.value.code == 3


def test_a_warning_is_given_again():
    function = student_with("def a():\n    warnings.warn('old', DeprecationWarning)").value("a")
    with pytest.warns(DeprecationWarning, match="^old$"):
        assert function() is None


def test_layers_keep_what_a_function_did_to_their_weights():
    layer = layers.Dense(2)
    layer.build((None, 3))
    zero = student_with("def a(x):\n    x.set_weights([0 * w for w in x.get_weights()])").value("a")
    zero(layer)
    assert not any(w.any() for w in layer.get_weights())


def test_an_unbuilt_sequential_is_built_by_a_function_that_feeds_it():
    model = keras.Sequential([layers.Dense(2)])
    feed = student_with("def a(m):\n    m(np.ones((1, 3)))\n    return m.get_weights()").value("a")
    kernel, _ = feed(model)
    np.testing.assert_array_equal(kernel, model.get_weights()[0])


def test_a_model_of_the_students_own_is_called_with_the_weights_set_here():
    model = student_with(subclass("relu")).value("a")()
    x = np.ones((2, 6, 5), "float32")
    assert not model.weights and not model.built
    model(x)
    assert [type(layer) for layer in model.layers] == [layers.Dense, layers.Flatten]
    assert model.count_params() == 124 and type(model).__name__ == "Mine"
    model.set_weights([np.full((30, 4), 0.5), np.full(4, 2.0)])
    np.testing.assert_allclose(model(x), np.full((2, 4), 17.0))
    model.layers[0].bias.assign(np.zeros(4))
    np.testing.assert_allclose(model(x), np.full((2, 4), 15.0))


def test_weights_travel_once_and_not_with_every_call():
    loop = Loopback(named(subclass("relu")))
    model = loop.student.value("a")()
    for _ in range(3):
        model(np.ones((2, 6, 5)))
    pushed = [r["push"]["weights"] for r in loop.requests if r["op"] == "layer"]
    assert pushed[1:] == [None, None]


def test_a_layer_of_the_students_own_takes_its_place_in_a_graph_here():
    layer = student_with(OWN_DENSE.format("") + "a = D()").value("a")
    start = keras.Input((7,))
    model = keras.Model(start, layers.ReLU()(layer(start)))
    assert model.output_shape == (None, 4) and model.count_params() == 32
    assert type(model.layers[1]).__name__ == "D"
    assert np.asarray(model(np.ones((3, 7)))).shape == (3, 4)


def test_seeds_are_set_where_the_function_runs():
    function = student_with("a = lambda: np.random.random()").value("a")
    function.set_random_seed(5)
    first = function()
    function.set_random_seed(5)
    assert function() == first != function()


def test_a_graph_may_go_back_with_a_layer_that_never_left():
    source = OWN_DENSE.format("") + "a = keras.Sequential([keras.Input((3,)), D()])\n"
    source += "def last(m):\n    return type(m.layers[-1]).__name__, m.layers[-1] is a.layers[-1]"
    student = student_with(source)
    assert student.value("last")(student.value("a")) == ("D", True)


# What can't be judged


@pytest.mark.parametrize("argument", [print, object(), lambda x: x, {1: print}])
def test_what_cant_be_handed_over_is_left_to_a_person(argument):
    with pytest.raises(Undecided, match="hand"):
        student_with("a = lambda x: x").value("a")(argument)


def test_what_is_too_large_to_come_is_left_to_a_person():
    with pytest.raises(Undecided, match="its arrays have more than 48 MB"):
        value_of("np.zeros((3000, 3000))")


ADAPTED = "layers.Normalization()\na.adapt(np.arange(6.0).reshape(2, 3))"
FLIPS = "[keras.Input((4, 4, 1)), layers.RandomFlip(), layers.Flatten(), layers.Dense(2)]"


@pytest.mark.parametrize(
    "source",
    [
        ADAPTED,
        f"{ADAPTED}\na = keras.Sequential([keras.Input((3,)), a, layers.Dense(2)])",
        f"keras.Sequential({FLIPS})",
        "keras.Sequential([keras.Input((3,)), layers.Dense(2, dtype='bfloat16')])",
        "{np.int64(1): 2}",
        "np.dtype([('a', 'i4')])",
    ],
)
def test_what_numpy_or_the_list_of_layers_lacks_arrives(source):
    there = named(f"a = {source}")["a"]
    here = student_with(f"a = {source}").value("a")
    assert type(here).__name__ == type(there).__name__
    if isinstance(there, keras.Layer):
        assert [tuple(w.shape) for w in here.weights] == [tuple(w.shape) for w in there.weights]


@pytest.mark.parametrize(
    "source, reason",
    [
        ("{int: 2}", "a dict has a key of type type"),
        ("{int}", "a set has an entry of type type"),
        ("range(10**9)", "a range has more than 200,000 numbers"),
        ("slice(0.5, 'x')", "a slice has ends that are no whole numbers"),
        ("'x' * 200_000", "a text has more than 100,000 characters"),
        ("functools.reduce(lambda x, _: [x], range(99), 1)", "it is nested more than 48 deep"),
    ],
)
def test_why_a_value_cannot_travel_is_said(source, reason):
    with pytest.raises(Undecided, match=f"^the value of a can't be handed over: {reason}"):
        value_of(source)


def test_how_a_layer_was_changed_is_said_where_it_cannot_be_followed():
    function = student_with("def a(x):\n    x.adapt(np.ones((2, 3)))").value("a")
    with pytest.raises(Undecided, match="the answer changes norm, .* not on the list of layers"):
        function(layers.Normalization(name="norm"))


def test_a_value_that_fails_when_it_is_looked_at_is_named_without_its_error():
    odd = "class Odd(keras.Sequential):\n    @property\n    def name(self):\n        [][0]\n"
    with pytest.raises(Undecided) as caught:
        student_with(f"{odd}a = object.__new__(Odd)").value("a")
    assert not RAW.search(caught.value.reason)
    function = student_with(f"{odd}def a():\n    return object.__new__(Odd)").value("a")
    with pytest.raises(Undecided, match="what the function returns can't be handed over: to look"):
        function()


def test_what_only_says_that_it_is_a_list_comes_as_what_it_is():
    odd = "class Odd:\n    __class__ = property(lambda self: list)\n"
    thing = student_with(f"{odd}def a():\n    return [Odd()]").value("a")()[0]
    assert type(thing).__name__ == "Odd"


@pytest.mark.parametrize("kind", ["Sequential", "Layer", "KerasTensor", "Variable"])
def test_what_only_says_that_it_is_one_of_kerass_is_left_to_a_person(kind):
    odd = f"class Odd:\n    __class__ = property(lambda self: keras.{kind})\n"
    student = student_with(f"{odd}b = Odd()\ndef a():\n    return [Odd()]")
    for ask in (student.value("a"), lambda: student.value("b")):
        with pytest.raises(Undecided, match="says that it is one of Keras's, but it is a Odd"):
            ask()


def test_a_model_that_was_marked_as_built_gets_its_weights_when_it_is_called():
    source = (
        "class Net(keras.Model):\n"
        "    def __init__(self):\n"
        "        super().__init__()\n"
        "        self.dense = layers.Dense(3)\n"
        "    def call(self, x):\n"
        "        return self.dense(x)\n"
        "a = Net()\n"
        "with warnings.catch_warnings():\n"
        "    warnings.simplefilter('ignore')\n"
        "    a.build((None, 2))"
    )
    model = student_with(source).value("a")
    assert (model.built, model.weights) == (True, [])
    assert model(np.ones((4, 2))).shape == (4, 3)
    assert [tuple(w.shape) for w in model.weights] == [(2, 3), (3,)]
    assert np.allclose(model(np.ones((4, 2))), np.ones((4, 2)) @ model.get_weights()[0])


def test_which_layers_weights_have_changed_their_shapes_is_said():
    source = (
        "class Grows(layers.Layer):\n"
        "    def build(self, shape):\n"
        "        self.first = self.add_weight(shape=(2,))\n"
        "    def call(self, x):\n"
        "        self._tracker.unlock()\n"
        "        self.more = self.add_weight(shape=(3,))\n"
        "        return x\n"
        "a = Grows(name='mine')\n"
        "a.build((2,))"
    )
    layer = student_with(source).value("a")
    with pytest.raises(Undecided) as caught:
        layer(np.ones((2, 2)))
    assert caught.value.reason == (
        "mine, which is of a class of the student's, had weights of (2,), and has those of (2,), "
        "(3,) by now"
    )


@pytest.mark.parametrize("request_", [{"op": "call"}, {"op": "layer", "push": {}}, {"op": "facts"}])
def test_what_a_process_before_has_kept_is_no_fault_of_the_answer(request_):
    agent = Loopback({}).agent
    reply = agent.answer({"handle": 7, "args": [], "kwargs": {"k": "dict", "v": {}}, **request_})
    assert reply["unsent"] == "it was made before the notebook was started again"


def test_only_what_keras_says_to_people_becomes_a_reason():
    said = "{{function_node __wrapped__Add}} Shapes differ. [Op:Add]\nTraceback"
    assert vetting._said(ValueError(said)) == ": Shapes differ. "
    assert vetting._said(IndexError("list index out of range")) == ""


#: What no reason may hold.
RAW = re.compile(r"index out of range|function_node|malformed|Error: ")


@pytest.mark.parametrize(
    "freeze", ["a.trainable = False", "for x in a.layers: x.trainable = False"]
)
def test_what_is_frozen_is_frozen_here(freeze):
    begin = "i = keras.Input((2,))\na = keras.Model(i, layers.Dense(1)(i))\n"
    model = student_with(begin + freeze).value("a")
    assert not any(x.trainable for x in model.layers)
    model = student_with(begin + "a.layers[-1].trainable = False").value("a")
    assert [x.trainable for x in model.layers] == [True, False]


def test_a_model_with_a_layer_that_isnt_taken_is_here_but_for_that_one():
    source = "a = keras.Sequential([keras.Input((4, 4, 1)), layers.RandomFlip(), layers.Flatten()])"
    model = student_with(source).value("a")
    assert [tuple(x.output.shape) for x in model.layers] == [(None, 4, 4, 1), (None, 16)]
    assert (
        isinstance(model.layers[0], layers.RandomFlip) and type(model.layers[1]) is layers.Flatten
    )


def test_a_model_that_is_too_large_is_left_to_a_person():
    with pytest.raises(Undecided):
        value_of("keras.Sequential([keras.Input((3000,)), layers.Dense(9_000)])")
    model = value_of("keras.Sequential([layers.Dense(90_000), layers.Dense(90_000)])")
    with pytest.raises(Undecided, match="parameters"):
        model(np.ones((1, 3)))


def test_undecided_passes_through_checks(shown):
    names = {"a": student_with("a = lambda h, w: np.zeros((3000, 3000))").value("a")}
    with pytest.raises(Undecided):
        said_of(MODEL, names, shown)


def test_a_process_that_is_gone_is_no_fault_of_a_function():
    def ask(request):
        raise OSError("gone")

    with pytest.raises(Lost, match="gone"):
        Student(ask).value("a")


# Forgers


def remote(kind="remote_model", **more):
    facts = {"k": kind, "handle": 1, "class": "Mine", "name": "mine", "built": False}
    facts |= {"trainable": [], "names": [], "weights": [], "parts": [], "ends": None}
    return {"value": {**facts, "activation": None, **more}}


FORGED = [
    None,
    [],
    {},
    {"value": {"k": "held", "handle": 0}},
    {"error": 3},
    {"error": {"k": "exception", "type": "a.b", "base": "Exception"}},
    {"value": 1, "warnings": [["UserWarning", "x", True]] * 200},
    {"value": 1, "warnings": {"a": 1}},
    {"value": 1, "warnings": [["UserWarning", 3, True]]},
    {"value": {"k": "function", "handle": -1, "name": "f", "type": "function", "v": ""}},
    {"value": {"k": "function", "handle": "os", "name": "f", "type": "function", "v": ""}},
    {"value": {"k": "layer", "handle": 0, "config": 3, "weights": []}},
    {"value": {"k": "model", "handle": 0, "config": {"k": "dict", "v": {}}, "weights": []}},
    remote(**{"class": "__import__('os')"}),
    remote(built=1),
    remote(name=["a"]),
    remote(weights=[1], names=["w"], trainable=[True]),
    remote(parts=[1, 2]),
    remote(parts=[{"k": "remote_layer"}] * 500),
    remote(ends=[1, 2]),
    remote(names=["x"] * 10),
]


@pytest.mark.parametrize("reply", FORGED)
def test_malformed_replies_are_left_to_a_person(reply):
    with pytest.raises(Undecided):
        forged(reply)


def test_a_model_that_leads_from_request_to_request_ends():
    model = {"k": "model", "handle": 0, "config": {"k": "dict", "v": {}}, "weights": []}
    with pytest.raises(Undecided):
        forged(remote(parts=[model]))


def test_names_of_forged_functions_are_plain():
    about = {"k": "function", "handle": 0, "type": "a b", "v": "x", "name": "\x1b[31m<script>"}
    function = forged({"value": about})
    assert not hasattr(function, "__name__") and type(function).__name__ == "function"


@pytest.mark.parametrize("name", ["Undecided", "Lost", "GeneratorExit", "Stopped", "CheckFailed"])
def test_a_forged_error_can_not_stop_the_judge(name):
    error = {"k": "exception", "type": name, "base": "BaseException", "module": "x"}
    reply = {"error": {**error, "text": "no", "args": None}}
    with pytest.raises(Undecided, match="to look at a raises"):
        forged(reply)  # no function was called, so it is no error of an answer's
    function = student_with(
        "a = lambda: 1", lambda request, own: reply if request["op"] == "call" else own
    ).value("a")
    with pytest.raises(Exception, match="no") as caught:
        function()
    assert not isinstance(caught.value, (Undecided, Lost))


def wrong_weights(request, reply):
    if request["op"] == "call":
        array = wire.encode(np.zeros((10**3, 10**3), "float32"), None)
        built = {"k": "dict", "v": {"input_shape": [None, 10**6]}}
        reply["changed"] = [[0, built, [array], None]]
    return reply


def test_lies_about_the_weights_of_an_argument_build_nothing():
    layer = layers.Dense(10**5)
    with pytest.raises(Undecided):
        student_with("a = lambda x: 1", wrong_weights).value("a")(layer)
    assert not layer.weights


@pytest.mark.parametrize(
    "told", [5, [], [True], [[True], 1], [[True, True], False], [[1], False], [["x"], True], "more"]
)
def test_lies_about_the_settings_of_an_argument_change_nothing(told):
    layer = layers.Dense(2)
    layer.build((None, 3))

    def twist(request, reply):
        weights = [wire.encode(np.asarray(w), None) for w in layer.weights]
        changed = [[0, {"k": "dict", "v": {}}, weights, told]]
        return {**reply, "changed": changed} if request["op"] == "call" else reply

    with pytest.raises(Undecided):
        student_with("a = lambda x: 1", twist).value("a")(layer)
    assert layer.trainable


def small_model():
    return keras.Sequential([keras.Input((2,)), layers.Dense(3), layers.Dropout(0.5)])


@pytest.mark.parametrize(
    "change, trainable",
    [
        ("x.layers[0].trainable = False", [True, False, True]),
        ("x.trainable = False", [False, False, False]),
        ("x.trainable = False\n    x.layers[0].trainable = True", [False, True, False]),
        ("x.layers[0].trainable = False\n    x.layers[0].trainable = True", [True] * 3),
    ],
)
def test_what_an_answer_freezes_of_a_checks_model_is_frozen(change, trainable):
    model = small_model()
    student_with(f"def a(x):\n    {change}").value("a")(model)
    assert [part.trainable for part in (model, *model.layers)] == trainable


@pytest.mark.parametrize(
    "source", ["a = lambda x: x", "def a(x):\n    x.trainable = False\n    return x"]
)
def test_a_layer_of_the_checks_that_comes_back_is_the_same_one(source):
    for thing in (small_model(), layers.Dense(2)):
        assert student_with(source).value("a")(thing) is thing
    model = student_with(f"{source}\nb = lambda x: {{'model': [a(x)]}}").value("b")(thing)
    assert model["model"][0] is thing


#: What an answer can make of a model and the layers in it, all of which are the check's afterwards.
MADE_OF_OURS = {
    "a layer": "a = lambda x: x.layers[0]",
    "those of a list": "a = lambda x: keras.Sequential(x.layers)",
    "a graph up to a layer": "a = lambda x: keras.Model(x.inputs, x.layers[0].output)",
    "a graph of its own": "def a(x):\n    i = keras.Input((2,))\n"
    "    return keras.Model(i, x.layers[0](i))",
    "called twice": "def a(x):\n    i = keras.Input((2,))\n    d = x.layers[0]\n"
    "    return keras.Model(i, [d(i), d(layers.Dense(2)(i))])",
    "all of it": "a = lambda x: keras.Sequential([x, layers.Dense(1)])",
    "all in a graph": "def a(x):\n    i = keras.Input((2,))\n"
    "    return keras.Model(i, layers.Dense(1)(x(i)))",
    "a class": "class a(keras.Model):\n    def __init__(self, x):\n        super().__init__()\n"
    "        self.x = x\n    def call(self, i):\n        return self.x(i)",
}


@pytest.mark.parametrize("source", MADE_OF_OURS.values(), ids=MADE_OF_OURS)
def test_what_an_answer_makes_of_a_checks_layers_has_these_in_it(source):
    model = small_model()
    model.compile("sgd", "mse")
    made, dense = student_with(source).value("a")(model), model.layers[0]
    assert dense in [*wire.each_layer(made)]
    model.set_weights([np.full(w.shape, 2.0) for w in model.get_weights()])
    assert any((np.asarray(w) == 2).all() for w in made.weights)
    first = keras.tree.flatten(made(np.ones((1, 2))))[0]
    if first.shape == (1, 3):
        np.testing.assert_allclose(first, [[6, 6, 6]])


def test_what_an_answer_makes_of_a_checks_graph_can_be_copied_and_trained():
    i = keras.Input((2,))
    model = keras.Model(i, layers.Add()([layers.Dense(2, name="d")(i), i]))
    made = student_with("a = lambda x: keras.Model(x.input, layers.Dense(1)(x.output))").value("a")
    made, old = made(model), model.get_weights()[0]
    made.compile("sgd", "mse")
    made.fit(np.ones((4, 2)), np.ones((4, 1)), verbose=0)
    assert not np.array_equal(model.get_weights()[0], old)
    copied = keras.models.clone_model(made)
    copied.set_weights(made.get_weights())
    np.testing.assert_allclose(copied(np.ones((1, 2))), made(np.ones((1, 2))))


TRAINS = "def a(x):\n    return x.fit(np.ones((4, 2)), np.ones((4, 3)), verbose=0).history"


def test_an_answer_can_train_a_model_that_the_check_has_compiled():
    model = small_model()
    model.compile(keras.optimizers.Adam(0.1), "mse", metrics=["mae"])
    student, old = student_with(TRAINS), model.get_weights()[0]
    assert sorted(student.value("a")(model)) == ["loss", "mae"]
    assert not np.array_equal(model.get_weights()[0], old) and not student.compiled


def test_one_that_is_compiled_with_code_is_left_to_a_person():
    model = small_model()
    model.compile("sgd", lambda true, said: keras.ops.mean(said))
    assert student_with("a = lambda x: x.name").value("a")(model) == model.name
    with pytest.raises(Undecided, match="compiled with"):
        student_with(TRAINS).value("a")(model)


@pytest.mark.parametrize("change", ["x.compile('sgd', 'mae')", "x.optimizer.learning_rate = 0.5"])
def test_that_an_answer_compiles_anew_or_sets_the_optimizer_is_known(change):
    model = small_model()
    model.compile("sgd", "mse")
    student = student_with(f"def a(x):\n    {change}")
    student.value("a")(model)
    assert student.compiled == [model.name]


TRAINER = """
class Trainer:
    def __init__(self, model):
        self.model = model
    def step(self):
        self.model.set_weights([w + 1 for w in self.model.get_weights()])
a = Trainer
"""


def test_what_an_answer_does_later_to_a_checks_model_is_done_here_too():
    model = small_model()
    trainer, before = student_with(TRAINER).value("a")(model), model.get_weights()
    trainer.step()
    assert trainer.model is model
    assert all(np.allclose(w, old + 1) for w, old in zip(model.get_weights(), before, strict=True))


def test_nothing_of_ours_comes_that_was_never_handed_over():
    with pytest.raises(Undecided):
        forged({"value": {"k": "held", "handle": 0}})


@pytest.mark.parametrize("change", ["x.add(layers.Flatten())", "x.layers[1].rate = 0.1", "x.pop()"])
def test_other_changes_of_a_checks_model_are_left_to_a_person(change):
    with pytest.raises(Undecided, match="more than weights"):
        student_with(f"def a(x):\n    {change}").value("a")(small_model())


def test_that_an_answer_compiles_a_checks_model_is_known():
    student = student_with("def a(x):\n    x.compile('sgd', 'mse')")
    student.value("a")(model := small_model())
    assert student.compiled == [model.name]
    student.forget()
    assert not student.compiled


def test_a_layer_of_the_answers_that_isnt_built_can_be_handed_over():
    student = student_with("def make():\n    return layers.Dense(3)\ndef a(l, x):\n    return l(x)")
    layer = student.value("make")()
    assert student.value("a")(layer, np.ones((1, 2))).shape == (1, 3)
    assert layer.kernel.shape == (2, 3)


def lying(request, reply):
    """One shape while a model is put together, another on data."""
    if request["op"] == "layer" and reply.get("value", {}).get("k") == "keras_tensor":
        reply["value"]["shape"] = [None, 12]
    return reply


def test_a_layer_that_lies_about_its_shape_earns_nothing(shown):
    source = "class a(layers.Layer):\n    def call(self, x):\n        return x[:, 0]"
    twisted = student_with(source, lying).value("a")
    with pytest.raises(verdict.CheckFailed):
        check_layer(twisted, like=layers.Flatten(), on=[np.ones((2, 3, 4))])
    assert shown[-1].state == "wrong"


def other_shape(request, reply):
    """A model that says the right shape of what it gives, but gives something else."""
    if request["op"] == "layer":
        reply["value"] = wire.encode(np.ones((1, 4), "float32"), None)
    return reply


def test_every_result_is_looked_at_anew(shown):
    twisted = student_with(subclass("relu"), other_shape).value("a")
    with pytest.raises(verdict.CheckFailed):
        check_model(twisted, input_shape=(None, 6, 5), output_shape=(None, 4), params=124)
    function = student_with(
        "a = lambda x: x", lambda q, r: r if q["op"] == "get" else {"value": {}}
    )
    with pytest.raises(Undecided):
        check_function(function.value("a"), like=lambda x: x, on=[np.ones(3)])


def test_weights_that_change_their_shapes_are_left_to_a_person():
    source = OWN_DENSE.format("") + "a = D()\na.build((None, 3))"
    facts = []

    def grows(request, reply):
        if request["op"] == "layer":
            facts.append(reply["facts"])
            reply["facts"]["weights"][0] = wire.encode(np.ones((9, 9), "float32"), None)
        return reply

    with pytest.raises(Undecided, match="had weights of"):
        student_with(source, grows).value("a")(np.ones((2, 3)))
    assert facts


def test_equal_to_everything_stays_where_it_is():
    class Always:
        def __eq__(self, other):
            return True

        def __lt__(self, other):
            return True

        def __contains__(self, other):
            return True

        def __hash__(self):
            return 1

    value = Loopback({"a": Always()}).student.value("a")
    assert type(value).__name__ == "Always"
    for compare in (
        lambda: value == 3,
        lambda: value != 3,
        lambda: value in [3],
        lambda: value < 3,
        lambda: 3 in value,
    ):
        with pytest.raises(Undecided, match="compares|looks for something in"):
            compare()
    assert not hasattr(value, "shape") and not callable(value)


def test_no_configuration_is_taken_on_trust(monkeypatch):
    def never(*args, **options):
        raise AssertionError("Keras was asked to put it together")

    monkeypatch.setattr(keras.saving, "deserialize_keras_object", never)
    config = {"module": "os", "class_name": "system", "config": {}, "registered_name": None}
    data = {"k": "layer", "handle": 0, "config": wire.encode(config, None), "weights": []}
    with pytest.raises(Undecided, match="system"):
        forged({"value": data})


def test_warnings_of_rebuilding_are_not_the_students():
    with pytest.warns(UserWarning, match="input_shape"):
        student = student_with("a = keras.Sequential([layers.Dense(2, input_shape=(3,))])")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model = student.value("a")
    assert model.count_params() == 8
    assert isinstance(model, keras.Sequential) and vetting.plain(model.get_config())


SHARING = """
def build():
    i = keras.Input((4,))
    h = layers.Dense(2)(i)
    return keras.Model(i, h), keras.Model(i, layers.Dense(4)(h))
def nested():
    inner = keras.Sequential([keras.Input((4,)), layers.Dense(2)])
    return inner, keras.Sequential([keras.Input((4,)), inner, layers.Dense(4)])
first, second = build()
inner, outer = nested()
"""


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(
    "names", [("build",), ("nested",), ("first", "second"), ("inner", "outer")]
)
def test_models_that_share_layers_share_them_here(names, turned):
    student = student_with(SHARING)
    if len(names) == 1:
        part, whole = student.value(names[0])()
    else:
        values = {name: student.value(name) for name in (names[::-1] if turned else names)}
        part, whole = (values[name] for name in names)
    kernel = part.layers[-1].kernel
    assert any(kernel is weight for weight in whole.weights)
    whole.set_weights([w + 1 for w in whole.get_weights()])
    assert np.allclose(kernel, whole.get_weights()[0])
    assert np.allclose(part(np.ones((1, 4))), np.ones((1, 4)) @ kernel + 1)


def test_models_of_the_checks_that_share_layers_share_them_there():
    inner = keras.Sequential([keras.Input((4,)), layers.Dense(2)])
    outer = keras.Sequential([keras.Input((4,)), inner, layers.Dense(4)])
    for order in ((inner, outer), (outer, inner)):
        a = student_with("def a(x, y): return x in y.layers or y in x.layers").value("a")
        assert a(*order) is True


def test_what_came_before_something_ran_is_not_taken_for_what_is_there_now():
    student = student_with(
        "a = keras.Sequential([keras.Input((2,)), layers.Dense(1)])\n"
        "def b(): a.set_weights([w + 1 for w in a.get_weights()])"
    )
    before = student.value("a")
    student.value("b")()
    after = student.value("a")
    assert np.allclose(after.get_weights()[0], before.get_weights()[0] + 1)


def test_a_layer_that_was_never_sent_is_left_to_a_person():
    for place in (0, 5, -1):
        with pytest.raises(Undecided):
            forged({"value": {"k": "sent", "handle": 0, "place": place}})


def test_a_callback_of_the_answers_is_left_to_a_person():
    callback = student_with("a = keras.callbacks.EarlyStopping('loss', patience=1)").value("a")
    model = small_model()
    model.compile("sgd", "mse")
    with pytest.raises(Undecided, match="a callback"):
        model.fit(np.ones((2, 2)), np.ones((2, 3)), callbacks=[callback], verbose=0)


def test_weights_that_are_single_numbers_are_followed():
    source = "a = layers.Normalization()\na.adapt(np.arange(12.0).reshape(4, 3))\n"
    source += "a = type('Own', (layers.Normalization,), {'call': lambda self, x: x * 2})()\n"
    source += "a.adapt(np.arange(12.0).reshape(4, 3))\nb = lambda layer: layer.count_params()"
    student = student_with(source)
    layer = student.value("a")
    assert student.value("b")(layer) == 7
    assert np.allclose(layer(np.ones((1, 3))), 2)


OF_TWO = """
def make():
    return keras.Sequential([keras.Input((4,)), layers.Dense(3), layers.Dense(2)])
def head(base):
    i = keras.Input((4,))
    return keras.Model(i, layers.Dense(1, kernel_initializer='ones')(base(i)))
def compiled(base):
    made = head(base)
    made.compile("sgd", "mse")
    return made
def own(base):
    class Own(keras.Model):
        def __init__(self):
            super().__init__()
            self.base, self.dense = base, layers.Dense(1, kernel_initializer='ones')
        def call(self, x):
            return self.dense(self.base(x))
    made = Own()
    made(np.ones((1, 4)))
    return made
def unfreeze(model):
    model.trainable = True
    model.layers[0].trainable = False
def unfreeze_last(model):
    model.layers[-1].trainable = True
def raise_by_one(model):
    model.set_weights([w + 1 for w in model.get_weights()])
kept = make()
kept_head = head(kept)
def give(): return kept
def give_head(): return kept_head
def train(): raise_by_one(kept)
def thaw(): kept.trainable = not kept.trainable
"""


def seen_of(*models):
    """Return what a check can see of models: what is trainable in them, and their weights."""
    parts = [[part.trainable for part in wire.each_layer(model)] for model in models]
    return parts, [len(m.trainable_weights) for m in models], [m.get_weights() for m in models]


def as_in_python(use):
    """Tell whether a use of the functions above sees what it sees in one process."""
    names = named(f"keras.utils.set_random_seed(1)\n{OF_TWO}")
    student = student_with(f"keras.utils.set_random_seed(1)\n{OF_TWO}")
    found = []
    for get in (names.get, student.value):
        keras.utils.set_random_seed(2)
        found.append(seen_of(*use(get)))
    same = keras.tree.map_structure(np.array_equal, found[0], found[1])
    return all(keras.tree.flatten(same)), student.is_behind


@pytest.mark.parametrize("of", ["head", "base"])
@pytest.mark.parametrize("change", ["unfreeze", "unfreeze_last", "raise_by_one"])
@pytest.mark.parametrize("make", ["head", "compiled", "own"])
def test_what_is_changed_later_of_a_model_around_a_frozen_base_is_seen_or_left(make, change, of):
    def use(get):
        base = keras.Sequential([keras.Input((4,)), layers.Dense(3), layers.Dense(2)])
        base.trainable = False
        made = {"head": get(make)(base), "base": base}
        get(change)(made[of])
        return made["head"], base

    is_same, is_behind = as_in_python(use)
    assert is_same or is_behind


@pytest.mark.parametrize("change", ["train", "thaw"])
@pytest.mark.parametrize("name", ["give", "give_head"])
def test_what_an_answer_does_to_its_own_model_that_a_check_has_is_left(name, change):
    def use(get):
        model = get(name)()
        get(change)()
        return (model,)

    assert as_in_python(use) == (False, True)


@pytest.mark.parametrize("make", ["head", "compiled", "own"])
def test_models_that_share_a_layer_by_several_calls_are_trained_together(make):
    def use(get):
        base = get("make")()
        made = get(make)(base)
        made.set_weights([w + 1 for w in made.get_weights()])
        made(np.ones((1, 4)))
        base.set_weights([w * 2 for w in base.get_weights()])
        return made, base

    assert as_in_python(use) == (True, False)


def test_what_only_runs_is_no_change_of_a_model():
    def use(get):
        model = get("own")(get("make")())
        model.set_weights([w + 1 for w in model.get_weights()])
        model(np.ones((1, 4)))
        get("give")()
        get("raise_by_one")(model)
        return (model,)

    assert as_in_python(use) == (True, False)


def test_what_a_check_has_compiled_of_the_answers_is_known_in_the_next():
    student = student_with(
        "a, b, c = [keras.Sequential([keras.Input((3,)), layers.Dense(1)]) for _ in '123']\n"
        "b.compile()"
    )
    for name in "ab":
        student.value(name).compile(loss="mse")
    student.value("c").count_params()
    student.forget()
    assert student.compiled_here == {"a", "b"}


@pytest.mark.parametrize(
    ("change", "is_ahead"),
    [
        ("", False),
        ("model(np.ones((2, 3)))", False),
        ("model.set_weights([2 * w for w in model.get_weights()])", True),
        ("model.trainable = False", True),
    ],
)
def test_what_a_check_does_to_a_layer_of_the_answers_before_it_asks_is_noted(change, is_ahead):
    student = student_with(
        "model = keras.Sequential([keras.Input((3,)), layers.Dense(1)])\ndef f():\n    return 1"
    )
    names = {"np": np, "model": student.value("model")}
    exec(change, names)
    assert student.value("f")() == 1
    assert student.is_ahead is is_ahead


def test_an_object_that_changes_says_something_else_of_itself():
    student = student_with(
        "class P:\n    x = 1\n    def __repr__(self):\n        return f'P({self.x})'\n"
        "    def move(self):\n        self.x += 1\np = P()"
    )
    p = student.value("p")
    assert repr(p) == "P(1)"
    p.move()
    assert (repr(p), str(p)) == ("P(2)", "P(2)")


def test_no_attribute_of_an_own_layer_is_set_out_of_its_sight():
    student = student_with("class Scale(keras.Layer):\n    by = 2\na = Scale()")
    with pytest.raises(Undecided, match="sets by of the answer"):
        student.value("a").by = 5
