"""Exercises whose answers are arrays: functions written with NumPy, and weights that are moved."""

import math

import numpy as np
from keras import layers
from keras import models as keras_models

from autograder.learn import (
    check_function,
    check_position,
    check_transfer,
    check_weights,
)
from tests.bank.model import BankExercise


def numbers(*shape):
    """Return random numbers of this shape, the same each time."""
    return np.random.default_rng(0).random(shape).astype("float32")


def chain(*parts):
    """Return a Sequential of these layers."""
    return keras_models.Sequential(parts)


def dense_with(W, b=None):
    """Return a Dense layer with this kernel and bias."""
    dense = layers.Dense(W.shape[1], use_bias=b is not None)
    dense.build((None, W.shape[0]))
    dense.set_weights([W] if b is None else [W, b])
    return dense


KERNEL, BIAS = numbers(2, 16), np.arange(16, dtype="float32")
TABLES = np.random.default_rng(1).normal(size=(40, 3, 2)).astype("float32")


# Flatten, and where its numbers go

FLATTENED = [numbers(*s) for s in [(4, 3, 2), (1, 5), (2, 3, 4, 5), (3,), (0, 3, 2)]]

flatten_in_numpy = BankExercise(
    "flatten_in_numpy",
    lambda f: check_function.judge(f, like=layers.Flatten(), on=FLATTENED, about="flatten"),
    right=[
        lambda x: x.reshape(x.shape[0], int(np.prod(x.shape[1:]))),
        lambda x: x.reshape((len(x), math.prod(x.shape[1:]))),
    ],
    wrong=[
        (lambda x: x.flatten(), "flatten_swallows_batch"),
        (lambda x: x.reshape(1, -1), "one_sample_of_all"),
        (lambda x: x.reshape(len(x), -1, order="F"), "column_major"),
        (lambda x: x.reshape(-1, x.shape[-1]), "rows_into_batch"),
        (lambda x: x.reshape(len(x), -1), "minus_one_empty"),
    ],
)

position_of_a_pixel = BankExercise(
    "position_of_a_pixel",
    lambda f: check_position.judge(f, shape=(4, 5, 3)),
    right=[
        lambda h, w, c, H, W, C: (h * W + w) * C + c,
        lambda h, w, c, H, W, C: np.ravel_multi_index((h, w, c), (H, W, C)),
    ],
    wrong=[
        (lambda h, w, c, H, W, C: (c * H + h) * W + w, "channel_planes_first"),
        (lambda h, w, c, H, W, C: (w * H + h) * C + c, "column_by_column"),
        (lambda h, w, c, H, W, C: h * W + w, "channels_take_no_place"),
        (lambda h, w, c, H, W, C: h * w * c, "coordinates_multiplied"),
        (lambda h, w, c, H, W, C: (h * H + w) * C + c, "height_for_width"),
    ],
)

flatten_channels_first = BankExercise(
    "flatten_channels_first",
    lambda f: check_function.judge(
        f,
        like=layers.Flatten(data_format="channels_first"),
        on=[numbers(2, 3, 4, 5)],
        about="flatten_channels_first",
    ),
    right=[
        lambda x: x.transpose(0, 2, 3, 1).reshape(len(x), -1),
        lambda x: np.moveaxis(x, 1, -1).reshape(len(x), -1),
    ],
    wrong=[
        (lambda x: x.reshape(len(x), -1), "layout_is_a_label"),
        (lambda x: x.transpose(0, 3, 2, 1).reshape(len(x), -1), "axes_reversed"),
        # The same numbers as the first: told as a tie.
        (lambda x: x.reshape(len(x), 4, 5, 3).reshape(len(x), -1), "reshape_for_transpose"),
        (lambda x: x.transpose(0, 2, 1, 3).reshape(len(x), -1), "channels_moved_one_axis"),
    ],
)

channels_to_the_end = BankExercise(
    "channels_to_the_end",
    lambda layer: check_function.judge(
        layer,
        like=lambda x: x.transpose(0, 2, 3, 1),
        on=[numbers(2, 3, 28, 28)],
        about="to_channels_last",
    ),
    right=[
        layers.Permute((2, 3, 1)),
        lambda x: layers.Permute((2, 3, 1))(x),
        chain(layers.Permute((2, 1, 3)), layers.Permute((1, 3, 2))),
    ],
    wrong=[
        (layers.Reshape((28, 28, 3)), "reshape_for_transpose"),
        (layers.Permute((3, 2, 1)), "axes_reversed"),
        (layers.Permute((3, 1, 2)), "moved_the_other_way"),
        (lambda x: layers.Permute((0, 2, 3, 1))(x), "batch_is_permuted"),
    ],
)


