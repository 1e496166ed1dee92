"""The step of nbgrader's autograde that writes down points: `SaveVerdicts` for SaveAutoGrades."""

from nbgrader import utils
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades

from autograder.grade.book.converter import gradebook_for
from autograder.grade.handed_in import defuse
from autograder.grade.run.findings import is_as_given
from autograder.grade.run.points import undecided
from autograder.progress import owner


class SaveVerdicts(SaveAutoGrades):
    """Write the points of judged checks into the gradebook; leave the others to a person."""

    def preprocess(self, nb, resources):
        """Write down the points and comments of a notebook."""
        answers = [c.metadata.nbgrader.grade_id for c in nb.cells if utils.is_solution(c)]
        self._reasons = {}
        for cell in filter(utils.is_grade, nb.cells):
            name = cell.metadata.nbgrader.grade_id
            if utils.is_solution(cell) and is_as_given(cell):
                noted = cell.metadata.get("autograder", {})
                cell.metadata["autograder"] = {**noted, "untouched": True}
            if reason := undecided(cell):
                self.log.warning("%s is left to a person: %s", name, reason)
                told = cell.metadata.get("autograder", {}).get("told") or reason
                mine = name if name in answers else owner(name, answers)
                self._reasons.setdefault(mine, []).append(f"{name}: {told}")
        # As SaveAutoGrades does, which would open the gradebook for itself.
        names = resources["nbgrader"]
        self.notebook_id, self.assignment_id = names["notebook"], names["assignment"]
        self.student_id, self.db_url = names["student"], names["db_url"]
        with gradebook_for(self, resources) as self.gradebook:
            return NbGraderPreprocessor.preprocess(self, nb, resources)

    def _add_score(self, cell, resources):
        if not undecided(cell):
            return super()._add_score(cell, resources)
        grade = self.gradebook.find_grade(*self._where(cell))
        grade.auto_score, grade.needs_manual_grade = None, True
        self.gradebook.db.commit()

    def _add_comment(self, cell, resources):
        super()._add_comment(cell, resources)
        if reasons := self._reasons.get(cell.metadata.nbgrader.grade_id):
            comment = self.gradebook.find_comment(*self._where(cell))
            said = " ".join(map(defuse.sentence, reasons))
            comment.auto_comment = f"To be graded by a person. {said}"
            self.gradebook.db.commit()

    def _where(self, cell):
        grade_id = cell.metadata.nbgrader.grade_id
        return grade_id, self.notebook_id, self.assignment_id, self.student_id
