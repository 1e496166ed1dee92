"""What nbgrader does in a course with what students sent: how it opens, marks and shows that."""

import json
import os
import stat
from pathlib import Path

from nbconvert.exporters import NotebookExporter
from nbformat import from_dict
from nbgrader.utils import parse_utc
from traitlets import List, Unicode
from traitlets.log import get_logger

from autograder.grade.handed_in.intake import read_notebook
from autograder.grade.handed_in.times import read_time

#: The steps before a notebook is run, in place of nbgrader's own. By name, so that the commands of
#: nbgrader which grade nothing needn't load them.
SANITIZE = ["autograder.grade.book.sanitise.FromGradebook"]
#: The step that runs it, in place of nbgrader's Execute.
EXECUTE = "autograder.grade.run.execute.JudgedExecute"
#: The step that looks at nbgrader's marks in the cells.
CHECK = "nbgrader.preprocessors.CheckCellMetadata"
#: The steps that mark it afterwards.
MARK = [
    "nbgrader.preprocessors.IgnorePattern",
    "nbgrader.preprocessors.LimitOutput",
    "autograder.grade.book.doubts.LeaveToPerson",
    "autograder.grade.book.verdicts.SaveVerdicts",
    "autograder.grade.book.awards.GiveAwards",
    "nbgrader.preprocessors.AssignLatePenalties",
    CHECK,
]

#: What makes pages of feedback, and what makes HTML of a text there and in formgrader.
PAGE = "autograder.grade.book.pages.FeedbackPage"
FILTERS = {
    "markdown2html": "autograder.grade.book.pages.Markdown",
    "highlight_code": "autograder.grade.book.pages.Code",
}


def use(config, execute=EXECUTE):
    """Let nbgrader grade and show strangers' work, in a traitlets configuration.

    The file nbgrader_config.py of a course calls it, and so does `autograder grade`.
    """
    config.Autograde.sanitize_preprocessors = SANITIZE
    config.Autograde.autograde_preprocessors = [execute, *MARK]
    config.Autograde.exporter_class = SubmissionExporter
    # Whether it is a notebook is asked after the last step, and not after each.
    config.SubmissionExporter.optimistic_validation = True
    config.GenerateFeedback.exporter_class = PAGE
    config.HTMLExporter.filters.update(FILTERS)

    def hook(assignment, student, notebooks):
        set_aside(assignment, student, notebooks, config.Exchange.get("timezone"))

    config.Autograde.pre_convert_hook = hook


class SubmissionExporter(NotebookExporter):
    """Reads a student's notebook with bounds, and any other as usual."""

    remarks = List(help="what was noticed of a submission before (handed_in.repair.Remark)")
    remarks.tag(config=True)
    cells = Unicode(help="{notebook: cells} of a submission that has been read already, as JSON")
    cells.tag(config=True)

    def from_filename(self, filename, resources=None, **options):
        """Convert a notebook; autograde does so with the submission, then with its own result."""
        if not self._is_submission(filename, resources):
            return super().from_filename(filename, resources, **options)
        folder, name = os.path.split(filename)
        known = json.loads(self.cells)[Path(name).stem] if self.cells else None
        cells, remarks = (known, []) if self.cells else read_notebook(filename)
        notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
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


def set_aside(assignment, student, notebooks, zone=None):
    """Move what is no regular file out of a submission, before nbgrader copies its files.

    A link would be copied as what it leads to, and end up in the feedback; at a pipe, reading
    would wait for ever. A time is told in UTC, for nbgrader takes a zone that it doesn't know for
    that. Nothing is lost: it all goes to .autograder/set_aside/ in the course. (nbgrader calls
    this in the course directory.)
    """
    log = get_logger()
    try:
        folder = Path(notebooks[0]).parent
        kept = Path.cwd() / ".autograder" / "set_aside" / folder.parent.name
        # A folder of its own each time: one from before may hold links, which lead elsewhere.
        aside = free(kept / folder.name)

        def move(path, reason):
            target = aside / path.relative_to(folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            path.rename(target)
            log.warning("%s %s; it was moved to %s", path, reason, target)

        if folder.is_symlink() or folder.parent.is_symlink():
            raise OSError(f"{folder} is a link")
        for path, reason in list(_irregular(folder, zone)):
            move(path, reason)
        timestamp = folder / "timestamp.txt"
        if timestamp.is_file() and (time := _misread(timestamp.read_text("utf-8"), zone)):
            move(timestamp, "names a time zone that nbgrader doesn't know")
            timestamp.write_text(time.strftime("%Y-%m-%d %H:%M:%S.%f UTC"))
    except Exception:
        # nbgrader goes on when a hook fails. Without notebooks it grades nothing of this student.
        log.exception("The submission %s can't be cleared of links and pipes", notebooks[0])
        notebooks.clear()


def _irregular(folder, zone):
    """Yield (path, why) of what must not be copied; the notebooks' own reader refuses those."""
    for above, folders, names in os.walk(folder):
        for name in [*folders, *names]:
            path = Path(above) / name
            reason = _reason(path, path.lstat())
            if reason and not (name.endswith(".ipynb") and Path(above) == folder):
                yield path, reason
    timestamp = folder / "timestamp.txt"
    if timestamp.is_file() and not timestamp.is_symlink() and not _holds_time(timestamp, zone):
        yield timestamp, "holds no time"


def _reason(path, status):
    if stat.S_ISLNK(status.st_mode):
        return "is a link"
    if stat.S_ISREG(status.st_mode):
        return "is a hard link" if status.st_nlink > 1 else None
    return None if stat.S_ISDIR(status.st_mode) else "is no regular file"


def _holds_time(path, zone):
    """Tell whether a timestamp can be read; where nbgrader can't, it grades nothing."""
    if path.stat().st_size > 200:
        return False
    try:
        text = path.read_text("utf-8").strip()
        return not text or bool(read_time(text, zone))
    except ValueError:
        return False


def _misread(text, zone):
    """Return the time of a timestamp that nbgrader would read as another, or not at all."""
    if not text.strip():
        return None
    time = read_time(text, zone)
    try:
        return None if parse_utc(text.strip()) == time else time
    except (ValueError, OverflowError, TypeError):
        return time


def free(path):
    """Return a path like this one where nothing lies yet."""
    number, free = 1, path
    while os.path.lexists(free):
        number, free = number + 1, path.with_name(f"{path.name}.{number}")
    return free
