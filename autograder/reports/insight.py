"""What the marks of a class tell: how hard an exercise is, and which mistaken beliefs are held.

All numbers are of those whose work was graded. Nothing here knows a page or a file.
"""

import math
from collections import Counter
from dataclasses import dataclass, field

from autograder.reports.marks import WAITS
from autograder.states import LOOKS, NOT_ATTEMPTED

#: The states of an exercise, in the order in which they are shown.
STATES = (*LOOKS, WAITS)
#: Fewer students than this, and no discrimination is worked out.
_FEWEST = 3


@dataclass(frozen=True)
class ExerciseInsight:
    """How a class did in an exercise.

    counts: {state: students}. difficulty: the mean share of its points, from 0 (nobody got
    anything) to 1 (everybody got everything). discrimination: how its points go with those of the
    rest of the lesson, from -1 to 1. Either is None where it can't be worked out. mistakes:
    {code: students}, of what a verdict names as its best explanation.
    """

    lesson: str
    name: str
    title: str
    worth: float
    counts: dict
    difficulty: float | None
    discrimination: float | None
    mistakes: dict

    @property
    def total(self):
        """How many students' work was graded."""
        return sum(self.counts.values())


def insights(lesson):
    """Return an ExerciseInsight for each exercise of a LessonMarks, in the lesson's order."""
    return [_insight(lesson, name) for name in lesson.exercises]


def _insight(lesson, name):
    works = lesson.graded()
    mine = [_exercise(work, name) for work in works]
    counts = Counter(exercise.state for exercise in mine)
    decided = [(w, e) for w, e in zip(works, mine, strict=True) if e.state != WAITS and e.worth]
    # Extra credit says nothing of how hard a question is.
    shares = [min(1.0, exercise.points / exercise.worth) for _, exercise in decided]
    rest = [sum(e.points for e in work.exercises if e.name != name) for work, _ in decided]
    mistakes = Counter(code for exercise in mine for code in sorted(_named(exercise)))
    return ExerciseInsight(
        lesson.name,
        name,
        lesson.edition.exercises.get(name) or name,
        lesson.exercises[name],
        {state: counts[state] for state in STATES},
        sum(shares) / len(shares) if shares else None,
        correlation(shares, rest),
        dict(sorted(mistakes.items(), key=lambda pair: (-pair[1], pair[0]))),
    )


def _exercise(work, name):
    return next(exercise for exercise in work.exercises if exercise.name == name)


def correlation(these, those):
    """Return Pearson's correlation of two lists of numbers, None where it has none.

    For an exercise that is either right or wrong this is the point-biserial correlation.
    """
    if len(these) < _FEWEST:
        return None
    these, those = _centred(these), _centred(those)
    size = math.sqrt(sum(x * x for x in these) * sum(y * y for y in those))
    if size < 1e-9:  # all alike, up to rounding
        return None
    return sum(x * y for x, y in zip(these, those, strict=True)) / size


def _centred(numbers):
    mean = sum(numbers) / len(numbers)
    return [number - mean for number in numbers]


# Beliefs.


@dataclass
class BeliefInsight:
    """A mistaken belief, and who answered as if they held it.

    sure: students with an answer that nothing else explains so simply. maybe: students whose
    answers have other explanations, too. where: {(lesson, exercise): students, both together}.
    answered: how many students have answered at least one of these exercises. rows: the two ways
    through the layers, of one answer, which was to `rows_of`. message: what a check said of one.
    """

    code: str
    sure: set = field(default_factory=set)
    maybe: set = field(default_factory=set)
    where: Counter = field(default_factory=Counter)
    answered: int = 0
    rows: tuple = ()
    rows_of: tuple = ()
    message: str = ""

    @property
    def share(self):
        """The part of those who answered that is sure to hold it."""
        return len(self.sure) / self.answered if self.answered else 0.0

    @property
    def place(self):
        """The (lesson, exercise) where it was met most."""
        return min(self.where, key=lambda place: (-self.where[place], place))


def beliefs(lessons):
    """Return a BeliefInsight for each mistake of a class, the most frequent first."""
    found = {}
    for lesson in lessons:
        for work in lesson.graded():
            for exercise in work.exercises:
                _note(found, (lesson.name, exercise.name), work.student.id, exercise)
    answered = _answered(lessons)
    for belief in found.values():
        belief.maybe -= belief.sure
        belief.answered = len(set().union(*(answered[place] for place in belief.where)))
    return sorted(found.values(), key=lambda b: (-len(b.sure), -len(b.maybe), b.code))


def _note(found, place, student, exercise):
    """Note the beliefs behind one exercise of one student."""
    sure, possible = set(), set()
    for mark in exercise.marks:
        explanations = [_parts(code) for code in mark.mistakes]
        if explanations:
            sure |= set.intersection(*explanations)
            possible |= set.union(*explanations)
    for code in possible:
        belief = found.setdefault(code, BeliefInsight(code))
        (belief.sure if code in sure else belief.maybe).add(student)
        belief.where[place] += 1
        _keep_example(belief, place, exercise)


def _keep_example(belief, place, exercise):
    """Keep the words, and the two ways, of an answer that this belief alone explains."""
    for mark in exercise.marks:
        if mark.mistakes == (belief.code,):
            belief.message = belief.message or mark.verdict.message
            if mark.verdict.rows and not belief.rows:
                belief.rows, belief.rows_of = mark.verdict.rows, place


def _parts(code):
    """Return the beliefs of an explanation, which are one or two."""
    return set(code.split(" + "))


def _named(exercise):
    """Return the beliefs in the best explanations of an exercise's checks."""
    best = (mark.mistakes[0] for mark in exercise.marks if mark.mistakes)
    return set().union(*map(_parts, best))


def _answered(lessons):
    """Return {(lesson, exercise): ids of the students who have answered it}."""
    return {
        (lesson.name, name): {
            work.student.id
            for work in lesson.graded()
            if _exercise(work, name).state != NOT_ATTEMPTED
        }
        for lesson in lessons
        for name in lesson.exercises
    }
