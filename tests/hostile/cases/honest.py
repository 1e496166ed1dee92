"""Honest students whose notebooks are awkward: full marks, or a person decides."""

import copy
import json

from tests.hostile.cases import FLAGGED, GRADED, REJECTED, case
from tests.hostile.lesson import NAME, RIGHT
from tests.hostile.submission import marks, new_cell, retype

_UNDECIDED = (GRADED, FLAGGED)


@case(points=10)
def h01_crlf(s):
    """Right; Windows line ends in the file and in every cell, checks included."""
    s.right()
    for cell in s.cells:
        cell["source"] = cell["source"].replace("\n", "\r\n")
    s.raw = json.dumps(s.notebook, indent=1).replace("\n", "\r\n").encode()


@case(points=7, may=_UNDECIDED)
def h02_renamed_name(s):
    """The model was given another name, so one exercise can't be judged."""
    s.right()
    s.answer(model=RIGHT["model"].replace("model", "net"))


@case(points=10)
def h03_warns(s):
    """Right; functions warn and write to the error stream when they are called."""
    s.right()
    s.answer(
        conv_out="import sys, warnings\n"
        "def conv_out(size, kernel, stride=1, padding=0):\n"
        "    warnings.warn('this is old', DeprecationWarning)\n"
        "    print('a debugging line', file=sys.stderr)\n"
        "    return (size - kernel + 2 * padding) // stride + 1"
    )


@case(points=10)
def h04_deleted_check(s):
    """Right; two check cells were deleted by accident."""
    s.right()
    for name in ("test_model", "test_scores"):
        s.cells.remove(s.find(name))


@case(points=10)
def h05_widgets_and_attachments(s):
    """Right; the file holds widget state and an attached picture."""
    s.right()
    s.notebook["metadata"]["widgets"] = {
        "application/vnd.jupyter.widget-state+json": {"state": {}, "version_major": 2}
    }
    s.cells[0]["attachments"] = {"dot.png": {"image/png": "iVBORw0KGgo="}}
    s.cells[0]["source"] += "\n\n![dot](attachment:dot.png)"


@case(points=10)
def h06_unicode(s):
    """Right; Greek identifiers, little pictures, right-to-left and invisible letters in texts."""
    s.right()
    s.own("größe, λ = 3, 0.5\nprint('🦘 \u202eabc\u202c zero\u200bwidth', größe * λ)")
    s.own("שלום \u200f עולם \U0001f468\u200d\U0001f469\u200d\U0001f467", kind="markdown")


@case(points=10)
def h07_slow(s):
    """Right; an answer cell works for three seconds."""
    s.right()
    s.answer(flat_shape="import time\ntime.sleep(3)\nflat_shape = (None, 5 * 6 * 7)")


@case(points=10)
def h08_format_3(s):
    """Right; saved in the notebook format of 2013."""
    s.right()
    cells = copy.deepcopy(s.cells)
    for cell in cells:
        cell.pop("id")
        if cell["cell_type"] == "code":
            cell["input"] = cell.pop("source")
            cell |= {"language": "python", "collapsed": False}
            cell["prompt_number"] = cell.pop("execution_count")
    s.notebook = {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {"name": ""},
        "worksheets": [{"metadata": {}, "cells": cells}],
    }


@case(points=10)
def h09_no_kernel(s):
    """Right; the file doesn't say for which kernel it is."""
    s.right()
    s.notebook["metadata"] = {}


@case(points=10)
def h10_other_kernel(s):
    """Right; the file asks for the kernel of R."""
    s.right()
    s.notebook["metadata"]["kernelspec"] = {"name": "ir", "display_name": "R", "language": "R"}


@case(points=10, may=(GRADED, REJECTED))
def h11_other_name(s):
    """Right; saved by a browser as a second download."""
    s.right()
    s.file(f"{NAME} (1).ipynb", json.dumps(s.notebook))
    s.notebook = None


@case(points=7)
def h12_asks_for_input(s):
    """One answer calls `input()`; the others are right."""
    s.right()
    s.answer(model="model = eval(input('Your model, please: '))")


@case(points=10)
def h13_prints_when_called(s):
    """Right; a function prints debugging text whenever it is called."""
    s.right()
    s.answer(conv_out=RIGHT["conv_out"].replace("\n", "\n    print('called with', size)\n", 1))


@case(points=10)
def h14_numpy_numbers(s):
    """Right; NumPy's numbers where Python's were expected."""
    s.right()
    s.answer(
        flat_shape="flat_shape = (None, np.prod([5, 6, 7]))",
        conv_out="def conv_out(size, kernel, stride=1, padding=0):\n"
        "    return np.int64((size - kernel + 2 * padding) // stride + 1)",
    )


