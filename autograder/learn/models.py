"""Judge a model by how it behaves, whatever way it was spelled."""

import contextlib
import itertools
import math
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

import keras
import numpy as np

from autograder.learn.diagnose import (
    Diagnosis,
    diagnose,
    diagnose_error,
    diagnose_hope,
    diagnose_model,
    explained,
)
from autograder.learn.messages import tidy
from autograder.learn.mistakes.models import Facts
from autograder.learn.questions import Shape
from autograder.learn.quiet import unwarned
from autograder.learn.relations import related
from autograder.learn.seen import error_seen
from autograder.learn.trace import trace
from autograder.learn.verdict import RIGHT, WRONG, Verdict
from autograder.learn.work import Stopped, call

#: A model is tried with these: a batch size, what open sizes become, and how large its numbers
#: are. Not all batches are 1, so that a lost batch axis shows; no two open sizes are alike, so
#: that exchanged axes show; large numbers reach where an activation levels off.
TRIALS = ((1, (12, 16, 14), 1.0), (3, (19, 13, 11), 1.0), (8, (15, 18, 12), 6.0))

#: What is named where nothing is known of the reason.
VAGUE = {"input_changed", "output_shape", "sizes_changed", "other_weights"}
#: In how many orders the weights of a reference are tried on a model that lists them otherwise.
ORDERS = 60


@dataclass(frozen=True)
class Wanted:
    """What is asked of a model.

    inputs, outputs: shapes as Keras writes them, each a tuple, or a list or dict of tuples.
    params: how many parameters, or a range of them (None: any). reference: a model that computes
    what is asked. computes: f(x, *weights), the same in NumPy. layers: names of its layers'
    classes. built: True if the model must have its weights when it is handed over. kind:
    "Functional" or "Sequential" (None: any).
    """

    inputs: object
    outputs: object
    params: int | range | None = None
    reference: keras.Model | None = None
    computes: Callable | None = None
    layers: tuple | None = None
    built: bool = False
    kind: str | None = None


def judge_model(model, **wanted):
    """Return the verdict on a model.

    "Computes the same" means: for some order of the weights, with random weights on both sides,
    none of them zero, the numbers agree for several inputs, batch sizes and open sizes. Models are
    called as `predict` does, for layers that change images at random do so unless they are told
    that this is not training.

    Args:
        model: The model.
        like: A model, or a function that builds one, which computes what is asked for. Shapes and
            number of parameters are taken from it, where they are not given.
        input_shape: As Keras writes it, with None in front for the batch; a dict (by name) or a
            list of them where there are several. A dict of one asks for the input's name; the data
            come without it. An open size is tried with several.
        output_shape: The same.
        params: How many parameters it should have (None: any); a range, where there is a budget.
        computes: f(x, *weights), in the place of `like`: the same calculation in NumPy.
        layers: The classes that it should be made of, such as ("Flatten", "Dense"), where the
            exercise is about that; Inputs are not counted.
        built: The model must have its weights when it is handed over; a Sequential with another
            model in its list must know what comes in, too.
        kind: "Functional" or "Sequential", where the exercise asks for one of them.
    """
    return _judge(model, _wanted(**wanted))


def _judge(model, wanted):
    steps = (_not_a_model, _wrong_kind, _unbuilt, _wrong_input, _wrong_output)
    steps += (_wrong_layers, _wrong_params, _wrong_numbers)
    found = next(filter(None, (step(model, wanted) for step in steps)), None)
    return found or Verdict(RIGHT, _praise(model, wanted), share=1.0)


def shapes_through(model):
    """Return the shapes of a model's inputs, outputs and weights, for comparison."""
    ends = [x.shape for x in (*(model.inputs or ()), *(model.outputs or ()))]
    scales = [(x.scale, x.offset) for x in model.layers if isinstance(x, keras.layers.Rescaling)]
    return [tuple(shape) for shape in (*ends, *(w.shape for w in model.weights))] + scales


