"""Beliefs about what a model with a declared input accepts."""

import functools
import math

import keras
import numpy as np

from autograder.learn.mistakes.rule import also, rule
from autograder.learn.mistakes.sizes import product
from autograder.learn.predictions import ERROR, Built, Called
from autograder.learn.questions import Accepts

#: Rules about one kind of question, or one topic.
about_accepts = functools.partial(rule, "value", about=Accepts)
about_called = functools.partial(rule, "value", about=Called)
about_built = functools.partial(rule, "value", about=Built)


@about_accepts(
    belief="the declared shape is enforced to the letter",
    truth="Keras isn't that strict: some differences are forgiven",
    hint="ask of each shape that isn't as declared what exactly is different, and whether any "
    "number is.",
)
def contract_enforced(question):
    """Input((28, 28)) accepts (5, 28, 28), and nothing else of another shape.

    Met in "What is the difference between Input() and Flatten()?", which likens Input to a
    typed parameter.
    """
    return question.shape[1:] == question.declared[1:]


@about_accepts(
    belief="only the number of axes counts",
    truth="the sizes are looked at as well, by the model or by its layers",
    hint="feed a batch of images that are too wide by one pixel.",
)
def only_rank_counts(question):
    """Input((28, 28)) accepts (5, 14, 56): true of a Sequential in Keras 3, not of a Functional."""
    return len(question.shape) == len(question.declared)


@about_accepts(
    belief="a sample fits if it has as many axes and as many values",
    truth="the shape is compared axis by axis, whatever the product",
    hint="feed a batch of images that are half as high and twice as wide.",
)
def rank_and_size_count(question):
    """Input((28, 28)) accepts (5, 14, 56), and neither (5, 28, 28, 1) nor (5, 28, 29)."""
    if len(question.shape) != len(question.declared):
        return False
    return product(question.shape[1:]) == product(question.declared[1:])


@about_accepts(
    belief="only the number of values in a sample counts",
    truth="the shape is compared axis by axis, whatever the product",
    hint="feed a batch of images that are half as high and twice as wide.",
)
def only_size_counts(question):
    """Input((28, 28)) accepts (5, 14, 56) and (5, 784)."""
    return product(question.shape[1:]) == product(question.declared[1:])


@about_accepts(
    belief="a single sample may come without a batch axis",
    truth="the first axis of what you feed is always taken as the batch",
    hint="feed one sample as it is, then the same sample as x[None].",
    weak=True,
)
def batch_axis_optional(question):
    """Input((28, 28)) accepts one image of shape (28, 28)."""
    return question.declared[1:] in (question.shape, question.shape[1:])


@about_accepts(
    belief="what goes in is a single sample, without an axis that counts samples",
    truth="the first axis of what you feed is always taken as the batch",
    hint="feed one sample as it is, then the same sample as x[None].",
    weak=True,  # of batches alone it says what contract_enforced says
)
def sample_by_sample(question):
    """Input((28, 28)) accepts (28, 28), and refuses (1, 28, 28) and (5, 28, 28, 1)."""
    return question.shape == question.declared[1:]


@about_accepts(
    belief="one sample is no batch",
    truth="a batch may hold any number of samples, and one is a number",
    hint="feed the model with a batch of one, and with a batch of seven.",
)
def batch_of_one_refused(question):
    """Input((28, 28)) refuses (1, 28, 28)."""
    return False if question.shape[0] == 1 else None


@about_accepts(
    belief="the number of samples is declared, too",
    truth="the number of samples is open, and what is declared is the shape of one of them",
    hint="print the model's input_shape. Which of its entries is None?",
    weak=True,
)
def nothing_accepted(question):
    """Input((28, 28)) refuses (1, 28, 28), and whatever else isn't as written."""
    return False


@about_accepts(
    belief="a declared shape is a remark, which nobody compares with the data",
    truth="data are compared with it, and some are refused",
    hint="feed the model with a batch of images that are too wide by one pixel.",
    weak=True,
)
def everything_accepted(question):
    """Input((28, 28)) accepts (5, 28, 30), and one image without a batch axis."""
    return True


@about_accepts(
    belief="a Functional model is the lenient kind, and a Sequential the strict one",
    truth="in Keras 3 a Functional model compares the sizes, and a Sequential leaves that to its "
    "layers",
    hint="feed both kinds with images that are too wide by one pixel.",
    weak=True,  # of Functional models alone it says the same as only_size_counts
)
def functional_is_lenient(question):
    """Declared (28, 28), a Functional accepts (2, 14, 56) and a Sequential refuses it."""
    if isinstance(question.model, keras.Sequential):
        return question.shape[1:] == question.declared[1:]
    return product(question.shape[1:]) == product(question.declared[1:])


