# %% [markdown]
# # Your own model: from data on your disk to a model that runs
#
# 10 exercises · 23 points · 100 minutes
#
# The models of a course get their data ready made. Yours don't. Between a file on your disk and the
# first epoch lie a dozen places where a shape can go wrong, and this page goes through them in the
# order in which you meet them. If your own model has just failed, run the first two cells, then all of
# the case that sounds like yours:
#
# | What you see | Case |
# |---|---|
# | "Data cardinality is ambiguous"; a loss that is `nan` or `inf` | 1 |
# | a picture file that a model won't take: no batch axis, other channels | 2 |
# | a Dataset that a model won't take | 3 |
# | "matching shapes except for the concatenation axis" | 4 |
# | attention: "Incompatible shapes"; masks, attention weights, padding that must not count | 5 |
# | a base, trained elsewhere, "expected shape=…, found shape=…" | 6 |
# | saved weights that don't fit; "Could not locate class" | 7 |
# | "Graph execution error": a label or a token index out of range | 8 |
# | several inputs or outputs; "The structure of `inputs` doesn't match" | 9 |
# | "expected ndim=3, found ndim=5": words, films, states; padding sentences to one length | 10 |
# | a class or a `Lambda` of your own | 11 |
#
# After this lesson you will be able to
#
# - bring a table, a picture or a Dataset into the shape that a model declares;
# - build a U-Net whose sizes meet again, mask an attention, and use a model that was made for other
#   pictures;
# - read an error with `why()`, ask `explain(model, x, y)` before there is one, and take a model of
#   your own from nothing to its first epoch.
#
# **You need** the lesson on Input and Flatten and the one on targets. What else is needed is
# explained where it comes up.

# %% locked="setup"
# No module named ...? Choose the course's own Python (.venv) as this notebook's kernel.
from autograder.learn import (
    Element, check_function, check_model, check_prediction, check_training, draw_elements,
    draw_images, draw_skips, draw_tables, explain, reads, why,
)

import tempfile
import warnings
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from keras import layers

keras.utils.set_random_seed(0)
folder = Path(tempfile.mkdtemp())  # for the files of this lesson; your own folders stay untouched

# %%
def attempt(action, *args):
    """Do something; print the shape or the value that it gives, or what Keras says.

    `reads` gives the message of an error on narrow lines, without stack, colours and arrays.
    """
    try:
        found = action(*args)
        print(getattr(found, "shape", found))
    except Exception as error:
        print(reads(error))

# %% [markdown]
# ## Case 1: how does a table become x and y?
#
# **In short.** Every line of a table is a sample. `x` is the table without the column that you want
# to predict, `(n, features)`; `y` is that column, as a column, `(n, 1)`. Take it with a slice,
# `table[:, -1:]`: a bare number, `table[:, -1]`, takes the axis away.
#
# A weather station wrote a small file: temperature, pressure, wind, and the rain of the day after.

# %%
(folder / "weather.csv").write_text(
    "temperature,pressure,wind,rain\n11,1003,20,4.5\n14,1010,12,0\n9,998,31,7.1\n"
    "16,1018,8,0\n12,1001,22,3.2\n", encoding="utf-8",
)
table = np.genfromtxt(folder / "weather.csv", delimiter=",", skip_header=1)
print(table.shape)
print(table)

# %% [markdown]
# ### Build: features and targets
#
# Write `split(table)`. It gets such a table, `(n, columns)`, and returns two arrays: the features
# `(n, columns - 1)`, all columns but the last, and the targets `(n, 1)`, the last one.
#
# <details><summary>A hint</summary>
#
# Two slices. The first leaves out the last column, the second begins with it. Print both shapes.
# </details>
#
# <details><summary>A bigger hint</summary>
#
# Of a table of 5 by 4, `table[:, 1:3]` has the shape (5, 2), `table[:, 1:2]` (5, 1), and
# `table[:, 1]` (5,). A negative number counts from the end.
# </details>

# %% answer="split" level=1
def split(table):
    """Return features (n, columns - 1) and targets (n, 1) of a table (n, columns)."""
    ### BEGIN SOLUTION
    return table[:, :-1], table[:, -1:]
    ### END SOLUTION

# %% check="split" points=2
def both_parts(table):
    places = np.arange(table.shape[1]) == table.shape[1] - 1
    return table[:, ~places], table[:, places]

numbers = np.random.default_rng(0).normal(size=(7, 3))
check_function(split, like=both_parts, on=[table, numbers], about="columns")
### BEGIN HIDDEN TESTS
check_function(split, like=both_parts, on=[numbers[:4, :2]], about="columns")
### END HIDDEN TESTS

# %% [markdown]
# ### Are there as many targets as samples?
#
# Keras counts both before it begins. One row was dropped from the features below, and not from the
# targets; and a careless `reshape` makes other samples of the same numbers. Which of the two raises?

# %%
small = keras.Sequential([keras.Input((3,)), layers.Dense(1)])
small.compile("sgd", "mse")
attempt(lambda: small.fit(table[1:, :-1], table[:, -1:], verbose=0))
print(np.zeros((50, 8, 8)).reshape(-1, 80).shape, np.zeros((50, 8, 8)).reshape(50, -1).shape)

# %% [markdown]
# `fit` refuses the first: "Data cardinality is ambiguous" means that `x` and `y` differ in their first
# axis. `reshape` itself never minds: 50 pictures became 40 rows. Write the number of samples, and let
# -1 stand for the rest.
#
# ### What if the shapes fit, and the numbers don't?
#
# Wind reaches 31, pressure 1018. `layers.Normalization` brings every column to a mean of 0 and a spread
# of 1, once `adapt` has shown it the data. What becomes of the loss with it, and without?

