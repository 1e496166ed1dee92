"""Look for the mistaken rules that explain a wrong answer.

Only after a check has failed is a reason looked for. The simplest explanation wins: one belief
held of all layers; then one held of a single layer, or of counts alone; then two beliefs together.
Explanations that are equally simple are told as "either ... or ...". The true values always come
from Keras.
"""

import itertools
import math
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, replace

import keras
import numpy as np
from keras import layers

from autograder.learn.formula import formula
from autograder.learn.mistakes import rules
from autograder.learn.mistakes.rule import Found
from autograder.learn.predictions import agrees
from autograder.learn.questions import Belief, Params, Shape, Size, follow
from autograder.learn.quiet import unwarned
from autograder.learn.subject import asked_of_keras
from autograder.learn.trace import Trace
from autograder.learn.verdict import WRONG, Row, Verdict

#: How many equally simple explanations are told at most; where more pairs fit, none is.
MOST = 3
MOST_PAIRS = 2


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


def explained(said, found, code, hint):
    """Return the verdict on something wrong: what was seen, and why, if a Diagnosis was found.

    code (may be empty) and hint are for where none was.
    """
    if found is None:
        return Verdict(WRONG, said, (code,) if code else (), hint=hint)
    return Verdict(WRONG, f"{said} {found.message}", found.codes, found.rows, found.hint)


def diagnose(question, answer, beside=()):
    """Return the Diagnosis of a wrong answer to one question, or None.

    beside: the questions that the same person has answered rightly. Nobody holds a belief by which
    those answers would be others.
    """
    return diagnose_all([question], [answer], beside)


@unwarned()
def diagnose_all(questions, answers, beside=()):
    """Return the Diagnosis of wrong answers to several questions, or None.

    All the answers must follow from the same beliefs. beside: as for diagnose.
    """
    if not all(isinstance(q, (Shape, Size, Params)) for q in questions):
        return _diagnose_values(questions, answers, beside)
    own = _own_rules(questions, answers)
    if own:
        return _tell([(r,) for r in own], questions, answers)
    beside = [q for q in beside if isinstance(q, (Shape, Size, Params))]
    if not all(map(_counts_as_keras, questions)):
        return None  # where the true way gives other numbers than Keras, no belief is told
    beliefs, weak = _touching(questions), []
    for look in (_single, _partial, _double):
        if look is _double and all(isinstance(q, Params) and not q.truth for q in questions):
            break  # of what has no parameters, some two beliefs lead to many a number
        found = [p for p in look(questions, beliefs) if _lead_to(p, questions, answers)]
        found = [p for p in found if all(_believed(q, p) == q.truth for q in beside)]
        found += _misread(look, questions, answers, beliefs)
        strong = [p for p in found if not any(_rule(b).weak for b in p)]
        if strong:
            return _tell(strong, questions, answers) or _impossible_width(questions, answers)
        weak = weak or found
        if weak and look is not _single:
            return _tell(weak, questions, answers)
        if look is _partial and (skipped := _layers_skipped(questions, answers)):
            return skipped
    return _impossible_width(questions, answers)


@unwarned()
def diagnose_hope(question, hoped):
    """Return the Diagnosis of a model that doesn't give what was hoped for, or None.

    Whoever holds the belief that is told expects just that of the model.
    """
    if not _counts_as_keras(question):
        return None
    beliefs = [b for b in _touching([question]) if not b.first.weak]
    for look in (_single, _partial):
        found = [p for p in look([question], beliefs) if _lead_to(p, [question], [hoped])]
        if found:
            return replace(_tell(found, [question], [hoped]), rows=())
    return None


def _counts_as_keras(question):
    """Tell whether our arithmetic gives Keras's own numbers of parameters, layer by layer.

    It doesn't where a layer was adapted or quantised, say, or is of a class that nobody knows here.
    """
    if not isinstance(question, Params) or not question.chain.steps:
        return True
    counted = question.chain.steps[0 if isinstance(question.of, keras.Model) else -1 :]
    return all(formula(s.layer, s.before).value == s.layer.count_params() for s in counted)


def _layers_skipped(questions, answers):
    """Return the Diagnosis of shapes that come out if the first layers are left out, or None."""
    for start in range(1, max(len(q.chain.steps) for q in questions)):
        rest = [Trace(q.chain.start, q.chain.steps[start:]) for q in questions]
        if not all(isinstance(q, Shape) for q in questions):
            return None
        if not all(any(step.layer.weights for step in way.steps) for way in rest):
            return None  # what has no weights only passes on what came before
        if list(map(_begun_anew, questions, rest)) == list(answers):
            return Diagnosis(
                ("begun_anew",),
                "That is what comes out if the way begins behind the input once more. You get "
                "this if you think that each layer is given what the model is given. A layer is "
                "given what the layer before it gives.",
                hint="write down the shape after every layer, each beside what goes into it.",
            )
    return None


