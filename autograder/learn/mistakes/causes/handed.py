"""How many arrays are handed over, in what structure, with how many samples."""

import itertools
import re

from autograder.learn.mistakes.causes.clashes import clash
from autograder.learn.mistakes.causes.pairs import TRAINS, pair
from autograder.learn.mistakes.causes.words import (
    STREAMS,
    fits,
    named,
    number,
    product,
    sizes,
    two_shapes,
    wrote,
)
from autograder.learn.mistakes.rule import Found, also, fault, given, in_whole


def _counts(facts):
    """Return the numbers of samples of x and y that a message tells."""
    text = facts.text
    if "cardinality is ambiguous" not in text:
        return None
    found = {}
    for label in ("x", "y", "sample_weight"):
        told = re.search(rf"'{label}' sizes: ([\d, ]+)", text)
        if told:
            found[label] = [int(n) for n in re.findall(r"\d+", told[1])]
    return found or None


@fault(
    belief="a layer works on words as it does on numbers",
    truth="only layers made for text, such as `TextVectorization`, take strings",
    hint="print the dtype of your data.",
)
def text_as_numbers(facts):
    """fit(np.array(["good", "bad"]), y) for a model that begins with an Embedding."""
    x, y = facts.feed.x, facts.feed.y
    text = next((d for d in (*x.items, *y.items) if d.dtype == "text"), None)
    said = re.search(r"dtype|convert|[Ss]tring|cast|Unrecognized", facts.whole)
    if text is None or not said or facts.did not in _CALLS:
        return None
    if text in x.items:
        turned = any(s.kind in _TEXT for s in (facts.model.layers if facts.model else ()))
        if turned and text.source == "dataset":
            return None
        if turned:  # the strings are right, and TensorFlow wants them as its own
            return Found(
                f"{named(text, 'The data')} holds strings as Python or NumPy keeps them, and "
                f"`{facts.did}` takes strings as tensors of TensorFlow only.",
                "Hand over `tf.constant(list(texts))`, or a `tf.data.Dataset` made of them.",
            )
        return Found(
            f"{named(text, 'The data')} holds strings, and the layers of the model work on "
            "numbers.",
            "Turn text into numbers first: a `TextVectorization` layer that was adapted to it, for "
            "sentences; `StringLookup` for categories; `astype(float)` for numbers that were read "
            "as text.",
        )
    return Found(
        f"{named(text, 'The array of targets')} holds strings, and a loss compares numbers.",
        "Number the classes from 0 on, "
        + (
            "`dataset.map(lambda x, y: (x, lookup(y)))` with a `StringLookup(vocabulary=names, "
            "num_oov_indices=0)`"
            if text.source == "dataset"
            else f"`np.unique({named(text, 'y').strip('`')}, return_inverse=True)[1]`"
        )
        + ", with a loss that has `sparse` in its name.",
    )


@fault(
    belief="a model is told its end first",
    truth="`keras.Model(inputs, outputs)` is told where it begins, then where it ends; yours holds "
    "together the other way round",
    hint="write the names to what you give to keras.Model: `inputs=` and `outputs=`.",
)
def ends_exchanged(facts):
    """keras.Model(y, x) for keras.Model(x, y)."""
    if not facts.turned:
        return None
    return Found(
        "What was given as the model's outputs leads to what was given as its inputs, and not the "
        "other way round.",
        "Exchange the two: `keras.Model(inputs, outputs)`.",
    )


@fault(
    belief="a model may begin at any Input",
    truth="its outputs are made of certain Inputs, and just these are its inputs",
    hint="is there an Input that was made anew, or a variable used twice?",
)
def ends_apart(facts):
    """keras.Model(b, y) where y was made of a."""
    begun, given = facts.ends or ((), ())
    if set(begun) & set(given):
        return None
    return _lacking(
        begun,
        given,
        "Give `keras.Model` the very tensors that the layers were called on. An Input that was "
        "made anew, by a cell that ran twice, say, is another one: then run all from the Input on "
        "again.",
    )


@fault(
    belief="a model finds the rest of its inputs by itself",
    truth="`keras.Model(inputs, outputs)` must be given every Input that its output depends on",
    hint="go back from your output, and note each Input that you come to.",
)
def inputs_lacking(facts):
    """keras.Model(a, y) where y was made of a and b."""
    begun, given = facts.ends or ((), ())
    if not set(begun) & set(given):
        return None
    return _lacking(begun, given, "Give `keras.Model` a list of all Inputs that lead to its end.")


def _lacking(begun, given, remedy):
    """Return what is Found of Inputs of which an output is made, and which a model wasn't given."""
    left = [k for k in begun if k not in given]
    if not left:
        return None
    names = ", ".join(f"`{k}` {begun[k]}" for k in left)
    instead = ", ".join(f"`{k}` {s}" for k, s in given.items())
    return Found(
        f"The model's outputs are made of the Input {names}, which isn't among the inputs that "
        f"`keras.Model` was given: {instead}.",
        remedy,
    )


@fault(
    belief="the two ends that the model was given are two tensors",
    truth="they are one and the same, with no layer between them; a Sequential doesn't list its "
    "input, so the first of its `layers` is one that does something",
    hint="print both ends that you give to keras.Model, and the class names in `layers`.",
)
def ends_alike(facts):
    """keras.Model(model.layers[0].output, model.layers[-1].output) of a Sequential of one layer."""
    if not facts.alike:
        return None
    return Found(
        "The same tensor was given as the model's inputs and as its outputs, and no layer lies "
        "between.",
        "Begin with the tensor that `keras.Input` gives, or `model.inputs`, and end with what the "
        "last layer gives.",
    )


_TEXT = ("TextVectorization", "StringLookup", "Hashing", "HashedCrossing", "Pipeline")


