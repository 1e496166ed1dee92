# %% [markdown]
# # Old posts, new Keras: what has aged and what hasn't
#
# 9 exercises · 17 points · 90 minutes
#
# **In short.** Look at the type of the error: it says whether Python or Keras has stopped, and over
# what. The commonest repairs: the shape goes into `keras.Input`, two words drop out of
# `layers.experimental.preprocessing`, and `keras.ops` takes the place of `tf` between layers:
#
# ```python
# import keras
# model = keras.Sequential([keras.Input(shape=(8, 8)), keras.layers.Flatten()])
# print(model.output_shape)
# ```
#
# You have a question about shapes, and somebody answered it in 2017, or in 2019. You paste the
# answer, and it doesn't run; or it runs, and does something other than what its author saw. Such
# answers are worth reading all the same. What they say about layers is mostly still true, and what
# they type mostly isn't, and you can learn to tell the two apart. After this lesson you will be
# able to
#
# - tell from an error who is speaking, Python or Keras, and which kind of repair it asks for;
# - rewrite an old snippet in today's Keras, without a warning;
# - find out whether a snippet that still runs also still does what its post says.
#
# **You need** the five lessons before this one. **[Start here](00_start_here.ipynb)** shows how
# predicting, building and checking work.

# %% locked="setup"
# No module named ...? Choose the course's own Python (.venv) as this notebook's kernel.
from autograder.learn import (  # comes first: it keeps TensorFlow's log out of the way
    Raises, check_function, check_model, check_prediction, draw_shapes, reads,
)

import ast
import math
import re
import warnings

import keras
import numpy as np
import tensorflow as tf
from keras import layers

keras.utils.set_random_seed(0)

# %% [markdown]
# ## Does the post reach Keras at all?
#
# Here are pieces of four posts, kept as text, so that nothing happens before you want it to.
# Python's `compile` reads a text as a program without running it. Which of the four do you expect
# it to refuse?

# %%
posts = {"A": """
y = model.predict(x)
print y.shape
""", "B": """
1from tensorflow import keras
2from tensorflow.keras import layers
""", "C": """
    model.add(Reshape([2352]))
model.add(Rescaling(1./255))
""", "D": """
model = Sequential()
model.add(Dense(4))
"""}  # written between 2017 and 2019, as a browser copies them today

# %%
for name, text in posts.items():
    try:
        compile(text.strip("\n"), "post", "exec")
        print(name, "can be read")
    except SyntaxError as error:
        print(name, reads(error), end="\n\n")

# %% [markdown]
# Three of them stop in front of Keras's door, and each for a reason of its own. A was written for
# Python 2, where `print` needed no parentheses. In B there are line numbers in the code, put there
# by the web page, and Python tries to read `1from` as a number. In C the first line has four spaces
# too many. (An `IndentationError` is a kind of `SyntaxError`.)
#
# None of this is about networks, and the repair is a matter of typing. For B and C you can leave
# the typing to Python:

# %%
unnumbered = re.sub(r"(?m)^\d+", "", posts["B"])  # cut the digits that begin a line
unindented = re.sub(r"(?m)^ +", "", posts["C"])  # cut the blanks that begin a line
for text in (unnumbered, unindented):
    compile(text, "post", "exec")
    print(text)

# %% [markdown]
# The second repair is a blunt one: where a post has a loop or a function, some lines *must* be
# indented, and you have to put that back yourself.
#
# ### And then, does it run?
#
# D can be read. Let's run it as it is.

# %%
try:
    exec(posts["D"], {})  # {}: nothing has been imported yet
except NameError as error:
    print(reads(error))

# %% [markdown]
# A `NameError` in a post means that its imports were left out. Two lines that open many old
# answers do the job, and they still work:

# %%
imports = "from keras.models import Sequential\nfrom keras.layers import Dense\n"
repaired = {}
exec(imports + posts["D"], repaired)
print([type(layer).__name__ for layer in repaired["model"].layers])

# %% [markdown]
# ## Who is speaking?
#
# **In short.** Read the first word of the error; the table below says what it is about.
#
# The word in front of an error's colon tells who has stopped, and so what to do:
#
# | type | who stops | what about |
# | --- | --- | --- |
# | `SyntaxError` | Python, reading the text | it isn't Python, or not Python 3 |
# | `NameError` | Python, running a line | a name that it doesn't know, mostly for want of an import |
# | `AttributeError` | Python, looking into a module or an object | a name that isn't in there (any more) |
# | `TypeError` | Python, calling a function | arguments that it doesn't take |
# | `ValueError` | Keras or TensorFlow, looking at what it was given | a value or a shape that it can't use |
# | `UserWarning` | nobody: Keras goes on | a spelling that it would rather not see |
#
# To hear them all in the same way, here is a small function. It does something and tells how
# that ended; a warning counts as an end, too.

