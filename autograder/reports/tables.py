"""Tables as CSV that no spreadsheet takes for formulas, and that read back as they were.

A cell that a spreadsheet would run gets an apostrophe in front, as spreadsheets themselves do
for text. One that has such apostrophes already gets one more, so that each can be taken off again.
"""

import csv
import io
import re

# What Excel, LibreOffice and Google Sheets take for the beginning of a formula, and the breaks and
# blanks that they skip on the way to it; some of them also read the wide forms of the signs.
_FORMULA = re.compile(r"'*\s*[=+\-@＝＋－＠]|'*[\t\r\n]")
# Which csv in Python 3.10 can't read. Nobody's name has one.
_NUL = "\0"


def defused(value):
    """Return the text of a cell that a spreadsheet shows and doesn't run."""
    text = _text(value)
    if isinstance(value, (int, float)) or not _FORMULA.match(text):
        return text
    return f"'{text}"


def plain(text):
    """Return what a text was before `defused`."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def _text(value):
    if isinstance(value, float):
        return f"{round(value, 4):.10g}"
    return "" if value is None else str(value).replace(_NUL, "")


def as_csv(rows, delimiter=",", kept=()):
    """Return rows as CSV, quoted where needed.

    kept: the columns, by number, that stay as they are: another program looks people up by them.
    """
    # With the default end of line, csv quotes every cell that holds \r or \n.
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=delimiter)
    for row in rows:
        writer.writerow(
            _text(cell) if number in kept else defused(cell) for number, cell in enumerate(row)
        )
    return file.getvalue()


def from_csv(text, delimiter=","):
    """Return the rows that `as_csv` was given, every cell as text."""
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return [[plain(cell) for cell in row] for row in rows]


def as_columns(dictionaries, columns, delimiter=","):
    """Return dictionaries as CSV with a line of headings."""
    rows = ([row.get(column) for column in columns] for row in dictionaries)
    return as_csv([columns, *rows], delimiter)
