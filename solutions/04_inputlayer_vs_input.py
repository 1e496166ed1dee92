# %% [markdown]
# # Input and InputLayer: one word apart
#
# 9 exercises · 18 points · 85 minutes
#
# **In short.** `keras.Input` is a function. It makes an `InputLayer`, and gives you that layer's output, the
# tensor with which a model begins. Write `keras.Input`, in a Functional model and in a Sequential:
#
# ```python
# import keras
# model = keras.Sequential([keras.Input(shape=(4,)), keras.layers.Dense(1)])
# print(model.input_shape, model.output_shape)
# ```
#
# `keras.Input` and `layers.InputLayer` differ by one word, and both of them stand at the top of
# models. They aren't two spellings of one thing, and they aren't strangers either. Once you know
# what one is to the other, you can read the first lines of any model, old or new, and the errors
# that come from mixing the two up. After this lesson you will be able to
#
# - say what each of the two gives you, and what you can do with it;
# - write one network in five ways, and tell which lines of an old post to replace;
# - foresee what `model.layers` and `summary()` will list, and what a misplaced or forgotten
#   input does.
#
# **You need** the lessons on Input and Flatten and on the shape of the input.

# %% locked="setup"
# No module named ...? Choose the course's own Python (.venv) as this notebook's kernel.
from autograder.learn import (  # comes first: it keeps TensorFlow's log out of the way
    Built, LayerNames, TypeOf, check_model, check_models, check_prediction, draw_origin, reads,
)

import warnings

import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(0)

# %% [markdown]
# ## Which of the two makes the other?
#
# **In short.** The function makes the layer.
#
# Both names begin with a capital letter, as classes do in Python. Are both classes?

# %%
print("Input is a", type(keras.Input).__name__)
print("InputLayer is a class of layers:", issubclass(layers.InputLayer, layers.Layer))

# %% [markdown]
# `Input` is a function, in spite of its capital. `InputLayer` is a class, as `Dense` is: calling
# it makes a layer. Here is one call of each, with the same words in the brackets.

# %%
door = keras.Input(shape=(4,))
frame = layers.InputLayer(shape=(4,))

# %% [markdown]
# ### Predict: three types
#
# What does Python call the types of these three? Give their names: for a layer `layers.Dense(2)`
# it would be `"Dense"`.
#
# 1. `door`
# 2. `frame`
# 3. `frame.output`, what the layer passes on to the layers behind it
#
# <details><summary>A hint</summary>
#
# Calling a class gives an object of that class. Calling a function gives whatever the function
# returns: what did you hold in the first lesson after calling `keras.Input`?
# </details>
#
# <details><summary>A bigger hint</summary>
#
# What passes between layers is a placeholder, which knows a shape and a dtype. Which of the three
# are such placeholders?
# </details>

# %% answer="what_kinds" level=1
### BEGIN SOLUTION
what_kinds = ["KerasTensor", "InputLayer", "KerasTensor"]  # a list of three names, in quotes
### END SOLUTION

# %% check="what_kinds" points=1
check_prediction(what_kinds, of=[TypeOf(door), TypeOf(frame), TypeOf(frame.output)])

# %% [markdown]
# ### Has Input made a layer as well?
#
# The function gives you the thing that flows, the class gives you the thing it flows out of. If
# `keras.Input` made a layer behind your back, a model that begins and ends at `door` has to list
# it:

# %%
maker = keras.Model(door, door).layers[0]
print(type(maker).__name__, "| its output is door:", maker.output is door)

# %% [markdown]
# It did. `keras.Input(...)` makes an `InputLayer`, and hands you that layer's output. You never
# have to make the layer yourself; the tensor is where the model's graph begins. And what does
# the layer keep?

# %%
print(maker.batch_shape, maker.dtype, maker.count_params(), "parameters")

