"""A small world for each case: a course with alice, who is graded; the case; and zoe, who is next.

A `World` is made once, with everything generated and alice graded. `grade` copies it, lets cases
hand in, runs a grader and measures what has become of the copy.
"""

import contextlib
import hashlib
import io
import json
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from rich.console import Console

from autograder.grade import course as laying_out
from autograder.grade import screen
from autograder.grade.run.sandbox import mounts
from autograder.grade.run.sandbox.warm import PARENT
from tests import notebooks
from tests.grade.classroom import forked
from tests.hostile import inside, lesson, ours
from tests.hostile.submission import Submission

REPOSITORY = Path(__file__).resolve().parents[2]
OURS, STOCK = "ours", "stock"
NAME = lesson.NAME

#: Seconds: for one cell of a student, for one check, for a whole class before it counts as hung.
CELL, CHECK, CLASS = 30, 60, 3000
#: What each student may use, less than usual, so that a case costs little.
LIMITS = {"memory": 3 << 29, "cpu": 90, "disk": 64 << 20, "output": 2 << 20}

ZOE = {name: lesson.RIGHT[name] for name in ("flat_shape", "conv_out")}
ZOES_POINTS = sum(lesson.POINTS[name] for name in ZOE)

_STOCK_CONFIGURATION = f"""\
c = get_config()
c.CourseDirectory.course_id = "keras_shapes"
c.ExecutePreprocessor.timeout = c.Execute.timeout = {CELL}
c.Execute.startup_timeout = 120
"""
_OUR_CONFIGURATION = f"""
c.JudgedExecute.timeout = {CELL}
c.JudgedExecute.check_timeout = {CHECK}
c.JudgedExecute.limits = {LIMITS}
"""
#: Files of a home directory that Jupyter, IPython and nbgrader write by themselves.
_USUAL = re.compile(
    r"\.ipython/|\.local/share/jupyter/(runtime/|nbsignatures|notebook_secret)|\.cache/|\.config/"
    r"|\.keras/|\.jupyter/migrated"
)
_UNUSUAL = re.compile(r"startup/|_config|\.pth$|custom")
_ACTIVE = re.compile(
    r"<(script|img|svg|iframe|math|style|a)\b[^>]{0,200}(hostile\(|javascript:)"
    r"|<script[^>]*>\s*hostile",
    re.IGNORECASE,
)
_FOR_TERMINALS = re.compile(r"\x1b\]0;hostile|\x1b\]52;|\x1b\[2J")


@dataclass
class Outcome:
    """What became of a submission.

    state: "graded" or "rejected". points: so far. flagged: the checks that a person has to judge.
    problems: what shouldn't have happened, each a few words. feedback: the text of its pages.
    """

    state: str = "rejected"
    points: float = 0
    flagged: list = field(default_factory=list)
    reasons: list = field(default_factory=list)
    seconds: float = 0
    problems: list = field(default_factory=list)
    feedback: str = ""


