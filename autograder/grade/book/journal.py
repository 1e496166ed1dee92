"""What has been graded, and from what: a file for each student, so that nothing is done twice."""

import hashlib
import json
import os
from datetime import datetime, timezone
from functools import cache
from importlib.metadata import version
from pathlib import Path

_LIBRARIES = ("tensorflow", "keras", "numpy", "nbgrader", "ipykernel")
_PACKAGE = Path(__file__).resolve().parents[2]


class Journal:
    """The entries of one lesson.

    An entry is written when all else of a student is done, and removed before it is begun again.
    So where there is one, nothing is half done.
    """

    def __init__(self, folder):
        self.folder = Path(folder)

    def read(self, student):
        """Return the entry of a student; empty if there is none."""
        try:
            entry = json.loads(self._file(student).read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return entry if isinstance(entry, dict) else {}

    def write(self, student, entry):
        """Write an entry so that there is never half of it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        file = self._file(student)
        temporary = file.with_suffix(".new")
        now = datetime.now(timezone.utc).isoformat(timespec="seconds")
        temporary.write_text(
            json.dumps({"student": student, **entry, "at": now}, indent=1), "utf-8"
        )
        os.replace(temporary, file)

    def remove(self, student):
        """Forget that a student has been graded."""
        self._file(student).unlink(missing_ok=True)

    def log(self, student):
        """Return the file for what nbgrader logs of a student."""
        self.folder.mkdir(parents=True, exist_ok=True)
        return self.folder / f"{student}.log"

    def _file(self, student):
        return self.folder / f"{student}.json"


# Digests: the same for the same content, wherever it is.


def of_submission(submission):
    """Return the digest of all that is used of what a student handed in."""
    files = {
        name: hashlib.sha256(path.read_bytes()).hexdigest()
        for name, path in submission.files.items()
    }
    remarks = list(map(str, submission.remarks))
    return digest(submission.notebooks, files, remarks, str(submission.timestamp))


def of_lesson(notebooks, files):
    """Return the digest of a lesson: its cells by the gradebook, and its files by their names.

    notebooks: as `OpenedCourse.notebooks` returns them.
    """
    found = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    return digest(repr(sorted(notebooks.items())), found)


@cache
def of_code():
    """Return the digest of all code that decides about marks: of this package, and libraries."""
    files = {
        str(path.relative_to(_PACKAGE)): hashlib.sha256(path.read_bytes()).hexdigest()
        for room in ("grade", "learn")
        for path in sorted((_PACKAGE / room).rglob("*.py"))
    }
    return digest(files, {name: version(name) for name in _LIBRARIES})


def of_settings(configuration, **settings):
    """Return the digest of a course's nbgrader_config.py (a path) and of what was asked for."""
    text = configuration.read_text("utf-8") if configuration.is_file() else None
    return digest(text, settings)


def digest(*parts):
    """Return the digest of plain data."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
