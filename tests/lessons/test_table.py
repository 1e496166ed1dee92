"""The table of exercises is current, and holds what a course of this size should."""

import re
from collections import Counter

from tests.lessons import table

LINES = table.lines()


def test_the_page_is_current():
    page = table.TABLE.read_text(encoding="utf-8")
    assert page == table.as_table(LINES), "run python -m tests.lessons.table"


def test_enough_exercises_and_half_of_them_build():
    assert len(LINES) >= 55
    assert sum(line.kind == "build" for line in LINES) * 2 >= len(LINES)


def test_names_are_unique_over_the_course():
    assert [n for n, k in Counter(line.name for line in LINES).items() if k > 1] == []


def test_each_lesson_begins_easier_than_it_ends():
    for lesson in {line.lesson for line in LINES}:
        levels = [line.level for line in LINES if line.lesson == lesson]
        assert levels[0] <= levels[-1], lesson


def test_the_readme_says_how_long_each_lesson_is():
    readme = (table.ROOT / "README.md").read_text(encoding="utf-8")
    for lesson in {line.lesson for line in LINES}:
        text = (table.ROOT / "solutions" / f"{lesson}.py").read_text(encoding="utf-8")
        exercises, minutes = re.search(r"(\d+) exercises? · .* · (\d+) minutes", text).groups()
        assert re.search(rf"{lesson}\.ipynb\).*\| {exercises} \| {minutes} min \|", readme), lesson
