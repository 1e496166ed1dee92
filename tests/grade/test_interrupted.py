"""`autograder grade` is killed again and again, and nobody can tell from the marks.

Twelve students hand in: right and wrong answers, nothing, a broken file, answers that end their
process, and one that only a person can judge. The grader is killed at random moments, as by the
kernel or a power failure: it alone, and without a chance to clear up.
"""

import ctypes
import itertools
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from autograder.grade.book.journal import Journal
from tests.grade import small_lesson
from tests.grade.classroom import School, find_lesson, sharing_nothing

pytestmark = pytest.mark.sandbox

NAME = small_lesson.NAME
SEED, KILLS = 5, 20
#: Seconds until what a killed grader has started must have ended.
PATIENCE = 60
_SET_CHILD_SUBREAPER = 36  # Of prctl.

ENDS = "import os\nos._exit(0)"
#: An answer that lies to the grader in a way of which nobody can tell what it is worth.
ODD = (
    "import sys\n"
    "sys.modules['autograder_agent'].answer = lambda request: {'value': {'k': '?'}}\n"
    "say_seven = 7"
)


def twelve():
    """Return {student: answers} of the class; None for a file that is no notebook."""
    exercises = small_lesson.EXERCISES
    found = {"untouched": {}, "broken_file": None}
    for rights in itertools.product((True, False), repeat=len(exercises)):
        answers = {
            name: exercise.right[0] if right else exercise.wrong[0][0]
            for right, (name, exercise) in zip(rights, exercises.items(), strict=True)
        }
        found["answers_" + "".join("r" if right else "w" for right in rights)] = answers
    all_right = found["answers_rrr"]
    found["ends"] = all_right | {"flat_shape": ENDS}
    found["odd"] = all_right | {"say_seven": ODD}
    return found


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory):
    """Return a course in which the class has handed in."""
    lesson = find_lesson(NAME, tmp_path_factory.mktemp("lesson"))
    school = School(lesson, tmp_path_factory.mktemp("course"))
    school.lay_out()
    students = twelve()
    assert len(students) == 12
    for day, (name, answers) in enumerate(students.items(), 1):
        school.bring(name, answers or {})
        if answers is None:
            school.brought(name).write_text("this is no notebook")
        when = f"2030-01-{day:02} 12:00:00.000000 UTC"
        school.brought(name).with_name("timestamp.txt").write_text(when)
        school.brought(name).with_name("submission_secret.txt").write_text(f"{day}")
    return school


@pytest.fixture(scope="module", autouse=True)
def reaper():
    """Let orphans become children of this process, which waits for their end."""
    prctl = ctypes.CDLL(None).prctl
    prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    yield
    prctl(_SET_CHILD_SUBREAPER, 0, 0, 0, 0)


