"""The first step of nbgrader's autograde: what a student sent becomes what may be graded."""

import os
from dataclasses import asdict, replace
from pathlib import Path

from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Unicode

from autograder.errors import UserError
from autograder.grade.book.converter import gradebook_for
from autograder.grade.handed_in import defuse
from autograder.grade.handed_in.expected import exercises, from_gradebook
from autograder.grade.handed_in.intake import Rejected, told_of_another
from autograder.grade.handed_in.packages import missing, paths_in
from autograder.grade.handed_in.repair import of_another_lesson, repair


class FromGradebook(NbGraderPreprocessor):
    """Rebuild a notebook from the gradebook and the student's answers.

    It stands for all of nbgrader's sanitize_preprocessors. The remarks, and before them those that
    are in the resources (see `steps.SubmissionExporter`), are left in the notebook's metadata, as
    autograder.remarks.
    """

    edition = Unicode(
        "",
        help="A notebook of the lesson, for the order of its cells and those that aren't graded "
        "(default: the one in the course's release directory, or else its source directory)",
    ).tag(config=True)

    def preprocess(self, nb, resources):
        """Return the repaired notebook."""
        names = resources["nbgrader"]
        edition = Path(self.edition) if self.edition else self._edition_of_course(names)
        with gradebook_for(self, resources) as gradebook:
            expected, kernelspec = from_gradebook(
                gradebook, names["assignment"], names["notebook"], edition
            )
            if of_another_lesson(nb.cells, expected):
                another = of_another_lesson(nb.cells, expected, exercises(gradebook))
                name = f"{names['notebook']}.ipynb"
                raise Rejected(told_of_another(name, another, names["assignment"]))
        nb, noticed = repair(nb, expected, kernelspec)
        lacking = missing(nb.cells, expected, _beside(resources))
        remarks = [*resources.get("autograder", {}).get("remarks", []), *noticed, *lacking]
        remarks = [
            replace(r, cell=defuse.sentence(r.cell), sentence=defuse.sentence(r.sentence))
            for r in remarks
        ]
        for remark in remarks:
            self.log.info("%s", remark)
        nb.metadata["autograder"] = {"remarks": [asdict(remark) for remark in remarks]}
        return nb, resources

    def _edition_of_course(self, names):
        course = self.parent.parent.coursedir  # of the converter whose exporter this is a step of
        for directory in (course.release_directory, course.source_directory):
            folder = course.format_path(directory, ".", names["assignment"])
            edition = Path(folder) / f"{names['notebook']}.ipynb"
            if edition.is_file():
                return edition
        raise UserError(
            f"the course holds no notebook of {names['assignment']}: "
            f"run `nbgrader generate_assignment {names['assignment']}` first"
        )


def _beside(resources):
    """Return the names of what lies beside a notebook."""
    folder = resources.get("metadata", {}).get("path")
    return paths_in(folder) if folder and os.path.isdir(folder) else []
