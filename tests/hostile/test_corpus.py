"""Each submission of the corpus, graded by our grader: points, and the state of the world."""

import pytest

from tests.hostile import world
from tests.hostile.cases import CLASSES, load
from tests.hostile.judgement import faults
from tests.hostile.run import classes, graded

pytestmark = pytest.mark.sandbox

#: How many cases are graded as one class.
TOGETHER = 12
CASES = load()


def _takes_long(case):
    """Tell whether there is much to wait for: time-outs, floods, a second pass."""
    return case.name[0] in "dfa" or case.slow or case.two_pass


def _by_time(cases):
    """Return lists of cases that are graded together: none of those that take long with others."""
    long = [case for case in cases if _takes_long(case)]
    return [
        *classes([case for case in cases if not _takes_long(case)], TOGETHER),
        *classes(long, TOGETHER),
    ]


_CLASSES = {
    case.name: (number, some)
    for number, some in enumerate(_by_time(list(CASES.values())))
    for case in some
}


@pytest.fixture(scope="session")
def outcome_of():
    """Return a function from a case to its outcome; the class that it is in is graded once."""
    with world.made(world.OURS) as one:
        found = {}

        def outcome_of(case):
            if case.name not in found:
                found.update(graded(one, _CLASSES[case.name][1]))
            return found[case.name]

        yield outcome_of


def _in_groups():
    """Yield the cases; those of a class are for the same process."""
    for name, case in CASES.items():
        marks = [pytest.mark.xdist_group(f"corpus-{_CLASSES[name][0]}")]
        marks += [pytest.mark.long] if _takes_long(case) else []
        yield pytest.param(case, id=name, marks=marks)


@pytest.mark.parametrize("case", list(_in_groups()))
def test_case(case, outcome_of):
    assert faults(case, outcome_of(case)) == []


def test_there_are_enough_of_each_class():
    count = {letter: sum(name[0] == letter for name in CASES) for letter in CLASSES}
    assert sum(count.values()) >= 140
    assert count["a"] >= 15
    assert all(count.values())