class World:
    """A course that is ready but for the cases.

    grader: OURS or STOCK.
    """

    def __init__(self, grader, folder):
        self.grader, self.folder = grader, Path(folder)
        self.base = self.folder / "base"
        self._number = 0
        self._lay_out()
        if grader == STOCK:
            (self.base / "course/nbgrader_config.py").write_text(_STOCK_CONFIGURATION)
        else:
            with open(self.base / "course/nbgrader_config.py", "a") as file:
                file.write(_OUR_CONFIGURATION)
        report = self._run_grader(Copy(self.base, shares=True), ["alice"], {"two_pass": False})
        alice = Copy(self.base).outcome("alice")
        if alice.points != lesson.ALL:
            raise RuntimeError(f"alice isn't graded: {alice} {report}")

    def _lay_out(self):
        room = self.base / "root" / "solutions"
        room.mkdir(parents=True)
        nbformat.write(lesson.notebook(), room / f"{NAME}.ipynb")
        copy = Copy(self.base)
        laying_out.lay_out(copy.course, root=room.parent, lessons=[NAME])
        for folder in (copy.home / ".ssh", copy.temporary):
            folder.mkdir(parents=True)
        (copy.home / ".ssh/id_rsa").write_text(lesson.GRADER["a private key"])
        command = ["-m", "nbgrader", "generate_assignment", NAME]
        done = forked(command, copy.course, copy.environment)
        assert done.returncode == 0, done.stderr
        copy.hand_in("alice", lesson.RIGHT)
        copy.hand_in("zoe", ZOE)

    def grade(self, cases):
        """Grade some cases (the stock grader: one) in one course; return {name: Outcome}.

        What happened to others is a problem of each of them.
        """
        self._number += 1
        copy = Copy(self.folder / str(self._number))
        shutil.copytree(self.base, copy.folder, symlinks=True)
        try:
            return self._grade(copy, cases)
        finally:
            shutil.rmtree(copy.folder, ignore_errors=True)

    def _grade(self, copy, cases):
        port = _free_port()
        students = {student_of(case): case for case in cases}
        work = []
        for student, case in students.items():
            submission = Submission(copy.submitted(student), port)
            case.write(submission)
            submission.save()
            work += [submission.meanwhile] if submission.meanwhile else []
        before = copy.look()
        two_pass = any(case.two_pass for case in cases)
        options = {"two_pass": two_pass, "jobs": 2 if two_pass else 1}
        with _repeating(work):
            report = self._run_grader(copy, [*students, "zoe"], options, port)
        shared = self._problems(copy, before, students, report)
        outcomes = {}
        for student, case in students.items():
            outcome = copy.outcome(student)
            outcome.seconds = report["seconds"] / len(cases)
            outcome.feedback = copy.feedback(student)
            outcome.problems += [*shared, *copy.leaks(student, self.grader)]
            if self.grader == OURS and outcome.state == "rejected" and not outcome.reasons:
                outcome.problems.append("not graded, and no reason told")
            outcomes[case.name] = outcome
        return outcomes

    def _problems(self, copy, before, students, report):
        """Return what happened to others, to files and to the machine."""
        problems = copy.changes(before, [*students, "zoe"])
        if None in report["statuses"]:
            problems.append("the grader hung")
        elif self.grader == OURS and any(report["statuses"]):
            problems.append(f"the grader stopped: {report['said']}")
        zoe = copy.outcome("zoe")
        if zoe.state != "graded":
            problems.append("zoe was not graded")
        elif zoe.points != ZOES_POINTS:
            problems.append(f"zoe got {zoe.points:g} instead of {ZOES_POINTS}")
        if copy.outcome("alice").points != lesson.ALL:
            problems.append("alice's points changed")
        if report["survivors"]:
            problems.append(f"{len(report['survivors'])} processes left: {report['survivors'][:3]}")
        if report["bytes"]:
            problems.append(f"{report['bytes']} bytes sent out")
        return problems

    # Running a grader

    def _run_grader(self, copy, students, options, port=None):
        port = port or _free_port()
        commands, limits = self._commands(copy, students, options)
        orders = {
            "commands": commands,
            "port": port,
            "limits": limits,
            "log": str(copy.log),
            "seconds": CLASS,
        }
        command = [sys.executable, "-B", inside.__file__, json.dumps(orders)]
        if self.grader == STOCK:
            command = _boxed(command, copy)
        done = subprocess.run(
            command,
            cwd=copy.course,
            env=copy.environment,
            capture_output=True,
            text=True,
            timeout=CLASS + 60,
        )
        try:
            report = json.loads(done.stdout.splitlines()[-1])
        except (ValueError, IndexError):  # it has been killed, with all that it watched
            report = {"statuses": [None], "seconds": 0, "survivors": [], "bytes": 0}
        return {**report, "said": f"{copy.said()[-300:]}{done.stderr[-300:]}"}

    def _commands(self, copy, students, options):
        if self.grader == OURS:
            orders = {
                "course": str(copy.course),
                "lesson": NAME,
                "students": students,
                "options": options,
                "events": str(copy.events),
            }
            return [[sys.executable, "-B", ours.__file__, json.dumps(orders)]], {}
        nbgrader = [sys.executable, "-B", "-m", "nbgrader"]
        limits = {"AS": 10 << 30, "FSIZE": 300 << 20, "CORE": 0, "NOFILE": 1024}
        autograde = [*nbgrader, "autograde", NAME]
        if students == ["alice"]:
            return [[*autograde, "--student", "alice"]], limits
        feedback = [*nbgrader, "generate_feedback", NAME, "--student", students[0]]
        return [autograde, feedback], limits


