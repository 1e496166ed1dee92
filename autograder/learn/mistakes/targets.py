"""Beliefs about targets: their form, what a loss makes of them, and who counts how much."""

import functools

import keras
import numpy as np

from autograder.learn.mistakes.rule import also, rule
from autograder.learn.predictions import ERROR, Fed, LossShape, Trains

#: Rules about one kind of question, or one topic.
about_trains = functools.partial(rule, "value", about=Trains)
about_fed = functools.partial(rule, "value", about=Fed)
about_loss_shape = functools.partial(rule, "value", about=LossShape)
about_one_hot = functools.partial(rule, "function", about="one_hot")
about_class_numbers = functools.partial(rule, "function", about="class_numbers")
about_two_units_in_one = functools.partial(rule, "function", about="two_units_in_one")
about_mask_targets = functools.partial(rule, "function", about="mask_targets")
about_cross_entropy = functools.partial(rule, "function", about="cross_entropy")
about_step_weights = functools.partial(rule, "function", about="step_weights")
about_class_weights = functools.partial(rule, "function", about="class_weights")
about_kinds_guard = functools.partial(rule, "function", about="kinds_guard")

_SPARSE = "sparse_categorical_crossentropy"
_ONE_HOT = "categorical_crossentropy"


@about_trains(
    belief='"sparse" stands for one-hot rows, which are nearly all zeros',
    truth="here the word means that the number of the class is handed over, and no row at all",
    hint="read the names of both losses in the table, and the targets beside them.",
)
def sparse_means_one_hot(question):
    """sparse_categorical_crossentropy for (8, 3), categorical_crossentropy for (8,)."""
    loss, whole = question.make().loss, len(question.y) == 1
    if loss not in (_SPARSE, _ONE_HOT):
        return question.truth
    return "trains" if whole == (loss == _ONE_HOT) else "ValueError"


@about_trains(
    belief="where one number is given and a target has several, Keras objects",
    truth="a loss for numbers stretches an axis of size 1 to any length, without a word",
    hint="subtract NumPy arrays of shapes (5, 1) and (5, 3) and print the shape of the result.",
)
def single_output_protected(question):
    """mse, output (8, 1), target (8, 3): ValueError."""
    longer = len(question.y) == len(question.output) and question.y[-1] != question.output[-1]
    return ERROR if longer else question.truth


@about_trains(
    belief="a loss takes nothing but targets with the axes of the output",
    truth="a target (n,) goes with an output (n, 1), and a loss with `sparse` in its name wants "
    "one axis fewer",
    hint="read the column of targets in the table once more, row by row.",
)
def same_axes_wanted(question):
    """Targets (8,) for one unit, or for a sparse loss: ValueError."""
    fewer = len(question.y) == 1 < len(question.output)
    return ERROR if fewer else question.truth


def _shares(question):
    """Return the values that a model of one softmax is fed, or None of another model."""
    last = question.model.layers[-1]
    act = getattr(last, "activation", None)
    is_softmax = isinstance(last, keras.layers.Softmax) or act is keras.activations.softmax
    return np.array(question.values) if is_softmax else None


@about_fed(
    belief="a softmax leaves a single number as it is",
    truth="it divides each number by the sum over the units, after both went through `exp`",
    hint="work out `exp(a) / (exp(a) + exp(b))` for two numbers; then leave the second out.",
)
def softmax_leaves_one_alone(question):
    """[[0.0], [0.0]] stays as it is."""
    values = _shares(question)
    return None if values is None else values.tolist()


@about_fed(
    belief="softmax is sigmoid for more units, and the two agree on one",
    truth="sigmoid looks at a number alone; softmax shares out 1 among the units that there are",
    hint="ask what the shares of a sample add up to, and how many there are to share.",
)
def softmax_as_sigmoid(question):
    """[[0.0], [0.0]] becomes [[0.5], [0.5]]."""
    values = _shares(question)
    return None if values is None else (1 / (1 + np.exp(-values))).tolist()


@about_fed(
    belief="the shares of the samples in a batch add up to 1",
    truth="softmax works on the last axis, within each sample",
    hint="feed a softmax over three units with two samples, and add up its rows.",
)
def softmax_over_the_batch(question):
    """Four times [0.0] becomes four times [0.25]."""
    values = _shares(question)
    if values is None:
        return None
    return (np.exp(values) / np.exp(values).sum(axis=0)).tolist()


@about_fed(
    belief="Keras refuses a softmax over one unit",
    truth="it warns, at most, and trains",
    hint="put it together in a cell of its own and call it.",
)
def softmax_of_one_refused(question):
    """An error."""
    return None if _shares(question) is None else ERROR


