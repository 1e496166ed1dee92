"""A learner's progress: read from saved notebooks, whatever state they are in."""

import json
import subprocess
import sys

import nbformat
import pytest
from nbformat import v4

from autograder.cli import main
from autograder.progress import owner, progress
from autograder.states import LOOKS, MEDIA_TYPE


def answer(name):
    return v4.new_code_cell(f"{name} = ...", metadata={"nbgrader": _about(name, solution=True)})


def check(name, points, *states, share=0.0):
    """Return a check cell with a saved verdict for each of the states."""
    cell = v4.new_code_cell("check()", metadata={"nbgrader": _about(name, points=points)})
    for state in states:
        data = {MEDIA_TYPE: {"state": state, "share": share}}
        cell.outputs.append(v4.new_output("display_data", data=data))
    return cell


def _about(name, solution=False, points=None):
    about = {"grade_id": name, "solution": solution, "grade": not solution, "locked": not solution}
    return about if solution else {**about, "points": points}


@pytest.fixture
def folder(tmp_path):
    """Two lessons: one half done, one not begun; and files that are none."""
    done = [
        v4.new_markdown_cell("2 points\n\n# A `first` lesson: how it goes"),
        answer("flat"),
        check("test_flat", 1, "right"),
        answer("flat_model"),
        check("test_flat_model", 2, "right"),
        check("test_flat_model_numbers", 2, "right", "wrong"),
        answer("three"),
        check("test_three", 3, "partly right", share=2 / 3),
        answer("four"),
        check("test_four", 1, "wrong"),
        answer("five"),
        check("test_five", 1),
    ]
    fresh = [answer("six"), check("test_six", 1, "not attempted")]
    for name, cells in [
        ("01_first", done),
        ("02_second", fresh),
        ("02b_between", fresh),
        ("drill", [answer("no")]),
    ]:
        nbformat.write(v4.new_notebook(cells=cells), tmp_path / f"{name}.ipynb")
    return tmp_path


def test_states_and_points(folder):
    first, second, _ = progress(folder).lessons
    assert [(e.name, e.state, e.earned, e.worth) for e in first.exercises] == [
        ("flat", "right", 1, 1),
        ("flat_model", "partly right", 2, 4),
        ("three", "partly right", 2, 3),
        ("four", "wrong", 0, 1),
        ("five", "not attempted", 0, 1),
    ]
    assert (first.title, first.earned, first.worth) == ("A first lesson: how it goes", 5, 10)
    assert [e.state for e in second.exercises] == ["not attempted"]


def test_next_is_what_was_tried_and_is_not_right(folder):
    lesson, exercise = progress(folder).next()
    assert (lesson.name, exercise.name) == ("01_first", "flat_model")


def test_a_broken_notebook_is_named_and_the_others_are_read(folder, capsys):
    (folder / "03_broken.ipynb").write_text("{")
    assert main(["progress", str(folder)]) == 1
    assert "03_broken.ipynb can't be read as a notebook" in capsys.readouterr().out


def test_html_says_in_words_what_the_signs_say(folder):
    page = progress(folder).as_html()
    for sign, words, _ in LOOKS.values():
        assert sign in page and words.lower() in page
    assert "<th scope='row'" in page and "5 of 10" in page
    assert "1 · A first lesson</th>" in page  # a narrow window has no room for more
    assert page.index("2 · ") < page.index("2b · ")
    assert "<a href='01_first.ipynb#cell-id=flat_model'>flat_model in 01_first</a>" in page


def test_json(folder, capsys):
    assert main(["progress", str(folder), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["next"] == {"lesson": "01_first", "exercise": "flat_model"}
    assert [lesson["points"] for lesson in found["lessons"]] == [5, 0, 0]


@pytest.mark.parametrize("name", ["missing", "empty"])
def test_a_folder_without_lessons_is_told_in_a_sentence(tmp_path, name, capsys):
    (tmp_path / "empty").mkdir()
    assert "There are no lessons" in progress(tmp_path / name).as_html()
    assert main(["progress", str(tmp_path / name)]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_a_check_belongs_to_the_longest_name_that_fits():
    assert owner("test_flat_model_numbers", ["flat", "flat_model"]) == "flat_model"
    assert owner("test_flat_numbers", ["flat", "flat_model"]) == "flat"
    assert owner("test_flatten", ["flat"]) is None


def test_the_command_loads_no_keras(folder):
    """So that it answers at once."""
    code = (
        "import sys; from autograder.cli import main; "
        f"main(['progress', {str(folder)!r}]); print('keras' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.endswith("False\n"), done.stderr