# %%
def says(action):
    """Do something; return the error or the warning that it ends in."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", UserWarning)
            action()
    except Exception as error:
        return reads(error)
    return "runs, without a word"

# %% [markdown]
# Four lines of the kind that old posts have. Cover the output, and guess the type of each before you look.

# %%
print(says(lambda: layers.experimental.preprocessing.Rescaling(1 / 255)), end="\n\n")
print(says(lambda: keras.Input(input_shape=(4,))), end="\n\n")
print(says(lambda: layers.Flatten(data_format="th")), end="\n\n")
print(says(lambda: layers.Dense(8, input_shape=(4,))))

# %% [markdown]
# A missing name, an argument that isn't taken, a value that can't be used, and a warning. The
# text behind the colon says the rest. It is worth reading twice before it goes into a search
# field.
#
# ### Predict: who speaks here?
#
# Five more lines. What does each of them end in today?
#
# 1. `keras.layers.InputShape`
# 2. `keras.Input(shape=(4))`
# 3. `keras.Input(InputShape=(4,))`
# 4. `layers.Dense(8, activation=tf.nn.relu)`
# 5. `tensorflow.keras.Input(shape=(4,))`, in this notebook, which has TensorFlow under the name `tf`
#
# Answer with the names of exceptions from the table, or with `"runs"`.
#
# <details><summary>A hint</summary>
#
# Ask of each line how far it gets. Can Python read it? Does it know the name that the line begins
# with? Does it find every name behind a dot, and the argument? Only then does Keras get to look at
# the value.
# </details>
#
# <details><summary>A bigger hint</summary>
#
# For `(9)`, Python sees the number 9; for `(9,)` it sees a tuple. And an activation: does a layer
# insist on its name in quotes, or will the function itself do?
# </details>

# %% answer="which_errors" level=1
### BEGIN SOLUTION
which_errors = ["AttributeError", "ValueError", "TypeError", "runs", "NameError"]  # a list of five, in quotes
### END SOLUTION

# %% check="which_errors" points=1
check_prediction(which_errors, of=[
    Raises(lambda: keras.layers.InputShape),
    Raises(lambda: keras.Input(shape=(4))),
    Raises(lambda: keras.Input(InputShape=(4,))),
    Raises(lambda: layers.Dense(8, activation=tf.nn.relu)),
    Raises(lambda: exec("tensorflow.keras.Input(shape=(4,))", {"tf": tf})),
])

# %% [markdown]
# <details><summary>When you have answered</summary>
#
# Keras 2 read the second line as you would wish, and gave you a vector of 4 numbers. And there has
# never been an `InputShape` in Keras, neither as a layer nor as an argument: not every mistake in
# a post is a matter of age.
# </details>
#
# ## What became of the experimental layers?
#
# Now a whole network. It is meant to unroll small photos, bring their numbers from 0…255 to 0…1,
# and tell two classes apart. Read it as a critic: which of its lines have aged?

# %%
with_flatten = """
model = keras.models.Sequential()
model.add(keras.layers.Flatten(input_shape=(28, 28, 3)))
model.add(layers.experimental.preprocessing.Rescaling(1./255))
model.add(keras.layers.Dense(128, activation=tf.nn.relu))
model.add(keras.layers.Dense(2, activation=tf.nn.softmax))
model.build()
model.summary()
"""
print(says(lambda: exec(with_flatten)))

# %% [markdown]
# First complaint: the shape is given to the layer. Keras 2 wanted it there; Keras 3 only warns. Put
# an Input in front, and run it again.

# %%
mended = with_flatten.replace("input_shape=(28, 28, 3)", "").replace(
    "Sequential()", "Sequential([keras.Input(shape=(28, 28, 3))])"
)
print(says(lambda: exec(mended)))

# %% [markdown]
# Second complaint: the name. Layers that prepare data began their lives in a room called
# `layers.experimental.preprocessing`. They have moved in with all the others since, and Keras 3
# has closed the room. So the repair is to leave two words out. Here is the whole of it as you would
# write it today:

# %%
keras.utils.clear_session()  # so that the names of the layers start afresh
by_flatten = keras.Sequential([
    keras.Input(shape=(28, 28, 3)),
    layers.Flatten(),
    layers.Rescaling(1 / 255),
    layers.Dense(128, activation="relu"),
    layers.Dense(2, activation="softmax"),
])
by_flatten.summary()

# %% [markdown]
# The author noted beside Flatten that it gives 2352 numbers, which is right: 28 × 28 × 3 = 2352.
# The first Dense layer has 2352 × 128 + 128 = 301,184 parameters, and that is almost all of the
# bill. Nothing is left of `model.build()`: a model that begins with its Input is built already.
#
# "Normalize" is the author's word for the Rescaling. It makes 255 into 1, and it may stand behind
# Flatten as well as in front, as you saw in the last lesson.
#
# ### Build: photos for today
#
# Here is a post of the same age. It brings the numbers into the range from -1 to 1, and three
# things in it need mending.
#
# ```python
# model = Sequential()
# model.add(layers.experimental.preprocessing.Rescaling(1./127.5, offset=-1, input_shape=(24, 32, 3)))
# model.add(Flatten())
# model.add(Dense(16, activation=tf.nn.relu))
# model.add(Dense(5, activation=tf.nn.softmax))
# model.build()
# ```
#
# Write it as `photo_model(height, width, classes)`, for photos of any size in three colours. The
# check counts warnings as errors.
#
# <details><summary>A hint</summary>
#
# Go from line to line, and ask of each: would today's Keras take it, warn, or refuse? What it would
# take can stay as it is.
# </details>
#
# <details><summary>A bigger hint</summary>
#
# The shape of a photo gets a line of its own in front of all layers, where the 24 and 32 of the post
# become your arguments, and so does the 5 in the last line. The rescaling keeps both of its numbers and loses two words.
# </details>

# %% answer="photo_model" level=2
def photo_model(height, width, classes):
    """Return the model of the post, for photos (height, width, 3), in today's spelling."""
    ### BEGIN SOLUTION
    return keras.Sequential([
        keras.Input(shape=(height, width, 3)),
        layers.Rescaling(1 / 127.5, offset=-1),
        layers.Flatten(),
        layers.Dense(16, activation="relu"),
        layers.Dense(classes, activation="softmax"),
    ])
    ### END SOLUTION

