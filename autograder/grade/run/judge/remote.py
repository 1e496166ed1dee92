"""A student's answers as the checks see them: values, and stand-ins for what can't be data.

`Student` asks a student's process for the value of a name. Numbers, texts and arrays come as they
are; layers and models of Keras's own classes are put together here from vetted configurations
(see `vetting`). Functions, layers and models of the student's own, and all else, stay where they
are: their stand-ins (see `stand_ins`) send arguments and fetch results, each result read with the
same bounds as any other data. What a stand-in isn't sure of, it asks the original. No attribute of
a stand-in runs code of the student's in this process.

What comes back can be anything that a student's process chooses to send. So a stand-in can lie;
but only by computing, for arguments it didn't choose, what is right.
"""

import builtins
import contextlib
import functools
import warnings

import keras
import numpy as np

from autograder.grade.run import vetting, wire
from autograder.grade.run.judge import objects
from autograder.grade.run.judge.objects import Undecided, asked_from, refuse

#: How deep requests may call for other requests.
NESTED = 20


class Lost(BaseException):
    """The student's process doesn't answer any more. error: what `ask` raised."""

    def __init__(self, error):
        super().__init__(str(error))
        self.error = error
        objects.stops.append(self)


class Student:
    """The names of a student's notebook, asked for one by one.

    ask: ask(request) sends a request (see `student.agent`) and returns the reply, both JSON-ready
    objects. It may raise wire.Bad for what is no reply; all else it raises becomes Lost.
    """

    def __init__(self, ask):
        self._ask, self._nested = ask, 0
        self.pushed = {}  # by handle of theirs: the weights that it has there
        self._handed = []  # by handle of ours: layers that were arguments
        self._objects, self._layers = {}, {}  # by handle of theirs: what stands for it here
        self.is_handing_over, self._lent = False, []
        self.of_lesson = lambda name: False  # whether the lesson has a class of that name

    def value(self, name):
        """Return the value of a name; raise NameError if it has none."""
        reply = self._request(op="get", name=name)
        if reply.get("missing") is True:
            raise NameError(f"name {name!r} is not defined")
        try:
            return self._settled(reply, f"the value of {name}")
        except Exception as error:
            raise Undecided(f"to look at {name} raises {type(error).__name__}") from error

    def seed(self, number):
        """Set all seeds in the student's process."""
        self._settled(self._request(op="seed", seed=number))

    def forget(self):
        """Let go of all that the student's process keeps for us; stand-ins die with it."""
        self.pushed.clear()
        for known in (self._handed, self._objects, self._layers):
            known.clear()
        self._settled(self._request(op="forget"))

    def call(self, handle, args, kwargs, name=None):
        """Call a function of the student's, or the method of an object that has this name.

        Weights that it changes in `args` change here, too.
        """
        self._lent = []
        data, lent = (self._sendable(args), self._sendable(kwargs)), self._lent
        request = {"handle": handle, "args": data[0], "kwargs": data[1], "name": name}
        reply = self._request(op="call", **request)
        for layer in lent:
            self._take_over(layer, self._request(op="weights", handle=layer.original))
        with self._reading():
            _bring_up_to_date(self._handed, reply.get("changed") or [])
        if name == "__next__" and reply.get("ended") is True:
            raise StopIteration
        return self._settled(reply, "what the function returns")

    def part(self, handle, name, method):
        """Return an attribute of an object; of a method of it, what method(name) returns."""
        reply = self._request(op="part", handle=handle, name=name)
        return method(name) if reply.get("method") is True else self._settled(reply, same=True)

    def call_layer(self, layer, args, kwargs, name=None):
        """Call what a stand-in for a layer stands for (or a method), with our weights."""
        data = self._sendable(args), self._sendable(kwargs)
        handle, remote = layer.original, isinstance(layer, Remote)
        push = {"activations": [], "weights": None, "name": name, "facts": remote}
        if remote:
            push["activations"] = layer.other_activations()
        numbers = layer.get_weights()
        if not _same_arrays(self.pushed.get(handle), numbers):
            push["weights"] = self._sendable(numbers)
        request = {"handle": handle, "args": data[0], "kwargs": data[1]}
        reply = self._request(op="layer", **request, push=push)
        if push["weights"] is not None and "error" not in reply:
            self.pushed[handle] = numbers
        if "facts" in reply and remote:
            self._renew(layer, reply["facts"])
        else:
            self._take_over(layer, reply)
        return self._settled(reply, f"what {layer.name} returns")

    def hand_over(self, layer):
        """Return the handle of a layer that stays there; see to it that it has our weights."""
        self._lent.append(layer)
        if not _same_arrays(self.pushed.get(layer.original), layer.get_weights()):
            self.call_layer(layer, (), {}, "count_params")
        return layer.original

    def _take_over(self, layer, reply):
        """Give a layer here the weights that its original has now."""
        if "weights" in reply:
            with self._reading():
                _update(layer, None, _read_weights(reply["weights"]))
            self.pushed[layer.original] = layer.get_weights()

    # What goes out, and what comes in

    def _sendable(self, value):
        """Return arguments as data; each layer among them has one handle until `forget`."""

        def keep(thing):
            if not isinstance(thing, keras.Layer):
                raise Undecided(f"the check hands over a {type(thing).__name__}")
            if not any(thing is known for known in self._handed):
                self._handed.append(thing)
            return next(i for i, known in enumerate(self._handed) if known is thing)

        value = list(value) if isinstance(value, tuple) else value
        self.is_handing_over = True
        try:
            return wire.encode(value, keep, vetting.plain, strict=True)
        except wire.Bad as error:
            raise Undecided(f"the check's arguments can't be handed over: {error}") from None
        finally:
            self.is_handing_over = False

    def _request(self, **request):
        self._nested += 1
        try:
            if self._nested > NESTED:
                raise Undecided("the answer leads from one request to the next, without an end")
            reply = self._ask(request)
        except wire.Bad as error:
            raise Undecided(f"what the student's process sends can't be read: {error}") from None
        except Exception as error:
            raise Lost(error) from error
        finally:
            self._nested -= 1
        if type(reply) is not dict:
            raise Undecided("what the student's process sends can't be read")
        return reply

    def _settled(self, reply, what="the answer", same=False):
        """Warn of what was warned of there; raise what was raised there, or return the value."""
        for kind, text, shown in _warnings(reply.get("warnings") or []):
            with contextlib.nullcontext() if shown else warnings.catch_warnings():
                if not shown:  # where warnings count as errors, it does no good to hide them
                    warnings.simplefilter("ignore")
                warnings.warn(text, kind, stacklevel=3)
        if type(reply.get("unsent")) is str:
            raise Undecided(f"{what} can't be handed over: {reply['unsent'][:300]}")
        if "error" in reply:
            error = self._read(reply["error"])
            if isinstance(error, BaseException):
                raise error
            raise Undecided("the student's process sends an error that can't be read")
        if "value" not in reply:
            raise Undecided("the student's process sends no value")
        return self._read(reply["value"], same)

    def _read(self, data, same=False):
        """Return the value of data that came in one reply; one object there is one object here.

        same: whether layers that are known from other replies are still those.
        """
        known = dict(self._layers) if same else {}

        def fetch(kind, handle, about):
            if handle not in known:
                known[handle] = self._stand_in(kind, handle, about)
            return known[handle]

        with self._reading():
            return wire.decode(data, fetch)

    @contextlib.contextmanager
    def _reading(self):
        self._nested += 1
        try:
            if self._nested > NESTED:
                raise Undecided("the answer leads from one request to the next, without an end")
            yield
        except (wire.Bad, vetting.Refused) as error:
            raise Undecided(f"what the student's process sends can't be read: {error}") from None
        finally:
            self._nested -= 1

    def _stand_in(self, kind, handle, about):
        if kind in ("function", "opaque", "kin"):
            if handle not in self._objects:
                self._objects[handle] = objects.made(kind, self, handle, about)
            return self._objects[handle]
        if kind in ("remote_layer", "remote_model"):
            self._layers[handle] = _layer(self, kind, handle, about)
        elif kind in ("layer", "model"):
            self._layers[handle] = self._rebuilt(kind, handle, about)
        else:
            raise wire.Bad(f"a {kind} from there")
        return self._layers[handle]

    def _rebuilt(self, kind, handle, about):
        rebuild = vetting.rebuild_model if kind == "model" else vetting.rebuild_layer
        try:
            made = rebuild(about["config"], about["weights"], later=Undecided)
        except vetting.Refused as refusal:
            return self._by_what_it_does(handle, refusal, _name_in(about["config"], kind))
        for layer in made._flatten_layers():
            if isinstance(layer, keras.layers.InputLayer):
                layer.trainable = layer.name not in about["frozen"]
        return _linked(wire.with_names(made, about["inputs"]), self, handle, about)

    def _by_what_it_does(self, handle, refusal, name):
        """Return a stand-in for a layer or model that can't be put together here."""
        try:
            found = self._settled(self._request(op="facts", handle=handle))
        except (Exception, Undecided) as error:
            objects.stops[:] = [stop for stop in objects.stops if stop is not error]
            why = f": {error.reason}" if isinstance(error, Undecided) else ""
            raise Undecided(
                f"{name} can't be put together here ({refusal}), nor be judged by what it does{why}"
            ) from None
        if not isinstance(found, Remote):
            raise Undecided(f"{name} can't be put together here ({refusal})")
        return found

    def _renew(self, layer, data):
        """Take over the weights that a layer has got by being called."""
        found = []

        def fetch(kind, handle, about):
            if handle == layer.original and kind in ("remote_layer", "remote_model"):
                found.append(about)
                return None
            return self._stand_in(kind, handle, about)

        with self._reading():
            wire.decode(data, fetch)
            if len(found) != 1:
                raise wire.Bad("facts about something else")
            layer.take(found[0])
        self.pushed[layer.original] = layer.get_weights()


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
        elif self.built:
            raise Undecided("the answer has a layer of its own whose weights change their shapes")
        else:
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
        if name in _asked(self) and not asked_from(*_OURS):
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


