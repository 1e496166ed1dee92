"""What an exercise of the bank is."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class BankExercise:
    """One exercise with answers to try.

    name: what it is about. check: judges an answer, returns its Verdict. right: answers that
    must be accepted. wrong: pairs of an answer and the code of the mistake (None: rejected, but
    without a known reason).
    """

    name: str
    check: Callable
    right: list
    wrong: list
