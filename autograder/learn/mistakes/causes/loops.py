"""Training of one's own: what a step is given, what a line takes apart, what a metric compares."""

import ast
import re

from autograder.learn.mistakes.causes.pairs import TRAINS, pair
from autograder.learn.mistakes.causes.words import fits, number, wrote
from autograder.learn.mistakes.rule import Found, also, fault

#: What Python and the backends say where a line takes apart what hasn't so many parts.
_APART = (
    r"values to unpack|[Ii]terating over a symbolic|[Cc]annot iterate over|iteration over a 0-d"
)
_STEPS = ("train_step", "test_step")
#: What their argument is called.
_HANDED_OVER = ("data", "batch", "inputs", "train_data", "batch_data")


def _taken_apart(line):
    """Return (the number of names, what they are taken from) of `a, b = c`, or None."""
    try:
        (made,) = ast.parse(line).body
    except (SyntaxError, ValueError):
        return None
    if not isinstance(made, ast.Assign) or not isinstance(made.targets[0], (ast.Tuple, ast.List)):
        return None
    names = made.targets[0].elts
    if any(isinstance(n, ast.Starred) for n in names):
        return None
    return len(names), ast.unparse(made.value)


@fault(
    belief="what `train_step` is given has the same form in every training",
    truth="it is what `fit` was given: the inputs alone, or a tuple with the targets and, if "
    "there are any, the sample weights",
    hint="print what `fit` is given: x alone, x and y, or weights as well?",
)
def step_unpacks(facts):
    """x, y, w = data in a train_step, and fit(x, y)."""
    taken = _taken_apart(wrote(facts))
    if taken is None or facts.within not in _STEPS or not re.search(_APART, facts.whole):
        return None
    n, source = taken
    feed = facts.feed
    if source not in _HANDED_OVER or feed.x.source != "array":
        return None
    given = [k for k, part in (("x", feed.x), ("y", feed.y)) if part]
    given += ["sample_weight"] * bool(feed.weight or facts.options.get("class_weight"))
    if len(given) == n or facts.did not in TRAINS:
        return None
    holds = (
        f"the inputs alone, without a tuple, for `{facts.did}` was given no targets"
        if len(given) == 1
        else f"{len(given)} parts, {', '.join(f'`{k}`' for k in given)}, as `{facts.did}` was "
        "given them"
    )
    return Found(
        f"`{facts.within}` takes `{source}` apart into {n}, and it holds {holds}.",
        f"Let Keras take it apart: `x, y, sample_weight = keras.utils.unpack_x_y_sample_weight("
        f"{source})`, where what wasn't given is None"
        + (f"; or hand the targets to `{facts.did}`." if len(given) == 1 else "."),
    )


@also("fault", "step_unpacks")
def _(facts):
    """ops.shape(images)[0] in a train_step that is given (images, labels)."""
    name = next((k for k in facts.held if re.search(rf"\b{k}\b", wrote(facts))), None)
    if name is None or facts.within not in _STEPS or facts.did not in TRAINS:
        return None
    apart = (_taken_apart(wrote(facts)) or ("", ""))[1] == name
    apart = apart or re.search(rf"\b{name}\[-?\d+\]", wrote(facts))
    if apart or not re.search(r"[Tt]ensor|tuple|list|array|shape", facts.text):
        return None
    n = facts.held[name]
    return Found(
        f"`{name}` holds the whole batch as it was handed over, a tuple of {n} parts, and this "
        "line takes it for one array.",
        f"Take it apart first: `x, y, sample_weight = keras.utils.unpack_x_y_sample_weight({name})`"
        "; or hand over the inputs alone, `dataset.map(lambda x, y: x)`.",
    )


@fault(
    belief="`loss_weights` weighs whatever is compared",
    truth="it weighs the losses against each other, with one number for each output's loss",
    hint="count the outputs, and the numbers in `loss_weights`.",
)
def loss_weights_count(facts):
    """loss_weights=[1.0] for two losses, or without the name of one of them."""
    told = re.search(
        r"`loss_weights` must match the number of losses, got (\d+) losses and (\d+) weights",
        facts.text,
    )
    if told:
        n, m = map(int, told.groups())
        return Found(
            f"`loss_weights` holds {number(m, 'number')}, and there "
            f"{'is 1 loss' if n == 1 else f'are {n} losses'}.",
            "Leave `loss_weights` out; the numbers of one output are weighed in a loss of your own."
            if n == 1
            else f"Give {n} numbers, one for each loss in their order, or a dict by the names of "
            "the outputs.",
        )
    model = facts.model
    key = re.fullmatch(r"'(\w+)'", facts.text)
    if facts.kind != "KeyError" or not key or model is None or facts.did not in TRAINS:
        return None
    names = model.loss_weights
    if not isinstance(names, tuple) or key[1] in names or key[1] not in model.out_names:
        return None
    return Found(
        f"`loss_weights` has the keys {', '.join(f'`{k}`' for k in names)}, and the output "
        f"`{key[1]}` isn't among them.",
        "Give a weight for each output, by its name: "
        f"{', '.join(f'`{k}`' for k in model.out_names)}.",
    )


