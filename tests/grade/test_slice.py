"""Which cells of a lesson are run for which answers: read off their text, nothing is run."""

import json
import re
from pathlib import Path

import pytest

from autograder.grade.run.judge.names import Lesson
from autograder.grade.run.slice import demonstrations, slice_of, told

SOLUTIONS = Path(__file__).parents[2] / "solutions"
SETUP = """
from autograder.learn import check_function, draw_shapes
import keras
import warnings
import numpy as np
from keras import layers
rng = np.random.default_rng(0)
"""
STUB = "def answer(x):\n    return x"


def lesson(*cells):
    """Return a lesson for the judge: (role, id, source) of its cells, after a locked setup."""
    flags = {"answer": {"solution": True}, "check": {"grade": True}, "locked": {"locked": True}}
    made = []
    for role, name, source in [("locked", "setup", SETUP), *cells]:
        marks = {"nbgrader": {"grade_id": name, **flags[role]}} if role in flags else {}
        tags = {"tags": ["raises-exception"]} if role == "fails" else {}
        cell = {"id": name, "cell_type": "code", "source": source, "metadata": {**marks, **tags}}
        made.append(cell)
    return Lesson({"cells": made})


def sliced(*cells, changed=None, own=()):
    """Return the Slice of a lesson as it is solved, but for {id: source} that were changed.

    own: (id of the cell above, source) of cells of the student's own.
    """
    known, changed = lesson(*cells), changed or {}
    handed_in = [(c.name or c.id, changed.get(c.name or c.id, c.source)) for c in known.cells]
    for number, (above, source) in enumerate(own):
        place = [name for name, _ in handed_in].index(above)
        handed_in.insert(place + 1, (f"own-{number}", source))
    return slice_of(known, handed_in)


def run_beside(*cells, **handed_in):
    """Return the ids of the lesson's open cells that are run."""
    found = sliced(*cells, **handed_in)
    assert found.doubt is None
    return {name for role, name, _ in cells if role in ("author", "fails")} - found.skipped


# What is needed


def test_what_an_answer_reads_and_what_may_have_changed_it_is_run():
    cells = [
        ("author", "base", "size = 3"),
        ("author", "made", "images = [size]"),
        ("author", "filled", "images.append(4)"),
        ("author", "shown", "print(images, rng.random(3))"),
        ("author", "apart", "other = layers.Dense(3)\nother(np.ones((1, 2)))"),
        ("answer", "answer", "count = len(images)"),
        ("check", "test_answer", "assert count == 2"),
        ("author", "after", "images.append(5)"),
    ]
    assert run_beside(*cells) == {"base", "made", "filled"}
    assert run_beside(*cells, changed={"answer": "count = 2"}) == set()


def test_a_cell_that_an_answer_as_solved_does_not_need_is_run_for_one_that_does():
    cells = [("author", "helper", "def half(x):\n    return x / 2"), ("answer", "answer", STUB)]
    assert run_beside(*cells) == set()
    wanted = {"answer": "def answer(x):\n    return half(x)"}
    assert run_beside(*cells, changed=wanted) == {"helper"}


@pytest.mark.parametrize(
    "cell",
    [
        "model = table\nmodel.append(1)",
        "for row in [table]:\n    row[0] = 1",
        "held = {'t': table}\nheld['t'][0] = 1",
        "[part.sort() for part in [table]]",
        "(alias := table).clear()",
        "def change():\n    table.append(1)\n\nchange()",
        "change = lambda: table.append(1)",
    ],
)
def test_an_object_may_be_changed_under_another_name(cell):
    cells = [
        ("author", "made", "table = [3]"),
        ("author", "changes", cell),
        ("author", "shows", "print(7)"),
        ("answer", "answer", "first = table[0]"),
    ]
    assert run_beside(*cells) == {"made", "changes"}


def test_a_function_of_the_lesson_changes_what_it_reads_wherever_it_is_called():
    cells = [
        ("author", "made", "seen = []\ndef note(x):\n    seen.append(x)"),
        ("author", "calls", "note(1)"),
        ("author", "shows", "print(1)"),
        ("answer", "answer", "count = len(seen)"),
    ]
    assert run_beside(*cells) == {"made", "calls"}


def test_a_function_reads_names_when_it_is_called():
    """What is bound after a definition counts as well as what was bound before it."""
    cells = [
        ("author", "before", "size = 3"),
        ("author", "uses", "def sized():\n    return size"),
        ("author", "between", "size = 4"),
        ("author", "shows", "print(size)"),
        ("answer", "answer", "here = sized()"),
        ("author", "later", "size = 5"),
    ]
    assert run_beside(*cells) == {"before", "uses", "between", "later"}


