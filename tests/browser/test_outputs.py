"""All that cells can show a learner: cards, explanations, figures, progress, the drill's buttons.

They are run in JupyterLab and looked at in both themes. What the lessons show is tried with them.
"""

import pytest
from playwright.sync_api import expect

from tests.browser.axe import NOTEBOOK, RULES, assert_accessible
from tests.browser.conftest import left_empty
from tests.browser.lab import write_notebook
from tests.browser.server import DARK, LIGHT

pytestmark = pytest.mark.browser

SETUP = """from autograder.learn import *
import keras
from keras import layers

image = keras.Input((10, 10, 64))
chain = keras.Sequential([image, layers.Conv2D(32, 3), layers.MaxPool2D(), layers.Flatten()])
branch = layers.Dense(2, name="wide")(layers.Flatten(name="flat")(image))
forked = keras.Model(image, layers.Add(name="sum")([branch, branch]))"""

CELLS = [
    "check_shape(..., of=chain)",
    "check_shape((None, 800), of=chain)",
    "check_shape((800,), of=chain)",
    "check_shape((None, 123), of=chain)",
    "check_shape('many', of=chain)",
    "check_shapes([(None, 512), (512,)], of=[chain, chain], points=2)",
    "check_count(99, of=chain.layers[0], among=chain)",
    "check_accepts([True, True], chain, shapes=[(1, 10, 10, 64), (10, 10, 64)])",
    """def warned():
    return keras.Sequential([layers.Flatten(input_shape=(3, 2)), layers.Dense(4)])
check_model(warned, input_shape=(None, 3, 2), output_shape=(None, 4))""",
    """def broken():
    return keras.Sequential([image, layers.LSTM(3)])
check_model(broken, input_shape=(None, 3, 2), output_shape=(None, 4))""",
    "explain(chain)",
    "explain(forked)",
    "explain(layers.Dense(3))",
    "explain(forked).draw()",
    "explain(layers.Dense(3)).draw()",
    "chain.summary()",
    "progress()",
    "drill = Drill(level=2, seed=5, record=None); drill.progress()",
    "drill.next()",
    "drill.answer('what?')",
    "drill.answer('(None, 1, 2, 3)')",
    "drill.why()",
    "drill.progress()",
]
PANEL = "drill.play()"


@pytest.fixture(scope="module")
def ran(jupyterlab, server):
    """JupyterLab, and a notebook with these cells, beside the lessons, in which all were run."""
    folder = server.copy("notebooks", "outputs")
    path = write_notebook(folder / "outputs.ipynb", "What cells show", (SETUP, *CELLS, PANEL))
    with left_empty(jupyterlab):
        notebook = jupyterlab.open(path)
        notebook.run_all(jupyterlab)
        yield jupyterlab, notebook


def test_they_are_readable_for_everybody_in_both_themes(ran, pictures):
    lab, notebook = ran
    assert_no_fault(notebook)
    drill = notebook.outputs(-1)
    expect(drill.get_by_label("Answer:")).to_be_visible()
    notebook.lay_open()
    for theme in (LIGHT, DARK):
        lab.use_theme(theme)
        lab.page.screenshot(path=pictures / f"outputs-{theme.split()[1].lower()}.png")
        assert_accessible(lab.page, within=NOTEBOOK, rules=RULES[theme])
    assert all(image["wide"] and image["alt"] for image in notebook.images())


def assert_no_fault(notebook):
    """Check that each cell has shown something, and none an error that is not meant for people."""
    for place, cell in enumerate(notebook.cells[2:], 2):
        outputs = notebook.outputs(place)
        assert outputs.count(), cell["source"]
        expect(outputs.filter(has_text="Traceback")).to_have_count(0)


def test_the_drill_is_played_with_the_keyboard_alone(ran, pictures):
    lab, notebook = ran
    notebook.run(2 + CELLS.index(next(cell for cell in CELLS if cell.startswith("drill = "))))
    drill = notebook.run(-1)
    field = drill.get_by_label("Answer:")
    field.focus()
    page = lab.page
    page.keyboard.type("I don't know")
    page.keyboard.press("Enter")
    expect(drill).to_contain_text("That cost nothing.")
    for button in ("Answer", "Why"):
        page.keyboard.press("Tab")
        expect(drill.get_by_role("button", name=button)).to_be_focused()
    page.keyboard.press("Enter")
    expect(drill).to_contain_text("Keras")
    page.screenshot(path=pictures / "drill.png")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(field).to_be_focused()
    expect(field).to_have_value("")