# %%
def losses(numbers, *in_front):
    """Return the loss of each of ten passes over a table, with these layers in front."""
    model = keras.Sequential([keras.Input((3,)), *in_front, layers.Dense(1)])
    model.compile("sgd", "mse")
    return model.fit(numbers[:, :-1], numbers[:, -1:], epochs=10, verbose=0).history["loss"]

scale = layers.Normalization()
scale.adapt(table[:, :-1])
for name, found in [("as they are", losses(table)), ("scaled", losses(table, scale))]:
    print(f"{name}: {found[0]:.1g}, then {found[1]:.1g}, in the end {found[-1]:.1g}")

# %% [markdown]
# No shape warns of this. Nor of a gap in the file: in the second line below, nobody measured the
# pressure. What becomes of the gap, and of the loss?

# %%
with_gap = np.genfromtxt(["11,1003,20,4.5", "14,,12,0", "9,998,31,7.1"], delimiter=",")
print(with_gap)
print("a gap:", np.isnan(with_gap).any(), "· loss:", losses(with_gap, scale)[-1])

# %% [markdown]
# A gap is read as `nan`, not a number, and one of them is enough to spoil every weight. Look for gaps
# first, by `np.isnan(x).any()`. And a column of words has to be turned into numbers:
# `np.unique(…, return_inverse=True)` numbers them, as in
# **[lesson 8](08_targets_and_losses.ipynb#Build:-classes-from-any-labels)**.
#
# ## Case 2: one picture from a file
#
# **In short.** A picture file gives whole numbers from 0 to 255, `(height, width, channels)`, without
# a batch axis, and its channels may be 1, 3 or 4. A model wants what it was trained on: mostly
# floats, scaled, a certain size, and the batch axis in front.
#
# Here a small picture is written to a file and read again, as Keras does it. Which line will the
# model refuse?

# %%
pixels = np.zeros((12, 16, 3), "uint8")
pixels[3:9, 4:12] = (230, 120, 40)
keras.utils.save_img(folder / "leaf.png", pixels, scale=False)
leaf = keras.utils.img_to_array(keras.utils.load_img(folder / "leaf.png"))
print(leaf.shape, leaf.dtype, leaf.min(), leaf.max())
draw_images({"leaf.png": leaf / 255})

# %%
reader = keras.Sequential([keras.Input((12, 16, 3)), layers.Flatten(), layers.Dense(2)])
attempt(lambda: reader(leaf))
attempt(lambda: reader(leaf[None]))

# %% [markdown]
# The sentence shows both shapes. They differ in front, by the axis that counts samples; `[None]` puts it
# there. `load_img` makes three channels of any file unless `color_mode=` says `"grayscale"` or
# `"rgba"`, and `target_size=(height, width)` changes the size. It returns a picture of the package
# PIL, whose own `size` is the other way round, width first: `(16, 12)`. Go by the shape of the array.
#
# ### Build: a picture for a model
#
# Write `ready(picture)`. It gets an array of whole numbers from 0 to 255: `(height, width, 3)`, or
# `(height, width, 4)` with a fourth channel that says how transparent each pixel is, or grey,
# `(height, width)`. It returns a batch of one, `(1, height, width, 3)`, from 0 to 1. The fourth
# channel is dropped; a grey picture gets three equal channels.
#
# <details><summary>A hint</summary>
#
# Do the axes first. How many has a grey picture, and what is missing at its end? The other two cases
# differ in the last axis only.
# </details>
#
# <details><summary>A bigger hint</summary>
#
# `np.stack([a, a], axis=-1)` puts two copies side by side on a new last axis, and `a[..., :2]` takes
# the first two of the last axis.
# </details>

# %% answer="ready" level=2
def ready(picture):
    """Return a batch (1, height, width, 3), from 0 to 1, of a picture of 0 to 255."""
    ### BEGIN SOLUTION
    if picture.ndim == 2:
        picture = np.stack([picture] * 3, axis=-1)
    return picture[None, ..., :3] / 255
    ### END SOLUTION

# %% check="ready" points=2
def batch_of_colours(picture):
    deep = picture.reshape(*picture.shape[:2], -1)
    return np.stack([deep[..., min(c, deep.shape[-1] - 1)] for c in range(3)], -1)[None] / 255

some = np.random.default_rng(1).integers(0, 256, (6, 9, 4))
check_function(ready, like=batch_of_colours, on=[some[..., :3], some, some[..., 0]], about="picture")
### BEGIN HIDDEN TESTS
check_function(ready, like=batch_of_colours, on=[some[2:, ::2, 1], some[:5]], about="picture")
### END HIDDEN TESTS

# %% [markdown]
# ## Case 3: a Dataset, with and without batches
#
# **In short.** `fit` adds no batch axis to a Dataset. What it holds must be batches: call `.batch(32)`,
# once. Without it each *sample* is taken for a batch; twice, and there is an axis too many. Print
# `dataset.element_spec` to see what comes.
#
# Twenty samples of seven features, in four Datasets, and a model for rows of seven:

# %%
features, targets = np.zeros((20, 7), "float32"), np.zeros((20, 1), "float32")
single = tf.data.Dataset.from_tensor_slices((features, targets))
datasets = [single, single.batch(8), single.batch(8, drop_remainder=True), single.batch(8).batch(2)]
def trained(dataset):
    """Train a small model for one pass; return how many steps it took."""
    model = keras.Sequential([keras.Input(features.shape[1:]), layers.Dense(1)])
    model.compile("sgd", "mse")
    return model.fit(dataset, shuffle=False, verbose=0).params["steps"]

for dataset in datasets:
    attempt(trained, dataset)

