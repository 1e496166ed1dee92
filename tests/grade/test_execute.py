"""Notebooks, run and judged: right answers earn what they earn in a notebook, tricks nothing."""

import json
import tempfile
from pathlib import Path

import nbformat
import pytest
from nbconvert.filters import strip_ansi
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.utils import compute_checksum, determine_grade
from traitlets.config import Config

from autograder.author.editions import learner_edition
from autograder.errors import UserError
from autograder.grade.run.execute import HALF, JudgedExecute, copy_files
from autograder.grade.run.hidden import NOT_DECIDED
from autograder.grade.run.judge.names import ANSWER, CHECK, Lesson
from autograder.grade.run.judge.process import LOST, UNDECIDED, Judge
from autograder.grade.run.points import undecided
from autograder.grade.run.sandbox.bubblewrap import Bubblewrap
from autograder.grade.run.student.session import StudentSession
from autograder.progress import owner
from autograder.states import MEDIA_TYPE
from tests import notebooks
from tests.circles import long_but
from tests.grade import small_lesson
from tests.grade.classroom import School, find_lesson

pytestmark = pytest.mark.sandbox

LESSONS = ["90_small_lesson", "00_start_here", "01_input_vs_flatten"]


# The lessons: the same points as in a notebook


class Book:
    """A lesson in one student's process and one judge, in which answers are tried in turn."""

    def __init__(self, name, folder):
        self.exercises = find_lesson(name, folder).exercises
        root = folder if name == small_lesson.NAME else Path(__file__).parents[2]
        self.source = root / "solutions" / f"{name}.ipynb"
        self.notebook = nbformat.read(self.source, as_version=4)
        self.lesson = Lesson(self.notebook)
        self.points = notebooks.points(self.notebook)
        self.checks = notebooks.check_cells(self.notebook)
        self.tried = {}

    def try_all(self):
        """Try all answers to each exercise when its turn comes, the solved one last."""
        backend = JudgedExecute().backend()
        with Judge(self.lesson, backend) as judge, StudentSession(backend) as session:
            for cell in self.lesson.cells:
                if cell.role == ANSWER:
                    judge.catch_up(cell, session.ask)
                    for label, source in self.answers(cell):
                        session.run(source)
                        found = self.judged(cell.name, judge, session)
                        self.tried[cell.name, label] = found
                elif cell.role != CHECK:
                    session.run(cell.source, seed=cell.number)
        return self

    def answers(self, cell):
        """Yield labels and sources of the answers to try on an exercise."""
        exercise = self.exercises[cell.name]
        yield "untouched", self.stubs()[cell.name]
        yield "wrong", exercise.wrong[0][0]
        yield from ((f"right {i}", source) for i, source in enumerate(exercise.right))
        yield "solved", cell.source

    def stubs(self):
        cells = learner_edition(self.notebook).cells
        marks = [(cell, cell.metadata.get("nbgrader", {})) for cell in cells]
        return {mark["grade_id"]: cell.source for cell, mark in marks if mark.get("solution")}

    def judged(self, exercise, judge, session):
        """Return {check: (points, states of its verdicts)} of the answer that was run last."""
        found = {}
        for name, check in self.checks.items():
            if owner(name, self.exercises) == exercise:
                finding = judge.check(self.lesson.place(name), check.source, session.ask)
                check.outputs = [nbformat.from_dict(output) for output in finding.outputs]
                shown = [o.data for o in check.outputs if MEDIA_TYPE in o.get("data", {})]
                states = [data[MEDIA_TYPE]["state"] for data in shown]
                assert finding.state != UNDECIDED, finding.reason
                found[name] = determine_grade(check)[0], states
        return found


@pytest.fixture(scope="module", params=long_but(LESSONS[:1], LESSONS))
def book(request, tmp_path_factory):
    return Book(request.param, tmp_path_factory.mktemp("book")).try_all()


def test_right_answers_earn_all_points(book):
    for (exercise, label), found in book.tried.items():
        if label not in ("untouched", "wrong"):
            worth = {check: book.points[check] for check in found}
            assert {check: points for check, (points, _) in found.items()} == worth, (
                exercise,
                label,
            )