def part_of_given(model, args):
    """Return the Diagnosis of a model that is only a part of one that was given, or None.

    args: what the learner's function was called with. The layers that it shares are told.
    """
    mine = _working(model)
    for given in (a for a in args if isinstance(a, keras.Model)):
        theirs = _working(given)
        places = [i for i, layer in enumerate(theirs) if any(layer is x for x in mine)]
        if (
            not places
            or len(places) != len(mine)
            or len(getattr(model, "outputs", None) or ()) != 1
        ):
            continue
        before, behind = places[0], len(theirs) - 1 - places[-1]
        if not before and not behind:
            continue
        ends = f"those from '{mine[0].name}' to '{mine[-1].name}'"
        ends = ends if len(mine) > 1 else f"'{mine[0].name}' alone"
        said = f"Of the {len(theirs)} layers of the model that it is given, your function takes "
        said += f"{ends}."
        hint = "go through the layers of that model, one by one: which are to be in yours?"
        return Diagnosis(("begins_inside" if before else "ends_elsewhere",), said, hint=hint)
    return None


def _working(model):
    return [x for x in model.layers if not isinstance(x, keras.layers.InputLayer)]


def arguments_exchanged(build, args, **wanted):
    """Return the Diagnosis of a function that is right if two of its numbers change places."""
    numbers = [i for i, a in enumerate(args) if type(a) is int]
    for i, j in itertools.combinations(numbers, 2):
        other = [*args]
        other[i], other[j] = args[j], args[i]
        try:
            right = args[i] != args[j] and judge_model(call(build, *other), **wanted).state == RIGHT
        except Stopped:
            continue
        if right:
            said = f"If arguments {i + 1} and {j + 1} of your function changed places, it would be "
            said += "right: in it, each of the two names stands where the other belongs."
            hint = "say of each name in your function what it counts, and look for the two."
            return Diagnosis(("arguments_exchanged",), said, hint=hint)
    return None


def judge_stopped(stop, **wanted):
    """Return the verdict on a model that could not be made.

    If its Input has an axis too many, or its sizes in another order, that is said, and not what
    came of it. (Of an axis that is missing, the layer that misses it says more.)
    """
    seen = error_seen(stop.error, None)["declared"] if stop.error is not None else None
    asked, got = _wanted(**wanted).inputs if seen else None, tuple(seen or ())
    found = None
    if asked == got and "batch_axis_written" in stop.verdict.mistakes:
        # The Input is as asked, so it is the layer that is for another number of axes.
        kind, text = type(stop.error).__name__, tidy(str(stop.error))
        told = diagnose_error(kind, text, cause="conv_dims")
        return explained(stop.verdict.message.split(" You get this if")[0], told, "raised", "")
    if isinstance(asked, tuple) and got != asked:
        turned = sorted(map(str, got)) == sorted(map(str, asked))
        found = diagnose(Shape(asked), got) if turned or len(got) > len(asked) else None
    if found is None:
        return stop.verdict
    said = stop.verdict.message.split(" You get this if")[0]
    said += f" It begins with an input of shape {got}; the exercise has {asked}."
    return explained(said, found, "", "")


def judge_models(models, count, kinds=None, **wanted):
    """Return the verdict on several spellings of one model, which must also share their weights.

    Args:
        models: The models.
        count: How many there should be.
        kinds: Of which kind each of them should be, "Functional" or "Sequential" (None: any).
        wanted: As for `judge_model`.
    """
    if not isinstance(models, (tuple, list)) or len(models) != count:
        said = f"Your function should return {count} models, in a tuple or list."
        return Verdict(WRONG, said, ("form",), hint="mind the form of the answer first.")
    if len({id(model) for model in models}) < count:
        said = "Some of your models are one and the same. You get this if you think that another "
        said += "name makes another model."
        hint = "make each of the models by itself."
        return Verdict(WRONG, said, ("one_model_twice",), hint=hint)
    wanted = _wanted(**wanted)
    for i, (model, kind) in enumerate(zip(models, kinds or [None] * count, strict=True), 1):
        verdict = _judge(model, replace(wanted, kind=kind))
        if verdict.state != RIGHT:
            return replace(verdict, message=f"Look at model {i} of {count}. {verdict.message}")
    inputs = _feed(wanted.inputs, TRIALS[1], wanted.reference)
    results = [model(inputs, training=False) for model in models]
    other = next((i for i, result in enumerate(results) if not _agree(result, results[0])), None)
    if other is None:
        return Verdict(RIGHT, f"{count} spellings, and one function.", share=1.0)
    if _agree(models[0].get_weights(), models[other].get_weights()):
        got, want = np.asarray(results[other]), np.asarray(results[0])
        facts = Facts(models[other], got, want, inputs, ((inputs, want),))
        found = diagnose_model("numbers", facts)
        said = f"Models 1 and {other + 1} have the same weights, but give other numbers."
        return explained(said, found, "other_function", "compare these two, layer by layer.")
    return Verdict(
        WRONG,
        "All are built as they should be, but they compute different numbers, for their weights "
        "differ. You get this if you think that models of the same layers have the same weights, "
        "or come to have them by what you did. Every model starts with random weights of its own, "
        "even after one seed for all, and keeps them until it is given others.",
        ("same_layers_same_function",),
        hint="compare the first weight of one model with the first weight of another.",
    )


