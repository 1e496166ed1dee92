"""What a parent forks is as if it had just been started, and ends with whoever asked for it."""

import json
import os
import signal
import subprocess
import sys
import textwrap

import psutil
import pytest

from autograder.warm import start
from autograder.warm.forked import Forked
from autograder.warm.start import Parent

SECONDS = 60


@pytest.fixture(scope="module")
def parent():
    parent = Parent(modules=["json", "numpy"])
    yield parent
    parent.close()


def ask(parent, *argv, streams=(0, 1, 2), **request):
    return Forked(parent.socket, {"argv": argv, **request}, streams, SECONDS)


def run(parent, code, *arguments, typed=b"", **request):
    """Run code to its end; return (what it printed, its errors, its exit code)."""
    (typing, output, errors) = pipes = [os.pipe() for _ in range(3)]
    os.write(typing[1], typed)
    os.close(typing[1])
    code = textwrap.dedent(code)
    streams = typing[0], output[1], errors[1]
    process = ask(parent, "-c", code, *arguments, streams=streams, **request)
    for descriptor in streams:
        os.close(descriptor)
    printed, said = (os.fdopen(pipe[0]) for pipe in pipes[1:])
    with printed, said:
        return printed.read(), said.read(), process.wait(SECONDS)


@pytest.mark.parametrize(
    ("code", "exit_code", "said"),
    [
        ("", 0, ""),
        ("import sys; sys.exit(3)", 3, ""),
        ("raise SystemExit", 0, ""),
        ("import sys; sys.exit('so be it')", 1, "so be it\n"),
        ("import os; os._exit(5)", 5, ""),
        ("import os; os.kill(os.getpid(), 9)", -9, ""),
        ("1 / 0", 1, "ZeroDivisionError: division by zero\n"),
    ],
)
def test_exit_codes_are_those_of_python(parent, code, exit_code, said):
    printed, errors, found = run(parent, code)
    assert (printed, found) == ("", exit_code)
    assert errors.endswith(said) and bool(errors) == bool(said)


STATE = """
import gc, json, locale, os, signal, sys, threading
print(json.dumps({
    "argv": sys.argv, "orig_argv": sys.orig_argv[1:], "path": sys.path, "flags": str(sys.flags),
    "main": [__name__, sorted(vars(sys.modules["__main__"]))], "cwd": os.getcwd(),
    "environment": dict(os.environ), "threads": threading.active_count(),
    "signals": {n: str(signal.getsignal(n)) for n in (1, 2, 13, 15, 17)},
    "blocked": sorted(signal.pthread_sigmask(signal.SIG_BLOCK, [])), "umask": os.umask(0o22),
    "descriptors": sorted(os.listdir("/proc/self/fd")), "session": os.getsid(0) == os.getpid(),
    "gc": [gc.isenabled(), gc.get_threshold()], "locale": locale.getlocale(),
    "streams": [[s.encoding, s.errors, s.name] for s in (sys.stdin, sys.stdout, sys.stderr)],
}))
"""


def test_the_process_is_as_one_just_started(parent, tmp_path):
    environment = {**os.environ, "WORD": "given"}
    done = subprocess.run(
        [sys.executable, "-c", STATE, "an argument"],
        env=environment,
        cwd=tmp_path,
        stdin=subprocess.PIPE,
        capture_output=True,
        start_new_session=True,
        check=True,
    )
    given = {"environment": environment, "directory": str(tmp_path)}
    printed, errors, code = run(parent, STATE, "an argument", **given)
    assert (errors, code) == ("", 0)
    started, forked = json.loads(done.stdout), json.loads(printed)
    # The names of streams that were opened anew are their numbers.
    for state in (started, forked):
        for stream in state["streams"]:
            del stream[2]
        state["main"][1] = [name for name in state["main"][1] if not name.startswith("__")]
    assert forked == started


def test_it_reads_what_is_typed_and_ends_properly(parent):
    code = """
        import atexit, sys
        atexit.register(print, "last words")
        print(sys.stdin.read())
    """
    assert run(parent, code, typed=b"typed") == ("typed\nlast words\n", "", 0)


def test_modules_of_its_own_folder_can_be_imported(parent, tmp_path):
    (tmp_path / "mine.py").write_text("here = 42")
    printed, _, _ = run(parent, "import mine; print(mine.here)", directory=str(tmp_path))
    assert printed == "42\n"


