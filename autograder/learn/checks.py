"""The checks that lessons call: each compares a learner's answer with what Keras does.

A check is made of a judge, a plain function that returns a Verdict, and of `check`, which runs
the judge with warnings hushed and delivers the verdict to the cell. `check_shape.judge(...)` is
the judge alone.

An answer may be a value (a prediction) or a function that is called with `args` (a build
exercise). Anything that the learner's function raises becomes a verdict.
"""

import functools
import math

import keras
import numpy as np

from autograder.learn.diagnose import Diagnosis, diagnose, diagnose_all, diagnose_result
from autograder.learn.models import judge_model
from autograder.learn.questions import Accepts, Params, Shape
from autograder.learn.quiet import hushed
from autograder.learn.trace import shape_of
from autograder.learn.verdict import NOT_ATTEMPTED, PARTLY, RIGHT, WRONG, Verdict, deliver
from autograder.learn.work import Stopped, call, is_untouched, untouched


def check(judge):
    """Turn a judge into a check: hush its noise, show its verdict, settle the points."""

    @functools.wraps(judge)
    def verdict_on(*args, **options):
        try:
            return judge(*args, **options)
        except Stopped as stop:
            return stop.verdict

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

    answer: a tuple, or a function whose result has a shape (a KerasTensor, an array).
    of: what has the right shape: a KerasTensor, a model, an array, a Trace or a tuple.
    """
    got = call(answer, *args) if callable(answer) else answer
    if is_untouched(got):
        return untouched()
    if callable(answer) and not hasattr(got, "shape"):
        return Verdict(
            WRONG,
            f"{answer.__name__} returned {_kind(got)}, which has no shape.",
            ("no_tensor",),
            hint="return the tensor itself.",
        )
    return _judge_shape(shape_of(got) if hasattr(got, "shape") else got, Shape(of))


@check
def check_shapes(answers, of):
    """Check a list of predicted shapes; part of the points for part of the list.

    of: as many things with a shape, in the same order.
    """
    if is_untouched(answers):
        return untouched()
    if not isinstance(answers, (tuple, list)) or len(answers) != len(of):
        return _form(f"Your answer should be a list of {len(of)} shapes.")
    verdicts = [
        untouched() if is_untouched(a) else _judge_shape(a, Shape(t))
        for a, t in zip(answers, of, strict=True)
    ]
    return _sum_up(verdicts)


@check
def check_count(answer, of, among=None):
    """Check a predicted number of parameters.

    of: the layer or model that is counted. among: the model it belongs to.
    """
    if is_untouched(answer):
        return untouched()
    if not _is_whole(answer):
        return _form(f"A number of parameters is a whole number; yours is {_kind(answer)}.")
    question = Params(of)
    if answer == question.truth:
        return Verdict(RIGHT, f"{answer:,} parameters.", share=1.0)
    found = diagnose(question, int(answer)) or _other_layer(int(answer), of, among)
    return _wrong(f"You answered {answer:,}.", found, "write down the shape of each weight first.")


@check
def check_numbers(answers, of):
    """Check a list of predicted numbers that belong together.

    of: as many questions (Size, Params), in the same order. One belief may explain them all.
    """
    if is_untouched(answers):
        return untouched()
    if not isinstance(answers, (tuple, list)) or len(answers) != len(of):
        return _form(f"Your answer should be a list of {len(of)} numbers.")
    answers = list(answers)
    if any(is_untouched(a) for a in answers):
        return untouched()
    truth = [question.truth for question in of]
    if answers == truth:
        return Verdict(RIGHT, f"All {len(of)} numbers are what Keras says.", share=1.0)
    right = sum(a == t for a, t in zip(answers, truth, strict=True))
    return _wrong(
        f"{right} of {len(of)} numbers are right.",
        diagnose_all(list(of), answers),
        "write down the shape after every layer, one line each.",
    )


@check
def check_accepts(answers, model, shapes):
    """Check a predicted list of True and False: which batches does `model` accept?

    shapes: the shapes of the batches, first axis included; each is fed to the model, as zeros,
    there and then.
    """
    return _judge_list(answers, [Accepts(model, tuple(shape)) for shape in shapes], (bool,))


@check
def check_model(build, args=(), **wanted):
    """Check a model by how it behaves; see `models.judge_model` for what can be asked of it.

    Any spelling is accepted: Sequential, Functional, `input_shape=`, a subclass, built on call.
    """
    return judge_model(call(build, *args), **wanted)


@check
def check_function(function, like, on, about=None):
    """Check that `function` gives the same arrays as `like`, a layer or function.

    on: the inputs to try, each an array or a tuple of arguments. about: the topic whose mistaken
    rules are tried on a wrong result, such as "flatten".
    """
    for args in on:
        args = args if isinstance(args, tuple) else (args,)
        got, want = call(function, *args), like(*args)
        if not _agree(got, want):
            return _judge_result(function, args, got, want, about)
    tried = ", ".join(str(x.shape) if hasattr(x, "shape") else str(x) for x in on)
    return Verdict(RIGHT, f"The same numbers in the same places, for {tried}.", share=1.0)


@check
def check_position(position, shape):
    """Check position(h, w, c, H, W, C), the index after Flatten, at every place of one image.

    shape: (H, W, C) of the image that is tried.
    """
    image = np.arange(math.prod(shape), dtype="float32").reshape(1, *shape)
    flat = np.asarray(keras.layers.Flatten()(image))[0]
    places = list(np.ndindex(*shape))
    got = [call(position, *place, *shape) for place in places]
    for place, index in zip(places, got, strict=True):
        inside = _is_whole(index) and 0 <= index < flat.size
        if not inside or flat[index] != image[(0, *place)]:
            args = tuple(np.array([(*p, *shape) for p in places]).T)
            said = f"In a {shape} image, you put (h, w, c) = {place} at index {index!r}; "
            return _wrong(
                said + "it isn't there.",
                diagnose_result("position", args, np.array(got)),
                "start with the index of (h, 0, 0): how many numbers stand before row h?",
                ("wrong_position",),
            )
    return Verdict(RIGHT, f"All {len(places)} places of a {shape} image are found.", share=1.0)


def _agree(got, want):
    if isinstance(want, (tuple, list)):
        same = isinstance(got, (tuple, list)) and len(got) == len(want)
        return same and all(map(_agree, got, want))
    got, want = np.asarray(got), np.asarray(want)
    # Keras computes in float32 what NumPy may have left in float64.
    return got.shape == want.shape and np.allclose(got.astype(want.dtype), want, atol=1e-5)


def _judge_result(function, args, got, want, about):
    """Return the verdict on a wrong result of the learner's function."""
    shapes = ", ".join(str(np.shape(a)) for a in args)
    same = np.shape(got) == np.shape(want) if not isinstance(want, (tuple, list)) else None
    said = f"For arguments of shape {shapes}, {function.__name__} gives "
    if same:
        said += f"shape {np.shape(got)}, and that is right, but its numbers are not."
    elif same is None:
        said += "something else than it should."
    else:
        said += f"shape {np.shape(got)}; it should be another."
    return _wrong(
        said,
        diagnose_result(about, args, got),
        "compare the first few numbers of your result with the right ones.",
        ("wrong_numbers" if same else "wrong_result_shape",),
    )


