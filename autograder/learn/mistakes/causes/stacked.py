"""What one layer makes against what the next one takes."""

import math
import re

import keras

from autograder.learn.mistakes.causes.clashes import clash
from autograder.learn.mistakes.causes.words import (
    CONVOLVES,
    STREAMS,
    axes,
    fits,
    number,
    product,
    shape_in,
    sizes,
    two_shapes,
    wrote,
)
from autograder.learn.mistakes.rule import Found, also, fault, given, in_text


def _refusal(facts):
    """Return (axes wanted, the shape that arrived) where a layer refused for its axes, or None."""
    text, layer = facts.text, facts.layer
    found = re.search(r"expected (?:min_|max_)?ndim=(\d+), found ndim=(\d+)", text)
    found = found or re.search(r"at least (\d+) dimensions", text)
    kernel = "Kernel shape must have the same" in text
    if layer is None or not facts.received or not (found or kernel or _reads_axes(facts)):
        return None
    shape = facts.received[0]
    told = found and layer.family != "each"  # what is inside of it counts without the steps
    wanted = int(found[1]) if told else layer.wants[0] or layer.wants[1]
    if wanted is None or len(shape) == wanted:
        return None
    return wanted, tuple(shape)


def _perhaps_unbatched(facts):
    """Tell whether a layer met what a dataset yields: a batch of one size, or a single sample."""
    x = facts.feed.x
    return x.source == "dataset" and bool(x.shape) and x.shape == facts.received[0]


def _reads_axes(facts):
    """Tell whether a layer failed because an axis it wants isn't there."""
    exact, least = facts.layer.wants
    shape = facts.received[0]
    wrong = exact is not None and len(shape) != exact or least is not None and len(shape) < least
    return wrong and facts.kind in ("IndexError", "ValueError", "InvalidArgumentError")


def _where(facts):
    """Return what made the refused shape, in words."""
    maker = facts.way.maker
    if _made_inside(facts):
        return f"from inside of `{facts.model.kind}`" if facts.model else "from inside of a layer"
    if maker is None or maker.family == "input":
        return "from the Input" if facts.way.steps else "from the data"
    return f"from `{maker.kind}`"


def _said(facts, wanted, shape):
    layer = facts.layer
    of = CONVOLVES.get(wanted)
    wants = f"{axes(wanted)}" + (f" (samples, {of})" if layer.family in _SPATIAL and of else "")
    if layer.family == "film" and wanted - 1 in CONVOLVES:
        wants = f"{axes(wanted)} (samples, steps, {CONVOLVES[wanted - 1]})"
    if layer.family == "recurrent":
        wants = "three axes (samples, steps, features)"
    return (
        f"The layer `{layer.kind}` wants {wants}, and {shape} arrives {_where(facts)}: "
        f"{axes(len(shape))}"
    )


_SPATIAL = ("conv", "upconv", "pool", "global", "up", "pad", "film")
_GOES = ("recurrent",)


def _from_input(facts):
    """Tell whether nothing that changes axes lies between the Input, or the data, and the layer."""
    changes = [s for s in facts.way.steps if s.family not in ("same", "input", "dense")]
    return not changes and not _made_inside(facts)


def _made_inside(facts):
    """Tell whether it was another layer of the model that made what was refused."""
    fed, shape = facts.feed.x.shape, facts.received[0] if facts.received else None
    if facts.way.steps or not fed or shape is None or not (facts.model or facts.inside):
        return False
    shorter = fed[:-1] if fed[-1] == 1 else fed  # Keras adds and drops a last axis of size 1
    alike = (fed[1:], (*fed[1:], 1), shorter[1:])
    return not any(fits(s, shape[1:]) for s in alike) or not shape


def _dims(layer):
    found = re.search(r"(\d)D", layer.kind)
    return int(found[1]) if found else None


@also("fault", "samples_in_input_shape")
@given(_refusal)
def _(facts, wanted, shape):
    """keras.Input(x.shape), or input_shape=x.shape, in front of the first layer."""
    if not _from_input(facts):
        return None
    if len(shape) != wanted + 1 or shape[0] is not None and facts.did in ("fit", "predict"):
        return None
    if _has_all_axes(facts, shape):
        return None
    rest = shape[1:]
    arrays = [k for k, s in facts.mine.items() if s == rest and len(s) > 1]
    written = [k for k, s in facts.mine.items() if s and s[1:] == rest[1:] and s[0] == rest[0]]
    one = [k for k, s in facts.mine.items() if s and s[1:] == rest]
    if not arrays or (one and rest[-1] == 1 and rest[-2] == 1):
        return None
    name = (written or arrays)[0]
    return Found(
        f"{_said(facts, wanted, shape)}. The declared shape {rest} is that of the whole array "
        f"`{name}`, the {rest[0]} samples included: one axis too many, for Keras puts the batch "
        "axis in front by itself.",
        f"Declare the shape of one sample: `keras.Input({name}.shape[1:])`, which is {rest[1:]}.",
    )


@also("fault", "batch_axis_written")
@given(_refusal)
def _(facts, wanted, shape):
    """keras.Input((None, 28, 28, 1)), or (32, 28, 28, 1), in front of a convolution."""
    if not _from_input(facts):
        return None
    if len(shape) != wanted + 1 or shape[0] is not None or facts.feed.x.shape == shape:
        return None
    if facts.layer.family == "reshape" or _has_all_axes(facts, shape):
        return None  # the first counts the axes of one sample
    other = facts.layer.family == "conv" and shape[1] is not None and _image_for_less(facts, shape)
    if other and _dims(facts.layer) == 1:
        return None
    if shape[-1] == 1 and len(shape) > 3 and shape[-2] in (1, 3):
        return None
    rest = shape[1:]
    if rest[0] is not None and facts.layer.family in _GOES and _picture(rest):
        return None
    open_too = rest[0] is None
    what = (
        "The None that is written in the declared shape stands for the batch a second time"
        if open_too
        else f"The declared shape {rest} holds one axis too many; if its first entry, {rest[0]}, "
        "counts the samples or the batch, it does not belong in the shape of one sample"
    )
    return Found(
        f"{_said(facts, wanted, shape)}. {what}: Keras puts the batch axis in front by itself.",
        f"Leave it out of the shape: `keras.Input({rest[1:]})`.",
        f"if {rest[0]} counts the samples" if other else "",
    )


def _has_all_axes(facts, shape):
    """Tell whether an array of the person's has the declared axes and that of the batch."""
    return any(s and fits(s, shape) and len(s) > 3 for s in facts.mine.values())


def _picture(rest):
    return len(rest) == 3 and rest[-1] in (1, 3, 4)


def _image_for_less(facts, shape):
    """Tell whether a convolution of one dimension less met an image, or one more a sequence."""
    dims, rest = _dims(facts.layer), shape[1:]
    return dims == 1 and _picture(rest) or dims == 2 and len(rest) == 4 and rest[-1] in (1, 3)


@also("fault", "extra_axis")
@given(_refusal)
def _(facts, wanted, shape):
    """input_shape=(64, 64, 1, 1): the channel axis added twice."""
    if len(shape) <= wanted:
        return None
    ones = [i for i, n in enumerate(shape) if n == 1 and i]
    if len(shape) != wanted + 1 or not ones:
        return None
    if facts.layer.family == "conv" and _dims(facts.layer) == 1 and _picture(shape[1:]):
        return None
    embedded = any(s.family == "embedding" for s in facts.way.steps)
    at = ones[-1]
    less = shape[:at] + shape[at + 1 :]
    if facts.way.has("conv", "pool", "upconv", "model"):
        return _flat_maps(facts, wanted, shape, less)
    by = (
        " An Embedding adds an axis to what it is given, so its input has no feature axis."
        * embedded
    )
    return Found(
        f"{_said(facts, wanted, shape)}, one axis too many, of size 1.{by}",
        f"Leave out the axis of size 1 (the `expand_dims`, `[..., None]` or `reshape` that adds "
        f"it), so that {less} arrives.",
        mends=facts.layer.takes(less),
    )


def _flat_maps(facts, wanted, shape, less):
    """Return what is told of maps of height or width 1 where a layer goes along steps."""
    if None in less[1:]:
        return None
    return Found(
        f"{_said(facts, wanted, shape)}, one of them of size 1: maps, and `{facts.layer.kind}` "
        "takes what has one axis less.",
        f"Take the axis away before it: `Reshape({less[1:]})`.",
        mends=facts.layer.takes(less),
    )


@also("fault", "return_sequences_extra")
@given(_refusal)
def _(facts, wanted, shape):
    """MaxPooling2D behind ConvLSTM2D(return_sequences=True)."""
    before = facts.way.last("same")
    if before is None or before.family not in ("film", "recurrent"):
        return None
    if len(shape) != wanted + 1 or not before.get("return_sequences"):
        return None
    kind = facts.layer.kind
    return Found(
        f"{_said(facts, wanted, shape)}. `{before.kind}` (`{before.name}`) with "
        "`return_sequences=True` gives a result for every step.",
        f"Leave `return_sequences=True` out of `{before.name}`, so that it gives the result of its "
        f"last step; or apply the layer to each step, `TimeDistributed({kind}(...))`.",
        mends=facts.layer.takes((shape[0], *shape[2:])),
    )


