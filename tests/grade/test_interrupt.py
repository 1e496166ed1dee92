"""Ctrl-C is answered in a sentence, also while the command or its processes only start."""

import json
import subprocess
import sys
import threading
from types import SimpleNamespace

import psutil
import pytest

from autograder.grade.run import work

#: Is interrupted when it comes to import something.
INTERRUPTED = """
import sys

class Interrupts:
    def find_spec(self, name, *_):
        if name == {name!r}:
            raise KeyboardInterrupt

sys.meta_path.insert(0, Interrupts())
from autograder.cli import main
sys.exit(main(["sandbox"]))
"""


@pytest.mark.parametrize(
    "name", ["argparse", "autograder.progress", "autograder.grade.handed_in.doctor"]
)
def test_while_the_command_is_imported(name):
    code = INTERRUPTED.format(name=name)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 130
    (said,) = done.stderr.splitlines()
    assert said.startswith("autograder: interrupted")


def test_hardly_anything_is_imported_before_it_can_be_answered():
    code = "import sys; before = set(sys.modules); import autograder.cli; "
    code += "print(*sorted(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.split() == ["autograder", "autograder.cli"]


class Waits:
    """A step that is at work for ever, and deaf to requests to end."""

    def __init__(self, **_):
        """Take any configuration."""

    def preprocess(self, nb, resources):
        import signal

        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
        threading.Event().wait()


@pytest.mark.parametrize("begun", [False, True])
def test_while_processes_start_or_work(begun):
    before = set(psutil.Process().children(recursive=True))
    notebooks = {"lesson": json.dumps({"cells": [], "metadata": {}})}
    task = work.Task("ada", "lesson", notebooks, {}, {}, Waits, {})
    with pytest.raises(KeyboardInterrupt), work.executor(jobs=2) as (submit, _):
        future = submit(task)
        while begun and not future.running():
            threading.Event().wait(0.05)
        raise KeyboardInterrupt
    left = set(psutil.Process().children(recursive=True)) - before
    ours = [process for process in left if "resource_tracker" not in " ".join(process.cmdline())]
    assert psutil.wait_procs(ours, timeout=300)[1] == []


def test_a_pool_that_does_not_end_is_left(monkeypatch):
    """As where its threads wait for a lock of a process that was killed."""
    monkeypatch.setattr(work, "_GRACE", 1)
    stopped = []
    stuck = SimpleNamespace(stop=lambda: stopped.append(True), join=threading.Event().wait)
    work._end(stuck)
    assert stopped
