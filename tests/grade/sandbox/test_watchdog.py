"""What the kernel doesn't bound is watched, and a box that takes too much is killed."""

import os
import socket
import subprocess
import sys
from contextlib import contextmanager, suppress

import psutil
import pytest

from autograder.grade.run.sandbox import Box, Limits, watchdog
from autograder.grade.run.sandbox.bubblewrap import Bubblewrap
from autograder.grade.run.sandbox.trusted import Trusted
from autograder.grade.run.sandbox.warm import Warm
from autograder.grade.run.sandbox.watchdog import Watchdog, memory_of_tree, size_of_folder

pytestmark = pytest.mark.sandbox

MB = 1 << 20

#: Three processes that hold 100 MB each: less than one alone may have.
HOGS = """
import os
for i in range(3):
    if os.fork() == 0:
        block = b"x" * (100 << 20)
        os.write(1, b"full\\n")
        os.read(os.pipe()[0], 1)
os.read(os.pipe()[0], 1)
"""
#: The same memory, which three processes share.
SHARERS = HOGS.replace("import os", "import os\nblock = b'x' * (100 << 20)", 1).replace(
    'block = b"x" * (100 << 20)\n        ', "", 1
)


@contextmanager
def start(backend, code, box):
    """Run code in a box for the length of the block; a test that fails doesn't wait for its end."""
    command = backend.command([sys.executable, "-c", code], box)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        first = psutil.Process(process.pid)
        try:
            yield process
        finally:
            with suppress(psutil.NoSuchProcess):
                for below in first.children(recursive=True):
                    with suppress(psutil.NoSuchProcess):
                        below.kill()
            process.terminate()


@pytest.mark.parametrize("backend", [Bubblewrap(), Trusted()], ids=lambda backend: backend.name)
def test_memory_of_all_processes_together(backend):
    box = Box(limits=Limits(memory=200 * MB))
    with start(backend, HOGS, box) as process:
        assert [process.stdout.readline() for _ in range(3)] == ["full\n"] * 3
        below = psutil.Process(process.pid).children(recursive=True)
        watchdog = Watchdog(process, box)
        assert watchdog.look() == "it used more than 200 MB of memory"
        assert psutil.wait_procs(below, timeout=120)[1] == []
        assert process.wait(120) != 0


def test_shared_memory_counts_once():
    with start(Bubblewrap(), SHARERS, Box()) as process:
        assert [process.stdout.readline() for _ in range(3)] == ["full\n"] * 3
        simple, exact = memory_of_tree(process.pid, 1 << 40), memory_of_tree(process.pid)
        assert simple > 400 * MB > 200 * MB > exact > 100 * MB
        assert Watchdog(process, Box(limits=Limits(memory=200 * MB))).look() is None
        process.terminate()


#: Each end of a pair of sockets can hold what nobody has read yet.
SOCKETS = """
import os, socket
pairs = [socket.socketpair() for i in range(300)]
os.write(1, b"full\\n")
os.read(os.pipe()[0], 1)
"""
#: A page in each of 4096 tables of pages, and all of them the same one, which is empty.
TABLES = """
import mmap, os
block = mmap.mmap(-1, 8 << 30, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, prot=mmap.PROT_READ)
for place in range(0, 8 << 30, 2 << 20):
    block[place]
os.write(1, b"full\\n")
os.read(os.pipe()[0], 1)
"""


@pytest.mark.parametrize(("code", "held"), [(SOCKETS, 100 * MB), (TABLES, 16 * MB)])
def test_memory_that_the_kernel_holds_for_a_box_counts(code, held):
    with start(Bubblewrap(), code, Box()) as process:
        assert process.stdout.readline() == "full\n"
        first = psutil.Process(process.pid)
        all_of_them = [first, *first.children(recursive=True)]
        resident = sum(one.memory_info().rss for one in all_of_them)
        seen = memory_of_tree(process.pid, 1 << 40)
        process.terminate()
        assert seen - resident > held


