"""The judge's own process: runs the lesson's cells and check cells, and no code of a student's.

It is started by `process`, in a box like a student's, and spoken to in lines of JSON: orders come
by its standard input, answers go by its standard output.

    order     {"source", "names", "seed", "fresh", "is_check"}: run a cell, in which `names` are
              the student's
    question  {"ask": request}: for the student's agent; the answer to it is {"reply": ...},
              {"bad": why it can't be read} or {"lost": why there is none}
    outcome   {"state", "reason", "line", "value", "outputs", "restored"}, which ends the order;
              line: that of the cell which raised an error, if one did (displays have theirs in
              their metadata); value: what the last line says of points, see
              `wire.said_of_points`; restored: names of what the answer has changed, and what has
              been given back its content since
    again     {"again": true}: begin anew, as a process that has run nothing
    ready     {"ready": true}, at each beginning

The cells run in an IPython shell, so that what they show is what a kernel would have shown. What
they write to stderr is dropped: it is about nobody's answer.
"""

import base64
import ctypes
import io
import json
import math
import os
import random
import signal
import sys
import tempfile
import traceback
import types
from pathlib import Path

import numpy as np
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Any, Type
from traitlets.config import Config

JUDGED, FAILED, UNDECIDED, LOST = "judged", "failed", "undecided", "lost"
_RESULT = "execute_result"
#: Why a check that accepts an answer is left to a person all the same.
_BY_CHANGES = "the answer changes values that the check has, and is accepted only for that reason"
_BY_COMPILING = "the answer compiles a model of the check's, which can't be followed"
_BEHIND = "the answer changes a layer of its own that the check has, which can't be followed"
_AHEAD = "the check changes a layer of the answer's, which goes on with its own"
_COMPILED = "an earlier check has compiled {}, and the answer's own isn't"
_TOUCHED = "the answer has changed values of the lesson's own cells"
#: What Python says of an `except` without a class of errors: the judge has none of an answer's.
_NO_ERRORS = "catching classes that do not inherit from BaseException is not allowed"
#: Requests that run no code of the student's.
#: Classes of values that come as they are.
_PLAIN = (bool, int, float, complex, str, bytes)
#: With this ends a process whose place another fork is to take.
_AGAIN = 3
_SET_PDEATHSIG = 1  # of prctl
#: How many requests more than twice as many as before a check may put when it is run once more.
_MORE = 10
#: How many frames of a traceback are shown, from either end.
_FRAMES = 20
#: The grader's files, as they lie in the box.
_OURS = str(Path(__file__).parents[2]) + os.sep


class _Publisher(DisplayPublisher):
    def publish(self, data, metadata=None, **options):
        """Keep what is displayed."""
        self.shell.keep("display_data", data, metadata)


class _Hook(DisplayHook):
    def start_displayhook(self):
        """Print nothing."""

    def write_output_prompt(self):
        """Print no prompt."""

    def write_format_data(self, format_dict, md_dict=None):
        """Keep the value of a cell's last line."""
        self.shell.keep(_RESULT, format_dict, md_dict)

    def finish_displayhook(self):
        """Print nothing."""


class _Printed(io.TextIOBase):
    def __init__(self, shell):
        self.shell = shell

    def write(self, text):
        self.shell.keep_text(text)
        return len(text)


