"""Values out of range, batches of a fixed size, masks, and what TensorFlow says of raw sums."""

import re
from dataclasses import replace

from autograder.learn.mistakes.causes.clashes import clash
from autograder.learn.mistakes.causes.pairs import TRAINS, pair, pairs
from autograder.learn.mistakes.causes.words import (
    SHAPE,
    fits,
    named,
    number,
    sizes,
    two_shapes,
    wrote,
)
from autograder.learn.mistakes.rule import Found, also, fault, given, in_whole


def _outside(facts):
    """Return (value, number of classes, least, largest) of labels that are no class, or None."""
    told = re.search(
        r"label value of (-?\d+) which is outside the valid range of \[0, (\d+)\)", facts.whole
    )
    if told:
        value, k = int(told[1]), int(told[2])
        listed = re.search(r"Label values: ([-\d ]+)", facts.whole)
        values = [int(n) for n in listed[1].split()] if listed else [value]
        low, high = min(values), max(values)
        y = facts.feed.y.one
        if y is not None and y.low is not None and not facts.inside:
            low, high = int(y.low), int(y.high)
        return value, k, low, high
    if facts.did not in TRAINS or pair(facts) is not None:
        return None
    if not re.search(r"out of (?:bounds|range)|outside", facts.whole):
        return None
    for p in pairs(facts, False):
        k = p.output[-1]
        known = p.data is not None and p.data.whole and p.data.low is not None
        if p.loss.startswith("sparse") and known and k and not 0 <= p.data.low <= p.data.high < k:
            value = int(p.data.high if p.data.high >= k else p.data.low)
            return value, k, int(p.data.low), int(p.data.high)
    return None


@fault(
    belief="the classes may be counted from 1",
    truth="Keras counts classes from 0, so five of them have the numbers 0 to 4",
    hint="print the least and the largest label, and the number of units of the last layer.",
)
@given(_outside)
def labels_off_by_one(facts, value, k, low, high):
    """Labels 1 to 5 for five units."""
    if not (low >= 1 and high == k):
        return None
    call = "labels" if facts.inside else named(facts.feed.y.one, "y").strip("`")
    return Found(
        f"The labels go from {low} to {high}, and the last layer has {k} units, for the classes 0 "
        f"to {k - 1}: {value} is outside.",
        f"Count the labels from 0: `{call} - 1`.",
    )


@also("fault", "units_vs_labels")
@given(_outside)
def _(facts, value, k, low, high):
    """Labels up to 27 for ten units, or -1 and 1 for two."""
    call = named(facts.feed.y.one, "y").strip("`")
    units = "1 unit" if k == 1 else f"{k} units"
    if low < 0:
        return Found(
            f"The labels go from {low} to {high}; classes count from 0, and {value} is outside of "
            f"the {units} of the last layer.",
            "Number the labels from 0 on, for example `np.unique(y, return_inverse=True)[1]`.",
        )
    if high == 255 and len(facts.feed.y.shape or ()) > 2 and k > 2:
        return Found(
            f"The labels go from {low} to 255, and the last layer has {units}, for the classes 0 "
            f"to {k - 1}. In masks, 255 often marks places that belong to no class, such as the "
            "borders of objects.",
            "Leave these places out: "
            "`keras.losses.SparseCategoricalCrossentropy(ignore_class=255)`; or give them a class "
            f"of their own, `np.where({call} == 255, {k}, {call})`, and the last layer a unit "
            "more.",
        )
    if k == 1:
        return Found(
            f"The labels are classes from {low} to {high}, and the last layer has one unit, which "
            "for this loss is one class: the numbers of units and classes must match.",
            'Take `loss="binary_crossentropy"` with one sigmoid unit for two classes; otherwise as '
            f"many units as classes: `Dense({high + 1})`.",
        )
    return Found(
        f"The labels go from {low} to {high}, {high + 1} classes when they count from 0, and the "
        f"last layer has {units}: {value} is outside.",
        f"Give the last layer a unit for each class, `Dense({high + 1})`; or, if the labels have "
        f"gaps, number them anew from 0: `np.unique({call}, return_inverse=True)[1]`.",
    )


