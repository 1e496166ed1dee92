"""The steps of nbgrader's autograde that run a repaired notebook and write down its points.

`JudgedExecute` stands for nbgrader's Execute: a student's cells run in one process, check cells in
another (see `student.session` and `judge.process`). `SaveVerdicts` stands for SaveAutoGrades: what
nobody but a person can judge goes to manual grading, with the reason.
"""

import contextlib
import functools
import os
import shutil
import stat
import tempfile
from dataclasses import fields
from pathlib import Path

import nbformat
from nbgrader import utils
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades
from traitlets import Bool, Dict, Integer, Unicode

from autograder.errors import UserError
from autograder.grade.converter import gradebook_for
from autograder.grade.expected import read_edition
from autograder.grade.hidden import FAILED_AGAIN, NOT_DECIDED, hidden_lines, without_lines
from autograder.grade.judge.names import ANSWER, AUTHOR, Lesson
from autograder.grade.judge.process import (
    FAILED,
    JUDGED,
    LOST,
    UNDECIDED,
    Finding,
    Judge,
    JudgeDied,
)
from autograder.grade.sandbox import Limits, choose, warmed
from autograder.grade.student.outputs import error_output
from autograder.grade.student.session import StudentSession
from autograder.progress import owner

#: For a submission after the other a sandbox is tried out but once in a process.
_choose_once = functools.cache(choose)
#: What nbgrader puts into a submission's folder.
_NOT_HANDED_IN = ("timestamp.txt", "submission_secret.txt")


class JudgedExecute(NbGraderPreprocessor):
    """Run a student's cells in a sandbox, and check cells in a clean process of their own."""

    sandbox = Unicode(
        "", help="which sandbox to use (default: the first full one that works here)"
    ).tag(config=True)
    trust_students = Bool(False, help="run students' code without any protection").tag(config=True)
    warm = Bool(
        True,
        help="fork kernels and judges from a process in which Keras is already there (in a sandbox "
        "of bubblewrap), so that they start in a fraction of a second",
    ).tag(config=True)
    two_pass = Bool(
        True,
        help="run a notebook twice: once for all that is shown, with the checks that students can "
        "see, and once more, in a fresh kernel whose outputs are dropped, for the hidden tests; so "
        "no argument of theirs can be told on. Without it grading takes less time",
    ).tag(config=True)
    timeout = Integer(120, help="seconds that a student's cell may take").tag(config=True)
    check_timeout = Integer(120, help="seconds that a check may take").tag(config=True)
    limits = Dict(
        {}, help="how much a student's code may use, as {'memory': bytes, 'cpu': seconds, ...}"
    ).tag(config=True)
    edition = Unicode(
        "",
        help="the lesson's solved notebook (default: the one in the course's source directory)",
    ).tag(config=True)

    def preprocess(self, nb, resources):
        """Return the notebook with the outputs of all its code cells."""
        edition = Path(self.edition) if self.edition else self._edition_of_course(resources)
        lesson, backend = _lesson(edition, edition.stat().st_mtime_ns), self.backend()
        with contextlib.ExitStack() as stack:
            theirs, ours = (stack.enter_context(tempfile.TemporaryDirectory()) for _ in range(2))
            copy_files(resources["metadata"]["path"], theirs)
            copy_files(edition.parent, ours)

            judge = stack.enter_context(Judge(lesson, backend, ours, spare=self.two_pass))

            def walk(**options):
                with StudentSession(backend, theirs, _limits(self.limits)) as student:
                    walk = _Walk(self, nb, lesson, student, judge, **options)
                    walk.run()
                return walk

            first = walk(open_only=self.two_pass)
            if first.left:
                judge.begin_anew()
                walk(before=first)
        return nb, resources

    def chosen(self, choose=choose):
        """Return the sandbox of the configuration; raise UserError where there is none."""
        if self.trust_students and self.sandbox:
            raise UserError("JudgedExecute: choose either trust_students or a sandbox, not both")
        return choose("trusted" if self.trust_students else self.sandbox or None)

    def backend(self):
        """Return that sandbox, with the libraries already imported where that can be."""
        backend = self.chosen(_choose_once)
        return warmed(backend, self.log) if self.warm else backend

    def _edition_of_course(self, resources):
        names = resources["nbgrader"]
        course = self.parent.parent.coursedir  # of the converter whose exporter this is a step of
        folder = course.format_path(course.source_directory, ".", names["assignment"])
        return Path(folder) / f"{names['notebook']}.ipynb"