@about_accepts(
    belief="a Sequential compares the sizes as a Functional model does",
    truth="in Keras 3 a Sequential counts the axes, and leaves the sizes to its layers (in Keras 2 "
    "it did compare them)",
    hint="feed a Sequential that begins with Flatten with a batch turned on its side.",
)
def sequential_enforces_sizes(question):
    """Declared (28, 28), a Sequential refuses (2, 14, 56)."""
    sequential = isinstance(question.model, keras.Sequential)
    return _fits(question.shape, question.declared) if sequential else None


@about_accepts(
    belief="in a Sequential nobody looks at the sizes",
    truth="the model only counts the axes, but a layer with weights looks at its last axis",
    hint="ask how many numbers reach the first layer with weights, and how many it was built for.",
)
def layers_do_not_look(question):
    """Declared (28, 28), a Sequential of Flatten and Dense accepts (5, 28, 29)."""
    sequential = isinstance(question.model, keras.Sequential)
    return _fits(question.shape, question.declared, sizes=False) if sequential else None


@about_accepts(
    belief="an axis more is always refused",
    truth="one axis isn't like another: an axis of size 1 holds no numbers of its own",
    hint="print what a model gives for a batch with an axis of size 1 more, if it gives anything.",
    weak=True,  # of models of one kind alone it says what contract_enforced says
)
def extra_axis_refused(question):
    """Input((28, 28)) refuses (5, 28, 28, 1)."""
    return False if len(question.shape) > len(question.declared) else None


@about_accepts(
    belief="a Sequential counts the axes to the last, so that one more is refused",
    truth="what Keras makes of an axis that holds no numbers of its own doesn't depend on the kind "
    "of the model",
    hint="feed a Sequential with a batch that has an axis of size 1 more.",
    weak=True,  # of models of one kind alone it says what contract_enforced says
)
def sequential_refuses_axis(question):
    """A Sequential for (28, 28) refuses (5, 28, 28, 1), and a Functional model takes it."""
    sequential = isinstance(question.model, keras.Sequential)
    return extra_axis_refused(question) if sequential else None


@about_accepts(
    belief="a Functional model compares so closely that an axis more is refused",
    truth="what Keras makes of an axis that holds no numbers of its own doesn't depend on the kind "
    "of the model",
    hint="feed a Functional model with a batch that has an axis of size 1 more.",
    weak=True,  # of models of one kind alone it says what contract_enforced says
)
def functional_refuses_axis(question):
    """A Functional model for (28, 28) refuses (5, 28, 28, 1), and a Sequential takes it."""
    sequential = isinstance(question.model, keras.Sequential)
    return None if sequential else extra_axis_refused(question)


@about_accepts(
    belief="a Functional model takes the declared shape alone, and a Sequential takes any",
    truth="the one isn't quite so strict, nor the other quite so open: the layers look, too",
    hint="ask how many numbers reach the first layer with weights, and how many it was built for.",
    weak=True,  # of models of one kind alone it says what contract_enforced says
)
def strict_or_open(question):
    """Declared (28, 28), a Functional refuses (5, 28, 28, 1), a Sequential takes (5, 28, 29)."""
    sequential = isinstance(question.model, keras.Sequential)
    return sequential or question.shape[1:] == question.declared[1:]


@about_accepts(
    belief="a Sequential compares the sizes, and a Functional model leaves them to its layers",
    truth="it is the other way round",
    hint="feed both kinds with images that are too wide by one pixel.",
    weak=True,  # of models of one kind alone others say more
)
def kinds_exchanged(question):
    """Declared (28, 28), a Functional takes (2, 14, 56), a Sequential refuses it."""
    if isinstance(question.model, keras.Sequential):
        return _fits(question.shape, question.declared)
    if not _fits(question.shape, question.declared, sizes=False):
        return False
    parts = [x for x in question.model.layers if not isinstance(x, keras.layers.InputLayer)]
    try:
        functools.reduce(lambda x, layer: layer(x), parts, np.zeros(question.shape, "float32"))
    except (TypeError, ValueError):
        return False
    return True


def _fits(shape, declared, sizes=True):
    """Tell whether a shape is as declared, but for an axis of size 1 at the end."""
    if len(shape) == len(declared) + 1 and shape[-1] == 1:
        shape = shape[:-1]
    elif len(shape) == len(declared) - 1 and declared[-1] == 1:
        shape = (*shape, 1)
    return len(shape) == len(declared) and (not sizes or shape[1:] == declared[1:])


