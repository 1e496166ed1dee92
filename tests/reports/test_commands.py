"""Every command that has something to tell tells it to programs, too."""

import json
import os
import subprocess
import sys

import pytest

from autograder import cli
from autograder.cli import main, parser
from tests.grade.classroom import REPOSITORY, find_lesson
from tests.reports.synthetic import SMALL


@pytest.mark.parametrize(
    "command",
    ["build", "course", "grade", "export", "report", "regrade", "validate", "progress", "doctor"],
)
def test_json_is_an_option(command, capsys):
    with pytest.raises(SystemExit):
        parser().parse_args([command, "--help"])
    assert "--json" in capsys.readouterr().out


def test_course(tmp_path, capsys):
    (tmp_path / "root").mkdir()
    lesson = find_lesson(SMALL, tmp_path / "root")
    course = tmp_path / "course"
    assert main(["course", str(course), "--root", str(lesson.root), "--json"]) == 0
    done = json.loads(capsys.readouterr().out)
    assert done["lessons"] == [SMALL]
    assert [file["state"] for file in done["files"]] == ["written", "written"]


def test_build(capsys):
    assert main(["build", "--check", "00", "--root", str(REPOSITORY), "--json"]) == 0
    done = json.loads(capsys.readouterr().out)
    assert done == {"lessons": ["00_start_here"], "faults": []}


def test_help_does_not_wait_for_what_reports_need():
    code = "import sys, autograder.cli as c; c.parser(); print({*sys.modules} & {*sys.argv[1:]})"
    heavy = ["keras", "nbgrader", "sqlalchemy", "matplotlib", "jinja2"]
    command = [sys.executable, "-c", code, *heavy]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.stdout == "set()\n", done.stderr


def test_whoever_stops_reading_is_told_no_error(monkeypatch, capfd):
    read, write = os.pipe()
    os.close(read)  # as `head` does when it has enough
    with open(write, "w") as stream:
        monkeypatch.setattr(sys, "stdout", stream)
        assert main(["sandbox", "--packages"]) == 1
    assert capfd.readouterr().err == ""


def test_a_broken_pipe_within_is_an_error(monkeypatch, capsys):
    def fail(args):
        raise BrokenPipeError("of a kernel")

    monkeypatch.setattr(cli, "_run", fail)
    with pytest.raises(BrokenPipeError, match="of a kernel"):
        main(["sandbox"])


def test_grading_on_windows_says_what_it_needs(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "fcntl", None)  # as there, where Python has no such module
    monkeypatch.delitem(sys.modules, "autograder.grade.grading", raising=False)
    monkeypatch.delattr("autograder.grade.grading", raising=False)
    assert main(["grade", ".", SMALL]) == 1
    said = "autograder: `autograder grade` needs Linux or macOS: on Windows, use WSL 2\n"
    assert capsys.readouterr().err == said


def test_nothing_but_the_command_line_imports_reports():
    package = REPOSITORY / "autograder"
    for path in package.rglob("*.py"):
        text = path.read_text("utf-8")
        mine = path.is_relative_to(package / "reports") or path == package / "cli.py"
        assert mine or "autograder.reports" not in text, path
