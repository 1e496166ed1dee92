import os
from pathlib import Path

import pytest

from tests.browser.lab import HEIGHT, WIDTH, Lab
from tests.browser.server import serve
from tests.chromium import chromium
from tests.grade.classroom import REPOSITORY


@pytest.fixture(scope="session")
def browser():
    with chromium() as started:
        yield started


@pytest.fixture(scope="session")
def server(browser, tmp_path_factory):
    """A JupyterLab server. (After the browser, without which none is needed.)"""
    with serve(tmp_path_factory.mktemp("server")) as started:
        yield started


@pytest.fixture
def lab(browser, server):
    """JupyterLab in a browser that knows nothing yet. An error on its console is a failure."""
    context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT})
    opened = Lab(context, server)
    yield opened
    context.close()
    server.end_kernels()
    assert opened.faults == []


@pytest.fixture(scope="session")
def pictures():
    """The folder in which pictures of what was seen are kept, to be looked at."""
    folder = Path(os.environ.get("PICTURES", REPOSITORY / "build" / "pictures")) / "browser"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
