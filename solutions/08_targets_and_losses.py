# %% [markdown]
# # Targets and losses: what a model is compared with
#
# 12 exercises · 25 points · 110 minutes
#
# Your layers fit, `summary()` looks fine, you call `fit`, and then: "`target` and `output` must have
# the same shape". Or worse: nothing at all, and a model that doesn't learn. What comes out of a model
# is compared with something, and that something has a shape, too. The example is a small orchard
# that weighs, sorts and photographs its fruit. After this lesson you will be able to
#
# - give targets the shape that your loss wants: numbers, classes, several answers, pictures, steps;
# - read what Keras says when targets don't fit, and notice when it should have said something;
# - say what a loss is the mean of, and let some samples, steps or classes count more.
#
# **You need** **[lesson 1](01_input_vs_flatten.ipynb)**, for Input, Flatten and Functional models;
# **[lesson 3](03_input_shape.ipynb#Which-axes-does-an-image-have?)**, for Conv2D and
# `return_sequences`; and to have called `fit` once. The units of a Dense layer are the last axis of
# what it gives. Is something wrong already? See the **[symptoms](#Which-symptom-points-where?)**.

# %% locked="setup"
# No module named ...? Choose the course's own Python (.venv) as this notebook's kernel.
from autograder.learn import (
    Fed, LossShape, Trains, check_function, check_guard, check_model, check_prediction,
    check_weights, draw_averages, draw_images, draw_pairs, draw_shares, draw_tables, draw_targets,
    reads,
)

import warnings

import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(0)

# %% [markdown]
# ## What shape does a target have?
#
# **In short.** A target has the shape of what the model gives for it: as many samples in front, and
# then the axes of `model.output_shape`. A loss with `sparse` in its name takes one whole number where
# the model gives a row of scores. And with Keras's own losses, a last axis of size 1 may be left
# out of the targets. Print `model.output_shape` beside `y.shape` before anything else.
#
# A **target** is what the model should have given. A loss compares it with what the model did give,
# and makes one number of the two; that number is what training brings down. Which loss goes with
# which question? (In the table, `p` is what `model.predict` gives.)
#
# | the question | last layer | `y` | loss | read it by |
# | --- | --- | --- | --- | --- |
# | how much? | `Dense(1)` | `(n, 1)`, numbers | `mse` | `p` |
# | how much, k times? | `Dense(k)` | `(n, k)`, numbers | `mse` | `p` |
# | yes or no? | `Dense(1, "sigmoid")` | `(n, 1)`, 0 or 1 | `binary_crossentropy` | `p > 0.5` |
# | which of k? | `Dense(k, "softmax")` | `(n,)`, classes 0 to k − 1 | `sparse_categorical_crossentropy` | `p.argmax(-1)` |
# | which of k? | `Dense(k, "softmax")` | `(n, k)`, one-hot rows | `categorical_crossentropy` | `p.argmax(-1)` |
#
# Without an activation, the units of a Dense layer give **scores**, which may be any numbers. A softmax
# turns the scores of a sample into shares of one whole: what one unit gains, the others lose. A
# **sigmoid** squeezes each score by itself to between 0 and 1, and a score of 0 becomes 0.5:

# %%
draw_shares((2.0, 0.0, -1.0))

# %% [markdown]
# A **one-hot** row is all zeros, with a one in the place of the class. A **metric** is a number that
# is only reported. With `mse` goes `mae`; with a cross-entropy goes the metric of its name, with
# `accuracy` in the place of `crossentropy`. Answers for each step or pixel, any number of tags, and
# scores without an activation come further down.
#
# Here are eight pieces of fruit with four measures each, and a helper that trains a small model on
# them for one pass. Where that fails, it prints the message; `reads(error)` gives it, shortened.

# %%
rng = np.random.default_rng(0)
measures = rng.normal(size=(8, 4)).astype("float32")
mass = rng.uniform(0.05, 0.25, size=(8, 1)).astype("float32")  # how much? In kilograms
kind = np.array([0, 1, 2, 0, 1, 2, 0, 1])  # apple, pear or plum?
one_hot_kind = np.eye(3)[kind]  # the same in rows: a one in the place of the kind

# %%
def fruit_model(units, loss):
    """Return a compiled model from four measures to so many units."""
    last = layers.Dense(units, activation="softmax" if units > 1 else None)
    model = keras.Sequential([keras.Input((4,)), last])
    model.compile("sgd", loss)
    return model

def attempt(units, loss, y):
    """Train for one pass; print that it went through, or what Keras says."""
    try:
        fruit_model(units, loss).fit(measures, y, verbose=0, shuffle=False)
        print("it trains")
    except Exception as error:
        print(reads(error))

# %% [markdown]
# Two lines from the table, and then the same two with the targets exchanged. What will Keras say
# to the last two?

# %%
attempt(3, "sparse_categorical_crossentropy", kind)
attempt(3, "categorical_crossentropy", one_hot_kind)
attempt(3, "sparse_categorical_crossentropy", one_hot_kind)
attempt(3, "categorical_crossentropy", kind)

# %% [markdown]
# In these sentences *output* is what your model gives, and *target* is your `y`. The third complains
# of the **rank**, the number of axes: the loss wants targets with one axis fewer than the output has,
# and got as many. Keras's sentence has it the wrong way round: where it says that the output must
# have the rank `target.ndim - 1`, read `target.ndim + 1`. The fourth is the opposite case: too few
# axes. Change the name of the loss or change `y`, not both.
#
# ### Predict: which of them train?
#
# Six lines for the eight pieces of fruit, numbered from above: the units of the last layer, the
# loss, and the shape of the targets. What becomes of each? Answer with `"trains"`, or with the name
# of the error, such as `"TypeError"`. "It trains" means only that there is no error, not that it
# makes sense.

