"""Look for the mistaken rules that explain a wrong answer.

Only after a check has failed is a reason looked for. The simplest explanation wins: one belief
held of all layers, then one held of a single layer, then two beliefs together. Explanations that
are equally simple are told as "either ... or ...". The true values always come from Keras.
"""

import itertools
import math
from dataclasses import dataclass

import numpy as np
from keras import layers

from autograder.learn.mistakes import rules
from autograder.learn.questions import Belief, Params, Shape, Size, follow
from autograder.learn.verdict import Row

#: How many equally simple explanations are told at most.
MOST = 3


@dataclass(frozen=True)
class Diagnosis:
    """Why an answer is wrong.

    codes: one entry for each explanation, the best first; a pair of beliefs is "one + other".
    message, rows, hint: what goes into the verdict.
    """

    codes: tuple
    message: str
    rows: tuple = ()
    hint: str = ""


def diagnose(question, answer):
    """Return the Diagnosis of a wrong answer to one question, or None."""
    return diagnose_all([question], [answer])


def diagnose_all(questions, answers):
    """Return the Diagnosis of wrong answers to several questions, or None.

    All the answers must follow from the same beliefs.
    """
    if not all(isinstance(q, (Shape, Size, Params)) for q in questions):
        return _diagnose_values(questions, answers)
    beliefs = _beliefs()
    depth = max(len(q.chain.steps) for q in questions)
    single = [(b,) for b in beliefs if _answers(questions, (b,)) == answers]
    single += [(r,) for r in _readings(questions, answers)]
    if single:
        return _tell(single, questions)
    local = [
        (Belief(b.rules, at),)
        for b in beliefs
        for at in range(depth)
        if depth > 1 and _answers(questions, (Belief(b.rules, at),)) == answers
    ]
    if local:
        return _tell(local, questions)
    pairs = [p for p in itertools.combinations(beliefs, 2) if _answers(questions, p) == answers]
    pairs += _misread(questions, answers, beliefs)
    if pairs:
        return _tell(pairs, questions)
    return _impossible_width(questions, answers)


def _beliefs():
    """Return every belief about shapes and counts, all its sides together."""
    sides = {}
    for r in rules("layer", "start", "count"):
        sides.setdefault(r.code, []).append(r)
    return [Belief(tuple(group)) for group in sides.values()]


def _answers(questions, beliefs):
    """Return what someone with these beliefs answers; None where the beliefs change nothing."""
    found = [_believed(q, beliefs) for q in questions]
    return None if found == [q.truth for q in questions] else found


def _believed(question, beliefs):
    # Without layers there is nothing to work out, only a shape to be read.
    return question.believed(beliefs) if question.chain.steps else question.truth


def _readings(questions, answers):
    """Return the rules by which the one right shape was misread."""
    if len(questions) > 1 or not isinstance(questions[0], Shape):
        return []
    return [r for r in rules("reading") if _reads(r, questions[0].truth, answers[0])]


def _reads(rule, truth, answer):
    return bool(truth) and answer != truth and bool(rule.apply(truth, answer))


def _misread(questions, answers, beliefs):
    """Return the pairs of a belief about the layers and a misreading of what it gives."""
    if len(questions) > 1 or not isinstance(questions[0], Shape):
        return []
    question, found = questions[0], []
    for belief in beliefs:
        end = _believed(question, (belief,))
        if end and end != question.truth:
            found += [(belief, r) for r in rules("reading") if _reads(r, end, answers[0])]
    return found


def _rule(part):
    return part.first if isinstance(part, Belief) else part


def _tell(explanations, questions):
    """Return the Diagnosis that tells these explanations, each a tuple of beliefs or rules."""
    told = {}
    for parts in explanations:
        told.setdefault(" + ".join(_rule(p).code for p in parts), parts)
    told = dict(itertools.islice(told.items(), MOST))
    best = next(iter(told.values()))
    return Diagnosis(
        tuple(told),
        _sentence([[_rule(p) for p in parts] for parts in told.values()]),
        _compare(questions, tuple(p for p in best if isinstance(p, Belief))),
        _rule(best[0]).hint,
    )


def _sentence(explanations):
    clauses = [", and that ".join(r.belief for r in parts) for parts in explanations]
    truths = dict.fromkeys(r.truth for parts in explanations for r in parts)
    either = "either " if len(clauses) > 1 else ""
    return f"You get this if you think {either}that {', or that '.join(clauses)}. " + " ".join(
        f"{t[0].upper()}{t[1:]}." for t in truths
    )


