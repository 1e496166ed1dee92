"""The checks that lessons call: each compares a learner's answer with what Keras does.

A check is made of a judge, a plain function that returns a Verdict, and of `check`, which runs
the judge with warnings hushed and delivers the verdict to the cell. `check_shape.judge(...)` is
the judge alone.

An answer may be a value (a prediction) or a function that is called with `args` (a build
exercise). Anything that the learner's function raises becomes a verdict.
"""

import contextlib
import functools
import math
from dataclasses import replace

import keras
import numpy as np

from autograder.learn.classifiers import judge_classifier
from autograder.learn.diagnose import (
    Diagnosis,
    diagnose,
    diagnose_all,
    diagnose_result,
    explained,
)
from autograder.learn.functions import judge_function, judge_transfer, judge_weights
from autograder.learn.models import judge_model, judge_models
from autograder.learn.pieces import judge_guard, judge_layer
from autograder.learn.predictions import agrees, plain
from autograder.learn.questions import Accepts, Params, Shape, Size
from autograder.learn.quiet import hushed
from autograder.learn.trace import Trace, shape_of
from autograder.learn.verdict import NOT_ATTEMPTED, PARTLY, RIGHT, WRONG, Verdict, deliver
from autograder.learn.work import (
    Stopped,
    call,
    is_untouched,
    name_of,
    set_seeds,
    show,
    strictly,
    unjudgeable,
    untouched,
)


def check(judge):
    """Turn a judge into a check: hush its noise, show its verdict, settle the points."""

    @functools.wraps(judge)
    def verdict_on(*args, **options):
        try:
            return judge(*args, **options)
        except Stopped as stop:
            return stop.verdict
        except Exception as error:  # an answer that nobody thought of; never a stack trace
            return unjudgeable(error)

    @functools.wraps(judge)
    def run(*args, points=None, **options):
        with hushed() as noise:
            verdict = verdict_on(*args, **options)
        return deliver(verdict.with_notes(noise.notes()), points)

    run.judge = verdict_on
    return run


@check
def check_shape(answer, of, args=()):
    """Check a shape: a predicted tuple, or what the learner's function returns.

    answer: a tuple (or a tensor, which has one); or a function that returns a tensor.
    of: what has the right shape: a KerasTensor, a model, an array, a Trace or a tuple; or the
    question itself, a Shape or a Sample.
    """
    question = _shape_question(of)
    if not args and not callable(answer):
        return _judge_shape(answer, question)
    if not callable(answer) and not is_untouched(answer):
        return _form(f"Your answer should be a function; it is {_kind(answer)}.")
    got = call(answer, *args)
    if not hasattr(got, "shape"):
        return Verdict(
            WRONG,
            f"{name_of(answer)} returned {_kind(got)}, and not a tensor.",
            ("no_tensor",),
            hint="return the tensor itself; it has the shape.",
        )
    verdict = _judge_shape(got, question)
    if verdict.state == RIGHT or not args:
        return verdict
    tried = ", ".join(str(np.shape(a)) for a in args)
    return replace(verdict, message=f"For data of shape {tried}: {verdict.message}")


@check
def check_shapes(answers, of):
    """Check a list of predicted shapes; part of the points for part of the list.

    of: as many things with a shape, or questions, in the same order.
    """
    if is_untouched(answers):
        return untouched()
    if isinstance(answers, (tuple, list)) and all(n is None or _is_whole(n) for n in answers):
        return _form(f"You gave one tuple; your answer should be a list of {len(of)} tuples.")
    if not isinstance(answers, (tuple, list)) or len(answers) != len(of):
        return _form(f"Your answer should be a list of {len(of)} shapes.")
    verdicts, done = [], None
    for answer, target in zip(answers, of, strict=True):
        question = _shape_question(target)
        verdicts.append(_judge_shape(answer, _behind(question, done)))
        done = question.chain if verdicts[-1].state == RIGHT else done
    return _sum_up(verdicts)


def _behind(question, done):
    """Return the question about what comes after a Trace of which the end is known, if any does.

    Who has answered for the first layers rightly is asked about the others only.
    """
    steps = question.chain.steps
    known = len(done.steps) if done else 0
    if not 0 < known < len(steps) or steps[:known] != done.steps:
        return question
    return type(question)(Trace(done.end, steps[known:]))


