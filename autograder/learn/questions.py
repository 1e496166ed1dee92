"""What a learner can be asked to predict about layers, and what a belief would answer.

A question knows Keras's answer (`truth`) and, given the beliefs of somebody, theirs (`believed`).
"""

from dataclasses import dataclass
from functools import cached_property

import keras
import numpy as np

from autograder.learn.formula import formula
from autograder.learn.trace import Step, Trace, shape_of, trace


@dataclass(frozen=True)
class Belief:
    """A mistaken rule at work. rules: all sides of it. at: the one step it touches (None: all)."""

    rules: tuple
    at: int | None = None

    @property
    def first(self):
        """The rule that speaks for the belief."""
        return self.rules[0]

    def sides(self, kind, step=None):
        """Return the functions of this kind that apply at a step."""
        if self.at is not None and step != self.at:
            return []
        return [r.apply for r in self.rules if r.kind == kind]


@dataclass(frozen=True)
class Believed:
    """What someone with certain beliefs thinks of a stack: shapes, and a Formula a layer.

    shapes: the input's, then one after every layer; short where the beliefs can't be carried on.
    """

    shapes: tuple
    formulas: tuple


def follow(chain, beliefs=()):
    """Work out a Trace as someone with these beliefs does; without any, as Keras does."""
    shape = chain.start
    for belief in beliefs:
        for apply in belief.sides("start"):
            shape = apply(shape) or shape
    shapes, formulas = [shape], []
    for i, step in enumerate(chain.steps):
        try:
            shape, count = _follow_step(step, shape, i, beliefs)
        except (TypeError, ValueError, IndexError, ZeroDivisionError):
            break  # these beliefs can't be carried on through this layer
        shapes.append(shape)
        formulas.append(count)
    return Believed(tuple(shapes), tuple(formulas))


def _follow_step(step, before, i, beliefs):
    if not beliefs:
        return step.after, formula(step.layer, before)
    after = tuple(step.layer.compute_output_shape(before))
    count = formula(step.layer, before)
    for belief in beliefs:
        for apply in belief.sides("layer", i):
            after = apply(step.layer, before, after) or after
        for apply in belief.sides("count", i):
            count = apply(step.layer, before, count) or count
    return after, count


@dataclass(frozen=True)
class Shape:
    """What is the shape? of: a KerasTensor, model, array, Trace or shape."""

    of: object

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
        shapes = follow(self.chain, beliefs).shapes
        return shapes[-1] if len(shapes) == len(self.chain.steps) + 1 else None


@dataclass(frozen=True)
class Size:
    """How long is one axis of a shape? of: as for Shape. axis: which, the batch being 0."""

    of: object
    axis: int = -1

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
        """The layers that are counted."""
        if isinstance(self.of, keras.Model):
            return trace(self.of)
        step = Step(self.of, tuple(self.of.input.shape), shape_of(self.of.output))
        return Trace(step.before, (step,))

    @property
    def truth(self):
        """Keras's answer."""
        return self.of.count_params()

    def believed(self, beliefs):
        """Return the answer of someone with these beliefs; None if there is none."""
        formulas = follow(self.chain, beliefs).formulas
        if len(formulas) < len(self.chain.steps) or not self.chain.steps:
            return None
        return sum(f.value for f in formulas)


@dataclass(frozen=True)
class Accepts:
    """Does this model accept a batch of this shape, its first axis included?"""

    model: keras.Model
    shape: tuple

    @property
    def declared(self):
        """The model's input shape, as Keras writes it."""
        return tuple(self.model.input_shape)

    @property
    def truth(self):
        """Keras's answer, found out by feeding the model with zeros."""
        try:
            self.model(np.zeros(self.shape, "float32"))
        except (TypeError, ValueError):
            return False
        return True
