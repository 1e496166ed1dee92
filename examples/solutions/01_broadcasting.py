# %% [markdown]
# # Broadcasting
#
# 3 exercises · 7 points · 20 minutes
#
# Arrays of different shapes can often be added, without a loop. Which can, and what comes out?

# %% locked="setup"
from autograder.learn import check_function, check_prediction, rule
import numpy as np


class Together:
    """What is the shape of the sum of arrays of these shapes, or does it fail?"""

    kinds = (tuple, list, str)
    form = 'a shape, or "ValueError"'

    def __init__(self, *shapes):
        self.shapes = shapes

    @property
    def truth(self):
        try:
            return np.broadcast_shapes(*self.shapes)
        except ValueError:
            return "ValueError"


@rule(
    "value",
    about=Together,
    belief="arrays are added only if they have the same shape",
    truth="an axis of size 1, or one that isn't there, is repeated as often as it takes",
    hint="add a column of shape (2, 1) and a row of shape (3,), and print the shape.",
)
def same_shape_only(question):
    return question.shapes[0] if len(set(question.shapes)) == 1 else "ValueError"


@rule(
    "value",
    about=Together,
    belief="shapes are compared from the first axis on",
    truth="they are compared from the last axis on, and axes that are missing are missing in front",
    hint="write the two shapes below each other, so that their right ends meet.",
)
def compared_from_the_left(question):
    most = max(map(len, question.shapes))
    try:
        return np.broadcast_shapes(*(s + (1,) * (most - len(s)) for s in question.shapes))
    except ValueError:
        return "ValueError"


@rule(
    "function",
    about="centred_rows",
    belief="the means of the rows meet the rows again by themselves",
    truth="`mean(axis=1)` is a row of numbers, and a row meets the columns of a table",
    hint="print the shapes of `table` and of the means, with and without `keepdims=True`.",
)
def means_meet_columns(table):
    return table - table.mean(axis=1)


@rule(
    "function",
    about="centred_rows",
    belief="axis=0 goes along a row",
    truth="the axis that is named is the one that goes away: axis 0 counts the rows",
    hint="take the means of a table of 2 rows and 3 columns along each axis, and count them.",
)
def along_the_columns(table):
    return table - table.mean(axis=0)


@rule(
    "function",
    about="distances",
    belief="each point meets each other point by itself",
    truth="two lists of points meet pair by pair; for all with all, each needs an axis of its own",
    hint="give the points an axis more than they have, and print the shapes.",
)
def pair_by_pair(points, others):
    return np.sqrt(((points - others) ** 2).sum(axis=-1))


# %% [markdown]
# ## Which shapes go together?
#
# Write shapes below each other, so that their right ends meet. Two sizes go together if they are
# equal, or if one of them is 1 or isn't there.

# %%
column = np.array([[10], [20]])
row = np.array([1, 2, 3])
column + row

# %% [markdown]
# The column is repeated to the right, and the row downwards. What is the shape of a sum of arrays
# of shape
#
# 1. (4, 1) and (5,),
# 2. (3,) and (3, 4),
# 3. (2, 3, 4) and (3, 1)?

# %% answer="sums" level=2
### BEGIN SOLUTION
sums = [(4, 5), "ValueError", (2, 3, 4)]  # three shapes, or "ValueError" where it fails
### END SOLUTION

# %% check="sums" points=2
check_prediction(
    sums, of=[Together((4, 1), (5,)), Together((3,), (3, 4)), Together((2, 3, 4), (3, 1))]
)

# %% [markdown]
# ## Keep the axis
#
# Take its mean from each row of a table.

# %% answer="centred_rows" level=2
def centred_rows(table):
    """Return the table with the mean of each row taken from all numbers in it."""
    ### BEGIN SOLUTION
    return table - table.mean(axis=1, keepdims=True)
    ### END SOLUTION


# %% check="centred_rows" points=2
def by_rows(table):
    return np.array([[number - sum(line) / len(line) for number in line] for line in table])


tables = [np.array([[1.0, 2.0], [5.0, 9.0]]), np.arange(6.0).reshape(2, 3) ** 2]
check_function(centred_rows, like=by_rows, on=tables, about="centred_rows")

# %% [markdown]
# ## All with all
#
# How far is each of some points from each of some others? Two axes of a result are for the two
# lists; the third, for the two numbers of a point, goes away.

# %% answer="distances" level=3
def distances(points, others):
    """Return a table: the distance of each of the points, of shape (n, 2), from each other."""
    ### BEGIN SOLUTION
    apart = points[:, None] - others
    return np.sqrt((apart**2).sum(axis=-1))
    ### END SOLUTION


# %% check="distances" points=3
def one_by_one(points, others):
    return np.array([[np.hypot(*(a - b)) for b in others] for a in points])


corners = np.array([[0.0, 0.0], [3.0, 4.0], [6.0, 8.0]])
some = np.array([[1.0, 2.0], [0.0, 5.0], [7.0, 7.0]])
on = [(corners, some), (corners[:2], some)]
check_function(distances, like=one_by_one, on=on, about="distances")
### BEGIN HIDDEN TESTS
assert distances(np.zeros((1, 2)), np.ones((4, 2)) * [3, 4]).tolist() == [[5.0] * 4]
### END HIDDEN TESTS