class Grader:
    """Runs `autograder grade` on a course, as a process that may be killed."""

    def __init__(self, school, temporary):
        self.school, self.temporary = school, Path(temporary)
        self.others = descendants()

    def run(self, students=None, seconds=None):
        """Grade; return whether the grader came to its end.

        It is killed so many seconds after it has graded so many students, if it is still there.
        """
        command = [sys.executable, "-m", "autograder.cli", "grade", self.school.course, NAME]
        process = subprocess.Popen(
            [*command, "--json", "--no-two-pass"],  # two passes take twice the time
            env=sharing_nothing(
                self.school.instructor.environment | {"TMPDIR": str(self.temporary)}
            ),
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        with process.stdout:
            last = self._read(process.stdout, students)
            killed = kill_after(seconds, process)
        await_ends(self.others)
        assert killed or process.returncode == 1, last  # one file is broken
        return not killed

    def _read(self, told, students):
        """Read what a grader tells until it has graded so many students; return the last of it."""
        graded, event = 0, None
        while graded != students and (line := told.readline()):
            event = json.loads(line)
            graded += event.get("state") == "graded"
        return event


def kill_after(seconds, process):
    """Kill a process, it alone, if it is still there; return whether it was."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    return process.returncode == -signal.SIGKILL


def descendants():
    return set(psutil.Process().children(recursive=True))


def await_ends(others):
    """Wait until there are no descendants but these."""
    deadline = time.monotonic() + PATIENCE
    while left := descendants() - others:
        psutil.wait_procs(left, timeout=1)
        assert time.monotonic() < deadline, left


@pytest.fixture(scope="module")
def temporary():
    # A short name: the sockets of kernels lie below it.
    with tempfile.TemporaryDirectory(prefix="k") as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def undisturbed(handed_in, temporary):
    """Return (the course, seconds for a student) after a run that nothing disturbed."""
    school = handed_in.copied(handed_in.course.with_name("undisturbed"))
    began = time.monotonic()
    assert Grader(school, temporary).run()
    return school, (time.monotonic() - began) / len(twelve())


@pytest.fixture(scope="module")
def interrupted(handed_in, undisturbed, temporary):
    """Return the courses that were graded by runs of which all but the last were killed."""
    _, seconds = undisturbed
    moments = random.Random(SEED)
    killed_at, courses = [], []
    while len(killed_at) < KILLS:
        school = handed_in.copied(handed_in.course.with_name(f"interrupted-{len(courses)}"))
        courses.append(school)
        grader = Grader(school, temporary)
        while len(killed_at) < KILLS:
            if grader.run(moments.randrange(4), moments.uniform(0, 2 * seconds)):
                break
            done = len(entries(school))
            killed_at += [done] if done < len(twelve()) else []
    assert grader.run()
    print(f"seed {SEED}; so many students were graded when it was killed: {killed_at}")
    return courses


@pytest.mark.long
def test_the_undisturbed_run_is_as_it_should_be(undisturbed):
    school, _ = undisturbed
    assert sum(school.autograded("answers_rrr").values()) == 8
    assert school.autograded("odd")["test_say_seven"] is None
    assert school.autograded("ends")["test_flat_shape"] == 0
    assert sum(school.autograded("ends").values()) == 7


@pytest.mark.long
def test_the_gradebook_is_the_same_row_by_row(undisturbed, interrupted):
    expected = rows(undisturbed[0])
    assert len(expected["submitted_assignment"]) == 11
    for school in interrupted:
        assert rows(school) == expected


@pytest.mark.long
def test_the_graded_notebooks_are_the_same(undisturbed, interrupted):
    expected = files(undisturbed[0].course / "autograded")
    assert len(expected) == 11 * 3  # a notebook, its time, its secret
    for school in interrupted:
        assert files(school.course / "autograded") == expected


@pytest.mark.long
def test_the_journal_is_the_same(undisturbed, interrupted):
    expected = entries(undisturbed[0])
    assert set(expected) == set(twelve())
    for school in interrupted:
        assert entries(school) == expected


@pytest.mark.long
def test_no_file_is_left(undisturbed, interrupted, temporary):
    expected = names(undisturbed[0].course)
    for school in interrupted:
        assert names(school.course) == expected
    assert list(temporary.iterdir()) == []


#: Starts a program in a box, and is killed so many seconds later.
STARTS_BOX = """
import os, signal, subprocess, sys, time
from autograder.grade.run.sandbox import BACKENDS, Box
program = [sys.executable, "-I", "-S", "-c", "import time; time.sleep(1000)"]
subprocess.Popen(BACKENDS["bubblewrap"]().command(program, Box()))
time.sleep(float(sys.argv[1]))
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.long
def test_killed_while_a_box_is_made():
    moments, others = random.Random(SEED), descendants()
    for _ in range(2 * KILLS):
        seconds = f"{moments.uniform(0, 0.03):.5f}"
        done = subprocess.run([sys.executable, "-c", STARTS_BOX, seconds])
        assert done.returncode == -signal.SIGKILL
        await_ends(others)


def rows(school):
    """Return {table: its rows}, in which made-up ids are replaced by what they stand for.

    nbgrader makes up an id for each row of a submission, its notebooks, grades and comments, anew
    whenever it writes one. Nothing else is left out; a submission's time is that of its file.
    """
    with closing(sqlite3.connect(school.course / "gradebook.db")) as book:
        listed = book.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        tables = [name for (name,) in listed]
        found = {table: list(book.execute(f"SELECT * FROM {table}")) for table in tables}
        stands_for = {}
        for table, key in _KEYS.items():
            stands_for |= {
                made_up: (table, *(stands_for.get(value, value) for value in known))
                for made_up, *known in book.execute(f"SELECT id, {key} FROM {table}")
            }
    return {
        table: sorted(repr([stands_for.get(value, value) for value in row]) for row in some)
        for table, some in found.items()
    }


#: Which columns tell the rows apart whose id is made up; those above come first.
_KEYS = {
    "submitted_assignment": "assignment_id, student_id",
    "submitted_notebook": "assignment_id, notebook_id",
    "grade": "notebook_id, cell_id",
    "comment": "notebook_id, cell_id",
}


def files(folder):
    """Return {name: (mode, content)} of the files below a folder."""
    return {
        str(path.relative_to(folder)): (path.stat().st_mode, path.read_bytes())
        for path in folder.rglob("*")
        if path.is_file()
    }


def names(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def entries(school):
    """Return {student: what the journal notes}, but for times and the digest of a folder."""
    journal = Journal(school.course / ".autograder" / "graded" / NAME)
    found = {student: journal.read(student) for student in twelve()}
    return {
        student: {key: value for key, value in noted.items() if key not in ("at", "folder")}
        for student, noted in found.items()
        if noted
    }
