"""Tests of a group run in one process, so that what is set up for them is set up once."""

import itertools
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
#: How the tests are shared out among processes.
SHARED_OUT = re.search(r"^PYTEST = .* -n auto (.*)$", MAKEFILE, re.M)[1].split()
#: Tests with one of these marks have steps of their own.
KINDS = ("sandbox", "browser", "classroom")

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
        command = [sys.executable, "-m", "pytest", "-n", str(processes), *SHARED_OUT, "-q"]
        command += [*options, tmp_path, "--rootdir", tmp_path]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
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


def test_what_make_test_leaves_out_is_in_the_others():
    """Its steps choose all there is but what is `long`, which `make test-rest` takes up."""
    steps = MAKEFILE.split("\ntest test-all:\n")[1].split("\n\n")[0]
    chosen = re.findall(r'-m "(.*) \$\(AND\)"', steps)
    for marks in itertools.product([True, False], repeat=len(KINDS)):
        marked = dict(zip(KINDS, marks, strict=True))
        assert any(eval(each, {}, marked) for each in chosen), marked
    assert re.search(r"^test: AND := and not long$", MAKEFILE, re.M)
    rest = MAKEFILE.split("\ntest-rest:")[1].split("\n\n")[0]
    assert re.search(r'-m "long or examples" tests$', rest, re.M)


def test_the_steps_look_wherever_their_tests_are():
    """What is marked for the sandbox as well as for a browser is the browsers'."""
    for file in (ROOT / "tests").rglob("test_*.py"):
        marks = set(re.findall(r"pytest\.mark\.(\w+)", file.read_text(encoding="utf-8")))
        if marks & set(KINDS):
            step = "IN_SANDBOX" if marks & set(KINDS) == {"sandbox"} else "IN_BROWSERS"
            places = re.search(rf"^{step} := (.*)$", MAKEFILE, re.M)[1].split()
            assert any(file.is_relative_to(ROOT / place) for place in places), (file, step)
