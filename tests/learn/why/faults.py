"""Faults of each family, with the cause that must be named; None where nothing may be claimed.

Each is a function that raises. The name of the cause is the code of the rule.
"""

import os
import tempfile

import keras
import numpy as np
from keras import layers

FAULTS = {}


def fault(code):
    """Register a function that raises for the cause `code`."""

    def register(function):
        FAULTS[function.__name__] = (function, code)
        return function

    return register


def numbers(*shape):
    return np.random.default_rng(0).random(shape).astype("float32")


def classes(n, k, first=0):
    return np.arange(n) % k + first


def one_hot(n, k):
    return np.eye(k, dtype="float32")[classes(n, k)]


def model_of(*stack, loss=None, **options):
    model = keras.Sequential(list(stack))
    if loss:
        model.compile("sgd", loss, **options)
    return model


# Loss against targets


@fault("classes_as_numbers")
def labels_in_a_column():
    y = classes(12, 4)[:, None]
    m = model_of(keras.Input((5,)), layers.Dense(4, "softmax"), loss="categorical_crossentropy")
    m.fit(numbers(12, 5), y, verbose=0)


@fault("classes_as_numbers")
def whole_numbers_in_validation():
    m = model_of(keras.Input((5,)), layers.Dense(4, "softmax"), loss="categorical_crossentropy")
    data = (numbers(8, 5), classes(8, 4))
    m.fit(numbers(12, 5), one_hot(12, 4), validation_data=data, verbose=0)


@fault("classes_as_numbers")
def whole_numbers_for_each_pixel():
    m = model_of(
        keras.Input((8, 8, 3)),
        layers.Conv2D(3, 1, activation="softmax"),
        loss="categorical_crossentropy",
    )
    m.fit(numbers(4, 8, 8, 3), np.zeros((4, 8, 8), int), verbose=0)


@fault("classes_as_numbers")
def loss_called_by_hand():
    y = classes(12, 4)
    m = model_of(keras.Input((5,)), layers.Dense(4, "softmax"))
    keras.losses.CategoricalCrossentropy()(y, m(numbers(12, 5)))


@fault("one_hot_labels")
def one_hot_for_sparse():
    m = model_of(
        keras.Input((5,)), layers.Dense(4, "softmax"), loss="sparse_categorical_crossentropy"
    )
    m.fit(numbers(12, 5), one_hot(12, 4), verbose=0)


@fault("one_hot_labels")
def one_hot_of_another_width_for_sparse():
    m = model_of(
        keras.Input((5,)), layers.Dense(3, "softmax"), loss="sparse_categorical_crossentropy"
    )
    m.fit(numbers(12, 5), one_hot(12, 4), verbose=0)


@fault("one_hot_labels")
def one_hot_masks_for_sparse():
    m = model_of(
        keras.Input((8, 8, 3)),
        layers.Conv2D(3, 1, activation="softmax"),
        loss="sparse_categorical_crossentropy",
    )
    m.fit(numbers(4, 8, 8, 3), np.eye(3)[np.zeros((4, 8, 8), int)], verbose=0)


@fault("units_vs_labels")
def two_units_for_binary():
    m = model_of(keras.Input((5,)), layers.Dense(2, "sigmoid"), loss="binary_crossentropy")
    m.fit(numbers(12, 5), classes(12, 2), verbose=0)


@fault("units_vs_labels")
def one_unit_for_one_hot():
    m = model_of(keras.Input((5,)), layers.Dense(1, "sigmoid"), loss="binary_crossentropy")
    m.fit(numbers(12, 5), one_hot(12, 2), verbose=0)


@fault("units_vs_labels")
def quantities_of_another_width():
    m = model_of(keras.Input((5,)), layers.Dense(4), loss="mse")
    m.fit(numbers(12, 5), numbers(12, 3), verbose=0)


@fault("units_vs_labels")
def one_of_two_outputs():
    i = keras.Input((5,))
    m = keras.Model(
        i, [layers.Dense(3, "softmax", name="kind")(i), layers.Dense(2, name="place")(i)]
    )
    m.compile("sgd", ["categorical_crossentropy", "mae"])
    m.fit(numbers(12, 5), [one_hot(12, 3), numbers(12, 4)], verbose=0)


