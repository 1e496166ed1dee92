"""What a wrong number of parameters would be right for: facts, where no belief leads to it."""

import math

import keras

from autograder.learn.diagnose import Diagnosis
from autograder.learn.formula import formula
from autograder.learn.predictions import Built
from autograder.learn.questions import Params
from autograder.learn.trace import trace

_HINT = "write down the shapes of the layer's weights, and under each size what it counts."


def counted_otherwise(question, answer):
    """Return the Diagnosis of what one layer's count would be right for, or None.

    It says nothing of why: for how many inputs, units or entries it would be the right number.
    """
    layer, before, numbers = _what_is_counted(question)
    if layer is None or not isinstance(answer, int) or answer < 0:
        return None
    if answer == 0:
        said = f"0 is right for layers without weights, and the {type(layer).__name__} has some."
        return Diagnosis(("counted_otherwise",), said, hint=_HINT) if layer.weights else None
    count = formula(layer, before)
    if not count.value == layer.count_params() > 0 or count.copies:
        return None  # of a layer that was adapted, say, nothing is told
    name = type(layer).__name__
    if set(count.parts) <= {"kernel", "bias"} and len(count.parts.get("kernel", ())) > 1:
        said = _of_kernel(name, count.parts, answer, numbers)
    else:
        said = _of_entries(name, before, answer, count.value, numbers)
    return said and Diagnosis(("counted_otherwise",), said, hint=_HINT)


def _what_is_counted(question):
    """Return a layer, the shape that reaches it, and the numbers in the shapes on the way."""
    if isinstance(question, Built) and isinstance(question.truth, int):
        model = question.make()
        model.build(question.shape)
        weighted = [layer for layer in model.layers if layer.weights]
        if len(weighted) != 1:
            return None, (), set()
        chain, layer = trace(model), weighted[0]
        step = next((s for s in chain.steps if s.layer is layer), None)
    elif isinstance(question, Params) and not isinstance(question.of, keras.Model):
        chain = question.chain
        step = chain.steps[-1] if chain.steps else None
    else:
        return None, (), set()
    if step is None or None in step.before[1:]:
        return None, (), set()
    shapes = [shape[1:] for shape in chain.shapes()]
    if isinstance(question, Built):
        shapes.append(question.shape)
    numbers = {n for shape in shapes for n in shape if n}
    numbers |= {math.prod(shape) for shape in shapes if None not in shape}
    return step.layer, step.before, numbers


def _of_kernel(name, parts, answer, numbers):
    """Say for how many inputs, units or biases a count would be right, if for any."""
    *window, inputs, units = parts["kernel"]
    kernel, one = math.prod(parts["kernel"]), math.prod(window)
    bias = int("bias" in parts)
    of_units, rest = divmod(answer, one * inputs + bias)
    if not rest and of_units > 0:
        return f"That would be right for a {name} of {of_units} units or filters; it has {units}."
    if bias and answer == units:
        return f"{answer} is the number of the {name}'s biases alone."
    besides = answer - kernel
    if bias and besides in numbers:
        said = (
            f"The {kernel:,} weights of the kernel are in it, rightly; the {besides} besides are "
        )
        return said + "not the biases."
    reached, rest = divmod(answer - bias * units, one * units)
    if not rest and reached > 0 and units > 1:
        said = f"That would be right for a {name} that {reached:,} numbers reach; here it is "
        return said + "another number of them."
    return None


def _of_entries(name, before, answer, of_all, numbers):
    """Say for how many entries a count would be right, or how many numbers it gives each."""
    if of_all % before[-1]:
        return None
    reached, rest = divmod(answer, of_all // before[-1])
    if not rest:
        return (
            f"That would be right for a {name} on {reached:,} entries; here it is another number."
        )
    each, left = divmod(answer, before[-1])
    if left or each not in numbers - {1}:
        return None
    return f"That is {each} for each of the {before[-1]} entries that the {name} is given."
