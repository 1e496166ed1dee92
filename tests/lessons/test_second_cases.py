"""No Build exercise passes with a size, a number of axes or a name of its cases written in.

The checks that a learner can see call the answer with the cases of an exercise. What is the same in
each of them (a size of an array, a name) could be written down in the answer as a constant, and
nobody would notice before the hidden tests. So each of these has to vary.
"""

import ast
import functools
import re

import keras
import numpy as np
import pytest

from autograder.reports import workbook
from tests.lessons.conftest import LESSONS, answers, workbook_of
from tests.lessons.test_answers import SLOW, param

HIDDEN = re.compile(r"### BEGIN HIDDEN TESTS.*?### END HIDDEN TESTS", re.S)
#: What need not vary: an exercise, and the beginning of what stays the same there, with the reason.
FIXED = {
    # The two units that the text speaks of.
    "as_one_unit": ("argument 1.shape[1]", "argument 2.shape[0]"),
}


def builds(lesson):
    """Return the exercises of a lesson of which the answer is a function with arguments."""
    found = []
    for name, exercise in answers(lesson).items():
        function = ast.parse(exercise.right[0]).body[-1]
        if isinstance(function, ast.FunctionDef) and function.args.args:
            found.append((name, function.name))
    return found


EACH = [
    param(lesson, *build, id=f"{lesson}-{build[0]}", long=build[0] in SLOW)
    for lesson in LESSONS
    for build in builds(lesson)
]


def facets(thing, at):
    """Yield (where, what) for each constant that could be written down in the place of a thing."""
    if isinstance(thing, keras.Model):
        yield from facets([tuple(x.shape) for x in thing.inputs or ()], f"{at}.inputs")
        yield from facets([tuple(x.shape) for x in thing.outputs or ()], f"{at}.outputs")
    elif hasattr(thing, "shape") and np.shape(thing) != ():
        yield from facets(tuple(thing.shape), f"{at}.shape")
    elif isinstance(thing, (tuple, list)):
        yield f"len({at})", len(thing)
        for i, entry in enumerate(thing):
            if entry is not None:  # an open size is no size
                yield from facets(entry, f"{at}[{i}]")
    elif isinstance(thing, keras.Layer):
        yield from facets(tuple(getattr(thing, "batch_shape", ())), f"{at}.batch_shape")
    elif isinstance(thing, (int, float, str, np.number)):
        yield at, thing


@pytest.mark.parametrize("lesson, exercise, function", EACH)
def test_no_case_can_be_written_in(lesson, exercise, function):
    book, calls = workbook_of(lesson), []
    solution = book.names[function]

    @functools.wraps(solution)
    def recorded(*args):
        calls.append(args)
        return solution(*args)

    names = {**book.names, function: recorded}
    with workbook._at_work(book.folder, []):
        for cell in book.checks(exercise):
            workbook.run_cell(HIDDEN.sub("", cell.source), names)
    seen = {}
    for args in calls:
        for i, thing in enumerate(args):
            for where, what in facets(thing, f"argument {i + 1}"):
                seen.setdefault(where, set()).add(what)
    counts = [where for where in seen if where.startswith("len") and len(seen[where]) > 1]
    varied = [where.removeprefix("len(").removesuffix(")") for where in counts]
    fixed = [
        where
        for where, values in seen.items()
        if len(values) == 1 and not where.startswith("len")
        if not any(where.startswith(f"{inside}[") for inside in varied)
        if not where.startswith(FIXED.get(exercise, "-"))
    ]
    assert not fixed, f"{fixed}: give {exercise} a second case in which this differs"
