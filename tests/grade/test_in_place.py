"""What one side does to a list, an array or the like is done to it on the other side, too."""

import collections
import copy

import keras
import numpy as np
import pytest

from autograder.grade.run import wire
from autograder.grade.run.judge.names import Lesson
from autograder.grade.run.judge.process import FAILED, JUDGED, UNDECIDED, Judge
from autograder.grade.run.judge.remote import Undecided
from tests.grade.loopback import Loopback, named, student_with
from tests.grade.test_judge import Answers, lesson, warm


def function(source):
    """Return the judge's view of a function `f`."""
    return student_with(source).value("f")


CHANGES = [
    ([3, 1, 2], "x.sort()"),
    ([], "x.append(3)"),
    ([1, [2, [3]]], "x[1][1].append(4)"),
    ([[1], [2]], "x[0], x[1] = x[1], x[0]"),
    ([1, 2], "del x[0]"),
    ([1, 2], "x[:] = []"),
    ([1.0], "x[0] = float('nan')"),
    ({"a": 1}, "x['b'] = 2"),
    ({"b": 1, "a": 2}, "x['b'] = x.pop('b')"),
    ({(1, 2): [3]}, "x[1, 2].append(4)"),
    ({1: {2: 3}}, "del x[1][2]"),
    ({1, 2}, "x.discard(1)"),
    (bytearray(b"ab"), "x[0] = 65"),
    (bytearray(b"ab"), "x += b'c'"),
    (collections.deque([1, 2], 3), "x.appendleft(0)"),
    (collections.OrderedDict(a=1, b=2), "x.move_to_end('a')"),
    (collections.Counter("aab"), "x.update('b')"),
    (collections.defaultdict(list, a=[1]), "x['b'].append(2)"),
    (np.arange(6.0).reshape(2, 3), "x *= 2"),
    (np.arange(6).reshape(2, 3)[:, ::2], "x[0] = 7"),
    (np.arange(6).reshape(2, 3).T, "x[0] = 7"),
    (np.array([1.0, 2.0], ">f8"), "x -= x.mean()"),
    (np.array([1, None]), "x[0] = None"),
    (np.array(["a", "b"]), "x[0] = 'c'"),
    (np.array([0.0]), "x[0] = -0.0"),
    ((1, [2]), "x[1].append(3)"),
    ({"a": ([1],)}, "x['a'][0].clear()"),
]
#: Ways to hand something over, and to let the function get at it.
WAYS = {
    "by position": ("def f(x):\n    {}", lambda f, x: f(x)),
    "by name": ("def f(*, x):\n    {}", lambda f, x: f(x=x)),
    "among others": ("def f(*xs):\n    x = xs[1][0]\n    {}", lambda f, x: f(1, (x,))),
    "to a method": ("class f:\n    def m(self, x):\n        {}", lambda f, x: f().m(x)),
    "to a constructor": ("class f:\n    def __init__(self, x):\n        {}", lambda f, x: f(x)),
    "to an operator": ("class f:\n    def __add__(self, x):\n        {}", lambda f, x: f() + x),
    "and raise": ("def f(x):\n    {}\n    1 / 0", lambda f, x: _raises(f, x)),
    "to a generator": ("def f(x):\n    {}\n    yield 1", lambda f, x: list(f(x))),
}


def _raises(f, x):
    with pytest.raises(ZeroDivisionError):
        f(x)


def same(one, other):
    return type(one) is type(other) and repr(one) == repr(other)


#: Each change in the first way, and one in all the others.
TRIED = [("by position", *case) for case in CHANGES] + [(way, *CHANGES[2]) for way in WAYS]


@pytest.mark.parametrize("way, before, change", TRIED)
def test_what_a_function_does_to_its_argument_is_seen(way, before, change):
    source, call = WAYS[way]
    here, there = copy.deepcopy(before), copy.deepcopy(before)
    call(named(source.format(change))["f"], there)
    assert not same(there, before)
    call(function(source.format(change)), here)
    assert same(here, there)


