"""A filter of system calls: what no lesson needs is taken from a box before anything runs there.

It keeps a box from

- memory that belongs to no process, which a watchdog could not see: anonymous files, System V's
  segments, shared memory without a file, pages given to a pipe, large buffers of sockets;
- sockets of all families but a few: a virtual machine's way to its host, for one, which namespaces
  don't close;
- namespaces of its own, in which it would have rights (older versions of bubblewrap can't);
- parts of the kernel in which many faults were found;
- what the kernel tells of which parts of a file are in memory: whoever ran before could have read
  them in or not, and so have left word of a hidden test.

Libraries that compile such filters are no longer kept, so this is the compiled form itself:
classic BPF, as the kernel's documentation describes it (userspace-api/seccomp_filter). What is
refused fails with ENOSYS, as if the kernel didn't know it, which libraries are prepared for.
"""

import errno
import platform
import struct
import sys

#: Per type of processor: how the kernel calls it, and the numbers of system calls.
_MACHINES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}
_FORBIDDEN = {
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "shmget": (29, 194),
    "semget": (64, 190),
    "msgget": (68, 186),
    "vmsplice": (278, 75),
    "clone3": (435, 435),  # Its flags can't be looked at; without it, clone is used.
    "unshare": (272, 97),
    "setns": (308, 268),
    "io_uring_setup": (425, 425),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "mincore": (27, 232),
    "cachestat": (451, 451),
}
_SHARED_ANONYMOUS, _CLONE_NEWUSER, _SO_SNDBUF, _SO_RCVBUF = 0x21, 0x10000000, 7, 8
_RWF_NOWAIT = 8
_WHOLE = 0xFFFFFFFF
#: Forbidden for some values of an argument: its place, which of its bits count, the values.
_FORBIDDEN_FOR = {
    "mmap": ((9, 222), 3, _SHARED_ANONYMOUS, [_SHARED_ANONYMOUS]),
    "clone": ((56, 220), 0, _CLONE_NEWUSER, [_CLONE_NEWUSER]),
    "setsockopt": ((54, 208), 2, _WHOLE, [_SO_SNDBUF, _SO_RCVBUF]),
    "preadv2": ((327, 286), 5, _RWF_NOWAIT, [_RWF_NOWAIT]),
}
#: The same, but allowed for nothing else than families of sockets that are.
_ALLOWED_FOR = {"socket": ((41, 198), 0, _WHOLE), "socketpair": ((53, 199), 0, _WHOLE)}
#: x86_64 knows most calls by a second number from here on.
_SECOND_NUMBERS = 0x40000000

_LOAD, _AND, _RETURN = 0x20, 0x54, 0x06
_IF_EQUAL, _IF_AT_LEAST = 0x15, 0x35
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | errno.ENOSYS


def available():
    """Return None if there is a filter for this processor, else a sentence that says so."""
    if platform.machine() in _MACHINES and sys.byteorder == "little":
        return None
    known = " and ".join(_MACHINES)
    return f"there is a filter of system calls for {known} only, and this is {platform.machine()}"


def program(families, machine=None):
    """Return the filter for this processor, compiled.

    Args:
        families: Of sockets, those that are allowed.
        machine: Another type of processor.
    """
    architecture, column = _MACHINES[machine or platform.machine()]
    steps = [(_LOAD, _ARCHITECTURE), (_IF_EQUAL, architecture, 1, 0), (_RETURN, _REFUSE)]
    steps += [(_LOAD, _NUMBER), (_IF_AT_LEAST, _SECOND_NUMBERS, 0, 1), (_RETURN, _REFUSE)]
    for numbers in _FORBIDDEN.values():
        steps += [(_IF_EQUAL, numbers[column], 0, 1), (_RETURN, _REFUSE)]
    for numbers, place, bits, values in _FORBIDDEN_FOR.values():
        steps += _by_argument(numbers[column], place, bits, values, _REFUSE, _ALLOW)
    for numbers, place, bits in _ALLOWED_FOR.values():
        steps += _by_argument(numbers[column], place, bits, families, _ALLOW, _REFUSE)
    return b"".join(_step(*step) for step in [*steps, (_RETURN, _ALLOW)])


def _by_argument(number, place, bits, values, found, otherwise):
    # The lower half of an argument is all that the kernel itself looks at in these calls.
    steps = [(_LOAD, _ARGUMENTS + 8 * place), (_AND, bits)]
    for value in values:
        steps += [(_IF_EQUAL, value, 0, 1), (_RETURN, found)]
    steps += [(_RETURN, otherwise)]
    return [(_IF_EQUAL, number, 0, len(steps)), *steps]


def _step(code, value, if_so=0, if_not=0):
    """Return an instruction; the last two say how many of the next ones to leave out."""
    return struct.pack("=HBBI", code, if_so, if_not, value)
