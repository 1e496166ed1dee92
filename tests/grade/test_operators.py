"""Objects of a student's own are added, compared, measured and called as their classes have it."""

import collections
import enum
import functools

import pytest

from autograder.grade.run import wire
from autograder.grade.run.judge.remote import Undecided
from tests.grade.loopback import student_with

#: Each of Python's binary operators, by its method.
BINARY = {
    "add": "+",
    "sub": "-",
    "mul": "*",
    "matmul": "@",
    "truediv": "/",
    "floordiv": "//",
    "mod": "%",
    "pow": "**",
    "lshift": "<<",
    "rshift": ">>",
    "and": "&",
    "xor": "^",
    "or": "|",
}
UNARY = {"neg": "-x", "pos": "+x", "invert": "~x", "abs": "abs(x)", "round": "round(x)"}
FORMS = {"": "x {} 5", "r": "5 {} x", "i": "x {}= 5"}

CLASS = """
class Own:
    def __{method}__(self, *others):
        self.others = others
        return {result}
x = Own()
"""


def made(method, result, more=""):
    """Return the judge's view of an object with one special method."""
    return student_with(CLASS.format(method=method, result=result) + more).value("x")


def test_all_methods_of_operators_are_known():
    methods = {f"__{form}{name}__" for name in BINARY for form in FORMS}
    assert methods | {"__divmod__", "__rdivmod__"} <= wire._SPECIAL
    assert {f"__{name}__" for name in UNARY} <= wire._SPECIAL
    of_numbers = {name for kind in (int, complex, set) for name in dir(kind)} - set(dir(object))
    inside = {"__getnewargs__", "__class_getitem__"}
    assert {name for name in of_numbers if name.startswith("__")} - inside <= wire._SPECIAL


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", BINARY)
def test_each_operator_is_theirs(name, form):
    is_in_place = form == "i"
    names = {"x": made(f"{form}{name}", "self" if is_in_place else "[1, *others]")}
    before = names["x"]
    expression = FORMS[form].format(BINARY[name])
    if is_in_place:
        exec(expression, names)
        assert names["x"] is before and before.others == (5,)
    else:
        assert eval(expression, names) == [1, 5]


@pytest.mark.parametrize("name, expression", UNARY.items())
def test_each_operator_of_one_is_theirs(name, expression):
    assert eval(expression, {"x": made(name, "7")}) == 7


def test_divmod_and_pow_with_a_modulus():
    assert divmod(made("divmod", "others"), 3) == (3,)
    assert divmod(3, made("rdivmod", "others")) == (3,)
    assert pow(made("pow", "others"), 3, 4) == (3, 4)


def test_an_operator_that_isnt_theirs_is_none():
    with pytest.raises(TypeError, match="unsupported operand"):
        made("add", "1") - 5
    with pytest.raises(TypeError, match="unsupported operand"):
        made("add", "NotImplemented") + 5


CALLED = """
class Shape:
    def __init__(self, *sizes):
        self.sizes = sizes
    def __call__(self, batch):
        return (batch, *self.sizes[1:])
    def __len__(self):
        return len(self.sizes)
    def __getitem__(self, place):
        return self.sizes[place]
    def __iter__(self):
        return iter(self.sizes)
    def __contains__(self, size):
        return True
    def __add__(self, other):
        return Shape(*self.sizes, other)
    def __eq__(self, other):
        return True
    def __str__(self):
        return "a shape"
shape = Shape(None, 210)
"""


def test_what_can_be_called_has_its_other_methods_too():
    shape = student_with(CALLED).value("shape")
    assert callable(shape) and shape(3) == (3, 210)
    assert len(shape) == 2 and shape[1] == 210 and tuple(shape) == (None, 210)
    assert list(shape + 4) == [None, 210, 4] and (shape + 4)(5) == (5, 210, 4)
    assert str(shape) == "a shape" and bool(shape)


@pytest.mark.parametrize("ask", ["x == 3", "x != 3", "3 in x", "x < 3"])
def test_what_can_be_called_isnt_asked_either_whether_it_is_right(ask):
    shape = student_with(f"{CALLED}    __lt__ = __eq__".replace("shape = Shape(None, 210)\n", ""))
    with pytest.raises(Undecided):
        eval(ask, {"x": shape.value("Shape")(1)})


def test_a_class_has_the_methods_of_its_own_class():
    source = "import enum\nclass Colour(enum.Enum):\n    RED, BLUE = 1, 2\n"
    colour = student_with(source).value("Colour")
    assert len(colour) == 2 and [c.name for c in colour] == ["RED", "BLUE"]
    assert colour["RED"].value == 1 and colour(2).name == "BLUE"
    assert len(enum.Enum("Colour", "RED BLUE")) == 2


@pytest.mark.parametrize("source", ["f = lambda x: x", "f = len", "f = [].append", "f = np.add"])
def test_a_plain_function_is_no_more_than_that(source):
    function = student_with(source).value("f")
    assert callable(function)
    for ask in (len, iter, int):
        with pytest.raises(TypeError):
            ask(function)


def test_what_wraps_a_function_is_of_the_librarys_class():
    partial = student_with("f = functools.partial(max, 3)").value("f")
    assert isinstance(partial, functools.partial) and partial(5) == 5
    cached = student_with("f = functools.lru_cache(lambda x: x + 1)").value("f")
    assert cached(2) == 3 and isinstance(cached, collections.abc.Callable)
