"""Beliefs that show in what Keras raises.

A rule looks at the exception's type, at a key phrase of its message and at the shapes in it;
never at a full text, which carries layer names and changes between releases. The first rule that
fits is told, so the order matters: the particular before the general.
"""

import re

import keras

from autograder.learn.mistakes.rule import also, error
from autograder.learn.mistakes.sizes import product

_OF_A_TENSORSHAPE = re.compile(
    r"'tuple' object has no attribute '(as_list|dims|ndims|rank|num_elements|is_fully_defined)'"
)
_TAKES_NOTHING = re.compile(r"\w+\(\) takes 0 positional arguments but \d+ (was|were) given")
_OF_ANOTHER_LIBRARY = re.compile(
    r"'numpy.ndarray' object has no attribute '(permute|unsqueeze|contiguous|detach|numpy|cpu)'"
)
_SHAPE = re.compile(r"\((?:(?:None|\d+),? ?)*\)")
_COUNT = "give the layer one batch, and count the axes that arrive there."


def shape_after(text, *phrases):
    """Return the first shape that stands behind one of these phrases, or None."""
    for phrase in phrases:
        found = _SHAPE.search(text, text.find(phrase)) if phrase in text else None
        if found:
            return _read(found.group())
    return None


def _read(shape):
    return tuple(None if n == "None" else int(n) for n in re.findall(r"None|\d+", shape))


def _shapes(text, phrase):
    """Return all shapes behind a phrase."""
    return [_read(s) for s in _SHAPE.findall(text, text.find(phrase))]


def _declared_and_fed(text):
    """Return the shape that a model declares and the one that it was fed; () where not said."""
    declared = shape_after(text, "xpected shape")
    fed = shape_after(text, "found shape=", "incompatible shape")
    return (declared or (), fed or ()) if declared and fed else ((), ())


def _axes(text):
    """Return how many axes a layer expects, how many it found, and the shape it was given."""
    found = re.search(r"expected (?:min_)?ndim=(\d+), found ndim=(\d+)", text)
    shape = shape_after(text, "Full shape received:")
    return (int(found[1]), int(found[2]), shape) if found and shape else (0, 0, ())


def _refused(text):
    """Return the class of the layer that refused, and of what made its input; "" if not known."""
    met = re.search(r" \[(\w+) on (\w+)\]$", text)
    return (met[1], met[2]) if met else ("", "")


def _has_windows(text):
    """Tell whether a layer that works on maps refused; where its class isn't known, it may be."""
    name = _refused(text)[0]
    return not name or any(part in name for part in ("Conv", "Pool", "2D", "3D"))


def _last_axis(text):
    """Return the size that a built layer wants of the last axis, and the shape it was given."""
    found = re.search(r"expected axis -1 of input shape to have value (\d+)", text)
    shape = shape_after(text, "received input with shape")
    return (int(found[1]), shape) if found and shape else (0, ())


def _fits(shape, declared):
    same = len(shape) == len(declared)
    return same and all(d in (None, n) for n, d in zip(shape, declared, strict=True))


# What a shape is


@error(
    belief="a class of your own needs no preparation before it holds layers",
    truth="Keras prepares a model or layer in `super().__init__()`, so that line comes first",
    hint="look at the first line of your `__init__`.",
    general=False,
)
def super_init_forgotten(kind, text):
    """A subclass of keras.Model whose __init__ sets self.dense at once."""
    return "super().__init__()" in text or "has no attribute 'built'" in text


@error(
    belief="any method of a model or layer may do its work",
    truth="Keras looks for a method named `call`",
    hint="look at the names of the methods of your class.",
)
def call_missing(kind, text):
    """A subclass of Model or Layer with a `forward`, as in another framework."""
    return "does not have a `call()` method" in text or "does not have a `call` method" in text


@error(
    belief="`shape=` takes the numbers of a sample",
    truth="`shape=` wants to know how long each axis is; you handed over the sample itself",
    hint="print what you give to `shape=`. Is it a tuple of sizes?",
)
def numbers_for_shape(kind, text):
    """keras.Input(shape=data[0])."""
    return "to a shape" in text and "Cannot convert" in text and "'numpy." in text


@error(
    belief="`padding=` takes a number of rows, or True",
    truth='`padding=` takes a word, "valid" or "same"',
    hint="read what `help` says of the argument.",
    general=False,
)
def padding_as_number(kind, text):
    """Conv2D(32, 3, padding=1)."""
    number = re.search(r"'(int|bool)' object has no attribute 'lower'", text)
    return kind == "AttributeError" and bool(number)


@error(
    belief="a number is a shape, also in parentheses or with others behind it",
    truth="a shape is a tuple, and with a single entry only the comma makes it one: `(7)` is just "
    "the number 7",
    hint="ask Python for type((7)) and for type((7,)).",
)
def shape_not_a_tuple(kind, text):
    """keras.Input(shape=(4)), which Keras 2 took; also keras.Input(4, 1).

    Met in github.com/aladdinpersson/Machine-Learning-Collection/issues/177.
    """
    return "Cannot convert" in text and "to a shape" in text


