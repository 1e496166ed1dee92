"""Other mistakes that raise the same: what a rule looks for is there, and isn't the cause."""

import tempfile
from pathlib import Path

import keras
import numpy as np
from keras import layers, ops

from tests.learn.why.faults import classes, fault, model_of, numbers
from tests.learn.why.nearer import remedy
from tests.learn.why.own import two_inputs

SPARSE = "sparse_categorical_crossentropy"


@fault(None)
def a_tensor_asked_for_a_name():
    i = keras.Input((4,))
    i["image"]


@fault("call_returns_nothing")
def a_model_that_ends_with_nothing():
    def block(x):
        layers.Dense(1)(x)

    i = keras.Input((4,))
    y = block(i)
    keras.Model(i, y)


@fault(None)
def a_gain_that_is_none():
    x = keras.Input((4,))
    gain = None
    np.zeros(x.shape[1:]) * gain


@fault(None)
def a_number_gone_through_beside_a_reshape():
    n = 3
    [layers.Reshape((4,)) for k in n]


@fault(None)
def a_class_of_ones_own_with_a_name_of_keras():
    class LayerNormalization(layers.Layer):
        def __init__(self, units):
            super().__init__()

    LayerNormalization(8, bias=True)


@fault(None)
def a_callback_with_a_short_name():
    keras.callbacks.EarlyStopping(p=3)


@fault("argument_not_taken")
def no_bias_for_a_normalization():
    layers.BatchNormalization(bias=False)


@fault(None)
def a_classifier_of_another_library():
    class LinearSVC:
        pass

    m = model_of(keras.Input((4,)), layers.Dense(1))
    svc = LinearSVC()
    svc.predict_proba(m(numbers(3, 4)))


@fault("units_vs_labels")
def parts_of_a_batch_by_their_places():
    class Own(keras.Model):
        def train_step(self, data):
            y_pred = self(data[0], training=True)
            loss = ops.mean((data[1] - y_pred) ** 2)
            return {"loss": loss}

    i = keras.Input((4,))
    m = Own(i, layers.Dense(3)(i))
    m.compile("sgd")
    m.fit(numbers(8, 4), numbers(8, 2), verbose=0)


@fault("measured_shapes")
def quantities_beside_three_outputs():
    m = model_of(keras.Input((4,)), layers.Dense(3))
    keras.metrics.RootMeanSquaredError().update_state(numbers(8), m(numbers(8, 4)))


@fault(None)
def a_call_without_return_and_a_loss():
    class Own(keras.Model):
        def __init__(self):
            super().__init__()
            self.d = layers.Dense(1)

        def call(self, x):
            self.d(x)

    def my_loss(y, p):
        return ops.mean((y - p) ** 2)

    m = Own()
    m.compile("sgd", my_loss)
    m.fit(numbers(8, 4), numbers(8, 1), verbose=0)


@fault(None)
def a_lambda_that_loses_the_axes():
    import tensorflow as tf

    m = model_of(keras.Input((1, 6)), layers.Lambda(lambda x: tf.squeeze(x)), loss="mse")
    d = tf.data.Dataset.from_tensor_slices((numbers(8, 1, 6), numbers(8, 6))).batch(4)
    m.fit(d, verbose=0)


@fault("inputs_count")
def a_table_for_two_inputs_in_a_dataset():
    import tensorflow as tf

    d = tf.data.Dataset.from_tensor_slices((numbers(8, 9), numbers(8, 1))).batch(4)
    two_inputs().fit(d, verbose=0)


@fault("objects_for_numbers")
def a_table_with_a_gap():
    x = np.array([[1.0, None], [2.0, 3.0]], dtype=object)
    model_of(keras.Input((2,)), layers.Dense(1)).predict(x, verbose=0)


@fault(None)
def a_list_into_one_place():
    a = np.zeros(3)
    a[0] = [1.0, 2.0]


@fault(None)
def a_list_of_dicts():
    model_of(keras.Input((2,)), layers.Dense(1)).predict([{"a": 1}, {"a": 2}], verbose=0)


