"""Why a layer gives the shape it gives and has the weights it has: a sentence a kind of layer.

To teach a further kind, register a function for its class:

    @reason.register(MyLayer)
    def _my_layer(layer, call):
        return Reason("MyLayer swaps height and width", "one number for each channel")

`layers` has the layers with sums of their own, `plain` those of one sentence, `operations` those
of keras.ops.
"""

from dataclasses import replace

import keras

from autograder.learn.reasons.layers import reason
from autograder.learn.reasons.operations import operation_reason
from autograder.learn.reasons.plain import BY_CLASS, plain_reason
from autograder.learn.reasons.words import Reason, Unknown, listed, many, written

__all__ = ["Reason", "Unknown", "listed", "many", "reason", "reason_for", "written"]

#: What goes wrong where a layer has settings, or a shape, that its sentence was not written for.
UNFIT = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, Unknown)


def reason_for(call):
    """Return the Reason for a Call; raise Unknown where there is none."""
    if not isinstance(call.layer, keras.Layer):
        return operation_reason(call)
    kind = type(call.layer)
    base = next(base for base in kind.__mro__ if base in reason.registry)
    name = next((k.__name__ for k in kind.__mro__ if of_keras(k) and k.__name__ in BY_CLASS), None)
    if kind not in reason.registry and not of_keras(kind) and base is not keras.Model:
        # A class of somebody's own may change what its base class does, in any way.
        if name == "Layer":
            raise Unknown(f"{kind.__name__} is not a layer I know")
        raise Unknown(f"{kind.__name__} is built on {name}, but I do not know it")
    if kind.__name__ != name == "Layer":
        name = None
    # What holds for a class of Keras need not hold for one that is built on it.
    if kind not in reason.registry and kind.__name__ in BY_CLASS:
        return _when(plain_reason(name, call), call)
    try:
        return _when(reason.dispatch(kind)(call.layer, call), call)
    except UNFIT:
        return _when(plain_reason(name, call), call)


def _when(found, call):
    """Return a Reason in which a call that says training= is told so."""
    training = call.given.get("training")
    if not isinstance(training, bool) or "training only" not in found.shape:
        return found
    when = "always, by training=True" if training else "never, by training=False"
    shape = found.shape.replace("in training only", when)
    return replace(found, shape=shape.replace("In training only", f"{when[0].upper()}{when[1:]}"))


def of_keras(kind):
    """Tell whether a class is Keras's own."""
    return kind.__module__.split(".")[0] == "keras"
