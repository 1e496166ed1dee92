"""Near misses: what one rule looks for is there, and the cause, or its remedy, is another."""

import keras
import numpy as np
from keras import layers, ops

from tests.learn.why.faults import classes, fault, model_of, numbers, one_hot

SPARSE, ROWS = "sparse_categorical_crossentropy", "categorical_crossentropy"

#: What each of these cards has to recommend, and what it must not.
REMEDIES = {}


def remedy(code, says, never=""):
    """Register a fault, the words in its remedy, and words that would be wrong there."""

    def register(function):
        REMEDIES[function.__name__] = (says, never)
        return fault(code)(function)

    return register


# Data and the input


@remedy("input_width", "columns", "without the number of samples")
def validation_of_as_many_rows_as_declared_columns():
    m = model_of(keras.Input((8,)), layers.Dense(1), loss="mse")
    check = numbers(8, 9), numbers(8)
    m.fit(numbers(20, 8), numbers(20), validation_data=check, verbose=0)


@remedy("batch_axis_missing", "np.moveaxis(x, 0, -1)[None]", "reshape")
def one_picture_with_the_channels_first():
    m = model_of(keras.Input((12, 12, 3)), layers.Conv2D(2, 3), layers.Flatten(), layers.Dense(1))
    m.predict(numbers(3, 12, 12), verbose=0)


@remedy("targets_for_inputs", "predict(x_test)")
def the_targets_for_predict():
    x_test, y_test = numbers(6, 8), one_hot(6, 3)
    m = model_of(keras.Input((8,)), layers.Dense(3))
    assert len(x_test) == len(y_test)
    m.predict(y_test, verbose=0)


@remedy("wrong_array", "fit(x, y)")
def classes_and_pictures_exchanged():
    m = model_of(keras.Input((6,)), layers.Dense(2, "softmax"), loss=SPARSE)
    m.fit(classes(8, 2), numbers(8, 6), verbose=0)


@remedy("sequence_axis_missing", "the last 30 rows", "Cut windows")
def fewer_rows_than_a_window():
    m = model_of(keras.Input((30, 2)), layers.LSTM(2), layers.Dense(1))
    m.predict(numbers(10, 2), verbose=0)


@remedy("input_width", "maxlen=20", "features")
def shorter_texts_than_declared():
    stack = layers.Embedding(9, 4), layers.Flatten(), layers.Dense(1)
    model_of(keras.Input((20,)), *stack).predict(np.ones((3, 10), int), verbose=0)


@remedy("dict_keys", "not among the inputs")
def targets_among_the_inputs():
    i = keras.Input((5,), name="a")
    m = keras.Model(i, layers.Dense(1)(i))
    m.compile("sgd", "mse")
    m.fit({"a": numbers(4, 5), "price": numbers(4)}, verbose=0)


@remedy("axes_swapped", "x.reshape(-1, 300, 1)", "larger samples")
def one_step_of_many_features():
    model_of(keras.Input((1, 300)), layers.Conv1D(8, 3))


@remedy("conv_dims", "x.reshape(-1, 28, 28, 1)")
def pixels_in_a_row_with_their_channel():
    model_of(keras.Input((28 * 28, 1)), layers.Conv2D(8, 3))


@remedy("axes_wanted", "", "channels")
def a_long_series_for_pictures():
    model_of(keras.Input((100, 12)), layers.Conv2D(8, 3))


@remedy("extra_axis", "Reshape((8, 8))", "expand_dims")
def maps_of_one_column_for_steps():
    model_of(
        keras.Input((32, 4, 1)), layers.MaxPooling2D((4, 4)), layers.Conv2D(8, 1), layers.LSTM(4)
    )


@remedy("embedding_input", "TimeDistributed", "one-hot rows")
def texts_of_sentences():
    model_of(keras.Input((5, 10)), layers.Embedding(50, 8), layers.LSTM(3))


