"""Why an operation of keras.ops gives the shape it gives, by families that count alike.

A family is a function of a clause and a Call. Where its sum isn't what Keras says, only the
clause and what became of the shape are told.
"""

import math
from types import SimpleNamespace

import keras
import numpy as np

from autograder.learn.calls import is_shape
from autograder.learn.formula import channels_of
from autograder.learn.reasons.words import (
    Reason,
    Unknown,
    agree,
    listed,
    many,
    observed,
    times,
    windows,
    written,
)

#: Kinds of faults that say that an operation is called in a way which its family doesn't know.
UNFIT = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, Unknown)


def operation_reason(call):
    """Return the Reason for a Call of an operation; raise Unknown for one of somebody's own."""
    kind = type(call.layer)
    name = kind.__name__.lower()
    if isinstance(call.layer, keras.Model) or kind.__module__.split(".")[0] != "keras":
        raise Unknown(f"The operation {kind.__name__} is not one I know")
    if name not in OPERATIONS:
        return Reason(f"Computes {kind.__name__}; {observed(call)}")
    family, clause = OPERATIONS[name]
    try:
        return Reason(family(clause, call))
    except UNFIT:
        return Reason(f"{_plainly(clause, call)}; {observed(call)}")


def _plainly(clause, call):
    """Return a clause without what its family would put in."""
    return clause.format(inputs=_operands(call), axis="an axis", sizes="its sizes")


# The families


def seen(clause, call):
    """Tell what it does, and what became of the shape."""
    return f"{_plainly(clause, call)}; {observed(call)}"


def alone(clause, call):
    """Tell what it does, and nothing of the shape, where data give another than Keras promises."""
    return clause


def each(clause, call):
    """Tell of what is done to each number."""
    agree(call.after, call.before)
    return f"{clause}; the shape stays"


def both(clause, call):
    """Tell of what is done to pairs of numbers, stretched to fit."""
    shapes = [shape for shape in map(_shape, _given(call)) if shape is not None]
    agree(call.after, _together(shapes))
    end = "axes of size 1, or missing, are stretched to fit"
    if all(shape in (call.after, ()) for shape in shapes):
        end = "the shape stays"
    elif None in call.after:  # what is open can't be told from what is stretched
        end = end if len({len(shape) for shape in shapes}) > 1 or _ones(shapes) else "axes stay"
    return f"{clause.format(inputs=_operands(call))}, number by number; {end}"


def over(clause, call):
    """Tell of axes that are summed up, or the like, and vanish."""
    axes, rank = _axes(call), len(call.before)
    keep = getattr(call.layer, "keepdims", False)
    left = tuple(1 if i in axes else n for i, n in enumerate(call.before) if keep or i not in axes)
    after = _first(call)
    # Several quantiles at once stand along a new axis in front.
    several = len(after) == len(left) + 1 and type(call.layer).__name__.endswith("ile")
    agree(after[several:], left)
    sizes = [call.before[i] for i in axes]
    where = "over all axes" if len(axes) == rank > 1 else f"over {_named(axes, rank)}"
    numbers = f", {times(sizes)} numbers" if None not in sizes else ""
    end = (
        f"{'each has' if len(axes) > 1 else 'it has'} size 1 then (keepdims=True)"
        if keep
        else (f"{'they are' if len(axes) > 1 else 'it is'} gone")
    )
    batch = ", the batch with it" if 0 in axes and rank > 1 else ""
    more = ", and a new first axis has an entry for each of those asked for" * several
    return f"{clause} {where}{numbers}; {end}{batch}{more}"


def along(clause, call):
    """Tell of what is done along an axis that stays."""
    agree(_first(call), call.before)
    axes = _axes(call)
    return f"{clause} along {_named(axes, len(call.before))}; the shape stays"


def joined(clause, call):
    """Tell of tensors that are joined along an axis that they have."""
    axis = _axis(call, len(call.after))
    sizes = [shape[axis] for shape in call.befores]
    said = f"{clause.format(inputs=_operands(call))} along {_named([axis], len(call.after))}"
    if None in sizes:
        return f"{said}; the other axes stay"
    agree(sum(sizes), call.after[axis])
    return f"{said}, {' + '.join(map(str, sizes))} = {sum(sizes)}; the other axes stay"


def piled(clause, call):
    """Tell of tensors that are put beside one another along a new axis."""
    axis = _axis(call, len(call.after))
    agree(call.after[axis], len(call.befores))
    return (
        f"{clause.format(inputs=_operands(call))} along a new axis, {axis}, of {len(call.befores)}"
    )


