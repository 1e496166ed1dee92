"""Beliefs about names, arguments and habits that an older Keras had."""

import functools
import re

import keras
import numpy as np

from autograder.learn.mistakes.models import Facts
from autograder.learn.mistakes.rule import also, error, rule

#: Rules about one kind of question, or one topic.
about_layer_shapes = functools.partial(rule, "function", about="layer_shapes")
about_inner_values = functools.partial(rule, "function", about="inner_values")
about_one_or_several = functools.partial(rule, "function", about="one_or_several")

_OLD_HABIT = "print the names that help() lists for the arguments, and compare letter by letter."


# What is raised


@error(
    belief="there is an argument of this name",
    truth="an argument that isn't in the signature is refused, even if an older Keras had it, or "
    "a post speaks of it",
    hint=_OLD_HABIT,
    general=False,
)
def argument_not_taken(kind, text):
    """Dense(8, batch_input_shape=(None, 4)), or keras.Input(input_shape=(4,))."""
    if re.search(r"passed to Model: \{'inputs': [^{}]*\}", text):
        return False  # that one is taken; its fellow is missing
    if re.search(r"\b(update_state|call|build|train_step|test_step)\(\) got an", text):
        return False  # a method that people write themselves
    return "Unrecognized keyword argument" in text or "unexpected keyword argument" in text


@error(
    belief="a layer knows the shape that it gives",
    truth="a layer may be used in several places, so in Keras 3 the shape belongs to the tensor "
    "that comes out, and not to the layer",
    hint="print `layer.output` for one layer of a model. What does it know about itself?",
)
def shape_asked_of_layer(kind, text):
    """layer.output_shape, which Keras 2 had.

    Met in github.com/keras-team/keras/issues/19052.
    """
    names = ("'output_shape'", "'input_shape'", "'get_output_shape_at'")
    return kind == "AttributeError" and any(f"no attribute {name}" in text for name in names)


@error(
    belief="a tensor is cut like the tuple of its sizes",
    truth="a KerasTensor has axes, and its `shape` is the tuple: slice the shape, not the tensor",
    hint="print the type() of what stands in front of your square brackets.",
)
def tensor_sliced(kind, text):
    """layer.output[1:] where layer.output.shape[1:] was meant."""
    other = re.search(r"Received: `(\w+|.*\d\.\d.*)`", text)  # a name, or a float
    return "Unsupported key type for array slice" in text and not other


@error(
    belief="a nested list will do in the place of an array",
    truth="a model of Keras 3 takes arrays, and a list it takes for several inputs",
    hint="look at the type of what you hand over: who could make an array of it?",
)
def list_for_array(kind, text):
    """model.predict([[1.0, 2.0]]), which Keras 2 took."""
    listed = "<class 'list'>" in text or "x=[" in text
    numbers = re.search(r"=[\[(]+[-\d]", text)
    return "Unrecognized data type" in text and listed and numbers is not None


@error(
    belief="TensorFlow's functions work on what Input gives",
    truth="while a model is put together its tensors are Keras's own, and only the layers and the "
    "functions of `keras.ops` know them",
    hint="look for a layer that does the same, or for the function's name in `keras.ops`.",
)
def tensorflow_on_symbolic(kind, text):
    """tf.reshape(keras.Input((10, 10)), (-1, 100)), which Keras 2 took."""
    return "cannot be used as input to a TensorFlow function" in text


# What a function gives


@about_layer_shapes(
    belief="the batch axis is part of a sample's shape",
    truth="the first entry counts the samples; what follows is the shape of one of them",
    hint="read the first shape of your list aloud, axis by axis.",
)
def batch_axis_kept(model):
    """[layer.output.shape for layer in model.layers]."""
    return [tuple(layer.output.shape) for layer in model.layers]


@also("function", "last_axis_dropped", about="layer_shapes")
def _(model):
    """[layer.output.shape[:-1] for layer in model.layers]."""
    return [tuple(layer.output.shape)[:-1] for layer in model.layers]


@about_layer_shapes(
    belief="the input is the first layer of a Sequential",
    truth="its `layers` begin with the first that does something; what comes in is no result",
    hint="print the class names in model.layers, and count them.",
)
def input_shape_listed(model):
    """[model.input_shape[1:], *(layer.output.shape[1:] for layer in model.layers)]."""
    return [tuple(x.shape)[1:] for x in (model.inputs[0], *(y.output for y in model.layers))]


@about_layer_shapes(
    belief="the first of a model's layers is its input",
    truth="a Sequential doesn't list its input, so that you leave out a layer that does something",
    hint="print the class names in model.layers, and count them.",
)
def first_layer_left_out(model):
    """[layer.output.shape[1:] for layer in model.layers[1:]]."""
    return [tuple(layer.output.shape)[1:] for layer in model.layers[1:]]


