"""Right answers and known mistakes for every exercise of the lesson on the shape of an input.

A wrong answer stands with the codes that its verdict must name.
"""

from autograder.answers import Exercise

EXERCISES = {
    "row_model": Exercise(
        right=[
            "def row_model(features):\n"
            "    row = keras.Input(shape=(features,))\n"
            "    return keras.Model(row, layers.Dense(1)(row))",
            "def row_model(features):\n"
            "    return keras.Sequential([keras.Input([features]), layers.Dense(1)])",
            "def row_model(features):\n"
            "    return keras.Sequential([layers.Dense(1, input_shape=(features,))])",
            "def row_model(features):\n"
            "    row = keras.Input(batch_shape=(None, features))\n"
            "    return keras.Model(row, layers.Dense(1)(row))",
        ],
        wrong=[
            (
                "def row_model(features):\n"
                "    return keras.Sequential([keras.Input((features,), dtype='int32'),\n"
                "        layers.Dense(1)])",
                "whole_numbers_declared",
            ),
            (
                "def row_model(features):\n"
                "    return keras.Sequential([layers.Dense(features), layers.Dense(1)])",
                "units_for_inputs",
            ),
            (
                "def row_model(features):\n"
                "    return keras.Sequential([keras.Input(shape=(1, features)), "
                "layers.Dense(1)])",
                "sample_as_batch_of_one",
            ),
            (
                "def row_model(features):\n"
                "    return keras.Sequential([keras.Input((features)), layers.Dense(1)])",
                "shape_not_a_tuple",
            ),
            (
                "def row_model(features):\n"
                "    return keras.Sequential([keras.Input((None, features)), layers.Dense(1)])",
                "batch_written_by_hand",
            ),
            (
                "def row_model(features):\n"
                "    return keras.Sequential([keras.Input((features, 1)), layers.Dense(1)])",
                "vector_as_column",
            ),
            (
                "def row_model(features):\n"
                "    return keras.Sequential([keras.Input((features,)), layers.Dense(features)])",
                "output_shape",
            ),
            (
                "def row_model(features):\n"
                "    row = keras.Input((features,))\n"
                "    return keras.Model(row, layers.Dense(1, use_bias=False)(row))",
                "bias_forgotten",
            ),
            (
                "def row_model(features):\n"
                "    row = keras.Input((features,))\n"
                "    return layers.Dense(1)(row)",
                "tensor_for_model",
            ),
            (
                "def row_model(features):\n    return keras.Sequential([layers.Dense(1)])",
                "not_built",
            ),
            (
                "def row_model(features):\n"
                "    return keras.Sequential([keras.Input((7,)), layers.Dense(1)])",
                "argument_ignored",
            ),
        ],
    ),
    "first_prediction": Exercise(
        right=[
            "def first_prediction(model, x):\n    return model.predict(x[:1], verbose=0)",
            "def first_prediction(model, x):\n    return model(np.expand_dims(x[0], 0))",
            "def first_prediction(model, x):\n    return model.predict(x[0][None], verbose=0)",
            "def first_prediction(model, x):\n    return model.predict(x, verbose=0)[:1]",
        ],
        wrong=[
            ("def first_prediction(model, x):\n    return np.argmax(model(x[:1]))", "one_number"),
            (
                "def first_prediction(model, x):\n    return model.predict(x[0], verbose=0)",
                "batch_axis_missing",
            ),
            ("def first_prediction(model, x):\n    return model(x[None])", "batch_axis_twice"),
            (
                "def first_prediction(model, x):\n    return model(x[0].reshape(1, -1))",
                "flattened_by_hand",
            ),
            ("def first_prediction(model, x):\n    return model(x[:, 0])", "row_of_every_sample"),
            ("def first_prediction(model, x):\n    return model(x)", "all_for_the_first"),
            ("def first_prediction(model, x):\n    return model(x[1:2])", "counted_from_one"),
            ("def first_prediction(model, x):\n    return model(x)[0]", "batch_axis_dropped"),
            (
                "def first_prediction(model, x):\n    return model(x[0][..., None])",
                "axis_not_in_front",
            ),
            (
                "def first_prediction(model, x):\n"
                "    units = model.output_shape[1]\n"
                "    return keras.Sequential([layers.Flatten(), layers.Dense(units)])(x[:1])",
                "made_anew",
            ),
            ("def first_prediction(model, x):\n    return model(x[1:])", "first_left_out"),
            ("def first_prediction(model, x):\n    return model(x[0:0])", "slice_end_included"),
            ("def first_prediction(model, x):\n    return x[:1]", "given_back"),
            (
                "def first_prediction(model, x):\n    return table_model(x[:1])",
                "argument_unused",
            ),
        ],
    ),
    "what_comes_out": Exercise(
        right=[
            "what_comes_out = [(1, 5), 'ValueError', (24, 5)]",
            "what_comes_out = [[1, 5], 'ValueError', [24, 5]]",
        ],
        wrong=[
            ("what_comes_out = [(1, 5), 'ValueError', 'ValueError']", "contract_enforced"),
            ("what_comes_out = [(1, 5), (1, 5), (1, 5)]", "array_gets_batch_of_one"),
            ("what_comes_out = [(1, 5), (5,), (5,)]", "batch_axis_optional"),
            ("what_comes_out = [(None, 5), 'ValueError', (None, 5)]", "none_survives"),
            ("what_comes_out = [(1, 24, 24, 5), 'ValueError', (24, 24, 5)]", "result_per_position"),
            ("what_comes_out = [(1, 5), (24, 5), (24, 5)]", "rows_for_samples"),
            ("what_comes_out = [(1, 5), 'TypeError', (24, 5)]", "other_exception"),
            ("what_comes_out = [(1, 4), 'ValueError', (24, 4)]", "last_layer_forgotten"),
            ("what_comes_out = [(5,), 'ValueError', (24, 5)]", "batch_axis_dropped"),
            ("what_comes_out = [5, 'ValueError', 5]", "form"),
            ("what_comes_out = [(1, 5), ValueError, (24, 5)]", "form"),
            ("what_comes_out = [(1, 5), 'error', (24, 5)]", "form"),
            ("what_comes_out = ['ValueError', 'ValueError', (24, 5)]", "batch_of_one_refused"),
            ("what_comes_out = [(1, 4, 5), 'ValueError', (24, 4, 5)]", "dense_adds_axis"),
            ("what_comes_out = [(1, 24, 24, 4), 'ValueError', (24, 5)]", "of_an_inner_layer"),
            ("what_comes_out = [(1, 24, 24, 1), 'ValueError', (24, 5)]", "shape_comes_out"),
            ("what_comes_out = [(1, 5), 'expected min_ndim=4', (24, 5)]", "form"),
        ],
    ),
    "grey_features": Exercise(
        right=[
            "def grey_features(conv, images):\n    return conv(images[..., None])",
            "def grey_features(conv, images):\n    return conv(np.expand_dims(images, -1))",
            "def grey_features(conv, images):\n    return conv(images.reshape(*images.shape, 1))",
            "def grey_features(conv, images):\n    return conv(keras.ops.stack([images], axis=3))",
        ],
        wrong=[
            (
                "def grey_features(conv, images):\n"
                "    return conv(images.reshape(1, *images.shape[1:], -1))",
                "samples_for_channels",
            ),
            (
                "def grey_features(conv, images):\n    return conv(images.T[..., None])",
                "samples_lost",
            ),
            (
                "def grey_features(conv, images):\n"
                "    return [conv(i[None, ..., None]) for i in images]",
                "axis_of_one",
            ),
            ("def grey_features(conv, images):\n    return images[..., None]", "given_back"),
            ("def grey_features(conv, images):\n    return conv(images)", "channel_axis_missing"),
            (
                "def grey_features(conv, images):\n    return conv(images[None])",
                "axis_added_in_front",
            ),
            (
                "def grey_features(conv, images):\n    return conv(images[:, None])",
                "channels_second",
            ),
            (
                "def grey_features(conv, images):\n"
                "    return conv(images.reshape(len(images), -1))",
                "flattened_before_convolution",
            ),
            (
                "def grey_features(conv, images):\n"
                "    return conv(np.concatenate([images[..., None]] * 3, axis=-1))",
                "grey_as_colour",
            ),
            (
                "def grey_features(conv, images):\n    return conv(images.reshape(5, 15, 9, 1))",
                "fits_one_case",
            ),
            (
                "def grey_features(conv, images):\n    return edges(images[..., None])",
                "argument_unused",
            ),
            (
                "def grey_features(conv, images):\n    return conv(np.expand_dims(images, 2))",
                "channel_axis_inside",
            ),
            (
                "def grey_features(conv, images):\n    return conv(images[0][..., None])",
                "batch_axis_missing",
            ),
            (
                "def grey_features(conv, images):\n"
                "    again = layers.Conv2D(conv.filters, conv.kernel_size)\n"
                "    return again(images[..., None])",
                "made_anew",
            ),
        ],
    ),
    "cnn_shapes": Exercise(
        right=[
            "cnn_shapes = [(None, 11, 11, 64), (None, 5, 5, 64), (None, 1600)]",
            "cnn_shapes = ([None, 11, 11, 64], [None, 5, 5, 64], [None, 5 * 5 * 64])",
        ],
        wrong=[
            ("cnn_shapes = [(None, 26, 26, 64), (None, 13, 13, 64), (None, 10816)]", "begun_anew"),
            (
                "cnn_shapes = [(None, 11, 11, 64), (None, 5.5, 5.5, 64), (None, 1936)]",
                "pooling_leaves_fractions",
            ),
            (
                "cnn_shapes = [(None, 13, 13, 64), (None, 6, 6, 64), (None, 2304)]",
                "same_padding",
            ),
            (
                "cnn_shapes = [(None, 11, 11, 64), (None, 6, 6, 64), (None, 2304)]",
                "pooling_rounds_up",
            ),
            (
                "cnn_shapes = [(None, 11, 11, 64), (None, 5, 5, 64), (None, 25)]",
                "flatten_forgets_channels",
            ),
            (
                "cnn_shapes = [(None, 11, 11, 32), (None, 5, 5, 32), (None, 800)]",
                "channels_kept",
            ),
            (
                "cnn_shapes = [(None, 11, 11, 64), (None, 10, 10, 64), (None, 6400)]",
                "pooling_stride_one",
            ),
            (
                "cnn_shapes = [(None, 11, 11, 64), (None, 5, 5, 64), (1600,)]",
                "flatten_swallows_batch",
            ),
            ("cnn_shapes = [(None, 11, 11, 64), (None, 5, 5, 64)]", "form"),
        ],
    ),
    "who_lets_in": Exercise(
        right=[
            "who_lets_in = [False, True, False, False, True, True]",
            "who_lets_in = (False, True) + (False, False) + (True, True)",
        ],
        wrong=[
            ("who_lets_in = [False, False, True, True, False, True]", "ordered_by_model"),
            ("who_lets_in = [True, False, False, False, True, True]", "kinds_exchanged"),
            ("who_lets_in = [False] * 6", "contract_enforced"),
            ("who_lets_in = [False, False, False, False, True, True]", "sequential_enforces_sizes"),
            ("who_lets_in = [True, True, True, True, False, False]", "only_rank_counts"),
            ("who_lets_in = [True, True, False, False, True, True]", "only_size_counts"),
            ("who_lets_in = [True, False, False, False, True, False]", "functional_is_lenient"),
            ("who_lets_in = [False, True, False, True, True, True]", "layers_do_not_look"),
            ("who_lets_in = [False, True, False, False, False, False]", "extra_axis_refused"),
            ("who_lets_in = [False, True, False, False, True, False]", "sequential_refuses_axis"),
            ("who_lets_in = [False, True, False, False, False, True]", "functional_refuses_axis"),
            ("who_lets_in = [False, True, False, True, False, True]", "strict_or_open"),
            ("who_lets_in = [1, 2, 3, 4, 5, 6]", "form"),
        ],
    ),
}
