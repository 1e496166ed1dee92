"""What an LMS gives for download: whose file is whose, by their names, read with bounds.

Nothing in an archive is trusted: no path leads out, no link is followed, and sizes are counted
while reading, whatever the archive says of them.
"""

import contextlib
import io
import lzma
import os
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from nbgrader.plugins import FileNameCollectorPlugin

from autograder.errors import UserError

#: Entries of the whole download, and of an archive that a student has sent.
MOST_ENTRIES = 100_000
_MOST_ENTRIES_OF_STUDENT = 2000
_MOST_BYTES_OF_ARCHIVE = 20_000_000
_MOST_BYTES_OF_NAME = 200
#: What Python's library raises for an archive that is none, or one that was made to do harm.
_BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError)
_BROKEN += (NotImplementedError, RuntimeError, ValueError, OverflowError)

_DATE = r"\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d"
#: What the end of a path says: who (name, id or user), when, whether late, and the file's own name.
_PATTERNS = (
    # Moodle: "Jane Doe_1234_assignsubmission_file/x.ipynb", or all of it in one name.
    r"(?P<name>[^/]+)_(?P<number>\d+)_assignsubmission_[a-z]+[_/]*(?P<rest>.+)",
    # Blackboard: "Title_jdoe_attempt_2030-01-31-13-05-59_x.ipynb".
    rf"(?P<user>[^/]+)_attempt_(?P<time>{_DATE})[_/](?P<rest>.+)",
    # Brightspace: "123-456 - Jane Doe - Jan 31, 2030 105 PM/x.ipynb".
    r"\d+-\d+ - (?P<name>[^/]+?) - (?P<time>\w+ \d+, \d{4} \d{3,4} [AP]M)/(?P<rest>.+)",
    # Sakai: "Doe, Jane(jdoe)/Submission attachment(s)/x.ipynb".
    r"(?P<name>[^()/]+)\((?P<user>[^()/]+)\)/Submission attachment\(s\)/(?P<rest>.+)",
    # Canvas: "doejane_LATE_123_456_x.ipynb", never in a folder.
    r"(?P<name>[^_/]+)_(?P<late>LATE_)?(?P<id>\d+)_\d+_(?P<rest>[^/]+)",
)
_PATTERNS = tuple(re.compile(pattern) for pattern in _PATTERNS)


class Unfit(Exception):
    """A file that isn't taken; the message goes on after its name."""


@dataclass(frozen=True)
class Sender:
    """Who handed something in, as the LMS says. number: tells people of one name apart."""

    name: str = ""
    id: str = ""
    user: str = ""
    number: str = ""

    def __str__(self):
        return " ".join(filter(None, (self.name, self.id or self.user)))


@dataclass(frozen=True)
class Entry:
    """A file of a download.

    path: the parts of its name. open: opens it. fault: why it must not be opened, or "".
    """

    path: tuple
    open: object
    fault: str = ""

    def read(self, most):
        """Return its content; raise Unfit where it has more bytes than that, or is broken."""
        if self.fault:
            raise Unfit(self.fault)
        try:
            with self.open() as file:
                content = file.read(most + 1)
        except _BROKEN as error:
            raise Unfit(f"can't be read ({error})") from None
        if len(content) > most:
            raise Unfit("is too large")
        return content


def entries(path):
    """Return the entries of a download: an archive, or a folder where one has been unpacked.

    Raises:
        UserError: it can't be read.
    """
    path = Path(path)
    if path.is_dir():
        return list(_of_folder(path))
    try:
        return _of_archive(zipfile.ZipFile(path), MOST_ENTRIES)
    except Unfit as unfit:
        raise UserError(f"{path} {unfit}") from None
    except OSError as error:
        raise UserError(f"{path} can't be read: {error.strerror}") from None
    except _BROKEN:
        raise UserError(
            f"{path} is no zip archive: name the file that the LMS gave, or the folder in which "
            "it was unpacked"
        ) from None


def unpacked(content):
    """Return the entries of an archive that a student has sent; raise Unfit."""
    if len(content) > _MOST_BYTES_OF_ARCHIVE:
        raise Unfit("is too large to be unpacked")
    try:
        return _of_archive(zipfile.ZipFile(io.BytesIO(content)), _MOST_ENTRIES_OF_STUDENT)
    except _BROKEN as error:
        raise Unfit(f"can't be unpacked ({error})") from None


def _of_archive(archive, most):
    found = archive.infolist()
    if len(found) > most:
        raise Unfit(f"holds more than {most} files")
    return [
        _entry(_name(info), partial(archive.open, info), _fault(info))
        for info in found
        if not info.is_dir()
    ]


def _name(info):
    """Return the name of an entry; many programs write UTF-8 and don't say so."""
    if not info.flag_bits & 0x800:
        with contextlib.suppress(UnicodeError):
            return info.orig_filename.encode("cp437").decode("utf-8")
    return info.orig_filename


def _fault(info):
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind and kind != stat.S_IFREG:
        return "is a link or a device, not a file"
    return "is encrypted" if info.flag_bits & 1 else ""


