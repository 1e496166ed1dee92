"""What a model gives against the targets, as a loss compares the two."""

import itertools

from autograder.learn.mistakes.causes.pairs import BINARY, ROWS, SPARSE, Pair, loss_of, pair
from autograder.learn.mistakes.causes.words import axes, fits, named, number, product, sample
from autograder.learn.mistakes.rule import Found, also, fault, given


def _onehot(p, classes):
    call = named(p.data, "y").strip("`")
    return f"`keras.utils.to_categorical({call}, {classes})`"


@fault(
    belief="Keras finds out which target belongs to which output",
    truth="a list of targets is taken in the order of the outputs, whatever is in it",
    hint="print model.output_names, and name your targets in that order.",
)
def outputs_order(facts):
    """fit(x, [ages, kinds]) for outputs in the order kind, age."""
    model, y = facts.model, facts.feed.y
    if model is None or y.structure != "list" or not 1 < len(model.outputs) == len(y.items) < 5:
        return None
    if pair(facts) is None:
        return None
    names, outputs = model.out_names, model.outputs
    fitting = [
        order
        for order in itertools.permutations(range(len(outputs)))
        if all(_agree(facts, y.items[i], n) for n, i in enumerate(order))
    ]
    if len(fitting) != 1:
        return None
    given = ", ".join(str(d.shape) for d in y.items)
    wanted = ", ".join(f"`{k}` {o}" for k, o in zip(names, outputs, strict=True))
    places = ", ".join(d.name or f"y[{i}]" for i, d in ((i, y.items[i]) for i in fitting[0]))
    return Found(
        f"The targets come in the order {given}, and the outputs are {wanted}: a list is taken in "
        "the order of the outputs, and in another order these targets fit.",
        f"Hand them over in that order, `[{places}]`, or as a dict by the names of the outputs.",
    )


def _agree(facts, data, n):
    """Tell whether data could be the target of the n-th output."""
    model = facts.model
    if data.shape is None:
        return False
    loss = loss_of(model, model.out_names[n], n)
    return Pair(data.shape, model.outputs[n], loss, facts, data).agree()


@fault(
    belief="validation data may be prepared in another way than the data for training",
    truth="it goes through the same model and the same loss, so it has the same form",
    hint="print the shapes of both targets.",
)
@given(pair)
def validation_differs(facts, p):
    """Validation labels in which a class is missing, made one-hot by themselves."""
    if len(p.target) != len(p.output) or p.loss == SPARSE:
        return None
    if facts.did == "evaluate":
        return _classes_missing(p)
    if not p.checked:
        return None
    if p.target[-1] == 1 and p.whole:
        return None  # whole numbers: see below
    k, units = p.target[-1], p.output[-1]
    hot = p.data is not None and p.data.one_hot
    trained = facts.feed.y.shape
    as_trained = f", {trained}," if trained else ""
    return Found(
        f"{p.said}: the targets for training{as_trained} fit the model, and these don't.",
        f"Make them in the same way as those for training: `to_categorical(labels, {units})`. "
        "Without the number of classes it makes as many places as the labels at hand need, here "
        f"{k}."
        if hot
        else "Prepare both in the same way.",
    )


def _classes_missing(p):
    """Return what is told of test labels that were made one-hot by themselves, or None."""
    k, units = p.target[-1], p.output[-1]
    if p.data is None or not p.data.one_hot or not units or k >= units or k < 2:
        return None
    return Found(
        f"{p.said}: a row of these has {k} places, and the model has {units} classes.",
        f"Make the rows as long as those for training: `to_categorical(labels, {units})`. Without "
        "the number of classes it makes as many places as the labels at hand need, and in test "
        "data a class may be missing.",
    )


@also("fault", "axes_swapped")
@given(pair)
def _(facts, p):
    """Targets (n, 2, 10) for an output (n, 10, 2)."""
    if p.loss == SPARSE or len(p.target) != len(p.output) or len(p.target) < 3:
        return None
    t, o = sample(p.target), sample(p.output)
    if None in (*t, *o) or t == o or sorted(t) != sorted(o):
        return None
    order = []
    for n in o:  # equal sizes keep their order
        order.append(next(i for i, m in enumerate(t) if m == n and i not in order))
    call = named(p.data, "y").strip("`")
    return Found(
        f"{p.said}: the same sizes in another order of axes.",
        f"Turn the targets, `np.transpose({call}, {(0, *(i + 1 for i in order))})`, or let the "
        "model end with its axes in their order.",
    )


@fault(
    belief="what is handed over second is used as it should be",
    truth="the second argument of `fit` holds the targets of the first, one for each sample",
    hint="print the names and shapes of what you hand over, in their order.",
)
def wrong_array(facts):
    """fit(x_train, x_test), or fit(x, x) for a model of three outputs."""
    p = pair(facts)
    x = facts.feed.x
    if p is None or not x.shape or p.data is None or p.name:
        return None
    t, o = sample(p.target), sample(p.output)
    if len(t) == len(o) > 1 and t[:-1] == o[:-1] and not facts.feed.same:
        return None  # masks with other channels: see below
    alike = t == sample(x.shape)
    if (
        not alike
        or p.data.one_hot
        or p.data.shares
        or (len(t) == len(o) and len(t) > 1 and not p.classes)
    ):
        return None
    words = any(layer.family == "embedding" for layer in p.way)
    if words or p.data.source == "dataset" or not (p.classes or facts.feed.same):
        return None
    if product(t) == product(o) or (len(t) == 1 and not p.classes):
        return None
    other = _others(facts, x.shape[0], o, p)
    hint = f" `{other[0]}`, of shape {other[1]}, would fit." if other else ""
    what = "the very array of the inputs" if facts.feed.same else "shaped like the inputs"
    return Found(
        f"{p.said}: the second argument is {what}, {x.shape}, not like labels for an output of "
        f"{o} a sample. It looks as if another array stands where the labels should.{hint}",
        f"Hand over the labels that belong to {named(x.one, 'x')}: "
        f"`fit({named(x.one, 'x').strip('`')}, {other[0] if other else 'y'})`.",
    )


