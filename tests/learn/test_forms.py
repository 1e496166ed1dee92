"""The same answer in another form is the same answer, in all checks."""

import keras
import numpy as np
import pytest
from keras import layers

from autograder.learn.checks import (
    check_accepts,
    check_count,
    check_numbers,
    check_position,
    check_prediction,
    check_shape,
    check_shapes,
)
from autograder.learn.predictions import Called
from autograder.learn.questions import Params, Size

MODEL = keras.Sequential([keras.Input((4,)), layers.Dense(3)])
FLAT = layers.Flatten()(keras.Input((3, 4)))
DENSE = MODEL.layers[0]
TENSOR = MODEL(np.zeros((5, 4)))

SAME = {
    "list": lambda value: list(value),
    "whole floats": lambda value: [n if n is None else float(n) for n in value],
    "array": lambda value: np.array(value),
    "NumPy's numbers": lambda value: [n if n is None else np.int64(n) for n in value],
    "NumPy's floats": lambda value: [n if n is None else np.float32(n) for n in value],
}
CHECKS = {
    "check_shape": lambda form: check_shape.judge(form((None, 12)), of=FLAT),
    "check_shapes": lambda form: check_shapes.judge([form((None, 12))], of=[FLAT]),
    "check_count": lambda form: check_count.judge(form((15,))[0], of=DENSE),
    "check_numbers": lambda form: check_numbers.judge(
        form((12, 15)), of=[Size(FLAT), Params(DENSE)]
    ),
    "check_numbers, a function": lambda form: check_numbers.judge(
        lambda n: form((n, 15)), of=lambda n: [Size((None, n)), Params(DENSE)], on=(2, 3)
    ),
    "check_prediction": lambda form: check_prediction.judge(form((5, 3)), of=Called(MODEL, (5, 4))),
    "check_position": lambda form: check_position.judge(
        lambda h, w, c, H, W, C: form(((h * W + w) * C + c,))[0], shape=(2, 3, 2)
    ),
}


@pytest.mark.parametrize("form", SAME)
@pytest.mark.parametrize("check", CHECKS)
def test_every_check_takes_every_form(check, form):
    assert CHECKS[check](SAME[form]).state == "right"


def test_the_shape_of_a_tensor_is_a_shape():
    assert check_shape.judge(TENSOR.shape, of=(5, 3)).state == "right"
    assert check_prediction.judge(TENSOR.shape, of=Called(MODEL, (5, 4))).state == "right"
    assert check_accepts.judge(np.array([True]), MODEL, shapes=[(2, 4)]).state == "right"


def test_what_is_no_whole_number_is_refused_with_the_remedy():
    assert "//" in check_count.judge(7.5, of=DENSE).hint
    assert "//" in check_numbers.judge([12, 7.5], of=[Size(FLAT), Params(DENSE)]).hint
    assert "//" in check_shape.judge((None, 7.5), of=FLAT).hint
    assert "quotes" in check_count.judge("15", of=DENSE).hint
    assert "quotes" in check_accepts.judge(["True"], MODEL, shapes=[(2, 4)]).hint
