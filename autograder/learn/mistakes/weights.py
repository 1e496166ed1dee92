"""Beliefs about where weights belong: one layer's weights written as another's.

The topics, each with the arguments of its rules (what the learner's function gets, then what the
check adds):

- "dense_by_rows", (x, W, b): Dense on (N, rows, features), written with matrix products.
- "block_diagonal", (W, b, rows): that Dense as a single big one, on the flattened rows.
- "dense_as_convolution", (W, b, rows): that Dense as a convolution.
- "flatten_as_convolution", (W, shape): Flatten and Dense as a convolution as big as the image.
- "shuffled_kernel", (W, p): the kernel after the inputs were put in the order p.
- "move_head", (W, shape): the kernel after (C, H, W) images are stored as (H, W, C).
- "pooling_matrix", (shape,): global average pooling as one matrix, after Flatten.
- "copied_weights", (source, target, x): copy the weights, return whether the outputs agree.
"""

import functools

import numpy as np
from keras import layers

from autograder.learn.mistakes.rule import also, rule

#: Rules about one kind of question, or one topic.
about_dense_by_rows = functools.partial(rule, "function", about="dense_by_rows")
about_block_diagonal = functools.partial(rule, "function", about="block_diagonal")
about_dense_as_convolution = functools.partial(rule, "function", about="dense_as_convolution")
about_flatten_as_convolution = functools.partial(rule, "function", about="flatten_as_convolution")
about_shuffled_kernel = functools.partial(rule, "function", about="shuffled_kernel")
about_move_head = functools.partial(rule, "function", about="move_head")
about_pooling_matrix = functools.partial(rule, "function", about="pooling_matrix")
about_copied_weights = functools.partial(rule, "function", about="copied_weights")


@about_dense_by_rows(
    belief="the results of the rows are joined into one long row",
    truth="Dense leaves the axis of the rows where it is",
    hint="print the shape that a Dense layer gives for a batch of tables.",
)
def rows_joined(x, W, b):
    """Dense(16) on (N, 3, 2) is (N, 48): np.concatenate where np.stack belongs."""
    return (x @ W + b).reshape(len(x), -1)


@about_dense_by_rows(
    belief="the rows of a sample are added up",
    truth="every row keeps a result of its own",
    hint="print the shape that a Dense layer gives for a batch of tables.",
)
def rows_added(x, W, b):
    """Dense(16) on (N, 3, 2) is (N, 16)."""
    return (x @ W).sum(axis=tuple(range(1, x.ndim - 1))) + b


@about_dense_by_rows(
    belief="the rows come first, and the samples after them",
    truth="the samples stay in front, in the result as in the input",
    hint="compare the first size of your result with the number of samples.",
)
def rows_before_samples(x, W, b):
    """np.stack([...], axis=0): (3, N, 16)."""
    return np.moveaxis(x @ W + b, 1, 0)


@about_dense_by_rows(
    belief="the table is unrolled before the kernel is applied",
    truth="a kernel of Dense has a line for each number of one row, not for each of the table; it "
    "meets the rows one by one",
    hint="compare the first size of W with the last size of x.",
)
def rows_unrolled(x, W, b):
    """x.reshape(len(x), -1) @ W + b, which raises."""
    return x.reshape(len(x), -1) @ W + b


@about_dense_by_rows(
    belief="the last row stands for all of them",
    truth="every row has a result of its own, and a loop has to keep each",
    hint="look at what your loop does with the result of a row when the next row comes.",
)
def last_row_only(x, W, b):
    """for r in ...: out = x[:, r] @ W + b: (N, 16)."""
    return x[:, -1] @ W + b


@about_dense_by_rows(
    belief="the rows of all samples may lie in one pile",
    truth="the result still has to say which sample a row belongs to, on an axis of its own",
    hint="compare the first size of your result with the number of samples.",
)
def rows_piled(x, W, b):
    """x.reshape(-1, 2) @ W + b: (3 * N, 16)."""
    return x.reshape(-1, x.shape[-1]) @ W + b


@about_dense_by_rows(
    belief="`*` multiplies matrices",
    truth="it multiplies number by number; `@` adds up the products along a row",
    hint="print np.eye(2) * 3 and np.eye(2) @ np.ones((2, 3)).",
)
def product_of_numbers(x, W, b):
    """x * W + b, which raises."""
    return x * W + b


