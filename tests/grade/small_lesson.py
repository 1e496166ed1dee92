"""A small lesson on which the instructor's path is tried, with answers that make a noise.

It uses the verdicts of `autograder.learn` and plain comparisons of its own, so that the tests
of the instructor's path depend on no lesson.
"""

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.answers import Exercise

NAME = "90_small_lesson"

#: A message whose first words fill a verdict's line of 84 columns to the last one. nbgrader cuts
#: lines at 83, so it may be a line of 83 columns at most.
MESSAGE = (
    "This sentence fills the first line of the verdict to its last place and goes on. "
    "A line that is one character too long would lose its end where nbgrader prints it. "
    "The last words of the message are: nothing is missing."
)

SETUP = f'''\
import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"
import keras
from keras import layers

from autograder.learn.quiet import hushed
from autograder.learn.verdict import NOT_ATTEMPTED, PARTLY, RIGHT, WRONG, Verdict, deliver


def check(share, points):
    """Deliver a verdict from a function that returns the share of the points."""
    with hushed() as noise:
        try:
            earned = share()
            state = RIGHT if earned == 1 else PARTLY if earned else WRONG
        except NotImplementedError:
            earned, state = 0, NOT_ATTEMPTED
    verdict = Verdict(state, {MESSAGE!r}, share=earned).with_notes(noise.notes())
    return deliver(verdict, points)'''

FLAT_SHAPE = """\
### BEGIN SOLUTION
flat_shape = (None, 6)  # a tuple; None for a size that is not fixed
### END SOLUTION"""

CHECK_FLAT_SHAPE = """\
def share():
    if flat_shape is ...:
        raise NotImplementedError
    return flat_shape == layers.Flatten()(keras.Input((3, 2))).shape


check(share, points=1)"""

BUILD_MODEL = '''\
def build_model():
    """Return a model that flattens samples of shape (3, 2) and has a Dense layer of 4 units."""
    ### BEGIN SOLUTION
    return keras.Sequential([keras.Input((3, 2)), layers.Flatten(), layers.Dense(4)])
    ### END SOLUTION'''

CHECK_OUTPUT = """\
check(lambda: build_model().output_shape == (None, 4), points=2)
### BEGIN HIDDEN TESTS
hidden_model = build_model()
assert hidden_model.count_params() == 28
### END HIDDEN TESTS"""

CHECK_LAYERS = """\
def share():
    kinds = [type(layer) for layer in build_model().layers]
    return ((layers.Flatten in kinds) + (layers.Dense in kinds)) / 2


check(share, points=4)"""

SAY_SEVEN = '''\
def say_seven():
    """Return 7."""
    ### BEGIN SOLUTION
    return 7
    ### END SOLUTION'''

# The answer is called in the open, not in a check: what it prints comes into the check cell.
CHECK_SAY_SEVEN = """\
seven = say_seven()
check(lambda: seven == 7, points=1)"""

#: A right answer as many write it: Keras warns of `input_shape=`. And more noise.
NOISY_BUILD_MODEL = """\
def build_model():
    import os, sys, warnings

    print("printed by Python", file=sys.stderr)
    os.write(2, b"written below Python\\n")
    warnings.warn("a warning of the learner's own")
    return keras.Sequential([layers.Flatten(input_shape=(3, 2)), layers.Dense(4)])"""

LOUD_SAY_SEVEN = """\
def say_seven():
    import os, sys, warnings

    print("printed by Python", file=sys.stderr)
    os.write(2, b"written below Python\\n")
    warnings.warn("a warning of the learner's own")
    return 7"""


#: Right in what can be seen, wrong in the hidden test, and one of the two layers is missing.
BIASLESS_BUILD_MODEL = """\
def build_model():
    return keras.Sequential(
        [keras.Input((3, 2)), layers.Reshape((6,)), layers.Dense(4, use_bias=False)]
    )"""

EXERCISES = {
    "flat_shape": Exercise(["flat_shape = (None, 3 * 2)"], [("flat_shape = (6,)", "no_batch")]),
    "build_model": Exercise([NOISY_BUILD_MODEL], [(BIASLESS_BUILD_MODEL, "no_bias")]),
    "say_seven": Exercise(
        ["def say_seven():\n    return 3 + 4", LOUD_SAY_SEVEN],
        [("def say_seven():\n    return 8", "eight")],
    ),
}


def notebook():
    """Return the solved edition."""
    return new_notebook(
        cells=[
            _numbered(number, cell)
            for number, cell in enumerate(
                [
                    new_markdown_cell("# A small lesson"),
                    _cell("setup", SETUP, locked=True),
                    _cell("flat_shape", FLAT_SHAPE, solution=True),
                    _check("test_flat_shape", CHECK_FLAT_SHAPE, points=1),
                    _cell("build_model", BUILD_MODEL, solution=True),
                    _check("test_build_model", CHECK_OUTPUT, points=2),
                    _check("test_build_model_layers", CHECK_LAYERS, points=4),
                    _cell("say_seven", SAY_SEVEN, solution=True),
                    _check("test_say_seven", CHECK_SAY_SEVEN, points=1),
                ]
            )
        ],
        metadata={
            "kernelspec": {
                "display_name": "Python 3 (ipykernel)",
                "language": "python",
                "name": "python3",
            }
        },
    )


def _numbered(number, cell):
    cell.id = f"cell-{number}"
    return cell


def _cell(grade_id, source, **roles):
    flags = {"solution": False, "grade": False, "locked": False, "task": False}
    return new_code_cell(
        source, metadata={"nbgrader": {"schema_version": 3, "grade_id": grade_id, **flags, **roles}}
    )


def _check(grade_id, source, points):
    cell = _cell(grade_id, source, grade=True, locked=True, points=points)
    cell.metadata.tags = ["raises-exception"]
    return cell