def test_untouched_answers_are_not_attempted(book):
    for (exercise, label), found in book.tried.items():
        if label == "untouched":
            for points, states in found.values():
                # A check that calls the answer in the open ends before there is a verdict.
                assert (points, set(states) - {"not attempted"}) == (0, set()), exercise


@pytest.mark.long
def test_wrong_answers_earn_what_they_earn_in_a_notebook(book, tmp_path):
    path = tmp_path / "notebook.ipynb"
    path.write_bytes(book.source.read_bytes())
    wrong = {name: exercise.wrong[0][0] for name, exercise in book.exercises.items()}
    notebooks.write_submission(path, wrong)
    expected = notebooks.marks(notebooks.run(path, tmp_path))
    found = [found for (_, label), found in book.tried.items() if label == "wrong"]
    assert {check: points for one in found for check, (points, _) in one.items()} == expected


# Tricks, on a lesson in which each exercise is to add one

EXERCISES = ("first", "second", "third", "fourth")
TOKEN = "xyz" + "zy"
RIGHT = "def {0}(x):\n    return x + 1"


def tiny_lesson():
    """Return the solved edition of a lesson of four exercises."""
    # It is written for the judge, so that none of it is judged inside.
    setup = "import json\nimport os\nimport sys\n\nimport autograder.learn"
    cells = [_cell("setup", setup, locked=True)]
    for name in EXERCISES:
        check = (
            f"assert {name}(1) == 2\n### BEGIN HIDDEN TESTS\n"
            f"{TOKEN}_{name} = 41\nassert {name}(41) == 42, '{TOKEN} in a check'\n"
            "### END HIDDEN TESTS"
        )
        solved = f"### BEGIN SOLUTION\n{RIGHT.format(name)}\n### END SOLUTION"
        cells.append(_cell(name, solved, solution=True))
        cells.append(_cell(f"test_{name}", check, grade=True, locked=True, points=1))
    return new_notebook(cells=cells)


def _cell(grade_id, source, **roles):
    flags = {"grade": False, "solution": False, "locked": False, "task": False}
    marks = {"schema_version": 3, "grade_id": grade_id, **flags, **roles}
    return new_code_cell(source, id=grade_id, metadata={"nbgrader": marks})


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    path = tmp_path_factory.mktemp("tiny") / "tiny.ipynb"
    nbformat.write(tiny_lesson(), path)
    return path


def graded(tiny, answers, own=None, files=None, given=(), **settings):
    """Return the graded notebook of a student with these answers, the others being right.

    own: a cell of the student's at the end. files: {name: text} handed in beside it. given: the
    answers that are as they were handed out.
    """
    notebook = tiny_lesson()
    for cell in notebook.cells:
        name = cell.metadata.nbgrader.grade_id
        if name in EXERCISES:
            cell.source = answers.get(name, RIGHT.format(name))
            if name in given:
                cell.metadata.nbgrader["checksum"] = compute_checksum(cell)
    if own:
        notebook.cells.append(new_code_cell(own, id="own"))
    settings = {"two_pass": False, "timeout": 60, "check_timeout": 60, **settings}
    with tempfile.TemporaryDirectory() as folder:
        for name, text in (files or {}).items():
            (Path(folder) / name).write_text(text)
        step = JudgedExecute(edition=str(tiny), **settings)
        return step.preprocess(notebook, {"metadata": {"path": folder}, "nbgrader": {}})[0]


def marks(notebook):
    """Return the points of the exercises, in their order; None for what a person has to judge."""
    checks = notebooks.check_cells(notebook).values()
    return [None if undecided(cell) else determine_grade(cell)[0] for cell in checks]


def printed(cell):
    return "".join(output.get("text", "") for output in cell.outputs)


def find(notebook, name):
    return next(cell for cell in notebook.cells if cell.id == name)


