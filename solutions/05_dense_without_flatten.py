# %% [markdown]
# # Dense without Flatten: who sees which numbers?
#
# 13 exercises · 23 points · 130 minutes
#
# **In short.** Dense works on the last axis of what it is given, and keeps the others. Samples with
# rows keep their rows: each goes through the same kernel, and gives a result of its own. If one
# result per sample is wanted, put Flatten in front of Dense:
#
# ```python
# import keras
# table = keras.Input(shape=(7, 4))
# print(keras.layers.Dense(5)(table).shape)
# print(keras.layers.Dense(5)(keras.layers.Flatten()(table)).shape)
# ```
#
# Five short lines of Keras and six numbers: one of the best-known questions about Flatten needs
# no more than that. The asker had a clear picture of a Dense layer, the picture in every textbook,
# and Keras did something else. In this lesson you take that layer apart, put it together again in
# half a dozen spellings, and find out what Flatten is for. After it you will be able to
#
# - say what a Dense layer does to samples of more than one axis: the shape, the number of
#   parameters, and which number reaches which;
# - write the same layer as a loop, as a convolution and as one large Dense full of zeros, and
#   choose between it and the network that looks at everything at once;
# - find a Flatten that is missing or stands in the wrong place, even where training runs
#   without complaint.
#
# **You need** the lessons up to here; most of all what a kernel and a bias are, and that Flatten
# keeps row-major order.

# %% locked="setup"
# No module named ...? Choose the course's own Python (.venv) as this notebook's kernel.
from autograder.learn import (  # comes first: it keeps TensorFlow's log out of the way
    Params, Reach, Size, Trains, check_count, check_function, check_model, check_numbers,
    check_prediction, check_shape, check_weights, draw_block_diagonal, draw_coincidence,
    draw_dense_rows, draw_flatten, draw_reach, draw_shapes, reads,
)

import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(0)

# %% [markdown]
# ## A puzzle with six numbers
#
# Someone builds a small network for tables of 3 rows and 2 columns: a layer of 16 units, a relu,
# and 4 numbers at the end.

# %%
keras.utils.clear_session()
puzzle = keras.Sequential([
    keras.Input(shape=(3, 2)),
    layers.Dense(16, name="D16"),
    layers.Activation("relu", name="A"),
    layers.Flatten(name="F"),
    layers.Dense(4, name="D4"),
])
puzzle.compile(loss="mean_squared_error", optimizer="SGD")

# %%
six = np.array([[[1, 2], [3, 4], [5, 6]]])
y = puzzle.predict(six, verbose=0)
print(six.shape, "becomes", y.shape, "with", y.ndim, "axes")

# %% [markdown]
# So far, so good. (The post calls that one-dimensional. It has two axes: one sample, four numbers.)
#
# Now the puzzle. When the line with Flatten is deleted, something of another shape comes out. But
# why should Flatten matter at all? Here is how the asker saw it, in our words:
#
# > The first layer has 16 units. Each of them is connected to each of the 3 × 2 numbers. So 16
# > numbers come out of it. They are flat already, and there is nothing left to flatten.
#
# Where would you object, if anywhere? Put your money down before you read on, in two
# predictions.
#
# ### Predict: what leaves the first layer
#
# What is the shape of what comes out of `D16`, for a batch of open size?
#
# <details><summary>A hint</summary>
#
# In the first lesson a Dense layer stood right behind a pooling layer. Which axes were still
# there afterwards?
# </details>
#
# <details><summary>A bigger hint</summary>
#
# Dense(5) on samples of shape (7, 4) gives samples of shape (7, 5).
# </details>

# %% answer="rows_shape" level=1
### BEGIN SOLUTION
rows_shape = (None, 3, 16)  # a tuple, such as (None, 5, 7)
### END SOLUTION

# %% check="rows_shape" points=1
check_shape(rows_shape, of=puzzle.layers[0].output)

# %% [markdown]
# ### Predict: what the first layer learns
#
# And how many parameters does `D16` have, its kernel and its biases together?
#
# <details><summary>A hint</summary>
#
# A unit has one weight for each number that it looks at *in one go*, and one bias. How many
# numbers is that here?
# </details>
#
# <details><summary>A bigger hint</summary>
#
# Dense(5) on samples of shape (7, 4): each of the 5 units looks at 4 numbers in one go, and all
# together have 5 × (4 + 1) = 25 parameters. The 7 doesn't come into it.
# </details>

# %% answer="rows_params" level=2
### BEGIN SOLUTION
rows_params = 48  # a whole number
### END SOLUTION

# %% check="rows_params" points=1
check_count(rows_params, of=puzzle.layers[0], among=puzzle)

# %% [markdown]
# ## What does the table say?
#
# One of those who replied to the asker printed the model's table, as `summary()` does. It is the
# best thing to look at, if you read it one column at a time.

# %%
puzzle.summary()

# %% [markdown]
# **The left column** lists the layers in order. Two of the four have something to learn, which is
# why the post speaks of a two-layer network.
#
# **The middle column** has the shapes. There are still three rows after `D16`: its result isn't
# flat. Flatten makes one long row of them, 3 × 16 = 48 numbers, and keeps the samples apart.
# And `None`, is that a size? Feed the model one table, then two, then 32:

# %%
up_to_flatten = keras.Model(puzzle.inputs[0], puzzle.layers[2].output)
for samples in (1, 2, 32):
    print(up_to_flatten(np.zeros((samples, 3, 2))).shape)

