"""Branches that are joined, and the structure of what is joined."""

import re

from autograder.learn.mistakes.causes.words import SHAPE, fits, sizes, wrote
from autograder.learn.mistakes.rule import Found, fault


def _branches(facts):
    """Return the shapes of the branches that a layer or operation refused to join, or ()."""
    text = facts.text
    phrases = (
        "except for the concatenation axis",
        "same shape except on the `axis` dim",
        "cannot be broadcast together",
        "Inputs have incompatible shapes",
        "Can not merge",
        "Cannot merge",
        "same shape",
        "Cannot broadcast shape",
        "Dimension incompatibility",
        "incompatible dimensions",
        "same rank",
        "same number of dimensions",
        "must match except",
        "Dimensions of inputs should match",
        "Cannot concatenate arrays with shapes that differ",
    )
    if facts.layer is not None and facts.layer.family == "merge":
        if _no_list(text):
            return ()
        found = facts.received or tuple(sizes(s) for s in re.findall(SHAPE, text))
        return found if len(set(found)) > 1 else ()
    joined = re.search(r"= ConcatV2\[.*with input shapes: (.*)|ConcatOp : (.*)", facts.whole)
    if joined and (facts.inside or facts.layer is None):
        listed = (joined[1] or joined[2]).split(" and with")[0]
        return tuple(sizes(s) for s in re.findall(r"(?<!\w)\[([\d,?]+)\]", listed))
    if not any(p in text for p in phrases) or "target" in text:
        return ()
    listed = re.search(r"Input shapes are: \[([^\]]*)\] and \[([^\]]*)\]", text)
    if listed:
        return sizes(listed[1]), sizes(listed[2])
    found = [sizes(s) for s in re.findall(SHAPE, text)]
    return tuple(found) if len(found) > 1 else ()


def _no_list(text):
    """Tell whether a layer that joins tensors wasn't given a list of them."""
    return "should be called on a list" in text or "too many positional" in text


