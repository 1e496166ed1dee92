"""Functions, layers and weights that a learner writes, on sizes that no exercise uses."""

import numpy as np
import pytest
from keras import Sequential, layers
from keras.ops import convert_to_tensor

from autograder.learn.checks import check_function, check_guard, check_transfer, check_weights
from autograder.learn.diagnose import diagnose_result, outcome
from autograder.learn.mistakes import rules
from autograder.learn.seen import unused_of

RNG = np.random.default_rng(1)
IMAGES = RNG.normal(size=(3, 4, 5, 6))
TABLES, KERNEL, BIAS = RNG.normal(size=(5, 4, 3)), RNG.normal(size=(3, 7)), RNG.normal(size=7)
HEAD = RNG.normal(size=(120, 7))
KINDS = np.array([3, 1, 1, 0, 3, 2, 3])
SHARES = RNG.dirichlet(np.ones(5), size=7)
MASKS = np.array([0, 255] * 30, "uint8").reshape(2, 5, 6)
PLACES = tuple(np.array([(*p, 2, 3, 4) for p in np.ndindex(2, 3, 4)]).T)
TABLES32 = TABLES.astype("float32")
BUILD = (layers.Dense(7), layers.TimeDistributed(layers.Dense(7)), TABLES32)

# For each topic, the arguments on which its rules are tried, and the right function.
TOPICS = {
    "flatten": ((IMAGES,), lambda x: x.reshape(len(x), -1)),
    "flatten_no_samples": ((np.zeros((0, 3, 2)),), lambda x: x.reshape(0, 6)),
    "position": (PLACES, lambda h, w, c, H, W, C: (h * W + w) * C + c),
    "flatten_channels_first": ((IMAGES,), lambda x: np.moveaxis(x, 1, -1).reshape(len(x), -1)),
    "to_channels_last": ((IMAGES,), lambda x: np.moveaxis(x, 1, -1)),
    "dense_by_rows": ((TABLES, KERNEL, BIAS), lambda x, W, b: x @ W + b),
    "block_diagonal": (
        (KERNEL, BIAS, 4),
        lambda W, b, rows: (np.kron(np.eye(rows), W), np.tile(b, rows)),
    ),
    "dense_as_convolution": ((KERNEL, BIAS, 4), lambda W, b, rows: (W[None], b)),
    "flatten_as_convolution": ((HEAD, (4, 5, 6)), lambda W, shape: W.reshape(*shape, -1)),
    "shuffled_kernel": ((HEAD, np.roll(np.arange(120), 9)), lambda W, p: W[p]),
    "move_head": (
        (HEAD, (4, 5, 6)),
        lambda W, shape: np.moveaxis(W.reshape(*shape, -1), 0, -2).reshape(W.shape),
    ),
    "pooling_matrix": (
        ((4, 5, 6),),
        lambda shape: np.tile(np.eye(shape[-1]), (np.prod(shape[:-1]), 1)) / np.prod(shape[:-1]),
    ),
}
TOPICS |= {
    "one_hot": ((KINDS, 6), lambda kinds, classes: np.eye(classes)[kinds]),
    "class_numbers": (
        (np.array([5, 90, 5, 8, 70]),),
        lambda labels: np.unique(labels, return_inverse=True)[1],
    ),
    "two_units_in_one": (
        (KERNEL[:, :2], BIAS[:2]),
        lambda W, b: [W[:, 1:] - W[:, :1], b[1:] - b[:1]],
    ),
    "mask_targets": ((MASKS,), lambda masks: masks[..., None] / 255),
    "cross_entropy": (
        (SHARES, KINDS),
        lambda shares, kinds: -np.log(shares[np.arange(7), kinds]).mean(),
    ),
    "step_weights": (
        (np.array([2, 5, 1]), 6),
        lambda lengths, steps: 1.0 * (np.arange(steps) < lengths[:, None]),
    ),
    "class_weights": (
        (KINDS, 4),
        lambda kinds, classes: {c: 7 / classes / n for c, n in enumerate(np.bincount(kinds))},
    ),
}
RULES = [
    r
    for r in rules("function")
    if r.about in TOPICS or r.apply.__module__.endswith(("order", "weights"))
    if r.about != "copied_weights"
]


def name(value):
    return getattr(value, "code", None)


