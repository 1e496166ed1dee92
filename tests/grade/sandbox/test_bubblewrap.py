"""What a box of bubblewrap holds back, tried from inside: as this user and as an ordinary one.

All is tried twice: with a program that is started, and with one that is forked by a parent; by
this user the former is tried in the long tests, and by an ordinary one the latter.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from autograder.grade.run.sandbox import Box, mounts
from autograder.grade.run.sandbox.bubblewrap import Bubblewrap
from autograder.grade.run.sandbox.warm import Warm
from tests.grade.sandbox.conftest import HERE

pytestmark = pytest.mark.sandbox

REPOSITORY = Path(__file__).resolve().parents[3]
MB = 1 << 20
SMALL = {"memory": 512 * MB, "processes": 40, "file_size": 3 * MB, "disk": 8 * MB}


@pytest.fixture(scope="module", params=["bubblewrap", "warm"])
def backend(request):
    return request.param


@pytest.fixture(scope="module")
def found(host, backend):
    """Return what the probes found out inside."""
    writable = ["/box/x", "/tmp/x", "/dev/shm/x", f"{host.sockets}/x"]
    about = {**host.about, "writable": writable}
    source = (HERE / "probes.py").read_text(encoding="utf-8")
    if backend == "warm" and host.python == sys.executable:
        backend = "keras"
    printed, code = host.run(backend, source, argument=json.dumps(about))
    assert code == 0
    return json.loads(printed)


@pytest.fixture(scope="module", params=[Bubblewrap, Warm], ids=lambda kind: kind.__name__)
def for_lessons(request):
    """A back-end as lessons are graded with: a parent that has imported Keras, once."""
    made = request.param()
    yield made
    if isinstance(made, Warm):
        made.close()


def test_it_works_here(for_lessons):
    assert for_lessons.available() is None


def test_the_course_cannot_be_seen(found):
    for name in ("gradebook", "gradebook through link", "course"):
        assert found[name] == "FileNotFoundError", name
    # The folder above the package and the sockets is there, but empty otherwise.
    assert sorted(found["host"]) == ["package", "sockets"]


def test_of_the_package_only_what_lessons_import_can_be_seen(found):
    assert found["package"] == ["__init__.py", "errors.py", "learn", "progress.py", "states.py"]


def test_nothing_outside_can_be_written(found, host):
    assert set(found["outside"].values()) <= {"OSError", "PermissionError"}
    assert found["originals"] == "FileNotFoundError"
    assert found["originals as shown"] == "OSError"  # they can be read, and are copied
    # The host lies in /tmp, and a box has a /tmp of its own.
    assert found["folder"] == "written"
    assert not (host.folder / "x").exists()


def test_its_own_folders_can_be_written_and_only_sockets_reach_the_host(found, host):
    assert found["inside"] == ["written"] * 4
    assert (host.sockets / "x").read_text() == "x"
    assert sorted(path.name for path in host.files.iterdir()) == ["data", "link.txt"]


def test_files_are_copied_in_without_links(found):
    assert found["files"] == "1 2 3"
    assert found["gradebook through link"] == "FileNotFoundError"


def test_there_is_no_network(found):
    assert found["families"] == ["opened"] * 4 + ["OSError"]
    assert found["interfaces"] == ["lo"]
    assert found["tcp"] == "ConnectionRefusedError"
    assert found["udp"] == "OSError"
    assert found["abstract"] == "ConnectionRefusedError"


def test_other_processes_can_be_neither_seen_nor_signalled(found, backend):
    # bwrap, which is the first one inside, perhaps the one that waits, and the program.
    assert found["processes"] == ([1, 2] if backend == "bubblewrap" else [1, 2, 3])
    assert found["signal"] == "ProcessLookupError"


def test_the_environment_is_cleared(found):
    given = found["environment"]
    assert "GRADERS_SECRET" not in given
    assert (given["HOME"], given["LESSON"]) == ("/box", "07")
    assert "xyzzy" not in json.dumps(found)
    assert found["first environment"].strip("\0") == "PATH=/usr/bin:/bin"


def test_descriptors_are_closed(found):
    # The fourth is the folder of descriptors itself, open for the listing.
    assert found["descriptors"] == [0, 1, 2, 3]
    assert not any("grader.py" in path for path in found["descriptors of the first"])


def test_it_has_no_rights(found):
    assert found["user"] == [65534, 65534, True]
    assert found["status"]["NoNewPrivs"] == "1"
    assert int(found["status"]["CapEff"], 16) == 0
    assert found["new namespace"] == -1
    # Where memory runs out, it goes before the grader does.
    assert found["first to go"] == "1000\n"


def test_inside_root_is_not_root(found, host):
    if os.geteuid() == 0:
        assert (host.sockets / "x").stat().st_uid == 65534


def test_memory_of_a_process_is_bounded(host, backend):
    code = "try: b'x' * (600 << 20)\nexcept MemoryError: print('refused')"
    assert host.run(backend, code, SMALL) == ("refused\n", 0)


def test_processes_are_bounded(host, backend):
    code = """
import os
count = 0
try:
    while count < 1000:
        if os.fork() == 0:
            os.setsid()
            os.read(os.pipe()[0], 1)  # For ever: the other end is our own.
        count += 1
