"""The command `autograder`: a thin door to the rooms."""

import argparse
import sys

from autograder import progress
from autograder.author import cli as author
from autograder.errors import UserError
from autograder.grade import cli as grade
from autograder.grade import doctor
from autograder.reports import cli as reports
from autograder.warm import cli as warm


def parser():
    """Return the argument parser of the whole command."""
    top = argparse.ArgumentParser(
        prog="autograder", description="Build lessons and serve classes of Keras Shapes."
    )
    commands = top.add_subparsers(
        title="commands", dest="command", required=True, metavar="COMMAND"
    )
    author.add_commands(commands)
    grade.add_commands(commands)
    reports.add_commands(commands)
    progress.add_commands(commands)
    doctor.add_commands(commands)
    warm.add_commands(commands)
    return top


def main(argv=None):
    """Run one command; return its exit status (0 done, 1 a fault told in a sentence)."""
    args = parser().parse_args(argv)
    try:
        return args.run(args) or 0
    except UserError as error:
        print(f"autograder: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        said = "interrupted; nothing is half-written: run the same command again"
        print(f"autograder: {said}", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
