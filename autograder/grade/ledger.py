"""Whose rows of the gradebook are as they were: a digest for each student and lesson."""

import hashlib
from contextlib import closing

from nbgrader.api import Base
from sqlalchemy import create_engine, select

LESSONS = "the lessons"
# nbgrader itself adds a row here whenever one of its steps opens the gradebook by another name.
_LEFT_OUT = {"course"}


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


def changed(before, after, student, lesson):
    """Return who else's rows changed while a student's work was graded, as phrases for people."""
    allowed = {(student, lesson), (student, "")}
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