def _others(facts, n, o, p):
    for name, shape in facts.mine.items():
        if shape and shape[0] == n and name != p.data.name and shape[1:] in (o, (), (1,)):
            return name, shape
    return None


@fault(
    belief="outputs and targets may have steps of their own",
    truth="they are compared step by step, so there are as many of both",
    hint="print the shape of the targets beside model.output_shape.",
)
@given(pair)
def steps_differ(facts, p):
    """Six steps come out, and the targets have five."""
    if len(p.output) != 3:
        return None
    t, o = sample(p.target), sample(p.output)
    steps = t[:1] if p.loss == SPARSE else t[: len(o) - 1]
    if None in (*steps, o[0]) or not steps or steps[0] == o[0]:
        return None
    rest = t[1:] in ((), (1,), o[1:]) if p.loss == SPARSE else t[1:] == o[1:]
    if not rest or (facts.feed.same and any(s.family in ("conv", "pool") for s in p.way)):
        return None
    repeat = next((s for s in p.way if s.kind == "RepeatVector"), None)
    conv = next((s for s in reversed(p.way) if s.family in ("conv", "pool")), None)
    how = f"Let both have as many steps: cut or pad the targets to {o[0]}"
    if repeat is not None:
        how += f", or repeat as often as the targets have steps, `RepeatVector({steps[0]})`"
    elif conv is not None:
        how += f', or keep the steps in `{conv.kind}`, with `padding="same"` and strides of 1'
    else:
        how += f", or what goes in, so that {steps[0]} come out"
    return Found(
        f"{p.said}: {number(o[0], 'step')} {'comes' if o[0] == 1 else 'come'} out, and the "
        f"targets have {steps[0]}; they are compared step by step.",
        f"{how}.",
    )


@fault(
    belief="a model comes back to the size of its targets by itself",
    truth="what comes out is compared with the target number by number, so both must have the "
    "same shape: each pooling has to be undone by as much, and the last layer has as many "
    "channels as the target",
    hint="follow the height alone through the layers, one line for each.",
)
def autoencoder_sizes(facts):
    """An autoencoder for (32, 32, 3) that gives (64, 64, 1)."""
    p = pair(facts)
    x = facts.feed.x
    if p is None or p.classes:
        return None
    t, o = sample(p.target), sample(p.output)
    if len(t) != len(o):
        return _rolled(p, t, o) if facts.feed.same and product(t) == product(o) else None
    alike = bool(x.shape) and t == sample(x.shape) and t[:-1] != o[:-1]
    # A few targets may be as many as there are features, without being the same.
    wide = len(t) == 1 and t == sample(x.shape) and t[0] > 16 if x.shape else False
    own = bool(x.shape) and (facts.feed.same or alike or wide)
    if len(t) < 3 and not own:
        return None
    if len(t) > 1 and t[:-1] == o[:-1] and not own:
        return None  # a mask with other channels: see below
    what = "the input, with which it is compared" if own else "the target"
    if len(t) == 1:
        return Found(
            f"{p.said}: the output is compared with the input itself, and must be as large, "
            f"{t[0]} numbers.",
            f"Let the last layer of the decoder have {t[0]} units, the size of the input.",
        )
    parts = []
    if t[:-1] != o[:-1]:
        parts.append(f"the size {o[:-1]} is not {t[:-1]}")
    if t[-1] != o[-1]:
        parts.append(f"it has {number(o[-1], 'channel')} where {t[-1]} are wanted")
    halvings = _scale(p.way) if own else ""
    odd = _rounded(p.way)
    if odd and len(t) == len(o) > 1 and t[:-1] != o[:-1]:
        kind, after, before, times = odd
        how = "pad or resize the pictures" if len(o) == 3 else "pad or cut the samples"
        return Found(
            f"{p.said}: the output hasn't the shape of {what}: {', and '.join(parts)}. `{kind}` "
            f"makes {after} of {before}, which is no multiple of {times}, and {times} times "
            f"{after} is {times * after}.",
            "Begin with a size that can be made smaller without a remainder as often as it is "
            f"({how}), or crop what comes out to the size of the target: "
            f"`Cropping{len(o) - 1}D`.",
        )
    return Found(
        f"{p.said}: the output hasn't the shape of {what}: {', and '.join(parts)}.{halvings}",
        _reshape_mend(p.way, t, o) or _times_mend(t, o) or _autoencoder_mend(p.way, t, o),
    )


def _rolled(p, t, o):
    """Return what is told where the output holds the same numbers in another form."""
    call = named(p.data, "x").strip("`")
    return Found(
        f"{p.said}: the output holds as many numbers as the input, with which it is compared, but "
        "not in the same shape.",
        f"End the decoder with `Reshape({t})`, so that what comes out has the shape of the input"
        + (
            f"; or compare with the flat input, `{call}.reshape(len({call}), -1)`."
            if len(o) == 1
            else "."
        ),
    )


