"""Points that everybody gets, for a question that was a bad one.

They stand in the course, in .autograder/awards/LESSON.json, so that who is graded later gets them
too. In the gradebook they are what a person could give in formgrader: full points are manual
scores, points on top are extra credit. What a person gives afterwards counts before them.
"""

import json
import os
from datetime import datetime, timezone
from pathlib import Path

from nbgrader.api import MissingEntry
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.errors import UserError
from autograder.grade.book.converter import gradebook_for
from autograder.grade.book.late import penalise
from autograder.grade.book.opened import checks_of, grades_of
from autograder.progress import owner

_FOLDER = ".autograder/awards"


class Awards:
    """The awards of a lesson.

    Attributes:
        found: A list of {"exercise", "checks", "points", "reason", "at", "given"}. points: None
            for all there are. given: {student: {check: [before, after]}}, of the field that was
            written.
    """

    def __init__(self, root, lesson):
        self.lesson = lesson
        self.file = Path(root) / _FOLDER / f"{lesson}.json"
        try:
            self.found = json.loads(self.file.read_text("utf-8"))
        except FileNotFoundError:
            self.found = []
        except (OSError, ValueError) as error:
            raise UserError(f"{self.file} can't be read: {error}") from None

    def kinds(self):
        """Return what was awarded, without to whom, as plain data."""
        return [[award["exercise"], award["checks"], award["points"]] for award in self.found]

    def add(self, exercise, checks, points, reason):
        """Note an award in place of one that the exercise has already."""
        if any(award["exercise"] == exercise for award in self.found):
            raise UserError(
                f"{exercise} of {self.lesson} has an award already: take it back first, with --undo"
            )
        now = datetime.now(timezone.utc).isoformat(timespec="seconds")
        award = {"exercise": exercise, "checks": checks, "points": points, "reason": reason}
        self.found.append({**award, "at": now, "given": {}})
        self._write()

    def give(self, gradebook, student):
        """Let a student, who has been graded, have all awards; return whether that changed any."""
        grades = grades_of(gradebook, self.lesson, student)
        for award in self.found:
            self._plan(award, grades, student)
        self._write()  # first: whoever is stopped after it finds here what was meant
        changed = False
        for award in self.found:
            for check, (before, after) in award["given"][student].items():
                changed |= _put(grades[check], _field(award), before, after)
            _tell(grades, award)
        gradebook.db.commit()
        return changed

    def take_back(self, gradebook, exercise):
        """Forget the award of an exercise; return whose marks it was taken from."""
        award = next((each for each in self.found if each["exercise"] == exercise), None)
        if award is None:
            raise UserError(f"{exercise} of {self.lesson} has no award to take back")
        for student, given in award["given"].items():
            try:
                grades = grades_of(gradebook, self.lesson, student)
            except MissingEntry:
                continue
            for check, (before, after) in given.items():
                if check in grades:
                    _put(grades[check], _field(award), after, before)
            _untell(grades, award)
        gradebook.db.commit()
        self.found.remove(award)
        self._write()
        return sorted(award["given"])

    def _plan(self, award, grades, student):
        """Note what an award is for a student, where that isn't noted yet."""
        given, field = award["given"].setdefault(student, {}), _field(award)
        for check in award["checks"]:
            if check not in grades or check in given:
                continue
            grade = grades[check]
            before = getattr(grade, field)
            if award["points"] is not None:
                if not given:  # on one of its checks, for they are given once
                    given[check] = [before, (before or 0.0) + award["points"]]
            elif _points(grade) < grade.max_score or grade.auto_score is None:
                given[check] = [before, grade.max_score]

    def _write(self):
        self.file.parent.mkdir(parents=True, exist_ok=True)
        temporary = self.file.with_suffix(".new")
        temporary.write_text(json.dumps(self.found, indent=1), "utf-8")
        os.replace(temporary, self.file)


def _field(award):
    return "manual_score" if award["points"] is None else "extra_credit"


