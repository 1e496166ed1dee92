"""Install Keras Shapes into the folder .venv beside this file: python3 install.py

`make` runs this too. It needs nothing but Python, shows how far it is, and says in one sentence
what stands in its way. An installation that was cut short begins anew; downloads are kept.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
#: Holds the folder for which all was installed: a copy in another folder would not work.
READY = VENV / "ready"
WINDOWS = os.name == "nt"
BIN = VENV / ("Scripts" if WINDOWS else "bin")
INSTALLED = "Lib/site-packages/*.dist-info" if WINDOWS else "lib/python*/site-packages/*.dist-info"
OLDEST, NEWEST = (3, 10), (3, 13)
VERSION = ".".join(map(str, sys.version_info[:2]))
#: 3 for what is installed, 1 for what is downloaded and unpacked on the way.
GIGABYTES = 4

AGAIN = "then run the same command again"
#: What pip says, and what it means.
REASONS = (
    (
        r"No space left on device|Disk quota exceeded|not enough space on the disk",
        f"The disk is full: make room, {GIGABYTES} GB for this folder and for temporary files, "
        f"{AGAIN}.",
    ),
    (
        r"DO NOT MATCH THE HASHES",
        "A package is not the one that requirements.txt names, so it was refused: something on the "
        f"way here altered it; try another network, {AGAIN}.",
    ),
    (
        r"NewConnectionError|NameResolutionError|Max retries|timed out|ProxyError|SSLError|"
        r"CERTIFICATE_VERIFY_FAILED|Connection ?(Error|refused|broken|aborted)|Could not fetch URL",
        "The package index can't be reached: connect to the internet (behind a proxy: set "
        f"HTTPS_PROXY), {AGAIN}.",
    ),
    (
        r"No matching distribution found for (?P<name>[\w.-]+)",
        "There is no package {name} for this Python and this kind of machine: Keras Shapes runs on "
        "64-bit Linux, Windows and Apple silicon, with Python from python.org, Homebrew or Debian.",
    ),
    (
        r"Permission denied|Access is denied|Read-only file system",
        f"A file can't be written: make {ROOT} and your home directory yours to write, {AGAIN}.",
    ),
)


class Trouble(Exception):
    """What stands in the way, in a sentence that says what to do."""


def check_python():
    """Go on with a Python that fits, if this one doesn't and there is another."""
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        return
    other = next(filter(_works, (f"python3.{minor}" for minor in range(NEWEST[1], 9, -1))), None)
    if other is None:
        raise Trouble(
            f"Keras Shapes needs Python 3.10 to 3.13, and this is {VERSION}: install one of those "
            "beside it (python.org/downloads), then run the same command again."
        )
    print(f"This is Python {VERSION}, which doesn't fit; taking {other}, which is here as well.")
    sys.stdout.flush()
    sys.exit(subprocess.call([other, str(Path(__file__).resolve())]))


def _works(name):
    """Tell whether there is such a Python (a name that pyenv or Windows only offers is none)."""
    if not shutil.which(name):
        return False
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    fits = f"import ensurepip, sys; sys.exit(not {OLDEST} <= sys.version_info[:2] <= {NEWEST})"
    return subprocess.call([name, "-c", fits], **quiet) == 0


def check_place():
    """Make sure that an environment can be made here, before anything is written."""
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        raise Trouble(
            "This Python has no venv module: install it (Debian and Ubuntu: sudo apt install "
            f"python{VERSION}-venv), {AGAIN}."
        ) from None
    place = VENV if VENV.exists() else ROOT
    if not os.access(str(place), os.W_OK):
        raise Trouble(
            f"You may not write in {place}: clone Keras Shapes into a folder of your own, {AGAIN}."
        )
    free = shutil.disk_usage(str(ROOT)).free / 1e9
    if not READY.exists() and free < GIGABYTES:
        raise Trouble(
            f"This disk has {free:.1f} GB free, and installing needs {GIGABYTES} GB: free some, or "
            f"clone Keras Shapes onto another disk, {AGAIN}."
        )


class Screen:
    """Tell how far it is: on a terminal in a line that changes, else a line for each step."""

    def __init__(self):
        self.live = sys.stdout.isatty()
        self.start = time.time()

    def step(self, text):
        """Begin a step."""
        self.show(text) if self.live else print(text, flush=True)

    def show(self, text):
        """Tell how far the step is."""
        if self.live:
            line = f"{text} ({time.time() - self.start:.0f} s)"
            print("\r\033[K" + line[: shutil.get_terminal_size().columns - 1], end="", flush=True)

    def end(self, text):
        """End the line that changes with a last one."""
        print(("\r\033[K" if self.live else "") + text, flush=True)


