"""Every exercise of every lesson, tried with right answers, the gap, and known mistakes."""

import ast

import pytest

from tests.lessons.conftest import LESSONS, answers

RIGHT = [
    pytest.param(lesson, name, source, id=f"{lesson}-{name}-{i}")
    for lesson in LESSONS
    for name, exercise in answers(lesson).items()
    for i, source in enumerate(exercise.right, 1)
]
WRONG = [
    pytest.param(lesson, name, source, code, id=f"{lesson}-{name}-{code}-{i}")
    for lesson in LESSONS
    for name, exercise in answers(lesson).items()
    for i, (source, code) in enumerate(exercise.wrong, 1)
]


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_exercise_has_answers_to_try(workbooks, lesson):
    assert list(answers(lesson)) == workbooks(lesson).exercises()
    for name, exercise in answers(lesson).items():
        assert len(exercise.right) >= 2, f"{name} needs two right spellings"
        assert exercise.wrong, f"{name} needs a known mistake"


@pytest.mark.parametrize("lesson, exercise, source", RIGHT)
def test_right_answers_earn_all_points(workbooks, lesson, exercise, source):
    for verdicts, earned, worth in workbooks(lesson).try_answer(exercise, source):
        assert {v.state for v in verdicts} == {"right"}, verdicts
        assert earned == worth


@pytest.mark.parametrize("lesson, exercise, source, code", WRONG)
def test_known_mistakes_are_named(workbooks, lesson, exercise, source, code):
    results = workbooks(lesson).try_answer(exercise, source)
    failed = [verdicts[-1] for verdicts, _, _ in results if verdicts[-1].state != "right"]
    assert failed, "a known mistake passed"
    assert failed[0].state in ("wrong", "partly right")
    assert code in failed[0].mistakes
    assert failed[0].hint
    assert sum(earned for _, earned, _ in results) < sum(worth for *_, worth in results)


@pytest.mark.parametrize("lesson, exercise, source, code", WRONG)
def test_no_message_tells_the_answer(workbooks, lesson, exercise, source, code):
    right = answers(lesson)[exercise].right[0]
    value = ast.parse(right).body[-1].value if " = " in right.split("\n")[0] else None
    if not isinstance(value, ast.Tuple):
        return  # only a shape is distinctive enough to be searched for in a text
    for verdicts, _, _ in workbooks(lesson).try_answer(exercise, source):
        for verdict in verdicts:
            text = " ".join(verdict.as_text().replace(source.split(" = ")[1], "").split())
            assert ast.unparse(value) not in text


@pytest.mark.parametrize("lesson", LESSONS)
def test_mistakes_of_an_exercise_read_differently(workbooks, lesson):
    for name, exercise in answers(lesson).items():
        texts = {}
        for source, _ in exercise.wrong:
            results = workbooks(lesson).try_answer(name, source)
            bad = next(v[-1] for v, _, _ in results if v[-1].state != "right")
            texts.setdefault(bad.message, []).append(source)
        assert all(len(sources) == 1 for sources in texts.values()), texts
