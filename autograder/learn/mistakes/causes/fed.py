"""What is fed to a model against what the model declares."""

import itertools

from autograder.learn.mistakes.causes.clashes import clash
from autograder.learn.mistakes.causes.pairs import SPARSE
from autograder.learn.mistakes.causes.words import (
    STREAMS,
    axes,
    fits,
    named,
    number,
    product,
    sample,
    wrote,
)
from autograder.learn.mistakes.rule import Found, also, fault, given


@fault(
    belief="a dataset hands over its samples in batches by itself",
    truth="a `tf.data.Dataset` of arrays yields one sample after the other until `.batch(n)` "
    "gathers them",
    hint="print the `element_spec` of your dataset.",
)
def dataset_not_batched(facts):
    """model.fit(tf.data.Dataset.from_tensor_slices((x, y)))."""
    c = clash(facts)
    x, y = facts.feed.x, facts.feed.y
    takes = f"; the model takes {c.declared}" if c is not None else ""
    if c is None and not (_single(x, y) and _met_in_a_layer(facts)):
        return None
    if c is not None and (c.source != "dataset" or not fits(c.got, sample(c.declared))):
        return None
    checked = c is not None and c.label.startswith("the validation")
    name = c.data.name if c is not None and c.data.name else x.one.name if c is None else ""
    call = f"{name or 'dataset'}.batch(32)"
    called = facts.did if facts.did in ("fit", "evaluate", "predict") else "fit"
    how = f"validation_data={call}" if checked else f"model.{called}({call})"
    return Found(
        f"The {'validation ' * checked}dataset yields single samples of shape "
        f"{x.shape if c is None else c.got}, without a batch axis{takes}.",
        f"Put `.batch(32)` behind {'it' if checked else 'the dataset'}: `{how}`.",
        mends=c.mended(got=(None, *c.got))
        if c is not None
        else x.shape not in facts.received or facts.layer.takes((None, *x.shape)),
    )


def _single(x, y):
    """Tell whether a dataset yields one sample with its label at a time.

    Where batches come, x and y begin with one size, or with an open one.
    """
    if x.source != "dataset" or not x.shape or x.shape[0] is None or y.shape is None:
        return False
    return y.shape == () or y.shape[0] is not None and y.shape[0] != x.shape[0]


def _met_in_a_layer(facts):
    """Tell whether a layer refused an axis, as a model without an Input does."""
    return "ndim=" in facts.text or "at least rank 1" in facts.text or "target" in facts.text


@fault(
    belief="one more `batch` does no harm",
    truth="each `batch` of a dataset puts an axis in front",
    hint="print the `element_spec` of your dataset.",
)
@given(clash)
def batched_twice(facts, c):
    """dataset.batch(4).batch(2), or image_dataset_from_directory(...).batch(32)."""
    if c.source != "dataset" or len(c.got) != len(c.declared) + 1:
        return None
    if c.got[:1] != (None,) or not fits(c.got[1:], c.declared) or c.got[1] == c.declared[-1]:
        return None
    return Found(
        f"The dataset yields batches of batches, of shape {c.got}; the model takes {c.declared}: "
        "it was batched twice.",
        "Leave out one `.batch(...)`; a dataset that Keras reads from a directory has batches "
        "already, unless `batch_size=None`.",
    )


@also("fault", "wrong_array")
def _(facts):
    """evaluate(y_test, x_test)."""
    c, y, model = clash(facts), facts.feed.y.shape, facts.model
    if c is None or not y or len(model.inputs) != 1 or len(model.outputs) != 1 or c.of:
        return None
    out = model.outputs[0]
    one = len(out) == 2 and (out[1] == 1 or model.loss == SPARSE)  # a number for each sample
    alike = fits(c.got, out) or one and (len(c.got) == 1 or c.got[1:] == (1,))
    if not alike or not fits(y, model.inputs[0]) or "validation" in c.label or fits(y, out):
        return None
    return Found(
        f"`{facts.did}` was given {c.got} as the data and {y} as the targets; the model takes "
        f"{model.inputs[0]} and gives {out}: the two are exchanged.",
        f"Hand over the inputs first, then the targets: `{facts.did}(x, y)`.",
    )


