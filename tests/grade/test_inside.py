"""Checks judged inside: as nbgrader means them, in the sandbox, nothing shown of hidden tests."""

import json
import socket

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.utils import determine_grade
from traitlets.config import Config

from autograder.grade.run import execute
from autograder.grade.run.execute import HALF, JudgedExecute
from autograder.grade.run.points import undecided
from autograder.grade.run.student.session import StudentSession

pytestmark = pytest.mark.sandbox

WORD = "wom" + "bat"
SETUP = "import math\n\n\ndef close(a, b):\n    return abs(a - b) < 1e-6"
ANSWERS = {
    "account": (
        "class Account:\n    def __init__(self, b):\n        self.b = b\n"
        "    def put(self, v):\n        self.b += v"
    ),
    "third": "def third(x):\n    return x / 3",
    "plain": "def plain(x):\n    return x + 1",
    "later": "import statistics\ntotal = 3",
}
CHECKS = {
    "account": "a = Account(10)\na.put(5)\nassert a.b == 15",
    "third": (
        "assert close(third(3), 1)\n### BEGIN HIDDEN TESTS\nimport fractions\n"
        f"{WORD} = 7\nassert close(third({WORD}), 7 / 3), '{WORD}'\n### END HIDDEN TESTS"
    ),
    "plain": "got = plain(1)\nassert got == 2",
    "later": "assert fractions.Fraction(1) == 1 and statistics.mean([a.b, 15]) == 15\ntotal",
}
WORTH = {"account": 1, "third": 2, "plain": 1, "later": 3}


def cell(name, source, **roles):
    marks = {"schema_version": 3, "grade_id": name, "solution": False, "grade": False}
    marks |= {"locked": False, "task": False, **roles}
    return new_code_cell(source, id=name.replace("_", "-"), metadata={"nbgrader": marks})


def notebook(answers):
    cells = [cell("setup", SETUP, locked=True)]
    for name, source in {**ANSWERS, **answers}.items():
        cells.append(cell(name, source, solution=True))
        points = WORTH[name]
        cells.append(cell(f"test_{name}", CHECKS[name], grade=True, locked=True, points=points))
    return new_notebook(cells=cells)


@pytest.fixture(scope="module")
def judge(tmp_path_factory):
    """Return a function that judges a notebook with these answers."""
    folder = tmp_path_factory.mktemp("lesson")
    edition = folder / "lesson.ipynb"
    nbformat.write(notebook({}), edition)
    (folder / "handed_in").mkdir()

    def judge(halves=1, **options):
        settings = {k: options.pop(k) for k in list(options) if k not in ANSWERS}
        config = Config()
        config.JudgedExecute.update(edition=str(edition), apart=halves > 1, **settings)
        made = notebook(options)
        for _ in range(halves):
            resources = {"metadata": {"path": str(folder / "handed_in")}}
            made, _ = JudgedExecute(config=config).preprocess(made, resources)
        assert HALF not in made.metadata
        return made

    return judge


def points(made):
    """Return {exercise: its points}, None for a person."""
    checks = [c for c in made.cells if c.metadata.nbgrader.grade]
    return {
        c.metadata.nbgrader.grade_id.removeprefix("test_"): None
        if undecided(c)
        else determine_grade(c)[0]
        for c in checks
    }


def found(made, name):
    return next(c for c in made.cells if c.metadata.nbgrader.grade_id == f"test_{name}")


def shown(made):
    return json.dumps([c.outputs for c in made.cells if c.cell_type == "code"])


@pytest.mark.parametrize("halves", [pytest.param(1, marks=pytest.mark.long), 2])
def test_a_right_notebook_earns_all_points_each_check_in_its_way(judge, halves):
    made = judge(halves)
    assert points(made) == WORTH
    told = {name: found(made, name).metadata.autograder.get("way", "apart") for name in WORTH}
    assert told == {**dict.fromkeys(WORTH, "inside"), "plain": "apart"}
    assert WORD not in shown(made)


@pytest.mark.long
def test_one_kernel_in_each_pass_does_for_checks_of_both_ways(judge, monkeypatch):
    started = []

    def session(*args, **options):
        started.append(args)
        return StudentSession(*args, **options)

    monkeypatch.setattr(execute, "StudentSession", session)
    assert points(judge(plain="def plain(x):\n    return x")) == {**WORTH, "plain": 0}
    assert len(started) == 2
    # What is done by words can't be followed, and may need what a check binds.
    assert points(judge(account=ANSWERS["account"] + "\nexec('1')")) == WORTH
    assert len(started) == 5


