"""Further faults, with the cause that must be named: inside of a person's own code, and rarer."""

import keras
import numpy as np
from keras import layers

from tests.learn.why.faults import classes, fault, model_of, numbers

SPARSE = "sparse_categorical_crossentropy"


# Datasets and other sources


@fault("dataset_not_batched")
def single_texts_for_a_model_without_input():
    import tensorflow as tf

    words = np.arange(48).reshape(8, 6) % 20
    data = tf.data.Dataset.from_tensor_slices((words, classes(8, 2)))
    m = model_of(layers.Embedding(20, 4), layers.LSTM(3), layers.Dense(1), loss="mse")
    m.fit(data, verbose=0)


@fault("batched_twice")
def batches_of_batches():
    import tensorflow as tf

    data = tf.data.Dataset.from_tensor_slices((numbers(8, 6), numbers(8))).batch(4).batch(2)
    model_of(keras.Input((6,)), layers.Dense(1), loss="mse").fit(data, verbose=0)


@fault("sample_weight_shape")
def a_third_part_that_holds_no_weights():
    import tensorflow as tf

    data = tf.data.Dataset.from_tensor_slices((numbers(8, 4), numbers(8, 1), numbers(8, 5)))
    model_of(keras.Input((4,)), layers.Dense(1), loss="mse").fit(data.batch(4), verbose=0)


@fault("yields_no_tuple")
def a_generator_of_lists():
    def rows():
        while True:
            yield [numbers(4, 3), numbers(4, 1)]

    m = model_of(keras.Input((3,)), layers.Dense(1), loss="mse")
    m.fit(rows(), steps_per_epoch=1, verbose=0)


@fault("text_as_numbers")
def words_for_an_embedding():
    words = np.array([["good"], ["bad"]], dtype=object)
    m = model_of(keras.Input((1,)), layers.Embedding(9, 4), layers.Flatten(), loss="mse")
    m.fit(words, numbers(2, 4), verbose=0)


@fault("text_as_numbers")
def names_of_classes():
    m = model_of(keras.Input((4,)), layers.Dense(3, "softmax"), loss=SPARSE)
    m.fit(numbers(3, 4), np.array(["cat", "dog", "cow"]), verbose=0)


@fault("input_width")
def columns_lost_in_validation():
    m = model_of(keras.Input((6,)), layers.Dense(1), loss="mse")
    m.fit(numbers(8, 6), numbers(8), validation_data=(numbers(4, 5), numbers(4)), verbose=0)


@fault("cardinality")
def half_a_batch_of_labels():
    m = model_of(keras.Input((4,)), layers.Dense(1), loss="binary_crossentropy")
    m.train_on_batch(numbers(16, 4), np.ones((8, 1)))


@fault("class_weight_per_sample")
def class_weight_for_pixels():
    m = model_of(keras.Input((4, 4, 3)), layers.Conv2D(2, 1, activation="softmax"), loss=SPARSE)
    m.fit(numbers(2, 4, 4, 3), np.zeros((2, 4, 4), int), class_weight={0: 1, 1: 2}, verbose=0)


# Metrics


@fault("metric_shapes")
def union_of_probabilities():
    iou = keras.metrics.MeanIoU(3)
    conv = layers.Conv2D(3, 1, activation="softmax")
    m = model_of(keras.Input((4, 4, 3)), conv, loss=SPARSE, metrics=[iou])
    m.fit(numbers(2, 4, 4, 3), np.zeros((2, 4, 4), int), verbose=0)


@fault("metric_shapes")
def score_of_whole_numbers():
    f1 = keras.metrics.F1Score()
    m = model_of(keras.Input((4,)), layers.Dense(3, "softmax"), loss=SPARSE, metrics=[f1])
    m.fit(numbers(6, 4), classes(6, 3), verbose=0)


# Code of one's own


