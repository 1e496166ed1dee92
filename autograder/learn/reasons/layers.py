"""Layers whose shape or weights come about by sums of their own: a function a kind.

What such a function says of sizes it works out by `equals` and its kin, which compare the result
with Keras's own and raise Unknown where they differ.
"""

import math
from dataclasses import replace
from functools import singledispatch
from types import SimpleNamespace

import keras
import numpy as np
from keras import layers

from autograder.learn.calls import MASKS, Call, is_shape
from autograder.learn.formula import channels_first, channels_of
from autograder.learn.reasons.words import (
    Reason,
    Unknown,
    agree,
    biases_of,
    equals,
    filters_of,
    inputs_of,
    listed,
    many,
    merged,
    observed,
    or_open,
    pairs,
    spaces,
    stays,
    times,
    windows,
    written,
)


@singledispatch
def reason(layer, call):
    """Return the Reason for one Call of `layer`. Register a function for each kind of layer."""
    raise Unknown


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
        f'explain(model, find="{layer.name}", depth=2) goes through them',
        "all the weights inside it",
    )


@reason.register(layers.Pipeline)
def _pipeline(layer, call):
    kinds = [type(inner).__name__ for inner in layer.layers]
    return Reason(f"Applies {listed(kinds)}, one after the other; {observed(call)}")


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
    agree(call.after, (call.before[0], *rows, layer.units))
    kernel, biases = f"{last} × {layer.units} kernel", biases_of(layer, layer.units)
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
    agree(channels_of(layer, call.after), layer.filters)
    sizes = windows(layer, call, layer.kernel_size, layer.dilation_rate)
    channels = channels_of(layer, call.before) // layer.groups
    span = times((*layer.kernel_size, channels), total=False)
    return Reason(
        f"{filters_of(layer)}; {sizes}", f"each filter has {span} weights{biases_of(layer)}"
    )


@reason.register(layers.Conv1DTranspose)
@reason.register(layers.Conv2DTranspose)
@reason.register(layers.Conv3DTranspose)
def _transposed(layer, call):
    agree(channels_of(layer, call.after), layer.filters)
    more = np.broadcast_to(layer.output_padding, len(layer.kernel_size)).tolist()
    sizes, dilation = {}, np.broadcast_to(layer.dilation_rate, len(more)).tolist()
    for name, n, m, *given in spaces(layer, call, layer.kernel_size, layer.strides, dilation, more):
        sizes[name] = ": open (None)" if n is None else _widened(layer.padding, n, m, *given)
    span = times((*layer.kernel_size, channels_of(layer, call.before)), total=False)
    return Reason(
        f"A convolution turned round, from small to large. {filters_of(layer)}; {merged(sizes)}",
        f"each filter has {span} weights{biases_of(layer)}",
    )


def _widened(padding, n, m, kernel, stride, dilation, more):
    """Return how a convolution turned round makes size m of n. more: its output_padding."""
    span = (kernel - 1) * dilation + 1
    if more is not None:
        cut = span // 2 if padding == "same" else 0
        said = f": ({n} - 1) × {stride} + {span}" + f" - 2 × {cut}" * bool(cut) + f" + {more}"
        return equals(said, (n - 1) * stride + span - 2 * cut + more, m)
    if padding == "same":
        return equals(f": {n} × {stride}", n * stride, m)
    wide = max(span, stride)
    return equals(f": ({n} - 1) × {stride} + {wide}", (n - 1) * stride + wide, m)


@reason.register(layers.DepthwiseConv1D)
@reason.register(layers.DepthwiseConv2D)
def _depthwise(layer, call):
    n, each = channels_of(layer, call.before), layer.depth_multiplier
    sizes = windows(layer, call, layer.kernel_size, layer.dilation_rate)
    gives = "gives one" if each == 1 else f"gives {each}"
    total = equals(f"{n} × {each}", n * each, channels_of(layer, call.after))
    return Reason(
        f"Each channel is filtered alone and {gives}, {total}; {sizes}",
        f"each filter has {times(layer.kernel_size, total=False)} weights{biases_of(layer)}",
    )


@reason.register(layers.SeparableConv1D)
@reason.register(layers.SeparableConv2D)
def _separable(layer, call):
    agree(channels_of(layer, call.after), layer.filters)
    sizes = windows(layer, call, layer.kernel_size, layer.dilation_rate)
    return Reason(
        "Each channel is filtered alone, then at each position all are mixed into "
        f"{many(layer.filters, 'channel')}; {sizes}",
        f"{times(layer.kernel_size, total=False)} weights a channel, then the mixing weights"
        f"{biases_of(layer, layer.filters)}",
    )


