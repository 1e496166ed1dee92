"""`autograder grade`: whom it grades, what it leaves alone, and what it survives.

What is run in most of these tests is a stand-in for a student's notebook and its checks (see
`stand_in`); all else is as it is for a class: nbgrader's converter, gradebook and directories.
"""

import argparse
import io
import itertools
import json
import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import urllib.request
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook
from rich.console import Console

from autograder import cli
from autograder.errors import UserError
from autograder.grade import grading, screen
from autograder.grade.book import ledger
from autograder.grade.book.converter import Converter
from autograder.grade.book.journal import Journal
from autograder.grade.cli import add_grading_options, grading_options
from autograder.grade.handed_in import intake
from autograder.grade.run.sandbox import BACKENDS
from tests.grade import small_lesson
from tests.grade.classroom import (
    Person,
    School,
    find_lesson,
    forked,
    sharing_nothing,
    use_stock_steps,
)
from tests.grade.stand_in import Broken, Deadly, Spoiled, StandIn, events_in, grade_in_process
from tests.grade.test_formgrader import TOKEN, serve

pytestmark = pytest.mark.sandbox

NAME = small_lesson.NAME
FULL = {"test_flat_shape": 1, "test_build_model": 2, "test_build_model_layers": 4}
FULL |= {"test_say_seven": 1}


class Course:
    """A course directory and what is in its gradebook."""

    def __init__(self, directory, lesson):
        self.directory, self.lesson = directory, lesson

    def copy(self, directory):
        shutil.copytree(self.directory, directory, symlinks=True)
        return Course(directory, self.lesson)

    def submission(self, student):
        return self.directory / "submitted" / student / NAME / f"{NAME}.ipynb"

    def graded(self, student):
        return self.directory / "autograded" / student / NAME / f"{NAME}.ipynb"

    def hand_in(self, student, answers=None):
        file = self.submission(student)
        file.parent.mkdir(parents=True, exist_ok=True)
        released = json.loads((self.directory / "release" / NAME / f"{NAME}.ipynb").read_text())
        for cell in released["cells"]:
            name = cell["metadata"].get("nbgrader", {}).get("grade_id")
            cell["source"] = (answers or {}).get(name, cell["source"])
        file.write_text(json.dumps(released))
        file.with_name("submission_secret.txt").write_text(f"of {student}")  # as nbgrader does

    def grade(self, *students, execute=StandIn, **options):
        """Grade; return {student: the event at the end}."""
        events = grading.grade(self.directory, NAME, students or None, execute=execute, **options)
        return {event["student"]: event for event in events if event["event"] == "done"}

    def states(self, *students, **options):
        return {name: done["state"] for name, done in self.grade(*students, **options).items()}

    def gradebook(self):
        return Gradebook(f"sqlite:///{self.directory / 'gradebook.db'}", "keras_shapes")

    def points(self, student):
        with self.gradebook() as book:
            notebook = book.find_submission_notebook(NAME, NAME, student)
            return {grade.name: grade.auto_score for grade in notebook.grades}

    def change(self, student, check, **values):
        """Change a grade in the gradebook, as formgrader does."""
        with self.gradebook() as book:
            grade = book.find_grade(check, NAME, NAME, student)
            for name, value in values.items():
                setattr(grade, name, value)
            book.db.commit()

    def rows(self):
        """Return all that the gradebook holds of students, by names rather than by numbers."""
        with self.gradebook() as book:
            notebooks = [n for s in book.assignment_submissions(NAME) for n in s.notebooks]
            grades = {
                (n.student.id, g.name): (g.auto_score, g.manual_score, g.needs_manual_grade)
                for n in notebooks
                for g in n.grades
            }
            comments = {
                (n.student.id, c.name): (c.auto_comment, c.manual_comment)
                for n in notebooks
                for c in n.comments
            }
            numbers = len(notebooks), len(grades), len(comments)
            return grades, comments, numbers, sorted(student.id for student in book.students)

    def files(self, folder="."):
        """Return {name: content} of the files below a folder of the course."""
        below = self.directory / folder
        return {
            str(path.relative_to(below)): path.read_bytes()
            for path in below.rglob("*")
            if path.is_file()
        }


@pytest.fixture(scope="module")
def laid_out(tmp_path_factory):
    """A course with a class of three, and a fourth whose file is broken."""
    folder = tmp_path_factory.mktemp("course")
    school = School(find_lesson(NAME, tmp_path_factory.mktemp("lesson")), folder)
    school.lay_out()
    course = Course(school.course, school.lesson)
    for name, answers in school.answers.items():
        course.hand_in(name, answers)
    course.hand_in("broken_file")
    course.submission("broken_file").write_text("this is no notebook")
    return course


@pytest.fixture(scope="module")
def graded(laid_out, tmp_path_factory):
    """The course after a run that nothing disturbed."""
    course = laid_out.copy(tmp_path_factory.mktemp("graded") / "course")
    course.grade()
    return course


@pytest.fixture
def course(laid_out, tmp_path):
    return laid_out.copy(tmp_path / "course")