@error(
    belief="a number can be gone through as a tuple can",
    truth="a number has no entries: a shape with a single entry is a tuple only by its comma, as "
    "in `(7,)`, and a loop that counts needs `range`",
    hint="ask Python for type((7)) and for type((7,)).",
    general=False,
)
def number_for_tuple(kind, text):
    """layers.Reshape(60), layers.Reshape((60)) or layers.Reshape(np.prod(shape))."""
    number = re.search(r"'(numpy\.)?(int|float)\d*' object is not iterable", text)
    return kind == "TypeError" and bool(number)


@error(
    belief="as many sizes as you like may be left to be worked out",
    truth="one size follows from the number of all numbers and from the other sizes; of two that "
    "are open, neither does. In Reshape, None is as open as -1, and the batch isn't counted at all",
    hint="write down which sizes you know, and leave -1 for the one that you don't.",
)
def two_sizes_open(kind, text):
    """keras.ops.reshape(x, (-1, -1)), or layers.Reshape((None, -1))."""
    return "at most one unknown dimension" in text or "one input size may be -1" in text


@error(
    belief="an Input holds the data",
    truth="`keras.Input` takes no data: it describes the data that will come",
    hint="give `keras.Input` a shape, and the data to the finished model.",
)
def data_as_input(kind, text):
    """keras.Input(tensor=x).

    Met in "What is the purpose of Input in Keras?" and stackoverflow.com/questions/45217973.
    """
    return "must be a KerasTensor" in text


@error(
    belief="-1 can be worked out even where there are no numbers",
    truth="with no samples nothing is there to work -1 out from, so the width has to be said",
    hint="multiply the sizes of one sample yourself.",
    general=False,
)
def minus_one_empty(kind, text):
    """np.zeros((0, 3, 2)).reshape(0, -1)."""
    return "into shape (0," in text


@error(
    belief="there is always something to divide by",
    truth="by 0 nothing can be divided, and an empty batch has 0 samples",
    hint="multiply the sizes that you need, in the place of dividing by others.",
    general=False,
)
def divided_by_no_samples(kind, text):
    """x.reshape(x.shape[0], x.size // x.shape[0]) on (0, 3, 2)."""
    return kind == "ZeroDivisionError" and "integer division or modulo" in text


@error(
    belief="an array can be put into any shape, or always comes in the one that you know",
    truth="a reshape keeps all the numbers, so the sizes that it is given must multiply to as many "
    "as there are",
    hint="multiply the sizes that your reshape asks for, and compare with those that came in.",
)
def sizes_do_not_multiply(kind, text):
    """np.zeros(4).reshape(1, 8, 6, 3)."""
    array = "cannot reshape array of size" in text and not minus_one_empty(kind, text)
    return array or "Input to reshape is a tensor with" in text


# Open sizes


@error(
    belief="every size may stay open",
    truth="a layer with weights needs a fixed size on the last axis, and Flatten over an open "
    "axis leaves the last one open; Input adds the open axis of the batch by itself, so a None "
    "that is written there is one more",
    hint="print the shape that reaches the layer which fails. Which entry is None?",
)
def unknown_width(kind, text):
    """Dense after Flatten of (None, None, None, 16), or an LSTM on (None, None, None).

    Met in github.com/keras-team/keras/issues/2889.
    """
    return "fully-defined" in text


@error(
    belief="the number of channels may stay open, too",
    truth="a convolution has weights for every channel that comes in, so it must know how many",
    hint="which axes of an image may differ from one image to the next, and which may not?",
)
def channels_unknown(kind, text):
    """Conv2D(16, 3) on (None, None, None, None)."""
    return kind == "TypeError" and "for %: 'NoneType'" in text


@error(
    belief="`x.shape` has a number for every axis",
    truth="while a model is put together the size of the batch isn't known: `x.shape[0]` is None, "
    "and no shape can be made with None in it",
    hint="one size of a reshape may be -1. Which of yours is the one that you can't know?",
)
def none_in_a_shape(kind, text):
    """keras.ops.reshape(x, (x.shape[0], -1)) in a layer's call."""
    return "Failed to convert elements of" in text and "None" in text


@error(
    belief="None is a number that one can calculate with",
    truth="None stands for a size that isn't known yet",
    hint="look for the size in your calculation that is still open, and do without it.",
    general=False,
)
def none_in_a_sum(kind, text):
    """keras.Input((4,)).shape[0] * 2."""
    return kind == "TypeError" and "unsupported operand" in text and "NoneType" in text


# What is fed to a model or a layer


