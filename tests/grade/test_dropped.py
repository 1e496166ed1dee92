"""What stood in a locked cell and may be needed is left to a person; what isn't needed is not."""

import pytest
from nbformat import from_dict
from nbgrader.utils import compute_checksum

from autograder.grade.handed_in.expected import from_notebook, read_names, statements_of
from autograder.grade.handed_in.repair import repair
from tests.grade import sent

STUB = "# YOUR CODE HERE\nraise NotImplementedError()"
GIVEN = {
    "setup": "import math\nSIZE = 5\nnumbers = [3, 1, 2]",
    "area": f"def area(r):\n    {STUB.splitlines()[1]}",
    "test_area": "result = area(2)\nassert round(result) == 13\n",
    "volume": f"def volume(r, h):\n    {STUB.splitlines()[1]}",
    "test_volume": "assert round(volume(2, SIZE)) == 63",
    "top": STUB,
    "test_top": "assert top == 3",
}
RIGHT = {
    "area": "def area(r):\n    return math.pi * r**2",
    "volume": "def volume(r, h):\n    return area(r) * h",
    "top": "top = max(numbers)",
}
HELPER = "def square(x):\n    return x * x\n"
BY_NUMPY = {"volume": "def volume(r, h):\n    return np.pi * r**2 * h"}
BY_CHANCE = {"top": "import random\ntop = random.random()"}
BY_COPY = {"top": "from heapq import nlargest\ntop = nlargest(1, data)[0]"}
WRONG = {"area": "def area(r):\n    return 0"}
BY_HELPER = {"area": "def area(r):\n    return math.pi * square(r)"}


def lesson():
    cells = []
    for name, source in GIVEN.items():
        is_check, is_answer = name.startswith("test_"), name in RIGHT
        marks = {"grade_id": name, "schema_version": 3, "task": False, "grade": is_check}
        marks |= {"solution": is_answer, "locked": not is_answer}
        marks |= {"points": 1} if is_check else {}
        cells.append(sent.code(source, f"id-{name}", nbgrader=marks))
    return {"cells": cells}


def left(answers=RIGHT, own=None, **written):
    """Return the checks left to a person where a notebook has more than the lesson gave.

    written: what stands in locked cells, below the lesson's own text; with a `{}`, around it.
    """
    notebook = sent.answered(RIGHT | answers, lesson())
    for name, text in written.items():
        cell = sent.find(notebook, name)
        whole = text if "{}" in text else f"{{}}\n{text}"
        cell["source"] = whole.replace("{}", cell["source"])
    if own:
        notebook["cells"].insert(1, sent.code(own))
    result, remarks = repair(notebook, from_notebook(lesson()))
    for name in written:
        assert sent.texts(result)[name] == GIVEN[name]
    assert all(written.keys() & {remark.cell} for remark in remarks), remarks
    return {check for remark in remarks for check in remark.checks}


BOTH = {"test_area", "test_volume"}  # volume calls area
OTHERS = [
    (BY_HELPER, {"setup": HELPER}, BOTH),
    (BY_HELPER, {"test_area": HELPER}, BOTH),
    (BY_HELPER, {"test_top": HELPER}, BOTH),  # a function is called when all cells have run
    (BY_HELPER, {"test_area": f"{HELPER}{{}}"}, BOTH),
    (BY_HELPER, {"test_area": f"def square(x:\n{HELPER}"}, BOTH),  # half written
    (BY_HELPER, {"setup": "square = lambda x: x * x"}, BOTH),
    (BY_HELPER, {"setup": "if SIZE:\n    from numpy import square"}, BOTH),
    (BY_HELPER, {"setup": "from numpy import *"}, BOTH | {"test_top"}),
    (BY_HELPER, {"setup": "%run helpers.py"}, BOTH | {"test_top"}),
    (BY_HELPER, {"setup": "exec(open('helpers.py').read())"}, BOTH | {"test_top"}),
    (
        {"volume": "def volume(r, h):\n    return np.pi * r**2 * h"},
        {"setup": "import numpy as np"},
        {"test_volume"},
    ),
    ({"top": "top = largest"}, {"test_volume": "largest = max(numbers)"}, {"test_top"}),
    (
        {"top": "from heapq import nlargest\ntop = nlargest(1, data)[0]"},
        {"setup": "data = numbers"},
        {"test_top"},
    ),
    # What the lesson gave, changed.
    ({}, {"setup": "numbers = [3, 4]"}, {"test_top"}),
    ({}, {"setup": "numbers.append(4)"}, {"test_top"}),
    ({}, {"setup": "numbers[0] = 4"}, {"test_top"}),
    ({}, {"test_area": "numbers += [4]"}, {"test_top"}),
    ({}, {"setup": "for n in range(4):\n    numbers.append(n)"}, {"test_top"}),
    (
        {"top": "import random\ntop = random.random()"},
        {"setup": "import random\nrandom.seed(1)"},
        {"test_top"},
    ),
    # An answer written over the lesson's check, with a try in its own cell.
    (WRONG, {"test_area": f"{RIGHT['area']}\n{{}}"}, BOTH),
]


