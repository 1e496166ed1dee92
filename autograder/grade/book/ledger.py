"""Whose rows of the gradebook are as they were: a digest for each student and lesson."""

import hashlib
from contextlib import closing, contextmanager

from nbgrader.api import (
    Base,
    Comment,
    Course,
    Grade,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy import create_engine, event, select
from sqlalchemy.orm import Session

from autograder.errors import UserError

LESSONS = "the lessons"
# nbgrader itself adds a row here whenever one of its steps opens the gradebook by another name.
_LEFT_OUT = {"course"}


class Ledger:
    """Watches over a gradebook while this process writes into it."""

    def __init__(self, url):
        self.url = url
        self._before = digests(url)

    @contextmanager
    def only(self, student, lesson):
        """Let nothing be written but the rows of one student in one lesson.

        Raises:
            UserError: Something else was about to be written. It isn't.
        """

        def check(session, *_):
            with session.no_autoflush:
                touched = {*session.new, *session.deleted}
                changed = {x for x in session.dirty if session.is_modified(x, False)}
                owners = {_owner(row) for row in touched | changed} - {None}
            if others := owners - {(student, lesson), (student, "")}:
                whose = " in ".join(filter(None, sorted(others)[0]))
                raise UserError(f"rows of {whose} would have changed in the gradebook")

        event.listen(Session, "before_flush", check)
        try:
            yield
        finally:
            event.remove(Session, "before_flush", check)

    def compare(self, students, lesson):
        """Return who else's rows changed while these were graded, as `changed` does."""
        before, self._before = self._before, digests(self.url)
        return changed(before, self._before, students, lesson)


def _owner(row):
    """Return (student, lesson) of a row that SQLAlchemy is about to write, None if any may."""
    if isinstance(row, Course):
        return None
    if isinstance(row, Student):
        return row.id, ""
    if isinstance(row, (Grade, Comment)):
        row = row.notebook
    if isinstance(row, SubmittedNotebook):
        row = row.assignment
    if isinstance(row, SubmittedAssignment):
        return row.student.id, row.assignment.name
    return LESSONS, ""


def digests(url):
    """Return {(student, lesson): digest} of all rows of a gradebook.

    The lesson is "" for what is noted about a student, and the student is `LESSONS` for what
    belongs to no student.
    """
    engine = create_engine(url)
    try:
        with closing(engine.connect()) as connection:
            return _digests(connection)
    finally:
        engine.dispose()


def changed(before, after, students, lesson):
    """Return who else's rows changed while students' work was graded, as phrases for people."""
    allowed = {(student, what) for student in students for what in (lesson, "")}
    owners = (before.keys() | after.keys()) - allowed
    wrong = sorted(owner for owner in owners if before.get(owner) != after.get(owner))
    return [f"{who} in {what}" if what else who for who, what in wrong]


def _digests(connection):
    found, owners = {}, _Owners(connection)
    for table in Base.metadata.sorted_tables:
        if table.name in _LEFT_OUT:
            continue
        for row in connection.execute(select(table).order_by(*table.primary_key)).mappings():
            digest = found.setdefault(owners.of(table.name, row), hashlib.sha256())
            digest.update(repr((table.name, *row.values())).encode())
    return {owner: digest.hexdigest() for owner, digest in found.items()}


class _Owners:
    """Knows which student and lesson a row belongs to."""

    def __init__(self, connection):
        tables = Base.metadata.tables
        lessons = _pairs(connection, tables["assignment"], "id", "name")
        submitted = tables["submitted_assignment"]
        students = _pairs(connection, submitted, "id", "student_id")
        of_lesson = _pairs(connection, submitted, "id", "assignment_id")
        self._submission = {
            key: (who, lessons.get(of_lesson[key])) for key, who in students.items()
        }
        self._notebook = _pairs(connection, tables["submitted_notebook"], "id", "assignment_id")

    def of(self, table, row):
        """Return (student, lesson)."""
        if table == "student":
            return row["id"], ""
        if table == "submitted_assignment":
            return self._submission.get(row["id"], (LESSONS, ""))
        if table == "submitted_notebook":
            return self._submission.get(row["assignment_id"], (LESSONS, ""))
        if table in ("grade", "comment"):
            submission = self._notebook.get(row["notebook_id"])
            return self._submission.get(submission, (LESSONS, ""))
        return LESSONS, ""


def _pairs(connection, table, key, value):
    return {row[0]: row[1] for row in connection.execute(select(table.c[key], table.c[value]))}