@check
def check_count(answer, of, among=None, before=None):
    """Check a predicted number of parameters.

    of: the layer or model that is counted. among: the model it belongs to. before: the layer or
    model as it was, where an exercise asks what a change does.
    """
    if is_untouched(answer):
        return untouched()
    if not _is_whole(answer):
        return _form(f"A number of parameters is a whole number; yours is {_kind(answer)}.")
    question, answer = Params(of), int(answer)
    if abs(answer) > 10**18:
        return _form(f"No model has so many parameters; yours is {_kind(answer)}.")
    if answer == question.truth:
        return Verdict(RIGHT, f"{answer:,} parameters.", share=1.0)
    found = (
        _unchanged([answer], None if before is None else [Params(before)])
        or _layer_left_out(answer, of)
        or diagnose(question, answer)
        or _other_layer(answer, of, among)
    )
    of_what = "each layer" if isinstance(of, keras.Model) else "this layer"
    hint = f"ask which numbers of {of_what} training would adjust, and count those."
    return explained(f"You answered {answer:,}.", found, "", hint)


@check
def check_numbers(answers, of, on=(), before=None):
    """Check a list of predicted numbers that belong together.

    of: as many questions (Size, Params), in the same order. One belief may explain them all.
    Where the answer is a function that gives the numbers, `of` is a function that gives the
    questions, and both are called with each entry of `on`. before: the questions about what was
    there before a change, where an exercise asks what the change does.
    """
    if callable(answers):
        return _judge_number_function(answers, of, on)
    if is_untouched(answers):
        return untouched()
    if not isinstance(answers, (tuple, list)) or len(answers) != len(of):
        return _form(f"Your answer should be a list of {len(of)} numbers.")
    if any(is_untouched(a) for a in answers):
        return untouched()
    return _judge_numbers(list(answers), list(of), before)


@check
def check_accepts(answers, model, shapes):
    """Check a predicted list of True and False: which batches does `model` accept?

    shapes: the shapes of the batches, first axis included; each is fed to the model, as zeros,
    there and then.
    """
    return _judge_list(answers, [Accepts(model, tuple(shape)) for shape in shapes])


@check
def check_prediction(answer, of):
    """Check a prediction of any kind.

    of: the question (see `questions` and `predictions`), or a list of them for a list of answers.
    """
    if isinstance(of, (tuple, list)):
        return _judge_list(answer, list(of))
    if is_untouched(answer):
        return untouched()
    if isinstance(of, Shape):
        return _judge_shape(answer, of)
    if isinstance(of, (Size, Params)):
        return _judge_numbers([answer], [of])
    if not _is_kind(answer, of.kinds):
        return _form(f"Your answer should be {of.form}; it is {_kind(answer)}.")
    length = getattr(of, "length", None)
    if length is not None and len(answer) != length:
        return _form(f"Your answer should be {of.form}: {length} entries. Yours has {len(answer)}.")
    if agrees(of.truth, answer):
        return Verdict(RIGHT, f"{show(answer)} is what Keras says.", share=1.0)
    hint = "try a smaller case in a cell of its own."
    return explained(f"You answered {show(answer)}.", diagnose(of, answer), "", hint)


@check
def check_model(build, args=(), strict=False, **wanted):
    """Check a model by how it behaves; see `models.judge_model` for what can be asked of it.

    Any spelling is accepted: Sequential, Functional, `input_shape=`, a subclass, built on call.
    strict: what Keras only warns of counts as an error, for exercises about new spellings.
    """
    if isinstance(build, keras.Model):
        return judge_model(build, **wanted)  # the model itself, in the place of a function
    with strictly() if strict else contextlib.nullcontext():
        model = call(build, *args)
    return judge_model(model, **wanted)


@check
def check_models(build, count, args=(), **wanted):
    """Check several spellings of one model, which must also compute the same numbers.

    build: returns them in a tuple. count: how many. wanted: as for `check_model`, for each;
    kinds: in the place of `kind`, one for each.
    """
    return judge_models(call(build, *args), count, **wanted)


@check
def check_layer(make, like, on, about=None, own=False):
    """Check a layer that the learner wrote: on data, and where a model is put together.

    make: the learner's class, or a function that gives the layer. like: a right layer, without
    weights. on: arrays to try. about: the topic whose mistaken rules are tried on a wrong result.
    own: it must be of a class of the learner's own, which leaves no work to Keras's layers.
    """
    return judge_layer(make, like, on, about, own)


