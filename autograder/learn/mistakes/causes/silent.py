"""What goes wrong without an error: rules on what a model is given, before it is trained.

The kind is "silent": f(facts) -> Found, or None. The facts are those of a call of `fit` that
hasn't been made.
"""

import math

import keras

from autograder.learn.mistakes.causes.clashes import clash
from autograder.learn.mistakes.causes.numbers import batch_maker
from autograder.learn.mistakes.causes.pairs import BINARY, ROWS, SPARSE, pairs
from autograder.learn.mistakes.causes.words import named, number, rows_normalized, sample
from autograder.learn.mistakes.rule import Found, also, given, silent


def _first(facts):
    """Return the Pair of the first output and its target, or None."""
    return next(iter(pairs(facts, False)), None)


def _labels(facts):
    """Return (Pair, low, high) where the targets are whole numbers, one a sample; else None."""
    p = _first(facts)
    known = p is not None and p.data is not None and p.data.whole and p.data.low is not None
    one = known and (len(p.target) == len(p.output) - 1 or p.target[-1] == 1)
    return (p, int(p.data.low), int(p.data.high)) if one else None


@silent(
    belief="(n,) and (n, 1) are subtracted number by number",
    truth="shapes are compared from the last axis on, and an axis of size 1 is stretched to the "
    "size of the other",
    hint="print the shape of the difference.",
)
def silent_broadcast(facts):
    """A loss that subtracts targets (n, 1) from outputs (n, 3), or (n,) from (n, 1)."""
    for p in pairs(facts, False):
        t, o = sample(p.target), sample(p.output)
        call = named(p.data, "y").strip("`")
        if p.loss in (SPARSE, *ROWS, *BINARY) and not facts.model.own_loss:
            continue
        if not (facts.model.compiled and p.loss) and len(t) + 1 == len(o) and o[-1] == 1:
            return Found(
                f"{p.said}. Keras's own losses bring the two to one shape; where you subtract "
                "them yourself, (n,) and (n, 1) are broadcast to (n, n).",
                f"Give the targets the axis of the output: `{call}[:, None]`.",
            )
        less, more = len(t) + 1 == len(o) and o[-1] == 1, len(o) + 1 == len(t) and t[-1] == 1
        own = f"loss, `{p.loss}`," if facts.model.own_loss else _own_metric(facts.model)
        if own and (less or more):
            return Found(
                f"{p.said}. Your own {own} gets the two as they are: where it subtracts them, "
                "(n,) and (n, 1) are broadcast to (n, n), every target against every output.",
                f"Give the targets the axis of the output, `{call}[:, None]`, or squeeze the "
                "output in your function."
                if less
                else "Let the model keep the last axis of its output, or give the targets none: "
                f"`np.squeeze({call}, axis=-1)`.",
            )
        t, o = p.sample()
        t = (1,) if t == () and len(o) == 1 else t
        stretched = (
            len(t) == len(o)
            and t != o
            and all(a == b or 1 in (a, b) for a, b in zip(t, o, strict=True) if None not in (a, b))
        )
        steps = [i for i, (a, b) in enumerate(zip(t, o, strict=True)) if a == 1 != b]
        if stretched and steps and steps[-1] < len(o) - 1 and None not in o:
            return _places_answered(p, o, steps)
        if stretched and len(o) == 1 and o[0] == 1:
            return Found(
                f"{p.said}. `{p.loss}` subtracts them, and the axis of size 1 is broadcast: the "
                f"one output is trained towards all {t[0]} numbers of a target.",
                f"Give the last layer as many units as a target has numbers: `Dense({t[0]})`.",
            )
        if stretched:
            return Found(
                f"{p.said}. `{p.loss}` subtracts them, and the axis of size 1 is broadcast: every "
                f"one of the {max(n or 0 for n in o)} outputs is trained towards the same number."
                if t[-1] == 1
                else f"{p.said}. `{p.loss}` subtracts them, and the axis of size 1 is broadcast, "
                "stretched to the size of the other.",
                f"As many units as a target has numbers: {t[-1]} in the last layer; for classes "
                f"given as whole numbers, take `{SPARSE}`."
                if t[-1] == 1
                else f"Bring both to the same shape: {p.target[1:]} and {p.output[1:]}.",
            )
    return None