@fault(
    belief="the 1D, 2D or 3D in the name of a layer doesn't bind it",
    truth="a layer in 1D goes along the steps of a sequence, one in 2D over the rows and columns "
    "of an image, one in 3D through a volume or film",
    hint="count the axes of one sample: of how many dimensions is it?",
)
@given(_refusal)
def conv_dims(facts, wanted, shape):
    """Conv1D on images, or Conv2D on sequences."""
    if facts.layer.family not in (
        "conv",
        "pool",
        "upconv",
        "global",
        "up",
        "pad",
    ):
        return None
    dims, n = _dims(facts.layer), len(shape) - 2
    if dims is None or n not in (1, 2, 3) or n == dims:
        return None
    if any(s.family == "embedding" and s.before and len(s.before[0]) > 2 for s in facts.way.steps):
        return None  # what it was given has an axis too many
    steps = facts.way.has("embedding", "recurrent") or any(
        s.family == "conv" and _dims(s) == 1 for s in facts.way.steps
    )
    long, narrow = (shape[1] or 0, shape[2] or 0) if n == 1 else (0, 0)
    steps = steps or (_from_input(facts) and 0 < narrow <= 4 and long >= 5 * narrow)
    if n < dims and (not steps or _one_of_a_batch(facts, shape)):
        return None
    what = {1: "a sequence (steps, features)", 2: "an image (height, width, channels)"}
    what[3] = "a volume or film"
    right = re.sub(r"\dD", f"{n}D", facts.layer.kind)
    if (n, dims) == (2, 1) and shape[-1] not in (1, 3, 4, None) and not facts.way.has("conv"):
        return Found(
            f"{_said(facts, wanted, shape)}, and `{facts.layer.kind}` works on {what[dims]}.",
            f"If each sample is {what[n]}, take `{right}`, with two numbers for its kernel; if it "
            f"is several sequences, go over each of them: `TimeDistributed({facts.layer.kind}"
            "(...))`.",
        )
    return Found(
        f"{_said(facts, wanted, shape)}. That is {what[n]}, and `{facts.layer.kind}` works on "
        f"{what[dims]}.",
        f"Take `{right}` for {what[n]}"
        + (", with two numbers for its kernel." if n == 2 and dims == 1 else "."),
        "if each sample is " + what[n]
        if n > dims > 1 and not steps or dims == 2 and _flat_picture(shape)
        else "",
    )


def _one_of_a_batch(facts, shape):
    """Tell whether data came to a layer that has its weights already, and takes a batch of them."""
    return None not in shape and bool(facts.layer.weights) and facts.layer.takes((1, *shape))


def _flat_picture(shape):
    """Return the side of a square picture that (None, 784, 1) may be the pixels of, or 0."""
    pixels = shape[1] if len(shape) == 3 and shape[2] in (1, 3) else shape[1] * (len(shape) == 2)
    side = math.isqrt(pixels or 0)
    return side if side > 4 and side * side == pixels else 0


@also("fault", "sequences_for_granted")
@given(_refusal)
def _(facts, wanted, shape):
    """LSTM after LSTM without return_sequences."""
    if len(shape) != wanted - 1:
        return None
    goes = ("recurrent", "film", "conv", "pool", "each", "attention", "global")
    if facts.layer.family not in goes:
        return None
    before = facts.way.last("same", "dense") or _last_state(facts)
    if before is None or before.family not in ("recurrent", "film"):
        return None
    return Found(
        f"{_said(facts, wanted, shape)}. `{before.kind}` (`{before.name}`) gives only its last "
        f"state, without the steps that `{facts.layer.kind}` goes along.",
        f"Let it give all its steps: `return_sequences=True` in `{before.name}`, and in every "
        "recurrent layer but the last.",
        mends=not before.before
        or facts.layer.takes((*before.before[0][:-1], facts.received[0][-1])),
    )


def _last_state(facts):
    """Return the one recurrent layer of a model of one's own that may have made this, or None."""
    if not _made_inside(facts) or len(facts.received[0]) != 2:
        return None
    made = [
        s
        for s in facts.model.layers
        if s.family == "recurrent" and not s.get("return_sequences") and s.name != facts.layer.name
    ]
    made = [s for s in made if s.get("units") == facts.received[0][-1]]
    return made[0] if len(made) == 1 else None


@fault(
    belief="a model goes on behind its output layer",
    truth="the last layer of a classifier gives its answer, one row a sample; what is put behind "
    "it gets no more than that",
    hint="print the shapes with `model.summary()`: where are there still steps, or maps?",
)
@given(_refusal)
def behind_the_output(facts, wanted, shape):
    """Conv2D on base.layers[-1].output, where base ends with softmax."""
    end = facts.way.last("same")
    if len(shape) != 2 or wanted < 3:
        return None
    if end is None or end.kind != "Dense" or end.get("activation") not in ("softmax", "sigmoid"):
        return None
    return Found(
        f"{_said(facts, wanted, shape)}. `{end.name}`, with {end.get('activation')}, is an "
        f"output layer: what it gives has no axes that `{facts.layer.kind}` could go along.",
        "Begin at a layer further in front, whose output still has them: "
        '`model.get_layer("its_name").output`.',
    )


@fault(
    belief="Flatten belongs before whatever comes next",
    truth="Flatten makes one row of a sample, and a layer that goes along steps or over maps "
    "needs these axes",
    hint="read the shapes before and after your Flatten: which axis is gone?",
)
@given(_refusal)
def flatten_steps(facts, wanted, shape):
    """Flatten before an LSTM or a convolution."""
    if len(shape) != 2:
        return None
    before = facts.way.last("same", "dense")
    if before is None or before.family != "flatten":
        return None
    gone = before.before[0] if before.before else None
    maps = facts.layer.family in _SPATIAL and _dims(facts.layer) != 1
    what = "height and width" if maps else "the steps of the sequence"
    return Found(
        f"{_said(facts, wanted, shape)}. `{before.kind}` runs {what} together"
        + (f": {gone} becomes {before.after}." if gone else "."),
        f"Leave `{before.kind}` out before `{facts.layer.kind}`"
        + (
            "; it belongs behind the last convolution."
            if maps
            else ", which reads the steps itself."
        ),
    )


@fault(
    belief="a global pooling leaves the steps, or the height and width",
    truth="it keeps one number for each channel, and all axes between the batch and the channels "
    "are gone",
    hint="read the shapes before and after the global pooling.",
)
@given(_refusal)
def pooled_away(facts, wanted, shape):
    """GlobalMaxPooling1D before an LSTM or another pooling."""
    if len(shape) != 2:
        return None
    before = facts.way.last("same", "dense")
    if before is None or before.family != "global":
        return None
    was = f", of {before.before[0]}," if before.before else ""
    return Found(
        f"{_said(facts, wanted, shape)}. `{before.kind}` keeps one number for each channel{was} "
        f"and no axis that `{facts.layer.kind}` could go along.",
        f"Put `{before.kind}` behind `{facts.layer.kind}`, or leave one of the two out.",
    )


@fault(
    belief="an Embedding takes one-hot words, or words with an axis of features",
    truth="it takes whole numbers, one a word, and adds the axis of features by itself",
    hint="print the shape of the data: does it hold one whole number for each word?",
)
@given(_refusal)
def embedding_input(facts, wanted, shape):
    """Embedding on (None, 10, 50), and an LSTM behind it."""
    if wanted != 3 or len(shape) != 4:
        return None
    table = next((s for s in facts.way.steps if s.family == "embedding"), None)
    if table is None or not table.before or len(table.before[0]) != 3 or table.before[0][-1] == 1:
        return None
    said, fed = _said(facts, wanted, shape), table.before[0]
    if fed[-1] not in (table.get("input_dim"), None):
        return Found(
            f"{said}. The Embedding before it was given {fed}, and made a row "
            f"of {table.get('output_dim')} of each of these numbers.",
            "If these are texts of several sentences, let the layer go over each sentence, "
            f"`TimeDistributed({facts.layer.kind}(...))`; if each text is one row of words, hand "
            "over one whole number for each, of the shape (samples, words).",
        )
    return Found(
        f"{said}. The Embedding before it was given {fed}, and made a row of "
        f"{table.get('output_dim')} of each of these numbers.",
        "Hand over one whole number for each word, of the shape (samples, words): "
        "`np.argmax(x, axis=-1)` of one-hot rows. Words that are rows of features already, such as "
        "ready-made vectors, need no Embedding.",
    )


@fault(
    belief="a recurrent layer reads maps as it reads rows",
    truth="it goes along steps, and each step has to be one flat row of features",
    hint="print the shape that reaches the layer: what is one step in it?",
)
@given(_refusal)
def maps_for_steps(facts, wanted, shape):
    """An LSTM on the maps that a convolution makes of each picture."""
    if facts.layer.family != "recurrent" or len(shape) < 4:
        return None
    if not facts.way.has("conv", "pool", "each", "model"):
        return None
    film = len(shape) == 5 or facts.way.has("each")
    size = product(shape[2:]) if film else None
    return Found(
        f"{_said(facts, wanted, shape)}. Each step has to be a row of features, and what arrives "
        "are maps: nothing has flattened them.",
        "Put `TimeDistributed(Flatten())` (or a global pooling in TimeDistributed) before it, so "
        f"that {(*shape[:2], size)} arrives."
        if film
        else "Make steps of the maps with `Reshape((steps, features))`, or flatten each step, "
        f"before `{facts.layer.kind}`: {shape[1]} rows, say, of {product(shape[2:])} features.",
    )


