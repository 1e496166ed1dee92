"""How long a class takes to be graded: by nbgrader alone, by otter, by ours, and at the least.

    python -m tests.benchmarks.grade [--students 40] [--rounds 3] [--lesson 00_start_here]
                                     [--otter PYTHON] [--few] [--chart]

Every arm grades the same submissions, in turn, so that a slow moment of the machine falls on all.
It writes docs/grading.md and docs/grading.png; `growth` and `starts` measure what else there is.
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

PAGE, CHART = REPOSITORY / "docs" / "grading.md", REPOSITORY / "docs" / "grading.png"
CORES = len(os.sched_getaffinity(0))
_SHOW = ("nbgrader", "jupyter_client", "ipykernel", "tensorflow", "keras")
STOCK = "nbgrader autograde"
TWICE = f"{STOCK}, two at once"
FLOOR, WITH_IMPORTS = "the cells alone, over the cores", "the same with their imports"
JOBS = max(2, CORES)
OURS, TWO_PASSES = f"ours, {JOBS} jobs, one pass", f"ours, {JOBS} jobs, two passes"
AGAIN = "ours, again with nothing changed"
#: What is measured of a large class, or of long cells; a small one is graded in all ways.
FEW = [STOCK, TWICE, TWO_PASSES, OURS, AGAIN, FLOOR, WITH_IMPORTS]

#: What otter runs: a check cell of ours as a test of its own.
_OTTER_TEST = """\
from otter.test_files import test_case

OK_FORMAT = False
name = {name!r}
points = {points}


@test_case(points={points})
def check(env):
    exec({source!r}, env)
"""


def main(arguments=None):
    """Measure, write the page and draw the chart."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--students", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--lesson", default="00_start_here")
    parser.add_argument("--otter", metavar="PYTHON", type=Path, help="one that can import otter")
    parser.add_argument("--few", action="store_true", help="in few ways")
    parser.add_argument("--chart", action="store_true", help="draw the chart as well")
    args = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), args.lesson, args.students, args.otter)
        arms = {name: bench.arms[name] for name in (FEW if args.few else bench.arms)}
        times = {arm: [] for arm in arms}
        for number in range(args.rounds):
            for arm, run in arms.items():
                times[arm].append(run())
                took = times[arm][-1]
                print(f"round {number + 1}, {arm}: {took:.1f} s", file=sys.stderr, flush=True)
    print(json.dumps({"lesson": args.lesson, "students": args.students, "times": times}))
    title = f"{args.students} submissions of {args.lesson}"
    write_section(PAGE, title, section(times, args))
    if args.chart:
        chart(times, args)


