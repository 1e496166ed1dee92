# %% [markdown]
# # How Flatten works: every number stays, the map goes
#
# 11 exercises · 18 points · 115 minutes
#
# **In short.** Flatten is a Reshape to one axis, sample by sample, in the order in which the
# numbers are stored. It has nothing to learn itself; the Dense behind it has weights for each
# number that it hands on. Global pooling hands on one number per channel:
#
# ```python
# import keras
# maps = keras.Input(shape=(9, 9, 20))
# for neck in (keras.layers.Flatten(), keras.layers.GlobalAveragePooling2D()):
#     print(neck(maps).shape)
# ```
#
# Flatten is the shortest layer to describe and one of the easiest to misread. It has no weights, it
# changes no number, and yet the choice between it and pooling can decide whether your model learns
# or memorises. After this lesson you will be able to
#
# - say what Flatten does to any batch, name the spellings that do the same, and those that only
#   look like it;
# - tell which layers may change places with Flatten, and what to do when sizes are unknown;
# - work out what Flatten costs the layer behind it, and decide when global pooling is the better
#   way.
#
# **You need** the lesson on Input and Flatten: shapes, the batch axis, windows and filters,
# row-major order.

# %% locked="setup"
# No module named ...? Choose the course's own Python (.venv) as this notebook's kernel.
from autograder.learn import (  # comes first: it keeps TensorFlow's log out of the way
    Called, Commutes, Params, Place, check_function, check_layer, check_model, check_numbers,
    check_prediction, check_shape, check_weights, draw_bills, draw_images, draw_orders,
    draw_scores, reads,
)

import math

import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(0)

# %% [markdown]
# ## The example that was announced
#
# A much-read post says "let's implement this in Keras", speaks of a convolution followed by
# Flatten, on images of 32 by 32 in three colours, and then shows no code. Here is what it must
# have looked like. The post leaves the number of filters open; we take 32, with windows of 3 by 3.
#
# Before you run it, multiply: how wide will the result be?

# %%
keras.utils.clear_session()
announced = keras.Sequential([
    keras.Input(shape=(32, 32, 3)),
    layers.Conv2D(filters=32, kernel_size=(3, 3), activation="relu"),
    layers.Flatten(),
])
announced.summary()

# %% [markdown]
# The convolution gives each image 30 rows, 30 columns and 32 channels, so a sample keeps three
# axes. Flatten makes one axis of the three: 30 × 30 × 32 = 28800. All 896 parameters belong to the
# convolution.
#
# The post adds that the convolution's shape depends on its filters. That is true of one entry out of
# three. Below there are always 64 filters. What else moves the shape?

# %%
picture_input = keras.Input(shape=(32, 32, 3))
settings = [
    {}, {"padding": "same"}, {"strides": 2}, {"strides": 2, "padding": "same"},
    {"dilation_rate": 2}, {"kernel_size": 5},
]
for setting in settings:
    convolution = layers.Conv2D(**{"filters": 64, "kernel_size": 3, **setting})
    print(convolution(picture_input).shape, setting or "as it comes")

# %% [markdown]
# The filters only set the last entry. Rows and columns come from the size of the window, from the
# padding, from the **stride**, which is how many pixels the window moves from one place to the
# next, and from the **dilation**, which spreads the window's weights apart: a window of 3 with
# dilation 2 spans 5 pixels. With `padding="same"` the window's size no longer counts: the size of
# the image is divided by the stride, and rounded up. Flatten multiplies all of it. (`Conv1D`, for
# sequences, has one more kind of padding, `"causal"`: all the zeros stand in front, so that no step
# sees a later one, and the length stays as it does with `"same"`.)
#
# ### Predict: with a stride
#
# Images of **31 rows and 24 columns** this time, and a convolution whose windows move in steps of
# 2. What is the shape after Flatten?

# %%
striding = keras.Sequential([
    keras.Input(shape=(31, 24, 3)),
    layers.Conv2D(filters=12, kernel_size=5, strides=2),
    layers.Flatten(),
])

# %% [markdown]
# <details><summary>A hint</summary>
#
# First find all the places where a window of 5 can stand on a row, as if the stride were 1. Then
# keep the first of them, and every second one after it.
# </details>
#
# <details><summary>A bigger hint</summary>
#
# On a row of 9 pixels a window of 3 has 7 places, 0 to 6. In steps of 2 it takes the places 0, 2,
# 4 and 6: there are 4. Do this for rows and for columns, then multiply by what the filters give.
# </details>

# %% answer="conv_flat_shape" level=2
### BEGIN SOLUTION
conv_flat_shape = (None, 1680)  # a tuple, such as (None, 5)
### END SOLUTION

# %% check="conv_flat_shape" points=1
check_shape(conv_flat_shape, of=striding)

# %% [markdown]
# ## What exactly is 1152?
#
# **In short.** The width of each row that Flatten makes, and not a shape: a shape has the batch in
# front.
#
# The same post takes a feature map of shape (3, 3, 128), multiplies, and announces the new shape
# `(1152,)`. You predicted this one in the last lesson. Which part of the sentence is right?

# %%
feature_map = layers.Conv2D(128, 3)(keras.Input(shape=(5, 5, 64)))
print(feature_map.shape, "becomes", layers.Flatten()(feature_map).shape)
print(3 * 3 * 128)