@fault(
    belief="branches of any shapes can be joined",
    truth="all sizes but that of the axis along which tensors are joined must agree, and to add "
    "them up all of them",
    hint="write the shapes of the branches below each other.",
)
def merge_shapes(facts):
    """Concatenate on (None, 14, 14, 8) and (None, 15, 15, 8)."""
    shapes = _branches(facts)
    if len(shapes) < 2:
        return None
    told = " and ".join(map(str, dict.fromkeys(shapes)))
    own = facts.layer is None or facts.layer.family != "merge"
    kind = "The operation" if own else f"`{facts.layer.kind}`"
    said = f"{kind} joins branches of the shapes {told}"
    ranks = {len(s) for s in shapes}
    if not own and facts.layer.kind in _BY_NUMBER and len(ranks) > 1 and len(shapes) == 2:
        return _stretched(facts, shapes, said)
    if not own and facts.layer.kind == "Dot" and (dot := _dot(facts, said)):
        return dot
    if len(ranks) > 1:
        constant = next((s for s in shapes if None not in s), None)
        if constant and any(None in s for s in shapes):
            return Found(
                f"{said}: they have different numbers of axes. {constant} is a constant without a "
                "batch axis, and the other stands for a batch of samples.",
                "Make the constant from the tensor itself, so that it has its batch axis and the "
                "two agree: `keras.ops.ones_like(x[..., :1])`.",
            )
        if (None,) in shapes:
            return Found(
                f"{said}: they can be merged only if they have the same number of axes, and an "
                "Input of shape () has none besides the batch.",
                "Declare a single number for each sample as `keras.Input((1,))`, or give it the "
                "axis with `Reshape((1,))`.",
            )
        steps = next((s for s in facts.way.steps if _gives_steps(s) and s.after in shapes), None)
        if steps is not None and min(ranks) == 2:
            return Found(
                f"{said}: they can be merged only if they have the same number of axes. "
                f"`{steps.kind}` (`{steps.name}`) gives a row for each of its steps.",
                f"Leave `return_sequences=True` out of `{steps.name}`, so that it gives one row "
                "for each sample; or sum its steps up by a global pooling.",
            )
        at = _axis_lacking(facts, shapes) if own and len(shapes) == 2 else None
        if at is not None:
            small = min(shapes, key=len)
            return Found(
                f"{said}: they can be joined only if they have the same number of axes.",
                f"Give the one of shape {small} an axis of size 1: `ops.expand_dims(a, {at})`, of "
                f"the shape {(*small[:at], 1, *small[at:])}.",
            )
        return Found(
            f"{said}: they can be merged only if they have the same number of axes.",
            "Bring both to as many axes first: `Flatten()` or global pooling for the larger, "
            "`Reshape` or `RepeatVector` for the smaller.",
        )
    joins = facts.layer.kind == "Concatenate" if not own else "concat" in facts.text.lower()
    n = ranks.pop()
    axis = facts.layer.get("axis", -1) if not own else _axis_written(facts, n)
    stretched = not own and facts.layer.kind in _BY_NUMBER
    other = [i for i in range(1, n) if _apart([s[i] for s in shapes], stretched)]
    if own and joins and axis is not None:
        other = [i for i in other if i != axis]
    if not other and own and any(s[0] == 1 for s in shapes):
        one = next(s for s in shapes if s[0] == 1)
        return Found(
            f"{said}: in axis 0, the batch, {one} holds one entry, and the other one for each "
            "sample.",
            "Repeat it for the samples of the batch before they are joined: "
            f"`ops.broadcast_to(a, (ops.shape(x)[0], {', '.join(map(str, one[1:]))}))`.",
        )
    if not other:
        return Found(
            f"{said}: they hold different numbers of samples, along axis 0.",
            "Hand over as many samples for each branch: one row of each belongs together.",
        )
    if joins and len(other) == 1 and other[0] != axis % n and not own:
        return Found(
            f"{said} along axis {axis}, and they differ in axis {other[0]}, which must be the "
            "same.",
            "Join them along the axis in which they differ: "
            f"`Concatenate(axis={_axis(other[0], n)})`.",
        )
    if not own and facts.layer.kind == "Dot":
        return None
    places = n in (4, 5) and any(i < n - 1 for i in other)
    sides = "depths, heights and widths" if n == 5 else "heights and widths"
    odd = _odd(facts)
    if places and odd:
        return Found(
            f"{said}: their {sides} must be the same, and they differ.{odd}",
            "Begin with a size that can be halved as often as there are poolings (a multiple of "
            f"32, say; resize or pad the images), or crop or pad one branch: `Cropping{n - 2}D`, "
            f"`ZeroPadding{n - 2}D`.",
        )
    bare = _unpadded(facts)
    if places and bare:
        return Found(
            f"{said}: their {sides} must be the same, and they differ.{bare}",
            'Use `padding="same"` in the convolutions, which then keep the size of the maps; or '
            f"crop the larger branch before they are joined: {_cropping(shapes)}.",
        )
    grown = _grown(facts)
    if places and grown:
        return Found(
            f"{said}: their {sides} must be the same, and they differ.{grown}",
            'Use `padding="same"` in it as well, so that it makes maps just as many times larger '
            "as its strides say.",
        )
    smaller = _made_smaller(facts)
    if places and smaller:
        return Found(
            f"{said}: their {sides} must be the same, and they differ.{smaller}",
            "Make both branches smaller alike: in a residual block, give the short way a "
            f"`Conv{n - 2}D(filters, 1, strides=...)` with the same strides and filters; or take "
            '`strides=1` and `padding="same"` in the branch that shrinks.',
        )
    level = _level(facts, shapes)
    if places and level:
        return Found(
            f"{said}: their {sides} must be the same, and they differ.{level[0]}",
            level[1],
        )
    if places:
        return Found(
            f"{said}: their {sides} must be the same, and they differ.",
            "Follow the height alone through both branches, and make them smaller and larger "
            'alike: the same strides and poolings, and `padding="same"`; or crop or pad one '
            f"branch: `Cropping{n - 2}D`, `ZeroPadding{n - 2}D`.",
        )
    if n == 3 and 1 in other and bare:
        return Found(
            f"{said}: their numbers of steps must be the same, and they differ.{bare}",
            'Use `padding="same"` in the convolutions, or `padding="causal"`, which keep the '
            "number of steps; or crop the larger branch before they are joined: `Cropping1D`.",
        )
    if n == 3 and 1 in other:
        return Found(
            f"{said}: their numbers of steps must be the same, and they differ.",
            "Bring both to the same steps (padding, cropping, pooling), or join them where no "
            "steps are left.",
        )
    if own and joins and axis == 0:
        return Found(
            f"{said} along axis 0, the batch, and they differ in axis "
            f"{', '.join(map(str, other))}.",
            "Join them along the features: `axis=-1`.",
        )
    if n > 2 and other == [n - 1] and not joins and not own:
        layer = f"Conv{n - 2}D(filters, 1)" if n > 3 else "Dense(units)"
        return Found(
            f"{said}: they must be the same, and differ in the last axis, the channels.",
            f"Give both branches as many channels: bring one of them to the other's by a "
            f"`{layer}`, which changes the channels alone, as a residual block does on its short "
            "way.",
        )
    return Found(
        f"{said}: they must be the same, and differ in axis {', '.join(map(str, other))}.",
        "To add or multiply, give both branches the same number of units or filters; to put them "
        "side by side, use `Concatenate`."
        if not joins
        else "Bring all axes but the one along which they are joined to the same size.",
    )