def test_what_is_left_alone_stays_and_isnt_sent():
    replies = []
    source = WAYS["by position"][0].format("repr(x)")
    student = Loopback(named(source), lambda _, reply: replies.append(reply) or reply).student
    for before, _ in CHANGES:
        here = copy.deepcopy(before)
        student.value("f")(here)
        assert same(here, before)
    assert not any(reply.get("shared", {}).get("changes") for reply in replies)


def test_objects_stay_the_ones_that_they_are():
    inner = [1]
    rows, book = [inner, [2]], {"a": inner}
    function("def f(rows, book):\n    rows[0].append(2)\n    rows.append(rows[0])")(rows, book)
    assert rows[0] is rows[2] is book["a"] is inner and inner == [1, 2]


def test_what_is_given_back_is_what_was_handed_over():
    give = function("f = lambda *x: x[0]")
    for thing in ([1], {}, {1}, np.ones(2), bytearray(b"a"), collections.deque()):
        assert give(thing) is thing and give([thing])[0] is thing
    assert function("f = lambda x: list(x)")(numbers := [1, 2]) is not numbers
    assert function("f = lambda x, y: (x is y, x == y)")([1], [1]) == (False, True)
    assert function("f = lambda x, y: (x is y)")(numbers, numbers)


KEEPER = """
class f:
    def __init__(self, x): self.x = x
    def add(self, y): self.x.append(y)
    def all(self): return self.x
    def total(self): return sum(self.x)
    last = property(lambda self: self.x[-1])
class Copies(f):
    def __init__(self, x): self.x = list(x)
"""


def test_what_an_object_keeps_may_change_later():
    numbers = [1]
    kept = function(KEEPER)(numbers)
    kept.add(2)
    assert numbers == [1, 2] and kept.all() is numbers
    numbers.append(3)
    assert kept.last == 3 and kept.total() == 6
    copied = student_with(KEEPER).value("Copies")(numbers)
    numbers.append(4)
    copied.add(5)
    assert copied.total() == 11 and numbers == [1, 2, 3, 4]
    assert copied.all() is copied.all() == [1, 2, 3, 5]


def test_what_a_generator_does_meanwhile_is_seen():
    numbers, seen = [3, 2, 1], []
    for number in function("def f(x):\n    while x:\n        yield x.pop()")(numbers):
        seen.append((number, list(numbers)))
    assert seen == [(1, [3, 2]), (2, [3]), (3, [])]


def test_objects_derived_from_lists_are_followed_both_ways():
    source = "class Stack(list):\n    pass\ns = Stack([1])\n"
    source += "def f(x):\n    x.append(5)\n    s.append(2)"
    student = student_with(source)
    stack = student.value("s")
    stack.append(9)
    student.value("f")(stack)
    assert stack == [1, 9, 5, 2] == student.value("s") and repr(stack) == "[1, 9, 5, 2]"
    assert student.take_back() and stack == [1, 9]


def test_a_view_of_a_dict_shows_what_is_put_into_it():
    student = student_with("def f(x):\n    return x.keys(), x.values(), x.items()")
    words = {"a": 1}
    keys, values, items = student.value("f")(words)
    words["b"] = 2
    assert sorted(keys) == ["a", "b"] and sorted(values) == [1, 2] and ("b", 2) in items


# Known mistakes


def test_rows_that_are_one_list_are_one_list():
    grid = function("f = lambda n: [[0] * n] * n")(2)
    grid[0][0] = 1
    assert grid == [[1, 0], [1, 0]]


def test_a_default_that_is_a_list_is_one_list():
    add = function("def f(x, to=[]):\n    to.append(x)\n    return to")
    first = add(1)
    assert add(2) is first == [1, 2]


def test_a_list_that_is_given_again_and_again_is_one_list():
    grow = "def f(n):\n    x = []\n    for i in range(n):\n        x.append(i)\n        yield x"
    assert list(function(grow)(2)) == [[0, 1], [0, 1]]


def test_what_the_check_does_to_a_result_is_done_to_what_was_kept():
    give = function("x = [1]\ndef f():\n    return x")
    give().append(2)
    result = give()
    result.append(3)
    assert give() == [1, 2, 3]
    bag = function("class f:\n    def __init__(self):\n        self.items = []")()
    bag.items.append(1)  # nobody holds it here when it is told
    assert bag.items == [1]