def _rounded(way):
    """Return (layer, size after, size before, stride) of what rounds a size, or None.

    Only where what is made smaller is made as much larger again.
    """
    down = [s for s in way if s.family == "pool" or s.family == "conv" and _strided(s)]
    up = [s for s in way if s.family == "up" or s.family == "upconv" and _strided(s)]
    if not up or len(down) != len(up) or any(s.family in ("flatten", "dense") for s in way):
        return None
    bare = [s for s in way if s.family in ("conv", "upconv") and s.get("padding") != "same"]
    for s in () if bare else down:
        strides = s.get("strides")
        n = strides[0] if isinstance(strides, tuple) else strides
        before, after = (s.before[0][1] if s.before else None), (s.after or (0, 0))[1]
        if before and after and n and n > 1 and before % n:
            return s.kind, after, before, n
    return None


def _scale(way):
    if any(s.family in ("flatten", "reshape", "dense") for s in way):
        return ""
    down = sum(s.family == "pool" or s.family == "conv" and _strided(s) for s in way)
    up = sum(s.family == "up" or (s.family == "upconv" and _strided(s)) for s in way)
    return f" On the way it is made smaller {_times(down)}, and larger {_times(up)}." * bool(up)


def _times(n):
    return {0: "never", 1: "once", 2: "twice"}.get(n, f"{n} times")


def _strided(layer):
    strides = layer.get("strides", 1)
    return layer.family in ("conv", "upconv") and strides not in (1, (1,), (1, 1), (1, 1, 1))


def _reshape_mend(way, t, o):
    """Return what to change where a decoder begins with a Reshape to the wrong size, or ""."""
    begin = next((s for s in reversed(way) if s.kind == "Reshape"), None)
    small = begin.get("target_shape") if begin is not None else None
    if not small or len(small) != len(o) or None in (*small, *o) or t[-1] != o[-1]:
        return ""
    times = [a / b for a, b in zip(o[:-1], small[:-1], strict=True)]
    if any(n < 1 or a % n for a, n in zip(t[:-1], times, strict=True)):
        return ""
    right = tuple(int(a / n) for a, n in zip(t[:-1], times, strict=True))
    return (
        f"`Reshape({tuple(small)})` begins with {tuple(small[:-1])}, which the layers behind it "
        f"make {o[:-1]}: begin with {right}, `Reshape({(*right, small[-1])})`, and give the Dense "
        f"before it {product((*right, small[-1])):,} units."
    )


def _times_mend(t, o):
    """Return what to change where the output is just so many times too small or too large."""
    if None in (*t, *o) or t[-1] != o[-1] or len(o) not in (3, 4):
        return ""
    larger = {a / b for a, b in zip(t[:-1], o[:-1], strict=True)}
    times = larger.pop() if len(larger) == 1 else 0
    dims = len(o) - 1
    if times > 1 and times == int(times):
        return (
            f"Make the maps {int(times)} times larger than they are: another "
            f"`UpSampling{dims}D({int(times)})`, or a pooling or stride less."
        )
    if times and 1 / times == int(1 / times):
        return (
            f"Make the maps {int(1 / times)} times smaller than they are: an `UpSampling{dims}D` "
            "or a stride less where they are made larger."
        )
    return ""


def _unpadded(way):
    """Return the layers without padding of a way that goes as often up as down, else ()."""
    down = sum(s.family == "pool" or s.family == "conv" and _strided(s) for s in way)
    up = sum(s.family == "up" or s.family == "upconv" and _strided(s) for s in way)
    if not up or down != up or any(s.family in ("flatten", "dense", "reshape") for s in way):
        return ()
    bare = [s for s in way if s.family in ("conv", "upconv") and s.get("padding") == "valid"]
    return tuple(s for s in bare if set(s.get("kernel_size") or ()) != {1})


def _autoencoder_mend(way, t, o):
    how = []
    changes = any(s.family in ("pool", "up", "flatten", "dense") or _strided(s) for s in way)
    bare = _unpadded(way)
    if t[:-1] != o[:-1] and bare:
        names = ", ".join(f"`{s.name}`" for s in bare)
        how.append(
            f'take `padding="same"` in {names} as well: without it the edges are taken off'
            + ", or, by a transposed convolution, added to"
            * any(s.family == "upconv" for s in bare)
        )
    elif t[:-1] != o[:-1] and not changes:
        how.append('take `padding="same"` in the convolutions, which then keep height and width')
    elif t[:-1] != o[:-1]:
        how.append(
            'make it as often larger as smaller, with `padding="same"` in every convolution, '
            "and begin with sizes that can be halved that often (pad or crop them otherwise)"
        )
    if t[-1] != o[-1]:
        how.append(f"give the last layer {number(t[-1], 'channel')}, as the target has")
    said = "; ".join(how)
    return f"{said[0].upper()}{said[1:]}."


