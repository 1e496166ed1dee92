"""A lesson's text: read with jupytext, cell by cell, each with its place in the file."""

import functools
import re
from dataclasses import dataclass, field
from pathlib import Path

import jupytext
import nbformat

from autograder.errors import UserError

OPTIONS = ("answer", "level", "check", "aspect", "points", "essay", "locked", "tags")
OPTIONS_HELP = (
    'the options are answer="name", level=1, check="name", aspect="word", points=1, '
    'essay="name", locked="name" and tags=["word"]'
)
#: An essay is an answer that a person grades: it is worth points, and no cell checks it.
ROLES = ("answer", "check", "essay", "locked")
#: How hard an exercise is: read it off, work it out, design it.
LEVELS = (1, 2, 3)
#: Exercises of this level have a star at their heading.
HARD, STAR = 3, " ★"

# What jupytext notes about the layout of the text; no option of an author.
_LAYOUT = {"line", "cell_marker", "region_name", "lines_to_next_cell"}
_CELL_MARKER = re.compile(r"\s*#\s*%%+(\s|$)")


@dataclass(frozen=True)
class Fault:
    """What is wrong with a lesson, where, and how to mend it."""

    file: str
    line: int
    cell: str
    sentence: str

    def __str__(self):
        return f"{self.file}:{self.line}: cell {self.cell}: {self.sentence}"


@dataclass(frozen=True)
class Cell:
    """One cell of a lesson's text.

    `line` is the line of the cell's marker, `start` the line of the first line of its source.
    """

    number: int
    kind: str
    source: str
    line: int
    start: int
    options: dict = field(default_factory=dict)

    @property
    def role(self):
        """What the cell is for: one of ROLES, or None."""
        return next((role for role in ROLES if role in self.options), None)

    @property
    def grade_id(self):
        """The cell's id in nbgrader, None for a cell that nbgrader does not know."""
        if self.role != "check":
            return self.options.get(self.role)
        aspect = self.options.get("aspect")
        return f"test_{self.options['check']}" + (f"_{aspect}" if aspect else "")

    @property
    def label(self):
        """What a person calls the cell: its id, else its number."""
        return str(self.grade_id or self.number)


@dataclass(frozen=True)
class Lesson:
    """A lesson's text: `file` is its path as people see it, `stem` its name."""

    stem: str
    file: str
    cells: list

    def role(self, role):
        """Return the cells with this role, one of ROLES."""
        return [cell for cell in self.cells if cell.role == role]

    @property
    def exercises(self):
        """The cells in which learners answer, in their order."""
        return [cell for cell in self.cells if cell.role in ("answer", "essay")]

    def points(self, exercise):
        """Return what an exercise, a cell, is worth: its own points, or those of its checks."""
        mine = [c for c in self.role("check") if str(c.options["check"]) == exercise.label]
        return sum(c.options["points"] for c in ([exercise] if exercise.role == "essay" else mine))

    def fault(self, cell, sentence, row=None):
        """Return a fault of a cell, or of the row (from 0) of its source."""
        line = cell.line if row is None else cell.start + row
        return Fault(self.file, line, cell.label, sentence)


def read_lesson(path, root):
    """Read the text of a lesson; `root` is the folder that its path is told from."""
    file = Path(path).relative_to(root).as_posix()
    try:
        text = Path(path).read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        said = f"{file} is not UTF-8 text (byte {error.start}); save it as UTF-8"
        raise UserError(said) from None
    except OSError as error:
        raise UserError(f"{file} cannot be read: {error.strerror}") from None
    try:
        return Lesson(Path(path).stem, file, list(_cells(text)))
    except nbformat.ValidationError as error:
        said = f"the cell options cannot be read: {error.message}; {OPTIONS_HELP}"
        raise UserError(f"{file}:{_refused_marker(text)}: {said}") from None


@functools.lru_cache(maxsize=64)  # a lesson is read once more for each that links to it
def _cells(text):
    return tuple(_read_cells(text))


def _read_cells(text):
    read = jupytext.reads(text, fmt="py:percent").cells
    numbered = jupytext.reads(_number_markers(text), fmt="py:percent").cells
    line = 1
    for number, (cell, twin) in enumerate(zip(read, numbered, strict=True), 1):
        line = twin.metadata.get("line", line)
        quoted = cell.metadata.get("cell_marker", "") in ('"""', "'''")
        options = {name: value for name, value in cell.metadata.items() if name not in _LAYOUT}
        start = line + (2 if quoted else 1)
        yield Cell(number, cell.cell_type, cell.source, line, start, options)


def _refused_marker(text):
    """Return the line of the first marker whose options the notebook format refuses."""
    for number, line in enumerate(text.splitlines(), 1):
        try:
            jupytext.reads(line if _CELL_MARKER.match(line) else "", fmt="py:percent")
        except nbformat.ValidationError:
            return number
    return 1


def _number_markers(text):
    """Return the text with its line number as one more option on each cell marker.

    Jupytext gives no line numbers, and only jupytext knows which of the marker-like lines are
    markers (one inside a string is not), so the numbers travel through it.
    """
    lines = text.splitlines()
    return "\n".join(
        f"{line} line={number}" if _CELL_MARKER.match(line) else line
        for number, line in enumerate(lines, 1)
    )
