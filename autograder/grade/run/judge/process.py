"""The judge, seen from the grader: a clean process that runs check cells and asks about answers.

    judge = Judge(lesson, choose())  # a `names.Lesson`
    judge.start()
    cell = lesson.place("test_flat_shape")
    finding = judge.check(cell, cell.source, session.ask)  # a StudentSession's
    judge.forget_student()  # if the session has been started again
    judge.begin_anew()  # for the same student, as if nothing had been judged
    judge.close()

Which cells of the lesson run there, and which names are asked for, is decided in `names`, from
the lesson alone. The process is in a box, because it holds values that students chose; and it can
be ended at any time, because all that it knows can be had again.
"""

import compileall
import contextlib
import functools
import json
import os
import py_compile
import selectors
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

from autograder.grade.run import judge as package
from autograder.grade.run import preload
from autograder.grade.run.files import read_files, write_files
from autograder.grade.run.judge.names import AUTHOR, names_in
from autograder.grade.run.sandbox import Box, Limits
from autograder.grade.run.sandbox.watchdog import Watchdog
from autograder.grade.run.student.session import StudentDied, StudentHung
from autograder.grade.run.wire import Bad

#: Seconds for the process to start, and for it to end.
START, GRACE = 120, 3
#: How often it is started again.
RESTARTS = 2
#: Bytes of a line from the process.
LINE = 100 << 20
#: What became of a check.
JUDGED, FAILED, UNDECIDED, LOST = "judged", "failed", "undecided", "lost"

_GRADE = Path(package.__file__).parents[2]
_PARTS = ("__init__.py", "run/__init__.py", "run/wire.py", "run/vetting.py")
_OF_JUDGE = ("__init__", "remote", "objects", "layers", "worker", "spelled")
_PARTS += tuple(f"run/judge/{name}.py" for name in _OF_JUDGE)
_WITHOUT_TIMES = py_compile.PycInvalidationMode.UNCHECKED_HASH
# In a box there is of this package only what a lesson imports; the rest comes along as files.
_BOOT = (
    "import os, autograder; autograder.__path__.append(os.path.join(os.getcwd(), 'parts')); "
    "from autograder.grade.run.judge import worker; worker.main({spare}, {keras})"
)


@functools.cache
def _compiled_parts():
    """Return {path: content} of the parts with their compiled forms, so a judge starts sooner.

    Another Python, as there may be in a container, passes those over and compiles for itself.
    """
    with tempfile.TemporaryDirectory() as folder:
        for part in _PARTS:
            target = Path(folder, part)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(_GRADE / part, target)
        compileall.compile_dir(folder, quiet=1, invalidation_mode=_WITHOUT_TIMES)
        return read_files(folder)


class JudgeDied(Exception):
    """The judge's process has ended, or doesn't answer."""


@dataclass
class Finding:
    """What came of a check.

    state: JUDGED (whatever the verdict is); FAILED, it raised an error, as a check does for an
    answer that isn't right; LOST, the student's process didn't answer; UNDECIDED, a person has to
    judge. reason: a sentence for the last two. line: of the check, where an error came up.
    value: what its last line says of points, None for nothing; a text where that can't be read.
    outputs: as nbformat has them. is_of_judge: whether it's the judge that failed at it.
    """

    state: str
    reason: str | None = None
    outputs: list = field(default_factory=list)
    line: int | None = None
    value: float | str | None = None
    is_of_judge: bool = False