@about_accepts(
    belief="a missing batch axis is forgiven",
    truth="what is forgiven is an axis of size 1 at the end; the first axis of what you feed is "
    "always taken as the batch",
    hint="feed one sample as it is, then the same sample as x[None].",
    weak=True,
)
def missing_batch_forgiven(question):
    """Input((28, 28)) accepts (28, 28), as it does (5, 28, 28, 1)."""
    return True if question.shape == question.declared[1:] else None


@also("value", "contract_enforced", about=Called)
def _(question):
    """A model for (28, 28, 1) raises for one image of shape (28, 28, 1)."""
    taken = not isinstance(question.truth, str)
    return ERROR if taken and question.shape[1:] != question.declared[1:] else None


@also("value", "batch_axis_optional", about=Called)
def _(question):
    """A model that gives 10 numbers a sample gives (10,) for one sample without a batch axis."""
    return question.promised[1:] if question.shape == question.declared[1:] else None


@also("value", "array_gets_batch_of_one", about=Called)
def _(question):
    """A model that gives 10 numbers a sample gives (1, 10) for one sample without a batch axis."""
    return (1, *question.promised[1:]) if question.shape == question.declared[1:] else None


@about_called(
    belief="the model gives a result for each position of the image",
    truth="once the positions have been pooled or unrolled, there is one result for a sample",
    hint="follow the number of axes through the layers, one line for each.",
)
def result_per_position(question):
    """A model that gives 10 numbers a sample gives (28, 28, 10) for an image."""
    return (*question.shape[:-1], question.promised[-1])


@about_called(
    belief="Keras has another name for this refusal",
    truth="it is refused, but the exception isn't the one that you named",
    hint="look back at what Keras raised in the lesson when a shape didn't fit.",
)
def other_exception(question):
    """A model that raises a ValueError is believed to raise a TypeError."""
    return ERROR if isinstance(question.truth, str) else None


@about_called(
    belief="what reaches the last layer is what comes out",
    truth="the last layer makes numbers of its own from it",
    hint="which layer stands last, and how many numbers does it give?",
)
def last_layer_forgotten(question):
    """A model that ends in Dense(5) on 4 numbers gives (1, 4)."""
    met = getattr(question.model.layers[-1].input, "shape", None)  # a list where it joins
    return (question.truth[0], *met[1:]) if met and isinstance(question.truth, tuple) else None


@also("value", "dense_adds_axis", about=Called)
def _(question):
    """A model that ends in Dense(5) on 4 numbers gives (1, 4, 5)."""
    last, truth = question.model.layers[-1], question.truth
    ends = isinstance(last, keras.layers.Dense) and isinstance(truth, tuple)
    return (*truth[:-1], last.input.shape[-1], truth[-1]) if ends else None


@also("value", "batch_of_one_refused", about=Called)
def _(question):
    """A model raises for a batch of one."""
    taken = isinstance(question.truth, tuple)
    return ERROR if taken and question.shape[0] == 1 < len(question.shape) else None


@about_called(
    belief="a model gives the shape that it is given",
    truth="each of its layers may change it, and the last one decides what comes out",
    hint="print model.output_shape.",
    weak=True,
)
def shape_comes_out(question):
    """A model that gives 10 numbers a sample gives (1, 28, 28) for (1, 28, 28)."""
    return question.shape


@about_called(
    belief="the declared batch size is enforced",
    truth="a batch size in `Input` is a remark, which Keras does not hold you to",
    hint="call the model with batches of several sizes.",
)
def batch_size_enforced(question):
    """Input((4,), batch_size=8) raises for 3 samples."""
    declared = question.declared[0]
    return ERROR if declared not in (None, question.shape[0]) else None


@about_called(
    belief="Keras fills a batch up to the declared size",
    truth="Keras invents no samples: as many results come out as samples went in",
    hint="count the samples that went in.",
)
def batch_filled_up(question):
    """Input((4,), batch_size=8) gives (8, 1) for 3 samples."""
    return None if question.declared[0] is None else question.promised


@also("value", "none_survives", about=Called)
def _(question):
    """A model gives (None, 1) for 3 samples."""
    return (None, *question.promised[1:])


@about_called(
    belief="-1 in a reshape stands for the batch",
    truth="-1 stands for whatever is left over when the other sizes are filled",
    hint="reshape np.arange(12).reshape(2, 6) to (-1, 3) and count the rows.",
)
def minus_one_is_batch(question):
    """ops.reshape(x, (-1, 50)) gives (3, 50) for 3 samples of 100 numbers."""
    as_declared = question.shape[1:] == question.declared[1:]
    return (question.shape[0], *question.promised[1:]) if as_declared else None