@remedy("window_outgrows_map", "leave out a pooling", "padding")
def poolings_behind_padded_convolutions():
    conv, pool = layers.Conv2D, layers.MaxPooling2D
    stack = [conv(2, 3, padding="same"), pool(), pool(), pool(), pool()]
    model_of(keras.Input((8, 8, 1)), *stack)


@remedy("unknown_width", "output_sequence_length", "keras.Input")
def words_of_open_number():
    texts = layers.TextVectorization(vocabulary=["a", "b"])
    stack = [texts, layers.Embedding(9, 4), layers.Flatten(), layers.Dense(1)]
    model_of(keras.Input((1,), dtype="string"), *stack)


# Targets and the loss


@remedy("validation_differs", "to_categorical(labels, 3)", "Dense")
def a_class_missing_in_validation():
    m = model_of(keras.Input((4,)), layers.Dense(3, "softmax"), loss=ROWS)
    check = numbers(6, 4), one_hot(6, 2)
    m.fit(numbers(9, 4), one_hot(9, 3), validation_data=check, verbose=0)


@remedy("one_hot_labels", "binary_crossentropy", "squeeze")
def several_labels_for_sparse():
    y = (numbers(30, 6) > 0.5).astype(int)
    m = model_of(keras.Input((4,)), layers.Dense(6, "sigmoid"), loss=SPARSE)
    m.fit(numbers(30, 4), y, verbose=0)


@remedy("classes_as_numbers", "(y > 127).astype(int)", "to_categorical")
def masks_as_a_file_holds_them():
    y = (numbers(4, 8, 8, 1) > 0.5) * 255
    m = model_of(keras.Input((8, 8, 3)), layers.Conv2D(2, 1, activation="softmax"), loss=ROWS)
    m.fit(numbers(4, 8, 8, 3), y, verbose=0)


@remedy("units_vs_labels", "without gaps", "Dense")
def one_hot_rows_with_gaps():
    y = keras.utils.to_categorical([0, 2, 5] * 4)
    m = model_of(keras.Input((4,)), layers.Dense(3, "softmax"), loss=ROWS)
    m.fit(numbers(12, 4), y, verbose=0)


@remedy("units_vs_labels", "to_categorical(labels, 2)", "filters")
def masks_with_a_place_for_each_grey():
    y = keras.utils.to_categorical(classes(128, 2).reshape(2, 8, 8), 10)
    m = model_of(keras.Input((8, 8, 3)), layers.Conv2D(2, 1, activation="softmax"), loss=ROWS)
    m.fit(numbers(2, 8, 8, 3), y, verbose=0)


@remedy("units_vs_labels", "Add an output layer")
def a_hidden_layer_at_the_end():
    m = model_of(keras.Input((4,)), layers.Dense(64, "relu"), loss=ROWS)
    m.fit(numbers(9, 4), one_hot(9, 3), verbose=0)


@remedy("axes_swapped", "np.transpose(y, (0, 2, 1))")
def targets_with_axes_exchanged():
    lstm = layers.LSTM(4, return_sequences=True)
    m = model_of(keras.Input((10, 3)), lstm, layers.Dense(2), loss="mse")
    m.fit(numbers(8, 10, 3), numbers(8, 2, 10), verbose=0)


@remedy("axes_swapped", "`y.T`")
def targets_in_columns():
    m = model_of(keras.Input((4,)), layers.Dense(3), loss="mse")
    m.fit(numbers(9, 4), numbers(3, 9), verbose=0)


@remedy("target_rank", "Reshape((3, 4))", "squeeze")
def boxes_in_one_row():
    m = model_of(keras.Input((6,)), layers.Dense(12), loss="mse")
    m.fit(numbers(6, 6), numbers(6, 3, 4), verbose=0)


@remedy("return_sequences_extra", "5 units", "or hand over")
def steps_ahead():
    lstm = layers.LSTM(4, return_sequences=True)
    m = model_of(keras.Input((10, 3)), lstm, layers.Dense(1), loss="mse")
    m.fit(numbers(8, 10, 3), numbers(8, 5), verbose=0)