def test_an_answer_draws_other_numbers_than_its_check(tmp_path):
    check = "x = np.random.rand(50)\nassert abs(np.corrcoef(x, draw(50))[0, 1]) < 0.9"
    setup = "import keras\nimport numpy as np\nimport autograder.learn"
    lesson = new_notebook(
        cells=[
            _cell("setup", setup, locked=True),
            _cell("draw", "def draw(n):\n    return np.random.rand(n)", solution=True),
            _cell("test_draw", check, grade=True, locked=True, points=1),
        ]
    )
    nbformat.write(lesson, tmp_path / "drawn.ipynb")
    step = JudgedExecute(edition=str(tmp_path / "drawn.ipynb"), two_pass=False)
    resources = {"metadata": {"path": str(tmp_path)}, "nbgrader": {}}
    assert marks(step.preprocess(lesson, resources)[0]) == [1]


def test_an_untouched_function_below_plain_asserts_is_not_attempted(tiny):
    stub = "def {}(x):\n    return 0"
    answers = {name: stub.format(name) for name in ("first", "second")}
    notebook = graded(tiny, answers, given=["first"])
    assert marks(notebook) == [0, 0, 1, 1]
    untouched = [find(notebook, f"test_{n}").metadata.autograder.untouched for n in EXERCISES]
    assert untouched == [True, False, False, False]
    # What went wrong is shown where the check stands, not where the grader does.
    shown = strip_ansi("".join(find(notebook, "test_second").outputs[-1].traceback))
    assert "assert second(1) == 2" in shown and "autograder" not in shown


@pytest.mark.long
def test_a_process_that_ends_costs_the_exercise_only(tiny):
    answers = {"first": "def first(x):\n    return x + 1\nos._exit(0)", "third": "exit()"}
    notebook = graded(tiny, answers)
    assert marks(notebook) == [0, 1, 0, 1]
    assert find(notebook, "first").outputs[-1].ename == "StudentDied"
    assert find(notebook, "test_first").outputs[-1].ename == "NameError"


def test_a_function_that_ends_the_process_costs_the_exercise_only(tiny):
    answers = {
        "first": "def first(x):\n    os._exit(0)",
        "second": "def second(x):\n    sys.exit(0)",
        "third": "def third(x):\n    return exit() or x + 1",
    }
    notebook = graded(tiny, answers)
    assert marks(notebook) == [0, 0, 0, 1]
    assert find(notebook, "test_first").metadata.autograder.state == LOST
    assert find(notebook, "test_second").outputs[-1].ename == "SystemExit"


@pytest.mark.long
def test_endless_loops_and_floods_cost_the_exercise_only(tiny):
    answers = {
        "first": "import time\nwhile True:\n    time.sleep(0.1)",
        "second": "def second(x):\n    while True:\n        time.sleep(0.1)",
        "third": "while True:\n    print('x' * 1000)",
    }
    notebook = graded(tiny, answers, timeout=30, check_timeout=30)
    assert marks(notebook) == [0, 0, 0, 1]
    assert find(notebook, "first").outputs[-1].ename == "TimeoutError"
    assert len(str(notebook)) < 1_000_000


@pytest.mark.long
def test_memory_costs_the_exercise_only(tiny):
    answers = {"first": "x = bytearray(3 << 30)", "third": "def third(x):\n    bytearray(3 << 30)"}
    notebook = graded(tiny, answers, limits={"memory": 2 << 30})
    assert marks(notebook) == [0, 1, 0, 1]
    assert find(notebook, "test_third").outputs[-1].ename == "MemoryError"


def test_memory_that_an_answer_keeps_is_not_taken_from_the_next(tiny):
    """It runs without an error, and so does the exercise after it, in a kernel without it."""
    answers = {
        "first": f"hog = b'x' * (700 << 20)\n{RIGHT.format('first')}",
        "second": "def second(x):\n    return len(b'x' * (500 << 20)) and x + 1",
    }
    notebook = graded(tiny, answers, limits={"memory": 1200 << 20})
    assert marks(notebook) == [1, 1, 1, 1]


