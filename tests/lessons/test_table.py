"""The table of exercises is current, and holds what a course of this size should."""

import re
from collections import Counter

import pytest

from autograder.author.lesson import read_lesson
from tests.lessons import table
from tests.lessons.pages import LESSONS


def test_the_page_is_current():
    page = table.TABLE.read_text(encoding="utf-8")
    assert page == table.as_table(table.lines()), "run python -m tests.lessons.table"


def test_enough_exercises_and_half_of_them_build():
    assert len(table.lines()) >= 55
    assert sum(line.kind == "build" for line in table.lines()) * 2 >= len(table.lines())


def test_names_are_unique_over_the_course():
    assert [n for n, k in Counter(line.name for line in table.lines()).items() if k > 1] == []


def test_each_lesson_begins_easier_than_it_ends():
    for lesson in {line.lesson for line in table.lines()}:
        levels = [line.level for line in table.lines() if line.lesson == lesson]
        assert levels[0] <= levels[-1], lesson


@pytest.mark.parametrize("lesson", [lesson for lesson in LESSONS if lesson[0].isdigit()])
def test_the_minutes_are_worked_out(lesson):
    """200 words a minute, half a minute for a cell that shows something, and the exercises."""
    read = read_lesson(table.ROOT / "solutions" / f"{lesson}.py", table.ROOT)
    words = sum(len(cell.source.split()) for cell in read.cells if cell.kind == "markdown")
    shown = sum(cell.kind == "code" and not cell.role for cell in read.cells)
    levels = [line.level for line in table.lines() if line.lesson == lesson]
    minutes = words / 200 + shown / 2 + sum((3, 6, 10)[level - 1] for level in levels)
    said = re.search(r" · (\d+) minutes", read.cells[0].source)[1]
    assert abs(int(said) - minutes) <= 5, f"{minutes:.0f}"


def test_the_readme_says_how_long_each_lesson_is():
    readme = (table.ROOT / "README.md").read_text(encoding="utf-8")
    for lesson in {line.lesson for line in table.lines()}:
        text = (table.ROOT / "solutions" / f"{lesson}.py").read_text(encoding="utf-8")
        exercises, minutes = re.search(r"(\d+) exercises? · .* · (\d+) minutes", text).groups()
        assert re.search(rf"{lesson}\.ipynb\).*\| {exercises} \| {minutes} min \|", readme), lesson
