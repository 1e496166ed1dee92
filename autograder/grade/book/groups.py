"""Hand-ins of groups: one counts for all who are in a group.

Who is in which group stands in groups.csv in the course directory, which the instructor writes:

    group,id
    red,ada
    red,bo

A third column, lesson, is for groups that are not the same in each lesson. Nothing that a student
hands in says who else gets the mark.
"""

import csv
import io
from dataclasses import dataclass, field
from pathlib import Path

from autograder.errors import UserError
from autograder.grade.handed_in import intake

FILE = "groups.csv"
_HEADS = ("group", "id")
#: nbgrader's name for a lesson is taken as well.
_LESSON = ("lesson", "assignment")


@dataclass
class HandIns:
    """What was handed in for a lesson.

    Attributes:
        folders: {student: the folder that counts}, in order.
        doubts: {student: why it can't be told which one does}.
        passed_over: Students whose own hand-in is not the one that counts.
        own: {student: the student's own folder}, of those who have one.
        members: Everybody who is in a group.
    """

    folders: dict
    doubts: dict = field(default_factory=dict)
    passed_over: set = field(default_factory=set)
    own: dict = field(default_factory=dict)
    members: set = field(default_factory=set)


def read(file, lesson):
    """Return {group: ids of its members} for a lesson; none where there is no such file.

    Raises:
        UserError: The file can't be read, or somebody is in two groups.
    """
    rows = list(enumerate(_rows(file), 1))
    if not rows:
        return {}
    heads = [head.strip().casefold() for head in rows[0][1]]
    if not set(_HEADS) <= set(heads):
        raise UserError(f"{file} has no columns group and id: name them in its first line")
    found, groups = {}, {}
    for number, row in rows[1:]:
        cells = dict(zip(heads, map(str.strip, row), strict=False))
        group, student = (cells.get(head, "") for head in _HEADS)
        if not any(cells.values()) or _lesson_in(cells) not in ("", lesson):
            continue
        if not group or not student:
            raise UserError(f"{file}, line {number}: a group and an id are needed, in every line")
        if groups.setdefault(student, group) != group:
            raise UserError(
                f"{file}, line {number}: {student} is in {groups[student]} as well; leave one, or "
                "say for which lesson each is, in a column lesson"
            )
        found.setdefault(group, {})[student] = None
    return {group: list(members) for group, members in found.items()}


def _rows(file):
    try:
        text = Path(file).read_text("utf-8-sig")
    except FileNotFoundError:
        return []
    except OSError as error:
        raise UserError(f"{file} can't be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UserError(f"{file} is no text in UTF-8: save it as CSV UTF-8") from None
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise UserError(f"{file} can't be read as a table: {error}") from None


def _lesson_in(cells):
    return next((cells[head] for head in _LESSON if head in cells), "")


def shared(folders, groups, zone=None):
    """Return the HandIns of a lesson.

    Of several hand-ins of a group, of its members or under its own name, the latest counts.

    Args:
        folders: {student: folder} of what was handed in.
        groups: As `read` returns them.
        zone: The course's time zone, for times that name one which could be several.
    """
    found = HandIns(dict(folders), own=dict(folders))
    for group, members in groups.items():
        found.members |= set(members)
        mine = {who: folders[who] for who in [*members, group] if who in folders}
        if group not in members:
            found.folders.pop(group, None)
        if mine:
            _share(found, group, members, mine, zone)
    found.folders = dict(sorted(found.folders.items()))
    return found


def _share(found, group, members, mine, zone):
    """Let one hand-in of a group count for all of its members."""
    chosen = _latest(mine, zone)
    for student in members:
        found.folders[student] = chosen or mine.get(student) or next(iter(mine.values()))
        if chosen is None:
            found.doubts[student] = (
                f"The group {intake.shown(group)} has handed in {len(mine)} times, and it isn't "
                "known which was the last: leave one folder, or add timestamp.txt to each."
            )
        elif mine.get(student, chosen) != chosen:
            found.passed_over.add(student)


def _latest(mine, zone):
    """Return the folder that was handed in last, None where that can't be told."""
    folders = list(mine.values())
    if len({intake.fingerprint(folder) for folder in folders}) == 1:
        return folders[0]
    times = {folder: intake.handed_in_at(folder, zone) for folder in folders}
    if None in times.values():
        return None
    last = max(times.values())
    latest = [folder for folder in folders if times[folder] == last]
    return latest[0] if len(latest) == 1 else None
