"""Plants faults, one after the other, and tells whether `make test` finds each of them.

    python -m tests.planted [NAME ...] [--whole]

For each fault a file is changed in place, that part of `make test` is run which should find it,
and the file is put back, whatever happens. The part is run as `make test` runs it: without what
is `long`, on few examples; where nothing of it is left then, as `make test-all` runs it, which the
line on the fault tells. Where a part fails, the whole fails too, so to run the part is enough;
`--whole` runs `make test` itself. (That one soon tells of any change in `autograder/learn`, since
editions were then built with other checks; the part shows that a test finds the fault itself.)
Before, all the parts have to pass without a fault.
"""

import argparse
import os
import shlex
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.promises import PROMISES

ROOT = Path(__file__).parents[1]
#: Says to tests that a fault is planted, by its name.
PLANTED = "TESTS_PLANTED"
#: What `make test` chooses, in all its steps together.
CHOSEN = "not long"
#: What `make test-all` chooses.
ALL = "long or not long"
#: The exit status of pytest for a test that failed; 2 and more say that it could not run.
FAILED = 1
#: Its exit status where no test was chosen.
NONE_CHOSEN = 5


@dataclass(frozen=True)
class Fault:
    """A small fault. `finds`: tests, as pytest is told them, or arguments of `autograder`."""

    name: str
    what: str
    file: str
    old: str
    new: str
    finds: str


