"""The lessons, run once each, in which the tests try answers."""

import ast
import importlib
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import pytest

from autograder.learn import CheckFailed, verdict
from autograder.progress import owner

ROOT = Path(__file__).parents[2]
LESSONS = sorted(path.stem for path in (ROOT / "solutions").glob("*.py"))


def answers(lesson):
    """Return the right answers and known mistakes of a lesson, {exercise: Exercise}."""
    return importlib.import_module(f"tests.lessons.answers_{lesson}").EXERCISES


@dataclass
class Workbook:
    """A solved lesson that was run from top to bottom, in this process."""

    cells: list
    names: dict
    shown: list = field(default_factory=list)

    def checks(self, exercise):
        """Return the check cells of an exercise."""
        names = self.exercises()
        graded = [c for c in self.cells if c.metadata.get("nbgrader", {}).get("grade")]
        return [c for c in graded if owner(c.metadata.nbgrader.grade_id, names) == exercise]

    def exercises(self):
        """Return the ids of the answer cells."""
        return [
            c.metadata.nbgrader.grade_id
            for c in self.cells
            if c.metadata.get("nbgrader", {}).get("solution")
        ]

    def try_answer(self, exercise, source):
        """Put `source` in the answer cell; return [(verdicts, points, points at most), ...]."""
        names = dict(self.names)
        run_cell(source, names)
        return [self._try_check(cell, names) for cell in self.checks(exercise)]

    def _try_check(self, cell, names):
        self.shown.clear()
        worth = cell.metadata.nbgrader.points
        try:
            earned = run_cell(cell.source, names)
        except CheckFailed:
            earned = 0
        return list(self.shown), worth if earned is None else earned, worth


def run_cell(source, names):
    """Run a cell in `names`; return the value of its last line, if that is an expression."""
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "<cell>", "exec"), names)
    if last is not None:
        return eval(compile(ast.Expression(last.value), "<cell>", "eval"), names)
    return None


@pytest.fixture(scope="session")
def workbooks():
    """Return a function from a lesson's name to its Workbook; each lesson is run once."""
    known = {}
    with pytest.MonkeyPatch.context() as patch:

        def workbook(lesson):
            book = known[lesson] = known.get(lesson) or _open(lesson)
            patch.setattr(verdict, "_show", book.shown.append)
            return book

        yield workbook


def _open(lesson):
    cells = nbformat.read(ROOT / "solutions" / f"{lesson}.ipynb", as_version=4).cells
    book = Workbook([c for c in cells if c.cell_type == "code"], {"__name__": "__main__"})
    for cell in book.cells:
        run_cell(cell.source, book.names)
    return book