def _layer(student, kind, handle, about):
    stand_in, base = (
        (RemoteModel, keras.Model) if kind == "remote_model" else (RemoteLayer, keras.Layer)
    )
    if not all(isinstance(part, keras.Layer) for part in about["parts"]):
        raise wire.Bad("parts that are no layers")
    known = keras if about["base"] == "Sequential" else keras.layers
    named = getattr(known, about["base"] or "", None)
    if isinstance(named, type) and issubclass(named, base):
        base = named
    bases = (stand_in,) if base in stand_in.__mro__ else (stand_in, base)
    return type(about["class"], bases, {})(student, handle, about, base)


def _named(name):
    """Return what stands for a function of which only the name is known."""

    def function(x):
        raise NotImplementedError("the original is called")

    function.__name__ = name
    return function


def _keras_name(name):
    return name.replace("/", "_") or "unnamed"


def _differs(layer, old):
    return getattr(layer, "activation", None) is not old


def _shape_at(model, end):
    tensors = getattr(model, end, None)
    if not tensors:
        raise AttributeError(f"the model declares no {end}")
    shapes = [tuple(x.shape) for x in tensors]
    return shapes[0] if len(shapes) == 1 else shapes


def _same_arrays(old, new):
    return old is not None and len(old) == len(new) and all(map(np.array_equal, old, new))