@also("fault", "batch_axis_missing")
def _(facts):
    """A generator that yields one sample after the other."""
    c = clash(facts)
    stream = facts.feed.x.source in STREAMS
    scalar = "must be at least rank 1" in facts.text and stream
    if scalar or (c and stream and _one_short(c.got, c.declared)):
        declared = facts.model.inputs[0] if facts.model and facts.model.inputs else None
        said = f" where the model takes {declared}" if declared else ""
        return Found(
            f"The {facts.feed.x.source} yields one sample with its label at a time, without a "
            f"batch axis{said}.",
            "Yield batches: x and y with the number of samples as their first axis, such as "
            "`yield x[i:i+32], y[i:i+32]`; a batch of one is `x[i:i+1], y[i:i+1]`, or "
            "`x[i][None], y[i][None]`.",
        )
    return None


def _one_short(got, declared):
    """Tell whether a batch axis is missing: Keras leaves the first size of a generator's open."""
    if len(got) == len(declared) and got[-1] == 1:  # Keras has added an axis at the end
        got = got[:-1]
    return len(got) == len(declared) - 1 and fits(got[1:], declared[2:])


@fault(
    belief="the shape of the whole array is the shape of the input",
    truth="the input's shape is that of one sample; the number of samples is no part of it, for "
    "Keras puts the batch axis in front by itself",
    hint="compare the shape of your data with that of one sample, x[0].",
)
@given(clash)
def samples_in_input_shape(facts, c):
    """keras.Input(x.shape), met when the model is given x."""
    if c.of:
        return None
    whole = c.got == sample(c.declared) and c.got[0] is not None
    many = whole and (c.labels == c.got[0] or (c.labels is None and ".shape" in _made(facts)))
    first = len(c.got) == 2 and c.declared == (None, c.got[0]) and c.got[1] != c.got[0]
    first = first and c.labels == c.got[0] > 1 and c.got[1] > 1 and not _trained_well(facts, c)
    if not (many and c.got[0] > 1) and not first:
        return None
    n = c.got[0]
    right = sample(c.got)
    return Found(
        f"{c.said}: the {n} samples are counted in its declared shape, which is that of one "
        f"sample only. Keras puts the batch axis in front by itself.",
        f"Declare the shape of one sample, without the number of samples: `keras.Input({right})`, "
        f"or `x.shape[1:]`.",
        mends=c.mended(declared=(None, *right)),
    )


def _made(facts):
    return wrote(facts)


@also("fault", "batch_axis_missing")
@given(clash)
def _(facts, c):
    """model.predict(x[0])."""
    if c.source == "dataset":
        return None
    flat = len(c.got) == 1 and c.got[0] is not None and c.got[0] == product(sample(c.declared))
    one = sample(c.declared)
    turned = len(c.got) < len(c.declared) and len(c.got) > 1 and c.got[0] not in (1, None)
    turned = turned and c.labels in (None, 1) and None not in one
    turned = turned and product(c.got) == product(one) and not fits(c.got, one)
    if not (flat or turned or (fits(c.got, one) and None not in c.got)):
        return None
    call, single_target = named(c.data, "x"), _single_target(facts)
    how = f"{call[:-1]}[None]`" if call.startswith("`") else "`x[None]`"
    shape = (1, *c.got)
    if (flat or turned) and len(c.declared) > 1:
        how = f"`{call.strip('`')}.reshape{(1, *sample(c.declared))}`"
        shape = (1, *sample(c.declared))
    if fits((*c.got[1:], c.got[0]), one) and not fits(c.got, one):  # a reshape moves no axis
        how = f"`np.moveaxis({call.strip('`')}, 0, -1)[None]`, which puts the channels last"
    return Found(
        f"{c.said}. That is a single sample, without the batch axis in front: Keras takes the "
        f"{c.got[0]} for the number of samples.",
        f"Hand over a batch of one sample: {how}, of shape {shape}."
        + " The target needs its batch axis as well." * single_target,
        mends=c.one_sample(shape) or single_target and c.mended(got=shape),
    )


