"""What can go wrong on the way to the first exercise: provoked, and told in a sentence.

The sentences are those of docs/troubleshooting.md, so that page says what people see.
"""

import hashlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from jupyter_client import KernelManager
from traitlets.config import Config

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "troubleshooting.md"
ROWS = re.findall(r"^\| `(.+?)` \|", PAGE.read_text(encoding="utf-8"), re.M)
#: What the Makefile calls, Python aside.
TOOLS = ("make", "sh", "id", "cat", "test", "awk")
BASE = getattr(sys, "_base_executable", None) or sys.executable

#: Builds the small project below; it needs nothing from the network.
BACKEND = """\
from pathlib import Path
from wheels import wheel

def build_editable(folder, config_settings=None, metadata_directory=None):
    files = {"small.pth": str(Path.cwd()), "small_command.py": "def main(): pass"}
    return wheel(Path(folder), "keras_shapes", files, "autograder = small_command:main").name
"""


def wheel(folder, name, files, script=""):
    """Write a wheel of a package; return its path."""
    path = folder / f"{name}-1-py3-none-any.whl"
    about = f"{name}-1.dist-info"
    files = {
        **files,
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{about}/entry_points.txt": f"[console_scripts]\n{script}\n",
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, text in files.items():
            archive.writestr(file, text)
        record = "".join(f"{file},,\n" for file in [*files, f"{about}/RECORD"])
        archive.writestr(f"{about}/RECORD", record)
    return path


class Newcomer:
    """A machine with few programs, and a small project that is installed as this one is."""

    def __init__(self, folder):
        self.folder = folder
        self.project = folder / "my projects" / "keras-shapes"  # with a space, as people have it
        self.programs = folder / "programs"
        self.index = folder / "index"
        for place in (self.project, self.programs, self.index, folder / "home"):
            place.mkdir(parents=True)
        for tool in TOOLS:
            (self.programs / tool).symlink_to(shutil.which(tool))
        self.python("python3")
        for file in ("Makefile", "install.py"):
            shutil.copy(ROOT / file, self.project)
        self.environment = {
            "PATH": str(self.programs),
            "HOME": str(folder / "home"),
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(self.index),
        }
        self.write_project()

    def write_project(self):
        import inspect

        source = "import zipfile\n\n" + inspect.getsource(wheel)
        (self.project / "wheels.py").write_text(source)
        (self.project / "backend.py").write_text(BACKEND)
        (self.project / "pyproject.toml").write_text(
            '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
            '[project]\nname = "keras-shapes"\nversion = "1"\n'
        )
        self.require(wheel(self.index, "tiny", {"tiny.py": ""}))

    def require(self, path, digest=None):
        """Lock a package of the index, by its digest or a wrong one."""
        digest = digest or hashlib.sha256(path.read_bytes()).hexdigest()
        name = path.name.split("-")[0]
        line = f"{name}==1 --hash=sha256:{digest}\n"
        (self.project / "requirements.txt").write_text(line)

    def python(self, name, version=None, without=None):
        """Put a Python there that says it is of another version, or lacks a module."""
        change = "unset PYTHONPATH"
        if version or without:
            pretends = self.folder / f"pretends-{name}"
            pretends.mkdir(exist_ok=True)
            (pretends / "sitecustomize.py").write_text(
                "import sys\n"
                + (f"sys.version_info = {(*version, 0, 'final', 0)}\n" if version else "")
                + (f"sys.modules[{without!r}] = None\n" if without else "")
            )
            change = f"export PYTHONPATH='{pretends}'"
        script = self.programs / name
        script.write_text(f'#!/bin/sh\n{change}\nexec "{BASE}" "$@"\n')
        script.chmod(0o755)

    def command(self, words):
        """Return what runs make in the project, and says whether an environment is left."""
        script = 'make -C "$0" "$@"; status=$?; test ! -e "$0/.venv" || echo LEFT; exit $status'
        return ["sh", "-c", script, str(self.project), *words]

    def make(self, *words, inside=()):
        """Run make in the project; return (status, all it printed)."""
        done = subprocess.run(
            [*inside, *self.command(words)],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout

    def fails(self, inside=()):
        """Run make env, which has to fail and to leave nothing half made."""
        status, printed = self.make("env", inside=inside)
        assert status != 0, printed
        assert "LEFT" not in printed and "Traceback" not in printed, printed
        return printed

    def succeeds(self):
        """Run make env, which has to make an environment that works, once."""
        status, printed = self.make("env")
        assert status == 0, printed
        code = "import tiny, small_command"
        subprocess.run([self.project / ".venv/bin/python", "-c", code], check=True)
        assert "Installing" not in self.make("env")[1]
        return printed

    def stop(self, number):
        """Stop make env by a signal while it downloads from an index that never answers."""
        with socket.create_server(("127.0.0.1", 0)) as silent:
            address = f"http://127.0.0.1:{silent.getsockname()[1]}/simple"
            environment = {k: v for k, v in self.environment.items() if k != "PIP_NO_INDEX"}
            process = subprocess.Popen(
                self.command(["env"]),
                env={**environment, "PIP_INDEX_URL": address, "PYTHONUNBUFFERED": "1"},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
            )
            with process.stdout:
                connection, _ = silent.accept()
                os.killpg(process.pid, number)
                printed = process.stdout.read()
                connection.close()
            assert process.wait() != 0
        return printed


@pytest.fixture
def newcomer(tmp_path):
    return Newcomer(tmp_path)


def no_python(newcomer):
    (newcomer.programs / "python3").unlink()
    return newcomer.fails()


def old_python(newcomer):
    newcomer.python("python3", version=(3, 9))
    return newcomer.fails()


def new_python(newcomer):
    newcomer.python("python3", version=(3, 14))
    newcomer.python("python3.13", version=(3, 14))  # a name proves nothing
    return newcomer.fails()


def another_python(newcomer):
    newcomer.python("python3", version=(3, 14))
    newcomer.python("python3.12")
    return newcomer.succeeds()


def no_venv_module(newcomer):
    newcomer.python("python3", without="ensurepip")
    return newcomer.fails()


def read_only(newcomer):
    """Root may write everywhere, but not on a disk that is read-only."""
    folder = str(newcomer.project)
    if os.geteuid() == 0:
        return newcomer.fails(inside=in_box("--ro-bind", folder, folder))
    newcomer.project.chmod(0o555)
    try:
        return newcomer.fails()
    finally:
        newcomer.project.chmod(0o755)


def little_space(newcomer):
    return newcomer.fails(inside=small_disk(newcomer))


def disk_that_fills(newcomer):
    """60 MB are there and are taken for enough, but the package has 100."""
    newcomer.require(wheel(newcomer.index, "large", {"large.bin": "\0" * 100_000_000}))
    script = newcomer.project / "install.py"
    text = script.read_text(encoding="utf-8")
    assert "free < GIGABYTES" in text
    script.write_text(text.replace("free < GIGABYTES", "free < 0"), encoding="utf-8")
    return newcomer.fails(inside=small_disk(newcomer))


def in_box(*mounts):
    """Return the command that shows a program this machine with other mounts (also to root)."""
    box = ["bwrap", "--dev-bind", "/", "/"]
    if not shutil.which("bwrap") or subprocess.run([*box, "true"], check=False).returncode:
        pytest.skip("needs a bubblewrap that works here (Linux), to put a folder on another disk")
    return [shutil.which("bwrap"), *box[1:], *mounts]


def small_disk(newcomer):
    """Return the command that puts the project on a disk of 60 MB."""
    folder = str(newcomer.project)
    files = [str(path) for path in newcomer.project.iterdir()]
    binds = [word for file in files for word in ("--ro-bind", file, file)]
    return in_box("--size", "60000000", "--tmpfs", folder, *binds)


def no_network(newcomer):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    del newcomer.environment["PIP_NO_INDEX"]
    newcomer.environment |= {"PIP_INDEX_URL": f"http://127.0.0.1:{port}/", "PIP_RETRIES": "1"}
    newcomer.require(wheel(newcomer.folder, "elsewhere", {}))
    return newcomer.fails()


def no_such_package(newcomer):
    newcomer.require(wheel(newcomer.folder, "tensorflow", {}))
    return newcomer.fails()


def altered_package(newcomer):
    newcomer.require(newcomer.index / "tiny-1-py3-none-any.whl", digest="0" * 64)
    return newcomer.fails()


def interrupted(newcomer):
    printed = newcomer.stop(signal.SIGINT)
    assert not (newcomer.project / ".venv").exists() and "Traceback" not in printed
    newcomer.succeeds()
    return printed


def cut_short_or_moved(newcomer):
    newcomer.stop(signal.SIGKILL)
    assert (newcomer.project / ".venv").exists()
    recovered = newcomer.succeeds()
    newcomer.project = newcomer.project.rename(newcomer.folder / "elsewhere")
    moved = newcomer.succeeds()
    said = "so it is made anew."
    assert said in recovered and said in moved
    return recovered


def test_make_lab_says_little_and_finds_a_free_port(newcomer):
    """The next one is taken; an environment that is there isn't looked at (-o)."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = subprocess.Popen(
            ["make", "-o", ".venv/ready", "lab", f"LAB=--no-browser --port={port}"],
            cwd=ROOT,
            env={**os.environ, "HOME": newcomer.environment["HOME"], "IPYTHONDIR": ""},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        with process.stdout:
            printed = []
            for line in process.stdout:
                printed.append(line)
                if re.search(r"http://(localhost|127\.0\.0\.1):\d+/lab", line):
                    break
            # Told to end before it has begun to serve, it may not notice.
            os.killpg(process.pid, signal.SIGKILL)
            process.stdout.read()
        process.wait()
    address = re.search(r"http://(?:localhost|127\.0\.0\.1):(\d+)/lab", printed[-1])
    assert address and int(address[1]) != port
    assert len(printed) < 12, "".join(printed)


def test_a_kernel_of_make_lab_prints_no_warning_in_the_terminal(tmp_path):
    settings = json.loads((ROOT / "deploy" / "lab" / "jupyter_server_config.json").read_text())
    kernel = KernelManager(kernel_name="python3", config=Config(settings))
    with (tmp_path / "terminal").open("w+") as terminal:
        kernel.start_kernel(stdout=terminal, stderr=terminal)
        client = kernel.blocking_client()
        client.start_channels()
        try:
            client.wait_for_ready(timeout=120)
        finally:
            client.stop_channels()
            kernel.shutdown_kernel(now=True)
        terminal.seek(0)
        assert terminal.read() == ""


def kernel_without_the_course(newcomer):
    """The first code cell of each lesson, in an IPython that knows none of our packages."""
    code = (
        "import json, sys\n"
        "from IPython.core.interactiveshell import InteractiveShell\n"
        f"sys.path = [place for place in sys.path if place not in ('', {str(ROOT)!r})]\n"
        "sys.meta_path = [f for f in sys.meta_path if 'editable' not in repr(f).lower()]\n"
        "shell = InteractiveShell.instance(colors='NoColor')\n"
        "for path in sys.argv[1:]:\n"
        "    cells = json.load(open(path, encoding='utf-8'))['cells']\n"
        "    first = next(cell for cell in cells if cell['cell_type'] == 'code')\n"
        "    shell.run_cell(''.join(first['source']))\n"
    )
    lessons = sorted((ROOT / "notebooks").glob("*.ipynb"))
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, lessons)],
        cwd=newcomer.folder,
        env={**os.environ, "IPYTHONDIR": str(newcomer.folder / "ipython")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.count("as this notebook's kernel.") == len(lessons), done.stdout
    assert done.stdout.count("ModuleNotFoundError: No module named") == len(lessons)
    return done.stdout.replace("'autograder'", "autograder")


def no_bubblewrap(newcomer):
    done = subprocess.run(
        [Path(sys.executable).with_name("autograder"), "sandbox"],
        env={"PATH": newcomer.environment["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1 and done.stderr.count("\n") == 1
    return done.stderr


#: The beginning of each sentence on the page, and what provokes it.
PROVOKED = [
    ("There is no …: install Python", no_python),
    ("Keras Shapes needs Python 3.10 to 3.13", old_python),
    ("Keras Shapes needs Python 3.10 to 3.13", new_python),
    ("This is Python …, which doesn't fit", another_python),
    ("This Python has no venv module", no_venv_module),
    ("You may not write in …", read_only),
    ("This disk has … GB free", little_space),
    ("The disk is full", disk_that_fills),
    ("The package index can't be reached", no_network),
    ("There is no package …", no_such_package),
    ("A package is not the one", altered_package),
    ("Interrupted; run the same command", interrupted),
    ("The folder .venv was cut short", cut_short_or_moved),
    ("No module named …?", kernel_without_the_course),
    ("No sandbox works here", no_bubblewrap),
]


#: They make an environment, or half of one, as `make` has done before any test is run, and as one
#: does that is tried each time; or read all lessons.
LONG = [
    *(another_python, disk_that_fills, no_such_package, altered_package),
    *(interrupted, cut_short_or_moved, kernel_without_the_course),
]


@pytest.mark.parametrize(
    "beginning, provoke",
    [
        pytest.param(start, p, id=p.__name__, marks=[pytest.mark.long] * (p in LONG))
        for start, p in PROVOKED
    ],
)
def test_what_goes_wrong_is_told_as_the_page_says(newcomer, beginning, provoke):
    (row,) = [row for row in ROWS if row.startswith(beginning)]
    printed = " ".join(provoke(newcomer).split())
    assert re.search(re.escape(row).replace("…", ".+?"), printed), f"{row}\n\n{printed}"


def test_each_sentence_of_the_page_is_provoked():
    loose = [row for row in ROWS if not any(row.startswith(start) for start, _ in PROVOKED)]
    assert loose == [] and len(ROWS) >= 10


def test_make_alone_prints_each_target_that_people_call():
    done = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True)
    targets = re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.M)
    assert re.findall(r"^  make ([a-z-]+) ", done.stdout, re.M) == targets
    assert {"lab", "env", "test", "build", "check", "course"} <= set(targets)


@pytest.mark.long
def test_an_update_that_fails_leaves_what_is_there(newcomer):
    """As after `git pull` without a network."""
    newcomer.succeeds()
    newcomer.require(wheel(newcomer.folder, "more", {"more.py": ""}))
    status, printed = newcomer.make("env")
    assert status != 0 and "There is no package more" in printed and "LEFT" in printed
    subprocess.run([newcomer.project / ".venv/bin/python", "-c", "import tiny"], check=True)
    newcomer.require(wheel(newcomer.index, "more", {"more.py": ""}))
    assert "made anew" not in newcomer.succeeds()
    subprocess.run([newcomer.project / ".venv/bin/python", "-c", "import more"], check=True)
