"""Beliefs about numbers of parameters."""

from keras import layers

from autograder.learn.formula import Formula
from autograder.learn.mistakes.rule import also, rule
from autograder.learn.mistakes.sizes import convolves


@rule(
    "count",
    belief="a layer has no bias",
    truth="unless `use_bias=False`, there is one bias for each output channel or unit",
    hint="print the shapes of layer.weights for a layer of another size.",
)
def bias_forgotten(layer, before, count):
    """Conv2D(32, 3) on 64 channels has 3 x 3 x 64 x 32 parameters, and no more."""
    return count.with_part(bias=None) if "bias" in count.parts else None


@rule(
    "count",
    belief="a filter has one kernel, whatever the number of input channels",
    truth="a filter looks at every input channel with weights of its own",
    hint="print the shape of the kernel of a convolution on 5 channels.",
)
def input_channels_forgotten(layer, before, count):
    """Conv2D(32, 3) on 64 channels has 3 x 3 x 32 + 32 parameters."""
    if not convolves(layer) or "kernel" not in count.parts:
        return None
    return count.with_part(kernel=(*layer.kernel_size, layer.filters))


@rule(
    "count",
    belief="a kernel of size 3 is three weights",
    truth="the size holds along each axis of the image: a 2D kernel of size k is k by k",
    hint="print the shape of the kernel of a convolution of size 5.",
)
def kernel_one_dimensional(layer, before, count):
    """Conv2D(32, 3) on 64 channels has 3 x 64 x 32 + 32 parameters."""
    kernel = count.parts.get("kernel", ())
    if not convolves(layer) or len(layer.kernel_size) == 1 or len(kernel) < 4:
        return None
    return count.with_part(kernel=kernel[1:])


@rule(
    "count",
    belief="all filters share one kernel",
    truth="each filter has a kernel of its own; that is how filters differ",
    hint="compare count_params() of the layer with one filter and with two.",
)
def filters_share_kernel(layer, before, count):
    """Conv2D(32, 3) on 64 channels has 3 x 3 x 64 + 32 parameters."""
    kernel = count.parts.get("kernel")
    return count.with_part(kernel=kernel[:-1]) if kernel and convolves(layer) else None


@rule(
    "count",
    belief="there is one bias for each input channel or feature",
    truth="biases are added to the result, so there is one for each output channel or unit",
    hint="print the shape of the bias of a layer of another size.",
)
def bias_per_input(layer, before, count):
    """Conv2D(32, 3) on 64 channels has 3 x 3 x 64 x 32 + 64 parameters."""
    return count.with_part(bias=(before[-1],)) if "bias" in count.parts else None


@rule(
    "count",
    belief="there are as many filters as channels come in, and each looks at as many channels as "
    "the layer gives",
    truth="the channels that come in decide how much a filter looks at, and the layer's first "
    "argument how many filters there are",
    hint="print the shapes of layer.weights for a layer of another size.",
)
def inputs_for_outputs(layer, before, count):
    """Conv2D(32, 3) on 64 channels has (3 x 3 x 32 + 1) x 64 parameters.

    The number is that of `bias_per_input`: nothing tells the two apart.
    """
    kernel = count.parts.get("kernel", ())
    if not convolves(layer) or "bias" not in count.parts or kernel[-2:-1] != (before[-1],):
        return None
    return count.with_part(kernel=(*kernel[:-2], *kernel[:-3:-1]), bias=(before[-1],))


@rule(
    "count",
    belief="a filter has a bias for each channel that it looks at",
    truth="a filter adds up all that it sees, and then one bias",
    hint="print the shape of the bias of a convolution on 5 channels.",
)
def bias_per_channel_seen(layer, before, count):
    """Conv2D(32, 3) on 64 channels has 32 x (3 x 3 x 64 + 64) parameters."""
    if not convolves(layer) or "bias" not in count.parts or len(count.parts["kernel"]) < 3:
        return None
    return count.with_part(bias=tuple(count.parts["kernel"][-2:]))


@rule(
    "count",
    belief="a filter has a bias for each place of its window",
    truth="a filter adds up all that it sees, and then one bias",
    hint="print the shape of the bias of a convolution with a window of 5.",
)
def bias_per_place_seen(layer, before, count):
    """Conv2D(32, 3) on 64 channels has 32 x (3 x 3 x 64 + 3 x 3) parameters."""
    kernel = count.parts.get("kernel", ())
    if not convolves(layer) or "bias" not in count.parts or len(kernel) < 3:
        return None
    return count.with_part(bias=(*kernel[:-2], kernel[-1]))


