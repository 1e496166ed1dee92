"""Grade what students handed in: many at a time, each apart from all others.

    for event in grade("course", "01_some_topic", jobs=4):
        print(event)  # a dictionary, ready for JSON

Of each student a slim copy of what was handed in is repaired and run, as a task of `work`, in
other processes or on other machines. This process alone writes into the gradebook: one student
after the other, by nbgrader's own Autograde, which is given the executed notebook. Nobody else's
rows may change by it. Then the result is shown in autograded/, and last noted in the journal. A
run may be killed at any moment: the next one does again what has no entry, and nothing else.
"""

import fcntl
import json
import os
import shutil
import time
import traceback
from concurrent.futures import FIRST_COMPLETED, wait
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbgrader.coursedir import CourseDirectory
from traitlets import TraitError

from autograder.errors import UserError
from autograder.grade import intake, journal, ledger, steps, work
from autograder.grade.converter import LOG, Converter, Failed, write_staged
from autograder.grade.execute import JudgedExecute
from autograder.grade.executed import Executed
from autograder.grade.files import read_files
from autograder.grade.opened import OpenedCourse, told_of_database
from autograder.grade.repair import repair
from autograder.grade.sandbox.warm import PARENT, Warm
from autograder.grade.temporary import temporary_files
from autograder.states import MEDIA_TYPE, RIGHT, WRONG

#: What may become of a student.
GRADED, UNCHANGED, NOT_GRADED = "graded", "unchanged", "not graded"

_OURS = ".autograder"
_STAGING = f"{_OURS}/staging"
_FULL = ("bubblewrap", "container")
#: How often a task is begun whose process dies.
_ATTEMPTS = 2
#: How often in a run all rows of the gradebook are compared, which takes longer in larger classes.
_COMPARISONS = 20


def grade(
    directory,
    lesson,
    students=None,
    force=False,
    execute=JudgedExecute,
    jobs=1,
    scheduler=None,
    **options,
):
    """Grade a lesson; yield events: one of "start", "begin" and "done" for each, one of "end".

    Args:
        directory: the course directory.
        lesson: name of the lesson.
        students: whom to grade (default: everybody who handed in).
        force: grade again what has been graded and hasn't changed.
        execute: the step of nbgrader's autograde that runs a notebook.
        jobs: how many are run at a time, each in a process of its own (1: in this one).
        scheduler: address of a Dask scheduler, whose workers run them instead.
        options: for that step (sandbox, trust_students, two_pass), on top of what the course's
            configuration says.

    Raises:
        UserError: nothing more can be graded. What a single student's work is refused for, or
            fails at, is told by an event.
    """
    course = OpenedCourse(directory)
    course.check_lesson(lesson)
    wanted = _wanted(course, lesson, students)
    settings = _settings(course, execute, options)
    with (
        _alone(course.directory),
        course.open_for_long(),
        work.executor(jobs, scheduler, lambda: _warm_parent(settings)) as (submit, most),
    ):
        run = _Run(course, lesson, settings)
        yield {**run.start(wanted), "jobs": most if scheduler else jobs}
        states, began = [], time.monotonic()
        for event in run.students(wanted, force, submit, most):
            if event["event"] == "done":
                states.append(event["state"])
                event |= {"number": len(states), "of": len(wanted)}
            yield event
        counts = {state: states.count(state) for state in (GRADED, UNCHANGED, NOT_GRADED)}
        yield {"event": "end", "counts": counts, "seconds": round(time.monotonic() - began, 1)}


def _settings(course, execute, options):
    """Return the step that runs a notebook, with the options as its configuration has them."""
    options = {name: value for name, value in options.items() if value is not None}
    if {"sandbox", "trust_students"} & options.keys():  # one given here replaces the course's
        options = {"sandbox": "", "trust_students": False, **options}
    course.config.JudgedExecute.update(options)
    try:
        return execute(config=course.config)
    except TraitError as error:
        raise UserError(f"{course.configuration} can't be used: {error}") from None


@contextmanager
def _warm_parent(settings):
    """Let all processes that are started here share one parent (see `Warm`).

    It is importing still when they start, as they do.
    """
    if not settings.warm or settings.chosen().name != Warm.name or PARENT in os.environ:
        yield
        return
    warm = Warm()
    os.environ[PARENT] = warm.parent
    try:
        yield
    finally:
        del os.environ[PARENT]
        warm.close()


