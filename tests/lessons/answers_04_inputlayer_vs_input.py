"""Right answers and known mistakes for every exercise of the lesson on Input and InputLayer.

A wrong answer stands with the codes that its verdict must name.
"""

from autograder.answers import Exercise

FROM_LAYER = "def from_layer(start, units):\n"
SPELLINGS = (
    "def three_spellings(features, hidden, outputs):\n"
    "    def tail():\n"
    "        return [layers.Dense(hidden, activation='relu'), layers.Dense(outputs)]\n"
    "    i = keras.Input((features,))\n"
    "    a, b = tail()\n"
    "    f = keras.Model(i, b(a(i)))\n"
    "    s = keras.Sequential([keras.Input((features,)), *tail()])\n"
    "    n = keras.Sequential(tail())\n"
)
COPIED = "    s.set_weights(f.get_weights())\n    n.set_weights(f.get_weights())\n"
MODERN = "def modern(rows, columns, units):\n"
SCALED = "def scaled_input(features, top, units):\n"
FIRST = "def input_first(rows, columns, units):\n"

EXERCISES = {
    "what_kinds": Exercise(
        right=[
            "what_kinds = ['KerasTensor', 'InputLayer', 'KerasTensor']",
            "what_kinds = ('KerasTensor', 'InputLayer', 'KerasTensor')",
            "what_kinds = [type(x).__name__ for x in (door, frame, frame.output)]",
        ],
        wrong=[
            ("what_kinds = ['door', 'frame', 'frame.output']", "no_such_type"),
            ('what_kinds = ["InputLayer", "InputLayer", "KerasTensor"]', "inputs_alike"),
            ('what_kinds = ["KerasTensor", "type", "KerasTensor"]', "class_for_object"),
            ('what_kinds = ["KerasTensor", "InputLayer", "method"]', "method_for_attribute"),
            ('what_kinds = ["KerasTensor", "Layer", "KerasTensor"]', "base_class_named"),
            ("what_kinds = ['KerasTensor', 'InputLayer', 'tuple']", "shape_for_tensor"),
            ("what_kinds = ['KerasTensor', 'InputLayer', 'Tensor']", "symbol_is_a_tensor"),
            ("what_kinds = ['ndarray', 'InputLayer', 'ndarray']", "symbol_is_an_array"),
            ("what_kinds = ['KerasTensor', 'KerasTensor', 'KerasTensor']", "inputs_alike"),
            ("what_kinds = ['InputLayer', 'InputLayer', 'InputLayer']", "tensor_is_its_layer"),
            ("what_kinds = ['Layer', 'InputLayer', 'KerasTensor']", "input_is_a_layer"),
            ("what_kinds = ['Input', 'InputLayer', 'KerasTensor']", "input_is_a_class"),
            ("what_kinds = ['function', 'InputLayer', 'KerasTensor']", "function_for_result"),
            ("what_kinds = ['EagerTensor', 'InputLayer', 'EagerTensor']", "symbol_holds_numbers"),
            (
                "what_kinds = ['keras.KerasTensor', 'InputLayer', 'keras.KerasTensor']",
                "module_named",
            ),
            ("what_kinds = [door, frame, frame.output]", "form"),
        ],
    ),
    "from_layer": Exercise(
        right=[
            FROM_LAYER + "    return keras.Model(start.output, layers.Dense(units)(start.output))",
            FROM_LAYER + "    x = start.output\n"
            "    return keras.Model(inputs=x, outputs=layers.Dense(units)(x))",
            FROM_LAYER + "    x = start.output\n"
            "    y = layers.EinsumDense('bi,ij->bj', units, bias_axes='j')(x)\n"
            "    return keras.Model([x], y)",
            FROM_LAYER + "    x = start.output\n"
            "    return keras.Model({start.name: x}, layers.Dense(units)(x))",
        ],
        wrong=[
            (
                "def from_layer(start, units):\n"
                "    model = keras.Sequential([start, layers.Dense(units)])\n"
                "    return keras.Model(model.layers[0].output, "
                "model.layers[-1].output)",
                "ends_alike",
            ),
            (FROM_LAYER + "    return keras.Model(inputs=start.output)", "outputs_left_out"),
            (
                "def from_layer(start, units):\n"
                "    return keras.Model(layers.Dense(units)(start.output), "
                "start.output)",
                "ends_exchanged",
            ),
            (
                "def from_layer(start, units):\n"
                "    x = start(units)\n"
                "    return keras.Model(x, layers.Dense(units)(x))",
                "called_on_sizes",
            ),
            (
                "def from_layer(start, units):\n"
                "    return keras.Model(start.input, layers.Dense(units)(start.output))",
                "input_of_an_input_layer",
            ),
            (
                FROM_LAYER + "    return keras.Model(start, layers.Dense(units)(start))",
                "layer_handed_over",
            ),
            (
                FROM_LAYER + "    return keras.Model(start, layers.Dense(units)(start.output))",
                "layer_for_input",
            ),
            (
                FROM_LAYER + "    return keras.Model(start.output, layers.Dense(units))",
                "layer_for_tensor",
            ),
            (
                FROM_LAYER + "    return keras.Model(start.output, layers.Dense(units)(start()))",
                "input_layer_called",
            ),
            (FROM_LAYER + "    return layers.Dense(units)(start.output)", "tensor_for_model"),
            (
                FROM_LAYER + "    x = keras.Input(start.batch_shape[1:])\n"
                "    return keras.Model(x, layers.Dense(units)(x))",
                "inputs_unnamed",
            ),
            (
                FROM_LAYER + "    x = layers.InputLayer(shape=(4,), name=start.name).output\n"
                "    return keras.Model(x, layers.Dense(units)(x))",
                "input_changed",
            ),
            (
                FROM_LAYER + "    return keras.Sequential([start, layers.Dense(units)])",
                "other_kind",
            ),
            (
                FROM_LAYER + "    x = start.output\n"
                "    return keras.Model(x, layers.Dense(units, activation='relu')(x))",
                "activation_added",
            ),
            (
                FROM_LAYER + "    x = keras.Input((4,))\n"
                "    return keras.Model(start.output, layers.Dense(units)(x))",
                "ends_apart",
            ),
            (
                FROM_LAYER + "    x = start.output\n"
                "    return keras.Model(x, layers.Dense(units + 1)(x))",
                "output_shape",
            ),
        ],
    ),
    "three_spellings": Exercise(
        right=[
            SPELLINGS + "    n(np.zeros((1, features)))\n" + COPIED + "    return f, s, n",
            SPELLINGS + "    n.build((None, features))\n" + COPIED + "    return [f, s, n]",
            "def three_spellings(features, hidden, outputs):\n"
            "    first, last = layers.Dense(hidden, activation='relu'), layers.Dense(outputs)\n"
            "    i = keras.Input((features,))\n"
            "    f = keras.Model(i, last(first(i)))\n"
            "    return f, keras.Sequential([i, first, last]), keras.Sequential([first, last])",
            "def three_spellings(features, hidden, outputs):\n"
            "    def make(start):\n"
            "        keras.utils.set_random_seed(3)\n"
            "        return keras.Sequential([*start, layers.Dense(hidden), layers.ReLU(),\n"
            "                                 layers.Dense(outputs)])\n"
            "    i = keras.Input((features,))\n"
            "    one, two = make([i]), make([layers.InputLayer(shape=(features,))])\n"
            "    keras.utils.set_random_seed(3)\n"
            "    three = keras.Sequential([layers.Dense(hidden, 'relu'), layers.Dense(outputs)])\n"
            "    three.build((None, features))\n"
            "    return keras.Model(i, one(i)), two, three",
        ],
        wrong=[
            (
                SPELLINGS + "    n = keras.Sequential([f])\n"
                "    s.set_weights(f.get_weights())\n"
                "    return f, s, n",
                "input_left_inside",
            ),
            (
                SPELLINGS + "    first = layers.Dense(hidden, 'relu', input_shape=(features,))\n"
                "    n = keras.Sequential([first, layers.Dense(outputs)])\n"
                + COPIED
                + "    return f, s, n",
                "input_shape_on_layer",
            ),
            (
                SPELLINGS + "    n(np.ones((2, hidden)))\n" + COPIED + "    return f, s, n",
                "weights_of_another_width",
            ),
            (
                SPELLINGS + "    n(np.ones((2, features)))\n"
                "    for mine, other in zip(s.layers, f.layers):\n"
                "        mine.set_weights(other.get_weights())\n"
                "    return f, s, n",
                "places_shifted",
            ),
            (SPELLINGS + COPIED + "    return f, s, n", "not_built"),
            (
                SPELLINGS + "    n(np.zeros((1, features)))\n    return f, s, n",
                "same_layers_same_function",
            ),
            (
                SPELLINGS + "    s.set_weights(f.get_weights())\n    return f, s, n",
                "not_built",
            ),
            (
                SPELLINGS + "    n(np.zeros((1, features)))\n" + COPIED + "    return s, f, n",
                "other_kind",
            ),
            (
                SPELLINGS + "    n = keras.models.clone_model(f)\n" + COPIED + "    return f, s, n",
                "other_kind",
            ),
            (
                SPELLINGS + "    n.build((features,))\n" + COPIED + "    return f, s, n",
                "batch_axis_missing",
            ),
            (
                SPELLINGS + "    n.build((features, 1))\n" + COPIED + "    return f, s, n",
                "weights_of_another_width",
            ),
            (SPELLINGS + "    return f, f, f", "one_model_twice"),
            (SPELLINGS + "    return f, s", "form"),
            (
                SPELLINGS.replace(", activation='relu'", "")
                + "    n(np.zeros((1, features)))\n"
                + COPIED
                + "    return f, s, n",
                "activation_missing",
            ),
            (
                SPELLINGS.replace("f = keras.Model(i, b(a(i)))", "f = b(a(i))")
                + "    return f, s, n",
                "tensor_for_model",
            ),
            (
                SPELLINGS.replace("layers.Dense(outputs)", "layers.Dense(outputs, 'relu')")
                + "    n(np.zeros((1, features)))\n"
                + COPIED
                + "    return f, s, n",
                "activation_added",
            ),
        ],
    ),
    "functional_layers": Exercise(
        right=[
            "functional_layers = ['InputLayer', 'Dense', 'Flatten']",
            "functional_layers = ('InputLayer', 'Dense', 'Flatten')",
        ],
        wrong=[
            ('functional_layers = ["InputLayer", "Reshape", "Dense"]', "no_such_layer"),
            (
                'functional_layers = ["Functional", "InputLayer", "Dense", "Flatten"]',
                "model_listed",
            ),
            ('functional_layers = ["Flatten", "Dense", "InputLayer"]', "read_from_the_left"),
            (
                "functional_layers = ['InputLayer', 'Dense', 'Flatten', 'Functional']",
                "model_listed",
            ),
            ("functional_layers = ['InputLayer', 'Dense']", "weights_and_input_listed"),
            ("functional_layers = ['Dense', 'Flatten']", "input_layer_hidden"),
            ("functional_layers = ['Input', 'Dense', 'Flatten']", "input_is_a_layer_class"),
            ("functional_layers = ['KerasTensor', 'Dense', 'Flatten']", "tensor_listed"),
            ("functional_layers = ['Dense']", "only_weights_are_layers"),
            ("functional_layers = ['InputLayer', 'Flatten', 'Dense']", "read_from_the_left"),
            ("functional_layers = ['input_layer', 'dense', 'flatten']", "names_for_classes"),
            ("functional_layers = ['Flatten', 'Dense']", "layers_from_the_left"),
            ("functional_layers = ['Input', 'Flatten', 'Dense']", "input_from_the_left"),
            ("functional_layers = 'InputLayer, Dense, Flatten'", "form"),
        ],
    ),
    "sequential_layers": Exercise(
        right=[
            "sequential_layers = ['Flatten', 'Dense', 'ReLU']",
            "sequential_layers = ('Flatten', 'Dense', 'ReLU')",
        ],
        wrong=[
            ('sequential_layers = ["Dense", "Flatten", "ReLU"]', "names_in_another_order"),
            ("sequential_layers = ['Flatten', 'Dense']", "activation_not_listed"),
            ("sequential_layers = ['Flatten', 'Dense', 'Activation']", "activations_of_one_class"),
            ("sequential_layers = ['Flatten', 'Dense', 'relu']", "activation_for_layer"),
            (
                "sequential_layers = ['InputLayer', 'Flatten', 'Dense', 'ReLU']",
                "input_layer_listed",
            ),
            ("sequential_layers = ['Input', 'Flatten', 'Dense', 'ReLU']", "input_is_a_layer_class"),
            ("sequential_layers = ['KerasTensor', 'Flatten', 'Dense', 'ReLU']", "tensor_listed"),
            ("sequential_layers = ['Dense']", "only_weights_are_layers"),
            ("sequential_layers = ['Dense', 'ReLU']", "preparation_not_listed"),
            ("sequential_layers = 3", "form"),
        ],
    ),
    "modern": Exercise(
        right=[
            MODERN
            + "    return keras.Sequential([keras.Input((rows, columns)), layers.Flatten(),\n"
            "                             layers.Dense(units, activation='relu')])",
            MODERN + "    i = keras.Input(shape=(rows, columns))\n"
            "    return keras.Model(i, layers.Dense(units, 'relu')(layers.Flatten()(i)))",
            MODERN + "    return keras.Sequential([layers.InputLayer(shape=(rows, columns)),\n"
            "        layers.Reshape((rows * columns,)), layers.Dense(units), layers.ReLU()])",
            MODERN
            + "    model = keras.Sequential([layers.Flatten(), layers.Dense(units, 'relu')])\n"
            "    model.build((None, rows, columns))\n"
            "    return model",
        ],
        wrong=[
            (
                "def modern(rows, columns, units):\n"
                "    return keras.Sequential([keras.Input((rows, columns)), "
                "layers.Flatten(), layers.Dense(rows * columns, units, "
                "activation='relu')])",
                "argument_given_twice",
            ),
            (
                MODERN + "    return warned(lambda: old(rows, columns, units))",
                "input_shape_on_input_layer",
            ),
            (
                MODERN + "    return keras.Sequential([\n"
                "        layers.Flatten(input_shape=(rows, columns)),\n"
                "        layers.Dense(units, 'relu')])",
                "input_shape_on_layer",
            ),
            (
                MODERN + "    return keras.Sequential([layers.Flatten(),\n"
                "                             layers.Dense(units, activation='relu')])",
                "not_built",
            ),
            (
                MODERN + "    return keras.Sequential([keras.Input((rows * columns,)),\n"
                "        layers.Flatten(), layers.Dense(units, activation='relu')])",
                "unrolled_shape_declared",
            ),
            (
                MODERN + "    return keras.Sequential([keras.Input((rows, columns)),\n"
                "        keras.Input((rows, columns)), layers.Flatten(), layers.Dense(units)])",
                "several_inputs",
            ),
            (
                MODERN + "    return keras.Sequential([keras.Input((rows, columns)),\n"
                "        layers.Flatten(), layers.Dense(units)])",
                "activation_missing",
            ),
            (
                MODERN + "    return keras.Sequential([keras.Input((rows, columns)),\n"
                "        layers.Dense(units, activation='relu')])",
                "flatten_missing",
            ),
            (
                MODERN + "    return keras.Sequential([keras.Input((None, rows, columns)),\n"
                "        layers.Flatten(), layers.Dense(units, activation='relu')])",
                "batch_written_by_hand",
            ),
            (
                MODERN + "    return keras.Sequential([keras.Input(input_shape=(rows, columns)),\n"
                "        layers.Flatten(), layers.Dense(units, activation='relu')])",
                "argument_not_taken",
            ),
        ],
    ),
    "scaled_input": Exercise(
        right=[
            SCALED + "    return keras.Sequential([keras.Input((features,)),\n"
            "        layers.Rescaling(1 / top), layers.Dense(units)])",
            SCALED + "    i = keras.Input((features,))\n"
            "    return keras.Model(i, layers.Dense(units)(layers.Rescaling(scale=1 / top)(i)))",
            SCALED + "    i = keras.Input((features,))\n"
            "    return keras.Model(i, layers.Dense(units)(i / top))",
            SCALED + "    return keras.Sequential([\n"
            "        layers.Rescaling(1 / top, input_shape=(features,)), layers.Dense(units)])",
            SCALED + "    return keras.Sequential([layers.Lambda(lambda x: x / top),\n"
            "                             layers.Dense(units)])",
        ],
        wrong=[
            (
                "def scaled_input(features, top, units):\n"
                "    return keras.Sequential([keras.Input((features,)), "
                "layers.Softmax(), layers.Dense(units)])",
                "pressed_for_scaled",
            ),
            (
                SCALED + "    return keras.Sequential([keras.Input((features,)),\n"
                "        layers.UnitNormalization(), layers.Dense(units)])",
                "shortened_for_scaled",
            ),
            (
                "def scaled_input(features, top, units):\n"
                "    return keras.Sequential([keras.Input((features,)), "
                "layers.Activation('sigmoid'), layers.Dense(units)])",
                "pressed_for_scaled",
            ),
            (
                SCALED + "    return keras.Sequential([keras.Input((features,)),\n"
                "                             layers.Dense(units)])",
                "rescaling_left_out",
            ),
            (
                SCALED + "    return keras.Sequential([keras.Input((features,)),\n"
                "        layers.Rescaling(1 / 255), layers.Dense(units)])",
                "scale_changed",
            ),
            (
                SCALED + "    return keras.Sequential([keras.Input((features,)),\n"
                "        layers.Rescaling(top), layers.Dense(units)])",
                "scale_upside_down",
            ),
            (
                SCALED + "    return keras.Sequential([keras.Input((features,)),\n"
                "        layers.Dense(units), layers.Rescaling(1 / top)])",
                "scaled_too_late",
            ),
            (
                SCALED + "    return keras.Sequential([keras.Input((features,)),\n"
                "        layers.Rescaling(1 / top), layers.Dense(units, 'relu')])",
                "activation_added",
            ),
            (
                SCALED + "    return keras.Sequential([keras.Input((features,)),\n"
                "        layers.BatchNormalization(), layers.Dense(units)])",
                "normalised_by_data",
            ),
            (
                SCALED + "    return keras.Sequential([keras.Input((features,)),\n"
                "        layers.Rescaling(1 // top), layers.Dense(units)])",
                "fraction_dropped",
            ),
            (
                SCALED + "    return keras.Sequential([keras.Input((features,)) / top,\n"
                "                             layers.Dense(units)])",
                "tensor_in_the_list",
            ),
        ],
    ),
    "input_first": Exercise(
        right=[
            FIRST + "    return keras.Sequential([keras.Input((rows, columns)), layers.Flatten(),\n"
            "                             layers.Dense(units)])",
            FIRST + "    i = keras.Input((rows, columns))\n"
            "    return keras.Model(i, layers.Dense(units)(layers.Flatten()(i)))",
            FIRST + "    return keras.Sequential([\n"
            "        layers.Flatten(input_shape=(rows, columns)), layers.Dense(units)])",
            FIRST + "    model = keras.Sequential([layers.Flatten(), layers.Dense(units)])\n"
            "    model(np.zeros((2, rows, columns)))\n"
            "    return model",
        ],
        wrong=[
            (
                "def input_first(rows, columns, units):\n"
                "    flat = keras.Input((rows * columns,))\n"
                "    dense = keras.Model(flat, layers.Dense(units)(flat))\n"
                "    return keras.Sequential([layers.Flatten(), dense])",
                "input_left_inside",
            ),
            (FIRST + "    return broken(rows, columns, units)", "input_not_first"),
            (
                FIRST + "    return keras.Sequential([keras.Input((rows * columns,)),\n"
                "        layers.Flatten(), layers.Dense(units)])",
                "unrolled_shape_declared",
            ),
            (
                FIRST + "    return keras.Sequential([layers.Flatten(), layers.Dense(units)])",
                "not_built",
            ),
            (
                FIRST + "    return keras.Sequential([keras.Input((rows, columns)),\n"
                "        layers.Flatten(), keras.Input((rows * columns,)), layers.Dense(units)])",
                "several_inputs",
            ),
            (
                FIRST + "    return keras.Sequential([keras.Input((rows, columns)),\n"
                "                             layers.Dense(units)])",
                "flatten_missing",
            ),
            (
                FIRST + "    return keras.Sequential([keras.Input((rows, columns)),\n"
                "        layers.Reshape((rows * columns, 1)), layers.Dense(units)])",
                "vector_as_column",
            ),
            (
                FIRST + "    return keras.Sequential([keras.Input((columns, rows)),\n"
                "        layers.Flatten(), layers.Dense(units)])",
                "height_width_swapped",
            ),
            (
                FIRST + "    model = keras.Sequential([layers.Flatten(), layers.Dense(units)])\n"
                "    model.build((rows, columns))\n"
                "    return model",
                "batch_left_out",
            ),
        ],
    ),
    "built_counts": Exercise(
        right=[
            "built_counts = [21, 75]",
            "built_counts = (6 * 3 + 3, 4 * 6 * 3 + 3)",
            "built_counts = np.array([21, 75])",
        ],
        wrong=[
            ("built_counts = [6, 24]", "inputs_counted"),
            ("built_counts = [84, 75]", "built_row_by_row"),
            ("built_counts = [21, 96]", "counted_otherwise"),
            ("built_counts = [28, 100]", "counted_otherwise"),
            ("built_counts = [19, 73]", "one_bias"),
            ("built_counts = [15, 75]", "built_without_last"),
            ("built_counts = [75, 75]", "build_takes_sample"),
            ("built_counts = [21, 3 * (4 + 1)]", "built_without_last"),
            ("built_counts = [21, 4 * 21]", "built_row_by_row"),
            ("built_counts = [0, 0]", "nothing_built"),
            ("built_counts = ['ValueError', 75]", "missing_batch_noticed"),
            ("built_counts = [21, 'ValueError']", "open_batch_refused"),
            ("built_counts = [18, 72]", "bias_forgotten"),
            ("built_counts = [21, 21]", "batch_axis_ignored"),
            ("built_counts = [7, 25]", "units_share_weights"),
            ("built_counts = [21, None]", "form"),
        ],
    ),
}
