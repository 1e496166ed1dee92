"""Does a notebook pass its checks, as the grader will see it?

It goes the grader's own way: read with bounds, repaired, run, and its checks judged apart from it
by the very steps that `autograder grade` uses. So both agree. Only the sandbox is left out, unless
it is asked for: a notebook that somebody validates is mostly their own.
"""

import os
import re
import shutil
import tempfile
from dataclasses import asdict, dataclass, field
from pathlib import Path

from nbgrader.preprocessors import IgnorePattern
from nbgrader.utils import determine_grade, is_grade, is_solution
from traitlets.config import Config

from autograder import annotations, junit
from autograder.errors import UserError
from autograder.grade.handed_in import intake
from autograder.grade.handed_in.defuse import printed
from autograder.grade.handed_in.doctor import lesson_of
from autograder.grade.handed_in.expected import from_notebook, read_edition
from autograder.grade.handed_in.repair import repair
from autograder.grade.run.execute import JudgedExecute, copy_files
from autograder.grade.run.points import undecided
from autograder.grade.screen import printable
from autograder.progress import owner
from autograder.reports.marks import WAITS, read_verdict, state_of
from autograder.states import LOOKS, RIGHT

#: Where a lesson's own notebook is, with hidden tests before without.
_EDITIONS = ("solutions/{0}.ipynb", "source/{0}/{0}.ipynb", "notebooks/{0}.ipynb")
_EDITIONS += ("release/{0}/{0}.ipynb", "{0}.ipynb")
#: Folders in which nothing lies but lessons and what they read.
_FOLDERS = ("solutions", "notebooks")


@dataclass(frozen=True)
class Found:
    """What came of a check. line: in the notebook's file, where the check is."""

    exercise: str
    check: str
    state: str
    points: float
    max_points: float
    mistakes: tuple = ()
    message: str = ""
    line: int | None = None

    @property
    def passes(self):
        """Whether it earns all its points."""
        return self.state == RIGHT and self.points >= self.max_points


@dataclass(frozen=True)
class Validation:
    """What came of a notebook. refused: why nothing of it was run.

    by_hand: {answer: points} of those that a person grades; nothing is said of them here.
    """

    notebook: str
    lesson: str
    found: list = field(default_factory=list)
    remarks: list = field(default_factory=list)
    refused: str = ""
    by_hand: dict = field(default_factory=dict)

    @property
    def passes(self):
        """Whether all its checks pass."""
        return not self.refused and all(found.passes for found in self.found)

    def as_dict(self):
        """Return it as JSON-ready data."""
        data = asdict(self) | {"passes": self.passes}
        return data | {"remarks": [asdict(remark) for remark in self.remarks]}


def validate(path, root, sandbox="trusted"):
    """Return the Validation of a notebook.

    Args:
        path: the notebook.
        root: a folder with the lessons, a copy of the repository or a course directory.
        sandbox: which sandbox to run it in.
    """
    path, root = Path(path), Path(root)
    if not path.is_file():
        raise UserError(f"there is no file {path}: name the notebook to validate")
    try:
        cells, remarks = intake.read_notebook(path)
    except intake.Rejected as rejected:
        return Validation(str(path), path.stem, refused=rejected.reason)
    edition = _edition(path, cells, root)
    expected = from_notebook(read_edition(edition))
    essays = [cell.marks for cell in expected if cell.role == "answer" and cell.marks.get("grade")]
    if not essays and not any(cell.role == "check" for cell in expected):
        raise UserError(f"{edition} has no checks: name a notebook of a lesson with exercises")
    notebook, mended = repair({"cells": cells}, expected)
    notebook = _run(notebook, path, edition, sandbox)
    answers = [cell.grade_id for cell in expected if cell.role == "answer"]
    lines = _lines(path)
    found = [_found(cell, answers, lines) for cell in notebook.cells if _is_check(cell)]
    by_hand = {mark["grade_id"]: float(mark["points"]) for mark in essays}
    return Validation(str(path), edition.stem, found, [*remarks, *mended], by_hand=by_hand)


def _edition(path, cells, root):
    """Return the lesson's own notebook, with its hidden tests if it is there, or this one."""
    try:
        name, _ = lesson_of(path, cells, root)
    except UserError:  # no lesson there is like it; perhaps it is one that is being written
        return path
    places = (root / place.format(name) for place in _EDITIONS)
    return next((place for place in places if place.is_file()), path)


