"""What a student handed in, read with bounds and without trust.

Only regular files are opened, by a descriptor of the folder, so that no link leads out of it and
no pipe makes us wait. The notebook is parsed in a process of its own (`slim`).
"""

import contextlib
import errno
import hashlib
import json
import os
import re
import stat
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import islice
from pathlib import Path

from autograder.grade.handed_in import defuse, others, packages, slim
from autograder.grade.handed_in.defuse import shown
from autograder.grade.handed_in.repair import TIMESTAMP, Remark, belongs, of_another_lesson
from autograder.grade.handed_in.times import read_time

MOST_FILES = 200
MOST_BYTES_OF_FILES = 20_000_000
MOST_ENTRIES = 5000
MOST_REMARKS = 30
DEEPEST = 5

_MOST_BYTES_OF_NAME = 200
_MOST_BYTES_OF_ANSWER = 64_000_000
_SECONDS = 120
_HAND_IN = "Hand in the file itself"
# Windows has none of these; there, learners look at their own notebooks only.
_CAREFULLY = os.O_RDONLY | sum(
    getattr(os, flag, 0) for flag in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_NOCTTY")
)
_CAREFULLY |= getattr(os, "O_BINARY", 0)
_FOLDER = _CAREFULLY | getattr(os, "O_DIRECTORY", 0)

_KINDS = (
    (stat.S_ISLNK, "a link"),
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
)
_NOTEBOOK = re.compile(r"\.ipynb(?:\.txt|\.json)?$", re.IGNORECASE)  # as some browsers save it
# Other notebooks are looked at only as far as this, and if the graded one lacks answers.
_MOST_OTHERS = 5
_MOST_BYTES_OF_OTHERS = 20_000_000
_CONFLICT = re.compile(r"conflict|-copy\d*\.ipynb|^[.~]|~$", re.IGNORECASE)
# Left behind without a word: what nbgrader, editors and systems put into a folder.
LITTER = re.compile(
    r"\.(?:ipynb_checkpoints|git|gitignore|gitattributes|DS_Store|vscode|idea|cache|mypy_cache"
    r"|ruff_cache|pytest_cache|nbgrader\.log|Trash.*|~lock.*|directory|virtual_documents)"
    r"|__pycache__|timestamp\.txt|submission_secret\.txt|Thumbs\.db|desktop\.ini|feedback|.*~"
)
_CONFIGURATION = re.compile(
    r"(?:jupyter|ipython|ipykernel|nbgrader|nbconvert).*config.*|pyvenv\.cfg|profile_\w+",
    re.IGNORECASE,
)
_PROGRAM = re.compile(r".*\.(?:so(?:\.\d+)*|pyd|dll|dylib|pth|py[co]|egg-link|egg|whl|exe)", re.I)


class Rejected(Exception):
    """A submission that can't be graded. `reason`: a sentence for student and instructor."""

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


class _Unfit(Exception):
    """A file that must not be opened; the message goes on after its name."""


@dataclass
class Submission:
    """What a student handed in, as far as it may be used.

    Attributes:
        student: who.
        lesson: what.
        notebooks: {name: nbformat 4, the cells only: text, type, id and nbgrader's marks, none of
            which has been checked against the lesson}, of those that were handed in.
        files: {name, relative to the notebook: path of a copy in the staging folder}.
        remarks: what was noticed.
        timestamp: when it was handed in, as timestamp.txt says; None if it doesn't.
        secret: by which nbgrader lets nobody else fetch the feedback; None if there is none.
    """

    student: str
    lesson: str
    notebooks: dict
    files: dict = field(default_factory=dict)
    remarks: list = field(default_factory=list)
    timestamp: datetime | None = None
    secret: str | None = None

    @property
    def notebook(self):
        """The first notebook, of most lessons the only one."""
        return next(iter(self.notebooks.values()))


