"""A course directory that is there already: how its gradebook is opened."""

import sqlite3
from contextlib import closing

import pytest

from tests.grade.classroom import find_lesson
from tests.reports.synthetic import SMALL, SyntheticCourse


@pytest.fixture
def school(tmp_path):
    """A course with the small lesson."""
    (tmp_path / "root").mkdir()
    return SyntheticCourse(tmp_path / "course", find_lesson(SMALL, tmp_path / "root").root)


def test_a_gradebook_that_is_kept_open_is_the_same_one_and_lets_others_write(school):
    course = school.opened
    with course.open_for_long():
        with course.gradebook() as first:
            assert course.scores(SMALL) == {}
            assert first.students == []
        with closing(sqlite3.connect(school.directory / "gradebook.db", timeout=0)) as another:
            another.execute("BEGIN EXCLUSIVE")
            another.execute("INSERT INTO student (id) VALUES ('ada')")
            another.commit()
        with course.gradebook() as again:
            assert again is first
            assert [student.id for student in again.students] == ["ada"]
    with course.gradebook() as afterwards:
        assert afterwards is not first
