"""Stand-ins for a student's functions and for values of classes of all kinds.

The original stays where it is. Its parts and what its methods return are asked for, and come as
data. What would let the original decide for itself whether it is right (`==`, `<`, `in`) is never
asked: that, and whatever else can't be answered from here as the original would, is left to a
person.
"""

import dataclasses
import sys
import types

import numpy as np

from autograder.grade.run import wire

#: What a check has met that ends it, so that no `except` of its own can make away with it.
stops = []


class Undecided(BaseException):
    """An answer that can't be judged through data: for a person to decide, and never 0 points.

    It is no Exception, so that no check takes it for something that the answer raised.
    """

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason
        stops.append(self)


def refuse(what):
    """Raise Undecided. what: what can't be done from here, a sentence without its full stop."""
    raise Undecided(f"{what}; look at the answer itself")


def asked_from(*libraries):
    """Tell whether an attribute is asked for by code of a library, and not by a check."""
    frame = sys._getframe(2)
    return str(frame.f_globals.get("__name__")).startswith(libraries)


#: Special methods that the original is asked to carry out: what they return is looked at here.
_ASKED = frozenset(
    name
    for name in (*wire._SPECIAL, "__hash__", "__str__", "__format__")
    if name not in ("__contains__", "__await__", "__aiter__", "__anext__", "__call__")
)
_REFUSED = {
    "__eq__": "compares",
    "__ne__": "compares",
    "__lt__": "compares",
    "__le__": "compares",
    "__gt__": "compares",
    "__ge__": "compares",
    "__contains__": "looks for something in",
}
#: Classes that have no name where they are kept.
_HIDDEN = {
    "generator": types.GeneratorType,
    "function": types.FunctionType,
    "builtin_function_or_method": types.BuiltinFunctionType,
    "method": types.MethodType,
    "module": types.ModuleType,
    "code": types.CodeType,
    "list_iterator": type(iter([])),
    "tuple_iterator": type(iter(())),
    "range_iterator": type(iter(range(0))),
    "set_iterator": type(iter(set())),
    "dict_keyiterator": type(iter({})),
    "str_iterator": type(iter("")),
    "list_reverseiterator": type(reversed([])),
}
#: Attributes with underscores that a function or an object has, and that checks look at.
_LOOKED = """
__name__ __doc__ __qualname__ __module__ __annotations__ __defaults__ __kwdefaults__ __code__
__signature__ __wrapped__ __self__ __func__ __bases__ __mro__ __dict__
__members__ __closure__ __globals__ __subclasses__ __text_signature__ __origin__ __args__
"""
_LOOKED_AT = frozenset(_LOOKED.split())
_NEVER = ("__closure__", "__globals__", "co_code", "co_filename", "co_consts", "__mro__")
_NEVER += ("__bases__", "__subclasses__")


_NOT_FROM_THERE = (*wire._BASES, np.generic, BaseException)


