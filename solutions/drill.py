# %% [markdown]
# # The drill: puzzles that never run out
#
# 10 minutes
#
# Shapes are like scales on a piano: understanding them takes an hour, having them in your
# fingers takes practice. The drill makes up puzzles for as long as you like. It isn't graded, it
# has no end, and nobody but you sees how it went. After this page you will be able to
#
# - get a puzzle, answer it, and ask why;
# - choose what the puzzles are about, and how hard they are;
# - find, read and delete what the drill remembers of you.
#
# **You need** a layer or two that you would like to be sure of.

# %% locked="setup"
# No module named ...? Choose the course's own Python (.venv) as this notebook's kernel.
from autograder.learn import Drill, draw_shapes

# %% [markdown]
# ## One puzzle
#
# Layers, sizes and question are drawn by chance. With a `seed`, chance repeats itself, so this
# page shows the same puzzle to everybody. (What `record=None` means comes at the end.)

# %%
drill = Drill(topics=["flatten", "convolution"], level=2, seed=23, record=None)
drill.next()

# %% [markdown]
# Work it out on paper before you go on. Then look at what somebody else answered:

# %%
drill.answer((None, 10, 10, 4))

# %% [markdown]
# It is the same card as under the exercises of the lessons. No list of wrong answers belongs to
# this puzzle: the drill looks for the mistaken belief that leads to *this* answer for *these*
# layers, and shows the two computations next to each other. What is asked for stays hidden, so
# you can try again as often as you like:

# %%
drill.answer((None, 8, 8, 4))

# %% [markdown]
# Now, or as soon as you give up, ask why. Keras's answer comes with a reason for each layer:

# %%
drill.why()

# %% [markdown]
# The model behind a puzzle is a real one, and it is yours to look at:

# %%
draw_shapes(drill.puzzle.model)

# %% [markdown]
# ## What comes back?
#
# The *first* answer to each puzzle is remembered. That one was wrong, and the card named a belief.
# From now on, puzzles on which the same belief would be wrong again are more likely. Every such
# puzzle that you get right makes them rarer, until all is as it was.

# %%
drill.progress()

# %% [markdown]
# *Met* counts the puzzles on which the belief would have led to a wrong answer, *right* those of
# them that you got right. And on it goes:

# %%
drill.next()

# %% [markdown]
# Your turn: write your answer between the brackets and take the `#` away. Where a puzzle has
# choices, answer with letters in quotes, such as `drill.answer("b")`. Sums are welcome: Python
# works out `3 * 3 * 8 + 8` for you. An answer in the wrong form, such as a number where a tuple
# is asked for, costs nothing.

# %%
# drill.answer()

# %% [markdown]
# ## Which puzzles would you like?
#
# | topic | what the puzzles are about |
# | --- | --- |
# | `input` | what `keras.Input` promises, and which batches a model takes |
# | `flatten` | Flatten, and what comes before and after it |
# | `convolution`, `pooling` | windows that slide over rows and images |
# | `dense` | Dense, on one axis and on several |
# | `recurrent`, `embedding` | sequences: SimpleRNN, LSTM, GRU, and numbers for words |
# | `reshape` | Reshape, Permute, RepeatVector |
#
# Without `topics` you get all of them. The questions are always of four kinds: which shape, how
# many parameters, which batches are taken, and which line raises an error (or does none?).
#
# | level | what it brings |
# | --- | --- |
# | 1 | one layer, as simple as can be |
# | 2 | two layers; images that aren't square; lines that may raise an error |
# | 3 | three layers; strides, padding, odd sizes, real arrays in place of Input |
# | 4 | four layers; several of these options at once |
# | 5 | five layers; sizes that stay open, windows with gaps |
#
# `drill.level = 3` changes the level from the next puzzle on. When you get most of them right, it
# is time.

# %%
harder = Drill(topics="recurrent", level=3, seed=2, record=None)
harder.next()

# %% [markdown]
# ## Would you rather press buttons?
#
# If you would rather not write cells, `play()` gives you a text field and buttons; there, write
# the letters without quotes, and press Enter to answer. Take the `#` signs away and run the cell.
# Without a `seed`, the puzzles are new every time.

# %%
# mine = Drill(level=2)
# mine.play()

# %% [markdown]
# ## What does it remember, and where?
#
# Unless you say `record=None`, the drill writes what it remembers to the file
# `keras_shapes_drill.json` beside this notebook, so that it can go on tomorrow where you stopped
# today. It is a text file and it is yours. Open it: it holds how many puzzles you have answered,
# and four numbers for each belief. The course doesn't read it, the drill sends it nowhere, and it
# has nothing to do with your points. Delete it, and the drill has forgotten you.
# `Drill(record="other.json")` uses another file.
#
# ## What you saw
#
# - `drill.next()`, `drill.answer(...)`, `drill.why()`, `drill.progress()`; or `drill.play()`.
# - `Drill(topics=[...], level=1)` chooses what, and how hard.
# - The record is a file of your own, and `record=None` does without it.
#
# Ten minutes a day do more than an hour on Sunday. Have fun!