# %% [markdown]
# The map is right: 3 by 3 places, 128 channels, one axis each. The product is right. The shape
# isn't: a result of Flatten has two axes, here `(None, 1152)`. Leave the batch axis out of the
# *data*, and Flatten takes the first axis that it finds for the batch:

# %%
for array in [np.zeros((3, 3, 128)), np.zeros((1, 3, 3, 128))]:
    print(array.shape, "becomes", layers.Flatten()(array).shape)

# %% [markdown]
# As a rule: `(batch, d1, d2, …)` becomes `(batch, d1 × d2 × …)`. Does it hold for other numbers of
# axes?

# %%
for shape in [(6,), (4, 6), (4, 6, 2), (4, 6, 2, 5)]:
    flat = layers.Flatten()(np.zeros((9, *shape)))
    print((9, *shape), "becomes", flat.shape, "and the product is", math.prod(shape))

# %% [markdown]
# ## In which order?
#
# Nine samples stay nine samples. Inside each, Flatten goes row by row, pixel by pixel, channel by
# channel. Two other orders are just as possible, and other tools use them. Suppose that whole
# channels followed one another: which number would come after the 0? Find it in the image at the
# top before you look at the strips.

# %%
draw_orders(height=2, width=2, channels=3)

# %% [markdown]
# The 3: channel 0 of the next pixel. Frameworks that put channels first store images like that. The
# third strip goes through the image column by column, each pixel with all its channels. All three
# have the same shape and hold the same numbers, so no error will ever tell you that you have the
# wrong one.
#
# ### Predict: whose number is it?
#
# In the last lesson you went from a pixel to its index. Now the other way. An image has **5 rows, 7
# columns and 3 channels**. After Flatten you look at index **59**. Which row, column and channel
# does this number come from? All counting starts at 0.
#
# <details><summary>A hint</summary>
#
# How many numbers does one full row hold? How many full rows fit into the numbers that stand
# before index 59?
# </details>
#
# <details><summary>A bigger hint</summary>
#
# Divide with remainder, twice. In an image of 2 columns and 3 channels a row holds 6 numbers;
# index 11 is 1 full row and 5 numbers; 5 numbers are 1 full pixel and 2 channels: (1, 1, 2).
# </details>

# %% answer="lost_pixel" level=2
### BEGIN SOLUTION
lost_pixel = (2, 5, 2)  # (row, column, channel), such as (0, 4, 1)
### END SOLUTION

# %% check="lost_pixel" points=1
check_prediction(lost_pixel, of=Place(59, (5, 7, 3)))

# %% [markdown]
# ### What does data_format do?
#
# Flatten has one argument of its own, `data_format`. With `"channels_first"` you tell it that your
# samples are stored as (channels, rows, columns). Do you expect it to unroll them as they are
# stored? Here are 2 channels of 2 rows and 3 columns; the first channel holds 0 to 5, the second 6
# to 11.

# %%
two_channels = np.arange(12).reshape(1, 2, 2, 3)
print(np.asarray(layers.Flatten()(two_channels)))
print(np.asarray(layers.Flatten(data_format="channels_first")(two_channels)))

# %% [markdown]
# The second line goes 0, 6, 1, 7: both channels of the first pixel, then both of the next. So it is
# more than a label. Flatten moves the channels to the end first, and then unrolls. An image stored
# either way comes out in the same order, and a Dense layer trained on one can read the other.
# Convolution and pooling have the same argument. Give it to each of them, or to none:

# %%
by_channels = layers.Conv2D(8, 3, data_format="channels_first")
print(by_channels(keras.Input((3, 16, 20))).shape, layers.Conv2D(8, 3)(keras.Input((3, 16, 20))).shape)

# %% [markdown]
# The first takes 3 channels of 16 rows and 20 columns. The second takes the 3 for rows and the 20 for channels,
# and says nothing. (These are only promises: on many processors TensorFlow has no convolution with
# the channels in front, and with numbers the first raises an `UnimplementedError`.)

# %% [markdown]
# ## What else is Flatten?
#
# **In short.** `Reshape((-1,))`, and in NumPy `x.reshape(len(x), -1)`. Neither moves an axis: that is
# what `Permute` does.
#
# There are other ways to turn each sample into one row: a Reshape layer, and NumPy's own `reshape`.
# Would you expect the same numbers in the same places?

# %%
rng = np.random.default_rng(0)
batch = rng.random((4, 5, 6, 3), "float32")
flat = np.asarray(layers.Flatten()(batch))
print(np.array_equal(flat, layers.Reshape((-1,))(batch)))
print(np.array_equal(flat, batch.reshape(len(batch), -1)))

# %% [markdown]
# Bit for bit. Flatten is Reshape to one axis, and it is NumPy's `reshape` that keeps the first
# axis. (With `channels_first` it isn't: there an axis is moved.) In both, `-1` means: whatever is
# left over. It doesn't leave a size open: where the others are known, `-1` is worked out at once.

# %%
for shape in [(5, 6, 4), (5, None, 4)]:
    print(shape, "becomes", layers.Reshape((5, -1))(keras.Input(shape=shape)).shape)