# %% check="photo_model" points=1
check_model(
    photo_model, args=(24, 32, 5), strict=True, built=True,
    input_shape=(None, 24, 32, 3), output_shape=(None, 5), params=24 * 32 * 3 * 16 + 16 + 85,
)

# %% [markdown]
# The second check has photos of another size. It works the numbers out in NumPy, and compares.

# %% check="photo_model" aspect="numbers" points=2
def by_formula(x, W, b, V, c):
    hidden = np.maximum(0, (x / 127.5 - 1).reshape(len(x), -1) @ W + b)
    scores = np.exp(hidden @ V + c)
    return scores / scores.sum(axis=-1, keepdims=True)

check_model(
    photo_model, args=(9, 7, 3), strict=True, built=True, computes=by_formula,
    input_shape=(None, 9, 7, 3), output_shape=(None, 3), params=9 * 7 * 3 * 16 + 16 + 51,
)
### BEGIN HIDDEN TESTS
small_photos = {"input_shape": (None, 5, 6, 3), "output_shape": (None, 4), "params": 1524}
check_model(photo_model, args=(5, 6, 4), strict=True, computes=by_formula, **small_photos)
### END HIDDEN TESTS

# %% [markdown]
# ## Is Flatten the same as Input and Reshape?
#
# The author of that network offers another way to write it, to show "what is going on
# internally". It is said to need three more lines, and to prove an equation:
#
# *create a tensor → create an InputLayer → Reshape = Flatten*
#
# Count the lines first. Does the number hold?

# %%
with_tensor = """
tensor = tf.keras.backend.placeholder(dtype=tf.float32, shape=(None, 28, 28, 3))
model = tf.keras.models.Sequential()
model.add(keras.layers.InputLayer(input_tensor=tensor))
model.add(keras.layers.Reshape([2352]))
model.add(layers.experimental.preprocessing.Rescaling(1./255))
model.add(keras.layers.Dense(128, activation=tf.nn.relu))
model.add(keras.layers.Dense(2, activation=tf.nn.softmax))
model.build()
model.summary()
"""
print([len(ast.parse(text).body) for text in (with_flatten, with_tensor)], "statements")
print(says(lambda: exec(with_tensor)))

# %% [markdown]
# Nine statements against seven: two more, not three. And the first of them is gone. (The odd name
# of the module in the message is that of Keras's backend, as TensorFlow carries it.) In the days of
# TensorFlow 1 a **placeholder** was a hole in the calculation, into which data were put later;
# `keras.backend` held such tools for Keras's own use and for everybody else's. Keras 2 still had
# it. In Keras 3 the placeholders are KerasTensors, and `keras.Input` makes them.

# %%
by_reshape = keras.Sequential([
    keras.Input(shape=(28, 28, 3)),
    layers.Reshape((math.prod((28, 28, 3)),)),  # 2352
    layers.Rescaling(1 / 255),
    layers.Dense(128, activation="relu"),
    layers.Dense(2, activation="softmax"),
])
by_reshape.set_weights(by_flatten.get_weights())
pixels = np.random.default_rng(0).integers(0, 256, (5, 28, 28, 3)).astype("float32")
print(f"{by_reshape.count_params():,} parameters")
print(np.array_equal(by_flatten(pixels), by_reshape(pixels)))

# %% [markdown]
# With the same weights, the two networks give the same numbers, bit for bit. So the author has
# shown something. But what? Three things stand on the left of the equation. Does Flatten make a
# tensor and an InputLayer, too, "automatically"?

# %%
keras.utils.clear_session()
bare = keras.Sequential([layers.Flatten()])
led = keras.Sequential([keras.Input(shape=(28, 28, 3)), layers.Flatten()])
print("built, without an Input and with one:", bare.built, led.built)
bare.summary()

# %% [markdown]
# It doesn't. A Sequential with nothing but Flatten has no input, and no shape to show: `?`. What
# made the input in the post was `input_shape=`, which any layer could carry. Take that away, and
# one step of the three is left: *Reshape = Flatten*.
#
# Even that has its small print. Flatten can be told that the channels come first. Then it moves
# them to the end before it unrolls, which no Reshape does:

# %%
reshaped = layers.Reshape((2352,))(pixels)
for order in ("channels_last", "channels_first"):
    flattened = layers.Flatten(data_format=order)(pixels)
    print(order, np.array_equal(flattened, reshaped))