@about_loss_shape(
    belief="a loss function keeps every number apart",
    truth="it takes the mean (or the sum) over the last axis, the outputs that belong together",
    hint="print keras.losses.mean_squared_error(np.zeros((2, 3)), np.ones((2, 3))).",
)
def loss_keeps_the_outputs(question):
    """Outputs (8, 5, 3) give losses (8, 5, 3)."""
    return question.outputs


@about_loss_shape(
    belief="a loss function gives one number a sample",
    truth="only the last axis goes; steps and pixels keep a loss of their own",
    hint="ask which axes of the output belong to one prediction, and which count predictions.",
)
def one_loss_a_sample(question):
    """Outputs (8, 5, 3) give losses (8,)."""
    return question.outputs[:1]


@about_loss_shape(
    belief="a loss function gives one number for the batch",
    truth="the function gives a loss for each prediction; the mean over all is taken afterwards, "
    "by `fit` or by the loss object",
    hint="compare keras.losses.mean_squared_error with keras.losses.MeanSquaredError().",
)
def one_loss_for_all(question):
    """Outputs (8, 5, 3) give a loss ()."""
    return ()


@about_loss_shape(
    belief="a loss function takes the mean over the samples",
    truth="it takes the mean over the last axis, and leaves the samples apart",
    hint="print the shape for 2 samples of 3 outputs, and for 5 samples of 3 outputs.",
)
def loss_over_the_samples(question):
    """Outputs (8, 5, 3) give losses (5, 3)."""
    return question.outputs[1:]


@about_loss_shape(
    belief="the last axis is kept, with one entry",
    truth="the axis that is averaged over goes away",
    hint="print np.zeros((2, 3)).mean(axis=-1).shape.",
)
def loss_keeps_an_axis(question):
    """Outputs (8, 5, 3) give losses (8, 5, 1)."""
    return (*question.outputs[:-1], 1)


@about_one_hot(
    belief="the classes that occur are all the classes there are",
    truth="a batch or a file may lack the last ones; rows are as long as the model has units",
    hint="call it with the kinds 0 and 1 where there are three classes.",
)
def classes_taken_from_data(kinds, classes):
    """keras.utils.to_categorical(kinds), without the number of classes."""
    return np.eye(int(np.max(kinds)) + 1)[kinds]


@about_one_hot(
    belief="each class has a row, and each sample a column",
    truth="the first axis of a target counts samples",
    hint="print the shape of your result for 5 kinds of 3 classes.",
)
def samples_in_columns(kinds, classes):
    """(3, 5) in the place of (5, 3)."""
    return np.eye(classes)[:, kinds]


@about_one_hot(
    belief="the classes are counted from 1",
    truth="whole-number classes begin at 0, like places in a row",
    hint="look for the first class in your result: should it be 0 or 1 that stands for it?",
)
def classes_from_one(kinds, classes):
    """np.eye(classes)[kinds - 1]."""
    return np.eye(classes)[np.asarray(kinds) - 1]


@also("function", "classes_from_one", about="class_numbers")
def _(labels):
    """["ash", "oak"] becomes [1, 2]."""
    return np.unique(labels, return_inverse=True)[1] + 1


@about_one_hot(
    belief="a column of class numbers is one-hot",
    truth="a one-hot row has a place for each class, and a one in only one of them",
    hint="write down the rows for the classes 0 and 2 of three, by hand.",
)
def column_for_one_hot(kinds, classes):
    """kinds[:, None]."""
    return np.asarray(kinds)[:, None]


@about_one_hot(
    belief="every place up to the class is marked",
    truth="one-hot means one: a single place in each row",
    hint="add up each row of your result.",
)
def marked_up_to_the_class(kinds, classes):
    """[1, 1, 0] for class 1 of three."""
    return (np.asarray(kinds)[:, None] >= np.arange(classes)).astype("float32")


@about_one_hot(
    belief="`[:, kinds]` takes one place in each row",
    truth="it takes those columns of every row; rows and columns have to be counted along together",
    hint="add up each row of your result.",
)
def every_row_marked(kinds, classes):
    """rows[:, kinds] = 1."""
    rows = np.zeros((len(kinds), classes))
    rows[:, kinds] = 1
    return rows


@about_one_hot(
    belief="what marks a class is its number",
    truth="its place says which class it is, and what stands there is a one",
    hint="look at the row for class 0: where is its one?",
)
def class_for_one(kinds, classes):
    """rows[i, kinds[i]] = kinds[i]."""
    return np.eye(classes)[kinds] * np.arange(classes)