def _wanted(like=None, input_shape=None, output_shape=None, params=None, **more):
    if like is None:
        return Wanted(input_shape, output_shape, params, **more)
    reference = like if isinstance(like, keras.Model) else like()
    return Wanted(
        input_shape or _declared_shape(reference),
        output_shape or _shapes(_one_or_list(reference.outputs)),
        reference.count_params() if params is None else params,
        reference,
        **more,
    )


def _praise(model, wanted):
    said = f"From {wanted.inputs} to {wanted.outputs}, {model.count_params():,} parameters"
    return said + (", and the numbers agree." if wanted.reference or wanted.computes else ".")


# The steps: each returns a verdict on what is wrong, or None.


def _not_a_model(model, wanted):
    if isinstance(model, keras.Model):
        return None
    if isinstance(model, keras.KerasTensor):
        said = "You returned a KerasTensor, the end of a graph; a model also knows where it begins."
        hint = "wrap both ends: keras.Model(inputs, outputs)."
        return Verdict(WRONG, said, ("tensor_for_model",), hint=hint)
    said = f"You returned a {type(model).__name__}, which is not a keras.Model."
    return Verdict(WRONG, said, ("no_model",), hint="return the model itself.")


def _wrong_kind(model, wanted):
    kind = "Functional" if getattr(model, "outputs", None) else type(model).__name__
    kind = "Sequential" if isinstance(model, keras.Sequential) else kind
    if wanted.kind in (None, kind):
        return None
    said = f"The text asks for a {wanted.kind} model here; this one is {kind}."
    hint = "look at how it is made: of a list of layers, or by naming its two ends?"
    return Verdict(WRONG, said, ("other_kind",), hint=hint)


def _unbuilt(model, wanted):
    fine = model.weights or (not wanted.params and getattr(model, "inputs", None))
    if wanted.built and _input_left_inside(model):
        said = "Your Sequential doesn't know yet what comes in. You get this if you think that a "
        said += "model in its list brings its Input along. It brings its weights; what comes in, "
        said += "the list says itself, or the first batch."
        hint = "print `built` and `input_shape` of what you return."
        return Verdict(WRONG, said, ("input_left_inside",), hint=hint)
    if not wanted.built or fine:
        return None
    if isinstance(model, keras.Sequential) and _lists_input(model):
        return None  # an Input that isn't first: what the call raises says more
    hint = "before you hand the model over, let it know what comes in: by an Input, say, or by a "
    hint += "first batch."
    if _units_for_inputs(model, wanted):
        said = (
            "Your model has no weights yet. You get this if you think that the number of a first "
        )
        said += "Dense layer says how many numbers come in. It says how many the layer gives."
        return Verdict(WRONG, said, ("units_for_inputs",), hint=hint)
    if model.built and not isinstance(model, keras.Sequential):
        said = "Your model has no weights yet, though `build` was called: unless a class has a "
        said += "`build` of its own which makes them, its layers get theirs when it is called."
        return Verdict(WRONG, said, ("not_built",), hint=hint)
    what = "has no weights yet" if wanted.params else "doesn't know yet what comes in"
    return Verdict(
        WRONG,
        f"Your model {what}. You get this if you think that a model is ready "
        "before it knows what comes in. The weights are made when the shape of the input is known.",
        ("not_built",),
        hint=hint,
    )


def _input_left_inside(model):
    """Tell whether a Sequential has weights only since another model is in its list."""
    if not isinstance(model, keras.Sequential) or model.built:
        return False
    return any(isinstance(layer, keras.Model) and layer.weights for layer in model.layers)


