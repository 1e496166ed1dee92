"""Grade what students handed in: one after the other, each apart from all others.

    for event in grade("course", "01_some_topic"):
        print(event)  # a dictionary, ready for JSON

Of each student a slim copy of what was handed in is given to nbgrader's own Autograde, with the
steps of `steps` and the course's own gradebook. Then it is made sure that nothing changed in
anybody else's rows, and only then the result is shown in autograded/ and noted in the journal. A
run may be killed at any moment: the next one does again what has no entry, and nothing else.
"""

import fcntl
import os
import shutil
from contextlib import contextmanager

import nbformat
from nbgrader.coursedir import CourseDirectory
from traitlets import TraitError

from autograder.errors import UserError
from autograder.grade import intake, journal, ledger, steps
from autograder.grade.converter import LOG, Converter, Failed, write_staged
from autograder.grade.execute import JudgedExecute
from autograder.grade.opened import OpenedCourse, told_of_database
from autograder.grade.sandbox import choose
from autograder.states import MEDIA_TYPE, RIGHT, WRONG

#: What may become of a student.
GRADED, UNCHANGED, NOT_GRADED = "graded", "unchanged", "not graded"

_OURS = ".autograder"
_STAGING = f"{_OURS}/staging"
_FULL = ("bubblewrap", "container")


def grade(directory, lesson, students=None, force=False, execute=JudgedExecute, **options):
    """Grade a lesson; yield events: one of "start", "begin" and "done" for each, one of "end".

    Args:
        directory: the course directory.
        lesson: name of the lesson.
        students: whom to grade (default: everybody who handed in).
        force: grade again what has been graded and hasn't changed.
        execute: the step of nbgrader's autograde that runs a notebook.
        options: for that step (sandbox, trust_students, two_pass), on top of what the course's
            configuration says.

    Raises:
        UserError: nothing more can be graded. What a single student's work is refused for, or
            fails at, is told by an event.
    """
    course = OpenedCourse(directory)
    course.check_lesson(lesson)
    wanted = _wanted(course, lesson, students)
    run = _Run(course, lesson, _settings(course, execute, options))
    with _alone(course.directory):
        yield run.start(wanted)
        states = []
        for number, (student, folder) in enumerate(wanted.items(), 1):
            yield {"event": "begin", "student": student, "number": number, "of": len(wanted)}
            with _told_of_files():
                done = run.student(student, folder, force)
            states.append(done["state"])
            yield done
        counts = {state: states.count(state) for state in (GRADED, UNCHANGED, NOT_GRADED)}
        yield {"event": "end", "counts": counts}


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


