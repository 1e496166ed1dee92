# %% [markdown]
# # The shape detective: faults that shout, and faults that keep quiet
#
# 10 exercises · 22 points · 100 minutes
#
# **In short.** Errors about shapes say who complains, what it wants and what it got; the fault may lie in
# the layer before. Faults without an error show in shapes, sums and pictures. Print these two pairs before
# you train:
#
# ```python
# import keras, numpy as np
# model, x, y = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)]), np.ones((9, 4)), np.ones((9, 1))
# print(model.input_shape, x.shape, model.output_shape, y.shape)
# ```
#
# A small workshop sorts metal parts by camera. Whoever wrote its networks has left, and in a drawer
# there are eight cases: models that fail, and models that seem to work. The drawer is yours now.
# All that you have learned so far will be needed, in no particular order, and nobody will tell you
# what is needed when. After this lesson you will be able to
#
# - read an error about shapes word by word, and mend what it points at;
# - find the faults about which Keras says nothing, and guard against them;
# - write and train a classifier from an empty cell, and say how good it is on new pictures.
#
# **You need** lessons 1 to 6. Predict, build and check as before. Once the cells above it have run,
# each case stands by itself, so leave one that resists and come back to it.

# %% locked="setup"
# No module named ...? Choose the course's own Python (.venv) as this notebook's kernel.
from autograder.learn import (
    Raises, check_classifier, check_function, check_guard, check_model, check_prediction,
    check_shape, draw_bills, draw_images, explain, reads, why,
)

import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(0)

# %% [markdown]
# ## What does the camera see?
#
# Four kinds of parts: crosses, squares, rings and gratings. They lie anywhere under the camera,
# some larger, some smaller, and the pictures are grainy. The workshop's own pictures are locked
# away, so here is a machine that draws such pictures, as many as you like. You needn't read how it
# does it; what counts is what comes out.

# %%
def part(kind, size, rng):
    """Return a picture of one part, somewhere on a dark ground: 1 is metal, 0 is none."""
    r = rng.integers(3, 5)
    row, column = rng.integers(r, size - r, 2)
    y, x = np.ogrid[-row : size - row, -column : size - column]
    far = np.maximum(abs(y), abs(x))
    looks = [abs(y) == abs(x), far == r, abs(np.hypot(y, x) - r) < 0.6, y % 2 == 0]
    return looks[kind] & (far <= r)

# %%
def pictures(count, seed, size=16):
    """Return grainy pictures (count, size, size), and the kind of part on each: 0, 1, 2 or 3."""
    rng = np.random.default_rng(seed)
    kinds = rng.integers(0, 4, count)
    grain = rng.normal(0, 0.2, (count, size, size))
    return np.array([part(kind, size, rng) for kind in kinds] + grain, "float32"), kinds

# %%
x, y = pictures(300, seed=1)
names = ["cross", "square", "ring", "grating"]
print(x.shape, y.shape)
draw_images({names[kind]: x[y == kind][0] for kind in range(4)})

# %% [markdown]
# Read the two shapes before you go on. Pictures have rows and columns and no channel axis, and
# each has one number for its kind.
#
# ## Who shouts, and who keeps quiet?
#
# A detective asks three questions of every layer: what goes in, what does it want, what comes out?
# Where what goes in isn't what it wants, you get an error. Where it *is* acceptable but not what
# you meant, you get no error. So the first skill is to tell one from the other.

# %%
line_up = [
    lambda: layers.Conv2D(4, 3)(layers.Flatten()(keras.Input((8, 8, 1)))),
    lambda: layers.Flatten()(layers.Dense(4)(keras.Input((8, 8, 1)))),
    lambda: layers.MaxPooling2D()(keras.Input((8, 8))),
    lambda: layers.Reshape((8, 8, 3))(keras.Input((3, 8, 8))),
    lambda: layers.Concatenate()([keras.Input((8, 8)), keras.Input((5,))]),
    lambda: layers.Conv2D(4, 3)(keras.Input((3, 8, 8))),
]

# %% [markdown]
# ### Predict: the line-up
#
# Six suspects, numbered from above. Which of them run, and which raise a `ValueError`? (It
# doesn't matter here whether what runs makes sense.)
#
# <details><summary>A hint</summary>
#
# For each layer: how many axes does it want, and how many does it get? Then, where it counts:
# do the sizes fit?
# </details>
#
# <details><summary>A bigger hint</summary>
#
# Dense takes two axes or more, Reshape any order. A layer that slides windows over pictures wants
# four axes, the batch included; then it only asks whether a window fits. Does a window of 2 by 2
# fit on 2 rows?
# </details>

# %% answer="suspects" level=2
### BEGIN SOLUTION
suspects = ["ValueError", "runs"] * 3  # a list of six, each "runs" or "ValueError"
### END SOLUTION

# %% check="suspects" points=1
check_prediction(suspects, of=[Raises(action) for action in line_up])

# %% [markdown]
# <details><summary>When you have answered</summary>
#
# Half of them run, and each of these three does something that nobody can have wanted. You will
# meet them all again.
# </details>

