# %% [markdown]
# # There is no InputShape: what a shape says, and what it leaves open
#
# 6 exercises · 12 points · 70 minutes
#
# **In short.** `shape=` of `keras.Input` is the shape of one sample: `(features,)` for a row, `(height,
# width, channels)` for an image, `(steps, features)` for a sequence, and `None` for a size that is
# to stay open. The batch axis is Keras's, and whoever cuts the data into batches decides its size:
#
# ```python
# import keras
# print(keras.Input(shape=(28, 28, 1)).shape, keras.Input(shape=(None, None, 3)).shape)
# ```
#
# People search for `InputShape`, and find posts that explain it in detail. There is no such
# thing. What there is has four plainer names, and a handful of rules that decide whether your
# model gets images, or rows of images, or nothing at all. One such post, "the post" from here on,
# says that `InputShape` tells Keras what comes in, and spells it in three ways. Its first example,
# a network for digits, is run here, and what it says of shapes is held against Keras; its examples
# on sequences and on tensors have **[a lesson of their own](03b_sequences_and_inputs.ipynb)**. After this
# lesson you will be able to
#
# - name what describes an input in Keras, and say which axis is the batch and who decides its
#   size;
# - write the shape for rows and for images, and follow it through a convolutional network;
# - say which wrong shapes are refused, by whom, when, and which are let in without a word.
#
# **You need** the lesson on Input and Flatten. The one on how Flatten works helps, but nothing
# here rests on it.

# %% locked="setup"
# No module named ...? Choose the course's own Python (.venv) as this notebook's kernel.
from autograder.learn import (  # comes first: it keeps TensorFlow's log out of the way
    Accepts, Called, check_function, check_model, check_prediction, check_shapes, draw_contract,
    draw_images, draw_shapes, reads,
)

import inspect
import warnings

import keras
import numpy as np
import tensorflow as tf
from keras import layers

keras.utils.set_random_seed(0)
rng = np.random.default_rng(0)

# %% [markdown]
# ## Where is InputShape?
#
# **In short.** Nowhere. The argument of `keras.Input` is `shape=`; `input_shape=` is an old one of layers.
#
# The post has the name in its title, as `keras.layers.InputShape`, and says: "`InputShape` is a
# parameter passed to `Input`". A few lines on, the argument is "more precisely `input_shape`", and
# there is an `input_tensor` as well. First a helper, which does something and prints what became
# of it. Then five lines: which of them will run?

# %%
def attempt(action):
    """Do something, and print the shape that it gives, or the error."""
    try:
        print(action().shape)
    except Exception as error:
        print(reads(error))

# %%
attempt(lambda: layers.InputShape)
attempt(lambda: keras.Input(InputShape=(28, 28, 1)))
attempt(lambda: keras.Input(input_shape=(28, 28, 1)))
attempt(lambda: keras.Input(input_tensor=np.ones((2, 64))))
attempt(lambda: keras.Input(shape=(28, 28, 1)))

# %% [markdown]
# One of five. The first error is an `AttributeError`: the module has no such name. The next three
# are `TypeError`s: the function is there, and takes no argument of that name. Keras 2 didn't know
# `InputShape` and `input_shape` here either; `input_tensor` was an argument of its *InputLayer*.
#
# ### What is there instead?
#
# Ask the function for the names of its arguments:

# %%
print(*inspect.signature(keras.Input).parameters)

# %% [markdown]
# Four of them are about what comes in (the others are left aside here; you will meet `tensor`
# in the next lesson):
#
# | argument | what it says |
# | --- | --- |
# | `shape` | the axes of one sample; Keras puts the batch axis in front |
# | `batch_size` | a number for that batch axis, in the place of `None`; **[it doesn't bind](01_input_vs_flatten.ipynb#Where-does-the-promise-leak?)** |
# | `batch_shape` | both together: all axes, the batch first |
# | `dtype` | the kind of numbers, `float32` if you say nothing |
#
# Read the next four lines and say the four shapes before you run them.

