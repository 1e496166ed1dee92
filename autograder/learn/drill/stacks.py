"""Layers in a row, drawn at random: what puzzles are made of.

Nothing here works out a shape: a layer is added to a real Keras model, and where Keras refuses
it, the whole stack is drawn again. The same state of a random.Random draws the same stack.
"""

import math
import re
from dataclasses import dataclass, replace

import keras
from keras import layers

#: The largest sample that a puzzle goes through, in numbers.
LARGEST = 13_000


class DoesNotFit(ValueError):
    """These layers don't go together, or make an ugly puzzle."""


@dataclass(frozen=True)
class Spec:
    """A layer as it is written: layers.kind(*args, **options). args may hold a Spec."""

    kind: str
    args: tuple = ()
    options: tuple = ()

    def __str__(self):
        said = [write(arg) for arg in self.args]
        said += [f"{name}={write(value)}" for name, value in self.options]
        return f"layers.{self.kind}({', '.join(said)})"

    def build(self, i=0):
        """Return the layer, the i-th of its model."""
        args = [arg.build() if isinstance(arg, Spec) else arg for arg in self.args]
        # A name of its own keeps it out of the count of the learner's unnamed layers.
        name = f"{_snake_case(self.kind)}_{i}"
        return getattr(layers, self.kind)(*args, **dict(self.options), name=name)


