"""Right answers and known mistakes for every exercise of the lesson on old posts."""

from autograder.answers import Exercise


def photo(*lines):
    """Return a photo_model that is a Sequential of these lines."""
    body = ",\n        ".join(lines)
    return (
        f"def photo_model(height, width, classes):\n    return keras.Sequential([\n        {body}])"
    )


def sensor(*lines):
    """Return a sensor_model that is a Sequential of these lines."""
    body = ",\n        ".join(lines)
    return f"def sensor_model(steps, features):\n    return keras.Sequential([\n        {body}])"


def flat(body):
    """Return a flat_by_reshape with this body."""
    return "def flat_by_reshape(shape):\n    " + body.replace("\n", "\n    ")


def shapes(expression):
    """Return a shapes_of that returns this."""
    return f"def shapes_of(model):\n    return {expression}"


def look(expression):
    """Return a peek that returns this."""
    return f"def peek(model, name, x):\n    return {expression}"


def rows(expression):
    """Return a predict_rows that returns this."""
    return f"def predict_rows(model, rows):\n    return {expression}"


def head(flattened):
    """Return a modern_flatten that makes its `flat` in this way."""
    return (
        "def modern_flatten(rows, features, units):\n"
        "    x = keras.Input(shape=(rows, features))\n"
        f"    flat = {flattened}\n"
        "    return keras.Model(x, layers.Dense(units)(flat))"
    )


PHOTO = "keras.Input(shape=(height, width, 3))"
SCALE = "layers.Rescaling(1 / 127.5, offset=-1)"
TAIL = ("layers.Dense(16, activation='relu')", "layers.Dense(classes, activation='softmax')")
STEPS = "keras.Input(shape=(steps, features))"
TANH = "layers.Dense(8, activation='tanh')"
ONE = ("layers.Flatten()", "layers.Dense(1)")

