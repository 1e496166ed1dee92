"""Beliefs about the order of elements: what Flatten does to positions, not only to shapes."""

import functools

import numpy as np
from keras import layers

from autograder.learn.mistakes.rule import also, rule
from autograder.learn.mistakes.sizes import product

#: Rules about one kind of question, or one topic.
about_flatten = functools.partial(rule, "function", about="flatten")
about_flatten_no_samples = functools.partial(rule, "function", about="flatten_no_samples")
about_position = functools.partial(rule, "function", about="position")
about_to_channels_last = functools.partial(rule, "function", about="to_channels_last")


@about_flatten(
    belief="unrolling makes one vector of everything, samples and all",
    truth="Flatten keeps the samples apart, one row for each",
    hint="look for the axis of your result that counts samples.",
)
def flatten_swallows_batch(x):
    """x.flatten(), NumPy's own, on (4, 3, 2) is (24,)."""
    return x.reshape(-1) if x.size else None


@also("function", "batch_protected", about="flatten")
def _(x):
    """keras.ops.reshape(x, (-1,)) on (4, 3, 2) is (24,), where layers.Reshape gives (4, 6)."""
    return x.reshape(-1) if x.size else None


@also("function", "batch_multiplied_in", about="flatten")
def _(x):
    """x.reshape(-1, np.prod(x.shape)) on (4, 3, 2) is (1, 24)."""
    return x.reshape(-1, x.size) if x.size else None


@also("function", "sizes_added_up", about="flatten")
def _(x):
    """x.reshape(-1, sum(x.shape[1:]))."""
    return x.reshape(-1, sum(x.shape[1:]))


@about_flatten(
    belief="all samples together become one",
    truth="Flatten gives one row for each sample",
    hint="look for the axis of your result that counts samples.",
)
def one_sample_of_all(x):
    """x.reshape(1, -1) on (4, 3, 2) is (1, 24)."""
    return x.reshape(1, -1)


@about_flatten_no_samples(
    belief="a list of no rows still knows how long its rows would be",
    truth="with no samples the list is empty, and an array made of it has a single axis",
    hint="print np.array([]).shape.",
)
def rows_put_together(x):
    """np.array([row.ravel() for row in x]) on (0, 3, 2) is (0,)."""
    return np.array([row.ravel() for row in x])


@also("function", "flatten_swallows_batch", about="flatten_no_samples")
def _(x):
    """x.flatten() on (0, 3, 2) is (0,), too."""
    return x.reshape(-1)


@about_flatten_no_samples(
    belief="where there are no samples, nothing is to be done",
    truth="an empty batch has a shape like any other: no rows, and as many columns as a sample has "
    "numbers",
    hint="print layers.Flatten()(np.zeros((0, 4, 5))).shape.",
)
def empty_left_alone(x):
    """np.zeros((0, 3, 2)) stays (0, 3, 2)."""
    return x


@about_flatten_no_samples(
    belief="where there are no samples, there are no columns either",
    truth="the columns are the numbers of one sample, and their count is known without any",
    hint="print layers.Flatten()(np.zeros((0, 4, 5))).shape.",
)
def no_columns_either(x):
    """np.zeros((0, 3, 2)) becomes (0, 0)."""
    return np.zeros((0, 0))


@also("function", "sizes_added_up", about="flatten_no_samples")
def _(x):
    """np.zeros((0, 3, 2)) becomes (0, 5)."""
    return x.reshape(len(x), sum(x.shape[1:]))


@about_flatten(
    belief="the last axis stays and the rows of a sample become samples of their own",
    truth="Flatten gives as many rows as there are samples",
    hint="count the samples that went in and the rows that come out.",
)
def rows_into_batch(x):
    """x.reshape(-1, x.shape[-1]) on (4, 3, 2) is (12, 2)."""
    return x.reshape(-1, x.shape[-1])


@also("layer", "rows_into_batch")
def _(layer, before, after):
    """Flatten((3, 3, 128)) is (9, 128)."""
    known = isinstance(layer, layers.Flatten) and len(before) > 2 and None not in before
    return (product(before[:-1]), before[-1]) if known else None


@about_flatten(
    belief="the sizes of a sample are to be added up",
    truth="a table of 3 by 4 has 3 × 4 numbers, so sizes multiply",
    hint="count the numbers in np.zeros((3, 4)).",
)
def sizes_added_up(x):
    """x.reshape(len(x), sum(x.shape[1:]))."""
    return x.reshape(len(x), sum(x.shape[1:]))


@also("layer", "sizes_added_up")
def _(layer, before, after):
    """Flatten((None, 3, 3, 128)) is (None, 134)."""
    known = isinstance(layer, layers.Flatten) and len(before) > 2 and None not in before[1:]
    return (before[0], sum(before[1:])) if known else None


