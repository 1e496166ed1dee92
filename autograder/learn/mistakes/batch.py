"""Beliefs about the batch axis."""

import functools
import math

import numpy as np

from autograder.learn.mistakes.rule import also, rule
from autograder.learn.questions import Sample

#: Rules about one kind of question, or one topic.
about_batch_of_one = functools.partial(rule, "function", about="batch_of_one")


@rule(
    "start",
    belief="the first size you wrote is the batch",
    truth="`keras.Input(shape=...)` describes one sample; Keras puts the batch axis in front",
    hint="count the axes of keras.Input(shape=(5, 7)) and compare with what you wrote.",
)
def first_axis_is_batch(shape):
    """An Input(shape=(3, 3, 128)) followed by Flatten is (3, 384): the first 3 taken as batch."""
    return shape[1:] if shape[0] is None and len(shape) > 2 else None


@rule(
    "start",
    belief="Keras puts a batch of one in front of an array",
    truth="Keras takes a real array as it comes: its first axis is the batch, whatever you meant",
    hint="ask len() of the array: that is how many samples Keras sees.",
)
def array_gets_batch_of_one(shape):
    """Flatten()(np.zeros((3, 3, 128))) is (1, 1152)."""
    return None if shape[0] is None else (1, *shape)


@rule(
    "start",
    belief="the batch size of a real array is open",
    truth="an array has a size on every axis, and Keras takes its first axis as the batch",
    hint="ask len() of the array: that is how many samples Keras sees.",
)
def array_gets_open_batch(shape):
    """Flatten()(np.zeros((3, 3, 128))) is (None, 1152)."""
    return None if shape[0] is None else (None, *shape)


@rule(
    "reading",
    belief="the shape leaves the batch axis out",
    truth="every shape that Keras reports begins with the batch axis",
    hint="write one more entry, in front, for the samples.",
)
def batch_left_out(truth, answer):
    """(28, 28, 3) where Keras says (None, 28, 28, 3)."""
    return answer == truth[1:]


@rule(
    "reading",
    belief="an open batch size means one sample",
    truth="None stands for any number of samples, and the number may differ from call to call",
    hint="call a model with one sample, then with seven, and print both shapes.",
)
def none_means_one(truth, answer):
    """(1, 28, 28, 3) where Keras says (None, 28, 28, 3), or for 7 samples.

    Met in "What is the difference between Input() and Flatten()?", which calls None a size
    that training determines.
    """
    return truth[0] is None and answer == (1, *truth[1:])


@rule(
    "reading",
    belief="a model gives one result, however many samples go in",
    truth="each sample of the batch gets a result of its own",
    hint="count the samples that go in, and ask each of them for its result.",
)
def one_result_for_all(truth, answer):
    """(1, 26, 26, 32) for a batch of 7 images."""
    return truth[0] not in (None, 1) and answer == (1, *truth[1:])


@rule(
    "reading",
    belief="each sample has an axis of size 1 in front",
    truth="the batch axis alone counts samples; one sample has no axis for that besides",
    hint="compare the shapes of a batch of tables and of one of them, by x.shape and x[0].shape.",
    weak=True,  # where a layer may be thought to leave an axis of size 1, that is the reason
)
def sample_as_batch_of_one(truth, answer):
    """keras.Input((1, 7)): (None, 1, 7) where Keras says (None, 7)."""
    return len(truth) > 1 and answer == (truth[0], 1, *truth[1:])


@rule(
    "reading",
    belief="a shape says how many numbers there are in a sample",
    truth="a shape has an entry for each axis, and only a Flatten makes one of them all",
    hint="count the axes of one sample.",
    weak=True,
    bare=True,  # where a layer unrolls, or may be thought to, that is the reason
)
def sizes_multiplied(truth, answer):
    """(None, 4608) where Keras says (None, 32, 48, 3)."""
    if len(truth) < 3 or None in truth[1:]:
        return False
    return answer == (truth[0], math.prod(truth[1:]))


