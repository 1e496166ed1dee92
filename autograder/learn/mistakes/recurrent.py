"""Beliefs about recurrent layers: LSTM, GRU, SimpleRNN."""

from keras import layers

from autograder.learn.formula import Formula
from autograder.learn.mistakes.rule import rule
from autograder.learn.mistakes.sizes import RECURRENT, product


@rule(
    "layer",
    belief="a recurrent layer gives the last step only, whatever its arguments",
    truth="`return_sequences` decides whether all steps come out or the last one alone",
    hint="make the layer twice, with return_sequences=True and False, and compare.",
)
def sequences_ignored(layer, before, after):
    """LSTM(64, return_sequences=True) on (None, 100, 32) is (None, 64)."""
    if isinstance(layer, RECURRENT) and layer.return_sequences:
        return (before[0], layer.units)
    return None


@rule(
    "layer",
    belief="a recurrent layer gives a result for every step",
    truth="unless `return_sequences=True`, only the result of the last step comes out",
    hint="make the layer twice, with return_sequences=True and False, and compare.",
)
def sequences_for_granted(layer, before, after):
    """LSTM(64) on (None, 100, 32) is (None, 100, 64).

    Met in stackoverflow.com/questions/40331510.
    """
    if isinstance(layer, RECURRENT) and not layer.return_sequences:
        return (before[0], before[1], layer.units)
    return None


@rule(
    "layer",
    belief="the last step comes out as a sequence of one step",
    truth="without `return_sequences=True` the axis of the steps is gone",
    hint="make the layer twice, with return_sequences=True and False, and compare.",
)
def last_step_keeps_axis(layer, before, after):
    """LSTM(64) on (None, 100, 32) is (None, 1, 64)."""
    if isinstance(layer, RECURRENT) and not layer.return_sequences:
        return (before[0], 1, layer.units)
    return None


@rule(
    "layer",
    belief="a recurrent layer keeps the number of features",
    truth="a recurrent layer gives one number for each of its units",
    hint="look at the first argument of the layer.",
)
def recurrent_keeps_features(layer, before, after):
    """LSTM(64, return_sequences=True) on (None, 100, 32) is (None, 100, 32)."""
    return (*after[:-1], before[-1]) if isinstance(layer, RECURRENT) else None


@rule(
    "layer",
    belief="a recurrent layer works on each feature by itself",
    truth="all features of a step go in together, and the units take their place",
    hint="count the axes of the layer's input and output.",
)
def recurrent_on_each_feature(layer, before, after):
    """LSTM(64, return_sequences=True) on (None, 100, 32) is (None, 100, 32, 64)."""
    if isinstance(layer, RECURRENT):
        return (*after[:-1], before[-1], layer.units)
    return None


@rule(
    "layer",
    belief="the results of all steps are joined into one long row",
    truth="the steps keep an axis of their own",
    hint="count the axes that the layer takes, and those that a second such layer would take.",
)
def steps_flattened(layer, before, after):
    """LSTM(64, return_sequences=True) on (None, 100, 32) is (None, 6400)."""
    if isinstance(layer, RECURRENT) and layer.return_sequences:
        return (before[0], product((before[1], layer.units)))
    return None


@rule(
    "layer",
    belief="the units of a recurrent layer are its steps",
    truth="the data say how many steps there are; the units say how much is remembered",
    hint="feed the same layer a longer sequence and see what changes.",
)
def units_are_steps(layer, before, after):
    """LSTM(64, return_sequences=True) on (None, 100, 32) is (None, 64, 32)."""
    if isinstance(layer, RECURRENT):
        return (before[0], layer.units, before[-1])
    return None


def _per_gate(count):
    """Return the parts of an LSTM's Formula without the number of gates; None for others."""
    parts = count.parts
    if {"kernel", "recurrent"} <= parts.keys() and len(parts["kernel"]) == 3:
        return {k: factors[1:] for k, factors in parts.items()}
    return None


def _with_gates(n, count):
    parts = _per_gate(count)
    return parts and Formula({k: (n, *factors) for k, factors in parts.items()}, count.copies)


@rule(
    "layer",
    belief="each of the four sets of an LSTM lets out numbers of its own",
    truth="the four work together on one state, and one number comes out for each unit",
    hint="look at the first argument of the layer.",
    weak=True,
)
def gates_come_out(layer, before, after):
    """LSTM(64, return_sequences=True) on (None, 100, 32) is (None, 100, 256)."""
    return (*after[:-1], 4 * layer.units) if isinstance(layer, layers.LSTM) else None


@rule(
    "count",
    belief="an LSTM has one set of weights, as a SimpleRNN has",
    truth="an LSTM has gates, and each has weights of its own",
    hint="divide the last axis of the layer's kernel by its units.",
)
def one_gate(layer, before, count):
    """LSTM(64) on (100, 32) has 32 x 64 + 64 x 64 + 64 parameters."""
    parts = _per_gate(count) if isinstance(layer, layers.LSTM) else None
    return parts and Formula(parts, count.copies)


@rule(
    "count",
    belief="an LSTM has three sets of weights, one for each gate that opens and closes",
    truth="besides its gates, an LSTM has weights that make the new content of its memory",
    hint="divide the last axis of the layer's kernel by its units.",
)
def three_gates(layer, before, count):
    """LSTM(64) on (100, 32) has 3 x (32 x 64 + 64 x 64 + 64) parameters."""
    return _with_gates(3, count) if isinstance(layer, layers.LSTM) else None


@rule(
    "count",
    belief="an LSTM has the weights of a GRU",
    truth="a GRU and an LSTM differ in the number of their gates and of their biases",
    hint="make a GRU and an LSTM of another size and print the shapes of their weights.",
)
def lstm_as_gru(layer, before, count):
    """LSTM(64) on (100, 32) has 3 x (32 x 64 + 64 x 64 + 2 x 64) parameters."""
    found = _with_gates(3, count) if isinstance(layer, layers.LSTM) else None
    return found and found.with_part(bias=(2, 3, layer.units))