# %%
six = [
    (3, "sparse_categorical_crossentropy", (8,)),
    (3, "sparse_categorical_crossentropy", (8, 3)),
    (3, "categorical_crossentropy", (8,)),
    (3, "categorical_crossentropy", (8, 3)),
    (1, "mse", (8,)),
    (1, "mse", (8, 3)),
]

# %% [markdown]
# <details><summary>A hint</summary>
#
# Four of the six were tried above with their shapes. For the other two: what may be left out of a
# target? And a loss for numbers subtracts the output from the target: what does NumPy do with arrays
# of such shapes?
# </details>
#
# <details><summary>A bigger hint</summary>
#
# `np.zeros((5, 2)) - np.zeros((5, 1))` gives an array of shape `(5, 2)`. An axis of size 1 is
# stretched.
# </details>

# %% answer="fitting" level=1
### BEGIN SOLUTION
fitting = ["trains", "ValueError", "ValueError", "trains", "trains", "trains"]  # six words, in quotes
### END SOLUTION

# %% check="fitting" points=1
check_prediction(fitting, of=[
    Trains(lambda units=units, loss=loss: fruit_model(units, loss), (8, 4), y)
    for units, loss, y in six
])

# %% [markdown]
# <details><summary>When you have answered</summary>
#
# The last one is the trap. The model gives one number, and three targets are compared with it. The
# loss for numbers stretches the output, and the model learns the mean of the three. The
# cross-entropies of the table look before they compare; `mse`, `mae` and their like don't.
# </details>

# %% [markdown]
# ## Whole numbers, or one-hot rows?
#
# **In short.** Both say the same thing. Whole-number classes go with
# `sparse_categorical_crossentropy`, one-hot rows with `categorical_crossentropy`. Whole numbers take
# less room, and must run from 0 to one less than the units. `rows.argmax(axis=-1)` makes numbers of
# rows; the other way is the exercise below.
#
# The eight kinds, in both forms, and what a model that hasn't been trained makes of the eight. Each
# line of the picture is a sample, each column of a table a class. Which of the three shares of a
# sample does a loss look at?

# %%
draw_targets(kind, fruit_model(3, "categorical_crossentropy")(measures))

# %% [markdown]
# Both forms point at the same share, the framed one, and both losses are made of it alone: the
# larger it is, the smaller the loss.

# %% [markdown]
# ### Build: one-hot rows
#
# Write `one_hot(kinds, classes)`. It gets whole-number classes `(n,)`, and how many classes there
# are, and returns one-hot rows `(n, classes)`.
#
# <details><summary>A hint</summary>
#
# There is a function in `keras.utils` for it. Which rows would you get for a batch in which the last
# class doesn't occur?
# </details>
#
# <details><summary>A bigger hint</summary>
#
# `np.eye(4)` is a table with the four possible rows, and `table[[2, 0]]` takes rows from a table.
# </details>

# %% answer="one_hot" level=1
def one_hot(kinds, classes):
    """Return one-hot rows (n, classes) for whole-number classes (n,)."""
    ### BEGIN SOLUTION
    return keras.utils.to_categorical(kinds, classes)
    ### END SOLUTION

# %% check="one_hot" points=2
def rows_of(kinds, classes):
    return (kinds[:, None] == np.arange(classes)).astype("float32")

few, some = np.array([1, 0, 1]), np.array([0, 3, 1, 2, 3])
check_function(one_hot, like=rows_of, on=[(few, 3), (some, 4), (some, 6)], about="one_hot")
### BEGIN HIDDEN TESTS
check_function(one_hot, like=rows_of, on=[(np.array([2, 2, 0, 1]), 5)], about="one_hot")
### END HIDDEN TESTS

# %% [markdown]
# ### What if the classes run from 1 to n?
#
# Files often count from 1, or give numbers such as 10, 20 and 30, or words. What will Keras say to
# kinds from 1 to 3, where the model has three units? And to four units?

# %%
attempt(3, "sparse_categorical_crossentropy", kind + 1)
attempt(4, "sparse_categorical_crossentropy", kind + 1)

# %% [markdown]
# The first error names the label, the range and all the labels: of three units, the classes are 0,
# 1 and 2. The second runs, and that is the repair that people find first. It isn't wrong, but now
# there is a class 0 that never comes, and a unit that learns to be silent. And words, or numbers
# with a fraction?

# %%
attempt(3, "sparse_categorical_crossentropy", np.array(["apple", "pear", "plum", "apple"] * 2))
for label in (2.0, 2.7):
    loss = keras.losses.sparse_categorical_crossentropy(np.array([label]), np.array([[0.1, 0.2, 0.7]]))
    print(f"label {label}: a loss of {loss[0]:.2f}")

# %% [markdown]
# Words are refused: `str` in the message stands for text, so number the words first. A fraction is
# cut off, and nothing is said: 2.7 is taken for class 2.

# %% [markdown]
# ### Build: classes from any labels
#
# Write `class_numbers(labels)`. It gets an array of labels `(n,)`: words, or numbers with gaps, in
# any order. It returns whole numbers `(n,)`, one for each sample: 0 for the label that comes first
# when the labels are *sorted*, 1 for the next, and so on. For the labels 30, 10, 30, 20 that is 2,
# 0, 2, 1.
#
# <details><summary>A hint</summary>
#
# `np.unique` sorts labels and leaves out what occurs twice. Read what its argument
# `return_inverse` is for.
# </details>
#
# <details><summary>A bigger hint</summary>
#
# `np.unique(a, return_counts=True)` returns two arrays, the second with the counts;
# `return_inverse` works in the same way.
# </details>

# %% answer="class_numbers" level=2
def class_numbers(labels):
    """Return whole-number classes (n,), from 0 on, for labels (n,) of any type."""
    ### BEGIN SOLUTION
    return np.unique(labels, return_inverse=True)[1]
    ### END SOLUTION

# %% check="class_numbers" points=2
def places(labels):
    sorted_labels = sorted(set(labels.tolist()))
    return np.array([sorted_labels.index(label) for label in labels.tolist()])