def _judge_list(answers, questions, kinds):
    """Return the verdict on a list of values, one for each question."""
    if is_untouched(answers):
        return untouched()
    if not isinstance(answers, (tuple, list)) or len(answers) != len(questions):
        return _form(f"Your answer should be a list of {len(questions)} entries.")
    answers = list(answers)
    if any(is_untouched(a) for a in answers):
        return untouched()
    if not all(isinstance(a, kinds) for a in answers):
        names = " or ".join(k.__name__ for k in kinds)
        return _form(f"Each entry should be of type {names}; yours are {answers}.")
    truth = [question.truth for question in questions]
    right = sum(a == t for a, t in zip(answers, truth, strict=True))
    if right == len(truth):
        return Verdict(RIGHT, f"All {right} are as Keras has them.", share=1.0)
    return _wrong(
        f"{right} of {len(truth)} are as Keras has them.",
        diagnose_all(questions, answers),
        "try one of these cases yourself, and read the error if there is one.",
    )


def _sum_up(verdicts):
    """Return one verdict on a list of which each part was judged alone."""
    total, right = len(verdicts), sum(v.state == RIGHT for v in verdicts)
    if right == total:
        return Verdict(RIGHT, f"All {total} shapes are what Keras says.", share=1.0)
    share = right / total
    wrong = next(((i, v) for i, v in enumerate(verdicts, 1) if v.state == WRONG), None)
    if wrong is None:
        gap = next(i for i, v in enumerate(verdicts, 1) if v.state == NOT_ATTEMPTED)
        said = f"{right} of {total} shapes are right; shape {gap} is still open."
        return (
            Verdict(PARTLY, said, hint="fill in the next one.", share=share)
            if right
            else (untouched())
        )
    number, found = wrong
    said = f"{right} of {total} shapes are right. Look at shape {number}. {found.message}"
    state = PARTLY if right else WRONG
    return Verdict(state, said, found.mistakes, found.rows, found.hint, share=share)