# %% [markdown]
# ## Case 1: which of the two faults comes first?
#
# The loud cases come first. There is a note in the file: "Worked in my head. Doesn't work in Keras."

# %%
def tried(*stack):
    """Put layers together; return the model, or print what Keras says against it."""
    try:
        return keras.Sequential(stack)
    except ValueError as error:
        print(reads(error))

tried(
    keras.Input((16, 16)), layers.Flatten(), layers.Conv2D(8, 3, activation="relu"),
    layers.MaxPooling2D(), layers.Dense(4, activation="softmax"),
)

# %% [markdown]
# Who complains here, about what, and which line of the stack would you change? Decide before you
# unfold.
#
# <details><summary>When you have decided</summary>
#
# Take it word by word. *Layer 'conv2d'*: that is who complains. *ndim* is the number of axes:
# it wants at least 4 and found 2. *Full shape received*: `(None, 256)`, a sample in one row. Who
# made one row of it? The layer before. So Flatten stands too early.
# </details>
#
# The note's author came to a conclusion, too, and moved a line:

# %%
tried(
    keras.Input((16, 16)), layers.Conv2D(8, 3, activation="relu"),
    layers.MaxPooling2D(), layers.Flatten(), layers.Dense(4, activation="softmax"),
)

# %% [markdown]
# The same sentence again. Has nothing changed? One number has: it now found 3 axes,
# `(None, 16, 16)`. A second fault stood behind the first. That is common, and no reason to undo the
# first repair.
#
# ### Build: a reader for the camera
#
# Write `grey_reader(height, width)`. The pictures stay as the camera gives them, so the model
# declares `(None, height, width)`. Inside: whatever the convolution is missing, then 8 filters of
# 3 by 3 with relu, max pooling of 2 by 2, Flatten, and Dense with 4 units and softmax.
#
# <details><summary>A hint</summary>
#
# Which axis do colour pictures have that these lack? Some layer can write it down without
# touching a single number.
# </details>
#
# <details><summary>A bigger hint</summary>
#
# `layers.Reshape((5, 7, 2, 1))` gives each sample those four axes, the last of size 1. How many
# do you need, and where does the axis of size 1 stand?
# </details>

# %% answer="grey_reader" level=2
def grey_reader(height, width):
    """Return a model from grey pictures (None, height, width) to 4 shares (None, 4)."""
    ### BEGIN SOLUTION
    return keras.Sequential([
        keras.Input(shape=(height, width)),
        layers.Reshape((height, width, 1)),
        layers.Conv2D(8, (3, 3), activation="relu"),
        layers.MaxPooling2D((2, 2)),
        layers.Flatten(),
        layers.Dense(4, "softmax"),
    ])
    ### END SOLUTION

# %% check="grey_reader" points=1
check_model(grey_reader, args=(16, 16), input_shape=(None, 16, 16), output_shape=(None, 4))
check_model(grey_reader, args=(9, 12), input_shape=(None, 9, 12), output_shape=(None, 4))
### BEGIN HIDDEN TESTS
check_model(grey_reader, args=(12, 20), input_shape=(None, 12, 20), output_shape=(None, 4))
### END HIDDEN TESTS

# %% check="grey_reader" aspect="numbers" points=1
def read_grey(x, kernel, bias, dense, offset):
    maps = keras.ops.relu(keras.ops.conv(x[..., None], kernel) + bias)
    row = np.asarray(keras.ops.max_pool(maps, 2, 2)).reshape(len(x), -1)
    return np.asarray(keras.ops.softmax(row @ dense + offset))

wide = {"input_shape": (None, 9, 12), "output_shape": (None, 4)}
size = 8 * (3 * 3 * 1 + 1) + (3 * 5 * 8 + 1) * 4
check_model(grey_reader, args=(9, 12), **wide, params=size, computes=read_grey)
### BEGIN HIDDEN TESTS
tall = {"input_shape": (None, 20, 8), "output_shape": (None, 4)}
check_model(grey_reader, args=(20, 8), **tall, computes=read_grey)
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>When you have answered</summary>
#
# `keras.Input((16, 16, 1))` would have let these pictures in as well: Keras adds an axis of size
# 1 at the end without a word, the leak of lesson 1. A model that says what really comes is
# easier to read.
# </details>

# %% [markdown]
# ## Case 2: why can't the two be joined?
#
# **In short.** To be joined, two tensors need the same number of axes, and the same sizes on all of
# them but the one along which they are joined: the last, unless `axis=` says otherwise.
#
# Somebody wanted to use what the scales and the ruler say, too: three numbers beside each
# picture. Before you run it: which shapes meet at `Concatenate`?

# %%
camera = keras.Input(shape=(16, 16, 1), name="picture")
gauges = keras.Input(shape=(3,), name="extras")
seen = layers.Conv2D(4, 3, activation="relu")(camera)
try:
    layers.Concatenate()([seen, gauges])
except ValueError as error:
    print(reads(error))

