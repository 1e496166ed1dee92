"""`%load_ext autograder` in JupyterLab, in a notebook that has nothing to do with our lessons."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.axe import RULES, assert_accessible
from tests.browser.lab import HEIGHT, write_notebook
from tests.browser.server import DARK, LIGHT

pytestmark = pytest.mark.browser

SETUP = """import keras
import numpy as np
from keras import layers

x, y = np.random.rand(12, 10, 3), np.random.rand(12, 2)
model = keras.Sequential([keras.Input((10, 3)), layers.Conv1D(8, 3), layers.Dense(1, "sigmoid")])
model.compile(loss="binary_crossentropy")"""
OTHERS = ("no_such_name + 1", "1 / 0")
#: A long line, which must not make the card wider than its place.
FAILS = "history = model.fit(x, y, batch_size=4, epochs=3, validation_split=0.25, verbose=0)"
SOURCES = (SETUP, *OTHERS, "%load_ext autograder", FAILS, "%why", *OTHERS)
#: The places of these cells, after that of the title.
BEFORE, LOAD, FAILED, WHY, AFTER = (2, 3), 4, 5, 6, (7, 8)
NARROW = 800
CARD = ".jp-OutputArea-output [role=note]"


def test_a_card_stands_below_the_error_of_any_notebook(lab, server, pictures):
    folder = server.root / "anybody"
    folder.mkdir()
    notebook = lab.open(write_notebook(folder / "mine.ipynb", "A model of my own", SOURCES))
    notebook.run_all(lab)
    assert_told(notebook)
    for place, later in zip(BEFORE, AFTER, strict=True):
        assert seen(notebook, later) == seen(notebook, place) != []

    card = notebook.outputs(FAILED).last
    for theme in (LIGHT, DARK):
        lab.use_theme(theme)
        card.scroll_into_view_if_needed()
        lab.page.screenshot(path=pictures / f"why-{theme.split()[1].lower()}.png")
        assert_accessible(lab.page, within=CARD, rules=RULES[theme])
    lab.page.set_viewport_size({"width": NARROW, "height": HEIGHT})
    card.scroll_into_view_if_needed()
    lab.page.screenshot(path=pictures / "why-narrow.png")
    hidden = card.evaluate("card => card.scrollWidth - card.clientWidth")
    assert hidden <= 0, f"{hidden} pixels of the card are out of sight at {NARROW}"


def assert_told(notebook):
    """Check that the card stands below the traceback, and that %why shows the same again."""
    traceback, card = notebook.outputs(FAILED).all()
    expect(traceback).to_contain_text("ValueError")
    expect(traceback.get_by_role("note")).to_have_count(0)
    note = card.get_by_role("note", name="Why it failed")
    expect(note).to_contain_text("The model gives (None, 8, 1), and y has the shape (12, 2)")
    expect(note.get_by_role("columnheader")).to_have_text(["layer", "shape"])
    expect(note.get_by_role("rowheader", name="Conv1D")).to_be_visible()
    expect(notebook.outputs(WHY)).to_have_count(1)
    expect(notebook.outputs(WHY).get_by_role("note")).to_have_text(note.text_content())
    expect(notebook.outputs(LOAD)).to_have_count(0)


def seen(notebook, place):
    """Return what a cell put out, without the numbers of the cells."""
    return [
        re.sub(r"In ?\[\d+\]", "In[]", text) for text in notebook.outputs(place).all_inner_texts()
    ]
