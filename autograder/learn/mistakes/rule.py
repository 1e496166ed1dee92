"""What a mistaken rule is, and the register of all of them."""

import functools
import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Rule:
    """A mistaken rule.

    code: its name, the same for all rules of one belief. kind and about: what it applies to,
    see the package. belief: a clause ("Flatten gives ..."). truth: a clause, what holds
    instead. hint: one thing to try, with its full stop. apply: the function. weak: it would fit
    many an answer, so it is told only where no other rule fits. general: it isn't about Keras
    alone, and is tried where something else was asked, too. bare: it is about a shape that is only
    read, and not tried where layers stand between it and what was asked.
    """

    code: str
    kind: str
    about: object
    belief: str
    truth: str
    hint: str
    apply: Callable
    weak: bool = False
    general: bool = False
    bare: bool = False

    @property
    def own(self):
        """Whether it is a lesson's own, and not this package's."""
        return not self.apply.__module__.startswith(__package__)


@dataclass(frozen=True)
class Found:
    """What a rule of the kind "fault" finds in the facts of an error.

    happened: a sentence or two with the person's own numbers. change: what to do. apart: where
    another cause fits as well, a clause that says when it is this one; else "". mends: whether
    what was refused would be taken after the change, tried on the facts; a cause whose remedy
    wouldn't help is not told. True where it can't be tried.
    """

    happened: str
    change: str
    apart: str = ""
    mends: bool = True


_REGISTER = []

#: What a rule can apply to, and what its function takes: of "function", what the learner's takes.
KINDS = {
    "layer": ("layer", "before", "after"),
    "start": ("shape",),
    "count": ("layer", "before", "count"),
    "input count": ("shape",),
    "reading": ("truth", "answer"),
    "value": ("question",),
    "function": None,
    "error": ("type name", "message"),
    **dict.fromkeys(("input", "output", "params", "numbers"), ("facts",)),
}
#: Kinds about models that failed, which lessons have no rules of.
FAILED = dict.fromkeys(("fault", "silent"), ("facts",))


def rule(kind, *, about=None, belief, truth, hint, weak=False, general=None, bare=False):
    """Register the decorated function as a mistaken rule; its name is the rule's code.

    A rule computes what somebody with a mistaken belief would answer. It is tried only on a wrong
    answer, and told only if it leads to just that answer; of an error, your own rules are asked
    before the package's. Put it into a cell with `locked="..."`,
    or into a module beside the lesson: learners can read both, and a check that is judged apart
    from their answers runs the locked cells first. `autograder report` tells a class's beliefs in
    these words, too, where they are written into a cell as plain strings; of others, the code.
    A rule that fails says nothing (one that takes other arguments than its kind gives is refused,
    with a TypeError). So write down an answer that it should name:
    `autograder validate --answers` tells whether it does, and if not, whether it failed, or wasn't
    asked.

    Args:
        kind: What the rule applies to, and what its function takes and gives: "function", the
            arguments of a function, and what is then returned; "value", a question, and the
            believed answer; "reading", the true shape and the answer, and whether the first was
            misread as the second; "error", the type and the text of what the learner's function
            raised in a check, both as strings, and whether the belief is behind it; and the
            others below. A "function" may raise what the belief leads to.
        about: The topic that `check_function(..., about=...)` names, a word of your own; for
            "value", the class of the question. An "error" without one is asked in every check;
            the others have none.
        belief: A clause, behind "You get this if you think that".
        truth: A clause, what holds instead.
        hint: One thing to try, with its full stop.
        weak: It would fit many an answer, so it is told only where no other rule fits.
        general: It isn't about Keras alone: so are rules that aren't of this package.
        bare: Of kind "reading", it is about a shape that no layer has worked on.

    Examples:
        >>> @rule(
        ...     "function",
        ...     about="column_sums",
        ...     belief="axis=1 goes down the columns",
        ...     truth="the axis that you name is the one that goes away",
        ...     hint="print the shape of your result for a table of 2 rows and 3 columns.",
        ... )
        ... def rows_summed(table):
        ...     return table.sum(axis=1)
        >>> def right(table):
        ...     return table.sum(axis=0)
        >>> def learners(table):
        ...     return table.sum(axis=1)
        >>> tables = [np.arange(6.0).reshape(2, 3)]
        >>> check_function(learners, like=right, on=tables, about="column_sums")
        ✘ Not right yet. For arguments of shape (2, 3), learners gives shape (2,), which
        isn't the right one. You get this if you think that axis=1 goes down the columns.
        The axis that you name is the one that goes away.
        <BLANKLINE>
        Try: print the shape of your result for a table of 2 rows and 3 columns.
        >>> class Length:
        ...     kinds, form = (int,), "a whole number"
        ...     def __init__(self, text):
        ...         self.text, self.truth = text, len(text)
        >>> @rule(
        ...     "value",
        ...     about=Length,
        ...     belief="blanks don't count",
        ...     truth="a blank is a character as good as any",
        ...     hint="print len(' ').",
        ... )
        ... def blanks_left_out(question):
        ...     return len(question.text.replace(" ", ""))
        >>> check_prediction(7, of=Length("milk tea"))
        ✘ Not right yet. You answered 7. You get this if you think that blanks don't count.
        A blank is a character as good as any.
        <BLANKLINE>
        Try: print len(' ').
    """

    if kind not in KINDS | FAILED:
        raise ValueError(f"there are no rules of the kind {kind!r}: name one of {', '.join(KINDS)}")
    wanted = {"function": (str, "the topic, a text"), "value": (type, "the question's class")}
    type_, said = wanted.get(kind, (object, ""))
    if not isinstance(about, type_):
        raise ValueError(f'a rule of the kind "{kind}" has about={said}, and not {about!r}')

    def register(function):
        _refuse_arguments(kind, function)
        code = function.__name__.strip("_")
        holds = _is_general(kind, function) if general is None else general
        clauses = belief.rstrip("."), truth.rstrip(".")  # sentences end behind them
        _put(Rule(code, kind, about, *clauses, hint, function, weak, holds, bare))
        _take_words(code)
        return function

    return register


