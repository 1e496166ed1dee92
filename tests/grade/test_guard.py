"""What looks after checks that run in a student's kernel, in a shell of this process."""

import builtins
import math

import pytest
from IPython.core.interactiveshell import InteractiveShell
from nbformat.v4 import new_code_cell, new_notebook
from traitlets.config import Config

from autograder.grade.handed_in import defuse
from autograder.grade.run import inside, wire
from autograder.grade.run.judge.names import Lesson
from autograder.grade.run.judge.process import FAILED, JUDGED, LOST, UNDECIDED
from autograder.grade.run.student import agent, guard

LESSON = "import math\n\n\ndef close(a, b):\n    return abs(a - b) < 1e-6\n"


@pytest.fixture
def shell(monkeypatch):
    made = InteractiveShell(config=Config({"HistoryManager": {"hist_file": ":memory:"}}))
    made.user_ns["__name__"] = "__main__"
    monkeypatch.setattr(guard, "_shell", lambda: made)
    monkeypatch.setattr("IPython.get_ipython", lambda: made)
    monkeypatch.setattr(math, "isclose", math.isclose)  # put back afterwards
    return made


@pytest.fixture
def guarded(shell, monkeypatch):
    """Return a function that runs cells, and then a check; it gives what the agent says of that."""
    made = guard.Guard(shell.user_ns)
    monkeypatch.setattr(agent, "guard", made)
    monkeypatch.setattr(agent, "wire", wire)
    shell.run_cell(LESSON, store_history=True)
    made.note(["close"])

    def guarded(check, *cells, text=""):
        for cell in cells:
            shell.run_cell(cell, store_history=True)
        changed = made.restore(["abs", "ascii", "close"], inside._shows(check))
        shell.run_cell(check, store_history=True)
        said, meanwhile = agent.gave(["abs", "ascii", "close"], text)["value"]
        return said, changed or meanwhile

    return guarded


@pytest.mark.parametrize(
    "check, text, said",
    [
        ("0.5", "0.5", 0.5),
        ("import numpy as np\nnp.float32(0.1)", "np.float32(0.1)", 0.1),
        ("import numpy as np\nnp.bool_(False)", "np.False_", "False"),
        ("True", "True", None),
        ("None", "", None),
        ("0.5;", "", None),
        ("0.5;  # as given", "", None),
        ("%%time\n0.5", "0.5", 0.5),
        ("\n", "", None),
        ("(1,)", "(1,)", None),
        ("x = 0.5", "", None),
        ("0.5", "", 0.5),  # what is shown was too much to keep
        ("{}", "1.5", 1.5),  # nbgrader goes by the text
        ("0.5", "2", 0.5),  # the notebook has chosen how numbers are shown
        ("get_ipython().run_cell('7')\n0.5", "0.5", 0.5),
    ],
)
def test_what_the_last_line_says_of_points(guarded, capsys, check, text, said):
    assert guarded(check, text=text) == (said, [])


CHECK = "assert close(answer(), 1)\nassert close(answer(), 1)\n0.5"
RIGHT = "def answer():\n    return 1"
SHOWS, RUNS = [guard.SHOWS], [guard.RUNS]


@pytest.mark.parametrize(
    "trick, changed",
    [
        ("pass", []),
        ("global close\n    close = lambda a, b: True", ["close"]),
        ("global ascii\n    ascii = lambda x: 0", ["ascii"]),
        ("global ascii\n    ascii = any", ["ascii"]),
        ("global ascii\n    class A:\n        __call__ = id\n    ascii = A()", ["ascii"]),
        ("global abs\n    abs = math.floor\n    from numpy import abs", []),
        ("global ascii\n    ascii = 3", []),
        ("math.isclose = lambda *args: True", ["math.isclose"]),
        ("get_ipython().ast_node_interactivity = 'none'", SHOWS),
        ("get_ipython().displayhook.quiet = lambda: True", SHOWS),
        ("get_ipython().display_trap.hook = lambda value: None", SHOWS),
        ("get_ipython().input_transformers_cleanup.append(list)", RUNS),
        ("get_ipython().ast_transformers.append(ast.NodeTransformer())", RUNS),
    ],
)
@pytest.mark.parametrize("when", ["before", "meanwhile"])
def test_what_is_rebound_is_told_whether_before_a_check_or_in_it(guarded, trick, changed, when):
    answer = f"import ast\n\n\ndef answer():\n    {trick}\n    return 1\n\n\ntrick = answer"
    said, told = guarded(CHECK, answer, *(["trick()", RIGHT] if when == "before" else []))
    assert (said, told) == (0.5, changed)


SHELL, NO_HOOK = "shell = get_ipython()", "lambda value: None"


@pytest.mark.parametrize(
    "trick",
    [
        f"sys.displayhook = {NO_HOOK}",
        "sys.displayhook = print",
        "shell.displayhook.quiet = object",
        "shell.displayhook.exec_result = None",
        "shell.history_manager.input_hist_parsed[-1] = ';'",
        "sys.displayhook(1)\n    sys.displayhook = print",
    ],
)
def test_what_the_last_line_gives_counts_whatever_becomes_of_its_display(guarded, trick):
    answer = f"import sys\n{SHELL}\n\n\ndef answer():\n    {trick}\n    return 1"
    assert guarded(CHECK, answer)[0] == 0.5


@pytest.mark.parametrize(
    "trick",
    [
        f"global {guard._KEEP}\n    {guard._KEEP} = {NO_HOOK}",
        f"{guard._KEEP}(1)",
        f"globals().pop('{guard._KEEP}', None)",
    ],
)
def test_where_the_last_line_is_kept_from_being_seen_a_person_decides(guarded, trick):
    with pytest.raises(RuntimeError, match="what the cell gave"):
        guarded(CHECK, f"def answer():\n    {trick}\n    return 1")


