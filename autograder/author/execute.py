"""Run a lesson's cells in a fresh kernel."""

import asyncio
import contextlib
import re
import signal

from jupyter_client.kernelspec import NoSuchKernel
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from autograder import warm
from autograder.author.editions import KERNEL, normalise
from autograder.errors import UserError

_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_SECONDS_PER_CELL = 600


def execute(lesson, notebook, folder, ran=lambda: None):
    """Run the notebook in its folder and store the outputs in their normal form.

    Calls `ran` after each code cell. Returns the fault of the cell that stopped the run, if any,
    as a list.
    """
    warm.use()
    at = 0

    def starts(cell, cell_index):
        nonlocal at
        at = cell_index

    client = NotebookClient(
        notebook,
        kernel_name=KERNEL,
        timeout=_SECONDS_PER_CELL,
        record_timing=False,
        store_widget_state=False,
        extra_arguments=["--log-level=ERROR"],
        shutdown_kernel="immediate",
        resources={"metadata": {"path": str(folder)}},
        on_notebook_start=_leave_signals_alone,
        on_cell_execute=starts,
        on_cell_executed=lambda cell, cell_index, execute_reply: ran(),
    )
    try:
        client.execute()
    except NoSuchKernel:
        raise UserError(f"there is no Jupyter kernel '{KERNEL}' here; run `make env`") from None
    except CellExecutionError as error:
        row = _row(error.traceback, notebook.cells[at].execution_count)
        # IPython names the file that it takes the cell for; the fault has the lesson's own line.
        said = re.sub(r" \(\d+\.py, line \d+\)$", "", f"{error.ename}: {error.evalue}")
        sentence = f'it raises {said}; mend it, or add tags=["raises-exception"] if it is meant to'
        return [lesson.fault(lesson.cells[at], sentence, row)]
    except CellTimeoutError:
        sentence = f"it runs longer than {_SECONDS_PER_CELL} seconds; make it smaller"
        return [lesson.fault(lesson.cells[at], sentence)]
    except DeadKernelError:
        return [lesson.fault(lesson.cells[at], "the kernel died in this cell; make it smaller")]
    except RuntimeError as error:
        said = f"the Jupyter kernel '{KERNEL}' does not start: {error}; run `make env`"
        raise UserError(said) from None
    normalise(notebook)
    return []


def _leave_signals_alone(notebook):
    """Let Ctrl-C end the build: nbclient's own handlers stop the kernel and go on."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(RuntimeError):  # there are none on Windows
            loop.remove_signal_handler(number)


def _row(traceback, count):
    """Return the row (from 0) of the cell's innermost line in IPython's traceback, if any."""
    lines = re.findall(rf"Cell In\[{count}\], line (\d+)", _ANSI.sub("", traceback))
    return int(lines[-1]) - 1 if lines else None