@functools.lru_cache(maxsize=8)
def _lesson(edition, _changed):
    """Return the Lesson of an edition, the same for a whole class."""
    return Lesson(read_edition(edition))


class _Walk:
    """Goes through a notebook once, with one session of a student and a judge.

    Attributes:
        ended: The ids of cells that died or took too long.
        left: The ids of checks of which the hidden tests are still to be run.
    """

    def __init__(self, settings, nb, lesson, session, judge, open_only=False, before=None):
        """Make a walk.

        Args:
            settings: The JudgedExecute.
            nb: The notebook.
            lesson: The Lesson.
            session: Of the student; it has run nothing.
            judge: Of the lesson; it neither.
            open_only: Whether hidden tests are left out, so that whatever is said can be shown.
            before: The walk with open tests only, which all that is shown comes from.
        """
        self.settings, self.nb, self.lesson = settings, nb, lesson
        self.session, self.judge, self.open_only, self.before = session, judge, open_only, before
        self.ended, self.left, self.count = set(), set(), 0
        marks = (cell.metadata.get("nbgrader", {}) for cell in nb.cells)
        self.answers = [mark["grade_id"] for mark in marks if mark.get("solution")]

    def run(self):
        """Run all code cells, as far as they are for this walk."""
        for cell in self._cells():
            if not _is_check(cell):
                self._run(cell)
            elif not self.before or _name(cell) in self.before.left:
                self._judge(cell)
            elif self._helps(cell):
                self._found(cell)
                self._survive()

    def _cells(self):
        """Return the code cells, up to the last one that this walk is for."""
        cells = [cell for cell in self.nb.cells if cell.cell_type == "code"]
        if self.before:
            while _name(cells[-1]) not in self.before.left:
                cells.pop()
        return cells

    def _run(self, cell):
        name = _name(cell)
        place = self.lesson.place(name)
        if place and place.role == ANSWER:
            with contextlib.suppress(JudgeDied):  # the next check will tell
                self.judge.catch_up(place, self.session.ask, self.settings.check_timeout)
        if self.before and name in self.before.ended:
            return
        # The lesson's cells draw the same random numbers here and in the judge's process.
        seed = place.number if place and place.role == AUTHOR else None
        outputs = self.session.run(cell.source, self.settings.timeout, name, seed)
        if not self.before:
            self.count += 1
            cell.execution_count = self.count
            cell.outputs = [nbformat.from_dict(output) for output in outputs]
        if self.session.hung or not self.session.alive:
            self.ended.add(name)
        self._survive()

    def _judge(self, cell):
        name, hidden = cell.metadata.nbgrader.grade_id, hidden_lines(cell.source)
        found = self._found(cell)
        self.settings.log.debug("%s: %s %s", name, found.state, found.reason or "")
        noted = {"state": found.state, "reason": found.reason, "line": found.line}
        outputs = _of_hidden(found, hidden) if self.before else found.outputs
        said = {LOST: "StudentDied", UNDECIDED: "Undecided"}.get(found.state)
        if said:
            # Of what became of a hidden test, students see these words; see `feedback`.
            is_hidden = self.before or found.line in hidden
            noted["told"] = NOT_DECIDED if is_hidden else found.reason
            outputs.append(error_output(said, noted["told"]))
        outputs = [nbformat.from_dict(output) for output in outputs]
        if self.before:  # of the points, those with the hidden tests count
            outputs = [*(o for o in cell.outputs if not _is_points(o)), *outputs]
        cell.outputs = outputs
        cell.metadata["autograder"] = noted
        if self.open_only and hidden and found.state == JUDGED:
            self.left.add(name)
        self._survive(without=owner(name, self.answers))

    def _helps(self, cell):
        """Tell whether a check, of which all is known, defines what later ones may use."""
        place = self.lesson.place(_name(cell))
        return bool(place and place.binds)

    def _found(self, cell):
        """Return the Finding on a check."""
        place = self.lesson.place(cell.metadata.nbgrader.grade_id)
        if not place:
            return Finding(UNDECIDED, "the lesson's source has no such check")
        if not self.session.alive:
            return Finding(UNDECIDED, f"it was not run, for {self.session.reason}")
        self.session.seed(place.number)
        source = cell.source
        if self.open_only:
            source = without_lines(source, hidden_lines(source))
        return self.judge.check(place, source, self.session.ask, self.settings.check_timeout)

    def _survive(self, without=None):
        """Get another kernel for one that died, so that the exercises to come can be judged."""
        if not self.session.alive and self.session.restart_and_replay(without):
            self.judge.forget_student()


