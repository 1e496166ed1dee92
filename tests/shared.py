"""What all processes that run tests share: parents, from which boxes, kernels, commands are forked.

Else each process starts its own, which takes the processor seconds. The one that shares out the
tests starts them, and they end with it.
"""

import functools
import os
import socket
from dataclasses import dataclass
from pathlib import Path

from autograder.warm.start import Parent

#: Variables with the paths at which parents take requests.
KERNELS, COMMANDS = "TESTS_PARENT_OF_KERNELS", "TESTS_PARENT_OF_COMMANDS"
#: What nbgrader's commands import, and ours that grade.
OF_COMMANDS = (
    *("nbgrader.apps", "nbgrader.converters", "nbgrader.exchange.default", "nbgrader.plugins"),
    *("autograder.grade.run.execute", "autograder.grade.book.steps"),
    "tests.heads",
)
#: Where the last of these lies.
_ROOT = str(Path(__file__).parents[1])


@dataclass
class Elsewhere:
    """A parent that another process has started."""

    socket: str
    environment: dict

    @property
    def is_alive(self):
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as connection:
            return connection.connect_ex(self.socket) == 0


@functools.cache
def parent_of_boxes():
    """Let all that grades from now on share a parent; return it."""
    from autograder.grade.run.sandbox import warm  # only where it is asked for

    if warm.PARENT not in os.environ and warm.Bubblewrap().available() is None:
        parent = warm.Warm()
        os.environ[warm.PARENT] = parent.parent
        return parent


@functools.cache
def parent_of_commands():
    """Return what has imported nbgrader's commands, and forks one for each; started if need be."""
    if COMMANDS in os.environ:
        return Elsewhere(os.environ[COMMANDS], {})
    parent = Parent({**os.environ, "PYTHONPATH": _ROOT}, OF_COMMANDS)
    os.environ[COMMANDS] = parent.socket
    return parent


@functools.cache
def parent_of_kernels():
    """Let all warm kernels be forked from one parent; started if need be, and returned."""
    from autograder.warm import provisioner

    if KERNELS in os.environ:
        environment = {**provisioner._LESSON, **os.environ}
        provisioner._parent = Elsewhere(os.environ[KERNELS], environment)
    else:
        os.environ[KERNELS] = provisioner._running().socket
    return provisioner._parent
