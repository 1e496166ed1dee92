"""Beliefs about guarding a model's data: each rule is the guard that somebody would write."""

import functools

import numpy as np

from autograder.learn.mistakes.rule import also, rule
from autograder.learn.predictions import Called

#: Rules about one kind of question, or one topic.
about_guard = functools.partial(rule, "function", about="guard")
about_first_sample = functools.partial(rule, "function", about="first_sample")
about_square_error = functools.partial(rule, "function", about="square_error")


@about_guard(
    belief="Keras notices every wrong shape by itself",
    truth="Keras 3 lets much pass: a Sequential takes sizes that it wasn't declared for, an axis "
    "of size 1 comes and goes, and the targets aren't looked at before training",
    hint="look for a case in which model(x) raises nothing although the shapes differ.",
)
def keras_will_notice(model, x, y):
    """model(x), and True if that raised nothing."""
    model(x)
    return True


@about_guard(
    belief="as many numbers are as good as the same shape",
    truth="(2, 14, 56) has as many numbers as (2, 28, 28), but they are another image; and an "
    "open size can't be multiplied",
    hint="compare the shapes axis by axis.",
)
def only_counts_compared(model, x, y):
    """np.prod(x.shape[1:]) != np.prod(model.input_shape[1:])."""
    if np.prod(x.shape[1:]) != np.prod(model.input_shape[1:]):
        raise ValueError("x")
    if np.prod(y.shape[1:]) != np.prod(model.output_shape[1:]):
        raise ValueError("y")
    return True


@about_guard(
    belief="None equals any number",
    truth="to Python None is just not equal to 5, so the batch axis alone makes good data look "
    "wrong",
    hint="print x.shape == model.input_shape for data that fit.",
)
def none_equals_anything(model, x, y):
    """x.shape != model.input_shape."""
    if x.shape != model.input_shape or y.shape != model.output_shape:
        raise ValueError("shape")
    return True


@about_guard(
    belief="only the batch axis can be open, and as many targets as samples are there anyway",
    truth="a model may leave other sizes open too, and x and y may have different lengths",
    hint="try your guard on a model declared with keras.Input((None, 2)).",
)
def only_batch_open(model, x, y):
    """x.shape[1:] != model.input_shape[1:]."""
    if x.shape[1:] != model.input_shape[1:] or y.shape[1:] != model.output_shape[1:]:
        raise ValueError("shape")
    return True


@about_guard(
    belief="x and y have the same number of samples anyway",
    truth="nothing but a comparison makes sure that there is a target for each sample",
    hint="call your guard with one target too many.",
)
def sample_counts_ignored(model, x, y):
    """All axes but the first compared, open ones left out."""
    for shape, want in ((x.shape, model.input_shape), (y.shape, model.output_shape)):
        same = len(shape) == len(want)
        if not same or any(w not in (None, n) for n, w in zip(shape[1:], want[1:], strict=True)):
            raise ValueError("shape")
    return True


@about_guard(
    belief="`zip` notices where one of two shapes is longer",
    truth="`zip` stops at the end of the shorter one, so a missing axis, or one more, goes unseen",
    hint="print list(zip((5, 16), (None, 16, 16))).",
)
def lengths_not_compared(model, x, y):
    """Sizes compared pair by pair, and the number of axes not at all."""
    for shape, want in ((x.shape, model.input_shape), (y.shape, model.output_shape)):
        if any(w not in (None, n) for n, w in zip(shape, want, strict=False)):
            raise ValueError("shape")
    return True


@about_first_sample(
    belief="predicting everything is the same as predicting the first",
    truth="there is an answer for each sample that goes in",
    hint="choose the sample before you hand it to the model, and mind the batch axis.",
)
def all_for_the_first(model, x):
    """model.predict(x) for model.predict(x[:1])."""
    return np.asarray(model(x))


@about_first_sample(
    belief="the first sample is number 1",
    truth="Python counts from 0",
    hint="print [10, 20, 30][1].",
)
def counted_from_one(model, x):
    """model.predict(x[1:2])."""
    return np.asarray(model(x[1:2]))


@about_first_sample(
    belief="`x[1:]` begins with the first sample",
    truth="Python counts from 0, so `x[1:]` has all the samples but the first",
    hint="print [10, 20, 30][1:].",
)
def first_left_out(model, x):
    """model.predict(x[1:])."""
    return np.asarray(model(x[1:]))


@about_first_sample(
    belief="a slice ends with the place behind its colon",
    truth="it ends before that place, so `x[0:0]` has nothing in it",
    hint="print [10, 20, 30][0:0], then [10, 20, 30][0:1].",
)
def slice_end_included(model, x):
    """model.predict(x[0:0])."""
    return np.asarray(model(x[0:0]))


@about_first_sample(
    belief="the result for a single sample has no batch axis",
    truth="a model gives a batch of results for a batch of samples, even where there is one",
    hint="print the shape of what the model gives, and count the axes of yours.",
)
def batch_axis_dropped(model, x):
    """model(x)[0] for model.predict(x[:1])."""
    return np.asarray(model(x))[0]


