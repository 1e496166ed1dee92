"""A lesson as a report shows it: its exercises in order, their titles, and its figures."""

import html
import json
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from autograder.progress import owner

_HEADING = re.compile(r"^(#{1,3}) (.+)$", re.MULTILINE)
_PNG = re.compile(r"data:image/png;base64,[A-Za-z0-9+/=\s]+")


@dataclass(frozen=True)
class LessonFigure:
    """A picture that a lesson shows. alt: the same in words. source: a data: address."""

    alt: str
    source: str


@dataclass
class Edition:
    """What a report takes from a lesson's solved notebook.

    exercises: {exercise: the heading above it, or its name}, in order.
    figures: {exercise: the figure of its part of the lesson}, of those that have one.
    """

    title: str = ""
    exercises: dict = field(default_factory=dict)
    figures: dict = field(default_factory=dict)

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
                self._read_text("".join(cell["source"]))
            name = mark.get("grade_id")
            if name in names or name in lonely:
                self._begin(name)
            for figure in _figures(cell):
                self._show(figure)
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
