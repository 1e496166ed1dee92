"""The lesson of the hostile corpus: four small exercises, 10 points, and words to look out for.

One answer is a value and one a function, both held against plain assertions; one is a model and
one a function on arrays, both judged by `autograder.learn`. What students see of the first two
checks ends in a value, a text and a number. In every hidden test, in every
solution and in whatever else no student may see stands a word that stands nowhere else.
"""

import functools
import json

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.author.editions import learner_edition

NAME = "80_hostile_lesson"

#: What each exercise is worth.
POINTS = {"flat_shape": 2, "model": 3, "conv_out": 3, "scores": 2}
ALL = sum(POINTS.values())

#: Words that must not reach a student, by where they stand.
HIDDEN = {"a hidden test": "quokka", "a hidden message": "numbat", "a hidden argument": "409961"}
SOLUTION = {"a solution": "vermilion"}
CLASSMATE = {"a classmate's work": "periwinkle"}
GRADER = {"a private key": "marmalade", "the grader's environment": "tamarind"}
SECRETS = {**HIDDEN, **SOLUTION, **CLASSMATE, **GRADER}

SETUP = """\
from autograder.learn import check_function, check_model

import keras
import numpy as np
from keras import layers"""

FLAT_SHAPE = """\
### BEGIN SOLUTION
flat_shape = (None, 5 * 6 * 7)  # a tuple; None for a size that is not fixed
### END SOLUTION"""

CHECK_FLAT_SHAPE = """\
assert flat_shape is not ..., "not attempted"
assert len(flat_shape) == 2
assert flat_shape[0] is None
"The batch comes first."
### BEGIN HIDDEN TESTS
quokka = keras.Input((5, 6, 7))
assert tuple(flat_shape) == tuple(layers.Flatten()(quokka).shape), "numbat"
### END HIDDEN TESTS"""

MODEL = """\
### BEGIN SOLUTION
model = keras.Sequential([keras.Input((4, 4, 1)), layers.Flatten(), layers.Dense(10)])
### END SOLUTION"""

CHECK_MODEL = """\
check_model(model, input_shape=(None, 4, 4, 1), output_shape=(None, 10))
### BEGIN HIDDEN TESTS
check_model(
    model,
    input_shape=(None, 4, 4, 1),
    output_shape=(None, 10),
    params=170,
    computes=lambda quokka, kernel, bias: quokka.reshape(len(quokka), -1) @ kernel + bias,
)
assert [isinstance(layer, layers.Dense) for layer in model.layers][-1], "numbat"
assert model.compute_output_shape((2, 4, 4, 1)) == (2, 10), "numbat"
assert model.predict(np.ones((3, 4, 4, 1)), verbose=0).shape == (3, 10), "numbat"
### END HIDDEN TESTS"""

CONV_OUT = '''\
def conv_out(size, kernel, stride=1, padding=0):
    """Return the length of what a convolution makes of `size` numbers."""
    ### BEGIN SOLUTION
    vermilion = size + 2 * padding - kernel
    return vermilion // stride + 1
    ### END SOLUTION'''

CHECK_CONV_OUT = """\
assert conv_out(10, 3) == 8
assert conv_out(10, 3, 2) == 4
conv_out(10, 3, 4)
### BEGIN HIDDEN TESTS
quokka = (409961, 23, 57)
for got, size in zip(map(lambda size: conv_out(size, 5, 3, 2), quokka), quokka):
    assert got == (size + 4 - 5) // 3 + 1, "numbat"
### END HIDDEN TESTS"""

SCORES = '''\
def scores(images, weights):
    """Return images, flattened one by one, times weights."""
    ### BEGIN SOLUTION
    vermilion = np.reshape(images, (len(images), -1))
    return vermilion @ weights
    ### END SOLUTION'''

CHECK_SCORES = """\
def by_einsum(images, weights):
    return np.einsum("nhw,hwk->nk", images, weights.reshape(*images.shape[1:], -1))


check_function(scores, like=by_einsum, on=[(np.ones((2, 3, 4)), np.ones((12, 5)))])
### BEGIN HIDDEN TESTS
quokka = np.arange(1 * 4 * 5.0).reshape(1, 4, 5)
numbat = np.arange(20 * 3.0).reshape(20, 3) % 7
check_function(scores, like=by_einsum, on=[(quokka, numbat), (quokka - 9, numbat * 2)])
np.testing.assert_allclose(scores(quokka, numbat), by_einsum(quokka, numbat))
### END HIDDEN TESTS"""

#: A right answer to each exercise, in other words than the solution's.
RIGHT = {
    "flat_shape": "flat_shape = (None, 210)",
    "model": (
        "model = keras.Sequential()\n"
        "model.add(keras.Input((4, 4, 1)))\n"
        "model.add(layers.Flatten())\n"
        "model.add(layers.Dense(10))"
    ),
    "conv_out": (
        "def conv_out(size, kernel, stride=1, padding=0):\n"
        "    return (size - kernel + 2 * padding) // stride + 1"
    ),
    "scores": (
        "def scores(images, weights):\n    return images.reshape(images.shape[0], -1) @ weights"
    ),
}

#: Answers that satisfy what a student can see, and no more.
SEEN = {
    "flat_shape": "flat_shape = (None, 0)",
    "model": (
        "model = keras.Sequential([keras.Input((4, 4, 1)), layers.Reshape((16,)),\n"
        "                          layers.Dense(10, use_bias=False)])"
    ),
    "conv_out": (
        "def conv_out(size, kernel, stride=1, padding=0):\n    return 8 if stride == 1 else 4"
    ),
    "scores": "def scores(images, weights):\n    return np.full((2, 5), 12.0)",
}


def notebook():
    """Return the solved edition."""
    cells = [
        new_markdown_cell("# Four shapes\n\n4 exercises · 10 points · 20 minutes"),
        _cell("setup", SETUP, locked=True),
        new_markdown_cell("## What does Flatten make of `(None, 5, 6, 7)`?"),
        _cell("flat_shape", FLAT_SHAPE, solution=True),
        _check("flat_shape", CHECK_FLAT_SHAPE),
        new_markdown_cell("## Build a model of Flatten and Dense"),
        _cell("model", MODEL, solution=True),
        _check("model", CHECK_MODEL),
        _cell("conv_out", CONV_OUT, solution=True),
        _check("conv_out", CHECK_CONV_OUT),
        _cell("scores", SCORES, solution=True),
        _check("scores", CHECK_SCORES),
        new_markdown_cell("## The end"),
    ]
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})


@functools.cache
def _learner():
    return json.dumps(learner_edition(notebook()))


def learner():
    """Return the learner edition as plain data."""
    return json.loads(_learner())


def _cell(grade_id, source, **roles):
    flags = {"solution": False, "grade": False, "locked": False, "task": False}
    marks = {"schema_version": 3, "grade_id": grade_id, **flags, **roles}
    return new_code_cell(source, metadata={"nbgrader": marks})


def _check(name, source):
    cell = _cell(f"test_{name}", source, grade=True, locked=True, points=POINTS[name])
    cell.metadata.tags = ["raises-exception"]
    return cell
