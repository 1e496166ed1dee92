"""A lesson that was run once, in which answers are tried one after the other.

All is run in this process, so it's for the answers of a lesson's author, never for a student's.
"""

import ast
import contextlib
import io
import os
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path
from unittest import mock

import nbformat

from autograder.errors import UserError
from autograder.learn import CheckFailed, verdict
from autograder.learn.mistakes import rule
from autograder.learn.verdict import RIGHT
from autograder.progress import owner


@dataclass(frozen=True)
class Trial:
    """An answer that was tried. code: of the mistake that it makes, None for a right answer.

    results: for each check cell its verdicts, and the points, of so many. error: that of the
    answer's own cell, in words; then no check was run. why: the mistake isn't named, if known.
    """

    exercise: str
    source: str
    code: str | None
    results: tuple = ()
    error: str = ""
    why: str = ""

    @property
    def earned(self):
        """The points of all checks."""
        return sum(earned for _, earned, _ in self.results)

    @property
    def worth(self):
        """What they are worth."""
        return sum(worth for *_, worth in self.results)

    @property
    def failed(self):
        """The verdict of the first check that isn't right, or None: plain asserts have none."""
        last = (verdicts[-1] for verdicts, _, _ in self.results if verdicts)
        return next((found for found in last if found.state != RIGHT), None)

    @property
    def fault(self):
        """What is wrong with what came of it, as a sentence; "" if it is as it should be."""
        points = f"{self.earned:g} of {self.worth:g} points"
        said = f". {self.failed.message}" if self.failed else ""
        if self.error:
            return f"its cell raises {self.error}"
        if self.code is None:
            is_right = self.failed is None and self.earned == self.worth
            return "" if is_right else f"it should be right, and gets {points}{said}"
        if self.earned >= self.worth:
            return f"it should be wrong, and gets {points}"
        if self.is_misnamed:
            other = " and ".join(self.named) or "no mistake"
            why = f" ({self.why})" if self.why else ""
            return f"it should be named {self.code}, and is named {other}{why}{said}"
        return ""

    @property
    def named(self):
        """The codes of the mistakes that were told."""
        return self.failed.mistakes if self.failed else ()

    @property
    def is_misnamed(self):
        """Whether it has a mistake that should have been told, and wasn't."""
        return bool(self.code) and self.code not in self.named


@dataclass
class Workbook:
    """A solved lesson that was run from top to bottom, in this process.

    shown: the verdicts that checks have delivered since the last one began.
    """

    cells: list
    names: dict
    folder: Path = Path(".")
    shown: list = field(default_factory=list)
    tried: dict = field(default_factory=dict)

    def checks(self, exercise):
        """Return the check cells of an exercise."""
        names = self.exercises()
        graded = [c for c in self.cells if c.metadata.get("nbgrader", {}).get("grade")]
        return [c for c in graded if owner(c.metadata.nbgrader.grade_id, names) == exercise]

    def exercises(self):
        """Return the ids of the answer cells that are checked."""
        marks = [cell.metadata.get("nbgrader", {}) for cell in self.cells]
        return [mark["grade_id"] for mark in marks if mark.get("solution") and not mark["grade"]]

    def try_answer(self, exercise, source, code=None):
        """Return the Trial of a source in the place of an answer; each is tried once."""
        key = exercise, source, code
        if key not in self.tried:
            with _at_work(self.folder, self.shown):
                self.tried[key] = self._trial(exercise, source, code)
        return self.tried[key]

    def _trial(self, exercise, source, code):
        names = dict(self.names)
        try:
            run_cell(source, names)
        except (Exception, SystemExit) as error:  # whatever an author tries
            return Trial(exercise, source, code, error=f"{type(error).__name__}: {error}")
        checks = self.checks(exercise)
        trial = Trial(exercise, source, code, tuple(self._try_check(c, names) for c in checks))
        if not trial.is_misnamed:
            return trial
        with _watched(code) as seen:
            for cell in checks:
                self._try_check(cell, names)
        return replace(trial, why=_why_unnamed(code, seen))

    def _try_check(self, cell, names):
        """Return (verdicts, points, points at most) of a check cell."""
        self.shown.clear()
        worth = cell.metadata.nbgrader.points
        try:
            value = run_cell(cell.source, names)
        except CheckFailed as failed:
            return list(self.shown) or [failed.verdict], 0, worth
        except (Exception, SystemExit):  # an assert, or what an answer does to a check
            return list(self.shown), 0, worth
        is_part = isinstance(value, (int, float)) and not isinstance(value, bool)
        return list(self.shown), value if is_part else worth, worth


