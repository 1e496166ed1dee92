"""The back-ends beside bubblewrap: what they hold, and what they say that they don't."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from autograder.grade.run.sandbox import BACKENDS, Box, Limits, mounts
from autograder.grade.run.sandbox.container import Container
from autograder.grade.run.sandbox.landlock import Landlock
from autograder.grade.run.sandbox.trusted import Trusted
from tests.grade.sandbox.conftest import HERE

pytestmark = pytest.mark.sandbox

MB = 1 << 20


@pytest.fixture(scope="module")
def found(ordinary_host):
    """Return what the probes found out in a box of Landlock."""
    host = ordinary_host
    about = {**host.about, "writable": ["x", f"{host.sockets}/x"]}
    source = (HERE / "probes.py").read_text(encoding="utf-8")
    printed, code = host.run("landlock", source, argument=json.dumps(about))
    assert code == 0
    return json.loads(printed)


def test_landlock_hides_what_files_hold(found):
    assert found["gradebook"] == found["course"] == found["host"] == "PermissionError"
    assert found["gradebook through link"] == "FileNotFoundError"
    assert found["folder"] == "PermissionError"
    assert set(found["outside"].values()) == {"PermissionError"}
    # These belong to the same user, and may be read.
    assert found["originals"] == "PermissionError"
    assert found["first environment"] == "PermissionError"


def test_landlock_leaves_what_is_needed(found):
    assert found["inside"] == ["written"] * 2
    assert found["files"] == "1 2 3"
    assert found["environment"]["LESSON"] == "07"
    assert "xyzzy" not in json.dumps(found)
    assert found["descriptors"] == [0, 1, 2, 3]
    assert found["status"]["NoNewPrivs"] == "1"


# As a checkout is imported, whose own folder isn't on the path.
LEARNS = """
import importlib.util, sys
package = sys.argv[1] + "/autograder"
spec = importlib.util.spec_from_file_location(
    "autograder", package + "/__init__.py", submodule_search_locations=[package]
)
sys.modules["autograder"] = importlib.util.module_from_spec(spec)
import autograder.states
print("imported")
for name in ("grade/cli.py", "author/rules.py"):
    try:
        open(f"{package}/{name}")
    except PermissionError:
        print("refused")
"""


def test_landlock_lets_a_lesson_import_its_checks_and_nothing_else(ordinary_host):
    package = str(ordinary_host.folder / "package")
    printed, _ = ordinary_host.run("landlock", LEARNS, argument=package)
    assert printed.split() == ["imported", "refused", "refused"]


def test_landlock_promises_only_what_holds(found):
    """What this kernel's Landlock can't do stands among what is lacking."""
    backend = Landlock()
    promised, lacking = " ".join(backend.promises), " ".join(backend.lacks)
    assert "no network" in promised
    assert found["families"] == ["opened", "OSError", "OSError", "opened", "OSError"]
    assert found["tcp"] == found["udp"] == "OSError"
    assert "sockets of other programs" in lacking
    # Nobody may signal this process, which is another user's where the tests are root's.
    assert ("signal" in promised) == (found["signal to the same user"] == "PermissionError")
    assert ("signals:" in lacking) != ("signal" in promised)
    assert len(found["processes"]) > 2 and "list of processes" in lacking


def test_landlock_does_not_take_root():
    reason = Landlock().available()
    assert (reason is not None) == (os.geteuid() == 0)
    assert reason is None or "ordinary user" in reason


LEAVES_A_DAEMON = """
import os, time
print(os.getcwd(), flush=True)
if os.fork() == 0:
    os.setsid()
    time.sleep(40)
    print("outlived it")
