"""docs/marks.md: each of its commands and programs is run, in its order, on a course."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.grade.book.opened import OpenedCourse
from tests.grade.classroom import REPOSITORY, School, find_lesson, forked
from tests.grade.test_scale import started_postgres
from tests.reports.synthetic import SMALL

pytestmark = pytest.mark.sandbox

PAGE = (REPOSITORY / "docs" / "marks.md").read_text("utf-8")
CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section
"Chen, Cy",103,cy,cy,Monday
"Ek, Eve",105,eve,eve,Monday
"Fox, Fay",106,fay,fay,Monday
"""
MOODLE = "ID-Nummer,Nachname\ncy,Chen\neve,Ek\nfay,Fox\n"


def section(title):
    """Return [(language, text)] of the code in a section."""
    (text,) = re.findall(rf"^## {title}\n(.*?)(?=^## |\Z)", PAGE, re.DOTALL | re.MULTILINE)
    return re.findall(r"^```(\w*)\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


class Typist:
    """Types what the page says in the course directory."""

    def __init__(self, school):
        self.school, self.directory = school, school.course

    def types(self, title):
        """Run the commands of a section; return what they print."""
        lines = "".join(code for language, code in section(title) if not language).splitlines()
        commands = [line for line in lines if line.startswith(("nbgrader ", "autograder "))]
        assert commands
        return "".join(self.run(command) for command in commands)

    def run(self, command):
        program, *arguments = shlex.split(command)
        module = {"nbgrader": "nbgrader", "autograder": "autograder.cli"}[program]
        return self.python("-m", module, *arguments)

    def python(self, *arguments):
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=self.directory,
            env={**self.school.instructor.environment, "PYTHONPATH": str(REPOSITORY)},
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode == 0, f"{arguments}\n{done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    def configures(self, code):
        with open(self.directory / "nbgrader_config.py", "a") as file:
            file.write(f"\n{code}")

    def score(self, student):
        return OpenedCourse(self.directory).standings(SMALL, student)[student].score

    def grades(self):
        return self.run(f"autograder grade . {SMALL} --no-two-pass")


@pytest.mark.long
def test_the_page_from_its_beginning(tmp_path):
    (tmp_path / "lesson").mkdir()
    school = School(find_lesson(SMALL, tmp_path / "lesson"), tmp_path / "school")
    school.lay_out()
    typist, right = Typist(school), school.lesson.answers_all_right()
    eight = "def say_seven():\n    return 8"
    for student, day in {"cy": 20, "eve": 18}.items():
        school.bring(student, right | {"say_seven": eight})
        folder = school.brought(student).parent
        (folder / "timestamp.txt").write_text(f"2030-03-{day} 12:00:00 UTC")
    typist.run("nbgrader db student add fay")

    typist.types("Late work")
    everything, own = (code for language, code in section("Late work") if language == "python")
    (_, groups) = section("Groups")[0]
    (school.course / "groups.csv").write_text(groups)
    typist.configures(everything)
    typist.grades()
    assert [typist.score(who) for who in ("cy", "eve", "fay")] == [0, 7, 7]
    typist.configures(own)
    said = typist.grades()
    assert "3.5 of 8 points (7, less 3.5 for lateness)" in said
    ((_, extension),) = section("Extensions")
    typist.python("-c", extension)
    assert "2 unchanged" in typist.grades()
    assert typist.score("cy") == 7

    award, undo = (code for _, code in section("Points for everybody"))
    assert "3 students have full points" in typist.run(award)
    assert [typist.score(who) for who in ("cy", "eve", "fay")] == [8, 8, 8]
    assert "3 students no longer have" in typist.run(undo)
    assert typist.score("cy") == 7

    source = school.source.read_text()
    assert "seven == 7" in source
    school.source.write_text(source.replace("seven == 7", "seven in (7, 8)"))
    said = typist.types("A check that was mended")
    assert "3 of 3 would change" in said and "3 of 3 changed" in said
    assert typist.score("fay") == 8

    (school.course / "canvas.csv").write_text(CANVAS)
    (school.course / "moodle.csv").write_text(MOODLE)
    typist.types("Canvas and Moodle")
    assert (school.course / "import.csv").read_text().count(",8\n") == 3
    assert (school.course / "moodle-import.csv").read_text().splitlines()[1:] == [
        "cy,Chen,8",
        "eve,Ek,8",
        "fay,Fox,8",
    ]


def moved(course, url):
    """Run the page's program that moves a gradebook, to another address."""
    program, setting = (code for _, code in section("From SQLite to PostgreSQL"))
    theirs = re.search(r'"(postgresql[^"]+)"', program)[1]
    assert f'"{theirs}"' in setting
    return forked(["-c", program.replace(theirs, url)], course, dict(os.environ))


def rows(url):
    """Return all that a gradebook holds of students."""
    with Gradebook(url, "keras_shapes") as book:
        return sorted(
            (s.student.id, s.timestamp, s.extension, n.late_submission_penalty, g.name, g.score)
            for s in book.assignment_submissions(SMALL)
            for n in s.notebooks
            for g in n.grades
        )


@pytest.fixture
def marks(synthetic):
    """A gradebook with what it can hold."""
    from datetime import datetime

    from tests.reports.synthetic import Answer, Planted

    synthetic.add(
        Planted("ada", {"test_say_seven": Answer(extra=1.0)}, "Ada", "Ö'Neil", "a@b.org"),
        Planted("bo", {"test_say_seven": Answer(manual=0.5)}, penalty=2.0),
        Planted("cy", timestamp=datetime(2030, 3, 20)),
    )
    with synthetic.gradebook() as book:
        book.grant_extension(SMALL, "cy", days=2)
    return synthetic.directory


def test_a_gradebook_is_moved_once(marks, tmp_path):
    """To another file, where there is no server."""
    new = f"sqlite:///{tmp_path / 'new.db'}"
    done = moved(marks, new)
    assert done.returncode == 0, done.stderr
    assert rows(new) == rows(f"sqlite:///{marks / 'gradebook.db'}") and rows(new)
    again = moved(marks, new)
    assert again.returncode == 1 and "isn't empty" in again.stderr


@pytest.mark.long
def test_a_gradebook_is_moved_to_postgresql(marks, tmp_path_factory):
    import tempfile

    with tempfile.TemporaryDirectory() as folder, started_postgres(Path(folder)) as socket:
        createdb = ["createdb", "--host", str(socket), "--username", "postgres", "marks"]
        subprocess.run(createdb, check=True)
        new = f"postgresql+psycopg://postgres@/marks?host={socket}"
        done = moved(marks, new)
        assert done.returncode == 0, done.stderr
        assert rows(new) == rows(f"sqlite:///{marks / 'gradebook.db'}")
        with open(marks / "nbgrader_config.py", "a") as file:
            file.write(f"\nc.CourseDirectory.db_url = {new!r}\n")
        standings = OpenedCourse(marks).standings(SMALL)
        assert {who: each.score for who, each in standings.items()} == {
            "ada": 9,
            "bo": 5.5,
            "cy": 8,
        }
