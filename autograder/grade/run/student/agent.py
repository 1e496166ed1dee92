"""Answers requests about a student's objects, from within the student's kernel.

The source of this module is loaded there, with the module `wire` and the student's `names` put
into its namespace beforehand (`loaded` does it); nothing else of the autograder is there. What it
says is believed no more than the student: it only has to be right for those who don't cheat.

A request and a reply are JSON-ready objects. Requests, by "op":

    get     name                        the value that a name has
    call    handle, args, kwargs, name  call a function of the student, or a method of an object
    part    handle, name                an attribute of an object
    layer   handle, args, kwargs, push  call a layer or model (or a method of it, push["name"])
    facts   handle                      what can be said of a layer or model that stays here
    weights handle                      the weights that a layer or model has now
    seed    seed                        set all seeds
    forget                              let go of all handles, and of what both sides had
    brief                               say of errors no more than what they are: nobody sees it
    watch   source                      look after what checks rely on, by the source of `guard`
    note    names, shows                take note of what these names stand for
    restore names, shows                put back what was rebound, before a check that shows its
                                        value or doesn't; the value: what else has changed
    gave    names, text                 what the last cell gave, shown as `text`, says of points:
                                        the value: [that, what else has changed meanwhile]

A request may hold "copies" (True: nothing is shared from now on). It may hold "shared", and so may
a reply: what has changed since of what both sides have (see `wire.Shared`), {"changes": [[number,
data], ...], "gone": numbers that nobody holds there any more}, or {"unsent": why it can't be told}.

A reply holds "value", or else "error" (an exception), "missing" (True: no such name) or "unsent"
(why the value can't travel); "method" (True: the attribute is a method of the object, to be
called by its name), "ended" (True: an iterator has no more; the value is what it ends with);
"warnings", a list of [category, text, whether it was shown];
"changed", for layers and models that came as arguments and are others now: [handle, build
configuration, weights, settings], these being [what is trainable, whether it is compiled now],
"more" for others, None for the same as before; "behind" (True: layers of ours are others than the
judge has them, and aren't told anew); "facts" about a layer that was called, where it has
got other weights than before, and "weights" where they have other numbers.
"""

import inspect
import sys
import types
import warnings

import numpy as np

names = {}
wire = None
#: What both sides have, and what has changed of it, once that was looked for; whether the judge
#: wants copies.
shared = changes = None
copying = False

#: How much of all warnings is sent.
WARNINGS, TEXT = 50, 2_000


def loaded(own, wire_source, user_names):
    """Return this module made from its source and wire's, for objects in `user_names`.

    Both can be compiled already.
    """
    parts = types.ModuleType("wire"), types.ModuleType("agent")
    exec(wire_source, vars(parts[0]))
    exec(own, vars(parts[1]))
    parts[1].wire, parts[1].names = parts[0], user_names
    parts[1].shared = parts[0].Shared(1)
    return parts[1]


class Kept:
    """The objects that the judge knows by a handle, and copies of those that it handed over."""

    def __init__(self):
        self.objects, self.handles, self.told = [], {}, {}
        self.copies, self.called = {}, None
        self.sent = {}  # layers that went over since the last request that may have run something
        self.known = {}  # by handle: what layers of ours are like, as the judge knows them
        self.told_of = set()  # handles of what the reply to this request tells of
        self.used = []  # layers that this request uses, whose weights the judge asks for

    def find(self, handle):
        """Return the object of a handle."""
        if not 0 <= handle < len(self.objects):
            raise wire.Bad("it was made before the notebook was started again")
        return self.objects[handle]

    def keep(self, thing):
        """Return the handle of an object, the same one each time."""
        if id(thing) not in self.handles:
            self.handles[id(thing)] = len(self.objects)
            self.objects.append(thing)
        self.told_of.add(self.handles[id(thing)])
        return self.handles[id(thing)]


kept = Kept()


def answer(request):
    """Return the reply to a request; whatever goes wrong becomes part of it."""
    global changes, copying
    changes, copying = None, request.get("copies") is True
    kept.told_of, kept.used = set(), []
    with warnings.catch_warnings(record=True) as seen, _Heard() as heard:
        warnings.simplefilter("always")
        try:
            _take_over(request.get("shared") or {})
            if request["op"] != "get":
                kept.sent.clear()
            reply = _OPERATIONS[request["op"]](request)
        except wire.Bad as error:
            reply = {"unsent": str(error)[:TEXT]}
        except BaseException as error:  # a student's function may raise anything
            reply = {"error": _encode(error)}
        _look_for_changes()
        reply |= _told_of_layers()
        if request["op"] != "get" and _is_behind():
            reply["behind"] = True
        kept.known |= {h: _like(kept.objects[h]) for h in kept.told_of if _is_layer(h)}
    if gone := shared.drop_unheld():
        changes["gone"] = gone
    shared.settle()
    reply |= {"shared": changes} if changes else {}
    said = [[w.category.__name__, str(w.message)[:TEXT], True] for w in seen[:WARNINGS]]
    hidden = [[*w, False] for w in heard.said[:WARNINGS] if [*w, True] not in said]
    return {**reply, "warnings": said + hidden}


