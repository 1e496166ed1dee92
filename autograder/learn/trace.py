"""Follow a shape through a stack of layers, as Keras does it or as somebody believes it is done."""

import math
from dataclasses import dataclass, field, replace

import keras
import numpy as np

from autograder.learn.calls import Call, is_shape, made_by
from autograder.learn.measured import measured


@dataclass(frozen=True)
class Step:
    """One layer of a stack with the shapes, batch axis included, before and after it."""

    layer: keras.Layer
    before: tuple
    after: tuple
    known: dict = field(default_factory=dict, compare=False, repr=False)

    @property
    def name(self):
        """The layer's class, as the learner wrote it."""
        return type(self.layer).__name__

    def gives(self, before):
        """Return what Keras makes of another shape than the true one; None where it refuses."""
        if before == self.before:
            return self.after
        if before not in self.known:
            self.known[before] = _output_shape(self.layer, before)
        return self.known[before]


@dataclass(frozen=True)
class Trace:
    """A chain of layers from an input shape on. `start` is that shape, batch axis included.

    promised: what Keras says beforehand, where data give another end.
    """

    start: tuple
    steps: tuple
    promised: tuple | None = field(default=None, compare=False)

    @property
    def end(self):
        """The shape that comes out."""
        return self.steps[-1].after if self.steps else self.start

    def shapes(self):
        """Return the input shape and the shape after every layer."""
        return [self.start] + [step.after for step in self.steps]


def trace(thing):
    """Return the Trace behind a model, a KerasTensor or a plain shape.

    A model of several inputs, or one whose layers don't form a chain, has no Trace that the
    mistaken rules could follow: then the result holds the end shape only.
    """
    if isinstance(thing, Trace):
        return thing
    if isinstance(thing, keras.KerasTensor):
        return _by_data(_of_tensor(thing))
    if isinstance(thing, keras.Model):
        return _by_data(_of_model(thing))
    return Trace(shape_of(thing), ())


def _by_data(found):
    """Return a Trace in which each layer gives what it gives to data.

    Keras promises another shape of a few layers, an Activation that halves the features, say.
    """
    steps, promised = [], None
    for step in found.steps:
        given = measured(Call(step.layer, (step.before,), step.after))
        if given is not None and is_shape(given):
            promised, step = found.end, replace(step, after=given)
        elif steps and steps[-1].after != step.before:
            before = steps[-1].after
            step = replace(step, before=before, after=step.gives(before) or step.after)
        steps.append(step)
    return Trace(found.start, tuple(steps), promised) if promised else found


def _output_shape(layer, before):
    if isinstance(layer, keras.layers.Flatten) and any(isinstance(n, float) for n in before[1:]):
        return (before[0], math.prod(before[1:]))  # Keras knows no half pixels; learners do
    try:
        return tuple(layer.compute_output_shape(before))
    except (TypeError, ValueError, IndexError, ZeroDivisionError):
        return None


def run(layers, shape):
    """Trace calling `layers` on real data of this shape, the batch axis first.

    Example: run([keras.layers.Flatten()], (3, 3, 128)).end == (3, 384)
    """
    shapes, value = [tuple(shape)], np.zeros(shape, "float32")
    for layer in layers:
        value = layer(value)
        shapes.append(tuple(value.shape))
    return Trace(
        shapes[0],
        tuple(Step(*part) for part in zip(layers, shapes[:-1], shapes[1:], strict=True)),
    )


def shape_of(thing):
    """Return the shape of an array, a tensor, a KerasTensor, a model's output, or a tuple."""
    if isinstance(thing, keras.Model):
        return tuple(thing.output_shape)
    if isinstance(thing, (tuple, list)):
        return tuple(thing)
    return tuple(thing.shape)


def _of_tensor(tensor):
    end, steps = Trace(tuple(tensor.shape), ()), []
    while hasattr(tensor, "_keras_history"):  # one that nothing made stands for itself
        layer, given = made_by(tensor)
        if isinstance(layer, keras.layers.InputLayer):
            break
        if not isinstance(layer, keras.Layer) or len(given) != 1:
            return end
        steps.append(Step(layer, tuple(given[0].shape), tuple(tensor.shape)))
        tensor = given[0]
    return Trace(tuple(tensor.shape), tuple(reversed(steps)))


def _of_model(model):
    layers = [x for x in model.layers if not isinstance(x, keras.layers.InputLayer)]
    end = Trace(shape_of(model), ())
    try:
        steps = tuple(Step(x, tuple(x.input.shape), tuple(x.output.shape)) for x in layers)
    except (AttributeError, ValueError, TypeError):  # never called, shared, or several inputs
        return end
    chain = all(a.after == b.before for a, b in zip(steps[:-1], steps[1:], strict=True))
    if not steps or not chain or steps[-1].after != end.start:
        return end
    return Trace(steps[0].before, steps)