def _pooling(what):
    def pooling(layer, call):
        agree(channels_of(layer, call.after), channels_of(layer, call.before))
        size = times(layer.pool_size, total=False)
        window = f"{size} window" if len(layer.pool_size) > 1 else f"window of {size}"
        sizes = windows(layer, call, layer.pool_size)
        return Reason(f"Keeps {what} of each {window}, channel by channel; {sizes}")

    return pooling


for _n in "123":
    reason.register(getattr(layers, f"MaxPooling{_n}D"))(_pooling("the largest number"))
    reason.register(getattr(layers, f"AveragePooling{_n}D"))(_pooling("the average"))


def _global_pooling(what):
    def pooling(layer, call):
        if None not in call.after[1:]:  # an open number of channels can't be compared
            agree(math.prod(call.after[1:]), channels_of(layer, call.before))
        positions = [n for _, n, *_ in spaces(layer, call)]
        names = listed([name for name, *_ in spaces(layer, call)])
        end = f"{names} {'are' if len(positions) > 1 else 'is'} gone"
        end = f"keepdims leaves {names} at 1" if layer.keepdims else end
        noun = "position" if positions == [1] else "positions"
        where = f"its {times(positions)}" if None not in positions else "all its"
        return Reason(f"Keeps {what} of each channel over {where} {noun}; {end}")

    return pooling


for _n in "123":
    for _kind, _what in (("Max", "the largest number"), ("Average", "the average")):
        reason.register(getattr(layers, f"Global{_kind}Pooling{_n}D"))(_global_pooling(_what))


def _adaptive(what):
    def pooling(layer, call):
        agree(channels_of(layer, call.after), channels_of(layer, call.before))
        agree([m for _, _, m in spaces(layer, call)], list(layer.output_size))
        parts = times(layer.output_size, total=False)
        names = listed([name for name, *_ in spaces(layer, call)])
        return Reason(
            f"Cuts {names} into {parts} parts, about as long as one another, and keeps {what} of "
            "each, channel by channel"
        )

    return pooling


for _n in "123":
    reason.register(getattr(layers, f"AdaptiveMaxPooling{_n}D"))(_adaptive("the largest number"))
    reason.register(getattr(layers, f"AdaptiveAveragePooling{_n}D"))(_adaptive("the average"))


@reason.register(layers.UpSampling1D)
@reason.register(layers.UpSampling2D)
@reason.register(layers.UpSampling3D)
def _up_sampling(layer, call):
    sizes, factors = {}, layer.size if isinstance(layer.size, (tuple, list)) else (layer.size,)
    for name, n, m, factor in spaces(layer, call, factors):
        sizes[name] = or_open(n, f": {n} × {factor}", n and n * factor, m)
    how = getattr(layer, "interpolation", "nearest")
    what = "Repeats each number" if how == "nearest" else f"Enlarges ({how})"
    return Reason(f"{what}, channel by channel; {merged(sizes)}")


@reason.register(layers.ZeroPadding1D)
@reason.register(layers.ZeroPadding2D)
@reason.register(layers.ZeroPadding3D)
def _zero_padding(layer, call):
    sizes = {}
    for name, n, m, (front, back) in spaces(layer, call, pairs(layer.padding)):
        sizes[name] = or_open(n, f": {n} + {front} + {back}", n and n + front + back, m)
    return Reason(f"Puts zeros around; {merged(sizes)}")


@reason.register(layers.Cropping1D)
@reason.register(layers.Cropping2D)
@reason.register(layers.Cropping3D)
def _cropping(layer, call):
    sizes = {}
    for name, n, m, (front, back) in spaces(layer, call, pairs(layer.cropping)):
        sizes[name] = or_open(n, f": {n} - {front} - {back}", n and n - front - back, m)
    return Reason(f"Cuts the edges off; {merged(sizes)}")


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
    agree(math.prod(sample), math.prod(new))
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
    agree(call.after, (call.before[0], *(call.before[axis] for axis in layer.dims)))
    order = ", ".join(map(str, layer.dims))
    return Reason(f"Puts the axes in the order {order}; the batch, axis 0, stays first")


@reason.register(layers.RepeatVector)
def _repeat_vector(layer, call):
    agree(call.after, (call.before[0], layer.n, call.before[1]))
    return Reason(
        f"Repeats the {many(call.before[1], 'feature')} {many(layer.n, 'time')}, along a new axis "
        "after the batch"
    )