# %% [markdown]
# ### Build: flat without Flatten
#
# ```python
# tensor = K.placeholder(shape=(None, 5, 4, 3))
# model = Sequential()
# model.add(InputLayer(input_tensor=tensor))
# model.add(Reshape([60]))
# ```
#
# Bring this to today's Keras as `flat_by_reshape(shape)`. `shape` is the shape of one sample,
# a tuple of any length; the model unrolls samples, with a `Reshape` layer and nothing else.
#
# <details><summary>A hint</summary>
#
# Two lines of the post become one. For the last line you need the number of values in a sample,
# or a way to leave it to Keras.
# </details>
#
# <details><summary>A bigger hint</summary>
#
# For a sample of shape (2, 3, 2) the target is `(12,)`, a tuple without the batch. `math.prod`
# multiplies the sizes of a tuple, and -1 in a target means "as many as are left".
# </details>

# %% answer="flat_by_reshape" level=2
def flat_by_reshape(shape):
    """Return a model that unrolls samples of this shape with a Reshape layer."""
    ### BEGIN SOLUTION
    return keras.Sequential([keras.Input(shape=shape), layers.Reshape((-1,))])
    ### END SOLUTION

# %% check="flat_by_reshape" points=2
def in_numpy(x):
    return x.reshape(len(x), -1)

check_model(
    flat_by_reshape, args=((5, 4, 3),), strict=True, built=True, computes=in_numpy,
    input_shape=(None, 5, 4, 3), output_shape=(None, 60), layers=("Reshape",),
)
tables = {"input_shape": (None, 8, 2), "output_shape": (None, 16), "layers": ("Reshape",)}
check_model(flat_by_reshape, args=((8, 2),), strict=True, computes=in_numpy, **tables)
### BEGIN HIDDEN TESTS
slabs = {"input_shape": (None, 6, 7), "output_shape": (None, 42), "layers": ("Reshape",)}
check_model(flat_by_reshape, args=((6, 7),), strict=True, computes=in_numpy, **slabs)
### END HIDDEN TESTS

# %% [markdown]
# ## Where may the input's shape stand?
#
# **In short.** In `keras.Input(shape=…)`.
#
# In ten years of posts you will meet it in seven places. Which of them does Keras 3 take without a
# word, which with a warning, and which not at all?

# %%
for line in [
    "keras.Input(shape=(4,))",
    "layers.InputLayer(shape=(4,))",
    "layers.InputLayer(input_shape=(4,))",
    "layers.InputLayer(batch_input_shape=(None, 4))",
    "layers.Dense(8, input_shape=(4,))",
    "layers.Dense(8, input_dim=4)",
    "layers.Dense(8, batch_input_shape=(None, 4))",
]:
    print(f"{line:48}", says(lambda line=line: eval(line)).split(":")[0])

# %% [markdown]
# Three are taken without a word, both Inputs with `shape=` and InputLayer's `batch_input_shape=`.
# Three are taken with a warning, and shouldn't be written any more. Only the last one is refused,
# and its error is a `ValueError`, although it is about an argument: a layer gathers the arguments
# that it doesn't know, and looks at them itself. The rule behind the list: describing the input is a
# job of its own, and in Keras 3 a layer shouldn't do it on the side. One spelling works in Functional
# and in Sequential models, and it is the first.
#
# An eighth place turns up in posts, a tensor in the place of a shape:

# %%
print(says(lambda: keras.Input(tensor=tf.ones(shape=(None, 64)))), end="\n\n")
print(says(lambda: keras.Input(tensor=tf.ones(shape=(2, 64)))))

# %% [markdown]
# The two errors are not alike. The first comes from TensorFlow, before Keras is asked: `tf.ones`
# makes numbers, and can't make an unknown number of them, whatever the version of Keras. The second
# is a matter of age: Keras 2 took such a tensor, looked at its shape, and ignored its numbers.
# Keras 3 says no.
#
# ### Build: a model for a sensor
#
# ```python
# model = Sequential()
# model.add(Dense(8, batch_input_shape=(None, 20, 3)))
# model.add(Activation('tanh'))
# model.add(Flatten())
# model.add(Dense(1))
# ```
#
# A sensor measures 3 features at each of 20 steps. Write this post as `sensor_model(steps, features)`.
# Again, warnings are errors.
#
# <details><summary>A hint</summary>
#
# One line has to change. What is the batch doing in the shape, and do you need to mention it?
# </details>
#
# <details><summary>A bigger hint</summary>
#
# `batch_input_shape=(None, 7)` said: any number of samples, 7 numbers each. `keras.Input` puts the
# open batch axis in front by itself.
# </details>

# %% answer="sensor_model" level=2
def sensor_model(steps, features):
    """Return the model of the post for samples (steps, features), in today's spelling."""
    ### BEGIN SOLUTION
    return keras.Sequential([
        keras.Input(shape=(steps, features)),
        layers.Dense(8, activation="tanh"),
        layers.Flatten(),
        layers.Dense(1),
    ])
    ### END SOLUTION

