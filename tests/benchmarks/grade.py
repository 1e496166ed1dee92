"""How long a class takes to be graded: by nbgrader alone, by ours, and at the least.

    python -m tests.benchmarks.grade [--students 12] [--rounds 3] [--lesson 01_input_vs_flatten]

Every arm grades the same submissions, in turn, so that a slow moment of the machine falls on all.
The floor is the time that the cells themselves take in a kernel where Keras is imported already,
divided by the cores. It prints a table in Markdown, and draws docs/grading.png.
"""

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

import nbformat

from tests import notebooks
from tests.grade.classroom import REPOSITORY, find_lesson, lay_out, use_stock_steps

CHART = REPOSITORY / "docs" / "grading.png"
CORES = len(os.sched_getaffinity(0))
_SHOW = ("nbgrader", "jupyter_client", "tensorflow", "keras")


def main(arguments=None):
    """Measure, print and draw."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--students", type=int, default=12)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--lesson", default="01_input_vs_flatten")
    args = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), args.lesson, args.students)
        times = {arm: [] for arm in bench.arms}
        for number in range(args.rounds):
            for arm, run in bench.arms.items():
                times[arm].append(run())
                took = times[arm][-1]
                print(f"round {number + 1}, {arm}: {took:.1f} s", file=sys.stderr, flush=True)
    table(times, args)
    chart(times, args)


class Bench:
    """A course with a class that has handed in, and the ways to grade it.

    arms: {what it is: function that grades a fresh copy of the course and returns seconds}.
    """

    def __init__(self, folder, lesson, students):
        self.folder, self.lesson, self.students = folder, find_lesson(lesson, None), students
        self.course = folder / "course"
        self._number = 0
        lay_out(self.lesson, self.course)
        self._nbgrader(self.course, "generate_assignment", lesson)
        self._hand_in()
        jobs = max(2, CORES)
        self.arms = {
            "nbgrader autograde": self.stock,
            "nbgrader autograde, two at once": self.stock_twice,
            "ours, 1 job, cold kernels": lambda: self.ours(1, warm=False),
            "ours, 1 job": lambda: self.ours(1),
            f"ours, {jobs} jobs": lambda: self.ours(jobs),
            f"ours, {jobs} jobs, two passes": lambda: self.ours(jobs, two_pass=True),
            "ours, again with nothing changed": self.again,
            "the cells alone, over the cores": self.floor,
        }

    def _hand_in(self):
        """Let each student answer half of the exercises wrongly, each another half."""
        names = list(self.lesson.exercises)
        for number in range(self.students):
            wrong = [name for place, name in enumerate(names) if (place + number) % 2]
            folder = self.course / "submitted" / f"student{number:04}" / self.lesson.name
            folder.mkdir(parents=True)
            path = folder / f"{self.lesson.name}.ipynb"
            shutil.copy(self.course / "release" / self.lesson.name / path.name, path)
            notebooks.write_submission(path, self.lesson.answers(wrong))

    def _copy(self):
        self._number += 1
        return shutil.copytree(self.course, self.folder / f"copy{self._number}")

    def stock(self):
        """Grade with nbgrader alone."""
        course = self._copy()
        use_stock_steps(course)
        return _timed(lambda: self._nbgrader(course, "autograde", self.lesson.name))

    def stock_twice(self):
        """Grade with two processes of nbgrader, which have a half of the class each."""
        course = self._copy()
        use_stock_steps(course)
        halves = "student*[02468]", "student*[13579]"
        command = [sys.executable, "-m", "nbgrader", "autograde", self.lesson.name, "--student"]

        def grade():
            done = [_started([*command, half], course) for half in halves]
            assert not any(process.wait() for process in done)

        return _timed(grade)

    def ours(self, jobs, warm=True, two_pass=False):
        """Grade with `autograder grade`."""
        course = self._copy()
        with open(course / "nbgrader_config.py", "a") as file:
            file.write(f"\nc.JudgedExecute.warm = {warm}\n")
        self.last = course, jobs, two_pass
        return self._grade(*self.last)

    def again(self):
        """Grade once more what was graded last."""
        return self._grade(*self.last)

    def _grade(self, course, jobs, two_pass):
        command = [sys.executable, "-m", "autograder.cli", "grade", course, self.lesson.name]
        passes = "--two-pass" if two_pass else "--no-two-pass"

        def grade():
            assert not _started([*command, "--jobs", str(jobs), passes], course).wait()

        return _timed(grade)

    def floor(self):
        """Return the seconds that the cells of all take, without the imports, over the cores."""
        taken = 0
        for path in sorted(self.course.glob("submitted/*/*/*.ipynb"))[:2]:
            taken += _seconds_of_cells(path) / 2
        return taken * self.students / CORES

    def _nbgrader(self, course, *arguments):
        assert not _started([sys.executable, "-m", "nbgrader", *arguments], course).wait()


def _started(command, folder):
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen([str(part) for part in command], cwd=folder, **quiet)


def _timed(function):
    began = time.perf_counter()
    function()
    return time.perf_counter() - began


def _seconds_of_cells(path):
    """Return the sum of the times that the cells of a notebook take, imports done before."""
    from nbclient import NotebookClient
    from nbformat.v4 import new_code_cell

    notebook = nbformat.read(path, as_version=4)
    imports = new_code_cell("import keras, matplotlib.pyplot, autograder.learn")
    notebook.cells.insert(0, imports)
    client = NotebookClient(notebook, record_timing=True, allow_errors=True, timeout=600)
    client.execute(cwd=str(path.parent))
    cells = [cell for cell in notebook.cells[1:] if "execution" in cell.metadata]
    return sum(_seconds(cell.metadata.execution) for cell in cells)


def _seconds(told):
    ends = (told["iopub.execute_input"], told["iopub.status.idle"])
    began, ended = (datetime.fromisoformat(time.replace("Z", "+00:00")) for time in ends)
    return (ended - began).total_seconds()


def table(times, args):
    """Print the table."""
    names = ", ".join(f"{name} {version(name)}" for name in _SHOW)
    print(
        f"{args.students} submissions of {args.lesson}, {args.rounds} rounds in turn, {CORES} cores"
    )
    print(
        f"\nPython {platform.python_version()}, {platform.system()} {platform.machine()}, {names}\n"
    )
    print("| seconds | fastest | median | slowest | times as fast as nbgrader | over the floor |")
    print("| --- | --- | --- | --- | --- | --- |")
    stock, floor = (statistics.median(times[arm]) for arm in (list(times)[0], list(times)[-1]))
    for arm, taken in times.items():
        middle = statistics.median(taken)
        numbers = f"{min(taken):.1f} | {middle:.1f} | {max(taken):.1f}"
        print(f"| {arm} | {numbers} | {stock / middle:.1f} | {middle / floor:.1f} |")
    print(f"\n{json.dumps(times)}", file=sys.stderr)


def chart(times, args):
    """Draw the medians as bars."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    arms = list(times)[::-1]
    medians = [statistics.median(times[arm]) for arm in arms]
    figure, axes = plt.subplots(figsize=(8, 0.45 * len(arms) + 1), layout="constrained")
    bars = axes.barh(arms, medians, color="#4c72b0")
    axes.bar_label(bars, [f"{seconds:.0f} s" for seconds in medians], padding=4)
    axes.margins(x=0.12)
    axes.set_xlabel(f"seconds for {args.students} submissions (median of {args.rounds})")
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(CHART, dpi=110)


if __name__ == "__main__":
    main()