EXERCISES = {
    "which_errors": Exercise(
        right=[
            "which_errors = ['AttributeError', 'ValueError', 'TypeError', 'runs', 'NameError']",
            "which_errors = ('AttributeError', 'ValueError', 'TypeError', 'runs', 'NameError')",
            "which_errors = ['AttributeError', 'valueerror', 'TypeError', 'Runs ', ' NameError']",
        ],
        wrong=[
            (
                'which_errors = ["AttributeError", "ValueError", "TypeError", '
                '"UserWarning", "NameError"]',
                "objection_expected",
            ),
            (
                "which_errors = ['ValueError', 'ValueError', 'ValueError', 'runs', 'NameError']",
                "wrong_kind_of_error",
            ),
            (
                "which_errors = ['NameError', 'ValueError', 'TypeError', 'runs', 'NameError']",
                "wrong_kind_of_error",
            ),
            (
                "which_errors = ['AttributeError', 'ValueError', 'TypeError', 'runs',"
                " 'AttributeError']",
                "wrong_kind_of_error",
            ),
            (
                "which_errors = ['AttributeError', 'ValueError', 'TypeError', 'ValueError',"
                " 'NameError']",
                "objection_expected",
            ),
            (
                "which_errors = ['AttributeError', 'runs', 'TypeError', 'runs', 'NameError']",
                "no_objection_expected",
            ),
            ("which_errors = ['AttributeError', 'runs']", "form"),
            ("which_errors = [True, True, True, False, True]", "form"),
        ],
    ),
    "photo_model": Exercise(
        right=[
            photo(PHOTO, SCALE, "layers.Flatten()", *TAIL),
            photo(PHOTO, "layers.Flatten()", SCALE, *TAIL),
            photo(
                "layers.InputLayer(shape=(height, width, 3))",
                "layers.Rescaling(scale=1.0 / 127.5, offset=-1.0)",
                "layers.Reshape((-1,))",
                "layers.Dense(16, activation=tf.nn.relu)",
                "layers.Dense(classes, activation=tf.nn.softmax)",
            ),
            "def photo_model(height, width, classes):\n"
            "    photo = keras.Input((height, width, 3))\n"
            "    x = layers.Dense(16, 'relu')(layers.Flatten()(photo / 127.5 - 1))\n"
            "    return keras.Model(photo, layers.Dense(classes, 'softmax')(x))",
            "def photo_model(height, width, classes):\n"
            "    model = keras.models.Sequential()\n"
            "    model.add(keras.layers.InputLayer(batch_shape=(None, height, width, 3)))\n"
            "    model.add(keras.layers.Rescaling(1./127.5, offset=-1))\n"
            "    model.add(keras.layers.Flatten())\n"
            "    model.add(keras.layers.Dense(16)), model.add(keras.layers.ReLU())\n"
            "    model.add(keras.layers.Dense(classes)), model.add(keras.layers.Softmax())\n"
            "    return model",
        ],
        wrong=[
            (
                photo(
                    "layers.Rescaling(1 / 127.5, offset=-1, input_shape=(height, width, 3))",
                    "layers.Flatten()",
                    *TAIL,
                ),
                "input_shape_on_layer",
            ),
            (
                photo(
                    PHOTO,
                    "layers.experimental.preprocessing.Rescaling(1 / 127.5, offset=-1)",
                    "layers.Flatten()",
                    *TAIL,
                ),
                "name_not_in_keras",
            ),
            (
                photo(
                    "layers.InputLayer(input_shape=(height, width, 3))",
                    SCALE,
                    "layers.Flatten()",
                    *TAIL,
                ),
                "input_shape_on_input_layer",
            ),
            (photo(SCALE, "layers.Flatten()", *TAIL), "not_built"),
            (
                photo(
                    "keras.Input(shape=(None, height, width, 3))",
                    SCALE,
                    "layers.Flatten()",
                    *TAIL,
                ),
                "batch_written_by_hand",
            ),
            (
                photo("keras.Input(shape=(width, height, 3))", SCALE, "layers.Flatten()", *TAIL),
                "height_width_swapped",
            ),
            (
                photo("keras.Input(shape=(24, 32))", SCALE, "layers.Flatten()", *TAIL),
                "axis_left_out",
            ),
            (
                photo("keras.Input(shape=(24, 32, 3))", SCALE, "layers.Flatten()", *TAIL),
                "argument_unused",
            ),
            (
                photo(PHOTO, SCALE, "layers.Flatten()", TAIL[0], "layers.Dense(5, 'softmax')"),
                "argument_unused",
            ),
            (photo(PHOTO, SCALE, *TAIL), "flatten_missing"),
            (photo(PHOTO, "layers.Flatten()", *TAIL), "rescaling_left_out"),
            (
                photo(PHOTO, "layers.Rescaling(1 / 127.5)", "layers.Flatten()", *TAIL),
                "scale_changed",
            ),
            (
                photo(
                    PHOTO, "layers.Flatten()", "layers.Rescaling(2 / 255, offset=-255 / 2)", *TAIL
                ),
                "offset_before_scale",
            ),
            (
                photo(
                    PHOTO,
                    SCALE,
                    "layers.Flatten()",
                    TAIL[0],
                    "layers.Dense(classes)",
                ),
                "activation_missing",
            ),
            (
                photo(PHOTO, SCALE, "layers.Flatten()", "layers.Dense(32, 'relu')", TAIL[1]),
                "sizes_changed",
            ),
            (
                "def photo_model(height, width, classes):\n"
                f"    model = keras.Sequential([{PHOTO}, {SCALE}, layers.Flatten(),\n"
                f"        {TAIL[0]}, {TAIL[1]}])\n"
                "    model.build()",
                "returned_none",
            ),
        ],
    ),
    "flat_by_reshape": Exercise(
        right=[
            flat("return keras.Sequential([keras.Input(shape=shape), layers.Reshape((-1,))])"),
            flat(
                "import math\n"
                "start = keras.Input(shape)\n"
                "return keras.Model(start, layers.Reshape([math.prod(shape)])(start))"
            ),
            flat(
                "size = int(np.prod(shape))\n"
                "return keras.Sequential([layers.InputLayer(shape=shape),"
                " layers.Reshape((size,))])"
            ),
        ],
        wrong=[
            (
                "def flat_by_reshape(shape):\n"
                "    return keras.Sequential([keras.Input(shape), "
                "layers.Reshape((None, -1))])",
                "two_sizes_open",
            ),
            (
                "def flat_by_reshape(shape):\n"
                "    return keras.Sequential([keras.Input(shape), "
                "layers.Reshape(shape)])",
                "target_not_unrolled",
            ),
            (
                "def flat_by_reshape(shape):\n"
                "    return keras.Sequential([keras.Input(shape), "
                "layers.Reshape(np.prod(shape))])",
                "number_for_tuple",
            ),
            (
                flat(
                    "start = keras.backend.placeholder(shape=(None, *shape))\n"
                    "return keras.Model(start, layers.Reshape((-1,))(start))"
                ),
                "name_not_in_keras",
            ),
            (
                flat(
                    "return keras.Sequential([layers.InputLayer(input_tensor=np.ones((2, *shape))),"
                    " layers.Reshape((-1,))])"
                ),
                "data_as_input",
            ),
            (
                flat("return keras.Sequential([keras.Input(shape), layers.Reshape((60 + 1,))])"),
                "reshape_changes_size",
            ),
            (
                flat("return keras.Sequential([keras.Input(shape), layers.Reshape([sum(shape)])])"),
                "sizes_added_up",
            ),
            (
                flat(
                    "i = keras.Input(shape)\n"
                    "return keras.Model(i, layers.Reshape((1, int(np.prod(shape))))(i))"
                ),
                "row_of_two_axes",
            ),
            (
                flat(
                    "return keras.Sequential([layers.Reshape((-1,), input_shape=shape)])",
                ),
                "input_shape_on_layer",
            ),
            (
                flat(
                    "start = keras.Input((None, *shape))\n"
                    "return keras.Model(start, layers.Reshape((-1,))(start))"
                ),
                "batch_written_by_hand",
            ),
            (
                flat("return keras.Sequential([keras.Input(shape), layers.Flatten()])"),
                "other_layers",
            ),
            (
                flat("return keras.Sequential([keras.Input(shape), layers.Reshape((-1, 1))])"),
                "vector_as_column",
            ),
            (
                flat("return layers.Reshape((-1,))(keras.Input(shape))"),
                "tensor_for_model",
            ),
            (
                flat("return keras.Sequential([keras.Input(shape), layers.Reshape(60)])"),
                "number_for_tuple",
            ),
            (flat("return keras.Sequential([layers.Reshape((-1,))])"), "not_built"),
            (
                flat("return keras.Sequential([keras.Input((5, 4, 3)), layers.Reshape((60,))])"),
                "argument_ignored",
            ),
            (
                flat(
                    "start = keras.Input(shape)\n"
                    "flat = keras.ops.reshape(start, (-1, int(np.prod(shape))))\n"
                    "return keras.Model(start, flat)"
                ),
                "other_layers",
            ),
        ],
    ),
    "sensor_model": Exercise(
        right=[
            sensor(STEPS, TANH, *ONE),
            sensor(
                "keras.Input(batch_shape=(None, steps, features))",
                "layers.Dense(8)",
                "layers.Activation('tanh')",
                *ONE,
            ),
            sensor("layers.InputLayer(batch_input_shape=(None, steps, features))", TANH, *ONE),
            "def sensor_model(steps, features):\n"
            "    start = keras.Input((steps, features))\n"
            "    x = layers.Flatten()(layers.Dense(8, activation=tf.nn.tanh)(start))\n"
            "    return keras.Model(start, layers.Dense(1)(x))",
        ],
        wrong=[
            (
                "def sensor_model(steps, features):\n"
                "    return keras.Sequential([keras.Input((steps, features)), "
                "layers.Dense(8, 'tanh'), layers.GlobalAveragePooling1D(), "
                "layers.Dense(1)])",
                "values_thrown_away",
            ),
            (
                sensor(
                    "layers.Dense(8, activation='tanh', batch_input_shape=(None, steps, features))",
                    *ONE,
                ),
                "argument_not_taken",
            ),
            (
                sensor(
                    "layers.Dense(8, activation='tanh', input_shape=(steps, features))",
                    *ONE,
                ),
                "input_shape_on_layer",
            ),
            (
                sensor("layers.InputLayer(input_shape=(steps, features))", TANH, *ONE),
                "input_shape_on_input_layer",
            ),
            (
                sensor("keras.Input(shape=(None, steps, features))", TANH, *ONE),
                "batch_written_by_hand",
            ),
            (sensor("keras.Input(shape=(features, steps))", TANH, *ONE), "height_width_swapped"),
            (sensor(TANH, *ONE), "not_built"),
            (sensor(STEPS, TANH, "layers.Dense(1)"), "flatten_missing"),
            (sensor(STEPS, "layers.Dense(8)", *ONE), "activation_missing"),
            (sensor(STEPS, "layers.Flatten()", TANH, "layers.Dense(1)"), "flatten_too_early"),
            (sensor("keras.Input(shape=(20, 3))", TANH, *ONE), "argument_ignored"),
            (sensor(STEPS, "layers.Dense(8, 'relu')", *ONE), "activation_changed"),
        ],
    ),
    "shapes_of": Exercise(
        right=[
            shapes("[layer.output.shape[1:] for layer in model.layers]"),
            shapes("[tuple(layer.output.shape)[1:] for layer in model.layers]"),
            "def shapes_of(model):\n"
            "    shape, found = model.input_shape, []\n"
            "    for layer in model.layers:\n"
            "        shape = layer.compute_output_shape(shape)\n"
            "        found.append(tuple(shape[1:]))\n"
            "    return found",
        ],
        wrong=[
            (
                "def shapes_of(model):\n"
                "    return [tuple(layer.get_weights()[0].shape) for layer in "
                "model.layers]",
                "list_too_short",
            ),
            (
                "def shapes_of(model):\n    return [l.output.shape[:-1] for l in model.layers]",
                "last_axis_dropped",
            ),
            (
                "def shapes_of(model):\n    return [l.output.shape[1:] for l in model.layers[1:]]",
                "first_layer_left_out",
            ),
            (
                "def shapes_of(model):\n"
                "    return [model.input_shape[1:]] + [l.output.shape[1:] for l in "
                "model.layers]",
                "input_shape_listed",
            ),
            (shapes("[layer.output_shape[1:] for layer in model.layers]"), "shape_asked_of_layer"),
            (shapes("[layer.output.shape for layer in model.layers]"), "batch_axis_kept"),
            (shapes("[layer.input.shape[1:] for layer in model.layers]"), "shapes_before_layers"),
            (shapes("[model.output_shape[1:] for layer in model.layers]"), "last_shape_for_all"),
            (
                shapes(
                    "[layer.compute_output_shape(model.input_shape)[1:] for layer in model.layers]"
                ),
                "every_layer_meets_the_data",
            ),
            (shapes("model.output_shape[1:]"), "wrong_entry"),
            (shapes("[y.output.shape.as_list()[1:] for y in model.layers]"), "shape_with_methods"),
            (shapes("[y.kernel.shape for y in model.layers]"), "kernel_asked_of_layer"),
            (
                "def shapes_of(model):\n"
                "    found = []\n"
                "    for layer in model.layers:\n"
                "        found.append(layer.output.shape[1:])\n"
                "        return found",
                "part_of_it",
            ),
            (shapes("[layer.output[1:] for layer in model.layers]"), "tensor_sliced"),
            (shapes("[(10, 12, 4), (5, 6, 4), (120,)]"), "argument_ignored"),
        ],
    ),
    "peek": Exercise(
        right=[
            look("keras.Model(model.input, model.get_layer(name).output)(x)"),
            look("keras.Model(model.inputs, model.get_layer(name).output).predict(x, verbose=0)"),
            "def peek(model, name, x):\n"
            "    for layer in model.layers[1:]:\n"
            "        x = layer(x)\n"
            "        if layer.name == name:\n"
            "            return np.asarray(x)",
        ],
        wrong=[
            (
                "def peek(model, name, x):\n"
                "    return keras.Model(model.input, model.get_layer(name).output)(x).shape",
                "shape_for_numbers",
            ),
            (
                "def peek(model, name, x):\n"
                "    return keras.Model(model.input, model.layers[name].output)(x)",
                "list_asked_by_name",
            ),
            (
                "def peek(model, name, x):\n"
                "    return keras.Model(x, model.get_layer(name).output)",
                "data_for_input",
            ),
            (
                "def peek(model, name, x):\n"
                "    return keras.Model(model.input, model.layers[2].output)(x)",
                "layer_at_a_fixed_place",
            ),
            (
                "def peek(model, name, x):\n"
                "    return keras.Model(model.get_layer(name).output, model.input)(x)",
                "ends_exchanged",
            ),
            ("def peek(model, name, x):\n    return model[name](x)", "brackets_on_an_object"),
            (look("model(x)"), "whole_model_asked"),
            (look("model.get_layer(name)(x)"), "inner_layer_alone"),
            (
                "def peek(model, name, x):\n"
                "    end = model.get_layer(name)\n"
                "    return keras.Model(end.input, end.output)(x)",
                "inner_layer_alone",
            ),
            (
                "def peek(model, name, x):\n"
                "    start = keras.Input(model.input_shape[1:])\n"
                "    return keras.Model(start, model.get_layer(name).output)(x)",
                "input_of_its_own",
            ),
            (look("keras.Model(model.input, model.layers[1].output)(x)"), "layer_at_a_fixed_place"),
            (
                look("keras.Model(model.input, model.get_layer('name').output)(x)"),
                "name_in_quotes",
            ),
            (look("model.get_layer(name).kernel.numpy()"), "weights_for_values"),
            (
                look(
                    "keras.backend.function([model.input], [model.get_layer(name).output])([x])[0]"
                ),
                "name_not_in_keras",
            ),
            (look("keras.Model(model.input, model.get_layer(name))(x)"), "layer_for_tensor"),
            (look("np.asarray(model.get_layer(name).output)"), "numpy_on_symbolic"),
            (look("model.get_layer(name).output"), "tensor_for_numbers"),
            (look("keras.Model(model.input, model.get_layer(name).output)"), "model_for_numbers"),
            (
                look("keras.Model(model.input, model.get_layer(name).output)(x)[0]"),
                "first_sample_only",
            ),
            (
                look("keras.Model(model.input, model.get_layer(name).input)(x)"),
                "layer_before_asked",
            ),
            (
                "def peek(model, name, x):\n"
                "    fresh = keras.models.clone_model(model)\n"
                "    return keras.Model(fresh.input, fresh.get_layer(name).output)(x)",
                "made_anew",
            ),
        ],
    ),
    "predict_rows": Exercise(
        right=[
            rows("model.predict(np.atleast_2d(rows), verbose=0)"),
            "def predict_rows(model, rows):\n"
            "    a = np.array(rows, dtype='float32')\n"
            "    return model(a if a.ndim == 2 else a[None])",
            "def predict_rows(model, rows):\n"
            "    if not isinstance(rows[0], list):\n"
            "        rows = [rows]\n"
            "    return model.predict(np.array(rows))",
        ],
        wrong=[
            (
                "def predict_rows(model, rows):\n"
                "    return model.predict(np.array(rows).reshape(-1, len(rows[0])), "
                "verbose=0)",
                "number_has_no_length",
            ),
            (
                "def predict_rows(model, rows):\n"
                "    return model.predict(np.atleast_2d(np.array(rows, dtype=int)), "
                "verbose=0)",
                "fractions_cut_off",
            ),
            (
                "def predict_rows(model, rows):\n"
                "    a = np.array(rows)\n"
                "    return model.predict(np.atleast_2d(a), verbose=0)[0]",
                "part_of_it",
            ),
            ("def predict_rows(model, rows):\n    return np.atleast_2d(rows)", "given_back"),
            ("def predict_rows(model, rows):\n    return model(rows)", "list_for_array"),
            (rows("model.predict(rows, verbose=0)"), "list_for_array"),
            (rows("model(np.array(rows, 'float32').reshape(1, -1))"), "all_samples_in_one"),
            (rows("model(np.array(rows, 'float32').reshape(-1, 3))"), "fits_one_case"),
            (
                rows("model.predict(np.array(rows if len(rows) > 1 else [rows]), verbose=0)"),
                "single_by_its_length",
            ),
            (rows("model(np.atleast_2d(rows).T)"), "samples_in_columns"),
            (
                rows("np.argmax(model.predict(np.atleast_2d(rows), verbose=0), -1)"),
                "places_for_numbers",
            ),
            (rows("model(np.atleast_2d(np.array(rows, int)))"), "fractions_cut_off"),
            (rows("model.predict(np.array(rows), verbose=0)"), "batch_axis_missing"),
            (rows("model.predict(np.array([rows]), verbose=0)"), "batch_axis_twice"),
            (
                "def predict_rows(model, rows):\n"
                "    a = np.array(rows)\n"
                "    return model.predict(a if a.ndim == 2 else a[:, None], verbose=0)",
                "sample_as_column",
            ),
        ],
    ),
    "modern_flatten": Exercise(
        right=[
            head("keras.ops.reshape(x, (-1, rows * features))"),
            head("layers.Flatten()(x)"),
            head("layers.Reshape((-1,))(x)"),
            head("layers.Lambda(lambda t: tf.reshape(t, (-1, rows * features)))(x)"),
            "def modern_flatten(rows, features, units):\n"
            "    return keras.Sequential([keras.Input((rows, features)), layers.Flatten(),\n"
            "                             layers.Dense(units)])",
        ],
        wrong=[
            (head("tf.reshape(x, (tf.shape(x)[0], -1))"), "tensorflow_on_symbolic"),
            (head("np.reshape(x, (-1, rows * features))"), "numpy_on_symbolic"),
            (head("keras.ops.reshape(x, (keras.ops.shape(x)[0], -1))"), "unknown_width"),
            (head("keras.ops.ravel(x)"), "flatten_swallows_batch"),
            (head("x"), "flatten_missing"),
            (head("keras.ops.reshape(x, (features * rows,))"), "batch_swallowed"),
            (head("keras.ops.reshape(x, (-1, features))"), "batch_swallowed"),
            (
                head("keras.ops.reshape(keras.ops.transpose(x, (0, 2, 1)), (-1, rows * features))"),
                "axes_reordered",
            ),
            (head("layers.Reshape((None, rows * features))(x)"), "target_has_batch"),
            (head("keras.ops.mean(x, axis=1)"), "sizes_changed"),
            (head("keras.ops.reshape(x, (-1, 28))"), "sizes_do_not_multiply"),
        ],
    ),
    "loud_or_silent": Exercise(
        right=[
            "loud_or_silent = ['runs', 'TypeError', 'runs', 'ValueError', 'runs']",
            "loud_or_silent = ('runs', 'TypeError', 'runs', 'ValueError', 'Runs')",
        ],
        wrong=[
            (
                'loud_or_silent = ["runs", "UserWarning", "runs", "ValueError", "runs"]',
                "warning_expected",
            ),
            (
                "loud_or_silent = ['ValueError', 'TypeError', 'TypeError', 'ValueError',"
                " 'TypeError']",
                "objection_expected",
            ),
            ("loud_or_silent = ['runs', 'runs', 'runs', 'runs', 'runs']", "no_objection_expected"),
            (
                "loud_or_silent = ['runs', 'TypeError', 'runs', 'TypeError', 'runs']",
                "wrong_kind_of_error",
            ),
            (
                "loud_or_silent = ['runs', 'ValueError', 'runs', 'ValueError', 'runs']",
                "wrong_kind_of_error",
            ),
            ("loud_or_silent = ['quiet', 'loud', 'quiet', 'loud', 'quiet']", "form"),
            ("loud_or_silent = [True, True, True, False, True]", "form"),
        ],
    ),
}
