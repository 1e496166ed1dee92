"""A student's kernel: what it puts out is bounded, and whatever it does, the grader goes on."""

import base64
import contextlib
import struct
import subprocess
import sys
import textwrap
import zlib

import psutil
import pytest

from autograder.grade.run.sandbox import Box, Limits, choose
from autograder.grade.run.student.outputs import KEPT, Outputs
from autograder.grade.run.student.session import (
    StudentDied,
    StudentHung,
    StudentSession,
    _Watchdog,
)
from autograder.grade.run.wire import Bad

pytestmark = pytest.mark.sandbox

MB = 1 << 20
#: Seconds after which what never ends is stopped; before, it has to begin on a busy machine.
LIMIT = 5
#: What never ends, and takes no processor time from others until it is stopped.
ENDLESS = "import time\nwhile True:\n    time.sleep(0.05)"
#: A picture of one black pixel: PNG is a signature, then length, kind, body and checksum of parts.
PARTS = [(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))]
PARTS += [(b"IDAT", zlib.compress(b"\0\0")), (b"IEND", b"")]
PNG = base64.b64encode(
    b"\x89PNG\r\n\x1a\n"
    + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in PARTS
    )
).decode()


def kernel(**options):
    """Return a session of its own for one test, to be used in a `with`."""
    return StudentSession(choose(), **options)


@pytest.fixture(scope="module")
def session():
    """A session for tests that leave it alive."""
    with kernel() as session:
        yield session


@pytest.fixture
def patient(monkeypatch):
    """Let a kernel that is interrupted have the time that it needs on a busy machine."""
    monkeypatch.setattr("autograder.grade.run.student.session.GRACE", 60)


def printed(outputs):
    return "".join(output.get("text", "") for output in outputs)


def ended(outputs):
    """Return the name of the error that a cell ended with."""
    return outputs[-1].get("ename")


def call(session, name, timeout=300):
    """Have a function of the student's called; return the reply."""
    handle = session.ask({"op": "get", "name": name})["value"]["handle"]
    empty = {"k": "tuple", "v": []}, {"k": "dict", "v": {}}
    request = {"op": "call", "handle": handle, "args": empty[0], "kwargs": empty[1]}
    return session.ask(request, timeout)


# Outputs


def test_outputs_are_those_of_a_notebook(session):
    outputs = session.run("print('one')\nprint('two')\n6 * 7")
    assert outputs == [
        {"output_type": "stream", "name": "stdout", "text": "one\ntwo\n"},
        {
            "output_type": "execute_result",
            "data": {"text/plain": "42"},
            "metadata": {},
            "execution_count": None,
        },
    ]
    assert ended(session.run("1 / 0")) == "ZeroDivisionError"
    assert ended(session.run("print('begun'")) == "SyntaxError"


def test_only_text_and_pictures_are_kept(session):
    shown = {"text/plain": "text", "text/html": "<script>", "image/png": PNG, "x/y": "z"}
    (output,) = session.run(f"display({shown!r}, raw=True)")
    assert set(output["data"]) == {"text/plain", "image/png"}
    session.run("from IPython.display import HTML, Javascript")
    assert "evil" not in str(session.run("Javascript('evil()')"))
    assert "script" not in str(session.run("HTML('<script>')"))


def test_cleared_outputs_are_gone(session):
    code = "from IPython.display import clear_output\nprint('old')\nclear_output()\nprint('new')"
    assert printed(session.run(code)) == "new\n"


def test_long_outputs_are_cut(session):
    outputs = session.run("for i in range(4000):\n    print('x' * 99)")
    assert len(str(outputs)) < 2 * KEPT
    assert printed(outputs).endswith("[the rest was cut off]\n")


def test_many_outputs_are_cut():
    outputs = Outputs(10 * MB)
    for _ in range(2000):
        outputs.add("display_data", {"data": {"text/plain": "x"}})
    assert len(outputs.kept) < 600


@pytest.mark.parametrize(
    "kind, content",
    [
        ("stream", {}),
        ("stream", {"text": ["a", 1, {}], "name": ["stdout"]}),
        ("display_data", {"data": [1]}),
        ("execute_result", {"data": {"text/plain": 5, "image/png": "no picture"}}),
        ("error", {"ename": 1, "evalue": None, "traceback": [1, [2]]}),
        ("error", {"traceback": "text"}),
        ("comm_open", {"data": {"x": 1}}),
        ("unheard_of", {}),
    ],
)
def test_malformed_outputs_do_no_harm(kind, content):
    outputs = Outputs(MB)
    outputs.add(kind, content)
    for output in outputs.kept:
        assert all(isinstance(line, str) for line in output.get("traceback", []))
        assert all(isinstance(text, str) for text in output.get("data", {}).values())