def _points(grade):
    """Return the points of a grade without extra credit."""
    found = grade.auto_score if grade.manual_score is None else grade.manual_score
    return found or 0.0


def _put(grade, field, before, after):
    """Write a field that is as it was before; return whether it wasn't written yet.

    Where it is neither, a person has given other points since, and those count.
    """
    now, changed = getattr(grade, field), False
    if now == before != after:
        setattr(grade, field, after)
        changed = True
    if field == "manual_score" and getattr(grade, field) == after:
        is_open = grade.auto_score is None and grade.manual_score is None
        # nbgrader asks a person to look again at each grade that has a manual score.
        grade.needs_manual_grade = is_open
    return changed


# What students are told, in the feedback: it stands where nbgrader has its own comments.


def _sentence(award):
    much = "full points" if award["points"] is None else f"{award['points']:g} more points"
    return f"Everybody has {much} here: {award['reason']}"


def _comment(grades, award):
    """Return the comment on the answer of an award, None where there is none."""
    grade = next((grades[check] for check in award["checks"] if check in grades), None)
    comments = {each.name: each for each in grade.notebook.comments} if grade else {}
    name = award["exercise"].rpartition("/")[2]  # of several notebooks' exercises of a name
    return comments.get(name) or comments.get(owner(name, comments))


def _tell(grades, award):
    comment = _comment(grades, award)
    if comment is not None and _sentence(award) not in (comment.auto_comment or ""):
        comment.auto_comment = " ".join(filter(None, (comment.auto_comment, _sentence(award))))


def _untell(grades, award):
    comment = _comment(grades, award)
    if comment is not None and comment.auto_comment:
        comment.auto_comment = comment.auto_comment.replace(_sentence(award), "").strip() or None


class GiveAwards(NbGraderPreprocessor):
    """The step of nbgrader's autograde that gives a student what everybody gets."""

    def preprocess(self, nb, resources):
        """Give the awards of the lesson, once its points have been written down."""
        names = resources["nbgrader"]
        course = self.parent.parent.coursedir  # of the converter whose exporter this is a step of
        awards = Awards(course.root, names["assignment"])
        if awards.found:
            with gradebook_for(self, resources) as gradebook:
                awards.give(gradebook, names["student"])
        return nb, resources


# The command.


def award(course, lesson, exercise, points, reason):
    """Give points to everybody, for an exercise or one of its checks; return who has them by now.

    Args:
        course: An OpenedCourse.
        lesson: Name of the lesson.
        exercise: Name of the exercise, or of a check.
        points: How many more, or None for all there are.
        reason: Why, which students are told in the feedback.
    """
    course.check_lesson(lesson)
    awards = Awards(course.directory, lesson)
    awards.add(exercise, _checks(course, lesson, exercise), points, reason)
    graded = [who for who, scores in course.scores(lesson).items() if _is_graded(scores)]
    for student in sorted(graded):
        with course.gradebook() as gradebook:
            awards.give(gradebook, student)
        penalise(course, lesson, student)
    return sorted(graded)


def take_back(course, lesson, exercise):
    """Take an award back; return from whom."""
    course.check_lesson(lesson)
    awards = Awards(course.directory, lesson)
    with course.gradebook() as gradebook:
        students = awards.take_back(gradebook, exercise)
    for student in students:
        penalise(course, lesson, student)
    return students


def _is_graded(scores):
    """Tell whether a student has marks; who only has an extension has a row in the gradebook."""
    return any(not score.is_open for score in scores.values())


def _checks(course, lesson, exercise):
    """Return the names of the checks of an exercise."""
    with course.gradebook() as gradebook:
        owners = checks_of(gradebook.find_assignment(lesson).notebooks)
    found = [check for check, (name, _) in owners.items() if exercise in (name, check)]
    if not found:
        there = ", ".join(sorted({name for name, _ in owners.values()}))
        raise UserError(f"{lesson} has no exercise {exercise!r}, only {there}")
    return sorted(found)
