"""A lesson of several notebooks that have checks of one name: each has points of its own."""

import csv
import io

import pytest

from autograder.grade.book import awards, configuration
from autograder.grade.book.opened import OpenedCourse
from autograder.reports.export import as_csv
from autograder.reports.marks import read_marks

LESSON, NOTEBOOKS = "several", {"one": 3, "other": 5}


@pytest.fixture
def course(tmp_path):
    (tmp_path / "source" / LESSON).mkdir(parents=True)
    (tmp_path / "nbgrader_config.py").write_text(configuration.text("several"))
    opened = OpenedCourse(tmp_path)
    with opened.gradebook() as book:
        book.add_assignment(LESSON, course_id="several")
        book.add_student("ada")
        for name, worth in NOTEBOOKS.items():
            kind = {"cell_type": "code"}
            book.add_notebook(name, LESSON)
            book.add_solution_cell("f", name, LESSON)
            book.add_source_cell("f", name, LESSON, **kind)
            for check, most in {"test_f": worth, f"test_only_{name}": 1}.items():
                book.add_grade_cell(check, name, LESSON, max_score=most, **kind)
                book.add_source_cell(check, name, LESSON, **kind)
        for notebook in book.add_submission(LESSON, "ada").notebooks:
            for grade in notebook.grades:
                grade.auto_score = 2 if grade.name == "test_f" else 1
                grade.needs_manual_grade = False
        book.db.commit()
    return opened


def exercises(course):
    head, *lines = csv.reader(io.StringIO(as_csv(read_marks(course), per_exercise=True)))
    columns = [head.index(name) for name in ("exercise", "score", "max_score", "state")]
    return [tuple(line[column] for column in columns) for line in lines]


def test_each_exercise_has_its_own_line_and_points(course):
    assert sorted(exercises(course)) == [
        ("one/f", "2", "3", "partly right"),
        ("other/f", "2", "5", "partly right"),
        ("test_only_one", "1", "1", "right"),
        ("test_only_other", "1", "1", "right"),
    ]
    assert {name: score.points for name, score in course.scores(LESSON)["ada"].items()} == {
        "one/test_f": 2,
        "other/test_f": 2,
        "test_only_one": 1,
        "test_only_other": 1,
    }


def test_points_for_everybody_are_given_for_one_of_them(course):
    assert awards.award(course, LESSON, "other/f", None, "it was a bad question") == ["ada"]
    assert ("other/f", "5", "5", "right") in exercises(course)
    assert ("one/f", "2", "3", "partly right") in exercises(course)
    awards.take_back(course, LESSON, "other/f")
    assert ("other/f", "2", "5", "partly right") in exercises(course)