@fault("units_vs_labels")
def labels_beyond_the_units():
    m = model_of(
        keras.Input((5,)), layers.Dense(4, "softmax"), loss="sparse_categorical_crossentropy"
    )
    m.fit(numbers(12, 5), classes(12, 6), verbose=0)


@fault("units_vs_labels")
def one_unit_for_sparse():
    m = model_of(
        keras.Input((5,)), layers.Dense(1, "sigmoid"), loss="sparse_categorical_crossentropy"
    )
    m.fit(numbers(12, 5), classes(12, 2), verbose=0)


@fault("labels_off_by_one")
def counted_from_one():
    m = model_of(
        keras.Input((5,)), layers.Dense(4, "softmax"), loss="sparse_categorical_crossentropy"
    )
    m.fit(numbers(12, 5), classes(12, 4, first=1), verbose=0)


@fault("flatten_missing")
def dense_on_a_sequence():
    m = model_of(
        keras.Input((10, 3)),
        layers.Conv1D(8, 3),
        layers.Dense(1, "sigmoid"),
        loss="binary_crossentropy",
    )
    m.fit(numbers(12, 10, 3), one_hot(12, 2), verbose=0)


@fault("flatten_missing")
def dense_on_an_embedding():
    m = model_of(
        keras.Input((10,)),
        layers.Embedding(50, 8),
        layers.Dense(3, "softmax"),
        loss="sparse_categorical_crossentropy",
    )
    m.fit(np.ones((12, 10), int), classes(12, 3), verbose=0)


@fault("flatten_missing")
def dense_after_two_axes():
    m = model_of(
        keras.Input((6, 6)), layers.Dense(16), layers.Dense(4), loss="categorical_crossentropy"
    )
    m.fit(numbers(12, 6, 6), one_hot(12, 4), verbose=0)


@fault("return_sequences_extra")
def every_step_answers():
    m = model_of(
        keras.Input((10, 3)),
        layers.LSTM(8, return_sequences=True),
        layers.Dense(4, "softmax"),
        loss="categorical_crossentropy",
    )
    m.fit(numbers(12, 10, 3), one_hot(12, 4), verbose=0)


@fault("return_sequences_extra")
def every_step_of_a_bidirectional_answers():
    m = model_of(
        keras.Input((10, 3)),
        layers.Bidirectional(layers.GRU(8, return_sequences=True)),
        layers.Dropout(0.1),
        layers.Dense(4, "softmax"),
        loss="sparse_categorical_crossentropy",
    )
    m.fit(numbers(12, 10, 3), classes(12, 4), verbose=0)


@fault("output_layer_missing")
def ends_with_a_convolution():
    m = model_of(
        keras.Input((8, 8, 3)),
        layers.Conv2D(8, 3),
        layers.MaxPooling2D(2),
        loss="categorical_crossentropy",
    )
    m.fit(numbers(4, 8, 8, 3), one_hot(4, 3), verbose=0)


@fault("output_layer_missing")
def ends_with_flatten():
    m = model_of(
        keras.Input((8, 8, 3)),
        layers.Conv2D(8, 3),
        layers.Flatten(),
        loss="categorical_crossentropy",
    )
    m.fit(numbers(4, 8, 8, 3), one_hot(4, 3), verbose=0)


@fault("target_rank")
def labels_in_a_table_of_their_own():
    m = model_of(keras.Input((5,)), layers.Dense(3, "softmax"), loss="categorical_crossentropy")
    m.fit(numbers(12, 5), one_hot(12, 3)[:, None], verbose=0)


@fault("target_rank")
def one_hot_twice():
    m = model_of(keras.Input((5,)), layers.Dense(3, "softmax"), loss="categorical_crossentropy")
    m.fit(numbers(12, 5), keras.utils.to_categorical(one_hot(12, 3), 2), verbose=0)


@fault("target_rank")
def a_label_for_each_step():
    m = model_of(
        keras.Input((10, 3)),
        layers.LSTM(8),
        layers.Dense(4, "softmax"),
        loss="categorical_crossentropy",
    )
    m.fit(numbers(6, 10, 3), np.eye(4)[np.zeros((6, 10), int)], verbose=0)


@fault("wrong_array")
def inputs_as_labels():
    x = numbers(12, 8, 8, 3)
    m = model_of(
        keras.Input((8, 8, 3)),
        layers.Flatten(),
        layers.Dense(3, "softmax"),
        loss="categorical_crossentropy",
    )
    m.fit(x, x, verbose=0)