@error(
    belief="what Keras is given here has a batch axis, or needs none",
    truth="the first axis of whatever Keras is given is the batch, even where it has one sample",
    hint="write down the shape of a batch of two samples, then that of a batch of one.",
)
def batch_axis_missing(kind, text):
    """model.predict(x[0]), or build((4,)) in the place of build((None, 4)).

    Met in many threads on wrong shapes in predict().
    """
    declared, fed = _declared_and_fed(text)
    expected, found, shape = _axes(text)
    image = expected == 4 and found == 3 and None not in shape and shape[-1] in (1, 3, 4)
    vector = found == 1 and shape != (None,)
    return bool(declared and _fits(fed, declared[1:])) or image or vector


@also("error", "batch_axis_missing")
def _(kind, text):
    """model.predict(x[0]) after a predict that went well: TensorFlow says it differently."""
    return "length of shape with unknown rank" in text


@error(
    belief="a new axis in front turns whatever you have into a batch",
    truth="an array of samples has its batch axis already, and one more in front makes a single "
    "sample of all of them",
    hint="print the shape before and after you add the axis, and name each axis.",
)
def batch_axis_twice(kind, text):
    """model.predict(x[None]) where x holds 60 images."""
    declared, fed = _declared_and_fed(text)
    return bool(declared) and len(fed) > 1 and fed[0] == 1 and _fits(fed[1:], declared)


@error(
    belief="the data have to be flattened before the model gets them",
    truth="a model takes data in the shape that it declares, and unrolls them itself if it has a "
    "layer for it",
    hint="read the layers of the model: is there one that unrolls?",
)
def flattened_by_hand(kind, text):
    """model.predict(x.reshape(len(x), -1)) where the model begins with Flatten."""
    declared, fed = _declared_and_fed(text)
    return len(fed) == 2 < len(declared) and fed[1] == product(declared[1:])


@error(
    belief="Permute turns an array of whatever axes",
    truth="its list names every axis of a sample, and the batch axis comes before them, so the "
    "array must have one axis more than the list has numbers",
    hint="count the axes of what you hand over, and name each of them.",
)
def permute_counts_axes(kind, text):
    """Permute((2, 3, 1)) on an array of two axes."""
    return _axes(text)[0] > 0 and _refused(text)[0] == "Permute"


@error(
    belief="an axis of which the size is open needn't be written",
    truth="an axis of any size is an axis, and None stands in its place",
    hint="count the axes of one sample, and the entries of your shape.",
)
def open_axes_left_out(kind, text):
    """keras.Input((3,)) for pictures (None, None, 3), and a convolution."""
    expected, found, shape = _axes(text)
    colours = found == 2 and shape[0] is None and shape[-1] in (1, 3, 4)
    return expected >= 4 and colours and _refused(text)[1] == "InputLayer"


@error(
    belief="a convolution works on a row of numbers as well",
    truth="a convolution slides over height and width, and a flattened image has neither",
    hint="leave the image as it is until the convolutions are done.",
)
def flattened_before_convolution(kind, text):
    """Conv2D on x.reshape(60, 784), or Conv2D after Flatten."""
    expected, found, _ = _axes(text)
    return expected >= 4 and found == 2 and _has_windows(text)


@also("error", "dense_adds_axis")
def _(kind, text):
    """Dense(1) on (None, 28, 28), and a Conv2D behind it."""
    expected, found, shape = _axes(text)
    bare = expected == 4 and found == 3 and shape[-1:] == (1,)
    return bare and _has_windows(text) and _refused(text)[1] == "Dense"


@error(
    belief="grey images need no axis for channels",
    truth="a layer that works on images wants height, width and channels, even where there is "
    "one channel",
    hint="count the axes of one sample: where would its channels stand?",
)
def channel_axis_missing(kind, text):
    """Conv2D on (60, 28, 28).

    Met in "What is the difference between Input() and Flatten()?".
    """
    expected, found, _ = _axes(text)
    return expected == 4 and found == 3 and _has_windows(text)


@also("input", "channel_axis_missing")
def _(facts):
    """keras.Input((height, width)) for grey images (height, width, 1)."""
    return len(facts.wanted) == 4 and facts.wanted == (*facts.got, 1)


@error(
    belief="a missing axis belongs in front",
    truth="in front Keras looks for the batch; the channels are looked for at the end",
    hint="print the shape of what you pass on, and name each axis.",
)
def axis_added_in_front(kind, text):
    """A convolution of one channel on x[None], of shape (1, 60, 28, 28)."""
    wanted, shape = _last_axis(text)
    return wanted == 1 and shape[0] == 1


@also("start", "axis_added_in_front")
def _(shape):
    """A convolution on x[None], (1, 60, 28, 28), in the place of (60, 28, 28, 1)."""
    added = shape[0] is not None and len(shape) > 2 and shape[-1] == 1
    return (1, *shape[:-1]) if added else None