# %%
print(keras.Input(shape=(28, 28, 1)).shape)
print(keras.Input(shape=(28, 28, 1), batch_size=8).shape)
print(keras.Input(batch_shape=(8, 28, 28, 1)).shape)
print(keras.Input(batch_shape=(None, 28, 28, 1)).shape)

# %% [markdown]
# The second and third are one and the same, and so are the first and the last.
#
# ### And where does `input_shape=` belong?
#
# It did exist, and does: as an argument of the *first layer* of a Sequential, the usual spelling
# before Keras 3. What does Keras 3 say to it?

# %%
with warnings.catch_warnings(record=True) as said:
    warnings.simplefilter("always")
    old = keras.Sequential([layers.Dense(3, input_shape=(4,))])
print(old.input_shape)
print(reads(said[0].message))

# %% [markdown]
# It works, and it warns. So a line with `Dense(3, input_shape=(4,))` is out of date and not wrong;
# a line with `Input(input_shape=…)` was never right. (And `model.input_shape`, on a finished
# model, is a third thing: what the model declares, with the batch axis.)

# %% [markdown]
# ### Build: a row of numbers
#
# A shape with a single entry is easy to get wrong. This line can be found in posts, since in Keras
# 2 it ran.

# %%
attempt(lambda: keras.Input(shape=(4)))

# %% [markdown]
# Write `row_model(features)`. It returns a model that declares rows of `features` numbers and gives
# one number for each row, by a `Dense` layer of one unit.
#
# <details><summary>A hint</summary>
#
# What does Python make of `(4)`? Try `type((4))`.
# </details>
#
# <details><summary>A bigger hint</summary>
#
# It is the comma that makes a tuple, not the parentheses: `(4, 5)` has one, `(4)` has none.
# </details>

# %% answer="row_model" level=1
def row_model(features):
    """Return a model from rows, (None, features), to one number each, (None, 1)."""
    ### BEGIN SOLUTION
    row = keras.Input(shape=(features,))
    return keras.Model(row, layers.Dense(1)(row))
    ### END SOLUTION

# %% check="row_model" points=2
one = {"output_shape": (None, 1), "built": True, "computes": lambda x, W, b: x @ W + b}
check_model(row_model, args=(7,), input_shape=(None, 7), params=7 + 1, **one)
check_model(row_model, args=(3,), input_shape=(None, 3), params=3 + 1, **one)
### BEGIN HIDDEN TESTS
check_model(row_model, args=(2,), input_shape=(None, 2), params=2 + 1, **one)
### END HIDDEN TESTS

# %% [markdown]
# ## Who decides how large a batch is?
#
# **In short.** Whoever cuts the data: `fit` with its `batch_size`, or a data set that comes ready cut. The
# number of samples isn't part of the input's shape, and a single sample is a batch of one: `x[:1]`.
#
# `shape=` says nothing of the number of samples, and the post has that right. So who says it?
# Here are 100 rows and a model. `fit` remembers how many **steps** it took: in each step it takes
# one batch and adjusts the weights once. How many do you expect, if you don't say anything?

# %%
rows, targets = np.ones((100, 4)), np.ones((100, 1))
line = keras.Sequential([keras.Input(shape=(4,)), layers.Dense(1)])
line.compile(optimizer="sgd", loss="mse")
print(line.fit(rows, targets, verbose=0).params["steps"], "steps")
print(line.fit(rows, targets, batch_size=20, verbose=0).params["steps"], "steps")

# %% [markdown]
# `fit` cuts the data into batches of 32 unless you give it a `batch_size`: three full batches, and
# four samples left over. These make a smaller batch, and that is fine, since the axis is open.
#
# Data may also come ready cut, from a `tf.data.Dataset`. What will win now, the 50 of the data set
# or the 20 of `fit`?

# %%
batches = tf.data.Dataset.from_tensor_slices((rows, targets)).batch(50)
# shuffle=False, since Keras would warn that it can't shuffle a data set
history = line.fit(batches, batch_size=20, shuffle=False, verbose=0)
print(history.params["steps"], "steps")

