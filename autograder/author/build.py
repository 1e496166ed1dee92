"""Build and check the editions of lessons."""

import contextlib
import re
from dataclasses import dataclass, field
from pathlib import Path

from autograder.author import editions, rules
from autograder.author.execute import execute
from autograder.author.lesson import read_lesson
from autograder.author.links import lead_to_cells
from autograder.errors import UserError

SOLUTIONS = "solutions"
NOTEBOOKS = "notebooks"
_NEW = ".new.ipynb"  # an edition beside a file that holds a learner's own work


@dataclass
class Outcome:
    """What a build of one lesson did: `executed` cells, files `written`, or the `faults`."""

    stem: str
    executed: int = 0
    written: list = field(default_factory=list)
    notes: list = field(default_factory=list)
    faults: list = field(default_factory=list)


@contextlib.contextmanager
def _no_progress(stem, total):
    yield lambda: None


def find_lessons(root, names=()):
    """Return the texts of the named lessons (stem, number or path), of all if none is named."""
    folder = Path(root) / SOLUTIONS
    texts = sorted(folder.glob("*.py"))
    if not texts:
        raise UserError(f"there is no lesson (*.py) in {folder}; give the repository with --root")
    if not names:
        return texts
    return list(dict.fromkeys(_find(texts, name) for name in names))


def _find(texts, name):
    """Return the one text that a person means by a name, a number or a path."""
    path = Path(name)
    if re.fullmatch(r"\d+[a-z]?", name):
        found = [text for text in texts if _number(text.stem) == _number(name)]
    elif path.name == name:
        found = [text for text in texts if name in (text.stem, text.name)]
    else:
        # Also the path of an edition: what a shell completes to.
        folder, stem = path.resolve().parent, path.stem
        found = [text for text in texts if text.stem == stem and folder in _folders(text)]
    if len(found) > 1:
        both = " and ".join(text.stem for text in found)
        raise UserError(f"lesson {name} is {both}; give the whole name")
    if not found:
        known = ", ".join(text.stem for text in texts)
        raise UserError(f"there is no lesson {name}; there are {known}")
    return found[0]


def _number(name):
    """Return what stands before a lesson's topic, such as 3 or 3b."""
    return name.partition("_")[0].lstrip("0")


def _folders(text):
    root = text.resolve().parents[1]
    return root / SOLUTIONS, root / NOTEBOOKS


def build_lesson(text, root, force=False, progress=_no_progress):
    """Build both editions of a lesson; write neither if the lesson has a fault.

    `progress(stem, total)` is a context manager that gives a function to call after each cell.
    """
    root = Path(root)
    try:
        lesson = read_lesson(text, root)
    except UserError as error:
        return Outcome(text.stem, faults=[error])
    outcome = Outcome(lesson.stem, faults=rules.before_running(lesson))
    if outcome.faults:
        return outcome
    solved_path, learner_path = _paths(root, lesson.stem)
    solved = _solved_edition(lesson, text)
    if force or not editions.reuse_outputs(solved, editions.read_notebook(solved_path)):
        _run(lesson, solved, solved_path.parent, progress, outcome)
    outcome.faults = outcome.faults or rules.after_running(lesson, solved)
    if not outcome.faults:
        _write(solved_path, editions.to_text(solved), outcome)
        learner = editions.to_text(editions.learner_edition(solved))
        _place(learner_path, learner, outcome, root)
    return outcome


def _run(lesson, solved, folder, progress, outcome):
    total = sum(cell.kind == "code" and bool(cell.source.strip()) for cell in lesson.cells)
    with progress(lesson.stem, total) as advance:

        def ran():
            outcome.executed += 1
            advance()

        outcome.faults = execute(lesson, solved, folder, ran)


def _solved_edition(lesson, text):
    solved = editions.solved_edition(lesson)
    lead_to_cells(solved, Path(text).parent)
    return solved


def _paths(root, stem):
    return root / SOLUTIONS / f"{stem}.ipynb", root / NOTEBOOKS / f"{stem}.ipynb"


def _write(path, text, outcome):
    if editions.write(path, text):
        outcome.written.append(path)


def _place(path, text, outcome, root):
    """Write the learner edition, beside the file if that holds a learner's own work."""
    beside = path.with_suffix(_NEW)
    mine, new = path.relative_to(root).as_posix(), beside.relative_to(root).as_posix()
    if not holds_work(path, text):
        _write(path, text, outcome)
    elif holds_work(beside, text):
        outcome.notes.append(f"{mine} and {new} both hold your own work: neither was touched")
    else:
        _write(beside, text, outcome)
        outcome.notes.append(f"{mine} holds your own work and was kept: the new edition is {new}")


def holds_work(path, text=""):
    """Tell whether a learner has worked in this file (also if it cannot be read)."""
    if not path.exists() or editions.holds(path, text):
        return False
    notebook = editions.read_notebook(path)
    return notebook is None or not editions.is_pristine(notebook)


def check_lesson(text, root):
    """Return a line for each fault, and each edition that is not as the text makes it.

    Runs and writes nothing.
    """
    root = Path(root)
    try:
        lesson = read_lesson(text, root)
    except UserError as error:
        return [str(error)]
    faults = rules.before_running(lesson)
    if faults:
        return [str(fault) for fault in faults]
    solved_path, learner_path = _paths(root, lesson.stem)
    solved = _solved_edition(lesson, text)
    lines = []
    if editions.reuse_outputs(solved, editions.read_notebook(solved_path)):
        lines += [str(fault) for fault in rules.after_running(lesson, solved)]
        lines += _compare(solved_path, editions.to_text(solved), lesson.stem, root)
    else:
        # Its code or its checks changed, so only running it can tell the outputs.
        lines += _compare(solved_path, None, lesson.stem, root)
    learner = editions.to_text(editions.learner_edition(solved))
    file = learner_path.relative_to(root).as_posix()
    if holds_work(learner_path, learner):
        lines.append(
            f"{file} holds your own work: move it to another name to keep it, then run "
            f"`autograder build {lesson.stem}`"
        )
    else:
        lines += _compare(learner_path, learner, lesson.stem, root)
    return lines


def _compare(path, text, stem, root):
    if text is not None and editions.holds(path, text):
        return []
    state = "is stale" if path.exists() else "is missing"
    return [f"{path.relative_to(root).as_posix()} {state}: run `autograder build {stem}`"]


def find_orphans(root):
    """Return a line for each notebook beside the editions that no lesson's text makes."""
    root = Path(root)
    stems = {text.stem for text in (root / SOLUTIONS).glob("*.py")}
    return [
        f"{path.relative_to(root).as_posix()} belongs to no lesson: there is no "
        f"{SOLUTIONS}/{path.stem}.py; move it away or delete it"
        for folder in (SOLUTIONS, NOTEBOOKS)
        for path in sorted((root / folder).glob("*.ipynb"))
        if path.stem not in stems and not path.name.endswith(_NEW)
    ]