# Sequences and text


@reason.register(layers.Embedding)
def _embedding(layer, call):
    agree(call.after, (*call.before, layer.output_dim))
    return Reason(
        f"Looks up each integer, which becomes {many(layer.output_dim, 'number')}, a new last axis"
        + "; 0 marks steps that later layers skip (mask_zero=True)" * bool(layer.mask_zero),
        f"a table with a row for each integer from 0 to {layer.input_dim - 1}",
    )


@reason.register(layers.ReversibleEmbedding)
def _reversible_embedding(layer, call):
    if not call.given.get("reverse"):
        return _embedding(layer, call)
    agree(call.after, (*call.before[:-1], layer.input_dim))
    table = "the same table" if layer.tie_weights else "a table of its own"
    return Reason(
        f"The way back (reverse=True): by {table}, {many(layer.output_dim, 'number')} become a "
        f"score for each of {many(layer.input_dim, 'integer')}",
        f"a table with a row for each integer from 0 to {layer.input_dim - 1}",
    )


@reason.register(layers.TextVectorization)
def _text_vectorization(layer, call):
    config = layer.get_config()
    if config["output_mode"] != "int":
        return Reason(f"Cuts each text into words and makes {_coded(config, call)}")
    length = config["output_sequence_length"]
    agree(call.after, (call.before[0], length))
    cut = f", cut or filled up to {length}" if length else _longest(layer)
    return Reason(f"Cuts each text into words and gives a number for each{cut}")


def _longest(layer):
    if getattr(layer, "_ragged", False):
        return ""
    return "; how many is open: a batch is filled up to its longest text (output_sequence_length=n)"


@reason.register(layers.StringLookup)
@reason.register(layers.IntegerLookup)
@reason.register(layers.Hashing)
@reason.register(layers.HashedCrossing)
@reason.register(layers.Discretization)
@reason.register(layers.CategoryEncoding)
def _lookup(layer, call):
    config = layer.get_config()
    if config["output_mode"] == "int" and config.get("invert"):
        return Reason(f"Gives each number the value that it stands for; {stays(call)}")
    if config["output_mode"] == "int":
        what = "each pair of values" if len(call.befores) > 1 else "each value"
        return Reason(f"Gives {what} the number of its kind; {stays(call)}")
    if isinstance(layer, layers.CategoryEncoding):
        return Reason(f"Turns numbers of categories into {_coded(config, call)}")
    return Reason(f"Finds the kind of each value and makes {_coded(config, call)}")


def _coded(config, call):
    """Return how kinds come out as rows: one-hot, or several of a sample put together."""
    mode, size = config["output_mode"].replace("_", "-"), call.after[-1]
    agree(size, config.get("num_tokens", config.get("num_bins")) or size)
    long = "a number for each kind" if size is None else f"{size}"
    return f"{mode} rows of {long}" if size is not None else f"{mode} rows, {long}"


@reason.register(layers.STFTSpectrogram)
def _stft_spectrogram(layer, call):
    frame, count = layer.frame_length, (layer.fft_length or layer.frame_length) // 2 + 1
    like = SimpleNamespace(
        strides=layer.frame_step or frame // 2, padding=layer.padding, data_format=layer.data_format
    )
    flat = Call(layer, call.befores, _without_last(call.after) if layer.expand_dims else call.after)
    both = ", as a real and an imaginary part" if layer.mode == "stft" else ""
    return Reason(
        f"Cuts each channel into frames of {frame}, each of which gives {count} frequencies{both}; "
        f"{windows(like, flat, (frame,))}",
        "a window for each frequency, not trained",
    )


def _without_last(shape):
    return shape[:-1]


@reason.register(layers.MelSpectrogram)
def _mel_spectrogram(layer, call):
    agree(call.after[-2], layer.num_mel_bins)
    n, step = call.before[-1], layer.sequence_stride
    frames = "frames"
    if n is not None:
        frames = (
            equals(
                f"({n} + {step} + 1) / {step} rounded down", (n + step + 1) // step, call.after[-1]
            )
            + " frames"
        )
    return Reason(
        f"Cuts the signal into overlapping frames, each of which gives {layer.num_mel_bins} "
        f"frequencies as the ear tells them apart: {layer.num_mel_bins} rows of {frames}"
    )


