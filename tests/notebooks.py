"""What tests do with notebooks: fill in answers, run, read the marks."""

import nbformat
from nbclient import NotebookClient
from nbgrader.utils import determine_grade, is_grade, is_solution
from traitlets.config import Config


def write_submission(path, answers):
    """Put `answers`, {grade_id: source of the cell}, into the answer cells of a notebook file."""
    notebook = nbformat.read(path, as_version=4)
    cells = {cell.metadata.nbgrader.grade_id: cell for cell in notebook.cells if is_solution(cell)}
    for grade_id, source in answers.items():
        cells[grade_id].source = source
    nbformat.write(notebook, path)


def check_cells(notebook):
    """Return the check cells of a notebook, {grade_id: cell}."""
    return {cell.metadata.nbgrader.grade_id: cell for cell in notebook.cells if is_grade(cell)}


def points(notebook):
    """Return what each check is worth, {grade_id: points}."""
    return {name: cell.metadata.nbgrader.points for name, cell in check_cells(notebook).items()}


def run(path, cwd):
    """Run a copy of a notebook as a learner does with Run All, past errors; return the copy."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=300,
        allow_errors=True,
        resources={"metadata": {"path": str(cwd)}},
        config=Config({"KernelManager": {"transport_encryption": "auto"}}),
    )
    return client.execute()


def marks(notebook):
    """Return the points of each check in a notebook that has run, as nbgrader counts them."""
    return {name: determine_grade(cell)[0] for name, cell in check_cells(notebook).items()}


def failed_in_validate(notebook, printed):
    """Return the checks that `nbgrader validate` printed as failed."""
    failed = "The following cell failed:\n\n{}\n\nThe error was:"
    cells = check_cells(notebook).items()
    return {name for name, cell in cells if failed.format(_as_printed(cell.source)) in printed}


def _as_printed(source):
    """Return source as `nbgrader validate` prints it: indented, and cut at 87 columns."""
    lines = ["    " + line for line in source.split("\n")]
    return "\n".join(line if len(line) <= 87 else line[:87] + "..." for line in lines)
