"""Which packages a notebook lacks, and which answers suffer from it."""

import json
import os
import site
import subprocess
import sys

import pytest

from autograder import cli
from autograder.grade.handed_in.packages import (
    installed,
    is_installed,
    missing,
    modules_in,
    paths_in,
)
from autograder.grade.handed_in.repair import mended
from autograder.grade.run.sandbox import mounts
from tests.grade import sent
from tests.grade.sent import ANSWERS, answered, code

LACKING = "no_such_package"


def told(notebook, beside=()):
    """Return {package's place: the checks that are left to a person}."""
    expected = sent.expected()
    cells, _ = mended(notebook["cells"], expected)
    return {remark.cell: remark.checks for remark in missing(cells, expected, beside)}


@pytest.mark.parametrize(
    "line",
    [
        f"import {LACKING}",
        f"import {LACKING}.part as p, os",
        f"from {LACKING}.part import one",
        f"%matplotlib inline\n!ls\nimport {LACKING}",
        f"try:\n    import {LACKING}\nexcept ValueError:\n    pass",
    ],
)
def test_a_package_that_an_answer_imports(line):
    answer = f"{line}\n{ANSWERS['say_seven']}"
    assert told(answered(ANSWERS | {"say_seven": answer})) == {"say_seven": ("test_say_seven",)}


@pytest.mark.parametrize(
    "line",
    [
        "import numpy, keras.layers, json, autograder.learn",
        "from . import x",
        f"try:\n    import {LACKING}\nexcept ImportError:\n    pass",
        f"'import {LACKING}'",
        f"import {LACKING} as",
    ],
)
def test_what_is_there_or_tried_or_no_python_is_not_told(line):
    assert told(answered(ANSWERS | {"say_seven": f"{line}\n{ANSWERS['say_seven']}"})) == {}


def test_answers_that_need_what_a_cell_above_imports():
    answer = "def say_seven():\n    return seven(nsp)"
    notebook = answered(ANSWERS | {"say_seven": answer})
    notebook["cells"].insert(2, code(f"import {LACKING} as nsp", "mine"))
    ((where, checks),) = told(notebook).items()
    assert where.startswith("cell ") and checks == ("test_say_seven",)


@pytest.mark.parametrize(
    ("name", "said"),
    [(LACKING, f"isn't installed here, and no {LACKING}.py lies"), ("google.x", "here, so what")],
)
def test_a_file_that_may_have_been_meant_is_named(name, said):
    answer = f"import {name}\n{ANSWERS['say_seven']}"
    cells, _ = mended(answered(ANSWERS | {"say_seven": answer})["cells"], sent.expected())
    (remark,) = missing(cells, sent.expected(), here="here")
    assert said in remark.sentence


@pytest.mark.parametrize("beside", [f"{LACKING}.py", LACKING, f"code/{LACKING}.py"])
def test_a_module_beside_the_notebook_is_there(beside):
    notebook = answered(ANSWERS | {"say_seven": f"import {LACKING}\n{ANSWERS['say_seven']}"})
    assert told(notebook, [beside]) == {}


@pytest.mark.parametrize("beside", [f"{LACKING}.png", f"{LACKING}.ipynb"])
def test_what_is_no_module_is_not_taken_for_one(beside):
    notebook = answered(ANSWERS | {"say_seven": f"import {LACKING}\n{ANSWERS['say_seven']}"})
    assert set(told(notebook, [beside])) == {"say_seven"}


def test_modules_are_seen_in_the_folders_of_a_folder(tmp_path):
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "helpers.py").touch()
    assert modules_in(paths_in(tmp_path)) == {"code", "helpers"}


def test_what_the_lesson_itself_imports_is_its_own_concern():
    notebook = answered()
    lesson = sent.expected()
    cells, _ = mended(notebook["cells"], lesson)
    assert missing(cells, lesson) == []


def test_packages_that_share_a_folder_are_told_apart():
    assert is_installed("google.protobuf")
    assert not is_installed("google.colab")


def test_what_a_lesson_imports_of_this_package_is_there_wherever_it_lies(monkeypatch):
    monkeypatch.setattr(sys, "path", [])
    assert is_installed("autograder.learn") and not is_installed("numpy")


_ASKED = """
import json
from autograder.grade.handed_in.packages import is_installed
from autograder.grade.run.sandbox import mounts
shown = {str(path) for path in mounts.python_paths()}
print(json.dumps([is_installed("elsewhere"), sorted(shown), mounts.python_variables()]))
"""


@pytest.mark.parametrize("name", ["site-packages", "tools"])
def test_a_module_found_by_pythonpath_is_in_the_box_or_told_to_be_missing(tmp_path, name):
    folder = tmp_path / name
    folder.mkdir()
    (folder / "elsewhere.py").write_text("")
    variables = {**os.environ, "PYTHONPATH": os.pathsep.join(["", str(folder), "/nowhere"])}
    told = subprocess.run([sys.executable, "-c", _ASKED], env=variables, capture_output=True)
    is_there, shown, given = json.loads(told.stdout)
    assert is_there is (name == "site-packages")
    assert (str(folder) in shown) is is_there
    assert given.get("PYTHONPATH") == (str(folder) if is_there else None)


@pytest.mark.parametrize("name", ["site-packages", "tools"])
def test_so_is_a_module_found_by_a_path_file(tmp_path, name):
    """As where an environment sees another one behind it, or a folder of tools."""
    folder = tmp_path / name
    folder.mkdir()
    (folder / "elsewhere.py").write_text("")
    (tmp_path / "behind.pth").write_text(f"{folder}\n")
    begun = f"import site\nsite.addsitedir({str(tmp_path)!r})\n{_ASKED}"
    told = subprocess.run([sys.executable, "-c", begun], capture_output=True)
    is_there, shown, _ = json.loads(told.stdout)
    assert is_there is (name == "site-packages") is (str(folder) in shown)


@pytest.mark.parametrize("enabled", [True, False])
def test_what_was_installed_for_one_user_is_in_the_box_if_it_is_found_here(monkeypatch, enabled):
    monkeypatch.setattr(site, "ENABLE_USER_SITE", enabled)
    given = mounts.python_variables()
    assert ("PYTHONUSERBASE" in given, "PYTHONNOUSERSITE" in given) == (enabled, not enabled)


def test_what_is_there_can_be_asked_for(capsys):
    assert cli.main(["sandbox", "--packages"]) == 0
    names = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert {"numpy", "keras", "nbgrader"} <= set(names)
    assert names == list(installed())
