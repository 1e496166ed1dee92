"""Call what a learner wrote, and turn whatever happens into a verdict."""

import contextlib
import contextvars
import textwrap
import warnings

import keras
import numpy as np

from autograder.learn.diagnose import Diagnosis, diagnose_error, explained
from autograder.learn.messages import tidy, unnumbered
from autograder.learn.seen import error_seen, unused_of
from autograder.learn.verdict import NOT_ATTEMPTED, WRONG, Verdict

#: What may be said of an error whatever the reason: a narrower one takes its place.
_ANY_REASON = {"width_changed", "declared_shape_binds"}
#: Whether the check that is at work asks about something of Keras's, and the topic that it names.
_asked = contextvars.ContextVar("asked", default=(True, None))


class Stopped(Exception):
    """The learner's code could not be judged further; carries the verdict that says why.

    error: what the learner's code raised, if that is the reason.
    """

    def __init__(self, verdict, error=None):
        super().__init__(verdict.message)
        self.verdict = verdict
        self.error = error


def is_untouched(value):
    """Tell whether a value is still the gap that the lesson left."""
    return value is Ellipsis


def unjudgeable(error):
    """Return the verdict on an answer on which a check itself failed."""
    reason = f"{type(error).__name__}: {tidy(str(error))}"
    return Verdict(
        WRONG,
        f"This check can't make sense of your answer ({reason}).",
        ("unjudgeable",),
        hint="compare the form of your answer with what the exercise asks for.",
    )


def untouched():
    """Return the verdict on an answer that nobody has written yet."""
    return Verdict(
        NOT_ATTEMPTED,
        "Write your answer in the cell above, run it, then run this cell again.",
    )


def call(function, *args, **options):
    """Return function(*args, **options); raise Stopped with a verdict if it can't be had.

    Arrays are handed over as copies, so that a function which changes its argument in place
    does not change what it is compared with.
    """
    if is_untouched(function):
        raise Stopped(untouched())
    args = [a.copy() if isinstance(a, np.ndarray) else a for a in args]
    try:
        result = function(*args, **options)
    except NotImplementedError as error:
        # The lesson's stub says nothing; Keras, missing a method, says which.
        stub = not str(error)
        verdict = _of_another(function, error) or untouched() if stub else _verdict_on(error)
        raise Stopped(verdict, error) from None
    except (Exception, SystemExit) as error:
        verdict = _verdict_on(error)
        any_reason = _ANY_REASON | ({"raised"} if isinstance(error, ValueError) else set())
        if set(verdict.mistakes) <= any_reason and (found := argument_unused(function)):
            said = verdict.message.split(" You get this if")[0]
            verdict = explained(said, found, "", "")
        raise Stopped(verdict, error) from None
    if result is None:
        raise Stopped(
            Verdict(
                WRONG,
                f"{name_of(function)} returned None.",
                ("returned_none",),
                hint="end the function with a `return` of what was asked for; what prints "
                "something, or changes an array in place, gives None.",
            )
        )
    return result


def ignores(function, args, told, only=None):
    """Tell whether a function takes no notice of the sizes that it is given.

    It is called once more, with each size twice as large, and one: who divides by something takes
    no notice of one alone. told: what is compared of its results. only: the place of the one
    argument that is changed.
    """
    larger = [_larger(a) if only in (None, i) else a for i, a in enumerate(args)]
    if all(a is b for a, b in zip(args, larger, strict=True)):
        return False
    try:
        return told(function(*args)) == told(function(*larger))
    except (Exception, SystemExit):  # whatever a learner's function may raise
        return False


def _larger(thing):
    if isinstance(thing, int) and not isinstance(thing, bool):
        return 2 * thing + 1
    if isinstance(thing, tuple) and thing and all(type(n) is int for n in thing):
        return tuple(2 * n + 1 for n in thing)
    if isinstance(thing, np.ndarray) and thing.ndim:
        return np.zeros([n + 1 for n in thing.shape], thing.dtype)
    return thing


