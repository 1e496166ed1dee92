"""Objects of classes derived from plain ones do what these classes of a student's own do."""

import pytest

from tests.grade.loopback import student_with

CLASSES = """
class Stack(list):
    def push(self, value):
        self.append(value)
    def drop(self):
        return self.pop()

class Deep(collections.deque):
    push, drop = collections.deque.append, collections.deque.pop

class Vector(tuple):
    def __new__(cls, *numbers):
        return super().__new__(cls, numbers)
    def __sub__(self, other):
        return Vector(*(a - b for a, b in zip(self, other)))
    def __matmul__(self, other):
        return sum(a * b for a, b in zip(self, other))

class Listed(list):
    def __init__(self, *numbers):
        super().__init__(numbers)
    __sub__, __matmul__ = Vector.__sub__, Vector.__matmul__

class Counts(dict):
    def __missing__(self, key):
        return 0
"""


@pytest.mark.parametrize("name", ["Stack", "Deep"])
def test_what_their_methods_change_is_changed(name):
    stack = student_with(CLASSES).value(name)()
    stack.push(1)
    stack.push(2)
    assert len(stack) == 2 and stack.drop() == 2 and len(stack) == 1


@pytest.mark.parametrize("name", ["Vector", "Listed"])
def test_their_operators_are_theirs(name):
    make = student_with(CLASSES).value(name)
    assert make(3, 4) @ make(1, 1) == 7
    assert tuple(make(3, 4) - make(1, 1)) == (2, 3)


def test_what_is_missing_is_theirs():
    counts = student_with(f"{CLASSES}\ncounts = Counts(l=2)").value("counts")
    assert (counts["l"], counts["z"]) == (2, 0)


def test_a_default_may_be_made_by_a_function_of_theirs():
    counts = student_with("counts = collections.defaultdict(lambda: 0, l=2)").value("counts")
    assert (counts["l"], counts["z"]) == (2, 0)