@fault(
    belief="an Embedding of n rows takes the indices 1 to n",
    truth="it takes 0 to n - 1: its `input_dim` has to be the largest index plus 1",
    hint="print the largest index in your data beside input_dim.",
)
def index_out_of_range(facts):
    """Index 500 for Embedding(500, 8)."""
    told = re.search(r"= (-?\d+) is not in \[0, (\d+)\)", facts.whole)
    high = rows = None
    if told:
        high, rows = int(told[1]), int(told[2])
    elif re.search(r"[Ii]ndex(?:ing)? .*out of (?:range|bounds)|index out of range", facts.whole):
        tables = [s for s in (facts.model.layers if facts.model else ()) if s.family == "embedding"]
        if facts.layer is not None and facts.layer.family == "embedding":
            tables = [facts.layer]
        data = [d for d in facts.feed.x.items if d.high is not None]
        for table in tables:
            rows = table.get("input_dim")
            over = [d for d in data if d.high >= rows or d.low < 0]
            if over:
                high = int(over[0].high if over[0].high >= rows else over[0].low)
                break
    if high is None or rows is None:
        return None
    x = facts.feed.x.one
    below = high < 0
    layer, model = facts.layer, facts.model
    tables = [s for s in (layer, *(model.layers if model else ())) if s and s.family == "embedding"]
    words = any(s.get("input_dim") == rows for s in tables)
    if words and x is not None and x.high is not None and x.high >= rows:
        high = int(x.high)
    if not words and "embedding" not in facts.whole.lower():
        return None
    if not words:
        return Found(
            f"The index {high} is outside: there are {rows} entries, 0 to {rows - 1}.",
            f"Let the indices end at {rows - 1}.",
        )
    if x is not None and x.low is not None and not x.whole:
        return Found(
            f"An Embedding with `input_dim={rows}` has rows for the whole numbers 0 to {rows - 1}, "
            f"and the data, from {x.low:g} to {x.high:g}, holds no whole numbers: its numbers are "
            "quantities, and no indices of words or kinds.",
            "Quantities need no Embedding: leave it out; or turn them into whole numbers first, by "
            "a `Discretization` layer.",
        )
    return Found(
        f"The index {high} is outside of the table: an Embedding with `input_dim={rows}` has rows "
        f"for 0 to {rows - 1}.",
        "Number the words from 0 on; an index below 0 has no row."
        if below
        else f"Make the table one larger than the largest index, `input_dim={high + 1}` (the size "
        "of the vocabulary plus 1, if its words are counted from 1), or limit the indices.",
    )


@fault(
    belief="a batch may have any size",
    truth="a stateful layer, or an Input with `batch_shape`, is made for one batch size, and every "
    "batch must have it",
    hint="divide the number of samples by the batch size: is there a remainder?",
)
def stateful_batch(facts):
    """stateful=True, batches of 8, and a last batch of 3."""
    model = facts.model
    if model is None or not model.inputs or model.inputs[0][0] is None or facts.inside:
        return None
    fixed = model.inputs[0][0]
    shape = facts.feed.x.shape
    got = facts.fed[0] if facts.fed and facts.fed[0] is not None else None
    state = any(s.get("stateful") for s in model.layers) or any(
        s.inner is not None and s.inner.get("stateful") for s in model.layers
    )
    if shape is None or clash_but_batch(facts) or re.search("target|cardinality", facts.text):
        return None
    n, size = shape[0], facts.batch_size or 32
    if facts.did in ("__call__", "call", "train_on_batch", "test_on_batch", "predict_on_batch"):
        size = n
    if facts.feed.x.source == "dataset":
        n = size = n or _smaller_batch(facts, fixed)
        if n is None:
            return None
    first = min(n, size)
    if first == fixed and n % fixed == 0 and got in (None, fixed):
        return None
    rest = n % size
    wrong = first if first != fixed else rest
    if not wrong or wrong == fixed:
        return None
    what = "is stateful and was built" if state else "was declared"
    return Found(
        f"The model {what} for batches of {fixed} samples, and a batch of {wrong} arrives"
        + (f" ({n} samples in batches of {size})." if n != wrong else "."),
        "Give every batch the same size: "
        + (
            f"`.batch({fixed}, drop_remainder=True)`, which leaves a smaller last one out"
            if facts.feed.x.source == "dataset"
            else f"`batch_size={fixed}`, and a number of samples that is a multiple of {fixed}"
        )
        + "; to ask about single samples, build the model again with another `batch_shape` and "
        "`set_weights(model.get_weights())`"
        + (", or do without `stateful=True`." if state else "."),
    )


