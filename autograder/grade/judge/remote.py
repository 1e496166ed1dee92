"""A student's answers as the checks see them: values, and stand-ins for what can't be data.

`Student` asks a student's process for the value of a name. Numbers, texts and arrays come as they
are; layers and models of Keras's own classes are put together here from vetted configurations
(see `vetting`). Functions, and layers and models of the student's own, stay where they are:
their stand-ins send arguments and fetch results, each result read with the same bounds as any
other data. No attribute of a stand-in runs code of the student's in this process.

What comes back can be anything that a student's process chooses to send. So a stand-in can lie;
but only by computing, for arguments it didn't choose, what is right.
"""

import builtins
import contextlib
import warnings

import keras
import numpy as np

from autograder.grade import vetting, wire

#: How deep requests may call for other requests.
NESTED = 20


class Undecided(BaseException):
    """An answer that can't be judged through data: for a person to decide, and never 0 points.

    It is no Exception, so that no check takes it for something that the answer raised.
    """

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


class Lost(BaseException):
    """The student's process doesn't answer any more. error: what `ask` raised."""

    def __init__(self, error):
        super().__init__(str(error))
        self.error = error


class Student:
    """The names of a student's notebook, asked for one by one.

    ask: ask(request) sends a request (see `student.agent`) and returns the reply, both JSON-ready
    objects. It may raise wire.Bad for what is no reply; all else it raises becomes Lost.
    """

    def __init__(self, ask):
        self._ask, self._nested = ask, 0
        self.pushed = {}  # by handle of theirs: the weights that it has there
        self._handed = []  # by handle of ours: layers that were arguments

    def value(self, name):
        """Return the value of a name; raise NameError if it has none."""
        reply = self._request(op="get", name=name)
        if reply.get("missing") is True:
            raise NameError(f"name {name!r} is not defined")
        return self._settled(reply)

    def seed(self, number):
        """Set all seeds in the student's process."""
        self._settled(self._request(op="seed", seed=number))

    def forget(self):
        """Let go of all that the student's process keeps for us; stand-ins die with it."""
        self.pushed.clear()
        self._handed.clear()
        self._settled(self._request(op="forget"))

    def call(self, handle, args, kwargs):
        """Call a function of the student's; weights that it changes in `args` change here, too."""
        data = self._sendable(args), self._sendable(kwargs)
        reply = self._request(op="call", handle=handle, args=data[0], kwargs=data[1])
        with self._reading():
            _bring_up_to_date(self._handed, reply.get("changed") or [])
        return self._settled(reply)

    def call_layer(self, layer, args, kwargs):
        """Call what a stand-in for a layer stands for, with the stand-in's weights."""
        data = self._sendable(args), self._sendable(kwargs)
        push = {"activations": layer.other_activations(), "weights": None}
        numbers = layer.get_weights()
        if not _same_arrays(self.pushed.get(layer.held_by_student), numbers):
            push["weights"] = self._sendable(numbers)
        request = {"handle": layer.held_by_student, "args": data[0], "kwargs": data[1]}
        reply = self._request(op="layer", **request, push=push)
        if push["weights"] is not None and "error" not in reply:
            self.pushed[layer.held_by_student] = numbers
        if "facts" in reply:
            self._renew(layer, reply["facts"])
        return self._settled(reply)

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
        try:
            return wire.encode(value, keep, vetting.plain, strict=True)
        except wire.Bad as error:
            raise Undecided(f"the check's arguments can't be handed over: {error}") from None

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

    def _settled(self, reply):
        """Warn of what was warned of there; raise what was raised there, or return the value."""
        for kind, text, shown in _warnings(reply.get("warnings") or []):
            with contextlib.nullcontext() if shown else warnings.catch_warnings():
                if not shown:  # where warnings count as errors, it does no good to hide them
                    warnings.simplefilter("ignore")
                warnings.warn(text, kind, stacklevel=3)
        if type(reply.get("unsent")) is str:
            raise Undecided(f"the answer can't be handed over: {reply['unsent'][:300]}")
        if "error" in reply:
            error = self._read(reply["error"])
            raise error if isinstance(error, BaseException) else Undecided("a malformed error")
        if "value" not in reply:
            raise Undecided("the student's process sends no value")
        return self._read(reply["value"])

    def _read(self, data):
        """Return the value of data that came in one reply; one object there is one object here."""
        known = {}

        def fetch(kind, handle, about):
            if (kind, handle) not in known:
                known[kind, handle] = self._stand_in(kind, handle, about)
            return known[kind, handle]

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
        if kind == "function":
            return _function(self, handle, about)
        if kind in ("remote_layer", "remote_model"):
            return _layer(self, kind, handle, about)
        if kind not in ("layer", "model"):
            raise wire.Bad(f"a {kind} from there")
        rebuild = vetting.rebuild_model if kind == "model" else vetting.rebuild_layer
        try:
            made = rebuild(about["config"], about["weights"], later=Undecided)
            return wire.with_names(made, about["inputs"])
        except vetting.Refused as refusal:
            return self._by_what_it_does(handle, refusal)

    def _by_what_it_does(self, handle, refusal):
        """Return a stand-in for a layer or model that can't be put together here."""
        try:
            found = self._settled(self._request(op="facts", handle=handle))
        except (Exception, Undecided) as error:
            raise Undecided(f"the model can't be put together ({refusal}): {error}") from None
        if not isinstance(found, Remote):
            raise Undecided(f"the model can't be put together: {refusal}")
        return found

    def _renew(self, layer, data):
        """Take over the weights that a layer has got by being called."""
        found = []

        def fetch(kind, handle, about):
            if handle == layer.held_by_student and kind in ("remote_layer", "remote_model"):
                found.append(about)
                return None
            return self._stand_in(kind, handle, about)

        with self._reading():
            wire.decode(data, fetch)
            if len(found) != 1:
                raise wire.Bad("facts about something else")
            layer.take(found[0])
        self.pushed[layer.held_by_student] = layer.get_weights()


