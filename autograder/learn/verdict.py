"""What a check found, as plain data, and how it is shown to a person.

A verdict is the same wherever it is worked out: in the learner's cell, in `nbgrader validate`
and in autograde.
"""

import html
import os
import textwrap
from dataclasses import asdict, dataclass, replace

from autograder.states import LOOKS, MEDIA_TYPE, NOT_ATTEMPTED, PARTLY, RIGHT, WRONG

__all__ = ["LOOKS", "MEDIA_TYPE", "NOT_ATTEMPTED", "PARTLY", "RIGHT", "WRONG"]
__all__ += ["CheckFailed", "Row", "Verdict", "deliver"]

#: Code of so many characters fits on a line of a narrow window.
SHORT_CODE = 40


@dataclass(frozen=True)
class Row:
    """One line of a comparison: a layer, what the learner's belief makes of it, what Keras does."""

    layer: str
    yours: str
    keras: str


@dataclass(frozen=True)
class Verdict:
    """What a check found.

    Args:
        state: One of RIGHT, PARTLY, WRONG, NOT_ATTEMPTED.
        message: What was found, in a sentence or two; never the answer.
        mistakes: The codes of the mistaken rules that explain the answer (empty: none known).
        rows: The learner's computation and Keras's, line by line.
        hint: One thing to try.
        notes: Warnings and the like, which never change the state.
        share: The part of the points that was earned, 0.0 to 1.0; needed where it is PARTLY.

    A check of your own says in one what it found, and hands it to `deliver`; or raises
    `CheckFailed(verdict)` where nothing was earned. A plain `assert` does as well, but learners are
    told less, and no mistake is counted. Where your check calls a learner's function and that
    raises something, they see Python's own error, and no rule is tried; `check_function` catches
    it. A prediction that nobody has written yet is `...`: a check of your own begins with that,
    and says NOT_ATTEMPTED.

    Examples:
        >>> tea = {"milk": 2}
        >>> if "sugar" not in tea:
        ...     said = "There is no sugar in it."
        ...     deliver(Verdict(WRONG, said, ("no_sugar",), hint="taste it."))
        ✘ Not right yet. There is no sugar in it.
        <BLANKLINE>
        Try: taste it.
        >>> sugar = ...
        >>> if sugar is ...:
        ...     deliver(Verdict(NOT_ATTEMPTED, "Write your answer above first."))
        ○ Not attempted. Write your answer above first.
    """

    state: str
    message: str
    mistakes: tuple = ()
    rows: tuple = ()
    hint: str = ""
    notes: tuple = ()
    share: float = 0.0

    def __post_init__(self):
        if self.state not in LOOKS:
            names = "RIGHT, PARTLY, WRONG or NOT_ATTEMPTED"
            raise ValueError(
                f"a Verdict's state is {names}, without quotes, and not {self.state!r}"
            )
        for name in ("mistakes", "notes"):  # ("a_code") is a word, and no tuple
            value = getattr(self, name)
            object.__setattr__(self, name, (value,) if isinstance(value, str) else tuple(value))

    def with_notes(self, notes):
        """Return this verdict with `notes` added."""
        return replace(self, notes=self.notes + tuple(notes))

    def as_dict(self):
        """Return the verdict as JSON-ready data."""
        return {k: list(v) if isinstance(v, tuple) else v for k, v in asdict(self).items()}

    def as_text(self, width=83):
        """Return the verdict as plain text, no line longer than `width` where words allow.

        83 is what `nbgrader validate` prints without cutting.
        """
        sign, words, _ = LOOKS[self.state]
        parts = [_wrap(f"{sign} {words}. {self.message}", width)]
        if self.rows:
            parts.append(_text_table(self.rows))
        if self.hint:
            parts.append(_wrap(f"Try: {self.hint}", width))
        parts += [_wrap(f"Note: {note}", width) for note in self.notes]
        return "\n\n".join(parts)

    def as_html(self, figure=""):
        """Return the verdict as an HTML card for light and dark themes and screen readers.

        figure: an HTML image to put under the table.
        """
        sign, words, colour = LOOKS[self.state]
        body = [f"<p style='margin:0'><b>{sign} {words}.</b> {_inline(self.message)}</p>"]
        if self.rows:
            body.append(_html_table(self.rows))
        body.append(figure)
        if self.hint:
            body.append(f"<p style='margin:.5em 0 0'><b>Try:</b> {_inline(self.hint)}</p>")
        for note in self.notes:
            body.append(f"<p style='margin:.5em 0 0'><i>Note:</i> {_inline(note)}</p>")
        return (
            f"<div role='note' aria-label='{words}' style='border-left:.4em solid {colour};"
            "padding:.4em .8em;max-width:46em'>" + "".join(body) + "</div>"
        )


