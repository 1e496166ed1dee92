"""Beliefs about what Flatten does to a shape."""

import functools

import numpy as np
from keras import layers

from autograder.learn.mistakes.rule import rule
from autograder.learn.mistakes.sizes import product
from autograder.learn.predictions import Commutes

#: Rules about one kind of question, or one topic.
about_commutes = functools.partial(rule, "value", about=Commutes)


@rule(
    "layer",
    belief="Flatten gives a one-dimensional result",
    truth="Flatten unrolls each sample and leaves the batch axis alone, so its result always "
    "has two axes",
    hint="feed a Flatten layer two samples and count the rows that come out.",
)
def flatten_swallows_batch(layer, before, after):
    """Flatten((None, 3, 3, 128)) is (1152,).

    Met in "How does the Flatten layer work in Keras?" and "What is the role of Flatten in
    Keras?", which leave the batch axis out.
    """
    if isinstance(layer, layers.Flatten):
        return (product(before[1:] if before[0] is None else before),)
    return None


@rule(
    "layer",
    belief="Flatten merges height and width and keeps the channels",
    truth="Flatten merges every axis after the batch, channels too",
    hint="ask yourself how many axes a Dense layer's input would have after your Flatten.",
)
def flatten_keeps_channels(layer, before, after):
    """Flatten((None, 3, 3, 128)) is (None, 9, 128)."""
    if isinstance(layer, layers.Flatten) and len(before) > 3:
        return (before[0], product(before[1:-1]), before[-1])
    return None


@rule(
    "layer",
    belief="Flatten makes a column, with an axis of size 1 at the end",
    truth="the result of Flatten has two axes, samples and features, and no third",
    hint="compare np.zeros((5, 4)).shape and np.zeros((5, 4, 1)).shape.",
)
def flatten_makes_column(layer, before, after):
    """Flatten((None, 28, 28)) is (None, 784, 1), from the habit of writing "784x1".

    Met in "What is the role of Flatten in Keras?".
    """
    return (before[0], product(before[1:]), 1) if isinstance(layer, layers.Flatten) else None


@rule(
    "layer",
    belief="Flatten unrolls height and width only, and the channels don't count",
    truth="every channel of every position becomes a feature",
    hint="count the numbers in one sample before Flatten, and after.",
)
def flatten_forgets_channels(layer, before, after):
    """Flatten((None, 4, 4, 32)) is (None, 16)."""
    if isinstance(layer, layers.Flatten) and len(before) > 2:
        return (before[0], product(before[1:-1]))
    return None


@rule(
    "layer",
    belief="one axis of a sample doesn't count in the product",
    truth="the batch is all that Flatten leaves alone; every size after it is a factor",
    hint="write the width as a product, with one factor for each axis of a sample.",
)
def axis_left_out_of_product(layer, before, after):
    """Flatten((None, 3, 3, 128)) is (None, 384)."""
    if isinstance(layer, layers.Flatten) and len(before) > 3:
        return (before[0], product(before[2:]))
    return None


@rule(
    "layer",
    belief="the batch is one more factor of the width",
    truth="the samples are counted by the batch axis already; the width has the sizes of one of "
    "them as its factors",
    hint="count the numbers that go in, and those that your shape would hold.",
)
def batch_multiplied_in(layer, before, after):
    """Flatten((3, 3, 128)) is (3, 1152)."""
    known = isinstance(layer, layers.Flatten) and None not in before and before[0] > 1
    return (before[0], product(before)) if known else None


@rule(
    "layer",
    belief="Flatten leaves a shape as it is",
    truth="Flatten unrolls each sample, and leaves the batch axis alone",
    hint="print the shape of layers.Flatten()(np.zeros((2, 3, 4))).",
)
def flatten_does_nothing(layer, before, after):
    """Flatten()(keras.Input((3, 3, 128))) keeps (None, 3, 3, 128)."""
    return before if isinstance(layer, layers.Flatten) and len(before) > 2 else None


@rule(
    "layer",
    belief="Flatten unrolls the places of each channel, with the channels in front",
    truth="Flatten merges every axis after the batch, in the order in which they stand",
    hint="print the shape of layers.Flatten()(np.zeros((2, 3, 4, 5))).",
)
def flatten_by_channels(layer, before, after):
    """Flatten((None, 14, 10, 12)) is (None, 12, 140)."""
    if isinstance(layer, layers.Flatten) and len(before) > 3:
        return (before[0], before[-1], product(before[1:-1]))
    return None


