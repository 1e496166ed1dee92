"""A class for tests: lessons, people with a home of their own, and nbgrader's stock commands."""

import atexit
import copy
import csv
import importlib
import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile, mkdtemp

import nbformat
from nbgrader.api import Gradebook

from autograder.author.editions import learner_edition
from autograder.grade.run.sandbox.warm import PARENT
from autograder.progress import owner
from autograder.warm.forked import Forked
from tests import notebooks, shared
from tests.grade import small_lesson

REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass
class Lesson:
    """A lesson to take a class through: where its solved edition is, and answers to it."""

    name: str
    root: Path
    exercises: dict

    def answers_all_right(self):
        """Return right answers, in a spelling at which Keras warns wherever there is one."""
        return {
            name: next((a for a in exercise.right if "input_shape=" in a), exercise.right[0])
            for name, exercise in self.exercises.items()
        }

    def answers_half_right(self):
        """Return answers of which every second one is wrong."""
        return {
            name: exercise.wrong[0][0] if name in self.half_wrong() else exercise.right[-1]
            for name, exercise in self.exercises.items()
        }

    def answers(self, wrong):
        """Return answers of which those to the exercises named in `wrong` are wrong."""
        return {
            name: exercise.wrong[0][0] if name in wrong else exercise.right[0]
            for name, exercise in self.exercises.items()
        }

    def half_wrong(self):
        """Return the exercises that are wrong in the answers that are half right."""
        return list(self.exercises)[1::2]

    def exercise_of(self, check):
        """Return the exercise that a check, test_<exercise>[_<aspect>], belongs to."""
        return owner(check, self.exercises)


def find_lesson(name, folder):
    """Return a lesson of the course, or the small lesson of these tests, written into `folder`."""
    if name != small_lesson.NAME:
        answers = importlib.import_module(f"tests.lessons.answers_{name}")
        return Lesson(name, REPOSITORY, answers.EXERCISES)
    solved = small_lesson.notebook()
    editions = {"solutions": solved, "notebooks": learner_edition(solved)}
    for room, notebook in editions.items():
        (folder / room).mkdir()
        nbformat.write(notebook, folder / room / f"{name}.ipynb")
    return Lesson(name, folder, small_lesson.EXERCISES)


class Person:
    """Somebody with a home directory and a work folder of their own, who types commands."""

    def __init__(self, home, configuration="", work=None):
        self.work = work or home / "work"
        self.work.mkdir(parents=True)
        jupyter = home / ".jupyter"
        jupyter.mkdir(parents=True)
        (jupyter / "nbgrader_config.py").write_text(configuration)
        self.environment = {
            **os.environ,
            "HOME": str(home),
            "JUPYTER_CONFIG_DIR": str(jupyter),
            "JUPYTER_DATA_DIR": str(home / "data"),
            "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
            "IPYTHONDIR": str(home / "ipython"),
            "MPLCONFIGDIR": str(home / "matplotlib"),
        }
        self.commands = []

    def nbgrader(self, *arguments):
        """Run one of nbgrader's own commands in the work folder; return what it printed."""
        command = ["-m", "nbgrader", *map(str, arguments)]
        done = forked(command, self.work, self.environment)
        self.commands.append(done)
        assert done.returncode == 0, f"nbgrader {' '.join(arguments)}\n{done.stdout}{done.stderr}"
        return done.stdout


def forked(argv, directory, environment):
    """Run a command of Python's as `subprocess.run` does, but without importing all anew."""
    if not sys.platform.startswith("linux"):
        argv = [sys.executable, *argv]
        return subprocess.run(argv, cwd=directory, env=environment, capture_output=True, text=True)
    request = {"argv": argv, "directory": str(directory), "environment": environment}
    with TemporaryFile("w+") as out, TemporaryFile("w+") as err, open(os.devnull) as nothing:
        streams = [stream.fileno() for stream in (nothing, out, err)]
        status = Forked(shared.parent_of_commands().socket, request, streams, 600).wait(600)
        for stream in (out, err):
            stream.seek(0)
        return subprocess.CompletedProcess(argv, status, out.read(), err.read())


def sharing_nothing(environment):
    """Return variables for a process that grades with a parent of its own (see tests/conftest)."""
    return {name: value for name, value in environment.items() if name != PARENT}


def lay_out(lesson, course, *options):
    """Run `autograder course` as a process of its own; return what it printed."""
    words = ["course", course, "--root", lesson.root, "--lesson", lesson.name, *options]
    command = ["-m", "autograder.cli", *map(str, words)]
    done = forked(command, Path.cwd(), dict(os.environ))
    assert done.returncode == 0, done.stderr
    return done.stdout


#: {the solved edition of a lesson: a course directory with it}, to be copied.
_LAID_OUT = {}