# %% [markdown]
# Which of the two would you change before they meet, and how? The exercise asks for it.
#
# <details><summary>When you have decided</summary>
#
# "Matching shapes *except for the concatenation axis*": to be laid end to end, two blocks must
# have the same number of axes, and all sizes but one must agree. The list at the end shows who
# came. One is a map, the other a row.
# </details>
#
# The same sentence comes where the number of axes agrees and a size doesn't. Two maps with 12 and 3
# channels can be laid end to end along the channels. What if the axis is given as 1, the rows?

# %%
twelve, three = keras.Input((16, 16, 12)), keras.Input((16, 16, 3))
print(layers.Concatenate()([twelve, three]).shape)
try:
    layers.Concatenate(axis=1)([twelve, three])
except ValueError as error:
    print(reads(error))

# %% [markdown]
# Now the 12 and the 3 would have to agree. Axis 0 is the batch, 1 the rows, and -1 the channels.
#
# ### Build: picture and gauges
#
# Write `joined(height, width, extras)`, a Functional model with two inputs, named `"picture"`,
# `(None, height, width, 1)`, and `"extras"`, `(None, extras)`. The picture goes through the
# convolution above, 4 filters of 3 by 3 with relu. Then *all* the numbers of the map stand in one
# row, with the extras behind them, and a Dense layer of 2 units, without activation, sees them all.
#
# <details><summary>A hint</summary>
#
# The extras are fine as they are. What must happen to the map so that it has two axes?
# </details>
#
# <details><summary>A bigger hint</summary>
#
# `keras.Model` takes a list: `keras.Model([this, that], outcome)`. Pooling would also leave two
# axes, but then not every number of the map arrives.
# </details>

# %% answer="joined" level=2
def joined(height, width, extras):
    """Return a model of a picture and some numbers, joined in one row, to (None, 2)."""
    ### BEGIN SOLUTION
    picture = keras.Input(shape=(height, width, 1), name="picture")
    numbers = keras.Input(shape=(extras,), name="extras")
    maps = layers.Conv2D(4, (3, 3), activation="relu")(picture)
    row = layers.Concatenate()([layers.Flatten()(maps), numbers])
    return keras.Model([picture, numbers], layers.Dense(2)(row))
    ### END SOLUTION

# %% check="joined" points=1
two_inputs = {"picture": (None, 16, 16, 1), "extras": (None, 3)}
other_two = {"picture": (None, 9, 12, 1), "extras": (None, 5)}
check_model(joined, args=(16, 16, 3), input_shape=two_inputs, output_shape=(None, 2))
check_model(joined, args=(9, 12, 5), input_shape=other_two, output_shape=(None, 2))
### BEGIN HIDDEN TESTS
others = {"picture": (None, 12, 7, 1), "extras": (None, 2)}
check_model(joined, args=(12, 7, 2), input_shape=others, output_shape=(None, 2))
### END HIDDEN TESTS

# %% check="joined" aspect="numbers" points=1
def map_then_extras(x, kernel, bias, dense, offset):
    maps = np.asarray(keras.ops.relu(keras.ops.conv(x["picture"], kernel) + bias))
    return np.hstack([maps.reshape(len(maps), -1), x["extras"]]) @ dense + offset

ends = {"input_shape": other_two, "output_shape": (None, 2)}
size = 4 * (3 * 3 + 1) + (7 * 10 * 4 + 5 + 1) * 2
check_model(joined, args=(9, 12, 5), **ends, params=size, computes=map_then_extras)
### BEGIN HIDDEN TESTS
ends = {"input_shape": others, "output_shape": (None, 2)}
check_model(joined, args=(12, 7, 2), **ends, computes=map_then_extras)
### END HIDDEN TESTS

# %% [markdown]
# ## Case 3: what did the decoder forget?
#
# To find odd parts, the workshop wanted an **autoencoder**: a network that squeezes each picture
# to a short code, and then draws the picture anew from the code alone. What it draws badly is
# odd. The second half, the decoder, was copied from another project:

# %%
code = keras.Input(shape=(10,))
drawn = layers.Dense(196)(code)
try:
    layers.Reshape((16, 16, 1))(drawn)
except ValueError as error:
    print(reads(error))

# %% [markdown]
# "The total size": the product of all axes but the batch. How many numbers came, and how many
# places does a picture have?

# %%
print(14 * 14, 16 * 16)

# %% [markdown]
# Somebody's pictures were 14 by 14. Reshape counts numbers off anew; it can't make new ones. So the
# layer before it has to deliver exactly as many as the picture needs.
#
# ### Build: an autoencoder for any size
#
# Write `autoencoder(height, width, channels, code)`: from `(None, height, width, channels)` to
# the same shape. Flatten; Dense with `code` units and relu; Dense with as many units as the
# picture has numbers and sigmoid, which presses each into the range from 0 to 1; and the picture's
# axes again.
#
# <details><summary>A hint</summary>
#
# Let Python do the multiplication. It is the same number that Flatten makes of the picture.
# </details>
#
# <details><summary>A bigger hint</summary>
#
# The target shape of Reshape describes one sample, without the batch. For pictures of 5 by 6
# with 2 channels the last Dense has 5 × 6 × 2 = 60 units.
# </details>