def test_what_could_not_be_run_is_for_a_person(tiny):
    """A third death leaves no process; what comes after it is nobody's fault yet."""
    ends = dict.fromkeys(EXERCISES[:3], "os._exit(0)")
    notebook = graded(tiny, ends)
    assert marks(notebook) == [0, 0, None, None]
    assert "gone" in find(notebook, "test_fourth").metadata.autograder.reason


PATCHES = {
    "first": """
import builtins
class Any(int):
    __eq__ = lambda *_: True
    __hash__ = int.__hash__
    __reduce__ = lambda self: (int, (2,))
builtins.int, builtins.AssertionError = Any, type(None)
def first(x):
    return Any()
""",
    "second": """
agent = sys.modules["autograder_agent"]
agent.answer = lambda request: {"value": 2, "warnings": []}
second = 2
""",
    "third": """
agent.wire.encode = lambda *_: {"k": "opaque", "type": "int", "v": "42"}
def third(x):
    return 0
""",
    "fourth": """
shell = get_ipython()
shell.showtraceback = lambda *a, **k: None
shell.input_transformers_cleanup.append(lambda lines: ["pass"])
shell.run_cell = shell.run_cell_async = lambda *a, **k: None
shell.kernel.do_execute = None
""",
}


@pytest.mark.long
def test_patched_libraries_earn_nothing(tiny):
    notebook = graded(tiny, PATCHES)
    assert not any(marks(notebook)), marks(notebook)


KERAS = """
import numpy as np, keras
np.testing.assert_array_equal = np.testing.assert_allclose = lambda *a, **k: None
np.array_equal = np.allclose = lambda *a, **k: True
keras.Model.output_shape = keras.Model.count_params = property(lambda self: (None, 4))
keras.Layer.__eq__ = lambda *_: True
import autograder.learn.verdict as verdict
verdict.CheckFailed = type(None)
verdict.deliver = verdict.Verdict = lambda *a, **k: None
"""


def test_a_patched_keras_earns_nothing(tmp_path):
    book = Book(small_lesson.NAME, tmp_path)
    notebook = book.notebook
    sources = {name: KERAS + exercise.wrong[0][0] for name, exercise in book.exercises.items()}
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        cell.source = sources.get(name, cell.source)
    resources = {"metadata": {"path": str(tmp_path)}, "nbgrader": {}}
    step = JudgedExecute(edition=str(book.source), two_pass=False)
    earned = notebooks.marks(step.preprocess(notebook, resources)[0])
    # Half of the layers are there, whatever they say of themselves.
    assert earned == dict.fromkeys(earned, 0) | {"test_build_model_layers": 2}


SPY = """
import gc, inspect, linecache

def texts():
    for thing in gc.get_objects():
        if type(thing) in (dict, list, tuple):
            parts = [*thing, *thing.values()] if type(thing) is dict else thing
            yield type(thing), [part for part in parts if type(part) in (str, bytes)]
    for frame in inspect.stack():
        yield frame.filename, [str(frame.code_context), str(frame.frame.f_code.co_consts)]
    yield "linecache", [str(linecache.cache)]
    for folder in (".", "/tmp", "/dev/shm", "/proc/self"):
        for name in os.listdir(folder):
            try:
                with open(os.path.join(folder, name), "rb") as file:
                    yield name, [file.read(1_000_000)]
            except (OSError, ValueError):
                pass

def seen():
    # Never written down as one word, lest it finds itself.
    return [
        where
        for where, parts in texts()
        for part in parts
        if "yzzyx"[::-1] in (part if type(part) is str else part.decode("latin-1"))
    ]

arguments, sights = [], [seen()]
def first(x):
    arguments.append(x)
    sights.append(seen())
    return x + 1
"""
TOLD = "print(arguments)\nprint(sights + [seen()])\nprint('done', os.path.exists('data.txt'))"


def test_no_text_of_a_check_reaches_the_student(tiny):
    files = {"old.ipynb": TOKEN, "data.txt": "1"}
    notebook = graded(tiny, {"first": SPY}, own=TOLD, files=files)
    assert marks(notebook) == [1, 1, 1, 1]
    # Arguments are what a function is called with; all else stays where it is.
    assert printed(find(notebook, "own")) == "[1, 41]\n[[], [], [], []]\ndone True\n"


