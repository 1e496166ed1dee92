"""Beliefs about sizes, numbers and axes that an error gives away: Python's, NumPy's or Keras's."""

import re

import keras

from autograder.learn.mistakes.rule import also, error

_DIVIDED = "print 7 / 2, 8 / 2 and 8 // 2, and compare."


@error(
    belief="-1 stands for any size",
    truth="-1 is worked out where numbers are reshaped; in the shape of an input, None is what "
    "leaves a size open",
    hint="print keras.Input((None, 3)).shape.",
)
def minus_one_for_open(kind, text):
    """keras.Input((-1, -1, 3))."""
    return "to a shape" in text and "Negative dimensions" in text


@also("reading", "minus_one_for_open")
def _(truth, answer):
    """(-1, 28, 28) where Keras says (None, 28, 28)."""
    return -1 in answer and tuple(None if n == -1 else n for n in answer) == truth


@error(
    belief="a float will do for a size",
    truth="a size is an int: `//` divides without leaving a float, and int(…) makes an int of one",
    hint=_DIVIDED,
)
def float_for_size(kind, text):
    """keras.Input((28 / 2,)), layers.Dense(6 / 2), layers.Conv2D(5000 / 14, 3)."""
    if re.search(r"invalid dimension '[\d.]+' of type '<class 'float'>'", text):
        return True
    if "cannot be interpreted as an integer" in text:
        return "float" in text
    number = re.search(r"Received: (?:units|groups=\d+, filters)=-?\d*\.\d+", text)
    return bool(number) or "output_size must be an integer" in text


@error(
    belief="a number is an int for Keras whoever made it",
    truth="Keras wants an int of Python's own here; a number of NumPy's, such as np.prod gives, or "
    "a number in quotes looks the same in the message and is none",
    hint="print the type() of what you give to the layer; int(…) around it, or math.prod in the "
    "place of np.prod, makes it an int.",
)
def number_of_another_type(kind, text):
    """layers.Dense(np.prod((4, 4))), layers.Dense("16")."""
    return bool(re.search(r"expected a positive integer. Received: \w+=[1-9]\d*\b(?!\.)", text))


@also("error", "numbers_for_shape")
def _(kind, text):
    """keras.Input(data)."""
    return "Cannot convert" in text and "numpy.ndarray" in text


@error(
    belief="`shape=` works the shape out of a layer or tensor",
    truth="it takes the sizes themselves, in a tuple",
    hint="print what you give to `shape=`. Is it a tuple of sizes?",
)
def layer_for_shape(kind, text):
    """keras.Input(layers.Dense(4))."""
    return bool(re.search(r"Cannot convert '\(?<", text)) and "to a shape" in text


@error(
    belief="a shape needs brackets of its own once more",
    truth="the shape is a tuple already; with more brackets it is one entry of another tuple",
    hint="print what you give to `shape=`, and count its brackets.",
)
def shape_in_brackets(kind, text):
    """keras.Input((shape,)), where `shape` is a tuple."""
    inner = r"invalid dimension '.*' of type '<class '(tuple|list)'>'"
    return "to a shape" in text and bool(re.search(inner, text, re.S))


@error(
    belief="a size may be written in quotes",
    truth="a size is a number; in quotes it is a text",
    hint="take the quotes away.",
)
def text_for_size(kind, text):
    """keras.Input(("28", "28"))."""
    return "to a shape" in text and "of type '<class 'str'>'" in text


@error(
    belief="Permute takes the sizes of the axes",
    truth="it takes their numbers, counted from 1, in the order in which the axes are to stand",
    hint="build layers.Permute((2, 1)), and call it on a batch of tables.",
)
def sizes_for_axes(kind, text):
    """layers.Permute((height, width, channels))."""
    found = re.search(r"`dims` must be consecutive.*dims=\(([\d, ]+)\)", text, re.S)
    dims = [int(n) for n in re.findall(r"\d+", found[1])] if found else []
    return bool(dims) and max(dims) > len(dims) + 1


@error(
    belief="NumPy's `transpose` needn't be told of the batch axis",
    truth="it is told a place for every axis, the batch axis among them",
    hint="count the axes of your array, and the numbers that you give to `transpose`.",
)
def transpose_lacks_an_axis(kind, text):
    """np.transpose(x, (1, 2, 0)) for a batch of images."""
    return "axes don't match array" in text


@error(
    belief="what you unpack has as many entries as you have names for",
    truth="it must have just as many, and how many there are depends on the data: a shape has one "
    "for each axis",
    hint="print what is unpacked, for the data on which it failed.",
)
def axes_fixed_by_names(kind, text):
    """n, h, w, c = x.shape for a batch of tables."""
    return kind == "ValueError" and "values to unpack" in text


@error(
    belief="a tuple has the entry that you ask for",
    truth="the last one has the number of entries less one, or -1; a shape has an entry for each "
    "axis",
    hint="print the tuple that you ask, for the data on which it failed.",
)
def index_beyond_the_end(kind, text):
    """x.shape[3] for a batch of tables."""
    return kind == "IndexError" and "tuple index out of range" in text


@error(
    belief="there is a first sample in every batch",
    truth="a batch may hold none, and then nothing stands at index 0",
    hint="ask x.shape for what you want to know of a sample; it knows that without samples, too.",
    general=False,
)
def no_first_sample(kind, text):
    """x[0].size for a batch of no samples."""
    return kind == "IndexError" and "out of bounds for axis 0 with size 0" in text