@also("fault", "batch_axis_missing")
@given(_refusal)
def _(facts, wanted, shape):
    """A layer or model without an Input, called on a single sample."""
    if len(shape) != wanted - 1 or not _from_input(facts):
        return None
    if facts.feed.x.source in ("dataset", *STREAMS):  # x[None] is no way there
        return None
    if len(shape) == 1 and facts.way.steps and facts.way.steps[0].family == "input":
        return Found(
            f"{_said(facts, wanted, shape)}. An Input of shape () holds a single number for each "
            "sample, without an axis for features.",
            "Declare how many numbers a sample has, with a comma: `keras.Input((1,))`.",
        )
    single = None not in shape and (wanted == 4 and shape[-1] in (1, 3, 4) or len(shape) == 1)
    labels = facts.feed.y.shape
    if single and len(shape) == 1 and not facts.layer.weights and shape[0] > 1:
        return Found(
            f"{_said(facts, wanted, shape)}, and a batch has two: samples, and their features.",
            f"If these are the numbers of one sample, hand over `x[None]`, of shape "
            f"{(1, *shape)}; if each is a sample, `x[:, None]`, of shape {(*shape, 1)}.",
        )
    if not single or (
        labels and labels[0] == shape[0] > 1 and facts.did == "fit" and len(shape) > 1
    ):
        return None
    return Found(
        f"{_said(facts, wanted, shape)}. That is a single sample, without the batch axis in front.",
        f"Hand over a batch of one sample: `x[None]`, of shape {(1, *shape)}.",
    )


@fault(
    belief="a mean or a sum leaves the samples apart",
    truth="without `axis` it goes over all axes, that of the batch too, and one number is left",
    hint="print the shape of what your `mean` or `sum` gives.",
)
def all_axes_reduced(facts):
    """Dense on ops.mean(x), in a call of one's own."""
    told = re.search(r"expected (?:min_)?ndim=(\d+), found ndim=0", facts.text)
    x = facts.feed.x.shape
    if not told or facts.layer is None or facts.model is None or not x or len(x) < 2:
        return None
    return Found(
        f"The layer `{facts.layer.kind}` wants {axes(int(told[1]))}, and a single number, of shape "
        f"(), arrives: of the whole batch, {x} at the beginning, something has made one number.",
        "Name the axes that a `mean`, `sum` or `max` goes over, such as `axis=1`, and leave the "
        "batch, axis 0, out; an index that leaves the batch alone begins with `:`, as `x[:, 0]`.",
    )


@fault(
    belief="squeeze leaves the batch axis alone",
    truth="without `axis` it takes every axis of size 1 away, and in a batch of one sample that "
    "of the batch is one of them",
    hint="divide the number of samples by the batch size: is 1 left over?",
)
@given(_refusal)
def batch_squeezed(facts, wanted, shape):
    """ops.squeeze(x) in a layer of one's own, and a last batch of one sample."""
    x = facts.feed.x.shape
    if not _made_inside(facts) or None in shape or not x or not x[0]:
        return None
    left = x[0] % (facts.batch_size or 32) == 1 and (
        re.search(r"shape=\(1, ", facts.whole) or shape == _one_arriving(facts)
    )
    if not (left or x[0] == 1) or len(shape) != wanted - 1 or shape[0] == 1:
        return None  # an axis of size 1 in front may well be that of the batch
    last = f" of the last batch ({x[0]} samples leave 1 over)" * (x[0] != 1)
    other = ", or a `mean` over axis 0," * (x[0] == 1)
    return Found(
        f"The layer `{facts.layer.kind}` wants {axes(wanted)}, and {shape} arrives "
        f"{_where(facts)}: the batch axis{last}, of size 1, is gone. A `squeeze` without "
        f"`axis`{other} does that.",
        "Name the axis that is to go, such as `squeeze(x, axis=1)`; it is never axis 0.",
    )


@also("fault", "batch_squeezed")
def _(facts):
    """Lambda(lambda x: ops.squeeze(x)) on (None, 1, 6): where the batch is open, all is open."""
    steps = facts.model.way.steps if facts.model is not None else ()
    own = [s for s in steps if s.family in ("own", "lambda") and s.before]
    if "not defined on an unknown TensorShape" not in facts.whole or len(own) != 1:
        return None
    shape = own[0].before[0]
    if shape[:1] != (None,) or shape.count(1) != 1:
        return None
    return Found(
        f"`{own[0].name}` is given {shape}, and TensorFlow doesn't know how many axes it gives: a "
        "`squeeze` without `axis` takes the axis of size 1 away, and that of the batch as well, "
        "if it happens to hold one sample.",
        f"Name the axis that is to go: `squeeze(x, axis={shape.index(1)})`.",
    )


def _one_arriving(facts):
    """Return the shape of one sample where a layer refused it, as the model was built, or None."""
    steps = facts.model.way.steps if facts.model is not None else ()
    before = next((s.before for s in steps if s.name == facts.layer.name and s.before), ((),))
    return before[0][1:] or None


@also("fault", "channel_axis_missing")
@given(_refusal)
def _(facts, wanted, shape):
    """Conv2D on (n, 28, 28)."""
    if facts.layer.family not in _SPATIAL or not _from_input(facts):
        return None
    if facts.layer.family == "film" or wanted < 4 or len(shape) != wanted - 1:
        return None
    if not _like_grey(shape):
        return None
    data = facts.feed.x.one if facts.did in ("fit", "predict", "evaluate", "__call__") else None
    call = data.name if data is not None and data.name else "x"
    what = "image" if wanted == 4 else "volume"
    return Found(
        f"{_said(facts, wanted, shape)}. The {what}s have no axis for channels, and grey ones need "
        "it as well, of size 1.",
        f"Add the channel axis at the end: `{call}[..., None]` (`np.expand_dims({call}, -1)`), and "
        f"declare {(*_rest(shape), 1)} as the shape of one {what}.",
    )


def _rest(shape):
    return tuple(shape[1:])


def _like_grey(shape):
    """Tell whether these may be grey pictures or volumes: no axis of them is short."""
    sizes = [n for n in shape[1:] if n is not None]
    return not sizes or min(sizes) > 4 and max(sizes) <= 4 * min(sizes)


@fault(
    belief="a ready-made model ends with its maps",
    truth="it ends with its own classifier, a row of numbers for each sample, unless "
    "`include_top=False` leaves that out",
    hint="print the `output_shape` of the model inside.",
)
@given(_refusal)
def top_included(facts, wanted, shape):
    """MobileNet(), with its 1000 classes, and GlobalAveragePooling2D behind it."""
    maker = facts.way.maker
    if maker is None or maker.family != "model" or len(shape) != 2:
        return None
    if facts.layer.family not in _SPATIAL:
        return None
    top = shape[1] == 1000
    what = "the 1000 classes that it was made for" if top else "without height and width"
    return Found(
        f"{_said(facts, wanted, shape)}. The model `{maker.name}` gives a row for each sample, "
        f"{what}.",
        f"Make it without its top, `include_top=False`, so that `{facts.layer.kind}` gets maps."
        if top
        else f"Leave `{facts.layer.kind}` out, or let `{maker.name}` end with maps: without its "
        "pooling or Flatten, and a ready-made one with `include_top=False` and without `pooling`.",
    )


@also("fault", "flattened_before_convolution")
@given(_refusal)
def _(facts, wanted, shape):
    """Conv2D on rows of 784 numbers."""
    if wanted < 4 or facts.layer.family not in _SPATIAL:
        return None
    side = _flat_picture(shape) if wanted == 4 and _from_input(facts) else 0
    if len(shape) == 3 and side:
        return Found(
            f"{_said(facts, wanted, shape)}. {shape[1]} is {side} times {side}: the rows of each "
            "picture may have been put behind each other.",
            f"Give the pictures their height and width back: `x.reshape(-1, {side}, {side}, "
            f"{shape[2]})`, and declare {(side, side, shape[2])}.",
            f"if each sample is a picture of {side} by {side}",
        )
    maker = facts.way.maker
    rows = maker is None or maker.family in ("input", "dense", "flatten", "reshape", "merge")
    if len(shape) != 2 or not rows or _made_inside(facts):
        return None
    return Found(
        f"{_said(facts, wanted, shape)}. A flat row of {shape[1]} numbers has neither height nor "
        "width that a convolution could go over.",
        "Keep the images as they are, or give the rows their shape back first: "
        "`Reshape((height, width, channels))`.",
    )


@also("fault", "sequence_axis_missing")
@given(_refusal)
def _(facts, wanted, shape):
    """LSTM or Conv1D on a table (n, 80)."""
    if len(shape) != 2 or not _from_input(facts):
        return None
    if wanted != 3 or facts.layer.family not in ("recurrent", "conv", "pool", "each", "global"):
        return None
    data = facts.feed.x.one if facts.did in ("fit", "predict", "evaluate") else None
    call = data.name if data is not None and data.name else "x"
    return Found(
        f"The layer `{facts.layer.kind}` wants three axes (samples, steps, features), and {shape} "
        f"arrives {_where(facts)}: a table, without an axis for the time steps.",
        f"Say what a step is: `{call}[..., None]` makes {shape[1]} steps of one feature, shape "
        f"{(*shape, 1)}; `{call}[:, None]` one step of {shape[1]} features. Declare the same, "
        f"`keras.Input(({shape[1]}, 1))`.",
    )


