"""`autograder doctor`: told before handing in what the grader would repair or refuse."""

import json
import os
import subprocess
import sys

import pytest

from autograder import cli
from autograder.grade.handed_in import packages
from tests.grade import sent
from tests.grade.classroom import REPOSITORY
from tests.grade.sent import LESSON, answered, code, duplicate, find

NAME = f"{LESSON}.ipynb"


@pytest.fixture
def root(tmp_path):
    """A folder with the lesson as it was handed out."""
    (tmp_path / "root" / "notebooks").mkdir(parents=True)
    (tmp_path / "root" / "notebooks" / NAME).write_text(json.dumps(sent.learner()))
    return tmp_path / "root"


def write(folder, notebook=None, name=NAME):
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(json.dumps(notebook or answered()))
    return folder / name


def doctor(path, root, *options):
    return cli.main(["doctor", str(path), "--lesson-root", str(root), *options])


@pytest.fixture
def lines(capsys):
    return lambda: capsys.readouterr().out.splitlines()


def test_all_is_well(tmp_path, root, lines):
    assert doctor(write(tmp_path), root) == 0
    assert lines() == [f"{NAME} is well; it can be handed in."]


def test_each_repair_is_a_line(tmp_path, root, lines):
    notebook = answered()
    duplicate(notebook, "test_flat_shape")
    find(notebook, "setup")["source"] = "pass"
    assert doctor(write(tmp_path, notebook), root) == 1
    found = lines()
    assert [line.split(":")[0] for line in found[:-1]] == ["setup", "test_flat_shape"]
    assert found[-1] == "It would be graded, repaired as said above."


def test_answers_that_can_earn_nothing_are_told(tmp_path, root, lines):
    notebook = sent.learner()
    first, second, third = sent.ANSWERS
    find(notebook, first)["source"] = "x = (1,\ny = 2"
    find(notebook, second)["source"] = "%matplotlib inline\nx = '\\d'"
    assert doctor(write(tmp_path, notebook), root) == 0
    untouched, broken, end = lines()
    assert untouched == f"Attempted: 2 of 3 answers. Still as handed out: {third}."
    assert broken.startswith(f"The answer {first} is no Python: SyntaxError, ")
    assert broken.endswith("in line 1.")
    assert end == "It can be handed in."


def test_refusal_is_a_line(tmp_path, root, lines):
    (tmp_path / NAME).write_text('{"cells": [')
    assert doctor(tmp_path / NAME, root) == 1
    found = lines()
    assert len(found) == 2 and NAME in found[0] and "breaks off" in found[0]
    assert found[1] == "It would not be graded."


def test_json(tmp_path, root, capsys):
    notebook = answered()
    duplicate(notebook, "setup")
    assert doctor(write(tmp_path, notebook), root, "--json") == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["notebook"], found["lesson"], found["state"]) == (NAME, LESSON, "repaired")
    assert [remark["cell"] for remark in found["remarks"]] == ["setup"]


@pytest.mark.parametrize("name", [f"{LESSON} (1).ipynb", f"{LESSON}-Copy2.ipynb", "homework.ipynb"])
def test_another_name_is_remarked(tmp_path, root, name, lines):
    assert doctor(write(tmp_path, name=name), root) == 1
    assert [line for line in lines() if NAME in line and name in line]


def test_nothing_attempted_and_cells_that_are_no_python_are_told(tmp_path, root, lines):
    notebook = sent.learner()
    notebook["cells"].append(code("def f(:"))
    assert doctor(write(tmp_path, notebook), root) == 0
    untouched, broken, _ = lines()
    assert untouched.startswith("Attempted: 0 of 3 answers. ")
    assert "is no Python: SyntaxError, " in broken


def test_answer_in_the_wrong_place_is_told(tmp_path, root, lines):
    notebook = sent.learner()
    notebook["cells"].append(code(sent.ANSWERS["say_seven"]))
    assert doctor(write(tmp_path, notebook), root) == 1
    assert "say_seven stands in cell" in lines()[0]


@pytest.mark.parametrize("where", ["answer", "own"])
def test_missing_package_is_named(tmp_path, root, where, lines):
    notebook = answered()
    if where == "answer":
        find(notebook, "flat_shape")["source"] = "import no_such_thing\nflat_shape = (None, 6)"
    else:
        notebook["cells"].insert(1, code("from no_such_thing.part import one"))
    assert doctor(write(tmp_path, notebook), root) == 0
    assert "The package no_such_thing isn't installed here" in lines()[0]


def test_package_that_the_course_does_not_bring_is_named(tmp_path, root, lines, monkeypatch):
    monkeypatch.setattr(packages, "_brought", lambda: {"numpy", "keras"})
    notebook = answered()
    notebook["cells"].insert(1, code("import pytest, json, numpy.linalg"))
    assert doctor(write(tmp_path, notebook), root) == 0
    told, end = lines()
    assert told.startswith("The package pytest is installed here, but the course doesn't bring it")


