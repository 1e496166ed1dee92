"""What a mistaken rule is, and the register of all of them."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """A mistaken rule.

    code: its name, the same for all rules of one belief. kind and about: what it applies to,
    see the package. belief: a clause ("Flatten gives ..."). truth: a clause, what holds
    instead. hint: one thing to try, with its full stop. apply: the function. weak: it would fit
    many an answer, so it is told only where no other rule fits.
    """

    code: str
    kind: str
    about: object
    belief: str
    truth: str
    hint: str
    apply: Callable
    weak: bool = False


_REGISTER = []


def rule(kind, *, about=None, belief, truth, hint, weak=False):
    """Register the decorated function as a mistaken rule; its name is the rule's code."""

    def register(function):
        code = function.__name__.strip("_")
        _REGISTER.append(Rule(code, kind, about, belief, truth, hint, function, weak))
        return function

    return register


def rules(*kinds, about=None):
    """Return the rules of these kinds, or of all, in the order in which they were registered.

    about: only those that are about this (a topic's name, a question's class).
    """
    mine = [r for r in _REGISTER if not kinds or r.kind in kinds]
    return [r for r in mine if about is None or r.about == about]


def also(kind, code, about=None):
    """Register a second side of a belief: what it says of another kind of question, or topic."""
    first = next(r for r in _REGISTER if r.code == code)

    def register(function):
        _REGISTER.append(Rule(code, kind, about, first.belief, first.truth, first.hint, function))
        return function

    return register