@about_layer_shapes(
    belief="what goes into a layer is what comes out of it",
    truth="your list is one layer behind: it holds the shapes that go in",
    hint="compare your first entry with the shape of the data.",
)
def shapes_before_layers(model):
    """[layer.input.shape[1:] for layer in model.layers]."""
    return [tuple(layer.input.shape)[1:] for layer in model.layers]


@about_layer_shapes(
    belief="asking the model asks each of its layers",
    truth="a model's own shape is that of its last layer, however often it is asked",
    hint="print what your loop asks in its first and in its last round.",
)
def last_shape_for_all(model):
    """[model.output_shape[1:] for layer in model.layers]."""
    return [tuple(model.output_shape)[1:] for _ in model.layers]


@about_layer_shapes(
    belief="every layer meets the data that the model is given",
    truth="only the first layer does; each of the others gets what the one before it gives",
    hint="follow the shape through the model, one line for each layer.",
)
def every_layer_meets_the_data(model):
    """[layer.compute_output_shape(model.input_shape)[1:] for layer in model.layers]."""
    return [tuple(x.compute_output_shape(model.input_shape))[1:] for x in model.layers]


@about_inner_values(
    belief="a model that is called gives what the layer in question gives",
    truth="the data run through all the layers, and what you get is what the last one gives",
    hint="a model is made of where it begins and where it ends; which end do you want here?",
)
def whole_model_asked(model, name, x):
    """model(x), where the numbers of one of its inner layers were asked for."""
    return np.asarray(model(x))


@about_inner_values(
    belief="what goes into a layer is what it gives",
    truth="these are the numbers that reach the layer, one layer too early",
    hint="a layer knows two tensors, its `input` and its `output`; which is the end here?",
)
def layer_before_asked(model, name, x):
    """keras.Model(model.input, model.get_layer(name).input)(x)."""
    return np.asarray(keras.Model(model.input, model.get_layer(name).input)(x))


@about_inner_values(
    belief="a model gives a list of results, as the old function did",
    truth="a model with one output gives the batch of results itself, and [0] takes its first "
    "sample alone",
    hint="compare the number of samples in your result with that in x.",
)
def first_sample_only(model, name, x):
    """keras.Model(model.input, model.get_layer(name).output)(x)[0]."""
    return np.asarray(keras.Model(model.input, model.get_layer(name).output)(x))[0]


@about_inner_values(
    belief="a layer of a model can be called on what the model is given",
    truth="it takes what the layer before it gives, so all the layers in front of it have to work",
    hint="a model is made of where it begins and where it ends; where does yours begin?",
)
def inner_layer_alone(model, name, x):
    """model.get_layer(name)(x)."""
    return np.asarray(model.get_layer(name)(x))


@also("function", "inner_layer_alone", about="inner_values")
def _(model, name, x):
    """keras.Model(layer.input, layer.output)(x)."""
    layer = model.get_layer(name)
    return np.asarray(keras.Model(layer.input, layer.output)(x))


@also("function", "inner_layer_alone", about="inner_values")
def _(model, name, x):
    """x @ kernel + bias."""
    kernel, bias = model.get_layer(name).get_weights()
    return x @ kernel + bias


@about_inner_values(
    belief="any Input of the same shape is as good a beginning",
    truth="a model's layers hang together with its own input, `model.input`, and with no other",
    hint="print model.input, and what your model begins with.",
)
def input_of_its_own(model, name, x):
    """keras.Model(keras.Input(x.shape[1:]), model.get_layer(name).output)(x)."""
    return keras.Model(keras.Input(x.shape[1:]), model.get_layer(name).output)(x)


@about_inner_values(
    belief="the layer in question has a fixed place in every model",
    truth="it is told by its name, and stands in another place in another model",
    hint="look for a number in square brackets, and for what finds a layer by its name.",
)
def layer_at_a_fixed_place(model, name, x):
    """keras.Model(model.input, model.layers[1].output)(x)."""
    return np.asarray(keras.Model(model.input, model.layers[1].output)(x))


@also("function", "layer_at_a_fixed_place", about="inner_values")
def _(model, name, x):
    """keras.Model(model.input, model.layers[2].output)(x)."""
    return np.asarray(keras.Model(model.input, model.layers[2].output)(x))


@about_inner_values(
    belief="what stands in quotes is looked up as a variable",
    truth="in quotes, it is the text itself; the variable's name stands without them",
    hint="print what you give to get_layer.",
)
def name_in_quotes(model, name, x):
    """model.get_layer("name")."""
    return model.get_layer("name")