def argument_ignored(what, function, args, told):
    """Return the Diagnosis of a function that takes no notice of sizes that it is given, or None.

    It is called with all of them changed, then with one number after the other. told: as for
    ignores.
    """
    hint = "make your result from what the function is given, under the name it has there."
    if ignores(function, args, told):
        said = f"Your function gives {what} whatever sizes it is given, and it is called with "
        said += "several."
        return Diagnosis(("argument_ignored",), said, hint=hint)
    numbers = [i for i, a in enumerate(args) if isinstance(a, int) and not isinstance(a, bool)]
    at = next((i for i in numbers if ignores(function, args, told, only=i)), None)
    if at is None or len(args) < 2:
        return None
    said = f"Your function gives {what} whatever number stands at place {at + 1} of its arguments."
    return Diagnosis(("argument_unused",), said, hint=hint)


def argument_unused(function):
    """Return the Diagnosis of a function that never reads something that it is given, or None."""
    names = unused_of(function)
    if not names:
        return None
    said = f"Your function never uses `{names[0]}`, which it is given."
    hint = "look for another name in your function, where this one belongs."
    return Diagnosis(("argument_unused",), said, hint=hint)


def _of_another(function, error):
    """Return the verdict on a function that calls one which nobody has written yet, or None."""
    other = error_seen(error, function)["unwritten"]
    if other is None:
        return None
    said = f"{name_of(function)} calls {other}, which isn't written yet. Write {other} in its own "
    said += "cell, or do without it here; run that cell, then this one again."
    return Verdict(NOT_ATTEMPTED, said)


def set_seeds(function, seed):
    """Set all seeds where `function` runs: one that runs elsewhere has a way of its own for it."""
    getattr(function, "set_random_seed", keras.utils.set_random_seed)(seed)


def show(value, limit=80):
    """Return a value as the learner would write it, shortened."""
    try:
        text = unnumbered(repr(value))
    except ValueError:  # Python refuses to write numbers of thousands of digits
        return "a number of thousands of digits"
    return text if len(text) <= limit else text[:limit] + " …"


def reads(error, width=80):
    """Return what an error says, in lines of at most `width`, as a lesson prints it.

    Without colours, printed arrays, the numbers of unnamed layers and Keras's list of arguments:
    what is left is the same from run to run.
    """
    said = f"{type(error).__name__}: {tidy(str(error))}"
    return textwrap.fill(said, width, break_long_words=False, break_on_hyphens=False)


def name_of(function):
    """Return what to call a learner's function, or a layer given in the place of one."""
    return getattr(function, "__name__", None) or type(function).__name__


@contextlib.contextmanager
def strictly():
    """Make Keras's warnings errors: for exercises that are about what Keras warns of.

    A filter of the learner's own doesn't hide them.
    """
    warn = warnings.warn

    def refuse(message, category=None, *rest, **options):
        kind = type(message) if isinstance(message, Warning) else category or UserWarning
        if issubclass(kind, UserWarning):
            raise message if isinstance(message, Warning) else kind(message)
        warn(message, category, *rest, **options)

    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        warnings.warn = refuse
        try:
            yield
        finally:
            warnings.warn = warn


@contextlib.contextmanager
def asking(of_keras, about):
    """Let what is said of errors speak of Keras, or not, and of a topic, while this lasts."""
    before = _asked.set((of_keras, about))
    try:
        yield
    finally:
        _asked.reset(before)


def speaks_of_keras():
    """Tell whether the check that is at work asks about something of Keras's."""
    return _asked.get()[0]


def _verdict_on(error):
    text = tidy(str(error))
    short = text if len(text) <= 200 else text[:200] + " …"
    what = f": {short.rstrip('.!')}" if short else ""
    said = f"Your code raised {type(error).__name__}{what}."
    hint = "run your function in a cell of its own and read the last line of the error."
    seen = error_seen(error, None)
    # For the rules on texts: which layer refused and what made its input, where that is known.
    met = " [{} on {}]".format(*seen["met_in"]) if seen["met_in"] else ""
    kind = type(error).__name__
    of_keras, about = _asked.get()
    found = diagnose_error(kind, text + met, of_keras, seen["cause"], about)
    return explained(said, found, "raised", hint)
