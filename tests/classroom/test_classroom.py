"""A class at a hub, from release to feedback, each in a browser of their own."""

import subprocess
import sys

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder.learn.mistakes import rules
from tests import notebooks
from tests.circles import long_but
from tests.classroom.people import Instructor, Student
from tests.grade.classroom import find_lesson, lay_out
from tests.grade.test_class import hidden_lines

pytestmark = pytest.mark.classroom

LESSON = "00_start_here"
#: Of the two exercises, each student answers one rightly and the other in a way that we know.
WRONG = {
    "student1": ("batch_of_one", "row_for_sample"),
    "student2": ("framed_shape", "frame_on_one_side"),
}
#: What the answer cells hold at first.
BEFORE = {"framed_shape": "framed_shape = ...", "batch_of_one": "def batch_of_one(sample):"}


@pytest.fixture
def course(hub):
    """The course, laid out in the instructor's home as docs/classroom.md says."""
    course = hub.home("instructor") / "keras_shapes"
    lay_out(find_lesson(LESSON, None), course, "--exchange", hub.exchange)
    with open(course / "nbgrader_config.py", "a") as file:
        # All of this class are one user of the operating system.
        file.write("\nc.ExchangeCollect.check_owner = False\n")
    subprocess.run(
        [sys.executable, "-m", "nbgrader", "db", "student", "import", hub.folder / "roster.csv"],
        cwd=course,
        check=True,
    )
    return course


@pytest.mark.parametrize("students", long_but([1], [1, 2]))
def test_a_class_from_release_to_feedback(hub, course, browser, pictures, students):
    names = list(WRONG)[:students]
    with hub.running():
        instructor = Instructor(browser, hub, "instructor", pictures)
        students = {name: Student(browser, hub, name, pictures) for name in names}
        release(instructor)
        for student in students.values():
            hand_in(student)
        grade(instructor, students)
        hidden = hidden_lines(course / "source" / LESSON / f"{LESSON}.ipynb")
        for name, student in students.items():
            read_feedback(student, hidden)
            assert marks(course, name) == expected(course, name)


def release(instructor):
    instructor.log_in()
    assert "Formgrader" in instructor.choices("Nbgrader")
    instructor.open_formgrader()
    assert "Successfully created" in instructor.press("assign", LESSON)
    assert "Successfully released" in instructor.press("release", LESSON)
    instructor.wait_for("status", LESSON, "released")


def hand_in(student):
    """Fetch, answer, validate and submit."""
    student.log_in()
    assert student.choices("Nbgrader") == ["Assignment List"]
    assert student.status_at("/user/instructor/formgrader") == 403
    student.open_assignments()
    student.wait_until("released", LESSON)
    student.press("Fetch", "released", LESSON)
    student.wait_until("fetched", LESSON)
    student.open_notebook(LESSON)
    wrong, mistake = WRONG[student.name]
    for exercise, source in answers(student.name).items():
        student.answer(BEFORE[exercise], source)
    told = student.validate()
    assert "The following cell failed" in told
    assert belief(mistake) in in_one_line(told)
    student.go_to("Assignments")
    student.press("Submit", "fetched", LESSON)
    student.wait_until("submitted", LESSON)
    student.picture("submitted")


def answers(name):
    wrong, mistake = WRONG[name]
    exercises = find_lesson(LESSON, None).exercises
    return {
        exercise: dict(map(reversed, kinds.wrong))[mistake] if exercise == wrong else kinds.right[0]
        for exercise, kinds in exercises.items()
    }


def grade(instructor, students):
    """Collect, grade and give feedback, by formgrader's buttons."""
    assert "Successfully collected" in instructor.press("collect", LESSON)
    instructor.wait_for("num-submissions", LESSON, str(len(students)))
    instructor.open_submissions(LESSON)
    for name in students:
        assert "Successfully autograded" in instructor.press("autograde", name)
        instructor.wait_for("status", name, "graded")
    instructor.wait_for("student-name", "student1", "Student, First")
    instructor.picture("graded")
    instructor.go_back()
    assert "Successfully generated feedback" in instructor.press("generate-feedback", LESSON)
    assert "Successfully released feedback" in instructor.press("release-feedback", LESSON)


def read_feedback(student, hidden):
    _, mistake = WRONG[student.name]
    text = student.read_feedback(LESSON, belief(mistake))
    assert "✔ Right." in text
    assert hidden
    assert not [line for line in hidden if line in text]


def marks(course, name):
    """Return the points that the gradebook has for a student's checks."""
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}", "keras_shapes") as book:
        notebook = book.find_submission_notebook(LESSON, LESSON, name)
        assert not notebook.needs_manual_grade
        return {grade.name: grade.score for grade in notebook.grades}


def expected(course, name):
    wrong, _ = WRONG[name]
    released = course / "release" / LESSON / f"{LESSON}.ipynb"
    points = notebooks.points(nbformat.read(released, as_version=4))
    return {check: 0 if check == f"test_{wrong}" else most for check, most in points.items()}


def belief(code):
    """Return the belief behind a known mistake, as every message about it says."""
    return next(rule.belief for rule in rules() if rule.code == code)


def in_one_line(text):
    return " ".join(text.split())