class Copy:
    """One copy of the course, with a home directory and a folder for temporary files.

    shares: whether boxes come from what others have made, too (see tests/shared.py).
    """

    def __init__(self, folder, shares=False):
        self.folder, self.shares = Path(folder), shares
        self.course, self.home = self.folder / "course", self.folder / "home"
        self.temporary, self.log = self.folder / "t", self.folder / "log"
        self.events = self.folder / "events"

    @property
    def environment(self):
        """The variables of a grader's shell."""
        names = ["PATH", "LANG", *([PARENT] if self.shares else [])]
        kept = {name: os.environ[name] for name in names if name in os.environ}
        return {
            **kept,
            "HOME": str(self.home),
            "TMPDIR": str(self.temporary),
            "PYTHONPATH": str(REPOSITORY),
            "GRADERS_SECRET": lesson.GRADER["the grader's environment"],
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "CUDA_VISIBLE_DEVICES": "",
        }

    def submitted(self, student):
        """Return the folder in which a student hands in."""
        return self.course / "submitted" / student / NAME

    def hand_in(self, student, answers):
        """Hand in honestly."""
        self.submitted(student).mkdir(parents=True)
        path = self.submitted(student) / f"{NAME}.ipynb"
        shutil.copy(self.course / "release" / NAME / f"{NAME}.ipynb", path)
        note = f"# {''.join(lesson.CLASSMATE.values())}\n"
        notebooks.write_submission(path, {name: note + text for name, text in answers.items()})

    def said(self):
        """Return what the grader printed."""
        return self.log.read_text("utf-8", "replace") if self.log.exists() else ""

    # What became of a student

    def outcome(self, student):
        """Return the Outcome of a student, from the gradebook and the grader's events."""
        found = Outcome()
        rows = self._query(
            "SELECT b.name, g.auto_score, g.manual_score, g.needs_manual_grade FROM grade g "
            "JOIN base_cell b ON g.cell_id = b.id "
            "JOIN submitted_notebook n ON g.notebook_id = n.id "
            "JOIN submitted_assignment a ON n.assignment_id = a.id WHERE a.student_id = ?",
            student,
        )
        if rows and self._graded(student).is_file():
            found.state = "graded"
            for name, auto, manual, by_hand in rows:
                found.points += (auto if manual is None else manual) or 0
                found.flagged += [name] if by_hand else []
        for event in self._events(student):
            if event["state"] == "not graded":
                found.state, found.points = "rejected", 0
            found.reasons += [event["reason"]] if "reason" in event else []
            found.reasons += [c["reason"] for c in event.get("checks", []) if c["reason"]]
        return found

    def _events(self, student):
        lines = self.events.read_text().splitlines() if self.events.exists() else []
        events = map(json.loads, lines)
        return [e for e in events if e["event"] == "done" and e["student"] == student]

    def _query(self, statement, *values):
        try:
            with contextlib.closing(sqlite3.connect(self.course / "gradebook.db")) as book:
                return book.execute(statement, values).fetchall()
        except sqlite3.Error:
            return []

    def _graded(self, student):
        return self.course / "autograded" / student / NAME / f"{NAME}.ipynb"

    def feedback(self, student):
        """Return the text of a student's pages of feedback."""
        pages = list((self.course / "feedback" / student).rglob("*"))
        return "\n".join(p.read_text("utf-8", "replace") for p in pages if p.is_file())

    def leaks(self, student, grader):
        """Return what a student learns that is none of theirs, and what acts in their pages."""
        found, text = [], self.feedback(student)
        # nbgrader's own feedback shows hidden tests to everybody; that is noted once for all.
        secret = lesson.SECRETS if grader == OURS else {**lesson.CLASSMATE, **lesson.GRADER}
        # On a busy machine a page may take too long: that is told, and costs nobody else theirs.
        is_told = "<html" in text or f"the feedback of {student} for" in self.said()
        if grader == OURS and self.outcome(student).state == "graded" and not is_told:
            found.append("no feedback, and nothing said of it")
        found += [f"{what} in the feedback" for what, word in secret.items() if word in text]
        if _ACTIVE.search(text):
            found.append("active content in the feedback")
        try:
            outputs = self._outputs(student)
        except ValueError:  # the grader ended while it was writing
            found.append("half a graded notebook left")
            outputs = self._graded(student).read_text("utf-8", "replace")
        found += [f"{what} printed" for what, word in lesson.SECRETS.items() if word in outputs]
        found += re.findall(r"BREACH[^\"\\]{0,50}", outputs)[:1]
        if grader == OURS and _FOR_TERMINALS.search(self.said() + self._told(student)):
            found.append("text for terminals in what the grader says")
        for path in self._graded(student).parent.rglob("*"):
            if path.is_file() and path.suffix != ".ipynb":
                content = path.read_bytes().decode("utf-8", "replace")
                words = [what for what, w in lesson.SECRETS.items() if w in content]
                found += [f"{what} in the file {path.name}" for what in words]
        return found

    def _told(self, student):
        """Return what `autograder grade` prints of a student on a terminal."""
        said = io.StringIO()
        console = Console(file=said, highlight=False, markup=False, emoji=False)
        for event in self._events(student):
            for line in screen.lines(event):
                console.print(line, soft_wrap=True)
        return said.getvalue()

    def _outputs(self, student):
        """Return all outputs of a graded notebook but those of its checks."""
        if not self._graded(student).is_file():
            return ""
        cells = json.loads(self._graded(student).read_text("utf-8"))["cells"]
        marks = ((cell, cell["metadata"].get("nbgrader", {})) for cell in cells)
        return json.dumps([c.get("outputs") for c, m in marks if not m.get("grade")])

    # What became of everything else

    def look(self):
        """Return the state of the world: files with their digests, rows of the gradebook."""
        return _digests(self.course), _digests(self.home), self._rows()

    def _rows(self):
        tables = self._query("SELECT name FROM sqlite_master WHERE type = 'table'")
        return {
            (table, row)
            for (table,) in tables
            if table != "course"
            for row in self._query(f"SELECT * FROM {table}")
        }

    def changes(self, before, students):
        """Return what has changed since, beyond what grading these students changes."""
        files, home, rows = self.look()
        old_files, old_home, old_rows = before
        mine = [
            f"{step}/{s}/" for step in ("autograded", "feedback", "submitted") for s in students
        ]
        fine = ("gradebook.db", ".autograder/", *mine)
        found = [f"{n} changed" for n in _differing(old_files, files) if not n.startswith(fine)]
        found += [
            f"~/{name} changed"
            for name in _differing(old_home, home)
            if not _USUAL.match(name) or _UNUSUAL.search(name)
        ]
        if lost := old_rows - rows:
            found.append(f"{len(lost)} rows of the gradebook changed, in {sorted(lost)[0][0]}")
        notes = [name for name in files if name.startswith(".autograder/graded/")]
        odd = [n for n in notes if Path(n).stem not in (*students, "alice")]
        found += [f"{name} appeared" for name in odd]
        found += [f"/tmp/{n} appeared" for n in ("pwned.txt",) if os.path.exists(f"/tmp/{n}")]
        left = [path.name for path in self.temporary.iterdir()]
        if left := [
            name for name in left if name.startswith(("kernel-", "judge-", "box-", "pwned"))
        ]:
            found.append(f"{left[0]} was left in the folder for temporary files")
        return found[:6]


