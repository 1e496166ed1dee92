"""What the kernel doesn't bound is watched, and a box that takes too much is killed."""

import subprocess
import sys

import psutil
import pytest

from autograder.grade.sandbox import Box, Limits
from autograder.grade.sandbox.bubblewrap import Bubblewrap
from autograder.grade.sandbox.trusted import Trusted
from autograder.grade.sandbox.watchdog import Watchdog, memory_of_tree, size_of_folder

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


def start(backend, code, box):
    command = backend.command([sys.executable, "-c", code], box)
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


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