@error(
    belief="a tensor has the methods of an array",
    truth="only its shape and dtype are alike; what is done to it is a function of `keras.ops`, "
    "with the name that you know from NumPy",
    hint="look for the name of the method in `keras.ops`.",
)
def method_of_an_array(kind, text):
    """x.reshape(...) in the `call` of a layer."""
    return kind == "AttributeError" and bool(re.search(r"Tensor'? object has no attribute", text))


@error(
    belief="a layer such as Add or Multiply joins tensors of any sizes",
    truth="it combines them number by number, so they must have the same sizes; it is "
    "Concatenate that puts one behind the other",
    hint="count what comes out when 3 numbers meet 5: joined, and added.",
)
def added_for_joined(kind, text):
    """layers.Add()([picture, facts])."""
    return "Inputs have incompatible shapes" in text


@also("error", "window_outgrows_map")
def _(kind, text):
    """layers.Conv2D(3, 16) on a picture of 12 rows."""
    return "Computed output size would be negative" in text


@also("error", "shape_asked_of_layer")
def _(kind, text):
    """start.shape, where `start` is an InputLayer."""
    found = re.search(r"'(\w+)' object has no attribute 'shape'", text)
    return bool(found) and isinstance(getattr(keras.layers, found[1], None), type)


@also("error", "list_for_array")
def _(kind, text):
    """model([[1.0, 2.0], [3.0, 4.0]])."""
    number = re.search(r"of type <class '(int|float)'>", text)
    on_model = re.search(r" \[(Sequential|Functional) on ", text)
    return "Only input tensors may be passed as positional" in text and bool(number and on_model)


@error(
    belief="a layer is called on sizes",
    truth="a layer is told its sizes when it is made, and is called on tensors",
    hint="print the type() of what stands in the second pair of brackets.",
)
def called_on_sizes(kind, text):
    """layers.InputLayer((4,))(8)."""
    return "Only input tensors may be passed as positional arguments" in text and "'int'" in text


@error(
    belief="an InputLayer has an input",
    truth="the data begin with it, so it has only an `output`, the tensor that it passes on",
    hint="print `start.input` and `start.output` of an InputLayer.",
)
def input_of_an_input_layer(kind, text):
    """keras.Model(start.input, ...), where `start` is an InputLayer."""
    return "`inputs` argument cannot be empty" in text


@error(
    belief="what a thing holds is found by square brackets",
    truth="these work on lists, tuples, dictionaries and arrays; other things have methods",
    hint="read with help() which methods it has.",
)
def brackets_on_an_object(kind, text):
    """model["dense"]."""
    return kind == "TypeError" and "object is not subscriptable" in text


@also("error", "none_in_a_shape")
def _(kind, text):
    """keras.ops.reshape(x, (x.shape[0], 28)) on a KerasTensor."""
    return "Attempt to convert a value (None) with an unsupported type" in text


@error(
    belief="a name is known wherever it is written",
    truth="it is known only behind the line that imports it or gives it a value, and as it is "
    "spelled there",
    hint="look for the line that gives this name its meaning.",
)
def name_without_meaning(kind, text):
    """Sequential() where only `keras` was imported."""
    return kind == "NameError" and "is not defined" in text


@error(
    belief="a method does its work as soon as it is named",
    truth="it does it when it is called, with brackets behind its name",
    hint="print the type() of what you hand over.",
)
def method_not_called(kind, text):
    """two.set_weights(one.get_weights)."""
    named = re.search(r"'(builtin_function_or_)?method'|'method' object|'function' object", text)
    return kind == "TypeError" and bool(named) and "not callable" not in text


@error(
    belief="each value finds the argument that it is meant for",
    truth="values without a name go to the arguments in their order, so one of yours came to an "
    "argument that you name as well",
    hint="write the name of its argument to each value.",
)
def argument_given_twice(kind, text):
    """layers.Dense(30, 3, activation="relu")."""
    return kind == "TypeError" and "got multiple values for argument" in text


@error(
    belief="a list can be asked for its entries by name",
    truth="it is asked by their places; a model finds a layer by its name with `get_layer`",
    hint="print the type() of what stands in front of your square brackets, and in them.",
    general=False,
)
def list_asked_by_name(kind, text):
    """model.layers[name]."""
    return "indices must be integers or slices, not str" in text


@error(
    belief="the list has an entry at the place that you ask for",
    truth="it has fewer, and an empty one has none; a layer without weights, for one, gives an "
    "empty list of them",
    hint="print the list that you ask, and its len().",
    general=False,
)
def list_too_short(kind, text):
    """layer.get_weights()[0] of a Flatten; not what a layer asks of its own accord."""
    in_a_layer = re.search(r" \[\w+ on ", text)
    return kind == "IndexError" and "list index out of range" in text and not in_a_layer


@error(
    belief="whatever comes in is a list of lists",
    truth="what you take the len() of here is a single number, which has none",
    hint="print what you take the len() of, for the data on which it failed.",
    general=False,
)
def number_has_no_length(kind, text):
    """len(rows[0]) where rows is one sample."""
    return bool(re.search(r"object of type '(int|float|numpy\.\w+)' has no len\(\)", text))
