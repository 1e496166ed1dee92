"""A course directory that is there already: its configuration, submissions and gradebook."""

import glob
import logging
import os
import re
import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from nbgrader.api import (
    Assignment,
    Grade,
    Gradebook,
    GradeCell,
    MissingEntry,
    SubmittedAssignment,
    SubmittedNotebook,
)
from nbgrader.apps.baseapp import NbGrader
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from autograder.errors import UserError
from autograder.grade.expected import from_gradebook

CONFIGURATION = "nbgrader_config.py"


@dataclass(frozen=True)
class Score:
    """What the gradebook says of a check. points: None where a person has to give them."""

    points: float | None
    worth: float
    by_hand: bool


class OpenedCourse:
    """A course, as nbgrader's own commands see it in its directory."""

    def __init__(self, directory):
        directory = Path(directory).expanduser().resolve()
        self.configuration = directory / CONFIGURATION
        if not self.configuration.is_file():
            raise UserError(
                f"{directory} is no course directory, for there is no {CONFIGURATION} in it: "
                "name one that `autograder course` has made"
            )
        app = _application(directory)
        self.config, self.places = app.config, app.coursedir
        self._kept = None
        self.directory = Path(self.places.root)
        if not self.places.directory_structure.startswith("{nbgrader_step}"):
            raise UserError(
                f"{self.configuration} sets a CourseDirectory.directory_structure that doesn't "
                "begin with {nbgrader_step}: use `nbgrader autograde` there"
            )

    def folder(self, step, student, lesson):
        """Return where nbgrader keeps something. step: "source", "autograded" and so on."""
        step = getattr(self.places, f"{step}_directory")
        return Path(self.places.format_path(step, student, lesson))

    def check_lesson(self, lesson):
        """Raise a UserError unless the lesson can be graded."""
        if self._is_in_gradebook(lesson):
            return
        if (self.folder("source", ".", lesson) / f"{lesson}.ipynb").is_file():
            raise UserError(
                f"{lesson} has not been generated: run `nbgrader generate_assignment {lesson}` "
                f"in {self.directory} first"
            )
        there = sorted(path.stem for path in self.folder("source", ".", "").glob("*/*.ipynb"))
        raise UserError(
            f"there is no lesson {lesson!r} in {self.directory}"
            + (f", only {', '.join(there)}" if there else "")
        )

    def _is_in_gradebook(self, lesson):
        url = make_url(self.places.db_url)
        if url.get_backend_name() == "sqlite" and not os.path.exists(url.database):
            return False  # and to ask would make the file
        with self._told_of_database(), self.gradebook() as gradebook:
            try:
                return bool(gradebook.find_assignment(lesson).notebooks)
            except MissingEntry:
                return False

    def students(self, lesson):
        """Return {student: folder} of those who handed in, in order."""
        structure = self.places.format_path(
            self.places.submitted_directory, "(?P<student>[^/]+)", re.escape(lesson), escape=True
        )
        pattern = self.places.format_path(self.places.submitted_directory, "*", glob.escape(lesson))
        left_out = self.places.student_id_exclude.split(",")
        found = {}
        for folder in sorted(glob.glob(pattern)):
            match = re.fullmatch(structure, folder)
            if match and match["student"] not in left_out:
                found[match["student"]] = Path(folder)
        return found

    def cells(self, lesson):
        """Return (cells, kernelspec) of a lesson, as `expected.from_gradebook` does."""
        editions = [
            self.folder(step, ".", lesson) / f"{lesson}.ipynb" for step in ("release", "source")
        ]
        edition = next((path for path in editions if path.is_file()), editions[-1])
        with self._told_of_database(), self.gradebook() as gradebook:
            try:
                return from_gradebook(gradebook, lesson, lesson, edition)
            except MissingEntry:
                raise UserError(
                    f"the lesson {lesson} has no notebook {lesson}.ipynb: name lessons and their "
                    "notebooks alike, or use `nbgrader autograde`"
                ) from None

    def scores(self, lesson, student=None):
        """Return {student: {check: Score}} as in the gradebook, of one student or of all."""
        columns = Grade.auto_score, GradeCell.max_score, Grade.needs_manual_grade
        with self._told_of_database(), self.gradebook() as gradebook:
            query = (
                gradebook.db.query(SubmittedAssignment.student_id, GradeCell.name, *columns)
                .select_from(Grade)
                .join(GradeCell, Grade.cell_id == GradeCell.id)
                .join(SubmittedNotebook, Grade.notebook_id == SubmittedNotebook.id)
                .join(SubmittedNotebook.assignment)
                .join(SubmittedAssignment.assignment)
                .filter(Assignment.name == lesson)
            )
            if student is not None:
                query = query.filter(SubmittedAssignment.student_id == student)
            found = {}
            for who, check, *score in query:
                found.setdefault(who, {})[check] = Score(*score)
            return found

    @contextmanager
    def gradebook(self):
        """Open the gradebook."""
        if self._kept is None:
            with Gradebook(self.places.db_url, self.places.course_id) as gradebook:
                yield gradebook
        else:
            try:
                yield self._kept
            finally:
                self._kept.db.remove()  # till the next time it keeps nobody else from writing

    @contextmanager
    def open_for_long(self):
        """Keep the gradebook open meanwhile: to open it takes longer than most uses of it."""
        with self._told_of_database(), self.gradebook() as self._kept:
            try:
                yield
            finally:
                self._kept = None

    @contextmanager
    def _told_of_database(self):
        with told_of_database(self.places.db_url):
            yield


@contextmanager
def told_of_database(url):
    """Turn an error of the gradebook into a sentence."""
    try:
        yield
    except (OperationalError, sqlite3.OperationalError) as error:
        raise UserError(database_fault(url, error)) from None


def database_fault(url, error):
    """Return a sentence on an error of the gradebook."""
    name = make_url(url).render_as_string(hide_password=True).removeprefix("sqlite:///")
    said = str(getattr(error, "orig", error))
    if "locked" in said:
        return (
            f"the gradebook {name} is locked by another program: close it, or wait until it is "
            "done, and run the command again"
        )
    return f"the gradebook {name} can't be used ({said}): back it up and try `nbgrader db upgrade`"


def _application(directory):
    """Return nbgrader's application with the configuration of a course."""
    silent = logging.getLogger("autograder.grade.quiet")
    silent.propagate = False
    silent.addHandler(logging.NullHandler())
    app = NbGrader(log=silent, raise_config_file_errors=True)
    app.load_cwd_config = False  # that of another course, perhaps
    try:
        app.initialize([], root=str(directory))
    except SystemExit:  # the value of an option is none that the option can have
        raise UserError(
            f"{directory / CONFIGURATION} can't be used: see what `nbgrader --version` says there"
        ) from None
    except Exception as error:
        raise UserError(
            f"{directory / CONFIGURATION} can't be used: {type(error).__name__}: {error}"
        ) from error
    return app
