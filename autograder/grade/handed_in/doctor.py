"""The command `autograder doctor`: what the grader would say about a notebook, before it's sent.

Nothing of the notebook is run.
"""

import ast
import json
import os
import re
import warnings
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from autograder.errors import UserError
from autograder.grade.handed_in import intake, packages
from autograder.grade.handed_in.expected import REPOSITORY, from_notebook, read_edition
from autograder.grade.handed_in.matching import marks
from autograder.grade.handed_in.repair import Remark, belongs, mended, of_another_lesson

WELL, REPAIRED, REFUSED = "well", "repaired", "refused"

# Where editions of a lesson are, in a copy of the repository and in a course directory.
_IN_FOLDERS = (
    "notebooks/{0}.ipynb",
    "solutions/{0}.ipynb",
    "release/{0}/{0}.ipynb",
    "source/{0}/{0}.ipynb",
)
_EDITIONS = (*_IN_FOLDERS, "{0}.ipynb")
_LESSONS = ("notebooks", "solutions", "release/*", "source/*", ".")
# How far above a notebook its lesson is looked for: submitted/STUDENT/LESSON/ is three below.
_ABOVE = 4
_ANOTHER_NAME = re.compile(r"(?:[ _-]*(?:\(\d+\)|copy\d*))+$", re.IGNORECASE)


@dataclass
class Diagnosis:
    """What is the matter with a notebook.

    lesson: the one it was compared with. remarks: what the grader would repair, or refuse it for.
    notes: sentences on answers that can't earn anything as they are.
    """

    notebook: str
    lesson: str
    state: str
    remarks: list = field(default_factory=list)
    notes: list = field(default_factory=list)

    def as_text(self):
        """Return a line for each remark, and one on what follows."""
        ends = {
            WELL: f"{self.notebook} is well; it can be handed in.",
            REPAIRED: "It would be graded, repaired as said above.",
            REFUSED: "It would not be graded.",
        }
        if self.notes:
            ends[WELL] = "It can be handed in."
        return "\n".join([*map(str, self.remarks), *self.notes, ends[self.state]])

    def as_dict(self):
        """Return the diagnosis as JSON-ready data."""
        return asdict(self)


def diagnose(path, root=None):
    """Return the Diagnosis of a notebook's file.

    Args:
        path: the notebook.
        root: a folder with the lessons: a copy of a repository, or a course directory (default:
            one that the notebook is in, or else the repository of this command).
    """
    path, roots = Path(path), [Path(root)] if root else [*_around(Path(path)), REPOSITORY]
    if not os.path.lexists(path):
        raise UserError(f"there is no file {path}: name the notebook that you want to hand in")
    title = intake.shown(path.name)
    try:
        cells, remarks = intake.read_notebook(path)
        lesson, expected, notes = _lesson_or_itself(path, cells, roots)
        if path.name != f"{lesson}.ipynb":
            remarks.append(Remark(title, f"Rename it: it is to be handed in as {lesson}.ipynb."))
        elif another := of_another_lesson(cells, expected, _known(path, roots)):
            raise intake.Rejected(intake.told_of_another(path.name, another, lesson))
        sent, (cells, repaired) = cells, mended(cells, expected)
        remarks += [*repaired, *_on_files_around(path, lesson, sent, expected)]
    except intake.Rejected as rejected:
        return Diagnosis(title, "", REFUSED, [Remark(title, rejected.reason)])
    notes += [*_on_answers(cells, expected), *_on_packages(path, cells, expected)]
    return Diagnosis(title, lesson, REPAIRED if remarks else WELL, remarks, notes)


def lesson_of(path, cells, *roots):
    """Return (name, cells) of the lesson that a notebook is of; raise UserError for none."""
    name = _name(path)
    for root in roots:
        if edition := _edition(name, path, root):
            return name, from_notebook(read_edition(edition))
    for root in roots:
        for other in _lessons(root):
            edition = _edition(other, path, root)
            expected = from_notebook(read_edition(edition)) if edition else []
            if belongs(cells, expected):
                return other, expected
    raise UserError(
        f"no lesson in {roots[-1]} is like {path.name}: "
        "name the folder of the lessons by --lesson-root"
    )


def _lesson_or_itself(path, cells, roots):
    """Return (name, cells, notes) of a lesson; of one that isn't known, as the notebook has it."""
    try:
        return *lesson_of(path, cells, *roots), []
    except UserError:
        if not any(marks(cell).get("solution") for cell in cells):
            raise
    note = (
        "No edition of its lesson was found to compare it with, so nothing can be said of "
        "deleted or changed cells: name the folder of the lessons by --lesson-root."
    )
    return _name(path), _from_itself(cells), [note]


def _name(path):
    return _ANOTHER_NAME.sub("", path.name.split(".ipynb")[0])