def _own_metric(model):
    """Return what to call the first metric that is a function of the person's own, or ""."""
    own = (n for n, kind in model.measures if kind == "function" and not hasattr(keras.metrics, n))
    name = next(own, "")
    return f"metric, `{name}`," if name else ""


def _places_answered(p, o, axes):
    """Return what is told where one target is stretched over the steps or places of an output."""
    n = math.prod(o[i] for i in axes)
    lstm = next((s for s in reversed(p.way) if s.get("return_sequences")), None)
    if lstm is not None and lstm.family != "recurrent":
        lstm = None
    what = "steps" if len(o) == 2 else "places"
    return Found(
        f"{p.said}: an answer for each of {n} {what}, and one target for each sample. `{p.loss}` "
        f"subtracts them, and the target is broadcast to all {n} {what}.",
        f"Let `{lstm.name}` give the result of its last step only: leave `return_sequences=True` "
        "out of it."
        if lstm is not None and len(o) == 2
        else "Put a `Flatten()` layer, or a global pooling, before the last Dense.",
    )


@silent(
    belief="softmax gives a probability for a single unit, too",
    truth="softmax divides by the sum over the units, and one number divided by itself is 1",
    hint="print model.predict of two different samples.",
)
def softmax_of_one(facts):
    """Dense(1, activation="softmax")."""
    model = facts.model
    if not model.outputs or model.softmax != "softmax" or model.outputs[0][-1] != 1:
        return None
    return Found(
        f"The model ends with softmax over one unit, {model.outputs[0]}: whatever comes in, the "
        "output is 1.",
        'Take `Dense(1, activation="sigmoid")` with `binary_crossentropy`, or as many units as '
        "there are classes.",
    )


@also("silent", "softmax_of_one")
def _(facts):
    """Scores of an attention: Dense(1, activation="softmax") on (None, 18, 12)."""
    model = facts.model
    if model.softmax == "softmax" and model.outputs and model.outputs[0][-1] == 1:
        return None  # told already
    for step in (*model.way.steps[:-1], *model.within):
        last = (-1, len(step.after or ()) - 1)
        flat = step.get("activation") == "softmax" or (
            step.kind == "Softmax" and step.get("axis") in last
        )
        if flat and step.family != "own" and step.after and step.after[-1] == 1:
            where = "A layer of your own" if step.family == "operation" else f"`{step.name}`"
            return Found(
                f"{where} takes softmax over the last axis of {step.after}, which holds one "
                "number: whatever comes in, it gives 1.",
                "For weights along the steps, take the softmax over their axis: "
                "`Softmax(axis=1)`, behind a Dense without activation; or `softmax(x, axis=1)`."
                if len(step.after) > 2
                else 'Take `activation="sigmoid"`, or more units.',
            )
    return None


@also("silent", "softmax_of_one")
def _(facts):
    """categorical_crossentropy on one unit, which divides by the sum over the units itself."""
    model, loss = facts.model, "categorical_crossentropy"
    if model.loss != loss or not model.outputs or model.outputs[0][-1] != 1 or model.own_loss:
        return None
    if model.softmax == "softmax":
        return None  # told already
    return Found(
        f"The model ends with one unit, {model.outputs[0]}, and `{loss}` compares the units of a "
        "sample with each other: of one alone the loss is 0, whatever comes in, and nothing is "
        "learned.",
        'Take `loss="binary_crossentropy"` with `activation="sigmoid"`, or as many units as there '
        "are classes.",
    )


@silent(
    belief="softmax finds the axis of the classes by itself",
    truth="it sums over one axis, the last unless told otherwise",
    hint="sum the output over each of its axes: which sum is 1?",
)
def softmax_axis(facts):
    """Softmax(axis=1) on (None, 10, 4), where the classes are on the last axis."""
    for layer in facts.model.layers[-2:]:
        axis = layer.get("axis", -1)
        n = len(facts.model.outputs[0]) if facts.model.outputs else 0
        if layer.kind == "Softmax" and isinstance(axis, int) and axis not in (-1, n - 1):
            return Found(
                f"`{layer.name}` is a softmax over axis {axis}, and the classes are on the last "
                f"axis of {facts.model.outputs[0]}.",
                "Leave `axis` out, so that softmax is taken over the last axis.",
            )
    return None


