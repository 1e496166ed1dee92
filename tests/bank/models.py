"""Exercises whose answers are models, Inputs, layers and data.

An answer is the source of a function's body; the function returns the value of its last line.
"""

import ast
import math

import keras
import numpy as np
from keras import layers

from autograder.learn.checks import (
    check_function,
    check_guard,
    check_layer,
    check_model,
    check_models,
    check_prediction,
    check_shape,
)
from autograder.learn.predictions import LayerCount
from autograder.learn.trace import run
from tests.bank.model import BankExercise


def function(source, *parameters):
    """Return a function with this body; it returns the value of its last line."""
    body = ast.parse(source).body
    body[-1] = ast.copy_location(ast.Return(body[-1].value), body[-1])
    arguments = ast.parse(f"def answer({', '.join(parameters)}): pass")
    arguments.body[0].body = body
    room = {"keras": keras, "layers": layers, "np": np, "math": math}
    exec(compile(ast.fix_missing_locations(arguments), "<answer>", "exec"), room)
    return room["answer"]


def exercise(name, judge, right, wrong, parameters=()):
    """Return a BankExercise whose answers are sources of functions of these parameters."""
    return BankExercise(name, lambda source: judge(function(source, *parameters)), right, wrong)


# Inputs

IMAGES = np.zeros((600, 28, 28), "uint8")

input_for_data = exercise(
    "input_for_data",
    lambda f: check_shape.judge(f, of=(None, 28, 28), args=(IMAGES,)),
    parameters=("data",),
    right=[
        "keras.Input(shape=data.shape[1:])",
        "keras.Input(batch_shape=(None,) + data.shape[1:])",
        "keras.Input(data[0].shape)",
    ],
    wrong=[
        ("keras.Input(shape=data.shape)", "batch_in_shape"),
        ("keras.Input(shape=(None, 28, 28))", "batch_written_by_hand"),
        ("keras.Input(batch_shape=data.shape)", "batch_fixed"),
        ("keras.Input(tensor=data)", "data_as_input"),
    ],
)

input_of_a_vector = exercise(
    "input_of_a_vector",
    lambda f: check_shape.judge(f, of=(None, 4)),
    right=[
        "keras.Input(shape=(4,))",
        "keras.Input(shape=[4])",
        "keras.Input(batch_shape=(None, 4))",
    ],
    wrong=[
        ("keras.Input(shape=(4))", "shape_not_a_tuple"),
        ("keras.Input(shape=4)", "shape_not_a_tuple"),
        ("keras.Input(shape=(None, 4))", "batch_written_by_hand"),
        ("keras.Input(shape=(4, 1))", "vector_as_column"),
        ("keras.Input(4, 1)", "shape_not_a_tuple"),
    ],
)


# Data


def flat_reader():
    return keras.Sequential([keras.Input((28, 28)), layers.Flatten(), layers.Dense(4)])


predict_one_image = exercise(
    "predict_one_image",
    lambda f: check_function.judge(
        f,
        like=lambda model, x: model.predict(x[:1], verbose=0),
        on=[(flat_reader(), np.random.default_rng(0).random((60, 28, 28)))],
        about="first_sample",
    ),
    parameters=("model", "x"),
    right=[
        "model.predict(x[:1], verbose=0)",
        "model.predict(np.expand_dims(x[0], 0), verbose=0)",
        "model.predict(x[0][None], verbose=0)",
        "model(x[:1])",
    ],
    wrong=[
        ("model.predict(x[0], verbose=0)", "batch_axis_missing"),
        ("model(x[0])", "batch_axis_missing"),
        ("model.predict(x[None], verbose=0)", "batch_axis_twice"),
        ("model.predict(x[0].reshape(1, -1), verbose=0)", "flattened_by_hand"),
        ("model.predict(x, verbose=0)", "all_for_the_first"),
        ("model.predict(x[1:2], verbose=0)", "counted_from_one"),
    ],
)


def judge_convolution(feed):
    x = np.random.default_rng(0).random((60, 28, 28)).astype("float32")
    right = run([layers.Conv2D(8, 3)], (60, 28, 28, 1))
    return check_shape.judge(feed, of=right, args=(layers.Conv2D(8, 3), x))


