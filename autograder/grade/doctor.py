"""The command `autograder doctor`: what the grader would say about a notebook, before it's sent.

Nothing of the notebook is run.
"""

import ast
import json
import os
import re
import warnings
from dataclasses import asdict, dataclass, field
from pathlib import Path

from autograder.errors import UserError
from autograder.grade import intake
from autograder.grade.course import REPOSITORY
from autograder.grade.expected import from_notebook, read_edition
from autograder.grade.repair import Remark, belongs, mended

WELL, REPAIRED, REFUSED = "well", "repaired", "refused"

# Where editions of a lesson are, in a copy of the repository and in a course directory.
_EDITIONS = ("notebooks/{0}.ipynb", "solutions/{0}.ipynb", "release/{0}/{0}.ipynb", "{0}.ipynb")
_LESSONS = ("notebooks", "solutions", "release/*", ".")
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


def diagnose(path, root=REPOSITORY):
    """Return the Diagnosis of a notebook's file.

    Args:
        path: the notebook.
        root: a folder with the lessons: a copy of the repository, or a course directory.
    """
    path, root = Path(path), Path(root)
    if not os.path.lexists(path):
        raise UserError(f"there is no file {path}: name the notebook that you want to hand in")
    title = intake.shown(path.name)
    try:
        cells, remarks = intake.read_notebook(path)
        lesson, expected = lesson_of(path, cells, root)
        if path.name != f"{lesson}.ipynb":
            remarks.append(Remark(title, f"Rename it: it is to be handed in as {lesson}.ipynb."))
        cells, repaired = mended(cells, expected)
        remarks += [*repaired, *_on_files_around(path, lesson)]
    except intake.Rejected as rejected:
        return Diagnosis(title, "", REFUSED, [Remark(title, rejected.reason)])
    state = REPAIRED if remarks else WELL
    return Diagnosis(title, lesson, state, remarks, list(_on_answers(cells, expected)))


def lesson_of(path, cells, root):
    """Return (name, cells) of the lesson that a notebook is of."""
    name = _ANOTHER_NAME.sub("", path.name.split(".ipynb")[0])
    edition = _edition(name, path, root)
    if edition:
        return name, from_notebook(read_edition(edition))
    for other in _lessons(root):
        edition = _edition(other, path, root)
        expected = from_notebook(read_edition(edition)) if edition else []
        if any(cell.grade_id for cell in expected) and belongs(cells, expected):
            return other, expected
    raise UserError(
        f"no lesson in {root} is like {path.name}: name the folder of the lessons by --lesson-root"
    )


def _edition(name, path, root):
    """Return an edition of a lesson other than the notebook itself, None if there is none."""
    for pattern in _EDITIONS:
        edition = root / pattern.format(name)
        if edition.is_file() and not os.path.samefile(edition, path):
            return edition
    return None


def _lessons(root):
    return sorted({path.stem for place in _LESSONS for path in root.glob(f"{place}/*.ipynb")})


def _on_files_around(path, lesson):
    """Return remarks on what would be handed in with the notebook.

    That is the folder which nbgrader makes for a lesson, and which has the lesson's name. Of
    another folder nobody knows what is in it.
    """
    folder = path.absolute().parent
    if folder.name != lesson or os.scandir not in os.supports_fd:
        return []
    return intake.look_at(folder, path.name)


def _on_answers(cells, expected):
    """Yield sentences on answers that are as they were handed out, or no Python."""
    marks = ((cell["metadata"].get("nbgrader", {}), cell["source"]) for cell in cells)
    sources = {mark.get("grade_id"): source for mark, source in marks}
    answers = [cell for cell in expected if cell.role == "answer" and cell.grade_id in sources]
    untouched = [cell for cell in answers if cell.is_given(sources[cell.grade_id])]
    if untouched:
        names = ", ".join(cell.grade_id for cell in untouched)
        yield f"Still as handed out: {names} ({len(untouched)} of {len(answers)} answers)."
    for cell in answers:
        if cell not in untouched and (fault := _fault(sources[cell.grade_id])):
            yield f"The answer {cell.grade_id} is no Python: {fault}."


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
        return f"{intake.shown(error.msg)}, in line {error.lineno}"
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
        default=REPOSITORY,
        help="where the lessons are, to compare with: the folder with notebooks/ and solutions/ "
        "in it, or a folder with the lesson as it was handed out (default: the repository of "
        "this command)",
    )
    parser.add_argument("--json", action="store_true", help="print it as JSON")
    parser.set_defaults(run=run)


def run(args):
    """Print the diagnosis; return the exit status."""
    found = diagnose(args.notebook, args.lesson_root)
    print(json.dumps(found.as_dict(), indent=2) if args.json else found.as_text())
    return 0 if found.state == WELL else 1