def _units_for_inputs(model, wanted):
    """Tell whether a Sequential begins with a Dense of as many units as numbers should come in."""
    if not isinstance(model, keras.Sequential) or not isinstance(wanted.inputs, tuple):
        return False
    asked = [getattr(x, "units", None) for x in getattr(wanted.reference, "layers", ())]
    units = getattr(model.layers[0], "units", None) if model.layers else None
    return len(model.layers) > 1 and units == wanted.inputs[-1] and units not in asked


def _lists_input(model):
    return any(isinstance(layer, keras.layers.InputLayer) for layer in model.layers)


def _wrong_input(model, wanted):
    by_name = isinstance(wanted.inputs, dict)
    declared = _declared_shape(model, by_name)
    if by_name and declared and declared != wanted.inputs:
        found = _wrong_names(declared, wanted.inputs)
        if found:
            return found
    pairs = _side_by_side(declared, wanted.inputs)
    got, asked = next(((g, w) for g, w in pairs if g != tuple(w)), ((), ()))
    if isinstance(model, keras.Sequential) and got[1:] == asked[1:]:
        return None  # its first batch built it, and the size of that batch binds no other
    if not asked:
        return None  # as asked, or not declared: then it is judged by what it does
    said = f"Your model declares inputs of shape {got}; the exercise has {asked}."
    if by_name and len(declared) > 1:
        name = next(name for name in wanted.inputs if declared[name] != wanted.inputs[name])
        said = f"Your input '{name}' has the shape {got}; the exercise has {asked}."
    hint = "compare what you say of one sample with what the text says of it."
    found = diagnose_model("input", Facts(model, got, asked)) or diagnose(Shape(asked), got)
    return explained(said, found, "input_changed", hint)


def _wrong_names(declared, asked):
    """Return the verdict on inputs whose names are missing or exchanged, or None."""
    missing = [name for name in asked if name not in declared]
    hint = "find the line in which each input of your model is made, and the name that it got."
    if missing:
        said = f"Your model has no input called '{missing[0]}'. What it begins with is called "
        said += " and ".join(f"'{_unnumbered_input(name)}'" for name in declared) + "."
        return Verdict(WRONG, said, ("inputs_unnamed",), hint=hint)
    wrong = [name for name in asked if declared[name] != tuple(asked[name])]
    if len(wrong) == 2 and declared[wrong[0]] == tuple(asked[wrong[1]]):
        said = f"The names of your inputs are exchanged: '{wrong[0]}' has the shape that "
        said += f"'{wrong[1]}' should have."
        return Verdict(WRONG, said, ("names_exchanged",), hint=hint)
    return None


def _unnumbered_input(name):
    """Return an input's name without the number that one without a name gets."""
    return re.sub(r"^(input_layer|keras_tensor)_\d+$", r"\1", name)


def _wrong_outputs(got, asked):
    """Return the verdict on outputs that should come by name and don't, or None."""
    if not isinstance(got, dict):
        said = (
            f"Your model gives {got}, without names. You get this if you think that the names of "
        )
        said += "layers, or their order, name the outputs. The outputs have names if the model is "
        said += "made with a dict of them."
        hint = "look at what you hand to keras.Model as its second argument."
        return Verdict(WRONG, said, ("outputs_unnamed",), hint=hint)
    missing = [name for name in asked if name not in got]
    wrong = [] if missing else [name for name in asked if got[name] != asked[name]]
    if len(wrong) == 2 and got[wrong[0]] == asked[wrong[1]]:
        said = f"The names of your outputs are exchanged: '{wrong[0]}' has the shape that "
        said += f"'{wrong[1]}' should have."
        hint = "look at what you hand to keras.Model as its second argument."
        return Verdict(WRONG, said, ("names_exchanged",), hint=hint)
    if not missing:
        return None
    said = f"Your model gives no output called '{missing[0]}'. What it gives is called "
    said += " and ".join(f"'{name}'" for name in got) + "."
    code = "output_left_out" if len(got) < len(asked) else "other_names"
    return Verdict(WRONG, said, (code,), hint="compare the keys of your dict with the text.")


def _wrong_output(model, wanted):
    for i, trial in enumerate(TRIALS[:2]):
        inputs = _feed(wanted.inputs, trial, wanted.reference)
        try:
            result = call(model, inputs)
        except Stopped as stop:
            raise _of_other_size(stop, inputs) if i else stop from None
        got = _shapes(result)
        asked = _asked(wanted, inputs, trial)
        if got != asked:
            return _explain_output(model, inputs, got, asked, wanted.reference)
    return None