def _of_hidden(found, hidden):
    """Return those outputs of a check that hidden tests are behind, and its points.

    By now the student's process has seen what hidden tests ask; of all else that a check says, it
    may have chosen the words.
    """
    kept = []
    for output in found.outputs:
        kind = output["output_type"]
        if kind == "error" and found.line not in hidden:
            kept.append(error_output("CheckFailed", FAILED_AGAIN))
        elif _is_points(output):
            kept.append({**output, "data": {"text/plain": output["data"]["text/plain"]}})
        elif kind == "error" or (kind == "display_data" and _line(output) in hidden):
            kept.append(output)
    return kept


def _line(output):
    return output["metadata"].get("autograder", {}).get("line")


def _is_points(output):
    """Tell whether an output is the number in a check's last line, which nbgrader goes by."""
    try:
        float(output["data"]["text/plain"])
    except (KeyError, ValueError):
        return False
    return output["output_type"] == "execute_result"


def _is_check(cell):
    return utils.is_grade(cell) and not utils.is_solution(cell)


def _name(cell):
    return cell.metadata.get("nbgrader", {}).get("grade_id") or cell.get("id")


def _limits(wanted):
    known = {field.name for field in fields(Limits)}
    if unknown := sorted(set(wanted) - known):
        raise UserError(f"JudgedExecute.limits: there is no limit {unknown[0]!r} ({sorted(known)})")
    return Limits(**wanted)


def copy_files(source, target):
    """Copy the regular files of a folder, but for notebooks: those hold the hidden tests."""
    for folder, folders, names in os.walk(source):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            path = Path(folder) / name
            taken = not name.endswith(".ipynb") and name not in _NOT_HANDED_IN
            if taken and stat.S_ISREG(path.lstat().st_mode):
                copy = Path(target) / path.relative_to(source)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, copy)


class SaveVerdicts(SaveAutoGrades):
    """Write the points of judged checks into the gradebook; leave the others to a person."""

    def preprocess(self, nb, resources):
        """Write down the points and comments of a notebook."""
        answers = [c.metadata.nbgrader.grade_id for c in nb.cells if utils.is_solution(c)]
        self._reasons = {}
        for cell in filter(_is_check, nb.cells):
            if reason := undecided(cell):
                name = cell.metadata.nbgrader.grade_id
                told = cell.metadata.get("autograder", {}).get("told") or reason
                self._reasons.setdefault(owner(name, answers), []).append(f"{name}: {told}")
        # As SaveAutoGrades does, which would open the gradebook for itself.
        names = resources["nbgrader"]
        self.notebook_id, self.assignment_id = names["notebook"], names["assignment"]
        self.student_id, self.db_url = names["student"], names["db_url"]
        with gradebook_for(self, resources) as self.gradebook:
            return NbGraderPreprocessor.preprocess(self, nb, resources)

    def _add_score(self, cell, resources):
        if not _is_check(cell) or not undecided(cell):
            return super()._add_score(cell, resources)
        grade = self.gradebook.find_grade(*self._where(cell))
        grade.auto_score, grade.needs_manual_grade = None, True
        self.gradebook.db.commit()

    def _add_comment(self, cell, resources):
        super()._add_comment(cell, resources)
        if reasons := self._reasons.get(cell.metadata.nbgrader.grade_id):
            comment = self.gradebook.find_comment(*self._where(cell))
            comment.auto_comment = "To be graded by a person. " + " ".join(reasons)
            self.gradebook.db.commit()

    def _where(self, cell):
        grade_id = cell.metadata.nbgrader.grade_id
        return grade_id, self.notebook_id, self.assignment_id, self.student_id


def undecided(cell):
    """Return why a person has to judge a check cell, or None."""
    found = cell.metadata.get("autograder", {})
    if cell.cell_type != "code":
        return None
    if found.get("state") not in (JUDGED, FAILED, LOST):
        return found.get("reason") or "it was not run"
    for output in cell.outputs:
        if output.output_type == "execute_result" and not _is_share(output, cell):
            return "its last line gives a number that can't be its points"
    return None


def _is_share(result, cell):
    """Tell whether the result of a check is no number, or one that nbgrader takes for points."""
    try:
        points = float(result.data["text/plain"])
    except ValueError:
        return True
    return 0 <= points <= cell.metadata.nbgrader.points