class Judge:
    """Runs the checks of a lesson, in their order, for one student."""

    def __init__(self, lesson, backend, files=None, limits=None, spare=False, plain=False):
        """Make a judge.

        Args:
            lesson: The `names.Lesson`.
            backend: Of `autograder.grade.run.sandbox`.
            files: A folder with what the lesson's own cells read; None for nothing.
            limits: Limits of its box.
            spare: Whether the process is to keep a spare, which makes `begin_anew` fast.
            plain: Whether it takes only what arrives as it is: a check that has met anything else
                is UNDECIDED.
        """
        self.plain = plain
        self.lesson, self.backend, self.files = lesson, backend, files
        self.spare = spare
        self.limits = limits or Limits(cpu=3600)
        self.fault = None  # why the lesson itself can't be judged
        self._process = self._folder = self._pipe = self._watchdog = None
        self._ran, self._ready, self._deaths = set(), False, 0
        self._restored = set()  # names of what was given back its content; see `worker`

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.close()

    # Starting and ending

    def start(self):
        """Start the process, without waiting for it."""
        self._folder = Path(tempfile.mkdtemp(prefix="judge-"))
        files = self._folder / "files"
        if self.files:
            shutil.copytree(self.files, files)
        write_files(files / "parts" / "grade", _compiled_parts())
        execution = {"NBGRADER_EXECUTION": "autograde"}
        box = Box(files=files, limits=self.limits, environment=execution)
        boot = _BOOT.format(spare=self.spare, keras=preload.needs_keras(self.lesson))
        command = self.backend.command([sys.executable, "-c", boot], box)
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        with self._errors.open("wb") as errors:
            self._process = subprocess.Popen(command, bufsize=0, stderr=errors, **pipes)
        self._pipe = _Pipe(self._process)
        self._watchdog = Watchdog(self._process, box)
        self._watchdog.__enter__()

    def close(self):
        """End the process."""
        if self._process is None:
            return
        process, self._process = self._process, None
        self._ran, self._ready = set(), False
        self._watchdog.__exit__()
        process.terminate()
        try:
            process.wait(GRACE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdin.close()
        process.stdout.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def begin_anew(self):
        """Go on in a process that has run nothing."""
        self.fault, self._deaths = None, 0
        if not self._ready:  # it has run nothing
            return
        self._ran = set()
        self._restored.clear()
        try:
            self._pipe.send({"again": True}, time.monotonic() + GRACE)
            self._pipe.receive(time.monotonic() + START)
        except (JudgeDied, TimeoutError):  # it has no spare: another one is started when needed
            self.close()

    @property
    def _errors(self):
        return self._folder / "errors"

    def _await_ready(self):
        if self._process is None:
            self.start()
        if not self._ready:
            try:
                self._pipe.receive(time.monotonic() + START)
            except (JudgeDied, TimeoutError):
                said = self._errors.read_bytes()[-2000:].decode("utf-8", "replace").strip()
                self.close()
                raise JudgeDied(f"the judge's process does not start: {said}") from None
            self._ready = True

    # Judging

    def check(self, cell, source, ask, timeout=300):
        """Run a check cell; return the Finding.

        Args:
            cell: Its place in the lesson, a `names.Cell`.
            source: Its text; of its names, those that the lesson gives to answers are asked for.
            ask: ask(request, timeout) puts a question to the student's agent. StudentDied and
                StudentHung make the check LOST, wire.Bad makes it UNDECIDED.
            timeout: Seconds for all of it.
        """
        try:
            if not self.fault:
                self.catch_up(cell, ask, timeout)
            if self.fault:
                return Finding(UNDECIDED, self.fault)
            return _failed_if_shown(self._carry_out(cell, source, ask, timeout))
        except JudgeDied as error:
            reason = f"the check could not be brought to an end: {error}"
            return Finding(UNDECIDED, reason, is_of_judge=True)

    def catch_up(self, cell, ask, timeout=300):
        """Run those of the lesson's own cells before this one that are needed and haven't run."""
        for number in sorted(self.lesson.needed - self._ran):
            one = self.lesson.cells[number]
            if number >= cell.number:
                break
            self._await_ready()
            found = self._carry_out(one, one.source, ask, timeout)
            self._ran.add(number)
            sound = found.state == JUDGED or one.may_fail
            if not sound and not self.lesson.leans_on_answers(one):
                name = one.name or one.id
                self.fault = f"the lesson's own cell {name} fails ({found.reason}): mend it first"

    def forget_student(self):
        """Take note that the student's process is another one now."""
        leaning = map(self.lesson.leans_on_answers, self.lesson.cells)
        self._ran -= {n for n, leans in enumerate(leaning) if leans}
        self._restored.clear()

    def _carry_out(self, cell, source, ask, timeout):
        self._await_ready()
        reads = names_in(source).reads
        leaning = any(self.lesson.leans_on_answers(self.lesson.cells[n]) for n in self._ran)
        order = {
            "source": source,
            "names": self.lesson.asked_for(reads, cell),
            "seed": cell.number,
            # What it has fetched may only be forgotten if no cell of the lesson has kept it.
            "fresh": cell.role != AUTHOR and not leaning,
            "is_check": cell.role != AUTHOR,
        }
        conversation = _Conversation(self._pipe, ask, timeout)
        try:
            found = conversation.hold(order)
        except (JudgeDied, TimeoutError) as error:
            why = self._watchdog.reason or str(error)
            self.close()
            self._deaths += 1
            if self._deaths > RESTARTS:
                self.fault = f"the judge's process ended again and again: {why}"
            if conversation.student_was_slow():
                return Finding(LOST, f"it took longer than {timeout:g} seconds")
            raise JudgeDied(why) from None
        if self.plain and not conversation.is_plain and not conversation.lost:
            return Finding(UNDECIDED, "the answer isn't of plain values", found["outputs"])
        reason = conversation.lost or found["reason"]
        again = sorted(self._restored & reads)
        self._restored = self._restored - names_in(source).binds | {*found["restored"]}
        if found["state"] == FAILED and again:
            return Finding(UNDECIDED, _RESTORED.format(again[0]), found["outputs"], found["line"])
        return Finding(found["state"], reason, found["outputs"], found["line"], found["value"])


def _failed_if_shown(found):
    """Return the Finding on a check, which fails as well if it shows an error and goes on.

    So does one below `%%time`, or one whose value can't be shown.
    """
    errors = [o for o in found.outputs if o["output_type"] == "error"]
    if found.state != JUDGED or not errors:
        return found
    reason = f"{errors[0]['ename']}: {errors[0]['evalue']}"[:300]
    return replace(found, state=FAILED, reason=reason, value=None)


class _Conversation:
    """One order, the questions that it raises, and its outcome."""

    def __init__(self, pipe, ask, timeout):
        self.pipe, self.ask, self.timeout = pipe, ask, timeout
        self.lost, self.asking, self.is_plain = None, 0.0, True

    def hold(self, order):
        """Return the outcome of an order."""
        deadline = time.monotonic() + self.timeout
        self.pipe.send(order, deadline)
        while "ask" in (said := self.pipe.receive(deadline)):
            began = time.monotonic()
            answer = self._answer(said["ask"], max(deadline - began, 0.1))
            self.asking += time.monotonic() - began
            self.pipe.send(answer, max(deadline, time.monotonic() + GRACE))
            deadline = max(deadline, time.monotonic() + GRACE) if self.lost else deadline
        if "state" not in said:  # its process has ended as if it were to begin anew
            raise JudgeDied("its process is gone")
        return said

    def _answer(self, request, seconds):
        if self.lost:
            return {"lost": self.lost}
        try:
            reply = self.ask(request, seconds)
            self.is_plain = self.is_plain and _is_plain(reply)
            return {"reply": reply}
        except Bad as error:
            self.is_plain = False
            return {"bad": str(error)}
        except (StudentDied, StudentHung) as error:
            self.lost = str(error)
            return {"lost": self.lost}

    def student_was_slow(self):
        """Tell whether most of the time went by while the student's process was asked."""
        return self.asking > self.timeout / 2


#: Why a check that fails is left to a person all the same.
_RESTORED = "it looks at {}, which the answer changed in an earlier check, and which was put back"
#: Kinds of `wire` that arrive as they are; of a dict, all but its keys.
_PLAIN = ("int", "float", "complex", "bytes", "ellipsis", "range", "slice", "array", "scalar")
_PLAIN += ("view",)
_HOLDERS = ("tuple", "dict", "pairs", "set", "known", "shared")


def _is_plain(reply):
    """Tell whether what an agent replies arrives as it is, or is a plain function or an error."""
    value = reply.get("value")
    is_function = type(value) is dict and value.get("k") == value.get("type") == "function"
    if is_function and not value.get("is_class"):
        return True
    left = [value]
    while left:
        data = left.pop()
        if type(data) is dict and data.get("k") in _HOLDERS:
            data = data.get("v")  # none of what both sides have already
            data = list(data.values()) if type(data) is dict else data
        elif type(data) is dict and data.get("k") not in _PLAIN:
            return False
        left += data if type(data) is list else []
    return not reply.get("unsent")


class _Pipe:
    """Lines of JSON to and from a process, each with a deadline and a bounded size."""

    def __init__(self, process):
        self.incoming, self.outgoing = process.stdout, process.stdin
        self.rest = b""
        for stream in (self.incoming, self.outgoing):
            os.set_blocking(stream.fileno(), False)

    def send(self, data, deadline):
        """Send a line; raise TimeoutError, or JudgeDied if nobody reads any more."""
        left = memoryview(json.dumps(data).encode() + b"\n")
        while left:
            self._await(self.outgoing, selectors.EVENT_WRITE, deadline)
            with contextlib.suppress(BlockingIOError):
                try:
                    left = left[os.write(self.outgoing.fileno(), left[: 1 << 16]) :]
                except BrokenPipeError:
                    raise JudgeDied("its process is gone") from None

    def receive(self, deadline):
        """Return what the next line says; raise TimeoutError, or JudgeDied if there is none."""
        parts = [self.rest]
        while b"\n" not in parts[-1]:
            if sum(map(len, parts)) > LINE:
                raise JudgeDied("it said too much")
            self._await(self.incoming, selectors.EVENT_READ, deadline)
            parts.append(os.read(self.incoming.fileno(), 1 << 20))
            if not parts[-1]:
                raise JudgeDied("its process is gone")
        line, _, self.rest = b"".join(parts).partition(b"\n")
        try:
            said = json.loads(line)
        except (ValueError, RecursionError):
            said = None
        if type(said) is not dict or not said.keys() & {"ask", "ready", "state"}:
            raise JudgeDied("it said something else than it should")
        return said

    def _await(self, stream, event, deadline):
        with selectors.DefaultSelector() as selector:
            selector.register(stream, event)
            if not selector.select(max(deadline - time.monotonic(), 0)):
                raise TimeoutError("it took too long")
