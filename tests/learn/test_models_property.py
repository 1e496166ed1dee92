"""Generated models: every equivalent spelling passes a behaviour check, every mutant fails it.

A stack is an input shape and a list of recipes, each a layer's class name and its arguments.
Stacks are drawn so that each of their layers makes a difference; which combinations are left out
for that reason, and which mutants, is said where they are left out.
"""

import keras
import pytest
from hypothesis import given
from hypothesis import strategies as st
from keras import layers

from autograder.learn.checks import check_model
from autograder.learn.quiet import hushed
from tests.examples import tried_on

pytestmark = pytest.mark.examples

INPUTS = ((6,), (5, 4), (7, 3), (6, 5, 2), (5, 7, 3))
POOLS = ("MaxPooling", "AveragePooling")


def make(recipe, **more):
    name, arguments = recipe
    return getattr(layers, name)(**arguments, **more)


def shape_after(recipe, shape):
    # Keras draws a seed for random weights, which Hypothesis wants left alone while it draws.
    zeros = {"kernel_initializer": "zeros"} if recipe[0].startswith(("Dense", "Conv")) else {}
    return tuple(make(recipe, **zeros).compute_output_shape((None, *shape)))[1:]


# Stacks


def convolution(draw, shape):
    kernel = draw(st.integers(2, min(3, *shape[:-1])))
    arguments = {"filters": draw(st.integers(2, 4)), "kernel_size": kernel}
    arguments["padding"] = draw(st.sampled_from(["valid", "same"]))
    arguments["strides"] = draw(st.integers(1, 2))
    arguments["activation"] = draw(st.sampled_from([None, "relu", "tanh"]))
    return [(f"Conv{len(shape) - 1}D", arguments)]


def dense(draw, shape):
    activation = draw(st.sampled_from([None, "relu", "tanh", "softmax"]))
    return [("Dense", {"units": draw(st.integers(2, 5)), "activation": activation})]


def pooling(draw, shape):
    return [(f"{draw(st.sampled_from(POOLS))}{len(shape) - 1}D", {"pool_size": 2})]


def global_pooling(draw, shape):
    return [(f"Global{draw(st.sampled_from(POOLS))}{len(shape) - 1}D", {})]


def activation(draw, shape):
    # No relu: before a maximum it may happen to change nothing. Layers' own activations have it.
    return [("Activation", {"activation": draw(st.sampled_from(["tanh", "sigmoid", "softmax"]))})]


def flatten(draw, shape):
    if draw(st.booleans()):  # a Permute counts only where the order of the numbers does
        return [("Permute", {"dims": exchanged(shape)}), ("Flatten", {})]
    return [("Flatten", {})]


