"""`autograder why`: run a script, and say why it failed."""

import os
import runpy
import sys
import traceback

from autograder.errors import UserError


def add_commands(commands):
    """Add `why` to the subparsers of the command `autograder`."""
    parser = commands.add_parser(
        "why",
        help="run a script, and explain the error it ends with",
        description="Run a Python script as `python SCRIPT ARGS` would. If it fails over a shape, "
        "what happened and what to change is told below its traceback. The exit status is the "
        "script's own.",
    )
    parser.add_argument("script", metavar="SCRIPT", help="a Python file")
    parser.add_argument("args", metavar="ARGS", nargs="...", help="what the script is given")
    parser.set_defaults(run=run)


def run(args):
    """Run the script of a command line; return its exit status."""
    if not os.path.isfile(args.script):
        raise UserError(f"{args.script}: there is no such file")
    sys.argv = [args.script, *args.args]
    sys.path[0:1] = [os.path.dirname(os.path.abspath(args.script))]
    try:
        runpy.run_path(args.script, run_name="__main__")
    except SystemExit as end:
        return _status(end)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        _tell(error)
        return 1
    return 0


def _status(end):
    """Return the exit status that Python itself would give."""
    if end.code is None or isinstance(end.code, int):
        return end.code or 0
    print(end.code, file=sys.stderr)
    return 1


def _tell(error):
    """Print the traceback as Python does, from the script on, and what is to be said of it."""
    error.__traceback__ = _from_script(error.__traceback__)
    sys.stdout.flush()
    traceback.print_exception(type(error), error, error.__traceback__)
    if "keras" not in sys.modules:
        return
    from autograder.learn.why import explain_error

    card = explain_error(error)
    if card.speaks:
        print(f"\n{card.as_text()}", file=sys.stderr)


def _from_script(tb):
    """Return a traceback without the frames of this command in front; as it is if none is left."""
    first = tb
    while first is not None and first.tb_frame.f_code.co_filename in _OURS:
        first = first.tb_next
    return first or tb


_OURS = {__file__, runpy.__file__, runpy.run_path.__code__.co_filename}
