"""Whether a check spells out all that it compares an answer with."""

import types

import numpy as np
import pytest

from autograder.grade.run.judge.spelled import is_spelled_out

NAMES = {"np": np, "math": __import__("math"), "data": [5, 4], "shadow": lambda x: x}
NAMES |= {"tester": types.SimpleNamespace(run=lambda: True), "type": object()}


def is_so(source, **names):
    return is_spelled_out(source, ["f", "Stack"], NAMES | names)


@pytest.mark.parametrize(
    "source",
    [
        "x = [3, 1, 2]\nf(x)\nassert x == [1, 2, 3]",
        "x = []\nf(x, 3)\nassert x == [3] and len(x) == 1, 'no'",
        "x, y = [1], [2]\nassert f(x, by=y) is None\nassert not x == [] and y[0] == 2",
        "f(data)\nassert data[0] == 4 and sorted(data) == [4, 5] and data.count(4) == 1",
        "x = np.array([1.0, 2.0])\nf(x)\nnp.testing.assert_allclose(x, [2, 4])",
        "import numpy as np\nx = np.zeros((2, 2))\nf(x[0])\nassert np.array_equal(x, np.eye(2))",
        "x = [1]\nn = f(x)\nassert n == 2 < 3 and x.index(1) == 0 and type(n) == 3",
        "s = Stack()\ns.push([1])\nassert s.top()[0] == 1 and s.size == 1 and 3 not in s.all()",
    ],
)
def test_what_is_spelled_out(source):
    assert is_so(source)


@pytest.mark.parametrize(
    "source",
    [
        "x = [3, 1, 2]\nassert f(x) == shadow(x)",
        "x = [3, 1, 2]\nassert f(x) == x",
        "x = [3, 1, 2]\nassert f(x) == sum(x)",
        "x = [3, 1, 2]\ny = x[:]\nassert f(x) == y",
        "assert f(data) == data[0] + 1",
        "assert (f(data) == data) == True",
        "assert np.allclose(f(data), data)",
        "assert np.allclose(f(data), data) == True",
        "np.testing.assert_allclose(f(data), data)",
        "assert math.isclose(f(data), data[0]) == True",
        "assert shadow(data) == 3",
        "assert tester.run() == True",
        "t = tester\nassert t.run() == True",
        "assert f(data)",
        "assert f(data).count(data) == 1",
        "n = f(data).count(data)\nassert n == 1",
        "assert [f(data) - data[0]] == [0]",
        "for x in data:\n    assert f(x) == 3",
        "def g(x):\n    return x\nassert f(data) == 3",
        "assert [x for x in data if x != f(data)] == []",
        "assert (lambda: f(data) == data)() == True",
        "assert f(data) == 3\n5",
        "f(data)",
        "f = 5\nassert f == 5",
        "sum = shadow\nassert sum(data) == 3",
        "data[0] = f(data)\nassert data[0] == 3",
        "%time f(data)",
        "assert data == [*data]",
        "assert unknown == 3",
    ],
)
def test_what_is_not(source):
    assert not is_so(source)


def test_a_builtin_of_the_lessons_is_none():
    assert is_so("assert sum(data) == 3") and not is_so(
        "assert sum(data) == 3", sum=NAMES["shadow"]
    )
