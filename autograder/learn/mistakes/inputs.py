"""Beliefs about Input: whether it is a layer, has parameters, or does something to data."""

import functools
import re

import keras
import numpy as np

from autograder.learn.formula import Formula
from autograder.learn.mistakes.rule import also, rule
from autograder.learn.mistakes.sizes import product
from autograder.learn.predictions import ERROR, Fed, LayerCount, LayerNames, TypeOf

#: Rules about one kind of question, or one topic.
about_type_of = functools.partial(rule, "value", about=TypeOf)
about_layer_names = functools.partial(rule, "value", about=LayerNames)
about_fed = functools.partial(rule, "value", about=Fed)

_TYPES = "print the type() of a layer, of a function, and of what each of them gives back."
_LISTED = "read the class names in the summary of a model: they stand in brackets."


@about_type_of(
    belief="what comes back is the layer that made it",
    truth="calling something that makes a tensor gives that tensor, not its maker",
    hint=_TYPES,
)
def tensor_is_its_layer(question):
    """type(keras.Input((4,))) is InputLayer."""
    history = getattr(question.value, "_keras_history", None)
    return history and type(history.operation).__name__


@about_type_of(
    belief="Input and InputLayer are two names for the same thing",
    truth="`keras.Input` is a function that gives a tensor; `InputLayer` is a class, and calling a "
    "class gives an object of that class",
    hint=_TYPES,
)
def inputs_alike(question):
    """type(layers.InputLayer(shape=(4,))) is KerasTensor."""
    return "KerasTensor" if isinstance(question.value, keras.layers.InputLayer) else None


@also("value", "inputs_alike", about=TypeOf)
def _(question):
    """type(keras.Input((4,))) is InputLayer."""
    made = isinstance(question.value, keras.KerasTensor)
    return "InputLayer" if made else None


@about_type_of(
    belief="an object that a class has made is still the class",
    truth="calling a class gives an object of it, and the type of that is the class",
    hint=_TYPES,
)
def class_for_object(question):
    """type(layers.InputLayer(shape=(4,))) is type."""
    return "type"


@about_type_of(
    belief="what follows a dot has to be called before it gives anything",
    truth="some names behind a dot are methods; others, such as `output`, are the thing itself",
    hint=_TYPES,
)
def method_for_attribute(question):
    """type(layer.output) is method."""
    return "method"


@about_type_of(
    belief="Input gives a layer like any other",
    truth="a layer is called on tensors, and what Input gives can't be called",
    hint=_TYPES,
)
def input_is_a_layer(question):
    """type(keras.Input((4,))) is Layer.

    Met in github.com/keras-team/keras/issues/5615.
    """
    return "Layer" if isinstance(question.value, keras.KerasTensor) else None


@about_type_of(
    belief="every layer has the type Layer",
    truth="Layer is what all classes of layers are built on; the type of a layer is its own class",
    hint="print type(…).__name__ of a Flatten layer.",
)
def base_class_named(question):
    """type(layers.InputLayer(shape=(4,))) is Layer."""
    return "Layer" if isinstance(question.value, keras.Layer) else None


@about_type_of(
    belief="Input is a class, and what comes back is one of its instances",
    truth="`keras.Input` is a function, whatever its capital letter suggests",
    hint=_TYPES,
)
def input_is_a_class(question):
    """type(keras.Input((4,))) is Input."""
    return "Input" if isinstance(question.value, keras.KerasTensor) else None


@about_type_of(
    belief="what comes back holds numbers",
    truth="it stands for numbers that will come: it has a shape and a dtype, and no values",
    hint="ask it for its values, with np.asarray, and read the error.",
)
def symbol_holds_numbers(question):
    """type(keras.Input((4,))) is EagerTensor, the type of TensorFlow's arrays."""
    if not isinstance(question.value, keras.KerasTensor):
        return None
    return type(keras.ops.zeros((1,))).__name__


@about_type_of(
    belief="what stands for numbers is an array of NumPy's",
    truth="it has a shape and a dtype as an array has, and no values",
    hint="ask it for its values, with np.asarray, and read the error.",
)
def symbol_is_an_array(question):
    """type(keras.Input((4,))) is ndarray."""
    return "ndarray" if isinstance(question.value, keras.KerasTensor) else None


@about_type_of(
    belief="whatever has a shape is called a tensor",
    truth="Keras has a type of its own for a tensor that has no values yet",
    hint="print the type() of it.",
)
def symbol_is_a_tensor(question):
    """type(keras.Input((4,))) is Tensor."""
    return "Tensor" if isinstance(question.value, keras.KerasTensor) else None


@about_type_of(
    belief="what a layer passes on is a shape",
    truth="it passes on a tensor, and that tensor has a shape",
    hint="print the type() of it, and of its `shape`.",
)
def shape_for_tensor(question):
    """type(layer.output) is tuple."""
    return "tuple" if isinstance(question.value, keras.KerasTensor) else None


