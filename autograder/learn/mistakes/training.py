"""Beliefs about what goes wrong, and how loudly."""

import functools

from autograder.learn.mistakes.rule import also, rule
from autograder.learn.predictions import ERROR, Raises, Trains

#: Rules about one kind of question, or one topic.
about_trains = functools.partial(rule, "value", about=Trains)
about_raises = functools.partial(rule, "value", about=Raises)

_HINT = "subtract NumPy arrays of shapes (5, 4) and (5, 1) and print the shape of the result."


def _broadcasts(question):
    """Tell whether NumPy's rules decide: a loss for numbers, and no last axis that Keras adds."""
    loss = question.make().loss
    by_rows = "crossentropy" in str(getattr(loss, "name", loss))
    return not by_rows and question.output != (*question.y, 1)


@about_trains(
    belief="Keras compares the shapes of target and output before it trains",
    truth="a loss such as the mean squared error takes whatever can be broadcast",
    hint=_HINT,
)
def loss_compares_shapes(question):
    """Output (8, 3, 4), target (8, 1, 4): ValueError; target (8, 3, 4): trains."""
    return "ValueError" if question.output != question.y else "trains"


@about_trains(
    belief="a target needs as many axes as the output",
    truth="a loss such as the mean squared error takes whatever can be broadcast, and an axis that "
    "is missing in front counts as one of size 1",
    hint="subtract NumPy arrays of shapes (3, 3, 4) and (3, 4) and print the shape of the result.",
)
def as_many_axes_wanted(question):
    """Output (3, 3, 4), target (3, 4): ValueError."""
    if not _broadcasts(question):
        return question.truth
    return ERROR if len(question.output) != len(question.y) else question.truth


@about_trains(
    belief="a target that has as many axes as the output fits, and no other does",
    truth="the axes are compared one by one: an axis of size 1, or one that is missing in front, "
    "fits any other, and two other sizes have to agree",
    hint="subtract NumPy arrays of shapes (5, 4) and (5, 3) and read the error.",
)
def axes_alone_compared(question):
    """Output (8, 3, 4), target (8, 2, 4): trains; target (3, 4): ValueError."""
    if not _broadcasts(question):
        return question.truth
    return "trains" if len(question.output) == len(question.y) else ERROR


@about_trains(
    belief="of the axes of size 1 only the last may differ",
    truth="an axis of size 1 fits any other wherever it stands, and so does one that is missing in "
    "front",
    hint=_HINT,
)
def only_last_axis_dropped(question):
    """Output (8, 3, 4), target (8, 3, 1): trains; target (8, 1, 4): ValueError."""
    if not _broadcasts(question):
        return question.truth
    ends = {question.output[-1], question.y[-1]}
    same = question.output[:-1] == question.y[:-1] and (len(ends) == 1 or 1 in ends)
    return "trains" if same else ERROR


@about_trains(
    belief="an axis may be missing, but one of size 1 has to agree as any other has",
    truth="the two are treated alike: an axis of size 1 fits any other, and a missing one counts "
    "as one of size 1",
    hint=_HINT,
)
def ones_have_to_agree(question):
    """Output (8, 3, 4), target (8, 1, 4): ValueError; output (3, 3, 4), target (3, 4): trains."""
    single = question.output[-1] == 1  # of one number given, `single_output_protected` speaks
    if single or not _broadcasts(question):
        return question.truth
    start = len(question.output) - len(question.y)
    return "trains" if start >= 0 and question.output[start:] == question.y else ERROR


@about_trains(
    belief="the backend refuses to subtract arrays of different shapes",
    truth="as in NumPy, an axis of size 1 is stretched to fit the other, without a word",
    hint=_HINT,
)
def backend_compares_shapes(question):
    """Output (8, 3, 4), target (8, 1, 4): InvalidArgumentError."""
    return "InvalidArgumentError" if question.output != question.y else None


@about_trains(
    belief="where target and output don't fit, the loss is not a number",
    truth="it takes numbers such as 0 / 0 to give nan; shapes alone never do",
    hint=_HINT,
)
def loss_becomes_nan(question):
    """Output (8, 3, 4), target (8, 1, 4): nan."""
    return "nan" if question.output != question.y else None


@about_trains(
    belief="a loss takes a target of any shape",
    truth="only an axis of size 1 is stretched; other sizes have to agree",
    hint="subtract NumPy arrays of shapes (5, 4) and (5, 3) and read the error.",
)
def everything_broadcasts(question):
    """Output (8, 3, 4), target (8, 2, 4): trains."""
    return "trains"


@about_trains(
    belief="a clash of sizes has the same name wherever it is found",
    truth="this does end in an error, but sizes that are written in the model clash before "
    "there are any data, and Keras calls that a ValueError; the number of samples is known only "
    "while TensorFlow calculates, and TensorFlow calls it an InvalidArgumentError",
    hint="ask of the two sizes that clash: are both known when the model is put together?",
    weak=True,
)
def clash_of_another_name(question):
    """Output (8, 3, 4), target (8, 2, 4): InvalidArgumentError, where Keras says ValueError."""
    names = ("ValueError", "InvalidArgumentError")  # another name has another reason
    return dict(zip(names, names[::-1], strict=True)).get(question.truth)


@about_raises(
    belief="somebody objects to this, be it Python, Keras or the backend",
    truth="nobody does: it is taken without an error, whatever comes of it",
    hint="run it in a cell of its own, and look at what you have afterwards: its shape, its name.",
)
def objection_expected(question):
    """keras.Input((28, 28)) handed to a Dense layer: ValueError."""
    return ERROR if question.truth == "runs" else None


@also("value", "objection_expected", about=Raises)
def _(question):
    """keras.Input((28, 28)) handed to a Dense layer: UserWarning."""
    return "UserWarning" if question.truth == "runs" else None


@about_raises(
    belief="Keras takes whatever it is given, and makes the best of it",
    truth="this ends in an error",
    hint="run it in a cell of its own, and read the last line of the error.",
)
def no_objection_expected(question):
    """A convolution after Flatten: runs."""
    return "runs" if question.truth != "runs" else None


@about_raises(
    belief="somebody else objects here",
    truth="an error is right, and its type tells who complains: a NameError is about a name that "
    "nobody has defined, an AttributeError about one behind a dot that isn't there, a TypeError "
    "about arguments that a function doesn't take, a ValueError about a value or shape that it "
    "can't use, a SyntaxError about text that Python can't read",
    hint="ask who refuses here: Python reading the line, Python calling the function, or Keras "
    "looking at the shapes.",
    weak=True,
)
def wrong_kind_of_error(question):
    """layers.InputShape: ValueError."""
    return ERROR if question.truth != "runs" else None


@about_raises(
    belief="there is only a warning here",
    truth="it ends in an error, and nothing comes of it",
    hint="run it in a cell of its own, and read the last line.",
)
def warning_expected(question):
    """fit(x, y, nb_epoch=1): UserWarning."""
    return "UserWarning" if question.error is not None else None
