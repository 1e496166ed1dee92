"""Keras is never called wrong, and no wrong answer passes: tried on models made up at random."""

import random

import keras
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.learn.checks import check_count, check_numbers, check_shape, check_shapes
from autograder.learn.diagnose import all_beliefs
from autograder.learn.formula import formula
from autograder.learn.questions import Params, Shape, Size, follow
from autograder.learn.trace import trace
from tests.circles import long_but
from tests.examples import share, tried_on
from tests.learn.generate import SIZES, chain

pytestmark = pytest.mark.examples

# A seed makes the choices: hypothesis's own randoms() comes back to the same few models.
seeds, depths = st.integers(0, 2**40), st.integers(1, 5)


def drawn(seed, depth):
    return chain(random.Random(seed), depth)


def assert_right(verdict):
    assert verdict.state == "right" and verdict.mistakes == (), verdict.as_text()


def test_keras_is_never_called_wrong():
    different = set()

    @tried_on(2400)
    @given(seeds, depths)
    def is_right(seed, depth):
        end = drawn(seed, depth)
        steps = trace(end).steps
        different.add(str([(s.before, s.name, s.after) for s in steps]))
        judge_keras_answers(end, steps)

    is_right()
    assert len(different) >= 2000 * share()


def judge_keras_answers(end, steps):
    model = keras.Model(keras.utils.get_source_inputs(end), end)
    shape = tuple(end.shape)
    assert_right(check_shape.judge(shape, of=end))
    assert_right(check_shape.judge(list(model.output_shape), of=model))
    assert_right(check_shapes.judge([s.after for s in steps], of=[s.layer.output for s in steps]))
    for step in steps:
        assert_right(check_count.judge(step.layer.count_params(), of=step.layer))
    assert_right(check_count.judge(model.count_params(), of=model))
    assert_right(
        check_numbers.judge([shape[-1], model.count_params()], of=[Size(end), Params(model)])
    )


@tried_on(250)
@given(seeds, depths)
def test_no_answer_but_keras_own_passes(seed, depth):
    end, rng = drawn(seed, depth), random.Random(seed)
    truth = tuple(end.shape)
    axis = rng.randrange(len(truth))
    other = rng.choice([n for n in (None, 1, *SIZES, 50) if n != truth[axis]])
    edits = [(*truth[:axis], other, *truth[axis + 1 :]), truth[1:], (*truth, 1), truth[-1:]]
    for answer in edits:
        verdict = check_shape.judge(answer, of=end)
        assert verdict.state == ("right" if answer == truth else "wrong"), verdict.as_text()
        assert answer == truth or verdict.hint
    layer = trace(end).steps[-1].layer
    count = layer.count_params()
    for answer in {count + 1, 2 * count + 3, max(0, count - rng.choice(SIZES))} - {count}:
        verdict = check_count.judge(answer, of=layer)
        assert verdict.state == "wrong" and verdict.hint


@tried_on(250)
@given(seeds, depths)
def test_without_beliefs_the_computation_is_keras_own(seed, depth):
    followed = trace(drawn(seed, depth))
    own = follow(followed)
    assert list(own.shapes) == followed.shapes()
    assert [f.value for f in own.formulas] == [s.layer.count_params() for s in followed.steps]
    for step in followed.steps:
        assert formula(step.layer, step.before).value == step.layer.count_params()


@pytest.mark.parametrize("seed", long_but(range(50), range(150)))
def test_no_message_tells_the_answer(seed):
    end = chain(random.Random(seed))
    question = Shape(end)
    on_the_way = set(question.chain.shapes()[:-1])
    for belief in all_beliefs():
        answer = question.believed((belief,))
        if answer in (None, question.truth) or question.truth in on_the_way:
            continue  # what stands earlier in the stack may be shown
        text = check_shape.judge(answer, of=end).as_text().replace(str(answer), "")
        if str(question.truth) not in str(answer):
            assert str(question.truth) not in " ".join(text.split()), text


def test_the_same_seed_gives_the_same_model():
    def config(seed):
        return [s.layer.get_config() for s in trace(chain(random.Random(seed))).steps]

    def plain(configs):
        return [{k: v for k, v in c.items() if k not in ("name", "layer")} for c in configs]

    assert plain(config(3)) == plain(config(3)) != plain(config(4))