def _wanted(course, lesson, students):
    """Return {student: folder} of those to be graded."""
    there = course.students(lesson)
    if students is None and not there:
        raise UserError(
            f"nobody has handed in {lesson}: run `nbgrader collect {lesson}` in {course.directory}"
        )
    for student in students or ():
        if student not in there:
            raise UserError(
                f"{student} has not handed in {lesson}: there is no folder "
                f"{course.folder('submitted', student, lesson)}"
            )
    return {student: there[student] for student in sorted(set(students or there))}


@contextmanager
def _alone(directory):
    """Hold off other runs of this command; clear away what a killed one has left."""
    with _told_of_files():
        (directory / _OURS).mkdir(mode=0o700, exist_ok=True)
        file = open(directory / _OURS / "lock", "w")  # noqa: SIM115
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UserError(
                f"another `autograder grade` is at work in {directory}: wait until it is done"
            ) from None
        staging = directory / _STAGING
        _clear(staging)
        try:
            with temporary_files(directory / _OURS / "temporary"):
                yield
        finally:
            _clear(staging)


@contextmanager
def _told_of_files():
    """Turn an error of the file system, such as a full disk, into a sentence."""
    try:
        yield
    except OSError as error:
        raise UserError(f"cannot write {error.filename}: {error.strerror}") from error


def _clear(folder):
    if folder.exists():
        shutil.rmtree(folder)


def notes(backend, is_root):
    """Return what to say about a sandbox before students' code runs in it."""
    if backend.name != "trusted":
        nobody = "You are root: in the sandbox, students' code runs as the user nobody."
        lacks = [] if backend.name in _FULL else backend.lacks
        told = [f"The sandbox {backend.name} has a gap: {lack}." for lack in lacks]
        return [*told, nobody] if is_root else told
    if is_root:
        raise UserError(
            "--trust-students would let students' code do all that root can: "
            "be an ordinary user, or use a sandbox"
        )
    return [
        "Students' code runs without any protection, with your rights: whatever you can read, "
        "change, delete or send, it can as well, marks and files of your own included."
    ]


@dataclass
class _Prepared:
    """A submission that has been read: its keys in the journal, its task, where it is staged."""

    submission: intake.Submission
    keys: dict
    task: work.Task
    staging: Path
    attempts: int = 1


