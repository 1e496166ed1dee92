"""Layers and operations whose weights depend on more than the number of features."""

import re

from autograder.learn.mistakes.causes.words import axes, fits, number, sizes
from autograder.learn.mistakes.rule import Found, also, fault


@fault(
    belief="a PReLU has one weight for each channel",
    truth="it has one for each number of a sample, unless `shared_axes` names axes along which "
    "they are shared",
    hint="print the shape of the layer's weights.",
)
def prelu_places(facts):
    """PReLU on (None, None, None, 8), or on maps of another size than it met first."""
    layer = facts.layer
    if layer is None or layer.kind != "PReLU" or not facts.received:
        return None
    shape, shared = facts.received[0], layer.get("shared_axes") or ()
    between = [i for i in range(1, len(shape) - 1) if i not in shared]
    how = f"Let them share a weight for each channel: `PReLU(shared_axes={between})`"
    unknown = "fully-defined" in facts.text or "should be defined" in facts.text
    if unknown and between and None in [shape[i] for i in between]:
        return Found(
            f"`{layer.name}` (PReLU) has a weight for each number of a sample, and of {shape}, "
            "which arrives, sizes are open (None).",
            f"{how}; or declare all sizes.",
        )
    has = layer.weights[0] if layer.weights else ()
    if len(has) != len(shape) - 1 or None in shape[1:]:
        return None
    if all(has[i - 1] in (1, shape[i]) for i in between) or has[-1] not in (1, shape[-1]):
        return None
    return Found(
        f"`{layer.name}` (PReLU) has a weight for each number of a sample, of the shape {has}, the "
        f"size that it met first; now {shape} arrives.",
        f"{how}, so that maps of any size go in; or hand over the size that it met first.",
    )


@fault(
    belief="the equation of an `einsum` or EinsumDense needn't name every axis",
    truth="each letter stands for one axis, the batch included, and `output_shape` of EinsumDense "
    "holds the size of each axis of the output but the batch",
    hint="write under each letter of the equation which size it stands for.",
)
def equation_axes(facts):
    """EinsumDense("abc,cd->abd", ...) on (None, 5), or built for another width."""
    layer = facts.layer
    equation = layer.get("equation") if layer is not None else None
    parts = re.fullmatch(r"([a-zA-Z]+),([a-zA-Z]+)->([a-zA-Z]+)", str(equation).replace(" ", ""))
    if layer is None or layer.kind != "EinsumDense" or not parts or not facts.received:
        return None
    shape, (given, kernel, out) = facts.received[0], parts.groups()
    if len(shape) != len(given):
        return Found(
            f"The equation `{equation}` names {axes(len(given))} of the input, `{given}`, and "
            f"{shape} arrives, with {axes(len(shape))}.",
            "Write a letter for each axis of what arrives, the batch first, or bring that to as "
            "many axes as the equation names.",
        )
    bias = re.search(r"Bias dimension '(\w)' was requested", facts.text)
    if bias:
        return Found(
            f"`bias_axes` names `{bias[1]}`, and the output, `{out}`, has no such axis.",
            f'Name axes of the output, such as `bias_axes="{out[-1]}"`.',
        )
    told = re.search(
        r"do not match at shared dimension '(\w)'\. "
        r"Input shape is (\w+), and output shape is (\w+)",
        facts.text,
    )
    if told:
        letter, n, m = told.groups()
        return Found(
            f"The letter `{letter}` in `{equation}` is an axis of the input and of the output, so "
            f"its size stays: {n} arrive, and `output_shape` says {m}.",
            f"Let `output_shape` hold a size for each of `{out[1:]}`, in this order, with {n}, or "
            f"None, for `{letter}`.",
        )
    has = layer.weights[0] if layer.weights else ()
    if len(has) != len(kernel):
        return None
    pairs = [(c, has[kernel.index(c)], shape[given.index(c)]) for c in given if c in kernel]
    apart = [(c, n, m) for c, n, m in pairs if not fits((n,), (m,))]
    if not apart:
        return None
    letter, n, m = apart[0]
    return Found(
        f"`{layer.name}` (EinsumDense) has a kernel of the shape {has}, made for what it met "
        f"first, and {shape} arrives: the axis `{letter}` in `{equation}` was {n}, and is {m} now.",
        f"Bring that axis to {n}, or make a new layer for this input.",
    )


@also("fault", "equation_axes")
def _(facts):
    """ops.einsum("nc,nc->n", one_hot, outputs) with one-hot rows of (None, 1, 4)."""
    told = re.search(
        r"must be rank (\d+) but is rank (\d+).*?for (\d)\w\w input and equation: (\S+).*"
        r"input shapes: (.*?)\.",
        facts.whole,
        re.DOTALL,
    )
    if not told:
        return None
    n, place = int(told[1]), int(told[3])
    shapes = [sizes(s) for s in re.findall(r"\[([\d,?]*)\]", told[5])]
    shape = shapes[place] if place < len(shapes) else ()
    ones = [i for i, k in enumerate(shape) if k == 1]
    return Found(
        f"The equation of `einsum`, `{told[4]}` as TensorFlow writes it, names {axes(n)} of what "
        f"is handed over at place {place}, and {shape} has {axes(len(shape))}.",
        f"Take the axis of size 1 away from it, `squeeze(..., axis={ones[-1]})`, or write a letter "
        "for it."
        if len(ones) == len(shape) - n == 1
        else "Write a letter for each axis of each array.",
    )


@fault(
    belief="the kernel of a convolution fits any number of channels",
    truth="its sizes are (height, width, channels in, channels out), and as many channels have to "
    "arrive as it takes in",
    hint="print the shape of the kernel beside that of what it is to go over.",
)
def kernel_depth(facts):
    """ops.conv(pictures of 3 channels, kernel (3, 3, 4, 8))."""
    told = re.search(
        r"must match the kernel's input channels\. Received: input channels=(\d+), kernel input "
        r"channels=(\d+)"
        r"|Depth of input \((\d+)\) is not a multiple of input depth of filter \((\d+)\)",
        facts.whole,
    )
    shapes = re.search(r"input shapes: (\[[\d,?]+\]), (\[[\d,?]+\])", facts.whole)
    groups = "is not a multiple of the number of groups" in facts.whole and shapes
    if not told and not groups:
        return None
    if groups and not told:
        depth, takes = sizes(shapes[1])[-1], sizes(shapes[2])[-2]
    else:
        depth, takes = (int(n) for n in told.groups() if n)
    if not depth or not takes or depth == takes:
        return None
    layer = facts.layer
    where = f" in `{layer.kind}`" if layer is not None and layer.family == "own" else ""
    kernel = f", of the shape {sizes(shapes[2])}," if shapes else ""
    over = f" ({sizes(shapes[1])})" if shapes else ""
    return Found(
        f"The kernel of a convolution{where}{kernel} takes in {number(takes, 'channel')}, and "
        f"{number(depth, 'channel')} {'arrives' if depth == 1 else 'arrive'}{over}.",
        f"Make a kernel for {number(depth, 'channel')}: "
        "`(height, width, channels in, channels out)`, with "
        f"{depth} in the third place of four; in a layer's `build`, take `input_shape[-1]`.",
    )