@fault(
    belief="a mask read from a file has the channels of the output",
    truth="the output is compared with the mask number by number, so both need the same channels",
    hint="print the shape of one mask beside model.output_shape.",
)
@given(pair)
def mask_channels(facts, p):
    """Masks (16, 16, 3), read in colour, for an output (16, 16, 1)."""
    if len(p.target) != len(p.output) or len(p.target) < 4:
        return None
    t, o = sample(p.target), sample(p.output)
    if t[:-1] != o[:-1] or None in (t[-1], o[-1]):
        return None
    if p.loss == SPARSE and t[-1] == 3 and (p.data is None or not p.data.one_hot):
        return Found(
            f"{p.said}: the masks have 3 numbers a pixel, as pictures read in colour do, and "
            f"`{SPARSE}` wants one whole number, that of the class.",
            f"Make masks of class numbers, {t[:-1]}, out of the colours.",
        )
    if p.loss == SPARSE:
        return None
    if t[-1] == 1 and p.loss in ROWS and p.whole:
        return None  # whole numbers for a loss that wants one-hot ones
    if p.data is not None and len(p.data.used) == o[-1]:
        return None  # one-hot masks with places that are never used
    if p.data is not None and p.data.one_hot and p.loss in BINARY and o[-1] == 1:
        return None  # classes, for one unit
    grey = t[-1] == 3 and o[-1] == 1
    if t[-1] == 3 and o[-1] > 1 and p.classes:
        return Found(
            f"{p.said}: the last layer gives {number(o[-1], 'channel')} a pixel, one for each "
            "class, and the targets have 3, as pictures read in colour do.",
            f"Make masks of class numbers, {(*t[:-1],)}, out of the colours, and make them one-hot "
            f"({_onehot(p, o[-1])}) or take `{SPARSE}`; or, if there are 3 classes, give the last "
            "layer 3 filters.",
        )
    return Found(
        f"{p.said}: the last layer gives {number(o[-1], 'channel')} a pixel, and the targets have "
        f"{t[-1]}"
        + (
            ", as pictures read in colour do."
            if grey
            else "; the two numbers of channels must match."
        ),
        "Read the masks as grey ones, with one channel "
        '(`color_mode="grayscale"`, or `mask[..., :1]`), or give the last layer as many filters as '
        f"the targets have channels, {t[-1]}."
        if grey
        else f"Give the last layer as many filters as the targets have channels, {t[-1]}, or "
        "make the targets as wide as the output (one-hot: `keras.utils.to_categorical`).",
    )


@fault(
    belief="the last recurrent layer sums up a sequence",
    truth="with `return_sequences=True` it gives an output for every step, and one answer a "
    "sample comes from its last step alone",
    hint="print model.output_shape. Which of its axes counts the steps?",
)
@given(pair)
def return_sequences_extra(facts, p):
    """LSTM(return_sequences=True), Dense(1) with one target a sample."""
    if not _longer(p) or len(p.output) != 3:
        return None
    shaping = ("recurrent", "flatten", "global", "reshape", "conv", "embedding")
    last = next((s for s in reversed(p.way) if s.family in shaping), None)
    if last is None or last.family != "recurrent":
        return None
    if not p.ordered and sum(s.family == "recurrent" for s in p.way) > 1:
        return None
    hot = p.data is None or p.data.low is None or p.data.one_hot or p.data.shares
    if p.loss in ROWS and _units_too(p) and not hot:
        return None  # numbers of classes, for steps of their own
    if not (last.get("return_sequences") or (last.inner and last.inner.get("return_sequences"))):
        return None
    if last.after and not fits(last.after[1:2], p.output[1:2]):
        return None  # its steps are summed up on the way
    return Found(
        f"{p.said}: `{last.kind}` with `return_sequences=True` gives an output for every step, "
        f"so there is one answer for each of the {p.output[1] or 'many'} steps, and the targets "
        "hold one for each sample.",
        f"Leave `return_sequences=True` out of the last recurrent layer (`{last.name}`), so that "
        f"it gives its last step only{_units_too(p) or '; or hand over a target for every step.'}",
    )


def _units_too(p):
    """Return a sentence on the units of the last layer, where these don't fit either, or ""."""
    k, units = (p.target[-1] if len(p.target) > 1 else 1), p.output[-1]
    one = p.output[:1] + p.output[-1:]
    if None in (k, units) or p.mended(output=one) or p.mended(output=one, loss=SPARSE):
        return ""
    return f"; and give the last layer {number(k, 'unit')}, as many as a target has numbers."


def _longer(p):
    """Tell whether the output has axes more than a target, beside a class number for each place."""
    t, o = sample(p.target), sample(p.output)
    if _in_one_row(t, o) or p.loss == SPARSE and t not in ((), (1,), o[-1:]):
        return False
    return len(o) > max(1, len(t)) + (p.loss == SPARSE and t != (1,)) * (len(t) > 0) and not (
        fits(t, o[:-1])
    )


def _in_one_row(t, o):
    """Tell whether a target holds the places of an output (8, 8, 2) in one row: (64,)."""
    places, k = product(o[:-1]), o[-1:]
    return t != k and t[:1] == (places,) and t[1:] in ((), (1,), k) and places > 1


@also("fault", "autoencoder_sizes")
@given(pair)
def _(facts, p):
    """Masks (16, 16) of whole numbers or one-hot, for maps of (14, 14, 3)."""
    if not p.classes or len(p.output) < 4:
        return None
    t, o = sample(p.target), sample(p.output)
    places = t[: len(o) - 1]
    if len(places) != len(o) - 1 or None in (*places, *o) or places == o[:-1]:
        return None
    if len(t) == len(o) and t[-1] not in (1, o[-1]):
        return None
    return Found(
        f"{p.said}: there is an answer for each of {o[:-1]} places, and the targets hold a label "
        f"for each of {places}: the sizes must be the same.{_scale(p.way)}",
        'Keep the size in every convolution, `padding="same"`, and make the maps as often larger '
        f"as smaller; or resize the masks to {o[:-1]}, without mixing their numbers "
        '(`interpolation="nearest"`).',
    )


