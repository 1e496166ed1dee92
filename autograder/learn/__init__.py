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
    check_classifier,
    check_count,
    check_function,
    check_guard,
    check_layer,
    check_model,
    check_models,
    check_numbers,
    check_position,
    check_prediction,
    check_shape,
    check_shapes,
    check_transfer,
    check_weights,
)
from autograder.learn.drill import Drill  # noqa: E402
from autograder.learn.explain import explain  # noqa: E402
from autograder.learn.figures import (  # noqa: E402
    draw_batch,
    draw_bills,
    draw_block_diagonal,
    draw_coincidence,
    draw_contract,
    draw_dense_rows,
    draw_flatten,
    draw_images,
    draw_orders,
    draw_origin,
    draw_reach,
    draw_scores,
    draw_shapes,
    draw_steps,
)
from autograder.learn.predictions import (  # noqa: E402
    Built,
    Called,
    Commutes,
    Fed,
    LayerCount,
    LayerNames,
    Place,
    Raises,
    Reach,
    Trains,
    TypeOf,
)
from autograder.learn.questions import Accepts, Params, Sample, Shape, Size  # noqa: E402
from autograder.learn.summaries import uncolour_summaries  # noqa: E402
from autograder.learn.trace import run  # noqa: E402
from autograder.learn.verdict import CheckFailed, Verdict  # noqa: E402
from autograder.learn.work import reads  # noqa: E402
from autograder.progress import progress  # noqa: E402

uncolour_summaries()

__all__ = [
    "Accepts",
    "Built",
    "Called",
    "CheckFailed",
    "Commutes",
    "Drill",
    "Fed",
    "LayerCount",
    "LayerNames",
    "Params",
    "Place",
    "Raises",
    "Reach",
    "Sample",
    "Shape",
    "Size",
    "Trains",
    "TypeOf",
    "Verdict",
    "check_accepts",
    "check_classifier",
    "check_count",
    "check_function",
    "check_guard",
    "check_layer",
    "check_model",
    "check_models",
    "check_numbers",
    "check_position",
    "check_prediction",
    "check_shape",
    "check_shapes",
    "check_transfer",
    "check_weights",
    "draw_batch",
    "draw_bills",
    "draw_block_diagonal",
    "draw_coincidence",
    "draw_contract",
    "draw_dense_rows",
    "draw_flatten",
    "draw_images",
    "draw_orders",
    "draw_origin",
    "draw_reach",
    "draw_scores",
    "draw_shapes",
    "draw_steps",
    "explain",
    "progress",
    "reads",
    "run",
]
