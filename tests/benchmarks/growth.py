"""How time and memory grow with a class, and whether a killed run ends in the same gradebook.

    python -m tests.benchmarks.growth [--classes 10 100 1000] [--lesson 00_start_here]

Of the largest class, one more run is killed at a random moment and taken up again, and one finds
nothing changed. The results are written into docs/grading.md.
"""

import argparse
import random
import signal
import sqlite3
import tempfile
import time
from contextlib import closing
from pathlib import Path

import psutil

from tests.benchmarks.grade import PAGE, Bench, grading, machine, started, write_section


def main(arguments=None):
    """Measure, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--classes", type=int, nargs="+", default=[10, 100, 1000])
    parser.add_argument("--lesson", default="00_start_here")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args(arguments)
    rows = []
    for size in sorted(args.classes):
        with tempfile.TemporaryDirectory() as folder:
            bench = Bench(Path(folder), args.lesson, size)
            course = bench.copy()
            seconds, memory = run(course, args.lesson)
            rows.append((f"{size} submissions", seconds, size, memory))
            told(rows[-1])
            if size == max(args.classes):
                rows += again(bench, course, seconds, args)
    write_section(PAGE, "From ten to a thousand", section(rows, args))


def again(bench, course, seconds, args):
    """Return rows on a run with nothing changed, and on one that was killed and taken up."""
    undisturbed, size = marks(course), bench.students
    rows = [("the same, nothing changed", *run(course, args.lesson))]
    course = bench.copy()
    moment = random.Random(args.seed).uniform(0.1, 0.9) * seconds
    killed = run(course, args.lesson, moment)
    resumed = run(course, args.lesson)
    assert marks(course) == undisturbed, "the gradebooks differ"
    took = killed[0] + resumed[0]
    what = f"killed after {moment:.0f} s and taken up, in both runs"
    rows.append((what, took, max(killed[1], resumed[1])))
    rows = [(what, took, size, memory) for what, took, memory in rows]
    for row in rows:
        told(row)
    return rows


def told(row):
    """Print a row at once."""
    print(row, flush=True)


def run(course, lesson, kill_after=None):
    """Grade; return the seconds it took and the most memory of the grader's own process."""
    began, most = time.perf_counter(), 0
    process = started(grading(course, lesson), course)
    grader = psutil.Process(process.pid)
    while process.poll() is None:
        try:
            most = max(most, grader.memory_info().rss)
        except psutil.Error:
            break
        if kill_after and time.perf_counter() - began > kill_after:
            process.send_signal(signal.SIGKILL)
        time.sleep(0.2)
    status = process.wait()
    assert status == (-signal.SIGKILL if kill_after else 0), status
    return time.perf_counter() - began, most


def marks(course):
    """Return all rows of a gradebook but for what is another in each."""
    with closing(sqlite3.connect(Path(course) / "gradebook.db")) as database:
        database.row_factory = sqlite3.Row
        query = """
            SELECT s.student_id, c.name, g.auto_score, g.manual_score, g.extra_credit,
                   g.needs_manual_grade
            FROM grade g JOIN submitted_notebook n ON g.notebook_id = n.id
            JOIN submitted_assignment s ON n.assignment_id = s.id
            JOIN base_cell c ON g.cell_id = c.id ORDER BY 1, 2"""
        return [tuple(row) for row in database.execute(query)]


def section(rows, args):
    """Return what the page says."""
    lines = [
        f"`{args.lesson}`, 2 jobs, one pass. Memory: the most that the grader's own process had.",
        machine(),
        "",
        "| | seconds | a submission, s | memory, MB |",
        "| --- | --: | --: | --: |",
    ]
    for what, seconds, size, memory in rows:
        lines.append(f"| {what} | {seconds:.1f} | {seconds / size:.2f} | {memory / 1e6:.0f} |")
    lines += ["", "The run that was killed ended in the same gradebook, grade by grade."]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