@fault("units_vs_labels")
def subtracted_in_a_train_step():
    class Own(keras.Model):
        def __init__(self):
            super().__init__()
            self.dense = layers.Dense(3)

        def call(self, x):
            return self.dense(x)

        def compute_loss(self, x, y, y_pred, sample_weight=None, training=True):
            return keras.ops.mean((y - y_pred) ** 2)

    m = Own()
    m.compile("sgd")
    m.fit(numbers(8, 4), numbers(8, 2), verbose=0)


@fault("inputs_count")
def two_inputs_taken_out_of_one():
    class Own(keras.Model):
        def __init__(self):
            super().__init__()
            self.dense = layers.Dense(1)

        def call(self, inputs):
            a, b = inputs
            return self.dense(a) + self.dense(b)

    m = Own()
    m.compile("sgd", "mse")
    m.fit(numbers(8, 4), numbers(8, 1), verbose=0)


@fault("call_takes_one")
def a_call_with_two_arguments():
    class Own(keras.Model):
        def __init__(self):
            super().__init__()
            self.dense = layers.Dense(1)

        def call(self, a, b):
            return self.dense(a) + self.dense(b)

    m = Own()
    m.compile("sgd", "mse")
    m.fit([numbers(4, 3), numbers(4, 3)], numbers(4, 1), verbose=0)


@fault("shapes_in_a_sum")
def positions_of_another_length():
    class Positions(layers.Layer):
        def call(self, x):
            return x + keras.ops.ones((20, 8))

    Positions()(numbers(2, 30, 8))


@fault("matmul_sizes")
def matrices_of_other_sizes():
    class Product(layers.Layer):
        def build(self, shape):
            self.narrow = self.add_weight(shape=(shape[-1], 4))
            self.wide = self.add_weight(shape=(8, 2))

        def call(self, x):
            return keras.ops.matmul(keras.ops.matmul(x, self.narrow), self.wide)

    Product()(numbers(3, 6))


@fault("none_in_a_sum")
def zeros_for_each_sample():
    x = keras.Input((10,))
    np.zeros((x.shape[0], 4))


# Layers that don't go together


@fault("merge_shapes")
def a_skip_past_unpadded_convolutions():
    i = keras.Input((64, 64, 1))
    down = layers.Conv2D(2, 3)(i)
    up = layers.UpSampling2D()(layers.Conv2D(2, 3)(layers.MaxPooling2D()(down)))
    layers.Concatenate()([down, up])


@fault("channel_order")
def reshaped_with_the_channels_first():
    conv = layers.Conv2D(8, 3)
    model_of(keras.Input((16, 16)), layers.Reshape((1, 16, 16)), conv)


@fault("merge_shapes")
def dot_of_two_widths():
    layers.Dot(axes=(2, 2))([keras.Input((5, 8)), keras.Input((7, 6))])


@fault("state_width")
def a_decoder_of_fewer_units():
    text, more = keras.Input((5, 3)), keras.Input((4, 3))
    _, h, c = layers.LSTM(16, return_state=True)(text)
    m = keras.Model([text, more], layers.LSTM(8)(more, initial_state=[h, c]))
    m.predict([numbers(2, 5, 3), numbers(2, 4, 3)], verbose=0)


@fault("states_counted")
def states_of_both_directions():
    x = keras.Input((5, 3))
    _, h, c = layers.Bidirectional(layers.LSTM(4, return_state=True))(x)


@fault("states_counted")
def states_in_a_sequential():
    model_of(keras.Input((5, 2)), layers.LSTM(4, return_state=True), layers.Dense(1))


@fault("one_tensor_wanted")
def two_outputs_for_one_layer():
    i = keras.Input((8,))
    model_of(keras.Input((8,)), keras.Model(i, [i, i]), layers.Flatten())


@fault("sequence_axis_missing")
def each_step_of_a_picture():
    model_of(keras.Input((28, 28, 1)), layers.TimeDistributed(layers.Conv2D(4, 3)))