class Remote:
    """What stand-ins for layers and for models have in common; comes before Keras's class."""

    def __init__(self, student, handle, about):
        super().__init__(name=_keras_name(about["name"]))
        self._student, self.held_by_student, self._given = student, handle, None
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
        return super().__call__(*args, **kwargs)

    def compute_output_spec(self, *args, **kwargs):
        """Return what the original said of this call."""
        return self._given

    def call(self, *args, **kwargs):
        """Do nothing: the original is called, see __call__."""
        raise NotImplementedError("the original is called")

    def get_config(self):
        """Return the name; the rest stays where it is."""
        return {"name": self.name}

    @classmethod
    def from_config(cls, config):
        """Refuse: there is one original."""
        raise NotImplementedError("a layer of the student's own can't be copied")


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

    def __init__(self, student, handle, about):
        super().__init__(student, handle, about)
        if about["ends"] is not None:
            self.inputs, self.outputs = about["ends"]

    @property
    def layers(self):
        """The parts of the original, as far as they can be put together here."""
        return list(self._contents.parts)

    @property
    def input_shape(self):
        """The shape of the input, if the model has declared one."""
        return _shape_at(self, "inputs")

    @property
    def output_shape(self):
        """The shape of the output, if the model has declared its inputs."""
        return _shape_at(self, "outputs")


class RemoteFunction:
    """Stands for a function of the student's, or anything else that can be called."""

    def __init__(self, student, handle, about):
        self._student, self._handle, self._said = student, handle, about["said"]
        self.seen_there = {"layer_class": about["seen"]["layer_class"] is True}
        if about["name"] is not None:
            self.__name__ = about["name"]

    def __call__(self, *args, **kwargs):
        """Call the original."""
        return self._student.call(self._handle, args, kwargs)

    def set_random_seed(self, number):
        """Set the seeds where the function runs."""
        self._student.seed(number)

    def __repr__(self):
        return self._said


def _function(student, handle, about):
    return type(about["type"], (RemoteFunction,), {})(student, handle, about)


def _layer(student, kind, handle, about):
    base = RemoteModel if kind == "remote_model" else RemoteLayer
    if not all(isinstance(part, keras.Layer) for part in about["parts"]):
        raise wire.Bad("parts that are no layers")
    return type(about["class"], (base,), {})(student, handle, about)


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
        weights = [wire.decode(w, _nothing) for w in entry[2][:1000]]
        if not all(type(w) is np.ndarray and w.dtype.kind in "biuf" for w in weights):
            raise wire.Bad("malformed changes")
        _update(layers[entry[0]], wire.decode(entry[1], _nothing), weights)


def _nothing(kind, handle, about):
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
