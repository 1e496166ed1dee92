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
import glob
import json
import os
import shutil
import time
import traceback
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbgrader.coursedir import CourseDirectory
from traitlets import TraitError

from autograder.errors import UserError
from autograder.grade import trial
from autograder.grade.book import generated, groups, journal, late, ledger, stale, steps
from autograder.grade.book.awards import Awards
from autograder.grade.book.converter import LOG, Converter, Failed, write_staged
from autograder.grade.book.executed import Executed
from autograder.grade.book.opened import OpenedCourse, in_notebook, told_of_database
from autograder.grade.handed_in import defuse, intake
from autograder.grade.handed_in.expected import read_edition
from autograder.grade.handed_in.repair import Remark, repair
from autograder.grade.run import preload, work
from autograder.grade.run.execute import JudgedExecute
from autograder.grade.run.judge.names import Lesson
from autograder.grade.run.sandbox.warm import Warm, variable
from autograder.grade.run.ways import APART
from autograder.grade.temporary import temporary_files
from autograder.states import RIGHT, WRONG, verdict_in

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
    lessons = _lessons(course, lesson)
    if not scheduler:
        work.prepare(jobs)
    with (
        alone(course.directory),
        course.open_for_long(),
        work.executor(jobs, scheduler, lambda: _warm_parents(settings, lessons)) as (submit, most),
    ):
        settings.apart = most > 1
        run = _Run(course, lesson, settings, submit)
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


def _lessons(course, lesson):
    """Return the `names.Lesson` of each notebook of a lesson."""
    folder = course.folder("source", ".", lesson)
    paths = [folder / f"{name}.ipynb" for name in course.notebooks(lesson)]
    return [Lesson(read_edition(path)) for path in paths if path.is_file()]


@contextmanager
def _warm_parents(settings, lessons):
    """Let all processes that are started here share parents (see `Warm`), for these `names.Lesson`.

    They are importing still when those start, as they do.
    """
    with ExitStack() as stack:
        if settings.warm and settings.chosen().name == Warm.name:
            for modules in {preload.modules(lesson) for lesson in lessons}:
                stack.enter_context(_warm_parent(modules))
        yield


@contextmanager
def _warm_parent(modules):
    name = variable(modules)
    if name in os.environ:
        yield
        return
    warm = Warm(modules)
    os.environ[name] = warm.parent
    try:
        yield
    finally:
        del os.environ[name]
        warm.close()


def _wanted(course, lesson, students):
    """Return {student: folder} of those to be graded."""
    hand_ins = course.hand_ins(lesson)
    there = hand_ins.folders
    _check_members(course, hand_ins)
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
    first = {folder: student for student, folder in reversed(there.items())}
    # Who shares a hand-in comes together, so that what came of it needn't be kept for long.
    order = sorted(set(students or there), key=lambda student: (first[there[student]], student))
    return {student: there[student] for student in order}


def _check_members(course, hand_ins):
    """Raise a UserError if somebody is in a group of whom nothing is known."""
    strangers = sorted(hand_ins.members - hand_ins.own.keys())
    if strangers and (strangers := [who for who in strangers if who not in course.everybody()]):
        raise UserError(
            f"{course.directory / groups.FILE} names {', '.join(strangers[:5])}, whom the "
            "gradebook doesn't know: mend it, or add them with `nbgrader db student add` there"
        )


@contextmanager
def alone(directory):
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


def _on_patterns(directory, students):
    """Return what to say about names that nbgrader's own commands take for patterns."""
    named = [str(directory), *students]
    if odd := [name for name in named if glob.escape(name) != name]:
        told = ", ".join(odd[:3]) + (" and others" if odd[3:] else "")
        return [
            "They are graded, but nbgrader's own commands, as generate_feedback, take * ? [ ] in a "
            f"name for a pattern and find nothing: choose other names for {told} before."
        ]
    return []


