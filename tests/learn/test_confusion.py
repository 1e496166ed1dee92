"""Every rule about shapes and counts is told from the others; docs/confusion.md says how well."""

import pytest

from autograder.learn.diagnose import all_beliefs
from autograder.learn.mistakes import rules
from tests.learn import confusion

#: How often each rule is tried each time.
FEW = 1
#: Fewer answers than this would say nothing, where all are tried.
ENOUGH = 50


@pytest.fixture(scope="module")
def few():
    return confusion.records(FEW)


@pytest.fixture(scope="module")
def found():
    return confusion.records()


def test_no_rule_is_left_out(few):
    codes = {belief.first.code for belief in all_beliefs()} | {r.code for r in rules("reading")}
    assert {record.code for record in few} == codes
    assert {r.code: r.tried for r in few if r.tried < FEW} == {}


def test_each_rule_is_named(few):
    assert unnamed(few) == {}


@pytest.mark.long
def test_each_rule_is_named_on_many_models(found):
    assert {r.code: r.tried for r in found if r.tried < ENOUGH} == {}
    assert unnamed(found) == {}


@pytest.mark.long
def test_the_page_is_current(found):
    page = confusion.TABLE.read_text(encoding="utf-8")
    assert page == confusion.as_table(found), "run python -m tests.learn.confusion"


def unnamed(found):
    """Return what was named instead of the rules that were not named often enough.

    Weak ones may well not be: they are told only where no other fits.
    """
    weak = {rule.code for belief in all_beliefs() for rule in belief.rules if rule.weak}
    weak |= {rule.code for rule in rules("reading") if rule.weak}
    return {(r.code, r.asked): r.others for r in found if r.share < 0.98 and r.code not in weak}
