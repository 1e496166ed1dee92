"""Beliefs about the frames that padding layers put around pictures and sequences."""

from keras import layers

from autograder.learn.mistakes.rule import rule

_FRAMES = (layers.ZeroPadding1D, layers.ZeroPadding2D)
_DRAW = "draw a picture of 2 by 2 on squared paper, draw the frame around it, and count."


def _edges(layer):
    """Return the (before, after) of a frame along each axis that it widens; () if it is none."""
    if not isinstance(layer, _FRAMES) or getattr(layer, "data_format", "") == "channels_first":
        return ()
    return layer.padding if isinstance(layer, layers.ZeroPadding2D) else (layer.padding,)


@rule(
    "layer",
    belief="a frame adds one edge to the height, and one to the width",
    truth="it has two edges along each: above and below, left and right",
    hint=_DRAW,
)
def frame_on_one_side(layer, before, after):
    """ZeroPadding2D(1) on (5, 8, 6, 3) is (5, 9, 7, 3)."""
    edges = _edges(layer)
    sizes = [n and n + max(pair) for n, pair in zip(before[1:], edges, strict=False)]
    return (before[0], *sizes, before[-1]) if edges else None


@rule(
    "layer",
    belief="a frame is twice as thick on each side as it was told",
    truth="the number says how many rows or columns each single side gets",
    hint=_DRAW,
)
def frame_counted_twice(layer, before, after):
    """ZeroPadding2D(1) on (5, 8, 6, 3) is (5, 12, 10, 3)."""
    edges = _edges(layer)
    sizes = [n and n + 2 * sum(pair) for n, pair in zip(before[1:], edges, strict=False)]
    return (before[0], *sizes, before[-1]) if edges else None


@rule(
    "layer",
    belief="a frame covers the edge of a picture and leaves its size",
    truth="the frame is put around the picture, and belongs to it from then on",
    hint=_DRAW,
)
def frame_adds_nothing(layer, before, after):
    """ZeroPadding2D(1) on (5, 8, 6, 3) stays (5, 8, 6, 3)."""
    return before if isinstance(layer, _FRAMES) else None


@rule(
    "layer",
    belief="a frame makes every axis of a sample grow, the channels too",
    truth="a frame lies around rows and columns; a pixel of it has as many channels as any other",
    hint=_DRAW,
)
def frame_on_channels(layer, before, after):
    """ZeroPadding2D(1) on (5, 8, 6, 3) is (5, 10, 8, 5)."""
    if not isinstance(layer, layers.ZeroPadding2D) or layer.data_format == "channels_first":
        return None
    return (*after[:-1], after[-1] and after[-1] + sum(layer.padding[-1]))


@rule(
    "layer",
    belief="a frame covers the edges of a picture and is no part of it, so that it becomes smaller",
    truth="the frame is put around the picture, and belongs to it from then on",
    hint=_DRAW,
)
def frame_taken_off(layer, before, after):
    """ZeroPadding2D(1) on (5, 8, 6, 3) is (5, 6, 4, 3)."""
    edges = _edges(layer)
    sizes = [n and n - sum(pair) for n, pair in zip(before[1:], edges, strict=False)]
    real = edges and all(n is None or n > 0 for n in sizes)
    return (before[0], *sizes, before[-1]) if real else None


@rule(
    "layer",
    belief="a frame makes every axis longer",
    truth="a frame lies around each sample; there are as many samples as before, and as many "
    "channels",
    hint="go through the axes one by one: what does each of them count?",
)
def frame_on_every_axis(layer, before, after):
    """ZeroPadding2D(1) on (5, 8, 6, 3) is (7, 10, 8, 5)."""
    edges = _edges(layer)
    same = before[0] is None and len(edges) > 1  # then frame_on_channels says it already
    if not edges or same or before[-1] is None:
        return None
    more = sum(edges[0])
    return (before[0] and before[0] + more, *after[1:-1], after[-1] + more)
