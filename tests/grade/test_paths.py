"""Every exercise of every lesson, right and wrong, in its cells, in validate and in autograde.

The marks have to be the same on the three paths. Two notebooks of each lesson are tried: in one
every second exercise is wrong, in the other the rest; and the learner edition as it is.
"""

from concurrent.futures import ThreadPoolExecutor

import nbformat
import pytest

from tests import notebooks
from tests.grade.classroom import REPOSITORY, School, find_lesson
from tests.grade.conftest import LESSONS

#: The lessons that no class is taken through, with exchange, feedback and export.
OTHERS = [
    path.stem
    for path in sorted((REPOSITORY / "solutions").glob("[0-9]*.py"))
    if path.stem not in LESSONS
]
NOTEBOOKS = ("first_half", "other_half", "untouched")


@pytest.fixture(scope="session", params=OTHERS)
def graded(request, tmp_path_factory):
    """Return a course in which the notebooks of a lesson have been graded."""
    lesson = find_lesson(request.param, None)
    school = School(lesson, tmp_path_factory.mktemp("course"))
    school.lay_out()
    names = list(lesson.exercises)
    for name, wrong in zip(NOTEBOOKS, (names[::2], names[1::2], None), strict=True):
        school.bring(name, {} if wrong is None else lesson.answers(wrong))
    school.instructor.nbgrader("autograde", lesson.name, "--create")
    return school


@pytest.fixture(scope="session")
def paths(graded, tmp_path_factory):
    """Return {notebook: (points in its cells, checks that fail in validate)}."""

    def follow(name):
        path = graded.brought(name)
        ran = notebooks.run(path, tmp_path_factory.mktemp(name))
        printed = graded.instructor.nbgrader("validate", str(path))
        return notebooks.marks(ran), notebooks.failed_in_validate(ran, printed)

    with ThreadPoolExecutor(2) as pool:
        return dict(zip(NOTEBOOKS, pool.map(follow, NOTEBOOKS), strict=True))


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_the_three_paths_agree(graded, paths, name):
    marks, failed = paths[name]
    assert graded.autograded(name) == marks
    points = notebooks.points(nbformat.read(graded.source, as_version=4))
    assert set(marks) == set(points)
    # validate calls a check with part of its points failed, too.
    assert {check for check in marks if marks[check] < points[check]} == failed


@pytest.mark.parametrize("name, wrong", [("first_half", 0), ("other_half", 1)])
def test_right_exercises_count_in_full_and_wrong_ones_do_not(graded, name, wrong):
    lesson, marks = graded.lesson, graded.autograded(name)
    points = notebooks.points(nbformat.read(graded.source, as_version=4))
    for i, exercise in enumerate(lesson.exercises):
        mine = [check for check in points if lesson.exercise_of(check) == exercise]
        earned, worth = sum(marks[c] for c in mine), sum(points[c] for c in mine)
        assert (earned < worth) if i % 2 == wrong else (earned == worth), exercise


def test_untouched_earns_nothing(graded):
    assert set(graded.autograded("untouched").values()) == {0}


def test_no_mark_waits_for_a_person(graded):
    with graded.gradebook() as book:
        for submission in book.assignment_submissions(graded.lesson.name):
            assert not submission.needs_manual_grade
