"""Beliefs that show in how a model behaves."""

import contextlib
import itertools
import math
import re
from dataclasses import dataclass
from functools import cached_property

import keras
import numpy as np

from autograder.learn.mistakes.rule import also, rule
from autograder.learn.mistakes.sizes import (
    CONVOLUTIONS,
    GLOBAL_POOLINGS,
    POOLINGS,
    RECURRENT,
    product,
)
from autograder.learn.trace import trace

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

    @property
    def by_operations(self):
        """Tell whether the model has no layers besides its inputs, but functions of keras.ops."""
        return all(isinstance(layer, keras.layers.InputLayer) for layer in self.model.layers)

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
            got = [np.asarray(part) for part in keras.tree.flatten(self.model(x))]
        except (TypeError, ValueError):
            return False
        pairs = itertools.zip_longest(got, keras.tree.flatten(wanted))
        return all(part is not None and _agree(part, other) for part, other in pairs)

    @cached_property
    def chain(self):
        """The layers, if each works on what the one before it gives; else ()."""
        if isinstance(self.model, keras.Sequential):
            return tuple(self.model.layers)
        steps = trace(self.model).steps if getattr(self.model, "outputs", None) else ()
        return tuple(step.layer for step in steps)

    def agrees_by(self, *layers):
        """Tell whether these layers, one after the other, give what was wanted of the model."""
        try:
            tried = ((self.x, self.wanted), *self.more)
            return all(_agree(_through(layers, x), wanted) for x, wanted in tried)
        except Exception:  # whatever layers raise that don't fit: then they don't agree
            return False

    @cached_property
    def cure(self):
        """The activation that is to be exchanged and the one that is right: two names, or None."""
        # A recurrent layer's activation belongs to its cell.
        for holder in (getattr(layer, "cell", layer) for layer in self.model.layers):
            old = getattr(holder, "activation", None)
            for name in _ACTIVATIONS if callable(old) else ():
                if self._agrees_with(holder, keras.activations.get(name)):
                    return getattr(old, "__name__", ""), name
        return None

    def _agrees_with(self, holder, activation):
        old = holder.activation
        holder.activation = activation
        try:
            # On few numbers two activations may agree; on all of these, no two do.
            tried = ((self.x, self.wanted), *self.more)
            return activation is not old and all(self._gives(*pair) for pair in tried)
        finally:
            holder.activation = old


def _agree(got, wanted):
    return got.shape == np.shape(wanted) and np.allclose(got, wanted, 1e-3, 1e-4)


def _through(layers, x):
    """Return what comes out of layers, called one after the other as `predict` would."""
    for layer in layers:
        knows = isinstance(layer, keras.Layer) and layer._call_has_training_arg
        x = layer(x, training=False) if knows else layer(x)
    return np.asarray(x)


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


@rule(
    "input",
    belief="a size that is left open does for every size",
    truth="None says that data of any size will come, and layers behind may need to know it; here "
    "the size is given",
    hint="compare what you declare of one sample with what the text says of it, axis by axis.",
)
def size_left_open(facts):
    """keras.Input((None, None, 1)) for pictures (height, width, 1)."""
    pairs = list(zip(facts.got[1:], facts.wanted[1:], strict=False))
    as_asked = len(facts.got) == len(facts.wanted) and all(g in (None, w) for g, w in pairs)
    return as_asked and any(g is None for g, w in pairs if w is not None)


@rule(
    "input",
    belief="a picture has three channels, grey or not, or one is as good as three",
    truth="a grey picture has 1 channel and one in colour has 3; an Input says what comes in, "
    "before anything is made of it",
    hint="compare the last axis of your input's shape with what the text says of the pictures.",
)
def channels_of_another_picture(facts):
    """keras.Input((height, width, 3)) for grey pictures (height, width, 1)."""
    picture = len(facts.got) == 4 and facts.got[:-1] == facts.wanted[:-1]
    return picture and {facts.got[-1], facts.wanted[-1]} == {1, 3}


