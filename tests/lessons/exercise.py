"""What the answers of a lesson are written in."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Exercise:
    """The answers to try on one exercise.

    right: sources of the answer cell, each with full marks, spelled in different ways.
    wrong: pairs of a source and the code of the mistake (two codes are joined by " + ").
    """

    right: list
    wrong: list
