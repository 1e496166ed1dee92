"""The cells of a lesson as they must be: what the gradebook knows, in the order of the edition."""

import ast
import copy
import json
import re
import symtable
import textwrap
import warnings
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path

from autograder.errors import UserError
from autograder.progress import owner

#: Where the lessons of this series lie, in a checkout.
REPOSITORY = Path(__file__).resolve().parents[3]
# The beginning of a line that gives a name at the top level: def, class, or an assignment. Made
# for text that may be half a statement, which no parser of Python would take.
_DEFINES = re.compile(
    r"^(?:async[ \t]+def|def|class)[ \t]+(\w+)"
    r"|^((?:\w+[ \t]*,[ \t]*)*\w+)[ \t]*(?::[^=\n]{0,200})?=(?!=)",
    re.MULTILINE,
)
#: What stands before a line that isn't Python, but IPython's.
MAGIC = re.compile(r"^([ \t]*)[%!?].*$", re.MULTILINE)
# The magic that runs the statement behind it.
_TIMED = re.compile(r"^([ \t]*)%time[ \t]+(?=\S)", re.MULTILINE)
_REGION = r"[^\n]*BEGIN {0}[^\n]*\n.*?[^\n]*END {0}[^\n]*(?:\n|$)"
_HIDDEN_TESTS = re.compile(_REGION.format("HIDDEN TESTS"), re.DOTALL)
_SOLUTION = re.compile(_REGION.format("SOLUTION"), re.DOTALL)
_STUB = re.compile(r"^[ \t]*raise NotImplementedError\(\)[ \t]*$|^\w+ = \.\.\.", re.MULTILINE)
#: What nbgrader puts in the place of an answer in words.
_TEXT_STUB = "YOUR ANSWER HERE\n"


@dataclass(frozen=True)
class LessonCell:
    """A cell of a lesson.

    `source` is what gets graded (a check with its hidden tests, an answer as it was handed out),
    `given` what the learner was given, None where that isn't known. `metadata` is the lesson's.
    """

    id: str
    kind: str
    source: str
    given: str | None
    metadata: dict = field(default_factory=dict)
    names: tuple = ()

    @property
    def marks(self):
        """What nbgrader notes about the cell; empty for a plain cell."""
        return self.metadata.get("nbgrader", {})

    @property
    def grade_id(self):
        """The cell's name in the gradebook, None for a plain cell."""
        return self.marks.get("grade_id")

    @property
    def role(self):
        """What the cell is for: "answer", "check", "locked" or "plain"."""
        if self.marks.get("solution"):
            return "answer"
        if self.marks.get("grade"):
            return "check"
        return "locked" if self.marks.get("locked") or self.marks.get("task") else "plain"

    def is_given(self, text):
        """Tell whether `text` is the cell as it was handed out."""
        if self.given is None:
            return bool(_STUB.search(text))
        return squeezed(text) in (squeezed(self.given), squeezed(self.source))

    def is_unanswered(self, text):
        """Tell whether `text` holds no answer: nothing, or what was handed out and comments."""
        if not text.strip() or self.is_given(text):
            return True
        if self.kind != "code" or not self.given or "#" not in text + self.given:
            return False
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of escape sequences
            try:
                return ast.dump(ast.parse(text)) == ast.dump(ast.parse(self.given))
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                return False


def squeezed(text):
    """Return text without what no reader sees: blanks at the ends of lines and around it."""
    return "\n".join(line.rstrip() for line in text.splitlines()).strip()


def defined_names(text):
    """Return {name: line, from 0} of what a cell's text defines at its top level.

    A name that is defined more than once has its first line.
    """
    found, line, last = {}, 0, 0
    for match in _DEFINES.finditer(text):
        line, last = line + text.count("\n", last, match.start()), match.start()
        for name in (match[1] or match[2]).split(","):
            found.setdefault(name.strip(), line)
    return found


def bound_names(text):
    """Return the names that a cell's text binds in whatever way: a set.

    `defined_names` sees them in a text that no parser takes, but only at the beginning of a line.
    """
    found = set(defined_names(text))
    for table, symbol in _symbols(_program(text)) or ():
        if table.get_type() == "module" or symbol.is_declared_global():
            found |= {symbol.get_name()} if _is_bound(symbol) else set()
    return found