@remedy("autoencoder_sizes", "UpSampling2D(2)", "as often larger as smaller")
def half_as_large_as_the_target():
    conv = layers.Conv2D(1, 3, padding="same")
    m = model_of(keras.Input((8, 8, 1)), layers.UpSampling2D(2), conv, loss="mse")
    m.fit(numbers(4, 8, 8, 1), numbers(4, 32, 32, 1), verbose=0)


@remedy("flatten_missing", "self.flat(x)", "what `Flatten` gives")
def a_flatten_that_is_never_called():
    class Own(keras.Model):
        def __init__(self):
            super().__init__()
            self.conv, self.flat = layers.Conv2D(2, 3), layers.Flatten(name="flat")
            self.head = layers.Dense(3, "softmax")

        def call(self, x):
            return self.head(self.conv(x))

    m = Own()
    m.compile("sgd", SPARSE, run_eagerly=True)
    m.fit(numbers(8, 6, 6, 1), classes(8, 3), verbose=0)


@remedy("cardinality", "x[low:high], y[low:high]")
def all_targets_with_each_batch():
    class Batches(keras.utils.PyDataset):
        def __len__(self):
            return 2

        def __getitem__(self, i):
            return numbers(4, 5), one_hot(8, 3)

    model_of(keras.Input((5,)), layers.Dense(3, "softmax"), loss=ROWS).fit(Batches(), verbose=0)


# A person's own layers and sums


@remedy("shapes_in_a_sum", "squeeze(..., axis=2)", "[:, None]")
def a_mask_with_an_axis_of_one():
    loss, mask = numbers(8, 9), numbers(8, 9, 1)
    loss * mask


@remedy("shapes_in_a_sum", "[:, None]", "cut")
def a_mask_without_the_axis_of_the_queries():
    scores, mask = numbers(3, 5, 5), numbers(3, 5)
    scores + mask


@remedy("merge_shapes", "(None, 4), the size 8", "number of axes")
def a_gate_of_another_width():
    i = keras.Input((6, 6, 8))
    gate = layers.Dense(4)(layers.GlobalAveragePooling2D()(i))
    layers.Multiply()([i, gate])


@fault("matmul_sizes")
def a_weight_that_fitted_another_input():
    class Own(layers.Layer):
        def build(self, shape):
            self.w = self.add_weight(shape=(shape[-1], 4))

        def call(self, x):
            return ops.matmul(x, self.w)

    own = Own()
    own(numbers(7, 5))
    own(numbers(5, 8))


@fault("state_width")
def wide_states_in_a_model_that_is_called():
    i, states = keras.Input((3, 2)), [keras.Input((8,)), keras.Input((8,))]
    m = keras.Model([i, *states], layers.LSTM(4)(i, initial_state=states))
    m([numbers(2, 3, 2), numbers(2, 8), numbers(2, 8)])


@remedy("gone_from_keras", "layer.output.shape")
def the_output_shape_of_a_layer():
    print(layers.Dense(3).output_shape)


@remedy("reshape_product", "Reshape((8, 8, 1))")
def the_batch_in_a_reshape():
    model_of(keras.Input((64,)), layers.Reshape((32, 8, 8, 1)))


@remedy("reshape_product", "3,136 units")
def fewer_units_than_a_reshape_wants():
    model_of(keras.Input((16,)), layers.Dense(1568), layers.Reshape((7, 7, 64)))


@remedy("sequences_for_granted", "return_sequences=True", "table")
def one_state_inside_of_a_model_of_ones_own():
    class Own(keras.Model):
        def __init__(self):
            super().__init__()
            self.first, self.second = layers.LSTM(4), layers.LSTM(3)

        def call(self, x):
            return self.second(self.first(x))

    Own()(numbers(2, 6, 3))


@remedy("cardinality", "as many samples as each other", "that belong to")
def the_halves_of_one_array():
    x = numbers(20, 4)
    xa, xb = x[:15], x[15:]
    m = model_of(keras.Input((4,)), layers.Dense(1), loss="mse")
    m.fit(xa, xb, verbose=0)


