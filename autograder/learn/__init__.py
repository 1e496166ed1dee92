"""What a lesson imports: checks that say which mistake was made, and figures.

All names that `from autograder.learn import ...` gives are public, and stay: the checks
(`check_...`), the questions that they ask (`Shape`, `Params`, `Raises` and others), what messages
and partial credit are made of (`Verdict`, its states, `CheckFailed`, `deliver`), `rule` for
mistaken rules of one's own, the figures (`draw_...`), and `explain`, `run`, `reads`, `progress` and
`Drill` for the text of a lesson. What lies in modules below is not.

Importing it imports Keras, with TensorFlow's C++ log kept out of the cell's output, so a lesson
imports it first. Checks and messages speak of Keras only where something of Keras's was asked.

Each check gives all points of its cell or none, and needs no `points=`; `check_shapes` alone gives
a part of them, as a check of your own can. What the learner's function raises, and an answer of
another form, become a message of the check, and no stack trace.

How cells become exercises, and answers in words that a person grades, is told in
[CONTRIBUTING.md](../CONTRIBUTING.md#cells); how right and wrong answers of one's own are tried, too
([Known mistakes](../CONTRIBUTING.md#known-mistakes)). A small lesson stands below, and two longer
ones, to begin with as a copy, are in [examples](../examples/README.md). The examples of the checks
leave out what they import: names of `autograder.learn`, numpy as `np`, keras, and `layers` from it.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")

from autograder.learn.quiet import hold_back_retracing, hushed  # noqa: E402

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
    check_training,
    check_transfer,
    check_weights,
)
from autograder.learn.drill import Drill  # noqa: E402
from autograder.learn.explain import explain  # noqa: E402
from autograder.learn.figures import (  # noqa: E402
    draw_averages,
    draw_batch,
    draw_bills,
    draw_block_diagonal,
    draw_coincidence,
    draw_contract,
    draw_dense_rows,
    draw_elements,
    draw_flatten,
    draw_images,
    draw_orders,
    draw_origin,
    draw_pairs,
    draw_reach,
    draw_scores,
    draw_shapes,
    draw_shares,
    draw_skips,
    draw_steps,
    draw_tables,
    draw_targets,
)
from autograder.learn.mistakes.rule import rule  # noqa: E402
from autograder.learn.predictions import (  # noqa: E402
    Built,
    Called,
    Commutes,
    Element,
    Fed,
    LayerCount,
    LayerNames,
    LossShape,
    Place,
    Raises,
    Reach,
    Trains,
    TypeOf,
)
from autograder.learn.questions import Accepts, Params, Sample, Shape, Size  # noqa: E402
from autograder.learn.summaries import uncolour_summaries  # noqa: E402
from autograder.learn.trace import run  # noqa: E402
from autograder.learn.verdict import (  # noqa: E402
    NOT_ATTEMPTED,
    PARTLY,
    RIGHT,
    WRONG,
    CheckFailed,
    Row,
    Verdict,
    deliver,
)
from autograder.learn.why import why  # noqa: E402
from autograder.learn.work import reads  # noqa: E402
from autograder.progress import progress  # noqa: E402

uncolour_summaries()
hold_back_retracing()

__all__ = [
    "NOT_ATTEMPTED",
    "PARTLY",
    "RIGHT",
    "WRONG",
    "Accepts",
    "Built",
    "Called",
    "CheckFailed",
    "Commutes",
    "Drill",
    "Element",
    "Fed",
    "LayerCount",
    "LayerNames",
    "LossShape",
    "Params",
    "Place",
    "Raises",
    "Reach",
    "Row",
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
    "check_training",
    "check_transfer",
    "check_weights",
    "deliver",
    "draw_averages",
    "draw_batch",
    "draw_bills",
    "draw_block_diagonal",
    "draw_coincidence",
    "draw_contract",
    "draw_dense_rows",
    "draw_elements",
    "draw_flatten",
    "draw_images",
    "draw_orders",
    "draw_origin",
    "draw_pairs",
    "draw_reach",
    "draw_scores",
    "draw_shapes",
    "draw_shares",
    "draw_skips",
    "draw_steps",
    "draw_tables",
    "draw_targets",
    "explain",
    "progress",
    "reads",
    "rule",
    "run",
    "why",
]
