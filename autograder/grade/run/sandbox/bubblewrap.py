"""The default back-end: Linux namespaces, set up by bubblewrap (bwrap).

What runs inside is in namespaces of its own (user, processes, network, inter-process
communication, host name, control groups, mounts) on a file system that is put together from
parts: see `mounts`. All of it is read-only but three folders in memory, of bounded size, and the
folder of sockets. It can't make namespaces of its own, can't gain rights, does without some system
calls (see `seccomp`), and ends when the thread that started it does.

For root: inside a user namespace root's files and exemptions would still be root's (the bound on
processes doesn't hold for root, for one). So root first starts a bubblewrap that only makes
visible what is needed, becomes the user "nobody", and then starts the same box as everybody.
Grading as an ordinary user is the better choice: there is less to go wrong.
"""

import os
import shutil
import socket
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from autograder.grade.run.sandbox import mounts, seccomp
from autograder.grade.run.sandbox.backend import (
    LAUNCHER,
    NOBODY,
    Box,
    environment,
    hand_over,
    launcher,
)
from autograder.grade.run.sandbox.launch import FILTER
from autograder.grade.run.sandbox.supervised import SUPERVISOR

HOME = "/box"
_FILES = "/run/box/files"
_LAUNCHER = "/run/box/launch.py"
_COPIES = "/run/box/copies"
#: In a network of its own, a kernel talks to the processes that it has forked.
FAMILIES = (socket.AF_UNIX, socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK)
_RESTRICTED = Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")


@dataclass(frozen=True)
class Guest:
    """A process that a parent forks, and that joins a box (see `warm`).

    Attributes:
        parent: The path of its socket.
        request: What is asked of it.
        door: Source of the program that lets it in.
    """

    parent: str
    request: str
    door: str


class Bubblewrap:
    """Runs a program in namespaces of its own, as an ordinary user or as root."""

    name = "bubblewrap"
    promises = [
        "no file of yours, of the course or of other students can be read or changed",
        "no network",
        "no other process can be seen or touched",
        "nothing goes on running afterwards",
        "processor time, processes, memory and disk are bounded",
    ]
    lacks = [
        "a fault in the Linux kernel itself could be used to break out",
        "the memory of all processes together is bounded by a watchdog, which looks now and then",
    ]

    def available(self):
        """Return None if it works here, else one sentence that says why not and what to do."""
        if not shutil.which("bwrap"):
            return (
                "bubblewrap is not installed (Debian, Ubuntu, WSL 2: sudo apt install bubblewrap; "
                "Fedora: sudo dnf install bubblewrap; it needs Linux)"
            )
        if reason := seccomp.available():
            return reason
        try:
            tried = subprocess.run(
                self.command(["true"], Box()),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=60,
            )
        except (OSError, subprocess.SubprocessError) as error:
            return f"bubblewrap can't be started: {error}"
        return why(tried.stderr, _is_restricted()) if tried.returncode else None

    def command(self, argv, box, guest=None):
        """Return the command that runs `argv` in a box of its own.

        Args:
            argv: A program and its arguments.
            box: What it gets.
            guest: A `Guest` that is let in instead.
        """
        # The launcher clears the environment: bwrap's own can be read inside, in /proc/1/environ.
        orders = {
            "home": "/",
            "environment": {"PATH": "/usr/bin:/bin"},
            "filter": seccomp.program(FAMILIES).hex(),
        }
        around = {"parent": os.getpid(), "folder": None, "landlock": None}
        around |= {"guest": [guest.parent, guest.request]} if guest else {}
        if os.geteuid() != 0:
            command = self._box(argv, box, box.files, guest)
            around["launch"] = orders
        else:
            hand_over(box.sockets)
            inside = self._box(argv, box, box.files and _COPIES, guest)
            command = self._for_root(inside, box, orders)
        # While it makes a box, bwrap may miss the end of its parent, or leave half a box behind.
        return launcher(command, around, script=SUPERVISOR)

    def beside(self, argv, variables, seen):
        """Return the command that runs `argv`, which takes part in making boxes, outside of them.

        It belongs to the user to whom the boxes belong: for root this is nobody, who then sees
        nothing but programs, libraries and `seen`.

        Args:
            argv: A program that never runs anything of a student's.
            variables: All variables that it gets.
            seen: Files and folders.
        """
        orders = {"home": "/", "environment": variables}
        if os.geteuid() != 0:
            return launcher(argv, orders)
        command = [_bwrap(), "--dev", "/dev", "--dev-bind", "/proc", "/proc", *_system()]
        command += ["--perms", "1777", "--tmpfs", "/tmp"]
        command += _binds(["--ro-bind"], [*mounts.python_paths(), *mounts.lesson_paths(), *seen])
        command += _binds(["--ro-bind"], [LAUNCHER])
        command += ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
        return [*command, "--", *launcher(argv, {**orders, "user": NOBODY})]

    def _box(self, argv, box, files, guest):
        orders = {
            "home": HOME,
            "environment": environment(HOME, "/tmp", box),
            "files": _FILES if files else None,
            "copy_to": HOME,
            "limits": box.limits.rlimits(),
            **({"source": guest.door} if guest else {}),
        }
        command = [_bwrap(), *_namespaces(), "--proc", "/proc", "--dev", "/dev"]
        command += [*_system(), *_folders(box.limits)]
        command += _shown(box.read_only)
        command += ["--ro-bind", str(LAUNCHER), _LAUNCHER]
        command += ["--ro-bind", str(files), _FILES] if files else []
        command += _binds(["--bind"], [box.sockets] if box.sockets else [])
        command += ["--remount-ro", "/", "--seccomp", str(FILTER)]
        return [*command, "--", *launcher(argv, orders, script=_LAUNCHER)]

    def _for_root(self, inside, box, orders):
        """Return the command that becomes nobody where `inside` finds all that it needs."""
        seen = [*mounts.python_paths(), *mounts.lesson_paths(), *box.read_only, LAUNCHER]
        seen += [box.files] if box.files else []
        files = str(box.files) if box.files else None
        orders = {**orders, "files": files, "copy_to": _COPIES, "user": NOBODY}
        # A namespace of processes of its own, since a dying parent without rights can't have its
        # child killed when that has become another user; the end of a namespace kills them all.
        command = [_bwrap(), "--unshare-pid", "--die-with-parent", "--dev", "/dev"]
        command += ["--dev-bind", "/proc", "/proc"]
        # bwrap builds its new root in /tmp, so the second one needs it.
        command += [*_system(), "--dir", "/tmp"]
        command += ["--size", str(box.limits.disk), "--tmpfs", _COPIES]
        command += _binds(["--ro-bind"], seen)
        command += _binds(["--bind"], [box.sockets] if box.sockets else [])
        command += ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
        return [*command, "--", *launcher(inside, orders)]