def _refuse_arguments(kind, function):
    """Raise a TypeError for a function that can't be called with what its kind gives it."""
    given = (KINDS | FAILED)[kind]
    if given is None:
        return
    try:
        inspect.signature(function).bind(*given)
    except TypeError as error:
        raise TypeError(
            f'a rule of the kind "{kind}" is called with ({", ".join(given)}), '
            f"which {function.__name__} doesn't take: {error}"
        ) from None


def _is_general(kind, function):
    """Tell whether a rule, about which nothing else is said, is about more than Keras.

    Rules of a lesson's own are about whatever the lesson is about. What is behind an error is
    found by the error's text, in which Keras gives itself away.
    """
    return kind == "error" or not function.__module__.startswith(__package__)


def _put(made):
    """Add a rule to the register, in the place of itself where a cell is run once more."""
    same = (made.code, made.kind, made.about, made.apply.__module__, made.apply.__qualname__)
    for place, r in enumerate(_REGISTER):
        if same == (r.code, r.kind, r.about, r.apply.__module__, r.apply.__qualname__) and (
            made.apply.__module__ == "__main__"
        ):
            _REGISTER[place] = made
            return
    _REGISTER.append(made)


def rules(*kinds, about=None, keras=True):
    """Return the rules of these kinds, or of all, in the order in which they were registered.

    about: only those that are about this (a topic's name, a question's class). keras: whether
    Keras was asked; if not, rules that are about Keras alone are left out.
    """
    mine = [r for r in _REGISTER if (not kinds or r.kind in kinds) and (keras or r.general)]
    return [r for r in mine if about is None or r.about == about]


def also(kind, code, about=None):
    """Register a second side of a belief: what it says of another kind of question, or topic.

    The belief itself may be registered later: rules are asked in their order, and a side may
    have to come first.
    """

    def register(function):
        _refuse_arguments(kind, function)
        _put(Rule(code, kind, about, "", "", "", function, general=_is_general(kind, function)))
        _take_words(code)
        return function

    return register


def _take_words(code):
    """Give all sides of a belief its words, once they are known."""
    first = next((r for r in _REGISTER if r.code == code and r.belief), None)
    for i, r in enumerate(_REGISTER):
        if first is not None and r.code == code and not r.belief:
            words = {"belief": first.belief, "truth": first.truth, "hint": first.hint}
            _REGISTER[i] = replace(r, **words)


#: Rules about what code raised, about a model that failed, and about what goes wrong in silence.
error, fault, silent = (functools.partial(rule, kind) for kind in ("error", "fault", "silent"))


def given(look):
    """Ask a cause only where look(facts) finds something, and hand it that as well.

    A tuple is handed on entry by entry.
    """

    def register(cause):
        @functools.wraps(cause)
        def asked(facts):
            seen = look(facts)
            return (
                None if seen is None else cause(facts, *(seen if type(seen) is tuple else [seen]))
            )

        del asked.__wrapped__  # it takes the facts alone
        return asked

    return register


def in_text(pattern):
    """Return a look for a pattern in what an error says."""
    return lambda facts: re.search(pattern, facts.text)


def in_whole(pattern):
    """Return a look for a pattern in all that an error says."""
    return lambda facts: re.search(pattern, facts.whole)
