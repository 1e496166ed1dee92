"""Answers and notebooks that are not where they belong, and archives."""

import copy
import io
import json
import zipfile

from tests.hostile.cases import FLAGGED, GRADED, REJECTED, case
from tests.hostile.lesson import NAME, RIGHT
from tests.hostile.submission import marks


def _archive(files):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


@case(points=10, may=(GRADED, FLAGGED))
def h70_started_over(s):
    """The notebook as handed out, and beside it a copy with the right answers."""
    untouched = copy.deepcopy(s.notebook)
    s.right()
    s.file(f"{NAME}-Copy1.ipynb", json.dumps(s.notebook))
    s.notebook = untouched


@case(points=10, may=(GRADED, FLAGGED))
def h71_answers_at_the_end(s):
    """Right, but all answers stand in new cells at the end."""
    for right in RIGHT.values():
        s.last(right)


@case(points=10, may=(GRADED, FLAGGED))
def h72_missing_package(s):
    """Right, if only there were the package that each answer imports."""
    s.answer(**{name: f"import no_such_package\n{right}" for name, right in RIGHT.items()})


@case(points=10, may=(GRADED, FLAGGED))
def h74_missing_package_above(s):
    """Right, if only there were the package that a cell of their own imports for all answers."""
    s.own("import no_such_package")
    s.answer(**{name: f"no_such_package.start()\n{right}" for name, right in RIGHT.items()})


@case(points=10, may=(GRADED, FLAGGED))
def h75_downloaded_again(s):
    """The notebook as handed out, and beside it, in a folder, one named as a second download."""
    untouched = copy.deepcopy(s.notebook)
    s.right()
    s.file(f"Downloads/{NAME} (1).ipynb", json.dumps(s.notebook))
    s.notebook = untouched


@case(points=10)
def h73_in_a_folder(s):
    """Right; the notebook lies in a folder of its own."""
    s.right()
    s.file(f"{NAME}/{NAME}.ipynb", json.dumps(s.notebook))
    s.notebook = None


@case(may=(REJECTED,))
def x30_archive_alone(s):
    """Nothing but an archive, with names in it that lead out of the folder."""
    s.right()
    names = (f"{NAME}.ipynb", "../../alice/x.ipynb", "/tmp/pwned.txt")
    s.file("home.zip", _archive(dict.fromkeys(names, json.dumps(s.notebook))))
    s.notebook = None


@case(may=(REJECTED,))
def x31_archive_by_another_name(s):
    """An archive of much that is nothing, under the notebook's name."""
    s.raw = _archive({f"{NAME}.ipynb": b"0" * 50_000_000})


@case(may=(REJECTED,))
def x32_another_lesson(s):
    """The notebook of another lesson, under this one's name."""
    _become_another_lesson(s)


@case(may=(REJECTED,))
def x33_another_lesson_in_a_folder(s):
    """The notebook of another lesson, in a folder and under a name of their own."""
    _become_another_lesson(s)
    s.file("homework/mine.ipynb", json.dumps(s.notebook))
    s.notebook = None


def _become_another_lesson(s):
    for cell in s.cells:
        if marks(cell).get("grade") or marks(cell).get("solution"):
            marks(cell)["grade_id"] += "_of_another"
            cell["source"] = f"# {cell['source'][::-1]}"
            cell["id"] = f"other-{cell['id']}"


@case(may=(GRADED, FLAGGED))
def a90_many_large_notebooks(s):
    """No answers, and beside it notebooks that take long to read."""
    for number in range(8):
        s.file(f"{NAME}-Copy{number}.ipynb", b'{"cells": [' + b"[{}]," * 2_000_000 + b"0]}")