class _Run:
    """Grades the students of a class."""

    def __init__(self, course, lesson, settings):
        self.course, self.lesson, self.execute = course, lesson, type(settings)
        self.cells, self.kernelspec = course.cells(lesson)
        self.backend = settings.chosen()
        self.notes = notes(self.backend, os.geteuid() == 0)
        self.journal = journal.Journal(course.directory / _OURS / "graded" / lesson)
        source = course.folder("source", ".", lesson)
        self.edition = read_files(source)
        self.keys = {
            "lesson": journal.of_lesson(self.cells, self.kernelspec, source),
            "code": journal.of_code(),
            "settings": journal.of_settings(
                course.configuration,
                sandbox=self.backend.name,
                two_pass=settings.two_pass,
                execute=self.execute.__name__,
            ),
        }
        self.config = {
            self.execute.__name__: {
                **course.config.get(self.execute.__name__, {}),
                "sandbox": self.backend.name,
                "trust_students": False,
                "two_pass": settings.two_pass,
            }
        }
        self.known = course.scores(lesson)
        self.ledger = ledger.Ledger(course.places.db_url)

    def start(self, wanted):
        """Return the event at the beginning."""
        return {
            "event": "start",
            "course": str(self.course.directory),
            "lesson": self.lesson,
            "students": len(wanted),
            "sandbox": self.backend.name,
            "notes": self.notes,
        }

    def students(self, wanted, force, submit, most):
        """Grade students, with at most so many tasks under way; yield events."""
        left, under_way, graded = enumerate(wanted.items(), 1), {}, []
        often = -(-len(wanted) // _COMPARISONS)
        with _told_of_files():
            while True:
                for number, (student, folder) in left:
                    yield {
                        "event": "begin",
                        "student": student,
                        "number": number,
                        "of": len(wanted),
                    }
                    prepared = self._begun(number, student, folder, force)
                    if isinstance(prepared, dict):
                        yield prepared
                    else:
                        under_way[submit(prepared.task)] = prepared
                    if len(under_way) >= most:
                        break
                if not under_way:
                    break
                for future in wait(under_way, return_when=FIRST_COMPLETED).done:
                    prepared = under_way.pop(future)
                    if self._is_lost(future, prepared):
                        under_way[submit(prepared.task)] = prepared
                        continue
                    done = self._ended(prepared, future)
                    graded.append(done["student"])
                    if len(graded) >= often:
                        self._compare(graded)
                    yield done
            self._compare(graded)

    def _is_lost(self, future, prepared):
        """Tell whether a task's process has died, and it can be done once more."""
        kind = type(future.exception()).__name__
        prepared.attempts += 1
        return kind == "ProcessExpired" and prepared.attempts <= _ATTEMPTS

    def _begun(self, number, student, folder, force):
        """Read what a student handed in; return it prepared, or the event that ends it."""
        staging = self.course.directory / _STAGING / f"{number}"
        try:
            found = self._prepared(student, folder, force, staging)
        except intake.Rejected as rejected:
            found = self._not_graded(student, rejected.reason)
        except UserError:
            raise
        except Exception as error:  # whatever it is, the others are to be graded
            found = self._not_graded(student, f"{work.why(error)}.")
        if isinstance(found, dict):
            _clear(staging)
        return found

    def _prepared(self, student, folder, force, staging):
        entry = self.journal.read(student)
        seen = intake.fingerprint(folder)
        if not force and self._is_graded(student, entry) and seen and seen == entry.get("folder"):
            return _event(student, UNCHANGED, entry)
        (staging / "files").mkdir(mode=0o700, parents=True)
        submission = intake.read_submission(
            folder, self.lesson, student, staging / "files", self.cells
        )
        keys = {**self.keys, "submission": journal.of_submission(submission)}
        if not force and self._is_graded(student, entry) and entry["keys"] == keys:
            return _event(student, UNCHANGED, entry)
        self.journal.remove(student)
        notebook, _ = repair(submission.notebook, self.cells, self.kernelspec)
        task = work.Task(
            student,
            self.lesson,
            json.dumps(notebook),
            {name: path.read_bytes() for name, path in submission.files.items()},
            self.edition,
            self.execute,
            self.config,
        )
        return _Prepared(submission, {"keys": keys, "folder": seen}, task, staging)

    def _is_graded(self, student, entry):
        """Tell whether gradebook and autograded/ hold what the journal says, for these keys."""
        scores = self.known.get(student, {})
        noted = {check["check"]: check["points"] for check in entry.get("checks", [])}
        keys = {name: key for name, key in entry.get("keys", {}).items() if name != "submission"}
        return (
            entry.get("state") == GRADED
            and keys == self.keys
            and {name: score.points for name, score in scores.items()} == noted
            and self._notebook(student).is_file()
        )

    def _ended(self, prepared, future):
        """Write down what came of a task; return the event."""
        student = prepared.submission.student
        try:
            return self._graded(prepared, self._result(student, future))
        except intake.Rejected as rejected:
            return self._not_graded(student, rejected.reason)
        except Failed as failed:
            return self._not_graded(student, failed.reason, self.journal.log(student))
        except UserError:
            raise
        except Exception as error:
            return self._not_graded(student, f"{work.why(error)}.")
        finally:
            _clear(prepared.staging)

    def _result(self, student, future):
        if error := future.exception():
            said = "".join(traceback.format_exception(error))
            self.journal.log(student).write_text(said, "utf-8")
            raise Failed(work.why(error))
        return future.result()

    def _graded(self, prepared, executed):
        student = prepared.submission.student
        url = self.course.places.db_url
        with told_of_database(url), self.ledger.only(student, self.lesson):
            converter = self._convert(prepared, executed)
        self._show(student, converter, prepared.staging)
        entry = {**self._entry(student), **prepared.keys}
        self.journal.write(student, entry)
        return _event(student, GRADED, entry)

    def _not_graded(self, student, reason, log=None):
        entry = {"state": NOT_GRADED, "reason": reason}
        self.journal.write(student, entry)
        event = _event(student, NOT_GRADED, entry)
        return event | {"log": str(log)} if log else event

    def _compare(self, graded):
        """Make sure that nothing else has changed in the gradebook since the last time."""
        with told_of_database(self.course.places.db_url):
            wrong = self.ledger.compare(graded, self.lesson)
        if wrong:
            for student in graded:
                self.journal.remove(student)
            who = ", ".join(graded[:3]) + (" and others" if graded[3:] else "")
            whose = ", ".join(wrong[:5]) + (" and others" if wrong[5:] else "")
            verb = "were" if graded[1:] else "was"
            raise UserError(
                f"while {who} {verb} graded, other rows of the gradebook changed "
                f"({whose}): unless somebody worked with it meanwhile, look into it "
                "before you go on"
            )
        graded.clear()

    # What nbgrader does with the staged copy.

    def _convert(self, prepared, executed):
        """Let nbgrader write down an executed submission; return its converter."""
        submission = prepared.submission
        converter = self._converter(submission, prepared.staging, executed)
        places = converter.coursedir
        staged = places.format_path(
            places.submitted_directory, submission.student, submission.lesson
        )
        write_staged(submission, staged)
        converter.grade(self.journal.log(submission.student))
        return converter

    def _converter(self, submission, staging, executed):
        config = self.course.config.copy()
        steps.use(config, Executed)
        config.Executed.notebook = executed
        config.SubmissionExporter.remarks = submission.remarks
        config.SubmissionExporter.cells = json.dumps(submission.notebook["cells"])
        places = CourseDirectory(config=config, log=LOG)
        places.root = str(self.course.directory)
        staging = staging.relative_to(self.course.directory)
        places.submitted_directory = f"{staging}/submitted"
        places.autograded_directory = f"{staging}/autograded"
        places.assignment_id, places.student_id = self.lesson, "*"  # nobody else is in there
        return Converter(coursedir=places, config=config, log=LOG, gradebook=self.course.gradebook)

    def _show(self, student, converter, staging):
        """Put a graded notebook, which is complete now, where nbgrader looks for it."""
        places = converter.coursedir
        graded = places.format_path(places.autograded_directory, student, self.lesson)
        folder = self.course.folder("autograded", student, self.lesson)
        folder.parent.mkdir(parents=True, exist_ok=True)
        if folder.exists():
            shutil.move(folder, staging / "replaced")
        shutil.move(graded, folder)
        places.autograded_directory = self.course.places.autograded_directory
        converter.set_permissions(self.lesson, student)  # where a group shares the course

    def _notebook(self, student):
        folder = self.course.folder("autograded", student, self.lesson)
        return folder / f"{self.lesson}.ipynb"

    def _entry(self, student):
        """Return what the journal notes about a student who has been graded."""
        scores = self.course.scores(self.lesson, student).get(student, {})
        notebook = nbformat.read(self._notebook(student), as_version=4)
        remarks = notebook.metadata.get("autograder", {}).get("remarks", [])
        return {
            "state": GRADED,
            "points": sum(score.points or 0 for score in scores.values()),
            "max_points": sum(score.worth for score in scores.values()),
            "checks": [
                _result(cell, scores[name])
                for cell in notebook.cells
                if (name := cell.metadata.get("nbgrader", {}).get("grade_id")) in scores
            ],
            "remarks": remarks,
        }


# What is told about a student.


def _result(cell, score):
    """Return what became of a check, from its cell and its Score."""
    shown = [output.get("data", {}).get(MEDIA_TYPE) for output in cell.get("outputs", [])]
    verdict = next((data for data in reversed(shown) if data), {})
    ours = cell.metadata.get("autograder", {})
    state = verdict.get("state")
    if state == RIGHT and score.points == 0:  # a hidden test, after the verdict that is shown
        state = WRONG
    return {
        "check": cell.metadata.nbgrader.grade_id,
        "points": score.points,
        "max_points": score.worth,
        "state": state,
        "mistakes": list(verdict.get("mistakes", [])),
        "by_hand": score.by_hand,
        "reason": ours.get("reason") or "",
    }


_UNTOLD = ("keys", "folder", "at", "student", "state")


def _event(student, state, entry):
    told = {key: entry[key] for key in entry if key not in _UNTOLD}
    return {"event": "done", "student": student, "state": state, **told}
