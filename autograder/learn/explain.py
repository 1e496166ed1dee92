"""Explain a model: a line for each layer, why its shape and its number of parameters are so.

The numbers are Keras's own: shapes as it recorded them, counts as it counts. What is said about
them is compared with them first, so an explanation can be silent but not at odds with Keras.
"""

import itertools
import math
import re
from dataclasses import replace

import keras

from autograder.learn.calls import (
    Call,
    call_of,
    calls_of,
    first_calls_of,
    is_shape,
    several,
    try_out,
)
from autograder.learn.explanation import LINES, Explanation
from autograder.learn.folding import fold
from autograder.learn.formula import formula, weights_of
from autograder.learn.inside import followed, inside, parts_of, without_inputs
from autograder.learn.line import Line
from autograder.learn.measured import measured
from autograder.learn.reasons import Unknown, listed, reason_for, written
from autograder.learn.trace import Step, Trace
from autograder.learn.why.before import compare, is_data

#: Of a layer that is not known, up to so many weights are listed.
FEW = 4
#: A sum of more parts is not written out.
PARTS = 12
#: Of the second call of a layer, and of another layer with the same weights, in place of them.
SAME = "The same layer as above, with the same weights."
TIED = "Its weights are those of a layer above."


def explain(thing, input_shape=None, y=None, *, find=None, depth=1, lines=LINES):
    """Explain why every shape and every number of parameters is what it is.

    Given data, explain(model, x, y) or explain(model, dataset), it says before anything is
    trained what of model, data, targets, loss and metrics doesn't fit together.

    thing: a model, a layer, or a KerasTensor and with it all that leads to it.
    input_shape: for a layer or model that has not met its input: the shape with the batch axis
    in front, as Keras writes it; a list or dictionary of shapes for several inputs.
    find: only the layers whose name or class has this in it, wherever they are in the model.
    depth: how deep to go: 2 shows what is inside of models and layers too, None everything.
    lines: so many lines of text, about; a larger model is told in blocks, what repeats is told
    once. None for all of it.

    Examples: explain(model), explain(keras.layers.Dense(16), (None, 3, 2)),
    explain(model, find="conv2_block1"), explain(model, find="Dense", depth=None),
    explain(model, depth=2, lines=None).
    """
    if isinstance(thing, keras.Model) and (y is not None or is_data(input_shape)):
        return compare(thing, input_shape, y)
    if isinstance(thing, keras.KerasTensor):
        # A name of its own keeps this model out of the count of unnamed models.
        thing = keras.Model(keras.utils.get_source_inputs(thing), thing, name="until_here")
    if isinstance(thing, keras.Model):
        model = thing if input_shape is None else _built(thing, input_shape)
        return _found(model, find, depth) if find else _short(_explain_model(model, depth), lines)
    if isinstance(thing, keras.Layer):
        return _explain_layer(thing, input_shape, depth)
    raise TypeError(
        f"explain takes a Keras model, layer or KerasTensor; this is a {type(thing).__name__}."
    )


def _explain_layer(layer, input_shape, depth):
    call = call_of(layer) if input_shape is None else _tried(layer, input_shape)
    if call.befores or call.layer.built:
        lines = _lines([call], [], depth)
        return Explanation("", tuple(lines), chain=_chain([call]))
    how = "Give the shape of an input, batch axis first: explain(layer, (None, ...))."
    return Explanation("", (_unbuilt(layer),), (how,))


def _explain_model(model, depth):
    calls = calls_of(model)
    if calls is None:
        return _explain_written(model, depth)
    if isinstance(model, keras.Sequential):  # it does not count its InputLayer among its layers
        calls = without_inputs(calls)
    ends = [several([tuple(x.shape) for x in xs]) for xs in (model.inputs, model.outputs)]
    title = f"{_name(model)}: {written(ends[0])} → {written(ends[1])}"
    lines = _lines(calls, [model.inputs[0]._keras_history.operation.name], depth)
    notes = (*_totals(model, lines), *_ends(model))
    return Explanation(title, tuple(lines), notes, _chain(calls), calls)


