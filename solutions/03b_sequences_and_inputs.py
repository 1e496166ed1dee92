# %% [markdown]
# # Sequences and several inputs: which lengths stay open, and where a model may begin
#
# 5 exercises · 14 points · 60 minutes
#
# **In short.** A sequence is `(steps, features)`. No weight of a recurrent layer depends on the steps, so
# with `None` in their place one model reads sequences of every length. Within a batch the lengths are
# equal: the shorter ones are padded, and a mask tells the model to pass over the padding.
#
# ```python
# import keras
# steps = keras.Input(shape=(None, 6))
# print(steps.shape, keras.layers.LSTM(10)(steps).shape)
# ```
#
# And a model needn't begin with one Input and end at its last layer. It takes a list of Inputs, one for
# each thing that it is given, and it may end at any tensor inside of another model.
#
# **[The last lesson](03_input_shape.ipynb)** followed "the post", a text on an `InputShape` that doesn't
# exist, through its first example. Two are left: a network for sequences, and an Input that is made
# of a tensor. The first runs. The second doesn't, but the wishes behind it are good ones. After this
# lesson you will be able to
#
# - write the shape of a sequence, follow it through a recurrent network, and count the weights;
# - leave the length open, and keep the padding from counting;
# - end a model at an inner tensor, and begin one with several inputs.
#
# **You need** the lessons on Input and Flatten and on the shape of the input.

# %% locked="setup"
# No module named ...? Choose the course's own Python (.venv) as this notebook's kernel.
from autograder.learn import (  # comes first: it keeps TensorFlow's log out of the way
    check_count, check_function, check_model, check_shapes, draw_images, draw_steps, reads,
)

import keras
import numpy as np
import tensorflow as tf
from keras import layers

keras.utils.set_random_seed(0)
rng = np.random.default_rng(0)

# %%
def attempt(action):
    """Do something, and print the shape that it gives, or the error."""
    try:
        print(action().shape)
    except Exception as error:
        print(reads(error))

# %% [markdown]
# ## Which axes does a sequence have?
#
# **In short.** Steps and features: `(steps, features)`. A series of 30 single numbers is `(30, 1)`. A
# recurrent layer gives one row of `units` numbers for each sample; the units are its width and have
# nothing to do with the number of steps.
#
# Texts, songs, measurements: one thing after the other. A sample is a table with a row for each
# step and a column for each feature, so its shape is `(steps, features)`.
#
# What if there is one number a step, and so a single feature? Here are eight series of 30 numbers, and
# a layer for sequences. Which of the two lines will it refuse?

# %%
series = rng.random((8, 30))
attempt(lambda: layers.LSTM(4)(series))
attempt(lambda: layers.LSTM(4)(series[..., None]))

# %% [markdown]
# The first: it counts three axes, samples, steps and features, and finds two. The features have an
# axis of their own even if there is only one of them.
#
# An **LSTM** is a **recurrent** layer: it goes along the steps one by one, and carries a **state**
# from each to the next. At each step it looks at the features of the step and at its state, and
# makes a new state of both. (The state of an LSTM is two rows of numbers, each with a number for
# every unit: what it keeps, and what it lets out of that. Only the second comes out.) Which of the
# results does the picture let out?

# %%
draw_steps(steps=5, features=3, units=2, sequences=False)

# %% [markdown]
# The last one. The second example of the post has sequences of 100 steps with 32 features, and two
# classes. At which line does the 100 go?

# %%
keras.utils.clear_session()
input_shape_rnn = (100, 32)  # 100 steps, 32 features
input_layer_rnn = layers.Input(shape=input_shape_rnn)
lstm = layers.LSTM(64, return_sequences=False)(input_layer_rnn)
classes = layers.Dense(2, activation="softmax")(lstm)
model_rnn = keras.Model(inputs=input_layer_rnn, outputs=classes)
model_rnn.summary()

# %% [markdown]
# At the LSTM: only what it lets out after the last step is left, one number for each unit. But where
# do so many parameters come from?