@reason.register(layers.SimpleRNN)
@reason.register(layers.LSTM)
@reason.register(layers.GRU)
def _recurrent(layer, call):
    return Reason(_read_in_turn(layer, call, layer.units), _looks_at(layer, call))


@reason.register(layers.RNN)
def _rnn(layer, call):
    cells = getattr(layer.cell, "cells", [layer.cell])
    kinds = [type(cell).__name__ for cell in cells]
    size = getattr(layer.cell, "output_size", None) or cells[-1].state_size
    size = size[0] if isinstance(size, (tuple, list)) else size
    above = ", each reading what the one before it gives" if len(cells) > 1 else ""
    said = f"{_read_in_turn(layer, call, size)}; at each step by {listed(kinds)}{above}"
    return Reason(said, f"the weights of {listed(kinds)}")


def _read_in_turn(layer, call, units):
    steps, after = call.before[1], _first_of(call)
    agree(after, (call.before[0], *((steps, units) if layer.return_sequences else (units,))))
    said = "Reads all steps" if steps is None else f"Reads the {many(steps, 'step')}"
    said += " in turn, the last one first, and " if layer.go_backwards else " in turn and "
    if layer.return_sequences:
        said += f"gives {many(units, 'number')} at each (return_sequences=True)"
    else:
        last = "first" if layer.go_backwards else "last"
        said += f"gives the {many(units, 'number')} of the {last} one (return_sequences=False)"
    return said + _states(layer, call)


def _states(layer, call):
    """Return the clauses about the states that a recurrent layer is handed and hands out."""
    said = ""
    if call.given.get("initial_state") is not None:
        said += "; it starts from the state that it is given"
    return said + ("; its state comes out too" if layer.return_state else "")


def _first_of(call):
    """Return the shape that comes out, of several the first."""
    return call.after if is_shape(call.after) else call.after[0]


def _small(text):
    return text[:1].lower() + text[1:]


def _large(text):
    return text[:1].upper() + text[1:]


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


@reason.register(layers.SimpleRNNCell)
@reason.register(layers.LSTMCell)
@reason.register(layers.GRUCell)
@reason.register(layers.StackedRNNCells)
def _cell(layer, call):
    size = _first_of(call)[-1]
    cells = getattr(layer, "cells", [])
    agree(size, getattr(cells[-1] if cells else layer, "units", size))
    by = f" by {listed([type(cell).__name__ for cell in cells])}" if cells else ""
    biases = ", with biases" if getattr(layer, "use_bias", False) else ""
    return Reason(
        f"One step of a recurrent layer: it makes {many(size, 'number')} of "
        f"{many(call.before[-1], 'feature')} and the state of the step before{by}, and hands out "
        "its new state with them",
        f"for the features and for the state of the step before{biases}",
    )


@reason.register(layers.ConvLSTM1D)
@reason.register(layers.ConvLSTM2D)
@reason.register(layers.ConvLSTM3D)
def _conv_lstm(layer, call):
    after, steps = _first_of(call), call.before[1]
    agree(
        after[:2] if layer.return_sequences else after[:1],
        call.before[:2] if layer.return_sequences else call.before[:1],
    )
    one = call.before[:1] + call.before[2:]
    step = Call(layer, (one,), after[:1] + after[2:] if layer.return_sequences else after)
    agree(channels_of(layer, step.after), layer.filters)
    each = "at each (return_sequences=True)"
    gives = each if layer.return_sequences else "of the last one (return_sequences=False)"
    channels, size = channels_of(layer, one), times(layer.kernel_size, total=False)
    biases = "a bias for each filter" if layer.use_bias else "no bias"
    return Reason(
        f"An LSTM whose sums are convolutions: it reads {'all' if steps is None else steps} steps "
        f"in turn and gives {many(layer.filters, 'channel')} {gives}; "
        f"{windows(layer, step, layer.kernel_size, layer.dilation_rate)}{_states(layer, call)}",
        f"four sets of weights (three gates and the new memory), each with windows of {size} over "
        f"the {many(channels, 'channel')} and over the {many(layer.filters, 'channel')} of the "
        f"step before, with {biases}",
    )


