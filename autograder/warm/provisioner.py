"""Jupyter kernels that start with Keras already there.

`WarmProvisioner` is a kernel provisioner, jupyter_client's way to say how a kernel is started. It
serves whoever starts kernels through jupyter_client: nbval, nbclient, JupyterLab. Chosen it is by
the variable JUPYTER_DEFAULT_PROVISIONER_NAME=keras-warm, or by a kernelspec (see `cli`).

Each process that starts kernels has a parent of its own for them. What can't be forked from it is
started as an ordinary kernel, and the log says why.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
import threading

from jupyter_client.localinterfaces import localhost
from jupyter_client.provisioning import LocalProvisioner

from autograder.warm.forked import Forked
from autograder.warm.start import Parent, read_at_import

#: Seconds for everything to be imported, on a machine that has other things to do as well.
_IMPORT = 120
#: As lessons set them before they import Keras.
_LESSON = {"TF_CPP_MIN_LOG_LEVEL": "3", "KERAS_BACKEND": "tensorflow"}
_FIGURES = {"MPLBACKEND": "module://matplotlib_inline.backend_inline"}  # as a kernel sets it itself


class WarmProvisioner(LocalProvisioner):
    """Forks a kernel from a parent, where that gives the same kernel; starts it otherwise."""

    _sockets = None

    async def pre_launch(self, **kwargs):
        """Prepare the launch of a kernel; return its command and options.

        It listens on files that nobody else can have. A port is chosen before the kernel is there,
        and on a busy machine some other connection may have taken it by then.
        """
        manager = self.parent
        local = manager.transport == "tcp" and manager.ip == localhost()
        if local and sys.platform.startswith("linux") and not kwargs.get("independent"):
            # A short path, for a socket may have 107 bytes. It goes when this process does.
            self._sockets = tempfile.TemporaryDirectory(prefix="jupyter-")
            manager.cache_ports = False
            manager.transport, manager.ip = "ipc", os.path.join(self._sockets.name, "socket")
        return await super().pre_launch(**kwargs)

    async def launch_kernel(self, cmd, **kwargs):
        """Launch a kernel; return how to connect to it."""
        try:
            self.process = await asyncio.to_thread(_fork, cmd, kwargs)
        except (NotForked, OSError) as reason:
            say = self.log.debug if str(reason) in _said else self.log.warning
            say("A kernel starts without Keras already there: %s", reason)
            _said.add(str(reason))
            return await super().launch_kernel(cmd, **kwargs)
        self.pid = self.pgid = self.process.pid
        self.cwd = kwargs.get("cwd") or os.getcwd()
        return self.connection_info

    async def shutdown_requested(self, restart=False):
        """Let the request to shut down end with the kernel that it is for.

        Where that is dead already, the request waits for another 100 ms, and may then be read by
        the kernel that starts in its place, which a forked one does in less.
        """
        await super().shutdown_requested(restart)
        self.parent._control_socket.linger = 0

    async def cleanup(self, restart=False):
        """Remove what only this kernel needed, unless it starts again."""
        await super().cleanup(restart)
        if self._sockets and not restart:
            self._sockets.cleanup()


#: What the log has said.
_said = set()


class NotForked(Exception):
    """A kernel can't be forked; says why."""


def _fork(cmd, options):
    """Fork a kernel.

    Args:
        cmd: The command that starts it.
        options: Those of `subprocess.Popen`, as jupyter_client gives them.
    """
    environment = {**_FIGURES, **(options.get("env") or os.environ)}
    environment["JPY_PARENT_PID"] = us = str(os.getpid())  # As it's told any other kernel.
    if reason := _why_not(cmd, options):
        raise NotForked(reason)
    parent = _running()
    if differing := _differing(environment, parent.environment):
        raise NotForked(f"it has another {differing}, which is read when libraries are imported")
    request = {
        # A kernel without one believes that somebody has started it by hand.
        "argv": [*_arguments(cmd), f"--IPKernelApp.parent_handle={us}"],
        "environment": environment,
        "directory": os.path.abspath(options.get("cwd") or os.getcwd()),
    }
    with open(os.devnull, "r+b", buffering=0) as nothing:
        streams = [nothing, options.get("stdout") or 1, options.get("stderr") or 2]
        streams = [nothing if stream == subprocess.DEVNULL else stream for stream in streams]
        numbers = [stream if isinstance(stream, int) else stream.fileno() for stream in streams]
        return Forked(parent.socket, request, numbers, _IMPORT)


def _why_not(cmd, options):
    if not sys.platform.startswith("linux"):
        return "only Linux can fork a process that has imported TensorFlow"
    if cmd[0] != sys.executable or _arguments(cmd)[:2] != ["-m", "ipykernel_launcher"]:
        return "it isn't a kernel of this Python"
    if options.get("independent"):
        return "it is to go on when whoever starts it has ended"
    if subprocess.PIPE in (options.get("stdout"), options.get("stderr")):
        return "its output is to go into a pipe"
    return None


def _differing(environment, other):
    """Return a variable in which environments differ, of those that are read at import."""
    environment, other = read_at_import({**_LESSON, **environment}), read_at_import(other)
    return min((name for name, _ in environment.items() ^ other.items()), default=None)


def _arguments(cmd):
    """Return what Python is started with, but for an option that's only for debuggers."""
    return [word for word in cmd[1:] if word != "-Xfrozen_modules=off"]


_parent, _lock = None, threading.Lock()


def _running():
    """Return the parent of this process; start it, or another one where it has ended."""
    global _parent
    with _lock:
        if _parent is None or not _parent.is_alive:
            # It's read when ipykernel is imported, and says whose kernel that is.
            environment = {**_LESSON, **os.environ}
            environment.pop("JPY_PARENT_PID", None)
            _parent = Parent(environment)
        return _parent
