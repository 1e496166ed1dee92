"""A JupyterLab server of its own, as `make lab` starts it, with a home that is nobody's."""

import contextlib
import json
import shutil
import subprocess
import sys
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from tests.grade.classroom import REPOSITORY, Person
from tests.grade.test_formgrader import TOKEN, address_in_log, wait_for_answer

LIGHT, DARK = "JupyterLab Light", "JupyterLab Dark"
_EXTENSIONS = "lab/api/settings/@jupyterlab"


@dataclass
class Server:
    """A running server. root: the folder that it shows; nothing else lies there."""

    address: str
    root: Path
    person: Person

    def copy(self, room, name):
        """Copy the notebooks of a room of the repository into a new folder of that name."""
        folder = self.root / name
        folder.mkdir()
        for notebook in sorted((REPOSITORY / room).glob("*.ipynb")):
            shutil.copy(notebook, folder)
        return folder

    def trust(self, folder):
        """Let JupyterLab show the outputs in a folder as if they had just been computed."""
        command = [sys.executable, "-m", "jupyter", "trust", *sorted(folder.glob("*.ipynb"))]
        subprocess.run(command, env=self.person.environment, check=True, capture_output=True)

    def settle(self, extension, **settings):
        """Write a user's settings of one of JupyterLab's own extensions."""
        self.ask(f"{_EXTENSIONS}/{extension}", "PUT", {"raw": json.dumps(settings)})

    def ask(self, path, method="GET", data=None):
        """Return the text that the server's interface answers."""
        headers = {"Authorization": f"token {TOKEN}", "Content-Type": "application/json"}
        body = None if data is None else json.dumps(data).encode()
        request = urllib.request.Request(f"{self.address}/{path}", body, headers, method=method)
        with urllib.request.urlopen(request, timeout=120) as answer:
            return answer.read().decode()

    def end_kernels(self):
        """End all kernels, each of which holds TensorFlow in memory."""
        for session in json.loads(self.ask("api/sessions")):
            self.ask(f"api/sessions/{session['id']}", "DELETE")


def look_for_no_build(configuration):
    """Spare JupyterLab to ask Node.js, with each page, whether its extensions want a new build."""
    folder = configuration / "labconfig"
    folder.mkdir(exist_ok=True)
    (folder / "page_config.json").write_text(json.dumps({"buildCheck": False}))


@contextlib.contextmanager
def serve(folder):
    """Run a server until the end of the block, and its kernels with it."""
    person = Person(folder / "home", work=folder / "work")
    look_for_no_build(Path(person.environment["JUPYTER_CONFIG_DIR"]))
    root = person.work / "lessons"
    root.mkdir()
    options = ["--no-browser", "--allow-root", "--port=0", f"--ServerApp.root_dir={root}"]
    process = subprocess.Popen(
        [sys.executable, "-m", "jupyter", "lab", *options, f"--IdentityProvider.token={TOKEN}"],
        cwd=person.work,
        env=person.environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        address = address_in_log(process)
        wait_for_answer(process, address)
        server = Server(address, root, person)
        # JupyterLab would ask whether it may look for news, and cover what is below.
        server.settle("apputils-extension:notification", fetchNews="false", checkForUpdates=False)
        yield server
    finally:
        process.terminate()  # it ends its kernels before it goes
        process.wait(timeout=120)
