"""A course directory that is there already: its configuration, submissions and gradebook."""

import glob
import logging
import os
import re
import sqlite3
import sys
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from nbgrader.api import (
    Assignment,
    BaseCell,
    Grade,
    Gradebook,
    MissingEntry,
    Notebook,
    SubmittedAssignment,
    SubmittedNotebook,
)
from nbgrader.apps.baseapp import NbGrader
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from autograder.errors import UserError
from autograder.grade.book import groups
from autograder.grade.handed_in.expected import exercises, from_gradebook, read_edition
from autograder.progress import owner

CONFIGURATION = "nbgrader_config.py"
#: Where a lesson's notebooks are looked for: as released, for that is what was handed out.
_EDITIONS = ("release", "source")


@dataclass(frozen=True)
class Score:
    """What the gradebook says of a check.

    Attributes:
        points: Those of the check itself, None where a person has to give them.
        worth: How many there are.
        by_hand: Whether a person is asked to look at it.
        manual: The points that a person gave instead, or None.
        extra: What a person gave on top, nbgrader's extra credit, or None.
        counted: What counts, as nbgrader counts it.
    """

    points: float | None
    worth: float
    by_hand: bool
    manual: float | None = None
    extra: float | None = None
    counted: float = 0.0

    @property
    def is_open(self):
        """Whether neither the check nor a person has given points."""
        return self.points is None and self.manual is None


@dataclass(frozen=True)
class Standing:
    """What the gradebook says of a whole hand-in. Its moments are in Coordinated Universal Time.

    Attributes:
        due: When the lesson was to be handed in, without an extension; None for no such day.
        extension: How much longer this student has, or None.
        time: When it was handed in, or None.
        raw: Its points, extra credit and a person's included.
        penalty: What is taken off for lateness.
    """

    due: datetime | None
    extension: timedelta | None
    time: datetime | None
    raw: float
    penalty: float

    @property
    def is_late(self):
        """Whether it was handed in after the day, as nbgrader reckons it."""
        if self.due is None or self.time is None:
            return False
        return self.time > self.due + (self.extension or timedelta())

    @property
    def score(self):
        """The points that count."""
        return counted(self.raw, self.penalty)


def checks_of(notebooks):
    """Return {check: (its exercise, its points)} of a lesson's notebooks in the gradebook.

    Checks, and exercises, of which several notebooks have one of that name, are named as
    `in_notebook` does.
    """
    found = []
    for each in notebooks:
        worths = {cell.name: cell.max_score for cell in _graded(each)}
        # A cell that is answer and check at once is graded by hand, and is its own exercise.
        answers = {cell.name for cell in each.solution_cells} - worths.keys()
        found += [(each.name, c, owner(c, answers) or c, worth) for c, worth in worths.items()]
    called = naming(notebooks)
    count = Counter(exercise for _, exercise in {(name, of) for name, _, of, _ in found})
    return {
        called(name, check): (of if count[of] == 1 else in_notebook(name, of), worth)
        for name, check, of, worth in found
    }


def naming(notebooks):
    """Return called(notebook, check), which names a check among all of a lesson's."""
    count = Counter(cell.name for each in notebooks for cell in _graded(each))
    return lambda notebook, check: check if count[check] < 2 else in_notebook(notebook, check)


def _graded(notebook):
    return [*notebook.grade_cells, *notebook.task_cells]


def grades_of(gradebook, lesson, student):
    """Return {check: its nbgrader.api.Grade} of a student who has handed in."""
    called = naming(gradebook.find_assignment(lesson).notebooks)
    notebooks = gradebook.find_submission(lesson, student).notebooks
    return {called(each.name, grade.name): grade for each in notebooks for grade in each.grades}


def in_notebook(notebook, check):
    """Return what a check is called whose name occurs in other notebooks of the lesson, too."""
    return f"{notebook}/{check}"


def counted(raw, penalty):
    """Return what counts of points after a penalty, as `nbgrader export` does.

    With extra credit that can be more than the lesson is worth.
    """
    return max(0.0, raw - penalty)