@reason.register(layers.Bidirectional)
def _bidirectional(layer, call):
    ways = layer.forward_layer, layer.backward_layer
    if type(ways[0]) is not type(ways[1]) or ways[0].units != ways[1].units:
        return _two_ways(layer, call, *ways)
    inner, units = type(layer.forward_layer).__name__, layer.forward_layer.units
    weights = _looks_at(layer.forward_layer, call)
    after = _first_of(call)
    each = " at each step" if layer.return_sequences else ""
    if layer.merge_mode == "concat":
        joined = f"are joined{each}, {equals(f'{units} + {units}', 2 * units, after[-1])}"
    elif layer.merge_mode is None:
        joined = f"come out separately{each}"
    else:
        agree(after[-1], units)
        joined = f"are {_JOINED[layer.merge_mode]}{each}, so there are {units} still"
    return Reason(
        f"One {inner} reads forwards, one backwards; their outputs {joined}{_states(layer, call)}",
        f"two {inner}s, each with {weights}",
    )


_JOINED = {"concat": "joined", "sum": "added", "mul": "multiplied", "ave": "averaged"}


def _two_ways(layer, call, *ways):
    """Return the Reason for a Bidirectional of two layers that differ."""
    said = [f"one {type(way).__name__} of {many(way.units, 'unit')}" for way in ways]
    joined = f"are {_JOINED[layer.merge_mode]}" if layer.merge_mode else "come out separately"
    weights = [f"of the {type(way).__name__}, {_looks_at(way, call)}" for way in ways]
    return Reason(
        f"{_large(said[0])} reads forwards, {said[1]} backwards; "
        f"their outputs {joined}{_states(layer, call)}",
        "; ".join(weights),
    )


@reason.register(layers.TimeDistributed)
def _time_distributed(layer, call):
    before, after = call.before[:1] + call.before[2:], call.after[:1] + call.after[2:]
    agree(call.after[1], call.before[1])
    inner = type(layer.layer).__name__
    try:
        weights = reason(layer.layer, Call(layer.layer, (before,), after)).weights
    except Exception:  # the inner layer may be of any kind, with any settings
        weights = ""
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
@reason.register(layers.GroupQueryAttention)
def _multi_head_attention(layer, call):
    agree(_first_of(call)[:-1], call.before[:-1])
    if isinstance(layer, layers.GroupQueryAttention):
        heads = f"{many(layer.num_query_heads, 'time')} over (heads), which share "
        heads += many(layer.num_key_value_heads, "set") + " of keys and values"
    else:
        heads = f"{many(layer.num_heads, 'time')} over (heads)"
    parts = ["query", "key", "value", *["gate"] * bool(getattr(layer, "use_gate", 0)), "output"]
    last = call.before[-1]
    end = (
        "the shape stays"
        if _first_of(call) == call.before
        else (f"the positions are the query's, {last} → {_first_of(call)[-1]} features")
    )
    return Reason(
        f"{_gathers(layer, call)}, {heads}; {end}{_scores(layer, call)}",
        f"kernels{' and biases' if layer.use_bias else ''} for {listed(parts)}",
    )


@reason.register(layers.Attention)
@reason.register(layers.AdditiveAttention)
def _attention(layer, call):
    agree(_first_of(call), (*call.befores[0][:-1], call.befores[1][-1]))
    return Reason(
        f"{_gathers(layer, call)}; positions are the query's, features the value's"
        f"{_scores(layer, call)}",
        "what scores are scaled by",
    )


def _gathers(layer, call):
    """Return the clause about which positions an attention layer looks at, as it is called."""
    only = ["come no later (use_causal_mask=True)"] * bool(call.given.get("use_causal_mask"))
    width = getattr(layer, "_sliding_window", getattr(layer, "sliding_window", None))
    only += [f"are near (sliding_window={width})"] * bool(width)
    masks = [call.given.get(name) for name in ("attention_mask", *MASKS)]
    only += ["the mask lets through"] * any(x is not None for x in keras.tree.flatten(masks))
    axes = getattr(layer, "_attention_axes", None)
    along = ""
    if axes and len(axes) < len(call.before) - 2:
        along = f" along {'axes' if len(axes) > 1 else 'axis'} {listed(list(map(str, axes)))}"
    which = f"all positions{along} of the value"
    if only:
        which = f"those positions{along} of the value that {listed(only)}"
    return f"Each position of the query gathers from {which}"


def _scores(layer, call):
    if is_shape(call.after):
        return ""
    heads = (
        " in each head" if hasattr(layer, "num_heads") or hasattr(layer, "num_query_heads") else ""
    )
    shape = written(call.after[1])
    return f"; the scores come out too, {shape}: one for each pair of positions{heads}"