@pytest.fixture
def done(graded, tmp_path):
    """A course that has been graded, to be changed."""
    return graded.copy(tmp_path / "course")


def test_a_broken_submission_among_good_ones(course):
    events = course.grade()
    assert list(events) == sorted(events)
    assert {name: event["state"] for name, event in events.items()} == {
        "all_right": "graded",
        "broken_file": "not graded",
        "half_right": "graded",
        "untouched": "graded",
    }
    assert "can't be read" in events["broken_file"]["reason"]
    assert course.points("all_right") == FULL
    assert set(course.points("untouched").values()) == {0}
    assert not course.graded("broken_file").parent.exists()
    assert "broken_file" not in course.rows()[3]


def test_what_the_journal_holds(graded):
    entry = journal(graded, "all_right")
    assert (entry["state"], entry["points"], entry["max_points"]) == ("graded", 8, 8)
    assert [check["check"] for check in entry["checks"]] == list(FULL)
    assert journal(graded, "broken_file")["state"] == "not graded"
    assert "can't be read" in journal(graded, "broken_file")["reason"]


def journal(course, student):
    return json.loads(entry_of(course, student).read_text())


def entry_of(course, student):
    return course.directory / ".autograder" / "graded" / NAME / f"{student}.json"


def test_nothing_is_graded_twice(done):
    before = done.files("autograded"), done.rows()
    states = done.states()
    assert states.pop("broken_file") == "not graded"
    assert set(states.values()) == {"unchanged"}
    assert (done.files("autograded"), done.rows()) == before


def test_force_grades_again(done):
    assert done.states("untouched", force=True) == {"untouched": "graded"}


def test_who_handed_in_something_else_is_graded_again(done):
    done.hand_in("untouched", {"say_seven": small_lesson.EXERCISES["say_seven"].right[0]})
    states = done.states("all_right", "untouched")
    assert states == {"all_right": "unchanged", "untouched": "graded"}
    assert done.points("untouched")["test_say_seven"] == 1


def test_all_are_graded_again_when_the_lesson_has_changed(done):
    source = done.directory / "source" / NAME / "data.txt"
    source.write_text("more of the lesson")
    assert set(done.states("all_right", "untouched").values()) == {"graded"}
    assert done.graded("all_right").with_name("data.txt").read_text() == "more of the lesson"


def test_all_are_graded_again_when_the_settings_have_changed(done):
    assert done.states("all_right", two_pass=False) == {"all_right": "graded"}
    assert done.states("all_right", two_pass=False) == {"all_right": "unchanged"}
    assert done.states("all_right") == {"all_right": "graded"}
    assert done.states("all_right", thorough=False) == {"all_right": "graded"}
    assert done.states("all_right", thorough=False) == {"all_right": "unchanged"}


@pytest.mark.parametrize("lost", ["row", "score", "notebook", "entry"])
def test_what_is_lost_is_graded_again(done, lost):
    if lost == "row":
        with done.gradebook() as book:
            book.remove_submission(NAME, "all_right")
    elif lost == "score":
        done.change("all_right", "test_say_seven", auto_score=0)
    elif lost == "notebook":
        shutil.rmtree(done.graded("all_right").parent)
    else:
        entry_of(done, "all_right").write_text('{"state": ')
    states = done.states("all_right", "untouched")
    assert states == {"all_right": "graded", "untouched": "unchanged"}
    assert done.points("all_right") == FULL
    assert done.graded("all_right").is_file()


def test_a_manual_grade_and_a_comment_outlast_a_new_grading(done):
    done.change("untouched", "test_say_seven", manual_score=0.5)
    with done.gradebook() as book:
        comment = book.find_comment("say_seven", NAME, NAME, "untouched")
        comment.manual_comment = "Ask me about it."
        book.db.commit()
    assert done.states("untouched") == {"untouched": "unchanged"}
    assert done.states("untouched", force=True) == {"untouched": "graded"}
    grades, comments, *_ = done.rows()
    # nbgrader wants a person to look again at what a person has marked.
    assert grades["untouched", "test_say_seven"] == (0, 0.5, True)
    assert comments["untouched", "say_seven"] == ("No response.", "Ask me about it.")


def test_what_fails_at_one_student_is_told_and_the_next_goes_on(course):
    course.hand_in("all_right", {"say_seven": "broken = 7"})
    events = course.grade("all_right", "half_right", execute=Broken)
    assert events["half_right"]["state"] == "graded"
    failed = events["all_right"]
    assert failed["state"] == "not graded"
    assert "something nobody thought of" in failed["reason"]
    assert "something nobody thought of" in Path(failed["log"]).read_text()
    assert not course.graded("all_right").parent.exists()


def test_marks_that_nbgrader_cannot_read_are_never_written_down(course):
    failed = course.grade("all_right", execute=Spoiled)["all_right"]
    assert failed["state"] == "not graded"
    assert "metadata may be corrupted" in failed["reason"]


