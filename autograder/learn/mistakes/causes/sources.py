"""Where data come from: datasets, generators, files, and the targets that belong to them."""

import re

from autograder.learn.mistakes.causes.clashes import clash
from autograder.learn.mistakes.causes.pairs import TRAINS
from autograder.learn.mistakes.causes.spelled import own_metric
from autograder.learn.mistakes.causes.words import (
    SHAPE,
    STREAMS,
    fits,
    named,
    number,
    sample,
    sizes,
    wrote,
)
from autograder.learn.mistakes.rule import Found, also, fault, given, in_text, in_whole

#: What TensorFlow, JAX and PyTorch say of a None in the place of an array.
_NONE = r"None values not supported|NoneType|None is not a valid value|Invalid dtype: object"


@fault(
    belief="a compiled model needs nothing but its inputs to be trained",
    truth="a loss compares outputs with targets, so every batch comes with its targets",
    hint="print what you hand to fit: where are the targets?",
)
def targets_left_out(facts):
    """model.fit(x), model.fit(dataset of x alone), validation_data=x_val."""
    model = facts.model
    said = re.search(_NONE, facts.whole)
    if model is None or not model.loss or facts.did not in TRAINS or not said or clash(facts):
        return None
    x, y, checked = facts.feed.x, facts.feed.y, facts.checked
    if y and checked.x and not checked.y and checked.x.source in ("array", "dataset"):
        return Found(
            f"The validation data holds inputs alone, of the shape {checked.x.items[0].shape}, "
            f"without targets, and `{model.loss}` needs them.",
            "Hand over both: `validation_data=(x_val, y_val)`.",
        )
    left = set(x.keys) - set(model.names) if x.structure == "dict" and model.names else set()
    if left and set(model.names) <= set(x.keys):
        return None  # targets among the inputs, see dict_keys
    if not x or y or model.own_loss and x.source != "array" or facts.inside:
        return None
    dataset = x.source == "dataset"
    if not dataset and x.source not in ("array", "tensor", "list"):
        if "None values not supported" not in facts.text:
            return None
        return Found(
            f"The {x.source} yields inputs alone, without targets, and the model was compiled "
            f"with the loss `{model.loss}`, which compares outputs with targets.",
            "Yield both as a tuple: `yield x, y`.",
        )
    what = "The dataset yields inputs alone" if dataset else f"`{facts.did}` was given inputs alone"
    shape = f", of the shape {x.shape}" if x.shape else ""
    return Found(
        f"{what}{shape}, without targets, and the model was compiled with the loss "
        f"`{model.loss}`, which compares outputs with targets.",
        "Let each element be a pair: `tf.data.Dataset.from_tensor_slices((x, y)).batch(32)`; "
        "`image_dataset_from_directory` gives labels unless `labels=None`, and "
        "`timeseries_dataset_from_array` what `targets=` says. For an autoencoder the inputs are "
        "the targets: `.map(lambda x: (x, x))`."
        if dataset
        else "Hand over the targets as well, `fit(x, y)`; for an autoencoder they are the inputs: "
        "`fit(x, x)`.",
    )


@fault(
    belief="a loss may do its work without giving anything back",
    truth="a loss returns one number for each sample, or one for the batch",
    hint="read the last line of your function: does it begin with `return`?",
)
def loss_returns_nothing(facts):
    """def my_loss(y_true, y_pred): ops.mean(...), without a return."""
    model = facts.model
    said = re.search(_NONE, facts.whole)
    if model is None or not model.own_loss or not facts.feed.y or facts.did not in TRAINS:
        return None
    if not said or facts.inside or own_metric(model) or not model.outputs:
        return None  # a metric or `call` of the person's own may give None as well
    return Found(
        f"The loss `{model.loss}`, a function of your own, gives None.",
        "Let it end with `return`, and one number for each sample or for the batch.",
    )