# Dense, row by row and in disguise

dense_by_rows = BankExercise(
    "dense_by_rows",
    lambda f: check_function.judge(
        f,
        like=lambda x, W, b: dense_with(W, b)(x),
        on=[(TABLES, KERNEL, BIAS)],
        about="dense_by_rows",
    ),
    right=[
        lambda x, W, b: np.stack([x[:, r] @ W + b for r in range(x.shape[1])], axis=1),
        lambda x, W, b: x @ W + b,
    ],
    wrong=[
        (
            lambda x, W, b: np.concatenate([x[:, r] @ W + b for r in range(x.shape[1])], axis=1),
            "rows_joined",
        ),
        (lambda x, W, b: sum(x[:, r] @ W for r in range(x.shape[1])) + b, "rows_added"),
        (
            lambda x, W, b: np.stack([x[:, r] @ W + b for r in range(x.shape[1])], axis=0),
            "rows_before_samples",
        ),
        (
            lambda x, W, b: np.stack([x[:, r] @ W for r in range(x.shape[1])], axis=1),
            "bias_forgotten",
        ),
    ],
)


def blocks_by_hand(W, b):
    K = np.zeros((6, 48))
    for r in range(3):
        K[2 * r : 2 * r + 2, 16 * r : 16 * r + 16] = W
    return K, np.concatenate([b, b, b])


one_big_dense = BankExercise(
    "one_big_dense",
    lambda f: check_weights.judge(
        f,
        like=chain(dense_with(KERNEL, BIAS), layers.Flatten()),
        layer=chain(layers.Flatten(), layers.Dense(48)),
        on=TABLES,
        args=(KERNEL, BIAS),
        about="block_diagonal",
        given=(3,),
    ),
    right=[lambda W, b: (np.kron(np.eye(3), W), np.tile(b, 3)), blocks_by_hand],
    wrong=[
        (lambda W, b: (np.tile(W, (3, 3)), np.tile(b, 3)), "rows_connected"),
        (lambda W, b: (np.kron(W, np.eye(3)), np.tile(b, 3)), "rows_interleaved"),
        (lambda W, b: (np.kron(np.eye(3), W), np.repeat(b, 3)), "bias_repeated"),
        (lambda W, b: (np.tile(W, (3, 1)), b), "one_row_of_results"),
    ],
)


def copies(d, td, x):
    d(x), td(x)
    td.set_weights(d.get_weights())
    return bool(np.allclose(np.asarray(d(x)), np.asarray(td(x)), atol=1e-6))


def copies_too_early(d, td, x):
    td.set_weights(d.get_weights())
    return bool(np.allclose(np.asarray(d(x)), np.asarray(td(x)), atol=1e-6))


def copies_three_times(d, td, x):
    d(x), td(x)
    td.set_weights(d.get_weights() * 3)
    return bool(np.allclose(np.asarray(d(x)), np.asarray(td(x)), atol=1e-6))


def compares_shapes(d, td, x):
    d(x), td(x)
    return d(x).shape == td(x).shape


def flattens_first(d, td, x):
    d(layers.Flatten()(x)), td(x)
    td.set_weights(d.get_weights())
    return True


time_distributed_weights = BankExercise(
    "time_distributed_weights",
    lambda f: check_transfer.judge(
        f,
        source=layers.Dense(16, bias_initializer="random_normal"),
        target=layers.TimeDistributed(layers.Dense(16)),
        on=numbers(2, 3, 2),
    ),
    right=[copies],
    wrong=[
        (copies_too_early, "copied_before_built"),
        (copies_three_times, "weights_for_each_row"),
        (compares_shapes, "shapes_compared"),
        (flattens_first, "flattened_first"),
    ],
)

dense_as_convolution = BankExercise(
    "dense_as_convolution",
    lambda f: check_weights.judge(
        f,
        like=dense_with(KERNEL, BIAS),
        layer=layers.Conv1D(16, 1),
        on=TABLES,
        args=(KERNEL, BIAS),
        about="dense_as_convolution",
        given=(3,),
    ),
    right=[lambda W, b: (W[None], b), lambda W, b: [W.reshape(1, *W.shape), b]],
    wrong=[
        (lambda W, b: (W, b), "kernel_axis_forgotten"),
        (lambda W, b: (W[..., None], b), "kernel_axis_last"),
        (lambda W, b: (W.T[None], b), "outputs_before_inputs"),
        (lambda W, b: (np.stack([W] * 3), b), "kernel_as_long_as_the_rows"),
    ],
)

HEAD = numbers(1600, 10) - 0.5