@fault("autoencoder_sizes")
def decoder_too_small():
    x = numbers(4, 28, 28, 1)
    m = model_of(
        keras.Input((28, 28, 1)),
        layers.Conv2D(8, 3, padding="same"),
        layers.MaxPooling2D(2),
        layers.Conv2D(8, 3),
        layers.UpSampling2D(2),
        layers.Conv2D(1, 3, padding="same"),
        loss="mse",
    )
    m.fit(x, x, verbose=0)


@fault("autoencoder_sizes")
def dense_autoencoder():
    x = numbers(12, 64)
    m = model_of(
        keras.Input((64,)), layers.Dense(8), layers.Dense(60, "sigmoid"), loss="binary_crossentropy"
    )
    m.fit(x, x, verbose=0)


@fault("mask_channels")
def colour_masks():
    m = model_of(
        keras.Input((8, 8, 3)),
        layers.Conv2D(1, 1, activation="sigmoid"),
        loss="binary_crossentropy",
    )
    m.fit(numbers(4, 8, 8, 3), np.zeros((4, 8, 8, 3)), verbose=0)


@fault("outputs_count")
def one_target_for_two_outputs():
    i = keras.Input((5,))
    m = keras.Model(
        i, [layers.Dense(3, "softmax", name="kind")(i), layers.Dense(1, name="size")(i)]
    )
    m.compile("sgd", ["sparse_categorical_crossentropy", "mse"])
    m.fit(numbers(12, 5), classes(12, 3), verbose=0)


@fault("outputs_count")
def losses_of_other_names():
    i = keras.Input((5,))
    m = keras.Model(
        i, [layers.Dense(3, "softmax", name="kind")(i), layers.Dense(1, name="size")(i)]
    )
    m.compile("sgd", {"kind": "sparse_categorical_crossentropy", "length": "mse"})
    m.fit(numbers(12, 5), [classes(12, 3), numbers(12, 1)], verbose=0)


@fault("sample_weight_shape")
def weights_for_classes():
    m = model_of(keras.Input((5,)), layers.Dense(3, "softmax"), loss="categorical_crossentropy")
    m.fit(numbers(12, 5), one_hot(12, 3), sample_weight=np.ones((12, 3)), verbose=0)


# Declared input against data


@fault("samples_in_input_shape")
def samples_declared():
    x = numbers(20, 6)
    m = model_of(
        keras.Input(x.shape), layers.Dense(3), layers.Flatten(), layers.Dense(1), loss="mse"
    )
    m.fit(x, numbers(20, 1), verbose=0)


@fault("samples_in_input_shape")
def number_of_samples_as_width():
    x = numbers(50, 6)
    m = model_of(keras.Input((len(x),)), layers.Dense(3), layers.Dense(1), loss="mse")
    m.fit(x, numbers(50, 1), verbose=0)


@fault("samples_in_input_shape")
def samples_in_front_of_a_convolution():
    x = numbers(20, 12, 12, 3)
    model_of(keras.Input(x.shape), layers.Conv2D(4, 3))


@fault("batch_axis_written")
def none_written_for_the_batch():
    model_of(keras.Input((None, 12, 12, 3)), layers.Conv2D(4, 3))


@fault("batch_axis_missing")
def one_picture():
    m = model_of(keras.Input((12, 12, 3)), layers.Conv2D(4, 3), layers.Flatten(), layers.Dense(2))
    m.predict(numbers(12, 12, 3), verbose=0)


@fault("batch_axis_missing")
def one_row():
    m = model_of(keras.Input((6,)), layers.Dense(2))
    m.predict(numbers(6), verbose=0)


@fault("batch_axis_missing")
def model_called_on_one_sample():
    m = model_of(keras.Input((10, 3)), layers.LSTM(2))
    m(numbers(10, 3))


@fault("extra_axis")
def batch_axis_twice():
    m = model_of(keras.Input((12, 12, 3)), layers.Conv2D(4, 3), layers.Flatten(), layers.Dense(2))
    m.predict(numbers(5, 12, 12, 3)[None], verbose=0)


@fault("extra_axis")
def axis_in_the_middle():
    m = model_of(keras.Input((6,)), layers.Dense(2), loss="mse")
    m.fit(numbers(5, 1, 6), numbers(5, 2), verbose=0)


