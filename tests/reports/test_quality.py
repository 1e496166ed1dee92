"""The report on the exercises themselves has the numbers that the tests have."""

import json

import pytest

from autograder.cli import main
from autograder.errors import UserError
from autograder.reports.quality import quality
from tests.grade.classroom import REPOSITORY
from tests.lessons import table
from tests.reports.pages import Page

LINES = table.lines()


@pytest.fixture(scope="module")
def page():
    return Page(quality(REPOSITORY))


def test_each_exercise_has_its_numbers(page):
    for lesson in {line.lesson for line in LINES}:
        lines = [line for line in LINES if line.lesson == lesson]
        for row, line in zip(page.table(f"{lesson}, as numbers"), lines, strict=True):
            numbers = (line.level, line.points, line.right, line.wrong, line.codes)
            assert row[0].endswith(line.name)
            assert row[1:] == [line.kind, *(f"{number:g}" for number in numbers)]


def test_the_totals(page):
    totals = (len(LINES), sum(x.right for x in LINES), sum(x.wrong for x in LINES))
    told = " ".join(page.text.split())
    assert all(f"{total} " in told for total in totals)


def test_the_command(tmp_path, capsys):
    file = tmp_path / "quality.html"
    assert main(["report", "--quality", "-o", str(file)]) == 0
    assert file.read_text("utf-8").startswith("<!DOCTYPE html>")
    capsys.readouterr()
    assert main(["report", "--quality", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [each["name"] for each in found["exercises"]] == [line.name for line in LINES]
    assert {"code", "alone", "tied", "lost"} <= found["rules"][0].keys()


def test_pages_that_are_not_there_are_told(tmp_path):
    with pytest.raises(UserError, match="make tables"):
        quality(tmp_path)
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "exercises.md").write_text("# Nothing\n")
    with pytest.raises(UserError, match="holds no table"):
        quality(tmp_path)
