"""Beliefs that show in how a model behaves."""

import itertools
import math
from dataclasses import dataclass
from functools import cached_property

import keras
import numpy as np

from autograder.learn.mistakes.rule import also, rule
from autograder.learn.mistakes.sizes import CONVOLUTIONS, POOLINGS, product

# What an activation is tried against, to find out whether it is the activation that is wrong.
_ACTIVATIONS = ("linear", "relu", "softmax", "sigmoid", "tanh")


@dataclass(frozen=True)
class Facts:
    """A model, what it gave and what was wanted: shapes, counts or arrays, by the rule's kind.

    x: what the model was fed, if the rule is about numbers. more: further pairs of what it may be
    fed and what is wanted then, with the weights that it has.
    """

    model: keras.Model
    got: object
    wanted: object
    x: object = None
    more: tuple = ()

    def layers(self, *kinds):
        """Return the model's layers of these kinds."""
        return [layer for layer in self.model.layers if isinstance(layer, kinds)]

    def shapes(self, layer):
        """Return the shapes before and after a layer; () and () where they can't be known."""
        try:
            return tuple(layer.input.shape), tuple(layer.output.shape)
        except (AttributeError, ValueError):  # a subclassed model, or a layer of several inputs
            return (), ()

    def loses(self, layer):
        """Tell whether a layer without weights hands on fewer numbers than it was given."""
        before, after = self.shapes(layer) if not layer.weights else ((), ())
        sizes = product(before[1:]), product(after[1:])
        return bool(before and after and all(sizes) and sizes[1] < sizes[0])

    def agrees(self, x=None):
        """Tell whether the model, as it is now, gives what was wanted, for `x` if given."""
        return self._gives(self.x if x is None else x, self.wanted)

    def _gives(self, x, wanted):
        try:
            got = np.asarray(self.model(x))
        except (TypeError, ValueError):
            return False
        return got.shape == np.shape(wanted) and np.allclose(got, wanted, 1e-3, 1e-4)

    @cached_property
    def cure(self):
        """The activation that is to be exchanged and the one that is right: two names, or None."""
        for layer in self.model.layers:
            old = getattr(layer, "activation", None)
            # A recurrent layer's activation belongs to its cell and can't be exchanged here.
            if callable(old) and not hasattr(layer, "cell"):
                for name in _ACTIVATIONS:
                    if self._agrees_with(layer, keras.activations.get(name)):
                        return getattr(old, "__name__", ""), name
        return None

    def _agrees_with(self, layer, activation):
        old = layer.activation
        layer.activation = activation
        try:
            # On few numbers two activations may agree; on all of these, no two do.
            tried = ((self.x, self.wanted), *self.more)
            return activation is not old and all(self._gives(*pair) for pair in tried)
        finally:
            layer.activation = old


# The wrong Input


@rule(
    "reading",
    belief="a vector is a column, with an axis of size 1 beside it",
    truth="a row of numbers has a single axis, and no axis of size 1 follows it",
    hint="compare np.zeros((5, 4)).shape and np.zeros((5, 4, 1)).shape.",
)
def vector_as_column(truth, answer):
    """keras.Input((4, 1)) in the place of keras.Input((4,))."""
    return len(truth) == 2 and answer == (*truth, 1)


@rule(
    "reading",
    belief="a size in a shape is an example, and other sizes will do as well",
    truth="a size that is written down is fixed; None is what leaves it open",
    hint="ask of each axis whether all data that are meant have the same size there.",
)
def open_size_fixed(truth, answer):
    """(None, 100, 32) where (None, None, 32) was meant: sequences of any length."""
    if len(truth) != len(answer) or truth[0] != answer[0]:
        return False
    differing = [t for t, a in zip(truth, answer, strict=True) if t != a]
    return bool(differing) and set(differing) == {None}


@rule(
    "input",
    belief="an Input says what arrives at the layer with the weights",
    truth="it says what one sample looks like as it comes in, before anything is unrolled",
    hint="write down the shape of one sample in front of your layers, and behind each of them.",
)
def unrolled_shape_declared(facts):
    """keras.Input((rows * columns,)) for tables (rows, columns)."""
    size = product(facts.wanted[1:])
    return len(facts.wanted) > 2 and size and facts.got == (facts.wanted[0], size)


