"""Notebooks graded with demonstrations left out: the same as with everything run."""

import importlib
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from nbgrader.utils import determine_grade

from autograder.grade.run import execute
from autograder.grade.run.points import undecided
from autograder.grade.run.slice import Slice
from tests import notebooks
from tests.grade.sliced import graded, mixtures, ran, told

pytestmark = pytest.mark.sandbox

SOLUTIONS = Path(__file__).parents[2] / "solutions"
#: The shortest lesson.
QUICK = "00_start_here"


def _all():
    """Yield each lesson with each mixture of its answers; one of them is tried each time."""
    for path in sorted(SOLUTIONS.glob("0*.ipynb")):
        bank = importlib.import_module(f"tests.lessons.answers_{path.stem}").EXERCISES
        for number, answers in enumerate(mixtures(bank)):
            marks = [] if (path.stem, number) == (QUICK, 0) else [pytest.mark.long]
            # They share nothing, and those of one lesson are enough for a process.
            marks.append(pytest.mark.xdist_group(f"slices of {path.stem}"))
            yield pytest.param(path.stem, answers, id=f"{path.stem}-{number}", marks=marks)


@pytest.mark.parametrize("lesson, answers", list(_all()))
def test_answers_get_the_same_as_when_everything_is_run(lesson, answers):
    found = graded(lesson, answers, two_pass=False)
    thorough = graded(lesson, answers, two_pass=False, thorough=True)
    assert told(found) == told(thorough)


# A small lesson, and what might be tried against leaving cells out

SETUP = "import autograder.learn\nimport keras\nimport numpy as np\nimport warnings"
RIGHT = {
    "first": "def first(x):\n    return x + 1",
    "second": "second = size + 1",
    "third": "def third(x):\n    return x + size",
}
#: What the lesson shows below the cell `shows`, though 42 would come out now.
STORED = "what it showed\n"


def _cell(grade_id, source, **roles):
    flags = {"grade": False, "solution": False, "locked": False, "task": False}
    marks = {"schema_version": 3, "grade_id": grade_id, **flags, **roles}
    return new_code_cell(source, id=grade_id, metadata={"nbgrader": marks})


def _check(name, call, right, hidden, right_too):
    source = (
        f"assert {call} == {right}\n### BEGIN HIDDEN TESTS\nassert {hidden} == {right_too}\n"
        "### END HIDDEN TESTS"
    )
    return _cell(f"test_{name}", source, grade=True, locked=True, points=1)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """Return the path of a lesson of three exercises and four demonstrations."""
    shows = new_code_cell("print(shown)", id="shows")
    shows.outputs = [new_output("stream", name="stdout", text=STORED)]
    cells = [
        _cell("setup", SETUP, locked=True),
        new_code_cell("table = [1, 2, 3]\nsize = len(table)", id="made"),
        new_code_cell("shown = 42", id="shown"),
        shows,
        _cell("first", RIGHT["first"], solution=True),
        _check("first", "first(1)", 2, "first(41)", 42),
        new_code_cell("silent = 1", id="silent"),
        _cell("second", RIGHT["second"], solution=True),
        _check("second", "second", 4, "second", 4),
        _cell("third", RIGHT["third"], solution=True),
        _check("third", "third(1)", 4, "third(2)", 5),
    ]
    path = tmp_path_factory.mktemp("small") / "small.ipynb"
    nbformat.write(new_notebook(cells=cells), path)
    return path


def points(notebook):
    """Return the points of the exercises, None for what is left to a person."""
    checks = notebooks.check_cells(notebook).values()
    return [None if undecided(cell) else determine_grade(cell)[0] for cell in checks]


def find(notebook, name):
    return next(cell for cell in notebook.cells if cell.id == name)


def test_demonstrations_are_left_out_and_show_what_the_lesson_shows(small):
    notebook = graded(small, RIGHT, two_pass=True)
    assert points(notebook) == [1, 1, 1]
    assert ran(notebook) == "3 cells of the lesson were not run, since no answer depends on them."
    note, shown = find(notebook, "shows").outputs
    assert "Not run again" in note.text and shown.text == STORED
    assert [o.text for o in find(notebook, "silent").outputs] == [
        "[Not run: no answer depends on it.]\n"
    ]
    assert find(notebook, "made").outputs == [] and find(notebook, "made").execution_count
    assert find(notebook, "shows").execution_count is None
    everything = graded(small, RIGHT, two_pass=False, thorough=True)
    assert ran(everything) == "All cells were run: that is the setting."
    assert find(everything, "shows").outputs[0].text == "42\n"


