"""A JupyterHub on loopback, set up as docs/classroom.md says, but for accounts on the machine.

The people of the class are one user of the operating system here, with a home directory each.
"""

import os
import random
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.browser.server import look_for_no_build
from tests.grade.classroom import REPOSITORY

PROXY = REPOSITORY / "build" / "classroom" / "node_modules" / ".bin" / "configurable-http-proxy"
PASSWORD = "the password of this test"
#: What differs from an installation: no accounts, and ports that are free.
DIFFERENCES = """
c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.password = {password!r}
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = {homes!r} + "/{{username}}"
c.Spawner.args = {arguments!r}

c.JupyterHub.bind_url = "http://127.0.0.1:{public}"
c.JupyterHub.hub_ip = "127.0.0.1"
c.JupyterHub.hub_port = {hub}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{proxy}"
c.ConfigurableHTTPProxy.command = [{program!r}]
"""


class Hub:
    """A hub in a folder of its own, with its configuration, the homes and the exchange."""

    def __init__(self, folder):
        self.folder = folder / "hub"
        self.state = folder / "state"
        self.homes = folder / "homes"
        self.exchange = folder / "exchange"
        self.ports = free_ports(3)
        self.address = f"http://127.0.0.1:{self.ports[0]}"
        self.state.mkdir(mode=0o700)
        shutil.copytree(REPOSITORY / "deploy" / "classroom", self.folder)
        self._edit("etc/everyone/nbgrader_config.py", "/srv/exchange", str(self.exchange))
        look_for_no_build(self.folder / "etc" / "everyone")
        with open(self.folder / "jupyterhub_config.py", "a") as file:
            file.write(self._differences())

    def _edit(self, name, old, new):
        """Change one word of a file, as somebody who sets up a hub."""
        text = (self.folder / name).read_text()
        assert text.count(old) == 1
        (self.folder / name).write_text(text.replace(old, new))

    def _differences(self):
        public, hub, proxy = self.ports
        return DIFFERENCES.format(
            password=PASSWORD,
            homes=str(self.homes),
            arguments=["--allow-root"] if os.geteuid() == 0 else [],
            public=public,
            hub=hub,
            proxy=proxy,
            program=str(PROXY),
        )

    def home(self, name):
        """Return somebody's home directory, which is there from now on."""
        home = self.homes / name
        home.mkdir(parents=True, exist_ok=True)
        return home

    @property
    def log(self):
        """What the hub, its proxy and everybody's servers have printed."""
        return self.state / "hub.log"

    @contextmanager
    def running(self):
        """Run the hub; afterwards it ends its proxy and everybody's servers."""
        with open(self.log, "w") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "jupyterhub", "-f", self.folder / "jupyterhub_config.py"],
                cwd=self.state,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        try:
            self._wait(process)
            yield
        finally:
            process.terminate()
            process.wait(timeout=120)

    def _wait(self, process, seconds=180):
        """Return when the hub answers through its proxy."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.address}/hub/api", timeout=10):
                    return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.2)
        raise AssertionError(f"JupyterHub did not start:\n{self.log.read_text()[-5000:]}")


def free_ports(number):
    """Return free ports of loopback.

    They are below those that a system gives to whoever asks for any, as browsers and kernels do
    until the hub has started.
    """
    found = []
    for port in random.sample(range(10_000, 30_000), 1000):
        with socket.socket() as one, suppress(OSError):
            one.bind(("127.0.0.1", port))
            found.append(port)
    return found[:number]


def missing():
    """Return what to install before a classroom can be run here, or None."""
    if not shutil.which("node"):
        return "Node.js is not installed (Debian, Ubuntu: apt-get install nodejs npm)"
    if not PROXY.exists():
        return f"{Path(*PROXY.parts[-3:])} is not installed (make test-classroom does it)"
    return None
