"""Checks and beliefs speak of Keras only where Keras was asked."""

import functools
import re
from dataclasses import dataclass

import keras
import numpy as np
import pytest
from keras import layers

from autograder.learn import (
    Params,
    Raises,
    Sample,
    Shape,
    Size,
    Trains,
    TypeOf,
    check_function,
    check_numbers,
    check_prediction,
    check_shape,
    check_shapes,
    run,
)
from autograder.learn.mistakes import rule as register
from autograder.learn.mistakes.rule import rule
from autograder.learn.predictions import Place
from autograder.learn.subject import about_keras, asked_of_keras
from autograder.learn.verdict import WRONG

SUM = np.zeros((3, 1)) + np.zeros(4)
MODEL = keras.Sequential([keras.Input((4,)), layers.Dense(2)])
ABOUT_KERAS = ("Keras", "batch", "sample", "layer", "model", "tensor", "channel")


def predict(x):
    return MODEL(x)


@dataclass(frozen=True)
class Broadcast:
    """What is the shape of the sum of two arrays of these shapes?"""

    one: tuple
    other: tuple

    kinds = (tuple, list)
    form = "a shape"

    @property
    def truth(self):
        return np.broadcast_shapes(self.one, self.other)


@pytest.mark.parametrize(
    "thing",
    [
        MODEL,
        MODEL.layers,
        keras.Input((3,)),
        layers.Dense,
        keras.ops.ones((2, 3)),
        MODEL.predict,
        predict,
        lambda: predict(SUM),
        functools.partial(predict, SUM),
        {"a": [MODEL]},
        run([layers.Flatten()], (2, 3, 4)),
    ],
)
def test_what_is_about_keras(thing):
    assert about_keras(thing)


@pytest.mark.parametrize(
    "thing",
    [SUM, SUM.shape, "text", np.sort, np, lambda: SUM @ SUM, lambda x: x.sum(), {}, Broadcast],
)
def test_what_is_not(thing):
    assert not about_keras(thing)


@pytest.mark.parametrize(
    "question, whether",
    [
        (Shape(SUM), False),
        (Shape((3, 4)), False),
        (Shape((None, 4)), True),
        (Shape(MODEL), True),
        (Sample(SUM), False),
        (Size(SUM, 0), False),
        (Size(MODEL), True),
        (Params(MODEL), True),
        (TypeOf(SUM), False),
        (TypeOf(MODEL), True),
        (Raises(lambda: SUM @ SUM), False),
        (Raises(lambda: predict(SUM)), True),
        (Raises(lambda: layers.Dense(0)), True),
        (Trains(lambda: None, (2,), (2,)), True),
        (Place(0, (2, 2, 2)), True),
        (Broadcast((3, 1), (4,)), False),
    ],
)
def test_whose_question_it_is(question, whether):
    assert asked_of_keras(question) is whether


SAID_OF_NUMPY = [
    check_shape.judge((4, 3), of=SUM),
    check_shape.judge((3, 4), of=SUM),
    check_shape.judge((1, 3, 4), of=SUM),
    check_shape.judge((None, 4), of=SUM),
    check_shape.judge((4,), of=SUM),
    check_shape.judge(3, of=SUM),
    check_shape.judge((3, 5, 4, 2), of=np.zeros((3, 2, 5, 4))),
    check_shape.judge(lambda x: 3, of=SUM, args=[SUM]),
    check_shapes.judge([(3, 4), (2,)], of=[SUM, np.zeros(2)]),
    check_shapes.judge([(3, 4), (2, 1)], of=[SUM, np.zeros(2)]),
    check_numbers.judge([3, 4], of=[Size(SUM, 0), Size(SUM, 1)]),
    check_numbers.judge([4, 3], of=[Size(SUM, 0), Size(SUM, 1)]),
    check_numbers.judge(
        lambda n: (n, 5), of=lambda n: [Size(np.zeros((n, 4)), i) for i in (0, 1)], on=[2]
    ),
    check_prediction.judge("ndarray", of=TypeOf(SUM)),
    check_prediction.judge("list", of=TypeOf(SUM)),
    check_prediction.judge(["ValueError"], of=[Raises(lambda: SUM @ SUM)]),
    check_prediction.judge(["runs"], of=[Raises(lambda: SUM @ SUM)]),
    check_prediction.judge((3, 4), of=Broadcast((3, 1), (4,))),
    check_prediction.judge((4, 3), of=Broadcast((3, 1), (4,))),
]