# %% [markdown]
# The 24 is 6 × 4 = 24; only where a size is unknown is the result unknown, too.
#
# ### A shape is not an order
#
# If Reshape can make one axis of three, it can also make three of three. Suppose that your
# pictures are stored as (3, 28, 28) and your model wants (28, 28, 3). Here is one; does Reshape
# help?

# %%
rows, columns = np.mgrid[0:28, 0:28]
sun = (rows - 11) ** 2 + (columns - 17) ** 2 < 50
red, green, blue = np.where(sun, 1, 0.2), np.where(sun, 0.8, rows / 40), np.where(sun, 0.1, 0.6)
evening = np.stack([red, green, blue], axis=-1)
stored = np.stack([red, green, blue])
reshaped = np.asarray(layers.Reshape((28, 28, 3))(stored[np.newaxis]))[0]
print(stored.shape, "becomes", reshaped.shape)

# %%
draw_images({"the picture": evening, "after Reshape": reshaped})

# %% [markdown]
# The shape is the one we wanted, and the picture is lost: nine small suns, and none of them yellow.
# Reshape never moves a number. It reads them in the same order as before and counts them off in new
# sizes, so three *neighbours in a row* of the red channel now pass for the red, green and blue of
# one pixel.
#
# What moves axes, and the numbers with them, is `Permute`. It counts the axes of one sample from
# 1, and its list says where each axis of the result comes *from*:

# %%
table = np.arange(6).reshape(1, 2, 3)
print(np.asarray(layers.Permute((2, 1))(table))[0])
print(np.asarray(layers.Reshape((3, 2))(table))[0])
print("(4, 5, 6) becomes", layers.Permute((3, 1, 2))(np.zeros((1, 4, 5, 6))).shape[1:])

# %% [markdown]
# Two tables of 3 by 2. In the first the rows have become columns; in the second the numbers were
# simply read on. With three axes, mind the direction: `(3, 1, 2)` says that axis 3 comes first,
# then 1, then 2.
#
# ### Build: channels to the end
#
# Write `to_channels_last(x)`. `x` is a batch of pictures of shape (samples, channels, rows,
# columns), of any sizes. Return it as (samples, rows, columns, channels), with every picture
# intact. One Keras layer does it; NumPy is welcome, too.
#
# <details><summary>A hint</summary>
#
# Write the names of a sample's axes in a row, and under each its number, from 1. Then write
# the names in the order in which you want them.
# </details>
#
# <details><summary>A bigger hint</summary>
#
# To turn (layers, floors, rooms, beds) into (beds, layers, floors, rooms) you would say: first
# comes axis 4, then 1, then 2, then 3. So that is `Permute((4, 1, 2, 3))`.
# </details>

# %% answer="to_channels_last" level=2
def to_channels_last(x):
    """Return a batch (N, channels, rows, columns) as (N, rows, columns, channels)."""
    ### BEGIN SOLUTION
    return layers.Permute((2, 3, 1))(x)
    ### END SOLUTION

# %% check="to_channels_last" points=2
intact = [rng.random((2, 4, 5, 3), "float32"), rng.random((3, 7, 4, 2), "float32")]
stored_so = [np.stack([x[..., c] for c in range(x.shape[-1])], axis=1) for x in intact]
check_function(
    to_channels_last, like=lambda x: intact[len(x) - 2], on=stored_so, about="to_channels_last"
)
### BEGIN HIDDEN TESTS
tall = rng.random((3, 5, 6, 4), "float32")
unharmed = np.stack([tall[:, c] for c in range(5)], axis=-1)
check_function(to_channels_last, like=lambda x: unharmed, on=[tall], about="to_channels_last")
### END HIDDEN TESTS

# %% [markdown]
# ## Who looks after the batch?
#
# **In short.** Keras's own layers do, as a rule. `keras.ops.reshape` is given all the axes, and there it is up
# to you.
#
# Layers leave the batch axis alone; that is a courtesy of layers. Keras also has plain functions
# in `keras.ops`, which look much like NumPy's. `keras.ops.reshape` is given *all* the axes, the
# batch among them.

# %%
sheet = keras.Input(shape=(8, 6))
cut = keras.Model(sheet, keras.ops.reshape(sheet, (-1, 16)))
print(cut.output_shape)

# %% [markdown]
# ### Predict: five sheets
#
# Somebody wanted pieces of 16 numbers, wrote `-1` for the batch, and Keras drew up the model
# without complaint. Now five samples go in: `cut(np.zeros((5, 8, 6)))`. What is the shape of the
# result? If you expect an error, write its name in quotes, such as `"TypeError"`.
#
# <details><summary>A hint</summary>
#
# How many numbers go in altogether, all samples together? They all come out again.
# </details>
#
# <details><summary>A bigger hint</summary>
#
# `np.zeros((2, 3, 2)).reshape(-1, 4)` has 12 numbers in rows of 4: its shape is (3, 4). Nobody
# asked how many samples there were.
# </details>

# %% answer="five_sheets" level=2
### BEGIN SOLUTION
five_sheets = (15, 16)  # a tuple such as (4, 7), or the name of an exception in quotes
### END SOLUTION

# %% check="five_sheets" points=1
check_prediction(five_sheets, of=Called(cut, (5, 8, 6)))