@rule(
    "count",
    belief="a window of 3 by 3, say, has 3 + 3 numbers",
    truth="it has 3 rows of 3 numbers each: its sides multiply",
    hint="draw a window of 3 by 3 on squared paper, and count the squares.",
)
def window_sides_added(layer, before, count):
    """Conv2D(32, 3) on 64 channels has 32 x ((3 + 3) x 64 + 1) parameters."""
    kernel = count.parts.get("kernel", ())
    if not convolves(layer) or len(kernel) != 4:
        return None
    return count.with_part(kernel=(kernel[0] + kernel[1], *kernel[2:]))


@rule(
    "count",
    belief="a layer has the weights of one of its units or filters",
    truth="each of them has weights and a bias of its own, so what one has is multiplied by how "
    "many there are",
    hint="print the shapes of layer.weights for a layer of another size.",
)
def one_unit_counted(layer, before, count):
    """Conv2D(32, 3) on 64 channels has 3 x 3 x 64 + 1 parameters, Dense(10) on 784 has 785."""
    units = getattr(layer, "filters", None) or getattr(layer, "units", None) or 1
    kernel = count.parts.get("kernel", ())
    if units < 2 or not kernel or any(f[-1:] != (units,) for f in count.parts.values()):
        return None
    return Formula({k: f[:-1] or (1,) for k, f in count.parts.items()}, count.copies)


@rule(
    "count",
    belief="a filter has one weight for each channel",
    truth="a filter has a weight for each number in its window, in each channel",
    hint="print the shape of the kernel of a convolution of size 5.",
)
def window_has_one_weight(layer, before, count):
    """Conv2D(32, 3) on 64 channels has 64 x 32 + 32 parameters."""
    kernel = count.parts.get("kernel", ())
    if not convolves(layer) or max(layer.kernel_size) == 1 or len(kernel) < 3:
        return None
    return count.with_part(kernel=kernel[-2:])


@rule(
    "count",
    belief="a layer has a single bias",
    truth="every output channel or unit has a bias of its own",
    hint="print the shape of the bias of a layer of another size.",
)
def one_bias(layer, before, count):
    """Dense(16) on 784 features has 784 x 16 + 1 parameters."""
    return count.with_part(bias=(1,)) if "bias" in count.parts else None


@rule(
    "count",
    belief="each position of the image has its own bias",
    truth="a filter shares one bias over all positions",
    hint="print the shape of the bias of a convolution on a bigger image.",
)
def bias_per_position(layer, before, count):
    """Conv2D(32, 3) on (10, 10, 64) has 3 x 3 x 64 x 32 + 8 x 8 x 32 parameters."""
    if not convolves(layer) or "bias" not in count.parts:
        return None
    after = layer.compute_output_shape(before)
    return None if None in after[1:] else count.with_part(bias=tuple(after[1:]))


@rule(
    "count",
    belief="each row has its own biases",
    truth="a unit has one bias, for all the rows that it meets",
    hint="count the parameters of the same layer on more rows: do they grow?",
    weak=True,
)
def bias_per_row(layer, before, count):
    """Dense(16) on (3, 2) has 2 x 16 + 3 x 16 parameters."""
    if not isinstance(layer, layers.Dense) or len(before) < 3 or "bias" not in count.parts:
        return None
    if None in before[1:] or before[-1] == 1:  # of one feature, each row counts as a feature does
        return None
    return count.with_part(bias=(*before[1:-1], layer.units))


@rule(
    "count",
    belief="each position has a kernel of its own",
    truth="one kernel is shared by all positions",
    hint="count the parameters of the same layer on a bigger input: do they grow?",
)
def kernel_per_position(layer, before, count):
    """Dense(16) on (3, 2) has 3 x (2 x 16 + 16) parameters.

    Met in stackoverflow.com/questions/44611006.
    """
    if len(before) < 3 or not (convolves(layer) or isinstance(layer, layers.Dense)):
        return None
    after = layer.compute_output_shape(before)
    return None if None in after[1:] else count.times(*after[1:-1])


@rule(
    "count",
    belief="a layer has as many parameters as its output has numbers",
    truth="the size of a layer's output is not a count of weights",
    hint="ask a pooling layer, or any layer without weights, for count_params().",
)
def output_counted(layer, before, count):
    """Flatten on (28, 28) has 784 parameters."""
    after = layer.compute_output_shape(before)
    return None if None in after[1:] else Formula({"output": tuple(after[1:])})