class _Heard:
    """Notes every warning, also those that filters of the student's hide."""

    def __enter__(self):
        self.said, self.warn = [], warnings.warn
        warnings.warn = self.hear
        return self

    def __exit__(self, *error):
        warnings.warn = self.warn

    def hear(self, message, category=None, stacklevel=1, **options):
        """Note a warning, and give it."""
        kind = type(message) if isinstance(message, Warning) else category or UserWarning
        self.said.append([kind.__name__, str(message)[:TEXT]])
        self.warn(message, category, stacklevel + 1, **options)


def get(name):
    """Return the value of a name as data."""
    if name not in names:
        return {"missing": True}
    return _value(names[name], kept.sent)


def part(handle, name):
    """Return an attribute of an object; of its methods, that they are."""
    thing = kept.find(handle)
    plain = isinstance(thing, (types.FunctionType, types.MethodType))  # told by their code
    signature = name == "__signature__" and not plain
    value = inspect.signature(thing) if signature else getattr(thing, name)
    if callable(value) and getattr(value, "__self__", None) is thing:
        return {"method": True}
    return _value(value)


def call(handle, args, kwargs, name=None):
    """Call a function, or the method of an object; return its result."""
    args, kwargs = _read(args), _read(kwargs)
    kept.called = kept.find(handle)
    function = kept.called if name is None else getattr(kept.called, name)
    try:
        return _value(function(*args, **kwargs))
    except StopIteration as error:
        if name not in ("__next__", "send", "throw"):
            return {"error": _encode(error)}
        return {"ended": True, **_value(error.value)}
    except wire.Bad as error:
        return {"unsent": str(error)[:TEXT]}
    except BaseException as error:
        return {"error": _encode(error)}


def layer_call(handle, args, kwargs, push):
    """Call a layer or model of the student's, with the weights that the judge gives it."""
    layer = kept.find(handle)
    kept.used.append(layer)
    with _activations(layer, push.get("activations") or []):
        if push.get("weights") is not None:
            layer.set_weights(_read(push["weights"]))
        before = _state(layer)
        method = getattr(layer, push["name"]) if push.get("name") else layer
        result = method(*_read(args), **_read(kwargs))
    return {**_value(result), **_news(layer, before, push.get("facts") is not False)}


def layer_weights(handle):
    """Return a layer's weights, as they are now."""
    return {"weights": [_encode(w) for w in _state(kept.find(handle))]}


def layer_facts(handle):
    """Return what can be said of a layer or model that stays here."""
    layer = kept.find(handle)
    _told(layer)
    return {"value": _facts(layer)}


def seed(number):
    """Set the seeds of Python, NumPy and the backend."""
    import keras

    keras.utils.set_random_seed(number)
    return {"value": None}


def forget():
    """Let go of all objects that are held for the judge, and of what both sides had."""
    global shared
    kept.__init__()
    shared = wire.Shared(1)
    return {"value": None}


def brief():
    """Have IPython show errors by a line each: to put together the lines around takes 20 ms."""
    from IPython import get_ipython

    get_ipython().InteractiveTB.set_mode("Minimal")
    return {"value": None}


def watch(source):
    """Load the guard."""
    global guard
    parts = types.ModuleType("guard")
    exec(compile(source, "<guard>", "exec"), vars(parts))
    guard = parts.Guard(names)
    return {"value": None}


def gave(names, text):
    """Return what the cell that was run last says of points, and what was rebound in it."""
    result = guard.result()
    return {"value": [wire.said_of_points(result, text), guard.changed(names)]}


guard = None
_OPERATIONS = {
    "get": lambda r: get(r["name"]),
    "call": lambda r: call(r["handle"], r["args"], r["kwargs"], r.get("name")),
    "part": lambda r: part(r["handle"], r["name"]),
    "layer": lambda r: layer_call(r["handle"], r["args"], r["kwargs"], r["push"]),
    "facts": lambda r: layer_facts(r["handle"]),
    "weights": lambda r: layer_weights(r["handle"]),
    "seed": lambda r: seed(r["seed"]),
    "forget": lambda r: forget(),
    "brief": lambda r: brief(),
    "watch": lambda r: watch(r["source"]),
    "note": lambda r: {"value": guard.note(r["names"], r["shows"])},
    "restore": lambda r: {"value": guard.restore(r["names"], r["shows"])},
    "gave": lambda r: gave(r["names"], r["text"]),
}