def read_names(text):
    """Return the names of the notebook that a cell's text reads before it binds them: a set.

    Where no parser takes it, those are all its words.
    """
    found, bound = set(), set()
    for code, statement in _split(text):
        told = _symbols(code)
        if told is None:
            found |= set(re.findall(r"[^\W\d]\w*", code))
        for table, symbol in told or ():
            is_read = symbol.is_referenced() and symbol.is_global()
            if table.get_type() == "module":
                is_read = _is_read_here(symbol, statement)
            if is_read:
                found |= {symbol.get_name()} - bound
        bound |= bound_names(code)
    return found


def _is_read_here(symbol, statement):
    """Tell whether a statement outside of functions reads a name before it binds it."""
    if isinstance(statement, ast.AugAssign):
        return True
    is_own = _is_bound(symbol) and not isinstance(statement, (ast.Assign, ast.AnnAssign))
    return symbol.is_referenced() and not is_own


def statements_of(text):
    """Return the statements of a cell, however they are spaced; its text where it is no Python."""
    return {code for code, _ in _split(text)}


def _program(text):
    """Return the text of a cell without what isn't Python, but IPython's."""
    return MAGIC.sub(r"\1pass", _TIMED.sub(r"\1", textwrap.dedent(text)))


def _split(text):
    """Return [(text, node)] of the statements of a cell, one for each name that it imports.

    For a text that no parser takes, that is [(text, None)].
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of escape sequences
            body = ast.parse(_program(text)).body
        return [(ast.unparse(one), one) for one in chain.from_iterable(map(_singly, body))]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return [(text, None)]


def _singly(statement):
    if isinstance(statement, ast.Import):
        return [ast.Import([name]) for name in statement.names]
    if isinstance(statement, ast.ImportFrom):
        return [ast.ImportFrom(statement.module, [n], statement.level) for n in statement.names]
    return [statement]


def _symbols(code):
    """Return (table, symbol) of a program and all its functions; None for no Python."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of escape sequences
        try:
            tables = [symtable.symtable(code, "cell", "exec")]
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
    found = []
    while tables:
        table = tables.pop()
        tables += table.get_children()
        found += [(table, symbol) for symbol in table.get_symbols()]
    return found


def _is_bound(symbol):
    return symbol.is_assigned() or symbol.is_imported()


def checks_of(cells):
    """Return {grade_id of an answer: places of its checks} for the cells of a lesson.

    A check whose name tells no answer is of the answer above it.
    """
    answers = [cell.grade_id for cell in cells if cell.role == "answer"]
    found, above = {name: [] for name in answers}, None
    for place, cell in enumerate(cells):
        if cell.role == "answer":
            above = cell.grade_id
        elif cell.role == "check" and (name := owner(cell.grade_id, answers) or above):
            found[name].append(place)
    return found


def without_hidden_tests(source):
    """Return a check's source as the learner has it."""
    return _HIDDEN_TESTS.sub("", source)


def from_notebook(notebook):
    """Return the cells of a lesson from one of its editions, as a list of LessonCell.

    Of the solved edition the solutions are left out.
    """
    return [_from_cell(cell, number) for number, cell in enumerate(notebook["cells"])]


def _from_cell(cell, number):
    source = _text(cell)
    metadata = copy.deepcopy(dict(cell.get("metadata", {})))
    given = without_hidden_tests(source)
    names = _names(cell["cell_type"], source)
    if (metadata.get("nbgrader") or {}).get("solution") and _SOLUTION.search(source):
        given = None if cell["cell_type"] == "code" else _SOLUTION.sub(_TEXT_STUB, source)
        source = _SOLUTION.sub("", source)
    name = cell.get("id", f"lesson-{number}")
    return LessonCell(name, cell["cell_type"], source, given, metadata, names)


def _names(kind, source):
    """Return the names that a cell of this kind defines; words define none."""
    return tuple(defined_names(source)) if kind == "code" else ()


