"""A model is judged by what it does: cases that the generated stacks don't have."""

import warnings

import keras
import numpy as np
import pytest
from keras import layers

from autograder.learn.checks import check_count, check_layer, check_model, check_models


def words():
    start = keras.Input((None,))
    x = layers.GlobalAveragePooling1D()(layers.Embedding(50, 4)(start))
    return keras.Model(start, layers.Dense(2)(x))


def test_numbers_that_are_looked_up_are_whole():
    def other_words():
        parts = [layers.Embedding(50, 4), layers.GlobalMaxPooling1D(), layers.Dense(2)]
        return keras.Sequential(parts)

    assert check_model.judge(words, like=words).state == "right"
    assert check_model.judge(other_words, like=words).mistakes == ("pooling_of_another_kind",)


def test_variances_stay_above_zero():
    def normed(axis=-1):
        norm = layers.BatchNormalization(axis=axis)
        return keras.Sequential([keras.Input((3, 3)), norm, layers.Flatten()])

    assert check_model.judge(normed, like=normed).state == "right"
    assert check_model.judge(normed, args=(1,), like=normed).mistakes == ("other_function",)


def test_a_wrong_model_is_called_few_times():
    calls = []

    class Counted(layers.Layer):
        def call(self, x):
            calls.append(x)
            return keras.ops.flip(x, axis=1)

    def stack(*first):
        return lambda: keras.Sequential([keras.Input((3, 2)), *first, layers.Flatten()])

    assert check_model.judge(stack(Counted()), like=stack()).state == "wrong"
    assert len(calls) < 30


def test_what_is_for_training_only_changes_no_numbers():
    def flipping(*more):
        own = [layers.RandomFlip("horizontal"), layers.GaussianNoise(0.9), *more]
        return keras.Sequential([keras.Input((4, 4, 1)), *own, layers.Flatten(), layers.Dense(3)])

    def plain():
        return keras.Sequential([keras.Input((4, 4, 1)), layers.Flatten(), layers.Dense(3)])

    shapes = {"input_shape": (None, 4, 4, 1), "output_shape": (None, 3)}
    for asked in (
        {"like": plain},
        {"like": flipping},
        {**shapes, "computes": lambda x, w, b: x.reshape(len(x), -1) @ w + b},
    ):
        assert check_model.judge(flipping, **asked).state == "right"
        turned = layers.Permute((2, 1, 3))
        assert check_model.judge(flipping, args=(turned,), **asked).state == "wrong"


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


def two_outputs(activation="softmax", name="b", as_dict=True):
    start = keras.Input((3,))
    one, other = layers.Dense(2, activation)(start), layers.Dense(1)(start)
    return keras.Model(start, {"a": one, name: other} if as_dict else [one, other])


@pytest.mark.parametrize(
    "options, code",
    [
        ({}, None),
        ({"activation": "sigmoid"}, "activation_changed"),
        ({"name": "c"}, "other_names"),
        ({"name": "a"}, "output_left_out"),
        ({"as_dict": False}, "outputs_unnamed"),
    ],
)
def test_several_outputs_are_told_apart_by_name(options, code):
    def computes(x, kernel, bias, single, offset):
        return {"a": keras.ops.softmax(x @ kernel + bias), "b": x @ single + offset}

    wanted = {"a": (None, 2), "b": (None, 1)}
    verdict = check_model.judge(
        two_outputs(**options), input_shape=(None, 3), output_shape=wanted, computes=computes
    )
    assert verdict.mistakes == ((code,) if code else ())


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
    asked = (None, None, 5) if code == "sequences_for_granted" else (None, 5)
    verdict = check_model.judge(make, input_shape=asked, output_shape=(None, 3))
    assert verdict.mistakes == (code,)


def stacked(*parts):
    return lambda: keras.Sequential([keras.Input((4, 6, 2)), *parts])


def steps(*parts):
    return lambda: keras.Sequential([keras.Input((None, 2)), *parts])


SOFT = {"activation": "softmax"}
LIKE_IMAGES = stacked(layers.Conv2D(3, 1), layers.MaxPooling2D(2), layers.Flatten())
LIKE_STEPS = steps(layers.LSTM(3), layers.Dense(2, **SOFT))
MISTAKEN = {
    "pooling_of_another_kind": (
        stacked(layers.Conv2D(3, 1), layers.AveragePooling2D(2), layers.Flatten()),
        LIKE_IMAGES,
    ),
    "layer_added": (
        stacked(layers.Conv2D(3, 1), layers.MaxPooling2D(2), layers.ReLU(), layers.Flatten()),
        LIKE_IMAGES,
    ),
    "layer_added, a mask": (
        steps(layers.Masking(), layers.LSTM(3), layers.Dense(2, **SOFT)),
        LIKE_STEPS,
    ),
    "activation_elsewhere": (steps(layers.LSTM(3, **SOFT), layers.Dense(2)), LIKE_STEPS),
    "activation_changed, of a recurrent layer": (
        steps(layers.LSTM(3, activation="relu"), layers.Dense(2, **SOFT)),
        LIKE_STEPS,
    ),
    "steps_summed_up": (
        steps(
            layers.LSTM(3, return_sequences=True),
            layers.GlobalAveragePooling1D(),
            layers.Dense(2, **SOFT),
        ),
        LIKE_STEPS,
    ),
    "changed_again": (steps(layers.LSTM(2), layers.Dense(3, **SOFT)), LIKE_STEPS),
}


