"""Read a notebook that a student sent, in a process of its own that has limits.

Run as `python -I -S -B slim.py < notebook`; nothing but the standard library is needed. On
standard output it writes JSON of bounded size: the text, the type and nbgrader's marks of each
cell, or the reason why the file was refused. Outputs, attachments and all other metadata are left
behind. Whatever a file does to a JSON parser, it does it to this process.
"""

import contextlib
import json
import re
import sys

MOST_BYTES = 60_000_000
MOST_CELLS = 2000
MOST_CHARACTERS_OF_A_CELL = 200_000
MOST_CHARACTERS = 4_000_000

_MEMORY = 1 << 30
_SECONDS = 30
_FLAGS = ("grade_id", "grade", "locked", "solution", "task", "points", "schema_version", "checksum")
_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
_ANOTHER = "Hand in a copy that JupyterLab can open"
_SAVE_AGAIN = "Open it in JupyterLab, save it and hand it in again"


class Refused(Exception):
    """The file can't be taken; the message says why, and what to do."""


def limit_resources():
    """Bound memory, processor time and files of this process, as far as the system can."""
    try:
        import resource
    except ImportError:  # Windows, where learners look at their own notebooks only
        return
    bounds = {"AS": _MEMORY, "CPU": _SECONDS, "FSIZE": 0, "NOFILE": 16, "CORE": 0}
    for name, most in bounds.items():
        with contextlib.suppress(AttributeError, ValueError, OSError):
            resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (most, most))


def slim(data):
    """Return what is needed of the notebook in `data` (bytes) as JSON-ready data."""
    if len(data) > MOST_BYTES:
        raise too_large()
    _check_kind(data)
    text, told = _decoded(data)
    notebook = _parsed(text)
    found = _cells_of(notebook)
    if len(found) > MOST_CELLS:
        raise Refused(f"The notebook has more than {MOST_CELLS} cells. Delete those not needed.")
    cells = [_cell(cell, number, told) for number, cell in enumerate(found, 1)]
    if sum(len(cell["source"]) for cell in cells) > MOST_CHARACTERS:
        raise Refused(
            f"The cells hold more than {MOST_CHARACTERS // 10**6} million characters of text. "
            "Delete what is not needed, such as pasted data, and hand it in again."
        )
    _make_ids_unique(cells)
    return {"cells": cells, "kernel": _kernel(notebook), "told": told}


def too_large():
    """Return the refusal of a file that has more than MOST_BYTES."""
    return Refused(
        f"The file has more than {MOST_BYTES // 10**6} MB. Clear the outputs "
        "(Edit > Clear Outputs of All Cells), save it and hand it in again."
    )


def _check_kind(data):
    """Raise Refused for a file of another kind that has the name of a notebook."""
    begin = data[:500].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if begin.startswith(b"pk\x03\x04"):
        raise Refused(
            "The file is a zip archive. Unpack it and hand in the notebook that is in it."
        )
    if begin.startswith((b"<!doctype html", b"<html")):
        raise Refused(
            "The file is a web page (HTML). Hand in the notebook itself, as JupyterLab saves it."
        )
    if begin.startswith(b"%pdf-"):
        raise Refused("The file is a PDF. Hand in the notebook itself, as JupyterLab saves it.")


def _decoded(data):
    """Return the text of the file, and remarks on its encoding."""
    if not data.strip(b"\x00 \t\r\n"):
        raise Refused(f"The file is empty. {_ANOTHER}.")
    encoding = json.detect_encoding(data)  # by its byte order mark or its zeros
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        said = "The file is not in UTF-8 and was read as Windows-1252; letters may look odd."
        return data.decode("cp1252", "replace"), [said]
    if encoding.startswith("utf-8"):
        return text, []
    return text, [f"The file is in {encoding.upper()} rather than UTF-8, and was read as such."]


def _parsed(text):
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated"):
            said = f"The file breaks off in line {error.lineno}, so it is no whole notebook"
        else:
            said = f"The file is no notebook (line {error.lineno} is not JSON)"
    except RecursionError:
        said = "The file is nested too deeply for a notebook"
    except ValueError:
        said = "The file holds a number that is too long for a notebook"
    raise Refused(f"{said}. {_ANOTHER}.")