class OpenedCourse:
    """A course, as nbgrader's own commands see it in its directory."""

    def __init__(self, directory):
        directory = Path(directory).expanduser().resolve()
        self.configuration = directory / CONFIGURATION
        signs = CONFIGURATION, "nbgrader_config.json", "gradebook.db", "source"
        if not any((directory / sign).exists() for sign in signs):
            raise UserError(
                f"{directory} is no course directory, for there is no {CONFIGURATION} in it, and "
                "no folder source: name one that nbgrader or `autograder course` has made"
            )
        if str(directory) not in sys.path:  # it may hold a module with plugins, as nbgrader's own
            sys.path.append(str(directory))  # commands find them when they are run there
        app = _application(directory)
        self.config, self.places = app.config, app.coursedir
        self._kept = None
        self.directory = Path(self.places.root)
        if "?" in str(self.directory) and self.places.db_url.startswith("sqlite:"):
            raise UserError(
                f"{self.directory} has a ? in its name, where the address of the gradebook would "
                "end: choose another name for the folder"
            )
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
        if any(self.folder("source", ".", lesson).glob("*.ipynb")):
            raise UserError(
                f"{lesson} has not been generated: run `nbgrader generate_assignment {lesson}` "
                f"in {self.directory} first"
            )
        notebooks = self.folder("source", ".", "").glob("*/*.ipynb")
        there = sorted({path.parent.name for path in notebooks})
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
        """Return {student: folder} of those who handed in, or whose group did, in order."""
        return self.hand_ins(lesson).folders

    def hand_ins(self, lesson):
        """Return the `groups.HandIns` of a lesson."""
        return groups.shared(
            self._folders(lesson), groups.read(self.directory / groups.FILE, lesson), self.zone
        )

    def _folders(self, lesson):
        """Return {student: folder} of what lies there, in order."""
        structure = self.places.format_path(
            self.places.submitted_directory, "(?P<student>[^/]+)", re.escape(lesson), escape=True
        )
        pattern = self.places.format_path(self.places.submitted_directory, "*", glob.escape(lesson))
        pattern = os.path.relpath(pattern, self.directory)  # whose name is no pattern
        left_out = self.places.student_id_exclude.split(",")
        found = {}
        for name in sorted(glob.glob(pattern, root_dir=self.directory)):
            folder = self.directory / name
            match = re.fullmatch(structure, str(folder))
            if match and match["student"] not in left_out:
                found[match["student"]] = folder
        return found

    def everybody(self):
        """Return the ids of all students in the gradebook."""
        with self._told_of_database(), self.gradebook() as gradebook:
            return {student.id for student in gradebook.students}

    def notebooks(self, lesson):
        """Return {notebook: (cells, kernelspec)} of a lesson, as `expected.from_gradebook` does.

        Those without a point are left out, unless all are.

        Raises:
            UserError: There is none, or one that isn't for Python.
        """
        with self._told_of_database(), self.gradebook() as gradebook:
            there = gradebook.find_assignment(lesson).notebooks
            names = [each.name for each in there if each.max_score] or [n.name for n in there]
            return {name: self._notebook(gradebook, lesson, name) for name in sorted(names)}

    def _notebook(self, gradebook, lesson, name):
        places = [self.folder(step, ".", lesson) / f"{name}.ipynb" for step in _EDITIONS]
        edition = next((path for path in places if path.is_file()), places[-1])
        cells, kernelspec = from_gradebook(gradebook, lesson, name, edition)
        language = language_of(kernelspec, edition)
        if language.lower() != "python":
            raise UserError(
                f"{edition} is written in {language}, and only Python is graded here: use "
                f"`nbgrader autograde {lesson}`, which has no sandbox"
            )
        return cells, kernelspec

    def lessons(self):
        """Return {lesson: grade_ids of its exercises}, as the gradebook has them."""
        with self._told_of_database(), self.gradebook() as gradebook:
            return exercises(gradebook)

    @property
    def zone(self):
        """The time zone that the course's configuration names, None if it names none."""
        return self.config.Exchange.get("timezone")

    def scores(self, lesson, student=None):
        """Return {student: {check: Score}} as in the gradebook, of one student or of all.

        A check that several notebooks of the lesson have is named as `in_notebook` does.
        """
        columns = (
            Grade.auto_score,
            Grade.max_score,
            Grade.needs_manual_grade,
            Grade.manual_score,
            Grade.extra_credit,
            Grade.score,
        )
        with self._told_of_database(), self.gradebook() as gradebook:
            query = (
                gradebook.db.query(
                    SubmittedAssignment.student_id, Notebook.name, BaseCell.name, *columns
                )
                .select_from(Grade)
                .join(BaseCell, Grade.cell_id == BaseCell.id)
                .join(SubmittedNotebook, Grade.notebook_id == SubmittedNotebook.id)
                .join(Notebook, SubmittedNotebook.notebook_id == Notebook.id)
                .join(SubmittedNotebook.assignment)
                .join(SubmittedAssignment.assignment)
                .filter(Assignment.name == lesson)
            )
            if student is not None:
                query = query.filter(SubmittedAssignment.student_id == student)
            found, rows = {}, list(query)
            count = Counter(check for _, check in {tuple(row[1:3]) for row in rows})
            for who, notebook, check, *score in rows:
                name = check if count[check] == 1 else in_notebook(notebook, check)
                found.setdefault(who, {})[name] = Score(*score)
            return found

    def standings(self, lesson, student=None):
        """Return {student: Standing} as in the gradebook, of one student or of all."""
        with self._told_of_database(), self.gradebook() as gradebook:
            query = (
                gradebook.db.query(
                    SubmittedAssignment.student_id,
                    Assignment.duedate,
                    SubmittedAssignment.extension,
                    SubmittedAssignment.timestamp,
                    SubmittedAssignment.score,
                    SubmittedAssignment.late_submission_penalty,
                )
                .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
                .filter(Assignment.name == lesson)
            )
            if student is not None:
                query = query.filter(SubmittedAssignment.student_id == student)
            return {who: Standing(*row) for who, *row in query}

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


def language_of(kernelspec, edition):
    """Return the language of a notebook, "python" where nothing tells another.

    Args:
        kernelspec: its metadata's.
        edition: its file, for what that tells besides.
    """
    metadata = read_edition(edition).get("metadata", {})
    told = (kernelspec or {}).get("language") or metadata.get("language_info", {}).get("name")
    return "python" if not told or str(told).lower().startswith("ipython") else str(told)


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
