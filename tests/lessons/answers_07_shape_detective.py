"""Right answers and known mistakes for every exercise of the lesson of the shape detective.

A wrong answer stands with the code that its verdict must name. What is trained here is trained
as briefly as its mistake allows.
"""

from autograder.answers import Exercise


def model(name, *stack):
    """Return the source of a function that returns a Sequential of these layers."""
    return f"def {name}:\n    return keras.Sequential([{', '.join(stack)}])"


GREY = "grey_reader(height, width)"
GREY_START = "keras.Input((height, width))", "layers.Reshape((height, width, 1))"
GREY_CONV = "layers.Conv2D(8, 3, activation='relu')"
GREY_END = "layers.Flatten()", "layers.Dense(4, activation='softmax')"

JOINED = (
    "def joined(height, width, extras):\n"
    "    a = keras.Input((height, width, 1), name='picture')\n"
    "    b = keras.Input((extras,), name='extras')\n"
    "    x = layers.Conv2D(4, 3, activation='relu')(a)\n"
)

CODED = "autoencoder(height, width, channels, code)"
PICTURE = "keras.Input((height, width, channels))"
NARROW = "layers.Dense(code, activation='relu')"
WIDE = "layers.Dense(height * width * channels, activation='sigmoid')"
AXES = "layers.Reshape((height, width, channels))"

UPRIGHT = "upright(channels, height, width)"
PLANES = "keras.Input((channels, height, width))"

ERROR = "def square_error(predicted, targets):\n    return "

GUARD = "def shape_guard(model, x, y):\n"
COMPARED = (
    "    for got, want in ((x.shape, model.input_shape), (y.shape, model.output_shape)):\n"
    "        if len(got) != len(want):\n"
    "            raise ValueError('axes')\n"
    "        if any(w is not None and g != w for g, w in zip(got[1:], want[1:])):\n"
    "            raise ValueError('sizes')\n"
)

BUDGET = "under_budget(budget)"
SMALL = "keras.Input((32, 32, 1))"

NETWORK = (
    "keras.Input(x.shape[1:])",
    "layers.Reshape((*x.shape[1:], 1))",
    "layers.Conv2D(24, 3, activation='relu')",
    "layers.MaxPooling2D()",
    "layers.Conv2D(32, 3, activation='relu')",
)


def guard(condition):
    """Return the source of a guard that raises where the condition holds."""
    return f"{GUARD}    if {condition}:\n        raise ValueError('shape')\n    return True"


def classifier(*stack, epochs=1, end="return model"):
    """Return the source of a classifier of these layers, trained for so many epochs."""
    return (
        "def classifier(x, y):\n"
        f"    model = keras.Sequential([{', '.join(stack)}])\n"
        "    model.compile('adam', 'sparse_categorical_crossentropy')\n"
        f"    model.fit(x, y, epochs={epochs}, verbose=0)\n"
        f"    {end}"
    )