def read_submission(
    folder, lesson, student, staging, expected=(), lessons=None, zone=None, given=()
):
    """Read what a student handed in.

    Args:
        folder: the student's folder for this lesson.
        lesson: name of the lesson, and of its notebook without the ending.
        student: name of the student.
        staging: a folder of ours, to copy the files into.
        expected: the lesson's cells; with them a notebook of another name is recognised. Where its
            notebooks are several, or named otherwise, {name: cells}.
        lessons: {name: grade_ids} of the course's lessons, to recognise a notebook of another.
        zone: the course's time zone, for abbreviations that several zones have.
        given: names of files that the lesson brings beside its notebooks.

    Raises:
        Rejected: there is nothing that could be graded.
    """
    _check_student(folder, student)
    expected = expected if isinstance(expected, dict) else {lesson: expected}
    read = partial(_read_one if len(expected) == 1 else _read_several, given=given)
    with _opened_folder(folder) as top:
        found, files, remarks = read(top, lesson, expected, lessons, staging)
        timestamp, late = _timestamp(top, zone)
        secret = _secret(top)
    notebooks = {name: _as_notebook(cells) for name, cells in found.items()}
    return Submission(student, lesson, notebooks, files, [*remarks, *late], timestamp, secret)


def _as_notebook(cells):
    from nbformat import from_dict  # slow to import, and not needed by `look_at`

    return from_dict({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells})


def _read_one(top, lesson, expected, lessons, staging, given):
    """Return {notebook: cells}, files and remarks of a lesson with one notebook."""
    ((notebook, expected),) = expected.items()
    (*below, name), remarks = _notebook_path(top, notebook)
    with _within(top, below) as descriptor:
        cells, noticed = _notebook(name, descriptor)
        if another := expected and of_another_lesson(cells, expected, lessons):
            raise Rejected(told_of_another(name, another, lesson))
        if name != f"{notebook}.ipynb":
            remarks.append(_remark_on_name(name, notebook, cells, expected))
        if expected:
            noticed += _on_others(descriptor, name, cells, expected, given)
        collector = _Collector(name, staging, given)
        collector.collect(descriptor)
    remarks = [*remarks, *noticed, *_at_most(collector.remarks)]
    return {notebook: cells}, collector.files, remarks


def _read_several(top, lesson, expected, lessons, staging, given):
    """Return {notebook: cells}, files and remarks of a lesson with several notebooks.

    One that isn't there is looked for under other names; without it, the others are graded.
    """
    wanted = [f"{name}.ipynb" for name in expected]
    below = () if set(wanted) & set(_names(top)[0]) else _common_folder(top, wanted)
    with _within(top, below) as descriptor:
        names = [name for name in _names(descriptor)[0] if _NOTEBOOK.search(name)]
        others = {} if set(wanted) <= set(names) else _others(descriptor, names, wanted)
        found, remarks = {}, []
        for notebook, cells in expected.items():
            name = f"{notebook}.ipynb"
            if name in names:
                read, noticed = _notebook(name, descriptor)
            else:
                alike = (n for n, (theirs, _) in others.items() if belongs(theirs, cells))
                if (other := next(alike, None)) is None:
                    said = f"There is no {name}, so its exercises count as not attempted."
                    remarks.append(Remark(name, said))
                    continue
                read, noticed = others.pop(other)
                noticed = [_remark_on_name(other, notebook, read, cells), *noticed]
            if another := of_another_lesson(read, cells, lessons):
                raise Rejected(told_of_another(name, another, lesson))
            found[notebook] = read
            remarks += noticed
        if not found:
            raise Rejected(_what_is_there(descriptor, wanted[0], ()))
        collector = _Collector(wanted[0], staging, given)
        collector.collect(descriptor)
    return found, collector.files, [*remarks, *_at_most(collector.remarks)]


def _common_folder(top, wanted):
    """Return the way to the one folder below that holds notebooks."""
    below = _notebooks_below(top)
    folders = {path[:-1] for path in below}
    if len(folders) > 1:
        raise Rejected(_what_is_there(top, wanted[0], below))
    return next(iter(folders), ())


def _others(folder, names, wanted):
    """Return {name: (cells, remarks)} of notebooks that may be one of those wanted."""
    found = {}
    for name in [n for n in names if n not in wanted and not _CONFLICT.search(n)][:_MOST_OTHERS]:
        with contextlib.suppress(Rejected):
            found[name] = _notebook(name, folder)
    return found


def _check_student(folder, student):
    """Raise Rejected where not the folder itself, but the student's above it, is a link."""
    above = Path(folder).parent
    if above.name == student and above.is_symlink():
        raise Rejected(f"The folder {shown(student)} can't be read: it is a link.")