@silent(
    belief="a loss for classes makes probabilities by itself",
    truth="it takes what it is given for probabilities, unless `from_logits=True` says otherwise",
    hint="print one row of model.predict(x), and its sum.",
)
def activation_and_loss(facts):
    """categorical_crossentropy without softmax, or softmax and from_logits=True."""
    model = facts.model
    loss = model.loss if isinstance(model.loss, str) else ""
    if loss not in (*ROWS[:1], SPARSE, BINARY[0]) or not model.outputs or model.own_loss:
        return None
    known = model.last is not None and model.last.family in ("dense", "conv")
    if not model.softmax and not model.logits and known:
        act = "sigmoid" if loss in BINARY else "softmax"
        mend = f'Give the last layer `activation="{act}"`, or the loss `from_logits=True`.'
        if act == "softmax" and model.outputs[0][-1] == 1:
            mend = (
                'Give the last layer a unit for each class and `activation="softmax"`; or, for yes '
                'or no, `activation="sigmoid"` and the loss `binary_crossentropy`.'
            )
        return Found(
            f"The last layer has no activation, and `{loss}` takes its numbers for probabilities.",
            mend,
        )
    rows = loss in (ROWS[0], SPARSE) and not model.logits
    if rows and known and model.softmax in ("relu", "tanh"):
        return Found(
            f"The model ends with {model.softmax}, and `{loss}` takes its numbers for "
            "probabilities, which are above 0 and add up to 1.",
            'Give the last layer `activation="softmax"`.',
        )
    if model.softmax in ("softmax", "sigmoid") and model.logits:
        return Found(
            f"The model ends with {model.softmax}, and the loss has `from_logits=True`: it applies "
            "it a second time.",
            "Leave out one of the two.",
        )
    return None


@also("silent", "labels_off_by_one")
@given(_labels)
def _(facts, p, low, high):
    """Labels 1 to 4 for five units: unit 0 never has a sample."""
    if p.loss != SPARSE:
        return None
    k = p.output[-1]
    call = named(p.data, "y").strip("`")
    if low >= 1 and high == k:
        return Found(
            f"The labels go from {low} to {high}, and the last layer has {k} units, for the "
            f"classes 0 to {k - 1}: {high} is outside.",
            f"Count the labels from 0: `{call} - 1`.",
        )
    if low == 1 and high == k - 1:
        return Found(
            f"The labels go from 1 to {high}, and classes count from 0: unit 0 of the {k} never "
            "has a sample.",
            f"Count from 0, `{call} - 1`, with {high} units; if there just happens to be no sample "
            "of class 0, all is well.",
        )
    return None


@also("silent", "units_vs_labels")
@given(_labels)
def _(facts, p, low, high):
    """Labels beyond the units of the last layer, or other than 0 and 1 for one unit."""
    k = p.output[-1]
    if p.loss == SPARSE and k and (low < 0 or high >= k) and not (low >= 1 and high == k):
        return Found(
            f"The labels go from {low} to {high}, and the last layer has {number(k, 'unit')}, for "
            f"the classes 0 to {k - 1}: some labels are outside. TensorFlow on a CPU refuses "
            "them; elsewhere the loss may become nan, without a word.",
            f"Give the last layer a unit for each class: `Dense({high + 1})`.",
        )
    call = named(p.data, "y").strip("`")
    files = {(0, 255): f"({call} > 127).astype(int)", (-1, 1): f"({call} + 1) // 2"}
    if p.loss in BINARY and k == 1 and (low < 0 or high > 1):
        return Found(
            f"`{p.loss}` takes labels that are 0 or 1, and these go from {low} to {high}.",
            f"Make 0 and 1 of them: `{files[low, high]}`."
            if (low, high) in files
            else "Number two classes 0 and 1; for more classes take as many units as classes, "
            f"softmax and `{SPARSE}`.",
        )
    return None