def test_what_fails_before_nbgrader_is_begun_is_told_as_well(course, monkeypatch):
    read = intake.read_submission

    def fails_at_first(folder, lesson, student, *others):
        if student == "all_right":
            raise RecursionError("nobody thought of this either")
        return read(folder, lesson, student, *others)

    monkeypatch.setattr(intake, "read_submission", fails_at_first)
    events = course.grade("all_right", "half_right")
    assert "nobody thought of this either" in events["all_right"]["reason"]
    assert events["half_right"]["state"] == "graded"


def test_a_submission_that_became_unreadable_keeps_its_old_marks(done):
    done.submission("all_right").write_text("")
    assert done.states("all_right") == {"all_right": "not graded"}
    assert done.points("all_right") == FULL
    assert done.graded("all_right").is_file()


def test_files_and_time_of_a_submission(course):
    folder = course.submission("all_right").parent
    (folder / "data").mkdir()
    (folder / "data" / "numbers.csv").write_text("1,2,3")
    (folder / "link.db").symlink_to(course.directory / "gradebook.db")
    (folder / "timestamp.txt").write_text("2030-07-01 14:00:00.000000 CEST")
    os.mkfifo(folder / "pipe")
    before = sorted(folder.rglob("*"))
    event = course.grade("all_right")["all_right"]
    graded = course.graded("all_right").parent
    names = [f"{NAME}.ipynb", "data/numbers.csv", "submission_secret.txt", "timestamp.txt"]
    assert sorted(course.files(graded)) == names
    assert (graded / "timestamp.txt").read_text() == "2030-07-01 12:00:00.000000 UTC"
    with course.gradebook() as book:  # what penalties go by
        assert book.find_submission(NAME, "all_right").timestamp.hour == 12
    assert {remark["cell"] for remark in event["remarks"]} == {"link.db", "pipe"}
    remarks = nbformat.read(course.graded("all_right"), as_version=4).metadata.autograder.remarks
    assert {remark.cell for remark in remarks} == {"link.db", "pipe"}
    assert sorted(folder.rglob("*")) == before


def test_answers_in_another_notebook_are_left_to_a_person(course):
    right = course.submission("all_right")
    right.rename(right.with_name(f"{NAME}-Copy1.ipynb"))
    course.hand_in("all_right")
    event = course.grade("all_right")["all_right"]
    assert set(course.points("all_right").values()) == {None}
    assert all(check["by_hand"] for check in event["checks"])
    assert all(f"{NAME}-Copy1.ipynb holds" in check["reason"] for check in event["checks"])
    (told, *_) = screen.lines({**event, "number": 1, "of": 1})[1:]
    assert "look at it by hand, for" in told and "Copy1" in told
    with course.gradebook() as book:
        (grade, *_) = book.find_submission_notebook(NAME, NAME, "all_right").grades
        assert grade.needs_manual_grade
        comment = book.find_comment("say_seven", NAME, NAME, "all_right")
        assert "Copy1" in comment.auto_comment
    remarks = nbformat.read(course.graded("all_right"), as_version=4).metadata.autograder.remarks
    assert [remark.cell for remark in remarks] == [f"{NAME}-Copy1.ipynb"]
    assert course.states("all_right") == {"all_right": "unchanged"}


def test_what_earned_its_points_is_left_to_nobody(course):
    right = {name: exercise.right[0] for name, exercise in course.lesson.exercises.items()}
    course.hand_in("all_right", right | {"say_seven": f"import no_such_thing\n{SAY_SEVEN}"})
    event = course.grade("all_right")["all_right"]
    assert course.points("all_right") == FULL | {"test_say_seven": None}
    (left,) = [check for check in event["checks"] if check["by_hand"]]
    assert "no_such_thing isn't installed where this is graded" in left["reason"]


SAY_SEVEN = "def say_seven():\n    return 7"


def test_another_lesson_is_told(course):
    other = json.loads(course.submission("all_right").read_text())
    for cell in other["cells"]:
        marks = cell["metadata"].get("nbgrader", {})
        if marks.get("grade") or marks.get("solution"):
            marks["grade_id"] += "_x"
            cell |= {"source": f"# {cell['source'][::-1]}", "id": f"x-{cell['id']}"}
    course.submission("all_right").write_text(json.dumps(other))
    event = course.grade("all_right")["all_right"]
    assert event["state"] == "not graded" and "another lesson (build_model_x, " in event["reason"]
    with course.gradebook() as book:
        book.add_assignment("91_other")
        book.add_notebook("91_other", "91_other")
        for cell in other["cells"]:
            marks = cell["metadata"].get("nbgrader", {})
            if marks.get("solution"):
                book.add_solution_cell(marks["grade_id"], "91_other", "91_other")
            elif marks.get("grade"):
                kind = {"max_score": 1, "cell_type": "code"}
                book.add_grade_cell(marks["grade_id"], "91_other", "91_other", **kind)
    told = course.grade("all_right")["all_right"]["reason"]
    assert "the exercises of the lesson 91_other" in told


def test_points_in_another_notebook_of_the_lesson_are_told(course):
    with course.gradebook() as book:
        book.add_notebook("extra", NAME)
        course.states("all_right")  # which has no points
        book.add_grade_cell("test_more", "extra", NAME, max_score=3, cell_type="code")
    with pytest.raises(UserError, match=r"extra\.ipynb cannot be read as a notebook"):
        course.grade()


