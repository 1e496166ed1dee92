"""The command `autograder build`."""

import json
import os
import re
import sys
import time
from pathlib import Path

from autograder import annotations

# The repository, when the package is installed from it in place.
ROOT = Path(__file__).parents[2]


def add_commands(commands, tell=None):
    """Add `build` to the command line.

    tell: tell(path) returns a sentence on a solved notebook whose cells have just been run.
    """
    build = commands.add_parser(
        "build",
        help="build the notebooks of lessons from their text",
        description="Build solutions/NN.ipynb (solved, with outputs) and notebooks/NN.ipynb "
        "(for learners) from solutions/NN.py. Cells run only if code changed.",
    )
    build.add_argument(
        "lessons",
        nargs="*",
        metavar="LESSON",
        help="name (01_input_vs_flatten), number (1) or path of a lesson (default: all)",
    )
    build.add_argument(
        "--check",
        action="store_true",
        help="run and write nothing; fail if a notebook is not as the text makes it",
    )
    build.add_argument("--force", action="store_true", help="run the cells even if nothing changed")
    build.add_argument(
        "--json", action="store_true", help="print what was done as JSON, an object per line"
    )
    build.add_argument(
        "--root", type=Path, default=ROOT, metavar="DIR", help="the repository (default: this one)"
    )
    build.set_defaults(run=run, tell=tell)


def run(args):
    """Build or check lessons; return the exit status."""
    # These load nbgrader and jupytext, which `autograder --help` should not wait for.
    from autograder.author.build import find_lessons
    from autograder.author.progress import Screen

    root = args.root.resolve()
    texts = find_lessons(root, args.lessons)
    act = _check if args.check else _build
    # What people read makes way for what programs read.
    return act(texts, root, args, Screen(stderr=args.json))


def _build(texts, root, args, screen):
    from autograder.author.build import build_lesson

    failed = 0
    for text in texts:
        start = time.monotonic()
        outcome = build_lesson(text, root, args.force, screen.progress)
        if args.tell and outcome.executed and not outcome.faults:
            told = args.tell(text.with_suffix(".ipynb"))
            outcome.notes += [f"{outcome.stem}: {told}"] if told else []
        failed += bool(outcome.faults)
        if args.json:
            print(json.dumps(_as_dict(outcome, root)), flush=True)
        _complain(outcome.faults, root)
        if outcome.faults:
            _complain([f"{outcome.stem}: nothing written; mend the above and build again"], root)
            continue
        files = ", ".join(path.relative_to(root).as_posix() for path in outcome.written)
        ran = f"{outcome.executed} cells run in {time.monotonic() - start:.0f} s, "
        ran = ran if outcome.executed else ""
        screen.say(f"{outcome.stem}: {ran}{f'wrote {files}' if files else 'nothing to write'}")
        for note in outcome.notes:
            screen.say(note)
    return 1 if failed else 0


def _as_dict(outcome, root):
    return {
        "lesson": outcome.stem,
        "executed": outcome.executed,
        "written": [path.relative_to(root).as_posix() for path in outcome.written],
        "notes": outcome.notes,
        "faults": list(map(str, outcome.faults)),
    }


def _check(texts, root, args, screen):
    from autograder.author.build import check_lesson, find_orphans

    lines = [line for text in texts for line in check_lesson(text, root)]
    lines += [] if args.lessons else find_orphans(root)
    if args.json:
        print(json.dumps({"lessons": [text.stem for text in texts], "faults": lines}))
    _complain(lines, root)
    if lines:
        return 1
    lessons = "1 lesson" if len(texts) == 1 else f"{len(texts)} lessons"
    screen.say(f"{lessons}: every notebook is as its text makes it")
    return 0


def _complain(lines, root):
    for line in map(str, lines):
        print(line, file=sys.stderr)
        if annotations.wanted():
            print(_annotation(line, root), file=sys.stderr)


def _annotation(line, root):
    """Return the annotation of a line; a fault of the text begins with its file and line."""
    found = re.match(r"([^:]+):(\d+): (.+)", line)
    if not found:
        return annotations.annotation("lesson", line)
    file = os.path.relpath(root / found[1], os.environ.get("GITHUB_WORKSPACE") or None)
    return annotations.annotation("lesson", found[3], file, found[2])
