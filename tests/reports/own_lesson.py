"""A lesson on something else than Keras, as an author elsewhere may write one.

It has a rule, a message and plain asserts of its own, and an answer in words.
"""

from autograder.author.build import build_lesson

NAME = "01_sums"

LESSON = '''\
# %% [markdown]
# # Sums of columns
#
# 4 exercises · 9 points · 10 minutes

# %% locked="setup"
from autograder.learn import RIGHT, WRONG, CheckFailed, Verdict, check_function, check_shape, rule
import numpy as np


@rule(
    "function",
    about="column_sums",
    belief="axis=1 goes down the columns",
    truth="the axis that you name is the one that goes away",
    hint="print the shape of your result for a table of 2 rows and 3 columns.",
)
def rows_summed(table):
    return table.sum(axis=1)

# %% [markdown]
# What shape has the sum of a column of three and a row of four?

# %% answer="sum_shape" level=1
### BEGIN SOLUTION
sum_shape = (3, 4)  # a tuple
### END SOLUTION

# %% check="sum_shape" points=1
check_shape(sum_shape, of=np.zeros((3, 1)) + np.zeros(4))

# %% answer="column_sums"
def column_sums(table):
    """Return the sum of each column."""
    ### BEGIN SOLUTION
    return table.sum(axis=0)
    ### END SOLUTION


# %% check="column_sums" points=2
tables = [np.arange(6.0).reshape(2, 3)]
check_function(column_sums, like=lambda table: table.sum(axis=0), on=tables, about="column_sums")
### BEGIN HIDDEN TESTS
assert column_sums(np.eye(4)).tolist() == [1, 1, 1, 1]
### END HIDDEN TESTS

# %% answer="drinks" level=2
def drinks():
    """Return tea with sugar in it."""
    ### BEGIN SOLUTION
    return {"tea", "sugar"}
    ### END SOLUTION


# %% check="drinks" points=3
if "sugar" not in drinks():
    raise CheckFailed(Verdict(WRONG, "There is no sugar in it.", ("no_sugar",), hint="taste it."))
assert "tea" in drinks()

# %% [markdown] essay="why_sums" points=3
# Why is the axis that you name the one that goes away?
#
# ### BEGIN SOLUTION
# Because all numbers along this axis are added up to a single one.
# ### END SOLUTION
'''

ANSWERS = """\
from autograder.answers import Exercise

EXERCISES = {
    "sum_shape": Exercise(
        right=["sum_shape = (3, 4)", "sum_shape = [3, 4]"],
        wrong=[("sum_shape = (4, 3)", ""), ("sum_shape = '(3, 4)'", "form")],
    ),
    "column_sums": Exercise(
        right=["def column_sums(t):\\n    return np.ones(len(t)) @ t"],
        wrong=[
            ("def column_sums(t):\\n    return t.sum(axis=1)", "rows_summed"),
            ("def column_sums(t):\\n    return np.array([3.0, 5, 7])", ""),
        ],
    ),
    "drinks": Exercise(
        right=["def drinks():\\n    return ['tea', 'milk', 'sugar']"],
        wrong=[("def drinks():\\n    return ['tea']", "no_sugar"), ("drinks = set", "no_sugar"),
               ("def drinks():\\n    return ['sugar']", "")],
    ),
}
"""


def repository(root):
    """Lay out and build a repository with the lesson and its answers; return its folder."""
    (root / "solutions").mkdir()
    (root / "tests").mkdir()
    text = root / "solutions" / f"{NAME}.py"
    text.write_text(LESSON, encoding="utf-8")
    assert [str(fault) for fault in build_lesson(text, root).faults] == []
    (root / "tests" / f"answers_{NAME}.py").write_text(ANSWERS, encoding="utf-8")
    return root