# What the kernel is like


def test_nobody_answers_input(session):
    assert ended(session.run("input()")) == "StdinNotImplementedError"


def test_files_that_came_along_are_no_configuration(tmp_path):
    marked = "import builtins\nbuiltins.loaded_from_folder = __file__\n"
    names = ["sitecustomize", "usercustomize", "ipykernel", "ipykernel_launcher", "traitlets"]
    names += ["ipython_config", "ipython_kernel_config", "jupyter_config", "json"]
    for name in names:
        (tmp_path / f"{name}.py").write_text(marked)
    startup = tmp_path / ".ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "00.py").write_text(marked)
    (tmp_path / "helper.py").write_text("seven = 7")
    (tmp_path / "data.txt").write_text("eight")
    with kernel(files=tmp_path) as session:
        loaded = "import builtins; print(getattr(builtins, 'loaded_from_folder', None))"
        assert printed(session.run(loaded)) == "None\n"
        wanted = "import helper; print(helper.seven, open('data.txt').read())"
        assert printed(session.run(wanted)) == "7 eight\n"


def test_a_session_leaves_nothing_behind():
    with kernel() as session:
        folder, process = session._folder, session._process
        assert session.run("import subprocess; subprocess.Popen(['sleep', '1000'])")
        children = psutil.Process(process.pid).children(recursive=True)
        assert children
    assert not folder.exists()
    assert process.poll() is not None
    assert psutil.wait_procs(children, timeout=120)[1] == []
    assert ended(session.run("1")) == "NotRun"


# Time, death and more than there is


def test_a_cell_that_takes_too_long_is_stopped(session, patient):
    outputs = session.run(f"kept = 1\nprint('begun')\n{ENDLESS}", timeout=LIMIT)
    assert printed(outputs) == "begun\n"
    assert ended(outputs) == "TimeoutError"
    assert session.hung and session.alive
    assert printed(session.run("print(kept)")) == "1\n"
    assert not session.hung


def test_a_kernel_that_ended_is_started_again_twice():
    with kernel() as session:
        session.run("first = 1", name="first")
        session.run("second = 2", name="second")
        for code in ("import os; os._exit(0)", "exit()"):
            assert ended(session.run(f"third = 3\n{code}", name="third")) == "StudentDied"
            assert not session.alive
            assert session.restart_and_replay()
            assert session.ask({"op": "get", "name": "second"})["value"] == 2
            assert session.ask({"op": "get", "name": "third"})["missing"]
        deaf = f"import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\n{ENDLESS}"
        assert ended(session.run(deaf, timeout=LIMIT)) == "StudentDied"
        assert not session.restart_and_replay()
        assert ended(session.run("1")) == "NotRun"
        with pytest.raises(StudentDied, match="did not stop"):
            session.ask({"op": "get", "name": "first"})


def test_a_cell_can_be_left_out_when_others_are_run_again():
    with kernel() as session:
        session.run("a = 1", name="a")
        session.run("b = 2", name="b")
        session.run("import os; os._exit(0)")
        assert session.restart_and_replay(without="a")
        assert session.ask({"op": "get", "name": "a"})["missing"]
        assert session.ask({"op": "get", "name": "b"})["value"] == 2


def test_a_cell_that_dies_only_when_run_again_is_left_out():
    once = "import os, sys\nif 'numpy.ma' not in sys.modules:\n    os._exit(0)\nhere = 1"
    with kernel() as session:
        session.run("import numpy.ma", name="import")
        session.run(once, name="once")
        session.run("last = 1", name="last")
        session.run("os._exit(0)")
        assert session.restart_and_replay(without="import")
        assert session.restarts == 2
        assert session.ask({"op": "get", "name": "here"})["missing"]
        assert session.ask({"op": "get", "name": "last"})["value"] == 1


def test_a_flood_of_output_ends_the_kernel():
    with kernel(limits=Limits(output=2 * MB)) as session:
        outputs = session.run("for _ in range(20_000):\n    print('x' * 1000)", timeout=300)
        assert ended(outputs) == "StudentDied"
        assert "printed too much" in outputs[-1]["evalue"]
        assert len(str(outputs)) < 2 * KEPT


