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

from autograder.learn.classifiers import judge_classifier, trained
from autograder.learn.counted import counted_otherwise
from autograder.learn.diagnose import (
    Diagnosis,
    diagnose,
    diagnose_all,
    diagnose_error,
    diagnose_result,
    explained,
)
from autograder.learn.forms import is_whole, plain
from autograder.learn.functions import judge_function, judge_transfer, judge_weights
from autograder.learn.messages import tidy
from autograder.learn.mistakes import rules
from autograder.learn.models import (
    VAGUE,
    arguments_exchanged,
    judge_model,
    judge_models,
    judge_stopped,
    part_of_given,
    shapes_through,
)
from autograder.learn.pieces import judge_guard, judge_layer
from autograder.learn.predictions import (
    Built,
    Called,
    Commutes,
    LayerNames,
    Place,
    Raises,
    Reach,
    Trains,
    TypeOf,
    agrees,
)
from autograder.learn.questions import Accepts, Params, Shape, Size
from autograder.learn.quiet import hushed, unwarned
from autograder.learn.relations import first_wrong, related
from autograder.learn.subject import about_keras, asked_of_keras
from autograder.learn.trace import Trace, shape_of
from autograder.learn.training import judge_training
from autograder.learn.verdict import NOT_ATTEMPTED, PARTLY, RIGHT, WRONG, Verdict, deliver
from autograder.learn.work import (
    Stopped,
    argument_ignored,
    argument_unused,
    asking,
    call,
    is_untouched,
    name_of,
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
            with asking(_is_of_keras(judge, args, options), options.get("about")):
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


def _is_of_keras(judge, args, options):
    """Tell whether a check is about Keras: by its kind, its topic, or what its author gives it.

    The answer is left out: its code can be seen in its own notebook only, and what is said of it
    is the same everywhere.
    """
    if judge.__name__ not in _ANYTHING:
        return True
    named = [x for name, x in options.items() if name not in ("answer", "answers", "function")]
    given, topic = [*args[1:], *named], options.get("about")
    of = options.get("of", given[0] if given else None)
    is_open = isinstance(of, tuple) and any(n is None for n in of)
    is_ours = topic is not None and any(not r.general for r in rules("function", about=topic))
    return is_open or is_ours or about_keras(given)


#: The checks that may be about anything; all others are about Keras.
_ANYTHING = ("check_shape", "check_shapes", "check_numbers", "check_prediction", "check_function")


@check
def check_shape(answer, of, args=()):
    """Check a shape: a predicted tuple, or the shape of what the learner's function returns.

    A list, an array of sizes or a tensor does as well as a tuple. A prediction is worth all or
    nothing.

    Args:
        answer: A tuple; or a function, which is called with `args` and returns a tensor or array.
        of: What has the right shape: a KerasTensor, model, array, Trace (see `run`) or tuple; or
            the question itself, a Shape or a Sample.
        args: What a function is called with. Where there are several cases, call the check for
            each.
        points: What the cell is worth; it may be left out here.

    Examples:
        >>> picture = keras.Input((28, 28, 3))
        >>> check_shape((None, 28, 28, 3), of=picture)
        ✔ Right. (None, 28, 28, 3) is what Keras says.
        >>> check_shape((28, 28, 3), of=picture)
        ✘ Not right yet. Your answer is (28, 28, 3). You get this if you think that the
        shape leaves the batch axis out. Every shape that Keras reports begins with the
        batch axis.
        <BLANKLINE>
        Try: write one more entry, in front, for the samples.
        >>> check_shape((4, 3), of=np.zeros((3, 1)) + np.zeros(4))
        ✘ Not right yet. Your answer is (4, 3). It has as many axes as the right shape; 0
        of 2 sizes agree.
        <BLANKLINE>
        Try: take smaller sizes in a cell of its own, and go through the axes one by one.
    """
    question = _shape_question(of)
    if not args and (not callable(answer) or isinstance(answer, type)):
        return _judge_shape(answer, question)
    if not callable(answer) and not is_untouched(answer):
        return _form(f"Your answer should be a function; it is {_kind(answer)}.")
    got = call(answer, *args)
    if not hasattr(got, "shape"):
        a, wanted = ("a", "tensor") if asked_of_keras(question) else ("an", "array")
        return Verdict(
            WRONG,
            f"{name_of(answer)} returned {_kind(got)}, and not {a} {wanted}.",
            ("no_tensor",),
            hint=f"return the {wanted} itself; it has the shape.",
        )
    verdict = _judge_shape(got, question)
    if verdict.state == RIGHT or not args:
        return verdict
    found = None
    if not verdict.mistakes:
        found = argument_ignored("this shape", answer, args, lambda made: tuple(made.shape))
    if found is not None:
        verdict = explained(f"Your answer is {show(shape_of(got))}.", found, "", "")
    tried = ", ".join(str(np.shape(a)) for a in args)
    return replace(verdict, message=f"For data of shape {tried}: {verdict.message}")


@check
def check_shapes(answers, of):
    """Check a list of predicted shapes: part of the points for part of the list.

    Args:
        answers: A list of tuples.
        of: As many things with a shape, or questions, in the same order, as for check_shape.
        points: What the cell is worth: needed here, for a part of it can be earned.

    Examples:
        >>> start = keras.Input((8, 8, 1))
        >>> rows = layers.Reshape((8, 8))(start)
        >>> flat = layers.Flatten()(rows)
        >>> check_shapes([(None, 8, 8), (None, 64)], of=[rows, flat], points=2)
        ✔ Right. All 2 shapes are what Keras says.
        >>> check_shapes([(None, 8, 8), (64,)], of=[rows, flat], points=2)
        ◐ Partly right. 1 of 2 shapes is right. Look at shape 2. Your answer is (64,). You
        get this if you think either that Flatten gives a one-dimensional result, or that
        the shape leaves the batch axis out. Flatten unrolls each sample and leaves the
        batch axis alone, so its result always has two axes. Every shape that Keras reports
        begins with the batch axis.
        <BLANKLINE>
        Try: feed a Flatten layer two samples and count the rows that come out.
        1.0
    """
    if is_untouched(answers):
        return untouched()
    answers = list(answers) if isinstance(answers, np.ndarray) else answers
    if isinstance(answers, (tuple, list)) and all(n is None or is_whole(plain(n)) for n in answers):
        return _form(f"You gave one tuple; your answer should be a list of {len(of)} tuples.")
    if not isinstance(answers, (tuple, list)) or len(answers) != len(of):
        return _form(f"Your answer should be a list of {len(of)} shapes.")
    verdicts, done = [], None
    for answer, target in zip(answers, of, strict=True):
        question = _shape_question(target)
        verdicts.append(_judge_shape(answer, _behind(question, done)))
        done = question.chain if verdicts[-1].state == RIGHT else done
    verdict = _sum_up(verdicts, all(asked_of_keras(_shape_question(target)) for target in of))
    found = _exchanged(map(_as_shape, answers), [_shape_question(target).truth for target in of])
    if found is None:
        return verdict
    right = sum(v.state == RIGHT for v in verdicts)
    said = f"{right} of {len(of)} shapes {_are(right)} right."
    told = explained(said, found, "", "")
    return replace(told, state=verdict.state, share=verdict.share)


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

    Args:
        answer: A whole number.
        of: The layer or model that is counted.
        among: The model that a layer belongs to: who counts another layer, or the whole, is told
            so.
        before: The layer or model as it was, where an exercise asks what a change does.

    Examples:
        >>> model = keras.Sequential([keras.Input((4,)), layers.Dense(3)])
        >>> check_count(15, of=model)
        ✔ Right. 15 parameters.
        >>> check_count(12, of=model)
        ✘ Not right yet. You answered 12. You get this if you think that a layer has no
        bias. Unless `use_bias=False`, there is one bias for each output channel or unit.
        <BLANKLINE>
                 the way you answered  Keras
          Dense  4 × 3 = 12            ?
        <BLANKLINE>
        Try: print the shapes of layer.weights for a layer of another size.
    """
    if is_untouched(answer):
        return untouched()
    question, answer = Params(of), plain(answer)
    if not is_whole(answer):
        hint = "// divides and drops the remainder." if isinstance(answer, float) else _BARE
        return _form(f"A number of parameters is a whole number; yours is {_kind(answer)}.", hint)
    if abs(answer) > 10**18:
        return _form(f"No model has so many parameters; yours is {_kind(answer)}.")
    if answer == question.truth:
        return Verdict(RIGHT, f"{answer:,} parameters.", share=1.0)
    found = (
        _unchanged([answer], None if before is None else [Params(before)])
        or _layer_left_out(answer, of)
        or _layer_before(answer, before)
        or diagnose(question, answer)
        or _other_layer(answer, of, among)
        or _part_believed(answer, of)
        or counted_otherwise(question, answer)
    )
    of_what = "each layer" if isinstance(of, keras.Model) else "this layer"
    hint = f"ask which numbers of {of_what} training would adjust, and count those."
    return explained(f"You answered {answer:,}.", found, "", hint)


@check
def check_numbers(answers, of, on=(), before=None):
    """Check a list of predicted numbers that belong together: one belief may explain them all.

    Args:
        answers: A list of whole numbers; or a function that gives them.
        of: As many questions (Size, Params), in the same order. Where the answer is a function, a
            function that gives the questions; both are called with each entry of `on`.
        on: What the functions are called with: a list of arguments, or of tuples of several.
        before: The questions about what was there before a change, where an exercise asks what the
            change does.

    Examples:
        >>> maps = layers.Conv2D(6, 3)(keras.Input((10, 10, 3)))
        >>> check_numbers([8, 6], of=[Size(maps, 1), Size(maps, -1)])
        ✔ Right. Both numbers are what Keras says.
        >>> check_numbers([10, 6], of=[Size(maps, 1), Size(maps, -1)])
        ✘ Not right yet. 1 of 2 numbers is right; look at number 1. You get this if you
        think that a convolution keeps height and width. Unless padding is asked for, a
        window stands only where it fits, so the edges are lost.
        <BLANKLINE>
                  the way you answered  Keras
          Input   (None, 10, 10, 3)     (None, 10, 10, 3)
          Conv2D  (None, 10, 10, 6)     ?
        <BLANKLINE>
        Try: slide a window along a short row with your finger, and count the places where
        it fits.
    """
    if callable(answers):
        return _judge_number_function(answers, of, on)
    if is_untouched(answers):
        return untouched()
    answers = plain(answers)
    if not isinstance(answers, tuple) or len(answers) != len(of):
        return _form(f"Your answer should be a list of {len(of)} numbers.")
    if any(is_untouched(a) for a in answers):
        return untouched()
    return _no_number(answers, of) or _judge_numbers(list(answers), list(of), before)


@check
def check_accepts(answers, model, shapes):
    """Check a predicted list of True and False: which batches does a model accept?

    Each is fed to the model, as zeros, there and then.

    Args:
        answers: A list of True and False.
        model: The model.
        shapes: The shapes of the batches, first axis included.

    Examples:
        >>> model = keras.Sequential([keras.Input((4,)), layers.Dense(3)])
        >>> check_accepts([True, False], model, shapes=[(7, 4), (4,)])
        ✔ Right. All 2 are right: Keras does the same.
        >>> check_accepts([True, True], model, shapes=[(7, 4), (4,)])
        ✘ Not right yet. 1 of 2 is right. Look at number 2, True. You get this if you think
        either that a single sample may come without a batch axis, or that a declared shape
        is a remark, which nobody compares with the data, or that a Functional model takes
        the declared shape alone, and a Sequential takes any. The first axis of what you
        feed is always taken as the batch. Data are compared with it, and some are refused.
        The one isn't quite so strict, nor the other quite so open: the layers look, too.
        <BLANKLINE>
        Try: feed one sample as it is, then the same sample as x[None].
    """
    return _judge_list(answers, [Accepts(model, tuple(shape)) for shape in shapes])


@check
@unwarned()  # A warning of Keras's, as it is asked, would tell the answer.
def check_prediction(answer, of):
    """Check a prediction of any kind: a name, an outcome, a value.

    Args:
        answer: In the form that the question asks for, or a list of such answers. Capitals and
            blanks around words don't matter, lists and tuples are the same.
        of: The question, or a list of them for a list of answers: one of those below, or of a class
            of your own with the attributes or properties `kinds` (a tuple of the types that an
            answer may have), `form` (the same in words) and `truth` (the right answer, worked out
            there and then); such a class stands with a rule about it at `rule`, below.

    Examples:
        >>> check_prediction("ndarray", of=TypeOf(np.zeros(3)))
        ✔ Right. 'ndarray' is right.
        >>> check_prediction("list", of=TypeOf(np.zeros(3)))
        ✘ Not right yet. You answered 'list'.
        <BLANKLINE>
        Try: take a smaller case, in a cell of its own.
        >>> check_prediction(["runs", "ValueError"], of=[
        ...     Raises(lambda: np.zeros((2, 3)) + np.zeros(3)),
        ...     Raises(lambda: np.zeros((2, 3)) + np.zeros(2)),
        ... ])
        ✔ Right. All 2 are right.
    """
    if isinstance(of, (tuple, list)):
        return _judge_list(answer, list(of))
    if is_untouched(answer):
        return untouched()
    if isinstance(of, Shape):
        return _judge_shape(answer, of)
    if isinstance(of, (Size, Params)):
        return _judge_numbers([plain(answer)], [of])
    kinds, form = of.kinds, of.form  # a question of one's own that lacks one fails the solution
    if not _is_kind(answer, kinds):
        said = f"Your answer should be {form}; it is {_kind(answer)}."
        return _form(said, _how_to_write(answer, kinds))
    if isinstance(of, LayerNames) and (unnamed := [a for a in answer if not isinstance(a, str)]):
        said = f"Your answer should be {form}; in it is {_kind(unnamed[0])}."
        return _form(said, _how_to_write(unnamed[0], (str,)))
    if isinstance(of, Reach) and (words := [a for a in answer if isinstance(a, str)]):
        said = f"Your answer should be {form}; in it is {_kind(words[0])}."
        return _form(said, _how_to_write(words[0], (bool,)))
    length = getattr(of, "length", None)
    if length is not None and len(answer) != length:
        return _form(f"Your answer should be {form}: {length} entries. Yours has {len(answer)}.")
    if agrees(of.truth, answer):
        found = _misnamed(of, answer)
        right = _right(f"{show(answer)} is", asked_of_keras(of))
        return explained(f"You answered {show(answer)}.", found, "", "") if found else right
    hint = "take a smaller case, in a cell of its own."
    found = diagnose(of, answer) or _nested(answer, of.truth)
    found = found or _of_an_inner_layer(of, answer) or _unlike_promise(of, answer)
    found = found or _no_such_layer(of, answer)
    found = found or _other_place(of, answer) or _numbers_lost(of, answer)
    return explained(f"You answered {show(answer)}.", found, "", hint)


@check
def check_model(build, args=(), strict=False, **wanted):
    """Check a model by how it behaves, however it is spelled.

    Accepted are Sequential, Functional, `input_shape=`, a subclass, a model that is built on call.

    Args:
        build: A function that returns the model, called with `args`; or the model itself.
        args: What the function is called with.
        strict: What Keras only warns of counts as an error, for exercises about new spellings.
        wanted: What is asked of the model: see *What a model can be asked for*, below.

    Examples:
        >>> def right():
        ...     return keras.Sequential([keras.Input((3, 2)), layers.Flatten(), layers.Dense(4)])
        >>> def learners():
        ...     return keras.Sequential([keras.Input((3, 2)), layers.Dense(4)])
        >>> check_model(right, like=right)
        ✔ Right. From (None, 3, 2) to (None, 4), 28 parameters, and the numbers agree.
        >>> check_model(learners, like=right)
        ✘ Not right yet. For data of shape (1, 3, 2) your model gives (1, 3, 4); the
        exercise asks for (1, 4). Layer by layer: Dense (None, 3, 4). You get this if you
        think that a sample comes to Dense in one row, or comes out of it in one. Dense
        keeps every axis but the last, so the axes that came in are still there.
        <BLANKLINE>
        Try: count the axes of the shape that reaches your last layer.
    """
    if isinstance(build, keras.Model):
        return judge_model(build, **wanted)  # the model itself, in the place of a function
    try:
        with strictly() if strict else contextlib.nullcontext():
            model = call(build, *args)
    except Stopped as stop:
        return judge_stopped(stop, **wanted)
    verdict = judge_model(model, **wanted)
    found = None
    if set(verdict.mistakes) & {*VAGUE, "budget_left_over"}:
        found = argument_ignored("the same model", build, args, shapes_through)
    if found is None and set(verdict.mistakes) & {*VAGUE, "changed_again"}:
        found = argument_unused(build)
        known = () if set(verdict.mistakes) & VAGUE else verdict.mistakes
        found = found and replace(found, codes=(*known, *found.codes))
    if found is None and set(verdict.mistakes) & {*VAGUE, "changed_again"}:
        found = part_of_given(model, args) or arguments_exchanged(build, args, **wanted)
    if found and "budget_left_over" in verdict.mistakes:  # a small budget may be left over as well
        found = replace(found, message=found.message.split(" You get this if")[0])
    if found is None:
        return verdict
    said = verdict.message.split(" You get this if")[0]
    return explained(said, found, "", "")


@check
def check_models(build, count, args=(), strict=False, **wanted):
    """Check several spellings of one model, which must also compute the same numbers.

    Args:
        build: A function that returns the models in a tuple, called with `args`.
        count: How many there should be.
        args: What the function is called with.
        strict: As for check_model.
        wanted: As for check_model, of each; and `kinds`: in the place of `kind`, one for each.

    Examples:
        >>> def one():
        ...     ones = layers.Dense(2, kernel_initializer="ones")
        ...     return keras.Sequential([keras.Input((4,)), ones])
        >>> check_models(lambda: (one(), one()), count=2, like=one)
        ✔ Right. 2 spellings, and one function.
        >>> check_models(lambda: (one(), one()), count=3, like=one)
        ✘ Not right yet. Your function should return 3 models, in a tuple or list.
        <BLANKLINE>
        Try: mind the form of the answer first.
    """
    with strictly() if strict else contextlib.nullcontext():
        models = call(build, *args)
    return judge_models(models, count, **wanted)


@check
def check_layer(make, like, on, about=None, own=False):
    """Check a layer that the learner wrote: on data, and where a model is put together.

    Args:
        make: The learner's class, or a function that gives the layer.
        like: A right layer, without weights.
        on: Arrays to try.
        about: The topic whose mistaken rules are tried on a wrong result.
        own: It must be of a class of the learner's own, which leaves no work to Keras's layers.

    Examples:
        >>> class Doubled(layers.Layer):
        ...     def call(self, x):
        ...         return 2 * x
        >>> double = layers.Rescaling(2)
        >>> check_layer(Doubled, like=double, on=[np.ones((2, 3))])
        ✔ Right. The same numbers in the same places, and the same shapes.
        >>> check_layer(lambda: Doubled, like=double, on=[np.ones((2, 3))])
        ✘ Not right yet. <lambda> gives the class Doubled itself, and no layer of it. You
        get this if you think that the class is the layer. A class is the plan; brackets
        behind its name make a layer by it.
        <BLANKLINE>
        Try: look at what stands behind your last `return`.
    """
    return judge_layer(make, like, on, about, own)


@check
def check_guard(guard, good, bad, says_why=False, about="guard"):
    """Check guard(model, x, y): True for each of the good cases, ValueError for each bad one.

    Args:
        guard: The learner's function.
        good: Cases, each a tuple (model, x, y).
        bad: The same.
        says_why: The error must have a text.
        about: The topic whose mistaken rules are tried on a wrong guard.

    Examples:
        >>> model = keras.Sequential([keras.Input((4,)), layers.Dense(1)])
        >>> fits, short = np.zeros((5, 4)), np.zeros((5, 3))
        >>> good, bad = [(model, fits, np.zeros((5, 1)))], [(model, short, np.zeros((5, 1)))]
        >>> def guard(model, x, y):
        ...     if x.shape[1:] != model.input_shape[1:]:
        ...         raise ValueError("these samples have another shape than the model declares")
        ...     return True
        >>> check_guard(guard, good, bad)
        ✔ Right. All 2 cases are told apart.
        >>> check_guard(lambda model, x, y: True, good, bad)
        ✘ Not right yet. 1 of 2 cases are judged rightly. For a model from (None, 4) to
        (None, 1), with x of shape (5, 3) and y of shape (5, 1), <lambda> lets it through;
        it should raise a ValueError. What is wrong with this case is a size of x.
        <BLANKLINE>
        Try: compare the shapes size by size, and let None fit any.
    """
    return judge_guard(guard, good, bad, says_why, about)


@check
def check_training(make):
    """Check a model and data of the learner's own: does it train on them, and on what is meant?

    It is trained for one pass over the first hundred samples, with "adam". What `explain(model, x,
    y)` sees before, such as outputs that would be stretched over the targets, counts as wrong, and
    so does a loss that is no finite number.

    Args:
        make: A function that returns (model, x, y, loss): two arrays, and a loss, by its name or as
            an object of Keras's.

    Examples:
        >>> def learners():
        ...     model = keras.Sequential([keras.Input((4,)), layers.Dense(1)])
        ...     return model, np.ones((5, 4)), np.ones((5, 1)), "mse"
        >>> check_training(learners)
        ✔ Right. A pass over 5 samples goes through: x is (5, 4), y is (5, 1), and the
        model gives (1, 1) for one of them.
        >>> def stretched():
        ...     return *learners()[:2], np.ones((5, 3)), "mse"
        >>> check_training(stretched)
        ✘ Not right yet. The model gives (None, 1), and the targets have the shape (5, 3).
        `mean_squared_error` subtracts them, and the axis of size 1 is broadcast: the one
        output is trained towards all 3 numbers of a target.
        <BLANKLINE>
        Try: give the last layer as many units as a target has numbers: `Dense(3)`.
    """
    return judge_training(make)


@check
def check_function(function, like, on, about=None, given=()):
    """Check that a function gives the same as `like`: numbers, text, dictionaries, tables.

    Numbers are compared up to rounding; text up to blanks at the ends of lines; dictionaries and
    sets in any order. A table is a list of dictionaries, or a DataFrame of pandas's: its columns
    may be in any order, its rows may not. The message says where the two first differ, and not what
    is right. Where an error is what is right, or blanks at an end are what is asked for, write a
    check of your own.

    Args:
        function: The learner's function, or layer.
        like: The right one: a function or a layer, which gives something for each of `on`.
        on: The inputs to try: a list of single arguments, or of tuples of several. Arrays are
            handed over as copies.
        about: The topic whose mistaken rules are tried on a wrong result, such as "flatten", or one
            of your own.
        given: What these rules take besides the arguments.

    Examples:
        >>> def column_sums(x):
        ...     return x.sum(axis=1)
        >>> tables = [np.arange(6.0).reshape(2, 3)]
        >>> check_function(lambda x: np.ones(len(x)) @ x, like=lambda x: x.sum(axis=0), on=tables)
        ✔ Right. The same numbers in the same places, for (2, 3).
        >>> check_function(column_sums, like=lambda x: x.sum(axis=0), on=tables)
        ✘ Not right yet. For arguments of shape (2, 3), column_sums gives shape (2,), which
        isn't the right one.
        <BLANKLINE>
        Try: print the shape of your result for a small array, and count its axes.
        >>> def lengths(words):
        ...     return {word: len(word) for word in words.split()}
        >>> check_function(lambda words: {"tea": 4}, like=lengths, on=["tea", "milk tea"])
        ✘ Not right yet. <lambda>('tea') gives something else than it should: under the key
        'tea', 4 isn't right. It gives the same for every argument. You get this if you
        think that the function is only ever called with the one that you know.
        <BLANKLINE>
        Try: make your result from what the function is given, under the name it has there.
    """
    return judge_function(function, like, on, about, given)


@check
def check_weights(weights, like, layer, on, args=(), about=None, given=()):
    """Check weights by what a layer does with them: the same as `like` does.

    Args:
        weights: An array, several in a list, or a function that gives them for `args`.
        like: A layer or function that does it right.
        layer: The layer or model that is given the weights.
        on: The array on which both are tried.
        args: What a function is called with.
        about: As for check_function, on topics such as "block_diagonal".
        given: As for check_function.

    Examples:
        >>> x = np.arange(6.0).reshape(2, 3)
        >>> layer = layers.Dense(2, use_bias=False)
        >>> check_weights(np.ones((3, 2)), like=lambda x: x @ np.ones((3, 2)), layer=layer, on=x)
        ✔ Right. With these weights the outputs agree, number for number.
        >>> check_weights(np.ones((2, 3)), like=lambda x: x @ np.ones((3, 2)), layer=layer, on=x)
        ✘ Not right yet. Your weights have shape (2, 3); the layer they are for has weights
        of other shapes. The sizes of the kernel are right, but not in this order.
        <BLANKLINE>
        Try: build such a layer on other sizes, and print the shape of each of its weights.
    """
    return judge_weights(weights, like, layer, on, args, about, given)


@check
def check_transfer(transfer, source, target, on):
    """Check transfer(source, target, x): does it copy weights, and compare outputs rightly?

    It should leave both layers with the same outputs, and return whether they have.

    Args:
        transfer: The learner's function.
        source: A layer; new ones like it are made for each attempt.
        target: A layer that can hold the same weights.
        on: The array x.

    Examples:
        >>> def transfer(source, target, x):
        ...     source(x), target(x)  # now both have weights
        ...     target.set_weights(source.get_weights())
        ...     return np.allclose(source(x), target(x))
        >>> pair = layers.Dense(2), layers.Dense(2)
        >>> check_transfer(transfer, *pair, on=np.ones((4, 3)))
        ✔ Right. The outputs agree, number for number.
        >>> check_transfer(lambda source, target, x: True, *pair, on=np.ones((4, 3)))
        ✘ Not right yet. After your function the two layers give different numbers; it
        returned True.
        <BLANKLINE>
        Try: print the weights of both layers.
    """
    return judge_transfer(transfer, source, target, on)


@check
def check_classifier(make, on, at_least, args=()):
    """Check a trained classifier by its accuracy on samples that it hasn't seen.

    Args:
        make: A function that returns the trained model, called with `args` after a seed is set; or
            the model itself.
        on: (x, y), the samples, batch axis first, and their classes as whole numbers.
        at_least: The share of them, from 0 to 1, that it must tell rightly.
        args: What the function is called with. Several lines of a cell that are handed one and the
            same tuple, under its name, ask the model that it was trained to be on the first.

    Examples:
        >>> model = keras.Sequential([keras.Input((2,)), layers.Identity()])
        >>> x = np.array([[1.0, 0.0], [0.0, 1.0], [3.0, 2.0]])
        >>> check_classifier(model, on=(x, np.array([0, 1, 0])), at_least=0.9)
        ✔ Right. Of 3 samples that it hasn't seen, your model tells 100% rightly.
        >>> check_classifier(model, on=(x, np.array([1, 0, 1])), at_least=0.9)
        ✘ Not right yet. Of 3 samples that it hasn't seen, your model tells 0% rightly; 90%
        were asked for. That is about what guessing gives, as from a model that was never
        trained, or that can't see what tells the classes apart.
        <BLANKLINE>
        Try: print the loss of each epoch: does it fall? If not, follow the shapes from the
        pixels to the scores.
    """
    model = make if isinstance(make, keras.Model) else trained(make, args)
    return judge_classifier(model, *on, at_least)


@check
def check_position(position, shape):
    """Check position(h, w, c, H, W, C), the index after Flatten, at every place of one image.

    Args:
        position: The learner's function.
        shape: (H, W, C) of the image that is tried.

    Examples:
        >>> check_position(lambda h, w, c, H, W, C: (h * W + w) * C + c, shape=(2, 3, 4))
        ✔ Right. All 24 places of a (2, 3, 4) image are found.
        >>> check_position(lambda h, w, c, H, W, C: (w * H + h) * C + c, shape=(2, 3, 4))
        ✘ Not right yet. In a (2, 3, 4) image, you put (h, w, c) = (0, 1, 0) at index 8; it
        isn't there. You get this if you think that the image is read column by column.
        Keras reads it row by row.
        <BLANKLINE>
        Try: flatten np.arange(6).reshape(1, 2, 3, 1) and read the numbers.
    """
    image = np.arange(math.prod(shape), dtype="float32").reshape(1, *shape)
    flat = np.asarray(keras.layers.Flatten()(image))[0]
    places = list(np.ndindex(*shape))
    got = [plain(call(position, *place, *shape)) for place in places]
    for place, index in zip(places, got, strict=True):
        inside = is_whole(index) and 0 <= index < flat.size
        if not inside or flat[index] != image[(0, *place)]:
            args = tuple(np.array([(*p, *shape) for p in places]).T)
            said = f"In a {shape} image, you put (h, w, c) = {place} at index {show(index)}"
            if not is_whole(index):
                hint = "// divides and drops the remainder."
                hint = hint if isinstance(index, float) else "return a single number."
                return _form(f"{said}; an index is a whole number.", hint)
            return explained(
                said + "; it isn't there.",
                diagnose_result("position", args, np.array(got)),
                "wrong_position",
                "count on paper, for this place, the numbers that stand before it.",
            )
    return Verdict(RIGHT, f"All {len(places)} places of a {shape} image are found.", share=1.0)


def _judge_list(answers, questions):
    """Return the verdict on a list of values, one for each question."""
    if is_untouched(answers):
        return untouched()
    if isinstance(answers, (tuple, list, np.ndarray)):
        answers = [a if is_untouched(a) else plain(a) for a in answers]
    if not isinstance(answers, list) or len(answers) != len(questions):
        forms = dict.fromkeys(getattr(question, "form", "") for question in questions)
        each = f", each {next(iter(forms))}" if len(forms) == 1 and "" not in forms else ""
        return _form(f"Your answer should be a list of {len(questions)} entries{each}.")
    if any(is_untouched(a) for a in answers):
        return untouched()
    for answer, question in zip(answers, questions, strict=True):
        kinds, form = question.kinds, question.form
        if not _is_kind(answer, kinds):
            at = next(i for i, a in enumerate(answers, 1) if a is answer)
            said = f"Each entry should be {form}; number {at}, {_kind(answer)}, isn't."
            return _form(said, _how_to_write(answer, kinds))
    pairs = list(zip(questions, answers, strict=True))
    if unknown := [a for q, a in pairs if isinstance(a, str) and not _is_outcome(a, q)]:
        said = f"Each entry should be {questions[0].form}; {show(unknown[0])} is neither."
        return _form(said, "look at what an error message begins with: that is the name.")
    right = sum(agrees(question.truth, answer) for question, answer in pairs)
    if right == len(questions):
        same = ": Keras does the same" if all(map(asked_of_keras, questions)) else ""
        return Verdict(RIGHT, f"All {right} are right{same}.", share=1.0)
    said = f"{right} of {len(questions)} {_are(right)} right."
    truths = [question.truth for question in questions]
    found = diagnose_all(questions, answers)
    turned = _all_reversed(answers, truths) if found is None and right == 0 else None
    if turned:
        return explained(said, turned, "", "")
    at = next(i for i, (q, a) in enumerate(pairs) if not agrees(q.truth, a))
    if not any(isinstance(a, bool) for a in answers):
        kinds = all(isinstance(q, TypeOf) for q in questions)
        found = found or _exchanged(answers, truths, words=kinds)
        # Of several beliefs the first; but one that leads to one of two wrong numbers leads astray.
        if right == len(questions) - 1 or not all(isinstance(a, int) for a in answers):
            beside = _answered(questions, answers) if isinstance(answers[at], int) else ()
            found = found or diagnose(questions[at], answers[at], beside)
        found = _told_by_error(questions[at], answers[at], found)
        found = found or _of_an_inner_layer(questions[at], answers[at])
        found = found or _unlike_promise(questions[at], answers[at])
        found = found or counted_otherwise(questions[at], answers[at])
        found = found or _no_such_type(questions[at], answers[at])
        found = found or _other_error(questions[at], answers[at])
    found = found or _alone_or_not(questions[at]) or _ordered_by_model(questions, answers)
    said += f" Look at number {at + 1}, {show(answers[at])}."
    hint = "try one of these cases yourself, and look at what comes of it."
    return explained(said, found, "", hint)


def _all_reversed(answers, truths):
    """Return the Diagnosis of answers that are all wrong where there are two to choose from."""
    if len(answers) < 3 or not all(isinstance(a, (bool, str)) for a in answers):
        return None
    if len({a.strip().lower() if isinstance(a, str) else a for a in (*answers, *truths)}) > 2:
        return None
    asked = "what does True stand for" if isinstance(answers[0], bool) else "which word says what"
    said = "Each of them is the other way round."
    return Diagnosis(("all_reversed",), said, hint=f"read once more what is asked: {asked}?")


def _ordered_by_model(questions, answers):
    """Return the Diagnosis of answers that go from model to model, and not from case to case."""
    if not all(isinstance(question, Accepts) for question in questions):
        return None
    models = list({id(question.model): question.model for question in questions}.values())
    ordered = [q for model in models for q in questions if q.model is model]
    if answers == [q.truth for q in questions] or answers != [q.truth for q in ordered]:
        return None
    said = "They would be right if all those of one model came first, and then those of the next."
    hint = "read once more in which order the exercise asks for them."
    return Diagnosis(("ordered_by_model",), said, hint=hint)


def _is_outcome(answer, question):
    """Tell whether a word may say what becomes of code: that it runs, or what it ends in.

    Of a question that doesn't ask for that, every word may.
    """
    if not isinstance(question, (Raises, Trains, Called, Built)):
        return True
    word = answer.strip().lower()
    ends = ("error", "exception", "warning", "exit", "iteration", "interrupt", "nan")
    runs = isinstance(question, (Raises, Trains)) and word in ("runs", "trains")
    return runs or word.endswith(ends) and word not in ("error", "an error", "exception")


def _how_to_write(answer, kinds):
    """Return a hint on how to write, in the form that is asked for, what has another one."""
    if kinds == (bool,):
        if isinstance(answer, int) and answer in (0, 1):
            return "write True for 1, and False for 0."
        return "write True and False, without quotes."
    named = type(answer) if isinstance(answer, (BaseException, keras.Layer)) else answer
    if str in kinds and isinstance(named, type):
        return f"write its name, in quotes: {named.__name__!r}."
    return _AS_ASKED


def _nested(answer, truth):
    """Return the Diagnosis of nested lists of numbers, and of names that are in another order."""
    answer, truth = plain(answer), plain(truth)
    if not isinstance(answer, tuple) or not isinstance(truth, tuple):
        return None
    if all(isinstance(name, str) for name in (*answer, *truth)):
        if sorted(map(str.lower, answer)) != sorted(map(str.lower, truth)):
            return None
        said = "These are the right names, but not in this order."
        hint = "go along with the data, and note each name where they pass it."
        return Diagnosis(("names_in_another_order",), said, hint=hint)
    nested = any(isinstance(entry, tuple) for entry in truth)
    if not nested or not _is_array(answer):
        return None
    found, where = related(np.array(answer), np.array(truth)), first_wrong(answer, truth).strip()
    hint = "work out the number at that place by itself."
    return found or (Diagnosis(("first_wrong",), where, hint=hint) if where else None)


def _unlike_promise(question, answer):
    """Return the Diagnosis of a shape that isn't as the model promises for any data, or None."""
    answer = plain(answer)
    if not isinstance(question, Called) or not isinstance(answer, tuple):
        return None
    truth, promised = question.truth, question.promised
    if isinstance(truth, str) or not len(answer) == len(truth) == len(promised):
        return None
    for mine, right, said in zip(answer, truth, promised, strict=True):
        if said is not None and mine != said == right:
            return Diagnosis(
                ("unlike_promise",),
                f"The model promises {promised} for any data; yours has {show(mine)} where that "
                f"has {said}.",
                hint="print model.output_shape, and ask what its None can become.",
            )
    return None


def _of_an_inner_layer(question, answer):
    """Return the Diagnosis of a shape that comes out of a layer before the last, or None."""
    answer = plain(answer)
    if not isinstance(question, Called) or not isinstance(answer, tuple) or not answer:
        return None
    for layer in question.model.layers[:-1]:
        shape = getattr(layer.output, "shape", ())
        if not isinstance(layer, keras.layers.InputLayer) and answer[1:] == tuple(shape)[1:]:
            return Diagnosis(
                ("of_an_inner_layer",),
                f"{answer[1:]} is what a {type(layer).__name__} inside of this model gives for a "
                "sample; asked for is what comes out at its end.",
                hint="which layer stands last, and what does it make of this?",
            )
    return None


def _other_place(question, answer):
    """Return the Diagnosis of a place in an image, by the index that it has, or None."""
    answer = plain(answer)
    if not isinstance(question, Place) or not all(map(is_whole, answer)):
        return None
    if not all(0 <= n < size for n, size in zip(answer, question.shape, strict=True)):
        said = f"An image of shape {question.shape} has no such place: its axes are counted from 0 "
        said += "to one less than their sizes."
    else:
        index = np.ravel_multi_index(answer, question.shape)
        said = f"At this place stands index {index}; asked for is the place of {question.index}."
    hint = "count on paper, for your place, the numbers that stand before it."
    return Diagnosis(("other_place",), said, hint=hint)


def _numbers_lost(question, answer):
    """Return the Diagnosis of a shape that holds fewer or more numbers than go in, or None."""
    answer = plain(answer)
    if not isinstance(question, Called) or not isinstance(answer, tuple):
        return None
    sizes = (answer, question.truth, question.shape)
    if not all(isinstance(n, int) for shape in sizes for n in shape):
        return None
    mine, right, given = map(math.prod, sizes)
    if right != given or mine == given:
        return None  # only where no number is lost or made
    said = f"Your shape holds {mine} numbers, and {given} go in and come out again."
    return Diagnosis(("numbers_lost",), said, hint="multiply the sizes of each of the two shapes.")


def _no_such_layer(question, answer):
    """Return the Diagnosis of a list that names a layer which the model hasn't got, or None."""
    if not isinstance(question, LayerNames):
        return None
    known = {name.lower() for name in question.truth}
    strange = [n for n in answer if isinstance(n, str) and n.strip().lower() not in known]
    if not strange:
        return None
    return Diagnosis(
        ("no_such_layer",),
        f"No layer in this list is of a class called {strange[0]}.",
        hint="read the class names in the summary of a model: they stand in brackets.",
    )


def _other_error(question, answer):
    """Return the Diagnosis of an error in the place of another one, or None."""
    words = ("runs", "trains")
    if not isinstance(question, (Raises, Trains)) or {question.truth, answer.strip()} & {*words}:
        return None
    said = "It does end in an error, but in one of another name."
    hint = "run it in a cell of its own, and read the first word of what it says."
    return Diagnosis(("other_error",), said, hint=hint)


def _alone_or_not(question):
    """Return the Diagnosis of how many numbers a layer looks at, or None."""
    if not isinstance(question, Commutes):
        return None
    what = "several that come out change" if question.spreads else "only one that comes out changes"
    said = f"If one number that goes into this layer is changed, {what}."
    return Diagnosis(("alone_or_not",), said, hint="ask of each layer what one number is made of.")


def _no_such_type(question, answer):
    """Return the Diagnosis of a word that names no type at all, a variable say, or None."""
    if not isinstance(question, TypeOf) or answer.strip().lower() in _names_of_types():
        return None
    return Diagnosis(
        ("no_such_type",),
        "Nothing here is of a type of that name.",
        hint="print type(…).__name__ of a layer, of a number and of a text.",
    )


def _names_of_types():
    """Return the names of all classes that Python has met, in small letters."""
    known, more = {object}, [object]
    while more:
        found = set(type.__subclasses__(more.pop())) - known
        known |= found
        more += found
    return {class_.__name__.lower() for class_ in known}


def _is_array(entries):
    """Tell whether nested tuples of numbers have the form of an array."""
    try:
        return np.array(entries).dtype.kind in "if"
    except ValueError:  # of different lengths
        return False


def _misnamed(question, answer):
    """Return the Diagnosis of names of which one is an activation's, and no layer's; or None."""
    if not hasattr(question, "misnames") or not question.misnames(answer):
        return None
    return Diagnosis(
        ("activation_for_layer",),
        "You get this if you think that a layer which is nothing but an activation has the "
        "activation's name. The class has a name of its own, with capital letters.",
        hint="read the class names in the summary of a model: they stand in brackets.",
    )


def _told_by_error(question, answer, found):
    """Return the Diagnosis of what is said to run, by what the error says that it ends in."""
    if not isinstance(question, Raises) or question.error is None or not agrees("runs", answer):
        return found
    error = question.error
    told = diagnose_error(type(error).__name__, tidy(str(error)))
    return replace(told, codes=(*(found.codes if found else ()), *told.codes)) if told else found


def _answered(questions, answers):
    """Return the questions that were answered rightly."""
    return [q for q, a in zip(questions, answers, strict=True) if q.truth == a]


def _judge_numbers(answers, questions, before=None):
    """Return the verdict on a list of numbers, one for each question."""
    right = sum(a == q.truth for a, q in zip(answers, questions, strict=True))
    if right == len(questions):
        said = f"All {right} numbers are" if right > 2 else "Both numbers are"
        said = said if right > 1 else f"{answers[0]} is"
        return _right(said, all(map(asked_of_keras, questions)))
    first = next(i for i, q in enumerate(questions) if answers[i] != q.truth)
    said = f"{right} of {len(questions)} numbers {_are(right)} right; look at number {first + 1}."
    if len(questions) == 1:
        said = f"You answered {answers[0]}."
    return explained(
        said,
        _unchanged(answers, before)
        or _exchanged(answers, [q.truth for q in questions])
        or diagnose_all(questions, answers)
        or diagnose(questions[first], answers[first], _answered(questions, answers))
        or counted_otherwise(questions[first], answers[first]),
        "",
        _SHAPE_HINTS[2] if any(map(asked_of_keras, questions)) else _PLAIN_HINT,
    )


def _judge_number_function(function, ask, on):
    """Return the verdict on a function that gives numbers; one belief may explain all calls."""
    answers, questions, calls, said = [], [], [], ""
    for args in on:
        args = args if isinstance(args, tuple) else (args,)
        got, asked = plain(call(function, *args)), list(ask(*args))
        if not isinstance(got, tuple) or len(got) != len(asked):
            return _form(f"Your function should return {len(asked)} numbers in a tuple.")
        if no_number := _no_number(got, asked):
            return no_number
        if not said and list(got) != [q.truth for q in asked]:
            shown = ", ".join(map(str, args))
            who = "Keras counts" if all(map(asked_of_keras, asked)) else "right is"
            said = f"{name_of(function)}({shown}) gives {plain(got)}; {who} otherwise."
            wrong = [i for i, q in enumerate(asked, 1) if got[i - 1] != q.truth]
            if len(wrong) < len(asked):
                said += f" Look at number {wrong[0]}; what stands beside it is right."
        answers += got
        questions += asked
        calls.append((got, [q.truth for q in asked]))
    if not said:
        return Verdict(RIGHT, f"Right for {', '.join(map(str, on))}.", share=1.0)
    of_keras = any(map(asked_of_keras, questions))
    hint = _SHAPE_HINTS[2] if of_keras else _PLAIN_HINT
    first = next(i for i, q in enumerate(questions) if answers[i] != q.truth)
    swapped = [_exchanged(mine, right) for mine, right in calls]
    found = swapped[0] if all(swapped) else _layers_before_added(answers, questions)
    beside = _answered(questions, answers)
    found = found or diagnose_all(questions, answers)
    # What is believed of one of the numbers has to lead to it in every call.
    each = range(first % len(calls[0][0]), len(questions), len(calls[0][0]))
    mine = [questions[i] for i in each], [answers[i] for i in each]
    others = [q for q in beside if not any(q is asked for asked in mine[0])]
    found = found or diagnose_all(*mine, others)
    args = on[0] if isinstance(on[0], tuple) else (on[0],)
    found = found or argument_ignored("the same numbers", function, args, plain)
    found = found or counted_otherwise(questions[first], answers[first])
    return explained(said, found, "", hint)


def _layers_before_added(answers, questions):
    """Return the Diagnosis of counts of single layers to which those before are added, or None."""
    single = all(isinstance(q, Params) and not isinstance(q.of, keras.Model) for q in questions)
    if not single:
        return None
    before = [sum(s.layer.count_params() for s in q.chain.steps[:-1]) for q in questions]
    added = [a - q.truth for a, q in zip(answers, questions, strict=True)]
    if not all(before) or added != before:
        return None
    return Diagnosis(
        ("whole_model",),
        "That many parameters all layers have together, up to the one that was asked for. You get "
        "this if you think that a layer's parameters include those of the layers before it. Each "
        "layer has weights of its own.",
        hint="read the exercise once more: whose parameters does it want?",
    )


def _exchanged(answers, truths, words=False):
    """Return the Diagnosis of right entries that stand in each other's places, or None.

    words: whether it is told of words as well; where there are few, some fit in many places.
    """
    answers, truths = plain(list(answers)), plain(list(truths))
    if len(answers) != len(truths):
        return None
    wrong = [i for i, pair in enumerate(zip(answers, truths, strict=True)) if pair[0] != pair[1]]
    mine, right = ([values[i] for i in wrong] for values in (answers, truths))
    if len(wrong) < 2 or sorted(map(repr, mine)) != sorted(map(repr, right)):
        return None
    if any(isinstance(value, str) for value in right) and not words:
        return None
    *first, last = (str(i + 1) for i in wrong)
    return Diagnosis(
        ("numbers_swapped",),
        f"Numbers {', '.join(first)} and {last} are right, but in the place of one another.",
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


def _right(said, of_keras):
    """Return the verdict on a right answer; Keras is the judge only of what it was asked."""
    return Verdict(RIGHT, f"{said} {'what Keras says' if of_keras else 'right'}.", share=1.0)


def _sum_up(verdicts, of_keras):
    """Return one verdict on a list of which each part was judged alone."""
    total, right = len(verdicts), sum(v.state == RIGHT for v in verdicts)
    if right == total:
        return _right(f"All {total} shapes are", of_keras)
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
    answer, of_keras = _as_shape(answer), asked_of_keras(question)
    if is_whole(answer):
        said = f"You answered one number, {show(answer)}; a shape is a tuple, one entry per axis."
        as_width = (*question.truth[:-1], answer)
        found = diagnose(question, as_width) if as_width != question.truth else None
        hint = "an entry for the batch in front" if of_keras else "an entry for each axis"
        hint = f"write (…, …), with {hint}."
        return explained(said, found, "not_a_tuple", hint)
    if not isinstance(answer, tuple):
        said = f"A shape is a tuple such as (5, 7); yours is {_kind(answer)}."
        if isinstance(answer, str):
            is_tuple = answer.strip()[:1] in ("(", "[")
            how = "take off" if is_tuple else "write a tuple, without"
            return _form(said, f"{how} the quotes.")
        return _form(said)
    if not all(n is None or is_whole(n) for n in answer):
        return _no_sizes(answer, question)
    promised = question.chain.promised
    if answer == question.truth and promised is not None:
        return Verdict(RIGHT, f"{answer} comes out of data; Keras promises {promised}.", share=1.0)
    if answer == question.truth:
        return _right(f"{answer} is", of_keras)
    found = _promised(question, answer) or diagnose(question, answer)
    said = f"Your answer is {show(answer)}."
    if found is None:
        taken, whose = _taken_from(answer, question), "Keras's" if of_keras else "the right"
        said += f" {_compare_axes(answer, question.truth, whose, named=not taken)}{taken}"
    hint = _SHAPE_HINTS[min(len(question.chain.steps), 2)]
    return explained(said, found, "", hint if of_keras else _PLAIN_HINT)


def _promised(question, answer):
    """Return the Diagnosis of a shape that Keras promises and data don't give, or None."""
    if question.chain.promised is None or question.whole(answer) != question.chain.promised:
        return None
    return Diagnosis(
        ("promise_for_data",),
        "That is what Keras says while a model is put together, and data give another shape: one "
        "of these layers changes a size of which Keras takes no notice beforehand.",
        hint="feed the layers with zeros, one after the other, and print each shape.",
    )


def _no_sizes(answer, question):
    """Return the verdict on a shape with entries that are no sizes."""
    said = f"The entries of a shape are whole numbers or None; you wrote {show(answer)}."
    if any(isinstance(n, str) for n in answer):
        return _form(said, "write numbers and None without quotes.")
    if all(n is None or isinstance(n, (int, float)) for n in answer):
        hint = "write // where you divide: it leaves no fractions."
        return explained(said, diagnose(question, answer), "form", hint)
    return _form(said)


def _no_number(answers, questions):
    """Return the verdict on a list in which something isn't a number, or None."""
    is_open = any(question.truth is None for question in questions)
    fits = [is_whole(a) or a is None and is_open for a in answers]
    if all(fits):
        return None
    wrong = fits.index(False)
    said = f"Number {wrong + 1} of your answer should be a whole number; it is "
    said += f"{_kind(answers[wrong])}."
    if not isinstance(answers[wrong], float):
        return _form(said, _BARE)
    numbers = all(a is None or isinstance(a, (int, float)) for a in answers)
    found = diagnose_all(questions, answers) if numbers else None
    return explained(said, found, "form", "// divides and drops the remainder.")


#: Where there is only a shape to be read, where one layer leads to it, and where several do.
_SHAPE_HINTS = (
    "write down the axes of one sample, then what counts the samples.",
    "go through the axes one by one: which of them does the layer touch?",
    "write down the shape after every layer, one line each.",
)
#: Where Keras has nothing to do with it.
_PLAIN_HINT = "take smaller sizes in a cell of its own, and go through the axes one by one."


def _as_shape(answer):
    """Return an answer as a tuple, if it has a shape or is a list of sizes in whatever type."""
    sizes = isinstance(answer, np.ndarray) and answer.ndim == 1 and answer.dtype.kind in "iufO"
    if hasattr(answer, "shape") and not np.isscalar(answer) and not sizes:
        return shape_of(answer)
    return plain(answer)


def _compare_axes(answer, truth, whose, named):
    """Say how far a shape agrees, without saying what it should be.

    named: whether a single size that doesn't agree is named.
    """
    if len(answer) != len(truth):
        axes = "1 axis" if len(answer) == 1 else f"{len(answer)} axes"
        return f"It has {axes}; {whose} shape has {len(truth)}."
    wrong = [i for i, pair in enumerate(zip(answer, truth, strict=True)) if pair[0] != pair[1]]
    same = len(answer) - len(wrong)
    said = f"It has as many axes as {whose} shape; {same} of {len(answer)} sizes agree"
    if not named or len(wrong) > 2 or same < 2:
        return f"{said}."
    if len(wrong) == 2:
        return f"{said}, and those on axes {wrong[0]} and {wrong[1]} don't."
    return f"{said}, and the {answer[wrong[0]]} on axis {wrong[0]} doesn't."


def _taken_from(answer, question):
    """Say which size that isn't right is one of the shape that the last layer was given."""
    steps, truth = question.chain.steps, question.truth
    if not steps or len(answer) != len(truth):
        return ""
    if isinstance(steps[-1].layer, keras.layers.Flatten) and len(steps[-1].before) > 3:
        return _places_of(answer[-1], steps[-1].before[-1])
    before, name, samples = steps[-1].before, steps[-1].name, truth[0]
    alike = len(before) == len(truth)  # then an axis stays in its place
    if samples is not None and samples == before[0] != answer[0] is not None:
        verb = "goes" if samples == 1 else "go"
        said = f" The first axis counts samples: {samples} {verb} in, and as many come out, not "
        return f"{said}{answer[0]}."
    for place, (mine, right) in enumerate(zip(answer, truth, strict=True)):
        if place and mine is not None and mine != right and before[1:].count(mine) == 1:
            there = before.index(mine, 1)
            if alike and there != place:
                continue
            said = f" The {mine} on axis {place} isn't right; it is what the {name} is given on "
            return said + f"axis {there}."
    return ""


def _places_of(width, channels):
    """Say of how many places a width behind Flatten would be, if it is a multiple of channels."""
    if width is None or not channels or width % channels:
        return ""
    said = (
        f" {width} is {width // channels} × {channels}: with its {channels} channels, the map in "
    )
    return said + f"front of Flatten would have {width // channels} places, and it hasn't so many."


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
    for layer in among.layers if among is not None else ():
        found = diagnose(Params(layer), answer) if layer is not of and layer.weights else None
        if found is not None and not any(" + " in code for code in found.codes):
            said = f"That may be another layer of this model, the {type(layer).__name__}. "
            return replace(found, message=said + found.message, rows=())
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


def _layer_before(answer, before):
    """Return the Diagnosis of a count that one layer had before a change, or None."""
    layers = before.layers if isinstance(before, keras.Model) and before.built else ()
    name = next((type(x).__name__ for x in layers if x.weights and x.count_params() == answer), "")
    if not name:
        return None
    said = f"That many parameters one {name} had before the change; asked for are those of the "
    said += "whole model, as it is now."
    hint = "write down the count of each layer, one line each, and add them up."
    return Diagnosis(("layer_left_out",), said, hint=hint)


def _part_believed(answer, of):
    """Return the Diagnosis of one layer's count in the place of the model's, itself wrong."""
    layers = of.layers if isinstance(of, keras.Model) and of.built else ()
    for layer in layers[-1:]:
        found = diagnose(Params(layer), answer) if layer.weights else None
        if found is not None and not any(" + " in code for code in found.codes):
            said = f"That may be the last layer alone, {type(layer).__name__}. {found.message}"
            return replace(found, message=said, codes=("layer_left_out", *found.codes), rows=())
    return None


#: How to mend a number that isn't written as one.
_BARE = "write the number alone, without quotes or brackets."


_AS_ASKED = "write the answer in the form that the exercise asks for."


def _form(sentence, hint=_AS_ASKED):
    return Verdict(WRONG, sentence, ("form",), hint=hint)


def _kind(value):
    if isinstance(value, type):
        return f"{value.__name__} (a class)"
    return f"{show(value)} ({type(value).__name__})" if value is not None else "None"
