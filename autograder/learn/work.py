"""Call what a learner wrote, and turn whatever happens into a verdict."""

import re

import numpy as np

from autograder.learn.verdict import NOT_ATTEMPTED, WRONG, Verdict

# Phrases of Keras's and NumPy's messages, and what lies behind them. Only phrases: the full
# texts carry layer names and colour codes, and change between releases.
_EXPLAINED = {
    "Cannot convert": (
        "shape_not_a_tuple",
        "A shape is a tuple, also where it has one axis: `(4,)` with a comma, because `(4)` is "
        "just the number 4.",
    ),
    "must be a KerasTensor": (
        "data_as_input",
        "`keras.Input` takes no data: it describes the data that will come.",
    ),
    "fully-defined": (
        "unknown_width",
        "A layer with weights needs to know the size of the last axis when it is built.",
    ),
    "into shape (0,": (
        "minus_one_empty",
        "With no samples there are no numbers, so -1 has nothing to be worked out from: say the "
        "width yourself.",
    ),
    "incompatible with the layer": (
        "layers_do_not_fit",
        "One layer was handed a shape that it doesn't accept; the message says which it expected.",
    ),
}


# Keras colours parts of its messages for a terminal.
_ESCAPES = re.compile(r"\x1b\[[0-9;]*m")


class Stopped(Exception):
    """The learner's code could not be judged further; carries the verdict that says why."""

    def __init__(self, verdict):
        super().__init__(verdict.message)
        self.verdict = verdict


def is_untouched(value):
    """Tell whether a value is still the gap that the lesson left."""
    return value is Ellipsis


def untouched():
    """Return the verdict on an answer that nobody has written yet."""
    return Verdict(
        NOT_ATTEMPTED,
        "Write your answer in the cell above, run it, then run this cell again.",
    )


def call(function, *args):
    """Return function(*args); raise Stopped with a verdict if it can't be had.

    Arrays are handed over as copies, so that a function which changes its argument in place
    does not change what it is compared with.
    """
    if is_untouched(function):
        raise Stopped(untouched())
    args = [a.copy() if isinstance(a, np.ndarray) else a for a in args]
    try:
        result = function(*args)
    except NotImplementedError:
        raise Stopped(untouched()) from None
    except Exception as error:
        raise Stopped(_verdict_on(error)) from None
    if result is None:
        raise Stopped(
            Verdict(
                WRONG,
                f"{function.__name__} returned None.",
                ("returned_none",),
                hint="end the function with a `return` of what was asked for.",
            )
        )
    return result


def _verdict_on(error):
    text = " ".join(_ESCAPES.sub("", str(error)).split())
    code, reason = next((v for k, v in _EXPLAINED.items() if k in text), ("raised", ""))
    short = text if len(text) <= 200 else text[:200] + " …"
    said = f"Your code raised {type(error).__name__}: {short.rstrip('.')}."
    return Verdict(
        WRONG,
        f"{said} {reason}".strip(),
        (code,),
        hint="run your function in a cell of its own and read the last line of the error.",
    )
