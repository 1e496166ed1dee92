"""The step of nbgrader's autograde that leaves to a person what was found in the wrong place."""

from nbgrader import utils
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.grade.run.judge.process import UNDECIDED
from autograder.grade.run.points import undecided


class LeaveToPerson(NbGraderPreprocessor):
    """Let a person look at checks that lost points where a remark gives reason to doubt it."""

    def preprocess(self, nb, resources):
        """Mark those checks as undecided, with the remark as the reason."""
        remarks = nb.metadata.get("autograder", {}).get("remarks", [])
        doubts = {name: r["sentence"] for r in reversed(remarks) for name in r.get("checks", ())}
        for cell in nb.cells:
            if not utils.is_grade(cell) or undecided(cell):
                continue
            reason = doubts.get(cell.metadata.nbgrader.grade_id)
            if reason and _lost_points(cell):
                noted = {"state": UNDECIDED, "reason": reason.rstrip(".")}
                cell.metadata["autograder"] = {**cell.metadata.get("autograder", {}), **noted}
        return nb, resources


def _lost_points(cell):
    points, most = utils.determine_grade(cell)
    return points is not None and points < most
