"""Read what Keras and its backends say of an error: without colours, arrays and names."""

import re

# Keras colours parts of its messages for a terminal.
_ESCAPES = re.compile(r"\x1b\[[0-9;]*m")

# Printed arrays and tensors, names that say nothing, and the number of an unnamed layer.
_NOISE = (
    (r"\[\s*\[.*\]\s*\]", "[…]"),
    (r"Tensor\(\"[^\"]*\", shape=\([^)]*\), dtype=\w+\)", "[…]"),
    (r" with name '[^']*'( and path '[^']*')?", ""),
    (r"(([Ll]ayer|[Mm]odel) ['\"]\w+?)_\d+(?=['\"])", r"\1"),
    (r"\{\{function_node \S+\}\} | \[Op:\w+\]( name: ?$)?", ""),
)

# How Python writes a tensor or layer that nobody has named.
_UNNAMED = re.compile(r"(name=keras_tensor|<(\w+) name=(\w+?))_\d+(?=>|, built=)")

# What TensorFlow tells of the way to an error, around the reason.
_WAY = ("Graph execution", "Detected at", "File ", "<stack", "[[{{", "[Op:")


# A shape as PyTorch writes it.
_SIZE = re.compile(r"torch\.Size\(\[([\d, ]*)\]\)")


def _one_way(text):
    """Return a message without colours, all its shapes written as tuples."""
    text = _ESCAPES.sub("", text).replace("dynamic_dimension", "None")  # of JAX: an open size
    return _SIZE.sub(lambda m: f"({m[1]}{',' * (',' not in m[1] and bool(m[1]))})", text)


def tidy(text):
    """Return a message of Keras without colours, its list of arguments, and _NOISE."""
    text = " ".join(_reason(_one_way(text)).split())
    text = re.sub(r"^Exception encountered when calling \S+ ", "", text)
    text = text.split(" Arguments received by ")[0]
    for noise, words in _NOISE:
        text = re.sub(noise, words, text)
    return unnumbered(text)


def unnumbered(text):
    """Return a text without Keras's numbers of unnamed things, which count all that ran before."""

    def without(match):
        kind, name = match[2], match[3]
        return match[1] if not kind or kind.lower() == name.replace("_", "") else match[0]

    return _UNNAMED.sub(without, text)


def plain(text):
    """Return a message without colours, on one line."""
    return " ".join(_one_way(text).split())


def _reason(text):
    """Return the line in which TensorFlow says what went wrong; of another error all of it."""
    lines = [line.strip() for line in text.splitlines()]
    said = [line for line in lines if line and not line.startswith(_WAY)]
    return said[-1] if said and "Graph execution error" in text else text
