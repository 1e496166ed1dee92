"""Marks as tables and as data: a row for each student and lesson, or for each exercise."""

from autograder.reports.insight import STATES
from autograder.reports.tables import as_columns

#: The first eleven are those of nbgrader's own export, in its order.
COLUMNS = (
    "assignment",
    "duedate",
    "timestamp",
    "student_id",
    "last_name",
    "first_name",
    "email",
    "raw_score",
    "late_submission_penalty",
    "score",
    "max_score",
    "status",
    "needs_manual_grade",
    "reason",
)
EXERCISE_COLUMNS = (
    "assignment",
    "student_id",
    "last_name",
    "first_name",
    "email",
    "exercise",
    "score",
    "max_score",
    "state",
    "mistakes",
    "needs_manual_grade",
    "reason",
    "judged_inside",
)
#: What the penalty for lateness is called among the exercises.
LATENESS = "late_submission_penalty"


def as_csv(lessons, per_exercise=False):
    """Return LessonMarks as CSV."""
    if not per_exercise:
        rows = (_row(lesson, work) for lesson in lessons for work in lesson.works)
        return as_columns(rows, COLUMNS)
    rows = (
        _who(work) | row | {"assignment": lesson.name}
        for lesson in lessons
        for work in lesson.works
        for row in [*map(_exercise, work.exercises), *_taken_off(work)]
    )
    joined = (row | {"mistakes": "; ".join(row["mistakes"])} for row in rows)
    return as_columns(joined, EXERCISE_COLUMNS)


def as_data(course, lessons):
    """Return LessonMarks as JSON-ready data, with every exercise."""
    return {
        "course": course.places.course_id,
        "states": STATES,
        "lessons": [
            {
                "assignment": lesson.name,
                "title": lesson.edition.title,
                "duedate": _time(lesson.duedate),
                "max_score": lesson.worth,
                "exercises": lesson.exercises,
                "students": [_data(lesson, work) for work in lesson.works],
            }
            for lesson in lessons
        ],
    }


def _row(lesson, work):
    return _who(work) | {
        "assignment": lesson.name,
        "duedate": _time(lesson.duedate),
        "timestamp": _time(work.timestamp),
        "raw_score": work.raw,
        "late_submission_penalty": work.penalty,
        "score": work.score,
        "max_score": work.worth,
        "status": work.state,
        "needs_manual_grade": " ".join(e.name for e in work.exercises if e.needs_person),
        "reason": work.reason,
    }


def _who(work):
    student = work.student
    return {
        "student_id": student.id,
        "last_name": student.last_name,
        "first_name": student.first_name,
        "email": student.email,
    }


def _exercise(exercise):
    return {
        "exercise": exercise.name,
        "score": exercise.points,
        "max_score": exercise.worth,
        "state": exercise.state,
        "mistakes": exercise.mistakes,
        "needs_manual_grade": exercise.needs_person,
        "reason": " ".join(exercise.reasons),
        "judged_inside": exercise.is_inside,
    }


def _taken_off(work):
    """Return a row for what lateness costs, so that a student's rows add up to the score."""
    if work.score == work.raw:
        return []
    penalty = {"score": work.score - work.raw, "max_score": 0.0, "state": "taken off"}
    return [{"exercise": LATENESS, "mistakes": [], **penalty}]


def _data(lesson, work):
    row = _row(lesson, work)
    del row["assignment"], row["duedate"], row["max_score"]
    return row | {
        "needs_manual_grade": row["needs_manual_grade"].split(),
        "exercises": [_exercise(exercise) for exercise in work.exercises],
    }


def _time(when):
    """Return a moment as ISO 8601; the gradebook keeps Coordinated Universal Time."""
    return f"{when.isoformat()}Z" if when else ""