@case(points=10)
def h15_leftovers(s):
    """Right; a scratch cell that is no Python, one that calls the shell, one that raises."""
    s.right()
    s.own("this is no python at all (")
    s.own("!echo shell; false")
    s.own("%%bash\necho a whole cell of it")
    s.own("1 / 0")


@case(points=10)
def h16_compiled(s):
    """Right; the model was compiled and trained for a step."""
    s.right()
    s.answer(
        model=RIGHT["model"] + "\nmodel.compile('sgd', 'mse')\n"
        "model.fit(np.zeros((4, 4, 4, 1)), np.zeros((4, 10)), verbose=0)"
    )


@case(points=10)
def h17_functional(s):
    """Right; the model is a Functional one."""
    s.right()
    s.answer(
        model="x = keras.Input((4, 4, 1))\n"
        "model = keras.Model(x, layers.Dense(10)(layers.Flatten()(x)), name='mine')"
    )


@case(points=10)
def h18_helper_files(s):
    """Right; with a module and a data file of their own beside the notebook."""
    s.right()
    s.file("my_helpers.py", RIGHT["conv_out"])
    s.file("data/numbers.csv", "5,6,7\n")
    s.answer(
        conv_out="from my_helpers import conv_out",
        flat_shape="with open('data/numbers.csv') as file:\n"
        "    flat_shape = (None, int(np.prod([int(n) for n in file.read().split(',')])))",
    )


@case(points=10, may=_UNDECIDED)
def h19_lambda_layer(s):
    """Right; a Lambda layer that changes nothing is in the model."""
    s.right()
    s.answer(
        model="model = keras.Sequential([keras.Input((4, 4, 1)), layers.Lambda(lambda x: x),\n"
        "                          layers.Flatten(), layers.Dense(10)])"
    )


@case(points=10, may=_UNDECIDED)
def h20_subclassed(s):
    """Right; a class of their own, derived from Sequential."""
    s.right()
    s.answer(
        model="class Mine(keras.Sequential):\n    pass\n\n"
        "model = Mine([keras.Input((4, 4, 1)), layers.Flatten(), layers.Dense(10)])"
    )


@case(points=10)
def h21_copied_check(s):
    """Right; a check cell was copied and pasted, with its marks."""
    s.right()
    cell = s.find("test_conv_out")
    s.cells.insert(s.cells.index(cell) + 1, copy.deepcopy(cell) | {"id": "pasted"})


@case(points=10)
def h22_other_callables(s):
    """Right; the functions are a `lambda` and a partial application."""
    s.right()
    s.answer(
        conv_out="conv_out = lambda size, kernel, stride=1, padding=0: (\n"
        "    (size - kernel + 2 * padding) // stride + 1)",
        scores="import functools\n"
        "def product(weights_first, images, weights):\n"
        "    return images.reshape(len(images), -1) @ weights\n"
        "scores = functools.partial(product, False)",
    )


@case(points=10)
def h23_answer_in_own_cell(s):
    """Right; answer cells were deleted, and the answers stand in cells of their own."""
    s.right()
    for name in ("conv_out", "flat_shape"):
        cell = s.find(name)
        s.cells[s.cells.index(cell)] = new_cell(cell["source"])


@case(points=10)
def h24_split_answer(s):
    """Right; an answer cell was split in two, in the middle of its function."""
    s.right()
    cell = s.find("conv_out")
    head, body = cell["source"].split("\n", 1)
    cell["source"] = head
    part = copy.deepcopy(cell) | {"id": "second-half", "source": body}
    s.cells.insert(s.cells.index(cell) + 1, part)


@case(points=10)
def h25_retyped_answer(s):
    """Right; an answer cell was turned into text, and one into a raw cell."""
    s.right()
    retype(s.find("conv_out"), "markdown")
    retype(s.find("scores"), "raw")


@case(points=10)
def h26_marks_lost(s):
    """Right; all cells came through a tool that drops what nbgrader notes in them."""
    s.right()
    for cell in s.cells:
        cell["metadata"] = {}
        cell.pop("id")
    s.notebook["nbformat_minor"] = 4


@case(points=10)
def h27_byte_order_mark(s):
    """Right; the file begins with the mark that Windows editors write."""
    s.right()
    s.raw = b"\xef\xbb\xbf" + json.dumps(s.notebook).encode()


@case(points=10)
def h28_global_state(s):
    """Right; functions keep a count and a cache between calls, and use random numbers."""
    s.right()
    s.answer(
        conv_out="count, seen = 0, {}\n"
        "def conv_out(size, kernel, stride=1, padding=0):\n"
        "    global count\n"
        "    count += 1\n"
        "    key = size, kernel, stride, padding\n"
        "    seen[key] = (size - kernel + 2 * padding) // stride + 1\n"
        "    return seen[key] + int(0 * np.random.rand())"
    )