# %% check="sensor_model" points=1
check_model(
    sensor_model, args=(20, 3), strict=True, built=True,
    input_shape=(None, 20, 3), output_shape=(None, 1), params=3 * 8 + 8 + 20 * 8 + 1,
)

# %% check="sensor_model" aspect="numbers" points=1
def by_steps(x, W, b, V, c):
    return np.tanh(x @ W + b).reshape(len(x), -1) @ V + c

check_model(
    sensor_model, args=(6, 11), strict=True, built=True, computes=by_steps,
    input_shape=(None, 6, 11), output_shape=(None, 1), params=11 * 8 + 8 + 6 * 8 + 1,
)
### BEGIN HIDDEN TESTS
other_sensor = {"input_shape": (None, 9, 4), "output_shape": (None, 1), "params": 113}
check_model(sensor_model, args=(9, 4), strict=True, computes=by_steps, **other_sensor)
### END HIDDEN TESTS

# %% [markdown]
# ## What can you still ask a layer?
#
# **In short.** `layer.output.shape` if the layer was used once, `layer.compute_output_shape(…)`
# otherwise. To see the numbers that an inner layer gives, make a model that ends there.
#
# Old answers are full of `layer.output_shape`. Why would anybody take such a useful thing away?

# %%
shared = layers.Dense(8)
print(shared(keras.Input((4,))).shape, shared(keras.Input((10, 4))).shape)
print(says(lambda: shared.output_shape))

# %% [markdown]
# The first line shows why. This one layer is used twice, on samples of different shapes, and gives
# two shapes. Which of them would be "its" shape? In Keras 3 a shape belongs to a tensor, and a
# layer can be asked what it *would* give:

# %%
print(shared.compute_output_shape((None, 4)), shared.compute_output_shape((None, 10, 4)))
once = keras.Sequential([keras.Input((4,)), layers.Dense(6)])
print(once.layers[0].output.shape, once.output_shape)

# %% [markdown]
# A layer that was used once has a single `output`, the tensor that came out of it, and the tensor
# knows its shape. (A whole *model* may still be asked for its `output_shape`.)
#
# ### Build: a list of shapes
#
# ```python
# shapes = [layer.output_shape[1:] for layer in model.layers]
# ```
#
# Write this line for today, as `shapes_of(model)`: for each layer of a Sequential, the shape of
# what it gives for *one* sample, as a tuple, without the batch.
#
# <details><summary>A hint</summary>
#
# Each layer of such a model was used once. Whom do you ask for the shape?
# </details>
#
# <details><summary>A bigger hint</summary>
#
# `layer.output` is a KerasTensor. A shape is a tuple, and `t[1:]` is a tuple without its first
# entry.
# </details>

# %% answer="shapes_of" level=2
def shapes_of(model):
    """Return a list: for each layer the shape that it gives for one sample, a tuple."""
    ### BEGIN SOLUTION
    return [layer.output.shape[1:] for layer in model.layers]
    ### END SOLUTION

# %% check="shapes_of" points=2
maps = keras.Sequential([
    keras.Input(shape=(12, 14, 3)), layers.Conv2D(4, 3), layers.MaxPooling2D(2), layers.Flatten(),
])
steps = keras.Sequential([keras.Input((8, 5)), layers.Conv1D(6, 3), layers.Dense(2)])

def on_paper(model):
    return [(10, 12, 4), (5, 6, 4), (120,)] if model is maps else [(6, 6), (6, 2)]

check_function(shapes_of, like=on_paper, on=[maps, steps], about="layer_shapes")
### BEGIN HIDDEN TESTS
rows = keras.Sequential([keras.Input((9, 2)), layers.Dense(7), layers.Permute((2, 1))])
check_function(shapes_of, like=lambda m: [(9, 7), (7, 9)], on=[rows], about="layer_shapes")
### END HIDDEN TESTS

# %% [markdown]
# ### Build: look inside
#
# A classic among old answers shows what an inner layer makes of the data:
#
# ```python
# look = K.function([model.input], [model.get_layer(name).output])
# numbers = look([x])[0]
# ```
#
# `K` was the usual short name of `keras.backend`. Is its `function` still there?

# %%
print(says(lambda: keras.backend.function))

# %% [markdown]
# It has gone the way of the placeholder. But both ends of the calculation are still there, and you
# know what can be made of two ends. Write `peek(model, name, x)`: the numbers that the layer called
# `name` gives when `model` gets the batch `x`.
#
# <details><summary>A hint</summary>
#
# Which two ends does a Functional model have to know? May the second lie in the middle of another
# model?
# </details>
#
# <details><summary>A bigger hint</summary>
#
# `keras.Model(inputs, outputs)` takes two KerasTensors that are connected, no matter who connected
# them. The layers on the way keep their weights. What you get is a model, and no numbers yet: now
# call it on `x`. The result has a row for each sample, so the `[0]` of the post isn't needed.
# (A Functional model knows where it begins as `model.input`; a Sequential that hasn't been called
# yet only as `model.inputs`.)
# </details>

# %% answer="peek" level=3
def peek(model, name, x):
    """Return what the layer called `name` gives when `model` is given the batch x."""
    ### BEGIN SOLUTION
    inner = keras.Model(model.input, model.get_layer(name).output)
    return inner(x)
    ### END SOLUTION