def test_what_the_course_brings_is_known():
    assert {"keras-shapes", "numpy", "keras", "jupyterlab", "markupsafe"} <= packages._brought()


def test_another_lesson_under_this_name_is_refused(tmp_path, root, lines):
    other = (REPOSITORY / "notebooks" / f"{LESSONS[1]}.ipynb").read_text("utf-8")
    (root / "notebooks" / f"{LESSONS[1]}.ipynb").write_text(other, "utf-8")
    assert doctor(write(tmp_path, json.loads(other)), root) == 1
    told, end = lines()
    assert f"exercises of the lesson {LESSONS[1]}" in told
    assert end == "It would not be graded."


@pytest.mark.parametrize("answered_all", [True, False])
def test_lesson_of_ones_own_is_compared_with_itself_where_there_is_no_other(
    tmp_path, answered_all, lines
):
    path = write(tmp_path, answered() if answered_all else sent.learner())
    assert cli.main(["doctor", str(path)]) == 0
    found = lines()
    assert "--lesson-root" in found[0] and found[-1] == "It can be handed in."
    assert len(found) == (2 if answered_all else 3)


def test_lesson_of_ones_own_is_found_around_the_notebook(tmp_path, root, lines):
    notebook = answered()
    notebook["cells"].remove(find(notebook, "setup"))
    path = write(root / "my work", notebook)
    assert cli.main(["doctor", str(path)]) == 1
    assert lines()[0].startswith("setup: ")


def test_no_such_file_or_lesson(tmp_path, root, capsys):
    assert doctor(tmp_path / "none.ipynb", root) == 1
    assert "there is no file" in capsys.readouterr().err
    other = write(tmp_path, {"cells": []}, name="other.ipynb")
    assert doctor(other, root) == 1
    assert "--lesson-root" in capsys.readouterr().err


def test_files_around_are_looked_at_where_they_would_be_handed_in(tmp_path, root, lines):
    for folder in (tmp_path / LESSON, tmp_path / "downloads"):
        path = write(folder)
        (folder / "keras.py").write_text("x = 1")
        os.mkfifo(folder / "data")
        found = doctor(path, root)
        assert found == (1 if folder.name == LESSON else 0)
        said = [line for line in lines() if line.endswith("It was left out.")]
        assert [line.split(":")[0] for line in said] == (["data", "keras.py"] if found else [])


def test_pipe_makes_nobody_wait(tmp_path, root, lines):
    os.mkfifo(tmp_path / NAME)
    assert doctor(tmp_path / NAME, root) == 1
    assert "is a pipe" in lines()[0]


LESSONS = sorted(path.stem for path in (REPOSITORY / "notebooks").glob("[0-9]*_*.ipynb"))


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_lessons_themselves_are_well(lesson, lines):
    # Compared with the solved edition, as there is no other.
    assert doctor(REPOSITORY / "notebooks" / f"{lesson}.ipynb", REPOSITORY) == 0, lines()


def test_solved_edition_is_enough_to_compare_with(tmp_path, root, lines):
    lesson = LESSONS[1]
    (root / "solutions").mkdir()
    solved = (REPOSITORY / "solutions" / f"{lesson}.ipynb").read_text(encoding="utf-8")
    (root / "solutions" / f"{lesson}.ipynb").write_text(solved, encoding="utf-8")
    notebook = json.loads((REPOSITORY / "notebooks" / f"{lesson}.ipynb").read_text("utf-8"))
    notebook["cells"].remove(find(notebook, "poster_shape"))
    duplicate(notebook, "seven_shape", source="seven_shape = (7, 28, 44, 8)")
    assert doctor(write(tmp_path, notebook, f"{lesson}.ipynb"), root) == 1
    found = lines()
    assert [line.split(":")[0] for line in found[:-2]] == ["poster_shape", "seven_shape"]
    assert found[-2].startswith("Attempted: 1 of 14 answers. ") and "input_for, " in found[-2]
    assert "worked on" in found[1]
    assert not any("(None" in line for line in found)


def test_nothing_slow_is_imported(tmp_path, root):
    path = write(tmp_path)
    program = (
        "import sys; from autograder import cli; status = cli.main(sys.argv[1:]);"
        "slow = {'nbformat', 'nbgrader', 'nbconvert', 'keras', 'numpy', 'IPython'};"
        "sys.exit(status or ' '.join(slow & set(sys.modules)) or 0)"
    )
    command = [sys.executable, "-c", program, "doctor", path, "--lesson-root", root]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_nothing_of_the_notebook_is_run(tmp_path, root, lines):
    source = f"open({str(tmp_path / 'ran')!r}, 'w')"
    notebook = answered({"flat_shape": f"{source}\nflat_shape = 1"})
    write(tmp_path / LESSON, notebook)
    (tmp_path / LESSON / "sitecustomize.py").write_text(source)
    (tmp_path / LESSON / "json.py").write_text(source)
    assert doctor(tmp_path / LESSON / NAME, root) == 1
    assert not (tmp_path / "ran").exists()
