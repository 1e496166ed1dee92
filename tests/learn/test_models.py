"""A model is judged by what it does: cases that the generated stacks don't have."""

import warnings

import keras
import numpy as np
import pytest
from keras import layers

from autograder.learn.checks import check_layer, check_model, check_models


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


@pytest.mark.parametrize("more", [{}, {"params": 6 * 3 + 3}, {"computes": None}])
def test_built_is_asked_for_whatever_else_is(more):
    def late(build):
        model = keras.Sequential([layers.Flatten(), layers.Dense(3)])
        build(model)
        return model

    more = more | {"built": True, "input_shape": (None, 2, 3), "output_shape": (None, 3)}
    for forgotten in (lambda model: None, lambda model: model.build()):
        assert check_model.judge(late, args=(forgotten,), **more).mistakes == ("not_built",)
    for known in (lambda m: m.build((None, 2, 3)), lambda m: m(np.zeros((1, 2, 3)))):
        assert check_model.judge(late, args=(known,), **more).state == "right"


def test_a_warning_counts_even_where_it_is_hidden():
    def hidden():
        with warnings.catch_warnings(record=True):
            warnings.simplefilter("ignore")
            return keras.Sequential([layers.Dense(3, input_shape=(5,))])

    assert check_model.judge(hidden, like=dense, strict=True).mistakes == ("input_shape_on_layer",)
    assert check_model.judge(hidden, like=dense).state == "right"


def functional():
    start = keras.Input((5,), name="start")
    return keras.Model(start, layers.Dense(3)(start))


@pytest.mark.parametrize(
    "make, kind, state",
    [
        (functional, "Functional", "right"),
        (dense, "Sequential", "right"),
        (dense, "Functional", "wrong"),
        (functional, "Sequential", "wrong"),
    ],
)
def test_a_kind_of_model_may_be_asked_for(make, kind, state):
    verdict = check_model.judge(make, like=dense, kind=kind)
    assert verdict.state == state
    assert state == "right" or verdict.mistakes == ("other_kind",)


def test_each_of_several_models_may_have_its_kind():
    start, layer = keras.Input((5,)), layers.Dense(3)
    both = [keras.Model(start, layer(start)), keras.Sequential([start, layer])]
    kinds = ("Functional", "Sequential")
    assert check_models.judge(lambda: both, 2, kinds=kinds, like=dense).state == "right"
    wrong = check_models.judge(lambda: both[::-1], 2, kinds=kinds, like=dense)
    assert wrong.mistakes == ("other_kind",) and "model 1 of 2" in wrong.message


def two_inputs(first, second, shape=(2, 2, 1)):
    a, b = keras.Input(shape, name=first), keras.Input((4,), name=second)
    joined = layers.Concatenate()([layers.Flatten()(a), b])
    return keras.Model([a, b], layers.Dense(3)(joined))


@pytest.mark.parametrize(
    "args, code, said",
    [
        (("image", "fact"), "inputs_unnamed", "'facts'"),
        (("facts", "image"), "names_exchanged", "'image'"),
        (("image", "facts", (2, 2)), "channel_axis_missing", "'image'"),
        (("image", "facts", (4,)), "unrolled_shape_declared", "'image'"),
        (("image", "facts", (2, 3, 1)), "input_changed", "'image'"),
    ],
)
def test_inputs_are_found_by_their_names(args, code, said):
    wanted = {"image": (None, 2, 2, 1), "facts": (None, 4)}
    verdict = check_model.judge(two_inputs, args=args, input_shape=wanted, output_shape=(None, 3))
    assert verdict.mistakes == (code,) and said in verdict.message


def test_the_names_may_be_those_of_a_dict():
    def model():
        a, b = keras.Input((2,)), keras.Input((4,))
        end = layers.Dense(3)(layers.Concatenate()([a, b]))
        return keras.Model({"image": a, "facts": b}, end)

    wanted = {"image": (None, 2), "facts": (None, 4)}
    assert check_model.judge(model, input_shape=wanted, output_shape=(None, 3)).state == "right"


@pytest.mark.parametrize(
    "make, code",
    [
        (lambda: layers.LSTM(3)(keras.Input((5,))), "steps_axis_missing"),
        (
            lambda: keras.Sequential([keras.Input((5,)), layers.LSTM(3)]),
            "steps_axis_missing",
        ),
        (
            lambda: layers.LSTM(3)(layers.LSTM(4)(keras.Input((None, 5)))),
            "sequences_for_granted",
        ),
        (
            lambda: layers.Concatenate()(keras.Input((5,)), keras.Input((5,))),
            "list_forgotten",
        ),
        (lambda: layers.InputLayer((5,))(keras.Input((5,))), "input_layer_called"),
        (lambda: layers.InputLayer((5,))(), "input_layer_called"),
    ],
)
def test_an_error_is_explained_by_the_layer_that_refused(make, code):
    verdict = check_model.judge(make, input_shape=(None, 5), output_shape=(None, 3))
    assert verdict.mistakes == (code,)
