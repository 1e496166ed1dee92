"""nbgrader's own autograde, as a course's configuration sets it up, on whatever is sent."""

import os
import subprocess
import sys

import nbformat
import pytest

from autograder.grade.book import steps
from tests.grade import small_lesson
from tests.grade.classroom import REPOSITORY, School, find_lesson
from tests.grade.test_grading import FULL

pytestmark = pytest.mark.sandbox

# All but the running of students' code, which other tests are about.
STAND_IN = """
from tests.grade.stand_in import StandIn
steps.use(c, StandIn)
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A submission as it lies in a course directory, in which nbgrader calls the hook."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "submitted" / "sam" / "01_topic"
    folder.mkdir(parents=True)
    (folder / "01_topic.ipynb").write_text("{}")
    (folder / "numbers.csv").write_text("1,2")
    (tmp_path / "gradebook.db").write_text("everybody's marks")
    return folder


def set_aside(folder):
    """Call the hook as nbgrader does; return the notebooks that it leaves to be graded."""
    notebooks = [str(folder / "01_topic.ipynb")]
    steps.set_aside(assignment="01_topic", student="*", notebooks=notebooks)
    return notebooks


def names(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def kept(folder):
    return names(folder.parents[2] / ".autograder" / "set_aside")


def test_a_submission_of_files_is_left_alone(folder):
    (folder / "data").mkdir()
    (folder / "data" / "more.csv").write_text("3,4")
    (folder / "timestamp.txt").write_text("2030-01-01 12:00:00.000000 UTC")
    before = names(folder)
    assert len(set_aside(folder)) == 1
    assert names(folder) == before
    assert not (folder.parents[2] / ".autograder").exists()


def test_links_and_pipes_are_moved_and_none_is_lost(folder):
    book = folder.parents[2] / "gradebook.db"
    (folder / "data").mkdir()
    (folder / "data" / "book.db").symlink_to(book)
    (folder / "all").symlink_to(folder.parents[2])
    (folder / "hard.db").hardlink_to(book)
    os.mkfifo(folder / "pipe")
    set_aside(folder)
    assert names(folder) == ["01_topic.ipynb", "data", "numbers.csv"]
    assert kept(folder)[2:] == [
        f"sam/01_topic/{name}" for name in ("all", "data", "data/book.db", "hard.db", "pipe")
    ]
    assert book.read_text() == "everybody's marks"


def test_what_was_set_aside_before_is_kept(folder):
    for _ in range(2):
        (folder / "pipe").unlink(missing_ok=True)
        os.mkfifo(folder / "pipe")
        set_aside(folder)
    assert [name for name in kept(folder) if "pipe" in name] == [
        "sam/01_topic.1/pipe",
        "sam/01_topic/pipe",
    ]


def test_nothing_is_moved_through_a_link_that_was_set_aside(folder):
    elsewhere = folder.parents[2] / "elsewhere"
    elsewhere.mkdir()
    (folder / "data").symlink_to(elsewhere)
    set_aside(folder)
    (folder / "data").mkdir()
    (folder / "data" / "start.py").symlink_to("/etc/passwd")
    set_aside(folder)
    assert names(elsewhere) == []
    assert "sam/01_topic.1/data/start.py" in kept(folder)


@pytest.mark.parametrize(
    "text", ["yesterday", "\x00", "9" * 100, "2030-01-01 12:00:00 nowhere/else/x x", "é" * 300]
)
def test_a_timestamp_that_nbgrader_cannot_read_is_moved(folder, text):
    (folder / "timestamp.txt").write_text(text)
    set_aside(folder)
    assert "timestamp.txt" not in names(folder)
    assert "sam/01_topic/timestamp.txt" in kept(folder)


@pytest.mark.parametrize(
    ("zone", "hour"), [("UTC", None), ("Europe/Berlin", None), ("CEST", 10), ("+0200", 10)]
)
def test_a_time_that_nbgrader_would_misread_is_told_in_utc(folder, zone, hour):
    (folder / "timestamp.txt").write_text(f"2030-07-01 12:00:00.000000 {zone}")
    assert len(set_aside(folder)) == 1
    if hour is None:
        assert not (folder.parents[2] / ".autograder").exists()
    else:
        told = (folder / "timestamp.txt").read_text()
        assert told == f"2030-07-01 {hour}:00:00.000000 UTC"
        assert "sam/01_topic/timestamp.txt" in kept(folder)


def test_nothing_is_graded_in_a_students_folder_that_is_a_link(folder):
    folder.parent.rename(folder.parents[1] / "zoe")
    folder.parent.symlink_to("zoe")
    assert set_aside(folder) == []


def test_when_it_cannot_move_them_nothing_is_graded(folder):
    (folder / "link").symlink_to("/etc/passwd")
    (folder.parents[2] / ".autograder").write_text("a file in the way")
    assert set_aside(folder) == []


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """(school, what was printed) after `nbgrader autograde` of a class with hostile students."""
    school = School(
        find_lesson(small_lesson.NAME, tmp_path_factory.mktemp("lesson")),
        tmp_path_factory.mktemp("course"),
    )
    school.lay_out()
    configuration = school.course / "nbgrader_config.py"
    configuration.write_text(configuration.read_text() + STAND_IN)
    answers = {name: exercise.right[0] for name, exercise in school.lesson.exercises.items()}
    for name in ("honest", "latin", "link", "pipe", "shares", "zoe"):
        school.bring(name, answers)
    text = school.brought("latin").read_text("utf-8")
    school.brought("latin").write_text(text.replace("small lesson", "lesson, à moi"), "cp1252")
    for name in ("link", "pipe"):
        school.brought(name).unlink()
    school.brought("link").symlink_to(school.brought("honest"))
    os.mkfifo(school.brought("pipe"))
    folder = school.brought("shares").parent
    (folder / "book.txt").symlink_to(school.course / "gradebook.db")
    os.mkfifo(folder / "data.txt")
    (folder / "timestamp.txt").write_text("whenever")
    (folder / "mine.txt").write_text("my own")
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", "autograde", school.lesson.name],
        cwd=school.course,
        env={**school.instructor.environment, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 1  # two are not graded
    return school, done.stderr


def test_the_others_are_graded(graded):
    school, _ = graded
    for name in ("honest", "shares", "zoe"):
        assert school.autograded(name) == FULL


def test_no_notebook_that_is_none_is_read(graded):
    school, printed = graded
    assert "is a link, not a file" in printed and "is a pipe, not a file" in printed
    for name in ("link", "pipe"):
        assert not school.graded(name).parent.exists()


def test_files_of_a_student_only(graded):
    school, _ = graded
    assert names(school.graded("shares").parent) == [school.source.name, "mine.txt"]


def test_what_was_noticed_of_the_file_is_told(graded):
    school, _ = graded
    found = {
        name: nbformat.read(school.graded(name), as_version=4).metadata.autograder.remarks
        for name in ("honest", "latin")
    }
    assert found["honest"] == []
    assert "not in UTF-8" in found["latin"][0].sentence
    assert school.autograded("latin") == FULL
