"""What a learner must not read, and whether a text shows it all the same."""

import ast
import io
import re
import tokenize
from collections import defaultdict
from dataclasses import dataclass

from autograder.author.regions import HIDDEN, SOLUTION, prediction, scan

# A line that only names something or opens a call (`keras.layers.Flatten(),`, `return model`,
# `model = keras.Sequential([`) says nothing about the answer: examples are full of them.
_TRIVIAL = re.compile(r"([\w.]+=)?[A-Za-z_][\w.]*[\[\](){},:]*")
_SHORTEST = 11


@dataclass(frozen=True)
class Secret:
    """A text that must not be in the learner edition.

    `pattern` finds it in a cell's source, `what` and `owner` say what it is a part of.
    """

    what: str
    owner: str
    text: str
    pattern: re.Pattern


def secrets(lesson):
    """Yield the secrets of a lesson: lines of solutions and hidden tests, predicted values."""
    for cell in lesson.role("answer"):
        for region in scan(cell.source, SOLUTION)[0]:
            yield from _lines("a line of the solution", cell.label, region.code)
            assignment = None if region.indented else prediction(region.code)
            value = _literal(assignment.value) if assignment else None
            if _is_distinctive(value):
                pattern = re.compile(_value_pattern(value))
                yield Secret("the predicted value", cell.label, repr(value), pattern)
    for cell in lesson.role("check"):
        for region in scan(cell.source, HIDDEN)[0]:
            yield from _lines("a line of the hidden tests", cell.label, region.code)


def find(secret, source):
    """Return the row (from 0) where a cell's source shows the secret, None if it does not."""
    found = secret.pattern.search(source)
    return source[: found.start()].count("\n") if found else None


def _lines(what, owner, code):
    """Yield the lines and the whole statements of some code that are worth hiding."""
    for squeezed, shown in _pieces(code).items():
        if len(squeezed) >= _SHORTEST and not _TRIVIAL.fullmatch(squeezed):
            pattern = re.compile(r"\s*".join(map(re.escape, squeezed)))
            yield Secret(what, owner, shown, pattern)


def _pieces(code):
    """Map the code of each line and each statement, without blanks and comments, to its line."""
    lines = code.split("\n")
    by_row, by_statement, row = defaultdict(str), defaultdict(str), 0
    try:
        for token in tokenize.generate_tokens(io.StringIO(code).readline):
            if token.type == tokenize.NEWLINE:
                row = token.start[0]
            elif token.type != tokenize.COMMENT:
                text = re.sub(r"\s", "", token.string)
                by_row[token.start[0] - 1] += text
                by_statement[row] += text
    except (tokenize.TokenError, SyntaxError):
        by_row = {row: re.sub(r"\s", "", line) for row, line in enumerate(lines)}
    pieces = [*by_statement.items(), *by_row.items()]
    return {text: lines[row].strip() for row, text in pieces if row < len(lines)}


def _literal(node):
    try:
        return ast.literal_eval(node)
    except ValueError:
        return None


def _is_distinctive(value):
    """Tell whether a value would not turn up in a text by chance."""
    if isinstance(value, (tuple, list)):
        return len(value) > 0
    if isinstance(value, str):
        return len(value.strip()) >= 4
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return is_number and sum(letter.isdigit() for letter in repr(value)) >= 3


def _value_pattern(value):
    """Return a pattern for the ways to write a value, as a whole word."""
    core = _ways_to_write(value)
    if isinstance(value, (tuple, list)):
        # Behind a name, brackets are a call or an index: Dense(32, 3) is not the value (32, 3).
        return rf"(?<!\w){core}"
    if isinstance(value, str):
        return rf"(?<!\w){core}(?!\w)"
    # 1280 is neither in 11,280 nor in 1280.5; 280 is neither in 1,280 nor in 280,000.
    thousands_before = r"(?<!\d,)" if abs(value) < 1000 else ""
    return rf"(?<![\w.]){thousands_before}{core}(?!\w|\.\d|,\d\d\d\b)"


def _ways_to_write(value):
    if isinstance(value, (tuple, list)):
        items = r"\s*,\s*".join(rf"[\"']?{_ways_to_write(item)}[\"']?" for item in value)
        last_comma = "," if len(value) == 1 else ",?"
        return rf"[(\[]\s*{items}\s*{last_comma}\s*[)\]]"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}".replace(",", r"[,_\s]?")
    return re.escape(value if isinstance(value, str) else repr(value))
