"""One folder for all temporary files of a run, so that none outlives a run that was killed."""

import os
import secrets
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path

_PREFIX = "grade-"


@contextmanager
def temporary_files(note):
    """Let this process, and those that it starts, have their temporary files in one folder.

    Args:
        note: A path for a link to the folder. If it is there, a run was killed, and what that has
            left is removed first.
    """
    _clear(note)
    folder = Path(tempfile.gettempdir()) / f"{_PREFIX}{secrets.token_hex(8)}"
    note.symlink_to(folder)  # before the folder is made: there is never one that nobody knows of
    folder.mkdir(mode=0o700)
    before = tempfile.tempdir, os.environ.get("TMPDIR")
    tempfile.tempdir = os.environ["TMPDIR"] = str(folder)
    try:
        yield
    finally:
        tempfile.tempdir, variable = before
        if variable is None:
            del os.environ["TMPDIR"]
        else:
            os.environ["TMPDIR"] = variable
        _clear(note)


def _clear(note):
    """Remove a folder and the link to it."""
    if note.is_symlink():
        folder = Path(os.readlink(note))
        if folder.name.startswith(_PREFIX):
            shutil.rmtree(folder, ignore_errors=True)
        note.unlink()