def laid_out(lesson):
    """Return a course directory with a lesson, made once: nbgrader takes seconds over it."""
    solved = (lesson.root / "solutions" / f"{lesson.name}.ipynb").read_bytes()
    if solved not in _LAID_OUT:
        folder = Path(mkdtemp(prefix="laid-out-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        school = School(lesson, folder)
        lay_out(lesson, school.course)
        school.instructor.nbgrader("generate_assignment", lesson.name)
        _LAID_OUT[solved] = school.course
    return _LAID_OUT[solved]


def use_stock_steps(course):
    """Let `nbgrader autograde` do in a course as nbgrader does, as the configuration says how."""
    file, line = course / "nbgrader_config.py", "\nsteps.use(c)\n"
    assert file.read_text().count(line) == 1
    file.write_text(file.read_text().replace(line, "\n# steps.use(c)\n"))


class School:
    """A course with three students, which goes from the lesson to the exported marks."""

    def __init__(self, lesson, folder):
        self.lesson = lesson
        self.exchange = folder / "exchange"
        self.instructor = Person(folder / "instructor", work=folder / "course")
        self.course = self.instructor.work
        self.students = {
            name: Person(folder / name, self._student_configuration(name))
            for name in ("all_right", "half_right", "untouched")
        }
        self.answers = {
            "all_right": lesson.answers_all_right(),
            "half_right": lesson.answers_half_right(),
            "untouched": {},
        }

    def _student_configuration(self, name):
        return (
            "c = get_config()\n"
            "c.CourseDirectory.course_id = 'keras_shapes'\n"
            f"c.CourseDirectory.student_id = {name!r}\n"
            f"c.Exchange.root = {str(self.exchange)!r}\n"
        )

    def use_stock_steps(self):
        """The instructor leaves grading to nbgrader alone."""
        use_stock_steps(self.course)

    def copied(self, folder):
        """Return the same school with a copy of its course directory."""
        other = copy.copy(self)
        other.course = shutil.copytree(self.course, folder, symlinks=True)
        other.instructor = copy.copy(self.instructor)
        other.instructor.work = other.course
        return other

    def autograder_grade(self, *options):
        """The instructor runs `autograder grade`; return {student: what it tells at the end}."""
        words = ["grade", str(self.course), self.lesson.name, "--json", *options]
        command = ["-m", "autograder.cli", *words]
        done = forked(command, Path.cwd(), self.instructor.environment)
        assert done.returncode == 0, done.stdout + done.stderr
        events = map(json.loads, done.stdout.splitlines())
        return {event["student"]: event for event in events if event["event"] == "done"}

    def release(self):
        """The instructor lays out the course and puts the lesson into the exchange."""
        lay_out(self.lesson, self.course, "--exchange", self.exchange)
        self.instructor.nbgrader("generate_assignment", self.lesson.name)
        self.instructor.nbgrader("release_assignment", self.lesson.name)

    def hand_in(self):
        """Every student fetches the lesson, answers and submits."""
        self._everyone(self._hand_in)

    def _hand_in(self, name):
        student = self.students[name]
        student.nbgrader("fetch_assignment", self.lesson.name)
        notebooks.write_submission(self.submission(name), self.answers[name])
        student.nbgrader("submit", self.lesson.name)

    def grade(self):
        """The instructor collects and grades, and gives feedback and marks."""
        # All of this class are one user of the operating system.
        one_user = "--ExchangeCollect.check_owner=False"
        self.instructor.nbgrader("collect", self.lesson.name, one_user)
        self._add_solved_edition()
        for step in ("autograde", "generate_feedback", "release_feedback"):
            self.instructor.nbgrader(step, self.lesson.name)
        self.instructor.nbgrader("export", "--to", "marks.csv")

    def _add_solved_edition(self):
        """The solved edition is graded too, as a submission that came by another way."""
        self.brought("solved").parent.mkdir(parents=True)
        self.brought("solved").write_bytes(self.source.read_bytes())
        # What nbgrader's submit adds, and release_feedback asks for.
        folder = self.brought("solved").parent
        (folder / "timestamp.txt").write_text("2030-01-01 12:00:00.000000 UTC")
        (folder / "submission_secret.txt").write_text("not secret")

    def lay_out(self):
        """The instructor makes the course and the learner edition, and releases nothing."""
        made = laid_out(self.lesson)
        shutil.copytree(made, self.course, symlinks=True, dirs_exist_ok=True)

    def brought(self, name):
        """Return the notebook of a student as it lies in the course directory."""
        return self.course / "submitted" / name / self.lesson.name / self.source.name

    def bring(self, name, answers):
        """Put a notebook with these answers where collected notebooks are."""
        self.brought(name).parent.mkdir(parents=True)
        self.brought(name).write_bytes(self.released.read_bytes())
        notebooks.write_submission(self.brought(name), answers)

    def give_back(self):
        """Every student fetches the feedback."""
        self._everyone(
            lambda name: self.students[name].nbgrader("fetch_feedback", self.lesson.name)
        )

    def _everyone(self, does):
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(does, self.students))

    @property
    def source(self):
        """The solved edition, as it lies in the course directory."""
        return self.course / "source" / self.lesson.name / f"{self.lesson.name}.ipynb"

    @property
    def released(self):
        """The learner edition, as nbgrader made it."""
        return self.course / "release" / self.lesson.name / f"{self.lesson.name}.ipynb"

    def submission(self, name):
        """Return the notebook a student works on."""
        return self.students[name].work / self.lesson.name / f"{self.lesson.name}.ipynb"

    def graded(self, name):
        """Return the notebook of a student after autograde."""
        return self.course / "autograded" / name / self.lesson.name / self.source.name

    def autograded(self, name):
        """Return the points that the gradebook has for a student's checks."""
        with self.gradebook() as book:
            notebook = book.find_submission_notebook(self.lesson.name, self.lesson.name, name)
            return {grade.name: grade.auto_score for grade in notebook.grades}

    def gradebook(self):
        """Open the gradebook of the course, as nbgrader does."""
        return Gradebook(f"sqlite:///{self.course / 'gradebook.db'}", "keras_shapes")

    def exported(self):
        """Return the lines of the exported marks, {student: line}."""
        with open(self.course / "marks.csv", newline="") as file:
            return {line["student_id"]: line for line in csv.DictReader(file)}

    def feedback(self, name):
        """Return the pages of feedback that a student has fetched."""
        return list((self.submission(name).parent / "feedback").rglob("*.html"))
