"""Bars that compare models: what they cost, and how they do."""

import math

import keras

from autograder.learn.figures.picture import (
    FRONT,
    PAPER,
    SIDE,
    SOFT,
    TOP,
    WIDEST,
    CannotDraw,
    Picture,
    canvas,
    counted,
    cut,
    draw_box,
    folded,
    labelled,
    say,
)

#: How the bars of the first, second … kind are filled.
FILLS = ((SIDE, ""), (PAPER, "////"), (FRONT, ""), (TOP, "...."))


def draw_bills(models):
    """Draw how many parameters each layer of some models has, on one scale.

    models: a dictionary of labels and models.
    """
    bills = [(label, *_bill(label, model)) for label, model in labelled(models, 4, "models")]
    bars = sum(len(lines) for _, lines, _ in bills)
    if bars > 30:
        raise CannotDraw(
            f"This figure has room for 30 layers in all, and these models have {bars}."
        )
    most = max((count for _, lines, _ in bills for _, count in lines), default=0)
    step, ticks = _ticks(most)
    high = 0.24 * bars + 0.55 * len(bills) + 0.7
    figure, axes = canvas(WIDEST, high)
    scale = (WIDEST - 3.9) / (step * ticks)
    for tick in range(ticks + 1):
        x = 1.9 + tick * step * scale
        axes.plot([x, x], [0.6, high - 0.2], color=SOFT, linewidth=0.5, zorder=0)
        say(axes, x, 0.45, f"{tick * step:,}", 8)
    say(axes, 1.9, 0.2, "parameters", 8.5, ha="left")
    top = high - 0.1
    for label, lines, total in bills:
        said = f"{label}: {counted(total)} in all"
        say(axes, 0.2, top - 0.2, said, 9.5, weight="bold", ha="left", ground=PAPER)
        for i, (name, count) in enumerate(lines):
            _draw_bar(axes, top - 0.48 - 0.24 * i, name, count, count / max(total, 1), scale)
        top -= 0.24 * len(lines) + 0.55
    said = [
        f"{label}: {', '.join(f'{name} {count:,}' for name, count in lines)}; {total:,} in all"
        for label, lines, total in bills
    ]
    return Picture(figure, f"Parameters layer by layer. {'. '.join(said)}.")


def _ticks(most):
    """Return a round step, and how many of them, at most five, reach the largest number."""
    step = 10 ** max(0, len(str(most)) - 2)
    step *= next(n for n in (1, 2, 5, 10, 20, 50) if 5 * n * step >= most)
    return step, max(1, math.ceil(most / step))


def _bill(label, model):
    """Return the (class, parameters) of each layer of a model, and the parameters in all."""
    if not isinstance(model, keras.Model) or not model.built:
        raise CannotDraw(
            f"{label!r} has no weights to count yet: give it a keras.Input, or call it on data."
        )
    layers = [x for x in model.layers if not isinstance(x, keras.layers.InputLayer)]
    return [(type(x).__name__, x.count_params()) for x in layers], model.count_params()


def _draw_bar(axes, y, name, count, share, scale):
    say(axes, 1.8, y, cut(name, 1.75, 8.5), 8.5, ha="right")
    long = scale * count
    if count:
        draw_box(axes, 1.9, y - 0.085, max(long, 0.03), 0.17, face=SIDE)
    part = "under 1" if share < 0.01 else f"{100 * share:.0f}"
    part = "over 99" if 0.99 < share < 1 else part
    words = f"{count:,}, {part} %" if count else "none"
    say(axes, 1.98 + long, y, words, 8.5, ha="left", ground=PAPER)


def draw_scores(scores):
    """Draw accuracies, from 0 to 1, as groups of bars.

    scores: a dictionary of labels, each with a dictionary of kinds and accuracies, such as
    {"Flatten": {"seen": 1.0, "new": 0.1}}.
    """
    groups = labelled(scores, 6, "groups")
    kinds = list(dict.fromkeys(kind for _, group in groups for kind in _accuracies(group)))
    if len(kinds) > len(FILLS):
        raise CannotDraw(f"This figure tells {len(FILLS)} kinds apart, and these are {len(kinds)}.")
    if len(kinds) * len(groups) > 16:
        raise CannotDraw(f"This figure has room for 16 bars, not for {len(kinds) * len(groups)}.")
    figure, axes = canvas(WIDEST, 3.4)
    each = (WIDEST - 1.2) / len(groups)
    for part in (0, 0.25, 0.5, 0.75, 1):
        y = 0.55 + 2.0 * part
        axes.plot([0.8, WIDEST - 0.4], [y, y], color=SOFT, linewidth=0.5, zorder=0)
        say(axes, 0.72, y, f"{part:g}", 8, ha="right")
    for i, (label, group) in enumerate(groups):
        middle = 0.8 + each * (i + 0.5)
        say(axes, middle, 0.28, folded(label, each, 9.5), 9.5, weight="bold")
        _draw_group(axes, middle, min(0.7, 0.8 * each / len(kinds)), kinds, group)
    _draw_legend(axes, kinds)
    said = [
        f"{label}: {', '.join(f'{kind} {value:.2f}' for kind, value in group.items())}"
        for label, group in groups
    ]
    return Picture(figure, f"Accuracies, from 0 to 1. {'; '.join(said)}.")


def _accuracies(group):
    if not isinstance(group, dict) or not all(0 <= value <= 1 for value in group.values()):
        raise CannotDraw(
            "This figure takes accuracies from 0 to 1 for each label, such as "
            '{"Flatten": {"seen": 1.0, "new": 0.1}}.'
        )
    return group


def _draw_group(axes, middle, wide, kinds, group):
    for j, kind in enumerate(kinds):
        if kind not in group:
            continue
        x = middle + (j - len(kinds) / 2) * wide
        face, hatch = FILLS[j]
        high = 2.0 * group[kind]
        draw_box(axes, x + 0.03, 0.55, wide - 0.06, high, face=face, hatch=hatch)
        say(axes, x + wide / 2, 0.55 + high + 0.14, f"{round(group[kind], 2)}", 8.5, ground=PAPER)


def _draw_legend(axes, kinds):
    say(axes, 0.8, 3.14, "accuracy", ha="left")
    x = 1.75
    for kind, (face, hatch) in zip(kinds, FILLS, strict=False):
        draw_box(axes, x, 3.05, 0.3, 0.18, face=face, hatch=hatch)
        say(axes, x + 0.38, 3.14, kind, ha="left")
        x += 0.7 + 0.08 * len(str(kind))
