"""Explain a model: a line for each layer, why its shape and its number of parameters are so.

The numbers are Keras's own: shapes as it recorded them, counts as it counts. What is said about
them is compared with them first, so an explanation can be silent but not at odds with Keras.
"""

import html
import itertools
import math
import re
import textwrap
from dataclasses import dataclass, field, replace

import keras

from autograder.learn.calls import call_of, calls_of, first_calls_of, is_shape, try_out
from autograder.learn.figures import CannotDraw, draw_graph, draw_shapes
from autograder.learn.formula import formula, weights_of
from autograder.learn.reasons import Unknown, listed, reason_for, written
from autograder.learn.trace import Step, Trace

#: Of a layer that is not known, up to so many weights are listed.
FEW = 4
#: Of the second call of a layer, in place of its weights.
SAME = "The same layer as above, with the same weights."


@dataclass(frozen=True)
class Line:
    """One call of a layer.

    name, kind: the layer's name and class. before, after: the shapes in and out, the batch axis
    included; a tuple of shapes where there are several, None where they are not known. count:
    its parameters; None if it is not built. why: the reasons, in a sentence or two. takes: the
    names of the layers it reads, where that is not just the line before. turn: 2 for
    the second call of a layer, and so on. shared: whether an earlier line has counted its weights.
    """

    name: str
    kind: str
    before: tuple | None
    after: tuple | None
    count: int | None
    why: str
    takes: tuple = ()
    turn: int = 1
    shared: bool = False

    @property
    def called(self):
        """The layer's name and class, and from the second call on which call it is."""
        return f"{self.name} ({self.kind}{f', call {self.turn}' * (self.turn > 1)})"

    @property
    def shapes(self):
        """The way from shape to shape, written out; empty if the layer is not built."""
        if self.before is None:
            return ""
        # What starts a graph, such as an InputLayer, reads nothing.
        start = f"{written(self.before)} → " if self.before else ""
        return start + written(self.after)

    @property
    def said(self):
        """The number of parameters, written out."""
        if self.count is None:
            return "not built"
        return "shared" if self.shared else f"{self.count:,}"

    @property
    def origin(self):
        """Which layers it reads, where that is not just the line before; else empty."""
        return f"reads {listed(self.takes)}" if self.takes else ""

    def __str__(self):
        shapes = f": {self.shapes}" if self.shapes else ""
        return f"{self.called}{shapes}. {self.why}"


@dataclass(frozen=True, repr=False)
class Explanation:
    """Why a model's shapes and parameters are what they are. Print it, show it, draw() it.

    title: what is explained, from which shape to which. lines: a Line for each call of a layer.
    notes: sentences about the whole: the parameters in all, and what could not be told.
    chain, calls: what is drawn, where the layers are in one line or Keras recorded their ways.
    """

    title: str
    lines: tuple
    notes: tuple = ()
    chain: Trace | None = field(default=None, compare=False)
    calls: tuple = field(default=(), compare=False)

    def __str__(self):
        return self.as_text()

    __repr__ = __str__

    def _repr_html_(self):
        return self.as_html()

    def as_text(self, width=84):
        """Return the explanation as plain text, no sentence wider than `width`."""
        parts = [textwrap.fill(self.title, width)] if self.title else []
        for line in self.lines:
            name = " · ".join(filter(None, (line.called, line.origin)))
            facts = "   ".join(filter(None, (line.shapes, _parameters(line))))
            why = textwrap.wrap(line.why, width - 4, break_long_words=False)
            parts.append("\n    ".join((name, facts, *why)))
        parts += [textwrap.fill(note, width, break_long_words=False) for note in self.notes]
        return "\n\n".join(parts)

    def as_html(self):
        """Return the explanation as an HTML table for light and dark themes and screen readers."""
        cell = "style='text-align:left;vertical-align:top;padding:.3em 1em .3em 0'"
        number = cell.replace("left", "right", 1)
        head = f"<th scope='col' {cell}>layer</th><th scope='col' {cell}>shape</th>"
        head += f"<th scope='col' {number}>parameters</th><th scope='col' {cell}>why</th>"
        rows = "".join(
            f"<tr><th scope='row' {cell}>{html.escape(line.called)}"
            f"<span style='font-weight:normal'> {html.escape(line.origin)}</span></th>"
            f"<td {cell}>{_whole_shapes(line.shapes)}</td>"
            f"<td {number}>{line.said}</td><td {cell}>{html.escape(line.why)}</td></tr>"
            for line in self.lines
        )
        title = f"<caption style='text-align:left'>{html.escape(self.title)}</caption>"
        notes = "".join(f"<p style='margin:.5em 0 0'>{html.escape(n)}</p>" for n in self.notes)
        return (
            f"<div style='max-width:62em'><table>{title if self.title else ''}"
            f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{notes}</div>"
        )

    def draw(self):
        """Return the figure of the shapes from layer to layer, or of layers that branch."""
        if self.chain is not None:
            return draw_shapes(self.chain)
        if self.calls:
            return draw_graph(self.calls)
        raise CannotDraw(
            "There is no figure for this, because Keras keeps no record of the way from layer to "
            "layer here; a model that starts from a keras.Input has one."
        )


def _whole_shapes(text):
    """Return written shapes as HTML in which no line ends within a shape."""
    code = r"<code style='white-space:nowrap'>\g<0></code>"
    return re.sub(r"(→ )?\([^()]*\),?", code, html.escape(text))


