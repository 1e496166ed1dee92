"""What breaks, and why? A question about a stack of layers, the beliefs about it, and its check.

Keras is asked there and then: the layers are called one after another, and the first that
refuses what arrives is the one that breaks.
"""

import functools
import re
from dataclasses import dataclass

import keras
from keras import layers

from autograder.learn.checks import check
from autograder.learn.diagnose import diagnose
from autograder.learn.mistakes.rule import rule
from autograder.learn.mistakes.sizes import CONVOLUTIONS, POOLINGS
from autograder.learn.verdict import RIGHT, WRONG, Verdict

#: Why a layer refuses what arrives, in words.
REASONS = {
    "few": "fewer axes arrive than it takes",
    "many": "more axes arrive than it takes",
    "window": "its window is larger than what arrives",
    "fit": "the numbers that arrive don't fill the shape it is to make",
    "open": "it needs to know a size that is still open",
    "other": "Keras refuses it for another reason",
}
_RANKS = re.compile(r"expected (?P<min>min_)?ndim=(?P<takes>\d+), found ndim=(?P<gets>\d+)")
_PHRASES = {
    "at least 3 dimensions": "few",
    "must have the same length as input": "many",
    "zero or negative": "window",
    "total size of the tensor": "fit",
    "fully-defined": "open",
    "NoneType": "open",
}


@dataclass(frozen=True, order=True)
class Break:
    """What breaks. at: the index of the layer, -1 for none of them. reason: a key of REASONS."""

    at: int = -1
    reason: str = ""


@dataclass(frozen=True)
class Breaks:
    """Which of these layers refuses what arrives, and why?

    start: the shape that goes in, batch axis included. layers: in their order; they are copied
    before they are called.
    """

    start: tuple
    layers: tuple

    @functools.cached_property
    def _known(self):
        return {}

    def after(self, i, shape):
        """Return what layer i makes of a shape: a shape, or the exception that Keras raises."""
        if (i, shape) not in self._known:
            layer = type(self.layers[i]).from_config(self.layers[i].get_config())
            try:
                self._known[i, shape] = tuple(layer(keras.KerasTensor(shape)).shape)
            except (ValueError, TypeError) as error:
                self._known[i, shape] = error
        return self._known[i, shape]

    @functools.cached_property
    def arriving(self):
        """The shapes that arrive at the layers, as far as Keras gets."""
        return self._walk(())[1]

    @property
    def truth(self):
        """Keras's answer, a Break."""
        return self._walk(())[0]

    @property
    def error(self):
        """What Keras raises, None if nothing breaks."""
        found = self.after(len(self.arriving) - 1, self.arriving[-1])
        return found if isinstance(found, Exception) else None

    @property
    def counted(self):
        """How many axes the layer that breaks takes and gets, if that is what breaks; else ""."""
        ranks = _RANKS.search(str(self.error))
        if ranks is None:
            return ""
        least = "at least " * bool(ranks["min"])
        return f", {ranks['gets']} in place of {least}{ranks['takes']} with the batch"

    def believed(self, beliefs):
        """Return the answer of someone with these beliefs, a Break."""
        return self._walk(beliefs)[0]

    def _walk(self, beliefs):
        shape, arriving = self.start, []
        for apply in (f for b in beliefs for f in b.sides("start")):
            shape = apply(shape) or shape
        for i, layer in enumerate(self.layers):
            arriving.append(shape)
            after = self.after(i, shape)
            if isinstance(after, Exception):
                return Break(i, _reason(after)), arriving
            for apply in (f for b in beliefs for f in b.sides("layer", layer)):
                try:
                    after = apply(layer, shape, after) or after
                except (TypeError, ValueError, IndexError, ZeroDivisionError):
                    continue  # this belief says nothing of such a shape
            shape = after
        return Break(), arriving


def _reason(error):
    said = str(error)
    ranks = _RANKS.search(said)
    if ranks:
        return "few" if int(ranks["gets"]) < int(ranks["takes"]) else "many"
    return next((reason for phrase, reason in _PHRASES.items() if phrase in said), "other")


@check
def check_breaks(answer, of):
    """Check a prediction of what breaks. answer: a Break. of: the Breaks that is asked."""
    if answer == of.truth:
        return Verdict(RIGHT, "That is what Keras does.", share=1.0)
    found = diagnose(of, answer)
    if found is None:
        return Verdict(
            WRONG,
            "Keras does something else.",
            hint="write down the shape that arrives at each line, and what that layer takes.",
        )
    return Verdict(WRONG, found.message, found.codes, hint=found.hint)


about_breaks = functools.partial(rule, "value", about=Breaks)


@about_breaks(
    belief="Dense takes samples with a single axis only",
    truth="Dense takes samples with any number of axes and works on the last",
    hint="give a Dense layer a batch of tables and print the shape of what comes back.",
)
def dense_needs_flat_input(question):
    """Dense(10) after MaxPooling2D raises.

    Met in "What is the role of Flatten in Keras?", which says that Dense expects
    one-dimensional input.
    """
    for i, shape in enumerate(question.arriving):
        if isinstance(question.layers[i], layers.Dense) and len(shape) > 2:
            return Break(i, "many")
    return question.truth


@about_breaks(
    belief="Keras adds the axis of the channels where there is only one channel",
    truth="a convolution or a pooling layer wants that axis, also where its size is 1",
    hint="compare keras.Input(shape=(8, 8)) with keras.Input(shape=(8, 8, 1)).",
)
def channel_axis_added(question):
    """Conv2D(8, 3) on Input((28, 28)) sees grey images."""
    at, shape = question.truth.at, question.arriving[-1]
    layer = question.layers[at]
    window = layer.kernel_size if isinstance(layer, CONVOLUTIONS) else ()
    window = layer.pool_size if isinstance(layer, POOLINGS) else window
    one_short = bool(window) and len(shape) == len(window) + 1
    return Break() if at >= 0 and one_short else question.truth


@about_breaks(
    belief="a layer takes samples with any number of axes",
    truth="convolution, pooling and recurrent layers take one number of axes only",
    hint="count the axes that arrive at each line, the batch included.",
)
def any_rank_taken(question):
    """An LSTM takes images, a Conv2D what Flatten gives."""
    return Break() if question.truth.reason in ("few", "many") else question.truth


@about_breaks(
    belief="a window that doesn't fit is cut to size",
    truth="with the default padding there has to be room for one whole window",
    hint="write down height and width after every line.",
)
def window_cut_to_size(question):
    """Conv2D(4, 5) on a map of 3 x 3 gives 1 x 1."""
    return Break() if question.truth.reason == "window" else question.truth


@about_breaks(
    belief="Reshape fills up with zeros, or leaves out what is too much",
    truth="Reshape only puts the numbers of a sample in other places; all of them, and no more",
    hint="multiply the sizes of a sample before Reshape, and those after it.",
)
def reshape_fills_up(question):
    """Reshape((4, 3)) on 11 numbers a sample adds a zero."""
    return Break() if question.truth.reason == "fit" else question.truth


@about_breaks(
    belief="every size may stay open until data arrives",
    truth="a layer with weights has to know how many numbers it multiplies when it is built",
    hint="try to write down the shape of the kernel.",
)
def every_size_may_be_open(question):
    """Dense(10) after Flatten on images of any size waits for the first image."""
    return Break() if question.truth.reason == "open" else question.truth