def test_a_name_that_is_bound_for_sure_needs_no_earlier_cell():
    old, new = ("author", "old", "x = 1"), ("author", "new", "x = 2")
    answer = ("answer", "answer", "y = x")
    assert run_beside(old, new, answer) == {"new"}
    perhaps = ("author", "new", "if rng.random() < 2:\n    x = 2")
    assert run_beside(old, perhaps, answer) == {"old", "new"}
    fails = ("fails", "new", "1 / 0\nx = 2")
    assert run_beside(old, fails, answer) == {"old", "new"}


def test_what_stands_on_an_answer_is_always_run():
    """Its output, stored in the lesson, would tell the solution."""
    cells = [
        ("author", "made", "found = []\nplain = [1]"),
        ("answer", "answer", "found.append(7)\nvalue = 7"),
        ("author", "reads", "print(value)"),
        ("author", "sees", "print(found)"),
        ("author", "other", "print(plain[:1])"),
    ]
    given = {"answer": "value = 7"}
    assert run_beside(*cells, changed=given) == {"made", "reads", "sees"}


def test_an_object_of_an_answer_that_the_lesson_trains_on_is_trained():
    cells = [
        ("answer", "answer", "model = keras.Sequential([layers.Dense(1)])"),
        ("author", "trains", "model.fit(np.ones((2, 1)), np.ones(2))"),
        ("check", "test_answer", "assert model.built"),
    ]
    assert run_beside(*cells) == {"trains"}


def test_settings_of_libraries_are_always_made_and_seeds_are_not():
    cells = [
        ("author", "setting", "np.set_printoptions(precision=2)"),
        ("author", "part", "layers.Dense.units = 3"),
        ("author", "undone", "with warnings.catch_warnings():\n    warnings.simplefilter('error')"),
        ("author", "filter", "warnings.simplefilter('error')"),
        ("author", "seed", "keras.utils.set_random_seed(1)"),
        ("answer", "answer", STUB),
    ]
    assert run_beside(*cells) == {"setting", "part", "filter"}


def test_files_are_written_where_a_cell_that_is_run_may_read_them():
    cells = [
        ("author", "writes", "open('a.csv', 'w').write('1')"),
        ("author", "reads", "rows = open('a.csv').read()"),
        ("author", "shows", "print(1)"),
        ("answer", "answer", "first = rows[0]"),
    ]
    assert run_beside(*cells) == {"writes", "reads"}
    assert run_beside(*cells, changed={"answer": "first = '1'"}) == set()


def test_a_change_in_blanks_and_comments_is_none():
    cells = [("author", "shown", "x = [1,2]"), ("answer", "answer", STUB)]
    assert run_beside(*cells, changed={"shown": "x = [1, 2]  # two"}) == set()


def test_a_cell_of_ones_own_that_only_looks_is_no_doubt():
    cells = [("author", "made", "size = 3"), ("author", "shown", "print(4)")]
    cells += [("answer", "answer", STUB)]
    assert run_beside(*cells, own=[("shown", "print(size + 1)")]) == {"made"}
    assert run_beside(*cells, own=[("shown", "print(answer(2))")]) == set()


# Doubts

CELLS = [
    ("author", "made", "table = [3]\nsize = 3"),
    ("author", "shown", "print(size)"),
    ("answer", "answer", STUB),
    ("check", "test_answer", "assert answer(1) == 1"),
]


