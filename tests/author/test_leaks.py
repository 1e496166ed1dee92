"""What counts as showing a secret, and what does not."""

import pytest

from autograder.author.leaks import find, secrets
from autograder.author.lesson import Cell, Lesson


def shown(solution, source):
    """Tell whether a text shows a secret of an answer cell."""
    code = f"### BEGIN SOLUTION\n{solution}\n### END SOLUTION"
    if solution.startswith(" "):
        code = f"def answer():\n    ### BEGIN SOLUTION\n{solution}\n    ### END SOLUTION"
    cell = Cell(1, "code", code, 1, 2, {"answer": "answer"})
    return any(find(secret, source) is not None for secret in secrets(Lesson("l", "l.py", [cell])))


@pytest.mark.parametrize(
    "solution, source",
    [
        ("n = 1280", "It is 1280."),
        ("n = 1280", "It is 1,280, of course"),
        ("n = 1280", "n == 1_280"),
        ("n = 1280", "(3,1280)"),
        ("n = -1280", "it is -1280"),
        ("n = 250.5", "it is 250.5."),
        ("n = 512", "Dense(512)"),
        ("shape = (None, 512)", "the shape `(None,512)`"),
        ("shape = (None, 512)", "shape == (None, 512,)"),
        ("shape = (4, 280)", "shape=(4,280)"),
        ("shape = (512,)", "it is (512,) there"),
        ("shape = (None, (2, 1280))", "( None, (2, 1,280) )"),
        ("kinds = ('int', 'float')", 'it is ("int", "float")'),
        ("kind = 'float32'", "it computes in float32."),
        ("    total = sum(sizes)  # all", "# total = sum( sizes )"),
        (
            "    return model(\n        first,\n        second,\n    )",
            "return model(first, second,)",
        ),
        ("    return [n * 2 for n in sizes]", "try `return [n*2 for n in sizes]`"),
        (
            "    return model(\n        first,\n        second,\n    )",
            "# return model(\n#     first,\n#     second,\n# )",
        ),
        ("    return x.mean()", "y = 1\n# return x.mean()"),
        ("n = 12", "x = 3  # n = 12"),
        ("n = 12", "#n=12  # not yet"),
        ("n = True", "so `n = True`, as"),
        ("    n = 0\n    n += k\n    return n", "#     n += k"),
        ("    return {'a': x, 'b': 0}", 'return {"a": x, "b": 0}'),
        (
            "    # the batch axis goes in front of it\n    return x[None]",
            "# The trick: the batch axis goes in front of it!",
        ),
    ],
)
def test_shown(solution, source):
    assert shown(solution, source)


@pytest.mark.parametrize(
    "solution, source",
    [
        ("n = 12", "chapter 12"),
        ("n = 1280", "12800, 11280, 1280.5, 1,280,000 and n1280"),
        ("n = 280", "1,280 and 280,000"),
        ("n = True", "True"),
        ("shape = (32, 3)", "Conv2D(32, 3)"),
        ("shape = (512,)", "Dense(512)"),
        ("kind = 'int'", "an int"),
        ("kind = 'float32'", "float3264"),
        ("    return model", "return model"),
        ("    model = keras.Sequential([", "model = keras.Sequential(["),
        ("    keras.layers.Flatten(),", "keras.layers.Flatten(),"),
        ("    n += 1  # one more", "n += 1  # one more"),
        ("    return x.mean()", "return x.mean()"),
        ("n = 12", "# n = 120"),
        ("n = 12", "# then n = 12 or not"),
        ("    n = 0\n    n += k\n    return n", "# return n"),
        ("    for n in k:\n        pass\n    return n", "# pass"),
        ("    # by hand\n    return x[None]", "# by hand"),
        ("    return x", "return x"),
        ("    return x", "return 'x'"),
        ("    n = 0\n    return n", "'return n'"),
        ("n = 12", "# 12"),
        ("    return model", "# model"),
        ("    return Model()", "`Model()`"),
        ("n = []", "# []"),
        ("    return sum(sizes) / len(sizes)", "sum(sizes) / len(sizes) is the mean"),
    ],
)
def test_not_shown(solution, source):
    assert not shown(solution, source)