def _read(data):
    """Return the value that data stand for."""
    return wire.decode(data, _fetch, shared)


def _fetch(kind, handle, about):
    """Return what a handle stands for: an object of the student's, or a copy of the judge's."""
    if kind == "held":
        kept.used.append(kept.find(handle))
        return kept.used[-1]
    if kind == "sent":
        return list(wire.each_layer(kept.copies[handle][1]))[about["place"]]
    if kind not in ("layer", "model"):
        raise wire.Bad(f"a {kind} can't be taken here")
    config, layer, _ = kept.copies.get(handle, (None, None, None))
    fits = config == about["config"] and len(layer.weights) == len(about["weights"])
    if not fits:
        layer = _rebuilt(about)
    elif about["weights"]:
        layer.set_weights(about["weights"])
    if fits:
        wire.set_trainable(layer, about["trainable"])
    kept.copies[handle] = about["config"], layer, (_state(layer), _settings(layer))
    return layer


def _of_judge(thing):
    """Return of a copy of a layer of the judge's its handle and place in that; None of others."""
    if id(thing) in kept.handles:
        return None
    layers = ((h, enumerate(wire.each_layer(x))) for h, (_, x, _) in kept.copies.items())
    return next(((h, place) for h, inside in layers for place, x in inside if x is thing), None)


def _changed_layers():
    """Return what has become of the judge's layers: handle, how built, weights, settings."""
    found = []
    for handle, (config, layer, (old, old_settings)) in kept.copies.items():
        new, settings = _state(layer), _settings(layer)
        same = len(old) == len(new) and all(map(np.array_equal, old, new))
        if not same or settings != old_settings:
            built = _encode(layer.get_build_config())
            told = None if settings == old_settings else _told_settings(old_settings, settings)
            found.append([handle, built, [_encode(w) for w in new], told])
            kept.copies[handle] = config, layer, (new, settings)
    return found


def _state(layer):
    """Return a layer's weights, as they are now: arrays all, also one that is a single number."""
    return [np.array(w) for w in layer.get_weights()]


def _settings(layer):
    """Return of what is set in a layer: what is trainable, whether it's compiled, and the rest."""
    parts = list(wire.each_layer(layer))
    trainable = [bool(part.trainable) for part in parts]
    return trainable, _compiled(layer), list(map(_set_to, parts))


def _compiled(layer):
    """Return with what a model is compiled, and how its optimizer is set; None if it isn't."""
    is_compiled = getattr(layer, "compiled", False) is True
    return repr(layer.get_compile_config()) if is_compiled else None


def _told_settings(old, new):
    """Return [what is trainable, whether it is compiled anew], or "more" for more changes."""
    return [new[0], new[1] not in (None, old[1])] if old[2] == new[2] else "more"


def _set_to(layer):
    if hasattr(layer, "layers") or not type(layer).__module__.startswith("keras."):
        return None  # those inside say it themselves; what one of the student's says isn't asked
    config = layer.get_config()
    return repr({key: value for key, value in config.items() if key != "trainable"})


def _rebuilt(about):
    import keras

    config = _with_held(about["config"])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the judge's layers, not of the student's code
        layer = keras.saving.deserialize_keras_object(config, custom_objects=_held_objects(about))
    wire.number_after(layer)
    wire.set_trainable(layer, about["trainable"])
    if about["weights"]:
        layer.set_weights(about["weights"])
    if about["compiled"] and not layer.compiled:
        layer._assert_compile_called = _lacks_compiling
    return wire.with_names(layer, about["inputs"])


def _lacks_compiling(*_):
    raise wire.Bad("the check's model is compiled with what can't be handed over")


def _with_held(config):
    """Return a configuration in which layers of the student's own stand by their names."""
    if isinstance(config, dict) and config.get("class_name") == "__held__":
        graph = {k: v for k, v in config.items() if k in ("name", "inbound_nodes")}
        about = {"module": "agent", "class_name": "Held", "config": config["config"]}
        return {**about, "registered_name": "agent>Held", **graph}
    if isinstance(config, dict):
        return {key: _with_held(value) for key, value in config.items()}
    return [_with_held(v) for v in config] if isinstance(config, (list, tuple)) else config


def _held_objects(about):
    held = {}

    def look(config):
        if isinstance(config, dict):
            if config.get("class_name") == "__held__":
                held[config["config"]["name"]] = config["facts"]
            for value in config.values():
                look(value)
        elif isinstance(config, (list, tuple)):
            for value in config:
                look(value)

    look(about["config"])

    class Held:
        @classmethod
        def from_config(cls, config):
            return held[config["name"]]

    return {"agent>Held": Held}


