"""Warnings and stderr become notes, through whichever door they come."""

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
