"""Exercises in which a value is predicted: a shape, a count, a name, what happens."""

import keras
import numpy as np
from keras import layers

from autograder.learn import checks
from autograder.learn.predictions import (
    Built,
    Called,
    Commutes,
    Fed,
    LayerNames,
    Place,
    Reach,
    Trains,
    TypeOf,
)
from autograder.learn.questions import Accepts, Params, Sample, Size
from autograder.learn.trace import run
from tests.bank.model import BankExercise


def shape(name, of, right, wrong):
    return BankExercise(name, lambda a: checks.check_shape.judge(a, of=of()), right, wrong)


def shapes(name, of, right, wrong):
    return BankExercise(name, lambda a: checks.check_shapes.judge(a, of=of()), right, wrong)


def count(name, of, right, wrong, **options):
    def check(answer):
        made = {key: make() for key, make in options.items()}
        return checks.check_count.judge(answer, of=of(), **made)

    return BankExercise(name, check, right, wrong)


def numbers(name, of, right, wrong, before=None):
    def check(answer):
        return checks.check_numbers.judge(answer, of=of(), before=before and before())

    return BankExercise(name, check, right, wrong)


def prediction(name, of, right, wrong):
    return BankExercise(name, lambda a: checks.check_prediction.judge(a, of=of()), right, wrong)


def built(layer, *sample):
    """Return a layer, built on an Input."""
    layer(keras.Input(sample))
    return layer


def model(sample, *stack):
    return keras.Sequential([keras.Input(sample), *stack])


def functional(sample, *stack):
    x = start = keras.Input(sample)
    for layer in stack:
        x = layer(x)
    return keras.Model(start, x)


def rows_model(rows):
    """Return the model of a much-read question about Dense on a table."""
    relu = layers.Activation("relu")
    return model((rows, 2), layers.Dense(16), relu, layers.Flatten(), layers.Dense(4))


def rows_questions(rows):
    m = rows_model(rows)
    width = Size(m.layers[2].output)
    return [Params(m.layers[0]), width, Params(m.layers[3]), Params(m)]


def digits_sizes():
    """Return the questions about a small digit classifier."""
    x, asked = keras.Input((28, 28, 1)), []
    for filters in (32, 64):
        x = layers.Conv2D(filters, 3)(x)
        asked.append(Size(x, 1))
        x = layers.MaxPooling2D(2)(x)
        asked.append(Size(x, 1))
    return [*asked, Size(layers.Flatten()(x))]


def pooled_map():
    x = layers.Conv2D(32, (3, 3), activation="relu")(keras.Input((10, 10, 64)))
    return layers.Flatten()(layers.MaxPool2D((2, 2))(x))


def head_questions(size):
    """Return the questions about a Dense head after Flatten and after global pooling."""
    maps = layers.Conv2D(32, 3)(keras.Input((size, size, 3)))
    after_flatten, after_pooling = layers.Dense(10), layers.Dense(10)
    after_flatten(layers.Flatten()(maps))
    after_pooling(layers.GlobalAveragePooling2D()(maps))
    return [Params(after_flatten), Params(after_pooling)]


def flatten_count(answer):
    m = model((28, 28), layers.Flatten(), layers.Dense(10))
    return checks.check_count.judge(answer, of=m.layers[0], among=m)


def strict_or_not():
    stack = (layers.Flatten(), layers.Dense(4))
    kinds = functional((28, 28), *stack), model((28, 28), layers.Flatten(), layers.Dense(4))
    return [Accepts(m, (2, 14, 56)) for m in kinds]


def pooled_classifier():
    same = layers.Conv2D(4, 3, padding="same")
    return model((28, 28, 1), same, layers.GlobalAveragePooling2D(), layers.Dense(10))


def for_batches_of_eight():
    start = keras.Input((4,), batch_size=8)
    return keras.Model(start, layers.Dense(1)(start))


def halves():
    start = keras.Input((10, 10))
    return keras.Model(start, keras.ops.reshape(start, (-1, 50)))


def whole_numbers():
    start = keras.Input((2,), dtype="int32")
    return keras.Model(start, start)


def trained_on_rows():
    m = model((3, 2), layers.Dense(4))
    m.compile("sgd", "mse")
    return m


def statistics():
    before, after = layers.BatchNormalization(), layers.BatchNormalization()
    before(keras.Input((4, 4, 32)))
    after(layers.Flatten()(keras.Input((4, 4, 32))))
    return [Params(before), Params(after)]


