"""The drill: puzzles about shapes that never run out, and come back to what went wrong.

In cells: Drill(), then next(), answer(...), why(), progress(). With buttons: play().
"""

import difflib
import html
import random
from dataclasses import replace

from autograder.learn.drill.breaks import REASONS
from autograder.learn.drill.puzzles import LEVELS, TOPICS, Unreadable, because, draw
from autograder.learn.drill.record import Record, beliefs
from autograder.learn.explain import explain
from autograder.learn.quiet import hushed
from autograder.learn.verdict import MEDIA_TYPE, NOT_ATTEMPTED, RIGHT, Verdict

#: How many puzzles are drawn to pick one from, once there is something to steer towards.
CANDIDATES = 12
#: How much a rule that misled the learner raises the chance of puzzles that would show it.
PULL = 4
#: A puzzle does not come back before so many others.
APART = 50

NO_BUTTONS = (
    "The buttons need the package ipywidgets, which isn't installed here; without it, use "
    "drill.next(), drill.answer(...), drill.why() and drill.progress() in cells."
)


class Drill:
    """An endless supply of puzzles about shapes, with answers from Keras.

    topics: which of TOPICS; None for all. level: 1 (one layer, its defaults) to 5 (five layers;
    strides, padding, open sizes); `drill.level = 3` changes it. seed: the same seed, record and
    answers lead to the same puzzles; None for new ones each time. record: the file in which
    your answers are remembered, None to remember them in this session only.

    A wrong answer is diagnosed as in the lessons, and raises the chance of puzzles on which the
    same belief would be wrong again; right answers to such puzzles lower it.
    """

    def __init__(self, topics=None, level=2, seed=None, record="keras_shapes_drill.json"):
        self.topics = _known_topics(topics)
        self.level = level
        self.record = Record(record)
        self.puzzle = self.verdict = None
        self._seed = random.randrange(2**32) if seed is None else seed
        self._drawn = 0
        self._seen = []
        self._open = False  # whether the next answer counts
        self._tell_of_record()

    @property
    def level(self):
        """How difficult the puzzles are, 1 to 5."""
        return self._level

    @level.setter
    def level(self, level):
        if level not in LEVELS:
            raise ValueError(f"The level is a whole number from 1 to 5; {level!r} is not.")
        self._level = level

    def next(self):
        """Show a new puzzle. Leaving one out costs nothing."""
        self.draw()
        _show(self.puzzle.as_text(), self.puzzle.as_html())
        self._tell_of_record()

    def answer(self, answer):
        """Show the verdict on an answer to the puzzle, and remember the first one.

        answer: as the puzzle asks for it; it may also be typed as text.
        """
        verdict = self.judge(answer)
        _show(verdict.as_text(), verdict.as_html(), {MEDIA_TYPE: verdict.as_dict()})
        self._tell_of_record()

    def why(self):
        """Show why Keras answers as it does. After that, the puzzle counts no more."""
        _show(*self.explain())

    def progress(self):
        """Show which rules misled you, how often since they did not, and which are shaky."""
        _show(*self.report())
        self._tell_of_record()

    def play(self):
        """Return the drill with a text field and buttons. Needs ipywidgets and a notebook."""
        try:
            from autograder.learn.drill.panel import Panel
        except ImportError:
            _show(NO_BUTTONS, _paragraph(NO_BUTTONS))
            return None
        self.panel = Panel(self)
        return self.panel.box

    # --- the same without showing ---

    def draw(self):
        """Draw the next puzzle and return it."""
        self._drawn += 1
        rng = random.Random(f"{self._seed} {self._drawn}")
        with hushed():
            self.puzzle = self._pick(rng)
        self._seen = [*self._seen, self.puzzle.as_text()][-APART:]
        self.verdict, self._open = None, True
        return self.puzzle

    def _pick(self, rng):
        """Return a puzzle; where rules are shaky, one that is likely to show them."""
        shaky = self.record.shaky()
        drawn = []
        for _ in range(CANDIDATES * 2):  # some may have been there before
            puzzle = draw(rng.choice(self.topics), self.level, rng)
            if puzzle.as_text() not in self._seen:
                drawn.append(puzzle)
            if len(drawn) == (CANDIDATES if shaky else 1):
                break
        drawn = drawn or [puzzle]
        if not shaky:
            return drawn[0]
        weights = [1 + PULL * sum(shaky.get(code, 0) for code in p.traps) for p in drawn]
        return rng.choices(drawn, weights)[0]

    def judge(self, answer):
        """Return the Verdict on an answer to the puzzle, and remember the first one."""
        if self.puzzle is None:
            return Verdict(NOT_ATTEMPTED, "There is no puzzle yet.", hint="drill.next()")
        try:
            with hushed():
                verdict = self.puzzle.judge(self.puzzle.read(answer))
        except Unreadable as unreadable:
            verdict = Verdict(NOT_ATTEMPTED, f"{unreadable} That cost nothing.")
        if {"form", "not_a_tuple"} & set(verdict.mistakes):  # and no belief behind it
            verdict = replace(verdict, state=NOT_ATTEMPTED, mistakes=())
        self.verdict = verdict
        if self._open and verdict.state != NOT_ATTEMPTED:
            self._open = False
            self._remember(verdict)
        return verdict

    def _remember(self, verdict):
        known = beliefs()
        misled = [[c for c in m.split(" + ") if c in known] for m in verdict.mistakes]
        misled = [codes for codes in misled if codes]
        self.record.remember(self.puzzle.traps, verdict.state == RIGHT, misled)

    def explain(self):
        """Return why Keras answers as it does, as (text, HTML). The puzzle counts no more."""
        if self.puzzle is None:
            said = "There is no puzzle yet. Try: drill.next()"
            return said, f"<p>{said}</p>"
        self._open = False
        with hushed():
            said = _reason(self.puzzle)
            found = explain(self.puzzle.model) if self.puzzle.model is not None else None
        if found is None:
            return said, _paragraph(said)
        return f"{said}\n\n{found.as_text()}", _paragraph(said) + found.as_html()

    def report(self):
        """Return the progress as (text, HTML)."""
        self.record.load()
        record, known = self.record, beliefs()
        misled = {c: m for c, m in record.rules.items() if m.misled and c in known}
        order = sorted(misled, key=lambda c: (-misled[c].shaky, -misled[c].misled, c))
        rows = [_row(f"… {known[code]}", misled[code]) for code in order]
        said = f"{_count(record.answered, 'puzzle')} answered, {record.right} right."
        others = sum(1 for m in record.rules.values() if m.right and not m.misled)
        if others:
            said += f" {_count(others, 'other mistaken rule')} could have misled you and did not."
        return _report_text(said, rows), _report_html(said, rows)

    def news_html(self):
        """Return what there is to tell of the record as HTML, once; empty if all is well."""
        said, self.record.said = self.record.said, ""
        return _paragraph(said) if said else ""

    def _tell_of_record(self):
        said = self.record.said
        if said:
            _show(said, self.news_html())