def test_random_numbers_are_others_each_time(parent):
    code = "import numpy, random; print(numpy.random.rand(), random.random())"
    drawn = {number for _ in range(2) for number in run(parent, code)[0].split()}
    assert len(drawn) == 4


def test_what_one_does_the_next_does_not_see(parent):
    change = "import json, numpy; json.here = 1; numpy.set_printoptions(precision=1); print('done')"
    look = "import json, numpy; print(hasattr(json, 'here'), numpy.get_printoptions()['precision'])"
    before = run(parent, look)
    assert run(parent, change)[0] == "done\n"
    assert run(parent, look) == before == ("False 8\n", "", 0)


SLEEP = "import time; print('ready', flush=True); time.sleep(1000)"


def started(parent, code=SLEEP):
    """Return a process that has said that it is ready."""
    reading, writing = os.pipe()
    process = ask(parent, "-c", code, streams=(writing, writing, writing))
    os.close(writing)
    with os.fdopen(reading) as printed:
        assert printed.readline() == "ready\n"
    return process


def test_signals_and_waiting(parent):
    process = started(parent)
    assert process.poll() is None
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0)
    process.terminate()
    assert process.wait(SECONDS) == process.poll() == -signal.SIGTERM
    process.kill()  # Nobody else who may have its number by now.


def test_it_is_killed_when_nobody_waits_for_it(parent):
    process = started(parent)
    forked = psutil.Process(process.pid)
    looks_after = forked.parent()
    process._connection.close()
    assert psutil.wait_procs([forked, looks_after], SECONDS)[1] == []


def test_it_is_killed_with_whoever_looks_after_it(parent):
    process = started(parent)
    forked = psutil.Process(process.pid)
    forked.parent().kill()
    assert process.wait(SECONDS) == -signal.SIGKILL
    assert psutil.wait_procs([forked], SECONDS)[1] == []


def test_it_goes_on_when_the_parent_is_killed():
    parent = Parent(modules=[])
    process = started(parent)
    parent._process.kill()
    parent._process.wait()
    assert not parent.is_alive
    assert process.poll() is None
    process.kill()
    assert process.wait(SECONDS) == -signal.SIGKILL
    with pytest.raises(OSError):
        ask(parent, "-c", "")
    parent.close()


def test_a_parent_is_asked_before_it_is_ready(tmp_path):
    (tmp_path / "slow.py").write_text("import time; time.sleep(1); ready = True")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    parent = Parent(environment, ["slow"])
    assert run(parent, "import sys; print(sys.modules['slow'].ready)") == ("True\n", "", 0)
    parent.close()


def test_a_parent_that_cannot_import_says_why():
    parent = Parent(modules=["no_such_module"])
    assert not parent.is_ready(SECONDS)
    assert parent.why == "ModuleNotFoundError: No module named 'no_such_module'"
    parent.close()


def test_a_parent_that_shares_memory_does_not_fork(tmp_path):
    (tmp_path / "sharing.py").write_text("import mmap; block = mmap.mmap(-1, 4096)")
    parent = Parent({**os.environ, "PYTHONPATH": str(tmp_path)}, ["sharing"])
    assert not parent.is_ready(SECONDS)
    assert "shared" in parent.why
    parent.close()


STARTS = f"""
import os, sys
from autograder.warm.forked import Forked
from autograder.warm.start import Parent
parent = Parent(modules=[])
process = Forked(parent.socket, {{"argv": ["-c", {SLEEP!r}]}}, (0, 1, 2), 60)
told = process.pid, parent._process.pid, os.path.dirname(parent.socket)
os.write(1, " ".join(map(str, told)).encode() + b"\\n")  # at once, as the other writes there too
sys.stdin.read()
"""


@pytest.mark.parametrize("killed", [True, False])
def test_nothing_is_left_of_whoever_started_it(killed):
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", STARTS], text=True, **pipes) as process:
        lines = sorted(process.stdout.readline().split() for _ in range(2))
        assert lines[1] == ["ready"]
        forked, parent = (psutil.Process(int(number)) for number in lines[0][:2])
        left = [forked, forked.parent(), parent]
        if killed:
            process.kill()
        else:
            process.stdin.close()
        assert psutil.wait_procs(left, SECONDS)[1] == []
        assert not os.path.exists(lines[0][2])


def test_what_differs_at_import_is_noticed():
    read = start.read_at_import({"KERAS_BACKEND": "jax", "WORD": "x", "MPLBACKEND": "agg"})
    assert read == {"KERAS_BACKEND": "jax"}
