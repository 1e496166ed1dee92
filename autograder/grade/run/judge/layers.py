"""Stand-ins for a student's layers and models, and those that can be put together here.

This needs Keras, which takes seconds to import. So `remote` imports it only where it is needed: for
a lesson without Keras, or an answer without it, that is never.
"""

import functools

import keras
import numpy as np

from autograder.grade.run import vetting, wire
from autograder.grade.run.judge.objects import Undecided, asked_from, refuse
from autograder.grade.run.vetting import Refused, plain

__all__ = ["Refused", "Remote", "is_followed", "plain", "rebuilt", "stand_in", "update"]

_words = str.split

#: What stand-ins for layers and models answer by themselves, from weights and parts that are here.
_HERE = frozenset(
    _words(
        """
    weights variables get_weights set_weights count_params layers get_layer inputs outputs input
    output input_shape output_shape built name trainable_weights non_trainable_weights
    trainable_variables non_trainable_variables activation
    """
    )
)
#: What Keras's code does with what it knows of a model: where parts of it are elsewhere, or what
#: compiling left, that is the original's to do.
_RUNNING = frozenset(
    _words(
        """
    compute_output_shape predict predict_on_batch predict_step evaluate fit train_on_batch
    test_on_batch compile summary get_config to_json save export save_weights load_weights
    stateless_call
    """
    )
)
_COMPILED = frozenset(
    _words(
        """
    to_json evaluate fit train_on_batch test_on_batch optimizer loss metrics metrics_names compiled
    compiled_metrics compiled_loss get_compile_config compute_loss reset_metrics
    metrics_variables get_metrics_result stop_training steps_per_execution
    """
    )
)
_OURS = ("keras.", "tensorflow.", "autograder.grade.")


class Linked:
    """A layer or model here that knows its original: what isn't known here, is asked there."""

    stands_for_original = False  # what it is of itself goes along, see `hand_over`

    def hand_over(self):
        """Return the handle of the original, which gets our weights first."""
        return _own(self, "_student").hand_over(self)

    def class_there(self):
        """Return what stands for the class of the original, one of the student's."""
        return _own(self, "_student").part(_own(self, "original"), "__class__", None)

    def __getattribute__(self, name):
        if name in _asked(self) and not asked_from(*_OURS):
            return _from_there(self, name)
        return super().__getattribute__(name)

    def __getattr__(self, name):
        if name.startswith("_") or asked_from(*_OURS):
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        return _from_there(self, name)

    @property
    def __class__(self):
        return _kind_of(self)


def _own(thing, name, otherwise=None):
    return object.__getattribute__(thing, "__dict__").get(name, otherwise)


def _asked(thing):
    return _own(thing, "_asked", ())


def _kind_of(thing):
    return _own(thing, "_kind") or type(thing)


def _from_there(layer, name):
    """Return an attribute of a layer or model as its original has it."""
    student, handle = _own(layer, "_student"), _own(layer, "original")

    def method(name):
        def call(*args, **kwargs):
            return student.call_layer(layer, args, kwargs, name)

        call.__name__ = name
        return call

    if callable(getattr(type(layer), name, None)) and name not in ("loss", "compiled_metrics"):
        return method(name)
    return student.part(handle, name, method)


class Partly(Linked):
    """Comes before the class of a model that is put together here, but not with all it has there.

    What compiling left there is of no account once a check compiles the model here.
    """

    def compile(self, *args, **kwargs):
        """Compile the model that is here."""
        object.__setattr__(self, "_asked", ())
        return super().compile(*args, **kwargs)


def _linked(made, student, handle, about):
    """Return a layer or model that was put together here; it asks its original where it has to."""
    parts = getattr(made, "layers", ())
    asked = set(_COMPILED) if about["compiled"] else set()
    if any(isinstance(x, Linked) for x in parts):
        asked |= _RUNNING | _COMPILED
    if about["class"]:
        asked |= {"get_config", "to_json"}
    if not asked:
        return made
    kind = type(made)
    derived = type(about["class"] or kind.__name__, (Partly, kind), {})
    if about["class"] and about["seen"]["borrows"]:
        derived.seen_there = {**about["seen"]}
    about = {"_asked": asked, "_kind": None if about["class"] else kind, "_student": student}
    about |= {"original": handle}
    for name, value in about.items():
        object.__setattr__(made, name, value)
    object.__setattr__(made, "__class__", derived)
    return made


