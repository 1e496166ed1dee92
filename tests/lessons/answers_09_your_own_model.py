"""Right answers and known mistakes for every exercise of the lesson on one's own model.

A wrong answer stands with the code that its verdict must name.
"""

from autograder.answers import Exercise

SPLIT = "def split(table):\n    return "
READY = "def ready(picture):\n"
COLOURED = READY + "    if picture.ndim == 2:\n        picture = np.stack([picture] * 3, axis=-1)\n"
SIZE = "def padded_size(size, times):\n    return "
SHARES = "def masked_shares(scores, is_there):\n"

UNET = (
    "def small_unet(height, width):\n"
    "    start = keras.Input((height, width, 1))\n"
    "    wide = layers.Conv2D(4, 3, padding='same', activation='relu')(start)\n"
    "    deep = layers.MaxPooling2D()(wide)\n"
    "    deep = layers.Conv2D(8, 3, padding='same', activation='relu')(deep)\n"
    "    up = layers.UpSampling2D()(deep)\n"
)
SIZED = "    up = layers.Resizing(height, width)(up)\n"
MET = (
    "    met = layers.Concatenate()([wide, up])\n"
    "    return keras.Model(start, layers.Conv2D(1, 1, activation='sigmoid')(met))"
)

GREY = "    start = keras.Input((height, width, 1))\n"
THREE = "    x = layers.Concatenate()([start, start, start])\n"
FITTED = "    x = layers.Resizing(32, 32)(x)\n"
HEAD = (
    "    x = layers.GlobalAveragePooling2D()(base()(x))\n"
    "    return keras.Model(start, layers.Dense(classes, activation='softmax')(x))"
)


def adapted(*lines):
    """Return the source of a function that returns a model of these lines."""
    return "def adapted(height, width, classes):\n" + "".join(lines)


def own(stack="layers.Dense(1)", x="np.ones((6, 3))", y="np.ones((6, 1))", loss="mse"):
    """Return the source of a function that gives a model with its data."""
    return (
        "def own_model():\n"
        f"    model = keras.Sequential([keras.Input((3,)), {stack}])\n"
        f"    return model, {x}, {y}, '{loss}'"
    )


# What the answers about another size, and about sentences, begin with.
OTHER = (
    "def for_size(model, height, width):\n"
    "    start = keras.Input((height, width, model.input_shape[-1]))\n"
)
ROWS = "def filled(sentences, steps):\n"
PADDED = ROWS + "    return keras.utils.pad_sequences(sentences, maxlen=steps{})"

SPARSE = "sparse_categorical_crossentropy"
LOGITS = "keras.losses.SparseCategoricalCrossentropy(from_logits=True)"

