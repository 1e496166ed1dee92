"""The points of a check: what it earns, by what the judge found, and what nbgrader reads of it.

What was found is in the cell's metadata, as `autograder`: its state, and the value of its last line
(see `judge.process.Finding`). nbgrader goes by outputs: by the first error, text on stderr or value
that it meets. `write_points` writes them so that it reads what was found; `undecided` has the last
word, where points are stored and where they are shown.
"""

from nbformat.v4 import new_output
from nbgrader.utils import determine_grade, is_solution

from autograder.grade.run.judge.process import FAILED, JUDGED, LOST, UNDECIDED


def earned(state, value, worth):
    """Return the points of a check worth so many, None where a person has to say.

    Args:
        state: of a `judge.process.Finding`.
        value: of the same. None: the check earns all its points.
        worth: points of the check.
    """
    if state in (FAILED, LOST):
        return 0.0
    if state != JUDGED or type(value) is str:
        return None
    if value is None:
        return float(worth)
    return float(value) if 0 <= value <= worth else None


def found_points(cell):
    """Return the points that a check cell has earned, None where a person has to say."""
    found = cell.metadata.get("autograder", {})
    return earned(found.get("state"), found.get("value"), cell.metadata.nbgrader.points)


def read_points(cell):
    """Return the points that nbgrader reads from a check cell, None where it can't."""
    try:
        return determine_grade(cell)[0]
    except (KeyError, ValueError):  # a value without a text, or a number that is too large
        return None


def write_points(cell):
    """Write a judged check cell's outputs so that nbgrader reads the points that were found."""
    points = found_points(cell)
    if points is None or read_points(cell) == points:
        return
    cell.outputs = [as_display(output) for output in cell.outputs]
    if read_points(cell) != points:
        text = {"text/plain": f"{points:g}" if float(f"{points:g}") == points else f"{points}"}
        cell.outputs.append(new_output("execute_result", text))


def as_display(output):
    """Return an output from which nbgrader reads no points, unless it is an error."""
    if output.output_type == "stream":
        return new_output("stream", name="stdout", text=output.text)
    if output.output_type != "execute_result":
        return output
    return new_output("display_data", output.data, metadata=output.metadata)


def undecided(cell):
    """Return why a person has to judge a check cell, or None.

    An essay is for a person anyway, unless it is as it was given: of it only a doubt is told.
    """
    found = cell.metadata.get("autograder", {})
    if is_solution(cell):
        return found.get("reason") if found.get("state") == UNDECIDED else None
    if cell.cell_type != "code":
        return None
    points = found_points(cell)
    if points is None:
        return found.get("reason") or "it was not run"
    if read_points(cell) != points:
        return "what its cell shows isn't what was found"
    return None
