"""Grading again: who would change, by how much and why, before anything is written.

    for event in dry_run("course", "01_some_topic"):  # as `grading.grade` gives them, and last
        print(event)  # {"event": "changes", "changes": [...], ...}

A dry run grades on a copy of the course in a temporary folder. The gradebook is copied by SQLite's
own backup, which is right even while somebody works with it; what is only read is linked to.
"""

import contextlib
import os
import shutil
import sqlite3
import tempfile
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import make_url

from autograder.errors import UserError
from autograder.grade import grading
from autograder.grade.book.journal import Journal
from autograder.grade.book.opened import CONFIGURATION, OpenedCourse, told_of_database
from autograder.grade.handed_in.intake import shown
from autograder.grade.screen import printable
from autograder.reports.marks import read_marks

_OURS, _GRADEBOOK = ".autograder", "gradebook.db"
#: What the keys in the journal are of, as reasons why a mark may change.
_KEYS = {
    "lesson": "the lesson or its checks",
    "code": "the grader or a library",
    "settings": "the course's configuration",
    "submission": "what was handed in",
    "due": "the due date",
    "extension": "an extension",
    "time": "the time of handing in",
    "by_person": "a person's points",
    "awards": "points for everybody",
    "penalty": "the penalty for lateness",
}
_WRITTEN = ("autograded", "feedback")


@dataclass(frozen=True)
class _Before:
    """A student's work as it was graded last: its marks, and from what."""

    work: object
    keys: dict


def dry_run(directory, lesson, students=None, **options):
    """Grade a lesson on a copy of the course; yield the events, and last the changes.

    Takes what `grading.grade` takes. Nothing is written into the course.
    """
    course = OpenedCourse(directory)
    course.check_lesson(lesson)
    with tempfile.TemporaryDirectory(prefix="regrade-") as folder:
        copy = copied(course, lesson, Path(folder) / "course")
        with _told_of(course, copy) as told:
            yield from map(told, _compared(copy, lesson, students, options))


@contextlib.contextmanager
def _told_of(course, copy):
    """Yield what tells an event of a copy as one of its course; do so with errors as well.

    The copy is gone when somebody reads it, and so are the logs in it.
    """
    old, new = str(copy.directory), str(course.directory)

    def told(found):
        if isinstance(found, str):
            return found.replace(old, new)
        if isinstance(found, list):
            return [told(each) for each in found]
        if isinstance(found, dict):
            return {key: told(each) for key, each in found.items() if key != "log"}
        return found

    try:
        yield told
    except UserError as error:
        if isinstance(error.__cause__, OSError):  # of the copy itself, as when the disk is full
            raise _no_room(error.__cause__) from error
        raise UserError(told(str(error))) from error


def regrade(directory, lesson, students=None, **options):
    """Grade a lesson again; yield the events, and last the changes."""
    course = OpenedCourse(directory)
    course.check_lesson(lesson)
    yield from _compared(course, lesson, students, options)


def _compared(course, lesson, students, options):
    """Grade a lesson, and compare what there is before and after."""
    before, ended, stale = _state(course, lesson), {}, []
    for event in grading.grade(course.directory, lesson, students, **options):
        if event["event"] == "start":
            stale = event["stale"]
        if event["event"] == "done":
            ended[event["student"]] = event
        yield event
    after = _state(course, lesson)
    found = [_change(ended[who], before.get(who), after.get(who)) for who in sorted(ended)]
    yield {
        "event": "changes",
        "lesson": lesson,
        "students": len(ended),
        "changes": [change for change in found if change],
        "stale": stale,
        "to_review": [who for who in sorted(ended) if _is_asked_again(before, after, who)],
    }


def _state(course, lesson):
    """Return {student: _Before} of a course."""
    (marks,) = read_marks(course, [lesson])
    journal = Journal(course.directory / _OURS / "graded" / lesson)
    return {
        work.student.id: _Before(work, journal.read(work.student.id).get("keys", {}))
        for work in marks.works
    }


# Comparing.


