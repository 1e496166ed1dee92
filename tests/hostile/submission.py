"""A submission in the making: the learner edition, and whatever a case does to it."""

import itertools
import json
from pathlib import Path

from tests.hostile import lesson

_numbers = itertools.count(1)


class Submission:
    """What a student is about to hand in.

    Attributes:
        folder: where it is handed in, `submitted/STUDENT/LESSON` of the course.
        student: who hands it in.
        port: of the listener that no student may reach.
        notebook: plain data, to be changed at will; None for none.
        raw: bytes that are handed in in the place of the notebook.
        meanwhile: a function that is called again and again while the grader works.
    """

    def __init__(self, folder, port):
        self.folder, self.port = Path(folder), port
        self.student = self.folder.parent.name
        self.notebook, self.raw, self.meanwhile = lesson.learner(), None, None
        self.folder.mkdir(parents=True, exist_ok=True)

    @property
    def path(self):
        """Where the notebook belongs."""
        return self.folder / f"{lesson.NAME}.ipynb"

    @property
    def cells(self):
        """The cells of the notebook."""
        return self.notebook["cells"]

    def find(self, name):
        """Return the cell with this grade_id."""
        return next(cell for cell in self.cells if marks(cell).get("grade_id") == name)

    def checks(self):
        """Return the check cells."""
        return [cell for cell in self.cells if marks(cell).get("grade")]

    def answer(self, **sources):
        """Write these sources into answer cells."""
        for name, source in sources.items():
            self.find(name)["source"] = source

    def right(self, *names):
        """Answer these exercises rightly, or all of them."""
        self.answer(**{name: lesson.RIGHT[name] for name in names or lesson.RIGHT})

    def as_seen(self, *names):
        """Answer these exercises (or all) with what satisfies the visible tests alone."""
        self.answer(**{name: lesson.SEEN[name] for name in names or lesson.SEEN})

    def own(self, source, before=None, kind="code"):
        """Put a cell of the student's own before a cell; by default right behind the setup."""
        place = 2 if before is None else self.cells.index(self.find(before))
        cell = new_cell(source, kind)
        self.cells.insert(place, cell)
        return cell

    def last(self, source, kind="code"):
        """Put a cell of the student's own at the end."""
        self.cells.append(new_cell(source, kind))
        return self.cells[-1]

    def file(self, name, content=""):
        """Put a file beside the notebook."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def save(self):
        """Write the notebook, if there is one and nothing else stands in its place."""
        if self.raw is None and self.notebook is not None:
            # Half a surrogate pair and tokens such as NaN come through as they are.
            self.raw = json.dumps(self.notebook).encode("utf-8", "surrogatepass")
        if self.raw is not None and not self.path.is_symlink() and not self.path.exists():
            self.path.write_bytes(self.raw)


def marks(cell):
    """Return what nbgrader notes in a cell, to be changed at will."""
    return cell["metadata"].get("nbgrader", {})


def new_cell(source, kind="code"):
    """Return a cell of the student's own."""
    cell = {"cell_type": kind, "metadata": {}, "source": source, "id": f"mine-{next(_numbers)}"}
    return cell | {"outputs": [], "execution_count": None} if kind == "code" else cell


def retype(cell, kind):
    """Turn a cell into one of another type."""
    cell["cell_type"] = kind
    for key in ("outputs", "execution_count"):
        if kind != "code":
            cell.pop(key, None)
