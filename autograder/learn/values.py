"""Compare what a function gave with what it should give: numbers, text, dictionaries, tables.

A table is a list of dictionaries, or a DataFrame; which library made it doesn't matter, and none
is imported here.
"""

import unicodedata
from collections.abc import Mapping, Set

import numpy as np

from autograder.learn.work import show

#: How much of a text is shown around the place where it goes wrong.
_AROUND = 20


def numbers(value):
    """Return a value as an array of numbers, or None."""
    try:
        return np.asarray(value, "float32")
    except (TypeError, ValueError):
        return None


def agree(got, want):
    """Tell whether a value is the right one.

    Numbers are the same up to rounding; texts up to blanks at the ends of lines; dictionaries and
    sets in any order; tables with their columns in any order. What is missing (None in a table,
    NaN) agrees with what is missing.
    """
    got, want = _plain(got), _plain(want)
    if isinstance(want, str):
        return isinstance(got, str) and _lines(got) == _lines(want)
    if isinstance(want, Mapping):
        same = isinstance(got, Mapping) and got.keys() == want.keys()
        return same and all(agree(got[key], want[key]) for key in want)
    if isinstance(want, Set):
        return isinstance(got, Set) and got == want
    if isinstance(want, (tuple, list)):
        same = isinstance(got, (tuple, list)) and len(got) == len(want)
        return same and all(map(agree, got, want))
    if _is_missing(got) or _is_missing(want):
        return _is_missing(got) and _is_missing(want)
    return _same_numbers(got, want)


def _same_numbers(got, want):
    want = np.asarray(want)
    if want.dtype.kind not in "biufc":
        return _equal(got, want if want.ndim else want.item())
    try:
        given = np.asarray(got)
    except ValueError:  # lists of different lengths
        return False
    # Keras computes in float32 what NumPy may have left in float64; digits in a text are no number.
    got = numbers(got) if want.dtype.kind == "f" and given.dtype.kind not in "US" else given
    if got is None or got.shape != want.shape or got.dtype.kind not in "biufc":
        return False
    if {got.dtype.kind, want.dtype.kind} <= set("biu"):
        return np.array_equal(got, want)
    return np.allclose(got, want, 1e-4, 1e-5, equal_nan=True)


def _equal(got, want):
    try:
        return bool(np.array_equal(got, want))
    except (TypeError, ValueError):  # things that can't be compared aren't the same
        return False


def is_worded(value):
    """Tell whether a value is a text, a dictionary, a set or a table, or a list of such."""
    value = _plain(value)
    if isinstance(value, (tuple, list)):
        return any(map(is_worded, value))
    return isinstance(value, (str, Mapping, Set))


def difference(got, want):
    """Return where a value first differs from the right one, as a clause; never the right one."""
    got, want = _plain(got), _plain(want)
    for kinds, named, tell in _KINDS:
        if isinstance(want, kinds):
            if not isinstance(got, kinds):
                return f"it is {_a(got)}, and asked for is {named}"
            return tell(got, want)
    if _is_missing(got):
        return "a value is missing"
    return f"{show(got.item() if isinstance(got, np.generic) else got, 60)} isn't right"


def _in_text(got, want):
    got, want = _lines(got), _lines(want)
    if "".join(got.split()) == "".join(want.split()):
        return "only its blanks and line ends aren't right"
    if got.lower() == want.lower():
        return "only capital and small letters aren't right"
    pairs = enumerate(zip(got, want, strict=False))
    at = next((i for i, (a, b) in pairs if a != b), min(len(got), len(want)))
    line = f" of line {got[:at].count(chr(10)) + 1}" if "\n" in got else ""
    if not got:
        return "it is empty"
    if at == len(got):
        return f"it is right as far as it goes, and ends too early, behind {got[-_AROUND:]!r}"
    here = got[at : at + _AROUND]
    if at == len(want):
        return f"it is right at first, and {here!r}{line} is too much"
    if at == 0:
        return f"it isn't right from its first letter on, {here!r}"
    return f"it is right up to {got[max(0, at - _AROUND) : at]!r}{line}, but not {here!r} behind it"


