"""The big kernel that a small one amounts to when it is used row by row."""

import keras
import numpy as np

from autograder.learn.figures.picture import (
    PAPER,
    SOFT,
    WIDEST,
    CannotDraw,
    Picture,
    aside,
    canvas,
    colour,
    counted,
    draw_box,
    say,
    whole,
    write,
)

#: The most places across and down.
MOST = 48


def draw_block_diagonal(kernel, rows):
    """Draw the kernel that Dense amounts to on all rows at once, beside a full one of its size.

    kernel: that of the Dense layer, (features, units). rows: how many it is used on.
    """
    kernel = np.asarray(kernel)
    whole(12, rows=rows)
    if kernel.ndim != 2 or not kernel.size or max(kernel.shape) * rows > MOST:
        raise CannotDraw(
            f"This figure takes a kernel (features, units) with at most {MOST} places across and "
            f"down when repeated for each row, not {write(kernel.shape)} for {rows} rows."
        )
    big = np.kron(np.eye(rows), kernel)
    blank = np.kron(np.eye(rows), np.ones(kernel.shape)) == 0
    with aside():
        start = keras.initializers.GlorotUniform(seed=0)
        full = keras.ops.convert_to_numpy(start(big.shape))
    full = full * np.abs(kernel).max() / np.abs(full).max()
    cell = min(3.6 / big.shape[1], 3.0 / big.shape[0])
    high = big.shape[0] * cell + 1.45
    figure, axes = canvas(WIDEST, high)
    ends = min(kernel.min(), full.min()), max(kernel.max(), full.max())
    times = counted(rows, "time")
    used = f"{counted(kernel.size, 'weight')}, each used {times}; {blank.sum():,} zeros"
    other = f"{counted(full.size, 'weight')}, no zeros"
    for x, title, what, values, hidden in (
        (WIDEST * 0.26, f"Dense on {counted(rows, 'row')}", used, big, blank),
        (WIDEST * 0.74, "A full kernel of the same size", other, full, blank & False),
    ):
        say(axes, x, high - 0.2, title, 9.5, weight="bold")
        left = x - big.shape[1] * cell / 2
        _draw_matrix(axes, left, high - 0.42, cell, values, hidden, ends)
        say(axes, x, 0.8, write(big.shape), 8.5)
        say(axes, x, 0.6, what)
    _draw_key(axes, ends)
    alt = (
        f"Left: the kernel {write(kernel.shape)} of Dense, repeated along the diagonal for "
        f"{counted(rows, 'row')}, makes {write(big.shape)}: {used}, hatched. Right: a full kernel "
        f"{write(full.shape)}: {other}. Biases are left out."
    )
    return Picture(figure, alt)


def _draw_key(axes, ends):
    """Draw below the kernels which colours stand for which weights."""
    say(axes, WIDEST / 2 - 1.45, 0.22, "hatched: zero", 8.5)
    for i, end in enumerate(ends):
        x = WIDEST / 2 - 0.5 + 1.3 * i
        draw_box(axes, x, 0.15, 0.22, 0.14, face=colour(i), edgecolor=SOFT)
        text = f"{'to ' * i}{end:.2f}".replace("-", "−")
        say(axes, x + 0.32, 0.22, text, 8.5, ha="left")


def _draw_matrix(axes, left, top, cell, values, hidden, ends):
    for (i, j), value in np.ndenumerate(values):
        x, y = left + j * cell, top - (i + 1) * cell
        if hidden[i, j]:
            draw_box(axes, x, y, cell, cell, face=PAPER, edgecolor=SOFT, hatch="////", linewidth=0)
            continue
        face = colour((value - ends[0]) / max(ends[1] - ends[0], 1e-9))
        text = f"{value:.1f}".replace("-", "−") if cell > 0.35 else ""
        draw_box(axes, x, y, cell, cell, text, face, 8, edgecolor=PAPER, linewidth=0.5)