@about_dense_by_rows(
    belief="a product of matrices is the same in either order",
    truth="what is left of `@` brings the rows, and its last size meets the next to last of what "
    "is right of it",
    hint="write both shapes side by side: which two sizes have to be equal?",
)
def factors_exchanged(x, W, b):
    """W @ x + b, which raises."""
    return W @ x + b


@also("function", "outputs_before_inputs", about="dense_by_rows")
def _(x, W, b):
    """x @ W.T + b, which raises."""
    return x @ W.T + b


@also("function", "bias_forgotten", about="dense_by_rows")
def _(x, W, b):
    """np.stack([x[:, r] @ W for r in ...], axis=1)."""
    return x @ W


@about_block_diagonal(
    belief="every row is connected with every other",
    truth="a Dense layer works on each row alone, so the weight between a number and the result "
    "of another row is zero",
    hint="mark in a 6 by 6 grid which of three rows of two may touch which result.",
)
def rows_connected(W, b, rows):
    """np.tile(W, (3, 3)), np.tile(b, 3): no zeros at all."""
    return np.tile(W, (rows, rows)), np.tile(b, rows)


@about_block_diagonal(
    belief="the numbers of one row stand apart after Flatten, with those of other rows between",
    truth="Flatten keeps the numbers of a row together, so the kernel holds whole copies of W",
    hint="print np.kron(np.eye(2), A) and np.kron(A, np.eye(2)) for A = [[1, 2], [3, 4]].",
)
def rows_interleaved(W, b, rows):
    """np.kron(W, np.eye(3)): the Kronecker product the wrong way round."""
    return np.kron(W, np.eye(rows)), np.tile(b, rows)


@about_block_diagonal(
    belief="each bias stands as many times in a row as there are rows",
    truth="the biases follow one another as the units do, row after row",
    hint="print np.repeat([1, 2], 3) and np.tile([1, 2], 3).",
)
def bias_repeated(W, b, rows):
    """np.repeat(b, 3) where np.tile(b, 3) belongs."""
    return np.kron(np.eye(rows), W), np.repeat(b, rows)


@about_block_diagonal(
    belief="all rows lead to the same few results",
    truth="each row has results of its own, so the big layer needs units for all of them",
    hint="count the numbers that come out of the small layer for one sample.",
)
def one_row_of_results(W, b, rows):
    """np.tile(W, (3, 1)), b: a kernel (6, 16)."""
    return np.tile(W, (rows, 1)), b


@about_block_diagonal(
    belief="the biases are shared like the weights, so one set of them is enough",
    truth="the big layer has a unit for each result of each row, and each unit has its own bias",
    hint="count the units of the big layer.",
)
def bias_not_copied(W, b, rows):
    """np.kron(np.eye(3), W), b: a bias of 16 for 48 units."""
    return np.kron(np.eye(rows), W), b


@also("function", "bias_forgotten", about="block_diagonal")
def _(W, b, rows):
    """np.kron(np.eye(3), W) alone."""
    return np.kron(np.eye(rows), W)


@also("function", "bias_forgotten", about="dense_as_convolution")
def _(W, b, rows):
    """W[None] alone."""
    return W[None]


@about_dense_as_convolution(
    belief="a kernel of width 1 needs no axis of its own",
    truth="a convolution's kernel begins with an axis for its width, even if that is 1",
    hint="build a Conv1D of width 1 on other sizes and print the shape of its kernel.",
)
def kernel_axis_forgotten(W, b, rows):
    """W where a Conv1D has (1, 2, 16)."""
    return W, b


@about_dense_as_convolution(
    belief="the width of a kernel is its last axis",
    truth="the width comes first, then the input channels, then the filters",
    hint="build a Conv1D of width 7 on other sizes and look for the 7 in its kernel's shape.",
)
def kernel_axis_last(W, b, rows):
    """W[..., None]: (2, 16, 1)."""
    return W[..., None], b


@about_dense_as_convolution(
    belief="a kernel lists its outputs before its inputs",
    truth="in Keras the inputs come before the outputs, in Dense and in convolutions",
    hint="print the shape of the kernel of a Dense(5) on 3 features.",
)
def outputs_before_inputs(W, b, rows):
    """W.T[None]: (1, 16, 2), the order of PyTorch."""
    return W.T[None], b