def _in_dictionary(got, want):
    extra = [key for key in got if key not in want]
    missing = [key for key in want if key not in got]
    if extra and {str(key) for key in got} == {str(key) for key in want}:
        return f"its keys are right but for their type: {show(extra[0], 60)} is {_a(extra[0])}"
    if extra:
        return f"the key {show(extra[0], 60)} doesn't belong in it"
    if missing:
        return "a key is missing in it" if len(missing) == 1 else "some keys are missing in it"
    key = next(key for key in got if not agree(got[key], want[key]))
    return f"under the key {show(key, 60)}, {difference(got[key], want[key])}"


def _in_set(got, want):
    extra = sorted(got - want, key=repr)
    return f"{show(extra[0], 60)} doesn't belong in it" if extra else "something is missing in it"


def _in_list(got, want):
    if _is_table(want) and (_is_table(got) or not got):
        return _in_table(got, want)
    if len(got) != len(want):
        return f"it has {_count(len(got), 'entry', 'entries')}, and should have another number"
    at = next((i for i, pair in enumerate(zip(got, want, strict=True)) if not agree(*pair)), 0)
    said = difference(got[at], want[at])
    if said.startswith("in entry "):
        return said.replace(",", f" of entry {at + 1},", 1)
    return f"in entry {at + 1}, {said}"


def _in_table(got, want):
    mine, right = ({key: None for row in rows for key in row} for rows in (got, want))
    extra = [name for name in mine if name not in right]
    if extra:
        return f"the column {show(extra[0], 60)} doesn't belong in it"
    if len(got) != len(want):
        return f"it has {_count(len(got), 'row', 'rows')}, and should have another number"
    if len(mine) < len(right):
        return "a column is missing in it"
    if all(any(agree(row, one) for one in want) for row in got):
        return "its rows are right, but not in this order, or not as often"
    at = next(i for i, pair in enumerate(zip(got, want, strict=True)) if not agree(*pair))
    if got[at].keys() != want[at].keys():
        return f"in row {at + 1}, the columns aren't right"
    name = next(name for name in got[at] if not agree(got[at][name], want[at][name]))
    return f"in row {at + 1}, column {show(name, 60)}, {difference(got[at][name], want[at][name])}"


#: What a right answer may be, in words, and how to say where another one differs from it.
_KINDS = (
    (str, "a text", _in_text),
    (Mapping, "a dictionary", _in_dictionary),
    (Set, "a set", _in_set),
    ((tuple, list), "a list", _in_list),
)


def _plain(value):
    """Return a DataFrame as a list of dictionaries, a Series as a list or a dictionary.

    All else is returned as it is. An index is part of it if it says something: if it has a name,
    or (of a Series) isn't merely the numbers from 0 on.
    """
    if hasattr(value, "to_dicts") and hasattr(value, "columns"):  # polars
        return value.to_dicts()
    if not (hasattr(value, "to_dict") and hasattr(value, "index")):
        return value
    named = any(name is not None for name in getattr(value.index, "names", ()))
    if hasattr(value, "columns"):
        return (value.reset_index() if named else value).to_dict("records")
    counted = type(value.index).__name__ == "RangeIndex" and not named
    return list(value) if counted else value.to_dict()


def _is_table(value):
    return bool(value) and all(isinstance(row, Mapping) for row in value)


def _is_missing(value):
    """Tell whether a value stands for none: None, or NaN as any library has it."""
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    return isinstance(value, (float, np.floating)) and bool(value != value)


def _lines(text):
    """Return a text without what no reader sees: blanks at the ends of lines and behind it."""
    text = unicodedata.normalize("NFC", text)
    return "\n".join(line.rstrip() for line in text.splitlines()).rstrip()


def _a(value):
    kind = type(value).__name__
    words = {"str": "a text", "dict": "a dictionary", "NoneType": "None", "int": "a whole number"}
    words["ndarray"] = "an array"
    return words.get(kind, f"a{'n' if kind[0].lower() in 'aeio' else ''} {kind}")


def _count(number, one, many):
    return f"{number} {one if number == 1 else many}"
