"""Judge a model by how it behaves, whatever way it was spelled."""

from collections.abc import Callable
from dataclasses import dataclass

import keras
import numpy as np

from autograder.learn.diagnose import diagnose_shape
from autograder.learn.mistakes import CONVOLUTIONS, POOLINGS
from autograder.learn.trace import Trace, trace
from autograder.learn.verdict import RIGHT, WRONG, Row, Verdict
from autograder.learn.work import call

#: Batch sizes that a model is tried with; one of them is not 1, so a lost batch axis shows.
BATCHES = (1, 3)


def judge_model(model, input_shape, output_shape, params=None, computes=None):
    """Return the verdict on a model.

    input_shape, output_shape: as Keras writes them, with None in front for the batch.
    params: how many parameters it should have (None: any).
    computes: f(x, *weights), the same calculation in NumPy; tried with random weights, none of
    them zero, so that a forgotten bias or activation shows.
    """
    wrong = (
        _not_a_model(model)
        or _wrong_input(model, tuple(input_shape))
        or _wrong_output(model, input_shape, tuple(output_shape))
        or (params is not None and _wrong_params(model, params))
        or (computes is not None and _wrong_function(model, input_shape, computes))
    )
    if wrong:
        return wrong
    said = (
        f"From {tuple(input_shape)} to {tuple(output_shape)}, {model.count_params():,} parameters"
    )
    said += ", and the numbers agree." if computes else "."
    return Verdict(RIGHT, said, share=1.0)


def _not_a_model(model):
    if isinstance(model, keras.Model):
        return None
    if isinstance(model, keras.KerasTensor):
        hint = "wrap both ends: keras.Model(inputs, outputs)."
        return Verdict(
            WRONG,
            "You returned a KerasTensor, the end of a graph; a model also knows where it begins.",
            ("tensor_for_model",),
            hint=hint,
        )
    return Verdict(
        WRONG,
        f"You returned a {type(model).__name__}, which is not a keras.Model.",
        ("no_model",),
        hint="return the model itself.",
    )


def _wrong_input(model, wanted):
    got = getattr(model, "input_shape", None) if model.built else None
    if not isinstance(got, tuple) or got == wanted:
        return None  # a model without a declared input is judged by what it does
    found = diagnose_shape(Trace(wanted, ()), got)
    said = f"Your model declares inputs of shape {got}; the exercise has {wanted}."
    if found is None:
        return Verdict(
            WRONG,
            said,
            ("input_changed",),
            hint="leave the data as they are and change what the model does with them.",
        )
    return Verdict(WRONG, f"{said} {found.message}", found.codes, hint=found.hint)


def _wrong_output(model, input_shape, wanted):
    for batch in BATCHES:
        result = call(model, np.zeros((batch, *input_shape[1:]), "float32"))
        got = tuple(getattr(result, "shape", ()))
        if got != (batch, *wanted[1:]):
            return _explain_output(model, batch, got, wanted)
    return None


def _explain_output(model, batch, got, wanted):
    facts = Facts(model, got, (batch, *wanted[1:]))
    said = f"For {batch} sample{'s' * (batch > 1)} your model gives shape {got}; "
    said += f"the exercise asks for {wanted}."
    rows = tuple(Row(step.name, str(step.after), "") for step in trace(model).steps)
    if rows:
        said += " Layer by layer: " + " → ".join(f"{r.layer} {r.yours}" for r in rows) + "."
    return _by_rule(
        OUTPUT_RULES,
        facts,
        said,
        "output_shape",
        "follow the shape through your own model, layer by layer.",
    )


def _wrong_params(model, wanted):
    got = model.count_params()
    if got == wanted:
        return None
    said = f"The shapes fit, but your model has {got:,} parameters, not the {wanted:,} asked for."
    return _by_rule(
        PARAM_RULES,
        Facts(model, got, wanted),
        said,
        "params",
        "compare the Param # column of model.summary() with what the text describes.",
    )


