"""Holds a box open for a process that is brought into it: see `join`.

`launch` runs its source, for files of this package can't be seen in a box. Its standard input is
the connection on which the process was asked for (see `autograder.warm.parent`).
"""

import ctypes
import os
import resource
import socket

_SET_DUMPABLE = 4  # Of prctl.
_MESSAGE = 1 << 20
_KILLED = -9


def main():
    """Let a process in, and end as it does."""
    # Whoever comes in can't look into this program, and so never gets hold of the connection.
    if ctypes.CDLL(None).prctl(_SET_DUMPABLE, 0, 0, 0, 0):
        raise OSError("this program can be looked into")
    umask = os.umask(0)
    os.umask(umask)
    numbers = {getattr(resource, name) for name in dir(resource) if name.startswith("RLIMIT_")}
    told = {
        "environment": dict(os.environ),
        "directory": os.getcwd(),
        "umask": umask,
        "limits": [[number, resource.getrlimit(number)] for number in sorted(numbers)],
    }
    code = _KILLED
    try:
        connection = socket.socket(fileno=0)
        socket.send_fds(connection, [repr(told).encode()], [os.pidfd_open(os.getpid())])
        while text := connection.recv(_MESSAGE):
            code = eval(text, {}).get("exit", _KILLED)  # It holds one number, from outside.
    except OSError:  # Nobody is there any more.
        pass
    os._exit(code if code >= 0 else 128 - code)


main()