@about_class_numbers(
    belief="labels are numbers that begin at 1, one after the other",
    truth="labels may have gaps, begin anywhere, or be words; what counts is their place among "
    "the sorted labels",
    hint="call it with the labels 10, 30 and 20.",
)
def one_subtracted(labels):
    """labels - 1."""
    return labels - 1


@about_class_numbers(
    belief="labels have no gaps",
    truth="with the labels 10, 20 and 30 there are three classes, and 20 wouldn't be one of them",
    hint="call it with the labels 10, 30 and 20.",
)
def smallest_subtracted(labels):
    """labels - labels.min()."""
    return labels - labels.min()


@about_class_numbers(
    belief="the label that comes first is class 0",
    truth="then another order of the samples would give other classes; sorted labels don't depend "
    "on it",
    hint="turn the labels round, and see whether each keeps its number.",
)
def numbered_as_they_come(labels):
    """{label: i for i, label in enumerate(dict.fromkeys(labels))}."""
    order = list(dict.fromkeys(labels.tolist()))
    return np.array([order.index(label) for label in labels.tolist()])


@about_class_numbers(
    belief="the list of classes is what is asked for",
    truth="there is one number for each sample, as many as there are labels",
    hint="compare the length of your result with that of the labels.",
)
def classes_for_samples(labels):
    """np.unique(labels)."""
    return np.unique(labels)


@about_class_numbers(
    belief="`argsort` gives each label its place in the order",
    truth="it gives the order in which you would have to pick them, and equal labels get "
    "different numbers",
    hint="call it with labels of which two are the same.",
)
def sorting_order_returned(labels):
    """np.argsort(labels)."""
    return np.argsort(labels)


@about_class_numbers(
    belief="classes are handed over as one-hot rows",
    truth="here each sample gets one whole number; which loss takes which form is another question",
    hint="print the shape of your result beside that of the labels.",
)
def rows_for_class_numbers(labels):
    """np.eye(3)[class_numbers]."""
    kinds, places = np.unique(labels, return_inverse=True)
    return np.eye(len(kinds))[places]


@about_class_numbers(
    belief="sorting begins with what is largest",
    truth="it begins with the smallest label, or the first in the alphabet, and that is class 0",
    hint="look for the sample that gets a 0 in your result: which label has it?",
)
def largest_label_first(labels):
    """sorted(set(labels), reverse=True).index(label)."""
    kinds, places = np.unique(labels, return_inverse=True)
    return len(kinds) - 1 - places


@about_class_numbers(
    belief="the place of a label among all labels is its class",
    truth="equal labels stand there several times, and each is to be counted once",
    hint="print the sorted labels, and the same without those that occur again.",
)
def equal_labels_counted(labels):
    """sorted(labels).index(label)."""
    return np.searchsorted(np.sort(labels), labels)


@about_two_units_in_one(
    belief="the one unit stands for the first class",
    truth="by custom a sigmoid gives the share of class 1; what speaks for class 0 is subtracted",
    hint="give class 1 a very large bias: should your share go up or down?",
)
def other_class_shown(kernel, bias):
    """kernel[:, :1] - kernel[:, 1:]."""
    return [kernel[:, :1] - kernel[:, 1:], bias[:1] - bias[1:]]


@about_two_units_in_one(
    belief="the unit of class 1 can be used as it is",
    truth="a softmax compares two scores, so both units have a say",
    hint="add 5 to both biases of the two units: what becomes of the shares?",
)
def one_unit_taken(kernel, bias):
    """kernel[:, 1:]."""
    return [kernel[:, 1:], bias[1:]]


@about_two_units_in_one(
    belief="the bias of class 1 can be used as it is",
    truth="your kernel is right, but each score holds a bias of its own, so their difference needs "
    "both biases, too",
    hint="write out the difference of the two scores, with the biases in it.",
)
def one_bias_taken(kernel, bias):
    """The columns subtracted, and bias[1:]."""
    return [kernel[:, 1:] - kernel[:, :1], bias[1:]]


@about_two_units_in_one(
    belief="the column of class 1 can be used as it is",
    truth="your bias is right, but each score is made by a column of its own, so their difference "
    "needs both columns, too",
    hint="write out the difference of the two scores, with the columns in it.",
)
def one_column_taken(kernel, bias):
    """kernel[:, 1:], and the biases subtracted."""
    return [kernel[:, 1:], bias[1:] - bias[:1]]