class Bench:
    """A course with a class that has handed in, and the ways to grade it.

    arms: {what it is: function that grades a fresh copy of the course and returns seconds}.
    """

    def __init__(self, folder, lesson, students, otter=None):
        self.folder, self.lesson, self.students = folder, find_lesson(lesson, None), students
        self.course, self.otter = folder / "course", otter and otter.absolute()
        self._number = 0
        lay_out(self.lesson, self.course)
        self._nbgrader(self.course, "generate_assignment", lesson)
        self._hand_in()
        self.arms = {
            STOCK: self.stock,
            TWICE: self.stock_twice,
            **({"otter run, one after the other": self.otter_run} if otter else {}),
            "ours, 1 job, one pass, cold kernels": lambda: self.ours(1, warm=False),
            "ours, 1 job, one pass": lambda: self.ours(1),
            TWO_PASSES: lambda: self.ours(JOBS, two_pass=True),
            OURS: lambda: self.ours(JOBS),
            AGAIN: self.again,
            FLOOR: self.floor,
            WITH_IMPORTS: self.floor_with_imports,
        }

    def _hand_in(self):
        """Let each student answer half of the exercises wrongly, each another half."""
        names = list(self.lesson.exercises)
        release = self.course / "release" / self.lesson.name
        for number in range(self.students):
            wrong = [name for place, name in enumerate(names) if (place + number) % 2]
            folder = self.course / "submitted" / f"student{number:04}" / self.lesson.name
            folder.mkdir(parents=True)
            path = folder / f"{self.lesson.name}.ipynb"
            shutil.copy(release / path.name, path)
            notebooks.write_submission(path, self.lesson.answers(wrong))

    @property
    def submissions(self):
        """The notebooks that were handed in."""
        return sorted(self.course.glob("submitted/*/*/*.ipynb"))

    def copy(self):
        """Return a fresh copy of the course; that from before is removed."""
        shutil.rmtree(self.folder / f"copy{self._number}", ignore_errors=True)
        self._number += 1
        return shutil.copytree(self.course, self.folder / f"copy{self._number}")

    def stock(self):
        """Grade with nbgrader alone."""
        course = self.copy()
        use_stock_steps(course)
        return timed(lambda: self._nbgrader(course, "autograde", self.lesson.name))

    def stock_twice(self):
        """Grade with two processes of nbgrader, which have a half of the class each."""
        course = self.copy()
        use_stock_steps(course)
        halves = "student*[02468]", "student*[13579]"
        command = [sys.executable, "-m", "nbgrader", "autograde", self.lesson.name, "--student"]

        def grade():
            done = [started([*command, half], course) for half in halves]
            assert not any(process.wait() for process in done)

        return timed(grade)

    def otter_run(self):
        """Grade with otter, which takes one notebook at a time, without a container."""
        folder = self.folder / "otter"
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "tests").mkdir(parents=True)
        self._write_otter_tests(folder / "tests")
        otter = [self.otter, "-m", "otter"]
        generate = [*otter, "generate", "-t", "tests", "-o", "tests.zip", "--no-environment"]
        assert not started(generate, folder).wait()

        def grade():
            for path in self.submissions:
                out = folder / path.parts[-3]
                out.mkdir()
                run = [*otter, "run", "-a", "tests.zip", "-o", out, "--no-logo", path]
                assert not started(run, folder).wait()
                assert (out / "results.json").is_file()

        return timed(grade)

    def _write_otter_tests(self, folder):
        source = self.course / "source" / self.lesson.name / f"{self.lesson.name}.ipynb"
        for cell in nbformat.read(source, as_version=4).cells:
            marks = cell.metadata.get("nbgrader", {})
            if marks.get("grade") and not marks.get("solution"):
                name, points = marks["grade_id"], marks["points"]
                test = _OTTER_TEST.format(name=name, points=points, source=cell.source)
                (folder / f"{name}.py").write_text(test)

    def ours(self, jobs, warm=True, two_pass=False):
        """Grade with `autograder grade`."""
        course = self.copy()
        with open(course / "nbgrader_config.py", "a") as file:
            file.write(f"\nc.JudgedExecute.warm = {warm}\n")
        self.last = course, jobs, two_pass
        return self._grade(*self.last)

    def again(self):
        """Grade once more what was graded last."""
        return self._grade(*self.last)

    def _grade(self, course, jobs, two_pass):
        def grade():
            assert not started(grading(course, self.lesson.name, jobs, two_pass), course).wait()

        return timed(grade)

    def floor(self):
        """Return the seconds that the cells of all take, but for imports, over the cores."""
        self._imports, cells = _seconds_of_cells(self.submissions[:2])
        return cells * self.students / CORES

    def floor_with_imports(self):
        """Return the same with the first cell's imports, as in a kernel that has just started."""
        return self._imports * self.students / CORES + self.floor()

    def _nbgrader(self, course, *arguments):
        assert not started([sys.executable, "-m", "nbgrader", *arguments], course).wait()


def grading(course, lesson, jobs=2, two_pass=False):
    """Return the command that grades a lesson."""
    command = [sys.executable, "-m", "autograder.cli", "grade", course, lesson]
    return [*command, "--jobs", jobs, "--two-pass" if two_pass else "--no-two-pass"]


def started(command, folder):
    """Start a command that says nothing."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    return subprocess.Popen([str(part) for part in command], cwd=folder, env=environment, **quiet)


def timed(function):
    """Return the seconds that a function takes."""
    began = time.perf_counter()
    function()
    return time.perf_counter() - began


def _seconds_of_cells(paths):
    """Return the seconds of the imports, and of the cells of a notebook after them, on average."""
    from nbclient import NotebookClient
    from nbformat.v4 import new_code_cell

    imports = cells = 0
    for path in paths:
        notebook = nbformat.read(path, as_version=4)
        first = new_code_cell("import keras, matplotlib.pyplot, autograder.learn")
        notebook.cells.insert(0, first)
        client = NotebookClient(notebook, record_timing=True, allow_errors=True, timeout=600)
        client.execute(cwd=str(path.parent))
        seconds = [_seconds(cell) for cell in notebook.cells]
        imports, cells = imports + seconds[0] / len(paths), cells + sum(seconds[1:]) / len(paths)
    return imports, cells


def _seconds(cell):
    told = cell.metadata.get("execution")
    if not told:
        return 0
    ends = (told["iopub.execute_input"], told["iopub.status.idle"])
    began, ended = (datetime.fromisoformat(time.replace("Z", "+00:00")) for time in ends)
    return (ended - began).total_seconds()


# The page


_HEAD = """\
# How long grading takes

