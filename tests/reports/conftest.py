import pytest

from tests.grade.classroom import find_lesson
from tests.reports.synthetic import SMALL, SyntheticCourse


@pytest.fixture
def synthetic(tmp_path):
    """A course with the small lesson, in which nobody is yet."""
    return small_course(tmp_path)


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """The same, for all tests of a module."""
    return small_course(tmp_path_factory.mktemp("course"))


def small_course(folder):
    (folder / "root").mkdir()
    lesson = find_lesson(SMALL, folder / "root")
    return SyntheticCourse(folder / "course", lesson.root)