@fault("sequence_axis_missing")
def films_without_channels():
    model_of(keras.Input((10, 32, 32)), layers.ConvLSTM2D(4, 3))


@fault("pooled_away")
def pooled_before_another_pooling():
    model_of(keras.Input((12, 4)), layers.GlobalMaxPooling1D(), layers.MaxPooling1D(2))


@fault("embedding_input")
def one_hot_words():
    model_of(keras.Input((10, 50)), layers.Embedding(50, 8), layers.LSTM(4))


@fault("declared_shape_binds")
def pictures_too_small_for_a_discriminator():
    made = model_of(keras.Input((16,)), layers.Dense(144), layers.Reshape((12, 12, 1)))
    judge = model_of(keras.Input((28, 28, 1)), layers.Flatten(), layers.Dense(1))
    model_of(made, judge)


@fault("axis_beyond")
def an_axis_of_images_on_rows():
    model_of(keras.Input((7,)), layers.BatchNormalization(axis=3))


@fault("groups_of_channels")
def three_channels_in_two_groups():
    model_of(keras.Input((8, 8, 3)), layers.Conv2D(8, 3, groups=2))


@fault("window_outgrows_map")
def cropped_away():
    model_of(keras.Input((8, 8, 3)), layers.Cropping2D(5))


@fault("weights_shape")
def a_matrix_the_other_way_round():
    table = layers.Embedding(100, 16)
    table.build((None, 5))
    table.set_weights([numbers(16, 100)])


@fault("target_rank")
def a_label_for_each_word():
    m = model_of(keras.Input((6,)), layers.Embedding(9, 4), layers.LSTM(3), loss=SPARSE)
    m.fit(np.zeros((4, 6), int), np.arange(24).reshape(4, 6) % 3, verbose=0)


# Sources of data


@fault("targets_left_out")
def a_dataset_of_inputs():
    import tensorflow as tf

    data = tf.data.Dataset.from_tensor_slices(numbers(8, 4)).batch(4)
    model_of(keras.Input((4,)), layers.Dense(1), loss="mse").fit(data, verbose=0)


@fault("targets_left_out")
def validated_without_targets():
    m = model_of(keras.Input((4,)), layers.Dense(1), loss="mse")
    m.fit(numbers(8, 4), numbers(8), validation_data=numbers(4, 4), verbose=0)


@fault("loss_returns_nothing")
def a_loss_without_return():
    def loss(y, output):
        keras.ops.mean(y - output)

    m = model_of(keras.Input((4,)), layers.Dense(1), loss=loss)
    m.fit(numbers(8, 4), numbers(8, 1), verbose=0)


@fault("parts_of_a_batch")
def inputs_side_by_side():
    import tensorflow as tf

    a, b = keras.Input((4,)), keras.Input((3,))
    m = keras.Model([a, b], layers.Dense(1)(layers.Concatenate()([a, b])))
    m.compile("sgd", "mse")
    data = tf.data.Dataset.from_tensor_slices((numbers(8, 4), numbers(8, 3), numbers(8, 1)))
    m.fit(data.batch(4), verbose=0)


@fault("batched_twice")
def a_whole_array_for_a_sample():
    import tensorflow as tf

    data = tf.data.Dataset.from_tensors((numbers(8, 4), numbers(8, 1))).batch(4)
    model_of(keras.Input((4,)), layers.Dense(1), loss="mse").fit(data, verbose=0)


@fault("class_weight_form")
def weights_of_classes_in_a_list():
    m = model_of(keras.Input((4,)), layers.Dense(2, "softmax"), loss=SPARSE)
    m.fit(numbers(8, 4), classes(8, 2), class_weight=[1.0, 2.0], verbose=0)


@fault("no_array")
def the_name_of_a_picture():
    model_of(keras.Input((8, 8, 3)), layers.Flatten(), layers.Dense(1)).predict("cat.png")