@fault("dataset_not_batched")
def dataset_of_samples():
    import tensorflow as tf

    data = tf.data.Dataset.from_tensor_slices((numbers(8, 12, 12, 3), classes(8, 2)))
    m = model_of(
        keras.Input((12, 12, 3)),
        layers.Conv2D(4, 3),
        layers.Flatten(),
        layers.Dense(2),
        loss="sparse_categorical_crossentropy",
    )
    m.fit(data, verbose=0)


@fault("dataset_not_batched")
def dataset_of_rows():
    import tensorflow as tf

    data = tf.data.Dataset.from_tensor_slices((numbers(8, 6), classes(8, 2)))
    m = model_of(keras.Input((6,)), layers.Dense(2), loss="sparse_categorical_crossentropy")
    m.fit(data, verbose=0)


@fault("channel_order")
def channels_first_data():
    m = model_of(keras.Input((12, 12, 3)), layers.Conv2D(4, 3), layers.Flatten(), layers.Dense(2))
    m.predict(numbers(4, 3, 12, 12), verbose=0)


@fault("channel_order")
def channels_first_declared():
    model_of(keras.Input((1, 28, 28)), layers.Conv2D(8, 3), layers.MaxPooling2D(2))


@fault("channel_count")
def grey_for_colour():
    m = model_of(keras.Input((12, 12, 3)), layers.Conv2D(4, 3), layers.Flatten(), layers.Dense(2))
    m.predict(numbers(4, 12, 12, 1), verbose=0)


@fault("channel_axis_missing")
def grey_without_channels():
    model_of(keras.Input((28, 28)), layers.Conv2D(8, 3))


@fault("axes_swapped")
def steps_and_features():
    m = model_of(keras.Input((20, 3)), layers.LSTM(4), layers.Dense(1), loss="mse")
    m.fit(numbers(8, 3, 20), numbers(8, 1), verbose=0)


@fault("axes_swapped")
def a_turned_table():
    m = model_of(keras.Input((4,)), layers.Dense(1), loss="mse")
    m.predict(numbers(4, 9), verbose=0)


@fault("input_width")
def a_column_too_many():
    m = model_of(keras.Input((4,)), layers.Dense(1), loss="mse")
    m.fit(numbers(9, 5), numbers(9, 1), verbose=0)


@fault("input_width")
def validation_of_another_width():
    m = model_of(keras.Input((4,)), layers.Dense(1), loss="mse")
    m.fit(numbers(9, 4), numbers(9, 1), validation_data=(numbers(3, 6), numbers(3, 1)), verbose=0)


@fault("data_size")
def pictures_of_another_size():
    m = model_of(keras.Input((32, 32, 3)), layers.Conv2D(4, 3), layers.Flatten(), layers.Dense(2))
    m.predict(numbers(4, 28, 28, 3), verbose=0)


@fault("data_size")
def another_size_than_met_first():
    m = model_of(layers.Conv2D(4, 3), layers.Flatten(), layers.Dense(2))
    m(numbers(2, 16, 16, 3))
    m(numbers(2, 20, 20, 3))


@fault("data_not_flattened")
def pictures_for_rows():
    m = model_of(keras.Input((64,)), layers.Dense(2), loss="mse")
    m.fit(numbers(4, 8, 8), numbers(4, 2), verbose=0)


@fault("flattened_by_hand")
def rows_for_pictures():
    m = model_of(keras.Input((8, 8, 3)), layers.Conv2D(4, 3), layers.Flatten(), layers.Dense(2))
    m.predict(numbers(4, 192), verbose=0)


@fault("sequence_axis_missing")
def a_table_for_an_lstm():
    m = model_of(keras.Input((20, 3)), layers.LSTM(4), layers.Dense(1), loss="mse")
    m.fit(numbers(8, 20), numbers(8, 1), verbose=0)


@fault("dict_keys")
def dict_of_other_names():
    m = keras.Model(i := keras.Input((4,), name="image"), layers.Dense(1)(i))
    m.compile("sgd", "mse")
    m.fit({"photo": numbers(9, 4)}, numbers(9, 1), verbose=0)


@fault("inputs_count")
def one_array_for_two_inputs():
    a, b = keras.Input((4,), name="a"), keras.Input((3,), name="b")
    m = keras.Model([a, b], layers.Dense(1)(layers.Concatenate()([a, b])))
    m.compile("sgd", "mse")
    m.fit(numbers(9, 4), numbers(9, 1), verbose=0)