# %% check="peek" points=2
ground, start = keras.Input(shape=(6,)), keras.Input(shape=(3,))
wide, narrow = layers.Dense(9, activation="relu", name="wide"), layers.Dense(4, name="narrow")
tower = keras.Model(ground, layers.Dense(4)(narrow(wide(ground))))
inner = layers.Dense(7, activation="relu", name="inner")(start)
other = keras.Model(start, layers.Dense(2)(inner))
batch = np.random.default_rng(1).normal(size=(5, 6)).astype("float32")

def by_hand(model, name, x):
    W, b, V, c = model.get_weights()[:4]
    first = np.maximum(0, x @ W + b)
    return first if model is other else first @ V + c

on = [(tower, "narrow", batch), (other, "inner", batch[:3, :3])]
check_function(peek, like=by_hand, on=on, about="inner_values")
### BEGIN HIDDEN TESTS
check_function(peek, like=lambda m, n, x: wide(x), on=[(tower, "wide", batch)])
### END HIDDEN TESTS

# %% [markdown]
# ## What may you hand to a model?
#
# **In short.** Arrays with a batch axis in front. A single sample is a batch of one, `x[None]`;
# `np.array` makes arrays of lists.
#
# In Keras 2 you could try out a network on a list of lists. Today?

# %%
small = keras.Sequential([keras.Input(shape=(3,)), layers.Dense(2)])
print(says(lambda: small.predict([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], verbose=0)), end="\n\n")
print(says(lambda: small.predict(np.array([1.0, 2.0, 3.0]), verbose=0)), end="\n\n")
print(small.predict(np.array([[1.0, 2.0, 3.0]]), verbose=0).shape)

# %% [markdown]
# The first is a list, and `predict` doesn't make an array of it. The second is an array, but it
# lacks the batch axis; that was wrong in Keras 2 as well. The third has both.
#
# ### Build: predict from plain lists
#
# People still type small examples as lists. Write `predict_rows(model, rows)`. `rows` is a list of
# samples, each a list of numbers; *or* a single sample, a flat list of numbers. Return the model's
# prediction, with a batch axis in both cases.
#
# <details><summary>A hint</summary>
#
# First make an array, then count its axes. How many do you want?
# </details>
#
# <details><summary>A bigger hint</summary>
#
# An array `a` says how many axes it has in `a.ndim`, and `a[None]` puts one in front. NumPy also
# has a function whose name begins with `atleast`.
# </details>

# %% answer="predict_rows" level=2
def predict_rows(model, rows):
    """Return model's prediction for a list of samples, or for one sample, with a batch axis."""
    ### BEGIN SOLUTION
    return model.predict(np.atleast_2d(rows), verbose=0)
    ### END SOLUTION

# %% check="predict_rows" points=1
def dotted(model, samples):
    W, b = model.get_weights()
    return np.dot(samples, W) + b

fresh = keras.Sequential([keras.Input(shape=(3,)), layers.Dense(2)])
three = [[1.5, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]]
on = [(fresh, three), (fresh, three[:1])]
check_function(predict_rows, like=dotted, on=on, about="one_or_several")

# %% check="predict_rows" aspect="single" points=1
def dotted_alone(model, sample):
    return np.array([dotted(model, sample)])

longer = keras.Sequential([keras.Input(shape=(5,)), layers.Dense(4)])
on = [(fresh, three[1]), (longer, [1, 0, 2, 0, 3])]
check_function(predict_rows, like=dotted_alone, on=on, about="one_or_several")

# %% [markdown]
# ### TensorFlow's own functions
#
# **In short.** They don't work on a KerasTensor: write `keras.ops` for `tf`, or take a layer. That
# goes for `tf.shape` as well as for `tf.reshape`; sizes that are known are in `x.shape`.
#
# Between the layers, old networks like to call TensorFlow directly. Does that still work on a
# KerasTensor?

# %%
table = keras.Input(shape=(10, 10))
print(says(lambda: tf.reshape(table, (-1, 100))).partition("You are likely")[0])
print(keras.ops.reshape(table, (-1, 100)).shape)

# %% [markdown]
# Keras 2 wrapped such a call into a layer behind your back. Keras 3 also runs without TensorFlow,
# and so it has functions of its own, with the names that you know from NumPy: they live in
# `keras.ops`. Many an old line is mended by writing `keras.ops` for `tf`. Not every one:

# %%
print(keras.ops.reshape(table, (keras.ops.shape(table)[0], -1)).shape)

# %% [markdown]
# No error, and the width is gone. The first size is unknown, and so is -1; with two unknowns there
# is nothing to divide. What would a Dense layer say to that?
#
# ### Build: a head in today's words
#
# ```python
# x = Input(shape=(7, 4))
# flat = tf.reshape(x, (tf.shape(x)[0], -1))
# model = Model(x, Dense(6)(flat))
# ```
#
# Write `modern_flatten(rows, features, units)`: the same network for tables of any size, with
# whatever you like in the place of the second line.
#
# <details><summary>A hint</summary>
#
# The Dense layer makes its kernel when it is called. For that it has to know how many numbers
# there are in a row of `flat`.
# </details>
#
# <details><summary>A bigger hint</summary>
#
# Write the size that you know, and leave -1 for the one that you don't. Or remember that there is
# a layer for this, which has been in this course since its first lesson.
# </details>