def _ends(model):
    """Yield how data and targets find several inputs and outputs."""
    if len(model.inputs) > 1:
        names = listed([x.name for x in model.inputs])
        yield f"Data come as a list, in the order {names}, or as a dict by these names."
    if len(model.outputs) > 1:
        names = listed(model.output_names)
        yield f"Targets and losses come as a list, in the order {names}, or as a dict."


def _explain_written(model, depth):
    """Explain a model whose way is written in its call method, followed on shapes if it can be."""
    way = followed(Call(model, (), None)) if model.built else None
    if way is None:
        return _explain_list(model, depth)
    calls, reached = way.calls, {id(call.layer) for call in way.calls}
    others = [_uncalled(c) for c in first_calls_of(model) if id(c.layer) not in reached]
    lines = [*_lines(calls, list(calls[0].sources), depth), *others]
    title = f"{_name(model)}: {written(several(way.befores))} → {written(way.after)}"
    note = "The way through its call method was followed on shapes, without data."
    notes = (*_totals(model, lines), note)
    return Explanation(title, tuple(lines), notes, _chain(calls), _drawn(calls))


def _drawn(calls):
    """Return Calls as a figure shows them: each with what it reads of the others."""
    names = {call.name for call in calls}
    return tuple(replace(c, sources=tuple(s for s in c.sources if s in names)) for c in calls)


def _explain_list(model, depth):
    """Explain a model that is no graph: subclassed, or a Sequential without an input shape."""
    calls = first_calls_of(model)
    built = [call for call in calls if call.layer.built]
    if built and not model.built:
        return _explain_part(model, calls, depth)
    lines = [line for call in calls for line in _list_lines(call, depth)]
    if not built:
        how = "make a keras.Input its first layer, " * isinstance(model, keras.Sequential)
        return Explanation(
            _name(model),
            tuple(lines),
            (
                "This model has not met an input yet, so it has no shapes and no weights. "
                f"To build it, {how}call it on data, or let explain try it on a shape: "
                "explain(model, (None, ...)).",
            ),
        )
    note = (
        "The way through this model is written in its call method, where I cannot follow. "
        "The lines are its layers in the order of their making, each with its first call."
    )
    return Explanation(_name(model), tuple(lines), (*_totals(model, lines), note))


def _explain_part(model, calls, depth):
    """Explain a model that was built in part: a layer refused what it got, or hasn't got it yet."""
    lines, last = [], None
    stack = isinstance(model, keras.Sequential)
    for call in calls:
        if call.layer.built:
            lines += _list_lines(call, depth)
            last = call
            if call.after is None and call.befores:
                lines[-1] = replace(lines[-1], why=_fault(call))
        elif stack and last and last.after and last is calls[calls.index(call) - 1]:
            lines.append(replace(_unbuilt(call.layer), why=_refusal(call.layer, last)))
        else:
            why = "Not built: nothing has reached it, so it has no shape and no weights."
            lines.append(replace(_unbuilt(call.layer), why=why))
    waiting = listed([call.layer.name for call in calls if not call.layer.built])
    note = f"This model is built in part and has no output: nothing has gone through {waiting}."
    return Explanation(_name(model), tuple(lines), (note,))


def _fault(call):
    """Return why nothing comes out of a built layer, tried on the shape that it was built for."""
    gets = f"It got {written(several(call.befores))}"
    try:
        keras.Operation.compute_output_spec(
            call.layer, *[keras.KerasTensor(shape) for shape in call.befores]
        )
    except Exception as fault:  # a layer of somebody's own may fail in any way
        return f"{gets}, and could make nothing of it: {_first_line(fault)}"
    return f"{gets}; Keras cannot tell beforehand what comes out."


def _refusal(layer, last):
    """Return what becomes of a layer on the output of the one before it, tried on a copy."""
    gets = f"it would get {written(last.after)} from {last.layer.name}"
    try:
        try_out(layer, last.after)
    except Exception as fault:  # a layer of somebody's own may fail in any way
        return f"Not built: {gets}, and refuses it: {_first_line(fault)}"
    return f"Not built yet: {gets}."


def _first_line(fault):
    """Return the first line of an error that says something, without marks for a terminal."""
    lines = re.sub(r"\x1b\[\d*m", "", str(fault)).strip().splitlines()
    told = [line.strip() for line in lines if line.strip()]
    told = [line for line in told if not line.startswith("Exception encountered")] or told
    return told[0] if told else type(fault).__name__