@rule(
    "reading",
    belief="a sample has an axis less",
    truth="a shape has an entry for each of its axes, the last as well as the first",
    hint="count the axes of one sample, and the entries of your shape.",
    weak=True,
    bare=True,
)
def axis_left_out(truth, answer):
    """(None, 100, 32) where Keras says (None, 100, 32, 2)."""
    fewer = len(answer) == len(truth) - 1 and answer[:1] == truth[:1] and answer != truth[1:]
    return fewer and any(answer == (*truth[:i], *truth[i + 1 :]) for i in range(1, len(truth)))


@rule(
    "reading",
    belief="the samples are counted by the last axis",
    truth="it is the first axis that counts them; without it, the shape of one sample is left",
    hint="print x.shape[1:] and x.shape[:-1], and say for each entry what it counts.",
    weak=True,
    bare=True,
)
def last_axis_dropped(truth, answer):
    """keras.Input(x.shape[:-1]): (None, 600, 28) where (None, 28, 28) was meant."""
    same = len(answer) == len(truth) > 2 and answer[2:] == truth[1:-1]
    return truth[0] is None and same and answer[0] is None and answer[1] not in truth


@rule(
    "reading",
    belief="what has a single channel always has an axis for it",
    truth="there is such an axis only where somebody has put it, and here nobody has",
    hint="compare np.zeros((5, 28, 28)).shape and np.zeros((5, 28, 28, 1)).shape.",
)
def channel_axis_added(truth, answer):
    """keras.Input((28, 28, 1)): (None, 28, 28, 1) where (None, 28, 28) was meant."""
    return len(truth) > 2 and answer == (*truth, 1)


@rule(
    "reading",
    belief="the batch axis comes last",
    truth="the batch axis comes first, in front of the axes of a sample",
    hint="look at the shape of any batch of data: which axis counts the samples?",
)
def batch_last(truth, answer):
    """(28, 28, 3, None) where Keras says (None, 28, 28, 3)."""
    return len(truth) > 1 and answer == (*truth[1:], truth[0]) != truth


@rule(
    "reading",
    belief="the batch axis stands among the others",
    truth="the batch axis comes first, in front of the axes of a sample",
    hint="look at the shape of any batch of data: which axis counts the samples?",
)
def batch_in_between(truth, answer):
    """(28, 28, None, 3) where Keras says (None, 28, 28, 3)."""
    if truth[0] is not None or None in truth[1:] or len(answer) != len(truth):
        return False
    places = range(1, len(truth) - 1)
    return any(answer == (*truth[1 : i + 1], None, *truth[i + 1 :]) for i in places)


@also("reading", "axis_left_out")
def _(truth, answer):
    """(None, 26, 26) where Keras says (None, 26, 26, 32), its channels having gone."""
    return len(truth) > 3 and answer == truth[:-1]


@rule(
    "reading",
    belief="the batch size is already settled when the model is defined",
    truth="the batch may stay open (None) until data arrives, and does unless a number of samples "
    "is named",
    hint="the sizes in `shape=` belong to one sample. Is a number of samples named besides?",
    weak=True,
)
def batch_fixed(truth, answer):
    """(32, 28, 28, 3) where Keras says (None, 28, 28, 3)."""
    same = len(answer) == len(truth) and answer[1:] == truth[1:]
    return truth[0] is None and same and isinstance(answer[0], int) and answer[0] > 1


@rule(
    "reading",
    belief="a size that isn't known yet is 0",
    truth="0 says that there are none at all, and None that there may be any number",
    hint="print np.zeros((0, 3)), and the shape of keras.Input((3,)).",
)
def zero_for_open(truth, answer):
    """(0, 28, 28, 3) where Keras says (None, 28, 28, 3)."""
    return 0 in answer and tuple(None if n == 0 else n for n in answer) == truth


@rule(
    "reading",
    belief="None stays None when real data flows",
    truth="an array that exists has a size on every axis; None stands for one that isn't known yet",
    hint="ask a NumPy array for its shape: can it hold a None?",
)
def none_survives(truth, answer):
    """(None, 26, 26, 32) for a batch of 7 images."""
    return isinstance(truth[0], int) and answer == (None, *truth[1:])