feed_grey_images = exercise(
    "feed_grey_images",
    judge_convolution,
    parameters=("conv", "x"),
    right=[
        "conv(x[..., None])",
        "conv(np.expand_dims(x, -1))",
        "conv(x.reshape(60, 28, 28, 1))",
    ],
    wrong=[
        ("conv(x)", "channel_axis_missing"),
        ("conv(x[None])", "axis_added_in_front"),
        ("conv(x[:, None])", "channels_second"),
        ("conv(x.reshape(60, 784))", "flattened_before_convolution"),
    ],
)

# The same with a convolution that has its weights already.
BUILT = layers.Conv2D(8, 3)
BUILT.build((None, None, None, 1))

feed_a_built_convolution = exercise(
    "feed_a_built_convolution",
    lambda f: check_function.judge(
        f,
        like=lambda conv, x: conv(x[..., None]),
        on=[(BUILT, np.random.default_rng(0).random((6, 28, 28)).astype("float32"))],
    ),
    parameters=("conv", "x"),
    right=["conv(x[..., None])"],
    wrong=[
        ("conv(x)", "channel_axis_missing"),
        ("conv(x[None])", "axis_added_in_front"),
        ("conv(x[:, None])", "channels_second"),
        ("layers.MaxPooling2D()(x)", "channel_axis_missing"),
    ],
)


# Convolutions


def padded():
    start = keras.Input((10, 10, 64))
    x = layers.Conv2D(32, (3, 3), padding="same")(start)
    return keras.Model(start, layers.Flatten()(layers.MaxPool2D((2, 2))(x)))


START = "inp = keras.Input((10, 10, 64))\n"
END = "keras.Model(inp, layers.Flatten()(layers.MaxPool2D((2, 2))(x)))"

pad_the_convolution = exercise(
    "pad_the_convolution",
    lambda f: check_model.judge(f, like=padded),
    right=[
        START + "x = layers.Conv2D(32, (3, 3), padding='same')(inp)\n" + END,
        START + "x = layers.Conv2D(32, 3)(layers.ZeroPadding2D(1)(inp))\n" + END,
        "keras.Sequential([keras.Input((10, 10, 64)), layers.Conv2D(32, 3, padding='same'),"
        " layers.MaxPool2D(), layers.Reshape((-1,))])",
    ],
    wrong=[
        (START + "x = layers.Conv2D(50, (3, 3))(inp)\n" + END, "sizes_changed"),
        (START + "x = layers.Conv2D(32, (3, 3), strides=2)(inp)\n" + END, "stride_shrinks"),
        (
            START + "x = layers.Conv2D(32, (3, 3))(inp)\n"
            "x = layers.MaxPool2D((2, 2), padding='same')(x)\n"
            "keras.Model(inp, layers.Flatten()(x))",
            "padding_on_pooling",
        ),
        (
            "inp = keras.Input((12, 12, 64))\nx = layers.Conv2D(32, (3, 3))(inp)\n" + END,
            "input_changed",
        ),
    ],
)

OPEN_IMAGE = "inp = keras.Input((None, None, 3))\nx = layers.Conv2D(16, 3)(inp)\n"
HEAD = "keras.Model(inp, layers.Dense(10)(layers.GlobalAveragePooling2D()(x)))"

any_image_size = exercise(
    "any_image_size",
    lambda f: check_model.judge(
        f, input_shape=(None, None, None, 3), output_shape=(None, 10), params=448 + 170
    ),
    right=[
        OPEN_IMAGE + HEAD,
        OPEN_IMAGE + "keras.Model(inp, layers.Dense(10)(layers.GlobalMaxPooling2D()(x)))",
        "keras.Sequential([layers.Conv2D(16, 3), layers.GlobalMaxPooling2D(), layers.Dense(10)])",
    ],
    wrong=[
        (OPEN_IMAGE + "keras.Model(inp, layers.Dense(10)(layers.Flatten()(x)))", "unknown_width"),
        (
            "inp = keras.Input((40, 33, 3))\nx = layers.Conv2D(16, 3)(inp)\n" + HEAD,
            "open_size_fixed",
        ),
        (
            "inp = keras.Input((None, None, None))\nx = layers.Conv2D(16, 3)(inp)\n" + HEAD,
            "channels_unknown",
        ),
        (OPEN_IMAGE + "keras.Model(inp, layers.Dense(10)(x))", "flatten_missing"),
        (
            "keras.Sequential([layers.Conv2D(16, 3), layers.Flatten(), layers.Dense(10)])",
            "width_changed",
        ),
    ],
)


# Sequences


def sequence_reader():
    start = keras.Input((None, 32))
    return keras.Model(start, layers.Dense(2, activation="softmax")(layers.LSTM(64)(start)))


