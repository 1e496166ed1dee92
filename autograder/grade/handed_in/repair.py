"""The notebook that is graded: the lesson's own cells, in its order, with the student's answers.

Nothing but the text of cells is taken from the student; what a cell is, is worth and may do comes
from the lesson.
"""

import re
from dataclasses import dataclass

from autograder.grade.handed_in import astray, defuse, dropped
from autograder.grade.handed_in.defuse import shown
from autograder.grade.handed_in.expected import bound_names, statements_of
from autograder.grade.handed_in.matching import Matching, marks

_KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
#: The file that says when something was handed in; a remark on it is told to whoever grades.
TIMESTAMP = "timestamp.txt"
_FLAGS = ("grade", "locked", "solution", "task", "points", "schema_version")


@dataclass(frozen=True)
class Remark:
    """What was noticed about a cell or a file: told to the student and to the instructor.

    `checks` are those which a person has to look at because of it, if they lose points (see
    `doubts`).
    """

    cell: str
    sentence: str
    checks: tuple = ()

    def __str__(self):
        return f"{self.cell}: {self.sentence}"


def repair(notebook, expected, kernelspec=None):
    """Return (notebook, remarks): the lesson's cells with the student's answers in them.

    Args:
        notebook: what the student sent, as `intake.read_submission` returns it.
        expected: the lesson's cells, a list of `expected.LessonCell`.
        kernelspec: the lesson's; what the student's notebook asks for doesn't count.
    """
    from nbformat import from_dict  # takes a second, which `autograder doctor` does without

    cells, remarks = mended(notebook["cells"], expected)
    metadata = {"kernelspec": kernelspec or _KERNELSPEC, "language_info": {"name": "python"}}
    made = {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells}
    return from_dict(made), remarks


def mended(cells, expected):
    """Do what `repair` does, with plain lists of cells."""
    matching = Matching(cells, expected)
    matching.find_all()
    assembled = _assembled(matching)
    return assembled, _remarks(matching, assembled)


def belongs(cells, expected):
    """Tell whether cells are of this lesson: at least half of its exercises' cells are there."""
    matching = Matching(cells, expected)
    matching.find_by_sure_signs()
    # A setup cell is much the same in all lessons.
    marked = [place for place, cell in enumerate(expected) if cell.role in ("answer", "check")]
    return 2 * sum(place in matching.found for place in marked) >= max(1, len(marked))


def of_another_lesson(cells, expected, lessons=None):
    """Return in words what other lesson a notebook is of, None if it may be of this one.

    Args:
        cells: the student's.
        expected: the lesson's.
        lessons: {name: grade_ids} of the course's lessons.
    """
    if belongs(cells, expected):
        return None
    found = [marks(cell) for cell in cells]
    theirs = {str(one["grade_id"]) for one in found if _is_exercise(one)}
    strange = theirs - {cell.grade_id for cell in expected}
    if len(strange) < 2 or 2 * len(strange) <= len(theirs):
        return None
    for name, known in (lessons or {}).items():
        if 2 * len(strange & known) > len(strange):
            return f"the lesson {name}"
    some = ", ".join(map(shown, sorted(strange)[:3])) + (", ..." if len(strange) > 3 else "")
    return f"another lesson ({some})"


def _is_exercise(mark):
    return "grade_id" in mark and bool(mark.get("grade") or mark.get("solution"))


# The notebook that comes out.


def _assembled(matching):
    """Return the lesson's cells in its order; the student's own stay behind their neighbours."""
    own = _own_cells(matching)
    cells = own.pop(None, [])
    for place in range(len(matching.expected)):
        cells += [_lesson_cell(matching, place), *own.get(place, [])]
    return cells


def _own_cells(matching):
    """Return {place of the lesson's cell above, None for the top: the student's own cells}."""
    places = {n: place for place, numbers in matching.found.items() for n in numbers}
    taken = {cell.id for cell in matching.expected}
    own, above = {}, None
    for number, cell in enumerate(matching.cells):
        above = places.get(number, above)
        if number in matching.free and cell["source"].strip():
            name = f"own-{number + 1}"
            while name in taken:
                name = f"own-{name}"
            made = _cell(name, cell["cell_type"], {}, _harmless(cell["cell_type"], cell["source"]))
            own.setdefault(above, []).append(made)
    return own


def _lesson_cell(matching, place):
    cell = matching.expected[place]
    if place in matching.found and cell.role in ("answer", "plain"):
        text = matching.answer(place)
        if _is_written(cell, text):
            return _cell(cell.id, cell.kind, cell.metadata, _harmless(cell.kind, text))
    return _cell(cell.id, cell.kind, cell.metadata, cell.source)


