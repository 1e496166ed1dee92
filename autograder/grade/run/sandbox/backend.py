"""What every back-end is, and what it is asked to start."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from autograder.grade.run.sandbox import mounts
from autograder.grade.run.sandbox.limits import Limits

#: Stands on its own and is shown to each box, in which it is the first program.
LAUNCHER = Path(__file__).with_name("launch.py")
#: The user "nobody", who owns nothing: what runs in a box sees itself as this user.
NOBODY = 65534


@dataclass(frozen=True)
class Box:
    """What a program in a box gets, beyond the libraries.

    Attributes:
        files: A folder whose regular files are copied into the private folder to start in.
        read_only: Files and folders that are seen inside, at the same path. (When root grades,
            they have to be readable for everybody.)
        sockets: A folder that is seen at the same path and may be written in: the one way out.
            Keep it apart from all else, and empty but for what the program needs. (When root
            grades, it comes to belong to `NOBODY`.)
        limits: How much may be used.
        environment: Variables on top of the few that every box has.
    """

    files: Path | None = None
    read_only: tuple[Path, ...] = ()
    sockets: Path | None = None
    limits: Limits = Limits()
    environment: Mapping[str, str] = field(default_factory=dict)


class Backend(Protocol):
    """A way to run a program apart from the rest of the machine.

    Attributes:
        name: What the option `--sandbox` calls it.
        promises: What holds, each a phrase for people.
        lacks: What does not hold, each a phrase for people.
    """

    name: str
    promises: list[str]
    lacks: list[str]

    def available(self) -> str | None:
        """Return None if it works here, else one sentence that says why not and what to do."""

    def command(self, argv: list[str], box: Box) -> list[str]:
        """Return the command that runs `argv` in a box of its own.

        Start each command once, and from a thread that lives as long as the box is needed: the
        box ends with the thread that started it. To end it, `terminate()` the process (and
        `kill()` it when that takes too long): so every back-end can clear up.
        """


def environment(home, temporary, box):
    """Return all variables that a program in a box gets; nothing of the grader's own leaks in."""
    threads = str(min(os.cpu_count() or 1, 4))
    return {
        "HOME": str(home),
        "TMPDIR": str(temporary),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), "/usr/bin", "/bin"]),
        "LANG": "C.UTF-8",
        "USER": "student",
        "LOGNAME": "student",
        "KERAS_BACKEND": os.environ.get("KERAS_BACKEND", "tensorflow"),
        "KERAS_HOME": f"{temporary}/keras",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "",
        "OMP_NUM_THREADS": threads,
        "TF_NUM_INTRAOP_THREADS": threads,
        "TF_NUM_INTEROP_THREADS": threads,
        "MPLCONFIGDIR": f"{temporary}/matplotlib",
        "IPYTHONDIR": f"{temporary}/ipython",
        "JUPYTER_PLATFORM_DIRS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        **mounts.python_variables(),
        **box.environment,
    }


def hand_over(folder):
    """Give a folder of sockets (if there is one), and what lies in it, to nobody."""
    for path in (folder, *folder.iterdir()) if folder else ():
        os.chown(path, NOBODY, NOBODY, follow_symlinks=False)


def launcher(argv, orders, python=sys.executable, script=LAUNCHER):
    """Return the command that carries out orders, then becomes `argv`."""
    return [python, "-I", "-S", str(script), repr(orders), *argv]