def _of_folder(top):
    count = 0
    for folder, folders, names in os.walk(top):
        folders.sort()
        for name in sorted(names):
            count += 1
            if count > MOST_ENTRIES:
                raise UserError(f"{top} holds more than {MOST_ENTRIES} files: name a smaller one")
            path = Path(folder, name)
            regular = stat.S_ISREG(path.lstat().st_mode)
            fault = "" if regular else "is a link or a device, not a file"
            yield _entry(path.relative_to(top).as_posix(), partial(open, path, "rb"), fault)


def _entry(name, opens, fault):
    parts = tuple(part for part in name.replace("\\", "/").split("/") if part not in ("", "."))
    if name.startswith(("/", "\\")) or ".." in parts or re.match(r"[A-Za-z]:", name):
        fault = "has a name that leads out of the folder"
    elif not name.isprintable() or not parts:
        fault = "has a name that can't be printed"
    elif any(len(os.fsencode(part)) > _MOST_BYTES_OF_NAME for part in parts):
        fault = "has a name that is too long"
    return Entry(parts, opens, fault)


# Whose is it?


@dataclass(frozen=True)
class Named:
    """What a file's name says. path: its parts as the student had them. time: as text."""

    sender: Sender
    path: tuple
    time: str = ""
    late: bool = False


def named(path):
    """Return what a path of a download says by the naming of an LMS, None if it is of none."""
    for number in range(len(path)):
        end = "/".join(path[number:])
        for pattern in _PATTERNS:
            if match := pattern.fullmatch(end):
                found = match.groupdict()
                own = tuple(found.pop("rest").split("/"))
                time, late = time_of(found.pop("time", None)), bool(found.pop("late", None))
                return Named(Sender(**found), own, time, late)
    return None


def time_of(text):
    """Return the time in a file's name in a form that can be read."""
    if not text:
        return ""
    if re.fullmatch(_DATE, text):
        date, hours = text[:10], text[11:]
        return f"{date} {hours.replace('-', ':')}"
    return re.sub(r"(\d{1,2})(\d\d) ([AP]M)$", r"\1:\2 \3", text)  # Jan 31, 2030 105 PM


class Roster:
    """Who is in the class, and by what an LMS may know them."""

    def __init__(self, students=(), ids=()):
        """Make a roster.

        Args:
            students: of nbgrader's gradebook.
            ids: of more people, of whom nothing else is known.
        """
        self.ids = {student.id for student in students} | set(ids)
        self.has_names = False
        self._by_id, self._by_user, self._by_name = {}, {}, {}
        for student in students:
            self._note(self._by_id, student.lms_user_id, student.id)
            for user in (student.email, (student.email or "").partition("@")[0]):
                self._note(self._by_user, _plain(user), student.id)
            names = _plain(student.first_name), _plain(student.last_name)
            for name in {"".join(names), "".join(reversed(names))}:
                self.has_names |= bool(name)
                self._note(self._by_name, name, student.id)
        for name in self.ids:
            self._note(self._by_user, _plain(name), name)

    @staticmethod
    def _note(table, key, student):
        if key:
            table.setdefault(key, set()).add(student)

    def find(self, sender):
        """Return the ids of those who may be meant; the surest sign decides."""
        if found := self._by_id.get(sender.id):
            return found
        # A title may hold the sign that stands before the user's name.
        parts = sender.user.split("_")
        users = ["_".join(parts[n:]) for n in range(len(parts))]
        for table, keys in ((self._by_user, users), (self._by_name, [sender.name])):
            for key in keys:
                if found := table.get(_plain(key)):
                    return found
        return {sender.id} & self.ids


def _plain(name):
    """Return the letters and digits of a name, without accents and in lower case."""
    name = unicodedata.normalize("NFKD", name or "").casefold()
    return "".join(c for c in name if c.isalnum())


class LmsCollector(FileNameCollectorPlugin):
    """nbgrader's plugin that recognises students by the names which an LMS gives to files.

    `nbgrader zip_collect` uses it as well, with
    `--collector=autograder.grade.handed_in.downloads.LmsCollector`. Where the course configures a
    `named_regexp`, that counts, as in nbgrader's own.
    """

    roster = None

    def collect(self, submitted_file):
        """Return {"student_id", "file_id", "timestamp"} of a file, None if it is nobody's."""
        if self.named_regexp:
            return super().collect(submitted_file)
        path = tuple(Path(submitted_file).parts)
        found = named(path)
        students = self._roster().find(found.sender) if found else set()
        if len(students) != 1:
            return None
        told = {"student_id": students.pop(), "file_id": "/".join(found.path)}
        return told | ({"timestamp": found.time} if found.time else {})

    def _roster(self):
        if self.roster is None:
            from nbgrader.api import Gradebook

            course = self.parent.coursedir
            with Gradebook(course.db_url, course.course_id) as gradebook:
                self.roster = Roster(gradebook.students)
        return self.roster