def open_workbook(path, run=lambda number: True):
    """Return the Workbook of a solved notebook, run in a namespace of its own.

    run: tells which of the code cells are run, by their numbers; all, if nothing is said.
    """
    path = Path(path)
    if not path.is_file():
        raise UserError(f"there is no solved notebook {path}: build the lesson first")
    cells = [c for c in nbformat.read(path, as_version=4).cells if c.cell_type == "code"]
    book = Workbook(cells, {"__name__": "__main__"}, path.parent)
    with _at_work(book.folder, []):
        for cell in (cell for number, cell in enumerate(cells) if run(number)):
            try:
                run_cell(cell.source, book.names)
            except Exception as error:
                if "raises-exception" not in cell.metadata.get("tags", []):
                    said = f"{type(error).__name__}: {error}"
                    raise UserError(f"{path} can't be run: {said}; build the lesson anew") from None
    return book


@contextlib.contextmanager
def _at_work(folder, shown):
    """Run cells as in their folder, and quietly: prints are dropped, verdicts go to `shown`."""
    backend = os.environ.get("MPLBACKEND", "agg")
    before = os.getcwd()
    sys.path.insert(0, str(folder.resolve()))
    os.chdir(folder)
    try:
        with (
            mock.patch.dict(os.environ, MPLBACKEND=backend),
            contextlib.redirect_stdout(io.StringIO()),
            mock.patch.object(verdict, "_show", shown.append),
        ):
            yield
    finally:
        os.chdir(before)
        sys.path.pop(0)


@contextlib.contextmanager
def _watched(code):
    """Give a list that gets an entry whenever a rule of this code is asked: its error, or None."""
    seen = []

    def watched(each):
        def apply(*given):
            seen.append(None)
            try:
                return each.apply(*given)
            except Exception as error:
                seen[-1] = error
                raise

        return replace(each, apply=apply)

    register = [watched(each) if each.code == code else each for each in rule.rules()]
    with mock.patch.object(rule, "_REGISTER", register):
        yield seen


def _why_unnamed(code, seen):
    """Return why a mistake wasn't told, as a clause, from what its rules did; "" if not known."""
    if " + " in code:
        return ""
    mine = [each for each in rule.rules() if each.code == code]
    if not mine:
        return f"no rule is called {code}"
    if error := next(filter(None, seen), None):
        return f"its rule raises {type(error).__name__}: {error}"
    if not seen and all(each.kind in ("function", "value") for each in mine):
        about = " or ".join(getattr(r.about, "__name__", repr(r.about)) for r in mine)
        return f"its rule is about {about}, and this check asks no such rules"
    return ""


def run_cell(source, names):
    """Run a cell in `names`; return the value of its last line, if that is an expression."""
    tree = _parsed(source, names)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "<cell>", "exec"), names)
    if last is not None:
        return eval(compile(ast.Expression(last.value), "<cell>", "eval"), names)
    return None


def _parsed(source, names):
    try:
        return ast.parse(source)
    except SyntaxError:  # a magic, perhaps, which is IPython's to read and to run
        from IPython.core.interactiveshell import InteractiveShell

        shell = InteractiveShell.instance()
        shell.user_ns = names
        return ast.parse(shell.transform_cell(source))


# What is asked of all answers together.


def try_all(book, answers):
    """Yield the Trial of each answer of {exercise: Exercise}."""
    for name, exercise in answers.items():
        yield from (book.try_answer(name, source) for source in exercise.right)
        yield from (book.try_answer(name, source, code) for source, code in exercise.wrong)


def not_tried(book, answers):
    """Return sentences on exercises without answers, and on answers without exercise."""
    names = book.exercises()
    said = [f"{name}: nothing is tried on it" for name in names if name not in answers]
    said += [f"{name}: the lesson has no such answer cell" for name in answers if name not in names]
    for name in (name for name in names if name in answers):
        if not answers[name].right or not answers[name].wrong:
            said.append(f"{name}: try a right answer on it, and a wrong one")
    return said


def read_alike(trials, by_mistake=False):
    """Return the trials whose message is another wrong answer's of their exercise.

    by_mistake: only if the two are to be named differently.
    """
    seen, found = {}, []
    for trial in (trial for trial in trials if trial.code and trial.failed):
        key = trial.exercise, trial.failed.message
        if key in seen and not (by_mistake and seen[key] == trial.code):
            found.append(trial)
        seen.setdefault(key, trial.code)
    return found


def tells_answer(trial, right):
    """Tell whether a message says the right answer, where that is a shape, given its source."""
    if " = " not in right.split("\n")[0]:
        return False
    value = ast.parse(right).body[-1].value
    if not isinstance(value, ast.Tuple):
        return False  # only a shape is distinctive enough to be searched for in a text
    own = trial.source.partition(" = ")[2]
    texts = [v.as_text() for verdicts, _, _ in trial.results for v in verdicts]
    texts = [" ".join((t.replace(own, "") if own else t).split()) for t in texts]
    return any(ast.unparse(value) in text for text in texts)
