"""What a box has no system calls for: memory of nobody's, networks, rights, weak spots."""

import json
import os
import platform
import struct
import subprocess
import sys

import pytest

from autograder.grade.run.sandbox import Box, seccomp
from autograder.grade.run.sandbox.bubblewrap import Bubblewrap
from autograder.grade.run.sandbox.landlock import Landlock

pytestmark = pytest.mark.sandbox

#: Tries each call by the C library, and prints the names of those that the kernel doesn't know.
CALLS = """
import ctypes, errno, json, mmap, os, socket

libc = ctypes.CDLL(None, use_errno=True)
ours, theirs = socket.socketpair()
reading, writing = os.pipe()
page = ctypes.create_string_buffer(4096)
part = (ctypes.c_size_t * 2)(ctypes.addressof(page), 4096)
number = ctypes.byref(ctypes.c_int(1 << 20))
preadv2 = 286 if os.uname().machine == "aarch64" else 327  # the C library hides the error
private, shared = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, mmap.MAP_SHARED | mmap.MAP_ANONYMOUS


def map_memory(flags):
    libc.mmap.restype = ctypes.c_void_p
    return libc.mmap(None, ctypes.c_size_t(4096), 3, flags, -1, ctypes.c_size_t(0))


attempts = {
    "memfd_create": lambda: libc.memfd_create(b"x", 0),
    "shmget": lambda: libc.shmget(0, ctypes.c_size_t(4096), 0o1600),
    "semget": lambda: libc.semget(0, 1, 0o1600),
    "msgget": lambda: libc.msgget(0, 0o1600),
    "vmsplice": lambda: libc.vmsplice(writing, part, ctypes.c_size_t(1), 0),
    "shared": lambda: map_memory(shared),
    "validated": lambda: map_memory(shared | 3),
    "private": lambda: map_memory(private),
    "send buffer": lambda: libc.setsockopt(ours.fileno(), 1, 7, number, 4),
    "receive buffer": lambda: libc.setsockopt(ours.fileno(), 1, 8, number, 4),
    "broadcast": lambda: libc.setsockopt(ours.fileno(), 1, 6, number, 4),
    "unshare": lambda: libc.unshare(0x10000000),
    "setns": lambda: libc.setns(0, 0),
    "internet": lambda: libc.socket(2, 1, 0),
    "host": lambda: libc.socket(40, 1, 0),
    "files": lambda: libc.socket(1, 1, 0),
    "pair": lambda: libc.socketpair(30, 1, 0, part),
    "thread": lambda: libc.syscall(435, None, 0),
    "rings": lambda: libc.syscall(425, 1, None),
    "in memory": lambda: libc.mincore(page, ctypes.c_size_t(1), page),
    "in the cache": lambda: libc.syscall(451, 0, None, None, 0),
    "read what is there": lambda: libc.syscall(preadv2, reading, part, 1, -1, -1, 8),
    "read": lambda: libc.syscall(preadv2, reading, part, 0, -1, -1, 0),
    "second number": lambda: libc.syscall(0x40000000 + 39),
}
unknown = []
for name, attempt in attempts.items():
    ctypes.set_errno(0)
    attempt()
    unknown += [name] if ctypes.get_errno() == errno.ENOSYS else []
print(json.dumps(unknown))
"""
REFUSED = {
    *("memfd_create", "shmget", "semget", "msgget", "vmsplice", "shared", "validated"),
    *("send buffer", "receive buffer", "unshare", "setns", "host", "pair", "thread", "rings"),
    *("in memory", "in the cache", "read what is there", "second number"),
}


def unknown_calls(command):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout))


def test_what_a_box_cannot_ask_for():
    assert unknown_calls(Bubblewrap().command([sys.executable, "-c", CALLS], Box())) == REFUSED
    # Outside, all but odd ones are known: it's the box that refuses them.
    assert len(unknown_calls([sys.executable, "-c", CALLS])) < 4


def test_a_box_of_landlock_cannot_ask_for_it_either(ordinary_host):
    printed, code = ordinary_host.run("landlock", CALLS)
    assert (set(json.loads(printed)), code) == (REFUSED | {"internet"}, 0)


def test_the_first_process_of_a_box_is_filtered_as_well():
    """It belongs to the same user, who could make it act in their place."""
    code = "print([line for line in open('/proc/1/status') if line.startswith('Seccomp:')])"
    command = Bubblewrap().command([sys.executable, "-c", code], Box())
    assert subprocess.run(command, capture_output=True, text=True).stdout == "['Seccomp:\\t2\\n']\n"


def test_what_is_mapped_of_zeros_belongs_to_somebody():
    code = "import mmap; mmap.mmap(open('/dev/zero', 'r+b').fileno(), 4096)"
    command = Bubblewrap().command([sys.executable, "-c", code], Box())
    assert "OSError" in subprocess.run(command, capture_output=True, text=True).stderr


def decision(program, architecture, number, *arguments):
    """Return what the kernel makes of a filter: whether it lets a call through."""
    given = struct.pack("<IIQ6Q", number, architecture, 0, *arguments, *[0] * (6 - len(arguments)))
    steps = list(struct.iter_unpack("=HBBI", program))
    place = value = 0
    while True:
        code, if_so, if_not, k = steps[place]
        place += 1
        if code == 0x20:
            (value,) = struct.unpack_from("<I", given, k)
        elif code == 0x54:
            value &= k
        elif code in (0x15, 0x35):
            place += if_so if (value == k if code == 0x15 else value >= k) else if_not
        else:
            assert code == 6
            return k == 0x7FFF0000


@pytest.mark.parametrize(
    ("machine", "architecture", "numbers"),
    [
        ("x86_64", 0xC000003E, [0, 319, 9, 41, 56, 27, 327]),
        ("aarch64", 0xC00000B7, [63, 279, 222, 198, 220, 232, 286]),
    ],
)
def test_the_filter_of_each_processor(machine, architecture, numbers):
    read, memfd_create, mmap, sock, clone, mincore, preadv2 = numbers
    filtered = seccomp.program((1, 16), machine)

    def passes(*call):
        return decision(filtered, architecture, *call)

    assert passes(read) and not passes(memfd_create)
    assert not decision(filtered, 0x40000003, read)
    assert passes(mmap, 0, 1, 3, 0x22) and not passes(mmap, 0, 1, 3, 0x4021)
    assert [family for family in range(50) if passes(sock, family)] == [1, 16]
    assert passes(clone, 0x3D0F00) and not passes(clone, 0x10000011)
    assert passes(435 + 10) and not passes(435)
    assert not passes(mincore) and not passes(451)
    assert passes(preadv2, 3, 0, 1, 0, 0, 1) and not passes(preadv2, 3, 0, 1, 0, 0, 9)


def test_an_unknown_processor_is_refused(monkeypatch):
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    assert "this is riscv64" in Bubblewrap().available()
    assert os.geteuid() == 0 or "this is riscv64" in Landlock().available()
