"""Looks after a program that has no namespace of its own: restricts it, and clears up behind it.

A script that stands on its own: `python -I -S supervise.py ORDERS PROGRAM ARGUMENT...`, where
ORDERS is the text of a Python dictionary (see `launch`) with

    parent    the process that starts us, with which the program ends
    folder    a folder that is removed at the end, or None
    landlock  None, or {"read": [paths], "listed": [folders], "write": [paths]}: nothing else can be
              opened; of a folder to list, the names in it can be seen
    filter    (with landlock) a filter of system calls, compiled, in hexadecimal digits
    launch    (optional) orders as `launch` has them, carried out before the program starts
    guest     (optional) [socket, request]: a parent is asked for a process (see
              `autograder.warm.parent`), which gets our standard streams; the program gets the
              connection as its standard input

Its functions are also used by the back-end `landlock`, to tell what the kernel can do.
"""

import ctypes
import os
import signal
import struct
import sys

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # The same on all architectures.
_PATH_BENEATH, _ASK_VERSION = 1, 1
# Of prctl.
_SET_PDEATHSIG, _SET_SECCOMP, _SET_CHILD_SUBREAPER, _SET_NO_NEW_PRIVS = 1, 22, 36, 38
_FILTER = 2
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_TRUNCATE, _IOCTL_DEV = 1 << 14, 1 << 15
_READ = _EXECUTE | _READ_FILE | _READ_DIR
#: The rights that a single file can have; the others are about what lies in a folder.
_OF_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEV
_TCP = 0b11  # bind, connect
_SCOPES = 0b11  # abstract sockets, signals
#: Signals that say that we are to end, or that the program has ended. (Windows has but the first.)
_AWAITED = {signal.SIGTERM, getattr(signal, "SIGCHLD", signal.SIGTERM)}


def landlock_version():
    """Return the version of Landlock that this kernel has, 0 for none."""
    if not sys.platform.startswith("linux"):
        return 0
    return max(_libc().syscall(_CREATE_RULESET, None, 0, _ASK_VERSION), 0)


def restrict(read, listed, write):
    """Take from this process, for good, all access to files but to those named, and TCP."""
    version = landlock_version()
    rights = (1 << {1: 13, 2: 14, 3: 15, 4: 15}.get(version, 16)) - 1
    # The structure has grown with the versions, and an older kernel refuses a longer one.
    attributes = struct.pack("=QQQ", rights, _TCP, _SCOPES)
    attributes = attributes[: 8 if version < 4 else 16 if version < 6 else 24]
    ruleset = _call("syscall", _CREATE_RULESET, attributes, len(attributes), 0)
    for paths, allowed in ((read, rights & _READ), (listed, _READ_DIR), (write, rights)):
        for path in paths:
            _allow(ruleset, path, allowed)
    _call("prctl", _SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    _call("syscall", _RESTRICT_SELF, ruleset, 0)
    os.close(ruleset)


class _Program(ctypes.Structure):
    """A filter as the kernel takes it: how many instructions, and where they lie."""

    _fields_ = [("length", ctypes.c_ushort), ("steps", ctypes.c_char_p)]


def filter_calls(compiled):
    """Take system calls from this process, which has been restricted, for good."""
    program = _Program(len(compiled) // 8, compiled)
    _call("prctl", _SET_SECCOMP, _FILTER, ctypes.byref(program), 0, 0)


def _allow(ruleset, path, rights):
    target = os.open(path, os.O_PATH)
    if not os.path.isdir(path):
        rights &= _OF_FILES
    _call("syscall", _ADD_RULE, ruleset, _PATH_BENEATH, struct.pack("=Qi", rights, target), 0)
    os.close(target)


def _libc():
    return ctypes.CDLL(None, use_errno=True)


def _call(function, *arguments):
    result = getattr(_libc(), function)(*arguments)
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


def main(orders, argv):
    """Run a program to its end; then end what it left running and remove its folder."""
    launch = _launcher() if "launch" in orders else None
    # They wait until they are asked for: a handler could miss the moment before a call that blocks.
    signal.signal(signal.SIGCHLD, lambda *_: None)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _AWAITED)
    child = None
    try:
        if sys.platform.startswith("linux"):
            # What the program's own children leave behind becomes our child, so we can end it.
            _call("prctl", _SET_CHILD_SUBREAPER, 1, 0, 0, 0)
            _call("prctl", _SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != orders["parent"]:  # It was gone before we could be told of its end.
            sys.exit(143)
        child = os.fork()
        if child == 0:
            _become(orders, argv, before, launch)
        status = _await(child)
    finally:
        _end(child)
        if orders["folder"]:
            import shutil  # Most boxes have no such folder, and do without.

            shutil.rmtree(orders["folder"], ignore_errors=True)
    code = os.waitstatus_to_exitcode(status)
    sys.exit(code if code >= 0 else 128 - code)


def _await(child):
    """Return the status of a child that has ended; exit when we are told to end."""
    while True:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            return status
        if signal.sigwait(_AWAITED) == signal.SIGTERM:
            sys.exit(143)


def _launcher():
    """Return the launcher as a function; to start it as a program would take longer."""
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    import launch

    return launch.main


def _become(orders, argv, mask, launch=None):
    """Become the program, in a session of its own and with this mask; never returns."""
    try:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        os.setsid()
        if sys.platform.startswith("linux"):
            _call("prctl", _SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if orders["landlock"]:
            restrict(**orders["landlock"])
            filter_calls(bytes.fromhex(orders["filter"]))
        if "guest" in orders:
            _ask(*orders["guest"])
        if launch:
            launch(orders["launch"], argv)
        os.execv(argv[0], argv)
    except SystemExit as error:  # The launcher says what it can't start.
        os.write(2, f"{error}\n".encode())
        os._exit(1)
    except BaseException as error:
        # A program that couldn't be restricted isn't started.
        os.write(2, f"the sandbox can't be made: {error}\n".encode())
        os._exit(126)


def _ask(path, request):
    """Ask a parent for a process, and keep the connection as standard input."""
    import socket  # It takes a while, and only this needs it.

    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as connection:
        connection.connect(path)
        socket.send_fds(connection, [request.encode()], [0, 1, 2])
        os.dup2(connection.fileno(), 0)


def _end(child):
    """Kill all that is left: the session of the program, then whatever left that session."""
    for kill in (os.killpg, os.kill) if child else ():
        try:
            kill(child, signal.SIGKILL)
        except OSError:
            continue  # It has ended.
    while True:
        for pid in _children():
            os.kill(pid, signal.SIGKILL)
        try:
            os.wait()
        except ChildProcessError:
            return


def _children():
    """Return the processes whose parent we are (Linux; elsewhere none are known)."""
    try:
        with open(f"/proc/self/task/{os.getpid()}/children") as file:
            return [int(pid) for pid in file.read().split()]
    except OSError:
        return []


if __name__ == "__main__":
    main(eval(sys.argv[1], {}), sys.argv[2:])
