"""Notebooks as students send them: a lesson's learner edition, answered, and then mistreated."""

import copy
import functools
import json

import nbformat

from autograder.author.editions import learner_edition
from autograder.grade.handed_in.expected import from_notebook
from tests.grade import small_lesson

LESSON = small_lesson.NAME
ANSWERS = {
    "flat_shape": "flat_shape = (None, 3 * 2)",
    "build_model": (
        "def build_model():\n"
        "    inside = [keras.Input((3, 2)), layers.Flatten()]\n"
        "    return keras.Sequential([*inside, layers.Dense(4)])"
    ),
    "say_seven": "def say_seven():\n    return 3 + 4",
}


def plain(notebook):
    """Return a notebook as the plain data that its file holds."""
    return json.loads(json.dumps(notebook))


def learner(solved=None):
    """Return the learner edition with two examples and a note in it, as plain data."""
    notebook = json.loads(_learner(json.dumps(solved or small_lesson.notebook())))
    if solved is None:
        notebook["cells"][2:2] = [markdown("## An example\n\nLook at `size`.", "note")]
        notebook["cells"][3:3] = [code("size = 3\nprint(size, size * 2)", "example")]
    return notebook


@functools.cache
def _learner(solved):
    """Return the text of the learner edition of a notebook, given its text; each is made once."""
    return json.dumps(learner_edition(nbformat.from_dict(json.loads(solved))))


def expected(solved=None):
    """Return the lesson's cells as the gradebook has them: checks with their hidden tests."""
    edition = learner(solved)
    sources = {
        cell["metadata"]["nbgrader"]["grade_id"]: cell["source"]
        for cell in plain(solved or small_lesson.notebook())["cells"]
        if cell["metadata"].get("nbgrader", {}).get("grade")
    }
    given = from_notebook(edition)
    for cell in edition["cells"]:
        cell["source"] = sources.get(name_of(cell), cell["source"])
    return [
        full if cell.role == "check" else cell
        for cell, full in zip(given, from_notebook(edition), strict=True)
    ]


def answered(answers=ANSWERS, notebook=None):
    """Return the notebook of a student who answered."""
    notebook = notebook or learner()
    for name, source in answers.items():
        find(notebook, name)["source"] = source
    return notebook


def name_of(cell):
    return cell["metadata"].get("nbgrader", {}).get("grade_id")


def find(notebook, name):
    return next(cell for cell in notebook["cells"] if name_of(cell) == name)


def place_of(notebook, name):
    return notebook["cells"].index(find(notebook, name))


def duplicate(notebook, name, **changes):
    """Copy and paste a cell, as JupyterLab does: with its metadata, below the first."""
    cell = copy.deepcopy(find(notebook, name)) | {"id": f"copy-of-{name}"} | changes
    notebook["cells"].insert(place_of(notebook, name) + 1, cell)
    return cell


def code(source, name="mine", **metadata):
    return {
        "cell_type": "code",
        "id": name,
        "metadata": metadata,
        "source": source,
        "outputs": [],
        "execution_count": None,
    }


def markdown(source, name="mine"):
    return {"cell_type": "markdown", "id": name, "metadata": {}, "source": source}


def retype(cell, kind):
    """Turn a cell into one of another type, as a person does with the keys M, R and Y."""
    cell["cell_type"] = kind
    for key in ("outputs", "execution_count"):
        if kind != "code":
            cell.pop(key, None)


def texts(notebook):
    """Return {grade_id: text} of a notebook's marked cells."""
    return {name_of(cell): cell["source"] for cell in notebook["cells"] if name_of(cell)}