def test_names_are_followed():
    student = student_with("x = [1]\ndef f():\n    x.append(2)")
    numbers = student.value("x")
    student.value("f")()
    assert numbers == [1, 2] and student.value("x") is numbers


def test_variables_are_followed():
    variable = keras.Variable(np.ones(2, "float32"))
    function("def f(x):\n    x.assign(x * 3)")(variable)
    np.testing.assert_array_equal(variable, [3, 3])


def test_layers_lists_are_followed():
    source = "class f(layers.Layer):\n    def note(self, x):\n        x.append(self.name)\n"
    names = []
    function(source)(name="mine").note(names)
    assert names == ["mine"]


def test_arrays_that_cant_be_written_to_cant_be_written_to_there():
    array = np.ones(3)
    array.flags.writeable = False
    with pytest.raises(ValueError, match="read-only"):
        function("def f(x):\n    x[0] = 2")(array)


def test_what_is_shown_of_another_array_is_followed():
    student = student_with(
        "g = np.zeros((2, 2))\ndef a():\n    return g[0]\ndef b():\n    g[:] = 5"
    )
    row = student.value("a")()
    student.value("b")()
    assert row.tolist() == [5, 5]


def test_views_of_an_array_are_views():
    array = np.zeros((2, 3))
    for shown in ("x[0]", "x[:, ::-1]", "x.T", "x.reshape(-1)", "np.broadcast_to(x, (4, 2, 3))"):
        show = function(f"def f(x):\n    return {shown}")
        view = show(array)
        assert view.base is array
        assert view.flags.writeable is ("broadcast" not in shown)
        array += 1
        np.testing.assert_array_equal(view, array.ravel()[0])
    array[:] = [[1, 2, 3], [4, 5, 6]]
    assert function("f = lambda x: x[:, ::-2]")(array).tolist() == [[3, 1], [6, 4]]
    assert not np.shares_memory(function("f = lambda x: x.flatten()")(array), array)
    whole, row = function("def f():\n    x = np.zeros((2, 2))\n    return x, x[1]")()
    row += 1
    assert whole.tolist() == [[0, 0], [1, 1]]


def test_arguments_that_are_views_are_views_there():
    array = np.arange(6.0).reshape(2, 3)
    f = function("def f(x, y):\n    y[:] = 7\n    return x is y.base, x.sum()")
    assert f(array, array[1]) == (True, 24)
    assert array.tolist() == [[0, 1, 2], [7, 7, 7]]


@pytest.mark.parametrize("order", ["F", "reversed"])
def test_views_of_what_lies_otherwise_in_memory_have_its_numbers(order):
    array = np.arange(6).reshape(2, 3)
    array = array[::-1] if order == "reversed" else np.asfortranarray(array)
    row = function("f = lambda x: x[0]")(array)
    assert row.tolist() == array[0].tolist()


# What can't be followed


@pytest.mark.parametrize(
    "change",
    ["x.resize((4,), refcheck=False)", "x.shape = (3, 1)", "x.dtype = 'int64'"],
)
def test_what_no_array_here_can_become_is_left_to_a_person(change):
    with pytest.raises(Undecided):
        function(f"def f(x):\n    {change}")(np.ones(3))


def test_arrays_that_share_numbers_are_left_to_a_person():
    array = np.ones(4)
    double = function("def f(*x):\n    x[0][...] = 2")
    with pytest.raises(Undecided, match="shares its numbers"):
        double(array[:3], array[1:])
    array = np.ones((2, 2))
    double(array[0], array[1])
    assert array.tolist() == [[2, 2], [1, 1]]


@pytest.mark.parametrize("change", ["{object(): 1}", "iter([])", "Odd()"])
def test_what_comes_in_is_no_more_than_what_stands_for_it(change):
    odd = "class Odd:\n    pass\n"
    things = [1]
    change_it = function(f"{odd}def f(x):\n    x[0] = {change}")
    if "{" in change:
        with pytest.raises(Undecided, match="a dict has a key of type object"):
            change_it(things)
    else:
        change_it(things)
        assert getattr(type(things[0]), "stands_for_original", False)