@also("fault", "batch_axis_missing")
def _(facts):
    """model.predict(np.array(3)), the number of one word."""
    x, model = facts.feed.x, facts.model
    if x.shape != () or model is None or len(model.inputs) != 1 or not facts.in_keras:
        return None
    n, call = len(model.inputs[0]), named(x.one, "x").strip("`")
    return Found(
        f"`{call}` is a single number, of shape (), and the model takes {model.inputs[0]}: the "
        "batch axis is missing" + (", and others with it." if n > 1 else "."),
        f"Hand over a batch of one sample: `np.reshape({call}, {(1,) * n})`.",
    )


def _single_target(facts):
    """Tell whether the targets are those of one sample, without a batch axis either."""
    y, model = facts.feed.y.shape, facts.model
    one = sample(model.outputs[0]) if model is not None and len(model.outputs) == 1 else ()
    return bool(y) and len(one) == len(y) and None not in one and fits(y, one) and y != (1,)


@fault(
    belief="an axis more does no harm",
    truth="a model takes just as many axes as it declares, the batch axis in front",
    hint="print the shape of your data, and name each of its axes.",
)
@given(clash)
def extra_axis(facts, c):
    """x[None] where x is a batch already, or expand_dims done twice."""
    if len(c.got) <= len(c.declared):
        return None
    ones = _surplus(c.got, c.declared)
    if not ones:
        return None
    at = ones[0] if len(ones) == 1 else ones
    call = named(c.data, "x").strip("`")
    many = "one axis" if len(ones) == 1 else axes(len(ones))
    where = f"at position {at}" if at else "in front: the batch axis is there twice"
    return Found(
        f"{c.said}: the data has {many} too many, of size 1, {where}.",
        f"Leave out the `[None]`, `expand_dims` or `reshape` that adds it, or drop it with "
        f"`np.squeeze({call}, axis={at})`.",
    )


@also("fault", "extra_axis")
def _(facts):
    """A PyDataset that gives np.array([batch])."""
    c = clash(facts)
    if c is None or c.source not in STREAMS or len(c.got) != len(c.declared) + 1:
        return None
    if c.got[1] is None or not fits(c.got[1:], c.declared):
        return None
    n, size = c.got[1], c.data.size if c.data is not None else None
    return Found(
        f"The {c.source} gives something of the shape {c.got}, and the model takes {c.declared}: "
        f"batches of {number(n, 'sample')} with one axis more in front of them.",
        "Give the batch as it is, an array whose first axis counts its samples: a list around it, "
        "`np.array([x])`, or `x[None]`, puts one more axis in front.",
        "" if n == size else f"if there are {n} samples in a batch",
    )


def _surplus(got, declared):
    """Return the places of axes of size 1 without which a shape fits; () if there are none."""
    places = [i for i, n in enumerate(got) if n == 1]
    for out in itertools.combinations(places, len(got) - len(declared)):
        if fits(tuple(n for i, n in enumerate(got) if i not in out), declared):
            return out
    return ()


@fault(
    belief="a model finds out by itself which axis holds the channels",
    truth="unless told otherwise, Keras looks for the channels on the last axis",
    hint="print the shape of your data, and name each of its axes.",
)
@given(clash)
def channel_order(facts, c):
    """Images (n, 3, 32, 32) for a model that declares (None, 32, 32, 3), or the reverse."""
    if len(c.got) != len(c.declared) or len(c.got) < 4:
        return None
    got, declared = sample(c.got), sample(c.declared)
    call = named(c.data, "x").strip("`")
    if fits((*got[1:], got[0]), declared):
        return Found(
            f"{c.said}: in the data the channels come first, right after the batch, and the model "
            "looks for them on the last axis.",
            f"Move the channels to the end: `np.moveaxis({call}, 1, -1)`.",
        )
    if fits((got[-1], *got[:-1]), declared):
        return Found(
            f"{c.said}: the model is declared with the channels first, and in the data they come "
            "last, where Keras's layers look for them.",
            f"Declare the channels last, as the data has them: `keras.Input({got})`.",
        )
    return None


