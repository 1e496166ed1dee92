"""Which checks are judged apart: those that can be seen to mean the same there, and no others."""

import json
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell

from autograder.grade.run import preload, ways
from autograder.grade.run.judge.names import CHECK, Lesson

SOLUTIONS = Path(__file__).parents[2] / "solutions"
F = "def f(x=0, *more):\n    return x"


def cell(name, source, **roles):
    marks = {"grade_id": name, "solution": False, "grade": False, "locked": False, **roles}
    return new_code_cell(source, metadata={"nbgrader": marks})


def lesson(check, answer=F, setup="import math\nimport numpy as np", before=""):
    cells = [cell("setup", setup, locked=True), cell("f", answer, solution=True)]
    cells += [cell("test_before", before, grade=True, locked=True)] if before else []
    return Lesson({"cells": [*cells, cell("test_f", check, grade=True, locked=True)]})


def why(*args, **kwargs):
    return ways.inside(lesson(*args, **kwargs)).get("test_f")


@pytest.mark.parametrize(
    "check",
    [
        "assert f(1) == 1, 'no'",
        "assert f(1) == 1 and f([2, 3]) == [2, 3]",
        "got = f((1, 2))\nassert isinstance(got, tuple) and len(got) == 2",
        "for x in range(3):\n    assert f(x) == x",
        "for x, y in [(1, 1), (2, 2)]:\n    assert f(x) == y",
        "assert all(f(x) == x for x in (1, 2))",
        "assert np.allclose(f(np.array([1.0, 2.0])), [1, 2])",
        "import math\nassert math.isclose(f(0.5), 0.5)",
        "np.testing.assert_allclose(f(1), 1)",
        "assert f(x=1) is None or abs(f(2) - 2) < 1e-9",
        "assert f('a').strip().lower() == 'a'",
    ],
)
def test_calls_with_plain_values_are_judged_apart(check):
    assert why(check) is None


@pytest.mark.parametrize("check", ["assert v == (1, 2)", "assert 1 < v[0] <= 2", "v", "v[0] + 1"])
def test_plain_values_are_judged_apart(check):
    assert why(check, answer="v = (1, 2)") is None


@pytest.mark.parametrize(
    "check",
    [
        "import inspect\nassert 'for' in inspect.getsource(f)",
        "x = [1]\nf(x)\nassert x == [1]",
        "x = [[1]]\nfor y in x:\n    f(y)",
        "a = f(1)\nb = f(2)\nassert a == 1",
        "assert [f(x) for x in range(2)] == [0, 1]",
        "assert f(1) == f(2)",
        "assert f([]) is not f([])",
        "f.calls = 1",
        "assert f.__doc__",
        "assert f(lambda x: x)",
        "assert f(math.sin) == 0",
        "assert f(len)",
        "del f",
        "f = 1",
        "global g\ng = 2",
        "old, f = f, 3",
        "try:\n    f(1)\nexcept ValueError:\n    pass",
        "with open('file') as file:\n    assert f(file)",
        "%timeit f(1)",
        "!ls",
        "np.random.seed(1)\nassert f(1) == 1",
        "import random\nrandom.seed(1)",
        "from unittest import mock",
        "assert 'f' in globals()",
        "assert eval('f(1)') == 1",
        "print(f(1), file=out)",
        "class A:\n    pass\nassert f(A())",
        "assert f(1)(2) == 3",
        "assert f(**{'x': 1})",
        "assert f(1).real_name == 2",
        "assert g(1) == 1",
        "assert close(f(1), 1)",
        "for x in f(3):\n    pass",
        "assert sorted(f(1), key=f)",
        "x: list = [1]",
        "np = 1\nassert np.allclose(f(1), 1)",
    ],
)
def test_whatever_else_is_judged_inside(check):
    assert why(check)


def test_what_a_check_binds_or_an_answer_imports_is_known_to_the_notebook_alone():
    assert why("assert helper(f(1))", before="def helper(x):\n    return x")
    assert why("assert sp.allclose(f(1), 1)", answer=f"import numpy as sp\n{F}")
    assert why("assert len(f('a')) == 1", answer=f"len = 3\n{F}")


def test_a_value_that_a_call_may_change_is_looked_at_inside():
    assert why("f(1)\nassert v == [1]", answer=f"v = []\n{F}")
    assert why("assert v == [1]", answer="v.append(1)", setup="v = []")


@pytest.mark.parametrize(
    ("check", "is_inside"),
    [
        ("assert w == [1, v]", True),
        ("assert v in w", True),
        ("assert list(w) != (v[0],)", True),
        ("assert w == [1, 2] and v == 3", False),
        ("assert len(w) == sum(v)", False),
        ("assert w[0] == w[1]", False),
    ],
)
def test_values_that_may_share_a_part_are_compared_inside(check, is_inside):
    assert bool(why(check, answer="v = np.ones(2)\nw = [1, v]")) is is_inside


def test_all_checks_of_our_own_lessons_are_judged_apart():
    paths = sorted(SOLUTIONS.glob("[0-9]*.ipynb"))
    for path in paths:
        one = Lesson(json.loads(path.read_text("utf-8")))
        assert sum(cell.role == CHECK for cell in one.cells) > 1
        assert ways.is_for_apart(one) and not ways.inside(one), path.name
        assert preload.modules(one) is None
    assert len(paths) >= 8


def test_only_an_answer_that_imports_learn_makes_no_lesson_for_the_judge():
    assert not ways.is_for_apart(lesson("f(1)", answer=f"import autograder.learn\n{F}"))


def test_what_the_first_cells_import_is_loaded_and_keras_only_where_it_is_used():
    setup = "import math\nimport matplotlib.pyplot as plt\nfrom json import dumps\nimport nowhere"
    found = preload.modules(lesson("assert f(1) == 1", setup=setup))
    assert {"math", "matplotlib.pyplot", "json", "ipykernel.kernelapp"} <= set(found)
    assert not {"keras", "nowhere"} & set(found)
    for place in ({"setup": "import keras"}, {"before": "from tensorflow import nn"}):
        assert preload.modules(lesson("assert f(1) == 1", **place)) is None


def test_what_does_something_when_it_is_imported_is_left_to_the_notebook():
    found = preload.modules(
        lesson("f(1)", setup="import this\nimport antigravity\nimport statistics")
    )
    assert "statistics" in found and not {"this", "antigravity"} & set(found)