FAULTS = [
    # What learners see.
    Fault(
        "wrong_belief",
        "a rule gives what another belief gives, so the wrong one is named",
        "autograder/learn/mistakes/flatten.py",
        "return (before[0], product(before[1:-1]), before[-1])",
        "return (before[0], product(before[1:-1]))",
        "tests/lessons/test_answers.py::test_known_mistakes_are_named"
        "[01_input_vs_flatten-feature_shape-flatten_keeps_channels]",
    ),
    Fault(
        "wrong_taken",
        "a dictionary with a key too many is taken for the right one",
        "autograder/learn/values.py",
        "got.keys() == want.keys()",
        "got.keys() >= want.keys()",
        "tests/learn/test_values.py",
    ),
    Fault(
        "right_refused",
        "a word in capitals is refused",
        "autograder/learn/predictions.py",
        "return value.strip().lower() if isinstance(value, str) else value",
        "return value.strip() if isinstance(value, str) else value",
        "tests/learn/test_predictions.py",
    ),
    Fault(
        "warning_costs",
        "TensorFlow's log lines reach stderr, for which nbgrader takes all points",
        "autograder/learn/quiet.py",
        "os.dup2(sink.fileno(), 2)",
        "os.dup2(saved, 2)",
        "tests/learn/test_quiet.py",
    ),
    Fault(
        "wrong_figure",
        "a figure draws one parameter too many",
        "autograder/learn/figures/dense.py",
        "counts.append(layer.count_params())",
        "counts.append(layer.count_params() + 1)",
        "tests/learn/test_figures.py::test_a_coincidence_happens_once",
    ),
    Fault(
        "no_alt_text",
        "pictures have no words for those who don't see them",
        "autograder/learn/figures/picture.py",
        """f'<img class="{kind}" alt="{html.escape(self.alt)}" style=""",
        """f'<img class="{kind}" style=""",
        "tests/learn/test_figures.py::test_alt_text_reaches_the_page",
    ),
    Fault(
        "card_without_headings",
        "a screen reader can't tell which column of a verdict's table is whose",
        "autograder/learn/verdict.py",
        """f"<th scope='col' {cell}>{h}</th>" for h in""",
        """f"<td {cell}>{h}</td>" for h in""",
        "tests/learn/test_verdict.py",
    ),
    Fault(
        "wrong_number_explained",
        "`explain` tells how many parameters are trained where it should tell how many are not",
        "autograder/learn/explain.py",
        "{trained:,} trained, {count - trained:,} not",
        "{trained:,} trained, {trained:,} not",
        "tests/learn/test_explain.py::test_totals_tell_what_is_not_trained",
    ),
    Fault(
        "progress_miscounts",
        "what is partly right counts in full",
        "autograder/progress.py",
        '{RIGHT: 1, PARTLY: float(last.get("share", 0))}',
        "{RIGHT: 1, PARTLY: 1}",
        "tests/test_progress.py",
    ),
    Fault(
        "drill_forgets",
        "the drill never comes back to a mistake",
        "autograder/learn/drill/session.py",
        "weights = [1 + PULL * sum(shaky.get(code, 0) for code in p.traps) for p in drawn]",
        "weights = [1 for p in drawn]",
        "tests/learn/test_drill.py::test_the_drill_comes_back_to_what_went_wrong_and_lets_go_of_it",
    ),
    Fault(
        "kernel_leaks",
        "a warm kernel has its parent's open files",
        "autograder/warm/parent.py",
        "    os.closerange(3, 1 << 20)\n",
        "",
        "tests/warm/test_parent.py::test_the_process_is_as_one_just_started",
    ),
    # Lessons and pages.
    Fault(
        "hidden_in_edition",
        "hidden tests stay in the learner edition",
        "autograder/author/editions.py",
        "    preprocessors.ClearHiddenTests,\n",
        "",
        "tests/author/test_build.py::test_learner_edition_holds_no_answer",
    ),
    Fault(
        "edited_by_hand",
        "a word of a built notebook is changed",
        "notebooks/00_start_here.ipynb",
        "This course asks you to guess before you look.",
        "This course asks you to think before you look.",
        "autograder build --check",
    ),
    Fault(
        "number_out_of_thin_air",
        "a sentence tells a number that no cell has shown",
        "solutions/02_how_flatten_works.ipynb",
        "All 896 parameters",
        "All 897 parameters",
        "tests/lessons/test_style.py::test_numbers_in_the_text_come_from_cells",
    ),
    Fault(
        "claim_astray",
        "a claim is said to be answered in a cell that isn't there",
        "docs/coverage.csv",
        "What does Input give you?,setup-6,it returned a KerasTensor,",
        "What does Input give you?,setup-99,it returned a KerasTensor,",
        "tests/lessons/test_coverage.py",
    ),
    Fault(
        "command_misspelled",
        "the README names a command that there isn't",
        "README.md",
        "`autograder report ../my-course`",
        "`autograder reports ../my-course`",
        "tests/test_pages_commands.py",
    ),
    Fault(
        "hub_misconfigured",
        "the hub's configuration sets a trait that there isn't",
        "deploy/classroom/jupyterhub_config.py",
        "c.Authenticator.allowed_users =",
        "c.Authenticator.allowed_people =",
        "tests/deploy/test_files.py",
    ),
    # Grading.
    Fault(
        "feedback_tells",
        "the error of a hidden test is shown in feedback",
        "autograder/grade/book/feedback.py",
        "if lines and not lines & hidden:",
        "if lines:",
        "tests/grade/test_feedback.py",
    ),
    Fault(
        "hidden_run_first",
        "hidden tests are run in the pass whose outputs are shown",
        "autograder/grade/run/execute.py",
        "            source = without_lines(source, self._hidden_lines(source))",
        "            source = cell.source",
        "tests/grade/test_execute.py::test_with_two_passes_arguments_are_not_told_either",
    ),
    Fault(
        "link_followed",
        "a folder that is a link is read all the same",
        "autograder/grade/handed_in/intake.py",
        '("O_NOFOLLOW", "O_NONBLOCK",',
        '("O_NONBLOCK",',
        "tests/grade/test_intake.py::test_folder_that_is_a_link_or_absent",
    ),
    Fault(
        "wrong_points",
        "points are rounded to whole ones",
        "autograder/grade/run/points.py",
        "return float(value) if 0 <= value <= worth else None",
        "return float(round(value)) if 0 <= value <= worth else None",
        "tests/grade/test_points.py::test_what_was_found_is_read_whatever_is_shown",
    ),
    Fault(
        "resume_lost",
        "the journal isn't written, so whoever is graded is graded again",
        "autograder/grade/grading.py",
        "        self.journal.write(student, entry)\n        return _event(student, GRADED, entry)",
        "        return _event(student, GRADED, entry)",
        "tests/grade/test_grading.py::test_nothing_is_graded_twice",
    ),
    Fault(
        "student_dropped",
        "who has no mark is left out of the export",
        "autograder/reports/export.py",
        "rows = (_row(lesson, work) for lesson in lessons for work in lesson.works)",
        "rows = (_row(lesson, work) for lesson in lessons for work in lesson.graded())",
        "tests/reports/test_export.py::test_scores",
    ),
    Fault(
        "formula_exported",
        "a spreadsheet runs what a student is called",
        "autograder/reports/tables.py",
        r"[=+\-@＝＋－＠]",
        r"[+\-@＝＋－＠]",
        "tests/reports/test_tables.py::test_nothing_begins_as_a_formula_does",
    ),
    Fault(
        "dask_broken",
        "what a scheduler tells of its workers is misread",
        "autograder/grade/run/work.py",
        'scheduler_info(n_workers=-1)["workers"]',
        'scheduler_info(n_workers=-1)["worker"]',
        "tests/grade/test_scale.py::test_workers_give_the_same_gradebook_though_one_is_killed",
    ),
    Fault(
        "postgresql_broken",
        "a gradebook that is no file is taken for one that isn't there",
        "autograder/grade/book/opened.py",
        'if url.get_backend_name() == "sqlite" and not os.path.exists(url.database):',
        "if not os.path.exists(url.database):",
        "tests/grade/test_scale.py::test_postgresql_gives_the_same_marks",
    ),
    # The sandbox.
    Fault(
        "network_open",
        "a box shares the network of the machine",
        "autograder/grade/run/sandbox/bubblewrap.py",
        '["--unshare-all", "--unshare-user",',
        '["--unshare-all", "--share-net", "--unshare-user",',
        "tests/grade/sandbox/test_bubblewrap.py::test_there_is_no_network",
    ),
    Fault(
        "calls_unfiltered",
        "the filter of system calls is left out",
        "autograder/grade/run/sandbox/bubblewrap.py",
        '"--remount-ro", "/", "--seccomp", str(FILTER)]',
        '"--remount-ro", "/"]',
        "tests/grade/sandbox/test_seccomp.py::test_what_a_box_cannot_ask_for",
    ),
    Fault(
        "memory_uncounted",
        "the watchdog counts the memory of the first process only",
        "autograder/grade/run/sandbox/watchdog.py",
        "if _memory(processes, limits.memory) > limits.memory:",
        "if _memory(processes[:1], limits.memory) > limits.memory:",
        "tests/grade/sandbox/test_watchdog.py::test_memory_of_all_processes_together",
    ),
]
FAULTS += [Fault(*each) for each in PROMISES]