#: It keeps what it is called with, and looks at nothing else, which takes seconds.
KEEPS = "arguments = []\ndef first(x):\n    arguments.append(x)\n    return x + 1"


def test_with_two_passes_arguments_are_not_told_either(tiny):
    notebook = graded(tiny, {"first": KEEPS}, own="print(arguments)", two_pass=True)
    assert marks(notebook) == [1, 1, 1, 1]
    # It sees what the open tests call it with, as in a notebook of one's own.
    assert printed(find(notebook, "own")) == "[1]\n"
    theirs = [cell for cell in notebook.cells if not cell.id.startswith("test_")]
    assert TOKEN not in str(theirs)


TELLS = {
    "raises": "def second(x):\n    raise ValueError(f'{arguments}')",
    "warns": "import warnings\ndef second(x):\n    warnings.warn(f'{arguments}')\n    return x + 1",
    "raises once more": "def second(x):\n    assert 41 not in arguments, arguments\n    return 2",
}


@pytest.mark.parametrize("how", long_but(["raises", "raises once more"], TELLS))
def test_with_two_passes_a_later_check_tells_no_argument_either(tiny, how):
    answers = {"first": KEEPS, "second": TELLS[how]}
    notebook = graded(tiny, answers, two_pass=True)
    assert marks(notebook) == [1, how == "warns", 1, 1]
    assert "41]" not in str(find(notebook, "test_second").outputs)


@pytest.mark.parametrize("two_pass", [True, False])
def test_no_reason_tells_an_argument_of_a_hidden_test(tiny, two_pass):
    dies = "def first(x):\n    return os._exit(0) if x == 41 else x + 1"
    check = find(graded(tiny, {"first": dies}, two_pass=two_pass), "test_first")
    assert check.metadata.autograder.state == LOST
    told = check.metadata.autograder.told
    assert told == check.outputs[-1].evalue and (told == NOT_DECIDED or not two_pass)
    assert "41" not in str(check.outputs)


@pytest.mark.long
def test_the_passes_can_be_made_one_at_a_time(tiny):
    answers = {"first": SPY, "second": "second = None", "third": "os._exit(0)"}
    together = graded(tiny, answers, own=TOLD, two_pass=True)
    half = graded(tiny, answers, own=TOLD, two_pass=True, apart=True)
    assert marks(half)[1:3] == [0, 0]
    assert TOKEN not in str([cell for cell in half.cells if not cell.id.startswith("test_")])
    half = nbformat.from_dict(json.loads(json.dumps(half)))
    step = JudgedExecute(edition=str(tiny), apart=True)
    with tempfile.TemporaryDirectory() as folder:
        resources = {"metadata": {"path": folder}, "nbgrader": {}}
        whole = step.preprocess(half, resources)[0]
    assert HALF not in whole.metadata
    assert marks(whole) == marks(together) == [1, 0, 0, 1]
    assert printed(find(whole, "own")) == printed(find(together, "own"))


@pytest.mark.parametrize(
    "answer",
    [
        "def first(x):\n    return 2",
        RIGHT.format("first"),
        pytest.param("first = None", marks=pytest.mark.long),
    ],
    ids=["wrong", "right", "none"],
)
def test_with_two_passes_a_check_may_use_what_one_before_defines(tmp_path, answer):
    lesson = tiny_lesson()
    first, second = (find(lesson, f"test_{name}") for name in EXERCISES[:2])
    first.source = f"def more(x):\n    return x + 1\n\n\n{first.source}"
    second.source = second.source.replace("== 42", "== more(41)")
    nbformat.write(lesson, path := tmp_path / "tiny.ipynb")
    notebook = tiny_lesson()
    find(notebook, "first").source = answer
    for name in EXERCISES:
        find(notebook, f"test_{name}").source = find(lesson, f"test_{name}").source
    step = JudgedExecute(edition=str(path))
    with tempfile.TemporaryDirectory() as folder:
        resources = {"metadata": {"path": folder}, "nbgrader": {}}
        notebook = step.preprocess(notebook, resources)[0]
    assert marks(notebook) == [answer == RIGHT.format("first"), 1, 1, 1]


