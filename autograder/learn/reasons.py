"""Why a layer gives the shape it gives and has the weights it has: a sentence a kind of layer.

To teach a further kind, register a function for its class:

    @reason.register(MyLayer)
    def _my_layer(layer, call):
        return Reason("MyLayer swaps height and width", "one number for each channel")

What such a function says of sizes it works out by `equals` and its kin, which compare the result
with Keras's own; where they differ, nothing of it is said.
"""

import math
from dataclasses import dataclass
from functools import singledispatch

import keras
import numpy as np
from keras import layers

from autograder.learn.calls import Call
from autograder.learn.formula import channels_first, channels_of


@dataclass(frozen=True)
class Reason:
    """Why a layer's output has its shape, and what its weights are: two clauses, no full stop."""

    shape: str
    weights: str = ""


class Unknown(Exception):
    """Nothing is known of this layer, or what is known does not agree with Keras; says which."""


def reason_for(call):
    """Return the Reason for a Call; raise Unknown where there is none."""
    kind = type(call.layer)
    base, known = next(
        (base, reason.registry[base]) for base in kind.__mro__ if base in reason.registry
    )
    if known is reason.registry[object]:
        raise Unknown(f"{kind.__name__} is not a layer I know")
    if base is not kind and not _of_keras(kind) and base is not keras.Model:
        # A class of somebody's own may change what its base class does, in any way.
        raise Unknown(f"{kind.__name__} is built on {base.__name__}, but I do not know it")
    try:
        return known(call.layer, call)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, Unknown) as fault:
        said = f"I know {kind.__name__}, but not with these settings"
        raise Unknown(said) from fault


def _of_keras(kind):
    return kind.__module__.split(".")[0] == "keras"


@singledispatch
def reason(layer, call):
    """Return the Reason for one Call of `layer`. Register a function for each kind of layer."""
    raise Unknown


def equals(text, value, keras_says):
    """Return "text = value", provided that Keras says so too."""
    if value != keras_says:
        raise Unknown
    return f"{text} = {value}"


def stays(call):
    """Return the clause that the shape stays, provided that it does."""
    if call.after != call.before:
        raise Unknown
    return "the shape stays"


# Where data come in, and models as layers


@reason.register(layers.InputLayer)
def _input(layer, call):
    said = "Data come in here and nothing is computed"
    batch, *sizes = call.after or (0,)
    left = ["the batch size"] * (batch is None) + ["sizes of a sample"] * (None in sizes)
    verb = "is" if left == ["the batch size"] else "are"
    return Reason(f"{said}; {listed(left)} {verb} left open (None)" if left else said)


@reason.register(keras.Model)
def _model(layer, call):
    return Reason(
        f"A model used as one layer, {many(len(layer.layers), 'layer')} inside: "
        f'explain(model.get_layer("{layer.name}")) goes through them',
        "all the weights inside it",
    )


@reason.register(layers.Identity)
def _identity(layer, call):
    return Reason(f"Hands its input on as it is; {stays(call)}")


@reason.register(layers.Lambda)
def _lambda(layer, call):
    return Reason(
        "Lambda runs a function that somebody wrote, and I cannot read it; "
        f"Keras says {written(call.after)}"
    )


# Dense


@reason.register(layers.Dense)
def _dense(layer, call):
    *rows, last = call.before[1:]
    _agree(call.after, (call.before[0], *rows, layer.units))
    kernel, biases = f"{last} × {layer.units} kernel", _biases(layer, layer.units)
    if not rows:
        units = "The one unit" if layer.units == 1 else f"Each of the {layer.units} units"
        features = "the one feature" if last == 1 else f"all {last} features"
        return Reason(f"{units} looks at {features} of a sample", f"one {kernel}{biases}")
    if len(rows) > 1:
        shared = f"all {times(rows)} positions" if None not in rows else "all positions"
    else:
        shared = {1: "the one row", None: "all rows"}.get(rows[0], f"{rows[0]} rows")
    return Reason(
        f"Dense acts on the last axis only, {last} → {layer.units}",
        f"one {kernel} shared by {shared}{biases}",
    )


