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

from autograder.learn import order
from autograder.learn.diagnose import diagnose_contract, diagnose_count, diagnose_shape
from autograder.learn.models import judge_model
from autograder.learn.quiet import hushed
from autograder.learn.trace import Step, Trace, shape_of, trace
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
    truth = trace(of() if callable(of) and not isinstance(of, keras.Model) else of)
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
    return _judge_shape(shape_of(got) if hasattr(got, "shape") else got, truth)


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
        untouched() if is_untouched(a) else _judge_shape(a, trace(t))
        for a, t in zip(answers, of, strict=True)
    ]
    right = sum(v.state == RIGHT for v in verdicts)
    wrong = [(i, v) for i, v in enumerate(verdicts, 1) if v.state == WRONG]
    if right == len(of):
        return Verdict(RIGHT, f"All {right} shapes are what Keras says.", share=1.0)
    if not wrong:
        first = next(i for i, v in enumerate(verdicts, 1) if v.state == NOT_ATTEMPTED)
        if right == 0:
            return untouched()
        return Verdict(
            PARTLY, f"{right} of {len(of)}; shape {first} is still open.", share=right / len(of)
        )
    number, found = wrong[0]
    return Verdict(
        PARTLY if right else WRONG,
        f"{right} of {len(of)} shapes are right. Look at shape {number}. {found.message}",
        found.mistakes,
        found.rows,
        found.hint,
        share=right / len(of),
    )


@check
def check_count(answer, of, among=None):
    """Check a predicted number of parameters.

    of: the layer or model that is counted. among: the model it belongs to.
    """
    if is_untouched(answer):
        return untouched()
    if isinstance(answer, bool) or not isinstance(answer, (int, np.integer)):
        return _form(f"A number of parameters is a whole number; yours is {_kind(answer)}.")
    if answer == of.count_params():
        return Verdict(RIGHT, f"{answer:,} parameters.", share=1.0)
    found = diagnose_count(_counted(of), int(answer), _others(of, among))
    return _wrong(f"You answered {answer:,}.", found, "write down the shape of each weight first.")


@check
def check_accepts(answers, model, shapes):
    """Check a predicted list of True and False: which batches does `model` accept?

    shapes: the shapes of the batches, first axis included; each is fed to the model, as zeros,
    there and then.
    """
    if is_untouched(answers):
        return untouched()
    shapes = [tuple(shape) for shape in shapes]
    if not isinstance(answers, (tuple, list)) or len(answers) != len(shapes):
        return _form(f"Your answer should be a list of {len(shapes)} times True or False.")
    answers = list(answers)
    if any(is_untouched(a) for a in answers):
        return untouched()
    if not all(isinstance(a, bool) for a in answers):
        return _form(f"Each entry should be True or False; yours are {answers}.")
    truth = [_accepts(model, shape) for shape in shapes]
    if answers == truth:
        return Verdict(RIGHT, f"All {len(shapes)} are as Keras has them.", share=1.0)
    right = sum(a == t for a, t in zip(answers, truth, strict=True))
    return _wrong(
        f"{right} of {len(shapes)} are as Keras has them.",
        diagnose_contract(tuple(model.input_shape), shapes, answers),
        "feed one of these batches to a model of your own, and read the error if there is one.",
    )


@check
def check_model(build, args=(), **wanted):
    """Check a model by how it behaves; see `models.judge_model` for what can be asked of it.

    Any spelling is accepted: Sequential, Functional, `input_shape=`, a subclass, built on call.
    """
    return judge_model(call(build, *args), **wanted)


@check
def check_function(function, like, on):
    """Check that `function` gives the same arrays as `like`, a layer or function, on each array.

    Where shape is right and numbers are not, the order of the elements is looked into.
    """
    for x in on:
        got = np.asarray(call(function, x))
        want = np.asarray(like(x))
        # Keras computes in float32 what NumPy may have left in float64.
        if got.shape != want.shape or not np.allclose(got.astype(want.dtype), want):
            return order.judge_wrong_array(x, got, want)
    shapes = ", ".join(str(x.shape) for x in on)
    return Verdict(RIGHT, f"The same numbers in the same places, for {shapes}.", share=1.0)


@check
def check_position(position, shape):
    """Check position(h, w, c, H, W, C), the index after Flatten, at every place of one image.

    shape: (H, W, C) of the image that is tried.
    """
    image = np.arange(math.prod(shape), dtype="float32").reshape(1, *shape)
    flat = np.asarray(keras.layers.Flatten()(image))[0]
    places = list(np.ndindex(*shape))
    got = [call(position, *place, *shape) for place in places]
    if all(is_untouched(g) for g in got):
        return untouched()
    for place, index in zip(places, got, strict=True):
        inside = isinstance(index, (int, np.integer)) and 0 <= index < flat.size
        if not inside or flat[index] != image[(0, *place)]:
            return order.judge_wrong_position(shape, places, got, place, index)
    return Verdict(RIGHT, f"All {len(places)} places of a {shape} image are found.", share=1.0)


def _accepts(model, shape):
    try:
        model(np.zeros(shape, "float32"))
    except (TypeError, ValueError):
        return False
    return True


def _judge_shape(answer, truth):
    """Return the verdict on one shape."""
    if isinstance(answer, (int, np.integer)) and not isinstance(answer, bool):
        as_width = diagnose_shape(truth, (*truth.end[:-1], int(answer)))
        said = f"You answered the single number {answer}; a shape is a tuple, one entry per axis."
        return _wrong(
            said, as_width, "write (…, …), with an entry for the batch in front.", ("not_a_tuple",)
        )
    if not isinstance(answer, (tuple, list)):
        return _form(f"A shape is a tuple such as (5, 7); yours is {_kind(answer)}.")
    answer = tuple(answer)
    if any(isinstance(n, bool) or not isinstance(n, (int, np.integer, type(None))) for n in answer):
        return _form(f"The entries of a shape are whole numbers or None; you wrote {answer}.")
    if answer == truth.end:
        return Verdict(RIGHT, f"{answer} is what Keras says.", share=1.0)
    found = diagnose_shape(truth, answer)
    said = f"Your answer is {answer}."
    if found is None and len(answer) != len(truth.end):
        axes = "1 axis" if len(answer) == 1 else f"{len(answer)} axes"
        said += f" It has {axes}; Keras's shape has {len(truth.end)}."
    elif found is None:
        same = sum(a == t for a, t in zip(answer, truth.end, strict=True))
        said += f" It has as many axes as Keras's shape; {same} of {len(answer)} sizes agree."
    return _wrong(said, found, "write down the shape after every layer, one line each.")


def _wrong(said, found, hint, codes=()):
    if found is None:
        return Verdict(WRONG, said, codes, hint=hint)
    return Verdict(WRONG, f"{said} {found.message}", found.codes, found.rows, found.hint)


def _form(sentence):
    return Verdict(WRONG, sentence, ("form",), hint="mind the form of the answer first.")


def _kind(value):
    return f"{value!r} ({type(value).__name__})" if value is not None else "None"


def _counted(of):
    if isinstance(of, keras.Model):
        return trace(of)
    step = Step(of, tuple(of.input.shape), tuple(of.output.shape))
    return Trace(step.before, (step,))


def _others(of, among):
    return [layer for layer in among.layers if layer is not of] if among is not None else []
