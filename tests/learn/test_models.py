"""A model is judged by what it does: cases that the generated stacks don't have."""

import keras
import numpy as np
import pytest
from keras import layers

from autograder.learn.checks import check_layer, check_model


def words():
    start = keras.Input((None,))
    x = layers.GlobalAveragePooling1D()(layers.Embedding(50, 4)(start))
    return keras.Model(start, layers.Dense(2)(x))


def test_numbers_that_are_looked_up_are_whole():
    def other_words():
        parts = [layers.Embedding(50, 4), layers.GlobalMaxPooling1D(), layers.Dense(2)]
        return keras.Sequential(parts)

    assert check_model.judge(words, like=words).state == "right"
    assert check_model.judge(other_words, like=words).mistakes == ("other_function",)


def test_variances_stay_above_zero():
    def normed(axis=-1):
        norm = layers.BatchNormalization(axis=axis)
        return keras.Sequential([keras.Input((3, 3)), norm, layers.Flatten()])

    assert check_model.judge(normed, like=normed).state == "right"
    assert check_model.judge(normed, args=(1,), like=normed).mistakes == ("other_function",)


def test_several_outputs_are_compared_in_order():
    def both(turned):
        start = keras.Input((4,))
        ends = [layers.Dense(2, "relu")(start), layers.Dense(2, "tanh")(start)]
        return keras.Model(start, ends[::-1] if turned else ends)

    like = both(False)
    assert check_model.judge(both, args=(False,), like=like).state == "right"
    assert check_model.judge(both, args=(True,), like=like).mistakes == ("other_function",)


class OwnDense(layers.Layer):
    """A Dense that keeps its weights in another order, and its kernel the other way round."""

    def build(self, shape):
        self.b = self.add_weight(shape=(3,))
        self.w = self.add_weight(shape=(3, shape[-1]))

    def call(self, x):
        return x @ keras.ops.transpose(self.w) + self.b


def dense():
    return keras.Sequential([keras.Input((5,)), layers.Dense(3)])


def test_weights_of_a_layer_of_ones_own_find_their_places():
    own = keras.Sequential([keras.Input((5,)), OwnDense()])
    assert check_model.judge(lambda: own, like=dense).state == "right"


def test_the_learners_weights_are_left_as_they_were():
    def other():
        return keras.Sequential([keras.Input((5,)), layers.Dense(3, "relu")])

    model = dense()
    before = model.get_weights()
    assert check_model.judge(lambda: model, like=dense).state == "right"
    assert check_model.judge(lambda: model, like=other).state == "wrong"
    assert all(np.array_equal(a, b) for a, b in zip(before, model.get_weights(), strict=True))
    assert model.layers[0].activation is keras.activations.linear


@pytest.mark.parametrize("declared, state", [((None, 4), "right"), ((7, 4), "wrong")])
def test_a_declared_input_must_be_as_asked(declared, state):
    def pooled():
        return keras.Sequential([keras.Input(declared), layers.GlobalMaxPooling1D()])

    verdict = check_model.judge(pooled, input_shape=(None, None, 4), output_shape=(None, 4))
    assert verdict.state == state


def test_what_keras_only_warns_of_counts_where_the_exercise_says_so():
    def old():
        return keras.Sequential([layers.Dense(3, input_shape=(5,))])

    assert check_model.judge(old, like=dense).state == "right"
    assert check_model.judge(old, like=dense, strict=True).mistakes == ("input_shape_on_layer",)


def test_a_layer_that_forgets_its_return_is_told():
    class Nothing(layers.Layer):
        def call(self, x):
            pass

    verdict = check_layer.judge(Nothing, like=layers.Flatten(), on=[np.zeros((2, 3, 2))])
    assert verdict.state == "wrong" and verdict.message
