"""Say why an error was raised, with the person's own numbers: facts first, then the cause."""

import sys

from autograder.learn.diagnose import diagnose_fault
from autograder.learn.why.card import Why, nothing_raised
from autograder.learn.why.facts import facts_of

__all__ = ["Why", "explain_error", "last_error", "why"]


def why(error=None):
    """Explain what was last raised, or `error`: what happened, how it came about, what to change.

    Print what it returns, or leave it at the end of a cell. It never raises, runs nothing of
    yours again, and changes and keeps no data.

    Example: after a cell or line that failed, why().
    """
    if error is None:
        error = last_error()
    if error is None:
        return nothing_raised()
    if not isinstance(error, BaseException):
        return nothing_raised(f"why() takes an exception; this is a {type(error).__name__}.")
    return explain_error(error)


def explain_error(error):
    """Return the Why of an exception."""
    facts = facts_of(error)
    return Why(facts, diagnose_fault(facts))


def last_error():
    """Return what was last raised and not caught, as Python or IPython keeps it, or None."""
    found = getattr(sys, "last_exc", None) or getattr(sys, "last_value", None)
    active = sys.exc_info()[1]
    if active is not None:
        return active
    shell = sys.modules.get("IPython") and sys.modules["IPython"].get_ipython()
    if shell is not None and getattr(shell, "_last_traceback", None) is None and found is None:
        return None
    return found
