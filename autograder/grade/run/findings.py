"""What was found of a check, written into its cell: as metadata, outputs and points."""

from dataclasses import replace

import nbformat
from nbgrader import utils

from autograder.grade.run.judge.process import FAILED, JUDGED, LOST, UNDECIDED
from autograder.grade.run.points import earned, found_points, write_points
from autograder.grade.run.student.outputs import error_output
from autograder.progress import owner

_SAID = {LOST: "StudentDied", UNDECIDED: "Undecided"}


def settled(found, worth):
    """Return a Finding whose value can be points of a check worth so many, or that is undecided."""
    if found.state != JUDGED or earned(found.state, found.value, worth) is not None:
        return found
    reason = f"its last line gives {found.value}, which can't be its points"
    line = _line_of_value(found.outputs)
    return replace(found, state=UNDECIDED, reason=reason, value=None, line=line)


def write(cell, found, outputs, told, answers, **noted):
    """Write a Finding into its check cell.

    Args:
        cell: The cell.
        found: The Finding, settled.
        outputs: What is shown of it, nodes or plain data.
        told: What students read of why it wasn't judged, if it wasn't.
        answers: The answer cells of the notebook.
        noted: What else is noted.
    """
    noted |= {part: getattr(found, part) for part in ("state", "reason", "line", "value")}
    if said := _SAID.get(found.state):
        noted["told"] = told
        outputs = [*outputs, error_output(said, told)]
    cell.outputs = as_nodes(outputs)
    cell.metadata["autograder"] = noted | {"untouched": _is_untouched(cell, found, answers)}
    write_points(cell)


def doubt(notebook, doubted):
    """Leave those of these checks to a person that have lost points."""
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        points = found_points(cell) if name in doubted else None
        if points is not None and points < cell.metadata.nbgrader.points:
            reason = "the lesson's own solution doesn't pass this check"
            cell.metadata["autograder"] |= {"state": UNDECIDED, "reason": reason, "told": reason}


def as_nodes(outputs):
    """Return outputs as nbformat has them."""
    return [nbformat.from_dict(output) for output in outputs]


def is_as_given(cell):
    """Tell whether a cell's text is the one that was handed out."""
    return cell.metadata.nbgrader.get("checksum") == utils.compute_checksum(cell)


def _is_untouched(cell, found, answers):
    """Tell whether a check has failed because nobody has written the answer."""
    last = found.outputs[-1] if found.state == FAILED and found.outputs else {}
    if (last.get("ename"), last.get("evalue")) == ("NotImplementedError", ""):
        return True  # the lesson's stub says nothing; Keras, missing a method, says which
    names = [answer.metadata.nbgrader.grade_id for answer in answers]
    mine = owner(cell.metadata.nbgrader.grade_id, names)
    theirs = (a for a, name in zip(answers, names, strict=True) if mine and name == mine)
    return found.state == FAILED and any(map(is_as_given, theirs))


def _line_of_value(outputs):
    """Return the line of a check whose value is its result."""
    results = [output for output in outputs if output["output_type"] == "execute_result"]
    return results[-1]["metadata"].get("autograder", {}).get("line") if results else None