@rule(
    "input",
    belief="an Input says what size the layers behind it need",
    truth="it says what comes in; what is padded is padded behind it",
    hint="print the shape of a sample as it comes in, and behind each of your layers.",
)
def padded_size_declared(facts):
    """keras.Input((8, 14, 1)) for pictures of 8 by 13, which are to be halved."""
    if len(facts.got) != 4 or _more(facts.got, facts.wanted) == ():
        return False
    sizes = [(g, w) for g, w in zip(facts.got, facts.wanted, strict=True) if g != w]
    # A size that stands beside it may have been written twice.
    return all(g == w + w % 2 and g not in facts.wanted for g, w in sizes)


# The wrong shape


@rule(
    "output",
    belief="a row of numbers is a table of one row, or the target of a Reshape names the batch",
    truth="a row of numbers has one axis; the target describes one sample, so it has one entry "
    "then, and Keras puts the batch axis in front",
    hint="count the axes after layers.Reshape((5, 7)).",
)
def row_of_two_axes(facts):
    """Reshape((1, -1)) where a row of numbers was asked for."""
    ones = [x for x in facts.layers(keras.layers.Reshape) if len(x.target_shape) == 2]
    single = any(x.target_shape[0] == 1 for x in ones)
    return single and facts.got == (facts.got[0], 1, *facts.wanted[1:])


@also("output", "target_has_batch")
def _(facts):
    """Reshape((None, 28, 28, 1)): (2, 1, 28, 28, 1)."""
    return facts.got == (facts.got[:1] + (1,) + facts.wanted[1:])