@error(
    belief="the channels come right after the batch",
    truth="unless told otherwise, Keras looks for the channels on the last axis, so it sees an "
    "image one pixel high here",
    hint="print the shape of what you pass on, and name each axis as Keras does.",
)
def channels_second(kind, text):
    """A convolution on x[:, None], of shape (60, 1, 28, 28)."""
    wanted, built = _last_axis(text)
    shape = shape_after(text, "inputs shape=") if "zero or negative" in text else built
    # Not of any symbolic shape: a map that has shrunk to one row looks just the same.
    fresh = _refused(text)[1] in ("InputLayer", "Reshape", "Permute", "ExpandDims")
    known = bool(shape) and (fresh or None not in shape) and len(shape) == 4
    second = known and shape[1] == 1 < (shape[2] or 0)
    return second and (wanted == 1 or not built)


@error(
    belief="the axis for the channels may stand anywhere",
    truth="unless told otherwise, Keras looks for the channels on the last axis, and there your "
    "axis of size 1 doesn't stand",
    hint="print the shape of what you pass on, and name each axis as Keras does.",
)
def channel_axis_inside(kind, text):
    """A convolution of one channel on np.expand_dims(x, 2), of shape (60, 28, 1, 28)."""
    wanted, shape = _last_axis(text)
    return wanted == 1 and 1 in shape[2:-1] and None not in shape


@error(
    belief="a window fits however small the map has become",
    truth="each unpadded window and each pooling makes the map smaller, until none fits any more",
    hint="follow the height alone through your layers, one line for each.",
)
def window_outgrows_map(kind, text):
    """A third Conv2D(3) on a map that is 1 pixel high."""
    return "zero or negative" in text


@error(
    belief="a recurrent layer can go along a single row of numbers",
    truth="it goes along the steps of a sample, so each sample has to be a table: steps, then "
    "features",
    hint="print the shape that reaches the layer. Which of its axes counts the steps?",
)
def steps_axis_missing(kind, text):
    """LSTM on keras.Input((5,)): expected ndim=3, found ndim=2."""
    expected, found, _ = _axes(text)
    return expected == 3 and found == 2 and text.endswith((" on InputLayer]", " on Flatten]"))


@also("error", "sequences_for_granted")
def _(kind, text):
    """LSTM after LSTM: expected ndim=3, found ndim=2.

    Met in stackoverflow.com/questions/40331510.
    """
    expected, found, _ = _axes(text)
    return expected == 3 and found == 2


@also("error", "flatten_swallows_batch")
def _(kind, text):
    """Dense on (None,), the shape of an Input that was unrolled with its batch axis."""
    _, found, shape = _axes(text)
    return found == 1 and shape == (None,)


@error(
    belief="the numbers of one sample may stand in a column",
    truth="there each of them counts as a sample of a single number; the axis that makes a batch "
    "of one sample stands in front",
    hint="print the shape of what you hand over, and name each axis.",
)
def sample_as_column(kind, text):
    """model.predict(x[:, None]) for one sample x of shape (3,): an error of Keras or TensorFlow."""
    wanted, shape = _last_axis(text)
    multiplied = re.search(r"size-incompatible: In\[0\]: \[(\d+),1\], In\[1\]: \[(\d+),", text)
    column = len(shape) == 2 and shape[0] == wanted > 1 == shape[1]
    return column or bool(multiplied) and multiplied[1] == multiplied[2]


@error(
    belief="what comes in has the width that the layer was built for, or needn't have it",
    truth="a layer is built for one size of the last axis, the one that it met first",
    hint="print the shape of the layer's kernel and the shape of what you give it.",
)
def width_changed(kind, text):
    """Dense(4), built on 512 features, called on 1280."""
    return bool(_last_axis(text)[1])


@also("error", "width_changed")
def _(kind, text):
    """The same, met by TensorFlow while it calculates: model.predict on a width of 4."""
    return "Matrix size-incompatible" in text


@error(
    belief="what comes in has the shape that the model declares, or needn't have it",
    truth="a model that declares its input compares the data with it, axis by axis",
    hint="print the shape of your data next to model.input_shape.",
)
def declared_shape_binds(kind, text):
    """A model declared for (None, 40, 33, 3) fed with (2, 8, 8, 3)."""
    return bool(_declared_and_fed(text)[0])


# Reshaping and joining


@also("error", "batch_is_permuted")
def _(kind, text):
    """layers.Permute((0, 2, 3, 1))."""
    return "Invalid permutation argument" in text and re.search(r"dims=[(\[]0", text) is not None


@error(
    belief="the axes of a sample are counted from 0",
    truth="Permute counts them from 1, as axis 0 of whatever a layer is given is the batch",
    hint="write the number of each axis under its name, and the batch in front of them all.",
)
def axes_counted_from_zero(kind, text):
    """layers.Permute((1, 2, 0))."""
    return (
        "Invalid permutation argument" in text and re.search(r"dims=[^)\]]*\b0\b", text) is not None
    )