def _begun_anew(question, rest):
    shapes = follow(rest, counts=False).shapes
    whole = len(shapes) == len(rest.steps) + 1
    return shapes[-1][len(question.chain.end) - len(question.truth) :] if whole else None


def all_beliefs(counted=False):
    """Return every belief about shapes and counts, all its sides together.

    counted: leave out weak ones about shapes alone, which lead to many a number of parameters.
    """
    sides = {}
    for r in rules("layer", "start", "count", "input count"):
        sides.setdefault(r.code, []).append(r)
    found = [Belief(tuple(group)) for group in sides.values()]
    return [b for b in found if not (counted and b.first.weak and b.first.kind == "layer")]


def asks_for_counts(questions):
    """Tell whether any of these questions asks how many parameters there are."""
    return any(isinstance(question, Params) for question in questions)


def _touching(questions):
    """Return the beliefs that change anything on the way to an answer."""
    counts = asks_for_counts(questions)
    beliefs = all_beliefs(counts)
    true = [follow(q.chain, counts=counts) for q in questions]
    return [
        b
        for b in beliefs
        if any(follow(q.chain, (b,), counts) != t for q, t in zip(questions, true, strict=True))
    ]


def _single(questions, beliefs):
    """Return the explanations by one belief that is held of all layers."""
    return [(b,) for b in beliefs]


def _partial(questions, beliefs):
    """Return the explanations by one belief held of one layer, or of shapes or counts alone."""
    layers_met = {id(s.layer): s.layer for q in questions for s in q.chain.steps}.values()
    local = [(Belief(b.rules, at),) for b in beliefs for at in layers_met if len(layers_met) > 1]
    sides = [(Belief((r,)),) for b in beliefs for r in b.rules if len(b.rules) > 1]
    return local + sides


def _double(questions, beliefs):
    """Return the explanations by two beliefs together."""
    return itertools.combinations([b for b in beliefs if not b.first.weak], 2)


def _lead_to(beliefs, questions, answers):
    """Tell whether someone with these beliefs gives these answers."""
    return all(_believed(q, beliefs) == a for q, a in zip(questions, answers, strict=True))


def _believed(question, beliefs):
    # Without layers there is nothing to work out, only a shape to be read.
    return question.believed(beliefs) if question.chain.steps else question.truth


def _misread(look, questions, answers, beliefs):
    """Return the explanations by which a shape, the right one or one believed in, was misread."""
    question = questions[0]
    if len(questions) > 1 or not isinstance(question, Shape):
        return []
    answer, ends = question.whole(answers[0]), []
    if look is _single:
        ends = [((), question.chain.end)]
    if look is _double and question.chain.steps:
        ends = [((b,), follow(question.chain, (b,), counts=False).shapes) for b in beliefs]
        ends = [(b, shapes[-1]) for b, shapes in ends if len(shapes) > len(question.chain.steps)]
        # Who is wrong about the batch from the start doesn't misread it besides.
        ends = [(b, end) for b, end in ends if end[0] == question.chain.end[0]]
    known = rules("reading", keras=asked_of_keras(question))
    if question.chain.steps:  # what a layer makes of a shape is a reason of another kind
        known = [r for r in known if not r.bare]
    if look is not _single:  # one that fits many an answer would fit any belief's
        known = [r for r in known if not r.weak and r.code not in ANY_ORDER]
    return [(*beliefs, r) for beliefs, end in ends for r in known if _reads(r, end, answer)]


#: Readings that take the axes in another order: beside another belief, too many shapes fit them.
ANY_ORDER = ("height_width_swapped", "channels_moved_first", "channels_moved_last")


def _reads(rule, truth, answer):
    return bool(truth) and answer != truth and bool(_asked(rule, truth, answer))


def _rule(part):
    return part.first if isinstance(part, Belief) else part


