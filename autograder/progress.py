"""What a learner has done so far, read from saved notebooks. Nothing is run, Keras isn't loaded."""

import html
import json
import re
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import UserError
from autograder.states import LOOKS, MEDIA_TYPE, NOT_ATTEMPTED, PARTLY, RIGHT, WRONG

#: How the name of a lesson begins: 03_topic, and 03b_topic for one that comes between two others.
NUMBERED = re.compile(r"\d\d[a-z]?_")
#: The state of an answer in words that is there, and that a person will grade.
WRITTEN = "written"
_LOOKS = LOOKS | {WRITTEN: ("✎", "Written, for a person to grade", "#4a6fa5")}
#: What the lesson leaves where an answer in words is to stand.
_GAP = re.compile(r"^#? ?YOUR ANSWER HERE\s*\Z", re.MULTILINE)


@dataclass(frozen=True)
class Exercise:
    """An exercise in a saved notebook: its state, and what its checks have given so far."""

    name: str
    state: str
    earned: float
    worth: float


@dataclass(frozen=True)
class LessonProgress:
    """A lesson in a saved notebook. title: without its number and marks."""

    name: str
    title: str
    exercises: list

    def count(self, state):
        """Return how many exercises are in a state."""
        return sum(exercise.state == state for exercise in self.exercises)

    @property
    def earned(self):
        """The points so far."""
        return round(sum(exercise.earned for exercise in self.exercises), 2)

    @property
    def worth(self):
        """All points of the lesson."""
        return round(sum(exercise.worth for exercise in self.exercises), 2)


@dataclass(frozen=True)
class Progress:
    """The lessons of a folder. unreadable: the files there that are no notebook."""

    lessons: list
    unreadable: list

    def next(self):
        """Return (lesson, exercise) to try next, or None when all is right.

        What was tried comes before what was not, in the order of the lessons.
        """
        done = (RIGHT, WRITTEN)
        todo = [(le, ex) for le in self.lessons for ex in le.exercises if ex.state not in done]
        tried = [pair for pair in todo if pair[1].state != NOT_ATTEMPTED]
        return next(iter(tried or todo), None)

    def as_dict(self):
        """Return the progress as JSON-ready data."""
        found = self.next()
        return {
            "lessons": [
                {
                    "lesson": lesson.name,
                    "title": lesson.title,
                    "points": lesson.earned,
                    "max_points": lesson.worth,
                    "exercises": [vars(exercise) for exercise in lesson.exercises],
                }
                for lesson in self.lessons
            ],
            "next": found and {"lesson": found[0].name, "exercise": found[1].name},
            "unreadable": self.unreadable,
        }

    def as_text(self):
        """Return the progress as plain text: a line a lesson, a sign an exercise."""
        wide = max((len(lesson.name) for lesson in self.lessons), default=0)
        lines = [
            f"{le.name:<{wide}}  {_signs(le)}  {le.earned:g} of {le.worth:g} points"
            for le in self.lessons
        ]
        lines.append("")
        looks = (_LOOKS[state] for state in self._states())
        lines.append("  ".join(f"{sign} {words.lower()}" for sign, words, _ in looks))
        return "\n".join([*lines, *self._advice()])

    def _states(self):
        """Return the states that are shown: of words for a person only where there are any."""
        is_written = any(lesson.count(WRITTEN) for lesson in self.lessons)
        return [*LOOKS, *([WRITTEN] if is_written else [])]

    def _advice(self):
        """Return sentences on what to do next, and on what could not be read."""
        found = self.next()
        if found:
            lesson, exercise = found
            yield f"Next: {exercise.name} in {lesson.name} ({_LOOKS[exercise.state][1].lower()})."
        elif any(lesson.count(WRITTEN) for lesson in self.lessons):
            yield "All exercises are right, or written and left to a person."
        elif self.lessons:
            yield "All exercises are right."
        elif not self.unreadable:
            yield "There are no lessons in this folder; name the one that your notebooks are in."
        for file in self.unreadable:
            yield f"{file} can't be read as a notebook and was left out."

    def _advice_as_html(self):
        """Return the same with a link to the exercise that comes next."""
        for said in map(html.escape, self._advice()):
            if found := self.next():
                lesson, exercise = (html.escape(each.name) for each in found)
                there = f"<a href='{lesson}.ipynb#cell-id={exercise}'>{exercise} in {lesson}</a>"
                said = said.replace(f"{exercise} in {lesson}", there, 1)
            yield said

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/plain": self.as_text(), "text/html": self.as_html()}

    def as_html(self):
        """Return the progress as an HTML table, a row a lesson."""
        states = self._states()
        names = ("lesson", "exercises", "points", *(_LOOKS[s][1].lower() for s in states))
        cell = "style='text-align:left;padding:.2em .8em .2em 0;line-height:1.25'"
        head = "".join(f"<th scope='col' {cell}>{name}</th>" for name in names)
        rows = "".join(_html_row(lesson, cell, states) for lesson in self.lessons)
        told = "".join(f"<p style='margin:.5em 0 0'>{said}</p>" for said in self._advice_as_html())
        return (
            "<p style='margin:0 0 .5em'>As last saved. Each sign is an exercise, in the order of "
            f"the lesson.</p><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
            f"{told}"
        )


