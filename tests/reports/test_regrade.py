"""Grading again: what would change is told before anything is written, and then comes true."""

import json
import os

import pytest

from autograder.cli import main
from autograder.errors import UserError
from autograder.grade.book.opened import OpenedCourse
from autograder.reports import regrade
from autograder.reports.marks import GRADED, ExerciseMarks, Mark, Student, Verdict, Work
from autograder.states import RIGHT
from tests.grade.classroom import School, find_lesson
from tests.reports.synthetic import SMALL, Answer, Planted

WITHOUT_BATCH = "flat_shape = (6,)"
EIGHT = "def say_seven():\n    return 8"
#: The check as it is released, and as it is mended: the batch may be left out.
STRICT = "return flat_shape == layers.Flatten()(keras.Input((3, 2))).shape"
MENDED = "return tuple(flat_shape)[-1:] == (6,)"


@pytest.fixture
def school(tmp_path):
    """A class that was graded, with a check that is mended since then."""
    (tmp_path / "lesson").mkdir()
    school = School(find_lesson(SMALL, tmp_path / "lesson"), tmp_path / "school")
    school.lay_out()
    right = school.lesson.answers_all_right()
    school.bring("all_right", right)
    school.bring("batch", right | {"flat_shape": WITHOUT_BATCH})
    school.bring("eight", right | {"say_seven": EIGHT})
    school.bring("by_hand", right | {"flat_shape": WITHOUT_BATCH})
    school.bring("untouched", {})
    school.autograder_grade("--no-two-pass")
    with school.gradebook() as book:
        book.find_grade("test_flat_shape", SMALL, SMALL, "by_hand").manual_score = 0.5
        book.db.commit()
    source = school.source.read_text("utf-8")
    assert STRICT in source
    school.source.write_text(source.replace(STRICT, MENDED), "utf-8")
    school.instructor.nbgrader("generate_assignment", SMALL, "--force")
    return school


def everything(folder):
    """Return {path: (content, time of the last change)} of what lies in a folder."""
    return {
        path: (path.read_bytes() if path.is_file() else None, path.lstat().st_mtime_ns)
        for path in [folder, *folder.rglob("*")]
    }


@pytest.mark.long
@pytest.mark.sandbox
def test_a_mended_check_changes_those_whose_answers_it_judges_otherwise(school, capsys):
    before = everything(school.course)
    command = ["regrade", str(school.course), SMALL, "--no-two-pass", "--jobs=1", "--json"]

    assert main([*command, "--dry-run"]) == 0
    assert everything(school.course) == before
    said = json.loads(capsys.readouterr().out.splitlines()[-1])
    changes = {change["student"]: change for change in said["changes"]}
    assert list(changes) == ["batch", "by_hand"]
    assert (changes["batch"]["before"], changes["batch"]["after"]) == (7, 8)
    assert changes["batch"]["because"] == ["the lesson or its checks"]
    (check,) = changes["batch"]["checks"]
    assert check["check"] == "test_flat_shape"
    assert (check["before"]["state"], check["after"]["state"]) == ("wrong", "right")
    # A person's points stay, but that person may want to know.
    assert (changes["by_hand"]["before"], changes["by_hand"]["after"]) == (7.5, 7.5)
    (check,) = changes["by_hand"]["checks"]
    assert (check["before"]["points"], check["after"]["points"]) == (0.5, 0.5)
    assert (check["before"]["state"], check["after"]["state"]) == ("wrong", "right")
    assert said["to_review"] == ["by_hand"]

    assert main(command) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1]) == said
    assert school.autograded("batch")["test_flat_shape"] == 1
    assert school.autograded("eight")["test_say_seven"] == 0

    assert main([*command[:-1], "--dry-run"]) == 0
    told = capsys.readouterr().out
    assert "5 unchanged" in told and told.endswith("0 of 5 would change.\nNothing was written.\n")


