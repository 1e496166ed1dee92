"""The command `autograder build`, as a person meets it."""

import io
import subprocess
import sys

import pytest
from rich.console import Console

from autograder.author.build import find_lessons
from autograder.author.progress import Screen
from autograder.cli import main
from autograder.errors import UserError

from .conftest import edit, repository, snapshot


@pytest.fixture
def run(capsys):
    def run(*words):
        status = main(["build", *map(str, words)])
        out, err = capsys.readouterr()
        return status, out.splitlines(), err.splitlines()

    return run


def test_build_and_check(tmp_path, run):
    repository(tmp_path, "sound")
    status, out, err = run("--root", tmp_path)
    assert (status, err) == (0, [])
    assert out[0] == "01_lesson: running 9 cells"
    assert out[1].endswith("wrote solutions/01_lesson.ipynb, notebooks/01_lesson.ipynb")
    told = "01_lesson: when it is graded, all of its cells are run: the lesson isn't written for"
    assert out[2].startswith(told)
    assert not any("\x1b" in line for line in out)
    assert run("--root", tmp_path) == (0, ["01_lesson: nothing to write"], [])
    assert run("--check", "--root", tmp_path) == (
        0,
        ["1 lesson: every notebook is as its text makes it"],
        [],
    )


def test_check_fails_with_the_command_that_mends(built, run):
    edit(built.text, "Think", "Ponder")
    (built.root / "notebooks" / "scratch.ipynb").write_text("{}")
    status, out, err = run("--check", "--root", built.root)
    assert (status, out) == (1, [])
    assert err == [
        "solutions/01_lesson.ipynb is stale: run `autograder build 01_lesson`",
        "notebooks/01_lesson.ipynb is stale: run `autograder build 01_lesson`",
        "notebooks/scratch.ipynb belongs to no lesson: there is no solutions/scratch.py; "
        "move it away or delete it",
    ]
    assert run("01_lesson", "--root", built.root)[0] == 0
    assert run("01_lesson", "--check", "--root", built.root)[0] == 0


def test_faulty_lesson_stops_alone(built, run):
    repository(built.root, "missing_title", "00_faulty")
    edit(built.text, "Think", "Ponder")
    before = snapshot(built.root)
    status, out, err = run("--root", built.root)
    assert status == 1
    assert err[0].startswith("solutions/00_faulty.py:1: cell 1: the first cell is a text cell")
    assert err[1].startswith("00_faulty: nothing written")
    assert out == ["01_lesson: wrote solutions/01_lesson.ipynb, notebooks/01_lesson.ipynb"]
    assert set(snapshot(built.root)) == set(before)


def test_own_work_is_told(built, run):
    built.learner.write_text("my notes")
    status, out, err = run("--root", built.root)
    assert (status, err) == (0, [])
    assert out[1].startswith("notebooks/01_lesson.ipynb holds your own work and was kept")


def test_unknown_lesson(built, run):
    assert run("7", "--root", built.root) == (
        1,
        [],
        ["autograder: there is no lesson 7; there are 01_lesson"],
    )


def test_root_without_lessons(tmp_path, run):
    status, _, (line,) = run("--root", tmp_path)
    assert status == 1
    assert "give the repository with --root" in line


def test_lessons_have_three_names(tmp_path, monkeypatch):
    first = repository(tmp_path, "sound")
    second = repository(tmp_path, "sound", "12_second")
    assert find_lessons(tmp_path) == [first, second]
    for name in ("12", "12_second", second, "12_second.py", tmp_path / "notebooks/12_second.ipynb"):
        assert find_lessons(tmp_path, [str(name)]) == [second]
    monkeypatch.chdir(tmp_path)
    assert find_lessons(tmp_path, ["1", "solutions/01_lesson.py"]) == [first]
    between = repository(tmp_path, "sound", "12b_between")
    assert find_lessons(tmp_path, ["12", "12b"]) == [second, between]
    repository(tmp_path, "sound", "12_third")
    with pytest.raises(UserError, match="lesson 12 is 12_second and 12_third"):
        find_lessons(tmp_path, ["12"])
    with pytest.raises(UserError, match="there is no lesson elsewhere/01_lesson.py"):
        find_lessons(tmp_path, ["elsewhere/01_lesson.py"])


def test_progress_on_a_terminal():
    screen = Screen()
    screen.console = Console(force_terminal=True, width=80, file=io.StringIO())
    with screen.progress("01_lesson", 3) as ran:
        ran()
        ran()
    assert "2 cells run, 1 left" in screen.console.file.getvalue()


def test_command_starts_without_the_heavy_libraries():
    code = (
        "import sys, autograder.author.cli as cli, argparse;"
        "cli.add_commands(argparse.ArgumentParser().add_subparsers());"
        "print(sorted({'nbgrader', 'nbclient', 'jupytext', 'keras', 'rich'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