def test_memory_is_bounded():
    with kernel(limits=Limits(memory=600 * MB)) as session:
        outputs = session.run("x = bytearray(2 << 30)")
        assert ended(outputs) == "MemoryError"
        hogs = """
            import os, time
            for _ in range(8):
                if os.fork() == 0:
                    x = bytearray(os.urandom(1 << 20)) * 300
                    time.sleep(1000)
            time.sleep(1000)
        """
        assert ended(session.run(textwrap.dedent(hogs), timeout=300)) == "StudentDied"
        assert "memory" in session.reason


def test_what_comes_in_is_bounded_by_our_own_memory():
    command = [sys.executable, "-c", "input()"]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        dog = _Watchdog(process, Box(), growth=-1)
        assert dog.look() == "it sent more than can be taken in"
    assert process.returncode < 0


UNENDED = """
    while True:
        socket.send(b"x" * 1_000_000, zmq.SNDMORE)
"""
LONG = """
    import time
    while True:
        socket.send_multipart([b"x" * 1_000_000] * 600)
        time.sleep(1)
"""


@pytest.mark.parametrize(
    "sent, why",
    # A message without an end waits in the kernel's memory, where it is too much as well.
    [
        pytest.param(UNENDED, "", id="endless", marks=pytest.mark.long),
        pytest.param(LONG, "sent more than", id="long"),
    ],
)
def test_a_message_without_an_end_is_not_taken_in(sent, why):
    socket = "import zmq\nsocket = get_ipython().kernel.iopub_thread.socket\n"
    with kernel(growth=150 * MB) as session:
        before = psutil.Process().memory_info().rss
        assert ended(session.run(socket + textwrap.dedent(sent), timeout=300)) == "StudentDied"
        assert why in session.reason
        assert psutil.Process().memory_info().rss < before + 2000 * MB


def test_unsigned_messages_are_no_messages():
    with kernel() as session:
        forged = "get_ipython().kernel.session.key = b'another'\nprint('forged')"
        outputs = session.run(forged, timeout=LIMIT)
        assert printed(outputs) == ""
        assert ended(outputs) == "StudentDied"


# Questions


def test_questions_leave_no_trace(session):
    session.run("asked = 5")
    session.ask({"op": "get", "name": "asked"})
    names = "sorted(n for n in globals() if n[0] != '_')"
    seen = printed(session.run(f"print({names}, In[-2:])"))
    assert "agent" not in seen and "told" not in seen


def test_what_is_shadowed_does_not_matter(session):
    session.run("json = sys = agent = None\nnumber = 6")
    assert session.ask({"op": "get", "name": "number"})["value"] == 6
    session.run("del json, sys, agent, number")  # the session is that of other tests, too


def test_questions_do_not_import_keras():
    with kernel() as session:
        session.run("def fails():\n    raise ValueError('no')")
        assert call(session, "fails")["error"]["seen"] is None
        assert printed(session.run("import sys; print('keras' in sys.modules)")) == "False\n"


def test_a_question_that_takes_too_long_is_given_up(session, patient):
    session.run(f"def endless():\n{textwrap.indent(ENDLESS, '    ')}")
    with pytest.raises(StudentHung):
        call(session, "endless", timeout=1)
    assert session.alive


def test_a_question_that_ends_the_kernel():
    with kernel() as session:
        session.run("def leave():\n    import os\n    os._exit(0)")
        with pytest.raises(StudentDied):
            call(session, "leave")
        assert session.restart_and_replay()
        session.run("def leave():\n    exit()")
        with pytest.raises(StudentDied):
            call(session, "leave")


@pytest.mark.parametrize(
    "reply",
    [
        "None",
        "'[1, 2]'",
        "'{'",
        "'[' * 100000",
        "'9' * 10**6",
        "{'k': 1}",
        "'\"' + 'x' * 10**7 + '\"'",
        "'null'",
    ],
)
def test_malformed_replies_are_refused(session, reply):
    with forged(session, reply), pytest.raises(Bad):
        session.ask({"op": "get", "name": "x"})
    assert session.alive


def test_no_reply_is_evaluated(session, tmp_path):
    code = f"__import__('pathlib').Path({str(tmp_path / 'mark')!r}).touch()"
    with forged(session, repr(code)), pytest.raises(Bad):
        session.ask({"op": "get", "name": "x"})
    assert not (tmp_path / "mark").exists()


@contextlib.contextmanager
def forged(session, reply):
    """Have the process of a session reply, for a while, what some Python code says."""
    forge = f"""
        import sys
        agent = sys.modules["autograder_agent"]
        class Forged:
            def _repr_mimebundle_(self, **options):
                return {{"application/vnd.autograder.reply+json": {reply}}}
        true, agent.told = agent.told, lambda text: Forged()
    """
    session.run(textwrap.dedent(forge))
    yield
    session.run("agent.told = true")
