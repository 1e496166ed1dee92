"""What is known of data: shapes and a few numbers, never the arrays themselves."""

from dataclasses import dataclass, field

import keras
import numpy as np

#: Of larger arrays only so many numbers are looked at.
MOST_NUMBERS = 1_000_000


@dataclass(frozen=True)
class Data:
    """One array, or what stands for it.

    shape: None if it is not known. dtype: its name; "text" for strings, "none" for what holds None,
    "lists" for lists or arrays in an array of objects, "objects" for a list of what is neither.
    name: what the person calls it, or "". source: "array", "list" (of Python), "dataset",
    "generator", "PyDataset" or "tensor".
    whole: whether it holds whole numbers only; low, high: the least and the largest, where it
    does; one_hot: whether each row has one 1 and 0 elsewhere; ragged: whether it is a RaggedTensor
    of TensorFlow, or a dataset of such; used: in which places one-hot rows have their 1; shares:
    whether the numbers of each row are 0 or more and sum to 1; lost: how many are nan or infinite:
    the rest is told of the others, and whole, one_hot and shares are not; size: what an object
    that gives batches calls its `batch_size`.
    """

    shape: tuple | None
    dtype: str = ""
    name: str = ""
    source: str = "array"
    whole: bool = False
    low: float | None = None
    high: float | None = None
    one_hot: bool = False
    ragged: bool = False
    used: tuple = ()
    shares: bool = False
    lost: int = 0
    size: int | None = None

    @property
    def called(self):
        """The name in backticks, or "the data"."""
        return f"`{self.name}`" if self.name else "the data"

    def __str__(self):
        return f"{self.called}, of shape {self.shape}" if self.shape is not None else self.called


@dataclass(frozen=True)
class Parts:
    """Data as handed over: one thing, or a list or dict of several. keys: names or numbers."""

    structure: str = ""
    keys: tuple = ()
    items: tuple = ()

    def __bool__(self):
        return bool(self.items)

    @property
    def one(self):
        """The Data, if there is just one; else None."""
        return self.items[0] if len(self.items) == 1 else None

    @property
    def shape(self):
        """The shape of the one thing; None where there are several, or it isn't known."""
        return self.one.shape if self.one else None

    @property
    def source(self):
        """Where the data come from; "" if there are none."""
        return self.items[0].source if self.items else ""


@dataclass(frozen=True)
class Feed:
    """What a model is given: x, the targets y, and sample weights.

    same: whether y is x. zipped: how many elements each of several datasets has that were zipped.
    batches: how many elements a dataset has, where that is known.
    """

    x: Parts = field(default_factory=Parts)
    y: Parts = field(default_factory=Parts)
    weight: Parts = field(default_factory=Parts)
    same: bool = False
    zipped: tuple = ()
    batches: int | None = None


class Named:
    """The person's names of their own objects."""

    def __init__(self, pairs):
        self.names = {}
        for name, value in pairs:
            if shape_of(value) is not None or isinstance(value, (list, tuple, dict)):
                self.names.setdefault(id(value), name)

    def of(self, value):
        """Return the name of an object, or ""."""
        return self.names.get(id(value), "")


NOTHING = Named(())


def shape_of(value):
    """Return the shape of what is like an array, as a tuple, or None."""
    if isinstance(value, (type, keras.Layer)):
        return None
    try:
        shape = getattr(value, "shape", None)
        return None if shape is None or callable(shape) else tuple(_size(n) for n in shape)
    except (TypeError, ValueError):  # a shape of unknown rank, or something else of that name
        return None


def _size(n):
    open_ = n is None or type(n).__name__ == "_DimExpr"  # by which JAX stands for any number
    return None if open_ else int(n)


def feed_of(x, y, weight, names):
    """Return the Feed of what a model's method was given."""
    if isinstance(x, (tuple, list)) and y is None and weight is None and _is_pair(x):
        x, y, weight = (*x, None, None)[:3]
    spec = getattr(x, "element_spec", None)
    if spec is not None:
        given = spec if isinstance(spec, tuple) else (spec,)
        known = {"zipped": _zipped(x), "batches": _batches(x)}
        x, y, weight = (*given, None, None)[:3]
        return Feed(*(parts_of(v, NOTHING, "dataset") for v in (x, y, weight)), **known)
    if _is_stream(x):
        source = "generator" if hasattr(x, "__next__") else type(x).__name__
        source = "PyDataset" if any(c.__name__ == "PyDataset" for c in type(x).__mro__) else source
        size = getattr(x, "__dict__", {}).get("batch_size")
        known = Data(None, "", names.of(x), source, size=size if isinstance(size, int) else None)
        return Feed(Parts("one", ("",), (known,)))
    parts = (parts_of(v, names) for v in (x, y, weight))
    return Feed(*parts, same=y is not None and y is x)


def _batches(dataset):
    """Return how many elements a dataset has, or None where that isn't known."""
    try:
        return max(int(dataset.cardinality()), -1) if hasattr(dataset, "cardinality") else None
    except Exception:  # a dataset of another make
        return None