tens, trees = np.array([30, 10, 30, 20, 10, 30]), np.array(["oak", "ash", "oak", "yew", "elm"])
check_function(class_numbers, like=places, on=[tens, trees], about="class_numbers")
### BEGIN HIDDEN TESTS
more = [np.array([7, 7, 2, 90]), np.array(["b", "c", "a", "c"])]
check_function(class_numbers, like=places, on=more, about="class_numbers")
### END HIDDEN TESTS

# %% [markdown]
# ## Yes or no: one unit, or two?
#
# **In short.** For yes or no take one unit with sigmoid, targets of 0 and 1, and
# `binary_crossentropy`. Two units with softmax and a loss for classes do the same with twice the
# weights. Where several of k tags may hold at once, take k units with sigmoid, a yes or no for each:
# targets `(n, k)` of 0 and 1, and the same loss. What one must not do is mix the two: one unit, and
# softmax.
#
# ### Predict: the share of one
#
# Four samples with the number 0 go through a softmax over one unit. What comes out?

# %%
with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # Keras does warn of this; not everybody reads warnings
    lone = keras.Sequential([keras.Input((1,)), layers.Softmax()])
four_zeros = [[0.0], [0.0], [0.0], [0.0]]

# %% [markdown]
# <details><summary>A hint</summary>
#
# What do the outputs of a softmax for one sample add up to? The other samples have no say in it.
# </details>
#
# <details><summary>A bigger hint</summary>
#
# For two units, the first share is `exp(a) / (exp(a) + exp(b))`. Write down the same for a unit that
# is alone.
# </details>

# %% answer="lone_share" level=1
### BEGIN SOLUTION
lone_share = [[1.0], [1.0], [1.0], [1.0]]  # a nested list, one row for each sample
### END SOLUTION

# %% check="lone_share" points=1
check_prediction(lone_share, of=Fed(lone, four_zeros))

# %% [markdown]
# And in training? Some of the fruit below is ripe. Each model is trained for ten passes; you see its
# loss and its accuracy in the first and in the last, and what it then says of three pieces of fruit.
# Which of the three learns?

# %%
ripe = (measures[:, 0] > 0).astype("float32")
def learned(activation, loss):
    """Train one unit, and print what became of it."""
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((4,)), layers.Dense(1, activation)])
    model.compile(keras.optimizers.SGD(1.0), loss, metrics=["binary_accuracy"])
    print(f"{activation}, {loss}")
    for name, values in model.fit(measures, ripe, epochs=10, verbose=0).history.items():
        print(f"    {name} {values[0]:.2f}, then {values[-1]:.2f}")
    says = np.asarray(model(measures[:3])).ravel().round(1)
    print(f"    says {says} of {ripe[:3]}")

# %%
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    learned("softmax", "categorical_crossentropy")
    learned("softmax", "binary_crossentropy")
learned("sigmoid", "binary_crossentropy")

# %% [markdown]
# Only the third gets better. Both softmaxes say 1 of every piece of fruit, before and after, so their
# accuracy never moves. In the first the loss is 0 from the start, as of a perfect model: a ripe piece
# costs −log 1, which is 0, and a target of 0 adds nothing.
#
# The second is what people write more often, and there the loss falls, by the same numbers as with
# sigmoid: Keras looks for the score behind the activation, and computes this loss from that. The
# weights do learn, and the model says 1 all the same. So don't trust a loss that falls; look at the
# answers.
#
# ### Build: two units in one
#
# A model was trained with two units and softmax, class 1 meaning ripe. Write `as_one_unit(kernel,
# bias)`: it gets the kernel `(features, 2)` and the bias `(2,)` of that layer, and returns the kernel
# `(features, 1)` and the bias `(1,)` for one unit with *sigmoid* that gives the share of class 1.
#
# <details><summary>A hint</summary>
#
# Sigmoid of `z` is `1 / (1 + exp(-z))`. Take the share of class 1, `exp(b) / (exp(a) + exp(b))`,
# and divide both numerator and denominator by `exp(b)`. What then stands in the place of `z`?
# </details>
#
# <details><summary>A bigger hint</summary>
#
# Only the difference of the two scores counts. The score of a unit is x @ column + bias, so the
# difference of two scores needs the difference of two columns. Mind the axis of the units: for an
# array `a`, `a[:, 3:4]` keeps it.
# </details>

# %% answer="as_one_unit" level=3
def as_one_unit(kernel, bias):
    """Return (kernel, bias) of one sigmoid unit that does the work of two with softmax."""
    ### BEGIN SOLUTION
    return kernel[:, 1:] - kernel[:, :1], bias[1:] - bias[:1]
    ### END SOLUTION

# %% check="as_one_unit" points=3
def share_of_one(features, seed):
    """Return weights for two units, the layer to fill, and the share of class 1."""
    source = np.random.default_rng(seed)
    kernel, bias = source.normal(size=(features, 2)), source.normal(size=2)
    def share(x):
        return np.asarray(keras.ops.softmax(x @ kernel + bias))[:, 1:]
    layer = layers.Dense(1, activation="sigmoid")
    return {"args": (kernel, bias), "layer": layer, "like": share}

check_weights(as_one_unit, **share_of_one(4, 0), on=measures, about="two_units_in_one")
check_weights(as_one_unit, **share_of_one(3, 1), on=measures[:, :3], about="two_units_in_one")
### BEGIN HIDDEN TESTS
check_weights(as_one_unit, **share_of_one(2, 5), on=measures[:, :2], about="two_units_in_one")
### END HIDDEN TESTS

# %% [markdown]
# ## Two answers for one sample?
#
# **In short.** A model with two outputs takes two targets: a list in the order of its outputs, or a
# dict by their names. Give each output a loss of its own; the loss of the whole is their sum, in
# which `loss_weights` of `compile` lets one count more. In a dict the names say what belongs
# together, so nothing is swapped by accident.
#
# The orchard wants kind *and* mass of each piece. Here are five ways to hand the targets to such
# a model, whose outputs are a list, first the kind, then the mass. Which of them do you expect to
# fail?