def _known_topics(topics):
    topics = TOPICS if topics is None else (topics,) if isinstance(topics, str) else tuple(topics)
    for topic in topics:
        if topic not in TOPICS:
            close = difflib.get_close_matches(str(topic), TOPICS, 1)
            meant = f" Did you mean {close[0]!r}?" if close else ""
            raise ValueError(f"There is no topic {topic!r}.{meant} There are {', '.join(TOPICS)}.")
    if not topics:
        raise ValueError(f"Give at least one topic: {', '.join(TOPICS)}.")
    return topics


# --- why --------------------------------------------------------------------------------------


def _reason(puzzle):
    """Return Keras's answer in a sentence, with what isn't seen layer by layer."""
    if puzzle.kind == "shape":
        batch = "The batch axis stands in front of the sizes of one sample. "
        return f"{'' if puzzle.model else batch}Keras says {puzzle.truth}."
    if puzzle.kind == "count":
        return f"Keras counts {puzzle.truth:,}."
    if puzzle.kind == "accepts":
        words = {True: "taken", False: "refused"}
        declared = puzzle.model.input_shape
        said = [
            f"{letter} is {words[taken]}: {because(batch, declared, taken)}."
            for (letter, _, batch), taken in zip(puzzle.choices, puzzle.truth, strict=True)
        ]
        return "\n".join([f"The model declares {declared}.", *said])
    question, truth = puzzle.questions[0], puzzle.truth
    if question.error is None:
        return "Every layer takes what arrives."
    layer = type(question.layers[truth.at]).__name__
    arrives = question.arriving[-1]
    reason = f"{REASONS[truth.reason]}{question.counted}"
    return f"{layer} can't take the shape {arrives} that arrives at it: {reason}."


# --- how it looks -----------------------------------------------------------------------------


def _show(text, as_html, more=()):
    from IPython.core.getipython import get_ipython
    from IPython.display import display

    if get_ipython() is None:
        print(text)
    else:
        display({"text/plain": text, "text/html": as_html, **dict(more)}, raw=True)


def _paragraph(text):
    return f"<p style='max-width:46em;white-space:pre-line'>{html.escape(text)}</p>"


def _count(number, thing):
    return f"{number} {thing}{'' if number == 1 else 's'}"


_HEAD = ("You seemed to think that …", "met", "right", "now")


def _row(belief, memory):
    left = _count(memory.shaky, "right answer")
    now = f"shaky: {left} to go" if memory.shaky else "settled"
    return belief, str(memory.met), str(memory.right), now


def _report_text(said, rows):
    if not rows:
        return said
    lines = [_HEAD, *rows]
    widths = [max(len(line[i]) for line in lines) for i in range(4)]
    table = ("  ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)) for line in lines)
    return "\n".join([said, "", *(line.rstrip() for line in table)])


def _report_html(said, rows):
    if not rows:
        return _paragraph(said)
    cell = "style='text-align:left;padding:.2em 1em .2em 0'"
    head = "".join(f"<th scope='col' {cell}>{html.escape(h)}</th>" for h in _HEAD)
    body = "".join(
        f"<tr><th scope='row' {cell}>{html.escape(row[0])}</th>"
        + "".join(f"<td {cell}>{html.escape(c)}</td>" for c in row[1:])
        + "</tr>"
        for row in rows
    )
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return _paragraph(said) + table
