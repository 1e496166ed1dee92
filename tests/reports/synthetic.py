"""A course with a class that nobody graded: its gradebook and notebooks are written down.

What is planted in it is known, so what a report says of it can be compared. No kernel runs.
"""

import copy
import json
import shutil
import warnings
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.exc import SAWarning

from autograder.grade import course
from autograder.grade.book.journal import Journal
from autograder.grade.book.opened import OpenedCourse
from autograder.progress import owner
from autograder.states import MEDIA_TYPE, NOT_ATTEMPTED, RIGHT, WRONG
from tests.grade import small_lesson

SMALL = small_lesson.NAME


@dataclass
class Planted:
    """A student to be made. answers: {check: Answer}; what is not named is right.

    answers is None for one who has handed in nothing.
    """

    id: str
    answers: dict | None = field(default_factory=dict)
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    timestamp: datetime | None = None
    penalty: float | None = None
    refused: str = ""


@dataclass(frozen=True)
class Answer:
    """What came of a check: a verdict, and what else the gradebook may hold."""

    state: str = RIGHT
    mistakes: tuple = ()
    share: float = 0.0
    rows: tuple = ()
    message: str = ""
    manual: float | None = None
    extra: float | None = None
    reason: str = ""  # why a person has to judge it


class SyntheticCourse:
    """A course directory with one lesson, and its students."""

    def __init__(self, directory, root, lesson=SMALL):
        course.lay_out(directory, root=root, lessons=[lesson])
        self.directory, self.lesson = directory, lesson
        source = directory / "source" / lesson / f"{lesson}.ipynb"
        self.cells = json.loads(source.read_text("utf-8"))["cells"]
        self.opened = OpenedCourse(directory)
        with self.gradebook() as book:
            self._add_lesson(book)

    def copy(self, directory):
        """Return the same course in another directory."""
        other = copy.copy(self)
        other.directory = shutil.copytree(self.directory, directory, symlinks=True)
        other.opened = OpenedCourse(directory)
        return other

    @contextmanager
    def gradebook(self):
        """Open the gradebook, as nbgrader does."""
        with self.opened.gradebook() as book:
            book.db.execute(text("PRAGMA synchronous = OFF"))  # nobody's marks are at stake
            yield book

    def marks(self):
        """Return {grade_id: what nbgrader notes} of the lesson's cells."""
        found = (cell["metadata"].get("nbgrader") for cell in self.cells)
        return {marks["grade_id"]: marks for marks in found if marks}

    def checks(self):
        """Return {check: points}."""
        return {name: m["points"] for name, m in self.marks().items() if m.get("grade")}

    def exercise_of(self, check):
        """Return the exercise of a check."""
        return owner(check, [name for name, m in self.marks().items() if m.get("solution")])

    def _add_lesson(self, book):
        book.add_assignment(self.lesson, course_id="keras_shapes")
        book.add_notebook(self.lesson, self.lesson)
        for cell in self.cells:
            marks = cell["metadata"].get("nbgrader") or {}
            name, kind = marks.get("grade_id"), {"cell_type": cell["cell_type"]}
            if marks.get("grade"):
                worth = {"max_score": marks["points"]}
                book.add_grade_cell(name, self.lesson, self.lesson, **worth, **kind)
            if marks.get("solution"):
                book.add_solution_cell(name, self.lesson, self.lesson)
            if name:
                book.add_source_cell(name, self.lesson, self.lesson, **kind)

    def add(self, *students):
        """Write down students, and what they have earned."""
        with self.gradebook() as book, warnings.catch_warnings():
            warnings.simplefilter("ignore", SAWarning)  # nbgrader's own way with it
            for planted in students:
                self._add(book, planted)

    def _add(self, book, planted):
        names = {"first_name": planted.first_name, "last_name": planted.last_name}
        book.update_or_create_student(planted.id, email=planted.email, **names)
        if planted.answers is None:
            return
        folder = self.directory / "submitted" / planted.id / self.lesson
        folder.mkdir(parents=True)
        if planted.refused:
            journal = Journal(self.directory / ".autograder" / "graded" / self.lesson)
            journal.write(planted.id, {"state": "not graded", "reason": planted.refused})
            return
        time = {"timestamp": planted.timestamp}
        submission = book.add_submission(self.lesson, planted.id, **time)
        (notebook,) = submission.notebooks
        notebook.late_submission_penalty = planted.penalty
        for grade in notebook.grades:
            self._fill(grade, planted.answers.get(grade.name, Answer()))
        book.db.commit()
        self._write_graded(planted)

    def _fill(self, grade, answer):
        worth = self.checks()[grade.name]
        auto = worth * {RIGHT: 1, WRONG: 0, NOT_ATTEMPTED: 0}.get(answer.state, answer.share)
        grade.auto_score = None if answer.reason else auto
        grade.manual_score, grade.extra_credit = answer.manual, answer.extra
        grade.needs_manual_grade = bool(answer.reason) and answer.manual is None

    def _write_graded(self, planted):
        """Write the graded notebook: of each check cell what a report reads of it."""
        cells = [_graded_cell(name, planted.answers.get(name, Answer())) for name in self.checks()]
        folder = self.directory / "autograded" / planted.id / self.lesson
        folder.mkdir(parents=True)
        (folder / f"{self.lesson}.ipynb").write_text(json.dumps({"cells": cells}))


def _graded_cell(name, answer):
    verdict = {
        "state": answer.state,
        "mistakes": list(answer.mistakes),
        "rows": [dict(zip(("layer", "yours", "keras"), row, strict=True)) for row in answer.rows],
        "message": answer.message,
        "share": answer.share,
    }
    shown = {"output_type": "display_data", "data": {MEDIA_TYPE: verdict}, "metadata": {}}
    return {
        "cell_type": "code",
        "source": "",
        "metadata": {
            "nbgrader": {"grade_id": name, "grade": True},
            "autograder": {"reason": answer.reason or None},
        },
        "outputs": [] if answer.reason else [shown],
    }