# %%
def give(y, loss, metrics=None):
    """Train a model with two outputs; print what becomes of it."""
    start = keras.Input((4,))
    shares = layers.Dense(3, activation="softmax", name="kind")(start)
    model = keras.Model(start, [shares, layers.Dense(1, name="mass")(start)])
    model.compile("sgd", loss, metrics=metrics)
    try:
        print("trains:", *model.fit(measures, y, verbose=0).history)
    except Exception as error:
        print(reads(error))

# %%
by_name = {"kind": "sparse_categorical_crossentropy", "mass": "mse"}
in_order = ["sparse_categorical_crossentropy", "mse"]
give({"kind": kind, "mass": mass}, by_name)
give([kind, mass], in_order)
give([mass, kind], in_order)
give(kind, in_order)
give(np.hstack([kind[:, None], mass]), in_order)

# %% [markdown]
# The third runs, and is wrong: masses were cut to class numbers, and kinds were learned as masses. Both
# are arrays of eight entries, so nobody could notice. In the last, a table of two columns is *one*
# target and not a pair (the `*` in the message stands for an array).
#
# ### And a metric for each?
#
# Metrics go to outputs in the same way. Is one name enough for both?

# %%
give([kind, mass], in_order, ["accuracy"])
give([kind, mass], in_order, [["accuracy"], ["mae"]])
give([kind, mass], in_order, {"kind": "accuracy"})

# %% [markdown]
# A list needs an entry for each output; in a dict, outputs may be left out.
#
# ### Build: two outputs by name
#
# Write `two_answers(features, kinds)`: a Functional model from `(None, features)`. A Dense layer of
# 8 units with relu looks at the measures. Two Dense layers take what it gives: one with `kinds` units
# and softmax, one with a single unit and no activation. The model's outputs are a *dict*: the shares
# under `"kind"`, the number under `"mass"`.
#
# <details><summary>A hint</summary>
#
# The second argument of `keras.Model` may be a dict of tensors, with names that you choose.
# </details>
#
# <details><summary>A bigger hint</summary>
#
# `keras.Model(start, {"left": this, "right": that})` gives `{"left": ..., "right": ...}` when it is
# called.
# </details>

# %% answer="two_answers" level=2
def two_answers(features, kinds):
    """Return a model from (None, features) to {"kind": (None, kinds), "mass": (None, 1)}."""
    ### BEGIN SOLUTION
    start = keras.Input(shape=(features,))
    seen = layers.Dense(8, activation="relu")(start)
    return keras.Model(start, {
        "kind": layers.Dense(kinds, "softmax")(seen), "mass": layers.Dense(1)(seen),
    })
    ### END SOLUTION

# %% check="two_answers" points=1
two = {"kind": (None, 3), "mass": (None, 1)}
other = {"kind": (None, 5), "mass": (None, 1)}
check_model(two_answers, args=(4, 3), input_shape=(None, 4), output_shape=two)
check_model(two_answers, args=(7, 5), input_shape=(None, 7), output_shape=other)

# %% check="two_answers" aspect="numbers" points=2
def both(x, kernel, bias, to_kinds, kind_bias, to_mass, mass_bias):
    seen = np.maximum(0, x @ kernel + bias)
    shares = np.asarray(keras.ops.softmax(seen @ to_kinds + kind_bias))
    return {"kind": shares, "mass": seen @ to_mass + mass_bias}

ends = {"input_shape": (None, 4), "output_shape": two, "params": (4 + 1) * 8 + (8 + 1) * (3 + 1)}
check_model(two_answers, args=(4, 3), **ends, computes=both)
### BEGIN HIDDEN TESTS
ends = {"input_shape": (None, 7), "output_shape": other, "computes": both}
check_model(two_answers, args=(7, 5), **ends)
### END HIDDEN TESTS

# %% [markdown]
# ## Pictures as targets?
#
# **In short.** Where a model gives a picture, the target is a picture of the same height, width and
# channels. One sigmoid per pixel goes with 0 and 1 in the shape `(n, height, width, 1)`. k classes
# per pixel go with a softmax over k channels, and whole numbers `(n, height, width)`.
#
# To find bruises, somebody has painted **masks**: pictures that are white, 255, where a bruise is,
# and black, 0, elsewhere. They come as they were stored, as whole numbers without a channel axis.

# %%
painted = np.zeros((2, 8, 10), "uint8")
painted[0, 2:5, 3:8] = 255
painted[1, 5:7, 1:4] = 255
print(painted.shape, painted.dtype, painted.min(), painted.max())
draw_images({"mask 0": painted[0], "mask 1": painted[1]})

# %% [markdown]
# A small network with one sigmoid for each pixel; the pictures themselves don't matter here. What
# becomes of targets in the shape of the output (all 0 here), of masks as they are, of masks read in
# colour, and of one answer per picture?

# %%
def paint(masks, activation="sigmoid", filters=1, loss="binary_crossentropy"):
    """Train a network that gives each pixel an answer; print its output and what becomes of it."""
    last = layers.Conv2D(filters, 1, activation=activation, kernel_initializer="ones")
    model = keras.Sequential([keras.Input((8, 10, 1)), last])
    model.compile("sgd", loss)
    try:
        found = model.fit(np.ones((2, 8, 10, 1)), masks, verbose=0).history["loss"]
        print(model.output_shape, masks.shape, f"loss {found[0]:.1f}")
    except Exception as error:
        print(reads(error))

# %%
paint(np.zeros((2, 8, 10, 1)))
paint(painted)
paint(np.stack([painted] * 3, axis=-1))
paint(np.ones((2, 1)))