@rule(
    "output",
    belief="a reshape or a transpose keeps the samples apart by itself, or needn't",
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


@rule(
    "output",
    belief="what was padded comes off again by itself",
    truth="what a layer puts around a sample stays, until another layer cuts it off",
    hint="print the shape behind each of your layers: where does the size become what it is?",
)
def padding_left_on(facts):
    """ZeroPadding2D before a U-Net, and no Cropping2D behind it."""
    kinds = (keras.layers.ZeroPadding1D, keras.layers.ZeroPadding2D, keras.layers.ZeroPadding3D)
    return any(_more(facts.got, facts.wanted) == _edges(x.padding) for x in facts.layers(*kinds))


@rule(
    "output",
    belief="what is cut off isn't missed",
    truth="what was cut off doesn't come back, and the result is to be as large as what came in",
    hint="print the shape behind each of your layers: where does the size become what it is?",
)
def edge_cut_off(facts):
    """Cropping2D on what a skip connection hands over, where an Input is odd."""
    kinds = (keras.layers.Cropping1D, keras.layers.Cropping2D, keras.layers.Cropping3D)
    return any(_more(facts.wanted, facts.got) == _edges(x.cropping) for x in facts.layers(*kinds))


def _more(large, small):
    """Return by how much larger each size between the batch and the channels is; () if not."""
    if len(large) != len(small) or large[-1] != small[-1] or large == small:
        return ()
    if None in (*large[1:], *small[1:]):
        return ()
    return tuple(a - b for a, b in zip(large[1:-1], small[1:-1], strict=True))


def _edges(setting):
    """Return how much a layer puts around a sample, or cuts off, along each of its axes."""
    return tuple(sum(pair) for pair in (setting if isinstance(setting[0], tuple) else (setting,)))


@also("output", "vector_as_column")
def _(facts):
    """Reshape((-1, 1)) where a row of numbers was asked for."""
    return facts.got == (*facts.wanted, 1) or any(map(_is_column, _reshaped(facts)))


def _reshaped(facts):
    """Return the shapes before and after each Reshape behind which there is an axis too many."""
    if len(facts.got) != len(facts.wanted) + 1:
        return []
    return [facts.shapes(layer) for layer in facts.layers(keras.layers.Reshape)]


def _is_column(shapes):
    before, after = shapes
    return len(after) == 3 and after[-1] == 1 and after[1] == product(before[1:]) != before[1]


@rule(
    "output",
    belief="an axis of size 1 is no axis",
    truth="it is one like the others, and every layer behind it keeps it",
    hint="print the shape behind each of your layers, and count its entries.",
)
def axes_of_one_kept(facts):
    """GlobalAveragePooling2D(keepdims=True), then Dense(4): (n, 1, 1, 4)."""
    kept = any(getattr(layer, "keepdims", False) for layer in facts.model.layers)
    return kept and len(facts.got) > len(facts.wanted)


@also("error", "batch_swallowed")
def _(kind, text):
    """Dense on (None,) or (28,): keras.ops.reshape(x, (-1,)), or a target without the batch."""
    refused = re.search(r"expected min_ndim=2, found ndim=1\. Full shape received: \(", text)
    return bool(refused) and text.endswith(" on Reshape]")


@also("output", "axes_reversed")
def _(facts):
    """Permute((3, 2, 1)) where channels were to move last: (n, 30, 20, 3)."""
    return any(dims == tuple(range(len(dims), 0, -1)) for dims in _turns(facts))


@also("output", "moved_the_other_way")
def _(facts):
    """Permute((3, 1, 2)) where channels were to move last: (n, 30, 3, 20)."""
    return any(dims == (len(dims), *range(1, len(dims))) for dims in _turns(facts))


def _turns(facts):
    """Return the dims of each Permute, where it is only the order of the sizes that is wrong.

    Where there is none, those of one that would do what the operations of the model do.
    """
    if sorted(facts.got) != sorted(facts.wanted):
        return []
    turns = [tuple(x.dims) for x in facts.layers(keras.layers.Permute) if len(x.dims) > 2]
    sizes = facts.got[1:]
    declared = [tuple(x.shape[1:]) for x in getattr(facts.model, "inputs", None) or ()]
    if turns or not facts.by_operations or len(set(sizes)) < len(sizes) or len(sizes) < 3:
        return turns
    return [tuple(d.index(n) + 1 for n in sizes) for d in declared if set(d) == set(sizes)]


@also("output", "height_width_swapped")
def _(facts):
    """Reshape((width, height, channels)) at the end of a decoder."""
    turned = (facts.got[0], *facts.got[1:3][::-1], *facts.got[3:])
    reshaped = [facts.shapes(layer)[1][1:3] for layer in facts.layers(keras.layers.Reshape)]
    return len(facts.got) == 4 and turned == facts.wanted and facts.got[1:3] in reshaped


@rule(
    "output",
    belief="a sample comes to Dense in one row, or comes out of it in one",
    truth="Dense keeps every axis but the last, so the axes that came in are still there",
    hint="count the axes of the shape that reaches your last layer.",
)
def flatten_missing(facts):
    """Dense(64) straight on (None, 10, 10): (None, 10, 64)."""
    unrolls = bool(facts.layers(keras.layers.Dense)) or not facts.layers(keras.layers.Reshape)
    return len(facts.got) > len(facts.wanted) and unrolls


@rule(
    "output",
    belief="a Reshape unrolls, whatever its target",
    truth="its target is the shape that a sample has behind it, so one row takes a target with one "
    "entry",
    hint="print the shape before and after your Reshape.",
)
def target_not_unrolled(facts):
    """Reshape((5, 4, 3)) where a row of 60 numbers was asked for."""
    row = len(facts.wanted) == 2 and facts.wanted[1] == product(facts.got[1:])
    return row and len(facts.got) > 2 and bool(facts.layers(keras.layers.Reshape))


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
    if not any(after in flattened for after in by_rows):
        return False
    rest = [x for x in facts.chain if not isinstance(x, keras.layers.Flatten)]
    first = next((i for i, x in enumerate(rest) if type(x) is keras.layers.Dense), 0)
    # The Dense that worked on the rows may also be one too many.
    before = [*rest[:first], keras.layers.Flatten()]
    ways = [*before, *rest[first:]], [*before, *rest[first + 1 :]]
    return facts.wanted in [_counted(facts.model, way) for way in ways]


@rule(
    "params",
    belief="Dense connects all numbers of a sample, whatever axes the sample has",
    truth="on several axes it works on each place by itself, with the same few weights; only "
    "behind a Flatten it meets all the numbers at once",
    hint="compare the first size of your layer's kernel with how many numbers a sample has.",
)
def dense_on_each_place(facts):
    """Dense(8), Dense(1) on images (28, 28, 1), which stay images: 25 parameters."""
    dense = [facts.shapes(x) for x in facts.layers(keras.layers.Dense)]
    kept = bool(dense) and all(len(before) == len(after) > 2 for before, after in dense)
    return facts.got < facts.wanted and kept and len(facts.model.output_shape) > 2


@also("params", "dense_flattens")
def _(facts):
    """Dense(32) and Dense(1) on images of one channel: 97 parameters, for each pixel the same."""
    dense = [x for x in facts.layers(keras.layers.Dense) if len(facts.shapes(x)[0]) > 2]
    rest = [x for x in facts.chain if not isinstance(x, keras.layers.Flatten)]
    unrolled = _counted(facts.model, [keras.layers.Flatten(), *rest])
    return facts.got < facts.wanted == unrolled and bool(dense)


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
    if _recounts(facts, GLOBAL_POOLINGS, lambda layer: [keras.layers.Flatten()]):
        return False  # it is in the place of a Flatten that was to stand behind
    # What a Lambda or a cropping drops may be anything.
    dropped = (keras.layers.Lambda, keras.layers.Cropping1D, keras.layers.Cropping2D)
    averaged = [layer for layer in behind if not isinstance(layer, dropped)]
    return facts.got < facts.wanted and any(map(facts.loses, averaged))


@rule(
    "params",
    belief="Flatten will do in the place of global pooling",
    truth="Flatten hands on every number, and global pooling one for each channel: with pooling in "
    "the place of your Flatten the numbers of parameters would agree",
    hint="write down the shape behind your Flatten, and behind a global pooling.",
)
def flatten_for_pooling(facts):
    """Flatten where GlobalAveragePooling2D was asked for."""
    change = 0
    for layer in facts.layers(keras.layers.Flatten):
        before = facts.shapes(layer)[0]
        behind = [x for x in _behind(facts.model.layers, layer) if x.weights][:1]
        maps = len(before) == 4 and None not in before[1:]
        if maps and behind and isinstance(behind[0], keras.layers.Dense):
            change += (product(before[1:]) - before[-1]) * behind[0].units
    return change > 0 and facts.got - change == facts.wanted


@rule(
    "params",
    belief="it doesn't matter whether Flatten stands before or after Dense",
    truth="behind Flatten a Dense layer sees the whole sample at once, and has a weight for each "
    "of its numbers; in front of it, it works on each row by itself",
    hint="put the layers of the text and your own below each other: where does each list unroll?",
)
def flatten_too_early(facts):
    """Flatten, Dense(8), Dense(1) where the text has Dense(8), Flatten, Dense(1)."""
    if flatten_for_pooling(facts):
        return False
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


def _recounts(facts, kinds, exchange):
    """Tell whether the parameters are as asked for with one layer of these kinds exchanged.

    exchange(layer): the layers that take its place.
    """
    for i, layer in enumerate(facts.chain):
        if isinstance(layer, kinds):
            chain = [*facts.chain[:i], *exchange(layer), *facts.chain[i + 1 :]]
            if _counted(facts.model, chain) == facts.wanted:
                return True
    tried = () if facts.chain else _variants(facts, kinds, exchange, anew=True)
    return any(model.count_params() == facts.wanted for model in tried)


def _variants(facts, kinds, exchange, anew=False):
    """Yield models of branches with one layer of these kinds exchanged, for each of them.

    anew: they have copies of the other layers; else the layers themselves, with their weights.
    """
    if all(map(_is_all_keras, facts.model.layers)):
        made = [_variant(facts.model, x, exchange(x), anew) for x in facts.layers(*kinds)]
        yield from filter(None, made)


def _variant(model, layer, stead, anew):
    def called(other, *args, **options):
        if other.name != layer.name:
            return other(*args, **options)
        (x,) = args
        for new in stead:
            x = new(x)
        return x

    with contextlib.suppress(Exception):  # whatever layers raise that don't fit
        own = None if anew else lambda x: x
        return keras.models.clone_model(model, clone_function=own, call_function=called)
    return None


def _counted(model, chain):
    """Return how many parameters copies of layers have behind a model's input; None: no way.

    There is no copy of what holds a learner's own code, which may stay in another process.
    """
    if not all(map(_is_all_keras, chain)):
        return None
    try:
        start = keras.Input(model.inputs[0].shape[1:])
        copies = [type(layer).from_config(layer.get_config()) for layer in chain]
        return keras.Sequential([start, *copies]).count_params()
    except Exception:  # whatever layers raise that don't fit, or can't be copied
        return None


def _is_all_keras(layer):
    is_kerass = type(layer).__module__.partition(".")[0] == "keras"
    return is_kerass and not isinstance(layer, keras.layers.Lambda)


def _with(layer, **settings):
    """Return a new layer like this one, but for some settings."""
    return type(layer).from_config({**layer.get_config(), **settings})


@rule(
    "params",
    belief="a picture is a sequence of its rows, and one kind of layer is as good as another",
    truth="a layer whose name ends in 1D slides along one axis only, and takes each row of a "
    "picture for the features of one step; with layers for two axes the numbers of parameters "
    "would agree",
    hint="compare the name of each of your layers with what the text says.",
)
def rows_as_steps(facts):
    """Conv1D on pictures (height, width) in the place of Conv2D."""
    flat = (keras.layers.Conv1D, keras.layers.MaxPooling1D, keras.layers.AveragePooling1D)
    start = getattr(facts.model, "inputs", None)
    if not start or len(start[0].shape) != 4 - 1 or not facts.layers(keras.layers.Conv1D):
        return False
    chain = [_in_two(x) if isinstance(x, flat) else x for x in facts.chain]
    column = keras.layers.Reshape((*start[0].shape[1:], 1))
    return _counted(facts.model, [column, *chain]) == facts.wanted


def _in_two(layer):
    """Return the layer for two axes whose name and settings are those of one for a single axis."""
    kind = getattr(keras.layers, type(layer).__name__.replace("1D", "2D"))
    config = layer.get_config()
    for key in ("kernel_size", "strides", "dilation_rate", "pool_size"):
        config.update({key: tuple(config[key]) * 2} if key in config else {})
    return kind.from_config(config)


@also("params", "channels_of_another_picture")
def _(facts):
    """Concatenate()([x, x, x]) of one channel, before a convolution that takes it as it is."""
    joined = facts.layers(keras.layers.Concatenate)
    if any(
        len({id(x) for x in layer.input}) > 1 or layer.input[0].shape[-1] != 1 for layer in joined
    ):
        return False
    return _recounts(facts, (keras.layers.Concatenate,), lambda layer: [lambda same: same[0]])


@also("params", "filters_for_window")
def _(facts):
    """Conv2D(3, 16) where 16 filters of 3 by 3 were asked for."""

    def exchanged(layer):
        size = layer.kernel_size[0]
        return [_with(layer, filters=size, kernel_size=(layer.filters,) * len(layer.kernel_size))]

    return _recounts(facts, CONVOLUTIONS, exchanged)


@rule(
    "params",
    belief="the padding of your layers is the one asked for, or makes no difference",
    truth="what is padded stays larger, and a Dense layer has a weight for each number that "
    "reaches it; with another padding of one of your layers the numbers of parameters would agree",
    hint="compare the `padding=` of each of your layers with what the text says of it.",
)
def padding_changed(facts):
    """Conv2D(8, 3, padding="same") where the text says nothing of padding."""

    def other(layer):
        return [_with(layer, padding="same" if layer.padding == "valid" else "valid")]

    return _recounts(facts, (*CONVOLUTIONS, *POOLINGS), other)


@rule(
    "params",
    belief="one layer that makes a map larger is as good as another",
    truth="upsampling repeats what is there, and has no weights; a transposed convolution has a "
    "kernel. With upsampling in its place the numbers of parameters would agree",
    hint="compare the name of each of your layers with what the text says.",
)
def transposed_for_upsampling(facts):
    """Conv2DTranspose(8, 2, strides=2) where UpSampling2D was asked for."""

    def repeated(layer):
        return [keras.layers.UpSampling2D(layer.strides)]

    return _recounts(facts, (keras.layers.Conv2DTranspose,), repeated)


@rule(
    "params",
    belief="each of your layers with weights is asked for, or does no harm",
    truth="without one of your layers that have weights the numbers of parameters would agree",
    hint="go through your layers one by one, and look for each of them in the text.",
)
def weights_added(facts):
    """Conv2D, global pooling, Dense(16), Dense(4) where a single Dense(4) was asked for."""
    if normalised_by_data(facts):
        return False
    weighted = tuple({type(layer) for layer in facts.model.layers if layer.weights})
    return facts.got > facts.wanted and _recounts(facts, weighted, lambda layer: [])


@rule(
    "params",
    belief="one recurrent layer is as good as another",
    truth="an LSTM, a GRU and a SimpleRNN have different numbers of weights for the same units; "
    "with another of them the numbers of parameters would agree",
    hint="compare the name of each of your layers with what the text says.",
)
def recurrent_of_another_kind(facts):
    """GRU(10) where LSTM(10) was asked for."""
    return any(
        _recounts(facts, RECURRENT, lambda layer, kind=kind: [_as_kind(layer, kind)])
        for kind in RECURRENT
    )


def _as_kind(layer, kind):
    return kind(layer.units, use_bias=layer.use_bias, return_sequences=layer.return_sequences)


@rule(
    "params",
    belief="a pooling more does no harm",
    truth="it hands on fewer numbers, and a Dense layer has a weight for each number that reaches "
    "it; without one of your pooling layers the numbers of parameters would agree",
    hint="go through your layers one by one, and look for each of them in the text.",
)
def pooling_added(facts):
    """Conv2D(4, 3), MaxPooling2D(2), Flatten, Dense(2) where the text has no pooling."""
    for layer in facts.layers(*POOLINGS):
        before, after = facts.shapes(layer)
        dense = [x for x in _behind(facts.model.layers, layer) if type(x) is keras.layers.Dense]
        if dense and before and None not in (*before[1:], *after[1:]):
            more = (product(before[1:]) - product(after[1:])) * dense[0].units
            if facts.got + more == facts.wanted:
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
    dense = (keras.layers.Dense, keras.layers.EinsumDense)  # of these the number of values counts
    last = max((i for i, x in enumerate(facts.model.layers) if isinstance(x, dense)), default=0)
    return facts.got < facts.wanted and any(map(facts.loses, facts.model.layers[:last]))


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
    belief="your layers are those that the text asks for, or as good as they",
    truth="the numbers of filters and units and the sizes of windows are part of what was asked, "
    "and so are every layer that has weights and what it is given",
    hint="compare the size of each layer, and what goes into it, with what the exercise says.",
)
def sizes_changed(facts):
    """800 from 4 x 4 x 50 instead of 5 x 5 x 32."""
    return facts.got != facts.wanted


