"""What a check leaves in a notebook: a card, a mark, and nothing on stderr."""

import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.utils import determine_grade
from traitlets.config import Config

from autograder.learn.verdict import MEDIA_TYPE

SETUP = """
from autograder.learn import WRONG, CheckFailed, Verdict, check_model, check_shape, check_shapes
import logging, os, sys
import keras
from keras import layers
early = logging.StreamHandler()  # holds on to the kernel's own stderr

def noisy():
    print("python", file=sys.stderr)
    os.write(2, b"below")
    early.stream.write("early")
    return keras.Sequential([layers.Flatten(input_shape=(3, 2)), layers.Dense(4)])
"""
WANT = "input_shape=(None, 3, 2), output_shape=(None, 4)"
CELLS = {
    "right, with a lot of noise": f"check_model(noisy, {WANT})",
    "wrong": "check_shape((4,), of=(None, 4))",
    "not attempted": "check_shape(..., of=(None, 4))",
    "one's own": "raise CheckFailed(Verdict(WRONG, 'My words.', ('my_code',)))",
    "partly right": "check_shapes([(None, 4), (4,)], of=[(None, 4), (None, 4)], points=2)",
}


@pytest.fixture(scope="module")
def ran():
    cells = [new_code_cell(source) for source in (SETUP, *CELLS.values())]
    for cell in cells[1:]:
        cell.metadata.nbgrader = {"grade": True, "solution": False, "points": 2, "grade_id": "t"}
    notebook = new_notebook(cells=cells)
    config = Config({"KernelManager": {"transport_encryption": "auto"}})
    NotebookClient(notebook, allow_errors=True, config=config).execute()
    return dict(zip(CELLS, notebook.cells[1:], strict=True))


@pytest.mark.parametrize(
    "name, mark, state",
    [
        ("right, with a lot of noise", 2, "right"),
        ("wrong", 0, "wrong"),
        ("one's own", 0, "wrong"),
        ("not attempted", 0, "not attempted"),
        ("partly right", 1, "partly right"),
    ],
)
def test_marks_follow_the_state(ran, name, mark, state):
    cell = ran[name]
    assert determine_grade(cell) == (mark, 2)
    assert cell.outputs[0].data[MEDIA_TYPE]["state"] == state
    assert {"text/plain", "text/html"} <= set(cell.outputs[0].data)
    assert not [out for out in cell.outputs if out.get("name") == "stderr"]


def test_a_verdict_of_ones_own_keeps_its_words_and_code(ran):
    card, error = ran["one's own"].outputs
    assert "My words." in card.data["text/plain"] and "My words." in card.data["text/html"]
    assert card.data[MEDIA_TYPE]["mistakes"] == ["my_code"]
    assert error.traceback == ["Not right yet: no points for this check so far."]


def test_noise_becomes_notes(ran):
    notes = ran["right, with a lot of noise"].outputs[0].data[MEDIA_TYPE]["notes"]
    assert any("`input_shape=`" in note for note in notes)
    assert any("stderr" in note for note in notes)


def test_a_failed_check_shows_one_line_and_no_stack_trace(ran):
    error = ran["wrong"].outputs[-1]
    assert error.output_type == "error"
    assert len(error.traceback) == 1 and "File" not in error.traceback[0]