@pytest.mark.parametrize("verdict", SAID_OF_NUMPY, ids=lambda v: v.message[:40])
def test_of_numpy_nothing_is_said_that_holds_of_keras(verdict):
    assert verdict.mistakes in ((), ("not_a_tuple",), ("no_tensor",), ("numbers_swapped",))
    assert [word for word in ABOUT_KERAS if word in verdict.as_text()] == []


ERRORS = {
    "a method that numbers don't have": lambda x: (5).lower(),
    "nothing to add to": lambda x: None + 1,
    "nothing to divide by": lambda x: 1 // 0,
    "a number to go through": lambda x: sum(5),
    "nothing to work -1 out from": lambda x: np.zeros((0, len(x))).reshape(0, -1),
    "an attribute that is none": lambda x: "tea".built,
}


@pytest.mark.parametrize("learners", ERRORS.values(), ids=ERRORS)
def test_an_error_is_put_down_to_keras_only_where_keras_was_asked(learners):
    of_numpy = check_function.judge(learners, like=lambda x: x + 1, on=[SUM])
    assert of_numpy.mistakes == ("raised",)
    assert "You get this" not in of_numpy.message
    of_keras = check_function.judge(learners, like=layers.Flatten(), on=[SUM])
    assert "You get this" in of_keras.message


def test_arguments_may_be_arrays_and_the_answers_code_decides_nothing():
    given = (SUM, None)
    assert (
        check_function.judge(lambda x: x, like=lambda x: x, on=[SUM], given=given).state == "right"
    )
    of_numpy = check_function.judge(lambda x: MODEL.count_params() + None, like=np.sort, on=[SUM])
    assert of_numpy.mistakes == ("raised",)


def test_of_keras_it_is_said_as_before():
    assert check_shape.judge((4, None), of=keras.Input((4,))).mistakes == ("batch_last",)
    assert "is what Keras says" in check_shape.judge((None, 4), of=keras.Input((4,))).message
    assert check_shape.judge((4,), of=(None, 4)).mistakes == ("batch_left_out",)


@pytest.fixture
def own_rules(monkeypatch):
    """Let a test register rules that nobody else meets."""
    monkeypatch.setattr(register, "_REGISTER", list(register._REGISTER))


def test_rules_of_a_lessons_own_are_tried_on_whatever_was_asked(own_rules):
    said = {"belief": "sizes add up", "truth": "a size of 1 stretches", "hint": "try two rows."}

    @rule("reading", **said)
    def sizes_turned(truth, answer):
        """(4, 3) where NumPy says (3, 4)."""
        return answer == truth[::-1] != truth

    @rule("value", about=Broadcast, **said)
    def sizes_added(question):
        """(7, 1)."""
        return (question.one[0] + question.other[0], 1)

    @rule("function", about="column_sums", **said)
    def rows_summed(x):
        """x.sum(axis=1)."""
        return x.sum(axis=1)

    found = [
        check_shape.judge((4, 3), of=SUM),
        check_prediction.judge((7, 1), of=Broadcast((3, 1), (4,))),
        check_function.judge(
            lambda x: x.sum(1),
            like=lambda x: x.sum(0),
            on=[np.eye(3) + SUM[:, :3] + 1.0 * np.arange(3)],
            about="column_sums",
        ),
    ]
    codes = [verdict.mistakes[0] for verdict in found]
    assert codes == ["sizes_turned", "sizes_added", "rows_summed"]
    assert all("You get this if you think that sizes add up" in v.message for v in found)


PLAIN = {
    "a list asked by a name": lambda text: text.split()["a"],
    "a list that is shorter": lambda text: text.split()[5],
    "an argument of no such name": lambda text: "".join(text, by=" "),
}


@pytest.mark.parametrize("learners", PLAIN.values(), ids=PLAIN)
def test_of_python_alone_an_error_says_nothing_that_holds_of_models(learners):
    found = check_function.judge(learners, like=len, on=["a=b=c"])
    assert found.mistakes == ("raised",)
    assert "You get this" not in found.message


def cut(text):
    """Cut a text into two at each sign."""
    name, value = text.split("=")
    return name, value


def test_of_what_is_unpacked_nothing_is_said_of_arrays():
    found = check_function.judge(cut, like=len, on=["a=b=c"])
    assert found.mistakes == ("axes_fixed_by_names",)
    assert "array" not in found.as_text()


