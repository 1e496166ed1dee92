"""Faults of models, layers, losses and loops of one's own, as in faults.py."""

import os
import tempfile

import keras
import numpy as np
from keras import layers, ops

from tests.learn.why.faults import classes, fault, model_of, numbers, one_hot
from tests.learn.why.nearer import remedy

SPARSE = "sparse_categorical_crossentropy"


class Doing(layers.Layer):
    """A layer that does what a function says."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def call(self, *inputs):
        return self.function(*inputs)


def two_inputs():
    a, b = keras.Input((6,)), keras.Input((3,))
    m = keras.Model([a, b], layers.Dense(1)(layers.Concatenate()([a, b])))
    m.compile("sgd", "mse")
    return m


def two_outputs():
    i = keras.Input((6,))
    m = keras.Model(i, [layers.Dense(1, name="a")(i), layers.Dense(1, name="b")(i)])
    m.compile("sgd", ["mse", "mse"])
    return m


# What is joined and added


@remedy("tensors_in_a_list", "Concatenate()([a, b])")
def two_tensors_without_a_list():
    layers.Concatenate()(keras.Input((4,)), keras.Input((6,)))


@remedy("merge_shapes", "broadcast_to(a, (ops.shape(x)[0], 1, 16))", "steps")
def a_class_token_for_one_sample():
    token = numbers(1, 1, 16)
    Doing(lambda x: ops.concatenate([token, x], axis=1))(numbers(4, 9, 16))


@remedy("merge_shapes", "Conv2D(filters, 1)", "padding")
def a_gate_for_fewer_channels():
    i = keras.Input((32, 32, 3))
    x = layers.Conv2D(16, 3)(i)
    gate = layers.Dense(8)(layers.GlobalAveragePooling2D(keepdims=True)(x))
    layers.Multiply()([x, gate])


@remedy("merge_shapes", "branch of its own level, (16, 16), such as `conv2d_1`", "padding")
def a_skip_from_another_level():
    x = keras.Input((32, 32, 3))
    levels = []
    for filters in (4, 8, 16):
        levels.append(layers.Conv2D(filters, 3, padding="same")(x))
        x = layers.MaxPooling2D(2)(levels[-1])
    up = layers.UpSampling2D(2)(layers.UpSampling2D(2)(x))
    layers.Concatenate()([up, levels[2]])


@remedy("shapes_in_a_sum", "`[:, None, None]`: (6, 1, 1, 10) fits", "cut")
def a_padding_mask_on_the_scores_of_heads():
    Doing(lambda scores, pad: scores - 1e9 * pad)(numbers(6, 2, 10, 10), numbers(6, 10))


@remedy("shapes_in_a_sum", "Bring 128 and 64 to one size")
def a_table_of_positions_of_another_width():
    table = numbers(1, 30, 64)
    Doing(lambda x: x + table)(keras.Input((30, 128)))


@remedy("build_axis", "`input_shape[-1]`")
def a_weight_for_the_steps():
    class Linear(layers.Layer):
        def build(self, shape):
            self.w = self.add_weight(shape=(shape[1], 8))

        def call(self, x):
            return ops.matmul(x, self.w)

    m = model_of(keras.Input((20, 5)), Linear(), layers.Flatten(), layers.Dense(1), loss="mse")
    m.fit(numbers(8, 20, 5), numbers(8, 1), verbose=0)


@remedy("reshape_product", "heads) that divides 64")
def heads_that_do_not_divide():
    def split(x):
        return ops.reshape(x, (ops.shape(x)[0], -1, 5, 64 // 5))

    keras.Sequential([keras.Input((10, 64)), Doing(split)]).predict(numbers(2, 10, 64), verbose=0)


@remedy("batch_unrolled", "30 numbers", "Dense")
def parts_of_a_sample_for_samples():
    i = keras.Input((3, 10))
    m = keras.Model(i, layers.Dense(1)(ops.reshape(i, (-1, 10))))
    m.compile("sgd", "mse")
    m.fit(numbers(12, 3, 10), numbers(12, 1), batch_size=4, verbose=0)


@remedy("call_returns_nothing", "return x")
def a_block_without_return():
    def block(x):
        layers.Dense(4)(x)

    class Own(keras.Model):
        def __init__(self):
            super().__init__()
            self.block, self.head = Doing(block), layers.Dense(1)

        def call(self, x):
            return self.head(self.block(x))

    Own()(numbers(2, 3))


# Losses, metrics and loops


@remedy("cardinality", "of this batch", "units")
def targets_of_all_batches_for_one():
    m = model_of(keras.Input((5,)), layers.Dense(3))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    loss(classes(40, 3), m(numbers(8, 5)))


@fault("cardinality")
def targets_for_real_and_made_pictures():
    class Own(keras.Model):
        def __init__(self):
            super().__init__()
            self.judge = layers.Dense(1, "sigmoid")

        def call(self, x):
            return self.judge(x)

        def compute_loss(self, x=None, y=None, y_pred=None, *others, **more):
            both = ops.concatenate([ops.ones_like(y_pred), ops.zeros_like(y_pred)], axis=0)
            return keras.losses.BinaryCrossentropy()(both, y_pred)

    m = Own()
    m.compile("sgd")
    m.fit(numbers(16, 6), batch_size=8, verbose=0)


@remedy("graph_tensor_in_training", "add_loss", "keras.ops")
def a_loss_with_a_tensor_of_the_model():
    i = keras.Input((12,))
    inner = layers.Dense(2)(i)
    m = keras.Model(i, layers.Dense(12)(inner))
    m.compile("sgd", lambda y, output: ops.mean((y - output) ** 2) + ops.mean(inner**2))
    m.fit(numbers(8, 12), numbers(8, 12), verbose=0)


@remedy("numbers_in_a_graph", "run_eagerly=True", "symbolic")
def a_metric_that_asks_for_numbers():
    def measure(y, output):
        return np.mean(output.numpy())

    m = model_of(keras.Input((4,)), layers.Dense(1), loss="mse", metrics=[measure])
    m.fit(numbers(8, 4), numbers(8, 1), verbose=0)


@remedy("numbers_in_a_graph", "ops.where(condition, a, b)")
def a_loss_that_decides():
    def loss(y, output):
        return ops.mean(output) if ops.mean(output) > 0.5 else ops.mean(y)

    m = model_of(keras.Input((4,)), layers.Dense(1), loss=loss)
    m.fit(numbers(8, 4), numbers(8, 1), verbose=0)


@remedy("dtypes_differ", "ops.cast(y_true, y_pred.dtype)")
def whole_numbers_times_outputs():
    import tensorflow as tf

    outputs = model_of(keras.Input((4,)), layers.Dense(1))(numbers(8, 4))
    tf.multiply(tf.constant(classes(8, 2)[:, None]), outputs)


@fault(None)
def a_metric_that_takes_no_weights():
    class Hits(keras.metrics.Mean):
        def update_state(self, y_true, y_pred):
            super().update_state(y_pred)

    m = model_of(keras.Input((4,)), layers.Dense(1), loss="mse", weighted_metrics=[Hits()])
    m.fit(numbers(8, 4), numbers(8, 1), sample_weight=np.ones(8), verbose=0)


@fault(None)
def a_class_of_ones_own_with_an_old_name():
    class Block(layers.Layer):
        def __init__(self, units):
            super().__init__()

    Block(units=3, bias=True)


@remedy("indices_of_two_shapes", "np.argmax(a, axis=-1)", "number by number")
def one_hot_rows_for_indices():
    values, chosen = numbers(8, 3), one_hot(8, 3).astype(int)
    values[np.arange(8), chosen] = 0


@remedy("merge_shapes", "`ops.expand_dims(a, 1)`, of the shape (4, 1, 16)", "Flatten")
def a_context_beside_a_step():
    Doing(lambda x, c: ops.concatenate([c, x], axis=-1))(numbers(4, 1, 8), numbers(4, 16))


@remedy("batch_axis_missing", "`x[None]`, of shape (1, 4, 2)", "20")
def a_callback_that_predicts_one_sample():
    class Show(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            self.model.predict(numbers(4, 2), verbose=0)

    m = model_of(keras.Input((4, 2)), layers.Flatten(), layers.Dense(1), loss="mse")
    m.fit(numbers(20, 4, 2), numbers(20, 1), callbacks=[Show()], verbose=0)


# What is handed over


@remedy("validation_differs", "to_categorical(labels, 5)", "Dense")
def a_class_missing_in_the_test():
    m = model_of(keras.Input((4,)), layers.Dense(5, "softmax"), loss="categorical_crossentropy")
    m.evaluate(numbers(8, 4), one_hot(8, 4), verbose=0)


@remedy("targets_left_out", '(d["image"], d["label"])', "name the inputs")
def a_dataset_of_one_dict():
    import tensorflow as tf

    both = {"image": numbers(12, 4), "label": classes(12, 3)}
    data = tf.data.Dataset.from_tensor_slices(both).batch(4)
    m = model_of(keras.Input((4,)), layers.Dense(3, "softmax"), loss=SPARSE)
    m.fit(data, verbose=0)


@remedy("sample_weight_shape", "(16, 10)", "class_weight")
def a_weight_for_each_step():
    m = model_of(keras.Input((10, 2)), layers.Dense(1), loss="mse")
    m.fit(numbers(16, 10, 2), numbers(16, 10, 1), sample_weight=numbers(10), verbose=0)


@remedy("batch_axis_missing", "`picture[None]`, of shape (1, 6)")
def one_of_two_inputs_without_its_batch():
    picture = numbers(6)
    two_inputs().predict([picture, numbers(1, 3)], verbose=0)


@remedy("outputs_count", "`list(targets)`")
def targets_one_above_the_other():
    targets = numbers(2, 20)
    two_outputs().fit(numbers(20, 6), targets, verbose=0)


@remedy("inputs_count", "tf.stack(list(d.values()), axis=-1)")
def a_dataset_of_columns():
    import tensorflow as tf

    columns = {k: numbers(12) for k in ("age", "fare", "rooms")}
    data = tf.data.Dataset.from_tensor_slices((columns, numbers(12))).batch(4)
    model_of(layers.Dense(1), loss="mse").fit(data, verbose=0)


@remedy("parts_of_a_batch", "`(x1, x2), y`")
def a_generator_of_inputs_side_by_side():
    def batches():
        while True:
            yield numbers(4, 6), numbers(4, 3), numbers(4, 1)

    two_inputs().fit(batches(), steps_per_epoch=1, verbose=0)


@remedy("parts_of_a_batch", "lambda x, y, name: (x, y)")
def names_for_weights():
    import tensorflow as tf

    names = np.array([f"{i}.png" for i in range(12)])
    data = tf.data.Dataset.from_tensor_slices((numbers(12, 4), classes(12, 3), names)).batch(4)
    m = model_of(keras.Input((4,)), layers.Dense(3, "softmax"), loss=SPARSE)
    m.fit(data, verbose=0)


@remedy("text_as_numbers", "StringLookup(vocabulary=names")
def a_dataset_of_labels_in_words():
    import tensorflow as tf

    words = np.array(["cat", "dog"] * 6)
    data = tf.data.Dataset.from_tensor_slices((numbers(12, 4), words)).batch(4)
    m = model_of(keras.Input((4,)), layers.Dense(2, "softmax"), loss=SPARSE)
    m.fit(data, verbose=0)


@remedy("dataset_not_batched", "validation_data=dataset.batch(32)", "model.fit")
def single_samples_for_validation():
    import tensorflow as tf

    data = tf.data.Dataset.from_tensor_slices((numbers(8, 12, 3), numbers(8, 1)))
    m = model_of(keras.Input((12, 3)), layers.Flatten(), layers.Dense(1), loss="mse")
    m.fit(data.batch(4), validation_data=data, verbose=0)


@remedy("units_vs_labels", "ignore_class=255", "Dense(256)")
def borders_in_masks():
    masks = classes(4 * 8 * 8, 5).reshape(4, 8, 8)
    masks[:, 0] = 255
    m = model_of(keras.Input((8, 8, 3)), layers.Conv2D(5, 3, padding="same"), loss=SPARSE)
    m.fit(numbers(4, 8, 8, 3), masks, verbose=0)


@remedy("autoencoder_sizes", "Cropping1D", "pictures")
def steps_that_do_not_divide():
    x = numbers(4, 50, 3)
    m = model_of(
        keras.Input((50, 3)),
        layers.MaxPooling1D(2),
        layers.MaxPooling1D(2),
        layers.UpSampling1D(2),
        layers.UpSampling1D(2),
        loss="mse",
    )
    m.fit(x, x, verbose=0)


@fault(None)
def a_cell_that_keeps_its_state_to_itself():
    class Cell(layers.Layer):
        state_size = 8

        def call(self, x, states):
            return states[0]

    m = model_of(keras.Input((6, 3)), layers.RNN(Cell()), layers.Dense(1))
    m.predict(numbers(2, 6, 3), verbose=0)


# Models that are put together and loaded


@remedy("ends_apart", "cell that ran twice")
def an_input_made_anew():
    i = keras.Input((8,), name="photo")
    y = layers.Dense(1)(i)
    keras.Model(keras.Input((8,), name="photo_again"), y)


@remedy("inputs_lacking", "a list of all Inputs")
def one_of_two_inputs_forgotten():
    a, b = keras.Input((8,), name="photo"), keras.Input((3,), name="words")
    keras.Model(a, layers.Dense(1)(layers.Concatenate()([a, b])))


@remedy("layer_handed_over", "`model.outputs[0]`")
def a_layer_on_a_model():
    layers.Flatten()(model_of(keras.Input((4, 4, 1)), layers.Conv2D(2, 3)))


@remedy("class_not_known", 'custom_objects={"Twice": Twice}')
def a_layer_of_ones_own_loaded():
    class Twice(layers.Layer):
        def call(self, x):
            return 2 * x

    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model.keras")
        model_of(keras.Input((3,)), Twice()).save(path)
        keras.models.load_model(path)


@fault(None)
def an_attribute_that_was_never_made():
    Doing(lambda x: ops.matmul(x, one_hot.kernel))(keras.Input((3,)))


# Layers that are called, and what they promise


@remedy("states_counted", "forward_h, forward_c, backward_h, backward_c")
def states_of_a_layer_with_a_name():
    rnn = layers.Bidirectional(layers.LSTM(4, return_state=True))
    out, h, c = rnn(keras.Input((5, 2)))


@fault(None)
def parts_of_a_layer_without_states():
    def split(x):
        return x, x

    a, b, c = Doing(split)(numbers(2, 3))


@remedy("shape_promised", "name what it really gives, (None, 8)", "new layer")
def a_layer_that_gives_more_than_it_promises():
    class Both(layers.Layer):
        def call(self, x):
            return ops.concatenate([ops.mean(x, axis=1), ops.max(x, axis=1)], axis=-1)

        def compute_output_shape(self, shape):
            return shape[0], shape[-1]

    m = model_of(keras.Input((6, 4)), Both(), layers.Dense(1), loss="mse")
    m.fit(numbers(8, 6, 4), numbers(8, 1), verbose=0)


@remedy("shape_promised", "`output_shape` of `Lambda` name what it really gives, (8,)")
def a_lambda_that_gives_more_than_it_promises():
    twice = layers.Lambda(lambda x: ops.concatenate([x, x], axis=-1), output_shape=(4,))
    model_of(keras.Input((4,)), twice, layers.Dense(1)).predict(numbers(2, 4), verbose=0)


@remedy("attention_widths", "`Dense(8)`")
def queries_of_another_width():
    layers.Attention()([numbers(2, 5, 4), numbers(2, 6, 8)])


@remedy("batch_is_permuted", "`Permute((2, 1))`")
def the_batch_in_a_permute():
    layers.Permute((0, 2, 1))(keras.Input((4, 3)))


@remedy("merge_shapes", "Cropping3D(((2, 2), (2, 2), (2, 2)))")
def a_skip_between_volumes():
    x = keras.Input((12, 12, 12, 1))
    a = layers.Conv3D(2, 3)(x)
    b = layers.Conv3DTranspose(2, 2, strides=2)(layers.Conv3D(2, 3)(layers.MaxPooling3D(2)(a)))
    layers.Concatenate()([a, b])


# What comes in batches


class Wrapped(keras.utils.PyDataset):
    """Batches of 8 with an axis in front of them, which tell their size or don't."""

    def __init__(self, told):
        super().__init__()
        if told:
            self.batch_size = 8

    def __len__(self):
        return 2

    def __getitem__(self, i):
        return numbers(1, 8, 5), numbers(1, 8, 1)