def _asked(wanted, inputs, trial):
    """Return the shapes that should come out of one trial."""
    if wanted.reference is not None:
        return _shapes(wanted.reference(inputs))
    return _each(lambda shape: (trial[0], *shape[1:]), wanted.outputs)


def _of_other_size(stop, inputs):
    """Return what stopped a model that was content with its first batch, and its open sizes."""
    said = f"Your model worked on a first batch, but not on one of shape {_shapes(inputs)}. "
    verdict = stop.verdict
    said += verdict.message
    return Stopped(Verdict(WRONG, said, verdict.mistakes, hint=verdict.hint), stop.error)


def _explain_output(model, inputs, got, asked, reference=None):
    if not isinstance(got, tuple) or not isinstance(asked, tuple):
        named = isinstance(asked, dict) and _wrong_outputs(got, asked)
        if named:
            return named
        said = f"Your model gives {got}; the exercise asks for {asked}."
        if isinstance(got, list) and isinstance(asked, tuple):
            said += f" It ends in {len(got)} tensors, and each is an output of its own: no layer "
            said += "makes one of them."
            hint = "look for the layer in which your branches are to meet."
            return Verdict(WRONG, said, ("outputs_apart",), hint=hint)
        return Verdict(WRONG, said, ("output_shape",), hint="count what your model gives.")
    said = f"For data of shape {_shapes(inputs)} your model gives {got}; the exercise asks "
    said += f"for {asked}."
    steps = trace(model).steps if getattr(model, "outputs", None) else ()  # not of a subclass
    if steps:
        said += " Layer by layer: " + " → ".join(f"{s.name} {s.after}" for s in steps) + "."
    hint = "follow the shape through your own model, layer by layer."
    found = diagnose_model("output", Facts(model, got, asked)) or _goes_on(steps, got, asked)
    if found is None and steps:
        found = diagnose_hope(Shape(model), (steps[-1].after[0], *asked[1:]))
    found = found or _ends_early(steps, reference)
    if found is None:
        said += _where_apart(model, got, asked, steps)
    return explained(said, found, "output_shape", hint)


def _goes_on(steps, got, asked):
    """Return the Diagnosis of a model in which a shape as asked is changed once more, or None."""
    reached = [step for step in steps[:-1] if step.after[1:] == asked[1:]]
    if not reached or len(got) != len(asked):
        return None
    return Diagnosis(
        ("changed_again",),
        f"Behind your {reached[-1].name} the shape is as asked; then it is changed again. Either "
        "the model goes on too far, or the sizes of two layers stand in each other's place.",
        hint="go through your layers, and say of each which of the exercise's sizes it makes.",
    )


def _ends_early(steps, reference):
    """Return the Diagnosis of a model that is as asked as far as it goes, or None."""
    wanted = trace(reference).steps if getattr(reference, "outputs", None) else ()
    mine, asked = [(s.name, s.after) for s in steps], [(s.name, s.after) for s in wanted]
    if not mine or len(mine) >= len(asked) or mine != asked[: len(mine)]:
        return None
    return Diagnosis(
        ("ends_too_early",),
        "As far as your model goes, its layers are those asked for; but it ends too early.",
        hint="count your layers, and those of the text.",
    )


def _where_apart(model, got, asked, steps):
    """Say, in a sentence, where the shape that comes out parts from the one asked for."""
    if len(got) != len(asked):
        return ""
    if got[:-1] == asked[:-1] and steps:
        last = next((s for s in reversed(steps) if s.layer.weights), steps[-1])
        setting = next((s for s in ("units", "filters") if hasattr(last.layer, s)), None)
        if setting and getattr(last.layer, setting) == got[-1]:
            return (
                f" Only the last size isn't right; your last {last.name} has {got[-1]} {setting}."
            )
        return " Only the last size isn't right."
    wrong = [i for i, (mine, right) in enumerate(zip(got, asked, strict=True)) if mine != right]
    if sorted(got) == sorted(asked):
        return " The sizes are right, but not in this order."
    return f" It parts from what was asked on axis {' and axis '.join(map(str, wrong))}."


