"""The parent: imports libraries once, then forks a process with them for each that asks.

A script that stands on its own: `python parent.py ORDERS`, where ORDERS is JSON with

    modules   those to import
    folder    one that is removed at the end
    hook      (optional) a script with `join(connection)`, which is called before the fork, and
              `confine(joined, request)`, called after it with what `join` returned

Its standard input is a socket that listens (of the type SOCK_SEQPACKET, so a message is either
there as a whole or not at all). It says by a line on its standard output that it is ready, and
ends when nobody can read that any more. On each connection comes one request, as JSON, with three
descriptors for the standard streams of the process to be made:

    argv         what Python is started with: ["-c", code, ...] or ["-m", module, ...]
    environment  (optional) all its variables
    directory    (optional) the folder to start in

The answers are {"pid": its number} and, when it has ended, {"exit": its exit code, negative for a
signal}. When the other end of the connection is closed, the process is killed.
"""

import atexit
import contextlib
import ctypes
import gc
import importlib
import json
import os
import runpy
import select
import shutil
import signal
import socket
import sys
import time
import types

#: Bytes of a message, at most.
MESSAGE = 1 << 20
_SET_PDEATHSIG = 1  # Of prctl.


def main(orders):
    """Import and serve; return, in a process that was asked for, what it is started with."""
    atexit.register(_end)  # Before all that libraries register, so it comes last.
    del sys.path[0]  # The folder of this script is no place to import from.
    hook = runpy.run_path(orders["hook"]) if "hook" in orders else None
    for name in orders["modules"]:
        importlib.import_module(name)
    _check_that_no_memory_is_shared()
    # A collection would write to pages, which would then no longer be shared.
    gc.collect()
    gc.freeze()
    print("ready", flush=True)
    connection = _serve(orders["folder"])
    # Here we are a process that was forked to look after another one.
    request, streams = _receive(connection)
    joined = hook["join"](connection) if hook else None
    us, pid = os.getpid(), os.fork()
    if pid:
        _look_after(pid, connection)
    _end_with(us)
    _leave(connection, streams)
    if hook:
        request |= hook["confine"](joined, request)
    return _start_afresh(request)


def _check_that_no_memory_is_shared():
    """Refuse to fork where the processes could write into one another's memory."""
    with open("/proc/self/maps") as file:
        shared = [line for line in file if line.split()[1][1::2] == "ws"]
    if shared:
        sys.exit(f"the libraries have memory that is shared after a fork: {shared[0].strip()}")


def _serve(folder):
    """Fork for each connection; return it in the process that was forked."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # Nobody waits for those that are forked here.
    listener, poll = socket.socket(fileno=0), select.poll()
    poll.register(listener, select.POLLIN)
    poll.register(1, 0)  # That nobody can read it any more is told unasked.
    while all(number == 0 for number, _ in poll.poll()):
        connection, _ = listener.accept()
        if os.fork() == 0:
            listener.detach()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            nothing = os.open(os.devnull, os.O_RDWR)
            for number in (0, 1):
                os.dup2(nothing, number)
            os.close(nothing)
            return connection
        connection.close()
    shutil.rmtree(folder, ignore_errors=True)  # Whoever made it may have been killed.
    os._exit(0)


def _receive(connection):
    """Return a request and the three descriptors that came with it."""
    text, streams, _, _ = socket.recv_fds(connection, MESSAGE, 3)
    if len(streams) != 3:  # Whoever asked has gone, or there are too many open files.
        os._exit(1)
    return json.loads(text), streams


def _look_after(pid, connection):
    """Tell of a process and of its end; kill it when nobody listens. Never returns."""
    process, poll = os.pidfd_open(pid), select.poll()
    _tell(connection, {"pid": pid})
    poll.register(process, select.POLLIN)
    poll.register(connection, select.POLLRDHUP)
    while process not in [number for number, _ in poll.poll()]:
        poll.unregister(connection)
        for kill in (os.killpg, os.kill):
            with contextlib.suppress(ProcessLookupError):
                kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    _tell(connection, {"exit": os.waitstatus_to_exitcode(status)})
    os._exit(0)


def _end_with(pid):
    """End this process when the one that looks after it does."""
    ctypes.CDLL(None).prctl(_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() not in (pid, 0):  # It is 0 where it lies outside of the namespace.
        os._exit(1)


def _tell(connection, message):
    with contextlib.suppress(OSError):
        connection.send(json.dumps(message).encode())


def _leave(connection, streams):
    """Leave the parent's session and descriptors."""
    os.setsid()
    connection.close()
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
    os.closerange(3, 1 << 20)
    for number, (name, mode) in enumerate([("stdin", "r"), ("stdout", "w"), ("stderr", "w")]):
        old = getattr(sys, name)
        new = os.fdopen(number, mode, encoding=old.encoding, errors=old.errors, closefd=False)
        setattr(sys, name, new)
        setattr(sys, f"__{name}__", new)


def _start_afresh(request):
    """Put this process into the state of one that has just started; return its arguments."""
    if "environment" in request:
        os.environ.clear()
        os.environ.update(request["environment"])
        time.tzset()
        if "tempfile" in sys.modules:  # It keeps the folder that it found for the parent.
            sys.modules["tempfile"].tempdir = None
    if "directory" in request:
        os.chdir(request["directory"])
    sys.path_importer_cache.clear()
    _draw_other_numbers()
    if "matplotlib" in sys.modules and "MPLBACKEND" in os.environ:  # As when it's imported.
        sys.modules["matplotlib"].rcParams["backend"] = os.environ["MPLBACKEND"]
    return request["argv"]


def _draw_other_numbers():
    """Seed anew what was seeded when it was imported (`random` does that by itself)."""
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()


def run(kind, what, *arguments):
    """Run code (kind "-c") or a module ("-m") as Python itself does."""
    sys.orig_argv = [sys.executable, kind, what, *arguments]
    sys.argv = [kind, *arguments]
    sys.path.insert(0, "" if kind == "-c" else os.getcwd())
    sys.modules["__main__"] = module = types.ModuleType("__main__")
    if kind == "-m":
        runpy.run_module(what, run_name="__main__", alter_sys=True)
    else:
        exec(compile(what, "<string>", "exec"), vars(module))


def _run_to_its_end(arguments):
    """Run a program; return its exit code."""
    try:
        run(*arguments)
    except SystemExit as error:
        if error.code is None or isinstance(error.code, int):
            return error.code or 0
        print(error.code, file=sys.stderr)
        return 1
    except BaseException:
        sys.excepthook(*sys.exc_info())
        return 1
    return 0


#: What this process ends with; for the parent, whose imports may fail, it stays as it is.
code = 1


def _end():
    """End without taking everything to pieces, for which all shared pages would be copied."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):  # It may be closed, or somebody's own.
            stream.flush()
    os._exit(code)


if __name__ == "__main__":
    program = main(json.loads(sys.argv[1]))
    code = _run_to_its_end(program)
