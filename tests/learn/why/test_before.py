"""Before a model is trained: what won't fit, and what will go wrong in silence."""

import keras
import numpy as np
import pytest
from keras import layers

from autograder.learn import explain
from autograder.learn.why.before import is_data
from tests.learn.why.faults import classes, model_of, numbers, one_hot
from tests.learn.why.rarer import Noise, Stepping

SPARSE = "sparse_categorical_crossentropy"


def own_loss(y, prediction):
    return keras.ops.mean((y - prediction) ** 2)


def on_rows(units, loss, activation=None):
    return model_of(keras.Input((3,)), layers.Dense(units, activation), loss=loss)


def with_a_gap(*shape):
    data = numbers(*shape)
    data[(-1, *[0] * (len(shape) - 1))] = np.nan
    return data


class Pooling(layers.Layer):
    """Attention over steps of one's own, with a softmax over the scores along `axis`."""

    def __init__(self, axis):
        super().__init__()
        self.score, self.axis = layers.Dense(1), axis

    def call(self, x):
        return keras.ops.sum(keras.ops.softmax(self.score(x), axis=self.axis) * x, axis=1)


def on_images(*stack):
    return model_of(keras.Input((12, 12, 3)), layers.Conv2D(2, 3), *stack, loss="mse")


FITS = {
    "quantities in a row": lambda: (on_rows(1, "mse"), numbers(8, 3), numbers(8)),
    "quantities in a column": lambda: (on_rows(1, "mse"), numbers(8, 3), numbers(8, 1)),
    "classes": lambda: (on_rows(4, SPARSE, "softmax"), numbers(8, 3), classes(8, 4)),
    "one-hot": lambda: (
        on_rows(4, "categorical_crossentropy", "softmax"),
        numbers(8, 3),
        one_hot(8, 4),
    ),
    "binary": lambda: (
        on_rows(1, "binary_crossentropy", "sigmoid"),
        numbers(8, 3),
        classes(8, 2),
    ),
    "images": lambda: (
        on_images(layers.Flatten(), layers.Dense(1)),
        numbers(4, 12, 12, 3),
        numbers(4),
    ),
}
WRONG = {
    "silent_broadcast": lambda: (on_rows(3, "mse"), numbers(8, 3), numbers(8, 1)),
    "several_labels": lambda: (
        on_rows(4, "categorical_crossentropy", "softmax"),
        numbers(8, 3),
        (numbers(8, 4) > 0.5).astype("float32"),
    ),
    "one_step": lambda: (
        model_of(keras.Input((1, 30)), layers.LSTM(2), layers.Dense(1), loss="mse"),
        numbers(8, 1, 30),
        numbers(8, 1),
    ),
    "softmax_of_one": lambda: (
        on_rows(1, "binary_crossentropy", "softmax"),
        numbers(8, 3),
        classes(8, 2),
    ),
    "softmax_axis": lambda: (
        model_of(keras.Input((10, 3)), layers.Dense(4), layers.Softmax(axis=1), loss="mse"),
        numbers(8, 10, 3),
        numbers(8, 10, 4),
    ),
    "activation_and_loss": lambda: (on_rows(4, SPARSE), numbers(8, 3), classes(8, 4)),
    "classes_as_numbers": lambda: (
        on_rows(4, "categorical_crossentropy", "softmax"),
        numbers(8, 3),
        classes(8, 4),
    ),
    "one_hot_labels": lambda: (on_rows(4, SPARSE, "softmax"), numbers(8, 3), one_hot(8, 4)),
    "labels_off_by_one": lambda: (
        on_rows(4, SPARSE, "softmax"),
        numbers(8, 3),
        classes(8, 4, first=1),
    ),
    "units_vs_labels": lambda: (on_rows(4, SPARSE, "softmax"), numbers(8, 3), classes(8, 6)),
    "out_of_reach": lambda: (on_rows(1, "mse", "sigmoid"), numbers(8, 3), 250 * numbers(8)),
    "other_size_taken": lambda: (
        on_images(layers.GlobalAveragePooling2D(), layers.Dense(1)),
        numbers(4, 20, 20, 3),
        numbers(4),
    ),
    "data_size": lambda: (
        on_images(layers.Flatten(), layers.Dense(1)),
        numbers(4, 20, 20, 3),
        numbers(4),
    ),
    "channel_order": lambda: (
        model_of(
            keras.Input((3, 12, 12)),
            layers.Conv2D(2, 3, padding="same"),
            layers.Flatten(),
            layers.Dense(1),
            loss="mse",
        ),
        numbers(4, 3, 12, 12),
        numbers(4),
    ),
    "reshape_for_permute": lambda: (
        model_of(
            keras.Input((3, 20)),
            layers.Reshape((20, 3)),
            layers.LSTM(2),
            layers.Dense(1),
            loss="mse",
        ),
        numbers(8, 3, 20),
        numbers(8),
    ),
    "accuracy_of_quantities": lambda: (
        model_of(keras.Input((3,)), layers.Dense(1), loss="mse", metrics=["accuracy"]),
        numbers(8, 3),
        9 * numbers(8),
    ),
    "cardinality": lambda: (on_rows(1, "mse"), numbers(8, 3), numbers(7)),
    "numbers_missing": lambda: (on_rows(1, "mse"), with_a_gap(8, 3), numbers(8)),
    "samples_in_input_shape": lambda: (
        model_of(keras.Input((8, 3)), layers.Dense(1), loss="mse"),
        numbers(8, 3),
        numbers(8, 1),
    ),
    "list_input": lambda: (on_rows(1, "mse"), [numbers(8, 3), numbers(8, 3)], numbers(8)),
    "rows_measured": lambda: (
        model_of(
            keras.Input((3,)),
            layers.Dense(4, "softmax"),
            loss=SPARSE,
            metrics=[keras.metrics.CategoricalAccuracy(name="right")],
        ),
        numbers(8, 3),
        classes(8, 4)[:, None],
    ),
    "batch_size_written": lambda: (
        model_of(keras.Input((4,)), Noise(), layers.Dense(1), loss="mse"),
        numbers(20, 4),
        numbers(20, 1),
    ),
    "inputs_count": lambda: (
        keras.Model([a := keras.Input((10,)), b := keras.Input((20,))], [a, b]),
        [numbers(8, 20), numbers(8, 10)],
        None,
    ),
    "index_out_of_range": lambda: (
        model_of(
            keras.Input((6,)),
            layers.Embedding(50, 4),
            layers.Flatten(),
            layers.Dense(1),
            loss="mse",
        ),
        np.full((8, 6), 50),
        numbers(8),
    ),
}


