"""The step of nbgrader's autograde for a notebook that has been run already."""

import json

import nbformat
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Dict

from autograder.errors import UserError
from autograder.grade.run.execute import RAN


class Executed(NbGraderPreprocessor):
    """Puts the outputs of a notebook that was run elsewhere into the one at hand."""

    notebooks = Dict({}, help="{name: the executed notebook, as JSON}").tag(config=True)

    def preprocess(self, nb, resources):
        """Return the notebook with its outputs; raise UserError if it isn't the same one."""
        executed = nbformat.from_dict(json.loads(self.notebooks[resources["nbgrader"]["notebook"]]))
        if [c.source for c in executed.cells] != [c.source for c in nb.cells]:
            raise UserError("what was run is another notebook than the one to be graded")
        if RAN in executed.metadata:
            self.log.info("%s", executed.metadata[RAN])
        nb.cells = executed.cells
        return nb, resources