# The wrong shape


@also("output", "target_has_batch")
def _(facts):
    """Reshape((None, 28, 28, 1)): (2, 1, 28, 28, 1)."""
    return facts.got == (facts.got[:1] + (1,) + facts.wanted[1:])


@rule(
    "output",
    belief="a reshape may run over the samples, too",
    truth="the first axis counts the samples, and as many must come out as went in",
    hint="feed your model one sample, then three, and print both shapes.",
)
def batch_swallowed(facts):
    """keras.ops.ravel, or keras.ops.reshape(x, (-1, 50)) where a sample has 100 numbers."""
    return facts.got[:1] != facts.wanted[:1]


@also("output", "sequences_ignored")
def _(facts):
    """LSTM(64, return_sequences=True), then Dense(2): (3, 7, 2)."""
    sequences = any(getattr(layer, "return_sequences", False) for layer in facts.model.layers)
    return sequences and len(facts.got) > len(facts.wanted)


@rule(
    "output",
    belief="weights of its own for each row also join the rows",
    truth="an index that stands in the output isn't summed, so its positions stay apart",
    hint="take the letters of your equation one by one: where is each of them summed?",
)
def rows_kept_apart(facts):
    """EinsumDense("bij,ijk->bik") where "bij,ijk->bk" was meant."""
    return len(facts.got) > len(facts.wanted) and any(
        set(inner) & set(kernel) & set(result) for inner, kernel, result in _equations(facts)
    )


@rule(
    "output",
    belief="the positions have weights of their own even if the kernel lacks their index",
    truth="an index that the kernel lacks shares one set of weights among all its positions",
    hint="take the letters of your equation one by one: which stand in the kernel?",
)
def rows_share_kernel(facts):
    """EinsumDense("bij,jk->bik"), which is what Dense does."""
    return any(set(inner) - set(kernel) for inner, kernel, _ in _equations(facts))


@also("params", "rows_share_kernel")
def _(facts):
    """EinsumDense("bij,jk->bk"): rows summed, all with the same 2 x 16 weights."""
    return facts.got < facts.wanted and rows_share_kernel(facts)


def _equations(facts):
    """Return (input's letters but the batch's, kernel's, output's) of every EinsumDense."""
    for layer in facts.layers(keras.layers.EinsumDense):
        inputs, result = layer.equation.replace(" ", "").split("->")
        inner, kernel = inputs.split(",")
        yield inner.replace("...", "")[1:], kernel, result


@rule(
    "output",
    belief="a stride doesn't change the size of the map",
    truth="a stride above 1 makes the map smaller still",
    hint="ask what surrounds the image when a window stands at its edge.",
)
def stride_shrinks(facts):
    """A convolution with strides=2 where the map should have stayed larger."""
    strided = any(max(layer.strides) > 1 for layer in facts.layers(*CONVOLUTIONS))
    return strided and math.prod(facts.got) < math.prod(facts.wanted)


@rule(
    "output",
    belief="it is the pooling that has to be padded",
    truth="it is the convolution that loses the edge",
    hint="follow the height alone through your model: where does it shrink first?",
)
def padding_on_pooling(facts):
    """MaxPooling2D(padding="same") where the convolution should have been padded."""
    pools = any(layer.padding == "same" for layer in facts.layers(*POOLINGS))
    convolutions = facts.layers(*CONVOLUTIONS)
    return pools and convolutions and all(layer.padding == "valid" for layer in convolutions)


@also("output", "vector_as_column")
def _(facts):
    """Reshape((-1, 1)) where a row of numbers was asked for."""
    return facts.got == (*facts.wanted, 1)


@also("output", "axes_reversed")
def _(facts):
    """Permute((3, 2, 1)) where channels were to move last: (n, 30, 20, 3)."""
    return any(dims == tuple(range(len(dims), 0, -1)) for dims in _turns(facts))