# %% [markdown]
# Two steps of 50: whoever cuts the data decides, and a second opinion is passed over in silence.
#
# ### What if you write the batch into `shape=`?
#
# A batch of 32 images of 784 pixels has the shape `(32, 784)`, so why not write that? Here is a
# model that begins with this mistake. Will Keras complain, and when?

# %%
keras.utils.clear_session()
start = keras.Input(shape=(32, 784))
wrong = keras.Model(start, layers.Dense(10)(start))
wrong.summary()

# %% [markdown]
# Not yet. Now give it the batch that it was meant for, and try the same mistake on a convolution:

# %%
attempt(lambda: wrong(np.zeros((32, 784))))
attempt(lambda: layers.Conv2D(32, 3)(keras.Input(shape=(None, 28, 28, 3))))

# %% [markdown]
# The summary looked right, but for its second column: *one* sample is now a table of 32 rows, and a
# batch has to be a stack of such tables. It shows only when data come. The convolution complains
# at once: it wants one batch of images, and gets a batch of such batches. (Keras 2 built that one,
# too.)

# %% [markdown]
# ### Build: the first prediction
#
# The commonest case: there is a model, there are images, and you want to know what the model says
# of the *first*. Why does the obvious line fail?

# %%
table_model = keras.Sequential([keras.Input((6, 9)), layers.Flatten(), layers.Dense(3)])
tables = rng.random((40, 6, 9))
attempt(lambda: table_model(tables[0]))

# %% [markdown]
# Write `first_prediction(model, x)`: what `model` gives for the first sample of `x`, and for that
# one alone, as an array with a batch axis of size 1.
#
# <details><summary>A hint</summary>
#
# Compare the shapes of `tables` and `tables[0]`. Which axis has gone?
# </details>
#
# <details><summary>A bigger hint</summary>
#
# `[7, 8, 9][1]` is a number; `[7, 8, 9][1:2]` is a list with one number in it. Arrays do the same.
# </details>

# %% answer="first_prediction" level=1
def first_prediction(model, x):
    """Return the model's result for the first sample of x, batch axis included."""
    ### BEGIN SOLUTION
    return model.predict(x[:1], verbose=0)
    ### END SOLUTION

# %% check="first_prediction" points=2
of_all = np.asarray(table_model(tables))
right = {"like": lambda model, x: of_all[0].reshape(1, 3), "on": [(table_model, tables)]}
check_function(first_prediction, **right, about="first_sample")
other_model = keras.Sequential([keras.Input((5, 4)), layers.Flatten(), layers.Dense(2)])
others = rng.random((11, 5, 4))
of_others = np.asarray(other_model(others))[0]
right_too = {"like": lambda *_: of_others.reshape(1, 2), "on": [(other_model, others)]}
check_function(first_prediction, **right_too, about="first_sample")

# %% [markdown]
# ### Predict: one image, or many?
#
# A missing batch axis is refused, then. Always? Here are two readers, one for grey and one for
# colour images, 24 by 24. `padding="same"` surrounds the image with zeros, so the map keeps its
# height and width, and `GlobalAveragePooling2D` takes the average of each channel over all places,
# so 4 numbers are left for each image, and a Dense layer turns them into 5.

# %%
def reader(channels):
    """Return a model from images of 24 x 24 to five numbers each."""
    image = keras.Input(shape=(24, 24, channels))
    maps = layers.Conv2D(4, 3, padding="same")(image)
    return keras.Model(image, layers.Dense(5)(layers.GlobalAveragePooling2D()(maps)))


grey_reader, colour_reader = reader(1), reader(3)

# %% [markdown]
# What comes out? Give a shape, or the name of an exception in quotes, for
#
# 1. `grey_reader` and one image in a batch of its own, `(1, 24, 24, 1)`
# 2. `colour_reader` and one image without a batch axis, `(24, 24, 3)`
# 3. `grey_reader` and one image without a batch axis, `(24, 24, 1)`
#
# <details><summary>A hint</summary>
#
# The first axis of what you feed is the batch, whatever you meant by it. And there is one kind of
# axis that Keras adds or drops unasked; you met it when you tried how firm the promise is.
# </details>
#
# <details><summary>A bigger hint</summary>
#
# Where one axis is missing, Keras can supply it at the *end*, if it has size 1 there. Read
# the third case as a stack of things without a channel axis. How many things, and how large?
# </details>

