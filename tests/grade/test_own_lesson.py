"""A lesson of somebody else's is validated, looked at and graded; answers in words wait."""

import json

import pytest

from autograder.answers import read_answers
from autograder.cli import main
from tests import notebooks
from tests.grade.classroom import Lesson, School
from tests.reports import own_lesson

WORDS = "They are added up along it.\n\nSo no size of it is left."


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return own_lesson.repository(tmp_path_factory.mktemp("own"))


@pytest.fixture(scope="module")
def answers(root):
    return read_answers(root / "tests" / f"answers_{own_lesson.NAME}.py")


def test_doctor_takes_words_for_words(root, tmp_path, capsys):
    given = root / "notebooks" / f"{own_lesson.NAME}.ipynb"
    file = tmp_path / given.name
    file.write_bytes(given.read_bytes())
    assert main(["doctor", str(file), "--lesson-root", str(root)]) == 0
    out = capsys.readouterr().out
    assert "Attempted: 0 of 4 answers." in out and "why_sums" in out
    notebooks.write_submission(file, {"why_sums": WORDS})
    assert main(["doctor", str(file), "--lesson-root", str(root)]) == 0
    out = capsys.readouterr().out
    assert "why_sums" not in out and "no Python" not in out


def test_doctor_knows_untouched_words_by_the_solved_edition_alone(root, tmp_path, capsys):
    given = root / "notebooks" / f"{own_lesson.NAME}.ipynb"
    (tmp_path / "solutions").mkdir()
    solved = root / "solutions" / given.name
    (tmp_path / "solutions" / given.name).write_bytes(solved.read_bytes())
    file = tmp_path / given.name
    file.write_bytes(given.read_bytes())
    main(["doctor", str(file), "--lesson-root", str(tmp_path)])
    out = capsys.readouterr().out
    assert "Attempted: 0 of 4 answers." in out and "why_sums" in out


@pytest.mark.long
@pytest.mark.sandbox
def test_validate_says_what_it_leaves_to_a_person(root, capsys):
    solved = root / "solutions" / f"{own_lesson.NAME}.ipynb"
    assert main(["validate", str(solved), "--lesson-root", str(root)]) == 0
    out = capsys.readouterr().out
    assert "3 of 3 checks pass, 6 of 6 points" in out
    assert "left to a person: why_sums, worth 3 more" in out
    main(["validate", str(solved), "--lesson-root", str(root), "--json"])
    assert json.loads(capsys.readouterr().out)[0]["by_hand"] == {"why_sums": 3.0}


@pytest.mark.long
@pytest.mark.sandbox
def test_a_class_is_graded_and_its_words_wait_for_a_person(root, answers, tmp_path):
    lesson = Lesson(own_lesson.NAME, root, answers)
    school = School(lesson, tmp_path)
    school.lay_out()
    right = {**lesson.answers_all_right(), "why_sums": WORDS}
    wrong = {name: each.wrong[-1][0] for name, each in answers.items()}
    school.bring("all_right", right)
    school.bring("half_right", wrong)
    school.autograder_grade()
    full = {"test_sum_shape": 1, "test_column_sums": 2, "test_drinks": 3}
    assert school.autograded("all_right") == {**full, "why_sums": None}
    assert {p for name, p in school.autograded("half_right").items() if name in full} == {0}
    with school.gradebook() as book:
        grades = book.find_submission_notebook(lesson.name, lesson.name, "all_right").grades
        assert {grade.name: grade.needs_manual_grade for grade in grades} == {
            **dict.fromkeys(full, False),
            "why_sums": True,
        }
