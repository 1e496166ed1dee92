# %% [markdown]
# # Input and Flatten: a promise and a layer
#
# 14 exercises · 22 points · 125 minutes
#
# **In short.** `keras.Input` makes no data and changes next to none: it says what will come in, and
# returns a placeholder with a shape and a dtype. `Flatten` is a layer: it turns each sample into
# one row, and keeps the samples apart. Three lines show both:
#
# ```python
# import keras
# image = keras.Input(shape=(28, 28))
# print(image.shape, keras.layers.Flatten()(image).shape)
# ```
#
# Two names stand near the top of many Keras models, `Input` and `Flatten`, and tutorials often
# speak of them as two layers that prepare your data. They are not alike at all: one makes a
# promise about data that hasn't arrived, the other moves real numbers. After this lesson you
# will be able to
#
# - say what shape `keras.Input` stands for, and which promises Keras holds you to;
# - work out by hand the shape that comes out of a convolution, a pooling layer and a Flatten;
# - tell where each single number of an image lands when Flatten unrolls it.
#
# **You need** Python, a little NumPy, and to have seen a Keras model once. What a convolution and
# a pooling layer do to shapes is explained where it comes up.

# %% [markdown]
# ## New here?
#
# **[Start here](00_start_here.ipynb)** shows in a quarter of an hour how to answer, check, get a hint and
# start over. In short: run the cells in order with **Shift + Enter**. **Predict** asks you to put an
# answer in the place of `...` *before* you run what comes after, **Build** to put code in the place
# of `raise NotImplementedError()`; run that cell, then the check below it, as often as you like.

# %% locked="setup"
# No module named ...? Choose the course's own Python (.venv) as this notebook's kernel.
from autograder.learn import (  # comes first: it keeps TensorFlow's log out of the way
    check_accepts, check_count, check_function, check_model, check_position, check_shape,
    check_shapes, draw_batch, draw_contract, draw_flatten, draw_images, draw_shapes, reads, run,
)

import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(0)

# %% [markdown]
# ## What does Input give you?
#
# **In short.** A placeholder for data to come. It knows a shape and a dtype, it holds no numbers, and it
# isn't a layer.
#
# Here is the first thing that many image models do. Before you run it: what can be printed of a photo
# that isn't there yet?

# %%
photo = keras.Input(shape=(28, 28, 3))
print(photo)

# %% [markdown]
# No numbers. What you hold is a **KerasTensor**, a placeholder: it knows a **shape**, which says
# how long each axis is, and a **dtype**, the kind of number. (Keras 2 printed the same facts as
# `KerasTensor(type_spec=TensorSpec(shape=(None, 28, 28, 3), …)`. Many *posts* still show that: from
# here on the word stands for tutorials and answers on the web.)
#
# Are there really no numbers in it? Ask for them:

# %%
try:
    np.asarray(photo)
except ValueError as error:
    print(reads(error))

# %% [markdown]
# There are none. It is **symbolic**: it stands for data that come later, when a model is called. And
# is `Input` a layer, as it is often called?

# %%
print("Input is a", type(keras.Input).__name__)
print("it returned a", type(photo).__name__)
print("is that a layer?", isinstance(photo, layers.Layer))

# %% [markdown]
# It is a function that you call, and what it returns isn't a layer. Posts that call Input itself a
# symbolic tensor mean what it returns.
#
# ### The axis that you didn't write
#
# Look at the shape once more. You wrote three sizes; why are there four entries? The one in front
# is the **batch axis**: it counts the samples, here photos, that go through the model together.
# `None` means that this size is open.

# %%
for shape in [(28, 28, 3), (100, 32), (4,)]:
    print(shape, "becomes", keras.Input(shape=shape).shape)

# %% [markdown]
# ### Predict: the shape of a poster
#
# A model for posters, 32 pixels high and 48 wide, in three colours, begins with
# `keras.Input(shape=(32, 48, 3))`. What does its `.shape` say?
#
# <details><summary>A hint</summary>
#
# Read the three lines that the last cell printed. What was added each time, and where?
# </details>
#
# <details><summary>A bigger hint</summary>
#
# One sample has three axes. All the samples together have one axis more. It comes first, and its
# size isn't known yet.
# </details>

# %% answer="poster_shape" level=1
### BEGIN SOLUTION
poster_shape = (None, 32, 48, 3)  # a tuple, such as (None, 5, 7)
### END SOLUTION

# %% check="poster_shape" points=1
check_shape(poster_shape, of=keras.Input(shape=(32, 48, 3)))