# The wrong numbers


@rule(
    "numbers",
    belief="the dtype of an Input has nothing to do with the numbers",
    truth="Keras casts what comes in, and an Input of whole numbers cuts off what stands behind "
    "the point",
    hint="print model.input.dtype, and the dtype of your data.",
)
def whole_numbers_declared(facts):
    """keras.Input((4,), dtype="int32") for data with fractions."""
    whole = [x for x in facts.model.inputs if "int" in x.dtype]
    return bool(whole) and np.asarray(facts.x).dtype.kind == "f"


@rule(
    "numbers",
    belief="softmax over axis 0 makes the numbers of each sample add up to 1",
    truth="axis 0 counts the samples; the numbers of one of them stand on the last axis",
    hint="call your model on two samples, and add up each row and each column.",
)
def softmax_over_samples(facts):
    """Softmax(axis=0)."""
    return any(layer.axis == 0 for layer in facts.layers(keras.layers.Softmax))


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
    belief="each of your activations is asked for, or does no harm",
    truth="without the activation of one of your layers all the numbers would agree",
    hint="compare the activation of each layer with what the exercise says.",
)
def activation_added(facts):
    """Dense(2, activation="softmax") where a bare Dense(2) was asked for."""
    return facts.cure is not None and facts.cure[1] == "linear"