class Shell(InteractiveShell):
    """An IPython shell that collects outputs instead of showing them.

    They are plain data in nbformat's form: to import nbformat takes longer than most checks do.
    """

    display_pub_class = Type(_Publisher)
    displayhook_class = Type(_Hook)
    outputs = Any()

    def keep(self, kind, data, metadata):
        """Keep a display or the result of a cell."""
        data, metadata = _as_json(data), _as_json(metadata or {})
        # What an error shows of itself comes from where it was raised.
        line = self._line(traceback.walk_stack(sys._getframe())) or self.line_of(sys.exc_info()[1])
        metadata["autograder"] = {"line": line}
        output = {"output_type": kind, "data": data, "metadata": metadata}
        self.outputs.append(output | ({"execution_count": None} if kind == _RESULT else {}))

    def _line(self, places):
        """Return the line of the cell among (frame, line) of a stack, None if there is none."""
        for frame, line in places:
            if frame.f_globals is self.user_global_ns and frame.f_code.co_name == "<module>":
                return line
        return None

    def line_of(self, error):
        """Return the line of the cell in which an error came up, None if there is none."""
        return self._line(traceback.walk_tb(error.__traceback__)) if error else None

    def keep_text(self, text):
        """Keep what was printed."""
        last = self.outputs[-1] if self.outputs else None
        if last is not None and last["output_type"] == "stream":
            last["text"] += text
        elif text:
            self.outputs.append({"output_type": "stream", "name": "stdout", "text": text})

    def keep_error(self, error, lines=None):
        """Keep an error."""
        name, said = type(error).__name__, _text(error)
        lines = lines or [f"{name}: {said}"]
        error = {"output_type": "error", "ename": name, "evalue": said, "traceback": lines}
        self.outputs.append(error)

    def _get_exc_info(self, exc_tuple=None):
        """Return the error to show, without its way through files of ours."""
        kind, error, places = super()._get_exc_info(exc_tuple)
        for chain in ("__cause__", "__context__"):
            for one in _each(error, chain):
                one.__traceback__ = _without_ours(one.__traceback__)
        return kind, error, _without_ours(places)

    def _showtraceback(self, etype, evalue, stb):
        self.keep_error(evalue, stb if isinstance(stb, list) else [stb])


