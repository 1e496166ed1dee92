"""The check of a trained classifier: by what it says, however it came to be."""

import keras
import numpy as np
import pytest
from keras import layers

from autograder.learn import check_classifier

X = np.random.default_rng(0).normal(size=(90, 4, 2)).astype("float32")
Y = X.reshape(90, 8)[:, :3].argmax(axis=1)


def pick(*order):
    """Return a model whose scores are these numbers of a sample, as they stand."""
    kernel = np.zeros((8, len(order)), "float32")
    for score, place in enumerate(order):
        kernel[place, score] = 1
    model = keras.Sequential([keras.Input((4, 2)), layers.Flatten(), layers.Dense(len(order))])
    model.layers[-1].set_weights([kernel, np.zeros(len(order), "float32")])
    return model


def rows():
    return keras.Sequential([keras.Input((4, 2)), layers.Dense(3)])


def unbatched():
    data = keras.Input((4, 2))
    return keras.Model(data, layers.Dense(3)(keras.ops.reshape(data, (-1, 4))))


def not_a_number():
    model = pick(0, 1, 2)
    model.layers[-1].set_weights([np.full((8, 3), np.nan), np.zeros(3)])
    return model


def judge(make):
    return check_classifier.judge(make, on=(X, Y), at_least=0.9)


@pytest.mark.parametrize("right", [lambda: pick(0, 1, 2), pick(0, 1, 2)])
def test_a_good_classifier_is_right(right):
    assert judge(right).state == "right"


@pytest.mark.parametrize(
    "make, code",
    [
        (lambda: pick(1, 2, 0), "at_chance"),
        (lambda: pick(0, 1, 7), "accuracy_too_low"),
        (lambda: pick(0, 1), "scores_per_class"),
        (rows, "dense_flattens"),
        (unbatched, "samples_lost"),
        (not_a_number, "loss_not_a_number"),
        (lambda: 0.95, "no_model"),
        (lambda: None, "returned_none"),
        (lambda: keras.Sequential([keras.Input((3,)), layers.Dense(3)]), "raised"),
    ],
)
def test_mistakes_are_named(make, code):
    verdict = judge(make)
    assert verdict.state == "wrong" and verdict.hint
    assert code in verdict.mistakes or (code == "raised" and verdict.mistakes)


def test_untouched():
    def stub():
        raise NotImplementedError()

    assert judge(stub).state == "not attempted"


def test_training_starts_from_the_same_seed_each_time():
    drawn = []
    for _ in range(2):
        judge(lambda: drawn.append(np.random.random()) or rows())
    assert drawn[0] == drawn[1]


def test_one_training_answers_for_all_lines_that_hand_over_the_same_arguments():
    trained = []

    def make(sizes):
        trained.append(sizes)
        return pick(0, 1, 2)

    args = ([4, 2],)
    for given in (args, args, ([4, 2],)):  # the last is what a cell has that is run again
        check_classifier.judge(make, args=given, on=(X, Y), at_least=0.9)
    assert len(trained) == 2