@about_dense_as_convolution(
    belief="a window has to be as long as there are rows",
    truth="a window of one row gives one result for each row, which is what Dense does",
    hint="print the shape that a Conv1D of width 3 gives for 3 rows.",
)
def kernel_as_long_as_the_rows(W, b, rows):
    """np.stack([W] * 3): (3, 2, 16)."""
    return np.stack([W] * rows), b


@also("function", "channels_before_places", about="flatten_as_convolution")
def _(W, shape):
    """W.reshape(64, 5, 5, 10).transpose(1, 2, 0, 3)."""
    return np.moveaxis(W.reshape(shape[-1], *shape[:-1], -1), 0, -2)


@also("function", "column_major", about="flatten_as_convolution")
def _(W, shape):
    """W.reshape(5, 5, 64, 10, order="F")."""
    return W.reshape(*shape, -1, order="F")


@also("function", "column_by_column", about="flatten_as_convolution")
def _(W, shape):
    """W.reshape(4, 5, 3, 7).swapaxes(0, 1) for shape (5, 4, 3)."""
    return W.reshape(shape[1], shape[0], *shape[2:], -1).swapaxes(0, 1)


@also("function", "height_width_swapped", about="flatten_as_convolution")
def _(W, shape):
    """W.T.reshape(10, 5, 5, 64).transpose(2, 1, 3, 0)."""
    return W.reshape(*shape, -1).swapaxes(0, 1)


@also("function", "outputs_before_inputs", about="flatten_as_convolution")
def _(W, shape):
    """W.reshape(10, 5, 5, 64)."""
    return W.reshape(-1, *shape)


@also("function", "outputs_before_inputs", about="flatten_as_convolution")
def _(W, shape):
    """W.T.reshape(10, 5, 5, 64)."""
    return W.T.reshape(-1, *shape)


@about_flatten_as_convolution(
    belief="a convolution turns its kernel round before it is applied",
    truth="a layer for convolutions lays its kernel on the image as it stands",
    hint="call a Conv1D with the kernel 1, 2, 3 on a row that is 1 in one place and 0 elsewhere.",
)
def kernel_turned_round(W, shape):
    """W.reshape(5, 5, 64, 10)[::-1, ::-1]."""
    return W.reshape(*shape, -1)[::-1, ::-1]


@about_flatten_as_convolution(
    belief="the kernel of a Dense layer fits a convolution as it is",
    truth="Dense has one axis for all the numbers of an image, and a convolution has three: the "
    "height of its window, its width and the channels",
    hint="build a Conv2D of another size, and count the axes of its kernel.",
)
def kernel_left_flat(W, shape):
    """W, of shape (1600, 10)."""
    return W


@about_flatten_as_convolution(
    belief="a kernel has to be turned over before it is cut into windows",
    truth="the inputs run along the first axis of W, in Flatten's order, so they can be cut as "
    "they stand; after `.T` the numbers of a unit come one after the other",
    hint="reshape np.arange(8).reshape(4, 2) to (2, 2, 2), once as it is and once after .T.",
)
def reshaped_after_transposing(W, shape):
    """W.T.reshape(5, 5, 64, 10)."""
    return W.T.reshape(*shape, -1)


@about_shuffled_kernel(
    belief="a Dense layer doesn't care about the order of its inputs",
    truth="it doesn't care which order it is trained on, but each row of the kernel belongs to "
    "one input, and goes where that input goes",
    hint="multiply [1, 0] and [0, 1] by the same small kernel.",
)
def order_ignored(W, p):
    """W as it was, for inputs in another order.

    Met in github.com/keras-team/keras/issues/13830, where trained weights change tools.
    """
    return W


@also("function", "order_ignored", about="move_head")
def _(W, shape):
    """W as it was, for images stored in another order."""
    return W


@about_shuffled_kernel(
    belief="the kernel has to undo the shuffling",
    truth="the rows of the kernel go the same way as the inputs",
    hint="take p = [1, 2, 0], and write down which input arrives in which place.",
)
def shuffled_back(W, p):
    """W[np.argsort(p)], the inverse permutation."""
    return W[np.argsort(p)]


@about_shuffled_kernel(
    belief="the inputs run along the second axis of a kernel",
    truth="a kernel has a row for each input and a column for each unit",
    hint="print the shape of the kernel of a Dense(5) on 3 features.",
)
def columns_shuffled(W, p):
    """W[:, p], which puts the units in another order, or raises."""
    return W[:, p]


