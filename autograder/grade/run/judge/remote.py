"""A student's answers as the checks see them: values, and stand-ins for what can't be data.

`Student` asks a student's process for the value of a name. Numbers, texts and arrays come as they
are; layers and models of Keras's own classes are put together here from vetted configurations
(see `vetting`). Functions, layers and models of the student's own, and all else, stay where they
are: their stand-ins (see `objects` and `layers`) send arguments and fetch results, each result
read with the same bounds as any other data. What a stand-in isn't sure of, it asks the original. No
attribute of a stand-in runs code of the student's in this process.

What comes back can be anything that a student's process chooses to send. So a stand-in can lie;
but only by computing, for arguments it didn't choose, what is right.
"""

import builtins
import contextlib
import itertools
import sys
import warnings

import numpy as np

from autograder.grade.run import wire
from autograder.grade.run.judge import objects
from autograder.grade.run.judge.objects import Undecided

#: How deep requests may call for other requests.
NESTED = 20
#: What runs nothing of the student's.
ONLY_LOOKS = ("get", "forget", "seed")


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
        self.compiled = []  # names of those that were compiled there
        self.is_behind = False  # whether layers of theirs are others there than they are here
        self.is_ahead = False  # whether they were others here when something ran there
        self.compiled_here = set()  # names of models of theirs that checks have compiled
        self.runs = 0  # how many requests may have run something
        self._as_told, self._named = {}, {}  # layers of theirs, by handle and by name
        self._objects, self._layers = {}, {}  # by handle of theirs: what stands for it here
        self._fetched = {}  # the same of names that were fetched since they may have run something
        self.is_handing_over, self._lent = False, []
        self._share_anew()
        self._by_copies = False
        self.of_lesson = lambda name: False  # whether the lesson has a class of that name

    def _share_anew(self):
        self._shared, self._untold = wire.Shared(0), []  # what both have, and its changes here
        self._gone_here = []  # numbers of what isn't held here any more
        self._changed = {}  # by number: things that were changed here, and how they are restored

    def value(self, name):
        """Return the value of a name; raise NameError if it has none."""
        self._catch_up()
        self._note_compiled()
        reply = self._request(op="get", name=name)
        if reply.get("missing") is True:
            raise NameError(f"name {name!r} is not defined")
        try:
            self._named[name] = self._settled(reply, f"the value of {name}", self._fetched)
            return self._named[name]
        except Exception as error:
            raise Undecided(f"to look at {name} raises {type(error).__name__}") from error

    def seed(self, number):
        """Set all seeds in the student's process."""
        self._settled(self._request(op="seed", seed=number))

    def forget(self):
        """Let go of all that the student's process keeps for us; stand-ins die with it."""
        self._note_compiled()
        self.pushed.clear()
        for known in (self._handed, self.compiled, self._objects, self._layers):
            known.clear()
        self._as_told, self._named = {}, {}
        self.is_behind = self.is_ahead = False
        self._share_anew()
        self._settled(self._request(op="forget"))

    def call(self, handle, args, kwargs, name=None):
        """Call a function of the student's, or the method of an object that has this name.

        Weights that it changes in `args` change here, too.
        """
        if name == "set_model":  # which would stop a training over there, and not here
            objects.refuse("the check trains with the answer, a callback")
        self._catch_up()
        self._lent = []
        data, lent = self._arguments(args, kwargs), self._lent
        request = {"handle": handle, "args": data[0], "kwargs": data[1], "name": name}
        reply = self._request(op="call", **request)
        for layer in lent:
            self._take_over(layer, self._request(op="weights", handle=layer.original))
        result = self._settled(reply, "what the function returns")
        if name in ("__next__", "send", "throw") and reply.get("ended") is True:
            raise StopIteration(*([] if result is None else [result]))
        return result

    def part(self, handle, name, method):
        """Return an attribute of an object; of a method of it, what method(name) returns."""
        self._catch_up()
        reply = self._request(op="part", handle=handle, name=name)
        if reply.get("method") is True:
            return method(name)
        return self._settled(reply, known=dict(self._layers))

    def call_layer(self, layer, args, kwargs, name=None):
        """Call what a stand-in for a layer stands for (or a method), with our weights."""
        self._catch_up()
        data = self._arguments(args, kwargs)
        handle, remote = layer.original, isinstance(layer, _of_keras().Remote)
        push = {"activations": [], "weights": None, "name": name, "facts": remote}
        if remote:
            push["activations"] = layer.other_activations()
        numbers = layer.get_weights()
        if not _same_arrays(self.pushed.get(handle), numbers):
            push["weights"] = self._written(wire.encode, numbers)
            self.pushed[handle] = numbers
        request = {"handle": handle, "args": data[0], "kwargs": data[1]}
        reply = self._request(op="layer", **request, push=push)
        if "error" in reply:
            self.pushed.pop(handle, None)
        if "facts" in reply and remote:
            self._renew(layer, reply["facts"])
        else:
            self._take_over(layer, reply)
        return self._settled(reply, f"what {layer.name} returns")

    def hand_over(self, layer):
        """Return the handle of a layer that stays there; see to it that it has our weights."""
        self._lent.append(layer)
        numbers = layer.get_weights()
        if numbers and not _same_arrays(self.pushed.get(layer.original), numbers):
            self.call_layer(layer, (), {}, "count_params")
        return layer.original

    def _take_over(self, layer, reply):
        """Give a layer here the weights that its original has now."""
        if "weights" in reply:
            with self._reading():
                _of_keras().update(layer, None, _read_weights(reply["weights"]))
            self.pushed[layer.original] = layer.get_weights()

    # What goes out, and what comes in

    def _catch_up(self):
        """Look for what has become here of what both sides have; forget what isn't held any more.

        What a reply is still to be read of may be made of all that both sides had.
        """
        if not self._nested:
            self._shared.drop(self._shared.gone)
            self._shared.gone.clear()
        # First: a list that isn't held here any more may be part of an object over there.
        self._untold += self._written(wire.encode_changes, self._shared)
        if not self._nested:
            self._gone_here += self._shared.drop_unheld()

    def _do_here(self, news):
        """Do to what both sides have what was done to it over there."""
        if type(news.get("unsent")) is str:
            why = news["unsent"][:300]
            raise Undecided(f"what the answer does to values of the check can't be told: {why}")
        with self._reading():
            self._shared.gone.update(wire.whole_numbers(news.get("gone", [])))
            told = news.get("changes", [])
            for number, new in self._shared.read_changes(told, self._stand_in):
                self._note(number, self._shared.find(number))
                self._shared.change(number, new)
            self._shared.settle()

    def _note(self, number, thing):
        """Take note that something changes, which may be the check's own."""
        arrays = [x for x in self._shared.things.values() if type(x) is np.ndarray]
        if type(thing) is np.ndarray and any(_overlap(thing, x) for x in arrays):
            raise Undecided("the answer changes an array that shares its numbers with another")
        if number not in self._changed:
            self._changed[number] = thing, wire.restoring(thing)

    def take_back(self):
        """Undo what was done here to values of the check; return those to which it was."""
        undone, self._changed = self._changed, {}
        for _, restore in undone.values():
            restore()
        self._shared.drop(undone)  # over there, they are as they were changed
        self._gone_here += undone
        return [thing for thing, _ in undone.values()]

    @contextlib.contextmanager
    def copying(self):
        """Have all values go as copies, both ways: what is done to one is done to no other."""
        self._shared.drop(list(self._shared.things))
        self._by_copies = True
        yield
        self._by_copies = False

    def keep_changes(self):
        """Tell whether something of a cell's own was changed that is still held here."""
        numbers = {number for number in self._changed if number % 2 == 0}  # handed over by us
        apart = wire.Shared(0)  # of those no longer held over there
        for number in numbers - self._shared.things.keys():
            apart.add(number, self._changed[number][0])
        self._changed = {}
        self._gone_here += self._shared.drop_unheld()
        apart.drop_unheld()
        return bool(apart.things or numbers & self._shared.things.keys())

    def _arguments(self, args, kwargs):
        """Return arguments as data: those by position, and those by name."""
        if "tensorflow" in sys.modules and _of_keras().is_followed():
            objects.refuse("the check trains with the answer, or asks for a gradient of it")
        both = wire.Parts((wire.Parts(args), wire.Parts(kwargs.values())))
        args, named = self._written(wire.encode, both, shared=self._table())
        return args, {"k": "dict", "v": dict(zip(kwargs, named, strict=True))}

    def _table(self):
        """Return the table of what both sides have from now on; None while all goes as copies."""
        return None if self._by_copies else self._shared

    def _written(self, write, value, **options):
        """Return what the check hands over as data; a layer has one handle until `forget`."""

        def keep(thing):
            keras = sys.modules.get("keras")
            if not (keras and isinstance(thing, keras.Layer)):
                raise Undecided(f"the check hands over a {type(thing).__name__}")
            if not any(thing is known for known in self._handed):
                self._handed.append(thing)
            return next(i for i, known in enumerate(self._handed) if known is thing)

        self.is_handing_over = True
        try:
            return write(value, keep, _plain, strict=True, theirs=self._handed_back, **options)
        except wire.Bad as error:
            raise Undecided(f"the check's arguments can't be handed over: {error}") from None
        finally:
            self.is_handing_over = False

    def _handed_back(self, thing):
        """Return handle and place of what is the student's; None of a value of the check's own."""
        if hasattr(type(thing), "hand_over"):
            return thing.hand_over(), 0
        return next(((h, 0) for h, known in self._objects.items() if known is thing), None)

    def _request(self, **request):
        self._nested += 1
        if request["op"] != "get":
            self._fetched = {}
        if request["op"] not in ONLY_LOOKS:
            self.runs += 1
            self.is_ahead = self.is_ahead or any(map(self._is_changed, self._as_told))
        if self._by_copies:
            request["copies"] = True
        if self._untold or self._gone_here:
            request["shared"] = {"changes": self._untold, "gone": self._gone_here}
            self._untold, self._gone_here = [], []
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
        if type(reply) is not dict or type(reply.get("shared", {})) is not dict:
            raise Undecided("what the student's process sends can't be read")
        self._do_here(reply.get("shared", {}))
        self.is_behind = self.is_behind or reply.get("behind") is True
        with self._reading():
            self.compiled += _bring_up_to_date(self._handed, reply.get("changed") or [])
        return reply

    def _settled(self, reply, what="the answer", known=None):
        """Warn of what was warned of there; raise what was raised there, or return the value.

        known: see `_read`.
        """
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
        return self._read(reply["value"], known)

    def _read(self, data, known=None):
        """Return the value of data that came in one reply; one object there is one object here.

        known: by handle, what came in other replies and is still the same; what comes is added.
        """
        known = {} if known is None else known

        def fetch(kind, handle, about):
            if kind == "held":
                return self._stand_in(kind, handle, about)
            if kind == "sent":
                return _layer_in(known.get(handle), about["place"])
            if handle not in known:
                known[handle] = self._stand_in(kind, handle, about)
            return known[handle]

        with self._reading():
            return wire.decode(data, fetch, self._table())

    @contextlib.contextmanager
    def _reading(self):
        self._nested += 1
        try:
            if self._nested > NESTED:
                raise Undecided("the answer leads from one request to the next, without an end")
            yield
        except wire.Bad as error:
            raise Undecided(f"what the student's process sends can't be read: {error}") from None
        finally:
            self._nested -= 1

    def _stand_in(self, kind, handle, about):
        if kind in ("function", "opaque", "kin", "setting"):
            if handle not in self._objects:
                self._objects[handle] = objects.made(kind, self, handle, about)
            return self._objects[handle]
        if kind == "held" and handle < len(self._handed):
            return _layer_in(self._handed[handle], about["place"])
        if kind in ("remote_layer", "remote_model"):
            self._layers[handle] = _of_keras().stand_in(self, kind, handle, about)
        elif kind in ("layer", "model"):
            self._layers[handle] = self._rebuilt(kind, handle, about)
        else:
            raise wire.Bad(f"a {kind} from there")
        self._as_told[handle] = _of_keras().like(self._layers[handle])
        return self._layers[handle]

    def _is_changed(self, handle):
        """Tell whether a check has changed a layer of theirs, which doesn't know of it."""
        numbers, settings = self._as_told[handle]
        now, settings_now = _of_keras().like(self._layers[handle])
        is_known = _same_arrays(numbers, now) or _same_arrays(self.pushed.get(handle), now)
        # One without weights gets some, by chance, as soon as it is called.
        return settings != settings_now or (bool(numbers) and not is_known)

    def _note_compiled(self):
        """Note the names of models of theirs that are compiled here, and weren't there."""
        compiled = [
            layer
            for handle, layer in self._layers.items()
            if getattr(layer, "compiled", False) and not self._as_told[handle][1][1]
        ]
        named = self._named.items()
        self.compiled_here |= {name for name, x in named if any(x is one for one in compiled)}

    def _rebuilt(self, kind, handle, about):
        layers = _of_keras()
        try:
            return layers.rebuilt(self, kind, handle, about)
        except layers.Refused as refusal:
            return self._by_what_it_does(handle, refusal, _name_in(about["config"], kind))

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
        if not isinstance(found, _of_keras().Remote):
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
        self._as_told[layer.original] = _of_keras().like(layer)


