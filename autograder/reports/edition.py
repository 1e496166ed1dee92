"""A lesson as a report shows it: its exercises in order, their titles, figures, and own rules."""

import ast
import html
import json
import re
from dataclasses import dataclass, field, fields
from html.parser import HTMLParser
from pathlib import Path

from autograder.progress import owner

_HEADING = re.compile(r"^ {0,3}(#{1,3})[ \t]+(.+?)[ \t#]*$", re.MULTILINE)
#: Code, and what nbgrader takes out of a lesson with the lines that mark it: no headings of it.
_NO_TEXT = re.compile(
    r"^ {0,3}(```+|~~~+).*?(?:^ {0,3}\1|\Z)"
    r"|^[^\n]*BEGIN (SOLUTION|HIDDEN TESTS|MARK SCHEME)\b.*?(?:END \2\b[^\n]*|\Z)",
    re.MULTILINE | re.DOTALL,
)
_ANSWER = re.compile(r"^[^\n]*BEGIN SOLUTION\b", re.MULTILINE)
_PNG = re.compile(r"data:image/png;base64,[A-Za-z0-9+/=\s]+")


@dataclass(frozen=True)
class LessonFigure:
    """A picture that a lesson shows. alt: the same in words. source: a data: address."""

    alt: str
    source: str


@dataclass(frozen=True)
class OwnRule:
    """The words of a mistaken rule that a lesson has of its own; see `autograder.learn.rule`."""

    belief: str
    truth: str
    hint: str


@dataclass
class Edition:
    """What a report takes from a lesson's solved notebook.

    exercises: {exercise: the heading above it, or its name}, in order.
    figures: {exercise: the figure of its part of the lesson}, of those that have one.
    rules: {code: OwnRule}.
    """

    title: str = ""
    exercises: dict = field(default_factory=dict)
    figures: dict = field(default_factory=dict)
    rules: dict = field(default_factory=dict)

    def place(self, exercise):
        """Return where an exercise stands in the lesson; unknown ones come last."""
        names = list(self.exercises)
        return names.index(exercise) if exercise in names else len(names)


def read_edition(path, checks=()):
    """Return the Edition of a solved notebook; an empty one if there is none.

    checks: names of checks. One that is of no answer cell is an exercise of its own.
    """
    try:
        cells = json.loads(Path(path).read_text("utf-8"))["cells"]
        return _Reader(cells, checks).edition
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Edition()


class _Reader:
    """Goes through a notebook once."""

    def __init__(self, cells, checks):
        self.edition, self.heading = Edition(), ""
        self.waiting, self.last = [], None  # exercises of this part, and its last figure
        marks = [cell.get("metadata", {}).get("nbgrader") or {} for cell in cells]
        names = [m["grade_id"] for m in marks if m.get("solution") and not m.get("grade")]
        lonely = {check for check in checks if not owner(check, names)}
        for cell, mark in zip(cells, marks, strict=True):
            if cell["cell_type"] == "markdown":
                source = "".join(cell["source"])
                if mark.get("solution"):  # an essay: its question comes before its sample answer
                    question, *answer = _ANSWER.split(source, maxsplit=1)
                    source = question if answer else ""
                self._read_text(_NO_TEXT.sub("", source))
            name = mark.get("grade_id")
            if name in names or name in lonely:
                self._begin(name)
            for figure in _figures(cell):
                self._show(figure)
            if cell["cell_type"] == "code":
                self.edition.rules.update(own_rules("".join(cell.get("source", ""))))
        self._settle()

    def _read_text(self, text):
        for signs, words in _HEADING.findall(text):
            words = words.replace("`", "").strip()
            if signs == "#":
                self.edition.title, words = self.edition.title or words, ""
            if signs != "###":
                self._settle()
            self.heading = words

    def _begin(self, name):
        is_new = self.heading not in self.edition.exercises.values()
        self.edition.exercises[name] = self.heading if is_new and self.heading else name
        self.waiting.append((name, self.last))

    def _show(self, figure):
        """Take a figure for the exercises before it that have none yet."""
        for name, _ in self.waiting:
            self.edition.figures[name] = figure
        self.waiting, self.last = [], figure

    def _settle(self):
        """End a part: what is still waiting gets the figure before it, if there was one."""
        for name, before in self.waiting:
            if before:
                self.edition.figures[name] = before
        self.waiting, self.last = [], None


def own_rules(source):
    """Return {code: OwnRule} of the rules that some code registers; it is read, and not run."""
    if "rule(" not in source:
        return {}
    # Slow to import, and seldom needed.
    from IPython.core.inputtransformer2 import TransformerManager

    try:
        tree = ast.parse(TransformerManager().transform_cell(source))
    except SyntaxError:
        return {}
    made = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    words = {node.name.strip("_"): _words(node.decorator_list) for node in made}
    return {code: OwnRule(**found) for code, found in words.items() if found}


def _words(decorators):
    """Return what `@rule(...)` among some decorators says in literal words, if all is said."""
    for call in decorators:
        if isinstance(call, ast.Call) and ast.unparse(call.func).split(".")[-1] == "rule":
            given = {
                k.arg: k.value.value for k in call.keywords if isinstance(k.value, ast.Constant)
            }
            words = {f.name: given.get(f.name) for f in fields(OwnRule)}
            if not all(isinstance(said, str) for said in words.values()):
                return None
            # As `rule` does: sentences end behind both clauses.
            return {name: w if name == "hint" else w.rstrip(".") for name, w in words.items()}
    return None


def _figures(cell):
    """Yield the figures among a cell's outputs."""
    for output in cell.get("outputs", []):
        shown = output.get("data", {}).get("text/html", "")
        finder = _Images()
        finder.feed("".join(shown))
        yield from finder.found


class _Images(HTMLParser):
    """Finds images with words, and takes of them no more than both."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        source, alt = attributes.get("src") or "", attributes.get("alt") or ""
        if tag == "img" and alt and _PNG.fullmatch(source):
            self.found.append(LessonFigure(html.unescape(alt), source))
