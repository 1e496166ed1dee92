"""A class of three goes from release to exported marks, by nbgrader's stock commands.

And the marks of a notebook are the same in its cells, in `nbgrader validate`, in autograde. It is
all in one file, so that tests which run in parallel by file (see tests/conftest.py) take the
class through a lesson once.
"""

import html
import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import nbformat
import pytest

from tests import notebooks
from tests.grade import small_lesson

in_the_small_lesson = pytest.mark.parametrize("lesson", [small_lesson.NAME], indirect=True)


def total(lines, name):
    return float(lines[name]["score"])


def test_answers_that_are_right_get_full_marks_whatever_keras_warns_of(school):
    points = notebooks.points(nbformat.read(school.source, as_version=4))
    assert school.autograded("all_right") == points


def test_keras_did_warn_of_the_answers_with_full_marks(school):
    """The warning is a note in the verdict."""
    graded = nbformat.read(school.graded("all_right"), as_version=4)
    cards = [output.data["text/plain"] for output in displayed(graded)]
    assert any("input_shape=" in answer for answer in school.answers["all_right"].values())
    assert any("Note: `input_shape=`" in card for card in cards)


def test_an_untouched_notebook_gets_nothing(school):
    assert set(school.autograded("untouched").values()) == {0}


@pytest.fixture(scope="session")
def half_right(school, tmp_path_factory):
    """Return the solved edition with answers of which every second one is wrong, after Run All."""
    folder = tmp_path_factory.mktemp("half_right")
    notebook = folder / "half_right.ipynb"
    shutil.copy(school.source, notebook)
    notebooks.write_submission(notebook, school.answers["half_right"])
    return notebooks.run(notebook, folder)


def test_right_exercises_count_in_full_beside_wrong_ones(school, half_right):
    """What the wrong ones earn is what their cells give, hidden tests and all."""
    in_cells, points = notebooks.marks(half_right), notebooks.points(half_right)
    wrong = school.lesson.half_wrong()
    assert school.autograded("half_right") == {
        check: in_cells[check] if school.lesson.exercise_of(check) in wrong else points[check]
        for check in points
    }


def test_exported_marks(school):
    lines = school.exported()
    maximum = sum(notebooks.points(nbformat.read(school.source, as_version=4)).values())
    assert {float(line["max_score"]) for line in lines.values()} == {maximum}
    assert total(lines, "all_right") == maximum
    assert total(lines, "half_right") == sum(school.autograded("half_right").values())
    assert 0 < total(lines, "half_right") < maximum
    assert total(lines, "untouched") == 0


def test_marks_are_final_without_anybody_looking(school):
    """A check that needs manual grading would hold up every student's marks."""
    with school.gradebook() as book:
        for submission in book.assignment_submissions(school.lesson.name):
            assert not submission.needs_manual_grade


def test_the_assignment_belongs_to_the_course(school):
    """Some steps of nbgrader open the gradebook under another name, default_course."""
    with school.gradebook() as book:
        assert book.find_assignment(school.lesson.name).course_id == "keras_shapes"


def test_no_command_complained(school):
    people = [school.instructor, *school.students.values()]
    printed = "".join(command.stderr for person in people for command in person.commands)
    complaints = re.findall(r".*\| (?:WARNING|ERROR|CRITICAL)\].*", printed)
    # Autograde says of each cell with hidden tests that it has put them back.
    assert not [line for line in complaints if "Attribute 'checksum' for cell" not in line]
    by_instructor = "".join(command.stderr for command in school.instructor.commands)
    assert "AutogradeApp | INFO" in by_instructor
    assert "without encryption" not in by_instructor


@pytest.mark.parametrize("student", ["all_right", "half_right", "untouched"])
def test_feedback_arrives(school, student):
    (page,) = school.feedback(student)
    score = school.exported()[student]["score"]
    assert f"(Score: {score} / " in text_of(page)


def test_hidden_tests_are_graded_but_reach_nobody(school):
    hidden = hidden_lines(school.source)
    assert all(line in sources(school.graded("half_right")) for line in hidden)
    assert not any(line in sources(school.released) for line in hidden)
    for student in school.students:
        (page,) = school.feedback(student)
        assert not any(line in text_of(page) for line in hidden)