@rule(
    "numbers",
    belief="your activations are those that the text asks for, or as good as they",
    truth="with another activation on one of your layers all the numbers would agree",
    hint="compare the activation of each layer with what the exercise says.",
)
def activation_changed(facts):
    """Dense(2, activation="sigmoid") in the place of softmax."""
    return facts.cure is not None


def _others(facts, kinds, exchange):
    """Yield the chain with one layer of these kinds exchanged, for each of them.

    Where there are branches, the model itself with the layer exchanged.
    """
    for i, layer in enumerate(facts.chain):
        if isinstance(layer, kinds):
            yield (*facts.chain[:i], *exchange(layer), *facts.chain[i + 1 :])
    if not facts.chain:
        yield from ((model,) for model in _variants(facts, kinds, exchange))


@rule(
    "numbers",
    belief="one kind of pooling is as good as another",
    truth="the largest number of a window and the mean of it are two things; with the other kind "
    "of pooling all the numbers would agree",
    hint="compare the name of each of your layers with what the text says.",
)
def pooling_of_another_kind(facts):
    """AveragePooling2D where MaxPooling2D was asked for."""

    def other(layer):
        name = type(layer).__name__
        pair = ("Max", "Average") if "Max" in name else ("Average", "Max")
        kind = getattr(keras.layers, name.replace(*pair))
        return [kind.from_config(layer.get_config())]

    tried = _others(facts, (*POOLINGS, *GLOBAL_POOLINGS), other)
    return any(facts.agrees_by(*layers) for layers in tried)