# %% [markdown]
# <details><summary>When you have answered</summary>
#
# More rows came out than samples went in: three for each of them. `None` in the output shape is
# again an open size, and here it is no longer the size of the batch. `layers.Reshape((-1, 16))`
# would have kept the samples apart, and given three axes.
# </details>
#
# ### A layer of your own
#
# A layer is a class with a method `call`, which says what becomes of the numbers. That is all a
# layer without weights needs:

# %%
class Halve(layers.Layer):
    def call(self, x):
        return x / 2


print(np.asarray(Halve()(np.array([[2.0, 6.0]]))), Halve()(keras.Input(shape=(4, 3))).shape)

# %% [markdown]
# `call` is used in two ways: on real numbers, and on a KerasTensor while a model is put together.
# In the second case only shapes are known, and not even all of them: print `x.shape` there, and
# you see `None` in front. What happens if the width can't be told in advance?
#
# ### Build: your own Flatten
#
# Write `my_flatten()`. It returns a layer of a class of your own, which does what
# `layers.Flatten()` does, on samples with any number of axes. Use `keras.ops.reshape`; Keras's own
# layers, such as Flatten or Reshape, are refused. The check tries it on arrays, and on Inputs,
# where a Dense layer must be able to follow.
#
# <details><summary>A hint</summary>
#
# Write the class inside the function or in front of it, and return an instance: `MyFlatten()`,
# with brackets. One of the two sizes may be `-1`. Which of the two do you know while the model is
# put together?
# </details>
#
# <details><summary>A bigger hint</summary>
#
# `x.shape` is a tuple, for a KerasTensor too, and here only its first entry is `None`. `math.prod`
# multiplies the entries of a tuple: `math.prod((4, 3, 2))` is 4 × 3 × 2 = 24.
# </details>

# %% answer="my_flatten" level=3
def my_flatten():
    """Return a layer of a class of your own that does what layers.Flatten() does."""
    ### BEGIN SOLUTION
    class MyFlatten(layers.Layer):
        def call(self, inputs):
            return keras.ops.reshape(inputs, (-1, math.prod(inputs.shape[1:])))

    return MyFlatten()
    ### END SOLUTION

# %% check="my_flatten" points=2
blocks = [rng.random((5, 3, 2), "float32"), rng.random((2, 4, 3, 2), "float32")]
check_layer(my_flatten, like=layers.Flatten(), on=blocks, about="flatten", own=True)
### BEGIN HIDDEN TESTS
odd_blocks = [rng.random((3, 2, 2, 2, 3), "float32"), rng.random((4, 7), "float32")]
check_layer(my_flatten, like=layers.Flatten(), on=odd_blocks, about="flatten", own=True)
### END HIDDEN TESTS

# %% [markdown]
# ## What if the sizes are unknown?
#
# **In short.** A convolution takes them, a Dense behind a Flatten can't: its kernel needs a number
# of rows. The same goes for words, where an `Embedding` of open length comes before a Flatten. Put
# global pooling in the place of Flatten, or fix the size.
#
# Pictures from phones come in every size. `None` in `shape=` leaves rows and columns open, and a
# convolution doesn't mind. What can Flatten say about the width, then? And what will Dense say?

# %%
keras.utils.clear_session()
any_picture = keras.Input(shape=(None, None, 3))
any_maps = layers.Conv2D(16, 3)(any_picture)
print(any_maps.shape, "becomes", layers.Flatten()(any_maps).shape)
try:
    layers.Dense(10)(layers.Flatten()(any_maps))
except ValueError as error:
    print(reads(error))

# %% [markdown]
# Flatten puts up with an unknown width. Dense doesn't: its kernel has one row for each number
# that comes in, and how many rows is that? (`fully-defined` means: without `None`.)
# Once built, a Dense takes the one width that it was built for. A model that has met pictures of one
# size refuses others:

# %%
keras.utils.clear_session()
fixed = keras.Sequential([layers.Conv2D(8, 3, padding="same"), layers.Flatten(), layers.Dense(4)])
print(fixed(np.zeros((1, 16, 16, 3))).shape)
try:
    fixed(np.zeros((1, 32, 32, 3)))
except ValueError as error:
    print(reads(error))

# %% [markdown]
# `axis -1` is the last one: 16 × 16 × 8 = 2048 numbers were there at first, and four times as many now.
#
# There is another way out of a feature map, called **global average pooling**. For each channel it
# takes the mean over all places. Whatever the size of the map, one number per channel is left.

# %%
for size in [(8, 8), (40, 33)]:
    noise = rng.random((2, *size, 16), "float32")
    means = layers.GlobalAveragePooling2D()(noise)
    print(noise.shape, "becomes", means.shape, np.allclose(means, noise.mean(axis=(1, 2))))

# %% [markdown]
# ### Build: a model for any size
#
# Write `any_size_model(classes)`. It returns a model which takes colour pictures of any height and
# width, and gives `classes` numbers for each. It has one convolution, of 16 filters with windows of
# 3 by 3, and one Dense layer.
#
# <details><summary>A hint</summary>
#
# The error above names the layer whose input must have a known last axis. What can you put in
# front of it that gives one?
# </details>
#
# <details><summary>A bigger hint</summary>
#
# Rows and columns are open, but the number of colours isn't: the convolution needs it for its
# kernel. After global pooling a picture is a row of as many numbers as there are filters.
# </details>

