"""What NumPy and the backends refuse: joining, indexing, squeezing and turning arrays."""

import re

from autograder.learn.mistakes.causes.words import axes, number, sizes, wrote
from autograder.learn.mistakes.rule import Found, also, fault, given, in_text


def _by_hand(facts):
    """Tell whether it is the person's own line that was refused, and no layer or loss of Keras."""
    mine = facts.inside or facts.did not in ("fit", "evaluate", "predict", "train_on_batch")
    layer = facts.layer
    return mine and (layer is None or layer.family in ("own", "lambda", "operation"))


def _here(facts):
    """Return the arrays in the person's line, by name and shape."""
    line = wrote(facts)
    return {k: s for k, s in facts.mine.items() if re.search(rf"\b{re.escape(k)}\b", line)}


def _said_here(facts):
    mine = [f"`{k}` {s}" for k, s in list(_here(facts).items())[:4] if s]
    return f" In this line: {', '.join(mine)}." if mine else ""


@also("fault", "merge_shapes")
def _(facts):
    """np.concatenate((n, 28, 28, 1), (n, 28, 28)); np.stack of unequal pictures."""
    text = facts.text
    ranks = re.search(
        r"same number of dimensions, but the array at index \d+ has (\d+) dimension\(s\) and the "
        r"array at index \d+ has (\d+)",
        text,
    )
    if ranks:
        return Found(
            f"Arrays with {axes(int(ranks[1]))} and with {ranks[2]} are to be joined, and they "
            f"can be joined only if they have as many.{_said_here(facts)}",
            "Give the smaller one the axis that it lacks: `a[..., None]` for one at the end "
            "(channels), `a[None]` for one in front (a batch of one).",
        )
    along = re.search(
        r"along dimension (\d+), the array at index \d+ has size (\d+) and the array at index \d+ "
        r"has size (\d+)",
        text,
    )
    if along:
        return Found(
            f"Arrays are joined that differ in axis {along[1]}: {along[2]} and {along[3]}. All "
            f"sizes but that of the axis along which they are joined must agree."
            f"{_said_here(facts)}",
            "Name the axis along which they differ, `axis=" + along[1] + "`, or bring them to one "
            "size first (resize, pad or crop).",
        )
    stack = re.search(
        r"values\[0\]\.shape = (\[[\d,]*\]) != values\[\d+\]\.shape = (\[[\d,]*\])", text
    )
    if stack or "all input arrays must have the same shape" in text:
        shapes = f", {sizes(stack[1])} and {sizes(stack[2])}," if stack else ""
        return Found(
            f"Arrays of different shapes{shapes} are to be stacked, one above the other, and "
            f"stacking needs the very same shape of all.{_said_here(facts)}",
            "Bring them to one shape first: resize pictures, pad or cut sequences "
            "(`keras.utils.pad_sequences`).",
        )
    return None


@also("fault", "matmul_sizes")
def _(facts):
    """np.dot of (3, 4) and (3, 4); tf.matmul of unequal batches."""
    text = facts.text
    told = re.search(r"shapes \(([\d,]*)\) and \(([\d,]*)\) not aligned", text)
    if told:
        a, b = sizes(told[1]), sizes(told[2])
        turned = a[-1:] == b[-1:] and len(b) > 1
        return Found(
            f"Matrices of the shapes {a} and {b} are multiplied: the first has {a[-1]} columns, "
            f"and the second {b[-2] if len(b) > 1 else b[0]} rows; they must be as many.",
            f"Give the second {a[-1]} rows." + " Here it may have to be turned: `.T`." * turned,
        )
    core = re.search(
        r"mismatch in its core dimension .*\(size (\d+) is different from (\d+)\)", text
    )
    if core:
        return Found(
            f"Matrices are multiplied of which the first has {core[2]} columns and the second "
            f"{core[1]} rows; they must be as many.{_said_here(facts)}",
            "Turn one of them (`.T`, or `np.swapaxes(a, -1, -2)`), or give the second as many "
            "rows.",
        )
    batches = re.search(r"compatible batch dimensions: (\[[\d,]*\]) vs\. (\[[\d,]*\])", text)
    if batches:
        a, b = sizes(batches[1]), sizes(batches[2])
        return Found(
            f"Batches of matrices of the shapes {a} and {b} are multiplied, and the axes in front "
            f"of the last two, {a[:-2]} and {b[:-2]}, must be the same.",
            "Multiply as many matrices by as many, or by one for all, of shape (rows, columns).",
        )
    return None