def test_generate_assignment_makes_the_learner_edition(school):
    """What an instructor releases is, cell by cell, what a learner finds in notebooks/."""
    edition = school.lesson.root / "notebooks" / school.released.name
    assert cells(school.released) == cells(edition)
    assert re.search(r"^\w+ = \.\.\.", sources(edition), re.M)


@dataclass
class Paths:
    """What became of one edition on each path."""

    points: dict
    notebook: nbformat.NotebookNode
    validated: str
    autograded: dict

    def failed_in_validate(self):
        """Return the checks that `nbgrader validate` printed as failed."""
        return notebooks.failed_in_validate(self.notebook, self.validated)


@pytest.fixture(scope="session")
def follow(school, tmp_path_factory):
    """Follow an edition on all paths; each edition once."""

    def one(name, path, person):
        with ThreadPoolExecutor() as pool:  # two kernels at a time
            ran = pool.submit(notebooks.run, path, tmp_path_factory.mktemp(name))
            validated = person.nbgrader("validate", str(path))
        points = notebooks.points(nbformat.read(path, as_version=4))
        return Paths(points, ran.result(), validated, school.autograded(name))

    return one


@pytest.fixture(scope="session")
def untouched(school, follow):
    return follow("untouched", school.submission("untouched"), school.students["untouched"])


@pytest.fixture(scope="session")
def solved(school, follow):
    return follow("solved", school.source, school.instructor)


@pytest.mark.long
def test_untouched_gets_nothing_on_any_path(untouched):
    nothing = dict.fromkeys(untouched.points, 0)
    assert notebooks.marks(untouched.notebook) == nothing
    assert untouched.autograded == nothing
    assert untouched.failed_in_validate() == set(untouched.points)
    assert f"FAILED ON {len(untouched.points)} CELL(S)" in untouched.validated


@pytest.mark.long
def test_solved_gets_everything_on_every_path(solved):
    assert notebooks.marks(solved.notebook) == solved.points
    assert solved.autograded == solved.points
    assert solved.validated == "Success! Your notebook passes all the tests.\n"


@pytest.mark.long
def test_answers_that_warn_pass_validate(school):
    """The student's own nbgrader, which knows nothing of the course's configuration."""
    path = school.submission("all_right")
    assert "Success!" in school.students["all_right"].nbgrader("validate", str(path))


@pytest.mark.long
def test_validate_prints_what_each_check_says_in_full(untouched):
    printed = " ".join(untouched.validated.split())
    cards = [output.data["text/plain"] for output in displayed(untouched.notebook)]
    assert cards
    assert not [card for card in cards if " ".join(card.split()) not in printed]


@in_the_small_lesson
def test_what_reaches_the_check_cell_itself_costs_nothing_in_autograde(school, half_right):
    """An answer called outside a check writes to the check cell's stderr, for which nbgrader
    takes the points, unless the course's configuration tells it not to."""
    outputs = notebooks.check_cells(half_right)["test_say_seven"].outputs
    assert "printed by Python" in "".join(o.text for o in outputs if o.output_type == "stream")
    assert school.autograded("half_right")["test_say_seven"] == 1


@in_the_small_lesson
def test_part_of_the_points(school):
    assert school.autograded("half_right") == {
        "test_flat_shape": 1,
        "test_build_model": 0,
        "test_build_model_layers": 2,
        "test_say_seven": 1,
    }


def displayed(notebook):
    """Return what the check cells of a notebook display: the cards of their verdicts."""
    return [
        output
        for cell in notebooks.check_cells(notebook).values()
        for output in cell.outputs
        if output.output_type == "display_data"
    ]


def cells(path):
    return [
        (cell.cell_type, cell.source, cell.metadata)
        for cell in nbformat.read(path, as_version=4).cells
    ]


def sources(path):
    return "\n".join(source for _, source, _ in cells(path))


def hidden_lines(path):
    """Return the lines of the hidden tests that don't occur elsewhere in the notebook."""
    hidden, seen = set(), set()
    where = seen
    for line in sources(path).splitlines():
        if "BEGIN HIDDEN TESTS" in line:
            where = hidden
        elif "END HIDDEN TESTS" in line:
            where = seen
        elif line.strip():
            where.add(line.strip())
    return hidden - seen


def text_of(page):
    """Return the text of a page without its tags, which colour code word by word."""
    return html.unescape(re.sub(r"<[^>]*>", "", page.read_text()))