def _judge_shape(answer, question):
    """Return the verdict on one shape."""
    if _is_whole(answer):
        said = f"You answered the single number {answer}; a shape is a tuple, one entry per axis."
        as_width = (*question.truth[:-1], int(answer))
        found = diagnose(question, as_width) if as_width != question.truth else None
        hint = "write (…, …), with an entry for the batch in front."
        return _wrong(said, found, hint, ("not_a_tuple",))
    if not isinstance(answer, (tuple, list)):
        return _form(f"A shape is a tuple such as (5, 7); yours is {_kind(answer)}.")
    answer = tuple(answer)
    if not all(n is None or _is_whole(n) for n in answer):
        return _form(f"The entries of a shape are whole numbers or None; you wrote {answer}.")
    if answer == question.truth:
        return Verdict(RIGHT, f"{answer} is what Keras says.", share=1.0)
    found = diagnose(question, answer)
    said = f"Your answer is {answer}."
    if found is None:
        said += " " + _compare_axes(answer, question.truth)
    return _wrong(said, found, "write down the shape after every layer, one line each.")


def _compare_axes(answer, truth):
    """Say how far a shape agrees, without saying what it should be."""
    if len(answer) != len(truth):
        axes = "1 axis" if len(answer) == 1 else f"{len(answer)} axes"
        return f"It has {axes}; Keras's shape has {len(truth)}."
    same = sum(a == t for a, t in zip(answer, truth, strict=True))
    return f"It has as many axes as Keras's shape; {same} of {len(answer)} sizes agree."


def _other_layer(answer, of, among):
    """Return the Diagnosis of a count that is another layer's of the same model, or None."""
    for layer in among.layers if among is not None else ():
        if layer is not of and layer.built and layer.count_params() == answer:
            return Diagnosis(
                ("other_layer",),
                f"That many parameters belong to another layer of this model, the "
                f"{type(layer).__name__}.",
                hint="look at the Param # column of model.summary(), line by line.",
            )
    return None


def _is_whole(value):
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool)


def _wrong(said, found, hint, codes=()):
    if found is None:
        return Verdict(WRONG, said, codes, hint=hint)
    return Verdict(WRONG, f"{said} {found.message}", found.codes, found.rows, found.hint)


def _form(sentence):
    return Verdict(WRONG, sentence, ("form",), hint="mind the form of the answer first.")


def _kind(value):
    return f"{value!r} ({type(value).__name__})" if value is not None else "None"