@about_flatten(
    belief="a sample has two axes",
    truth="a sample may have any number of axes, and the product takes in every one",
    hint="try it on an array of four axes, and on one of two.",
)
def two_axes_expected(x):
    """x.reshape(x.shape[0], x.shape[1] * x.shape[2])."""
    return x.reshape(x.shape[0], x.shape[1] * x.shape[2])


@about_flatten(
    belief="the first axis of a sample runs fastest, column by column",
    truth="Keras, like NumPy by default, lets the last axis run fastest",
    hint="flatten np.arange(6).reshape(1, 2, 3) both ways and read the numbers.",
)
def column_major(x):
    """x.reshape(len(x), -1, order="F"): right shape, wrong places.

    Met in github.com/keras-team/keras/issues/13830, where weights come from a column-major tool.
    """
    return x.reshape(len(x), -1, order="F")


@about_flatten(
    belief="the last axis moves to the front before a sample is unrolled",
    truth="Keras unrolls the axes as they stand",
    hint="flatten np.arange(8).reshape(1, 2, 2, 2) both ways and read the numbers.",
)
def channels_before_places(x):
    """np.moveaxis(x, -1, 1).reshape(len(x), -1): the order of a channels-first array."""
    return np.moveaxis(x, -1, 1).reshape(len(x), -1)


@about_flatten(
    belief="the axes have to be turned round before they are unrolled",
    truth="Keras unrolls the axes as they stand, and `.T` turns round all of them, samples and all",
    hint="print np.arange(6).reshape(2, 3).T and its shape.",
)
def turned_before_unrolling(x):
    """x.T.reshape(len(x), -1)."""
    return x.T.reshape(len(x), -1)


@about_position(
    belief="whole channel planes follow one another",
    truth="in Keras the channels of one pixel stand together",
    hint="flatten np.arange(8).reshape(1, 2, 2, 2) and look where a pixel's channels went.",
)
def channel_planes_first(h, w, c, H, W, C):
    """(c * H + h) * W + w, the order of channels-first frameworks."""
    return (c * H + h) * W + w


@about_position(
    belief="the image is read column by column",
    truth="Keras reads it row by row",
    hint="flatten np.arange(6).reshape(1, 2, 3, 1) and read the numbers.",
)
def column_by_column(h, w, c, H, W, C):
    """(w * H + h) * C + c."""
    return (w * H + h) * C + c


@about_position(
    belief="a pixel takes one place",
    truth="a pixel takes as many places as it has channels",
    hint="count the numbers in one row of an image of width 5 with 3 channels.",
)
def channels_take_no_place(h, w, c, H, W, C):
    """h * W + w."""
    return h * W + w


@about_position(
    belief="a row is as long as the image is high",
    truth="the length of a row is the width (on square images the two can't be told apart)",
    hint="count the numbers in one row of an image of height 4 and width 5.",
)
def height_for_width(h, w, c, H, W, C):
    """(h * H + w) * C + c."""
    return (h * H + w) * C + c


@about_position(
    belief="the first number stands at index 1",
    truth="counting starts at 0, for places as for indices",
    hint="work out by hand where pixel (0, 0), channel 0, lands.",
)
def counted_from_one(h, w, c, H, W, C):
    """(h * W + w) * C + c + 1."""
    return (h * W + w) * C + c + 1


@about_position(
    belief="a row has as many numbers as pixels",
    truth="each pixel of a row brings all its channels along",
    hint="count the numbers in one row of an image of width 5 with 3 channels.",
)
def row_without_channels(h, w, c, H, W, C):
    """h * W + w * C + c."""
    return h * W + w * C + c


@about_position(
    belief="the next pixel of a row stands one index further",
    truth="between a pixel and the next stand all channels of the first",
    hint="count the numbers from pixel (0, 0) to pixel (0, 1), channel by channel.",
)
def pixel_without_channels(h, w, c, H, W, C):
    """h * W * C + w + c."""
    return h * W * C + w + c


@about_position(
    belief="the first coordinate runs fastest",
    truth="in Keras, as in NumPy, the last one does",
    hint="flatten np.arange(8).reshape(1, 2, 2, 2) and look where a pixel's channels went.",
)
def first_axis_fastest(h, w, c, H, W, C):
    """h + w * H + c * H * W."""
    return h + w * H + c * H * W


@about_position(
    belief="all channels of a pixel stand at one place",
    truth="each number has a place of its own, so the channel is one more step",
    hint="work out by hand where pixel (0, 0), channel 1, lands.",
)
def channel_makes_no_step(h, w, c, H, W, C):
    """(h * W + w) * C."""
    return (h * W + w) * C


@about_position(
    belief="the channels make no difference but for one step each",
    truth="each pixel that stands before brings all its channels along",
    hint="count the numbers from pixel (0, 0) to pixel (0, 1), channel by channel.",
)
def channels_ignored(h, w, c, H, W, C):
    """h * W + w + c."""
    return h * W + w + c