@also("error", "dense_flattens")
def _(kind, text):
    """Reshape((28, 28, 1)) after Dense(784) on images that nothing has flattened."""
    before = shape_after(text, "input_shape=") or ()
    target = shape_after(text, "target_shape=") or ()
    kept = len(before) > 1 and len(target) > 1 and before[-1] == product(target)
    return "total size" in text and kept


@also("error", "target_has_batch")
def _(kind, text):
    """Reshape((32, 784)) on (28, 28)."""
    before = shape_after(text, "input_shape=") or ()
    target = shape_after(text, "target_shape=") or ()
    return "total size" in text and len(target) > 1 and product(target[1:]) == product(before)


@also("error", "sizes_added_up")
def _(kind, text):
    """Reshape((12,)) on (5, 4, 3)."""
    before = shape_after(text, "input_shape=") or (None,)
    target = shape_after(text, "target_shape=") or ()
    known = "total size" in text and len(before) > 1 and None not in before
    return known and target == (sum(before),)


@error(
    belief="your target holds as many numbers as every sample that comes, or needn't",
    truth="Reshape only arranges the numbers of a sample anew, so there must be as many after it "
    "as before",
    hint="multiply the sizes before your Reshape, and those that you ask for.",
)
def reshape_changes_size(kind, text):
    """Reshape((2351,)) on (28, 28, 3)."""
    return "total size" in text


@error(
    belief="tensors of any shapes can be joined as they are",
    truth="they can be joined only where they have the same number of axes, and here one has more",
    hint="bring both branches to as many axes before you join them.",
)
def different_ranks_joined(kind, text):
    """Concatenate on (None, 28, 28, 1) and (None, 5)."""
    return len({len(s) for s in _joined(text)}) > 1


@error(
    belief="branches are joined along the first axis",
    truth="the first axis is the batch: one sample's features are joined along the last",
    hint="name the axes of both branches: along which of them should the result grow?",
)
def joined_along_batch(kind, text):
    """Concatenate(axis=0) on (None, 784) and (None, 5)."""
    return len({s[:-1] for s in _joined(text)}) == 1 and len(_joined(text)[0]) == 2


@error(
    belief="it makes no difference along which axis tensors are joined",
    truth="all axes but that one must agree, and those of yours agree in all but the last: along "
    "it they could be joined",
    hint="read the `axis=` of your Concatenate, and name that axis.",
)
def joined_along_another_axis(kind, text):
    """Concatenate(axis=1) on (None, 8, 12, 4) and (None, 8, 12, 8)."""
    return len({s[:-1] for s in _joined(text)}) == 1


@error(
    belief="what is joined here agrees in its sizes, or needn't",
    truth="all axes but the one along which they are joined must agree",
    hint="write the shapes of the branches below each other.",
)
def joined_sizes_differ(kind, text):
    """Concatenate on (None, 8, 3) and (None, 9, 3)."""
    return bool(_joined(text))


def _joined(text):
    phrase = "except for the concatenation axis"
    return _shapes(text, phrase) if phrase in text else []


# Putting a model together


@error(
    belief="a model finds its inputs by itself",
    truth="`keras.Model(inputs, outputs)` must be given every Input that its output depends on",
    hint="go back from your output, and note each Input that you come to.",
)
def input_left_out(kind, text):
    """keras.Model(img, y) where y is computed from img and meta."""
    return "is not connected to" in text


@error(
    belief="the names of the inputs don't matter",
    truth="data that come as a dict find their Input by its name",
    hint="compare the names in the text with the `name=` of your Inputs.",
)
def inputs_unnamed(kind, text):
    """keras.Input((5,)) in the place of keras.Input((5,), name="meta")."""
    return "Missing data for input" in text


@error(
    belief="a model has its weights as soon as its layers are listed",
    truth="weights are made when the input's shape is known: from an Input, by the first call, or "
    "by `build` with a whole shape; `build()` without a shape makes none",
    hint="print len(model.weights) right before the line that fails.",
)
def not_built(kind, text):
    """set_weights on a Sequential without Input that was never called."""
    unbuilt = re.search(r"hasn't been built|not yet been built|never been built", text)
    return "expecting 0 weights" in text or bool(unbuilt)


@error(
    belief="a model knows where it ends once it knows where it begins",
    truth="`keras.Model` is told both, `inputs` and `outputs`; what lies between follows from them",
    hint="make the tensor in which your model is to end, and hand it over, too.",
)
def outputs_left_out(kind, text):
    """keras.Model(inputs=x)."""
    return re.search(r"passed to Model: \{'inputs': [^{}]*\}", text) is not None


