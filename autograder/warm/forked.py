"""A process that a parent has forked for us, with the methods of `subprocess.Popen`."""

import json
import os
import select
import signal
import socket
import subprocess
import time

_MESSAGE = 1 << 20


class Forked:
    """A process that was asked for. It is killed when this object is closed or goes away.

    Attributes:
        pid: Its number.
        returncode: How it ended, as of `subprocess.Popen`; None while it runs.
    """

    #: Like a process that was started without pipes.
    stdin = stdout = stderr = None

    def __init__(self, path, request, streams, seconds):
        """Ask for a process and wait until it is there.

        Args:
            path: The socket of a parent.
            request: See `parent`.
            streams: Three descriptors.
            seconds: How long to wait, for the parent may still be importing.

        Raises:
            OSError: There is none.
        """
        self.returncode = None
        self._connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            self._connection.connect(path)
            socket.send_fds(self._connection, [json.dumps(request).encode()], streams)
            self.pid = (self._hear(seconds) or {}).get("pid")
            if self.pid is None:
                raise OSError("the process that has imported everything doesn't answer")
        except OSError:
            self._connection.close()
            raise

    def _hear(self, seconds):
        """Return the next message, {} after the last one; None if there is none in time."""
        if not select.select([self._connection], [], [], seconds)[0]:
            return None
        try:
            return json.loads(self._connection.recv(_MESSAGE) or "{}")
        except ConnectionError:
            return {}

    def poll(self):
        """Return how it ended, None while it runs."""
        self._await(0)
        return self.returncode

    def wait(self, timeout=None):
        """Wait until it has ended; return how."""
        deadline = None if timeout is None else time.monotonic() + timeout
        while self.returncode is None:
            left = None if deadline is None else max(deadline - time.monotonic(), 0)
            self._await(left)
            if self.returncode is None and left == 0:
                raise subprocess.TimeoutExpired("a forked process", timeout)
        return self.returncode

    def _await(self, seconds):
        if self.returncode is None and (heard := self._hear(seconds)) is not None:
            # Whoever looks after it takes it along when it is itself killed.
            self.returncode = heard.get("exit", -signal.SIGKILL)
            self._connection.close()

    def send_signal(self, number):
        """Send it a signal, if it still runs."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self):
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self):
        """End it."""
        self.send_signal(signal.SIGKILL)