# %%
for weight in model_rnn.layers[1].weights:
    print(weight.name, tuple(weight.shape))
print(4 * 64 * (32 + 64 + 1), "of the LSTM,", 64 * 2 + 2, "of Dense")

# %% [markdown]
# The 256 columns are four sets of 64: an LSTM has four small networks inside, three **gates** that
# decide what is forgotten, taken in and let out, and one that proposes what to take in. Each of
# the four has, for every unit, a weight for each feature, a weight for each number that was let out
# at the step before, and one bias. The 100 steps don't occur in it; all steps share these weights.
#
# ### Predict: another LSTM
#
# How many parameters does this one have?

# %%
melody = keras.Input(shape=(50, 6))
melody_model = keras.Model(melody, layers.Dense(3)(layers.LSTM(10)(melody)))

# %% [markdown]
# <details><summary>A hint</summary>
#
# Count for one unit in one of the four sets, then multiply.
# </details>
#
# <details><summary>A bigger hint</summary>
#
# What does one unit look at? The features of one step, what each of the units let out at the step
# before, and its bias. The length of the sequence isn't among them.
# </details>

# %% answer="lstm_params" level=2
### BEGIN SOLUTION
lstm_params = 680  # a whole number: the parameters of the LSTM alone
### END SOLUTION

# %% check="lstm_params" points=1
check_count(lstm_params, of=melody_model.layers[1], among=melody_model)

# %% [markdown]
# ### What does return_sequences change?
#
# **In short.** With `True` a recurrent layer gives a result for every step, which the next recurrent layer needs. The
# weights are the same.
#
# Posts say that this argument "ensures" that the final output comes out. That is what you get
# anyway, since it is `False` unless you say otherwise. What do you get with `True`?

# %%
draw_steps(steps=5, features=3, units=2, sequences=True)

# %%
every_step = layers.LSTM(64, return_sequences=True)
print(every_step(input_layer_rnn).shape, lstm.shape)
every_step.set_weights(model_rnn.layers[1].get_weights())
songs = rng.random((2, 100, 32)).astype("float32")
last = keras.Model(input_layer_rnn, lstm)(songs)
print(np.allclose(np.asarray(every_step(songs))[:, -1], np.asarray(last), atol=1e-5))

# %% [markdown]
# A result for every step; and with the same weights, the last of them is what the other layer
# gave. You need all steps when another recurrent layer follows, for it wants steps to go along.
#
# ### Predict: steps in, steps out
#
# Three shapes, a point each: `first`, `second` and `third`.

# %%
tune = keras.Input(shape=(50, 6))
first = layers.LSTM(16, return_sequences=True)(tune)
second = layers.Dense(3)(first)
third = layers.LSTM(8)(second)

# %% [markdown]
# <details><summary>A hint</summary>
#
# Ask of each layer: does it keep the axis of the steps? And what counts its last axis?
# </details>
#
# <details><summary>A bigger hint</summary>
#
# Dense works on the last axis and leaves the others as they are. An LSTM drops the axis of the
# steps, unless it was told to return sequences.
# </details>

# %% answer="step_shapes" level=2
### BEGIN SOLUTION
step_shapes = [(None, 50, 16), (None, 50, 3), (None, 8)]  # a list of three tuples
### END SOLUTION

# %% check="step_shapes" points=3
check_shapes(step_shapes, of=[first, second, third], points=3)

# %% [markdown]
# ## Must all sequences have the same length?
#
# **In short.** Within a batch, yes; from batch to batch, no: write `None` for the steps. What is
# filled in counts as data, unless the model is told to pass over it.
#
# "Pad them to a specific length", it is said, before they reach the model. You have just seen
# that the number of steps touches no weight. So what happens if you leave it open, and feed
# sequences of 7 and of 50 steps?