@rule(
    "reading",
    belief="other sizes than the batch's stay open, too, until data come",
    truth="a size is open only where nobody has named one",
    hint="ask of each None in your shape: is this size known already?",
)
def known_size_left_open(truth, answer):
    """(None, None, 16) where Keras says (None, 50, 16)."""
    same = len(answer) == len(truth) and answer[0] == truth[0] and None not in truth[1:]
    pairs = list(zip(truth[1:], answer[1:], strict=False))
    return same and all(a in (None, t) for t, a in pairs) and any(a is None for _, a in pairs)


@rule(
    "reading",
    belief="the batch axis has to be written by hand",
    truth="Keras adds the batch axis itself, so a None of your own becomes a second one",
    hint="count the axes of one sample: only the batch stands in front of them.",
)
def batch_written_by_hand(truth, answer):
    """keras.Input(shape=(None, 28, 28)): (None, None, 28, 28)."""
    return truth[0] is None and answer == (None, *truth)


@rule(
    "reading",
    belief="the number of samples belongs in `shape=`",
    truth="`shape=` describes one sample; with the number of samples in it, every sample "
    "becomes as big as your whole data set",
    hint="count the axes of one sample: only the batch stands in front of them.",
    weak=True,
)
def batch_in_shape(truth, answer):
    """keras.Input(shape=x.shape): (None, 60000, 28, 28)."""
    inserted = len(answer) == len(truth) + 1 and answer[0] is None and answer[2:] == truth[1:]
    return truth[0] is None and inserted and isinstance(answer[1], int) and answer[1] > 1


@rule(
    "value",
    about=Sample,
    belief="the shape of one sample has an entry for the batch",
    truth="the batch axis counts samples; a single one has none",
    hint="compare the shapes of a list of images and of one of them.",
    general=True,
)
def batch_put_in(question):
    """(None, 10, 48) where the shape of one sample is asked for, (10, 48)."""
    return question.chain.end


@about_batch_of_one(
    belief="a single sample is a batch of one already",
    truth="a batch has an axis more than its samples, also where there is only one of them",
    hint="print the shape of a batch, and of one entry of it.",
)
def sample_is_a_batch(sample):
    """return photo: (8, 6, 3) stays as it is, and its 8 rows are taken for samples."""
    return sample


@about_batch_of_one(
    belief="a function of NumPy's changes the array that it is given",
    truth="it gives another array, which has to be returned, and leaves the one that it was given",
    hint="look behind your last `return`: is it the array with the new axis?",
)
def new_array_dropped(sample):
    """np.expand_dims(photo, 0), and then return photo."""
    return sample


@about_batch_of_one(
    belief="the axis that counts samples comes last",
    truth="the batch axis comes first, in front of the axes of a sample",
    hint="look at the shape of any batch of data: which axis counts the samples?",
)
def batch_axis_put_last(sample):
    """photo[..., np.newaxis]: (8, 6, 3) becomes (8, 6, 3, 1)."""
    return sample[..., np.newaxis]


@about_batch_of_one(
    belief="the new axis may stand behind the first axis of the sample",
    truth="your new axis stands at place 1; the batch axis stands in front, at place 0",
    hint="look at the shape of any batch of data: which axis counts the samples?",
)
def batch_axis_put_second(sample):
    """np.expand_dims(photo, 1): (8, 6, 3) becomes (8, 1, 6, 3)."""
    return np.expand_dims(sample, 1)


@about_batch_of_one(
    belief="a batch holds each sample as one long row",
    truth="the samples of a batch keep their own axes; the batch only adds one in front",
    hint="compare the number of axes of your result with that of a sample.",
)
def sample_unrolled(sample):
    """photo.reshape(1, -1): (8, 6, 3) becomes (1, 144)."""
    return sample.reshape(1, -1)


@about_batch_of_one(
    belief="what is given is a batch, and its first entry is wanted",
    truth="what is given is one sample, and its first entry is only a row of it",
    hint="print the shape of what the function is given, and ask what its first axis counts.",
)
def row_for_sample(sample):
    """photo[:1]: (8, 6, 3) becomes (1, 6, 3)."""
    return sample[:1]


@about_batch_of_one(
    belief="a batch needs more than one sample",
    truth="a batch may hold any number of samples, and one is a number",
    hint="count the samples in your result.",
)
def sample_doubled(sample):
    """np.stack([photo, photo]): (8, 6, 3) becomes (2, 8, 6, 3)."""
    return np.stack([sample, sample])