# %% [markdown]
# The first and the last are refused, and the shapes tell why. The third, with `drop_remainder`, leaves
# out the four samples that make no full batch: two steps instead of three.
#
# ### Predict: what comes out of a Dataset?
#
# What is the shape of the *features* in one element of each of the four Datasets? A size that isn't known
# beforehand is `None`: a last batch may be smaller, unless smaller ones are dropped.
#
# <details><summary>A hint</summary>
#
# `from_tensor_slices` cuts along the first axis, so its elements have one axis fewer than the array.
# Each `.batch` puts one axis in front.
# </details>
#
# <details><summary>A bigger hint</summary>
#
# For pictures `(9, 6, 6)`, the elements of `from_tensor_slices` have the shape `(6, 6)`, and those of
# `.batch(4)` behind it `(None, 6, 6)`, for the last one has a single picture.
# </details>

# %% answer="elements" level=1
### BEGIN SOLUTION
elements = [(7,), (None, 7), (8, 7), (None, None, 7)]  # a list of four tuples
### END SOLUTION

# %% check="elements" points=2
check_prediction(elements, of=[
    Element(datasets[0]), Element(datasets[1], batches=(8,)),
    Element(datasets[2], batches=(8,)), Element(datasets[3], batches=(8, 2)),
])

# %% [markdown]
# What does `fit` get, one element after the other? A square is a sample, a frame around squares a
# batch:

# %%
draw_elements({
    "no batches": datasets[0], ".batch(8)": datasets[1],
    "drop_remainder": datasets[2], ".batch(8).batch(2)": datasets[3],
})

# %% [markdown]
# ## Case 4: a decoder whose sizes don't meet again
#
# **In short.** A **U-Net** makes pictures smaller by pooling (that half is the **encoder**), and larger
# again by upsampling (the **decoder**). On each level a **skip connection** joins what comes up to what
# was there on the way down, and for that the two must have the same height and width. Pooling rounds
# down, so not every size comes back as it was. Either pad the pictures to a size that does, or bring
# what comes up to the size of what it meets.
#
# Here is a small U-Net, one level deep. Which of the three sizes will fail?

# %%
def down_and_up(height, width):
    """Return the input, what is kept of it on the way down, and what comes up again."""
    start = keras.Input((height, width, 1))
    wide = layers.Conv2D(4, 3, padding="same", activation="relu")(start)
    deep = layers.Conv2D(8, 3, padding="same", activation="relu")(layers.MaxPooling2D()(wide))
    return start, wide, layers.UpSampling2D()(deep)

def naive(height, width):
    """Return a model of one way down and up, with a skip connection."""
    start, *both = down_and_up(height, width)
    end = layers.Conv2D(1, 1, activation="sigmoid")(layers.Concatenate()(both))
    return keras.Model(start, end)

for size in [(8, 12), (8, 13), (23, 23)]:
    attempt(lambda height, width: naive(height, width).output_shape, *size)

# %% [markdown]
# "Matching shapes except for the concatenation axis": read the two shapes, and look for the axis in
# which they differ. 13 came back as 12. And if pictures are pooled twice? Down on the left, up on the
# right, and a skip connection on each level; dashed is what doesn't meet:

# %%
draw_skips(23, 24, times=2)

# %% [markdown]
# What pooling rounds away is missing on that level, and on all levels above it. Of 24, nothing is lost.
#
# ### Build: a size that can be halved
#
# Write `padded_size(size, times)`: the smallest size that isn't below `size` and can be halved
# `times` times with no remainder. For size 23 and 3 times it is 24; for 24 it is 24 itself.
#
# <details><summary>A hint</summary>
#
# Halving three times is dividing by 8. So the next multiple of 8 is wanted.
# </details>
#
# <details><summary>A bigger hint</summary>
#
# `-(-7 // 2)` rounds up: it is 4, while `7 // 2` is 3. And `2 ** 3` is 8.
# </details>