class Stand:
    """What stands for an object; its own attributes have names that no other object uses."""

    __slots__ = ("_stand_student", "_stand_handle", "_stand_about")
    stands_for_original = True
    _stand_lacks = ()  # attributes that the original would have told already

    def __init__(self, *made_of, **options):
        if not asked_from("autograder."):
            refuse("the check makes another object of the answer's class")
        for name, value in zip(Stand.__slots__, made_of, strict=True):
            object.__setattr__(self, name, value)

    @property
    def held_by_student(self):
        """The handle of the original."""
        return self._stand_handle

    def class_there(self):
        """Return what stands for the class of the original, one of the student's."""
        return self._stand_student.part(self._stand_handle, "__class__", None)

    def __getattr__(self, name):
        if name == "__array_interface__" and self._is_derived():
            refuse("the check computes with the answer, which is of a class of its own, by NumPy")
        if name == "__tf_tracing_type__":
            refuse("the check trains with the answer, or computes with it in a graph")
        special = name.startswith("__") or name.startswith(("_repr_", "_ipython_"))
        lacks = name in self._stand_lacks or name not in _LOOKED_AT
        if special and (lacks or asked_from("autograder.", "keras.")):
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        if name in _NEVER:
            refuse("the check looks at how the answer is written")
        return self._stand_student.part(self._stand_handle, name, self._stand_method)

    def _is_derived(self):
        """Tell whether it is of a class derived from a plain one."""
        plain = [base.__name__ for base in wire._BASES]
        return any(m == "builtins" and n in plain for m, n in self._stand_about.get("of", ()))

    def _stand_method(self, name):
        def call(*args, **kwargs):
            return self._stand_student.call(self._stand_handle, args, kwargs, name)

        call.__name__ = name
        return call

    def __setattr__(self, name, value):
        refuse(f"the check sets {name} of the answer")

    def __delattr__(self, name):
        refuse(f"the check deletes {name} of the answer")

    def __dir__(self):
        refuse("the check lists the parts of the answer")

    def __reduce_ex__(self, protocol):
        refuse("the check copies the answer")

    def __repr__(self):
        about = self._stand_about
        # What isn't called by a name may by now say something else of itself.
        is_known = about.get("name") is not None or about["runs"] == self._stand_student.runs
        is_whole = len(about["said"]) < 200
        return about["said"] if is_whole and is_known else self._stand_method("__repr__")()

    @property
    def __class__(self):
        kind = self._stand_about["kind"]
        if kind is None and not asked_from("autograder.", "keras.", "numpy"):
            refuse(f"the check asks of what class the answer is, a {type(self).__name__}")
        return kind or type(self)


class Function(Stand):
    """Stands for a function of the student's, or anything else that can be called."""

    __slots__ = ()
    _stand_lacks = ("__name__",)

    def __call__(self, *args, **kwargs):
        """Call the original."""
        return self._stand_student.call(self._stand_handle, args, kwargs)

    @property
    def seen_there(self):
        """What was seen of its code where it runs; see autograder.learn.seen."""
        seen = self._stand_about["seen"]
        return {"layer_class": seen["layer_class"] is True, "unused": seen["unused"]}

    def set_random_seed(self, number):
        """Set the seeds where the function runs."""
        self._stand_student.seed(number)

    def __instancecheck__(self, thing):
        return self._stand_method("__instancecheck__")(thing) is True

    def __subclasscheck__(self, thing):
        refuse("the check asks from what class the answer is derived")

    def __mro_entries__(self, bases):
        refuse("the check derives a class from the answer")


class Kin:
    """Comes before a plain class: a value of a class of the student's that is used as that one."""

    stands_for_original = True

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        student, handle = type(self)._of
        return student.part(handle, name, lambda n: _method(student, handle, n))

    @property
    def held_by_student(self):
        """The handle of the original."""
        return type(self)._of[1]

    def class_there(self):
        """Return what stands for the class of the original."""
        student, handle = type(self)._of
        return student.part(handle, "__class__", None)

    def __repr__(self):
        if not wire.can_change(self):
            return type(self)._said
        student, handle = type(self)._of
        return student.call(handle, (), {}, "__repr__")


def _method(student, handle, name):
    return lambda *args, **kwargs: student.call(handle, args, kwargs, name)


def made(kind, student, handle, about):
    """Return the stand-in for a function or value; kin: for one that is a plain value as well.

    setting: one of Keras's own objects, which is here; about: its class, and what it is made with.
    """
    if kind == "setting":
        base, config = about
        return base(**config)
    if kind == "kin":
        base = type(about["value"])
        parts = {"_of": (student, handle), "_said": about["said"]}
        return type(about["type"], (Kin, base), parts)(about["value"])
    about = {**about, "runs": student.runs}
    names = {name: _special(name) for name in about["has"]}
    if "__array__" in names:
        names |= {
            "__array__": _array,
            "__array_ufunc__": _computed,
            "__array_function__": _computed,
        }
    names |= {"__slots__": (), **_UNMEANT, **_as_dataclass(about["fields"])}
    if "__eq__" in about["has"]:
        names.setdefault("__hash__", _special("__hash__"))
    if kind == "function":
        return _made_function(student, handle, about, names)
    names["__module__"] = about["of"][0][0] if about["of"] else "builtins"
    thing = type(about["type"], (Stand,), names)
    return thing(student, handle, {**about, "kind": _class_of(student, about, thing)})