def judged_in(folder, made):
    """Return ({exercise: its points}, ways) of {exercise: (answer, check)}, each worth a point."""
    graded = executed(folder, made, Config())
    return points(graded), [found(graded, n).metadata.autograder.get("way", "apart") for n in made]


def executed(folder, made, config):
    """Return the notebook of {exercise: (answer, check)}, judged by a configuration."""
    cells = []
    for name, (answer, check) in made.items():
        cells.append(cell(name, answer, solution=True))
        cells.append(cell(f"test_{name}", check, grade=True, locked=True, points=1))
    edition = folder / "lesson.ipynb"
    nbformat.write(new_notebook(cells=cells), edition)
    config.JudgedExecute.edition = str(edition)
    resources = {"metadata": {"path": str(folder)}}
    return JudgedExecute(config=config).preprocess(nbformat.read(edition, 4), resources)[0]


@pytest.mark.long
def test_what_needs_a_name_that_a_check_binds_has_it(tmp_path):
    made = {
        "one": ("def one():\n    return 1", "got = one()\nassert got == 1"),
        "two": ("def two():\n    return {got}", "import copy\nassert copy.copy(two()) == {1}"),
    }
    assert judged_in(tmp_path, made) == ({"one": 1, "two": 1}, ["apart", "inside"])


COUNTS = "count = 0\ndef tick():\n    global count\n    count += 1\n    return count"
HIDDEN = "\n### BEGIN HIDDEN TESTS\nassert {}() == {}\n### END HIDDEN TESTS"


@pytest.mark.parametrize(
    ("check", "way"), [("assert tick() == 2", "apart"), ("assert tick() == 2 == count", "inside")]
)
def test_hidden_tests_find_what_earlier_checks_have_done(tmp_path, check, way):
    made = {
        "none": ("def none():\n    return 0", "assert none() == 0" + HIDDEN.format("none", 0)),
        "one": (COUNTS, "assert tick() == 1"),
        "two": ("", check + HIDDEN.format("tick", 3)),
    }
    assert judged_in(tmp_path, made) == (dict.fromkeys(made, 1), ["apart", "apart", way])


@pytest.mark.parametrize("begins", ["", "import copy\n"], ids=["apart", "inside"])
def test_hidden_is_what_the_courses_own_markers_hide(tmp_path, begins):
    answer = "told = []\n\n\ndef third(x):\n    told.append(x)\n    return x / 3"
    check = f"{begins}assert third(3) == 1\n# KEEP FROM\nassert third(741) == 247\n# KEEP UNTIL"
    config = Config()
    config.ClearHiddenTests.begin_test_delimeter = "KEEP FROM"
    config.ClearHiddenTests.end_test_delimeter = "KEEP UNTIL"
    exercises = {"third": (answer, check), "later": ("print(told)", "assert 1")}
    made = executed(tmp_path, exercises, config)
    assert points(made) == {"third": 1, "later": 1}
    assert "[3]" in shown(made) and "741" not in shown(made)


def test_wrong_answers_earn_nothing_and_hidden_tests_stay_hidden(judge):
    made = judge(
        account=ANSWERS["account"].replace("+=", "="),
        third="def third(x):\n    return 1",
        plain="def plain(x):\n    return x",
        later="total = 1",
    )
    # `later` reads an account that its check has made, and the module of a hidden test.
    assert points(made) == {"account": 0, "third": 0, "plain": 0, "later": 0}
    assert WORD not in shown(made)
    assert "hidden test did not accept" in json.dumps(found(made, "third").outputs)


@pytest.mark.long
def test_what_the_last_line_gives_are_the_points(judge):
    assert points(judge(later="import statistics\ntotal = 1.5"))["later"] == 1.5
    assert points(judge(later="import statistics\ntotal = 9"))["later"] is None
    hides = (
        "import sys\n\n\nclass Account:\n    def __init__(self, b):\n        self.sum = b\n"
        "    def put(self, v):\n        self.sum += v\n    @property\n    def b(self):\n"
        "        sys.displayhook = lambda value: None\n        return self.sum"
    )
    assert points(judge(account=hides, later="import statistics\ntotal = 1.5"))["later"] == 1.5


ODD = (
    "class Odd(int):\n    def __add__(self, other):\n        return Odd(int(self) + other)\n"
    "\n\ndef plain(x):\n    return Odd(x) + 1"
)