@also("fault", "flatten_missing")
@given(pair)
def _(facts, p):
    """Dense after maps or sequences, and one target a sample."""
    if not _longer(p) or p.last is not None and p.last.family not in ("dense", "each", "own"):
        return None
    if p.last is None or p.last.family == "own":
        return None
    if not p.ordered:
        return _flatten_uncalled(p)
    before = _before_dense(p.way)
    what = (
        f"what `{before.kind}` gives"
        if before is not None and before.family != "input"
        else ("the input")
    )
    shape = before.after if before is not None else None
    given = f", {shape}," if shape else ""
    one = sum(n == 1 for n in p.output[1:-1])
    flat = one == len(p.output) - 2
    extra = _whole_too(p)
    pooling = f"`GlobalAveragePooling{'2D' if len(p.output) == 4 else '1D'}()`"
    gets = f", which gets {shape}" if shape else ""
    return Found(
        f"{p.said}: Dense works on the last axis only, so {what}{given} keeps its other axes, "
        f"and there is an answer for each of their places instead of one for each sample.{extra}",
        f"Put a global pooling, such as {pooling}, before the first Dense{gets}; or a `Flatten()` "
        "layer, which needs to know all sizes: declare them in the Input."
        if shape and None in shape[1:]
        else f"Put a `Flatten()` layer before the first Dense{gets} (or a global pooling, such as "
        f"{pooling})."
        + (" Or leave the axis of size 1 out of the input's shape and the data." if flat else ""),
    )


def _flatten_uncalled(p):
    """Return what is told of a model of one's own: only that its layers are there is known."""
    flat = next((s.name for s in p.way if s.family == "flatten"), None)
    said = (
        f"{p.said}: Dense works on the last axis only, so the other axes are still there, with an "
        "answer for each of their places instead of one for each sample."
    )
    if flat:
        return Found(
            f"{said} The model has the layer `{flat}`, and what comes out hasn't gone through it.",
            f"Call `{flat}` in the model's `call`, before the first Dense: `x = self.{flat}(x)`.",
        )
    return Found(
        said, "Put a `Flatten()` layer, or a global pooling, before the first Dense in `call`."
    )


def _whole_too(p):
    """Return a sentence on whole-number labels for a loss that wants rows, or ""."""
    if p.loss in ROWS and len(p.target) <= 2 and p.target[1:] in ((), (1,)) and p.whole:
        return (
            f" Then `{p.loss}` will meet whole-number labels: it wants one-hot rows, its sister "
            f"`{SPARSE}` takes the numbers."
        )
    return ""


def _before_dense(way):
    """Return the layer whose output the run of Dense layers at the end takes."""
    for step in reversed(way):
        if step.family not in ("dense", "same", "each"):
            return step
    return None


@fault(
    belief="a model ends where its features are found",
    truth="the last layer has to give what a target holds: one row of outputs a sample",
    hint="print model.output_shape beside the shape of one target.",
)
@given(pair)
def output_layer_missing(facts, p):
    """A model that ends with a convolution or with Flatten, for labels (n, 10)."""
    if p.last is None or not p.ordered:
        return None
    t, o = p.sample()
    ends = ("conv", "pool", "global", "flatten", "embedding", "up", "upconv", "model", "attention")
    wide = p.last.family in ("flatten", "global") and len(o) == len(t) and p.loss != SPARSE
    if p.last.family not in ends or not (_longer(p) or wide):
        return None
    k = _classes(p)
    flat = "`Flatten()` or global pooling and " if len(o) > 1 else ""
    if p.last.family in ("conv", "upconv") and len(o) == 3 and p.last.get("activation") in _ENDS:
        return Found(
            f"{p.said}: the model ends with `{p.last.kind}` and `{p.last.get('activation')}`, an "
            f"answer for each of {o[:-1]} places, and the targets hold one label for each sample.",
            f"If each sample has one label, add {flat}an output layer, such as `Dense({k or 1})`; "
            f"if every place is to be marked, hand over masks of the size {o[:-1]} as targets.",
        )
    return Found(
        f"{p.said}: the model ends with `{p.last.kind}`, without an output layer that makes "
        f"{'one answer' if k in (None, 1) else f'{k} numbers'} for each sample.",
        f"Add {flat}an output layer at the end, such as `Dense({k or 1})`"
        + (" with softmax." if p.classes else "."),
    )


_ENDS = ("softmax", "sigmoid")


def _classes(p):
    if p.target[1:] in ((), (1,)):
        if p.classes and p.data is not None and p.data.high is not None:
            return int(p.data.high) + 1
        return 1
    return p.target[-1]


@fault(
    belief="any loss for classes takes one-hot labels",
    truth="a loss with `sparse` in its name takes the number of the class, one for each sample",
    hint="print the shape of the labels, and read the name of your loss.",
)
@given(pair)
def one_hot_labels(facts, p):
    """sparse_categorical_crossentropy for one-hot rows."""
    if p.loss != SPARSE or len(p.target) != len(p.output) or p.target[-1] in (1, None):
        return None
    if p.data is not None and p.data.low is not None and not p.data.one_hot:
        return _rows_for_sparse(p)
    call = named(p.data, "y").strip("`")
    same = p.target[-1] == p.output[-1]
    if not same and (p.data is None or p.data.low is None):
        return None  # nobody knows whether they are one-hot
    more = (
        ""
        if same
        else (
            f" Besides, a row has {p.target[-1]} places, and the last layer {p.output[-1]} units: "
            "the two numbers must match."
        )
    )
    return Found(
        f"{p.said}: the labels are one-hot rows, and `{SPARSE}` wants whole numbers, one for each "
        f"sample.{more}",
        f"Turn the rows into numbers, as those for training are: `np.argmax({call}, axis=-1)`."
        if p.checked
        else f"Take `categorical_crossentropy`, without `sparse`, for one-hot labels; or turn the "
        f"rows into numbers: `np.argmax({call}, axis=-1)`.",
    )