# %% answer="any_size_model" level=2
def any_size_model(classes):
    """Return a model from pictures (None, None, None, 3) to (None, classes)."""
    ### BEGIN SOLUTION
    photo = keras.Input(shape=(None, None, 3))
    means = layers.GlobalAveragePooling2D()(layers.Conv2D(16, 3)(photo))
    return keras.Model(photo, layers.Dense(classes)(means))
    ### END SOLUTION

# %% check="any_size_model" points=2
any_colours = {"input_shape": (None, None, None, 3)}
check_model(any_size_model, args=[4], **any_colours, output_shape=(None, 4), params=448 + 68)
check_model(any_size_model, args=[7], **any_colours, output_shape=(None, 7), params=448 + 119)
### BEGIN HIDDEN TESTS
check_model(any_size_model, args=[9], **any_colours, output_shape=(None, 9), params=448 + 153)
### END HIDDEN TESTS

# %% [markdown]
# ## What may change places with Flatten?
#
# **In short.** A layer that treats each number by itself. One that looks at several numbers at once, or
# has weights for the entries of the last axis, may not.
#
# A `Rescaling` layer is often used to divide pixels by 255. Some posts put it in front of Flatten,
# some behind. Does it matter?

# %%
pixels = rng.integers(0, 256, (4, 6, 6, 3)).astype("float32")
scale, flatten_it = layers.Rescaling(1 / 255), layers.Flatten()
print(np.array_equal(flatten_it(scale(pixels)), scale(flatten_it(pixels))))

# %% [markdown]
# Not by a single bit. Rescaling treats each number by itself, so it doesn't care where the number
# stands. Flatten changes only where it stands. Such layers **commute**: either may go first.
#
# ### Predict: which of these commute?
#
# Four layers, each put once before Flatten and once after it, on a batch of tables of 3 rows and 16
# columns. For which do the same numbers come out? The activation `tanh` presses each number into
# the range from -1 to 1. A **softmax** turns a group of numbers into
# shares that add up to 1; unless told otherwise, it takes the numbers along the last axis for a
# group.

# %%
candidates = [
    layers.Activation("tanh"),
    layers.Rescaling(2.0, offset=-1.0),
    layers.Softmax(),
    layers.ReLU(),
]

# %% [markdown]
# <details><summary>A hint</summary>
#
# Ask of each layer: to work out one number of the result, does it look at one number, or at
# several?
# </details>
#
# <details><summary>A bigger hint</summary>
#
# For those that look at several: which numbers form a group before Flatten, and which do
# afterwards? Where the last axis has become longer, so has the group.
# </details>

# %% answer="may_cross" level=2
### BEGIN SOLUTION
may_cross = [True, True, False, True]  # for each of the four: True or False
### END SOLUTION

# %% check="may_cross" points=1
check_prediction(may_cross, of=[Commutes(layer, (4, 3, 16)) for layer in candidates])

# %% [markdown]
# ### When the last axis means something
#
# A Rescaling can also have a factor of its own for each channel. Will Flatten let it pass?

# %%
by_channel = layers.Rescaling([1.0, 2.0, 3.0])
print("before Flatten:", flatten_it(by_channel(pixels)).shape)
try:
    print("after Flatten:", by_channel(flatten_it(pixels)).shape)
except Exception as error:
    print("after Flatten:", type(error).__name__)

# %% [markdown]
# After Flatten there is no axis of three colours any more, and the layer finds 108 numbers where it
# has 3 factors. Here you get an error. Layers that look up the last axis *when they are built* give
# none: they take what they find. `Normalization` measures mean and variance, two numbers for each
# entry of the last axis, and keeps one counter besides.

# %%
for shape in [(6, 6, 3), (6 * 6 * 3,)]:
    normalise = layers.Normalization()
    normalise.build((None, *shape))
    print(shape, normalise.count_params(), "numbers to keep")

# %% [markdown]
# Before Flatten the red of all pixels has one mean. After Flatten each pixel has three means of its
# own, from far fewer numbers. Neither is forbidden. They are different layers.
#
# ### Predict: BatchNormalization on both sides
#
# `BatchNormalization` does something similar while a model trains. For each entry of the last axis
# it learns a scale and an offset, and it keeps a running mean and a running variance, but no
# counter. Feature maps of **5 by 5 places with 8 channels** come in. How many parameters does it have
# *before* Flatten, and how many *after*?

# %%
before_flatten, after_flatten = layers.BatchNormalization(), layers.BatchNormalization()
eight_channels = keras.Input(shape=(5, 5, 8))
both = before_flatten(eight_channels), after_flatten(layers.Flatten()(eight_channels))

# %% [markdown]
# <details><summary>A hint</summary>
#
# Find the last axis on each side of Flatten. How many entries does it have?
# </details>
#
# <details><summary>A bigger hint</summary>
#
# Count what the layer holds for *one* entry: what it learns and what it keeps. `summary()` counts
# both as parameters.
# </details>

# %% answer="norm_counts" level=2
### BEGIN SOLUTION
norm_counts = [32, 800]  # [before Flatten, after Flatten], two whole numbers
### END SOLUTION

