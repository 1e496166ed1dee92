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
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy.engine import make_url

from autograder.errors import UserError
from autograder.grade.journal import Journal
from autograder.grade.opened import told_of_database
from autograder.progress import joined, owner
from autograder.reports.edition import Edition, read_edition
from autograder.states import LOOKS, MEDIA_TYPE, PARTLY, RIGHT, WRONG

#: The state of a check, an exercise or a student's work that a person still has to judge.
WAITS = "waits for a person"
#: The other states of a student's work in a lesson.
GRADED, NOT_GRADED, NOT_HANDED_IN = "graded", "not graded", "not handed in"

#: How much is taken of a verdict. A course without our judge has verdicts that students wrote.
_MOST_CODES, _MOST_ROWS, _MOST_LETTERS = 12, 20, 2000


@dataclass(frozen=True)
class Verdict:
    """What a graded notebook says of a check. state: None where it says nothing."""

    state: str | None = None
    mistakes: tuple = ()
    rows: tuple = ()
    message: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Mark:
    """A check of a student's. points: what counts of `worth`; by_person: whether a person said."""

    check: str
    exercise: str
    points: float
    worth: float
    state: str
    by_person: bool
    needs_person: bool
    verdict: Verdict

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
    def needs_person(self):
        """Whether the gradebook asks for a person's look at it."""
        return any(mark.needs_person for mark in self.marks)

    @property
    def reasons(self):
        """Why a person has to judge it, a sentence for each check."""
        return [
            f"{m.check}: {m.verdict.reason or 'it was graded by hand before'}"
            for m in self.marks
            if m.needs_person
        ]


@dataclass(frozen=True)
class Work:
    """What a student has earned in a lesson. reason: why it was not graded."""

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
        """The points that count: after the penalty, and never more than there are."""
        return min(max(0.0, self.raw - self.penalty), self.worth)

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
        notebooks = self.assignment.notebooks
        cells = [c for n in notebooks for c in (*n.grade_cells, *n.task_cells)]
        self.worths = {cell.name: cell.max_score for cell in cells}
        # A cell that is answer and check at once is graded by hand, and is its own exercise.
        answers = {c.name for n in notebooks for c in n.solution_cells} - self.worths.keys()
        self.owners = {check: owner(check, answers) or check for check in self.worths}
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
        columns = (Grade.auto_score, Grade.manual_score, Grade.score, Grade.needs_manual_grade)
        query = (
            self.gradebook.db.query(SubmittedAssignment.student_id, BaseCell.name, *columns)
            .select_from(Grade)
            .join(BaseCell, Grade.cell_id == BaseCell.id)
            .join(SubmittedNotebook, Grade.notebook_id == SubmittedNotebook.id)
            .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
            .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
            .filter(Assignment.name == self.name)
            .order_by(BaseCell.name)
        )
        found = {}
        for who, *row in query:
            found.setdefault(who, []).append(row)
        return found

    def _work(self, student, rows, is_submitted):
        worth = self.assignment.max_score
        if not rows:
            state = NOT_GRADED if is_submitted else NOT_HANDED_IN
            reason = str(self.journal.read(student.id).get("reason", "")) if is_submitted else ""
            return Work(student, state, worth, reason=reason)
        verdicts = self._verdicts(student.id)
        marks = [
            self._mark(*row, verdicts.get(row[0], Verdict()))
            for row in rows
            if row[0] in self.owners
        ]
        time, penalty, raw = self.submissions[student.id]
        state = WAITS if any(mark.needs_person for mark in marks) else GRADED
        exercises = tuple(self._exercise(name, marks) for name in self.exercises)
        return Work(student, state, worth, time, penalty or 0.0, raw, exercises)

    def _mark(self, check, auto, manual, score, needs_person, verdict):
        worth, by_person = self.worths[check], manual is not None
        state = state_of(verdict.state, score, worth, by_person)
        if auto is None and not by_person:
            state = WAITS
        exercise = self.owners[check]
        return Mark(check, exercise, score, worth, state, by_person, needs_person, verdict)

    def _exercise(self, name, marks):
        mine = tuple(mark for mark in marks if mark.exercise == name)
        states = [mark.state for mark in mine]
        state = WAITS if WAITS in states else joined(states)
        points = min(sum(mark.points for mark in mine), self.exercises[name])
        return ExerciseMarks(name, points, self.exercises[name], state, mine)

    def _verdicts(self, student):
        """Return {check: Verdict} from what was graded of a student."""
        folder, found = self.course.folder("autograded", student, self.name), {}
        for notebook in self.assignment.notebooks:
            try:
                text = (folder / f"{notebook.name}.ipynb").read_text("utf-8")
                cells = json.loads(text)["cells"]
                found |= {name: read_verdict(cell) for name, cell in _checks(cells)}
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
    shown = [output.get("data", {}).get(MEDIA_TYPE) for output in cell.get("outputs", [])]
    found = next((data for data in reversed(shown) if isinstance(data, dict)), {})
    state = found.get("state")
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
    )


def _short(text):
    return str(text)[:_MOST_LETTERS]
