"""Each submission of the corpus, graded by our grader: points, and the state of the world."""

import pytest

from tests.hostile import world
from tests.hostile.cases import CLASSES, load
from tests.hostile.judgement import faults
from tests.hostile.run import PAGE, chosen, classes, graded, on_page, page

pytestmark = pytest.mark.sandbox

#: How many cases are graded as one class.
TOGETHER = 12
#: Those that are tried each time, some of each kind: answers that lie, kernels that are tampered
#: with, marks forged, words and names that act, files, links, and honest ones. (Those that tell on
#: arguments of hidden tests take two passes; test_execute.py has some.)
QUICK = [
    *("a103", "c08", "c20", "c24", "d24", "f01", "f10", "h24", "h36", "m01", "m07", "x15"),
]
CASES = load()


def _is_quick(case):
    return case.name.split("_")[0] in QUICK


def _takes_long(case):
    """Tell whether there is much to wait for: time-outs, floods, a second pass."""
    return case.name[0] in "dfa" or case.slow or case.two_pass


def _by_time(cases):
    """Return lists of cases that are graded together: first the quick ones, last the slowest."""
    quick = [case for case in cases if _is_quick(case)]
    others = [case for case in cases if not _is_quick(case)]
    slow = [case for case in others if _takes_long(case)]
    some = [case for case in others if not _takes_long(case)]
    return [found for kind in (quick, some, slow) for found in classes(kind, TOGETHER)]


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
    """Yield the cases; those of a class, and all quick ones, are for the same process."""
    for name, case in CASES.items():
        quick = _is_quick(case)
        group = "quick" if quick else _CLASSES[name][0]
        marks = [pytest.mark.xdist_group(f"corpus-{group}")] + [pytest.mark.long] * (not quick)
        yield pytest.param(case, id=name, marks=marks)


@pytest.mark.parametrize("case", list(_in_groups()))
def test_case(case, outcome_of):
    assert faults(case, outcome_of(case)) == []


def test_there_are_enough_of_each_class():
    count = {letter: sum(name[0] == letter for name in CASES) for letter in CLASSES}
    assert sum(count.values()) >= 140
    assert count["a"] >= 15
    assert all(count.values())


def test_each_is_handed_in_by_a_student_of_its_own():
    assert len(set(map(world.student_of, CASES.values()))) == len(CASES)


def test_the_page_tells_of_each_case():
    text = PAGE.read_text("utf-8")
    found = on_page(text)
    assert {(name, grader) for name in CASES for grader in (world.OURS, world.STOCK)} == set(found)
    assert page(chosen([]), found) == text