def fingerprint(folder):
    """Return the digest of all that lies in a student's folder, None if that is too much."""
    found, size, entries = hashlib.sha256(), 0, 0
    if os.path.islink(folder) or os.path.islink(os.path.dirname(folder)):
        return None  # `read_submission` says so
    for above, folders, names in os.walk(folder):
        entries += len(folders) + len(names)
        if entries > MOST_ENTRIES:
            return None
        folders.sort()
        for name in sorted(names):
            path = os.path.join(above, name)
            place = os.path.relpath(path, folder)
            try:
                descriptor, status = _open_regular(path)
            except _Unfit as unfit:
                found.update(repr((place, str(unfit))).encode())
                continue
            with open(descriptor, "rb") as file:
                size += status.st_size
                if size > _MOST_BYTES_OF_ANSWER + MOST_BYTES_OF_FILES:
                    return None
                found.update(repr((place, status.st_size)).encode() + file.read(status.st_size))
    return found.hexdigest()


def handed_in_at(folder, zone=None):
    """Return when a student's folder was handed in, None where it doesn't say so.

    zone: as for `read_submission`.
    """
    try:
        with _opened_folder(folder) as descriptor:
            return _timestamp(descriptor, zone)[0]
    except Rejected:
        return None


def secret_of(folder):
    """Return the secret of a student's folder, None where there is none."""
    try:
        with _opened_folder(folder) as descriptor:
            return _secret(descriptor)
    except Rejected:
        return None


def read_notebook(path):
    """Return (cells, remarks) of one notebook's file, as plain data; raise Rejected."""
    return _notebook(os.fspath(path), None)


def look_at(folder, notebook, cells, expected):
    """Return remarks on the files around a notebook: those that would not be taken or graded."""
    with _opened_folder(folder) as descriptor:
        noticed = _on_others(descriptor, notebook, cells, expected)
        collector = _Collector(notebook, None)
        collector.collect(descriptor)
    return [*noticed, *_at_most(collector.remarks)]


@contextlib.contextmanager
def _opened_folder(folder):
    """Open the folder itself, not one that a link leads to; yield the descriptor."""
    try:
        descriptor = os.open(folder, _FOLDER)
    except OSError as error:
        is_none = error.errno in (errno.ELOOP, errno.ENOTDIR)
        said = "it is a link, or no folder at all" if is_none else error.strerror
        raise Rejected(f"The folder {shown(Path(folder).name)} can't be read: {said}.") from None
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _open_regular(name, folder=None):
    """Return the descriptor and the status of a regular file; raise _Unfit."""
    try:
        before = os.stat(name, dir_fd=folder, follow_symlinks=False)
        _check_regular(before)
        descriptor = os.open(name, _CAREFULLY, dir_fd=folder)
    except OSError as error:
        raise _Unfit(f"can't be read ({error.strerror})") from None
    try:
        after = os.fstat(descriptor)
        _check_regular(after)
        if not os.path.samestat(before, after):
            raise _Unfit("was exchanged while it was read")
    except _Unfit:
        os.close(descriptor)
        raise
    return descriptor, after


def _check_regular(status):
    if not stat.S_ISREG(status.st_mode):
        kind = next((said for is_kind, said in _KINDS if is_kind(status.st_mode)), "a device")
        raise _Unfit(f"is {kind}, not a file")
    if status.st_nlink > 1:
        raise _Unfit("is a hard link: it shares its content with another file")


# The notebook.


def _names(folder):
    """Return the sorted names in a folder (a descriptor), and whether that is all of them."""
    with os.scandir(folder) as entries:
        names = [entry.name for entry in islice(entries, MOST_ENTRIES + 1)]
    return sorted(names[:MOST_ENTRIES]), len(names) <= MOST_ENTRIES


def _notebook_path(folder, lesson):
    """Return the way to the notebook to grade, a tuple of names, and remarks on others."""
    wanted = f"{lesson}.ipynb"
    name, remarks = _notebook_name(folder, wanted)
    if name:
        return (name,), remarks
    below = _notebooks_below(folder)
    folders = {path[:-1] for path in below}
    if len(folders) != 1:
        raise Rejected(_what_is_there(folder, wanted, below))
    (way,) = folders
    with _within(folder, way) as descriptor:
        name, remarks = _notebook_name(descriptor, wanted)
    place = shown("/".join(way))
    said = (
        f"The notebook was found in the folder {place}; what lies outside of it was left out. "
        f"Hand in {wanted} itself, not in a folder."
    )
    return (*way, name), [Remark(place, said), *remarks]


