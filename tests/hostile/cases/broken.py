"""Files that aren't notebooks, not quite, or not files at all."""

import json
import os

from tests.hostile.cases import FLAGGED, GRADED, REJECTED, case
from tests.hostile.lesson import NAME
from tests.hostile.submission import marks

_EITHER = (GRADED, REJECTED)


@case(may=(REJECTED,))
def x01_empty_file(s):
    """A notebook of 0 bytes."""
    s.raw = b""


@case(may=(REJECTED,))
def x02_cut_off(s):
    """A notebook that breaks off in the middle."""
    s.right()
    text = json.dumps(s.notebook).encode()
    s.raw = text[: len(text) // 2]


@case(may=_EITHER)
def x03_no_cells(s):
    """A notebook without any cell."""
    s.notebook["cells"] = []


@case(points=10, may=_EITHER)
def x04_latin_1(s):
    """Right, but the file is in an old encoding."""
    s.right()
    s.own("# größe")
    s.raw = json.dumps(s.notebook, ensure_ascii=False).encode("latin-1", "replace")


@case(points=10)
def x05_large_output(s):
    """Right, with 40 MB of saved output."""
    s.right()
    s.find("model")["outputs"] = [
        {"output_type": "stream", "name": "stdout", "text": "0123456789abcde\n" * 2_500_000}
    ]


@case(may=(REJECTED,))
def x06_deep_json(s):
    """Lists in lists, a hundred thousand deep."""
    s.raw = b'{"cells": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"


@case(may=(REJECTED,))
def x07_format_99(s):
    """A notebook format that doesn't exist."""
    s.right()
    s.notebook["nbformat"] = 99


@case(points=10)
def x08_schema_99(s):
    """Right; the marks of one cell have a version of the future."""
    s.right()
    marks(s.find("test_model"))["schema_version"] = 99


@case(points=10)
def x09_schema_0(s):
    """Right; the marks of one cell have the version 0."""
    s.right()
    marks(s.find("test_model"))["schema_version"] = 0


@case(may=(REJECTED,))
def x10_no_notebook(s):
    """A folder with nothing but a text."""
    s.notebook = None
    s.file("answers.txt", "The answer to all is 42.")


@case(may=(REJECTED,))
def x11_notebook_is_folder(s):
    """A folder with the name of the notebook."""
    s.notebook = None
    s.file(f"{NAME}.ipynb/inside.txt", "nothing")


@case(may=(REJECTED,))
def x12_wrong_types(s):
    """The cells are an object, and a text is a number."""
    s.notebook["cells"] = {"0": s.cells[0] | {"source": 7}}


@case()
def x13_points_in_words(s):
    """A locked check claims its points in words."""
    marks(s.find("test_model"))["points"] = "a hundred"


@case(points=10)
def x14_no_time(s):
    """Right; the file that says when it was handed in holds something else."""
    s.right()
    s.file("timestamp.txt", "yesterday, I think\x00\n" * 50)


@case(may=(REJECTED,))
def x15_notebook_is_pipe(s):
    """A named pipe in the place of the notebook."""
    s.notebook = None
    os.mkfifo(s.path)


@case(points=10)
def x16_pipe_beside(s):
    """Right; a named pipe lies beside the notebook."""
    s.right()
    os.mkfifo(s.folder / "data.csv")


@case(points=10)
def x17_equal_ids(s):
    """Right; all cells have the same id."""
    s.right()
    for cell in s.cells:
        cell["id"] = "same"


@case(may=(REJECTED,))
def x18_endless_device(s):
    """The notebook is a link to a device that never ends."""
    s.notebook = None
    s.path.symlink_to("/dev/zero")


@case(points=10, may=(GRADED, REJECTED, FLAGGED))
def x19_other_tokens(s):
    """Right; numbers that JSON doesn't have, such as `NaN`, and every key twice."""
    s.right()
    s.notebook["metadata"]["odd"] = [float("nan"), float("inf"), 10**4000]
    text = json.dumps(s.notebook)
    s.raw = text.replace('"cell_type": "code"', '"cell_type": "raw", "cell_type": "code"').encode()


@case(may=(REJECTED,))
def x20_compressed(s):
    """Not JSON, but a compressed file that would grow a thousand times."""
    import gzip

    s.raw = gzip.compress(b'{"cells": [' + b" " * 50_000_000)


@case(points=10, may=_EITHER)
def x21_utf_16(s):
    """Right; the file is in UTF-16."""
    s.right()
    s.raw = json.dumps(s.notebook).encode("utf-16")