def test_with_two_passes_hidden_tests_have_a_judge_that_has_run_nothing(tmp_path):
    lesson = tiny_lesson()
    check = find(lesson, "test_first")
    check.source = f"assert 'seen' not in globals()\nseen = 1\n{check.source}"
    nbformat.write(lesson, path := tmp_path / "tiny.ipynb")
    for name in EXERCISES:
        find(lesson, name).source = RIGHT.format(name)
    with tempfile.TemporaryDirectory() as folder:
        resources = {"metadata": {"path": folder}, "nbgrader": {}}
        notebook = JudgedExecute(edition=str(path)).preprocess(lesson, resources)[0]
    assert marks(notebook) == [1, 1, 1, 1]


def test_with_two_passes_each_has_a_kernel_and_a_box_of_its_own(tiny):
    once = "import builtins\nfirst = None\nassert not hasattr(builtins, 'before')\n"
    once += "builtins.before = open('/tmp/before', 'x')\n"
    notebook = graded(tiny, {"first": once + RIGHT.format("first")}, two_pass=True)
    assert marks(notebook) == [1, 1, 1, 1]


def test_nothing_of_a_students_runs_where_checks_are_judged(tmp_path):
    lesson = tiny_lesson()
    lesson.cells.insert(1, _cell("more", "import builtins", locked=True))
    for name in EXERCISES:
        check = find(lesson, f"test_{name}")
        check.source = f"assert not hasattr(builtins, 'theirs')\n{check.source}"
    nbformat.write(lesson, path := tmp_path / "tiny.ipynb")
    theirs = "import builtins\nbuiltins.theirs = True"
    for name in EXERCISES:
        find(lesson, name).source = f"{theirs}\n{RIGHT.format(name)}"
    lesson.cells.insert(2, new_code_cell(f"{theirs}\nprint('run')", id="own"))
    with tempfile.TemporaryDirectory() as folder:
        resources = {"metadata": {"path": folder}, "nbgrader": {}}
        notebook = JudgedExecute(edition=str(path)).preprocess(lesson, resources)[0]
    assert marks(notebook) == [1, 1, 1, 1]
    assert printed(find(notebook, "own")) == "run\n"


def test_with_two_passes_hidden_tests_alone_are_run_again(tiny):
    counted = "calls = 0\ndef first(x):\n    global calls\n    calls += 1\n    return x + calls"
    notebook = graded(tiny, {"first": counted, "second": "second = None"}, two_pass=True)
    assert marks(notebook) == [0, 0, 1, 1]
    assert find(notebook, "test_first").metadata.autograder.line > 1  # a hidden one
    assert find(notebook, "test_second").metadata.autograder.line == 1


@pytest.mark.long
def test_with_two_passes_a_cell_that_ends_the_process_is_run_once(tiny):
    answers = {"second": "os._exit(0)"}
    notebook = graded(tiny, answers, own="print(first(2))", two_pass=True)
    assert marks(notebook) == [1, 0, 1, 1]
    assert find(notebook, "second").outputs[-1].ename == "StudentDied"
    assert printed(find(notebook, "own")) == "3\n"


# Settings


@pytest.mark.parametrize(
    ("own", "seconds"),
    [
        ({}, (120, 120)),
        ({"Execute": {"timeout": 30}}, (120, 120)),
        ({"Execute": {"timeout": None}}, (120, 120)),
        ({"ExecutePreprocessor": {"timeout": 300}}, (300, 300)),
        ({"Execute": {"timeout": 300}, "JudgedExecute": {"timeout": 60}}, (60, 300)),
    ],
)
def test_cells_have_the_time_that_the_course_gives_them_with_nbgrader(own, seconds):
    step = JudgedExecute(config=Config(own))
    assert (step.timeout, step.check_timeout) == seconds