@fault(
    belief="samples of any length make one array",
    truth="an array has one shape, so all its rows have one length",
    hint="print len() of the first samples.",
)
def ragged_list(facts):
    """np.array([[1, 2], [3]])."""
    x = facts.feed.x
    listed = [d for d in (x.one, facts.feed.y.one) if d is not None and d.source == "list"]
    ragged = [d for d in listed if d.shape is None and d.dtype != "objects"]
    ragged += [d for d in (*x.items, *facts.feed.y.items) if d.dtype == "lists" and d.shape]
    said = r"inhomogeneous|array element with a sequence|Unsupported object type (list|numpy)"
    put = "inhomogeneous" not in facts.whole and re.search(r"\] ?=[^=]", wrote(facts))
    if not ragged and (put or not re.search(said, facts.whole)):
        return None
    return Found(
        "What should become one array holds lists or arrays of unequal length (it is ragged), so "
        "it has no shape.",
        "Give all of them the same length or size: `keras.utils.pad_sequences(lists)` pads short "
        "sequences, `keras.ops.image.resize` brings pictures to one size; then it is one input "
        "array.",
    )


@fault(
    belief="an array holds numbers, whatever was put into it",
    truth="what isn't a number, or a mixture, becomes an array of Python objects, which no layer "
    "takes",
    hint="print x.dtype.",
)
def objects_for_numbers(facts):
    """A table with a column of dates, or of numbers and None."""
    feed = facts.feed
    mixed = ("object", "none")
    objects = next((d for d in (*feed.x.items, *feed.y.items) if d.dtype in mixed), None)
    if objects is None or not re.search(r"dtype: object|Unsupported object type", facts.whole):
        return None
    return Found(
        f"{named(objects, 'What was handed over')} is an array of Python objects (its dtype is "
        f"object), not of numbers{', and None is among them' * (objects.dtype == 'none')}.",
        "Find the column that holds something else, `df.dtypes` or `{type(v) for v in x.flat}`, "
        'turn it into numbers, and the whole by `x.astype("float32")`.',
    )


@fault(
    belief="a model takes what it needs out of all that another one gives",
    truth="it takes a list for as many inputs, so where another model gives several things, one "
    "of them has to be picked",
    hint="print how many outputs the first model has, and how many inputs the second.",
)
def one_of_several(facts):
    """decoder(encoder(x)), where the encoder gives [mean, variance, sample]."""
    model, x = facts.model, facts.feed.x
    if x.structure != "list" or len(x.items) < 2 or model is None or len(model.inputs) != 1:
        return None
    takes = [i for i, d in enumerate(x.items) if d.shape and fits(d.shape, model.inputs[0])]
    if facts.did not in ("__call__", "call") or not takes:
        return None
    shapes = ", ".join(str(d.shape) for d in x.items[:4])
    return Found(
        f"`{model.name}` has one input, of the shape {model.inputs[0]}, and was called on a list "
        f"of {len(x.items)}: {shapes}.",
        f"Call it on the one that is meant: `x[{takes[-1]}]`, say, where x is that list.",
    )


@fault(
    belief="a Python list of samples is an array of samples",
    truth="Keras takes a list of arrays for several inputs, one array an input",
    hint="print type(x) and, for an array, its shape.",
)
def list_input(facts):
    """model.fit([row, row, row], ...): a list where one array is expected."""
    model, x = facts.model, facts.feed.x
    n = len(model.inputs) if model and model.inputs else 1
    items = x.structure == "list" and len(x.keys) > 1 and not _takes_a_list(model)
    if items and n == 1 and model is not None and facts.did in _CALLS and not _own_call(facts):
        each = {i.shape for i in x.items}
        many = len(x.keys) if len(x.keys) > 2 else None
        how = (
            "Make one array of them: `np.array(x)` or `np.stack(x)`"
            if many and len(each) == 1
            else "Call the model for each of them, join them along the features "
            "(`np.concatenate([...], axis=-1)`), or give the model an `Input` for each"
        )
        shapes = ", ".join(str(i.shape) for i in x.items[:3]) + (", …" if len(x.keys) > 3 else "")
        return Found(
            f"A list of {len(x.keys)} arrays, of the shapes {shapes}, was handed to a model with "
            "one input: Keras takes a list for several inputs, one array for each.",
            how + ".",
        )
    listed = [d for d in (x.one, facts.feed.y.one) if d is not None and d.source == "list"]
    if listed and "Unrecognized data type" in facts.text and listed[0].dtype != "objects":
        which = "x" if x.one in listed else "y"
        call = named(listed[0], which).strip("`")
        shape, takes = listed[0].shape, model.inputs[0] if model and len(model.inputs) == 1 else ()
        if which == "x" and shape and takes and fits(shape, takes[1:]) and len(shape) < len(takes):
            return Found(
                f"`x` is a Python list, of the shape {shape}, and `{facts.did}` takes arrays; the "
                f"model takes {takes}, so this is a single sample, without the batch axis.",
                f"Make it an array, a batch of one: `np.array([{call}])`.",
            )
        return Found(
            f"`{which}` is a Python list, and `{facts.did}` takes arrays.",
            f"Make it an array: `np.array({call})`.",
        )
    return None


_CALLS = ("fit", "evaluate", "predict", "train_on_batch", "test_on_batch", "predict_on_batch")
_CALLS += ("__call__", "call")


def _takes_a_list(model):
    """Tell whether a Sequential without an Input begins with what may join several tensors."""
    first = model.layers[0].family if model is not None and model.layers else ""
    return not (model and model.inputs) and first in (
        "own",
        "merge",
        "lambda",
        "model",
        "attention",
    )


def _own_call(facts):
    return facts.model is not None and not facts.model.inputs and facts.model.kind != "Sequential"