@also("fault", "sequence_axis_missing")
@given(_refusal)
def _(facts, wanted, shape):
    """A recurrent layer behind a Dense or pooling that leaves no steps; TimeDistributed on rows."""
    if facts.layer.family not in ("recurrent", "each"):
        return None
    if len(shape) >= wanted or _perhaps_unbatched(facts):
        return None
    inner = facts.layer.inner
    if facts.layer.family == "each" and inner is not None:
        return _each(facts, inner, shape)
    if not _from_input(facts):
        return None
    return Found(
        f"The layer `{facts.layer.kind}` goes along the steps of a sequence and wants three axes "
        f"(samples, steps, features); {shape} arrives {_where(facts)}, without steps.",
        "Keep the axis of the steps up to this layer, or make one with `Reshape((steps, "
        "features))` or `RepeatVector(steps)`.",
    )


@fault(
    belief="the steps of a sequence stay there, whatever stands between",
    truth="what makes one row of each sample, such as Flatten or a global pooling, leaves none "
    "for a layer that goes along steps",
    hint="print the shape after each layer: where do the steps go?",
)
@given(_refusal)
def steps_lost(facts, wanted, shape):
    """An LSTM behind a pooling, in a model of one's own; behind Dense on rows."""
    if facts.layer.family != "recurrent" or len(shape) >= wanted or _perhaps_unbatched(facts):
        return None
    takes = [
        s.name
        for s in (facts.model.layers if _made_inside(facts) else ())
        if s.family in ("global", "flatten") and s.name != facts.layer.name
    ]
    more = f" `{takes[0]}`, if it stands before it, leaves none." if len(takes) == 1 else ""
    return Found(
        f"The layer `{facts.layer.kind}` goes along the steps of a sequence and wants three axes "
        f"(samples, steps, features); {shape} arrives {_where(facts)}, without steps.{more}",
        (
            f"Leave `{takes[0]}` out, if it stands before it, or an index like `x[:, -1]`; or make "
            "steps"
            if more
            else "Keep the axis of the steps up to this layer, or make one"
        )
        + " with `Reshape((steps, features))` or `RepeatVector(steps)`.",
    )


def _each(facts, inner, shape):
    """Return what is told of a TimeDistributed that gets one axis too few."""
    of = CONVOLVES.get(inner.wants[0] or inner.wants[1] or 0, "features")
    if len(shape) > 2:
        return Found(
            f"`TimeDistributed` applies `{inner.kind}` to each step: of {shape}, which arrives "
            f"{_where(facts)}, it would get {(shape[0], *shape[2:])} at each of {shape[1]} steps, "
            f"and it wants {axes(inner.wants[0] or inner.wants[1])} (samples, {of}).",
            f"Leave `TimeDistributed` out, so that `{inner.kind}` gets the whole {shape}; or hand "
            f"over sequences, of shape (samples, steps, {of.replace(' and ', ', ')}).",
        )
    return Found(
        f"`TimeDistributed` applies `{inner.kind}` to each step, so it wants an axis for the time "
        f"steps in front of {of}; {shape} arrives {_where(facts)}, without steps.",
        f"Leave `TimeDistributed` out and take `{inner.kind}` as it is; or hand over sequences, of "
        f"shape (samples, steps, {of.replace(' and ', ', ')}).",
    )


@also("fault", "sequence_axis_missing")
@given(_refusal)
def _(facts, wanted, shape):
    """ConvLSTM2D on pictures or on grey films without a channel axis."""
    if facts.layer.family != "film" or len(shape) != wanted - 1:
        return None
    of = CONVOLVES.get(wanted - 1, "sizes and channels")
    said = (
        f"The layer `{facts.layer.kind}` goes along the frames of a film and wants {axes(wanted)} "
        f"(samples, frames, {of}), and {shape} arrives {_where(facts)}: {axes(len(shape))}."
    )
    if shape[-1] in (1, 3, 4):
        return Found(
            f"{said} There is no axis for the time steps.",
            f"Hand over films: several frames to each sample, such as (samples, frames, "
            f"{', '.join(map(str, shape[1:]))}).",
        )
    return Found(
        f"{said} Either the axis of the channels is missing, which grey frames need as well, of "
        "size 1, or that of the time steps.",
        f"For grey frames, add the channel axis at the end: `x[..., None]`, and declare "
        f"{(*shape[1:], 1)} as the shape of one film.",
    )


@fault(
    belief="the two numbers behind the number of filters are the height and width of the kernel",
    truth="the kernel is the second argument, one number or a pair; the third is the stride",
    hint="name the arguments: kernel_size= and strides=.",
)
def stride_by_position(facts):
    """Conv2D(32, 3, 3), a spelling of Keras 1: the third argument is the stride."""
    if not _too_small(facts):
        return None
    if facts.layer is None:
        return None
    steps = [*facts.way.steps, facts.layer]
    alike = [s for s in steps if s.family == "conv" and _kernel_is_stride(s)]
    if not alike:
        return None
    k = alike[0].get("kernel_size")[0]
    maps = ", ".join(str(s.after) for s in facts.way.steps if s.family in ("conv", "pool"))
    n = alike[0].get("filters")
    return Found(
        f"The maps become too small: {maps}, and `{facts.layer.kind}` finds no room. "
        f"`{alike[0].kind}` has a stride of {k}, as large as its kernel: in "
        f"`Conv2D({n}, {k}, {k})` the third argument is the stride, not the kernel's height.",
        f"Write the kernel as a pair: `Conv2D({n}, ({k}, {k}))`.",
    )


def _kernel_is_stride(layer):
    kernel, strides = layer.get("kernel_size"), layer.get("strides")
    return bool(kernel) and kernel == strides and kernel[0] > 2


def _too_small(facts):
    if "nput size must be at least" in facts.text:
        return True
    said = ("zero or negative", "Negative dimension size", "would be zero", "negative dimensions")
    said += ("would be negative",)
    said += ("Kernel size can't be greater", "Output size is too small", "less than or equal to 0")
    return facts.layer is not None and any(s in facts.whole for s in said)


@also("fault", "channel_order")
def _(facts):
    """keras.Input((3, 32, 32)) or (1, 28, 28): channels first, and a window finds no height."""
    if facts.layer is None or not (_too_small(facts) or "divisible by" in facts.whole):
        return None
    shaping = ("input", "reshape", "flatten")
    source = next((s for s in reversed(facts.way.steps) if s.family in shaping), None)
    shape = source.after if source is not None else None
    if shape is None and facts.received and len(facts.way.steps) == 0:
        shape = facts.received[0]
    if not shape or len(shape) != 4 or facts.layer.get("data_format") == "channels_first":
        return None
    c, rows, columns = shape[1:]
    first = c in (1, 3, 4) and rows and columns and min(rows, columns) > 4 and rows == columns
    alike = rows and columns and max(rows, columns) <= 4 * min(rows, columns)
    first = first or (c in (1, 3, 4) and alike and columns > 4 and rows > 4)
    if not first:
        return None
    what = "The input is declared as" if source is not None else "The data has the shape"
    reshaped = source is not None and source.family == "reshape"
    if reshaped:
        what = f"`{source.kind}` gives"
    return Found(
        f"{what} {shape}, with the channels first, and Keras looks for them "
        f"last: it sees an image {c} pixel{'s' * (c > 1)} high, {rows} wide, with {columns} "
        f"channels, on which the window of `{facts.layer.kind}` doesn't fit.",
        f"Let it end with the channels: `Reshape({(rows, columns, c)})`."
        if reshaped
        else f"Declare the channels last, `keras.Input({(rows, columns, c)})`, and turn the data: "
        "`np.moveaxis(x, 1, -1)`.",
    )


@also("fault", "filters_for_window")
def _(facts):
    """Conv2D(3, 16) on maps of 12 rows, where 16 filters of 3 by 3 were meant."""
    if not _too_small(facts) or not facts.received or facts.layer.family != "conv":
        return None
    filters, window = facts.layer.get("filters"), facts.layer.get("kernel_size") or ()
    # Windows above 7 are rare, and so are fewer filters than a window is wide.
    if not filters or len(set(window)) != 1 or window[0] <= max(7, filters):
        return None
    if any(n is not None and n < filters for n in facts.received[0][1:-1]):
        return None  # exchanged, it wouldn't fit either
    return Found(
        f"`{facts.layer.kind}` has {number(filters, 'filter')}, and a window of {window}, which is "
        f"larger than what arrives, {facts.received[0]}.",
        f"Mind the order: first the filters, then the window, as in `{facts.layer.kind}"
        f"({window[0]}, {filters})`.",
    )


@also("fault", "axes_swapped")
def _(facts):
    """Conv1D(8, 3) on (None, 1, 300): one step of 300 features."""
    layer = facts.layer
    if not _too_small(facts) or not facts.received or not _from_input(facts):
        return None
    shape = facts.received[0]
    if layer.family not in ("conv", "pool") or len(shape) != 3 or shape[1] != 1 or not shape[2]:
        return None
    window = layer.get("kernel_size") or layer.get("pool_size") or (0,)
    window = window[0] if isinstance(window, tuple) else window
    if shape[2] < max(window, 5) or layer.get("data_format") == "channels_first":
        return None
    return Found(
        f"`{layer.kind}` goes along the steps, and {shape} has one step of "
        f"{number(shape[2], 'feature')}: its window of {window} finds no room.",
        f"If the {shape[2]} numbers are the steps, put them there: `x.reshape(-1, {shape[2]}, 1)`, "
        f"and `keras.Input(({shape[2]}, 1))`.",
    )