@pytest.mark.parametrize("kind, about", [("function", "pair"), ("error", None), ("error", "pair")])
def test_a_lessons_own_rule_on_an_error_comes_before_the_packages(own_rules, kind, about):
    said = {"belief": "a line has one sign", "truth": "it may have more", "hint": "print one."}
    told = {"function": cut, "error": lambda kind, text: "too many values to unpack" in text}
    rule(kind, about=about, **said)(told[kind])
    found = check_function.judge(
        lambda text: cut(text), like=lambda text: text.split("=", 1), on=["a=b=c"], about="pair"
    )
    assert found.mistakes == (told[kind].__name__.strip("_"),)


def test_a_rule_on_an_error_is_told_of_its_own_topic_alone(own_rules):
    said = {"belief": "a line has one sign", "truth": "it may have more", "hint": "print one."}
    rule("error", about="pair", **said)(lambda kind, text: "too many values to unpack" in text)
    found = check_function.judge(cut, like=len, on=["a=b=c"], about="triple")
    assert found.mistakes == ("axes_fixed_by_names",)


def test_a_rule_that_fails_says_nothing_to_learners(own_rules):
    said = {"belief": "b", "truth": "t", "hint": "h."}

    @rule("value", about=Broadcast, **said)
    def misspelt(question):
        """A name that isn't there."""
        return qustion.one  # noqa: F821

    @rule("reading", **said)
    def unpacked(truth, answer):
        """A shape of another length than this was thought of for."""
        (size,) = truth
        return size

    @rule("error", **said)
    def of_an_error(kind, message):
        """An error's rule is given texts, and no error."""
        return "axis" in message.args

    found = [
        check_prediction.judge((7, 1), of=Broadcast((3, 1), (4,))),
        check_shape.judge((9, 9), of=SUM),
        check_function.judge(lambda x: len(0), like=np.sort, on=[SUM]),
    ]
    assert [v.mistakes[:1] for v in found] == [(), (), ("raised",)]


def test_a_cell_that_is_run_once_more_has_its_rule_once(own_rules):
    before = len(register.rules())
    for belief in ("first", "second"):

        def twice(x):
            """x + x."""
            return x + x

        twice.__module__ = "__main__"
        rule("function", about="doubled", belief=belief, truth="it isn't", hint="try it.")(twice)
    assert len(register.rules()) == before + 1
    assert [r.belief for r in register.rules("function", about="doubled")] == ["second"]


@pytest.mark.parametrize(
    "kind, about, said",
    [
        ("functions", "sums", "no rules of the kind 'functions': name one of layer, start"),
        ("function", None, '"function" has about=the topic, a text, and not None'),
        ("value", "Broadcast", "\"value\" has about=the question's class, and not 'Broadcast'"),
    ],
)
def test_a_rule_that_would_never_be_tried_is_refused(own_rules, kind, about, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        rule(kind, about=about, belief="b", truth="t", hint="h.")


@pytest.mark.parametrize(
    "kind, about, function, takes",
    [
        ("value", int, lambda: 1, "(question)"),
        ("reading", None, lambda answer: True, "(truth, answer)"),
        ("error", None, lambda error, *, message: True, "(type name, message)"),
    ],
)
def test_a_rule_that_could_never_be_called_is_refused(own_rules, kind, about, function, takes):
    before = len(register.rules())
    with pytest.raises(TypeError, match=re.escape(f"is called with {takes}, which <lambda>")):
        rule(kind, about=about, belief="b", truth="t", hint="h.")(function)
    assert len(register.rules()) == before


def test_no_lesson_is_offered_rules_about_failed_models(own_rules):
    with pytest.raises(ValueError) as refused:
        rule("functions", belief="b", truth="t", hint="h.")
    assert "fault" not in str(refused.value) and "silent" not in str(refused.value)


def test_a_full_stop_behind_a_belief_is_not_doubled(own_rules):
    rule("reading", belief="it is.", truth="it isn't.", hint="look.")(lambda truth, answer: True)
    made = register.rules("reading")[-1]
    assert (made.belief, made.truth, made.hint) == ("it is", "it isn't", "look.")


def test_a_comparison_with_nothing_makes_nobody_right():
    verdict = check_function.judge(lambda x: x, like=np.sum, on=[])
    assert verdict.state == WRONG and "on= holds no inputs" in verdict.message