@pytest.mark.parametrize("case", FITS)
def test_what_fits_is_left_alone(case):
    told = explain(*FITS[case]())
    assert told.codes == ()
    assert "nothing in these shapes and values that doesn't fit" in str(told)


@pytest.mark.parametrize("code", WRONG)
def test_what_is_wrong_is_told_before_it_is_trained(code):
    told = explain(*WRONG[code]())
    assert told.code == code
    assert "<table>" in told.as_html()


def test_a_loss_of_ones_own_is_not_trusted_to_squeeze():
    assert explain(on_rows(1, own_loss), numbers(8, 3), numbers(8)).code == "silent_broadcast"
    x = keras.Input((3,))
    flat = keras.Model(x, keras.ops.squeeze(layers.Dense(1)(x), axis=-1))
    flat.compile("sgd", own_loss)
    assert explain(flat, numbers(8, 3), numbers(8, 1)).code == "silent_broadcast"
    assert explain(flat, numbers(8, 3), numbers(8)).codes == ()


def test_a_metric_of_ones_own_is_not_trusted_to_squeeze():
    for metric, codes in (own_loss, ("silent_broadcast",)), ("mae", ()):
        m = model_of(keras.Input((3,)), layers.Dense(1), loss="mse", metrics=[metric])
        assert explain(m, numbers(8, 3), numbers(8)).codes == codes


def test_softmax_of_one_score_is_seen_inside_of_a_layer_of_ones_own():
    for axis, codes in (-1, ("softmax_of_one",)), (1, ()):
        m = model_of(keras.Input((6, 4)), Pooling(axis), layers.Dense(1), loss="mse")
        assert explain(m, numbers(8, 6, 4), numbers(8, 1)).codes == codes


def test_rows_that_are_normalized_in_place_of_channels_are_told():
    for axis, codes in (1, ("channel_order",)), (-1, ()):
        norm = layers.BatchNormalization(axis=axis)
        m = on_images(norm, layers.Flatten(), layers.Dense(1))
        assert explain(m, numbers(4, 12, 12, 3), numbers(4)).codes == codes


@pytest.mark.parametrize("label, number", [("x", np.nan), ("y", np.nan), ("y", np.inf)])
def test_what_is_no_number_is_counted_and_told(label, number):
    data = {"x": numbers(8, 3), "y": numbers(8, 1)}
    data[label][[2, 5]] = number
    told = str(explain(on_rows(1, "mse"), data["x"], data["y"]))
    count = data[label][[2, 5]].size
    assert f"`{label}` holds {count} numbers that are `nan` or infinite" in " ".join(told.split())
    assert f", {count} nan or infinite" in told.split("What")[1]


def test_what_is_no_number_may_be_filled_in_by_a_layer_or_left_out_by_a_loss():
    filling = layers.Lambda(lambda x: keras.ops.nan_to_num(x), output_shape=(3,))
    filled = model_of(keras.Input((3,)), filling, layers.Dense(1), loss="mse")
    assert explain(filled, with_a_gap(8, 3), numbers(8)).codes == ()
    x = keras.Input((3,))
    operated = keras.Model(x, layers.Dense(1)(keras.ops.nan_to_num(x)))
    operated.compile("sgd", "mse")
    assert explain(operated, with_a_gap(8, 3), numbers(8)).codes == ()
    assert explain(on_rows(1, own_loss), numbers(8, 3), with_a_gap(8, 1)).codes == ()