@fault("nothing_handed_over")
def a_picture_that_could_not_be_read():
    picture = np.expand_dims(np.array(None, object), 0)
    model_of(keras.Input((8,)), layers.Dense(1)).predict(picture, verbose=0)


@fault("list_input")
def one_sample_in_a_list():
    model_of(keras.Input((4,)), layers.Dense(1)).predict([1, 2, 3, 4], verbose=0)


@fault("wrong_array")
def inputs_and_targets_exchanged():
    m = model_of(keras.Input((4,)), layers.Dense(1), loss="mse")
    m.evaluate(numbers(8, 1), numbers(8, 4), verbose=0)


@fault("batch_axis_missing")
def one_sample_in_a_column():
    model_of(keras.Input((1, 6)), layers.LSTM(2)).predict(numbers(6, 1), verbose=0)


@fault("embedding_input")
def ready_vectors_for_an_embedding():
    m = model_of(keras.Input((5,)), layers.Embedding(50, 8), layers.LSTM(4))
    m.predict(numbers(3, 5, 16), verbose=0)


@fault("sequence_axis_missing")
def pictures_for_films():
    film = layers.TimeDistributed(layers.Conv2D(2, 3))
    model_of(keras.Input((4, 6, 6, 1)), film).predict(numbers(8, 6, 6, 1), verbose=0)


# Targets


@fault("steps_differ")
def fewer_steps_than_targets():
    repeat, gru = layers.RepeatVector(4), layers.GRU(2, return_sequences=True)
    m = model_of(keras.Input((3,)), repeat, gru, loss="mse")
    m.fit(numbers(4, 3), numbers(4, 6, 2), verbose=0)


@fault("masks_unrolled")
def masks_for_unrolled_places():
    conv, flat = layers.Conv2D(2, 1), layers.Reshape((64, 2))
    m = model_of(keras.Input((8, 8, 3)), conv, flat, loss="categorical_crossentropy")
    m.fit(numbers(2, 8, 8, 3), np.zeros((2, 8, 8), int), verbose=0)


@fault("mask_channels")
def masks_read_in_colour():
    conv = layers.Conv2D(4, 1, activation="softmax")
    m = model_of(keras.Input((8, 8, 3)), conv, loss="categorical_crossentropy")
    m.fit(numbers(2, 8, 8, 3), numbers(2, 8, 8, 3), verbose=0)


@fault("autoencoder_sizes")
def masks_larger_than_maps():
    conv = layers.Conv2D(3, 3, activation="softmax")
    m = model_of(keras.Input((8, 8, 3)), conv, loss=SPARSE)
    m.fit(numbers(2, 8, 8, 3), np.zeros((2, 8, 8), int), verbose=0)


@fault("classes_as_numbers")
def class_numbers_for_channels():
    conv = layers.Conv2D(3, 1, activation="sigmoid")
    m = model_of(keras.Input((4, 4, 3)), conv, loss="binary_crossentropy")
    m.fit(numbers(2, 4, 4, 3), np.arange(32).reshape(2, 4, 4) % 3, verbose=0)


# Settings of layers, and what goes with what


@fault("numbers_for_axes")
def three_numbers_for_a_picture():
    layers.Conv2D(4, (3, 3, 3))


@fault("stride_and_dilation")
def strides_and_dilation():
    layers.Conv2D(4, 3, strides=2, dilation_rate=2)(keras.Input((8, 8, 3)))


@fault("size_no_number")
def units_in_brackets():
    layers.Dense((3,))


@fault("steps_repeated")
def steps_to_be_repeated():
    i = keras.Input((5, 4))
    layers.RepeatVector(3)(layers.LSTM(4, return_sequences=True)(i))


@fault("permuted_axes")
def two_axes_of_three():
    layers.Permute((2, 1))(keras.Input((4, 5, 6)))


@fault("attention_inputs")
def attention_to_nothing():
    layers.MultiHeadAttention(2, 4)(keras.Input((5, 8)))