flatten_as_convolution = BankExercise(
    "flatten_as_convolution",
    lambda f: check_weights.judge(
        f,
        like=chain(layers.Flatten(), dense_with(HEAD)),
        layer=chain(layers.Conv2D(10, 5, use_bias=False), layers.Flatten()),
        on=numbers(2, 5, 5, 64),
        args=(HEAD,),
        about="flatten_as_convolution",
        given=((5, 5, 64),),
    ),
    right=[
        lambda W: W.reshape(5, 5, 64, 10),
        lambda W: W.T.reshape(10, 5, 5, 64).transpose(1, 2, 3, 0),
    ],
    wrong=[
        (lambda W: W.reshape(64, 5, 5, 10).transpose(1, 2, 0, 3), "channels_before_places"),
        (lambda W: W.reshape(5, 5, 64, 10, order="F"), "column_major"),
        (lambda W: W.reshape(10, 5, 5, 64), "outputs_before_inputs"),
        (lambda W: W.T.reshape(10, 5, 5, 64).transpose(2, 1, 3, 0), "height_width_swapped"),
    ],
)


# The order of the inputs

ORDER = np.random.default_rng(0).permutation(784)
DIGITS = numbers(784, 10)

shuffled_inputs = BankExercise(
    "shuffled_inputs",
    lambda f: check_weights.judge(
        f,
        like=lambda shuffled: dense_with(DIGITS)(shuffled[:, np.argsort(ORDER)]),
        layer=layers.Dense(10, use_bias=False),
        on=numbers(4, 784)[:, ORDER],
        args=(DIGITS, ORDER),
        about="shuffled_kernel",
    ),
    right=[lambda W, p: W[p], lambda W, p: np.stack([W[i] for i in p])],
    wrong=[
        (lambda W, p: W, "order_ignored"),
        (lambda W, p: W[np.argsort(p)], "shuffled_back"),
        (lambda W, p: W[:, p], "columns_shuffled"),
    ],
)

TRAINED = numbers(60, 10)

head_to_channels_last = BankExercise(
    "head_to_channels_last",
    lambda f: check_weights.judge(
        f,
        like=lambda images: images.transpose(0, 3, 1, 2).reshape(len(images), -1) @ TRAINED,
        layer=chain(layers.Flatten(), layers.Dense(10, use_bias=False)),
        on=numbers(6, 4, 5, 3),
        args=(TRAINED,),
        about="move_head",
        given=((3, 4, 5),),
    ),
    right=[
        lambda W: W.reshape(3, 4, 5, 10).transpose(1, 2, 0, 3).reshape(60, 10),
        lambda W: W[np.moveaxis(np.arange(60).reshape(3, 4, 5), 0, -1).ravel()],
    ],
    wrong=[
        (lambda W: W, "order_ignored"),
        # Nothing is moved by this: told as a tie with the one before.
        (lambda W: W.reshape(4, 5, 3, 10).reshape(60, 10), "reshape_for_transpose"),
        (
            lambda W: W.reshape(3, 4, 5, 10).transpose(2, 1, 0, 3).reshape(60, 10),
            "axes_reversed",
        ),
        (
            lambda W: W.reshape(4, 5, 3, 10).transpose(2, 0, 1, 3).reshape(60, 10),
            "moved_the_other_way",
        ),
    ],
)

pooling_as_a_matrix = BankExercise(
    "pooling_as_a_matrix",
    lambda M: check_weights.judge(
        M,
        like=layers.GlobalAveragePooling2D(),
        layer=chain(layers.Flatten(), layers.Dense(3, use_bias=False)),
        on=numbers(2, 4, 4, 3),
        about="pooling_matrix",
        given=((4, 4, 3),),
    ),
    right=[
        np.tile(np.eye(3), (16, 1)) / 16,
        [[(row % 3 == c) / 16 for c in range(3)] for row in range(48)],
    ],
    wrong=[
        (np.kron(np.eye(3), np.ones((16, 1))) / 16, "channels_grouped"),
        (np.tile(np.eye(3), (16, 1)), "sum_for_average"),
        (np.ones((48, 3)) / 48, "channels_mixed"),
        (np.tile(np.eye(3), (16, 1)) / 48, "divided_by_everything"),
    ],
)

EXERCISES = [
    flatten_in_numpy,
    position_of_a_pixel,
    flatten_channels_first,
    channels_to_the_end,
    dense_by_rows,
    one_big_dense,
    time_distributed_weights,
    dense_as_convolution,
    flatten_as_convolution,
    shuffled_inputs,
    head_to_channels_last,
    pooling_as_a_matrix,
]
