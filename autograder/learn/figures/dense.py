"""A Dense layer on rows: what it shares, and when its sums agree by chance."""

import itertools

import keras

from autograder.learn.figures.picture import (
    FRONT,
    INK,
    PAPER,
    SOFT,
    WIDEST,
    CannotDraw,
    Picture,
    aside,
    canvas,
    counted,
    draw_arrow,
    draw_box,
    say,
    shade,
    whole,
    write,
)


def draw_dense_rows(rows=3, features=2, units=4):
    """Draw each row going through the one kernel of Dense; beside it the belief that all meet all.

    rows, features: the shape of a sample. units: those of the layer.
    """
    whole(5, rows=rows)
    whole(6, features=features, units=units)
    own = _dense(units, (None, rows, features))
    full = _dense(units, (None, rows * features))
    high = max(2.9, 0.62 * rows + 1.75)
    figure, axes = canvas(WIDEST, high)
    after = tuple(own.compute_output_shape((None, rows, features)))
    middle = high / 2 + 0.1
    _draw_shared(axes, middle, own, rows, features, units)
    _draw_web(axes, middle, rows, features, units)
    axes.plot([WIDEST * 0.58] * 2, [0.3, high - 0.3], color=SOFT, linewidth=0.8)
    titles = (
        (WIDEST * 0.29, "Keras: the same kernel for every row", own),
        (WIDEST * 0.79, "The belief: all meet all", full),
    )
    for x, title, layer in titles:
        say(axes, x, high - 0.2, title, 9.5, weight="bold")
        down, across = layer.kernel.shape
        total = f"{down} × {across} + {across} = {counted(layer.count_params())}"
        say(axes, x, 0.2, total, weight="bold")
    say(axes, WIDEST * 0.29, 0.44, f"{write((None, rows, features))} gives {write(after)}", 8.5)
    say(
        axes,
        WIDEST * 0.79,
        0.44,
        f"{counted(rows * features, 'number')}, {counted(units, 'result')}",
        8.5,
    )
    alt = (
        f"Left, Keras: each of {rows} rows of {features} goes through the same kernel "
        f"{write(own.kernel.shape)} of Dense({units}) and leaves as a row of {units}: "
        f"{write((None, rows, features))} gives {write(after)}, with "
        f"{counted(own.count_params())}. Right, the belief: all {rows * features} "
        f"numbers meet all {units} results, which would take "
        f"{counted(full.count_params())}."
    )
    return Picture(figure, alt)


def _dense(units, shape):
    with aside():
        layer = keras.layers.Dense(units, kernel_initializer="zeros", name="dense")
        layer.build(shape)
    return layer


def _draw_shared(axes, middle, layer, rows, features, units):
    cell = min(0.24, 0.95 / max(features, units))
    left, right = 0.62, 3.3
    weights = f"kernel {write(layer.kernel.shape)}\nbias {write(layer.bias.shape)}"
    draw_box(axes, 1.9, middle - 0.25, 0.95, 0.5, weights, FRONT, 8)
    for row in range(rows):
        y = middle + 0.62 * ((rows - 1) / 2 - row)
        say(axes, 0.4, y, f"row {row}", 8)
        _draw_row(axes, left, y, cell, features, shade(row, rows))
        _draw_row(axes, right, y, cell, units, shade(row, rows))
        draw_arrow(axes, (left + features * cell + 0.05, y), (1.88, middle))
        draw_arrow(axes, (2.87, middle), (right - 0.05, y))


def _draw_row(axes, x, y, cell, count, face):
    for i in range(count):
        draw_box(axes, x + i * cell, y - 0.12, cell, 0.24, face=face, edgecolor=PAPER)
    draw_box(axes, x, y - 0.12, count * cell, 0.24, face="none")


def _draw_web(axes, middle, rows, features, units):
    places = []
    for x, count in ((5.55, rows * features), (7.25, units)):
        step = min(0.3, 0.56 * rows / max(count - 1, 1))
        places.append([(x, middle + step * ((count - 1) / 2 - i)) for i in range(count)])
    for a, b in itertools.product(*places):
        axes.plot(*zip(a, b, strict=True), color=SOFT, linewidth=0.5, zorder=1)
    for dots, each in zip(places, (features, None), strict=True):
        for i, (x, y) in enumerate(dots):
            face = shade(i // each, rows) if each else PAPER  # a result belongs to no row
            axes.plot([x], [y], "o", markersize=4.5, color=INK, markerfacecolor=face, zorder=2)


def draw_coincidence(units=16, features=2, most=6):
    """Draw where two different numbers are the same by chance.

    For 1 to `most` rows of `features`: the parameters of Dense(units), and how long the rows are
    after Flatten.
    """
    whole(12, most=most)
    whole(1000, units=units, features=features)
    counts, widths = [], []
    for rows in range(1, most + 1):
        layer = _dense(units, (None, rows, features))
        with aside():
            flatten = keras.layers.Flatten(name="flatten")
            after = layer.compute_output_shape((None, rows, features))
            widths.append(flatten.compute_output_shape(after)[-1])
        counts.append(layer.count_params())
    longest = f"{max(counts + widths):,}"
    if len(longest) * 0.075 > (WIDEST - 0.8) / most:
        raise CannotDraw(f"These numbers are too long to stand beside one another {most} times.")
    figure, axes = canvas(WIDEST, 3.7)
    _draw_coincidence(axes, counts, widths, units)
    meet = [r for r, (a, b) in enumerate(zip(counts, widths, strict=True), 1) if a == b]
    said = "; ".join(
        f"{counted(r, 'row')}: {c:,} and {w:,}"
        for r, (c, w) in enumerate(zip(counts, widths, strict=True), 1)
    )
    where = f"They agree at {counted(meet[0], 'row')} only." if meet else "They agree nowhere here."
    alt = (
        f"Parameters of Dense({units}) on rows of {features}, and the width after Flatten. {said}. "
        f"{where}"
    )
    return Picture(figure, alt)


def _draw_coincidence(axes, counts, widths, units):
    top = max(counts + widths)
    step = (WIDEST - 0.8) / len(counts)
    xs = [0.4 + step * (i + 0.5) for i in range(len(counts))]
    for i, (x, count, width) in enumerate(zip(xs, counts, widths, strict=True)):
        high = 2.1 * width / top
        same = count == width
        wide = min(0.8, step * 0.6)
        draw_box(axes, x - wide / 2, 0.45, wide, high, face=FRONT)
        words = {"size": 9.5, "weight": "bold"} if same else {"size": 8.5}
        text = f"both {width:,}" if same else f"{width:,}"
        say(axes, x, 0.45 + high + 0.17, text, ground=PAPER, **words)
        say(axes, x, 0.25, counted(i + 1, "row"), 8.5)
    ys = [0.45 + 2.1 * count / top for count in counts]
    axes.plot(xs, ys, "D-", color=INK, markersize=5, linewidth=1.5)
    draw_box(axes, 0.4, 3.36, 0.3, 0.18, face=FRONT)
    say(axes, 0.8, 3.45, f"numbers in a row after Dense({units}) and Flatten", ha="left")
    axes.plot([4.6, 4.9], [3.45] * 2, "D-", color=INK, markersize=5, linewidth=1.5)
    say(axes, 5.0, 3.45, f"parameters of Dense({units}): {counts[0]:,}", ha="left")