def test_a_value_that_cannot_be_carried_is_judged_inside(judge):
    made = judge(plain=ODD)
    assert points(made)["plain"] == 1
    assert found(made, "plain").metadata.autograder.way == "inside"


def test_a_person_gets_what_is_judged_inside_where_that_is_forbidden(judge):
    made = judge(apart_only=True)
    assert points(made) == {"account": None, "third": None, "plain": 1, "later": None}
    assert "can only be judged inside" in undecided(found(made, "account"))
    assert points(judge(apart_only=True, plain=ODD))["plain"] is None


@pytest.mark.long
def test_a_check_that_its_solution_fails_takes_no_points(judge):
    made = judge(account="Account = None", doubted=["test_account"])
    assert points(made)["account"] is None
    assert "own solution" in undecided(found(made, "account"))


# What answers try, where checks run among them. The tricks are harmless.

LONG = pytest.mark.long
REACHED = "def third(x):\n    {0}\n    return x / 3"
LEFT_OR_LOST = {
    "helper": "def close(a, b):\n    return True",
    "library": "import math\nmath.isclose = lambda *args, **options: True",
    "assertions": "import unittest.case\nunittest.case.TestCase.assertEqual = lambda *args: None",
    "shell": "get_ipython().run_cell = lambda *args, **options: None",
    "transformer": "get_ipython().input_transformers_cleanup.append(lambda lines: [])",
    "syntax": "get_ipython().ast_transformers.append(type('T', (), {'visit': lambda s, n: n})())",
    "traceback": "get_ipython().showtraceback = lambda *args, **options: None",
    "builtin": "import builtins\nbuiltins.abs = lambda x: 0\n\n\ndef third(x):\n    return x",
    "assertion": "import builtins\nbuiltins.AssertionError = SystemExit",
    "quitting": REACHED.format("exit()"),
    "system_exit": REACHED.format("raise SystemExit(0)"),
    "ending": REACHED.format("__import__('os')._exit(0)"),
    "gradebook": REACHED.format("open({secret!r}).read()"),
    "rewriting": REACHED.format("open({secret!r}, 'a').write(' ')"),
    "calling": REACHED.format("__import__('socket').create_connection(('127.0.0.1', {port}), 2)"),
}


@pytest.fixture(scope="module")
def outside(tmp_path_factory):
    """A file that isn't the student's, and a port that somebody listens at."""
    secret = tmp_path_factory.mktemp("outside") / "gradebook.db"
    secret.write_text("secret")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield {"secret": str(secret), "port": listener.getsockname()[1]}
    assert secret.read_text() == "secret"


@pytest.mark.parametrize(
    "trick",
    [pytest.param(name, marks=() if name == "helper" else LONG) for name in LEFT_OR_LOST],
)
def test_what_is_cheap_earns_nothing(judge, outside, trick):
    source = LEFT_OR_LOST[trick]
    source = source.format(**outside) if "{secret" in source or "{port" in source else source
    seconds = 10 if trick == "shell" else 120  # of each cell that never answers
    made = judge(third=source, timeout=seconds, check_timeout=seconds)
    assert points(made)["third"] in (None, 0)
    others = {name: points(made)[name] for name in ("account", "plain")}
    # Who keeps IPython from running cells loses answers of their own that come later.
    assert others == {"account": 1, "plain": 0 if trick in ("shell", "transformer") else 1}


def test_what_a_hidden_test_asks_is_told_to_nobody(judge):
    telling = "import sys\n\n\ndef third(x):\n    told.append(In[-1])\n    return x / 3\ntold = []"
    made = judge(third=telling, later="import statistics\nprint(told)\ntotal = 3")
    assert points(made) == WORTH
    assert WORD not in shown(made)


@LONG
def test_what_can_be_forged_is_marked(judge):
    equal = "class Odd:\n    def __eq__(self, other):\n        return True\n\n\n"
    made = judge(plain=f"{equal}def plain(x):\n    return Odd()")
    assert points(made)["plain"] == 1
    assert found(made, "plain").metadata.autograder.way == "inside"


@LONG
def test_what_a_check_prints_to_stderr_costs_nothing(judge):
    noisy = "import sys\n" + ANSWERS["third"].replace(
        "    return", "    print('so', file=sys.stderr)\n    return"
    )
    assert points(judge(third=noisy))["third"] == 2
