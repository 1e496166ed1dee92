"""Right answers and known mistakes for every exercise of the lesson on how Flatten works."""

from autograder.answers import Exercise


def last(result):
    """Return an answer to the exercise on moving channels to the end."""
    return f"def to_channels_last(x):\n    return {result}"


def own(result, base="layers.Layer"):
    """Return a layer of the learner's own whose call returns this."""
    return (
        "def my_flatten():\n"
        f"    class MyFlatten({base}):\n"
        "        def call(self, x):\n"
        f"            return {result}\n"
        "    return MyFlatten()"
    )


def any_size(neck, shape="(None, None, 3)", classes="classes"):
    """Return a Functional model with this neck."""
    return (
        "def any_size_model(classes):\n"
        f"    i = keras.Input({shape})\n"
        "    x = layers.Conv2D(16, 3)(i)\n"
        f"    return keras.Model(i, layers.Dense({classes})({neck}))"
    )


def pooling(result):
    """Return an answer to the exercise on the matrix of average pooling."""
    return f"def pooling_matrix(shape):\n    H, W, C = shape\n    return {result}"


def counts(result):
    """Return an answer to the exercise on two heads."""
    return f"def head_counts(side):\n    return {result}"


def moved(result):
    """Return an answer to the exercise on moving a trained head."""
    return f"def moved_head(W, shape):\n    c, h, w = shape\n    return {result}"