@fault(
    belief="a model sorts out by itself which array belongs to which input",
    truth="a model takes as many arrays as it has inputs, in their order or by their names",
    hint="print model.inputs, and count what you hand over.",
)
def inputs_count(facts):
    """model.fit(x, y) for a model with two inputs."""
    model, x = facts.model, facts.feed.x
    named_layer = re.search(
        r'Layer "([^"]+)" expects (\d+) (?:named )?input\(s\).*received (\d+) input', facts.whole
    )
    if model is not None and len(model.inputs) > 1 and x and x.structure != "dict":
        got = len(x.keys) if x.structure == "list" else 1
        known = x.structure == "list" or x.shape is not None
        if got != len(model.inputs) and x.source != "dataset" and known:
            names = _said_names(model.names)
            shapes = ", ".join(map(str, model.inputs))
            beside = _side_by_side(x, model)
            if beside:
                return Found(
                    f"The model has {len(model.inputs)} inputs{names}, and it was given one array, "
                    f"of shape {x.shape}: the data for all of them lie along its axis 1.",
                    f"Hand over one array for each input: `[{beside}]`.",
                )
            return Found(
                f"The model has {len(model.inputs)} inputs{names}, and it was given "
                + (
                    f"a list of {number(got, 'array')}."
                    if x.structure == "list"
                    else f"one array, of shape {x.shape}."
                ),
                f"Hand over a list of {len(model.inputs)} arrays, one for each input, in the order "
                f"of the inputs, {shapes}; or a dict with the inputs' names as keys.",
            )
    if not named_layer or int(named_layer[2]) == 1:
        return None
    return Found(
        f"The layer or model `{named_layer[1]}` takes {number(int(named_layer[2]), 'input')}, and "
        f"it was given {named_layer[3]}.",
        f"Hand over a list of {number(int(named_layer[2]), 'tensor')}.",
    )


def _side_by_side(x, model):
    """Return the parts of one array that holds the data of all inputs along axis 1, or ""."""
    shape, n = x.shape, len(model.inputs)
    if not shape or len(shape) < 3 or shape[1] != n:
        return ""
    if not all(fits(shape[2:], declared[1:]) for declared in model.inputs):
        return ""
    call = named(x.one, "x").strip("`")
    return ", ".join(f"{call}[:, {i}]" for i in range(n))


@also("fault", "inputs_count")
def _(facts):
    """fit([segment, token], y) for inputs in the order token, segment."""
    model, x = facts.model, facts.feed.x
    if clash(facts) is None or x.structure != "list" or len(x.items) != len(model.inputs):
        return None
    declared = [(None, *shape[1:]) for shape in model.inputs]
    order = _fitting_order(x.items, declared)
    if order is None:
        return None
    given = ", ".join(str(d.shape) for d in x.items)
    places = ", ".join(f"x[{i}]" for i in order)
    return Found(
        f"The arrays come in the order {given}, and the inputs{_said_names(model.names)} in the "
        f"order {', '.join(map(str, declared))}: a list is taken in the order of the inputs.",
        f"Hand them over in that order, `[{places}]`, or as a dict with the inputs' names as keys.",
    )


def _fitting_order(items, declared):
    """Return an order of a few arrays in which each fits the input at its place, or None."""
    if len(items) > 4 or any(d.shape is None for d in items):
        return None
    return next(
        (
            order
            for order in itertools.permutations(range(len(declared)))
            if all(fits(items[i].shape, d) for i, d in zip(order, declared, strict=True))
        ),
        None,
    )


@also("fault", "inputs_count")
def _(facts):
    """A dataset of dicts of columns for a model that takes one table."""
    several, x = _several_for_one(facts), facts.feed.x
    if several is None or x.structure != "dict" or len(x.keys) != several[1]:
        return None
    keys = ", ".join(f"`{k}`" for k in x.keys[:6]) + ", …" * (len(x.keys) > 6)
    how = (
        "`dataset.map(lambda d, y: (tf.stack(list(d.values()), axis=-1), y))`"
        if x.source == "dataset"
        else "`np.stack(list(x.values()), axis=-1)`"
    )
    return Found(
        f"The data comes as a dict of {number(len(x.keys), 'array')}, {keys}, and `{several[0]}` "
        "takes one tensor: each array of a dict goes to an input of its own.",
        f"Put the columns beside each other in one array: {how}; or give the model an Input for "
        "each, by its name, and join them with `Concatenate()`.",
    )


@also("fault", "states_counted")
def _(facts):
    """LSTM(4, return_state=True) in a Sequential."""
    several, source = _several_for_one(facts), facts.way.steps[-1] if facts.way.steps else None
    if several is None or source is None or not source.get("return_state"):
        return None
    return Found(
        f"`{source.kind}` with `return_state=True` gives {several[1]} tensors, its output and its "
        f"states, and the next layer, `{several[0]}`, takes one input.",
        "Leave `return_state=True` out in a Sequential; in a Functional model take the outputs "
        "apart: `out, *states = lstm(x)`.",
    )


@fault(
    belief="a layer takes whatever the one before it gives",
    truth="most layers take one tensor; only those that join or compare take a list of them",
    hint="print what the layer before gives: is it a list?",
)
def one_tensor_wanted(facts):
    """Flatten behind a model with two outputs, or called on a list."""
    several, source = _several_for_one(facts), facts.way.steps[-1] if facts.way.steps else None
    nested = facts.layer is not None and re.search(
        r"Cannot convert '\(\([\d, None]*\),", facts.text
    )
    if several is None and nested and len(facts.received) > 1:
        several = facts.layer.name, len(facts.received)
    if several is None:
        return None
    layer, got = several
    what = (
        f"`{source.kind}` gives {got} outputs"
        if source is not None and source.family in ("model", "own", "recurrent")
        else f"it was handed a list or tuple of {got}"
    )
    apart = source is not None and source.kind == "Bidirectional" and got == 2
    return Found(
        f"The layer `{layer}` takes one input, and {what}: {got} tensors arrived.",
        f"Leave `merge_mode=None` out of `{source.name}`, and it joins its two directions."
        if apart
        else "Hand over one tensor: choose one of them, or join them first, with "
        "`Concatenate()([a, b])`; a model that is to take several arrays needs an Input for "
        "each of them.",
    )


def _several_for_one(facts):
    """Return (the name of a layer that takes one input, how many it got), or None."""
    told = re.search(
        r'Layer "([^"]+)" expects 1 (?:named )?input\(s\).*received (\d+) input', facts.whole
    )
    return (told[1], int(told[2])) if told and int(told[2]) > 1 else None