# %% answer="modern_flatten" level=2
def modern_flatten(rows, features, units):
    """Return a model that unrolls tables (rows, features) and applies Dense(units)."""
    ### BEGIN SOLUTION
    x = keras.Input(shape=(rows, features))
    flat = keras.ops.reshape(x, (-1, rows * features))
    return keras.Model(x, layers.Dense(units)(flat))
    ### END SOLUTION

# %% check="modern_flatten" points=2
def unrolled(x, W, b):
    return x.reshape(len(x), -1) @ W + b

check_model(
    modern_flatten, args=(7, 4, 6), strict=True, built=True, computes=unrolled,
    input_shape=(None, 7, 4), output_shape=(None, 6), params=7 * 4 * 6 + 6,
)
flatter = {"input_shape": (None, 2, 5), "output_shape": (None, 3), "params": 10 * 3 + 3}
check_model(modern_flatten, args=(2, 5, 3), strict=True, computes=unrolled, **flatter)
### BEGIN HIDDEN TESTS
other_tables = {"input_shape": (None, 3, 9), "output_shape": (None, 2), "params": 56}
check_model(modern_flatten, args=(3, 9, 2), strict=True, computes=unrolled, **other_tables)
### END HIDDEN TESTS

# %% [markdown]
# ## Which posts run, and mislead you?
#
# A post that fails does you a favour: you know where you stand. It is the others that cost an
# evening.
#
# ### Predict: error, or silence?
#
# With each of these five, an older Keras did something other than what yours does. What happens
# today? Answer with the name of an exception, or with `"runs"`.
#
# 1. A Sequential of two Dense layers and no Input: `model.build()`, without a shape.
# 2. `model.fit(x, y, nb_epoch=1)`, the way in which Keras 1 said how often to go through the data.
# 3. `layers.InputLayer(shape=(4,), nmae="door")`, with a slip in the argument's name.
# 4. A Sequential whose `keras.Input` stands in second place, behind a Dense layer, is called.
# 5. `layers.Convolution2D(32, 3, 3)`, the way in which Keras 1 wrote 32 windows of 3 by 3.
#
# <details><summary>A hint</summary>
#
# Ask of each: does anybody look at this at all, and when? A plain Python function takes the
# arguments that it lists, and no others.
# </details>
#
# <details><summary>A bigger hint</summary>
#
# Keras 3 is lenient where it can still find out later, a shape from the data for example, and
# where it takes arguments without reading their names. It is strict where a thing can't work: a
# Sequential calls each of its layers on what the one before it gave.
# </details>

# %%
def unbuilt():
    two = [layers.Dense(8), layers.Dense(1)]
    return keras.Sequential(two)


def ready():
    model = keras.Sequential([keras.Input((4,)), layers.Dense(1)])
    model.compile(loss="mse")
    return model


late_input = [layers.Dense(3), keras.Input((4,)), layers.Dense(1)]

# %% answer="loud_or_silent" level=2
### BEGIN SOLUTION
loud_or_silent = ["runs", "TypeError", "runs", "ValueError", "runs"]  # a list of five, in quotes
### END SOLUTION

# %% check="loud_or_silent" points=1
check_prediction(loud_or_silent, of=[
    Raises(lambda: unbuilt().build()),
    Raises(lambda: ready().fit(np.zeros((2, 4)), np.zeros((2, 1)), nb_epoch=1)),
    Raises(lambda: layers.InputLayer(shape=(4,), nmae="door")),
    Raises(lambda: keras.Sequential(late_input)(np.zeros((2, 4)))),
    Raises(lambda: layers.Convolution2D(32, 3, 3)),
])

# %% [markdown]
# ### What the silent ones do
#
# Don't read on before you have answered. A line that runs needn't do what was meant. So ask for the
# one thing that can't be argued away, the shape. Here is the convolution of number 5, on images of
# 28 by 28:

# %%
image = keras.Input((28, 28, 1))
print(layers.Convolution2D(32, 3, 3)(image).shape, layers.Conv2D(32, (3, 3))(image).shape)
draw_shapes(keras.Model(image, layers.Flatten()(layers.Convolution2D(32, 3, 3)(image))))

# %% [markdown]
# In Keras 1 the two numbers were the height and the width of the window, and 26 by 26 came out.
# Today the second one is the **stride**, the step by which the window moves on. It jumps by 3, and
# 9 by 9 comes out. The network in the picture trains. But it isn't the one in the post, and nothing
# has told you so.
#
# Next, the model that was "built" without a shape. Keras 2 refused `build()` and `summary()` here.

# %%
keras.utils.clear_session()
model = unbuilt()
model.build()
print(model.built, [layer.built for layer in model.layers], model.count_params(), "parameters")
model.summary()

# %% [markdown]
# It calls itself built, and has not a single weight. A `?` in a summary means that a shape isn't known,
# here because nobody has said what comes in.
#
# Number 3 was a slip of two letters. What is the layer called now?

