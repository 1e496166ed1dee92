"""A class that `autograder grade` has graded is one like any other, for nbgrader and formgrader.

Two students go through the exchange. They are graded by us, then marked and commented on in
formgrader, then graded again in all the ways there are; marks are exported, feedback comes back.
"""

import html
import json
import re
import shutil

import nbformat
import pytest

from tests import notebooks
from tests.grade import small_lesson
from tests.grade.classroom import School, find_lesson
from tests.grade.test_formgrader import get, serve

pytestmark = pytest.mark.sandbox

NAME = small_lesson.NAME
COMMENT = "Draw the shapes first, then count."
ONE_USER = "--ExchangeCollect.check_owner=False"  # all of this class are one
#: A right answer that tells whether it can see anything of the course.
CURIOUS = """\
import os
def say_seven():
    return 7
print("sees the gradebook:", os.path.exists({!r}))"""


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """Return (school, what was told of each student), after `autograder grade`."""
    lesson = find_lesson(NAME, tmp_path_factory.mktemp("lesson"))
    school = School(lesson, tmp_path_factory.mktemp("school"))
    del school.students["all_right"]  # whose answers "untouched" hands in later
    school.answers["half_right"]["say_seven"] = CURIOUS.format(str(school.course / "gradebook.db"))
    school.release()
    school.hand_in()
    school.instructor.nbgrader("collect", NAME, ONE_USER)
    return school, school.autograder_grade()


class Formgrader:
    """Somebody who looks at a course in formgrader."""

    def __init__(self, school, address):
        self.school, self.address = school, f"{address}/formgrader"

    def page(self, student):
        """Return the text of the page on which a notebook is marked."""
        with self.school.gradebook() as book:
            number = book.find_submission_notebook(NAME, NAME, student).id
        return text_of(get(f"{self.address}/submissions/{number}"))

    def scores(self):
        """Return {student: points} as listed."""
        listed = json.loads(get(f"{self.address}/api/submissions/{NAME}"))
        return {one["student"]: one["score"] for one in listed if one["autograded"]}

    def found(self, what, student, name):
        """Return a grade or a comment."""
        with self.school.gradebook() as book:
            number = book.find_submission_notebook(NAME, NAME, student).id
        listed = json.loads(get(f"{self.address}/api/{what}s?submission_id={number}"))
        return next(one for one in listed if one["name"] == name)

    def change(self, what, student, name, **values):
        """Write a grade or a comment, as the page does when a person has typed it."""
        number = self.found(what, student, name)["id"]
        get(f"{self.address}/api/{what}/{number}", method="PUT", data=values)

    def press(self, student):
        """Press the button that grades."""
        button = f"{self.address}/api/submission/{NAME}/{student}/autograde"
        answer = json.loads(get(button, method="POST"))
        assert answer["success"], answer


@pytest.fixture(scope="module")
def marked(graded):
    """Return (school, what formgrader showed) after a person has marked and graded again."""
    school, _ = graded
    seen = {}
    with serve(school.instructor) as address:
        formgrader = Formgrader(school, address)
        seen["scores"] = formgrader.scores()
        seen["page"] = formgrader.page("half_right")
        formgrader.change("grade", "half_right", "test_build_model", manual_score=1.5)
        formgrader.change("comment", "half_right", "build_model", manual_comment=COMMENT)
        seen["marked"] = formgrader.scores()
        seen["by hand"] = row(school, "half_right", "test_build_model")
        formgrader.press("half_right")
        seen["pressed"] = row(school, "half_right", "test_build_model")
        seen["sandboxed"] = printed(school, "half_right")
        school.autograder_grade("--force", "--student", "half_right")
        seen["graded again"] = row(school, "half_right", "test_build_model")
        seen["comment"] = formgrader.found("comment", "half_right", "build_model")
        # Once more a person agrees with the mark.
        formgrader.change("grade", "half_right", "test_build_model", manual_score=1.5)
        seen["at last"] = formgrader.scores()
    return school, seen


@pytest.fixture(scope="module")
def given_back(marked):
    """Return the school after another submission, nbgrader's autograde, feedback and export."""
    school, _ = marked
    notebooks.write_submission(school.submission("untouched"), school.answers["all_right"])
    school.students["untouched"].nbgrader("submit", NAME)
    school.instructor.nbgrader("collect", NAME, ONE_USER, "--update")
    school.instructor.nbgrader("autograde", NAME)
    for step in ("generate_feedback", "release_feedback"):
        school.instructor.nbgrader(step, NAME)
    school.instructor.nbgrader("export", "--to", "marks.csv")
    school.give_back()
    return school


