"""Beliefs about the order of elements: what Flatten does to positions, not only to shapes."""

import numpy as np

from autograder.learn.mistakes.rule import rule


@rule(
    "function",
    about="flatten",
    belief="unrolling makes one vector of everything, samples and all",
    truth="Flatten keeps the samples apart, one row for each",
    hint="look for the axis of your result that counts samples.",
)
def flatten_swallows_batch(x):
    """x.flatten(), NumPy's own, on (4, 3, 2) is (24,)."""
    return x.reshape(-1)


@rule(
    "function",
    about="flatten",
    belief="all samples together become one",
    truth="Flatten gives one row for each sample",
    hint="look for the axis of your result that counts samples.",
)
def one_sample_of_all(x):
    """x.reshape(1, -1) on (4, 3, 2) is (1, 24)."""
    return x.reshape(1, -1)


@rule(
    "function",
    about="flatten",
    belief="the last axis stays and the rows of a sample become samples of their own",
    truth="Flatten gives as many rows as there are samples",
    hint="count the samples that went in and the rows that come out.",
)
def rows_into_batch(x):
    """x.reshape(-1, x.shape[-1]) on (4, 3, 2) is (12, 2)."""
    return x.reshape(-1, x.shape[-1])


@rule(
    "function",
    about="flatten",
    belief="the first axis of a sample runs fastest, column by column",
    truth="Keras, like NumPy by default, lets the last axis run fastest",
    hint="flatten np.arange(6).reshape(1, 2, 3) both ways and read the numbers.",
)
def column_major(x):
    """x.reshape(len(x), -1, order="F"): right shape, wrong places.

    Met in github.com/keras-team/keras/issues/13830, where weights come from a column-major tool.
    """
    return x.reshape(len(x), -1, order="F")


@rule(
    "function",
    about="flatten",
    belief="the last axis moves to the front before a sample is unrolled",
    truth="Keras unrolls the axes as they stand",
    hint="flatten np.arange(8).reshape(1, 2, 2, 2) both ways and read the numbers.",
)
def channels_before_places(x):
    """np.moveaxis(x, -1, 1).reshape(len(x), -1): the order of a channels-first array."""
    return np.moveaxis(x, -1, 1).reshape(len(x), -1)


@rule(
    "function",
    about="position",
    belief="whole channel planes follow one another",
    truth="in Keras the channels of one pixel stand together",
    hint="flatten np.arange(8).reshape(1, 2, 2, 2) and look where a pixel's channels went.",
)
def channel_planes_first(h, w, c, H, W, C):
    """(c * H + h) * W + w, the order of channels-first frameworks."""
    return (c * H + h) * W + w


@rule(
    "function",
    about="position",
    belief="the image is read column by column",
    truth="Keras reads it row by row",
    hint="flatten np.arange(6).reshape(1, 2, 3, 1) and read the numbers.",
)
def column_by_column(h, w, c, H, W, C):
    """(w * H + h) * C + c."""
    return (w * H + h) * C + c


@rule(
    "function",
    about="position",
    belief="a pixel takes one place",
    truth="a pixel takes as many places as it has channels",
    hint="count the numbers in one row of an image of width 5 with 3 channels.",
)
def channels_take_no_place(h, w, c, H, W, C):
    """h * W + w."""
    return h * W + w


@rule(
    "function",
    about="position",
    belief="a row is as long as the image is high",
    truth="the length of a row is the width (on square images the two can't be told apart)",
    hint="count the numbers in one row of an image of height 4 and width 5.",
)
def height_for_width(h, w, c, H, W, C):
    """(h * H + w) * C + c."""
    return (h * H + w) * C + c


@rule(
    "function",
    about="position",
    belief="the coordinates are to be multiplied",
    truth="steps along an axis add up",
    hint="work out by hand where pixel (0, 1), channel 0, lands.",
)
def coordinates_multiplied(h, w, c, H, W, C):
    """h * w * c."""
    return h * w * c