def why(said, restricted):
    """Return a sentence for what bwrap said when it failed.

    Args:
        said: What it printed.
        restricted: Whether AppArmor keeps ordinary programs from making user namespaces.
    """
    if restricted:
        return (
            "AppArmor keeps bubblewrap from working here, as Ubuntu 24.04 and newer do by default "
            "(sudo apt install apparmor-profiles && sudo ln -s "
            "/usr/share/apparmor/extra-profiles/bwrap-userns-restrict /etc/apparmor.d/ && "
            "sudo systemctl reload apparmor)"
        )
    last = said.strip().splitlines()[-1] if said.strip() else "it gave no reason"
    return (
        f"bubblewrap is installed but doesn't work here ({last}); inside a container it needs one "
        "that may make user namespaces"
    )


def _is_restricted():
    return _RESTRICTED.exists() and _RESTRICTED.read_text().strip() == "1"


def _bwrap():
    return shutil.which("bwrap") or "bwrap"


@cache
def _knows(option, bwrap):
    shown = subprocess.run([bwrap, "--help"], capture_output=True, text=True)
    return option in shown.stdout + shown.stderr


def _namespaces():
    options = ["--unshare-all", "--unshare-user", "--uid", str(NOBODY), "--gid", str(NOBODY)]
    options += ["--hostname", "box", "--new-session", "--die-with-parent", "--clearenv"]
    # Without namespaces of its own a program reaches far less of the kernel.
    return [*options, *(["--disable-userns"] if _knows("--disable-userns", _bwrap()) else [])]


def _system():
    """Return the options that show programs, libraries and a few settings, read-only."""
    options = _binds(["--ro-bind"], [*mounts.system_paths(), *mounts.settings_paths()])
    for name in ("bin", "sbin", "lib", "lib32", "lib64", "libx32"):
        top = Path("/") / name
        if top.is_symlink():
            options += ["--symlink", os.readlink(top), str(top)]
        elif top.exists():
            options += ["--ro-bind", str(top), str(top)]
    # Debian's own list of users, without anybody of this machine; elsewhere the link leads nowhere.
    for name in ("passwd", "group"):
        options += ["--symlink", f"/usr/share/base-passwd/{name}.master", f"/etc/{name}"]
    return options


def _folders(limits):
    """Return the options for the folders in which a program may write; they lie in memory."""
    size = ["--size", str(limits.disk)]
    # Mapped, /dev/zero gives memory that belongs to no process.
    options = ["--dev-bind", "/dev/null", "/dev/zero"]
    options += [*size, "--tmpfs", "/dev/shm", "--remount-ro", "/dev"]
    for folder in (HOME, "/tmp"):
        options += [*size, "--perms", "1777", "--tmpfs", folder]
    return options


def _shown(read_only):
    """Return the options that show Python, what a lesson imports, and what the caller names.

    Where this package is installed, and so lies in one of these folders, the rest of it is
    covered: there are the rules of grading.
    """
    within = [path for path in read_only if Path(path).is_relative_to(mounts.PACKAGE)]
    outer = [*mounts.python_paths(), *(path for path in read_only if path not in within)]
    inner = _binds(["--ro-bind"], [*mounts.lesson_paths(), *within])
    if any(mounts.PACKAGE.is_relative_to(path) for path in outer):
        package = str(mounts.PACKAGE)
        inner = ["--tmpfs", package, *inner, "--remount-ro", package]
    return [*_binds(["--ro-bind"], outer), *inner]


def _binds(how, paths):
    """Return the options that show paths at the same place, with folders above that all may pass.

    bwrap itself makes the folders above so that only their owner may pass.
    """
    paths = [Path(path).absolute() for path in paths]
    above = sorted({parent for path in paths for parent in path.parents} - {Path("/")})
    options = [option for parent in above for option in ("--dir", str(parent))]
    return options + [option for path in paths for option in (*how, str(path), str(path))]
