"""What the back-ends without namespaces share: a folder for a while, and a supervisor."""

import os
import socket
import tempfile
from pathlib import Path

from autograder.grade.run.sandbox import seccomp
from autograder.grade.run.sandbox.backend import environment, launcher

SUPERVISOR = Path(__file__).with_name("supervise.py")


def supervised(argv, box, allowed=None):
    """Return a command that runs `argv` in a folder of its own, with limits.

    Args:
        argv: The program and its arguments.
        box: What it gets.
        allowed: A function from the folder to what Landlock allows; None for no restriction.
    """
    folder = tempfile.mkdtemp(prefix="box-")
    orders = {
        "home": folder,
        "environment": environment(folder, folder, box),
        "files": str(box.files) if box.files else None,
        "copy_to": folder,
        "limits": box.limits.rlimits(),
        "shared_user": True,
        "lenient": allowed is None,
    }
    around = {"parent": os.getpid(), "folder": folder, "landlock": None, "launch": orders}
    if allowed:
        families = (socket.AF_UNIX, socket.AF_NETLINK)  # The latter lists networks, no more.
        around |= {"landlock": allowed(folder), "filter": seccomp.program(families).hex()}
    return launcher(argv, around, script=SUPERVISOR)