# %% [markdown]
# ## A model begins at its Input
#
# **In short.** Layers are called on tensors and give tensors; a model is what lies between two of
# them. Until data come, Keras works out shapes, not numbers.
#
# A KerasTensor can be handed to a layer, and the layer hands back a new KerasTensor: its shape is
# worked out, and there are still no numbers in it. Keras remembers which layer made which tensor,
# and that record is called a **graph**. So when you name both ends, it finds the way between them,
# and you have a model. Which layers will its table list?

# %%
maps = layers.Conv2D(filters=32, kernel_size=(3, 3), activation="relu")(photo)
model = keras.Model(inputs=photo, outputs=maps)
returned = model.summary()
print("summary() returned", returned)

# %% [markdown]
# Two: the convolution, and in front of it an `InputLayer`, which Input made. It has no
# **parameters**, the numbers that training adjusts, so there is nothing for it to learn. Every
# shape starts with `None`. (In posts you will see `print(model.summary())`. The table is printed by
# `summary()` itself; `print` then adds what it returns, in a line of its own: that `None` has
# nothing to do with the batch.) What has the convolution done to the photo?

# %%
draw_shapes(model)

# %% [markdown]
# It has changed the shape in two ways. A convolution has **filters**. Each of them moves over the
# image, looks through a small **window**, at all channels at once, and writes down one number for
# each place where the window can stand. So there are as many channels afterwards as there are
# filters, here 32. And since a window of 3 can stand in 26 places along 28 pixels, not in 28, the
# image loses two rows and two columns in all. (A wider window loses more: one less than its
# size.) Keras can surround the image with zeros to make up for that, which is called **padding**;
# unless you ask, it doesn't. And `activation="relu"` turns what is below zero into zero. Shapes
# don't notice.
#
# ### Does Input do anything to your data?
#
# The shortest model of all ends where it begins. What will it make of two photos?

# %%
nothing = keras.Model(photo, photo)
two_photos = np.random.default_rng(0).random((2, 28, 28, 3), dtype="float32")
equal = np.array_equal(nothing(two_photos), two_photos)
print(nothing.count_params(), "parameters, and the same numbers come out:", equal)

# %% [markdown]
# It leaves numbers that have the declared shape and dtype as they are. (To others a model does a
# little, as you will see **[below](#Where-does-the-promise-leak?)**.) Input describes data; to call
# that preprocessing is to say too much.
#
# ### When does None become a number?
#
# **In short.** At each call, for that call.
#
# In training, a post says. What do you think: has this model been trained?

# %%
for n in (2, 7, 32):
    print(n, "photos in,", model(np.zeros((n, 28, 28, 3))).shape, "out")

# %% [markdown]
# It hasn't, and `None` was 2, then 7, then 32. The size is open again at every call.
#
# ### Predict: seven posters
#
# Now real data. `poster_model` below is a convolution with **8 filters** and a window of **5 by
# 5**, and no padding. Seven posters go in at once. What is the shape of what comes out?

# %%
poster = keras.Input(shape=(32, 48, 3))
poster_model = keras.Model(poster, layers.Conv2D(8, 5)(poster))
seven_posters = np.zeros((7, 32, 48, 3), dtype="float32")

# %% [markdown]
# <details><summary>A hint</summary>
#
# Take the axes one by one. Which of them does a convolution change? And is the number of
# posters still open?
# </details>
#
# <details><summary>A bigger hint</summary>
#
# Lay a window of 5 on a row of 6 pixels: it can stand in 2 places, which is 6 - 5 + 1. The last
# axis counts the filters.
# </details>

# %% answer="seven_shape" level=2
### BEGIN SOLUTION
seven_shape = (7, 28, 44, 8)  # the shape of poster_model(seven_posters)
### END SOLUTION

# %% check="seven_shape" points=1
check_shape(seven_shape, of=run(poster_model.layers[1:], seven_posters.shape))

# %% [markdown]
# ### Build: an Input for data you already have
#
# You will rarely type sizes by hand; you have an array and want the Input that fits it. Write
# `input_for(data)`. `data` is a NumPy array whose first axis counts the samples, whatever the
# other axes are. Return the `keras.Input` for one sample of it, with the batch size left open.
#
# <details><summary>A hint</summary>
#
# `shape=` wants the shape of *one* sample. Which part of `data.shape` is that?
# </details>
#
# <details><summary>A bigger hint</summary>
#
# A shape is a tuple, and tuples can be sliced: for `t = (9, 4, 6)`, what is `t[1:]`?
# </details>

# %% answer="input_for" level=2
def input_for(data):
    """Return a keras.Input for one sample of `data`, an array with the samples on axis 0."""
    ### BEGIN SOLUTION
    return keras.Input(shape=data.shape[1:])
    ### END SOLUTION

