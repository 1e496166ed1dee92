"""The work that can be done anywhere: a student's notebook and its checks are run.

A `Task` holds all that this needs, as plain data, and gives an executed notebook. It touches
neither the course nor the gradebook, so that tasks can be done at the same time, in any order, in
other processes or on other machines, and done again where one was lost.
"""

import gc
import json
import os
import re
import tempfile
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from traitlets.config import Config

from autograder.errors import UserError
from autograder.grade.files import write_files

#: Of a Dask scheduler.
_ADDRESS = re.compile(r"((tcp|tls|wss?)://)?[^\s/]+:\d{1,5}")


@dataclass(frozen=True)
class Task:
    """One submission to be run.

    Attributes:
        student: who handed it in.
        lesson: its name, that of the notebook.
        notebook: the repaired notebook, as JSON.
        files: {name: content} of what was handed in with it.
        edition: {name: content} of the lesson's source folder, the solved notebook among them.
        execute: the step of nbgrader's autograde that runs a notebook.
        config: its configuration, as traitlets has it.
    """

    student: str
    lesson: str
    notebook: str
    files: dict = field(repr=False)
    edition: dict = field(repr=False)
    execute: type
    config: dict


def carry_out(task):
    """Return the executed notebook of a task, as JSON."""
    with tempfile.TemporaryDirectory(prefix="task-") as folder:
        theirs, ours = (Path(folder) / part for part in ("submitted", "source"))
        write_files(theirs, task.files)
        write_files(ours, task.edition)
        config = Config(task.config)
        config[task.execute.__name__].edition = str(ours / f"{task.lesson}.ipynb")
        names = {"assignment": task.lesson, "notebook": task.lesson, "student": task.student}
        resources = {"metadata": {"path": str(theirs)}, "nbgrader": names}
        notebook = nbformat.from_dict(json.loads(task.notebook))
        notebook, _ = task.execute(config=config).preprocess(notebook, resources)
        return json.dumps(notebook)


# Who does it.


@contextmanager
def executor(jobs=1, scheduler=None, around=nullcontext):
    """Yield submit(task), which returns a Future, and how many tasks to have under way.

    Args:
        jobs: How many processes of this machine; 1 for none but this one.
        scheduler: Address of a Dask scheduler, whose workers do it instead.
        around: Makes a context in which processes of this machine are started, once there is a
            task for them.

    Raises:
        UserError: The scheduler can't be reached.
    """
    if scheduler:
        with _dask(scheduler) as made:
            yield made
    elif jobs > 1:
        with _processes(jobs, around) as made:
            yield made
    else:
        yield _done_at_once, 1


def _done_at_once(task):
    future = Future()
    try:
        future.set_result(carry_out(task))
    except Exception as error:
        future.set_exception(error)
    return future


@contextmanager
def _processes(jobs, around):
    # A process that dies costs the task that it was at; concurrent.futures would lose them all.
    from multiprocessing import get_context

    from pebble import ProcessPool

    pool = ProcessPool(jobs, context=get_context("spawn"), initializer=_begin)
    with ExitStack() as stack:
        ready = []

        def submit(task):
            if not ready:
                ready.append(stack.enter_context(around()))
            return pool.schedule(carry_out, args=[task])

        try:
            yield submit, 2 * jobs
            pool.close()
        finally:
            pool.stop()
            pool.join()


def _begin():
    """Let this process end as soon as its parent is gone, and with it the sandboxes it started."""
    from multiprocessing import connection, parent_process
    from threading import Thread

    def watch():
        connection.wait([parent_process().sentinel])
        os._exit(1)

    Thread(target=watch, daemon=True, name="parent").start()
    gc.freeze()  # as in the parent: what has been imported needn't be looked through for garbage


@contextmanager
def _dask(address):
    try:
        from distributed import Client
    except ImportError:
        raise UserError(
            "--scheduler needs Dask, which is not installed: pip install distributed"
        ) from None
    if not _ADDRESS.fullmatch(address):
        raise UserError(f"--scheduler {address} is no address: give one as tcp://host:8786")
    try:
        client = Client(address, timeout=10, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise UserError(
            f"no Dask scheduler answers at {address} ({error}): start one (`dask scheduler`) and "
            "its workers (`dask worker`), or leave --scheduler out, to grade on this machine"
        ) from None
    with client:
        workers = len(client.scheduler_info(n_workers=-1)["workers"])
        if not workers:
            raise UserError(f"the Dask scheduler at {address} has no workers: start some first")
        with client.get_executor(pure=False, retries=2) as pool:
            yield lambda task: pool.submit(carry_out, task), 2 * workers


def why(error):
    """Return a sentence on a task that failed, for `error` of its Future."""
    kind = type(error).__name__
    if kind in ("ProcessExpired", "KilledWorker"):
        return "The grader's process that ran it ended again and again"
    if isinstance(error, UserError):
        return str(error)
    return f"The grader failed at it ({kind}: {error})"