# %% answer="autoencoder" level=2
def autoencoder(height, width, channels, code):
    """Return a model from pictures to a code of so many numbers, and back to pictures."""
    ### BEGIN SOLUTION
    return keras.Sequential([
        keras.Input(shape=(height, width, channels)),
        layers.Flatten(),
        layers.Dense(code, activation="relu"),
        layers.Dense(height * width * channels, activation="sigmoid"),
        layers.Reshape((height, width, channels)),
    ])
    ### END SOLUTION

# %% check="autoencoder" points=1
grey, few = (None, 16, 16, 1), (None, 5, 6, 2)
check_model(autoencoder, args=(16, 16, 1, 10), input_shape=grey, output_shape=grey)
check_model(autoencoder, args=(5, 6, 2, 3), input_shape=few, output_shape=few)
### BEGIN HIDDEN TESTS
colour = (None, 6, 9, 3)
check_model(autoencoder, args=(6, 9, 3, 7), input_shape=colour, output_shape=colour)
### END HIDDEN TESTS

# %% check="autoencoder" aspect="numbers" points=1
def there_and_back(x, kernel, bias, wider, offset):
    code = np.maximum(0, x.reshape(len(x), -1) @ kernel + bias)
    return np.asarray(keras.ops.sigmoid(code @ wider + offset)).reshape(x.shape)

ends = {"input_shape": few, "output_shape": few, "params": (60 + 1) * 3 + (3 + 1) * 60}
check_model(autoencoder, args=(5, 6, 2, 3), **ends, computes=there_and_back)
### BEGIN HIDDEN TESTS
ends = {"input_shape": colour, "output_shape": colour, "computes": there_and_back}
check_model(autoencoder, args=(6, 9, 3, 7), **ends)
### END HIDDEN TESTS

# %% [markdown]
# ## Case 4: who scrambled the pictures?
#
# From here on it gets quieter. The new camera sees colours. It hands over pictures of 3 channels,
# 16 rows and 24 columns, in this order. The network expects rows, columns, channels. Where will it
# notice?

# %%
tried(
    keras.Input((3, 16, 24)), layers.Conv2D(8, 3), layers.MaxPooling2D(),
    layers.Flatten(), layers.Dense(2),
)

# %% [markdown]
# The *pooling* complains, not the convolution. But the fault may lie further up than the layer
# that complains. What did the convolution make of these pictures?

# %%
keras.utils.clear_session()
explain(layers.Conv2D(8, 3)(keras.Input((3, 16, 24), name="colours")))

# %% [markdown]
# It took the 3 channels for rows, where a window of 3 fits exactly once, and the 24 columns for
# channels. Each filter has 3 × 3 × 24 weights, and that is the trace to look for. Had the
# network ended here, nobody would ever have noticed.
#
# Somebody mended it with `Reshape((16, 24, 3))`. The error is gone. And the pictures?

# %%
shot = np.zeros((3, 16, 24), "float32")
shot[0] = np.linspace(0, 1, 24)  # red grows from left to right
shot[2, 4:12, 8:16] = 1  # a blue square
mended = np.asarray(layers.Reshape((16, 24, 3))(shot[None]))[0]
draw_images({"the scene": np.moveaxis(shot, 0, -1), "after Reshape": mended})

# %% [markdown]
# No error, the right shape, and nobody looks at what the model is shown. What did Reshape do to the
# scene, and what should stand in its place?
#
# ### Build: the right way up
#
# Write `upright(channels, height, width)`: a model that takes `(None, channels, height, width)`
# and gives the same pictures as `(None, height, width, channels)`, each number in its place. It
# learns nothing; it can be set in front of any network.
#
# <details><summary>A hint</summary>
#
# Which axis of the sample do you want first, which second, which last? One layer takes such a list.
# </details>
#
# <details><summary>A bigger hint</summary>
#
# `layers.Permute` lists, for each axis of the result, which axis of the sample it was. It counts
# from 1, and leaves the batch out.
# </details>

# %% answer="upright" level=2
def upright(channels, height, width):
    """Return a model that puts the channels of its pictures last."""
    ### BEGIN SOLUTION
    return keras.Sequential([
        keras.Input(shape=(channels, height, width)), layers.Permute((2, 3, 1)),
    ])
    ### END SOLUTION

# %% check="upright" points=1
turned = {"input_shape": (None, 3, 16, 24), "output_shape": (None, 16, 24, 3)}
check_model(upright, args=(3, 16, 24), **turned)
narrow = {"input_shape": (None, 2, 9, 5), "output_shape": (None, 9, 5, 2)}
check_model(upright, args=(2, 9, 5), **narrow)

# %% check="upright" aspect="numbers" points=1
check_model(upright, args=(3, 16, 24), **turned, computes=lambda x: np.moveaxis(x, 1, -1))
check_model(upright, args=(2, 9, 5), **narrow, computes=lambda x: x.transpose(0, 2, 3, 1))

