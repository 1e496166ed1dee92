"""The command `autograder collect`: what an LMS gives for download, put where nbgrader has it.

Each student's files are written aside and then put into their place at once, so that a run which
was interrupted can be taken up again. What was handed in before is kept.
"""

import fcntl
import hashlib
import json
import re
import shutil
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from autograder.errors import UserError
from autograder.grade.book.opened import OpenedCourse
from autograder.grade.book.steps import free
from autograder.grade.handed_in import downloads
from autograder.grade.handed_in.defuse import shown
from autograder.grade.handed_in.intake import (
    DEEPEST,
    LITTER,
    MOST_BYTES_OF_FILES,
    MOST_FILES,
)
from autograder.grade.handed_in.slim import MOST_BYTES
from autograder.grade.handed_in.times import read_time

#: What may become of a student's files, and of a file that is nobody's.
COLLECTED, UNCHANGED, OLDER, NOT_COLLECTED = "collected", "unchanged", "older", "not collected"

_MOST_BYTES = MOST_BYTES + MOST_BYTES_OF_FILES
_FOLDER = ".autograder"
_STAGING = "collecting"
_NOT_OURS = re.compile(r"__MACOSX|\..*|~.*")
_VERSION = re.compile(r"-\d+(?=\.\w+$)")  # which Canvas puts behind a name


@dataclass
class _Parcel:
    """What somebody has handed in: files, when as far as it is known, and what is to be told."""

    senders: set = field(default_factory=set)
    files: dict = field(default_factory=dict)  # {parts of the path: Entry}
    time: object = None
    notes: list = field(default_factory=list)

    def note(self, sentence):
        if sentence not in self.notes:
            self.notes.append(sentence)


def collect(paths, directory, lesson=None, dry_run=False, zone=None):
    """Put a download where nbgrader's `collect` would; yield a dictionary for each student.

    Args:
        paths: archives, or folders in which such were unpacked.
        directory: the course directory.
        lesson: name of the lesson (default: the one whose notebooks are in it).
        dry_run: say only what would be done.
        zone: the time zone of times in file names (default: the course's, or else UTC).

    Raises:
        UserError: nothing can be collected.
    """
    course = OpenedCourse(directory)
    if zone:
        _check_zone(zone)
    entries = [entry for path in paths for entry in downloads.entries(path)]
    lesson = lesson or _lesson(course, entries)
    course.check_lesson(lesson)
    parcels, strange = _sorted(course, lesson, entries, zone)
    with _staging(course.directory, dry_run) as staging:
        for number, (student, parcel) in enumerate(sorted(parcels.items())):
            place = staging / f"{number}"
            try:
                state = _collected(course, lesson, student, parcel, place, dry_run)
            except OSError as error:
                raise UserError(f"cannot write {error.filename}: {error.strerror}") from error
            told = {"student": student, "state": state, "notes": parcel.notes}
            time = parcel.time and f"{parcel.time:%Y-%m-%d %H:%M} UTC"
            yield told | {"files": sorted(map("/".join, parcel.files)), "time": time}
    for who, reason in strange.items():
        yield {"student": None, "state": NOT_COLLECTED, "who": who, "notes": [reason]}


def _check_zone(zone):
    try:
        read_time(f"2030-01-01 12:00 {zone}", zone)
    except ValueError:
        raise UserError(f"--timezone {zone} is no time zone: give one as Europe/Berlin") from None


# What is whose.


def _lesson(course, entries):
    """Return the lesson whose notebook most of the entries are named like."""
    lessons = course.lessons()
    stems = Counter()
    for entry in entries:
        found = downloads.named(entry.path)
        name = (found.path if found else entry.path)[-1:] or ("",)
        stem = _VERSION.sub("", name[0]).removesuffix(".ipynb")
        stems[stem] += stem in lessons
    found = [stem for stem, count in stems.items() if count]
    if len(found) == 1:
        return found[0]
    if len(lessons) == 1:
        return next(iter(lessons))
    raise UserError("it can't be told which lesson this is of: name it by --lesson")


def _sorted(course, lesson, entries, zone):
    """Return ({student: _Parcel}, {name: reason why it is nobody's})."""
    with course.gradebook() as gradebook:
        roster = downloads.Roster(gradebook.students, course.students(lesson))
    reader = _reader(course, roster)
    parcels, strange = {}, {}
    for entry in entries:
        if _is_litter(entry):
            continue
        who, found = reader(entry)
        if not found:
            strange.setdefault(who, _unknown(roster))
            continue
        students, named = found
        if len(students) != 1:
            reason = _unknown(roster) if not students else f"it may be {_either(students)}"
            strange.setdefault(str(named.sender), reason)
            continue
        parcel = parcels.setdefault(*students, _Parcel())
        _add(parcel, lesson, named, entry, zone or course.zone or "UTC")
    for student in [s for s, parcel in parcels.items() if len(parcel.senders) > 1]:
        for sender in parcels.pop(student).senders:
            strange[str(sender)] = f"several have files for {student}"
    return parcels, strange