class Remote(Linked):
    """What stand-ins for layers and for models have in common; comes before Keras's class."""

    def __init__(self, student, handle, about, base):
        kind = base if about["exact"] else None
        for name, value in {"_student": student, "original": handle, "_kind": kind}.items():
            object.__setattr__(self, name, value)
        (keras.Model if isinstance(self, keras.Model) else keras.Layer).__init__(
            self, name=_keras_name(about["name"])
        )
        object.__setattr__(self, "_asked", _asked_of(base))
        self._given = None
        takes, borrows = about["seen"]["takes"], about["seen"]["borrows"] or []
        self._seen = {"takes": None if takes is None else tuple(takes), "borrows": tuple(borrows)}
        self._contents = _Contents({"names": [], "weights": [], "trainable": [], "parts": []})
        self.supports_masking = True
        if about["activation"] is not None:
            self.activation = self._own_activation = _named(about["activation"])
        self.take(about)

    def take(self, about):
        """Take over weights, and the parts that have them, from facts about the original."""
        new, same = _Contents(about), self.built or bool(self.weights)
        if same and [w.shape for w in new.weights] == [w.shape for w in self.weights]:
            self.set_weights([np.asarray(w) for w in new.weights])
        elif self.built and self.weights:
            raise Undecided(
                f"{self.name}, which is of a class of the student's, had weights of "
                f"{_shapes(self.weights)}, and has those of {_shapes(new.weights)} by now"
            )
        else:  # a model that was only marked as built gets its weights when it is called
            self._contents = new
        self.built = self.built or about["built"]

    @property
    def seen_there(self):
        """What was seen of its code where it runs; see autograder.learn.seen."""
        return dict(self._seen)

    @property
    def weights(self):
        """The copies here of the original's weights."""
        return list(self._contents.weights)

    @property
    def variables(self):
        """The same: of the rest of the original's state nothing is known."""
        return list(self._contents.weights)

    def other_activations(self):
        """Return the parts whose activation a check has exchanged: pairs of index and name.

        An index of -1 is the layer itself.
        """
        pairs = zip(self._contents.parts, self._contents.activations, strict=True)
        found = [(i, x) for i, (x, old) in enumerate(pairs) if _differs(x, old)]
        if _differs(self, getattr(self, "_own_activation", None)):
            found.append((-1, self))
        return [[i, getattr(x.activation, "__name__", "linear")] for i, x in found]

    def __call__(self, *args, **kwargs):
        """Call the original; where it is put into a graph, note the call in ours."""
        result = self._student.call_layer(self, args, kwargs)
        asked = keras.tree.flatten((args, kwargs))
        if not any(isinstance(x, keras.KerasTensor) for x in asked):
            return result
        if not all(type(x) is keras.KerasTensor for x in keras.tree.flatten(result)):
            return result
        self.built, self._given = True, result
        return keras.Layer.__call__(self, *args, **kwargs)

    def __setattr__(self, name, value):
        is_followed = name == "activation" or name.startswith("_")
        if not is_followed and not asked_from(*_OURS):
            refuse(f"the check sets {name} of the answer, which is of a class of the student's")
        super().__setattr__(name, value)

    def compute_output_spec(self, *args, **kwargs):
        """Return what the original said of this call."""
        return self._given

    def compute_mask(self, inputs, previous_mask=None):
        """Hand a mask on."""
        return previous_mask

    def call(self, *args, **kwargs):
        """Do nothing: the original is called, see __call__."""
        raise NotImplementedError("the original is called")

    def get_config(self):
        """Return the name; the rest stays where it is."""
        if not self._student.is_handing_over:
            refuse("the check copies a layer of the student's own")
        return {"name": self.name}

    @classmethod
    def from_config(cls, config):
        """Refuse: there is one original."""
        refuse("the check copies a layer of the student's own")


class _Contents:
    """What a stand-in holds, out of sight of Keras, which would not let it be exchanged."""

    def __init__(self, about):
        facts = zip(about["names"], about["weights"], about["trainable"], strict=True)
        own = [
            keras.Variable(numbers, name=_keras_name(name), trainable=trainable)
            for name, numbers, trainable in facts
        ]
        self.parts = about["parts"]
        self.activations = [getattr(x, "activation", None) for x in self.parts]
        every = own + [w for part in self.parts for w in part.weights]
        self.weights = list({id(w): w for w in every}.values())


class RemoteLayer(Remote, keras.Layer):
    """Stands for a layer of the student's own: its calls are made there, its weights are here."""


