"""Beliefs that show in how a model behaves."""

from dataclasses import dataclass

import keras
import numpy as np

from autograder.learn.mistakes.rule import rule
from autograder.learn.mistakes.sizes import CONVOLUTIONS, POOLINGS


@dataclass(frozen=True)
class Facts:
    """A model, what it gave and what was wanted: shapes, counts or arrays, by the rule's kind."""

    model: keras.Model
    got: object
    wanted: object

    def layers(self, *kinds):
        """Return the model's layers of these kinds."""
        return [layer for layer in self.model.layers if isinstance(layer, kinds)]


@rule(
    "output",
    belief="a stride doesn't change the size of the map",
    truth="a stride above 1 makes the map smaller still",
    hint="ask what surrounds the image when a window stands at its edge.",
)
def stride_shrinks(facts):
    """A convolution with strides=2 where the map should have stayed larger."""
    strided = any(max(layer.strides) > 1 for layer in facts.layers(*CONVOLUTIONS))
    return strided and np.prod(facts.got) < np.prod(facts.wanted)


@rule(
    "output",
    belief="it is the pooling that has to be padded",
    truth="it is the convolution that loses the edge",
    hint="follow the height alone through your model: where does it shrink first?",
)
def padding_on_pooling(facts):
    """MaxPooling2D(padding="same") where the convolution should have been padded."""
    pools = any(layer.padding == "same" for layer in facts.layers(*POOLINGS))
    return pools and all(layer.padding == "valid" for layer in facts.layers(*CONVOLUTIONS))


@rule(
    "output",
    belief="Dense unrolls what it is given",
    truth="Dense keeps every axis but the last, so the axes that came in are still there",
    hint="count the axes of the shape that reaches your last layer.",
)
def flatten_missing(facts):
    """Dense(64) straight on (None, 10, 10): (None, 10, 64)."""
    return len(facts.got) > len(facts.wanted)


@rule(
    "output",
    belief="it doesn't matter whether Flatten stands before or after Dense",
    truth="a Dense layer before Flatten has already worked on each row by itself",
    hint="put down the shape before and after each of your layers.",
)
def flatten_too_late(facts):
    """Dense(64), then Flatten: (None, 640), and it would train without complaint."""
    kinds = [type(layer) for layer in facts.model.layers]
    return kinds[-1:] == [keras.layers.Flatten] and keras.layers.Dense in kinds


@rule(
    "params",
    belief="any way to the right shape will do",
    truth="filters and units are part of what was asked, and here there are more weights",
    hint="leave the layers' sizes as the exercise gives them.",
)
def sizes_changed(facts):
    """800 from 4 x 4 x 50 instead of 5 x 5 x 32."""
    return facts.got > facts.wanted


@rule(
    "params",
    belief="averaging or dropping values is the same as unrolling them",
    truth="there are fewer weights than one sample has need of: something was averaged or "
    "thrown away",
    hint="compare the shape before your Dense layer with the number of values in one sample.",
)
def values_thrown_away(facts):
    """GlobalAveragePooling1D in the place of Flatten."""
    return facts.got < facts.wanted


@rule(
    "numbers",
    belief="the activation can be left out",
    truth="the numbers agree wherever the right ones are above zero, so an activation is missing",
    hint="look at the last step of the calculation in the text.",
)
def activation_missing(facts):
    """Dense(64) without its relu."""
    return np.allclose(np.maximum(facts.got, 0), facts.wanted, atol=1e-4)