@remedy("cardinality", "len(y)", "moveaxis")
def as_many_targets_as_features():
    m = model_of(keras.Input((8,)), layers.Dense(1), loss="mse")
    m.fit(numbers(20, 8), numbers(8), verbose=0)


@remedy("outputs_count", "Give a loss for each output")
def a_loss_for_one_of_two():
    i = keras.Input((4,))
    m = keras.Model(i, [layers.Dense(1, name="a")(i), layers.Dense(1, name="b")(i)])
    m.compile("sgd", {"a": "mse"})
    m.fit(numbers(9, 4), {"a": numbers(9, 1), "b": numbers(9, 1)}, verbose=0)


@remedy("units_vs_labels", "`kind`, the last layer,")
def the_first_of_two_outputs():
    i = keras.Input((4,))
    kind = layers.Dense(4, "softmax", name="kind")(i)
    m = keras.Model(i, [kind, layers.Dense(1, name="age")(i)])
    m.compile("sgd", [ROWS, "mse"])
    m.fit(numbers(9, 4), [one_hot(9, 3), numbers(9, 1)], verbose=0)


@remedy("index_out_of_range", "Quantities need no Embedding", "input_dim=4")
def quantities_for_an_embedding():
    stack = layers.Embedding(10, 2), layers.Flatten(), layers.Dense(1)
    m = model_of(keras.Input((4,)), *stack, loss="mse")
    m.fit(numbers(6, 4) * 50, numbers(6), verbose=0)


@remedy("mask_channels", "out of the colours", "last step")
def masks_in_colour_for_sparse():
    y = (numbers(4, 8, 8, 3) * 255).astype(int)
    m = model_of(keras.Input((8, 8, 3)), layers.Conv2D(5, 1, activation="softmax"), loss=SPARSE)
    m.fit(numbers(4, 8, 8, 3), y, verbose=0)


@remedy("units_vs_labels", "`Dense(4)`", "decoder")
def as_many_quantities_as_features():
    m = model_of(keras.Input((4,)), layers.Dense(6), loss="huber")
    m.fit(numbers(8, 4), numbers(8, 4), verbose=0)


# What stands between the data and the layer that refused


class Squeezing(layers.Layer):
    def __init__(self, axis=None):
        super().__init__()
        self.axis = axis

    def call(self, x):
        return ops.squeeze(x, self.axis)

    def compute_output_shape(self, shape):
        return (shape[0], shape[-1])


@remedy("batch_squeezed", "squeeze(x, axis=1)", "x[None]")
def a_last_batch_of_one_squeezed():
    m = model_of(keras.Input((1, 6)), Squeezing(), layers.Dense(1), loss="mse", run_eagerly=True)
    m.fit(numbers(9, 1, 6), numbers(9, 1), batch_size=4, verbose=0)


@remedy("axes_wanted", "", "squeeze")
def samples_averaged_by_a_layer():
    class Averaging(Squeezing):
        def call(self, x):
            return ops.mean(x, axis=(0, 1))

    stack = Averaging(), layers.Dense(1)
    m = model_of(keras.Input((2, 6)), *stack, loss="mse", run_eagerly=True)
    m.fit(numbers(8, 2, 6), numbers(8, 1), batch_size=4, verbose=0)


@remedy("all_axes_reduced", "axis=1")
def the_mean_of_a_whole_batch():
    class Own(keras.Model):
        def __init__(self):
            super().__init__()
            self.head = layers.Dense(3, "softmax")

        def call(self, x):
            return self.head(ops.mean(x))

    m = Own()
    m.compile("sgd", SPARSE, run_eagerly=True)
    m.fit(numbers(6, 4), classes(6, 3), verbose=0)


@remedy("top_included", "include_top=False", "Reshape")
def a_classifier_for_maps():
    base = model_of(keras.Input((8, 8, 3)), layers.Flatten(), layers.Dense(1000))
    model_of(base, layers.GlobalAveragePooling2D(), layers.Dense(3))