@pytest.mark.parametrize("case", MISTAKEN)
def test_what_would_make_a_models_numbers_right_is_told(case):
    mine, like = MISTAKEN[case]
    assert check_model.judge(mine, like=like).mistakes == (case.split(",")[0],)


def test_a_model_of_nothing_but_its_input_is_judged_by_that():
    def turned():
        return keras.Sequential([keras.Input((5, 6, 3))])

    ends = {"input_shape": (None, 3, 5, 6), "output_shape": (None, 5, 6, 3)}
    assert check_model.judge(turned, **ends).mistakes == ("channels_moved_last",)


@pytest.mark.parametrize(
    "make, code",
    [
        (lambda height, width: keras.Input((height, width, 3)), "channels_of_another_picture"),
        (lambda height, width: keras.Input((height, width + 1, 1)), "padded_size_declared"),
        (lambda height, width: keras.Input((height, height, 1)), "argument_unused"),
        (lambda height, width: keras.Input((width, height, 1)), "height_width_swapped"),
    ],
)
def test_the_input_of_a_picture(make, code):
    def model(height, width):
        return keras.Sequential([make(height, width), layers.Flatten(), layers.Dense(2)])

    ends = {"input_shape": (None, 8, 5, 1), "output_shape": (None, 2)}
    assert check_model.judge(model, args=(8, 5), **ends).mistakes == (code,)


def test_two_numbers_of_a_function_that_are_exchanged():
    def model(features, units):
        return keras.Sequential([keras.Input((units,)), layers.Dense(features)])

    ends = {"input_shape": (None, 4), "output_shape": (None, 3)}
    assert check_model.judge(model, args=(4, 3), **ends).mistakes == ("arguments_exchanged",)


@pytest.mark.parametrize("swapped", [False, True])
def test_the_order_of_what_is_joined(swapped):
    def joined(turned):
        first, second = keras.Input((4,), name="first"), keras.Input((3,), name="second")
        both = [second, first] if turned else [first, second]
        x = layers.Dense(2)(layers.Concatenate()(both))
        return keras.Model([first, second], x)

    verdict = check_model.judge(joined, args=(swapped,), like=lambda: joined(False))
    assert verdict.mistakes == (("joined_in_another_order",) if swapped else ())


def test_an_input_with_an_axis_too_many_is_told_before_what_comes_of_it():
    for parts in ([layers.Flatten(), layers.Dense(3)], [layers.LSTM(3)], [layers.Conv1D(3, 1)]):

        def mine(parts=parts):
            return keras.Sequential([keras.Input((None, 6, 5, 2)), *parts])

        shapes = {"input_shape": (None, 6, 5, 2), "output_shape": (None, 3)}
        verdict = check_model.judge(mine, **shapes)
        assert verdict.mistakes == ("batch_written_by_hand",)


def test_sizes_that_are_written_in_are_told():
    def written(rows, units):
        return keras.Sequential([keras.Input((4,)), layers.Dense(2)])

    shapes = {"input_shape": (None, 5), "output_shape": (None, 3)}
    assert check_model.judge(written, args=(5, 3), **shapes).mistakes == ("argument_ignored",)


def test_equal_weights_in_unlike_models_are_not_put_down_to_the_weights():
    def both():
        one = keras.Sequential([keras.Input((4,)), layers.Dense(3, "relu"), layers.Dense(2)])
        other = keras.Sequential([keras.Input((4,)), layers.Dense(3), layers.Dense(2)])
        other.set_weights(one.get_weights())
        return one, other

    shapes = {"input_shape": (None, 4), "output_shape": (None, 2)}
    assert check_models.judge(both, count=2, **shapes).mistakes == ("activation_missing",)


def test_a_model_that_is_not_returned_is_told_so():
    shapes = {"input_shape": (None, 4), "output_shape": (None, 2)}
    assert check_model.judge(lambda: None, **shapes).mistakes == ("returned_none",)


def unnamed_inputs():
    a, b = keras.Input((3,)), keras.Input((2,))
    return keras.Model([a, b], layers.Concatenate()([a, b]))


@pytest.mark.parametrize(
    "judge",
    [
        lambda: check_count.judge(layers.Dense(3), of=layers.Dense(2)),
        lambda: check_count.judge(keras.Input((3,)), of=layers.Dense(2)),
        lambda: check_model.judge(unnamed_inputs, input_shape={"a": (None, 3), "b": (None, 2)}),
        lambda: check_model.judge(lambda: layers.LSTM(2)(keras.Input((3,))), like=words),
    ],
)
def test_what_is_said_does_not_count_what_was_made_before(judge):
    first = judge()
    assert first.state == "wrong"
    assert judge() == first