def _reader(course, roster):
    """Return a function from an Entry to (who, (students, Named) or None).

    The plugin is that of nbgrader's zip_collect, where the course configures one.
    """
    plugin = course.config.ZipCollectApp.get("collector_plugin") or downloads.LmsCollector
    expression = course.config.FileNameCollectorPlugin.get("named_regexp")
    if plugin is downloads.LmsCollector and not expression:

        def read(entry):
            if named := downloads.named(entry.path) or _by_folder(entry, roster):
                return str(named.sender), (roster.find(named.sender), named)
            return "/".join(entry.path), None

        return read
    if isinstance(plugin, str):
        from traitlets.utils.importstring import import_item

        plugin = import_item(plugin)
    collector = plugin(config=course.config)

    def ask(entry):
        name = "/".join(entry.path)
        told = collector.collect(name)
        if not told:
            return name, None
        sender = downloads.Sender(id=told["student_id"])
        # As zip_collect does: the name of the file, with the ending that it has.
        own = (f"{Path(told['file_id']).stem}{Path(name).suffix}",)
        time = downloads.time_of(str(told.get("timestamp") or ""))
        return name, ({sender.id} & roster.ids, downloads.Named(sender, own, time))

    return ask


def _is_litter(entry):
    return not entry.fault and any(map(_NOT_OURS.fullmatch, entry.path))


def _by_folder(entry, roster):
    """Return what the name of a folder, or of the file, says where that is a student's id."""
    for number, part in enumerate(entry.path[:-1]):
        if part in roster.ids:
            return downloads.Named(downloads.Sender(user=part), entry.path[number + 1 :])
    stem = entry.path[-1].removesuffix(".ipynb") if entry.path else ""
    if stem in roster.ids:
        return downloads.Named(downloads.Sender(user=stem), entry.path[-1:])
    return None


def _unknown(roster):
    if roster.has_names:
        return "nobody in the gradebook has this id or name"
    return (
        "the gradebook knows no names: import id, first_name, last_name (and lms_user_id) by "
        "`nbgrader db student import`"
    )


def _either(students):
    return " or ".join(sorted(students))


def _add(parcel, lesson, named, entry, zone):
    parcel.senders.add(named.sender)
    if named.late:
        parcel.note("late, says the LMS, and not when: penalties rest on timestamp.txt")
    if named.time:
        try:
            time = read_time(named.time, zone, unnamed=zone)
            parcel.time = max(filter(None, (parcel.time, time)))
        except ValueError as error:
            parcel.note(f"{error} ({shown(named.time)} {shown(zone)})")
    parcel.files[_own_name(named.path, lesson, parcel.files)] = entry


def _own_name(path, lesson, taken):
    """Return a path without the number that Canvas gives to a file handed in again."""
    name = _VERSION.sub("", path[-1])
    better = (*path[:-1], name)
    return better if name == f"{lesson}.ipynb" and better not in taken else path


# What is written.


@contextmanager
def _staging(directory, dry_run):
    """Yield a folder of ours, while nobody else grades or collects here."""
    if dry_run:
        yield Path()
        return
    ours = directory / _FOLDER
    ours.mkdir(mode=0o700, exist_ok=True)
    with open(ours / "lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UserError(
                f"another `autograder` is at work in {directory}: wait until it is done"
            ) from None
        staging = ours / _STAGING
        shutil.rmtree(staging, ignore_errors=True)
        staging.mkdir(mode=0o700)
        try:
            yield staging
        finally:
            shutil.rmtree(staging, ignore_errors=True)


def _collected(course, lesson, student, parcel, staging, dry_run):
    """Put what a student has handed in into its place; return what became of it."""
    content = _content(parcel)
    parcel.files = dict.fromkeys(content)
    if not content:
        parcel.note("no file of it can be taken")
        return NOT_COLLECTED
    if parcel.time:
        content["timestamp.txt",] = f"{parcel.time:%Y-%m-%d %H:%M:%S.%f} UTC".encode()
    place = course.folder("submitted", student, lesson)
    if place.is_symlink() or place.parent.is_symlink():
        parcel.note(f"{place} is a link")
        return NOT_COLLECTED
    state = _compared(place, content, parcel, course.zone)
    if dry_run or state != COLLECTED:
        return state
    for path, data in content.items():
        file = staging.joinpath(*path)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    if place.exists():
        kept = free(course.directory / "kept" / "submitted" / student / lesson)
        kept.parent.mkdir(parents=True, exist_ok=True)
        place.rename(kept)
        parcel.note(f"what was there before is in {kept.relative_to(course.directory)}")
    place.parent.mkdir(parents=True, exist_ok=True)
    staging.rename(place)
    return COLLECTED