except BlockingIOError:
    print(count)
"""
    printed, code = host.run(backend, code, SMALL)
    assert 20 < int(printed) < 40
    assert code == 0


def test_file_size_and_disk_are_bounded(host, backend):
    code = """
import errno
def fill(folder, count, size):
    try:
        for i in range(count):
            with open(f"{folder}/{i}", "wb") as file:
                file.write(bytes(size))
    except OSError as error:
        print(i, errno.errorcode[error.errno])
fill("/box", 1, 4 << 20)
for folder in ("/box", "/tmp", "/dev/shm"):
    fill(folder, 100, 2 << 20)
"""
    printed, _ = host.run(backend, code, SMALL)
    files = [line.split() for line in printed.splitlines()]
    assert files[0] == ["0", "EFBIG"]
    assert [reason for _, reason in files[1:]] == ["ENOSPC"] * 3
    assert max(int(count) for count, _ in files) <= 4


def test_processor_time_is_bounded(host, backend):
    code = "import time\nwhile time.process_time() < 9: pass"
    assert host.run(backend, code, {"cpu": 1})[1] == 128 + 9


def test_an_exit_code_comes_out(host, backend):
    assert host.run(backend, "raise SystemExit(7)") == ("", 7)


DAEMONS = """
import os
for i in range(3):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            print("ready", flush=True)
            os.read(os.pipe()[0], 1)
os.read(os.pipe()[0], 1)
"""


@pytest.mark.parametrize("first", [True, False], ids=["grader", "command"])
def test_death_from_outside_ends_all_that_runs_inside(host, backend, first):
    process = host.start(backend, [host.python, "-c", DAEMONS])
    with process:
        assert [process.stdout.readline() for _ in range(3)] == ["ready\n"] * 3
        grader = psutil.Process(process.pid)
        below = grader.children(recursive=True)
        assert len(below) >= 8
        # Of its children the last one: before it starts a command, it may start a parent.
        (grader if first else grader.children()[-1]).kill()
        _, alive = psutil.wait_procs(below, timeout=120)
        assert alive == []


LESSON = """
import importlib.util, os, pathlib, tempfile
import keras, numpy as np, tensorflow as tf
import autograder.learn
model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
model.compile("sgd", "mse")
model.fit(np.ones((64, 4)), np.ones((64, 3)), verbose=0)
print(model.output_shape, tf.ones((2, 3)).shape)
import matplotlib.pyplot as plt
plt.plot([1, 2])
plt.savefig("figure.png")
print(tempfile.mkdtemp().rsplit("/", 1)[0])
for room in ("grade", "author"):
    print(importlib.util.find_spec(f"autograder.{room}"))
top = pathlib.Path(autograder.__file__).parents[1]
print([name for name in ("tests", "solutions", "notebooks", ".git") if (top / name).exists()])
try:
    import autograder.grade
except ImportError as error:
    print(error)
"""


def test_a_lesson_runs_inside_and_grading_cannot_be_imported(for_lessons):
    command = for_lessons.command([sys.executable, "-c", LESSON], Box())
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    assert done.stdout.splitlines() == [
        "(None, 3) (2, 3)",
        "/tmp",
        "None",
        "None",
        "[]",
        "No module named 'autograder.grade'",
    ], done.stderr


def test_what_is_read_only_is_seen_at_its_place(tmp_path, for_lessons):
    tmp_path.chmod(0o755)
    shown = tmp_path / "shown.txt"
    shown.write_text("seen")
    (tmp_path / "hidden.txt").write_text("hidden")
    code = f"import os; print(open({str(shown)!r}).read(), os.listdir({str(tmp_path)!r}))"
    command = for_lessons.command([sys.executable, "-c", code], Box(read_only=(shown,)))
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.stdout == "seen ['shown.txt']\n", done.stderr


INSTALLED = """
import subprocess, sys
from pathlib import Path
import autograder
from autograder.grade.run.sandbox import Box
from autograder.grade.run.sandbox.bubblewrap import Bubblewrap

package = Path(autograder.__file__).parent
inside = f'''
import os
from pathlib import Path
package = Path({str(package)!r})
print(sorted(os.listdir(package)))
print(sorted(path.name for path in (package / "grade").rglob("*")))
try:
    (package / "x").touch()
except OSError as error:
    print(error.strerror)
'''
box = Box(read_only=(package / "grade" / "run" / "wire.py",))
command = Bubblewrap().command([sys.executable, "-c", inside], box)
sys.exit(subprocess.run(command).returncode)
"""


def test_where_the_package_is_installed_its_rules_are_covered(tmp_path):
    """All of a Python is shown; of this package in it, only lessons' parts and what is asked."""
    tmp_path.chmod(0o755)
    packages = tmp_path / "site-packages"
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(mounts.PACKAGE, packages / "autograder", ignore=ignored)
    done = subprocess.run(
        [sys.executable, "-c", INSTALLED],
        env={**os.environ, "PYTHONPATH": str(packages)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.stdout.splitlines() == [
        str(sorted([*mounts.LESSON_PARTS, "grade"])),
        "['run', 'wire.py']",
        "Read-only file system",
    ], done.stderr
