"""Boxes of bubblewrap whose program starts with the libraries already imported.

    backend = Warm()
    command = backend.command([sys.executable, "-c", "import keras"], box)  # as of Bubblewrap

A parent (see `autograder.warm`) has imported TensorFlow and Keras, and forks each program. The box
is made by bubblewrap as ever, and is no other: in it starts a program that only waits (`wait`).
The forked process joins all namespaces of that one, takes over its environment and limits, gives
up all rights and puts itself under the same filter of system calls (`join`), before it does
anything else. So nothing that protects has to be made, or can be made wrong, a second time. The
parent itself never runs anything of a student's, and nobody in a box can reach it.
"""

import hashlib
import json
import os
import socket
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

from autograder.grade.run.sandbox import seccomp
from autograder.grade.run.sandbox.backend import Box, environment
from autograder.grade.run.sandbox.bubblewrap import FAMILIES, Bubblewrap, Guest
from autograder.warm.start import LIBRARIES, SCRIPT, Parent, read_at_import

_WAIT, _JOIN = (Path(__file__).with_name(f"{name}.py") for name in ("wait", "join"))
_MODULES = (*LIBRARIES, "autograder.learn")
#: Seconds for everything to be imported, on a machine that has other things to do as well.
_IMPORT = 180
#: A variable with the path at which a parent takes requests that another process has started.
PARENT = "AUTOGRADER_WARM_PARENT"


def variable(modules=None):
    """Return the name of the variable for a parent that imports these modules."""
    if modules is None:
        return PARENT
    return f"{PARENT}_{hashlib.sha256(repr(modules).encode()).hexdigest()[:16]}"


class _Elsewhere:
    """A parent that another process has started, and will end."""

    why = "the process that started it has ended it"

    def __init__(self, path):
        self.socket = path

    @property
    def is_alive(self):
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as connection:
            return connection.connect_ex(self.socket) == 0

    def is_ready(self, seconds):
        return self.is_alive  # what is asked of it until then is answered later

    def close(self):
        """Leave it as it is."""


class Warm:
    """Runs Python in a box of bubblewrap, with the libraries already imported."""

    name = Bubblewrap.name
    promises = Bubblewrap.promises
    lacks = [
        *Bubblewrap.lacks,
        "programs have the same layout of memory, so what one finds out about it helps the next",
    ]

    def __init__(self, modules=None):
        """Make a back-end; its parent is started when it's first needed.

        Args:
            modules: What the parent imports; None for what the course's lessons need.
        """
        self.modules = _MODULES if modules is None else modules
        self.variable = variable(modules)
        self._cold = Bubblewrap()
        self._lock, self._parent = threading.Lock(), None

    def available(self):
        """Return None if it works here, else one sentence that says why not and what to do."""
        if reason := self._cold.available():
            return reason
        try:
            parent = self._running()
            if not parent.is_ready(_IMPORT):
                return f"the libraries can't be imported beforehand: {parent.why}"
            command = self.command([sys.executable, "-c", "print('it works')"], Box())
            quiet = {"stdin": subprocess.DEVNULL, "capture_output": True, "text": True}
            tried = subprocess.run(command, **quiet, timeout=_IMPORT)
        except (OSError, subprocess.SubprocessError) as error:
            return f"a box can't be joined: {error}"
        said = tried.stderr.strip() or parent.why
        return None if tried.stdout else f"a box can't be joined: {said.splitlines()[-1]}"

    def command(self, argv, box):
        """Return the command that runs `argv` in a box of its own.

        Other programs than Python code, and what needs another environment when libraries are
        imported, starts as it would without a parent.
        """
        if argv[:2] != [sys.executable, "-c"] or not _is_usual(box):
            return self._cold.command(argv, box)
        parent = self._running()
        request = {"argv": argv[1:], "filter": seccomp.program(FAMILIES).hex()}
        guest = Guest(parent.socket, json.dumps(request), _WAIT.read_text(encoding="utf-8"))
        return self._cold.command([], _agreeing(box, parent.socket), guest)

    @property
    def parent(self):
        """Where the parent takes requests; it is started, and may not be ready yet."""
        return self._running().socket

    def _running(self):
        """Return the parent; start it, or another one where it has ended."""
        with self._lock:
            if self._parent is None and os.path.exists(os.environ.get(self.variable, "")):
                self._parent = _Elsewhere(os.environ[self.variable])
            if self._parent is None or not self._parent.is_alive:
                self.close()
                self._parent = Parent(None, self.modules, self._around, hook=_JOIN)
            return self._parent

    def _around(self, argv, path):
        return self._cold.beside(argv, _variables(path), [SCRIPT, _JOIN])

    def close(self):
        """End the parent; what it has forked goes on."""
        if self._parent is not None:
            self._parent.close()
            self._parent = None


def _variables(path):
    """Return the environment of the parent with this socket; libraries look for settings there."""
    # In the folder of the socket nobody else can put any; nobody has a /tmp of its own.
    home = os.path.dirname(path) if os.geteuid() else "/tmp"
    return environment(home, home, Box())


def _is_usual(box):
    """Tell whether libraries are imported in a box as in any other."""
    wanted, usual = (environment("/", "/", each) for each in (box, Box()))
    return read_at_import(wanted) == read_at_import(usual)


def _agreeing(box, path):
    """Return a box whose libraries look for their settings where a parent's have."""
    places = {name: _variables(path)[name] for name in ("KERAS_HOME", "MPLCONFIGDIR")}
    return replace(box, environment={**box.environment, **places})