@reason.register(layers.EinsumDense)
def _einsum_dense(layer, call):
    read, made = layer.equation.replace(" ", "").split("->")
    read = read.split(",")[0]
    summed = [axis for axis in read if axis.isalpha() and axis not in made]
    new = [axis for axis in made if axis.isalpha() and axis not in read]
    said = f"By its equation {layer.equation}"
    said += f", it sums over {listed(summed)}" if summed else ""
    said += f"{' and' * bool(summed)} makes {listed(new)}" if new else ""
    sizes = " × ".join(map(str, layer.kernel.shape))
    biases = f"and biases along {layer.bias_axes}" if layer.bias_axes else "and no bias"
    return Reason(f"{said}; the other axes stay", f"a kernel of {sizes} {biases}")


# Convolution and pooling


@reason.register(layers.Conv1D)
@reason.register(layers.Conv2D)
@reason.register(layers.Conv3D)
def _convolution(layer, call):
    _agree(channels_of(layer, call.after), layer.filters)
    sizes = windows(layer, call, layer.kernel_size, layer.dilation_rate)
    channels = channels_of(layer, call.before) // layer.groups
    span = times((*layer.kernel_size, channels), total=False)
    return Reason(f"{_filters(layer)}; {sizes}", f"each filter has {span} weights{_biases(layer)}")


@reason.register(layers.Conv1DTranspose)
@reason.register(layers.Conv2DTranspose)
@reason.register(layers.Conv3DTranspose)
def _transposed(layer, call):
    _agree(channels_of(layer, call.after), layer.filters)
    sizes = {}
    for name, n, m, k, s in _spaces(layer, call, layer.kernel_size, layer.strides):
        if n is None:
            sizes[name] = ": open (None)"
        elif layer.padding == "same":
            sizes[name] = equals(f": {n} × {s}", n * s, m)
        else:
            sizes[name] = equals(f": ({n} - 1) × {s} + {max(k, s)}", (n - 1) * s + max(k, s), m)
    span = times((*layer.kernel_size, channels_of(layer, call.before)), total=False)
    return Reason(
        f"A convolution turned round, from small to large. {_filters(layer)}; {_merged(sizes)}",
        f"each filter has {span} weights{_biases(layer)}",
    )


@reason.register(layers.DepthwiseConv1D)
@reason.register(layers.DepthwiseConv2D)
def _depthwise(layer, call):
    n, each = channels_of(layer, call.before), layer.depth_multiplier
    sizes = windows(layer, call, layer.kernel_size, layer.dilation_rate)
    gives = "gives one" if each == 1 else f"gives {each}"
    total = equals(f"{n} × {each}", n * each, channels_of(layer, call.after))
    return Reason(
        f"Each channel is filtered alone and {gives}, {total}; {sizes}",
        f"each filter has {times(layer.kernel_size, total=False)} weights{_biases(layer)}",
    )


@reason.register(layers.SeparableConv1D)
@reason.register(layers.SeparableConv2D)
def _separable(layer, call):
    _agree(channels_of(layer, call.after), layer.filters)
    sizes = windows(layer, call, layer.kernel_size, layer.dilation_rate)
    return Reason(
        "Each channel is filtered alone, then at each position all are mixed into "
        f"{many(layer.filters, 'channel')}; {sizes}",
        f"{times(layer.kernel_size, total=False)} weights a channel, then the mixing weights"
        f"{_biases(layer, layer.filters)}",
    )


def _pooling(what):
    def pooling(layer, call):
        _agree(channels_of(layer, call.after), channels_of(layer, call.before))
        size = times(layer.pool_size, total=False)
        window = f"{size} window" if len(layer.pool_size) > 1 else f"window of {size}"
        sizes = windows(layer, call, layer.pool_size)
        return Reason(f"Keeps {what} of each {window}, channel by channel; {sizes}")

    return pooling


for _kind in (layers.MaxPooling1D, layers.MaxPooling2D, layers.MaxPooling3D):
    reason.register(_kind)(_pooling("the largest number"))
for _kind in (layers.AveragePooling1D, layers.AveragePooling2D, layers.AveragePooling3D):
    reason.register(_kind)(_pooling("the average"))


