"""Why a model failed: the cause named, or nothing claimed; nothing kept, run again or changed."""

import gc
import sys
import weakref

import keras
import numpy as np
import pytest
from keras import layers

from autograder.learn import why
from autograder.learn.mistakes import rules
from autograder.learn.why import explain_error
from tests.learn.why import other, own, rarer  # noqa: F401  (they add to the faults)
from tests.learn.why.faults import FAULTS, numbers
from tests.learn.why.nearer import REMEDIES
from tests.learn.why.page import PAGE, card_of, renewed


def raised(function):
    """Return what a function raises."""
    try:
        function()
    except Exception as error:
        return error
    raise AssertionError(f"{function.__name__} raised nothing")


#: JAX takes indices and labels that are out of range without a word.
SILENT_ON_JAX = {
    *("labels_beyond_the_units", "one_unit_for_sparse", "counted_from_one"),
    *("word_beyond_the_table", "quantities_for_an_embedding", "borders_in_masks"),
}
#: What JAX or PyTorch says of these tells less, so that nothing is claimed there, or another thing.
TOLD_BY_TENSORFLOW = {
    *("a_batch_in_a_list", "a_batch_in_a_list_of_a_size_not_told", "a_cell_whose_state_grows"),
    *("a_dataset_with_a_smaller_last_batch", "a_batch_with_its_labels_for_one_array"),
    *("heads_of_another_width_in_a_batch", "an_equation_for_fewer_axes"),
    *("a_signature_of_a_number_for_a_row", "weights_of_all_samples_with_each_batch"),
    "rows_for_pictures_in_a_model_of_ones_own",
    *("widths_that_differ_in_a_lambda", "a_table_that_begins_with_another"),
    *("the_end_of_a_model_without_beginning", "whole_numbers_times_outputs"),
}
#: PyTorch names the sizes of one axis, and not both shapes; and it makes no graph.
ONE_AXIS_TOLD = {
    *("all_targets_with_each_batch", "a_class_token_for_one_sample"),
    *("a_padding_mask_on_the_scores_of_heads", "heads_that_do_not_divide"),
    *("parts_of_a_sample_for_samples", "hits_of_samples_for_a_place_a_class"),
    *("pictures_of_two_sizes_in_a_loss", "maps_of_fewer_channels_in_a_sum"),
    "one_state_for_an_lstm",
}
WITHOUT_A_GRAPH = {"a_metric_that_asks_for_numbers", "a_loss_that_decides"}
LEFT_OUT = {
    "jax": SILENT_ON_JAX | TOLD_BY_TENSORFLOW,
    "torch": TOLD_BY_TENSORFLOW | ONE_AXIS_TOLD | WITHOUT_A_GRAPH,
}
HERE = [n for n in FAULTS if n not in LEFT_OUT.get(keras.backend.backend(), ())]


@pytest.mark.parametrize("name", HERE)
def test_the_cause_is_named(name):
    _, code = FAULTS[name]
    card = card_of(name)
    assert (card.code or None) == code
    if name in REMEDIES:
        says, never = REMEDIES[name]
        told = " ".join(str(card).split())
        assert says in told and (not never or never not in told.partition("What to change")[2])


def test_every_rule_has_its_words():
    lacking = [r.code for r in rules("fault") if not (r.belief and r.truth and r.hint)]
    assert lacking == []


def test_a_card_has_the_persons_numbers_line_and_names():
    photos = numbers(4, 3, 32, 32)
    model = keras.Sequential([keras.Input((32, 32, 3)), layers.Conv2D(2, 3)])
    told = str(why(raised(lambda: model.predict(photos, verbose=0))))
    assert "`photos` has the shape (4, 3, 32, 32), and the model takes (None, 32, 32, 3)" in (
        " ".join(told.split())
    )
    assert "of test_why.py: `told = str(why(raised(lambda: model.predict(photos" in told
    assert "np.moveaxis(photos, 1, -1)" in told


def test_a_card_shows_the_way_to_what_refused():
    stack = [keras.Input((20, 3)), layers.LSTM(8), layers.LSTM(4)]
    card = why(raised(lambda: keras.Sequential(stack)))
    assert ("LSTM", "(None, 8)") in dict(card._parts())["How this shape came about"]
    assert "<th scope='row'" in card.as_html() and "role='note'" in card.as_html()


def test_html_is_escaped():
    model = keras.Sequential([keras.Input((3,), name="a"), layers.Dense(1)])
    model.compile("sgd", "mse")
    data = {"<script>": numbers(2, 3)}
    card = why(raised(lambda: model.fit(data, numbers(2, 1), verbose=0)))
    assert card.code == "dict_keys"
    assert "<script>" not in card.as_html()


def test_no_array_lives_longer():
    def explained():
        x = numbers(3, 5)
        model = keras.Sequential([keras.Input((4,)), layers.Dense(1)])
        return explain_error(raised(lambda: model.predict(x, verbose=0))), weakref.ref(x)

    card, kept = explained()
    gc.collect()
    assert card.code == "input_width"
    assert kept() is None


def test_no_generator_is_asked_and_no_array_changed():
    asked = []

    def rows():
        while True:
            asked.append(1)
            yield numbers(4), 1.0

    model = keras.Sequential([keras.Input((4,)), layers.Dense(1)])
    model.compile("sgd", "mse")
    error = raised(lambda: model.fit(rows(), steps_per_epoch=2, verbose=0))
    before = len(asked)
    assert why(error).code == "batch_axis_missing"
    assert len(asked) == before


def test_it_never_raises():
    class Odd(Exception):
        def __str__(self):
            raise RuntimeError

    assert why(Odd()).code == ""
    assert "takes an exception" in str(why("ValueError"))
    assert not why(ValueError("shape (3, 4) is odd")).speaks


def test_without_an_argument_it_takes_what_was_raised_last(monkeypatch):
    monkeypatch.setattr(sys, "last_value", raised(FAULTS["one_row"][0]), raising=False)
    monkeypatch.setattr(sys, "last_exc", sys.last_value, raising=False)
    assert why().code == "batch_axis_missing"
    monkeypatch.setattr(sys, "last_value", None)
    monkeypatch.setattr(sys, "last_exc", None)
    assert "Nothing was raised" in str(why())


def test_where_filtering_is_off_the_frames_of_keras_tell_as_much():
    keras.config.disable_traceback_filtering()
    try:
        error = raised(FAULTS["channels_first_data"][0])
    finally:
        keras.config.enable_traceback_filtering()
    assert why(error).code == "channel_order"


def test_two_causes_come_with_what_tells_them_apart():
    stack = [keras.Input((32, 12, 12, 3)), layers.Conv2D(4, 3)]
    card = why(raised(lambda: keras.Sequential(stack)))
    assert set(card.codes) == {"batch_axis_written", "conv_dims"}
    assert "This is the cause if 32 counts the samples" in " ".join(str(card).split())


def test_what_is_right_is_not_called_wrong():
    """Near misses: another loss or shape that Keras takes, and an error of another kind."""
    model = keras.Sequential([keras.Input((4,)), layers.Dense(1)])
    model.compile("sgd", "mse")
    error = raised(lambda: model.fit(numbers(6, 4), numbers(6), batch_size="many", verbose=0))
    assert why(error).code == ""
    assert why(raised(lambda: np.zeros(3) + "a")).code == ""


def test_the_page_shows_the_cards_of_today():
    text = PAGE.read_text(encoding="utf-8")
    assert renewed(text) == text
