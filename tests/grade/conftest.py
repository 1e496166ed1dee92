import pytest

from tests.circles import long_but
from tests.grade.classroom import School, find_lesson

#: The lessons that a whole class is taken through.
LESSONS = ["90_small_lesson", "01_input_vs_flatten"]


@pytest.fixture(scope="session", params=long_but(LESSONS[:1], LESSONS))
def lesson(request, tmp_path_factory):
    return find_lesson(request.param, tmp_path_factory.mktemp("lesson"))


@pytest.fixture(scope="session")
def school(lesson, tmp_path_factory):
    school = School(lesson, tmp_path_factory.mktemp("school"))
    school.release()
    school.use_stock_steps()
    school.hand_in()
    school.grade()
    school.give_back()
    return school