def test_a_loss_for_rows_learns_nothing_of_one_unit():
    told = explain(on_rows(1, "categorical_crossentropy", "sigmoid"), numbers(8, 3), classes(8, 2))
    assert told.code == "softmax_of_one"
    assert "binary_crossentropy" in str(told)


def test_a_loss_for_classes_is_not_to_end_in_one_sigmoid():
    said = str(explain(on_rows(1, SPARSE), numbers(8, 3), classes(8, 1)))
    assert "takes its numbers for probabilities" in " ".join(said.split()), said
    assert "a unit for each class" in " ".join(said.split()), said


def test_one_of_many_classes_is_no_row_of_labels():
    for units, codes in (4, ("several_labels",)), (2, ()):
        model = on_rows(units, "binary_crossentropy", "softmax")
        assert explain(model, numbers(8, 3), one_hot(8, units)).codes == codes


def test_probabilities_are_never_the_very_label():
    for metric, codes in (keras.metrics.Accuracy(), ("rows_measured",)), ("accuracy", ()):
        stack = keras.Input((3,)), layers.Dense(1, "sigmoid")
        m = model_of(*stack, loss="binary_crossentropy", metrics=[metric])
        assert explain(m, numbers(8, 3), classes(8, 2)).codes == codes


def test_in_a_loop_of_ones_own_rows_and_columns_are_broadcast():
    model = model_of(keras.Input((3,)), layers.Dense(1))
    assert explain(model, numbers(8, 3), numbers(8)).code == "silent_broadcast"
    assert explain(model, numbers(8, 3), numbers(8, 1)).codes == ()


def test_in_a_step_of_ones_own_rows_and_columns_are_broadcast():
    model = Stepping()
    model(numbers(2, 3))
    model.compile("sgd")
    assert explain(model, numbers(8, 3), numbers(8)).code == "silent_broadcast"
    assert explain(model, numbers(8, 3), numbers(8, 1)).codes == ()


def test_one_target_for_many_steps_is_told_by_the_layer_that_gives_them():
    gru = layers.GRU(4, return_sequences=True, name="reads")
    model = model_of(keras.Input((6, 2)), gru, layers.Dense(1), loss="mse")
    told = explain(model, numbers(8, 6, 2), numbers(8, 1))
    assert told.code == "silent_broadcast"
    assert "leave `return_sequences=True` out" in " ".join(str(told).split())


def test_one_unit_for_several_numbers_is_told_how_many():
    told = str(explain(on_rows(1, "mse"), numbers(8, 3), numbers(8, 3)))
    assert "Dense(3)" in told and "all 3 numbers of a target" in " ".join(told.split())


def test_softmax_of_scores_goes_along_the_steps():
    i = keras.Input((6, 4))
    for layer, codes in (
        (layers.Dense(1, "softmax"), ("softmax_of_one",)),
        (layers.Dense(2, "softmax"), ()),
    ):
        weighed = layers.GlobalAveragePooling1D()(layer(i))
        model = keras.Model(i, layers.Dense(1)(weighed))
        model.compile("sgd", "mse")
        assert explain(model, numbers(8, 6, 4), numbers(8, 1)).codes == codes


def test_datasets_that_are_zipped_have_one_length():
    import tensorflow as tf

    def zipped(n):
        parts = [tf.data.Dataset.from_tensor_slices(numbers(k, 3)).batch(2) for k in (8, n)]
        return tf.data.Dataset.zip(tuple(parts)).prefetch(1)

    assert explain(on_rows(3, "mse"), zipped(4)).code == "zipped_short"
    assert explain(on_rows(3, "mse"), zipped(8)).codes == ()


def test_a_dataset_is_looked_at_by_its_element_spec():
    import tensorflow as tf

    data = tf.data.Dataset.from_tensor_slices((numbers(9, 3), numbers(9, 1)))
    model = on_rows(1, "mse")
    assert explain(model, data).code == "dataset_not_batched"
    assert explain(model, data.batch(4)).codes == ()
    assert explain(model, data.batch(4, drop_remainder=True)).code == "samples_dropped"
    told = str(explain(model, data.batch(16, drop_remainder=True)))
    assert "no batch at all" in " ".join(told.split())


def test_the_numbers_stand_side_by_side():
    told = " ".join(str(explain(on_rows(3, "mse"), numbers(8, 3), np.zeros((8, 1)))).split())
    for part in ("x (8, 3)", "y (8, 1)", "output (None, 3)", "loss mean_squared_error"):
        assert part in told


def test_shapes_are_no_data():
    assert not is_data((None, 3, 2))
    assert not is_data([(None, 3), (None, 4)])
    assert is_data(numbers(2, 3)) and is_data([numbers(2)]) and is_data({"a": numbers(2)})
    layer = explain(layers.Dense(4), (None, 3))
    assert "16" in str(layer)