# %% [markdown]
# <details><summary>When you have answered</summary>
#
# Reshape reads the numbers in row-major order and fills them in again: three neighbours in a row
# of red became the red, green and blue of one pixel. It never moves an axis.
# </details>

# %% [markdown]
# ## Case 5: it trains, so what is wrong?
#
# **In short.** When it trains and doesn't learn, look at the output: its shape, and whether shares add up
# to 1.
#
# "Runs without complaint. Needs more data?" says the file.

# %%
quiet = keras.Sequential([
    keras.Input(shape=(16, 16)), layers.Dense(4, activation="softmax"), layers.Flatten(),
])
quiet.compile("adam", "sparse_categorical_crossentropy")

# %% [markdown]
# ### Predict: the shape nobody looked at
#
# What is the shape of what `quiet` gives?
#
# <details><summary>A hint</summary>
#
# Follow the shape through both layers. On which axis does Dense work?
# </details>
#
# <details><summary>A bigger hint</summary>
#
# With 5 rows of 3 numbers and 2 units, Dense would give 5 rows of 2, and Flatten 5 × 2 = 10.
# </details>

# %% answer="quiet_shape" level=1
### BEGIN SOLUTION
quiet_shape = (None, 64)  # a tuple
### END SOLUTION

# %% check="quiet_shape" points=1
check_shape(quiet_shape, of=quiet)

# %% [markdown]
# Softmax shares out 1 among the 4 units. What do all the numbers for one picture add up to, then?
# Here is `quiet` beside the same network with its two layers in the right order:

# %%
in_order = keras.Sequential([
    keras.Input((16, 16)), layers.Flatten(), layers.Dense(4, activation="softmax"),
])
in_order.compile("adam", "sparse_categorical_crossentropy")
new_x, new_y = pictures(400, seed=2)
for model in (quiet, in_order):
    model.fit(x, y, epochs=20, verbose=0)
    shares = np.asarray(model(new_x))
    right, by_four = [np.mean(s.argmax(-1) == new_y) for s in (shares, shares[:, :4])]
    print(f"in all {shares[0].sum():.1f}, told rightly {right:.1f}, by the first 4 {by_four:.1f}")

# %% [markdown]
# 16 softmaxes, one for each row of pixels, add up to 16. The largest of so many numbers is hardly
# ever among the first four, so next to nothing is told rightly; and going by the first four alone
# is not much better than guessing. No amount of data will help. The loss knows the kinds as numbers
# from 0 to 3, so of the many outputs it asks for the first four. Where do these come from? Black
# out all rows of every picture but the top one:

# %%
top_row = new_x.copy()
top_row[:, 1:] = 0
four = [quiet.predict(pixels, verbose=0)[:, :4] for pixels in (new_x, top_row)]
print(np.allclose(*four))

# %% [markdown]
# The four numbers don't change. This network was trained to tell parts by the top row of their
# pictures, and went about it without complaint. Two things give it away: the shape of the output,
# and whether each answer adds up to 1. (The one in order isn't good yet, either. That is for the
# last case.)

# %% [markdown]
# ## Case 6: why is the error so large?
#
# **In short.** `(n,)` against `(n, 1)`: subtract them yourself, and each target meets every prediction.
#
# A model weighs parts by their pictures. Suppose it is perfect: each prediction is the target
# itself. What will the mean squared error be?

# %%
targets = np.arange(8.0)
predicted = targets.reshape(8, 1)  # as predict() gives them: a row for each sample
print("by Keras:", float(keras.losses.MeanSquaredError()(targets, predicted)))
print("by hand: ", np.mean((predicted - targets) ** 2))

# %% [markdown]
# Two answers, and the one by hand is wrong. Look at the difference before you square it:

# %%
print((predicted - targets).shape)
print(predicted - targets)

# %% [markdown]
# 8 predictions minus 8 targets are 64 differences. It is broadcasting again, as in lesson 5: NumPy
# stretches a column and a row against each other, and every prediction meets every target. Only the
# diagonal was meant. Keras's own loss saw the axis of size 1 at the end, and gave both the same
# axes before it subtracted.
#
# ### Build: an error you can trust
#
# Write `square_error(predicted, targets)`, the mean squared error as one number. Either argument
# may be of shape `(n,)` or `(n, 1)`.
#
# <details><summary>A hint</summary>
#
# Bring both to the same shape first. Then subtraction can do no harm.
# </details>
#
# <details><summary>A bigger hint</summary>
#
# `np.ravel(a)` gives an array one axis, whatever it had before.
# </details>

# %% answer="square_error" level=2
def square_error(predicted, targets):
    """Return the mean squared error of predictions and targets, each (n,) or (n, 1)."""
    ### BEGIN SOLUTION
    return float(np.mean((np.ravel(predicted) - np.ravel(targets)) ** 2))
    ### END SOLUTION

