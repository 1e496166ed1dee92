"""Whatever is sent, nbgrader's own command gets through it, and only answers come through."""

import json
from contextlib import nullcontext

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.grade.book import sanitise
from autograder.grade.handed_in import defuse
from autograder.grade.handed_in.expected import from_gradebook, from_notebook
from autograder.grade.handed_in.repair import Remark
from tests.grade import sent, small_lesson
from tests.grade.classroom import School, find_lesson
from tests.grade.sent import ANSWERS, answered, code, duplicate, find

STEPS = """
from autograder.grade.book.sanitise import FromGradebook
c.Autograde.sanitize_preprocessors = [FromGradebook]
c.Autograde.autograde_preprocessors = ["nbgrader.preprocessors.SaveAutoGrades"]
"""


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course of which only the first step of autograde is tried: nothing is run."""
    folder = tmp_path_factory.mktemp("course")
    lesson = find_lesson(small_lesson.NAME, tmp_path_factory.mktemp("lesson"))
    school = School(lesson, folder)
    school.lay_out()
    configuration = school.course / "nbgrader_config.py"
    configuration.write_text(configuration.read_text() + STEPS)
    return school


def hostile(notebook):
    """Do to a notebook what stops nbgrader's own first steps."""
    duplicate(notebook, "test_flat_shape")
    duplicate(notebook, "build_model", source="def build_model():\n    return 0")
    marks = find(notebook, "test_say_seven")["metadata"]["nbgrader"]
    notebook["cells"].append(code("pass", "x", nbgrader={**marks, "grade_id": "bonus"}))
    marks |= {"points": "many", "schema_version": 99, "solution": True}
    notebook["metadata"]["kernelspec"] = {"name": "ir", "display_name": "R"}
    for cell in notebook["cells"]:
        cell["metadata"]["tags"] = ["skip-execution"]
    find(notebook, "setup")["source"] = "pass"
    return notebook


def test_first_step_of_autograde_is_replaced(course):
    sources = {"clean": answered(notebook=json.loads(course.released.read_text("utf-8")))}
    sources["hostile"] = hostile(json.loads(json.dumps(sources["clean"])))
    for name, notebook in sources.items():
        course.brought(name).parent.mkdir(parents=True)
        course.brought(name).write_text(json.dumps(notebook))
    course.instructor.nbgrader("autograde", course.lesson.name)
    clean, got = (nbformat.read(course.graded(name), as_version=4) for name in sources)
    assert clean.metadata.autograder.remarks == []
    assert {remark.cell for remark in got.metadata.autograder.remarks} >= {"setup", "build_model"}
    assert {name: sent.texts(clean)[name] for name in ANSWERS} == ANSWERS
    find(got, "build_model")["source"] = ANSWERS["build_model"]
    got.cells.pop()
    assert got.cells == clean.cells
    assert got.metadata.kernelspec == clean.metadata.kernelspec
    assert "tags" not in find(got, "build_model").metadata


def test_cells_are_those_of_the_gradebook_whichever_edition_gives_the_order(course):
    name = course.lesson.name
    with course.gradebook() as book:
        cells, kernelspec = from_gradebook(book, name, name, course.released)
        from_source, _ = from_gradebook(book, name, name, course.source)
    assert kernelspec["name"] == "python3"
    assert [cell.source for cell in from_source] == [cell.source for cell in cells]
    assert "hidden_model" in "".join(cell.source for cell in cells)
    assert "hidden_model" not in "".join(cell.given for cell in cells)
    assert not any("Dense(4)" in cell.source for cell in cells if cell.role == "answer")
    assert [c.grade_id for c in cells if c.role == "answer"] == list(course.lesson.exercises)


def test_remarks_act_nowhere_and_tell_of_missing_packages(monkeypatch):
    cells = [
        new_code_cell("f = 1", id="f", metadata={"nbgrader": marks(solution=True)}),
        new_code_cell("f", id="test-f", metadata={"nbgrader": marks("test_f", grade=True)}),
    ]
    expected = from_notebook(new_notebook(cells=cells))
    monkeypatch.setattr(sanitise, "gradebook_for", lambda *_: nullcontext())
    monkeypatch.setattr(sanitise, "from_gradebook", lambda *_: (expected, {}))
    sent_in = new_notebook(cells=cells)
    sent_in.cells[0].source = "import no_such_package\nf = 1"
    told = [Remark("<b>", "![](javascript:0) <script>alert(1)</script>")]
    names = {"assignment": "one", "notebook": "one"}
    resources = {"nbgrader": names, "autograder": {"remarks": told}}
    made, _ = sanitise.FromGradebook(edition="one.ipynb").preprocess(sent_in, resources)
    remarks = made.metadata.autograder.remarks
    assert all(
        defuse.sentence(remark[part]) == remark[part]
        for remark in remarks
        for part in ("cell", "sentence")
    )
    assert "no_such_package isn't installed" in remarks[-1].sentence
    assert list(remarks[-1].checks) == ["test_f"]


def marks(grade_id="f", **roles):
    made = {"schema_version": 3, "grade_id": grade_id, "task": False, "points": 1}
    return {**made, "solution": False, "grade": False, "locked": False, **roles}