class RemoteModel(Remote, keras.Model):
    """Stands for a model of the student's own: its calls are made there, its weights are here."""

    def __init__(self, student, handle, about, base):
        super().__init__(student, handle, about, base)
        object.__setattr__(self, "_ends", about["ends"] or (None, None))

    @property
    def layers(self):
        """The parts of the original, as far as they can be put together here."""
        return list(self._contents.parts)

    @property
    def inputs(self):
        """What the model begins with, if it has declared it."""
        return self._end(0)

    @property
    def outputs(self):
        """What the model ends in, if it has declared its inputs."""
        return self._end(1)

    def _end(self, number):
        ends = _own(self, "_ends", (None, None))[number]
        if ends is None:
            raise AttributeError("the model declares no inputs")
        return ends

    @property
    def input_shape(self):
        """The shape of the input, if the model has declared one."""
        return _shape_at(self, "inputs")

    @property
    def output_shape(self):
        """The shape of the output, if the model has declared its inputs."""
        return _shape_at(self, "outputs")


@functools.cache
def _asked_of(base):
    """Return what stand-ins for layers of a class of Keras's, or one derived from it, ask for."""
    public = {name for name in dir(base) if not name.startswith("_")}
    return frozenset(public - _HERE) | (_COMPILED if issubclass(base, keras.Model) else set())


def stand_in(student, kind, handle, about):
    """Return what stands for a layer or model that stays where it is."""
    kind_here, base = (
        (RemoteModel, keras.Model) if kind == "remote_model" else (RemoteLayer, keras.Layer)
    )
    if not all(isinstance(part, keras.Layer) for part in about["parts"]):
        raise wire.Bad("parts that are no layers")
    known = keras if about["base"] == "Sequential" else keras.layers
    named = getattr(known, about["base"] or "", None)
    if isinstance(named, type) and issubclass(named, base):
        base = named
    bases = (kind_here,) if base in kind_here.__mro__ else (kind_here, base)
    return type(about["class"], bases, {})(student, handle, about, base)


def is_followed():
    """Tell whether TensorFlow follows what is computed just now, for a gradient of it."""
    from tensorflow.python.eager import record  # nothing public tells

    return record.could_possibly_record()


def _named(name):
    """Return what stands for a function of which only the name is known."""

    def function(x):
        raise NotImplementedError("the original is called")

    function.__name__ = name
    return function


def _keras_name(name):
    return name.replace("/", "_") or "unnamed"


def _shapes(weights):
    """Return the shapes of weights, for a sentence."""
    told = [str(tuple(w.shape)) for w in weights[:3]]
    return ", ".join(told + ["..."] * (len(weights) > 3)) or "no shape"


def _differs(layer, old):
    return getattr(layer, "activation", None) is not old


def _shape_at(model, end):
    tensors = getattr(model, end, None)
    if not tensors:
        raise AttributeError(f"the model declares no {end}")
    shapes = [tuple(x.shape) for x in tensors]
    return shapes[0] if len(shapes) == 1 else shapes


def rebuilt(student, kind, handle, about):
    """Return a layer or model of Keras's own classes, put together here; Refused if it can't be."""
    rebuild = vetting.rebuild_model if kind == "model" else vetting.rebuild_layer
    made = rebuild(about["config"], about["weights"], later=Undecided)
    wire.set_trainable(made, about["trainable"])
    for layer in made._flatten_layers():
        if isinstance(layer, keras.layers.InputLayer):
            layer.trainable = layer.name not in about["frozen"]
    return _linked(wire.with_names(made, about["inputs"]), student, handle, about)


def like(layer):
    """Return what a check may change of a layer: its weights; what is trainable, and compiled."""
    trainable = [part.trainable for part in wire.each_layer(layer)]
    return layer.get_weights(), (trainable, getattr(layer, "compiled", False) is True)


def update(layer, built, weights):
    """Set a layer's weights; build it first for the shapes that it met, if they are harmless."""
    shapes = [w.shape for w in weights]
    if [tuple(w.shape) for w in layer.weights] != shapes:
        _build(layer, built, weights)
    layer.set_weights(weights)


def set_like(layer, settings):
    """Have a layer and all in it be trainable or not, as on the other side.

    Return whether it was compiled over there. settings: as `student.agent` tells them.
    """
    if settings is None:
        return False
    fine = type(settings) is list and len(settings) == 2 and type(settings[0]) is list
    trainable, is_compiled = settings if fine else ([], None)
    parts = list(wire.each_layer(layer))
    if len(parts) != len(trainable) or not all(type(x) is bool for x in [*trainable, is_compiled]):
        raise wire.Bad("more than weights and what is trainable")
    wire.set_trainable(layer, trainable)
    return is_compiled


def _build(layer, built, weights):
    if layer.weights or type(built) is not dict:
        raise wire.Bad("weights that don't fit")
    config = plain(keras.saving.serialize_keras_object(layer))
    config.pop("compile_config", None)
    if isinstance(layer, keras.Sequential):
        config["config"]["build_input_shape"] = built.get("input_shape")
        vetting.rebuild_model(config, weights)
    else:
        vetting.rebuild_layer({**config, "build_config": built}, weights)
    layer.build_from_config(built)
