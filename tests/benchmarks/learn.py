"""How long a lesson waits: for `import autograder.learn`, a diagnosis, an explanation, a card.

Run as `python -m tests.benchmarks.learn`; it prints tables in Markdown. Everything is measured
side by side in one run, in turn, so that a slow moment of the machine falls on both.
"""

import contextlib
import platform
import statistics
import subprocess
import sys
import time
from unittest import mock

RUNS = 7


def main():
    """Measure and print."""
    print(f"Python {platform.python_version()}, {platform.system()} {platform.machine()}\n")
    imports()
    diagnoses()
    explanations()
    print()
    subprocess.run([sys.executable, "-m", "tests.benchmarks.watch"], check=True)


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
    """Measure how long the search for a reason takes, beyond all that judging a right one does.

    Building models, and calling what the learner wrote, is no part of it.
    """
    from tests.bank.test_bank import EXERCISES

    found = []
    for exercise in EXERCISES:
        for answer, _ in exercise.wrong:
            runs = [_searching(exercise.check, answer) for _ in range(3)]
            found.append(1000 * statistics.median(runs))
    found.sort()
    late = found[int(0.95 * len(found))]
    print(f"| diagnosis of {len(found)} wrong answers, median of 3 each | ms |")
    print("| --- | --- |")
    print(f"| median | {statistics.median(found):.1f} |")
    print(f"| 95 % are below | {late:.1f} |")
    print(f"| slowest | {found[-1]:.1f} |")


def explanations():
    """Measure how long explain takes, text included, and how many lines it has."""
    import keras

    from autograder.learn import explain
    from tests.learn import test_explain_keras as made

    models = {name: getattr(keras.applications, name) for name in made.APPLICATIONS.split()}
    for make in (made.transformer, made.u_net, made.vae, made.siamese, made.seq2seq):
        models[make.__name__] = make
    print("\n| explain | layers | lines | ms |")
    print("| --- | --- | --- | --- |")
    for name, make in models.items():
        model = make(weights=None) if name in made.APPLICATIONS else make()
        started = time.perf_counter()
        text = str(explain(model))
        spent = 1000 * (time.perf_counter() - started)
        print(f"| `{name}` | {len(model.layers)} | {len(text.splitlines())} | {spent:.0f} |")
        keras.utils.clear_session()


def _searching(check, answer):
    """Return the seconds that a check spends in the functions of diagnose.py."""
    spent, depth = 0.0, 0

    def timed(function):
        def run(*args, **options):
            nonlocal spent, depth
            depth += 1
            started = time.perf_counter()
            try:
                return function(*args, **options)
            finally:
                depth -= 1
                spent += time.perf_counter() - started if depth == 0 else 0.0

        return run

    with contextlib.ExitStack() as stack:
        for module, name in _uses():
            function = getattr(sys.modules[module], name)
            stack.enter_context(mock.patch(f"{module}.{name}", timed(function)))
        check(answer)
    return spent


def _uses():
    """Return (module, name) wherever a function of diagnose.py is called from."""
    from autograder.learn import diagnose

    names = [n for n in vars(diagnose) if n.startswith("diagnose")]
    modules = [m for m in sys.modules if m.startswith("autograder.learn")]
    return [
        (m, n)
        for m in modules
        for n in names
        if getattr(sys.modules[m], n, None) is getattr(diagnose, n)
    ]


if __name__ == "__main__":
    main()