@about_two_units_in_one(
    belief="the two units are put together by adding them up",
    truth="what speaks for one class speaks against the other",
    hint="write the softmax of two scores as one fraction, and divide it by its numerator.",
)
def units_added(kernel, bias):
    """kernel.sum(axis=1, keepdims=True)."""
    return [kernel.sum(axis=1, keepdims=True), bias.sum(keepdims=True)]


@about_two_units_in_one(
    belief="shares are divided by one another, so scores are, too",
    truth="a share has the score in its exponent, and there a quotient becomes a difference",
    hint="work out `exp(a) / exp(b)` for two numbers, and look for another way to write it.",
)
def scores_divided(kernel, bias):
    """kernel[:, 1:] / kernel[:, :1]."""
    return kernel[:, 1:] / kernel[:, :1], bias[1:] / bias[:1]


@about_two_units_in_one(
    belief="each of the two units has half of the difference",
    truth="the whole of it stands in the exponent, once the fraction has been divided",
    hint="write the softmax of two scores as one fraction, and divide it by its numerator.",
)
def difference_halved(kernel, bias):
    """(kernel[:, 1:] - kernel[:, :1]) / 2."""
    return np.diff(kernel, axis=1) / 2, np.diff(bias) / 2


@about_two_units_in_one(
    belief="two units are put together by their mean",
    truth="what speaks for one class speaks against the other",
    hint="write the softmax of two scores as one fraction, and divide it by its numerator.",
)
def units_averaged(kernel, bias):
    """kernel.mean(axis=1, keepdims=True)."""
    return kernel.mean(axis=1, keepdims=True), bias.mean(keepdims=True)


@about_two_units_in_one(
    belief="a column taken by its number is still a column",
    truth="a single number takes the axis away; a Dense of one unit has a kernel (features, 1) "
    "and a bias (1,)",
    hint="print np.ones((4, 2))[:, 1].shape, then np.ones((4, 2))[:, 1:].shape.",
)
def units_axis_lost(kernel, bias):
    """kernel[:, 1] - kernel[:, 0]."""
    return [kernel[:, 1] - kernel[:, 0], bias[1] - bias[0]]


@also("function", "units_axis_lost", about="two_units_in_one")
def _(kernel, bias):
    """The same, and a bias that has its axis."""
    return [kernel[:, 1] - kernel[:, 0], bias[1:] - bias[:1]]


@also("function", "units_axis_lost", about="two_units_in_one")
def _(kernel, bias):
    """The same, and a kernel that has its axis."""
    return [kernel[:, 1:] - kernel[:, :1], bias[1] - bias[0]]


@about_mask_targets(
    belief="one channel needs no axis",
    truth="the output has an axis for its channels, even for a single one, and so has the target",
    hint="print the shape of what Conv2D(1, 1) gives for a batch of pictures.",
)
def channel_axis_left_out(masks):
    """masks / 255."""
    return masks / 255


@about_mask_targets(
    belief="the channels stand behind the batch",
    truth="Keras keeps them at the end, unless it is told otherwise",
    hint="compare your shape with (samples, height, width, channels), axis by axis.",
)
def channel_axis_second(masks):
    """(masks / 255)[:, None]."""
    return (masks / 255)[:, None]


@about_mask_targets(
    belief="white is as good as yes",
    truth="a sigmoid gives numbers from 0 to 1, and a target of 255 can't be reached",
    hint="print the smallest and the largest number of your result.",
)
def white_left_at_255(masks):
    """masks[..., None]."""
    return masks[..., None]


@about_mask_targets(
    belief="one yes or no for each picture is asked for",
    truth="the network gives an answer for each pixel, and so do the targets",
    hint="compare the shape of your result with that of the output.",
)
def one_answer_a_picture(masks):
    """masks.max(axis=(1, 2))[:, None] / 255."""
    return np.max(masks, axis=(1, 2))[:, None] / 255


@about_mask_targets(
    belief="black stands for yes",
    truth="a bruise is white here, 255, and white becomes 1",
    hint="look at the largest number of a mask, and at yours in the same place.",
)
def black_for_yes(masks):
    """1 - masks[..., None] / 255."""
    return 1 - np.asarray(masks)[..., None] / 255


@about_mask_targets(
    belief="no is the opposite of yes, so it is -1",
    truth="a sigmoid gives numbers from 0 to 1, and a target of -1 can't be reached",
    hint="print the smallest and the largest number of your result.",
)
def black_made_negative(masks):
    """masks[..., None] / 127.5 - 1."""
    return masks[..., None] / 127.5 - 1


