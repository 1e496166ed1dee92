"""How long a lesson waits: for `import autograder.learn`, and for a diagnosis.

Run as `python -m tests.benchmarks.learn`; it prints tables in Markdown. Everything is measured
side by side in one run, in turn, so that a slow moment of the machine falls on both.
"""

import platform
import statistics
import subprocess
import sys
import time

RUNS = 7


def main():
    """Measure and print."""
    print(f"Python {platform.python_version()}, {platform.system()} {platform.machine()}\n")
    imports()
    diagnoses()


def imports():
    """Compare importing Keras with importing Keras and autograder.learn."""
    quiet = "import os; os.environ['TF_CPP_MIN_LOG_LEVEL'] = '3'; "
    times = {"import keras": [], "import autograder.learn": []}
    for _ in range(RUNS):
        for what, seconds in times.items():
            seconds.append(_process(quiet + what))
    print(f"| import, seconds ({RUNS} runs in turn) | fastest | median | slowest |")
    print("| --- | --- | --- | --- |")
    for what, seconds in times.items():
        middle = statistics.median(seconds)
        print(f"| `{what}` | {min(seconds):.2f} | {middle:.2f} | {max(seconds):.2f} |")
    pairs = zip(*times.values(), strict=True)
    print(f"\nRatio, median of the pairs: {statistics.median(b / a for a, b in pairs):.2f}\n")


def _process(code):
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True, stderr=subprocess.DEVNULL)
    return time.perf_counter() - started


def diagnoses():
    """Compare judging a wrong answer, diagnosis and all, with judging a right one."""
    from tests.bank.test_bank import EXERCISES

    extra = []
    for exercise in EXERCISES:
        for answer, _ in exercise.wrong:
            right, wrong = [], []
            for _ in range(3):
                right.append(_call(exercise.check, exercise.right[0]))
                wrong.append(_call(exercise.check, answer))
            extra.append(1000 * (statistics.median(wrong) - statistics.median(right)))
    extra.sort()
    late = extra[int(0.95 * len(extra))]
    print(f"| diagnosis of {len(extra)} wrong answers, ms beyond judging a right one | |")
    print("| --- | --- |")
    print(f"| median | {statistics.median(extra):.1f} |")
    print(f"| 95 % are below | {late:.1f} |")
    print(f"| slowest | {extra[-1]:.1f} |")


def _call(check, answer):
    started = time.perf_counter()
    check(answer)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