# %% check="norm_counts" points=1
check_numbers(norm_counts, of=[Params(before_flatten), Params(after_flatten)])

# %% [markdown]
# ## Is Flatten essential?
#
# **In short.** No. Something usually stands between convolutions and Dense if one decision for the whole image is
# wanted; global pooling will do as well.
#
# Posts call Flatten a *core* layer, and *essential* between convolutions and Dense layers, because
# Dense "requires a one-dimensional vector". Three claims. Where does Keras itself put it?

# %%
for layer in [layers.Dense, layers.Flatten, layers.Reshape, layers.Permute]:
    print(layer.__name__, "is one of the", layer.__module__.split(".")[-2], "layers")

# %% [markdown]
# Among the reshaping layers, with Reshape and Permute. (Older documentation listed it as a core
# layer.) And is there no other way from a convolution to a Dense layer? Here are four layers for
# that place, and nothing at all. `GlobalMaxPooling2D` is new: it keeps the largest number of each
# channel, not the mean.

# %%
maps = layers.Conv2D(32, 3)(keras.Input(shape=(32, 32, 3)))
ways = [
    layers.Flatten(), layers.Reshape((-1,)),
    layers.GlobalAveragePooling2D(), layers.GlobalMaxPooling2D(),
]
for way in ways:
    print(type(way).__name__, way(maps).shape, "then Dense:", layers.Dense(5)(way(maps)).shape)
print("nothing", maps.shape, "then Dense:", layers.Dense(5)(maps).shape)
print("nothing, on (3, 3, 128), then Dense:", layers.Dense(5)(feature_map).shape)

# %% [markdown]
# All of them run. Dense takes two axes or more, and works on the last. Without anything in between
# it gives 5 numbers *for each place*, which is right if you want a decision for each place, and
# wrong if you want one for the image. So something usually stands there, and the choice is yours:
# Flatten keeps every number and its place, global pooling keeps a summary of each channel.
#
# ### Build: pooling is a Dense in disguise
#
# How much does the summary leave out? After Flatten, a Dense layer without bias computes `flat @ M`
# with a kernel `M`. There is one `M` with which this is exactly global average pooling. Write
# `pooling_matrix(shape)`, which returns it for feature maps of shape `(rows, columns, channels)`.
# `M` has a row for each number after Flatten and a column for each channel.
#
# <details><summary>A hint</summary>
#
# Take a column of `M`. Which numbers of the map does it have to add up, and where do they stand
# after Flatten? All the others should count for nothing.
# </details>
#
# <details><summary>A bigger hint</summary>
#
# Two places with 2 channels unroll to: place 0 channel 0, place 0 channel 1, place 1 channel 0,
# place 1 channel 1. So the first column of `M` is ½, 0, ½, 0. `np.eye(2)` makes one such block,
# `np.tile(block, (2, 1))` stacks it twice.
# </details>

# %% answer="pooling_matrix" level=3
def pooling_matrix(shape):
    """Return M such that Flatten(x) @ M is global average pooling, for maps of this shape."""
    ### BEGIN SOLUTION
    places, channels = math.prod(shape[:2]), shape[2]
    return np.tile(np.eye(channels), (places, 1)) / places
    ### END SOLUTION

# %% check="pooling_matrix" points=2
check_weights(
    pooling_matrix, like=layers.GlobalAveragePooling2D(), on=rng.random((2, 4, 5, 3)),
    layer=keras.Sequential([layers.Flatten(), layers.Dense(3, use_bias=False)]),
    args=[(4, 5, 3)], about="pooling_matrix",
)
means, wide_maps = layers.GlobalAveragePooling2D(), rng.random((2, 3, 7, 2))
flat_dense = keras.Sequential([layers.Flatten(), layers.Dense(2, use_bias=False)])
check_weights(pooling_matrix, means, flat_dense, wide_maps, [(3, 7, 2)], about="pooling_matrix")

# %% [markdown]
# <details><summary>When you have answered</summary>
#
# Look at what the matrix says: every place of a channel gets the same weight. A model with Flatten
# could learn this matrix if it were useful. A model with pooling can't learn any other.
# </details>

# %% [markdown]
# ## The bill
#
# **In short.** Flatten has no parameters. The Dense behind it has a weight for each number and each
# unit, so its bill grows with the area of the image; behind global pooling it doesn't.
#
# Posts warn that Flatten "can increase the parameters". Flatten has none. Who pays, and how much?
# Take the announced example and put a Dense layer of 128 units behind it, once after Flatten and
# once after global pooling.

# %%
def with_head(neck):
    """Return the announced example with this layer between its convolution and a Dense."""
    convolution = layers.Conv2D(32, 3, activation="relu")
    return keras.Sequential([keras.Input((32, 32, 3)), convolution, neck, layers.Dense(128)])


bills = {
    "Flatten": with_head(layers.Flatten()),
    "Global pooling": with_head(layers.GlobalAveragePooling2D()),
}
for name, model in bills.items():
    print(f"{name}: {model.layers[1].count_params()}, Dense: {model.layers[2].count_params():,}")

# %%
draw_bills(bills)