def _wrong_layers(model, wanted):
    names = [type(x).__name__ for x in model.layers if not isinstance(x, keras.layers.InputLayer)]
    if wanted.layers is None or names == list(wanted.layers):
        return None
    said = f"The shapes fit, but the exercise asks for {', '.join(wanted.layers)}; your model has "
    said += f"{', '.join(names) or 'no layer behind its Input'}."
    return Verdict(WRONG, said, ("other_layers",), hint="use the layers that the text names.")


def _wrong_params(model, wanted):
    got = model.count_params()
    if isinstance(wanted.params, range):
        return _off_budget(model, got, wanted.params)
    if wanted.params is None or got == wanted.params:
        return None
    said = "The shapes fit, but your model has "
    said += f"{got:,} parameters, not the {wanted.params:,} asked for."
    counts = [(type(x).__name__, x.count_params()) for x in model.layers if x.weights]
    if 1 < len(counts) < 9:
        said += " Layer by layer: " + ", ".join(f"{name} {n:,}" for name, n in counts) + "."
    hint = "compare the Param # column of model.summary() with what the text describes."
    return _by_rule("params", Facts(model, got, wanted.params), said, "params", hint)


def _off_budget(model, got, budget):
    if got in budget:
        return None
    said = f"The shapes fit, but your model has {got:,} parameters; asked for are "
    said += f"{budget[0]:,} to {budget[-1]:,}."
    if got < budget[0]:
        said += " What isn't spent can't learn."
        hint = "ask which setting of your layers could grow with the budget."
        return Verdict(WRONG, said, ("budget_left_over",), hint=hint)
    if got <= budget[-1] * 1.01:
        said += f" That is {got - budget[-1]} too many. You get this if you think that all the "
        said += "costs grow with the setting that you choose. Some are there whatever it is, the "
        said += "biases of the last layer say, and are paid first."
        hint = "write the cost as a number times your setting, plus a number."
        return Verdict(WRONG, said, ("fixed_costs_forgotten",), hint=hint)
    largest = max(model.layers, key=lambda layer: layer.count_params())
    sizes = " and ".join(str(tuple(w.shape)) for w in largest.weights[:2])
    said += f" {largest.count_params():,} of them are in one {type(largest).__name__} layer, whose "
    said += f"weights have the shapes {sizes}."
    hint = "ask what makes the weights of that layer so many: its own size, or what it is given?"
    return Verdict(WRONG, said, ("over_budget",), hint=hint)


def _wrong_numbers(model, wanted):
    saved = model.get_weights()
    try:
        if wanted.reference is not None:
            return _unlike_reference(model, wanted)
        return _unlike_formula(model, wanted) if wanted.computes else None
    finally:
        model.set_weights(saved)


def _unlike_formula(model, wanted):
    for seed, trial in enumerate(TRIALS):
        weights = _random_weights(model, seed)
        model.set_weights(weights)
        x = _feed(wanted.inputs, trial)
        ways = _computed(wanted.computes, x, weights)
        if not ways:
            return _other_weights(model)
        got = _each(np.asarray, call(model, x, training=False))
        if not any(_agree(got, want) for _, want in ways):
            computed, want = next((w for w in ways if np.shape(w[1]) == np.shape(got)), ways[0])
            fed = [_feed(wanted.inputs, trial) for trial in TRIALS]
            more = tuple((x, computed(x)) for x in fed)
            return _explain_numbers(Facts(model, got, want, x, more))
    return None


def _computed(computes, x, weights):
    """Return f(x), the formula with these weights, and what it gives: all the ways that work.

    A kernel with an axis for each of its inputs' axes, as EinsumDense has, or with one for its
    window, as Conv1D has, holds the same weights as one for the unrolled inputs, and is handed over
    as that, too.
    """
    flat = [w.reshape(-1, w.shape[-1]) if w.ndim > 2 else w for w in weights]
    ways = []
    for given in (weights, flat) if any(w.ndim > 2 for w in weights) else (weights,):
        with contextlib.suppress(TypeError, ValueError):
            ways.append((lambda x, given=given: computes(x, *given), computes(x, *given)))
    return ways


