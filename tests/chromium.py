"""A real browser for tests: the Chromium or Chrome that is installed."""

import contextlib
import os
import shutil

import pytest
from playwright.sync_api import sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
# It is to talk to the server under test, and to nobody else.
_ARGUMENTS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="package")
def browser():
    """One for all tests of a folder that come one after the other.

    It is driven from a loop that goes on in this process until then; others would hang beside it.
    """
    with chromium() as started:
        yield started


@contextlib.contextmanager
def chromium():
    """Start it, for the length of the block; skip the test if there is none (in CI: fail it)."""
    program = next(filter(None, map(shutil.which, (*_NAMES, _MAC))), None)
    if program is None:
        need("no browser: install Chromium (Debian, Ubuntu: apt install chromium) or Chrome")
    # As root, the usual user in a container, it won't start with its own sandbox.
    arguments = [*_ARGUMENTS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        yield browser
        browser.close()


def need(missing):
    """Leave a test out for what is missing here, or fail it in CI, where nothing may be."""
    if os.environ.get("CI") == "true":
        pytest.fail(missing)
    pytest.skip(missing)