def _tell(explanations, questions, answers):
    """Return the Diagnosis that tells these explanations, each a tuple of beliefs or rules.

    Of too many pairs, None: one that is told would be chosen at random.
    """
    told = {}
    for parts in explanations:
        told.setdefault(" + ".join(_rule(p).code for p in parts), parts)
    best = next(iter(told.values()))
    if len(best) > 1 and len(told) > MOST_PAIRS:
        return None
    told = dict(itertools.islice(told.items(), MOST))
    ways = [tuple(p for p in parts if isinstance(p, Belief)) for parts in told.values()]
    rows = {_compare(questions, answers, beliefs) for beliefs in ways} - {()}
    return Diagnosis(
        tuple(told),
        _sentence([[_rule(p) for p in parts] for parts in told.values()]),
        rows.pop() if len(rows) == 1 else (),  # of several ways nobody knows which one was gone
        _rule(best[0]).hint,
    )


def _sentence(explanations):
    clauses = [" and that ".join(r.belief for r in parts) for parts in explanations]
    truths = dict.fromkeys(r.truth for parts in explanations for r in parts)
    either = "either " if len(clauses) > 1 else ""
    return f"You get this if you think {either}that {', or that '.join(clauses)}. " + " ".join(
        f"{t[0].upper()}{t[1:]}." for t in truths
    )


def _compare(questions, answers, beliefs):
    """Return the rows of both computations, for the first answer that is wrong.

    Shapes are Keras's only up to where the two part, and what is asked for is never shown:
    neither the last shape, nor the one before if the two part there (a single step would be left
    to the answer), nor the numbers of parameters that differ.
    """
    question = next(q for q, a in zip(questions, answers, strict=True) if q.truth != a)
    steps = question.chain.steps
    if not beliefs or not steps:
        return ()
    mine, true = follow(question.chain, beliefs), follow(question.chain)
    answer = answers[questions.index(question)]
    if question.believed(beliefs) != answer:
        return ()  # the result was misread as well, and no line of a table can show that
    names = ["Input", *(step.name for step in steps)]
    if not isinstance(question, Params):
        return tuple(_shape_rows(names, mine.shapes, true.shapes))
    counted = [
        Row(name, str(believed), str(count) if believed == count else "?")
        for name, believed, count in zip(names[1:], mine.formulas, true.formulas, strict=True)
    ]
    if not isinstance(question.of, keras.Model):
        way = list(_shape_rows(names, mine.shapes, true.shapes))[:-1]
        return (*(way if mine.shapes[-2] != true.shapes[-2] else ()), counted[-1])
    if mine.input_count:
        counted.insert(0, Row("Input", str(mine.input_count), "?"))
    return tuple(counted)


def _shape_rows(names, mine, true):
    parted, last = False, len(names) - 1
    for i, (name, believed, shape) in enumerate(zip(names, mine, true, strict=True)):
        told = not parted and (believed == shape or i < last - 1)
        yield Row(name, str(believed), "?" if i == last else str(shape) if told else "…")
        parted = parted or believed != shape


def _diagnose_values(questions, answers, beside=()):
    """Diagnose answers to questions that have rules of their own, found by their classes."""
    found = _own_rules(questions, answers)
    found = [r for r in found if all(_value(r, q) == q.truth for q in beside if r.about is type(q))]
    if all(hasattr(q, "believed") for q in questions):
        found += [b.first for b in all_beliefs() if _lead_to_values(b, questions, answers)]
    if not found:
        return None
    told = found[:MOST]
    return Diagnosis(tuple(r.code for r in told), _sentence([[r] for r in told]), hint=told[0].hint)


def _own_rules(questions, answers):
    """Return the rules about these classes of questions that lead to the answers."""
    groups, met, found = {}, Counter(), []
    for r in rules("value", keras=all(map(asked_of_keras, questions))):
        if any(r.about is type(q) for q in questions):
            met[r.code, r.about] += 1  # what a belief says of a class a second time is another way
            groups.setdefault((r.code, met[r.code, r.about]), {})[r.about] = r
    for group in groups.values():
        believed = [_value(group.get(type(q)), q) for q in questions]
        if all(map(agrees, believed, answers)):
            found.append(next(iter(group.values())))
    return _each_once([r for r in found if not r.weak] or found)


def _each_once(found):
    """Return rules without those of a code that was met already."""
    return list({r.code: r for r in reversed(found)}.values())[::-1]


def _lead_to_values(belief, questions, answers):
    return all(q.believed((belief,)) == a for q, a in zip(questions, answers, strict=True))


def _value(rule, question):
    """Return what a rule answers; where it says nothing, Keras's answer."""
    said = rule and _asked(rule, question)
    return question.truth if said is None else said


@unwarned()
def diagnose_model(kind, facts):
    """Return the Diagnosis of a model that misbehaves, or None. kind: of the rules to try."""
    found = _first(rules(kind), facts)
    return found and Diagnosis((found.code,), _sentence([[found]]), hint=found.hint)