# %% answer="what_comes_out" level=3
### BEGIN SOLUTION
what_comes_out = [(1, 5), "ValueError", (24, 5)]  # such as [(2, 7), "TypeError", (9,)]
### END SOLUTION

# %% check="what_comes_out" points=1
check_prediction(what_comes_out, of=[
    Called(grey_reader, (1, 24, 24, 1)),
    Called(colour_reader, (24, 24, 3)),
    Called(grey_reader, (24, 24, 1)),
])

# %% [markdown]
# <details><summary>When you have answered</summary>
#
# The last is the trap. Keras takes the 24 rows of the image for 24 images, and adds an axis of size
# 1 at the end, so that the layers see `(24, 24, 1, 1)`. It answers for each. No error, no warning,
# and numbers that mean nothing. With three channels the same slip is caught. Print the shape of
# what comes out; it takes one line.
# </details>

# %% [markdown]
# ## Which axes does an image have?
#
# **In short.** Height, width, channels, in this order unless Keras was told otherwise. A convolution
# wants all three, and so a grey image needs a channel axis of size 1: `images[..., None]`.
#
# Height, width, channels, in this order: `(28, 28, 1)` for a grey image, `(28, 28, 3)` for one in
# colour. The post says so, and it is true for a Keras that has not been told otherwise. How do you
# find out what yours was told?

# %%
print(keras.config.image_data_format())

# %% [markdown]
# `channels_last`. There is also `channels_first`, and files from other programs sometimes come
# like that, as `(3, 28, 28)`. Nothing in the numbers tells you; look at the shape.
#
# ### Build: grey images for a convolution
#
# Grey images often come as `(samples, height, width)`. `edges` and `blur` are convolutions that
# have their weights already, for one channel. Write `grey_features(conv, images)`: hand such images
# to the convolution `conv`, in the shape that it wants, and return what it gives. The images may
# have any size, and `conv` may be any such convolution.

# %%
edges, blur = layers.Conv2D(6, 3), layers.Conv2D(4, 2)
for made in (edges, blur):
    made.build((None, None, None, 1))
grey_images = rng.random((5, 15, 9)).astype("float32")
wide_images = rng.random((4, 8, 21)).astype("float32")
attempt(lambda: edges(grey_images))

# %% [markdown]
# <details><summary>A hint</summary>
#
# Name the axes of the array one by one, then those that a convolution wants. Which is missing, and
# where does it belong?
# </details>
#
# <details><summary>A bigger hint</summary>
#
# `x[None]` puts an axis of size 1 in front, and so does `np.expand_dims(x, 0)`. Both can put it
# elsewhere.
# </details>

# %% answer="grey_features" level=2
def grey_features(conv, images):
    """Return what `conv` gives for grey images of shape (samples, height, width)."""
    ### BEGIN SOLUTION
    return conv(images[..., None])
    ### END SOLUTION

# %% [markdown]
# The check compares your numbers with a convolution in NumPy, window by window.

# %% check="grey_features" points=2
def by_windows(conv, images):
    """Do the same in NumPy: cut out all windows, multiply by the filters, add the biases."""
    kernel, bias = conv.get_weights()
    cut = np.lib.stride_tricks.sliding_window_view(images, kernel.shape[:2], axis=(1, 2))
    return np.einsum("nhwij,ijf->nhwf", cut, kernel[:, :, 0]) + bias


both = [(edges, grey_images), (blur, wide_images)]
check_function(grey_features, like=by_windows, on=both, about="grey_maps")
### BEGIN HIDDEN TESTS
check_function(grey_features, like=by_windows, on=[(blur, grey_images), (edges, wide_images[:2])])
### END HIDDEN TESTS