def _smaller_batch(facts, fixed):
    """Return how many samples met something made for a batch of `fixed`; None if it isn't told."""
    both = two_shapes(facts.text) or ((),)
    met = {s[0] for s in both if s}
    return min(met) if len(met) == 2 and max(met, key=lambda n: n or 0) == fixed else None


@fault(
    belief="every batch has the size that was asked for",
    truth="the last one holds what is left, so a layer takes the number of samples from what "
    "arrives",
    hint="divide the number of samples by the batch size: is there a remainder?",
)
def batch_size_written(facts):
    """keras.random.normal((64, 2)) in a sampling layer, and a last batch of 36."""
    maker = batch_maker(facts.model)
    if maker is None or not re.search(_PRODUCT, facts.whole):
        return None
    fixed, shape = maker.after[0], facts.feed.x.shape
    n, size = (shape or (None,))[0], facts.batch_size or 32
    if not n or not re.search(rf"\b{fixed}\b", facts.whole):
        return None
    wrong = size if size != fixed else n % size
    if wrong in (0, fixed):
        return None
    return Found(
        f"`{maker.name}` ({maker.kind}) gives {maker.after} of {maker.before[0]}: it makes a batch "
        f"of {fixed}, whatever arrives, and a batch of {min(wrong, n)} arrives ({n} samples in "
        f"batches of {size}).",
        "Take the number of samples from what arrives: `ops.shape(x)[0]`, or "
        "`keras.random.normal(ops.shape(x))` for noise of its shape.",
    )


def batch_maker(model):
    """Return the first layer that makes a batch of a fixed size of one left open, or None."""
    for step in model.way.steps if model is not None else ():
        shapes = [s for s in step.before if s]
        open_ = shapes and all(s[0] is None for s in shapes)
        if open_ and step.after and step.after[0] is not None and step.family != "input":
            return step
    return None


def clash_but_batch(facts):
    """Tell whether data differs from the declared input in more than the batch size."""
    c = clash(facts)
    return c is not None and not (
        len(c.got) == len(c.declared)
        and all(d in (None, n) for n, d in zip(c.got[1:], c.declared[1:], strict=True))
    )


#: What is said where a product or sum inside of a layer fails.
_PRODUCT = r"must be equal|[Ii]ncompatible|MatMul|mat1|dot_general|broadcast|size of tensor"


@fault(
    belief="a recurrent layer begins from a state of any width",
    truth="its state has as many numbers as it has units, so an encoder hands its state only to a "
    "decoder of as many units",
    hint="print the shapes of the states beside the units of the layer that takes them.",
)
def state_width(facts):
    """LSTM(32)(x, initial_state=states of LSTM(64))."""
    told = re.search(
        r"enters the loop with shape (\([^)]*\)), but has shape (\([^)]*\)) after one iteration",
        facts.whole,
    )
    if told and facts.layer is not None and facts.layer.family == "recurrent":
        return Found(
            f"A cell of `{facts.layer.name}` begins with a state of the shape {told[1]}, as its "
            f"`state_size` says, and gives back one of the shape {told[2]}.",
            "Let its `call` return a new state of the same size: `output, [new_state]`.",
        )
    if not re.search(_PRODUCT, facts.whole):
        return None
    steps = facts.model.way.steps if facts.model else ()
    if facts.layer is not None and facts.layer.family == "recurrent":
        steps = (replace(facts.layer, before=facts.received), *steps)
    layer, given = facts.layer, facts.received
    if layer is not None and layer.family == "recurrent" and len(given) > 1 and len(given[0]) == 3:
        n, states = given[0][0], [s for s in given[1:] if len(s) == 2]
        other = [s for s in states if None not in (n, s[0]) and s[0] != n]
        if other:
            return Found(
                f"`{layer.name}` ({layer.kind}) was given {number(n, 'sample')}, {given[0]}, and "
                f"begins from a state of the shape {other[0]}, for {other[0][0]}: it keeps a state "
                "for each sample.",
                f"Make states of the shape {(n, other[0][1])}, from the batch itself: "
                "`ops.zeros((ops.shape(x)[0], units))`.",
            )
    for step in steps:
        units = step.get("units")
        wrong = [s for s in step.before[1:] if len(s) == 2 and units and s[-1] not in (units, None)]
        if step.family == "recurrent" and step.kind != "Bidirectional" and wrong:
            return Found(
                f"`{step.name}` ({step.kind}) has {number(units, 'unit')}, and begins from a state "
                f"of the shape {wrong[0]}, of {number(wrong[0][-1], 'number')}; the two must be "
                "the same.",
                f"Give both layers as many units: `{step.kind}({wrong[0][-1]}, ...)` here, or "
                f"{units} in the layer whose state it takes; where the encoder is Bidirectional, "
                "its two states are joined first, and the decoder has twice the units.",
            )
    return None