@fault(
    belief="a dataset's parts are told apart by the model",
    truth="Keras takes the first part for x, the second for y and the third for sample weights; "
    "several inputs are one part, a tuple or dict",
    hint="print the `element_spec` of your dataset: how many parts has it?",
)
def parts_of_a_batch(facts):
    """A dataset or generator of (x1, x2, x3, y), or of (x1, x2, y) for two inputs."""
    x, model = facts.feed.x, facts.model
    n = len(model.inputs) if model is not None and model.inputs else 1
    many = "expected to be in format `x`, `(x,)`, `(x, y)`" in facts.whole
    y = facts.feed.y.shape
    apart = x.source == "dataset" and x.structure == "one" and n > 1 and bool(facts.feed.y)
    apart = apart and (bool(facts.feed.weight) or bool(y) and fits(y, model.inputs[1]))
    stream = x.source in STREAMS and n > 1 and not facts.checking
    received = re.search(r"it received 1 input|Expected input structure", facts.whole)
    if not many and stream and received:
        return Found(
            f"The model has {number(n, 'input')}, and what the {x.source} gives first, which is "
            "taken for all of x, is one array.",
            f"Put the inputs together into one part, a tuple: "
            f"`({', '.join(f'x{i + 1}' for i in range(n))}), y`.",
        )
    if not many and not (apart and "input" in facts.text):
        return None
    what = "The dataset" if x.source == "dataset" else "What is handed over"
    takes = f"; the model has {number(n, 'input')}" if n > 1 else ""
    several = f"(({', '.join(f'x{i + 1}' for i in range(n))}), y)" if n > 1 else "((x1, x2), y)"
    return Found(
        (
            f"{what} comes in more than three parts, and Keras takes three at most: x, y and "
            f"sample weights{takes}."
        )
        if many
        else f"The dataset yields its inputs side by side, and the first of them, of the shape "
        f"{x.shape}, is taken for all of x, the second for y{takes}.",
        f"Put the inputs together into one part: `{several}`, by "
        "`dataset.map(lambda a, b, y: ((a, b), y))` or where it is made. What is no input, target "
        "or weight stays out.",
    )


@fault(
    belief="a dataset knows the shapes of whatever a Python function gives",
    truth="TensorFlow can't look into a generator or a function of NumPy, so it has to be told "
    "the shapes that they give",
    hint="print the `element_spec` of your dataset.",
)
def shapes_unknown(facts):
    """Dataset.from_generator(g, (tf.float32, tf.float32)); map(tf.py_function)."""
    said = r"shape with unknown rank|unknown TensorShape|unknown rank"
    x = facts.feed.x
    if facts.did not in (*TRAINS, "predict") or not re.search(said, facts.whole):
        return None
    if x and x.source in ("array", "tensor", "list"):
        return None
    if x.source == "dataset" and all(d.shape is not None for d in (*x.items, *facts.feed.y.items)):
        return None  # it knows them: a function within the model has lost them
    model = facts.model
    shape = sample(model.inputs[0]) if model is not None and model.inputs else None
    size = f"{shape}" if shape else "(28, 28, 1)"
    return Found(
        "The dataset doesn't know the shape of what it yields: it comes from a Python generator "
        "or from `tf.py_function`, `tf.numpy_function` or the like, whose results have any shape "
        "for TensorFlow" + (f"; the model takes {model.inputs[0]}." if shape else "."),
        "Tell the shapes of one sample: `from_generator(g, output_signature=(tf.TensorSpec("
        f"{size}, tf.float32), tf.TensorSpec((), tf.int64)))`; or, behind a function, "
        f"`x.set_shape({size})`, and the labels' likewise, before `.batch(...)`.",
    )


@fault(
    belief="`output_signature` brings what a generator yields into its form",
    truth="it is a promise: every element is held against it, and refused if it differs",
    hint="print the shapes of `next(g())` beside the signature.",
)
@given(
    in_whole(
        rf"`generator` yielded an element of shape ({SHAPE}) where an element of shape ({SHAPE}) "
        "was expected"
    )
)
def signature_broken(facts, told):
    """A generator of (28, 28) for TensorSpec((28, 28, 1))."""
    got, want = sizes(told[1]), sizes(told[2])
    channel = want == (*got, 1)
    return Found(
        f"The generator of the dataset yields something of the shape {got}, and the signature of "
        f"`from_generator` promises {want} in that place.",
        "Let the generator yield the last axis, of size 1, as well: `x[..., None]`."
        if channel
        else f"Write {got} in its `TensorSpec`, with None for what differs from element to "
        f"element; or let the generator yield {want}.",
    )


@fault(
    belief="samples of any lengths make a batch",
    truth="a batch is one array, so its samples have one shape",
    hint="print the shapes of the first samples of your dataset.",
)
@given(
    in_whole(
        r"[Cc]annot batch tensors with different shapes in component (\d+)\. First element had "
        r"shape (\[[\d,]*\]) and element (\d+) had shape (\[[\d,]*\])"
    )
)
def uneven_batch(facts, told):
    """Dataset of sequences of different lengths, .batch(4)."""
    part, first, _, other = told.groups()
    which = "inputs" if part == "0" else "targets" if part == "1" else f"part {part}"
    pictures = first.count(",") == 2
    return Found(
        f"The samples of the dataset ({which}) have different shapes, {first} and {other}, and "
        "can't be gathered in one batch.",
        "Resize every picture to one size before `.batch(...)`: `dataset.map(lambda x, y: "
        "(tf.image.resize(x, (128, 128)), y))`."
        if pictures
        else "Pad the short ones: `padded_batch(n)` in the place of `.batch(n)`; or bring all to "
        "one length before.",
    )