@error(
    belief="weights fit a layer of any number of units",
    truth="the last axis of a kernel counts the units or filters, so both layers must have as many",
    hint="print the shapes of the weights of both, and compare their last sizes.",
)
def weights_of_other_units(kind, text):
    """b.set_weights(a.get_weights()), where b has 2 units and a 4."""
    sizes = r"\(((?:\d+, )*)\d+,?\)"
    shapes = rf"weight shape {sizes} is not compatible with provided weight shape {sizes}"
    found = re.search(shapes, text)
    return bool(found) and found[1] == found[2]


@error(
    belief="the weights of a layer have the same shape whatever it was first called on",
    truth="a kernel has a row for each number that comes in, so both layers must have met inputs "
    "of the same width",
    hint="print the shapes of the weights of both, and look at what each was first called on.",
)
def weights_of_another_width(kind, text):
    """b.set_weights(a.get_weights()), where b was called on 8 numbers and a on 4."""
    return "is not compatible with provided weight shape" in text


@error(
    belief="the layers of two models stand at the same places of their lists",
    truth="a Functional model lists its InputLayer, which has no weights, and a Sequential doesn't",
    hint="print the class names in the `layers` of both models, side by side.",
)
def places_shifted(kind, text):
    """b.layers[0].set_weights(a.layers[0].get_weights()), where a lists its InputLayer."""
    return "with a weight list of length 0, but the layer was expecting" in text


@error(
    belief="a shape is TensorFlow's TensorShape, with methods of its own",
    truth="in Keras 3 a shape is a tuple, and can be sliced and counted as it is",
    hint="print the type() of the shape.",
)
def shape_with_methods(kind, text):
    """x.shape.as_list(), or x.shape.ndims."""
    return kind == "AttributeError" and bool(_OF_A_TENSORSHAPE.search(text))


@error(
    belief="the shapes of a model are settings that can be changed afterwards",
    truth="they follow from its Input and its layers, and can only be read; other sizes need "
    "another Input",
    hint="look for a shape on the left of a `=`: which line made it what it is?",
)
def shape_assigned(kind, text):
    """model.input_shape = (None, 40, 30, 3)."""
    only_read = re.search(r"property '(input|output)(_shape)?' of '\w+' object has no setter", text)
    return kind == "AttributeError" and bool(only_read)


@error(
    belief="a function that makes something is what it makes",
    truth="this one takes nothing: called with empty brackets, it returns what it makes, and that "
    "can be called in its turn",
    hint="print the type() of what stands in front of the brackets, and of the same with `()`.",
)
def maker_for_what_it_makes(kind, text):
    """base(x), where base() returns a model."""
    return kind == "TypeError" and bool(_TAKES_NOTHING.match(text))


@error(
    belief="any name says what a loss is",
    truth='Keras knows losses by certain names, such as `"mse"` and `"binary_crossentropy"`; an '
    "optimizer or a metric is none",
    hint="compare your loss, letter by letter, with the names in dir(keras.losses).",
)
def no_such_loss(kind, text):
    """model.compile("adam", "mean_square_error")."""
    return "Could not interpret loss identifier" in text


@error(
    belief="every layer has a kernel",
    truth="layers such as Flatten or a pooling have no weights, and the shape of a kernel isn't "
    "that of what comes out",
    hint="print layer.weights for each layer of the model.",
)
def kernel_asked_of_layer(kind, text):
    """[layer.kernel.shape for layer in model.layers]."""
    of = re.search(r"'(\w+)' object has no attribute 'kernel'", text)
    return kind == "AttributeError" and of is not None and hasattr(keras.layers, of[1])


@error(
    belief="an array of NumPy's has the methods of another library's tensors",
    truth="NumPy has names of its own: what others call permute, for one, it calls transpose",
    hint="look for the function in NumPy's list of what moves axes.",
)
def method_of_another_library(kind, text):
    """x.permute(0, 2, 3, 1)."""
    return kind == "AttributeError" and bool(_OF_ANOTHER_LIBRARY.search(text))


@error(
    belief="an Input may stand anywhere in the list of a Sequential",
    truth="it says what comes in, so it is the first item; further down it is taken for a layer "
    "that could be called",
    hint="print the class names in model.layers, and look for the InputLayer.",
)
def input_not_first(kind, text):
    """Sequential([Dense(3), Input((4,)), Dense(1)]), in which Keras 2 left the Input out."""
    return "InputLayer has no positional arguments" in text


@error(
    belief="a Sequential may have an Input for each of its layers",
    truth="a Sequential has one input, said once, and the shapes further down follow from it",
    hint="ask of each Input in your list: does it describe the data as they come in?",
)
def several_inputs(kind, text):
    """Sequential([Input((4,)), Input((4,)), Dense(1)])."""
    again = "You cannot build it" in text
    return "already been configured to use input shape" in text and not again


