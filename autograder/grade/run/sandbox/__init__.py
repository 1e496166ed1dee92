"""Where students' code runs: apart from the course, the network and everybody's files.

    import subprocess, sys
    from autograder.grade.run.sandbox import Box, choose
    from autograder.grade.run.sandbox.watchdog import Watchdog

    backend = choose()  # or a UserError that says what to install
    box = Box(files=folder)  # its files are copied into the box
    command = backend.command([sys.executable, "-c", "print(open('data.txt').read())"], box)
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process, Watchdog(process, box):
        print(process.stdout.read(box.limits.output))

A back-end only makes the command; starting, reading (with bounds) and ending it is the caller's.
The end of the started process is the end of all that runs in the box (where it isn't, the
back-end says so in `lacks`).
"""

from autograder.grade.run.sandbox.backend import Backend, Box
from autograder.grade.run.sandbox.choice import BACKENDS, choose, warmed
from autograder.grade.run.sandbox.limits import Limits

__all__ = ["BACKENDS", "Backend", "Box", "Limits", "choose", "warmed"]
