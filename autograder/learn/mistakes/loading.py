"""Beliefs about bringing one's own data to a model: tables, pictures, sizes, masks, words."""

import functools
import math

import keras
import numpy as np

from autograder.learn.mistakes.rule import also, rule
from autograder.learn.predictions import Element

#: Rules about one kind of question, or one topic.
about_element = functools.partial(rule, "value", about=Element)
about_columns = functools.partial(rule, "function", about="columns")
about_picture = functools.partial(rule, "function", about="picture")
about_padded_size = functools.partial(rule, "function", about="padded_size")
about_masked_shares = functools.partial(rule, "function", about="masked_shares")
about_filled = functools.partial(rule, "function", about="filled")


@about_element(
    belief="a Dataset puts a batch axis in front by itself",
    truth="it hands out what it was cut into, single samples; `.batch` puts the axis there",
    hint="print `single.element_spec`: which axis of it could count samples?",
)
def dataset_makes_batches(question):
    """(None, 4) without `.batch`."""
    return question.truth if question.batches else (None, *question.sample)


@about_element(
    belief="`from_tensor_slices` hands out the whole array at once",
    truth="it cuts the array along its first axis, and each element is one of the slices",
    hint="count the elements, by `len(list(single))`: what is left for each of them?",
)
def dataset_not_cut(question):
    """(20, 4) without `.batch`, for 20 samples of 4."""
    if question.batches:
        return question.truth
    return (int(question.dataset.cardinality()), *question.sample)


@about_element(
    belief="an element is a single sample, batches or not",
    truth="behind `.batch` each element is a whole batch",
    hint="compare `single.element_spec` with `single.batch(8).element_spec`.",
)
def batches_not_seen(question):
    """(4,) whatever was called."""
    return question.sample


@about_element(
    belief="every batch is as large as `.batch` says",
    truth="the last one may be smaller, so the size stays open unless smaller ones are dropped",
    hint="divide the number of samples by the size of a batch: is there a remainder?",
)
def last_batch_forgotten(question):
    """(8, 4) behind .batch(8)."""
    return (*reversed(question.batches), *question.sample)


@about_element(
    belief="the size of a batch is never known beforehand",
    truth="where smaller batches are dropped, all that are left have the same size",
    hint="ask what `drop_remainder=True` leaves out, and what sizes are left.",
)
def dropping_forgotten(question):
    """(None, 4) behind .batch(8, drop_remainder=True)."""
    return (*(None for _ in question.batches), *question.sample)


@about_element(
    belief="a second `.batch` makes larger batches of the first",
    truth="it stacks batches, with one axis more in front",
    hint="print `next(iter(single.batch(8).batch(2)))[0].shape`.",
)
def batches_joined(question):
    """(None, 4) behind .batch(8).batch(2)."""
    return (None, *question.sample) if len(question.batches) > 1 else question.truth


@about_element(
    belief="an element that is a single sample still has an axis for it, of size 1",
    truth="the slices are cut along the first axis, and that axis is gone from each of them",
    hint="print np.zeros((20, 4))[0].shape.",
)
def slice_keeps_axis(question):
    """(1, 4) without `.batch`."""
    return question.truth if question.batches else (1, *question.sample)


@about_element(
    belief="the sizes of two batches after one another are multiplied",
    truth="each `.batch` puts an axis of its own in front, and leaves the others as they are",
    hint="print `next(iter(single.batch(8).batch(2)))[0].shape`.",
)
def batch_sizes_multiplied(question):
    """(16, 4) behind .batch(8).batch(2)."""
    several = len(question.batches) > 1
    return (math.prod(question.batches), *question.sample) if several else question.truth


@about_element(
    belief="the batches are counted in the shape",
    truth="a Dataset hands them out one after the other, and an element is one of them",
    hint="count the elements, by `len(list(dataset))`, and print the shape of the first.",
)
def batches_counted(question):
    """(3, 8, 4) behind .batch(8), for 20 samples: three batches."""
    if not question.batches:
        return question.truth
    full = [n or size for n, size in zip(question.truth, question.batches[::-1], strict=False)]
    return (int(question.dataset.cardinality()), *full, *question.sample)