# What is accepted

AVERAGE = """
def by_hand(x):
    return [sum(x) / len(x)] if len(x) else [0]
"""
#: An answer, a check of it, and what is found.
CHECKS = [
    ("return sorted(x)", "assert f(x) == [1, 2, 3] and x == [3, 1, 2]", JUDGED),
    ("return sorted(x)", "assert f(data) == [4, 5] and data == [5, 4]", JUDGED),
    ("x.sort()\n    return x", "assert f(x) == [1, 2, 3]\nassert x == [3, 1, 2]", FAILED),
    ("x.sort()\n    return x", "assert f(data) == [4, 5]\nassert data == [5, 4]", FAILED),
    # What it does to its argument makes no difference.
    ("x.sort()\n    return x", "assert f(x) == [1, 2, 3]", JUDGED),
    ("x.sort()\n    return x", "assert f([3, 1, 2]) == [1, 2, 3]", JUDGED),
    ("x.sort()\n    return x", "assert f(data) == [4, 5]", JUDGED),
    ("x.sort()\n    return x", "assert [f(list(x)), f(tuple_[0])] == [[1, 2, 3], [1]]", JUDGED),
    ("x.clear()\n    return 5", "assert f(x) == 6", FAILED),
    # What it does is what makes it right: whether that was asked for isn't known here.
    ("x.append(4)", "f(x)\nassert x == [*x[:3], 4]", UNDECIDED),
    ("x.append(4)", "f(data)\nassert data[1:] == [4, len(x) + 1]", UNDECIDED),
    # Where all is spelled out, it was.
    ("x.append(4)", "f(x)\nassert x == [3, 1, 2, 4]", JUDGED),
    ("x.append(4)", "f(data)\nassert data == [5, 4, 4]", JUDGED),
    ("x.append(5)", "f(x)\nassert x == [3, 1, 2, 4]", FAILED),
    ("pass", "f(x)\nassert x == [3, 1, 2, 4]", FAILED),
    ("x.clear()\n    return [0]", "assert f(x) == by_hand(x)", UNDECIDED),
    ("x.clear()\n    return [0]", "assert f(data) == by_hand(data)", UNDECIDED),
    ("x[:] = 0\n    return x.sum()", "y = np.ones(3)\nassert f(y) == y.sum()", UNDECIDED),
    ("x.append(1)\n    return len(x)", "f(x)\nmin(len(x), 4) / 4 * 2", UNDECIDED),
    ("x[0].append(2)", "y = ([1],)\nf(y)\nassert y == ([1, 2],)", JUDGED),
    ("x[0].append(2)", "y = ([1],)\nf(y)\nassert len(y[0]) == len(x) - 1", UNDECIDED),
    # The same of what comes from another answer, whether it is handed over or not.
    ("x.clear()\n    return [0]", "y = give()\nassert f(y) == by_hand(y)", UNDECIDED),
    ("kept.clear()\n    return [0]", "y = give()\nassert f(0) == by_hand(y)", UNDECIDED),
    ("kept.append(3)", "y = give()\nf(0)\nassert y == [1, 2, 3]", JUDGED),
    ("kept.append(3)", "y = give()\nf(0)\nassert y == [1, 2]", FAILED),
    # With copies, it would never end.
    ("return x.pop()", "out = []\nwhile x:\n    out.append(f(x))\nassert out[0] == 2", UNDECIDED),
    ("next(iter(x)).append(2)", "y = {1: [1]}\nf(y.values())\nassert y[1][-1] == x[2]", UNDECIDED),
]


GIVES = "def give():\n    global kept\n    kept = [1, 2]\n    return kept"


@pytest.fixture(scope="module")
def judge():
    cells = [
        ("author", "setup", f"import numpy as np\nx, data, tuple_ = [], [5, 4], ([1],)\n{AVERAGE}"),
        ("answer", "f", "def f(x):\n    pass"),
        ("answer", "give", "def give():\n    pass"),
        ("check", "test", "f, give, x, data, tuple_, np, by_hand"),
    ]
    with Judge(Lesson(lesson(*cells)), warm()) as judge:
        yield judge