@case(points=10)
def h29_answers_swapped_places(s):
    """Right; cells were dragged into another order, each exercise before the next one's check."""
    s.right()
    cells = s.cells
    one, other = cells.index(s.find("conv_out")), cells.index(s.find("scores"))
    cells[one], cells[other] = cells[other], cells[one]


@case(points=10)
def h30_tags_and_outputs(s):
    """Right; tags, collapsed cells, and large saved outputs of an earlier run."""
    s.right()
    for cell in s.cells:
        cell["metadata"] |= {"tags": ["mine", "hide-input"], "collapsed": True}
    s.find("model")["outputs"] = [
        {"output_type": "stream", "name": "stdout", "text": "Epoch 1/5\r" * 100_000}
    ]
    assert marks(s.find("model"))["solution"]


@case(points=8, may=_UNDECIDED)
def h31_method_as_answer(s):
    """An answer of a kind that nobody thought of, a generator; the others are right."""
    s.right()
    s.answer(scores="scores = (image for image in np.ones((2, 3)))")


@case(points=10)
def h32_full_width_letters(s):
    """Right; a name in letters of full width, which Python takes for plain ones."""
    s.right()
    s.answer(conv_out=RIGHT["conv_out"].replace("def conv_out", "def ｃonv_out"))


@case(points=10, may=_UNDECIDED)
def h33_own_layer_and_activation(s):
    """Right; a layer of a class of their own, and an activation that is a function of theirs."""
    s.right()
    s.answer(
        model="class Same(layers.Layer):\n    def call(self, x):\n        return x\n\n"
        "model = keras.Sequential([keras.Input((4, 4, 1)), Same(), layers.Flatten(),\n"
        "                          layers.Activation(lambda x: x), layers.Dense(10)])"
    )


@case(points=10, may=_UNDECIDED)
def h34_dense_with_a_function(s):
    """Right; Dense is given a function of their own as its activation, and is a Dense still."""
    s.right()
    s.answer(
        model="def same(x):\n    return x\n\n"
        "model = keras.Sequential([keras.Input((4, 4, 1)), layers.Flatten(),\n"
        "                          layers.Dense(10, activation=same)])"
    )


@case(points=10, may=_UNDECIDED)
def h35_class_of_model(s):
    """Right; a class of their own, derived from keras.Model and made of its two ends; compiled."""
    s.right()
    s.answer(
        model="class Mine(keras.Model):\n    def __init__(self):\n"
        "        x = keras.Input((4, 4, 1))\n"
        "        super().__init__(x, layers.Dense(10)(layers.Flatten()(x)))\n\n"
        "model = Mine()\nmodel.compile('sgd', 'mse')"
    )


@case(points=10, may=_UNDECIDED)
def h36_compiled_with_lambda(s):
    """Right; a model with a Lambda layer was compiled and trained for a step."""
    s.right()
    s.answer(
        model="model = keras.Sequential([keras.Input((4, 4, 1)), layers.Lambda(lambda x: x),\n"
        "                          layers.Flatten(), layers.Dense(10)])\n"
        "model.compile('sgd', 'mse')\n"
        "model.fit(np.zeros((4, 4, 4, 1)), np.zeros((4, 10)), verbose=0)"
    )


@case(points=10, may=_UNDECIDED)
def h37_values_of_the_library(s):
    """Right; a deque where a tuple was expected, and fractions for whole numbers."""
    s.right()
    s.answer(
        flat_shape="import collections\nflat_shape = collections.deque([None, 210])",
        conv_out="from fractions import Fraction\n"
        "def conv_out(size, kernel, stride=1, padding=0):\n"
        "    return Fraction((size - kernel + 2 * padding) // stride + 1)",
    )


@case(points=10, may=_UNDECIDED)
def h38_values_of_own_classes(s):
    """Right; a named tuple, a decimal, and an array of a class of their own."""
    s.right()
    s.answer(
        flat_shape="import collections\n"
        "flat_shape = collections.namedtuple('Shape', 'batch size')(None, 210)",
        conv_out="import decimal\ndef conv_out(size, kernel, stride=1, padding=0):\n"
        "    return decimal.Decimal((size - kernel + 2 * padding) // stride + 1)",
        scores="def scores(images, weights):\n"
        "    return np.ma.masked_array(images.reshape(len(images), -1) @ weights)",
    )


@case(points=10, may=_UNDECIDED)
def h39_keeps_much_memory(s):
    """Right; an answer keeps far more than half of the memory for itself."""
    s.right()
    s.answer(flat_shape=f"{RIGHT['flat_shape']}\nkept = b'x' * (600 << 20)")


@case(points=10, may=_UNDECIDED)
def h40_two_keep_much_memory(s):
    """Right; two answers keep so much memory that there isn't enough for both."""
    s.right()
    for name in ("flat_shape", "model"):
        s.answer(**{name: f"{RIGHT[name]}\nkept_{name} = b'x' * (600 << 20)"})