# %% [markdown]
# Masks in colour and one answer per picture are refused. But the second line ran: Keras added the axis
# that was missing, and nobody minded the numbers. The loss is far below 0, which no cross-entropy of
# honest targets can be, and it will go on falling. **If a cross-entropy is negative, targets lie
# outside of 0 to 1**, where no sigmoid reaches them. Now with a class for each pixel, say leaf, stalk
# and fruit:

# %%
paint(np.ones((2, 8, 10), int), "softmax", 3, "sparse_categorical_crossentropy")
paint(np.ones((2, 80), int), "softmax", 3, "sparse_categorical_crossentropy")

# %% [markdown]
# ### Build: masks for a sigmoid
#
# Write `mask_targets(masks)`. It gets masks `(n, height, width)` of 0 and 255, and returns targets
# for a network that gives `(n, height, width, 1)` by sigmoid.
#
# <details><summary>A hint</summary>
#
# Compare the masks with what the network gives, twice: their numbers, and their axes.
# </details>
#
# <details><summary>A bigger hint</summary>
#
# `a[..., None]` puts an axis of size 1 at the end. What must 255 become?
# </details>

# %% answer="mask_targets" level=2
def mask_targets(masks):
    """Return targets (n, height, width, 1) of 0 and 1 for masks (n, height, width) of 0 and 255."""
    ### BEGIN SOLUTION
    return masks[..., np.newaxis].astype("float32") / 255
    ### END SOLUTION

# %% check="mask_targets" points=2
def ones_and_zeros(masks):
    return np.where(np.expand_dims(masks, -1) > 127, 1.0, 0.0)

check_function(mask_targets, like=ones_and_zeros, on=[painted, painted[:1, 1:7, :5].astype(int)], about="mask_targets")
### BEGIN HIDDEN TESTS
check_function(mask_targets, like=ones_and_zeros, on=[painted[:1, :, :7]], about="mask_targets")
### END HIDDEN TESTS

# %% [markdown]
# ## What is the loss the mean of?
#
# **In short.** A **prediction** is what a model gives at one place, for one sample, step or pixel: the
# numbers along the *last* axis. A loss function makes one loss of each prediction. Then the mean of
# all of these is taken: over samples, and over steps or pixels, if there are any. So a sequence of
# ten steps weighs as much as ten samples of one step.
#
# Three samples of five steps with two outputs each, compared by the mean squared error:

# %%
draw_averages(samples=3, steps=5, outputs=2)

# %% [markdown]
# `mse`, `mae` and `binary_crossentropy` take the mean over the last axis. The losses for softmax give
# one number for each row of shares, so there the last axis is gone as well.
#
# In Keras, a function such as `mean_squared_error` does this first half only. The **loss object** of
# the same name, `MeanSquaredError()`, does both halves, and so does `fit`. Two sequences of five
# steps, a class for each step, and four shares to choose from:

# %%
classes, quarters = np.zeros((2, 5), int), np.full((2, 5, 4), 0.25)
print("function:", keras.losses.sparse_categorical_crossentropy(classes, quarters).shape)
print("object:  ", keras.losses.SparseCategoricalCrossentropy()(classes, quarters).shape)

# %% [markdown]
# ### Predict: the shapes of losses
#
# What is the shape of what these functions give? First come the targets, then the outputs.

# %%
four_losses = [
    (keras.losses.mean_squared_error, (6, 3), (6, 3)),
    (keras.losses.mean_squared_error, (6, 5, 3), (6, 5, 3)),
    (keras.losses.sparse_categorical_crossentropy, (4, 7, 1), (4, 7, 2)),
    (keras.losses.binary_crossentropy, (2, 6, 9, 1), (2, 6, 9, 1)),
]

# %% [markdown]
# <details><summary>A hint</summary>
#
# The functions do the first half only. Which axis of the *output* is the one that goes?
# </details>
#
# <details><summary>A bigger hint</summary>
#
# For outputs of shape `(2, 8)` there are 2 losses; for outputs `(2, 3, 8)` there are 2 × 3 of them.
# </details>

# %% answer="loss_shapes" level=2
### BEGIN SOLUTION
loss_shapes = [(6,), (6, 5), (4, 7), (2, 6, 9)]  # four tuples
### END SOLUTION

# %% check="loss_shapes" points=2
check_prediction(loss_shapes, of=[LossShape(*case) for case in four_losses])

# %% [markdown]
# ### What does a cross-entropy do with whole numbers?
#
# It looks up the share that the model gives to the true class, and nothing else, and takes the
# logarithm of it, with a minus in front. That is the **cross-entropy** for a class. A share of 1
# costs nothing; the smaller the share, the more it costs:

# %%
for share in (1.0, 0.5, 0.1, 0.01):
    print(f"a share of {share} costs {abs(np.log(share)):.2f}")

# %% [markdown]
# ### Build: the loss by hand
#
# Write `cross_entropy(shares, kinds)`: the mean cross-entropy, one number, of shares `(n, classes)`
# for whole-number classes `(n,)`. Leave Keras out of it; NumPy will do.
#
# <details><summary>A hint</summary>
#
# First the share of the true class in each row, `(n,)`; then the logarithm; then the mean. Print
# the shape after the first step.
# </details>
#
# <details><summary>A bigger hint</summary>
#
# `table[[0, 1, 2], [5, 5, 7]]` takes three numbers, one from each of the rows 0, 1 and 2. Which list
# of rows do you need?
# </details>

# %% answer="cross_entropy" level=2
def cross_entropy(shares, kinds):
    """Return the mean cross-entropy of shares (n, classes) for whole-number classes (n,)."""
    ### BEGIN SOLUTION
    of_the_true = shares[np.arange(len(shares)), kinds]
    return -np.mean(np.log(of_the_true))
    ### END SOLUTION

# %% check="cross_entropy" points=2
def some_shares(samples, classes, seed):
    source = np.random.default_rng(seed)
    scores = source.normal(size=(samples, classes))
    shares = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    return shares, source.integers(0, classes, samples)