def found(judge, answer, check):
    """Return the Finding on a check, and on one after it."""
    answers = Answers()
    exec(GIVES, answers.names)
    exec(f"def f(x):\n    {answer}", answers.names)
    place = judge.lesson.place("test")
    return [judge.check(place, source, answers.ask) for source in (check, "assert data == [5, 4]")]


@pytest.mark.sandbox
@pytest.mark.parametrize("answer, check, state", CHECKS)
def test_what_is_found(judge, answer, check, state):
    first, after = found(judge, answer, f"x = [3, 1, 2]\n{check}")
    assert first.state == state, first.reason
    assert (state != UNDECIDED) or "changes values that the check has" in first.reason
    assert after.state == JUDGED  # the lesson's own values are as they were


@pytest.mark.sandbox
def test_a_check_that_is_run_once_more_shows_what_it_has_shown_once(judge):
    first, _ = found(judge, "x.sort()\n    return x", "print(f(data))\n6 * 7")
    assert first.state == JUDGED
    assert [o["output_type"] for o in first.outputs] == ["stream", "execute_result"]


@pytest.mark.sandbox
@pytest.mark.parametrize(
    "after, state",
    [
        ("assert x == [1, 2, 3]", UNDECIDED),
        ("assert rows[0] == [1, 2, 3]", UNDECIDED),
        ("assert x == [3, 1, 2]", JUDGED),
        ("x = [3, 2]\nassert x == [2, 3]", FAILED),
        ("assert data == [4]", FAILED),
    ],
)
def test_what_was_put_back_is_no_reason_to_fail_in_the_next_check(judge, after, state):
    answers, place = Answers(), judge.lesson.place("test")
    exec("def f(x):\n    x.sort()", answers.names)
    judge.forget_student()
    judge.check(place, "x = [3, 1, 2]\nrows = [x]\nf(x)\nassert x == [1, 2, 3]", answers.ask)
    found = judge.check(place, after, answers.ask)
    assert found.state == state
    assert (state != UNDECIDED) or "which was put back" in found.reason


@pytest.mark.sandbox
def test_what_an_answer_has_changed_in_a_cell_of_the_lessons_stays_so():
    cells = [
        ("author", "setup", "data = [5, 4]"),
        ("answer", "f", "def f(x):\n    pass"),
        ("author", "uses", "f(data)\nf([1])"),
        ("check", "test", "assert data[-1] == 9"),
        ("check", "test_more", "assert data == []"),
    ]
    for line, states in (
        ("x.append(9)", [UNDECIDED, FAILED]),
        ("x.clear()", [FAILED, UNDECIDED]),
        ("x + x", [FAILED, FAILED]),
    ):
        answers = Answers()
        exec(f"def f(x):\n    {line}", answers.names)
        with Judge(Lesson(lesson(*cells)), warm()) as judge:
            places = [judge.lesson.place(name) for name in ("test", "test_more")]
            sources = "assert data[-1] == 9", "assert data == []"
            assert [
                judge.check(place, source, answers.ask).state
                for place, source in zip(places, sources, strict=True)
            ] == states


# Liars


def lies(shared):
    def twist(request, reply):
        return {**reply, "shared": shared} if request["op"] == "call" else reply

    return student_with("f = lambda *x: None", twist).value("f")


LIST, NUMBER = [1, 2], {"k": "shared", "n": 999}


@pytest.mark.parametrize(
    "shared",
    [
        {"changes": [[4, LIST]]},  # never handed over
        {"changes": [[-1, LIST]]},
        {"changes": [["2", LIST]]},
        {"changes": [[2, {"k": "dict", "v": {}}]]},  # another kind
        {"changes": [[2, 3]]},
        {"changes": [[2, {"k": "opaque"}]]},
        {"changes": [[2, [NUMBER]]]},
        {"changes": [[2, {"k": "shared", "n": 2, "v": LIST}]]},
        {"changes": [[2, [{"k": "shared", "n": 4, "v": LIST}]]]},  # a number of ours
        {"changes": [[2, [{"k": "shared", "n": 3, "v": 5}]]]},
        {"changes": [[2, [{"k": "shared", "n": 3, "v": {"k": "shared", "n": 5, "v": LIST}}]]]},
        {"changes": [[2]]},
        {"changes": {"2": LIST}},
        {"changes": 5},
        {"gone": [None]},
        {"gone": 3},
        {"unsent": "x"},
        [],
        3,
    ],
)
def test_lies_are_left_to_a_person_and_change_nothing(shared):
    kept, numbers = [3], [7]
    with pytest.raises(Undecided):
        lies(shared)(numbers)
    assert kept == [3] and numbers == [7]


