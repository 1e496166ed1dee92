"""Look for the mistaken rules that explain a wrong answer.

Only after a check has failed is a reason looked for: first one rule alone, then two together,
so the simplest explanation wins. The expected values always come from Keras.
"""

import itertools
import math
from dataclasses import dataclass

from keras import layers

from autograder.learn.mistakes import RULES
from autograder.learn.verdict import Row


@dataclass(frozen=True)
class Diagnosis:
    """Why an answer is wrong. codes: the rules' names; the rest goes into the verdict."""

    codes: tuple
    message: str
    rows: tuple = ()
    hint: str = ""


def diagnose_shape(trace, answer):
    """Return the Diagnosis of a wrong shape (a tuple), or None if no rule leads to it."""
    # Without layers there is nothing to compute, only a shape to be read.
    computed, reading = _rules("layer", "start") if trace.steps else [], _rules("reading")
    for rule in computed:
        if _follow(trace, [rule])[-1] == answer:
            return _as_diagnosis([rule], trace)
    for rule in reading:
        if _reads(rule, trace.end, answer):
            return _as_diagnosis([rule], trace)
    for pair in itertools.combinations(computed, 2):
        if _follow(trace, pair)[-1] == answer:
            return _as_diagnosis(pair, trace)
    for rule, reader in itertools.product(computed, reading):
        end = _follow(trace, [rule])[-1]
        if end and end != trace.end and _reads(reader, end, answer):
            return _as_diagnosis([rule, reader], trace)
    return _impossible_width(trace, answer)


def diagnose_count(trace, answer, among=()):
    """Return the Diagnosis of a wrong number of parameters, or None.

    trace: the layers that are counted. among: other layers of the same model, whose numbers
    may have been taken by mistake.
    """
    for rule in _rules("count"):
        believed = [rule.apply(step.layer, step.before) for step in trace.steps]
        if all(n is None for n in believed):
            continue
        true = [step.layer.count_params() for step in trace.steps]
        counts = [t if b is None else b for b, t in zip(believed, true, strict=True)]
        if sum(counts) == answer and counts != true:
            return Diagnosis((rule.code,), _sentence([rule]), hint=rule.hint)
    for layer in among:
        if layer.built and layer.count_params() == answer:
            return Diagnosis(
                ("other_layer",),
                f"That many parameters belong to another layer of this model, the "
                f"{type(layer).__name__}.",
                hint="look at the Param # column of model.summary(), line by line.",
            )
    return None


def diagnose_contract(declared, shapes, answers):
    """Return the Diagnosis of a wrong list of booleans, or None.

    answers: for each of `shapes`, whether a model with this declared input is said to accept
    it. Two beliefs together accept what either accepts.
    """
    rules = _rules("contract")
    for group in [(r,) for r in rules] + list(itertools.combinations(rules, 2)):
        if [any(r.apply(declared, s) for r in group) for s in shapes] == answers:
            return Diagnosis(tuple(r.code for r in group), _sentence(group), hint=group[0].hint)
    return None


def _rules(*kinds):
    return [rule for rule in RULES.values() if rule.kind in kinds]


def _reads(rule, truth, answer):
    return bool(truth) and answer != truth and rule.apply(truth, answer)


def _follow(trace, rules):
    """Return the shapes along `trace` as someone with these beliefs works them out.

    The last is None where the beliefs change nothing, or lead to no shape at all.
    """
    shape = trace.start
    for rule in rules:
        if rule.kind == "start":
            shape = rule.apply(shape) or shape
    shapes = [shape]
    for step in trace.steps:
        try:
            before, shape = shape, tuple(step.layer.compute_output_shape(shape))
            for rule in rules:
                if rule.kind == "layer":
                    shape = rule.apply(step.layer, before, shape) or shape
        except (TypeError, ValueError, IndexError):  # these beliefs can't be carried on
            return [*shapes, None]
        shapes.append(shape)
    return [*shapes, None] if shapes == trace.shapes() else shapes


def _as_diagnosis(rules, trace):
    computed = [rule for rule in rules if rule.kind != "reading"]
    rows = _compare(trace, _follow(trace, computed)) if computed and trace.steps else ()
    return Diagnosis(tuple(r.code for r in rules), _sentence(rules), rows, rules[0].hint)


def _sentence(rules):
    beliefs = ", and that ".join(rule.belief for rule in rules)
    truths = " ".join(f"{rule.truth[0].upper()}{rule.truth[1:]}." for rule in rules)
    return f"You get this if you think that {beliefs}. {truths}"


def _compare(trace, believed):
    """Return the rows of both computations, Keras's only up to where they part.

    The last of Keras's shapes is the answer that is asked for, so it is never shown.
    """
    names = ["Input"] + [step.name for step in trace.steps]
    rows, parted = [], False
    for i, (name, mine, true) in enumerate(zip(names, believed, trace.shapes(), strict=True)):
        last = i == len(names) - 1
        rows.append(Row(name, str(mine), "?" if last else "…" if parted else str(true)))
        parted = parted or mine != true
    return tuple(rows)


def _impossible_width(trace, answer):
    """Say why no window, stride or padding leads to the width that was answered after Flatten.

    Met with 1280 in "What is the difference between Input() and Flatten()?".
    """
    if not trace.steps or not isinstance(trace.steps[-1].layer, layers.Flatten):
        return None
    before, width = trace.steps[-1].before, answer[-1] if len(answer) == 2 else None
    if not isinstance(width, int) or len(before) != 4 or None in before[1:]:
        return None
    channels, side = before[-1], math.isqrt(width // before[-1])
    hint = "follow the height alone through the layers, one line for each."
    if width % channels:
        said = (
            f"{channels} channels arrive at Flatten, so its width is a multiple of {channels}; "
            f"{width} is not."
        )
    elif _stays_square(trace) and side * side * channels != width:
        positions = width // channels
        said = (
            f"{width} = {positions} × {channels}: with {channels} channels, Flatten would have to "
            f"meet {positions} positions. But this image is square and so are all windows, and "
            f"{positions} is not a square number: no kernel size, stride, padding or pooling "
            "gives this width."
        )
    else:
        return None
    return Diagnosis(("no_window",), said, hint=hint)


def _stays_square(trace):
    return all(len(s) != 4 or s[1] == s[2] for s in trace.shapes())