def by_keras(shares, kinds):
    return float(keras.losses.SparseCategoricalCrossentropy()(kinds, shares))

cases = [some_shares(8, 3, 0), some_shares(5, 4, 1)]
check_function(cross_entropy, like=by_keras, on=cases, about="cross_entropy")
### BEGIN HIDDEN TESTS
check_function(cross_entropy, like=by_keras, on=[some_shares(9, 2, 2)], about="cross_entropy")
### END HIDDEN TESTS

# %% [markdown]
# ### Scores, or shares?
#
# A last layer without an activation gives scores, also called **logits**. The loss can turn them into
# shares itself, but it has to be told: give `compile` the loss object, with `from_logits=True`.
# Predictions are then read by `p.argmax(-1)`, or `p > 0` for yes or no (which a metric is told by
# `threshold=0`). Tell the loss the wrong thing, and nothing stops you. Here is a prediction that is nearly
# sure of class 0, and right:

# %%
logits = np.array([[5.0, 0.0, 0.0]])
shares = np.asarray(keras.ops.softmax(logits))
truth = np.array([0])
told = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
untold = keras.losses.SparseCategoricalCrossentropy()
print(f"logits, told: {told(truth, logits):.2f}; shares, not told: {untold(truth, shares):.2f}")
print(f"shares, told they are logits: {told(truth, shares):.2f}")

# %% [markdown]
# The first two agree. In the last, a softmax of the shares makes them much more equal: 0.99, 0.01
# and 0.01 become 0.57, 0.21 and 0.21, and a model that is all but perfect seems to be wrong. It
# trains all the same, slowly.

# %% [markdown]
# ## How do some count more than others?
#
# **In short.** `sample_weight` multiplies the losses before the mean is taken: one weight per
# sample, `(n,)`, or one for each step, `(n, steps)`. `class_weight` is a dict from class to weight,
# for one class per sample. The sum is divided by the number of losses (samples, or samples × steps),
# and not by the sum of the weights.
#
# Four samples with one output; only the first is wrong, by 1. What will the losses be?

# %%
zeros, first_wrong = np.zeros((4, 1)), np.array([[1.0], [0.0], [0.0], [0.0]])
error = keras.losses.MeanSquaredError()
print(float(error(first_wrong, zeros)))
print(float(error(first_wrong, zeros, sample_weight=np.array([1, 0, 0, 0]))))
print(float(error(first_wrong, zeros, sample_weight=np.array([10, 1, 1, 1]))))

# %% [markdown]
# 1 of 4, again 1 of 4, and 10 of 4: each time the sum is divided by the number of losses, four.
# In the second line the only sample that counts has a loss of 1, and 0.25 is shown.
#
# ### Where does one weight per sample land, if there are steps?
#
# Sequences of five steps, four samples, one weight for each sample. Then sequences of four steps.
# In both, all steps of sample 0 are wrong by 1, and only sample 0 is to count. What should come
# out, and what will?

# %%
def weighted(steps, weights):
    """Print the loss of four sequences, the first of which is wrong at each of its steps."""
    targets = np.zeros((4, steps, 1))
    targets[0] = 1
    try:
        print(float(error(targets, np.zeros((4, steps, 1)), sample_weight=weights)))
    except Exception as problem:
        print(reads(problem))

only_first = np.array([1.0, 0.0, 0.0, 0.0])
weighted(5, only_first)
weighted(4, only_first)
weighted(4, only_first[:, None])

# %% [markdown]
# Five steps: refused, for there are losses of shape `(4, 5)`, and weights `(4,)` can't be stretched to
# them. Four steps: no error, and a wrong number. Arrays of different shapes are lined up from their
# *last* axis (that is broadcasting), and the last axis of the losses holds the steps. Here are the
# losses, and the weights as they are laid over them:

# %%
losses = np.repeat(only_first[:, None], 4, axis=1)
draw_tables({
    "losses": losses,
    "weights (4,)": np.broadcast_to(only_first, losses.shape),
    "weights (4, 1)": np.broadcast_to(only_first[:, None], losses.shape),
}, down="sample", across="step")

# %% [markdown]
# Weights `(4,)` count step 0 of all samples. Of the 16 losses, only 1 is both wrong and counted. Weights
# `(4, 1)` count the 4 that were meant. So with steps, give one weight for each step, or add that axis.
#
# ### Build: weights for steps that are there
#
# Sequences of different lengths are padded with zeros at the end, so that they fit in one array. What
# the model says of the padding shouldn't count. Write `step_weights(lengths, steps)`: for lengths
# `(n,)`, an array of weights `(n, steps)`: 1 where a sequence has a step, 0 where it is padded. For
# lengths 2 and 3 and four steps: 1, 1, 0, 0 and 1, 1, 1, 0.
#
# <details><summary>A hint</summary>
#
# Number the steps from 0. Which numbers belong to a sequence of length 2? Then compare all numbers
# with all lengths at once.
# </details>
#
# <details><summary>A bigger hint</summary>
#
# `np.arange(3) == np.array([[0], [2]])` compares a row with a column, and gives a table of two rows.
# Which sign belongs in the place of `==`?
# </details>

# %% answer="step_weights" level=2
def step_weights(lengths, steps):
    """Return weights (n, steps): 1 for each step of a sequence, 0 for padding."""
    ### BEGIN SOLUTION
    return np.where(np.arange(steps) < np.asarray(lengths)[:, None], 1.0, 0.0)
    ### END SOLUTION

# %% check="step_weights" points=2
def one_by_one(lengths, steps):
    return np.array([[1.0] * n + [0.0] * (steps - n) for n in lengths.tolist()])

cases = [(np.array([2, 3, 1]), 4), (np.array([5, 0, 3, 1]), 5)]
check_function(step_weights, like=one_by_one, on=cases, about="step_weights")
### BEGIN HIDDEN TESTS
check_function(step_weights, like=one_by_one, on=[(np.array([6, 2]), 7)], about="step_weights")
### END HIDDEN TESTS

