"""What the feedback of a course leaves out."""

from nbgrader import utils
from nbgrader.preprocessors import ClearHiddenTests, GetGrades
from traitlets import List


class HideTests(ClearHiddenTests):
    """Take hidden tests out of feedback: their source, and the tracebacks that quote it.

    Only check cells are looked at. A student who writes the delimiter of a hidden test into a
    cell of their own would stop nbgrader's preprocessor with an error, and get no feedback.
    """

    # nbconvert sets this for every step on the way to HTML; nbgrader's own ClearHiddenTests is
    # meant for notebooks only, and would log that it doesn't know the option.
    display_data_priority = List(GetGrades.display_data_priority.default()).tag(config=True)

    def preprocess_cell(self, cell, resources, cell_index):
        """Clear one check cell; leave every other cell as it is."""
        if cell.cell_type != "code" or not utils.is_grade(cell) or utils.is_solution(cell):
            return cell, resources
        source = cell.source
        cell, resources = super().preprocess_cell(cell, resources, cell_index)
        if cell.source != source:
            for output in cell.outputs:
                if output.output_type == "error":
                    # The last entry is the error itself; those before quote the lines of the cell.
                    output.traceback = output.traceback[-1:]
        return cell, resources