@also("fault", "window_outgrows_map")
def _(facts):
    """A fourth pooling on maps of 1 by 1."""
    least = re.search(
        r"nput size must be at least (\S+); Received: input_shape=(\([^)]*\))", facts.text
    )
    if least:
        return Found(
            f"Images of the shape {least[2]} are too small for this model: it makes maps smaller "
            f"layer by layer, and its windows fit only from {least[1]} on.",
            f"Take larger images, at least {least[1]}, or resize yours: "
            "`keras.ops.image.resize(x, (height, width))`.",
        )
    if not _too_small(facts) or not facts.received:
        return None
    if clash(facts) is not None:
        return None
    shape = facts.received[0]
    first = facts.way.steps[0] if facts.way.steps else None
    start = (first.before[0] if first.before else first.after) if first is not None else shape
    window = facts.layer.get("pool_size") or facts.layer.get("kernel_size") or ""
    maps = [s.after for s in facts.way.steps if s.family in ("conv", "pool", "input", "upconv")]
    maps = dict.fromkeys(str(s[1:-1] if len(s) > 2 else s) for s in maps if s)
    way = f" From layer to layer it shrank: {' → '.join(maps)}." if len(maps) > 1 else ""
    bare = [s for s in (*facts.way.steps, facts.layer) if s.family == "conv"]
    bare = any(s.get("padding") == "valid" and set(s.get("kernel_size") or ()) != {1} for s in bare)
    less = f"Begin with larger samples than {start[1:]}"
    smaller = [s for s in facts.way.steps if s.family in ("conv", "pool")]
    return Found(
        f"The window {window} of `{facts.layer.kind}` does not fit: the map that arrives is too "
        f"small, {shape}.{way}",
        f'{less}, leave out a pooling or convolution, or use `padding="same"` in the convolutions.'
        if bare and smaller
        else f"{less}, or leave out a pooling or convolution."
        if smaller
        else f"{less}, or take a smaller window.",
    )


# A layer that has its weights


def _width(facts):
    """Return (the width a built layer wants, the shape that arrived), or None."""
    found = re.search(r"expected axis (-?\d+) of input shape to have value (\d+)", facts.text)
    if found and facts.received:
        return int(found[2]), tuple(facts.received[0]), int(found[1])
    return None


@fault(
    belief="a layer can be used without those that stand before it",
    truth="a layer of a model takes what the layer before it gives, so all the layers in between "
    "have to be called, one after the other",
    hint="print the shapes that the layer was built for and those that you hand to it.",
)
@given(_width)
def layer_skipped(facts, wants, shape, axis):
    """decoder = Model(code, autoencoder.layers[-1](code))."""
    if facts.earlier is None or not facts.way.steps:
        return None
    before = facts.earlier.last("same")
    fresh = facts.way.steps[-1].family == "input"
    taken = re.search(r"layers\[|get_layer\(", wrote(facts)) is not None
    if before is None or before.family == "input" or not fresh:
        return None
    if not taken and len(facts.way.steps) > 1:
        return None
    chain = [s for s in facts.earlier.steps if s.family != "input"]
    between = [s.name for s in chain if s.before and s.before[0][-1] == shape[-1]]
    names = ", ".join(f"`{n}`" for n in ([*between[-1:]] or [before.name]))
    return Found(
        f"`{facts.layer.name}` was built on what `{before.name}` gives, {facts.earlier.end[0]}, "
        f"and is now called on {shape} itself: the layers in between are skipped.",
        f"Call each of the layers one after the other, from {names} up to `{facts.layer.name}`, "
        "on the new input.",
    )


@fault(
    belief="what a layer of one's own gives has the shape that its `compute_output_shape` names",
    truth="Keras takes that method, or `output_shape` of a Lambda, at its word when it builds the "
    "layers behind, and what `call` gives must have just this shape",
    hint="call the layer on a small array, and print the shape of what comes out.",
)
def shape_promised(facts):
    """compute_output_shape says (None, 32), call gives (None, 64), and Dense stands behind."""
    layer, steps = facts.layer, facts.model.way.steps if facts.model is not None else ()
    at = next((i for i, s in enumerate(steps) if layer and s.name == layer.name), 0)
    maker = next((s for s in reversed(steps[:at]) if s.family != "same"), None)
    what = maker.get("promise") if maker is not None else None
    if what is None or len(facts.received) != 1:
        return None
    came, promised = facts.received[0], maker.after
    sure = steps[at].before == (promised,) and None not in [n for s in maker.before for n in s[1:]]
    sure = sure and (len(came) == len(promised) or came[:1] == (None,))  # else its batch is gone
    if not sure or fits(came, promised) or facts.did not in _FED or clash(facts) is not None:
        return None
    gives = came[1:] if maker.family == "lambda" else (None, *came[1:])
    return Found(
        f"`{maker.name}` ({maker.kind}) was to give {promised}, and {came} comes to "
        f"`{layer.name}` ({layer.kind}), which was built for what was promised.",
        f"Let `{what}` of `{maker.kind}` name what it really gives, {gives}; or leave `{what}` "
        "out, and Keras finds the shape by itself.",
    )


@fault(
    belief="one layer serves inputs of different widths",
    truth="a layer is built, with its weights, for the size of the input that it met first",
    hint="print the shape of the layer's kernel and the shapes of both inputs.",
)
@given(_width)
def shared_shape(facts, wants, shape, axis):
    """shared = Dense(8), called on (None, 12) and on (None, 20)."""
    if facts.earlier is None or facts.did in ("fit", "predict", "evaluate") or not facts.way.steps:
        return None
    return Found(
        f"The layer `{facts.layer.name}` ({facts.layer.kind}) was built for the width {wants}, "
        f"that of the first input it met, {facts.earlier.end[0]}; now it is called on {shape}, "
        f"of the width {shape[-1]}.",
        "Make a layer of its own for each input, or bring the inputs to the same width first.",
    )


@also("fault", "channel_count")
@given(_width)
def _(facts, wants, shape, axis):
    """A convolution built for 3 channels, called on 1."""
    if facts.layer.family != "conv" or clash(facts) is not None:
        return None
    if not {wants, shape[-1]} <= {1, 3, 4} or not _from_input(facts):
        return None
    word = {1: "grey", 3: "colour", 4: "colour with transparency"}
    return Found(
        f"`{facts.layer.name}` was built for {number(wants, 'channel')} ({word[wants]}), and "
        f"{shape} arrives, with {number(shape[-1], 'channel')} ({word[shape[-1]]}).",
        f"Hand over pictures with {number(wants, 'channel')}, as it met them first: "
        + (
            "`np.repeat(x, 3, axis=-1)`."
            if wants == 3 and shape[-1] == 1
            else "grey or colour, but the same each time."
        ),
    )


@also("fault", "channel_order")
@given(_width)
def _(facts, wants, shape, axis):
    """A built convolution called on (4, 3, 32, 32)."""
    if len(shape) != 4 or clash(facts) is not None or shape[1] != wants or wants not in (1, 3, 4):
        return None
    return Found(
        f"`{facts.layer.name}` looks for {number(wants, 'channel')} on the last axis, and {shape} "
        "arrives: the channels come first there.",
        "Move the channels to the end: `np.moveaxis(x, 1, -1)`.",
    )


@also("fault", "axes_swapped")
@given(_width)
def _(facts, wants, shape, axis):
    """model(column) for a row."""
    if clash(facts) is not None:
        return None
    if len(shape) == 2 and shape[1] == 1 and shape[0] == wants:
        return Found(
            f"`{facts.layer.name}` takes rows of {wants} numbers, and {shape} arrives: the numbers "
            "of one sample stand in a column.",
            f"Make it a row, a batch of one: `x.reshape(1, {wants})`.",
        )
    if len(shape) == 3 and shape[1] == wants and shape[2] != wants:
        return Found(
            f"`{facts.layer.name}` takes {number(wants, 'feature')} a step, and {shape} arrives: "
            "steps and features have changed places.",
            "Turn the data, steps first, features last: `np.transpose(x, (0, 2, 1))`.",
        )
    return None


@also("fault", "data_size")
@given(_width)
def _(facts, wants, shape, axis):
    """Images of another size for a model with Flatten and Dense that was built without an Input."""
    if facts.model is None or clash(facts) is not None:
        return None
    flat = next((s for s in facts.model.layers if s.family == "flatten"), None)
    if flat is None or facts.layer.family != "dense" or facts.layer.get("units") == shape[-1]:
        return None  # or else it is called on what it gives itself
    if facts.feed.x.shape and len(facts.feed.x.shape) < 3:
        return None
    first = f" It was built for {facts.model.inputs[0]}." if facts.model.inputs else ""
    got = facts.feed.x.shape
    if not got:
        return None  # of several inputs, it may be another one that arrives
    return Found(
        f"`{facts.layer.name}`, behind Flatten, was built for {wants} numbers a sample, and "
        f"{shape[-1]} arrive"
        f": the data {got} has another size than the data that the model met first.{first}",
        "Resize the images to that size, or put a global pooling in the place of Flatten, so that "
        "the width no longer depends on the size of the image.",
    )