# %% [markdown]
# ### Build: weights for rare classes
#
# Nine apples for each quince: a model that always says apple is right in nine cases out of ten.
# Weights can even that out, on two conditions:
#
# - the count of a class times its weight is the same for all classes;
# - the weights of all samples add up to the number of samples, so the loss keeps its size.
#
# Only one set of weights meets both. Write `class_weights(kinds, classes)`. It returns a dict from each
# class, a whole number, to its weight. Every class occurs.
#
# <details><summary>A hint</summary>
#
# `np.bincount` counts whole numbers. The weights of all samples of one class add up to its count times
# its weight. How large is that, if it is the same for every class, and all of them together make the
# number of samples?
# </details>
#
# <details><summary>A bigger hint</summary>
#
# For 6 samples, 4 of class 0 and 2 of class 1, each class gets 3 of the 6: the weights are 3 / 4 = 0.75
# and 3 / 2 = 1.5. And `{i: 10 * n for i, n in enumerate([5, 7])}` is a dict with the keys 0 and 1.
# </details>

# %% answer="class_weights" level=2
def class_weights(kinds, classes):
    """Return {class: weight}, such that every class weighs the same in total."""
    ### BEGIN SOLUTION
    counts = np.bincount(kinds, minlength=classes)
    return {c: len(kinds) / (classes * counts[c]) for c in range(classes)}
    ### END SOLUTION

# %% check="class_weights" points=2
def evened_out(kinds, classes):
    return {c: len(kinds) / classes / sum(kinds == c) for c in range(classes)}

cases = [(np.array([0, 0, 1, 0, 0, 1, 0, 0]), 2), (np.array([2, 0, 1, 2, 2, 0, 2]), 3)]
check_function(class_weights, like=evened_out, on=cases, about="class_weights")
### BEGIN HIDDEN TESTS
check_function(class_weights, like=evened_out, on=[(np.repeat([1, 0], [9, 1]), 2)])
### END HIDDEN TESTS

# %% [markdown]
# A class that the dict leaves out weighs 1, without a word. And `class_weight` is for one class per
# sample; for steps or pixels, make a `sample_weight` of the classes, `table[y]`.

# %% [markdown]
# ## What goes wrong in silence?
#
# **In short.** Targets `(n,)` against outputs `(n, 1)` do no harm as long as Keras's own losses
# compare them: where one axis is missing, they drop or add one of size 1 at the end. A subtraction
# of your own doesn't: there each target meets every output, and nothing is said. The same happens
# even in `fit` with targets `(n,)` against a number for each step, `(n, steps, 1)`: two axes are
# missing, and Keras adds at most one. Print both shapes, and keep the axis: `y.reshape(-1, 1)`.
#
# Four targets, and four outputs that are all correct. The error should be 0. Who says so?

# %%
right = np.array([0.0, 1.0, 2.0, 3.0])
column = right.reshape(4, 1)
class Own(keras.losses.Loss):
    """The mean squared error, as one might write it."""
    def call(self, y_true, y_pred):
        return keras.ops.square(y_true - y_pred)

print("Keras's function:   ", np.asarray(keras.losses.mean_squared_error(right, column)))
print("Keras's loss object:", float(keras.losses.MeanSquaredError()(right, column)))
print("your own loss:      ", float(Own()(right, column)))
print("your own line:      ", np.mean((right - column) ** 2))

# %%
draw_pairs(targets=(4,), outputs=(4, 1))

# %% [markdown]
# On the right is the table that `right - column` makes: a row for each output, a column for each target.
# The last two lines take the mean of 16 differences, of which 4 were meant. It is smallest for a model that
# always says the mean of all targets, and that is what such a model learns.
#
# ### And in fit?
#
# A model whose last recurrent layer has `return_sequences=True` by mistake gives a number for every
# step (**[lesson 3b](03b_sequences_and_inputs.ipynb#What-does-return_sequences-change?)** has the two
# side by side). Here is a stand-in for such a model: it gives back what it is fed, and it is fed the
# right answer at each of five steps. Targets in two shapes: for which of them is the loss 0?

# %%
steps_right = np.repeat(column[:, None], 5, axis=1)
for y in (right, column):
    echo = keras.Sequential([keras.Input((5, 1)), layers.Identity()])
    echo.compile(loss="mse")
    print(echo.output_shape, "and", y.shape, "give", echo.evaluate(steps_right, y, verbose=0))

# %% [markdown]
# Against `(4,)` the loss of a perfect model is 2.5: each step of each sample has met all four
# targets. Against `(4, 1)` each step meets the target of its own sample, as it should. But where one
# number per sample was wanted, mend the model: the last recurrent layer should give its last step only.
#
# ### Is accuracy spared?
#
# **Name the metric in full**: `"binary_accuracy"`, `"categorical_accuracy"` or
# `"sparse_categorical_accuracy"`. The bare word `"accuracy"` leaves the choice to Keras, which goes
# by the shapes of target and output. The model below drops its last axis, so that it gives `(n,)`, and
# its answers are all correct: an accuracy of 1. What does Keras say?

# %%
answers = np.array([[1.0], [0.0], [1.0], [0.0]])
def judged(metric, y, eager):
    start = keras.Input((1,))
    model = keras.Model(start, start[:, 0])
    model.compile(loss="binary_crossentropy", metrics=[metric], run_eagerly=eager)
    try:
        print(metric, y.shape, model.evaluate(answers, y, verbose=0)[1])
    except Exception as error:
        print(metric, y.shape, reads(error))

# %%
judged("binary_accuracy", answers, eager=True)
judged("accuracy", answers[:, 0], eager=True)
judged("accuracy", answers, eager=True)
judged("accuracy", answers, eager=False)

