"""Take solutions out of a lesson: nbgrader's own step, with a stub of our own for predictions."""

from nbgrader import preprocessors
from nbgrader.utils import is_grade

from autograder.author.regions import prediction, scan, trailing_comment

_ESSAY_STUB = "# YOUR ANSWER HERE"


class ClearSolutions(preprocessors.ClearSolutions):
    """nbgrader's ClearSolutions, whose stub for a prediction is `name = ...`.

    A solution inside a function (indented) gets nbgrader's stub, which raises
    NotImplementedError when the function is called. A solution at the top level of its cell
    assigns a prediction; a stub that raises there would stop "Run All" at each untouched
    prediction, so its stub assigns `...` and keeps the comment of the solution's line. For the
    same reason the stub of an essay in code, which a person grades, is a comment.
    """

    def preprocess_cell(self, cell, resources, cell_index):
        """Put the stub that suits this cell in place of its solution."""
        usual = self.code_stub
        stub = self._prediction_stub(cell)
        if stub is not None:
            self.code_stub = {**usual, resources["language"]: stub}
        try:
            return super().preprocess_cell(cell, resources, cell_index)
        finally:
            self.code_stub = usual

    def _prediction_stub(self, cell):
        markers = (self.begin_solution_delimeter, self.end_solution_delimeter)
        regions, wrong = scan(cell.source, markers)
        if cell.cell_type != "code" or wrong or len(regions) != 1 or regions[0].indented:
            return None
        assignment = prediction(regions[0].code)
        if assignment is None:
            return _ESSAY_STUB if is_grade(cell) else None
        comment = trailing_comment(regions[0].code)
        return f"{assignment.targets[0].id} = ..." + (f"  {comment}" if comment else "")
