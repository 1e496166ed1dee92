"""Small words and sums for what is told of a fault."""

import math
import re

#: How a class of layers is called where it stands in a sentence.
CONVOLVES = {3: "steps and features", 4: "height, width and channels"}
CONVOLVES[5] = "depth, height, width and channels"


def fits(shape, declared):
    """Tell whether a shape is one that a declared shape allows; None allows any size."""
    return len(shape) == len(declared) and all(
        n is None or d is None or n == d for n, d in zip(shape, declared, strict=True)
    )


def product(sizes):
    """Multiply sizes; None where one is open."""
    sizes = tuple(sizes)
    return None if None in sizes else math.prod(sizes)


def number(n, one, several=None):
    """Return a number with its noun: "1 axis", "3 axes"."""
    return f"{n:,} {one if n == 1 else several or one + 's'}"


def axes(n):
    """Return a number of axes in words."""
    return number(n, "axis", "axes")


def named(data, otherwise):
    """Return what the person calls data, in backticks, or other words."""
    return f"`{data.name}`" if data is not None and data.name else otherwise


def sample(shape):
    """Return the shape of one sample: all but the first axis."""
    return tuple(shape[1:])


#: Data of these sources comes batch by batch; what is in it is seen in a message, if anywhere.
STREAMS = ("generator", "PyDataset")


def feeds(facts, what):
    """Return the feeds that an error may be about, each with how to call its `what` ("data").

    What a message tells of a stream is told of the one that was being read: in a validation that
    reads one, nothing is said of the data for training.
    """
    trained = ((facts.feed, f"the {what}"),)
    checked = ((facts.checked, f"the validation {what}"),) * bool(facts.checked.x)
    return checked if facts.checking and facts.checked.x.source in STREAMS else trained + checked


def rows_normalized(layer, shape):
    """Tell whether a layer takes a mean for each row of maps, as BatchNormalization(axis=1)."""
    return layer.kind == "BatchNormalization" and layer.get("axis") == 1 and len(shape) > 3


def wrote(facts):
    """Return the line the person wrote, or ""."""
    return facts.line.source if facts.line else ""


SHAPE = r"\((?:(?:None|\d+),? ?)*\)"


def shape_in(text, before):
    """Return the shape that stands in a text right behind a pattern, or None."""
    found = re.search(before + r" ?\[?(" + SHAPE + ")", text)
    return sizes(found[1]) if found else None


def sizes(text):
    """Return a written shape, also one of TensorFlow's, "[?,3]", as a tuple."""
    return tuple(int(n) if n.isdigit() else None for n in re.findall(r"None|\?|\d+", text))


def two_shapes(text):
    """Return the two shapes of a sum, number by number, that failed; or None."""
    told = re.search(
        r"could not be broadcast together with shapes (\([\d,]*\)) (\([\d,]*\))"
        r"|Incompatible shapes: \[([\d,]*)\] vs\. \[([\d,]*)\]"
        r"|Incompatible shapes for broadcasting: (\([\d, ]*\)) and "
        r"(?:requested shape )?(\([\d, ]*\))"
        r"|incompatible shapes for broadcasting: (\((?:None|[\d, ])*\)), (\((?:None|[\d, ])*\))"
        r"|Incompatible shapes for broadcasting: shapes=\[(\([\d, ]*\)), (\([\d, ]*\))\]"
        # In a graph: by the names of TensorFlow's operations, of those that go number by number.
        r"|= (?:Add|AddV2|Sub|Mul|RealDiv|DivNoNan|Pow|Maximum|Minimum|SquaredDifference)\["
        r".* with input shapes: \[([\d,?]*)\], \[([\d,?]*)\]",
        text,
    )
    if not told:
        return None
    a, b = (g for g in told.groups() if g is not None)
    return sizes(a), sizes(b)