@remedy("extra_axis", "Give the batch as it is", "Flatten")
def a_batch_in_a_list():
    model_of(keras.Input((5,)), layers.Dense(1), loss="mse").fit(Wrapped(True), verbose=0)


@remedy("extra_axis", "Give the batch as it is")
def a_batch_in_a_list_of_a_size_not_told():
    model_of(keras.Input((5,)), layers.Dense(1), loss="mse").fit(Wrapped(False), verbose=0)


@remedy("stateful_batch", "`.batch(4, drop_remainder=True)`", "batch_size=")
def a_dataset_with_a_smaller_last_batch():
    import tensorflow as tf

    data = tf.data.Dataset.from_tensor_slices((numbers(6, 5, 2), numbers(6, 1)))
    stack = layers.LSTM(2, stateful=True), layers.Dense(1)
    m = model_of(keras.Input(batch_shape=(4, 5, 2)), *stack, loss="mse")
    m.fit(data.shuffle(6).batch(4), verbose=0)


@remedy("class_weight_per_sample", "np.take(weights, masks.argmax(-1))`, of the shape (4, 6, 6)")
def weights_of_classes_for_one_hot_masks():
    masks = one_hot(4 * 36, 3).reshape(4, 6, 6, 3)
    stack = keras.Input((6, 6, 1)), layers.Conv2D(3, 1, activation="softmax")
    m = model_of(*stack, loss="categorical_crossentropy")
    m.fit(numbers(4, 6, 6, 1), masks, class_weight={0: 1.0, 1: 2.0, 2: 3.0}, verbose=0)