def row(school, student, check):
    """Return what the gradebook has of a check."""
    with school.gradebook() as book:
        grade = book.find_grade(check, NAME, NAME, student)
        return grade.auto_score, grade.manual_score, grade.needs_manual_grade


def printed(school, student):
    """Return what a student's cells have printed."""
    cells = nbformat.read(school.graded(student), as_version=4).cells
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    return "".join(output.get("text", "") for output in outputs)


def text_of(page):
    return html.unescape(re.sub(r"<[^>]*>", "", page))


def test_formgrader_lists_the_marks(marked):
    assert marked[1]["scores"] == {"half_right": 4, "untouched": 0}


def test_formgrader_shows_the_graded_notebook(marked):
    page = marked[1]["page"]
    assert "sees the gradebook: False" in page
    assert small_lesson.MESSAGE.split(". ")[0] in page


def test_a_mark_by_hand_counts(marked):
    assert marked[1]["marked"]["half_right"] == 5.5
    assert marked[1]["by hand"] == (0, 1.5, False)


@pytest.mark.parametrize("way", ["pressed", "graded again"])
def test_a_mark_and_a_comment_outlast_a_new_grading(marked, way):
    """nbgrader keeps them, and wants a person to look at that mark again."""
    _, seen = marked
    assert seen[way] == (0, 1.5, True)
    assert seen["comment"]["manual_comment"] == COMMENT
    assert seen["at last"] == {"half_right": 5.5, "untouched": 0}


@pytest.mark.long
def test_nbgrader_alone_keeps_them_in_the_same_way(given_back, tmp_path):
    stock = given_back.copied(tmp_path / "course")
    stock.use_stock_steps()
    assert row(stock, "half_right", "test_build_model") == (0, 1.5, False)
    stock.instructor.nbgrader("autograde", NAME, "--student", "half_right", "--force")
    assert "sees the gradebook: True" in printed(stock, "half_right")
    assert row(stock, "half_right", "test_build_model") == (0, 1.5, True)


def test_formgraders_button_grades_in_the_sandbox(marked):
    assert "sees the gradebook: False" in marked[1]["sandboxed"]


def test_nbgraders_autograde_takes_in_a_new_submission(given_back):
    assert sum(given_back.autograded("untouched").values()) == 8
    assert row(given_back, "half_right", "test_build_model") == (0, 1.5, False)


def test_marks_are_exported(given_back):
    scores = {name: float(line["score"]) for name, line in given_back.exported().items()}
    assert scores == {"half_right": 5.5, "untouched": 8}


def test_feedback_comes_back_with_mark_and_comment(given_back):
    for student, score in (("half_right", 5.5), ("untouched", 8.0)):
        (page,) = given_back.feedback(student)
        text = text_of(page.read_text("utf-8"))
        assert f"(Score: {score} / 8.0)" in text
        assert (COMMENT in text) == (student == "half_right")
        assert "hidden_model" not in text


@pytest.mark.long
def test_the_gradebooks_own_commands(given_back, tmp_path):
    school = given_back.copied(tmp_path / "course")
    nbgrader = school.instructor.nbgrader
    nbgrader("db", "student", "add", "newcomer", "--first-name=New")
    listed = nbgrader("db", "student", "list") + nbgrader("db", "assignment", "list")
    assert "newcomer" in listed and "half_right" in listed and NAME in listed
    nbgrader("db", "student", "remove", "untouched", "--force")
    assert set(school.autograder_grade("--student", "half_right")) == {"half_right"}


def test_without_a_sandbox_nbgraders_autograde_grades_nothing_and_says_so(graded, tmp_path):
    school = graded[0].copied(tmp_path / "course")
    shutil.rmtree(school.course / "autograded")
    school.instructor.environment = {**school.instructor.environment, "PATH": ""}
    with pytest.raises(AssertionError, match="No sandbox works here, so nothing was run"):
        school.instructor.nbgrader("autograde", NAME)
    assert not list((school.course / "autograded").rglob("*.ipynb"))