@fault(
    belief="what a `call` has worked out is handed on by itself",
    truth="a function without `return` gives None",
    hint="read the last line of each `call` and function: does it begin with `return`?",
)
@given(in_whole(r"should be tensors\. Got 'None' \(.*?\) as input for layer '(\w+)'"))
def call_returns_nothing(facts, told):
    """A block whose `call` lacks its return, and a Dense behind it."""
    return Found(
        f"The layer `{told[1]}` was given None in the place of a tensor: what stands before it "
        "gave nothing back.",
        "Let the `call` of your layer, or the function that makes the tensor, end with `return x`.",
    )


@also("fault", "call_returns_nothing")
@given(in_whole(r"`outputs` values must be KerasTensors.*invalid value None of type"))
def _(facts, told):
    """keras.Model(i, block(i)), where block lacks its return."""
    return Found(
        "`keras.Model` was given None among its outputs: what should have made the tensor gave "
        "nothing back.",
        "Let the function that makes it end with `return x`.",
    )


@fault(
    belief="each input goes to an argument of `call` of its own",
    truth="Keras hands all inputs over as one: the first argument of `call` is the list, tuple or "
    "dict that `fit` was given",
    hint="print the first argument of your call method.",
)
def call_takes_one(facts):
    """def call(self, a, b), and fit([a, b], y)."""
    told = re.search(r"missing (?:a|\d+) required (?:positional )?arguments?: '(\w+)'", facts.whole)
    x = facts.feed.x
    if not told or len(x.items) < 2 or facts.did not in _CALLS or not _own_call(facts):
        return None
    if facts.inside:
        return None  # it is something else that its `call` calls
    return Found(
        f"`{facts.did}` was given {number(len(x.items), 'array')} as a {x.structure}, which all "
        f"arrive in the first argument of the model's `call`; nothing is left for `{told[1]}`.",
        "Let `call` take one argument and take it apart: `def call(self, inputs): a, b = inputs`.",
    )


@fault(
    belief="a generator may yield a list of inputs and targets",
    truth="Keras takes a tuple for (inputs, targets), and a list for several inputs",
    hint="print type(next(generator)).",
)
def yields_no_tuple(facts):
    """yield [x, y]."""
    if "generator must return a tuple" not in facts.whole:
        return None
    return Found(
        "The generator yields something else than a tuple: Keras wants `(inputs,)`, `(inputs, "
        "targets)` or `(inputs, targets, sample_weights)`.",
        "Yield a tuple: `yield x, y`.",
    )


@also("fault", "cardinality")
def _(facts):
    """train_on_batch(x of 16 samples, y of 8), which compares no counts."""
    x, y = facts.feed.x.shape, facts.feed.y.shape
    if facts.did not in ("train_on_batch", "test_on_batch") or not x or not y or x[0] == y[0]:
        return None
    if not re.search(r"target\.shape|[Ii]ncompatible|must be equal|broadcast", facts.whole):
        return None
    return Found(
        f"`{facts.did}` was given {number(x[0], 'sample')} and {number(y[0], 'target')}: x and y "
        "must hold as many samples as each other.",
        "Hand over one target for each sample of the batch.",
    )


@also("fault", "cardinality")
def _(facts):
    """A loss called by hand, in a loop or train_step, on 40 targets and 8 outputs."""
    t, o = facts.target, facts.output
    if not t or not o or facts.did in TRAINS and not facts.inside:
        return None
    if None in (t[0], o[0]) or t[0] == o[0] or t[0] in o[1:]:
        return None
    return Found(
        f"A loss was given {number(t[0], 'target')}, of the shape {t}, and "
        f"{number(o[0], 'output')}, {o}: it compares them one by one, so there are as many of "
        "both.",
        "Hand over the targets of the very samples that the outputs were made of: those of this "
        "batch, and in the same order.",
    )


@also("fault", "cardinality")
def _(facts):
    """A PyDataset that cuts a batch out of x and hands over all of y."""
    if facts.feed.x.source not in STREAMS or facts.inside:
        return None
    told = re.search(
        r"logits_size=(\[[\d,]*\]) labels_size=(\[[\d,]*\])"
        r"|got logits shape (\[[\d,]*\]) and labels shape (\[[\d,]*\])",
        facts.whole,
    )
    both = tuple(sizes(g) for g in told.groups() if g) if told else two_shapes(facts.text)
    if not both or not all(both) or both[0][0] == both[1][0]:
        return None
    model = facts.model
    out = model.outputs[0] if model is not None and len(model.outputs) == 1 else ()
    if len(out) != 2 or told and len(both[1]) == 2 and both[0][1:] != both[1][1:]:
        return None  # the steps of a sequence may be rolled out
    if not told and (both[0][1:] != both[1][1:] or not fits(both[0][1:], out[1:])):
        return None
    (a, b), what = (s[0] for s in both), (" outputs", " targets") if told else ("", "")
    return Found(
        f"In a batch of the {facts.feed.x.source}, x and y hold different numbers of samples: "
        f"{a}{what[0]} and {b}{what[1]}.",
        "Cut x and y at the same places: `x[low:high], y[low:high]`.",
    )


@also("fault", "inputs_count")
def _(facts):
    """`a, b = inputs` in the call of a model of one's own that was given one array."""
    unpacks = re.match(r"\(?\w+(?:, ?\w+)+\)? = (inputs?|data)\b", wrote(facts))
    said = re.search(r"values to unpack|[Ii]terating over a symbolic|iterate over", facts.whole)
    x = facts.feed.x
    if not unpacks or not said or not facts.inside or x.one is None or x.one.shape is None:
        return None
    n = wrote(facts).split("=")[0].count(",") + 1
    return Found(
        f"In its `call`, the model takes `{unpacks[1]}` apart into {number(n, 'tensor')}, and it "
        f"was given one array, of the shape {x.shape}.",
        f"Hand over {number(n, 'array')}, as a list or tuple: `fit([a, b], y)`; or let `call` take "
        "one tensor.",
    )