@remedy("return_sequences_extra", "TimeDistributed(MaxPooling2D(...))", "MaxPooling3D")
def all_frames_for_a_pooling():
    film = layers.ConvLSTM2D(2, 3, return_sequences=True)
    model_of(keras.Input((4, 8, 8, 1)), film, layers.BatchNormalization(), layers.MaxPooling2D())


@remedy("channel_order", "Leave `axis=1` out", "resize")
def rows_normalized_in_place_of_channels():
    m = model_of(layers.Conv2D(2, 3), layers.BatchNormalization(axis=1))
    m.predict(numbers(2, 8, 8, 1), verbose=0)
    m.predict(numbers(2, 9, 9, 1), verbose=0)


@remedy("normalized_width", "layer.adapt(x_train)")
def normalized_with_the_targets():
    norm = layers.Normalization()
    norm.adapt(numbers(9, 5))
    m = model_of(keras.Input((4,)), norm, layers.Dense(1), loss="mse")
    m.fit(numbers(9, 4), numbers(9), verbose=0)


@remedy("attention_called", "Attention()([query, value])", "self-attention")
def two_arguments_for_a_list():
    layers.Attention()(keras.Input((6, 4)), keras.Input((5, 4)))


@remedy("attention_called", "Leave the brackets out", "self-attention")
def a_list_for_two_arguments():
    layers.MultiHeadAttention(2, 4)([keras.Input((6, 4)), keras.Input((5, 4))])


@remedy("mask_length", "after they were cut")
def a_mask_of_the_uncut_words():
    layers.LSTM(3)(numbers(2, 5, 4), mask=np.ones((2, 8), bool))


@remedy("masks_unrolled", "y.reshape(-1, 4, 4)", "Dense")
def masks_in_a_row_for_maps():
    y = classes(64, 3).reshape(4, 16)
    m = model_of(keras.Input((4, 4, 1)), layers.Conv2D(3, 1, activation="softmax"), loss=SPARSE)
    m.fit(numbers(4, 4, 4, 1), y, verbose=0)


@fault(None)
def several_labels_that_are_no_places():
    m = model_of(keras.Input((4, 4, 1)), layers.Conv2D(3, 1, activation="softmax"), loss=SPARSE)
    m.fit(numbers(4, 4, 4, 1), classes(20, 3).reshape(4, 5), verbose=0)


@remedy("autoencoder_sizes", 'padding="same"` in `widens`', "as often larger as smaller")
def one_convolution_without_padding():
    down = layers.Conv2D(2, 3, strides=2, padding="same")
    m = model_of(
        keras.Input((8, 8, 1)),
        down,
        layers.Conv2DTranspose(1, 3, strides=2, name="widens"),
        loss="mse",
    )
    x = numbers(4, 8, 8, 1)
    m.fit(x, x, verbose=0)


@remedy("shapes_in_a_sum", "Take 4 numbers in place of 3")
def weights_for_fewer_classes():
    errors, weights = numbers(6, 4), numbers(3)
    errors * weights


@remedy("signature_broken", "x[..., None]")
def a_generator_without_the_channel_it_promises():
    import tensorflow as tf

    signature = tf.TensorSpec((4, 4, 1)), tf.TensorSpec(())
    pairs = tf.data.Dataset.from_generator(
        lambda: iter([(numbers(4, 4), 0.0)] * 3), output_signature=signature
    )
    m = model_of(keras.Input((4, 4, 1)), layers.Flatten(), layers.Dense(1), loss="mse")
    m.fit(pairs.batch(3), verbose=0)


@remedy("batch_turned", "transpose(x, (0, 2, 1))", "Input")
def a_transpose_that_turns_the_batch():
    class Turning(keras.Model):
        def __init__(self):
            super().__init__()
            self.head = layers.Dense(2)

        def call(self, x):
            return self.head(ops.transpose(x))

    m = Turning()
    m.compile("sgd", "mse")
    m.fit(numbers(8, 5, 3), numbers(8, 3, 2), verbose=0)


