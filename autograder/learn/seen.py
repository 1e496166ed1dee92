"""What can be seen of a learner's code only where it runs: how it is written, where it failed.

Where the code runs in another process, what was seen there comes along: a stand-in for a layer or
class, or an error that was raised there, has it as `seen_there`, plain data of the same form.
"""

import dis
import inspect
import traceback

import keras

from autograder.learn.calls import made_by

_LIBRARIES = ("keras", "autograder", "tensorflow", "builtins")


def layer_seen(layer):
    """Return how a layer's class is written.

    takes: the names of what its `call` takes, if that leaves no room for the data (else None).
    borrows: the names of Keras's own layers that it is, is built on, or uses.
    """
    brought = getattr(layer, "seen_there", None)
    if brought is not None:
        return brought
    return {"takes": _takes(layer), "borrows": _borrows(layer)}


def is_layer_class(thing):
    """Tell whether something is a class of layers, and no layer."""
    brought = getattr(thing, "seen_there", None)
    if brought is not None:
        return brought.get("layer_class", False)
    return isinstance(thing, type) and issubclass(thing, keras.Layer)


def unused_of(function):
    """Return the names of what a function takes and never reads, where its code can be seen."""
    brought = getattr(function, "seen_there", None)
    if brought is not None:
        return brought.get("unused") or []
    code = getattr(function, "__code__", None)
    if code is None or {"locals", "vars", "eval", "exec"} & {*code.co_names}:
        return []
    read = {*code.co_cellvars}
    for step in dis.get_instructions(code):
        names = step.argval if isinstance(step.argval, tuple) else (step.argval,)
        read |= set() if step.opname == "STORE_FAST" else {n for n in names if isinstance(n, str)}
    return [n for n in code.co_varnames[: code.co_argcount] if n not in read and n[0] != "_"]


def error_seen(error, function):
    """Return where an error arose that came out of a call of `function`.

    met_in: the classes of the layer that refused and of what made its input, or None. unwritten:
    the name of another function of the notebook, called by this one, that raised it, or None.
    declared: the shape of the Input behind it, with the batch axis, where there is one, or None.
    cause: the code of the cause that `why` would name, or None.
    """
    brought = getattr(error, "seen_there", None)
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    here = {"met_in": _met_in(frames), "unwritten": _unwritten(function, frames[1:])}
    here["declared"] = _declared(frames)
    here["cause"] = None if brought else _cause(error)
    return {key: here[key] or (brought or {}).get(key) for key in here}


def _cause(error):
    from autograder.learn.diagnose import causes_of  # only where something failed
    from autograder.learn.why.facts import facts_of

    found = causes_of(facts_of(error))
    return found[0][0].code if len(found) == 1 else None


def _written_here(layer):
    """Return the classes of a layer that the learner wrote, its own first."""
    return [c for c in type(layer).__mro__ if c.__module__.split(".")[0] not in _LIBRARIES]


def _takes(layer):
    method = next((vars(c)["call"] for c in _written_here(layer) if "call" in vars(c)), None)
    if not inspect.isfunction(method):
        return None
    takes = inspect.signature(method).parameters.values()
    fine = len(takes) > 1 or any(p.kind == p.VAR_POSITIONAL for p in takes)
    return None if fine else [p.name for p in takes]


def _borrows(layer):
    bare = keras.Layer, keras.Model  # what a class of one's own is built on does no work itself
    kinds = [c for c in type(layer).__mro__ if issubclass(c, keras.Layer) and c not in bare]
    names = [c.__name__ for c in kinds if c.__module__.split(".")[0] == "keras"]
    methods = [f for c in _written_here(layer) for f in vars(c).values() if inspect.isfunction(f)]
    used = [name for f in methods for name in f.__code__.co_names]
    return names + [name for name in used if name != "Layer" and _is_layer_name(name)]


def _is_layer_name(name):
    found = getattr(keras.layers, name, None)
    return isinstance(found, type) and issubclass(found, keras.Layer)


def _met_in(frames):
    found = None
    for layer, *handed in _calls(frames):
        made = [made_by(x)[0] for x in handed if hasattr(x, "_keras_history")]
        maker = type(made[0]).__name__ if made else "data" if handed else "nothing"
        found = [type(layer).__name__, maker]
    return found


def _declared(frames):
    """Return the shape of the only Input from which the tensors of a refused call come."""
    for _, *handed in _calls(frames):
        for tensor in (x for x in handed if isinstance(x, keras.KerasTensor)):
            starts = keras.utils.get_source_inputs(tensor)
            if len(starts) == 1:
                return list(starts[0].shape)
    return None


def _calls(frames):
    """Yield what each call of a layer was given, the layer first."""
    for frame in frames:
        args = frame.f_locals.get("args")  # Keras's wrapper around each layer's call has these
        # So have functions of others, with a layer as the first thing that they are about.
        if (
            args
            and isinstance(args, tuple)
            and isinstance(args[0], keras.Layer)
            and _of_keras(frame)
        ):
            yield args


def _of_keras(frame):
    return frame.f_globals.get("__name__", "").split(".")[0] == "keras"


def _unwritten(function, frames):
    mine = getattr(function, "__code__", None)
    if mine is None or not frames or frames[0].f_code is not mine or mine.co_name == "<lambda>":
        return None
    for name in mine.co_names:
        other = function.__globals__.get(name)
        if (code := getattr(other, "__code__", None)) is not None:
            if code is frames[-1].f_code is not mine:
                return name
        elif other is not None and any(f.f_locals.get("self") is other for f in frames[1:]):
            return name  # a stand-in for a function
    return None