def _rows_for_sparse(p):
    """Return what is told of rows that aren't one-hot, as wide as the output; else None."""
    if not p.mended(loss=ROWS[0]):
        return None
    several = p.data.whole and p.data.low == 0 and p.data.high == 1
    if not several and not p.data.shares:
        return None
    how = (
        'Take `loss="binary_crossentropy"`, with sigmoid in the last layer: each place of a row '
        "is answered by itself."
        if several
        else 'Take `loss="categorical_crossentropy"`, which compares rows.'
    )
    what = "rows of 0 and 1 with any number of ones" if several else "rows of shares that sum to 1"
    return Found(
        f"{p.said}: the labels are {what}, and `{SPARSE}` wants one whole number for each sample.",
        how,
    )


@fault(
    belief="a mask may keep its rows where the output has them in one row",
    truth="a loss compares place by place, so both have the places in the same axes",
    hint="multiply height and width, and look for the product in the other shape.",
)
def masks_unrolled(facts):
    """An output (None, 64, 2), rolled out by a Reshape, for masks (n, 8, 8)."""
    p = pair(facts)
    if p is not None and len(p.output) > 3:
        return _masks_in_a_row(p)
    if p is None or len(p.output) != 3 or len(p.target) < 3:
        return None
    (places, k), t = sample(p.output), sample(p.target)
    if not places or None in t or k is None:
        return None
    rows = t[:2]
    if rows[0] * rows[1] != places or places in rows or t[2:] not in ((), (1,), (k,)):
        return None
    call = named(p.data, "y").strip("`")
    hot = f", and make them one-hot, {_onehot(p, k)}" if p.loss in ROWS and t[2:] != (k,) else ""
    one = f"`{call}.reshape(len({call}), {places}{f', {k}' if t[2:] == (k,) else ''})`"
    return Found(
        f"{p.said}: the output has its {places} places in one row, and the masks have "
        f"{rows[0]} rows of {rows[1]}.",
        f"Put the places of the masks in a row as well: {one}{hot}; or leave the Reshape at the "
        "end of the model out, so that it gives maps.",
    )


def _masks_in_a_row(p):
    """Return what is told of masks (n, 64) for maps (None, 8, 8, 2), or None."""
    t, o = sample(p.target), sample(p.output)
    if None in o or not _in_one_row(t, o):
        return None
    call = named(p.data, "y").strip("`")
    like = (*o[:-1], *t[1:])
    return Found(
        f"{p.said}: the output has an answer for each of {o[:-1]} places, and the masks have their "
        f"{t[0]:,} places in one row.",
        f"Leave the masks as they were, or give them their rows back: `{call}.reshape"
        f"{(-1, *like)}`; or put the places of the output in a row as well, "
        f"`Reshape(({t[0]}, {o[-1]}))` at the end of the model.",
    )


@fault(
    belief="labels may have an axis more than the output",
    truth="a loss compares outputs and targets axis by axis, so there are as many axes in both",
    hint="print the shape of the targets beside model.output_shape.",
)
@given(pair)
def target_rank(facts, p):
    """Labels (n, 1, 3), or one for every step, for an output (n, 3)."""
    t, o = p.sample()
    more = len(t) - len(o) + (p.loss == SPARSE)
    if more <= 0:
        return None
    call = named(p.data, "y").strip("`")
    ones = [i for i, n in enumerate(p.target) if n == 1 and i]
    if len(ones) >= more and fits(tuple(n for n in t if n != 1), tuple(n for n in o if n != 1)):
        return Found(
            f"{p.said}: the labels have {axes(more)} more than the output, of size 1: each label "
            "stands in a table of its own.",
            f"Drop it: `np.squeeze({call}, axis={ones[0]})`, or leave out the `reshape` or "
            f"`expand_dims` that adds it, so that the labels have the shape "
            f"{(p.target[0], *o)}.",
        )
    twice = p.data is not None and p.data.one_hot and p.target[-1] == 2 and more == 1
    twice = twice and fits(t[:-1], o)
    if twice:
        return Found(
            f"{p.said}: the labels have one axis more than the output. They look as if they had "
            "been made one-hot twice: each 0 and 1 became a row of two.",
            "Make them one-hot once: leave out the second `to_categorical`, or squeeze it back "
            f"with `np.argmax({call}, axis=-1)`.",
        )
    if len(o) == 1 and product(t) == product(o) and p.loss != SPARSE:
        return Found(
            f"{p.said}: the output holds as many numbers as a target, in one row.",
            f"End the model with `Reshape({t})`; or flatten the targets, "
            f"`{call}.reshape(len({call}), -1)`.",
            mends=p.mended(output=(p.output[0], *t)),
        )
    if more == 1 and fits(t[:-1], o) and not p.classes and len(t) > 1:
        return Found(
            f"{p.said}: the labels keep a last axis of {t[-1]}, as data with {t[-1]} features has, "
            "and the output has one number in the place of each of these.",
            f"Choose what is to be predicted, `{call}[..., 0]` for the first; or let the model "
            f"give all of them, with `Dense({product(t)})` and `Reshape({t})` at the end."
            if len(o) == 1
            else f"Choose what is to be predicted, `{call}[..., 0]` for the first.",
        )
    words = any(s.family == "embedding" for s in p.way)
    inputs = [d.shape for d in facts.feed.x.items if d.shape and len(d.shape) > 2 - words]
    steps = len(p.target) > 1 and any(p.target[1] == shape[1] for shape in inputs)
    steps = steps and len(o) == 1  # the model answers once
    what = (
        f"there is a label for each step ({p.target[1]} of them), and the model answers once "
        "for a sample"
        if steps
        else f"the labels have {axes(more)} more than the output"
        if len(t) > len(o)
        else f"`{SPARSE}` wants one whole number for each sample, and a label is a row of {t[-1]}"
    )
    return Found(
        f"{p.said}: {what}.",
        f"Hand over one label a sample, for example that of the last step, `{call}[:, -1]`; or let "
        "the model answer at each step (`return_sequences=True` in the recurrent layers, no "
        "Flatten)."
        if steps
        else f"Bring the labels to as many axes as the output, {p.output}: reshape or squeeze "
        "them, or let the model keep that axis."
        if len(t) > len(o)
        else "Hand over one number a sample, the number of its class; or take a loss that compares "
        "rows, without `sparse`.",
    )