def test_the_graded_notebook_can_be_read_only(graded):
    assert graded.graded("all_right").stat().st_mode & 0o777 == 0o444


# Several at a time.


@pytest.mark.long
def test_several_jobs_give_the_same_gradebook(course, graded):
    events = course.grade(jobs=3)
    assert {name: done["state"] for name, done in events.items()} == {
        "all_right": "graded",
        "broken_file": "not graded",
        "half_right": "graded",
        "untouched": "graded",
    }
    assert sorted(done["number"] for done in events.values()) == [1, 2, 3, 4]
    assert course.rows() == graded.rows()
    assert course.files("autograded") == graded.files("autograded")


def test_a_job_that_dies_costs_its_submission_only(course, graded):
    course.hand_in("all_right", {"say_seven": "deadly = 7"})
    events = course.grade(jobs=2, execute=Deadly)
    assert events["all_right"]["state"] == "not graded"
    assert "ended again and again" in events["all_right"]["reason"]
    assert events["half_right"]["state"] == events["untouched"]["state"] == "graded"


def test_what_fails_in_a_job_is_told(course):
    course.hand_in("all_right", {"say_seven": "broken = 7"})
    failed = course.grade("all_right", jobs=2, execute=Broken)["all_right"]
    assert "something nobody thought of" in failed["reason"]
    assert "something nobody thought of" in Path(failed["log"]).read_text()


def test_a_scheduler_that_is_not_there(course):
    with pytest.raises(UserError, match="no Dask scheduler answers at tcp://127.0.0.1:9"):
        course.grade(scheduler="tcp://127.0.0.1:9")
    for nonsense in ("nonsense", "tcp://host", "tcp://:", "foo://host:1"):
        with pytest.raises(UserError, match=f"--scheduler {nonsense} is no address"):
            course.grade(scheduler=nonsense)


def test_what_has_not_changed_is_not_even_read(done, monkeypatch):
    def refuse(*_):
        raise AssertionError("it was read")

    monkeypatch.setattr(intake, "read_submission", refuse)
    assert set(done.states("all_right", "untouched").values()) == {"unchanged"}


@pytest.mark.parametrize("name", ["data.txt", ".hidden", "timestamp.txt"])
def test_any_change_in_a_folder_is_seen(done, name):
    folder = done.submission("all_right").parent
    seen = {intake.fingerprint(folder)}
    for change in (
        lambda: (folder / name).write_text("1"),
        lambda: (folder / name).write_text("2"),
        lambda: (folder / name).rename(folder / "other"),
        lambda: (folder / name).symlink_to("other"),
    ):
        change()
        seen.add(intake.fingerprint(folder))
    assert len(seen) == 5


# Names that nbgrader takes for patterns.


@pytest.mark.parametrize("folder", ["Kurs [2026]", "all *"])
def test_brackets_in_the_name_of_a_course(laid_out, tmp_path, folder):
    course = laid_out.copy(tmp_path / folder / "course")
    assert course.states("all_right", "broken_file") == {
        "all_right": "graded",
        "broken_file": "not graded",
    }
    assert course.points("all_right") == FULL
    assert course.states("all_right") == {"all_right": "unchanged"}


def test_a_folder_whose_name_no_gradebook_can_have(laid_out, tmp_path):
    course = laid_out.copy(tmp_path / "what?" / "course")
    with pytest.raises(UserError, match="choose another name"):
        course.grade()


@pytest.mark.parametrize("student", ["id[x]", "a*", "[!a]"])
def test_brackets_in_the_id_of_a_student(course, student):
    answers = {name: exercise.right[0] for name, exercise in small_lesson.EXERCISES.items()}
    course.hand_in(student, answers)
    start, *events = grading.grade(course.directory, NAME, [student], execute=StandIn)
    assert events[-1]["counts"]["graded"] == 1
    assert course.points(student) == FULL
    (note,) = [note for note in start["notes"] if "pattern" in note]
    assert f"other names for {student} before" in note


# A run that is killed.


@pytest.mark.long
def test_killed_at_any_moment_it_ends_as_if_undisturbed(laid_out, graded, tmp_path):
    told = tmp_path / "told"
    undisturbed = laid_out.copy(tmp_path / "undisturbed")
    assert grade_in_process(undisturbed.directory, told) == 0
    _, moments = events_in(told)
    assert undisturbed.rows() == graded.rows()
    random.seed(90)
    for number, moment in enumerate([*random.sample(range(1, moments), 6), moments]):
        course = laid_out.copy(tmp_path / f"course-{number}")
        assert grade_in_process(course.directory, told, die_at=moment) == -9
        for name in complete(course):
            assert course.graded(name).read_bytes() == graded.graded(name).read_bytes()
        finished = {name for name in graded.rows()[3] if entry_of(course, name).exists()}
        assert grade_in_process(course.directory, told) == 0
        events, _ = events_in(told)
        left = {e["student"] for e in events if e.get("state") == "unchanged"}
        assert left == finished
        assert course.rows() == undisturbed.rows()
        assert course.files("autograded") == undisturbed.files("autograded")
        assert not (course.directory / ".autograder" / "staging").exists()


