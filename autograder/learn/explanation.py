"""What explain says: a line for each call of a layer, as text, as a table, as a figure."""

import html
import re
import textwrap
from dataclasses import dataclass, field

from autograder.learn.figures import CannotDraw, draw_graph, draw_shapes
from autograder.learn.folding import blocks
from autograder.learn.trace import Trace

#: So many lines of text are printed unless more are asked for.
LINES = 60
#: So many boxes stand below one another on a page.
PAGE = 16


@dataclass(frozen=True, repr=False)
class Explanation:
    """Why a model's shapes and parameters are what they are. Print it, show it, draw() it.

    title: what is explained, from which shape to which. lines: a Line for each call of a layer.
    notes: sentences about the whole: the parameters in all, and what could not be told.
    chain, calls: what is drawn, where the layers are in one line or Keras recorded their ways.
    most: so many lines of text, about; None for all. every: the lines before some became one.
    """

    title: str
    lines: tuple
    notes: tuple = ()
    chain: Trace | None = field(default=None, compare=False)
    calls: tuple = field(default=(), compare=False)
    most: int | None = LINES
    every: tuple = field(default=(), compare=False)

    def __str__(self):
        return self.as_text()

    __repr__ = __str__

    def _repr_html_(self):
        return self.as_html()

    def as_text(self, width=84):
        """Return the explanation as plain text, no sentence wider than `width`.

        Of a large model the lines stand closer, and the reasons are told once for each class.
        """
        text = self._written(width)
        if not self._few(text):
            text = self._written(width, close=True)
        if not self._few(text):
            text = self._written(width, close=True, once=True)
        return text

    def fits(self):
        """Tell whether its text has no more lines than it should."""
        few = self.most is None or len(self.lines) < self.most
        return few and self._few(self.as_text())

    def _few(self, text):
        return self.most is None or text.count("\n") < self.most

    def _written(self, width, close=False, once=False):
        """Return the text. close: no empty lines; once: a reason for each class of layers."""
        told, rows = set(), []
        for line in self.lines:
            edge = " " * 4 * line.level
            name = " · ".join(filter(None, (line.called, line.origin)))
            facts = "   ".join(filter(None, (line.shapes, _parameters(line))))
            why = textwrap.wrap(line.why, width - 4 - len(edge), break_long_words=False)
            same = line.kind if line.size == 1 else line.why
            if once and same in told:
                why = []
            told.add(same)
            head = [f"{name}   {facts}"] if close else [name, f"    {facts}"]
            rows.append("\n".join(edge + row for row in [*head, *(f"    {w}" for w in why)]))
        title = [textwrap.fill(self.title, width)] if self.title else []
        notes = [textwrap.fill(note, width, break_long_words=False) for note in self.notes]
        return "\n\n".join([*title, ("\n" if close else "\n\n").join(rows), *notes])

    def as_html(self):
        """Return the explanation as an HTML table for light and dark themes and screen readers."""
        cell = "style='text-align:left;vertical-align:top;padding:.3em 1em .3em 0'"
        number = cell.replace("left", "right", 1)
        head = f"<th scope='col' {cell}>layer</th><th scope='col' {cell}>shape</th>"
        head += f"<th scope='col' {number}>parameters</th><th scope='col' {cell}>why</th>"
        rows = "".join(
            f"<tr><th scope='row' {_indented(cell, line.level)}>{html.escape(line.called)}"
            f"<span style='font-weight:normal'> {html.escape(line.origin)}</span></th>"
            f"<td {cell}>{_whole_shapes(line.shapes)}</td>"
            f"<td {number}>{line.said}</td><td {cell}>{html.escape(line.why)}</td></tr>"
            for line in self.lines
        )
        title = f"<caption style='text-align:left'>{html.escape(self.title)}</caption>"
        notes = "".join(f"<p style='margin:.5em 0 0'>{html.escape(n)}</p>" for n in self.notes)
        return (
            f"<div style='max-width:62em'><table>{title if self.title else ''}"
            f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{notes}</div>"
        )

    def draw(self):
        """Return a figure that fits a page: the shapes from layer to layer, or of what branches.

        Of a model with more layers than fit, what belongs together is one box.
        """
        if self.chain is not None and len(self.chain.steps) < PAGE:
            return draw_shapes(self.chain)
        if not self.calls:
            raise CannotDraw(
                "There is no figure for this, because Keras keeps no record of the way from layer "
                "to layer here; a model that starts from a keras.Input has one."
            )
        calls = self.calls
        lines = self.every or [line for line in self.lines if not line.level]
        for most in (PAGE, PAGE // 2, 3):
            try:
                return draw_graph(calls)
            except CannotDraw:
                calls = blocks(self.calls, lines[: len(self.calls)], most)
        return draw_graph(calls)


def _indented(cell, level):
    return cell.replace("1em .3em 0", f"1em .3em {1.5 * level:g}em") if level else cell


def _parameters(line):
    if line.count is None or line.shared:
        return line.said
    return f"{line.count:,} parameter{'s' * (line.count != 1)}"


def _whole_shapes(text):
    """Return written shapes as HTML in which no line ends within a shape."""
    code = r"<code style='white-space:nowrap'>\g<0></code>"
    return re.sub(r"(→ )?\([^()]*\),?", code, html.escape(text))