@silent(
    belief="softmax answers for each label by itself",
    truth="the outputs of a softmax sum to 1, so they share one answer; where a sample may have "
    "several labels, each unit needs a sigmoid",
    hint="sum up the rows of your targets: is every sum 1?",
)
def several_labels(facts):
    """Rows such as (1, 0, 1, 1) for softmax and categorical_crossentropy."""
    p = _first(facts)
    d = p.data if p is not None else None
    if d is None or p.loss not in ROWS[:1] or not p.agree() or len(p.target) != 2:
        return None
    if not d.whole or d.low != 0 or d.high != 1 or d.one_hot or facts.model.softmax != "softmax":
        return None
    return Found(
        f"The targets are rows of {p.target[-1]} numbers 0 and 1, and not each of them has just "
        f"one 1; `{p.loss}` behind a softmax takes them for one class a sample.",
        'Take `activation="sigmoid"` in the last layer and `loss="binary_crossentropy"`.',
    )


@also("silent", "several_labels")
def _(facts):
    """One-hot rows of 10 classes for softmax and binary_crossentropy."""
    p = _first(facts)
    d = p.data if p is not None else None
    if d is None or p.loss != BINARY[0] or not d.one_hot or facts.model.softmax != "softmax":
        return None
    if not p.agree() or len(p.target) != 2 or p.target[-1] < 3:
        return None
    return Found(
        f"Each target is one of {p.target[-1]} classes, one-hot, and the model ends with softmax; "
        f"`{p.loss}` takes every unit for a question of its own, as `binary_accuracy` does, which "
        "counts the many zeros as right.",
        'Take `loss="categorical_crossentropy"` and `metrics=["accuracy"]`.',
    )


@silent(
    belief="a recurrent layer finds the steps wherever they are",
    truth="it goes along axis 1, and the numbers on the last axis are features of one and the "
    "same step",
    hint="print the shape of x: how many steps has a sample?",
)
def one_step(facts):
    """An LSTM on (None, 1, 30): windows of 30 steps that stand on the axis of the features."""
    steps = facts.model.way.steps or facts.model.layers
    first = next((s for s in steps if s.family not in ("input", "same")), None)
    shape = facts.model.inputs[0] if len(facts.model.inputs) == 1 else ()
    if first is None or first.family != "recurrent" or len(shape) != 3 or shape[1] != 1:
        return None
    if first.get("stateful") or not shape[2] or shape[2] < 5:
        return None
    return Found(
        f"The model takes {shape}: one step with {shape[2]} features, so `{first.name}` goes along "
        "a single step and remembers nothing.",
        f"If the {shape[2]} numbers are steps of a series, put them there: `x.reshape(-1, "
        f"{shape[2]}, 1)`, and `keras.Input(({shape[2]}, 1))`.",
    )


@silent(
    belief="a metric finds out by itself how the labels are written",
    truth="each reads them in one way: CategoricalAccuracy by the place of the largest number in a "
    "row, so it needs one-hot rows, and Accuracy as numbers that are equal or not",
    hint="print the shape of the labels, and read the name of the metric.",
)
def rows_measured(facts):
    """CategoricalAccuracy for whole-number labels."""
    found = _labels(facts)
    k = found[0].output[-1] if found is not None else None
    names = [n for n, kind in facts.model.measures if kind in _OF_ROWS]
    if not names or not k or k == 1 or len(facts.model.outputs) != 1:
        return None
    p = found[0]
    column = len(p.target) == len(p.output)
    return Found(
        f"The metric `{names[0]}` takes the place of the largest number in each row of the "
        f"targets, and these are whole numbers, one for each sample, of the shape {p.target}"
        + (
            ": that place is always 0, so it counts how often class 0 comes out." if column else "."
        ),
        'Take `"sparse_categorical_accuracy"`, or just `"accuracy"`, for whole numbers; or make '
        "the labels one-hot, with a loss without `sparse` in its name.",
    )