def student_of(case):
    """Return the name of the student who hands in a case."""
    return f"mallory_{case.name.split('_')[0]}"


def _digests(folder):
    """Return {name: digest} of the files below a folder, links as such."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_symlink():
            found[name] = os.readlink(path)
        elif path.is_file() and path.stat().st_size < 1 << 28:
            found[name] = hashlib.md5(path.read_bytes()).hexdigest()
    return found


def _differing(old, new):
    return sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))


def _free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@contextlib.contextmanager
def _repeating(functions):
    """Call functions again and again, meanwhile."""
    over = threading.Event()

    def repeat():
        while not over.wait(0.001):
            for function in functions:
                with contextlib.suppress(OSError):
                    function()

    thread = threading.Thread(target=repeat)
    if functions:
        thread.start()
    try:
        yield
    finally:
        over.set()
        if functions:
            thread.join()


def _boxed(command, copy):
    """Return a command that runs in a sandbox in which this copy of the course can be written.

    nbgrader itself protects nobody from what students send; this protects us.
    """
    box = ["bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--proc", "/proc"]
    box += ["--dev", "/dev", "--size", str(300 << 20), "--tmpfs", "/tmp"]
    box += ["--size", str(64 << 20), "--tmpfs", "/dev/shm"]
    for name in ("bin", "sbin", "lib", "lib32", "lib64"):
        top = Path("/") / name
        if top.is_symlink():
            box += ["--symlink", os.readlink(top), str(top)]
        elif top.exists():
            box += ["--ro-bind", str(top), str(top)]
    read_only = [*mounts.system_paths(), *mounts.settings_paths(), *mounts.python_paths()]
    read_only += [REPOSITORY / "autograder", REPOSITORY / "tests"]
    for path in read_only:
        box += ["--ro-bind", str(path), str(path)]
    return [
        *box,
        "--bind",
        str(copy.folder),
        str(copy.folder),
        "--chdir",
        str(copy.course),
        *command,
    ]


@contextlib.contextmanager
def made(grader):
    """Make a World for a while."""
    # A short name: the sockets of kernels lie below it.
    with tempfile.TemporaryDirectory(prefix="h") as folder:
        yield World(grader, folder)