EXERCISES = {
    "conv_flat_shape": Exercise(
        right=["conv_flat_shape = (None, 1680)", "conv_flat_shape = [None, 14 * 10 * 12]"],
        wrong=[
            ("conv_flat_shape = (31, 1680)", "batch_fixed"),
            ("conv_flat_shape = (None, 13 * 10 * 12)", "places_rounded_down"),
            ("conv_flat_shape = (None, 15 * 12 * 12)", "size_divided_by_stride"),
            ("conv_flat_shape = (None, 11 * 8 * 12)", "window_after_stride"),
            ("conv_flat_shape = (None, 6480)", "stride_forgotten"),
            ("conv_flat_shape = (None, 2304)", "same_padding"),
            ("conv_flat_shape = (None, 420)", "channels_kept"),
            ("conv_flat_shape = (None, 140)", "flatten_forgets_channels"),
            ("conv_flat_shape = (None, 14, 10, 12)", "flatten_does_nothing"),
            ("conv_flat_shape = (None, 140, 12)", "flatten_keeps_channels"),
            ("conv_flat_shape = (None, 12, 14 * 10)", "flatten_by_channels"),
            ("conv_flat_shape = (1680,)", "flatten_swallows_batch"),
            ("conv_flat_shape = (32, 1680)", "batch_fixed"),
            ("conv_flat_shape = 1680", "not_a_tuple"),
        ],
    ),
    "lost_pixel": Exercise(
        right=[
            "lost_pixel = (2, 5, 2)",
            "lost_pixel = [2, 5, 2]",
            "lost_pixel = np.unravel_index(59, (5, 7, 3))",
        ],
        wrong=[
            ("lost_pixel = (2, 6, 1)", "other_place"),
            ("lost_pixel = (8, 1, 0)", "other_place"),
            ("lost_pixel = (1, 3, 3)", "channel_planes_first"),
            ("lost_pixel = (2, 6, 0)", "index_passed"),
            ("lost_pixel = (2, 5, 1)", "index_from_one"),
            ("lost_pixel = (5, 2, 2)", "height_width_swapped"),
            ("lost_pixel = (2, 2, 5)", "channels_moved_first"),
            ("lost_pixel = (3, 3, 1)", "channel_planes_first"),
            ("lost_pixel = (4, 3, 2)", "column_by_column"),
            ("lost_pixel = (8, 3, 0)", "channels_take_no_place"),
            ("lost_pixel = (3, 4, 2)", "height_for_width"),
            ("lost_pixel = (3, 6, 3)", "counted_from_one"),
            ("lost_pixel = (2, 5, 3)", "channel_from_one"),
            ("lost_pixel = (2, 17, 0)", "pixel_without_channels"),
            ("lost_pixel = (*divmod(59, 21), 59 % 3)", "rest_not_divided"),
            ("lost_pixel = [59 // 21, 19, 2]", "rows_not_taken_away"),
            ("lost_pixel = (2, 5)", "form"),
            ("lost_pixel = 59", "form"),
        ],
    ),
    "to_channels_last": Exercise(
        right=[
            last("layers.Permute((2, 3, 1))(x)"),
            last("x.transpose(0, 2, 3, 1)"),
            last("np.moveaxis(x, 1, -1)"),
            last("keras.ops.transpose(x, (0, 2, 3, 1))"),
            last("np.stack([x[:, c] for c in range(x.shape[1])], axis=-1)"),
            last("layers.Permute((1, 3, 2))(layers.Permute((2, 1, 3))(x))"),
        ],
        wrong=[
            (last("layers.Reshape((*x.shape[2:], x.shape[1]))(x)"), "reshape_for_transpose"),
            (last("layers.Permute((3, 2, 1))(x)"), "axes_reversed"),
            (last("layers.Permute((3, 1, 2))(x)"), "moved_the_other_way"),
            (last("layers.Permute((2, 1, 3))(x)"), "channels_moved_one_axis"),
            (last("layers.Permute((0, 2, 3, 1))(x)"), "batch_is_permuted"),
            (last("x.transpose(2, 3, 1)"), "transpose_lacks_an_axis"),
            (last("x.permute((0, 2, 3, 1))"), "method_of_another_library"),
            (last("None"), "returned_none"),
            (last("layers.Permute((2, 3, 1))"), "layer_not_called"),
            (last("np.stack([x[:, 0], x[:, 1], x[:, 2]], axis=-1)"), "fits_one_case"),
        ],
    ),
    "five_sheets": Exercise(
        right=["five_sheets = (15, 16)", "five_sheets = [15, 16]"],
        wrong=[
            ("five_sheets = (14, 16)", "numbers_lost"),
            ("five_sheets = (80, 3)", "unlike_promise"),
            ("five_sheets = (40, 6)", "unlike_promise"),
            ("five_sheets = (240,)", "flatten_swallows_batch"),
            ("five_sheets = (3, 16)", "one_sample_counted"),
            ("five_sheets = (-1, 16)", "minus_one_stays"),
            ("five_sheets = (16, 15)", "result_turned_round"),
            ("five_sheets = (5, 48)", "samples_unrolled"),
            ("five_sheets = (40, 16)", "rows_stay_rows"),
            ("five_sheets = (5, 16)", "minus_one_is_batch"),
            ("five_sheets = (5, 3, 16)", "batch_protected"),
            ("five_sheets = 'ValueError'", "mixing_noticed"),
            ("five_sheets = (None, 16)", "none_survives"),
            ("five_sheets = 15", "form"),
        ],
    ),
    "my_flatten": Exercise(
        right=[
            own("keras.ops.reshape(x, (-1, math.prod(x.shape[1:])))"),
            own("keras.ops.reshape(x, (keras.ops.shape(x)[0], math.prod(x.shape[1:])))"),
            own("keras.ops.reshape(x, (-1, int(np.prod(x.shape[1:]))))"),
            "class Mine(keras.Layer):\n"
            "    def call(self, inputs):\n"
            "        width = 1\n"
            "        for size in inputs.shape[1:]:\n"
            "            width *= size\n"
            "        return keras.ops.reshape(inputs, [-1, width])\n"
            "def my_flatten():\n"
            "    return Mine()",
        ],
        wrong=[
            (
                "class Mine(layers.Layer):\n"
                "    def call(self, x):\n"
                "        return keras.ops.reshape(x, (-1, -1))\n"
                "\n"
                "def my_flatten():\n"
                "    return Mine()",
                "two_sizes_open",
            ),
            (
                "class Mine(layers.Layer):\n"
                "    def call(self, x):\n"
                "        return keras.ops.reshape(x, (-1, x.shape[1] * x.shape[2] * "
                "x.shape[3]))\n"
                "\n"
                "def my_flatten():\n"
                "    return Mine()",
                "index_beyond_the_end",
            ),
            (
                "class Mine(layers.Layer):\n"
                "    def call(self, x):\n"
                "        return x.reshape(-1, math.prod(x.shape[1:]))\n"
                "\n"
                "def my_flatten():\n"
                "    return Mine()",
                "method_of_an_array",
            ),
            (own("keras.ops.reshape(x, (keras.ops.shape(x)[0], -1))"), "width_left_open"),
            (own("keras.ops.reshape(x, (x.shape[0], -1))"), "none_in_a_shape"),
            (own("layers.Flatten()(x)"), "borrowed_layer"),
            ("def my_flatten():\n    return layers.Reshape((-1,))", "borrowed_layer"),
            (
                "def my_flatten():\n"
                "    return layers.Lambda(lambda x: keras.ops.reshape(x, (-1, 6)))",
                "borrowed_layer",
            ),
            (
                "def my_flatten():\n"
                "    class MyFlatten(layers.Layer):\n"
                "        def call(x):\n"
                "            return keras.ops.reshape(x, (-1, math.prod(x.shape[1:])))\n"
                "    return MyFlatten()",
                "self_forgotten",
            ),
            (
                own("keras.ops.reshape(x, (-1, math.prod(x.shape[1:])))").replace(
                    "return MyFlatten()", "return MyFlatten"
                ),
                "class_for_layer",
            ),
            (own("keras.ops.ravel(x)"), "flatten_swallows_batch"),
            (own("np.reshape(x, (len(x), -1))"), "numpy_on_symbolic"),
            (own("keras.ops.reshape(x, (1, -1))"), "one_sample_of_all"),
            (own("keras.ops.reshape(x, (-1, x.shape[-1]))"), "rows_into_batch"),
            (
                own("keras.ops.reshape(keras.ops.transpose(x), (-1, math.prod(x.shape[1:])))"),
                "turned_before_unrolling",
            ),
            (own("keras.ops.reshape(x, (-1, x.shape[1] * x.shape[2]))"), "axes_not_kept"),
            (
                own(
                    "keras.ops.reshape(keras.ops.moveaxis(x, -1, 1), (-1, math.prod(x.shape[1:])))"
                ),
                "channels_before_places",
            ),
            ("def my_flatten():\n    return keras.ops.reshape", "no_layer"),
            (
                "def my_flatten():\n"
                "    class MyFlatten(layers.Layer):\n"
                "        def forward(self, x):\n"
                "            return x\n"
                "    return MyFlatten()",
                "call_missing",
            ),
            (
                "def my_flatten():\n"
                "    class MyFlatten(layers.Layer):\n"
                "        def call(self, x):\n"
                "            keras.ops.reshape(x, (-1, math.prod(x.shape[1:])))\n"
                "    return MyFlatten()",
                "returned_none",
            ),
        ],
    ),
    "any_size_model": Exercise(
        right=[
            any_size("layers.GlobalAveragePooling2D()(x)"),
            any_size("layers.GlobalMaxPooling2D()(x)"),
            "def any_size_model(classes):\n"
            "    return keras.Sequential([keras.Input((None, None, 3)), layers.Conv2D(16, 3),\n"
            "        layers.GlobalAveragePooling2D(), layers.Dense(classes)])",
            "def any_size_model(classes):\n"
            "    return keras.Sequential([\n"
            "        layers.Conv2D(16, 3, activation='relu', input_shape=(None, None, 3)),\n"
            "        layers.GlobalMaxPooling2D(), layers.Dense(classes, activation='softmax')])",
            any_size("keras.ops.mean(x, axis=(1, 2))"),
        ],
        wrong=[
            (
                "def any_size_model(classes):\n"
                "    return keras.Sequential([keras.Input((None, None, 3)), "
                "layers.Conv2D(3, 16), layers.GlobalAveragePooling2D(), "
                "layers.Dense(classes)])",
                "filters_for_window",
            ),
            (
                "def any_size_model(classes):\n"
                "    return keras.Sequential([keras.Input((3, None, None)), "
                "layers.Conv2D(16, 3), layers.GlobalAveragePooling2D(), "
                "layers.Dense(classes)])",
                "channels_moved_first",
            ),
            (
                "def any_size_model(classes):\n"
                "    return keras.Sequential([keras.Input((None, None, 3)), "
                "layers.Conv2D(16, 3), layers.GlobalAveragePooling2D(), "
                "layers.Dense(16), layers.Dense(classes)])",
                "weights_added",
            ),
            (
                "def any_size_model(classes):\n"
                "    return keras.Sequential([keras.Input((None, None, 3)), "
                "layers.Conv2D(16, 3), layers.GlobalAveragePooling1D(), "
                "layers.Dense(classes)])",
                "conv_dims",
            ),
            (any_size("layers.Flatten()(x)"), "unknown_width"),
            (any_size("layers.GlobalAveragePooling2D()(x)", "(40, 33, 3)"), "open_size_fixed"),
            (
                any_size("layers.GlobalAveragePooling2D()(x)", "(None, None, None)"),
                "channels_unknown",
            ),
            (any_size("x"), "flatten_missing"),
            (any_size("layers.GlobalMaxPooling2D(keepdims=True)(x)"), "axes_of_one_kept"),
            (any_size("layers.GlobalMaxPooling2D()(x)", "(3,)"), "open_axes_left_out"),
            (
                "def any_size_model(classes):\n"
                "    return keras.Sequential([layers.Conv2D(16, 3), layers.Flatten(),\n"
                "                             layers.Dense(classes)])",
                "width_changed",
            ),
            (any_size("layers.GlobalAveragePooling2D()(x)", classes="10"), "argument_ignored"),
            (any_size("layers.GlobalAveragePooling2D()(x)", classes="4"), "argument_ignored"),
            (
                any_size("layers.GlobalAveragePooling2D()(x)", "(None, None, None, 3)"),
                "batch_written_by_hand",
            ),
            (
                "def any_size_model(classes):\n"
                "    i = keras.Input((None, None, 3))\n"
                "    x = layers.GlobalAveragePooling2D()(i)\n"
                "    return keras.Model(i, layers.Dense(classes)(x))",
                "sizes_changed",
            ),
            ("def any_size_model(classes):\n    return layers.Dense(classes)", "no_model"),
        ],
    ),
    "may_cross": Exercise(
        right=["may_cross = [True, True, False, True]", "may_cross = (True, True, False, True)"],
        wrong=[
            ("may_cross = [True, True, False, False]", "zero_needs_others"),
            ("may_cross = [False, True, False, False]", "activations_compare"),
            ("may_cross = [True, True, True, False]", "relu_leaves_out"),
            ("may_cross = [True, False, False, True]", "offset_added_once"),
            ("may_cross = [False, False, True, False]", "all_reversed"),
            ("may_cross = [False, True, False, True]", "range_needs_others"),
            ("may_cross = [True, True, True, True]", "numbers_treated_alone"),
            ("may_cross = [False, False, False, False]", "order_always_matters"),
            ("may_cross = [True, False, True, True]", "scaling_depends_on_shape"),
            ("may_cross = [False, True, True, True]", "alone_or_not"),
            ("may_cross = [False, False, True, True]", "alone_or_not"),
            ("may_cross = ['yes', 'yes', 'no', 'yes']", "form"),
        ],
    ),
    "norm_counts": Exercise(
        right=["norm_counts = [32, 800]", "norm_counts = (4 * 8, 4 * 5 * 5 * 8)"],
        wrong=[
            ("norm_counts = [32, 640]", "counted_otherwise"),
            ("norm_counts = [32, 1600]", "counted_otherwise"),
            ("norm_counts = [33, 801]", "counter_added"),
            ("norm_counts = [17, 401]", "normalisations_alike"),
            ("norm_counts = [8, 200]", "one_number_an_entry"),
            ("norm_counts = [24, 600]", "one_number_left_out"),
            ("norm_counts = [0, 0]", "normalisation_has_none"),
            ("norm_counts = [5 * 4, 800]", "normalised_by_rows"),
            ("norm_counts = [25 * 4, 800]", "statistics_of_places"),
            ("norm_counts = [32, 32]", "flatten_keeps_channels"),
            ("norm_counts = [16, 400]", "moving_statistics_forgotten"),
            ("norm_counts = [4, 4]", "one_set_of_statistics"),
            ("norm_counts = [800, 800]", "statistics_per_position"),
            ("norm_counts = [32, 100]", "flatten_forgets_channels"),
            ("norm_counts = 32", "form"),
        ],
    ),
    "pooling_matrix": Exercise(
        right=[
            pooling("np.tile(np.eye(C), (H * W, 1)) / (H * W)"),
            pooling("np.array([[(r % C == c) / (H * W) for c in range(C)] for r in range(H*W*C)])"),
            pooling("np.kron(np.ones((H * W, 1)), np.eye(C)) / (H * W)"),
        ],
        wrong=[
            (
                "def pooling_matrix(shape):\n"
                "    places = shape[0] * shape[1]\n"
                "    return np.tile(np.eye(shape[2]), (places, 1)) // places",
                "all_zero",
            ),
            (pooling("np.kron(np.eye(C), np.ones((H * W, 1))) / (H * W)"), "channels_grouped"),
            (pooling("np.tile(np.eye(C), (H * W, 1))"), "sum_for_average"),
            (pooling("np.ones((H * W * C, C)) / (H * W * C)"), "channels_mixed"),
            (pooling("np.tile(np.eye(C), (H * W, 1)) / (H * W * C)"), "divided_by_everything"),
            (pooling("np.tile(np.eye(C), (H * W, 1)).T / (H * W)"), "rows_and_columns_swapped"),
            (pooling("np.tile(np.eye(3), (20, 1)) / 20"), "argument_ignored"),
            (pooling("'M'"), "form"),
        ],
    ),
    "head_counts": Exercise(
        right=[
            counts("((side - 4) ** 2 * 24 * 12 + 12, 24 * 12 + 12)"),
            counts("[((side - 4) * (side - 4) * 24 + 1) * 12, 300]"),
            "def head_counts(side):\n"
            "    maps = layers.Conv2D(24, 5)(keras.Input((side, side, 3)))\n"
            "    a, b = layers.Dense(12), layers.Dense(12)\n"
            "    a(layers.Flatten()(maps)), b(layers.GlobalAveragePooling2D()(maps))\n"
            "    return a.count_params(), b.count_params()",
        ],
        wrong=[
            (
                "def head_counts(side):\n    return (side - 4) ** 2 * 24 * 12 + 24, 24 * 12 + 24",
                "counted_otherwise",
            ),
            (
                "def head_counts(side):\n    return (side - 4) ** 2 * 5 * 12 + 12, 5 * 12 + 12",
                "window_for_channels",
            ),
            (
                "def head_counts(side):\n"
                "    s = side - 4\n"
                "    k = 5*5*3*24+24\n"
                "    return s*s*24*12+12+k, 24*12+12+k",
                "whole_model",
            ),
            (
                "def head_counts(side):\n    s = side - 4\n    return s*s*24*12+12, 12+12",
                "global_pooling_of_everything",
            ),
            (counts("(side**2 * 24 * 12 + 12, 300)"), "same_padding"),
            (
                counts("((side - 4) ** 2 * 24 * 12 + 12, (side - 4) ** 2 * 12 + 12)"),
                "global_pooling_over_channels",
            ),
            (counts("((side - 4) ** 2 * 24 * 12, 24 * 12)"), "bias_forgotten"),
            (counts("((side - 4) ** 2 * 3 * 12 + 12, 3 * 12 + 12)"), "channels_kept"),
            (
                counts("(((side - 4) ** 2 * 24 * 12 + 12,) * 2)"),
                "global_pooling_as_flatten",
            ),
            (counts("(300, 300)"), "flatten_as_global_pooling"),
            (counts("((side - 5) ** 2 * 24 * 12 + 12, 300)"), "window_off_by_one"),
            (counts("((side - 4) * 24 * 12 + 12, 300)"), "axis_left_out_of_product"),
            (counts("((side - 4) ** 2 * 24 * 13, 24 * 13)"), "bias_as_a_unit"),
            (counts("((side - 4) ** 2 * 24, 24)"), "inputs_counted"),
            (counts("(side - 4) ** 2 * 24 * 12 + 12"), "form"),
            (counts("(300, (side - 4) ** 2 * 24 * 12 + 12)"), "numbers_swapped"),
        ],
    ),
    "moved_head": Exercise(
        right=[
            moved("W.reshape(*shape, -1).transpose(1, 2, 0, 3).reshape(W.shape)"),
            moved("np.moveaxis(W.reshape(c, h, w, -1), 0, 2).reshape(c * h * w, -1)"),
            moved("W[np.moveaxis(np.arange(c * h * w).reshape(c, h, w), 0, -1).ravel()]"),
        ],
        wrong=[
            (
                "def moved_head(W, shape):\n"
                "    return W.reshape(shape).transpose(1, 2, 0).reshape(W.shape)",
                "units_not_counted",
            ),
            (
                "def moved_head(W, shape):\n"
                "    h, w, c = shape\n"
                "    return W.reshape(c, h, w, -1).transpose(1, 2, 0, "
                "3).reshape(W.shape)",
                "shape_read_as_channels_last",
            ),
            (
                "def moved_head(W, shape):\n"
                "    order = np.arange(len(W)).reshape(shape).transpose(1, 2, "
                "0).ravel()\n"
                "    return W[:, order]",
                "columns_shuffled",
            ),
            (
                "def moved_head(W, shape):\n"
                "    c, h, w = shape\n"
                "    return W.reshape(c, h, w, -1).transpose(2, 0, 1, "
                "3).reshape(W.shape)",
                "axes_moved_elsewhere",
            ),
            (
                "def moved_head(W, shape):\n"
                "    c, h, w = shape\n"
                "    return W.reshape(-1, c, h, w).transpose(0, 2, 3, "
                "1).reshape(W.shape)",
                "outputs_before_inputs",
            ),
            (moved("W"), "order_ignored"),
            (
                moved("W.reshape(*shape, -1).transpose(2, 1, 0, 3).reshape(W.shape)"),
                "axes_reversed",
            ),
            (
                moved("W.reshape(h, w, c, -1).transpose(2, 0, 1, 3).reshape(W.shape)"),
                "moved_the_other_way",
            ),
            (moved("W.reshape(*shape, -1).transpose(1, 2, 0, 3)"), "weight_shapes"),
            (moved("np.moveaxis(W, 0, -1)"), "weight_shapes"),
            (
                moved("np.moveaxis(W.reshape(*shape, -1), 0, -1).reshape(W.shape)"),
                "moved_past_the_units",
            ),
            (moved("layers.Permute((2, 3, 1))(W)"), "permute_counts_axes"),
        ],
    ),
}