def test_a_check_is_listed_only_where_what_is_told_of_it_changes():
    def work(**verdict):
        mark = Mark("test_one", "one", 1.0, 1.0, RIGHT, False, False, Verdict(**verdict))
        exercise = ExerciseMarks("one", 1.0, 1.0, RIGHT, (mark,))
        return Work(Student("ada"), GRADED, 1.0, exercises=(exercise,))

    before = work()
    for same in ({"state": RIGHT}, {"worth": 2.0}, {"mistakes": ("batch_left_out",)}):
        assert regrade._checks(before, work(**same)) == []
    assert [change["check"] for change in regrade._checks(None, before)] == ["test_one"]


# The copy.


@pytest.fixture
def copied(synthetic, tmp_path):
    """Return a function that copies the course as for a dry run."""
    synthetic.add(
        Planted("ada", {"test_say_seven": Answer(manual=1)}), Planted("bo", refused="No.")
    )
    course = synthetic.directory

    def copy(configuration=""):
        with open(course / "nbgrader_config.py", "a") as file:
            file.write(configuration)
        return regrade.copied(OpenedCourse(course), SMALL, tmp_path / "copy")

    return copy


def test_a_copy_holds_all_that_is_graded_from_and_nothing_leads_back(synthetic, copied, tmp_path):
    before = everything(synthetic.directory)
    copy = copied()
    assert copy.directory == tmp_path / "copy"
    assert copy.scores(SMALL) == OpenedCourse(synthetic.directory).scores(SMALL)
    assert list(copy.students(SMALL)) == ["ada", "bo"]
    assert copy.folder("source", ".", SMALL).is_dir()
    with copy.gradebook() as book:
        book.remove_student("ada")
    for path in ("autograded", ".autograder"):
        assert not (copy.directory / path).is_symlink()
        for folder, _, files in os.walk(copy.directory / path):
            for name in files:
                os.unlink(os.path.join(folder, name))
    assert everything(synthetic.directory) == before
    assert copy.directory.stat().st_mode & 0o077 == 0


def test_a_course_that_names_itself_in_full_is_copied_all_the_same(synthetic, copied, tmp_path):
    root = synthetic.directory
    copy = copied(
        f"\nc.CourseDirectory.root = {str(root)!r}\n"
        f"c.CourseDirectory.db_url = 'sqlite:///{root}/gradebook.db'\n"
    )
    assert copy.directory == tmp_path / "copy"
    assert copy.places.db_url == f"sqlite:///{tmp_path / 'copy'}/gradebook.db"


def test_folders_elsewhere_are_refused(synthetic, copied):
    with pytest.raises(UserError, match="by their whole paths"):
        copied(f"\nc.CourseDirectory.autograded_directory = '{synthetic.directory}/autograded'\n")


def test_another_database_is_told(copied):
    with pytest.raises(UserError, match="needs SQLite; this one is postgresql"):
        copied("\nc.CourseDirectory.db_url = 'postgresql://localhost/marks'\n")


def test_a_dry_run_tells_of_the_course_and_not_of_its_copy(synthetic, copied):
    course, copy = OpenedCourse(synthetic.directory), copied()
    event = {"notes": [f"{copy.directory}/source is newer"], "log": "gone", "jobs": 2}
    with regrade._told_of(course, copy) as told:
        assert told(event) == {"notes": [f"{course.directory}/source is newer"], "jobs": 2}
    with pytest.raises(UserError, match=f"^{course.directory}/x"), regrade._told_of(course, copy):
        raise UserError(f"{copy.directory}/x can't be read")
    with pytest.raises(UserError, match="Disk full.*TMPDIR"), regrade._told_of(course, copy):
        raise UserError("cannot write it") from OSError(28, "Disk full")


def test_who_cannot_be_graded_any_more_is_told(tmp_path):
    event = {
        "students": 2,
        "changes": [{"student": "ada", "state": "not graded", "reason": "It is \x1b[2Jbroken."}],
        "to_review": [],
        "stale": [],
    }
    told = regrade.as_text(event, is_dry=False)
    assert told == "1 of 2 changed:\n  ada: can't be graded: It is ?[2Jbroken."
