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
# **You need** a question. If yours isn't here, **[the index](questions.ipynb)** has more of them, and
# messages of Keras's. What the lines print stands behind them, after the arrow.

# %% [markdown]
# ## What is the shape of an input?
#
# That of **one sample**, without the number of samples: `(features,)` for a row of a table, `(steps,
# features)` for a sequence, `(height, width, channels)` for an image. Keras puts the batch axis in
# front, as `None`. **[Why?](01_input_vs_flatten.ipynb#The-axis-that-you-didn't-write)**

# %%
import keras
import numpy as np
x = np.zeros((100, 28, 28, 1))
print(keras.Input(shape=x.shape[1:]).shape)  # → (None, 28, 28, 1)

# %% [markdown]
# ## How do I predict for a single sample?
#
# As a batch of one. A slice keeps the batch axis, `x[:1]`; a bare number, `x[0]`, takes it away, and
# `[None]` puts it back. **[Why?](06_old_posts_new_keras.ipynb#What-may-you-hand-to-a-model?)**

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
# `keras.Input` is a function: it makes an `InputLayer` and returns the tensor that the model begins
# with. It says what will come in. The model holds the data to that, within limits: it casts them to the
# declared dtype, may add or drop a last axis of size 1, and a Sequential doesn't compare sizes.
# **[Why?](01_input_vs_flatten.ipynb#Where-does-the-promise-leak?)**

# %%
import keras
import numpy as np
start = keras.Input((2,), dtype="int32")
print(np.asarray(keras.Model(start, start)(np.array([[1.9, 2.9]]))))  # → [[1 2]]

# %% [markdown]
# ## What does Flatten do?
#
# It makes one row of each sample, in the order in which the numbers are stored, and keeps the samples
# apart: `(batch, a, b, c)` becomes `(batch, a × b × c)`. It has no parameters; the Dense behind it pays for
# the width. **[Why?](01_input_vs_flatten.ipynb#What-does-Flatten-do?)**

# %%
import keras
image = keras.Input((4, 5, 3))
print(keras.layers.Flatten()(image).shape)  # → (None, 60)

# %% [markdown]
# ## Flatten, or global pooling?
#
# Flatten if it matters *where* in the image something is, and the size is fixed. Global pooling if it
# matters *whether* it is there: it leaves one number for each channel, takes images of any size, and keeps
# the Dense behind it small. **[Why?](02_how_flatten_works.ipynb#The-bill)**

# %%
import keras
maps = keras.Input((None, None, 32))
print(keras.layers.GlobalAveragePooling2D()(maps).shape)  # → (None, 32)

# %% [markdown]
# ## What does Dense do without Flatten?
#
# It works on the last axis and keeps all others: each row of a table goes through the same kernel and
# gives a row of its own. So there is an answer for each row, and not one for the table.
# **[Why?](05_dense_without_flatten.ipynb#Who-sees-whom?)**

# %%
import keras
table = keras.Input((3, 2))
dense = keras.layers.Dense(16)
print(dense(table).shape)  # → (None, 3, 16)
print(dense.count_params(), 2 * 16 + 16)  # → 48 48

# %% [markdown]
# ## Which shape comes out of a convolution?
#
# With `padding="valid"`, which is what you get unless you say otherwise, there are as many places as
# the window can stand in: size − window + 1, and with a stride every so many of these. With `"same"` it is
# the size, divided by the stride and rounded up. The last axis is the number of filters.
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
# number of steps, which may stay open. **[Why?](03b_sequences_and_inputs.ipynb#What-does-return_sequences-change?)**

# %%
import keras
steps = keras.Input((None, 3))
every = keras.layers.LSTM(16, return_sequences=True)(steps)
print(every.shape, keras.layers.LSTM(8)(every).shape)  # → (None, None, 16) (None, 8)

# %% [markdown]
# ## Reshape, or Permute?
#
# `Reshape` reads the numbers in the order in which they are stored and counts them off anew; `Permute`
# moves axes, and the numbers with them. To bring channels from the front to the end, permute.
# **[Why?](02_how_flatten_works.ipynb#A-shape-is-not-an-order)**

# %%
import keras
stored = keras.Input((3, 28, 30))
print(keras.layers.Permute((2, 3, 1))(stored).shape)  # → (None, 28, 30, 3)

# %% [markdown]
# ## Which loss, and what shape has `y`?
#
# Numbers: `Dense(1)`, `mse`, `y` as `(n, 1)`. Yes or no: `Dense(1, "sigmoid")`, `binary_crossentropy`,
# `(n, 1)` of 0 and 1. One of k classes: `Dense(k, "softmax")` with `sparse_categorical_crossentropy` and
# whole numbers from 0 to k − 1, `(n,)`, or with `categorical_crossentropy` and one-hot rows, `(n, k)`.
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
# Often since `(n,)` meets `(n, 1)` in a loss or loop of your own: broadcasting makes n × n differences
# of it, and the mean of the targets is the best answer to all of them. Keras's own losses mend it;
# give `y` the axis all the same. **[Why?](08_targets_and_losses.ipynb#What-goes-wrong-in-silence?)**

# %%
import numpy as np
y, predicted = np.zeros(4), np.zeros((4, 1))
print((y - predicted).shape, (y.reshape(-1, 1) - predicted).shape)  # → (4, 4) (4, 1)

# %% [markdown]
# ## What does a Dataset have to hold?
#
# Batches. `from_tensor_slices` gives single samples; call `.batch(32)` on it, once.
# **[Why?](09_your_own_model.ipynb#Case-3:-a-Dataset,-with-and-without-batches)**

# %%
import numpy as np
import tensorflow as tf
data = tf.data.Dataset.from_tensor_slices((np.ones((20, 7)), np.ones((20, 1))))
print(data.element_spec[0].shape, data.batch(8).element_spec[0].shape)  # → (7,) (None, 7)

# %% [markdown]
# ## Why does an old post not run?
#
# In Keras 3 the shape stands in `keras.Input`, and on a layer (`input_shape=`) it brings a warning;
# `layers.experimental.preprocessing` has moved to `layers`; functions of TensorFlow's between layers
# have become `keras.ops`. **[More of these](06_old_posts_new_keras.ipynb#What-the-posts-write,-and-what-you-write)**

# %%
import keras
model = keras.Sequential([keras.Input((28, 28)), keras.layers.Flatten(), keras.layers.Dense(10)])
print(model.output_shape)  # → (None, 10)

# %% [markdown]
# ## How do I find out what is wrong?
#
# Print `model.input_shape` beside `x.shape`, and `model.output_shape` beside `y.shape`, and say of each
# axis what it counts. Or let `explain` compare the three. After an error, `why()` in the next cell says
# what happened. **[More](09_your_own_model.ipynb#Case-8:-what-is-a-Graph-execution-error?)**

# %%
import keras
import numpy as np
from autograder.learn import explain
model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
model.compile("adam", "mse")
explain(model, np.ones((8, 4)), np.ones((8, 1)))
