"""Watches what the kernel doesn't bound: a whole box's memory, and its folder of sockets.

It counts the memory that processes have, and what the kernel holds for them in tables of pages
and sockets. Memory of other kinds would belong to no process: there are folders in memory, of
bounded size, and for the rest a box has no system calls (see `seccomp`).
"""

import os
import threading
from contextlib import suppress

import psutil

#: Files in a folder of sockets; a kernel needs six.
_MOST_FILES = 1000


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
        self._guest = None  # the process that was brought into the box, if one was (see `warm`)
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
        limits = self.box.limits
        if _memory(self._processes(), limits.memory) > limits.memory:
            self.reason = f"it used more than {_readable(limits.memory)} of memory"
        elif self.box.sockets and size_of_folder(self.box.sockets) > limits.sockets:
            self.reason = "it wrote more into the folder of its sockets than it may"
        if self.reason:
            self.end()
        return self.reason

    def end(self):
        """Kill the box."""
        # Those inside first: where there is no namespace, they wouldn't end with the first.
        for process in reversed(self._processes()[1:]):
            with suppress(psutil.Error):
                process.kill()
        # Not kill(): a supervisor or a container's engine has to clear up.
        self.process.terminate()

    def _processes(self):
        """Return the processes in the box.

        A guest can hide in which namespace it is. So it is remembered from before it has run
        anything of a student's, and what it starts is known by its parent.
        """
        below = _tree(self.process.pid)
        joined = _joined(below)
        if self._guest is None and joined:
            self._guest = joined[0]
        of_guest = _below(self._guest) if self._guest else []
        return list(dict.fromkeys([*below, *joined, *of_guest]))


def memory_of_tree(pid, enough=0):
    """Return the bytes of memory of a process and all below it.

    Pages that several share are counted once, which takes time to find out: if the simple sum
    of all is at most `enough`, it is returned.
    """
    below = _tree(pid)
    return _memory([*below, *_joined(below)], enough)


def _memory(processes, enough):
    beside = sum(map(_beside, processes)) + _sockets(processes) * _buffers()
    simple = sum(_resident(process) for process in processes) + beside
    if simple <= enough:
        return simple
    return sum(_own_share(process) for process in processes) + beside


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


def _tree(pid):
    """Return a process and all below it."""
    with suppress(psutil.NoSuchProcess):
        return _below(psutil.Process(pid))
    return []


def _below(process):
    with suppress(psutil.NoSuchProcess):
        return [process, *process.children(recursive=True)]
    return []


def _joined(processes):
    """Return the processes that were brought into the namespace of some (see `warm`)."""
    theirs = set(map(_namespace, processes)) - {_namespace(psutil.Process()), None}
    if not theirs:
        return []
    return [p for p in psutil.process_iter() if p not in processes and _namespace(p) in theirs]


def _namespace(process):
    with suppress(OSError):
        return os.stat(f"/proc/{process.pid}/ns/pid").st_ino
    return None


def _resident(process):
    with suppress(psutil.NoSuchProcess):
        return process.memory_info().rss
    return 0


def _own_share(process):
    try:
        full = process.memory_full_info()
        return getattr(full, "pss", full.uss)
    except psutil.AccessDenied:  # A process can hide the details, but not how much it has.
        return _resident(process)
    except psutil.NoSuchProcess:
        return 0


def _beside(process):
    """Return the bytes in tables of pages, and of pages that were moved out to the disk."""
    found = 0
    with suppress(OSError), open(f"/proc/{process.pid}/status") as file:
        for line in file:
            if line.startswith(("VmPTE:", "VmSwap:")):
                found += int(line.split()[1]) << 10
    return found


def _sockets(processes):
    """Return how many sockets there are in the network namespaces of a box, if it has its own."""
    networks = {}
    for process in processes:
        with suppress(OSError):
            networks[os.stat(f"/proc/{process.pid}/ns/net").st_ino] = process.pid
    found = 0
    for number, pid in networks.items():
        with suppress(OSError):
            if number != os.stat("/proc/self/ns/net").st_ino:
                with open(f"/proc/{pid}/net/sockstat") as file:
                    found += int(file.readline().split()[2])
    return found


def _buffers():
    """Return how many bytes can wait in one socket to be sent and to be read."""
    size = 0
    for name in ("wmem_default", "rmem_default"):
        with suppress(OSError), open(f"/proc/sys/net/core/{name}") as file:
            size += int(file.read())
    return size


def _readable(size):
    return f"{size / (1 << 30):.3g} GB" if size >= 1 << 30 else f"{size / (1 << 20):.0f} MB"
