"""A grader that runs nothing, for tests of all that goes on around the running; and its death."""

import json
import multiprocessing
import os
import signal
import sys
from pathlib import Path

from nbformat.v4 import new_output

from autograder.grade.book import journal
from autograder.grade.run.execute import JudgedExecute
from autograder.grade.run.judge.process import FAILED, JUDGED
from autograder.progress import owner
from tests.grade import small_lesson

NAME = small_lesson.NAME
RIGHT = {name: set(exercise.right) for name, exercise in small_lesson.EXERCISES.items()}


class StandIn(JudgedExecute):
    """Gives a check its points if the answer is, to the letter, one of the known right ones."""

    warm = False

    def preprocess(self, nb, resources):
        """Return the notebook with outputs."""
        answers = {
            cell.metadata.nbgrader.grade_id: cell.source
            for cell in nb.cells
            if cell.metadata.get("nbgrader", {}).get("solution")
        }
        for cell in nb.cells:
            marks = cell.metadata.get("nbgrader", {})
            if marks.get("grade") and not marks.get("solution"):
                name = owner(marks["grade_id"], answers)
                right = answers[name] in RIGHT[name]
                cell.metadata["autograder"] = {"state": JUDGED if right else FAILED, "reason": None}
                cell.outputs = [] if right else [new_output("error", ename="No", evalue="no")]
        return nb, resources


class Broken(StandIn):
    """Fails at every notebook in which "broken" is answered."""

    def preprocess(self, nb, resources):
        """Fail, or return the notebook with outputs."""
        if any(cell.source.startswith("broken") for cell in nb.cells):
            raise RuntimeError("something nobody thought of")
        return super().preprocess(nb, resources)


class Spoiled(StandIn):
    """Gives two cells the same name, which nbgrader's marks may not have."""

    def preprocess(self, nb, resources):
        """Return the notebook, spoiled."""
        nb, resources = super().preprocess(nb, resources)
        first, second = [cell for cell in nb.cells if cell.metadata.get("nbgrader")][:2]
        second.metadata.nbgrader.grade_id = first.metadata.nbgrader.grade_id
        return nb, resources


class Deadly(StandIn):
    """Ends its process at every notebook in which "deadly" is answered."""

    def preprocess(self, nb, resources):
        """Die, or return the notebook with outputs."""
        if any(cell.source.startswith("deadly") for cell in nb.cells):
            os._exit(3)
        return super().preprocess(nb, resources)


# Processes that grade and are killed at a moment that is given by what they do, not by a clock.

# What is counted: whatever the process does with a file of the course, and commits.
_MOMENTS = ("open", "os.", "shutil.", "sqlite3.")
_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload(["tests.grade.stand_in", "autograder.grade.grading"])
journal.of_code()  # read once, before the processes part, and then the same for all of them


def grade_in_process(course, told, die_at=None, place=""):
    """Grade all with the stand-in, in a process of its own; return its exit code.

    Args:
        course: the course directory.
        told: a file that gets the events, a line each, and at the end the number of moments.
        die_at: the number of the moment at which the process kills itself, with SIGKILL.
        place: a part of the course; what is done elsewhere is no moment.
    """
    process = _processes.Process(target=_grade, args=(course, told, die_at, place))
    process.start()
    process.join()
    return process.exitcode


def events_in(told):
    """Return (events, number of moments) of a process that came to its end."""
    *events, moments = map(json.loads, Path(told).read_text().splitlines())
    return events, moments


def _grade(course, told, die_at, place):
    from autograder.grade import grading

    events = grading.grade(course, NAME, execute=StandIn)
    lines = [next(events)]
    moments = 0

    def count(event, arguments):
        nonlocal moments
        there = event.startswith(_MOMENTS) and f"{course}{place}" in str(arguments)
        if there or event == "commit" and not place:
            moments += 1
            if moments == die_at:
                os.kill(os.getpid(), signal.SIGKILL)

    _count_commits(lambda: count("commit", ()))
    sys.addaudithook(count)
    lines += events
    Path(told).write_text("\n".join(map(json.dumps, [*lines, moments])))


def _count_commits(count):
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    @event.listens_for(Engine, "commit")
    def _(connection):
        count()