@also("silent", "rows_measured")
def _(facts):
    """keras.metrics.Accuracy() for probabilities."""
    names = [n for n, kind in facts.model.measures if kind == "Accuracy"]
    if not names or facts.model.softmax not in ("softmax", "sigmoid"):
        return None
    name = "Binary" if facts.model.outputs and facts.model.outputs[0][-1] == 1 else "Categorical"
    return Found(
        f"The metric `{names[0]}` is a `keras.metrics.Accuracy`, which counts where output and "
        "target are the very same number, and the outputs are probabilities, such as 0.7: it "
        "stays at 0 or close to it.",
        f'Take `metrics=["accuracy"]`, which finds the right one by the loss, or '
        f"`keras.metrics.{name}Accuracy()`.",
    )


_OF_ROWS = ("CategoricalAccuracy", "categorical_accuracy")


@silent(
    belief="the last activation is a matter of taste",
    truth="a model can give only what its last activation lets through",
    hint="print the least and the largest target.",
)
def out_of_reach(facts):
    """Sigmoid at the end, and targets up to 250."""
    p = _first(facts)
    model = facts.model
    if p is None or p.data is None or p.data.low is None or p.classes or len(model.outputs) != 1:
        return None
    reach = {"sigmoid": (0, 1), "softmax": (0, 1), "tanh": (-1, 1), "relu": (0, None)}
    low, high = reach.get(model.softmax, (None, None))
    below = low is not None and p.data.low < low
    above = high is not None and p.data.high > high
    if not (below or above) or p.loss in BINARY:
        return None
    span = f"from {low} to {high}" if high is not None else "no number below 0"
    return Found(
        f"The last activation, {model.softmax}, gives {span}, and the targets go from "
        f"{p.data.low:g} to {p.data.high:g}.",
        "Leave the activation of the last layer out, or scale the targets.",
    )


@also("silent", "channel_order")
def _(facts):
    """keras.Input((3, 32, 32)) in front of convolutions that look for channels last."""
    model = facts.model
    first = next((s for s in model.layers if s.family in ("conv", "pool", "flatten")), None)
    shape = model.inputs[0] if model.inputs else ()
    if len(shape) != 4 or first is None or first.family != "conv" or clash(facts) is not None:
        return None
    c, rows, columns = shape[1:]
    if first.get("data_format") == "channels_first" or c not in (1, 3) or None in (rows, columns):
        return None
    if columns <= 4:
        return None
    return Found(
        f"The model takes {shape}, and `{first.name}` looks for the channels on the last axis: it "
        f"sees images {c} pixel{'s' * (c > 1)} high with {columns} channels.",
        f"Put the channels last: `keras.Input({(rows, columns, c)})`, and `np.moveaxis(x, 1, -1)`.",
    )


@also("silent", "channel_order")
def _(facts):
    """BatchNormalization(axis=1) behind convolutions that have their channels last."""
    steps = facts.model.way.steps
    if any(s.get("data_format") == "channels_first" for s in steps):
        return None
    found = (s for s in steps if s.before and rows_normalized(s, s.before[0]))
    layer = next((s for s in found if s.before[0][1] != s.before[0][-1]), None)
    if layer is None:
        return None
    return Found(
        f"`{layer.name}` has `axis=1`, so of {layer.before[0]} it takes a mean for each row, and "
        "the channels are on the last axis.",
        f"Leave `axis=1` out of `{layer.kind}`: by itself it takes the last axis.",
    )


@silent(
    belief="Reshape moves axes",
    truth="it fills the new shape number by number in the old order, so what belonged together is "
    "torn apart; Permute moves axes",
    hint="try both on `np.arange(6).reshape(1, 2, 3)`.",
)
def reshape_for_permute(facts):
    """Reshape((500, 12)) on samples of (12, 500)."""
    for step in facts.model.way.steps:
        shape, to = sample(step.before[0]) if step.before else (), sample(step.after or ())
        if step.kind != "Reshape" or None in (*shape, *to) or len(shape) != len(to):
            continue
        if [n for n in shape if n != 1] == [n for n in to if n != 1] or sorted(shape) != sorted(to):
            continue
        order = []
        for n in to:  # equal sizes keep their order
            order.append(next(i for i, m in enumerate(shape, 1) if m == n and i not in order))
        return Found(
            f"`{step.name}` makes {to} of samples of {shape}: the same sizes in another order. A "
            "Reshape doesn't exchange axes; it goes on cutting the same row of numbers.",
            f"Take `Permute({tuple(order)})`.",
        )
    return None