# %% check="input_for" points=2
digits = np.zeros((600, 28, 28), dtype="uint8")
songs = np.zeros((25, 100, 32, 2), dtype="float32")
check_shape(input_for, args=[digits], of=(None, *digits[0].shape))
check_shape(input_for, args=[songs], of=(None, *songs[0].shape))
### BEGIN HIDDEN TESTS
rows = np.zeros((8, 4), dtype="float32")
check_shape(input_for, args=[rows], of=(None, *rows[0].shape))
### END HIDDEN TESTS

# %% [markdown]
# ## How firm is the promise?
#
# **In short.** A **Functional** model, made from its two ends, refuses most of what contradicts its
# Input; a **Sequential**, a list of layers, compares little. Four things that get through are tried
# here.
#
# People call Input a *contract*, as strict as the types of a function's arguments. Is it? Let's
# read the small print. This model promises images of 28 by 28. (It ends in a `Dense` layer of 4
# **units**: each of them makes one number out of all the numbers of the image.)

# %%
image = keras.Input(shape=(28, 28))
strict = keras.Model(image, layers.Dense(4)(layers.Flatten()(image)))


def accepts(model, shape):
    """Tell whether `model` takes a batch of this shape (first axis: the samples)."""
    try:
        model(np.zeros(shape))
    except ValueError:
        return False
    return True

# %%
accepts(strict, (5, 28, 28)), accepts(strict, (5, 28, 30))

# %% [markdown]
# Five images of the right size are welcome, and images two pixels too wide are not. So far it is
# a contract.
#
# ### Predict: what gets in?
#
# Four batches knock at the door of `strict`. Which does it let in?
#
# 1. one image in a batch of its own, `(1, 28, 28)`
# 2. one image without a batch axis, `(28, 28)`
# 3. five images with one extra axis of size 1, `(5, 28, 28, 1)`
# 4. five images of the same number of pixels, `(5, 14, 56)`
#
# <details><summary>A hint</summary>
#
# Compare each batch with the promise. Which sizes contradict it, and which axes carry no numbers?
# </details>
#
# <details><summary>A bigger hint</summary>
#
# The number of samples is open, so it may be 1. An axis of size 1 at the end holds no numbers of
# its own.
# </details>

# %% answer="gets_in" level=2
### BEGIN SOLUTION
gets_in = [True, False, True, False]  # a list: True or False for each of the four
### END SOLUTION

# %% check="gets_in" points=1
check_accepts(gets_in, strict, shapes=[(1, 28, 28), (28, 28), (5, 28, 28, 1), (5, 14, 56)])

# %% [markdown]
# <details><summary>When you have answered</summary>
#
# There is a first leak: an axis of size 1 at the end is dropped without a word.
# </details>
#
# ### Where does the promise leak?
#
# You have met one leak above. Here is the same one from the other side: this model promises
# images with a channel axis, and gets a batch that has none.

# %%
one_channel = keras.Input(shape=(28, 28, 1))
accepts(keras.Model(one_channel, layers.Flatten()(one_channel)), (5, 28, 28))

# %% [markdown]
# The missing axis, of size 1, was added. Next, the kind of number: what would a strict contract do
# with 1.9 where whole numbers were promised?

# %%
whole = keras.Input(shape=(2,), dtype="int32")
same = keras.Model(whole, whole)
print(np.asarray(same(np.array([[1.9, -1.9]]))))

# %% [markdown]
# A strict contract would refuse. Keras **casts**: it cuts off what doesn't fit the promised dtype,
# and says nothing. The promise of a dtype is kept by changing your data.
#
# And does a promised batch size bind you?

# %%
eights = keras.Input(shape=(4,), batch_size=8)
print(eights.shape)
print(keras.Model(eights, layers.Dense(1)(eights))(np.zeros((3, 4))).shape)

# %% [markdown]
# It doesn't: three samples went through a door that was marked 8.
#
# The last leak is the one that bites. `strict` is a **Functional** model, made from its two ends.
# Here is the same network as a **Sequential**, a list of layers one after the other. Which of these
# three batches will it let in?

# %%
loose = keras.Sequential([keras.Input(shape=(28, 28)), layers.Flatten(), layers.Dense(4)])
accepts(loose, (5, 28, 28)), accepts(loose, (5, 14, 56)), accepts(loose, (5, 784))

# %%
draw_contract(
    {"Functional": strict, "Sequential": loose},
    [(5, 28, 28), (28, 28), (5, 28, 28, 1), (5, 28, 30), (5, 14, 56), (5, 784)],
)