# %% [markdown]
# The third line says 0.5 of a perfect model, and the last fails with a `TypeError` that doesn't even
# mention a shape. Keep the axis of your output, and neither happens.
#
# <details><summary>Why are they wrong?</summary>
#
# A target that ends in 1, an output that ends in 4: in the third line Keras takes the four outputs for
# the scores of four classes. `run_eagerly=True` goes line by line over the data. By default, as in the
# last line, Keras puts the computation together before it sees any data: the size of the batch is still
# `None`, and the guess itself fails.
# </details>
#
# `keras.metrics.Precision` and `Recall` guess nothing: they want a yes or no for each number that the
# model gives. What becomes of 8 whole-number classes, where the model gives 8 × 3 = 24 shares?

# %%
def precision(y, loss, class_id=None):
    model = fruit_model(3, loss)
    metric = keras.metrics.Precision(class_id=class_id, name="precision")
    model.compile("sgd", loss, metrics=[metric])
    try:
        found = model.fit(measures, y, verbose=0).history["precision"]
        print(f"precision {found[0]:.2f}")
    except Exception as error:
        print(reads(error))

precision(kind, "sparse_categorical_crossentropy")
precision(one_hot_kind, "categorical_crossentropy", class_id=1)

# %% [markdown]
# Three shares to a target don't fit. One-hot rows have the shape of the output. With `class_id=1`, only
# column 1 of both is looked at: of the pieces whose share of class 1 is above 0.5, precision is the
# fraction that really are of class 1. (A model that has hardly been trained finds few or none.)
#
# ### Which symptom points where?
#
# | what you see | look at |
# | --- | --- |
# | the model says nearly the same for every sample, the mean | `(n,)` against `(n, 1)` in your own loss or loop; `(n,)` against `(n, steps, 1)` |
# | every answer is 1, and accuracy never moves, whatever the loss does | a softmax over one unit |
# | a cross-entropy is negative | targets outside of 0 to 1, such as masks of 255 |
# | accuracy is poor, and the answers look right | the shapes behind `"accuracy"` |
# | one class is never predicted | one unit too many (classes counted from 1), or a rare class |
# | sample weights don't do what they should | weights `(n,)`, and as many samples as steps |
#
# ### Build: a guard for class numbers
#
# In **[the shape detective](07_shape_detective.ipynb#Case-7:-can-you-make-the-quiet-ones-shout?)**, a
# guard compared targets with the output. Whole-number classes need a rule of their own. Write
# `kinds_guard(model, x, y)`. It returns `True` if `y` fits a model that gives `(n, units)` and is
# trained with a sparse loss: `y` has one axis, there are as many targets as samples, all are whole
# numbers (a float such as 2.0 is one), none is below 0, and none too large for the units. Otherwise
# it raises a `ValueError` that says why. Of `x`, only the number of samples matters.
#
# <details><summary>A hint</summary>
#
# Write one `if` for each of the conditions, and begin with the one about axes. How many classes
# does a model know, and what is the number of the last of them?
# </details>
#
# <details><summary>A bigger hint</summary>
#
# `np.any(a != np.round(a))` tells whether any number of `a` has a fraction. `model.output_shape`
# is `(None, 7)` for 7 units.
# </details>

# %% answer="kinds_guard" level=3
def kinds_guard(model, x, y):
    """Return True if y holds whole-number classes (n,) that fit the model's units."""
    ### BEGIN SOLUTION
    units = model.output_shape[-1]
    if y.ndim != 1 or len(y) != len(x):
        raise ValueError(f"y has the shape {y.shape}; one class for each of {len(x)} is wanted")
    if np.any(y != np.round(y)):
        raise ValueError("classes are whole numbers")
    if y.min() < 0 or y.max() >= units:
        raise ValueError(f"classes from {y.min()} to {y.max()}; the model has {units} units")
    return True
    ### END SOLUTION

# %% check="kinds_guard" points=2
three = keras.Sequential([keras.Input((4,)), layers.Dense(3)])
seven = keras.Sequential([keras.Input((2, 5)), layers.Flatten(), layers.Dense(7)])
def fruit(model, labels):
    x = np.zeros((4, *model.input_shape[1:]))
    return (model, x, np.array(labels))

good = [fruit(three, [0, 2, 1, 2]), fruit(seven, [6, 0, 3, 3]), fruit(three, [0.0, 1.0, 2.0, 0.0])]
bad = [fruit(three, [1, 2, 3, 1]), fruit(three, [0, -1, 2, 1]), fruit(three, np.eye(4)[:, :3])]
bad += [fruit(seven, [0, 0.5, 1, 2]), fruit(three, [0, 1, 2]), fruit(three, [3, 3, 3, 3])]
check_guard(kinds_guard, good, bad, says_why=True, about="kinds_guard")

# %% check="kinds_guard" aspect="more" points=1
check_guard(
    kinds_guard, good=[fruit(three, kinds) for kinds in ([0, 0, 0, 0], [2, 1, 0, 2], [1, 2, 1, 1])],
    bad=[fruit(seven, [7, 0, 1, 2]), fruit(three, [0, 1, 2, 0, 1])], about="kinds_guard",
)
### BEGIN HIDDEN TESTS
ten = keras.Sequential([keras.Input((6,)), layers.Dense(10)])
good, bad = [fruit(ten, [9, 8, 0, 3])], [fruit(ten, [10, 8, 0, 3])]
check_guard(kinds_guard, good, bad, about="kinds_guard")
### END HIDDEN TESTS

# %% [markdown]
# ## What you saw
#
# - A target has the shape of the output; a loss with `sparse` in its name takes one axis fewer. You
#   know which loss belongs to numbers, classes, several answers, pictures and steps.
# - The cross-entropies say something when shapes don't fit. The losses for numbers, weights and
#   `"accuracy"` often don't, and you know where to look.
# - A loss is a mean over all predictions, steps and pixels included; weights multiply before the
#   mean, and don't change what it is divided by.
#
# Next: your own data. **[Your own model](09_your_own_model.ipynb)** shows what a file, a Dataset, a
# mask and a decoder add to all this.