def _made_function(student, handle, about, names):
    """Return the stand-in for something that can be called; names: what its class has."""
    names.pop("__call__", None)  # that of `Function` is meant
    if about["name"] is not None:
        names["__name__"] = about["name"]
    thing = type(about["type"], (Function,), names)
    known = _HIDDEN.get(about["type"])
    if about["is_class"]:
        kind = type if about["seen"]["layer_class"] is not None else known or thing
    else:
        kind = known or _class_of(student, about, thing)
    return thing(student, handle, {**about, "kind": kind})


def _ask_original(thing):
    """Have Python go on to `__getattr__`, which sees who asks."""
    raise AttributeError


#: What Python would find in the class of a stand-in, and isn't meant.
_UNMEANT = {n: property(_ask_original) for n in ("__doc__", "__module__", "__annotations__")}


def _as_dataclass(fields):
    """Return what makes a class a dataclass, with the names of its fields; nothing for None."""
    known = {name: _Field(name=name, _field_type=dataclasses._FIELD) for name in fields or ()}
    return {} if fields is None else {"__dataclass_fields__": known}


class _Field(types.SimpleNamespace):
    """A field of a dataclass of the student's: its name is known."""

    def __getattr__(self, name):
        refuse(f"the check asks for {name} of a field of the answer, a dataclass")


def _special(name):
    """Return a special method that asks the original, or leaves it to a person."""

    def ask(self, *args):
        return self._stand_method(name)(*args)

    def leave(self, *args):
        what = _REFUSED.get(name, f"does more ({name}) with")
        refuse(f"the check {what} the answer, a {type(self).__name__}, which is no plain value")

    return ask if name in _ASKED else leave


def _array(self, *args, **kwargs):
    found = self._stand_method("__array__")(*args, **kwargs)
    return found if type(found) is np.ndarray else refuse("the check makes an array of the answer")


def _computed(self, *args, **kwargs):
    refuse(f"the check computes with the answer, a {type(self).__name__}, by NumPy")


def _class_of(student, about, thing):
    """Return what a check may take for the class of a value; None if it isn't sure here.

    Of a class of a library, the one here that has its name. A class of the notebook's is none of
    those that a check can name, unless the lesson has one of that name.
    """
    for number, (module, name) in enumerate(about["of"]):
        known = _known_class(module, name)
        if known is not None:
            return known if number == 0 else None
        if module == "__main__" and student.of_lesson(name):
            return None
    return thing


def _known_class(module, name):
    if module == "builtins" and name in _HIDDEN:
        return _HIDDEN[name]
    known = vars(sys.modules[module]).get(name) if module in sys.modules else None
    if not isinstance(known, type) or module == "__main__":
        return None
    keras = sys.modules.get("keras")
    of_keras = (keras.Layer, keras.KerasTensor) if keras else ()
    # Those would have come as what they are.
    return None if issubclass(known, (*_NOT_FROM_THERE, *of_keras)) else known


class TypeOf:
    """Stands for `type` in a check: tells of stand-ins of what class the original is."""

    def __call__(self, *args, **kwargs):
        """Return the class of an object, or make one."""
        if len(args) != 1 or kwargs:
            return type(*args, **kwargs)
        kind = type(args[0])
        if hasattr(kind, "stands_for_original"):
            kind = args[0].__class__
            kind = args[0].class_there() if kind is type(args[0]) else kind
        return self if kind is type else kind

    def __instancecheck__(self, thing):
        return isinstance(thing, type)

    def __subclasscheck__(self, thing):
        return issubclass(thing, type)

    def __mro_entries__(self, bases):
        return (type,)

    def __eq__(self, other):
        return other is self or other is type

    def __hash__(self):
        return hash(type)

    def __or__(self, other):
        return type | other

    def __ror__(self, other):
        return other | type

    def __getattr__(self, name):
        return getattr(type, name)

    def __repr__(self):
        return repr(type)


type_of = TypeOf()