# %% check="square_error" points=2
rng = np.random.default_rng(0)
rows = [rng.normal(size=(2, n)) for n in (8, 5, 7, 9)]
errors = {len(p): np.square(p - t).mean() for p, t in rows}
(p, t), (q, u), (r, v), (s, w) = rows
pairs = [(p[:, None], t), (q[:, None], u[:, None]), (r, v), (s, w[:, None])]
check_function(square_error, like=lambda p, t: errors[len(p)], on=pairs, about="square_error")
### BEGIN HIDDEN TESTS
more = rng.normal(size=(2, 30, 1))
def error(p, t):
    return np.square(p.ravel() - t.ravel()).mean()
check_function(square_error, like=error, on=[(more[0], more[1, :, 0])], about="square_error")
check_function(square_error, like=error, on=[(more[0, :, 0], more[1])], about="square_error")
### END HIDDEN TESTS

# %% [markdown]
# ### Can that happen inside fit?
#
# It can. Keras evens out a last axis of size 1 that only one of the two has, and stretches any
# other axis of size 1. Three readings of two gauges go in, and one number is wanted, the sum of
# them all. Each line shows the loss of every fourth pass through the data:

# %%
readings = np.random.default_rng(0).normal(size=(256, 3, 2)).astype("float32")
wanted = readings.sum(axis=(1, 2)).reshape(256, 1)
forgetful = keras.Sequential([keras.Input((3, 2)), layers.Dense(1)])
complete = keras.Sequential([keras.Input((3, 2)), layers.Flatten(), layers.Dense(1)])
for model in (forgetful, complete):
    model.compile(keras.optimizers.SGD(0.1), "mse")
    losses = model.fit(readings, wanted, epochs=20, verbose=0).history["loss"]
    print(model.output_shape, "loss:", *[f"{loss:.2f}" for loss in losses[::4]])

# %% [markdown]
# The first model gives three numbers for a sample, each from one reading alone, and each is
# compared with the one target. No error; the loss falls a little and then stays, because
# nobody can tell a sum from a third of its terms. A loss that stays is evidence: before you try
# another optimizer, print `model.output_shape` beside the shape of the targets.

# %% [markdown]
# ## Case 7: can you make the quiet ones shout?
#
# The workshop has a sorter that was declared for pictures of 16 by 16. Last week somebody fed it
# pictures from another camera:

# %%
sorter = keras.Sequential([keras.Input((16, 16)), layers.Flatten(), layers.Dense(4)])
series = keras.Sequential([keras.Input((None, 2)), layers.Dense(4)])  # any number of steps
print(sorter(np.zeros((5, 16, 16))).shape, sorter(np.zeros((5, 8, 32))).shape)

# %% [markdown]
# (`series`, which takes any number of steps, is there for the check below.) As you know from lesson
# 1, a Sequential compares the number of axes and not their sizes. Pixels of 8 by 32 land in places
# that mean something else. And targets are compared with outputs only as far as the loss needs it.
# So the checks that Keras leaves out are yours to write.
#
# ### Build: a shape guard
#
# Write `shape_guard(model, x, y)`. It returns `True` if one sample of `x` has the shape that the
# model declares (`model.input_shape`), one target of `y` the shape that it gives
# (`model.output_shape`), and there are as many targets as samples. Otherwise it raises a
# `ValueError` that says why. An open size, `None`, fits any number.
#
# <details><summary>A hint</summary>
#
# Compare axis by axis, once for `x` and once for `y`. Do it yourself; don't call the model, for it
# is too kind.
# </details>
#
# <details><summary>A bigger hint</summary>
#
# `zip((5, 9, 2), (None, None, 2))` gives the pairs of sizes. When is a pair not a fault? And
# `zip` stops at the shorter of the two, so compare the lengths first.
# </details>

# %% answer="shape_guard" level=3
def shape_guard(model, x, y):
    """Return True if x and y have the shapes that the model declares; raise ValueError if not."""
    ### BEGIN SOLUTION
    for name, got, want in [
        ("x", x.shape, model.input_shape), ("y", y.shape, model.output_shape),
    ]:
        pairs = list(zip(got, want, strict=False))
        if len(got) != len(want) or any(w not in (None, g) for g, w in pairs):
            raise ValueError(f"{name} has the shape {got}; the model has {want}")
    if len(x) != len(y):
        raise ValueError(f"{len(x)} samples, but {len(y)} targets")
    return True
    ### END SOLUTION

# %% check="shape_guard" points=2
def case(model, x_shape, y_shape):
    return (model, np.zeros(x_shape), np.zeros(y_shape))

check_guard(
    shape_guard, says_why=True,
    good=[case(sorter, (5, 16, 16), (5, 4)), case(series, (5, 9, 2), (5, 9, 4))],
    bad=[
        case(sorter, (5, 8, 32), (5, 4)), case(sorter, (5, 16, 16, 1), (5, 4)),
        case(sorter, (16, 16), (16, 4)), case(sorter, (5, 16, 16), (5, 1)),
    ],
)