# %% [markdown]
# A shape, a dtype, and nothing to learn.
#
# ## Can a layer be handed to a layer?
#
# **In short.** No. A layer is called on a tensor, and what an InputLayer passes on is its `output`.
#
# You hold `frame`, a layer, and want to go on with a Dense layer. Will this work?

# %%
keras.utils.clear_session()  # so that the names in the message start afresh
frame = layers.InputLayer(shape=(4,))
try:
    layers.Dense(8)(frame)
except ValueError as error:
    print(reads(error))

# %% [markdown]
# Layers are called on tensors, and `frame` isn't one. The two names invite this error; the message
# calls a KerasTensor an *input tensor*.
#
# ### Build: begin with the layer
#
# Somebody hands you a finished InputLayer. Write `from_layer(start, units)`. It returns a Functional
# model: what `start` passes on goes into a Dense layer with that many `units`, without activation.
# (A Functional model is one that you make by naming both ends, `keras.Model(inputs, outputs)`.)
#
# <details><summary>A hint</summary>
#
# Both a Dense layer and `keras.Model` want tensors. You have met the attribute under which a
# layer keeps the tensor that it passes on.
# </details>
#
# <details><summary>A bigger hint</summary>
#
# Two steps: take the tensor of `start` and call a Dense layer on it; name both tensors in
# `keras.Model`.
# </details>

# %% answer="from_layer" level=2
def from_layer(start, units):
    """Return a Functional model that begins at the InputLayer `start` and ends in a Dense layer."""
    ### BEGIN SOLUTION
    tensor = start.output
    return keras.Model(tensor, layers.Dense(units)(tensor))
    ### END SOLUTION

# %% check="from_layer" points=2
for name, features, units in (("porch", 4, 8), ("gate", 7, 3)):
    start = layers.InputLayer(shape=(features,), name=name)
    check_model(
        from_layer, args=[start, units], kind="Functional", input_shape={name: (None, features)},
        output_shape=(None, units), computes=lambda x, W, b: x @ W + b,
    )
### BEGIN HIDDEN TESTS
arch = layers.InputLayer(shape=(5,), name="arch")
wanted = {"input_shape": {"arch": (None, 5)}, "output_shape": (None, 2), "params": 12}
check_model(from_layer, args=[arch, 2], kind="Functional", **wanted)
### END HIDDEN TESTS

# %% [markdown]
# ## How many ways are there to write one network?
#
# **In short.** At least five. With the same weights they compute the same; they differ in what they
# accept, in what they list, and in when their weights are made.
#
# A well-known post shows three, and names a fourth. The network is always the same: 4 numbers
# go in, 8 units look at them, and 1 number comes out.

# %%
keras.utils.clear_session()
inputs = keras.Input(shape=(4,))
x = layers.Dense(8, activation="relu")(inputs)
outputs = layers.Dense(1)(x)
functional = keras.Model(inputs=inputs, outputs=outputs)
print(functional.count_params(), "parameters")

# %% [markdown]
# Way one, Functional. This is how such a model is usually written, and the post rightly
# recommends it. The count is easily checked: `8 × (4 + 1) + 1 × (8 + 1) = 49`.
#
# The other ways are Sequential: you give a list of layers, and Keras passes the data from
# each to the next. The post's second listing has an InputLayer in the list. Some of these ways
# make Keras 3 warn; the little function `warned` prints what it says.