# %% [markdown]
# It stands for any number of samples, exactly as that reply says.
#
# The reply also says that the second entry of a shape is the number of features. After Flatten there
# are only two entries, so second and last are the same. Before it they aren't, and then Dense
# counts the *last*:

# %%
W, b = puzzle.layers[0].get_weights()
print("kernel", W.shape, "bias", b.shape)
print(W.size + b.size, "parameters, not", (3 * 2 + 1) * 16)
print([layer.count_params() for layer in puzzle.layers], "together", puzzle.count_params())

# %% [markdown]
# **The right column**, then. The kernel has 2 rows, one for each column of the table. Nothing in
# it depends on there being 3 rows. If each unit did see all six numbers, the kernel would have 6
# rows, and the layer 112 parameters. `D4` comes after Flatten, sees all its 48 numbers, and pays
# for it: 4 × (48 + 1) = 196. Together 48 + 196 = 244.
#
# ### Predict: without Flatten
#
# This is the network without its Flatten. How many parameters does it have in all?

# %%
bare = keras.Sequential([
    keras.Input(shape=(3, 2)),
    layers.Dense(16),
    layers.Activation("relu"),
    layers.Dense(4),
])

# %% [markdown]
# <details><summary>A hint</summary>
#
# The first layer hasn't changed. What does the last one get to see now, and how many numbers is
# that in one go?
# </details>
#
# <details><summary>A bigger hint</summary>
#
# Dense(5) and then Dense(6) on samples of shape (7, 4), no Flatten: 5 × (4 + 1) = 25 and
# 6 × (5 + 1) = 36.
# </details>

# %% answer="without_flatten" level=2
### BEGIN SOLUTION
without_flatten = 116  # a whole number: all parameters of `bare`
### END SOLUTION

# %% check="without_flatten" points=1
check_count(without_flatten, of=bare, before=puzzle)

# %%
print(six.shape, "becomes", bare(six).shape, "with", bare.count_params(), "parameters")

# %% [markdown]
# There is the shape that puzzled the asker. Nothing is broken. `puzzle` gives 4 numbers for each
# *table*; `bare` gives 4 numbers for each *row*. The second is a smaller network, and an answer
# to another question.

# %% [markdown]
# ## Who sees whom?
#
# **In short.** To find out, change one row of a sample and see which results change. How many weights a
# Dense has doesn't depend on how many rows or steps it is applied to.
#
# A shape tells how many results there are for each row. It doesn't tell which numbers went into
# them: might a result of row 0 still have heard something of row 2? That can be found out without
# looking inside the layer. Change one row of the sample, and watch what moves.
#
# ### Predict: what moves?
#
# A `Dense(16)` is fed a table of **4 rows and 2 columns**. Then *row 1* of the table is
# changed (counted from 0), and it is fed again. Which rows of the result are different?
#
# <details><summary>A hint</summary>
#
# How many rows does the kernel of this layer have, and so how many numbers can it take in one go?
# </details>
#
# <details><summary>A bigger hint</summary>
#
# If row 0 of 3 were changed and only row 0 of the result moved, it would be
# `[True, False, False]`; if every row moved, `[True, True, True]`.
# </details>

# %% answer="who_sees_whom" level=2
### BEGIN SOLUTION
who_sees_whom = [False, True, False, False]  # a list of four: True or False for each row
### END SOLUTION

# %% check="who_sees_whom" points=1
check_prediction(who_sees_whom, of=Reach(layers.Dense(16), shape=(4, 2), row=1))

# %% [markdown]
# The same experiment for the three rows of the puzzle, each of them changed in turn:

# %%
draw_reach(layers.Dense(16), (3, 2))

# %% [markdown]
# No row of a sample ever hears of another. The layer takes one row after the other and treats them
# all alike, with one shared kernel. Here is a small one, and beside it the layer that the asker
# had in mind:

# %%
draw_dense_rows(rows=3, features=2, units=4)

# %% [markdown]
# This is what the textbook picture has wrong, for samples like these: the layer is fully connected
# *within* a row, and not connected at all *between* rows.
#
# ### Build: Dense, row by row
#
# Now write out what Dense does. `dense_by_rows(x, W, b)` gets a batch `x` of shape (samples,
# rows, features), a kernel `W` of shape (features, units) and a bias `b`, and returns what a
# Dense layer with these weights gives. NumPy has all that you need. A loop over the rows is
# welcome. So is anything shorter.
#
# <details><summary>A hint</summary>
#
# `x[:, r]` is row `r` of every sample, an array with two axes, and `@` multiplies matrices.
# `np.stack` puts a list of arrays side by side along a new axis.
# </details>
#
# <details><summary>A bigger hint</summary>
#
# The new axis has to end up where the rows were. Compare
# `np.stack([np.zeros((5, 4)), np.zeros((5, 4))], axis=0).shape` with the same for `axis=1`.
# </details>

# %% answer="dense_by_rows" level=2
def dense_by_rows(x, W, b):
    """Return what Dense gives for x (samples, rows, features), with kernel W and bias b."""
    ### BEGIN SOLUTION
    return np.stack([x[:, r] @ W + b for r in range(x.shape[1])], axis=1)
    ### END SOLUTION

# %% [markdown]
# The check compares your function with a real Dense layer, which this helper makes. (A new layer
# starts with biases of zero. Ours aren't zero, so that a forgotten bias shows.)

# %%
def dense_with(W, b):
    """Return a Dense layer with this kernel and this bias."""
    dense = layers.Dense(len(b))
    dense.build((None, len(W)))
    dense.set_weights([W, b])
    return dense


def by_layer(x, W, b):
    """Return what Keras makes of x with this kernel and this bias."""
    return dense_with(W, b)(x)