@remedy("behind_the_output", "Begin at a layer further in front", "Leave `flatten")
def a_convolution_behind_an_output_layer():
    stack = layers.Flatten(), layers.Dense(3, "softmax")
    base = model_of(keras.Input((8, 8, 1)), layers.Conv2D(2, 3), *stack)
    layers.Conv2D(2, 3)(base.layers[-1].output)


@remedy("steps_lost", "Leave `pooled` out", "table")
def a_pooling_inside_of_a_model_of_ones_own():
    class Own(keras.Model):
        def __init__(self):
            super().__init__()
            self.pooled, self.reads = layers.GlobalMaxPooling1D(name="pooled"), layers.LSTM(2)

        def call(self, x):
            return self.reads(self.pooled(x))

    Own()(numbers(2, 5, 3))


@fault("shapes_in_a_sum")
def targets_reshaped_in_a_loss():
    def loss(y, output):
        return ops.mean((ops.reshape(y, (-1, 4)) - output) ** 2)

    m = model_of(keras.Input((5,)), layers.Dense(3))
    m.compile("sgd", loss, run_eagerly=True)
    m.fit(numbers(8, 5), numbers(8, 3), verbose=0)


@remedy("extra_axis", "expand_dims", "from_tensor_slices")
def batches_with_an_axis_of_one():
    import tensorflow as tf

    m = model_of(keras.Input((8, 8, 1)), layers.Conv2D(2, 3), layers.Flatten(), layers.Dense(1))
    m.compile("sgd", "mse")
    data = tf.data.Dataset.from_tensor_slices((numbers(8, 8, 8, 1), numbers(8))).batch(4)
    m.fit(data.map(lambda x, y: (x[:, None], y)), verbose=0)


@remedy("validation_differs", "Prepare both in the same way", "Dense")
def a_class_missing_in_a_stream_for_validation():
    m = model_of(keras.Input((4,)), layers.Dense(3, "softmax"), loss=ROWS)

    def batches(k):
        while True:
            yield numbers(6, 4), one_hot(6, k)

    check = batches(2)
    m.fit(batches(3), steps_per_epoch=1, validation_data=check, validation_steps=1, verbose=0)


@remedy("objects_for_numbers", "None is among them")
def a_gap_among_the_labels():
    m = model_of(keras.Input((4,)), layers.Dense(1, "sigmoid"), loss="binary_crossentropy")
    m.fit(numbers(3, 4), np.array([0, None, 1], dtype=object), verbose=0)


@remedy("outputs_count", "Let `call` return only")
def scores_beside_the_output():
    class Own(keras.Model):
        def __init__(self):
            super().__init__()
            self.head = layers.Dense(1)

        def call(self, x):
            return self.head(x), x

    m = Own()
    m.compile("sgd", "mse")
    m.fit(numbers(6, 4), numbers(6, 1), verbose=0)


@remedy("one_of_several", "`x[2]`", "np.stack")
def all_that_an_encoder_gives():
    i = keras.Input((6,))
    code = [layers.Dense(2)(i), layers.Dense(2)(i), layers.Dense(2)(i)]
    decoder = model_of(keras.Input((2,)), layers.Dense(6))
    decoder(keras.Model(i, code)(i))


@remedy("batch_axis_missing", "target[None]")
def one_target_for_a_batch_of_one():
    state, target = numbers(1, 4), numbers(2)
    m = model_of(keras.Input((4,)), layers.Dense(2), loss="mse")
    m.fit(state, target, verbose=0)


@remedy("merge_shapes", "Reshape((5, 1))", "units")
def a_mask_for_each_step():
    layers.Multiply()([keras.Input((5, 8)), keras.Input((5,))])


@remedy("input_width", "all the 8 columns", "just")
def fewer_columns_than_declared():
    model_of(keras.Input((8,)), layers.Dense(1)).predict(numbers(4, 5), verbose=0)


@remedy("axis_summed_away", "keepdims=True")
def a_distance_for_a_dense():
    a, b = keras.Input((6,)), keras.Input((6,))
    layers.Dense(1)(ops.sqrt(ops.sum((a - b) ** 2, axis=1)))
