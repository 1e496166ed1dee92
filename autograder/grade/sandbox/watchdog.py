"""Watches what the kernel doesn't bound: a whole box's memory, and its folder of sockets."""

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
        if memory_of_tree(self.process.pid, limits.memory) > limits.memory:
            self.reason = f"it used more than {_readable(limits.memory)} of memory"
        elif self.box.sockets and size_of_folder(self.box.sockets) > limits.sockets:
            self.reason = "it wrote more into the folder of its sockets than it may"
        if self.reason:
            self._kill()
        return self.reason

    def _kill(self):
        # Those inside first: where there is no namespace, they wouldn't end with the first.
        for process in reversed(_tree(self.process.pid)[1:]):
            with suppress(psutil.Error):
                process.kill()
        # Not kill(): a supervisor or a container's engine has to clear up.
        self.process.terminate()


def memory_of_tree(pid, enough=0):
    """Return the bytes of memory of a process and all below it.

    Pages that several share are counted once, which takes time to find out: if the simple sum
    of all is at most `enough`, it is returned.
    """
    processes = _tree(pid)
    simple = sum(_resident(process) for process in processes)
    return simple if simple <= enough else sum(_own_share(process) for process in processes)


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
    with suppress(psutil.NoSuchProcess):
        first = psutil.Process(pid)
        return [first, *first.children(recursive=True)]
    return []


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


def _readable(size):
    return f"{size / (1 << 30):.3g} GB" if size >= 1 << 30 else f"{size / (1 << 20):.0f} MB"