@also("output", "moved_the_other_way")
def _(facts):
    """Permute((3, 1, 2)) where channels were to move last: (n, 30, 3, 20)."""
    return any(dims == (len(dims), *range(1, len(dims))) for dims in _turns(facts))


def _turns(facts):
    """Return the dims of each Permute, where it is only the order of the sizes that is wrong."""
    if sorted(facts.got) != sorted(facts.wanted):
        return []
    return [tuple(x.dims) for x in facts.layers(keras.layers.Permute) if len(x.dims) > 2]


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
    "output",
    belief="as many numbers are as good as the shape itself",
    truth="all the numbers are there, but their axes still have to be put up again",
    hint="look for the layer that gives a vector the shape of an image.",
)
def axes_not_restored(facts):
    """Dense(784) at the end where (28, 28, 1) was asked for."""
    fewer = len(facts.got) < len(facts.wanted)
    return fewer and math.prod(facts.got) == math.prod(facts.wanted)


# The wrong number of parameters


@also("params", "bias_forgotten")
def _(facts):
    """EinsumDense("bij,ijk->bk", output_shape=16) without bias_axes: 96 parameters."""
    without = [x for x in facts.model.layers if x.weights and getattr(x, "bias", 0) is None]
    sizes = [x.weights[0].shape[-1] for x in without]
    return facts.wanted - facts.got in (*sizes, sum(sizes) or None)


@also("params", "flatten_too_late")
def _(facts):
    """Dense(16), Flatten, Dense(4) on (3, 2): 244 parameters where Flatten first has 180."""
    dense = [(facts.shapes(x), x) for x in facts.layers(keras.layers.Dense)]
    by_rows = [after for (before, after), _ in dense if len(before) > 2]
    flattened = [facts.shapes(x)[0] for x in facts.layers(keras.layers.Flatten)]
    return any(after in flattened for after in by_rows)


@also("params", "dense_flattens")
def _(facts):
    """Dense(32) and Dense(1) on images of one channel: 97 parameters, for each pixel the same."""
    dense = [x for x in facts.layers(keras.layers.Dense) if len(facts.shapes(x)[0]) > 2]
    return facts.got < facts.wanted and bool(dense) and not rows_averaged(facts)


def _behind(layers, layer):
    return layers[layers.index(layer) + 1 :]


@rule(
    "params",
    belief="averaging the results of the rows makes one layer for the whole sample",
    truth="each row has gone through the layer alone by then, with weights for one row",
    hint="compare the shape that reaches your Dense layer with the number of values in one sample.",
)
def rows_averaged(facts):
    """Dense(10), then GlobalAveragePooling1D, where Flatten was meant to come first."""
    dense = [x for x in facts.layers(keras.layers.Dense) if len(facts.shapes(x)[0]) > 2]
    behind = _behind(facts.model.layers, dense[-1]) if dense else []
    return facts.got < facts.wanted and any(map(facts.loses, behind))


@rule(
    "params",
    belief="it doesn't matter whether Flatten stands before or after Dense",
    truth="behind Flatten a Dense layer sees the whole sample at once, and has a weight for each "
    "of its numbers; in front of it, it works on each row by itself",
    hint="put the layers of the text and your own below each other: where does each list unroll?",
)
def flatten_too_early(facts):
    """Flatten, Dense(8), Dense(1) where the text has Dense(8), Flatten, Dense(1)."""
    for layer in facts.layers(keras.layers.Flatten):
        dense = [x for x in _behind(facts.model.layers, layer) if type(x) is keras.layers.Dense]
        before = facts.shapes(layer)[0]
        if dense and len(before) > 2 and None not in before[1:]:
            units = dense[0].units
            change = before[-1] * units - product(before[1:]) * units
            if len(dense) > 1:
                change += (product(before[1:-1]) - 1) * units * dense[1].units
            if facts.got + change == facts.wanted != facts.got:
                return True
    return False