STEPS = "inp = keras.Input((None, 32))\n"
SOFTMAX = "layers.Dense(2, activation='softmax')"

any_sequence_length = exercise(
    "any_sequence_length",
    lambda f: check_model.judge(f, like=sequence_reader),
    right=[
        STEPS + f"keras.Model(inp, {SOFTMAX}(layers.LSTM(64)(inp)))",
        f"keras.Sequential([keras.Input((None, 32)), layers.LSTM(64), {SOFTMAX}])",
        "keras.Sequential([layers.LSTM(64), layers.Dense(2), layers.Softmax()])",
    ],
    wrong=[
        (
            "inp = keras.Input((100, 32))\n" + f"keras.Model(inp, {SOFTMAX}(layers.LSTM(64)(inp)))",
            "open_size_fixed",
        ),
        (
            STEPS + f"keras.Model(inp, {SOFTMAX}(layers.LSTM(64, return_sequences=True)(inp)))",
            "sequences_ignored",
        ),
        (
            f"inp = keras.Input((None, None))\nkeras.Model(inp, {SOFTMAX}(layers.LSTM(64)(inp)))",
            "unknown_width",
        ),
        (
            STEPS + f"x = layers.Flatten()(layers.LSTM(64, return_sequences=True)(inp))\n"
            f"keras.Model(inp, {SOFTMAX}(x))",
            "unknown_width",
        ),
        (
            f"keras.Sequential([keras.Input((100, 32)), layers.LSTM(64), {SOFTMAX}])",
            "open_size_fixed",
        ),
        (
            STEPS + "keras.Model(inp, layers.Dense(2)(layers.LSTM(64)(inp)))",
            "activation_missing",
        ),
        (
            STEPS + "keras.Model(inp, layers.Dense(2, 'sigmoid')(layers.LSTM(64)(inp)))",
            "activation_changed",
        ),
    ],
)


# Models of several parts


def small_autoencoder():
    start = keras.Input((28, 28, 1))
    x = layers.Dense(784)(layers.Dense(32)(layers.Flatten()(start)))
    return keras.Model(start, layers.Reshape((28, 28, 1))(x))


PICTURE = "inp = keras.Input((28, 28, 1))\n"
CODE = PICTURE + "x = layers.Dense(784)(layers.Dense(32)(layers.Flatten()(inp)))\n"

autoencoder = exercise(
    "autoencoder",
    lambda f: check_model.judge(f, like=small_autoencoder),
    right=[
        CODE + "keras.Model(inp, layers.Reshape((28, 28, 1))(x))",
        "keras.Sequential([layers.InputLayer(shape=(28, 28, 1)), layers.Reshape((784,)),"
        " layers.Dense(32), layers.Dense(28 * 28), layers.Reshape((28, 28, 1))])",
    ],
    wrong=[
        (
            PICTURE + "x = layers.Dense(784)(layers.Dense(32)(inp))\n"
            "keras.Model(inp, layers.Reshape((28, 28, 1))(x))",
            "dense_flattens",
        ),
        (
            CODE + "keras.Model(inp, layers.Reshape((None, 28, 28, 1))(x))",
            "target_has_batch",
        ),
        (CODE + "keras.Model(inp, x)", "axes_not_restored"),
        (
            PICTURE + "keras.Model(inp, layers.Dense(1)(layers.Dense(32)(inp)))",
            "dense_on_each_place",
        ),
        (
            CODE + "keras.Model(inp, layers.Permute((2, 1, 3))(layers.Reshape((28, 28, 1))(x)))",
            "numbers_out_of_place",
        ),
    ],
)


def joined_branches():
    img, meta = keras.Input((28, 28, 1), name="img"), keras.Input((5,), name="meta")
    x = layers.Concatenate()([layers.Flatten()(img), meta])
    return keras.Model([img, meta], layers.Dense(2)(x))


BRANCHES = "img, meta = keras.Input((28, 28, 1), name='img'), keras.Input((5,), name='meta')\n"
JOIN = BRANCHES + "x = layers.Concatenate()([layers.Flatten()(img), meta])\n"