@fault(
    belief="the order of the axes is a matter of taste",
    truth="each axis has a meaning by its place: samples first, then steps before features, rows "
    "before columns",
    hint="write under each number of the shape what it counts.",
)
@given(clash)
def axes_swapped(facts, c):
    """(n, 20, 1) for a model that declares (None, 1, 20); a sample as a column; a table turned."""
    if len(c.got) != len(c.declared) or len(c.got) < 2:
        return None
    got, declared = sample(c.got), sample(c.declared)
    call = named(c.data, "x").strip("`")
    if len(got) == 1:
        return _table_turned(c, call)
    if sorted(map(str, got)) == sorted(map(str, declared)) and None not in got:
        names = " The model's steps are the data's features, and the reverse." * (len(got) == 2)
        order = (0, *(1 + _place(got, declared, i) for i in range(len(declared))))
        return Found(
            f"{c.said}: the same sizes in another order of axes.{names}",
            f"Declare the axes as the data has them, `keras.Input({got})` (steps first, then "
            f"features), or turn the data: `np.transpose({call}, {order})`."
            if len(got) == 2
            else f"Declare `keras.Input({got})` as the data are, or turn the data: "
            f"`np.transpose({call}, {order})`.",
        )
    return None


def _place(got, declared, i):
    """Return where the i-th declared size stands in the data, each used once."""
    taken = []
    for j in range(i + 1):
        taken.append(next(k for k, n in enumerate(got) if n == declared[j] and k not in taken))
    return taken[-1]


def _table_turned(c, call):
    rows, columns = c.got
    width = c.declared[1]
    if columns == 1 and rows == width:
        return Found(
            f"{c.said}: the {rows} numbers of one sample stand in a column, so each counts as a "
            "sample of a single number.",
            f"Make it a row, a batch of one sample: `{call}.reshape(1, {rows})`.",
        )
    if width == 1 and rows == 1 and columns > 1:
        return Found(
            f"{c.said}: {columns} values in one row are one sample of {columns} features; the "
            f"model takes samples of a single number, one in each row.",
            f"Make it a column, with a row for each sample: `{call}.reshape(-1, 1)`, and the same "
            "for the targets.",
        )
    if rows == width and columns != width and c.labels in (None, columns):
        return Found(
            f"{c.said}: the {width} features lie along the first axis, where Keras looks for the "
            f"samples, so the table is turned: its {columns} columns are the samples.",
            f"Transpose it, so that each row is a sample: `{call}.T`.",
            "" if c.labels == columns else "if each column is a sample",
        )
    return None


@fault(
    belief="grey or in colour, a picture is a picture",
    truth="a convolution has weights for a certain number of channels: 1 for grey, 3 for colour",
    hint="print the last number of the shape of one picture.",
)
@given(clash)
def channel_count(facts, c):
    """Colour pictures for a model that declares one channel, or the reverse."""
    if len(c.got) < 4:
        return None
    got, declared = c.got[-1], c.declared[-1]
    place = fits(c.got[1:-1], c.declared[1:-1])
    if len(c.got) != len(c.declared) or not place or not {got, declared} <= {1, 2, 3, 4}:
        return None
    word = {1: "grey", 3: "colour", 4: "colour with transparency"}
    mend = (
        'Read the pictures as grey ones (`color_mode="grayscale"`, `convert("L")`)'
        if declared == 1
        else 'Read the pictures in colour (`color_mode="rgb"`, `convert("RGB")`), or repeat the '
        "grey channel: `np.repeat(x, 3, axis=-1)`"
        if declared == 3 and got == 1
        else f"Read the pictures with {number(declared, 'channel')}"
    )
    return Found(
        f"{c.said}: the pictures have {number(got, 'channel')} ({word.get(got, 'several')}), and "
        f"the model expects {number(declared, 'channel')} ({word.get(declared, 'several')}).",
        f"{mend}, or declare {number(got, 'channel')}: `keras.Input({sample(c.got)})`."
        if not _ready_made(facts)
        else f"{mend}: `{_ready_made(facts)}`, inside, was made for {number(declared, 'channel')}.",
    )


