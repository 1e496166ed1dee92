"""What a lesson's kernels and its judge start with, found out by looking at its cells.

None of them is run.

A lesson that imports Keras gets what all our lessons get. Any other one gets what its first cells
import, and no Keras.
"""

import ast
from functools import lru_cache

from autograder.grade.handed_in.expected import MAGIC
from autograder.grade.handed_in.packages import is_installed
from autograder.grade.run.judge.names import ANSWER, AUTHOR
from autograder.warm.start import LIBRARIES

#: Who imports one of these needs Keras.
_OF_KERAS = ("keras", "tensorflow", "autograder")
#: Who imports one of these has it, or it does something when it is imported.
_LEFT = ("this", "antigravity", "turtle", "tkinter", "idlelib", "IPython", "ipywidgets")


@lru_cache(maxsize=8)  # it is asked for each student
def modules(lesson):
    """Return what is imported before anything of a lesson starts; None for what all our own need.

    Args:
        lesson: A `judge.names.Lesson`.
    """
    if needs_keras(lesson):
        return None
    named = dict.fromkeys(name for cell in _first(lesson.cells) for name in imported(cell))
    found = [name for name in named if _top(name) not in _LEFT and is_installed(_top(name))]
    return (*(name for name in LIBRARIES if name != "keras"), *found)


def needs_keras(lesson):
    """Tell whether any cell of a lesson, its checks among them, imports Keras."""
    return any(_top(name) in _OF_KERAS for cell in lesson.cells for name in imported(cell))


def _first(cells):
    """Return the lesson's own cells above the first answer."""
    ends = (number for number, cell in enumerate(cells) if cell.role == ANSWER)
    return [cell for cell in cells[: next(ends, None)] if cell.role == AUTHOR]


def imported(cell):
    """Return the names of the modules that a cell imports, as they stand there."""
    try:
        tree = ast.parse(MAGIC.sub(r"\1pass", cell.source))
    except SyntaxError:
        return []
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.append(node.module)
    return found


def _top(name):
    return name.partition(".")[0]
