# %% [markdown]
# # Start here: be wrong, and read on
#
# 2 exercises · 3 points · 15 minutes
#
# **In short.** Run a cell with Shift + Enter. Where it says `...`, put your answer; then run the
# check below. There are three ways through: **the hour** is this page and then **[lesson
# 1](01_input_vs_flatten.ipynb)**, **the course** is all the lessons in order, and if you have **a
# question**, go to **[the index of questions](questions.ipynb)** or to **[the answers in
# short](answers.ipynb)**.
#
# This course asks you to guess before you look. A guess that turns out wrong costs nothing: a
# check tells you which thought leads to it, and you try again. This page shows how that goes.
# After it you will be able to
#
# - run a cell, answer a question and read what the check says;
# - get a hint, save your work, and start a lesson over;
# - find the lesson that answers your question.
#
# **You need** a little Python, and to have met a NumPy array once. No Keras yet.

# %% [markdown]
# ## How do you run a cell?
#
# Click into the grey cell below and press **Shift + Enter**. The number that appears in its
# brackets, `[1]`, says that it has run; `[*]` says that it is still running, which takes a few
# seconds the first time. If neither appears, Python is still starting: wait until the circle at the
# top right is empty, and try again. Run all the cells of a page in order, from top to bottom.

# %% locked="setup"
# No module named ...? Choose the course's own Python (.venv) as this notebook's kernel.
from autograder.learn import check_function, check_shape, progress, run

import numpy as np
from keras import layers

# %% [markdown]
# Ready. Here is an **array**, a block of numbers, that holds five photos. Before you run the cell:
# how many numbers will it print?

# %%
album = np.random.default_rng(0).random((5, 8, 6, 3))  # random numbers will do for photos
album.shape

# %% [markdown]
# Four. That is the array's **shape**: it has four **axes**, and the shape says how long each of
# them is. Here they are the photos, then the rows of a photo, its columns, and its colours (red,
# green, blue). Each photo is a **sample**. Samples that travel together are a **batch**, and the
# axis that counts them, the first, is the **batch axis**.

# %% [markdown]
# ## Predict: a frame for every photo
#
# A Keras **layer** takes an array and gives back an array. The one below puts a black frame, one
# pixel wide, around each photo. What is the shape of the framed album?

# %%
frame = layers.ZeroPadding2D(1)

# %% [markdown]
# To **predict** is to put your answer in the place of `...`, run the cell, and then run the check
# below it. Let's do it in three steps.
#
# 1. Don't answer yet. Run the next two cells as they are. The check says *Not attempted*.
# 2. Be wrong, on purpose: write `(5, 9, 7, 3)`. Run both cells again, and read what the check
#    makes of it. Which thought does it find behind this answer? (`?` stands for Keras's answer,
#    which stays hidden.)
# 3. Now give the answer that you believe in. If you would like some help first, click on *A hint*.
#
# <details><summary>A hint</summary>
#
# Take the axes one by one. How many photos are there afterwards? Which of the other axes does a
# frame make longer?
# </details>
#
# <details><summary>A bigger hint</summary>
#
# Draw a picture of 2 rows and 3 columns, and a frame of one pixel around it. You have drawn 4 rows
# and 5 columns.
# </details>

# %% answer="framed_shape" level=1
### BEGIN SOLUTION
framed_shape = (5, 10, 8, 3)  # a tuple: four numbers in brackets, with commas between
### END SOLUTION

# %% check="framed_shape" points=1
check_shape(framed_shape, of=run([frame], album.shape))

# %% [markdown]
# ## What does a check say?
#
# | sign | it means | what to do |
# | --- | --- | --- |
# | ○ Not attempted | the answer is still `...`, or `raise NotImplementedError()` | answer, and run both cells |
# | ✘ Not right yet | the check names the thought behind your answer if it can, and compares it with what Keras does | read it, try what it proposes, answer again |
# | ◐ Partly right | some parts are right and count; the number below is the points you have so far | go on |
# | ✔ Right | all of it is right | go on |
#
# Below a check that didn't pass you see one more line, on a red ground like that of an error: *no
# points for this check so far*. Nothing is broken. A check doesn't give the answer away, and you
# can run it as often as you like. If it ends in `NameError`, a cell above it hasn't been run: the one
# with your answer, or the first of the page. If it seems to judge an old answer, see whether the cell
# with that answer raised an error.
#
# In later lessons some checks are folded to a single line, because they work the answer out
# themselves. Run your answer with Shift + Enter, and the check is the next to run; a click on its line
# shows the rest, for when you have answered.

