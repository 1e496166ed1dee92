"""The report on a class: how it did, what it believes, and what is left to be done."""

from collections import Counter
from dataclasses import asdict, dataclass
from datetime import datetime, timezone

from autograder.reports import charts, pages
from autograder.reports.insight import STATES, beliefs, insights
from autograder.reports.marks import NOT_GRADED, NOT_HANDED_IN, WAITS
from autograder.states import RIGHT

#: Of the beliefs, so many at most are told at length: those that this share of a class holds.
_MOST_TOLD, _LEAST_SHARE = 8, 0.05
_MOST_DRAWN = 12
_RANGES = 10
#: From which numbers on an exercise is worth a second look.
_HARD, _EASY, _APART = 0.3, 0.97, 0.1
#: Mistakes behind which no belief is known, in words; of others the code is told.
_SLIPS = {
    "form": "the answer has another form than was asked for",
    "input_changed": "the function changes what it was given",
    "no_model": "there is no model",
    "not_a_tuple": "a shape that is no tuple",
    "other_function": "it computes something else",
    "other_kind": "another kind of model than was asked for",
    "other_layers": "other layers than were asked for",
    "output_shape": "the output has another shape",
    "params": "another number of parameters",
    "raised": "the answer raised an error",
    "weight_shapes": "the weights have other shapes",
    "wrong_numbers": "the numbers are others",
    "wrong_result_shape": "the result has another shape",
}


@dataclass(frozen=True)
class ToldBelief:
    """A belief with its words. rule: of `autograder.learn.mistakes`, or a lesson's own."""

    found: object
    rule: object
    places: list
    figure: object


def report(course, lessons, names=True):
    """Return the page on the LessonMarks of an OpenedCourse.

    names: whether students are named.
    """
    found = beliefs(lessons)
    known = _rules(lessons)
    held = [belief for belief in found if belief.code in known]
    parts = [_part(lesson, known) for lesson in lessons]
    return pages.render(
        "report.html",
        course=course.places.course_id,
        made=datetime.now(timezone.utc),
        names=names,
        states=STATES,
        lessons=parts,
        told=_told([b for b in held if b.share >= _LEAST_SHARE][:_MOST_TOLD], known, lessons),
        held=[(belief, known[belief.code]) for belief in held],
        chart=_beliefs_chart(held, known),
        slips=[(belief, _plain(belief.code)) for belief in found if belief.code not in known],
        titles=_titles(lessons),
    )


def as_data(course, lessons):
    """Return the numbers of the report as JSON-ready data; nobody is named in them."""
    known = _rules(lessons)
    return {
        "course": course.places.course_id,
        "beliefs": [
            {
                "code": belief.code,
                "belief": known[belief.code].belief if belief.code in known else None,
                "share": belief.share,
                "sure": len(belief.sure),
                "perhaps": len(belief.maybe),
                "answered": belief.answered,
                "exercises": {"/".join(place): n for place, n in belief.where.most_common()},
            }
            for belief in beliefs(lessons)
        ],
        "lessons": [
            {
                "lesson": lesson.name,
                "students": Counter(work.state for work in lesson.works),
                "exercises": [asdict(exercise) for exercise in insights(lesson)],
            }
            for lesson in lessons
        ],
    }


def _rules(lessons):
    """Return {code: Rule or OwnRule}, where the words of each belief stand."""
    # It loads Keras, which takes seconds.
    from autograder.learn.mistakes import rules

    known = {rule.code: rule for rule in reversed(rules())}
    for lesson in lessons:
        known |= lesson.edition.rules
    return known


def _titles(lessons):
    return {
        (lesson.name, name): lesson.edition.exercises.get(name) or name
        for lesson in lessons
        for name in lesson.exercises
    }


def _told(found, known, lessons):
    """Return the beliefs that are told at length; each figure is shown once."""
    figures = {(le.name, name): fig for le in lessons for name, fig in le.edition.figures.items()}
    titles, shown, told = _titles(lessons), set(), []
    for belief in found:
        figure = figures.get(belief.place)
        if figure and figure.source in shown:
            figure = None
        shown |= {figure.source} if figure else set()
        places = [(titles[place], place[1], n) for place, n in belief.where.most_common()]
        told.append(ToldBelief(belief, known[belief.code], places, figure))
    return told