@pytest.mark.parametrize(
    "about",
    [{"of": 999}, {"of": "2"}, {"strides": 8}, {"strides": ["8"]}, {"offset": None}, {"v": LIST}],
)
def test_lies_about_views_are_left_to_a_person(about):
    with pytest.raises(Undecided):
        _view(about)(np.ones(3))


@pytest.mark.parametrize("about", [{"offset": 8}, {"offset": -8}, {"strides": [10**18]}])
def test_no_view_reaches_beyond_its_array(about):
    assert _view(about)(np.ones(3)).base is None


def _view(about):
    numbers = wire.encode(np.ones(3), None)
    view = {"k": "view", "of": 2, "offset": 0, "strides": [8], "fixed": False, "v": numbers}

    def twist(request, reply):
        return {**reply, "value": {**view, **about}} if request["op"] == "call" else reply

    return student_with("f = lambda *x: None", twist).value("f")


def test_lies_about_what_is_gone_change_nothing():
    numbers = [7]
    f = lies({"gone": [0, 2, 4, 6, 999]})
    f(numbers)
    f(numbers)
    assert numbers == [7]


# What it costs


def test_what_nobody_holds_any_more_is_let_go():
    source = "kept = []\ng = kept.append\ndef f(x):\n    return [[i] for i in range(9)], x"
    loop = Loopback(named(source))
    f, g = (loop.student.value(name) for name in "fg")
    for number in range(5):
        assert f({number: [np.ones(3)]})
    assert len(loop.agent.shared.things) < 4
    assert len(loop.student._shared.things) < 30
    numbers = [1]
    g(numbers)
    f(1)
    assert len(loop.agent.shared.things) == 1
    del numbers
    f(1)
    assert not loop.agent.shared.things


def test_what_both_have_goes_over_once():
    loop = Loopback(named("kept = []\ndef f(x):\n    kept.append(x)"))
    f, array = loop.student.value("f"), np.ones(1000)
    for _ in range(3):
        f(array)
    sizes = [len(str(request)) for request in loop.requests if request["op"] == "call"]
    assert sizes[0] > 10_000 and max(sizes[1:]) < 500


@pytest.mark.sandbox
def test_a_check_that_catches_errors_of_an_answers_class_is_left_to_a_person(judge):
    answer, check = "return type('Own', (OSError,), {})", "try:\n    1 / 0\nexcept f(1):\n    0"
    first, _ = found(judge, answer, check)
    assert first.state == UNDECIDED and "catches errors" in first.reason


@pytest.mark.parametrize(
    "shown", ["x.view('int64')", "x.real", "np.lib.stride_tricks.sliding_window_view(x, 2)"]
)
def test_other_ways_to_show_numbers_of_an_array_are_views(shown):
    for array in (np.arange(1.0, 5), np.arange(4) + 1j):
        there = named(f"def f(x):\n    return {shown}")["f"](array)
        here = function(f"def f(x):\n    return {shown}")(array)
        assert np.shares_memory(here, array) and here.dtype == there.dtype
        array[:] = 7
        np.testing.assert_array_equal(here, there)


def test_an_array_lies_in_memory_as_it_does_over_there():
    made = function("def f(x):\n    return np.asfortranarray(x)")(np.arange(6).reshape(2, 3))
    assert made.flags.f_contiguous and made.tolist() == [[0, 1, 2], [3, 4, 5]]
    made = function("def f(x):\n    return [np.asfortranarray(x)]")(made)[0]
    assert made.flags.f_contiguous and made.tolist() == [[0, 1, 2], [3, 4, 5]]
