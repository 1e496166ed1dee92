"""What a learner must not read, and whether a text shows it all the same."""

import ast
import functools
import io
import re
import textwrap
import tokenize
from collections import defaultdict
from dataclasses import dataclass

from autograder.author.regions import HIDDEN, SOLUTION, prediction, scan

# A line that only names something or opens a call (`keras.layers.Flatten(),`, `return model`,
# `model = keras.Sequential([`) says nothing about the answer: examples are full of them.
_TRIVIAL = re.compile(r"([\w.]+=)?[A-Za-z_][\w.]*[\[\](){},:]*")
_SHORTEST = 11
_COMMENT_SIGN = re.compile(r"^[ \t]*#+", re.MULTILINE)
#: A comment that has a line of its own, and how long one is that says something.
_OWN_LINE = re.compile(r"^[ \t]*#+[ \t]*(.+?)[ \t]*$", re.MULTILINE)
_LONG_COMMENT = 24
#: What is no statement that says something, however it is shown.
_BARE_WORD = re.compile(r"\w*:?[ \t]*(?:#.*)?")
_PLAIN = re.compile(r"\W*|-?\w+(?:\.\d+)?(?:\(\))?|\"[^\"]*\"|'[^']*'")
_STRINGS = {tokenize.STRING, getattr(tokenize, "FSTRING_MIDDLE", tokenize.STRING)}
_QUOTES = re.compile(r"^[A-Za-z]{0,2}(?:\"{3}|'{3}|[\"'])|(?:\"{3}|'{3}|[\"'])$")


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
    for cell in lesson.role("essay"):
        for region in scan(cell.source, SOLUTION)[0]:
            if cell.kind == "code":
                yield from _lines("a line of the sample answer", cell.label, region.code)
            else:
                yield from _sentences(cell.label, region.code)
    for cell in lesson.role("check"):
        for region in scan(cell.source, HIDDEN)[0]:
            yield from _lines("a line of the hidden tests", cell.label, region.code)


def find(secret, source):
    """Return the row (from 0) where a cell's source shows the secret, None if it does not."""
    for text in _shown(source):
        found = secret.pattern.search(text)
        if found:
            return text[: found.start()].count("\n")
    return None


@functools.lru_cache(maxsize=1)  # all secrets are looked for in one source after the other
def _shown(source):
    """Return the texts in which a cell's source may show a secret.

    A statement over several lines may be commented out, each of its lines; and what is a comment
    may as well stand in a string.
    """
    return source, _COMMENT_SIGN.sub("", source), _strings_as_comments(source)


def _lines(what, owner, code):
    """Yield the lines and the whole statements of some code that are worth hiding."""
    pieces = _pieces(code)
    for squeezed, shown in pieces.items():
        is_trivial = _TRIVIAL.fullmatch(squeezed) is not None
        if len(squeezed) >= _SHORTEST and not is_trivial:
            yield Secret(what, owner, shown, re.compile(_spaced(squeezed)))
        elif not _BARE_WORD.fullmatch(shown) and (len(pieces) == 1 or not is_trivial):
            # Too short to be told from an example, but not where it was commented out.
            yield Secret(what, owner, shown, re.compile(_set_apart(squeezed), re.MULTILINE))
    for value in _values(code):
        yield Secret(what, owner, value, re.compile(_set_apart(_squeezed(value)), re.MULTILINE))
    for comment in _OWN_LINE.findall(code):
        if len(comment) >= _LONG_COMMENT:
            words = r"[\s#]+".join(map(re.escape, comment.split()))
            yield Secret(what, owner, comment, re.compile(words))


def _values(code):
    """Return what a solution assigns or returns, without the name or the word before it.

    A name, also one that is called, or a number alone says nothing; see `_is_distinctive`.
    """
    try:
        nodes = ast.walk(ast.parse(textwrap.dedent(code)))
    except SyntaxError:
        return []
    kinds = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Return)
    values = [ast.unparse(node.value) for node in nodes if isinstance(node, kinds) and node.value]
    return [value for value in values if not _PLAIN.fullmatch(value)]


def _strings_as_comments(source):
    """Return only the strings of some code, in their rows, each line as if it were a comment."""
    rows = [""] * (source.count("\n") + 1)
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type in _STRINGS:
                for number, line in enumerate(token.string.split("\n"), token.start[0] - 1):
                    rows[number] += f"# {_QUOTES.sub('', line.strip())} "
    except (tokenize.TokenError, SyntaxError):
        pass  # what comes behind it is no Python
    return "\n".join(rows)


def _sentences(owner, text):
    """Yield the sentences and the lines of a sample answer in words that are worth hiding."""
    sentences = re.split(r"(?<=[.!?;:])\s+", text)
    for piece in dict.fromkeys(part.strip(" \t-*.") for part in [*sentences, *text.split("\n")]):
        if len(piece) >= _LONG_COMMENT:
            words = r"[\s#>*_]+".join(map(re.escape, piece.split()))
            pattern = re.compile(words, re.IGNORECASE)
            yield Secret("a sentence of the sample answer", owner, piece, pattern)


def _squeezed(code):
    return re.sub(r"\s", "", code)


def _spaced(squeezed):
    """Return a pattern for some code, however it is spaced, and with either kind of quotes."""
    return r"\s*".join("[\"']" if sign in "\"'" else re.escape(sign) for sign in squeezed)


def _set_apart(squeezed):
    """Return a pattern for some code that is all of a comment, or of a text's `code`."""
    code = _spaced(squeezed).replace(r"\s*", r"[ \t]*")
    return rf"#[ \t]*{code}[ \t]*(?:#|$)|`{code}`"


def _pieces(code):
    """Map the code of each line and each statement, without blanks and comments, to its line."""
    lines = code.split("\n")
    by_row, by_statement, row = defaultdict(str), defaultdict(str), 0
    try:
        for token in tokenize.generate_tokens(io.StringIO(code).readline):
            if token.type == tokenize.NEWLINE:
                row = token.start[0]
            elif token.type != tokenize.COMMENT:
                text = _squeezed(token.string)
                by_row[token.start[0] - 1] += text
                by_statement[row] += text
    except (tokenize.TokenError, SyntaxError):
        by_row = {row: _squeezed(line) for row, line in enumerate(lines)}
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
