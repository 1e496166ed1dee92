"""Links from lesson to lesson, in the form that JupyterLab can follow.

An author links to a heading: `08_targets.ipynb#What-is-the-mean?`. JupyterLab looks for headings as
soon as a notebook is opened, when it has rendered none, and so stays at the top. A cell it knows by
then: `08_targets.ipynb#cell-id=test_mean-3`. So do the pages that nbconvert makes.
"""

import contextlib
import functools
import re
from pathlib import Path
from urllib.parse import unquote

from autograder.author.editions import cell_ids
from autograder.author.lesson import read_lesson
from autograder.errors import UserError

_LINK = re.compile(
    r"(?<=\]\()(\w+)\.ipynb#(?!cell-id=)(\S*?)(?=\)(?:[\s.,;:)|<*]|$))", re.MULTILINE
)
_HEADING = re.compile(r"^#{1,6} +(.+?) *$", re.MULTILINE)


def lead_to_cells(notebook, folder):
    """Let links to headings of the lessons in a folder lead to the cells that hold them.

    One to a heading that isn't there stays as it is.
    """
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = _LINK.sub(functools.partial(_lead, folder), cell.source)


def _lead(folder, link):
    lesson, fragment = link.groups()
    path = Path(folder) / f"{lesson}.py"
    found = _places(path, path.read_bytes()) if path.exists() else {}
    place = found.get(unquote(fragment))
    return f"{lesson}.ipynb#cell-id={place}" if place else link[0]


@functools.lru_cache(maxsize=64)  # one lesson is linked to many times
def _places(path, text):
    """Map the headings of a lesson, written as in a link, to the ids of their cells."""
    cells = []
    with contextlib.suppress(UserError):  # its own build tells what is wrong with it
        cells = read_lesson(path, path.parent).cells
    found = {}
    for cell, cell_id in zip(cells, cell_ids(cells), strict=True):
        for title in _HEADING.findall(cell.source) if cell.kind == "markdown" else ():
            found.setdefault(anchor(title), cell_id)
    return found


def anchor(title):
    """Return how a link names a heading: its words, with hyphens between."""
    return re.sub(r"[`*]", "", title).replace(" ", "-")