@about_mask_targets(
    belief="each pixel needs a place for yes and one for no",
    truth="one sigmoid a pixel gives one number, and no is what is left of it",
    hint="compare the last axis of your result with the number of filters.",
)
def two_places_a_pixel(masks):
    """np.eye(2)[masks // 255]."""
    return np.eye(2)[np.asarray(masks > 127, int)]


@about_mask_targets(
    belief="a mask is unrolled to a row before it is a target",
    truth="the loss compares place with place, so the target keeps the rows and columns of the "
    "output",
    hint="print model.output_shape beside the shape of your result.",
)
def mask_unrolled(masks):
    """(masks / 255).reshape(len(masks), -1)."""
    return (masks / 255).reshape(len(masks), -1)


@about_cross_entropy(
    belief="a list of classes picks one share from each row",
    truth="[:, kinds] takes those columns from every row, so that each sample is judged by the "
    "classes of all; rows and columns have to be counted along together",
    hint="print the shape of shares[:, kinds] for 5 samples.",
)
def all_classes_for_each(shares, kinds):
    """-np.log(shares[:, kinds]).mean()."""
    return -np.log(shares[:, kinds]).mean()


@about_cross_entropy(
    belief="the losses of all samples are added up",
    truth="a sum grows with the number of samples; the loss that Keras reports is a mean",
    hint="take every sample twice: should the loss double?",
)
def losses_added_up(shares, kinds):
    """.sum() where .mean() was meant."""
    return -np.log(shares[np.arange(len(shares)), kinds]).sum()


@about_cross_entropy(
    belief="the mean goes over the classes, too",
    truth="of each row one share counts, that of the true class; the mean goes over the samples",
    hint="count how many numbers that aren't 0 your mean is taken of.",
)
def averaged_over_classes(shares, kinds):
    """-(one_hot * np.log(shares)).mean()."""
    return -np.log(shares[np.arange(len(shares)), kinds]).sum() / shares.size


@about_cross_entropy(
    belief="the logarithm of a share is a loss as it stands",
    truth="it is never above 0, and the smaller the worse; training makes a loss fall",
    hint="work it out for a share of 1, and for a share of 0.1.",
)
def sign_forgotten(shares, kinds):
    """np.log(...).mean()."""
    return np.log(shares[np.arange(len(shares)), kinds]).mean()


@about_cross_entropy(
    belief="the largest share is the one that counts",
    truth="a loss asks what the true class got, however sure the model is of another",
    hint="give the wrong class a share of 0.9: should the loss be small?",
)
def largest_for_true(shares, kinds):
    """-np.log(shares.max(axis=1)).mean()."""
    return -np.log(shares.max(axis=1)).mean()


@about_cross_entropy(
    belief="any logarithm will do",
    truth="Keras takes the natural one, np.log; one to another base gives a multiple of it",
    hint="print np.log(0.5) and the same with yours, and compare with the table above.",
)
def other_logarithm(shares, kinds):
    """-np.log2(...).mean()."""
    return -np.log2(shares[np.arange(len(shares)), kinds]).mean()


@also("function", "other_logarithm", about="cross_entropy")
def _(shares, kinds):
    """-np.log10(...).mean()."""
    return -np.log10(shares[np.arange(len(shares)), kinds]).mean()


@about_cross_entropy(
    belief="what a model gives has to go through a softmax before it is compared",
    truth="shares have been through one; a second makes them much more equal",
    hint="add up the numbers of one row of the shares.",
)
def softmax_twice(shares, kinds):
    """The logarithm of np.exp(shares) / np.exp(shares).sum(axis=1, keepdims=True)."""
    again = np.exp(shares) / np.exp(shares).sum(axis=1, keepdims=True)
    return -np.log(again[np.arange(len(shares)), kinds]).mean()


@about_cross_entropy(
    belief="a share costs what it lacks of 1",
    truth="a cross-entropy takes the logarithm of the share, by which a small one costs far more",
    hint="work out both for the shares 0.5 and 0.01.",
)
def rest_for_logarithm(shares, kinds):
    """(1 - shares[np.arange(len(shares)), kinds]).mean()."""
    return (1 - shares[np.arange(len(shares)), kinds]).mean()


@about_cross_entropy(
    belief="each class is a yes or no of its own",
    truth="so it is for `binary_crossentropy`; here the share of the true class alone counts",
    hint="count how many shares of one row have a part in your loss.",
)
def both_sides_counted(shares, kinds):
    """The mean of -(y log p + (1 - y) log(1 - p))."""
    true = np.eye(shares.shape[1])[kinds]
    return -np.mean(true * np.log(shares) + (1 - true) * np.log(1 - shares))


