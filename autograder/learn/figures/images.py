"""Small pictures side by side."""

import math

import numpy as np

from autograder.learn.figures.picture import (
    SOFT,
    WIDEST,
    CannotDraw,
    Picture,
    canvas,
    cut,
    labelled,
    say,
    write,
)

#: How many pictures stand beside one another, and how many fit in all.
ACROSS, MOST = 4, 12


def draw_images(images):
    """Draw small pictures side by side.

    images: a dictionary of titles and arrays, of shape (height, width) or (height, width, 1) for
    grey pictures, dark to light, and (height, width, 3) for coloured ones.
    """
    arrays = [(title, _picture(title, x)) for title, x in labelled(images, MOST, "pictures")]
    across = min(len(arrays), ACROSS)
    down = math.ceil(len(arrays) / across)
    each, high = min(WIDEST / across, 2.7), 2.6
    wide = max(each * across, 4.0)
    figure, axes = canvas(wide, high * down + 0.1)
    said = []
    for i, (title, array) in enumerate(arrays):
        x = wide / 2 + (i % across - (across - 1) / 2) * each
        top = high * (down - i // across)
        ends = _ends(array)
        _draw_image(figure, x / wide, (top - 1.2) / (high * down + 0.1), array, ends, axes)
        say(axes, x, top - 0.1, cut(title, each, 9.5), 9.5, weight="bold")
        values = f"{_short(array.min())} to {_short(array.max())}".replace("-", "−")
        about = f"{write(array.shape)}, {values}"
        say(axes, x, top - 2.3, about, 8)
        said.append(f"{title}: {about}")
    alt = f"Pictures side by side, with shape and values. {'; '.join(said)}."
    return Picture(figure, alt, as_it_is=True)


def _short(number):
    """Write a number with three figures, no more than two of them behind the point."""
    return f"{round(float(number), 2):.3g}"


def _picture(title, values):
    array = np.asarray(values)
    if array.dtype.kind not in "buif" or not np.isfinite(array).all():
        raise CannotDraw(f"{title!r} is not made of numbers only, so it cannot be drawn.")
    if array.ndim == 3 and array.shape[-1] == 1:
        array = array[..., 0]
    if array.ndim != 2 and (array.ndim != 3 or array.shape[-1] != 3) or not array.size:
        raise CannotDraw(
            f"{title!r} has the shape {write(np.shape(values))}, and a picture needs "
            "(height, width), (height, width, 1) or (height, width, 3)."
        )
    return array


def _ends(array):
    """Return the values that are drawn black and white: 0 and 1 or 255, where that fits."""
    low, high = float(array.min()), float(array.max())
    if low >= 0 and high <= 1 and array.dtype != np.uint8:
        return 0.0, 1.0
    if low >= 0 and high <= 255:
        return 0.0, 255.0
    return low, high


def _draw_image(figure, x, y, array, ends, axes):
    wide, high = figure.get_size_inches()
    side = 1.85 / max(array.shape[:2])
    w, h = side * array.shape[1] / wide, side * array.shape[0] / high
    inner = figure.add_axes((x - w / 2, y - h / 2, w, h))
    low, span = ends[0], max(ends[1] - ends[0], 1e-9)
    inner.imshow((array - low) / span, cmap="gray", vmin=0, vmax=1, interpolation="nearest")
    inner.set_xticks([])
    inner.set_yticks([])
    for spine in inner.spines.values():
        spine.set_edgecolor(SOFT)
