"""Every rule about shapes and counts is told from the others; docs/confusion.md says how well."""

import pytest

from autograder.learn.diagnose import all_beliefs
from autograder.learn.mistakes import rules
from tests.learn import confusion

#: Fewer answers than this would say nothing.
ENOUGH = 50


@pytest.fixture(scope="module")
def found():
    return confusion.records()


def test_no_rule_is_left_out(found):
    codes = {belief.first.code for belief in all_beliefs()} | {r.code for r in rules("reading")}
    assert {record.code for record in found} == codes
    assert {r.code: r.tried for r in found if r.tried < ENOUGH} == {}


def test_each_rule_is_named(found):
    assert {(r.code, r.asked): r.others for r in found if r.share < 0.98} == {}


def test_the_page_is_current(found):
    page = confusion.TABLE.read_text(encoding="utf-8")
    assert page == confusion.as_table(found), "run python -m tests.learn.confusion"