# %%
rng = np.random.default_rng(0)
tables = rng.normal(size=(5, 3, 2)).astype("float32")
kernel = rng.normal(size=(2, 16)).astype("float32")
bias = rng.normal(size=16).astype("float32")
pages = rng.normal(size=(2, 6, 4)).astype("float32")
narrow = rng.normal(size=(4, 3)).astype("float32")

# %% check="dense_by_rows" points=2
check_function(
    dense_by_rows, like=by_layer, about="dense_by_rows",
    on=[(tables, kernel, bias), (pages, narrow, bias[:3])],
)
### BEGIN HIDDEN TESTS
others = rng.normal(size=(4, 7, 3)).astype("float32")
wide = rng.normal(size=(3, 5)).astype("float32")
check_function(dense_by_rows, like=by_layer, on=[(others, wide, bias[:5])], about="dense_by_rows")
### END HIDDEN TESTS

# %% [markdown]
# ### Would it be ambiguous?
#
# One reply holds that without Flatten it would be ambiguous how the input is mapped to the layer.
# There is something in that. "A Dense layer on a table" can be understood in more than one way,
# and further down you will meet three. The *layer* has to choose one. Which did Keras choose, and
# would you get the same from tools that have never heard of Keras?

# %%
by_keras = np.asarray(dense_with(kernel, bias)(tables))
spellings = {
    "x @ W + b": tables @ kernel + bias,
    "einsum": np.einsum("nrf,fu->nru", tables, kernel) + bias,
    "tensordot": np.tensordot(tables, kernel, axes=[-1, 0]) + bias,
}
for name, numbers in spellings.items():
    print(name, numbers.shape, np.allclose(numbers, by_keras, atol=1e-5))

# %% [markdown]
# Keras chose $xW + b$ *on the last axis*. That three spellings of one formula agree proves little
# about the words, which stay ambiguous. But the layer isn't: for whatever it takes, two axes or
# more, this one line says what comes out (before any activation), and NumPy's `@` happens to follow
# the same rule.
#
# The second spelling is worth a look. In **einsum**, short for Einstein's summation, each axis
# has a letter: `n` samples, `r` rows, `f` features, `u` units. A letter that is gone on the right
# is summed over; that's `f`. A letter that stays keeps its axis; that's `r`. And the kernel `fu`
# has no `r`, so it is the same for each row. You can read the whole lesson off `nrf,fu->nru`.

# %% [markdown]
# ## Is 48 equal to 48?
#
# Look at the table once more. The number 48 stands there twice: in the row of `D16` as its
# parameters, in the row of `F` as its width. It is tempting to see a law in that. What would
# happen to both if the tables had 5 rows?
#
# ### Predict: five rows
#
# The same network, on tables of **5 rows and 2 columns**. Give three numbers: the parameters of
# `Dense(16)`, the width after Flatten, and the parameters of `Dense(4)`.

# %%
five = keras.Sequential([
    keras.Input(shape=(5, 2)),
    layers.Dense(16, activation="relu"),
    layers.Flatten(),
    layers.Dense(4),
])

# %% [markdown]
# <details><summary>A hint</summary>
#
# Which of the three have anything to do with the number of rows?
# </details>
#
# <details><summary>A bigger hint</summary>
#
# On tables of 7 rows and 4 columns, with Dense(5), Flatten and Dense(6), the three numbers would
# be 5 × (4 + 1) = 25, then 7 × 5 = 35, then 6 × (35 + 1) = 216.
# </details>

# %% answer="coincidence" level=2
### BEGIN SOLUTION
coincidence = [48, 80, 324]  # a list of three whole numbers
### END SOLUTION

# %% check="coincidence" points=1
check_numbers(
    coincidence,
    of=[Params(five.layers[0]), Size(five.layers[1].output), Params(five.layers[2])],
    before=[Params(puzzle.layers[0]), Size(puzzle.layers[2].output), Params(puzzle.layers[3])],
)

# %%
for rows in range(1, 7):
    first = layers.Dense(16)
    flat = layers.Flatten()(first(keras.Input((rows, 2))))
    print(rows, "rows:", first.count_params(), "parameters, width", flat.shape[-1])

# %%
draw_coincidence(units=16, features=2, most=6)

# %% [markdown]
# One stands still, the other climbs, and at 3 rows they meet. The table is right, and its two 48s
# have nothing to do with each other: one is 16 × (2 + 1), the features and a bias, the other is
# 16 × 3, the rows. They agree where there is one row more than there are columns, and for no
# better reason.

# %% [markdown]
# ## What else is the same layer?
#
# Once a thing is understood, it turns up under other names. You will meet the row-by-row Dense in
# code that doesn't call it that.
#
# `TimeDistributed` takes a layer and applies it to each row of a sample. (It speaks of time because
# the rows are often moments.) Wrapped around a Dense layer, what does it add?

# %%
wrapped = layers.TimeDistributed(layers.Dense(16))
wrapped(tables)
wrapped.set_weights([kernel, bias])
print(wrapped.count_params(), "parameters, same numbers:",
      np.allclose(wrapped(tables), by_keras, atol=1e-5))

