"""The reduced back-end: Landlock, with which a Linux process restricts itself.

It needs no namespaces, so it works where those are forbidden, inside most containers for one.
It protects less than bubblewrap: read `lacks` before you choose it.
"""

import os
import sys

from autograder.grade.run.sandbox import mounts, seccomp, supervised
from autograder.grade.run.sandbox.supervise import landlock_version

# Not /dev/zero: mapped, it gives memory that belongs to no process.
_DEVICES = ("/dev/null", "/dev/full", "/dev/random", "/dev/urandom")


class Landlock:
    """Runs a program that can open no files but those it needs."""

    name = "landlock"

    @property
    def promises(self):
        """What holds on this kernel."""
        version = landlock_version()
        return [
            "no file of yours, of the course or of other students can be read or changed",
            "no network",
            *(["no signal reaches another process"] if version >= 6 else []),
            "processor time, processes and memory are bounded",
        ]

    @property
    def lacks(self):
        """What doesn't hold on this kernel."""
        version = landlock_version()
        return [
            *([] if version >= 6 else ["signals: every process of yours can be stopped"]),
            "sockets of other programs: those that take orders (the session bus, Docker) can be "
            "asked to act for whoever runs inside",
            "names, sizes and dates of files, and the list of processes, can be seen",
            "disk space isn't bounded, only the size of each file; nor is the memory of what waits "
            "in sockets to be read",
            "what runs inside outlives a grader that is killed the hard way",
            "an installed package (not a checkout) shows the rules of grading",
        ]

    def available(self):
        """Return None if it works here, else one sentence that says why not and what to do."""
        if not landlock_version():
            return "Landlock needs Linux 5.13 or newer, with Landlock among its boot option lsm"
        if os.geteuid() == 0:
            return "Landlock doesn't hold root: grade as an ordinary user"
        return seccomp.available()

    def command(self, argv, box):
        """Return the command that runs `argv` in a box of its own."""
        return supervised.supervised(argv, box, lambda folder: self._allowed(folder, box))

    def _allowed(self, folder, box):
        read = [*mounts.system_paths(), *mounts.settings_paths(), *mounts.python_paths()]
        read += [*mounts.lesson_paths(), *box.read_only, "/proc"]
        read += [box.files] if box.files else []
        write = [folder, *_DEVICES, *([box.sockets] if box.sockets else [])]
        # Python takes a package for empty whose folder it can't list.
        allowed = {"read": [*read, sys.executable], "listed": [mounts.PACKAGE], "write": write}
        return {what: [str(path) for path in paths] for what, paths in allowed.items()}