def reshape(draw, shape):
    # A Dense stands behind it: after another Reshape or a Flatten it would leave no trace.
    return [("Reshape", {"target_shape": (shape[0] // 2, 2)}), *dense(draw, shape)]


def exchanged(shape):
    return (2, 1, 3)[: len(shape)]


def possible(shape, stack):
    """Return what may come next, such that every layer makes a difference."""
    names = [name for name, _ in stack]
    pooled = [name for name in names if "Pooling" in name]
    pieces = [dense]
    if len(shape) > 1 and min(shape[:-1]) >= 2:
        pieces.append(convolution)
        # The mean of means is the mean, and so with the maximum: pooled once, and in one way.
        pieces += [pooling, global_pooling] if not pooled else []
    if len(shape) > 1 and min(shape[:2]) >= 2:
        pieces.append(flatten)
    # Two activations in a row may be one (relu of softmax): only on linear numbers.
    linear = not stack or stack[-1][1].get("activation", 0) is None
    pieces += [activation] if linear and shape[-1] > 1 else []
    # After Flatten a Reshape would make the Flatten needless.
    alone = len(shape) == 1 and shape[0] in (4, 6) and names[-1:] in ([], ["Dense"])
    return pieces + ([reshape] if alone else [])


@st.composite
def stacks(draw):
    start = shape = draw(st.sampled_from(INPUTS))
    stack = []
    for _ in range(draw(st.integers(1, 4))):
        for recipe in draw(st.sampled_from(possible(shape, stack)))(draw, shape):
            shape = shape_after(recipe, shape)
            stack.append(recipe)
    return start, stack


# Spellings


def sequential(shape, stack):
    return keras.Sequential([keras.Input(shape), *map(make, stack)])


def input_layer(shape, stack):
    return keras.Sequential([layers.InputLayer(shape=shape), *map(make, stack)])


def shape_on_first_layer(shape, stack):
    return keras.Sequential([make(stack[0], input_shape=shape), *map(make, stack[1:])])


def built_on_call(shape, stack):
    return keras.Sequential([make(recipe) for recipe in stack])


def functional(shape, stack):
    x = start = keras.Input(shape)
    for recipe in stack:
        x = make(recipe)(x)
    return keras.Model(start, x)


def nested(shape, stack):
    half = len(stack) // 2
    inner = keras.Sequential([make(recipe) for recipe in stack[half:]])
    return keras.Sequential([keras.Input(shape), *map(make, stack[:half]), inner])


class Subclass(keras.Model):
    def __init__(self, parts):
        super().__init__()
        self.parts = parts

    def call(self, x):
        for part in self.parts:
            x = part(x)
        return x


class Backwards(Subclass):
    """Lists its layers, and so its weights, in the other order than it uses them."""

    def __init__(self, parts):
        super().__init__(parts[::-1])

    def call(self, x):
        for part in self.parts[::-1]:
            x = part(x)
        return x


def subclass(shape, stack):
    return Subclass([make(recipe) for recipe in stack])


def backwards(shape, stack):
    return Backwards([make(recipe) for recipe in stack])


def other_words(shape, stack):
    """Reshape for Flatten, and each activation in a layer of its own."""
    said = []
    for name, arguments in stack:
        own = arguments.get("activation")
        if name == "Flatten":
            said.append(("Reshape", {"target_shape": (-1,)}))
        elif own and name != "Activation":
            said.append((name, {**arguments, "activation": None}))
            said.append(("Activation", {"activation": own}))
        else:
            said.append((name, arguments))
    return sequential(shape, said)


SPELLINGS = (
    *(sequential, input_layer, shape_on_first_layer, built_on_call, functional),
    *(nested, subclass, backwards, other_words),
)


# Mutants


def mutants(shape, stack):
    """Yield (what was done, the stack that came of it)."""
    for i, (name, arguments) in enumerate(stack):
        before, behind = stack[:i], stack[i + 1 :]
        for done, changed in changes(name, arguments, shape):
            yield f"{done} of layer {i}", [*before, (name, changed), *behind]
        for pool, other in (POOLS, POOLS[::-1]):
            if pool in name:
                yield (
                    f"{other} for layer {i}",
                    [
                        *before,
                        (name.replace(pool, other), arguments),
                        *behind,
                    ],
                )
        if len(stack) > 1:
            yield f"layer {i} removed", before + behind
        if name == "Flatten":
            permute = ("Permute", {"dims": exchanged(shape)})
            yield "axes exchanged", [*before, permute, *stack[i:]]
        if behind and swap_shows(stack[i], behind[0]):
            yield f"layers {i} and {i + 1} swapped", [*before, behind[0], stack[i], *behind[1:]]
        shape = shape_after(stack[i], shape)


def changes(name, arguments, shape):
    for size in ("units", "filters"):
        if size in arguments:
            yield size, {**arguments, size: arguments[size] + 1}
    if "activation" in arguments:
        # Never to relu or to nothing from it: where all numbers are positive it does nothing.
        other = "sigmoid" if arguments["activation"] == "tanh" else "tanh"
        yield "activation", {**arguments, "activation": other}
    if "kernel_size" in arguments:
        yield "kernel size", {**arguments, "kernel_size": arguments["kernel_size"] - 1}
    for option, values in (("strides", (1, 2)), ("padding", ("valid", "same"))):
        for value in values:
            changed = {**arguments, option: value}
            # With the same shape the windows may be the same ones: a stride of 2 with one place.
            if option in arguments and other_shape(name, arguments, changed, shape):
                yield option, changed


def other_shape(name, arguments, changed, shape):
    try:
        return shape_after((name, changed), shape) != shape_after((name, arguments), shape)
    except ValueError:  # no window fits any more
        return True


def swap_shows(first, second):
    """Tell whether two layers can't be exchanged without effect.

    Left out: what works on each number (an activation) or each position (Dense without
    activation) by itself may change places with what only moves or averages them.
    """
    weighty = [name.startswith(("Dense", "Conv")) for name, _ in (first, second)]
    if all(weighty):
        return first != second
    return any(weighty) and "Activation" in (first[0], second[0])


@tried_on(30)
@given(stacks())
def test_every_spelling_passes(drawn):
    reference = functional(*drawn)
    for spelling in SPELLINGS:
        with hushed():
            verdict = check_model.judge(spelling, args=drawn, like=reference)
        assert verdict.state == "right", f"{spelling.__name__}: {verdict.as_text()}"


@tried_on(60)
@given(stacks(), st.data())
def test_every_mutant_fails(drawn, data):
    shape, stack = drawn
    reference = functional(shape, stack)
    every = list(mutants(shape, stack))
    for done, mutant in data.draw(st.lists(st.sampled_from(every), min_size=1, max_size=4)):
        spelling = data.draw(st.sampled_from([sequential, built_on_call, functional, subclass]))
        verdict = check_model.judge(spelling, args=(shape, mutant), like=reference)
        assert verdict.state == "wrong", f"{done}: {mutant}"
        assert verdict.message and verdict.hint


# Wiring


def joined(shape, stack, join, order=1, doubled=False):
    """Two inputs, of which the first goes through a stack and the second meets it at the end."""
    a, b = keras.Input(shape, name="a"), keras.Input(shape, name="b")
    x = a
    for recipe in stack:
        x = make(recipe)(x)
    branches = [layers.Flatten()(x), layers.Dense(3, name="side")(layers.Flatten()(b))]
    branches[0] = layers.Dense(3)(branches[0])
    if doubled:
        branches[0] = layers.Add()([branches[0], branches[0]])
    x = getattr(layers, join)()(branches[::order])
    return keras.Model([a, b], layers.Dense(2)(x))


def with_inputs_exchanged(shape, stack, join):
    model = joined(shape, stack, join)
    a, b = keras.Input(shape, name="a"), keras.Input(shape, name="b")
    return keras.Model([a, b], model([b, a]))


@tried_on(15)
@given(stacks(), st.sampled_from(["Concatenate", "Subtract"]))
def test_wiring_counts(drawn, join):
    reference = joined(*drawn, join)
    right = check_model.judge(joined, args=(*drawn, join), like=reference)
    assert right.state == "right", right.as_text()
    for build, args in (
        (joined, (*drawn, join, -1)),
        (joined, (*drawn, join, 1, True)),
        (with_inputs_exchanged, (*drawn, join)),
    ):
        verdict = check_model.judge(build, args=args, like=reference)
        assert verdict.state == "wrong", (build.__name__, args)