@fault(
    belief="an array has as many axes as it is asked for",
    truth="each index between the brackets takes one axis, and there are just as many as the "
    "shape has numbers",
    hint="print the shape of what you index.",
)
def index_axes(facts):
    """x[:, :, 0] of a table."""
    told = re.search(
        r"too many indices for array: array is (\d+)-dimensional, but (\d+) were indexed",
        facts.text,
    )
    array = re.search(r"Array has shape (\([^)]*\)) but slice has to many indices", facts.text)
    tensor = re.search(
        r"Index out of range using input dim (\d+); input has only (\d+) dims", facts.text
    )
    if not told and not array and not tensor:
        return None
    if array:
        shape = sizes(array[1])
        have, asked = len(shape), None
        what = f"A tensor of the shape {shape} has {axes(have)}, the batch in front,"
    else:
        have = int(told[1] if told else tensor[2])
        asked = int(told[2]) if told else int(tensor[1]) + 1
        mine = [f"`{k}`, of shape {s}," for k, s in _here(facts).items() if len(s) == have]
        what = (mine[0] if len(mine) == 1 else "The array") + f" has {axes(have)},"
    more = f"{number(asked, 'index', 'indices')} between the brackets" if asked else "more indices"
    return Found(
        f"{what} and is asked for {more}.",
        "Leave out an index, or look for the step that took an axis away (a Flatten, a mean over "
        "an axis, an index before, an LSTM without `return_sequences=True`).",
    )


@fault(
    belief="an axis of n entries has an entry n",
    truth="entries are counted from 0, so the last of n has the number n - 1, or -1",
    hint="print the shape of what you index, and the index.",
)
@given(in_text(r"index (-?\d+) is out of bounds for axis (\d+) with size (\d+)"))
def index_beyond(facts, told):
    """x[:, 5] where there are 5 columns."""
    at, axis, n = map(int, told.groups())
    if "to_categorical" in wrote(facts):
        return Found(
            f"`to_categorical` makes rows of {number(n, 'place')}, for the classes 0 to {n - 1}, "
            f"and there is a label {at}.",
            "Count the labels from 0, `y - 1`, if they begin with 1; otherwise give "
            f"`num_classes={at + 1}`, or leave it out: then it is the largest label plus 1.",
        )
    if re.search(rf"\beye\({n}\)", wrote(facts)):
        return Found(
            f"`np.eye({n})` has {number(n, 'row')}, for the classes 0 to {n - 1}, and there is a "
            f"label {at}.",
            "Count the labels from 0, `y - 1`, if they begin with 1; otherwise make a row for each "
            f"class, `np.eye({at + 1})`.",
        )
    if facts.in_keras and facts.did in ("fit", "predict", "evaluate") and not facts.inside:
        return None
    mine = [k for k, s in _here(facts).items() if len(s) > axis and s[axis] == n]
    what = f"`{mine[0]}`, of shape {facts.mine[mine[0]]}," if len(mine) == 1 else "The array"
    none = n == 0
    return Found(
        f"{what} is asked for the entry {at} along axis {axis}, which has "
        f"{number(n, 'entry', 'entries')}" + (": it is empty." if none else f", 0 to {n - 1}."),
        "Look for the step that left nothing, such as a filter or a path without files."
        if none
        else "Let the index end before the size: `range(len(...))`, or -1 for the last entry.",
    )


@also("fault", "axis_beyond")
def _(facts):
    """np.argmax(y, axis=1) of whole numbers; ops.mean(x, axis=3)."""
    text = facts.text
    told = re.search(
        r"axis (-?\d+) is out of bounds for (?:an )?array (?:of|with) dimension (\d+)", text
    )
    told = told or re.search(r"Invalid reduction dimension \(?(-?\d+).*?input with (\d+) dim", text)
    told = told or re.search(
        r"Expected dimension in the range \[-\d+, (\d+)\), but got (-?\d+)", text
    )
    if not told or not (_by_hand(facts) or facts.did == ""):
        return None
    axis, n = (int(g) for g in told.groups())
    if "Expected dimension" in told[0]:
        axis, n = n, axis
    labels = n == 1 and axis == 1 and "argmax" in wrote(facts)
    if "expand_dims" in wrote(facts):
        return Found(
            f"A new axis is to stand at place {axis}, and with it there are {axes(n)}, 0 to "
            f"{n - 1}.",
            "Name one of these places: 0 in front, -1 at the end.",
        )
    here = _here(facts)
    mine = [f"`{k}`, of shape {s}," for k, s in here.items() if len(s) == n]
    what = mine[0] if len(mine) == 1 else "The array"
    return Found(
        f"{what} has {axes(n)}, and axis {axis} was asked for"
        + (": " + ("0 is the only one." if n == 1 else f"there are 0 to {n - 1}.") if n else "."),
        "Labels that are whole numbers already need no `argmax`; only one-hot rows do."
        if labels
        else "Name an axis that is there, -1 for the last; or look for the step that took one "
        "away.",
    )


