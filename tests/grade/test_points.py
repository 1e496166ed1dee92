"""The points of a check, whatever its last line gives and wherever it fails.

A lesson of one answer has a check for each kind of value, in each place that a value can have
beside hidden tests. It is judged with answers that fail in the open, in the hidden part, in both or
nowhere, and held against what was meant, and against nbgrader's own grading of the same notebook.
"""

import itertools
import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from nbgrader.api import Gradebook
from nbgrader.utils import compute_checksum

from autograder.grade.book import configuration
from autograder.grade.book.opened import Score
from autograder.grade.grading import _result, grade
from autograder.grade.run import execute, ways
from autograder.grade.run.execute import JudgedExecute
from autograder.grade.run.judge.process import FAILED, JUDGED, LOST, UNDECIDED
from autograder.grade.run.points import read_points, undecided, write_points
from autograder.grade.run.student import agent, agent_sources
from autograder.states import NOT_ATTEMPTED, verdict_in, why_by_hand
from tests import notebooks
from tests.circles import long_but
from tests.grade.classroom import Person

WORTH = 2

SETUP = '''\
import sys
from decimal import Decimal
from fractions import Fraction

import numpy as np
from IPython.display import display


class Table:
    """Looks like a table in a page."""

    def __repr__(self):
        return "   a\\n0  1"

    def _repr_html_(self):
        return "<table><tr><td>1</td></tr></table>"


class Named:
    """Is shown by a text of one's choice."""

    def __init__(self, text):
        self.text = text

    def __repr__(self):
        return self.text


class Broken:
    """Can't be shown."""

    def __repr__(self):
        raise ValueError("no text")


class Picture:
    """Is shown as a picture."""

    def _repr_png_(self):
        return bytes.fromhex("89504e470d0a1a0a")


def noisy(value):
    """Return a value, with noise."""
    print("looking")
    print("still looking", file=sys.stderr)
    display("one")
    display(Table())
    display(0.25)
    return value'''

#: {name: (the last line, what it is meant to be worth)}; None where a person has to say.
VALUES = {
    "nothing": ("pass", WORTH),
    "docstring": ('"""A check."""', WORTH),
    "text": ("'done'", WORTH),
    "text of a number": ("'1'", WORTH),
    "none": ("None", WORTH),
    "no points": ("0", 0),
    "a point": ("1", 1),
    "half a point": ("0.5", 0.5),
    "a third": ("2 / 3", 2 / 3),
    "all points": ("2", WORTH),
    "too many": ("3", None),
    "negative": ("-1", None),
    "not a number": ("float('nan')", None),
    "infinity": ("float('inf')", None),
    "a huge number": ("10 ** 400", None),
    "true": ("one(1) == 2", WORTH),
    "false": ("one(1) == 7", None),
    "numpy": ("np.float64(0.5)", 0.5),
    "numpy, whole": ("np.int64(1)", 1),
    "numpy, none": ("np.float64(0)", 0),
    "numpy, short": ("np.float32(0.1)", 0.1),
    "numpy, too many": ("np.float64(3)", None),
    "numpy, not a number": ("np.float64('nan')", None),
    "numpy, true": ("np.bool_(True)", WORTH),
    "numpy, false": ("np.bool_(False)", None),
    "fraction": ("Fraction(1, 2)", 0.5),
    "decimal": ("Decimal('0.5')", 0.5),
    "array without axes": ("np.array(0.5)", None),
    "array": ("np.array([0.5])", WORTH),
    "tuple": ("(1,)", WORTH),
    "list": ("[0.5]", WORTH),
    "table": ("Table()", WORTH),
    "picture": ("Picture()", WORTH),
    "empty": ("Named('')", WORTH),
    "named like points": ("Named('1.5')", 1.5),
    "broken": ("Broken()", 0),
    "displayed": ("display(Table())", WORTH),
    "displayed number": ("display(1)", WORTH),
    "displayed picture": ("display(Picture())", WORTH),
    "hushed": ("1;", WORTH),
    "call": ("one(0)", 1),
    "noisy": ("noisy(0.5)", 0.5),
    "noisy table": ("noisy(Table())", WORTH),
}
#: Where nbgrader's own grading isn't right: it reads the text of a value, not the value.
STOCK_ERRS = {name for name, (_, points) in VALUES.items() if points is None}
STOCK_ERRS |= {name for name in VALUES if name.startswith("numpy")}
STOCK_ERRS |= {"fraction", "decimal", "empty"}
STOCK_ERRS |= {"noisy", "noisy table"}  # whose text on stderr costs all points