@dataclass
class _Prepared:
    """A submission that has been read: its keys in the journal, its task, where it is staged."""

    submission: intake.Submission
    keys: dict
    task: work.Task
    staging: Path


@dataclass
class _HandIn:
    """A task to be done once, for all whose hand-in it is: a student, or members of a group."""

    task: work.Task
    members: list
    attempts: int = 1


def _by_hand_in(wanted):
    """Yield (folder, [(number, student), ...]) for each folder of {student: folder}."""
    found = {}
    for number, (student, folder) in enumerate(wanted.items(), 1):
        found.setdefault(folder, []).append((number, student))
    yield from found.items()


class _Run:
    """Grades the students of a class."""

    def __init__(self, course, lesson, settings, submit):
        self.course, self.lesson, self.execute = course, lesson, type(settings)
        self.notebooks = course.notebooks(lesson)
        self.expected = {name: cells for name, (cells, _) in self.notebooks.items()}
        self.lessons = course.lessons()
        self.backend = settings.chosen()
        self.stale = stale.notes(course, lesson, self.expected)
        self.notes = [*notes(self.backend, os.geteuid() == 0), *self.stale]
        self.journal = journal.Journal(course.directory / _OURS / "graded" / lesson)
        self.edition, self.given = generated.files(course, lesson, self.expected)
        self.keys = {
            "lesson": journal.of_lesson(self.notebooks, self.edition),
            "code": journal.of_code(),
            "settings": journal.of_settings(
                course.configuration,
                sandbox=self.backend.name,
                two_pass=settings.two_pass,
                apart_only=settings.apart_only,
                thorough=settings.thorough,
                execute=self.execute.__name__,
            ),
        }
        self.config = {
            self.execute.__name__: {
                **course.config.get(self.execute.__name__, {}),
                "sandbox": self.backend.name,
                "trust_students": False,
                "two_pass": settings.two_pass,
                "apart_only": settings.apart_only,
                "thorough": settings.thorough,
                "apart": settings.apart,
                "hidden": settings.hidden,
                "timeout": settings.timeout,
                "check_timeout": settings.check_timeout,
            }
        }
        if self.execute is JudgedExecute:
            self._try_lesson(submit)
        self.known = course.scores(lesson)
        self.standings = course.standings(lesson)
        self.plugin = late.plugin(course)
        self.awarded = Awards(course.directory, lesson).kinds()
        self.hand_ins = course.hand_ins(lesson)
        self.ledger = ledger.Ledger(course.places.db_url)

    def _try_lesson(self, submit):
        """Try the lesson on itself, unless that was done; take note of what came of it."""
        file = self.course.directory / _OURS / "tried" / f"{self.lesson}.json"
        try:
            found = trial.remembered(file, self.keys, lambda: self._tried(submit))
        except Exception as error:  # what it is, those who handed in meet as well
            said = f"The lesson could not be tried on its own solution: {work.why(error)}."
            found = trial.Trial(notes=[said])
        self.notes += found.notes
        self.config[self.execute.__name__] |= {"doubted": found.doubted, "inside": found.inside}
        self.keys["tried"] = journal.digest(found.doubted, found.inside)

    def _tried(self, submit):
        files = {name: self.edition[f"{name}.ipynb"] for name in self.notebooks}
        solved = {name: nbformat.reads(file.decode(), 4) for name, file in files.items()}
        folder = self.course.folder("release", ".", self.lesson)
        there = {name: folder / f"{name}.ipynb" for name in self.notebooks}
        there = {name: path for name, path in there.items() if path.is_file()}
        released = {name: nbformat.read(path, as_version=4) for name, path in there.items()}

        def run(notebooks, **settings):
            made = {
                name: json.dumps(trial.as_submitted(notebook, *self.notebooks[name]))
                for name, notebook in notebooks.items()
            }
            name = self.execute.__name__
            config = {name: {**self.config[name], **settings}}
            execute, files = self.execute, dict(self.given)
            task = work.Task("", self.lesson, made, files, self.edition, execute, config)
            return trial.carried_out(task, submit)

        lessons = {name: Lesson(notebook) for name, notebook in solved.items()}
        return trial.tried(solved, released, lessons, run, list(self.edition))

    def start(self, wanted):
        """Return the event at the beginning."""
        return {
            "event": "start",
            "course": str(self.course.directory),
            "lesson": self.lesson,
            "students": len(wanted),
            "sandbox": self.backend.name,
            "notes": [*self.notes, *_on_patterns(self.course.directory, wanted)],
            "stale": self.stale,
        }

    def students(self, wanted, force, submit, most):
        """Grade students, with at most so many tasks under way; yield events."""
        left, turns, graded = _by_hand_in(wanted), work.Turns(submit, most), []
        often = -(-len(wanted) // _COMPARISONS)
        with _told_of_files():
            while True:
                while turns.has_room and (one := next(left, None)):
                    folder, members = one
                    prepared = []
                    for number, student in members:
                        yield {
                            "event": "begin",
                            "student": student,
                            "number": number,
                            "of": len(wanted),
                        }
                        found = self._begun(number, student, folder, force)
                        if isinstance(found, dict):
                            graded += [student] if found["state"] == GRADED else []
                            yield found
                        else:
                            prepared.append(found)
                    if prepared:
                        turns.begin(_HandIn(prepared[0].task, prepared))
                if turns.is_over:
                    break
                for hand_in, future in turns.ended():
                    if self._is_lost(future, hand_in):
                        turns.begin(hand_in)
                        continue
                    for prepared in hand_in.members:
                        done = self._ended(prepared, future)
                        graded.append(done["student"])
                        if len(graded) >= often:
                            self._compare(graded)
                        yield done
            self._compare(graded)

    def _is_lost(self, future, hand_in):
        """Tell whether a task's process has died, and it can be done once more."""
        kind = type(future.exception()).__name__
        hand_in.attempts += 1
        return kind == "ProcessExpired" and hand_in.attempts <= _ATTEMPTS

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
        if reason := self.hand_ins.doubts.get(student):
            raise intake.Rejected(reason)
        entry = self.journal.read(student)
        seen = self._seen(student, folder)
        if not force and self._is_graded(student, entry) and seen and seen == entry.get("folder"):
            return self._left(student, entry)
        (staging / "files").mkdir(mode=0o700, parents=True)
        submission = intake.read_submission(
            folder,
            self.lesson,
            student,
            staging / "files",
            self.expected,
            self.lessons,
            self.course.zone,
            self.given,
        )
        self._note_group(submission, folder)
        self._give_files(submission, staging)
        keys = {**self.keys, "submission": journal.of_submission(submission)}
        if not force and self._is_graded(student, entry) and _has(entry, keys):
            return self._left(student, entry)
        self.journal.remove(student)
        repaired = {
            name: json.dumps(repair(notebook, *self.notebooks[name])[0])
            for name, notebook in submission.notebooks.items()
        }
        task = work.Task(
            student,
            self.lesson,
            repaired,
            {name: path.read_bytes() for name, path in submission.files.items()},
            self.edition,
            self.execute,
            self.config,
        )
        return _Prepared(submission, {"keys": keys, "folder": seen}, task, staging)

    def _seen(self, student, folder):
        """Return the digest of all that a student's mark is graded from, None if that is too much.

        In a group that can be another's folder, and what is told depends on whose it is.
        """
        seen = intake.fingerprint(folder)
        is_passed_over = student in self.hand_ins.passed_over
        return f"{seen} passed over" if seen and is_passed_over else seen

    def _note_group(self, submission, folder):
        """Note in a submission what is a student's own where a group's hand-in counts."""
        student, own = submission.student, self.hand_ins.own
        if student in self.hand_ins.passed_over:
            said = "Another hand-in of your group is the latest; that one was graded, for you all."
            submission.remarks.append(Remark("group", said))
        if own.get(student) != folder:
            # By its secret, a student finds the feedback on a hand-in; each has another.
            submission.secret = intake.secret_of(own[student]) if student in own else None

    def _give_files(self, submission, staging):
        """Put the lesson's own files in the place of a student's, as nbgrader does.

        Those that students are to change are named by its option `exclude_overwriting`.
        """
        theirs = self.course.config.Autograde.get("exclude_overwriting", {})
        for number, (name, content) in enumerate(self.given.items()):
            own = submission.files.get(name)
            if own and (name in theirs.get(self.lesson, ()) or own.read_bytes() == content):
                continue
            in_the_way = [n for n in submission.files if _is_above(n, name) or _is_above(name, n)]
            for other in in_the_way:
                del submission.files[other]
            if own or in_the_way:
                said = "It is the lesson's, and was changed; the lesson's own was put back."
                submission.remarks.append(Remark(name, said))
            path = staging / f"given-{number}"
            path.write_bytes(content)
            submission.files[name] = path

    def _left(self, student, entry):
        """Return the event of a student whose work is not run again.

        What is given or taken after the checks is brought up to date, if something that it
        depends on has changed.
        """
        before = self.standings.get(student)
        if before and (before.is_late or before.penalty or self._is_awarded_anew(entry)):
            with (
                told_of_database(self.course.places.db_url),
                self.ledger.only(student, self.lesson),
            ):
                self._settle(student)
            self.standings |= self.course.standings(self.lesson, student)
            self.known |= self.course.scores(self.lesson, student)
        after = self.standings.get(student)
        told = {**entry, **self._told(student, entry["checks"])}
        told["keys"] = {**entry["keys"], **self._keys_of_mark(student)}
        if told != entry:
            self.journal.write(student, told)
        return _event(student, UNCHANGED if after == before else GRADED, told)

    def _is_awarded_anew(self, entry):
        return entry["keys"].get("awards") != self.awarded

    def _settle(self, student):
        """Give what everybody gets, and then take off what lateness costs."""
        awards = Awards(self.course.directory, self.lesson)
        if awards.found:
            with self.course.gradebook() as gradebook:
                awards.give(gradebook, student)
        late.penalise(self.course, self.lesson, student)

    def _is_graded(self, student, entry):
        """Tell whether gradebook and autograded/ hold what the journal says, for these keys."""
        scores = self.known.get(student, {})
        noted = {check["check"]: check.get("auto_points") for check in entry.get("checks", [])}
        return (
            entry.get("state") == GRADED
            and _has(entry, self.keys)
            and {name: score.points for name, score in scores.items()} == noted
            and bool(self._graded_notebooks(student))
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
            self.journal.log(student).write_text(defuse.printed(said), "utf-8")
            raise Failed(work.why(error))
        notebooks, _ = future.result()
        return notebooks

    def _graded(self, prepared, executed):
        student = prepared.submission.student
        url = self.course.places.db_url
        with told_of_database(url), self.ledger.only(student, self.lesson):
            converter = self._convert(prepared, executed)
        self._show(student, converter, prepared.staging)
        entry = {**self._entry(student), **prepared.keys}
        entry["keys"] |= self._keys_of_mark(student)
        self.journal.write(student, entry)
        return _event(student, GRADED, entry)

    def _not_graded(self, student, reason, log=None):
        entry = {"state": NOT_GRADED, "reason": defuse.sentence(reason)}
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
        config.Autograde.autograde_preprocessors.remove(steps.CHECK)  # `carry_out` has done that
        config.Executed.notebooks = executed
        config.SubmissionExporter.remarks = submission.remarks
        config.SubmissionExporter.cells = json.dumps(
            {name: notebook["cells"] for name, notebook in submission.notebooks.items()}
        )
        places = CourseDirectory(config=config, log=LOG)
        places.root = str(self.course.directory)
        staging = staging.relative_to(self.course.directory)
        places.submitted_directory = f"{staging}/submitted"
        places.autograded_directory = f"{staging}/autograded"
        places.assignment_id = self.lesson
        return Converter(
            coursedir=places,
            config=config,
            log=LOG,
            gradebook=self.course.gradebook,
            student=submission.student,
        )

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

    def _graded_notebooks(self, student):
        """Return {name: path} of the notebooks of a student that have been graded."""
        folder = self.course.folder("autograded", student, self.lesson)
        paths = {name: folder / f"{name}.ipynb" for name in self.notebooks}
        return {name: path for name, path in paths.items() if path.is_file()}

    def _entry(self, student):
        """Return what the journal notes about a student who has been graded."""
        self.known |= self.course.scores(self.lesson, student)
        self.standings |= self.course.standings(self.lesson, student)
        scores = self.known.get(student, {})
        remarks, checks = [], []
        for name, path in self._graded_notebooks(student).items():
            # nbgrader has just written it, after it had made sure that it is one.
            notebook = nbformat.v4.reads(path.read_text("utf-8"))
            told = notebook.metadata.get("autograder", {}).get("remarks", [])
            remarks += [remark for remark in told if remark not in remarks]
            for cell in notebook.cells:
                check = cell.metadata.get("nbgrader", {}).get("grade_id")
                check = check if check in scores else in_notebook(name, check)
                if check in scores:
                    checks.append({**_result(cell, scores[check]), "check": check})
        return {"state": GRADED, **self._told(student, checks), "remarks": remarks}

    def _told(self, student, checks):
        """Return what is told of a student's mark, and of its checks, as the gradebook has them."""
        scores, standing = self.known.get(student, {}), self.standings[student]
        return {
            "points": standing.score,
            "max_points": sum(score.worth for score in scores.values()),
            "raw_points": standing.raw,
            "penalty": standing.penalty,
            "open_points": sum(score.worth for score in scores.values() if score.is_open),
            "checks": [check | _points(scores[check["check"]]) for check in checks],
        }

    def _keys_of_mark(self, student):
        """Return what a mark depends on beside what was run: each as plain data, by its name."""
        standing, scores = self.standings[student], self.known.get(student, {})
        given = {name: [each.manual, each.extra] for name, each in sorted(scores.items())}
        return {
            "due": standing.due and standing.due.isoformat(),
            "extension": standing.extension and standing.extension.total_seconds(),
            "time": standing.time and standing.time.isoformat(),
            "penalty": self.plugin,
            "awards": self.awarded,
            "by_person": {name: each for name, each in given.items() if each != [None, None]},
        }


def _is_above(name, other):
    """Tell whether one name is that of a folder in which the other one lies."""
    return other.startswith(f"{name}/")


# What is told about a student.


def _result(cell, score):
    """Return what became of a check, from its cell and its Score."""
    verdict = verdict_in(cell)
    state = verdict.get("state")
    if state == RIGHT and score.points == 0:  # a hidden test, after the verdict that is shown
        state = WRONG
    return {
        "check": cell.metadata.nbgrader.grade_id,
        "state": state,
        "mistakes": list(verdict.get("mistakes", [])),
        "reason": cell.metadata.get("autograder", {}).get("reason") or "",
        "way": cell.metadata.get("autograder", {}).get("way", APART),
    }


def _points(score):
    """Return what the gradebook says of a check. points: what counts, a person's before its own."""
    return {
        "points": score.counted,
        "auto_points": score.points,
        "max_points": score.worth,
        "by_hand": score.by_hand,
        "is_open": score.is_open,
    }


def _has(entry, keys):
    """Tell whether an entry of the journal was made from these."""
    noted = entry.get("keys", {})
    return all(noted.get(name) == key for name, key in keys.items())


_UNTOLD = ("keys", "folder", "at", "student", "state")


def _event(student, state, entry):
    told = {key: entry[key] for key in entry if key not in _UNTOLD}
    return {"event": "done", "student": student, "state": state, **told}