@remedy("classes_as_numbers", "sparse_categorical_crossentropy", "Dense(1)")
def a_loss_for_rows_in_a_loop():
    loss_fn = keras.losses.CategoricalCrossentropy(from_logits=True)
    loss_fn(classes(8, 3), model_of(keras.Input((4,)), layers.Dense(3))(numbers(8, 4)))


@remedy("shapes_in_a_sum", "Bring what is added to the shape (3,) first", "8 numbers in place")
def hits_of_samples_for_a_place_a_class():
    class Hits(keras.metrics.Metric):
        def __init__(self):
            super().__init__()
            self.hits = self.add_weight(shape=(3,), initializer="zeros", name="hits")

        def update_state(self, y_true, y_pred, sample_weight=None):
            self.hits.assign_add(ops.max(y_pred, axis=-1))

    Hits().update_state(classes(8, 3), numbers(8, 3))


@remedy("step_unpacks", "unpack_x_y_sample_weight(pictures)")
def a_batch_with_its_labels_for_one_array():
    class Own(keras.Model):
        def train_step(self, pictures):
            return {"loss": ops.shape(pictures)[0]}

    m = Own()
    m.compile("sgd")
    m.fit(numbers(8, 6), classes(8, 2), verbose=0)


@remedy("shapes_in_a_sum", "maps of the sizes (8, 8) and (6, 6)")
def pictures_of_two_sizes_in_a_loss():
    a, b = ops.convert_to_tensor(numbers(2, 8, 8, 1)), ops.convert_to_tensor(numbers(2, 6, 6, 1))
    ops.subtract(a, b)


