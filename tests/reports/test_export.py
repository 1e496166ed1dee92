"""Exported marks: what nbgrader's gradebook says, and what its own export leaves out."""

import csv
import io
import json
from datetime import datetime

import pytest
from hypothesis import given

from autograder.cli import main
from autograder.grade.book.journal import Journal
from autograder.grade.book.opened import OpenedCourse
from autograder.reports import cli, export
from autograder.reports.marks import GRADED, LessonMarks, Student, Work, read_marks
from autograder.reports.tables import from_csv
from autograder.states import NOT_ATTEMPTED, PARTLY, RIGHT, WRONG
from tests.reports.synthetic import SMALL, Answer, Planted
from tests.reports.test_tables import TEXTS

NOT_THERE = ("not graded", "not handed in")
ODD = "=cmd|'/c calc'!A1, \"Anna\"\nNewton 🙂"


@pytest.fixture(scope="module")
def course(shared):
    shared.add(
        Planted("all_right", {}, "Ada", ODD, "+a@example.org"),
        Planted(
            "mixed",
            {
                "test_flat_shape": Answer(WRONG, ("batch_left_out", "one + two")),
                "test_build_model": Answer(NOT_ATTEMPTED),
                "test_build_model_layers": Answer(PARTLY, share=0.5),
            },
            timestamp=datetime(2030, 1, 2, 3, 4),
            penalty=0.5,
        ),
        Planted("too_many", {"test_say_seven": Answer(manual=99)}),
        Planted("generous", {"test_say_seven": Answer(extra=3)}),
        Planted("late", {}, penalty=20),
        Planted("waiting", {"test_build_model": Answer(reason="its process died")}),
        Planted("by_hand", {"test_build_model": Answer(reason="its process died", manual=2)}),
        Planted("hidden", {"test_build_model": Answer(RIGHT, manual=0)}),
        Planted("refused", refused="It is no notebook."),
        Planted("absent", None),
    )
    return shared


@pytest.fixture(scope="module")
def lesson(course):
    (lesson,) = read_marks(OpenedCourse(course.directory))
    return lesson


@pytest.fixture(scope="module")
def rows(lesson):
    head, *rows = from_csv(export.as_csv([lesson]))
    return {row["student_id"]: row for row in (dict(zip(head, r, strict=True)) for r in rows)}


def test_the_columns_begin_with_those_of_nbgrader(course, rows):
    nbgraders = "assignment,duedate,timestamp,student_id,last_name,first_name,email,raw_score"
    nbgraders += ",late_submission_penalty,score,max_score"
    assert list(rows["mixed"])[:11] == nbgraders.split(",")


def test_points_are_those_of_the_gradebook(course, lesson):
    with course.gradebook() as book:
        for work in lesson.graded():
            submission = book.find_submission(SMALL, work.student.id)
            assert work.raw == submission.score
            assert work.penalty == (submission.late_submission_penalty or 0)


def test_scores(rows):
    scores = {who: (row["raw_score"], row["score"], row["status"]) for who, row in rows.items()}
    assert scores == {
        "all_right": ("8", "8", "graded"),
        "mixed": ("3", "2.5", "graded"),
        "too_many": ("106", "106", "graded"),
        "generous": ("11", "11", "graded"),  # extra credit counts, as in `nbgrader export`
        "late": ("8", "0", "graded"),  # never less than nothing
        "waiting": ("6", "6", "waits for a person"),
        "by_hand": ("8", "8", "graded"),
        "hidden": ("6", "6", "graded"),
        "refused": ("0", "0", "not graded"),
        "absent": ("0", "0", "not handed in"),
    }
    assert rows["refused"]["reason"] == "It is no notebook."
    assert rows["waiting"]["needs_manual_grade"] == "build_model"
    assert rows["mixed"]["timestamp"] == "2030-01-02T03:04:00Z"


def test_it_is_told_why_a_time_of_handing_in_is_not_known(synthetic):
    synthetic.add(Planted("ada", {}), Planted("bob", {}))
    remarks = [{"cell": "timestamp.txt", "sentence": "It holds no time."}]
    journal = Journal(synthetic.directory / ".autograder" / "graded" / SMALL)
    journal.write("ada", {"state": GRADED, "remarks": remarks})
    (lesson,) = read_marks(OpenedCourse(synthetic.directory))
    reasons = {work.student.id: export._row(lesson, work)["reason"] for work in lesson.works}
    assert reasons == {"ada": "It holds no time.", "bob": ""}