# %% [markdown]
# Nothing but words. It has one set of weights, as Dense does, and gives the same numbers.
#
# ### Build: Dense as a convolution
#
# A `Conv1D` slides a window along the rows. With a window of **one row**, it looks at each row
# alone, with the same weights everywhere, and that sounds familiar. Write `as_convolution(W, b)`:
# the weights of a `Conv1D(units, kernel_size=1)` that does exactly what Dense does with kernel
# `W` and bias `b`. Return two arrays, first the kernel, then the bias.
#
# <details><summary>A hint</summary>
#
# The numbers are the same; it is only a matter of axes. Build a small one,
# `layers.Conv1D(5, 2)`, call it on `np.zeros((1, 7, 4))`, and print the shape of its kernel.
# </details>
#
# <details><summary>A bigger hint</summary>
#
# The kernel of that small one has the shape (2, 4, 5): the window's length, the features that
# come in, the filters. With a window of one row, the first size is 1. `A[None]` puts an axis of
# size 1 in front of an array `A`.
# </details>

# %% answer="as_convolution" level=2
def as_convolution(W, b):
    """Return kernel and bias of a Conv1D of window 1 that does what Dense does with W and b."""
    ### BEGIN SOLUTION
    return W[np.newaxis, :, :], b
    ### END SOLUTION

# %% check="as_convolution" points=2
check_weights(
    as_convolution, like=dense_with(kernel, bias), layer=layers.Conv1D(16, 1),
    on=tables, args=(kernel, bias), about="dense_as_convolution", given=(3,),
)
like, layer, args = dense_with(narrow, bias[:3]), layers.Conv1D(3, 1), (narrow, bias[:3])
check_weights(as_convolution, like, layer, pages, args, "dense_as_convolution", given=(6,))

# %% [markdown]
# For images it is called the 1 × 1 convolution: Dense on the channels of each pixel.
#
# ## What does it look like to Flatten?
#
# Here is the last disguise, and the one that settles the argument with the textbook. Unroll the
# table first, all six numbers in a row, and unroll the result, too. Between the two there must be
# *some* large fully connected layer that does the same job. What is in its kernel?

# %%
print(np.asarray(layers.Flatten()(np.arange(6).reshape(1, 3, 2))))

# %% [markdown]
# Row 0 of the table comes first, then row 1, then row 2. The results stand in the same order, 16
# for each row. So the large kernel has a row for each of the 6 numbers and a column for each of
# the 48 results. Where a number and a result belong to the same row, there has to be a weight of
# `W`. Elsewhere?
#
# NumPy has a tool for such patterns. `np.kron(A, B)`, the **Kronecker product**, writes a copy of
# `B` in the place of each number of `A`, multiplied by that number:

# %%
print(np.kron(np.array([[1, 10], [0, 3]]), np.array([[1, 2]])))

# %% [markdown]
# ### Build: one big kernel
#
# Write `big_kernel(W, b, rows)`: kernel and bias, in this order, of one large Dense layer that, on
# the unrolled table, gives the unrolled result of the small layer with `W` and `b`.
#
# <details><summary>A hint</summary>
#
# Take a pencil and 2 rows of 2 numbers, 1 unit. The kernel has 4 rows and 2 columns. Which of its
# 8 places may not be anything but zero?
# </details>
#
# <details><summary>A bigger hint</summary>
#
# Whole copies of `W` stand along the diagonal, with zeros around them. `np.eye(n)` has ones on
# its diagonal. For the bias: `np.tile([1, 2], 3)` and `np.repeat([1, 2], 3)` are not the same;
# which has the order of the results?
# </details>

# %% answer="big_kernel" level=3
def big_kernel(W, b, rows):
    """Return kernel and bias of a Dense on flat tables that does what W and b do row by row."""
    ### BEGIN SOLUTION
    return np.kron(np.eye(rows), W), np.tile(b, rows)
    ### END SOLUTION

# %% check="big_kernel" points=2
check_weights(
    big_kernel, like=lambda x: layers.Flatten()(dense_with(kernel, bias)(x)),
    layer=keras.Sequential([layers.Flatten(), layers.Dense(48)]),
    on=tables, args=(kernel, bias, 3), about="block_diagonal",
)

# %% [markdown]
# The second check has tables of other sizes.

# %% check="big_kernel" aspect="sizes" points=1
slim = rng.normal(size=(4, 3)).astype("float32")
check_weights(
    big_kernel, like=lambda x: layers.Flatten()(dense_with(slim, bias[:3])(x)),
    layer=keras.Sequential([layers.Flatten(), layers.Dense(15)]),
    on=rng.normal(size=(6, 5, 4)), args=(slim, bias[:3], 5), about="block_diagonal",
)
### BEGIN HIDDEN TESTS
thin = rng.normal(size=(2, 3)).astype("float32")
like = keras.Sequential([dense_with(thin, bias[:3]), layers.Flatten()])
big = keras.Sequential([layers.Flatten(), layers.Dense(6)])
few = rng.normal(size=(3, 2, 2))
check_weights(big_kernel, like, big, few, (thin, bias[:3], 2), about="block_diagonal")
### END HIDDEN TESTS

# %% [markdown]
# Here it is with 4 of the 16 units, so that the copies can be made out. Which cells are alike?

# %%
draw_block_diagonal(kernel[:, :4], 3)

# %%
print("numbers in the large kernel:", 6 * 48, "of which not zero:", 3 * kernel.size,
      "and different:", kernel.size)

# %% [markdown]
# (These are the numbers for all 16 units.) So a Dense on three rows *is* a fully connected layer from 6
# numbers to 48 results, if you insist. But two thirds of its weights are zero and stay zero, and the others come in three
# identical copies. Such a kernel is called **block-diagonal**. What Dense saves you is everything
# in the picture that isn't the first block.

