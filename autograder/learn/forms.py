"""The forms in which the same answer may be written, and the one that checks compare.

All checks go by this: a list does as well as a tuple, an array as a list, a TensorShape as a shape,
and a whole number counts as one in whatever type.
"""

import keras
import numpy as np


def plain(value):
    """Return an answer in one spelling: tuples, and Python's own numbers.

    Whole floats become int: 18464.0 is the same answer as 18464. What has no numbers yet, such as
    a KerasTensor, stays as it is.
    """
    if type(value).__name__ == "TensorShape":
        value = list(value)
    elif isinstance(value, np.ndarray) or _is_tensor(value):
        value = np.asarray(value).tolist()
    if isinstance(value, (tuple, list)):
        return tuple(map(plain, value))
    value = value.item() if isinstance(value, np.generic) else value
    return int(value) if isinstance(value, float) and value.is_integer() else value


def is_whole(value):
    """Tell whether a plain value is a whole number; True and False are none."""
    return isinstance(value, int) and not isinstance(value, bool)


def _is_tensor(value):
    return keras.ops.is_tensor(value) and not isinstance(value, keras.KerasTensor)