#: What is said where two shapes are compared that don't fit.
_COMPARED = (
    r"[Ii]ncompatible|broadcast|must match|must be equal|expects 2D inputs|segment_ids|be rank"
    r"|rank 1|same shape|size of tensor"
)


@also("fault", "metric_shapes")
def _(facts):
    """Precision().update_state(class numbers, rows of 3); AUC(num_labels=5) for 3 outputs."""
    said, m = _measured(facts), facts.measured
    if said is None:
        return None
    t, o = m.target, m.output
    k = o[-1] if o else None
    if m.numbers and k:
        return Found(
            f"{said}, and it compares numbers of classes, one by one.",
            "Hand over the numbers of the classes: `ops.argmax(y_pred, axis=-1)`; or, for outputs "
            "with a place for each class, let the metric find the class: `sparse_y_pred=False`.",
        )
    labels = fits(t, o[:-1]) or len(t) == len(o) and t[-1] == 1 and fits(t[:-1], o[:-1])
    if labels and k and k > 1 and not re.search(_OF_QUANTITIES, m.kind):
        return Found(
            f"{said}: it compares them number by number, and the targets have no place for each "
            f"of the {k} outputs.",
            f"Make the labels one-hot, `keras.utils.to_categorical(y, {k})`; or take a metric for "
            'whole-number labels, such as "sparse_categorical_accuracy".',
        )
    return None


#: Metrics of quantities, which have no classes.
_OF_QUANTITIES = r"Error|Similarity|LogCosh|R2|Poisson"


@fault(
    belief="a metric compares arrays of any two shapes",
    truth="it compares targets and outputs number by number, so both have one shape",
    hint="print the shapes of both before you hand them over.",
)
def measured_shapes(facts):
    """MeanSquaredError().update_state((4, 2), (4, 3))."""
    said = _measured(facts)
    if said is None:
        return None
    t, o = facts.measured.target, facts.measured.output
    if len(t) != len(o):
        return Found(f"{said}.", "Bring both to one shape before you hand them over.")
    at = [i for i, (n, m) in enumerate(zip(t, o, strict=True)) if not fits((n,), (m,))]
    if not at:
        return None
    where = " and ".join(f"axis {i} ({t[i]} and {o[i]})" for i in at)
    return Found(
        f"{said}: they differ in {where}.",
        "Bring both to one shape before you hand them over.",
    )


def _measured(facts):
    """Return the start of what happened where a metric failed on two shapes, or None."""
    m = facts.measured
    if m is None or m.target == m.output or not re.search(_COMPARED, facts.whole):
        return None
    if facts.did in TRAINS or "loss" in m.kind.lower() or "entropy" in m.kind.lower():
        return None
    return (
        f"The metric `{m.name}` was given targets of the shape {m.target} and outputs of the shape "
        f"{m.output}"
    )


@fault(
    belief="`num_labels` of a metric may be any number",
    truth="it counts the outputs that the metric measures, one by one",
    hint="print model.output_shape beside `num_labels`.",
)
def num_labels(facts):
    """AUC(multi_label=True, num_labels=5) for 3 outputs."""
    model = facts.model
    if model is None or facts.did not in TRAINS or len(model.outputs) != 1:
        return None
    k = model.outputs[0][-1]
    for name, n in model.num_labels.items():
        said = re.search(rf"\b{n}\b.*\b{k}\b|\b{k}\b.*\b{n}\b", facts.text)
        if k and n != k and said and re.search(_COMPARED, facts.whole) and pair(facts) is None:
            return Found(
                f"The metric `{name}` was made for `num_labels={n}`, and the model gives "
                f"{number(k, 'output')} a sample.",
                f"Let both be as many: `num_labels={k}`, or leave `num_labels` out, so that the "
                "metric counts for itself.",
            )
    return None


@fault(
    belief="rows of any lengths go into any layer",
    truth="layers such as Dense have weights for one number of features, so rows have one length",
    hint="print type(x): is it a RaggedTensor?",
)
def ragged_rows(facts):
    """Dense(3)(tf.ragged.constant([[1.0, 2.0], [3.0]]))."""
    rows = next((d for d in facts.feed.x.items if d.ragged), None)
    said = "fully-defined" in facts.text or "agged" in facts.whole
    if rows is None or not said:
        return None
    call = f"`{rows.name}`" if rows.name else "What arrives"
    at = f" `{facts.layer.kind}` takes rows of one length." if facts.layer is not None else ""
    return Found(
        f"{call} is a RaggedTensor, of the shape {rows.shape}, with rows of different lengths.{at}",
        f"Fill the short rows up: `{rows.name or 'x'}.to_tensor()`, or `keras.utils.pad_sequences` "
        "of the lists.",
    )
