"""Tests of a group run in one process, so that what is set up for them is set up once."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.grade.run.sandbox.warm import PARENT
from tests.shared import COMMANDS, KERNELS

ROOT = Path(__file__).parents[1]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
#: How the tests are shared out among processes.
SHARED_OUT = re.search(r"^PYTEST = .* -n auto (.*)$", MAKEFILE, re.M)[1].split()

TESTS = """\
import itertools
import os
import pytest

@pytest.mark.parametrize("number", range({}))
def test_one(number):
    with open("seen", "a") as file:
        file.write(f"{{os.path.basename(__file__)}} {{os.getpid()}}\\n")
"""


@pytest.fixture
def seen(tmp_path):
    """Return a function that runs tests of two files, in so many processes; it tells the order."""
    (tmp_path / "conftest.py").write_text("from tests.conftest import *\n")
    (tmp_path / "test_a.py").write_text(TESTS.format(20))
    (tmp_path / "test_b.py").write_text(TESTS.format(10))

    def run(processes, *options, **environment):
        command = [sys.executable, "-m", "pytest", "-p", "xdist", "-n", str(processes)]
        command += [*SHARED_OUT, "-q", *options, tmp_path, "--rootdir", tmp_path]
        others = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": str(ROOT)}
        others |= dict.fromkeys((PARENT, COMMANDS, KERNELS), "")
        environment = {**os.environ, **others, **environment}
        subprocess.run(command, cwd=tmp_path, env=environment, check=True)
        return (tmp_path / "seen").read_text().split("\n")[:-1]

    return run


def test_those_of_a_file_run_in_one_process(seen):
    found = seen(2)
    assert len(found) == 30 and len(set(found)) == 2, found


def test_the_day_tells_which_begin(seen):
    """Else the largest group would, day after day."""
    found = seen(1, "--minutes=60", TESTS_OF_DAY="6", TESTS_UNTIL="inf")
    assert [line.split()[0] for line in found] == ["test_b.py"] * 10 + ["test_a.py"] * 20


def test_what_waits_comes_between_the_others(seen, tmp_path):
    (tmp_path / "test_c.py").write_text(f"{TESTS.format(5)}\npytestmark = pytest.mark.sandbox\n")
    found = [line.split()[0] for line in seen(1, "-m", "")]
    assert found == ["test_c.py"] * 5 + ["test_a.py"] * 20 + ["test_b.py"] * 10


def test_what_make_test_leaves_out_is_in_the_others():
    """It chooses all there is but what is `long`, which `make test-rest` takes up."""
    assert re.search(r"^test: CHOSEN := not long$", MAKEFILE, re.M)
    assert re.search(r"^test-all: CHOSEN := long or not long$", MAKEFILE, re.M)
    rest = MAKEFILE.split("\ntest-rest:")[1].split("\n\n")[0]
    assert re.search(r'-m "long or examples" tests$', rest, re.M)


@pytest.mark.parametrize(
    ("lacking", "without"),
    [
        ((), ""),
        (("sandbox",), " and (browser or not sandbox)"),
        (("npm",), " and not classroom"),
        (("Linux",), " and not browser and not classroom"),
    ],
)
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="it is told by `uname` here")
def test_what_cannot_be_had_is_left_out_and_told(tmp_path, lacking, without):
    for tool in ("make", "sh", "id", "cat", "test", "getconf"):
        (tmp_path / tool).symlink_to(shutil.which(tool))
    does = dict.fromkeys(("autograder", "npm", "pytest"), "echo CHOSEN: $*")
    does["autograder"] = 'test "$1" != sandbox' if "sandbox" in lacking else "true"
    does["uname"] = f"echo {'Darwin' if 'Linux' in lacking else 'Linux'}"
    for name in set(does) - set(lacking):
        script = tmp_path / name
        script.write_text(f"#!/bin/sh\n{does[name]}\n")
        script.chmod(0o755)
    (tmp_path / "ready").touch()
    stand_ins = [f"BIN={tmp_path}", f"PYTEST={tmp_path}/pytest", f"PROXY={tmp_path}/ready"]
    environment = {"PATH": str(tmp_path), "HOME": str(tmp_path)}
    command = ["make", "-o", ".venv/ready", "test", *stand_ins]
    call = {"cwd": ROOT, "env": environment, "check": True, "capture_output": True, "text": True}
    done = subprocess.run(command, **call)
    chosen = f"CHOSEN: --nbval -m (not long){without} solutions tests"
    assert chosen in done.stdout.splitlines()
    assert done.stderr.count("LEFT OUT") == len(lacking)