def _first(known, *given):
    """Return the first rule that fits, or None. A lesson's own are asked before the package's."""
    return next((r for r in sorted(known, key=lambda r: not r.own) if _asked(r, *given)), None)


def diagnose_error(kind, text, keras=True, cause=None, about=None):
    """Return the Diagnosis of what a learner's code raised, or None.

    kind: the error's type. keras: whether a check on something of Keras's met it. cause: the code
    of the cause that the facts showed where it was raised, or None. It is told unless the text
    shows something more particular. about: the topic that the check names, or None.
    """
    asked = [r for r in rules("error", keras=keras) if r.about in (None, about)]
    found = _first(asked, kind, text)
    cause = None if cause in ASKED_FOR else cause
    known = next((r for r in rules("fault", keras=keras) if r.code == cause), None)
    if known and (found is None or found.code in UNTOLD and found.code not in NARROWER[cause]):
        found = known
    return found and Diagnosis((found.code,), _sentence([[found]]), hint=found.hint)


def diagnose_fault(facts):
    """Return the causes of an error, from its Facts: pairs of a rule and what it found.

    The first rule that fits is told. Those that fit only perhaps, as they say themselves, are
    told together, at most two; where none does, the rules on texts are asked.
    """
    causes = causes_of(facts)
    if causes or not facts.in_keras:
        return causes
    text = facts.text + facts.met
    found = _first([r for r in rules("error") if r.about is None], facts.kind, text)
    # The last of them only repeats what Keras says.
    if found is None or found.code in UNTOLD:
        return ()
    said = f"{facts.kind}: {_shortened(facts.text)}"
    hint = "" if re.search(r"lesson|the text", found.hint) else found.hint
    return ((found, Found(said, f"{hint[:1].upper()}{hint[1:]}")),)


def causes_of(facts):
    """Return the causes of an error that its Facts show: pairs of a rule and what it found."""
    perhaps = []
    for r in rules("fault"):
        found = _found(r, facts)
        if found is None or r.weak and perhaps:
            continue
        if not found.apart:
            return (*perhaps[:1], (r, found))
        if r.code not in [p.code for p, _ in perhaps]:
            perhaps.append((r, found))
    return tuple(perhaps[:2])


def diagnose_silent(facts):
    """Return what goes wrong in silence, from the Facts of a call that hasn't been made."""
    found = [(r, _found(r, facts)) for r in rules("silent")]
    return tuple((r, f) for r, f in found if f is not None)


#: Beliefs that a text alone doesn't show: facts do, and where they don't, nothing is claimed.
UNTOLD = (
    *("layers_do_not_fit", "declared_shape_binds", "width_changed", "divided_by_no_samples"),
    *("batch_axis_missing", "batch_axis_twice", "batch_axis_written", "axis_added_in_front"),
    *("channel_axis_missing", "channels_second", "flattened_by_hand", "sample_as_column"),
    *("flattened_before_convolution", "steps_axis_missing", "sequences_for_granted"),
    *("classes_as_numbers", "loss_for_quantities", "flatten_missing", "window_outgrows_map"),
    *("sizes_do_not_multiply", "joined_sizes_differ", "none_in_a_sum", "number_for_tuple"),
    *("numpy_on_symbolic", "input_left_out", "index_beyond_the_end", "axes_fixed_by_names"),
    *("channel_axis_inside", "inputs_side_by_side", "padding_as_number"),
)


#: Causes of what an exercise itself may ask for, as weights that are handed on, or a product of
#: arrays: another mistake, made before, lets it fail.
ASKED_FOR = ("weights_shape", "matmul_sizes", "index_beyond")
#: What a text may show more narrowly than a cause, which holds for more: then that is told.
NARROWER = defaultdict(
    tuple,
    reshape_product=("sizes_do_not_multiply",),
    inputs_lacking=("input_left_out",),
    number_in_parentheses=("number_for_tuple",),
    sequence_axis_missing=("steps_axis_missing",),
    channel_order=("channels_second", "channel_axis_inside"),
    extra_axis=("batch_axis_twice", "axis_added_in_front"),
    merge_shapes=("joined_sizes_differ",),
    axes_swapped=("sample_as_column",),
    flatten_steps=("flattened_before_convolution",),
    input_width=("width_changed", "declared_shape_binds"),
    data_size=("width_changed", "declared_shape_binds"),
    channel_count=("width_changed", "declared_shape_binds", "channel_axis_inside"),
    shared_shape=("width_changed",),
    units_vs_labels=("loss_for_quantities",),
    declared_shape_binds=UNTOLD,
    width_changed=UNTOLD,
)


