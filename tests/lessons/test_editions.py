"""The committed editions of every lesson: what learners can read, and what happens untouched."""

import ast
import re

import nbformat
import pytest
from nbgrader.utils import is_grade, is_solution

from autograder.grade.run.judge.names import AUTHOR, Lesson
from autograder.learn.verdict import MEDIA_TYPE
from tests.circles import long_but
from tests.lessons.conftest import LESSONS, ROOT, workbook_of
from tests.lessons.test_answers import EACH
from tests.notebooks import marks, run

# A line such as `layers.Flatten(),` opens many a network, and gives nothing away.
BARE_LAYER = re.compile(r"layers\.\w+\(\),?")
REGION = re.compile(r"### BEGIN (SOLUTION|HIDDEN TESTS)\n(.*?)### END \1", re.DOTALL)


def edition(folder, lesson):
    return nbformat.read(ROOT / folder / f"{lesson}.ipynb", as_version=4)


def secrets(lesson):
    """Return the lines of solutions and hidden tests that say something, without their comments."""
    for cell in edition("solutions", lesson).cells:
        for _, text in REGION.findall(cell.source):
            for line in text.splitlines():
                code = line.split("  #")[0].strip()
                if len(code) > 10 and not BARE_LAYER.fullmatch(code):
                    yield code


def predictions(lesson):
    """Return the predicted values that can be told from ordinary text."""
    for code in secrets(lesson):
        name, equals, value = code.partition(" = ")
        if equals and name.isidentifier():
            literal = _literal(value)
            yield from literal if isinstance(literal, list) else [literal]


def _literal(source):
    """Return the value of a literal, None of anything else."""
    try:
        return ast.literal_eval(source)
    except (ValueError, SyntaxError):
        return None


@pytest.mark.parametrize("lesson", LESSONS)
def test_learner_edition_tells_no_secret(lesson):
    learner = "\n".join(cell.source for cell in edition("notebooks", lesson).cells)
    assert [code for code in secrets(lesson) if code in learner] == []
    told = [v for v in predictions(lesson) if isinstance(v, tuple) and str(v) in learner]
    numbers = [v for v in predictions(lesson) if type(v) is int and v > 99]
    told += [v for v in numbers if re.search(rf"\b({v}|{v:,})\b", learner)]
    assert told == []
    assert "BEGIN" not in learner and "END" not in learner


@pytest.mark.parametrize("lesson", LESSONS)
def test_learner_edition_holds_no_outputs(lesson):
    cells = [cell for cell in edition("notebooks", lesson).cells if cell.cell_type == "code"]
    assert all(not cell.outputs and cell.execution_count is None for cell in cells)


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_cell_of_the_solved_edition_was_run(lesson):
    cells = [cell for cell in edition("solutions", lesson).cells if cell.cell_type == "code"]
    assert [cell.source for cell in cells if cell.execution_count is None] == []


@pytest.mark.parametrize("lesson", EACH)
def test_every_answer_as_it_is_handed_out_is_not_attempted(lesson):
    """No other cell leans on it, so those do what they do in the solved lesson, run by nbval."""
    learner = edition("notebooks", lesson)
    for cell in filter(is_solution, learner.cells):
        trial = workbook_of(lesson).try_answer(cell.metadata.nbgrader.grade_id, cell.source)
        states = {verdicts[-1].state for verdicts, _, _ in trial.results}
        assert (states, trial.earned) == ({"not attempted"}, 0), cell.source
    cells = Lesson(learner)
    assert [c.id for c in cells.cells if c.role == AUTHOR and cells.leans_on_answers(c)] == []


@pytest.mark.parametrize("lesson", long_but(["00_start_here"], LESSONS))
def test_untouched_lesson_runs_and_every_check_says_not_attempted(lesson, tmp_path):
    notebook = run(ROOT / "notebooks" / f"{lesson}.ipynb", str(tmp_path))
    checks = [cell for cell in notebook.cells if is_grade(cell)]
    assert [_state(cell) for cell in checks] == ["not attempted"] * len(checks)
    assert set(marks(notebook).values()) <= {0}
    others = [cell for cell in notebook.cells if cell.cell_type == "code" and not is_grade(cell)]
    errors = [out.ename for cell in others for out in cell.outputs if out.output_type == "error"]
    assert errors == []


def _state(cell):
    return next(out.data[MEDIA_TYPE]["state"] for out in cell.outputs if MEDIA_TYPE in out.data)