@pytest.mark.parametrize(("answers", "written", "checks"), OTHERS)
def test_answers_that_may_need_what_is_gone_are_left_to_a_person(answers, written, checks):
    assert left(answers, **written) == checks


@pytest.mark.parametrize("name", ["setup", "test_area", "test_top"])
@pytest.mark.parametrize(
    "text",
    [
        "# done",
        "print(numbers, area(2), max(numbers))",
        "display(numbers)",
        "numbers",
        "area(2)",
        "len(numbers)",
        "%matplotlib inline",
        "!ls",
        "assert area(1) == 3",
        "for r in range(3):\n    print(r, area(r))",
        "try:\n    assert top == 4\nexcept AssertionError:\n    pass",
        "result = area(3)",
        "mine = area(3)\nmine",
        "import math, os",
        "if True:\n    pass",
        "%%time\n{}\n",
        "    {}",
    ],
)
def test_what_no_answer_needs_is_nobodys_concern(name, text):
    assert left(**{name: text}) == set()


@pytest.mark.parametrize(
    ("answers", "own", "written"),
    [
        (BY_HELPER, HELPER, {"setup": HELPER}),  # stands above as well
        (BY_HELPER | {"area": f"{HELPER}\n{BY_HELPER['area']}"}, None, {"test_area": HELPER}),
        (
            {"area": "def area(r):\n    square = r * r\n    return 3 * square"},
            None,
            {"setup": HELPER},
        ),
        ({"top": "import random\ntop = random.choice([3])"}, None, {"setup": "import random"}),
        ({}, None, {"test_top": "numbers.append(4)"}),  # after the answer
        ({}, None, {"test_area": "import math\nassert math"}),
        ({"area": GIVEN["area"]}, None, {"setup": HELPER}),
    ],
)
def test_what_the_answers_have_elsewhere_is_nobodys_concern(answers, own, written):
    assert left(answers, own, **written) == set()


def test_who_has_deleted_or_shortened_locked_cells_is_told_as_before():
    notebook = sent.answered(RIGHT, lesson())
    sent.find(notebook, "setup")["source"] = "import math"
    notebook["cells"].remove(sent.find(notebook, "test_top"))
    _, remarks = repair(notebook, from_notebook(lesson()))
    assert [(remark.cell, remark.checks) for remark in remarks] == [("setup", ()), ("test_top", ())]


def test_the_reason_says_what_is_gone_and_what_may_need_it():
    notebook = sent.answered(RIGHT | BY_HELPER, lesson())
    sent.find(notebook, "test_top")["source"] += f"\n{HELPER}"
    _, (told, reason) = repair(notebook, from_notebook(lesson()))
    assert (told.cell, told.checks) == ("test_top", ())
    assert str(reason) == (
        "test_top: square stood in the locked cell test_top, whose own text was put back, and "
        "area, volume may need it. Write it into the cell of the answer."
    )


def test_an_answer_that_stands_in_its_check_alone_is_told_once():
    notebook = sent.answered(RIGHT | {"area": GIVEN["area"]}, lesson())
    sent.find(notebook, "test_area")["source"] = RIGHT["area"]
    _, remarks = repair(notebook, from_notebook(lesson()))
    assert [remark.cell for remark in remarks if remark.checks == ("test_area",)] == ["area"]


def test_a_helper_of_an_earlier_edition_of_the_lesson_may_be_needed_as_well():
    notebook = sent.answered(RIGHT | BY_HELPER, lesson())
    cell = sent.find(notebook, "setup")
    cell["source"] += f"\n{HELPER}"
    cell["metadata"]["nbgrader"]["cell_type"] = "code"
    cell["metadata"]["nbgrader"]["checksum"] = compute_checksum(from_dict(cell))
    _, (reason,) = repair(notebook, from_notebook(lesson()))
    assert (reason.cell, set(reason.checks)) == ("setup", BOTH)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("import math\nx = math.pi + y", {"y"}),
        ("def f(a):\n    import os\n    return os, g(a), [b for b in a]", {"g"}),
        ("x = x + 1", {"x"}),
        ("x += 1", {"x"}),
        ("x = 1\nx += 1", set()),
        ("for i in range(3): i", {"range"}),
        ("class A:\n    z = w\n    def m(self): return q", {"q", "w"}),
        ("[i for i in data if i > n]", {"data", "n"}),
        ("%time x = y\n!ls", {"y"}),
        ("x = (y", {"x", "y"}),
        ("await y\nreturn z", {"y", "z"}),
    ],
)
def test_names_that_a_cell_reads(text, names):
    assert read_names(text) == names


def test_statements_are_the_same_however_they_are_spaced():
    assert statements_of("import os, re\nx = (1 +\n 2)") == {"import os", "import re", "x = 1 + 2"}
    assert statements_of("x = (1") == {"x = (1"}
    assert statements_of("+".join(["1"] * 5000)) == {"+".join(["1"] * 5000)}
