"""Mistaken rules: what someone who believes something untrue would answer, for any layers.

Nothing here knows an exercise. A rule is a small function with a docstring that tells the
belief, an example and where it is met; `diagnose.py` looks for the rules that lead to a
learner's answer. There are five kinds:

- `layer_rule`: f(layer, before, after) -> the shape this layer is believed to give, or None
  where the belief says nothing of this layer. `after` is what Keras (or an earlier belief)
  makes of `before`; a rule changes its own axes only, and the rest of the stack is worked out
  by Keras, so beliefs combine.
- `start_rule`: f(shape) -> the shape that is believed to enter the stack, or None.
- `reading_rule`: f(truth, answer) -> True if the answer is the truth misread. For the beliefs
  about the result that leave a size open (any batch size, say).
- `count_rule`: f(layer, shape) -> the number of parameters believed, or None.
- `contract_rule`: f(declared, shape) -> whether a model with this declared input shape is
  believed to accept a batch of that shape.

Sources are the documents and threads in which the belief was met, named at the rule.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

from keras import layers

CONVOLUTIONS = (layers.Conv1D, layers.Conv2D, layers.Conv3D)
POOLINGS = (
    *(layers.MaxPooling1D, layers.MaxPooling2D, layers.MaxPooling3D),
    *(layers.AveragePooling1D, layers.AveragePooling2D, layers.AveragePooling3D),
)


@dataclass(frozen=True)
class Rule:
    """A mistaken rule. belief: a clause ("Flatten ..."); truth: what holds instead; hint: a try."""

    code: str
    kind: str
    belief: str
    truth: str
    hint: str
    apply: Callable


#: Every rule by its code, in the order in which equally simple explanations are preferred.
RULES = {}


def _register(kind):
    def with_texts(belief, truth, hint):
        def register(function):
            RULES[function.__name__] = Rule(function.__name__, kind, belief, truth, hint, function)
            return function

        return register

    return with_texts


layer_rule = _register("layer")
start_rule = _register("start")
reading_rule = _register("reading")
count_rule = _register("count")
contract_rule = _register("contract")


# -- Flatten ----------------------------------------------------------------------------------


@layer_rule(
    belief="Flatten gives a one-dimensional result",
    truth="Flatten unrolls each sample and leaves the batch axis alone, so its result always "
    "has two axes",
    hint="feed a Flatten layer two samples and count the rows that come out.",
)
def flatten_swallows_batch(layer, before, after):
    """Flatten((None, 3, 3, 128)) is (1152,).

    Met in "How does the Flatten layer work in Keras?" and "What is the role of Flatten in
    Keras?", which leave the batch axis out.
    """
    if isinstance(layer, layers.Flatten):
        return (_product(before[1:] if before[0] is None else before),)
    return None


@layer_rule(
    belief="Flatten merges height and width and keeps the channels",
    truth="Flatten merges every axis after the batch, channels too",
    hint="ask yourself how many axes a Dense layer's input would have after your Flatten.",
)
def flatten_keeps_channels(layer, before, after):
    """Flatten((None, 3, 3, 128)) is (None, 9, 128)."""
    if isinstance(layer, layers.Flatten) and len(before) > 2:
        return (before[0], _product(before[1:-1]), before[-1])
    return None


@layer_rule(
    belief="Flatten makes a column, with an axis of size 1 at the end",
    truth="the result of Flatten has two axes, samples and features, and no third",
    hint="compare np.zeros((5, 4)).shape and np.zeros((5, 4, 1)).shape.",
)
def flatten_makes_column(layer, before, after):
    """Flatten((None, 28, 28)) is (None, 784, 1), from the habit of writing "784x1".

    Met in "What is the role of Flatten in Keras?".
    """
    return (before[0], _product(before[1:]), 1) if isinstance(layer, layers.Flatten) else None


@layer_rule(
    belief="Flatten unrolls height and width only, and the channels don't count",
    truth="every channel of every position becomes a feature",
    hint="count the numbers in one sample before Flatten, and after.",
)
def flatten_forgets_channels(layer, before, after):
    """Flatten((None, 4, 4, 32)) is (None, 16)."""
    if isinstance(layer, layers.Flatten) and len(before) > 2:
        return (before[0], _product(before[1:-1]))
    return None


@layer_rule(
    belief="Flatten has no effect while there are no numbers yet",
    truth="Keras works out every shape symbolically, without any data",
    hint="print the shape that a Flatten layer gives for a keras.Input.",
)
def flatten_does_nothing(layer, before, after):
    """Flatten()(keras.Input((3, 3, 128))) keeps (None, 3, 3, 128)."""
    return before if isinstance(layer, layers.Flatten) and len(before) > 2 else None


# -- convolution and pooling ------------------------------------------------------------------


@layer_rule(
    belief="a convolution keeps height and width",
    truth='with the default, `padding="valid"`, a window stands only where it fits; it is '
    '`padding="same"` that keeps the size',
    hint="slide a window of 3 along a row of 10 with your finger and count the places.",
)
def same_padding(layer, before, after):
    """Conv2D(32, 3) on (None, 10, 10, 64) is (None, 10, 10, 32): "same" taken for "valid"."""
    if not isinstance(layer, CONVOLUTIONS) or layer.padding != "valid":
        return None
    sizes = (_ceil_divide(n, s) for n, s in zip(before[1:-1], layer.strides, strict=True))
    return (after[0], *sizes, after[-1])


@layer_rule(
    belief="a convolution hands on as many channels as it received",
    truth="a convolution gives one channel per filter, however many channels came in",
    hint="look at the first argument of the convolution.",
)
def channels_kept(layer, before, after):
    """Conv2D(32, 3) on (None, 10, 10, 64) is (None, 8, 8, 64)."""
    if not isinstance(layer, CONVOLUTIONS):
        return None
    return (*after[:-1], before[-1])


@layer_rule(
    belief="each filter gives one channel for each channel that came in",
    truth="a filter adds its results over all input channels and gives a single channel",
    hint="look at the first argument of the convolution.",
)
def channels_multiplied(layer, before, after):
    """Conv2D(32, 3) on (None, 10, 10, 64) has 32 x 64 channels."""
    if not isinstance(layer, CONVOLUTIONS) or before[-1] is None:
        return None
    return (*after[:-1], before[-1] * layer.filters)


@layer_rule(
    belief="pooling leaves height and width as they are",
    truth="a pooling layer keeps one number per window, and its windows stand side by side",
    hint="pool the row 1 2 3 4 5 6 by windows of two, on paper.",
)
def pooling_forgotten(layer, before, after):
    """MaxPooling2D(2) on (None, 8, 8, 32) stays (None, 8, 8, 32)."""
    return before if isinstance(layer, POOLINGS) else None


@layer_rule(
    belief="the pooling window moves on by one position, as a convolution's does",
    truth="unless `strides` says otherwise, a pooling window moves by its own size",
    hint="pool the row 1 2 3 4 5 6 by windows of two, on paper.",
)
def pooling_stride_one(layer, before, after):
    """MaxPooling2D(2) on (None, 8, 8, 32) is (None, 7, 7, 32)."""
    if not isinstance(layer, POOLINGS) or layer.padding != "valid":
        return None
    sizes = zip(before[1:-1], layer.pool_size, strict=True)
    return (before[0], *(None if n is None else n - p + 1 for n, p in sizes), before[-1])


@layer_rule(
    belief="pooling rounds up where the windows don't fit evenly",
    truth='with `padding="valid"`, the default, a window that would stick out is left out',
    hint="pool the row 1 2 3 4 5 by windows of two, on paper.",
)
def pooling_rounds_up(layer, before, after):
    """MaxPooling2D(2) on (None, 11, 11, 64) is (None, 6, 6, 64)."""
    if not isinstance(layer, POOLINGS) or layer.padding != "valid":
        return None
    sizes = (_ceil_divide(n, s) for n, s in zip(before[1:-1], layer.strides, strict=True))
    return (before[0], *sizes, before[-1])


# -- Dense ------------------------------------------------------------------------------------


@layer_rule(
    belief="Dense flattens what it receives",
    truth="Dense works on the last axis and keeps all axes before it",
    hint="give a Dense layer a batch of tables and print the shape of what comes back.",
)
def dense_flattens(layer, before, after):
    """Dense(16) on (None, 3, 2) is (None, 16).

    Met in "What is the role of Flatten in Keras?" and many threads since, for example
    datascience.stackexchange.com/questions/42530.
    """
    if isinstance(layer, layers.Dense) and len(before) > 2:
        return (before[0], layer.units)
    return None


# -- the batch axis ---------------------------------------------------------------------------


@start_rule(
    belief="the first size you wrote is the batch",
    truth="`keras.Input(shape=...)` describes one sample; Keras puts the batch axis in front",
    hint="count the axes of keras.Input(shape=(5, 7)) and compare with what you wrote.",
)
def first_axis_is_batch(shape):
    """An Input(shape=(3, 3, 128)) followed by Flatten is (3, 384): the first 3 taken as batch."""
    return shape[1:] if shape[0] is None and len(shape) > 2 else None


@start_rule(
    belief="Keras puts a batch of one in front of an array",
    truth="Keras takes a real array as it comes: its first axis is the batch, whatever you meant",
    hint="ask len() of the array: that is how many samples Keras sees.",
)
def array_gets_batch_of_one(shape):
    """Flatten()(np.zeros((3, 3, 128))) is (1, 1152)."""
    return None if shape[0] is None else (1, *shape)


@start_rule(
    belief="the batch size of a real array is open",
    truth="an array has a size on every axis, and Keras takes its first axis as the batch",
    hint="ask len() of the array: that is how many samples Keras sees.",
)
def array_gets_open_batch(shape):
    """Flatten()(np.zeros((3, 3, 128))) is (None, 1152)."""
    return None if shape[0] is None else (None, *shape)


@reading_rule(
    belief="the shape leaves the batch axis out",
    truth="every shape that Keras reports begins with the batch axis",
    hint="write one more entry, in front: what does Keras put where the size is still open?",
)
def batch_left_out(truth, answer):
    """(28, 28, 3) where Keras says (None, 28, 28, 3)."""
    return answer == truth[1:]


@reading_rule(
    belief="an open batch size means one sample",
    truth="None stands for any number of samples, and the number may differ from call to call",
    hint="call a model with one sample, then with seven, and print both shapes.",
)
def none_means_one(truth, answer):
    """(1, 28, 28, 3) where Keras says (None, 28, 28, 3), or for 7 samples.

    Met in "What is the difference between Input() and Flatten()?", which calls None a size
    that training determines.
    """
    return truth[0] != 1 and answer == (1, *truth[1:])


@reading_rule(
    belief="the batch size is already settled when the model is defined",
    truth="the batch stays open (None) until data arrives",
    hint="look for the number of samples in the code that made this tensor. Is it there?",
)
def batch_fixed(truth, answer):
    """(32, 28, 28, 3) where Keras says (None, 28, 28, 3)."""
    same = len(answer) == len(truth) and answer[1:] == truth[1:]
    return truth[0] is None and same and isinstance(answer[0], int)


@reading_rule(
    belief="None stays None when real data flows",
    truth="an array has a size on every axis; None stands only in symbolic shapes",
    hint="ask a NumPy array for its shape: can it hold a None?",
)
def none_survives(truth, answer):
    """(None, 26, 26, 32) for a batch of 7 images."""
    return isinstance(truth[0], int) and answer == (None, *truth[1:])


@reading_rule(
    belief="the batch axis has to be written by hand",
    truth="Keras adds the batch axis itself, so a None of your own becomes a second one",
    hint="describe one sample, and only one sample, in `shape=`.",
)
def batch_written_by_hand(truth, answer):
    """keras.Input(shape=(None, 28, 28)): (None, None, 28, 28)."""
    return truth[0] is None and answer == (None, *truth)


@reading_rule(
    belief="the number of samples belongs in `shape=`",
    truth="`shape=` describes one sample; with the number of samples in it, every sample "
    "becomes as big as your whole data set",
    hint="describe one sample, and only one sample, in `shape=`.",
)
def batch_in_shape(truth, answer):
    """keras.Input(shape=x.shape): (None, 60000, 28, 28)."""
    inserted = len(answer) == len(truth) + 1 and answer[0] is None and answer[2:] == truth[1:]
    return truth[0] is None and inserted and isinstance(answer[1], int)


# -- order of axes ----------------------------------------------------------------------------


@reading_rule(
    belief="Keras puts the channels first",
    truth="Keras keeps the axes in the order you give, and by default reads the last as channels",
    hint="compare the order in the code with the order in your answer.",
)
def channels_moved_first(truth, answer):
    """(None, 3, 28, 28) where Keras says (None, 28, 28, 3)."""
    return len(truth) > 2 and answer == (truth[0], truth[-1], *truth[1:-1]) != truth


@reading_rule(
    belief="width comes before height",
    truth="an image's shape is (height, width, channels): rows first, as in NumPy",
    hint="compare the order in the code with the order in your answer.",
)
def height_width_swapped(truth, answer):
    """(None, 48, 32, 3) where Keras says (None, 32, 48, 3)."""
    return len(truth) == 4 and answer == (truth[0], truth[2], truth[1], truth[3]) != truth


# -- what a declared input accepts ------------------------------------------------------------


@contract_rule(
    belief="the declared shape is enforced to the letter",
    truth="Keras adapts an axis of size 1 at the end without a word: it adds or drops it",
    hint="feed one batch to the model with, and one without, an axis of size 1 at the end.",
)
def contract_enforced(declared, shape):
    """Input((28, 28)) accepts (5, 28, 28), and nothing else of another shape.

    Met in "What is the difference between Input() and Flatten()?", which likens Input to a
    typed parameter.
    """
    return shape[1:] == declared[1:]


@contract_rule(
    belief="only the number of axes counts",
    truth="a Functional model compares the sizes, too",
    hint="feed a batch of images that are too wide by one pixel.",
)
def only_rank_counts(declared, shape):
    """Input((28, 28)) accepts (5, 14, 56): true of a Sequential in Keras 3, not of a Functional."""
    return len(shape) == len(declared)


@contract_rule(
    belief="only the number of values in a sample counts",
    truth="the shape is compared axis by axis, whatever the product",
    hint="feed a batch of images that are half as high and twice as wide.",
)
def only_size_counts(declared, shape):
    """Input((28, 28)) accepts (5, 14, 56) and (5, 784)."""
    return _product(shape[1:]) == _product(declared[1:])


@contract_rule(
    belief="a single sample may come without a batch axis",
    truth="the first axis of what you feed is always taken as the batch",
    hint="feed one sample as it is, then the same sample as x[None].",
)
def batch_axis_optional(declared, shape):
    """Input((28, 28)) accepts one image of shape (28, 28)."""
    return declared[1:] in (shape, shape[1:])


# -- numbers of parameters --------------------------------------------------------------------


@count_rule(
    belief="a layer has no bias",
    truth="unless `use_bias=False`, there is one bias for each output channel or unit",
    hint="print the shapes of layer.weights for a layer of another size.",
)
def bias_forgotten(layer, shape):
    """Conv2D(32, 3) on 64 channels has 3 x 3 x 64 x 32 parameters, and no more."""
    return _size(layer.kernel) if _has_bias(layer) else None


@count_rule(
    belief="a filter has one kernel, whatever the number of input channels",
    truth="a filter looks at every input channel with weights of its own",
    hint="print the shape of the kernel of a convolution on 5 channels.",
)
def input_channels_forgotten(layer, shape):
    """Conv2D(32, 3) on 64 channels has 3 x 3 x 32 + 32 parameters."""
    if not isinstance(layer, CONVOLUTIONS):
        return None
    return math.prod(layer.kernel_size) * layer.filters + layer.filters * layer.use_bias


@count_rule(
    belief="there is one bias for each input channel or feature",
    truth="biases are added to the result, so there is one for each output channel or unit",
    hint="print the shape of the bias of a layer of another size.",
)
def bias_per_input(layer, shape):
    """Conv2D(32, 3) on 64 channels has 3 x 3 x 64 x 32 + 64 parameters."""
    return _size(layer.kernel) + shape[-1] if _has_bias(layer) else None


@count_rule(
    belief="each position of the image has its own bias",
    truth="a filter shares one bias over all positions",
    hint="print the shape of the bias of a convolution on a bigger image.",
)
def bias_per_position(layer, shape):
    """Conv2D(32, 3) on (10, 10, 64) has 3 x 3 x 64 x 32 + 8 x 8 x 32 parameters."""
    if not isinstance(layer, CONVOLUTIONS) or not _has_bias(layer):
        return None
    after = layer.compute_output_shape(shape)
    return None if None in after[1:] else _size(layer.kernel) + _product(after[1:])


@count_rule(
    belief="each position has a kernel of its own",
    truth="one kernel is shared by all positions",
    hint="count the parameters of the same layer on a bigger input: do they grow?",
)
def kernel_per_position(layer, shape):
    """Dense(16) on (3, 2) has 3 x (2 x 16 + 16) parameters.

    Met in stackoverflow.com/questions/44611006.
    """
    if len(shape) < 3 or not isinstance(layer, (*CONVOLUTIONS, layers.Dense)):
        return None
    after = layer.compute_output_shape(shape)
    return None if None in after[1:] else layer.count_params() * _product(after[1:-1])


@count_rule(
    belief="a layer has as many parameters as its output has numbers",
    truth="the size of a layer's output is not a count of weights",
    hint="ask a pooling layer, or any layer without weights, for count_params().",
)
def output_counted(layer, shape):
    """Flatten on (28, 28) has 784 parameters."""
    after = layer.compute_output_shape(shape)
    return None if None in after[1:] else _product(after[1:])


@count_rule(
    belief="a layer has a weight for each output number, and one bias",
    truth="only a layer that multiplies or adds learned numbers has any",
    hint="ask the layer for its list of weights: layer.weights.",
)
def output_counted_with_bias(layer, shape):
    """Flatten on (28, 28) has 785 parameters."""
    count = output_counted(layer, shape)
    return None if count is None else count + 1


def _has_bias(layer):
    return hasattr(layer, "kernel") and getattr(layer, "use_bias", False)


def _size(variable):
    return math.prod(variable.shape)


def _product(sizes):
    """Multiply sizes; None where one of them is open."""
    return None if None in sizes else math.prod(sizes)


def _ceil_divide(n, by):
    """Divide a size and round up; None stays None."""
    return None if n is None else -(-n // by)