def _is_written(cell, text):
    """Tell whether a learner has written something into a cell, or left it as it was."""
    if cell.marks.get("grade") and cell.role == "answer":
        # A person marks it, also where it was emptied; nbgrader gives 0 to what wasn't touched.
        return text not in (cell.source, cell.given)
    return text.strip() and not (cell.given is not None and cell.is_given(text))


def _harmless(kind, text):
    return text if kind == "code" else defuse.markdown(text)


def _cell(name, kind, metadata, source):
    cell = {"id": name, "cell_type": kind, "metadata": metadata, "source": source}
    return cell | {"outputs": [], "execution_count": None} if kind == "code" else cell


# What is told about it.


def _remarks(matching, assembled):
    expected = matching.expected
    if not any(expected[place].grade_id for place in matching.found):
        said = "None of the lesson's exercises are in it, so all count as not attempted."
        return [Remark("notebook", f"{said} Hand in the notebook that you worked on.")]
    remarks = []
    for place, cell in enumerate(expected):
        name = cell.grade_id or f"cell {cell.id}"
        remarks += [Remark(name, sentence) for sentence in _told(matching, place, cell)]
    elsewhere = [Remark(*found) for found in astray.answers(matching)]
    told = {check for remark in elsewhere for check in remark.checks}
    elsewhere += [Remark(*found) for found in dropped.needed(matching, assembled, told)]
    general = [Remark("notebook", sentence) for sentence in _told_in_general(matching)]
    return remarks + elsewhere + general


def _told(matching, place, cell):
    """Yield the sentences about one cell of the lesson."""
    yield from matching.noticed.get(place, [])
    if place not in matching.found:
        yield from _told_of_missing(cell)
        return
    sent = [matching.cells[number] for number in matching.found[place]]
    if names := _asked_for_in_vain(matching, place, cell):
        yield f"Its text isn't the lesson's, whose own {', '.join(names)} the checks use."
    if cell.grade_id and any(one["cell_type"] != cell.kind for one in sent):
        yield f"The cell's type was changed; it was turned back into {cell.kind}."
    is_locked = cell.role in ("check", "locked") and sent
    if is_locked and not cell.is_given(sent[0]["source"]) and not _is_untouched(sent[0]):
        yield "The cell is locked, and its text was not the lesson's; that was put back."
    if any(_changed(marks(one), cell.marks) and not _is_untouched(one) for one in sent):
        yield "What nbgrader notes in the cell was changed; the lesson's own notes count."


def _asked_for_in_vain(matching, place, cell):
    """Return the names that checks use of an example, and that a student has others of."""
    if cell.role != "plain" or cell.kind != "code":
        return []
    text = matching.answer(place)
    if not _is_written(cell, text) or cell.is_unanswered(text):
        return []
    checks = (other.source for other in matching.expected if other.role == "check")
    used = {word for check in checks for word in re.findall(r"\w+", check)}
    changed = bound_names("\n".join(statements_of(text) ^ statements_of(cell.source)))
    return sorted(used & changed & bound_names(cell.source))


def _is_untouched(sent):
    """Tell whether a cell is as it was handed out, which may have been before the lesson changed.

    The released notebook notes a checksum of each cell's text and marks. Who forges one is spared
    a remark, and nothing else: the lesson's own text and marks are graded all the same.
    """
    if not isinstance(marks(sent).get("checksum"), str):
        return False
    from nbformat import from_dict
    from nbgrader.utils import compute_checksum  # slow, and seldom needed here

    try:
        return compute_checksum(from_dict(sent)) == marks(sent)["checksum"]
    except (KeyError, TypeError, ValueError):
        return False


def _told_of_missing(cell):
    if cell.role == "answer":
        yield (
            "The cell is missing, so it counts as not attempted. "
            "If you had answered it, write the answer into a cell before its check."
        )
    elif cell.role != "plain":
        yield "The cell was missing; it was put back."
    elif cell.kind == "code":
        yield "An example of the lesson was missing; it was put back."


def _changed(found, true):
    flags = [flag for flag in _FLAGS if flag in found]
    if true.get("solution") and true.get("grade"):
        flags = [flag for flag in flags if flag != "points"]  # the lesson may give others by now
    return any(found[flag] != true.get(flag, found[flag]) for flag in flags)


def _told_in_general(matching):
    """Yield the sentences about the notebook as a whole."""
    if matching.unmarked:
        yield (
            f"{matching.unmarked} of the lesson's cells had lost nbgrader's mark; they were found "
            "by what stands in them and around them."
        )
    theirs = {cell.grade_id for cell in matching.expected}
    own = [marks(matching.cells[number]) for number in matching.free]
    own = [one for one in own if one.get("grade_id") not in theirs]
    if any(one.get("grade") or one.get("solution") or one.get("task") for one in own):
        yield "It marks cells as exercises that are none in the lesson; they give no points."
    if matching.is_out_of_order():
        yield "Cells of the lesson were moved; they are graded in the lesson's order."