@fault(
    belief="`return_state=True` gives one thing more, whatever the layer",
    truth="with it an LSTM gives three tensors, its output and two states, a GRU two, and a "
    "Bidirectional the states of both directions",
    hint="print len() of what the layer gives.",
)
def states_counted(facts):
    """out, h, c = Bidirectional(LSTM(8, return_state=True))(x)."""
    told = re.search(r"(?:too many|not enough) values to unpack \(expected (\d+)", facts.text)
    found = _with_states(facts)
    if not told or not found:
        return None
    kind, both = found
    long = kind == "LSTM"
    given = 1 + (1 + long) * (1 + both)
    what = f"`Bidirectional` of `{kind}`" if both else f"`{kind}`"
    names = "out, h, c" if long else "out, state"
    if both:
        names = "out, forward_h, forward_c, backward_h, backward_c" if long else "out, forward, "
        names += "backward" * (not long)
    return Found(
        f"{what} with `return_state=True` gives {given} tensors, and this line takes {told[1]}.",
        f"Take all of them: `{names} = ...`"
        + (
            "; a decoder begins from the two directions joined, `Concatenate()([forward_h, "
            "backward_h])`, and has twice the units."
            if both and long
            else "."
        ),
    )


@also("fault", "states_counted")
def _(facts):
    """LSTM(8)(x, initial_state=[h])."""
    layer, given = facts.layer, facts.received
    states = {"LSTM": 2, "GRU": 1, "SimpleRNN": 1}.get(layer.kind if layer is not None else "")
    if not states or len(given) < 2 or len(given[0]) != 3 or any(len(s) != 2 for s in given[1:]):
        return None
    if len(given) - 1 == states or "index out of range" not in facts.text:
        return None
    return Found(
        f"`{layer.name}` ({layer.kind}) begins from {number(states, 'state')}, and was given "
        f"{len(given) - 1}.",
        f"Hand over {'both, `initial_state=[h, c]`' if states == 2 else 'one'}: with "
        "`return_state=True` an LSTM gives its output and two states, a GRU its output and one.",
    )


def _with_states(facts):
    """Return the kind of the layer whose states a line takes, and if it goes both ways; or None."""
    layer, line = facts.asked, wrote(facts)
    if layer is not None:
        inner = layer.inner or layer
        states = layer.get("return_state") and inner.kind in ("LSTM", "GRU", "SimpleRNN")
        return (inner.kind, inner is not layer) if states else None
    kind = re.search(r"\b(LSTM|GRU|SimpleRNN)\(", line)
    return (kind[1], "Bidirectional(" in line) if kind and "return_state" in line else None


@fault(
    belief="an attention mask has one entry a word",
    truth="`attention_mask` says for each query which keys it may see: its axes are (batch, "
    "queries, keys), or (batch, 1, keys)",
    hint="print the shapes of query, key and mask.",
)
def mask_shape(facts):
    """MultiHeadAttention()(x, x, attention_mask=pad) with pad of shape (batch, words)."""
    layer = facts.layer
    if layer is None or layer.family != "attention" or "mask" not in facts.whole.lower():
        return None
    shapes = re.search(r"attention_mask=[^(]*\(shape=(\([^)]*\))", facts.whole)
    given = shapes[1] if shapes else None
    queries = facts.received[0] if facts.received else None
    keys = facts.received[1] if len(facts.received) > 1 else queries
    if given is None or queries is None or len(queries) < 3 or len(keys) < 3:
        return None
    want = (queries[0], queries[1], keys[1])
    if len(sizes(given)) == 3:
        return None  # it has the axes, and other sizes: see mask_length
    return Found(
        f"The attention mask has the shape {given}, and the mask's axes have to be (batch, "
        f"queries, keys), here {want}.",
        "A mask of padded words, (batch, words), with an entry for each of the "
        f"{keys[1]} keys, goes in as `mask[:, None, :]`, (batch, 1, keys).",
    )


