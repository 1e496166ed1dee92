"""Right answers and known mistakes for every exercise of the lesson on sequences and inputs.

A wrong answer stands with the codes that its verdict must name.
"""

from autograder.answers import Exercise

# What the answers about inner layers, and about two branches, have in common.
INNER = "def inner_features(model, name):\n"
BRANCHES = (
    "def two_branches(height, width, facts):\n"
    "    image = keras.Input((height, width, 1), name='image')\n"
    "    more = keras.Input((facts,), name='facts')\n"
)

EXERCISES = {
    "lstm_params": Exercise(
        right=["lstm_params = 680", "lstm_params = 4 * 10 * (6 + 10 + 1)"],
        wrong=[
            ("lstm_params = 4*10*(6+10+2)", "two_biases"),
            ("lstm_params = 4*10*(50*6+10+1)", "sequence_unrolled"),
            ("lstm_params = 4*10*(6+1+1)", "one_weight_for_memory"),
            ("lstm_params = 170", "one_gate"),
            ("lstm_params = 510", "three_gates"),
            ("lstm_params = 540", "lstm_as_gru"),
            ("lstm_params = 640", "bias_forgotten"),
            ("lstm_params = 280", "memory_forgotten"),
            ("lstm_params = 650", "gates_share_bias"),
            ("lstm_params = 34000", "weights_per_step"),
            ("lstm_params = 33", "other_layer"),
            ("lstm_params = 713", "whole_model"),
            ("lstm_params = 2440", "steps_for_features"),
            ("lstm_params = 408", "units_for_features"),
            ("lstm_params = 4 * (10 * (6 + 10) + 1)", "bias_for_each_gate"),
            ("lstm_params = 4 * (6 + 10 + 1)", "one_unit_counted"),
            ("lstm_params = 4 * 10 * (6 + 20 + 1)", "both_states_weighed"),
        ],
    ),
    "step_shapes": Exercise(
        right=[
            "step_shapes = [(None, 50, 16), (None, 50, 3), (None, 8)]",
            "step_shapes = ([None, 50, 16], [None, 50, 3], [None, 8])",
        ],
        wrong=[
            ("step_shapes = [(None, 50, 16), (None, 50, 3), (None, 1, 8)]", "last_step_keeps_axis"),
            (
                "step_shapes = [(None, 50, 6, 16), (None, 50, 6, 3), (None, 8)]",
                "recurrent_on_each_feature",
            ),
            ("step_shapes = [(None, 16), (None, 3), (None, 8)]", "sequences_ignored"),
            (
                "step_shapes = [(None, 50, 16), (None, 50, 3), (None, 50, 8)]",
                "sequences_for_granted",
            ),
            ("step_shapes = [(None, 800), (None, 3), (None, 8)]", "steps_flattened"),
            ("step_shapes = [(None, 50, 16), (None, 3), (None, 8)]", "dense_flattens"),
            (
                "step_shapes = [(None, 50, 6), (None, 50, 3), (None, 8)]",
                "recurrent_keeps_features",
            ),
            ("step_shapes = [(None, 16, 6), (None, 16, 3), (None, 8)]", "units_are_steps"),
            ("step_shapes = [(50, 16), (50, 3), (8,)]", "batch_left_out"),
            ("step_shapes = [(None, 50, 64), (None, 50, 3), (None, 32)]", "gates_come_out"),
            (
                "step_shapes = [(None, None, 16), (None, None, 3), (None, 8)]",
                "known_size_left_open",
            ),
        ],
    ),
    "any_length": Exercise(
        right=[
            "def any_length(features, units, classes):\n"
            "    steps = keras.Input((None, features))\n"
            "    x = layers.LSTM(units)(steps)\n"
            "    return keras.Model(steps, layers.Dense(classes, 'softmax')(x))",
            "def any_length(features, units, classes):\n"
            "    return keras.Sequential([\n"
            "        layers.LSTM(units, input_shape=(None, features)),\n"
            "        layers.Dense(classes), layers.Softmax()])",
            "def any_length(features, units, classes):\n"
            "    steps = keras.Input(batch_shape=(None, None, features))\n"
            "    x = layers.LSTM(units, return_sequences=True)(steps)[:, -1]\n"
            "    return keras.Model(steps, layers.Dense(classes, 'softmax')(x))",
            "class Listener(keras.Model):\n"
            "    def __init__(self, features, units, classes):\n"
            "        super().__init__()\n"
            "        self.lstm = layers.LSTM(units)\n"
            "        self.head = layers.Dense(classes, activation='softmax')\n"
            "        self(keras.Input((None, features)))\n"
            "    def call(self, x):\n"
            "        return self.head(self.lstm(x))\n"
            "def any_length(features, units, classes):\n"
            "    return Listener(features, units, classes)",
        ],
        wrong=[
            (
                "def any_length(features, units, classes):\n"
                "    return keras.Sequential([keras.Input((None, features)), "
                "layers.GRU(units), layers.Dense(classes, activation='softmax')])",
                "recurrent_of_another_kind",
            ),
            (
                "def any_length(features, units, classes):\n"
                "    return keras.Sequential([keras.Input((None, features)), "
                "layers.LSTM(units, activation='softmax'), layers.Dense(classes)])",
                "activation_elsewhere",
            ),
            (
                "def any_length(features, units, classes):\n"
                "    return keras.Sequential([keras.Input((None, features)), "
                "layers.LSTM(classes), layers.Dense(units, activation='softmax')])",
                "arguments_exchanged",
            ),
            (
                "def any_length(features, units, classes):\n"
                "    return keras.Sequential([keras.Input((None, units)), "
                "layers.LSTM(features), layers.Dense(classes, activation='softmax')])",
                "arguments_exchanged",
            ),
            (
                "def any_length(features, units, classes):\n"
                "    return keras.Sequential([keras.Input((None, None, features)), "
                "layers.LSTM(units), layers.Dense(classes, activation='softmax')])",
                "batch_written_by_hand",
            ),
            (
                "def any_length(features, units, classes):\n"
                "    return keras.Sequential([keras.Input((None, features)), "
                "layers.Masking(), layers.LSTM(units), layers.Dense(classes, "
                "activation='softmax')])",
                "layer_added",
            ),
            (
                "def any_length(features, units, classes):\n"
                "    return keras.Sequential([keras.Input((None, features)), "
                "layers.LSTM(units, return_sequences=True), "
                "layers.GlobalAveragePooling1D(), layers.Dense(classes, "
                "activation='softmax')])",
                "steps_summed_up",
            ),
            (
                "def any_length(features, units, classes):\n"
                "    return keras.Sequential([\n"
                "        keras.Input((100, features)), layers.LSTM(units),\n"
                "        layers.Dense(classes, 'softmax')])",
                "open_size_fixed",
            ),
            (
                "def any_length(features, units, classes):\n"
                "    return keras.Sequential([\n"
                "        keras.Input((None, None)), layers.LSTM(units),\n"
                "        layers.Dense(classes, 'softmax')])",
                "unknown_width",
            ),
            (
                "def any_length(features, units, classes):\n"
                "    return keras.Sequential([\n"
                "        keras.Input((None, features)),\n"
                "        layers.LSTM(units, return_sequences=True),\n"
                "        layers.Dense(classes, 'softmax')])",
                "sequences_ignored",
            ),
            (
                "def any_length(features, units, classes):\n"
                "    return keras.Sequential([\n"
                "        keras.Input((features,)), layers.LSTM(units),\n"
                "        layers.Dense(classes, 'softmax')])",
                "steps_axis_missing",
            ),
            (
                "def any_length(features, units, classes):\n"
                "    return keras.Sequential([\n"
                "        keras.Input((None, features)), layers.LSTM(units), layers.LSTM(units),\n"
                "        layers.Dense(classes, 'softmax')])",
                "sequences_for_granted",
            ),
            (
                "def any_length(features, units, classes):\n"
                "    return keras.Sequential([\n"
                "        layers.LSTM(units), layers.Dense(classes, 'softmax')])",
                "not_built",
            ),
            (
                "def any_length(features, units, classes):\n"
                "    return keras.Sequential([\n"
                "        keras.Input((None, 5)), layers.LSTM(6), layers.Dense(4, 'softmax')])",
                "argument_ignored",
            ),
            (
                "def any_length(features, units, classes):\n"
                "    return keras.Sequential([\n"
                "        keras.Input((None, features)), layers.LSTM(units),\n"
                "        layers.Dense(classes)])",
                "activation_missing",
            ),
            (
                "def any_length(features, units, classes):\n"
                "    return keras.Sequential([\n"
                "        keras.Input((None, features)), layers.LSTM(units),\n"
                "        layers.Dense(classes, 'sigmoid')])",
                "activation_changed",
            ),
        ],
    ),
    "inner_features": Exercise(
        right=[
            INNER + "    return keras.Model(model.input, model.get_layer(name).output)",
            INNER + "    inner = [x for x in model.layers if x.name == name][0]\n"
            "    return keras.Model(inputs=model.inputs[0], outputs=inner.output)",
            INNER + "    names = [x.name for x in model.layers]\n"
            "    found = model.layers[1:names.index(name) + 1]\n"
            "    return keras.Sequential([keras.Input(model.input_shape[1:]), *found])",
            INNER + "    x = start = keras.Input(model.input_shape[1:])\n"
            "    for layer in model.layers[1:]:\n"
            "        x = layer(x)\n"
            "        if layer.name == name:\n"
            "            return keras.Model(start, x)",
        ],
        wrong=[
            (
                INNER + "    return keras.Model(model.input, model.output)",
                "changed_again",
            ),
            (
                INNER + "    return keras.Model(model.input, model.get_layer(name))",
                "layer_for_tensor",
            ),
            (INNER + "    return model.get_layer(name).output", "tensor_for_model"),
            (INNER + "    return model.get_layer(name)", "no_model"),
            (
                INNER + "    layer = model.get_layer(name)\n"
                "    return keras.Model(layer.input, layer.output)",
                "begins_inside",
            ),
            (
                INNER + "    return keras.Model(model.get_layer(name).output, model.output)",
                "begins_inside",
            ),
            (
                INNER + "    return keras.Model(model.input, model.get_layer(name).input)",
                "ends_elsewhere",
            ),
            (
                INNER + "    return keras.Model(coder.input, coder.get_layer(name).output)",
                "argument_unused",
            ),
            (
                INNER + "    return keras.Model(keras.Input((9,)), model.get_layer(name).output)",
                "ends_apart",
            ),
            (
                INNER + "    copy = keras.models.clone_model(model)\n"
                "    return keras.Model(copy.input, copy.get_layer(name).output)",
                "made_anew",
            ),
            (INNER + "    return keras.Model(numbers, wider)", "argument_unused"),
            (INNER + "    return keras.Model(model.input, name)", "no_tensor_for_output"),
        ],
    ),
    "two_branches": Exercise(
        right=[
            BRANCHES + "    x = layers.Concatenate()([layers.Flatten()(image), more])\n"
            "    return keras.Model([image, more], layers.Dense(2)(x))",
            BRANCHES + "    x = layers.concatenate([layers.Reshape((-1,))(image), more], axis=1)\n"
            "    return keras.Model({'image': image, 'facts': more}, layers.Dense(2)(x))",
            BRANCHES + "    x = layers.Concatenate()([layers.Flatten()(image), more])\n"
            "    return keras.Model([more, image], layers.Dense(2)(x))",
        ],
        wrong=[
            (
                "def two_branches(height, width, facts):\n"
                '    a = keras.Input((height, width, 1), name="image")\n'
                '    b = keras.Input((facts,), name="facts")\n'
                "    x = layers.Concatenate()([b, layers.Flatten()(a)])\n"
                "    return keras.Model([a, b], layers.Dense(2)(x))",
                "joined_in_another_order",
            ),
            (
                "def two_branches(height, width, facts):\n"
                '    a = keras.Input((height, width, 1), name="image")\n'
                '    b = keras.Input((facts,), name="facts")\n'
                "    x = layers.Add()([layers.Flatten()(a), b])\n"
                "    return keras.Model([a, b], layers.Dense(2)(x))",
                "added_for_joined",
            ),
            (
                BRANCHES + "    x = layers.Concatenate()([image, more])\n"
                "    return keras.Model([image, more], layers.Dense(2)(x))",
                "different_ranks_joined",
            ),
            (
                BRANCHES + "    x = layers.Concatenate([layers.Flatten()(image), more])\n"
                "    return keras.Model([image, more], layers.Dense(2)(x))",
                "tensors_when_made",
            ),
            (
                BRANCHES + "    x = layers.Concatenate()([layers.Flatten()(image), more])\n"
                "    return keras.Model(image, more, layers.Dense(2)(x))",
                "inputs_side_by_side",
            ),
            (
                BRANCHES + "    x = layers.Concatenate(axis=0)([layers.Flatten()(image), more])\n"
                "    return keras.Model([image, more], layers.Dense(2)(x))",
                "joined_along_batch",
            ),
            (
                BRANCHES + "    pooled = layers.GlobalAveragePooling2D()(image)\n"
                "    x = layers.Concatenate()([pooled, more])\n"
                "    return keras.Model([image, more], layers.Dense(2)(x))",
                "values_thrown_away",
            ),
            (
                BRANCHES + "    row = layers.Dense(facts)(layers.Flatten()(image))\n"
                "    x = layers.Concatenate()([row, more])\n"
                "    return keras.Model([image, more], layers.Dense(2)(x))",
                "weights_added",
            ),
            (
                BRANCHES + "    x = layers.Concatenate()([layers.Flatten()(image), more])\n"
                "    return keras.Model(image, layers.Dense(2)(x))",
                "input_left_out",
            ),
            (
                "def two_branches(height, width, facts):\n"
                "    image, more = keras.Input((height, width, 1)), keras.Input((facts,))\n"
                "    x = layers.Concatenate()([layers.Flatten()(image), more])\n"
                "    return keras.Model([image, more], layers.Dense(2)(x))",
                "inputs_unnamed",
            ),
            (
                BRANCHES.replace("'image'", "'x'")
                .replace("'facts'", "'image'")
                .replace("'x'", "'facts'")
                + "    x = layers.Concatenate()([layers.Flatten()(image), more])\n"
                "    return keras.Model([image, more], layers.Dense(2)(x))",
                "names_exchanged",
            ),
            (
                BRANCHES.replace("width, 1)", "width, 3)")
                + "    x = layers.Concatenate()([layers.Flatten()(image), more])\n"
                "    return keras.Model([image, more], layers.Dense(2)(x))",
                "channels_of_another_picture",
            ),
            (
                BRANCHES + "    ends = [layers.Dense(2)(layers.Flatten()(image)), "
                "layers.Dense(2)(more)]\n"
                "    return keras.Model([image, more], ends)",
                "outputs_apart",
            ),
            (
                BRANCHES.replace("width, 1)", "width)")
                + "    x = layers.Concatenate()([layers.Flatten()(image), more])\n"
                "    return keras.Model([image, more], layers.Dense(2)(x))",
                "channel_axis_missing",
            ),
            (
                BRANCHES + "    x = layers.Concatenate()(layers.Flatten()(image), more)\n"
                "    return keras.Model([image, more], layers.Dense(2)(x))",
                "list_forgotten",
            ),
            (
                BRANCHES + "    x = layers.Concatenate()([layers.Flatten()(image), more])\n"
                "    return keras.Model([image, more], layers.Dense(2, 'relu')(x))",
                "activation_added",
            ),
        ],
    ),
}