def _ready_made(facts):
    """Return the name of the model that stands first in this one, or ""."""
    first = next((s for s in facts.model.layers if s.family not in ("input", "same")), None)
    return first.name if first is not None and first.family == "model" else ""


@also("fault", "channel_axis_missing")
@given(clash)
def _(facts, c):
    """(n, 28, 28) for a model that declares (None, 28, 28, 3)."""
    if len(c.declared) < 4 or len(c.got) != len(c.declared) - 1:
        return None
    if not fits(c.got[1:], c.declared[1:-1]) or c.declared[-1] not in (None, 1, 3, 4):
        return None
    call, n = named(c.data, "x").strip("`"), c.declared[-1]
    return Found(
        f"{c.said}: the grey pictures have no axis for channels, and the model expects {n}.",
        f"Add the channel axis, and repeat the grey channel {n} times: "
        f"`np.repeat({call}[..., None], {n}, axis=-1)`; or declare one channel.",
    )


@also("fault", "flattened_by_hand")
@given(clash)
def _(facts, c):
    """(n, 784) for a model that declares (None, 28, 28, 1)."""
    if len(c.got) != 2 or len(c.declared) < 3 or c.got[1] is None:
        return None
    if c.got[1] <= (c.declared[-1] or 0):
        return None  # no more than the channels of one place
    call, want = named(c.data, "x").strip("`"), sample(c.declared)
    size = product(want)
    first = next((s for s in facts.model.layers if s.family not in ("same", "input")), None)
    rows = first is not None and first.family in ("flatten", "dense", "reshape")
    if len(c.declared) == 3 and not (rows and size == c.got[1]):
        return None
    if size == c.got[1] and c.label == "what arrives":
        return Found(
            f"{c.said}: rows of {c.got[1]} numbers, and the model takes images, with height and "
            "width.",
            f"Let what comes before end with `Reshape({want})`.",
        )
    if size == c.got[1]:
        return Found(
            f"{c.said}: the pictures were flattened to rows of {c.got[1]} numbers, and the model "
            "takes them as images, with height and width.",
            f"Leave the pictures as they are, or give them their shape back: "
            f"`{call}.reshape{(-1, *want)}`.",
        )
    return Found(
        f"{c.said}: rows of {c.got[1]:,} numbers, where the model takes images with height, width "
        f"and channels" + (f", {size:,} numbers each." if size else "."),
        "If the rows are flattened pictures, keep them as images: reshape them to the height, "
        "width and channels that they had, and declare these.",
    )


@also("fault", "embedding_input")
def _(facts):
    """Rows of features, (n, words, 300), for a model that begins with an Embedding."""
    c = clash(facts)
    first = next((s for s in facts.model.layers if s.family != "input"), None) if c else None
    if first is None or first.family != "embedding" or len(c.got) != len(c.declared) + 1:
        return None
    if not fits(c.got[:-1], c.declared) or c.got[-1] in (1, None):
        return None
    call = named(c.data, "x").strip("`")
    hot = c.data is not None and c.data.one_hot
    return Found(
        f"{c.said}: the model begins with an Embedding, which takes one whole number for each "
        f"word, and the data holds a row of {c.got[-1]} numbers for each"
        + (", one-hot." if hot else "."),
        f"Hand over the numbers of the words: `np.argmax({call}, axis=-1)`."
        if hot
        else "Words that are rows of features already, such as ready-made vectors, need no "
        f"Embedding: leave it out, and declare `keras.Input({sample(c.got)})`. One-hot rows become "
        f"numbers by `np.argmax({call}, axis=-1)`.",
    )