# %% [markdown]
# In Keras 3 a Sequential compares only the *number* of axes with its Input, and even there it
# forgives an axis of size 1 at the end. Sizes are left to its layers to find out: `(5, 28, 30)` is
# refused by the Dense layer, which has 784 weights for each unit, and not by the Input. Images of
# 14 by 56 pass, their rows cut differently, and nobody tells you. (Keras 2 did refuse them.) If
# your shapes matter, and they do, a Functional model like `strict` is the better guard.
#
# ### Red, green, blue?
#
# An Input of `(28, 28, 3)`, posts say, expects RGB images. How would it know which of the three
# channels is red? Here is a small sunset, and the same with its channels in the order blue, green,
# red, as some programs write them. Both go into `model`, the convolution on photos from above.

# %%
sunset = np.zeros((1, 28, 28, 3), dtype="float32")
sunset[..., 0], sunset[..., 1] = 1, np.linspace(0, 0.8, 28)[:, np.newaxis]
reordered = sunset[..., ::-1]
print("red first:", model(sunset).shape, "- blue first:", model(reordered).shape)

# %%
draw_images({"red first": sunset[0], "blue first": reordered[0]})

# %% [markdown]
# Both pass. Three channels are promised; what they mean is between you and your data.
#
# ### Do you need an Input at all?
#
# **In short.** A Functional model does; a Sequential can do without. Then its weights are made when the
# first data come, and until then there are no shapes to look at.
#
# It is said that without Input a model has no anchor, and even that **gradients**, the directions
# in which training moves the parameters, can't be worked out. Then this model shouldn't learn
# anything, and its **loss**, which says how wrong it is, should stay as it was. Will it?

# %%
late = keras.Sequential([layers.Dense(8), layers.Dense(1)])
print("arrays of parameters before the first data:", len(late.weights))
late.compile(optimizer="sgd", loss="mse")
losses = late.fit(np.ones((16, 4)), np.ones((16, 1)), epochs=5, verbose=0).history["loss"]
print("afterwards:", len(late.weights), "with", late.count_params(), "parameters")
print("the loss has fallen:", losses[-1] < losses[0])

# %% [markdown]
# It trains. Layers find out their sizes from the first data they meet. What is true is that a
# Functional model starts at an Input, and that Input lets you know all shapes *before* there are
# data: in the table of `summary()`, and by an error on the line that is wrong instead of somewhere
# in training.

# %% [markdown]
# ## What does Flatten do?
#
# **In short.** It turns each sample into one row. The numbers stay as they are, and there are as
# many as before.
#
# Flatten, now, is a layer: you make one, and you call it on something. Give it the numbers 0 to
# 11, as one tiny image of 2 rows, 3 columns and 2 channels. In which order will they come out?

# %%
tiny = np.arange(12).reshape(1, 2, 3, 2)
unroll = layers.Flatten()
print("a layer?", isinstance(unroll, layers.Layer))
print(np.asarray(unroll(tiny)))

# %% [markdown]
# (Two pairs of brackets: the first makes the layer, the second calls it. Forget the first pair, and
# your tensor becomes an argument of the layer. The error then speaks of that argument:)

# %%
try:
    layers.Flatten(photo)
except ValueError as error:
    print(reads(error))

# %% [markdown]
# Back to the order. It is the one in which NumPy counts: the last axis runs fastest. It goes row by
# row, within a row pixel by pixel, and within a pixel channel by channel. This is called
# **row-major** order.

# %%
draw_flatten(height=2, width=3, channels=2)

# %% [markdown]
# No number was changed, added or lost. But is the structure gone, as people say?

# %%
back = layers.Reshape((2, 3, 2))(unroll(tiny))
print("all back in their places:", np.array_equal(np.asarray(back), tiny))

# %% [markdown]
# What is lost is only the *mention* of rows and columns. Tell `Reshape` what they were, and it puts
# every number back.

# %% [markdown]
# ### One-dimensional?
#
# Posts say that Flatten gives a one-dimensional vector. Count the axes:

# %%
for shape in [(10, 10), (4, 4, 6), (5, 6, 7, 8)]:
    result = layers.Flatten()(keras.Input(shape=shape)).shape
    print(f"a sample of shape {shape} becomes {result}, {len(result)} axes")

# %% [markdown]
# Always two: one for the samples, one for everything else. Each *sample* becomes a vector; the
# samples stay apart, however many there are. And if there are none?

# %%
print([tuple(layers.Flatten()(np.zeros((n, 4, 4, 6))).shape) for n in (0, 1, 5)])

# %% [markdown]
# The batch axis stays, even when the batch is empty.
#
# <details><summary>And data without any axis?</summary>
#
# A sample may be a single number, of shape `()`: then Flatten makes a row of one. It refuses an
# array without even a batch axis, such as `np.array(3.0)`.
# </details>
#
# ### Predict: a stack of feature maps
#
# Deep inside a network a sample has 3 rows, 3 columns and 128 channels. What shape does Flatten
# give for `keras.Input(shape=(3, 3, 128))`?
#
# <details><summary>A hint</summary>
#
# Two entries. One counts the samples, the other the numbers in one sample.
# </details>
#
# <details><summary>A bigger hint</summary>
#
# The number of samples is open. The numbers in one sample: rows times columns times channels.
# </details>

