"""Beliefs about Dense: which axis it works on, and what that costs."""

from keras import layers

from autograder.learn.mistakes.rule import also, rule
from autograder.learn.mistakes.sizes import product


@rule(
    "layer",
    belief="Dense flattens what it receives",
    truth="Dense works on the last axis and keeps all axes before it",
    hint="give a Dense layer a batch of tables and print the shape of what comes back.",
)
def dense_flattens(layer, before, after):
    """Dense(16) on (None, 3, 2) is (None, 16).

    Met in "What is the role of Flatten in Keras?" and many threads since, for example
    datascience.stackexchange.com/questions/42530.
    """
    if isinstance(layer, layers.Dense) and len(before) > 2:
        return (before[0], layer.units)
    return None


@also("count", "dense_flattens")
def _(layer, before, count):
    """Dense(16) on (None, 3, 2) has 6 x 16 + 16 parameters."""
    if isinstance(layer, layers.Dense) and len(before) > 2 and None not in before[1:]:
        return count.with_part(kernel=(product(before[1:]), layer.units))
    return None