def _zipped(dataset):
    """Return how many elements the datasets have that one was zipped of; () where not known."""
    try:
        for _ in range(20):
            inner = keras.tree.flatten(dataset._inputs())
            if type(dataset).__name__ == "_ZipDataset":
                sizes = tuple(int(d.cardinality()) for d in inner)
                return sizes if min(sizes) >= 0 else ()
            dataset = inner[0]
    except Exception:  # no dataset of TensorFlow's, or one of another make
        pass
    return ()


def _is_pair(x):
    """Tell whether this is (x, y) of validation_data: a tuple of two or three."""
    return isinstance(x, tuple) and len(x) in (2, 3)


def _is_stream(x):
    if x is None or shape_of(x) is not None or isinstance(x, (list, tuple, dict, str)):
        return False
    return hasattr(x, "__next__") or hasattr(x, "__getitem__") or hasattr(x, "__iter__")


def parts_of(value, names, source="array"):
    """Return the Parts of data in whatever structure."""
    if value is None:
        return Parts()
    if isinstance(value, dict):
        items = tuple(_one(v, names, source) for v in value.values())
        return Parts("dict", tuple(map(str, value)), items)
    if isinstance(value, (list, tuple)):
        arrays = [v for v in value if shape_of(v) is not None]
        if value and len(arrays) == len(value):
            items = tuple(_one(v, names, source) for v in value[:50])
            return Parts("list", tuple(range(len(value))), items)
        return Parts("one", ("",), (_listed(value, names),))
    return Parts("one", ("",), (_one(value, names, source),))


def _listed(value, names):
    """Return the Data of a list of numbers or of lists; its shape is None if it is ragged."""
    dtype = "list"
    try:
        array = np.asarray(value)
        dtype = "objects" if array.dtype == object else dtype
        shape = array.shape if array.dtype != object else None
    except ValueError:
        shape = None
    words = isinstance(value, list) and value and all(isinstance(v, str) for v in value[:20])
    return Data(shape, "text" if words else dtype, names.of(value), "list")


def _one(value, names, source):
    shape = shape_of(value)
    name = names.of(value)
    dtype = getattr(getattr(value, "dtype", ""), "name", None) or str(getattr(value, "dtype", ""))
    if type(value).__name__.startswith("RaggedTensor"):
        return Data(shape, dtype, name, source, ragged=True)
    if shape is None or source == "dataset" or isinstance(value, keras.KerasTensor):
        return Data(shape, "text" if dtype == "string" else dtype, name, source)
    if _is_text(value, dtype):
        return Data(shape, "text", name, source)
    if dtype == "object" and _holds_none(value):
        return Data(shape, "none", name, source)
    if dtype == "object" and _holds_lists(value):
        return Data(shape, "lists", name, source)
    return Data(shape, dtype, name, source, **_numbers(value))


def _is_text(value, dtype):
    """Tell whether an array holds strings: NumPy's own, or Python's in an array of objects."""
    if dtype.startswith(("str", "bytes")) or dtype == "string":
        return True
    try:
        values = getattr(value, "values", value)  # of a table of pandas
        return dtype == "object" and any(isinstance(v, str) for v in values.flat[:100])
    except (AttributeError, TypeError):
        return False


def _holds_none(value):
    """Tell whether an array of objects holds None among its first: nothing was read there."""
    return any(v is None for v in np.asarray(value, object).flat[:100])


def _holds_lists(value):
    first = list(np.asarray(value, object).flat[:20])
    return bool(first) and all(isinstance(v, (list, tuple, np.ndarray)) for v in first)


def _numbers(value):
    """Return what is told of the numbers of an array, from a bounded sample where it is large."""
    try:
        if np.prod(shape_of(value)) > MOST_NUMBERS:
            rows = max(1, MOST_NUMBERS // max(1, int(np.prod(shape_of(value)[1:]))))
            value = value[:rows]
        array = np.asarray(
            keras.ops.convert_to_numpy(value) if keras.ops.is_tensor(value) else value
        )
        if array.size == 0 or array.dtype.kind not in "biuf":
            return {}
        sound = np.isfinite(array)
        if not sound.all():
            return _told_of_sound(array[sound]) | {"lost": int(array.size - sound.sum())}
        low, high = float(array.min()), float(array.max())
        whole = array.dtype.kind in "biu" or bool(np.all(array == np.floor(array)))
    except Exception:  # symbolic, on another device, or not to be read
        return {}
    zero_one = whole and low >= 0 and high <= 1
    rows = array.ndim > 1 and array.shape[-1] > 1
    one_hot = bool(zero_one and rows and np.all(array.sum(axis=-1) == 1))
    used = array.reshape(-1, array.shape[-1]).any(axis=0).nonzero()[0] if one_hot else ()
    shares = bool(rows and low >= 0 and np.allclose(array.sum(axis=-1), 1, atol=1e-3))
    told = {"whole": whole, "low": low, "high": high, "one_hot": one_hot}
    return told | {"used": tuple(map(int, used)), "shares": shares}


def _told_of_sound(numbers):
    """Return what is told of the numbers of an array that are finite, where others are not."""
    if not numbers.size:
        return {}
    return {"low": float(numbers.min()), "high": float(numbers.max())}