# %% answer="feature_shape" level=1
### BEGIN SOLUTION
feature_shape = (None, 1152)  # a tuple
### END SOLUTION

# %% check="feature_shape" points=1
check_shape(feature_shape, of=layers.Flatten()(keras.Input(shape=(3, 3, 128))))

# %% [markdown]
# ### Predict: the same sizes, but an array
#
# Now Flatten gets an array, not an Input: `layers.Flatten()(np.zeros((3, 3, 128)))`. The three
# sizes are the same. What is the shape this time?
#
# <details><summary>A hint</summary>
#
# Here nobody has added an axis in front. Which axis of this array will Flatten leave alone?
# </details>
#
# <details><summary>A bigger hint</summary>
#
# Try a smaller one: what is `layers.Flatten()(np.zeros((2, 3, 4))).shape`? Which of the three sizes
# came through as it was?
# </details>

# %% answer="array_shape" level=2
### BEGIN SOLUTION
array_shape = (3, 384)  # a tuple
### END SOLUTION

# %% check="array_shape" points=1
check_shape(array_shape, of=run([layers.Flatten()], (3, 3, 128)))

# %% [markdown]
# When you have answered both, look at them side by side. Where did the batch axis come from, above
# and below?

# %%
draw_batch((3, 3, 128))

# %% [markdown]
# ### Predict: what does Flatten learn?
#
# How many parameters, numbers that training adjusts, does the Flatten in this model have?

# %%
digit_model = keras.Sequential([
    keras.Input(shape=(28, 28)), layers.Flatten(), layers.Dense(10),
])

# %% [markdown]
# <details><summary>A hint</summary>
#
# Is there anything about moving numbers to other places that could be adjusted?
# </details>
#
# <details><summary>A bigger hint</summary>
#
# Think of `back` above: the numbers came out unchanged, twice. What could they have been multiplied
# by?
# </details>

# %% answer="flatten_params" level=1
### BEGIN SOLUTION
flatten_params = 0  # a whole number
### END SOLUTION

# %% check="flatten_params" points=1
check_count(flatten_params, of=digit_model.layers[0], among=digit_model)

# %% [markdown]
# ### Build: Flatten by hand
#
# Write `flatten(x)`. It gives the same array as `keras.layers.Flatten()`, for an array with any
# number of axes, the first of which counts the samples. The second check hands you a batch with
# *no* samples, which is what remains when you filter a data set and nothing passes.
#
# <details><summary>A hint</summary>
#
# `x.reshape(rows, columns)` keeps row-major order. How many rows do you want, and how many
# columns?
# </details>
#
# <details><summary>A bigger hint</summary>
#
# NumPy works out one size for you if you write -1, by dividing. With no samples there is nothing
# to divide, so compute the columns yourself: the product of all sizes but the first.
# `np.prod(...)` multiplies, and `int(...)` makes a plain number of it.
# </details>

# %% answer="flatten" level=3
def flatten(x):
    """Return x as an array of two axes: samples, and all their numbers in row-major order."""
    ### BEGIN SOLUTION
    return x.reshape(x.shape[0], int(np.prod(x.shape[1:])))
    ### END SOLUTION

# %% check="flatten" points=2
rng = np.random.default_rng(0)
arrays = [rng.random((2, 3, 4, 6)), rng.random((4, 3, 2)), rng.random((1, 5))]
check_function(flatten, like=layers.Flatten(), on=arrays, about="flatten")
### BEGIN HIDDEN TESTS
more = [rng.random((5, 2, 2, 2, 3)), rng.random((6,)), rng.random((3, 1, 7))]
check_function(flatten, like=layers.Flatten(), on=more, about="flatten")
### END HIDDEN TESTS

# %% check="flatten" aspect="no_samples" points=1
check_function(
    flatten, like=layers.Flatten(), on=[np.zeros((0, 3, 2))], about="flatten_no_samples",
)

# %% [markdown]
# ### Build: where did my pixel go?
#
# An image has `H` rows, `W` columns and `C` channels. Write `position(h, w, c, H, W, C)`: the
# index, after Flatten, of the number at row `h`, column `w`, channel `c`. All counting starts
# at 0. In the picture above, row 1, column 0, channel 1 lands at index 7.
#
# <details><summary>A hint</summary>
#
# How many numbers stand before row `h` begins? And before pixel `w` of that row?
# </details>
#
# <details><summary>A bigger hint</summary>
#
# A full row has as many numbers as it has pixels, times the channels of each. Add up: full rows,
# full pixels, then channels.
# </details>

