"""What a class has earned: nbgrader's gradebook, and the verdicts in the graded notebooks.

The gradebook alone says how many points; a verdict says what was found. A person's points count
before a check's, as in nbgrader.
"""

import json
import os
from dataclasses import dataclass, field

from nbgrader.api import (
    Assignment,
    BaseCell,
    Grade,
    Notebook,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy.engine import make_url

from autograder.errors import UserError
from autograder.grade.book.journal import Journal
from autograder.grade.book.opened import checks_of, counted, naming, told_of_database
from autograder.grade.handed_in.repair import TIMESTAMP
from autograder.grade.run.ways import INSIDE
from autograder.progress import joined
from autograder.reports.edition import Edition, read_edition
from autograder.states import LOOKS, PARTLY, RIGHT, WRONG, verdict_in, why_by_hand

#: The state of a check, an exercise or a student's work that a person still has to judge.
WAITS = "waits for a person"
#: The other states of a student's work in a lesson.
GRADED, NOT_GRADED, NOT_HANDED_IN = "graded", "not graded", "not handed in"

#: How much is taken of a verdict. A course without our judge has verdicts that students wrote.
_MOST_CODES, _MOST_ROWS, _MOST_LETTERS = 12, 20, 2000


@dataclass(frozen=True)
class Verdict:
    """What a graded notebook says of a check.

    state: None where it says nothing. worth: the points of the check when it was graded. is_inside:
    whether it was judged in the student's own kernel, where an answer could forge its points.
    """

    state: str | None = None
    mistakes: tuple = ()
    rows: tuple = ()
    message: str = ""
    reason: str = ""
    worth: float | None = None
    is_inside: bool = False


@dataclass(frozen=True)
class Mark:
    """A check of a student's.

    points: what counts of `worth`, extra credit included; by_person: whether a person said.
    """

    check: str
    exercise: str
    points: float
    worth: float
    state: str
    by_person: bool
    needs_person: bool
    verdict: Verdict
    extra: float = 0.0

    @property
    def mistakes(self):
        """The codes of its verdict; none where a person has counted it as right."""
        return () if self.state == RIGHT else self.verdict.mistakes


@dataclass(frozen=True)
class Student:
    """Who has taken part, as the gradebook has it."""

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_user_id: str = ""

    @property
    def name(self):
        """The name as people read it; the id, where the gradebook has no name."""
        return " ".join(filter(None, (self.first_name, self.last_name))) or self.id

    @property
    def label(self):
        """The name and the id, for names may occur twice."""
        return self.id if self.name == self.id else f"{self.name} ({self.id})"


@dataclass(frozen=True)
class ExerciseMarks:
    """An exercise of a student's, all its checks together."""

    name: str
    points: float
    worth: float
    state: str
    marks: tuple

    @property
    def mistakes(self):
        """The codes of its verdicts, each once."""
        return list(dict.fromkeys(code for m in self.marks for code in m.mistakes))

    @property
    def is_inside(self):
        """Whether one of its checks was judged in the student's own kernel."""
        return any(mark.verdict.is_inside for mark in self.marks)

    @property
    def needs_person(self):
        """Whether the gradebook asks for a person's look at it."""
        return any(mark.needs_person for mark in self.marks)

    @property
    def reasons(self):
        """Why a person has to judge it, a sentence for each check."""
        return [
            f"{m.check}: {why_by_hand(m.verdict.reason, not m.by_person)}"
            for m in self.marks
            if m.needs_person
        ]


@dataclass(frozen=True)
class Work:
    """What a student has earned in a lesson.

    reason: why it was not graded, or why it isn't known when it was handed in.
    """

    student: Student
    state: str
    worth: float
    timestamp: object = None
    penalty: float = 0.0
    raw: float = 0.0
    exercises: tuple = ()
    reason: str = ""

    @property
    def score(self):
        """The points that count: after the penalty, and with extra credit more than there are."""
        return counted(self.raw, self.penalty)

    @property
    def is_graded(self):
        """Whether there are marks, whether or not all of them are settled."""
        return self.state in (GRADED, WAITS)


@dataclass
class LessonMarks:
    """A lesson, and the work of each student in it. exercises: {name: points at most}."""

    name: str
    worth: float
    duedate: object
    exercises: dict
    works: list
    edition: Edition = field(default_factory=Edition)

    def graded(self):
        """Return the works that have marks."""
        return [work for work in self.works if work.is_graded]


def read_marks(course, lessons=()):
    """Return the LessonMarks of an OpenedCourse: of the lessons named, or of all."""
    _check_gradebook(course)
    with told_of_database(course.places.db_url), course.gradebook() as gradebook:
        names = [each.name for each in gradebook.assignments if each.notebooks]
        for lesson in lessons:
            if lesson not in names:
                course.check_lesson(lesson)
        if not names:
            raise UserError(
                f"{course.directory} has no lesson yet: run `nbgrader generate_assignment` there"
            )
        students = [_student(each) for each in gradebook.students]
        wanted = [name for name in sorted(names) if not lessons or name in lessons]
        return [_Lesson(course, gradebook, name).read(students) for name in wanted]


def _check_gradebook(course):
    url = make_url(course.places.db_url)
    if url.get_backend_name() == "sqlite" and not os.path.exists(url.database):
        # To open it would make the file.
        raise UserError(
            f"there is no gradebook {url.database}: generate a lesson first, with "
            f"`nbgrader generate_assignment LESSON` in {course.directory}"
        )


def _student(row):
    fields = ("id", "first_name", "last_name", "email", "lms_user_id")
    return Student(**{name: getattr(row, name) or "" for name in fields})


class _Lesson:
    """Reads one lesson of a course."""

    def __init__(self, course, gradebook, name):
        self.course, self.gradebook, self.name = course, gradebook, name
        self.assignment = gradebook.find_assignment(name)
        checks = checks_of(self.assignment.notebooks)
        self.owners = {check: exercise for check, (exercise, _) in checks.items()}
        self.called = naming(self.assignment.notebooks)
        self.worths = {check: worth for check, (_, worth) in checks.items()}
        source = course.folder("source", ".", name) / f"{name}.ipynb"
        self.edition = read_edition(source, self.worths)
        self.journal = Journal(course.directory / ".autograder" / "graded" / name)

    def read(self, students):
        """Return the LessonMarks."""
        exercises = {}
        for check in sorted(self.worths, key=lambda c: self.edition.place(self.owners[c])):
            name = self.owners[check]
            exercises[name] = exercises.get(name, 0) + self.worths[check]
        self.exercises, self.submissions, grades = exercises, self._submissions(), self._grades()
        submitted = self.course.students(self.name)
        known = {student.id for student in students}
        everybody = [*students, *(Student(who) for who in submitted if who not in known)]
        works = [
            self._work(student, grades.get(student.id, ()), student.id in submitted)
            for student in sorted(everybody, key=lambda student: student.id)
        ]
        worth, due = self.assignment.max_score, self.assignment.duedate
        return LessonMarks(self.name, worth, due, exercises, works, self.edition)

    def _submissions(self):
        """Return {student: (time, penalty, points)}."""
        columns = SubmittedAssignment.timestamp, SubmittedAssignment.late_submission_penalty
        query = (
            self.gradebook.db.query(
                SubmittedAssignment.student_id, *columns, SubmittedAssignment.score
            )
            .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
            .filter(Assignment.name == self.name)
        )
        return {who: row for who, *row in query}

    def _grades(self):
        """Return {student: rows of the gradebook, one for each check}."""
        columns = (
            Grade.auto_score,
            Grade.manual_score,
            Grade.score,
            Grade.extra_credit,
            Grade.needs_manual_grade,
        )
        query = (
            self.gradebook.db.query(
                SubmittedAssignment.student_id, Notebook.name, BaseCell.name, *columns
            )
            .select_from(Grade)
            .join(BaseCell, Grade.cell_id == BaseCell.id)
            .join(SubmittedNotebook, Grade.notebook_id == SubmittedNotebook.id)
            .join(Notebook, SubmittedNotebook.notebook_id == Notebook.id)
            .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
            .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
            .filter(Assignment.name == self.name)
            .order_by(BaseCell.name)
        )
        found = {}
        for who, notebook, check, *row in query:
            found.setdefault(who, []).append([self.called(notebook, check), *row])
        return found

    def _work(self, student, rows, is_submitted):
        worth = self.assignment.max_score
        if not self._is_graded(student.id, rows):
            state = NOT_GRADED if is_submitted else NOT_HANDED_IN
            reason = self.journal.read(student.id).get("reason", "") if is_submitted else ""
            return Work(student, state, worth, reason=str(reason))
        verdicts = self._verdicts(student.id)
        marks = [
            self._mark(*row, verdicts.get(row[0], Verdict()))
            for row in rows
            if row[0] in self.owners
        ]
        time, penalty, raw = self.submissions[student.id]
        state = WAITS if any(mark.needs_person for mark in marks) else GRADED
        exercises = tuple(self._exercise(name, marks) for name in self.exercises)
        reason = self._no_time(student) if is_submitted and time is None else ""
        return Work(student, state, worth, time, penalty or 0.0, raw, exercises, reason)

    def _no_time(self, student):
        """Return why it isn't known when graded work was handed in; empty if nothing says."""
        remarks = self.journal.read(student.id).get("remarks", [])
        return next((str(r["sentence"]) for r in remarks if r["cell"] == TIMESTAMP), "")

    def _is_graded(self, student, rows):
        """Tell whether work was graded; nbgrader has rows also of who only has an extension."""
        if any(auto is not None or manual is not None for _, auto, manual, *_ in rows):
            return True
        return bool(rows) and self.course.folder("autograded", student, self.name).is_dir()

    def _mark(self, check, auto, manual, score, extra, needs_person, verdict):
        worth, by_person, extra = self.worths[check], manual is not None, extra or 0.0
        if auto is None and not by_person:
            state = WAITS
        else:
            then = worth if by_person or verdict.worth is None else verdict.worth
            state = state_of(verdict.state, score - extra, then, by_person)
        exercise = self.owners[check]
        return Mark(check, exercise, score, worth, state, by_person, needs_person, verdict, extra)

    def _exercise(self, name, marks):
        mine = tuple(mark for mark in marks if mark.exercise == name)
        states = [mark.state for mark in mine]
        state = WAITS if WAITS in states else joined(states)
        points = sum(mark.points for mark in mine)
        return ExerciseMarks(name, points, self.exercises[name], state, mine)

    def _verdicts(self, student):
        """Return {check: Verdict} from what was graded of a student."""
        folder, found = self.course.folder("autograded", student, self.name), {}
        for notebook in self.assignment.notebooks:
            try:
                text = (folder / f"{notebook.name}.ipynb").read_text("utf-8")
                cells = json.loads(text)["cells"]
                found |= {
                    self.called(notebook.name, name): read_verdict(cell)
                    for name, cell in _checks(cells)
                }
            except (OSError, ValueError, KeyError, TypeError, AttributeError):
                continue  # the gradebook has the points
        return found


def state_of(state, points, worth, by_person=False):
    """Return the state of a check, from its verdict where that settles it."""
    if by_person or state is None or (state == RIGHT and points < worth):
        # A person decided; or an error, or a hidden test behind the verdict that is shown.
        return RIGHT if points >= worth else PARTLY if points > 0 else WRONG
    return state


def _checks(cells):
    """Yield (name, cell) for the check cells of a notebook."""
    for cell in cells:
        marks = cell["metadata"].get("nbgrader") or {}
        if marks.get("grade"):
            yield marks["grade_id"], cell


def read_verdict(cell):
    """Return the Verdict in a graded check cell: the last one that it shows."""
    found = verdict_in(cell)
    state, worth = found.get("state"), cell["metadata"].get("nbgrader", {}).get("points")
    rows = found.get("rows") or ()
    return Verdict(
        state if state in LOOKS else None,
        tuple(_short(code) for code in (found.get("mistakes") or ())[:_MOST_CODES]),
        tuple(
            tuple(_short(row.get(part, "")) for part in ("layer", "yours", "keras"))
            for row in rows[:_MOST_ROWS]
        ),
        _short(found.get("message", "")),
        _short(cell["metadata"].get("autograder", {}).get("reason") or ""),
        worth if isinstance(worth, (int, float)) else None,
        cell["metadata"].get("autograder", {}).get("way") == INSIDE,
    )


def _short(text):
    return str(text)[:_MOST_LETTERS]