#: How people call targets in a dict.
_TARGET = re.compile(r"(label|target|class|mask|y)(e?s|_?id|_?\w)?$|(output|answer)s?$", re.I)


@also("fault", "targets_left_out")
def _(facts):
    """A dataset of {"image": ..., "label": ...}."""
    x, model = facts.feed.x, facts.model
    if x.structure != "dict" or facts.feed.y or facts.did not in TRAINS or model is None:
        return None
    left = [k for k in x.keys if k not in model.names]
    targets = [k for k in left if _TARGET.match(k)]
    if len(targets) != 1 or len(x.keys) != len(model.inputs) + 1 or not model.loss:
        return None
    y = targets[0]
    inputs = [k for k in x.keys if k != y]
    one = f'd["{inputs[0]}"]' if len(inputs) == 1 else f'd, d.pop("{y}")'
    parts = f'({one}, d["{y}"])' if len(inputs) == 1 else f"({one})"
    how = f"`dataset.map(lambda d: {parts})`" if len(inputs) == 1 else "two parts, x and y"
    return Found(
        f"The data comes as one dict, with {', '.join(f'`{k}`' for k in x.keys)}, and all of it is "
        f"taken for inputs: there are no targets beside it, though `{y}` looks like them.",
        f"Take it apart into inputs and targets: {how}.",
    )


@fault(
    belief="the names in a dict of data don't matter",
    truth="arrays that come in a dict find their Input by its name",
    hint="print the keys of your dict next to [i.name for i in model.inputs].",
)
def dict_keys(facts):
    """model.fit({"photo": x}, y) where the Input is named "image"."""
    model, x = facts.model, facts.feed.x
    if model is None or x.structure != "dict" or not model.names:
        return _missing(facts)
    names, keys = list(model.names), list(x.keys)
    missing = [n for n in names if n not in keys]
    extra = [k for k in keys if k not in names]
    if not missing and not extra:
        return None
    has = ", ".join(f"`{k}`" for k in keys)
    wants = ", ".join(f"`{n}`" for n in names)
    if any(_GIVEN.match(n) for n in names):
        return Found(
            f"The dict has the keys {has}, and the model's {number(len(names), 'input')} "
            f"{'has' if len(names) == 1 else 'have'} no such names: an Input that isn't given a "
            "name gets one from Keras.",
            "Name the inputs by the keys when you make them, "
            f'`keras.Input(..., name="{keys[0]}")`, '
            "or hand over a list in the order of the inputs.",
        )
    if not missing and (pair(facts) is not None or clash(facts) is not None):
        return None  # Keras leaves out what no input takes, and the targets don't fit
    if not missing:
        left = " and ".join(f"`{k}`" for k in extra)
        return Found(
            f"The dict has the keys {has}, and the model's "
            f"{'input is' if len(names) == 1 else 'inputs are'} {wants}: nothing takes {left}.",
            f"Leave {left} out of the dict; targets go into `y`, not among the inputs.",
        )
    return Found(
        f"The dict has the keys {has}, and the model's inputs are named {wants}: no array goes "
        f"by the name {', '.join(f'`{n}`' for n in missing)}.",
        f"Use the names of the inputs as keys ({wants}), or name them when you make them: "
        f'`keras.Input(..., name="{(extra or keys or ["name"])[0]}")`.',
    )


@also("fault", "dict_keys")
def _(facts):
    """fit({"title": numbers, "meta": titles}, y): each array by the other's name."""
    model, x = facts.model, facts.feed.x
    if clash(facts) is None or x.structure != "dict" or set(x.keys) != set(model.names):
        return None
    shapes = dict(zip(model.names, model.inputs, strict=True))
    declared = [(None, *shapes[key][1:]) for key in x.keys]
    order = _fitting_order(x.items, declared)
    if order is None:
        return None
    pairs = [(x.keys[i], key, x.items[i].shape) for i, key in zip(order, x.keys, strict=True)]
    went = " and ".join(
        f"`{old}`, {shape}, fits `{new}`" for old, new, shape in pairs if old != new
    )
    return Found(
        f"The arrays are in the dict by each other's names: {went}.",
        "Give each array the name of its own input.",
    )


#: Names that Keras gives.
_GIVEN = re.compile(r"(keras_tensor|input_layer|input)(_\d+)?$")


def _said_names(names):
    """Return names in backticks and parentheses, if a person gave them."""
    own = [n for n in names if not _GIVEN.match(n)]
    return f" ({', '.join(f'`{n}`' for n in own)})" if own and len(own) == len(names) else ""


def _missing(facts):
    told = re.search(r'Missing data for input "([^"]+)".*keys (\[[^\]]*\])', facts.whole)
    if not told:
        return None
    return Found(
        f"The dict of data has the keys {told[2]}, and the input `{told[1]}` isn't among them.",
        "Use the names of the inputs as keys of the dict, or name the inputs by the keys.",
    )


@also("fault", "list_input")
@given(_counts)
def _(facts, counts):
    """fit(list of samples) whose lengths are counted one by one."""
    if len(counts.get("x", ())) < 2:
        return None
    model = facts.model
    n = len(model.inputs) if model and model.inputs else 1
    if len(counts["x"]) <= n:
        return None
    return Found(
        f"`x` is a list of {len(counts['x'])} arrays, which Keras takes for as many inputs, and "
        f"the model has {number(n, 'input')}.",
        "Make one array of the list: `np.array(x)` or `np.stack(x)`.",
    )


@also("fault", "axes_swapped")
@given(_counts)
def _(facts, counts):
    """x (1, 3, 12, 65) with 65 labels: the samples lie along another axis than the first."""
    shape, n = facts.feed.x.shape, counts.get("y", [None])[0]
    if not shape or not n or shape[0] == n or n not in shape[1:]:
        return None
    at = len(shape) - 1 - shape[::-1].index(n)
    model = facts.model
    takes = model.inputs[0] if model is not None and len(model.inputs) == 1 else None
    call = named(facts.feed.x.one, "x").strip("`")
    ones = " and ".join(str(i) for i, k in enumerate(shape) if k == 1 and i != at)
    return Found(
        f"There are {n} targets, and {named(facts.feed.x.one, 'x')} has the shape {shape}: the "
        f"{n} samples lie along axis {at}, and Keras looks for the samples on the first axis.",
        f"Put the samples first: `np.moveaxis({call}, {at}, 0)`"
        + (
            f", and drop the axis of size 1 (axis {ones}) that was added in front." if ones else "."
        ),
        mends=takes is None or not fits(shape, takes),  # or else it is y that isn't as it should be
    )