@about_element(
    belief="the shape of an element is that of the last one",
    truth="it holds for all of them, so a size in which they differ is None",
    hint="print the shape of each element, in a loop.",
)
def last_element_told(question):
    """(4, 4) behind .batch(8), for 20 samples: eight, eight and four."""
    *_, (samples, _) = question.dataset
    return tuple(samples.shape)


@about_element(
    belief="a second `.batch` puts its axis behind that of the first",
    truth="each `.batch` stacks what comes to it, and puts its axis in front",
    hint="print `next(iter(single.batch(8).batch(2)))[0].shape`.",
)
def batch_axis_behind(question):
    """(8, 2, 4) behind .batch(8).batch(2)."""
    several = len(question.batches) > 1
    return (*question.batches, *question.sample) if several else question.truth


@about_element(
    belief="of batches in batches only one size stays open",
    truth="the last batch may be smaller, and so may the last batch of batches: both are open",
    hint="count the samples of each batch, in a loop over .batch(8), then over .batch(8).batch(2).",
)
def one_size_open(question):
    """(None, 8, 4) behind .batch(8).batch(2)."""
    if len(question.batches) < 2 or None not in question.truth:
        return question.truth
    return (None, *question.batches[-2::-1], *question.sample)


@also("value", "one_size_open", about=Element)
def _(question):
    """(2, None, 4) behind .batch(8).batch(2)."""
    if len(question.batches) < 2 or None not in question.truth:
        return question.truth
    return (*question.batches[:0:-1], None, *question.sample)


@about_element(
    belief="the targets are asked for",
    truth="an element is a pair, and its first part holds the features",
    hint="print `single.element_spec`: which of the two shapes is asked for?",
)
def targets_for_features(question):
    """(1,) without `.batch`."""
    return tuple(question.dataset.element_spec[1].shape)


@about_columns(
    belief="a column taken by its number is still a column",
    truth="a single number takes the axis away; a slice of one column keeps it",
    hint="print np.ones((5, 4))[:, 2].shape, then np.ones((5, 4))[:, 2:3].shape.",
)
def target_without_axis(table):
    """table[:, :-1], table[:, -1]."""
    return table[:, :-1], table[:, -1]


@about_columns(
    belief="the features may hold the target, too",
    truth="then the model need only hand on what it was to find out, and knows nothing of new data",
    hint="count the columns of your first array.",
)
def target_among_features(table):
    """table, table[:, -1:]."""
    return table, table[:, -1:]


@about_columns(
    belief="the target stands in the first column",
    truth="here it is the last; a file's first line tells which column is which",
    hint="look at the first line of the file.",
)
def first_column_for_target(table):
    """table[:, 1:], table[:, :1]."""
    return table[:, 1:], table[:, :1]


@about_columns(
    belief="a table is cut between its lines",
    truth="lines are samples; features and targets are columns, and the cut goes between those",
    hint="print the shapes of both parts: how many samples are there in each?",
)
def lines_for_columns(table):
    """table[:-1], table[-1:]."""
    return table[:-1], table[-1:]


def _coloured(picture, keep=3, copies=3):
    """Return a picture (height, width, channels) of 0 to 1; a grey one in so many copies."""
    deep = np.stack([picture] * copies, axis=-1) if picture.ndim == 2 else picture[..., :keep]
    return deep / 255


@about_picture(
    belief="a single picture needs no batch axis",
    truth="a model takes batches, and one picture is a batch of one",
    hint="count the axes of your result: is there one that counts pictures?",
)
def picture_without_batch(picture):
    """(height, width, 3)."""
    return _coloured(picture)


@about_picture(
    belief="every picture in colour has three channels",
    truth="a fourth says how transparent each pixel is, and a model for three has no place for it",
    hint="print the shape of your result for a picture of four channels.",
)
def transparency_kept(picture):
    """(1, height, width, 4)."""
    return _coloured(picture, keep=4)[None]


@about_picture(
    belief="a grey picture is one of colour with one channel",
    truth="a model for three channels wants three; equal ones look grey",
    hint="print the shape of your result for a grey picture.",
)
def one_channel_for_three(picture):
    """(1, height, width, 1)."""
    return _coloured(picture, copies=1)[None]