def _run(notebook, path, edition, sandbox):
    """Return the notebook with outputs, by the grader's own steps."""
    config = Config()
    config.JudgedExecute.update(sandbox=sandbox, two_pass=False)
    config.IgnorePattern.update(enabled=True, pattern=r"(?s).")  # no text on stderr costs points
    with tempfile.TemporaryDirectory(prefix="validate-") as folder:
        theirs, ours = Path(folder) / "theirs", Path(folder) / "ours"
        _copy_lesson_folder(path, theirs, edition.stem)
        _copy_lesson_folder(edition, ours, edition.stem)
        config.JudgedExecute.edition = str(shutil.copy(edition, ours))
        resources = {"metadata": {"path": str(theirs)}}
        for step in (JudgedExecute, IgnorePattern):
            notebook, resources = step(config=config).preprocess(notebook, resources)
    return notebook


def _copy_lesson_folder(path, target, lesson):
    """Copy the files beside a notebook if the folder is a lesson's; of others nobody knows."""
    target.mkdir()
    if path.absolute().parent.name in (lesson, *_FOLDERS):
        copy_files(path.parent, target)


def _is_check(cell):
    return is_grade(cell) and not is_solution(cell)


def _found(cell, answers, lines):
    """Return what came of a check cell, with the points that nbgrader will count."""
    name = cell.metadata.nbgrader.grade_id
    worth = float(cell.metadata.nbgrader.points)
    verdict, reason = read_verdict(cell), undecided(cell)
    exercise = owner(name, answers) or name
    if reason:
        return Found(exercise, name, WAITS, 0.0, worth, (), printed(reason), lines.get(name))
    points = determine_grade(cell)[0] or 0.0
    state = state_of(verdict.state, points, worth)
    message = printed(verdict.message or _error(cell))
    return Found(exercise, name, state, points, worth, verdict.mistakes, message, lines.get(name))


def _error(cell):
    """Return the error that a check cell ended with, in words."""
    errors = [out for out in cell.outputs if out.output_type == "error"]
    return f"{errors[-1].ename}: {errors[-1].evalue}" if errors else ""


def _lines(path):
    """Return {grade_id: the line in a notebook's file where it stands}."""
    lines = path.read_text("utf-8", errors="replace").splitlines()
    found = (re.search(r'"grade_id": *"([^"]+)"', line) for line in lines)
    return {match[1]: number for number, match in enumerate(found, 1) if match}


# How it is told.


def as_text(validation):
    """Return lines for a person: one for each check that does not pass, and one at the end."""
    lines = [f"{validation.notebook}"]
    if validation.refused:
        return "\n".join([*lines, f"  It was not run: {validation.refused}"])
    lines += [f"  {remark}" for remark in validation.remarks]
    for found in validation.found:
        if not found.passes:
            sign = f"{LOOKS[found.state][0]} " if found.state in LOOKS else ""
            points = f"{found.points:g} of {found.max_points:g} points"
            message = printable(" ".join(found.message.split()))
            lines.append(f"  {sign}{found.exercise} ({found.check}): {found.state}, {points}")
            # With something in front: GitHub would obey a line that begins as its commands do.
            lines += [f"      – {message}"] if message else []
    passed = sum(found.passes for found in validation.found)
    earned = sum(found.points for found in validation.found)
    worth = sum(found.max_points for found in validation.found)
    total = f"{passed} of {len(validation.found)} checks pass, {earned:g} of {worth:g} points"
    lines.append(f"  {total}")
    if validation.by_hand:
        names, more = ", ".join(validation.by_hand), sum(validation.by_hand.values())
        lines.append(f"  left to a person: {printable(names)}, worth {more:g} more")
    return "\n".join(lines)


def as_annotations(validation):
    """Return the lines that show the failed checks on GitHub."""
    file = os.path.relpath(validation.notebook, os.environ.get("GITHUB_WORKSPACE") or None)
    if validation.refused:
        return [annotations.annotation(validation.lesson, validation.refused, file)]
    return [
        annotations.annotation(
            f"{validation.lesson}: {found.exercise}",
            f"{found.check} gives {found.points:g} of {found.max_points:g} points, {found.state}. "
            f"{found.message}".strip(),
            file,
            found.line,
        )
        for found in validation.found
        if not found.passes
    ]


def as_cases(validation):
    """Return the checks as cases of JUnit."""
    if validation.refused:
        return [junit.Case(validation.lesson, "the notebook", junit.ERROR, validation.refused)]
    return [
        junit.Case(f"{validation.lesson}.{found.exercise}", found.check, *_outcome(found))
        for found in validation.found
    ] + [
        junit.Case(f"{validation.lesson}.{name}", name, junit.SKIPPED, "it is left to a person")
        for name in validation.by_hand
    ]


def _outcome(found):
    if found.passes:
        return junit.PASSED, ""
    if found.state == WAITS:
        return junit.ERROR, f"{found.state}. {found.message}".strip()
    said = f"{found.points:g} of {found.max_points:g} points, {found.state}. {found.message}"
    return junit.FAILED, said.strip()