two_branches = exercise(
    "two_branches",
    lambda f: check_model.judge(f, like=joined_branches),
    right=[
        JOIN + "keras.Model([img, meta], layers.Dense(2)(x))",
        JOIN + "keras.Model([meta, img], layers.Dense(2)(x))",
        JOIN + "keras.Model({'img': img, 'meta': meta}, layers.Dense(2)(x))",
        BRANCHES + "x = layers.concatenate([layers.Reshape((-1,))(img), meta], axis=1)\n"
        "keras.Model([img, meta], layers.Dense(2)(x))",
        "class Joined(keras.Model):\n"
        "    def __init__(self):\n"
        "        super().__init__()\n"
        "        self.dense, self.flat = layers.Dense(2), layers.Flatten()\n"
        "    def call(self, x):\n"
        "        return self.dense(keras.ops.concatenate([self.flat(x['img']), x['meta']], -1))\n"
        "Joined()",
    ],
    wrong=[
        (
            BRANCHES + "x = layers.Concatenate()([img, meta])\n"
            "keras.Model([img, meta], layers.Dense(2)(x))",
            "different_ranks_joined",
        ),
        (
            BRANCHES + "x = layers.Concatenate(axis=0)([layers.Flatten()(img), meta])\n"
            "keras.Model([img, meta], layers.Dense(2)(x))",
            "joined_along_batch",
        ),
        (
            BRANCHES + "x = layers.Concatenate()([layers.GlobalAveragePooling2D()(img), meta])\n"
            "keras.Model([img, meta], layers.Dense(2)(x))",
            "values_thrown_away",
        ),
        (JOIN + "keras.Model(img, layers.Dense(2)(x))", "input_left_out"),
        (
            "a, b = keras.Input((28, 28, 1)), keras.Input((5,))\n"
            "x = layers.Concatenate()([layers.Flatten()(a), b])\n"
            "keras.Model([a, b], layers.Dense(2)(x))",
            "inputs_unnamed",
        ),
    ],
)


# One network in several spellings


def two_dense():
    return keras.Sequential(
        [keras.Input((4,)), layers.Dense(8, activation="relu"), layers.Dense(1)]
    )


def judge_spellings(build):
    """Judge three models, and how many layers each of them lists."""
    made = []

    def models():
        made[:] = build()
        return made[0]

    verdict = check_models.judge(models, 3, like=two_dense)
    if verdict.state != "right":
        return verdict
    counts = [
        check_prediction.judge(n, LayerCount(m)) for n, m in zip(made[1], made[0], strict=True)
    ]
    return next((v for v in counts if v.state != "right"), counts[0])


FUNCTIONAL = (
    "i = keras.Input((4,))\n"
    "f = keras.Model(i, layers.Dense(1)(layers.Dense(8, activation='relu')(i)))\n"
    "s = keras.Sequential([keras.Input((4,)), layers.Dense(8, activation='relu'),"
    " layers.Dense(1)])\n"
    "n = keras.Sequential([layers.Dense(8, activation='relu'), layers.Dense(1)])\n"
)
CALLED = "n(np.zeros((1, 4), 'float32'))\n"
COPIED = "for m in (s, n):\n    m.set_weights(f.get_weights())\n"
COUNTED = "(f, s, n), [len(f.layers), len(s.layers), len(n.layers)]"

three_spellings = exercise(
    "three_spellings",
    judge_spellings,
    right=[
        FUNCTIONAL + CALLED + COPIED + COUNTED,
        FUNCTIONAL + "n.build((None, 4))\n" + COPIED + "[f, s, n], [3, 2, 2]",
    ],
    wrong=[
        (FUNCTIONAL + COPIED + "(f, s, n), [3, 2, 2]", "not_built"),
        (FUNCTIONAL + CALLED + COUNTED, "same_layers_same_function"),
        (FUNCTIONAL + "n.build((4,))\n" + COPIED + "(f, s, n), [3, 2, 2]", "batch_axis_missing"),
        (FUNCTIONAL + CALLED + COPIED + "(f, s, n), [3, 3, 2]", "input_layer_listed"),
    ],
)


def modern():
    return keras.Sequential(
        [
            keras.Input((28, 28, 3)),
            layers.Flatten(),
            layers.Rescaling(1.0 / 255),
            layers.Dense(128, activation="relu"),
            layers.Dense(2, activation="softmax"),
        ]
    )


TAIL = (
    " layers.Rescaling(1./255), layers.Dense(128, activation='relu'),"
    " layers.Dense(2, activation='softmax')])"
)

