"""A lesson that was changed and not generated again is graded as its students got it."""

import json

import pytest

from autograder.grade import grading
from autograder.grade.book import generated
from autograder.grade.book.opened import OpenedCourse
from autograder.grade.handed_in.expected import as_generated, from_notebook
from tests.grade import small_lesson
from tests.grade.classroom import School, find_lesson, lay_out
from tests.grade.stand_in import StandIn
from tests.grade.test_grading import Course

NAME = small_lesson.NAME
FULL = {"test_flat_shape": 1, "test_build_model": 2, "test_build_model_layers": 4}
FULL |= {"test_say_seven": 1}


def with_helper(value):
    """Return the small lesson's solved edition, with a check that uses a cell nobody marks."""
    notebook = small_lesson.notebook()
    helper = {"cell_type": "code", "id": "helper", "metadata": {}, "source": f"SIZE = {value}"}
    notebook.cells.insert(2, helper | {"outputs": [], "execution_count": None})
    check = notebook.cells[-1]
    check["source"] = check["source"].replace("seven == 7", "seven == SIZE")
    return json.dumps(notebook)


@pytest.fixture(scope="module")
def laid_out(tmp_path_factory):
    """A course with a file for students; a notebook of theirs is there, with right answers."""
    lesson = find_lesson(NAME, tmp_path_factory.mktemp("lesson"))
    school = School(lesson, tmp_path_factory.mktemp("school"))
    lay_out(lesson, school.course)
    school.source.write_text(with_helper(7))
    school.source.with_name("data.csv").write_text("1,2")
    school.instructor.nbgrader("generate_assignment", NAME)
    school.bring("ada", lesson.answers_all_right())
    return Course(school.course, lesson), school


@pytest.fixture
def course(laid_out, tmp_path):
    return laid_out[0].copy(tmp_path / "course")


def source_of(course):
    return course.directory / "source" / NAME / f"{NAME}.ipynb"


def notes(course):
    """Return what is said before a class is graded of a lesson that isn't generated again."""
    return next(grading.grade(course.directory, NAME, execute=StandIn))["stale"]


@pytest.mark.long
@pytest.mark.sandbox
def test_right_answers_stay_right_by_both_ways_of_grading(laid_out, tmp_path):
    school = laid_out[1].copied(tmp_path / "course")
    setup = "from autograder.learn.quiet import hushed"
    changed = with_helper(8).replace(setup, f"{setup}\\nraise ValueError")
    school.source.write_text(changed)
    events = school.autograder_grade("--no-two-pass", "--jobs=1")
    assert events["ada"]["points"] == 8
    school.instructor.nbgrader("autograde", NAME, "--force")
    assert school.autograded("ada") == FULL


@pytest.mark.sandbox
def test_what_was_changed_is_told(course):
    assert notes(course) == []
    source_of(course).write_text(with_helper(8))
    source_of(course).with_name("data.csv").write_text("1,3")
    (told,) = notes(course)
    assert "is newer than what was handed out (the cell `SIZE = 8`, the cell `SIZE = 7`" in told
    assert "data.csv" in told and f"generate_assignment {NAME} --force" in told


def test_the_judge_gets_what_was_handed_out_and_the_solutions(course):
    source_of(course).write_text(with_helper(8))
    source_of(course).with_name("data.csv").write_text("1,3")
    source_of(course).with_name("kept_back.csv").write_text("of hidden tests")
    opened = OpenedCourse(course.directory)
    expected = {name: cells for name, (cells, _) in opened.notebooks(NAME).items()}
    files, given = generated.files(opened, NAME, expected)
    assert (files["data.csv"], files["kept_back.csv"]) == (b"1,2", b"of hidden tests")
    assert given == {"data.csv": b"1,2"}
    made = {cell["id"]: cell for cell in json.loads(files[f"{NAME}.ipynb"])["cells"]}
    assert made["helper"]["source"] == "SIZE = 7"
    sources = [cell["source"] for cell in made.values()]
    assert small_lesson.BUILD_MODEL in sources and small_lesson.CHECK_OUTPUT in sources


def test_a_solution_to_something_else_is_not_taken():
    def answer(text):
        marks = {"solution": True, "grade_id": "one"}
        cell = {"cell_type": "code", "id": "one", "source": text, "metadata": {"nbgrader": marks}}
        return {"cells": [cell]}

    cells = from_notebook(answer("one = ..."))
    for solution, is_taken in (("one = 1", True), ("two = 1", False)):
        (cell,) = as_generated(answer(solution), cells)["cells"]
        assert cell["source"] == (solution if is_taken else "one = ...")


def test_what_is_shown_below_an_example_comes_along_while_its_text_is_the_same():
    shown = [{"output_type": "stream", "name": "stdout", "text": "3\n"}]

    def lesson(text):
        plain = {"id": "one", "source": text, "metadata": {}}
        check = {"id": "two", "source": text, "metadata": {"nbgrader": {"grade": True}}}
        return {"cells": [{**c, "cell_type": "code", "outputs": shown} for c in (plain, check)]}

    cells = from_notebook(lesson("print(3)"))
    for text, outputs in (("print(3)", [shown, []]), ("print(4)", [[], []])):
        assert [c["outputs"] for c in as_generated(lesson(text), cells)["cells"]] == outputs


@pytest.mark.sandbox
def test_who_hands_in_the_notebook_alone_has_the_lessons_files(course):
    event = course.grade("ada")["ada"]
    assert event["remarks"] == []
    assert course.graded("ada").with_name("data.csv").read_text() == "1,2"


@pytest.mark.sandbox
@pytest.mark.parametrize("name", ["data.csv", "data.csv/x"])
def test_a_file_of_the_lesson_that_was_changed_is_put_back_and_told(course, name):
    own = course.submission("ada").parent / name
    own.parent.mkdir(exist_ok=True)
    own.write_text("9")
    (remark,) = course.grade("ada")["ada"]["remarks"]
    assert (remark["cell"], "put back" in remark["sentence"]) == ("data.csv", True)
    assert course.graded("ada").with_name("data.csv").read_text() == "1,2"


@pytest.mark.sandbox
def test_a_file_that_students_are_to_change_stays_theirs(course):
    with open(course.directory / "nbgrader_config.py", "a") as file:
        file.write(f"\nc.Autograde.exclude_overwriting = {{{NAME!r}: ['data.csv']}}\n")
    course.submission("ada").with_name("data.csv").write_text("9")
    assert course.grade("ada")["ada"]["remarks"] == []
    assert course.graded("ada").with_name("data.csv").read_text() == "9"
