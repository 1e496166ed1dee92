"""The lessons, run once each, in which the tests try answers."""

import functools
import importlib
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell

from autograder.grade.run.judge import names as judged
from autograder.reports.workbook import Workbook, open_workbook, run_cell

__all__ = ["LESSONS", "ROOT", "Workbook", "answers", "run_cell", "workbook_of"]

ROOT = Path(__file__).parents[2]
LESSONS = sorted(path.stem for path in (ROOT / "solutions").glob("*.py"))


def answers(lesson):
    """Return the right answers and known mistakes of a lesson, {exercise: Exercise}."""
    return importlib.import_module(f"tests.lessons.answers_{lesson}").EXERCISES


def needed(lesson, path):
    """Return the numbers of the code cells on which the answers to a lesson or checks depend.

    Of its demonstrations some take seconds; they are run with nbval.
    """
    notebook = nbformat.read(path, as_version=4)
    given = answers(lesson).values()
    sources = [s for e in given for s in [*e.right, *(wrong for wrong, _ in e.wrong)]]
    read = sorted(set().union(*(judged.names_in(source).reads for source in sources)))
    last = {"grade_id": "reads_all", "grade": True, "solution": False}
    notebook.cells.append(new_code_cell("\n".join(read), metadata={"nbgrader": last}))
    cells = judged.Lesson(notebook)
    used = [cells.owner(name, cell) for cell in cells.cells for name in cell.names.reads]
    checks = {cell.number for cell in used if cell and cell.role == judged.CHECK}
    solutions = {cell.number for cell in cells.cells if cell.role == judged.ANSWER}
    return cells.needed | solutions | checks


@functools.cache
def workbook_of(lesson):
    """Return the Workbook of a lesson; each is opened once, and each answer tried once."""
    path = ROOT / "solutions" / f"{lesson}.ipynb"
    return open_workbook(path, run=needed(lesson, path).__contains__)