class Worker:
    """Carries out orders, one after the other, in one namespace."""

    def __init__(self, receive, send):
        """Make a worker.

        Args:
            receive: receive() returns the next line for us, as data.
            send: send(data) sends a line.
        """
        from autograder.grade.run.judge import remote, spelled

        self.receive, self.send, self.remote = receive, send, remote
        self.is_spelled_out = spelled.is_spelled_out
        self.is_touched = False  # whether an answer has changed values of the lesson's own cells
        self.has_run = False  # whether code of the student's may have run since values were fetched
        self.asked, self.may_ask = 0, math.inf  # how many requests a run has put, and may put
        self.student = remote.Student(self.ask)
        self.student.of_lesson = lambda name: isinstance(self.shell.user_ns.get(name), type)
        config = Config({"HistoryManager": {"hist_file": ":memory:"}})
        self.shell = Shell.instance(config=config, cache_size=0, colors_force=True)
        self.shell.user_ns["type"] = remote.objects.type_of

    def ask(self, request):
        """Return the student's answer to a request."""
        self.has_run = self.has_run or request["op"] not in self.remote.ONLY_LOOKS
        self.asked += 1
        if self.asked > self.may_ask:
            raise self.remote.Undecided(_BY_CHANGES)
        from autograder.grade.run.wire import Bad

        self.send({"ask": request})
        answer = self.receive()
        if "reply" in answer:
            return answer["reply"]
        raise Bad(answer["bad"]) if "bad" in answer else ConnectionError(answer["lost"])

    def carry_out(self, order):
        """Run a cell; return what came of it.

        A check that accepts an answer which changes values that the check has is run once more with
        copies of these, unless it spells out all that it expects. Else, one that computes from them
        what it expects would accept whoever sets everything to zero.
        """
        found = self._carried_out(order) | {"restored": []}
        if not order["is_check"]:  # what was done to its values stays done
            self.is_touched = self.student.keep_changes() or self.is_touched
            return found
        restored = self.student.take_back()
        found["restored"] = self._names_of(restored)
        apart = found["state"] == FAILED and self._apart(order["names"])
        if apart:
            return {**found, "state": UNDECIDED, "reason": apart}
        if not _accepts(found):
            return found
        if self.is_touched:
            return {**found, "state": UNDECIDED, "reason": _TOUCHED}
        if not restored:
            return found
        if self.is_spelled_out(order["source"], order["names"], self.shell.user_ns):
            return found
        again = self._with_copies(order)
        if _accepts(again) and again["value"] == found["value"]:
            return found
        return {**found, "state": UNDECIDED, "reason": _BY_CHANGES}

    def _apart(self, names):
        """Return why what is here and there isn't the same by now, so that a check may fail."""
        if self.student.compiled:
            return _BY_COMPILING
        if self.student.is_behind or self.student.is_ahead:
            return _BEHIND if self.student.is_behind else _AHEAD
        compiled = sorted(self.student.compiled_here & set(names))
        return _COMPILED.format(compiled[0]) if compiled else ""

    def _names_of(self, things):
        """Return the names under which cells have kept some things, or what directly holds one."""
        known = {id(thing) for thing in things}

        def holds(value):
            inner = value.values() if isinstance(value, dict) else value
            inner = inner if isinstance(value, (dict, list, tuple, set)) else ()
            return id(value) in known or any(id(one) in known for one in inner)

        return [name for name, value in self.shell.user_ns.items() if known and holds(value)]

    def _with_copies(self, order):
        """Run a check once more, with copies: a loop until a list is empty may have no end."""
        self.may_ask = 2 * self.asked + _MORE
        try:
            with self.student.copying():
                return self._carried_out(order)
        finally:
            self.may_ask = math.inf

    def _carried_out(self, order):
        self.shell.outputs, self.asked = [], 0
        self.remote.objects.stops.clear()
        state, reason, line, value = JUDGED, None, None, None
        try:
            fetched = self._fetch(order)
            before = {name: _contents(value) for name, value in fetched.items()}
            error, result = self._run(order)
            self._look_again(fetched, before)
            self._put_away(fetched)
            if error is not None:
                state, reason = FAILED, _said(error)
                line = self.shell.line_of(error)
            else:
                value = _value(result, self.shell.outputs)
        except self.remote.Undecided as error:
            state, reason, line = UNDECIDED, error.reason, self.shell.line_of(error)
        except self.remote.Lost as error:
            state, reason = LOST, str(error)
        except BaseException as error:  # the answer can't even be looked at
            kind = type(error).__name__
            state, reason = UNDECIDED, f"the answer can't be taken over, for that raises {kind}"
        found = {"state": state, "reason": reason, "line": line, "value": value}
        return {**found, "outputs": self.shell.outputs}

    def _fetch(self, order):
        """Put the student's values of some names into the namespace; return them."""
        if order["fresh"]:
            self.student.forget()
        fetched = {}
        for name in order["names"]:
            self.shell.user_ns.pop(name, None)
            try:
                fetched[name] = self.student.value(name)
            except NameError:  # the cell will say so, as it would in a notebook
                continue
        self.shell.user_ns.update(fetched)
        self.has_run = False
        return fetched

    def _look_again(self, fetched, before):
        """Refuse where the answer gave a name that the check looks at another value meanwhile."""
        for name in fetched if self.has_run else ():
            if before[name] is None:
                continue
            try:
                now = self.student.value(name)
            except NameError:
                now = ...
            if now is not fetched[name] and _contents(now) != before[name]:
                self._drop_ends()
                self.remote.objects.refuse(f"the answer gives {name} another value when called")

    def _drop_ends(self):
        """Show nothing of what the cell came to: its error, or the value of its last line."""
        ends = ("error", _RESULT)
        self.shell.outputs = [o for o in self.shell.outputs if o["output_type"] not in ends]

    def _put_away(self, fetched):
        """Forget values of the student's that the cell hasn't made its own."""
        for name, value in fetched.items():
            if self.shell.user_ns.get(name) is value:
                del self.shell.user_ns[name]

    def _run(self, order):
        """Run the cell; return the error that it raised, or None, and what its last line gave."""
        _seed(order["seed"])
        ran = self.shell.run_cell(order["source"], store_history=True)
        error = ran.error_before_exec or ran.error_in_exec
        stops = self.remote.objects.stops
        if stops and error is not stops[0]:  # an `except` or a `finally` of the check's
            error = stops[0]
        if isinstance(error, (self.remote.Undecided, self.remote.Lost)):
            self._drop_ends()
            raise error
        if isinstance(error, TypeError) and str(error) == _NO_ERRORS:
            raise self.remote.Undecided("the check catches errors of a class of the answer's")
        if isinstance(error, MemoryError) and not hasattr(error, "seen_there"):
            raise self.remote.Undecided("the answer takes more memory than a check has")
        if error is not None and not any(o["output_type"] == "error" for o in self.shell.outputs):
            # nbgrader gives full points where it sees no error.
            self.shell.keep_error(error)
        return error, ran.result


def _contents(value):
    """Return what data says, so that it can be compared; None for what isn't data."""
    kind = type(value)
    if kind is np.ndarray:
        return kind, value.shape, value.dtype.str, repr(value.tolist())
    if kind in (list, tuple, set, frozenset):
        inner = map(_contents, value)
        return kind, tuple(inner) if kind in (list, tuple) else frozenset(inner)
    if kind is dict:
        return kind, tuple((_contents(k), _contents(v)) for k, v in value.items())
    return (kind, repr(value)) if value is None or kind in _PLAIN else None


