"""What a lesson imports: checks that say which mistake was made, and figures.

Importing it imports Keras, with TensorFlow's C++ log kept out of the cell's output, so a lesson
imports it first.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")

from autograder.learn.quiet import hushed  # noqa: E402

with hushed():
    import keras  # noqa: F401

from autograder.learn.checks import (  # noqa: E402
    check_accepts,
    check_count,
    check_function,
    check_model,
    check_numbers,
    check_position,
    check_shape,
    check_shapes,
)
from autograder.learn.figures import draw_flatten, draw_shapes  # noqa: E402
from autograder.learn.questions import Params, Size  # noqa: E402
from autograder.learn.trace import run  # noqa: E402
from autograder.learn.verdict import CheckFailed, Verdict  # noqa: E402

__all__ = [
    "CheckFailed",
    "Params",
    "Size",
    "Verdict",
    "check_accepts",
    "check_count",
    "check_function",
    "check_model",
    "check_numbers",
    "check_position",
    "check_shape",
    "check_shapes",
    "draw_flatten",
    "draw_shapes",
    "run",
]