def _snake_case(kind):
    """Return the name of a class as Keras writes it in the names of layers: max_pooling2d."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=.)(?=[A-Z][a-z])", "_", kind).lower()


def spec(kind, *args, **options):
    """Return the Spec of a layer, written like the layer itself."""
    return Spec(kind, args, tuple(options.items()))


def write(value):
    """Return a value as it is written in code, strings in double quotes."""
    return f'"{value}"' if isinstance(value, str) else str(value)


class Stack:
    """A model that grows layer by layer. start: the shape that goes in, batch included."""

    def __init__(self, start):
        self.start, self.specs, self.layers = tuple(start), [], []
        self._first = self._last = keras.Input(batch_shape=self.start, name="puzzle_input")

    @property
    def shape(self):
        """The shape that the last layer gives, as Keras says it."""
        return tuple(self._last.shape)

    @property
    def axes(self):
        """The number of axes of a sample."""
        return len(self._last.shape) - 1

    def add(self, kind, *args, **options):
        """Add a layer. Keras raises a ValueError if it takes no such input."""
        self.add_spec(spec(kind, *args, **options))

    def add_spec(self, new):
        """Add the layer that a Spec describes."""
        layer = new.build(len(self.specs) + 1)
        self._last = layer(self._last)
        self.specs.append(new)
        self.layers.append(layer)
        if math.prod(n or 1 for n in self.shape[1:]) > LARGEST:
            raise DoesNotFit("more numbers than anyone wants to multiply")

    def model(self):
        """Return the model from the first to the last layer."""
        return keras.Model(self._first, self._last, name="puzzle")


# --- what goes in -----------------------------------------------------------------------------


def draw_sizes(rng, level, axes):
    """Return the sizes of a row, an image or a table: square and even first, odd and open later."""
    even, odd = (6, 8, 10, 12, 16, 20, 28, 32), (9, 11, 13, 14, 15, 17, 21, 24, 27, 30, 33)
    if level == 1:
        return [rng.choice(even)] * axes
    if level == 5 and rng.random() < 0.3:
        return [None] * axes
    return [rng.choice(even if level == 2 else odd) for _ in range(axes)]


def draw_start(rng, level, axes):
    """Return the shape of a batch with so many axes a sample, channels or features last."""
    last = rng.choice((2, 3, 5, 8, 16) if axes > 1 else (4, 6, 9, 12, 24))
    sample = [*draw_sizes(rng, level, axes - 1), last]
    real = level >= 3 and None not in sample and rng.random() < 0.25
    return (rng.choice((2, 5, 7)) if real else None, *sample)


# --- layers -----------------------------------------------------------------------------------
# Each function adds one layer that is likely to fit what the stack gives so far.


def _convolution(stack, rng, level):
    axes = stack.axes - 1
    kernel, options = rng.choice((2, 3, 3, 5)), {}
    if level >= 3:
        options = rng.choice(({}, {"strides": 2}, {"padding": "same"}, {"use_bias": False}))
    if level >= 4:
        more = {"strides": 2, "padding": "same"}, {"padding": "same", "use_bias": False}
        options = rng.choice((options, *more))
        kernel = rng.choice((kernel, (3, 5))) if axes == 2 else kernel
    if level == 5 and "strides" not in options and rng.random() < 0.3:
        options = {**options, "dilation_rate": 2}
    stack.add(f"Conv{axes}D", rng.choice((4, 6, 7, 12, 32)), kernel, **options)


def _pooling(stack, rng, level):
    kind = rng.choice(("MaxPooling", "MaxPooling", "AveragePooling"))
    if level >= 2 and rng.random() < 0.15:
        stack.add(f"Global{kind}{stack.axes - 1}D")
        return
    choices = {}, {}, {"strides": 2}, {"strides": 1}, {"padding": "same"}
    options = rng.choice(choices) if level >= 3 else {}
    size = rng.choice((2, 2, 3) if level < 3 else (2, 3, 4))
    stack.add(f"{kind}{stack.axes - 1}D", size, **options)


def _dense(stack, rng, level):
    stack.add("Dense", rng.choice((1, 4, 5, 10, 16, 32)))


def _recurrent(stack, rng, level, sequences=None):
    kind = rng.choice(("LSTM", "LSTM", "SimpleRNN") if level < 3 else ("LSTM", "GRU", "SimpleRNN"))
    if sequences is None:
        sequences = level >= 2 and rng.random() < 0.5
    options = {"return_sequences": True} if sequences else {}
    new = spec(kind, rng.choice((4, 6, 10, 16, 32)), **options)
    wrapped = level >= 4 and rng.random() < 0.3
    stack.add_spec(spec("Bidirectional", new) if wrapped else new)


def _sequences(stack, rng, level):
    _recurrent(stack, rng, level, sequences=True)


def _flatten(stack, rng, level):
    stack.add("Flatten")


def _embedding(stack, rng, level):
    stack.add("Embedding", rng.choice((50, 200, 1000)), rng.choice((4, 8, 16)))


def _reshape(stack, rng, level):
    kinds = {1: [_reshaped, _repeated][: 1 + (level >= 2)]}.get(stack.axes, [_permuted, _reshaped])
    rng.choice(kinds)(stack, rng, level)


def _permuted(stack, rng, level):
    order = list(range(1, stack.axes + 1))
    while order == sorted(order):
        rng.shuffle(order)
    stack.add("Permute", tuple(order))


def _repeated(stack, rng, level):
    stack.add("RepeatVector", rng.choice((3, 4, 7)))


def _reshaped(stack, rng, level):
    """Add a Reshape that shares out the numbers of a sample anew."""
    if None in stack.shape[1:]:
        raise DoesNotFit("open sizes can't be shared out anew")
    sizes = [math.prod(stack.shape[1:])]
    for _ in range(2 if level >= 2 and rng.random() < 0.5 else 1):
        divisors = [d for d in range(2, 50) if sizes[-1] % d == 0 and d < sizes[-1]]
        if not divisors:
            raise DoesNotFit("nothing to share out")
        divisor = rng.choice(divisors)
        sizes[-1:] = [divisor, sizes[-1] // divisor]
    if tuple(sizes) == stack.shape[1:]:
        raise DoesNotFit("the same sizes again")
    if level >= 3 and rng.random() < 0.5:
        sizes[rng.randrange(len(sizes))] = -1
    stack.add("Reshape", tuple(sizes))


def _halved(stack, rng, level):
    stack.add(f"MaxPooling{stack.axes - 1}D", 2)


def _quiet(stack, rng, level):
    """Add a layer that changes no shape."""
    kind = rng.choice(("BatchNormalization", "Dropout", "ReLU"))
    stack.add(kind, *((0.5,) if kind == "Dropout" else ()))


def _companion(stack, rng, level, keep=False):
    """Add a layer that the puzzle is not about. keep: it leaves the number of axes as it is."""
    fitting = [_dense]
    if stack.axes in (2, 3):
        fitting += [_convolution, _halved] * 2
    if stack.axes == 2:
        fitting += [_sequences]
    if level >= 4:
        fitting += [_quiet]
    if not keep and stack.axes > 1:
        fitting += [_flatten]
    if not keep and stack.axes == 2:
        fitting += [_recurrent]
    rng.choice(fitting)(stack, rng, level)


#: For each topic: the numbers of axes a sample may have, and what adds the layer in question.
_CORES = {
    "flatten": ((2, 3), _flatten),
    "convolution": ((2, 3, 3), _convolution),
    "pooling": ((2, 3, 3), _pooling),
    "dense": ((1, 2, 3), _dense),
    "recurrent": ((2,), _recurrent),
    "embedding": ((1,), _embedding),
    "reshape": ((1, 2, 3), _reshape),
}


def draw_stack(topic, level, rng, companions):
    """Return a Stack about a topic, and the index of the layer in question."""
    axes, add = _CORES[topic]
    if topic == "embedding":
        before, stack = 0, Stack((None, *draw_sizes(rng, level, 1)))
    else:
        before, stack = rng.randint(0, companions), Stack(draw_start(rng, level, rng.choice(axes)))
    for _ in range(before):
        _companion(stack, rng, level, keep=True)
    add(stack, rng, level)
    for _ in range(companions - before):
        _companion(stack, rng, level)
    return stack, before


# --- what may break ---------------------------------------------------------------------------
# Each function spoils a start and a list of Specs, or not: Keras has the last word.


def _without_channels(start, specs, rng):
    return start[:-1], specs


def _with_axis(start, specs, rng):
    return (*start, rng.choice((1, 3))), specs


def _with_open_sizes(start, specs, rng):
    return (start[0], *(None for _ in start[1:-1]), start[-1]), specs


def _with_flatten(start, specs, rng):
    at = rng.randint(0, len(specs) - 1)
    return start, [*specs[:at], spec("Flatten"), *specs[at:]]


def _with_small_sizes(start, specs, rng):
    return (start[0], *(rng.choice((4, 5, 6, 7)) for _ in start[1:-1]), start[-1]), specs


def _without_sequences(start, specs, rng):
    return start, [replace(s, options=()) if "return_sequences" in str(s) else s for s in specs]


def _with_other_sizes(start, specs, rng):
    return start, [
        replace(s, args=((*s.args[0][:-1], s.args[0][-1] + 1),)) if s.kind == "Reshape" else s
        for s in specs
    ]


def _without_one(start, specs, rng):
    at = rng.randrange(len(specs))
    return start, specs[:at] + specs[at + 1 :]


def _with_recurrent(start, specs, rng):
    at = rng.randint(0, len(specs))
    return start, [*specs[:at], spec(rng.choice(("LSTM", "GRU")), rng.choice((4, 8))), *specs[at:]]


_SPOILERS = (
    *(_without_channels, _with_axis, _with_open_sizes, _with_small_sizes, _with_small_sizes),
    *(_with_flatten, _without_sequences, _with_other_sizes, _without_one, _with_recurrent),
)


def draw_doubtful(topic, level, rng):
    """Return a start and at least two Specs, of which one may break."""
    stack, _ = draw_stack(topic, level, rng, companions=max(1, level - 1))
    spoil = rng.choice(_SPOILERS)
    start, specs = spoil((None, *stack.start[1:]), list(stack.specs), rng)
    if len(specs) < 2 or len(start) < 2:
        raise DoesNotFit("too short to be a puzzle")
    return start, specs
