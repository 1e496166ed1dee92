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
from importlib.machinery import PathFinder
from itertools import islice
from pathlib import Path

from autograder.grade import slim
from autograder.grade.repair import Remark, belongs

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
_CONFLICT = re.compile(r"conflict|-copy\d*\.ipynb|^[.~]|~$", re.IGNORECASE)
# Left behind without a word: what nbgrader, editors and systems put into a folder.
_LITTER = re.compile(
    r"\.(?:ipynb_checkpoints|git|gitignore|gitattributes|DS_Store|vscode|idea|cache|mypy_cache"
    r"|ruff_cache|pytest_cache|nbgrader\.log|Trash.*|~lock.*|directory|virtual_documents)"
    r"|__pycache__|timestamp\.txt|submission_secret\.txt|Thumbs\.db|desktop\.ini|feedback|.*~"
)
_LIBRARIES = ("site-packages", "dist-packages")
_OURS = {"autograder", "ipykernel_launcher", "sitecustomize", "usercustomize"}
_CONFIGURATION = re.compile(
    r"(?:jupyter|ipython|ipykernel|nbgrader|nbconvert).*config.*|pyvenv\.cfg|profile_\w+",
    re.IGNORECASE,
)
# What nbgrader writes, with room for other forms; no path to a time zone.
_TIME = re.compile(r"[\w:.,+ -]{8,60}", re.ASCII)
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
        notebook: nbformat 4, the cells only: text, type, id and nbgrader's marks, none of which
            has been checked against the lesson.
        files: {name, relative to the notebook: path of a copy in the staging folder}.
        remarks: what was noticed.
        timestamp: when it was handed in, as timestamp.txt says; None if it doesn't.
        secret: by which nbgrader lets nobody else fetch the feedback; None if there is none.
    """

    student: str
    lesson: str
    notebook: dict
    files: dict = field(default_factory=dict)
    remarks: list = field(default_factory=list)
    timestamp: datetime | None = None
    secret: str | None = None


def read_submission(folder, lesson, student, staging, expected=()):
    """Read what a student handed in.

    Args:
        folder: the student's folder for this lesson.
        lesson: name of the lesson, and of its notebook without the ending.
        student: name of the student.
        staging: a folder of ours, to copy the files into.
        expected: the lesson's cells; with them a notebook of another name is recognised.

    Raises:
        Rejected: there is nothing that could be graded.
    """
    from nbformat import from_dict  # slow to import, and not needed by `look_at`

    with _opened_folder(folder) as descriptor:
        name, remarks = _notebook_name(descriptor, lesson)
        cells, noticed = _notebook(name, descriptor)
        if name != f"{lesson}.ipynb":
            remarks.append(_remark_on_name(name, lesson, cells, expected))
        collector = _Collector(name, staging)
        collector.collect(descriptor)
        timestamp, late = _timestamp(descriptor)
        secret = _secret(descriptor)
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
    remarks = [*remarks, *noticed, *_at_most(collector.remarks), *late]
    notebook = from_dict(notebook)
    return Submission(student, lesson, notebook, collector.files, remarks, timestamp, secret)


def fingerprint(folder):
    """Return the digest of all that lies in a student's folder, None if that is too much."""
    found, size = hashlib.sha256(), 0
    for above, folders, names in os.walk(folder):
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


def read_notebook(path):
    """Return (cells, remarks) of one notebook's file, as plain data; raise Rejected."""
    return _notebook(os.fspath(path), None)


def look_at(folder, notebook):
    """Return remarks on the files around a notebook: those that would not be taken."""
    with _opened_folder(folder) as descriptor:
        collector = _Collector(notebook, None)
        collector.collect(descriptor)
    return _at_most(collector.remarks)


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


def shown(name):
    """Return a name that somebody else chose, fit to stand in a sentence."""
    name = "".join(c if c.isprintable() and c not in "<>&`" else "?" for c in str(name))
    return name if len(name) <= 60 else f"{name[:40]}...{name[-15:]}"


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


def _notebook_name(folder, lesson):
    """Return the name of the notebook to grade, and remarks on others."""
    wanted = f"{lesson}.ipynb"
    found = [name for name in _names(folder)[0] if _NOTEBOOK.search(name)]
    others = [name for name in found if name != wanted and not _CONFLICT.search(name)]
    try:
        os.stat(wanted, dir_fd=folder, follow_symlinks=False)
    except OSError:
        found = others or [name for name in found if name[0] not in ".~"]
        return _only(found, wanted), []
    told = ", ".join(map(shown, others[:3])) + (", ..." if others[3:] else "")
    said = f"Only {wanted} is graded, other notebooks are not."
    return wanted, [Remark(told, said)] if others else []


def _only(found, wanted):
    if not found:
        raise Rejected(f"There is no notebook in the folder; hand it in as {wanted}.")
    if len(found) > 1:
        raise Rejected(
            f"There are {len(found)} notebooks in the folder, and none is named {wanted}; "
            "give this name to the one that is to be graded."
        )
    return found[0]


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
        raise Rejected(f"The notebook {title} can't be read. {answer['refused']}")
    remarks = [Remark(title, sentence) for sentence in answer["told"]]
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

    def __init__(self, notebook, staging):
        self.notebook, self.staging = notebook, staging and Path(staging)
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
        if (not above and name == self.notebook) or _LITTER.fullmatch(name):
            return True
        if _NOTEBOOK.search(name):  # there has been a remark on those beside the notebook
            return True
        reason = _reason_to_leave(above, name)
        if reason:
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
    if top in _OURS or (name.endswith(".py") and _is_installed(top)):
        return f"It would stand in the way of the module {top}; give it another name."
    return ""


def _is_installed(name):
    """Tell whether Python or a library brings a module of this name."""
    if name in sys.stdlib_module_names:
        return True
    # Not what is importable from where we stand, which may be the folder that is looked at.
    libraries = [entry for entry in sys.path if Path(entry).name in _LIBRARIES]
    return PathFinder.find_spec(name, libraries) is not None


def _at_most(remarks):
    """Return remarks, not more than anybody would read."""
    more = len(remarks) - MOST_REMARKS
    if more <= 0:
        return remarks
    said = f"There is the like to say about {more} more files."
    return [*remarks[:MOST_REMARKS], Remark("the folder", said)]


def _timestamp(folder):
    """Return (time, remarks) from timestamp.txt, which nbgrader writes beside a submission."""
    name = "timestamp.txt"
    try:
        descriptor, _ = _open_regular(name, folder)
    except _Unfit as unfit:
        return None, [] if _is_absent(name, folder) else [_no_time(f"It {unfit}")]
    with open(descriptor, "rb") as file:
        text = file.read(200).decode("ascii", "replace").strip()
    if not _TIME.fullmatch(text):
        return None, [_no_time("It holds no time")]
    from nbgrader.utils import parse_utc  # slow, and seldom needed here

    try:
        return parse_utc(text), []
    except (ValueError, OverflowError, TypeError):
        return None, [_no_time("It holds no time")]


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
    return Remark("timestamp.txt", f"{why}, so it isn't known when this was handed in.")