@about_cross_entropy(
    belief="the mean divides by the number of classes",
    truth="each sample has one loss, so a mean divides by the number of samples",
    hint="count the losses that you add up.",
)
def divided_by_classes(shares, kinds):
    """-np.log(shares[rows, kinds]).sum() / classes."""
    return -np.log(shares[np.arange(len(kinds)), kinds]).sum() / shares.shape[1]


@about_cross_entropy(
    belief="the share of the true class is the loss",
    truth="the larger that share, the better; a loss is small where a model is right",
    hint="work it out for a share of 1, and for a share of 0.1.",
)
def share_for_loss(shares, kinds):
    """shares[rows, kinds].mean()."""
    return shares[np.arange(len(kinds)), kinds].mean()


@about_cross_entropy(
    belief="a list of classes picks one share from each row",
    truth="[kinds] takes whole rows, those whose numbers happen to be classes; rows and columns "
    "have to be counted along together",
    hint="print the shape of what you take the logarithm of.",
)
def rows_for_classes(shares, kinds):
    """-np.log(shares[kinds]).mean()."""
    return -np.log(shares[kinds]).mean()


@about_cross_entropy(
    belief="the logarithm may be taken of the mean",
    truth="each sample has a loss of its own, and the mean is taken of these",
    hint="work out both by hand for the shares 1 and 0.01.",
)
def logarithm_of_the_mean(shares, kinds):
    """-np.log(shares[...].mean())."""
    return -np.log(shares[np.arange(len(shares)), kinds].mean())


@about_step_weights(
    belief="a sequence of 3 steps reaches to step 3",
    truth="steps are counted from 0, so its last one is step 2",
    hint="count the ones in each row of your result.",
)
def one_step_more(lengths, steps):
    """np.arange(steps) <= lengths[:, None]."""
    return np.asarray(np.arange(steps) <= np.asarray(lengths)[:, None], "float32")


@about_step_weights(
    belief="the steps go down and the samples across",
    truth="the first axis of weights counts samples, as that of targets does",
    hint="print the shape of your result for 3 samples of 5 steps.",
)
def steps_before_samples(lengths, steps):
    """(5, 3) for 3 samples of 5 steps."""
    return np.asarray(np.arange(steps)[:, None] < np.asarray(lengths), "float32")


@about_step_weights(
    belief="a weight of 1 takes a step out",
    truth="a weight multiplies the loss of its step, so 0 takes it out",
    hint="look at the first step of a sequence in your result: is it there?",
)
def filling_weighted(lengths, steps):
    """np.arange(steps) >= lengths[:, None]."""
    return np.asarray(np.arange(steps) >= np.asarray(lengths)[:, None], "float32")


@about_step_weights(
    belief="the weights of a sequence add up to 1",
    truth="each step that is there weighs 1, however many there are",
    hint="look at the example: what do its weights add up to?",
)
def weights_shared_out(lengths, steps):
    """1 / length for each step."""
    there = np.arange(steps) < np.asarray(lengths)[:, None]
    return there / np.maximum(1, there.sum(axis=1, keepdims=True))


@about_step_weights(
    belief="a step is there where its number is the length",
    truth="the steps in front of that are there, and that one is not: they are numbered from 0",
    hint="count the ones in each row of your result.",
)
def end_marked(lengths, steps):
    """np.arange(steps) == lengths[:, None]."""
    return (np.arange(steps) == np.asarray(lengths)[:, None]).astype(float)


@about_step_weights(
    belief="the padding stands in front",
    truth="here it follows the steps (`keras.utils.pad_sequences` puts it in front unless told "
    "otherwise)",
    hint="look at the example with its zeros at the end.",
)
def filled_in_front(lengths, steps):
    """np.arange(steps) >= steps - lengths[:, None]."""
    return np.asarray(np.arange(steps) >= steps - np.asarray(lengths)[:, None], "float32")


@about_step_weights(
    belief="the steps of a sequence are numbered from 1, and so is its last one",
    truth="they are numbered from 0, so a sequence of 3 steps has a step 0 besides 1 and 2",
    hint="count the ones in each row of your result.",
)
def one_step_less(lengths, steps):
    """np.arange(1, steps + 1) < lengths[:, None]."""
    return np.asarray(np.arange(1, steps + 1) < np.asarray(lengths)[:, None], "float32")