# %%
keras.utils.clear_session()
print(layers.InputLayer(shape=(4,), nmae="door").name, layers.InputLayer((4,), name="door").name)

# %% [markdown]
# Not `door`. InputLayer takes any argument, for the sake of old spellings, and throws away what it
# can't use. The other two are the loud ones. `fit` takes no argument that it doesn't know; today this
# one is called `epochs`. And an Input in second place, which Keras 2 ignored, is refused by Keras 3.
#
# You know one more silence from the first lesson: in Keras 3 a Sequential often takes no notice of
# data in another shape, where Keras 2 compared all sizes. A post that relies on that error may wait
# for it in vain. Make such a model Functional.
#
# ## How do you read an old answer?
#
# Five questions, in this order. They take two minutes.
#
# 1. Which version is it? Look at imports, names and `print`, and at the date last.
# 2. Who complains? Python about the text, about a name, about an argument; or Keras about
#    a value.
# 3. Does it warn? Then it works, for now. Write what the warning suggests.
# 4. Does it run without complaint, and do something else? Compare shapes and numbers of
#    parameters with those in the post.
# 5. Is it true, the sentence that the code is meant to prove? Change one thing, and see whether it
#    still predicts what happens.
#
# The first question can be left to a few lines of Python. Which clues would you look for?

# %%
clues = {
    r"print \w": "Python 2",
    r"Convolution2D|border_mode|nb_epoch": "Keras 1",
    r"placeholder|K\.function|layer\.output_shape": "Keras 2, or before",
    r"experimental\.preprocessing": "Keras 2, in TensorFlow 2",
    r"input_shape=|input_dim=": "Keras 2, or before; only a warning today",
    r"keras\.ops|keras\.Input\(shape=": "could be Keras 3",
}
for text in [posts["A"], with_flatten, with_tensor, "Convolution2D(32, 3, 3)", posts["D"]]:
    print([era for clue, era in clues.items() if re.search(clue, text)])

# %% [markdown]
# The lists are short, and they needn't be complete: one clue is enough to know what to distrust.
# Where nothing is found, as in D, you have to look at the text around the code.
# And what is the other side of the comparison, the Keras that you have?

# %%
keras.utils.clear_session()
print("Keras", keras.__version__.split(".")[0])
print(keras.Input(shape=(28, 28, 3)))

# %% [markdown]
# Where a post shows its output, that can be a clue, too. Keras 2 printed this line as
# `KerasTensor(type_spec=TensorSpec(shape=(None, 28, 28, 3), dtype=tf.float32, …`.
#
# ## What the posts write, and what you write
#
# Here are those worth remembering; you have met them all above. Which would have cost you an evening?
#
# | the post writes | since when it fails, or warns | you write |
# | --- | --- | --- |
# | `print y.shape` | fails since Python 3 | `print(y.shape)` |
# | `layers.experimental.preprocessing.Rescaling` | fails since Keras 3 | `layers.Rescaling` |
# | `backend.placeholder(…)` | fails since Keras 3 | `keras.Input(shape=…)` |
# | `keras.Input(shape=(4))` | fails since Keras 3 | `keras.Input(shape=(4,))` |
# | `Dense(8, input_shape=…)`, `InputLayer(input_shape=…)` | warns since Keras 3 | `keras.Input(shape=…)` in front |
# | `fit(…, nb_epoch=1)` | fails since Keras 3 | `fit(…, epochs=1)` |
# | `layer.output_shape` | fails since Keras 3 | `layer.output.shape`, `layer.compute_output_shape(…)` |
# | `K.function([m.input], [t])` | fails since Keras 3 | `keras.Model(m.input, t)` |
# | `model.predict([[1., 2., 3.]])` | fails since Keras 3 | `model.predict(np.array(…))` |
# | `tf.reshape(x, …)` on a KerasTensor | fails since Keras 3 | `layers.Reshape`, `keras.ops.reshape` |
# | `Convolution2D(32, 3, 3)` | runs, and means something other than in Keras 1 | `Conv2D(32, (3, 3))` |
#
# ## What the posts say, and what is true
#
# | you will read | what is true |
# | --- | --- |
# | Flatten gives 2352 = 28 × 28 × 3 | yes, for each sample |
# | the way by Reshape needs three more lines | two more statements |
# | first a placeholder, then an InputLayer | that was Keras 2; `keras.Input` is both |
# | tensor, InputLayer and Reshape are what Flatten is | only Reshape is, and only where the channels come last |
# | Flatten does all this automatically | the input came from `input_shape=`; Flatten alone has none |
#
# Which of these would you have believed an hour ago?

# %% [markdown]
# ## What you saw
#
# - An error's type tells who has stopped: Python at the text, a name or an argument, Keras at a
#   value. Most repairs are a matter of spelling.
# - Describing the input is the job of `keras.Input`, shapes belong to tensors, and between layers
#   `keras.ops` does what TensorFlow did. With that you can write today what a post wrote then.
# - The dangerous posts run. You know to compare their shapes and parameters with your own.
#
# Here the errors had a date. What about those that you make yourself? The next lesson is full of
# them: broken networks, and you are the detective.