# %%
def warned(make):
    """Return what make() gives, and print what Keras warns of on the way."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        made = make()
    for warning in caught:
        print(reads(warning.message))
    return made

# %%
with_layer = warned(lambda: keras.Sequential([
    layers.InputLayer(input_shape=(4,)),
    layers.Dense(8, activation="relu"),
    layers.Dense(1),
]))
print(with_layer.count_params(), "parameters")

# %% [markdown]
# Way two works, as the post says, but the word has changed. What `InputLayer` called `input_shape=` in
# Keras 2, it calls `shape=` in Keras 3. `Input` has always said `shape=`, so way three needs no
# such care:

# %%
with_input = keras.Sequential([
    keras.Input(shape=(4,)),
    layers.Dense(8, activation="relu"),
    layers.Dense(1),
])
print(with_input.count_params(), "parameters")

# %% [markdown]
# Way four writes the shape on the first layer that does any work. You will find it in most posts
# that were written for Keras 2.

# %%
on_dense = warned(lambda: keras.Sequential([
    layers.Dense(8, activation="relu", input_shape=(4,)),
    layers.Dense(1),
]))
print(on_dense.count_params(), "parameters")

# %% [markdown]
# It costs a warning and nothing else. And way five? Say nothing about the input at all:

# %%
late = keras.Sequential([layers.Dense(8, activation="relu"), layers.Dense(1)])
print("built:", late.built)
late(np.zeros((1, 4)))
print("built:", late.built, "|", late.count_params(), "parameters")

# %% [markdown]
# The weights were made when the first data came: until then, the model couldn't know how many
# it needs.
#
# ### Are they the same network?
#
# Five ways, five times the same layers and the same count. If you feed them all the same
# numbers, will the same come out?

# %%
ways = {"Functional": functional, "Sequential, InputLayer": with_layer,
        "Sequential, Input": with_input, "Sequential, input_shape=": on_dense,
        "Sequential, no input": late}
data = np.random.default_rng(0).random((6, 4))
for name, model in ways.items():
    print(f"{name:25}", f"{np.asarray(model(data))[0, 0]:.2f}")

# %% [markdown]
# Not yet. Each model starts with random weights of its own. Give them all the weights of the
# first, and compare again, this time to the last bit:

# %%
for name, model in ways.items():
    model.set_weights(functional.get_weights())
    same = np.array_equal(model(data), functional(data))
    print(f"{name:25}", "the same numbers:", same)

# %% [markdown]
# On this point the post is right: the spelling is a matter of code, not of what is computed. One
# difference remains: **[a Functional model refuses
# more](01_input_vs_flatten.ipynb#Where-does-the-promise-leak?)** of the data that have a wrong
# shape than a Sequential of the same layers does.
#
# ### Build: three spellings, one function
#
# Write `three_spellings(features, hidden, outputs)`. It returns three models in a tuple, all of
# `features` numbers, then `hidden` units with relu, then `outputs` units without activation, in the
# spellings of
#
# 1. way one, a Functional model,
# 2. way three, a Sequential model that begins with `keras.Input`,
# 3. way five, a Sequential model without any input, which must have its weights all the same.
#
# All three have to give the same numbers for the same data. None of these ways makes Keras warn, and
# a warning counts as an error here. (Otherwise finished models of ways three and five look so much
# alike that the check leaves that to you.)
#
# <details><summary>A hint</summary>
#
# Two jobs: make the three models, then make their weights equal. Which of the three has no
# weights yet when you want to set them?
# </details>
#
# <details><summary>A bigger hint</summary>
#
# A call with one sample of zeros is enough to give a model its weights. `get_weights` and
# `set_weights` do the copying.
# </details>

# %% answer="three_spellings" level=3
def three_spellings(features, hidden, outputs):
    """Return a Functional, a Sequential with Input and one without, with equal weights."""
    ### BEGIN SOLUTION
    def tail():
        return [layers.Dense(hidden, activation="relu"), layers.Dense(outputs)]

    start = keras.Input(shape=(features,))
    first, last = tail()
    one = keras.Model(start, last(first(start)))
    two = keras.Sequential([keras.Input(shape=(features,)), *tail()])
    three = keras.Sequential(tail())
    three(np.zeros((1, features)))
    for model in (two, three):
        model.set_weights(one.get_weights())
    return one, two, three
    ### END SOLUTION

# %% check="three_spellings" points=2
kinds = ("Functional", "Sequential", "Sequential")
check_models(
    three_spellings, 3, [4, 8, 1], strict=True, kinds=kinds, built=True, input_shape=(None, 4),
    output_shape=(None, 1), params=8 * (4 + 1) + 1 * (8 + 1),
)

# %% check="three_spellings" aspect="numbers" points=1
def two_dense(x, W, b, V, c):
    return np.maximum(0, x @ W + b) @ V + c


check_models(
    three_spellings, 3, [6, 5, 2], strict=True, kinds=kinds, built=True, input_shape=(None, 6),
    output_shape=(None, 2), params=5 * (6 + 1) + 2 * (5 + 1), computes=two_dense,
)
### BEGIN HIDDEN TESTS
sizes = {"input_shape": (None, 3), "output_shape": (None, 4), "params": 60, "built": True}
check_models(three_spellings, 3, args=[3, 7, 4], computes=two_dense, **sizes)
### END HIDDEN TESTS

# %% [markdown]
# ## Who is on the list?
#
# **In short.** A Functional model lists its InputLayer; a Sequential that begins with its Input
# doesn't. Ask for a layer by its name, and the difference doesn't matter.
#
# Same network, same numbers: is there nothing to choose between them, then? Look at what a model
# says about itself. The Functional one first:

# %%
functional.summary()

# %% [markdown]
# Here is the layer that `keras.Input` made for you. A model's layers can also be had as a list,
# `model.layers`, in the same order.
#
# ### Predict: the list of a Functional model
#
# What are the classes in `sheet_model.layers`, by name and in order?

# %%
sheet = keras.Input(shape=(20, 3))
sheet_model = keras.Model(sheet, layers.Flatten()(layers.Dense(6)(sheet)))

# %% [markdown]
# <details><summary>A hint</summary>
#
# Read the first column of the table above: the class is what is in brackets.
# </details>
#
# <details><summary>A bigger hint</summary>
#
# Three names, in the order in which the data pass. `model.layers` lists layers, so a tensor or a
# function can't be among them.
# </details>

# %% answer="functional_layers" level=1
### BEGIN SOLUTION
functional_layers = ["InputLayer", "Dense", "Flatten"]  # a list of names, in quotes
### END SOLUTION

# %% check="functional_layers" points=1
check_prediction(functional_layers, of=LayerNames(sheet_model))

# %% [markdown]
# ### Predict: the list of a Sequential model
#
# The post goes on: "even if you wrote only `keras.Input(...)`, the summary still shows an input
# layer". Is that so? One of its examples is a Sequential model, such as this one. What are the
# classes in `pixel_model.layers`?

# %%
pixel_model = keras.Sequential([
    keras.Input(shape=(8, 8)), layers.Flatten(), layers.Dense(10), layers.ReLU(),
])

# %% [markdown]
# <details><summary>A hint</summary>
#
# You wrote four items, but the first one isn't a layer. What has Keras done with it?
# </details>
#
# <details><summary>A bigger hint</summary>
#
# Can you take the input out of the list of a Sequential and still have the same layers, as way five
# does? Is it one of them, then?
# </details>

# %% answer="sequential_layers" level=2
### BEGIN SOLUTION
sequential_layers = ["Flatten", "Dense", "ReLU"]  # a list of names, in quotes
### END SOLUTION

# %% check="sequential_layers" points=1
check_prediction(sequential_layers, of=LayerNames(pixel_model))

# %% [markdown]
# ### Which spelling shows its input?
#
# Here are the lists of all five ways side by side, and then the summary of way three.

# %%
for name, model in ways.items():
    print(f"{name:25}", [type(layer).__name__ for layer in model.layers])

# %%
with_input.summary()

# %% [markdown]
# The post is right about way one and wrong about way three: a Sequential model keeps the layer out
# of its list and out of its summary. Even the InputLayer of way two, put into the list by hand, is
# out of sight. It was so in Keras 2 as well.

# %%
draw_origin()

# %% [markdown]
# Does it matter? It does when you count. `model.layers[0]` is the first Dense layer in one
# spelling, and has no weights in the other; code that picks a layer by its number breaks when the
# spelling changes. Give the layer a `name=`, and `model.get_layer` finds it by that name in both.
#
# ### Is everything in the summary a layer?
#
# `keras.ops` has functions that work on tensors, placeholders too. Each call of one becomes a part of
# the model, an **operation**. Is it among the layers?

# %%
keras.utils.clear_session()
numbers = keras.Input(shape=(4,))
doubled = keras.Model(numbers, keras.ops.multiply(numbers, 2))
doubled.summary()
print([type(layer).__name__ for layer in doubled.layers])

# %% [markdown]
# It isn't: the summary lists layers and operations in the same column, `model.layers` only the layers.

# %% [markdown]
# ## What happens to a slip of the pen?
#
# Somebody wants whole numbers and writes `dype` for `dtype`, once for the class, once for the
# function. Which of the two notices?

# %%
print(layers.InputLayer(shape=(4,), dype="int32").dtype)
try:
    keras.Input(shape=(4,), dype="int32")
except TypeError as error:
    print(reads(error))

# %% [markdown]
# In Keras 3, `InputLayer` swallows every keyword that it doesn't know, and you get the default
# dtype without a word. (Keras 2 refused them.) Nor does it object if the old word and the new one
# contradict each other:

# %%
both = warned(lambda: layers.InputLayer(shape=(4,), input_shape=(7,)))
print(both.batch_shape)

# %% [markdown]
# The old one wins. There is a good reason, then, to write `keras.Input` wherever you can: it is
# shorter, and it objects to what it doesn't understand.
#
# ### Build: bring it up to date
#
# This is how a post of 2019 may have written a small network for tables of numbers. It says the
# same thing three times.

# %%
def old(rows, columns, units):
    return keras.Sequential([
        layers.InputLayer(input_shape=(rows, columns)),
        layers.Flatten(input_shape=(rows, columns)),
        layers.Dense(units, activation="relu", input_dim=rows * columns),
    ])


print(warned(lambda: old(6, 5, 3)).count_params(), "parameters")

# %% [markdown]
# Write `modern(rows, columns, units)`, which returns the same network without making Keras warn of
# anything. It must have its weights when it is returned. In this exercise a warning counts as an
# error, even one that you switch off.
#
# <details><summary>A hint</summary>
#
# Say the input's shape once, in the place where Keras 3 wants it. Which of the three shapes
# describes a sample as it comes in?
# </details>
#
# <details><summary>A bigger hint</summary>
#
# Way one or way three of this lesson. The layers that do the work keep their sizes and their
# activation, and lose everything that speaks of the input.
# </details>

# %% answer="modern" level=2
def modern(rows, columns, units):
    """Return the network of old(rows, columns, units), spelled as Keras 3 wants it."""
    ### BEGIN SOLUTION
    table = keras.Input(shape=(rows, columns))
    return keras.Model(table, layers.Dense(units, activation="relu")(layers.Flatten()(table)))
    ### END SOLUTION

# %% check="modern" points=1
check_model(
    modern, args=[6, 5, 3], strict=True, built=True,
    input_shape=(None, 6, 5), output_shape=(None, 3), params=(6 * 5 + 1) * 3,
)

# %% check="modern" aspect="numbers" points=2
def unrolled(x, W, b):
    return np.maximum(0, x.reshape(len(x), -1) @ W + b)


check_model(
    modern, args=[4, 2, 7], strict=True, built=True, params=(4 * 2 + 1) * 7,
    input_shape=(None, 4, 2), output_shape=(None, 7), computes=unrolled,
)
### BEGIN HIDDEN TESTS
sizes = {"input_shape": (None, 3, 9), "output_shape": (None, 2), "params": 56}
check_model(modern, args=[3, 9, 2], strict=True, built=True, computes=unrolled, **sizes)
### END HIDDEN TESTS

# %% [markdown]
# ## Where does it go wrong?
#
# Most trouble with the two names comes from a handful of beliefs. Each of the next sections puts
# one of them to the test.
#
# ### Is Input a layer that can be called?
#
# A layer is made, then called on data. Try that with what `Input` gives you, and with an
# `InputLayer`:

# %%
for thing in (keras.Input(shape=(4,)), layers.InputLayer(shape=(4,))):
    try:
        thing(np.ones((2, 4)))
    except TypeError as error:
        print(reads(error))

# %% [markdown]
# Neither takes data; other layers and the finished model do. Nor is there anything in them that
# training could adjust: an InputLayer has 0 parameters, as you saw above.
#
# ### Does Input prepare the data?
#
# Pixels come as numbers from 0 to 255, and networks learn better from small numbers. It is a common
# hope that Input sees to that. A model that is nothing but an Input will tell:

# %%
pixels = keras.Input(shape=(3,))
nothing = keras.Model(pixels, pixels)
print(np.asarray(nothing(np.array([[0, 51, 255]]))))

# %% [markdown]
# The numbers are those that went in, now as floats: a cast to the declared dtype is all that an
# Input does to values. Whatever else the model should do to the data takes a layer of its own.
# `layers.Rescaling(factor)` multiplies everything by a fixed number and has nothing to learn:

# %%
print(np.asarray(layers.Rescaling(1 / 255)(np.array([[0, 51, 255]]))).round(2))

# %% [markdown]
# ### Build: a model that takes raw numbers
#
# A sensor gives `features` numbers from 0 to `top`. Write `scaled_input(features, top, units)`:
# a model that takes these numbers as they are, brings them to the range from 0 to 1, and then
# passes them to a Dense layer with that many `units`, without activation.
#
# <details><summary>A hint</summary>
#
# The range is brought down inside the model, by a layer of its own. Where must it stand, so that
# Dense gets the small numbers?
# </details>
#
# <details><summary>A bigger hint</summary>
#
# For numbers from 0 to 255 the factor was 1 / 255, so that 255 became 1. What makes 1 of
# `top`?
# </details>

# %% answer="scaled_input" level=2
def scaled_input(features, top, units):
    """Return a model from raw numbers, (None, features), 0 to top, by Dense to (None, units)."""
    ### BEGIN SOLUTION
    parts = [keras.Input(shape=(features,)), layers.Rescaling(1 / top), layers.Dense(units)]
    return keras.Sequential(parts)
    ### END SOLUTION

# %% check="scaled_input" points=1
check_model(
    scaled_input, args=[3, 255, 2],
    input_shape=(None, 3), output_shape=(None, 2), params=(3 + 1) * 2,
)

# %% [markdown]
# The second check has another sensor, with a `top` of its own.

# %% check="scaled_input" aspect="numbers" points=2
check_model(
    scaled_input, args=[5, 15, 4], input_shape=(None, 5), output_shape=(None, 4),
    computes=lambda x, W, b: (x / 15) @ W + b,
)
### BEGIN HIDDEN TESTS
sizes = {"input_shape": (None, 2), "output_shape": (None, 3), "params": 9}
check_model(scaled_input, args=[2, 1023, 3], computes=lambda x, W, b: x / 1023 @ W + b, **sizes)
check_model(scaled_input, args=[2, 255, 3], computes=lambda x, W, b: x / 255 @ W + b, **sizes)
### END HIDDEN TESTS

# %% [markdown]
# ### May Input stand further down the list?
#
# In a Sequential the Input comes first. What if it comes second?

# %%
middle = keras.Sequential([layers.Dense(8), keras.Input(shape=(8,)), layers.Dense(1)])
print([type(layer).__name__ for layer in middle.layers], "built:", middle.built)

# %% [markdown]
# Not a word of protest. But read the list: for once a Sequential shows its InputLayer, because
# it took it for an ordinary layer. The protest comes with the data.

# %%
try:
    middle(np.ones((2, 4)))
except ValueError as error:
    print(reads(error))

# %% [markdown]
# The InputLayer was to be called like the others, and it can't be. (Keras 2 left it out and went
# on.) When the first item *is* an Input, a second one is refused at once:

# %%
keras.utils.clear_session()
try:
    keras.Sequential([keras.Input(shape=(4,)), keras.Input(shape=(4,)), layers.Dense(1)])
except ValueError as error:
    print(reads(error))

# %% [markdown]
# And the old `input_shape=`, on a layer further down, with a size that makes no sense?

# %%
inner = warned(lambda: keras.Sequential([
    keras.Input(shape=(4,)), layers.Dense(8), layers.Dense(1, input_shape=(99,)),
]))
print(inner.count_params(), "parameters")

# %% [markdown]
# Ignored: a warning, and the 49 parameters of the network that we know. Inside a network the
# shapes follow from the layers before; nobody has to say them.
#
# ### Build: mend the list
#
# The author of this model wanted Keras to know what arrives at the Dense layer. It takes sheets
# of `rows` by `columns` numbers, or would.

# %%
def broken(rows, columns, units):
    return keras.Sequential([
        layers.Flatten(), keras.Input(shape=(rows * columns,)), layers.Dense(units),
    ])

# %% [markdown]
# Write `input_first(rows, columns, units)`, which returns the model as it was meant: Flatten and
# Dense, for sheets of that size, built when it is returned.
#
# <details><summary>A hint</summary>
#
# It isn't enough to move one item of the list. What does Input describe: the data as they come
# in, or as they are further down?
# </details>
#
# <details><summary>A bigger hint</summary>
#
# One sample is a sheet with two axes. Write down the shape before Flatten and the shape after
# it, and see which of the two the author has put into the brackets.
# </details>

# %% answer="input_first" level=2
def input_first(rows, columns, units):
    """Return the mended model, from sheets (None, rows, columns) to (None, units)."""
    ### BEGIN SOLUTION
    parts = [keras.Input(shape=(rows, columns)), layers.Flatten(), layers.Dense(units)]
    return keras.Sequential(parts)
    ### END SOLUTION

# %% check="input_first" points=1
check_model(
    input_first, args=[5, 4, 3], built=True,
    input_shape=(None, 5, 4), output_shape=(None, 3), params=(5 * 4 + 1) * 3,
)

# %% check="input_first" aspect="numbers" points=2
def flat_dense(x, W, b):
    return x.reshape(len(x), -1) @ W + b


check_model(
    input_first, args=[2, 6, 4], built=True, params=(2 * 6 + 1) * 4,
    input_shape=(None, 2, 6), output_shape=(None, 4), computes=flat_dense,
)
### BEGIN HIDDEN TESTS
sizes = {"input_shape": (None, 7, 3), "output_shape": (None, 2), "params": 44}
check_model(input_first, args=[7, 3, 2], built=True, computes=flat_dense, **sizes)
### END HIDDEN TESTS

# %% [markdown]
# ### Will build() do instead?
#
# **In short.** Yes, if you give it the shape with its batch axis: `model.build((None, 4))`. An
# Input is safer.
#
# A model without an Input can be built by hand, with `build`. It is often called without
# arguments. What does it build then?

# %%
empty = keras.Sequential([layers.Dense(8), layers.Dense(1)])
empty.build()
print("built:", empty.built, "|", empty.count_params(), "parameters")

# %% [markdown]
# No weights, and yet the model calls itself built. (Keras 2 raised an error.) `build` needs a shape,
# and it wants all of it, the batch axis too. Nor can it change its mind: a model that knows its input
# is built for that input.

# %%
keras.utils.clear_session()
try:
    keras.Sequential([keras.Input(shape=(4,)), layers.Dense(1)]).build((None, 5))
except ValueError as error:
    print(reads(error))

# %% [markdown]
# Another size needs another model.
#
# ### Predict: two ways to build
#
# The function below makes a new model each time. How many parameters are there after
# `unbuilt().build((4, 6))`, and how many after `unbuilt().build((None, 4, 6))`?

# %%
def unbuilt():
    return keras.Sequential([layers.Flatten(), layers.Dense(3)])

# %% [markdown]
# <details><summary>A hint</summary>
#
# The first entry of the shape is the batch, whatever was meant. What is one sample in each of
# the two cases, and how long is it after Flatten?
# </details>
#
# <details><summary>A bigger hint</summary>
#
# With `build((7, 5))`, Flatten would see 7 samples of 5 numbers. A Dense layer of 2 units would
# then have 2 × (5 + 1) = 12 parameters.
# </details>

# %% answer="built_counts" level=2
### BEGIN SOLUTION
built_counts = [21, 75]  # a list of two whole numbers
### END SOLUTION

# %% check="built_counts" points=1
check_prediction(built_counts, of=[Built(unbuilt, (4, 6)), Built(unbuilt, (None, 4, 6))])

# %% [markdown]
# Nobody warns you about the forgotten axis, as long as the numbers fit somewhere. An Input doesn't
# leave you the chance to forget it.
#
# ### What does a model remember of its first data?
#
# Way five let the data build the model. What does the model think of its input afterwards?

# %%
keras.utils.clear_session()
fed = keras.Sequential([layers.Dense(8), layers.Dense(1)])
fed(np.zeros((32, 4)))
print("after 32 samples:", fed.input_shape, "| 5 samples give", fed(np.zeros((5, 4))).shape)
fed.summary()

# %% [markdown]
# It took the size of its first batch for a part of the shape, and prints it in every row. Other
# batch sizes still work. So a 32 where you expected `None` (32 is the batch size of `fit` if you
# choose none) mostly has a harmless reason: the model wasn't told its input.
#
# ### Does a finished model bring its Input along?
#
# A model can be used as a layer. `functional` knows its input very well; does a Sequential that
# begins with it?

# %%
wrapped = keras.Sequential([functional])
print("built:", wrapped.built)
try:
    wrapped.input_shape
except AttributeError:
    print("no input_shape yet")

# %%
wrapped = keras.Sequential([keras.Input(shape=(4,)), functional])
print("built:", wrapped.built, wrapped.input_shape)

# %% [markdown]
# It doesn't, until the first call. One more line, and the usual one, settles it.

# %% [markdown]
# ## What the posts say, and what is true
#
# Could you say of each line why it is so? If not, its section is worth a second look.
#
# | you will read | what is true |
# | --- | --- |
# | Input and InputLayer are related, but not the same | yes: the function makes an InputLayer and returns its output, a KerasTensor |
# | `InputLayer(input_shape=(4,))` works | yes, with a warning: it is `shape=` since Keras 3. And it swallows misspelt keywords |
# | give `input_shape` to the first layer | it works, with a warning; on any other layer it is ignored |
# | the summary shows an input layer even if you wrote only Input | Functional models do, Sequential models don't, not even if you wrote an InputLayer |
# | the spelling doesn't make a different network | true: with equal weights, the same numbers to the last bit; what it accepts may differ |
# | Input doesn't transform data | true, except for a cast to the declared dtype (and the axis of size 1 from the first lesson) |
# | Sequential models take either | true, if it comes first; further down it fails, at the latest when the model is called |
# | call `model.build()` | without a shape it builds nothing, and without the batch axis something else |

# %% [markdown]
# ## What you saw
#
# - `keras.Input` is a function that makes an `InputLayer` and hands you its output. The tensor
#   goes into layers and into `keras.Model`; the layer goes into neither.
# - Five spellings make one network. `input_shape=` on a layer and on an InputLayer are the old
#   ones, and `keras.Input` takes the place of both.
# - Functional models list their InputLayer, Sequential models hide it as long as it comes first.
#   Keras may accept an Input that isn't first, or a `build` without the batch axis, and you pay for
#   it later.
#
# How sure are you about what Dense does with more than two axes? The next lesson leaves Flatten
# out and looks.
