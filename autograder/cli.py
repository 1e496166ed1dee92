"""The command `autograder`: a thin door to the rooms."""

import os
import sys


def parser():
    """Return the argument parser of the whole command."""
    # Not before `main`: whoever presses Ctrl-C meanwhile is told in a sentence, too.
    import argparse

    from autograder import progress, script
    from autograder.author import cli as author
    from autograder.grade import cli as grade
    from autograder.grade.handed_in import doctor
    from autograder.reports import cli as reports
    from autograder.warm import cli as warm

    top = argparse.ArgumentParser(
        prog="autograder", description="Build lessons of Keras Shapes, and grade classes."
    )
    commands = top.add_subparsers(
        title="commands", dest="command", required=True, metavar="COMMAND"
    )
    author.add_commands(commands, tell=_told_of_grading)
    grade.add_commands(commands)
    reports.add_commands(commands)
    progress.add_commands(commands)
    doctor.add_commands(commands)
    warm.add_commands(commands)
    script.add_commands(commands)
    return top


def _told_of_grading(path):
    """Return a sentence on which cells of a solved notebook are run when it is graded."""
    from autograder.grade.run.slice import told  # not before a lesson has been built

    return told(path)


def main(argv=None):
    """Run one command; return its exit status (0 done, 1 a fault told in a sentence)."""
    try:
        try:
            return _run(parser().parse_args(argv))
        finally:
            sys.stdout.flush()  # so that an error of it comes here
    except KeyboardInterrupt:
        said = "interrupted; nothing is half-written: run the same command again"
        print(f"autograder: {said}", file=sys.stderr)
        return 130
    except BrokenPipeError:
        if _is_read(sys.stdout):
            raise
        return 1


def _is_read(stream):
    """Tell whether there is somebody who reads what is printed; `head` stops when it has enough.

    If not, what is left of it goes nowhere.
    """
    try:
        print(file=stream, flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        return False
    return True


def _run(args):
    from autograder.errors import UserError

    try:
        return args.run(args) or 0
    except UserError as error:
        print(f"autograder: {error}", file=sys.stderr)
        return 1
    except ModuleNotFoundError as error:
        if error.name != "fcntl":
            raise
        said = f"`autograder {args.command}` needs Linux or macOS: on Windows, use WSL 2"
        print(f"autograder: {said}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
