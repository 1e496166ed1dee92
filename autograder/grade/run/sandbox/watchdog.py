"""Watches what the kernel doesn't bound: a whole box's memory, and its folder of sockets.

It counts the memory that processes have, and what the kernel holds for them in tables of pages,
sockets and the names of files. Memory of other kinds would belong to no process: there are folders
in memory, of bounded size, and for the rest a box has no system calls (see `seccomp`).

A look takes about a millisecond, however many processes a machine has: a process's children are
asked of the kernel, and of the others each is looked at once.
"""

import os
import threading
from contextlib import suppress
from functools import cache

import psutil

#: Files in a folder of sockets; a kernel needs six.
_MOST_FILES = 1000
#: The folders in memory in which a box may write, and by how much their sizes are rounded at most.
_IN_MEMORY, _PAGE = ("/box", "/tmp", "/dev/shm"), 1 << 16
#: Whether the system tells of processes by files, and of each thread what it has started.
_HAS_PROC = os.path.exists("/proc/self/status")
_LISTS_CHILDREN = os.path.exists(f"/proc/self/task/{os.getpid()}/children")


class Watchdog:
    """Looks at a box now and then, and kills it when it uses too much.

    Use it as `with Watchdog(process, box) as watchdog:` around the work, or call `look` yourself.

    Attributes:
        reason: None, or a sentence that says why the box was killed.
    """

    def __init__(self, process, box, period=0.3):
        """Make a watchdog, which sleeps until it is entered.

        Args:
            process: The started command: anything with `pid` and `terminate()`.
            box: What the command was made for.
            period: Seconds between two looks.
        """
        self.process = process
        self.box = box
        self.period = period
        self.reason = None
        self._guests = []  # what was brought into the box, if something was (see `warm`)
        self._spaces = {}  # in which namespaces the processes of the machine are
        self._turn = threading.Lock()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self._thread.join()

    def _watch(self):
        while not self._over.wait(self.period):
            if self.look():
                return

    def look(self):
        """Look once; kill the box if it uses too much, and return why (or None)."""
        limits, processes = self.box.limits, self._processes()
        if _memory(processes, limits.memory) > limits.memory:
            self.reason = f"it used more than {_readable(limits.memory)} of memory"
        elif _files(processes, limits.disk) > limits.files:
            self.reason = f"it made more than {limits.files:,} files"
        elif self.box.sockets and size_of_folder(self.box.sockets) > limits.sockets:
            self.reason = "it wrote more into the folder of its sockets than it may"
        if self.reason:
            self.end()
        return self.reason

    def memory(self, enough=0):
        """Return the bytes of memory that the box uses now; see `memory_of_tree`."""
        return _memory(self._processes(), enough)

    def end(self):
        """Kill the box."""
        # Those inside first: where there is no namespace, they wouldn't end with the first.
        for pid in reversed(self._processes()[1:]):
            with suppress(psutil.Error):
                psutil.Process(pid).kill()
        # Not kill(): a supervisor or a container's engine has to clear up.
        self.process.terminate()

    def _processes(self):
        """Return the numbers of the processes in the box.

        A guest can hide in which namespace it is. So it is remembered from before it has run
        anything of a student's, and what it starts is known by its parent. (What loses its parent
        comes to belong to the first process of the namespace, which was there before the guest.)
        """
        found = _below(self.process.pid)
        with self._turn:
            for pid in () if self._guests else _joined(found, self._spaces):
                with suppress(psutil.NoSuchProcess):
                    self._guests.append(psutil.Process(pid))
        for guest in self._guests:
            found += _below(guest.pid) if guest.is_running() else []
        return list(dict.fromkeys(found))


def memory_of_tree(pid, enough=0):
    """Return the bytes of memory of a process and all below it.

    Pages that several share are counted once, which takes time to find out: if the simple sum
    of all is at most `enough`, it is returned.
    """
    below = _below(pid)
    return _memory([*below, *_joined(below, {})], enough)


def _memory(processes, enough):
    held = [_held(pid) for pid in processes]
    beside = sum(beside for _, beside in held) + _sockets(processes) * _buffers()
    simple = sum(resident for resident, _ in held) + beside
    if simple <= enough:
        return simple
    shares = (_own_share(pid, resident) for pid, (resident, _) in zip(processes, held, strict=True))
    return sum(shares) + beside


