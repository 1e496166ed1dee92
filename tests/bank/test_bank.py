"""A bank of exercises beyond the lessons: right answers pass, each known mistake is named."""

import importlib
import importlib.util

import pytest

PARTS = ("predictions", "models", "arrays")
#: Exercises whose models are run over sequences of many lengths. Of each the first right answer
#: and the first wrong one are tried each time.
SLOW = ["any_sequence_length"]
EXERCISES = [
    exercise
    for part in PARTS
    if importlib.util.find_spec(f"tests.bank.{part}")
    for exercise in importlib.import_module(f"tests.bank.{part}").EXERCISES
]


def marks(exercise, number):
    return [pytest.mark.long] * (number > 1 and exercise.name in SLOW)


RIGHT = [
    pytest.param(e, answer, id=f"{e.name}-{i}", marks=marks(e, i))
    for e in EXERCISES
    for i, answer in enumerate(e.right, 1)
]
WRONG = [
    pytest.param(e, answer, code, id=f"{e.name}-{code}-{i}", marks=marks(e, i))
    for e in EXERCISES
    for i, (answer, code) in enumerate(e.wrong, 1)
]


@pytest.mark.parametrize("exercise, answer", RIGHT)
def test_right_answers_are_accepted(exercise, answer):
    verdict = exercise.check(answer)
    assert verdict.state == "right", verdict.as_text()


@pytest.mark.parametrize("exercise, answer, code", WRONG)
def test_wrong_answers_are_rejected_and_named(exercise, answer, code):
    verdict = exercise.check(answer)
    assert verdict.state in ("wrong", "partly right"), verdict.as_text()
    assert verdict.hint
    if code is not None:
        assert code in verdict.mistakes, verdict.as_text()


def test_nearly_all_mistakes_are_named():
    wrong = [code for e in EXERCISES for _, code in e.wrong]
    assert sum(code is not None for code in wrong) >= 0.95 * len(wrong)


def test_names_are_unique():
    names = [e.name for e in EXERCISES]
    assert len(names) == len(set(names))