def _unlike_reference(model, wanted):
    """Return None if some order of the weights makes the model do what the reference does.

    With the same numbers for random weights and inputs, the two are one function, so it can't
    be wrong to try orders: a subclass may list its layers in another order than it uses them.
    """
    draws = [
        (_random_weights(wanted.reference, i), _feed(wanted.inputs, trial, wanted.reference))
        for i, trial in enumerate(TRIALS)
    ]
    first = None
    for places in itertools.islice(_places(model, wanted.reference), ORDERS):
        apart = _apart(model, wanted.reference, places, draws)
        if apart is None:
            return None
        first = first or (places, apart)
    if first is None:
        return _other_weights(model)
    places, (weights, facts) = first
    _assign(places, weights)  # the rules may want to try the model once more
    return _explain_numbers(facts)


def _apart(model, reference, places, draws):
    """Return the weights and Facts of the first draw where the two differ, or None."""
    for weights, x in draws:
        reference.set_weights(weights)
        _assign(places, weights)
        got, want = call(model, x, training=False), reference(x, training=False)
        if not _agree(got, want):
            fed = ((x, reference(x, training=False)) for _, x in draws)
            more = tuple((x, _each(np.asarray, want)) for x, want in fed)
            return weights, Facts(model, _each(np.asarray, got), _each(np.asarray, want), x, more)
    return None


def _explain_numbers(facts):
    said = "Shapes and parameters fit, but with the same weights your model gives other numbers."
    hint = "go through your model and the text side by side, one layer after the other."
    one = isinstance(facts.got, np.ndarray) and isinstance(facts.wanted, np.ndarray)
    found = diagnose_model("numbers", facts) or (_related(facts) if one else None)
    if found is None:
        said += _besides_weights(facts.model)
    return explained(said, found, "other_function", hint)


def _besides_weights(model):
    """Say, in a sentence, what a model does in layers and operations without weights."""
    activations = [getattr(x, "activation", None) for x in model.layers]
    if any(activations) and all(getattr(f, "__name__", "linear") == "linear" for f in activations):
        return " None of its layers has an activation."
    names = [type(x).__name__ for x in model.layers if not x.weights]
    names = [name for name in dict.fromkeys(names) if name != "InputLayer"]
    return f" What it does without weights: {', '.join(names)}." if 0 < len(names) < 5 else ""


@unwarned()
def _related(facts):
    """Return the Diagnosis of how the numbers of a large batch are related to the right ones."""
    x, wanted = facts.more[-1]
    return related(np.asarray(facts.model(x, training=False)), wanted)


def _other_weights(model):
    shapes = ", ".join(str(tuple(w.shape)) for w in model.weights[:6]) or "none"
    said = "The shapes fit, but the model's weights are not those that are needed here. Their "
    said += f"shapes are: {shapes}."
    hint = "compare them with the weights that the text asks for."
    return Verdict(WRONG, said, ("other_weights",), hint=hint)


def _by_rule(kind, facts, said, code, hint):
    return explained(said, diagnose_model(kind, facts), code, hint)


# Shapes, one or several


def _each(function, things):
    """Apply a function to one thing, or to each of several: a list or dict of them.

    A tuple is one thing, a shape; several results that come as a tuple count as a list.
    """
    if isinstance(things, tuple) and any(hasattr(thing, "shape") for thing in things):
        things = list(things)
    if isinstance(things, dict):
        return {name: function(thing) for name, thing in things.items()}
    return [function(x) for x in things] if isinstance(things, list) else function(things)


def _one_or_list(things):
    return things if len(things) > 1 else things[0]


def _shapes(tensors):
    return _each(lambda tensor: tuple(getattr(tensor, "shape", ())), tensors)


def _declared_shape(model, by_name=False):
    """Return the shapes of the inputs that a model declares, by name if there are several."""
    inputs = getattr(model, "inputs", None)
    first = next(iter(getattr(model, "_layers", ())), None)
    if not inputs and isinstance(model, keras.Sequential) and not model.layers:
        # Of nothing but an Input, no model is put together yet.
        return tuple(first.batch_shape) if isinstance(first, keras.layers.InputLayer) else None
    if not inputs:  # a subclass, or not built yet
        return None
    if isinstance(getattr(model, "input", None), dict):
        return {name: tuple(tensor.shape) for name, tensor in model.input.items()}
    named = {tensor.name: tuple(tensor.shape) for tensor in inputs}
    return named if by_name or len(inputs) > 1 else tuple(inputs[0].shape)


