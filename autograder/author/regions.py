"""Regions between nbgrader's BEGIN and END markers, and what a prediction's region holds."""

import ast
import io
import textwrap
import tokenize
from dataclasses import dataclass

SOLUTION = ("BEGIN SOLUTION", "END SOLUTION")
HIDDEN = ("BEGIN HIDDEN TESTS", "END HIDDEN TESTS")


@dataclass(frozen=True)
class Region:
    """The lines between two markers; `row` is that of the BEGIN marker in its cell."""

    row: int
    indented: bool
    code: str


def scan(source, markers):
    """Return the regions of a cell and its unbalanced markers as (row, what is wrong)."""
    begin, end = markers
    regions, wrong = [], []
    lines = source.split("\n")
    opened = None
    for row, line in enumerate(lines):
        if begin in line:
            if opened is not None:
                wrong.append((row, f"{begin} inside a region that has not ended"))
            opened = row
        elif end in line:
            if opened is None:
                wrong.append((row, f"{end} without {begin} above it"))
            else:
                code = textwrap.dedent("\n".join(lines[opened + 1 : row]))
                regions.append(Region(opened, lines[opened][:1].isspace(), code))
            opened = None
    if opened is not None:
        wrong.append((opened, f"{begin} without {end} below it"))
    return regions, wrong


def prediction(code):
    """Return the assignment (an ast node) if the code is one assignment to one name, else None."""
    try:
        body = ast.parse(code).body
    except SyntaxError:
        return None
    if len(body) != 1 or not isinstance(body[0], ast.Assign):
        return None
    targets = body[0].targets
    return body[0] if len(targets) == 1 and isinstance(targets[0], ast.Name) else None


def trailing_comment(code):
    """Return the last comment that stands behind code on its line, "" if there is none."""
    lines = code.split("\n")
    comment = ""
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        row, column = token.start
        if token.type == tokenize.COMMENT and lines[row - 1][:column].strip():
            comment = token.string
    return comment