@rule(
    "count",
    belief="all gates share one bias",
    truth="each gate has a bias for each unit",
    hint="print the shape of the bias of an LSTM of another size.",
)
def gates_share_bias(layer, before, count):
    """LSTM(64) on (100, 32) has 4 x (32 x 64 + 64 x 64) + 64 parameters."""
    gated = isinstance(layer, (layers.LSTM, layers.GRU)) and "bias" in count.parts
    return count.with_part(bias=(layer.units,)) if gated else None


@rule(
    "count",
    belief="each gate has a single bias",
    truth="each gate has a bias for each unit",
    hint="print the shape of the bias of an LSTM of another size.",
)
def bias_for_each_gate(layer, before, count):
    """LSTM(64) on (100, 32) has 4 x (32 x 64 + 64 x 64 + 1) parameters."""
    gated = isinstance(layer, (layers.LSTM, layers.GRU)) and "bias" in count.parts
    return count.with_part(bias=count.parts["bias"][:-1]) if gated else None


@rule(
    "count",
    belief="both rows of an LSTM's state have weights",
    truth="its gates look at one of the two, the row that was let out at the step before",
    hint="print the shape of the layer's second weight.",
)
def both_states_weighed(layer, before, count):
    """LSTM(64) on (100, 32) has 4 x (32 x 64 + 2 x 64 x 64 + 64) parameters."""
    memory = count.parts.get("recurrent", ())
    return count.with_part(recurrent=(2, *memory)) if isinstance(layer, layers.LSTM) else None


@rule(
    "count",
    belief="a recurrent layer has weights for its inputs only",
    truth="a recurrent layer also has weights for what it remembers, from each unit to each",
    hint="print the shapes of the layer's weights, one by one.",
)
def memory_forgotten(layer, before, count):
    """LSTM(64) on (100, 32) has 4 x (32 x 64 + 64) parameters."""
    return count.with_part(recurrent=None) if "recurrent" in count.parts else None


@rule(
    "count",
    belief="a recurrent layer has a weight for each step",
    truth="its weights are for the features of a single step; all the steps share them",
    hint="print the shapes of the layer's weights for a longer sequence, and for more features.",
)
def steps_for_features(layer, before, count):
    """LSTM(64) on (100, 32) has 4 x (100 x 64 + 64 x 64 + 64) parameters."""
    kernel = count.parts.get("kernel", ())
    if not isinstance(layer, RECURRENT) or before[1] is None or len(kernel) < 2:
        return None
    return count.with_part(kernel=(*kernel[:-2], before[1], kernel[-1]))


@rule(
    "count",
    belief="units and features may change places",
    truth="the weights are repeated for each unit: a unit has one for each feature, one for each "
    "unit of the step before, and a bias",
    hint="print the shapes of the layer's weights: which of the sizes is a multiple of the units?",
)
def units_for_features(layer, before, count):
    """LSTM(64) on (100, 32) has 4 x 32 x (64 + 32 + 1) parameters."""
    parts, features = count.parts, before[-1]
    if not isinstance(layer, RECURRENT) or not {"kernel", "recurrent", "bias"} <= parts.keys():
        return None
    return count.with_part(
        kernel=(*parts["kernel"][:-2], layer.units, features),
        recurrent=(*parts["recurrent"][:-2], features, features),
        bias=(*parts["bias"][:-1], features),
    )


@rule(
    "count",
    belief="each step of a sequence has weights of its own",
    truth="all steps share the same weights; that is why the sequence may have any length",
    hint="count the parameters of the same layer on longer sequences: do they grow?",
)
def weights_per_step(layer, before, count):
    """LSTM(64) on (100, 32) has 100 times the parameters that it has on a single step."""
    if isinstance(layer, RECURRENT) and before[1] is not None:
        return count.times(*count.copies, before[1])
    return None


@rule(
    "count",
    belief="there are two biases for each gate, one for the inputs and one for what is remembered",
    truth="other libraries keep two; an LSTM of Keras has one for each gate and unit",
    hint="print the shapes of the layer's weights, one by one.",
)
def two_biases(layer, before, count):
    """LSTM(64) on (100, 32) has 4 x (32 x 64 + 64 x 64 + 2 x 64) parameters."""
    bias = count.parts.get("bias", ())
    single = isinstance(layer, (layers.LSTM, layers.SimpleRNN)) and bias
    return count.with_part(bias=(2, *bias)) if single else None


@rule(
    "count",
    belief="a unit remembers only what it gave itself",
    truth="each unit has a weight for what every unit gave at the step before",
    hint="print the shape of the layer's second weight.",
)
def one_weight_for_memory(layer, before, count):
    """LSTM(64) on (100, 32) has 4 x (32 x 64 + 64 + 64) parameters."""
    memory = count.parts.get("recurrent", ())
    return count.with_part(recurrent=memory[:-1]) if memory else None


@rule(
    "count",
    belief="a recurrent layer sees the whole sequence at once",
    truth="it sees one step at a time, and its weights are for the features of a single step",
    hint="count the parameters of the same layer on longer sequences: do they grow?",
)
def sequence_unrolled(layer, before, count):
    """LSTM(64) on (100, 32) has 4 x (3200 x 64 + 64 x 64 + 64) parameters."""
    kernel = count.parts.get("kernel", ())
    if not isinstance(layer, RECURRENT) or None in before[1:3] or len(kernel) < 2:
        return None
    return count.with_part(kernel=(*kernel[:-2], before[1] * before[2], kernel[-1]))