EXERCISES = [
    shape(
        "input_shape",
        lambda: keras.Input(shape=(28, 28, 3)),
        [(None, 28, 28, 3), [None, 28, 28, 3]],
        [
            ((28, 28, 3), "batch_left_out"),
            ((1, 28, 28, 3), "none_means_one"),
            ((None, 3, 28, 28), "channels_moved_first"),
            ((None, None, 28, 28, 3), "batch_written_by_hand"),
        ],
    ),
    shape(
        "flatten_map_shape",
        lambda: layers.Flatten()(keras.Input(shape=(3, 3, 128))),
        [(None, 1152), (None, 3 * 3 * 128)],
        [
            ((1152,), "flatten_swallows_batch"),
            ((None, 9, 128), "flatten_keeps_channels"),
            ((None, 1152, 1), "flatten_makes_column"),
            ((3, 384), "first_axis_is_batch"),
            ((None, 3, 3, 128), "flatten_does_nothing"),
        ],
    ),
    shape(
        "flatten_array_shape",
        lambda: run([layers.Flatten()], (3, 3, 128)),
        [(3, 384), [3, 384]],
        [
            ((1152,), "flatten_swallows_batch"),
            ((1, 1152), "array_gets_batch_of_one"),
            ((None, 1152), "array_gets_open_batch"),
        ],
    ),
    prediction(
        "type_of_input",
        lambda: TypeOf(keras.Input(shape=(4,))),
        ["KerasTensor", keras.KerasTensor.__name__],
        [
            ("InputLayer", "tensor_is_its_layer"),
            ("Layer", "input_is_a_layer"),
            ("EagerTensor", "symbol_holds_numbers"),
            ("function", "function_for_result"),
        ],
    ),
    BankExercise(
        "flatten_params",
        flatten_count,
        [0, np.int64(0)],
        [
            (784, "output_counted"),
            (7850, "other_layer"),
            (785, "output_counted_with_bias"),
        ],
    ),
    shape(
        "seven_images_shape",
        lambda: run([layers.Conv2D(32, 3)], (7, 28, 28, 3)),
        [(7, 26, 26, 32), [7, 26, 26, 32]],
        [
            ((None, 26, 26, 32), "none_survives"),
            ((1, 26, 26, 32), "one_result_for_all"),
            ((7, 28, 28, 32), "same_padding"),
            ((7, 26, 26, 3), "channels_kept"),
        ],
    ),
    shape(
        "dense_on_rows_shape",
        lambda: layers.Dense(16)(keras.Input((3, 2))),
        [(None, 3, 16), [None, 3, 16]],
        [
            ((None, 16), "dense_flattens"),
            ((None, 48), "dense_result_flattened"),
            ((None, 16, 2), "dense_on_first_axis"),
            ((None, 3, 2, 16), "dense_adds_axis"),
        ],
    ),
    count(
        "dense_on_rows_params",
        lambda: built(layers.Dense(16), 3, 2),
        [48, np.int32(48)],
        [
            (112, "dense_flattens"),
            (96, "dense_flattens + bias_forgotten"),
            (144, "kernel_per_position"),
            (32, "bias_forgotten"),
            (64, "dense_on_first_axis"),
        ],
    ),
    numbers(
        "dense_on_five_rows",
        lambda: rows_questions(5),
        [[48, 80, 324, 372], (48, 80, 324, 372)],
        [
            ([80, 80, 324, 404], "output_counted"),
            ([176, 80, 324, 500], "dense_flattens"),
            ([48, 48, 196, 244], "nothing_changed"),
            ([48, 80, 320, 368], "bias_forgotten"),
            ([48, 10, 44, 92], "dense_keeps_features"),
        ],
        before=lambda: rows_questions(3),
    ),
    count(
        "flatten_removed_params",
        lambda: model((3, 2), layers.Dense(16), layers.Activation("relu"), layers.Dense(4)),
        [116, 48 + 68],
        [
            (244, "nothing_changed"),
            (180, "dense_flattens"),
            (252, "kernel_per_position"),
            (112, "bias_forgotten"),
        ],
        before=lambda: rows_model(3),
    ),
    count(
        "flatten_first_params",
        lambda: model((3, 2), layers.Flatten(), layers.Dense(16), layers.Dense(4)),
        [180, 112 + 68],
        [
            (244, "nothing_changed"),
            (116, "flatten_does_nothing"),
            (160, "bias_forgotten"),
            (164, "bias_forgotten"),
        ],
        before=lambda: rows_model(3),
    ),
    prediction(
        "flat_width",
        lambda: Size(pooled_map()),
        [512, np.int64(512)],
        [
            (1280, "no_window"),
            (800, "same_padding"),
            (1024, "channels_kept"),
            (2048, "pooling_forgotten"),
            (1600, "convolution_keeps_shape"),
            (16, "flatten_forgets_channels"),
        ],
    ),
    numbers(
        "digit_classifier_sizes",
        digits_sizes,
        [[26, 13, 11, 5, 1600], (26, 13, 11, 5, 1600)],
        [
            ([28, 14, 14, 7, 3136], "same_padding"),
            ([26, 13, 11, 6, 2304], "pooling_rounds_up"),
            ([26, 13, 11, 5.5, 1936.0], "pooling_leaves_fractions"),
            ([26, 13, 11, 5, 25], "flatten_forgets_channels"),
            ([26, 25, 23, 22, 30976], "pooling_stride_one"),
        ],
    ),
    count(
        "second_convolution_params",
        lambda: built(layers.Conv2D(64, (3, 3)), 13, 13, 32),
        [18496, 64 * (3 * 3 * 32 + 1)],
        [
            (640, "input_channels_forgotten"),
            (18432, "bias_forgotten"),
            (18464, "bias_per_input"),
            (26176, "bias_per_position"),
        ],
    ),
    count(
        "lstm_params",
        lambda: built(layers.LSTM(64), 100, 32),
        [24832, 4 * 64 * (32 + 64 + 1)],
        [
            (6208, "one_gate"),
            (18816, "lstm_as_gru"),
            (24576, "bias_forgotten"),
            (2483200, "weights_per_step"),
        ],
    ),
    shape(
        "lstm_sequences_shape",
        lambda: layers.LSTM(64, return_sequences=True)(keras.Input((100, 32))),
        [(None, 100, 64), [None, 100, 64]],
        [
            ((None, 64), "sequences_ignored"),
            ((None, 100, 32), "recurrent_keeps_features"),
            ((100, 64), "batch_left_out"),
            ((None, 6400), "steps_flattened"),
        ],
    ),
    prediction(
        "sequential_layers",
        lambda: LayerNames(model((28, 28), layers.Flatten(), layers.Dense(10))),
        [["Flatten", "Dense"], ("Flatten", "Dense")],
        [
            (["InputLayer", "Flatten", "Dense"], "input_layer_listed"),
            (["KerasTensor", "Flatten", "Dense"], "tensor_listed"),
            (["Input", "Flatten", "Dense"], "input_is_a_layer_class"),
            (["Dense"], "only_weights_are_layers"),
        ],
    ),
    prediction(
        "functional_layers",
        lambda: LayerNames(functional((28, 28), layers.Flatten(), layers.Dense(10))),
        [["InputLayer", "Flatten", "Dense"], ("InputLayer", "Flatten", "Dense")],
        [
            (["Flatten", "Dense"], "input_layer_hidden"),
            (["Input", "Flatten", "Dense"], "input_is_a_layer_class"),
            (["KerasTensor", "Flatten", "Dense"], "tensor_listed"),
        ],
    ),
    prediction(
        "pixel_at_index",
        lambda: Place(40, (4, 5, 3)),
        [(2, 3, 1), [2, 3, 1], tuple(np.unravel_index(40, (4, 5, 3)))],
        [
            ((3, 2, 1), "height_width_swapped"),
            ((1, 2, 3), "channels_moved_first"),
            ((0, 0, 2), "channel_planes_first"),
            ((1, 3, 1), "column_by_column"),
        ],
    ),
    prediction(
        "rows_that_see_a_change",
        lambda: Reach(layers.Dense(16), (3, 2), 2),
        [[False, False, True], (False, False, True), np.array([False, False, True])],
        [
            ([True, True, True], "dense_flattens"),
            ([False, False, False], "dense_needs_flat_input"),
            ([True, False, False], "rows_counted_from_end"),
        ],
    ),
    BankExercise(
        "heads",
        lambda a: checks.check_numbers.judge(a, of=head_questions, on=(28, 64, 224)),
        [
            lambda H: ((H - 2) ** 2 * 32 * 10 + 10, 32 * 10 + 10),
            lambda H: [((H - 2) * (H - 2) * 32 + 1) * 10, 330],
        ],
        [
            (lambda H: (H * H * 32 * 10 + 10, 330), "same_padding"),
            (
                lambda H: ((H - 2) ** 2 * 32 * 10 + 10, (H - 2) ** 2 * 10 + 10),
                "global_pooling_over_channels",
            ),
            (lambda H: ((H - 2) ** 2 * 32 * 10, 320), "bias_forgotten"),
            (lambda H: ((H - 2) ** 2 * 3 * 10 + 10, 3 * 10 + 10), "channels_kept"),
        ],
    ),
    shapes(
        "frame_by_frame_shapes",
        lambda: [
            Sample(layers.TimeDistributed(layers.Flatten())(keras.Input((10, 4, 4, 3)))),
            Sample(layers.Flatten()(keras.Input((10, 4, 4, 3)))),
        ],
        [[(10, 48), (480,)], ([10, 48], [480])],
        [
            ([(480,), (480,)], "wrapper_ignored"),
            ([(10, 48), (10, 48)], "flatten_keeps_first_axis"),
            ([(10, 16, 3), (480,)], "flatten_keeps_channels"),
        ],
    ),
    prediction(
        "half_as_high_twice_as_wide",
        strict_or_not,
        [[False, True], (False, True)],
        [
            ([False, False], "contract_enforced"),
            ([True, True], "only_size_counts"),
            ([True, False], "functional_is_lenient"),
        ],
    ),
    prediction(
        "one_image_without_batch",
        lambda: Called(pooled_classifier(), (28, 28, 1)),
        [(28, 10), [28, 10]],
        [
            ((1, 10), "array_gets_batch_of_one"),
            ("ValueError", "contract_enforced"),
            ((10,), "batch_axis_optional"),
            ((28, 28, 10), "result_per_position"),
        ],
    ),
    prediction(
        "fractions_into_whole_numbers",
        lambda: Fed(whole_numbers(), [[1.9, -1.9]]),
        [[[1, -1]], [(1, -1)], np.array([[1, -1]])],
        [
            ("error", "dtype_enforced"),
            ([[2, -2]], "cast_rounds"),
            ([[1, -2]], "cast_rounds_down"),
            ([[1.9, -1.9]], "dtype_ignored"),
        ],
    ),
    prediction(
        "three_samples_for_eight",
        lambda: Called(for_batches_of_eight(), (3, 4)),
        [(3, 1), [3, 1]],
        [
            ("ValueError", "batch_size_enforced"),
            ((8, 1), "batch_filled_up"),
            ((None, 1), "none_survives"),
        ],
    ),
    prediction(
        "target_with_an_axis_of_one",
        lambda: Trains(trained_on_rows, (8, 3, 2), (8, 1, 4)),
        ["trains"],
        [
            ("ValueError", "loss_compares_shapes"),
            ("InvalidArgumentError", "backend_compares_shapes"),
            ("nan", "loss_becomes_nan"),
        ],
    ),
    prediction(
        "build_without_batch",
        lambda: Built(lambda: keras.Sequential([layers.Flatten(), layers.Dense(2)]), (3, 2)),
        [6, np.int64(6)],
        [
            (14, "build_takes_sample"),
            (0, "nothing_built"),
            ("ValueError", "missing_batch_noticed"),
        ],
    ),
    prediction(
        "reshape_over_the_batch",
        lambda: Called(halves(), (3, 10, 10)),
        [(6, 50), [6, 50]],
        [
            ((3, 50), "minus_one_is_batch"),
            ((3, 2, 50), "batch_protected"),
            ("ValueError", "mixing_noticed"),
        ],
    ),
    prediction(
        "what_may_cross_flatten",
        lambda: [
            Commutes(layer, (4, 3, 16))
            for layer in (layers.ReLU(), layers.Softmax(), layers.Rescaling(1 / 255))
        ],
        [[True, False, True], (True, False, True)],
        [
            ([True, True, True], "numbers_treated_alone"),
            ([False, False, False], "order_always_matters"),
            ([True, True, False], "scaling_depends_on_shape"),
        ],
    ),
    numbers(
        "statistics_before_and_after_flatten",
        statistics,
        [[128, 2048], (128, 2048)],
        [
            ([128, 128], "flatten_keeps_channels"),
            ([64, 1024], "moving_statistics_forgotten"),
            ([4, 4], "one_set_of_statistics"),
            ([2048, 2048], "statistics_per_position"),
        ],
    ),
]