@about_position(
    belief="the coordinates are counted from 1",
    truth="the first row is row 0, so as many rows stand before row h as h says",
    hint="work out by hand where pixel (0, 0), channel 0, lands.",
)
def coordinates_from_one(h, w, c, H, W, C):
    """(h - 1) * W * C + (w - 1) * C + c."""
    return (h - 1) * W * C + (w - 1) * C + c


@about_position(
    belief="each coordinate is multiplied by the size of its own axis",
    truth="a step along an axis skips what one step holds: the sizes of the axes behind it",
    hint="count the numbers in one row of an image of height 4 and width 5.",
)
def own_size_for_step(h, w, c, H, W, C):
    """h * H + w * W + c * C."""
    return h * H + w * W + c * C


@about_position(
    belief="the coordinates are to be multiplied",
    truth="steps along an axis add up",
    hint="work out by hand where pixel (0, 1), channel 0, lands.",
)
def coordinates_multiplied(h, w, c, H, W, C):
    """h * w * c."""
    return h * w * c


@rule(
    "function",
    about="flatten_channels_first",
    belief='`data_format="channels_first"` is only a label, and Flatten unrolls as ever',
    truth="with channels_first, Flatten moves the channels to the end before it unrolls",
    hint='feed np.arange(8).reshape(1, 2, 2, 2) to Flatten(data_format="channels_first").',
)
def layout_is_a_label(x):
    """x.reshape(len(x), -1), the same as without data_format."""
    return x.reshape(len(x), -1)


@about_to_channels_last(
    belief="giving an array another shape also moves its axes",
    truth="Reshape reads the same numbers in the same order; it is Permute (in NumPy, transpose) "
    "that moves an axis, and the numbers with it",
    hint="do both to np.arange(12).reshape(1, 3, 2, 2) and look for the first channel.",
)
def reshape_for_transpose(x):
    """layers.Reshape((28, 28, 3)) for images (3, 28, 28): the shape is right, the picture lost.

    Met in github.com/keras-team/keras/issues/6998 and 7188.
    """
    return x.reshape(len(x), *x.shape[2:], x.shape[1])


@also("function", "reshape_for_transpose", about="flatten_channels_first")
def _(x):
    """x.reshape(n, H, W, C).reshape(n, -1), which is x.reshape(n, -1)."""
    return reshape_for_transpose(x).reshape(len(x), -1)


@about_to_channels_last(
    belief="moving the channels means turning round the order of all axes",
    truth="only the channels move; height and width keep their order, or every picture is turned "
    "about its diagonal",
    hint="take a picture that is wider than high, and look at the shape that comes out.",
)
def axes_reversed(x):
    """layers.Permute((3, 2, 1)): (3, 20, 30) becomes (30, 20, 3)."""
    return x.transpose(0, *range(x.ndim - 1, 0, -1))


@also("function", "axes_reversed", about="flatten_channels_first")
def _(x):
    """x.transpose(0, 3, 2, 1).reshape(len(x), -1)."""
    return axes_reversed(x).reshape(len(x), -1)


@about_to_channels_last(
    belief="the last axis goes to the front",
    truth="it is the other way round: the first axis of a sample goes to the end",
    hint="say for each axis of the result which axis it was: that is the list to write.",
)
def moved_the_other_way(x):
    """layers.Permute((3, 1, 2)): (3, 20, 30) becomes (30, 3, 20)."""
    return np.moveaxis(x, -1, 1)


@also("function", "moved_the_other_way", about="flatten_channels_first")
def _(x):
    """x.transpose(0, 3, 1, 2).reshape(len(x), -1)."""
    return moved_the_other_way(x).reshape(len(x), -1)


@about_to_channels_last(
    belief="it is enough to swap the channels with the axis next to them",
    truth="the channels go past every axis of the picture, to the very end",
    hint="write the names of the axes in a row, before and after.",
)
def channels_moved_one_axis(x):
    """layers.Permute((2, 1, 3)): (3, 20, 30) becomes (20, 3, 30)."""
    return x.swapaxes(1, 2)


@also("function", "channels_moved_one_axis", about="flatten_channels_first")
def _(x):
    """x.transpose(0, 2, 1, 3).reshape(len(x), -1)."""
    return channels_moved_one_axis(x).reshape(len(x), -1)


@about_to_channels_last(
    belief="the batch is axis 0 and has to be listed",
    truth="Permute counts the axes of one sample, from 1; the batch stays in front and isn't named",
    hint="build layers.Permute((2, 1)), and call it on a batch of tables.",
)
def batch_is_permuted(x):
    """layers.Permute((0, 2, 3, 1)), which raises."""
    return layers.Permute((0, *range(2, x.ndim), 1))(x)