@rule(
    "count",
    belief="a layer has a weight for each output number, and one bias",
    truth="only a layer that multiplies or adds learned numbers has any",
    hint="ask the layer for its list of weights: layer.weights.",
)
def output_counted_with_bias(layer, before, count):
    """Flatten on (28, 28) has 785 parameters."""
    after = layer.compute_output_shape(before)
    return None if None in after[1:] else Formula({"output": tuple(after[1:]), "bias": (1,)})


@rule(
    "count",
    belief="a layer has one parameter for each of its units or filters, its bias say, and no more",
    truth="each of them has a weight for every number that it looks at, and a bias",
    hint="print the shapes of layer.weights for a layer of another size.",
)
def units_counted(layer, before, count):
    """Dense(16) on (None, 3, 2) has 16 parameters."""
    units = getattr(layer, "units", None) or getattr(layer, "filters", None)
    one = before[-1] == 1 and isinstance(layer, layers.Dense)  # then the bias alone is left out
    return Formula({"units": (units,)}) if units and not one else None


@rule(
    "count",
    belief="a layer has a parameter for each number that comes in",
    truth="each of its units or filters has a weight for every number that it looks at, and a bias",
    hint="print the shapes of layer.weights for a layer of another size.",
)
def inputs_counted(layer, before, count):
    """Dense(16) on 784 features has 784 parameters."""
    kernel = count.parts.get("kernel", ())
    several = getattr(layer, "units", None) or getattr(layer, "filters", None) or 1
    if len(kernel) < 2 or several == 1 or None in before[1:]:
        return None
    return Formula({"inputs": tuple(before[1:])})


@rule(
    "count",
    belief="the bias is one more unit, with a weight for each number that comes in",
    truth="a bias is one number that a unit adds, so there is one for each unit",
    hint="print the shape of the bias of a layer of another size.",
)
def bias_as_a_unit(layer, before, count):
    """Dense(16) on 784 features has 784 x (16 + 1) parameters.

    The number is that of `bias_per_input`: nothing tells the two apart.
    """
    if not isinstance(layer, layers.Dense) or not {"kernel", "bias"} <= set(count.parts):
        return None
    return count.with_part(bias=None, kernel=(*count.parts["kernel"][:-1], layer.units + 1))


@rule(
    "count",
    belief="a filter looks at the whole image at once, as a unit of Dense does",
    truth="a filter looks at one window at a time, with the same weights everywhere",
    hint="count the parameters of the same layer on a bigger input: do they grow?",
)
def image_for_window(layer, before, count):
    """Conv2D(32, 3) on (10, 10, 64) has (10 x 10 x 64 + 1) x 32 parameters."""
    if not convolves(layer) or "kernel" not in count.parts or None in before[1:]:
        return None
    return count.with_part(kernel=(*before[1:], layer.filters))


@rule(
    "count",
    belief="an activation has parameters, one for each number",
    truth="an activation is a fixed formula, with nothing in it to learn",
    hint="ask an Activation layer for count_params().",
)
def activation_counted(layer, before, count):
    """Dense(16, activation="relu") on 2 features has 2 x 16 + 16 + 16 parameters."""
    activation = getattr(layer, "activation", None)
    if not isinstance(layer, (layers.Dense, layers.Conv2D, layers.Conv1D, layers.Activation)):
        return None
    if activation is None or getattr(activation, "__name__", "") == "linear":
        return None
    if isinstance(layer, layers.Activation) and len(before) < 3:
        return None  # then its numbers are those of its output, or of its input
    size = layer.compute_output_shape(before)[-1]
    return None if size is None else count.with_part(activation=(size,))


@also("count", "sizes_added_up")
def _(layer, before, count):
    """Flatten on (28, 28) has 56 parameters."""
    known = not layer.weights and None not in before[1:] and len(before) > 2
    return Formula({"sizes": (sum(before[1:]),)}) if known else None


@rule(
    "count",
    belief="every layer has at least one parameter",
    truth="a layer that only moves numbers, or works by a fixed formula, has none",
    hint="ask the layer for its list of weights: layer.weights.",
)
def at_least_one(layer, before, count):
    """Flatten has 1 parameter."""
    return None if layer.weights else Formula({"one": (1,)})
