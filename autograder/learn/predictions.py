"""What a learner can be asked to predict besides shapes and counts: names, outcomes, values.

Each question knows Keras's answer (`truth`), found out there and then, and the form that an
answer takes: `kinds`, its types, and `form`, the same in words. What somebody with a mistaken
belief would answer is said by the rules of kind "value" about the question's class.
"""

from dataclasses import dataclass
from functools import cached_property

import keras
import numpy as np

from autograder.learn.forms import plain

#: What a rule gives where it believes in an exception, of whatever type.
ERROR = "error"


def agrees(believed, answer):
    """Tell whether an answer is the one believed in; capitals and blanks around don't matter.

    ERROR stands for the name of any error.
    """
    believed, answer = _bare(plain(believed)), _bare(plain(answer))
    if isinstance(believed, str) and believed == ERROR and isinstance(answer, str):
        return answer.endswith(ERROR)
    return believed == answer


def _bare(value):
    """Return a plain answer with all words in small letters, without blanks around them."""
    if isinstance(value, tuple):
        return tuple(map(_bare, value))
    return value.strip().lower() if isinstance(value, str) else value


def outcome_of(action):
    """Return what a function gives, or the name of the exception that it raises."""
    try:
        return action()
    except Exception as error:  # whatever Keras or its backend raises is the answer
        return type(error).__name__


@dataclass(frozen=True)
class TypeOf:
    """What is the name of this value's type?"""

    value: object

    kinds = (str,)
    form = "the name of a type, in quotes"

    @property
    def truth(self):
        """The name, as Python has it."""
        return type(self.value).__name__


@dataclass(frozen=True)
class LayerNames:
    """What are the classes of a model's layers, by name, as `model.layers` lists them?"""

    model: keras.Model

    kinds = (list, tuple)
    form = "a list of names, each in quotes"

    @property
    def truth(self):
        """The names, as Keras lists them."""
        return [type(layer).__name__ for layer in self.model.layers]

    def misnames(self, answer):
        """Tell whether an answer names an activation, in small letters, for its layer."""
        words = [word.strip() for word in answer if isinstance(word, str)]
        return any(w.islower() and callable(getattr(keras.activations, w, None)) for w in words)

    @property
    def named(self):
        """The names without the input's."""
        return [name for name in self.truth if name != "InputLayer"]


@dataclass(frozen=True)
class LayerCount:
    """How many layers does `model.layers` list?"""

    model: keras.Model

    kinds = (int,)
    form = "a whole number"

    @property
    def truth(self):
        """The number, as Keras has it."""
        return len(self.model.layers)


@dataclass(frozen=True)
class Called:
    """What is the shape of the result when a model is called with zeros of this shape?

    The answer may be the name of an exception instead.
    """

    model: keras.Model
    shape: tuple

    kinds = (tuple, list, str)
    form = "a shape, or the name of an exception in quotes"

    @property
    def declared(self):
        """The model's input shape, as Keras writes it."""
        return tuple(self.model.input_shape)

    @property
    def promised(self):
        """The model's output shape, as Keras writes it."""
        return tuple(self.model.output_shape)

    @cached_property
    def truth(self):
        """Keras's answer."""
        return outcome_of(lambda: tuple(self.model(np.zeros(self.shape, "float32")).shape))


@dataclass(frozen=True)
class Trains:
    """What happens in `fit`: "trains", or the name of an exception?

    make: a function that returns a compiled model. x, y: the shapes of the data.
    """

    make: object
    x: tuple
    y: tuple

    of_keras = True
    kinds = (str,)
    form = '"trains" or the name of an exception, in quotes'

    @cached_property
    def output(self):
        """The shape that the model gives for such data."""
        return tuple(self.make().compute_output_shape(self.x))

    @cached_property
    def truth(self):
        """Keras's answer, found out by training on noise."""
        rng = np.random.default_rng(0)
        x, y = rng.random(self.x), rng.random(self.y)
        found = outcome_of(lambda: self.make().fit(x, y, verbose=0))
        return found if isinstance(found, str) else "trains"


@dataclass(frozen=True)
class Element:
    """What is the shape of the samples in one element of a Dataset of (samples, targets)?

    dataset: a `tf.data.Dataset`. batches: the sizes that `.batch` was called with, in their order.
    """

    dataset: object
    batches: tuple = ()

    of_keras = True
    kinds = (tuple, list)
    form = "a shape, with None where a size isn't known beforehand"

    @property
    def truth(self):
        """The shape, as TensorFlow has it."""
        return tuple(self.dataset.element_spec[0].shape)

    @property
    def sample(self):
        """The shape of a single sample."""
        return self.truth[len(self.batches) :]


