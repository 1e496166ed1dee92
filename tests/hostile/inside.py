"""Runs a grader, and watches what it leaves: processes, connections, time. Stands on its own.

It is started with orders in JSON, and prints a report in JSON as its last line. Whatever the
grader leaves behind becomes a child of this process, is counted, and ended.
"""

import contextlib
import ctypes
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
import time

_SUBREAPER = 36
_KEPT = 400_000
_PATIENCE = 60


class Listener:
    """Listens to a port, by TCP and UDP, and counts what arrives."""

    def __init__(self, port):
        self.bytes = self.connections = 0
        self.tcp, self.udp = socket.socket(), socket.socket(type=socket.SOCK_DGRAM)
        self.tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        for listening in (self.tcp, self.udp):
            listening.bind(("127.0.0.1", port))
        self.tcp.listen()
        for work in (self._accept, self._receive):
            threading.Thread(target=work, daemon=True).start()

    def _accept(self):
        while True:
            connection, _ = self.tcp.accept()
            self.connections += 1
            connection.settimeout(5)
            with connection, contextlib.suppress(OSError):
                while data := connection.recv(65536):
                    self.bytes += len(data)

    def _receive(self):
        while True:
            self.bytes += len(self.udp.recv(65536))


def run(command, seconds, log):
    """Run a command; return its exit status, None if it had to be ended."""
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        return process.wait(max(seconds, 1))
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return None


def descendants():
    """Return {pid: name} of all processes below this one."""
    parents, names = {}, {}
    for entry in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError, ValueError):
            with open(f"/proc/{entry}/stat") as file:
                name, rest = file.read().rsplit(")", 1)
            if rest.split()[0] != "Z":
                parents[int(entry)] = int(rest.split()[1])
                names[int(entry)] = name.split("(", 1)[1]
    found, new = {}, {os.getpid()}
    while new:
        new = {pid for pid, parent in parents.items() if parent in new}
        found |= {pid: names[pid] for pid in new}
    return found


def left_behind():
    """Return the names of processes that don't end by themselves, and end them."""
    deadline = time.monotonic() + _PATIENCE
    while (left := descendants()) and time.monotonic() < deadline:
        time.sleep(0.1)
    survivors = sorted(left.values())
    while left := descendants():
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        time.sleep(0.05)
    return survivors


def main(orders):
    """Carry out orders; print the report."""
    ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)
    listener = Listener(orders["port"])
    for name, most in orders["limits"].items():
        resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (most, most))
    began, deadline = time.monotonic(), time.monotonic() + orders["seconds"]
    statuses = []
    with open(orders["log"], "wb") as log:
        for command in orders["commands"]:
            statuses.append(run(command, deadline - time.monotonic(), log))
    seconds = time.monotonic() - began
    survivors = left_behind()
    report = {"statuses": statuses, "seconds": seconds, "survivors": survivors}
    report |= {"bytes": listener.bytes, "connections": listener.connections}
    print(json.dumps(report), flush=True)
    os._exit(0)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