@also("fault", "classes_as_numbers")
def _(facts):
    """categorical_crossentropy for labels 0, 3, 2, ..."""
    p = pair(facts)
    places = p is not None and p.loss in BINARY and len(p.output) > 2
    if p is None or not (p.loss in ROWS or places) or p.output[-1] in (None, 1):
        return None
    t, o = sample(p.target), sample(p.output)
    if places and (p.data is None or p.data.high is None or p.data.high <= 1):
        return None
    if not (fits(t, o[:-1]) or fits(t, (*o[:-1], 1))) or not p.whole:
        return None
    if p.data is not None and p.data.one_hot and t and t[-1] == o[-1]:
        return None
    known = p.data is not None and p.data.low is not None
    high = int(p.data.high) if known else None
    low = int(p.data.low) if known else None
    numbers = f" from {low} to {high}" if known else ""
    k = p.output[-1]
    off = ""
    if known and not 0 <= low <= high < k:
        off = (
            f" Besides, the last layer has {number(k, 'unit')}, for the classes 0 to {k - 1}, and "
            f"these go from {low} to {high}."
        )
    each = "each sample" if len(o) == 1 else "each place"
    if p.data is not None and p.data.source == "dataset" and "float" in p.data.dtype:
        return Found(
            f"{p.said}: the dataset yields one number for {each}, of {p.data.dtype}, and "
            f"`{p.loss}` wants one-hot rows of {k}.",
            f'If it is the number of a class, take `loss="{SPARSE}"`; if the rows are one-hot '
            f"where they are made, tell so there: an `output_signature` with `tf.TensorSpec({o}, "
            "...)` for the labels.",
        )
    activation = ", with softmax in the last layer" * places
    return Found(
        f"{p.said}: the labels are whole numbers{numbers}, one for {each}, and `{p.loss}` "
        f"wants one-hot rows of {k}.{off}",
        f"Make the labels one-hot, as those for training are: {_onehot(p, k)}."
        if p.checked
        else _renumbered(p, low, high, k) + activation + "."
        if off
        else f'Take `loss="{SPARSE}"`, which takes the numbers as they are{activation}; or '
        f"make the labels one-hot: {_onehot(p, k)}.",
    )


def _renumbered(p, low, high, k):
    """Return what to do with whole numbers that aren't those of the last layer's classes."""
    call, then = named(p.data, "y").strip("`"), f', and take `loss="{SPARSE}"`'
    if low == 1 and high == k:
        return f"Count the labels from 0, `{call} - 1`{then}"
    if (low, high, k) == (0, 255, 2):
        return (
            "If these are masks as a file holds them, 0 and 255, make them 0 and 1 first, "
            f"`({call} > 127).astype(int)`{then}"
        )
    anew = f"number them from 0 without gaps, `np.unique({call}, return_inverse=True)[1]`{then}"
    if high > 20 * k and len(p.output) == 2:
        return (
            f'If these are quantities, take `Dense(1)` without softmax and `loss="mse"`; if they '
            f"are classes, {anew}"
        )
    return f"Give the last layer a unit for each class, {high + 1}{then}; or {anew}"


@also("fault", "labels_off_by_one")
@given(pair)
def _(facts, p):
    """to_categorical of the labels 1 to 10, for ten units."""
    if p.data is None or not p.data.used or p.loss not in (*ROWS, *BINARY):
        return None
    k, units = p.target[-1], p.output[-1]
    if 0 in p.data.used or k - 1 != units or not fits(p.target[1:-1], p.output[1:-1]):
        return None
    return Found(
        f"{p.said}: the rows have {k} places, for the classes 0 to {k - 1}, and none has its 1 in "
        f"the place of class 0: the labels seem to have been counted from 1, and `to_categorical` "
        "makes a place for each number from 0 to the largest.",
        f"Count the labels from 0 before they are made one-hot: `to_categorical(labels - 1)`, with "
        f"{units} places.",
    )


