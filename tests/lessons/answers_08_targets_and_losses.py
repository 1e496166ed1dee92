"""Right answers and known mistakes for every exercise of the lesson on targets and losses.

A wrong answer stands with the code that its verdict must name.
"""

from autograder.answers import Exercise

ONE_HOT = "def one_hot(kinds, classes):\n    return "
NUMBERS = "def class_numbers(labels):\n    return "
ONE_UNIT = "def as_one_unit(kernel, bias):\n    return "
MASKS = "def mask_targets(masks):\n    return "
ENTROPY = "def cross_entropy(shares, kinds):\n    return "
TRUE = "shares[np.arange(len(kinds)), kinds]"
STEPS = "def step_weights(lengths, steps):\n    return "
CLASSES = "def class_weights(kinds, classes):\n    n = np.bincount(kinds)\n    return "
GUARD = "def kinds_guard(model, x, y):\n"

SEEN = (
    "def two_answers(features, kinds):\n"
    "    start = keras.Input((features,))\n"
    "    seen = layers.Dense(8, activation='relu')(start)\n"
)
KIND = "layers.Dense(kinds, activation='softmax')(seen)"


def two(kind=KIND, mass="layers.Dense(1)(seen)"):
    """Return the source of a function that returns a model with these two outputs."""
    return f"{SEEN}    return keras.Model(start, {{'kind': {kind}, 'mass': {mass}}})"


def guard(*conditions, then="raise ValueError('labels')"):
    """Return the source of a guard that does something where one of the conditions holds."""
    lines = [f"    if {condition}:\n        {then}\n" for condition in conditions]
    return GUARD + "".join(lines) + "    return True"


AXES, COUNT = "y.ndim != 1", "len(x) != len(y)"
BELOW, ABOVE = "y.min() < 0", "y.max() >= model.output_shape[-1]"
WHOLE = "np.any(y % 1 != 0)"