#: What is done for a student, in order: who does it, and as what it is known.
STEPS = [
    (grading, "repair"),
    (StandIn, "preprocess"),
    (grading, "write_staged"),
    (Converter, "grade"),
    (grading._Run, "_show"),
    (Journal, "write"),
]
#: Before anything is run, while it is moved to its place, and after all.
QUICK = ("repair", "write_staged", "_show")


@pytest.mark.parametrize(
    ("owner", "name"),
    [
        pytest.param(owner, name, id=name, marks=[] if name in QUICK else [pytest.mark.long])
        for owner, name in STEPS
    ],
)
def test_interrupted_at_any_step_it_ends_as_if_undisturbed(
    course, graded, owner, name, monkeypatch
):
    original, calls = getattr(owner, name), itertools.count(1)

    def interrupted(*args, **options):
        if next(calls) == 3:  # the first two are graded, or refused
            raise KeyboardInterrupt
        return original(*args, **options)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(owner, name, interrupted)
        course.grade()
    assert not (course.directory / ".autograder" / "staging").exists()
    assert not (course.directory / ".autograder" / "temporary").is_symlink()
    finished = {who for who in graded.rows()[3] if entry_of(course, who).exists()}
    assert finished
    states = course.states()
    assert {who for who, state in states.items() if state == "unchanged"} == finished
    assert course.rows() == graded.rows()
    assert course.files("autograded") == graded.files("autograded")


def test_interrupted_where_somebody_was_graded_before_the_old_work_is_graded_again(
    done, monkeypatch
):
    before, old = done.files("autograded"), done.submission("all_right").read_text()
    notebook = json.loads(old)
    notebook["cells"].append({"cell_type": "markdown", "metadata": {}, "source": "So."})
    done.submission("all_right").write_text(json.dumps(notebook))

    def interrupted(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Journal, "write", interrupted)
        done.grade("all_right")
    assert done.files("autograded") != before
    done.submission("all_right").write_text(old)
    assert done.states("all_right") == {"all_right": "graded"}
    assert done.files("autograded") == before


def test_what_a_killed_run_has_left_is_cleared_away(done, tmp_path):
    ours = done.directory / ".autograder"
    expected = done.files(".")
    (ours / "staging" / "1" / "files").mkdir(parents=True)
    (left := tmp_path / "grade-0123").mkdir()
    (left / "file").touch()
    (ours / "temporary").symlink_to(left)
    assert done.states("all_right", force=True) == {"all_right": "graded"}
    assert done.files(".").keys() == expected.keys() and not left.exists()


def test_nothing_is_half_written_where_it_is_looked_for(laid_out, graded, tmp_path):
    """Killed whenever it does something in autograded/, until the first student's is there."""
    alone = laid_out.copy(tmp_path / "alone")
    for name in ("broken_file", "half_right", "untouched"):
        shutil.rmtree(alone.submission(name).parent.parent)
    for moment in itertools.count(1):
        course = alone.copy(tmp_path / f"course-{moment}")
        status = grade_in_process(course.directory, tmp_path / "told", moment, "/autograded")
        for folder in (course.directory / "autograded").glob("*/*"):
            place = folder.relative_to(course.directory)
            assert course.files(place) == graded.files(place)
        if entry_of(course, "all_right").exists():
            break
        assert status == -9
    assert moment > 2


def complete(course):
    """Return the students who have a notebook in autograded/."""
    return [path.parts[-3] for path in (course.directory / "autograded").glob("*/*/*.ipynb")]


@pytest.mark.parametrize("times", [2, pytest.param(5, marks=pytest.mark.long)])
def test_killed_while_it_grades_again(graded, tmp_path, times):
    told = tmp_path / "told"
    random.seed(91)
    course = graded.copy(tmp_path / "course")
    for name in ("all_right", "untouched"):
        course.hand_in(name, {"say_seven": small_lesson.EXERCISES["say_seven"].right[0]})
    expected = course.copy(tmp_path / "expected")
    assert grade_in_process(expected.directory, told) == 0
    _, moments = events_in(told)
    for moment in sorted(random.sample(range(1, moments), times)):
        assert grade_in_process(course.directory, told, die_at=moment) in (-9, 0)
    assert grade_in_process(course.directory, told) == 0
    assert course.rows() == expected.rows()
    assert course.files("autograded") == expected.files("autograded")


# Nobody else's rows.


def test_a_change_in_other_rows_stops_the_run(done):
    class Meddling(StandIn):
        def preprocess(self, nb, resources):
            done.change("half_right", "test_say_seven", manual_score=1)
            return super().preprocess(nb, resources)

    events = grading.grade(done.directory, NAME, execute=Meddling)
    with pytest.raises(UserError, match=rf"while all_right .* \(half_right in {NAME}\)"):
        list(events)
    assert not entry_of(done, "all_right").exists()
    assert not (done.directory / ".autograder" / "staging").exists()