@about_step_weights(
    belief="padding counts as the steps do",
    truth="a step that isn't there must weigh 0, or the model is judged by what it says of zeros",
    hint="look at the row of the shortest sequence in your result.",
)
def filling_counted(lengths, steps):
    """np.ones((len(lengths), steps))."""
    return np.ones((len(lengths), steps), "float32")


@about_step_weights(
    belief="a weight for each sample is enough",
    truth="within a sample some steps count and others don't, so each step needs a weight",
    hint="ask which of the two axes of the targets your result has.",
)
def one_weight_a_sample(lengths, steps):
    """lengths / steps."""
    return np.asarray(lengths) / steps


@about_class_weights(
    belief="a class weighs what it counts",
    truth="then the common class would count even more; the weight makes up for being rare",
    hint="work out, for each class, its count times its weight: these should be equal.",
)
def counts_as_weights(kinds, classes):
    """{0: 6, 1: 2}."""
    return {c: int(n) for c, n in enumerate(np.bincount(kinds, minlength=classes))}


@about_class_weights(
    belief="the weights of the classes add up to the number of classes",
    truth="it is the weights of all samples that add up, to the number of samples",
    hint="add up the weights of all samples: the sum should be the number of samples.",
)
def class_weights_share_classes(kinds, classes):
    """{i: classes * (1 / n) / sum(1 / n)}."""
    parts = 1 / np.bincount(kinds, minlength=classes)
    return dict(enumerate(classes * parts / parts.sum()))


@about_class_weights(
    belief="the weights of the classes add up to 1",
    truth="it is the weights of all samples that add up, to the number of samples",
    hint="add up the weights of all samples: the sum should be the number of samples.",
)
def class_weights_share_one(kinds, classes):
    """{i: (1 / n) / sum(1 / n)}."""
    parts = 1 / np.bincount(kinds, minlength=classes)
    return dict(enumerate(parts / parts.sum()))


@about_class_weights(
    belief="the commonest class weighs 1",
    truth="its weight lies below 1, for the weights of all samples add up to the number of samples",
    hint="add up the weights of all samples: the sum should be the number of samples.",
)
def weights_against_largest(kinds, classes):
    """{i: counts.max() / n}."""
    counts = np.bincount(kinds, minlength=classes)
    return dict(enumerate(counts.max() / counts))


@about_class_weights(
    belief="a class weighs its share of the samples",
    truth="then the common class would count even more; the weight makes up for being rare",
    hint="work out, for each class, its count times its weight: these should be equal.",
)
def shares_as_weights(kinds, classes):
    """{0: 0.75, 1: 0.25}."""
    return {c: n / len(kinds) for c, n in enumerate(np.bincount(kinds, minlength=classes))}


@about_class_weights(
    belief="only the proportions of the weights matter",
    truth="the loss is divided by the number of samples, not by the sum of their weights, so with "
    "smaller weights every step of training is smaller",
    hint="add up the weights of all samples: the sum should be the number of samples.",
)
def weights_not_scaled(kinds, classes):
    """{0: 1 / 6, 1: 1 / 2}."""
    return {c: 1 / n for c, n in enumerate(np.bincount(kinds, minlength=classes))}


@about_class_weights(
    belief="the more often a class occurs, the more it has to weigh",
    truth="a rare class is to weigh more, so its count stands below the line",
    hint="work out your weights for 4 samples of class 0 and 2 of class 1.",
)
def weights_upside_down(kinds, classes):
    """classes * count / len(kinds)."""
    counts = np.bincount(kinds, minlength=classes)
    return {c: classes * n / len(kinds) for c, n in enumerate(counts)}


@about_class_weights(
    belief="what stands behind a `/` is all below the line",
    truth="Python divides and multiplies from left to right: a / b * c multiplies by c",
    hint="print 12 / 2 * 3 and 12 / (2 * 3).",
)
def divided_then_multiplied(kinds, classes):
    """len(kinds) / classes * count."""
    counts = np.bincount(kinds, minlength=classes)
    return {c: len(kinds) / classes * n for c, n in enumerate(counts)}


@about_class_weights(
    belief="all samples shared by the count of a class is its weight",
    truth="then each class alone would weigh as much as all samples; the classes have to share",
    hint="add up the weights of all samples: the sum should be the number of samples.",
)
def classes_not_shared(kinds, classes):
    """{0: 8 / 6, 1: 8 / 2}."""
    return {c: len(kinds) / n for c, n in enumerate(np.bincount(kinds, minlength=classes))}


