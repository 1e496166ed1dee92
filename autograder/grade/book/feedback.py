"""What the feedback of a course leaves out, and what it tells first."""

import re

from nbconvert.filters import strip_ansi
from nbformat.v4 import new_markdown_cell
from nbgrader import utils
from nbgrader.preprocessors import ClearHiddenTests, GetGrades, NbGraderPreprocessor
from traitlets import Bool, List

from autograder.grade.handed_in import defuse
from autograder.grade.run.hidden import NOT_ACCEPTED, hidden_lines
from autograder.grade.run.points import found_points
from autograder.states import MEDIA_TYPE, RIGHT

#: Where IPython's tracebacks tell a line of a cell.
_LINE = re.compile(r"Cell In\[\d+\], line (\d+)")


class _OnTheWayToHtml(NbGraderPreprocessor):
    # nbconvert sets this for every step on the way to HTML; nbgrader's own steps for notebooks
    # would log that they don't know the option.
    display_data_priority = List(GetGrades.display_data_priority.default()).tag(config=True)


class TellRemarks(_OnTheWayToHtml):
    """Tell a student first what the grader noticed of the file, and mended."""

    def preprocess(self, nb, resources):
        """Put the remarks into a cell at the top, if there are any."""
        remarks = nb.metadata.get("autograder", {}).get("remarks", [])
        told = [f"- {_plain(r['cell'])}: {_plain(r['sentence'])}" for r in remarks]
        if told:
            title = "**What the grader noticed of this notebook before it was graded**"
            nb.cells.insert(0, new_markdown_cell("\n".join([title, "", *told])))
        return nb, resources


def _plain(text):
    """Return Markdown that shows a text; names in it were chosen by a student."""
    return re.sub(r"([\\`*_\[\]#|$])", r"\\\1", defuse.markdown(" ".join(text.split())))


class HideTests(_OnTheWayToHtml, ClearHiddenTests):
    """Take hidden tests out of feedback: their source, and what their outputs tell of it.

    Only check cells are looked at. A student who writes the delimiter of a hidden test into a
    cell of their own would stop nbgrader's preprocessor with an error, and get no feedback.
    """

    show_verdicts = Bool(
        False,
        help="show the verdicts of hidden tests in feedback. They name the mistake, and often the "
        "values that were tried",
    ).tag(config=True)

    def preprocess_cell(self, cell, resources, cell_index):
        """Clear one check cell; leave every other cell as it is."""
        if cell.cell_type != "code" or not utils.is_grade(cell) or utils.is_solution(cell):
            return cell, resources
        hidden = hidden_lines(cell.source, self.begin_test_delimeter, self.end_test_delimeter)
        cell, resources = super().preprocess_cell(cell, resources, cell_index)
        if hidden:
            ours = cell.metadata.get("autograder", {})
            accepted = found_points(cell) == cell.metadata.nbgrader.points
            shown = [o for o in cell.outputs if not (accepted and _line(o) in hidden)]
            told = [t for out in shown if (t := self._told(out, hidden, ours))]
            cell.outputs = [out for n, out in enumerate(told) if not _is_said_again(out, told[n:])]
        return cell, resources

    def _told(self, output, hidden, ours):
        """Return what is told of an output of a check with hidden lines, None for nothing.

        ours: what the grader noted about the check.
        """
        if output.output_type == "stream":
            return None  # nothing tells which line has printed it
        if output.output_type == "error":
            return output if "told" in ours else _told_of_error(output, hidden, ours.get("line"))
        if self.show_verdicts or _line(output) not in hidden:
            return output
        verdict = output.data.get(MEDIA_TYPE, {})
        if verdict.get("state") != RIGHT:
            output.data = {"text/plain": NOT_ACCEPTED}
            return output
        return None


def _line(output):
    """Return the line of the check that has shown something, None if that isn't known."""
    return output.get("metadata", {}).get("autograder", {}).get("line")


def _is_said_again(output, rest):
    """Tell whether the error that ended a check says the same as this output before it."""
    said = output.get("data", {}).get("text/plain") == NOT_ACCEPTED
    return said and any(later.get("evalue") == NOT_ACCEPTED for later in rest)


def _told_of_error(error, hidden, line):
    """Return an error without what it tells of hidden lines.

    line: the one where it came up, if the grader noted that.
    """
    quoted = _LINE.findall(strip_ansi("\n".join(error.traceback)))
    lines = {line} if line else {int(number) for number in quoted}
    if lines and not lines & hidden:
        # The last entry is the error itself; those before quote the lines of the cell.
        error.traceback = error.traceback[-1:]
    else:
        error.ename, error.evalue, error.traceback = "HiddenTest", NOT_ACCEPTED, [NOT_ACCEPTED]
    return error