@also("fault", "axes_swapped")
@given(_counts)
def _(facts, counts):
    """Targets (3, n) for n samples."""
    model, y, n = facts.model, facts.feed.y.shape, counts.get("x", [None])[0]
    if not n or not y or len(y) != 2 or y[0] == n or y[1] != n or y[0] > n:
        return None
    if model is None or len(model.outputs) != 1:
        return None
    call = named(facts.feed.y.one, "y").strip("`")
    return Found(
        f"There are {number(n, 'sample')}, and {named(facts.feed.y.one, 'y')} has the shape {y}: "
        f"the targets of the {n} samples lie along axis 1, and Keras looks for them on the first "
        "axis.",
        f"Turn them: `{call}.T`, of shape {(n, y[0])}.",
        mends=fits((n, y[0]), model.outputs[0]),
    )


@also("fault", "batch_axis_missing")
@given(_counts)
def _(facts, counts):
    """fit(x[0], y[0]): a single sample with its label."""
    model, x, y = facts.model, facts.feed.x, facts.feed.y
    if model is None or len(model.inputs) != 1 or x.shape is None:
        return None
    declared = model.inputs[0]
    single = len(x.shape) == len(declared) - 1 and all(
        d in (None, n) for n, d in zip(x.shape, declared[1:], strict=True)
    )
    if not single or not y.shape or x.shape[0] == y.shape[0]:
        return None
    call = named(x.one, "x").strip("`")
    return Found(
        f"`x` has the shape {x.shape}: that is a single sample, without the batch axis in front, "
        f"so its {x.shape[0]} rows are counted as samples beside {y.shape[0]} targets.",
        f"Hand over batches: `{call}[None]`, of shape {(1, *x.shape)}, and one label for it, as an "
        "array with a first axis of 1.",
    )


@also("fault", "batch_axis_missing")
@given(_counts)
def _(facts, counts):
    """predict([image (28, 28, 1), meta (1, 5)]): one of several inputs is a single sample."""
    model, x = facts.model, facts.feed.x
    if model is None or not 1 < len(model.inputs) == len(x.items):
        return None
    wanted = list(model.inputs)
    if x.structure == "dict":
        by_name = dict(zip(model.names, model.inputs, strict=True))
        wanted = [by_name.get(k, ()) for k in x.keys]
    if any(not d.shape for d in x.items):
        return None
    single = [not fits(d.shape, w) for d, w in zip(x.items, wanted, strict=True)]
    bare = [fits(d.shape, w[1:]) for d, w in zip(x.items, wanted, strict=True)]
    if single != bare or all(single) or not any(single):
        return None
    rest = {d.shape[0] for d, alone in zip(x.items, single, strict=True) if not alone}
    if rest != {1} or facts.feed.y.shape and facts.feed.y.shape[0] != 1:
        return None
    at = single.index(True)
    data = x.items[at]
    call = data.name or f"x[{x.keys[at]!r}]"
    return Found(
        f"`{call}` has the shape {data.shape}, and its input takes {wanted[at]}: that is a single "
        f"sample, without the batch axis in front, so its {data.shape[0]} rows are counted as "
        "samples, beside 1 of the other inputs.",
        f"Hand over a batch of one sample: `{call}[None]`, of shape {(1, *data.shape)}.",
    )


@fault(
    belief="`sample_weight` takes weights of any shape",
    truth="it takes one number for each sample, or one for each step where targets have steps",
    hint="print the shape of sample_weight beside that of y.",
)
def sample_weight_shape(facts):
    """sample_weight of shape (n, 3) for targets of shape (n, 3)."""
    w, y = facts.feed.weight, facts.feed.y
    if not w.shape or not y.shape:
        return None
    if w.source == "dataset":
        return _weights_in_a_dataset(w.shape, y.shape, facts)
    if w.shape == y.shape[:1] or w.shape == (*y.shape[:1], 1):
        return None
    if w.shape == y.shape and len(y.shape) > 2:
        return None
    if w.shape == y.shape[: len(w.shape)] and 1 < len(w.shape) < len(y.shape):
        return None
    if len(y.shape) > 2 and w.shape == y.shape[1:2]:
        call = named(w.one, "weights").strip("`")
        return Found(
            f"`sample_weight` has the shape {w.shape}: a weight for each step, and the targets, "
            f"{y.shape}, want one for each step of each sample.",
            f"Repeat it for the samples: `np.tile({call}, ({y.shape[0]}, 1))`, of shape "
            f"{y.shape[:2]}.",
        )
    return Found(
        f"`sample_weight` has the shape {w.shape}, and the {y.shape[0]} samples need one number "
        "each.",
        f"Hand over an array of shape ({y.shape[0]},), one weight for each sample; weights for "
        "whole classes go into `class_weight`, as a dict.",
    )


@also("fault", "sample_weight_shape")
def _(facts):
    """A PyDataset that gives the weights of all samples with each batch."""
    both, source = two_shapes(facts.text), facts.feed.x.source
    in_loss = re.search(r"compile_loss/\w+/(?:weighted_loss/)?[mM]ul", facts.whole)
    if not both or not in_loss or source not in (*STREAMS, "dataset"):
        return None
    if any(len(s) != 1 for s in both) or facts.model is None or facts.model.own_loss:
        return None
    n, m = (s[0] for s in both)
    return Found(
        f"In a batch of the {source}, there are {n} and {m} numbers where the loss of each sample "
        "is multiplied with its sample weight.",
        "Cut the weights, the third part of what it gives, at the same places as x and y, so that "
        "each batch has one for each of its samples.",
    )