@about_kinds_guard(
    belief="classes are counted up to the number of units",
    truth="with 3 units the classes are 0, 1 and 2, so the largest is one less",
    hint="call your guard with the label 3 for a model of 3 units.",
)
def last_label_let_through(model, x, y):
    """y.max() > units, where y.max() >= units was meant."""
    return _kinds_guard(model, x, y, most=model.output_shape[-1] + 1)


@about_kinds_guard(
    belief="labels can't be below 0",
    truth="files mark what is unknown by -1, and no row of outputs has a place for it",
    hint="call your guard with a label of -1.",
)
def negatives_overlooked(model, x, y):
    """y.max() compared, and y.min() not."""
    return _kinds_guard(model, x, y, least=-np.inf)


@about_kinds_guard(
    belief="a number between two classes is noticed",
    truth="Keras cuts labels to whole numbers without a word, so 1.5 becomes class 1",
    hint="call your guard with a label of 0.5.",
)
def fractions_let_through(model, x, y):
    """The range of y compared, and not whether its numbers are whole."""
    return _kinds_guard(model, x, y, whole=False)


@about_kinds_guard(
    belief="one-hot rows are as good as class numbers",
    truth="a loss with `sparse` in its name refuses them, and so should this guard",
    hint="call your guard with one-hot rows.",
)
def rows_let_through(model, x, y):
    """The range of y compared, and not how many axes it has."""
    return _kinds_guard(model, x, y, axes=None)


@about_kinds_guard(
    belief="a float can't be a class",
    truth="what counts is the number and not its type: 2.0 has no fraction, and Keras takes it for "
    "class 2",
    hint="ask whether rounding would change a label, and not for the dtype.",
)
def floats_refused(model, x, y):
    """Labels refused by their dtype."""
    if not np.issubdtype(y.dtype, np.integer):
        raise ValueError("labels")
    return _kinds_guard(model, x, y)


@about_kinds_guard(
    belief="labels fit as soon as one of them is in the range",
    truth="one label that is too large stops the training, so any of them counts, and not all",
    hint="call your guard with one label that is too large among others that fit.",
)
def one_class_in_range_is_enough(model, x, y):
    """np.all(y >= units)."""
    return _kinds_guard(model, x, y, most=np.inf if np.min(y) < model.output_shape[-1] else None)


@about_kinds_guard(
    belief="there may be as many classes as there are samples",
    truth="it is the units of the last layer that classes have to fit, however many samples come",
    hint="call your guard with two samples, and the class 2 for a model of 3 units.",
)
def classes_counted_by_samples(model, x, y):
    """y.max() >= len(x)."""
    return _kinds_guard(model, x, y, most=len(x))


@about_kinds_guard(
    belief="the first class is number 1",
    truth="classes are counted from 0, as the places of a row are",
    hint="call your guard with the label 0.",
)
def classes_counted_from_one(model, x, y):
    """y.min() < 1 or y.max() > units."""
    return _kinds_guard(model, x, y, least=1, most=model.output_shape[-1] + 1)


@about_kinds_guard(
    belief="every class that a model knows must occur in the data",
    truth="a model may have units for classes that are missing from these samples",
    hint="call your guard with [0, 0] for a model of 3 units.",
)
def every_class_must_occur(model, x, y):
    """len(np.unique(y)) != units, in the place of y.max() >= units."""
    if len(np.unique(y)) != model.output_shape[-1]:
        raise ValueError("classes")
    return _kinds_guard(model, x, y, most=np.inf)


@about_kinds_guard(
    belief="targets have as many axes as the outputs, also where they are numbers of classes",
    truth="numbers of classes have one axis fewer: a single number takes the place of a row",
    hint="print the shape of np.array([0, 2, 1]).",
)
def axes_as_outputs(model, x, y):
    """y.ndim != 2, or y.shape != model(x).shape."""
    return _kinds_guard(model, x, y, axes=2)


@also("function", "sample_counts_ignored", about="kinds_guard")
def _(model, x, y):
    """Labels compared with the units, and not counted."""
    return _kinds_guard(model, x, y, counted=False)


@also("function", "keras_will_notice", about="kinds_guard")
def _(model, x, y):
    """model(x), and True if that raised nothing."""
    model(x)
    return True


def _kinds_guard(model, x, y, least=0, most=None, whole=True, axes=1, counted=True):
    """Refuse labels that don't fit a model's units, but for what is left out."""
    most = model.output_shape[-1] if most is None else most
    wrong = (axes is not None and y.ndim != axes) or y.min() < least or y.max() >= most
    wrong = wrong or (whole and np.any(y != np.floor(y))) or (counted and len(x) != len(y))
    if wrong:
        raise ValueError("labels")
    return True