def _asked(rule, *given):
    """Return what a rule says, or None where it fails: that is no fault of the answer's."""
    try:
        return rule.apply(*given)
    except Exception:  # of a form that nobody thought of, or written with a mistake of its own
        return None


def _found(rule, facts):
    """Return what a rule finds in the facts of a failure, if what it recommends would help."""
    found = _asked(rule, facts)
    return found if found is not None and found.mends else None


def _shortened(text, limit=300):
    return text if len(text) <= limit else text[:limit] + " …"


def outcome(function, *args):
    """Return what a function gives, or the error that it raises."""
    try:
        return function(*args)
    except Exception as error:  # a belief may lead to any error, as a learner's code may
        return error


@unwarned()
def diagnose_result(about, args, got, run=outcome):
    """Return the Diagnosis of what a learner's function gave for `args`, or None.

    about: the topic whose "function" rules are tried. got: may be an error that was raised.
    run: run(function, *args) gives what is compared with `got`.
    """
    found = [r for r in rules("function", about=about) if _same(run(r.apply, *args), got)]
    found = _each_once(found)
    if not found:
        return None
    told = _sentence([[r] for r in found[:MOST]])
    return Diagnosis(tuple(r.code for r in found[:MOST]), told, hint=found[0].hint)


@unwarned()
def diagnose_parts(about, args, got):
    """Return the Diagnosis of several arrays, each of which another belief leads to, or None."""
    given = [(r, outcome(r.apply, *args)) for r in rules("function", about=about)]
    given = [(r, made) for r, made in given if isinstance(made, (tuple, list))]
    given = [(r, made) for r, made in given if len(made) == len(got)]
    each = [[r for r, made in given if _same(made[i], part)] for i, part in enumerate(got)]
    if any(len(fits) != 1 for fits in each) or len({fits[0].code for fits in each}) < 2:
        return None
    parts = _each_once([r for fits in each for r in fits])
    return Diagnosis((" + ".join(r.code for r in parts),), _sentence([parts]), hint=parts[0].hint)


def _same(believed, got):
    if believed is None or got is None:
        return False
    if isinstance(believed, Exception) or isinstance(got, Exception):
        return type(believed) is type(got) and _plain_text(believed) == _plain_text(got)
    if isinstance(believed, (tuple, list)) or isinstance(got, (tuple, list)):
        both = isinstance(believed, (tuple, list)) and isinstance(got, (tuple, list))
        pairs = list(zip(believed, got, strict=False)) if both else []
        # Within a shape, None is an open size; elsewhere it says that there is no belief.
        return both and len(believed) == len(got) and all(a is b or _same(a, b) for a, b in pairs)
    try:
        if np.shape(believed) != np.shape(got) or np.size(got) and np.all(np.isnan(got)):
            return False  # Who divides by 0 throughout may believe anything.
        return bool(np.allclose(believed, got, atol=1e-5, equal_nan=True))
    except TypeError:  # not numbers
        return bool(np.array_equal(believed, got))
    except ValueError:  # no array, but lists of different lengths
        return False


def _plain_text(error):
    # Keras numbers the layers in its messages, and lists the arguments.
    return re.sub(r"_\d+", "", str(error)).split("Arguments received by")[0]


def _impossible_width(questions, answers):
    """Say why no window, stride or padding leads to the width that was answered after Flatten.

    Met with 1280 in "What is the difference between Input() and Flatten()?".
    """
    question, answer = questions[0], answers[0]
    steps = question.chain.steps
    if len(questions) > 1 or isinstance(question, Params) or not steps:
        return None
    if isinstance(question, Shape):
        answer = question.whole(answer)
    width = answer if isinstance(question, Size) else answer[-1] if len(answer) == 2 else None
    if not isinstance(steps[-1].layer, layers.Flatten) or not isinstance(width, int):
        return None
    before = steps[-1].before
    if len(before) != 4 or None in before[1:]:
        return None
    said = _why_impossible(width, before[-1], question.chain)
    hint = "follow the height alone through the layers, one line for each."
    if len(steps) == 1:
        hint = "multiply the sizes of one sample once more."
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
        f"meet {positions} places. A square map stays square where windows are square and move "
        f"alike in both directions, as here, and {positions} is not a square number: with "
        f"{channels} channels, no such setting gives this width."
    )