@fault("list_input")
def a_list_of_samples():
    m = model_of(keras.Input((4,)), layers.Dense(1), loss="mse")
    m.fit([numbers(4) for _ in range(9)], numbers(9, 1), verbose=0)


@fault("ragged_list")
def lists_of_unequal_length():
    m = model_of(keras.Input((None,)), layers.Embedding(50, 4), layers.LSTM(3))
    m.predict(np.array([[1, 2, 3], [4, 5]]), verbose=0)


@fault("cardinality")
def targets_of_another_split():
    x_train, y_test = numbers(9, 4), numbers(5, 1)
    y_train = numbers(9, 1)  # noqa: F841  (the mistake)
    m = model_of(keras.Input((4,)), layers.Dense(1), loss="mse")
    m.fit(x_train, y_test, verbose=0)


# How many axes a layer takes


@fault("sequence_axis_missing")
def lstm_on_rows():
    model_of(keras.Input((20,)), layers.LSTM(4))


@fault("sequence_axis_missing")
def conv1d_on_rows():
    model_of(keras.Input((20,)), layers.Conv1D(4, 3))


@fault("sequences_for_granted")
def lstm_on_the_last_state():
    model_of(keras.Input((20, 3)), layers.LSTM(8), layers.Dropout(0.1), layers.LSTM(4))


@fault("sequences_for_granted")
def conv1d_on_the_last_state():
    i = keras.Input((20, 3))
    layers.Conv1D(4, 3)(layers.Bidirectional(layers.LSTM(8))(i))


@fault("flatten_steps")
def conv2d_after_flatten():
    model_of(keras.Input((8, 8, 3)), layers.Conv2D(4, 3), layers.Flatten(), layers.Conv2D(4, 3))


@fault("flatten_steps")
def gru_after_flatten():
    model_of(keras.Input((20,)), layers.Embedding(50, 4), layers.Flatten(), layers.GRU(4))


@fault("conv_dims")
def conv2d_on_an_embedding():
    model_of(keras.Input((20,)), layers.Embedding(50, 4), layers.Conv2D(8, 3))


@fault("conv_dims")
def pooling_of_another_dimension():
    model_of(keras.Input((20, 3)), layers.Conv1D(8, 3), layers.MaxPooling2D(2))


@fault("maps_for_steps")
def lstm_on_maps():
    model_of(keras.Input((20, 20, 3)), layers.Conv2D(8, 3), layers.LSTM(4))


@fault("filters_for_window")
def window_and_filters_exchanged():
    model_of(keras.Input((12, 12, 3)), layers.Conv2D(3, 16))


@fault("ends_exchanged")
def model_from_its_end():
    i = keras.Input((4,))
    keras.Model(layers.Dense(3)(i), i)


@fault("ends_alike")
def model_of_one_tensor():
    model = keras.Sequential([keras.Input((4,)), layers.Dense(3)])
    keras.Model(model.layers[0].output, model.layers[-1].output)


@fault("window_outgrows_map")
def too_many_poolings():
    pools = [layers.MaxPooling2D(2) for _ in range(4)]
    model_of(keras.Input((12, 12, 3)), *pools)


@fault("stride_by_position")
def old_spelling_of_a_kernel():
    i = h = keras.Input((32, 32, 3))
    for n in (8, 8, 8, 8):
        h = layers.Conv2D(n, 3, 3)(h)
    return keras.Model(i, h)


# Widths, weights, merging, open sizes


@fault("shared_shape")
def one_layer_for_two_widths():
    dense = layers.Dense(4)
    dense(keras.Input((6,)))
    dense(keras.Input((9,)))


@fault("layer_skipped")
def last_layer_of_a_decoder():
    i = keras.Input((16,))
    code = layers.Dense(2)(i)
    auto = keras.Model(i, layers.Dense(16)(layers.Dense(8)(code)))
    other = keras.Input((2,))
    keras.Model(other, auto.layers[-1](other))


@fault("build_axis")
def weights_of_the_wrong_axis():
    class Mine(layers.Layer):
        def build(self, input_shape):
            self.w = self.add_weight(shape=(input_shape[1], 4))

        def call(self, x):
            return keras.ops.matmul(x, self.w)

    Mine()(numbers(2, 10, 3))