def _warnings(said):
    """Yield category, text and whether it was shown, of warnings that came with a reply."""
    if type(said) is not list or len(said) > 100:
        raise Undecided("malformed warnings")
    for entry in said:
        types = [type(x) for x in entry] if type(entry) is list else None
        if types != [str, str, bool] or len(entry[1]) > wire.TEXT:
            raise Undecided("malformed warnings")
        kind = getattr(builtins, entry[0], None) if wire.is_name(entry[0]) else None
        known = isinstance(kind, type) and issubclass(kind, Warning)
        yield (kind if known else UserWarning), entry[1], entry[2]


def _bring_up_to_date(layers, changed):
    """Give layers that were handed over the weights that they have got on the other side."""
    if type(changed) is not list or len(changed) > len(layers):
        raise wire.Bad("malformed changes")
    for entry in changed:
        if type(entry) is not list or len(entry) != 3 or type(entry[0]) is not int:
            raise wire.Bad("malformed changes")
        if not 0 <= entry[0] < len(layers) or type(entry[2]) is not list:
            raise wire.Bad("malformed changes")
        weights = _read_weights(entry[2])
        layer, built = layers[entry[0]], wire.decode(entry[1], _nothing)
        try:
            _update(layer, built, weights)
        except (wire.Bad, vetting.Refused) as error:
            raise Undecided(
                f"the answer changes {layer.name}, which the check hands over, in a way that can't "
                f"be followed ({error})"
            ) from None


def _name_in(config, kind):
    """Return what a layer or model is called, for a sentence."""
    name = config["config"].get("name") if type(config.get("config")) is dict else None
    return f"the {kind} {name[:60]}" if type(name) is str else f"a {kind}"


def _read_weights(data):
    weights = wire.decode(data, _nothing) if type(data) is list and len(data) <= 1000 else [None]
    if not all(type(w) is np.ndarray and w.dtype.kind in "biuf" for w in weights):
        raise wire.Bad("malformed changes")
    return weights


def _nothing(kind, handle, about):
    if kind == "kin":  # what Keras makes of a layer's lists and dicts
        return about["value"]
    raise wire.Bad(f"a {kind} among weights")


def _update(layer, built, weights):
    """Set a layer's weights; build it first for the shapes that it met, if they are harmless."""
    shapes = [w.shape for w in weights]
    if [tuple(w.shape) for w in layer.weights] != shapes:
        _build(layer, built, weights)
    layer.set_weights(weights)


def _build(layer, built, weights):
    if layer.weights or type(built) is not dict:
        raise wire.Bad("weights that don't fit")
    config = vetting.plain(keras.saving.serialize_keras_object(layer))
    config.pop("compile_config", None)
    if isinstance(layer, keras.Sequential):
        config["config"]["build_input_shape"] = built.get("input_shape")
        vetting.rebuild_model(config, weights)
    else:
        vetting.rebuild_layer({**config, "build_config": built}, weights)
    layer.build_from_config(built)