def _compare(questions, beliefs):
    """Return the rows of both computations, Keras's only up to where they part.

    What is asked for is never shown: neither the last shape nor the number of parameters.
    """
    question = questions[0]
    if len(questions) > 1 or not beliefs or not question.chain.steps:
        return ()
    mine, true = follow(question.chain, beliefs), follow(question.chain)
    names = [step.name for step in question.chain.steps]
    if isinstance(question, Params):
        return tuple(Row(n, str(f), "?") for n, f in zip(names, mine.formulas, strict=True))
    return tuple(_shape_rows(["Input", *names], mine.shapes, true.shapes))


def _shape_rows(names, mine, true):
    parted = False
    for i, (name, believed, shape) in enumerate(zip(names, mine, true, strict=True)):
        last = i == len(names) - 1
        yield Row(name, str(believed), "?" if last else "…" if parted else str(shape))
        parted = parted or believed != shape


def _diagnose_values(questions, answers):
    """Diagnose answers to questions that have rules of their own, found by the question's class."""
    found = []
    for group in rules("value", about=type(questions[0])):
        if [group.apply(q) for q in questions] == answers:
            found.append((group,))
    if not found:
        return None
    told = _sentence([list(parts) for parts in found[:MOST]])
    return Diagnosis(tuple(p[0].code for p in found[:MOST]), told, hint=found[0][0].hint)


def diagnose_model(kind, facts):
    """Return the Diagnosis of a model that misbehaves, or None. kind: of the rules to try."""
    found = next((r for r in rules(kind) if r.apply(facts)), None)
    return found and Diagnosis((found.code,), _sentence([[found]]), hint=found.hint)


def diagnose_result(about, args, got):
    """Return the Diagnosis of what a learner's function gave for `args`, or None.

    about: the topic whose "function" rules are tried.
    """
    found = [r for r in rules("function", about=about) if _same(_try(r.apply, args), got)]
    if not found:
        return None
    told = _sentence([[r] for r in found[:MOST]])
    return Diagnosis(tuple(r.code for r in found[:MOST]), told, hint=found[0].hint)


def _try(function, args):
    try:
        return function(*args)
    except (TypeError, ValueError, IndexError):  # this belief leads nowhere for these arguments
        return None


def _same(believed, got):
    if believed is None or got is None:
        return False
    if isinstance(believed, (tuple, list)) or isinstance(got, (tuple, list)):
        both = isinstance(believed, (tuple, list)) and isinstance(got, (tuple, list))
        return both and len(believed) == len(got) and all(map(_same, believed, got))
    if np.shape(believed) != np.shape(got):
        return False
    try:
        return bool(np.allclose(believed, got, atol=1e-5))
    except TypeError:  # not numbers
        return bool(np.array_equal(believed, got))


def _impossible_width(questions, answers):
    """Say why no window, stride or padding leads to the width that was answered after Flatten.

    Met with 1280 in "What is the difference between Input() and Flatten()?".
    """
    question, answer = questions[0], answers[0]
    steps = question.chain.steps
    if len(questions) > 1 or isinstance(question, Params) or not steps:
        return None
    width = answer if isinstance(question, Size) else answer[-1] if len(answer) == 2 else None
    if not isinstance(steps[-1].layer, layers.Flatten) or not isinstance(width, int):
        return None
    before = steps[-1].before
    if len(before) != 4 or None in before[1:]:
        return None
    said = _why_impossible(width, before[-1], question.chain)
    hint = "follow the height alone through the layers, one line for each."
    return said and Diagnosis(("no_window",), said, hint=hint)


def _why_impossible(width, channels, chain):
    if width % channels:
        return (
            f"{channels} channels arrive at Flatten, so its width is a multiple of {channels}; "
            f"{width} is not."
        )
    positions = width // channels
    square = all(len(s) != 4 or s[1] == s[2] for s in chain.shapes())
    if not square or math.isqrt(positions) ** 2 == positions:
        return None
    return (
        f"{width} = {positions} × {channels}: with {channels} channels, Flatten would have to "
        f"meet {positions} positions. But this image is square and so are all windows, and "
        f"{positions} is not a square number: no kernel size, stride, padding or pooling "
        "gives this width."
    )