# %% [markdown]
# ## What did the asker want?
#
# A layer of 16 units, each connected to each of the 3 × 2 numbers. That is a perfectly good wish.
# It only needs to be written down differently.
#
# ### Build: all at once
#
# Write `all_at_once(rows, features)`: a model for tables of that size, in which each of **16
# units** with a **relu** sees all the numbers of the table, followed by **4 numbers** at the end,
# without an activation. For 3 rows and 2 features it has 112 + 68 = 180 parameters.
#
# <details><summary>A hint</summary>
#
# Whatever stands right in front of the first Dense decides what it sees.
# </details>
#
# <details><summary>A bigger hint</summary>
#
# A Dense layer sees everything on the *last* axis. Which layer puts all the numbers of a sample
# there?
# </details>

# %% answer="all_at_once" level=2
def all_at_once(rows, features):
    """Return a model from (None, rows, features) to (None, 4); its 16 units see everything."""
    ### BEGIN SOLUTION
    table = keras.Input(shape=(rows, features))
    hidden = layers.Dense(16, activation="relu")(layers.Flatten()(table))
    return keras.Model(table, layers.Dense(4)(hidden))
    ### END SOLUTION

# %% check="all_at_once" points=1
check_model(
    all_at_once, args=(3, 2), input_shape=(None, 3, 2), output_shape=(None, 4),
    params=112 + 68,
)

# %% [markdown]
# The second check compares the numbers, with random weights, on tables of another size.

# %% check="all_at_once" aspect="numbers" points=2
def wished(x, W, b, V, c):
    flat = x.reshape(len(x), -1)
    return np.maximum(0, flat @ W.reshape(-1, 16) + b) @ V + c


check_model(
    all_at_once, args=(5, 4), input_shape=(None, 5, 4), output_shape=(None, 4), computes=wished,
)
### BEGIN HIDDEN TESTS
check_model(all_at_once, args=(2, 7), input_shape=(None, 2, 7), output_shape=(None, 4),
            computes=wished)
### END HIDDEN TESTS

# %% [markdown]
# ### Three readings of one sentence
#
# There is even a third thing that "a Dense layer on a table" could mean: every row on its own,
# but with *weights of its own*. Keras has a layer that takes an einsum formula, so all
# three can be written side by side. `EinsumDense` wants to know three things: the formula, the
# shape of what it gives for one sample (`None` where it takes a size from its input), and the
# letters for which there are biases of their own. Read the formulas before you look at the
# numbers: where is `r` in each?

# %%
readings = {
    "one kernel for all rows": ("nrf,fu->nru", (None, 16), "u"),
    "everything at once": ("nrf,rfu->nu", 16, "u"),
    "a kernel for each row": ("nrf,rfu->nru", (3, 16), "ru"),
}
for name, (formula, output_shape, biases) in readings.items():
    layer = layers.EinsumDense(formula, output_shape, bias_axes=biases)
    print(f"{name}: {layer(tables).shape}, {layer.count_params()} parameters")

# %% [markdown]
# The first is what Dense does: `r` isn't in the kernel, and stays in the result. The second is
# what the asker meant, and what Flatten before Dense does: `r` is in the kernel and is summed, so
# each number is connected to each unit, 16 × (6 + 1) = 112. The third has `r` in both, and 3
# kernels of 48 parameters each. If your rows mean different things (height, weight, age), the
# shared kernel is the wrong reading. If they are of one kind (words, moments, pixels), it is
# just what you want: it learns from every row, and it doesn't care how many there are.

# %% [markdown]
# ### Build: everything at once, as a convolution
#
# A window of one row gave you the row-by-row layer. Make the window as large as the *whole image*,
# and it fits in one place only and sees everything: Flatten and Dense, in yet another spelling.
#
# Write `full_size_convolution(W, shape)`. `W`, of shape (height × width × channels, units), is
# the kernel of a Dense layer behind Flatten, `shape` is `(height, width, channels)`. Return the
# kernel of `Conv2D(units, kernel_size=(height, width))` that does the same. Leave the bias out of
# it: both layers are meant without one, and the kernel alone is to be returned.
#
# <details><summary>A hint</summary>
#
# The same numbers in another arrangement. Its shape is window height, window width, channels,
# filters. In which order did Flatten take the numbers of the image?
# </details>
#
# <details><summary>A bigger hint</summary>
#
# Row-major, channels fastest: the very order in which `reshape` fills an array. `(*shape, 5)` is
# the tuple `shape` with a 5 at its end.
# </details>

# %% answer="full_size_convolution" level=3
def full_size_convolution(W, shape):
    """Return W, the kernel of a Dense behind Flatten, as the kernel of a Conv2D of full size."""
    ### BEGIN SOLUTION
    height, width, channels = shape
    return W.reshape(height, width, channels, W.shape[1])
    ### END SOLUTION

# %%
images, head = rng.normal(size=(2, 5, 4, 3)), rng.normal(size=(60, 7)).astype("float32")
strips, tip = rng.normal(size=(4, 3, 8, 2)), rng.normal(size=(48, 5)).astype("float32")
convolution = keras.Sequential([layers.Conv2D(7, (5, 4), use_bias=False), layers.Flatten()])
other = keras.Sequential([layers.Conv2D(5, (3, 8), use_bias=False), layers.Flatten()])

# %% check="full_size_convolution" points=3
check_weights(
    full_size_convolution, like=lambda x: layers.Flatten()(x).numpy() @ head,
    layer=convolution, on=images, args=(head, (5, 4, 3)), about="flatten_as_convolution",
)
check_weights(
    full_size_convolution, like=lambda x: layers.Flatten()(x).numpy() @ tip,
    layer=other, on=strips, args=(tip, (3, 8, 2)), about="flatten_as_convolution",
)
### BEGIN HIDDEN TESTS
maps, top = rng.normal(size=(3, 2, 6, 5)), rng.normal(size=(60, 4)).astype("float32")
layer = keras.Sequential([layers.Conv2D(4, (2, 6), use_bias=False), layers.Flatten()])
like = keras.Sequential([layers.Flatten(), dense_with(top, np.zeros(4))])
args, about = (top, (2, 6, 5)), "flatten_as_convolution"
check_weights(full_size_convolution, like, layer, maps, args, about)
### END HIDDEN TESTS