@about_type_of(
    belief="a type's name begins with the module that it is from",
    truth="a type is named by one word; the module is a matter of where you look for it",
    hint="print type(3).__name__, and the same of an array.",
)
def module_named(question):
    """type(keras.Input((4,))) is keras.KerasTensor."""
    return f"keras.{question.truth}" if question.truth == "KerasTensor" else None


@about_type_of(
    belief="a function's name, called or not, stands for the function",
    truth="with the brackets the function is called, and you hold its result",
    hint=_TYPES,
)
def function_for_result(question):
    """type(keras.Input((4,))) is function."""
    return "function"


@about_layer_names(
    belief="every model lists the layer that its input comes from",
    truth="the layer is there in every model, but not in every model's list",
    hint="make a small model of the same kind, and print the class names in its `layers`.",
)
def input_layer_listed(question):
    """A Sequential of Input, Flatten, Dense lists InputLayer, Flatten, Dense.

    Met in github.com/tensorflow/tensorflow/issues/35515 and keras-team/keras/issues/15065.
    """
    return ["InputLayer", *question.named]


@about_layer_names(
    belief="no model lists the layer that its input comes from",
    truth="`keras.Input` makes that layer, and there are models that list it with the others",
    hint="compare with the summary of a model of the same kind.",
)
def input_layer_hidden(question):
    """A Functional model of Input, Flatten, Dense lists Flatten, Dense."""
    return question.named


@about_layer_names(
    belief="Input is the name of a layer's class",
    truth="`keras.Input` is a function; the layer that it makes has a class of another name",
    hint=_LISTED,
)
def input_is_a_layer_class(question):
    """A model of Input, Flatten, Dense lists Input, Flatten, Dense."""
    return ["Input", *question.named]


@about_layer_names(
    belief="the tensor that Input gives is one of the model's layers",
    truth="`model.layers` lists layers alone; tensors run between them",
    hint=_LISTED,
)
def tensor_listed(question):
    """A model of Input, Flatten, Dense lists KerasTensor, Flatten, Dense."""
    return ["KerasTensor", *question.named]


@about_layer_names(
    belief="only what has weights is a layer",
    truth="a layer may do its work without any weights",
    hint="ask isinstance(…, keras.Layer) of a pooling layer.",
)
def only_weights_are_layers(question):
    """A model of Input, Flatten, Dense lists Dense alone."""
    return [type(layer).__name__ for layer in question.model.layers if layer.weights]


_FROM_THE_LEFT = {
    "belief": "the layers are listed as the code is read, from left to right",
    "truth": "in nested calls the innermost is the first through which the data pass, and the list "
    "follows the data",
    "hint": "put each call of the nested line on a line of its own, in the order in which it runs.",
}


@about_layer_names(**_FROM_THE_LEFT)
def read_from_the_left(question):
    """A model of Dense(10)(Flatten()(Input)) lists InputLayer, Dense, Flatten."""
    if isinstance(question.model, keras.Sequential):
        return None
    return ["InputLayer", *reversed(question.named)]


@also("value", "read_from_the_left", about=LayerNames)
def _(question):
    """A model of Dense(10)(Flatten()(Input)) lists Dense, Flatten, InputLayer."""
    functional = not isinstance(question.model, keras.Sequential)
    return question.truth[::-1] if functional else None


@about_layer_names(
    belief="a model is one of its own layers",
    truth="a model can be a layer of another model; its own list has the layers that it is made of",
    hint=_LISTED,
)
def model_listed(question):
    """A Functional model of Input, Flatten, Dense lists Functional, InputLayer, Flatten, Dense."""
    return [type(question.model).__name__, *question.truth]


@also("value", "model_listed", about=LayerNames)
def _(question):
    """A Functional model of Input, Flatten, Dense lists InputLayer, Flatten, Dense, Functional."""
    return [*question.truth, type(question.model).__name__]


@about_layer_names(
    belief="a layer that only prepares the data belongs to the input",
    truth="whatever is called on data is a layer, and is listed as one",
    hint=_LISTED,
)
def preparation_not_listed(question):
    """A Sequential of Input, Flatten, Dense lists Dense."""
    first = [layer for layer in question.model.layers if type(layer).__name__ != "InputLayer"][:1]
    return question.named[1:] if first and not first[0].weights else None


@about_layer_names(
    belief="the list goes from the output back to the input",
    truth="it begins where the data come in",
    hint="note the layers in the order in which a sample passes them.",
)
def listed_from_the_end(question):
    """A model of Flatten, Dense lists Dense, Flatten."""
    return question.truth[::-1]


@about_layer_names(**_FROM_THE_LEFT)
def layers_from_the_left(question):
    """A model of Dense(10)(Flatten()(Input)) lists Dense, Flatten."""
    functional = not isinstance(question.model, keras.Sequential)
    return question.named[::-1] if functional else None


@about_layer_names(**_FROM_THE_LEFT)
def input_from_the_left(question):
    """A model of Dense(10)(Flatten()(Input)) lists Input, Dense, Flatten."""
    functional = not isinstance(question.model, keras.Sequential)
    return ["Input", *question.named[::-1]] if functional else None