@also("fault", "parts_of_a_batch")
def _(facts):
    """A dataset of (picture, label, file name)."""
    w = facts.feed.weight.one
    if w is None or w.dtype != "text" or not re.search(r"[Ss]tring|[Cc]ast|dtype", facts.whole):
        return None
    return Found(
        "The third part of what is handed over holds text, and Keras takes the third part for "
        "sample weights.",
        "Leave it out: `dataset.map(lambda x, y, name: (x, y))`.",
    )


def _weights_in_a_dataset(w, y, facts):
    """Return what is told of the third part of a dataset; the number of samples isn't known."""
    if w[1:] in ((), (1,), y[1:]) or w == y[: len(w)] or len(w) < 2:
        return None
    if not re.search(r"[Ii]ncompatible|broadcast|must be equal", facts.whole):
        return None
    return Found(
        f"The third part of what the dataset yields is taken for `sample_weight`, and it has the "
        f"shape {w} beside targets of {y}: one number for each sample is wanted.",
        "Let the dataset yield (x, y), or weights of one number a sample.",
    )


@fault(
    belief="`class_weight` weighs whatever has a class",
    truth="it weighs samples, each by its one label; pixels and steps are weighed by "
    "`sample_weight`",
    hint="print the shape of y: is there one label for each sample?",
)
def class_weight_per_sample(facts):
    """class_weight={0: 1, 1: 5} for masks (n, 128, 128)."""
    y = facts.feed.y.shape
    place = facts.model is not None and len(facts.model.outputs) == 1 and y is not None
    if "class_weight" not in facts.options or not place or len(y) < 3:
        return None
    if not re.search(r"0-dimensional|length-1|size-1|scalar", facts.whole):
        return None
    call, hot = named(facts.feed.y.one, "y").strip("`"), facts.feed.y.one.one_hot
    classes = f"{call}.argmax(-1)" if hot else f"{call}.astype(int)"
    return Found(
        f"`class_weight` needs one class for each sample, and the targets have the shape {y}: a "
        "class for each place.",
        f"Give each place its weight: `sample_weight=np.take(weights, {classes})`, of the "
        f"shape {y[:-1] if hot else y}, where `weights` holds a number for each class.",
    )


@also("fault", "batch_axis_missing")
@given(_counts)
def _(facts, counts):
    """fit(state of (1, 4), target of (2,)) for two units."""
    x, y, model = facts.feed.x.shape, facts.feed.y.shape, facts.model
    if not x or x[0] != 1 or not y or model is None or str(model.loss).startswith("sparse"):
        return None
    if len(model.outputs) != 1 or not fits(y, model.outputs[0][1:]) or y[0] == 1:
        return None
    call = named(facts.feed.y.one, "y").strip("`")
    return Found(
        f"`{named(facts.feed.x.one, 'x').strip('`')}` is a batch of one sample, {x}, and `{call}` "
        f"has the shape {y}: that of one target, without the batch axis in front, so Keras takes "
        f"the {y[0]} for the number of samples.",
        f"Give it its batch axis: `{call}[None]`, of shape {(1, *y)}.",
    )


@also("fault", "outputs_count")
@given(_counts)
def _(facts, counts):
    """np.array([y1, y2]), of shape (2, n), for two outputs."""
    model, y, n = facts.model, facts.feed.y, counts.get("x", [None])[0]
    if not n or model is None or len(model.outputs) < 2 or y.structure != "one" or not y.shape:
        return None
    if y.shape[:2] != (len(model.outputs), n) or y.shape[0] == n:
        return None
    call = named(y.one, "y").strip("`")
    return Found(
        f"`{call}` has the shape {y.shape}: the targets of the {len(model.outputs)} outputs lie "
        f"in one array, one above the other, and its first axis is taken for the samples, of which "
        f"there are {n}.",
        f"Hand over a list with an array for each output: `list({call})`.",
    )


@fault(
    belief="x and y needn't be of one length",
    truth="the first axis counts the samples, and there must be one target for each sample",
    hint="print len(x) and len(y).",
)
@given(_counts)
def cardinality(facts, counts):
    """50 samples with 40 targets."""
    x, y = facts.feed.x, facts.feed.y
    told = ", ".join(f"{k}: {', '.join(map(str, v[:4]))}" for k, v in counts.items())
    nx, ny = counts.get("x", [0])[0], counts.get("y", [0])[0]
    more, how = "", "Print `len(x)` and `len(y)`, and look for the step after which they differ."
    partner = _partner(facts, nx, y)
    before = _reshaped(facts, x, ny)
    if len(set(counts.get("x", ()))) > 1:
        more = " The inputs themselves hold different numbers of samples."
        how = "Every input needs as many samples as the others: one row for each sample."
    elif partner:
        more = f" `{partner}` has as many samples as `{named(x.one, 'x').strip('`')}`."
        how = f"Take the targets that belong to these data: `{partner}`."
    elif (cut := _windows(x.shape, nx, ny, y.shape)) is not None:
        more = (
            f" Each sample holds {x.shape[1]} steps, and there are {ny - nx} targets more: it "
            f"looks as if windows had been cut out of a series of {ny}, and the targets were left "
            "as they are."
        )
        how = (
            f"Cut the targets at the same places, one for each window: "
            f"`{named(y.one, 'y').strip('`')}[{cut}:]`."
        )
    elif _like_inputs(facts, x, y):
        more = (
            f" And `{named(y.one, 'y').strip('`')}`, of shape {y.shape}, looks like inputs, as "
            f"`{named(x.one, 'x').strip('`')}`, {x.shape}, does, not like targets."
        )
        how = (
            "Look at where the targets come from: `train_test_split(X, y)` gives x_train, x_test, "
            "y_train, y_test, in this order."
        )
    elif before:
        name, shape = before
        more = (
            f" `{name}`, of shape {shape}, has as many samples as there are targets; a reshape "
            "of it changed the number of rows."
        )
        how = f"Keep the samples when you reshape: `{name}.reshape(len({name}), -1)`."
    return Found(
        f"The numbers of samples differ ({told}): x and y must hold as many samples as each "
        f"other, one target for each sample.{more}",
        how,
    )