class _Run:
    """Grades one student after the other."""

    def __init__(self, course, lesson, settings):
        self.course, self.lesson, self.execute = course, lesson, type(settings)
        self.cells, kernelspec = course.cells(lesson)
        trusted = "trusted" if settings.trust_students else None
        self.backend = choose(settings.sandbox or trusted)
        self.notes = notes(self.backend, os.geteuid() == 0)
        self.journal = journal.Journal(course.directory / _OURS / "graded" / lesson)
        self.keys = {
            "lesson": journal.of_lesson(
                self.cells, kernelspec, course.folder("source", ".", lesson)
            ),
            "code": journal.of_code(),
            "settings": journal.of_settings(
                course.configuration,
                sandbox=self.backend.name,
                two_pass=settings.two_pass,
                execute=self.execute.__name__,
            ),
        }

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

    def student(self, student, folder, force):
        """Grade one student; return the event that says what became of it."""
        staging = self.course.directory / _STAGING
        try:
            staging.mkdir(mode=0o700)
            return self._graded(student, folder, force, staging)
        except intake.Rejected as rejected:
            return self._not_graded(student, rejected.reason)
        except Failed as failed:
            return self._not_graded(student, failed.reason, self.journal.log(student))
        except UserError:
            raise
        except Exception as error:  # whatever it is, the others are to be graded
            reason = f"The grader failed at it ({type(error).__name__}: {error})."
            return self._not_graded(student, reason)
        finally:
            _clear(staging)

    def _graded(self, student, folder, force, staging):
        (staging / "files").mkdir()
        submission = intake.read_submission(
            folder, self.lesson, student, staging / "files", self.cells
        )
        keys = {**self.keys, "submission": journal.of_submission(submission)}
        entry = self.journal.read(student)
        if not force and entry.get("keys") == keys and self._is_there(student, entry):
            return _event(student, UNCHANGED, entry)
        self.journal.remove(student)
        with self._watched(student):
            converter = self._convert(submission)
        self._show(student, converter)
        entry = self._entry(student, keys)
        self.journal.write(student, entry)
        return _event(student, GRADED, entry)

    def _is_there(self, student, entry):
        """Tell whether gradebook and autograded/ hold what the journal says."""
        scores = self.course.scores(self.lesson, student)
        noted = {check["check"]: check["points"] for check in entry.get("checks", [])}
        return (
            entry.get("state") == GRADED
            and {name: score.points for name, score in scores.items()} == noted
            and self._notebook(student).is_file()
        )

    def _not_graded(self, student, reason, log=None):
        entry = {"state": NOT_GRADED, "reason": reason}
        self.journal.write(student, entry)
        event = _event(student, NOT_GRADED, entry)
        return event | {"log": str(log)} if log else event

    @contextmanager
    def _watched(self, student):
        """Make sure that nothing of anybody else changes in the gradebook."""
        url = self.course.places.db_url
        with told_of_database(url):
            before = ledger.digests(url)
        try:
            yield
        finally:
            with told_of_database(url):
                wrong = ledger.changed(before, ledger.digests(url), student, self.lesson)
            self._raise_if(wrong, student)

    def _raise_if(self, wrong, student):
        if wrong:
            whose = ", ".join(wrong[:5]) + (" and others" if wrong[5:] else "")
            raise UserError(
                f"while {student} was graded, other rows of the gradebook changed "
                f"({whose}): unless somebody worked with it meanwhile, look into it "
                "before you go on"
            )

    # What nbgrader does with the staged copy.

    def _convert(self, submission):
        """Let nbgrader grade a submission; return its converter."""
        converter = self._converter(submission)
        places = converter.coursedir
        staged = places.format_path(
            places.submitted_directory, submission.student, submission.lesson
        )
        write_staged(submission, staged)
        converter.grade(self.journal.log(submission.student))
        return converter

    def _converter(self, submission):
        config = self.course.config.copy()
        steps.use(config, self.execute)
        config.JudgedExecute.update(sandbox=self.backend.name, trust_students=False)
        config.SubmissionExporter.remarks = submission.remarks
        places = CourseDirectory(config=config, log=LOG)
        places.root = str(self.course.directory)
        places.submitted_directory = f"{_STAGING}/submitted"
        places.autograded_directory = f"{_STAGING}/autograded"
        places.assignment_id, places.student_id = self.lesson, "*"  # nobody else is in there
        return Converter(coursedir=places, config=config, log=LOG)

    def _show(self, student, converter):
        """Put a graded notebook, which is complete now, where nbgrader looks for it."""
        places = converter.coursedir
        graded = places.format_path(places.autograded_directory, student, self.lesson)
        folder = self.course.folder("autograded", student, self.lesson)
        folder.parent.mkdir(parents=True, exist_ok=True)
        if folder.exists():
            shutil.move(folder, self.course.directory / _STAGING / "replaced")
        shutil.move(graded, folder)
        places.autograded_directory = self.course.places.autograded_directory
        converter.set_permissions(self.lesson, student)  # where a group shares the course

    def _notebook(self, student):
        folder = self.course.folder("autograded", student, self.lesson)
        return folder / f"{self.lesson}.ipynb"

    def _entry(self, student, keys):
        """Return what the journal notes about a student who has been graded."""
        scores = self.course.scores(self.lesson, student)
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
            "keys": keys,
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


def _event(student, state, entry):
    told = {key: entry[key] for key in entry if key not in ("keys", "at", "student", "state")}
    return {"event": "done", "student": student, "state": state, **told}