@fault(
    belief="targets go beside a dataset as they go beside an array",
    truth="a dataset or generator brings its targets with it, batch by batch",
    hint="print the `element_spec` of your dataset.",
)
@given(in_whole(r"When providing `x` as a (.+?), `(y|sample_weight)` should not"))
def targets_beside_a_dataset(facts, told):
    """model.fit(dataset, y)."""
    what = "targets" if told[2] == "y" else "sample weights"
    return Found(
        f"`x` is a {told[1]}, which has to bring its {what} with it, and `{told[2]}` was handed "
        "over as well.",
        "Put both into the dataset, `tf.data.Dataset.from_tensor_slices((x, y)).batch(32)`, and "
        f"leave `{told[2]}` out of the call.",
    )


@fault(
    belief="any data can be split for validation",
    truth="Keras cuts the end off an array; of a dataset or generator it knows no end",
    hint="print type(x), and len(x).",
)
def split_of_a_stream(facts):
    """fit(dataset, validation_split=0.2); validation_split on a single sample."""
    if "`validation_split` is only supported" in facts.text:
        return Found(
            "`validation_split` cuts the last part off an array, and `x` isn't one that can be "
            "cut.",
            "Split the data yourself, and hand over the second part: "
            "`validation_data=dataset.take(n)` with `dataset.skip(n)` for training; or make "
            "arrays of lists with `np.array`.",
        )
    told = re.search(r"contains (\d+) samples?, which is not sufficient to split", facts.text)
    if not told:
        return None
    x = facts.feed.x
    shape = f" `x` has the shape {x.shape}, and its first axis counts the samples." * bool(x.shape)
    front = x.shape and len(x.shape) > 2 and x.shape[0] == 1
    return Found(
        f"There {'is' if told[1] == '1' else 'are'} {number(int(told[1]), 'sample')}, too few to "
        f"split a part off for validation.{shape}",
        "If the samples lie along another axis, leave out the `[None]`, `expand_dims` or `reshape` "
        "that puts an axis of size 1 in front."
        if front
        else "Hand over more samples, or leave `validation_split` out.",
    )


@also("fault", "cardinality")
@given(in_text(r"Dimensions (\d+) and (\d+) are not compatible"))
def _(facts, told):
    """tf.data.Dataset.from_tensor_slices((x of 8, y of 7))."""
    if "from_tensor_slices" not in wrote(facts) + facts.whole:
        return None
    arrays = [f"`{k}` {s}" for k, s in facts.mine.items() if s and k in wrote(facts)]
    more = f" In this line: {', '.join(arrays[:4])}." if arrays else ""
    return Found(
        f"`from_tensor_slices` cuts its arrays along their first axis, which counts the samples: "
        f"here {told[1]} and {told[2]}, and they must be as many.{more}",
        "Print the length of each, and look for the step after which they differ.",
    )


@also("fault", "batched_twice")
@given(clash)
def _(facts, c):
    """Dataset.from_tensors((x, y)), or from_tensor_slices([x, y])."""
    if c.source != "dataset" or len(c.got) != len(c.declared) + 1:
        return None
    if c.got[1] in (None, 1) or c.got[0] is not None or not fits_last(c):
        return None
    listed = not facts.feed.y
    return Found(
        f"{c.said}: each element of the dataset is a whole array, of the shape {sample(c.got)}, "
        "and `.batch` puts one more axis in front"
        + (", and there are no targets beside it." if listed else "."),
        "Give `from_tensor_slices` a tuple, `(x, y)`: a list `[x, y]` is taken for one array of "
        "two rows, x and y."
        if listed
        else "Cut the arrays into samples: `from_tensor_slices((x, y))` in the place of "
        "`from_tensors`; or, if it has batches already, leave one `.batch(...)` out.",
    )


def fits_last(c):
    """Tell whether one of the elements' axes too many is the first."""
    return all(d in (None, n) for n, d in zip(c.got[2:], c.declared[1:], strict=True))