@rule(
    "numbers",
    belief="to cut out the middle is to resize",
    truth="what is cut out keeps its pixels and loses the rest; to resize a picture is to show all "
    "of it, larger or smaller. With Resizing in the place of your CenterCrop all the numbers would "
    "agree",
    hint="try both on the numbers from 0 to 99, as a picture of 10 by 10.",
)
def cut_for_resized(facts):
    """CenterCrop(32, 32) in the place of Resizing(32, 32)."""

    def resized(layer):
        return [keras.layers.Resizing(layer.height, layer.width)]

    tried = _others(facts, (keras.layers.CenterCrop,), resized)
    return any(facts.agrees_by(*layers) for layers in tried)


@rule(
    "numbers",
    belief="a stride does what pooling does",
    truth="a stride leaves out places, whatever stands there; pooling looks at all of them. With "
    "pooling in the place of your stride all the numbers would agree",
    hint="compare the layers of the text with yours: which one makes the map smaller?",
)
def stride_for_pooling(facts):
    """Conv2D(32, 3, strides=2) where a MaxPooling2D(2) should follow."""

    def pooled(kind):
        def exchange(layer):
            pool = getattr(keras.layers, f"{kind}Pooling{len(layer.strides)}D")
            return [_one_by_one(layer), pool(layer.strides)]

        return exchange

    strided = [x for x in facts.chain if isinstance(x, CONVOLUTIONS) and max(x.strides) > 1]
    kinds = ("Max", "Average") if strided else ()
    tried = (chain for kind in kinds for chain in _others(facts, CONVOLUTIONS, pooled(kind)))
    return any(facts.agrees_by(*layers) for layers in tried)