# %%
any_steps = keras.Input(shape=(None, 32))
open_model = keras.Model(any_steps, layers.Dense(2)(layers.LSTM(64)(any_steps)))
print(open_model.input_shape, open_model.count_params(), "parameters")
for steps in (7, 50):
    print(open_model(np.zeros((3, steps, 32))).shape)

# %% [markdown]
# The same 24,962 parameters, and any length. The first `None` is the batch, which Keras wrote; the
# second is yours.
#
# ### Build: sequences of any length
#
# Write `any_length(features, units, classes)`: a model that declares sequences of any number of
# steps, each step with `features` numbers. An LSTM with `units` units reads them, and a Dense layer with
# `softmax` gives a probability for each of the `classes`. The second check compares the numbers
# with an LSTM that is put together from its parts.
#
# <details><summary>A hint</summary>
#
# Two sizes describe one sample. Which of them may be open, and which is needed for weights?
# </details>
#
# <details><summary>A bigger hint</summary>
#
# Take the model above. Which of its numbers have to become arguments?
# </details>

# %% answer="any_length" level=2
def any_length(features, units, classes):
    """Return a model from (None, None, features) to (None, classes): LSTM, Dense, softmax."""
    ### BEGIN SOLUTION
    return keras.Sequential([
        keras.Input(shape=(None, features)),
        layers.LSTM(units),
        layers.Dense(classes, activation="softmax"),
    ])
    ### END SOLUTION

# %% check="any_length" points=1
for features, units, classes in [(5, 6, 4), (3, 2, 7)]:
    ends = {"input_shape": (None, None, features), "output_shape": (None, classes)}
    check_model(any_length, args=(features, units, classes), **ends, built=True)

# %% check="any_length" aspect="numbers" points=2
parts = [layers.RNN(layers.LSTMCell(6)), layers.Dense(4), layers.Softmax()]
by_parts = keras.Sequential(parts)
by_parts(np.zeros((1, 2, 5)))
check_model(
    any_length, args=(5, 6, 4), like=by_parts,
    input_shape=(None, None, 5), output_shape=(None, 4),
)
### BEGIN HIDDEN TESTS
two = {"input_shape": (None, None, 3), "output_shape": (None, 2)}
check_model(any_length, args=(3, 9, 2), **two, params=4 * 9 * (3 + 9 + 1) + 9 * 2 + 2)
### END HIDDEN TESTS

# %% [markdown]
# ### What about different lengths in one batch?
#
# An ordinary array can't have rows of unequal length. Within one batch the shorter sequences do have to be
# padded, with zeros as a rule: that much of the advice is right. But does the LSTM know that
# these zeros aren't music? Here is a song of 7 steps, and the same song with 13 empty steps
# behind it.

# %%
song = rng.random((1, 7, 32)).astype("float32")
padded_song = np.pad(song, ((0, 0), (0, 13), (0, 0)))
heard = layers.LSTM(64)
plain = keras.Sequential([keras.Input((None, 32)), heard])
masked = keras.Sequential([keras.Input((None, 32)), layers.Masking(), heard])
short = np.asarray(plain(song))
print("same result without a mask:", np.allclose(short, np.asarray(plain(padded_song)), atol=1e-5))
print("same result with a mask:", np.allclose(short, np.asarray(masked(padded_song)), atol=1e-5))

# %% [markdown]
# It doesn't know. Without help the empty steps are steps like others, and change the result. The
# layer `Masking` marks each step that holds nothing but zeros. This mark, a **mask**, travels
# along with the data, and the LSTM passes over the marked steps.
#
# For text there is a shorter way. Words come as whole numbers, and an **Embedding** layer looks up
# a row of features for each; below, 50 words are known, with 8 features each. With
# `mask_zero=True`, number 0 means: no word here. Will the two sentences give the same?

# %%
words = keras.Input(shape=(None,), dtype="int32")
embedded = layers.Embedding(50, 8, mask_zero=True)(words)
text_model = keras.Model(words, layers.LSTM(4)(embedded))
sentence, padded_sentence = np.array([[5, 9, 3]]), np.array([[5, 9, 3, 0, 0]])
print(np.allclose(text_model(sentence), text_model(padded_sentence), atol=1e-5))