def _layer_in(layer, place):
    """Return the layer at a place in another one, as `wire.each_layer` has it."""
    inside = () if layer is None else itertools.islice(wire.each_layer(layer), place, None)
    found = next(iter(inside), None)
    if found is None:
        raise wire.Bad("a layer that was never sent")
    return found


def _of_keras():
    """Return the module that knows layers; to import Keras for it takes seconds."""
    from autograder.grade.run.judge import layers

    return layers


def _plain(config):
    return _of_keras().plain(config)


def _name_in(config, kind):
    """Return what a layer or model is called, for a sentence."""
    name = config["config"].get("name") if type(config.get("config")) is dict else None
    return f"the {kind} {name[:60]}" if type(name) is str else f"a {kind}"


def _overlap(array, other):
    """Tell whether two arrays share numbers, or may do so."""
    if array is other or not np.may_share_memory(array, other):
        return False
    try:
        return np.shares_memory(array, other, max_work=10_000)
    except np.exceptions.TooHardError:
        return True


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
    """Give layers that were handed over what they have got on the other side: weights, settings.

    Return the names of those that were compiled there, which is more than can be done here.
    """
    compiled = []
    if type(changed) is not list or len(changed) > len(layers):
        raise wire.Bad("malformed changes")
    for entry in changed:
        if type(entry) is not list or len(entry) != 4 or type(entry[0]) is not int:
            raise wire.Bad("malformed changes")
        if not 0 <= entry[0] < len(layers) or type(entry[2]) is not list:
            raise wire.Bad("malformed changes")
        weights = _read_weights(entry[2])
        layer, built = layers[entry[0]], wire.decode(entry[1], _nothing)
        try:
            compiled += [layer.name] if _of_keras().set_like(layer, entry[3]) else []
            _of_keras().update(layer, built, weights)
        except wire.Bad as error:
            raise Undecided(
                f"the answer changes {layer.name}, which the check hands over, in a way that can't "
                f"be followed ({error})"
            ) from None
    return compiled


def _read_weights(data):
    weights = wire.decode(data, _nothing) if type(data) is list and len(data) <= 1000 else [None]
    if not all(type(w) is np.ndarray and w.dtype.kind in "biuf" for w in weights):
        raise wire.Bad("malformed changes")
    return weights


def _nothing(kind, handle, about):
    if kind == "kin":  # what Keras makes of a layer's lists and dicts
        return about["value"]
    raise wire.Bad(f"a {kind} among weights")
