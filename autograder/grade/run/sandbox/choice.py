"""Which back-end grades: the one that is asked for, or the first that protects and works."""

import threading
from functools import cache

from autograder.errors import UserError
from autograder.grade.run.sandbox.bubblewrap import Bubblewrap
from autograder.grade.run.sandbox.container import Container
from autograder.grade.run.sandbox.landlock import Landlock
from autograder.grade.run.sandbox.trusted import Trusted
from autograder.grade.run.sandbox.warm import Warm

BACKENDS = {kind.name: kind for kind in (Bubblewrap, Container, Landlock, Trusted)}
#: What is chosen unasked. Those that protect less have to be asked for by name.
_UNASKED = ("bubblewrap", "container")
_LOCK = threading.Lock()


def choose(name=None):
    """Return the back-end to grade with.

    Args:
        name: A key of `BACKENDS`; None for the first full sandbox that works here.

    Raises:
        UserError: It doesn't work here, or nothing does; the sentence says what to do.
    """
    if name is not None:
        return _named(name)
    reasons = []
    for kind in _UNASKED:
        backend = BACKENDS[kind]()
        reason = backend.available()
        if reason is None:
            return backend
        reasons.append(reason)
    raise UserError(
        f"No sandbox works here, so nothing was run: {'; '.join(reasons)}; "
        f"as an ordinary user also with less protection: --sandbox landlock; with none: "
        f"--trust-students"
    )


def _named(name):
    if name not in BACKENDS:
        there = ", ".join(known for known in BACKENDS if known != Trusted.name)
        raise UserError(f"There is no sandbox {name!r}; there are {there}")
    backend = BACKENDS[name]()
    if reason := backend.available():
        raise UserError(f"The sandbox {name} doesn't work here: {reason}")
    return backend


def warmed(backend, log, modules=None):
    """Return a back-end with the same boxes, in which libraries are there when they start.

    Where there is none, it's the same one, and the log says why. All calls in one process share
    one parent, which ends with the process.

    Args:
        backend: The back-end.
        log: A logger.
        modules: Which ones; None for Keras and what else the course's lessons need.
    """
    if not isinstance(backend, Bubblewrap):
        return backend
    with _LOCK:
        warm, reason = _warm(modules)
    if reason:
        log.warning("Each kernel imports libraries by itself, which takes longer: %s", reason)
        return backend
    return warm


@cache
def _warm(modules):
    """Return the one of this process for modules, and why it doesn't work (or None)."""
    warm = Warm(modules)
    reason = warm.available()
    if reason:
        warm.close()
    return warm, reason
