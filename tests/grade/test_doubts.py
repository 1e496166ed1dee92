"""What is left to a person because of a remark, as the gradebook has it."""

import os
import sys
import warnings

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.api import Gradebook
from nbgrader.utils import compute_checksum
from sqlalchemy.exc import SAWarning

from autograder.grade.book.doubts import LeaveToPerson
from autograder.grade.book.verdicts import SaveVerdicts
from autograder.reports.marks import read_verdict
from autograder.states import NOT_ATTEMPTED

KINDS = {"markdown": new_markdown_cell, "code": new_code_cell}
DOUBT = {"cell": "essay", "sentence": "It may be elsewhere.", "checks": ["essay"]}


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    """Return the address of a gradebook in which ada has handed in an essay of each kind."""
    url = f"sqlite:///{tmp_path_factory.mktemp('course') / 'gradebook.db'}"
    with pytest.MonkeyPatch.context() as patch:  # nbgrader starts alembic
        patch.setenv("PATH", os.path.dirname(sys.executable), prepend=os.pathsep)
        Gradebook(url).close()
    with Gradebook(url) as book, warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)  # nbgrader's own way with it
        book.add_assignment("one")
        for kind in KINDS:
            book.add_notebook(kind, "one")
            book.add_grade_cell("essay", kind, "one", max_score=2, cell_type=kind)
            book.add_solution_cell("essay", kind, "one")
        book.add_student("ada")
        book.add_submission("one", "ada")
    return url


@pytest.fixture
def saved(url):
    """Return what gives (automatic points, waits, comment, Verdict) of an essay."""

    def saved(kind, text, remarks):
        marks = {"grade": True, "solution": True, "locked": False, "task": False, "points": 2}
        marks |= {"schema_version": 3, "grade_id": "essay", "cell_type": kind}
        cell = KINDS[kind]("YOUR ANSWER HERE", metadata={"nbgrader": marks})
        cell.metadata.nbgrader["checksum"] = compute_checksum(cell)
        cell.source = text
        notebook = new_notebook(cells=[cell], metadata={"autograder": {"remarks": remarks}})
        names = {"notebook": kind, "assignment": "one", "student": "ada", "db_url": url}
        for step in (LeaveToPerson(), SaveVerdicts()):
            notebook, _ = step.preprocess(notebook, {"nbgrader": names})
        with Gradebook(url) as book:
            grade = book.find_grade("essay", kind, "one", "ada")
            said = book.find_comment("essay", kind, "one", "ada").auto_comment
            verdict = read_verdict(notebook.cells[0])
            return grade.auto_score, grade.needs_manual_grade, said, verdict

    return saved


@pytest.mark.parametrize("kind", KINDS)
def test_an_untouched_essay_that_may_be_answered_elsewhere_is_left_to_a_person(kind, saved):
    points, waits, said, verdict = saved(kind, "YOUR ANSWER HERE", [DOUBT])
    assert (points, waits, verdict.reason) == (None, True, "It may be elsewhere")
    assert said == "To be graded by a person. essay: It may be elsewhere"


@pytest.mark.parametrize("kind", KINDS)
def test_an_untouched_essay_is_not_attempted(kind, saved):
    points, waits, said, verdict = saved(kind, "YOUR ANSWER HERE", [])
    assert (points, waits, said) == (0, False, "No response.")
    assert (verdict.state, verdict.reason) == (NOT_ATTEMPTED, "")


@pytest.mark.parametrize("remarks", [[], [DOUBT]])
def test_an_essay_that_was_written_is_a_persons_without_a_doubt(remarks, saved):
    points, waits, said, verdict = saved("markdown", "Because.", remarks)
    assert (points, waits, said) == (None, True, None)
    assert (verdict.state, verdict.reason) == (None, "")
