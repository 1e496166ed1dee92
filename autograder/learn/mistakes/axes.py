"""Beliefs about the order of the axes in a shape."""

from autograder.learn.mistakes.rule import rule


@rule(
    "reading",
    belief="Keras puts the channels first",
    truth="Keras keeps the axes in the order you give, and by default reads the last as channels",
    hint="compare the order in the code with the order in your answer.",
)
def channels_moved_first(truth, answer):
    """(None, 3, 28, 28) where Keras says (None, 28, 28, 3)."""
    return len(truth) > 3 and answer == (truth[0], truth[-1], *truth[1:-1]) != truth


@rule(
    "reading",
    belief="columns come before rows, or width before height",
    truth="rows come first, as in NumPy: height before width in an image, steps before features in "
    "a sequence",
    hint="compare the order in the code with the order in your answer.",
)
def height_width_swapped(truth, answer):
    """(None, 48, 32, 3) where Keras says (None, 32, 48, 3)."""
    swapped = (truth[0], truth[2], truth[1], *truth[3:]) if len(truth) in (3, 4) else truth
    if 1 in truth[1:3]:  # a column or a row is no picture
        return False
    return answer == swapped != truth


@rule(
    "reading",
    belief="an image has its channels last, however it is stored",
    truth="a shape lists the axes in the order in which the data have them",
    hint="print the shape of one of the images as they come.",
)
def channels_moved_last(truth, answer):
    """(None, 28, 28, 3) where the data are (None, 3, 28, 28)."""
    return len(truth) > 3 and answer == (truth[0], *truth[2:], truth[1]) != truth