def _windows(x, nx, ny, y):
    """Return where the targets begin of windows that were cut out of a series, or None."""
    if not x or len(x) not in (2, 3) or not y or len(y) > 2 or ny <= nx:
        return None
    steps = x[1]
    return ny - nx if steps and steps > 2 and ny - nx in (steps, steps - 1) else None


def _like_inputs(facts, x, y):
    """Tell whether what was handed over as targets has the shape of the inputs, not the outputs."""
    model = facts.model
    if model is None or len(model.outputs) != 1 or not x.shape or not y.shape:
        return False
    alike = len(y.shape) > 1 and y.shape[1:] == x.shape[1:] and y.shape[-1] > 1
    return alike and not fits(y.shape, model.outputs[0])


def _partner(facts, n, y):
    """Return the name of another array with n samples that looks like the targets, or None."""
    shape, mine = y.shape, (y.one.name if y.one else "")
    if not shape:
        return None
    found = [
        k
        for k, s in facts.mine.items()
        if s
        and s[0] == n
        and s[1:] == shape[1:]
        and k not in (mine, facts.feed.x.one.name if facts.feed.x.one else "")
        and k[:1].lower() == mine[:1].lower()
    ]
    return found[0] if len(found) == 1 else None


def _reshaped(facts, x, n):
    if not x.shape:
        return None
    mine = x.one.name
    found = [
        (k, s)
        for k, s in facts.mine.items()
        if s and s[0] == n and k != mine and len(s) > 1 and product(s) == product(x.shape)
    ]
    return found[0] if len(found) == 1 else None


@also("fault", "outputs_count")
def _(facts):
    """call gives (out, scores), and there is one target."""
    model, y = facts.model, facts.feed.y
    told = re.search(r"The path: \(\d+,\) in the `loss` argument, can't be found", facts.text)
    if not told or model is None or model.outputs or y.structure != "one":
        return None
    return Found(
        f"The model's `call` gives several things, in a tuple or list, and `y` is one array for "
        f"one loss, `{model.loss}`.",
        "Let `call` return only what is compared with the targets; or hand over targets and a loss "
        "for each part, None for those without.",
    )


@fault(
    belief="what holds for one output holds for all of them",
    truth="a model with several outputs wants targets and a loss for each, in the order of the "
    "outputs or by their names",
    hint="print model.output_names, and count your targets and losses.",
)
def outputs_count(facts):
    """fit(x, y) for a model with two outputs; one loss too few; losses under other names."""
    model, y = facts.model, facts.feed.y
    if model is None or len(model.outputs) == 0 or facts.did not in _CALLS[:5]:
        return None
    n, names = len(model.outputs), ", ".join(f"`{k}`" for k in model.out_names)
    own = model.own_steps and "compile_loss" not in facts.whole  # which may take what it likes
    if isinstance(model.loss, dict) and set(model.loss) - set(model.out_names):
        keys, first = ", ".join(f"`{k}`" for k in model.loss), next(iter(model.loss))
        by_keys = model.out_structure == "dict"
        by = "its key in the dict of outputs" if by_keys else "the name of the layer that makes it"
        layers = f', or name the last layers so: `Dense(..., name="{first}")`' * (not by_keys)
        return Found(
            f"The losses are given for {keys}, and the model's outputs are named {names}: a loss "
            f"in a dict finds its output by {by}.",
            f"Use the outputs' names as keys of the loss ({names}){layers}.",
        )
    left = set(model.out_names) - set(model.loss) if isinstance(model.loss, dict) else set()
    if left and "loss dict" in facts.text:
        lacks = ", ".join(f"`{k}`" for k in model.out_names if k in left)
        return Found(
            f"The losses are given for {', '.join(f'`{k}`' for k in model.loss)}, and the model "
            f"has the outputs {names}: none for {lacks}.",
            "Give a loss for each output that has targets, or leave out the targets of the others.",
        )
    if y.structure == "dict" and set(y.keys) - set(model.out_names):
        keys = ", ".join(f"`{k}`" for k in y.keys)
        return Found(
            f"The targets come under the names {keys}, and the model's outputs are named {names}.",
            f"Use the outputs' names as keys of the targets: {names}.",
        )
    losses = len(model.loss) if isinstance(model.loss, (list, dict)) else None
    if losses is not None and losses != n and isinstance(model.loss, list):
        return Found(
            f"There {'is 1 loss' if losses == 1 else f'are {losses} losses'} for "
            f"{number(n, 'output')} ({names}).",
            "Give one loss for each output, in their order, or a dict by their names.",
        )
    if n > 1 and y and y.structure in ("one", "list") and y.source != "dataset" and not own:
        got = len(y.keys) if y.structure == "list" else 1
        if got != n:
            have = "one array of targets" if got == 1 else f"{got} arrays of targets"
            return Found(
                f"The model has {n} outputs ({names}), and `y` is {have}.",
                f"Hand over one array of targets for each output, as many as outputs: "
                f"`[{', '.join(f'y{i + 1}' for i in range(min(n, 4)))}{', ...' * (n > 4)}]` in the "
                f"order {names}, or a dict by these names.",
            )
    if n == 1 and y.structure == "list" and len(y.keys) > 1:
        return Found(
            f"`y` is a list of {len(y.keys)} arrays, and the model has one output ({names}): a "
            "list of targets is taken for one target for each output.",
            "Make one array of them: `np.array(y)`, or give the model an output for each.",
        )
    if isinstance(model.metrics, list) and "metrics" in facts.text and n > 1:
        return Found(
            f"`metrics` is a list of {len(model.metrics)} for {n} outputs ({names}): a list holds "
            "one entry for each output, in their order.",
            "Give a list of lists, such as `metrics=[['accuracy'], []]`, or a dict by the "
            "outputs' names.",
        )
    return None
