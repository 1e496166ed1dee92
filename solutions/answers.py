# %% [markdown]
# # The answers in short
#
# 5 minutes
#
# One question at a time, a few sentences, and where it helps three lines that run as they stand. With
# this page you will be able to
#
# - look up what you want to know, and nothing else;
# - copy lines that run, with their imports;
# - go on, by the link below each answer, to the section that shows why.
#
# **You need** a question. If yours isn't here, **[the index](questions.ipynb)** has more of them,
# and Keras's messages. What the lines print is behind them, after the arrow.

# %% [markdown]
# ## What is the shape of an input?
#
# That of **one sample**, without the number of samples: `(features,)` for a row of a table, `(steps,
# features)` for a sequence, `(height, width, channels)` for an image. Keras puts the batch axis in
# front, as `None`; an axis of your own that may differ from batch to batch is `None` as well, as in
# `(None, features)`. **[Why?](01_input_vs_flatten.ipynb#The-axis-that-you-didn't-write)**

# %%
import keras
import numpy as np
x = np.zeros((100, 28, 28, 1))
print(keras.Input(shape=x.shape[1:]).shape)  # → (None, 28, 28, 1)

# %% [markdown]
# ## How do I predict for a single sample?
#
# As a batch of one. A slice keeps the batch axis, `x[:1]`; a plain index, `x[0]`, takes it away, and
# `[None]` puts it back. What comes out is a batch of one, too: its `[0]` is the prediction.
# **[Why?](06_old_posts_new_keras.ipynb#What-may-you-hand-to-a-model?)**

# %%
import keras
import numpy as np
model = keras.Sequential([keras.Input((6,)), keras.layers.Dense(2)])
x = np.ones((100, 6))
print(model.predict(x[:1], verbose=0).shape)  # → (1, 2)
print(model.predict(x[0][None], verbose=0).shape)  # → (1, 2)

# %% [markdown]
# ## What does Input do, and InputLayer?
#
# `keras.Input` is a function, and the one to write, in a Sequential as in any other model. It makes an
# `InputLayer`, the first layer of the model, and returns the tensor on which you call the next layer. It
# says what will come in. The model holds the data to that, within limits: it casts them to the declared
# dtype, may add or drop a last axis of size 1, and a Sequential doesn't compare sizes.
# **[Why?](01_input_vs_flatten.ipynb#Where-does-the-promise-leak?)**

# %%
import keras
start = keras.Input((4,))
model = keras.Model(start, keras.layers.Dense(2)(start))
print(start.shape, type(model.layers[0]).__name__)  # → (None, 4) InputLayer

# %% [markdown]
# ## What does Flatten do?
#
# It turns each sample into one row, in the order in which the numbers are stored, and keeps the
# samples apart: `(batch, a, b, c)` becomes `(batch, a × b × c)`. It has no weights itself, but a Dense
# behind it needs a weight for each of these numbers and each of its units.
# **[Why?](01_input_vs_flatten.ipynb#What-does-Flatten-do?)**

# %%
import keras
image = keras.Input((4, 5, 3))
print(keras.layers.Flatten()(image).shape)  # → (None, 60)

# %% [markdown]
# ## Flatten, or global pooling?
#
# Flatten if it matters *where* in the image something is, and the size is fixed. Global pooling if it
# matters *whether* it is there: it leaves one number for each channel, takes images of any size, and keeps
# the Dense behind it small. The average says how much of it there is, the maximum how clearly it was seen
# at its best place. **[Why?](02_how_flatten_works.ipynb#The-bill)**

# %%
import keras
maps = keras.Input((7, 7, 32))
print(keras.layers.Flatten()(maps).shape)  # → (None, 1568)
print(keras.layers.GlobalAveragePooling2D()(maps).shape)  # → (None, 32)

# %% [markdown]
# ## What does Dense do without Flatten?
#
# It works on the last axis and keeps all others. If a sample is a table of 3 rows and 2 columns, each row
# goes through the same kernel, by itself, and gives a row of its own: 3 answers for the sample, and not
# one. For one answer that has seen all rows, put Flatten before it.
# **[Why?](05_dense_without_flatten.ipynb#Who-sees-whom?)**

# %%
import keras
table = keras.Input((3, 2))
dense = keras.layers.Dense(16)
print(dense(table).shape)  # → (None, 3, 16)
print(dense.count_params(), "=", 2 * 16, "+", 16)  # → 48 = 32 + 16

# %% [markdown]
# ## Which shape comes out of a convolution?
#
# With `padding="valid"`, which is what you get unless you say otherwise, there is a result for each
# place where the window fits: `(size - window) // strides + 1`. With `"same"` the window doesn't
# count: it is the size divided by the strides, rounded up. The last axis is the number of filters.
# **[Why?](02_how_flatten_works.ipynb#The-example-that-was-announced)**

# %%
import keras
image = keras.Input((31, 31, 3))
print(keras.layers.Conv2D(8, 5)(image).shape)  # → (None, 27, 27, 8)
print(keras.layers.Conv2D(8, 5, strides=2)(image).shape)  # → (None, 14, 14, 8)
print(keras.layers.Conv2D(8, 5, strides=2, padding="same")(image).shape)  # → (None, 16, 16, 8)

