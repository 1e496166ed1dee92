"""A solved lesson as a reader meets it: sections with their texts, code and outputs."""

import html
import re
from dataclasses import dataclass, field
from pathlib import Path

import nbformat

ROOT = Path(__file__).parents[2]
LESSONS = sorted(path.stem for path in (ROOT / "solutions").glob("*.py"))

_HEADING = re.compile(r"^(#{1,4}) (.+)$", re.MULTILINE)
_TAG = re.compile(r"<[^>]*>")
#: The colours of a printed summary.
_ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


@dataclass
class Part:
    """A text, or a code cell with what it printed, in a section. cell: the cell's id."""

    cell: str
    kind: str
    source: str
    outputs: str = ""
    picture: bool = False
    exercise: bool = False


@dataclass
class Section:
    """What stands between one heading and the next."""

    title: str
    depth: int
    parts: list = field(default_factory=list)

    def texts(self):
        """Return all text of the section, with its heading."""
        return "\n".join([self.title, *(p.source for p in self.parts if p.kind == "markdown")])


def sections(lesson):
    """Return the sections of a lesson's solved edition, in order."""
    notebook = nbformat.read(ROOT / "solutions" / f"{lesson}.ipynb", as_version=4)
    found = [Section("", 0)]
    for cell in notebook.cells:
        if cell.cell_type == "code":
            found[-1].parts.append(_code(cell))
            continue
        # Text before the first heading of a cell still belongs to the section above.
        before, *rest = _HEADING.split(cell.source)
        found[-1].parts.append(Part(cell.id, "markdown", before))
        for depth, title, text in zip(rest[::3], rest[1::3], rest[2::3], strict=True):
            found.append(Section(title.strip(), len(depth), [Part(cell.id, "markdown", text)]))
    return found


def _code(cell):
    graded = cell.metadata.get("nbgrader", {})
    texts = [_text(output) for output in cell.outputs]
    picture = any("<img" in output.get("data", {}).get("text/html", "") for output in cell.outputs)
    return Part(cell.id, "code", cell.source, "\n".join(texts), picture, graded.get("solution"))


def _text(output):
    """Return what an output says in words."""
    if output.output_type == "error":
        return f"{output.ename}: {output.evalue}"
    said = output.text if output.output_type == "stream" else output.data.get("text/plain", "")
    return _ESCAPE.sub("", said)


def prose(text):
    """Return a text without code, formulas, addresses and tags."""
    text = re.sub(r"```.*?```", " ", text, flags=re.DOTALL)
    text = re.sub(r"\]\([^)]*\)|<https?:[^>]*>|https?://\S+", " ", text)
    text = re.sub(r"`[^`]*`|\$\$.*?\$\$|\$[^$\n]*\$", " ", text, flags=re.DOTALL)
    return html.unescape(_TAG.sub(" ", text))