"""


@pytest.mark.parametrize("backend", ["landlock", "trusted"])
def test_the_end_of_the_program_ends_what_it_left_and_removes_its_folder(ordinary_host, backend):
    # The daemon holds the pipe open: only its end lets this come back.
    printed, code = ordinary_host.run(backend, LEAVES_A_DAEMON)
    assert code == 0 and "outlived" not in printed
    assert not Path(printed.strip()).exists()


@pytest.mark.parametrize("backend", ["landlock", "trusted"])
def test_the_end_of_the_grader_ends_the_program(ordinary_host, backend):
    code = "import os; print('ready', flush=True); os.read(os.pipe()[0], 1)"
    with ordinary_host.start(backend, [ordinary_host.python, "-c", code]) as process:
        assert process.stdout.readline() == "ready\n"
        below = psutil.Process(process.pid).children(recursive=True)
        process.kill()
        assert psutil.wait_procs(below, timeout=120)[1] == []


@pytest.mark.parametrize("backend", ["landlock", "trusted"])
def test_without_namespaces_limits_hold_all_the_same(ordinary_host, backend):
    code = "try: b'x' * (600 << 20)\nexcept MemoryError: print('refused')"
    assert ordinary_host.run(backend, code, {"memory": 512 * MB}) == ("refused\n", 0)
    code = "import time\nwhile time.process_time() < 9: pass"
    assert ordinary_host.run(backend, code, {"cpu": 1})[1] == 128 + 9
    if backend == "landlock":
        code = "import resource; print(resource.getrlimit(resource.RLIMIT_NPROC)[0])"
        printed, _ = ordinary_host.run(backend, code, {"processes": 40})
        assert 40 <= int(printed) < 40 + len(psutil.pids()) * 10


def test_trusted_says_that_it_protects_nothing():
    assert Trusted().available() is None
    assert "gradebook" in " ".join(Trusted().lacks)


def options(command):
    """Return the options of a `run` command before the image, as one text."""
    return " ".join(command[2 : command.index("the-image")])


def test_the_command_of_a_container(tmp_path):
    files, sockets = tmp_path / "files", tmp_path / "sockets"
    files.mkdir()
    sockets.mkdir()
    limits = Limits(memory=512 * MB, processes=40, disk=8 * MB, wall=99)
    box = Box(files=files, sockets=sockets, read_only=(tmp_path / "a.txt",), limits=limits)
    command = Container("docker", "the-image").command([sys.executable, "-c", "1"], box)
    assert command[:2] == ["docker", "run"]
    given = options(command)
    for needed in [
        "--network none",
        "--read-only",
        "--cap-drop ALL",
        "--security-opt no-new-privileges",
        "--pids-limit 40",
        f"--memory {512 * MB} --memory-swap {512 * MB}",
        f"--tmpfs /box:rw,nosuid,nodev,size={8 * MB},mode=1777",
        f"source={files},target=/run/files,readonly",
        f"source={tmp_path}/a.txt,target={tmp_path}/a.txt,readonly",
        f"type=bind,source={sockets},target={sockets}",
        "target=/run/lesson/autograder/learn,readonly",
    ]:
        assert needed in given, needed
    assert "--user 0" not in given and "--pid" not in given.split()
    writable = [word for word in given.split() if "type=bind" in word and "readonly" not in word]
    assert len(writable) == 1
    assert not any(room in given for room in ("autograder/author", "grade/judge", "tests"))
    # Each path but the launcher is a part of what a lesson may see.
    inside = command[command.index("the-image") + 1 :]
    assert inside[:4] == ["timeout", "-s", "KILL", "99"]
    assert inside[-3:] == ["python3", "-c", "1"]
    orders = ast.literal_eval(inside[inside.index("/run/launch.py") + 1])
    assert orders["files"] == "/run/files"
    assert orders["limits"]["CPU"] == limits.cpu
    assert orders["environment"]["PYTHONPATH"] == "/run/lesson"


def test_a_container_of_podman_is_of_the_same_user(tmp_path):
    given = options(Container("podman", "the-image").command(["true"], Box()))
    assert ("--userns keep-id" in given) == (os.geteuid() != 0)


@pytest.mark.parametrize("answers", ["nothing", "version", "everything"])
def test_whether_a_container_can_be_had(tmp_path, answers):
    known = {"nothing": "none", "version": "version", "everything": "*"}[answers]
    program = tmp_path / "podman"
    program.write_text(f'#!/bin/sh\ncase "$1" in {known}) exit 0;; esac\nexit 1\n')
    program.chmod(0o755)
    said = Container(str(program), "the-image").available()
    assert said is None if answers == "everything" else said is not None
    if answers == "nothing":
        assert "is its service running?" in said
    if answers == "version":
        assert "build -t the-image -f" in said
        assert Path(said.split(" -f ")[1].split()[0]).is_file()


def test_how_to_build_an_image_is_told_of_an_installed_package_as_well(tmp_path, monkeypatch):
    program = tmp_path / "podman"
    program.write_text('#!/bin/sh\n[ "$1" = version ]\n')
    program.chmod(0o755)
    assert "freeze" not in Container(str(program), "the-image").available()
    monkeypatch.setattr(mounts, "PACKAGE", tmp_path / "site-packages" / "autograder")
    said = Container(str(program), "the-image").available()
    assert "-m pip freeze --exclude keras-shapes > requirements.txt && " in said


def test_a_container_is_of_no_use_where_its_sockets_do_not_work(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    assert "run the grader itself in Linux" in Container("docker", "the-image").available()


def test_on_windows_nothing_is_graded(monkeypatch):
    monkeypatch.setattr(sys, "platform", "win32")
    for kind in BACKENDS.values():
        if kind.name != "bubblewrap":  # which isn't there to be installed
            assert kind().available()
    assert "WSL 2" in Trusted().available()


def test_no_program_for_containers():
    assert "sudo apt install podman" in Container("no-such-program").available()


def test_the_launcher_names_a_program_that_is_missing():
    command = Trusted().command(["no-such-program"], Box())
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr == "no-such-program can't be started: No such file or directory\n"