@fault(
    belief="a mask needn't be as long as what it masks",
    truth="it says of each step whether that counts, so it has as many entries as there are steps",
    hint="print the shape of the mask beside that of the sequences.",
)
def mask_length(facts):
    """LSTM(4)(x, mask=mask) with 10 steps in x and 15 in the mask."""
    layer = facts.layer
    told = re.search(rf"\bmask=\w[\w.]*\(shape=({SHAPE})", facts.whole)
    if layer is None or layer.family not in ("recurrent", "each") or not told:
        return None
    mask, given = sizes(told[1]), facts.received[0] if facts.received else ()
    if len(mask) != 2 or len(given) < 3 or None in (mask[1], given[1]) or mask[1] == given[1]:
        return None
    return Found(
        f"`{layer.name}` ({layer.kind}) was given {given}, with {number(given[1], 'step')}, and a "
        f"mask of the shape {mask}, with {number(mask[1], 'entry', 'entries')} for each sample.",
        "Make the mask of the very sequences that go in, after they were cut or padded.",
    )


@also("fault", "mask_length")
def _(facts):
    """A causal mask of (1, 10, 10) for 12 steps."""
    layer, given = facts.layer, facts.received
    told = re.search(rf"attention_mask=[^(]*\(shape=({SHAPE})", facts.whole)
    if layer is None or layer.family != "attention" or not told or not given:
        return None
    mask, (queries, keys) = sizes(told[1]), (given * 2)[:2]
    if len(mask) != 3 or len(queries) < 3 or len(keys) < 3:
        return None
    want = queries[1], keys[1]
    if all(m in (1, n, None) or n is None for m, n in zip(mask[1:], want, strict=True)):
        return None
    return Found(
        f"The attention mask has the shape {mask}, for {number(mask[1], 'query', 'queries')} and "
        f"{number(mask[2], 'key')}, and there are {want[0]} and {want[1]}.",
        f"Make it for the steps that arrive, {want}: from `ops.shape(x)[1]`, say; or, for a causal "
        "mask, leave it out and call the layer with `use_causal_mask=True`.",
    )


def _inside(facts):
    """Tell whether a layer of Keras's own failed, in which the person adds nothing up."""
    if facts.inside:
        return False
    return facts.did in TRAINS or facts.layer is not None and facts.layer.family != "own"


@also("fault", "units_vs_labels")
def _(facts):
    """(y - model(x)) ** 2 in a loop of one's own, with more units than targets."""
    both = two_shapes(facts.text)
    model = facts.model
    if both is None or _inside(facts) or model is None or len(model.outputs) != 1:
        return None
    if not re.search(r"-|loss|error|[Ss]ub|mse|mae", wrote(facts)):
        return None  # nothing is compared
    out = model.outputs[0][1:]
    given = [s for s in both if s[1:] == out]
    target = [s for s in both if s[1:] != out and len(s) == len(model.outputs[0])]
    if len(given) != 1 or len(target) != 1:
        return None
    names = [k for k, s in facts.mine.items() if s == target[0] and k in wrote(facts)]
    y = facts.feed.y.shape
    if y and not fits(target[0][1:], y[1:]):
        return None  # it isn't the target, but what the person has made of it
    call = f"`{names[0]}`" if len(names) == 1 else "the target"
    return Found(
        f"The model gives {given[0]}, and {call} has the shape {target[0]}: the last layer has "
        f"{out[-1]} unit{'s' * (out[-1] != 1)}, and a target {target[0][-1]} numbers; the two must "
        "match.",
        f"Give the last layer as many units as a target has numbers, {target[0][-1]}.",
    )


@also("fault", "units_vs_labels")
def _(facts):
    """(y - y_pred) ** 2 in a train_step of one's own, with more units than targets."""
    both, y = two_shapes(facts.text), facts.feed.y.shape
    if both is None or not y or not facts.inside or "Exception encountered" in facts.whole:
        return None
    target = [s for s in both if fits(s[1:], y[1:])]
    given = [s for s in both if s not in target]
    if len(target) != 1 or len(given) != 1 or len(given[0]) != len(y) or len(y) < 2:
        return None
    k, units = y[-1], given[0][-1]
    if k == units or not fits(given[0][1:-1], y[1:-1]):
        return None
    model, last = facts.model, facts.model.last if facts.model is not None else None
    out = model.outputs[0] if model is not None and model.outputs else given[0]
    if out is given[0] and last is not None and last.get("units", units) != units:
        return None
    if not fits(given[0][1:], out[1:]) or not fits(given[0][:1], target[0][:1]):
        return None  # it isn't what the model gives
    call = named(facts.feed.y.one, "the targets")
    return Found(
        f"The model gives {given[0]}, and {call} {'has' if '`' in call else 'have'} the shape {y}: "
        f"the last layer has {number(units, 'unit')}, and a target {number(k, 'number')}; the two "
        "must match.",
        f"Give the last layer as many units as a target has numbers, {k}.",
    )