@rule(
    "layer",
    belief="Flatten keeps the first axis of a sample as well",
    truth="only the batch axis is kept; every axis after it is unrolled",
    hint="ask yourself how many axes a Dense layer's input would have after your Flatten.",
)
def flatten_keeps_first_axis(layer, before, after):
    """Flatten((None, 10, 4, 4, 3)) is (None, 10, 48)."""
    if isinstance(layer, layers.Flatten) and len(before) > 3:
        return (before[0], before[1], product(before[2:]))
    return None


@about_commutes(
    belief="a layer without weights treats each number by itself",
    truth="some layers without weights bring numbers together, along one axis or several",
    hint="write down the layer's formula: does a result depend on one number only?",
)
def numbers_treated_alone(question):
    """Softmax gives the same before Flatten and after it.

    Met in "What is the role of Flatten in Keras?".
    """
    return True


@about_commutes(
    belief="the order of layers always matters",
    truth="a layer that treats each number by itself doesn't care where the number stands",
    hint="write down the layer's formula: does a result depend on one number only?",
)
def order_always_matters(question):
    """ReLU gives something else before Flatten than after it."""
    return False


@about_commutes(
    belief="activations may stand anywhere, and scaling depends on the shape",
    truth="what counts is whether a layer treats each number by itself",
    hint="write down the layer's formula: does a result depend on one number only?",
)
def scaling_depends_on_shape(question):
    """ReLU and Softmax may cross a Flatten, Rescaling may not."""
    return not isinstance(question.layer, (layers.Rescaling, layers.Normalization))


@about_commutes(
    belief="an activation looks at more than one number",
    truth="most activations press each number through a formula by itself; of those here only "
    "Softmax compares several",
    hint="write down the layer's formula: does a result depend on one number only?",
    weak=True,
)
def activations_compare(question):
    """tanh and ReLU give something else before Flatten than after it."""
    kinds = (layers.Activation, layers.ReLU, layers.Softmax)
    return False if isinstance(question.layer, kinds) else None


@about_commutes(
    belief="only what multiplies and adds may change places with other layers",
    truth="a bent formula may as well, as long as it is about one number at a time",
    hint="write down the layer's formula: does a result depend on one number only?",
    weak=True,
)
def only_linear_crosses(question):
    """tanh and ReLU give something else before Flatten than after it; Rescaling doesn't.

    Nothing tells this from `activations_compare`.
    """
    return isinstance(question.layer, layers.Rescaling)


@about_commutes(
    belief="ReLU leaves numbers out, and Softmax only scales them",
    truth="ReLU gives a number for each that comes in, by a formula for one; it is Softmax that "
    "compares several",
    hint="write down the layer's formula: does a result depend on one number only?",
)
def relu_leaves_out(question):
    """ReLU gives something else before Flatten than after it, and Softmax doesn't."""
    return not isinstance(question.layer, layers.ReLU)


@about_commutes(
    belief="a number that is pressed into a range is compared with others",
    truth="tanh and sigmoid are formulas for one number; it is Softmax that compares several",
    hint="write down the layer's formula: does a result depend on one number only?",
)
def range_needs_others(question):
    """tanh gives something else before Flatten than after it."""
    return False if type(question.layer) is layers.Activation else None


@about_commutes(
    belief="a number that is set to 0 is so because of the others",
    truth="ReLU looks at the sign of one number, and at nothing else",
    hint="write down the layer's formula: does a result depend on one number only?",
)
def zero_needs_others(question):
    """ReLU gives something else before Flatten than after it."""
    return False if isinstance(question.layer, layers.ReLU) else None


@about_commutes(
    belief="a scale is worked out from the numbers that come in",
    truth="Rescaling has its factor and its offset from the start, and uses them on each number",
    hint="write down the layer's formula: does a result depend on one number only?",
)
def scale_from_the_data(question):
    """Rescaling(1 / 255) gives something else before Flatten than after it."""
    plain = isinstance(question.layer, layers.Rescaling) and np.ndim(question.layer.offset) == 0
    return False if plain and not question.layer.offset else None


@about_commutes(
    belief="an offset is added once for all numbers",
    truth="it is added to each number, wherever that stands",
    hint="write down the layer's formula: does a result depend on one number only?",
)
def offset_added_once(question):
    """Rescaling(2, offset=-1) gives something else before Flatten than after it."""
    return False if isinstance(question.layer, layers.Rescaling) else None