@also("fault", "input_width")
def _(facts):
    """A model of one's own, or without an Input, that met data of another width first."""
    width = _width(facts)
    x = facts.feed.x.shape
    if width is None or clash(facts) is not None or facts.did not in _FED or not x:
        return None
    wants, shape, axis = width
    if x[1:] != shape[1:] or facts.layer.family not in ("dense", "recurrent", "own"):
        return None
    return Found(
        f"The data has the shape {x}, with {number(shape[axis], 'feature')} (columns), and the "
        f"first layer, `{facts.layer.name}`, was built for {wants}, the width of the data that it "
        "met first.",
        f"Hand over data with {number(wants, 'column')}, or make a new model for {shape[axis]}.",
    )


_FED = ("fit", "predict", "evaluate", "__call__", "train_on_batch", "test_on_batch")


@also("fault", "width_changed")
@given(_width)
def _(facts, wants, shape, axis):
    """A built layer called on another width, for whatever reason."""
    if clash(facts) is not None or re.search(r"load_model\(|from_config\(", wrote(facts)):
        return None  # when it was saved, it had what it wants: what was told of it isn't all
    met = f" It was built on {facts.earlier.end[0]}." if facts.earlier and facts.earlier.end else ""
    return Found(
        f"The layer `{facts.layer.name}` ({facts.layer.kind}) has weights for the width {wants}, "
        f"the size it met first, and {shape} arrives, of the width {shape[axis]}.{met}",
        f"Bring what arrives to the width {wants}, or make a new layer for this input.",
    )


@also("fault", "declared_shape_binds")
def _(facts):
    """A generator that gives (12, 12, 1), before a discriminator that takes (28, 28, 1)."""
    layer = facts.layer
    told = shape_in(facts.text, r"expected shape=")
    if layer is None or layer.family != "model" or told is None or not facts.received:
        return None
    shape = tuple(facts.received[0])
    if fits(shape, told) or facts.did in ("fit", "predict", "evaluate"):
        return None
    both = enumerate(zip(shape, told, strict=False))
    differ = [i for i, (n, d) in both if not fits((n,), (d,))]
    what = (
        "they differ in " + " and ".join(f"axis {i}" for i in differ)
        if len(shape) == len(told)
        else f"{axes(len(shape))} where {axes(len(told))} are declared"
    )
    return Found(
        f"The model `{layer.name}` declares {told}, and {shape} arrives {_where(facts)}: {what}.",
        f"Let the layers before it end with the shape {told[1:]}, or declare {shape[1:]} in the "
        f"Input of `{layer.name}`.",
    )


# Sizes that aren't known


@fault(
    belief="transpose leaves the batch axis in front",
    truth="without `axes` it turns all axes round, and with them it counts the batch as axis 0",
    hint="print the shapes before and after it: where is the None?",
)
def batch_turned(facts):
    """Dense on ops.transpose(x), in a layer of one's own."""
    shape = facts.received[0] if facts.received else ()
    x = facts.feed.x.shape
    if len(shape) < 2 or shape[0] is None or shape[1:].count(None) != 1:
        return None
    if not x or len(x) != len(shape) or shape[0] not in x[1:]:
        return None
    at = shape.index(None)
    kept = (0, *range(2, len(shape)), 1)
    return Found(
        f"`{facts.layer.kind}` was given {shape}: None stands for the batch, and it has come to "
        f"axis {at}, with {shape[0]} in front. Something has turned the axes, the batch with them.",
        f"Name the axes of the turn, with 0 first: `transpose(x, {kept})`, say."
        if len(shape) > 2
        else "Leave it out: of a table, whose first axis is the batch, nothing is left to turn.",
    )


@also("fault", "batch_turned")
def _(facts):
    """Dense on ops.transpose(x), where all sizes are known: it fails in the loss."""
    both, x, y = two_shapes(facts.text), facts.feed.x.shape, facts.feed.y.shape
    if both is None or not x or not y or len(x) < 3 or facts.did not in ("fit", "evaluate"):
        return None
    given = [s for s in both if not fits(s[1:], y[1:])]
    if len(given) != 1 or given[0][:-1] != x[:0:-1] or given[0][:-1] == x[:-1]:
        return None
    kept = (0, *range(2, len(x)), 1)
    return Found(
        f"The model gives {given[0]} for data of the shape {x}: its axes come in the reverse "
        "order, the batch among them. Something has turned the axes.",
        f"Name the axes of the turn, with 0 first: `transpose(x, {kept})`, say.",
    )