# Remedies that must be those of the cause, and no others


@remedy("reshape_product", "product is 100", "-1 for")
def heads_of_another_width_in_a_batch():
    def split(x):
        return ops.reshape(x, (ops.shape(x)[0], ops.shape(x)[1], 2, 6))

    i = keras.Input((10, 10))
    m = keras.Model(i, layers.Lambda(split, output_shape=(10, 2, 6))(i))
    m.compile("sgd", "mse")
    m.fit(numbers(9, 10, 10), numbers(9, 10, 2, 6), batch_size=4, verbose=0)


@remedy("equation_axes", "`squeeze(..., axis=1)`")
def an_equation_for_fewer_axes():
    import tensorflow as tf

    @tf.function
    def product(a, b):
        return ops.einsum("nc,nc->n", a, b)

    product(numbers(4, 1, 3), numbers(4, 3))


@remedy("states_counted", "`initial_state=[h, c]`")
def one_state_for_an_lstm():
    i = keras.Input((5, 2))
    m = keras.Model([i, h := keras.Input((4,))], layers.LSTM(4)(i, initial_state=[h]))
    m.predict([numbers(2, 5, 2), numbers(2, 4)], verbose=0)


@remedy("state_width", "a new state of the same size")
def a_cell_whose_state_grows():
    class Cell(layers.Layer):
        state_size = output_size = 4

        def call(self, x, states):
            return states[0], [ops.concatenate([x, states[0]], axis=-1)]

    keras.Sequential([keras.Input((5, 2)), layers.RNN(Cell())]).predict(numbers(2, 5, 2), verbose=0)