def _change(event, before, after):
    """Return what changes for a student, None if nothing does. event: how the grading ended."""
    old = before.work if before and before.work.is_graded else None
    change = {"student": event["student"], "state": event["state"]}
    if event["state"] == grading.NOT_GRADED:
        was_told = before and before.work.reason == event["reason"]
        return None if was_told else change | {"reason": event["reason"]}
    checks, penalty = _checks(old, after.work), (old and old.penalty, after.work.penalty)
    if not checks and old and old.score == after.work.score and penalty[0] == penalty[1]:
        return None
    because = _because(before.keys if before else {}, after.keys)
    if not because and penalty[0] != penalty[1]:  # the plugin has read it somewhere
        because = [_KEYS["penalty"]]
    return change | {
        "before": old and old.score,
        "after": after.work.score,
        "max_score": after.work.worth,
        "penalty": penalty,
        "because": because,
        "checks": checks,
    }


def _checks(before, after):
    """Return the checks whose points or verdicts change."""
    old, new = _marks(before), _marks(after)
    return [
        {"check": check, "before": _told(old.get(check)), "after": _told(mark)}
        for check, mark in new.items()
        if _counts(old.get(check)) != _counts(mark)
    ]


def _marks(work):
    """Return {check: Mark}."""
    return {mark.check: mark for e in work.exercises for mark in e.marks} if work else {}


def _counts(mark):
    """Return what makes two marks different: all that is told, but a reason's words may vary."""
    return mark and {**_told(mark), "reason": ""}


def _is_asked_again(before, after, student):
    """Tell whether a person is asked anew for marks that a person has given."""
    old = _marks(before[student].work) if student in before else {}
    new = _marks(after[student].work) if student in after else {}
    return any(
        mark.by_person and mark.needs_person and not (name in old and old[name].needs_person)
        for name, mark in new.items()
    )


def _told(mark):
    """Return a mark as data. by_person: its points are a person's, and stay; the rest is not."""
    return mark and {
        "points": mark.points,
        "max_points": mark.worth,
        "state": mark.by_person and mark.verdict.state or mark.state,
        "mistakes": list(mark.verdict.mistakes if mark.by_person else mark.mistakes),
        "by_person": mark.by_person,
        "reason": mark.verdict.reason,
    }


def _because(before, after):
    """Return what is different since the last time, from the journal's keys."""
    if not before:
        return ["it was graded with other means, or not at all"]
    return [
        words for key, words in _KEYS.items() if key in before and before[key] != after.get(key)
    ]


# The copy.


def copied(course, lesson, target):
    """Copy of a course what is needed to grade a lesson again; return it, opened."""
    url = make_url(course.places.db_url)
    if url.get_backend_name() != "sqlite":
        raise UserError(
            "--dry-run grades on a copy of the gradebook, for which it needs SQLite; this one is "
            f"{url.get_backend_name()}"
        )
    try:
        target.mkdir(mode=0o700)
        _link_what_is_read(course, target)
        copy = _opened_copy(course, target)  # from here on it is sure where things are written
        _copy_gradebook(url.database, target / _GRADEBOOK)
        _copy_what_was_graded(course, lesson, copy)
        return copy
    except OSError as error:
        raise _no_room(error) from error


def _no_room(error):
    return UserError(
        f"the course can't be copied to {tempfile.gettempdir()} for a --dry-run "
        f"({error.strerror}): name another folder in the variable TMPDIR"
    )


def _link_what_is_read(course, target):
    """Link to the course's folders, its groups, and modules that its configuration may import."""
    copied = (_OURS, CONFIGURATION, *_written(course))
    for path in course.directory.iterdir():
        if path.name not in copied and (path.is_dir() or path.suffix in (".py", ".csv")):
            (target / path.name).symlink_to(path, target_is_directory=path.is_dir())


def _written(course):
    """Return the names of the folders that grading writes into, or that nobody needs."""
    places = course.places
    found = (getattr(places, f"{step}_directory") for step in _WRITTEN)
    return {Path(name).parts[0] for name in found}