OPEN, HIDDEN = "assert one(1) == 2", "assert one(41) == 42"
BEGIN, END = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"
#: {where the value stands: lines of the check}.
PLACES = {
    "open": [OPEN, "{}"],
    "open, then hidden": [OPEN, "{}", BEGIN, HIDDEN, END],
    "hidden, then open": [BEGIN, HIDDEN, END, OPEN, "{}"],
    "hidden": [OPEN, BEGIN, HIDDEN, "{}", END],
    "first": ["{}", OPEN, BEGIN, HIDDEN, END],
}
ANSWERS = {
    "right": "def one(x):\n    return x + 1",
    "wrong in the open": "def one(x):\n    return x + 1 if x != 1 else 3",
    "wrong in hidden tests": "def one(x):\n    return x + 1 if x != 41 else 3",
    "wrong": "def one(x):\n    return x + 1 if not x else 3",
}
CHECKS = list(itertools.product(PLACES, VALUES))


def check_source(place, value):
    return "\n".join(PLACES[place]).format(VALUES[value][0])


def meant(answer, place, value):
    """Return the points that a check is meant to give an answer; None for a person."""
    fails = {"right": [], "wrong in the open": [OPEN], "wrong in hidden tests": [HIDDEN]}
    lines = PLACES[place]
    if set(lines) & set(fails.get(answer, [OPEN, HIDDEN])):
        return 0
    is_last = next(line for line in reversed(lines) if line != END) == "{}"
    return VALUES[value][1] if is_last else WORTH


def lesson(answer, checks=CHECKS):
    """Return the notebook of a student with this answer."""
    cells = [_cell("setup", SETUP, locked=True), _cell("one", answer, solution=True)]
    for number, check in enumerate(checks):
        source = check_source(*check)
        cells.append(_cell(f"test_one_{number}", source, grade=True, locked=True, points=WORTH))
    return new_notebook(cells=cells)


def _cell(grade_id, source, **roles):
    flags = {"grade": False, "solution": False, "locked": False, "task": False}
    marks = {"schema_version": 3, "grade_id": grade_id, **flags, **roles}
    return new_code_cell(source, id=grade_id, metadata={"nbgrader": marks})


class Session:
    """A student's session that is none: answers are run in this process, checks are not."""

    alive, hung, failed, reason, restarts = True, False, False, None, 0

    def __init__(self, *_):
        self.names = {"__name__": "__main__"}
        self.agent = agent.loaded(*agent_sources(), self.names)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def is_crowded(self):
        return False

    def seed(self, number):
        """Do nothing: no answer here draws numbers."""

    def run(self, source, timeout, name, seed):
        if name == "one":
            exec(source, self.names)
        return []

    def ask(self, request, timeout):
        return json.loads(json.dumps(self.agent.answer(json.loads(json.dumps(request)))))


@pytest.fixture(scope="module")
def edition(tmp_path_factory):
    path = tmp_path_factory.mktemp("edition") / "points.ipynb"
    nbformat.write(lesson(ANSWERS["right"]), path)
    return path