def test_nothing_of_others_is_written(done):
    before, book = done.rows(), done.gradebook()
    with (
        pytest.raises(UserError, match=f"rows of half_right in {NAME} would have changed"),
        ledger.Ledger(f"sqlite:///{done.directory / 'gradebook.db'}").only("all_right", NAME),
    ):
        done.change("all_right", "test_say_seven", manual_score=1)
        done.change("half_right", "test_say_seven", manual_score=1)
    book.close()
    assert done.rows()[0]["all_right", "test_say_seven"][1] == 1
    done.change("all_right", "test_say_seven", manual_score=None)
    assert done.rows() == before


def test_the_ledger_knows_whose_row_it_is(done):
    url = f"sqlite:///{done.directory / 'gradebook.db'}"
    before = ledger.digests(url)
    assert before == ledger.digests(url)
    done.change("untouched", "test_say_seven", manual_score=1)
    after = ledger.digests(url)
    assert ledger.changed(before, after, ["untouched"], NAME) == []
    assert ledger.changed(before, after, ["untouched"], "02_other") == [f"untouched in {NAME}"]
    assert ledger.changed(before, after, ["all_right"], NAME) == [f"untouched in {NAME}"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE source_cell SET source = 'pass' WHERE name = 'test_say_seven'",
        "UPDATE grade_cells SET max_score = 0",
        "DELETE FROM source_cell WHERE name = 'setup'",
    ],
)
def test_the_ledger_knows_the_lessons(done, statement):
    url = f"sqlite:///{done.directory / 'gradebook.db'}"
    before = ledger.digests(url)
    with sqlite3.connect(done.directory / "gradebook.db") as connection:
        connection.execute(statement)
    connection.close()
    assert ledger.changed(before, ledger.digests(url), ["all_right"], NAME) == [ledger.LESSONS]


def test_the_ledger_misses_nobody_who_is_gone(done):
    url = f"sqlite:///{done.directory / 'gradebook.db'}"
    before = ledger.digests(url)
    with done.gradebook() as book:
        book.remove_student("untouched")
    assert ledger.changed(before, ledger.digests(url), ["all_right"], NAME) == [
        "untouched",
        f"untouched in {NAME}",
    ]


# What can't be done is said in a sentence.


def refusal(*arguments, capsys):
    assert cli.main(["grade", *map(str, arguments)]) == 1
    said = capsys.readouterr().err
    assert said.startswith("autograder: ") and said.count("\n") == 1
    return said


def test_no_such_course(tmp_path, capsys):
    assert "is no course directory" in refusal(tmp_path, NAME, capsys=capsys)
    assert "is no course directory" in refusal(tmp_path / "nowhere", NAME, capsys=capsys)


def test_a_lesson_that_has_not_been_generated(course, capsys):
    (course.directory / "gradebook.db").unlink()
    assert f"nbgrader generate_assignment {NAME}" in refusal(course.directory, NAME, capsys=capsys)
    assert not (course.directory / "gradebook.db").exists()


def test_no_such_lesson(course, capsys):
    said = refusal(course.directory, "02_nothing", capsys=capsys)
    assert "'02_nothing'" in said and NAME in said


def test_nobody_of_that_name(course, capsys):
    said = refusal(course.directory, NAME, "--student", "all_right", "nobody", capsys=capsys)
    assert "nobody has not handed in" in said
    assert not (course.directory / "autograded").exists()


def test_nobody_has_handed_in(course, capsys):
    shutil.rmtree(course.directory / "submitted")
    assert "nbgrader collect" in refusal(course.directory, NAME, capsys=capsys)