def _copy_what_was_graded(course, lesson, copy):
    """Copy the graded notebooks of a lesson and their journal: what has not changed is left."""
    for noted in (Path(_OURS, "graded", lesson), Path(_OURS, "awards")):
        if (course.directory / noted).is_dir():
            shutil.copytree(course.directory / noted, copy.directory / noted)
    for student in course.students(lesson):
        folder = course.folder("autograded", student, lesson)
        if folder.is_dir():
            target = copy.folder("autograded", student, lesson)
            shutil.copytree(folder, target, symlinks=True)


def _copy_gradebook(source, target):
    read_only = f"{Path(source).resolve().as_uri()}?mode=ro"
    with (
        told_of_database(f"sqlite:///{source}"),
        contextlib.closing(sqlite3.connect(read_only, uri=True)) as old,
        contextlib.closing(sqlite3.connect(target)) as new,
    ):
        old.backup(new)


def _opened_copy(course, target):
    """Open the copy; its configuration is the course's, if that leads nowhere else."""
    text = course.configuration.read_text("utf-8")
    (target / CONFIGURATION).write_text(text, "utf-8")
    copy = OpenedCourse(target)
    if not _is_apart(copy, target):
        # It names its folder or its gradebook in full. The grader sees that the text has changed
        # and grades everybody again.
        own = f"\nc.CourseDirectory.root = {str(target)!r}\n"
        own += f"c.CourseDirectory.db_url = {f'sqlite:///{target / _GRADEBOOK}'!r}\n"
        (target / CONFIGURATION).write_text(text + own, "utf-8")
        copy = OpenedCourse(target)
    if not _is_apart(copy, target):
        raise UserError(
            f"{course.configuration} names folders by their whole paths, and a --dry-run would "
            "write into them: name them relative to the course directory"
        )
    return copy


def _is_apart(copy, target):
    """Tell whether all that grading writes lies in the copy."""
    places = [copy.directory, copy.folder("autograded", "somebody", "some_lesson")]
    database = Path(make_url(copy.places.db_url).database)
    inside = (Path(os.path.abspath(place)).is_relative_to(target) for place in places)
    return all(inside) and database == target / _GRADEBOOK


# How it is told.


def without_changes(events, kept):
    """Hand on the events but for the last one, the changes, which goes into a list."""
    for event in events:
        if event["event"] == "changes":
            kept.append(event)
        else:
            yield event


def as_text(event, is_dry):
    """Return lines for a person: who changes, from what to what, and why."""
    changes = event["changes"]
    would = "would change" if is_dry else "changed"
    lines = [f"{len(changes)} of {event['students']} {would}{':' if changes else '.'}"]
    for change in changes:
        lines += _lines(change)
    lines += event["stale"]
    if event["to_review"]:
        who = ", ".join(event["to_review"])
        lines.append(f"A person's points stay, and are to be looked at again, for {who}.")
    if is_dry:
        lines.append("Nothing was written.")
    return "\n".join(lines)


def _lines(change):
    if "reason" in change:
        return [f"  {change['student']}: can't be graded: {printable(change['reason'])}"]
    before = "nothing" if change["before"] is None else f"{change['before']:g}"
    because = ", ".join(change["because"]) or "none of what is noted; run it again"
    head = (
        f"  {shown(change['student'])}: {before} → {change['after']:g} of {change['max_score']:g} "
        f"(different: {because})"
    )
    lines = [_line(check) for check in change["checks"]]
    old, new = (penalty or 0 for penalty in change["penalty"])
    if old != new:
        lines.append(f"off for lateness: {old:g} → {new:g}")
    return [head, *(f"      {line}" for line in lines)]


def _line(check):
    after = check["after"]
    kept = ", but a person's points stay" if after["by_person"] else ""
    return f"{check['check']}: {_words(check['before'])} → {_words(after)}{kept}"


def _words(mark):
    """Return a mark in words: points, state, mistakes or the reason why there are none."""
    if mark is None:
        return "nothing"
    why = ", ".join(mark["mistakes"]) or mark["reason"]
    return f"{mark['points']:g} {mark['state']}{f' ({printable(why)})' if why else ''}"
