"""Judge a model by how it behaves, whatever way it was spelled."""

import keras
import numpy as np

from autograder.learn.diagnose import diagnose, diagnose_model
from autograder.learn.mistakes.models import Facts
from autograder.learn.questions import Shape
from autograder.learn.trace import trace
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
    found = diagnose(Shape(wanted), got)
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
        "output",
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
        "params",
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
                "numbers",
                Facts(model, got, want),
                "Shapes and parameters fit, but the numbers differ.",
                "other_function",
                "go through the calculation in the text, term by term.",
            )
    return None


def _by_rule(kind, facts, said, code, hint):
    found = diagnose_model(kind, facts)
    if found is None:
        return Verdict(WRONG, said, (code,), hint=hint)
    return Verdict(WRONG, f"{said} {found.message}", found.codes, hint=found.hint)
