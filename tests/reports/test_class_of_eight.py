"""A class of eight, as an instructor runs it: each mark as worked out by hand, beside nbgrader's.

The notebooks are run by a stand-in; all else is real: nbgrader's commands, gradebook and plugins.
"""

import csv
import io
from datetime import timedelta

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell

from autograder.cli import main
from autograder.grade import grading, screen
from autograder.grade.book.opened import OpenedCourse
from autograder.reports import regrade
from autograder.reports.marks import read_marks
from autograder.reports.tables import from_csv
from tests.grade.classroom import School, find_lesson
from tests.grade.stand_in import FAILED, JUDGED, StandIn
from tests.reports.synthetic import SMALL

pytestmark = pytest.mark.sandbox

ROSTER = """\
id,first_name,last_name,email
ada,Ada,Abara,ada@example.org
bo,Bo,Berg,bo@example.org
cy,Cy,Chen,cy@example.org
di,Di,Doe,di@example.org
eve,Eve,Ek,eve@example.org
fay,Fay,Fox,fay@example.org
gil,Gil,Gray,gil@example.org
hal,Hal,Hume,hal@example.org
"""
#: A plugin as people write it: half of the points for each day begun.
PLUGIN = """
from nbgrader.plugins import BasePlugin

class HalfADay(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return score * min(1, 0.5 * -(-total_seconds_late // 86400))

c.AssignLatePenalties.plugin_class = HalfADay
"""
WITHOUT_BATCH = "flat_shape = (6,)"
STRICT = "return flat_shape == layers.Flatten()(keras.Input((3, 2))).shape"
MENDED = "return tuple(flat_shape)[-1:] == (6,)"

#: Points of each, worked out by hand: flat_shape 1, build_model 2 + 4, say_seven 1, essay 2.
BY_HAND = {
    # raw, off for lateness, and what counts
    "ada": (10, 0, 10),  # all right, and 2 for the essay
    "bo": (10, 5, 5),  # as good, and a day late: half of it is lost, of the essay's points too
    "cy": (8, 0, 8),  # as late, with an extension of two days; nothing for the essay
    "di": (11.5, 0, 11.5),  # with 1.5 of extra credit: more than the 10 that there are
    "eve": (9, 0, 9),  # say_seven is wrong
    "fay": (9, 0, 9),  # in a group with eve, who handed in
    "gil": (9.5, 0, 9.5),  # flat_shape is wrong for its check; a person gave 0.5
    "hal": (9, 0, 9),  # flat_shape as gil's
}
#: After the check takes an answer without the batch. A person's points stay.
AFTER = BY_HAND | {"hal": (10, 0, 10)}


class OfTheClass(StandIn):
    """Takes an answer without the batch where the check was mended."""

    warm = False

    def preprocess(self, nb, resources):
        nb, resources = super().preprocess(nb, resources)
        cells = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in nb.cells}
        check = cells["test_flat_shape"]
        if cells["flat_shape"].source == WITHOUT_BATCH and MENDED in check.source:
            assert check.metadata.autograder.state == FAILED
            check.outputs, check.metadata["autograder"] = [], {"state": JUDGED, "reason": None}
        return nb, resources


class Course:
    """The course of the class."""

    def __init__(self, school):
        self.school, self.directory = school, school.course

    def hand_in(self, student, day, **answers):
        self.school.bring(student, answers)
        file = self.school.brought(student)
        notebook, folder = nbformat.read(file, as_version=4), file.parent
        notebook.cells[-1].source = "It flattens."
        nbformat.write(notebook, file)
        (folder / "timestamp.txt").write_text(f"2030-03-{day} 12:00:00.000000 UTC")
        (folder / "submission_secret.txt").write_text(f"of {student}")

    def grade(self):
        events = list(grading.grade(self.directory, SMALL, execute=OfTheClass))
        return {event["student"]: event for event in events if event["event"] == "done"}

    def give(self, student, check, **values):
        """Write what formgrader writes when a person has typed it."""
        with self.school.gradebook() as book:
            grade = book.find_grade(check, SMALL, SMALL, student)
            for name, value in values.items():
                setattr(grade, name, value)
            grade.needs_manual_grade = False
            book.db.commit()

    def exported(self):
        """Return {student: (raw, penalty, score)}, which ours and nbgrader's export agree on."""
        self.school.instructor.nbgrader("export", "--to", "marks.csv")
        names = "raw_score", "late_submission_penalty", "score"
        theirs = {
            who: tuple(float(line[name]) for name in names)
            for who, line in self.school.exported().items()
        }
        assert main(["export", str(self.directory), "-o", str(self.directory / "ours.csv")]) == 0
        head, *rows = from_csv((self.directory / "ours.csv").read_text())
        lines = [dict(zip(head, row, strict=True)) for row in rows]
        ours = {line["student_id"]: tuple(float(line[name]) for name in names) for line in lines}
        assert ours == theirs
        return ours