@about_called(
    belief="where the batch axis is missing, the rows of the sample are taken for samples",
    truth="that happens only where an axis of size 1 at the end makes up for the missing one; "
    "otherwise the model notices",
    hint="feed one sample without its batch axis, once with one channel and once with three.",
)
def rows_for_samples(question):
    """A model for (24, 24, 3) that gives 5 numbers a sample gives (24, 5) for one image."""
    missing = len(question.shape) == len(question.declared) - 1
    return (question.shape[0], *question.promised[1:]) if missing else None


@about_called(
    belief="a reshape keeps the samples apart, whatever the target shape",
    truth="`layers.Reshape` does that; a reshape of `keras.ops`, or of NumPy's, gets the batch "
    "axis along with the rest",
    hint="reshape np.arange(12).reshape(2, 6) to (-1, 3) and count the axes.",
)
def batch_protected(question):
    """ops.reshape(x, (-1, 50)) gives (3, 2, 50) for 3 samples of 100 numbers."""
    samples, rest = question.shape[0], question.promised[1:]
    rows, left = divmod(math.prod(question.shape[1:]), math.prod(rest))
    return None if left else (samples, rows, *rest)


@about_called(
    belief="a model gives what one sample gives, however many go in",
    truth="all the samples that go in come out again, with all their numbers",
    hint="count the numbers that go in, and those that your shape would hold.",
)
def one_sample_counted(question):
    """ops.reshape(x, (-1, 50)) gives (2, 50) for 3 samples of 100 numbers."""
    rows, left = divmod(math.prod(question.shape[1:]), math.prod(question.promised[1:]) or 1)
    return None if left or question.shape[0] == 1 else (rows, *question.promised[1:])


@also("value", "flatten_swallows_batch", about=Called)
def _(question):
    """ops.reshape(x, (-1, 50)) gives (300,) for 3 samples of 100 numbers."""
    truth = question.truth
    return (math.prod(truth),) if isinstance(truth, tuple) and len(truth) > 1 else None


@about_called(
    belief="-1 stays in the shape that comes out",
    truth="-1 stands for a size that is worked out, and data that exist have a size on every axis",
    hint="reshape np.arange(12).reshape(2, 6) to (-1, 3) and print the shape.",
)
def minus_one_stays(question):
    """A model gives (-1, 1) for 3 samples."""
    return (-1, *question.promised[1:])


@about_called(
    belief="the samples are unrolled, whatever the target says",
    truth="a target gives the size of the rows that come out; Flatten would unroll",
    hint="print the shape that the model promises, with its None.",
)
def samples_unrolled(question):
    """ops.reshape(x, (-1, 50)) gives (3, 100) for 3 samples of 100 numbers."""
    return (question.shape[0], math.prod(question.shape[1:]))


@about_called(
    belief="the axes that come out are counted from the last",
    truth="the first axis is the one that counts what comes out",
    hint="reshape np.arange(12).reshape(2, 6) to (-1, 3) and print the shape.",
)
def result_turned_round(question):
    """A model that gives (6, 50) gives (50, 6)."""
    is_shape = isinstance(question.truth, tuple) and len(question.truth) > 1
    return question.truth[::-1] if is_shape else None


@about_called(
    belief="the rows of all samples stay rows",
    truth="a reshape cuts all the numbers anew, so what were rows before doesn't count",
    hint="reshape np.arange(12).reshape(2, 6) to (-1, 3) and count the rows.",
)
def rows_stay_rows(question):
    """ops.reshape(x, (-1, 50)) gives (30, 50) for 3 samples of 10 rows."""
    rows = math.prod(question.shape[:2])
    return (rows, *question.promised[1:]) if len(question.shape) > 2 else None


@about_called(
    belief="Keras notices when samples are mixed up",
    truth="to Keras the batch is an axis like the others here; no one checks how many come out",
    hint="call the model with one sample, and count the rows that come out.",
)
def mixing_noticed(question):
    """ops.reshape(x, (-1, 50)) raises for samples of 100 numbers."""
    mixed = isinstance(question.truth, tuple) and question.truth[0] != question.shape[0]
    return ERROR if mixed and question.shape[1:] == question.declared[1:] else None


