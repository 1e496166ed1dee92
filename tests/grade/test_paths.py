"""Every exercise of every lesson, right and wrong, graded in four ways with the same marks.

In its cells, in `nbgrader validate`, in `nbgrader autograde` with nbgrader's own steps, and by
`autograder grade`. Two notebooks of each lesson are tried: in one every second exercise is wrong,
in the other the rest; and the learner edition as it is.

It takes long. Each time, a small lesson goes all these ways (test_class.py, test_graded_class.py),
and answers to the others are tried in their cells (test_answers.py) and apart (test_remote.py).
"""

from concurrent.futures import ThreadPoolExecutor

import nbformat
import pytest

from autograder.states import MEDIA_TYPE
from tests import notebooks
from tests.grade.classroom import REPOSITORY, School, find_lesson
from tests.grade.conftest import LESSONS

SOLUTIONS = REPOSITORY / "solutions"
NUMBERED = [path.stem for path in sorted(SOLUTIONS.glob("[0-9]*.py"))]
NOTEBOOKS = ("first_half", "other_half", "untouched")


def _param(name):
    # A whole class is taken through some lessons, on the first three ways, elsewhere.
    marks = [pytest.mark.long] + [pytest.mark.sandbox] * (name in LESSONS)
    return pytest.param(name, marks=[*marks, pytest.mark.xdist_group(f"paths of {name}")])


@pytest.fixture(scope="session", params=map(_param, NUMBERED))
def school(request, tmp_path_factory):
    """Return a course with three notebooks of a lesson, and a copy of it to be graded by us."""
    lesson = find_lesson(request.param, None)
    school = School(lesson, tmp_path_factory.mktemp("course"))
    school.lay_out()
    names = list(lesson.exercises)
    for name, wrong in zip(NOTEBOOKS, (names[::2], names[1::2], None), strict=True):
        school.bring(name, {} if wrong is None else lesson.answers(wrong))
    return school, school.copied(school.course.with_name("judged"))


@pytest.fixture(scope="session")
def graded(school):
    """Return the course after `nbgrader autograde`, as nbgrader has it."""
    stock, _ = school
    stock.use_stock_steps()
    stock.instructor.nbgrader("autograde", stock.lesson.name, "--create")
    return stock


@pytest.fixture(scope="session")
def judged(school):
    """Return (the course, what was told of each notebook) after `autograder grade`."""
    _, ours = school
    return ours, ours.autograder_grade()


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


@pytest.mark.sandbox
@pytest.mark.parametrize("name", NOTEBOOKS)
def test_the_judge_agrees(graded, judged, name):
    ours, told = judged
    assert ours.autograded(name) == graded.autograded(name)
    assert told[name]["state"] == "graded" and not told[name]["remarks"]


@pytest.mark.sandbox
@pytest.mark.parametrize("name", NOTEBOOKS)
def test_the_judge_says_the_same(graded, judged, name):
    """Whatever a check tells of an answer: its state, the mistakes, the message, the numbers."""
    ours, _ = judged
    assert verdicts(ours.graded(name)) == verdicts(graded.graded(name))


def verdicts(path):
    """Return {check: its verdicts} of a notebook that has run."""
    return {
        name: [out.data[MEDIA_TYPE] for out in cell.outputs if MEDIA_TYPE in out.get("data", {})]
        for name, cell in notebooks.check_cells(nbformat.read(path, as_version=4)).items()
    }


@pytest.mark.sandbox
@pytest.mark.parametrize("name", NOTEBOOKS)
def test_the_judge_leaves_nothing_to_a_person(judged, name):
    _, told = judged
    assert [check for check in told[name]["checks"] if check["by_hand"]] == []


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


def test_pages_without_a_number_have_nothing_to_grade():
    pages = {path.stem for path in SOLUTIONS.glob("*.py")} - set(NUMBERED)
    assert "drill" in pages
    for page in pages:
        notebook = nbformat.read(SOLUTIONS / f"{page}.ipynb", as_version=4)
        assert notebooks.check_cells(notebook) == {}