def _global_pooling(what):
    def pooling(layer, call):
        if None not in call.after[1:]:  # an open number of channels can't be compared
            _agree(math.prod(call.after[1:]), channels_of(layer, call.before))
        positions = [n for _, n, *_ in _spaces(layer, call)]
        names = listed([name for name, *_ in _spaces(layer, call)])
        end = f"{names} {'are' if len(positions) > 1 else 'is'} gone"
        end = f"keepdims leaves {names} at 1" if layer.keepdims else end
        noun = "position" if positions == [1] else "positions"
        where = f"its {times(positions)}" if None not in positions else "all its"
        return Reason(f"Keeps {what} of each channel over {where} {noun}; {end}")

    return pooling


for _kind in (layers.GlobalMaxPooling1D, layers.GlobalMaxPooling2D, layers.GlobalMaxPooling3D):
    reason.register(_kind)(_global_pooling("the largest number"))
for _kind in (
    layers.GlobalAveragePooling1D,
    layers.GlobalAveragePooling2D,
    layers.GlobalAveragePooling3D,
):
    reason.register(_kind)(_global_pooling("the average"))


@reason.register(layers.UpSampling1D)
@reason.register(layers.UpSampling2D)
@reason.register(layers.UpSampling3D)
def _up_sampling(layer, call):
    sizes, factors = {}, layer.size if isinstance(layer.size, (tuple, list)) else (layer.size,)
    for name, n, m, factor in _spaces(layer, call, factors):
        sizes[name] = _or_open(n, f": {n} × {factor}", n and n * factor, m)
    how = getattr(layer, "interpolation", "nearest")
    what = "Repeats each number" if how == "nearest" else f"Enlarges ({how})"
    return Reason(f"{what}, channel by channel; {_merged(sizes)}")


@reason.register(layers.ZeroPadding1D)
@reason.register(layers.ZeroPadding2D)
@reason.register(layers.ZeroPadding3D)
def _zero_padding(layer, call):
    sizes = {}
    for name, n, m, (front, back) in _spaces(layer, call, _pairs(layer.padding)):
        sizes[name] = _or_open(n, f": {n} + {front} + {back}", n and n + front + back, m)
    return Reason(f"Puts zeros around; {_merged(sizes)}")


@reason.register(layers.Cropping1D)
@reason.register(layers.Cropping2D)
@reason.register(layers.Cropping3D)
def _cropping(layer, call):
    sizes = {}
    for name, n, m, (front, back) in _spaces(layer, call, _pairs(layer.cropping)):
        sizes[name] = _or_open(n, f": {n} - {front} - {back}", n and n - front - back, m)
    return Reason(f"Cuts the edges off; {_merged(sizes)}")


# New arrangements of the same numbers


@reason.register(layers.Flatten)
def _flatten(layer, call):
    sample = call.before[1:]
    if call.after == call.before:
        return Reason(
            f"Each sample is one row of {many(sample[0], 'feature')} already; {stays(call)}"
        )
    if not sample:
        return Reason("A sample is one number; Flatten gives it an axis of its own")
    if None in sample:
        return Reason("Flatten unrolls each sample row by row; an open size leaves the length open")
    product = equals(times(sample, total=False), math.prod(sample), call.after[1])
    features = "feature" if call.after[1] == 1 else "features"
    order = " (channels put last)" if channels_first(layer) else ""
    return Reason(
        f"Flatten unrolls each sample{order} row by row into {product} {features}; "
        "the batch axis stays"
    )


@reason.register(layers.Reshape)
def _reshape(layer, call):
    sample, new = call.before[1:], call.after[1:]
    if len(new) == 1 and None not in sample:
        product = equals(times(sample, total=False), math.prod(sample), new[0])
        return Reason(f"The same numbers in the same order, {product} in one row; the batch stays")
    if None in (*sample, *new):
        return Reason("The same numbers in the same order, cut anew; the batch stays")
    if not new:
        return Reason("The one number of a sample loses its axis; the batch stays")
    _agree(math.prod(sample), math.prod(new))
    found = ""
    if -1 in layer.target_shape:
        others = math.prod(n for n in layer.target_shape if n != -1)
        size = new[layer.target_shape.index(-1)]
        found = "; for -1 Keras finds " + equals(
            f"{math.prod(sample)} / {others}", math.prod(sample) // others, size
        )
    cut = times(new, total=False)
    return Reason(
        f"The same {math.prod(sample)} numbers in the same order, cut anew as {cut}{found}; "
        "the batch stays"
    )