# %% [markdown]
# ## What is Flatten for, then?
#
# **In short.** It puts all the numbers of a sample on one axis, the last, so that the next Dense
# sees them together. It isn't there to prevent an error: Dense runs without it.
#
# With that in hand you can judge what else is said about it.
#
# ### All dimensions but one?
#
# To flatten is to leave a single dimension, it is said, and the Flatten layer does precisely that.
# The first half is true of NumPy's method. And the second?

# %%
pair = np.arange(12).reshape(2, 3, 2)
print("NumPy's flatten:", pair.flatten().shape)
print("Keras's Flatten:", layers.Flatten()(pair).shape)

# %% [markdown]
# The layer leaves one axis more: there are two tables, and they stay two, with 6 numbers each. What
# Flatten does settle is the *order*: which number of a table becomes which number of the row. Here
# it is as a picture:

# %%
draw_flatten(height=3, width=2, channels=1)

# %% [markdown]
# ### The same shape as the data?
#
# A rule of thumb is handed on: the first layer should have the same shape as the data. For images
# of 28 by 28 that would take 28 layers of 28 neurons each, far too many, and so one flattens them
# to 784 × 1. Three statements. Which of them survive?

# %%
image = keras.Input(shape=(28, 28))
rowwise = layers.Dense(28)
print(rowwise(image).shape, rowwise.count_params(), "parameters")
print(layers.Dense(5)(layers.Flatten()(image)).shape)

# %% [markdown]
# One layer of 28 units works on such an image, with 812 parameters, and takes the 28 rows one by
# one. And 5 units do very well on 784 numbers. No layer has to have the shape of the data. The
# shape of the data is what you tell `keras.Input`; units are how many numbers you want to get.
#
# That leaves the third statement. Is 784 × 1 the same as 784? In the arithmetic of sizes it is.
#
# ### Predict: 784, and 784 × 1
#
# A `Dense(100)` meets samples of shape `(784,)`, and another `Dense(100)` samples of shape
# `(784, 1)`. Give three numbers: the parameters of the first, the parameters of the second, and
# how many numbers the second gives for one sample, which is the width of its result after Flatten.

# %%
vector, column = keras.Input(shape=(784,)), keras.Input(shape=(784, 1))
on_vector, on_column = layers.Dense(100), layers.Dense(100)
from_vector, from_column = on_vector(vector), on_column(column)

# %% [markdown]
# <details><summary>A hint</summary>
#
# How many numbers are there on the last axis, in each of the two?
# </details>
#
# <details><summary>A bigger hint</summary>
#
# Dense(5) on samples of shape (7,) has 5 × (7 + 1) = 40 parameters. A sample of shape (7, 2) has
# 7 rows, and Dense(5) would give 7 × 5 = 35 numbers for it.
# </details>

# %% answer="vector_and_column" level=2
### BEGIN SOLUTION
vector_and_column = [78500, 200, 78400]  # a list of three whole numbers
### END SOLUTION

# %% check="vector_and_column" points=1
check_numbers(
    vector_and_column,
    of=[Params(on_vector), Params(on_column), Size(layers.Flatten()(from_column))],
)

# %%
print("(784,) gives", from_vector.shape, "and", on_vector.count_params(), "parameters")
print("(784, 1) gives", from_column.shape, "and", on_column.count_params(), "parameters")

# %% [markdown]
# To Dense it's another world. 784 numbers on the last axis are one vector. 784 × 1 is 784 rows of
# a single number each, every one of them treated alone, by the same few weights.
#
# ### At the beginning, or at the end?
#
# Flatten goes at the beginning, the rule continues, so that images are unrolled when they are
# fed. That part works: no code of yours has to touch the arrays.

# %%
unrolling = keras.Sequential([
    keras.Input((28, 28)), layers.Flatten(), layers.Dense(64, activation="relu"),
])
print(unrolling.predict(np.zeros((8, 28, 28)), verbose=0).shape)

# %% [markdown]
# But is the beginning *the* place for it? What if a convolution comes next?

# %%
try:
    layers.Conv2D(8, 3)(layers.Flatten()(image))
except ValueError as error:
    print(reads(error))

# %% [markdown]
# A convolution needs rows and columns, and Flatten has hidden them. So in a network with
# convolutions Flatten comes behind the last of them, in front of the first Dense, where the blocks
# turn into a bar. What it unrolls there is not the input:

# %%
scan = keras.Sequential([
    keras.Input((28, 28, 1)), layers.Conv2D(8, 3), layers.MaxPooling2D(2),
    layers.Flatten(), layers.Dense(10),
])
print([type(layer).__name__ for layer in scan.layers])
draw_shapes(scan)

# %% [markdown]
# Some layers don't mind on which side of Flatten they stand: those that treat every number by
# itself. `Rescaling`, which is often used to bring pixels from 0…255 to 0…1, is one of them.
# The same numbers, to the last bit, and 255 becomes 1:

# %%
pixels = rng.integers(0, 256, size=(2, 4, 4, 3))
scale, unroll = layers.Rescaling(1 / 255), layers.Flatten()
print(np.array_equal(scale(unroll(pixels)), unroll(scale(pixels))),
      float(np.max(scale(np.array([0, 255])))))