def main(arguments=None):
    """Plant the faults; return the exit status, 1 if one of them isn't found."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    known = {fault.name: fault for fault in FAULTS}
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(known)}")
    parser.add_argument("--whole", action="store_true", help="run all of `make test` for each")
    args = parser.parse_args(arguments)
    if unknown := sorted(set(args.names) - set(known)):
        return _refuse(f"there is no fault {unknown[0]}; there are {', '.join(known)}")
    if _git("status", "--porcelain"):
        return _refuse("the working tree has changes: commit them first, or put them aside")
    # As at Ctrl-C: what is planted is taken out again.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    faults = [known[name] for name in args.names] or FAULTS
    commands = ["make test"] if args.whole else list(_parts(fault.finds for fault in faults))
    for command in commands:
        if status := _run(command):
            return _refuse(f"this fails without any fault ({status}): {command}")
    found = [_is_found(fault, args.whole) for fault in faults]
    print(f"{sum(found)} of {len(found)} found")
    return 0 if all(found) else 1


def _refuse(why):
    print(f"planted: {why}", file=sys.stderr)
    return 1


def _git(*arguments):
    command = ["git", *arguments]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def _parts(finds):
    """Yield the commands that run several parts, all tests in one."""
    finds = list(dict.fromkeys(finds))
    tests = [find for find in finds if find.startswith("tests/")]
    yield from (_part(find) for find in finds if find not in tests)
    if tests:
        yield _pytest(CHOSEN, *tests)


def _part(finds, chosen=CHOSEN):
    if finds.startswith("tests/"):
        return _pytest(chosen, finds)
    return f"{_program('autograder')} {finds[11:]}"


def _pytest(chosen, *tests):
    return shlex.join([sys.executable, "-m", "pytest", "-q", "-x", "-m", chosen, *tests])


def _program(name):
    return shlex.quote(str(Path(sys.executable).with_name(name)))


def _is_found(fault, whole):
    """Plant a fault, run what should find it, and print what came of it."""
    began, how = time.monotonic(), ""
    command, longer = (_part(fault.finds, chosen) for chosen in (CHOSEN, ALL))
    status = _status(fault, "make test" if whole else command)
    if status == NONE_CHOSEN and not _run(longer):  # it passes without the fault
        status, how = _status(fault, longer), ", by a long test"
    found = bool(status) if whole else status == FAILED
    said = f"found{how}" if found else f"NOT FOUND (exit status {status})"
    print(f"{fault.name:32}{said:10}{time.monotonic() - began:5.0f} s  {fault.what}", flush=True)
    return found


def _status(fault, command):
    with planted(fault):
        return _run(command, fault.name)


@contextmanager
def planted(fault):
    """Have a fault in its file for the length of the block."""
    file = ROOT / fault.file
    whole = file.read_bytes()
    old, new = fault.old.encode(), fault.new.encode()
    if whole.count(old) != 1:
        raise ValueError(f"{fault.name}: {fault.file} doesn't hold its text once")
    try:
        file.write_bytes(whole.replace(old, new))
        yield
    finally:
        file.write_bytes(whole)


def _run(command, name=""):
    """Run a command as `make test` does; return its exit status."""
    environment = {
        **os.environ,
        "JUPYTER_DEFAULT_PROVISIONER_NAME": "keras-warm",
        "PYTHONDONTWRITEBYTECODE": "1",  # so that nothing of a fault is left
        PLANTED: name,
    }
    done = subprocess.run(
        shlex.split(command),
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