def _seed(number):
    """Set the seeds of all libraries that are there."""
    if "keras" in sys.modules:
        sys.modules["keras"].utils.set_random_seed(number)
    else:
        random.seed(number)
        np.random.seed(number)


def _as_json(data):
    """Return what is shown as JSON has it, with pictures as text, as a kernel does."""

    def written(thing):
        return base64.b64encode(thing).decode() if isinstance(thing, bytes) else str(thing)

    return json.loads(json.dumps(data, default=written, skipkeys=True))


def _without_ours(places):
    """Return a traceback without the frames of the grader's files, and not too long."""
    mine = [
        place
        for place in _each(places, "tb_next")
        if not place.tb_frame.f_code.co_filename.startswith(_OURS)
    ]
    if len(mine) > 2 * _FRAMES:  # IPython takes many seconds for an endless recursion
        mine = mine[:_FRAMES] + mine[-_FRAMES:]
    kept = None
    for place in reversed(mine):
        kept = types.TracebackType(kept, place.tb_frame, place.tb_lasti, place.tb_lineno)
    return kept


def _each(first, following):
    """Yield a thing, and those that follow it by an attribute, until there is none or it recurs."""
    seen = set()
    while first is not None and id(first) not in seen:
        yield first
        seen.add(id(first))
        first = getattr(first, following)


def _accepts(found):
    return found["state"] == JUDGED and all(o["output_type"] != "error" for o in found["outputs"])


def _value(result, outputs):
    """Return what the value of a check's last line says of points."""
    from autograder.grade.run.wire import said_of_points

    shown = [o["data"].get("text/plain", "") for o in outputs if o["output_type"] == _RESULT]
    return said_of_points(result, shown[-1] if shown else "")


def _said(error):
    return f"{type(error).__name__}: {_text(error)}"[:300]


def _text(error):
    try:
        return str(error)
    except Exception:  # of an error that somebody else chose
        return ""


def main(spare, keras):
    """Serve orders until there are no more.

    Args:
        spare: Whether it's wanted that the process can begin anew. Where it can't, it ends.
        keras: Whether the lesson needs Keras, so that forks should have it from the beginning.
    """
    receive, send = _lines()
    worker = Worker(receive, send)
    if keras:
        from autograder.grade.run.judge import layers  # noqa: F401
    sys.stdout, sys.stderr = _Printed(worker.shell), io.StringIO()
    if spare and sys.platform.startswith("linux"):  # elsewhere, forks of TensorFlow don't work
        _go_on_in_a_fork()
    send({"ready": True})
    while (order := receive()) is not None:
        if "again" in order:
            os._exit(_AGAIN)
        send(worker.carry_out(order))


def _go_on_in_a_fork():
    """Return in a fork of this process; whenever one is to begin anew, return in another.

    This process runs nothing itself. It ends with a fork that has left a trace.
    """
    us, files = os.getpid(), _files()
    while fork := os.fork():
        _, status = os.waitpid(fork, 0)
        if os.waitstatus_to_exitcode(status) != _AGAIN or _files() != files:
            os._exit(1)
    ctypes.CDLL(None).prctl(_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)  # We end when it does.
    if os.getppid() != us:
        os._exit(1)


def _files():
    """Return {path: what changes when it is written to} of where a cell may write.

    What a box only shows, such as an environment below the temporary folder, is another device.
    """
    seen = {}
    for top in (".", tempfile.gettempdir()):
        device = os.stat(top).st_dev
        for folder, folders, names in os.walk(top):
            states = {name: os.lstat(os.path.join(folder, name)) for name in (*folders, *names)}
            own = {name: state for name, state in states.items() if state.st_dev == device}
            folders[:] = [name for name in folders if name in own]
            for name, state in own.items():
                seen[os.path.join(folder, name)] = state.st_mtime_ns, state.st_size
    return seen


def _lines():
    """Return functions to read and write lines of JSON; nobody else reads or writes there."""
    incoming, outgoing = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)

    def receive():
        line = incoming.readline()
        return json.loads(line) if line else None

    def send(data):
        outgoing.write(json.dumps(data).encode() + b"\n")
        outgoing.flush()

    return receive, send