@pytest.mark.parametrize("rule", RULES, ids=lambda r: f"{r.about}-{r.code}")
def test_each_belief_is_named_and_is_not_the_truth(rule):
    args, right = TOPICS[rule.about]
    found = diagnose_result(rule.about, args, outcome(rule.apply, *args))
    assert rule.code in found.codes
    assert diagnose_result(rule.about, args, right(*args)) is None


@pytest.mark.parametrize("rule", rules("function", about="copied_weights"), ids=name)
def test_each_belief_about_copying_is_named(rule):
    source, target, x = BUILD
    assert check_transfer.judge(rule.apply, source, target, x).mistakes == (rule.code,)


def judge_head(answer):
    return check_weights.judge(
        answer,
        like=lambda x: x @ HEAD[:6].astype("float32"),
        layer=layers.Dense(7, use_bias=False),
        on=RNG.normal(size=(8, 6)).astype("float32"),
        args=(HEAD,),
        about="shuffled_kernel",
    )


def test_weights_may_be_an_array_a_list_or_a_function():
    for answer in (HEAD[:6], [HEAD[:6]], HEAD[:6].tolist(), lambda W: W[:6]):
        assert judge_head(answer).state == "right"


@pytest.mark.parametrize(
    "answer, state, code",
    [
        (..., "not attempted", None),
        (lambda W: ..., "not attempted", None),
        (lambda W: None, "wrong", "returned_none"),
        ("kernel", "wrong", "form"),
        (HEAD, "wrong", "weight_shapes"),
        ([HEAD[:6], np.zeros(7)], "wrong", "weight_shapes"),
        (lambda W: W[6:12], "wrong", "wrong_numbers"),
        (lambda W: W[:6] + nonsense, "wrong", None),  # noqa: F821
    ],
)
def test_other_weights_are_turned_down(answer, state, code):
    verdict = judge_head(answer)
    assert verdict.state == state and verdict.hint or state == "not attempted"
    assert code is None or verdict.mistakes == (code,)


def transferred(function):
    return check_transfer.judge(function, *BUILD)


def test_a_transfer_has_to_compare_numbers():
    def copies(source, target, x):
        source(x), target(x)
        target.set_weights(source.get_weights())

    def says(value):
        return lambda *args: [copies(*args), value][1]

    assert transferred(says(True)).state == transferred(says(np.bool_(True))).state == "right"
    assert transferred(says(False)).mistakes == ("wrong_comparison",)
    assert transferred(says("yes")).mistakes == ("wrong_comparison",)
    assert transferred(copies).mistakes == ("returned_none",)
    assert transferred(lambda source, target, x: ...).state == "wrong"
    assert transferred(lambda source, target, x: {}["x"]).mistakes == ("raised",)
    assert transferred(...).state == "not attempted"


def test_arrays_of_unsigned_numbers_are_judged():
    judged = {"like": lambda masks: masks[..., None] > 127, "on": [MASKS]}
    assert check_function.judge(lambda masks: masks[..., None] / 255, **judged).state == "right"


def test_a_layer_may_stand_for_a_function():
    verdict = check_function.judge(layers.Flatten(), like=layers.Reshape((-1,)), on=[IMAGES])
    assert verdict.state == "right"
    verdict = check_function.judge(layers.Permute((2, 1, 3)), like=layers.Flatten(), on=[IMAGES])
    assert verdict.state == "wrong" and "Permute gives shape (3, 5, 4, 6)" in verdict.message


@pytest.mark.parametrize("result", ["text", [[1], [2, 3]], layers.Flatten(), {"a": 1}])
def test_results_that_are_no_arrays_are_wrong(result):
    verdict = check_function.judge(lambda x: result, like=layers.Flatten(), on=[IMAGES])
    assert verdict.state == "wrong" and verdict.hint


@pytest.mark.parametrize(
    "args, said",
    [
        ((np.ones((2, 3)), np.ones(3)), "For arguments of shape (2, 3) and (3,), <lambda> gives"),
        ((40, [1, 2]), "For the number 40 and values of shape (2,), <lambda> gives"),
        ((np.ones(4), None), "For values of shape (4,) and None, <lambda> gives"),
    ],
)
def test_arguments_are_told_by_their_shapes_and_numbers_as_they_are(args, said):
    verdict = check_function.judge(lambda *_: 7.0, like=lambda *_: np.ones(9), on=[args])
    assert verdict.message.startswith(said)