@fault(
    belief="a model makes a row out of an image by itself",
    truth="a model that begins with Dense on rows of numbers takes only such rows",
    hint="multiply the sizes of one sample, and compare with the number that the model declares.",
)
@given(clash)
def data_not_flattened(facts, c):
    """Images (n, 28, 28) for a model that declares (None, 784)."""
    if len(c.declared) != 2 or len(c.got) < 3:
        return None
    size, width = product(sample(c.got)), c.declared[1]
    call = named(c.data, "x").strip("`")
    if size == width:
        return Found(
            f"{c.said}: the data has not been flattened, and the model takes rows of {width} "
            "numbers.",
            f"Flatten each sample before you hand it over: `{call}.reshape(len({call}), -1)`; or "
            f"declare `keras.Input({sample(c.got)})` and let a Flatten layer do it.",
        )
    if size is None:
        return None
    pool = {3: "GlobalAveragePooling1D", 4: "GlobalAveragePooling2D"}.get(len(c.got))
    pooled = f", or `{pool}()`, which leaves the {width}," if pool and c.got[-1] == width else ""
    return Found(
        f"{c.said}: samples with {axes(len(c.got) - 1)} where the model takes flat rows of "
        f"{width} numbers; flattened, each would have {size:,}.",
        f"Declare the data's own shape, `keras.Input({sample(c.got)})`, and put a Flatten layer"
        f"{pooled} behind it; or hand over rows of {width} numbers.",
    )


@fault(
    belief="a table of rows and columns is a set of sequences",
    truth="a layer that goes along steps wants three axes: samples, steps, and the features of "
    "each step",
    hint="print the shape of your data. Which of its axes counts the steps?",
)
@given(clash)
def sequence_axis_missing(facts, c):
    """(n, 20) for a model that declares (None, 20, 3)."""
    if len(c.declared) != 3 or len(c.got) != 2 or None in c.got[1:]:
        return None
    _, steps, features = c.declared
    width, call = c.got[1], named(c.data, "x").strip("`")
    if features == 1 and steps is not None:  # Keras adds the axis: another length is left
        return None
    if product((steps, features)) == width:
        how = f"Cut each row into steps: `{call}.reshape(-1, {steps}, {features})`."
    elif steps is not None and width == features and c.got[0] is not None and c.got[0] < steps:
        return Found(
            f"{c.said}: {number(c.got[0], 'row')} of {number(width, 'feature')}, which Keras takes "
            f"for samples; a sample of the model has {steps} steps.",
            f"Hand over the last {steps} rows as a batch of one sample, of shape "
            f"{(1, steps, width)}: a window has to be as long as those that the model was made "
            "for.",
        )
    elif steps is not None and features is not None and width == features:
        how = (
            f"Cut windows of {steps} rows out of the table, so that the data has the shape "
            f"(samples, {steps}, {features}); `keras.utils.timeseries_dataset_from_array` does it."
        )
    elif width == steps:
        how = (
            f"If each row is a series of {steps} steps with one feature, declare "
            f"`keras.Input(({steps}, 1))` and add the axis: `{call}[..., None]`."
        )
    else:
        how = (
            f"Reshape the data to (samples, steps, features), for example `{call}[..., None]` for "
            "one feature a step, and declare the same steps and features."
        )
    return Found(
        f"{c.said}: a table of rows and columns, without an axis for the time steps; the model "
        "expects three axes (samples, steps, features).",
        how,
    )


@also("fault", "sequence_axis_missing")
@given(clash)
def _(facts, c):
    """Pictures (n, 64, 64, 3) for a model of films, (None, 8, 64, 64, 3)."""
    if len(c.declared) != 5 or len(c.got) != 4 or not fits(c.got[1:], c.declared[2:]):
        return None
    frames, call = c.declared[1], named(c.data, "x").strip("`")
    even = frames and c.got[0] and c.got[0] % frames == 0
    return Found(
        f"{c.said}: single pictures, without an axis for the time steps (frames); the model takes "
        f"films of {frames or 'several'} frames each.",
        f"Gather the frames of each film, `{call}.reshape{(-1, *c.declared[1:])}`, if they come "
        "one behind the other; a single film is `x[None]`."
        if even
        else "Gather the frames of each film in an array of their own, so that the data has the "
        f"shape (films, {frames or 'frames'}, {', '.join(map(str, c.got[1:]))}).",
    )


