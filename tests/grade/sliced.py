"""Grades a notebook of a lesson with its demonstrations left out, and with everything run."""

import re
import tempfile
from pathlib import Path

import nbformat
from nbconvert.filters import strip_ansi
from nbgrader.utils import determine_grade, is_grade, is_solution

from autograder.grade.run.execute import RAN, JudgedExecute
from autograder.grade.run.points import undecided
from autograder.states import MEDIA_TYPE

ROOT = Path(__file__).parents[2]
#: Where things lie in memory, when it was, and the numbers that Keras gives in the order of things.
_ADDRESS = re.compile(r"0x[0-9a-f]{6,}")
_NUMBERED = re.compile(r"\b((?:[a-z]\w*_)?[a-z]+\w*?)_\d+\b")
_COUNT = re.compile(r"(Cell |File <ipython-input-|In ?\[|<cell line: )\d+")


def graded(lesson, answers, own=(), thorough=False, **settings):
    """Return the notebook of a lesson, run and judged.

    Args:
        lesson: Its name, or the path of its solved edition.
        answers: {exercise: source}; the others are as the lesson solves them.
        own: [(id of the cell above, source)] of cells of the student's own.
        thorough: Whether everything is run.
        settings: Of JudgedExecute.
    """
    edition = lesson if isinstance(lesson, Path) else ROOT / "solutions" / f"{lesson}.ipynb"
    notebook = nbformat.read(edition, as_version=4)
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        cell.source = answers.get(name, cell.source)
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    for number, (above, source) in enumerate(own):
        place = [n for n, cell in enumerate(notebook.cells) if above in _names(cell)][0]
        made = nbformat.v4.new_code_cell(source, id=f"own-{number}")
        notebook.cells.insert(place + 1, made)
    with tempfile.TemporaryDirectory() as folder:
        step = JudgedExecute(edition=str(edition), thorough=thorough, **settings)
        resources = {"metadata": {"path": folder}, "nbgrader": {}}
        return step.preprocess(notebook, resources)[0]


def told(notebook):
    """Return {cell: what came of it} of the checks and of what the student wrote."""
    found = {}
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        name, *_ = _names(cell)
        if is_grade(cell) and not is_solution(cell):
            found[name] = (
                cell.metadata.autograder.state,
                undecided(cell),
                determine_grade(cell)[0],
                [o.data[MEDIA_TYPE] for o in cell.outputs if MEDIA_TYPE in o.get("data", {})],
                [_plain(output) for output in cell.outputs],
            )
        elif is_solution(cell) or name.startswith("own-"):
            found[name] = [_plain(output) for output in cell.outputs]
    return _without_numbers(found)


def ran(notebook):
    """Return the sentence on which cells were run."""
    return notebook.metadata[RAN]


def _names(cell):
    return [n for n in (cell.metadata.get("nbgrader", {}).get("grade_id"), cell.id) if n]


def _plain(output):
    if output.output_type == "error":
        return output.ename, output.evalue, strip_ansi("\n".join(output.traceback))
    return output.get("text") or dict(output.data)


def _without_numbers(found):
    """Return the same without addresses, and without the numbers of layers and of cells."""
    if isinstance(found, str):
        return _COUNT.sub(r"\1", _NUMBERED.sub(r"\1", _ADDRESS.sub("0x", found)))
    if isinstance(found, dict):
        return {key: _without_numbers(value) for key, value in found.items()}
    if isinstance(found, (list, tuple)):
        return [_without_numbers(value) for value in found]
    return found


def mixtures(exercises):
    """Yield sets of answers, {exercise: source}, until every answer to each has been in one.

    exercises: {name: `autograder.answers.Exercise`}. Right and wrong ones are mixed, each time
    others.
    """
    banks = {n: [*e.right, *(source for source, _ in e.wrong)] for n, e in exercises.items()}
    for number in range(max(map(len, banks.values()))):
        yield {n: b[(number + place) % len(b)] for place, (n, b) in enumerate(banks.items())}
