"""The first program in a box: it sets the limits, then becomes the program that was asked for.

A script that stands on its own, for the rest of the package can't be seen from inside:
`python -I -S launch.py ORDERS PROGRAM ARGUMENT...`. Several are needed for each box, and most of
the time that they take would be spent on imports; so there are few of them, and ORDERS is not JSON
but the text of a Python dictionary with

    home         the folder to start in
    environment  all variables that the program gets
    files        (optional) a folder, or null, whose files are copied to `copy_to` first
    limits       {name: value} as of `Limits.rlimits`
    shared_user  (optional) other processes of the same user count, so they are added to NPROC
    lenient      (optional) a limit that this system doesn't know is left out
    user         (optional) the user and group to become
    filter       (optional) bytes, in hexadecimal digits, that the program can read as descriptor 9
    source       (optional) Python code that is run here instead, with these variables
"""

import os
import resource
import sys

FILTER = 9


def main(orders, argv):
    """Carry the orders out and become the program."""
    # No descriptor but the first three gets in, however careless whoever started us was.
    os.closerange(3, 1 << 20)
    os.umask(0o022)
    if orders.get("files"):
        copy(orders["files"], orders["copy_to"])
    offer_to_the_oom_killer()
    if "user" in orders:
        become(orders["user"])
    limit(orders.get("limits", {}), orders.get("shared_user"), orders.get("lenient"))
    os.chdir(orders["home"])
    if "filter" in orders:
        hold_out(bytes.fromhex(orders["filter"]))
    if "source" in orders:
        os.environ.clear()
        os.environ.update(orders["environment"])
        exec(compile(orders["source"], "<source>", "exec"), {"__name__": "__main__"})
        return
    try:
        os.execvpe(argv[0], argv, orders["environment"])
    except OSError as error:
        sys.exit(f"{argv[0]} can't be started: {error.strerror}")


def copy(source, target):
    """Copy regular files; links and other things of a folder stay behind."""
    for folder, _, names in os.walk(source):
        here = os.path.join(target, os.path.relpath(folder, source))
        os.makedirs(here, exist_ok=True)
        for name in names:
            path = os.path.join(folder, name)
            if os.path.isfile(path) and not os.path.islink(path):
                with open(path, "rb") as old, open(os.path.join(here, name), "wb") as new:
                    while part := old.read(1 << 20):
                        new.write(part)


def offer_to_the_oom_killer():
    """When the machine runs out of memory, this program goes first, not the grader."""
    try:
        with open("/proc/self/oom_score_adj", "w") as file:
            file.write("1000")
    except OSError:  # There is none.
        pass


def become(user):
    """Give up root for good."""
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)


def limit(limits, shared_user, lenient):
    """Set resource limits, soft and hard alike; none is raised above what already holds."""
    for name, value in limits.items():
        if name == "NPROC" and shared_user:
            value += threads_of_this_user()
        number = getattr(resource, f"RLIMIT_{name}", None)
        try:
            hard = resource.getrlimit(number)[1]
            value = value if hard == resource.RLIM_INFINITY else min(value, hard)
            resource.setrlimit(number, (value, value))
        except (TypeError, ValueError, OSError):
            if not lenient:
                raise


def hold_out(data):
    """Leave a few bytes for the program to read: less than a pipe holds."""
    reading, writing = os.pipe()
    os.write(writing, data)
    os.close(writing)
    os.dup2(reading, FILTER)


def threads_of_this_user():
    """Return how many processes and threads this user has, as the kernel counts them."""
    found = 0
    for pid in os.listdir("/proc") if os.path.isdir("/proc/self") else []:
        try:
            if pid.isdigit() and os.stat(f"/proc/{pid}").st_uid == os.getuid():
                found += len(os.listdir(f"/proc/{pid}/task"))
        except OSError:  # It has ended meanwhile.
            continue
    return found


if __name__ == "__main__":
    main(eval(sys.argv[1], {}), sys.argv[2:])