@remedy("batch_axis_missing", "`np.reshape(word, (1, 1))`")
def the_number_of_one_word():
    word = np.array(3)
    i = keras.Input((None,), dtype="int32")
    m = keras.Model(i, layers.GRU(2)(layers.Embedding(9, 4)(i)))
    m.predict(word, verbose=0)


@remedy("batch_squeezed", "`squeeze(x, axis=1)`")
def an_open_batch_that_is_squeezed():
    squeezed = layers.Lambda(lambda x: ops.squeeze(x), output_shape=(6,))
    m = model_of(keras.Input((1, 6)), squeezed, layers.Dense(1), loss="mse")
    m.fit(numbers(9, 1, 6), numbers(9, 1), batch_size=4, verbose=0)


@remedy("classes_as_numbers", "`output_signature`", "whole numbers")
def a_signature_of_a_number_for_a_row():
    import tensorflow as tf

    def rows():
        yield from zip(numbers(8, 4), one_hot(8, 3), strict=True)

    signature = tf.TensorSpec((4,), tf.float32), tf.TensorSpec((), tf.float32)
    data = tf.data.Dataset.from_generator(rows, output_signature=signature).batch(4)
    m = model_of(keras.Input((4,)), layers.Dense(3, "softmax"), loss="categorical_crossentropy")
    m.fit(data, verbose=0)