# %% [markdown]
# ## What if Flatten is forgotten?
#
# **In short.** There is an answer for each row, and the output has an axis that you didn't want, perhaps
# of size 1. Some losses refuse it, some stretch the targets. Print `model.output_shape` beside `y.shape`.
#
# Dense doesn't complain about a missing Flatten. So who does? If you are lucky, the loss, the part
# that compares what the model gives with what you want. Here is a classifier of images in which
# the line was left out. Its softmax turns the numbers on the last axis into probabilities, which
# add up to 1.

# %%
forgotten = keras.Sequential([keras.Input((28, 28)), layers.Dense(10, activation="softmax")])
forgotten.compile(optimizer="sgd", loss="sparse_categorical_crossentropy")
photos, labels = rng.random((8, 28, 28)), rng.integers(0, 10, 8)
try:
    forgotten.fit(photos, labels, verbose=0)
except ValueError as error:
    print(reads(error))

# %% [markdown]
# Word by word. *target* is what you want, the labels: one axis, as each sample has one label.
# *output* is what the model gives: samples, then 28, then 10 classes. The **rank**, or *ndim*, is
# the number of axes, and there is one too many. Its size says which: 28, the rows of the image. Ten
# probabilities *for each row*. (One sign is the wrong way round: this loss wants an output with
# one axis more than the target, so the message should read `target.ndim + 1`.)
#
# An odd number in the middle of an output shape, one that you know from your data, is nearly always
# the sign of a missing Flatten.
#
# ### And if nobody complains?
#
# Someone reads that message, remembers that there is a layer to get rid of axes, and adds it, at
# the end:

# %%
def misplaced(height, width, classes):
    """Return a classifier of images in which Flatten stands in the wrong place."""
    return keras.Sequential([
        keras.Input((height, width)),
        layers.Dense(classes, activation="softmax"),
        layers.Flatten(),
    ])

# %%
late = misplaced(28, 28, 10)
late.compile(optimizer="sgd", loss="sparse_categorical_crossentropy")
late.fit(photos, labels, verbose=0)
found = late.predict(photos, verbose=0)
print(found.shape, "sum of the first prediction:", round(float(found[0].sum()), 3))

# %% [markdown]
# It trains, and no message comes. But the "probabilities" of one image add up to 28, and there are
# 28 × 10 = 280 of them, for ten classes. The labels 0 to 9 pick one of the first ten, and those
# come from row 0 of the image. The other 27 rows?

# %%
changed = photos.copy()
changed[:, 1:] = rng.random((8, 27, 28))
again = late.predict(changed, verbose=0)
print(np.allclose(found[:, :10], again[:, :10], atol=1e-5))

# %% [markdown]
# The numbers that are trained to be the classes don't look at them. Every image is different except
# for its first row, and the verdict is the same.
#
# ### Build: mend it
#
# Write `mended(height, width, classes)`: the same two layers as in `misplaced`, such that the model
# gives **one probability for each class**, these add up to 1, and every pixel has a say. The images
# stay as they are.
#
# <details><summary>A hint</summary>
#
# What should the Dense layer find on the last axis? And what did it find in `misplaced`?
# </details>
#
# <details><summary>A bigger hint</summary>
#
# For 28 by 28 and ten classes the right model has 10 × (784 + 1) = 7,850 parameters, and
# `misplaced` has 10 × (28 + 1) = 290. Whatever you do, count.
# </details>

# %% answer="mended" level=2
def mended(height, width, classes):
    """Return a classifier of images: (None, height, width) to (None, classes), softmax."""
    ### BEGIN SOLUTION
    start = keras.Input(shape=(height, width))
    unrolled = layers.Flatten()(start)
    return keras.Model(start, layers.Dense(classes, activation="softmax")(unrolled))
    ### END SOLUTION

# %% check="mended" points=1
check_model(
    mended, args=(28, 28, 10), input_shape=(None, 28, 28), output_shape=(None, 10),
    params=10 * (784 + 1),
)

# %% check="mended" aspect="numbers" points=2
def probabilities(x, W, b):
    e = np.exp(x.reshape(len(x), -1) @ W.reshape(-1, len(b)) + b)
    return e / e.sum(axis=-1, keepdims=True)


check_model(
    mended, args=(6, 5, 3), input_shape=(None, 6, 5), output_shape=(None, 3),
    computes=probabilities,
)
### BEGIN HIDDEN TESTS
check_model(mended, args=(4, 9, 2), input_shape=(None, 4, 9), output_shape=(None, 2),
            computes=probabilities)
### END HIDDEN TESTS

# %% [markdown]
# ### When do targets fit?
#
# **In short.** When every axis counts the same thing on both sides, and has the same size. The mean
# squared error accepts more than that, and an "Incompatible shapes" at the end of a long message
# means that even it could not subtract the two.
#
# The loss of the puzzle, the mean squared error, is more easy-going. It subtracts the target from
# the output by NumPy's rules, with one exception that comes below: shapes are compared from the
# last axis on, a size of 1 is stretched, and any other difference is an error. An axis that is
# missing in front counts as 1. This is called **broadcasting**. Here is a model for tables without
# a Flatten, and a target of 4 numbers for each of 8 tables. Do they fit?

# %%
def table_model():
    """Return a compiled model that gives 4 numbers for each row of a table."""
    model = keras.Sequential([keras.Input((3, 2)), layers.Dense(4)])
    model.compile(optimizer="sgd", loss="mse")
    return model