# %% [markdown]
# They do: the mask came with the numbers, and nothing behind the last word counted.
#
# ### Must padding happen outside the model?
#
# "It is not handled by `Input`": right, an Input pads nothing. "It is specified through
# preprocessing outside of the model": have layers no part in it? Here are two that change sizes.
# Could the first bring a sequence of 4 steps and one of 9 to the same length?

# %%
sounds = keras.Input(shape=(None, 2))
framed = keras.Model(sounds, layers.ZeroPadding1D((0, 3))(sounds))
print(framed(np.ones((1, 4, 2))).shape, framed(np.ones((1, 9, 2))).shape)
photos = keras.Input(shape=(None, None, 3))
resized = layers.Flatten()(layers.Resizing(28, 28)(photos))
any_photo = keras.Model(photos, layers.Dense(10)(resized))
print(any_photo(np.zeros((2, 40, 33, 3))).shape, any_photo(np.zeros((1, 90, 70, 3))).shape)

# %% [markdown]
# It couldn't: it adds three steps, however many there are. `Resizing` does make photos of any size
# alike, so that even a Flatten may follow. Inside the model, then, a layer can add a fixed frame, or
# resize photos. Bringing the sequences of one batch to the same length has to happen before:

# %%
print(keras.utils.pad_sequences([[5, 9, 3], [7, 2], [4, 4, 8, 1]], padding="post"))

# %% [markdown]
# ## Can a tensor be the input?
#
# **In short.** Not an array of numbers. But any KerasTensor inside a network can be the end of a model.
#
# The third example of the post hands Input a tensor that exists already, "shaped in the way you
# need", with an open first axis. It has not been run. Say what is odd about `tf.ones((None, 64))`
# before you do.

# %%
attempt(lambda: keras.Input(tensor=tf.ones(shape=(None, 64)), dtype=tf.float32))
attempt(lambda: keras.Input(tensor=tf.ones(shape=(5, 64)), dtype=tf.float32))

# %% [markdown]
# The first line never reaches Keras: TensorFlow is asked for an array of ones and not told how
# many. `None` can stand in the shape of a **symbolic** tensor, a KerasTensor, whose numbers are
# still to come; an array has a size on every axis. So nothing of this kind "allows variable batch
# sizes".
#
# The second line gets further, and Keras 3 refuses: an Input describes data, it doesn't
# hold any. (The `input_tensor` of the message is an argument of the class InputLayer, to which Input
# hands its `tensor`. Keras 2 took the array, and then used its shape and dtype alone. The numbers in it had
# no influence on anything. Feeding a network from a named tensor is an idea of TensorFlow 1.)
#
# With an Input that says what was meant, the rest of the example runs:

# %%
row = keras.Input(shape=(64,))
dense_1 = layers.Dense(32, activation="relu")(row)
dense_2 = layers.Dense(16, activation="relu")(dense_1)
model_tensor = keras.Model(inputs=row, outputs=dense_2)
print(model_tensor.input_shape, model_tensor.output_shape, model_tensor.count_params())

# %% [markdown]
# ### What if you want to use an inner tensor again?
#
# This is the good wish behind the example, and Keras has a good way to fulfil it. Any two
# KerasTensors on one path are the two ends of a model. Here is a small network for pictures whose
# weights are still random, and a picture with a bright bar. What has become of the bar after the
# convolution and the pooling?

# %%
picture = keras.Input(shape=(28, 28, 1))
maps = layers.MaxPooling2D((2, 2))(layers.Conv2D(32, (3, 3), activation="relu")(picture))
ten = layers.Dense(10, activation="softmax")(layers.Flatten()(maps))
whole, half_way = keras.Model(picture, ten), keras.Model(picture, maps)
bar = 0.3 * rng.random((1, 28, 28, 1))
bar[:, :, 16:19] += 0.7
found = np.asarray(half_way(bar))
print(found.shape, "from", bar.shape)
seen = found[0].mean(axis=-1)  # the average of the 32 channels
draw_images({"picture": bar[0], "half-way": seen / seen.max()})