def test_sockets_of_others_do_not_count():
    pairs = [socket.socketpair() for _ in range(300)]
    code = "import os; print('ready', flush=True); os.read(os.pipe()[0], 1)"
    with start(Trusted(), code, Box()) as process:
        assert process.stdout.readline() == "ready\n"
        seen = memory_of_tree(process.pid)
        process.terminate()
    assert seen < 100 * MB
    for end in (end for pair in pairs for end in pair):
        end.close()


#: Processes of which an ordinary user can't tell any more in which namespaces they are.
HIDDEN = (
    """
import ctypes, os
os.write(1, b"begun\\n")
os.read(0, 1)
ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)
"""
    + HOGS
)


@pytest.mark.parametrize("backend", [Bubblewrap(), Warm([])], ids=["cold", "warm"])
def test_processes_that_hide_count(backend):
    box = Box(limits=Limits(memory=200 * MB))
    command = backend.command([sys.executable, "-c", HIDDEN], box)
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, **pipes) as process:
        try:
            assert process.stdout.readline() == "begun\n"
            watchdog = Watchdog(process, box)
            assert watchdog.look() is None
            process.stdin.write("x")
            process.stdin.flush()
            assert [process.stdout.readline() for _ in range(3)] == ["full\n"] * 3
            assert watchdog.look() == "it used more than 200 MB of memory"
            assert process.wait(120) != 0
        finally:
            process.terminate()


def test_other_processes_of_the_machine_are_looked_at_once(monkeypatch):
    asked = []
    code = "import os; os.write(1, b'ready\\n'); os.read(os.pipe()[0], 1)"
    with start(Bubblewrap(), code, Box()) as process:
        assert process.stdout.readline() == "ready\n"
        looked = watchdog._namespace
        monkeypatch.setattr(watchdog, "_namespace", lambda pid: asked.append(pid) or looked(pid))
        dog = Watchdog(process, Box())
        assert (dog.look(), asked.count(os.getpid())) == (None, 1)
        assert (dog.look(), asked.count(os.getpid())) == (None, 1)
        process.terminate()


#: Empty files: by their sizes they take up nothing.
FILES = """
import ctypes, os
os.write(1, b"begun\\n")
os.read(0, 1)
ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)
for folder in ("/tmp", "/dev/shm", "."):
    for number in range(400):
        open(f"{folder}/{number}", "w").close()
os.write(1, b"full\\n")
os.read(os.pipe()[0], 1)
"""


@pytest.mark.parametrize("backend", [Bubblewrap(), Warm([])], ids=["cold", "warm"])
def test_empty_files_count(backend):
    box = Box(limits=Limits(files=1000))
    command = backend.command([sys.executable, "-c", FILES], box)
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, **pipes) as process:
        try:
            assert process.stdout.readline() == "begun\n"
            watchdog = Watchdog(process, box)
            assert watchdog.look() is None
            process.stdin.write("x")
            process.stdin.flush()
            assert process.stdout.readline() == "full\n"
            assert watchdog.look() == "it made more than 1,000 files"
            assert process.wait(120) != 0
        finally:
            process.terminate()


def test_it_watches_by_itself(tmp_path):
    tmp_path.chmod(0o755)
    sockets = tmp_path / "sockets"
    sockets.mkdir()
    box = Box(sockets=sockets, limits=Limits(sockets=MB))
    code = f"""
import os
open({str(sockets / "x")!r}, "wb").write(bytes(2 << 20))
os.read(os.pipe()[0], 1)
"""
    with start(Bubblewrap(), code, box) as process, Watchdog(process, box, 0.01) as watchdog:
        process.wait(120)
    assert watchdog.reason == "it wrote more into the folder of its sockets than it may"


def test_a_box_that_keeps_to_its_limits_is_left_alone():
    with start(Bubblewrap(), "print('done')", Box()) as process:
        with Watchdog(process, Box(), 0.01) as watchdog:
            assert process.wait(120) == 0
        assert watchdog.look() is None
    assert watchdog.reason is None


def test_many_small_files_are_too_much(tmp_path):
    (tmp_path / "a").write_bytes(bytes(8192))
    assert size_of_folder(tmp_path) == 8192
    for number in range(1001):
        (tmp_path / str(number)).touch()
    assert size_of_folder(tmp_path) == float("inf")