def _content(parcel):
    """Return {parts of the path: content} of what is taken, within the bounds of a submission."""
    found, left = {}, _MOST_BYTES
    # The notebooks first: they are what counts where there is too much.
    files = sorted(parcel.files.items(), key=lambda item: (item[0][-1][-6:] != ".ipynb", item[0]))
    for path, entry in files:
        try:
            data = entry.read(left)
            parts = {path: data}
            if path[-1].lower().endswith(".zip"):
                parts = _unpacked(path, data, left, parcel)
        except downloads.Unfit as unfit:
            parcel.note(f"{shown('/'.join(path))} {unfit}; it was left out")
            continue
        for own, data in parts.items():
            if reason := _reason_to_leave(own, found):
                parcel.note(f"{shown('/'.join(own))} {reason}; it was left out")
            elif not any(map(LITTER.fullmatch, own)) and not any(map(_NOT_OURS.fullmatch, own)):
                found[own] = data
                left -= len(data)
    return found


def _unpacked(path, data, left, parcel):
    """Return {path: content} of an archive that was handed in; the archive itself if it can't."""
    try:
        entries = downloads.unpacked(data)
        found = {}
        for entry in entries:
            if _is_litter(entry):
                continue
            try:
                found[(*path[:-1], *entry.path)] = entry.read(left)
                left -= len(found[(*path[:-1], *entry.path)])
            except downloads.Unfit as unfit:
                parcel.note(f"{shown('/'.join(entry.path))} {unfit}; it was left out")
    except downloads.Unfit as unfit:
        parcel.note(f"{shown(path[-1])} {unfit}")
        return {path: data}
    parcel.note(f"{shown(path[-1])} was unpacked")
    return found


def _reason_to_leave(path, found):
    if len(found) >= MOST_FILES:
        return f"is one of more than {MOST_FILES} files"
    if len(path) > DEEPEST:
        return "lies too deep"
    lower = tuple(part.lower() for part in path)
    taken = {tuple(part.lower() for part in other) for other in found}
    if any(lower[: len(o)] == o or o[: len(lower)] == lower for o in taken):
        return "has the name of another file"
    return ""


def _compared(place, content, parcel, zone):
    """Return what is to be done, by what was handed in before."""
    if not place.exists():
        return COLLECTED
    before = {
        tuple(file.relative_to(place).parts): hashlib.sha256(file.read_bytes()).digest()
        for file in sorted(place.rglob("*"))
        if file.is_file() and not file.is_symlink() and file.name != "submission_secret.txt"
    }
    if before == {path: hashlib.sha256(data).digest() for path, data in content.items()}:
        return UNCHANGED
    try:
        time = read_time((place / "timestamp.txt").read_text("ascii", "replace"), zone)
    except (OSError, ValueError):
        return COLLECTED
    if parcel.time and time > parcel.time:
        parcel.note(f"what is there was handed in later, {time:%Y-%m-%d %H:%M} UTC, and stays")
        return OLDER
    return COLLECTED


# What is told.


def show(events, as_json=False, dry_run=False):
    """Print what becomes of each student's files; return the exit status."""
    states = Counter()
    for told in events:
        states[told["state"]] += 1
        print(json.dumps(told) if as_json else _lines(told, dry_run), flush=True)
    if not as_json:
        said = ", ".join(f"{count} {state}" for state, count in states.items())
        print((said or "there is nothing in it") + "; nothing was written" * dry_run)
    return 1 if states[NOT_COLLECTED] or not states else 0


def _lines(told, dry_run):
    """Return the lines on a student, or on somebody who isn't known."""
    state = told["state"]
    if dry_run and state == COLLECTED:
        state = "to be collected"
    who = shown(told["student"] or told["who"])
    files = told.get("files", [])
    some = ", ".join(map(shown, files[:3])) + (", ..." if files[3:] else "")
    time = f", handed in {told['time']}" if told.get("time") else ""
    line = f"{who:<20} {state:<13} {some}{time}".rstrip()
    return "\n".join([line, *(f"      {note}" for note in told["notes"])])