# %% [markdown]
# ## Build: a batch of one
#
# In the other kind of exercise you write code, in the place of `raise NotImplementedError()`. Any
# spelling that does the same is right.
#
# Keras reads the first axis of any array as the batch. Give it a lone photo, and it takes the rows
# for samples, or refuses. Write `batch_of_one(sample)`. It gets a single sample as a NumPy array, a
# photo or anything else, and returns an array with the same numbers: a batch with this one sample
# in it.
#
# <details><summary>A hint</summary>
#
# Which axis is missing, and where must it stand? How long is it?
# </details>
#
# <details><summary>A bigger hint</summary>
#
# NumPy can add an axis of length 1: look at the examples in `help(np.expand_dims)`, and choose the
# axis.
# </details>

# %% answer="batch_of_one" level=1
def batch_of_one(sample):
    """Return an array with the batch axis in front, and `sample` as its only entry."""
    ### BEGIN SOLUTION
    return sample[np.newaxis]
    ### END SOLUTION

# %% [markdown]
# The check has three batches with a single sample in each: one with a photo, and two with samples
# of fewer axes. It takes each sample out, and wants its batch back.

# %% check="batch_of_one" points=2
batches = {3: album[2:3], 2: np.ones((1, 2, 3)), 1: np.arange(4.0).reshape(1, 4)}
check_function(
    batch_of_one, like=lambda sample: batches[sample.ndim],
    on=[batch[0] for batch in batches.values()], about="batch_of_one",
)
### BEGIN HIDDEN TESTS
for data in [np.arange(12.0).reshape(3, 4), np.arange(5.0), np.ones((2, 3, 4, 5))]:
    check_function(batch_of_one, like=lambda x: np.stack([x]), on=[data], about="batch_of_one")
### END HIDDEN TESTS

# %% [markdown]
# ## How do you keep your work, or start over?
#
# - **Save** with Ctrl + S (on a Mac, Cmd + S). Your answers are in the notebook's file, so that is
#   what to keep.
# - **Lost track** of what has run? Choose *Kernel → Restart Kernel and Run All Cells*. A check that
#   didn't pass doesn't stop it; an answer that raises an error does.
# - **Start a lesson over**: copy its file to another name if you want to keep your answers. Then
#   open *File → New → Terminal* and type, for the first lesson,
#   `git checkout 01_input_vs_flatten.ipynb`. Close its tab and open it again. The other lessons
#   stay as they are.

# %% [markdown]
# ## Which lesson answers your question?
#
# They build on one another, so if you have the time, take them in order. If you have a question, or
# a message from Keras, in front of you, **[the index of questions](questions.ipynb)** has it in the
# words that people use, and **[the answers in short](answers.ipynb)** take five minutes. An
# exercise with a ★ in its heading is a hard one; leave it for later if you like.
#
# | lesson | it answers |
# | --- | --- |
# | [1 · Input and Flatten](01_input_vs_flatten.ipynb) | What does `Input` promise, what does `Flatten` do, and which shapes come out of a convolution? |
# | [2 · How Flatten works](02_how_flatten_works.ipynb) | In which order do the numbers come out, and what does a Flatten cost you later? |
# | [3 · The input shape](03_input_shape.ipynb) | What belongs in `shape=` for tables and images, and what doesn't? |
# | [3b · Sequences and several inputs](03b_sequences_and_inputs.ipynb) | Which lengths may stay open, and what else may a model begin or end with? |
# | [4 · InputLayer and Input](04_inputlayer_vs_input.ipynb) | One is a class, one a function: which do you need, and when does it matter? |
# | [5 · Dense without Flatten](05_dense_without_flatten.ipynb) | What does a Dense layer do with rows and columns if nobody flattens them? |
# | [6 · Old posts, new Keras](06_old_posts_new_keras.ipynb) | Why does that snippet from the web no longer run, and how do you mend it? |
# | [7 · The shape detective](07_shape_detective.ipynb) | Can you find what is wrong with a model, and build one that works? |
# | [8 · Targets and losses](08_targets_and_losses.ipynb) | What shape do labels have, and why might a model not learn although there is no error? |
# | [9 · Your own model](09_your_own_model.ipynb) | How do files, pictures and a Dataset become something that your own model takes? |
#
# **[The drill](drill.ipynb)** has endless puzzles, for whenever you like.
#
# **Has your own model just failed?** In any notebook, `%load_ext autograder` puts a card below the
# next cell that fails over a shape: what happened, with your own numbers, and what to change.
# `why()` explains the last error, and `explain(model, x, y)` says beforehand what won't fit.

# %% [markdown]
# ## How far are you?
#
# This cell reads the saved notebooks in this folder. Save this page, run the cell, and come back
# whenever you want to know what is still open.

# %% tags=["nbval-ignore-output"]
progress()
