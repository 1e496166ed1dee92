"""Right and wrong answers to the exercises of a lesson, to be tried: what they are written in.

They are in one file for each lesson, `answers_NN_topic.py`, which gives `EXERCISES`: a dictionary
from the id of each answer cell to an Exercise.
"""

import runpy
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import UserError

_PREFIX = "answers_"
#: Where files of answers are looked for, below a repository's folder.
_PLACES = ("answers_{0}.py", "*/answers_{0}.py", "*/*/answers_{0}.py")


@dataclass(frozen=True)
class Exercise:
    """The answers to try on one exercise.

    Args:
        right: Sources of the answer cell, each with full marks, spelled in different ways.
        wrong: Pairs of a source and the code of the mistake that its verdict must name (two codes
            are joined by " + "); an empty code asks for no more than that points are lost.
    """

    right: list
    wrong: list


def lesson_of(path):
    """Return the name of the lesson that a file of answers is for, by its name."""
    stem = Path(path).stem
    if not stem.startswith(_PREFIX):
        raise UserError(
            f"{path} doesn't say which lesson it is for: call it answers_NN_topic.py, or name the "
            "lesson's notebook as well"
        )
    return stem.removeprefix(_PREFIX)


def find_answers(root, lesson):
    """Return the file of answers to a lesson in a repository, None if there is none."""
    found = (path for place in _PLACES for path in sorted(Path(root).glob(place.format(lesson))))
    return next(found, None)


def read_answers(path):
    """Return {exercise: Exercise} from a file of answers. Its code is run.

    Raises:
        UserError: There is no such file, it fails, or holds something else.
    """
    path = Path(path)
    if not path.is_file():
        raise UserError(f"there is no file {path}: name the file with the answers")
    try:
        found = runpy.run_path(str(path)).get("EXERCISES")
    except Exception as error:  # whatever its author wrote
        raise UserError(f"{path} can't be run: {type(error).__name__}: {error}") from None
    if not isinstance(found, dict) or not all(map(_is_exercise, found.values())):
        raise UserError(
            f"{path} has no EXERCISES as they are wanted: write EXERCISES = {{'topic': "
            "Exercise(right=[source, ...], wrong=[(source, code), ...])}, with Exercise from "
            "autograder.answers"
        )
    return found


def _is_exercise(thing):
    if not isinstance(thing, Exercise) or not all(isinstance(s, str) for s in thing.right):
        return False
    return all(isinstance(w, tuple) and len(w) == 2 for w in thing.wrong)