def _side_by_side(declared, asked):
    """Return pairs of a declared and a wanted shape, as far as they can be paired."""
    if isinstance(declared, dict) and isinstance(asked, list):
        declared = list(declared.values())
    if isinstance(declared, dict) and isinstance(asked, dict):
        return [(declared[name], asked[name]) for name in asked if name in declared]
    if isinstance(declared, list) and isinstance(asked, list):
        return list(zip(declared, asked, strict=False))
    both = isinstance(declared, tuple) and isinstance(asked, tuple)
    return [(declared, asked)] if both else []


# Inputs and weights


def _feed(shapes, trial, reference=None):
    """Return random inputs for one trial; whole numbers where the reference looks them up."""
    batch, sizes, scale = trial
    if isinstance(shapes, dict) and len(shapes) == 1:  # only its name was asked for
        (shapes,) = shapes.values()
    rng = np.random.default_rng(batch)
    tables = [x.input_dim for x in getattr(reference, "layers", []) if hasattr(x, "input_dim")]

    def draw(shape):
        spare = iter(sizes)
        concrete = (batch, *(next(spare) if n is None else n for n in shape[1:]))
        if tables:
            return rng.integers(0, min(tables), size=concrete)
        numbers = (scale * rng.normal(size=concrete)).astype("float32")
        if scale > 1 and len(concrete) > 2:
            numbers[:, -1] = 0  # where a row of zeros is passed over, it shows
        return numbers

    return _each(draw, shapes)


def _random_weights(model, seed):
    """Return random weights, none zero; small enough that no activation is always at its end."""
    rng = np.random.default_rng(seed)
    return [_random_weight(w, rng) for w in model.weights]


def _random_weight(weight, rng):
    shape = tuple(weight.shape)
    numbers = rng.normal(size=shape) / math.sqrt(math.prod(shape[:-1]) or 1)
    if "variance" in weight.name:
        numbers = np.abs(numbers) + 0.5
    return numbers.astype(weight.dtype)


def _assign(places, weights):
    for (variable, order), numbers in zip(places, weights, strict=True):
        sizes = [variable.shape[i] for i in order]
        variable.assign(numbers.reshape(sizes).transpose(np.argsort(order)))


def _places(model, reference):
    """Yield ways to put a reference's weights into a model: (variable, order of axes) for each."""
    shapes = [tuple(w.shape) for w in reference.weights]
    sizes = [math.prod(shape) for shape in shapes]
    grouped = _orders(_groups(model), sizes)
    alone = _orders([[w] for w in model.weights], sizes)  # for layers that a learner wrote
    first = next(grouped, None)
    for variables in alone if first is None else itertools.chain([first], grouped):
        fits = [_axis_orders(v, shape) for v, shape in zip(variables, shapes, strict=True)]
        for orders in itertools.product(*fits):
            yield list(zip(variables, orders, strict=True))


def _groups(model):
    """Return the model's weights in groups that belong together: those of one layer."""
    groups = []
    for layer in model.layers:
        groups += _groups(layer) if isinstance(layer, keras.Model) else [layer.weights]
    known = {id(w) for group in groups for w in group}
    return [g for g in groups if g] + [[w] for w in model.weights if id(w) not in known]


def _orders(groups, sizes):
    """Yield the weights of all groups in every order in which they have these sizes."""
    if not groups and not sizes:
        yield []
    for i, group in enumerate(groups):
        if [math.prod(w.shape) for w in group] == sizes[: len(group)]:
            for rest in _orders(groups[:i] + groups[i + 1 :], sizes[len(group) :]):
                yield group + rest


def _axis_orders(variable, shape):
    """Return the orders of axes in which numbers of a shape can be read into a variable."""
    own = tuple(range(len(variable.shape)))
    return [own] if tuple(variable.shape) == shape else list(itertools.permutations(own))


def _agree(got, want):
    """Tell whether results agree, rounding apart: two arrays, or two structures of arrays."""
    pairs = itertools.zip_longest(keras.tree.flatten(got), keras.tree.flatten(want))
    return all(_close(np.asarray(a), np.asarray(b)) for a, b in pairs)


def _close(got, want):
    if got.shape != want.shape:
        return False
    return np.allclose(got, want, rtol=1e-3, atol=1e-6 + 1e-4 * np.abs(want).max(initial=0))