modern_spelling = exercise(
    "modern_spelling",
    lambda f: check_model.judge(f, like=modern, built=True, strict=True),
    right=[
        "keras.Sequential([keras.Input((28, 28, 3)), layers.Flatten()," + TAIL,
        "keras.Sequential([layers.InputLayer(shape=(28, 28, 3)), layers.Flatten()," + TAIL,
    ],
    wrong=[
        (
            "model = keras.models.Sequential()\n"
            "model.add(keras.layers.Flatten(input_shape=(28, 28, 3)))\n"
            "model.add(layers.Rescaling(1./255))\n"
            "model.add(keras.layers.Dense(128, activation='relu'))\n"
            "model.add(keras.layers.Dense(2, activation='softmax'))\n"
            "model",
            "input_shape_on_layer",
        ),
        (
            "keras.Sequential([layers.InputLayer(input_shape=(28, 28, 3)), layers.Flatten(),"
            + TAIL,
            "input_shape_on_input_layer",
        ),
        (
            "keras.Sequential([keras.Input((28, 28, 3)), layers.Flatten(),"
            " layers.experimental.preprocessing.Rescaling(1./255), layers.Dense(2)])",
            "name_not_in_keras",
        ),
        (
            "model = keras.Sequential([layers.Flatten()," + TAIL + "\nmodel.build()\nmodel",
            "not_built",
        ),
    ],
)


def classifier():
    dense = layers.Dense(10, activation="softmax")
    return keras.Sequential([keras.Input((28, 28)), layers.Flatten(), dense])


CLASSES = " layers.Dense(10, activation='softmax')"

forgotten_flatten = exercise(
    "forgotten_flatten",
    lambda f: check_model.judge(f, like=classifier),
    right=[
        "keras.Sequential([keras.Input((28, 28)), layers.Flatten()," + CLASSES + "])",
        "keras.Sequential([keras.Input((28, 28)), layers.Reshape((784,))," + CLASSES + "])",
    ],
    wrong=[
        ("keras.Sequential([keras.Input((28, 28))," + CLASSES + "])", "flatten_missing"),
        (
            "keras.Sequential([keras.Input((28, 28))," + CLASSES + ", layers.Flatten()])",
            "flatten_too_late",
        ),
        (
            "keras.Sequential([keras.Input((28, 28)), layers.GlobalAveragePooling1D(),"
            + CLASSES
            + "])",
            "values_thrown_away",
        ),
        ("keras.Sequential([keras.Input((784,))," + CLASSES + "])", "unrolled_shape_declared"),
        (
            "model = keras.Sequential([keras.Input((28, 28))," + CLASSES + "])\n"
            "model.compile('sgd', 'sparse_categorical_crossentropy')\n"
            "model.fit(np.zeros((4, 28, 28)), np.zeros(4, int), verbose=0)\n"
            "model",
            "flatten_missing",
        ),
    ],
)


# Pieces that go with a model


def shapes_differ(source):
    """Return a guard that raises a ValueError where this is true of model, x and y."""
    return f"if {source}:\n    raise ValueError('shape')\nTrue"


def cases():
    fixed = flat_reader()
    free = keras.Sequential([keras.Input((None, 2)), layers.Dense(4)])
    good = [(fixed, (5, 28, 28), (5, 4)), (free, (5, 9, 2), (5, 9, 4))]
    bad = [
        (fixed, (5, 14, 56), (5, 4)),
        (fixed, (5, 28, 28, 1), (5, 4)),
        (fixed, (28, 28), (28, 4)),
        (fixed, (5, 28, 28), (5, 1)),
        (fixed, (5, 28, 28), (5,)),
        (fixed, (5, 28, 28), (6, 4)),
    ]
    return [[(m, np.zeros(x), np.zeros(y)) for m, x, y in part] for part in (good, bad)]


def judge_cases(guard):
    good, bad = cases()
    return check_guard.judge(guard, good=good, bad=bad)


COMPARE = (
    "for got, want in ((x.shape, model.input_shape), (y.shape, model.output_shape)):\n"
    "    if len(got) != len(want):\n"
    "        raise ValueError('axes')\n"
    "    if any(w is not None and g != w for g, w in zip(got[1:], want[1:])):\n"
    "        raise ValueError('sizes')\n"
)