@dataclass(frozen=True)
class LossShape:
    """What is the shape of what a loss function gives for targets and outputs of these shapes?

    loss: a function such as keras.losses.mean_squared_error.
    """

    loss: object
    targets: tuple
    outputs: tuple

    of_keras = True
    kinds = (tuple, list)
    form = "a shape"

    @cached_property
    def truth(self):
        """Keras's answer, for targets of zeros and outputs of one half."""
        outputs = np.full(self.outputs, 0.5, "float32")
        return tuple(self.loss(np.zeros(self.targets, "int32"), outputs).shape)


@dataclass(frozen=True)
class Raises:
    """What happens when this is done: "runs", or the name of an exception?

    action: a function without arguments. code: the same as a learner reads it, if anywhere.
    """

    action: object
    code: str = ""

    kinds = (str,)
    form = '"runs" or the name of an exception, in quotes'

    @cached_property
    def error(self):
        """The error that it ends in, or None."""
        try:
            self.action()
        except Exception as error:  # whatever Keras or its backend raises is the answer
            return error
        return None

    @property
    def truth(self):
        """Keras's answer, found out by doing it."""
        return "runs" if self.error is None else type(self.error).__name__


@dataclass(frozen=True)
class Built:
    """How many parameters does a model have after `build(shape)`? Or which exception does it raise?

    make: a function that returns a model that isn't built yet.
    """

    make: object
    shape: tuple

    of_keras = True
    kinds = (int, str)
    form = "a whole number, or the name of an exception in quotes"

    @cached_property
    def truth(self):
        """Keras's answer."""
        return self.count(self.shape)

    def count(self, shape):
        """Return the number of parameters after build(shape), or the name of an exception."""
        model = self.make()
        return outcome_of(lambda: model.build(shape) or model.count_params())


@dataclass(frozen=True)
class Fed:
    """Which numbers come out of a model that is fed these? Or which exception does it raise?

    values: a nested list, the batch axis first.
    """

    model: keras.Model
    values: list

    kinds = (tuple, list, str)
    form = 'a nested list of numbers, or "error"'

    @property
    def whole(self):
        """Whether the model declares whole numbers."""
        return "int" in self.model.inputs[0].dtype

    @cached_property
    def truth(self):
        """Keras's answer."""
        values = np.array(self.values, "float32")
        found = outcome_of(lambda: np.asarray(self.model(values)).tolist())
        return ERROR if isinstance(found, str) else found


@dataclass(frozen=True)
class Reach:
    """Row `row` of a sample changes: which rows of a layer's result change?

    shape: of one sample. The layer is tried on noise.
    """

    layer: keras.Layer
    shape: tuple
    row: int

    kinds = (tuple, list)
    form = "a list of True and False, one for each row"

    @property
    def length(self):
        """How many entries an answer has."""
        return len(self.truth)

    @cached_property
    def truth(self):
        """Keras's answer."""
        one = np.random.default_rng(0).random((1, *self.shape)).astype("float32")
        other = one.copy()
        other[0, self.row] += 1
        before, after = np.asarray(self.layer(one))[0], np.asarray(self.layer(other))[0]
        return [not np.allclose(a, b) for a, b in zip(before, after, strict=True)]


@dataclass(frozen=True)
class Commutes:
    """Are the numbers the same whether a layer stands before Flatten or after it?

    shape: of the batch on which it is tried, with noise.
    """

    layer: keras.Layer
    shape: tuple

    kinds = (bool,)
    form = "True or False"

    @cached_property
    def truth(self):
        """Keras's answer."""
        x = np.random.default_rng(0).normal(size=self.shape).astype("float32")
        flatten = keras.layers.Flatten()
        first, last = flatten(self.layer(x)), self.layer(flatten(x))
        return bool(np.allclose(np.asarray(first), np.asarray(last)))

    @cached_property
    def spreads(self):
        """Whether one number that goes in changes several that come out."""
        x = np.random.default_rng(0).normal(size=self.shape).astype("float32")
        other = x.copy()
        other.flat[0] += 1
        before, after = np.asarray(self.layer(x)), np.asarray(self.layer(other))
        return np.count_nonzero(~np.isclose(before, after)) > 1


@dataclass(frozen=True)
class Place:
    """Which (h, w, c) of an image of this shape stands at this index after Flatten?"""

    index: int
    shape: tuple

    of_keras = True
    kinds = (tuple, list)
    form = "three whole numbers (h, w, c)"
    length = 3

    @cached_property
    def truth(self):
        """Keras's answer, read off an image whose numbers are all different."""
        image = np.arange(np.prod(self.shape)).reshape(1, *self.shape)
        flat = np.asarray(keras.layers.Flatten()(image))[0]
        return plain(np.argwhere(image[0] == flat[self.index])[0])
