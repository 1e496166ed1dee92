"""Right answers and known mistakes for every exercise of the lesson on Dense without Flatten."""

from autograder.answers import Exercise

BY_ROWS = "def dense_by_rows(x, W, b):\n    return "
CONVOLUTION = "def as_convolution(W, b):\n    return "
BIG = "def big_kernel(W, b, rows):\n    return "
FULL = "def full_size_convolution(W, shape):\n    return "


def stack(name, parameters, *parts):
    """Return the source of a function that returns a Sequential of these layers."""
    inside = "".join(f"        {part},\n" for part in parts)
    return f"def {name}({parameters}):\n    return keras.Sequential([\n{inside}    ])"


def wish(*parts):
    return stack("all_at_once", "rows, features", *parts)


def mend(*parts):
    return stack("mended", "height, width, classes", *parts)


TABLE = "keras.Input((rows, features))"
IMAGE = "keras.Input((height, width))"
RELU, LAST = "layers.Dense(16, activation='relu')", "layers.Dense(4)"
FLAT, SOFTMAX = "layers.Flatten()", "layers.Dense(classes, activation='softmax')"

EXERCISES = {
    "rows_shape": Exercise(
        right=[
            "rows_shape = (None, 3, 16)",
            "rows_shape = [None, 3, 16]",
            "rows_shape = layers.Dense(16)(keras.Input((3, 2))).shape",
        ],
        wrong=[
            ("rows_shape = (None, 6, 16)", "dense_on_each_number"),
            ("rows_shape = (None, 16)", "dense_flattens"),
            ("rows_shape = (None, 48)", "dense_result_flattened"),
            ("rows_shape = (None, 16, 2)", "dense_on_first_axis"),
            ("rows_shape = (None, 3, 2, 16)", "dense_adds_axis"),
            ("rows_shape = (None, 16, 3)", "dense_units_first"),
            ("rows_shape = (None, 3, 2)", "dense_keeps_features"),
            ("rows_shape = (3, 16)", "batch_left_out"),
            ("rows_shape = (1, 3, 16)", "none_means_one"),
            ("rows_shape = '(None, 3, 16)'", "form"),
        ],
    ),
    "rows_params": Exercise(
        right=["rows_params = 48", "rows_params = 16 * (2 + 1)"],
        wrong=[
            ("rows_params = 2*16+3*16", "bias_per_row"),
            ("rows_params = 16", "units_counted"),
            ("rows_params = 112", "dense_flattens"),
            ("rows_params = 96", "dense_flattens + bias_forgotten"),
            ("rows_params = 144", "kernel_per_position"),
            ("rows_params = 32", "bias_forgotten"),
            ("rows_params = 64", "dense_on_first_axis"),
            ("rows_params = 196", "other_layer"),
            ("rows_params = 33", "one_bias"),
            ("rows_params = (2, 16)", "form"),
        ],
    ),
    "without_flatten": Exercise(
        right=["without_flatten = 116", "without_flatten = 16 * 3 + 4 * 17"],
        wrong=[
            ("without_flatten = 196", "layer_left_out"),
            ("without_flatten = 48+16+68", "activation_counted"),
            ("without_flatten = 244", "nothing_changed"),
            ("without_flatten = 180", "dense_flattens"),
            ("without_flatten = 252", "kernel_per_position"),
            ("without_flatten = 112", "bias_forgotten"),
            ("without_flatten = 96", "bias_forgotten"),
            ("without_flatten = 68", "layer_left_out"),
            ("without_flatten = 48", "layer_left_out"),
            ("without_flatten = 'fewer'", "form"),
            ("without_flatten = 48 + 4 * 16 + 3 * 4", ""),
        ],
    ),
    "who_sees_whom": Exercise(
        right=[
            "who_sees_whom = [False, True, False, False]",
            "who_sees_whom = (False, True, False, False)",
            "who_sees_whom = np.array([False, True, False, False])",
        ],
        wrong=[
            ("who_sees_whom = [True, True, True, False]", "neighbours_hear"),
            ("who_sees_whom = [True, False, True, True]", "all_others_hear"),
            ("who_sees_whom = [True, True, True, True]", "dense_flattens"),
            ("who_sees_whom = [False, False, False, False]", "dense_needs_flat_input"),
            ("who_sees_whom = [False, False, True, False]", "rows_counted_from_end"),
            ("who_sees_whom = [True, False, False, False]", "rows_counted_from_one"),
            ("who_sees_whom = [False, True, True, True]", "rows_hear_earlier_ones"),
            ("who_sees_whom = 1", "form"),
            ("who_sees_whom = [1]", "form"),
            ("who_sees_whom = ['no', 'yes', 'no', 'no']", "form"),
            ("who_sees_whom = [False, True]", "form"),
        ],
    ),
    "dense_by_rows": Exercise(
        right=[
            BY_ROWS + "np.stack([x[:, r] @ W + b for r in range(x.shape[1])], axis=1)",
            BY_ROWS + "x @ W + b",
            BY_ROWS + "np.einsum('nrf,fu->nru', x, W) + b",
            BY_ROWS + "dense_with(W, b)(x)",
            BY_ROWS + "np.array([[row @ W + b for row in sample] for sample in x])",
            "def dense_by_rows(x, W, b):\n"
            "    out = np.empty((*x.shape[:-1], W.shape[1]))\n"
            "    for r in range(x.shape[1]):\n"
            "        out[:, r] = x[:, r] @ W + b\n"
            "    return out",
        ],
        wrong=[
            ("def dense_by_rows(x, W, b):\n    return x * W + b", "product_of_numbers"),
            ("def dense_by_rows(x, W, b):\n    return W @ x + b", "factors_exchanged"),
            ("def dense_by_rows(x, W, b):\n    return x @ W.T + b", "outputs_before_inputs"),
            ("def dense_by_rows(x, W, b):\n    return x @ W + b * x.shape[1]", "wrong_addend"),
            (
                BY_ROWS + "np.concatenate([x[:, r] @ W + b for r in range(x.shape[1])], axis=1)",
                "rows_joined",
            ),
            (BY_ROWS + "sum(x[:, r] @ W for r in range(x.shape[1])) + b", "rows_added"),
            (
                BY_ROWS + "np.stack([x[:, r] @ W + b for r in range(x.shape[1])])",
                "rows_before_samples",
            ),
            (
                BY_ROWS + "np.stack([x[:, r] @ W for r in range(x.shape[1])], axis=1)",
                "bias_forgotten",
            ),
            (BY_ROWS + "x.reshape(len(x), -1) @ W + b", "rows_unrolled"),
            (BY_ROWS + "x.reshape(-1, x.shape[-1]) @ W + b", "rows_piled"),
            (
                "def dense_by_rows(x, W, b):\n"
                "    for r in range(x.shape[1]):\n"
                "        out = x[:, r] @ W + b\n"
                "    return out",
                "last_row_only",
            ),
            (
                BY_ROWS + "np.stack([x[:, r] @ W + b for r in range(3)], axis=1)",
                "part_of_it",
            ),
            (BY_ROWS + "np.stack([x[:, r] @ W + b for r in 3], axis=1)", "number_for_tuple"),
            ("def dense_by_rows(x, W, b):\n    x @ W + b", "returned_none"),
            (BY_ROWS + "np.maximum(0, x @ W + b)", "activation_added"),
        ],
    ),
    "coincidence": Exercise(
        right=["coincidence = [48, 80, 324]", "coincidence = (16 * 3, 5 * 16, 4 * (5 * 16 + 1))"],
        wrong=[
            ("coincidence = [48, 80, 68]", "counted_otherwise"),
            ("coincidence = [80, 80, 324]", "output_counted"),
            ("coincidence = [176, 80, 324]", "dense_flattens"),
            ("coincidence = [48, 48, 196]", "nothing_changed"),
            ("coincidence = [48, 80, 320]", "bias_forgotten"),
            ("coincidence = [240, 80, 324]", "kernel_per_position"),
            ("coincidence = [48, 10, 44]", "dense_keeps_features"),
            ("coincidence = [48, 80]", "form"),
        ],
    ),
    "as_convolution": Exercise(
        right=[
            CONVOLUTION + "W[None], b",
            CONVOLUTION + "[np.expand_dims(W, 0), b]",
            CONVOLUTION + "W.reshape(1, *W.shape), b",
            CONVOLUTION + "np.stack([W]), b",
        ],
        wrong=[
            (CONVOLUTION + "W, b", "kernel_axis_forgotten"),
            (CONVOLUTION + "W[..., None], b", "kernel_axis_last"),
            (CONVOLUTION + "W.T[None], b", "outputs_before_inputs"),
            (CONVOLUTION + "np.stack([W] * 3), b", "kernel_as_long_as_the_rows"),
            (CONVOLUTION + "W[None]", "bias_forgotten"),
            (CONVOLUTION + "W[None], 0 * b", "wrong_addend"),
            (CONVOLUTION + "b, W[None]", "weights_in_other_order"),
            ("def as_convolution(W, b):\n    W[None], b", "returned_none"),
        ],
    ),
    "big_kernel": Exercise(
        right=[
            BIG + "np.kron(np.eye(rows), W), np.tile(b, rows)",
            "def big_kernel(W, b, rows):\n"
            "    f, u = W.shape\n"
            "    big = np.zeros((rows * f, rows * u))\n"
            "    for r in range(rows):\n"
            "        big[r * f : (r + 1) * f, r * u : (r + 1) * u] = W\n"
            "    return big, np.concatenate([b] * rows)",
            "def big_kernel(W, b, rows):\n"
            "    empty = np.zeros_like(W)\n"
            "    lines = [[W if i == j else empty for j in range(rows)] for i in range(rows)]\n"
            "    return [np.block(lines), np.tile(b, rows)]",
        ],
        wrong=[
            (BIG + "np.tile(W, (rows, rows)), np.tile(b, rows)", "rows_connected"),
            (BIG + "np.kron(W, np.eye(rows)), np.tile(b, rows)", "rows_interleaved"),
            (BIG + "np.kron(np.eye(rows), W), np.repeat(b, rows)", "bias_repeated"),
            (BIG + "np.tile(W, (rows, 1)), b", "one_row_of_results"),
            (
                BIG + "np.kron(W, np.eye(rows)), np.repeat(b, rows)",
                "rows_interleaved + bias_repeated",
            ),
            (BIG + "np.kron(np.eye(3), W), np.tile(b, 3)", "argument_unused"),
            (BIG + "np.kron(np.eye(rows), W), b", "bias_not_copied"),
            (BIG + "W, b", "argument_unused"),
            (BIG + "np.kron(np.eye(rows), W)", "bias_forgotten"),
            (BIG + "np.tile(b, rows), np.kron(np.eye(rows), W)", "weights_in_other_order"),
        ],
    ),
    "all_at_once": Exercise(
        right=[
            "def all_at_once(rows, features):\n"
            "    i = keras.Input((rows, features))\n"
            "    x = layers.Dense(16, 'relu')(layers.Flatten()(i))\n"
            "    return keras.Model(i, layers.Dense(4)(x))",
            wish(TABLE, FLAT, RELU, LAST),
            wish("layers.Flatten(input_shape=(rows, features))", RELU, LAST),
            wish("layers.InputLayer(shape=(rows, features))", FLAT, RELU, LAST),
            wish(TABLE, "layers.Reshape((-1,))", "layers.Dense(16)", "layers.ReLU()", LAST),
            wish(
                TABLE,
                "layers.EinsumDense('nrf,rfu->nu', 16, bias_axes='u', activation='relu')",
                LAST,
            ),
            wish(TABLE, "layers.Conv1D(16, rows, activation='relu')", FLAT, LAST),
        ],
        wrong=[
            (wish(TABLE, RELU, LAST), "flatten_missing"),
            (wish(TABLE, RELU, FLAT, LAST), "flatten_too_late"),
            (wish(TABLE, RELU, LAST, FLAT), "flatten_too_late"),
            (wish(TABLE, "layers.GlobalAveragePooling1D()", RELU, LAST), "values_thrown_away"),
            (wish(TABLE, FLAT, "layers.Dense(16)", LAST), "activation_missing"),
            (wish(TABLE, FLAT, RELU, "layers.Dense(4, activation='relu')"), "activation_added"),
            (
                wish(TABLE, FLAT, "layers.Dense(16, activation='tanh')", LAST),
                "activation_changed",
            ),
            (wish(TABLE, FLAT, "layers.Dense(8, activation='relu')", LAST), "sizes_changed"),
            (
                wish(TABLE, "layers.EinsumDense('nrf,rfu->nu', 16, activation='relu')", LAST),
                "bias_forgotten",
            ),
            (
                wish(
                    TABLE,
                    "layers.EinsumDense('nrf,rfu->nru', (rows, 16), bias_axes='ru')",
                    LAST,
                ),
                "rows_kept_apart",
            ),
            (
                wish(TABLE, "layers.EinsumDense('nrf,fu->nu', 16, bias_axes='u')", LAST),
                "rows_share_kernel",
            ),
            (wish(TABLE, "layers.Permute((2, 1))", FLAT, RELU, LAST), "axes_reordered"),
            (wish("keras.Input((rows * features,))", RELU, LAST), "unrolled_shape_declared"),
            (wish("keras.Input((3, 2))", FLAT, RELU, LAST), "argument_ignored"),
            (wish(TABLE, RELU, "layers.GlobalAveragePooling1D()", LAST), "rows_averaged"),
            (
                "def all_at_once(rows, features):\n"
                "    i = keras.Input((rows, features))\n"
                "    return layers.Dense(4)(layers.Dense(16, 'relu')(layers.Flatten()(i)))",
                "tensor_for_model",
            ),
        ],
    ),
    "full_size_convolution": Exercise(
        right=[
            FULL + "W.reshape(*shape, -1)",
            FULL + "W.reshape((*shape, W.shape[1]))",
            FULL + "W.T.reshape(W.shape[1], *shape).transpose(1, 2, 3, 0)",
            FULL + "np.moveaxis(W.T.reshape(-1, *shape), 0, -1)",
        ],
        wrong=[
            (
                "def full_size_convolution(W, shape):\n"
                "    return W.reshape(*shape, -1)[::-1, ::-1]",
                "kernel_turned_round",
            ),
            (
                "def full_size_convolution(W, shape):\n"
                "    h, w, c = shape\n"
                "    return W.reshape(c, h, w, -1).transpose(1, 2, 0, 3)",
                "channels_before_places",
            ),
            (FULL + "W.reshape(*shape, -1, order='F')", "column_major"),
            (FULL + "W.reshape(-1, *shape)", "outputs_before_inputs"),
            (
                "def full_size_convolution(W, shape):\n"
                "    h, w, c = shape\n"
                "    return W.reshape(w, h, c, -1).transpose(1, 0, 2, 3)",
                "column_by_column",
            ),
            (FULL + "W.reshape(*shape, -1).swapaxes(0, 1)", "height_width_swapped"),
            (FULL + "W", "kernel_left_flat"),
            (FULL + "W.T.reshape(*shape, -1)", "reshaped_after_transposing"),
            (FULL + "W.reshape(*shape, -1), np.zeros(W.shape[1])", "weight_shapes"),
            (FULL + "W.reshape(5, 4, 3, 7)", "sizes_do_not_multiply"),
            ("def full_size_convolution(W, shape):\n    W.reshape(*shape, -1)", "returned_none"),
        ],
    ),
    "vector_and_column": Exercise(
        right=[
            "vector_and_column = [78500, 200, 78400]",
            "vector_and_column = (100 * (784 + 1), 100 * (1 + 1), 784 * 100)",
        ],
        wrong=[
            ("vector_and_column = [200, 78500, 78400]", "numbers_swapped"),
            ("vector_and_column = [78500, 78500, 100]", "dense_flattens"),
            ("vector_and_column = [78400, 100, 78400]", "bias_forgotten"),
            ("vector_and_column = [78500, 156800, 78400]", "kernel_per_position"),
            ("vector_and_column = [78500, 200, 784]", "dense_keeps_features"),
            ("vector_and_column = [78500, 78500, 78400]", "dense_flattens"),
            ("vector_and_column = [78500, 200]", "form"),
        ],
    ),
    "mended": Exercise(
        right=[
            "def mended(height, width, classes):\n"
            "    i = keras.Input((height, width))\n"
            "    x = layers.Flatten()(i)\n"
            "    return keras.Model(i, layers.Dense(classes, 'softmax')(x))",
            mend(IMAGE, FLAT, SOFTMAX),
            mend("layers.Flatten(input_shape=(height, width))", SOFTMAX),
            mend(IMAGE, "layers.Reshape((height * width,))", SOFTMAX),
            mend(IMAGE, FLAT, "layers.Dense(classes)", "layers.Softmax()"),
            mend(FLAT, SOFTMAX),
        ],
        wrong=[
            (mend(IMAGE, SOFTMAX), "flatten_missing"),
            (mend(IMAGE, SOFTMAX, FLAT), "flatten_too_late"),
            (mend(IMAGE, "layers.GlobalAveragePooling1D()", SOFTMAX), "values_thrown_away"),
            (mend(IMAGE, SOFTMAX, "layers.GlobalAveragePooling1D()"), "rows_averaged"),
            (mend(IMAGE, FLAT, "layers.Dense(classes)"), "activation_missing"),
            (
                mend(IMAGE, FLAT, "layers.Dense(classes, activation='sigmoid')"),
                "activation_changed",
            ),
            (mend("keras.Input((height * width,))", SOFTMAX), "unrolled_shape_declared"),
            (mend("keras.Input((28, 28))", FLAT, SOFTMAX), "argument_unused"),
            (mend(IMAGE, SOFTMAX, FLAT, SOFTMAX), "flatten_too_late"),
            (
                mend(IMAGE, FLAT, "layers.Dense(classes)", "layers.Softmax(axis=0)"),
                "softmax_over_samples",
            ),
            (
                mend(IMAGE, SOFTMAX, FLAT, "layers.Lambda(lambda x: x[:, :classes])"),
                "sizes_changed",
            ),
            (mend(IMAGE, FLAT, "layers.Dense(10, activation='softmax')"), "argument_unused"),
        ],
    ),
    "what_trains": Exercise(
        right=[
            'what_trains = ["trains", "ValueError", "trains", "trains"]',
            "what_trains = ('trains', 'ValueError', 'trains', 'trains')",
            "what_trains = ['Trains', 'valueerror ', ' trains', 'TRAINS']",
        ],
        wrong=[
            ('what_trains = ["ValueError"] * 4', "loss_compares_shapes"),
            ('what_trains = ["trains"] * 4', "everything_broadcasts"),
            ('what_trains = ["InvalidArgumentError"] * 4', "backend_compares_shapes"),
            ('what_trains = ["nan"] * 4', "loss_becomes_nan"),
            (
                'what_trains = ["trains", "InvalidArgumentError", "trains", "trains"]',
                "clash_of_another_name",
            ),
            ('what_trains = ["trains", "ValueError"]', "form"),
            (
                'what_trains = ["trains", "ValueError", "trains", "ValueError"]',
                "as_many_axes_wanted",
            ),
            (
                'what_trains = ["trains", "trains", "trains", "ValueError"]',
                "axes_alone_compared",
            ),
            (
                'what_trains = ["ValueError", "ValueError", "trains", "ValueError"]',
                "only_last_axis_dropped",
            ),
            (
                'what_trains = ["ValueError", "ValueError", "ValueError", "trains"]',
                "ones_have_to_agree",
            ),
            ("what_trains = [True, False, True, True]", "form"),
        ],
    ),
}