@rule(
    "params",
    belief="averaging or dropping values is the same as unrolling them",
    truth="somewhere in your model numbers are averaged or dropped, and the layers behind see "
    "fewer of them than there were",
    hint="compare the shape before your Dense layer with the number of values in one sample.",
)
def values_thrown_away(facts):
    """GlobalAveragePooling1D in the place of Flatten."""
    last = max((i for i, x in enumerate(facts.model.layers) if x.weights), default=0)
    seen = facts.model.layers[:last]  # what is lost behind all weights costs none of them
    return facts.got < facts.wanted and any(map(facts.loses, seen))


@rule(
    "params",
    belief="any layer that brings numbers to a common scale will do",
    truth="a layer that finds its scale in the data keeps numbers of its own for it; a fixed "
    "factor has none",
    hint="look at the Param # column of model.summary(): which layer has more than the text says?",
)
def normalised_by_data(facts):
    """BatchNormalization, or Normalization, in the place of Rescaling."""
    kinds = (keras.layers.BatchNormalization, keras.layers.Normalization)
    surplus = sum(layer.count_params() for layer in facts.layers(*kinds))
    return surplus > 0 and facts.got - facts.wanted == surplus


@rule(
    "params",
    belief="any way to the right shape will do",
    truth="the numbers of filters and units and the sizes of windows are part of what was asked, "
    "and so is every layer that has weights",
    hint="leave the layers' sizes as the exercise gives them.",
)
def sizes_changed(facts):
    """800 from 4 x 4 x 50 instead of 5 x 5 x 32."""
    return facts.got != facts.wanted


# The wrong numbers


@rule(
    "numbers",
    belief="the activation can be left out",
    truth="with an activation on one of your layers all the numbers would agree",
    hint="compare the activation of each layer with what the exercise says.",
)
def activation_missing(facts):
    """Dense(64) without its relu."""
    return facts.cure is not None and facts.cure[0] == "linear"


@rule(
    "numbers",
    belief="an activation more does no harm",
    truth="without the activation of one of your layers all the numbers would agree",
    hint="compare the activation of each layer with what the exercise says.",
)
def activation_added(facts):
    """Dense(2, activation="softmax") where a bare Dense(2) was asked for."""
    return facts.cure is not None and facts.cure[1] == "linear"


@rule(
    "numbers",
    belief="one activation is as good as another",
    truth="with another activation on one of your layers all the numbers would agree",
    hint="compare the activation of each layer with what the exercise says.",
)
def activation_changed(facts):
    """Dense(2, activation="sigmoid") in the place of softmax."""
    return facts.cure is not None


@rule(
    "numbers",
    belief="the order of the axes makes no difference once everything is unrolled",
    truth="your model does what was asked, but on the numbers of a sample in another order",
    hint="feed np.arange(6).reshape(1, 2, 3) to your model up to the unrolling, and read it.",
)
def axes_reordered(facts):
    """Permute((2, 1)) before Flatten.

    Met in github.com/keras-team/keras/issues/13830.
    """
    if not isinstance(facts.x, np.ndarray):
        return False
    axes = range(1, facts.x.ndim)
    orders = [(0, *order) for order in itertools.permutations(axes)][1:]
    return any(facts.agrees(_read_in(facts.x, order)) for order in orders)


def _read_in(x, order):
    """Return x's numbers such that going through them in this order of axes gives x's order."""
    sizes = [x.shape[i] for i in order]
    return x.reshape(sizes).transpose(np.argsort(order))


@also("numbers", "reshape_for_transpose")
def _(facts):
    """Reshape((28, 28, 3)) on images (3, 28, 28): the same sizes in another order."""
    shapes = [facts.shapes(layer) for layer in facts.layers(keras.layers.Reshape)]
    return any(
        len(a) == len(b) > 2 and a != b and sorted(a[1:]) == sorted(b[1:]) for a, b in shapes
    )


@also("numbers", "height_width_swapped")
def _(facts):
    """Reshape((width, height, 1)) on pictures (height, width)."""
    shapes = [facts.shapes(layer) for layer in facts.layers(keras.layers.Reshape)]
    return any(len(b) > len(a) == 3 and a[1] != a[2] and (a[2], a[1]) == b[1:3] for a, b in shapes)