def test_a_line_for_each_exercise(lesson):
    head, *lines = from_csv(export.as_csv([lesson], per_exercise=True))
    lines = [dict(zip(head, line, strict=True)) for line in lines]
    mixed = [line for line in lines if line["student_id"] == "mixed"]
    told = [(line["exercise"], line["score"], line["state"], line["mistakes"]) for line in mixed]
    assert told == [
        ("flat_shape", "0", "wrong", "batch_left_out; one + two"),
        ("build_model", "2", "partly right", ""),
        ("say_seven", "1", "right", ""),
        ("late_submission_penalty", "-0.5", "taken off", ""),
    ]
    (waiting,) = [x for x in lines if x["student_id"] == "waiting" and x["score"] == "4"]
    assert (waiting["state"], waiting["needs_manual_grade"]) == ("waits for a person", "True")
    assert waiting["reason"] == "test_build_model: its process died"


def test_the_lines_of_a_student_add_up_to_the_score(lesson, rows):
    head, *lines = from_csv(export.as_csv([lesson], per_exercise=True))
    sums = {who: 0.0 for who, row in rows.items() if row["status"] not in NOT_THERE}
    for line in (dict(zip(head, line, strict=True)) for line in lines):
        sums[line["student_id"]] += float(line["score"])
    assert sums == {who: float(rows[who]["score"]) for who in sums}


def test_a_persons_points_make_the_state(lesson):
    states = {w.student.id: w.exercises[1].marks[0].state for w in lesson.graded()}
    assert (states["by_hand"], states["hidden"]) == (RIGHT, WRONG)


def test_an_odd_name_survives_the_gradebook_the_command_and_the_file(course, tmp_path):
    file = tmp_path / "marks.csv"
    assert main(["export", str(course.directory), "-o", str(file)]) == 0
    with open(file, newline="", encoding="utf-8") as opened:
        text = opened.read()
    found = {row[3]: row for row in from_csv(text)}
    assert found["all_right"][4:7] == [ODD, "Ada", "+a@example.org"]
    raw = next(row for row in csv.reader(io.StringIO(text, newline="")) if row[3] == "all_right")
    assert raw[4].startswith("'=") and raw[6].startswith("'+")
    assert file.stat().st_mode & 0o077 == 0


@given(TEXTS, TEXTS, TEXTS)
def test_any_name_survives_export_and_import(first, last, email):
    work = Work(Student("x", first, last, email), GRADED, 4.0, raw=3.0)
    head, row = from_csv(export.as_csv([LessonMarks(SMALL, 4.0, None, {}, [work])]))
    assert [row[head.index(n)] for n in ("first_name", "last_name", "email")] == [
        first,
        last,
        email,
    ]
    assert row[head.index("score")] == "3"


def test_json(course, capsys):
    assert main(["export", str(course.directory), SMALL, "--json"]) == 0
    (lesson,) = json.loads(capsys.readouterr().out)["lessons"]
    assert list(lesson["exercises"]) == ["flat_shape", "build_model", "say_seven"]
    mixed = next(who for who in lesson["students"] if who["student_id"] == "mixed")
    assert mixed["exercises"][0]["mistakes"] == ["batch_left_out", "one + two"]


@pytest.mark.parametrize(
    "options, said",
    [
        (["no_such_lesson"], "there is no lesson 'no_such_lesson'"),
        (["--format", "canvas"], "needs the gradebook that Canvas exported"),
        (["--lms", "x.csv"], "--lms, --column and --keep go with"),
        (["--section", "A"], "--section goes with --format canvas"),
        (["--json", "--format", "csv"], "not both"),
        (["-o", "/no/such/folder/x.csv"], "can't write /no/such/folder/x.csv"),
    ],
)
def test_a_fault_is_told_in_a_sentence(course, capsys, options, said):
    assert main(["export", str(course.directory), *options]) == 1
    told = capsys.readouterr().err
    assert said in told and told.count("\n") == 1


def test_a_course_without_a_gradebook_is_told_and_none_is_made(course, tmp_path, capsys):
    configuration = course.directory / "nbgrader_config.py"
    (tmp_path / configuration.name).write_text(configuration.read_text())
    assert main(["export", str(tmp_path)]) == 1
    assert "there is no gradebook" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == [configuration.name]


@pytest.mark.parametrize(("is_terminal", "said"), [(True, "a?[2J,ö\n"), (False, "a\x1b[2J,ö\n")])
def test_a_terminal_does_not_obey_what_is_exported(monkeypatch, is_terminal, said):
    out = io.StringIO()
    out.isatty = lambda: is_terminal
    monkeypatch.setattr("sys.stdout", out)
    cli._put("a\x1b[2J,ö\n", None)
    assert out.getvalue() == said