@fault(
    belief="pictures of any size go in",
    truth="a declared size is a promise: the data has to be of that size, axis by axis",
    hint="print the shape of your data next to model.input_shape.",
)
def data_size(facts):
    """Pictures (n, 160, 160, 3) for a model that declares (None, 224, 224, 3)."""
    c = clash(facts)
    if c is not None and len(c.got) == 2 and len(c.declared) == 3 and c.declared[-1] == 1:
        if c.got[1] == 1:
            return _uncut_series(c)
        return Found(
            f"{c.said}: rows of {c.got[1]} numbers, which Keras takes for as many steps of one "
            f"feature, and the model expects {c.declared[1]} steps.",
            f"Cut or pad the rows to {c.declared[1]}, or declare the length that they have: "
            f"`keras.Input(({c.got[1]}, 1))`.",
        )
    if c is None or len(c.got) != len(c.declared) or len(c.got) < 3:
        return None
    if len(c.got) == 3:
        return _series_size(c)
    got, declared = c.got[1:-1], c.declared[1:-1]
    rest = (
        ""
        if c.got[-1] == c.declared[-1]
        else (f" The channels differ as well: {c.got[-1]} and {c.declared[-1]}.")
    )
    return Found(
        f"{c.said}: pictures of the size {got} where the model expects {declared}.{rest}",
        f"Resize the data to the declared size, `keras.ops.image.resize(x, {declared})` or "
        f"`image_size={declared}` where the files are read; or declare the size that the data has.",
    )


def _uncut_series(c):
    """Return what is told where a series goes, number by number, to a model of windows."""
    call, steps = named(c.data, "x").strip("`"), c.declared[1]
    one = c.got[0] == steps and c.labels in (None, 1)
    if one:
        return Found(
            f"{c.said}: {steps} rows of one number, each of which counts as a sample; the model "
            f"takes samples of {steps} steps. That is a single sample, without the batch axis.",
            f"Hand over a batch of one sample: `{call}[None]`, of shape {(1, *c.got)}.",
        )
    return Found(
        f"{c.said}: {c.got[0]} rows of one number, a series that hasn't been cut into windows; "
        f"each sample of the model has {steps} steps.",
        f"Cut windows of {steps} steps out of it, so that the data has the shape (samples, "
        f"{steps}, 1): `keras.utils.timeseries_dataset_from_array`, or `np.stack([{call}[i:i + "
        f"{steps}] for i in range(len({call}) - {steps} + 1)])`.",
        mends=c.got[0] is None or c.got[0] >= steps,
    )


def _series_size(c):
    steps, width = c.got[1], c.got[2]
    if fits((width,), (c.declared[2],)):
        return Found(
            f"{c.said}: sequences of the length {steps} where the model expects the size "
            f"{c.declared[1]}.",
            f"Cut or pad the data to {c.declared[1]} steps, or declare the size that it has, or "
            f"any length: `keras.Input((None, {width}))`.",
        )
    return None


@fault(
    belief="`predict` is given what is to be predicted",
    truth="it is given inputs, as `fit` was, and gives what the targets would be",
    hint="print the names and shapes of what you hand over.",
)
def targets_for_inputs(facts):
    """predict(y_test)."""
    c, out = clash(facts), facts.model.outputs if facts.model else ()
    if c is None or facts.did != "predict" or len(out) != 1 or len(c.got) != len(c.declared):
        return None
    if c.of or not fits(c.got, out[0]) or len(c.got) == 2 and c.got[1] == 1:
        return None
    takes = [k for k, s in facts.mine.items() if s and fits(s, c.declared)]
    if not takes:
        return None
    return Found(
        f"{c.said} and gives {out[0]}: what was handed over is shaped like the outputs, not like "
        f"the inputs. `{takes[0]}`, of shape {facts.mine[takes[0]]}, would fit.",
        f"Hand over inputs: `predict({takes[0]})`, for example.",
    )


