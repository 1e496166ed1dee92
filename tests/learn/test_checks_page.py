"""The page for authors is current, and its examples give what it says."""

import inspect

import pytest

from autograder import learn
from autograder.author.build import build_lesson
from autograder.cli import main
from autograder.learn import checks
from autograder.states import LOOKS, RIGHT
from tests.learn import checks_page, small_lesson


@pytest.mark.parametrize("thing", checks_page.TRIED, ids=lambda thing: thing.__name__)
def test_each_example_gives_what_stands_below_it(thing):
    assert checks_page.filled(thing).splitlines() == inspect.getdoc(thing).splitlines()


def test_each_check_is_public():
    made = [name for name, thing in vars(checks).items() if hasattr(thing, "judge")]
    assert set(made) == {check.__name__ for check in checks_page.CHECKS}, "name it in learn.__all__"


@pytest.mark.parametrize("check", checks_page.CHECKS, ids=lambda check: check.__name__)
def test_each_check_has_a_right_and_a_wrong_example_and_says_what_it_takes(check):
    doc = inspect.getdoc(check)
    headlines = {state: f"{sign} {words}." for state, (sign, words, _) in LOOKS.items()}
    assert headlines.pop(RIGHT) in doc
    assert any(headline in doc for headline in headlines.values())
    taken = list(inspect.signature(check).parameters)
    assert [name for name in taken if f"\n    {name}: " not in doc] == []


def test_the_page_is_current():
    page = checks_page.PAGE.read_text(encoding="utf-8")
    assert page == checks_page.as_page(), "run python -m tests.learn.checks_page"


def test_the_page_names_all_that_is_public():
    page = checks_page.as_page()
    assert [name for name in learn.__all__ if name not in page] == []


def test_the_lesson_of_the_page_is_built_and_its_answers_get_what_they_should(tmp_path, capsys):
    for folder, file, text in [
        ("tests", f"answers_{small_lesson.NAME}.py", small_lesson.ANSWERS),
        ("solutions", f"{small_lesson.NAME}.py", small_lesson.LESSON),
    ]:
        (tmp_path / folder).mkdir()
        (tmp_path / folder / file).write_text(text, encoding="utf-8")
    lesson = tmp_path / "solutions" / f"{small_lesson.NAME}.py"
    assert [str(fault) for fault in build_lesson(lesson, tmp_path).faults] == []
    answers = tmp_path / "tests" / f"answers_{small_lesson.NAME}.py"
    assert main(["validate", "--answers", str(answers)]) == 0, capsys.readouterr().out
