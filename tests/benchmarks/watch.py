"""What `%load_ext autograder` adds to a cell: python -m tests.benchmarks.watch.

Cells are run in turn with the extension and without it, so that a slow moment of the machine falls
on both; what is measured is processor time. It runs in a process of its own: what the first failure
imports is part of the answer.
"""

import contextlib
import io
import os
import statistics
import time

CELLS, FAILURES = 400, 20
FAILS = "keras.Sequential([keras.Input((28, 28)), keras.layers.Conv2D(3, 3)])"


def main():
    """Measure and print a table in Markdown."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell()
    _seconds(shell, "import keras")
    _seconds(shell, FAILS)  # the first one reads the sources that its traceback shows
    works = _both(shell, "x = 1", CELLS)
    shell.run_line_magic("load_ext", "autograder")
    bare = _bare(shell)
    first = _seconds(shell, FAILS) - bare
    fails = _both(shell, FAILS, FAILURES)
    print("| the extension adds to | ms |")
    print("| --- | --- |")
    print(f"| a cell that works (median of {CELLS}; it takes {works[0]:.2f}) | {works[1]:.3f} |")
    print(f"| the first cell that fails | {1000 * first:.0f} |")
    print(f"| each further one (median of {FAILURES}; it takes {fails[0]:.0f}) | {fails[1]:.0f} |")


def _seconds(shell, source):
    with contextlib.redirect_stdout(io.StringIO()):
        started = time.process_time()
        shell.run_cell(source)
        return time.process_time() - started


def _without(shell):
    with contextlib.redirect_stdout(io.StringIO()):  # it says so where nothing is loaded
        shell.run_line_magic("unload_ext", "autograder")


def _bare(shell):
    """Return how long a cell that fails takes without the extension."""
    _without(shell)
    spent = statistics.median(_seconds(shell, FAILS) for _ in range(5))
    shell.run_line_magic("load_ext", "autograder")
    return spent


def _both(shell, source, times):
    """Return the milliseconds of a cell without the extension, and how many it adds."""
    without, watched = [], []
    for _ in range(times):
        _without(shell)
        without.append(_seconds(shell, source))
        shell.run_line_magic("load_ext", "autograder")
        watched.append(_seconds(shell, source))
    _without(shell)
    bare = statistics.median(without)
    return 1000 * bare, 1000 * (statistics.median(watched) - bare)


if __name__ == "__main__":
    main()