def parted(clause, call):
    """Tell of a tensor that comes out in several parts."""
    parts = [call.after] if is_shape(call.after) else call.after
    axis = _axis(call, len(call.before))
    where = _named([axis], len(call.before))
    if len(parts[0]) < len(call.before):
        agree(len(parts), call.before[axis])
        return f"{clause} along {where}: {many(len(parts), 'tensor')}, and the axis is gone"
    sizes = [part[axis] for part in parts]
    if None in sizes or len(sizes) == 1:
        return f"{clause} along {where}: {many(len(parts), 'part')}"
    agree(sum(sizes), call.before[axis])
    return f"{clause} along {where}: {' + '.join(map(str, sizes))} = {call.before[axis]}"


def anew(clause, call):
    """Tell of the same numbers in another shape."""
    before, after = call.before, call.after
    if before[0] is after[0] is None:  # the batch stays, and each sample is cut anew
        before, after, clause = before[1:], after[1:], f"{clause}, sample by sample"
    if None in before + after:
        return f"{clause}; {observed(call)}"
    agree(math.prod(before), math.prod(after))
    return f"{clause}: {times(before, total=False)} as {times(after, total=False)}"


def ordered(clause, call):
    """Tell of axes in another order."""
    order = getattr(call.layer, "axes", None) or tuple(reversed(range(len(call.before))))
    order = [axis % len(call.before) for axis in order]
    agree(call.after, tuple(call.before[axis] for axis in order))
    moved = "; the batch, axis 0, does not stay first" if order[0] else ""
    return f"{clause} {', '.join(map(str, order))}{moved}"


def inserted(clause, call):
    """Tell of axes of size 1 that come or go."""
    before, after = call.before, call.after
    many_axes = abs(len(after) - len(before))
    new = len(after) > len(before)
    axes = [a % len(max(before, after, key=len)) for a in _listed(call.layer.axis)]
    agree(many_axes, len(axes))
    where = f"axis {axes[0]}" if len(axes) == 1 else f"axes {listed(list(map(str, axes)))}"
    return f"{'Puts in' if new else 'Takes out'} {where}, of size 1; the other axes stay"


def repeated(clause, call):
    """Tell of axes that are as many times as long."""
    changed = [
        f"axis {i}: {n} × {m // n} = {m}"
        for i, (n, m) in enumerate(zip(call.before, call.after, strict=True))
        if n and m and n != m and not m % n
    ]
    agree(sum(n != m for n, m in zip(call.before, call.after, strict=True)), len(changed))
    return f"{clause}; {listed(changed) or 'once, so that the shape stays'}"


def padded(clause, call):
    """Tell of what is put in front of and behind each axis."""
    pads = call.layer.pad_width
    pads = list(pads) * len(call.before) if len(pads) == 1 else list(pads)
    changed = []
    for i, (n, m, (front, back)) in enumerate(zip(call.before, call.after, pads, strict=True)):
        if n is not None and m is not None:
            agree(m, n + front + back)
            changed += [f"axis {i}: {n} + {front} + {back} = {m}"] * (front + back > 0)
    return f"{clause}; {listed(changed)}" if changed else seen(clause, call)


def picked(clause, call):
    """Tell of an index in square brackets, axis by axis."""
    key = call.given["key"]
    key = key if isinstance(key, tuple) else (key,)
    spare = len(call.before) - sum(k is not None and k is not Ellipsis for k in key)
    if Ellipsis in key:
        i = key.index(Ellipsis)
        key = (*key[:i], *[slice(None)] * spare, *key[i + 1 :])
    said, axis = [], 0
    for part in key:
        if part is None:
            said.append("puts in an axis of size 1")
            continue
        if isinstance(part, (int, np.integer)):
            said.append(f"takes place {part} of axis {axis}, which is gone")
        elif isinstance(part, slice) and part != slice(None):
            said.append(f"takes {_range(part)} of axis {axis}")
        elif not isinstance(part, slice):
            return f"Takes the places that an index names; {observed(call)}"
        axis += 1
    said = "; ".join(said) or "takes all of it"
    return f"{said[0].upper()}{said[1:]}; {observed(call)}"