def test_an_unknown_limit_is_refused(tiny):
    with pytest.raises(UserError, match="gigabytes"):
        graded(tiny, {}, limits={"gigabytes": 3})


def test_limits_can_be_lowered(tiny):
    hog = f"hog = len(b'x' * (1500 << 20))\n{RIGHT.format('first')}"
    assert marks(graded(tiny, {"first": hog}, limits={"memory": 1200 << 20})) == [0, 1, 1, 1]


def test_kernels_are_started_each_by_itself_where_forks_are_turned_off():
    step = JudgedExecute(sandbox="bubblewrap", warm=False)
    assert type(step.backend()) is Bubblewrap


def test_trust_and_a_sandbox_exclude_each_other(tiny):
    with pytest.raises(UserError, match="either"):
        graded(tiny, {}, trust_students=True, sandbox="bubblewrap")


def test_only_regular_files_come_along(tmp_path):
    source, target = tmp_path / "source", tmp_path / "target"
    (source / "data").mkdir(parents=True)
    (source / ".hidden").mkdir()
    target.mkdir()
    for name in ("data/x.csv", "a.py", "b.ipynb", "data/c.ipynb", ".hidden/y", "timestamp.txt"):
        (source / name).write_text("text")
    (source / "link").symlink_to("/etc/passwd")
    (source / "folder").symlink_to("/etc")
    copy_files(source, target)
    found = sorted(str(path.relative_to(target)) for path in target.rglob("*") if path.is_file())
    assert found == ["a.py", "data/x.csv"]


# In nbgrader

STEPS = """
from autograder.grade.book.verdicts import SaveVerdicts
from autograder.grade.run.execute import JudgedExecute
from autograder.grade.book.sanitise import FromGradebook
c.Autograde.sanitize_preprocessors = [FromGradebook]
c.Autograde.autograde_preprocessors = [
    JudgedExecute, "nbgrader.preprocessors.LimitOutput", SaveVerdicts
]
c.JudgedExecute.two_pass = False
"""


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """The small lesson, graded by nbgrader's own command with our steps."""
    lesson = find_lesson(small_lesson.NAME, tmp_path_factory.mktemp("lesson"))
    school = School(lesson, tmp_path_factory.mktemp("course"))
    school.lay_out()
    configuration = school.course / "nbgrader_config.py"
    configuration.write_text(configuration.read_text() + STEPS)
    school.bring("half", lesson.answers_half_right())
    forged = (
        "import sys\nsys.modules['autograder_agent'].answer = lambda r: {'value': {'k': '?'}}\n"
    )
    school.bring("odd", {**lesson.answers_all_right(), "say_seven": forged + "say_seven = 7"})
    school.instructor.nbgrader("autograde", lesson.name)
    return school


@pytest.mark.long
def test_points_are_in_the_gradebook(course):
    half = course.autograded("half")
    assert half["test_flat_shape"] == half["test_say_seven"] == 1
    assert half["test_build_model"] == 0
    assert half["test_build_model_layers"] == 2


@pytest.mark.long
def test_what_is_undecided_waits_for_a_person(course):
    with course.gradebook() as book:
        notebook = book.find_submission_notebook(course.lesson.name, course.lesson.name, "odd")
        grades = {grade.name: grade for grade in notebook.grades}
        comments = {comment.name: comment.auto_comment for comment in notebook.comments}
        assert grades["test_say_seven"].auto_score is None
        assert grades["test_say_seven"].needs_manual_grade
        assert not grades["test_flat_shape"].needs_manual_grade
        assert grades["test_build_model"].auto_score == 2
        assert "test_say_seven" in comments["say_seven"]
        assert not comments["flat_shape"]


def test_a_check_that_was_not_judged_earns_nothing():
    cell = _cell("test_x", "pass", grade=True, points=1)
    assert undecided(cell) == "it was not run"
    cell.metadata["autograder"] = {"state": "judged", "reason": None}
    assert undecided(cell) is None