@reason.register(layers.Permute)
def _permute(layer, call):
    _agree(call.after, (call.before[0], *(call.before[axis] for axis in layer.dims)))
    order = ", ".join(map(str, layer.dims))
    return Reason(f"Puts the axes in the order {order}; the batch, axis 0, stays first")


@reason.register(layers.RepeatVector)
def _repeat_vector(layer, call):
    _agree(call.after, (call.before[0], layer.n, call.before[1]))
    return Reason(
        f"Repeats the {many(call.before[1], 'feature')} {many(layer.n, 'time')}, along a new axis "
        "after the batch"
    )


# Sequences and text


@reason.register(layers.Embedding)
def _embedding(layer, call):
    _agree(call.after, (*call.before, layer.output_dim))
    return Reason(
        f"Looks up each integer, which becomes {many(layer.output_dim, 'number')}, a new last axis",
        f"a table with a row for each integer from 0 to {layer.input_dim - 1}",
    )


@reason.register(layers.TextVectorization)
def _text_vectorization(layer, call):
    length = layer.get_config()["output_sequence_length"]
    if call.after != (call.before[0], length):
        raise Unknown
    cut = f", cut or filled up to {length}" if length else ""
    return Reason(f"Cuts each text into words and gives a number for each{cut}")


@reason.register(layers.StringLookup)
@reason.register(layers.IntegerLookup)
@reason.register(layers.Hashing)
@reason.register(layers.Discretization)
def _lookup(layer, call):
    return Reason(f"Gives each value the number of its kind; {stays(call)}")


@reason.register(layers.CategoryEncoding)
def _category_encoding(layer, call):
    _agree(call.after[-1], layer.num_tokens)
    mode = layer.output_mode.replace("_", "-")
    return Reason(f"Turns numbers of categories into {mode} rows of {layer.num_tokens}")


@reason.register(layers.SimpleRNN)
@reason.register(layers.LSTM)
@reason.register(layers.GRU)
def _recurrent(layer, call):
    return Reason(_read_in_turn(layer, call), _looks_at(layer, call))


def _read_in_turn(layer, call):
    steps = call.before[1]
    after = call.after if call.after[:1] == call.before[:1] else call.after[0]
    wanted = (steps, layer.units) if layer.return_sequences else (layer.units,)
    _agree(after, (call.before[0], *wanted))
    said = "Reads all steps" if steps is None else f"Reads the {many(steps, 'step')}"
    said += " in turn and "
    if layer.return_sequences:
        said += f"gives {many(layer.units, 'number')} at each (return_sequences=True)"
    else:
        said += f"gives the {many(layer.units, 'number')} of the last one (return_sequences=False)"
    return said + ("; its state comes out too" if layer.return_state else "")


def _looks_at(layer, call):
    sets = {
        layers.SimpleRNN: "one set of weights",
        layers.LSTM: "four sets of weights (three gates and the new memory), each",
        layers.GRU: "three sets of weights (two gates and the new state), each",
    }
    biases = "a bias for each unit" if layer.use_bias else "no bias"
    if layer.use_bias and getattr(layer, "reset_after", False):
        biases = "two biases for each unit (reset_after=True)"
    features, numbers = many(call.before[-1], "feature"), many(layer.units, "number")
    return (
        f"{sets[type(layer)]} for the {features} and for the {numbers} of the step before, "
        f"with {biases}"
    )


@reason.register(layers.Bidirectional)
def _bidirectional(layer, call):
    inner, units = type(layer.forward_layer).__name__, layer.forward_layer.units
    weights = _looks_at(layer.forward_layer, call)
    after = call.after if call.after[:1] == call.before[:1] else call.after[0]
    each = " at each step" if layer.return_sequences else ""
    if layer.merge_mode == "concat":
        joined = f"are joined{each}, {equals(f'{units} + {units}', 2 * units, after[-1])}"
    elif layer.merge_mode is None:
        joined = f"come out separately{each}"
    else:
        how = {"sum": "added", "mul": "multiplied", "ave": "averaged"}[layer.merge_mode]
        _agree(after[-1], units)
        joined = f"are {how}{each}, so there are {units} still"
    return Reason(
        f"One {inner} reads forwards, one backwards; their outputs {joined}",
        f"two {inner}s, each with {weights}",
    )