def multiplied(clause, call):
    """Tell of the sums of products of a matrix product."""
    one, other = map(_shape, _given(call)[:2])
    size = one[-1]
    agree(other[-2] if len(other) > 1 else other[-1], size)
    ends = (one[-2:-1], other[-1:] if len(other) > 1 else ())
    agree(call.after[len(call.after) - len(ends[0] + ends[1]) :], ends[0] + ends[1])
    size = "axes that meet" if size is None else f"axes of {size} that meet"
    return (
        f"Multiplies rows of {_operand(call, 0)} by columns of {_operand(call, 1)}: the {size} are "
        f"summed over, and {written(call.after)} is left"
    )


def summed(clause, call):
    """Tell of an equation of letters."""
    equation = call.layer.subscripts.replace(" ", "")
    if "->" not in equation or "." in equation:
        return f"Multiplies and sums up by its equation {equation}; {observed(call)}"
    read, made = equation.split("->")
    sizes = {}
    for letters, shape in zip(read.split(","), map(_shape, _given_arrays(call)), strict=True):
        sizes |= dict(zip(letters, shape, strict=True))
    agree(tuple(sizes[letter] for letter in made), call.after)
    gone = [
        f"{letter}" + (f" ({sizes[letter]})" if sizes[letter] else "")
        for letter in dict.fromkeys(read.replace(",", ""))
        if letter not in made
    ]
    over_these = f"sums over {listed(gone)}" if gone else "sums over nothing"
    return f"By its equation {equation}, it {over_these}; {', '.join(made)} stay"


def convolved(clause, call):
    """Tell of windows that a kernel moves over."""
    op, kernel = call.layer, _shape(_given(call)[1])
    if type(op).__name__ == "ConvTranspose" or None in kernel:
        return seen(clause, call)
    spread = len(kernel) - 2
    like = _like(op, spread)
    sizes = windows(like, call, kernel[:spread], op.dilation_rate)
    return f"{clause}, {channels_of(like, call.after)} channels come out; {sizes}"


def pooled(clause, call):
    """Tell of windows of which one number is kept."""
    op, spread = call.layer, len(call.before) - 2
    size = np.broadcast_to(op.pool_size, spread).tolist()
    like = _like(op, spread, op.pool_size if op.strides is None else op.strides)
    return f"{clause} of {times(size, total=False)}; {windows(like, call, size)}"


