"""Every claim and example of the documents has its place in a lesson, or a reason why not."""

import pytest

from tests.lessons import coverage

LINES = coverage.read()
ANSWERED = [line for line in LINES if not line["reason"]]
MEND = "run python -m tests.lessons.coverage"


def test_all_examples_and_claims_are_there():
    expected = [
        f"{key}-{letter}{i}"
        for letter, sizes in (("C", coverage.CLAIMS), ("E", coverage.EXAMPLES))
        for key, size in sizes.items()
        for i in range(1, size + 1)
    ]
    assert sorted(line["id"] for line in LINES) == sorted(expected)
    assert (sum(coverage.CLAIMS.values()), sum(coverage.EXAMPLES.values())) == (135, 13)


def test_all_examples_are_reproduced():
    left_out = [line["id"] for line in LINES if coverage.is_example(line) and line["reason"]]
    assert left_out == []


def test_verdicts():
    assert {line["verdict"] for line in LINES} <= set(coverage.VERDICTS)
    unanswered = {line["verdict"] for line in LINES if line["reason"]}
    assert unanswered <= {"missing", "not checkable"}


@pytest.fixture(scope="module")
def known():
    return {}


@pytest.mark.parametrize("line", ANSWERED, ids=lambda line: line["id"])
def test_the_evidence_is_in_the_cell(line, known):
    assert len(line["evidence"]) > 2, "too little to be evidence"
    assert line["cell"] in coverage.locate(line, known), MEND


@pytest.mark.parametrize("line", [x for x in LINES if x["reason"]], ids=lambda line: line["id"])
def test_a_reason_stands_in_the_place_of_a_cell(line):
    assert len(line["reason"]) > 20
    assert line["cell"] == line["evidence"] == ""


def test_the_readme_shows_the_short_form():
    text = coverage.README.read_text(encoding="utf-8")
    assert text == coverage.in_readme(text, coverage.short_form(LINES)), MEND