@reason.register(layers.TimeDistributed)
def _time_distributed(layer, call):
    before, after = call.before[:1] + call.before[2:], call.after[:1] + call.after[2:]
    _agree(call.after[1], call.before[1])
    inner = type(layer.layer).__name__
    weights = reason_for(Call(layer.layer, (before,), after)).weights
    steps = "step" if call.before[1] is None else f"of the {many(call.before[1], 'step')}"
    return Reason(
        f"Applies one {inner} to each {steps}: {written(before)} → {written(after)}",
        f"one {inner} for all steps: {weights}" if weights else "",
    )


@reason.register(layers.Masking)
def _masking(layer, call):
    return Reason(
        f"Marks the steps that hold nothing but {layer.mask_value:g}, so that later layers "
        f"skip them; {stays(call)}"
    )


@reason.register(layers.MultiHeadAttention)
def _multi_head_attention(layer, call):
    return Reason(
        "Each position of the query gathers from all positions of the value, "
        f"{layer.num_heads} times over (heads); {stays(call)}",
        "kernels and biases for query, key, value and output",
    )


@reason.register(layers.Attention)
def _attention(layer, call):
    _agree(call.after, (*call.befores[0][:-1], call.befores[1][-1]))
    return Reason(
        "Each position of the query gathers from all positions of the value; "
        "positions are the query's, features the value's"
    )


# Number by number


@reason.register(layers.BatchNormalization)
def _batch_normalization(layer, call):
    what = "feature" if len(call.before) == 2 else "channel"
    size = call.before[layer.axis]
    each = f"the one {what}" if size == 1 else f"each of the {size} {what}s"
    parts = ["a scale"] * layer.scale + ["an offset"] * layer.center
    parts += ["a moving mean", "a moving variance"]
    return Reason(
        f"Centres and scales {each}; {stays(call)}",
        f"{listed(parts)} for each {what}, the moving ones averaged, not trained",
    )


@reason.register(layers.LayerNormalization)
def _layer_normalization(layer, call):
    axis = layer.axis if isinstance(layer.axis, int) else layer.axis[0]
    where = "the last axis" if axis in (-1, len(call.before) - 1) else f"axis {axis}"
    parts = ["a scale"] * layer.scale + ["an offset"] * layer.center
    weights = f"{listed(parts)} for each place along it" if parts else ""
    return Reason(f"Centres and scales along {where}, sample by sample; {stays(call)}", weights)


@reason.register(layers.GroupNormalization)
@reason.register(layers.RMSNormalization)
@reason.register(layers.UnitNormalization)
def _other_normalization(layer, call):
    return Reason(f"Brings the numbers to a common scale; {stays(call)}", "what it scales by")


@reason.register(layers.Normalization)
def _normalization(layer, call):
    weights = "a mean and a variance a feature and one count, set by adapt(), not by training"
    return Reason(
        f"Subtracts a mean and divides by a standard deviation; {stays(call)}",
        weights if layer.weights else "",
    )


@reason.register(layers.Rescaling)
def _rescaling(layer, call):
    scale, offset = np.ravel(layer.scale), np.ravel(layer.offset)
    by, added = "a factor of its channel", ""
    if scale.size == 1:
        whole = round(1 / scale[0]) if 0 < scale[0] < 1 else 0
        by = f"1/{whole}" if whole and np.isclose(whole * scale[0], 1) else f"{scale[0]:.4g}"
    if offset.any():
        added = f" and adds {offset[0]:.4g}" if offset.size == 1 else " and adds an offset"
    return Reason(f"Multiplies each number by {by}{added}; {stays(call)}")


@reason.register(layers.Dropout)
def _dropout(layer, call):
    return Reason(
        f"In training only, sets each number to 0 with a chance of {layer.rate:g}; {stays(call)}"
    )


@reason.register(layers.SpatialDropout1D)
@reason.register(layers.SpatialDropout2D)
@reason.register(layers.SpatialDropout3D)
def _spatial_dropout(layer, call):
    return Reason(
        f"In training only, sets whole channels to 0 with a chance of {layer.rate:g}; {stays(call)}"
    )