@pytest.mark.parametrize(
    "answer, why",
    [
        ("exec('x = 1')", "exec"),
        ("x = eval('size')", "eval"),
        ("x = globals()['size']", "globals"),
        ("x = len(dir())", "dir"),
        ("x = getattr(np, 'on' + 'es')", "getattr"),
        ("x = getattr(np, '__dict__')", "__dict__"),
        ("x = np.__dict__", "__dict__"),
        ("x = answer.__globals__", "__globals__"),
        ("x = (lambda: 0).__code__", "__code__"),
        ("x = __builtins__", "__builtins__"),
        ("x = get_ipython()", "get_ipython"),
        ("x = Out[1]", "Out"),
        ("%time x = 1", "get_ipython"),
        ("!ls", "system"),
        ("from numpy import *", "imports *"),
        ("import sys", "imports sys"),
        ("import random", "imports random"),
        ("from importlib import import_module", "imports importlib"),
        ("x = 1\ndel x", "deletes"),
        ("def f():\n    global size\n    size = 4", "binds names"),
        ("size = 4", "size"),
        ("for table in [1]:\n    pass", "table"),
        ("def size():\n    return 3", "size"),
        ("import math as size", "size"),
        ("table[0] = 4", "table"),
        ("table.append(4)", "table"),
        ("np.asarray(table).sort()", "table"),
        ("def answer(x):\n    table.append(x)\n    return x", "table"),
        ("np.ones = np.zeros", "library"),
        ("keras.Model.units = 3", "library"),
        ("keras.config.set_floatx('float64')", "library"),
        ("keras.utils.set_random_seed(3)", "chance"),
        ("x = np.random.rand(3)", "chance"),
        ("x = rng.random(3)", "chance"),
        ("keras.utils.clear_session()", "names"),
        ("x = keras.Input((3,)).name", "names"),
        ("def answer(model):\n    return model.get_layer('dense')", "names"),
        (
            "def answer(model):\n    return [p for p in model.layers if p.name == 'dense_1']",
            "names",
        ),
        ("from numpy.random import normal\nx = normal()", "chance"),
        ("import numpy as other\nother.set_printoptions(3)", "library"),
        ("from warnings import simplefilter\nsimplefilter('ignore')", "library"),
        ("import warnings\nx = warnings.sys", "inner"),
        ("x = np.lib._utils", "inner"),
        ("x = '{0.__globals__}'.format(np.ones)", "inner"),
        ("x = open('a.txt')", "files"),
        ("x = np.load('a.npy')", "files"),
        ("len = print", "len, which is Python's"),
        ("x = _", "_"),
        ("x = _12 + 1", "_12"),
        ("x = unheard_of", "unheard_of"),
        ("def answer(x):\n    return unheard_of", "unheard_of"),
        ("def answer(x:", "Python"),
    ],
)
def test_what_cannot_be_followed_in_an_answer_has_everything_run(answer, why):
    found = sliced(*CELLS, changed={"answer": answer})
    assert not found.skipped and why in found.doubt and "answer" in found.doubt
    found = sliced(*CELLS, own=[("shown", answer)])
    assert not found.skipped and why in found.doubt and "own-0" in found.doubt


def test_a_changed_cell_of_the_lesson_is_as_ones_own():
    assert sliced(*CELLS, changed={"made": "table = [4]\nsize = 3"}).doubt
    assert sliced(*CELLS, changed={"setup": f"{SETUP}\nx = 1"}).doubt
    assert sliced(*CELLS, changed={"shown": "print(size + 1)"}).doubt is None


@pytest.mark.parametrize(
    "cell", ["exec('x = 1')", "%run other", "from keras import *", "x = (", "input = 3", "print(_)"]
)
def test_a_lesson_that_cannot_be_followed_is_run_as_a_whole(cell):
    found = sliced(*CELLS, ("author", "odd", cell))
    assert not found.skipped and "odd" in found.doubt and "lesson" in found.doubt


def test_where_a_cell_that_is_needed_numbers_names_anew_all_are_run():
    """Else names of layers might meet that don't in a run of everything."""
    cells = [
        ("author", "made", "keras.utils.clear_session()\nsize = 3"),
        ("author", "shown", "print(3)"),
        ("answer", "answer", "x = size"),
    ]
    assert "names of Keras" in sliced(*cells).doubt
    assert run_beside(*cells, changed={"answer": "x = 3"}) == set()


def test_a_lesson_that_is_not_written_for_the_judge_is_run_as_a_whole():
    known = Lesson({"cells": [{"id": "a", "cell_type": "code", "source": "x = 1"}]})
    assert slice_of(known, [("a", "x = 1")]).doubt


# The lessons


#: It runs posts by `exec`.
GIVEN_UP = {"06_old_posts_new_keras": "exec"}


@pytest.mark.parametrize("name", [path.stem for path in sorted(SOLUTIONS.glob("0*.ipynb"))])
def test_of_each_lesson_it_is_known_what_is_left_out(name):
    found = demonstrations(Lesson(json.loads((SOLUTIONS / f"{name}.ipynb").read_text("utf-8"))))
    if name in GIVEN_UP:
        assert GIVEN_UP[name] in found.doubt
    else:
        assert found.doubt is None and found.skipped


def test_an_author_is_told_which_cells_are_demonstrations(tmp_path):
    all_of_them = r"(\d+) of its \1 open cells are demonstrations, which can be left out when .*"
    assert re.fullmatch(all_of_them, told(SOLUTIONS / "01_input_vs_flatten.ipynb"))
    assert told(SOLUTIONS / "answers.ipynb") == ""
    assert "cell setup-7 of the lesson" in told(SOLUTIONS / "06_old_posts_new_keras.ipynb")
    setup = {"grade_id": "setup", "locked": True}
    answer = {"grade_id": "answer", "solution": True}
    cells = [(SETUP, setup), ("size = 3", None), ("print(3)", None), ("x = size", answer)]
    made = [
        {"cell_type": "code", "source": source, "metadata": {"nbgrader": marks} if marks else {}}
        for source, marks in cells
    ]
    path = tmp_path / "some.ipynb"
    path.write_text(json.dumps({"cells": made}))
    assert told(path) == (
        "1 of its 2 open cells are demonstrations, which can be left out when answers are graded, "
        "but for those that begin with `size = 3`"
    )
