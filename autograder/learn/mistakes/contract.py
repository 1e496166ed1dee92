"""Beliefs about what a model with a declared input accepts."""

from autograder.learn.mistakes.rule import rule
from autograder.learn.mistakes.sizes import product
from autograder.learn.questions import Accepts


@rule(
    "value",
    about=Accepts,
    belief="the declared shape is enforced to the letter",
    truth="Keras adapts an axis of size 1 at the end without a word: it adds or drops it",
    hint="feed one batch to the model with, and one without, an axis of size 1 at the end.",
)
def contract_enforced(question):
    """Input((28, 28)) accepts (5, 28, 28), and nothing else of another shape.

    Met in "What is the difference between Input() and Flatten()?", which likens Input to a
    typed parameter.
    """
    return question.shape[1:] == question.declared[1:]


@rule(
    "value",
    about=Accepts,
    belief="only the number of axes counts",
    truth="a Functional model compares the sizes, too",
    hint="feed a batch of images that are too wide by one pixel.",
)
def only_rank_counts(question):
    """Input((28, 28)) accepts (5, 14, 56): true of a Sequential in Keras 3, not of a Functional."""
    return len(question.shape) == len(question.declared)


@rule(
    "value",
    about=Accepts,
    belief="only the number of values in a sample counts",
    truth="the shape is compared axis by axis, whatever the product",
    hint="feed a batch of images that are half as high and twice as wide.",
)
def only_size_counts(question):
    """Input((28, 28)) accepts (5, 14, 56) and (5, 784)."""
    return product(question.shape[1:]) == product(question.declared[1:])


@rule(
    "value",
    about=Accepts,
    belief="a single sample may come without a batch axis",
    truth="the first axis of what you feed is always taken as the batch",
    hint="feed one sample as it is, then the same sample as x[None].",
)
def batch_axis_optional(question):
    """Input((28, 28)) accepts one image of shape (28, 28)."""
    return question.declared[1:] in (question.shape, question.shape[1:])