@about_inner_values(
    belief="what a layer gives are its weights",
    truth="the weights are what it multiplies by; what it gives depends on the data",
    hint="print the shapes of the layer's weights, and that of the batch.",
)
def weights_for_values(model, name, x):
    """model.get_layer(name).get_weights()[0]."""
    return model.get_layer(name).get_weights()[0]


# A prediction for one sample, or for several


@about_one_or_several(
    belief="reshape(1, -1) makes a batch of whatever comes",
    truth="it makes a single sample of all the numbers",
    hint="print the shape before and after, once for one sample and once for three.",
)
def all_samples_in_one(model, rows):
    """model.predict(np.array(rows).reshape(1, -1))."""
    return model.predict(np.array(rows).reshape(1, -1), verbose=0)


@about_one_or_several(
    belief="a single sample is a list with one entry",
    truth="a single sample is a list of its numbers; a list with one entry, which is a sample, is "
    "a batch already",
    hint="print np.array(rows).ndim for one sample, for a list of one, and for a list of three.",
)
def single_by_its_length(model, rows):
    """rows = [rows] if len(rows) == 1 else rows."""
    return model.predict(np.array([rows] if len(rows) == 1 else rows), verbose=0)


@about_one_or_several(
    belief="the samples stand in the columns",
    truth="each row of the array is a sample",
    hint="print the shape of what you hand over, and name each axis.",
)
def samples_in_columns(model, rows):
    """model.predict(np.atleast_2d(rows).T)."""
    return model.predict(np.atleast_2d(rows).T, verbose=0)


@about_one_or_several(
    belief="samples are whole numbers",
    truth="they may have fractions, and int drops what stands behind the point",
    hint="print your array beside the list that it was made of.",
)
def fractions_cut_off(model, rows):
    """model.predict(np.atleast_2d(np.array(rows, dtype=int)))."""
    return model.predict(np.atleast_2d(np.array(rows, dtype=int)), verbose=0)


# How a model scales its numbers

#: What, done to the data in front, would undo a wrong scale or offset: (factor, offset).
_SCALES = (255, 127.5)
#: More numbers than these are not tried at once.
_MOST = 10**7


def _undone(facts):
    """Tell whether some usual scale in front of the model would make its numbers right."""
    several = any(not isinstance(part, np.ndarray) for part in (facts.x, facts.got))
    if several or facts.x.dtype.kind != "f":
        return False  # several inputs or outputs, or whole numbers that are looked up
    factors = {a / b for a in (1, *_SCALES) for b in (1, *_SCALES)} | {_fitted(facts)}
    offsets = {0, *_SCALES, *(-s for s in _SCALES), 1, -1}
    pairs = [(f, o) for f in factors for o in offsets if (f, o) != (1, 0)]
    # All in one batch: a model may be slow to call, but not to call on more samples.
    tried = np.concatenate([(f * facts.x + o).astype("float32") for f, o in pairs])
    if tried.size > _MOST or np.shape(facts.wanted)[:1] != facts.x.shape[:1]:
        return False
    given = np.asarray(facts.model(tried, training=False))
    results = given.reshape(len(pairs), -1, *given.shape[1:])
    return any(np.allclose(result, facts.wanted, 1e-3, 1e-4) for result in results)


def _fitted(facts):
    """Return the factor in front that would do if the model is linear but for its biases."""
    zero = np.asarray(facts.model(np.zeros_like(facts.x)))
    if facts.got.shape != facts.wanted.shape or zero.shape != facts.got.shape:
        return 1
    got, wanted = facts.got - zero, facts.wanted - zero
    total = float(np.sum(got * got))
    return float(np.sum(got * wanted)) / total if total else 1


@rule(
    "numbers",
    belief="the scale of the data doesn't matter to a model, or that yours sees to it",
    truth="if the data were scaled before they reach your model, all the numbers would agree",
    hint="look for the scale in model.summary(): what is done to a tensor before it is named as "
    "the model's input isn't in the model.",
)
def rescaling_left_out(facts):
    """A model without the Rescaling that was asked for."""
    scaled = any(isinstance(x, keras.layers.Rescaling) for x in facts.model.layers)
    return not scaled and _undone(facts)


