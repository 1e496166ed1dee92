"""Beliefs about Reshape, Permute and the wrapper TimeDistributed."""

from keras import layers

from autograder.learn.mistakes.rule import rule


@rule(
    "layer",
    belief="TimeDistributed changes nothing",
    truth="TimeDistributed hands its layer one step at a time, and puts the results in a row",
    hint="ask what the layer within gets to see: the whole sample, or one step of it?",
)
def wrapper_ignored(layer, before, after):
    """TimeDistributed(Flatten()) on (None, 10, 4, 4, 3) is (None, 480)."""
    if not isinstance(layer, layers.TimeDistributed):
        return None
    return tuple(layer.layer.compute_output_shape(before))


@rule(
    "layer",
    belief="-1 in a target shape stands for the batch",
    truth="Reshape never touches the batch; -1 is one more axis, as long as it has to be",
    hint="multiply the sizes before and after Reshape, without the batch.",
)
def minus_one_is_batch(layer, before, after):
    """Reshape((-1, 8)) on (None, 4, 8) is (None, 8)."""
    if isinstance(layer, layers.Reshape) and -1 in layer.target_shape:
        return (before[0], *(n for n in layer.target_shape if n != -1))
    return None


@rule(
    "layer",
    belief="the target shape of Reshape begins with the batch",
    truth="the target shape describes one sample; Keras puts the batch axis in front",
    hint="count the axes after layers.Reshape((5, 7)).",
)
def target_has_batch(layer, before, after):
    """Reshape((3, 128)) on (None, 384) is (3, 128)."""
    if isinstance(layer, layers.Reshape) and -1 not in layer.target_shape:
        return tuple(layer.target_shape) if len(layer.target_shape) > 1 else None
    return None


@rule(
    "layer",
    belief="Reshape and Permute leave the shape as it is",
    truth="both give a new shape: Reshape cuts the numbers anew, Permute turns the axes",
    hint="print the shapes before and after such a layer.",
)
def reshaping_ignored(layer, before, after):
    """Permute((2, 1)) on (None, 3, 2) stays (None, 3, 2)."""
    return before if isinstance(layer, (layers.Reshape, layers.Permute)) else None


@rule(
    "layer",
    belief="Permute says where each axis goes",
    truth="Permute says where each axis comes from: its first entry names the axis that "
    "will be first",
    hint="permute a (2, 3, 4) sample by (2, 3, 1) in NumPy: np.transpose, with the batch in front.",
)
def permute_inverted(layer, before, after):
    """Permute((2, 3, 1)) on (None, 4, 5, 3) is (None, 3, 4, 5)."""
    if not isinstance(layer, layers.Permute):
        return None
    places = dict(zip(layer.dims, before[1:], strict=True))
    return (before[0], *(places[i] for i in sorted(places)))
