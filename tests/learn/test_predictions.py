"""Predictions of all kinds: the forms that answers take, and beliefs beyond those of the bank."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from autograder.learn import CheckFailed, check_prediction, checks, reads
from autograder.learn.predictions import (
    ERROR,
    Called,
    Element,
    Fed,
    LayerCount,
    LayerNames,
    Place,
    Raises,
    Reach,
    Trains,
    TypeOf,
    agrees,
    plain,
)
from autograder.learn.questions import Accepts, Params, Sample, Shape, Size

judge = checks.check_prediction.judge


def sequential():
    return keras.Sequential([keras.Input((6, 5)), layers.Flatten(), layers.Dense(4)])


def functional():
    start = keras.Input((6, 5))
    return keras.Model(start, layers.Dense(4)(layers.Flatten()(start)))


def compiled():
    model = keras.Sequential([keras.Input((3, 2)), layers.Dense(4)])
    model.compile("sgd", "mse")
    return model


def identity():
    start = keras.Input((2,))
    return keras.Model(start, start)


def pooled(*shape, size=2):
    return layers.MaxPooling2D(size, padding="same")(keras.Input(shape))


@pytest.mark.parametrize(
    "question, answer, code",
    [
        (lambda: TypeOf(layers.Dense(3)(keras.Input((2,)))), "Dense", "tensor_is_its_layer"),
        (lambda: TypeOf(keras.Input((2,))), "Input", "input_is_a_class"),
        (lambda: LayerCount(sequential()), 3, "input_layer_listed"),
        (lambda: LayerCount(functional()), 2, "input_layer_hidden"),
        (lambda: LayerCount(functional()), 1, "only_weights_are_layers"),
        (lambda: Trains(compiled, (8, 3, 2), (8, 2, 4)), "trains", "everything_broadcasts"),
        (lambda: Fed(identity(), [[51, 255]]), [[0.2, 1.0]], "input_rescales"),
        (lambda: Reach(layers.Dense(3), (4, 2), 2), [0, 1, 0, 0], "rows_counted_from_one"),
        (lambda: Place(13, (4, 5, 3)), (2, 3, 0), "channels_take_no_place"),
        (lambda: Place(40, (4, 5, 3)), (3, 1, 1), "height_for_width"),
        (lambda: Sample(sequential()), (None, 4), "batch_put_in"),
        (lambda: Params(sequential()), 30 + 124, "input_has_parameters"),
        (lambda: Size(pooled(9, 9, 3), 1), 4, "pooling_rounds_down"),
        (lambda: Shape(pooled(8, 8, 3)), (None, 8, 8, 3), "same_undoes_stride"),
        (
            lambda: Shape(layers.Conv2D(4, 3, strides=2)(keras.Input((11, 11, 3)))),
            (None, 9, 9, 4),
            "stride_forgotten",
        ),
        (
            lambda: Shape(layers.Conv2D(4, 3, dilation_rate=2)(keras.Input((10, 10, 3)))),
            (None, 8, 8, 4),
            "dilation_forgotten",
        ),
        (
            lambda: Shape(layers.Conv2D(4, 3)(keras.Input((10, 12, 3)))),
            (None, 7, 9, 4),
            "window_off_by_one",
        ),
        (
            lambda: Shape(layers.Permute((2, 3, 1))(keras.Input((4, 5, 3)))),
            (None, 3, 4, 5),
            "permute_inverted",
        ),
        (
            lambda: Shape(layers.Reshape((-1, 8))(keras.Input((4, 8)))),
            (None, 8),
            "minus_one_is_batch",
        ),
        (
            lambda: Shape(layers.TimeDistributed(layers.Dense(6))(keras.Input((7, 3, 2)))),
            (None, 7, 6),
            "dense_flattens",
        ),
    ],
)
def test_a_belief_is_named(question, answer, code):
    answer = list(map(bool, answer)) if code == "rows_counted_from_one" else answer
    verdict = judge(answer, of=question())
    assert verdict.state == "wrong" and code in verdict.mistakes, verdict.as_text()


def test_of_one_number_given_one_belief_is_told():
    def one_number():
        model = keras.Sequential([keras.Input((4,)), layers.Dense(1)])
        model.compile("sgd", "mse")
        return model

    questions = [Trains(one_number, (8, 4), y) for y in ((8,), (8, 3))]
    verdict = judge(["trains", "ValueError"], of=questions)
    assert verdict.mistakes == ("single_output_protected",), verdict.as_text()


def test_a_single_batch_has_no_other_to_stand_behind():
    rows = tf.data.Dataset.from_tensor_slices((np.zeros((20, 7)), np.zeros((20, 1))))
    verdict = judge((8, 7), of=Element(rows.batch(8), batches=(8,)))
    assert verdict.mistakes == ("last_batch_forgotten",), verdict.as_text()


@pytest.mark.parametrize(
    "question, answer",
    [
        (lambda: TypeOf(keras.Input((2,))), keras.KerasTensor),
        (lambda: LayerNames(sequential()), "Flatten, Dense"),
        (lambda: LayerCount(sequential()), True),
        (lambda: Called(sequential(), (2, 6, 5)), 4),
        (lambda: Accepts(sequential(), (2, 6, 5)), 1),
        (lambda: [Accepts(sequential(), (2, 6, 5))], ["yes"]),
        (lambda: [Accepts(sequential(), (2, 6, 5))], True),
    ],
)
def test_an_answer_of_another_form_is_told_so(question, answer):
    verdict = judge(answer, of=question())
    assert verdict.state == "wrong" and verdict.mistakes == ("form",)


@pytest.mark.parametrize("question", [lambda: Shape((4,)), lambda: TypeOf(1), lambda: [Place]])
def test_the_gap_is_not_an_answer(question):
    assert judge(..., of=question()).state == "not attempted"


def test_spellings_of_one_answer_agree():
    assert plain([np.int64(3), [np.True_, None]]) == (3, (True, None))
    assert agrees([(1, 2)], np.array([[1, 2]]))
    assert agrees(ERROR, "ValueError") and not agrees(ERROR, "trains")
    assert not agrees(ERROR, np.array([1.5, 2.5]))
    assert agrees(["runs", "ValueError"], (" Runs", "valueerror ")) and agrees(ERROR, "TypeError ")


def test_the_form_of_a_list_is_told_with_how_many_entries_of_which_kind():
    said = judge(["runs"], of=[Raises(sequential), Raises(functional)]).message
    assert 'a list of 2 entries, each "runs" or the name of an exception' in said
    said = judge([True], of=Reach(layers.Dense(3), (4, 2), 2)).message
    assert "4 entries. Yours has 1." in said


def test_a_part_of_a_model_is_no_whole():
    model = keras.Sequential([keras.Input((7,)), layers.Dense(5), layers.Dense(3)])
    for count in (40, 18):
        assert checks.check_count.judge(count, of=model).mistakes == ("layer_left_out",)


def test_an_answer_nobody_can_explain_is_just_wrong():
    verdict = judge((9, 9, 9), of=Called(sequential(), (2, 6, 5)))
    assert verdict.state == "wrong" and verdict.mistakes == () and verdict.hint


def test_a_weak_rule_gives_way_to_one_that_fits_exactly():
    lstm = layers.LSTM(4)(keras.Input((10, 3)))  # (None, 10, 4) has a number put in, too
    assert judge((None, 10, 4), of=Shape(lstm)).mistakes == ("sequences_for_granted",)
    assert judge((32, 4), of=Shape(lstm)).mistakes == ("batch_fixed",)


def test_one_belief_is_held_of_one_layer_among_several():
    model = keras.Sequential([keras.Input((7,)), layers.Dense(5), layers.Dense(3)])
    asked = [Params(layer) for layer in model.layers] + [Params(model)]
    verdict = checks.check_numbers.judge([40, 15, 55], of=asked)
    assert verdict.mistakes == ("bias_forgotten",)
    assert "look at number 2" in verdict.message and verdict.rows[-1].yours == "5 × 3 = 15"


def test_what_was_right_before_a_change_is_recognised():
    dense = [layers.Dense(5), layers.Dense(5)]
    for layer, width in zip(dense, (7, 9), strict=True):
        layer(keras.Input((width,)))
    verdict = checks.check_count.judge(40, of=dense[1], before=dense[0])
    assert verdict.mistakes == ("nothing_changed",)


def test_a_function_of_numbers_is_called_with_every_size():
    def ask(size):
        dense = layers.Dense(5)
        dense(layers.Flatten()(keras.Input((size, size))))
        return [Params(dense)]

    def judged(function):
        return checks.check_numbers.judge(function, of=ask, on=(3, 4))

    assert judged(lambda size: [5 * size**2 + 5]).state == "right"
    assert judged(lambda size: (5 * size**2,)).mistakes == ("bias_forgotten",)
    assert judged(lambda size: (50,)).mistakes == ("argument_ignored",)
    assert judged(lambda size: (size + 47,)).mistakes == ("counted_otherwise",)
    assert judged(lambda size: 50).mistakes == ("form",)


def test_rows_show_keras_shapes_until_two_computations_part():
    flat = layers.Flatten()(layers.MaxPooling2D(2)(keras.Input((8, 8, 3))))
    dense = layers.Dense(4)
    dense(flat)
    rows = checks.check_count.judge(3 * 64 * 4 + 4, of=dense).rows
    assert [row.layer for row in rows] == ["Input", "MaxPooling2D", "Flatten", "Dense"]
    assert [row.keras for row in rows[1:]] == ["(None, 4, 4, 3)", "…", "?"]


@pytest.mark.parametrize(
    "answers, code",
    [
        (["AttributeError", "runs", "ValueError"], None),
        (["ValueError", "runs", "ValueError"], "wrong_kind_of_error"),
        (["AttributeError", "runs", "runs"], "no_objection_expected"),
        (["AttributeError", "ValueError", "ValueError"], "objection_expected"),
        (["runs", "TypeError", "ValueError"], "no_objection_expected"),
    ],
)
def test_what_raises_and_what_runs(answers, code):
    grey = keras.Input((28, 28))
    questions = [
        Raises(lambda: layers.InputShape),
        Raises(lambda: layers.Dense(4)(grey)),
        Raises(lambda: layers.Conv2D(4, 3)(grey)),
    ]
    verdict = check_prediction.judge(answers, of=questions)
    assert (verdict.state == "right") == (code is None)
    assert code is None or code in verdict.mistakes


def test_an_error_of_a_running_calculation_is_told_by_its_reason():
    with pytest.raises(Exception) as caught:
        compiled().fit(np.zeros((8, 3, 2)), np.zeros((8, 4)), verbose=0)
    assert reads(caught.value) == "InvalidArgumentError: Incompatible shapes: [8,4] vs. [8,3,4]"


def test_what_an_error_reads_like_is_the_same_from_run_to_run():
    said = []
    for _ in range(2):
        with pytest.raises(ValueError) as caught:
            keras.Sequential([keras.Input((3, 2)), layers.Flatten()])(np.random.random((3, 2)))
        said.append(reads(caught.value))
    assert said[0] == said[1]
    assert "\x1b" not in said[0] and "0." not in said[0]
    assert max(map(len, said[0].split("\n"))) <= 90


def test_what_keras_warns_of_when_asked_tells_no_answer():
    start = keras.Input((1,))
    question = Fed(keras.Model(start, layers.Softmax()(start)), [[0.0], [0.0]])
    with pytest.raises(CheckFailed) as failed:
        check_prediction([[0.0], [0.0]], of=question)
    assert failed.value.verdict.notes == ()
    assert failed.value.verdict.mistakes == ("softmax_leaves_one_alone",)
