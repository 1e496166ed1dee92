"""What students might try. Runs in a box; prints, as JSON, how far each attempt came."""

import ctypes
import json
import os
import socket
import sys


def attempt(function, *arguments):
    """Return what a function returns, or the name of its error."""
    try:
        return function(*arguments)
    except Exception as error:
        return type(error).__name__


def write(path):
    with open(path, "w") as file:
        file.write("x")
    return "written"


def connect(family, address):
    with socket.socket(family) as sock:
        sock.settimeout(5)
        sock.connect(address)
    return "connected"


def opens(family):
    socket.socket(
        family, socket.SOCK_RAW if family == socket.AF_NETLINK else socket.SOCK_DGRAM
    ).close()
    return "opened"


def send_udp(address):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.sendto(b"x", address)
    return "sent"


def status():
    lines = read("/proc/self/status").splitlines()
    return dict(line.split(":\t", 1) for line in lines if ":\t" in line)


def read(path):
    with open(path) as file:
        return file.read()


def targets(folder):
    return [os.readlink(os.path.join(folder, name)) for name in os.listdir(folder)]


def main(about):
    folder = about["folder"]
    outside = ["/x", "/usr/x", "/usr/bin/x", "/etc/x", "/dev/x", "/run/x", sys.prefix + "/lib/x"]
    results = {
        "gradebook": attempt(read, folder + "/course/gradebook.db"),
        "gradebook through link": attempt(read, "link.txt"),
        "course": attempt(os.listdir, folder + "/course"),
        "host": attempt(os.listdir, folder),
        "package": attempt(lambda: sorted(os.listdir(folder + "/package/autograder"))),
        "outside": {path: attempt(write, path) for path in outside},
        "originals": attempt(write, folder + "/files/x"),
        "originals as shown": attempt(write, "/run/box/files/x"),
        "folder": attempt(write, folder + "/x"),
        "inside": [attempt(write, path) for path in about["writable"]],
        "files": read("data/numbers.txt"),
        "environment": dict(os.environ),
        "first environment": attempt(read, "/proc/1/environ"),
        "processes": [int(name) for name in os.listdir("/proc") if name.isdigit()],
        "signal": attempt(os.kill, about["pid"], 0),
        # Landlock's supervisor: of the same user, and not of the box.
        "signal to the same user": attempt(os.kill, os.getppid(), 0),
        "tcp": attempt(connect, socket.AF_INET, ("127.0.0.1", about["port"])),
        "udp": attempt(send_udp, ("192.0.2.1", 9)),
        "abstract": attempt(connect, socket.AF_UNIX, "\0" + about["abstract"]),
        "interfaces": attempt(lambda: [name for _, name in socket.if_nameindex()]),
        "families": [attempt(opens, family) for family in about["families"]],
        "new namespace": ctypes.CDLL(None).unshare(0x10000000),
        "status": status(),
        "first to go": attempt(read, "/proc/self/oom_score_adj"),
        "user": [os.getuid(), os.getgid(), os.getsid(0) != about["session"]],
        "descriptors": [int(name) for name in os.listdir("/proc/self/fd")],
        "descriptors of the first": attempt(targets, "/proc/1/fd"),
    }
    print(json.dumps(results))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