@fault("groups_of_channels")
def more_groups_than_channels():
    layers.GroupNormalization(groups=32)(keras.Input((8, 8, 12)))


@fault("wrapped_layer")
def a_dense_in_both_directions():
    layers.Bidirectional(layers.Dense(3))


@fault("not_adapted")
def bins_without_limits():
    layers.Discretization(num_bins=3)(numbers(4, 5))


@fault("pretrained_form")
def other_classes_than_trained():
    keras.applications.MobileNetV2(weights="imagenet", classes=5)


@fault("renamed_argument")
def a_batch_size_on_a_layer():
    layers.LSTM(3, batch_input_shape=(2, 5, 3))


@fault("gone_from_keras")
def layers_merged():
    i = keras.Input((3,))
    layers.merge([i, i], mode="concat")


@fault("layer_handed_over")
def attention_made_of_tensors():
    h = keras.Input((5, 4))
    layers.Dense(1)(layers.Attention([h, h]))


@fault("never_called")
def the_end_of_a_model_without_beginning():
    keras.Sequential([layers.Dense(3)]).output  # noqa: B018


@fault("shapes_in_a_sum")
def widths_that_differ_in_a_lambda():
    a, b = keras.Input((8,)), keras.Input((6,))
    layers.Lambda(lambda both: both[0] - both[1])([a, b])


@fault("merge_shapes")
def a_residual_block_with_strides():
    i = keras.Input((8, 8, 3))
    layers.Add()([i, layers.Conv2D(3, 3, strides=2, padding="same")(i)])


@fault("weights_shape")
def a_table_that_begins_with_another():
    start = keras.initializers.Constant(numbers(11, 4))
    layers.Embedding(10, 4, embeddings_initializer=start).build()


# NumPy


@fault("merge_shapes")
def pictures_with_and_without_channels():
    np.concatenate([np.zeros((4, 8, 8, 1)), np.zeros((4, 8, 8))])


@fault("matmul_sizes")
def a_matrix_not_turned():
    np.dot(numbers(3, 4), numbers(3, 4))


@fault("index_axes")
def a_column_of_a_row():
    row = numbers(4)
    row[:, 0]


@fault("index_beyond")
def a_class_too_many():
    keras.utils.to_categorical([0, 1, 3], 3)


@fault("axis_beyond")
def the_largest_of_whole_numbers():
    labels = classes(6, 3)
    np.argmax(labels, axis=1)


@fault("squeezed_axis")
def an_axis_of_three():
    np.squeeze(numbers(3, 4), axis=0)


@fault("turned_axes")
def three_axes_of_two():
    np.transpose(numbers(3, 4), (0, 2, 1))


@fault("place_for_an_array")
def colour_in_a_grey_place():
    pictures = np.zeros((2, 8, 8))
    pictures[0] = numbers(8, 8, 3)


@fault("reshape_product")
def windows_that_do_not_divide():
    series = numbers(100)
    series.reshape((-1, 30, 1))


# Further ones, seen later


@fault("attention_inputs")
def keys_of_another_length():
    attend = layers.MultiHeadAttention(2, 4)
    attend(numbers(2, 5, 8), numbers(2, 7, 8), numbers(2, 6, 8))


@fault("state_width")
def states_for_fewer_samples():
    layers.GRU(5)(numbers(4, 6, 3), initial_state=numbers(2, 5))


@fault("data_size")
def rows_shorter_than_declared():
    m = model_of(keras.Input((30, 1)), layers.Conv1D(4, 3), layers.Flatten(), layers.Dense(1))
    m.predict(numbers(4, 29), verbose=0)


@fault("embedding_input")
def several_numbers_for_a_word():
    model_of(keras.Input((10, 4)), layers.Embedding(50, 8), layers.Conv1D(4, 3))


@fault("flattened_by_hand")
def a_flat_picture_for_a_discriminator():
    made = layers.Dense(64)(keras.Input((5,)))
    model_of(keras.Input((8, 8, 1)), layers.Conv2D(2, 3))(made)