@also("fault", "units_vs_labels")
def _(facts):
    """to_categorical of 0, 2 and 5 for three units, or of three classes with num_classes=10."""
    p = pair(facts)
    used = p.data.used if p is not None and p.data is not None else ()
    if not used or p.loss not in (*ROWS, *BINARY) or len(p.target) != len(p.output):
        return None
    k, units = p.target[-1], p.output[-1]
    if k == units or len(used) != units or units < 2 or not fits(p.target[:-1], p.output[:-1]):
        return None
    first = used == tuple(range(units))
    return Found(
        f"{p.said}: the rows have {k} places, and only {units} of them are ever used, as many as "
        "the last layer has units.",
        f"Make rows of {units} places: `to_categorical(labels, {units})`."
        if first
        else "The labels have gaps, and `to_categorical` makes a place for each number up to the "
        "largest: number them from 0 without gaps first, `np.unique(labels, "
        "return_inverse=True)[1]`.",
    )


@fault(
    belief="the number of outputs doesn't depend on the targets",
    truth="the last layer has a unit for each class, or for each quantity that a target holds",
    hint="print the shape of the targets beside model.output_shape.",
)
@given(pair)
def units_vs_labels(facts, p):
    """Dense(16) at the end, and one-hot rows of 3."""
    if len(p.output) > 3 and p.output[:-1] == p.target[:-1]:
        return None
    t, o = p.sample()
    t = (1,) if t == () and len(o) == 1 else t
    if p.loss == SPARSE or len(t) != len(o) or not o or None in (t[-1], o[-1]):
        return None
    k, units = t[-1], o[-1]
    if k == units or p.last is not None and p.last.family in ("reshape", "flatten", "up", "pad"):
        return None
    binary = p.loss in BINARY
    known = p.last is not None and p.ordered
    last = f"`{p.last.name}`, the last layer," if known else "the last layer"
    layer = p.last.kind if known else "Dense"
    maps = ", 1" * (known and p.last.family == "conv")
    made = f'`{layer if maps else "Dense"}({k}{maps}, activation="softmax")`'
    if units == 1 and (p.data is None or p.data.low is None or p.data.one_hot):
        return Found(
            f"{p.said}: the last layer has one unit, and each label is a row of {k} numbers "
            "(one-hot).",
            f"Either as many units as classes, {made} with "
            "`categorical_crossentropy`; or, for two classes, one unit and labels that are 0 or 1 "
            '(`y[:, 1]`, or `class_mode="binary"` where files are read).'
            if k == 2
            else f"Take as many units as there are classes: {made} with "
            "`categorical_crossentropy`.",
        )
    if k == 1 and (binary or units == 2) and p.whole and p.loss not in ("", "mean_squared_error"):
        return Found(
            f"{p.said}: the last layer has {units} units, and each label is a single number, 0 or "
            "1."
            if units == 2
            else f"{p.said}: the last layer has {units} units, and each label is a single number.",
            'One unit for labels that are 0 or 1: `Dense(1, activation="sigmoid")` with '
            f"`binary_crossentropy`; or {units} units with softmax and "
            f"`{SPARSE}`, which takes whole numbers as labels.",
        )
    shares = p.data is not None and p.data.shares
    if p.loss in ROWS and not p.whole and not shares:
        return Found(
            f"{p.said}: the targets are quantities, not classes, {k} for each sample, and the last "
            f"layer has {units} units with `{p.loss}`, a loss for classes.",
            f"As many units as a target has values, `Dense({k})`, without softmax, and a loss for "
            'quantities: `loss="mse"`.',
        )
    hidden = p.classes and known and p.last.get("activation") in ("relu", "tanh")
    if hidden and k > 1:
        return Found(
            f"{p.said}: {last} has {units} units with {p.last.get('activation')}, "
            f"like a hidden layer, and a target holds {k} classes.",
            f'Add an output layer at the end: `Dense({k}, activation="softmax")`.',
        )
    what = "classes" if p.classes else "numbers"
    each = (
        f"a target holds {k} {what if k > 1 else what[:-1]}" if k > 1 else "a target is one number"
    )
    return Found(
        f"{p.said}: {last} has {number(units, 'unit')}, and {each}; the two must match.",
        f"Give the last layer as many units as a target has {what}: `{layer}({k})`"
        + (f"; or make targets of {number(units, 'number')}." if not p.classes else "."),
    )


@also("fault", "units_vs_labels")
def _(facts):
    """Quantities (10, 7), one for each step, and 3 units."""
    p = pair(facts)
    if p is None or p.classes or len(p.output) < 3 or p.output[-1] in (None, 1):
        return None
    t, o = sample(p.target), sample(p.output)
    if not fits(t, o[:-1]) or not p.mended(output=(*p.output[:-1], 1)) or p.loss in BINARY:
        return None
    return Found(
        f"{p.said}: a target is one number for each of its places, and the last layer gives "
        f"{o[-1]}.",
        "Give the last layer one unit; or, if the targets are numbers of classes, softmax and "
        f"`{SPARSE}`.",
    )


@fault(
    belief="outputs and targets needn't look alike",
    truth="a loss compares them number by number, so they have one shape",
    hint="print the shape of the targets beside model.output_shape.",
    weak=True,
)
@given(pair)
def targets_differ(facts, p):
    """Outputs and targets of different shapes, for whatever reason."""
    if p.loss == SPARSE:
        return None
    t, o = p.sample()
    if len(t) != len(o):
        return None
    at = [i for i, (a, b) in enumerate(zip(t, o, strict=True), 1) if not fits((a,), (b,))]
    return Found(
        f"{p.said}: they differ in axis {' and '.join(map(str, at))}, and a loss compares them "
        "number by number.",
        "Let the model end with the shape of one target, or bring the targets to that of the "
        "output.",
    )