def test_all_inputs_are_used_to_tell_beliefs_apart():
    def columns(x):
        return x.reshape(len(x), -1, order="F")

    small = RNG.normal(size=(2, 3, 2))  # one axis besides the channels: two beliefs agree
    judge = check_function.judge
    tied = judge(columns, like=layers.Flatten(), on=[small], about="flatten")
    assert set(tied.mistakes) == {"column_major", "channels_before_places"}
    told = judge(columns, like=layers.Flatten(), on=[small, IMAGES], about="flatten")
    assert told.mistakes == ("column_major",)


def test_weights_are_tried_on_models_too():
    average = np.full((4, 1), 0.25)
    verdict = check_weights.judge(
        average,
        like=layers.GlobalAveragePooling2D(),
        layer=Sequential([layers.Flatten(), layers.Dense(1, use_bias=False)]),
        on=np.arange(8, dtype="float32").reshape(2, 2, 2, 1),
    )
    assert verdict.state == "right"


@pytest.mark.parametrize("wrap", [lambda text: text, lambda text: {"a": text}])
def test_texts_and_what_holds_them_are_compared(wrap):
    on = ["abc", "x"]
    loud = {"like": lambda text: wrap(text.upper()), "on": on}
    assert check_function.judge(lambda text: wrap(text.upper()), **loud).state == "right"
    verdict = check_function.judge(wrap, **loud)
    assert verdict.state == "wrong"
    assert "only capital and small letters aren't right" in verdict.message


def _filled(sentences, steps):
    return np.array([(words + [0] * steps)[:steps] for words in sentences])


@pytest.mark.parametrize(
    "flatten", [lambda x: x.flatten(), lambda x: np.array([*map(np.ravel, x)])]
)
def test_where_there_are_no_samples_two_beliefs_give_one_axis_and_both_are_told(flatten):
    nothing = np.zeros((0, 3, 2))
    verdict = check_function.judge(
        flatten, like=layers.Flatten(), on=[nothing], about="flatten_no_samples"
    )
    assert set(verdict.mistakes) == {"rows_put_together", "flatten_swallows_batch"}


def test_a_belief_by_which_a_right_case_would_be_wrong_is_not_told():
    on = [([[5, 9, 3], [4, 8, 1, 6, 2]], 4), ([[6], [1, 2, 3, 4]], 3)]
    verdict = check_function.judge(lambda s, n: _filled(s, 4), _filled, on, about="filled")
    assert verdict.mistakes == ("more_than_asked",)  # the longest sentence has 5 words at first


def test_a_whole_number_that_is_the_same_once_proves_no_belief():
    def right(size, times):
        return -(-size // 2**times) * 2**times

    on = [(23, 3), (100, 4)]
    same = check_function.judge(
        lambda size, times: size + 0 * times, right, on, about="padded_size"
    )
    assert same.mistakes == ("wrong_numbers",)
    caret = check_function.judge(
        lambda size, times: -(-size // (2 ^ times)) * (2 ^ times), right, on, about="padded_size"
    )
    assert caret.mistakes == ("caret_for_power",)


def test_a_shape_in_the_place_of_numbers_is_told():
    def shape(x):
        return convert_to_tensor(x).shape  # a TensorShape

    verdict = check_function.judge(shape, lambda x: x + 1, [np.zeros((5, 4))])
    assert verdict.mistakes == ("shape_for_numbers",)


def test_what_a_function_never_reads_is_seen():
    def overwritten(x, y):
        y = 0
        return x + y

    def added_to(x, y):
        y += x
        return y

    def inner(x, y):
        return [lambda: x + y]

    def anything(x, y):
        return locals()["y"]

    assert unused_of(lambda x, y, _: x) == ["y"]
    assert unused_of(overwritten) == []  # its first value is gone, but the name is read
    assert unused_of(added_to) == unused_of(inner) == unused_of(anything) == []
    assert unused_of(np.mean) == unused_of(layers.Flatten()) == []


def test_one_good_case_does_not_show_that_a_guard_refuses_everything():
    model = Sequential([layers.Input((4,)), layers.Dense(3)])

    def refusing(model, x, y):
        raise ValueError(f"{y} won't do")

    def case(*labels):
        return model, np.zeros((4, 4)), np.array(labels)

    for good, refuses in (([0, 0, 0, 0],), False), (([0, 0, 0, 0], [0, 1, 2, 0]), True):
        verdict = check_guard.judge(
            refusing,
            good=[case(*labels) for labels in good],
            bad=[case(0, -1, 2, 1)],
            about="kinds_guard",
        )
        assert ("refuses_everything" in verdict.mistakes) == refuses, verdict.as_text()