@reason.register(layers.GaussianNoise)
@reason.register(layers.GaussianDropout)
@reason.register(layers.AlphaDropout)
def _noise(layer, call):
    return Reason(f"Changes numbers at random, in training only; {stays(call)}")


@reason.register(layers.ActivityRegularization)
def _activity_regularization(layer, call):
    return Reason(f"Adds to the loss and hands its input on; {stays(call)}")


@reason.register(layers.Activation)
def _activation(layer, call):
    name = getattr(layer.activation, "__name__", "a function")
    if name == "softmax":
        return Reason(f"Applies softmax, so that each row sums to 1; {stays(call)}")
    return Reason(f"Applies {name} to each number; {stays(call)}")


@reason.register(layers.ReLU)
@reason.register(layers.LeakyReLU)
@reason.register(layers.ELU)
def _named_activation(layer, call):
    return Reason(f"Applies {type(layer).__name__} to each number; {stays(call)}")


@reason.register(layers.PReLU)
def _prelu(layer, call):
    return Reason(f"Applies PReLU to each number; {stays(call)}", "a slope for each place")


@reason.register(layers.Softmax)
def _softmax(layer, call):
    what = "each row sums" if layer.axis == -1 else f"the numbers along axis {layer.axis} sum"
    return Reason(f"Applies softmax, so that {what} to 1; {stays(call)}")


# Images


@reason.register(layers.Resizing)
def _resizing(layer, call):
    return Reason(f"Resizes to {_image(layer, call)}; channels stay")


@reason.register(layers.CenterCrop)
def _center_crop(layer, call):
    return Reason(f"Cuts out the middle, {_image(layer, call)}; channels stay")


@reason.register(layers.RandomCrop)
def _random_crop(layer, call):
    return Reason(f"Cuts out {_image(layer, call)}, in training anywhere; channels stay")


@reason.register(layers.RandomFlip)
@reason.register(layers.RandomRotation)
@reason.register(layers.RandomTranslation)
@reason.register(layers.RandomZoom)
@reason.register(layers.RandomContrast)
@reason.register(layers.RandomBrightness)
def _random(layer, call):
    return Reason(f"Changes images at random, in training only; {stays(call)}")


def _image(layer, call):
    _agree([m for _, _, m in _spaces(layer, call)], [layer.height, layer.width])
    return f"height {layer.height} and width {layer.width}"


# Several inputs


@reason.register(layers.Concatenate)
def _concatenate(layer, call):
    axis = layer.axis % len(call.after)
    sizes = [shape[axis] for shape in call.befores]
    along = "the last axis" if axis == len(call.after) - 1 else f"axis {axis}"
    if None in sizes:
        return Reason(f"Joins {_inputs(call)} along {along}; the other axes stay")
    total = equals(" + ".join(map(str, sizes)), sum(sizes), call.after[axis])
    return Reason(f"Joins {_inputs(call)} along {along}, {total}; the other axes stay")


def _merge(verb):
    def merge(layer, call):
        said = f"{verb} {_inputs(call)}, number by number; "
        if all(shape == call.after for shape in call.befores):
            return Reason(said + "all have the same shape, and it stays")
        return Reason(said + "axes of size 1, or missing, are stretched to fit")

    return merge


for _kind, _verb in {
    layers.Add: "Adds",
    layers.Multiply: "Multiplies",
    layers.Average: "Averages",
    layers.Maximum: "Takes the largest of",
    layers.Minimum: "Takes the smallest of",
    layers.Subtract: "Takes the difference of",
}.items():
    reason.register(_kind)(_merge(_verb))


@reason.register(layers.Dot)
def _dot(layer, call):
    one, other = call.befores
    axes = (layer.axes, layer.axes) if isinstance(layer.axes, int) else layer.axes
    size, rest = one[axes[0]], []
    for shape, axis in zip(call.befores, axes, strict=True):
        rest += [n for i, n in enumerate(shape) if i not in (0, axis % len(shape))]
    _agree(call.after, (one[0], *(rest or [1])))
    gone = "it vanishes, the other axes stay" if rest else "one number a sample is left"
    return Reason(
        f"Multiplies {_inputs(call)} pair by pair along the axis of {size} and sums up: {gone}"
    )


