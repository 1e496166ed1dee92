"""Is something about Keras? Only then do checks and beliefs speak of it.

A check compares with whatever its author gives it: a model, but also an array of NumPy's or a
function of their own. What is true of Keras (the batch axis in front, None for an open size) isn't
true of those, and a learner who was asked about NumPy holds no belief about Keras.
"""

import dataclasses
import functools
import types

import keras
import numpy as np

#: Keras, and what computes for it here: the same library without Keras can't be told from it.
_LIBRARIES = ("keras", keras.backend.backend(), *["jaxlib"] * (keras.backend.backend() == "jax"))
#: How many things are looked at, at most, and how many entries of each.
_MOST, _ENTRIES = 1000, 50


def about_keras(thing):
    """Tell whether a thing is one of Keras's, holds one, or is a function that uses one."""
    todo, seen = [thing], {}
    while todo and len(seen) < _MOST:
        thing = todo.pop()
        if id(thing) in seen:
            continue
        seen[id(thing)] = thing
        if _is_keras(thing):
            return True
        todo += list(_parts(thing))[:_ENTRIES]
    return False


def asked_of_keras(question):
    """Tell whether a question is about Keras: by what it says of itself, or by what it is about."""
    told = getattr(question, "of_keras", None)
    return about_keras(question) if told is None else told


def _is_keras(thing):
    if isinstance(thing, (np.ndarray, np.generic)):  # also where NumPy computes for Keras
        return False
    if _is_data(thing) and getattr(thing, "of_keras", False):  # a question that says so
        return True
    if isinstance(thing, types.ModuleType):
        return _is_of_library(thing.__name__)
    if isinstance(thing, (types.FunctionType, types.MethodType)):
        return _is_of_library(thing.__module__)
    classes = (thing if isinstance(thing, type) else type(thing)).__mro__
    return any(_is_of_library(c.__module__) for c in classes) or keras.ops.is_tensor(thing)


def _is_data(thing):
    return dataclasses.is_dataclass(thing) and not isinstance(thing, type)


def _is_of_library(module):
    return str(module).split(".")[0] in _LIBRARIES


def _parts(thing):
    """Return what a thing holds; of a function, what the names in its code stand for."""
    if isinstance(thing, dict):
        return [*thing.keys(), *thing.values()]
    if isinstance(thing, (tuple, list, set)):
        return thing
    if isinstance(thing, functools.partial):
        return [thing.func, *thing.args, *thing.keywords.values()]
    if isinstance(thing, types.MethodType):
        return [thing.__self__, thing.__func__]
    if type(thing) is types.FunctionType:  # a stand-in for one only says so
        return _used_by(thing)
    if _is_data(thing):
        return [getattr(thing, field.name) for field in dataclasses.fields(thing)]
    return []


def _used_by(function):
    known, found = function.__globals__, []
    for cell in function.__closure__ or ():
        try:
            found.append(cell.cell_contents)
        except ValueError:  # nothing has been assigned to it yet
            continue
    return found + [known[name] for name in sorted(_names(function.__code__)) if name in known]


def _names(code):
    """Return the names in a code object and in those within it."""
    inner = [c for c in code.co_consts if isinstance(c, types.CodeType)]
    return set(code.co_names).union(*map(_names, inner))
