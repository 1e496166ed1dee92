"""Losses and the like that an answer makes take part in a check's training; or a person decides."""

import keras
import numpy as np
import pytest

from autograder.grade.run.judge.remote import Undecided
from tests.grade.loopback import Loopback, forged, named, student_with

pytestmark = pytest.mark.sandbox

X = np.random.default_rng(0).random((8, 3))


def trained(loss="mse", optimizer="sgd", **settings):
    """Return the weights of a layer that was trained for a step."""
    dense = keras.layers.Dense(2, kernel_initializer="ones", **settings)
    model = keras.Sequential([keras.Input((3,)), dense])
    model.compile(optimizer, loss)
    model.fit(X, X[:, :2] + 2, epochs=2, batch_size=8, verbose=0)
    return model.get_weights()


def tried(use, answer):
    """Return what a check makes of an answer that it has, and of one that it asks for."""
    names = named(f"a = {answer}")
    return use(names["a"]), use(Loopback(names).student.value("a"))


@pytest.mark.parametrize(
    ("answer", "use"),
    [
        ("keras.losses.Huber(0.3)", trained),
        ("keras.losses.CosineSimilarity(axis=0, reduction='sum')", trained),
        ("keras.losses.BinaryCrossentropy(from_logits=True, label_smoothing=0.1)", trained),
        ("keras.regularizers.L1L2(0.1, 0.2)", lambda a: trained(kernel_regularizer=a)),
        ("keras.constraints.MaxNorm(0.3)", lambda a: trained(kernel_constraint=a)),
        (
            "keras.optimizers.schedules.PiecewiseConstantDecay([1, 2], [0.1, 0.2, 0.3])",
            lambda a: trained(optimizer=keras.optimizers.SGD(a)),
        ),
    ],
)
def test_takes_part_in_training(answer, use):
    wanted, got = tried(use, answer)
    for ours, theirs in zip(wanted, got, strict=True):
        assert np.allclose(ours, theirs, atol=1e-6)


def test_is_of_kerass_class():
    a = student_with("a = keras.losses.Huber(0.3)").value("a")
    assert isinstance(a, keras.losses.Huber) and a.reduction == "sum_over_batch_size"


def test_an_answers_own_loss_comes_back_to_it_as_the_same_object():
    student = student_with("a = keras.losses.Huber(0.3)\ndef same(loss): return loss is a")
    assert student.value("same")(student.value("a")) is True


OWN = "type('Own', (keras.losses.Loss,), {'call': lambda self, t, p: keras.ops.mean(t - p)})()"


@pytest.mark.parametrize(
    ("answer", "use"),
    [
        ("lambda t, p: keras.ops.mean((t - p) ** 2)", trained),
        (OWN, trained),
        ("keras.optimizers.Adam(0.1)", lambda a: trained(optimizer=a)),
        ("lambda w: keras.ops.sum(w ** 2)", lambda a: trained(kernel_regularizer=a)),
    ],
)
def test_what_training_would_follow_is_left_to_a_person(answer, use):
    use(named(f"a = {answer}")["a"])  # it is right
    with pytest.raises(Undecided, match="trains with the answer|of what class"):
        use(student_with(f"a = {answer}").value("a"))


@pytest.mark.parametrize("answer", ["lambda x: x ** 2", "layers.Lambda(lambda x: x ** 2)"])
def test_a_gradient_is_left_to_a_person(answer):
    import tensorflow as tf

    a, x = student_with(f"a = {answer}").value("a"), tf.constant([[3.0]])
    assert float(a(x)[0, 0]) == 9
    with tf.GradientTape() as tape, pytest.raises(Undecided, match="a gradient of it"):
        tape.watch(x)
        a(x)


def test_what_a_graph_has_no_numbers_of_is_left_to_a_person():
    import tensorflow as tf

    a = student_with("def a(x): return x * 2").value("a")
    with pytest.raises(Undecided, match="whose numbers aren't known yet"):
        tf.function(lambda x: a(x), autograph=False)(tf.constant([3.0]))


FORGED = {"k": "setting", "handle": 0, "of": "losses", "class": "Huber", "config": {}}


@pytest.mark.parametrize(
    "changed",
    [
        {"of": "saving"},
        {"class": "Loss"},
        {"class": "deserialize"},
        {"config": {"k": "dict", "v": {"delta": {"k": "dict", "v": {}}}}},
        {"config": {"k": "dict", "v": {"no_such": 1}}},
    ],
)
def test_forged(changed):
    with pytest.raises(Undecided):
        forged({"value": FORGED | {"config": {"k": "dict", "v": {}}} | changed})
    assert forged({"value": FORGED | {"config": {"k": "dict", "v": {"delta": 2}}}})