def test_builtins_are_put_back_before_a_check(guarded, monkeypatch):
    usual = builtins.ascii
    monkeypatch.setattr(builtins, "ascii", usual)  # put back in any case
    said, changed = guarded("len(ascii(1)) / 2", "import builtins\nbuiltins.ascii = lambda x: 'ab'")
    assert (said, changed, builtins.ascii) == (0.5, [], usual)


def test_what_the_lesson_sets_is_no_trick(guarded, shell):
    shell.run_cell("get_ipython().ast_node_interactivity = 'all'")
    agent.guard.note([], shows=True)
    assert guarded(CHECK, RIGHT) == (0.5, [])


@pytest.mark.parametrize("look", ["events.callbacks['post_run_cell']", "ast_transformers"])
def test_who_does_away_with_the_look_is_seen(guarded, look):
    with pytest.raises(RuntimeError, match="what the cell gave"):
        guarded(CHECK, f"{RIGHT}\nget_ipython().{look}.clear()")


# What the grader makes of what it is told.


class Told:
    """A session in which every cell gives 0.5, and in which what is told may be anything."""

    alive, hung, failed = True, False, False

    def __init__(self, output=None, **told):
        self.told, self.watched = told, []
        given = {"output_type": "execute_result", "data": {"text/plain": "0.5"}, "metadata": {}}
        self.output = output or given

    def run(self, source, seconds, name):
        """Return the outputs of a cell."""
        return [self.output]

    def ask(self, request):
        """Answer as a guard, or as somebody else."""
        self.watched.append(request.get("names"))
        return {"value": self.told.get(request["op"], [])}


class Ending(Told):
    """A session that a check ends, or makes hang."""

    reason = "its process is gone"

    def run(self, source, seconds, name):
        """Carry out a cell, the last of which is the check."""
        self.hung, self.alive = self.hangs and name == "test_answer", name != "test_answer"
        return []

    def restart_and_replay(self):
        """Let it be."""


def walked(source="assert close(answer(), 1)\nabs(1)", is_second=False, kind=Told, **told):
    cells = {"setup": LESSON, "answer": "def answer():\n    return 1", "test_answer": source}
    flags = {"setup": {"locked": True}, "answer": {"solution": True}}
    check = {"grade": True, "points": 1}
    made = [
        new_code_cell(
            source,
            id=name.replace("_", "-"),
            metadata={"nbgrader": {"grade_id": name, **flags.get(name, check)}},
        )
        for name, source in cells.items()
    ]
    session = kind(**told)
    lesson = Lesson(new_notebook(cells=made))
    walk = inside.Walk(made, lesson, session, (9, 9), open_only=False).run()
    walk.settle(["test_answer"], [], is_second)
    return walk.found["test_answer"], session, made[-1]


@pytest.mark.parametrize("value", [None, 0.5, "nan"])
def test_the_value_that_is_told_is_taken(value):
    found, session, _ = walked(gave=[value, []])
    assert (found.state, found.value) == (JUDGED, value)
    assert session.watched[-2] == ["abs", "close"]  # the answer is the student's


@pytest.mark.parametrize(
    "gave", [None, [], 7, [7], [[], []], [{}, []], [True, []], [0.5, None], [0.5, {}]]
)
def test_what_cannot_be_told_is_for_a_person(gave):
    assert walked(gave=gave)[0].state == UNDECIDED


@pytest.mark.parametrize("told", [{"restore": ["close"]}, {"gave": [0.5, ["close"]]}])
def test_what_was_rebound_is_for_a_person(told):
    found, *_ = walked(**{"gave": [0.5, []], **told})
    assert (found.state, found.value) == (UNDECIDED, None)
    assert found.reason == "the notebook replaces close, which checks rely on"


@pytest.mark.parametrize("hangs", [False, True])
def test_who_ends_a_check_or_makes_it_hang_loses_its_points(monkeypatch, hangs):
    monkeypatch.setattr(Ending, "hangs", hangs, raising=False)
    found, _, cell = walked(kind=Ending)
    assert (found.state, cell.metadata.autograder.state) == (LOST, LOST)
    assert "seconds" in found.reason if hangs else found.reason == Ending.reason


def test_a_check_may_rebind_what_it_uses_itself():
    _, session, _ = walked("assert close(answer(), 1)\nclose = None", gave=[None, []])
    assert (session.watched[-3], session.watched[-2]) == (["abs", "close"], ["abs"])


HIDDEN_ARGUMENT = "it was asked for 41"


@pytest.mark.parametrize("is_second", [False, True])
def test_what_a_check_says_acts_nowhere_and_tells_nothing_of_a_second_pass(is_second):
    said = f"<script>alert(1)</script> ![]({HIDDEN_ARGUMENT})"
    error = {"output_type": "error", "ename": "E", "evalue": said, "traceback": [said]}
    found, _, cell = walked(output=error, is_second=is_second)
    reason = cell.metadata.autograder.reason
    assert (found.state, cell.metadata.autograder.state) == (FAILED, FAILED)
    assert HIDDEN_ARGUMENT in reason and defuse.sentence(reason) == reason
    assert (HIDDEN_ARGUMENT in str(cell.outputs)) == (not is_second)


def test_nobody_learns_why_a_second_pass_left_a_check_to_a_person():
    _, _, cell = walked(gave=["nan " + HIDDEN_ARGUMENT, []], is_second=True)
    assert HIDDEN_ARGUMENT in cell.metadata.autograder.reason  # which the instructor reads
    assert HIDDEN_ARGUMENT not in cell.metadata.autograder.told + str(cell.outputs)