@fault(None)
def a_list_of_paths():
    model_of(keras.Input((2,)), layers.Dense(1)).predict([Path("a.png")], verbose=0)


@fault(None)
def entries_taken_beyond_the_steps():
    import tensorflow as tf

    class Pick(layers.Layer):
        def call(self, x):
            return tf.gather(x, [7], axis=1)

        def compute_output_shape(self, s):
            return (s[0], 1, s[2])

    m = model_of(
        keras.Input((5,)),
        layers.Embedding(20, 4),
        Pick(),
        layers.Flatten(),
        layers.Dense(1),
        loss="mse",
    )
    m.fit(classes(40, 20).reshape(8, 5), numbers(8, 1), verbose=0)


@fault("shapes_in_a_sum")
def a_loss_that_fails_in_its_first_batch():
    def loss(y, p):
        return ops.mean(y - ops.concatenate([p, p, p], -1)[:, :3])

    m = model_of(keras.Input(batch_shape=(8, 4)), layers.Dense(1), loss=loss)
    m.fit(numbers(20, 4), numbers(20, 2), batch_size=8, verbose=0)


@fault("shapes_in_a_sum")
def noise_of_another_width():
    m = model_of(keras.Input((4,)), layers.Dense(4))
    x, noise = numbers(8, 4), numbers(8, 3)
    m(x) + noise


@fault("shapes_in_a_sum")
def hidden_numbers_beside_targets():
    class Own(keras.Model):
        def __init__(self):
            super().__init__()
            self.h = layers.Dense(5)
            self.d = layers.Dense(2)

        def call(self, x):
            return self.d(self.h(x))

        def train_step(self, data):
            x, y = data
            h = self.h(x)
            return {"loss": ops.mean((y - h) ** 2)}

    m = Own()
    m.compile("sgd")
    m.fit(numbers(8, 4), numbers(8, 2), verbose=0)


@fault("conv_dims")
def films_and_one_of_them_for_pictures():
    films = numbers(6, 8, 28, 28, 3)
    clip = films[0]
    model_of(keras.Input(clip.shape), layers.Conv2D(4, 3))


@fault("conv_dims")
def films_of_any_length_for_pictures():
    films = numbers(6, 8, 28, 28, 3)
    model_of(keras.Input((None, *films.shape[2:])), layers.Conv2D(4, 3))


@fault("conv_dims")
def sentences_of_words_for_sequences():
    x = numbers(6, 5, 20, 64)
    model_of(keras.Input(x.shape[1:]), layers.Conv1D(4, 3))


@fault("axes_wanted")
def a_mean_over_features_in_a_layer():
    class Own(layers.Layer):
        def __init__(self):
            super().__init__()
            self.d = layers.Dense(1)

        def call(self, x):
            return self.d(ops.mean(x, axis=-1))

    x = numbers(8, 4)
    Own()(x)


@fault("axes_wanted")
def the_last_step_for_a_recurrent_layer():
    class Own(layers.Layer):
        def __init__(self):
            super().__init__()
            self.d = layers.LSTM(1)

        def call(self, x):
            return self.d(x[:, -1])

    Own()(numbers(8, 5, 4))


@fault("axes_wanted")
def one_channel_in_a_layer():
    class Own(layers.Layer):
        def __init__(self):
            super().__init__()
            self.d = layers.Conv2D(1, 3)

        def call(self, x):
            return self.d(x[..., 0])

    Own()(numbers(8, 12, 12, 3))


@fault("steps_lost")
def the_last_step_of_one_sample():
    class Own(keras.Model):
        def __init__(self):
            super().__init__()
            self.d = layers.LSTM(1)

        def call(self, x):
            return self.d(x[:, -1])

    Own()(numbers(1, 5, 8))


@fault("width_changed")
def one_dense_called_twice():
    class Own(keras.Model):
        def __init__(self):
            super().__init__()
            self.f = layers.Flatten()
            self.d = layers.Dense(10)

        def call(self, x):
            return self.d(self.d(self.f(x)))

    Own()(numbers(4, 8, 8, 1))


@fault(None)
def a_table_stretched_to_another_width():
    ops.broadcast_to(numbers(4, 3), (4, 5))