def _measured(facts):
    """Tell whether a metric of Keras's failed, which compares other shapes than it was given."""
    return re.search(r"update_state\(|metrics\.\w+\(", wrote(facts)) is not None


#: What NumPy says where the arrays between square brackets don't go together.
_INDEXED = "indexing arrays could not be broadcast"


@fault(
    belief="index arrays between the same brackets needn't have one shape",
    truth="each array between the brackets holds one index for each entry that is chosen, so all "
    "of them have one shape",
    hint="print the shapes of what stands between the brackets.",
)
def indices_of_two_shapes(facts):
    """q[np.arange(8), actions] with actions of shape (8, 3)."""
    both = two_shapes(facts.text)
    if both is None or _INDEXED not in facts.text:
        return None
    a, b = sorted(both, key=len)
    rows = len(a) + 1 == len(b) and a == b[:-1]
    mine = [f"`{k}` {s}" for k, s in facts.mine.items() if s in both and k in wrote(facts)]
    more = f" In this line: {', '.join(mine[:4])}." * bool(mine)
    return Found(
        f"Entries are chosen by index arrays of the shapes {both[0]} and {both[1]}, which hold an "
        f"index each for the same entries, and so need one shape.{more}",
        f"If those of the shape {b} are one-hot rows, take their numbers, `np.argmax(a, axis=-1)`."
        if rows
        else "Bring them to one shape; for each row with each column, `np.ix_(rows, columns)`.",
    )


@fault(
    belief="arrays of any shapes can be added, subtracted or multiplied",
    truth="shapes are compared from the last axis on: sizes must be equal, or one of them 1",
    hint="write both shapes below each other, flush right.",
)
def shapes_in_a_sum(facts):
    """np.zeros((4, 3)) - np.zeros(4)."""
    both = two_shapes(facts.text)
    if both is None or _inside(facts) or _measured(facts) or _INDEXED in facts.text:
        return None
    if re.search(r"broadcast_?to", facts.whole + wrote(facts), re.I):
        return None  # one of them is no array, but what the other was to become
    a, b = both
    mine = [f"`{k}` {s}" for k, s in facts.mine.items() if s in (a, b) and k in wrote(facts)]
    own = facts.layer is not None and facts.layer.family == "own"
    where = f" It is the `call` of `{facts.layer.kind}` that does it." if own else ""
    more = f" In this line: {', '.join(mine[:4])}." if mine else ""
    added = re.search(r"(\w+)\.assign(?:_add|_sub)\(", wrote(facts))
    if added:
        return Found(
            f"`{added[1]}` keeps the shape {a}, and what is added to it here has the shape {b}."
            f"{more}",
            f"Bring what is added to the shape {a} first: where it holds one number for each "
            "sample of a batch, sum them up, for each of its places apart.",
        )
    how = _agreeing(a, b)
    return Found(
        f"The shapes {a} and {b} can't be added, subtracted or multiplied number by number: from "
        f"the last axis on, the sizes have to be the same, or one of them 1.{more}{where}",
        how,
    )


@fault(
    belief="numbers of any two dtypes can be calculated with each other",
    truth="TensorFlow and PyTorch turn neither into the other's dtype, so both have one",
    hint="print the dtype of both.",
)
@given(
    in_whole(
        r"'(\w+)' Op has type (\w+) that does not match type (\w+) of argument"
        r"|(compute) \w+ as input #\d+\(zero-based\) was expected to be an? (\w+) tensor but is "
        r"an? (\w+) tensor"
        r"|(same dtype), but got: (\w+) != (\w+)"
    )
)
def dtypes_differ(facts, told):
    """Whole-number labels times outputs, in a loss of one's own; a matrix of float64."""
    a, b = (_DTYPES.get(g, g) for g in [g for g in told.groups() if g][1:])
    if _inside(facts) or "string" in (a, b):
        return None
    wide = "float64" in (a, b) and " What NumPy makes is float64 unless it is told otherwise."
    y = facts.feed.y.one
    whole = "int" in a + b and y is not None and y.whole and " The labels are whole numbers."
    return Found(
        f"A line calculates with numbers of {a} and of {b}, and it takes two of one dtype."
        f"{wide or whole or ''}",
        "Bring one to the other's dtype: `ops.cast(y_true, y_pred.dtype)` in a loss, "
        '`x.astype("float32")` for an array.',
    )


