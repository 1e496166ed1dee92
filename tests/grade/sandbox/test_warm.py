"""What holds for boxes whose program is forked by a parent, beyond what holds for every box."""

import json
import logging
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager

import psutil
import pytest

from autograder.grade.run.sandbox import Box, Limits, warm, warmed
from autograder.grade.run.sandbox.bubblewrap import Bubblewrap
from autograder.grade.run.sandbox.trusted import Trusted
from autograder.grade.run.sandbox.warm import Warm
from autograder.grade.run.sandbox.watchdog import Watchdog, memory_of_tree
from autograder.grade.run.student.session import StudentSession
from tests.warm.state import MISCHIEF, STATE

pytestmark = pytest.mark.sandbox

MB = 1 << 20
SECONDS = 120
FOLDERS = "folders = ['.', '/tmp', '/dev/shm']\n"


@pytest.fixture(scope="module")
def keras():
    """A back-end whose parent has imported everything, and is shared with nobody."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv(warm.PARENT, raising=False)
        backend = Warm()
        assert backend.available() is None
    yield backend
    backend.close()


@pytest.fixture
def bare():
    """A back-end of one's own whose parent has imported nothing."""
    backend = Warm([])
    yield backend
    backend.close()


@contextmanager
def start(backend, code, box=None, **options):
    command = backend.command([sys.executable, "-c", code], box or Box())
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, **pipes, **options) as process:
        try:
            yield process
        finally:
            process.kill()


def run(backend, code, box=None):
    """Run code to its end; return what it printed."""
    with start(backend, code, box, stderr=subprocess.PIPE) as process:
        printed, errors = process.communicate(timeout=SECONDS)
    assert process.returncode == 0, errors
    return printed


def test_nothing_leaks_from_one_box_to_the_next(keras):
    before, drawn = json.loads(run(keras, FOLDERS + STATE))
    changed = run(keras, FOLDERS + MISCHIEF + "import os; os.chdir('/box')\n" + STATE)
    after, _ = json.loads(changed.removeprefix("done\n"))
    assert {name for name in before if before[name] != after[name]} >= before.keys() - {"cwd"}
    again, drawn_again = json.loads(run(keras, FOLDERS + STATE))
    assert again == before
    assert set(drawn).isdisjoint(drawn_again)


GIVEN = """
import json, os, resource, signal, sys
names = [name for name in dir(resource) if name.startswith("RLIMIT_")]
print(json.dumps({
    "environment": dict(os.environ), "cwd": os.getcwd(), "path": sys.path, "argv": sys.argv,
    "limits": {name: resource.getrlimit(getattr(resource, name)) for name in names},
    "umask": os.umask(0), "user": [os.getuid(), os.getgid(), os.getgroups()],
    "host": os.uname().nodename, "score": open("/proc/self/oom_score_adj").read(),
    "signals": [str(signal.getsignal(number)) for number in range(1, 32)],
    "readable": os.access("/proc/self/environ", os.R_OK), "priority": os.nice(0),
    "mounts": sorted(line.split()[4] for line in open("/proc/self/mountinfo")),
    "root": sorted(os.listdir("/")), "package": sorted(sys.modules["autograder"].__path__)
        if "autograder" in sys.modules else None,
}))
"""


def test_it_gets_what_a_program_that_is_started_gets(bare):
    box = Box(limits=Limits(cpu=77, open_files=99), environment={"LESSON": "07"})
    box = warm._agreeing(box, bare.parent)  # Where libraries look for settings may differ.
    assert json.loads(run(bare, GIVEN, box)) == json.loads(run(Bubblewrap(), GIVEN, box))


def test_the_program_that_waits_cannot_be_looked_into(bare):
    code = """
import ctypes, os
for what in ("fd", "mem", "environ"):
    try:
        (os.listdir if what == "fd" else open)(f"/proc/2/{what}")
    except OSError as error:
        print(error.strerror)
print(ctypes.CDLL(None).ptrace(16, 2, 0, 0))  # PTRACE_ATTACH
"""
    assert run(bare, code).split("\n") == ["Permission denied"] * 3 + ["-1", ""]


def test_killing_the_program_that_waits_ends_only_its_own_box(bare):
    with start(bare, "import time; time.sleep(1000)") as other:
        with start(bare, "import os, time; os.kill(2, 9); time.sleep(1000)") as process:
            assert process.wait(SECONDS) == 128 + signal.SIGKILL
        assert other.poll() is None


READY = "print('ready', flush=True); import time; time.sleep(1000)"