def _notebook_name(folder, wanted):
    """Return the name of the notebook to grade in a folder, None if there is none; and remarks."""
    found = [name for name in _names(folder)[0] if _NOTEBOOK.search(name)]
    others = [name for name in found if name != wanted and not _CONFLICT.search(name)]
    try:
        os.stat(wanted, dir_fd=folder, follow_symlinks=False)
    except OSError:
        found = others or [name for name in found if name[0] not in ".~"]
        if len(found) > 1:
            raise Rejected(
                f"There are {len(found)} notebooks in the folder, and none is named {wanted}; "
                "give this name to the one that is to be graded."
            ) from None
        return found[0] if found else None, []
    told = ", ".join(map(shown, others[:3])) + (", ..." if others[3:] else "")
    said = f"Only {wanted} is graded, other notebooks are not."
    return wanted, [Remark(told, said)] if others else []


def _notebooks_below(folder, above=(), left=None):
    """Return the ways to notebooks in the folders of a folder, with the bounds of all files."""
    left = left or [MOST_ENTRIES]  # shared by all calls
    found = []
    for name in _names(folder)[0]:
        left[0] -= 1
        if left[0] < 0:
            break
        if name.startswith((".", "~")) or LITTER.fullmatch(name) or len(above) >= DEEPEST:
            continue
        if above and _NOTEBOOK.search(name):
            found.append((*above, name))
        elif _is_folder(name, folder):
            with contextlib.suppress(Rejected), _within(folder, [name]) as descriptor:
                found += _notebooks_below(descriptor, (*above, name), left)
    return found


def _is_folder(name, folder):
    try:
        return stat.S_ISDIR(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode)
    except OSError:
        return False


@contextlib.contextmanager
def _within(folder, way):
    """Open a folder below one, never through a link; yield the descriptor."""
    with contextlib.ExitStack() as stack:
        for name in way:
            try:
                folder = os.open(name, _FOLDER, dir_fd=folder)
            except OSError as error:
                said = f"The folder {shown(name)} can't be read: {error.strerror}."
                raise Rejected(said) from None
            stack.callback(os.close, folder)
        yield folder


def _what_is_there(folder, wanted, below):
    """Return the sentences on a folder that holds no notebook, or several below it."""
    if below:
        told = _listed(["/".join(way) for way in below])
        return (
            f"There is no notebook in the folder itself, and there are several in others ({told}); "
            f"hand in the one that is to be graded, as {wanted}."
        )
    names = [n for n in _names(folder)[0] if n[0] not in ".~" and not LITTER.fullmatch(n)]
    there = f"only {_listed(names)}" if names else "nothing else either"
    return f"There is no notebook in the folder, {there}. {others.advice(names, wanted)}"


def _listed(names):
    return ", ".join(map(shown, names[:3])) + (", ..." if names[3:] else "")


def told_of_another(name, another, lesson):
    """Return the sentence on a notebook that holds the exercises of another lesson."""
    return (
        f"The notebook {shown(name)} holds the exercises of {another}, not those of {lesson}; "
        f"hand in the notebook of {lesson}."
    )


def _on_others(folder, notebook, cells, expected, given=()):
    """Return remarks on other notebooks beside a notebook, and below, that answer what it doesn't.

    Where it answers nothing, other files that may do so count as well, but for those that were
    given out with it. folder: a descriptor.
    """
    names = [name for name in _names(folder)[0] if name not in given]
    beside = [(name,) for name in names if _NOTEBOOK.search(name)]
    ways = [
        way
        for way in [*beside, *_notebooks_below(folder)]
        if way != (notebook,) and not way[-1].startswith((".", "~"))
    ]
    if not ways and not others.not_gradable(names):
        return []
    lacking = others.Lacking(notebook, cells, expected)
    if not lacking.checks:
        return []
    lacking.look_beside([name for name in names if not _CONFIGURATION.fullmatch(name)])
    # Those named like the lesson first.
    stem = notebook.partition(".")[0]
    ways.sort(key=lambda way: (not way[-1].startswith(stem), way))
    left = _MOST_BYTES_OF_OTHERS
    for way in ways[:_MOST_OTHERS]:
        try:
            with _within(folder, way[:-1]) as descriptor:
                left -= os.stat(way[-1], dir_fd=descriptor, follow_symlinks=False).st_size
                read = _notebook(way[-1], descriptor)[0] if left >= 0 else None
        except (Rejected, OSError):
            read = None
        lacking.look_at("/".join(way), read)
    for way in ways[_MOST_OTHERS:]:
        lacking.look_at("/".join(way), None)
    return lacking.remarks()


