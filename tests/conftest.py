"""How tests are shared out among processes, how many examples are tried, and until when.

Those of a file run together, unless they say otherwise (for pytest's `--dist loadgroup`): what is
set up for a file is then set up once. With `--minutes`, groups come in an order that changes from
day to day, and no test begins after that time: what is left is listed, and begins another day.
"""

import functools
import gc
import os
import time
from collections import Counter
from datetime import date

import pytest
from hypothesis import HealthCheck, settings

#: Within so many days each test has been among the first.
DAYS = 7
#: Handed from the process that shares out tests to those that run them.
DAY, UNTIL = "TESTS_OF_DAY", "TESTS_UNTIL"
NO_TIME = "no time left for it today"

# The same examples each time, so that a run in CI means the same as one at home.
settings.register_profile(
    "small",
    max_examples=20,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
settings.register_profile("large", settings.get_profile("small"), max_examples=400)
settings.load_profile("small")


@pytest.fixture(scope="session")
def browser():
    """One for all: a process can't drive two."""
    from tests.chromium import chromium  # only where it is asked for

    with chromium() as started:
        yield started


def pytest_addoption(parser):
    parser.addoption(
        "--minutes", type=float, help="begin no test later; take up others from day to day"
    )


def pytest_configure(config):
    minutes = config.getoption("minutes")
    if minutes and UNTIL not in os.environ:
        os.environ[UNTIL] = str(time.time() + 60 * minutes)
        os.environ[DAY] = str(date.today().toordinal())


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(item.location[0]))
    if config.getoption("minutes"):
        items[:] = begun_today(items, int(os.environ[DAY]))


def pytest_collection_finish():
    """Spare Keras, which collects garbage with each new session, to look through all modules."""
    gc.collect()
    gc.freeze()


def begun_today(items, day):
    """Return tests in the order of a day: as they are, but begun at another group."""
    groups = {}
    for item in items:
        groups.setdefault(item.get_closest_marker("xdist_group").args[0], []).append(item)
    groups = list(groups.values())
    first = len(groups) * (day % DAYS) // DAYS
    return [item for group in groups[first:] + groups[:first] for item in group]


def pytest_runtest_setup(item):
    if item.config.getoption("minutes") and time.time() > float(os.environ[UNTIL]):
        pytest.skip(NO_TIME)
    if item.get_closest_marker("sandbox") and not item.get_closest_marker("browser"):
        _share_a_parent()


@functools.cache
def _share_a_parent():
    """Let all that grades from now on, in whatever process, share what has imported Keras.

    Else each process starts its own, which takes the processor seconds; some tests still do.
    """
    from autograder.grade.run.sandbox import warm  # only where it is asked for

    if warm.Bubblewrap().available() is None:
        parent = warm.Warm()
        os.environ[warm.PARENT] = parent.parent
        return parent  # it ends with the last who knows it


def pytest_terminal_summary(terminalreporter):
    skipped = terminalreporter.stats.get("skipped", [])
    left = Counter(r.nodeid.split("::")[0] for r in skipped if NO_TIME in str(r.longrepr))
    if left:
        terminalreporter.section("left for another day")
        for file, number in left.items():
            terminalreporter.line(f"{file}: {number} tests")