@also("value", "batch_axis_dropped", about=Called)
def _(question):
    """A model that gives 5 numbers a sample gives (5,) for a batch of one."""
    return question.promised[1:] if question.shape[0] == 1 else None


@about_first_sample(
    belief="the batch axis may be added anywhere",
    truth="you added an axis, but not in front, where the batch is looked for",
    hint="print the shape before and after you add the axis.",
)
def axis_not_in_front(model, x):
    """model.predict(x[0][..., None]), or model.predict(np.expand_dims(x[0], 1))."""
    return np.asarray(model(x[0][..., None]))


@about_first_sample(
    belief="the samples are counted by the second axis",
    truth="the first axis counts the samples; `x[:, 0]` is the first row of each of them",
    hint="print x.shape and x[:, 0].shape, and say of each entry what it counts.",
)
def row_of_every_sample(model, x):
    """model(x[:, 0])."""
    return np.asarray(model(x[:, 0]))


@rule(
    "function",
    about="grey_maps",
    belief="a picture has three channels, even a grey one",
    truth="a grey picture has one; the convolution was made for as many channels as it has met",
    hint="print the shape of the convolution's kernel: its third entry counts the channels.",
)
def grey_as_colour(conv, images):
    """conv(np.stack([images] * 3, axis=-1))."""
    return np.asarray(conv(np.stack([images] * 3, axis=-1)))


@rule(
    "function",
    about="grey_maps",
    belief="a reshape with -1 at the end leaves the samples where they are",
    truth="what is 1 in front then is the batch; all the samples are counted by the -1, and stand "
    "where the channels belong",
    hint="print the shape of what you pass on, and name each axis.",
)
def samples_for_channels(conv, images):
    """conv(images.reshape(1, *images.shape[1:], -1))."""
    return np.asarray(conv(images.reshape(1, *images.shape[1:], -1)))


@about_square_error(
    belief="NumPy subtracts each target from its own prediction, whatever the axes",
    truth="a column (n, 1) and a row (n,) are stretched against each other, so that every "
    "prediction meets every target",
    hint="print the shape of the difference before you square it.",
)
def each_with_each(predicted, y):
    """np.mean((predicted - y) ** 2) for predictions (8, 1) and targets (8,)."""
    return np.mean((predicted - y) ** 2)


@also("function", "each_with_each", about="square_error")
def _(predicted, y):
    """np.mean((predicted.ravel() - y) ** 2) for predictions and targets (8, 1)."""
    return np.mean((np.ravel(predicted) - y) ** 2)


@also("function", "each_with_each", about="square_error")
def _(predicted, y):
    """np.mean((predicted - y.ravel()) ** 2), whatever the axes of y were."""
    return np.mean((predicted - np.ravel(y)) ** 2)


@also("function", "each_with_each", about="square_error")
def _(predicted, y):
    """A column and a row, whatever the axes of the two were."""
    return np.mean((np.reshape(predicted, (-1, 1)) - np.reshape(y, (1, -1))) ** 2)


@also("function", "each_with_each", about="square_error")
def _(predicted, y):
    """np.mean((predicted[:, 0] - y) ** 2), which fails where predictions have no such axis."""
    return np.mean((predicted[:, 0] - y) ** 2)


@about_square_error(
    belief="differences add up to an error as they are",
    truth="differences above and below cancel each other unless each is squared first",
    hint="work out the error of the predictions 1 and 3 for the targets 2 and 2.",
)
def not_squared(predicted, y):
    """np.mean(predicted - y)."""
    return np.mean(np.ravel(predicted) - np.ravel(y))


@about_square_error(
    belief="the sum of the squares is their mean",
    truth="a sum grows with the number of samples; a mean doesn't",
    hint="double the data, every sample twice: should the error double?",
)
def summed_not_averaged(predicted, y):
    """np.sum(...) where np.mean(...) was meant."""
    return np.sum((np.ravel(predicted) - np.ravel(y)) ** 2)


@about_square_error(
    belief="a difference without its sign is as good as its square",
    truth="both keep differences from cancelling, but in a square a large one weighs more; yours "
    "is the mean absolute error",
    hint="work out both for the differences 1 and 3.",
)
def absolute_for_square(predicted, y):
    """np.mean(np.abs(predicted - y))."""
    return np.mean(np.abs(np.ravel(predicted) - np.ravel(y)))


@about_square_error(
    belief="it doesn't matter whether the square is taken before or after the mean",
    truth="in the mean of the bare differences those above and below cancel each other, and "
    "squaring what is left brings nothing back",
    hint="work out both for the differences 1 and -1.",
)
def mean_before_square(predicted, y):
    """np.mean(predicted - y) ** 2."""
    return np.mean(np.ravel(predicted) - np.ravel(y)) ** 2


@about_square_error(
    belief="a mean squared error ends with a root",
    truth="with the root it is another measure, in the unit of the targets; asked for is the mean "
    "of the squares itself",
    hint="work out both for the differences 3 and 3.",
)
def root_taken(predicted, y):
    """np.sqrt(np.mean((predicted - y) ** 2))."""
    return np.sqrt(np.mean((np.ravel(predicted) - np.ravel(y)) ** 2))