# %% [markdown]
# It is still there, at half the size. No layer was made for `half_way`: it shares its layers and
# their weights with `whole`, and when one of the two is trained, the other has learned as much.
#
# ### Build: look inside
#
# Usually you don't have the tensors, only a finished model. But `model.input` is the tensor that
# it begins with, `model.get_layer("…")` finds a layer by its name, and `.output` is the tensor that
# a layer gave. Write `inner_features(model, name)`: a model from the input of `model` to what its
# layer called `name` gives. You can try it on `coder`, below, and its layer `"wider"`.
#
# <details><summary>A hint</summary>
#
# A model is made of two ends. Which two do you want?
# </details>
#
# <details><summary>A bigger hint</summary>
#
# For the whole model it would be `keras.Model(model.input, model.output)`. One of the two is
# already what you want.
# </details>

# %%
numbers = keras.Input(shape=(9,))
code = layers.Dense(5, activation="relu", name="code")(numbers)
wider = layers.Dense(7, activation="tanh", name="wider")(code)
coder = keras.Model(numbers, layers.Dense(3, name="answer")(wider))

# %% answer="inner_features" level=3
def inner_features(model, name):
    """Return a model from the input of `model` to the output of its layer called `name`."""
    ### BEGIN SOLUTION
    return keras.Model(model.input, model.get_layer(name).output)
    ### END SOLUTION

# %% check="inner_features" points=1
for name, width in (("wider", 7), ("code", 5)):
    ends = {"input_shape": (None, 9), "output_shape": (None, width)}
    check_model(inner_features, args=(coder, name), **ends)
four = keras.Input(shape=(4,))
other = keras.Model(four, layers.Dense(2)(layers.Dense(6, name="middle")(four)))
check_model(inner_features, args=(other, "middle"), input_shape=(None, 4), output_shape=(None, 6))

# %% [markdown]
# The second check asks whether your model has the weights of `coder`, or new ones.

# %% check="inner_features" aspect="numbers" points=2
def what_it_gives(model, name, x):
    """Return what your model gives for x."""
    return inner_features(model, name)(x)


def layer_by_layer(model, name, x):
    """Return the same for the second layer, with the first two called by hand."""
    return model.layers[2](model.layers[1](x))


on = [(coder, "wider", rng.random((4, 9)))]
check_function(what_it_gives, like=layer_by_layer, on=on, about="inner_values")

# %% [markdown]
# ## How does a model take several inputs?
#
# **In short.** Make it with a list of Inputs. It takes a list of arrays in the same order, or a dict with
# the names of the Inputs, and as many samples of each. What comes of them meets in a layer that takes a
# list of tensors, such as Concatenate.
#
# The post's other wish was for models that take "different inputs". No tensor is needed for that,
# either. Below, a model rates songs, and is told four things about the singer as well. An LSTM
# makes 8 numbers from the song, a Dense layer makes 8 from the singer, and these are added up.
# Which of the last four lines will run?

# %%
keras.utils.clear_session()
song, singer = keras.Input((None, 6), name="song"), keras.Input((4,), name="singer")
met = layers.Add()([layers.LSTM(8)(song), layers.Dense(8)(singer)])
rating = keras.Model([song, singer], layers.Dense(1)(met))
songs, singers = rng.random((3, 50, 6)), rng.random((3, 4))
attempt(lambda: rating([songs, singers]))
attempt(lambda: rating({"singer": singers, "song": songs}))
attempt(lambda: rating([singers, songs]))
attempt(lambda: rating([songs, singers[:2]]))