@silent(
    belief="accuracy tells how good any model is",
    truth="it counts how often the class is right, and quantities are hardly ever met to the last "
    "digit",
    hint="print a few predictions beside their targets.",
)
def accuracy_of_quantities(facts):
    """metrics=["accuracy"] with mse, and prices as targets."""
    p = _first(facts)
    names = [n for n, _ in facts.model.measures if n in ("accuracy", "acc")]
    if p is None or p.data is None or not names or p.loss not in _OF_QUANTITIES:
        return None
    if p.data.low is None or p.data.whole or p.data.shares or 0 <= p.data.low < p.data.high <= 1:
        return None
    return Found(
        f"The targets are quantities, from {p.data.low:g} to {p.data.high:g}, the loss is "
        f"`{p.loss}`, and the metric `{names[0]}` counts how often a class is right: it will stay "
        "near 0, however good the model is.",
        'Take a metric for quantities: `metrics=["mae"]`.',
    )


_OF_QUANTITIES = ("mean_squared_error", "mean_absolute_error", "huber", "log_cosh")
_OF_QUANTITIES += ("mean_squared_logarithmic_error", "mean_absolute_percentage_error")


@silent(
    belief="a Sequential checks the size that its Input declares",
    truth="its layers take what they can: convolutions work on other sizes as well",
    hint="print model.output_shape, and the shape of model.predict(x).",
)
@given(clash)
def other_size_taken(facts, c):
    """A Sequential of convolutions, declared for (32, 32, 3), on images (40, 40, 3)."""
    if facts.model.kind != "Sequential" or facts.layer is not None or len(c.got) != len(c.declared):
        return None
    return Found(
        f"{c.said}. A Sequential takes it without a word, and gives {facts.way.end[0]}."
        if facts.way.end
        else f"{c.said}. A Sequential takes it without a word.",
        "Declare the size that the data has, or bring the data to the declared one.",
    )


@silent(
    belief="a dataset hands over all its samples",
    truth="with `drop_remainder=True` the last ones, which don't fill a batch, are left out",
    hint="count the samples that one pass through your dataset gives.",
)
def samples_dropped(facts):
    """dataset.batch(32, drop_remainder=True)."""
    x = facts.feed.x
    if x.source != "dataset" or not x.shape or not x.shape[0] or x.shape[0] == 1:
        return None
    n = x.shape[0]
    if facts.model.inputs and len(x.shape) != len(facts.model.inputs[0]):
        return None
    if facts.feed.batches == 0:
        return Found(
            f"The dataset yields no batch at all: it is cut into batches of {n} with "
            "`drop_remainder=True`, and has fewer samples. Nothing will be trained.",
            "Leave `drop_remainder=True` out, or take smaller batches.",
        )
    return Found(
        f"The dataset's batches all have {n} samples (`drop_remainder=True`): up to {n - 1} "
        "samples at its end are dropped in each epoch.",
        "Leave `drop_remainder=True` out, unless a layer needs batches of one size.",
    )


@silent(
    belief="what is zipped has one length, or is refused",
    truth="`zip` ends where the shorter one ends, and leaves the rest of the others out",
    hint="print the cardinality of each dataset before they are zipped.",
)
def zipped_short(facts):
    """tf.data.Dataset.zip((pictures, labels)) of 10 batches and 6."""
    parts = facts.feed.zipped
    if len(set(parts)) < 2:
        return None
    return Found(
        f"The dataset is zipped of others with {' and '.join(map(str, parts))} elements: it ends "
        f"after {min(parts)}, and the rest of the longer one is never used.",
        "Make both of as many samples: compare `len()` of what they are made of.",
    )