def run(command, watch=lambda lines: None):
    """Run a command without its output; `watch` is called with its lines meanwhile."""
    lines = []
    process = subprocess.Popen(
        [str(word) for word in command],
        cwd=str(ROOT),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        universal_newlines=True,
        errors="replace",
    )
    reader = threading.Thread(target=_collect, args=(process.stdout, lines))
    reader.start()
    try:
        while reader.is_alive():
            watch(lines)
            reader.join(0.2)
        watch(lines)
    except KeyboardInterrupt:
        process.terminate()
        raise
    finally:
        reader.join()
    if process.wait() != 0:
        raise Trouble(sentence("".join(lines)))


def _collect(stream, lines):
    for line in stream:
        lines.append(line)


def sentence(output):
    """Say in a sentence why a command failed, from what it has printed."""
    for pattern, said in REASONS:
        found = re.search(pattern, output, re.IGNORECASE)
        if found:
            return said.format(**found.groupdict())
    last = output.strip().splitlines()[-15:]
    return "\n".join([*last, f"Installing failed for the reason above; mend it, {AGAIN}."])


def install(screen):
    """Make the environment and put everything into it; leave no half of one behind."""
    current = READY.exists() and READY.read_text(encoding="utf-8").strip() == str(ROOT)
    if VENV.exists() and not current:
        print("The folder .venv was cut short or comes from elsewhere, so it is made anew.")
    print("Installing into .venv: 2 to 6 minutes, 3 GB, once. Nothing else here is touched.")
    try:
        if not current:
            make_environment(screen)
        fill_environment(screen)
    except BaseException:
        if not READY.exists():
            shutil.rmtree(str(VENV), ignore_errors=True)
        raise


def make_environment(screen):
    """Make an empty environment, in the place of what is there."""
    screen.step("1 of 4: making an empty environment")
    # Not by the Python of the environment itself, which may be the active one.
    base = getattr(sys, "_base_executable", None) or sys.executable
    run([base, "-m", "venv", "--clear", VENV])


def fill_environment(screen):
    """Install what is locked, then the autograder, and say that all is ready."""
    pip = [BIN / "python", "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    pip += ["--progress-bar", "off"]
    run([*pip, "--requirement", "requirements.txt"], Packages(screen).watch)
    screen.step("4 of 4: adding the autograder itself")
    run([*pip, "--no-deps", "--editable", "."])
    run([BIN / "autograder", "kernel"])
    settle_jupyterlab()
    READY.write_text(f"{ROOT}\n", encoding="utf-8")
    screen.end(f"Ready, after {time.time() - screen.start:.0f} seconds.")


def settle_jupyterlab():
    """Let JupyterLab, in this environment only, not begin with a question about its news."""
    folder = VENV / "share" / "jupyter" / "lab" / "settings"
    folder.mkdir(parents=True, exist_ok=True)
    quiet = {"fetchNews": "false", "checkForUpdates": False}
    text = json.dumps({"@jupyterlab/apputils-extension:notification": quiet}, indent=1)
    (folder / "overrides.json").write_text(text + "\n", encoding="utf-8")


class Packages:
    """Steps 2 and 3: tell how far pip is, from what it prints and from what is there."""

    def __init__(self, screen):
        self.screen = screen
        self.unpacking = 0
        locked = (ROOT / "requirements.txt").read_text(encoding="utf-8")
        # About: some are for other systems or versions of Python.
        self.total = len(set(re.findall(r"^([\w.-]+)(?:\[.*?\])?==", locked, re.MULTILINE)))
        screen.step(f"2 of 4: downloading about {self.total} packages")

    def watch(self, lines):
        """Look at pip's lines so far."""
        if self.unpacking:
            done = len(list(VENV.glob(INSTALLED)))
            self.screen.show(f"3 of 4: unpacking, {done} of {self.unpacking} packages are there")
            return
        got = sum(line.startswith("Collecting ") for line in lines)
        self.screen.show(f"2 of 4: downloading, {got} of about {self.total} packages are here")
        for line in lines:
            if line.startswith("Installing collected packages:"):
                self.begin_unpacking(line.count(",") + 1)

    def begin_unpacking(self, number):
        """From here on the environment is half changed, so it is no longer ready."""
        if READY.exists():
            READY.unlink()
        self.unpacking = len(list(VENV.glob(INSTALLED))) + number
        self.screen.step(f"3 of 4: unpacking {number} packages")


def main():
    """Install; return the exit status (0 done, 1 a fault told in a sentence)."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    screen = Screen()
    try:
        check_python()
        check_place()
        install(screen)
        return 0
    except Trouble as trouble:
        status, said = 1, str(trouble)
    except OSError as error:
        status, said = 1, sentence(str(error))
    except KeyboardInterrupt:
        status, said = 130, "Interrupted; run the same command again, which begins anew."
    if screen.live:
        screen.end("")
    print(said, file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())