# %% [markdown]
# ### Does Keras need the size to reserve memory?
#
# So it is said: TensorFlow needs the shape to build a "static graph", a plan of all the work that
# is made once and for all, and "to allocate resources". If that were so, larger images would cost more
# weights, and a model without an Input could not be made. What do you expect of the parameters below?

# %%
for shape in [(28, 28, 3), (512, 512, 3), (None, None, 3)]:
    conv = layers.Conv2D(32, 3)
    conv(keras.Input(shape=shape))
    print(shape, conv.count_params(), "parameters")

# %% [markdown]
# And now a model that is told nothing at all before its first images:

# %%
late = keras.Sequential([
    layers.Conv2D(32, 3), layers.GlobalAveragePooling2D(), layers.Dense(10),
])
print(late.built, "before the first data")
for side in (28, 64):
    print(late(np.zeros((2, side, side, 3))).shape, late.count_params(), "parameters")

# %% [markdown]
# 896 for both sizes of image, and also where the size is open. The layers of this lesson need one
# size only for their weights, that of the *last* axis: here 3 channels, so 3 × 3 × 3 × 32 + 32 =
# 896. And the model without an Input made its weights when data came, and took images of two sizes.
#
# So what is right about it? A shape given early lets you see every shape, and many a mistake,
# before there are data. That is reason enough. Memory for images is taken when there are images.
#
# Only where a layer unrolls an image, as Flatten does, do height and width enter the last axis,
# and with it the weights of the layer behind.

# %% [markdown]
# ## What becomes of a shape in a network for digits?
#
# This is the first example of the post, for grey images of 28 by 28 and ten classes. A variable
# named `input_shape_cnn` holds the shape; the argument that it goes to is `shape`. The activation
# **softmax** of the last layer makes ten numbers between 0 and 1 that add up to 1, so that they can
# be read as probabilities. And is `layers.Input`, as the post writes it, a different function from
# `keras.Input`?

# %%
keras.utils.clear_session()
input_shape_cnn = (28, 28, 1)  # grey images, 28 by 28
input_layer_cnn = layers.Input(shape=input_shape_cnn)
conv_1 = layers.Conv2D(32, (3, 3), activation="relu")(input_layer_cnn)
pool_1 = layers.MaxPooling2D((2, 2))(conv_1)
print(layers.Input is keras.Input, conv_1.shape, pool_1.shape)
conv_2 = layers.Conv2D(64, (3, 3), activation="relu")(pool_1)
pool_2 = layers.MaxPooling2D((2, 2))(conv_2)
flatten = layers.Flatten()(pool_2)
dense = layers.Dense(10, activation="softmax")(flatten)
model_cnn = keras.Model(inputs=input_layer_cnn, outputs=dense)

# %% [markdown]
# ### Predict: the second half
#
# The same function, two names. The cell has also printed the shapes after the first convolution
# and the first pooling. Go on from there: what are the shapes of `conv_2`, `pool_2` and `flatten`?
# A point for each.
#
# <details><summary>A hint</summary>
#
# A window of 3 loses one pixel at each edge. Pooling lays windows of 2 side by side; what happens
# when one pixel is left over?
# </details>
#
# <details><summary>A bigger hint</summary>
#
# On a row of 7 pixels, 3 windows of 2 find a place, and the last pixel is dropped. Channels are
# counted by the filters, and Flatten multiplies everything but the batch.
# </details>

# %% answer="cnn_shapes" level=2
### BEGIN SOLUTION
cnn_shapes = [(None, 11, 11, 64), (None, 5, 5, 64), (None, 1600)]  # a list of three tuples
### END SOLUTION

# %% check="cnn_shapes" points=3
check_shapes(cnn_shapes, of=[conv_2, pool_2, flatten], points=3)

# %%
model_cnn.summary()
print(f"{model_cnn.layers[-1].count_params():,} of {model_cnn.count_params():,} parameters")

# %%
draw_shapes(model_cnn)