@check
def check_guard(guard, good, bad, says_why=False):
    """Check guard(model, x, y): True for each of the good cases, ValueError for each bad one.

    good, bad: cases, each a tuple (model, x, y). says_why: the error must have a text.
    """
    return judge_guard(guard, good, bad, says_why)


@check
def check_function(function, like, on, about=None, given=()):
    """Check that `function`, or a layer, gives the same arrays as `like`, a layer or function.

    on: the inputs to try, each an array or a tuple of arguments. about: the topic whose mistaken
    rules are tried on a wrong result, such as "flatten". given: what these rules take besides.
    """
    return judge_function(function, like, on, about, given)


@check
def check_weights(weights, like, layer, on, args=(), about=None, given=()):
    """Check weights by what a layer does with them: on the array `on`, the same as `like` does.

    weights: an array, several, or a function that gives them for `args`. about, given: as for
    check_function, on topics such as "block_diagonal".
    """
    return judge_weights(weights, like, layer, on, args, about, given)


@check
def check_transfer(transfer, source, target, on):
    """Check transfer(source, target, x): does it copy weights, and compare outputs rightly?

    source, target: layers that can hold the same weights. on: the array x.
    """
    return judge_transfer(transfer, source, target, on)


@check
def check_classifier(make, on, at_least, args=()):
    """Check a trained classifier by its accuracy on samples that it hasn't seen.

    make: a function that returns the trained model, called with `args` after a seed is set; or
    the model itself. on: (x, y), the samples, batch axis first, and their classes as whole
    numbers. at_least: the share of them, from 0 to 1, that it must tell rightly.
    """
    if not isinstance(make, keras.Model):
        set_seeds(make, 1)
        make = call(make, *args)
    return judge_classifier(make, *on, at_least)


@check
def check_position(position, shape):
    """Check position(h, w, c, H, W, C), the index after Flatten, at every place of one image.

    shape: (H, W, C) of the image that is tried.
    """
    image = np.arange(math.prod(shape), dtype="float32").reshape(1, *shape)
    flat = np.asarray(keras.layers.Flatten()(image))[0]
    places = list(np.ndindex(*shape))
    got = [_as_index(call(position, *place, *shape)) for place in places]
    for place, index in zip(places, got, strict=True):
        inside = _is_whole(index) and 0 <= index < flat.size
        if not inside or flat[index] != image[(0, *place)]:
            args = tuple(np.array([(*p, *shape) for p in places]).T)
            said = f"In a {shape} image, you put (h, w, c) = {place} at index {show(index)}"
            if not _is_whole(index):
                return _form(f"{said}; an index is a whole number (of type int).")
            return explained(
                said + "; it isn't there.",
                diagnose_result("position", args, np.array(got)),
                "wrong_position",
                "count on paper, for this place, the numbers that stand before it.",
            )
    return Verdict(RIGHT, f"All {len(places)} places of a {shape} image are found.", share=1.0)


def _as_index(value):
    """Return a number in an array or tensor without axes as the number itself."""
    return np.asarray(value).item() if hasattr(value, "shape") and value.shape == () else value


def _judge_list(answers, questions):
    """Return the verdict on a list of values, one for each question."""
    if is_untouched(answers):
        return untouched()
    answers = answers.tolist() if isinstance(answers, np.ndarray) else answers
    if not isinstance(answers, (tuple, list)) or len(answers) != len(questions):
        forms = dict.fromkeys(getattr(question, "form", "") for question in questions)
        each = f", each {next(iter(forms))}" if len(forms) == 1 and "" not in forms else ""
        return _form(f"Your answer should be a list of {len(questions)} entries{each}.")
    answers = list(answers)
    if any(is_untouched(a) for a in answers):
        return untouched()
    for answer, question in zip(answers, questions, strict=True):
        if not _is_kind(answer, question.kinds):
            return _form(f"Each entry should be {question.form}; yours are {show(answers)}.")
    pairs = list(zip(questions, answers, strict=True))
    right = sum(agrees(question.truth, answer) for question, answer in pairs)
    if right == len(questions):
        return Verdict(RIGHT, f"All {right} are right: Keras does the same.", share=1.0)
    said = f"{right} of {len(questions)} {_are(right)} right."
    found = diagnose_all(questions, answers)
    possible = {*map(str, answers), *(str(question.truth) for question in questions)}
    at = next(i for i, (q, a) in enumerate(pairs) if not agrees(q.truth, a))
    if not any(isinstance(a, bool) for a in answers):
        found = found or diagnose(questions[at], answers[at])  # of several beliefs the first
    if len(possible) > 2:  # of yes and no, or of "runs" and one error, it would tell the answer
        said += f" Look at number {at + 1}, {show(answers[at])}."
    hint = "try one of these cases yourself, and read the error if there is one."
    return explained(said, found, "", hint)