@about_picture(
    belief="a model doesn't mind the scale of its numbers",
    truth="what was trained on numbers from 0 to 1 takes 255 for something it has never met",
    hint="print the largest number of your result.",
)
def pixels_left_at_255(picture):
    """picture[None], from 0 to 255."""
    return _coloured(picture)[None] * 255


@about_picture(
    belief="one range of numbers is as good as another",
    truth="what was trained on numbers from 0 to 1 takes those from -1 to 1 for other pictures",
    hint="print the smallest and the largest number of your result.",
)
def pixels_from_minus_one(picture):
    """picture[None] / 127.5 - 1."""
    return _coloured(picture)[None] * 2 - 1


@about_picture(
    belief="every picture has an axis of channels",
    truth="a grey one has only rows and columns, so what is cut off its last axis are columns",
    hint="print the number of axes of each of the three kinds of picture.",
)
def grey_has_channels(picture):
    """picture[None, ..., :3] / 255."""
    return picture[None, ..., :3] / 255


@about_picture(
    belief="`np.stack` puts its new axis last",
    truth="it puts it first unless `axis=-1` says otherwise",
    hint="print np.stack([a, a]).shape for an array a of 2 by 3.",
)
def channels_stacked_in_front(picture):
    """np.stack([picture] * 3)[None, ..., :3]."""
    deep = np.stack([picture] * 3) if picture.ndim == 2 else picture
    return deep[None, ..., :3] / 255


@about_picture(
    belief="`//` makes a fraction",
    truth="it divides and drops what stands behind the point, so all but white becomes 0",
    hint="print 230 // 255 and 230 / 255.",
)
def fractions_of_pixels_dropped(picture):
    """picture[None] // 255."""
    return np.floor(_coloured(picture)[None])


@about_picture(
    belief="the channels stand behind the batch",
    truth="Keras keeps them at the end, unless it is told otherwise",
    hint="compare your shape with (samples, height, width, channels), axis by axis.",
)
def channels_behind_batch(picture):
    """(1, 3, height, width)."""
    return np.moveaxis(_coloured(picture), -1, 0)[None]


@about_picture(
    belief="the channel that says how transparent a pixel is stands in front of the colours",
    truth="it is the fourth, behind red, green and blue",
    hint="try it on a picture whose four channels hold 1, 2, 3 and 4 throughout.",
)
def first_channel_dropped(picture):
    """picture[..., 1:] of four channels."""
    deep = picture[..., 1:] if picture.shape[2:] == (4,) else picture
    return _coloured(deep)[None]


@about_picture(
    belief="the largest number of a picture is white",
    truth="white is 255 in every picture, and a dark picture has no white in it",
    hint="try it on a picture that is 100 throughout: which grey comes out?",
)
def scaled_by_its_largest(picture):
    """picture / picture.max()."""
    return _coloured(picture)[None] * 255 / picture.max()


@about_picture(
    belief="256 levels are divided by 256",
    truth="the levels go from 0 to 255, so it is 255 that makes 1 of the largest",
    hint="work out what becomes of a pixel of 255.",
)
def levels_for_largest(picture):
    """picture / 256."""
    return _coloured(picture)[None] * 255 / 256


@about_picture(
    belief="a transparent pixel is a dark one",
    truth="here the fourth channel is dropped, and the colours stay as they are",
    hint="try it on a picture whose fourth channel is 0.",
)
def darkened_by_transparency(picture):
    """picture[..., :3] * picture[..., 3:], from 0 to 1."""
    clear = picture[..., 3:] / 255 if picture.shape[2:] == (4,) else 1
    return (_coloured(picture) * clear)[None]