def _text(cell):
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def from_gradebook(gradebook, lesson, notebook, edition):
    """Return (cells, kernelspec) of a lesson: marks and texts as in the gradebook.

    The order, the ids and the plain cells are those of `edition`, a file of the released or of
    the solved notebook.

    Args:
        gradebook: an open `nbgrader.api.Gradebook`.
        lesson: name of the assignment.
        notebook: name of the notebook in it.
        edition: path of a notebook of the lesson.
    """
    record = gradebook.find_notebook(notebook, lesson)
    sources = {cell.name: cell for cell in record.source_cells}
    worth = {cell.name: float(cell.max_score) for cell in [*record.grade_cells, *record.task_cells]}
    roles = {
        "grade": {cell.name for cell in record.grade_cells},
        "solution": {cell.name for cell in record.solution_cells},
        "task": {cell.name for cell in record.task_cells},
    }
    cells = from_notebook(read_edition(edition))
    if {cell.grade_id for cell in cells if cell.grade_id} != set(sources):
        raise UserError(
            f"{edition} and the gradebook do not hold the same cells: "
            f"run `nbgrader generate_assignment {lesson} --force`"
        )
    merged = [
        _as_recorded(cell, sources[cell.grade_id], roles, worth) if cell.grade_id else cell
        for cell in cells
    ]
    return merged, json.loads(record.kernelspec or "null")


def as_generated(solved, cells):
    """Return the solved notebook of a lesson, as plain data, in the state in which it is graded.

    Args:
        solved: a solved notebook of the lesson, which may have been changed since.
        cells: the lesson's cells, as `from_gradebook` returns them: all comes from them, but for
            the solutions, and for what is shown below cells that are as they were.
    """
    solutions, shown = {}, {}
    for cell in solved["cells"]:
        marks = cell.get("metadata", {}).get("nbgrader") or {}
        if marks.get("solution"):
            solutions[marks["grade_id"]] = _text(cell)
        elif not marks.get("grade"):
            shown[cell.get("id"), _text(cell)] = cell.get("outputs")
    return {**solved, "cells": [_generated(cell, solutions, shown) for cell in cells]}


def _generated(cell, solutions, shown):
    source = cell.source
    if cell.role == "answer" and cell.grade_id in solutions:
        solution = solutions[cell.grade_id]
        if bound_names(source) <= bound_names(solution):  # else it is the answer to something else
            source = solution
    made = {"id": cell.id, "cell_type": cell.kind, "metadata": cell.metadata, "source": source}
    if cell.kind != "code":
        return made
    outputs = shown.get((cell.id, source)) if cell.role == "plain" else None
    return made | {"outputs": outputs or [], "execution_count": None}


def exercises(gradebook):
    """Return {lesson: grade_ids of its exercises} of all lessons that the gradebook knows."""
    from nbgrader.api import Assignment, BaseCell, GradeCell, Notebook, SolutionCell

    found = {}
    for kind in (GradeCell, SolutionCell):
        query = gradebook.db.query(Assignment.name, kind.name).select_from(kind)
        query = query.join(Notebook, BaseCell.notebook_id == Notebook.id).join(Notebook.assignment)
        for lesson, name in query:
            found.setdefault(lesson, set()).add(name)
    return found


def read_edition(path):
    """Return an edition of a lesson, our own file, as plain data."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UserError(f"{path} cannot be read as a notebook: {error}") from None


def _as_recorded(cell, record, roles, worth):
    """Return a cell of an edition with all that the gradebook knows about it."""
    name = record.name
    marks = {flag: name in names for flag, names in roles.items()}
    marks |= {
        "schema_version": 3,
        "grade_id": name,
        "locked": bool(record.locked),
        "checksum": record.checksum,
        "cell_type": record.cell_type,
    }
    if name in worth:
        marks["points"] = worth[name]
    return replace(
        cell,
        kind=record.cell_type,
        source=record.source,
        given=without_hidden_tests(record.source),
        metadata={**cell.metadata, "nbgrader": marks},
        names=_names(record.cell_type, record.source),
    )