# %% answer="padded_size" level=2
def padded_size(size, times):
    """Return the smallest size from `size` on that can be halved so many times."""
    ### BEGIN SOLUTION
    step = 2**times
    return -(-size // step) * step
    ### END SOLUTION

# %% check="padded_size" points=2
def counted_up(size, times):
    return next(n for n in range(size, 2 * size + 2**times) if n % 2**times == 0)

sizes = [(23, 3), (24, 3), (100, 4), (13, 1), (33, 2)]
check_function(padded_size, like=counted_up, on=sizes, about="padded_size")
### BEGIN HIDDEN TESTS
check_function(padded_size, like=counted_up, on=[(225, 5), (64, 2), (9, 3)], about="padded_size")
### END HIDDEN TESTS

# %% [markdown]
# ### Build: a U-Net for any size
#
# Write `small_unet(height, width)`: a model from `(None, height, width, 1)` to the same shape that
# works for odd sizes, too. For even ones it computes what `naive` does, joined in the same order, and all
# its layers with weights are those of `naive`; how sizes that differ are made to meet is up to you.
#
# <details><summary>A hint</summary>
#
# Two ways: pad the picture in front, and cut the frame off at the end; or bring what was upsampled to
# the size of `wide`. The second needs one layer.
# </details>
#
# <details><summary>A bigger hint</summary>
#
# `layers.Resizing(5, 7)` gives maps of 5 by 7, whatever comes in. `layers.ZeroPadding2D(((0, 1), (0,
# 0)))` puts one row of zeros below.
# </details>

# %% answer="small_unet" level=3
def small_unet(height, width):
    """Return a model from pictures (None, height, width, 1), of any size, to the same shape."""
    ### BEGIN SOLUTION
    start = keras.Input(shape=(height, width, 1))
    wide = layers.Conv2D(4, (3, 3), activation="relu", padding="same")(start)
    deep = layers.MaxPooling2D()(wide)
    deep = layers.Conv2D(8, (3, 3), activation="relu", padding="same")(deep)
    up = layers.Resizing(height, width)(layers.UpSampling2D()(deep))
    met = layers.Concatenate()([wide, up])
    return keras.Model(start, layers.Conv2D(1, 1, activation="sigmoid")(met))
    ### END SOLUTION

# %% check="small_unet" points=1
check_model(small_unet, args=(8, 12), like=naive(8, 12))

# %% check="small_unet" aspect="odd" points=2
count = naive(2, 2).count_params()
for size in [(8, 13), (9, 13), (23, 10)]:
    shape = (None, *size, 1)
    check_model(small_unet, args=size, input_shape=shape, output_shape=shape, params=count)
check_model(small_unet, args=(6, 10), like=naive(6, 10))
### BEGIN HIDDEN TESTS
shape = (None, 15, 5, 1)
check_model(small_unet, args=(15, 5), input_shape=shape, output_shape=shape, params=count)
### END HIDDEN TESTS

# %% [markdown]
# ## Case 5: attention, and what it mustn't look at
#
# **In short.** In **attention**, each step of one sequence, the **query**, looks at all steps of another,
# the **value**, and gets a mixture of them. A table says how much of each: query steps down, value steps
# across. A mask is laid over that table, and True means "may be looked at". To hide value steps it has
# the shape `(n, 1, value steps)` or `(n, query steps, value steps)`, and not `(n, value steps)`.
#
# First in small numbers, and by hand: a query of two steps, a value of three, with two numbers a step. The
# **score** of a query step and a value step is their dot product: multiply number by number, and add. A
# softmax along each row makes shares of the scores. These are the attention weights:

# %%
asks = np.array([[1.0, 0.0], [1.0, 2.0]])
heard = np.array([[2.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
scores = asks @ heard.T
weights = np.asarray(keras.ops.softmax(scores))
print("the mixtures:", (weights @ heard).round(2).tolist())
draw_tables({"scores": scores, "attention weights": weights}, down="query", across="value")

# %% [markdown]
# Query step 0 takes most from value step 0. The result has a row for each query step, as wide as the value.
#
# `MultiHeadAttention(num_heads=2, key_dim=4)` does this twice at once. Each **head** has kernels of its
# own, which make `key_dim` numbers of each step before steps are compared, so each can look for something
# else, and has a table of its own: `(n, heads, query steps, value steps)`. What the heads found is put
# together, and made as wide as the query was. (There is a third input, the **key**: scores compare query
# and key, and mixed is the value. Unless you give one, the value is the key, too.)
#
# Three sequences; seven steps in each, of which the last two are padding. What will Keras say to a mask
# with one entry a step?

# %%
query, value = np.ones((3, 5, 8), "float32"), np.ones((3, 7, 8), "float32")
is_there = np.arange(7) < np.array([[5], [5], [5]])
attend = layers.MultiHeadAttention(num_heads=2, key_dim=4)
attempt(lambda: attend(query, value))
attempt(lambda: attend(query, value, attention_mask=is_there))
attempt(lambda: attend(query, value, attention_mask=is_there[:, None]))

# %% [markdown]
# Keras made `(1, 1, 3, 7)` of the mask: your 3 samples stand where the 5 query steps belong.
# `is_there` is True where there is a step to look at. `is_there[:, None]` adds the axis of the query
# steps, of size 1, which stretches over all of them.
#
# And if there are as many samples as query steps? Then Keras says nothing. Here are the shares of the
# first of five samples; its last two steps are to be hidden. Which table is right?

# %%
five = np.random.default_rng(2).random((5, 7, 8), "float32")
there = np.arange(7) < np.array([[5], [4], [3], [2], [1]])
masks = {"no mask": None, "there[:, None]": there[:, None], "there": there}
tables = {}
for name, mask in masks.items():
    told = {"attention_mask": mask, "return_attention_scores": True}
    shares = np.asarray(attend(five[:, :5], five, **told)[1][0, 0])
    tables[name] = shares / shares.max()
draw_images(tables)

# %% [markdown]
# The second: white is the largest share, and black none. In the third the five query steps got the masks
# of the five samples, one each.
#
# An `Embedding` with `mask_zero=True` needs none of this: its mask, `(n, steps)`, travels along, and
# the layer puts it in its place. And must query, key and value have the same width? Try a narrower
# value, and then a key that is a step shorter:

# %%
narrow, short = np.ones((3, 7, 3), "float32"), np.ones((3, 6, 8), "float32")
attempt(lambda: layers.MultiHeadAttention(num_heads=2, key_dim=4)(query, narrow))
attempt(lambda: layers.MultiHeadAttention(num_heads=2, key_dim=4)(query, value, key=short))

# %% [markdown]
# Widths may differ: query, key and value have a kernel each, and the result is as wide as the query
# unless you say otherwise. What must agree are the steps of key and value. (`layers.Attention` has no
# kernels: there query and key need the same width.)
#
# ### Build: shares that leave out the padding
#
# What does a mask do inside? Write `masked_shares(scores, is_there)`, in NumPy. It gets scores `(n,
# queries, values)` and a table `(n, values)` of True and False. It returns shares of the same shape as
# the scores: a softmax over the last axis in which steps that aren't there get a share of exactly 0,
# and the shares of the others add up to 1.
#
# <details><summary>A hint</summary>
#
# Softmax is `exp` of each score, divided by the sum of these. At which point must a step be taken out,
# so that what is left still adds up to 1? And which axis does the mask lack?
# </details>
#
# <details><summary>A bigger hint</summary>
#
# `np.where(mask, a, 0)` keeps `a` where the mask is True. `mask[:, None]` of a mask `(n, 4)` has the
# shape `(n, 1, 4)`, and `a.sum(axis=-1, keepdims=True)` keeps an axis of size 1 to divide by.
# </details>

# %% answer="masked_shares" level=2
def masked_shares(scores, is_there):
    """Return the softmax of scores (n, queries, values) over the values that are there (n, values)."""
    ### BEGIN SOLUTION
    strength = np.where(is_there[:, None], np.exp(scores), 0)
    return strength / strength.sum(axis=-1, keepdims=True)
    ### END SOLUTION

# %% check="masked_shares" points=2
def by_keras(scores, is_there):
    low = np.where(np.broadcast_to(is_there[:, None], scores.shape), scores, -1e9)
    return np.asarray(keras.ops.softmax(low, axis=-1))

source = np.random.default_rng(3)
cases = [(source.normal(size=(2, 4, 4)), np.arange(4) < np.array([[3], [2]]))]
cases += [(source.normal(size=(3, 2, 5)), np.arange(5) != np.array([[0], [4], [2]]))]
check_function(masked_shares, like=by_keras, on=cases, about="masked_shares")
### BEGIN HIDDEN TESTS
more = [(source.normal(size=(1, 3, 6)), np.array([[True, False, True, True, False, True]]))]
check_function(masked_shares, like=by_keras, on=more, about="masked_shares")
### END HIDDEN TESTS

# %% [markdown]
# ## Case 6: a model that was made for other pictures
#
# **In short.** Convolutions don't mind the height and width, but a Functional model that declares them
# does, and so does any Dense behind a Flatten. Bring your pictures to what the base declares: channels
# first of all, then the size, by `layers.Resizing`, inside your own model.
#
# This stands for a base that somebody else has trained, on pictures of 32 by 32 in colour. What will
# it say to yours?

# %%
def base():
    """Return a model from pictures (None, 32, 32, 3) to maps (None, 7, 7, 8)."""
    start = keras.Input((32, 32, 3))
    maps = layers.Conv2D(4, 3, strides=2, activation="relu")(start)
    return keras.Model(start, layers.Conv2D(8, 3, strides=2, activation="relu")(maps))

attempt(lambda: base()(keras.Input((20, 24, 3))))
attempt(lambda: base()(layers.Resizing(32, 32)(keras.Input((20, 24, 3)))))
attempt(lambda: base()(keras.Input((32, 32, 1))))
attempt(lambda: base()(np.ones((2, 32, 32, 1), "float32")))

# %% [markdown]
# Mind the last two. Called on a `keras.Input`, shapes without numbers, the model lets `(32, 32, 1)`
# through. A model takes `(n,)` for `(n, 1)` and the reverse, so a last axis of size 1 is left out when
# shapes are compared, even where it holds the channels: only 32 by 32 is compared. The new model can
# be put together, and its summary looks fine; only with numbers does the first Conv2D refuse. So
# before you train a model that you have put together from others, call it once on a batch of zeros.
#
# ### Build: your pictures in front, your classes behind
#
# Write `adapted(height, width, classes)`: a model for *grey* pictures `(None, height, width, 1)`. Three
# equal channels are made of the one, the size is changed to that of the base, then comes `base()`, then
# global average pooling, and a Dense layer with softmax for the classes.
#
# <details><summary>A hint</summary>
#
# Five things, one after the other. Print the shape after each. Some layer lays blocks side by side
# along the last axis, and one of them may be given to it more than once.
# </details>
#
# <details><summary>A bigger hint</summary>
#
# `layers.Concatenate()([a, b])` joins along the last axis. A model is called like a layer:
# `base()(pictures)`.
# </details>

# %% answer="adapted" level=2
def adapted(height, width, classes):
    """Return a model from grey pictures (None, height, width, 1) to shares (None, classes)."""
    ### BEGIN SOLUTION
    start = keras.Input(shape=(height, width, 1))
    coloured = layers.Concatenate()([start] * 3)
    maps = base()(layers.Resizing(32, 32)(coloured))
    row = layers.GlobalAveragePooling2D()(maps)
    return keras.Model(start, layers.Dense(classes, activation="softmax")(row))
    ### END SOLUTION

# %% check="adapted" points=1
for height, width, classes in [(20, 24, 3), (40, 9, 5)]:
    ends = {"input_shape": (None, height, width, 1), "output_shape": (None, classes)}
    check_model(adapted, args=(height, width, classes), **ends)
### BEGIN HIDDEN TESTS
ends = {"input_shape": (None, 64, 50, 1), "output_shape": (None, 2)}
check_model(adapted, args=(64, 50, 2), **ends)
### END HIDDEN TESTS

# %% check="adapted" aspect="numbers" points=1
def through_base(x, kernel, bias, second, more, dense, offset):
    seen = keras.ops.image.resize(np.repeat(x, 3, axis=-1), (32, 32))
    maps = keras.ops.relu(keras.ops.conv(seen, kernel, 2) + bias)
    row = np.asarray(keras.ops.relu(keras.ops.conv(maps, second, 2) + more)).mean(axis=(1, 2))
    return np.asarray(keras.ops.softmax(row @ dense + offset))

ends = {"input_shape": (None, 20, 24, 1), "output_shape": (None, 3)}
count = (3 * 9 + 1) * 4 + (4 * 9 + 1) * 8 + (8 + 1) * 3
check_model(adapted, args=(20, 24, 3), **ends, params=count, computes=through_base)
### BEGIN HIDDEN TESTS
ends = {"input_shape": (None, 9, 50, 1), "output_shape": (None, 4)}
check_model(adapted, args=(9, 50, 4), **ends, computes=through_base)
### END HIDDEN TESTS

# %% [markdown]
# ## Case 7: saved, and loaded again?
#
# **In short.** `model.save("name.keras")` keeps layers, weights and what `compile` was told;
# `keras.models.load_model` brings all of it back. `save_weights("name.weights.h5")` keeps only the
# numbers: to load them you need a model with the same shapes. Layers of your own must be handed over:
# `load_model("name.keras", custom_objects={"MyLayer": MyLayer})`.
#
# A whole model, saved and loaded; then only its numbers, loaded into a model for rows of five. Which of
# the two will Keras refuse?

# %%
def rows(features, units=1):
    return keras.Sequential([keras.Input((features,)), layers.Dense(units)])

keras.utils.clear_session()
rows(4).save(folder / "whole.keras")
rows(4).save_weights(folder / "numbers.weights.h5")
attempt(lambda: keras.models.load_model(folder / "whole.keras").output_shape)
attempt(lambda: rows(5).load_weights(folder / "numbers.weights.h5"))

# %% [markdown]
# The message is long; what counts is in the middle: the shape of the variable, and the shape of the value.
#
# ### Build: the same weights, pictures of another size
#
# A convolution and global pooling have no weight that depends on the size of a picture. But the Input
# declares one, and so a model that was trained on 24 by 24, saved and loaded refuses yours. Here are two
# that stand for such models. What can be done without training again?

# %%
def reader_of(height, width, channels, units):
    """Return a model for pictures of one size, all of whose weights fit any size."""
    start = keras.Input((height, width, channels))
    maps = layers.Conv2D(5, 3)(layers.Conv2D(4, 3, activation="relu")(start))
    return keras.Model(start, layers.Dense(units)(layers.GlobalAveragePooling2D()(maps)))

loaded, grey_reader = reader_of(24, 24, 3, 2), reader_of(9, 12, 1, 4)
attempt(lambda: loaded(np.ones((1, 40, 30, 3))))

# %% [markdown]
# Write `for_size(model, height, width)`. `model` is a Functional model for pictures of one size, whose
# layers follow one another, such as `loaded` and `grey_reader`. It returns a model that declares
# pictures of `height` by `width`, with as many channels as before, and computes with the weights of
# `model`.
#
# <details><summary>A hint</summary>
#
# Only the Input has to be new. What comes behind it can be called once more, on another tensor.
# </details>
#
# <details><summary>A bigger hint</summary>
#
# `model.layers` is a list that begins with the InputLayer, and `model.input_shape[-1]` is the number of
# channels. A loop hands each layer what the one before it gave. (Whoever makes new layers needs
# `get_weights()` and `set_weights(…)`.)
# </details>

# %% answer="for_size" level=2
def for_size(model, height, width):
    """Return a model for pictures (None, height, width, channels) with the weights of `model`."""
    ### BEGIN SOLUTION
    start = result = keras.Input(shape=(height, width, model.input_shape[-1]))
    for layer in model.layers[1:]:
        result = layer(result)
    return keras.Model(start, result)
    ### END SOLUTION

# %% check="for_size" points=1
for model, height, width in [(loaded, 40, 30), (grey_reader, 17, 28)]:
    shape = (None, height, width, model.input_shape[-1])
    ends = {"input_shape": shape, "output_shape": model.output_shape}
    check_model(for_size, args=(model, height, width), **ends)

# %% [markdown]
# The second check asks whether the weights are those of the model, and whether the pictures are read as
# they come.

# %% check="for_size" aspect="numbers" points=2
def new_model(model, x):
    return for_size(model, *x.shape[1:3])(x)

def by_hand(model, x):
    kernel, bias, second, more, dense, offset = model.get_weights()
    maps = keras.ops.conv(keras.ops.relu(keras.ops.conv(x, kernel) + bias), second) + more
    return np.asarray(maps).mean(axis=(1, 2)) @ dense + offset

large = np.random.default_rng(4).random((2, 40, 30, 3), "float32")
on = [(loaded, large), (grey_reader, large[:1, :17, :28, :1])]
check_function(new_model, like=by_hand, on=on, about="other_size")
### BEGIN HIDDEN TESTS
unseen = [(grey_reader, large[:, :21, :10, 1:2]), (loaded, large[:, :12])]
check_function(new_model, like=by_hand, on=unseen, about="other_size")
### END HIDDEN TESTS

# %% [markdown]
# ## Case 8: what is a Graph execution error?
#
# **In short.** It isn't an error in itself. The model was put together, and something went wrong while
# numbers went through it, which no shape shows. Read the *last* lines, where the reason stands.
#
# Six samples, and a class for each. The message has dozens of lines; here are its beginning and its end.
# Can you find the reason in them, and what would you change?

# %%
sorter = keras.Sequential([keras.Input((4,)), layers.Dense(3, activation="softmax")])
sorter.compile("sgd", "sparse_categorical_crossentropy")
six, kinds = np.ones((6, 4), "float32"), np.array([0, 1, 2, 3, 1, 2])
try:
    sorter.fit(six, kinds, shuffle=False, verbose=0)
except Exception as error:
    caught, lines = error, str(error).splitlines()
    print(f"{type(error).__name__}: {lines[0]}", "…", lines[-2], sep="\n")

# %% [markdown]
# Then let `why` read it. After an error of your own, `why()` without an argument takes the last one:

# %%
print(why(caught))

# %% [markdown]
# Most often a label is out of range, as here, or the number of a word (its token index). And before
# anything fails, `explain(model, x, y)` looks at the three together. It can't know where you will train:
# a CPU refuses such labels, and elsewhere the same mistake may pass in silence.

# %%
print(explain(sorter, six, kinds))

# %% [markdown]
# ## Case 9: several inputs: a list, or a dict?
#
# **In short.** A model made with a list of Inputs takes a list in the same order, or a dict with the
# names of its Inputs. One made with a dict takes a dict with the same keys. Such a dict holds the
# inputs and nothing else; targets belong in `y`. A Sequential has one input, and each of its layers is
# given one tensor and gives one.
#
# Two inputs, 1 and 0, and a model that subtracts the second from the first. It is made once with a
# list and once with a dict. Which lines give 1?

# %%
keras.utils.clear_session()
token, segment = keras.Input((1,), name="token"), keras.Input((1,), name="segment")
difference = layers.Subtract()([token, segment])
listed = keras.Model([token, segment], difference)
named = keras.Model({"token": token, "segment": segment}, difference)
one, zero, label = np.array([[1.0]]), np.array([[0.0]]), np.array([[3.0]])
print("in order", np.asarray(listed([one, zero])), "exchanged", np.asarray(listed([zero, one])))
print("by name", np.asarray(listed({"segment": zero, "token": one})))
attempt(lambda: named({"token": one}))
attempt(lambda: named([one, zero]))

# %% [markdown]
# Names can't be exchanged by accident; places in a list can. And what if the label travels along in
# the dict?

# %%
with warnings.catch_warnings(record=True) as said:
    warnings.simplefilter("always")
    print(np.asarray(named({"token": one, "segment": zero, "label": label})))
print(reads(said[0].message))

# %% [markdown]
# A wrong number, and a warning that is easy to overlook. With one key too many the names no longer count:
# Keras takes the entries in alphabetical order, and hands them to the inputs in *their* alphabetical
# order. So the label, 3, went to `segment`, and the segment, 0, to `token`: 0 − 3 = −3. Where the sizes
# differ, this ends in "Invalid input shape".
#
# In one case the same warning is harmless: a model was made with a list of one, `keras.Model([a], …)`, and
# is handed just the array.
#
# ### What if a layer gives more than one tensor?
#
# A recurrent layer with `return_state=True` gives its result and its state. Can a Sequential go on
# from there? And does it take two arrays?

# %%
attempt(lambda: keras.Sequential([
    keras.Input((5, 2)), layers.LSTM(4, return_state=True), layers.Dense(1),
]))
result, hidden, carried = layers.LSTM(4, return_state=True)(keras.Input((5, 2)))
print(result.shape, hidden.shape, carried.shape, layers.Dense(1)(result).shape)
with warnings.catch_warnings(record=True) as said:
    warnings.simplefilter("always")
    doubled = keras.Sequential([keras.Input((1,)), layers.Rescaling(2)])
    print(np.asarray(doubled([np.array([[1.0]]), np.array([[5.0]])])), len(said), "warning")

# %% [markdown]
# It can't: Dense is handed three tensors and takes one. The same goes for a base with two outputs.
# Make such a model Functional, and go on with the tensor that you want. The last line shows a
# Sequential with a list of two arrays: it takes the first and warns, and the second is lost.
#
# ## Case 10: words, films, and sequences that go on
#
# **In short.** A recurrent layer wants `(samples, steps, features)`. Words become numbers by
# `TextVectorization`, of an open length unless you give `output_sequence_length`; an `Embedding` then
# adds the features. A film is a sequence of pictures: turn each into a row first, by `TimeDistributed`
# and global pooling. And `stateful=True` ties a model to one batch size.
#
# First, words. What will the two shapes be?

# %%
def words(**options):
    """Return the shape of what becomes of a batch of sentences."""
    by_number = layers.TextVectorization(vocabulary=["hello", "world"], **options)
    return by_number(keras.Input((1,), dtype="string")).shape

print(words(), words(output_sequence_length=6))

# %% [markdown]
# Without a length, the longest sentence of a batch decides. Second, a film. Here is one of four small
# pictures, and a network that looks at each of them. Which of the two lines will Keras refuse?

# %%
film = np.zeros((1, 4, 8, 8, 3), "float32")
for i in range(4):
    film[0, i, 3:5, 2 * i : 2 * i + 2] = (0.9, 0.5, 0.2)
draw_images({f"film[0, {i}]": film[0, i] for i in range(4)})

# %%
maps = layers.TimeDistributed(layers.Conv2D(4, 3))(film)
print(maps.shape)
attempt(lambda: layers.LSTM(5)(maps))
attempt(lambda: layers.LSTM(5)(layers.TimeDistributed(layers.GlobalAveragePooling2D())(maps)))

# %% [markdown]
# The five axes in `found ndim=5` are the samples, the pictures of a film, and the height, width and channels
# of a map. A recurrent layer wants three in all, with the pictures as its steps. Third, a layer that goes on
# where it stopped:

# %%
going_on = layers.LSTM(6, stateful=True)
attempt(lambda: going_on(np.zeros((8, 5, 1))))
attempt(lambda: going_on(np.zeros((3, 5, 1))))

# %% [markdown]
# The stateful layer kept the states of 8 samples, and 3 came. (In `predict` the same mistake ends in a "Graph
# execution error" with "Incompatible shapes".)
#
# ### Build: sentences of one length
#
# Words that have been numbered elsewhere come as a list for each sentence, some long and some short. An
# array can't hold them like that. Here is a helper of Keras's. Where does it pad, and what has it cut off?

# %%
texts = [[5, 9, 3], [7, 2], [4, 8, 1, 6, 2]]
print(keras.utils.pad_sequences(texts, maxlen=4))

# %% [markdown]
# It pads in front, and cuts off in front as well: the 4 of the third sentence is gone.
#
# Write `filled(sentences, steps)`. It returns an array `(len(sentences), steps)` of whole numbers. Each
# sentence begins at the left. A shorter one is followed by zeros; of a longer one only the first `steps`
# words are kept.
#
# <details><summary>A hint</summary>
#
# The helper does it, if it is told where. `help(keras.utils.pad_sequences)` lists its arguments; two things
# happen in front unless you say otherwise.
# </details>
#
# <details><summary>A bigger hint</summary>
#
# Without the helper: begin with `np.zeros((3, 4), int)`, and write into the first places of each row.
# `[7, 2][:5]` is `[7, 2]`, and `[6, 1, 8][:2]` is `[6, 1]`.
# </details>

# %% answer="filled" level=2
def filled(sentences, steps):
    """Return an array (len(sentences), steps): the first words of each, zeros behind."""
    ### BEGIN SOLUTION
    behind = {"padding": "post", "truncating": "post"}
    return keras.utils.pad_sequences(sentences, maxlen=steps, **behind)
    ### END SOLUTION

# %% check="filled" points=2
def place_by_place(sentences, steps):
    numbered = [dict(enumerate(words)) for words in sentences]
    return np.array([[words.get(i, 0) for i in range(steps)] for words in numbered])

cases = [(texts, 4), ([[6], [1, 2, 3, 4]], 3)]
check_function(filled, like=place_by_place, on=cases, about="filled")
### BEGIN HIDDEN TESTS
unseen = [([[3, 1, 2], [8], [9, 9, 7, 7], [5, 4]], 2), ([[6, 2]], 5)]
check_function(filled, like=place_by_place, on=unseen, about="filled")
### END HIDDEN TESTS

# %% [markdown]
# ## Case 11: a class or a function of your own
#
# **In short.** Keras knows the shapes of a model that is put together from layers before any number goes
# through it. In your own code it has to find them out. A model of your own class gets its weights when it
# is first called (or from a method `build`), and never has an attribute `output_shape`. A `Lambda` is tried
# on shapes: where that doesn't work, tell it `output_shape=`, the shape of one sample. And in either, take
# `keras.ops` where old code takes `tf`.
#
# Which of these lines will run?

# %%
class Own(keras.Model):
    """Two Dense layers, called by hand."""
    def __init__(self):
        super().__init__()
        self.first, self.last = layers.Dense(8, activation="relu"), layers.Dense(5)
    def call(self, x):
        return self.last(self.first(x))

own = Own()
print(own(np.zeros((2, 4))).shape, own.built, own.count_params(), "parameters")
attempt(lambda: own.output_shape)
start = keras.Input((4,))
attempt(lambda: keras.Model(start, own.call(start)).output_shape)

# %% [markdown]
# The last line is a way to get a model with all its shapes from a class: hand `call` an Input. And a function
# of your own between layers?

# %%
def folded(x):
    return tf.reshape(x, (x.shape[0], 3, 3))

attempt(lambda: layers.Lambda(folded)(keras.Input((9,))))
attempt(lambda: layers.Lambda(folded, output_shape=(3, 3))(keras.Input((9,))))
attempt(lambda: layers.Reshape((3, 3))(keras.Input((9,))))

# %% [markdown]
# `x.shape[0]` is `None` while a model is put together, so the first line can't be worked out. A layer of
# Keras's own, where there is one, spares you the question.
#
# ## The last case: yours
#
# **In short.** One sample, one batch, one step. Print the shape of one sample and of one target; let
# the model answer for a batch of two; compare `model.output_shape` with `y.shape`; then train for one
# pass. A shape that doesn't fit mostly shows at once, and you know where. Numbers may take longer: does
# the loss fall over the first passes, or become `inf` or `nan`? Then go back to case 1.
#
# ### Build: a model of your own
#
# Write `own_model()`. It returns `(model, x, y, loss)`: a model of yours with one input and one output,
# an array of samples and one of targets (real ones or made up; up to a hundred are plenty), and the loss
# that it is to be trained with: a name such as `"mse"`, or a loss object. The check asks: does the model
# take the samples? Are there as many targets, and no gaps in either? Does one pass of training, with
# `"adam"`, go through and leave finite numbers? Are outputs stretched over the targets, which Keras
# doesn't notice? (A model with more inputs, or a Dataset, you can show to `explain`.)
#
# <details><summary>A hint</summary>
#
# Take a model that you have, or that you would like to have, and cut the data down. If there is none,
# make up some weather: for twenty days temperature, pressure and wind, and the rain of the day after.
# </details>
#
# <details><summary>A bigger hint</summary>
#
# Make `x`, say by `np.sin(np.outer(range(20), [1, 2, 3]))`, make `y`, adapt a
# `layers.Normalization` to `x` if its columns differ much, make the model with
# `keras.Input(x.shape[1:])`, and return the four. `explain(model, x, y)` helps if the check doesn't
# like it.
# </details>

# %% answer="own_model" level=3
def own_model():
    """Return a model, samples, targets and a loss that belong together."""
    ### BEGIN SOLUTION
    days = np.cos(np.outer(np.arange(20), [1, 2, 3, 4])) + [12, 1000, 20, 5]
    x, y = np.split(days.astype("float32"), [3], axis=1)
    level = layers.Normalization()
    level.adapt(x)
    stack = [keras.Input(x.shape[1:]), level, layers.Dense(4, "relu"), layers.Dense(1)]
    return keras.Sequential(stack), x, y, "mse"
    ### END SOLUTION

# %% check="own_model" points=3
check_training(own_model)

# %% [markdown]
# ## What you saw
#
# - Tables, pictures and Datasets become batches by a slice, an axis in front, and one `.batch()`. You
#   print the shape of one sample before you print anything else.
# - Sizes meet again if they can be halved, masks fit the table of scores, and a base gets the pictures
#   that it declares, or a new Input, where no weight depends on the size.
# - An error has its reason in its last lines. `why()` reads it with your own numbers, and
#   `explain(model, x, y)` looks before you train.
#
# This is where the course ends and your own work goes on. For ten minutes now and then there is
# **[the drill](drill.ipynb)**.