@rule(
    "numbers",
    belief="an activation that presses numbers into a range scales them",
    truth="such an activation bends: large numbers all come out near its end, and hardly differ; a "
    "scale keeps their distances",
    hint="call your layer on np.array([[0.0, 5.0, 10.0, 200.0]]).",
)
def pressed_for_scaled(facts):
    """Activation("sigmoid") where Rescaling(1 / 255) was meant."""
    for i, layer in enumerate(facts.chain):
        if layer.weights:
            return False
        rest = [*facts.chain[:i], *facts.chain[i + 1 :]]
        pressing = isinstance(layer, (keras.layers.Activation, keras.layers.Softmax))
        if pressing and rest and len(facts.chain) > 1:
            model = keras.Sequential(rest)
            got = np.asarray(model(facts.x))
            if _undone(Facts(model, got, facts.wanted, facts.x, facts.more)):
                return True
    return False


@rule(
    "numbers",
    belief="whatever makes numbers small brings them to one scale",
    truth="a layer that divides each sample by its own length takes away how large its numbers "
    "were; one factor for all keeps it",
    hint="call your layer on np.array([[1.0, 2.0], [100.0, 200.0]]).",
)
def shortened_for_scaled(facts):
    """UnitNormalization where Rescaling(1 / 255) was meant."""
    for i, layer in enumerate(facts.chain):
        rest = [*facts.chain[:i], *facts.chain[i + 1 :]]
        if isinstance(layer, keras.layers.UnitNormalization) and rest:
            model = keras.Sequential(rest)
            got = np.asarray(model(facts.x))
            return _undone(Facts(model, got, facts.wanted, facts.x, facts.more))
    return False


@rule(
    "numbers",
    belief="Rescaling takes the offset away first, and divides then",
    truth="it multiplies first, and adds the offset as it is",
    hint="call your Rescaling layer on np.array([[0.0, 255.0]]).",
)
def offset_before_scale(facts):
    """Rescaling(1 / 127.5, offset=-127.5) for Rescaling(1 / 127.5, offset=-1)."""
    for layer in (x for x in _rescalings(facts) if np.ndim(x.scale) == np.ndim(x.offset) == 0):
        offset = layer.offset
        try:
            layer.offset = offset * layer.scale
            if offset and facts.agrees():
                return True
        finally:
            layer.offset = offset
    return False


def _rescalings(facts):
    return facts.layers(keras.layers.Rescaling)


@rule(
    "numbers",
    belief="it makes no difference where in a model its numbers are scaled",
    truth="behind a layer with weights, a scale reaches that layer's bias as well",
    hint="write your model as a formula, and the one of the text; where does the factor stand?",
)
def scaled_too_late(facts):
    """Dense, then Rescaling, where the data should have been scaled."""
    weighted = [i for i, layer in enumerate(facts.model.layers) if layer.weights]
    scaled = [facts.model.layers.index(layer) for layer in _rescalings(facts)]
    return bool(weighted and scaled) and min(scaled) > min(weighted)


@rule(
    "numbers",
    belief="`//` makes a fraction",
    truth="`//` divides and drops what stands behind the point, so `1 // 255` is 0, and so is "
    "whatever is multiplied by it",
    hint="print the factor that you give to your layer.",
)
def fraction_dropped(facts):
    """Rescaling(1 // top)."""
    return any(np.ndim(layer.scale) == 0 and layer.scale == 0 for layer in _rescalings(facts))


@rule(
    "numbers",
    belief="Rescaling divides by the number that it is given",
    truth="Rescaling multiplies by it, so that large numbers become larger still",
    hint="call your Rescaling layer on np.array([[1.0, 2.0]]).",
)
def scale_upside_down(facts):
    """Rescaling(255) where Rescaling(1 / 255) was meant."""
    scales = [layer.scale for layer in _rescalings(facts) if np.ndim(layer.scale) == 0]
    return isinstance(facts.x, np.ndarray) and any(
        s and facts.agrees((facts.x / s**2).astype("float32")) for s in scales
    )


@rule(
    "numbers",
    belief="the scale of your model is the one that the text asks for, or as good",
    truth="with another scale or offset all the numbers would agree",
    hint="work out by hand what becomes of the numbers 0 and 1 in the text, and in your model.",
)
def scale_changed(facts):
    """Rescaling(1 / 255) where Rescaling(1 / 127.5, offset=-1) was meant."""
    return _undone(facts) or _in_another_range(facts)


def _in_another_range(facts):
    """Tell whether 0 to 1 in the place of -1 to 1, or the other way round, makes numbers right."""
    for layer in (x for x in _rescalings(facts) if np.ndim(x.scale) == 0):
        scale, offset = layer.scale, layer.offset
        try:
            tried = [(scale / 2, 0), (scale * 2, -1), (1 / 255, 0), (1 / 127.5, -1)]
            tried += [(1 / abs(offset), 0)] if np.ndim(offset) == 0 and offset else []
            for layer.scale, layer.offset in tried:
                if facts.agrees():
                    return True
        finally:
            layer.scale, layer.offset = scale, offset
    return False