def _wrong_function(model, input_shape, computes):
    rng = np.random.default_rng(0)
    weights = [rng.normal(size=w.shape).astype("float32") for w in model.get_weights()]
    model.set_weights(weights)
    for batch in BATCHES:
        x = rng.normal(size=(batch, *input_shape[1:])).astype("float32")
        got = np.asarray(call(model, x))
        try:
            want = computes(x, *weights)
        except (TypeError, ValueError):
            return Verdict(
                WRONG,
                "The shapes fit, but the model's weights are not those that the calculation needs.",
                ("other_weights",),
                hint="compare model.summary() with the layers that the text names.",
            )
        if not np.allclose(got, want, atol=1e-4):
            return _by_rule(
                NUMBER_RULES,
                Facts(model, got, want),
                "Shapes and parameters fit, but the numbers differ.",
                "other_function",
                "go through the calculation in the text, term by term.",
            )
    return None


def _by_rule(rules, facts, said, code, hint):
    rule = next((r for r in rules if r.holds(facts)), None)
    if rule is None:
        return Verdict(WRONG, said, (code,), hint=hint)
    return Verdict(WRONG, f"{said} {rule.truth}", (rule.code,), hint=rule.hint)


# -- what is behind a model that misbehaves ---------------------------------------------------


@dataclass(frozen=True)
class Facts:
    """A model, what it gave and what was wanted: shapes, counts or arrays."""

    model: keras.Model
    got: object
    wanted: object

    def layers(self, *kinds):
        """Return the model's layers of these kinds."""
        return [layer for layer in self.model.layers if isinstance(layer, kinds)]


@dataclass(frozen=True)
class ModelRule:
    """A mistake in a model: when it `holds`, what is true instead, and what to try."""

    code: str
    truth: str
    hint: str
    holds: Callable


OUTPUT_RULES, PARAM_RULES, NUMBER_RULES = [], [], []


def _rule(rules, truth, hint):
    def register(function):
        rules.append(ModelRule(function.__name__, truth, hint, function))
        return function

    return register


@_rule(
    OUTPUT_RULES,
    "A stride above 1 makes the map smaller still.",
    "ask what surrounds the image when a window stands at its edge.",
)
def stride_shrinks(facts):
    """A convolution with strides=2 where the map should have stayed larger."""
    strided = any(max(layer.strides) > 1 for layer in facts.layers(*CONVOLUTIONS))
    return strided and np.prod(facts.got) < np.prod(facts.wanted)


@_rule(
    OUTPUT_RULES,
    "You padded the pooling; but it is the convolution that lost the edge.",
    "follow the height alone through your model: where does it shrink first?",
)
def padding_on_pooling(facts):
    """MaxPooling2D(padding="same") where the convolution should have been padded."""
    pools = any(layer.padding == "same" for layer in facts.layers(*POOLINGS))
    return pools and all(layer.padding == "valid" for layer in facts.layers(*CONVOLUTIONS))


@_rule(
    OUTPUT_RULES,
    "Dense keeps every axis but the last, so the axes that came in are still there: nothing "
    "unrolled them.",
    "count the axes of the shape that reaches your last layer.",
)
def flatten_missing(facts):
    """Dense(64) straight on (None, 10, 10): (None, 10, 64)."""
    return len(facts.got) > len(facts.wanted)


@_rule(
    OUTPUT_RULES,
    "You unrolled after the Dense layer; it has already worked on each row by itself.",
    "put down the shape before and after each of your layers.",
)
def flatten_too_late(facts):
    """Dense(64), then Flatten: (None, 640), and it would train without complaint."""
    kinds = [type(layer) for layer in facts.model.layers]
    return kinds[-1:] == [keras.layers.Flatten] and keras.layers.Dense in kinds


@_rule(
    PARAM_RULES,
    "So the right shape was reached by another road: other filters or other units.",
    "leave the layers' sizes as the exercise gives them.",
)
def sizes_changed(facts):
    """800 from 4 x 4 x 50 instead of 5 x 5 x 32."""
    return facts.got > facts.wanted


@_rule(
    PARAM_RULES,
    "Fewer weights than numbers in a sample: something averaged or threw away what it was given.",
    "compare the shape before your Dense layer with the number of values in one sample.",
)
def values_thrown_away(facts):
    """GlobalAveragePooling1D in the place of Flatten."""
    return facts.got < facts.wanted


@_rule(
    NUMBER_RULES,
    "They agree wherever the right ones are above zero: an activation is missing.",
    "look at the last step of the calculation in the text.",
)
def activation_missing(facts):
    """Dense(64) without its relu."""
    return np.allclose(np.maximum(facts.got, 0), facts.wanted, atol=1e-4)
