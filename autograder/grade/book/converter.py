"""nbgrader's Autograde for one submission that lies staged, with a log and reasons."""

import json
import logging
import os
import secrets
import warnings
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

from nbgrader.api import Gradebook
from nbgrader.converters import Autograde, autograde
from sqlalchemy.exc import OperationalError, SAWarning
from traitlets import Callable, Unicode

from autograder.errors import UserError
from autograder.grade.book.opened import database_fault
from autograder.grade.handed_in import defuse
from autograder.grade.handed_in.intake import Rejected

#: What nbgrader logs goes to a file for each student (see `Converter.grade`), and nowhere else.
LOG = logging.getLogger("autograder.grade.nbgrader")
LOG.setLevel(logging.INFO)
LOG.propagate = False
LOG.addHandler(logging.NullHandler())


class Failed(Exception):
    """nbgrader has not graded a submission. `reason`: a sentence."""

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


class Converter(Autograde):
    """nbgrader's Autograde, which tells why it failed. (nbgrader itself only logs that.)"""

    gradebook = Callable(help="opens the gradebook for our own steps, which can be kept open")
    student = Unicode(help="whose submission is staged")
    fault = None

    def grade(self, file):
        """Grade what is staged, and log it to a file.

        Raises:
            Rejected, Failed: this submission can't be graded.
            UserError: nothing more can be.
        """
        try:
            with _logging_to(file), warnings.catch_warnings():
                # nbgrader's own way with the gradebook makes SQLAlchemy warn.
                warnings.simplefilter("ignore", SAWarning)
                self.start()
        except Exception as error:
            fault = self.fault or error
            if isinstance(fault, OperationalError):
                raise UserError(database_fault(self.coursedir.db_url, fault)) from None
            if isinstance(fault, Rejected):
                raise fault from None
            if isinstance(fault, UserError):
                raise Failed(f"{fault}") from None
            raise Failed(f"The grader failed at it ({type(fault).__name__}: {fault})") from None

    def init_notebooks(self):
        """Find what is staged by its name; nbgrader would take a name like id[x] for a pattern."""
        folder = self._format_source(self.coursedir.assignment_id, self.student)
        self.notebooks = []
        self.assignments = {folder: [str(path) for path in Path(folder).glob("*.ipynb")]}

    def init_assignment(self, assignment_id, student_id):
        """Do what nbgrader does, with the gradebook that is open already; keep the error.

        nbgrader would open it five times here, and each time translate its queries to SQL anew.
        """
        opened = mock.patch.object(autograde, "Gradebook", lambda *_: self.gradebook())
        with self._noting(), opened:
            super().init_assignment(assignment_id, student_id)

    def convert_single_notebook(self, notebook_filename):
        """Do what nbgrader does, and keep the error."""
        with self._noting():
            super().convert_single_notebook(notebook_filename)

    @contextmanager
    def _noting(self):
        try:
            yield
        except Exception as error:
            self.fault = error
            raise


def gradebook_for(step, resources):
    """Open the gradebook for a step of autograde, whose converter may have it open already."""
    converter = step.parent and step.parent.parent  # the parent is the exporter
    if isinstance(converter, Converter):
        return converter.gradebook()
    return Gradebook(resources["nbgrader"]["db_url"])


def write_staged(submission, folder):
    """Write what is taken of a submission into a folder, as nbgrader wants it.

    The notebooks are there to be found: what is in them, `steps.SubmissionExporter` is told.
    """
    os.makedirs(folder)
    for name, notebook in submission.notebooks.items():
        with open(os.path.join(folder, f"{name}.ipynb"), "w", encoding="utf-8") as file:
            json.dump(notebook, file)
    for name, path in submission.files.items():
        target = os.path.join(folder, name)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        os.rename(path, target)
    # Where one of these is missing, nbgrader's release_feedback stops, and nobody gets theirs.
    time = submission.timestamp
    told = {
        "timestamp.txt": time.strftime("%Y-%m-%d %H:%M:%S.%f UTC") if time else "",
        "submission_secret.txt": submission.secret or secrets.token_hex(64),
    }
    for name, text in told.items():
        with open(os.path.join(folder, name), "w") as file:
            file.write(text)


class _Printed(logging.Formatter):
    """Formats messages so that a terminal obeys nothing in them: errors can quote students."""

    def format(self, record):
        return defuse.printed(super().format(record))


@contextmanager
def _logging_to(file):
    handler = logging.FileHandler(file, "w", "utf-8", errors="backslashreplace")
    handler.setFormatter(_Printed("%(levelname)s %(message)s"))
    LOG.addHandler(handler)
    try:
        yield
    finally:
        LOG.removeHandler(handler)
        handler.close()