def _list_lines(call, depth):
    return _lines([call], [], depth) if call.layer.built else [_unbuilt(call.layer)]


def _found(model, find, depth):
    """Return an Explanation of what is found anywhere in a model, opened down to `depth`."""
    every = _explain_model(model, 1)
    lines, count = _searched(every.lines, find, 1)
    if not lines or depth != 1:
        every = _explain_model(model, None)
        lines, count = _searched(every.lines, find, depth)
    if not lines:
        raise ValueError(
            f"No layer of {_name(model)} has {find!r} in its name or class; explain(model) tells "
            "what is in it."
        )
    note = f"{find!r} is in {count} of {len(every.lines)} names and classes."
    return Explanation(every.title, tuple(lines), (note,), most=None)


def _searched(every, find, depth):
    """Return the Lines that something is found in, with what is inside them, and their number."""
    lines, path, top, count = [], [], None, 0
    for line in every:
        path[line.level :] = [line.name]
        top = top if top is not None and line.level > top else None
        if top is not None:
            if depth is None or line.level < top + depth:
                lines.append(replace(line, level=line.level - top))
        elif _has(line, find):
            top, count = line.level, count + 1
            lines.append(replace(line, name="/".join(path), level=0))
    return lines, count


def _has(line, find):
    return find.lower() in f"{line.name} {line.kind}".lower()


def _short(said, most):
    """Return an Explanation of about so many lines of text."""
    said = replace(said, most=most)
    if said.fits():
        return said
    top = [line for line in said.lines if not line.level]
    calls = said.calls or [Call(None, (), None)] * len(top)
    if len(calls) != len(top) or any(call.layer is None for call in calls):
        return said
    note = (
        f"Of {len(top)} layers, some are told together; each of them alone by find=, such as "
        f'explain(model, find="{top[len(top) // 2].name}"), and all by lines=None.'
    )
    notes = (*said.notes, note)
    lines = fold(calls, top, lambda lines: replace(said, lines=tuple(lines), notes=notes).fits())
    return replace(said, lines=tuple(lines), notes=notes, every=tuple(top))


def _lines(calls, start, depth, level=0):
    """Return the Lines of Calls, and of what is inside them down to `depth`.

    start: the names of what the first one reads.
    """
    lines, seen, last = [], set(), start
    for call in calls:
        weights = {id(weight) for weight in _weights_in(call.layer)}
        line = _line(call, {id(call.layer)} <= seen, bool(weights) and weights <= seen)
        seen |= {id(call.layer)} | weights
        told = len(call.sources) > 1 and listed(call.sources) in line.why
        if list(call.sources) not in ([], last) and not told:
            line = replace(line, takes=call.sources)
        lines.append(replace(line, level=level))
        if (depth is None or depth > level + 1) and call.turn == 1:
            inner = inside(call)
            start = list(inner[0].sources) if inner else []
            lines += _lines(inner, start, depth, level + 1)
        last = [call.name]
    return lines


def _weights_in(layer):
    """Return the weights of a layer; some operations have an argument of that name."""
    return layer.weights if isinstance(layer, keras.Layer) else ()


def _line(call, again=False, shared=False):
    """Return the Line of a Call. again: its layer has been called before. shared: its weights."""
    layer = call.layer
    kind, befores = type(layer).__name__, several(call.befores)
    if not isinstance(layer, keras.Layer):
        return Line(layer.name, f"operation {kind}", befores, call.after, 0, _why(call))
    count = layer.count_params() if layer.built else 0
    same = (SAME if again else TIED) if shared and count else ""
    why, shared = _why(call, count, same), bool(same)
    return Line(layer.name, kind, befores, call.after, count, why, turn=call.turn, shared=shared)


def _why(call, count=0, same=""):
    """Return the sentences on a Call. same: what is said in place of its weights."""
    real = measured(call)
    told = call if real is None else replace(call, after=real)
    parted = ""
    if real is not None:
        parted = f" Keras says {written(call.after)} beforehand, but data give {written(real)}."
    try:
        found = reason_for(told)
    except Unknown as unknown:
        says = f"{unknown}; Keras says {written(call.after)}"
        if not isinstance(call.layer, keras.Layer):
            return f"{says}.{parted} No weights."
        end = f". {same}" if same else f"{_listed(call.layer, count)}."
        inner = len(parts_of(call.layer))
        parted += f" {inner} layer{'s' * (inner > 1)} inside: depth=2 shows them." if inner else ""
        return f"{says}, {_of(count)}{end}{parted}"
    return f"{found.shape}.{parted} {same or _weights(call, found.weights, count)}"