# Weights for more than the features, and training of one's own


@fault("prelu_places")
def a_weight_for_each_place():
    m = model_of(keras.Input((8, 8, 3)), layers.Conv2D(4, 3), layers.PReLU())
    m.predict(numbers(2, 12, 12, 3), verbose=0)


@fault("prelu_places")
def a_weight_for_places_left_open():
    layers.PReLU()(keras.Input((None, None, 4)))


@fault("width_changed")
def other_channels_for_shared_weights():
    weights = layers.PReLU(shared_axes=[1, 2])
    weights(numbers(2, 8, 8, 4))
    weights(numbers(2, 8, 8, 6))


@fault("equation_axes")
def an_equation_for_steps_on_rows():
    layers.EinsumDense("abc,cd->abd", output_shape=(None, 8))(keras.Input((5,)))


@fault("equation_axes")
def an_axis_left_out_of_the_output_shape():
    layers.EinsumDense("abc,cd->abd", output_shape=(8,))(keras.Input((5, 4)))


@fault("equation_axes")
def an_equation_built_for_another_width():
    product = layers.EinsumDense("ab,bc->ac", output_shape=8)
    product(numbers(2, 4))
    product(numbers(2, 5))


@fault("kernel_depth")
def a_kernel_for_grey_on_colour():
    class Blur(layers.Layer):
        def build(self, shape):
            self.kernel = self.add_weight(shape=(3, 3, 1, 8))

        def call(self, x):
            return keras.ops.conv(x, self.kernel, padding="same")

    Blur()(numbers(2, 8, 8, 3))


@fault("kernel_depth")
def a_kernel_of_four_channels():
    keras.ops.conv(keras.Input((8, 8, 3)), numbers(3, 3, 4, 6))


@fault("loss_weights_count")
def one_weight_for_two_losses():
    i = keras.Input((4,))
    m = keras.Model(i, [layers.Dense(1)(i), layers.Dense(1)(i)])
    m.compile("sgd", ["mse", "mse"], loss_weights=[1.0])
    m.fit(numbers(4, 4), [numbers(4, 1), numbers(4, 1)], verbose=0)


@fault("loss_weights_count")
def a_weight_under_another_name():
    i = keras.Input((4,))
    m = keras.Model(i, [layers.Dense(1, name="a")(i), layers.Dense(1, name="b")(i)])
    m.compile("sgd", {"a": "mse", "b": "mse"}, loss_weights={"a": 1.0, "c": 2.0})
    m.fit(numbers(4, 4), [numbers(4, 1), numbers(4, 1)], verbose=0)


@fault("num_labels")
def more_labels_than_outputs():
    auc = keras.metrics.AUC(multi_label=True, num_labels=5)
    m = model_of(
        keras.Input((4,)), layers.Dense(3, "sigmoid"), loss="binary_crossentropy", metrics=[auc]
    )
    m.fit(numbers(6, 4), np.arange(18).reshape(6, 3) % 2, verbose=0)


@fault("metric_shapes")
def a_label_for_each_class_wanted():
    auc = keras.metrics.AUC(multi_label=True)
    m = model_of(keras.Input((4,)), layers.Dense(3, "softmax"), loss=SPARSE, metrics=[auc])
    m.fit(numbers(6, 4), classes(6, 3), verbose=0)


@fault("metric_shapes")
def precision_by_hand():
    keras.metrics.Precision().update_state(classes(4, 3), numbers(4, 3))


@fault("measured_shapes")
def rows_of_two_lengths_measured():
    keras.metrics.MeanSquaredError().update_state(numbers(4, 2), numbers(4, 3))


class Stepping(keras.Model):
    """A model with a step of its own, which takes `data` apart."""

    def __init__(self):
        super().__init__()
        self.dense = layers.Dense(1)

    def call(self, x):
        return self.dense(x)