class CheckFailed(Exception):
    """A check did not pass. It shows its verdict, never a stack trace.

    A check of one's own can raise it, with a message and a mistake's code of its own; both are
    shown, stored and counted as those of the checks here are:

        from autograder.learn import WRONG, CheckFailed, Verdict

        if double(3) != 6:
            raise CheckFailed(Verdict(WRONG, "double(3) isn't twice 3.", ("squares",)))

    Args:
        verdict: the Verdict; its state is WRONG, PARTLY (for no points) or NOT_ATTEMPTED. For part
            of the points, `deliver` it. A text alone is what was found WRONG.
    """

    def __init__(self, verdict):
        verdict = Verdict(WRONG, verdict) if isinstance(verdict, str) else verdict
        super().__init__(LOOKS[verdict.state][1])
        self.verdict, self.is_shown = verdict, False

    def _render_traceback_(self):
        # IPython asks an exception for its own rendering by this name.
        if not self.is_shown:
            self.is_shown = True
            _show(self.verdict)
        # The card above says it all, except in `nbgrader validate`, which prints this and nothing
        # else.
        if os.environ.get("NBGRADER_EXECUTION") == "validate":
            return self.verdict.as_text().split("\n")
        return [f"{self}: no points for this check so far."]


def deliver(verdict, points=None):
    """Show `verdict` in the cell and settle its points in nbgrader's own terms.

    Right returns None, which nbgrader counts in full. Partly right returns the points earned, as
    the number that nbgrader reads, so it has to be the last line of its cell, outside of any `if`,
    and hidden tests stand above it. Anything else raises CheckFailed, which counts nothing.

    Args:
        verdict: A Verdict.
        points: What the check is worth; needed only where part of it can be earned.

    Examples:
        >>> deliver(Verdict(RIGHT, "All three are there.", share=1.0))
        ✔ Right. All three are there.
        >>> deliver(Verdict(PARTLY, "Two of three are there.", share=2 / 3), points=3)
        ◐ Partly right. Two of three are there.
        2.0
    """
    _show(verdict)
    if verdict.state == RIGHT:
        return None
    if verdict.state == PARTLY and points is not None:
        return round(points * verdict.share, 2)
    failed = CheckFailed(verdict)
    failed.is_shown = True
    raise failed


def _show(verdict):
    from IPython.core.getipython import get_ipython
    from IPython.display import display

    if get_ipython() is None:
        print(verdict.as_text())
        return
    display(
        {
            "text/plain": verdict.as_text(),
            "text/html": verdict.as_html(_figure(verdict)),
            MEDIA_TYPE: verdict.as_dict(),
        },
        raw=True,
    )


def _figure(verdict):
    """Return the HTML of a picture of the rows, drawn only where somebody will see it."""
    from autograder.learn.figures import draw_two_ways

    picture = draw_two_ways(verdict.rows)
    style = "margin:.5em 0;overflow-x:auto"
    return f"<div style='{style}'>{picture.as_html()}</div>" if picture else ""


def _wrap(text, width):
    return textwrap.fill(text, width, break_long_words=False, break_on_hyphens=False)


def _text_table(rows):
    lines = [("", "the way you answered", "Keras")] + [(r.layer, r.yours, r.keras) for r in rows]
    widths = [max(len(line[i]) for line in lines) for i in range(3)]
    return "\n".join(
        "  " + "  ".join(cell.ljust(w) for cell, w in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def _html_table(rows):
    cell = "style='text-align:left;padding:.1em 1em .1em 0'"
    head = "".join(
        f"<th scope='col' {cell}>{h}</th>" for h in ("layer", "the way you answered", "Keras")
    )
    lines = "".join(
        f"<tr><th scope='row' {cell}>{html.escape(r.layer)}</th>"
        f"<td {cell}><code>{html.escape(r.yours)}</code></td>"
        f"<td {cell}><code>{html.escape(r.keras)}</code></td></tr>"
        for r in rows
    )
    return (
        f"<table style='margin:.5em 0 0'><thead><tr>{head}</tr></thead>"
        f"<tbody>{lines}</tbody></table>"
    )


def _inline(text):
    """Return text as HTML, with `code` between backticks."""
    pieces = html.escape(text, quote=False).split("`")
    return "".join(_code(p) if i % 2 else p for i, p in enumerate(pieces))


def _code(piece):
    # A shape is not broken into lines; a whole line of code would be cut off if it weren't.
    style = "white-space:nowrap" if len(piece) <= SHORT_CODE else "overflow-wrap:anywhere"
    return f"<code style='{style}'>{piece}</code>"