@also("silent", "batch_size_written")
def _(facts):
    """A layer that makes a batch of 64, whatever arrives."""
    maker = batch_maker(facts.model)
    if maker is None:
        return None
    fixed = maker.after[0]
    return Found(
        f"`{maker.name}` ({maker.kind}) gives {maker.after} of {maker.before[0]}: it makes a batch "
        f"of {fixed}, whatever arrives, so a batch of another size, such as the last one, won't "
        "fit, or goes through where it may be broadcast.",
        "Take the number of samples from what arrives: `ops.shape(x)[0]`.",
    )


@also("silent", "index_out_of_range")
def _(facts):
    """Indices up to 500 for Embedding(500, 8)."""
    table = next((s for s in facts.model.layers if s.family == "embedding"), None)
    data = facts.feed.x.one
    if table is None or data is None or data.high is None or not data.whole:
        return None
    rows = table.get("input_dim")
    if data.low >= 0 and data.high < rows:
        return None
    return Found(
        f"The indices go from {data.low:g} to {data.high:g}, and `{table.name}` has `input_dim="
        f"{rows}`, rows for 0 to {rows - 1}. TensorFlow on a CPU refuses the others; elsewhere "
        "they are taken for the last row, or for nan, without a word.",
        f"`input_dim={int(data.high) + 1}`, the largest index plus 1.",
    )


@also("silent", "list_input")
def _(facts):
    """fit([a, b], y) for a Sequential."""
    x, model = facts.feed.x, facts.model
    if x.structure != "list" or len(x.keys) < 2 or model.kind != "Sequential" or not model.inputs:
        return None
    return Found(
        f"`x` is a list of {len(x.keys)} arrays, and a Sequential has one input: it takes the "
        "first of them, and the others are left out without a word.",
        "Join them along the features (`np.concatenate([...], axis=-1)`), make one array of them, "
        "if they are samples (`np.stack(x)`), or give a Functional model an `Input` for each.",
    )


@also("silent", "cardinality")
def _(facts):
    """50 samples with 40 targets."""
    x, y = facts.feed.x.shape, facts.feed.y.shape
    if not x or not y or facts.feed.x.source == "dataset" or x[0] == y[0]:
        return None
    return Found(
        f"There are {number(x[0], 'sample')} and {number(y[0], 'target')}: as many of each are "
        "needed.",
        "Look for the step after which the two numbers differ.",
    )


#: Layers that leave no number out: what is computed with nan is nan. A pooling may pass over it,
#: and a layer or an operation of somebody's own may put a number in its place.
_PASS_ON = ("input", "dense", "conv", "upconv", "recurrent", "flatten", "reshape", "same")
_PASS_ON += ("up", "pad", "attention", "global")


@silent(
    belief="a gap in the data is passed over",
    truth="what is computed with `nan` is `nan`, and so one of them reaches the loss and, by it, "
    "every weight; Keras says nothing of it",
    hint="print `np.isfinite(x).all()` and `np.isfinite(y).all()`.",
)
def numbers_missing(facts):
    """A table with a gap, which was read as nan."""
    x, y, model = facts.feed.x.one, facts.feed.y.one, facts.model
    if model.kind not in ("Sequential", "Functional") or len(model.inputs) != 1:
        return None
    steps = model.way.steps or model.layers
    if any(s.family not in _PASS_ON and s.kind != "Normalization" for s in steps):
        x = None
    if model.own_loss or not isinstance(model.loss, str):
        y = None  # it may leave out what isn't there
    for data, label in ((x, "x"), (y, "y")):
        if data is not None and data.lost:
            call = named(data, label).strip("`")
            return Found(
                f"`{call}` holds {number(data.lost, 'number')} that {_is_or_are(data.lost)} `nan` "
                "or infinite: a gap, or what was divided by 0.",
                f"Look where: `np.argwhere(~np.isfinite({call}))`. Fill in what is missing there, "
                "or leave those samples out, of x and y alike.",
            )
    return None


def _is_or_are(n):
    return "is" if n == 1 else "are"
