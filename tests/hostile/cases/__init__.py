"""The corpus: one function for each submission. Its docstring says what it is.

The first letter of a name is its class, see `CLASSES`. A case gets a `Submission` and changes it.
"""

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass

CLASSES = {
    "b": "baseline",
    "h": "honest, but awkward",
    "x": "broken files",
    "d": "denial of service",
    "c": "cheating in the kernel",
    "f": "files and network",
    "m": "metadata",
    "a": "against this very design",
}
GRADED, REJECTED, FLAGGED = "graded", "rejected", "flagged for manual grading"


@dataclass(frozen=True)
class Case:
    """A submission, and what may become of it.

    Attributes:
        name: the class's letter, a number and a few words.
        about: what it is, in a sentence.
        write: changes a Submission.
        points: what it earns; never may it get more.
        may: what may become of it. A case that is flagged may have less than its points so far.
        two_pass: whether it is graded in two passes.
        slow: whether it takes long, because the grader has to wait.
    """

    name: str
    about: str
    write: Callable
    points: float = 0
    may: tuple = (GRADED,)
    two_pass: bool = False
    slow: bool = False

    @property
    def kind(self):
        """The class of the case, in words."""
        return CLASSES[self.name[0]]

    def should_be(self):
        """Return what should become of it, in words."""
        if self.may == (REJECTED,):
            return "rejected"
        rejected = ", or rejected" if REJECTED in self.may else ""
        by_hand = ", or by hand" if FLAGGED in self.may else ""
        return f"{self.points:g}{rejected}{by_hand}"


CASES = {}


def case(points=0, may=(GRADED,), two_pass=False, slow=False):
    """Put a function into the corpus."""

    def register(write):
        about = " ".join(write.__doc__.split())
        name = write.__name__
        CASES[name] = Case(name, about, write, points, may, two_pass, slow)
        return write

    return register


def load():
    """Return {name: case} of the whole corpus."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    return CASES