def _one_by_one(layer):
    """Return a function that calls a convolution without its stride."""

    def call(x):
        old, layer.strides = layer.strides, (1,) * len(layer.strides)
        try:
            return layer(x)
        finally:
            layer.strides = old

    return call


@rule(
    "numbers",
    belief="the mean over all steps is what the last step gives",
    truth="a recurrent layer hands on the result of its last step, in which it has seen them all",
    hint="look for the layer of your model that makes one row of all the steps.",
)
def steps_summed_up(facts):
    """LSTM(..., return_sequences=True) and GlobalAveragePooling1D for the last step alone."""
    tried = _others(facts, GLOBAL_POOLINGS, lambda layer: [lambda x: x[:, -1]])
    recurrent = any(isinstance(layer, RECURRENT) for layer in facts.chain)
    return recurrent and any(facts.agrees_by(*layers) for layers in tried)


@rule(
    "numbers",
    belief="a layer without weights does no harm",
    truth="without one of your layers that have no weights all the numbers would agree",
    hint="go through your layers one by one, and look for each of them in the text.",
)
def layer_added(facts):
    """ReLU() or Softmax() as a layer more than was asked for."""
    kinds = (*_ACTIVATING, keras.layers.Masking, keras.layers.Rescaling, keras.layers.Flatten)
    return any(facts.agrees_by(*layers) for layers in _others(facts, kinds, lambda layer: []))


@rule(
    "numbers",
    belief="it makes no difference behind which layer an activation stands",
    truth="an activation acts on what its own layer gives; behind another of your layers it would "
    "make all the numbers agree",
    hint="write your layers below each other, with their activations, and those of the text.",
)
def activation_elsewhere(facts):
    """LSTM(8, activation="softmax"), Dense(3), where the softmax belongs to the Dense."""
    return any(facts.agrees_by(*layers) for layers in _moved(facts))