@fault("step_unpacks")
def weights_taken_for_granted():
    class Own(Stepping):
        def train_step(self, data):
            x, y, w = data
            return {"loss": keras.ops.mean(w * (y - self(x)))}

    m = Own()
    m.compile("sgd")
    m.fit(numbers(4, 3), numbers(4, 1), verbose=0)


@fault("step_unpacks")
def targets_taken_for_granted():
    class Own(Stepping):
        def train_step(self, data):
            x, y = data
            return {"loss": keras.ops.mean(y - self(x))}

    m = Own()
    m.compile("sgd")
    m.fit(numbers(4, 3), verbose=0)


@fault(None)
def a_step_that_takes_something_else_apart():
    class Own(Stepping):
        def train_step(self, data):
            x, y = data
            a, b, c = [1, 2]
            return {"loss": a + b + c}

    m = Own()
    m.compile("sgd")
    m.fit(numbers(4, 3), numbers(4, 1), verbose=0)


@fault("ragged_rows")
def rows_of_unequal_length():
    import tensorflow as tf

    layers.Dense(3)(tf.ragged.constant([[1.0, 2.0], [3.0]]))


# Kinds met later


@fault("dataset_not_batched")
def single_rows_for_a_model_without_input():
    import tensorflow as tf

    data = tf.data.Dataset.from_tensor_slices((numbers(8, 6), numbers(8, 2)))
    model_of(layers.Dense(3), layers.Dense(2), loss="mse").fit(data, verbose=0)


@fault(None)
def single_rows_or_one_batch():
    """Rows of 6 with targets of 6: whether they are one batch, the shapes don't tell."""
    import tensorflow as tf

    data = tf.data.Dataset.from_tensor_slices((numbers(8, 6), numbers(8, 6)))
    model_of(layers.GRU(3), layers.Dense(6), loss="mse").fit(data, verbose=0)


class Batches(keras.utils.PyDataset):
    """Batches of samples that nobody has made one array of."""

    def __len__(self):
        return 2

    def __getitem__(self, i):
        return [numbers(3) for _ in range(4)], numbers(4, 1)


@fault("lists_in_a_batch")
def a_list_of_samples_for_one_input():
    model_of(keras.Input((3,)), layers.Dense(1), loss="mse").fit(Batches(), verbose=0)


@fault("labels_off_by_one")
def one_hot_rows_counted_from_one():
    y = keras.utils.to_categorical(classes(12, 4, first=1))
    m = model_of(keras.Input((3,)), layers.Dense(4, "softmax"), loss="categorical_crossentropy")
    m.fit(numbers(12, 3), y, verbose=0)


@fault("units_vs_labels")
def one_hot_rows_of_one_class_more():
    y = keras.utils.to_categorical(classes(12, 5))
    m = model_of(keras.Input((3,)), layers.Dense(4, "softmax"), loss="categorical_crossentropy")
    m.fit(numbers(12, 3), y, verbose=0)


def of_two_outputs():
    i = keras.Input((5,))
    m = keras.Model(
        i, [layers.Dense(3, "softmax", name="kind")(i), layers.Dense(1, name="price")(i)]
    )
    m.compile("sgd", ["categorical_crossentropy", "mse"])
    return m


@fault("outputs_order")
def targets_in_another_order():
    of_two_outputs().fit(numbers(6, 5), [numbers(6, 1), numbers(6, 3)], verbose=0)


@fault("units_vs_labels")
def targets_that_fit_in_no_order():
    of_two_outputs().fit(numbers(6, 5), [numbers(6, 4), numbers(6, 1)], verbose=0)


class Noise(layers.Layer):
    """It adds noise for a batch of a fixed size."""

    def call(self, x):
        return x + keras.random.normal((8, 4))


@fault("batch_size_written")
def noise_for_another_batch():
    m = model_of(keras.Input((4,)), Noise(), layers.Dense(1), loss="mse")
    m.fit(numbers(20, 4), numbers(20, 1), batch_size=8, verbose=0)


