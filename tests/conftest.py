"""How tests are shared out among processes, how many examples are tried, and until when.

Those of a file run together, unless they say otherwise (for pytest's `--dist loadgroup`): what is
set up for a file is then set up once. Groups that wait part of their time, for boxes or browsers,
come between the others, so that there is always something to do. With `--minutes`, groups come in
an order that changes from day to day, and no test begins after that time: what is left is listed,
and begins another day.
"""

import gc
import itertools
import os
import sys
import time
from collections import Counter
from datetime import date

import pytest
from hypothesis import HealthCheck, settings

from tests import shared

#: Within so many days each test has been among the first.
DAYS = 7
#: The marks of tests that wait part of their time; those that wait longest come first.
WAITING = ("classroom", "browser", "sandbox")
#: Handed from the process that shares out tests to those that run them.
DAY, UNTIL = "TESTS_OF_DAY", "TESTS_UNTIL"
#: After so many tests what is left of them is set aside, where no garbage is looked for.
OFTEN = 20
NO_TIME = "no time left for it today"
_TESTS = itertools.count(1)

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


def pytest_addoption(parser):
    parser.addoption(
        "--minutes", type=float, help="begin no test later; take up others from day to day"
    )


def pytest_configure(config):
    minutes = config.getoption("minutes")
    if minutes and UNTIL not in os.environ:
        os.environ[UNTIL] = str(time.time() + 60 * minutes)
        os.environ[DAY] = str(date.today().toordinal())
    is_warm = os.environ.get("JUPYTER_DEFAULT_PROVISIONER_NAME") == "keras-warm"
    if hasattr(config, "workerinput"):
        if shared.KERNELS in os.environ:
            shared.parent_of_kernels()
    elif config.getoption("numprocesses", None):
        if "not sandbox" not in config.getoption("markexpr"):
            shared.parent_of_boxes()
            shared.parent_of_commands()
        if is_warm and sys.platform.startswith("linux"):
            shared.parent_of_kernels()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(item.nodeid.partition("::")[0]))
    groups = in_groups(items)
    if config.getoption("minutes"):
        groups = begun_today(groups, int(os.environ[DAY]))
    else:
        groups = in_turns(groups)
    items[:] = itertools.chain.from_iterable(groups)


@pytest.hookimpl(tryfirst=True)
def pytest_collection():
    """Look for no garbage where thousands of tests are made, and nothing is thrown away."""
    gc.disable()


def pytest_collection_finish():
    """Spare Keras, which collects garbage with each new session, to look through all modules."""
    gc.enable()
    gc.collect()
    gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown():
    """Do so again now and then, for what was imported since, and what tests keep for others."""
    if next(_TESTS) % OFTEN == 0:
        gc.collect()
        gc.freeze()


def in_groups(items):
    """Return the tests of each group, in the order in which their first ones come."""
    groups = {}
    for item in items:
        groups.setdefault(item.get_closest_marker("xdist_group").args[0], []).append(item)
    return list(groups.values())


def in_turns(groups):
    """Return groups so that those that wait part of their time come between the others."""

    def kind(group):
        marks = {mark.name for item in group for mark in item.iter_markers()}
        return next((n for n, name in enumerate(WAITING) if name in marks), len(WAITING))

    waiting = sorted((group for group in groups if kind(group) < len(WAITING)), key=kind)
    others = [group for group in groups if kind(group) == len(WAITING)]
    pairs = itertools.zip_longest(waiting, others)
    return [group for pair in pairs for group in pair if group]


def begun_today(groups, day):
    """Return the groups in the order of a day: as they are, but begun at another one."""
    first = len(groups) * (day % DAYS) // DAYS
    return groups[first:] + groups[:first]


def pytest_runtest_setup(item):
    if item.config.getoption("minutes") and time.time() > float(os.environ[UNTIL]):
        pytest.skip(NO_TIME)
    if item.get_closest_marker("sandbox") and not item.get_closest_marker("browser"):
        shared.parent_of_boxes()


def pytest_terminal_summary(terminalreporter):
    skipped = terminalreporter.stats.get("skipped", [])
    left = Counter(r.nodeid.split("::")[0] for r in skipped if NO_TIME in str(r.longrepr))
    if left:
        terminalreporter.section("left for another day")
        for file, number in left.items():
            terminalreporter.line(f"{file}: {number} tests")