def test_a_box_outlives_the_parent_and_the_next_one_has_another(bare):
    with start(bare, READY) as process:
        assert process.stdout.readline() == "ready\n"
        first = bare._parent
        _kill(first)
        assert process.poll() is None
        assert run(bare, "print('another')") == "another\n"
        assert bare._parent is not first


def _kill(parent):
    for process in [*psutil.Process(parent._process.pid).children(), parent._process]:
        process.kill()
        process.wait()


def test_nothing_is_left_when_it_is_closed():
    before = set(psutil.Process().children(recursive=True))
    backend = Warm([])
    with start(backend, READY) as process:
        assert process.stdout.readline() == "ready\n"
        ours = set(psutil.Process().children(recursive=True)) - before
    backend.close()
    assert len(ours) > 2  # the box, and the parent of all
    assert psutil.wait_procs(ours, SECONDS)[1] == []


def test_at_once_and_from_several_threads(bare):
    found = []
    threads = [
        threading.Thread(target=lambda n=n: found.append(run(bare, f"print({n})")))
        for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [f"{n}\n" for n in range(8)]


def test_what_cannot_be_forked_is_started(bare):
    boxes = Box(environment={"KERAS_BACKEND": "numpy"}), Box(environment={"PYTHONPATH": "/x"})
    for box in boxes:
        command = bare.command([sys.executable, "-c", "1"], box)
        assert not any("'guest'" in word for word in command)
    assert bare.command(["true"], Box()) == Bubblewrap().command(["true"], Box())
    assert bare._parent is None


def test_processes_share_a_parent_while_it_is_there(bare, monkeypatch):
    monkeypatch.setenv(warm.variable([]), bare.parent)
    other = Warm([])
    assert other.parent == bare.parent
    assert run(other, "print('shared')") == "shared\n"
    other.close()
    assert run(bare, "print('still there')") == "still there\n"
    assert other.parent == bare.parent
    bare.close()
    assert run(other, "print('its own')") == "its own\n"
    other.close()


# The watchdog

HOGS = """
import os
for i in range(3):
    if os.fork() == 0:
        block = b"x" * (100 << 20)
        os.write(1, b"full\\n")
        os.read(os.pipe()[0], 1)
os.read(os.pipe()[0], 1)
"""


def test_the_watchdog_sees_what_was_forked(bare):
    box = Box(limits=Limits(memory=200 * MB))
    with start(bare, HOGS, box) as process:
        assert [process.stdout.readline() for _ in range(3)] == ["full\n"] * 3
        assert Watchdog(process, box).look() == "it used more than 200 MB of memory"
        assert process.wait(SECONDS) != 0
        assert memory_of_tree(process.pid) < 20 * MB


def test_memory_of_the_parent_counts_for_nobody_alone(keras):
    with start(keras, READY) as process:
        assert process.stdout.readline() == "ready\n"
        simple, exact = memory_of_tree(process.pid, 1 << 40), memory_of_tree(process.pid)
    assert exact < 0.7 * simple


# Sessions


def test_a_session_is_interrupted_dies_and_is_started_again(keras, monkeypatch):
    monkeypatch.setattr("autograder.grade.run.student.session.GRACE", 60)
    with StudentSession(keras) as session:
        (drawn,) = session.run("import matplotlib.pyplot as plt; plt.plot([1, 2]);")
        assert "image/png" in drawn["data"]
        outputs = session.run("import time\nwhile True: time.sleep(0.01)", timeout=5)
        assert outputs[-1]["ename"] == "TimeoutError" and session.hung and session.alive
        session.run("x = 6")
        assert session.run("import os; os._exit(1)")[-1]["ename"] == "StudentDied"
        assert session.restart_and_replay()
        assert session.ask({"op": "get", "name": "x"})["value"] == 6


# Choosing


def test_where_it_works_boxes_of_bubblewrap_are_warm(caplog):
    backend = warmed(Bubblewrap(), logging.getLogger(), ("json",))
    assert isinstance(backend, Warm)
    assert warmed(Bubblewrap(), logging.getLogger(), ("json",)) is backend
    trusted = Trusted()
    assert warmed(trusted, logging.getLogger()) is trusted
    assert caplog.text == ""
    backend.close()


def test_where_it_does_not_work_the_log_says_so(caplog):
    cold = Bubblewrap()
    assert warmed(cold, logging.getLogger(), ("no_such_module",)) is cold
    assert "No module named 'no_such_module'" in caplog.text