def _judge_numbers(answers, questions, before=None):
    """Return the verdict on a list of numbers, one for each question."""
    right = sum(a == q.truth for a, q in zip(answers, questions, strict=True))
    if right == len(questions):
        said = f"All {right} numbers are" if right > 2 else "Both numbers are"
        said = said if right > 1 else f"{answers[0]} is"
        return Verdict(RIGHT, f"{said} what Keras says.", share=1.0)
    first = next(i for i, q in enumerate(questions) if answers[i] != q.truth)
    said = f"{right} of {len(questions)} numbers {_are(right)} right; look at number {first + 1}."
    if len(questions) == 1:
        said = f"You answered {answers[0]}."
    return explained(
        said,
        _unchanged(answers, before) or diagnose_all(questions, answers),
        "",
        "write down the shape after every layer, one line each.",
    )


def _judge_number_function(function, ask, on):
    """Return the verdict on a function that gives numbers; one belief may explain all calls."""
    answers, questions, said = [], [], ""
    for args in on:
        args = args if isinstance(args, tuple) else (args,)
        got, asked = call(function, *args), list(ask(*args))
        if not isinstance(got, (tuple, list)) or len(got) != len(asked):
            return _form(f"Your function should return {len(asked)} numbers in a tuple.")
        if not said and list(got) != [q.truth for q in asked]:
            shown = ", ".join(map(str, args))
            said = f"{name_of(function)}({shown}) gives {plain(got)}; Keras counts otherwise."
            wrong = [i for i, q in enumerate(asked, 1) if got[i - 1] != q.truth]
            if len(wrong) < len(asked):
                said += f" Look at number {wrong[0]}; what stands beside it is right."
        answers += got
        questions += asked
    if not said:
        return Verdict(RIGHT, f"Right for {', '.join(map(str, on))}.", share=1.0)
    hint = "write down the shape after every layer, one line each."
    found = _exchanged(answers, questions) or diagnose_all(questions, answers)
    return explained(said, found, "", hint)


def _exchanged(answers, questions):
    """Return the Diagnosis of pairs of right numbers, each pair the wrong way round, or None."""
    pairs = list(zip(answers[::2], answers[1::2], strict=False))
    truths = [question.truth for question in questions]
    wanted = list(zip(truths[1::2], truths[::2], strict=False))
    if len(answers) != 2 * len(pairs) or pairs != wanted:
        return None
    return Diagnosis(
        ("numbers_swapped",),
        "Both are right, but each stands in the place of the other.",
        hint="read once more in which order the exercise asks for them.",
    )


def _unchanged(answers, before):
    """Return the Diagnosis of answers that were right before a change, or None."""
    if before is None or plain(answers) != plain([question.truth for question in before]):
        return None
    return Diagnosis(
        ("nothing_changed",),
        "That was right before the change. You get this if you think that the change makes no "
        "difference to these numbers.",
        hint="go through the layers one by one, and ask of each: does it see the change?",
    )


def _are(count):
    return "is" if count == 1 else "are"


def _is_kind(answer, kinds):
    value = plain(answer)
    return isinstance(value, kinds) and (not isinstance(value, bool) or bool in kinds)


def _shape_question(of):
    return of if isinstance(of, Shape) else Shape(of)


def _sum_up(verdicts):
    """Return one verdict on a list of which each part was judged alone."""
    total, right = len(verdicts), sum(v.state == RIGHT for v in verdicts)
    if right == total:
        return Verdict(RIGHT, f"All {total} shapes are what Keras says.", share=1.0)
    share = right / total
    wrong = next(((i, v) for i, v in enumerate(verdicts, 1) if v.state == WRONG), None)
    if wrong is None:
        gap = next(i for i, v in enumerate(verdicts, 1) if v.state == NOT_ATTEMPTED)
        said = f"{right} of {total} shapes {_are(right)} right; shape {gap} is still open."
        return (
            Verdict(PARTLY, said, hint="fill in the next one.", share=share)
            if right
            else (untouched())
        )
    number, found = wrong
    said = f"{right} of {total} shapes {_are(right)} right. Look at shape {number}. {found.message}"
    state = PARTLY if right else WRONG
    # The rows follow one belief from the input on, which earlier right answers would contradict.
    rows = found.rows if right == 0 else ()
    return Verdict(state, said, found.mistakes, rows, found.hint, share=share)