@error(
    belief="each input of a model is an argument of its own",
    truth="`keras.Model` is given two things, where it begins and where it ends; several inputs "
    "are one list",
    hint="count what stands between the brackets of keras.Model.",
)
def inputs_side_by_side(kind, text):
    """keras.Model(a, b, y) for keras.Model([a, b], y)."""
    return text.startswith("Layer.__init__() takes 1 positional argument but 4 were")


@error(
    belief="a layer that joins is told its tensors when it is made",
    truth="it is made first, with its settings, and then called on the list of tensors",
    hint="count the pairs of brackets in the line that makes your layer.",
)
def tensors_when_made(kind, text):
    """Dense(2)(Concatenate([a, b])), or Add([a, b])."""
    made = kind == "TypeError" and "Merge.__init__() takes 1 positional argument" in text
    return made or "Only input tensors may be passed" in text and "<Concatenate name=" in text


@error(
    belief="a layer can be handed to a layer",
    truth="a layer is called on a tensor, and a layer object isn't one: it keeps the tensor that "
    "it passes on in its attribute `output`",
    hint="print the type() of what you hand over.",
)
def layer_handed_over(kind, text):
    """Dense(8)(InputLayer(shape=(4,)))."""
    return "Only input tensors may be passed" in text and "built=" in text


@error(
    belief="what stands for the data can be called on data",
    truth="a KerasTensor is no function and no layer: it is handed to layers, and the finished "
    "model is what takes data",
    hint="look for a tensor of yours with brackets behind its name.",
)
def tensor_called(kind, text):
    """keras.Input((4,))(x)."""
    return "'KerasTensor' object is not callable" in text


@error(
    belief="an InputLayer is called on data, as other layers are",
    truth="an InputLayer takes nothing: it is where a model begins, and has only an output",
    hint="look for your InputLayer with brackets behind its name, and for its attribute `output`.",
)
def input_layer_called(kind, text):
    """InputLayer(shape=(4,))(x), which Keras 2 allowed."""
    called = text.split(" [")[-1].startswith("InputLayer on ")
    too_many = kind == "TypeError" and text.startswith("too many positional arguments")
    return called and (too_many or kind == "IndexError")


@error(
    belief="a layer is given several tensors one after the other",
    truth="a layer is called on one thing, and one that joins is called on one list of tensors",
    hint="count what stands between the brackets of each call of a layer.",
)
def list_forgotten(kind, text):
    """Concatenate()(a, b) for Concatenate()([a, b])."""
    return kind == "TypeError" and text.startswith("too many positional arguments")


@error(
    belief="a model begins with a layer",
    truth="a model begins with a tensor: the one that `keras.Input` gives, or the output of an "
    "InputLayer",
    hint="print the type() of the first thing that you give to keras.Model.",
)
def layer_for_input(kind, text):
    """keras.Model(InputLayer(shape=(4,)), y)."""
    return "All `inputs` values must be KerasTensors" in text and "ndarray" not in text


@error(
    belief="a model begins with the data",
    truth="it begins with a tensor that has no numbers yet, its input; once it is made, it is "
    "called on the data",
    hint="print the type() of the first thing that you give to keras.Model.",
)
def data_for_input(kind, text):
    """keras.Model(x, y) with an array x."""
    return "All `inputs` values must be KerasTensors" in text and "ndarray" in text


@error(
    belief="what is calculated from an Input may stand in the list of a Sequential",
    truth="that list has layers, and in front what `keras.Input` gives; what you do to the data "
    "has to be a layer, too, or the model a Functional one",
    hint="print the type() of each item of your list.",
)
def tensor_in_the_list(kind, text):
    """Sequential([Input((4,)) / 255, Dense(1)])."""
    return "Only instances of `keras.Layer`" in text and "KerasTensor" in text


@error(
    belief="the class is the layer",
    truth="a layer is made first, with its settings, and then called with a tensor",
    hint="look for the two pairs of parentheses in a line of the lesson.",
)
def class_for_layer(kind, text):
    """Flatten(x) for Flatten()(x), or Flatten for Flatten() in a list of layers."""
    low = text.lower()
    given = re.search(r"data_format=(<kerastensor|\[)", low)
    listed = "Only instances of `keras.Layer`" in text and "of type <class 'type'>" in text
    return listed or bool(given)


@error(
    belief="a model ends with a layer",
    truth="a model ends with a tensor, which is what a layer gives when it is called",
    hint="call your last layer with what comes before it.",
)
def layer_for_tensor(kind, text):
    """keras.Model(i, layers.Dense(1))."""
    return "values must be KerasTensors" in text and "built=" in text


@error(
    belief="a name, a shape or a number tells a model where it ends",
    truth="a model ends with a tensor: the `output` of a layer, say",
    hint="print the type() of the last thing that you give to keras.Model.",
)
def no_tensor_for_output(kind, text):
    """keras.Model(model.input, "wider")."""
    return "All `outputs` values must be KerasTensors" in text