#: Other names of dtypes.
_DTYPES = {"float": "float32", "double": "float64", "long": "int64", "Float": "float32"}
_DTYPES |= {"Double": "float64", "Long": "int64", "int": "int32"}


def _agreeing(a, b):
    """Return how two shapes may be brought to agree, tried on them."""
    short, other = (a, b) if len(a) <= len(b) else (b, a)
    ones = [i for i, n in enumerate(other) if n == 1 and i]
    bare = [i for i in ones if (*other[:i], *other[i + 1 :]) == short]
    if bare:
        return (
            f"Take the axis of size 1 away from the one of shape {other}, `squeeze(..., "
            f"axis={bare[-1]})`: then both have the shape {short}."
        )
    lacks = len(other) - len(short)
    for at in range(1, len(short) + 1):  # samples against samples: axes are lacking
        new = (*short[:at], *(1,) * lacks, *short[at:])
        if lacks and len(other) > 2 and short[0] == other[0] and _stretches(new, other):
            index = "[" + ", ".join([":"] * at + ["None"] * lacks) + "]"
            which = "an axis" if lacks == 1 else number(lacks, "axis", "axes")
            return f"Give the one of shape {short} {which} of size 1, `{index}`: {new} fits."
    pairs = list(zip(a[::-1], b[::-1], strict=False))
    apart = [i for i, (m, n) in enumerate(pairs) if not _go_together((m,), (n,))]
    if len(a) == len(b) > 3 and len(apart) > 1 and {0, len(a) - 1}.isdisjoint(apart):
        return (
            f"Bring maps of the sizes {a[1:-1]} and {b[1:-1]} to one size. A decoder comes back to "
            "the size of its pictures if it makes them larger as often as they were made smaller, "
            "from a size that does so without a remainder; or crop or resize one of the two."
        )
    if len(apart) == 1 and len(short) > 1:
        m, n = pairs[apart[0]]
        if apart[0] == 0 and len(a) == len(b) > 3:
            layer = f"Conv{len(a) - 2}D({max(m, n)}, 1)"
            return (
                f"Bring {m} and {n} to one size, by the same number of filters: a `{layer}` on the "
                "way of the other changes the channels alone."
            )
        if apart[0] == 0:
            return f"Bring {m} and {n} to one size, by the same number of units."
        if apart[0] < len(other) - 1:
            rest = ", :" * apart[0]
            return (
                f"Bring {m} and {n} to one size: cut the longer one, `[..., :{min(m, n)}{rest}]`, "
                "or make it as long where it is built."
            )
        return f"Take as many samples of both: there are {m} and {n}."
    if len(short) == 1 and short[0] in other[:-1] and short[0] != other[-1]:
        at = other.index(short[0])
        new = (
            "[:, None]"
            if at == len(other) - 2
            else f".reshape{tuple(short[0] if i == at else 1 for i in range(len(other)))}"
        )
        return (
            f"Give the shorter one an axis at its end, so that its {short[0]} lie along axis "
            f"{at}: `{new}`"
            + (
                "; or make one number of each row of the other first, such as `max(axis=-1)`, if "
                "that is meant."
                if len(other) == 2
                else "."
            )
        )
    if len(short) == 1 and apart == [0] and other[-1]:
        return f"Take {other[-1]} numbers in place of {short[0]}: one for each along the last axis."
    return "Bring the two to shapes that agree from the last axis on."


def _stretches(a, b):
    """Tell whether a shape is stretched to another one of as many axes, and none of that one's."""
    return all(m in (1, n) for m, n in zip(a, b, strict=True))


def _go_together(a, b):
    """Tell whether two shapes can be added number by number."""
    pairs = zip(a[::-1], b[::-1], strict=False)
    return all(m == n or 1 in (m, n) or None in (m, n) for m, n in pairs)