# %% check="shape_guard" aspect="counts" points=1
tall = keras.Sequential([keras.Input((12, 6)), layers.Flatten(), layers.Dense(2)])
check_guard(
    shape_guard,
    good=[
        case(sorter, (1, 16, 16), (1, 4)), case(series, (7, 1, 2), (7, 1, 4)),
        case(tall, (3, 12, 6), (3, 2)),
    ],
    bad=[case(sorter, (5, 16, 16), (6, 4)), case(series, (5, 9, 2), (5, 9))],
)
### BEGIN HIDDEN TESTS
check_guard(shape_guard, good=[case(series, (2, 40, 2), (2, 40, 4))], bad=[])
check_guard(shape_guard, good=[], bad=[case(tall, (3, 72), (3, 2))])
check_guard(shape_guard, good=[], bad=[case(tall, (3, 6, 12), (3, 2))])
check_guard(shape_guard, good=[], bad=[case(tall, (3, 12, 6), (2, 2))])
### END HIDDEN TESTS

# %% [markdown]
# This guard is for targets that look like the output. It would refuse this lesson's own `x` and
# `y`: kinds given as whole numbers have one axis fewer, and need a rule of their own.

# %% [markdown]
# ## Case 8: where did all the parameters go?
#
# A network for pictures of 32 by 32 is to run inside the camera, and doesn't fit. Guess first:
# which of its layers is to blame?

# %%
keras.utils.clear_session()
heavy = keras.Sequential([
    keras.Input((32, 32, 1)), layers.Conv2D(32, 3, activation="relu"), layers.Flatten(),
    layers.Dense(64, activation="relu"), layers.Dense(4, activation="softmax"),
])
print(f"{heavy.count_params():,} parameters")

# %% [markdown]
# Have you made up your mind? Here is the bill.

# %%
draw_bills({"too heavy": heavy})

# %% [markdown]
# Not the convolution, and not Flatten, which has none. It is the Dense layer *behind* Flatten: it
# pays for each of the 30 × 30 × 32 numbers that Flatten hands on, 64 times.

# %%
print(30 * 30 * 32, "numbers,", 30 * 30 * 32 * 64 + 64, "parameters")

# %% [markdown]
# ### Build: within the budget
#
# Write `under_budget(budget)`: a model from `(None, 32, 32, 1)` to `(None, 4)` that has at most
# `budget` parameters, and at least half of them, since what isn't spent can't learn. Any layers
# will do. Your function will be tried with budgets from some hundreds to fifty thousand.
#
# <details><summary>A hint</summary>
#
# Make what reaches the last Dense small and independent of the picture's size: global pooling
# does that. Then let one number of your model grow with the budget.
# </details>
#
# <details><summary>A bigger hint</summary>
#
# Write down what your model costs as a formula of its number of filters. If it were
# 7 × filters + 3, then 5 filters would cost 7 × 5 + 3 = 38. Now go the other way round, from the
# cost to the filters, and round down with `//`.
# </details>

# %% answer="under_budget" level=3
def under_budget(budget):
    """Return a model (None, 32, 32, 1) to (None, 4) that uses half to all of the budget."""
    ### BEGIN SOLUTION
    filters = (budget - 4) // (3 * 3 + 1 + 4)
    return keras.Sequential([
        keras.Input(shape=(32, 32, 1)),
        layers.Conv2D(filters, 3, strides=2, activation="relu"),
        layers.GlobalMaxPooling2D(),
        layers.Dense(units=4, activation="softmax"),
    ])
    ### END SOLUTION

# %% check="under_budget" points=1
ends = {"input_shape": (None, 32, 32, 1), "output_shape": (None, 4)}
check_model(under_budget, args=(5000,), **ends)

# %% check="under_budget" aspect="budget" points=2
check_model(under_budget, args=(5_000,), **ends, params=range(2_500, 5_001))
check_model(under_budget, args=(50_000,), **ends, params=range(25_000, 50_001))
### BEGIN HIDDEN TESTS
check_model(under_budget, args=(500,), **ends, params=range(250, 501))
check_model(under_budget, args=(20_000,), **ends, params=range(10_000, 20_001))
### END HIDDEN TESTS

# %% [markdown]
# ## The last case: can you sort the parts?
#
# The drawer is empty. What remains is the job itself: a classifier that tells crosses, squares,
# rings and gratings apart on pictures that it has never seen. Remember case 5: a Dense layer right
# behind Flatten learned something, but far too little. Why? A part may lie anywhere, and Flatten
# gives each *place* weights of its own. Those that learned about a ring in one corner know
# nothing of a ring in another.
#
# ### Build: a classifier from an empty cell
#
# Write `classifier(x, y)`. It gets pictures `x` of shape `(n, size, size)`, as `pictures` draws
# them, and their kinds `y`, whole numbers from 0 to 3. It makes a model, compiles it, trains it on
# `x` and `y`, and returns it: trained, and giving 4 numbers for each picture, the largest for the
# kind that it takes the picture for. It must get nine in ten new pictures right. Take the size from
# `x`; there will be larger pictures, too. Training should take a second or two: with
# `keras.optimizers.Adam(0.01)`, some ten **epochs**, passes through all the pictures, are plenty.
# Plain `"adam"` takes steps a tenth as large, and needs some thirty.
#
# `pictures(400, seed=2)` gives you new ones to test with before you run the check.
#
# <details><summary>A hint</summary>
#
# Two or three convolutions with relu, pooling between them, something that brings the map down to
# one row, and Dense at the end. Then `compile` with `"sparse_categorical_crossentropy"`, the loss
# for kinds given as whole numbers, and `fit`.
# </details>
#
# <details><summary>A bigger hint</summary>
#
# With few convolutions, what brings the map to one row counts most. It shouldn't matter *where* a
# ring was found, only *whether* one was, and how strongly: which pooling keeps the strongest find
# of each filter, wherever it was? And think of the channel axis.
# </details>