@error(
    belief="NumPy works on a tensor that has no numbers yet",
    truth="while a model is put together its tensors are symbolic: they have a shape and nothing "
    "that NumPy, or Python's len(), could take hold of",
    hint="look for a function of the same name in `keras.ops`.",
)
def numpy_on_symbolic(kind, text):
    """np.reshape(x, (len(x), -1)) in a layer's call."""
    phrases = ("infer the output shape", "KerasTensor is symbolic", "KerasTensor cannot be used")
    return any(phrase in text for phrase in phrases)


@error(
    belief="any loss for classes takes them as whole numbers",
    truth="this loss compares each row of outputs with a row as long, a 1 in the place of the "
    "class and 0 elsewhere; its sister with `sparse` in its name takes the number of the class",
    hint="print the shape of the targets beside the shape of the outputs.",
)
def classes_as_numbers(kind, text):
    """loss="categorical_crossentropy" for y = [0, 3, 2, ...]."""
    output = shape_after(text, "output.shape=") or ()
    target = shape_after(text, "target.shape=") or ()
    return "rank (ndim)" in text and len(output) == 2 and len(target) == 1


@error(
    belief="any loss will do for classes",
    truth="a loss such as the mean squared error subtracts targets from outputs, one by one, and "
    "here there are several outputs for a single target; a loss for classes given as whole "
    "numbers has `sparse` in its name",
    hint="print the shape of the targets beside the shape of the outputs.",
)
def loss_for_quantities(kind, text):
    """loss="mse" for y = [0, 3, 2, ...] and four outputs."""
    shapes = re.search(r"Incompatible shapes: \[(\d+)\] vs\. \[(\d+),(\d+)\]", text)
    return bool(shapes) and shapes[1] == shapes[2]


@also("error", "flatten_missing")
def _(kind, text):
    """Dense(10) on (None, 28, 28) and labels of one axis: fit() says so."""
    output = shape_after(text, "output.shape=") or ()
    return "rank (ndim)" in text and len(output) > 2


# Spellings of an older Keras


@error(
    belief="the input's shape belongs to the first layer",
    truth="Keras 3 warns of `input_shape=` on a layer; the shape is said by an Input of its own",
    hint="let the list of layers begin with what describes the data.",
)
def input_shape_on_layer(kind, text):
    """Flatten(input_shape=(28, 28)), the spelling of Keras 2."""
    return "Do not pass an `input_shape`" in text


@error(
    belief="InputLayer and the layers spell it the same way",
    truth="`InputLayer(input_shape=...)` is the old spelling, of which Keras 3 warns",
    hint="look up the arguments of keras.layers.InputLayer.",
)
def input_shape_on_input_layer(kind, text):
    """InputLayer(input_shape=(28, 28))."""
    return "`input_shape` is deprecated" in text


@error(
    belief="a name that an older Keras had, or that sounds right, is still there",
    truth="this module of Keras has no such name: layers that were experimental are now among the "
    "others, and what Keras 3 can do in another way is gone",
    hint="type `keras.` or `keras.layers.` and the first letters of what you look for, press Tab, "
    "or look how the text does it.",
)
def name_not_in_keras(kind, text):
    """layers.experimental.preprocessing.Rescaling, moved before Keras 3."""
    return kind == "AttributeError" and "module 'keras" in text


@error(
    belief="the rows of an array may differ in length",
    truth="all of them have as many places, so what is too short has to be filled up first",
    hint="print how many numbers each of your rows has.",
)
def rows_of_unequal_length(kind, text):
    """np.array([[7, 2], [6, 1, 8]])."""
    return kind == "ValueError" and "inhomogeneous shape" in text


def _one_axis_more(text):
    """Return what made the input of a convolution that has one axis more than its kernel, or ""."""
    kernel = shape_after(text, "received kernel of shape") or ()
    given = shape_after(text, "and input of shape") or ()
    more = "Kernel shape must have the same" in text and len(given) == len(kernel) + 1
    return (_refused(text)[1] or "something") if more else ""


@also("error", "target_has_batch")
def _(kind, text):
    """Reshape((-1, 28, 28, 1)) in front of a convolution."""
    return _one_axis_more(text) == "Reshape"


@error(
    belief="what you say of a sample has an entry for the batch",
    truth="Keras puts the batch axis in front by itself, and together with yours there is one "
    "axis too many for this layer",
    hint="count the axes of one sample, and compare with the shape that you wrote down.",
)
def batch_axis_written(kind, text):
    """keras.Input((None, None, None, 3)) in front of a convolution over rows and columns."""
    return _one_axis_more(text) in ("InputLayer", "data", "something")


@error(
    belief="any two layers fit together",
    truth="one layer was handed a shape that it doesn't accept, and the message says what it "
    "expected",
    hint=_COUNT,
)
def layers_do_not_fit(kind, text):
    """MaxPooling3D on an image."""
    return "incompatible with the layer" in text or "Kernel shape must have the same" in text