def _remark_on_name(name, lesson, cells, expected):
    """Return a remark if a notebook of another name is of this lesson; raise Rejected if not."""
    marked = any(cell["metadata"] for cell in cells)
    if not (belongs(cells, expected) if expected else marked):
        raise Rejected(
            f"The notebook {shown(name)} doesn't hold the cells of this lesson; "
            f"hand in {lesson}.ipynb."
        )
    return Remark(shown(name), f"It was taken for {lesson}.ipynb; hand it in by that name.")


def _notebook(name, folder):
    """Return the cells of a notebook's file and remarks on it."""
    title = shown(os.path.basename(name))
    try:
        descriptor, status = _open_regular(name, folder)
    except _Unfit as unfit:
        raise Rejected(f"The notebook {title} {unfit}. {_HAND_IN}.") from None
    with open(descriptor, "rb") as file:
        if status.st_size > slim.MOST_BYTES:
            answer = {"refused": str(slim.too_large())}
        else:
            answer = _parsed_elsewhere(file)
    if "refused" in answer:
        raise Rejected(f"The notebook {title} can't be read. {defuse.sentence(answer['refused'])}")
    remarks = [Remark(title, defuse.sentence(told)) for told in answer["told"]]
    return [_as_cell(cell) for cell in answer["cells"]], remarks + _on_kernel(answer, title)


def _parsed_elsewhere(file):
    """Return what the process that parses notebooks answers."""
    unreadable = {"refused": "It takes too long or too much memory. Hand in a fresh copy."}
    command = [sys.executable, "-I", "-S", "-B", slim.__file__]
    # Its output isn't trusted either: it was made in a process that read a stranger's file.
    with subprocess.Popen(
        command, stdin=file, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, close_fds=True
    ) as process:
        clock = threading.Timer(_SECONDS, process.kill)
        clock.start()
        try:
            answer = process.stdout.read(_MOST_BYTES_OF_ANSWER + 1)
        finally:
            clock.cancel()
            process.kill()  # it has said what it had to say
    if len(answer) > _MOST_BYTES_OF_ANSWER:
        return unreadable
    try:
        return json.loads(answer)
    except (ValueError, RecursionError):
        return unreadable


def _as_cell(cell):
    """Return a cell of nbformat 4 from what `slim` says about it."""
    made = {
        "id": cell["id"],
        "cell_type": cell["cell_type"],
        "metadata": {"nbgrader": cell["nbgrader"]} if cell["nbgrader"] else {},
        "source": cell["source"],
    }
    is_code = made["cell_type"] == "code"
    return made | {"outputs": [], "execution_count": None} if is_code else made


def _on_kernel(answer, title):
    kernel = answer["kernel"]
    if kernel.get("language", "").lower() == "python" or kernel.get("name") in (None, "python3"):
        return []
    said = f"It asks for the kernel {shown(kernel['name'])}; it is graded with Python 3."
    return [Remark(title, said)]


# The files around it.