@fault("merge_shapes")
def steps_beside_a_row():
    steps = layers.GRU(4, return_sequences=True)(keras.Input((9, 2)))
    layers.Concatenate()([steps, keras.Input((5,))])


@fault("cardinality")
def windows_with_the_whole_series():
    series = numbers(60)
    windows = np.stack([series[i : i + 7] for i in range(53)])[..., None]
    m = model_of(keras.Input((7, 1)), layers.GRU(2), layers.Dense(1), loss="mse")
    m.fit(windows, series, verbose=0)


@fault("autoencoder_sizes")
def a_pooling_that_rounds_up():
    x = numbers(2, 10, 10, 1)
    pool, up = layers.MaxPooling2D, layers.UpSampling2D
    stack = [pool(2, padding="same"), pool(2, padding="same"), up(2), up(2)]
    m = model_of(keras.Input((10, 10, 1)), *stack, loss="mse")
    m.fit(x, x, verbose=0)


@fault("inputs_count")
def pairs_in_one_array():
    a, b = keras.Input((6,)), keras.Input((6,))
    m = keras.Model([a, b], layers.Dense(1)(layers.Subtract()([a, b])))
    m.compile("sgd", "mse")
    m.fit(numbers(4, 2, 6), numbers(4, 1), verbose=0)


@fault("merge_shapes")
def a_residual_block_of_more_filters():
    i = keras.Input((8, 8, 3))
    layers.Add()([i, layers.Conv2D(6, 3, padding="same")(i)])


@fault("objects_for_numbers")
def a_table_of_objects():
    x = np.array([[1, 2.5], [3, True]], dtype=object)
    model_of(keras.Input((2,)), layers.Dense(1), loss="mse").fit(x, numbers(2, 1), verbose=0)


@fault("units_vs_labels")
def shares_that_look_like_inputs():
    y = numbers(6, 3)
    y /= y.sum(axis=1, keepdims=True)
    m = model_of(keras.Input((3,)), layers.Dense(4, "softmax"), loss="categorical_crossentropy")
    m.fit(numbers(6, 3), y, verbose=0)


@fault("units_vs_labels")
def an_array_left_over_in_a_dict():
    a, b = keras.Input((3,), name="a"), keras.Input((3,), name="b")
    m = keras.Model([a, b], layers.Dense(2)(layers.Add()([a, b])))
    m.compile("sgd", "mse")
    m.fit({k: numbers(4, 3) for k in "abc"}, numbers(4, 3), verbose=0)


@fault("units_vs_labels")
def targets_for_an_input_of_a_fixed_batch():
    m = model_of(keras.Input(batch_shape=(8, 5)), layers.Dense(3), loss="mse")
    m.fit(numbers(12, 5), numbers(12, 2), verbose=0)


@fault("metric_shapes")
def a_metric_beside_a_loss_of_ones_own():
    def loss(y, output):
        return keras.ops.mean(y - output)

    dense = layers.Dense(3, "softmax")
    m = model_of(keras.Input((3,)), dense, loss=loss, metrics=[keras.metrics.Precision()])
    m.fit(numbers(6, 3), classes(6, 3)[:, None], verbose=0)


@fault(None)
def a_metric_that_gives_nothing():
    def loss(y, output):
        return keras.ops.mean(y - output)

    def measure(y, output):
        keras.ops.mean(y - output)

    m = model_of(keras.Input((3,)), layers.Dense(1), loss=loss, metrics=[measure])
    m.fit(numbers(4, 3), numbers(4, 1), verbose=0)


@fault("list_input")
def targets_in_lists():
    y = [[1.0], [2.0], [3.0]]
    model_of(keras.Input((3,)), layers.Dense(1), loss="mse").fit(numbers(3, 3), y, verbose=0)


@fault("merge_shapes")
def other_numbers_of_samples():
    layers.Add()([numbers(3, 4), numbers(2, 4)])