class _activations:
    """Gives layers of a model other activations for a while, as a check may do with its own."""

    def __init__(self, model, wanted):
        if any(i >= len(model.layers) for i, _ in wanted if i >= 0):
            raise wire.Bad("it has other layers than before")
        self.wanted = [(model if i < 0 else model.layers[i], name) for i, name in wanted]

    def __enter__(self):
        import keras

        self.old = [layer.activation for layer, _ in self.wanted]
        for layer, name in self.wanted:
            layer.activation = keras.activations.get(name)

    def __exit__(self, *error):
        for (layer, _), old in zip(self.wanted, self.old, strict=True):
            layer.activation = old


def _take_over(news):
    """Do to what both sides have what the judge has done to it."""
    if copying:
        shared.drop(list(shared.things))
    told = news.get("changes") or []
    for number, new in shared.read_changes(told, _fetch, is_lenient=True):
        shared.change(number, new)
    shared.drop(news.get("gone") or ())
    shared.settle()


def _look_for_changes():
    """See what has changed of what both sides have, once for each reply."""
    global changes
    if changes is None:
        try:
            told = wire.encode_changes(shared, kept.keep, seen=_seen, theirs=_of_judge)
            changes = {"changes": told} if told else {}
        except Exception as error:
            said = str(error) if type(error) is wire.Bad else f"that raises {type(error).__name__}"
            changes = {"unsent": said[:TEXT]}


def _told_of_layers():
    """Return what a reply tells of the judge's layers."""
    try:
        changed = _changed_layers()
    except Exception as error:
        return {"unsent": f"to look at a layer of the check's raises {type(error).__name__}"}
    return {"changed": changed} if changed else {}


def _is_layer(handle):
    keras = sys.modules.get("keras")
    return keras is not None and issubclass(type(kept.objects[handle]), keras.Layer)


def _is_behind():
    """Tell whether layers that the judge has are others by now; of each that is told once.

    Of those that the request uses, and of what is in them, the judge asks for the weights.
    """
    found, used = False, [x for layer in kept.used for x in _inside(layer)]
    for handle, old in kept.known.items():
        layer = kept.objects[handle]
        kept.known[handle] = new = _like(layer)
        if None not in (old, new):
            is_followed = any(layer is x for x in used)
            found = found or old[1] != new[1] or (old != new and not is_followed)
    return found


def _inside(layer):
    try:
        return list(wire.each_layer(layer))
    except Exception:  # somebody's own class may do anything when it is looked at
        return [layer]


def _like(layer):
    """Return what can be seen of a layer: weights with whether it is compiled, and settings."""
    try:
        trainable, compiled, settings = _settings(layer)
        weights = [(w.shape, w.tobytes()) for w in _state(layer)]
        return (weights, compiled), (trainable, settings)
    except Exception:  # somebody's own class may do anything when it is looked at
        return None


def _value(value, sent=None):
    """Return a reply that tells a value; it may consist of what changes have told of."""
    _look_for_changes()
    return {"value": _encode(value, None if copying else shared, sent)}


def _encode(value, shared=None, sent=None):
    """Return a value as data. What goes wrong in looking at it is no error of who made it."""
    try:
        about = {"seen": _seen, "shared": shared, "theirs": _of_judge, "sent": sent}
        return wire.encode(value, kept.keep, **about)
    except wire.Bad:
        raise
    except Exception as error:
        raise wire.Bad(f"to look at it raises {type(error).__name__}") from error


def _seen(thing):
    """Return what can be told of the code behind something: for the checks, which can't see it.

    The lessons' own checks know what to look at; they are at hand where a lesson runs. They import
    Keras, which a question must not do where the notebook hasn't.
    """
    if "keras" not in sys.modules:
        return None
    try:
        from autograder.learn import seen
    except ImportError:
        return None
    try:
        if isinstance(thing, BaseException):
            return seen.error_seen(thing, kept.called)
        if isinstance(thing, type) or not hasattr(thing, "weights"):
            return {"layer_class": seen.is_layer_class(thing), "unused": seen.unused_of(thing)}
        return seen.layer_seen(thing)
    except Exception:  # somebody's own class may do anything when it is looked at
        return None


def _facts(layer):
    return wire.encode_facts(layer, kept.keep, _seen, _of_judge)


def _told(layer):
    """Note which weights the judge knows of; return whether they are others than before."""
    now = (bool(layer.built), [tuple(w.shape) for w in layer.weights])
    before, kept.told[id(layer)] = kept.told.get(id(layer)), now
    return now != before


def _news(layer, before, facts):
    """Return what a call has changed: all that can be said, or the numbers of the weights."""
    if facts and _told(layer):
        return {"facts": _facts(layer)}
    now = _state(layer)
    same = len(now) == len(before) and all(map(np.array_equal, now, before))
    return {} if same else {"weights": [_encode(w) for w in now]}