EXERCISES = {
    "suspects": Exercise(
        right=[
            "suspects = ['ValueError', 'runs', 'ValueError', 'runs', 'ValueError', 'runs']",
            "suspects = ('ValueError', 'runs') * 3",
        ],
        wrong=[
            ("suspects = ['runs'] * 6", "no_objection_expected"),
            ("suspects = ['ValueError'] * 6", "objection_expected"),
            ("suspects = ['TypeError', 'runs'] * 3", "wrong_kind_of_error"),
            ("suspects = ['ValueError'] * 3", "form"),
            ("suspects = ['runs', 'ValueError'] * 3", "all_reversed"),
            ("suspects = [False, True, False, True, False, True]", "form"),
        ],
    ),
    "grey_reader": Exercise(
        right=[
            model(GREY, *GREY_START, GREY_CONV, "layers.MaxPooling2D()", *GREY_END),
            model(
                GREY,
                "layers.Reshape((height, width, 1), input_shape=(height, width))",
                GREY_CONV,
                "layers.MaxPool2D(2)",
                *GREY_END,
            ),
            "def grey_reader(height, width):\n"
            "    start = keras.Input((height, width))\n"
            "    x = keras.ops.expand_dims(start, -1)\n"
            "    x = layers.MaxPooling2D()(layers.Conv2D(8, 3, activation='relu')(x))\n"
            "    x = layers.Reshape((-1,))(x)\n"
            "    return keras.Model(start, layers.Softmax()(layers.Dense(4)(x)))",
        ],
        wrong=[
            (
                "def grey_reader(height, width):\n"
                "    return keras.Sequential([keras.Input((height, width)), "
                "layers.Conv1D(8, 3, activation='relu'), layers.MaxPooling1D(2), "
                "layers.Flatten(), layers.Dense(4, activation='softmax')])",
                "rows_as_steps",
            ),
            (
                "def grey_reader(height, width):\n"
                "    return keras.Sequential([keras.Input((height, width)), "
                "layers.Reshape((height, width, 1)), layers.Conv2D(8, 3, "
                "padding='same', activation='relu'), layers.MaxPooling2D(2), "
                "layers.Flatten(), layers.Dense(4, activation='softmax')])",
                "padding_changed",
            ),
            (
                model(GREY, GREY_START[0], GREY_CONV, "layers.MaxPooling2D()", *GREY_END),
                "channel_axis_missing",
            ),
            (
                model(GREY, GREY_START[0], "layers.Dense(1)", GREY_CONV, *GREY_END),
                "dense_adds_axis",
            ),
            (
                "def grey_reader(height, width):\n"
                "    start = keras.Input((height, width))\n"
                "    x = layers.Reshape((height, width, 1))(start)\n"
                "    x = layers.Conv2D(8, 3, activation='relu')(layers.Concatenate()([x, x, x]))\n"
                "    x = layers.Flatten()(layers.MaxPooling2D()(x))\n"
                "    return keras.Model(start, layers.Dense(4, 'softmax')(x))",
                "channels_of_another_picture",
            ),
            (
                model(GREY, GREY_START[0], "layers.Flatten()", GREY_CONV, GREY_END[1]),
                "flattened_before_convolution",
            ),
            (
                model(
                    GREY,
                    "keras.Input((height, width, 1))",
                    GREY_CONV,
                    "layers.MaxPooling2D()",
                    *GREY_END,
                ),
                "channel_axis_added",
            ),
            (
                model(
                    GREY, GREY_START[0], "layers.Reshape((1, height, width))", GREY_CONV, *GREY_END
                ),
                "channels_second",
            ),
            (
                model(
                    GREY,
                    GREY_START[0],
                    "layers.Reshape((-1, height, width, 1))",
                    GREY_CONV,
                    "layers.MaxPooling2D()",
                    *GREY_END,
                ),
                "target_has_batch",
            ),
            (
                model(
                    GREY,
                    GREY_START[0],
                    "layers.Reshape((width, height, 1))",
                    GREY_CONV,
                    "layers.MaxPooling2D()",
                    *GREY_END,
                ),
                "height_width_swapped",
            ),
            (
                model(
                    GREY.replace("height, width", "h, w"),
                    "keras.Input((16, 16))",
                    "layers.Reshape((16, 16, 1))",
                    GREY_CONV,
                    "layers.MaxPooling2D()",
                    *GREY_END,
                ),
                "argument_ignored",
            ),
            (
                model(
                    GREY,
                    *GREY_START,
                    GREY_CONV,
                    "layers.MaxPooling2D()",
                    "layers.Flatten()",
                    "layers.Dense(4, activation='sigmoid')",
                ),
                "activation_changed",
            ),
            (
                model(GREY, *GREY_START, GREY_CONV, "layers.MaxPooling2D()", GREY_END[1]),
                "flatten_missing",
            ),
            (model(GREY, *GREY_START, GREY_CONV, *GREY_END), "sizes_changed"),
            (
                model(
                    GREY,
                    *GREY_START,
                    GREY_CONV,
                    "layers.MaxPooling2D()",
                    "layers.GlobalMaxPooling2D()",
                    GREY_END[1],
                ),
                "values_thrown_away",
            ),
            (
                model(
                    GREY,
                    *GREY_START,
                    "layers.Conv2D(8, 3)",
                    "layers.MaxPooling2D()",
                    *GREY_END,
                ),
                "activation_missing",
            ),
        ],
    ),
    "joined": Exercise(
        right=[
            JOINED + "    row = layers.Concatenate()([layers.Flatten()(x), b])\n"
            "    return keras.Model([a, b], layers.Dense(2)(row))",
            JOINED + "    row = layers.concatenate([layers.Reshape((-1,))(x), b], axis=1)\n"
            "    return keras.Model({'picture': a, 'extras': b}, layers.Dense(2)(row))",
        ],
        wrong=[
            (
                "def joined(height, width, extras):\n"
                "    p = keras.Input((height, width, 1), name='picture')\n"
                "    e = keras.Input((extras,), name='extras')\n"
                "    m = layers.MaxPooling2D()(layers.Conv2D(4, 3, "
                "activation='relu')(p))\n"
                "    x = layers.Concatenate()([layers.Flatten()(m), e])\n"
                "    return keras.Model([p, e], layers.Dense(2)(x))",
                "pooling_added",
            ),
            (
                JOINED + "    row = layers.Concatenate()([x, b])\n"
                "    return keras.Model([a, b], layers.Dense(2)(row))",
                "different_ranks_joined",
            ),
            (
                JOINED + "    row = layers.Concatenate(axis=0)([layers.Flatten()(x), b])\n"
                "    return keras.Model([a, b], layers.Dense(2)(row))",
                "joined_along_batch",
            ),
            (
                JOINED + "    row = layers.Concatenate()([layers.GlobalMaxPooling2D()(x), b])\n"
                "    return keras.Model([a, b], layers.Dense(2)(row))",
                "values_thrown_away",
            ),
            (
                JOINED + "    row = layers.Concatenate()([layers.Flatten()(x), b])\n"
                "    return keras.Model(a, layers.Dense(2)(row))",
                "input_left_out",
            ),
            (
                JOINED + "    row = layers.Concatenate()([b, layers.Flatten()(x)])\n"
                "    return keras.Model([a, b], layers.Dense(2)(row))",
                "joined_in_another_order",
            ),
            (
                JOINED + "    row = layers.Concatenate()([layers.Flatten()(x), b])\n"
                "    return layers.Dense(2)(row)",
                "tensor_for_model",
            ),
            (
                JOINED + "    row = layers.Concatenate()(layers.Flatten()(x), b)\n"
                "    return keras.Model([a, b], layers.Dense(2)(row))",
                "list_forgotten",
            ),
            (
                JOINED + "    row = layers.Concatenate()([layers.Flatten()(x), b])\n"
                "    return keras.Model([a, b], layers.Dense(2, activation='softmax')(row))",
                "activation_added",
            ),
            (
                JOINED.replace(", activation='relu'", "")
                + "    row = layers.Concatenate()([layers.Flatten()(x), b])\n"
                "    return keras.Model([a, b], layers.Dense(2)(row))",
                "activation_missing",
            ),
            (
                JOINED.replace("name='picture'", "name='image'")
                + "    row = layers.Concatenate()([layers.Flatten()(x), b])\n"
                "    return keras.Model([a, b], layers.Dense(2)(row))",
                "inputs_unnamed",
            ),
        ],
    ),
    "autoencoder": Exercise(
        right=[
            model(CODED, PICTURE, "layers.Flatten()", NARROW, WIDE, AXES),
            model(
                CODED,
                "layers.Flatten(input_shape=(height, width, channels))",
                NARROW,
                WIDE,
                AXES,
            ),
            "def autoencoder(height, width, channels, code):\n"
            "    start = keras.Input((height, width, channels))\n"
            "    flat = layers.Flatten()(start)\n"
            f"    x = layers.Dense(flat.shape[-1], 'sigmoid')({NARROW}(flat))\n"
            "    return keras.Model(start, layers.Reshape(start.shape[1:])(x))",
        ],
        wrong=[
            (
                "def autoencoder(height, width, channels, code):\n"
                "    return keras.Sequential([keras.Input((height, width, channels)), "
                "layers.Dense(code, 'relu'), layers.Dense(channels, 'sigmoid')])",
                "dense_on_each_place",
            ),
            (
                "def autoencoder(height, width, channels, code):\n"
                "    n = height*width*channels\n"
                "    return keras.Sequential([keras.Input((height, width, channels)), "
                "layers.Flatten(), layers.Dense(code, activation='relu'), "
                "layers.Dense(np.prod((height, width, channels)), "
                "activation='sigmoid'), layers.Reshape((height, width, channels))])",
                "number_of_another_type",
            ),
            (
                model(CODED, PICTURE, "layers.Flatten()", NARROW, "layers.Dense(196)", AXES),
                "reshape_changes_size",
            ),
            (model(CODED, PICTURE, NARROW, WIDE, AXES), "dense_flattens"),
            (model(CODED, PICTURE, "layers.Flatten()", NARROW, WIDE), "axes_not_restored"),
            (
                model(
                    CODED,
                    PICTURE,
                    "layers.Flatten()",
                    NARROW,
                    WIDE,
                    "layers.Reshape((None, height, width, channels))",
                ),
                "target_has_batch",
            ),
            (
                model(
                    CODED,
                    PICTURE,
                    NARROW,
                    "layers.Dense(channels, activation='sigmoid')",
                ),
                "dense_on_each_place",
            ),
            (
                model(
                    CODED,
                    PICTURE,
                    "layers.Flatten()",
                    NARROW,
                    "layers.Dense(height * width * channels, activation='relu')",
                    AXES,
                ),
                "activation_changed",
            ),
            (
                model(
                    CODED,
                    PICTURE,
                    "layers.Flatten()",
                    NARROW,
                    "layers.Dense(height * width, activation='sigmoid')",
                    "layers.Reshape((height, width, 1))",
                ),
                "output_shape",
            ),
            (
                model(
                    CODED,
                    PICTURE,
                    "layers.Flatten()",
                    NARROW,
                    WIDE,
                    "layers.Reshape((width, height, channels))",
                ),
                "height_width_swapped",
            ),
            (
                model(
                    CODED,
                    PICTURE,
                    "layers.Flatten()",
                    NARROW.replace("relu", "sigmoid"),
                    WIDE.replace("sigmoid", "relu"),
                    AXES,
                ),
                "activation_elsewhere",
            ),
            (
                model(
                    CODED,
                    PICTURE,
                    "layers.Flatten()",
                    "layers.Dense(code)",
                    WIDE,
                    AXES,
                ),
                "activation_missing",
            ),
        ],
    ),
    "upright": Exercise(
        right=[
            model(UPRIGHT, PLANES, "layers.Permute((2, 3, 1))"),
            model(UPRIGHT, "layers.Permute((2, 3, 1), input_shape=(channels, height, width))"),
            "def upright(channels, height, width):\n"
            "    start = keras.Input((channels, height, width))\n"
            "    return keras.Model(start, keras.ops.moveaxis(start, 1, -1))",
            model(UPRIGHT, PLANES, "layers.Permute((2, 1, 3))", "layers.Permute((1, 3, 2))"),
        ],
        wrong=[
            (
                "def upright(channels, height, width):\n"
                "    return keras.Sequential([keras.Input((height, width, channels)), "
                "layers.Permute((2, 3, 1))])",
                "channels_moved_last",
            ),
            (
                "def upright(channels, height, width):\n"
                "    return keras.Sequential([keras.Input((channels, height, width)), "
                "layers.Permute((height, width, channels))])",
                "sizes_for_axes",
            ),
            (
                model(UPRIGHT, PLANES, "layers.Reshape((height, width, channels))"),
                "reshape_for_transpose",
            ),
            (model(UPRIGHT, PLANES, "layers.Permute((3, 2, 1))"), "axes_reversed"),
            (model(UPRIGHT, PLANES, "layers.Permute((3, 1, 2))"), "moved_the_other_way"),
            (model(UPRIGHT, PLANES, "layers.Permute((0, 2, 3, 1))"), "batch_is_permuted"),
            (model(UPRIGHT, PLANES, "layers.Permute((1, 2, 0))"), "axes_counted_from_zero"),
            (
                "def upright(channels, height, width):\n"
                "    start = keras.Input((channels, height, width))\n"
                "    return keras.Model(start, keras.ops.swapaxes(start, 1, -1))",
                "axes_reversed",
            ),
            (
                "def upright(channels, height, width):\n"
                "    start = keras.Input((channels, height, width))\n"
                "    return keras.Model(start, keras.ops.moveaxis(start, 0, -1))",
                "batch_swallowed",
            ),
        ],
    ),
    "quiet_shape": Exercise(
        right=["quiet_shape = (None, 64)", "quiet_shape = [None, 16 * 4]"],
        wrong=[
            ("quiet_shape = (None, 4)", "dense_flattens"),
            ("quiet_shape = (None, 16, 4)", "flatten_does_nothing"),
            ("quiet_shape = (None, 256)", "dense_keeps_features"),
            ("quiet_shape = (64,)", "flatten_swallows_batch"),
            ("quiet_shape = 64", "not_a_tuple"),
        ],
    ),
    "square_error": Exercise(
        right=[
            ERROR + "np.mean((np.ravel(predicted) - np.ravel(targets)) ** 2)",
            ERROR + "np.square(predicted.reshape(-1) - targets.reshape(-1)).mean()",
            ERROR + "float(keras.losses.MeanSquaredError()(np.ravel(targets), predicted.ravel()))",
            ERROR + "sum((float(p) - float(t)) ** 2 for p, t in "
            "zip(np.ravel(predicted), np.ravel(targets))) / len(targets)",
        ],
        wrong=[
            (ERROR + "np.mean((predicted - targets) ** 2)", "each_with_each"),
            (ERROR + "np.mean((predicted.ravel() - targets) ** 2)", "each_with_each"),
            (ERROR + "np.mean(predicted.ravel() - targets.ravel())", "not_squared"),
            (
                ERROR + "np.sum((predicted.ravel() - targets.ravel()) ** 2)",
                "summed_not_averaged",
            ),
            (ERROR + "(predicted.ravel() - targets.ravel()) ** 2", "still_apart"),
            (ERROR + "np.mean((predicted[:, 0] - targets.ravel()) ** 2)", "index_axes"),
            (ERROR + "np.mean(abs(predicted.ravel() - targets.ravel()))", "absolute_for_square"),
            (ERROR + "np.mean(predicted.ravel() - targets.ravel()) ** 2", "mean_before_square"),
            (
                ERROR + "np.mean((predicted.ravel() - targets.ravel()) ** 2) ** 0.5",
                "root_taken",
            ),
        ],
    ),
    "shape_guard": Exercise(
        right=[
            GUARD + COMPARED + "    if len(x) != len(y):\n"
            "        raise ValueError('samples')\n    return True",
            GUARD + "    def fits(shape, wanted):\n"
            "        pairs = zip(shape, wanted)\n"
            "        return len(shape) == len(wanted) and all(w in (None, s) for s, w in pairs)\n"
            "    if not (fits(x.shape, model.input_shape) and fits(y.shape, model.output_shape)\n"
            "            and len(x) == len(y)):\n"
            "        raise ValueError('shapes')\n"
            "    return True",
            "class Misfit(ValueError):\n    pass\n\n"
            + GUARD
            + COMPARED.replace("ValueError", "Misfit")
            + "    if len(x) != len(y):\n        raise Misfit('samples')\n    return True",
        ],
        wrong=[
            (
                "def shape_guard(model, x, y):\n"
                "    for s, w in zip(x.shape[1:], model.input_shape[1:]):\n"
                "        if w is not None and s != w: raise ValueError('x')\n"
                "    return True\n",
                "axes_not_counted",
            ),
            (
                "def shape_guard(model, x, y):\n"
                "    try:\n"
                "        out = model(x)\n"
                "    except Exception: raise ValueError('no')\n"
                "    if out.shape != y.shape: raise ValueError('y')\n"
                "    return True\n",
                "sizes_not_compared",
            ),
            (
                "def shape_guard(model, x, y):\n"
                "    if x[0].size != np.prod([s for s in model.input_shape[1:] if s]): "
                "raise ValueError('x')\n"
                "    if y[0].size != np.prod([s for s in model.output_shape[1:] if "
                "s]): raise ValueError('y')\n"
                "    return True\n",
                "good_case_refused",
            ),
            (GUARD + "    model(x)\n    return True", "keras_will_notice"),
            (
                guard(
                    "np.prod(x.shape[1:]) != np.prod(model.input_shape[1:])"
                    " or np.prod(y.shape[1:]) != np.prod(model.output_shape[1:])"
                ),
                "only_counts_compared",
            ),
            (
                guard("x.shape != model.input_shape or y.shape != model.output_shape"),
                "none_equals_anything",
            ),
            (
                guard(
                    "x.shape[1:] != model.input_shape[1:] or y.shape[1:] != model.output_shape[1:]"
                ),
                "only_batch_open",
            ),
            (GUARD + COMPARED + "    return True", "sample_counts_ignored"),
            (GUARD + "    return len(x) == len(y)", "sizes_not_compared"),
            (GUARD + "    raise ValueError('no')", "refuses_everything"),
            (
                GUARD
                + COMPARED.replace("if len(got) != len(want)", "if False")
                + "    return True",
                "lengths_not_compared",
            ),
            (
                GUARD
                + COMPARED.replace("raise ValueError('axes')", "return False").replace(
                    "raise ValueError('sizes')", "return False"
                )
                + "    return True",
                "refusal_returned",
            ),
            (
                GUARD
                + COMPARED.replace("raise ValueError('axes')", "assert False").replace(
                    "raise ValueError('sizes')", "assert False"
                )
                + "    return True",
                "assertion_for_error",
            ),
            (
                GUARD
                + COMPARED.replace("('axes')", "").replace("('sizes')", "")
                + "    if len(x) != len(y):\n        raise ValueError\n    return True",
                "no_reason_given",
            ),
        ],
    ),
    "under_budget": Exercise(
        right=[
            model(
                BUDGET,
                SMALL,
                "layers.Conv2D((budget - 4) // 14, 3, activation='relu')",
                "layers.GlobalAveragePooling2D()",
                "layers.Dense(4, activation='softmax')",
            ),
            model(
                BUDGET,
                "layers.AveragePooling2D(8, input_shape=(32, 32, 1))",
                "layers.Flatten()",
                "layers.Dense((budget - 4) // 21, activation='relu')",
                "layers.Dense(4)",
            ),
            "def under_budget(budget):\n"
            "    for filters in range(10_000, 0, -1):\n"
            "        if filters * (3 * 3 + 1) + (filters + 1) * 4 <= budget:\n"
            "            break\n"
            "    start = keras.Input((32, 32, 1))\n"
            "    x = layers.GlobalMaxPooling2D()(layers.Conv2D(filters, 3, strides=4)(start))\n"
            "    return keras.Model(start, layers.Dense(4)(x))",
        ],
        wrong=[
            (
                "def under_budget(budget):\n"
                "    n = budget // 100\n"
                "    return keras.Sequential([keras.Input((32, 32, 1)), "
                "layers.Conv2D(n, 3), layers.GlobalAveragePooling2D(), "
                "layers.Dense(4)])",
                "budget_left_over",
            ),
            (
                model(
                    BUDGET,
                    SMALL,
                    "layers.Conv2D((budget - 10) // 20, 3, activation='relu')",
                    "layers.GlobalMaxPooling2D()",
                    "layers.Dense(10)",
                ),
                "output_shape",
            ),
            (
                "def under_budget(budget):\n"
                "    return keras.Sequential([keras.Input((32, 32, 1)), "
                "layers.Conv2D((budget - 4) / 14, 3, activation='relu'), "
                "layers.GlobalAveragePooling2D(), layers.Dense(4, "
                "activation='softmax')])",
                "float_for_size",
            ),
            (
                model(
                    BUDGET,
                    SMALL,
                    "layers.Conv2D(32, 3, activation='relu')",
                    "layers.Flatten()",
                    "layers.Dense(64)",
                    "layers.Dense(4)",
                ),
                "over_budget",
            ),
            (
                model(
                    BUDGET,
                    SMALL,
                    "layers.Conv2D(32, 3, activation='relu')",
                    "layers.GlobalMaxPooling2D()",
                    "layers.Dense(4)",
                ),
                "argument_ignored",
            ),
            (
                model(
                    BUDGET,
                    SMALL,
                    "layers.Conv2D(budget // 14 + 9, 3)",
                    "layers.GlobalMaxPooling2D()",
                    "layers.Dense(4)",
                ),
                "over_budget",
            ),
            (
                model(
                    BUDGET,
                    SMALL,
                    "layers.Conv2D(budget // 14, 3)",
                    "layers.GlobalMaxPooling2D()",
                    "layers.Dense(4)",
                ),
                "fixed_costs_forgotten",
            ),
            (
                model(BUDGET, SMALL, "layers.Conv2D(budget // 14, 3)", "layers.Dense(4)"),
                "flatten_missing",
            ),
            (
                model(
                    BUDGET,
                    "keras.Input((16, 16, 1))",
                    "layers.Conv2D((budget - 4) // 14, 3)",
                    "layers.GlobalMaxPooling2D()",
                    "layers.Dense(4)",
                ),
                "input_changed",
            ),
        ],
    ),
    "classifier": Exercise(
        right=[
            classifier(
                *NETWORK,
                "layers.GlobalMaxPooling2D()",
                "layers.Dense(4, activation='softmax')",
                epochs=20,
            ),
            "def classifier(x, y):\n"
            "    start = keras.Input((*x.shape[1:], 1))\n"
            "    z = layers.Conv2D(32, 3, padding='same', activation='relu')(start)\n"
            "    z = layers.Conv2D(32, 3, strides=2, activation='relu')(z)\n"
            "    model = keras.Model(start, layers.Dense(4)(layers.GlobalMaxPooling2D()(z)))\n"
            "    loss = keras.losses.CategoricalCrossentropy(from_logits=True)\n"
            "    model.compile('adam', loss)\n"
            "    model.fit(x[..., None], keras.utils.to_categorical(y), epochs=20, verbose=0)\n"
            "    return model",
        ],
        wrong=[
            (
                "def classifier(x, y):\n"
                f"    return keras.Sequential([{', '.join(NETWORK)},"
                " layers.GlobalMaxPooling2D(), layers.Dense(4)])",
                "at_chance",
            ),
            (
                classifier(*NETWORK, "layers.GlobalMaxPooling2D()", "layers.Dense(4)"),
                "activation_and_loss",
            ),
            (
                classifier(*NETWORK, "layers.GlobalMaxPooling2D()", "layers.Dense(4, 'relu')"),
                "activation_and_loss",
            ),
            (
                classifier(*NETWORK, "layers.GlobalMaxPooling2D()", "layers.Dense(4, 'softmax')")
                .replace("fit", "evaluate")
                .replace("epochs=1, ", ""),
                "never_trained",
            ),
            (
                classifier(
                    "keras.Input((*x.shape[1:], 1))",
                    *NETWORK[2:],
                    "layers.GlobalMaxPooling2D()",
                    "layers.Dense(4, 'softmax')",
                ).replace("sparse_categorical", "binary"),
                "units_vs_labels",
            ),
            (
                classifier(
                    NETWORK[0], *NETWORK[2:], "layers.Flatten()", "layers.Dense(4, 'softmax')"
                ),
                "channel_axis_missing",
            ),
            (
                classifier(NETWORK[0], "layers.Dense(4, activation='softmax')"),
                "flatten_missing",
            ),
            (
                classifier(NETWORK[0], "layers.Dense(4, activation='softmax')", "layers.Flatten()"),
                "scores_per_class",
            ),
            (
                classifier(
                    NETWORK[0],
                    "layers.Flatten()",
                    "layers.Dense(64, activation='relu')",
                    "layers.Dense(4, activation='softmax')",
                    epochs=30,
                ),
                "accuracy_too_low",
            ),
            (
                classifier(
                    *NETWORK, "layers.GlobalMaxPooling2D()", "layers.Dense(4, 'softmax')"
                ).replace("sparse_categorical", "categorical"),
                "classes_as_numbers",
            ),
            (
                classifier(*NETWORK, "layers.GlobalMaxPooling2D()", "layers.Dense(4)").replace(
                    "sparse_categorical_crossentropy", "mse"
                ),
                "loss_for_quantities",
            ),
            (
                classifier(
                    "keras.Input((16, 16))",
                    "layers.Reshape((16, 16, 1))",
                    *NETWORK[2:],
                    "layers.GlobalMaxPooling2D()",
                    "layers.Dense(4, 'softmax')",
                    epochs=20,
                ),
                "reshape_changes_size",
            ),
            (
                classifier(*NETWORK, "layers.GlobalMaxPooling2D()", "layers.Dense(4)", end="pass"),
                "returned_none",
            ),
        ],
    ),
}