# %% answer="position" level=3
def position(h, w, c, H, W, C):
    """Return the index after Flatten of row h, column w, channel c in an H x W x C image."""
    ### BEGIN SOLUTION
    return (h * W + w) * C + c
    ### END SOLUTION

# %% check="position" points=2
check_position(position, shape=(4, 7, 3))
check_position(position, shape=(3, 2, 4))
### BEGIN HIDDEN TESTS
check_position(position, shape=(5, 7, 1))
### END HIDDEN TESTS

# %% [markdown]
# ## From a convolution to Flatten
#
# **In short.** Go from layer to layer. A window leaves as many places as it can stand in, pooling divides
# what is left, the filters are the channels, and Flatten multiplies all sizes but the batch.
#
# Now both together. This is the middle of a network that you will find in posts: feature maps of
# 10 by 10 with 64 channels go in, then come a convolution, a pooling layer and a Flatten.
#
# A **pooling** layer, here `MaxPool2D((2, 2))`, lays windows side by side, without overlap, and
# keeps one number of each, the largest, channel by channel. It has nothing to learn. How many
# numbers will each sample hold in the end?

# %%
keras.utils.clear_session()  # so that the names of the layers start afresh
feature_maps = keras.Input(shape=(10, 10, 64))
convolved = layers.Conv2D(filters=32, kernel_size=(3, 3), activation="relu")(feature_maps)
pooled = layers.MaxPool2D((2, 2))(convolved)
flat = layers.Flatten()(pooled)
middle = keras.Model(feature_maps, flat)

# %% [markdown]
# ### Predict: the famous width
#
# What is the shape of `flat`? A well-known post says `(None, 1280)`. Take paper and go through
# the layers one by one before you believe it.
#
# <details><summary>A hint</summary>
#
# The convolution: in how many places can a window of 3 stand on a row of 10? The pooling: how
# many windows of 2 fit side by side? Flatten: multiply what is left.
# </details>
#
# <details><summary>A bigger hint</summary>
#
# Only height and width shrink on the way, in both layers. The number of channels after a
# convolution is its number of filters, whatever it was before.
# </details>

# %% answer="flat_shape" level=2
### BEGIN SOLUTION
flat_shape = (None, 512)  # the shape of `flat`, a tuple
### END SOLUTION

# %% check="flat_shape" points=1
check_shape(flat_shape, of=flat)

# %% [markdown]
# ### Predict: the parameters of the convolution
#
# Each filter multiplies every number that it sees by a **weight**, adds the products up, and adds
# one number more, its **bias**. The weights of all filters together are the layer's **kernel**;
# weights and biases are what it learns. Here is the same convolution on larger maps, of 12 by 12:
# 32 filters, windows of 3 by 3, and 64 channels that come in. How many parameters does it have?

# %%
larger_maps = keras.Input(shape=(12, 12, 64))
larger = keras.Model(larger_maps, layers.Conv2D(32, (3, 3), activation="relu")(larger_maps))

# %% [markdown]
# <details><summary>A hint</summary>
#
# How many numbers does one filter see at a time? Remember that it looks at its window in *all* the
# channels at once.
# </details>
#
# <details><summary>A bigger hint</summary>
#
# For 5 filters with windows of 2 by 2 on 7 channels it would be 5 × (2 × 2 × 7 + 1).
# </details>

# %% answer="conv_params" level=2
### BEGIN SOLUTION
conv_params = 18464  # a whole number
### END SOLUTION

# %% check="conv_params" points=1
check_count(conv_params, of=larger.layers[1])

# %% [markdown]
# ### And where does 1280 come from?
#
# Here is what Keras says, and the whole way as a picture. Compare both with your paper.

# %%
print("Shape before Flatten:", pooled.shape, "-", len(pooled.shape), "axes")
print("Shape of flattened output:", flat.shape)
dense = layers.Dense(128, activation="relu")(flat)
model_2 = keras.Model(inputs=feature_maps, outputs=dense, name="model_2")
model_2.summary()

# %%
draw_shapes(model_2)

# %% [markdown]
# On these smaller maps, does the convolution have as many parameters as you counted? It does: a
# filter is the same at every place.
#
# Posts add that the tensor before Flatten is likely to have three dimensions, and one afterwards.
# You need not guess: four axes before, two after. Three and one hold for a single sample, without
# the batch.
#
# And 1280? As long as windows are square and move alike in both directions, a square map stays
# square. With 32 filters, the width after Flatten is then 32 times a square number:

# %%
print([32 * side**2 for side in range(1, 11)], 1280 / 32)

