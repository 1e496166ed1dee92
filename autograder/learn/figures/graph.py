"""A model whose layers branch and meet, from its inputs at the top to its outputs below."""

import itertools
from collections import Counter, namedtuple

from matplotlib.path import Path

from autograder.learn.calls import is_shape
from autograder.learn.figures.picture import (
    FRONT,
    PAPER,
    TOP,
    WIDEST,
    CannotDraw,
    Picture,
    canvas,
    counted,
    cut,
    draw_arrow,
    draw_box,
    say,
    write,
)
from autograder.learn.reasons import listed

#: The most layers below and beside one another: what fits a page.
DEEP, BROAD = 17, 4
#: The distance from level to level, and the height of a box with four lines or, of many, with two.
LEVEL, BOX, HIGH = 1.22, 0.84, 9
CLOSER, LOWER = 0.66, 0.46

#: A place on a level: the name of the call that is there, or (from, to) where a line passes.
Place = namedtuple("Place", "name x y")


def draw_graph(calls):
    """Draw the Calls of a model as boxes, level by level, with an arrow for all that is read."""
    levels = _levels(calls)
    if len(levels) > DEEP or max(map(len, levels)) > BROAD:
        raise CannotDraw(
            f"This model is too large for a figure, which has room for {DEEP} layers below and "
            f"{BROAD} beside one another; explain(model) tells all of it in words."
        )
    level, box = (LEVEL, BOX) if len(levels) <= HIGH else (CLOSER, LOWER)
    figure, axes = canvas(WIDEST, level * (len(levels) - 1) + box + 0.3)
    places = _places(levels, figure.get_size_inches()[1], level, box)
    for call in calls:
        for source, times in Counter(call.sources).items():
            _draw_way(axes, places, source, call.name, times, box)
    for call in calls:
        most = 2.5 if box == BOX else 4.2
        wide = min(most, WIDEST / len(_level_of(levels, call.name)) - 0.2)
        _draw_call(axes, places[call.name], wide, box, call)
    said = "; ".join(_told(call) for call in calls)
    return Picture(figure, f"Layers and what each reads: {said}.")


def _levels(calls):
    """Return lists of names; (from, to) stands where a line passes a level on its way."""
    depth = {}
    for call in calls:
        depth[call.name] = 1 + max((depth[source] for source in call.sources), default=-1)
    levels = [[] for _ in range(1 + max(depth.values()))]
    for call in calls:
        levels[depth[call.name]].append(call.name)
        for source in dict.fromkeys(call.sources):
            for passed in range(depth[source] + 1, depth[call.name]):
                levels[passed].append((source, call.name))
    for above, level in itertools.pairwise(levels):
        _sort(level, above, calls)
    return levels


def _sort(level, above, calls):
    """Put what is on a level below what it reads, so that few lines cross."""
    read = {call.name: call.sources for call in calls}

    def middle(item):
        ends = [
            above.index(source if source in above else (source, item))
            for source in read.get(item, ())
            if source in above or (source, item) in above
        ]
        if isinstance(item, tuple):  # a line goes on below itself, or below where it starts
            ends = [above.index(item if item in above else item[0])]
        return (sum(ends) / len(ends) if ends else 0) / max(len(above) - 1, 1)

    level.sort(key=middle)


def _level_of(levels, name):
    return next(level for level in levels if name in level)


def _places(levels, high, apart, box):
    places = {}
    for i, level in enumerate(levels):
        y = high - 0.15 - box / 2 - apart * i
        for j, name in enumerate(level):
            x = WIDEST * (j + 0.5) / len(level)
            key = (*name, i) if isinstance(name, tuple) else name
            places[key] = Place(name, x, y)
    return places


def _draw_way(axes, places, source, name, times, box):
    """Draw the arrow from one call to another, past the boxes between them."""
    start, end = places[source], places[name]
    passed = [place for place in places.values() if place.name == (source, name)]
    points = [(start.x, start.y - box / 2)]
    for place in passed:
        points += [(place.x, place.y + box / 2), (place.x, place.y - box / 2)]
    points.append((end.x, end.y + box / 2 + 0.02))
    draw_arrow(axes, None, None, path=Path(points), zorder=1)
    if times > 1:
        (x, y), (next_x, next_y) = points[:2]
        say(axes, (x + next_x) / 2, (y + next_y) / 2, f"{times} times", 8, ground=PAPER)


def _draw_call(axes, place, wide, box, call):
    face = FRONT if _count(call) else TOP
    draw_box(axes, place.x - wide / 2, place.y - box / 2, wide, box, face=face)
    lines = (call.name, _kind(call), _shape(call), _said(call))
    if box < BOX:
        lines = (f"{call.name} ({_kind(call)})", f"{_shape(call)}, {_said(call)}")
    for i, line in enumerate(lines):
        weight = "normal" if i else "bold"
        y = place.y + 0.1 * (len(lines) - 1) - 0.2 * i
        say(axes, place.x, y, cut(line, wide - 0.1, 8), 8, weight=weight)


def _kind(call):
    """Return the class of a Call's layer; several that are drawn as one say what they are."""
    return getattr(call, "kind", None) or type(call.layer).__name__


def _count(call):
    if hasattr(call, "count"):
        return call.count
    return call.layer.count_params() if getattr(call.layer, "built", False) else 0


def _said(call):
    count = _count(call)
    if count and call.turn > 1:
        return "shared"
    return counted(count) if count else "no parameters"


def _shape(call):
    if call.after is None:
        return "unknown shape"
    return write(call.after) if is_shape(call.after) else counted(len(call.after), "output")


def _told(call):
    reads = f" reads {listed(call.sources)}," if call.sources else ""
    weights = "the same weights again" if _said(call) == "shared" else counted(_count(call))
    return f"{call.name} ({_kind(call)}){reads} gives {_shape(call)}, {weights}"