Each table is one run (`make bench` makes them all), in which the ways take turns on the same
submissions. The machine is a shared one: read the ratios, not the seconds.

- **nbgrader autograde** is nbgrader with its own steps: no sandbox, no separate judge, one
  notebook after the other, so it leaves a second core idle. "Two at once" are two of its commands
  with a half of the class each, which is up to you to arrange. **otter run** is otter-grader
  without its containers, on the same notebooks, with the same checks as its tests; it takes one
  notebook, and starts anew for each.
- **Ours** is `autograder grade` in the sandbox of bubblewrap, checks in a process of their own.
  Two passes are what it does unless told otherwise; the second, for hidden tests, is run where the
  open ones of the same check were passed.
- **The cells alone** is the sum of the times that the cells take in a kernel where everything has
  been imported, divided by the number of cores: no grader can be faster that runs them one by one.
  With their imports it is what the cells take in a kernel of their own, over the cores as well.
- What is left between ours and the cells alone depends little on the lesson: boxes, a kernel in
  each pass, a judge, and nbgrader's gradebook. Short cells make it look large, long ones small;
  two passes run the cells twice. About 5 seconds of each run are spent before the first student.

![Seconds for a large class: nbgrader beside ours, and the cells alone](grading.png)
"""


def machine():
    """Return a line on the machine and the versions."""
    names = ", ".join(f"{name} {version(name)}" for name in _SHOW)
    system = f"Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    who = "an ordinary user" if os.geteuid() else "root"
    return f"Run by {who} on {CORES} cores, {system}, {names}."


def section(times, args):
    """Return what the page says of a run."""
    lines = [
        f"Rounds in turn: {args.rounds}. {machine()}",
        "",
        "| | fastest, s | median, s | slowest, s | times as fast as nbgrader "
        "| times the cells alone | times the cells with imports |",
        "| --- | --: | --: | --: | --: | --: | --: |",
    ]
    stock, alone, full = (statistics.median(times[arm]) for arm in (STOCK, FLOOR, WITH_IMPORTS))
    for arm, taken in times.items():
        middle = statistics.median(taken)
        numbers = f"{min(taken):.1f} | {middle:.1f} | {max(taken):.1f}"
        ratios = stock / middle, middle / alone, middle / full
        lines.append(f"| {arm} | {numbers} | " + " | ".join(f"{r:.2f}" for r in ratios) + " |")
    return "\n".join(lines)


def write_section(page, title, text):
    """Put a section into a page, in place of the one with the same title."""
    old = page.read_text("utf-8") if page.exists() else _HEAD
    head, *sections = old.split("\n## ")
    kept = dict(part.split("\n", 1) for part in sections)
    kept[title] = f"\n{text}\n"
    parts = [head.rstrip() + "\n", *(f"## {name}\n{kept[name].rstrip()}\n" for name in kept)]
    page.write_text("\n".join(parts), "utf-8")


def chart(times, args):
    """Draw the medians as bars."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    arms = list(times)[::-1]
    medians = [statistics.median(times[arm]) for arm in arms]
    colours = ["#c44e52" if "ours" in arm else "#4c72b0" for arm in arms]
    figure, axes = plt.subplots(figsize=(8, 0.42 * len(arms) + 1), layout="constrained")
    bars = axes.barh(arms, medians, color=colours)
    axes.bar_label(bars, [f"{seconds:.1f} s" for seconds in medians], padding=4)
    axes.margins(x=0.12)
    axes.set_xlabel(f"seconds for {args.students} submissions (median of {args.rounds})")
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(CHART, dpi=110)


if __name__ == "__main__":
    main()