@fault(
    belief="-1 in front of a reshape stands for the samples",
    truth="it stands for whatever is left over: where the other sizes are those of a part of a "
    "sample, each sample becomes several",
    hint="multiply the sizes behind the -1: are they all the numbers of one sample?",
)
def batch_unrolled(facts):
    """ops.reshape(x, (-1, 10)) of (None, 3, 10)."""
    both, model, x, y = two_shapes(facts.text), facts.model, facts.feed.x.shape, facts.feed.y.shape
    if both is None or model is None or len(model.outputs) != 1 or not x or not y or facts.inside:
        return None
    if facts.did not in ("fit", "evaluate") or not all(both) or facts.feed.x.source in STREAMS:
        return None
    n, m = sorted(s[0] or 0 for s in both)
    size = min(facts.batch_size or 32, x[0] or n)
    if n not in (size, (x[0] or 0) % size) or m <= n or m % n:
        return None
    if not all(fits(s[1:], y[1:]) or fits(s[1:], model.outputs[0][1:]) for s in both):
        return None
    maker = next((s for s in model.way.steps if _mixes_samples(s, m // n)), None)
    if maker is None:
        return None
    what = "an operation" if maker.family == "operation" else f"`{maker.name}`"
    return Found(
        f"A batch of {n} samples comes out as {m}, {m // n} for each of them, and there are "
        f"{n} targets. `{maker.kind}` ({what}) makes {maker.after} of {maker.before[0]}: a reshape "
        "with -1 in front does that where the sizes behind it are fewer than the numbers of a "
        "sample.",
        "Take a `Reshape` layer, which leaves the batch alone; or name all the sizes of a sample "
        f"behind the -1: {product(maker.before[0][1:])} numbers.",
    )


def _mixes_samples(step, times):
    """Tell whether a step gives so many rows for each sample."""
    if step.family not in ("lambda", "own", "operation") or not step.before or step.after is None:
        return False
    had, has = product(step.before[0][1:]), product(step.after[1:])
    return bool(had and has) and had == times * has


@also("fault", "unknown_width")
def _(facts):
    """Dense after Flatten of an open axis."""
    if "fully-defined" not in facts.text and "should be defined" not in facts.text:
        return None
    layer = facts.layer
    if layer is not None and layer.family == "own":
        return None
    shape = facts.received[0] if facts.received else None
    if shape and shape[-1] is not None and layer is not None and layer.family != "merge":
        return None
    flat = any(s.family == "flatten" for s in facts.way.steps)
    kind = f"`{layer.kind}`" if layer is not None else "A layer"
    opened = _opened(facts)
    if opened is not None and flat:
        texts = opened.kind == "TextVectorization"
        return Found(
            f"{kind} needs to know the size of the last axis to make its weights, and {shape} "
            f"arrives: that size is None. `{opened.kind}` gives {opened.after}, with an open size, "
            "and Flatten multiplies all sizes.",
            ("Give it a length, `TextVectorization(..., output_sequence_length=100)`; or " * texts)
            + f"{'p' if texts else 'P'}ut a global pooling in the place of Flatten, which leaves "
            "the last axis only.",
        )
    arrives = f", and {shape} arrives" if shape else ""
    why = (
        " Flatten multiplies all sizes, and one of them is open (None), so the width that it "
        "gives is open as well."
        if flat
        else ""
    )
    return Found(
        f"{kind} needs to know the size of the last axis to make its weights{arrives}: that size "
        f"is None.{why}",
        f"Say the size in the Input, such as `keras.Input({_sized(facts)})`, or put a global "
        "pooling in the place of Flatten, which leaves the channels only. A None that stands for "
        "the batch is left out: Keras puts that axis in front by itself."
        if flat
        else "Write the number of features in the Input's shape; only the axes before it may stay "
        "None."
        if opened is None
        else f"Say the size where it is lost, in `{opened.name}` ({opened.kind}): give a Lambda "
        "its `output_shape`, or put a `Reshape` behind it.",
    )


def _opened(facts):
    """Return the layer that gives an open size of sizes that are known; None for an Input."""
    for step in facts.way.steps:
        known = step.before and all(None not in s[1:] for s in step.before)
        if known and step.after and None in step.after[1:]:
            return step
    return None


def _sized(facts):
    """Return the declared shape with a number in the place of each open size."""
    first = facts.way.steps[0] if facts.way.steps else None
    shape = first.after if first is not None and first.family == "input" else None
    return tuple(n or 100 for n in shape[1:]) if shape and len(shape) > 1 else "(100,)"


@also("fault", "channels_unknown")
def _(facts):
    """Conv2D on (None, None, None, None)."""
    if facts.kind != "TypeError" or "NoneType" not in facts.text or facts.layer is None:
        return None
    if facts.layer.family != "conv" or not facts.received or facts.received[0][-1] is not None:
        return None
    return Found(
        f"`{facts.layer.kind}` has weights for every channel, and in {facts.received[0]} the "
        "number of channels, on the last axis, is None.",
        "Write the number of channels in the Input's shape: `keras.Input((None, None, 3))`.",
    )


# A class of the person's own


def _kernel_told(facts):
    told = re.search(r"input shapes: \[[\d,?]*\], \[(\d+),(\d+)\]", facts.whole)
    return (int(told[1]), int(told[2])) if told else ()


#: What is said where a product of matrices fails.
_PRODUCT = (
    r"MatMul|Matrix size|must be equal|mat1|dot_general|contracting|matmul|einsum|size of tensor"
)


@fault(
    belief="`input_shape[0]` or `[1]` is the number of features",
    truth="in `build`, `input_shape` begins with the batch, and the features are on the last axis, "
    "`input_shape[-1]`",
    hint="print input_shape in your build method.",
)
def build_axis(facts):
    """A layer whose build makes weights from input_shape[1] for (None, 10, 8)."""
    layer = facts.layer
    if layer is None or layer.family != "own" or not facts.received:
        return None
    shape = facts.received[0]
    if "fully-defined" in facts.text and shape and shape[-1] is not None:
        return Found(
            f"`{layer.kind}` is built for {shape}, and a weight of it gets a size that is None: in "
            "`build`, an axis was taken whose size is open, such as the batch axis, "
            "`input_shape[0]`.",
            "In `build`, take the size of the last axis for the weights: `input_shape[-1]`."
            + " A weight for each step has to know how many there are: say so in the Input, or in "
            "an argument of the layer." * (None in shape[1:]),
        )
    kernel = layer.weights[0] if layer.weights else _kernel_told(facts)
    met = facts.earlier.end[0] if facts.earlier is not None and facts.earlier.end else ()
    if met and kernel and met[-1] == kernel[0]:
        return None  # it was built as it should be, for another input
    if len(kernel) != 2 or kernel[0] == shape[-1] or not re.search(_PRODUCT, facts.whole):
        return None
    if kernel[0] not in (*shape[1:-1], 1):
        return None
    at = shape.index(kernel[0], 1) if kernel[0] in shape[1:] else 0
    return Found(
        f"`{layer.kind}` was built with a weight of shape {kernel}, and {shape} arrives: its "
        f"{kernel[0]} rows are the size of axis {at}, and a product with the last axis needs "
        f"{shape[-1]}.",
        "In `build`, take the size of the last axis for the weights: `input_shape[-1]`.",
    )


@also("fault", "build_axis")
def _(facts):
    """The same layer, where nothing fails before a graph of TensorFlow runs."""
    layer = _own_in_graph(facts)
    told = re.search(
        r"Matrix size-incompatible: In\[0\]: (\[[\d,]+\]), In\[1\]: (\[[\d,]+\])", facts.whole
    )
    kernel = layer.weights[0] if layer is not None and layer.weights else ()
    if not told or sizes(told[2]) != kernel or sizes(told[1])[-1] == kernel[0]:
        return None
    return Found(
        f"`{layer.kind}` was built with a weight of shape {kernel}, and what arrives has "
        f"{sizes(told[1])[-1]} features: a product with them needs as many rows.",
        "In `build`, take the size of the last axis for the weights: `input_shape[-1]`.",
    )


def _own_in_graph(facts):
    """Return the layer of the person's own in which a graph of TensorFlow failed, or None."""
    node = re.search(r"Detected at node (\S+)", facts.whole)
    inside = [re.sub(r"_\d+$", "", name) for name in node[1].split("/")] if node else ()
    own = [s for s in (facts.model.layers if facts.model else ()) if s.family == "own"]
    named = [s for s in own if re.sub(r"_\d+$", "", s.name) in inside]  # a graph counts anew
    return named[0] if len(named) == 1 else None


@fault(
    belief="matrices of any sizes can be multiplied",
    truth="the columns of the first are as many as the rows of the second",
    hint="write both shapes beside each other: the two sizes in the middle must be the same.",
)
def matmul_sizes(facts):
    """ops.matmul of (None, 4, 5) and (None, 6, 3), or of x and a weight in a layer's call."""
    layer = facts.layer
    if layer is not None and layer.family not in ("own", "lambda", "operation"):
        return None
    if facts.did in ("fit", "predict", "evaluate") and not facts.inside:
        return None
    called = re.search(r"calling (\w+)\.call\(\)", facts.whole)
    if called and hasattr(keras.layers, called[1]) and called[1] != "Lambda":
        return None  # its weights are Keras's own affair: another rule knows more
    shape = r"[\[(]((?:[\d?]+|None)(?:, ?(?:[\d?]+|None))*),?[\])]"
    told = re.search(
        rf"Inner dimensions.*x1\.shape={shape}.*x2\.shape={shape}"
        rf"|= (?:Batch)?MatMul\w*\[.*with input shapes: {shape}, {shape}"
        rf"|Matrix size-incompatible: In\[0\]: {shape}, In\[1\]: {shape}"
        r"|cannot be multiplied \((\d+x\d+) and (\d+x\d+)\)",
        facts.whole,
    )
    if not told:
        return None
    a, b = (sizes(g) for g in told.groups() if g is not None)
    if len(a) < 2 or len(b) < 2 or a[-1] == b[-2]:
        return None
    where = f" in `{layer.kind}`" if layer is not None and layer.family == "own" else ""
    more = ""
    if a[-1] == b[-1]:
        more = " Here the second may have to be turned: `keras.ops.transpose`."
    elif b[-2] == b[-1] and re.search(r"\brnn", facts.whole):
        more = " If the first is the state of a cell of your own, it is as wide as the cell's "
        more += f"`state_size` says: let that be {b[-2]}."
    return Found(
        f"Matrices of the shapes {a} and {b} are multiplied{where}: the first has {a[-1]} columns, "
        f"and the second {b[-2]} rows; they must be as many.",
        f"Give the weight, or whatever stands second, {a[-1]} rows.{more}",
    )


@fault(
    belief="an axis may be named that the shape hasn't got",
    truth="axes are counted from 0, the batch, so that the last of n has the number n - 1, or -1",
    hint="count the axes of what arrives.",
)
def axis_beyond(facts):
    """BatchNormalization(axis=3) behind Dense."""
    layer = facts.layer
    axis = layer.get("axis") if layer is not None else None
    if not isinstance(axis, int) or not facts.received or isinstance(axis, bool):
        return None
    n = len(facts.received[0])
    if -n <= axis < n:
        return None
    return Found(
        f"`{layer.kind}` is to work along axis {axis}, and {facts.received[0]} arrives "
        f"{_where(facts)}, with {axes(n)}, 0 to {n - 1}.",
        "Name one of these, or leave `axis` out: by itself it takes the last.",
    )


@fault(
    belief="a Normalization takes tables of any width",
    truth="it has a mean and a variance for each column of the data that it was adapted to",
    hint="print the shape of the layer's mean beside that of your data.",
)
def normalized_width(facts):
    """Normalization(mean=[three numbers]) on four columns."""
    layer = facts.layer
    if layer is None or layer.kind != "Normalization" or not facts.received:
        return None
    both, width = two_shapes(facts.whole) or (), facts.received[0][-1]
    if layer.get("axis") not in ((-1,), (len(facts.received[0]) - 1,)):
        return None
    means = [w[-1] for w in layer.weights if w] or [s[-1] for s in both if s and s[-1] != width]
    if not means or means[0] in (1, width) or width is None:
        return None
    more = " (one more: was the column of the targets among them?)" * (means[0] == width + 1)
    return Found(
        f"`{layer.name}` has a mean for each of {number(means[0], 'column')}{more}, and "
        f"{facts.received[0]} arrives {_where(facts)}, with {width}.",
        "Adapt it to data with the same columns as what it is to be applied to: "
        "`layer.adapt(x_train)`.",
    )


@also("fault", "window_outgrows_map")
def _(facts):
    """Cropping2D(5) on maps of 8 by 8."""
    layer = facts.layer
    if layer is None or "`cropping` argument" not in facts.whole or not facts.received:
        return None
    return Found(
        f"`{layer.kind}` is to cut off {layer.get('cropping')}, at both ends together as much as "
        f"{facts.received[0]} has, or more: nothing would be left.",
        "Cut off less.",
    )


@fault(
    belief="channels can be put into any number of groups",
    truth="each group gets as many channels, so their number is a multiple of `groups`, and so is "
    "that of the filters",
    hint="divide the number of channels by groups.",
)
def groups_of_channels(facts):
    """Conv2D(8, 3, groups=2) on 3 channels."""
    layer = facts.layer
    groups = layer.get("groups") if layer is not None else None
    if not groups or groups == 1 or "evenly divisible by the number of groups" not in facts.whole:
        return None
    if not facts.received:
        return None
    return Found(
        f"`{layer.kind}` has `groups={groups}`, and {facts.received[0]} arrives {_where(facts)}: "
        f"its {number(facts.received[0][-1], 'channel')} can't be put into {groups} equal groups.",
        f"Take a number of groups that divides {facts.received[0][-1]}, or make as many channels "
        f"as is a multiple of {groups} before it.",
    )


@fault(
    belief="a Reshape may ask for any sizes",
    truth="a reshape keeps all the numbers, so its sizes multiply to as many as came in",
    hint="multiply the sizes before and after.",
)
def reshape_product(facts):
    """Reshape((7, 7, 64)) behind Dense(3000); x.reshape((600, 784)) on 100 samples."""
    told = re.search(r"cannot reshape array of size (\d+) into shape (\([\d,\s-]*\))", facts.text)
    total = re.search(r"total size.*input_shape=(\([^)]*\)), target_shape=(\([^)]*\))", facts.whole)
    tensor = re.search(r"tensor with (\d+) values.*requested shape has (\d+)", facts.text)
    if told:
        return _array_reshape(facts, int(told[1]), told[2])
    if total:
        before = tuple(int(n) if n != "None" else None for n in re.findall(r"None|\d+", total[1]))
        after = tuple(int(n) for n in re.findall(r"-?\d+", total[2]))
        have, want = product(before), product(n for n in after) if after else 1
        return _layer_reshape(facts, before, after, have, want)
    if tensor:
        have, want = int(tensor[1]), int(tensor[2])
        n = _of_a_batch(facts, have, want)
        if n:
            return Found(
                f"A reshape asks for {want // n:,} numbers a sample, and each of the {n} in the "
                f"batch has {have // n:,}: the sizes must multiply to as many numbers as came in.",
                f"Choose sizes whose product is {have // n:,}; where features are divided into "
                "heads, the layer before has heads times width units.",
            )
        return Found(
            f"A reshape asks for {want:,} numbers, and {have:,} are there: the "
            "sizes must multiply to as many numbers as came in.",
            "Write the sizes of one sample and -1 for the number of samples: "
            "`reshape(x, (-1, ...))`.",
        )
    return None


@also("fault", "reshape_product")
@given(in_text(r"tensor with (\d+) values.*requires a multiple of (\d+)"))
def _(facts, told):
    """ops.reshape(x, (-1, 3, 5)) of 96 numbers, in a layer or loss of one's own."""
    have, each = int(told[1]), int(told[2])
    given = f" It was given {facts.received[0]}." if facts.received else ""
    return Found(
        f"A reshape makes rows of {each:,} numbers, with -1 for how many rows there are, and "
        f"{have:,} numbers are there, which is no multiple of {each:,}.{given}",
        "Choose sizes whose product divides the numbers of one sample; the batch size is a good "
        "first entry, `ops.shape(x)[0]`, and -1 belongs to a size within the sample.",
    )


@also("fault", "reshape_product")
@given(
    in_text(
        r"= Reshape\[.*with input shapes: (\[[\d,?]+\]).*input\[1\] = (\[[\d,?]+\])"
        r"|Cannot divide evenly the sizes of shapes (\([^)]*\)) and (\([^)]*\))"
    )
)
def _(facts, told):
    """ops.reshape(q, (batch, -1, heads, 64 // 5)) of (2, 10, 64), in a layer of one's own."""
    shape, target = (sizes(g.replace("-1", "?")) for g in told.groups() if g)
    k, heads = shape[-1], [n for n in target[-2:] if n]
    asked = tuple(-1 if n is None else n for n in target)
    if len(heads) == 2 and k and k % heads[0] and k // heads[0] == heads[1]:
        return Found(
            f"A reshape of {shape} asks for {asked}: {k} features are to be divided into "
            f"{heads[0]} parts of {heads[1]}, and {heads[0]} times {heads[1]} is {product(heads)}.",
            f"Choose a number of parts (heads) that divides {k}, or a width that {heads[0]} "
            "divides.",
        )
    return Found(
        f"A reshape of {shape} asks for {asked}: the sizes must multiply to as many numbers as "
        "came in.",
        "Choose sizes whose product is that of one sample's sizes, with -1 for one of them.",
    )


def _of_a_batch(facts, have, want):
    """Return the size of the batch, if the sizes of a sample and no number of samples differ."""
    x = facts.feed.x.shape
    if not x or not x[0]:
        return None
    size = min(facts.batch_size or 32, x[0])
    if any(want * n % have == 0 for n in (size, x[0] % size or size)):
        return None  # so many samples may be meant
    return None if have % size or want % size else size


def _array_reshape(facts, size, text):
    target = tuple(int(n) for n in re.findall(r"-?\d+", text))
    written = re.search(r"reshape\((?:\w+, ?)?[(\[]? ?(-1)?", wrote(facts))
    if written and written[1] and -1 not in target:  # NumPy leaves it out of its message
        target = (-1, *target)
    rest = [n for n in target if n != -1]
    known = product(tuple(rest)) or 1
    name = re.search(r"(\w+)\.reshape|reshape\((\w+)", wrote(facts))
    name = next((g for g in (name.groups() if name else ()) if g), "x")
    shape = facts.mine.get(name)
    shape = shape if shape and product(shape) == size else None
    here = f"`{name}`, of shape {shape}, holds" if shape else "the array holds"
    need = f"are {known:,} numbers" if -1 not in target else f"takes multiples of {known:,}"
    how = "Choose sizes that multiply to as many numbers as there are."
    if -1 in target and size > known:
        how = (
            f"{size:,} is no multiple of {known:,}: {size % known:,} are left over. Cut these off, "
            f"`{name}[:{size - size % known}]`, if it has one axis; or choose sizes that divide it."
        )
    tail = product(tuple(n for n in target[1:] if n != -1)) or 1
    if len(target) > 1 and target[0] not in (-1,) and tail and size % tail == 0:
        how = (
            f"There are {size // tail:,} samples of that size, not {target[0]:,}: write -1 and let "
            f"NumPy count them, `{name}.reshape({', '.join(map(str, (-1, *target[1:])))})`."
        )
    return Found(
        f"The shape {target} {need}, and {here} {size:,}: a reshape keeps all the numbers, so the "
        "sizes must multiply to the same product.",
        how,
    )


def _layer_reshape(facts, before, after, have, want):
    known = None not in before and -1 not in after
    sums = f" ({have:,} numbers against {want:,})" if known else ""
    maker = facts.way.maker
    how = "Choose sizes whose product is the number of values of one sample" + (
        f", {have:,}; the batch is no part of them." if known else "; the batch is no part."
    )
    if known and len(after) > 1 and product(after[1:]) == have:
        how = f"Leave the {after[0]} out: the batch is no part of it, `Reshape({after[1:]})`."
    elif known and maker is not None and maker.kind == "Dense" and len(before) == 1:
        how += f" Or give `{maker.name}`, which makes them, {want:,} units."
    return Found(
        f"`Reshape` is asked for {after}, and samples of the shape {before} arrive{sums}: the "
        "sizes must multiply to as many numbers as came in.",
        how,
    )


@also("fault", "data_size")
def _(facts):
    """A dataset of other sizes than declared, which a Dense behind Flatten meets in TensorFlow."""
    told = re.search(
        r"Matrix size-incompatible: In\[0\]: \[(\d+),(\d+)\], In\[1\]: \[(\d+),", facts.whole
    )
    node = re.search(r"node (\S+) defined at", facts.whole)
    model = facts.model
    if not told or not node or model is None or facts.inside or model.own_loss:
        return None
    wide = [x for x in model.layers if x.family == "dense" and x.weights]
    wide = [x for x in wide if x.weights[0][0] == int(told[3])]  # names get numbers in a graph
    at = wide[0] if len(wide) == 1 else None
    if at is None or "dense" not in node[1] or facts.did not in ("fit", "predict", "evaluate"):
        return None
    flat = any(s.family == "flatten" for s in model.layers)
    takes = f" The model declares {model.inputs[0]}." if len(model.inputs) == 1 else ""
    return Found(
        f"`{at.name}` has weights for {told[3]} numbers a sample"
        + (", what Flatten gives of the declared input," if flat else ",")
        + f" and {told[2]} arrive: the data has another size than declared.{takes}",
        "Print the shape of one batch, `next(iter(dataset))[0].shape`, and declare that size, or "
        "bring the data to the declared one.",
    )


@fault(
    belief="a sum or mean keeps the axis that it goes over",
    truth="that axis is gone, unless `keepdims=True` leaves it there with the size 1",
    hint="print the shape before and after it.",
)
@given(_refusal)
def axis_summed_away(facts, wanted, shape):
    """Dense on ops.sum(x, axis=1) of (None, 16)."""
    if len(shape) != wanted - 1:
        return None
    steps = [s for s in facts.way.steps if s.before and s.after is not None]
    step = next((s for s in reversed(steps) if len(s.after) != len(s.before[0])), None)
    if step is None or step.kind not in _REDUCE or step.family != "operation":
        return None
    had, axis = step.before[0], step.get("axis")
    if not isinstance(axis, int) or len(step.after) != len(had) - 1:
        return None
    kept = tuple(1 if i == axis % len(had) else n for i, n in enumerate(had))
    name = step.kind.lower()
    return Found(
        f"{_said(facts, wanted, shape)}. `{name}` over axis {axis} of {had} gives {step.after}: "
        "the axis that it goes over is gone.",
        f"Keep it, with the size 1: `{name}(x, axis={axis}, keepdims=True)` gives {kept}.",
        mends=facts.layer.takes(kept),
    )


_REDUCE = ("Sum", "Mean", "Max", "Min", "Prod", "Norm", "Argmax", "Argmin")


@fault(
    belief="a layer takes tensors of any number of axes",
    truth="each layer wants so many axes, and the one before it has to give them",
    hint="print the shape that arrives, and count its axes.",
    weak=True,
)
@given(_refusal)
def axes_wanted(facts, wanted, shape):
    """A layer that refuses a number of axes, for whatever reason."""
    if clash(facts) is not None or not facts.layer.name or _perhaps_unbatched(facts):
        return None
    if facts.layer.family in ("own", "model"):
        return None
    more = len(shape) - wanted
    return Found(
        f"{_said(facts, wanted, shape)}.",
        f"Bring {axes(more)} less: sum it up (pooling, `return_sequences=False`), flatten it, or "
        "take the layer for one dimension more."
        if more > 0
        else f"Keep or add {axes(-more)}: `Reshape`, or another layer before it.",
    )
