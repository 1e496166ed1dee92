"""The work that can be done anywhere: a student's notebook and its checks are run.

A `Task` holds all that this needs, as plain data, and gives an executed notebook. It touches
neither the course nor the gradebook, so that tasks can be done at the same time, in any order, in
other processes or on other machines, and done again where one was lost.
"""

import atexit
import gc
import json
import os
import re
import shutil
import sys
import tempfile
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from multiprocessing import forkserver
from multiprocessing.util import get_temp_dir
from pathlib import Path

import nbformat
from nbgrader.preprocessors import CheckCellMetadata
from traitlets.config import Config

from autograder.errors import UserError
from autograder.grade.run.execute import HALF
from autograder.grade.run.files import write_files
from autograder.grade.run.judge import kept

#: How many times as many first passes as are under way are done before it is the second ones' turn:
#: the more, the less time is lost, and the more is done again after a run that was killed.
TOGETHER = 4
#: Seconds for a pool to end whose processes have been killed.
_GRACE = 5
#: How processes of this machine are started.
_METHOD = "forkserver" if sys.platform.startswith("linux") else "spawn"
#: Variable with the folder of the socket, for the process from which others are forked.
_SOCKETS = "AUTOGRADER_FORKSERVER"
#: Of a Dask scheduler.
_ADDRESS = re.compile(r"((tcp|tls|wss?)://)?[^\s/]+:\d{1,5}")
#: What cells' metadata were that this process has found in order.
_checked = set()


@dataclass(frozen=True)
class Task:
    """One submission to be run.

    Attributes:
        student: who handed it in.
        lesson: its name.
        notebooks: {name: the repaired notebook, as JSON}.
        files: {name: content} of what was handed in with it.
        edition: {name: content} of the lesson's source folder, the solved notebook among them.
        execute: the step of nbgrader's autograde that runs a notebook.
        config: its configuration, as traitlets has it.
    """

    student: str
    lesson: str
    notebooks: dict
    files: dict = field(repr=False)
    edition: dict = field(repr=False)
    execute: type
    config: dict


def carry_out(task):
    """Return the executed notebooks of a task, and whether a second pass is to come."""
    with tempfile.TemporaryDirectory(prefix="task-") as folder:
        theirs, ours = (Path(folder) / part for part in ("submitted", "source"))
        write_files(theirs, task.files)
        write_files(ours, task.edition)
        done, is_half = {}, False
        had_first = any(HALF in json.loads(text)["metadata"] for text in task.notebooks.values())
        for name, text in task.notebooks.items():
            notebook = nbformat.from_dict(json.loads(text))
            if HALF in notebook.metadata or not had_first:
                notebook = _run(task, name, notebook, theirs, ours)
            done[name] = json.dumps(notebook)
            is_half = is_half or HALF in notebook.metadata
        return done, is_half


def _run(task, name, notebook, files, edition):
    config = Config(task.config)
    config[task.execute.__name__].edition = str(edition / f"{name}.ipynb")
    names = {"assignment": task.lesson, "notebook": name, "student": task.student}
    resources = {"metadata": {"path": str(files)}, "nbgrader": names}
    notebook, _ = task.execute(config=config).preprocess(notebook, resources)
    if HALF not in notebook.metadata:  # here, so that the one process which writes needn't
        _check_metadata(notebook, resources)
    return notebook


def _check_metadata(notebook, resources):
    """Do nbgrader's step, but once for cells whose metadata are the same, as a class's are."""
    marked = [cell for cell in notebook.cells if "nbgrader" in cell.metadata]
    marks = [[cell.cell_type, cell.metadata.nbgrader] for cell in marked]
    if (text := json.dumps(marks)) not in _checked:
        CheckCellMetadata().preprocess(notebook, resources)
        _checked.add(text)