def test_what_is_lacking_all_the_same_has_everything_run(small, monkeypatch):
    """In a cell, and in a function that only a hidden test goes so far into."""
    wrong = Slice(frozenset({"made", "shown", "shows"}))
    monkeypatch.setattr(execute, "slice_of", lambda *_: wrong)
    lacks = graded(small, RIGHT, two_pass=False)
    assert points(lacks) == [1, 1, 1] and "second raised an error" in ran(lacks)
    late = {"second": "second = 4", "third": "def third(x):\n    return 4 if x == 1 else x + size"}
    lacks = graded(small, RIGHT | late, two_pass=True)
    assert points(lacks) == [1, 1, 1] and "lacks a name" in ran(lacks)
    assert len(find(lacks, "test_third").outputs) == 0


HOSTILE = {
    "a name that only a run of everything has, asked for by its name": (
        {"first": "try:\n    first = [shown]\nexcept NameError:\n    first = lambda x: x + 1"},
        [],
        [0, 1, 1],
    ),
    "the same, asked for in a way that can't be followed": (
        {"first": "first = (lambda x: 0) if 'sho' + 'wn' in globals() else (lambda x: x + 1)"},
        [],
        [0, 1, 1],
    ),
    "a first call told from later ones": (
        {"first": "calls = []\ndef first(x):\n    calls.append(x)\n    return x + len(calls)"},
        [],
        [0, 1, 1],
    ),
    "a name planted for a later cell": (
        {"third": "def third(x):\n    return x + size"},
        [("test_second", "size = 100")],
        [1, 1, 0],
    ),
    "a name planted in a library": (
        {"third": "def third(x):\n    return x + np.planted"},
        [("shows", "np.planted = 3")],
        [1, 1, 1],
    ),
    "a warning turned into an error for a cell to come": (
        {"third": "def third(x):\n    warnings.warn('!')\n    return x + size"},
        [("shows", "warnings.simplefilter('error')")],
        [1, 1, 1],
    ),
    "code that looks like text": (
        {"second": "second = int(__builtins__.eval('si' + 'ze')) + 1"},
        [("shows", "'{0.__globals__[size]}'.format(np.ones)")],
        [1, 1, 1],
    ),
    "an object of the lesson changed in a student's cell": (
        {"second": "second = len(table) + size - 3", "third": "def third(x):\n    return x + 3"},
        [("shows", "table.append(4)")],
        [1, 1, 1],
    ),
    "an object of the lesson changed under another name": (
        {"second": "second = len(table)"},
        [("shows", "mine = [table]"), ("test_first", "mine[0].append(4)")],
        [1, 1, 1],
    ),
    "a demonstration edited so that answers need it": (
        {"second": "second = shown"},
        [("shown", "shown = 4")],
        [1, 1, 1],
    ),
}


def _hostile():
    quick = "a name that only a run of everything has, asked for by its name"
    for name, case in HOSTILE.items():
        yield pytest.param(*case, id=name, marks=[] if name == quick else [pytest.mark.long])


@pytest.mark.parametrize("answers, own, earned", list(_hostile()))
def test_nothing_is_stolen_or_lost_by_what_is_left_out(small, answers, own, earned):
    answers = RIGHT | answers
    found = graded(small, answers, own, two_pass=True)
    thorough = graded(small, answers, own, two_pass=True, thorough=True)
    assert points(found) == points(thorough) == earned
    assert told(found) == told(thorough)


@pytest.mark.long
def test_all_of_them_at_once_are_run_as_a_whole(small):
    """Who does one thing that can't be followed gains nothing for another."""
    own = [cell for _, cells, _ in HOSTILE.values() for cell in cells]
    found = graded(small, RIGHT, own, two_pass=True)
    assert ran(found).startswith("All cells were run: cell own-")
    assert told(found) == told(graded(small, RIGHT, own, two_pass=True, thorough=True))