@remedy("flatten_missing", "Flatten()", "return_sequences")
def steps_that_are_weighed_before():
    i = keras.Input((6, 3))
    steps = layers.GRU(4, return_sequences=True)(i)
    context = layers.Dot(axes=1)([layers.Dense(1)(steps), steps])
    m = keras.Model(i, layers.Dense(3, "softmax")(context))
    m.compile("sgd", "categorical_crossentropy")
    m.fit(numbers(8, 6, 3), one_hot(8, 3), verbose=0)


@remedy("merge_shapes", '`padding="causal"`')
def steps_lost_on_one_way():
    x = keras.Input((12, 4))
    layers.Add()([x, layers.Conv1D(4, 3)(x)])


@remedy("merge_shapes", "`Dot(axes=(1, 2))`", "Flatten")
def one_query_and_several_candidates():
    layers.Dot(axes=1)([keras.Input((16,)), keras.Input((3, 16))])


@remedy("units_vs_labels", "one unit")
def several_units_for_a_number_a_step():
    stack = keras.Input((7, 5)), layers.GRU(4, return_sequences=True), layers.Dense(3)
    model_of(*stack, loss="mse").fit(numbers(8, 7, 5), numbers(8, 7), verbose=0)


@remedy("weights_shape", "begin with `np.zeros((9, 4))`", "Embedding(8, 4)")
def a_matrix_without_the_row_for_padding():
    table = layers.Embedding(9, 4)
    table.build((1,))
    table.set_weights([numbers(8, 4)])


