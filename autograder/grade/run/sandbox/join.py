"""Brings a process that a parent has forked into a box that has been made for it.

A hook of `autograder.warm.parent`. In the box waits a program (see `wait`), started
there as any other would be. It sends a descriptor of itself, by which its namespaces can be
joined, and tells with what it was started: environment, folder and limits. All that is taken over
before anything else runs.
"""

import ast
import ctypes
import os
import resource
import socket

#: Kinds of namespaces, as of clone(2).
_KINDS = {
    "mnt": 0x00020000,
    "cgroup": 0x02000000,
    "uts": 0x04000000,
    "ipc": 0x08000000,
    "user": 0x10000000,
    "pid": 0x20000000,
    "net": 0x40000000,
}
# Of prctl.
_SET_DUMPABLE, _SET_SECCOMP, _CAPBSET_DROP, _SET_NO_NEW_PRIVS = 4, 22, 24, 38
_FILTER = 2
#: A number by which capset knows how long its masks are, and as many zeros as they have.
_CAPABILITIES, _NONE = (0x20080522, 0), (0,) * 6
_MESSAGE = 1 << 20


def join(connection):
    """Join the namespaces of the program that waits; return what it told."""
    text, processes, _, _ = socket.recv_fds(connection, _MESSAGE, 1)
    if not processes:  # The box has ended, or could not be made.
        os._exit(1)
    outside = _namespaces()
    with open("/proc/self/oom_score_adj", "w") as file:
        file.write("1000")
    _call("setns", processes[0], sum(_KINDS.values()))
    os.close(processes[0])
    return {**ast.literal_eval(text.decode()), "outside": outside}


def confine(told, request):
    """Take all rights from this process; return with what it goes on."""
    if shared := told["outside"].items() & _namespaces().items():
        raise RuntimeError(f"this is not another namespace: {shared}")
    os.umask(told["umask"])
    for number, limits in told["limits"]:
        resource.setrlimit(number, limits)
    for capability in range(_last_capability() + 1):
        _call("prctl", _CAPBSET_DROP, capability, 0, 0, 0)
    _call("capset", (ctypes.c_uint32 * 2)(*_CAPABILITIES), (ctypes.c_uint32 * 6)(*_NONE))
    # Whoever changes rights can't look at itself any more, as other programs can.
    _call("prctl", _SET_DUMPABLE, 1, 0, 0, 0)
    _call("prctl", _SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    _filter_calls(bytes.fromhex(request["filter"]))
    return {"environment": told["environment"], "directory": told["directory"]}


def _namespaces():
    return {kind: os.stat(f"/proc/self/ns/{kind}").st_ino for kind in _KINDS}


def _last_capability():
    with open("/proc/sys/kernel/cap_last_cap") as file:
        return int(file.read())


class _Program(ctypes.Structure):
    """A filter as the kernel takes it: how many instructions, and where they lie."""

    _fields_ = [("length", ctypes.c_ushort), ("steps", ctypes.c_char_p)]


def _filter_calls(compiled):
    program = _Program(len(compiled) // 8, compiled)
    _call("prctl", _SET_SECCOMP, _FILTER, ctypes.byref(program), 0, 0)


def _call(function, *arguments):
    if getattr(ctypes.CDLL(None, use_errno=True), function)(*arguments) < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{function}: {os.strerror(number)}")
