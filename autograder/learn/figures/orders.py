"""The order in which the numbers of a feature map stand in a row."""

import numpy as np

from autograder.learn.figures.picture import (
    INK,
    WIDEST,
    CannotDraw,
    Picture,
    canvas,
    counted,
    draw_numbers,
    say,
    whole,
)

#: The most numbers that fit beside one another.
MOST = 32


def draw_flatten(height=2, width=3, channels=2):
    """Draw how Flatten unrolls one small feature map, every number keeping its colour."""
    numbers = _numbers(height, width, channels)
    total = numbers.size
    wide, cell = _measures(*numbers.shape)
    high = 0.62 * height + 1.45
    figure, axes = canvas(wide, high)
    _draw_map(axes, numbers, cell, wide / 2, high - 0.1)
    left = (wide - total * cell) / 2
    how = "Flatten: row by row, in a row pixel by pixel"
    how += ", in a pixel channel by channel" if channels > 1 else ""
    say(axes, wide / 2, 1.05, how)
    draw_numbers(axes, left, 0.45, cell, 0.38, range(total), total)
    say(axes, wide / 2, 0.2, f"{height} × {width} × {channels} = {total} features, in this order")
    alt = (
        f"{_told(numbers)} Below, Flatten's row of {total} features holds 0 to {total - 1} in "
        f"just this order, each in the colour of its place above."
    )
    return Picture(figure, alt)


def draw_orders(height=2, width=2, channels=3):
    """Draw a small feature map and three rows its numbers can stand in; Flatten makes the first."""
    numbers = _numbers(height, width, channels)
    total = numbers.size
    wide, cell = _measures(*numbers.shape)
    high = 0.62 * height + 3.3
    figure, axes = canvas(wide, high)
    _draw_map(axes, numbers, cell, wide / 2, high - 0.1)
    said = []
    for i, (title, group, order) in enumerate(_orders(numbers)):
        _draw_strip(axes, (wide - total * cell) / 2, 2.35 - 0.98 * i, cell, title, group, order)
        said.append(f"{title}: {', '.join(map(str, order.ravel()))}.")
    return Picture(figure, f"{_told(numbers)} The same numbers in a row. {' '.join(said)}")


def _orders(numbers):
    """Return title, name of the groups, and the numbers with a row for each group."""
    height, width, channels = numbers.shape
    return (
        ("Row by row (row-major), as Flatten does", "row", numbers.reshape(height, -1)),
        ("Channel by channel (channels first)", "channel", numbers.transpose(2, 0, 1)),
        ("Column by column", "column", numbers.transpose(1, 0, 2)),
    )


def _numbers(height, width, channels):
    whole(6, height=height, width=width)
    whole(MOST, channels=channels)
    total = height * width * channels
    if total > MOST:
        raise CannotDraw(
            f"This figure draws at most {MOST} numbers, and {height} × {width} × {channels} are "
            f"{total}."
        )
    return np.arange(total).reshape(height, width, channels)


def _measures(height, width, channels):
    """Return the width of the figure and of one cell."""
    total = height * width * channels
    cell = min(0.5, (WIDEST - 0.3) / total, ((WIDEST - 0.1) / width - 0.15) / channels)
    widest = width * max(channels * cell + 0.15, 1.15)
    return max(6.2, total * cell + 0.3, widest + 0.1), cell


def _draw_map(axes, numbers, cell, middle, top):
    """Draw a feature map below `top`: its pixels in rows and columns, their channels in cells."""
    height, width, channels = numbers.shape
    step = max(channels * cell + 0.15, 1.15)
    for h, w in np.ndindex(height, width):
        x = middle + (w - (width - 1) / 2) * step
        y = top - 0.62 * (h + 1)
        left = x - channels * cell / 2
        draw_numbers(axes, left, y, cell, 0.38, numbers[h, w], numbers.size)
        say(axes, x, y + 0.48, f"row {h}, column {w}", 8)


def _draw_strip(axes, left, y, cell, title, group, order):
    order = order.reshape(len(order), -1)
    each = order.shape[1] * cell
    say(axes, left, y + 0.53, title, weight="bold", ha="left")
    draw_numbers(axes, left, y, cell, 0.38, order.ravel(), order.size)
    for i in range(len(order)):
        start, end = left + i * each + 0.05, left + (i + 1) * each - 0.05
        axes.plot([start, start, end, end], [y - 0.04, y - 0.09, y - 0.09, y - 0.04], color=INK)
        say(axes, (start + end) / 2, y - 0.2, f"{group} {i}" if each > 0.7 else i, 8)


def _told(numbers):
    height, width, channels = numbers.shape
    places = "; ".join(
        f"row {h}, column {w}: {', '.join(map(str, numbers[h, w]))}"
        for h, w in np.ndindex(height, width)
    )
    return (
        f"A feature map of {counted(height, 'row')}, {counted(width, 'column')} and "
        f"{counted(channels, 'channel')}, its numbers counted from 0 to {numbers.size - 1}. "
        f"{places}."
    )