@fault(
    belief="squeeze takes any axis away",
    truth="only an axis of size 1 can be left out, for nothing is lost with it",
    hint="print the shape of what you squeeze.",
)
def squeezed_axis(facts):
    """np.squeeze(x, axis=1) of (3, 4)."""
    said = (
        r"Cannot squeeze axis (-?\d+), because the dimension is not 1"
        r"|cannot select an axis to squeeze out which has size not equal to one"
        r"|[Cc]an ?not squeeze dim\[(-?\d+)\], expected a dimension of 1"
    )
    told = re.search(said, facts.text)
    if not told:
        return None
    axis = next((g for g in told.groups() if g), None)
    which = f"Axis {axis}" if axis else "The axis"
    return Found(
        f"{which} that is to be squeezed away holds more than one entry.{_said_here(facts)}",
        "Name the axis of size 1, or choose an entry with an index, or sum up over the axis "
        "(`mean`).",
    )


@fault(
    belief="transpose turns whatever it is told to",
    truth="it takes every axis once, in the new order, the batch included",
    hint="print the shape, and count its axes and those that you name.",
)
def turned_axes(facts):
    """ops.transpose(x, (0, 2)) of three axes."""
    text = facts.text
    told = re.search(
        r"same length as the input shape, expected (\d+), but received (\d+)"
        r"|transpose expects a vector of size (\d+)\. But input\(1\) is a vector of size (\d+)",
        text,
    )
    if not told and "axes don't match array" not in text:
        return None
    if told:
        have, named = (int(g) for g in told.groups() if g)
        said = f"The tensor has {axes(have)}, and the new order names {named}."
    else:
        said = "The new order of the axes doesn't name as many axes as the array has."
    return Found(
        said + _said_here(facts),
        "Name every axis once, the batch first: `(0, 2, 1)` exchanges the last two of three.",
    )


@fault(
    belief="an axis can be split into any number of parts",
    truth="the parts are of one size, so their number divides the size of the axis",
    hint="divide the size of the axis by the number of parts.",
)
def uneven_split(facts):
    """ops.split(x, 3, axis=1) of four steps."""
    told = re.search(
        r"must be divisible by `indices_or_sections`.*But received (\d+) and (\d+)", facts.text
    )
    if not told and "does not result in an equal division" not in facts.text:
        return None
    what = (
        f"An axis of {told[1]} is to be split into {told[2]} equal parts"
        if told
        else ("An axis is to be split into equal parts")
    )
    return Found(
        f"{what}, and that leaves a remainder.{_said_here(facts)}",
        "Choose a number of parts that divides the size, name the places where to cut "
        "(`[2, 4]`), or cut off the rest first.",
    )


@fault(
    belief="an array grows to hold what is put into it",
    truth="its shape was fixed when it was made, and what goes into a place has that place's shape",
    hint="print the shapes of the place and of what goes in.",
)
@given(in_text(r"could not broadcast input array from shape (\([\d,]*\)) into shape (\([\d,]*\))"))
def place_for_an_array(facts, told):
    """x = np.zeros((n, 28, 28)); x[i] = colour picture."""
    given, place = sizes(told[1]), sizes(told[2])
    how = "Make the array with the shape of what goes in, or bring that to the place's shape."
    if given[:-1] == place and given[-1] in (1, 3, 4):
        how = (
            f"The array has no axis for the {number(given[-1], 'channel')}: make it "
            f"`np.zeros((n, {', '.join(map(str, given))}))`, or read the picture in grey."
        )
    elif len(given) == len(place) > 3 and given[1:] == place[1:]:
        how = (
            f"The place is one for {place[0]}, and {given[0]} are put in: let it end where these "
            "end, `x[i : i + len(batch)]`."
        )
    elif len(given) == len(place) and len(place) != 3 and len(place) > 1:
        how = f"Pad or cut what goes in to {place}."
    elif len(given) == len(place) and len(place) > 1:
        how = f"Resize each picture to {place[:2]} before it is put in, or pad or crop it."
    elif len(given) == len(place):
        how = f"Pad or cut what goes in to {place[0]}: `keras.utils.pad_sequences`."
    return Found(
        f"An array of the shape {given} is put into a place of the shape {place}."
        + _said_here(facts),
        how,
    )


