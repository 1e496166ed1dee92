"""Warnings and stderr become notes, through whichever door they come."""

import io
import logging
import os
import sys
import warnings

import keras

from autograder.learn import check_model
from autograder.learn.quiet import hushed


def test_all_three_doors_are_shut(capfd):
    handler = logging.StreamHandler(sys.stderr)
    with hushed() as noise:
        warnings.warn("mind the gap", stacklevel=1)
        print("from python", file=sys.stderr)
        os.write(2, b"from below\n")
    handler.close()
    assert capfd.readouterr().err == ""
    assert any("mind the gap" in note for note in noise.notes())
    assert "from python" in noise.text and "from below" in noise.text


def test_input_shape_warning_becomes_advice_every_time():
    for _ in range(2):
        with hushed() as noise:
            keras.layers.Dense(4, input_shape=(3,))
        assert ["`keras.Input(shape=...)`" in note for note in noise.notes()] == [True]


def test_tensorflow_log_lines_are_no_notes():
    with hushed() as noise:
        os.write(2, b"I0000 00:00:17 1 port.cc:153] oneDNN custom operations are on.\n")
    assert noise.notes() == ()


def test_the_warnings_of_tensorflows_logger_are_no_notes():
    logger = logging.getLogger("tensorflow")
    level = logger.level
    with hushed() as noise:
        logger.warning("5 out of the last 5 calls triggered retracing")
    assert noise.notes() == () and logger.level == level


def test_what_a_check_tries_by_itself_is_no_note():
    """On a single unit softmax is tried as a cure, of which Keras warns."""
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1, activation="tanh")])
    with hushed() as noise:
        verdict = check_model.judge(
            model,
            input_shape=(None, 3),
            output_shape=(None, 1),
            computes=lambda x, w, b: (x @ w + b) ** 3,
        )
    assert verdict.state == "wrong" and noise.notes() == ()


def test_stderr_is_back_afterwards(capfd):
    with hushed():
        pass
    os.write(2, b"heard\n")
    assert capfd.readouterr().err == "heard\n"


def test_what_tensorflow_says_of_its_own_retracing_is_no_note():
    with hushed() as noise:
        said = "WARNING:tensorflow:5 out of the last 5 calls triggered tf.function retracing."
        print(said, file=sys.stderr)
    assert noise.notes() == ()


def test_a_list_of_one_input_is_no_note():
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    with hushed() as noise:
        keras.Model(model.inputs, model.layers[0].output)(keras.ops.zeros((2, 3)))
    assert noise.notes() == ()


def test_that_a_function_is_traced_anew_is_told_to_nobody():
    logger, heard = logging.getLogger("tensorflow"), logging.StreamHandler(io.StringIO())
    logger.addHandler(heard)
    try:
        logger.warning("5 out of the last 5 calls to <function f> triggered tf.function retracing.")
        logger.warning("something else")
    finally:
        logger.removeHandler(heard)
    assert heard.stream.getvalue() == "something else\n"
