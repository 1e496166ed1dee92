"""What nbgrader's autograde does in a course: its steps, and how it opens what students sent."""

import json
import os
import stat
from pathlib import Path

from nbconvert.exporters import NotebookExporter
from nbformat import from_dict
from nbgrader.utils import parse_utc
from traitlets import List, Unicode
from traitlets.log import get_logger

from autograder.grade.intake import read_notebook

#: The steps before a notebook is run, in place of nbgrader's own. By name, so that the commands of
#: nbgrader which grade nothing needn't load them.
SANITIZE = ["autograder.grade.sanitise.FromGradebook"]
#: The step that runs it, in place of nbgrader's Execute.
EXECUTE = "autograder.grade.execute.JudgedExecute"
#: The steps that mark it afterwards.
MARK = [
    "nbgrader.preprocessors.IgnorePattern",
    "nbgrader.preprocessors.LimitOutput",
    "autograder.grade.execute.SaveVerdicts",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]


def use(config, execute=EXECUTE):
    """Let nbgrader's autograde grade strangers' work, in a traitlets configuration.

    The file nbgrader_config.py of a course calls it, and so does `autograder grade`.
    """
    config.Autograde.sanitize_preprocessors = SANITIZE
    config.Autograde.autograde_preprocessors = [execute, *MARK]
    config.Autograde.exporter_class = SubmissionExporter
    config.Autograde.pre_convert_hook = set_aside


class SubmissionExporter(NotebookExporter):
    """Reads a student's notebook with bounds, and any other as usual."""

    remarks = List(help="what was noticed of a submission before (autograder.grade.repair.Remark)")
    remarks.tag(config=True)
    cells = Unicode(help="of a submission that has been read already, as JSON").tag(config=True)

    def from_filename(self, filename, resources=None, **options):
        """Convert a notebook; autograde does so with the submission, then with its own result."""
        if not self._is_submission(filename, resources):
            return super().from_filename(filename, resources, **options)
        cells, remarks = (json.loads(self.cells), []) if self.cells else read_notebook(filename)
        notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
        folder, name = os.path.split(filename)
        resources = {
            **resources,
            "metadata": {"name": Path(name).stem, "path": folder},
            "autograder": {"remarks": [*self.remarks, *remarks]},
        }
        return self.from_notebook_node(from_dict(notebook), resources, **options)

    def _is_submission(self, filename, resources):
        course, names = self.parent.coursedir, resources["nbgrader"]
        ours = course.format_path(
            course.autograded_directory, names["student"], names["assignment"]
        )
        return os.path.dirname(os.path.abspath(filename)) != os.path.abspath(ours)


def set_aside(assignment, student, notebooks):
    """Move what is no regular file out of a submission, before nbgrader copies its files.

    A link would be copied as what it leads to, and end up in the feedback; at a pipe, reading
    would wait for ever. Nothing is lost: it all goes to .autograder/set_aside/ in the course.
    (nbgrader calls this with these arguments, in the course directory.)
    """
    log = get_logger()
    try:
        folder = Path(notebooks[0]).parent
        kept = Path.cwd() / ".autograder" / "set_aside" / folder.parent.name
        # A folder of its own each time: one from before may hold links, which lead elsewhere.
        aside = _free(kept / folder.name)
        for path, reason in list(_irregular(folder)):
            target = aside / path.relative_to(folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            path.rename(target)
            log.warning("%s %s; it was moved to %s", path, reason, target)
    except Exception:
        # nbgrader goes on when a hook fails. Without notebooks it grades nothing of this student.
        log.exception("The submission %s can't be cleared of links and pipes", notebooks[0])
        notebooks.clear()


def _irregular(folder):
    """Yield (path, why) of what must not be copied; the notebooks' own reader refuses those."""
    for above, folders, names in os.walk(folder):
        for name in [*folders, *names]:
            path = Path(above) / name
            reason = _reason(path, path.lstat())
            if reason and not (name.endswith(".ipynb") and Path(above) == folder):
                yield path, reason
    timestamp = folder / "timestamp.txt"
    if timestamp.is_file() and not timestamp.is_symlink() and not _holds_time(timestamp):
        yield timestamp, "holds no time"


def _reason(path, status):
    if stat.S_ISLNK(status.st_mode):
        return "is a link"
    if stat.S_ISREG(status.st_mode):
        return "is a hard link" if status.st_nlink > 1 else None
    return None if stat.S_ISDIR(status.st_mode) else "is no regular file"


def _holds_time(path):
    """Tell whether nbgrader can read a timestamp; where it can't, it grades nothing."""
    if path.stat().st_size > 200:
        return False
    try:
        text = path.read_text("utf-8").strip()
        return not text or bool(parse_utc(text))
    except (ValueError, OverflowError, TypeError):
        return False


def _free(path):
    """Return a path like this one where nothing lies yet."""
    number, free = 1, path
    while os.path.lexists(free):
        number, free = number + 1, path.with_name(f"{path.name}.{number}")
    return free