# %% [markdown]
# Keras has worked all this out from one shape at the top (Keras, not TensorFlow: it does the same
# on its other backends). 16,010 of the 34,826 parameters sit in the last layer, the only one for
# which the size of the image matters.
#
# ### Does it learn?
#
# The post calls this a fully functional network. Give it something to do: ten classes of pictures,
# made on the spot, a bright bar in one of ten places and noise everywhere else. Can you tell the
# classes apart below?

# %%
def bars(count):
    """Return noisy pictures with a bright column, and which of ten columns it is."""
    places = rng.integers(0, 10, size=count)
    pictures = 0.6 * rng.random((count, 28, 28, 1))
    pictures[np.arange(count), :, 4 + 2 * places] += 0.4
    return pictures, places


pictures, places = bars(600)
draw_images({f"class {k}": pictures[places == k][0, :, :, 0] for k in (0, 3, 6, 9)})

# %%
model_cnn.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
model_cnn.fit(pictures, places, epochs=3, verbose=0)
new_pictures, new_places = bars(200)
print("better than 9 in 10:", model_cnn.evaluate(new_pictures, new_places, verbose=0)[1] > 0.9)
print("sums to 1:", np.allclose(np.asarray(model_cnn(new_pictures)).sum(axis=1), 1, atol=1e-5))

# %% [markdown]
# It does, in seconds, on pictures that it has never seen. And the ten numbers of each picture add up
# to 1, as softmax promises.
#
# ### Who checks the shapes, and when?
#
# The post prints the summary "to verify that the shapes are compatible", and says that each
# layer receives what the one before gives, "ensuring" that they fit. Suppose they don't. Will you
# learn it from `summary()`?

# %%
attempt(lambda: layers.Conv2D(8, (3, 3))(flatten))
attempt(lambda: layers.Conv2D(8, (7, 7))(pool_2))

# %% [markdown]
# No model, no summary, and already two errors. A shape is handed on, and each layer looks at it
# *when the layer is called*; nothing is made to fit. By the time that you can print a summary, the
# layers have agreed. What you can verify there is whether the shapes are the ones that you
# wanted, and the model for `(32, 784)` above showed that this is another question.

# %% [markdown]
# ## What does dtype promise?
#
# **In short.** That the numbers will be of this kind, if need be by changing them. Whole numbers that
# stand for things want `dtype="int32"`.
#
# An Input "doesn't process actual data", says the post. As a rule it doesn't. You know the
# exception: it casts. An Input is `float32` unless you say otherwise, and `float32` has about seven
# digits. Suppose that the data are customer numbers. What comes out of a model that does nothing at
# all?

# %%
customer = np.array([[16_777_217]])
for dtype in ("float32", "int32"):
    number = keras.Input(shape=(1,), dtype=dtype)
    nothing = keras.Model(number, number)
    print(dtype, int(np.asarray(nothing(customer))[0, 0]))

# %% [markdown]
# Customer 16,777,217 has become another customer. Whole numbers that stand for *things*, words or
# customers, want an Input with `dtype="int32"`.

# %% [markdown]
# ## How strict is the promise?
#
# **In short.** A Functional model compares sizes, a Sequential of Keras 3 only counts axes (and both
# forgive one of size 1 at the end); what it lets in, its layers may refuse later. Compare `model.input_shape[1:]` with your data, validation data
# too.
#
# "An incorrectly specified shape will cascade through the network, generating errors." You know the
# leaks already. Here are those in the shapes, side by side, on one network in two spellings, both
# declared for tables of 20 by 30.

# %%
table = keras.Input(shape=(20, 30))
functional = keras.Model(table, layers.Dense(4)(layers.Flatten()(table)))
sequential = keras.Sequential([keras.Input(shape=(20, 30)), layers.Flatten(), layers.Dense(4)])

# %% [markdown]
# ### Predict: who lets it in?
#
# Three batches of 6 samples. For each, does the Functional model accept it, and does the
# Sequential? Six answers, in this order:
#
# 1. height and width exchanged, `(6, 30, 20)`: Functional, Sequential
# 2. one column too many, `(6, 20, 31)`: Functional, Sequential
# 3. an axis of size 1 more, `(6, 20, 30, 1)`: Functional, Sequential
#
# <details><summary>A hint</summary>
#
# A Functional model compares sizes, a Sequential only counts axes. But the Input isn't the only
# one who looks: the layers do, too, when they are called.
# </details>
#
# <details><summary>A bigger hint</summary>
#
# How many numbers reach the Dense layer after Flatten, in each of the cases? It has its kernel
# already, for one particular number.
# </details>

