"""All exercises of the course, and what is tried on each. Writes docs/exercises.md.

python -m tests.lessons.table
"""

import ast
from dataclasses import dataclass

from autograder.author.lesson import read_lesson
from tests.lessons.conftest import LESSONS, ROOT, answers

TABLE = ROOT / "docs" / "exercises.md"


@dataclass(frozen=True)
class Line:
    """An exercise: what it asks, and how many answers the tests try on it."""

    lesson: str
    name: str
    kind: str
    level: int
    points: float
    right: int
    wrong: int
    codes: int


def lines():
    """Return a Line for each exercise, in the order of the lessons."""
    found = []
    for name in LESSONS:
        lesson = read_lesson(ROOT / "solutions" / f"{name}.py", ROOT)
        tried = answers(name)
        for cell in lesson.role("answer"):
            exercise = tried[cell.label]
            worth = [c.options["points"] for c in lesson.role("check")]
            mine = [c.options["check"] == cell.label for c in lesson.role("check")]
            points = sum(w for w, is_mine in zip(worth, mine, strict=True) if is_mine)
            codes = len({code for _, code in exercise.wrong})
            counts = (len(exercise.right), len(exercise.wrong), codes)
            level = cell.options.get("level", 0)
            found.append(Line(name, cell.label, _kind(cell.source), level, points, *counts))
    return found


def _kind(source):
    """Return "predict" for a value that the learner writes, "build" for a function or class."""
    built = (ast.FunctionDef, ast.ClassDef)
    return "build" if any(isinstance(n, built) for n in ast.parse(source).body) else "predict"


def as_table(found):
    """Return the page with all exercises."""
    built = sum(line.kind == "build" for line in found)
    said = [
        "# The exercises",
        "",
        "Written by `python -m tests.lessons.table`; do not edit.",
        "",
        "A *predict* exercise asks for a value before the code is run, a *build* exercise for a "
        "function. Level 1: read it off; 2: work it out; 3: design it. The tests try each with "
        "*right* answers in different spellings, which earn all points, and with *wrong* ones, "
        "each of which is recognised, by one of so many *mistakes*, and gets a message of its own.",
        "",
        f"{len(found)} exercises, {built} of them *build*; {sum(x.points for x in found):g} "
        f"points; {sum(x.right for x in found)} right and {sum(x.wrong for x in found)} wrong "
        "answers.",
        "",
        "| lesson | exercise | kind | level | points | right | wrong | mistakes |",
        "| --- | --- | --- | --: | --: | --: | --: | --: |",
    ]
    for x in found:
        lesson = f"[{x.lesson}](../notebooks/{x.lesson}.ipynb)"
        numbers = f"{x.level} | {x.points:g} | {x.right} | {x.wrong} | {x.codes}"
        said.append(f"| {lesson} | `{x.name}` | {x.kind} | {numbers} |")
    return "\n".join(said) + "\n"


if __name__ == "__main__":
    TABLE.write_text(as_table(lines()), encoding="utf-8")