@about_layer_names(
    belief="a layer's name is the name of its class",
    truth="these are the names of the single layers; the classes stand in brackets behind them",
    hint="read the first column of a summary: what stands in front of the brackets, what in them?",
)
def names_for_classes(question):
    """A model of Input, Flatten, Dense lists input_layer, flatten, dense."""
    return [re.sub(r"_\d+$", "", layer.name) for layer in question.model.layers]


_ACTIVATIONS = ("ReLU", "Softmax", "Activation", "LeakyReLU", "ELU", "PReLU")


@about_layer_names(
    belief="an activation belongs to the layer before it",
    truth="one that is written as a layer of its own is listed as one",
    hint=_LISTED,
)
def activation_not_listed(question):
    """A model of Flatten, Dense, ReLU lists Flatten, Dense."""
    return [name for name in question.truth if name not in _ACTIVATIONS]


@about_layer_names(
    belief="every activation is a layer of the class Activation",
    truth="some have a class of their own, and its name is listed",
    hint=_LISTED,
)
def activations_of_one_class(question):
    """A model of Flatten, Dense, ReLU lists Flatten, Dense, Activation."""
    return ["Activation" if name in _ACTIVATIONS else name for name in question.truth]


@about_layer_names(
    belief="what has no weights isn't a layer, but for the input",
    truth="a layer may do its work without any weights",
    hint="ask isinstance(…, keras.Layer) of a pooling layer.",
)
def weights_and_input_listed(question):
    """A model of Input, Dense, Flatten lists InputLayer, Dense."""
    listed = [type(layer).__name__ for layer in question.model.layers if layer.weights]
    return ["InputLayer", *listed] if "InputLayer" in question.truth else None


@also("value", "input_layer_listed", about=LayerCount)
def _(question):
    """A Sequential of Input, Flatten, Dense has three layers."""
    return len(input_layer_listed(LayerNames(question.model)))


@also("value", "input_layer_hidden", about=LayerCount)
def _(question):
    """A Functional model of Input, Flatten, Dense has two layers."""
    return len(input_layer_hidden(LayerNames(question.model)))


@also("value", "only_weights_are_layers", about=LayerCount)
def _(question):
    """A model of Input, Flatten, Dense has one layer."""
    return len(only_weights_are_layers(LayerNames(question.model)))


@rule(
    "input count",
    belief="the input has parameters, one for each number of a sample",
    truth="an input only describes data; nothing in it is learned",
    hint="look for the input in model.summary(), and add up the Param # column.",
)
def input_has_parameters(shape):
    """A model of Input((28, 28)), Flatten, Dense(10) has 784 + 7,850 parameters."""
    return None if product(shape[1:]) is None else Formula({"input": tuple(shape[1:])})


@about_fed(
    belief="numbers of another dtype are refused",
    truth="Keras casts what it is fed to the dtype of the input, without a word",
    hint="feed a float input with whole numbers and print the dtype of the result.",
)
def dtype_enforced(question):
    """An int32 input raises for [1.9, -1.9]."""
    return ERROR if _of_another_dtype(question) else None


def _of_another_dtype(question):
    """Tell whether a model that declares whole numbers is fed others, or the other way round."""
    return question.whole != (np.array(question.values).dtype.kind in "iu")


@about_fed(
    belief="a cast to whole numbers rounds to the nearest",
    truth="a cast cuts off what stands behind the point",
    hint="print np.array([0.7, -0.7]).astype(int).",
)
def cast_rounds(question):
    """An int32 input makes [2, -2] of [1.9, -1.9]."""
    return np.rint(question.values) if question.whole else None


@about_fed(
    belief="a cast to whole numbers rounds down",
    truth="a cast cuts off what stands behind the point, so it goes towards zero",
    hint="print np.array([0.7, -0.7]).astype(int).",
)
def cast_rounds_down(question):
    """An int32 input makes [1, -2] of [1.9, -1.9]."""
    return np.floor(question.values) if question.whole else None


@about_fed(
    belief="an input hands on data untouched, whatever its dtype",
    truth="an input with a dtype casts what it is fed",
    hint="feed a float input with whole numbers and print the dtype of the result.",
)
def dtype_ignored(question):
    """An int32 input leaves [1.9, -1.9] as they are."""
    return question.values if _of_another_dtype(question) else None


@about_fed(
    belief="an input brings the data to the range from 0 to 1",
    truth="an input leaves the size of the numbers alone; that takes a layer such as Rescaling",
    hint="feed a model with nothing but an Input, and compare what goes in and comes out.",
)
def input_rescales(question):
    """A float input makes [0.2, 1.0] of [51, 255].

    Met in "What is the difference between Input() and Flatten()?", which says that Input
    preprocesses.
    """
    values = np.array(question.values)
    return np.round(values / 255, 6) if values.any() else None  # zeros are in that range already