# %% [markdown]
# ## What does a recurrent layer give?
#
# Its result after the last step, `(batch, units)`; with `return_sequences=True` that of every step,
# `(batch, steps, units)`, which the next recurrent layer needs. The units have nothing to do with the
# number of steps, which may stay open. With `return_state=True` its states come as well.
# **[Why?](03b_sequences_and_inputs.ipynb#What-does-return_sequences-change?)**

# %%
import keras
steps = keras.Input((10, 3))
every = keras.layers.LSTM(16, return_sequences=True)(steps)
print(every.shape, keras.layers.LSTM(8)(every).shape)  # → (None, 10, 16) (None, 8)

# %% [markdown]
# ## Reshape, or Permute?
#
# `Reshape` reads the numbers in the order in which they are stored and counts them off anew; `Permute`
# moves axes, and the numbers with them. To bring channels from the front to the end, permute: a Reshape
# gives the same shape, and a scrambled image. `Permute` counts axes from 1, without the batch.
# **[Why?](02_how_flatten_works.ipynb#A-shape-is-not-an-order)**

# %%
import keras
import numpy as np
x = np.array([[[0, 1, 2], [3, 4, 5]]])
print(*np.asarray(keras.layers.Permute((2, 1))(x)[0]))  # → [0 3] [1 4] [2 5]
print(*np.asarray(keras.layers.Reshape((3, 2))(x)[0]))  # → [0 1] [2 3] [4 5]

# %% [markdown]
# ## Which loss, and what shape should `y` have?
#
# | what is asked | the last layer | the loss | `y`, for n samples |
# | --- | --- | --- | --- |
# | a number | `Dense(1)` | `mse` | `(n, 1)` |
# | yes or no | `Dense(1, "sigmoid")` | `binary_crossentropy` | `(n, 1)`, 0 or 1 |
# | one of k classes | `Dense(k, "softmax")` | `sparse_categorical_crossentropy` | `(n,)`, 0 to k − 1 |
# | one of k, as one-hot rows | `Dense(k, "softmax")` | `categorical_crossentropy` | `(n, k)` |
# | any of k at once | `Dense(k, "sigmoid")` | `binary_crossentropy` | `(n, k)`, 0 or 1 |
#
# Leave `sigmoid` or `softmax` out only if the loss is told: `from_logits=True`.
# **[Why?](08_targets_and_losses.ipynb#What-shape-does-a-target-have?)**

# %%
import keras
import numpy as np
model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, "softmax")])
model.compile("adam", "sparse_categorical_crossentropy")
y = np.array([0, 1, 2, 0, 1, 2])
print(model.output_shape, y.shape)  # → (None, 3) (6,)
print(*model.fit(np.ones((6, 4)), y, verbose=0).history)  # → loss

# %% [markdown]
# ## Why does my model always predict the mean?
#
# Often because `(n,)` meets `(n, 1)` in a loss or loop of your own: broadcasting makes n × n
# differences of it, and the mean of the targets is the best answer to all of them. Keras's own
# losses mend it; give `y` the axis all the same.
# **[Why?](08_targets_and_losses.ipynb#What-goes-wrong-in-silence?)**

# %%
import numpy as np
y, predicted = np.zeros(4), np.zeros((4, 1))
print((y - predicted).shape, (y.reshape(-1, 1) - predicted).shape)  # → (4, 4) (4, 1)

# %% [markdown]
# ## What does a Dataset have to hold?
#
# Batches of pairs, `(x, y)`. `from_tensor_slices` gives the pair of a single sample; call `.batch(32)` on
# it, once, and give `fit` the Dataset, without `y` and without `batch_size`.
# **[Why?](09_your_own_model.ipynb#Case-3:-a-Dataset,-with-and-without-batches)**

# %%
import keras
import numpy as np
import tensorflow as tf
pairs = tf.data.Dataset.from_tensor_slices((np.ones((20, 7)), np.ones((20, 1))))
print(pairs.element_spec[0].shape, pairs.batch(8).element_spec[0].shape)  # → (7,) (None, 7)
model = keras.Sequential([keras.Input((7,)), keras.layers.Dense(1)])
print(model.predict(pairs.batch(8), verbose=0).shape)  # → (20, 1)

# %% [markdown]
# ## Why does an old post not run?
#
# In Keras 3 the shape goes into `keras.Input`, and on a layer (`input_shape=`) it brings a warning;
# `layers.experimental.preprocessing` has moved to `layers`; `keras.ops` takes the place of
# TensorFlow's functions between layers.
# **[More of these](06_old_posts_new_keras.ipynb#What-the-posts-write,-and-what-you-write)**

# %%
import keras
model = keras.Sequential([keras.Input((28, 28)), keras.layers.Flatten(), keras.layers.Dense(10)])
print(model.output_shape)  # → (None, 10)

# %% [markdown]
# ## How do I find out what is wrong?
#
# Print `model.input_shape` beside `x.shape`, and `model.output_shape` beside `y.shape`, and say of each
# axis what it counts. Or let `explain` compare the three: it also tells what goes wrong without an error.
# After an error, `why()` in the next cell says what happened; it is imported from the same place.
# **[More](09_your_own_model.ipynb#Case-8:-what-is-a-Graph-execution-error?)**

# %%
import keras
import numpy as np
from autograder.learn import explain
model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
model.compile("adam", "mse")
explain(model, np.ones((8, 4)), np.ones((8, 1)))
