"""A learner's first lesson in JupyterLab: wrong, diagnosed, right, and on the way."""

import json
import subprocess
import sys

import nbformat
import pytest
from playwright.sync_api import expect

from tests.browser.axe import RULES, assert_accessible
from tests.browser.lab import HEIGHT
from tests.browser.server import DARK, LIGHT
from tests.circles import long_but

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("length", long_but(["a section"], ["a section", "the lesson"]))
def test_a_learner_is_wrong_reads_on_and_is_right(lab, server, pictures, length):
    folder = server.copy("notebooks", f"learning-{length.split()[-1]}")
    path = folder / "01_input_vs_flatten.ipynb"
    if length == "a section":
        leave_a_section(path, "flat_shape")
    notebook = lab.open(path)
    for cell in ("setup", notebook.place("flat_shape") - 2, "flat_shape"):  # a model, and the gap
        notebook.run(cell)
    expect(notebook.run("test_flat_shape").first).to_contain_text("Not attempted")

    notebook.run("flat_shape", "flat_shape = (None, 800)")
    card = notebook.run("test_flat_shape").first
    expect(card).to_contain_text("You get this if you think that a convolution keeps height and")
    expect(card.get_by_role("columnheader")).to_have_text(
        ["layer", "the way you answered", "Keras"]
    )
    expect(card.get_by_role("rowheader", name="Flatten")).to_be_visible()
    expect(card.get_by_role("img")).to_be_visible()
    for theme in (LIGHT, DARK):
        lab.use_theme(theme)
        figure = card.get_by_role("img")
        figure.scroll_into_view_if_needed()
        turned = "invert(1) hue-rotate(180deg)" if theme == DARK else "none"
        expect(figure).to_have_css("filter", turned)
        lab.page.screenshot(path=pictures / f"diagnosis-{theme.split()[1].lower()}.png")
        assert_accessible(lab.page, within=".jp-OutputArea-output [role=note]", rules=RULES[theme])

    notebook.run("flat_shape", "flat_shape = (None, 4 * 4 * 32)")
    expect(notebook.run("test_flat_shape").first).to_contain_text("✔ Right.")
    notebook.save()
    assert_progress(folder)


def leave_a_section(path, name):
    """Leave of a lesson its beginning and the section with an exercise, which is sooner open."""
    notebook = nbformat.read(path, as_version=4)
    cells = notebook.cells
    names = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in cells]
    heads = [n for n, cell in enumerate(cells) if cell.source.startswith("## ")] + [len(cells)]
    begin = max(head for head in heads if head < names.index(name))
    end = heads[heads.index(begin) + 1]
    notebook.cells = cells[: names.index("setup") + 1] + cells[begin:end]
    nbformat.write(notebook, path)


def assert_progress(folder):
    """Check what the command says: one exercise of lesson 1 is right."""
    command = [sys.executable, "-m", "autograder.cli", "progress", "--json", folder]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    lesson = json.loads(done.stdout)["lessons"][1]
    right = [each["name"] for each in lesson["exercises"] if each["state"] == "right"]
    assert (lesson["lesson"], right) == ("01_input_vs_flatten", ["flat_shape"])


@pytest.mark.long
def test_the_start_page_shows_how_far_one_is_and_leads_on(lab, server, pictures):
    folder = server.copy("notebooks", "start-page")
    notebook = lab.open(folder / "00_start_here.ipynb")
    notebook.run_all(lab)
    notebook.run("framed_shape", "framed_shape = (5, 10, 8, 3)")
    expect(notebook.run("test_framed_shape").first).to_contain_text("✔ Right.")
    notebook.save()
    table = notebook.run(-1).get_by_role("table")
    expect(table.get_by_role("row").filter(has_text="Start here")).to_contain_text("1 of 3")
    expect(table.get_by_role("row").filter(has_text="Input and Flatten")).to_contain_text("0 of 22")
    table.scroll_into_view_if_needed()
    lab.page.screenshot(path=pictures / "progress.png")

    notebook.panel.get_by_role("link", name="The drill").click()
    title = lab.page.get_by_role("heading", name="The drill: puzzles that never run out")
    expect(title).to_be_visible()
    assert lab.page.context.pages == [lab.page]


@pytest.mark.long
def test_a_link_leads_to_the_section_that_answers(lab, server):
    """In a lesson that isn't open yet, give or take what JupyterLab guesses of cells' heights."""
    notebook = lab.open(server.copy("notebooks", "links") / "questions.ipynb")
    notebook.panel.get_by_role("link", name="8 · Is accuracy spared?").first.click()
    title = lab.page.get_by_role("heading", name="Is accuracy spared?")
    expect(title).to_be_visible()
    lab.page.wait_for_timeout(
        3000
    )  # it scrolls once cells are there, and then lays out those above
    assert abs(title.bounding_box()["y"]) < HEIGHT
