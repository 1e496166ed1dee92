import os
import shutil

import pytest
from playwright.sync_api import sync_playwright

from autograder.errors import UserError
from autograder.grade.sandbox import choose
from tests.classroom.hub import Hub, missing
from tests.grade.classroom import REPOSITORY


@pytest.fixture(scope="session")
def hub(tmp_path_factory):
    """A hub that has been set up, and does not run yet."""
    need(missing())
    try:
        choose(None)
    except UserError as error:
        need(str(error))
    return Hub(tmp_path_factory.mktemp("classroom"))


@pytest.fixture(scope="session")
def browser():
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
    if program is None:
        need("Chromium is not installed (Debian: apt-get install chromium)")
    # Chromium won't run as root, the usual user in a container, with its own sandbox.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=arguments)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def pictures():
    """The folder in which pictures of what was seen are kept."""
    folder = REPOSITORY / "build" / "pictures" / "classroom"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def need(missing):
    """Leave a test out for what is missing here, or fail where nothing may be left out."""
    if missing and os.environ.get("CI") == "true":
        pytest.fail(missing)
    if missing:
        pytest.skip(missing)
