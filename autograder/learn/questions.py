"""What a learner can be asked to predict about layers, and what a belief would answer.

A question knows Keras's answer (`truth`) and, given the beliefs of somebody, theirs (`believed`).
"""

from dataclasses import dataclass
from functools import cached_property

import keras
import numpy as np

from autograder.learn.formula import Formula, formula
from autograder.learn.subject import about_keras
from autograder.learn.trace import Step, Trace, shape_of, trace


@dataclass(frozen=True)
class Belief:
    """A mistaken rule at work.

    rules: all sides of it. at: the one layer of which it is held (None: of all layers).
    """

    rules: tuple
    at: keras.Layer | None = None

    @property
    def first(self):
        """The rule that speaks for the belief."""
        return self.rules[0]

    def sides(self, kind, layer=None):
        """Return the functions of this kind that apply to a layer."""
        if self.at is not None and layer is not self.at:
            return []
        return [
            _inside(r.apply, kind) if isinstance(layer, keras.layers.TimeDistributed) else r.apply
            for r in self.rules
            if r.kind == kind
        ]


def _inside(apply, kind):
    """Return a rule's function for a wrapper: it may speak of the layer within."""

    def of_wrapper(wrapper, before, value):
        said = apply(wrapper, before, value)
        if said is not None:
            return said
        inner = (before[0], *before[2:])
        if kind == "count":
            return apply(wrapper.layer, inner, value)
        said = apply(wrapper.layer, inner, (value[0], *value[2:]))
        return said and (said[0], before[1], *said[1:])

    return of_wrapper


@dataclass(frozen=True)
class Believed:
    """What someone with certain beliefs thinks of a stack: shapes, and a Formula a layer.

    shapes: the input's, then one after every layer; short where the beliefs can't be carried on.
    input_count: the Formula of the parameters that the input is believed to have, if any.
    """

    shapes: tuple
    formulas: tuple
    input_count: Formula | None = None


def follow(chain, beliefs=(), counts=True):
    """Work out a Trace as someone with these beliefs does; without any, as Keras does.

    counts: whether the numbers of parameters are worked out, too.
    """
    shape, input_count = chain.start, None
    for belief in beliefs:
        for apply in belief.sides("start"):
            shape = apply(shape) or shape
        for apply in belief.sides("input count"):
            input_count = apply(shape)
    shapes, formulas = [shape], []
    for step in chain.steps:
        try:
            after = _believed_shape(step, shape, beliefs)
            count = _believed_count(step, shape, beliefs) if counts else None
            _ = count and count.value  # of an open size nothing can be counted: this raises
        except (TypeError, ValueError, IndexError, ZeroDivisionError):
            break  # these beliefs can't be carried on through this layer
        if after is None:
            break
        shape = after
        shapes.append(shape)
        formulas.append(count)
    return Believed(tuple(shapes), tuple(formulas), input_count)


def _believed_shape(step, before, beliefs):
    after = step.gives(before)
    for belief in beliefs if after is not None else ():
        for apply in belief.sides("layer", step.layer):
            after = apply(step.layer, before, after) or after
    return after


def _believed_count(step, before, beliefs):
    count = formula(step.layer, before)
    for belief in beliefs:
        for apply in belief.sides("count", step.layer):
            count = apply(step.layer, before, count) or count
    return count


@dataclass(frozen=True)
class Shape:
    """What is the shape? of: a KerasTensor, model, array, Trace or shape."""

    of: object

    @property
    def of_keras(self):
        """Whether it is Keras that gives this shape; nobody else leaves a size open."""
        return None in self.chain.end or about_keras(self.of)

    @cached_property
    def chain(self):
        """The Trace behind it."""
        return trace(self.of)

    @property
    def truth(self):
        """Keras's answer, a tuple."""
        return self.chain.end

    def believed(self, beliefs):
        """Return the answer of someone with these beliefs; None if there is none."""
        shapes = follow(self.chain, beliefs, counts=False).shapes
        return shapes[-1] if len(shapes) == len(self.chain.steps) + 1 else None

    def whole(self, answer):
        """Return an answer with its entry for the batch."""
        return answer


@dataclass(frozen=True)
class Sample(Shape):
    """What is the shape of one sample, without the batch axis? of: as for Shape."""

    @property
    def truth(self):
        """Keras's answer, less its first entry."""
        return self.chain.end[1:]

    def believed(self, beliefs):
        """Return the answer of someone with these beliefs; None if there is none."""
        shape = super().believed(beliefs)
        return shape and shape[1:]

    def whole(self, answer):
        """Return an answer with an entry for the batch."""
        return (self.chain.end[0], *answer)


@dataclass(frozen=True)
class Size:
    """How long is one axis of a shape? of: as for Shape. axis: which, the batch being 0."""

    of: object
    axis: int = -1

    @property
    def of_keras(self):
        """Whether it is Keras that gives this shape."""
        return Shape(self.of).of_keras

    @cached_property
    def chain(self):
        """The Trace behind it."""
        return trace(self.of)

    @property
    def truth(self):
        """Keras's answer, a number (or None for an open size)."""
        return self.chain.end[self.axis]

    def believed(self, beliefs):
        """Return the answer of someone with these beliefs; None if there is none."""
        shape = Shape(self.chain).believed(beliefs)
        try:
            return None if shape is None else shape[self.axis]
        except IndexError:
            return None


@dataclass(frozen=True)
class Params:
    """How many parameters? of: a layer that has been called, or a model."""

    of: object

    @cached_property
    def chain(self):
        """The layers that are counted; of a single layer, also those that lead to it."""
        if isinstance(self.of, keras.Model):
            return trace(self.of)
        way = trace(self.of.output)
        if way.steps and way.steps[-1].layer is self.of:
            return way
        step = Step(self.of, tuple(self.of.input.shape), shape_of(self.of.output))
        return Trace(step.before, (step,))

    @cached_property
    def truth(self):
        """Keras's answer."""
        return self.of.count_params()

    def believed(self, beliefs):
        """Return the answer of someone with these beliefs; None if there is none."""
        found = follow(self.chain, beliefs)
        if len(found.formulas) < len(self.chain.steps) or not self.chain.steps:
            return None
        if not isinstance(self.of, keras.Model):
            return found.formulas[-1].value
        extra = found.input_count.value if found.input_count else 0
        return sum(f.value for f in found.formulas) + extra


@dataclass(frozen=True)
class Accepts:
    """Does this model accept a batch of this shape, its first axis included?"""

    model: keras.Model
    shape: tuple

    kinds = (bool,)
    form = "True or False"

    @property
    def declared(self):
        """The model's input shape, as Keras writes it."""
        return tuple(self.model.input_shape)

    @cached_property
    def truth(self):
        """Keras's answer, found out by feeding the model with zeros."""
        try:
            self.model(np.zeros(self.shape, "float32"))
        except Exception:  # what this machine can't run is refused as well
            return False
        return True