@also("function", "reshape_for_transpose", about="move_head")
def _(W, shape):
    """W.reshape(4, 5, 3, 10).reshape(60, 10), which is W."""
    return W.reshape(*shape[1:], shape[0], -1).reshape(W.shape)


@also("function", "axes_reversed", about="move_head")
def _(W, shape):
    """W.reshape(3, 4, 5, 10).transpose(2, 1, 0, 3).reshape(60, 10)."""
    axes = (*range(len(shape) - 1, -1, -1), len(shape))
    return W.reshape(*shape, -1).transpose(axes).reshape(W.shape)


@about_move_head(
    belief="the last axis of the rolled-up kernel is the last of an image",
    truth="behind the three axes of an image stands a fourth, which counts the units; it has to "
    "stay the last",
    hint="write the name of each of the four axes in a row, before and after.",
)
def moved_past_the_units(W, shape):
    """np.moveaxis(W.reshape(3, 4, 5, 10), 0, -1).reshape(60, 10)."""
    return np.moveaxis(W.reshape(*shape, -1), 0, -1).reshape(W.shape)


@also("function", "outputs_before_inputs", about="move_head")
def _(W, shape):
    """W.reshape(10, 3, 4, 5).transpose(0, 2, 3, 1).reshape(60, 10)."""
    return np.moveaxis(W.reshape(-1, *shape), 1, -1).reshape(W.shape)


@about_move_head(
    belief="a function such as `np.moveaxis` changes the array that it is given",
    truth="it gives a new one, and the array stays as it was",
    hint="print the shape of your array before that line and behind it.",
)
def moved_in_place(W, shape):
    """np.moveaxis(K, 0, 2), and then the unchanged K is returned: W."""
    return W


@also("function", "columns_shuffled", about="move_head")
def _(W, shape):
    """W[:, order], which raises or puts the units in another order."""
    return W[:, np.moveaxis(np.arange(len(W)).reshape(shape), 0, -1).ravel()]


@about_move_head(
    belief="a kernel has an axis for each axis of an image, and no other",
    truth="behind them stands one more, which counts the units",
    hint="multiply the sizes of the image, and count the numbers in W.",
)
def units_not_counted(W, shape):
    """W.reshape(3, 4, 5), which raises."""
    return W.reshape(shape)


@about_move_head(
    belief="the shape that is given lists the channels last",
    truth="it lists the axes as they were in training, and there the channels came first",
    hint="read once more what the text says of `shape`, and name its entries in that order.",
)
def shape_read_as_channels_last(W, shape):
    """h, w, c = shape, and then W.reshape(c, h, w, -1).transpose(1, 2, 0, 3)."""
    h, w, c = shape
    return np.moveaxis(W.reshape(c, h, w, -1), 0, 2).reshape(W.shape)


def _elsewhere(W, shape, *axes):
    return W.reshape(*shape, -1).transpose(*axes, len(shape)).reshape(W.shape)


_ELSEWHERE = {
    "belief": "it is enough that the axes change places",
    "truth": "each axis has a place of its own in the new order, rows, columns, channels, and here "
    "not every one has come to it",
    "hint": "write the name of each axis in a row, before and after, and read off the numbers.",
}


@about_move_head(**_ELSEWHERE)
def axes_moved_elsewhere(W, shape):
    """W.reshape(3, 4, 5, 10).transpose(2, 0, 1, 3).reshape(60, 10)."""
    return _elsewhere(W, shape, 2, 0, 1)


@also("function", "axes_moved_elsewhere", about="move_head")
def _(W, shape):
    """W.reshape(3, 4, 5, 10).transpose(1, 0, 2, 3).reshape(60, 10)."""
    return _elsewhere(W, shape, 1, 0, 2)


@also("function", "axes_moved_elsewhere", about="move_head")
def _(W, shape):
    """W.reshape(3, 4, 5, 10).transpose(0, 2, 1, 3).reshape(60, 10)."""
    return _elsewhere(W, shape, 0, 2, 1)


@also("function", "moved_the_other_way", about="move_head")
def _(W, shape):
    """W.reshape(4, 5, 3, 10).transpose(2, 0, 1, 3).reshape(60, 10), the inverse."""
    return np.moveaxis(W.reshape(*shape[1:], shape[0], -1), -2, 0).reshape(W.shape)