def progress(folder="."):
    """Return how far a learner is, from the notebooks saved in `folder`.

    In a notebook's cell it shows as a table.
    """
    folder = Path(folder)
    lessons, unreadable = [], []
    for path in sorted(p for p in folder.glob("*.ipynb") if NUMBERED.match(p.name)):
        try:
            lesson = _read(path)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            unreadable.append(path.name)
        else:
            lessons += [lesson] if lesson.exercises else []
    return Progress(lessons, unreadable)


def owner(check, exercises):
    """Return the exercise that a check, test_<exercise> or test_<exercise>_<aspect>, is of."""
    found = [name for name in exercises if f"{check}_".startswith(f"test_{name}_")]
    return max(found, key=len, default=None)


def _read(path):
    """Return the LessonProgress of a notebook's file."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    known = [(cell, cell.get("metadata", {}).get("nbgrader") or {}) for cell in cells]
    checks = {nb["grade_id"]: (cell, nb["points"]) for cell, nb in known if nb.get("grade")}
    answers = [(cell, nb) for cell, nb in known if nb.get("solution")]
    names = [nb["grade_id"] for _, nb in answers if not nb.get("grade")]
    exercises = []
    for cell, nb in answers:
        name = nb["grade_id"]
        if name not in names:  # a person grades it
            exercises.append(Exercise(name, _state_of_essay(cell), 0, nb["points"]))
            continue
        mine = [check for check in checks if owner(check, names) == name]
        found = [_outcome(*checks[check]) for check in mine]
        earned, worth = sum(e for _, e, _ in found), sum(w for _, _, w in found)
        state = joined([state for state, _, _ in found])
        exercises.append(Exercise(name, state, round(earned, 2), worth))
    return LessonProgress(path.stem, _title(cells), exercises)


def _state_of_essay(cell):
    """Return whether something is written where the lesson left room, as far as can be seen."""
    return NOT_ATTEMPTED if _GAP.search("".join(cell["source"])) else WRITTEN


def _outcome(cell, worth):
    """Return (state, points earned, points at most) of a check cell, by its saved output.

    A cell may call several checks and ends at the first that isn't right.
    """
    found = [
        data[MEDIA_TYPE]
        for output in cell.get("outputs", [])
        if MEDIA_TYPE in (data := output.get("data", {}))
    ]
    if not found:
        return NOT_ATTEMPTED, 0, worth
    last = found[-1]
    state = last["state"] if last["state"] in LOOKS else NOT_ATTEMPTED
    share = {RIGHT: 1, PARTLY: float(last.get("share", 0))}.get(state, 0)
    return state, worth * share, worth


def joined(states):
    """Return the state of an exercise from those of its checks."""
    if len(set(states)) <= 1:
        return states[0] if states else NOT_ATTEMPTED
    return PARTLY if {RIGHT, PARTLY} & set(states) else WRONG


def _title(cells):
    text = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
    found = re.search(r"^# (.+)$", text, re.MULTILINE)
    return found[1].replace("`", "") if found else ""


def _signs(lesson):
    return "".join(_LOOKS[exercise.state][0] for exercise in lesson.exercises)


def _html_row(lesson, cell, states):
    signs = "".join(
        f"<span title='{html.escape(e.name)}: {_LOOKS[e.state][1].lower()}' "
        f"style='color:{_LOOKS[e.state][2]}'>{_LOOKS[e.state][0]}</span>"
        for e in lesson.exercises
    )
    number = lesson.name.partition("_")[0].removeprefix("0")
    title = html.escape(lesson.title.partition(": ")[0])  # or a narrow window has no room for it
    counts = "".join(f"<td {cell}>{lesson.count(state) or '–'}</td>" for state in states)
    return (
        f"<tr><th scope='row' {cell}>{number} · {title}</th>"
        f"<td {cell} aria-hidden='true'>{signs}</td>"
        f"<td {cell}>{lesson.earned:g} of {lesson.worth:g}</td>{counts}</tr>"
    )


# The learner's command.


def add_commands(commands):
    """Add `progress` to the subparsers of the command `autograder`."""
    parser = commands.add_parser(
        "progress",
        help="show which exercises are right, and what to try next",
        description="Show lessons and exercises with their states and points, as saved in the "
        "notebooks of a folder. Nothing is run.",
    )
    parser.add_argument(
        "folder",
        metavar="FOLDER",
        nargs="?",
        default="notebooks" if Path("notebooks").is_dir() else ".",
        help="where the notebooks are (default: notebooks/ here, or else this folder)",
    )
    parser.add_argument("--json", action="store_true", help="print it as JSON")
    parser.set_defaults(run=run)


def run(args):
    """Print the progress; return the exit status."""
    found = progress(args.folder)
    if not found.lessons and not found.unreadable:
        said = "holds no lessons" if Path(args.folder).is_dir() else "is no folder"
        raise UserError(f"{args.folder} {said}; name the one that your notebooks are in")
    print(json.dumps(found.as_dict(), indent=2) if args.json else found.as_text())
    return 1 if found.unreadable else 0