def judged_notebook(edition, notebook, **settings):
    """Return a notebook after its checks have been judged, with a stand-in for the student."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(execute, "StudentSession", Session)
        patch.setattr(ways, "is_for_apart", lambda lesson: True)
        return judged_as_it_is(edition, notebook, **settings)


def judged_as_it_is(edition, notebook, **settings):
    resources = {"metadata": {"path": str(edition.parent)}, "nbgrader": {}}
    return JudgedExecute(edition=str(edition), **settings).preprocess(notebook, resources)[0]


PASSES = [
    pytest.param(False, id="one pass", marks=pytest.mark.long),
    pytest.param(True, id="two passes"),
]


@pytest.fixture(scope="module", params=PASSES)
def judged(request, edition):
    """Return a function from an answer and checks to {(place, value): the judged cell}."""

    def judged(answer, checks):
        notebook = lesson(ANSWERS[answer], checks)
        notebook = judged_notebook(edition, notebook, two_pass=request.param)
        return dict(zip(checks, notebooks.check_cells(notebook).values(), strict=True))

    return judged


def assert_points_are_as_meant(answer, cells):
    """Assert it of {(place, value): the judged cell}."""
    found = {c: None if undecided(cell) else read_points(cell) for c, cell in cells.items()}
    assert {c: p for c, p in found.items() if p != meant(answer, *c)} == {}
    assert all(
        cells[c].metadata.autograder.state == UNDECIDED for c, p in found.items() if p is None
    )


@pytest.mark.sandbox
@pytest.mark.parametrize(
    "answer, checks",
    [
        pytest.param("wrong in hidden tests", CHECKS[::3], id="every third check"),
        *(pytest.param(answer, CHECKS, id=answer, marks=pytest.mark.long) for answer in ANSWERS),
    ],
)
def test_points_are_as_meant(judged, answer, checks):
    assert_points_are_as_meant(answer, judged(answer, checks))


KINDS = ("docstring", "half a point", "too many", "negative", "not a number", "true", "false")
KINDS += ("numpy", "numpy, whole", "numpy, false", "fraction", "tuple", "table", "hushed", "noisy")
ONE_PLACE = [("open, then hidden", kind) for kind in KINDS]


@pytest.mark.sandbox
@pytest.mark.parametrize("two_pass", [True, pytest.param(False, marks=pytest.mark.long)])
@pytest.mark.parametrize(
    "answer, checks",
    [
        pytest.param("right", ONE_PLACE, id="right, one place"),
        *(pytest.param(answer, CHECKS, id=answer, marks=pytest.mark.long) for answer in ANSWERS),
    ],
)
def test_points_are_as_meant_inside(edition, answer, checks, two_pass):
    notebook = lesson(ANSWERS[answer], checks)
    judged_as_it_is(edition, notebook, two_pass=two_pass, all_inside=True)
    cells = dict(zip(checks, notebooks.check_cells(notebook).values(), strict=True))
    assert {cell.metadata.autograder.way for cell in cells.values()} == {ways.INSIDE}
    assert_points_are_as_meant(answer, cells)


@pytest.mark.parametrize("answer", long_but(["right"], ["right", "wrong in hidden tests"]))
def test_points_are_nbgraders_own_where_those_are_right(answer, tmp_path):
    path = tmp_path / "points.ipynb"
    nbformat.write(lesson(ANSWERS[answer]), path)
    cells = notebooks.check_cells(notebooks.run(path, tmp_path)).values()
    stock = dict(zip(CHECKS, map(read_points, cells), strict=True))
    compared = [check for check in CHECKS if check[1] not in STOCK_ERRS]
    assert {c: stock[c] for c in compared} == {c: meant(answer, *c) for c in compared}


FEW = list(itertools.product(PLACES, ["docstring", "text", "half a point", "numpy", "too many"]))


@pytest.mark.long
@pytest.mark.sandbox
@pytest.mark.parametrize("way", [ways.APART, ways.INSIDE])
def test_points_are_in_the_gradebook_as_meant(tmp_path, way):
    course = tmp_path / "course"
    instructor = Person(tmp_path / "instructor", work=course)
    solved = f"### BEGIN SOLUTION\n{ANSWERS['right']}\n### END SOLUTION"
    (course / "source/points").mkdir(parents=True)
    made = lesson(solved, FEW)
    if way == ways.APART:
        made.cells[0].source += "\nimport autograder.learn"  # written for the judge
    nbformat.write(made, course / "source/points/points.ipynb")
    (course / "nbgrader_config.py").write_text(configuration.text("points"))
    instructor.nbgrader("generate_assignment", "points")
    answers = "right", "wrong in hidden tests"
    for answer in answers:
        folder = course / "submitted" / answer.replace(" ", "-") / "points"
        folder.mkdir(parents=True)
        notebook = nbformat.read(course / "release/points/points.ipynb", as_version=4)
        notebook.cells[1].source = ANSWERS[answer]
        nbformat.write(notebook, folder / "points.ipynb")
    assert [e["state"] for e in grade(course, "points") if e["event"] == "done"] == ["graded"] * 2
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}", "points") as book:
        for answer in answers:
            found = book.find_submission_notebook("points", "points", answer.replace(" ", "-"))
            grades = {g.name: (g.auto_score, g.needs_manual_grade) for g in found.grades}
            # A check that takes points from the lesson's own solution is left to a person.
            sound = [meant("right", *check) == WORTH for check in FEW]
            points = [meant(answer, *c) if s else None for c, s in zip(FEW, sound, strict=True)]
            expected = {f"test_one_{n}": (p, p is None) for n, p in enumerate(points)}
            assert grades == expected, answer


UNTOUCHED = "raise NotImplementedError()"


@pytest.mark.sandbox
@pytest.mark.parametrize(
    "body, is_untouched",
    [
        (UNTOUCHED, True),
        ("raise NotImplementedError('no such method')", False),
        ("return 0", False),
    ],
)
def test_an_untouched_answer_below_plain_assertions_is_not_attempted(edition, body, is_untouched):
    notebook = lesson(f"def one(x):\n    {body}", FEW[:1])
    (check,) = notebooks.check_cells(judged_notebook(edition, notebook)).values()
    assert read_points(check) == 0
    assert verdict_in(check) == ({"state": NOT_ATTEMPTED} if is_untouched else {})


@pytest.mark.sandbox
def test_an_answer_as_it_was_given_is_not_attempted(edition):
    notebook = lesson("one = lambda x: ...", FEW[:1])
    answer = notebook.cells[1]
    answer.metadata.nbgrader["checksum"] = compute_checksum(answer)
    (check,) = notebooks.check_cells(judged_notebook(edition, notebook)).values()
    assert verdict_in(check) == {"state": NOT_ATTEMPTED}


# What is written, without a judge


def cell_with(*outputs, **noted):
    cell = _cell("test_one", "pass", grade=True, points=WORTH)
    cell.outputs, cell.metadata["autograder"] = list(outputs), noted
    return cell


def result(text):
    return new_output("execute_result", {"text/plain": text})


ERROR = new_output("error", ename="AssertionError", evalue="", traceback=[])


@pytest.mark.parametrize("state", [FAILED, LOST])
@pytest.mark.parametrize("outputs", [[], [result("1")], [result("'x'"), ERROR], [ERROR]])
def test_what_has_failed_is_read_as_nothing(state, outputs):
    cell = cell_with(*outputs, state=state)
    write_points(cell)
    assert (read_points(cell), undecided(cell)) == (0, None)


@pytest.mark.parametrize("text", ["1", "'x'", "", "3", "-1", "nan"])
@pytest.mark.parametrize("value, points", [(None, WORTH), (0, 0), (1.5, 1.5), (2 / 3, 2 / 3)])
def test_what_was_found_is_read_whatever_is_shown(text, value, points):
    cell = cell_with(result(text), result("1"), state=JUDGED, value=value)
    write_points(cell)
    assert (read_points(cell), undecided(cell)) == (points, None)


def test_cells_that_are_read_rightly_are_left_as_they_are():
    cell = cell_with(result("'x'"), state=JUDGED, value=None)
    write_points(cell)
    assert cell.outputs == [result("'x'")]


def test_what_is_read_otherwise_than_found_is_for_a_person():
    assert undecided(cell_with(ERROR, state=JUDGED)) == "what its cell shows isn't what was found"
    assert undecided(cell_with(result("1"), state=FAILED))
    assert undecided(cell_with(result("1"), state=JUDGED, value=2))
    assert undecided(cell_with(state=UNDECIDED, reason="it uses Lambda")) == "it uses Lambda"
    assert undecided(cell_with()) == "it was not run"


@pytest.mark.parametrize(
    "noted, score, reason",
    [
        ({}, Score(None, 2, True), "nobody has marked it yet"),  # an essay
        ({"state": UNDECIDED, "reason": "it died"}, Score(None, 2, True), "it died"),
        ({"state": FAILED, "reason": "E: x"}, Score(0, 2, True), "it was graded by hand before"),
        ({"state": JUDGED, "reason": None}, Score(2, 2, True), "it was graded by hand before"),
        ({"state": JUDGED, "reason": None}, Score(2, 2, False), ""),
    ],
)
def test_why_a_person_has_to_look_is_true(noted, score, reason):
    found = _result(cell_with(**noted), score)["reason"]
    assert (why_by_hand(found, score.is_open) if score.by_hand else found) == reason
