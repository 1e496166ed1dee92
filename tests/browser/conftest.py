import contextlib
import os
from pathlib import Path

import pytest

from tests.browser.lab import HEIGHT, WIDTH, Lab
from tests.browser.server import serve
from tests.chromium import browser  # noqa: F401 (a fixture)
from tests.grade.classroom import REPOSITORY

#: What needs no JupyterLab, or one of its own.
APART = ("test_pages.py", "test_comments.py")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Let all that is seen in JupyterLab be seen in one, by one process."""
    for item in items:
        if item.path.parent == Path(__file__).parent and item.path.name not in APART:
            item.add_marker(pytest.mark.xdist_group("in JupyterLab"))


@pytest.fixture(scope="package")
def server(browser, tmp_path_factory):  # noqa: F811
    """A JupyterLab server. (After the browser, without which none is needed.)"""
    with serve(tmp_path_factory.mktemp("server")) as started:
        yield started


@pytest.fixture(scope="package")
def jupyterlab(browser, server):  # noqa: F811
    """JupyterLab in a browser that knows nothing yet."""
    context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT})
    yield Lab(context, server)
    context.close()


@pytest.fixture
def lab(jupyterlab):
    with left_empty(jupyterlab):
        yield jupyterlab


@contextlib.contextmanager
def left_empty(lab):
    """Let JupyterLab have no notebook open afterwards. An error on its console is a failure."""
    lab.faults.clear()
    yield
    lab.close_all()
    assert lab.faults == []


@pytest.fixture(scope="session")
def pictures():
    """The folder in which pictures of what was seen are kept, to be looked at."""
    folder = Path(os.environ.get("PICTURES", REPOSITORY / "build" / "pictures")) / "browser"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
