"""No protection at all, for those who trust every student: `--trust-students`."""

import sys

from autograder.grade.run.sandbox import supervised


class Trusted:
    """Runs a program with your rights, in a folder of its own and with limits."""

    name = "trusted"
    promises = ["processor time and memory are bounded, as far as this system can"]
    lacks = [
        "everything that you can read, change, delete or send, whoever runs inside can as well: "
        "the gradebook, other students' work, your own files"
    ]

    def available(self):
        """Return None if it works here, else one sentence that says why not and what to do."""
        if sys.platform == "win32":
            return "grading needs Linux or macOS; on Windows, use WSL 2"
        return None

    def command(self, argv, box):
        """Return the command that runs `argv`, without any protection."""
        return supervised.supervised(argv, box)