try:
    table_model().fit(np.zeros((8, 3, 2)), np.zeros((8, 4)), verbose=0)
except Exception as error:
    print(reads(error))

# %% [markdown]
# The 8 samples of the target met the 3 rows of the output. (How many samples there are is open when
# the model is put together, so only TensorFlow notices, while it calculates, and it calls that an
# `InvalidArgumentError`. Where two sizes that are known beforehand clash, it is a `ValueError`.)
#
# In one case Keras steps in before NumPy's rules do: where one of the two has an axis more, and
# that is a last axis of size 1. What does it make of four outputs in a column and four targets in
# a row?

# %%
row = np.arange(4.0)
print("Keras:", float(keras.losses.MeanSquaredError()(row, row[:, None])),
      "NumPy's rules:", float(np.mean((row - row[:, None]) ** 2)))

# %% [markdown]
# NumPy's rules would compare each output with every target. Keras first gives both the same number
# of axes, and so compares one with one, which is what you want. By the same token an output
# `(8, 3, 1)` trains on a target `(8, 3)`.
#
# ### Predict: which of them train?
#
# `table_model` again. Which of these end in `"trains"`, and which in `"ValueError"`?
#
# 1. 8 tables, target `(8, 1, 4)`
# 2. 8 tables, target `(8, 2, 4)`
# 3. 8 tables, target `(8, 3, 1)`
# 4. 3 tables, target `(3, 4)`
#
# <details><summary>A hint</summary>
#
# Write output and target below each other, their last axes aligned. The case of the column doesn't
# occur here, so NumPy's rules apply: a size of 1, or a missing axis in front, fits everything.
# </details>
#
# <details><summary>A bigger hint</summary>
#
# Ask NumPy: `np.zeros((5, 2, 7)) - np.zeros((5, 1, 7))` works, and `np.zeros((5, 2, 7)) -
# np.zeros((5, 7))` doesn't. And if there were only 2 samples?
# </details>

# %% answer="what_trains" level=3
### BEGIN SOLUTION
what_trains = ["trains", "ValueError", "trains", "trains"]  # a list of four strings
### END SOLUTION

# %% check="what_trains" points=1
check_prediction(what_trains, of=[
    Trains(table_model, x=(8, 3, 2), y=(8, 1, 4)),
    Trains(table_model, x=(8, 3, 2), y=(8, 2, 4)),
    Trains(table_model, x=(8, 3, 2), y=(8, 3, 1)),
    Trains(table_model, x=(3, 3, 2), y=(3, 4)),
])

# %% [markdown]
# <details><summary>When you have answered</summary>
#
# The first gives all rows of a table the same target. The third gives all four numbers of a row
# the same target. The last is the meanest: with 3 samples of 3 rows, a target that was meant for
# *samples* is taken for *rows*, and with 8 samples the same code fails.
# </details>

# %% [markdown]
# So before the first training print three shapes, and read them aloud:

# %%
model, target = table_model(), np.zeros((8, 4))
print("input", model.input_shape, "output", model.output_shape, "target", target.shape)

# %% [markdown]
# Say of each axis what it counts. "Samples, rows, four numbers" is what this model gives, and
# "samples, four numbers" is what it is to learn: nobody wants a result for each row, so a Flatten
# is missing, or something else that brings the rows together. What has to fit depends on the loss.
# With the mean squared error all sizes should be equal, one by one (`None` stands for the samples).
# With labels that are whole numbers and a probability for each class, the output has one axis more
# than the target, that of the classes, and rightly so.
#
# Counting axes alone is not enough. Numbers 1 and 3 above have as many axes as the output, and they
# are two of the traps. Does every axis count the same thing on both sides?

# %% [markdown]
# ## What the posts say, and what is true
#
# | you will read | what is true |
# | --- | --- |
# | each of the 16 units is connected to each of the 3 × 2 numbers | to the 2 numbers of one row; the kernel is (2, 16), and all rows share it |
# | what comes out of the first layer is flat: (1, 16) | there is a result for each row; the axis of the rows stays |
# | one-dimensional data of shape (1, 4) | two axes: one sample, four numbers |
# | the table: 48, 0, 0, 196, together 244 | true, but 48 = 48 only for three rows of two |
# | the second entry of a shape is the number of features | the last one is |
# | Flatten removes all dimensions but one | NumPy's method does; the layer keeps the samples apart |
# | the first layer should have the shape of the data | Input has it; the units are yours to choose |
# | 28 layers of 28 neurons would be infeasible | one layer, Dense(28), works row by row |
# | an image becomes 784 × 1 | it becomes 784; 784 × 1 is 784 rows to Dense |
# | Flatten goes at the beginning | in front of the first Dense that should see everything, behind the last convolution |
# | without Flatten the mapping would be ambiguous | the words are; the layer isn't: it is $xW + b$ on the last axis |
# | after Flatten each element is connected to each unit | true |

# %% [markdown]
# ## What you saw
#
# - Dense works on the last axis. Every other axis stays, one kernel is shared by all rows, and no
#   row hears of another. Shape, parameters and connections follow from that.
# - A loop, einsum, TimeDistributed, a convolution with a window of 1, a block-diagonal kernel: all
#   the same layer. Flatten in front of Dense is another network, the one that sees everything,
#   and a convolution of full size is its disguise.
# - A missing Flatten shows as an axis that nobody asked for. Some losses refuse it, some stretch
#   the target to fit, and a Flatten at the end hides it. Say of each axis of output and target what
#   it counts.
#
# **Next**: old posts and new Keras. Why do so many old snippets no longer run, and how do you read
# them all the same?
