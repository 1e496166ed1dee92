"""What warm kernels save: until a kernel's first output, in nbval, and in `autograder build`.

    python -m tests.benchmarks.starts [--rounds 5] [--lessons NAME ...]

Each is done in turn with ordinary kernels and with those that are forked from a process in which
Keras is there already. The table is written into docs/grading.md.
"""

import argparse
import logging
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from jupyter_client.manager import start_new_kernel

from autograder.grade.run.sandbox import choose, warmed
from autograder.grade.run.student.session import StudentSession
from tests.benchmarks.grade import PAGE, machine, timed, write_section
from tests.grade.classroom import REPOSITORY

PROVISIONER = "JUPYTER_DEFAULT_PROVISIONER_NAME"
KINDS = {"ordinary": "local-provisioner", "warm": "keras-warm"}
KERNELS = {"ordinary": "python3", "warm": "keras-warm"}
LESSONS = ["00_start_here", "01_input_vs_flatten", "04_inputlayer_vs_input"]
FIRST = "import keras\nprint(keras.ops.shape(keras.ops.ones((2, 3))))"


def main(arguments=None):
    """Measure, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--lessons", nargs="+", default=LESSONS)
    args = parser.parse_args(arguments)
    cold = choose()
    boxes = {"ordinary": cold, "warm": warmed(cold, logging.getLogger())}
    for kind in KINDS:  # so that the parent of the warm ones is there, as it soon is in a session
        kernel(kind)
        box(boxes[kind])
    works = {
        "a kernel's first output": kernel,
        "the same in the sandbox": lambda kind: box(boxes[kind]),
        f"nbval of {len(args.lessons)} lessons": lambda kind: nbval(kind, args.lessons),
        f"`autograder build` of {len(args.lessons)} lessons": lambda kind: build(
            kind, args.lessons
        ),
    }
    times = {(work, kind): [] for work in works for kind in KINDS}
    for number in range(args.rounds):
        for work, kind in times:
            times[work, kind].append(works[work](kind))
            print(f"round {number + 1}, {work}, {kind}: {times[work, kind][-1]:.2f} s", flush=True)
    write_section(PAGE, "What warm kernels save", section(times, list(works), args))


def kernel(kind):
    """Return the seconds from nothing to the first output of a kernel."""
    began = time.perf_counter()
    manager, client = start_new_kernel(kernel_name=KERNELS[kind])
    try:
        client.execute_interactive(FIRST, output_hook=lambda message: None, timeout=120)
        return time.perf_counter() - began
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def box(backend):
    """Return the same for a student's kernel in a sandbox."""
    began = time.perf_counter()
    with StudentSession(backend) as session:
        assert session.run(FIRST)
        return time.perf_counter() - began


def nbval(kind, lessons):
    """Return the seconds that nbval takes for some lessons."""
    command = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "--nbval"]
    command += [REPOSITORY / f"solutions/{lesson}.ipynb" for lesson in lessons]
    return timed(lambda: done(kind, command))


def build(kind, lessons):
    """Return the seconds that building some lessons takes."""
    with tempfile.TemporaryDirectory() as folder:
        for room in ("solutions", "notebooks"):
            (Path(folder) / room).mkdir()
        for lesson in lessons:
            shutil.copy(REPOSITORY / f"solutions/{lesson}.py", Path(folder) / "solutions")
        command = ["-m", "autograder.cli", "build", "--root", folder]
        return timed(lambda: done(kind, command))


def done(kind, command):
    """Run a command with kernels of a kind."""
    environment = {**os.environ, PROVISIONER: KINDS[kind]}
    command = [sys.executable, *map(str, command)]
    ran = subprocess.run(command, cwd=REPOSITORY, env=environment, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def section(times, works, args):
    """Return what the page says."""
    lines = [
        f"Medians of {args.rounds} rounds in turn. {machine()}",
        "",
        "| seconds | ordinary kernels | warm kernels | ordinary / warm, median of the pairs |",
        "| --- | --: | --: | --: |",
    ]
    for work in works:
        ordinary, warm = times[work, "ordinary"], times[work, "warm"]
        ratio = statistics.median(a / b for a, b in zip(ordinary, warm, strict=True))
        medians = f"{statistics.median(ordinary):.2f} | {statistics.median(warm):.2f}"
        lines.append(f"| {work} | {medians} | {ratio:.1f} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
