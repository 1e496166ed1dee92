"""The charts of a report: drawn twice, for a wide screen and for a phone, with words for both.

A chart is a picture in an <img>, so that nothing in it can reach the page. Colours run from dark to
light and back, each part has a pattern and its number, and a table below says the same.
"""

import base64
import io
import math
import textwrap
from dataclasses import dataclass

import matplotlib
from matplotlib.figure import Figure

from autograder.reports.insight import STATES
from autograder.states import LOOKS, WRONG

INK, PAPER, GRID = "#1b2a41", "#ffffff", "#d5dae3"
BAR = "#2f5d8a"
#: Inches: of a page in print or on a desk, and of a phone.
WIDE, NARROW = 7.6, 3.7
#: Of each state: the colour of its part of a bar, of what is written on it, and its pattern.
PARTS = dict(
    zip(
        STATES,
        (
            ("#1f6f5c", "white", ""),
            ("#9ccfb8", INK, "////"),
            ("#e7a08a", INK, "\\\\\\\\"),
            ("#e3e6ec", INK, "...."),
            ("#6b4f8f", "white", "xxxx"),
        ),
        strict=True,
    )
)
_STYLE = {
    "svg.hashsalt": "report",
    "font.size": 9,
    "hatch.linewidth": 0.6,
    "text.color": INK,
    "text.parse_math": False,  # a $ is a $
}


@dataclass(frozen=True)
class Chart:
    """A chart in both widths, as data: addresses. alt: what it shows, in words."""

    wide: str
    narrow: str
    alt: str


def _chart(draw, alt):
    """Return the Chart of a function that draws into a given width and returns a Figure."""
    with matplotlib.rc_context(_STYLE):
        return Chart(_as_address(draw(WIDE)), _as_address(draw(NARROW)), alt)


def _as_address(figure):
    out = io.BytesIO()
    figure.savefig(out, format="svg", facecolor=PAPER, metadata={"Date": None, "Creator": None})
    return f"data:image/svg+xml;base64,{base64.b64encode(out.getvalue()).decode()}"


def _axes(wide, high):
    """Return (figure, axes), with the axes from edge to edge and inches as their units."""
    figure = Figure(figsize=(wide, high))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, wide)
    axes.set_ylim(high, 0)  # downwards, as rows are read
    axes.axis("off")
    return figure, axes


def states_chart(rows, alt):
    """Draw a bar for each exercise, in parts for its states. rows: [(label, {state: count})]."""
    met = [state for state in STATES if any(counts[state] for _, counts in rows)]

    def draw(wide):
        narrow = wide < 5
        left, step = (0.05, 0.52) if narrow else (3.0, 0.36)
        top = 0.1 + 0.25 * math.ceil(len(met) / (2 if narrow else 5))
        figure, axes = _axes(wide, top + step * len(rows) + 0.1)
        _draw_legend(axes, met, wide)
        for number, (label, counts) in enumerate(rows):
            y = top + number * step + (0.27 if narrow else 0.07)
            at = (left, y - 0.04) if narrow else (left - 0.1, y + 0.125)
            sides = ("left", "bottom") if narrow else ("right", "center")
            axes.text(*at, _cut(label, 50 if narrow else 44), ha=sides[0], va=sides[1])
            _draw_parts(axes, left, y, wide - left - 0.05, counts)
        return figure

    return _chart(draw, alt)


