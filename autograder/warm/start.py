"""Starts a parent, and ends it."""

import json
import os
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import weakref
from pathlib import Path

SCRIPT = Path(__file__).with_name("parent.py")
#: What kernels of lessons start with: all that takes long to import, and what a kernel imports
#: only when it starts or shows its first error. Not `autograder.learn`, on which somebody may be at
#: work.
LIBRARIES = (
    "IPython",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "IPython.core.pylabtools",
    "IPython.extensions.storemagic",
    "PIL.BmpImagePlugin",
    "PIL.GifImagePlugin",
    "PIL.JpegImagePlugin",
    "PIL.PpmImagePlugin",
    "ipykernel.debugger",
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "ipykernel.zmqshell",
    "matplotlib.backends.backend_agg",
    "matplotlib.pyplot",
    "numpy.random",
    "numpy.testing",
    "pygments.formatters.terminal256",
    "rich._emoji_codes",
    "sqlite3",
    "stack_data",
    "tornado.platform.asyncio",
    "keras",
)
#: Seconds for the parent to end by itself.
_GRACE = 5
#: Variables that are read when something is imported, by the beginning of their names.
_READ = ("CUDA_", "HIP_", "HOME", "JAX_", "KERAS_", "KMP_", "LANG", "LC_", "LD_", "MKL_", "MPL")
_READ += ("NVIDIA_", "OMP_", "OPENBLAS_", "PYTHON", "TF_", "TORCH_", "VIRTUAL_ENV", "XDG_", "XLA_")
#: One that need not agree: it is looked at once more in each process.
_READ_AGAIN = "MPLBACKEND"


def read_at_import(environment):
    """Return those variables in which a parent and what it forks have to agree."""
    read = {name: value for name, value in environment.items() if name.startswith(_READ)}
    read.pop(_READ_AGAIN, None)
    return read


class Parent:
    """A running parent. It ends with this process, however that comes to its end.

    Attributes:
        socket: The path that requests are sent to. It lies in a folder for this user alone.
        environment: What it was started with.
    """

    def __init__(
        self, environment=None, modules=LIBRARIES, command=lambda argv, path: argv, **options
    ):
        """Start a parent, without waiting until it is ready.

        Args:
            environment: All variables; what libraries read when they are imported is the same for
                all that it forks. None for our own.
            modules: What it imports.
            command: A function from its command and its socket to the command that is started.
            options: Orders on top of that; see `parent`.
        """
        self.environment = environment
        folder = tempfile.mkdtemp(prefix="parent-")
        self.socket, self._errors = (os.path.join(folder, name) for name in ("socket", "errors"))
        orders = {"modules": modules, "folder": folder, **options}
        argv = [sys.executable, str(SCRIPT), json.dumps(orders, default=str)]
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener:
            listener.bind(self.socket)
            listener.listen(128)
            with open(self._errors, "wb") as errors:
                self._process = subprocess.Popen(
                    command(argv, self.socket),
                    stdin=listener,
                    stdout=subprocess.PIPE,
                    stderr=errors,
                    env=environment,
                    cwd="/",
                    start_new_session=True,  # Ctrl-C is for whoever started it.
                )
        self._heard = b""
        self._end = weakref.finalize(self, _end, self._process, folder)

    def is_ready(self, seconds):
        """Wait until everything has been imported, for so long at most; return whether it has."""
        streams = [self._process.stdout]
        while self._end.alive and not self._heard and select.select(streams, [], [], seconds)[0]:
            self._heard = os.read(streams[0].fileno(), 100)
            if not self._heard:
                return False
        return bool(self._heard) and self.is_alive

    @property
    def is_alive(self):
        """Whether it takes requests (or will, when it has imported everything)."""
        there = self._end.alive and os.path.exists(self.socket)
        return there and self._process.poll() is None

    @property
    def why(self):
        """The last that it said of what went wrong."""
        said = Path(self._errors).read_text(errors="replace").strip() if self._end.alive else ""
        return said.splitlines()[-1] if said else "it gave no reason"

    def close(self):
        """End it; what it has forked goes on."""
        self._end()


def _end(process, folder):
    process.stdout.close()  # It notices.
    try:
        process.wait(_GRACE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    shutil.rmtree(folder, ignore_errors=True)