@about_pooling_matrix(
    belief="after Flatten all numbers of one channel stand together",
    truth="after Flatten the channels of one pixel stand together, then come those of the next",
    hint="flatten np.arange(8).reshape(1, 2, 2, 2) and look where the first channel went.",
)
def channels_grouped(shape):
    """np.kron(np.eye(3), np.ones((16, 1))) / 16."""
    places = np.prod(shape[:-1])
    return np.kron(np.eye(shape[-1]), np.ones((places, 1))) / places


@about_pooling_matrix(
    belief="a matrix has a row for each number that it gives",
    truth="in `flat @ M` the numbers that go in run along the rows of M, and those that come out "
    "along its columns: yours is turned about its diagonal",
    hint="write down the shapes of flat, of M and of flat @ M, one beside the other.",
)
def rows_and_columns_swapped(shape):
    """np.tile(np.eye(3), (16, 1)).T / 16."""
    places = np.prod(shape[:-1])
    return np.tile(np.eye(shape[-1]), (places, 1)).T / places


@about_pooling_matrix(
    belief="average pooling adds up",
    truth="an average is the sum divided by how many numbers were added",
    hint="pool an image of ones.",
)
def sum_for_average(shape):
    """np.tile(np.eye(3), (16, 1))."""
    return np.tile(np.eye(shape[-1]), (np.prod(shape[:-1]), 1))


@about_pooling_matrix(
    belief="global pooling averages over the channels, too",
    truth="each channel has an average of its own",
    hint="pool an image whose first channel is all ones and whose others are all zeros.",
)
def channels_mixed(shape):
    """np.ones((48, 3)) / 48."""
    return np.ones((np.prod(shape), shape[-1])) / np.prod(shape)


@also("function", "channels_mixed", about="pooling_matrix")
def _(shape):
    """np.ones((48, 3)) / 16."""
    return np.ones((np.prod(shape), shape[-1])) / np.prod(shape[:-1])


@about_pooling_matrix(
    belief="the sum over one channel is divided by how many numbers the whole image has",
    truth="an average is divided by how many numbers were added, and they are of one channel",
    hint="pool an image of ones.",
)
def divided_by_everything(shape):
    """np.tile(np.eye(3), (16, 1)) / 48."""
    return np.tile(np.eye(shape[-1]), (np.prod(shape[:-1]), 1)) / np.prod(shape)


@about_copied_weights(
    belief="a layer has its weights from the start",
    truth="a layer makes its weights when it first sees an input; before that there is nothing to "
    "copy",
    hint="print layer.get_weights() of a new layer, call the layer, and print it again.",
)
def copied_before_built(source, target, x):
    """The weights are copied, and only then the layers called: nothing was copied."""
    target.set_weights(source.get_weights())
    return _same_numbers(source, target, x)


@about_copied_weights(
    belief="each row needs a copy of the weights",
    truth="a layer that works row by row has one set of weights, whatever the number of rows",
    hint="print the number of arrays in get_weights() for inputs of 3 rows and of 7.",
)
def weights_for_each_row(source, target, x):
    """target.set_weights(source.get_weights() * 3), which raises.

    Met in stackoverflow.com/questions/44611006.
    """
    source(x), target(x)
    target.set_weights(source.get_weights() * x.shape[1])
    return _same_numbers(source, target, x)


@about_copied_weights(
    belief="two layers are the same if their outputs have the same shape",
    truth="shapes say nothing about numbers: layers with other weights give them, too",
    hint="print the first few numbers of both outputs.",
)
def shapes_compared(source, target, x):
    """same = source(x).shape == target(x).shape, without copying a weight."""
    return tuple(source(x).shape) == tuple(target(x).shape)


@about_copied_weights(
    belief="a layer can only be given flat inputs",
    truth="Dense takes an input of any rank and works on the last axis; on a flattened one it "
    "gets a kernel of another shape",
    hint="print the shape of the kernel after the layer was called, with Flatten and without.",
)
def flattened_first(source, target, x):
    """source(layers.Flatten()(x)), then the kernel does not fit, which raises.

    Met in "How does the Flatten layer work in Keras?".
    """
    source(layers.Flatten()(x)), target(x)
    target.set_weights(source.get_weights())
    return True


def _same_numbers(source, target, x):
    return bool(np.allclose(source(x), target(x), atol=1e-6))