@about_built(
    belief="`build` takes the shape of one sample",
    truth="`build` takes a whole shape: its first entry is the batch, whatever you meant",
    hint="print model.input_shape after build.",
)
def build_takes_sample(question):
    """build((3, 2)) counts as build((None, 3, 2)) would."""
    return None if question.shape[0] is None else question.count((None, *question.shape))


@about_built(
    belief="nothing is built until data arrives",
    truth="with a shape, `build` makes the weights at once",
    hint="ask model.built before and after.",
)
def nothing_built(question):
    """After build((3, 2)), there are 0 parameters."""
    return 0


@about_built(
    belief="Keras notices that the batch axis is missing",
    truth="Keras can't know what you meant: it takes the first entry as the batch",
    hint="print model.input_shape after build.",
)
def missing_batch_noticed(question):
    """build((3, 2)) raises."""
    return None if question.shape[0] is None else ERROR


@about_built(
    belief="a shape means the same with a None in front and without",
    truth="the first entry is the batch, whatever it is, and only what follows describes a sample",
    hint="print model.output_shape after either `build`.",
)
def batch_axis_ignored(question):
    """build((None, 3, 2)) counts as build((3, 2)) would."""
    return question.count(question.shape[1:]) if question.shape[0] is None else None


@about_built(
    belief="all units share one set of weights",
    truth="each unit has a weight for each of its inputs and a bias, all of its own",
    hint="count the parameters of a Dense layer of one unit, then of two.",
)
def units_share_weights(question):
    """build((3, 2)) makes 2 + 1 parameters of Flatten and Dense(2)."""
    units = question.make().layers[-1].units
    return question.truth // units if isinstance(question.truth, int) else None


@about_built(
    belief="an open batch axis keeps the model from being built",
    truth="no weight depends on how many samples come, so the batch axis may stay open",
    hint="print model.input_shape of any model that begins with an Input.",
)
def open_batch_refused(question):
    """build((None, 3, 2)) raises."""
    return ERROR if question.shape[0] is None else None


@also("value", "bias_forgotten", about=Built)
def _(question):
    """build((3, 2)) makes 2 x 2 parameters of Flatten and Dense(2)."""
    model = question.make()
    model.build(question.shape)
    return sum(math.prod(w.shape) for w in model.weights if len(w.shape) > 1)


@also("value", "one_bias", about=Built)
def _(question):
    """build((3, 2)) makes 2 x 2 + 1 parameters of Flatten and Dense(2)."""
    return _recounted(question, lambda kernel, bias: kernel + 1)


@also("value", "inputs_counted", about=Built)
def _(question):
    """build((4, 3)) makes 3 parameters of Flatten and Dense(2)."""
    return _recounted(question, lambda kernel, bias: kernel // bias)


@also("value", "bias_per_input", about=Built)
def _(question):
    """build((4, 3)) makes 3 x 2 + 3 parameters of Flatten and Dense(2)."""
    return _recounted(question, lambda kernel, bias: kernel + kernel // bias)


def _recounted(question, count):
    """Return the parameters of a model with one Dense layer, from its kernel's and its bias's."""
    model = question.make()
    model.build(question.shape)
    kernel, bias = (math.prod(w.shape) for w in model.weights)
    return count(kernel, bias)


@about_built(
    belief="each row of a sample has weights of its own",
    truth="Flatten makes one row of them all, and each unit has a weight for each number in it, "
    "and one bias",
    hint="print model.layers[0].output.shape after build.",
)
def built_row_by_row(question):
    """build((None, 4, 6)) counts as four times build((None, 6)) would."""
    sizes = question.shape[1:]
    one = question.count((None, sizes[-1])) if len(sizes) > 1 else None
    return sizes[0] * one if isinstance(one, int) else None


@also("value", "built_row_by_row", about=Built)
def _(question):
    """build((4, 6)) counts as four times build((None, 6)) would."""
    sizes = question.shape
    one = question.count((None, *sizes[1:])) if sizes[0] is not None else None
    return sizes[0] * one if isinstance(one, int) else None


@also("value", "built_without_last", about=Built)
def _(question):
    """build((None, 4, 6)) counts as build((None, 4)) would."""
    sizes = question.shape[1:]
    return question.count((None, *sizes[:-1])) if len(sizes) > 1 else None


@about_built(
    belief="the last entry of a shape counts what isn't seen by the layers",
    truth="it is the first entry that does: it counts samples, and all that follow describe one",
    hint="print model.input_shape after build.",
)
def built_without_last(question):
    """build((4, 6)) counts as build((None, 4)) would."""
    return None if question.shape[0] is None else question.count((None, *question.shape[:-1]))