@fault(None)
def a_number_for_a_word():
    layers.UpSampling2D(2, interpolation=1)


@fault(None)
def a_function_among_layers():
    keras.Sequential([keras.Input((4,)), layers.Dense(2), keras.activations.relu])


@fault(None)
def nothing_among_layers():
    keras.Sequential([keras.Input((4,)), layers.Dense(2), None])


@fault(None)
def a_list_among_layers():
    keras.Sequential([keras.Input((4,)), [layers.Dense(2), layers.Dense(1)]])


@fault(None)
def a_word_among_layers():
    keras.Sequential([keras.Input((4,)), layers.Dense(2), "relu"])


@fault(None)
def a_layer_within_that_lacks_a_tensor():
    class Merge(layers.Layer):
        def call(self, a, b):
            return a + b

    class Own(keras.Model):
        def __init__(self):
            super().__init__()
            self.m = Merge()
            self.d = layers.Dense(1)

        def call(self, inputs):
            a, b = inputs
            return self.d(self.m(a))

    m = Own()
    m.compile("sgd", "mse")
    m.fit([numbers(8, 4), numbers(8, 4)], numbers(8, 1), verbose=0)


@fault("units_vs_labels")
def a_list_for_a_layer_that_joins():
    class Join(layers.Layer):
        def call(self, ab):
            return ops.concatenate(ab, axis=-1)

    m = model_of(Join(), layers.Dense(3), loss="mse")
    m.fit([numbers(8, 4), numbers(8, 2)], numbers(8, 2), verbose=0)


@fault(None)
def a_tensor_of_ones_own_taken_apart():
    class Own(keras.Model):
        def __init__(self):
            super().__init__()
            self.enc = layers.Dense(4)
            self.d = layers.Dense(1)

        def call(self, x):
            x = self.enc(x)
            mean, var = x
            return self.d(mean)

    m = Own()
    m.compile("sgd", "mse")
    m.fit(numbers(8, 4), numbers(8, 1), verbose=0)


@fault("input_width")
def one_key_more_and_another_width():
    i = keras.Input((4,), name="a")
    m = keras.Model(i, layers.Dense(1)(i))
    m.compile("sgd", "mse")
    m.fit({"a": numbers(8, 5), "idx": numbers(8, 1)}, numbers(8, 1), verbose=0)


@fault("cardinality")
def labels_of_two_for_a_row_of_one():
    m = model_of(keras.Input((4,)), layers.Dense(2, "softmax"), loss=SPARSE)
    m.fit(numbers(1, 4), classes(2, 2), verbose=0)


@fault(None)
def one_target_for_a_loss_of_ones_own():
    class Own(keras.Model):
        def compute_loss(self, x=None, y=None, y_pred=None, *a, **k):
            out, z = y_pred
            return ops.mean((y - out) ** 2) + ops.mean(ops.matmul(z, z))

    i = keras.Input((4,))
    m = Own(i, [layers.Dense(1)(i), layers.Dense(3)(i)])
    m.compile("sgd")
    m.fit(numbers(8, 4), numbers(8, 1), verbose=0)


@fault("matmul_sizes")
def a_step_that_resizes():
    class Own(keras.Model):
        def train_step(self, data):
            x, y = data
            x = ops.image.resize(x, (8, 8))
            out = self(x)
            return {"loss": ops.mean(ops.matmul(out, ops.ones((5, 2))))}

    i = keras.Input((8, 8, 3))
    m = Own(i, layers.Dense(3)(layers.Flatten()(i)))
    m.compile("sgd")
    m.fit(numbers(4, 16, 16, 3), numbers(4, 3), verbose=0)


@fault("shapes_in_a_sum")
def a_step_that_makes_rows():
    class Own(keras.Model):
        def train_step(self, data):
            x, y = data
            out = self(x)
            t = ops.one_hot(y, 5)
            return {"loss": ops.mean(t - out)}

    i = keras.Input((4,))
    m = Own(i, layers.Dense(3)(i))
    m.compile("sgd", "mse")
    m.fit(numbers(8, 4), classes(8, 5), verbose=0)


