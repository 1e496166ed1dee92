"""A back-end for where bubblewrap can't be had: a container of Docker or Podman.

The container needs an image with Python and the libraries; see `Containerfile` in this folder.
The program talks through a folder of sockets, so container and grader have to share a kernel: on
macOS and Windows, run the grader itself in Linux (WSL 2 or a virtual machine).
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from autograder.grade.run.sandbox import mounts
from autograder.grade.run.sandbox.backend import LAUNCHER, NOBODY, environment, hand_over, launcher

HOME = "/box"
IMAGE = "keras-shapes-box"
_FILES = "/run/files"
_LAUNCHER = "/run/launch.py"
_LESSON = "/run/lesson"
_RECIPE = Path(__file__).with_name("Containerfile")
_PATHS = {"PATH": "/usr/local/bin:/usr/bin:/bin", "PYTHONPATH": _LESSON}


class Container:
    """Runs a program in a container without network and rights."""

    name = "container"
    promises = [
        "no file of yours, of the course or of other students can be read or changed",
        "no network",
        "no other process can be seen or touched",
        "processor time, processes, memory (of all processes together) and disk are bounded",
    ]
    lacks = [
        "a fault in the Linux kernel or in the container's engine could be used to break out",
        "a container outlives a grader that is killed, until its time is over",
        "sockets work only where the container's engine runs on the same Linux as the grader",
    ]

    def __init__(self, program=None, image=IMAGE):
        """Make a back-end.

        Args:
            program: `docker` or `podman`; None for the first of them that is installed.
            image: The image with Python and the libraries.
        """
        self.program = program or next(filter(shutil.which, ("docker", "podman")), None)
        self.image = image

    def available(self):
        """Return None if it works here, else one sentence that says why not and what to do."""
        if not sys.platform.startswith("linux"):
            return (
                "a container's sockets can't be reached from here: run the grader itself in Linux, "
                "in a virtual machine or in WSL 2"
            )
        if not self.program or not shutil.which(self.program):
            return (
                "neither Docker nor Podman is installed (sudo apt install podman, or see "
                "https://docs.docker.com/engine/install)"
            )
        if not self._runs("version"):
            return f"{self.program} is installed but doesn't answer: is its service running?"
        if not self._runs("image", "inspect", self.image):
            return f"{self.program} has no image {self.image}: {self._recipe()}"
        return None

    def _recipe(self):
        """Return what to type to build the image."""
        build = f"{self.program} build -t {self.image} -f {_RECIPE}"
        if (mounts.PACKAGE.parent / "requirements.txt").is_file():
            return f"{build} {mounts.PACKAGE.parent}"
        # An installed package has no list of its own: the image gets what this Python has.
        listed = f"{sys.executable} -m pip freeze --exclude keras-shapes > requirements.txt"
        return f"in an empty folder, {listed} && {build} ."

    def _runs(self, *arguments):
        try:
            done = subprocess.run(
                [self.program, *arguments],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=60,
            )
        except (OSError, subprocess.SubprocessError):
            return False
        return done.returncode == 0

    def command(self, argv, box):
        """Return the command that runs `argv` in a box of its own."""
        user = os.geteuid() or NOBODY
        if os.geteuid() == 0:
            hand_over(box.sockets)
        # The image has a Python of its own, elsewhere.
        argv = ["python3", *argv[1:]] if argv[0] == sys.executable else argv
        orders = {
            "home": HOME,
            "environment": {**environment(HOME, "/tmp", box), **_PATHS},
            "files": _FILES if box.files else None,
            "copy_to": HOME,
            # Threads of the same user in other containers would count: --pids-limit is exact.
            "limits": {k: v for k, v in box.limits.rlimits().items() if k != "NPROC"},
        }
        # The first process of a container can't be killed from inside; its end ends them all.
        timed = ["timeout", "-s", "KILL", str(box.limits.wall)]
        inside = [*timed, *launcher(argv, orders, python="python3", script=_LAUNCHER)]
        options = [*_confined(box.limits, user), *_seen(box)]
        if os.path.basename(self.program or "") == "podman" and os.geteuid() != 0:
            options += ["--userns", "keep-id"]  # Else the folder of sockets is somebody else's.
        return [self.program or "docker", "run", *options, self.image, *inside]


def _confined(limits, user):
    memory = ["--memory", str(limits.memory), "--memory-swap", str(limits.memory)]
    options = ["--rm", "--interactive", "--network", "none", "--hostname", "box"]
    options += ["--read-only", "--user", f"{user}:{user}", "--cap-drop", "ALL"]
    options += ["--security-opt", "no-new-privileges", "--ipc", "private", *memory]
    options += ["--pids-limit", str(limits.processes), "--shm-size", str(limits.disk)]
    for folder in (HOME, "/tmp"):
        options += ["--tmpfs", f"{folder}:rw,nosuid,nodev,size={limits.disk},mode=1777"]
    return options


def _seen(box):
    """Return the options that show what the program needs, read-only but for the sockets."""
    shown = [(LAUNCHER, _LAUNCHER), *((path, path) for path in box.read_only)]
    shown += [(path, f"{_LESSON}/autograder/{path.name}") for path in mounts.lesson_paths()]
    shown += [(box.files, _FILES)] if box.files else []
    options = [f"type=bind,source={a},target={b},readonly" for a, b in shown]
    if box.sockets:
        options.append(f"type=bind,source={box.sockets},target={box.sockets}")
    return [word for option in options for word in ("--mount", option)]