@about_padded_size(
    belief="halving three times is dividing by 2 × 3",
    truth="each halving divides what is left by 2, so three of them divide by 2 × 2 × 2",
    hint="halve 24 three times, and then 12.",
)
def halvings_added_up(size, times):
    """The next multiple of 2 * times."""
    return -(-size // (2 * times)) * 2 * times


@about_padded_size(
    belief="the nearest size below will do",
    truth="padding makes a picture larger; a smaller size would cut pixels off",
    hint="call it with 23 and 3: is your size large enough for 23 pixels?",
)
def rounded_down(size, times):
    """size // 8 * 8."""
    return size // 2**times * 2**times


@about_padded_size(
    belief="the nearest multiple will do",
    truth="it may be a smaller one, and a picture can be padded but not without loss be cut",
    hint="try it for the sizes 9 and 15, and 3 times.",
)
def rounded_to_nearest(size, times):
    """round(size / 8) * 8."""
    return round(size / 2**times) * 2**times


@about_padded_size(
    belief="`^` raises to a power",
    truth="in Python that is `**`; `^` compares the two numbers bit by bit",
    hint="print 2 ^ 3 and 2 ** 3.",
)
def caret_for_power(size, times):
    """-(-size // (2 ^ times)) * (2 ^ times)."""
    return -(-size // (2 ^ times)) * (2 ^ times)


@about_padded_size(
    belief="a size that was doubled so many times is the one to be halved",
    truth="it can be halved, but it is not the smallest that can",
    hint="ask of a size between yours and `size` whether it will do.",
)
def doubled_for_halved(size, times):
    """size * 2**times."""
    return size * 2**times


@about_padded_size(
    belief="only what is to be added is asked for",
    truth="asked for is the size with the padding in it",
    hint="read what the text says that the function gives for size 23 and 3 times.",
)
def padding_alone(size, times):
    """-size % 2**times."""
    return -size % 2**times


@about_padded_size(
    belief="what is missing is the remainder",
    truth="the remainder is what is too much for the next smaller size; missing is the rest up to "
    "the next larger one",
    hint="work out 23 % 8, and how much 23 lacks of 24.",
)
def remainder_added(size, times):
    """size + size % 2**times."""
    return size + size % 2**times


@about_padded_size(
    belief="the size that is left after all halvings is asked for",
    truth="asked for is the size from which the halvings begin",
    hint="multiply your result by 2, as many times as the size is halved.",
)
def smallest_map_returned(size, times):
    """-(-size // 8)."""
    return -(-size // 2**times)


@about_padded_size(
    belief="2 to the power of 3 is 3 to the power of 2",
    truth="three halvings divide by 2 × 2 × 2, and that is `2 ** 3`",
    hint="print 2 ** 3 and 3 ** 2.",
)
def power_turned_round(size, times):
    """-(-size // times ** 2) * times ** 2."""
    return -(-size // times**2) * times**2


@about_padded_size(
    belief="there is always something to add",
    truth="a size that can be halved already stays as it is",
    hint="call it with 24 and 3.",
)
def one_step_too_many(size, times):
    """(size // 8 + 1) * 8."""
    return (size // 2**times + 1) * 2**times


@about_padded_size(
    belief="only powers of 2 can be halved with no remainder",
    truth="24 can be halved three times, and is no power of 2",
    hint="halve 24 until there is a remainder.",
)
def next_power_of_two(size, times):
    """32 for 23."""
    return 1 << (int(size) - 1).bit_length()


@about_padded_size(
    belief="what is halved three times is a multiple of 3",
    truth="each halving divides by 2, so what is wanted is a multiple of 2 × 2 × 2",
    hint="halve 9 three times, and then 24.",
)
def multiple_of_times(size, times):
    """-(-size // times) * times."""
    return -(-size // times) * times


@about_padded_size(
    belief="one halving more is needed than the text says",
    truth="after so many halvings it may be odd that is left: it isn't halved once more",
    hint="halve 24 three times: is 3 a whole number?",
)
def one_halving_more(size, times):
    """The next multiple of 2 ** (times + 1)."""
    return -(-size // 2 ** (times + 1)) * 2 ** (times + 1)


@about_padded_size(
    belief="an even size can be halved as often as one likes",
    truth="half of an even size may be odd",
    hint="halve 26, and halve what comes out.",
)
def even_is_enough(size, times):
    """size + size % 2."""
    return size + size % 2


def _shares(strength, axis=-1):
    return strength / strength.sum(axis=axis, keepdims=True)


@about_masked_shares(
    belief="a score of 0 is no attention",
    truth="`exp(0)` is 1, so a score of 0 gets a share like any other",
    hint="work out the softmax of the scores 0 and 0.",
)
def zero_for_no_attention(scores, is_there):
    """softmax(scores * mask)."""
    return _shares(np.exp(scores * is_there[:, None]))


@about_masked_shares(
    belief="shares may be struck out when they have been given out",
    truth="then what is left no longer adds up to 1; a step has to be out before the sum is taken",
    hint="add up your shares over the last axis.",
)
def struck_out_afterwards(scores, is_there):
    """softmax(scores) * mask."""
    return _shares(np.exp(scores)) * is_there[:, None]


@about_masked_shares(
    belief="the mask goes down the table, along the steps that ask",
    truth="hidden are the steps that are looked at, and they go across, along the last axis",
    hint="print the shape of your mask beside that of the scores, and compare from the right.",
)
def queries_hidden(scores, is_there):
    """mask[:, :, None]."""
    return _shares(np.where(is_there[:, :, None], np.exp(scores), 0))


@about_masked_shares(
    belief="1 is shared out over the steps that ask",
    truth="each step that asks shares out 1 among the steps that it looks at",
    hint="add up your shares over each axis: where do you get ones?",
)
def shared_over_queries(scores, is_there):
    """A sum over axis 1."""
    return _shares(np.where(is_there[:, None], np.exp(scores), 0), axis=1)


@about_masked_shares(
    belief="a mask says what is to be hidden",
    truth="here True says that a step is there, so that it keeps its share",
    hint="look at a row of the mask, and at the shares beside it.",
)
def mask_inverted(scores, is_there):
    """np.where(is_there[:, None], 0, np.exp(scores))."""
    return _shares(np.where(is_there[:, None], 0, np.exp(scores)))


@about_masked_shares(
    belief="1 is shared out over the whole table",
    truth="each step that asks shares out 1 of its own, along the last axis",
    hint="add up the shares of one query.",
)
def shared_over_everything(scores, is_there):
    """strength / strength.sum()."""
    return _shares(np.where(is_there[:, None], np.exp(scores), 0), axis=None)


@about_masked_shares(
    belief="shares are proportional to the scores",
    truth="a softmax takes `exp` of each score first, so that none is below 0",
    hint="work out the shares of the scores 1 and -1.",
)
def scores_shared(scores, is_there):
    """np.where(is_there[:, None], scores, 0), divided by its sum."""
    return _shares(np.where(is_there[:, None], scores, 0))


@about_masked_shares(
    belief="`exp` of a score is its share",
    truth="shares add up to 1, so each is divided by the sum of its row",
    hint="add up the numbers of one query.",
)
def strength_for_share(scores, is_there):
    """np.where(is_there[:, None], np.exp(scores), 0)."""
    return np.where(is_there[:, None], np.exp(scores), 0)


@about_masked_shares(
    belief="the mask needn't be used, since padding is 0",
    truth="a step of zeros gets a score like any other, and a share with it",
    hint="look at a share that should be 0.",
)
def mask_left_out(scores, is_there):
    """softmax(scores)."""
    return _shares(np.exp(scores))


@about_masked_shares(
    belief="one mask does for all samples",
    truth="each sample has padding of its own, and so a row of its own in the mask",
    hint="compare the rows of the mask: do they hide the same steps?",
)
def first_mask_for_all(scores, is_there):
    """np.where(is_there[0], np.exp(scores), 0)."""
    return _shares(np.where(is_there[0], np.exp(scores), 0))


@about_masked_shares(
    belief="the scores are still to be scaled",
    truth="attention divides them before they come here, and a softmax takes them as they are",
    hint="work out the softmax of the scores 0 and 1 by hand, and by your function.",
)
def scores_scaled(scores, is_there):
    """np.exp(scores / np.sqrt(scores.shape[-1]))."""
    strength = np.exp(scores / np.sqrt(scores.shape[-1]))
    return _shares(np.where(is_there[:, None], strength, 0))


@about_masked_shares(
    belief="shares add up to 1 once they are divided by how many steps there are",
    truth="what adds up to 1 was divided by its own sum",
    hint="add up the shares of one query.",
)
def divided_by_the_number_there(scores, is_there):
    """np.where(is_there[:, None], np.exp(scores), 0) / is_there.sum(-1)[:, None, None]."""
    strength = np.where(is_there[:, None], np.exp(scores), 0)
    return strength / is_there.sum(axis=-1)[:, None, None]


@about_masked_shares(
    belief="a lower score hides a step",
    truth="a lower score gets a smaller share; only one of minus infinity, or near it, gets none",
    hint="look at a share that should be 0.",
)
def score_lowered(scores, is_there):
    """scores - (1 - mask)."""
    return _shares(np.exp(scores - ~is_there[:, None]))


@rule(
    "function",
    about="other_size",
    belief="pictures have to be brought to the size with which a model was made",
    truth="its weights fit any size here, and a stretched picture is another one",
    hint="look for the layer that changes the size of your pictures, and leave it out.",
)
def shown_at_the_old_size(model, x):
    """model(layers.Resizing(24, 24)(x))."""
    return np.asarray(model(keras.ops.image.resize(x, model.input_shape[1:3])))


def _laid_out(sentences, steps, in_front=False, keep_last=False, filling=0):
    """Return sentences as rows of so many words, as `keras.utils.pad_sequences` does."""
    rows = []
    for words in sentences:
        kept = list(words[-steps:] if keep_last else words[:steps])
        rest = [filling] * (steps - len(kept))
        rows.append(rest + kept if in_front else kept + rest)
    return np.array(rows)


@about_filled(
    belief="Keras's helper pads and cuts off at the end",
    truth="it does both in front, unless it is told otherwise",
    hint="call it with [[1, 2], [3, 4, 5, 6]] and 3, and look at both ends of both rows.",
)
def done_in_front(sentences, steps):
    """pad_sequences(sentences, maxlen=steps)."""
    return _laid_out(sentences, steps, in_front=True, keep_last=True)


@about_filled(
    belief="the padding stands in front of the words",
    truth="here each sentence begins at the left, and the zeros come behind",
    hint="call it with [[1, 2]] and 3: at which end is the 0?",
)
def filled_in_front(sentences, steps):
    """pad_sequences(sentences, maxlen=steps, truncating="post")."""
    return _laid_out(sentences, steps, in_front=True)


@about_filled(
    belief="the last words of a long sentence are kept, or those that Keras's helper keeps",
    truth="here the first words are kept; the helper cuts them off unless `truncating=` says "
    "otherwise",
    hint="call it with [[3, 4, 5, 6]] and 3: which word is missing?",
)
def first_words_cut_off(sentences, steps):
    """pad_sequences(sentences, maxlen=steps, padding="post")."""
    return _laid_out(sentences, steps, keep_last=True)


@about_filled(
    belief="the longest sentence says how many steps there are",
    truth="the number of steps is given, for a model that declares it",
    hint="compare the second size of your result with `steps`.",
)
def longest_decides(sentences, steps):
    """pad_sequences(sentences, padding="post")."""
    return _laid_out(sentences, max(map(len, sentences)))


@about_filled(
    belief="np.resize pads with zeros",
    truth="the function repeats what there is (an array's own method pads with zeros)",
    hint="print np.resize([7, 2], 5).",
)
def words_repeated(sentences, steps):
    """[np.resize(words, steps) for words in sentences]."""
    return np.array([np.resize(words, steps) for words in sentences])


@about_filled(
    belief="no word is a number below 0",
    truth="0 is kept free for that: a mask looks for it, and an Embedding has no row for -1",
    hint="look for the value that stands behind the last word of a short sentence.",
)
def filled_with_minus_one(sentences, steps):
    """pad_sequences(sentences, maxlen=steps, ..., value=-1)."""
    return _laid_out(sentences, steps, filling=-1)


@about_filled(
    belief="a short sentence is filled up with its last word",
    truth="what is filled in must be no word, and 0 is kept free for that",
    hint="call it with [[1, 2]] and 3: what stands behind the 2?",
)
def last_word_repeated(sentences, steps):
    """[7, 2, 2, 2] for [7, 2] and 4."""
    return np.array([[words[min(i, len(words) - 1)] for i in range(steps)] for words in sentences])