@also("numbers", "activation_elsewhere")
def _(facts):
    """Dense(code, "sigmoid"), Dense(size, "relu") where each has the other's activation."""
    own = [(i, layer) for i, layer in enumerate(facts.chain) if hasattr(layer, "activation")]
    for (i, one), (j, other) in itertools.combinations(own, 2):
        tried = list(facts.chain)
        tried[i] = _with_activation(one, other.activation)
        tried[j] = _with_activation(other, one.activation)
        if one.activation != other.activation and facts.agrees_by(*tried):
            return True
    return False


def _moved(facts):
    """Yield the chain with the activation of one layer behind each of the others instead."""
    for i, layer in enumerate(facts.chain):
        own = _activation(layer)
        if own is None:
            continue
        without = [] if type(layer) in _ACTIVATING else [_with_activation(layer, _default(layer))]
        rest = [*facts.chain[:i], *without, *facts.chain[i + 1 :]]
        for j in range(1, len(rest) + 1):
            yield (*rest[:j], keras.activations.get(own), *rest[j:])


#: Layers that are nothing but an activation.
_ACTIVATING = (keras.layers.Activation, keras.layers.ReLU, keras.layers.Softmax)


def _activation(layer):
    """Return the name of the activation that a layer brings, None where it has none to speak of."""
    if type(layer) in (keras.layers.ReLU, keras.layers.Softmax):
        return type(layer).__name__.lower()
    name = getattr(getattr(layer, "activation", None), "__name__", "linear")
    return None if name in ("linear", _default(layer)) else name


def _default(layer):
    return "tanh" if isinstance(layer, RECURRENT) else "linear"


def _with_activation(layer, name):
    """Return a function that calls a layer with another activation."""

    def call(x):
        holder = getattr(layer, "cell", layer)
        old, holder.activation = holder.activation, keras.activations.get(name)
        try:
            return layer(x)
        finally:
            holder.activation = old

    return call


@rule(
    "numbers",
    belief="it makes no difference in which order tensors are joined",
    truth="the kernel behind has its own weights for each of the joined numbers; joined in another "
    "order, all the numbers would agree",
    hint="compare the order in the list that you give to Concatenate with that of the text.",
)
def joined_in_another_order(facts):
    """Concatenate()([facts, picture]) where the picture comes first in the text."""
    for layer in facts.layers(keras.layers.Concatenate):
        widths = [tensor.shape[-1] for tensor in layer.input]
        if None in widths or not 1 < len(widths) < 5:
            continue
        for behind in facts.layers(keras.layers.Dense, *CONVOLUTIONS):
            wide = behind.kernel.shape[-2]
            if wide == sum(widths) and _agrees_in_order(facts, behind, widths):
                return True
    return False


def _agrees_in_order(facts, layer, widths):
    """Tell whether the numbers agree if blocks of a kernel change places, along its input axis."""
    kernel = np.asarray(layer.kernel)
    try:
        for order in list(itertools.permutations(range(len(widths))))[1:]:
            layer.kernel.assign(_regrouped(kernel, widths, order))
            if facts.agrees():
                return True
    finally:
        layer.kernel.assign(kernel)
    return False


def _regrouped(kernel, widths, order):
    """Return a kernel for tensors joined in `order`, as one for them as they are joined here."""
    ends = np.cumsum([widths[i] for i in order])[:-1]
    blocks = dict(zip(order, np.split(kernel, ends, axis=-2), strict=True))
    return np.concatenate([blocks[i] for i in range(len(widths))], axis=-2)


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
    if len(facts.chain) == 2 and isinstance(facts.chain[0], keras.layers.Flatten):
        shapes = [(facts.shapes(facts.chain[0])[0], b) for _, b in shapes]  # a detour by one row
    return any(
        len(a) == len(b) > 2 and a != b and sorted(a[1:]) == sorted(b[1:]) for a, b in shapes
    )


@also("numbers", "height_width_swapped")
def _(facts):
    """Reshape((width, height, 1)) on pictures (height, width)."""
    shapes = [facts.shapes(layer) for layer in facts.layers(keras.layers.Reshape)]
    return any(len(b) > len(a) == 3 and a[1] != a[2] and (a[2], a[1]) == b[1:3] for a, b in shapes)