#: Layers that stretch a tensor of fewer axes, as NumPy does: (None, 8) beside (None, 6, 6, 8).
_BY_NUMBER = ("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum")


def _stretched(facts, shapes, said):
    """Return what is told of tensors of different numbers of axes that are added up."""
    small, large = sorted(shapes, key=len)
    pairs = list(zip(small[:0:-1], large[:0:-1], strict=False))
    apart = [(m, n) for m, n in pairs if None not in (m, n) and 1 not in (m, n) and m != n]
    if not apart:
        return None
    m, n = apart[0]
    last = pairs[0] == (m, n)
    if fits(small[1:], large[1 : len(small)]) and None not in small[1:]:  # a mask, say
        ones = (1,) * (len(large) - len(small))
        return Found(
            f"{said}. Behind the batch they are compared from the last axis on, and there {m} "
            f"meets {n}.",
            f"If the smaller one, {small}, has an entry for each place of the other, give it its "
            f"last axis, of size 1: `Reshape({(*small[1:], *ones)})`.",
        )
    return Found(
        f"{said}. Behind the batch they are compared from the last axis on, and there {m} meets "
        f"{n}.",
        f"Give the smaller one, {small}, the size {n} in its last axis: as many units or filters "
        "as the other has channels."
        if last
        else "Bring both to as many axes, with the same sizes, before they are joined.",
    )


def _apart(sizes, stretched):
    """Tell whether sizes along one axis don't fit; a size of 1 fits all where it is stretched."""
    return len({n for n in sizes if not (stretched and n == 1)}) > 1


def _axis_lacking(facts, shapes):
    """Return where a new axis lets the smaller of two tensors be joined to the other, or None."""
    small, large = sorted(shapes, key=len)
    axis = _axis_written(facts, len(large))
    for at in range(1, len(large)) if len(small) + 1 == len(large) and axis is not None else ():
        new = (*small[:at], 1, *small[at:])
        if all(m == n or i == axis for i, (m, n) in enumerate(zip(new, large, strict=True))):
            return at
    return None


def _axis_written(facts, n):
    """Return the axis along which the person's own line joins tensors of n axes, or None."""
    told = re.search(r"\baxis ?= ?(-?\d+)", wrote(facts))
    return int(told[1]) % n if told and -n <= int(told[1]) < n else None


def _gives_steps(step):
    return step.family == "recurrent" and bool(step.get("return_sequences"))


def _dot(facts, said):
    """Return what is told of a Dot whose axes are of two sizes."""
    told = re.search(r"axis values (\d+) \(at axis (\d+)\) != (\d+) \(at axis (\d+)\)", facts.text)
    if not told:
        return None
    m, first, n, second = told.groups()
    a, b = (facts.received * 2)[:2]
    same = [(i, j) for i, k in enumerate(a) for j, q in enumerate(b) if i and j and k and k == q]
    if len(same) == 1:
        return Found(
            f"{said}: it multiplies along axis {first} of the one and axis {second} of the other, "
            f"and their sizes, {m} and {n}, must be the same.",
            f"Name the axes of one size, {a[same[0][0]]}: `Dot(axes={same[0]})`; the batch is "
            "axis 0.",
        )
    return Found(
        f"{said}: it multiplies along axis {first} of the one and axis {second} of the other, and "
        f"their sizes, {m} and {n}, must be the same.",
        "Choose by `axes=(i, j)` two axes of one size (the batch is axis 0), or bring both "
        "branches to the same width first, by a Dense layer.",
    )


def _one_by_one(step):
    """Tell whether a layer goes over maps place by place."""
    return step.get("strides") in (1, (1,), (1, 1), (1, 1, 1))


def _unpadded(facts):
    """Return a sentence on a convolution without padding on the way, or ""."""
    for s in facts.way.steps:
        if s.family == "conv" and s.get("padding") == "valid" and s.before and s.after:
            before, after = s.before[0][1:-1], s.after[1:-1]
            if before != after and _one_by_one(s):
                return f" On the way, `{s.kind}` without padding makes {after} of {before}."
    return ""