def _cells_of(notebook):
    """Return the list of cells of a notebook in format 4, or of format 3 made alike."""
    if not isinstance(notebook, dict):
        raise Refused(f"The file is JSON, but no notebook. {_ANOTHER}.")
    version = notebook.get("nbformat", 4)
    if version == 3:
        cells = _cells_of_format_3(notebook)
    elif version == 4:
        cells = notebook.get("cells")
    else:
        told = version if type(version) is int and 0 <= version < 1000 else "of an unknown number"
        raise Refused(f"The notebook is in format {told}; format 4 is needed. {_SAVE_AGAIN}.")
    if not isinstance(cells, list):
        raise Refused(f"The notebook has no list of cells. {_ANOTHER}.")
    return cells


def _cells_of_format_3(notebook):
    """Return the cells of all worksheets, renamed as in format 4."""
    sheets = notebook.get("worksheets")
    if not isinstance(sheets, list) or not all(isinstance(sheet, dict) for sheet in sheets):
        return None
    cells = []
    for sheet in sheets:
        found = sheet.get("cells")
        if not isinstance(found, list):
            return None
        for cell in found:
            if isinstance(cell, dict) and "input" in cell:
                cell["source"] = cell["input"]
            if isinstance(cell, dict) and cell.get("cell_type") in ("heading", "html"):
                cell["cell_type"] = "markdown"
            cells.append(cell)
    return cells


def _cell(cell, number, told):
    if not isinstance(cell, dict):
        raise Refused(f"Cell {number} is not in the form of a cell. {_ANOTHER}.")
    source = cell.get("source", "")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        raise Refused(f"What stands in cell {number} is not text. {_ANOTHER}.")
    if len(source) > MOST_CHARACTERS_OF_A_CELL:
        source = source[:MOST_CHARACTERS_OF_A_CELL]
        told.append(f"Cell {number} has more than {len(source)} characters; the rest was cut off.")
    kind, name = cell.get("cell_type"), cell.get("id")
    return {
        "cell_type": kind if kind in ("code", "markdown", "raw") else "raw",
        "id": name if isinstance(name, str) and re.fullmatch(r"[\w-]{1,64}", name, re.A) else "",
        "source": _clean(source),
        "nbgrader": _marks(cell.get("metadata")),
    }


def _clean(text):
    """Return text with plain line ends, and without characters that no file can hold."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROL.sub("\ufffd", _SURROGATE.sub("\ufffd", text))


def _marks(metadata):
    """Return nbgrader's marks of a cell, as far as they are short and simple."""
    marks = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    if not isinstance(marks, dict):
        return None
    return {name: marks[name] for name in _FLAGS if name in marks and _simple(marks[name])}


def _simple(value):
    if isinstance(value, str):
        return len(value) <= 200 and not _SURROGATE.search(value)
    return isinstance(value, (bool, float)) or (isinstance(value, int) and abs(value) < 10**9)


def _make_ids_unique(cells):
    """Keep an id only where no other cell has it, and give every other cell a new one."""
    count = {}
    for cell in cells:
        count[cell["id"]] = count.get(cell["id"], 0) + 1
    for number, cell in enumerate(cells, 1):
        if not cell["id"] or count[cell["id"]] > 1 or cell["id"].startswith("sent-"):
            cell["id"] = f"sent-{number}"


def _kernel(notebook):
    """Return {"name", "language"} of the kernel that the notebook asks for."""
    metadata = notebook.get("metadata")
    spec = metadata.get("kernelspec") if isinstance(metadata, dict) else None
    spec = spec if isinstance(spec, dict) else {}
    values = {name: spec.get(name) for name in ("name", "language")}
    return {k: _clean(v[:100]) for k, v in values.items() if isinstance(v, str)}


def main():
    """Read standard input, write standard output."""
    limit_resources()
    try:
        answer = slim(sys.stdin.buffer.read(MOST_BYTES + 1))
    except Refused as refused:
        answer = {"refused": str(refused)}
    except (MemoryError, RecursionError):
        answer = {"refused": f"The file is too intricate for a notebook. {_ANOTHER}."}
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode())


if __name__ == "__main__":
    main()
