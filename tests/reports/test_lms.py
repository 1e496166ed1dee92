"""Marks for Canvas and Moodle: in the shape of their own files, for those who are surely meant."""

import csv
import errno
import io
import sys

import pytest

from autograder.cli import main
from autograder.errors import UserError
from autograder.reports import cli
from autograder.reports.lms import for_platform
from autograder.reports.marks import (
    GRADED,
    NOT_GRADED,
    NOT_HANDED_IN,
    WAITS,
    ExerciseMarks,
    LessonMarks,
    Student,
    Work,
)
from autograder.reports.platforms import PLATFORMS
from autograder.states import RIGHT
from tests.reports.synthetic import SMALL, Planted

LESSON = "01_some_topic"

CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,01_some_topic (77),Essay (78),Final Score
,,,,,Manual Posting,,
    Points Possible,,,,,4.00,10.00,(read only)
"Abara, Ada",101,u1,ada@example.org,A,1,9,50
"=cmd()",102,u2,bo,A,EX,9,50
"Chen, Cy",103,u3,cy,A,2,9,50
"Doe, Di",104,,di,A,,9,50
"Student, Test",199,,f00,A,,,
"""

MOODLE = """\
First name,Surname,ID number,Email address,Assignment: 01_some_topic (Real),Course total (Real)
Ada,Abara,u1,ada@example.org,-,50
=Bo,"Be, rg",u2,bo@example.org,3,50
Cy,Chen,u3,cy@example.org,-,50
"""


def lesson(*works, worth=4.0, name=LESSON):
    return LessonMarks(name, worth, None, {}, list(works))


def work(student, raw=3.0, state=GRADED, **more):
    student = student if isinstance(student, Student) else Student(student)
    return Work(student, state, 4.0, raw=raw, **more)


@pytest.fixture
def made(tmp_path):
    """Return a function that makes an import of works; its rows, and what it told."""

    def make(kind, text, *lessons, **options):
        file = tmp_path / "exported.csv"
        file.write_text(text, "utf-8")
        done = for_platform(PLATFORMS[kind], lessons, file, **options)
        return list(csv.reader(io.StringIO(done.text, newline=""))), done

    return make


def test_canvas_gets_its_own_columns_and_only_rows_with_a_mark(made):
    rows, done = made("canvas", CANVAS, lesson(work("u1"), work("cy", 2.5)))
    assert rows == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "01_some_topic (77)"],
        ["    Points Possible", "", "", "", "", "4.00"],
        ["Abara, Ada", "101", "u1", "ada@example.org", "A", "3"],
        ["Chen, Cy", "103", "u3", "cy", "A", "2.5"],
    ]
    assert (done.given, done.missing) == (2, 0)


def test_moodle_gets_the_columns_that_tell_people_apart(made):
    rows, _ = made("moodle", MOODLE, lesson(work("u1"), work("u2")))
    assert rows == [
        ["First name", "Surname", "ID number", "Email address", "Assignment: 01_some_topic (Real)"],
        ["Ada", "Abara", "u1", "ada@example.org", "3"],
        ["'=Bo", "Be, rg", "u2", "bo@example.org", "3"],
    ]


@pytest.mark.parametrize(
    "student, row",
    [
        (Student("u1"), "101"),
        (Student("bo"), "102"),
        (Student("somebody", email="ADA@example.org "), "101"),
        (Student("somebody", lms_user_id="103"), "103"),
        (Student("DI"), "104"),
    ],
)
def test_a_student_is_found_by_an_id_or_an_address(made, student, row):
    rows, _ = made("canvas", CANVAS, lesson(work(student)))
    assert [each[1] for each in rows[2:]] == [row]


@pytest.mark.parametrize(
    "student, why",
    [
        (Student("nobody"), "no row has this id or address, so left out: nobody"),
        # A name is no id, and Canvas's own number means another person's elsewhere.
        (Student("x", "Ada", "Abara"), "no row has this id or address, so left out: x"),
        (Student("101"), "no row has this id or address, so left out: 101"),
        (Student("u1", email="bo"), "more than one row fits, so left out: u1"),
    ],
)
def test_who_cannot_be_matched_is_told_and_left_out(made, student, why):
    rows, done = made("canvas", CANVAS, lesson(work(student)))
    assert (len(rows), done.given, done.missing) == (2, 0, 1)
    assert done.told[0].startswith(why)


def test_two_students_for_one_row_get_nothing(made):
    rows, done = made("canvas", CANVAS, lesson(work("u1"), work("ada@example.org"), work("cy")))
    assert [row[1] for row in rows[2:]] == ["103"]
    (told,) = [s for s in done.told if "the row fits another student as well" in s]
    assert told.endswith("so left out: ada@example.org, u1")


def test_people_whom_the_gradebook_does_not_know_are_told(made):
    _, done = made("canvas", CANVAS, lesson(work("u1"), work("u2"), work("u3")))
    (told,) = [sentence for sentence in done.told if "the course doesn't know" in sentence]
    assert told.endswith("left out: di")  # and nothing of the test student


def test_what_is_not_settled_keeps_what_the_platform_had(made):
    other = lesson(work("u1"), work("u2", 1.0), name="Essay")
    here = lesson(
        work("u1", state=WAITS), work("u2", state=NOT_HANDED_IN), work("u3", state=NOT_GRADED)
    )
    rows, done = made("canvas", CANVAS, here, other)
    assert [row[5:] for row in rows] == [
        ["01_some_topic (77)", "Essay (78)"],
        ["4.00", "10.00"],
        ["1", "3"],
        ["EX", "1"],
    ]
    told = "\n".join(done.told)
    assert f"{LESSON} stays as it is for u1: a person" in told
    assert f"{LESSON} stays as it is for u2: nothing was handed in" in told
    assert f"{LESSON} stays as it is for u3: it was not graded" in told
    assert "Essay (78): Canvas says 10.00 points, the gradebook 4" in told


def test_extra_credit_and_penalties_count_as_nbgrader_counts_them(made):
    rows, done = made("canvas", CANVAS, lesson(work("u1", 5.0), work("u3", 3.0, penalty=9.0)))
    assert [row[5] for row in rows[2:]] == ["5", "0"]
    assert any("more than 4 points, by extra credit, for u1" in said for said in done.told)


def test_who_is_excused_or_keeps_a_mark_gets_none_of_ours(made):
    people = lesson(work("u1", 5.0), work("u2", 5.0), work("di"))
    _, done = made("canvas", CANVAS, people, keep=True)
    assert done.given == 1
    assert not [said for said in done.told if "extra credit" in said]


def test_extra_credit_is_told_of_the_column_that_holds_it(made):
    ones = [ExerciseMarks("one", 3.0, 2.0, RIGHT, ()), ExerciseMarks("two", 0.0, 2.0, RIGHT, ())]
    exercises = LessonMarks(
        LESSON, 4.0, None, {"one": 2.0, "two": 2.0}, [work("u1", exercises=ones)]
    )
    _, done = made("canvas", CANVAS, exercises, per_exercise=True)
    (told,) = [said for said in done.told if "extra credit" in said]
    assert told.startswith(f"{LESSON}/one: more than 2 points, by extra credit, for u1:")


def test_who_is_excused_stays_excused(made):
    rows, done = made("canvas", CANVAS, lesson(work("u1"), work("u2")))
    assert [row[5] for row in rows[2:]] == ["3", "EX"]
    assert f"{LESSON} (77): excused in Canvas, and stays so: u2" in done.told
    (told,) = [said for said in done.told if "changes marks" in said]
    assert told == f"{LESSON} (77): changes marks that are there: u1 1 → 3 (not with --keep)"


def test_marks_that_are_there_can_be_kept(made):
    rows, done = made("canvas", CANVAS, lesson(work("u1"), work("di"), work("u3", 2.0)), keep=True)
    assert [row[5] for row in rows[2:]] == ["1", "3", "2"]
    assert f"{LESSON} (77): kept, though we have another mark: u1 1 → 3" in done.told


def test_what_was_imported_changes_nothing_when_it_is_exported_again(made):
    again = CANVAS.replace("A,1,9", "A,3.00,9")
    _, done = made("canvas", again, lesson(work("u1"), work("u3", 2.0)))
    assert not [said for said in done.told if "changes marks" in said]


SECTIONS = CANVAS.replace("u2,bo,A", "u2,bo,B").replace("cy,A", 'cy,"A and B"')


def test_one_section_of_a_file_with_all(made):
    everybody = lesson(work("u1"), work("u2"), work("u3"), work("lost"))
    rows, done = made("canvas", SECTIONS, everybody, section="B")
    assert [row[1] for row in rows[2:]] == ["102", "103"]
    # u2 is excused there; and who is in no section is still missed.
    assert (done.given, done.missing) == (1, 1)


def test_the_file_of_one_section(made):
    rows, done = made("canvas", CANVAS, lesson(work("u1"), work("elsewhere")), section="A")
    assert ([row[1] for row in rows[2:]], done.missing) == (["101"], 0)
    assert done.told[0].endswith("perhaps for want of other sections, so left out: elsewhere")


def test_a_section_that_is_not_there(made):
    with pytest.raises(UserError, match="nobody in a section 'C', only in A"):
        made("canvas", CANVAS, lesson(work("u1")), section="C")


def test_what_lateness_costs_is_told_where_no_column_has_it(made):
    late = work("u1", 4.0, penalty=1.5, exercises=(ExerciseMarks("one", 4.0, 4.0, RIGHT, ()),))
    _, done = made(
        "canvas", CANVAS, LessonMarks(LESSON, 4.0, None, {"one": 4.0}, [late]), per_exercise=True
    )
    assert f"{LESSON}: what lateness costs is in no column: u1 -1.5" in done.told


GERMAN = """\
Vorname;Nachname;ID-Nummer;E-Mail-Adresse;Aufgabe: 01_some_topic (Punkte);\
Aufgabe: 01_some_topic (Prozentsatz);Kurs gesamt (Punkte)
Ada;Abara;u1;ada@example.org;3,00;75,00 %;50,00
Bo;Berg;;bo@example.org;1,00;25,00 %;50,00
Cy;Chen;u3;cy@example.org;-;-;50,00
"""


def test_moodle_in_german(made):
    people = [work("u1"), work(Student("bo", email="BO@example.org")), work("u3")]
    rows, done = made("moodle", GERMAN, lesson(*people))
    assert done.text.splitlines()[0] == (
        "Vorname;Nachname;ID-Nummer;E-Mail-Adresse;Aufgabe: 01_some_topic (Punkte)"
    )
    assert [row.split(";")[-1] for row in done.text.splitlines()[1:]] == ["3", "3", "3"]
    (told,) = [said for said in done.told if "changes marks" in said]
    assert "bo 1,00 → 3" in told and "u1" not in told


ODD = """\
Keresztnév,Azonosító,Feladat: Első (Valós)
Ada,u1,-
"""


def test_moodle_with_headings_that_we_do_not_know(made):
    with pytest.raises(UserError, match="in another language .* --column id HEADING"):
        made("moodle", ODD, lesson(work("u1")))
    columns = {"id": "Azonosító", LESSON: "Első"}
    rows, _ = made("moodle", ODD, lesson(work("u1")), columns=columns)
    assert rows == [["Azonosító", "Feladat: Első (Valós)"], ["u1", "3"]]


def test_a_heading_that_is_not_there(made):
    with pytest.raises(UserError, match="--column email: .* has no column 'Mail'"):
        made("moodle", ODD, lesson(work("u1")), columns={"email": "Mail"})


def test_a_new_column_is_told_and_has_its_points(made):
    rows, done = made("canvas", CANVAS, lesson(work("u1"), name="02_new"))
    assert [row[5] for row in rows] == ["02_new", "4", "3"]
    assert any("'02_new' is a new column" in sentence for sentence in done.told)


def test_a_column_of_another_name(made):
    rows, _ = made("canvas", CANVAS, lesson(work("u1")), columns={LESSON: "Essay"})
    assert rows[0][5] == "Essay (78)"


@pytest.mark.parametrize(
    "columns, said",
    [({LESSON: "Nothing"}, "has no column 'Nothing'"), ({"x": "Essay"}, "there is no such column")],
)
def test_a_column_that_is_not_there(made, columns, said):
    with pytest.raises(UserError, match=said):
        made("canvas", CANVAS, lesson(work("u1")), columns=columns)


def test_two_columns_of_one_name(made):
    with pytest.raises(UserError, match="several columns 01_some_topic"):
        made("canvas", CANVAS.replace("Essay (78)", "01_some_topic (79)"), lesson(work("u1")))


def test_an_id_that_looks_like_a_formula_stays_and_is_told(made):
    rows, done = made("canvas", CANVAS.replace("bo", "+bo"), lesson(work("u2")))
    assert rows[2][:4] == ["'=cmd()", "102", "u2", "+bo"]
    assert any("begins as a formula does" in sentence for sentence in done.told)


def test_semicolons_and_a_byte_order_mark(tmp_path):
    file = tmp_path / "exported.csv"
    file.write_text("\ufeff" + MOODLE.replace(",", ";").replace("Be; rg", "Berg"), "utf-8")
    done = for_platform(PLATFORMS["moodle"], [lesson(work("u1"))], file)
    assert done.text.splitlines()[1] == "Ada;Abara;u1;ada@example.org;3"


@pytest.mark.parametrize("kind", PLATFORMS)
def test_another_file_is_refused(made, kind):
    with pytest.raises(UserError, match="is no gradebook exported by"):
        made(kind, "a,b\n1,2\n", lesson(work("u1")))


def test_the_command_tells_and_fails_when_somebody_is_missing(synthetic, tmp_path, capsys):
    synthetic.add(Planted("u1"), Planted("lost"))
    file = tmp_path / "canvas.csv"
    file.write_text(CANVAS, "utf-8")
    options = ["--format", "canvas", "--lms", str(file), "--per-exercise"]
    options += ["--column", f"{SMALL}/flat_shape", "Essay"]
    assert main(["export", str(synthetic.directory), *options]) == 1
    out, err = capsys.readouterr()
    head, _, row = csv.reader(io.StringIO(out))
    assert head[5:] == ["Essay (78)", f"{SMALL} build_model", f"{SMALL} say_seven"]
    assert row[5:] == ["1", "6", "1"]
    assert "so left out: lost" in err and "1 student gets marks; 1 with marks are left out" in err


def test_an_output_that_cannot_be_written(monkeypatch):
    class Full(io.StringIO):
        def flush(self):
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(sys, "stdout", Full())
    with pytest.raises(UserError, match="the output can't be written: No space left on device"):
        cli._put("marks", None)