@fault(
    belief="the width of the first layer is free to choose",
    truth="the input's declared width is the number of features of a sample, as many as the data "
    "has columns",
    hint="print the shape of your data next to model.input_shape.",
)
@given(clash)
def input_width(facts, c):
    """A table with 60 columns for a model that declares 33."""
    if len(c.declared) != 2 or len(c.got) != 2 or None in (c.got[1], c.declared[1]):
        return None
    rows, width = c.got
    declared = c.declared[1]
    more = ""
    if declared == width + 1:
        more = " (one more: if the label's column was counted, it is no feature)"
    elif declared == rows:
        more = f" ({declared} is the number of samples, which doesn't belong in the shape)"
    if _trained_well(facts, c):
        return _validation_width(c, facts)
    first = next((s for s in facts.model.layers if s.family not in ("input", "same")), None)
    if first is not None and first.family == "embedding":
        return Found(
            f"{c.said}: rows of {number(width, 'word')} or indices, and the model's input is "
            f"declared for {declared}.",
            f"Pad or cut every row to {declared}, `keras.utils.pad_sequences(rows, "
            f"maxlen={declared})`, as for training; or declare the length that they have.",
        )
    which = "just" if width > declared else "all"
    hand = f"hand over {which} the {number(declared, 'column')} that the model was made for"
    return Found(
        f"{c.said}: the data has {number(width, 'column')} (features), and the model's input is "
        f"declared for {declared}{more}.",
        f"{hand[0].upper()}{hand[1:]}, prepared in the same way as for training (the same columns, "
        "encoders and scalers)."
        if facts.did in ("predict", "evaluate")
        else f"Declare as many features as the data has: `keras.Input(({width},))`; or {hand}.",
    )


def _trained_well(facts, c):
    """Tell whether it is the validation data that differ from what the model was trained on."""
    trained = facts.feed.x.shape
    return "validation" in c.label and bool(trained) and fits(trained[1:], c.declared[1:])


def _validation_width(c, facts):
    return Found(
        f"{c.said}: {number(c.got[-1], 'column')} (features), where the data for training, "
        f"{named(facts.feed.x.one, 'x')}, has {c.declared[-1]}.",
        "Prepare both in the same way, so that they have the same columns: fit encoders and "
        "scalers on the training data, and only apply them to the validation data.",
    )


@also("fault", "input_width")
@given(clash)
def _(facts, c):
    """Sequences with another number of features than declared."""
    if len(c.got) != len(c.declared) or len(c.got) != 3:
        return None
    if _trained_well(facts, c):
        return _validation_width(c, facts)
    steps, width = c.got[1], c.got[2]
    call = named(c.data, "x").strip("`")
    also_steps = (
        ""
        if fits((steps,), (c.declared[1],))
        else (f" (and {steps} steps instead of {c.declared[1]})")
    )
    return Found(
        f"{c.said}: each step of the data has {number(width, 'feature')}, and the model takes "
        f"{c.declared[2]}{also_steps}.",
        f"Declare the number of features that the data has, `keras.Input(({steps}, {width}))`, "
        f"or hand over the {c.declared[2]} columns that the model was made for "
        f"(`{call}.shape[-1]` says how many there are).",
    )


@also("fault", "declared_shape_binds")
@given(clash)
def _(facts, c):
    """Data that differs from the declared shape in some other way."""
    more = len(c.got) - len(c.declared)
    how = (
        f"{axes(abs(more))} {'more' if more > 0 else 'fewer'} than declared"
        if more
        else "other sizes than declared"
    )
    return Found(
        f"{c.said}: {how}.",
        "Compare the two shapes axis by axis, the batch first, and change the one that is wrong.",
    )
