"""What beliefs about the order of elements say of the place that an index stands for."""

import functools

from autograder.learn.mistakes.rule import also, rule
from autograder.learn.mistakes.sizes import product
from autograder.learn.predictions import Place

#: Rules about one kind of question, or one topic.
about_place = functools.partial(rule, "value", about=Place)


@also("value", "height_width_swapped", about=Place)
def _(question):
    """Index 40 of a (4, 5, 3) image is (3, 2, 1) where Keras says (2, 3, 1)."""
    h, w, c = question.truth
    return (w, h, c)


@also("value", "channels_moved_first", about=Place)
def _(question):
    """Index 40 of a (4, 5, 3) image is (1, 2, 3) where Keras says (2, 3, 1)."""
    h, w, c = question.truth
    return (c, h, w)


@also("value", "channel_planes_first", about=Place)
def _(question):
    """Index 40 of a (4, 5, 3) image is (0, 0, 2): two planes of 20, and no more."""
    height, width, _ = question.shape
    c, rest = divmod(question.index, height * width)
    return (*divmod(rest, width), c)


@also("value", "channel_planes_first", about=Place)
def _(question):
    """Index 40 of a (4, 5, 3) image is (2, 0, 0): the same planes, and the plane named first."""
    height, width, _ = question.shape
    c, rest = divmod(question.index, height * width)
    return (c, *divmod(rest, width))


@about_place(
    belief="what is left of the full rows counts columns",
    truth="it still counts numbers, and each pixel has one for every channel",
    hint="write down how many numbers are left behind the full rows, and how many pixels that is.",
)
def rest_not_divided(question):
    """Index 40 of a (4, 5, 3) image is (2, 10, 1): two rows of 15, and 10 more."""
    _, width, channels = question.shape
    return (*divmod(question.index, width * channels), question.index % channels)


@about_place(
    belief="the columns are counted on through all the rows",
    truth="each row begins with column 0, so the full rows are taken away first",
    hint="write down how many numbers are left behind the full rows, and how many pixels that is.",
)
def rows_not_taken_away(question):
    """Index 40 of a (4, 5, 3) image is (2, 13, 1): two rows of 15, and 13 pixels in all."""
    _, width, channels = question.shape
    pixel, c = divmod(question.index, channels)
    return (question.index // (width * channels), pixel, c)


@also("value", "column_by_column", about=Place)
def _(question):
    """Index 40 of a (4, 5, 3) image is (1, 3, 1): three columns of 12, and one pixel."""
    height, _, channels = question.shape
    pixel, c = divmod(question.index, channels)
    w, h = divmod(pixel, height)
    return (h, w, c)


@also("value", "channels_take_no_place", about=Place)
def _(question):
    """Index 13 of a (4, 5, 3) image is (2, 3, 0): two rows of 5, and three pixels."""
    return (*divmod(question.index, question.shape[1]), 0)


@also("value", "height_for_width", about=Place)
def _(question):
    """Index 40 of a (4, 5, 3) image is (3, 1, 1): three rows of 12, and one pixel."""
    pixel, c = divmod(question.index, question.shape[2])
    return (*divmod(pixel, question.shape[0]), c)


@also("value", "counted_from_one", about=Place)
def _(question):
    """Index 40 of a (4, 5, 3) image is (3, 4, 2) where Keras says (2, 3, 1)."""
    return tuple(n + 1 for n in question.truth)


@about_place(
    belief="the channels of a pixel are counted from 1",
    truth="counting starts at 0 everywhere, so the first channel of a pixel is number 0",
    hint="write down row, column and channel of index 0, of index 1 and of index 2.",
)
def channel_from_one(question):
    """Index 40 of a (4, 5, 3) image is (2, 3, 2) where Keras says (2, 3, 1)."""
    h, w, c = question.truth
    return (h, w, c + 1)


@also("value", "pixel_without_channels", about=Place)
def _(question):
    """Index 40 of a (4, 5, 3) image is (2, 10, 0): two rows of 15, and ten pixels."""
    _, width, channels = question.shape
    return (*divmod(question.index, width * channels), 0)


@about_place(
    belief="an index is counted from 1",
    truth="counting starts at 0, so as many numbers stand in front of an index as it says",
    hint="write down row, column and channel of index 0, of index 1 and of index 2.",
)
def index_from_one(question):
    """Index 40 of a (4, 5, 3) image is (2, 3, 0) where Keras says (2, 3, 1)."""
    return Place(question.index - 1, question.shape).truth if question.index else None


@about_place(
    belief="an index says how many numbers have gone by, its own among them",
    truth="as many numbers stand in front of an index as it says, and its own comes after them",
    hint="write down row, column and channel of index 0, of index 1 and of index 2.",
)
def index_passed(question):
    """Index 40 of a (4, 5, 3) image is (2, 3, 2) where Keras says (2, 3, 1)."""
    last = question.index + 1 == product(question.shape)
    return None if last else Place(question.index + 1, question.shape).truth