def spectral(clause, call):
    """Tell of numbers that come in two parts, a real and an imaginary one."""
    shapes = call.befores if is_shape(call.after) else call.after
    agree(len(shapes), 2)
    way = "in" if is_shape(call.after) else "out"
    n, m = call.before[-1], _first(call)[-1]
    count = "the length stays" if n == m else f"the last axis from {n} to {m}"
    if type(call.layer).__name__ == "RFFT" and call.layer.fft_length is None and n:
        agree(m, n // 2 + 1)
        count = f"{n} / 2{' rounded down' * (n % 2)} + 1 = {m} frequencies"
    return f"{clause}; a real and an imaginary part go {way}, {count}"


def coded(clause, call):
    """Tell of a row for each number."""
    agree(call.after[call.layer.axis], call.layer.num_classes)
    return f"{clause}, {call.layer.num_classes} long; {observed(call)}"


# What the families ask of a call


def _given(call):
    """Return what an operation computes with, tensors or not, in order."""
    return list(call.given.values())


def _given_arrays(call):
    return [x for x in keras.tree.flatten(_given(call)) if hasattr(x, "shape")]


def _shape(thing):
    """Return the shape of something that is computed with, () of a number, or None."""
    if isinstance(thing, (int, float, complex)):
        return ()
    shape = getattr(thing, "shape", None)
    return tuple(shape) if shape is not None else None


def _operands(call):
    """Return the names of what goes in; numbers as they are."""
    given = [x for x in keras.tree.flatten(_given(call)) if _shape(x) is not None]
    return listed([_operand(call, i) for i in range(len(given))] or ["its inputs"])


def _operand(call, i):
    given = [x for x in keras.tree.flatten(_given(call)) if _shape(x) is not None]
    thing, before = given[i], [x for x in given[:i] if isinstance(x, keras.KerasTensor)]
    if isinstance(thing, keras.KerasTensor):
        return call.sources[len(before)] if len(call.sources) > len(before) else "its input"
    if _shape(thing) == ():
        return f"{float(thing):.4g}"
    return f"an array of shape {written(_shape(thing))}"


def _together(shapes):
    """Return the shape of what is stretched to fit; open sizes stay open."""
    rank, found = max(map(len, shapes)), []
    for sizes in zip(*((1,) * (rank - len(s)) + tuple(s) for s in shapes), strict=True):
        fixed = [n for n in sizes if n != 1]
        found.append(next((n for n in fixed if n is not None), None if fixed else 1))
    return tuple(found)


def _ones(shapes):
    return any(len({*sizes} - {1}) and 1 in sizes for sizes in zip(*shapes, strict=True))


def _first(call):
    """Return the shape that comes out, of several the first."""
    return call.after if is_shape(call.after) else call.after[0]


def _listed(axis):
    return list(axis) if isinstance(axis, (tuple, list)) else [axis]


def _axes(call):
    """Return the axes that an operation works on, counted from 0."""
    axis = getattr(call.layer, "axis", getattr(call.layer, "axes", None))
    rank = len(call.before)
    return list(range(rank)) if axis is None else sorted(a % rank for a in _listed(axis))


def _axis(call, rank):
    named = {
        "Hstack": 0 if rank == 1 else 1,
        "Vstack": 0,
        "Dstack": 2,
        "Hsplit": 1,
        "Vsplit": 0,
        "Dsplit": 2,
    }
    kind = type(call.layer).__name__
    return named.get(kind, getattr(call.layer, "axis", 0)) % rank


def _named(axes, rank):
    if len(axes) == 1:
        return "the last axis" if axes[0] == rank - 1 and rank > 1 else f"axis {axes[0]}"
    return "all axes" if len(axes) == rank else f"axes {listed(list(map(str, axes)))}"


def _range(part):
    start, stop, step = part.start or 0, part.stop, part.step
    said = f"places {start} to the end" if stop is None else f"places {start}:{stop}"
    said = f"all places but the last {-stop}" if not start and stop and stop < 0 else said
    said = f"the last {-start} places" if stop is None and start < 0 else said
    return said if step in (None, 1) else f"places {part.start or ''}:{stop or ''}:{step}"


def _like(op, spread, strides=None):
    """Return what `windows` asks of a layer, for an operation."""
    strides = np.broadcast_to(op.strides if strides is None else strides, spread).tolist()
    return SimpleNamespace(strides=strides, padding=op.padding, data_format=op.data_format)


# The table


def _table():
    """Return {name of the operation's class in small letters: (its family, its clause)}."""
    table = {}
    for family, clauses in CLAUSES.items():
        for clause, names in clauses.items():
            for name in names.split():
                table[name.replace("_", "")] = family, clause.replace("{name}", name)
    return table


#: {family: {clause: the operations it holds for}}
CLAUSES = {
    each: {
        "Applies {name} to each number": "relu relu6 sigmoid sparse_sigmoid softplus softsign "
        "soft_shrink sparse_plus silu squareplus log_sigmoid leaky_relu hard_sigmoid hard_silu elu "
        "selu gelu celu tanh_shrink hard_tanh hard_shrink threshold erf erfc erfinv i0 sinc exp2 "
        "expm1 log1p arccosh arcsinh arctanh",
        "Takes the {name} of each number": "sin cos tan sinh cosh tanh",
        "Takes the absolute value of each number": "absolute fabs",
        "Takes the angle of each number": "angle arccos arcsin arctan",
        "Takes the square root of each number": "sqrt",
        "Takes one over the square root of each number": "rsqrt",
        "Takes the cube root of each number": "cbrt",
        "Squares each number": "square",
        "Takes one over each number": "reciprocal",
        "Turns the sign of each number round": "negative",
        "Takes the exponential of each number": "exp",
        "Takes the logarithm of each number": "log log2 log10",
        "Rounds each number": "round ceil floor trunc",
        "Tells of each number its sign": "sign signbit",
        "Tells of each number what kind it is": "isfinite isinf isnan isneginf isposinf isreal",
        "Turns each bit round": "bitwise_invert bitwise_not",
        "Turns true into false, and false into true": "logical_not",
        "Turns degrees into radians": "deg2rad",
        "Turns radians into degrees": "rad2deg",
        "Takes a part of each complex number": "real imag",
        "Turns the sign of each imaginary part round": "conjugate",
        "Cuts off each number at a smallest and a largest one": "clip",
        "Puts numbers in place of what is none": "nan_to_num",
        "Gives the same numbers in another type": "cast saturate_cast",
        "Hands its input on as it is": "array copy convert_to_tensor",
        "Hands its input on; in training, nothing flows back through it": "stop_gradient",
        "A tensor of the same shape, filled with one number": "zeros_like ones_like full_like "
        "empty_like",
        "Keeps a triangle of each matrix, with zeros beside it": "tril triu",
        "Puts the numbers along one axis in the opposite order": "fliplr flipud",
        "Blurs images": "gaussian_blur",
        "Bends images": "elastic_transform affine_transform perspective_transform",
        "Turns colours into other measures": "rgb_to_hsv hsv_to_rgb",
    },
    both: {
        "Adds {inputs}": "add",
        "Takes the difference of {inputs}": "subtract",
        "Multiplies {inputs}": "multiply",
        "Divides one by the other, {inputs}": "divide true_divide divide_no_nan floor_divide",
        "Takes what a division leaves, of {inputs}": "mod fmod",
        "Takes one to the power of the other, {inputs}": "power ldexp",
        "Takes the larger of {inputs}": "maximum fmax",
        "Takes the smaller of {inputs}": "minimum fmin",
        "Compares {inputs}": "equal not_equal greater greater_equal less less_equal isclose",
        "Combines {inputs} by logic": "logical_and logical_or logical_xor",
        "Combines the bits of {inputs}": "bitwise_and bitwise_or bitwise_xor",
        "Moves the bits of one by the other, {inputs}": "bitwise_left_shift bitwise_right_shift "
        "left_shift right_shift",
        "Applies {name} to pairs of {inputs}": "arctan2 hypot heaviside gcd lcm logaddexp "
        "logaddexp2 nextafter polar",
        "Takes one or the other, as a condition says, of {inputs}": "where",
        "Takes the loss of a yes or no, of {inputs}": "binary_crossentropy",
    },
    over: {
        "Takes the mean": "mean nanmean average",
        "Takes the sum": "sum nansum",
        "Takes the product": "prod nanprod",
        "Takes the largest number": "max amax nanmax",
        "Takes the smallest number": "min amin nanmin",
        "Takes the place of the largest number": "argmax nanargmax",
        "Takes the place of the smallest number": "argmin nanargmin",
        "Takes the standard deviation": "std nanstd",
        "Takes the variance": "var nanvar",
        "Takes the median": "median nanmedian",
        "Takes the number that so many are below": "quantile nanquantile percentile nanpercentile",
        "Takes the logarithm of the sum of exponentials": "logsumexp",
        "Takes the length": "norm",
        "Takes the distance from the smallest number to the largest": "ptp",
        "Takes the mean and the variance": "moments",
        "Tells whether all are true": "all",
        "Tells whether any is true": "any",
        "Counts what is not 0": "count_nonzero",
        "Takes the area below a line": "trapezoid",
        "Takes the loss of a choice among classes": "categorical_crossentropy",
    },
    along: {
        "Applies {name}, so that the numbers sum to 1": "softmax sparsemax",
        "Applies softmax and takes the logarithm": "log_softmax",
        "Adds up, step by step": "cumsum nancumsum",
        "Multiplies up, step by step": "cumprod nancumprod",
        "Sorts the numbers": "sort",
        "Gives the places in which the numbers would be sorted": "argsort argpartition",
        "Divides by the length": "normalize",
        "Divides by the root of the mean square": "rms_norm",
        "Centres and scales": "layer_norm batch_norm",
        "Puts the numbers in the opposite order": "flip",
        "Moves the numbers on, the last ones to the front": "roll",
        "Combines the steps one after the other": "associative_scan",
    },
    joined: {
        "Joins {inputs}": "concatenate append hstack vstack dstack",
    },
    piled: {"Puts {inputs} beside one another": "stack"},
    parted: {"Cuts it into parts": "split array_split hsplit vsplit dsplit unstack"},
    anew: {
        "The same numbers in the same order, cut anew": "reshape ravel",
        "The same numbers, moved between channels and places": "depth_to_space space_to_depth",
        "The same numbers, arranged by a pattern": "rearrange",
    },
    ordered: {"Puts the axes in the order": "transpose"},
    inserted: {"Puts in or takes out axes of size 1": "expand_dims squeeze"},
    repeated: {
        "Repeats all of it": "tile",
        "Repeats each number": "repeat",
        "Stretches it to a shape": "broadcast_to",
    },
    padded: {"Puts numbers around": "pad"},
    picked: {"Takes a part of it": "get_item"},
    multiplied: {"Multiplies rows by columns of {inputs}": "matmul dot"},
    summed: {"Multiplies and sums up by an equation": "einsum"},
    convolved: {
        "A convolution with a kernel that is handed to it": "conv",
        "A convolution turned round, with a kernel that is handed to it": "conv_transpose",
        "Filters each channel alone with a kernel that is handed to it": "depthwise_conv",
        "Filters each channel alone and mixes all, with kernels handed to it": "separable_conv",
    },
    pooled: {
        "Keeps the largest number of each window": "max_pool",
        "Keeps the average of each window": "average_pool",
    },
    spectral: {
        "Finds the frequencies along the last axis": "fft rfft",
        "Finds the frequencies along the last two axes": "fft2",
        "Makes a signal of frequencies": "ifft2 irfft",
    },
    coded: {
        "Turns each whole number into a row of zeros with a single one": "one_hot",
        "Turns the whole numbers of a row into one row of zeros and ones": "multi_hot",
    },
    alone: {
        "Gives how rows go together: a row and a column for each": "corrcoef",
        "Says how many numbers it has": "size",
        "Says how many axes it has": "ndim",
    },
    seen: {
        "Puts axes in another order": "moveaxis swapaxes rot90",
        "Takes numbers by their places": "take take_along_axis",
        "Takes a block": "slice",
        "Writes a block into a tensor": "slice_update",
        "Puts values at places, zeros elsewhere": "scatter",
        "Writes values at places": "scatter_update",
        "Takes one of several, as conditions say": "select",
        "Takes the k largest numbers and their places": "top_k",
        "Tells whether the right class is among the k likeliest": "in_top_k",
        "Takes half of the numbers times the sigmoid of the others": "glu",
        "Multiplies and sums up over axes of {inputs}": "tensordot inner vdot",
        "Multiplies each number by each other one of {inputs}": "outer kron",
        "Takes the cross product of {inputs}": "cross",
        "Takes the distance of each pair of {inputs}": "cdist",
        "Gives a diagonal, or a matrix that has it": "diag diagflat diagonal",
        "Adds up the diagonal": "trace",
        "Takes the differences of neighbours": "diff",
        "Takes a matrix apart": "cholesky lu_factor qr svd eig eigh",
        "Inverts a matrix": "inv pinv cholesky_inverse",
        "Gives one number for each matrix": "det logdet slogdet matrix_rank",
        "Solves equations by matrices": "solve solve_triangular lstsq",
        "Gives how signals go together, moved along one another": "correlate",
        "Sums up by groups of rows": "segment_sum",
        "Multiplies by groups of rows": "segment_prod",
        "Takes the largest number of each group of rows": "segment_max",
        "Takes the smallest number of each group of rows": "segment_min",
        "A reduction by groups of rows": "segment_reduction",
        "Counts how often each number occurs": "bincount histogram",
        "Finds the place of numbers among sorted ones": "digitize searchsorted",
        "Tells whether numbers are among others": "isin",
        "Tells whether all are alike": "allclose",
        "Finds the places of what is not 0": "nonzero",
        "Finds the numbers that occur": "unique",
        "Turns places in a row into places on axes": "unravel_index",
        "Rows of numbers between two ends": "linspace logspace geomspace arange",
        "Spans a grid of its inputs": "meshgrid",
        "The powers of each number": "vander",
        "Reads the same memory as another type": "view",
        "Makes complex numbers of pairs": "view_as_complex",
        "Makes pairs of complex numbers": "view_as_real",
        "Fills a shape with one number": "full",
        "Cuts a signal into frames": "extract_sequences",
        "Finds the frequencies of each frame": "stft",
        "Makes a signal of the frequencies of its frames": "istft",
        "Cuts out windows, a column each": "unfold",
        "Puts windows back into their places": "fold",
        "Keeps the largest number of each part": "adaptive_max_pool",
        "Keeps the average of each part": "adaptive_average_pool",
        "Each position of the query gathers from positions of the value": "dot_product_attention",
        "Takes the loss of a choice among classes, from whole numbers": "sparse_categorical_"
        "crossentropy",
        "Takes the loss of a sequence of labels": "ctc_loss",
        "Reads a sequence of labels off": "ctc_decode",
        "Tells how alike images are": "psnr ssim",
        "Resizes images": "resize",
        "Turns colours into grey": "rgb_to_grayscale",
        "Puts a border around images": "pad_images",
        "Cuts the edges of images off": "crop_images",
        "Cuts out windows of images": "extract_patches extract_patches_3d",
        "Moves and resizes images": "scale_and_translate",
        "Finds edges": "sobel_edges",
        "Reads numbers off between the places": "map_coordinates",
        "Runs a function that somebody wrote": "map vectorized_map scan fori_loop while_loop cond "
        "switch jvp function",
    },
}

OPERATIONS = _table()