@reason.register(layers.SpectralNormalization)
def _spectral_normalization(layer, call):
    inner = type(layer.layer).__name__
    try:
        said = _small(reason(layer.layer, replace(call, layer=layer.layer)).shape)
    except Exception:  # the inner layer may be of any kind, with any settings
        said = observed(call)
    said = f"A {inner} whose kernel is divided by its largest singular value: {said}"
    return Reason(said, f"those of the {inner}, and a vector to find that value with")


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
@reason.register(layers.RMSNormalization)
@reason.register(layers.UnitNormalization)
def _layer_normalization(layer, call):
    axes = layer.axis if isinstance(layer.axis, (tuple, list)) else [layer.axis]
    axes, rank = sorted(axis % len(call.before) for axis in axes), len(call.before)
    where = f"axis {axes[0]}" if len(axes) == 1 else f"axes {listed(list(map(str, axes)))} together"
    where = "the last axis" if axes == [rank - 1] else where
    verb = {
        layers.LayerNormalization: "Centres and scales",
        layers.RMSNormalization: "Divides by the root of the mean square",
        layers.UnitNormalization: "Divides by the length",
    }[type(layer)]
    parts = ["a scale"] * getattr(layer, "scale", False) if verb[0] == "C" else ["a scale"]
    parts += ["an offset"] * getattr(layer, "center", False)
    places = times([call.before[axis] for axis in axes], total=False)
    each = "for each place along it" if len(axes) == 1 else f"for each of the {places} places"
    weights = f"{listed(parts)} {each}" if parts else ""
    return Reason(f"{verb} along {where}, sample by sample; {stays(call)}", weights)


@reason.register(layers.GroupNormalization)
def _group_normalization(layer, call):
    channels = call.before[layer.axis]
    parts = ["a scale"] * layer.scale + ["an offset"] * layer.center
    groups = channels if layer.groups == -1 else layer.groups
    what = "each channel by itself"
    if groups != channels:
        what = f"each of {many(groups, 'group')} of {many(channels // groups, 'channel')}"
    weights = f"{listed(parts)} for each of the {many(channels, 'channel')}" if parts else ""
    return Reason(f"Centres and scales {what}, sample by sample; {stays(call)}", weights)


@reason.register(layers.Normalization)
def _normalization(layer, call):
    axes = sorted(axis % len(call.before) for axis in layer.axis)
    where = " and a variance" if axes else " and one variance"
    if axes:
        where += f" for each place along {'axes' if len(axes) > 1 else 'axis'} "
        where += listed(list(map(str, axes)))
    said = "Subtracts a mean and divides by a standard deviation"
    said = "Multiplies by a standard deviation and adds a mean" if layer.invert else said
    weights = (
        f"{'a' if axes else 'one'} mean{where}, and one count, set by adapt(), not by training"
    )
    return Reason(f"{said}; {stays(call)}", weights if layer.weights else "")


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
    what = "each number"
    if layer.noise_shape is not None:
        what = f"numbers together, as noise_shape={tuple(layer.noise_shape)} says,"
    return Reason(
        f"In training only, sets {what} to 0 with a chance of {layer.rate:g}; {stays(call)}"
    )


@reason.register(layers.Activation)
def _activation(layer, call):
    name = getattr(layer.activation, "__name__", "a function")
    if name == "softmax":
        return Reason(f"Applies softmax, so that each row sums to 1; {stays(call)}")
    return Reason(f"Applies {name} to each number; {stays(call)}")


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


def _image(layer, call):
    agree([m for _, _, m in spaces(layer, call)], [layer.height, layer.width])
    return f"height {layer.height} and width {layer.width}"


# Several inputs


@reason.register(layers.Concatenate)
def _concatenate(layer, call):
    axis = layer.axis % len(call.after)
    sizes = [shape[axis] for shape in call.befores]
    along = "the last axis" if axis == len(call.after) - 1 else f"axis {axis}"
    if None in sizes:
        return Reason(f"Joins {inputs_of(call)} along {along}; the other axes stay")
    total = equals(" + ".join(map(str, sizes)), sum(sizes), call.after[axis])
    return Reason(f"Joins {inputs_of(call)} along {along}, {total}; the other axes stay")


def _merge(verb):
    def merge(layer, call):
        said = f"{verb} {inputs_of(call)}, number by number; "
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
    agree(call.after, (one[0], *(rest or [1])))
    gone = "it vanishes, the other axes stay" if rest else "one number a sample is left"
    return Reason(
        f"Multiplies {inputs_of(call)} pair by pair along the axis of {size} and sums up: {gone}"
    )
