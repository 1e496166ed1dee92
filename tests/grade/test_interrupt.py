"""Ctrl-C is answered in a sentence, also while the command or its processes only start."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from autograder.grade.run import work
from tests.circles import long_but

ROOT = Path(__file__).parents[2]
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
        print("at work", flush=True)
        threading.Event().wait()


def task():
    notebooks = {"lesson": json.dumps({"cells": [], "metadata": {}})}
    return work.Task("ada", "lesson", notebooks, {}, {}, Waits, {})


@pytest.mark.parametrize("begun", [False, True])
def test_while_processes_start_or_work(begun):
    work.prepare(2)  # what others are forked from stays
    before = set(psutil.Process().children(recursive=True))
    with pytest.raises(KeyboardInterrupt), work.executor(jobs=2) as (submit, _):
        future = submit(task())
        while begun and not future.running():
            threading.Event().wait(0.05)
        raise KeyboardInterrupt
    left = set(psutil.Process().children(recursive=True)) - before
    ours = [process for process in left if "resource_tracker" not in " ".join(process.cmdline())]
    assert psutil.wait_procs(ours, timeout=60)[1] == []


#: Has two students' work done, until it is interrupted or killed.
WORKS = """
import signal, threading
from autograder.grade.run import work
from tests.grade.test_interrupt import task
signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background ignores it
work.prepare(2)
with work.executor(jobs=2) as (submit, _):
    submit(task()), submit(task())
    threading.Event().wait()
"""


@pytest.mark.parametrize("how", long_but([signal.SIGKILL], [signal.SIGINT, signal.SIGKILL]))
def test_what_is_at_work_ends_with_whoever_started_it(how, tmp_path):
    with subprocess.Popen(
        [sys.executable, "-c", WORKS],
        cwd=ROOT,
        env=os.environ | {"TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            assert [process.stdout.readline() for _ in range(2)] == [b"at work\n"] * 2
            below = psutil.Process(process.pid).children(recursive=True)
            assert len(below) >= 2
            os.kill(process.pid, how)  # this one alone, unlike a terminal's Ctrl-C
            process.wait(60)
            assert psutil.wait_procs(below, timeout=60)[1] == []
            # Those of tasks lie in the folder of a run, which the next one removes.
            assert [f for f in tmp_path.iterdir() if not f.name.startswith("task-")] == []
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def test_a_pool_that_does_not_end_is_left(monkeypatch):
    """As where its threads wait for a lock of a process that was killed."""
    monkeypatch.setattr(work, "_GRACE", 1)
    stopped = []
    stuck = SimpleNamespace(stop=lambda: stopped.append(True), join=threading.Event().wait)
    work._end(stuck)
    assert stopped