class _Collector:
    """Files around the notebook: which are taken, where their copies are, what was noticed.

    Without a staging folder nothing is copied.
    """

    def __init__(self, notebook, staging, given=()):
        self.notebook, self.staging = notebook, staging and Path(staging)
        self.given = given
        self.files, self.remarks = {}, []
        self._count, self._bytes, self._entries = 0, 0, 0

    def collect(self, folder, above=()):
        """Look at all that is in a folder (a descriptor), then at the folders in it."""
        if self.staging and not above:
            self.staging.mkdir(mode=0o700, parents=True, exist_ok=True)
        names, whole = _names(folder)
        folders = []
        for name in names:
            self._entries += 1
            if not self._is_left_out(above, name):
                self._look_at(folder, above, name, folders)
            if self._entries > MOST_ENTRIES or self._count > MOST_FILES:
                whole = False
                break
        if not whole:
            self._say(above, "", f"It holds too much: at most {MOST_FILES} files are taken.")
            return
        for name in folders:
            self._enter(folder, above, name)

    def _say(self, above, name, sentence):
        where = "/".join((*above, name)) if name else "/".join(above) or "the folder"
        self.remarks.append(Remark(shown(where), sentence))

    def _is_left_out(self, above, name):
        if (not above and name == self.notebook) or LITTER.fullmatch(name):
            return True
        if _NOTEBOOK.search(name):  # there has been a remark on those beside the notebook
            return True
        reason = _reason_to_leave(above, name)
        if reason and "/".join((*above, name)) not in self.given:  # else the lesson's is put there
            self._say(above, name, f"{reason} It was left out.")
        return bool(reason)

    def _look_at(self, folder, above, name, folders):
        try:
            status = os.stat(name, dir_fd=folder, follow_symlinks=False)
            if stat.S_ISDIR(status.st_mode):
                folders.append(name)
                return
            descriptor, status = _open_regular(name, folder)
        except (_Unfit, OSError) as error:
            said = error if isinstance(error, _Unfit) else f"can't be read ({error.strerror})"
            self._say(above, name, f"It {said}. It was left out.")
            return
        with open(descriptor, "rb") as file:
            self._take(file, status.st_size, above, name)

    def _take(self, file, size, above, name):
        if self._count == MOST_FILES:
            self._count += 1  # `collect` says that there are too many
        elif self._bytes + size > MOST_BYTES_OF_FILES:
            most = MOST_BYTES_OF_FILES // 10**6
            self._say(above, name, f"With it the files have more than {most} MB. It was left out.")
        else:
            self._count += 1
            self._bytes += size
            if self.staging:
                self.files["/".join((*above, name))] = self._copy(file, size)

    def _copy(self, file, size):
        """Copy as much as the file had when it was opened; return the copy's path."""
        # Under a number: a student's names never reach the file system of the grader.
        path = self.staging / f"{self._count:04}"
        with open(path, "xb") as copy:
            copy.write(file.read(size))
        return path

    def _enter(self, folder, above, name):
        if len(above) + 1 >= DEEPEST:
            self._say(above, name, "The folder lies too deep. It was left out.")
            return
        try:
            descriptor = os.open(name, _FOLDER, dir_fd=folder)
        except OSError as error:
            self._say(above, name, f"It can't be read ({error.strerror}). It was left out.")
            return
        try:
            if self._count <= MOST_FILES and self._entries <= MOST_ENTRIES:
                self.collect(descriptor, (*above, name))
        finally:
            os.close(descriptor)


def _reason_to_leave(above, name):
    """Return the sentence why a file or folder of this name isn't taken, "" if it may be."""
    try:
        length = len("/".join((*above, name)).encode())
    except UnicodeEncodeError:
        return "Its name is no text."
    if length > _MOST_BYTES_OF_NAME or not name.isprintable():
        return "Its name is too long or can't be printed."
    if name.startswith("."):
        return "It is hidden."
    if _CONFIGURATION.fullmatch(name):
        return "It would change how Jupyter works."
    if _PROGRAM.fullmatch(name):
        return "It is a program that was compiled, or would load one."
    top = (*above, name)[0].partition(".")[0]
    if top in packages.OURS or (name.endswith(".py") and packages.is_installed(top)):
        return f"It would stand in the way of the module {top}; give it another name."
    return ""


def _at_most(remarks):
    """Return remarks, not more than anybody would read."""
    more = len(remarks) - MOST_REMARKS
    if more <= 0:
        return remarks
    said = f"There is the like to say about {more} more files."
    return [*remarks[:MOST_REMARKS], Remark("the folder", said)]


def _timestamp(folder, zone=None):
    """Return (time, remarks) from timestamp.txt, which nbgrader writes beside a submission."""
    name = TIMESTAMP
    try:
        descriptor, _ = _open_regular(name, folder)
    except _Unfit as unfit:
        return None, [] if _is_absent(name, folder) else [_no_time(f"It {unfit}")]
    with open(descriptor, "rb") as file:
        text = file.read(200).decode("ascii", "replace").strip()
    try:
        return read_time(text, zone), []
    except ValueError as error:
        return None, [_no_time(str(error))]


def _secret(folder):
    """Return what submission_secret.txt holds, which nbgrader writes beside a submission."""
    try:
        descriptor, _ = _open_regular("submission_secret.txt", folder)
    except _Unfit:
        return None
    with open(descriptor, "rb") as file:
        text = file.read(500).decode("ascii", "replace")
    return text if text and text.isascii() and text.isprintable() else None


def _is_absent(name, folder):
    try:
        os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return False


def _no_time(why):
    return Remark(TIMESTAMP, f"{why}, so it isn't known when this was handed in.")
