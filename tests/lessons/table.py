"""All exercises of the course, and what is tried on each. Writes docs/exercises.md.

python -m tests.lessons.table
"""

import functools

from autograder.reports import exercises
from tests.lessons.conftest import ROOT

TABLE = ROOT / "docs" / "exercises.md"


@functools.cache
def lines():
    """Return a Line for each exercise, in the order of the lessons."""
    return exercises.read_lines(ROOT)


def as_table(found):
    """Return the page with all exercises."""
    return exercises.as_table(found, TABLE, ROOT, "python -m tests.lessons.table")


if __name__ == "__main__":
    TABLE.write_text(as_table(lines()), encoding="utf-8")