# %% answer="who_lets_in" level=3
### BEGIN SOLUTION
who_lets_in = [False, True, False, False, True, True]  # six times True or False
### END SOLUTION

# %% check="who_lets_in" points=2
check_prediction(who_lets_in, of=[
    Accepts(functional, (6, 30, 20)), Accepts(sequential, (6, 30, 20)),
    Accepts(functional, (6, 20, 31)), Accepts(sequential, (6, 20, 31)),
    Accepts(functional, (6, 20, 30, 1)), Accepts(sequential, (6, 20, 30, 1)),
])

# %%
shapes = [(6, 20, 30), (6, 30, 20), (6, 10, 60), (6, 20, 31), (6, 20, 30, 1)]
draw_contract({"Functional": functional, "Sequential": sequential}, shapes)

# %% [markdown]
# Read the rows in which the two columns differ. There, the samples have the right *number* of
# values in the wrong places, and only the Functional model objects.
#
# ### Three trainings without a word
#
# So a wrong shape needn't cascade. In a Keras 3 Sequential, three mistakes train to the end, and
# in Keras 2 all three were errors:
#
# - images half as high and twice as wide as declared, with Flatten behind;
# - images of any wrong height and width, with global pooling behind;
# - sequences of any wrong length, with an LSTM behind, a layer of the next lesson.
#
# Here is the first. At which line do you expect the error?

# %%
digits = keras.Sequential([
    keras.Input(shape=(28, 28)), layers.Flatten(), layers.Dense(10, activation="softmax"),
])
digits.compile("sgd", "sparse_categorical_crossentropy")
flat_and_wide = rng.random((64, 14, 56))
digits.fit(flat_and_wide, rng.integers(0, 10, size=64), verbose=0)
print("declared", digits.input_shape, "trained on", flat_and_wide.shape)

# %% [markdown]
# At none. Compare `model.input_shape[1:]` with the shape of your data before you train a Sequential;
# a later lesson makes a guard of it.

# %% [markdown]
# ## What the posts say, and what is true
#
# | you will read | what is true |
# | --- | --- |
# | there is `keras.layers.InputShape` | there isn't, and no earlier Keras had it either |
# | `InputShape`, or more precisely `input_shape`, is an argument of Input | the argument is `shape`; `input_shape=` belongs to a layer and is out of date |
# | the shape is needed for a static graph, and to allocate resources | the weights of these layers depend on the last axis alone, and a model can do without an Input |
# | the batch size comes from `fit` or from `tf.data` | so it does; it is 32 if nobody says, and a data set overrules `fit` |
# | each layer ensures that the shapes are compatible | it looks when it is called, and raises; nothing is made to fit |
# | `summary()` verifies the shapes | it prints what the layers have agreed on before |
# | TensorFlow works out the shapes | Keras does, on every backend |
# | a wrong shape leads to errors | in a Functional model, mostly; a Keras 3 Sequential may train on it in silence |
#
# Whatever you look up, ask which version it was written for. The reference on keras.io is for
# the newest.

# %% [markdown]
# ## What you saw
#
# - `shape`, `batch_size`, `batch_shape` and `dtype` describe an input; there is no InputShape. The
#   batch axis comes first, it is open, and whoever cuts the data decides its size.
# - Images are `(height, width, channels)`, grey ones too. Height and width may stay open wherever no
#   weight depends on them, and you can follow them through a network.
# - Layers check when they are called. A Functional model holds data to the declared sizes, a
#   Sequential to the number of axes, and one image without its batch axis may pass as many.
#
# Next: **[sequences and several inputs](03b_sequences_and_inputs.ipynb)**, the other two examples of
# the post. Which lengths may stay open, and what else than an Input can a model begin or end with?