def _from_itself(cells):
    """Return the cells of a lesson as a learner's notebook has them, each exercise's cell once."""
    found = {}
    for number, cell in enumerate(from_notebook({"cells": cells})):
        if cell.role == "answer":  # what stands in it isn't what was handed out
            cell = replace(cell, source="", given=None)
        found.setdefault(cell.grade_id or number, cell)
    return list(found.values())


def _around(path):
    """Yield the folders above a notebook in which there is an edition of its lesson."""
    name = _name(path)
    for folder in list(path.absolute().parents)[:_ABOVE]:
        if _edition(name, path, folder, _IN_FOLDERS):
            yield folder


def _known(path, roots):
    """Return {lesson: grade_ids of its exercises} of all lessons but that of the name."""
    found = {}
    for root in roots:
        for name in _lessons(root):
            edition = _edition(name, path, root) if name != _name(path) else None
            cells = from_notebook(read_edition(edition)) if edition else []
            names = {cell.grade_id for cell in cells if cell.role in ("answer", "check")}
            found.setdefault(name, names)
    return found


def _edition(name, path, root, patterns=_EDITIONS):
    """Return an edition of a lesson other than the notebook itself, None if there is none."""
    for pattern in patterns:
        edition = root / pattern.format(name)
        if edition.is_file() and not (path.exists() and os.path.samefile(edition, path)):
            return edition
    return None


def _lessons(root):
    return sorted({path.stem for place in _LESSONS for path in root.glob(f"{place}/*.ipynb")})


def _on_files_around(path, lesson, cells, expected):
    """Return remarks on what would be handed in with the notebook.

    That is the folder which nbgrader makes for a lesson, and which has the lesson's name. Of
    another folder nobody knows what is in it.
    """
    folder = path.absolute().parent
    if folder.name != lesson or os.scandir not in os.supports_fd:
        return []
    return intake.look_at(folder, path.name, cells, expected)


def _on_packages(path, cells, expected):
    """Yield sentences on packages that the grader may not have."""
    beside = packages.paths_in(path.absolute().parent)
    yield from map(str, packages.missing(cells, expected, beside, "here"))
    yield from packages.beyond(cells, expected, beside)


def _on_answers(cells, expected):
    """Yield sentences on answers that are as they were handed out, and on what is no Python."""
    names = ((marks(cell).get("grade_id"), cell["source"]) for cell in cells)
    sources = {name: source for name, source in names if name}
    answers = [cell for cell in expected if cell.role == "answer" and cell.grade_id in sources]
    untouched = [cell for cell in answers if cell.is_unanswered(sources[cell.grade_id])]
    if untouched:
        names = ", ".join(cell.grade_id for cell in untouched)
        attempted = f"{len(answers) - len(untouched)} of {len(answers)}"
        yield f"Attempted: {attempted} answers. Still as handed out: {names}."
    skipped = {cell.grade_id for cell in untouched}
    for number, cell in enumerate(cells, 1):
        name = marks(cell).get("grade_id")
        if cell["cell_type"] != "code" or name in skipped:
            continue
        if fault := _fault(cell["source"]):
            where = f"The answer {name}" if name in sources else f"Cell {number}"
            yield f"{where} is no Python: {fault}."


def _fault(source):
    """Return what is wrong with the syntax of a cell; None where IPython would run it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of escape sequences
            return _syntax(source) and _syntax(_without_magics(source))
    except (ValueError, RecursionError, MemoryError) as error:
        return intake.shown(error)


def _syntax(source):
    try:
        ast.parse(source)
    except SyntaxError as error:
        return f"{type(error).__name__}, {intake.shown(error.msg)}, in line {error.lineno}"
    return None


def _without_magics(source):
    from IPython.core.inputtransformer2 import TransformerManager  # slow to import

    return TransformerManager().transform_cell(source)


# The learner's command.


def add_commands(commands):
    """Add `doctor` to the subparsers of the command `autograder`."""
    parser = commands.add_parser(
        "doctor",
        help="say what is wrong with a notebook before it is handed in",
        description="Say what the grader would repair or refuse in a notebook. Nothing of it is "
        "run. The exit status is 0 when all is well, and 1 when something would be repaired "
        "or refused.",
    )
    parser.add_argument("notebook", metavar="NOTEBOOK", type=Path, help="the notebook's file")
    parser.add_argument(
        "--lesson-root",
        metavar="DIR",
        type=Path,
        help="where the lessons are, to compare with: the folder with notebooks/ and solutions/ "
        "in it, or a folder with the lesson as it was handed out (default: the one that the "
        "notebook is in, or else the repository of this command)",
    )
    parser.add_argument("--json", action="store_true", help="print it as JSON")
    parser.set_defaults(run=run)


def run(args):
    """Print the diagnosis; return the exit status."""
    found = diagnose(args.notebook, args.lesson_root)
    print(json.dumps(found.as_dict(), indent=2) if args.json else found.as_text())
    return 0 if found.state == WELL else 1