def _beliefs_chart(held, known):
    rows = [
        (
            known[b.code].belief.replace("`", ""),
            b.share,
            f"{pages.percent(b.share)} ({len(b.sure)})",
        )
        for b in held[:12]
        if b.sure
    ]
    said = "; ".join(f"{words}: {end}" for words, _, end in rows[:3])
    alt = f"A bar for each mistaken belief, the most frequent first. {said}. All are listed below."
    return charts.shares_chart(rows, alt) if rows else None


def _share_and_number(belief):
    return f"{pages.percent(belief.share)} ({len(belief.sure)})"


def _part(lesson, known):
    """Return all that the page says of a lesson."""
    found, graded = insights(lesson), lesson.graded()
    shares = [work.score / lesson.worth for work in graded if lesson.worth]
    return {
        "name": lesson.name,
        "title": lesson.edition.title or lesson.name,
        "worth": lesson.worth,
        "students": len(lesson.works),
        "graded": len(graded),
        "mean": sum(shares) / len(shares) if shares else None,
        "exercises": [
            (exercise, _look_at(exercise), _first(exercise, known)) for exercise in found
        ],
        "chart": _states_chart(lesson, found) if graded and found else None,
        "ranges": _ranges(shares),
        "scores": _scores_chart(shares) if shares else None,
        "absent": _those(lesson, NOT_HANDED_IN),
        "refused": [work for work in _those(lesson, NOT_GRADED) if work.reason],
        "ungraded": [work for work in _those(lesson, NOT_GRADED) if not work.reason],
        "waiting": [
            (work.student, exercise, reason)
            for work in graded
            for exercise in work.exercises
            for reason in exercise.reasons
        ],
        "waiting_counts": _waiting_counts(graded),
        "waits": sum(work.state == WAITS for work in graded),
        "inside": list(dict.fromkeys(e.name for w in graded for e in w.exercises if e.is_inside)),
    }


def _those(lesson, state):
    return [work for work in lesson.works if work.state == state]


def _waiting_counts(graded):
    """Return [(exercise, reason, students)] of what a person has to judge."""
    counts = Counter(
        (exercise.name, reason)
        for work in graded
        for exercise in work.exercises
        for reason in exercise.reasons
    )
    return [(*what, count) for what, count in counts.most_common()]


def _first(exercise, known):
    """Return (words, students) of the mistake that was met most in an exercise, or None."""
    for code, count in exercise.mistakes.items():
        return known[code].belief if code in known else _plain(code), count
    return None


def _plain(code):
    """Return a mistake in words, behind which no belief is known."""
    return _SLIPS.get(code, f"it was called {code.replace('_', ' ')}")


def _look_at(exercise):
    """Return why an exercise is worth a second look, as words."""
    said, total, waits = [], exercise.total, exercise.counts[WAITS]
    if exercise.difficulty is not None:
        # Whatever those will get who wait for a person: of an essay, nobody else has written any.
        least = exercise.difficulty * (total - waits)
        if least + waits < _HARD * total:
            said.append("hard for this class")
        if least > _EASY * total:
            said.append("nearly everybody has it")
    if exercise.discrimination is not None and exercise.discrimination < _APART:
        said.append("does not go with the rest")
    return ", ".join(said)


def _states_chart(lesson, found):
    rows = [(exercise.title, exercise.counts) for exercise in found]
    least = min(found, key=lambda exercise: exercise.counts[RIGHT])
    alt = (
        f"A bar for each exercise of {lesson.name}, in parts for the states of the answers. "
        f"The fewest right answers, {least.counts[RIGHT]} of {least.total}, has {least.title}. "
        "The table below has all numbers."
    )
    return charts.states_chart(rows, alt)


def _ranges(shares):
    """Return [(from, to, students)] in per cent; the last range holds full marks too."""
    counts = Counter(min(int(_RANGES * share + 1e-9), _RANGES - 1) for share in shares)
    step = 100 // _RANGES
    return [(step * k, step * (k + 1), counts[k]) for k in range(_RANGES)]


def _scores_chart(shares):
    ranges = _ranges(shares)
    most = max(ranges, key=lambda each: each[2])
    alt = (
        f"A column for each range of scores. Most students, {most[2]} of {len(shares)}, have "
        f"{most[0]} to {most[1]} % of the points. The table below has all numbers."
    )
    edges = [0, *(end for _, end, _ in ranges)]
    return charts.scores_chart([count for *_, count in ranges], edges, alt)
