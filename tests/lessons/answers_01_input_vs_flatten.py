"""Right answers and known mistakes for every exercise of the lesson on Input and Flatten.

A wrong answer stands with the codes that its verdict must name; `points` is what the first of
its checks that doesn't pass still earns.
"""

from autograder.answers import Exercise

EXERCISES = {
    "poster_shape": Exercise(
        right=["poster_shape = (None, 32, 48, 3)", "poster_shape = [None, 32, 48, 3]"],
        wrong=[
            ("poster_shape = (None, 4608)", "sizes_multiplied"),
            ("poster_shape = (32, 48, 3)", "batch_left_out"),
            ("poster_shape = (1, 32, 48, 3)", "none_means_one"),
            ("poster_shape = (16, 32, 48, 3)", "batch_fixed"),
            ("poster_shape = (-1, 32, 48, 3)", "minus_one_for_open"),
            ("poster_shape = (None, 3, 32, 48)", "channels_moved_first"),
            ("poster_shape = (None, 48, 32, 3)", "height_width_swapped"),
            ("poster_shape = (None, None, 32, 48, 3)", "batch_written_by_hand"),
            ("poster_shape = (32, 48, 3, None)", "batch_last"),
            ("poster_shape = (32, 48, None, 3)", "batch_in_between"),
            ("poster_shape = (None, None, None, 3)", "known_size_left_open"),
            ("poster_shape = '(None, 32, 48, 3)'", "form"),
        ],
    ),
    "seven_shape": Exercise(
        right=[
            "seven_shape = (7, 28, 44, 8)",
            "seven_shape = np.array([7, 32 - 4, 48 - 4, 8])",
            "seven_shape = poster_model(seven_posters).shape",
        ],
        wrong=[
            ("seven_shape = (7, 6, 9, 8)", "windows_side_by_side"),
            ("seven_shape = (7, 25, 41, 5)", "filters_for_window"),
            ("seven_shape = (7, 28, 44, 3, 8)", "filters_as_an_axis"),
            ("seven_shape = (None, 28, 44, 8)", "none_survives"),
            ("seven_shape = (1, 28, 44, 8)", "one_result_for_all"),
            ("seven_shape = (7, 27, 43, 8)", "window_off_by_one"),
            ("seven_shape = (7, 32, 48, 8)", "same_padding"),
            ("seven_shape = (7, 28, 44, 3)", "channels_kept"),
            ("seven_shape = (7, 28, 44, 24)", "channels_multiplied"),
            ("seven_shape = (28, 44, 8)", "batch_left_out"),
            ("seven_shape = (7, 30, 46, 8)", "window_of_three"),
            ("seven_shape = (7, 28, 44)", "axis_left_out"),
            ("seven_shape = (7, 28, 44, 11)", "results_put_behind"),
        ],
    ),
    "input_for": Exercise(
        right=[
            "def input_for(data):\n    return keras.Input(shape=data.shape[1:])",
            "def input_for(data):\n    return keras.Input(data[0].shape)",
            "def input_for(data):\n    return keras.Input(batch_shape=(None,) + data.shape[1:])",
            "def input_for(data):\n    return layers.InputLayer(shape=data.shape[1:]).output",
        ],
        wrong=[
            (
                "def input_for(data):\n"
                "    return keras.Input(shape=(data.shape[1], data.shape[2]))",
                "axis_left_out",
            ),
            (
                "def input_for(data):\n    return keras.Input(shape=data.shape[:-1])",
                "last_axis_dropped",
            ),
            ("def input_for(data):\n    return keras.Input(shape=(28,28))", "argument_ignored"),
            ("def input_for(data):\n    return keras.Input(shape=data.shape)", "batch_in_shape"),
            (
                "def input_for(data):\n    return keras.Input(shape=(None, *data.shape[1:]))",
                "batch_written_by_hand",
            ),
            ("def input_for(data):\n    return keras.Input(batch_shape=data.shape)", "batch_fixed"),
            (
                "def input_for(data):\n    return keras.Input(shape=data.shape[1:], batch_size=16)",
                "batch_fixed",
            ),
            ("def input_for(data):\n    return keras.Input(shape=data[0])", "numbers_for_shape"),
            ("def input_for(data):\n    return keras.Input(tensor=data)", "data_as_input"),
            ("def input_for(data):\n    keras.Input(shape=data.shape[1:])", "returned_none"),
            ("def input_for(data):\n    return keras.Input(28)", "shape_not_a_tuple"),
            ("def input_for(data):\n    return data.nonsense", "raised"),
            ("def input_for(data):\n    return 28", "no_tensor"),
            ("input_for = keras.Input(shape=(28, 28))", "form"),
        ],
    ),
    "gets_in": Exercise(
        right=["gets_in = [True, False, True, False]", "gets_in = (True, False, True, False)"],
        wrong=[
            ("gets_in = [False, False, True, False]", "batch_of_one_refused"),
            ("gets_in = [True, False, False, False]", "contract_enforced"),
            ("gets_in = [True, False, False, True]", "rank_and_size_count"),
            ("gets_in = [True, False, True, True]", "only_size_counts"),
            ("gets_in = [True, True, False, False]", "batch_axis_optional"),
            ("gets_in = [False, False, False, False]", "nothing_accepted"),
            ("gets_in = [True, True, True, True]", "everything_accepted"),
            ("gets_in = ['yes', 'no', 'yes', 'no']", "form"),
            ("gets_in = [1, 0, 1, 0]", "form"),
            ("gets_in = [True, True, True, False]", "missing_batch_forgiven"),
            ("gets_in = [False, True, False, False]", "sample_by_sample"),
        ],
    ),
    "feature_shape": Exercise(
        right=["feature_shape = (None, 1152)", "feature_shape = [None, 3 * 3 * 128]"],
        wrong=[
            ("feature_shape = (None, 134)", "sizes_added_up"),
            ("feature_shape = (1152,)", "flatten_swallows_batch"),
            ("feature_shape = (3, 384)", "first_axis_is_batch"),
            ("feature_shape = (32, 1152)", "batch_fixed"),
            ("feature_shape = (1, 1152)", "none_means_one"),
            ("feature_shape = (None, None, 1152)", "batch_written_by_hand"),
            ("feature_shape = (None, 9, 128)", "flatten_keeps_channels"),
            ("feature_shape = (None, 1152, 1)", "flatten_makes_column"),
            ("feature_shape = (None, 9)", "flatten_forgets_channels"),
            ("feature_shape = (None, 3, 3, 128)", "flatten_does_nothing"),
            ("feature_shape = (None, 384)", "axis_left_out_of_product"),
            ("feature_shape = (1152, None)", "batch_last"),
            ("feature_shape = (None, 1512)", "no_window"),
        ],
    ),
    "array_shape": Exercise(
        right=["array_shape = (3, 384)", "array_shape = (3, 3 * 128)"],
        wrong=[
            ("array_shape = (3, 1152)", "batch_multiplied_in"),
            ("array_shape = (1152,)", "flatten_swallows_batch"),
            ("array_shape = (1, 1152)", "array_gets_batch_of_one"),
            ("array_shape = (None, 1152)", "array_gets_open_batch"),
            ("array_shape = (None, 384)", "none_survives"),
            ("array_shape = (9, 128)", "rows_into_batch"),
            ("array_shape = (384, 3)", "batch_last"),
            ("array_shape = (3, 3, 128)", "flatten_does_nothing"),
        ],
    ),
    "flatten_params": Exercise(
        right=["flatten_params = 0", "flatten_params = np.int64(0)"],
        wrong=[
            ("flatten_params = 7840", "bias_forgotten"),
            ("flatten_params = 56", "sizes_added_up"),
            ("flatten_params = 1", "at_least_one"),
            ("flatten_params = 784", "output_counted"),
            ("flatten_params = 785", "output_counted_with_bias"),
            ("flatten_params = 7850", "other_layer"),
            ("flatten_params = 'none'", "form"),
            ("flatten_params = 28", ""),
        ],
    ),
    "flatten": Exercise(
        right=[
            "def flatten(x):\n    return x.reshape(x.shape[0], int(np.prod(x.shape[1:])))",
            "import math\ndef flatten(x):\n    return x.reshape((len(x), math.prod(x.shape[1:])))",
            "def flatten(x):\n"
            "    out = np.empty((len(x), int(np.prod(x.shape[1:]))), x.dtype)\n"
            "    for i, sample in enumerate(x):\n"
            "        out[i] = sample.ravel()\n"
            "    return out",
        ],
        wrong=[
            (
                "def flatten(x):\n    n,h,w,c = x.shape\n    return x.reshape(n, h*w*c)",
                "axes_fixed_by_names",
            ),
            ("def flatten(x):\n    return x.reshape(len(x), x[0].size)", "no_first_sample"),
            ("def flatten(x):\n    return x.T.reshape(x.shape[0], -1)", "turned_before_unrolling"),
            (
                "def flatten(x):\n    return np.reshape(x, (len(x), np.prod(x.shape[1:])))",
                "float_for_size",
            ),
            ("def flatten(x):\n    return x.flatten()", "flatten_swallows_batch"),
            ("def flatten(x):\n    return x.reshape(1, -1)", "one_sample_of_all"),
            ("def flatten(x):\n    return x.reshape(len(x), -1, order='F')", "column_major"),
            ("def flatten(x):\n    return x.reshape(-1, x.shape[-1])", "rows_into_batch"),
            (
                "def flatten(x):\n    return np.moveaxis(x, -1, 1).reshape(len(x), -1)",
                "channels_before_places",
            ),
            ("def flatten(x):\n    return x[::-1].reshape(len(x), -1)", "axis_backwards"),
            ("def flatten(x):\n    return x.reshape(len(x), -1)", "minus_one_empty"),
            (
                "def flatten(x):\n    return x.reshape(len(x), x.size // len(x))",
                "divided_by_no_samples",
            ),
            ("def flatten(x):\n    return x.reshape(len(x), sum(x.shape[1:]))", "sizes_added_up"),
            (
                "def flatten(x):\n    return x.reshape(len(x), x.shape[1] * x.shape[2])",
                "two_axes_expected",
            ),
            ("def flatten(x):\n    return [sample.ravel() for sample in x]", "list_returned"),
            ("def flatten(x):\n    return layers.Flatten(x)", "class_for_layer"),
            (
                "def flatten(x):\n    return np.array([sample.ravel() for sample in x])",
                "rows_put_together",
            ),
            (
                "def flatten(x):\n    return x.reshape(len(x), -1) if len(x) else x",
                "empty_left_alone",
            ),
            (
                "def flatten(x):\n    return x.reshape(len(x), -1) if len(x) else np.zeros((0, 0))",
                "no_columns_either",
            ),
        ],
    ),
    "position": Exercise(
        right=[
            "def position(h, w, c, H, W, C):\n    return (h * W + w) * C + c",
            "def position(h, w, c, H, W, C):\n    return h * W * C + w * C + c",
            "def position(h, w, c, H, W, C):\n"
            "    return int(np.ravel_multi_index((h, w, c), (H, W, C)))",
        ],
        wrong=[
            ("def position(h, w, c, H, W, C):\n    return h*W + w + c", "channels_ignored"),
            (
                "def position(h, w, c, H, W, C):\n    return (h-1)*W*C + (w-1)*C + c",
                "coordinates_from_one",
            ),
            ("def position(h, w, c, H, W, C):\n    return h*H + w*W + c*C", "own_size_for_step"),
            (
                "def position(h, w, c, H, W, C):\n    return (c * H + h) * W + w",
                "channel_planes_first",
            ),
            ("def position(h, w, c, H, W, C):\n    return (w * H + h) * C + c", "column_by_column"),
            ("def position(h, w, c, H, W, C):\n    return h * W + w", "channels_take_no_place"),
            ("def position(h, w, c, H, W, C):\n    return h * w * c", "coordinates_multiplied"),
            ("def position(h, w, c, H, W, C):\n    return (h * H + w) * C + c", "height_for_width"),
            (
                "def position(h, w, c, H, W, C):\n    return h * W + w * C + c",
                "row_without_channels",
            ),
            (
                "def position(h, w, c, H, W, C):\n    return h * W * C + w + c",
                "pixel_without_channels",
            ),
            (
                "def position(h, w, c, H, W, C):\n    return (h * W + w) * C + c + 1",
                "counted_from_one",
            ),
            (
                "def position(h, w, c, H, W, C):\n    return h + w * H + c * H * W",
                "first_axis_fastest",
            ),
            (
                "def position(h, w, c, H, W, C):\n    return (h * W + w) * C",
                "channel_makes_no_step",
            ),
            ("def position(h, w, c, H, W, C):\n    return -1", "wrong_position"),
            (
                "def position(h, w, c, H, W, C):\n    return h * (W - 1) * C + w * C + c",
                "wrong_position",
            ),
        ],
    ),
    "flat_shape": Exercise(
        right=["flat_shape = (None, 512)", "flat_shape = (None, 4 * 4 * 32)"],
        wrong=[
            ("flat_shape = (None, 1280)", "no_window"),
            ("flat_shape = 1280", "no_window"),
            ("flat_shape = (None, 800)", "same_padding"),
            ("flat_shape = (None, 1024)", "channels_kept"),
            ("flat_shape = (None, 2048)", "pooling_forgotten"),
            ("flat_shape = (None, 1600)", "convolution_keeps_shape"),
            ("flat_shape = (None, 6400)", "convolution_keeps_shape + pooling_forgotten"),
            ("flat_shape = (None, 2592)", "same_padding + pooling_stride_one"),
            ("flat_shape = (None, 1568)", "pooling_stride_one"),
            ("flat_shape = (None, 16)", "flatten_forgets_channels"),
            ("flat_shape = (512,)", "flatten_swallows_batch"),
            ("flat_shape = (None, 4, 4, 32)", "flatten_does_nothing"),
            ("flat_shape = (32, 512)", "batch_fixed"),
            ("flat_shape = 512", "not_a_tuple"),
        ],
    ),
    "conv_params": Exercise(
        right=["conv_params = 18464", "conv_params = 32 * (3 * 3 * 64 + 1)"],
        wrong=[
            ("conv_params = (12*12*64+1)*32", "image_for_window"),
            ("conv_params = 320", "input_channels_forgotten"),
            ("conv_params = 18432", "bias_forgotten"),
            ("conv_params = 18496", "inputs_for_outputs"),
            ("conv_params = 20480", "bias_per_channel_seen"),
            ("conv_params = 21632", "bias_per_position"),
            ("conv_params = 1846400", "kernel_per_position"),
            ("conv_params = 3200", "output_counted"),
            ("conv_params = 2080", "window_has_one_weight"),
            ("conv_params = 577", "one_unit_counted"),
            ("conv_params = 32 * (9 * 64 + 9)", "bias_per_place_seen"),
            ("conv_params = 32 * (6 * 64 + 1)", "window_sides_added"),
            ("conv_params = 0", "counted_otherwise"),
        ],
    ),
    "three_shapes": Exercise(
        right=[
            "three_shapes = [(None, 28, 28, 6), (None, 14, 14, 6), (None, 1176)]",
            "three_shapes = ([None, 28, 28, 6], [None, 14, 14, 6], [None, 14 * 14 * 6])",
        ],
        wrong=[
            (
                "three_shapes = [(None, 32, 32, 6), (None, 16, 16, 6), (None, 1536)]",
                "same_padding",
            ),
            (
                "three_shapes = [(None, 28, 28, 6), (None, 28, 28, 6), (None, 4704)]",
                "pooling_forgotten",
            ),
            (
                "three_shapes = [(None, 28, 28, 6), (None, 14, 14, 6), (None, 196)]",
                "flatten_forgets_channels",
            ),
            (
                "three_shapes = [(None, 28, 28, 3), (None, 14, 14, 3), (None, 588)]",
                "channels_kept",
            ),
            (
                "three_shapes = [(None, 28, 28, 6), (None, 14, 14, 3), (None, 588)]",
                "pooling_divides_channels",
            ),
            (
                "three_shapes = [(None, 28, 28, 6), (None, 26, 26, 6), (None, 4056)]",
                "pooling_subtracts",
            ),
            (
                "three_shapes = [(None, 28, 28, 6), (None, 14, 14, 6), (None, 14)]",
                "no_window",
            ),
            ("three_shapes = [(None, 28, 28, 6), (None, 14, 14, 6)]", "form"),
            ("three_shapes = (28, 28, 6)", "form"),
        ],
    ),
    "padded_model": Exercise(
        right=[
            "def padded_model():\n"
            "    i = keras.Input((10, 10, 64))\n"
            "    x = layers.Conv2D(32, (3, 3), padding='same', activation='relu')(i)\n"
            "    return keras.Model(i, layers.Flatten()(layers.MaxPool2D((2, 2))(x)))",
            "def padded_model():\n"
            "    return keras.Sequential([\n"
            "        layers.Conv2D(32, 3, padding='same', activation='relu',\n"
            "                      input_shape=(10, 10, 64)),\n"
            "        layers.MaxPool2D(2), layers.Flatten()])",
            "def padded_model():\n"
            "    return keras.Sequential([\n"
            "        layers.InputLayer(shape=(10, 10, 64)),\n"
            "        layers.Conv2D(32, 3, padding='same'), layers.ReLU(),\n"
            "        layers.MaxPool2D(2), layers.Reshape((-1,))])",
        ],
        wrong=[
            (
                "def padded_model():\n"
                "    return keras.Sequential([keras.Input((10,10,64)), "
                "layers.Conv1D(32, 3, padding='same', activation='relu'), layers.MaxPool2D(2), "
                "layers.Flatten()])",
                "conv_dims",
            ),
            (
                "def padded_model():\n"
                "    return keras.Sequential([keras.Input((10,10,64)), "
                "layers.Conv2D(32, 3, padding=True, activation='relu'), layers.MaxPool2D(2), "
                "layers.Flatten()])",
                "padding_as_number",
            ),
            (
                "def padded_model():\n"
                "    return keras.Sequential([keras.Input((10,10,64)), "
                "layers.Conv2D(32, 3, strides=2, padding='same', activation='relu'), "
                "layers.Flatten()])",
                "stride_for_pooling",
            ),
            (
                "def padded_model():\n"
                "    return keras.Sequential([keras.Input((10,10,64)), "
                "layers.Conv2D(32, 3, activation='relu'), layers.MaxPool2D(2), "
                "layers.Flatten(), layers.Dense(800)])",
                "weights_added",
            ),
            (
                "def padded_model():\n"
                "    return keras.Sequential([keras.Input((10, 10, 64)), layers.Conv2D(50, 3),\n"
                "        layers.MaxPool2D(2), layers.Flatten()])",
                "sizes_changed",
            ),
            (
                "def padded_model():\n"
                "    return keras.Sequential([keras.Input((10, 10, 64)),\n"
                "        layers.Conv2D(32, 3, strides=2), layers.MaxPool2D(2), layers.Flatten()])",
                "stride_shrinks",
            ),
            (
                "def padded_model():\n"
                "    return keras.Sequential([keras.Input((10, 10, 64)), layers.Conv2D(32, 3),\n"
                "        layers.MaxPool2D(2, padding='same'), layers.Flatten()])",
                "padding_on_pooling",
            ),
            (
                "def padded_model():\n"
                "    return keras.Sequential([keras.Input((12, 12, 64)), layers.Conv2D(32, 3),\n"
                "        layers.MaxPool2D(2), layers.Flatten()])",
                "input_changed",
            ),
            (
                "def padded_model():\n"
                "    return keras.Sequential([keras.Input((None, 10, 10, 64)), layers.Flatten()])",
                "batch_written_by_hand",
            ),
            (
                "def padded_model():\n    return layers.Flatten()(keras.Input((10, 10, 64)))",
                "tensor_for_model",
            ),
            (
                "def padded_model():\n"
                "    return keras.Sequential([keras.Input((10, 10, 64)),\n"
                "        layers.Conv2D(32, 1, activation='relu'),\n"
                "        layers.MaxPool2D(2), layers.Flatten()])",
                "sizes_changed",
            ),
            (
                "def padded_model():\n"
                "    return keras.Sequential([keras.Input((10, 10, 64)),\n"
                "        layers.Conv2D(32, 3, padding=1, activation='relu'),\n"
                "        layers.MaxPool2D(2), layers.Flatten()])",
                "padding_as_number",
            ),
            (
                "def padded_model():\n"
                "    return keras.Sequential([keras.Input((10, 10, 64)),\n"
                "        layers.Conv2D(32, 3, padding='same'),\n"
                "        layers.MaxPool2D(2), layers.Flatten()])",
                "activation_missing",
            ),
            (
                "def padded_model():\n"
                "    return keras.Sequential([keras.Input((10, 10, 64)),\n"
                "        layers.Conv2D(32, 3, padding='same', activation='sigmoid'),\n"
                "        layers.MaxPool2D(2), layers.Flatten()])",
                "activation_changed",
            ),
            (
                "def padded_model():\n"
                "    return keras.Sequential([keras.Input((10, 10, 64)),\n"
                "        layers.Conv2D(32, 3, padding='same', activation='relu'),\n"
                "        layers.AveragePooling2D(2), layers.Flatten()])",
                "pooling_of_another_kind",
            ),
            ("def padded_model():\n    return layers.Flatten()", "no_model"),
        ],
    ),
    "reader": Exercise(
        right=[
            # A window as long as there are rows sees the whole picture at once.
            "def reader():\n"
            "    return keras.Sequential([keras.Input((6, 8)), layers.Conv1D(4, 6, \n"
            "        activation='relu'), layers.Flatten()])",
            "def reader():\n"
            "    dense = layers.EinsumDense('bij,ijk->bk', output_shape=4, bias_axes='k', "
            "activation='relu')\n"
            "    return keras.Sequential([keras.Input((6, 8)), dense])",
            "def reader():\n"
            "    return keras.Sequential([keras.Input((6, 8)), layers.Reshape((1, 48)),\n"
            "        layers.Conv1D(4, 1, activation='relu'), layers.Flatten()])",
            "def reader():\n"
            "    i = keras.Input((6, 8))\n"
            "    return keras.Model(i, layers.Dense(4, 'relu')(layers.Flatten()(i)))",
            "def reader():\n"
            "    return keras.Sequential([keras.Input((6, 8)), layers.Flatten(),\n"
            "                             layers.Dense(4), layers.ReLU()])",
            "def reader():\n"
            "    return keras.Sequential([layers.Flatten(input_shape=(6, 8)),\n"
            "                             layers.Dense(4, activation='relu')])",
            "def reader():\n"
            "    return keras.Sequential([layers.InputLayer(shape=(6, 8)), layers.Flatten(),\n"
            "                             layers.Dense(4, activation='relu')])",
            "def reader():\n"
            "    return keras.Sequential([layers.Flatten(), layers.Dense(4, activation='relu')])",
            "class Reader(keras.Model):\n"
            "    def __init__(self):\n"
            "        super().__init__()\n"
            "        self.flat = layers.Flatten()\n"
            "        self.dense = layers.Dense(4, activation='relu')\n"
            "    def call(self, x):\n"
            "        return self.dense(self.flat(x))\n"
            "def reader():\n"
            "    return Reader()",
        ],
        wrong=[
            (
                "def reader():\n"
                "    return keras.Sequential([keras.Input((6, 8, 1)), "
                "layers.Flatten(), layers.Dense(4, activation='relu')])",
                "channel_axis_added",
            ),
            (
                "def reader():\n"
                "    return keras.Sequential([keras.Input((6, 8)), layers.ReLU(), "
                "layers.Flatten(), layers.Dense(4)])",
                "activation_elsewhere",
            ),
            (
                "def reader():\n"
                "    return keras.Sequential([keras.Input((6, 8)),\n"
                "                             layers.Dense(4, activation='relu')])",
                "flatten_missing",
            ),
            (
                "def reader():\n"
                "    return keras.Sequential([keras.Input((6, 8)),\n"
                "                             layers.Dense(4, activation='relu'),\n"
                "                             layers.Flatten()])",
                "flatten_too_late",
            ),
            (
                "def reader():\n"
                "    return keras.Sequential([keras.Input((6, 8)),\n"
                "        layers.GlobalAveragePooling1D(), layers.Dense(4, activation='relu')])",
                "values_thrown_away",
            ),
            (
                "def reader():\n"
                "    return keras.Sequential([keras.Input((6, 8)), layers.Flatten(),\n"
                "                             layers.Dense(4)])",
                "activation_missing",
            ),
            (
                "def reader():\n"
                "    return keras.Sequential([keras.Input((6, 8)), layers.Flatten(),\n"
                "                             layers.Dense(4, activation='softplus')])",
                "activation_changed",
            ),
            (
                "def reader():\n"
                "    return keras.Sequential([keras.Input((6, 8)), layers.Permute((2, 1)),\n"
                "                             layers.Flatten(), layers.Dense(4, 'relu')])",
                "axes_reordered",
            ),
            (
                "def reader():\n"
                "    return keras.Sequential([keras.Input((48,)), layers.Dense(4, 'relu')])",
                "unrolled_shape_declared",
            ),
            (
                "def reader():\n"
                "    return keras.Sequential([keras.Input((6, 8)), layers.Flatten(),\n"
                "                             layers.Dense(5, activation='relu')])",
                "output_shape",
            ),
            (
                "class Reader(keras.Model):\n"
                "    def __init__(self):\n"
                "        self.dense = layers.Dense(4)\n"
                "def reader():\n"
                "    return Reader()",
                "super_init_forgotten",
            ),
            (
                "class Reader(keras.Model):\n"
                "    def forward(self, x):\n"
                "        return layers.Flatten()(x)\n"
                "def reader():\n"
                "    return Reader()",
                "call_missing",
            ),
            (
                "def reader():\n"
                "    return keras.Sequential([keras.Input((6, 8)), layers.Conv2D(4, 3)])",
                "channel_axis_missing",
            ),
        ],
    ),
}
