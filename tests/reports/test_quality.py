"""The report on the exercises themselves has the numbers that the tests have."""

import json

import pytest

from autograder.cli import main
from autograder.errors import UserError
from autograder.reports.quality import quality
from tests.lessons import table
from tests.reports.pages import Page


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """What the command writes of all lessons, which takes it seconds."""
    file = tmp_path_factory.mktemp("quality") / "quality.html"
    assert main(["report", "--quality", "-o", str(file)]) == 0
    text = file.read_text("utf-8")
    assert text.startswith("<!DOCTYPE html>")
    return Page(text)


def test_each_exercise_has_its_numbers(page):
    for lesson in {line.lesson for line in table.lines()}:
        lines = [line for line in table.lines() if line.lesson == lesson]
        for row, line in zip(page.table(f"{lesson}, as numbers"), lines, strict=True):
            numbers = (line.level, line.points, line.right, line.wrong, line.codes)
            assert row[0].endswith(line.name)
            assert row[1:] == [line.kind, *(f"{number:g}" for number in numbers)]


def test_the_totals(page):
    totals = (
        len(table.lines()),
        sum(x.right for x in table.lines()),
        sum(x.wrong for x in table.lines()),
    )
    told = " ".join(page.text.split())
    assert all(f"{total} " in told for total in totals)


def test_the_same_as_json(capsys):
    assert main(["report", "--quality", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [each["name"] for each in found["exercises"]] == [line.name for line in table.lines()]
    assert {"code", "alone", "tied", "lost"} <= found["rules"][0].keys()


def test_a_page_that_is_not_there_is_told(tmp_path):
    with pytest.raises(UserError, match="there is no lesson"):
        quality(tmp_path)