# %% [markdown]
# The convolution costs the same in both. The Dense layer behind Flatten has a weight for each of
# the 28800 numbers and each of its 128 units. When the images grow, that bill grows with their
# area; the one behind pooling stays as it is.
#
# ### Build: two heads
#
# The layers that turn feature maps into answers are often called the **head** of a model. Colour
# images of `side` by `side` pixels go through `Conv2D(24, 5)`. Then comes a head with 12 classes:
# Flatten and `Dense(12)`, or global average pooling and `Dense(12)`. Write `head_counts(side)`,
# which returns the parameters of the two Dense layers as a tuple, `(after Flatten, after pooling)`.
#
# <details><summary>A hint</summary>
#
# For each head: how many numbers come into the Dense layer? Only one of the two depends on
# `side`.
# </details>
#
# <details><summary>A bigger hint</summary>
#
# A Dense layer of 4 units on 100 numbers has 100 × 4 + 4 = 404 parameters. And mind what a window
# of 5 takes away from the edges.
# </details>

# %% answer="head_counts" level=2
def head_counts(side):
    """Return (parameters of Dense after Flatten, parameters of Dense after global pooling)."""
    ### BEGIN SOLUTION
    return (side - 4) ** 2 * 24 * 12 + 12, 24 * 12 + 12
    ### END SOLUTION

# %% check="head_counts" points=2
def heads(side):
    necks = [layers.Flatten(), layers.GlobalAveragePooling2D()]
    sizes = [keras.Input((side, side, 3)), layers.Conv2D(24, 5)]
    return [Params(keras.Sequential([*sizes, n, layers.Dense(12)]).layers[-1]) for n in necks]


check_numbers(head_counts, of=heads, on=(16, 28))
### BEGIN HIDDEN TESTS
check_numbers(head_counts, of=heads, on=(9, 40))
### END HIDDEN TESTS

# %% [markdown]
# ### Does it matter?
#
# "More parameters can lead to overfitting", says the post. **Overfitting** means that a model
# learns its samples by heart instead of what they have in common. There is a blunt way to see it:
# images of pure noise, with labels drawn by throwing dice. There is nothing to understand. Whoever
# gets these labels right has memorised them.

# %%
rng = np.random.default_rng(1)


def dice(count):
    """Return images of noise, and for each a label from 0 to 9 that means nothing."""
    return rng.random((count, 12, 12, 3), "float32"), rng.integers(0, 10, count)

# %% [markdown]
# A hundred images to learn from, a thousand new ones to be tested on. Two models, which differ only
# in the **neck**, the layer between convolution and Dense. **Accuracy** is the share of right
# answers; guessing gives 0.1, as there are ten labels.