def test_a_gradebook_that_is_locked(course):
    connection = sqlite3.connect(course.directory / "gradebook.db", isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    try:
        with pytest.raises(UserError, match=r"gradebook\.db is locked"):
            course.grade()
    finally:
        connection.close()


def test_a_gradebook_that_gets_locked(course):
    connection = sqlite3.connect(course.directory / "gradebook.db", isolation_level=None)

    class Locking(StandIn):
        def preprocess(self, nb, resources):
            connection.execute("BEGIN EXCLUSIVE")
            return super().preprocess(nb, resources)

    try:
        with pytest.raises(UserError, match=r"gradebook\.db is locked"):
            course.grade("all_right", execute=Locking)
    finally:
        connection.close()
    assert course.states("all_right") == {"all_right": "graded"}


def test_a_configuration_with_a_fault(course, capsys):
    file = course.directory / "nbgrader_config.py"
    file.write_text(file.read_text() + "\n1 / 0\n")
    assert "ZeroDivisionError" in refusal(course.directory, NAME, capsys=capsys)


class Settled(StandIn):
    """Notes how it was to be run."""

    seen = []

    def preprocess(self, nb, resources):
        self.seen.append((self.two_pass, self.apart_only))
        return super().preprocess(nb, resources)


@pytest.mark.parametrize(
    "asked, done",
    [([], (True, False)), (["--apart-only"], (True, True)), (["--no-two-pass"], (False, False))],
)
def test_what_is_asked_for_is_what_is_done(course, asked, done, monkeypatch):
    monkeypatch.setattr(Settled, "seen", [])
    parser = argparse.ArgumentParser()
    add_grading_options(parser)
    args = parser.parse_args([*asked, "--jobs", "1", str(course.directory), NAME])
    course.grade("all_right", execute=Settled, **grading_options(args))
    assert Settled.seen == [done]


def test_two_at_a_time(course):
    events = grading.grade(course.directory, NAME, execute=StandIn)
    next(events)
    with pytest.raises(UserError, match="another `autograder grade` is at work"):
        course.grade()
    events.close()
    assert course.states("all_right") == {"all_right": "graded"}


def test_without_a_sandbox_nothing_is_graded(course, capsys, monkeypatch):
    for name in ("bubblewrap", "container"):
        monkeypatch.setattr(BACKENDS[name], "available", lambda self: "it is not installed")
    said = refusal(course.directory, NAME, capsys=capsys)
    assert "--trust-students" in said
    assert not (course.directory / "autograded").exists()


def test_what_is_said_about_protection():
    trusted, bubblewrap, landlock = (
        BACKENDS[name]() for name in ("trusted", "bubblewrap", "landlock")
    )
    assert "without any protection" in " ".join(grading.notes(trusted, is_root=False))
    with pytest.raises(UserError, match="root"):
        grading.notes(trusted, is_root=True)
    assert grading.notes(bubblewrap, is_root=False) == []
    assert "the user nobody" in " ".join(grading.notes(bubblewrap, is_root=True))
    assert all(lack in " ".join(grading.notes(landlock, is_root=False)) for lack in landlock.lacks)


# What is shown.


def test_the_sandbox_is_told_with_what_it_promises_and_lacks(capsys):
    assert cli.main(["sandbox", "bubblewrap"]) == 0
    said = capsys.readouterr().out
    backend = BACKENDS["bubblewrap"]()
    assert all(f"  - {phrase}\n" in said for phrase in [*backend.promises, *backend.lacks])
    assert cli.main(["sandbox", "nonsense"]) == 1
    assert "nonsense" in capsys.readouterr().err


def test_lines(course):
    file = io.StringIO()
    last = screen.show(grading.grade(course.directory, NAME, execute=StandIn), Console(file=file))
    lines = file.getvalue().splitlines()
    assert any("all_right" in line and "8 of 8 points" in line for line in lines)
    assert any("broken_file" in line and "not graded" in line for line in lines)
    assert re.fullmatch(r"3 graded, 1 not graded; \d+ s, \d+ a minute", lines[-1])
    places = [line.split()[0] for line in lines if "/4 " in line]
    assert places == ["1/4", "2/4", "3/4", "4/4"]
    assert last["counts"] == {"graded": 3, "unchanged": 0, "not graded": 1}


def test_a_bar_on_a_terminal(course):
    file = io.StringIO()
    console = Console(file=file, force_terminal=True, width=120, highlight=False)
    screen.show(grading.grade(course.directory, NAME, execute=StandIn), console)
    shown = file.getvalue()
    assert "4/4" in shown and "1 not graded" in shown and "to go" in shown
    assert shown.count("8 of 8 points") == 1


def test_what_has_not_changed_is_no_part_of_the_bar(done):
    done.hand_in("all_right", {"say_seven": "seven = 7  # again"})
    file = io.StringIO()
    console = Console(file=file, force_terminal=True, width=120, highlight=False)
    screen.show(grading.grade(done.directory, NAME, execute=StandIn), console)
    *_, bar = re.findall(r"(\d/\d)\W+(?:\d+m)? students", file.getvalue())
    assert bar == "2/2"  # the broken one is tried again
    assert "1 graded, 2 unchanged, 1 not graded; " in file.getvalue()


def test_where_nothing_was_graded_there_is_no_speed():
    counts = {"graded": 0, "unchanged": 3, "not graded": 0}
    file = io.StringIO()
    screen.show([{"event": "end", "counts": counts, "seconds": 1}], Console(file=file))
    assert file.getvalue() == "3 unchanged; 1 s\n"


def test_whom_a_person_has_to_look_at_is_said():
    check = {"check": "test_x", "by_hand": True, "reason": "it uses Lambda", "is_open": True}
    event = {"student": "a", "state": "graded", "points": 1, "max_points": 2, "remarks": []}
    event |= {"number": 7, "of": 12, "raw_points": 1, "penalty": 0, "open_points": 1}
    first, second = screen.lines({**event, "checks": [check]})
    assert first.endswith("1 of 2 points, 1 more for a person to give")
    assert "test_x" in second and "it uses Lambda" in second
    _, second = screen.lines({**event, "checks": [check | {"reason": ""}]})
    assert second.endswith("for nobody has marked it yet")
    _, second = screen.lines({**event, "checks": [check | {"reason": "", "is_open": False}]})
    assert second.endswith("for it was graded by hand before")


# With students' code running.


@pytest.fixture(scope="module")
def really_graded(laid_out, tmp_path_factory):
    """(course, events) after `autograder grade --json` in a process that shares nothing with us."""
    course = laid_out.copy(tmp_path_factory.mktemp("really") / "course")
    command = [sys.executable, "-m", "autograder.cli", "grade", course.directory, NAME, "--json"]
    environment = sharing_nothing(os.environ)
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=900)
    assert (ran.returncode, ran.stderr) == (1, "")  # one of them is broken
    return course, list(map(json.loads, ran.stdout.splitlines()))