def _inputs(call):
    return listed(call.sources) if call.sources else "its inputs"


# Words and sums that several layers share


def written(shape):
    """Return a shape, or several, as Keras writes it; in words where Keras cannot tell."""
    if shape is None:
        return "no shape beforehand"
    if shape and isinstance(shape[0], tuple):
        return ", ".join(map(written, shape))
    return str(tuple(shape))


def listed(words):
    """Return "a", "a and b" or "a, b and c"."""
    *most, last = words
    if most and set(words) == {last}:
        return f"{last}, {len(words)} times"
    return f"{', '.join(most)} and {last}" if most else last


def many(n, noun):
    """Return "1 feature" or "12 features"."""
    return f"{n} {noun}{'s' * (n != 1)}"


def times(sizes, total=True):
    """Return "3 × 2 = 6", or without `total` "3 × 2"; open sizes have no total."""
    said = " × ".join("?" if n is None else str(n) for n in sizes)
    if not total or None in sizes or len(sizes) < 2:
        return said
    return f"{said} = {math.prod(sizes)}"


def windows(layer, call, kernel, dilation=None):
    """Return how the sizes come about over which a window of size `kernel` moves."""
    sizes = {}
    dilation = np.broadcast_to(1 if dilation is None else dilation, len(kernel)).tolist()
    strides = np.broadcast_to(layer.strides, len(kernel)).tolist()
    for name, n, m, k, s, d in _spaces(layer, call, kernel, strides, dilation):
        span = (k - 1) * d + 1
        if n is None:
            _agree(m, None)
            sizes[name] = ": open (None)"
        elif layer.padding == "valid":
            rounded = " rounded down" if (n - span) % s else ""
            sizes[name] = equals(f": ({n} - {span}) / {s}{rounded} + 1", (n - span) // s + 1, m)
        elif s == 1:
            _agree(m, n)
            sizes[name] = f': {n}, kept by padding="{layer.padding}"'
        else:
            rounded = " rounded up" if n % s else ""
            sizes[name] = equals(f": {n} / {s}{rounded}", -(-n // s), m)
            sizes[name] += f', by padding="{layer.padding}"'
    if max(dilation) == 1 or layer.padding != "valid":
        return _merged(sizes)
    spans = [(k - 1) * d + 1 for k, d in zip(kernel, dilation, strict=True)]
    if len({*zip(kernel, spans, strict=True)}) == 1:
        kernel, spans = kernel[:1], spans[:1]
    wide = f"{times(kernel, total=False)} spread over {times(spans, total=False)}"
    return f"{_merged(sizes)} (kernel of {wide} by dilation)"


def _biases(layer, count=1):
    """Return " and 16 biases", to end a list of a layer's weights."""
    if not layer.use_bias:
        return ", no bias"
    return " and one bias" if count == 1 else f" and {count} biases"


def _filters(layer):
    filters, channels = many(layer.filters, "filter"), many(layer.filters, "channel")
    return f"{filters} {'gives' if layer.filters == 1 else 'give'} {channels}"


def _spaces(layer, call, *more):
    """Yield the name, the size before and after, and `more` for each axis but batch and channel."""
    first = channels_first(layer)
    before, after = (s[2:] if first else s[1:-1] for s in (call.before, call.after))
    names = {1: ["length"], 2: ["height", "width"], 3: ["depth", "height", "width"]}[len(before)]
    if len(after) != len(before):
        after = [None] * len(before)
    return list(zip(names, before, after, *more, strict=True))


def _pairs(amounts):
    """Return the amounts in front and behind, an axis each; Keras keeps a lone pair bare."""
    return (amounts,) if isinstance(amounts[0], int) else amounts


def _or_open(n, text, value, keras_says):
    return ": open (None)" if n is None else equals(text, value, keras_says)


def _merged(sizes):
    """Return "height: ..., width: ...", axes of equal sizes put together."""
    together = {}
    for name, said in sizes.items():
        together.setdefault(said, []).append(name)
    return ", ".join(listed(names) + said for said, names in together.items())


def _agree(keras_says, value):
    if keras_says != value:
        raise Unknown
