"""Every lesson as JupyterLab renders it, in both themes: readable for everybody.

The solved editions have all outputs without being run, and the same text as the learners' ones.
"""

import pytest

from tests.browser.axe import NOTEBOOK, RULES, assert_accessible
from tests.browser.lab import WIDTH
from tests.browser.server import DARK, LIGHT
from tests.circles import long_but
from tests.grade.classroom import REPOSITORY

pytestmark = pytest.mark.browser

LESSONS = sorted(path.name for path in (REPOSITORY / "solutions").glob("*.ipynb"))
#: Chromium takes no picture of a page that is higher.
HIGHEST = 16_000


@pytest.fixture(scope="module")
def solved(server):
    """The solved editions, trusted as what one has run oneself."""
    folder = server.copy("solutions", "solved")
    server.trust(folder)
    return folder


@pytest.mark.parametrize("name", long_but(["00_start_here.ipynb"], LESSONS))
def test_lesson(lab, solved, name, pictures):
    notebook = lab.open(solved / name, theme=LIGHT)
    notebook.lay_open()
    assert_images(notebook)
    for theme in (LIGHT, DARK):
        lab.use_theme(theme)
        keep(lab.page, pictures / f"{name.removesuffix('.ipynb')}-{theme.split()[1].lower()}")
        assert_accessible(lab.page, within=NOTEBOOK, rules=RULES[theme])


@pytest.mark.long
def test_outputs_that_are_not_trusted_show_their_figures_too(lab, server):
    """So they are when somebody opens a notebook that another has run."""
    folder = server.copy("solutions", "untrusted")
    notebook = lab.open(folder / "01_input_vs_flatten.ipynb")
    notebook.lay_open()
    assert_images(notebook)


def assert_images(notebook):
    """Check that each image is there, is seen, and says in words what it shows."""
    images = notebook.images()
    wanted = sum("<img" in str(cell.get("outputs")) for cell in notebook.cells)
    assert len(images) >= wanted
    assert all(image["wide"] and image["shown"] for image in images), images
    assert all(len(image["alt"]) > 20 for image in images), images


def keep(page, path):
    """Keep pictures of a page, as many as its height needs."""
    high = page.viewport_size["height"]
    for place, top in enumerate(range(0, high, HIGHEST)):
        area = {"x": 0, "y": top, "width": WIDTH, "height": min(HIGHEST, high - top)}
        page.screenshot(path=f"{path}-{place + 1}.png", clip=area)