def explain(thing, input_shape=None):
    """Explain why every shape and every number of parameters is what it is.

    thing: a model, a layer, or a KerasTensor and with it all that leads to it.
    input_shape: for a layer or model that has not met its input: the shape with the batch axis
    in front, as Keras writes it; a list of shapes for several inputs.

    Examples: explain(model), explain(keras.layers.Dense(16), (None, 3, 2)).
    """
    if isinstance(thing, keras.KerasTensor):
        # A name of its own keeps this model out of the count of unnamed models.
        thing = keras.Model(keras.utils.get_source_inputs(thing), thing, name="until_here")
    if isinstance(thing, keras.Model):
        return _explain_model(thing if input_shape is None else _built(thing, input_shape))
    if isinstance(thing, keras.Layer):
        return _explain_layer(thing, input_shape)
    raise TypeError(
        f"explain takes a Keras model, layer or KerasTensor; this is a {type(thing).__name__}."
    )


def _explain_layer(layer, input_shape):
    call = call_of(layer) if input_shape is None else _tried(layer, input_shape)
    if call.befores or call.layer.built:
        return Explanation("", (_line(call),), chain=_chain([call]))
    how = "Give the shape of an input, batch axis first: explain(layer, (None, ...))."
    return Explanation("", (_unbuilt(layer),), (how,))


def _explain_model(model):
    calls = calls_of(model)
    if calls is None:
        return _explain_list(model)
    sequential = isinstance(model, keras.Sequential)
    if sequential:  # a Sequential does not count its InputLayer among its layers
        calls = [call for call in calls if not isinstance(call.layer, keras.layers.InputLayer)]
    ends = [_several([tuple(x.shape) for x in xs]) for xs in (model.inputs, model.outputs)]
    title = f"{_name(model)}: {written(ends[0])} → {written(ends[1])}"
    lines = _lines(calls, start=[model.inputs[0]._keras_history.operation.name])
    notes = tuple(_totals(model, lines))
    return Explanation(title, tuple(lines), notes, _chain(calls), tuple(calls))


def _explain_list(model):
    """Explain a model that is no graph: subclassed, or a Sequential without an input shape."""
    calls = first_calls_of(model)
    lines = tuple(_line(c) if c.layer.built else _unbuilt(c.layer) for c in calls)
    if not model.built or (lines and all(line.count is None for line in lines)):
        how = "make a keras.Input its first layer, " * isinstance(model, keras.Sequential)
        return Explanation(
            _name(model),
            lines,
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
    return Explanation(_name(model), lines, (*_totals(model, lines), note))


def _lines(calls, start):
    """Return the Line of each Call of a graph. start: the name of what the first one reads."""
    lines, seen, last = [], set(), start
    for call in calls:
        line = _line(call, shared=id(call.layer) in seen)
        seen.add(id(call.layer))
        told = len(call.sources) > 1 and listed(call.sources) in line.why
        if list(call.sources) not in ([], last) and not told:
            line = replace(line, takes=call.sources)
        lines.append(line)
        last = [call.name]
    return lines


def _line(call, shared=False):
    layer = call.layer
    if not isinstance(layer, keras.Layer):
        return _operation_line(call)
    count = layer.count_params() if layer.built else 0
    try:
        found = reason_for(call)
        weights = SAME if shared and count else _weights(call, found.weights, count)
        why = f"{found.shape}. {weights}"
    except Unknown as unknown:
        weights = f". {SAME}" if shared and count else f"{_listed(layer, count)}."
        why = f"{unknown}; Keras says {written(call.after)}, {_of(count)}{weights}"
    kind, befores = type(layer).__name__, _several(call.befores)
    shared = shared and count > 0
    return Line(layer.name, kind, befores, call.after, count, why, turn=call.turn, shared=shared)


def _operation_line(call):
    kind = type(call.layer).__name__
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", kind).lower()
    known = f"keras.ops.{name}" if hasattr(keras.ops, name) else f"The operation {kind}"
    why = f"{known} computes without weights; Keras says {written(call.after)}."
    return Line(call.layer.name, f"operation {kind}", _several(call.befores), call.after, 0, why)


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
        words, total = "", weights_of(call.layer)
    said = f"{total}" if total.value == count else f"{count:,}"
    return f"{words[0].upper()}{words[1:]}: {said}." if words else f"Weights: {said}."


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
    apart = sum(line.count or 0 for line in lines if not line.shared) - count
    if apart > 0:
        yield f"The lines add up to {apart:,} more: weights in several lines count once."
    if apart < 0:
        yield f"The lines add up to {-apart:,} less: the model has weights of its own besides."


def _chain(calls):
    """Return calls as a Trace if each reads just the one before, and figures can show it."""
    calls = [c for c in calls if not isinstance(c.layer, keras.layers.InputLayer)]
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


def _tried(layer, input_shape):
    shapes = [input_shape] if is_shape(input_shape) else list(input_shape)
    try:
        return try_out(layer, *map(tuple, shapes))
    except (TypeError, ValueError) as fault:
        first = str(fault).strip().splitlines()[0]
        raise ValueError(
            f"{type(layer).__name__} does not take {written(_several(shapes))}: {first} "
            "(The shape begins with the batch axis, None.)"
        ) from fault


def _built(model, input_shape):
    """Return a copy of a model that has met an input of this shape; the model stays as it is.

    A model that cannot be copied is built itself, as a call would do.
    """
    if getattr(model, "outputs", None):
        if input_shape == _several([x.shape for x in model.inputs]):
            return model
        raise ValueError(
            f"{_name(model)} has an input already, so ask explain(model) without a shape."
        )
    return _tried(model, input_shape).layer


def _name(model):
    return f'{type(model).__name__} "{model.name}"'


def _several(shapes):
    """Return the one shape of a list as it is, several as a tuple."""
    shapes = tuple(map(tuple, shapes))
    return shapes[0] if len(shapes) == 1 else shapes


def _of(count):
    return f"{count:,} parameter{'s' * (count != 1)}"


def _parameters(line):
    return line.said if line.count is None or line.shared else _of(line.count)
