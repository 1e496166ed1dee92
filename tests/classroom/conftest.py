import os
import shutil
from pathlib import Path

import pytest

from autograder.errors import UserError
from autograder.grade.run.sandbox import choose
from tests.chromium import browser, need  # noqa: F401 (the first is a fixture)
from tests.classroom.hub import Hub, missing
from tests.grade.classroom import REPOSITORY


@pytest.fixture
def hub(tmp_path_factory):
    """A hub that has been set up, and does not run yet."""
    if lacking := missing():
        need(lacking)
    try:
        choose(None)
    except UserError as error:
        need(f"no sandbox works here: {error}")
    return Hub(tmp_path_factory.mktemp("classroom"))


@pytest.fixture(scope="session")
def pictures():
    """The folder in which pictures of what was seen are kept, to be looked at."""
    folder = Path(os.environ.get("PICTURES", REPOSITORY / "build" / "pictures")) / "classroom"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