def _uncalled(call):
    """Return the Line of a layer that a model has, but does not call."""
    if not call.layer.built:
        why = "Not built, as the model's call method does not call it."
        return replace(_unbuilt(call.layer), why=why)
    return replace(_line(call), why="The model's call method does not call it.")


def _unbuilt(layer):
    why = "Not built yet: without an input it has no shape and no weights."
    return Line(layer.name, type(layer).__name__, None, None, None, why)


def _weights(call, words, count):
    """Return the sentence about a layer's weights; its sum only if Keras counts the same."""
    if not count:
        return "No weights."
    if isinstance(call.layer, keras.Model):
        return f"{words[0].upper()}{words[1:]}: {count:,}."
    total = formula(call.layer, call.before)
    if total.value != count:  # then the words may be wrong too
        words, total = _named_weights(call.layer), weights_of(call.layer)
    said = f"{total}" if total.value == count and len(total.parts) <= PARTS else f"{count:,}"
    return f"{words[0].upper()}{words[1:]}: {said}." if words else f"Weights: {said}."


def _named_weights(layer):
    """Return the names of a layer's weights, if they are few and tell them apart."""
    names = [weight.name for weight in layer.weights]
    return listed(names) if len(names) == len(set(names)) <= PARTS / 2 else ""


def _listed(layer, count):
    """Return what the weights of a layer that is not known add up from, if they are few."""
    total = weights_of(layer)
    if not count or len(layer.weights) > FEW or total.value != count:
        return ""
    return f": {total}" if "=" in str(total) else ""


def _totals(model, lines):
    count = model.count_params()
    trained = sum(math.prod(weight.shape) for weight in model.trainable_weights)
    said = f"In all {_of(count)}."
    if trained != count:
        said = f"In all {_of(count)}: {trained:,} trained, {count - trained:,} not."
    yield said
    apart = sum(line.count or 0 for line in lines if not line.shared and not line.level) - count
    if apart > 0:
        yield f"The lines add up to {apart:,} more: weights in several lines count once."
    if apart < 0:
        yield f"The lines add up to {-apart:,} less: the model has weights of its own besides."


def _chain(calls):
    """Return calls as a Trace if each reads just the one before, and figures can show it."""
    calls = without_inputs(calls)
    if not calls or any(len(c.befores) != 1 or not _drawable(c) for c in calls):
        return None
    if any(b.sources and b.sources != (a.name,) for a, b in itertools.pairwise(calls)):
        return None
    return Trace(calls[0].before, tuple(Step(c.layer, c.before, c.after) for c in calls))


def _drawable(call):
    shapes = (call.before, call.after)
    return isinstance(call.layer, keras.Layer) and all(
        s is not None and is_shape(s) and len(s) > 1 for s in shapes
    )


def _tried(layer, shapes):
    try:
        return try_out(layer, shapes)
    except Exception as fault:  # what a layer makes of what it does not take, it says in any way
        first = _first_line(fault)
        told = shapes.values() if isinstance(shapes, dict) else shapes
        told = written(shapes if is_shape(shapes) else several(told))
        raise ValueError(
            f"{type(layer).__name__} does not take {told}: {first} "
            "(The shape begins with the batch axis, None.)"
        ) from fault


def _built(model, input_shape):
    """Return a copy of a model that has met an input of this shape; the model stays as it is.

    A model that cannot be copied is built itself, as a call would do.
    """
    if getattr(model, "outputs", None):
        if input_shape == several([x.shape for x in model.inputs]):
            return model
        raise ValueError(
            f"{_name(model)} has an input already, so ask explain(model) without a shape."
        )
    return _tried(model, input_shape).layer


def _name(model):
    return f'{type(model).__name__} "{model.name}"'


def _of(count):
    return f"{count:,} parameter{'s' * (count != 1)}"