# %% [markdown]
# 1280 isn't among them: with 32 filters and such windows, no setting gives it. It is a slip.

# %% [markdown]
# ### Predict: three shapes in a row
#
# Another network, and no picture: colour images of 32 by 32, a convolution of 6 filters with
# windows of **5 by 5**, pooling by 2, Flatten. Give the shape after each of the three. You get a
# point for each that is right.

# %%
small = keras.Input(shape=(32, 32, 3))
after_conv = layers.Conv2D(6, 5)(small)
after_pool = layers.MaxPooling2D(2)(after_conv)
after_flatten = layers.Flatten()(after_pool)

# %% [markdown]
# <details><summary>A hint</summary>
#
# One layer at a time; the shape you have just found is the input of the next.
# </details>
#
# <details><summary>A bigger hint</summary>
#
# A window of 5 loses two pixels at each edge, four in all.
# </details>

# %% answer="three_shapes" level=2
### BEGIN SOLUTION
three_shapes = [(None, 28, 28, 6), (None, 14, 14, 6), (None, 1176)]  # a list of three tuples
### END SOLUTION

# %% check="three_shapes" points=3
check_shapes(three_shapes, of=[after_conv, after_pool, after_flatten], points=3)

# %% [markdown]
# ### Build: make it 800
#
# The same network as in the picture, from `(None, 10, 10, 64)` to Flatten, without the Dense
# layer. Change **one argument of the convolution** so that the width after Flatten becomes 800.
# Filters, windows and activation stay as they are, and so does the number of parameters.
#
# <details><summary>A hint</summary>
#
# 800 = 5 × 5 × 32. What must height and width be before the pooling halves them?
# </details>
#
# <details><summary>A bigger hint</summary>
#
# The convolution must give as many rows as it gets. Look for `padding` in
# `help(layers.Conv2D)`.
# </details>

# %% answer="padded_model" level=2
def padded_model():
    """Return a model: Input, Conv2D (32 filters of 3 x 3, relu), MaxPool2D of 2 x 2, Flatten."""
    ### BEGIN SOLUTION
    return keras.Sequential([
        keras.Input(shape=(10, 10, 64)),
        layers.Conv2D(32, (3, 3), padding="same", activation="relu"),
        layers.MaxPool2D((2, 2)),
        layers.Flatten(),
    ])
    ### END SOLUTION

# %% check="padded_model" points=1
same_weights = middle.count_params()
check_model(
    padded_model,
    input_shape=(None, 10, 10, 64), output_shape=(None, 800), params=same_weights,
)

# %% [markdown]
# The second check compares your model's numbers with those of a model in which a frame of zeros
# is put around the maps by hand.

# %% check="padded_model" aspect="numbers" points=1
by_hand = keras.Sequential([
    keras.Input((10, 10, 64)), layers.ZeroPadding2D(1),
    layers.Conv2D(32, 3, activation="relu"), layers.MaxPool2D(2), layers.Flatten(),
])
check_model(
    padded_model, input_shape=(None, 10, 10, 64), output_shape=(None, 800), like=by_hand,
)

# %% [markdown]
# ### Three axes, or four?
#
# Convolutions, one reads, give 3D or 4D tensors. What does that depend on?

# %%
for conv, sample in [
    (layers.Conv1D, (9, 2)), (layers.Conv2D, (9, 9, 2)), (layers.Conv3D, (9, 9, 9, 2)),
]:
    shape = conv(filters=4, kernel_size=3)(keras.Input(shape=sample)).shape
    print(conv.__name__, "gives", shape, "-", len(shape), "axes")

# %% [markdown]
# On the kind of convolution, and on whether you count the batch. Besides the batch there are the
# directions in which the windows move, and the channels. Flatten brings each of these down to two
# axes.
#
# ### Must Flatten stand before Dense?
#
# **In short.** No: Dense runs without it. It stands there so that every unit sees every number of a
# sample.
#
# It is said that Dense expects one-dimensional input, and that Flatten makes the data suitable.
# What do you expect from a Dense layer right after the pooling, and from one that gets a single row
# of numbers?

# %%
print(pooled.shape, "becomes", layers.Dense(128)(pooled).shape)
try:
    layers.Dense(128)(np.zeros(512))
except ValueError as error:
    print(reads(error))

# %% [markdown]
# It is the other way round: Dense refuses the one-dimensional array, and takes the maps. (`ndim` in
# the error is the number of axes.)
#
# But what it makes of them is not what you want at the end of a classifier. Dense works on the
# *last* axis and keeps the others: the same 128 units are applied at each place of the map. For now
# it is enough to know that Flatten isn't there to prevent an error. It is there so that every unit
# sees every number of the sample.

