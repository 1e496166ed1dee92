import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest

import autograder

#: Sandboxes of the kernel are Linux'; on other systems nothing of this can be tried.
collect_ignore_glob = [] if sys.platform.startswith("linux") else ["*"]

HERE = Path(__file__).parent
NOBODY = 65534
#: Whether it is an ordinary user, and how a program is started.
LONG = [(False, "bubblewrap"), (True, "warm")]
#: Sockets by which a virtual machine talks to its host; Python may have been built without.
VSOCK = 40


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Of the pairs of a user and a way to start leave half to the long tests."""
    for item in items:
        given = getattr(item, "callspec", None) and item.callspec.params
        if given and "host" in given and (given["host"], given.get("backend")) in LONG:
            item.add_marker(pytest.mark.long)


@dataclass
class Host:
    """A machine to be protected, and somebody who grades on it.

    python: the interpreter that grades. user: who grades, as options of subprocess.
    """

    folder: Path
    python: str
    user: dict
    port: int
    abstract: str

    def __post_init__(self):
        #: What a program in a box is told: where it may look.
        self.about = {
            "folder": str(self.folder),
            "port": self.port,
            "abstract": self.abstract,
            "pid": os.getpid(),
            "session": os.getsid(0),
            "families": [socket.AF_UNIX, socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK, VSOCK],
        }
        self.course = self.folder / "course"
        self.files = self.folder / "files"
        self.sockets = self.folder / "sockets"
        for folder in (self.course, self.files, self.sockets):
            folder.mkdir()
            self.give(folder)
        (self.course / "gradebook.db").write_text("marks of all")
        (self.files / "data").mkdir()
        (self.files / "data" / "numbers.txt").write_text("1 2 3")
        (self.files / "link.txt").symlink_to(self.course / "gradebook.db")
        for path in (self.course / "gradebook.db", *self.files.rglob("*")):
            self.give(path)

    def give(self, path):
        """Make the one who grades the owner, and hide it from everybody else."""
        if self.user:
            os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
        if not path.is_symlink():
            path.chmod(0o700 if path.is_dir() else 0o600)

    def start(self, backend, argv, limits=None, **more):
        """Start the one who grades, who in turn starts `argv` in a box."""
        orders = {
            "backend": backend,
            "argv": argv,
            "files": str(self.files),
            "sockets": str(self.sockets),
            "limits": limits or {},
        }
        environment = {
            **os.environ,
            "HOME": str(self.folder),
            "PYTHONPATH": str(self.folder / "package"),
            "GRADERS_SECRET": "xyzzy",
        }
        command = [self.python, "-B", str(self.folder / "grader.py"), json.dumps(orders)]
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
            cwd=self.folder,
            **self.user,
            **more,
        )

    def run(self, backend, code, limits=None, argument=""):
        """Run Python code in a box to its end; return (what it printed, its exit code)."""
        process = self.start(backend, [self.python, "-c", code, argument], limits)
        printed, errors = process.communicate(timeout=300)
        assert "Traceback" not in errors, errors
        return printed, process.returncode


def make_host(folder, ordinary):
    """Return a host, graded on by this user with this Python, or by an ordinary one."""
    # Readable for everybody, which this checkout and its Python need not be.
    shutil.copytree(
        Path(autograder.__file__).parent,
        folder / "package" / "autograder",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    shutil.copy(HERE / "grader.py", folder)
    as_nobody = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
    user = as_nobody if ordinary and os.geteuid() == 0 else {}
    python = "/usr/bin/python3" if ordinary else sys.executable
    return folder, python, user


@pytest.fixture(scope="session")
def listeners():
    """Listen as a host does: on TCP, and on a socket without a file. Return (port, name)."""
    with socket.socket() as tcp, socket.socket(socket.AF_UNIX) as unix:
        tcp.bind(("127.0.0.1", 0))
        name = f"host-{os.getpid()}"
        unix.bind(f"\0{name}")
        tcp.listen()
        unix.listen()
        yield tcp.getsockname()[1], name


def hosts(ordinary, listeners):
    with tempfile.TemporaryDirectory(prefix="host-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield Host(*make_host(folder, ordinary), *listeners)


@pytest.fixture(scope="session", params=[False, True], ids=["this user", "ordinary user"])
def host(request, listeners):
    yield from hosts(request.param, listeners)


@pytest.fixture(scope="session")
def ordinary_host(listeners):
    yield from hosts(True, listeners)