def _grown(facts):
    """Return a sentence on a transposed convolution that makes more than its strides say, or ""."""
    for s in facts.way.steps:
        strides = s.get("strides")
        if s.family != "upconv" or not s.before or not s.after or not isinstance(strides, tuple):
            continue
        before, after = s.before[0][1:-1], s.after[1:-1]
        if None in (*before, *after) or s.get("padding") != "valid":
            continue
        if any(a > b * n for a, b, n in zip(after, before, strides, strict=True)):
            return f" `{s.kind}` (`{s.name}`) without padding makes {after} of {before}."
    return ""


def _made_smaller(facts):
    """Return a sentence on what makes maps smaller, where nothing makes them larger, or ""."""
    if facts.way.has("up", "upconv"):
        return ""
    for s in facts.way.steps:
        if s.family in ("conv", "pool") and s.before and s.after and len(s.after) > 3:
            before, after = s.before[0][1:-1], s.after[1:-1]
            if before != after:
                return f" `{s.kind}` (`{s.name}`) makes {after} of {before} in one of them."
    return ""


def _level(facts, shapes):
    """Return what is told of a skip from another level of a U-Net, and what to change; or None."""
    large, small = sorted(shapes, key=lambda s: s[1] or 0, reverse=True)[:2]
    known = None not in (*large[1:-1], *small[1:-1])
    if len(shapes) != 2 or not known or not facts.way.has("up", "upconv"):
        return None
    times = {a / b for a, b in zip(large[1:-1], small[1:-1], strict=True)}
    up = next((s for s in reversed(facts.way.steps) if s.family in ("up", "upconv")), None)
    wanted = up.after[1:-1] if up is not None and up.after else None
    if times not in ({2.0}, {4.0}, {8.0}) or wanted not in (large[1:-1], small[1:-1]):
        return None
    first = next(i for i, s in enumerate(facts.way.steps) if s.family in ("up", "upconv"))
    down = [s for s in facts.way.steps[:first] if s.family == "conv" and s.after]
    fitting = [s for s in reversed(down) if s.after[1:-1] == wanted]
    where = f", such as `{fitting[0].name}`, {fitting[0].after}" if fitting else ""
    larger = {2: "twice"}.get(times := int(times.pop()), f"{times} times")
    return (
        f" One is {larger} as large as the other: they come from two levels, "
        "between which the maps are made smaller or larger.",
        f"Join what is made larger with the branch of its own level, {wanted}{where}; or make it "
        "larger as often as the other was made smaller.",
    )


def _cropping(shapes):
    """Return the Cropping that makes the larger of two branches as small as the other."""
    large, small = sorted(shapes, key=lambda s: s[1] or 0, reverse=True)[:2]
    kind = f"Cropping{len(large) - 2}D"
    if None in (*large[1:-1], *small[1:-1]):
        return f"`{kind}`"
    over = [a - b for a, b in zip(large[1:-1], small[1:-1], strict=True)]
    sides = tuple((n // 2, n - n // 2) for n in over)
    return f"`{kind}({sides})`" if min(over) >= 0 else f"`{kind}`"


def _axis(at, n):
    return -1 if at == n - 1 else at


def _odd(facts):
    odd = [
        (s.kind, s.before[0][1], s.after[1])
        for s in facts.way.steps
        if s.family in ("pool", "conv")
        and not _one_by_one(s)
        and s.after
        and s.before
        and len(s.after) > 3
        and s.before[0][1]
        and s.before[0][1] % 2
        and s.after[1] in (s.before[0][1] // 2, s.before[0][1] // 2 + 1)
    ]
    if not odd:
        return ""
    kind, before, after = odd[0]
    return (
        f" {kind} makes {after} of {before}, an odd number, and doubled again that is "
        f"{2 * after}: halving and doubling don't come back to the same size."
    )


@fault(
    belief="a layer that joins tensors takes them one after the other",
    truth="it takes one argument, as other layers do: a list of the tensors",
    hint="count the brackets: `Concatenate()([a, b])`.",
)
def tensors_in_a_list(facts):
    """Concatenate or Add called on a single tensor, or on two in the place of a list."""
    layer = facts.layer
    if layer is None or layer.family != "merge":
        return None
    count = re.search(r"should be called on (?:exactly|a list of) (\d) inputs", facts.text)
    if count and len(facts.received) > 1:
        return Found(
            f"`{layer.kind}` takes just {count[1]} tensors, and {len(facts.received)} were given.",
            f"Hand over {count[1]}, and join the result with the next: "
            f"`{layer.kind}()([{layer.kind}()([a, b]), c])`.",
        )
    if _no_list(facts.text):
        return Found(
            f"`{layer.kind}` joins what is in one list, and it was not given a list of tensors.",
            f"Put the tensors to be joined in a list: `{layer.kind}()([a, b])`. They need the same "
            "shapes, as far as they aren't joined along an axis.",
        )
    return None