guard_shapes = exercise(
    "guard_shapes",
    judge_cases,
    parameters=("model", "x", "y"),
    right=[
        COMPARE + "if len(x) != len(y):\n    raise ValueError('samples')\nTrue",
        "def fits(shape, wanted):\n"
        "    sizes = zip(shape, wanted)\n"
        "    return len(shape) == len(wanted) and all(w in (None, s) for s, w in sizes)\n"
        "if not (fits(x.shape, model.input_shape) and fits(y.shape, model.output_shape)\n"
        "        and len(x) == len(y)):\n"
        "    raise ValueError\n"
        "True",
    ],
    wrong=[
        ("model(x)\nTrue", "keras_will_notice"),
        (
            shapes_differ(
                "np.prod(x.shape[1:]) != np.prod(model.input_shape[1:])"
                " or np.prod(y.shape[1:]) != np.prod(model.output_shape[1:])"
            ),
            "only_counts_compared",
        ),
        (
            shapes_differ("x.shape != model.input_shape or y.shape != model.output_shape"),
            "none_equals_anything",
        ),
        (
            shapes_differ(
                "x.shape[1:] != model.input_shape[1:] or y.shape[1:] != model.output_shape[1:]"
            ),
            "only_batch_open",
        ),
        (COMPARE + "True", "sample_counts_ignored"),
        ("len(x) == len(y)", "sizes_not_compared"),
    ],
)


def einsum_reader(*arguments):
    return (
        "keras.Sequential([keras.Input((3, 2)),"
        f" layers.EinsumDense({', '.join(map(str, arguments))}), layers.Dense(4)])"
    )


def flat_then_dense():
    return keras.Sequential(
        [keras.Input((3, 2)), layers.Flatten(), layers.Dense(16), layers.Dense(4)]
    )


every_node_sees_all = exercise(
    "every_node_sees_all",
    lambda f: check_model.judge(f, like=flat_then_dense, layers=("EinsumDense", "Dense")),
    right=[
        einsum_reader("'bij,ijk->bk'", "output_shape=16", "bias_axes='k'"),
        # The kernel's axes may stand in any order.
        einsum_reader("'bij,kij->bk'", "output_shape=16", "bias_axes='k'"),
        einsum_reader("'bij,jik->bk'", "output_shape=16", "bias_axes='k'"),
        "inp = keras.Input((3, 2))\n"
        "x = layers.EinsumDense('bij,ijk->bk', output_shape=16, bias_axes='k')(inp)\n"
        "keras.Model(inp, layers.Dense(4)(x))",
    ],
    wrong=[
        (
            einsum_reader("'bij,jk->bik'", "output_shape=(3, 16)", "bias_axes='k'"),
            "rows_share_kernel",
        ),
        (
            einsum_reader("'bij,ijk->bik'", "output_shape=(3, 16)", "bias_axes='ik'"),
            "rows_kept_apart",
        ),
        (einsum_reader("'bij,ijk->bk'", "output_shape=16"), "bias_forgotten"),
        (
            einsum_reader("'bij,jk->bk'", "output_shape=16", "bias_axes='k'"),
            "rows_share_kernel",
        ),
        (
            "keras.Sequential([keras.Input((3, 2)), layers.Flatten(), layers.Dense(16),"
            " layers.Dense(4)])",
            "other_layers",
        ),
    ],
)


def own_layer(result):
    """Return the source of a layer whose call returns this."""
    return (
        "class MyFlatten(layers.Layer):\n"
        "    def call(self, x):\n"
        f"        return {result}\n"
        "MyFlatten"
    )


own_flatten = exercise(
    "own_flatten",
    lambda f: check_layer.judge(
        lambda: f()() if isinstance(f(), type) else f(),
        like=layers.Flatten(),
        on=[np.random.default_rng(0).random((5, 3, 2)).astype("float32")],
        about="flatten",
    ),
    right=[
        own_layer("keras.ops.reshape(x, (-1, math.prod(x.shape[1:])))"),
        own_layer("keras.ops.reshape(x, (keras.ops.shape(x)[0], x.shape[1] * x.shape[2]))"),
    ],
    wrong=[
        (own_layer("keras.ops.reshape(x, (keras.ops.shape(x)[0], -1))"), "width_left_open"),
        (own_layer("keras.ops.ravel(x)"), "flatten_swallows_batch"),
        (own_layer("np.reshape(x, (len(x), -1))"), "numpy_on_symbolic"),
        (own_layer("keras.ops.reshape(x, (1, -1))"), "one_sample_of_all"),
        (
            own_layer("keras.ops.reshape(keras.ops.transpose(x, (0, 2, 1)), (-1, 6))"),
            "column_major",
        ),
        ("layers.Flatten()(np.zeros((2, 3))).shape", "no_layer"),
    ],
)

EXERCISES = [thing for thing in vars().values() if isinstance(thing, BankExercise)]