def _draw_legend(axes, states, wide):
    columns = 2 if wide < 5 else 5
    for number, state in enumerate(states):
        x, y = wide / columns * (number % columns) + 0.05, 0.05 + 0.25 * (number // columns)
        face, _, hatch = PARTS[state]
        axes.bar(x, 0.16, 0.26, y, align="edge", color=face, hatch=hatch, edgecolor=PAPER, lw=0.8)
        sign = f"{LOOKS[state][0]} " if state in LOOKS else ""
        axes.text(x + 0.33, y + 0.08, sign + state, va="center")


def _draw_parts(axes, x, y, wide, counts, high=0.23):
    total = sum(counts.values())
    for state, count in counts.items():
        if not count:
            continue
        part = wide * count / total
        face, ink, hatch = PARTS[state]
        axes.bar(x, high, part, y, align="edge", color=face, hatch=hatch, edgecolor=PAPER, lw=0.8)
        # The number on a plain patch, where there is room for one.
        if part > 0.09 * len(str(count)) + 0.08:
            patch = {"facecolor": face, "edgecolor": "none", "pad": 2.5}
            axes.text(
                x + part / 2, y + high / 2, count, ha="center", va="center", color=ink, bbox=patch
            )
        x += part


def shares_chart(rows, alt):
    """Draw a bar for each share. rows: [(words, share of 1, what to write at its end)]."""

    def draw(wide):
        # The letters of a line that fits, at 9 points.
        lines = [textwrap.wrap(words, int(wide * 14.5)) for words, _, _ in rows]
        high = sum(0.16 * len(told) + 0.36 for told in lines)
        figure, axes = _axes(wide, high + 0.02)
        y, room = 0.02, wide - 1.0
        for told, (_, share, end) in zip(lines, rows, strict=True):
            y += 0.16 * len(told)
            axes.text(0.02, y, "\n".join(told), va="bottom", linespacing=1.15)
            axes.bar(0.02, 0.17, room, y + 0.02, align="edge", color="none", edgecolor=GRID)
            axes.bar(0.02, 0.17, room * share, y + 0.02, align="edge", color=BAR)
            axes.text(room + 0.1, y + 0.105, end, va="center")
            y += 0.36
        return figure

    return _chart(draw, alt)


def pairs_chart(rows, names, alt):
    """Draw two bars for each row. rows: [(label, number, number)]. names: of the two bars."""
    most = max(1, *(number for _, *pair in rows for number in pair))
    looks = [(BAR, "", 0.17), (PARTS[WRONG][0], PARTS[WRONG][2], 0.17)]

    def draw(wide):
        narrow = wide < 5
        left, step = (0.05, 0.68) if narrow else (3.0, 0.48)
        figure, axes = _axes(wide, 0.35 + step * len(rows))
        for number, (name, (face, hatch, high)) in enumerate(zip(names, looks, strict=True)):
            x = 0.05 + number * 1.6
            axes.bar(x, high, 0.26, 0.05, align="edge", color=face, hatch=hatch, edgecolor=PAPER)
            axes.text(x + 0.33, 0.13, name, va="center")
        for number, (label, *pair) in enumerate(rows):
            y = 0.42 + number * step + (0.22 if narrow else 0)
            at = (left, y - 0.03) if narrow else (left - 0.1, y + 0.17)
            sides = ("left", "bottom") if narrow else ("right", "center")
            axes.text(*at, _cut(label, 50 if narrow else 44), ha=sides[0], va=sides[1])
            for k, (count, (face, hatch, high)) in enumerate(zip(pair, looks, strict=True)):
                long, top = (wide - left - 0.4) * count / most, y + k * high
                axes.bar(
                    left, high, long, top, align="edge", color=face, hatch=hatch, edgecolor=PAPER
                )
                axes.text(left + long + 0.06, top + high / 2, count, va="center", fontsize=8)
        return figure

    return _chart(draw, alt)


def scores_chart(counts, edges, alt):
    """Draw a column for each range of scores. edges: one more than there are columns."""

    def draw(wide):
        figure = Figure(figsize=(wide, 2.1), layout="constrained")
        axes = figure.add_subplot()
        bars = axes.bar(range(len(counts)), counts, width=0.9, color=BAR)
        axes.bar_label(bars, [count or "" for count in counts], padding=1)
        axes.set_xticks([place - 0.5 for place in range(len(edges))], edges)
        axes.set_yticks([])
        axes.margins(y=0.15)
        axes.spines[["top", "left", "right"]].set_visible(False)
        axes.set_xlabel("% of the points")
        return figure

    return _chart(draw, alt)


def _cut(text, most):
    return text if len(text) <= most else f"{text[: most - 1]}…"
