"""Asks a parent for a process in the box that a command makes, then becomes that command.

A script that stands on its own: `python -I -S ask.py SOCKET REQUEST COMMAND...`. The parent gets
our standard streams; the command gets the connection as its standard input.
"""

import os
import socket
import sys


def main(path, request, *command):
    """Ask, and become the command."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as connection:
        connection.connect(path)
        socket.send_fds(connection, [request.encode()], [0, 1, 2])
        os.dup2(connection.fileno(), 0)
    os.execv(command[0], command)


if __name__ == "__main__":
    main(*sys.argv[1:])