@fault("merge_shapes")
def skip_of_an_odd_size():
    i = keras.Input((25, 25, 3))
    a = layers.Conv2D(4, 3, padding="same")(i)
    b = layers.UpSampling2D(2)(layers.MaxPooling2D(2)(a))
    layers.Concatenate()([a, b])


@fault("merge_shapes")
def branches_of_other_widths_added():
    i = keras.Input((6,))
    layers.Add()([layers.Dense(3)(i), layers.Dense(4)(i)])


@fault("merge_shapes")
def a_map_and_a_row_joined():
    layers.Concatenate()([keras.Input((8, 8, 3)), keras.Input((5,))])


@fault("unknown_width")
def dense_on_an_open_width():
    model_of(keras.Input((None,)), layers.Embedding(50, 4), layers.Flatten(), layers.Dense(1))


@fault("weights_shape")
def weights_of_another_model():
    path = os.path.join(tempfile.mkdtemp(), "a.weights.h5")
    model_of(keras.Input((4,)), layers.Dense(3)).save_weights(path)
    model_of(keras.Input((4,)), layers.Dense(5)).load_weights(path)


@fault("weights_shape")
def weights_set_turned():
    dense = layers.Dense(3)
    dense.build((None, 4))
    dense.set_weights([numbers(3, 4), numbers(3)])


@fault("reshape_product")
def reshape_of_too_many():
    model_of(keras.Input((100,)), layers.Reshape((7, 7, 2)))


@fault("reshape_product")
def reshape_for_another_number_of_samples():
    test = np.zeros((30, 8, 8))
    test.reshape((60, 64))


@fault("index_out_of_range")
def word_beyond_the_table():
    m = model_of(
        keras.Input((6,)), layers.Embedding(50, 4), layers.Flatten(), layers.Dense(1), loss="mse"
    )
    m.fit(np.full((8, 6), 50), numbers(8, 1), verbose=0)


@fault("stateful_batch")
def last_batch_smaller():
    m = model_of(
        keras.Input(batch_shape=(8, 5, 1)),
        layers.LSTM(3, stateful=True),
        layers.Dense(1),
        loss="mse",
    )
    m.fit(numbers(20, 5, 1), numbers(20, 1), batch_size=8, verbose=0)


@fault("mask_shape")
def mask_of_words():
    attend = layers.MultiHeadAttention(2, 4)
    x = numbers(3, 6, 8)
    attend(x, x, attention_mask=np.ones((3, 6), bool))


@fault("numpy_on_symbolic")
def numpy_in_a_model():
    i = keras.Input((4,))
    layers.Dense(2)(np.sqrt(i))


@fault("numpy_on_symbolic")
def tensorflow_in_a_model():
    import tensorflow as tf

    i = keras.Input((4,))
    layers.Dense(2)(tf.reduce_mean(i, axis=-1, keepdims=True))


@fault("class_for_layer")
def flatten_for_its_layer():
    i = keras.Input((4, 4, 3))
    layers.Flatten(i)


@fault("metric_shapes")
def precision_of_class_numbers():
    m = model_of(
        keras.Input((5,)),
        layers.Dense(3, "softmax"),
        loss="sparse_categorical_crossentropy",
        metrics=[keras.metrics.Precision()],
    )
    m.fit(numbers(12, 5), classes(12, 3), verbose=0)


@fault("shapes_in_a_sum")
def mean_of_rows_subtracted():
    x = np.zeros((6, 4))
    x - x.mean(axis=1)


# Nothing of ours


@fault(None)
def a_name_that_is_not_there():
    return undefined_name  # noqa: F821


@fault(None)
def a_missing_key():
    return {"a": 1}["b"]


@fault(None)
def not_an_array():
    return int("seven")


@fault(None)
def callback_of_their_own():
    def fails(epoch, logs):
        raise ValueError("the shape of things to come")

    m = model_of(keras.Input((5,)), layers.Dense(1), loss="mse")
    call = keras.callbacks.LambdaCallback(on_epoch_end=fails)
    m.fit(numbers(12, 5), numbers(12, 1), callbacks=[call], verbose=0)


@fault(None)
def a_file_that_is_not_there():
    keras.models.load_model("nowhere.keras")


@fault(None)
def an_optimizer_that_is_none():
    model_of(keras.Input((5,)), layers.Dense(1)).compile("sgdx", "mse")


@fault(None)
def not_compiled():
    model_of(keras.Input((5,)), layers.Dense(1)).fit(numbers(4, 5), numbers(4, 1))