# %% [markdown]
# A list goes by its order, a dict by its names. And the first axis counts the samples of both: three
# songs want three singers. (What may go wrong with either: **[case 9 of *Your own
# model*](09_your_own_model.ipynb#Case-9:-several-inputs:-a-list,-or-a-dict?)**.)
#
# ### Build: two branches
#
# Write `two_branches(height, width, facts)`. The model takes
#
# - grey images `(height, width, 1)`, by an Input with `name="image"`, and
# - `facts` numbers for each image, by an Input with `name="facts"`.
#
# It unrolls the image, joins the facts to its end, and gives 2 numbers by a Dense layer.
#
# <details><summary>A hint</summary>
#
# `layers.Concatenate()` takes a list of tensors and joins them along the last axis. How many axes
# must each of them have?
# </details>
#
# <details><summary>A bigger hint</summary>
#
# Bring the image to the shape `(None, …)` of a row first. A model with two beginnings is given a
# list of them: `keras.Model([a, b], result)`.
# </details>

# %% answer="two_branches" level=3
def two_branches(height, width, facts):
    """Return a model of two Inputs, "image" and "facts": Flatten, Concatenate, Dense(2)."""
    ### BEGIN SOLUTION
    image = keras.Input(shape=(height, width, 1), name="image")
    more = keras.Input(shape=(facts,), name="facts")
    joined = layers.Concatenate()([layers.Flatten()(image), more])
    return keras.Model([image, more], layers.Dense(2)(joined))
    ### END SOLUTION

# %% check="two_branches" points=1
inputs = {"image": (None, 6, 5, 1), "facts": (None, 4)}
check_model(two_branches, args=(6, 5, 4), input_shape=inputs, output_shape=(None, 2))

# %% [markdown]
# The second check compares your numbers with NumPy's. `W` and `b` are the kernel and the bias of
# your Dense layer, `x` holds both inputs by their names.

# %%
def unrolled_and_joined(x, W, b):
    """Unroll the images, join the facts, multiply and add."""
    flat = x["image"].reshape(len(x["image"]), -1)
    return np.concatenate([flat, x["facts"]], axis=1) @ W + b

# %% check="two_branches" aspect="numbers" points=3
wanted = {"output_shape": (None, 2), "computes": unrolled_and_joined}
wanted["input_shape"] = {"image": (None, 3, 9, 1), "facts": (None, 2)}
check_model(two_branches, args=(3, 9, 2), **wanted, params=2 * (3 * 9 + 2 + 1))
### BEGIN HIDDEN TESTS
wanted["input_shape"] = {"image": (None, 6, 5, 1), "facts": (None, 4)}
check_model(two_branches, args=(6, 5, 4), **wanted, params=2 * (6 * 5 + 4 + 1))
### END HIDDEN TESTS

# %% [markdown]
# ## What the posts say, and what is true
#
# | you will read | what is true |
# | --- | --- |
# | sequences must be padded to a fixed length, outside the model | outside, yes, but only to the length of their batch; None leaves it open, and a mask tells padding from data |
# | `return_sequences` ensures that the final output is returned | that is the default; True gives every step |
# | Input takes an existing tensor through `input_tensor` | Input has no such argument (the InputLayer of Keras 2 had); `tensor` wants a KerasTensor; Keras 2 took an array and ignored its numbers |
# | a tensor with None in front allows any batch size | an array has a size on every axis; a KerasTensor has None |
# | an existing tensor is useful to build on other parts | a good wish: any two tensors on one path make a model, and it shares its layers |

# %% [markdown]
# ## What you saw
#
# - A sequence is `(steps, features)`. Steps touch no weight, so they may stay open; a recurrent layer
#   gives `units` numbers for a sample, or for each of its steps.
# - Within a batch the shorter sequences are padded. Only a mask keeps the padding from counting.
# - A model lies between any two tensors on one path, and shares its layers with others on the same
#   path. It may begin at several Inputs, and gets a list or a dict.
#
# Next comes the other pair of names that is easily confused: the function `Input` and the class
# `InputLayer`, in **[one word apart](04_inputlayer_vs_input.ipynb)**.