# %% [markdown]
# ## Input, Flatten, Dense
#
# The shortest useful network is made of what we have seen: a grey image of 10 by 10 goes in,
# Flatten unrolls it, and Dense looks at all the pixels at once. So Flatten may well come first,
# with nothing processed before it. Which two shapes will be printed?

# %%
keras.utils.clear_session()
grey = keras.Input(shape=(10, 10))
print("Shape of the input:", grey.shape)
pixels = layers.Flatten()(grey)
print("Shape after Flatten:", pixels.shape)
dense = layers.Dense(units=64, activation="relu")(pixels)
model_3 = keras.Model(grey, dense, name="model_3")
model_3.summary()

# %%
draw_shapes(model_3)

# %% [markdown]
# Where do the 6,464 parameters come from? Each of the 64 units has a weight for each of the 100
# pixels, and a bias: 100 × 64 + 64 = 6,464.
#
# One more thing about this grey image: it has no channel axis, and Flatten and Dense don't ask
# for one. Does a convolution?

# %%
try:
    layers.Conv2D(8, 3)(grey)
except ValueError as error:
    print(reads(error))

# %% [markdown]
# `min_ndim=4, found ndim=3`: it wants samples, rows, columns *and channels*. A grey image for a
# convolution has the shape `(10, 10, 1)`.
#
# ### Build: your own
#
# Write `reader()`. It returns a model that takes tables of **6 rows and 8 columns** and gives 4
# numbers for each table `x`:
#
# $$y = \max(0,\ \mathrm{flat}(x)\, W + b)$$
#
# or, in Python, `y = np.maximum(0, flat(x) @ W + b)`. Here `flat(x)` is the table unrolled row by
# row. `W` is the kernel of a layer, with a row for each number of a table and a column for each
# result, and `b` are its biases. Spell the model as you like: Functional, Sequential, or a class
# of your own.
#
# <details><summary>A hint</summary>
#
# Two layers do it. The first moves numbers, the second multiplies, adds, and cuts off what is
# below zero.
# </details>
#
# <details><summary>A bigger hint</summary>
#
# $xW + b$ is what a Dense layer computes, and `activation="relu"` is the name of
# $\max(0, \cdot)$.
# </details>

# %% answer="reader" level=3
def reader():
    """Return a model from tables (None, 6, 8) to (None, 4): y = max(0, flat(x) W + b)."""
    ### BEGIN SOLUTION
    table = keras.Input(shape=(6, 8))
    return keras.Model(table, layers.Dense(4, activation="relu")(layers.Flatten()(table)))
    ### END SOLUTION

# %% check="reader" points=1
check_model(reader, input_shape=(None, 6, 8), output_shape=(None, 4))

# %% check="reader" aspect="numbers" points=1
check_model(
    reader, input_shape=(None, 6, 8), output_shape=(None, 4), params=6 * 8 * 4 + 4,
    computes=lambda x, W, b: np.maximum(0, x.reshape(len(x), -1) @ W + b),
)

# %% [markdown]
# ## What the posts say, and what is true
#
# The conclusion that they come to is right: Input says what to expect, Flatten moves what comes.
# Which of the sentences on the way there would you have believed?
#
# | you will read | what is true |
# | --- | --- |
# | Input and Flatten are two layers that preprocess data | Input is a function that returns a KerasTensor; Flatten is a layer; neither preprocesses |
# | Input is a contract, like a typed argument | mostly: it casts dtypes, forgives an axis of size 1 at the end, doesn't hold you to a batch size, and in a Sequential (Keras 3) sizes are left to the layers |
# | an Input of `(28, 28, 3)` expects RGB | it expects three channels, whatever they mean |
# | without Input there is no anchor and no gradient | a model without it is built, and trains, from its first data |
# | `None` is settled in training | it is open at every call |
# | Flatten gives a one-dimensional vector | one vector for each sample: always two axes |
# | the structure is lost | it just isn't mentioned any more; Reshape restores it |
# | Dense expects one-dimensional input | it refuses that; it takes two axes or more, and works on the last |
# | the flattened shape is (None, 1280) | with 32 filters and square windows its width is 32 times a square number, and 1280 isn't |

# %% [markdown]
# ## What you saw
#
# Could you show each of these to a friend, on paper?
#
# - `keras.Input` stands for data to come: a shape with an open batch axis in front, and a dtype.
#   Keras holds you to most of it, and you know the leaks.
# - Windows shrink height and width, filters set the channels, pooling divides, Flatten multiplies
#   what is left.
# - Flatten unrolls each sample in row-major order, leaves the batch alone, and learns nothing. You
#   can say where each number goes.
#
# Next: **[how Flatten works](02_how_flatten_works.ipynb)** in detail, what it can't do, and what it
# costs.
