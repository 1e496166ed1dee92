"""Course directories as nbgrader makes them: several notebooks, any names, no settings of ours."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.api import Gradebook

from autograder.cli import main
from autograder.errors import UserError
from autograder.grade.book.opened import OpenedCourse, language_of
from autograder.grade.handed_in.expected import from_notebook
from autograder.grade.handed_in.intake import Rejected, read_submission
from autograder.grade.run.judge.names import Lesson
from autograder.grade.trial import Trial, tried

NBGRADER = str(Path(sys.executable).with_name("nbgrader"))


def notebook(name):
    cells = []
    for kind in ("f", "test_f", "test_g"):
        marks = {"schema_version": 3, "grade_id": f"{kind}_{name}", "task": False}
        is_check = kind != "f"
        marks |= {"solution": not is_check, "grade": is_check, "locked": is_check}
        marks |= {"points": 1} if is_check else {}
        cell = new_code_cell(f"{kind}_{name} = 1", id=f"{kind}-{name}".replace(" ", "-"))
        cells.append(cell)
        cell.metadata["nbgrader"] = marks
    return new_notebook(cells=cells)


def read(folder, *files):
    """Read a hand-in of files, each (its name, the notebook that is in it)."""
    folder.mkdir(parents=True)
    for file, name in files:
        nbformat.write(notebook(name), folder / file)
    expected = {name: from_notebook(notebook(name)) for name in ("one", "the other")}
    return read_submission(folder, "lesson", "ada", folder / "staging", expected)


def test_each_notebook_of_a_lesson_is_read(tmp_path):
    found = read(tmp_path / "lesson", ("one.ipynb", "one"), ("the other.ipynb", "the other"))
    texts = {name: nb["cells"][0]["source"] for name, nb in found.notebooks.items()}
    assert texts == {"one": "f_one = 1", "the other": "f_the other = 1"}
    assert not found.remarks


def test_one_of_another_name_is_recognised_by_its_cells(tmp_path):
    found = read(tmp_path / "lesson", ("one.ipynb", "one"), ("mine.ipynb", "the other"))
    assert set(found.notebooks) == {"one", "the other"}
    assert "It was taken for the other.ipynb" in str(found.remarks[0])


def test_without_one_of_them_the_others_are_graded(tmp_path):
    found = read(tmp_path / "lesson", ("the other.ipynb", "the other"))
    assert set(found.notebooks) == {"the other"}
    assert "There is no one.ipynb" in str(found.remarks[0])


def test_none_of_them(tmp_path):
    with pytest.raises(Rejected, match="no notebook in the folder"):
        read(tmp_path / "lesson")


def test_a_folder_that_is_no_course_is_refused_in_a_sentence(tmp_path):
    with pytest.raises(UserError, match="no course directory"):
        OpenedCourse(tmp_path)
    (tmp_path / "source").mkdir()
    assert OpenedCourse(tmp_path).directory == tmp_path


@pytest.mark.parametrize(
    ("kernelspec", "info", "language"),
    [
        ({"name": "ir", "language": "R"}, {}, "R"),
        ({"name": "julia-1.9"}, {"name": "julia"}, "julia"),
        ({"name": "conda-env-course-py", "language": "python"}, {"name": "python"}, "python"),
        (None, {"name": "ipython"}, "python"),
        ({"name": "python3"}, {}, "python"),
    ],
)
def test_the_language_is_told_by_the_notebook(kernelspec, info, language, tmp_path):
    file = tmp_path / "lesson.ipynb"
    file.write_text(json.dumps({"metadata": {"language_info": info}, "cells": []}))
    assert language_of(kernelspec, file) == language


# A lesson tried on itself


def checked(points, name="one"):
    """Return a notebook whose checks have earned so many points, of one each."""
    made = notebook(name)
    for cell, earned in zip(made.cells[1:], points, strict=True):
        state = {"state": "judged" if earned else "failed", "reason": None, "value": None}
        cell.metadata["autograder"] = state
        error = {"output_type": "error", "ename": "E", "evalue": "", "traceback": []}
        cell.outputs = [] if earned else [nbformat.from_dict(error)]
    return made


def trial_of(apart, inside, untouched=(0, 0)):
    solved, released = {"one": checked((1, 1))}, {"one": notebook("one")}
    solved["one"].cells[1].source = "f_one"  # one that may be judged apart

    def run(notebooks, all_inside=False):
        if notebooks and notebooks["one"] is released["one"]:
            return {"one": checked(untouched)}
        return {"one": checked(inside if all_inside else apart)}

    return tried(solved, released, {"one": Lesson(solved["one"])}, run)


def test_nothing_is_said_of_a_sound_lesson():
    assert trial_of((1, 1), (1, 1)) == Trial()


@pytest.mark.parametrize("file", ["helpers.py", "code/helpers.py", "helpers/__init__.py"])
def test_a_module_of_the_lesson_is_no_package_that_lacks(file):
    made = notebook("one")
    made.cells.insert(0, new_code_cell("from sys import path; path.append('code')\nimport helpers"))
    lessons = {"one": Lesson(made)}
    assert tried({}, {}, lessons, run=None, files=[file]).notes == []
    (note,) = tried({}, {}, lessons, run=None, files=["helpers.png"]).notes
    assert note.startswith("The package helpers isn't installed here")


def test_a_check_that_its_solution_fails_is_doubted():
    found = trial_of((0, 1), (0, 1))
    assert found.doubted == ["test_f_one"] and not found.inside
    assert "The solution doesn't pass test_f_one" in found.notes[0]


def test_a_check_that_accepts_its_solution_inside_alone_is_judged_there():
    found = trial_of((0, 1), (1, 1))
    assert set(found.inside) == {"test_f_one"} and not found.doubted


def test_points_for_an_untouched_notebook_are_told():
    assert "test_g_one gives 1 of 1 points" in trial_of((1, 1), (1, 1), untouched=(0, 1)).notes[0]


# nbgrader's own course


@pytest.fixture
def course101(tmp_path):
    """The course that `nbgrader quickstart` makes, with its two editions handed in."""
    call = {"cwd": tmp_path, "check": True, "capture_output": True}
    path = {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin", "HOME": str(tmp_path)}
    subprocess.run([NBGRADER, "quickstart", "course101"], env=path, **call)
    course = tmp_path / "course101"
    call["cwd"] = course
    subprocess.run([NBGRADER, "generate_assignment", "ps1", "--create"], env=path, **call)
    for student, step in (("solved", "source"), ("untouched", "release")):
        shutil.copytree(course / step / "ps1", course / "submitted" / student / "ps1")
    stock = shutil.copytree(course, tmp_path / "stock")
    return (
        course,
        lambda: (
            subprocess.run([NBGRADER, "autograde", "ps1"], env=path, **{**call, "cwd": stock})
            and points(stock)
        ),
    )


def points(course):
    with Gradebook(f"sqlite:///{course}/gradebook.db") as book:
        return {
            (each.student.id, grade.name): (grade.auto_score, bool(grade.needs_manual_grade))
            for each in book.assignment_submissions("ps1")
            for notebook in each.notebooks
            for grade in notebook.grades
        }


@pytest.mark.long
@pytest.mark.sandbox
def test_the_course_of_the_quickstart_has_the_points_that_nbgrader_gives(course101):
    course, stock = course101
    assert main(["grade", str(course), "ps1"]) == 0
    found = points(course)
    assert len(found) == 18 and found == stock()