EXERCISES = {
    "fitting": Exercise(
        right=[
            "fitting = ['trains', 'ValueError', 'ValueError', 'trains', 'trains', 'trains']",
            "fitting = ('trains', *['ValueError'] * 2, *['trains'] * 3)",
        ],
        wrong=[
            (
                "fitting = ['trains', *['InvalidArgumentError'] * 2, *['trains'] * 3]",
                "clash_of_another_name",
            ),
            ("fitting = ['trains'] * 6", "everything_broadcasts"),
            ("fitting = ['trains', *['TypeError'] * 2, *['trains'] * 3]", "other_error"),
            (
                "fitting = ['ValueError', 'trains', 'trains', 'ValueError', 'trains', 'trains']",
                "sparse_means_one_hot",
            ),
            (
                "fitting = ['trains', 'ValueError', 'ValueError', 'trains', 'trains',"
                " 'ValueError']",
                "single_output_protected",
            ),
            (
                "fitting = ['trains', 'ValueError', 'ValueError', 'trains', 'ValueError',"
                " 'trains']",
                "same_axes_wanted",
            ),
            (
                "fitting = ['ValueError', 'trains', 'ValueError', 'trains', 'ValueError',"
                " 'trains']",
                "same_axes_wanted",
            ),
            (
                "fitting = ['ValueError', 'trains', 'ValueError', 'trains', 'ValueError',"
                " 'ValueError']",
                "loss_compares_shapes",
            ),
            ("fitting = [True, False, False, True, True, True]", "form"),
        ],
    ),
    "one_hot": Exercise(
        right=[
            ONE_HOT + "keras.utils.to_categorical(kinds, classes)",
            ONE_HOT + "np.eye(classes)[kinds]",
            ONE_HOT + "keras.ops.one_hot(kinds, classes)",
            ONE_HOT + "np.array([[float(k == c) for c in range(classes)] for k in kinds])",
        ],
        wrong=[
            (ONE_HOT + "np.eye(classes)[kinds] * np.arange(classes)", "class_for_one"),
            (
                ONE_HOT + "np.tile(np.eye(classes)[kinds].max(0), (len(kinds), 1))",
                "every_row_marked",
            ),
            (ONE_HOT + "keras.utils.to_categorical(kinds)", "classes_taken_from_data"),
            (ONE_HOT + "np.eye(classes)[:, kinds]", "samples_in_columns"),
            (ONE_HOT + "np.eye(classes)[kinds - 1]", "classes_from_one"),
            (ONE_HOT + "kinds.reshape(-1, 1)", "column_for_one_hot"),
            (ONE_HOT + "1.0 * (np.arange(classes) <= kinds[:, None])", "marked_up_to_the_class"),
        ],
    ),
    "class_numbers": Exercise(
        right=[
            NUMBERS + "np.unique(labels, return_inverse=True)[1]",
            NUMBERS + "np.searchsorted(np.unique(labels), labels)",
            "def class_numbers(labels):\n"
            "    place = {label: i for i, label in enumerate(sorted(set(labels)))}\n"
            "    return np.array([place[label] for label in labels])",
        ],
        wrong=[
            (
                NUMBERS + "np.array([sorted(labels.tolist()).index(x) for x in labels.tolist()])",
                "equal_labels_counted",
            ),
            (
                NUMBERS
                + "len(set(labels.tolist())) - 1 - np.unique(labels, return_inverse=True)[1]",
                "largest_label_first",
            ),
            (
                NUMBERS + "(labels[:, None] == np.unique(labels)).astype(float)",
                "rows_for_class_numbers",
            ),
            (NUMBERS + "np.unique(labels, return_counts=True)[1]", "samples_lost"),
            (
                "def class_numbers(labels):\n    return np.unique(labels, return_inverse=True)",
                "more_returned",
            ),
            (NUMBERS + "labels - 1", "one_subtracted"),
            (NUMBERS + "labels - labels.min()", "smallest_subtracted"),
            (
                "def class_numbers(labels):\n"
                "    place = {}\n"
                "    return np.array([place.setdefault(x, len(place)) for x in labels])",
                "numbered_as_they_come",
            ),
            (NUMBERS + "np.unique(labels)", "classes_for_samples"),
            (NUMBERS + "np.argsort(labels)", "sorting_order_returned"),
            (NUMBERS + "np.unique(labels, return_inverse=True)[1] + 1", "classes_from_one"),
        ],
    ),
    "lone_share": Exercise(
        right=[
            "lone_share = [[1.0], [1.0], [1.0], [1.0]]",
            "lone_share = ((1,),) * 4",
        ],
        wrong=[
            ("lone_share = [1.0, 1.0, 1.0, 1.0]", "axis_of_one"),
            ("lone_share = [[0.0], [0.0], [0.0], [0.0]]", "softmax_leaves_one_alone"),
            ("lone_share = [[0.5], [0.5], [0.5], [0.5]]", "softmax_as_sigmoid"),
            ("lone_share = [[0.25], [0.25], [0.25], [0.25]]", "softmax_over_the_batch"),
            ("lone_share = 'error'", "softmax_of_one_refused"),
            ("lone_share = 1.0", "form"),
        ],
    ),
    "as_one_unit": Exercise(
        right=[
            ONE_UNIT + "kernel[:, 1:] - kernel[:, :1], bias[1:] - bias[:1]",
            ONE_UNIT + "np.diff(kernel, axis=1), np.diff(bias)",
            ONE_UNIT + "[kernel @ [[-1], [1]], bias @ [[-1], [1]]]",
        ],
        wrong=[
            (
                ONE_UNIT + "kernel.mean(1, keepdims=True), bias.mean(keepdims=True)",
                "units_averaged",
            ),
            (ONE_UNIT + "np.diff(kernel) / 2, np.diff(bias) / 2", "difference_halved"),
            (ONE_UNIT + "kernel[:, 1:] / kernel[:, :1], bias[1:] / bias[:1]", "scores_divided"),
            (ONE_UNIT + "kernel[:, :1] - kernel[:, 1:], bias[:1] - bias[1:]", "other_class_shown"),
            (ONE_UNIT + "kernel[:, 1:], bias[1:]", "one_unit_taken"),
            (ONE_UNIT + "np.diff(kernel, axis=1), bias[1:]", "one_bias_taken"),
            (ONE_UNIT + "kernel[:, 1:], np.diff(bias)", "one_column_taken"),
            (ONE_UNIT + "kernel.sum(1, keepdims=True), bias.sum(keepdims=True)", "units_added"),
            (ONE_UNIT + "kernel[:, 1] - kernel[:, 0], bias[1:] - bias[:1]", "units_axis_lost"),
            (ONE_UNIT + "kernel[:, 1] - kernel[:, 0], bias[1] - bias[0]", "units_axis_lost"),
            (ONE_UNIT + "np.diff(kernel, axis=1), bias[1] - bias[0]", "units_axis_lost"),
            (ONE_UNIT + "np.diff(kernel, axis=1)", "weight_shapes"),
            (ONE_UNIT + "kernel, bias", "weight_shapes"),
        ],
    ),
    "two_answers": Exercise(
        right=[
            two(),
            "def two_answers(features, kinds):\n"
            "    start = keras.Input((features,))\n"
            "    weigh, sort = layers.Dense(1), layers.Dense(kinds)\n"
            "    seen = layers.ReLU()(layers.Dense(8)(start))\n"
            "    mass = weigh(seen)\n"
            "    kind = layers.Softmax()(sort(seen))\n"
            "    return keras.Model(start, dict(mass=mass, kind=kind))",
        ],
        wrong=[
            (
                "def two_answers(features, kinds):\n"
                "    start = keras.Input((features,))\n"
                "    x = layers.Dense(8, activation='relu')(start)\n"
                "    return keras.Model(start, {'mass': layers.Dense(kinds, "
                "activation='softmax')(x), 'kind': layers.Dense(1)(x)})",
                "names_exchanged",
            ),
            (
                SEEN + f"    return keras.Model(start, [{KIND}, layers.Dense(1)(seen)])",
                "outputs_unnamed",
            ),
            (
                two().replace("'mass':", "'masses':"),
                "other_names",
            ),
            (SEEN + f"    return keras.Model(start, {{'kind': {KIND}}})", "output_left_out"),
            (two(kind="layers.Dense(kinds)(seen)"), "activation_missing"),
            (two(mass="layers.Dense(1, activation='relu')(seen)"), "activation_added"),
            (two(mass="layers.Dense(kinds)(seen)"), "output_shape"),
            (
                two(kind=KIND.replace("softmax", "sigmoid")),
                "activation_changed",
            ),
            (SEEN + f"    return {{'kind': {KIND}, 'mass': layers.Dense(1)(seen)}}", "no_model"),
        ],
    ),
    "mask_targets": Exercise(
        right=[
            MASKS + "masks[..., None] / 255",
            MASKS + "np.expand_dims(masks > 127, -1).astype('float32')",
            MASKS + "(masks == 255).reshape(*masks.shape, 1)",
        ],
        wrong=[
            (MASKS + "(masks == 0)[..., None]", "black_for_yes"),
            (MASKS + "(masks > 0).any(axis=(1, 2))[:, None]", "one_answer_a_picture"),
            (
                "def mask_targets(masks):\n    return masks[..., None] / 127.5 - 1",
                "black_made_negative",
            ),
            (MASKS + "masks / 255", "channel_axis_left_out"),
            (MASKS + "masks[:, None] / 255", "channel_axis_second"),
            (MASKS + "masks[..., None]", "white_left_at_255"),
            (MASKS + "keras.utils.to_categorical(masks // 255, 2)", "two_places_a_pixel"),
            (MASKS + "masks.reshape(len(masks), -1) / 255", "mask_unrolled"),
        ],
    ),
    "loss_shapes": Exercise(
        right=[
            "loss_shapes = [(6,), (6, 5), (4, 7), (2, 6, 9)]",
            "loss_shapes = ([6], [6, 5], [4, 7], [2, 6, 9])",
        ],
        wrong=[
            (
                "loss_shapes = [(6, 3), (6, 5, 3), (4, 7, 2), (2, 6, 9, 1)]",
                "loss_keeps_the_outputs",
            ),
            ("loss_shapes = [(6,), (6,), (4,), (2,)]", "one_loss_a_sample"),
            ("loss_shapes = [()] * 4", "one_loss_for_all"),
            ("loss_shapes = [(3,), (5, 3), (7, 2), (6, 9, 1)]", "loss_over_the_samples"),
            ("loss_shapes = [(6, 1), (6, 5, 1), (4, 7, 1), (2, 6, 9, 1)]", "loss_keeps_an_axis"),
            ("loss_shapes = [6, 30, 28, 108]", "form"),
        ],
    ),
    "cross_entropy": Exercise(
        right=[
            ENTROPY + f"-np.log({TRUE}).mean()",
            ENTROPY + "-np.mean([np.log(row[k]) for row, k in zip(shares, kinds)])",
            ENTROPY + "-np.log(np.take_along_axis(shares, kinds[:, None], axis=1)).mean()",
            ENTROPY + "-(np.eye(shares.shape[1])[kinds] * np.log(shares)).sum() / len(kinds)",
        ],
        wrong=[
            (ENTROPY + f"np.mean({TRUE})", "share_for_loss"),
            (ENTROPY + f"-np.log({TRUE}).sum() / shares.shape[1]", "divided_by_classes"),
            (ENTROPY + "-np.log(shares[range(3), kinds]).mean()", "indices_of_two_shapes"),
            (
                "def cross_entropy(shares, kinds):\n"
                "    true = np.eye(shares.shape[1])[kinds]\n"
                "    return -np.mean(np.log(np.where(true, shares, 1 - shares)))",
                "both_sides_counted",
            ),
            (
                "def cross_entropy(shares, kinds):\n    return -np.mean(np.log(shares[kinds]))",
                "rows_for_classes",
            ),
            (
                "def cross_entropy(shares, kinds):\n"
                "    return -np.mean(np.log2(shares[np.arange(len(kinds)), kinds]))",
                "other_logarithm",
            ),
            (
                "def cross_entropy(shares, kinds):\n"
                "    return np.mean(1 - shares[np.arange(len(kinds)), kinds])",
                "rest_for_logarithm",
            ),
            (
                "def cross_entropy(shares, kinds):\n"
                "    e = np.exp(shares); s = e / e.sum(1, keepdims=True)\n"
                "    return -np.mean(np.log(s[np.arange(len(kinds)), kinds]))",
                "softmax_twice",
            ),
            (ENTROPY + "-np.log(shares[:, kinds]).mean()", "all_classes_for_each"),
            (ENTROPY + f"-np.log({TRUE}).sum()", "losses_added_up"),
            (
                ENTROPY + "-(np.eye(shares.shape[1])[kinds] * np.log(shares)).mean()",
                "averaged_over_classes",
            ),
            (ENTROPY + f"np.log({TRUE}).mean()", "sign_forgotten"),
            (ENTROPY + "-np.log(shares.max(axis=-1)).mean()", "largest_for_true"),
            (ENTROPY + f"-np.log({TRUE}.mean())", "logarithm_of_the_mean"),
            (ENTROPY + f"-np.log({TRUE})", "still_apart"),
        ],
    ),
    "step_weights": Exercise(
        right=[
            STEPS + "(np.arange(steps) < lengths[:, None]).astype('float32')",
            STEPS + "np.array([np.arange(steps) < n for n in lengths])",
            STEPS + "np.tril(np.ones((steps + 1, steps)), -1)[lengths]",
        ],
        wrong=[
            (STEPS + "np.arange(steps) == lengths[:, None]", "end_marked"),
            (
                STEPS + "(np.arange(steps) < lengths[:, None]) / np.maximum(1, lengths)[:, None]",
                "weights_shared_out",
            ),
            (
                "def step_weights(lengths, steps):\n"
                "    return (np.arange(1, steps + 1) < lengths[:, None]).astype(float)",
                "one_step_less",
            ),
            (
                "def step_weights(lengths, steps):\n    return np.ones((len(lengths), steps))",
                "filling_counted",
            ),
            (STEPS + "1.0 * (np.arange(steps) <= lengths[:, None])", "one_step_more"),
            (STEPS + "1.0 * (np.arange(steps)[:, None] < lengths)", "steps_before_samples"),
            (STEPS + "1.0 * (np.arange(steps) >= lengths[:, None])", "filling_weighted"),
            (STEPS + "1.0 * (np.arange(steps) >= steps - lengths[:, None])", "filled_in_front"),
            (STEPS + "lengths / steps", "one_weight_a_sample"),
        ],
    ),
    "class_weights": Exercise(
        right=[
            CLASSES + "{c: len(kinds) / (classes * n[c]) for c in range(classes)}",
            CLASSES + "dict(enumerate(n.sum() / classes / n))",
        ],
        wrong=[
            (CLASSES + "dict(enumerate(max(n) / n))", "weights_against_largest"),
            (CLASSES + "dict(enumerate(1 / n / sum(1 / n)))", "class_weights_share_one"),
            (CLASSES + "dict(enumerate(classes / n / sum(1 / n)))", "class_weights_share_classes"),
            (
                "def class_weights(kinds, classes):\n"
                "    return {i: classes * n / len(kinds) for i, n in "
                "enumerate(np.bincount(kinds))}",
                "weights_upside_down",
            ),
            (
                "def class_weights(kinds, classes):\n"
                "    return {i: len(kinds) / classes * n for i, n in "
                "enumerate(np.bincount(kinds))}",
                "divided_then_multiplied",
            ),
            (CLASSES + "{c: n[c] for c in range(classes)}", "counts_as_weights"),
            (CLASSES + "{c: n[c] / len(kinds) for c in range(classes)}", "shares_as_weights"),
            (CLASSES + "{c: 1 / n[c] for c in range(classes)}", "weights_not_scaled"),
            (CLASSES + "{c: len(kinds) / n[c] for c in range(classes)}", "classes_not_shared"),
            (CLASSES + "len(kinds) / (classes * n)", "wrong_value"),
        ],
    ),
    "kinds_guard": Exercise(
        right=[
            guard(AXES, COUNT, WHOLE, BELOW, ABOVE),
            GUARD + "    known = range(model.output_shape[-1])\n"
            "    if y.shape != (len(x),) or not all(label in known for label in y.tolist()):\n"
            "        raise ValueError(f'{y} are no classes of {known}')\n"
            "    return True",
        ],
        wrong=[
            (
                guard(AXES, COUNT, WHOLE, BELOW, "np.all(y >= model.output_shape[-1])"),
                "one_class_in_range_is_enough",
            ),
            (guard(AXES, COUNT, WHOLE, BELOW, ABOVE.replace(">=", ">")), "last_label_let_through"),
            (guard(AXES, COUNT, WHOLE, ABOVE), "negatives_overlooked"),
            (guard(AXES, COUNT, BELOW, ABOVE), "fractions_let_through"),
            (guard(COUNT, WHOLE, BELOW, ABOVE), "rows_let_through"),
            (guard(AXES, WHOLE, BELOW, ABOVE), "sample_counts_ignored"),
            (
                GUARD + "    known = np.arange(model.output_shape[-1])\n"
                "    return y.shape == (len(x),) and np.all(np.isin(y, known))",
                "refusal_returned",
            ),
            (
                guard(AXES, COUNT, "y.dtype.kind == 'f'", BELOW, ABOVE),
                "floats_refused",
            ),
            (
                guard(AXES, COUNT, WHOLE, BELOW, ABOVE, then="raise AssertionError"),
                "assertion_for_error",
            ),
            (guard(AXES, COUNT, WHOLE, BELOW, ABOVE, then="raise ValueError"), "no_reason_given"),
            (GUARD + "    model(x)\n    return True", "keras_will_notice"),
            (guard(AXES, COUNT, WHOLE, BELOW, "y.max() >= len(x)"), "classes_counted_by_samples"),
            (
                guard(AXES, COUNT, WHOLE, "y.min() < 1", ABOVE.replace(">=", ">")),
                "classes_counted_from_one",
            ),
            (
                guard(AXES, COUNT, WHOLE, BELOW, "len(np.unique(y)) != model.output_shape[-1]"),
                "every_class_must_occur",
            ),
            (guard("y.ndim != 2", COUNT, WHOLE, BELOW, ABOVE), "axes_as_outputs"),
            (guard("True"), "refuses_everything"),
        ],
    ),
}