SPARSE, ROWS = "sparse_categorical_crossentropy", "categorical_crossentropy"


@remedy("graph_tensor_in_training", "a loss, metric or step of your own")
def a_metric_with_a_tensor_of_the_model():
    i = keras.Input((4,))
    h = layers.Dense(2)(i)
    m = keras.Model(i, layers.Dense(1)(h))

    def my_loss(y, p):
        return ops.mean((y - p) ** 2)

    def my_metric(y, p):
        return ops.mean(h)

    m.compile("sgd", my_loss, metrics=[my_metric])
    m.fit(numbers(8, 4), numbers(8, 1), verbose=0)


@remedy("place_for_an_array", "x[i : i + len(batch)]", "Resize")
def a_smaller_batch_into_its_place():
    x = np.zeros((64, 28, 28, 3))
    batch = numbers(30, 28, 28, 3)
    x[0:32] = batch


@remedy("index_beyond", "np.eye(4)", "range")
def rows_of_eye_for_labels_from_one():
    y = classes(6, 3, first=1)
    np.eye(3)[y]


@remedy("numpy_on_symbolic", "return_state=True")
def states_that_nobody_asked_for():
    i = keras.Input((4, 3))
    out, h, c = layers.LSTM(8)(i)


@remedy("labels_off_by_one", "`labels - 1`")
def labels_counted_on_in_a_step():
    class Own(keras.Model):
        def train_step(self, data):
            x, y = data
            return {"loss": ops.mean(keras.losses.sparse_categorical_crossentropy(y + 1, self(x)))}

    i = keras.Input((4,))
    m = Own(i, layers.Dense(3)(i))
    m.compile("sgd", run_eagerly=True)
    m.fit(numbers(8, 4), classes(8, 3), verbose=0)


@remedy("dict_keys", "Give each array the name of its own input")
def arrays_by_each_others_names():
    words, meta = keras.Input((6,), name="words"), keras.Input((3,), name="meta")
    model = keras.Model([words, meta], layers.Dense(1)(layers.Concatenate()([words, meta])))
    model.compile("sgd", "mse")
    model.fit({"words": numbers(8, 3), "meta": numbers(8, 6)}, numbers(8, 1), verbose=0)


@remedy("matmul_sizes", "`state_size` says: let that be 6")
def a_state_as_wide_as_the_input_of_its_cell():
    class Cell(layers.Layer):
        state_size = 4

        def build(self, shape):
            self.kernel = self.add_weight(shape=(4, 6))
            self.recurrent = self.add_weight(shape=(6, 6))

        def call(self, x, states):
            h = ops.tanh(ops.matmul(x, self.kernel) + ops.matmul(states[0], self.recurrent))
            return h, [h]

    model = model_of(keras.Input((5, 4)), layers.RNN(Cell()), layers.Dense(1), loss="mse")
    model.fit(numbers(8, 5, 4), numbers(8, 1), verbose=0)


@fault(None)
def a_layer_whose_settings_are_not_saved():
    @keras.saving.register_keras_serializable("tests")
    class Wide(layers.Layer):
        def __init__(self, units=32, **options):
            super().__init__(**options)
            self.inner = layers.Dense(units)

        def get_config(self):
            return {"name": self.name}

        def call(self, x):
            return self.inner(x)

    model = model_of(keras.Input((6,)), Wide(8), layers.Dense(1), loss="mse")
    with tempfile.TemporaryDirectory() as folder:
        model.save(f"{folder}/model.keras")
        keras.models.load_model(f"{folder}/model.keras")


@fault("width_changed")
def one_layer_for_pictures_and_for_numbers():
    class Model(keras.Model):
        def __init__(self):
            super().__init__()
            self.flat, self.hidden, self.last = layers.Flatten(), layers.Dense(4), layers.Dense(1)

        def call(self, inputs):
            return self.last(self.hidden(self.flat(inputs["a"])) + self.hidden(inputs["b"]))

    model = Model()
    model.compile("sgd", "mse")
    model.fit({"a": numbers(8, 4, 4, 1), "b": numbers(8, 3)}, numbers(8, 1), verbose=0)