@pytest.fixture
def mine(course, tmp_path):
    """A copy of the course, to be changed."""
    return Course(course.school.copied(tmp_path / "course"))


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """The class has handed in, and was graded; a person has marked; and it was graded again."""
    folder = tmp_path_factory.mktemp("eight")
    (folder / "lesson").mkdir()
    school = School(find_lesson(SMALL, folder / "lesson"), folder / "school")
    course = lay_out(school)
    right = school.lesson.answers_all_right()
    course.hand_in("ada", 18, **right)
    course.hand_in("bo", 20, **right)
    course.hand_in("cy", 20, **right)
    course.hand_in("di", 18, **right)
    course.hand_in("eve", 18, **right | {"say_seven": "def say_seven():\n    return 8"})
    course.hand_in("gil", 18, **right | {"flat_shape": WITHOUT_BATCH})
    course.hand_in("hal", 18, **right | {"flat_shape": WITHOUT_BATCH})
    (school.course / "groups.csv").write_text("group,id\nred,eve\nred,fay\n")
    course.first = course.grade()
    with school.gradebook() as book:
        book.grant_extension(SMALL, "cy", days=2)
    for student in BY_HAND:
        course.give(student, "essay", manual_score=0 if student == "cy" else 2)
    course.give("di", "test_say_seven", extra_credit=1.5)
    course.give("gil", "test_flat_shape", manual_score=0.5)
    course.second = course.grade()
    return course


def lay_out(school):
    """Make the course, with an essay in the lesson and a day by which it is due."""
    from tests.grade.classroom import lay_out

    lay_out(school.lesson, school.course)
    notebook = nbformat.read(school.source, as_version=4)
    marks = {"grade_id": "essay", "grade": True, "solution": True, "points": 2, "locked": False}
    marks |= {"task": False, "schema_version": 3}
    notebook.cells.append(new_markdown_cell("Say it in words.", metadata={"nbgrader": marks}))
    nbformat.write(notebook, school.source)
    with open(school.course / "nbgrader_config.py", "a") as file:
        file.write(PLUGIN)
    (school.course / "roster.csv").write_text(ROSTER)
    nbgrader = school.instructor.nbgrader
    nbgrader("db", "student", "import", "roster.csv")
    nbgrader("db", "assignment", "add", SMALL, "--duedate=2030-03-19 12:00:00 UTC")
    nbgrader("generate_assignment", SMALL)
    return Course(school)


def test_before_a_person_has_marked_the_screen_says_what_is_still_open(course):
    first = course.first["bo"] | {"number": 2, "of": 8}
    head, *more = screen.lines(first)
    assert "4 of 10 points (8, less 4 for lateness), 2 more for a person to give" in head
    assert more == ["      essay: look at it by hand, for nobody has marked it yet"]


def test_what_changes_a_mark_is_brought_up_to_date_without_running_it_again(course):
    states = {student: event["state"] for student, event in course.second.items()}
    # bo: the essay's points are late as well; cy: no longer late.
    assert {who for who, state in states.items() if state == "graded"} == {"bo", "cy"}
    told = {who: screen.lines(e | {"number": 1, "of": 8}) for who, e in course.second.items()}
    assert "5 of 10 points (10, less 5 for lateness)" in told["bo"][0]
    assert "11.5 of 10 points" in told["di"][0]
    assert "9.5 of 10 points" in told["gil"][0]
    assert all(len(lines) == 1 for lines in told.values())  # nothing waits any more


def test_each_mark_is_as_worked_out_by_hand_and_as_nbgrader_exports_it(course):
    assert course.exported() == BY_HAND
    assert course.exported() == BY_HAND


def test_lines_of_exercises_add_up(course, capsys):
    assert main(["export", str(course.directory), "--per-exercise"]) == 0
    head, *rows = from_csv(capsys.readouterr().out)
    sums = dict.fromkeys(BY_HAND, 0.0)
    for row in rows:
        line = dict(zip(head, row, strict=True))
        sums[line["student_id"]] += float(line["score"])
    assert sums == {who: score for who, (_, _, score) in BY_HAND.items()}


CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,90_small_lesson (77)
    Points Possible,,,,,10.00
"Abara, Ada",101,ada,ada@example.org,Monday,
"Berg, Bo",102,bo,bo@example.org,Monday,4
"Hume, Hal",108,hal,hal@example.org,Monday,EX
"Student, Test",199,,0f0f,Monday,
"""


def test_canvas_for_one_section_with_somebody_excused(course, tmp_path, capsys):
    file = tmp_path / "canvas.csv"
    file.write_text(CANVAS)
    options = ["--format", "canvas", "--lms", str(file), "--section", "Monday"]
    assert main(["export", str(course.directory), *options]) == 0
    out, told = capsys.readouterr()
    assert [row[-1] for row in csv.reader(io.StringIO(out))][2:] == ["10", "5", "EX"]
    assert "excused in Canvas, and stays so: hal" in told
    assert "changes marks that are there: bo 4 → 5" in told
    assert "perhaps for want of other sections, so left out: cy, di, eve, fay, gil" in told
    assert "Student, Test" not in told
    file.write_text(out)  # imported, and exported by Canvas again
    assert main(["export", str(course.directory), *options]) == 0
    again, told = capsys.readouterr()
    assert again == out and "changes marks" not in told


def test_moodle_in_german(course, tmp_path, capsys):
    file = tmp_path / "moodle.csv"
    people = "".join(f"{who};{who}@example.org;-\n" for who in BY_HAND)
    file.write_text(f"ID-Nummer;E-Mail-Adresse;Aufgabe: {SMALL} (Punkte)\n{people}")
    assert main(["export", str(course.directory), "--format", "moodle", "--lms", str(file)]) == 0
    out, told = capsys.readouterr()
    _, *rows = csv.reader(io.StringIO(out), delimiter=";")
    assert {row[0]: float(row[2]) for row in rows} == {who: m[2] for who, m in BY_HAND.items()}
    assert "more than 10 points, by extra credit, for di" in told


def test_a_check_that_is_mended(mine):
    school = mine.school
    source = school.source.read_text("utf-8")
    assert STRICT in source
    school.source.write_text(source.replace(STRICT, MENDED), "utf-8")

    # Till it is generated again the old check counts, and that is told.
    *events, last = regrade.dry_run(mine.directory, SMALL, execute=OfTheClass)
    (stale,) = last["stale"]
    assert "is newer than what the gradebook knows (test_flat_shape)" in stale
    assert f"nbgrader generate_assignment {SMALL} --force" in regrade.as_text(last, True)
    assert (last["changes"], events[0]["stale"]) == ([], [stale])

    school.instructor.nbgrader("generate_assignment", SMALL, "--force")
    *_, last = regrade.dry_run(mine.directory, SMALL, execute=OfTheClass)
    (change,) = last["changes"]
    assert (change["student"], change["before"], change["after"]) == ("hal", 9, 10)
    assert change["because"] == ["the lesson or its checks"]
    assert "gil" in last["to_review"]  # a person's points stay, and the person is asked again
    assert mine.exported() == BY_HAND
    *events, again = regrade.regrade(mine.directory, SMALL, execute=OfTheClass)
    assert again == last and last["stale"] == []
    assert mine.exported() == AFTER
    # It is no student's fault that the check is another one by now.
    assert not [e["remarks"] for e in events if e["event"] == "done" and e["remarks"]]


def test_feedback_reaches_each_of_a_group(mine):
    mine.school.instructor.nbgrader("generate_feedback", SMALL)
    pages = mine.directory / "feedback"
    assert sorted(path.name for path in pages.iterdir()) == sorted(BY_HAND)
    secrets = {path.read_text() for path in pages.glob("*/*/submission_secret.txt")}
    assert len(secrets) == len(BY_HAND)  # by which each finds their own, and no other's


@pytest.mark.long
def test_the_due_date_is_moved(mine):
    day = "--duedate=2030-03-25 12:00:00 UTC"
    mine.school.instructor.nbgrader("db", "assignment", "add", SMALL, day)
    *events, last = regrade.dry_run(mine.directory, SMALL, execute=OfTheClass)
    (change,) = last["changes"]
    assert (change["student"], change["before"], change["after"]) == ("bo", 5, 10)
    assert change["because"] == ["the due date"]
    assert "off for lateness: 5 → 0" in regrade.as_text(last, True)
    with mine.school.gradebook() as book:
        book.grant_extension(SMALL, "bo", hours=1)
    *_, also = regrade.dry_run(mine.directory, SMALL, execute=OfTheClass)
    assert also["changes"][0]["because"] == ["the due date", "an extension"]
    assert mine.exported()["bo"] == (10, 5, 5)  # so far nothing was written
    assert mine.grade()["bo"]["points"] == 10
    assert mine.exported()["bo"] == (10, 0, 10)


@pytest.mark.long
def test_the_penalty_is_another(mine):
    file = mine.directory / "nbgrader_config.py"
    file.write_text(file.read_text().replace("0.5 *", "0.2 *"))
    *_, last = regrade.regrade(mine.directory, SMALL, execute=OfTheClass)
    (change,) = last["changes"]
    assert (change["student"], change["before"], change["after"]) == ("bo", 5, 8)
    assert "the penalty for lateness" in change["because"]
    assert mine.exported()["bo"] == (10, 2, 8)


@pytest.mark.long
def test_a_plugin_in_a_module_of_the_course(mine):
    module = PLUGIN.replace("c.Assign", "# c.Assign").replace("0.5 *", "0.1 *")
    (mine.directory / "penalties_of_eight.py").write_text(module)
    with open(mine.directory / "nbgrader_config.py", "a") as file:
        file.write("\nc.AssignLatePenalties.plugin_class = 'penalties_of_eight.HalfADay'\n")
    assert mine.grade()["bo"]["points"] == 9


@pytest.mark.long
def test_points_for_everybody(mine, capsys):
    command = ["award", str(mine.directory), SMALL, "say_seven"]
    assert main([*command, "--full", "--reason", "The text was wrong."]) == 0
    assert capsys.readouterr().out == "8 students have full points for say_seven.\n"
    expected = BY_HAND | {"eve": (10, 0, 10), "fay": (10, 0, 10)}
    assert mine.exported() == expected
    # It stays when they are graded again, nobody has to look again, and the feedback says why.
    events = list(grading.grade(mine.directory, SMALL, execute=OfTheClass, force=True))
    assert mine.exported() == expected
    checks = {
        e["student"]: {c["check"] for c in e["checks"] if c["by_hand"]}
        for e in events
        if e["event"] == "done"
    }
    assert "test_say_seven" not in set().union(*checks.values())
    with mine.school.gradebook() as book:
        comment = book.find_comment("say_seven", SMALL, SMALL, "eve").comment
    assert comment == "Everybody has full points here: The text was wrong."
    # Who is asked again by nbgrader is asked for the essay and no more.
    (lesson,) = read_marks(OpenedCourse(mine.directory))
    assert {e.name for w in lesson.works for e in w.exercises if e.needs_person} == {
        "essay",
        "flat_shape",  # of gil
    }
    assert main([*command, "--undo"]) == 0
    assert mine.exported() == BY_HAND
    with mine.school.gradebook() as book:
        assert book.find_comment("say_seven", SMALL, SMALL, "eve").comment is None


@pytest.mark.long
def test_more_points_for_everybody(mine):
    command = ["award", str(mine.directory), SMALL, "build_model"]
    assert main([*command, "--points", "0.5", "--reason", "So hard."]) == 0
    raw = {who: mark[0] for who, mark in mine.exported().items()}
    assert raw == {who: mark[0] + 0.5 for who, mark in BY_HAND.items()}
    assert mine.exported()["bo"] == (10.5, 5.25, 5.25)
    states = {event["state"] for event in mine.grade().values()}
    assert states == {"unchanged"}
    assert main([*command, "--points", "1", "--reason", "x"]) == 1  # there is one already


def test_an_extension_before_anything_is_handed_in(mine):
    with mine.school.gradebook() as book:
        book.update_or_create_student("ida")
        book.update_or_create_submission(SMALL, "ida")
        book.grant_extension(SMALL, "ida", days=3)
    (lesson,) = read_marks(OpenedCourse(mine.directory))
    assert {w.student.id: w.state for w in lesson.works}["ida"] == "not handed in"
    mine.hand_in("ida", 21, **mine.school.lesson.answers_all_right())
    event = mine.grade()["ida"]
    assert (event["points"], event["penalty"], event["open_points"]) == (8, 0, 2)
    standing = OpenedCourse(mine.directory).standings(SMALL, "ida")["ida"]
    assert (standing.extension, standing.is_late) == (timedelta(days=3), False)
