"""Whether sizes meet again on the two sides of a U-Net."""

import itertools

import keras
from keras import layers

from autograder.learn.figures.picture import (
    FRONT,
    PAPER,
    WIDEST,
    CannotDraw,
    Picture,
    aside,
    canvas,
    counted,
    draw_arrow,
    draw_box,
    say,
    whole,
)

#: How far apart levels are, and each arm of a U from its middle.
_ROW, _ARM = 0.66, 1.1


def draw_skips(*sizes, times=2):
    """Draw how sizes are halved so many times and doubled again, and which then meet.

    Each U is worked out by pooling and upsampling layers of Keras's.
    """
    whole(2, sizes=len(sizes))
    whole(3, times=times)
    for size in sizes:
        whole(1024, size=size)
        if size < 2**times:
            raise CannotDraw(f"{size} can't be halved {counted(times, 'time')}.")
    figure, axes = canvas(WIDEST, _ROW * times + 1.0)
    each, said = WIDEST / len(sizes), []
    for i, size in enumerate(sizes):
        down, up = _down_and_up(size, times)
        said.append(_draw_u(axes, each * (i + 0.5), down, up))
    return Picture(figure, " ".join(said))


def _down_and_up(size, times):
    """Return the sizes on the way down, and those on the way up, from below."""
    with aside():
        tensor, down, up = keras.Input((size, size, 1)), [size], []
        for _ in range(times):
            tensor = layers.MaxPooling2D()(tensor)
            down.append(tensor.shape[1])
        for _ in range(times):
            tensor = layers.UpSampling2D()(tensor)
            up.append(tensor.shape[1])
    return down, up


def _draw_u(axes, middle, down, up):
    """Draw one U around the middle, and return it in words."""
    left, right = middle - _ARM, middle + _ARM
    top = axes.get_ylim()[1]
    say(axes, middle, top - 0.2, f"from {down[0]}", 9.5, weight="bold")
    places = [(left, top - 0.72 - _ROW * level) for level in range(len(up))]
    places.append((middle, top - 0.72 - _ROW * len(up)))
    places += [(2 * middle - x, y) for x, y in places[-2::-1]]
    for (x, y), (next_x, next_y) in itertools.pairwise(places):
        aside, towards = 0.4 * (next_x - x), 0.15 if next_y > y else -0.15
        draw_arrow(axes, (x + aside, y + towards), (next_x - aside, next_y - towards))
    met = list(zip(down, reversed(up), strict=False))
    for (x, y), size in zip(places, down + up, strict=True):
        at_odds = any(size in pair and pair[0] != pair[1] for pair in met)
        more = {"linestyle": "--", "linewidth": 2} if at_odds else {}
        draw_box(axes, x - 0.27, y - 0.14, 0.54, 0.28, size, PAPER if at_odds else FRONT, **more)
    for (_, y), (one, other) in zip(places, met, strict=False):
        line = {"linestyle": "-" if one == other else ":"}
        draw_arrow(axes, (left + 0.3, y), (right - 0.3, y), **line)
        say(axes, middle, y, "✓ meets" if one == other else "✗ doesn't meet", 8.5, ground=PAPER)
    ends = ", ".join(f"{a} {'meets' if a == b else 'does not meet'} {b}" for a, b in met)
    ways = [", ".join(map(str, sizes)) for sizes in (down, up)]
    return f"Down by pooling: {ways[0]}. Up again: {ways[1]}. On the same level, {ends}."