def _judge_shape(answer, question):
    """Return the verdict on one shape."""
    if is_untouched(answer):
        return untouched()
    answer = _as_shape(answer)
    if _is_whole(answer):
        said = f"You answered one number, {show(answer)}; a shape is a tuple, one entry per axis."
        as_width = (*question.truth[:-1], int(answer))
        found = diagnose(question, as_width) if as_width != question.truth else None
        hint = "write (…, …), with an entry for the batch in front."
        return explained(said, found, "not_a_tuple", hint)
    if not isinstance(answer, tuple):
        said = f"A shape is a tuple such as (5, 7); yours is {_kind(answer)}."
        return _form(said, "take off the quotes.") if isinstance(answer, str) else _form(said)
    if not all(n is None or _is_whole(n) for n in answer):
        quoted = any(isinstance(n, str) for n in answer)
        said = f"The entries of a shape are whole numbers or None; you wrote {show(answer)}."
        return _form(said, "write numbers and None without quotes.") if quoted else _form(said)
    answer = tuple(n if n is None else int(n) for n in answer)
    if answer == question.truth:
        return Verdict(RIGHT, f"{answer} is what Keras says.", share=1.0)
    found = diagnose(question, answer)
    said = f"Your answer is {show(answer)}."
    if found is None:
        said += " " + _compare_axes(answer, question.truth)
    return explained(said, found, "", _SHAPE_HINTS[min(len(question.chain.steps), 2)])


#: Where there is only a shape to be read, where one layer leads to it, and where several do.
_SHAPE_HINTS = (
    "write down the axes of one sample, then what counts the samples.",
    "go through the axes one by one: which of them does the layer touch?",
    "write down the shape after every layer, one line each.",
)


def _as_shape(answer):
    """Return an answer as a tuple, if it has a shape or is a list of sizes in whatever type."""
    if isinstance(answer, np.ndarray) and answer.ndim == 1 and answer.dtype.kind in "iuO":
        return tuple(answer.tolist())  # the sizes, written as an array
    if hasattr(answer, "shape") and not np.isscalar(answer):
        return shape_of(answer)
    if isinstance(answer, (str, bytes, dict, set)):
        return answer
    try:
        return tuple(answer)
    except TypeError:
        return answer


def _compare_axes(answer, truth):
    """Say how far a shape agrees, without saying what it should be."""
    if len(answer) != len(truth):
        axes = "1 axis" if len(answer) == 1 else f"{len(answer)} axes"
        return f"It has {axes}; Keras's shape has {len(truth)}."
    same = sum(a == t for a, t in zip(answer, truth, strict=True))
    return f"It has as many axes as Keras's shape; {same} of {len(answer)} sizes agree."


def _other_layer(answer, of, among):
    """Return the Diagnosis of a count that is another layer's, or the whole model's, or None."""
    for layer in among.layers if among is not None else ():
        if layer is not of and layer.built and 0 < answer == layer.count_params():
            return Diagnosis(
                ("other_layer",),
                f"That many parameters belong to another layer of this model, the "
                f"{type(layer).__name__}.",
                hint="look at the Param # column of model.summary(), line by line.",
            )
    if among is not None and among is not of and answer == among.count_params():
        return Diagnosis(
            ("whole_model",),
            "That many parameters the whole model has; here one layer of it is asked for.",
            hint="read the exercise once more: whose parameters does it want?",
        )
    return None


def _layer_left_out(answer, of):
    """Return the Diagnosis of a model's count that is right but for a layer, or is one layer's."""
    layers = of.layers if isinstance(of, keras.Model) and of.built else ()
    counts = [layer.count_params() for layer in layers if layer.weights]
    if len(counts) < 2 or answer not in (*counts, *(sum(counts) - count for count in counts)):
        return None
    return Diagnosis(
        ("layer_left_out",),
        "That many parameters are in a part of this model. You get this if you leave out a layer.",
        hint="write down the count of each layer, one line each, and add them up.",
    )


def _is_whole(value):
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool)


def _form(sentence, hint="write the answer in the form that the exercise asks for."):
    return Verdict(WRONG, sentence, ("form",), hint=hint)


def _kind(value):
    return f"{show(value)} ({type(value).__name__})" if value is not None else "None"