@pytest.mark.long
def test_events(really_graded):
    _, events = really_graded
    kinds = [event["event"] for event in events]
    assert (kinds[0], kinds[-1]) == ("start", "end")
    assert sorted(kinds[1:-1]) == ["begin"] * 4 + ["done"] * 4
    assert events[-1]["counts"] == {"graded": 3, "unchanged": 0, "not graded": 1}
    half_right = next(e for e in events if e["event"] == "done" and e["student"] == "half_right")
    checks = {check["check"]: check for check in half_right["checks"]}
    assert checks["test_build_model_layers"]["state"] == "partly right"
    assert checks["test_build_model"]["state"] == "wrong"


@pytest.mark.long
def test_the_marks_are_those_of_stock_nbgrader(really_graded, laid_out, tmp_path):
    course, _ = really_graded
    stock = laid_out.copy(tmp_path / "course")
    shutil.rmtree(stock.submission("broken_file").parent)
    use_stock_steps(stock.directory)
    nbgrader(stock, "autograde", NAME)
    for student in ("all_right", "half_right", "untouched"):
        assert course.points(student) == stock.points(student)
    assert course.points("all_right") == FULL


@pytest.mark.long
def test_nbgraders_own_commands_go_on(really_graded, tmp_path):
    course = really_graded[0].copy(tmp_path / "course")
    course.change("untouched", "test_say_seven", manual_score=0.5, needs_manual_grade=False)
    nbgrader(course, "generate_feedback", NAME)
    nbgrader(course, "export", "--to", "marks.csv")
    pages = list((course.directory / "feedback").rglob("*.html"))
    assert len(pages) == 3
    lines = (course.directory / "marks.csv").read_text().splitlines()
    column = lines[0].split(",").index("score")
    assert sorted(float(line.split(",")[column]) for line in lines[1:]) == [0.5, 4, 8]


#: A step that, for one student, is as slow as a step can be.
SLOW = """
import signal
import threading

from nbgrader.preprocessors import NbGraderPreprocessor


class Waits(NbGraderPreprocessor):
    def preprocess(self, nb, resources):
        if resources["nbgrader"]["student"] == "half_right":
            signal.raise_signal(signal.SIGALRM)  # its time is over
            threading.Event().wait()
        return nb, resources


c.GenerateFeedback.preprocessors.append(Waits)
"""


def test_a_page_of_feedback_that_takes_too_long_costs_nobody_elses(graded, tmp_path):
    course = graded.copy(tmp_path / "course")
    with open(course.directory / "nbgrader_config.py", "a") as file:
        file.write(SLOW)
    done = run_nbgrader(course, "generate_feedback", NAME)
    assert done.returncode == 1
    assert f"the feedback of half_right for {NAME} was not made" in done.stderr
    pages = {path.parts[-3] for path in (course.directory / "feedback").rglob("*.html")}
    assert pages == {"all_right", "untouched"}


@pytest.mark.long
def test_formgrader_shows_it_and_its_button_grades(really_graded, tmp_path):
    course = really_graded[0].copy(tmp_path / "course")
    answers = {name: exercise.right[0] for name, exercise in small_lesson.EXERCISES.items()}
    course.hand_in("untouched", answers)
    instructor = Person(tmp_path / "instructor")
    instructor.work = course.directory
    with course.gradebook() as book:
        number = book.find_submission_notebook(NAME, NAME, "all_right").id
    with serve(instructor) as address:
        page = get(f"{address}/formgrader/submissions/{number}")
        assert "flat_shape = (None, 3 * 2)" in re.sub(r"<[^>]*>", "", page)
        button = f"{address}/formgrader/api/submission/{NAME}/untouched/autograde"
        answer = json.loads(get(urllib.request.Request(button, method="POST")))
        assert answer["success"], answer
        listed = json.loads(get(f"{address}/formgrader/api/submissions/{NAME}"))
    scores = {one["student"]: one["score"] for one in listed if one["autograded"]}
    assert scores == {"all_right": 8, "half_right": 4, "untouched": 8}
    assert course.points("untouched") == FULL


def get(request):
    if isinstance(request, str):
        request = urllib.request.Request(request)
    request.add_header("Authorization", f"token {TOKEN}")
    with urllib.request.urlopen(request, timeout=600) as answer:
        return answer.read().decode()


def nbgrader(course, *arguments):
    done = run_nbgrader(course, *arguments)
    assert done.returncode == 0, done.stderr


def run_nbgrader(course, *arguments):
    return forked(["-m", "nbgrader", *arguments], course.directory, dict(os.environ))
