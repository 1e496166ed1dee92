"""The mistaken rules, on layers and sizes that no exercise uses."""

import math

import keras
import numpy as np
import pytest
from keras import layers

from autograder.learn.checks import (
    check_accepts,
    check_count,
    check_model,
    check_numbers,
    check_shape,
    check_shapes,
)
from autograder.learn.mistakes.rule import _REGISTER
from autograder.learn.questions import Params, Size
from autograder.learn.trace import run, trace


def network(height, width, channels, filters, kernel, pool):
    start = keras.Input((height, width, channels))
    x = layers.Conv2D(filters, kernel)(start)
    return layers.Flatten()(layers.MaxPooling2D(pool)(x))


SIZES = [(12, 12, 5, 7, 3, 2), (20, 14, 3, 8, 5, 3), (9, 30, 4, 6, (2, 4), 2)]


@pytest.mark.parametrize("sizes", SIZES)
def test_keras_is_never_called_wrong(sizes):
    flat = network(*sizes)
    verdict = check_shape.judge(tuple(flat.shape), of=flat)
    assert verdict.state == "right" and verdict.mistakes == ()


@pytest.mark.parametrize("sizes", SIZES)
def test_same_for_valid_is_named_whatever_the_sizes(sizes):
    height, width, _, filters, _, pool = sizes
    belief = (None, (height // pool) * (width // pool) * filters)
    verdict = check_shape.judge(belief, of=network(*sizes))
    assert verdict.mistakes[0] == "same_padding"
    if len(verdict.mistakes) > 1:  # there are other ways to this number, and none is shown
        assert verdict.rows == ()
        return
    assert [row.layer for row in verdict.rows] == ["Input", "Conv2D", "MaxPooling2D", "Flatten"]
    assert verdict.rows[-1].keras == "?" and verdict.rows[-1].yours == str(belief)


def test_two_mistakes_at_once_are_found():
    flat = network(12, 12, 5, 7, 3, 2)
    found = check_shape.judge((None, 12 * 12 * 7), of=flat).mistakes
    assert "same_padding + pooling_forgotten" in found


def test_one_number_of_two_beliefs_is_put_down_to_both():
    maps = layers.Conv2D(7, 3)(keras.Input((8, 9, 4)))
    conv, dense = maps._keras_history.operation, layers.Dense(6)
    dense(layers.Flatten()(keras.Input((5,))))
    for answer, of, beliefs in (
        (3 * 3 * 4 * 7 + 4, conv, {"bias_per_input", "inputs_for_outputs"}),
        (5 * 6 + 5, dense, {"bias_per_input", "bias_as_a_unit"}),
    ):
        assert set(check_count.judge(answer, of=of).mistakes) == beliefs


def test_of_two_ways_to_one_number_none_is_shown():
    bare = keras.Sequential(
        [keras.Input((3, 2)), layers.Dense(16), layers.Activation("relu"), layers.Dense(4)]
    )
    verdict = check_count.judge(48 + 16 + 68, of=bare)
    assert set(verdict.mistakes) == {"dense_on_first_axis", "activation_counted"}
    assert verdict.rows == ()


def test_of_two_pairs_of_beliefs_both_are_told():
    dense = layers.Dense(16)
    dense(keras.Input((3, 2)))
    assert set(check_count.judge(96, of=dense).mistakes) == {
        "dense_flattens + bias_forgotten",
        "bias_forgotten + kernel_per_position",
    }


def test_no_belief_is_told_by_which_a_right_answer_would_be_another():
    flat = layers.Flatten()(layers.Dense(16)(keras.Input((5, 2))))
    last = layers.Dense(4)
    last(flat)
    alone = check_numbers.judge([4 * 17], of=[Params(last)])
    assert {"flatten_does_nothing", "dense_flattens"} <= set(alone.mistakes)
    beside = check_numbers.judge([80, 4 * 17], of=[Size(flat), Params(last)])
    assert beside.state == "wrong" and beside.mistakes == ("counted_otherwise",)
    assert "16 numbers" in beside.message and "think" not in beside.message


def test_another_order_of_the_axes_is_not_told_beside_another_belief():
    steps = layers.Dense(3)(layers.LSTM(16, return_sequences=True)(keras.Input((50, 6))))
    assert check_shape.judge((None, 16, 3), of=steps).mistakes != (
        "dense_on_first_axis + height_width_swapped",
    )


def test_a_mistake_goes_on_through_later_layers():
    x = layers.Dense(16)(keras.Input((3, 2)))
    flat = layers.Flatten()(layers.Dense(4)(x))
    assert check_shape.judge((None, 4), of=flat).mistakes[0] == "dense_flattens"


def test_one_kernel_for_each_row():
    dense = layers.Dense(16)
    dense(keras.Input((3, 2)))
    assert check_count.judge(48, of=dense).state == "right"
    assert check_count.judge(3 * 48, of=dense).mistakes == ("kernel_per_position",)


def test_an_answer_without_a_known_reason_says_so_much_and_no_more():
    verdict = check_shape.judge((7, 7, 7), of=layers.Dense(4)(keras.Input((3,))))
    assert verdict.state == "wrong" and verdict.mistakes == ()
    assert "(None, 4)" not in verdict.as_text()


def test_open_sizes_break_no_rule():
    pooled = layers.MaxPooling2D(2)(layers.Conv2D(4, 3)(keras.Input((None, None, 3))))
    assert check_shape.judge(tuple(pooled.shape), of=pooled).state == "right"
    assert check_shape.judge((None, 5), of=pooled).state == "wrong"


def test_branches_are_judged_by_their_end():
    start = keras.Input((8,))
    joined = layers.Concatenate()([layers.Dense(3)(start), layers.Dense(4)(start)])
    assert trace(joined).steps == ()
    assert check_shape.judge((7,), of=joined).mistakes == ("batch_left_out",)


def test_run_follows_real_data():
    assert run([layers.Flatten(), layers.Dense(2)], (5, 3, 4)).shapes() == [
        (5, 3, 4),
        (5, 12),
        (5, 2),
    ]


@pytest.mark.parametrize("rule", _REGISTER, ids=lambda rule: f"{rule.kind}-{rule.code}")
def test_rules_are_written_for_people(rule):
    assert rule.apply.__doc__, "a rule's docstring shows an example of the belief"
    assert not rule.truth.endswith(".") and rule.hint.endswith((".", "?"))


def test_two_inputs_are_told_not_to_fit():
    def two():
        a, b = keras.Input((4,)), keras.Input((4,))
        return keras.Model([a, b], layers.Add()([a, b]))

    verdict = check_model.judge(two, input_shape=(None, 4), output_shape=(None, 4))
    assert verdict.state == "wrong"


def adapted(kind):
    layer = layers.Dense(4)
    layer(keras.Input((3,)))
    layer.enable_lora(2) if kind == "lora" else layer.quantize(kind)
    return layer


@pytest.mark.parametrize("kind", ["lora", "int8"])
def test_no_belief_is_told_where_keras_counts_otherwise(kind):
    layer = adapted(kind)
    verdict = check_count.judge(3 * 4, of=layer)
    assert (verdict.state, verdict.mistakes, verdict.rows) == ("wrong", (), ())
    assert check_count.judge(layer.count_params(), of=layer).state == "right"


PROMISED = {
    "glu": (layers.Activation("glu"), (None, 4, 3)),
    "two ways": (
        layers.Bidirectional(layers.LSTM(3), backward_layer=layers.GRU(5, go_backwards=True)),
        (None, 8),
    ),
}


@pytest.mark.parametrize("name", PROMISED)
def test_shapes_go_by_data_where_keras_promises_another(name):
    layer, given = PROMISED[name]
    tensor = layer(keras.Input((4, 6)))
    assert check_shape.judge(given, of=tensor).state == "right"
    verdict = check_shape.judge(tuple(tensor.shape), of=tensor)
    assert verdict.mistakes == ("promise_for_data",)
    flat = layers.Flatten()(tensor)
    assert check_shape.judge((None, math.prod(given[1:])), of=flat).state == "right"


def test_the_way_you_answered_ends_in_the_answer():
    rows = layers.Dense(16)(keras.Input((3, 2)))
    for answer in ((16,), (1, 16), (None, 6, 16), (None, 1, 16), (None, 16), (3, 16)):
        verdict = check_shape.judge(answer, of=rows)
        assert not verdict.rows or verdict.rows[-1].yours == str(answer)


def test_entries_in_each_others_place():
    questions = [Size((4, 7), 0), Size((4, 7), 1), Size((9, 2), 0)]
    assert check_numbers.judge([7, 4, 9], of=questions).mistakes == ("numbers_swapped",)
    flat = [(None, 4), (None, 2, 5)]
    assert check_shapes.judge(flat[::-1], of=flat).mistakes == ("numbers_swapped",)


def test_a_way_begun_anew():
    start = keras.Input((28, 28, 1))
    second = layers.Conv2D(4, 3)(layers.MaxPooling2D(2)(layers.Conv2D(2, 3)(start)))
    assert check_shape.judge((None, 26, 26, 4), of=second).mistakes == ("begun_anew",)


def test_what_cannot_run_here_is_refused():
    first = layers.Conv2D(2, 3, data_format="channels_first")
    model = keras.Sequential([keras.Input((1, 8, 8)), first])
    runs = True
    try:
        model(np.zeros((2, 1, 8, 8)))
    except Exception:  # on a machine whose library has no such convolution
        runs = False
    assert check_accepts.judge([runs], model, shapes=[(2, 1, 8, 8)]).state == "right"