# %%
def scores(neck, seen, new, filters=16):
    """Train a small model with this neck on `seen`; return its accuracy there and on `new`."""
    keras.utils.set_random_seed(0)
    convolution = layers.Conv2D(filters, 3, activation="relu")
    model = keras.Sequential([convolution, neck, layers.Dense(10)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)  # there is no softmax
    model.compile(keras.optimizers.Adam(0.02), loss)
    for _ in range(40):
        model.train_on_batch(*seen)
    right = [np.mean(np.argmax(model(x), -1) == y).item() for x, y in (seen, new)]
    return {"seen": round(right[0], 1), "new": round(right[1], 1)}

# %% [markdown]
# What do you expect for each neck, on the images it has *seen* and on *new* ones?

# %%
seen, new = dice(100), dice(1000)
memory = {
    "Flatten": scores(layers.Flatten(), seen, new),
    "Global pooling": scores(layers.GlobalAveragePooling2D(), seen, new),
}
print(memory)

# %%
draw_scores(memory)

# %% [markdown]
# With Flatten the model knows every label of the noise that it has seen. With pooling it hardly
# does better than guessing. On new images both guess. The Flatten head has learned nothing either,
# and its perfect score doesn't tell you so.
#
# Is it because the model with pooling has fewer parameters? Then more filters should help it:

# %%
print("parameters:", 16 * 28 + (10 * 10 * 16 + 1) * 10, "and now", 512 * 28 + (512 + 1) * 10)
print(scores(layers.GlobalAveragePooling2D(), seen, new, filters=512))

# %% [markdown]
# 512 filters and pooling have more parameters than 16 filters and Flatten, and still guess. What
# counts is what the neck hands on. Averaged over all its places, one image of noise looks much like
# another, so there is little left to tell the labels by. Flatten hands on every number at its
# place, and in these any two images differ. More parameters *can* lead to overfitting, where they
# meet numbers by which each sample can be recognised.
#
# ### What does pooling lose?
#
# It would be unfair to stop here. This time the labels mean something: every picture has one bright
# spot, and the question is whether it lies on the left (0) or on the right (1). Which head will
# find out?

# %%
def spots(count):
    """Return noisy pictures with a bright spot, and its side: 0 for left, 1 for right."""
    pictures, sides = rng.random((count, 12, 12, 1)) / 3, rng.integers(0, 2, count)
    for picture, side in zip(pictures, sides, strict=True):
        row, column = rng.integers(3, 9), rng.integers(3, 5) + 4 * side
        picture[row - 1 : row + 2, column - 1 : column + 2] += 2 / 3
    return pictures, sides


some, sides = spots(12)
draw_images({"left (0)": some[np.argmin(sides)], "right (1)": some[np.argmax(sides)]})

# %%
seen, new = spots(100), spots(1000)
sides_found = {
    "Flatten": scores(layers.Flatten(), seen, new),
    "Global pooling": scores(layers.GlobalAveragePooling2D(), seen, new),
}
print(sides_found)

# %%
draw_scores(sides_found)

# %% [markdown]
# Now Flatten wins, on new pictures too. There are two sides, so guessing gives 0.5, and pooling
# hardly does better, not even on pictures that it has seen. A mean over all places says next to
# nothing about *where* the spot was, and longer training of this small model will hardly teach it.
#
# That is the choice. If a thing means the same wherever it turns up in the image, pooling is cheap,
# takes any size and hands on little that could be learned by heart. If the place carries the
# meaning, Flatten keeps it, and you pay by the pixel.

# %% [markdown]
# ## A head that was trained elsewhere
#
# Last, a task from real life, and the hardest of this lesson. A Dense layer doesn't care in which
# order it *learns* its inputs, so every order is as good as another. But once trained, each row
# of its kernel belongs to one input. What if the inputs come in another order? Below is a kernel
# that was trained on images of shape (3, 4, 5), channels first, unrolled as they were stored.

# %%
trained = rng.normal(size=(3 * 4 * 5, 6)).astype("float32")
stored_images = rng.random((2, 3, 4, 5), "float32")
as_trained = stored_images.reshape(2, -1) @ trained
same_images = np.moveaxis(stored_images, 1, -1)
print(np.allclose(np.asarray(layers.Flatten()(same_images)) @ trained, as_trained))

# %% [markdown]
# The same images, the same kernel, no error, other answers. Channels-last images unroll in another
# order, and almost every weight meets the wrong number.
#
# ### Build: move the head
#
# Write `moved_head(W, shape)`. `W` is such a kernel, with a row for each number of an image and a
# column for each unit; `shape` is `(channels, rows, columns)`, the order in which it was trained.
# Return the kernel that gives the same answers after `Flatten` of the same images stored as (rows,
# columns, channels).
#
# <details><summary>A hint</summary>
#
# The rows of `W` stand in the order of an unrolled image. You can roll them up again, into axes
# that have names. Then it is the task of `to_channels_last`, with one more axis at the end.
# </details>
#
# <details><summary>A bigger hint</summary>
#
# Three steps: `reshape` to four axes (three for the image, one for the units), move an axis with
# `transpose` or `np.moveaxis`, `reshape` back to two. For a kernel of tables, trained column by
# column, it would be `W.reshape(columns, rows, -1).transpose(1, 0, 2).reshape(W.shape)`.
# </details>

# %% answer="moved_head" level=3
def moved_head(W, shape):
    """Return the kernel W, trained on `shape` = (channels, rows, columns), for channels last."""
    ### BEGIN SOLUTION
    return W.reshape(*shape, -1).transpose(1, 2, 0, 3).reshape(W.shape)
    ### END SOLUTION

# %% check="moved_head" points=3
check_weights(
    moved_head, like=lambda images: as_trained, on=same_images, args=(trained, (3, 4, 5)),
    layer=keras.Sequential([layers.Flatten(), layers.Dense(6, use_bias=False)]),
    about="move_head",
)
wide_kernel = rng.normal(size=(2 * 6 * 3, 4)).astype("float32")
wide_images = rng.random((3, 2, 6, 3), "float32")
wanted, turned = wide_images.reshape(3, -1) @ wide_kernel, np.moveaxis(wide_images, 1, -1)
wide_head = keras.Sequential([layers.Flatten(), layers.Dense(4, use_bias=False)])
check_weights(moved_head, lambda x: wanted, wide_head, turned, [wide_kernel, (2, 6, 3)], "move_head")

# %% [markdown]
# ## What the posts say, and what is true
#
# Would you let these pass? Cover the right column first.
#
# | you will read | what is true |
# | --- | --- |
# | the new output shape will be (1152,) | it is (None, 1152): one row for each sample |
# | Flatten gives a one-dimensional vector | one vector for each sample, so always two axes |
# | the convolution's shape depends on the filters | and on window, stride, padding and dilation |
# | Dense layers require a one-dimensional input vector | they work on the last axis and keep the others |
# | Flatten is one of the core layers | of the reshaping layers; older documentation listed it as core |
# | Flatten is essential between convolution and Dense | it is one way of several; global pooling is another |
# | Flatten doesn't affect the batch size | true; `keras.ops.reshape` is less careful |
# | Flatten increases the parameters | it has none; the Dense layer behind it has them |
# | more parameters can lead to overfitting | they can; what the neck hands on counts for more |

# %% [markdown]
# ## What you saw
#
# - Flatten is a Reshape to one axis, sample by sample, in row-major order. Permute moves axes,
#   Reshape never does, and a shape alone doesn't tell you which of them you need.
# - Layers that treat each number alone may stand on either side of Flatten; those that look along
#   the last axis may not. For unknown sizes there is global pooling.
# - Flatten is free, and the Dense behind it pays for every pixel. It hands on every number at its
#   place, by which a model can see where things are, or learn noise by heart. Pooling hands on one
#   number per channel: a model behind it hardly does either.
#
# Next: **[the input shape](03_input_shape.ipynb)**, what you can tell a model about its data before
# there are any, and what has become of `input_shape`.