# %% answer="classifier" level=3
def classifier(x, y):
    """Return a model that was trained to tell the kinds y of the pictures x, (n, size, size)."""
    ### BEGIN SOLUTION
    model = keras.Sequential([
        keras.Input(shape=x.shape[1:]),
        layers.Reshape((*x.shape[1:], 1)),
        layers.Conv2D(16, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Conv2D(32, (3, 3), activation="relu"),
        layers.GlobalMaxPooling2D(),
        layers.Dense(units=4, activation="softmax"),
    ])
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    model.fit(x, y, epochs=10, verbose=0)
    return model
    ### END SOLUTION

# %% [markdown]
# The first check asks for a model that is trained at all: half of the new pictures right, which is
# twice what guessing gives. The second asks for nine in ten, on larger pictures. Each trains your
# model anew.

# %% check="classifier" points=2
check_classifier(classifier, args=(x, y), on=pictures(400, seed=3), at_least=0.5)

# %% check="classifier" aspect="new_pictures" points=2
larger, new_larger = pictures(320, seed=5, size=20), pictures(400, seed=6, size=20)
check_classifier(classifier, args=larger, on=new_larger, at_least=0.9)
### BEGIN HIDDEN TESTS
check_classifier(classifier, args=larger, on=pictures(400, seed=8, size=20), at_least=0.9)
### END HIDDEN TESTS

# %% [markdown]
# <details><summary>When you have answered</summary>
#
# Keep only one convolution, put `layers.Flatten()` in the place of whatever brings your map to one
# row, and measure the model on `x`, which it has seen, and on new pictures. On which of the two
# sets do you notice the difference? With a second convolution it nearly goes away: each of its
# numbers has looked at a larger part of the picture by then.
# </details>

# %% [markdown]
# ## Which words point where?
#
# You have read these sentences in the cases above. Cover the right column, and say what you would
# look at first.
#
# | the message says | look at |
# | --- | --- |
# | expected min_ndim=4, found ndim=2 | the layer before: something has unrolled the sample |
# | expected min_ndim=4, found ndim=3 | the data: no channel axis, or no batch axis |
# | output size would be zero or negative | the order of the axes first, then too much shrinking |
# | requires inputs with matching shapes | the number of axes on both sides of the join, then their sizes and `axis=` |
# | total size of the tensor must be unchanged | the product of the sizes before and after |
# | nothing, and the loss stays | `model.output_shape` beside the shape of the targets |
# | nothing, and answers don't add up to 1 | a softmax that worked on another axis than you think |
# | nothing, and new pictures go wrong | the pictures themselves: draw what goes in |

# %% [markdown]
# ## What you saw
#
# In this lesson:
#
# - Error messages about shapes name a layer, what it wants and what it got. You read them word by
#   word, and know that the fault may lie above the layer that complains.
# - Quiet faults show in shapes, sums, pictures and losses that stay. You look there, and where
#   targets should look like the output, you have a guard that looks first.
# - You wrote and trained a classifier from nothing, and measured it on pictures that it hadn't
#   seen.
#
# And in all seven: you know what `Input` promises and how firmly; where each number goes in
# Flatten, and what it costs behind it; what the batch axis is, and who may touch it; why Dense
# works on the last axis; what `InputLayer` is; and how to read an old post with a new Keras. That
# is most of what goes wrong in practice.
#
# ## Where to go next?
#
# To your own models. `explain(model)` says for each layer why its shape and its number of
# parameters are what they are. Try it on one of yours; here it explains the heavy one from case 8:

# %%
explain(heavy)

# %% [markdown]
# Where one of yours fails, `why()` in the next cell says what happened, with your own numbers; in
# any notebook, `%load_ext autograder` does so by itself. Here is a model from Keras's own shelf,
# which has learned nothing yet, and is handed a single photo:

# %%
shelf = keras.applications.MobileNet((64, 64, 3), alpha=0.25, weights=None)
photo = np.ones((64, 64, 3))
try:
    shelf.predict(photo, verbose=0)
except ValueError as error:
    print(why(error))

# %% [markdown]
# And to keep what you have learned, there is **[the drill](drill.ipynb)**: short questions
# without end, with the same diagnosis behind them. Ten minutes now and then are enough.