EXERCISES = {
    "split": Exercise(
        right=[
            SPLIT + "table[:, :-1], table[:, -1:]",
            SPLIT + "[np.delete(table, -1, axis=1), table[:, -1].reshape(-1, 1)]",
        ],
        wrong=[
            ("def split(table):\n    return table[:, -1:], table[:, :-1]", "numbers_swapped"),
            ("def split(table):\n    return table[:, :-2], table[:, -1:]", "part_of_it"),
            (SPLIT + "table[:, :-1], table[:, -1]", "target_without_axis"),
            (SPLIT + "table, table[:, -1:]", "target_among_features"),
            (SPLIT + "table[:, 1:], table[:, :1]", "first_column_for_target"),
            (SPLIT + "table[:-1], table[-1:]", "lines_for_columns"),
            (SPLIT + "table[:, :-1]", "part_of_it"),
        ],
    ),
    "ready": Exercise(
        right=[
            READY + "    if picture.ndim == 2:\n"
            "        picture = np.repeat(picture[..., None], 3, axis=2)\n"
            "    return np.expand_dims(picture[:, :, :3], 0) / 255.0",
            READY + "    deep = np.atleast_3d(picture)[..., :3].astype('float32') / 255\n"
            "    return np.broadcast_to(deep, (1, *deep.shape[:2], 3))",
        ],
        wrong=[
            (
                READY + "    p = np.stack([picture] * 3) if picture.ndim == 2 else picture\n"
                "    return p[None, ..., :3] / 255",
                "channels_stacked_in_front",
            ),
            (READY + "    return picture[None, ..., :3] / 255", "grey_has_channels"),
            (
                READY + "    p = np.dstack([picture] * 3) if picture.ndim == 2 else picture\n"
                "    return p[None, ..., :3] // 255",
                "fractions_of_pixels_dropped",
            ),
            (
                "def ready(picture):\n"
                "    p = np.stack([picture] * 3, axis=-1) if picture.ndim == 2 else "
                "picture[..., :3]\n"
                "    return p[None] / 127.5 - 1",
                "pixels_from_minus_one",
            ),
            (
                READY + "    if picture.ndim == 2:\n"
                "        picture = np.stack([picture] * 3, axis=-1)\n"
                "    return picture[..., :3] / 255",
                "picture_without_batch",
            ),
            (
                READY + "    if picture.ndim == 2:\n"
                "        picture = np.stack([picture] * 3, axis=-1)\n"
                "    return picture[None] / 255",
                "transparency_kept",
            ),
            (
                READY + "    if picture.ndim == 2:\n"
                "        picture = picture[..., None]\n"
                "    return picture[None, ..., :3] / 255",
                "one_channel_for_three",
            ),
            (
                READY + "    if picture.ndim == 2:\n"
                "        picture = np.stack([picture] * 3, axis=-1)\n"
                "    return picture[None, ..., :3]",
                "pixels_left_at_255",
            ),
            (
                READY + "    if picture.ndim == 2:\n"
                "        picture = np.stack([picture] * 3, axis=-1)\n"
                "    return picture[..., :3].transpose(2, 0, 1)[None] / 255",
                "channels_behind_batch",
            ),
            (
                COLOURED + "    if picture.shape[-1] == 4:\n"
                "        picture = picture[..., 1:]\n"
                "    return picture[None] / 255",
                "first_channel_dropped",
            ),
            (
                COLOURED + "    return picture[None, ..., :3] / picture.max()",
                "scaled_by_its_largest",
            ),
            (COLOURED + "    return picture[None, ..., :3] / 256", "levels_for_largest"),
            (
                COLOURED + "    picture = picture / 255\n"
                "    if picture.shape[-1] == 4:\n"
                "        picture = picture[..., :3] * picture[..., 3:]\n"
                "    return picture[None]",
                "darkened_by_transparency",
            ),
        ],
    ),
    "elements": Exercise(
        right=[
            "elements = [(7,), (None, 7), (8, 7), (None, None, 7)]",
            "elements = ([7], [None, 7], [8, 7], [None, None, 7])",
        ],
        wrong=[
            ("elements = [(1, 7), (None, 7), (8, 7), (None, None, 7)]", "slice_keeps_axis"),
            ("elements = [(7,), (None, 7), (8, 7), (16, 7)]", "batch_sizes_multiplied"),
            ("elements = [(None, 7), (None, 7), (8, 7), (None, None, 7)]", "dataset_makes_batches"),
            ("elements = [(20, 7), (None, 7), (8, 7), (None, None, 7)]", "dataset_not_cut"),
            ("elements = [(7,), (7,), (7,), (7,)]", "batches_not_seen"),
            ("elements = [(7,), (8, 7), (8, 7), (2, 8, 7)]", "last_batch_forgotten"),
            ("elements = [(7,), (None, 7), (None, 7), (None, None, 7)]", "dropping_forgotten"),
            ("elements = [(7,), (None, 7), (8, 7), (None, 7)]", "batches_joined"),
            ("elements = [(7,), (None, 7), (8, 7), (8, 2, 7)]", "batch_axis_behind"),
            ("elements = [(7,), (None, 7), (8, 7), (None, 8, 7)]", "one_size_open"),
            ("elements = [(7,), (None, 7), (8, 7), (2, None, 7)]", "one_size_open"),
            ("elements = [(7,), (3, 8, 7), (2, 8, 7), (2, 2, 8, 7)]", "batches_counted"),
            ("elements = [(7,), (4, 7), (8, 7), (1, 4, 7)]", "last_element_told"),
            ("elements = [(1,), (None, 1), (8, 1), (None, None, 1)]", "targets_for_features"),
            ("elements = [7, 8, 8, 2]", "form"),
        ],
    ),
    "padded_size": Exercise(
        right=[
            SIZE + "-(-size // 2**times) * 2**times",
            SIZE + "size + -size % 2**times",
            "def padded_size(size, times):\n"
            "    while size % 2**times:\n"
            "        size += 1\n"
            "    return size",
        ],
        wrong=[
            (SIZE + "size + size % 2**times", "remainder_added"),
            (SIZE + "(-size) % 2**times", "padding_alone"),
            (SIZE + "size * 2**times", "doubled_for_halved"),
            (SIZE + "-(-size // (2 ^ times)) * (2 ^ times)", "caret_for_power"),
            (
                "def padded_size(size, times):\n    return -(-size // 2 ** times)",
                "smallest_map_returned",
            ),
            (
                "def padded_size(size, times):\n    m = 2 ** times\n    return round(size / m) * m",
                "rounded_to_nearest",
            ),
            (
                "def padded_size(size, times):\n    m = times ** 2\n    return -(-size // m) * m",
                "power_turned_round",
            ),
            (SIZE + "-(-size // (2 * times)) * (2 * times)", "halvings_added_up"),
            (SIZE + "size - size % 2**times", "rounded_down"),
            (SIZE + "(size // 2**times + 1) * 2**times", "one_step_too_many"),
            (SIZE + "2 ** int(np.ceil(np.log2(size)))", "next_power_of_two"),
            (SIZE + "size + size % 2", "even_is_enough"),
            (SIZE + "-(-size // times) * times", "multiple_of_times"),
            (SIZE + "-(-size // 2 ** (times + 1)) * 2 ** (times + 1)", "one_halving_more"),
        ],
    ),
    "small_unet": Exercise(
        right=[
            UNET + SIZED + MET,
            UNET.replace(
                "wide = layers.Conv2D(4, 3, padding='same', activation='relu')(start)",
                "even = layers.ZeroPadding2D(((0, height % 2), (0, width % 2)))(start)\n"
                "    wide = layers.Conv2D(4, 3, padding='same', activation='relu')(even)",
            )
            + "    met = layers.Concatenate()([wide, up])\n"
            "    out = layers.Conv2D(1, 1, activation='sigmoid')(met)\n"
            "    cut = layers.Cropping2D(((0, height % 2), (0, width % 2)))\n"
            "    return keras.Model(start, cut(out))",
        ],
        wrong=[
            (
                "def small_unet(height, width):\n"
                "    start = keras.Input((height, width, 1))\n"
                "    wide = layers.Conv2D(4, 3, padding='same', "
                "activation='relu')(start)\n"
                "    deep = layers.Conv2D(8, 3, padding='same', "
                "activation='relu')(layers.MaxPooling2D()(wide))\n"
                "    up = layers.UpSampling2D()(deep)\n"
                "    return keras.Model(start, layers.Conv2D(1, 1, "
                "activation='sigmoid')(layers.Concatenate(axis=1)([wide, up])))",
                "joined_along_another_axis",
            ),
            (
                "def small_unet(height, width):\n"
                "    start = keras.Input((None, None, 1))\n"
                "    wide = layers.Conv2D(4, 3, padding='same', "
                "activation='relu')(start)\n"
                "    deep = layers.Conv2D(8, 3, padding='same', "
                "activation='relu')(layers.MaxPooling2D()(wide))\n"
                "    up = layers.Resizing(height, width)(layers.UpSampling2D()(deep))\n"
                "    return keras.Model(start, layers.Conv2D(1, 1, "
                "activation='sigmoid')(layers.Concatenate()([wide, up])))",
                "size_left_open",
            ),
            (UNET + MET, "joined_sizes_differ"),
            (
                UNET + "    up = layers.ZeroPadding2D(((0, 1), (0, 1)))(up)\n" + MET,
                "joined_sizes_differ",
            ),
            (
                UNET.replace("height, width, 1", "8, 12, 1")
                + SIZED.replace("height, width", "8, 12")
                + MET,
                "argument_ignored",
            ),
            (UNET + SIZED + MET.replace("Conv2D(1, 1,", "Conv2D(2, 1,"), "output_shape"),
            (
                UNET.replace("layers.MaxPooling2D()(wide)", "wide").replace(
                    "layers.UpSampling2D()(deep)", "deep"
                )
                + MET.replace(", activation='sigmoid'", ""),
                "other_function",
            ),
            (UNET + SIZED + MET.replace(", activation='sigmoid'", ""), "activation_missing"),
            (UNET + SIZED + "    return layers.Concatenate()([wide, up])", "tensor_for_model"),
            (UNET + SIZED + MET.replace("[wide, up]", "[up, wide]"), "joined_in_another_order"),
            (
                UNET + "    cut = layers.Cropping2D(((0, height % 2), (0, width % 2)))\n"
                "    wide = cut(wide)\n" + MET,
                "edge_cut_off",
            ),
            (
                "def small_unet(height, width):\n"
                "    start = keras.Input((height, width, 1))\n"
                "    even = layers.ZeroPadding2D(((0, height % 2), (0, width % 2)))(start)\n"
                "    sizes = height + height % 2, width + width % 2\n"
                "    return keras.Model(start, naive(*sizes)(even))",
                "padding_left_on",
            ),
            (
                UNET.replace("UpSampling2D()", "Conv2DTranspose(8, 2, strides=2)") + SIZED + MET,
                "transposed_for_upsampling",
            ),
            (
                "def small_unet(height, width):\n"
                "    return naive(height + height % 2, width + width % 2)",
                "padded_size_declared",
            ),
        ],
    ),
    "masked_shares": Exercise(
        right=[
            SHARES + "    e = np.exp(scores) * is_there[:, None]\n"
            "    return e / e.sum(axis=-1, keepdims=True)",
            SHARES + "    low = np.where(is_there[:, None], scores, -np.inf)\n"
            "    return keras.ops.softmax(low)",
        ],
        wrong=[
            (
                "def masked_shares(scores, is_there):\n"
                "    e = np.where(is_there[:, None], np.exp(scores), 0)\n"
                "    return e / e.sum()",
                "shared_over_everything",
            ),
            (
                "def masked_shares(scores, is_there):\n"
                "    e = np.where(is_there[:, None], 0, np.exp(scores))\n"
                "    return e / e.sum(-1, keepdims=True)",
                "mask_inverted",
            ),
            (
                "def masked_shares(scores, is_there):\n"
                "    e = np.where(is_there[:, None], scores, 0)\n"
                "    return e / e.sum(-1, keepdims=True)",
                "scores_shared",
            ),
            (
                "def masked_shares(scores, is_there):\n"
                "    return np.where(is_there[:, None], np.exp(scores), 0)",
                "strength_for_share",
            ),
            (
                SHARES + "    return keras.ops.softmax(scores * is_there[:, None])",
                "zero_for_no_attention",
            ),
            (
                SHARES + "    e = np.exp(scores)\n"
                "    return e / e.sum(-1, keepdims=True) * is_there[:, None]",
                "struck_out_afterwards",
            ),
            (
                SHARES + "    e = np.where(is_there[:, :, None], np.exp(scores), 0)\n"
                "    return e / e.sum(-1, keepdims=True)",
                "queries_hidden",
            ),
            (
                SHARES + "    e = np.exp(scores) * is_there[:, None]\n"
                "    return e / e.sum(axis=1, keepdims=True)",
                "shared_over_queries",
            ),
            (SHARES + "    return keras.ops.softmax(scores)", "mask_left_out"),
            (
                SHARES + "    e = np.where(is_there[0], np.exp(scores), 0)\n"
                "    return e / e.sum(-1, keepdims=True)",
                "first_mask_for_all",
            ),
            (
                SHARES + "    e = np.exp(scores / np.sqrt(scores.shape[-1])) * is_there[:, None]\n"
                "    return e / e.sum(-1, keepdims=True)",
                "scores_scaled",
            ),
            (
                SHARES + "    e = np.exp(scores) * is_there[:, None]\n"
                "    return e / is_there.sum(-1)[:, None, None]",
                "divided_by_the_number_there",
            ),
            (
                SHARES + "    e = np.exp(scores - (1 - is_there[:, None]))\n"
                "    return e / e.sum(-1, keepdims=True)",
                "score_lowered",
            ),
        ],
    ),
    "adapted": Exercise(
        right=[
            adapted(GREY, THREE, FITTED, HEAD),
            adapted(GREY, "    x = keras.ops.repeat(start, 3, axis=-1)\n", FITTED, HEAD),
        ],
        wrong=[
            (
                "def adapted(height, width, classes):\n"
                "    start = keras.Input((height, width, 1))\n"
                "    x = layers.Concatenate()([start, start, start])\n"
                "    x = layers.Resizing(32, 32)(x)\n"
                "    x = base()(x)\n"
                "    x = layers.Flatten()(x)\n"
                "    return keras.Model(start, layers.Dense(classes, "
                "activation='softmax')(x))",
                "flatten_for_pooling",
            ),
            (adapted(GREY, "    x = start\n", FITTED, HEAD), "width_changed"),
            (adapted(GREY, THREE, HEAD), "declared_shape_binds"),
            (
                adapted("    start = x = keras.Input((height, width, 3))\n", FITTED, HEAD),
                "channels_of_another_picture",
            ),
            (
                adapted(GREY, THREE, FITTED.replace("Resizing", "CenterCrop"), HEAD),
                "cut_for_resized",
            ),
            (
                adapted(
                    GREY,
                    THREE,
                    FITTED,
                    "    x = layers.GlobalAveragePooling2D()(base()(x))\n"
                    "    x = layers.Dense(16, activation='relu')(x)\n"
                    "    return keras.Model(start, layers.Dense(classes, 'softmax')(x))",
                ),
                "weights_added",
            ),
            (
                adapted(GREY, THREE, FITTED, HEAD.replace("base()", "base")),
                "maker_for_what_it_makes",
            ),
            (
                adapted(GREY, THREE, FITTED, HEAD.replace(", activation='softmax'", "")),
                "activation_missing",
            ),
            (
                adapted(GREY, THREE, FITTED, HEAD.replace("Average", "Max")),
                "pooling_of_another_kind",
            ),
            (adapted(GREY, THREE, FITTED, "    return base()(x)"), "tensor_for_model"),
        ],
    ),
    "for_size": Exercise(
        right=[
            OTHER + "    x = start\n"
            "    for layer in model.layers[1:]:\n"
            "        x = layer(x)\n"
            "    return keras.Model(start, x)",
            OTHER + "    new = keras.models.clone_model(model, input_tensors=start)\n"
            "    new.set_weights(model.get_weights())\n"
            "    return new",
            "def for_size(model, height, width):\n"
            "    ends = model.input_shape[-1], model.output_shape[-1]\n"
            "    new = reader_of(height, width, *ends)\n"
            "    for old, layer in zip(model.layers, new.layers):\n"
            "        layer.set_weights(old.get_weights())\n"
            "    return new",
        ],
        wrong=[
            (OTHER + "    return keras.Model(start, model(start))", "declared_shape_binds"),
            (
                OTHER + "    return keras.models.clone_model(model, input_tensors=start)",
                "made_anew",
            ),
            (
                OTHER + "    fitted = layers.Resizing(*model.input_shape[1:3])(start)\n"
                "    return keras.Model(start, model(fitted))",
                "shown_at_the_old_size",
            ),
            (
                OTHER.replace("height, width, m", "width, height, m") + "    x = start\n"
                "    for layer in model.layers[1:]:\n"
                "        x = layer(x)\n"
                "    return keras.Model(start, x)",
                "height_width_swapped",
            ),
            (
                OTHER.replace("height, width, m", "None, None, m") + "    x = start\n"
                "    for layer in model.layers[1:]:\n"
                "        x = layer(x)\n"
                "    return keras.Model(start, x)",
                "size_left_open",
            ),
            (
                OTHER + "    x = start\n"
                "    for layer in model.layers:\n"
                "        x = layer(x)\n"
                "    return keras.Model(start, x)",
                "input_layer_called",
            ),
            (OTHER + "    return keras.Model(start, model.output)", "ends_apart"),
            (
                OTHER + "    for layer in model.layers[1:]:\n"
                "        x = layer(start)\n"
                "    return keras.Model(start, x)",
                "layer_skipped",
            ),
            (
                "def for_size(model, height, width):\n"
                "    model.build((None, height, width, model.input_shape[-1]))\n"
                "    return model",
                "argument_ignored",
            ),
            (
                OTHER + "    x = start\n"
                "    for layer in model.layers[1:]:\n"
                "        x = layer(x)\n"
                "    return x",
                "tensor_for_model",
            ),
            (
                OTHER + "    x = start\n"
                "    for layer in model.layers[1:-1]:\n"
                "        x = layer(x)\n"
                "    return keras.Model(start, x)",
                "ends_elsewhere",
            ),
            (
                "def for_size(model, height, width):\n"
                "    model.input_shape = (None, height, width, model.input_shape[-1])\n"
                "    return model",
                "shape_assigned",
            ),
            (
                "def for_size(model, height, width):\n"
                "    new = reader_of(height, width, model.input_shape[-1], 2)\n"
                "    new.set_weights(model.get_weights())\n"
                "    return new",
                "weights_of_other_units",
            ),
        ],
    ),
    "filled": Exercise(
        right=[
            PADDED.format(", padding='post', truncating='post'"),
            "def filled(sentences, steps):\n"
            "    table = np.zeros((len(sentences), steps), int)\n"
            "    for row, words in zip(table, sentences):\n"
            "        row[: len(words)] = words[:steps]\n"
            "    return table",
            ROWS + "    return np.array([(words + [0] * steps)[:steps] for words in sentences])",
        ],
        wrong=[
            (
                PADDED.format(", padding='post', truncating='post'").replace("=steps", "=4"),
                "more_than_asked",
            ),
            (PADDED.format(""), "done_in_front"),
            (PADDED.format(", truncating='post'"), "filled_in_front"),
            (PADDED.format(", padding='post'"), "first_words_cut_off"),
            (
                ROWS + "    rows = [(words + words[-1:] * steps)[:steps] for words in sentences]\n"
                "    return np.array(rows)",
                "last_word_repeated",
            ),
            (
                ROWS + "    return keras.utils.pad_sequences(sentences, padding='post')",
                "longest_decides",
            ),
            (
                ROWS + "    return np.array([np.resize(words, steps) for words in sentences])",
                "words_repeated",
            ),
            (
                PADDED.format(", padding='post', truncating='post', value=-1"),
                "filled_with_minus_one",
            ),
            (
                ROWS + "    return np.array([words[:steps] for words in sentences])",
                "rows_of_unequal_length",
            ),
            (
                ROWS + "    return [(words + [0] * steps)[:steps] for words in sentences]",
                "list_returned",
            ),
        ],
    ),
    "own_model": Exercise(
        right=[
            own(),
            own("layers.Dense(3, 'softmax')", y="np.arange(6) % 3", loss=SPARSE),
            own("layers.Dense(3)", y="np.arange(6) % 3").replace("'mse'", LOGITS),
            "def own_model():\n"
            "    model = keras.Sequential([keras.Input((5, 2)), layers.LSTM(4), layers.Dense(1)])\n"
            "    return [model, np.ones((9, 5, 2)), np.ones(9), 'mae']",
        ],
        wrong=[
            ("def own_model():\n    return keras.Sequential([layers.Dense(1)])", "form"),
            (own(x="np.where(np.eye(6, 3), np.nan, 1)"), "numbers_missing"),
            (own(y="np.array([[0], [1], [2], [np.inf], [3], [0]])"), "numbers_missing"),
            (own("layers.Dense(1), layers.Lambda(lambda x: x / 0)"), "loss_not_finite"),
            (own().replace("'mse'", "len"), "form"),
            (own(x="[np.ones((6, 3))]"), "form"),
            (own(x="np.ones((6, 4))"), "input_width"),
            (own(y="np.ones((5, 1))"), "cardinality"),
            (own().replace("keras.Input((3,))", "keras.Input((6, 3))"), "samples_in_input_shape"),
            (own(loss="mean_square_error"), "no_such_loss"),
            (own(loss="adam"), "no_such_loss"),
            (own(y="np.ones((6, 2))"), "silent_broadcast"),
            (
                own(
                    "layers.Dense(3, 'softmax')",
                    y="np.arange(6) % 3",
                    loss="categorical_crossentropy",
                ),
                "classes_as_numbers",
            ),
            (
                own("layers.Dense(3, 'softmax')", y="np.arange(6) % 3 + 1", loss=SPARSE),
                "labels_off_by_one",
            ),
        ],
    ),
}
