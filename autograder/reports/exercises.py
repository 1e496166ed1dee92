"""All exercises of a repository of lessons, and how many answers are tried on each."""

import ast
import os
from dataclasses import dataclass
from pathlib import Path

from autograder.answers import Exercise, find_answers, read_answers
from autograder.author.build import find_lessons
from autograder.author.lesson import HARD, STAR, read_lesson

#: What a table shows where there is nothing to count.
NONE = "–"


@dataclass(frozen=True)
class Line:
    """An exercise: what it asks, and how many answers are tried on it.

    kind: "predict" for a value, "build" for a function or class, "essay" for what a person grades,
    on which none is tried. level: 0 if its lesson gives none.
    """

    lesson: str
    name: str
    kind: str
    level: int
    points: float
    right: int
    wrong: int
    codes: int


def read_lines(root, lessons=()):
    """Return a Line for each exercise of the lessons named, or of all, in their order."""
    root, found = Path(root), []
    for text in find_lessons(root, lessons):
        lesson, file = read_lesson(text, root), find_answers(root, text.stem)
        tried = read_answers(file) if file else {}
        for cell in lesson.exercises:
            answers = tried.get(cell.label, Exercise([], []))
            codes = len({code for _, code in answers.wrong})
            counts = len(answers.right), len(answers.wrong), codes
            level, points = cell.options.get("level", 0), lesson.points(cell)
            found.append(Line(text.stem, cell.label, _kind(cell), level, points, *counts))
    return found


def _kind(cell):
    if cell.role == "essay":
        return "essay"
    built = (ast.FunctionDef, ast.ClassDef)
    return "build" if any(isinstance(n, built) for n in ast.parse(cell.source).body) else "predict"


def as_table(found, page, root, made_by):
    """Return the page with all exercises.

    Args:
        found: the Lines.
        page: the file that it is for; links start there.
        root: the repository.
        made_by: the command that writes it.
    """
    built, by_hand = (sum(line.kind == kind for line in found) for kind in ("build", "essay"))
    essay = ", an *essay* exercise for words, which a person grades" if by_hand else ""
    said = [
        "# The exercises",
        "",
        f"Written by `{made_by}`; do not edit.",
        "",
        "A *predict* exercise asks for a value before the code is run, a *build* exercise for a "
        f"function{essay}. Level 1: read it off; 2: work it out; 3: design it (★, also at its "
        "heading). "
        "The tests try each with *right* answers in different spellings, which earn all points, "
        "and with *wrong* ones, "
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
        notebook = Path(root) / "notebooks" / f"{x.lesson}.ipynb"
        lesson = f"[{x.lesson}]({Path(os.path.relpath(notebook, Path(page).parent)).as_posix()})"
        counts = (NONE,) * 3 if x.kind == "essay" else (x.right, x.wrong, x.codes)
        level = f"{x.level or NONE}{STAR if x.level == HARD else ''}"
        numbers = " | ".join(map(str, (level, f"{x.points:g}", *counts)))
        said.append(f"| {lesson} | `{x.name}` | {x.kind} | {numbers} |")
    return "\n".join(said) + "\n"
