"""A cause as it is shown to a person: text, and a card of HTML like a check's."""

import html
import textwrap
from dataclasses import dataclass, field

from autograder.learn.mistakes.causes.words import number
from autograder.learn.reasons import written
from autograder.learn.verdict import _inline

#: So many lines of a way are shown, from its end.
MOST_STEPS = 12
_COLOUR = "#b26a00"


@dataclass(frozen=True, repr=False)
class Why:
    """Why something was raised. Print it, or leave it at the end of a cell.

    facts: what is known (a Facts), or None where nothing was raised. causes: pairs of a rule and
    what it found, the likeliest first; more than one where several fit. said: for where there is
    nothing to explain.
    """

    facts: object
    causes: tuple = ()
    said: str = ""
    note: str = field(default="", compare=False)

    @property
    def code(self):
        """The name of the cause; "" where none is known."""
        return self.codes[0] if self.codes else ""

    @property
    def codes(self):
        """The names of all causes that fit."""
        return tuple(rule.code for rule, _ in self.causes)

    @property
    def speaks(self):
        """Whether there is anything to say that the error doesn't say itself."""
        return bool(self.causes) or bool(self.facts and self.facts.about_shapes)

    def __str__(self):
        return self.as_text()

    __repr__ = __str__

    def _repr_html_(self):
        return self.as_html()

    def _parts(self):
        """Yield (heading, text or rows) of what is told."""
        if self.facts is None:
            yield "", self.said
            return
        where = f"{_capital(str(self.facts.line))}" if self.facts.line else ""
        if not self.causes:
            yield "What is known", _join(where, *self._known())
            rows = self._way()
            if rows:
                yield "How this shape came about", rows
            if not self.facts.about_shapes:
                yield "", "I know no cause for this error, and guess none."
            return
        several = len(self.causes) > 1
        for i, (_, found) in enumerate(self.causes):
            apart = f" This is the cause {found.apart}." * bool(several and found.apart)
            head = "What happened" if not i else "Or else"
            yield head, _join(*([where] if not i else []), f"{found.happened}{apart}")
        rows = self._way()
        if rows:
            yield "How this shape came about", rows
        for rule, _ in self.causes:
            if rule.belief:
                yield "What you may have thought", f"That {rule.belief}. {_capital(rule.truth)}."
        for _, found in self.causes:
            if found.change:
                yield "What to change", found.change

    def _known(self):
        """Yield sentences on what arrived, from where, and what was wanted."""
        facts = self.facts
        for label, parts in (("x", facts.feed.x), ("y", facts.feed.y)):
            shapes = [str(i.shape) for i in parts.items[:4] if i.shape is not None]
            if shapes:
                yield f"`{label}` has the shape {', '.join(shapes)}."
        model = facts.model
        if model is not None and model.inputs:
            yield (
                f"The model takes {written(_few(model.inputs))} and gives "
                f"{written(_few(model.outputs))}."
            )
        if facts.layer is not None and facts.received:
            yield f"`{facts.layer.kind}` was given {written(_few(facts.received))}."

    def _way(self):
        """Return rows (layer, shape) up to what refused."""
        facts = self.facts
        steps = [s for s in facts.way.steps if s.after is not None]
        if facts.layer is None and not self._about_output():
            return ()
        if facts.layer is None and facts.model is not None and facts.model.way.steps:
            steps = [s for s in facts.model.way.steps if s.after is not None]
        rows = [(s.kind if s.family != "input" else "Input", written(s.after)) for s in steps]
        if facts.layer is not None and facts.received and steps:
            rows.append((facts.layer.kind, "refuses this"))
        if len(rows) > MOST_STEPS:
            rows = [
                rows[0],
                ("…", f"{number(len(rows) - MOST_STEPS, 'layer')} more"),
                *rows[2 - MOST_STEPS :],
            ]
        return tuple(rows) if len(rows) > 1 else ()

    def _about_output(self):
        return any(rule.code in _OUTPUT for rule, _ in self.causes)

    def as_text(self, width=80):
        """Return the explanation as plain text."""
        blocks = []
        for head, body in self._parts():
            if isinstance(body, str):
                lines = [_wrap(line, width) for line in body.split("\n")]
                text = "\n".join(lines)
            else:
                wide = max(len(name) for name, _ in body)
                text = "\n".join(f"  {name.ljust(wide)}  {shape}" for name, shape in body)
            blocks.append(f"{head}\n{textwrap.indent(text, '  ')}" if head else text)
        return "\n\n".join(blocks)

    def as_html(self):
        """Return the explanation as an HTML card for light and dark themes and screen readers."""
        body = "".join(_section(head, part) for head, part in self._parts())
        return (
            f"<div role='note' aria-label='Why it failed' style='border-left:.4em solid {_COLOUR};"
            f"padding:.4em .8em;max-width:52em'>{body}</div>"
        )


#: Causes for which the way to the output is worth showing.
_OUTPUT = ("flatten_missing", "return_sequences_extra", "output_layer_missing")
_OUTPUT += ("autoencoder_sizes", "target_rank", "mask_channels")


def nothing_raised(said="Nothing was raised yet, as far as I can see."):
    """Return the Why of no error."""
    return Why(None, (), said)


def _section(head, part):
    title = f"<p style='margin:.5em 0 0'><b>{html.escape(head)}</b></p>" if head else ""
    if isinstance(part, str):
        lines = part.split("\n")
        return title + "".join(f"<p style='margin:.1em 0 0'>{_inline(line)}</p>" for line in lines)
    cell = "style='text-align:left;padding:.1em 1em .1em 0'"
    rows = "".join(
        f"<tr><th scope='row' {cell}>{html.escape(name)}</th>"
        f"<td {cell}><code>{html.escape(shape)}</code></td></tr>"
        for name, shape in part
    )
    head = "".join(f"<th scope='col' {cell}>{h}</th>" for h in ("layer", "shape"))
    return f"{title}<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _join(*parts):
    return "\n".join(p for p in parts if p)


def _few(shapes):
    return shapes[0] if len(shapes) == 1 else tuple(shapes[:4])


def _capital(text):
    return text[:1].upper() + text[1:]


def _wrap(text, width):
    return textwrap.fill(text, width, break_long_words=False, break_on_hyphens=False)