@remedy("outputs_count", "keys of the loss (`box`, `kind`).", "name=")
def losses_under_other_keys_than_the_outputs():
    i = keras.Input((6,))
    m = keras.Model(i, {"kind": layers.Dense(3, "softmax")(i), "box": layers.Dense(4)(i)})
    m.compile("sgd", {"class": SPARSE, "box": "mse"})
    m.fit(numbers(8, 6), {"kind": classes(8, 3), "box": numbers(8, 4)}, verbose=0)


@remedy("units_vs_labels", '`Conv2D(3, 1, activation="softmax")`', "grey")
def one_filter_for_one_hot_masks():
    masks = one_hot(4 * 36, 3).reshape(4, 6, 6, 3)
    stack = keras.Input((6, 6, 1)), layers.Conv2D(1, 1, activation="sigmoid")
    model_of(*stack, loss="binary_crossentropy").fit(numbers(4, 6, 6, 1), masks, verbose=0)


@remedy("shapes_in_a_sum", "`Conv2D(8, 1)`")
def maps_of_fewer_channels_in_a_sum():
    ops.add(numbers(2, 6, 6, 8), numbers(2, 6, 6, 4))


@remedy("mask_length", "`use_causal_mask=True`", "mask[:, None, :]")
def a_causal_mask_of_another_length():
    x, mask = numbers(2, 12, 8), np.tril(np.ones((1, 10, 10), bool))
    layers.MultiHeadAttention(2, 4)(x, x, attention_mask=ops.convert_to_tensor(mask))


@remedy("sample_weight_shape", "the third part of what it gives")
def weights_of_all_samples_with_each_batch():
    class Batches(keras.utils.PyDataset):
        def __len__(self):
            return 3

        def __getitem__(self, i):
            return numbers(4, 5), numbers(4, 1), numbers(12)

    m = model_of(keras.Input((5,)), layers.Dense(1), loss="mse")
    m.fit(Batches(), verbose=0)


@remedy("one_tensor_wanted", "Leave `merge_mode=None` out", "Concatenate")
def two_directions_for_one_layer():
    both = layers.Bidirectional(layers.GRU(4, return_sequences=True), merge_mode=None)
    layers.GRU(2)(both(keras.Input((6, 3))))


@remedy("target_rank", "`Reshape((6, 4))`")
def rows_for_pictures_in_a_model_of_ones_own():
    class Own(keras.Model):
        def __init__(self):
            super().__init__()
            self.flat, self.row = layers.Flatten(), layers.Dense(24)

        def call(self, x):
            return self.row(self.flat(x))

    m = Own()
    m.compile("sgd", "mse")
    m.fit(numbers(8, 6, 4), numbers(8, 6, 4), verbose=0)


@remedy("target_rank", "`y[..., 0]`", "squeeze")
def all_columns_for_a_forecast_of_one():
    y = numbers(8, 6, 3)
    model_of(keras.Input((9, 3)), layers.GRU(4), layers.Dense(6), loss="mse").fit(
        numbers(8, 9, 3), y, verbose=0
    )


@remedy("steps_differ", "what goes in, so that 5 come out")
def one_step_more_than_the_targets():
    stack = keras.Input((None, 3)), layers.GRU(4, return_sequences=True), layers.Dense(2)
    model_of(*stack, loss="mse").fit(numbers(8, 6, 3), numbers(8, 5, 2), verbose=0)
