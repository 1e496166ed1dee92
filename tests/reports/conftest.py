import pytest

from tests.grade.classroom import find_lesson
from tests.reports.synthetic import SMALL, SyntheticCourse


@pytest.fixture(scope="session")
def untouched(tmp_path_factory):
    """A course with the small lesson, to be copied: a new gradebook takes nbgrader seconds."""
    folder = tmp_path_factory.mktemp("small")
    (folder / "root").mkdir()
    lesson = find_lesson(SMALL, folder / "root")
    return SyntheticCourse(folder / "course", lesson.root)


@pytest.fixture
def synthetic(untouched, tmp_path):
    """A course with the small lesson, in which nobody is yet."""
    return untouched.copy(tmp_path / "course")


@pytest.fixture(scope="module")
def shared(untouched, tmp_path_factory):
    """The same, for all tests of a module."""
    return untouched.copy(tmp_path_factory.mktemp("shared") / "course")