@fault(
    belief="`class_weight` is a list of weights",
    truth="it is a dict, from the number of each class to its weight",
    hint="print type() of what you give to class_weight.",
)
def class_weight_form(facts):
    """class_weight=[1.0, 2.0], or what compute_class_weight gives."""
    if "class_weight" not in facts.options:
        return None
    said = r"'(list|numpy\.ndarray|tuple)' object has no attribute '(get|items|keys)'"
    told = re.search(said, facts.text)
    if told:
        return Found(
            f"`class_weight` is a {told[1]}, and Keras wants a dict from the class to its weight.",
            "Make it one: `dict(enumerate(class_weight))`.",
        )
    if "only supported for Models with a single output" in facts.text:
        n = len(facts.model.outputs) if facts.model else 0
        return Found(
            f"`class_weight` is for one output, and the model has {n or 'several'}.",
            "Give each sample its weight: `sample_weight=` with one array for each output.",
        )
    return None


@fault(
    belief="a model reads a picture or a number as it is handed over",
    truth="it takes arrays, with the batch as their first axis",
    hint="print type(x).",
)
@given(in_whole(r"Unrecognized data type: x=(.*?) \(of type <class '([\w.]+)'>"))
def no_array(facts, told):
    """model.predict("cat.png"), model.predict(5), model.predict(Image.open(...))."""
    if told[2] in ("list", "tuple") or facts.feed.x.shape is not None:
        return None
    value, kind = told.groups()
    model = facts.model
    shape = model.inputs[0] if model is not None and len(model.inputs) == 1 else ()
    takes = f"; the model takes {shape}" if shape else ""
    size = f", target_size={shape[1:3]}" if len(shape) == 4 and None not in shape[1:3] else ""
    if kind == "str":
        return Found(
            f"`{facts.did}` was given text, {value[:60]!r}, and takes an array{takes}.",
            f"If it is the name of a file, read the picture first: `keras.utils.img_to_array("
            f"keras.utils.load_img(path{size}))[None]`, a batch of one.",
        )
    if "Image" in kind:
        return Found(
            f"`{facts.did}` was given a picture as PIL keeps it, and takes an array{takes}.",
            "Make a batch of one of it: `keras.utils.img_to_array(picture)[None]`.",
        )
    if kind in ("int", "float", "numpy.float64", "numpy.float32", "numpy.int64"):
        return Found(
            f"`{facts.did}` was given a single number, and takes an array{takes}.",
            "Make a batch of one sample of it: `np.array([[value]])`.",
        )
    return Found(
        f"`{facts.did}` was given a {kind}, and takes arrays{takes}.",
        "Make an array of it first, such as `np.array(list(x))`.",
    )


@fault(
    belief="what was read is there",
    truth="a reader may give None: cv2.imread does where it can't read the file",
    hint="print the variable just before you hand it over.",
)
def nothing_handed_over(facts):
    """img = cv2.imread("typo.png"); model.predict(np.expand_dims(img, 0))."""
    none = next((d for d in facts.feed.x.items if d.dtype == "none"), None)
    if none is not None and none.shape is not None and len(none.shape) > 1:
        return None  # a table with gaps
    if none is not None:
        return Found(
            f"{named(none, 'The array').replace('the', 'The')} holds None in the place of numbers.",
            "Look at what reads the data: `cv2.imread` gives None for a file that isn't there or "
            "that it can't read, without an error. Print the path, and whether `os.path.exists` "
            "finds it.",
        )
    asked = facts.did in ("fit", "evaluate", "predict") and not facts.feed.x
    if not asked or "None" not in facts.whole and "empty set" not in facts.whole:
        return None
    return Found(
        f"`{facts.did}` was given None for `x`.",
        "Look at what should have made the data: a function without `return` gives None.",
    )


@fault(
    belief="a list of samples is a batch",
    truth="a batch is one array; Keras takes a list, a tuple or a dict for several inputs, and "
    "TensorFlow no list at all from a generator",
    hint="print type() of each part of what you yield.",
)
def lists_in_a_batch(facts):
    """yield [a, b], y; a PyDataset that gives a list of arrays."""
    if "must contain objects that are subclass of `tf.TypeSpec` but found <class 'list'>" not in (
        facts.whole
    ):
        return None
    model, source = facts.model, facts.feed.x.source
    n = len(model.inputs) if model is not None else 0
    what = "The PyDataset gives" if source == "PyDataset" else "The generator yields"
    said = f"{what} a list among its parts, and TensorFlow takes arrays, tuples and dicts."
    stacked = "Make one array of the samples of a batch, `np.stack(batch_x)`, and of their labels"
    apart = "give the arrays of several inputs as a tuple, `(a, b), y`, or as a dict by their names"
    if n == 1:
        return Found(
            f"{said} The model has one input, so a batch of it is one array.", f"{stacked}."
        )
    if n > 1:
        return Found(f"{said} The model has {n} inputs.", f"{apart[0].upper()}{apart[1:]}.")
    return Found(said, f"{stacked}; or {apart}.")