@fault(
    belief="a function for one picture takes a batch, and the reverse",
    truth="one picture has three axes, height, width and channels, and a batch of them four",
    hint="print the shape of what you hand over.",
)
def picture_axes(facts):
    """array_to_img(batch); Resizing on (28, 28)."""
    told = re.search(
        r"(?:to have rank 3 \(single image\).*?(?:shape: |data\.shape=)|Unsupported image shape: "
        r"|incorrect rank, of shape |Expected an image array with shape.*?of shape )"
        r"(\([\d, None]*\))",
        facts.text,
    )
    layer = facts.layer
    shape = sizes(told[1]) if told else None
    if not told and layer is not None and layer.kind in _PICTURES and facts.received:
        wrong = len(facts.received[0]) not in (3, 4)
        shape = facts.received[0] if wrong and facts.kind in ("IndexError", "ValueError") else None
    if shape is None:
        return None
    what = f"`{layer.kind}`" if layer is not None else "The function"
    many = len(shape) > 3
    return Found(
        f"{what} works on pictures (height, width, channels)"
        + (", one or a batch of them" if layer is not None else "")
        + f", and was given the shape {shape}, with {axes(len(shape))}.",
        "Hand over one picture of the batch, `x[0]`, or drop an axis of size 1 with `np.squeeze`."
        if many
        else "Grey pictures need an axis for their channel as well: `x[..., None]`.",
    )


_PICTURES = ("Resizing", "CenterCrop", "RandomFlip", "RandomRotation", "RandomZoom", "RandomCrop")
_PICTURES += ("RandomTranslation", "RandomBrightness", "RandomContrast")


@fault(
    belief="pad_sequences pads a single sequence",
    truth="it takes a list of sequences, and makes a row of each",
    hint="print type(x) and type(x[0]).",
)
def one_sequence_padded(facts):
    """pad_sequences([1, 2, 3])."""
    if "must be a list of iterables" not in facts.text and "`sequences` must be iterable" not in (
        facts.text
    ):
        return None
    return Found(
        "`pad_sequences` takes a list of sequences, and got one sequence of numbers.",
        "Put it in brackets, `pad_sequences([sequence])`; the result has the shape (1, length).",
    )


@also("fault", "text_as_numbers")
def _(facts):
    """to_categorical(["cat", "dog"])."""
    if "to_categorical" not in wrote(facts) or "invalid literal for int()" not in facts.text:
        return None
    value = re.search(r"base 10: ('[^']*')", facts.text)
    text = value[1] if value else "text"
    return Found(
        f"`to_categorical` takes the numbers of classes, and there is {text} among the labels.",
        "Number the classes first: `np.unique(labels, return_inverse=True)[1]`, or a "
        "`StringLookup` layer.",
    )


@also("fault", "units_vs_labels")
def _(facts):
    """tf.nn.softmax_cross_entropy_with_logits of other widths."""
    told = re.search(
        r"logits and labels must be broadcastable: logits_size=(\[[\d,]*\]) "
        r"labels_size=(\[[\d,]*\])",
        facts.whole,
    )
    told = told or re.search(
        r"must have the same first dimension, got logits shape (\[[\d,]*\]) and labels shape "
        r"(\[[\d,]*\])",
        facts.whole,
    )
    if not told or facts.did in ("fit", "evaluate") and not facts.inside:
        return None
    logits, labels = sizes(told[1]), sizes(told[2])
    if "first dimension" in told[0]:
        k = labels[0] // logits[0] if logits[0] and labels[0] % logits[0] == 0 else None
        one = k is not None and k == logits[-1]
        return Found(
            f"There are {logits[0]} rows of outputs, {logits}, and {labels[0]} labels: one whole "
            "number for each row is wanted."
            + (f" {labels[0]} is {logits[0]} times {k}: the labels are one-hot rows." * one),
            "Turn them into numbers, `np.argmax(y, axis=-1)`, or take the loss without `sparse`."
            if one
            else "Hand over as many labels as there are rows of outputs.",
        )
    return Found(
        f"The outputs have the shape {logits}, and the labels {labels}: a row of outputs and a "
        "row of labels must be as long.",
        f"As many units in the last layer as a label has places, {labels[-1]}, or labels of "
        f"{logits[-1]} places.",
    )


@also("fault", "one_hot_labels")
@given(
    in_text(
        r"labels\.shape\.rank` must equal.*labels\.shape=(\([^)]*\)).*logits\.shape=(\([^)]*\))"
    )
)
def _(facts, told):
    """tf.nn.sparse_softmax_cross_entropy_with_logits of one-hot labels."""
    if sizes(told[1]) != sizes(told[2]):
        return None
    return Found(
        f"The labels have the shape {told[1]}, as the outputs have: they are one-hot rows, and a "
        "sparse loss wants whole numbers, one for each sample.",
        "Turn the rows into numbers, `np.argmax(y, axis=-1)`, or take the loss without `sparse`.",
    )