class Turns:
    """Has tasks done so that no hidden test runs at the same time as a pass that is shown.

    Two programs on one machine always find a way to tell each other something: by locks on files
    that both can read, or if only by how busy they keep it. So of some tasks all first passes are
    done, and then all second ones, whose outputs are dropped.
    """

    def __init__(self, submit, most):
        """Take turns.

        Args:
            submit, most: as `executor` yields them.
        """
        self._submit, self._most = submit, most
        self._under_way, self._waiting, self._second = {}, [], False

    @property
    def has_room(self):
        """Whether another one may be begun."""
        is_busy = len(self._under_way) >= self._most or len(self._waiting) >= TOGETHER * self._most
        return not (self._second or is_busy)

    @property
    def is_over(self):
        """Whether all that were begun are done."""
        return not (self._under_way or self._waiting)

    def begin(self, one):
        """Begin with the `task` of something, or begin it again."""
        self._under_way[self._submit(one.task)] = one

    def ended(self):
        """Wait for some; yield each with its Future when there is nothing more to do for it."""
        if not self._under_way:
            self._second, waiting, self._waiting = True, self._waiting, []
            for one in waiting:
                self.begin(one)
        for future in wait(self._under_way, return_when=FIRST_COMPLETED).done:
            one = self._under_way.pop(future)
            notebooks, is_half = (None, False) if future.exception() else future.result()
            if is_half:
                one.task = replace(one.task, notebooks=notebooks)
                self._waiting.append(one)
            else:
                yield one, future
        self._second = self._second and bool(self._under_way)


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
        kept.keep()
        try:
            yield _done_at_once, 1
        finally:
            kept.let_go()


def _done_at_once(task):
    future = Future()
    try:
        future.set_result(carry_out(task))
    except Exception as error:
        future.set_exception(error)
    return future


def prepare(jobs):
    """Let a process begin to import what tasks need, from which others are then forked.

    It serves all runs of this one, so it has to be there before a run has its own temporary files.
    """
    if jobs > 1 and _METHOD == "forkserver":
        forkserver.set_forkserver_preload([__name__])
        os.environ[_SOCKETS] = get_temp_dir()
        try:
            forkserver.ensure_running()
        finally:
            del os.environ[_SOCKETS]


if _SOCKETS in os.environ:  # the process that made it removes it, too, but not if it is killed
    atexit.register(shutil.rmtree, os.environ.pop(_SOCKETS), ignore_errors=True)


@contextmanager
def _processes(jobs, around):
    # A process that dies costs the task that it was at; concurrent.futures would lose them all.
    from multiprocessing import get_context

    from pebble import ProcessPool

    context, pool = get_context(_METHOD), None
    with ExitStack() as stack:

        def submit(task):
            nonlocal pool
            if pool is None:
                stack.enter_context(around())
                pool = ProcessPool(jobs, context=context, initializer=_begin, initargs=[_place()])
                stack.callback(_end, pool)
            return pool.schedule(carry_out, args=[task])

        yield submit, 2 * jobs


def _end(pool):
    """End a pool and its processes at once, whatever they are at; what they do is done again.

    A process that is still importing, or was killed while it held a lock, can't be asked to end;
    the pool by itself waits for locks and pipes, in the worst case for minutes.
    """
    from multiprocessing import active_children
    from threading import Thread

    pool.stop()
    ending = Thread(target=pool.join, daemon=True, name="end of the pool")
    ending.start()
    for _ in range(_GRACE * 10):
        for process in active_children():
            if process.name.startswith("pebble"):
                process.kill()
        ending.join(0.1)
        if not ending.is_alive():
            break


def _place():
    """Return what processes take over from this one, whenever that which forks them was started."""
    return dict(os.environ), os.getcwd(), list(sys.path)


def _begin(place):
    """Let this process end as soon as its parent is gone, and with it the sandboxes it started."""
    from multiprocessing import connection, parent_process
    from threading import Thread

    def watch():
        connection.wait([parent_process().sentinel])
        os._exit(1)

    environment, folder, sys.path[:] = place
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    tempfile.tempdir = None  # it is looked up anew
    Thread(target=watch, daemon=True, name="parent").start()
    kept.keep()
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
        raise UserError(f"--scheduler {address} is no address: give one such as tcp://host:8786")
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