def size_of_folder(folder):
    """Return the bytes that a folder takes up on the disk; too many files count as endless."""
    size = files = 0
    for parent, folders, names in os.walk(folder):
        files += len(folders) + len(names)
        if files > _MOST_FILES:
            return float("inf")
        for name in names:
            with suppress(OSError):
                size += os.lstat(os.path.join(parent, name)).st_blocks * 512
    return size


def _below(pid):
    """Return the numbers of a process and all below it."""
    found = [pid]
    if _LISTS_CHILDREN:
        for one in found:
            found += [child for child in _children(one) if child not in found]
    else:
        with suppress(psutil.NoSuchProcess):
            found += [child.pid for child in psutil.Process(pid).children(recursive=True)]
    return found


def _children(pid):
    """Return the numbers of a process's children, as the kernel lists them for each thread."""
    found = []
    with suppress(OSError):  # it has ended
        for thread in os.listdir(f"/proc/{pid}/task"):
            with suppress(OSError), open(f"/proc/{pid}/task/{thread}/children", "rb") as file:
                found += map(int, file.read().split())
    return found


def _joined(processes, known):
    """Return those processes that were brought into the namespace of some (see `warm`).

    known: {number: namespace} of all processes of the machine, as it was found before; it is
    brought up to date.
    """
    theirs = {_namespace(pid) for pid in processes} - {_namespace("self"), None}
    if not theirs:
        return []
    there, at_first = {int(name) for name in os.listdir("/proc") if name.isdigit()}, not known
    for pid in known.keys() - there:
        del known[pid]
    for pid in there - known.keys():
        space = _namespace(pid)
        # One that has just come may not be seen into yet; one of somebody else's never is.
        if space or at_first:
            known[pid] = space
    return [pid for pid, space in known.items() if space in theirs and pid not in processes]


def _namespace(pid):
    with suppress(OSError):
        return os.stat(f"/proc/{pid}/ns/pid").st_ino
    return None


def _held(pid):
    """Return the bytes that a process has, and those beside them.

    These are in tables of pages, and of pages that were moved out to the disk.
    """
    if not _HAS_PROC:
        with suppress(psutil.Error):
            return psutil.Process(pid).memory_info().rss, 0
        return 0, 0
    found = {"VmRSS": 0, "VmPTE": 0, "VmSwap": 0}
    with suppress(OSError), open(f"/proc/{pid}/status") as file:
        for line in file:
            name, _, value = line.partition(":")
            if name in found:
                found[name] = int(value.split()[0]) << 10
    return found["VmRSS"], found["VmPTE"] + found["VmSwap"]


def _own_share(pid, resident):
    """Return the bytes that a process has, its part of those that it shares with others."""
    try:
        full = psutil.Process(pid).memory_full_info()
        return getattr(full, "pss", full.uss)
    except psutil.AccessDenied:  # A process can hide the details, but not how much it has.
        return resident
    except psutil.NoSuchProcess:
        return 0


def _sockets(processes):
    """Return how many sockets there are in the network namespaces of a box, if it has its own."""
    networks = {}
    for pid in processes:
        with suppress(OSError):
            networks[os.stat(f"/proc/{pid}/ns/net").st_ino] = pid
    found = 0
    for number, pid in networks.items():
        with suppress(OSError):
            if number != os.stat("/proc/self/ns/net").st_ino:
                with open(f"/proc/{pid}/net/sockstat") as file:
                    found += int(file.readline().split()[2])
    return found


def _files(processes, size):
    """Return how many files there are in the folders in memory that only a box sees.

    size: of each of them, by which they are told from those of a machine or a container.
    """
    found = {}
    for pid in processes:
        for folder in _IN_MEMORY:
            with suppress(OSError):
                state = os.statvfs(f"/proc/{pid}/root{folder}")
                if state.f_blocks * state.f_frsize <= size + _PAGE:
                    found[state.f_fsid] = state.f_files - state.f_ffree
    return sum(found.values())


@cache
def _buffers():
    """Return how many bytes can wait in one socket to be sent and to be read."""
    size = 0
    for name in ("wmem_default", "rmem_default"):
        with suppress(OSError), open(f"/proc/sys/net/core/{name}") as file:
            size += int(file.read())
    return size


def _readable(size):
    return f"{size / (1 << 30):.3g} GB" if size >= 1 << 30 else f"{size / (1 << 20):.0f} MB"
