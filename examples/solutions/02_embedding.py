# %% [markdown]
# # Embedding
#
# 4 exercises · 8 points · 25 minutes
#
# Words come as whole numbers, and a network needs vectors. An Embedding is the table between them.

# %% locked="setup"
from autograder.learn import check_count, check_function, check_model, check_shape, rule
import keras
from keras import layers


def embeds(layer):
    return isinstance(layer, layers.Embedding)


@rule(
    "layer",
    belief="an Embedding gives each word a 1 among as many 0s as there are words",
    truth="each word gets its row of the table, which is as long as `output_dim` says",
    hint="print the shape of `layer.embeddings` for a table of another size.",
)
def a_one_for_each_word(layer, before, after):
    return (*before, layer.input_dim) if embeds(layer) else None


@rule(
    "layer",
    belief="an Embedding makes one vector of a text",
    truth="each word gets a vector of its own, so an axis is added behind the words",
    hint="embed a text of 3 words, and a text of 5.",
)
def one_vector_for_a_text(layer, before, after):
    return (*before[:-1], layer.output_dim) if embeds(layer) else None


@rule(
    "count",
    belief="each place in a text has a table of its own",
    truth="all places look up the same table",
    hint="count the parameters of the layer for texts of another length.",
)
def a_table_for_each_place(layer, before, count):
    return count.times(before[-1]) if embeds(layer) else None


@rule(
    "count",
    belief="an Embedding has a bias, as Dense has",
    truth="an Embedding looks up and adds nothing: its only weight is the table",
    hint="print the shapes of `layer.weights`.",
)
def table_with_a_bias(layer, before, count):
    return count.with_part(bias=(layer.output_dim,)) if embeds(layer) else None


@rule(
    "function",
    about="ids",
    belief="the first word of the vocabulary has the number 0",
    truth="0 is kept for words that aren't known, so the first word has the number 1",
    hint="translate a text of one word, which the vocabulary hasn't.",
)
def counted_from_zero(text, vocabulary):
    return [vocabulary.index(word) if word in vocabulary else 0 for word in text.split()]


# %% [markdown]
# ## From words to numbers

# %% answer="ids" level=1
def ids(text, vocabulary):
    """Return the numbers of a text's words, in a list: 1 for the first of a vocabulary, 0 for none.

    The words of the text are separated by blanks; the vocabulary is a list.
    """
    ### BEGIN SOLUTION
    return [vocabulary.index(word) + 1 if word in vocabulary else 0 for word in text.split()]
    ### END SOLUTION


# %% check="ids" points=2
def by_a_dictionary(text, vocabulary):
    numbers = {word: number for number, word in enumerate(vocabulary, start=1)}
    return [numbers.get(word, 0) for word in text.split()]


on = [("milk and tea", ["tea", "milk"]), ("", ["tea"]), ("no no", ["yes", "well", "no"])]
check_function(ids, like=by_a_dictionary, on=on, about="ids")

# %% [markdown]
# ## From numbers to vectors
#
# A vocabulary of 50 words, and vectors of 8 numbers. Which shape comes out for texts of 12 words?

# %%
words = keras.Input((12,), dtype="int32")
table = layers.Embedding(50, 8)
vectors = table(words)

# %% answer="embedded_shape" level=1
### BEGIN SOLUTION
embedded_shape = (None, 12, 8)  # a tuple; None for a size that is not fixed
### END SOLUTION

# %% check="embedded_shape" points=1
check_shape(embedded_shape, of=vectors)

# %% [markdown]
# And how many parameters does the layer have?

# %% answer="table_params" level=1
### BEGIN SOLUTION
table_params = 400  # a whole number
### END SOLUTION

# %% check="table_params" points=1
check_count(table_params, of=table)

# %% [markdown]
# ## Texts of any length
#
# Flatten needs to know how many words there are. A mean over the words doesn't.

# %% answer="text_model" level=3
def text_model():
    """Return a model: texts of any length, 50 words, vectors of 8, their mean, one number."""
    ### BEGIN SOLUTION
    return keras.Sequential([
        keras.Input((None,)),
        layers.Embedding(50, 8),
        layers.GlobalAveragePooling1D(),
        layers.Dense(1),
    ])
    ### END SOLUTION


# %% check="text_model" points=4
def asked():
    text = keras.Input((None,))
    mean = layers.GlobalAveragePooling1D()(layers.Embedding(50, 8)(text))
    return keras.Model(text, layers.Dense(1)(mean))


check_model(text_model, like=asked)
