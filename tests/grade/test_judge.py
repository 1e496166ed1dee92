"""The judge: which cells it runs, what it asks about answers, and what it makes of trouble."""

import copy
import inspect
import json
import logging
import os
import subprocess
import sys

import keras
import numpy as np
import pytest

from autograder.grade.run.judge import kept, process, worker
from autograder.grade.run.judge.names import AUTHOR, CHECK, Lesson, names_in
from autograder.grade.run.judge.process import FAILED, JUDGED, LOST, UNDECIDED, Judge
from autograder.grade.run.sandbox import Box, choose, warmed
from autograder.grade.run.sandbox.bubblewrap import Bubblewrap
from autograder.grade.run.student import agent, agent_sources
from autograder.grade.run.student.session import StudentDied, StudentHung
from autograder.grade.run.wire import Bad
from tests.circles import long_but
from tests.grade.classroom import REPOSITORY

pytestmark = pytest.mark.sandbox


def warm():
    """Return the back-end by which the grader has judges: Keras is there when they start."""
    return warmed(choose(), logging.getLogger())


def lesson(*cells):
    """Return the solved notebook of a lesson: each cell is (role, name, source)."""
    flags = {"answer": {"solution": True}, "check": {"grade": True}, "locked": {"locked": True}}
    made = []
    for role, name, source in cells:
        marks = {"nbgrader": {"grade_id": name, **flags[role]}} if role in flags else {}
        tags = {"tags": ["raises-exception"]} if role == "fails" else {}
        cell = {"id": name, "cell_type": "code", "source": source, "metadata": {**marks, **tags}}
        made.append(cell)
    return {"cells": made}


# Which names, which cells


@pytest.mark.parametrize(
    "source, reads, binds",
    [
        ("y = x + 1", "x", "y"),
        ("x = 1\ny = x", "", "x y"),
        ("y = x\nx = 1", "x", "x y"),
        ("x += 1", "x", "x"),
        ("import numpy as np, os.path\nnp.zeros(n)", "n", "np os"),
        ("from a import b as c, d", "", "c d"),
        ("def f(a, b=c):\n    t = a + g\n    return t", "c g", "f"),
        ("def f():\n    global k\n    k = 1", "", "f k"),
        ("class C(Base):\n    z = w\n    def m(self):\n        return v", "Base w v", "C"),
        ("[i + j for i in xs]", "j xs", ""),
        ("f = lambda a: a + b", "b", "f"),
        ("for i in xs:\n    print(i)", "xs", "i"),
        ("with open(p) as file:\n    t = file.read()", "p", "file t"),
        ("try:\n    a\nexcept E as e:\n    print(e)", "E a", "e"),
        ("(n := 3) + m", "m", "n"),
        ("%matplotlib inline\nx", "get_ipython x", ""),
        ("@wrap\ndef f(): pass", "wrap", "f"),
        ("a.b = c[d]", "a c d", ""),
        ("import b, c as d\nif e:\n    f = (1", "", "b c as d f"),
    ],
)
def test_names_of_a_cell(source, reads, binds):
    found = names_in(source)
    assert found.reads == set(reads.split())
    assert found.binds == set(binds.split())


@pytest.mark.parametrize(
    "source, touches",
    [
        ("model.fit(x)", "model x"),
        ("model.layers[0].trainable = False", "model"),
        ("a[1] = 2", "a"),
        ("a += 1", "a"),
        ("del a[0]", "a"),
        ("f(*a, k=b.c)", "a b"),
        ("print(a, len(b), c.d)", ""),
        ("a + b", ""),
    ],
)
def test_names_whose_objects_a_cell_may_change(source, touches):
    assert names_in(source).touches == set(touches.split())


def needed(*cells):
    known = Lesson(lesson(*cells))
    return [known.cells[number].id for number in sorted(known.needed)]


def test_only_cells_that_checks_need_are_run():
    assert needed(
        ("locked", "setup", "import numpy as np"),
        ("locked", "rules", "pass"),
        ("author", "far", "base = 2"),
        ("author", "defines", "data = [base]"),
        ("author", "touches", "data.append(np.ones(1))"),
        ("author", "shows", "print(data)"),
        ("author", "other", "np.zeros(3)"),
        ("answer", "first", "first = 1"),
        ("check", "test_first", "assert first == data"),
        ("author", "afterwards", "data.append(2)"),
    ) == ["setup", "rules", "far", "defines", "touches"]


def test_a_cell_before_a_definition_is_not_needed():
    cells = [("author", "old", "x = 1"), ("author", "new", "x = 2")]
    assert needed(*cells, ("check", "test_x", "x")) == ["new"]


def test_a_cell_that_cannot_be_parsed_is_run_if_a_check_needs_what_it_means_to_bind():
    cells = [("author", "shown", "other = ("), ("author", "broken", "from a import b\ndata = [1")]
    assert needed(*cells, ("check", "test", "assert data")) == ["broken"]
    assert needed(*cells, ("check", "test", "assert b")) == ["broken"]


def test_names_belong_to_who_binds_them_last():
    known = Lesson(
        lesson(
            ("author", "a", "model = 1\ndata = 2"),
            ("answer", "model", "model = 3"),
            ("check", "test_model", "mine = model, data, helper, len"),
            ("author", "b", "model = 4"),
            ("check", "test_b", "model, mine"),
        )
    )
    first, second = (cell for cell in known.cells if cell.role == CHECK)
    assert known.asked_for(first.names.reads, first) == ["model"]
    assert known.asked_for(second.names.reads, second) == []
    assert known.asked_for({"model"}, known.place("b")) == ["model"]


def test_an_answer_that_changes_an_object_owns_it():
    known = Lesson(
        lesson(
            ("author", "a", "model = make()"),
            ("answer", "freeze", "model.trainable = False"),
            ("check", "test_freeze", "model.trainable"),
        )
    )
    check = known.place("test_freeze")
    assert known.asked_for(check.names.reads, check) == ["model"]


def test_cells_that_lean_on_answers_are_known():
    known = Lesson(
        lesson(
            ("author", "a", "data = 1"),
            ("answer", "f", "def f(x):\n    return data"),
            ("author", "b", "result = f(data)"),
            ("author", "c", "again = result + 1"),
            ("check", "test_f", "again, data"),
        )
    )
    leaning = [cell.id for cell in known.cells if known.leans_on_answers(cell)]
    assert [name for name in leaning if known.place(name).role == AUTHOR] == ["b", "c"]


# Judging

CELLS = [
    ("locked", "setup", "import sys\nfrom autograder.learn.verdict import *"),
    ("author", "data", "truth = 42\ncalls = []"),
    ("fails", "example", "calls.append(1)\nraise ValueError('as it should')"),
    ("answer", "number", "number = 42"),
    ("answer", "double", "def double(x):\n    return 2 * x"),
    ("author", "leaning", "doubled = double(truth)"),
    ("answer", "thing", "thing = object()"),
    ("check", "test", "number, double, thing, doubled, truth, calls"),
]
NAMES = {
    "number": 42,
    "double": lambda x: 2 * x,
    "thing": type("Thing", (), {"__repr__": lambda self: "a thing"})(),
    "truth": "no truth",
    "secret": "of the student",
}


class Answers:
    """A student's process that is none; counts questions, and may break off."""

    def __init__(self):
        self.names, self.requests, self.breaks = dict(NAMES), [], None
        self.agent = agent.loaded(*agent_sources(), self.names)

    def ask(self, request, timeout):
        self.requests.append(request)
        if self.breaks and request["op"] == "call":
            raise self.breaks
        return json.loads(json.dumps(self.agent.answer(request)))


@pytest.fixture(scope="module")
def judge():
    with Judge(Lesson(lesson(*CELLS)), warm()) as judge:
        yield judge


@pytest.fixture
def try_check(judge):
    """Return a function that runs a check's source, with the answers as an attribute."""
    answers = Answers()
    judge.forget_student()
    judge.fault, judge._deaths = None, 0

    def run(source, timeout=300):
        return judge.check(judge.lesson.place("test"), source, answers.ask, timeout)

    run.answers = answers
    return run


def shown(finding):
    return [
        (o["output_type"], o.get("text") or o.get("data") or o["ename"]) for o in finding.outputs
    ]


@pytest.mark.parametrize("number", [43, None, 42.0, (1, 2), [42], {"a": 1}, float("nan")])
@pytest.mark.parametrize("source", ["assert number == 42", "assert number == 43", "number"])
def test_a_name_that_an_answer_binds_anew_when_called_is_left_to_a_person(
    try_check, source, number
):
    names = try_check.answers.names
    names["double"] = lambda x: names.update(number=number) if x == 1 else 2 * x
    assert try_check(source).state != UNDECIDED  # nobody has called it yet
    found = try_check(f"double(1)\n{source}")
    assert (found.state, shown(found)) == (UNDECIDED, [])
    assert found.reason.startswith("the answer gives number another value when called")
    assert try_check("number").state == JUDGED


@pytest.mark.parametrize("number", [float("nan"), [1, {"a": np.array([np.nan, 1])}], {1, (2, 3)}])
def test_a_name_that_says_the_same_as_before_is_judged(try_check, number):
    names = try_check.answers.names
    names["number"] = number
    names["double"] = lambda x: names.update(number=copy.deepcopy(number))
    assert try_check("double(1)\nnumber").state == JUDGED
    assert try_check("number = 1\ndouble(1)\nassert number == 1").state == JUDGED


def test_outputs_are_those_of_a_kernel(try_check):
    found = try_check("print('a')\nprint('b')\ndisplay({'text/plain': 'c'}, raw=True)\n6 * 7")
    assert found.state == JUDGED
    assert shown(found) == [
        ("stream", "a\nb\n"),
        ("display_data", {"text/plain": "c"}),
        ("execute_result", {"text/plain": "42"}),
    ]


def test_errors_are_those_of_a_kernel(try_check):
    found = try_check("print('a')\nassert number == 43, 'too small'")
    assert found.state == FAILED
    assert shown(found) == [("stream", "a\n"), ("error", "AssertionError")]
    error = found.outputs[1]
    assert error["evalue"] == "too small"
    assert "too small" in error["traceback"][-1]
    assert any("assert" in line for line in error["traceback"][:-1])
    assert shown(try_check("print('begun'")) == [("error", "SyntaxError")]


def test_verdicts_are_shown_as_in_a_notebook(try_check):
    found = try_check("deliver(Verdict(WRONG, 'Not so.'))")
    card, error = found.outputs
    assert card["data"][MEDIA]["state"] == "wrong"
    assert set(card["data"]) == {"text/plain", "text/html", MEDIA}
    assert error["ename"] == "CheckFailed"
    assert error["traceback"] == ["Not right yet: no points for this check so far."]


def test_a_verdict_that_a_check_of_ones_own_raises_is_shown(try_check):
    raised = "\nraise CheckFailed(Verdict(WRONG, 'My words.', ('my_code',)))"
    found = try_check(f"number{raised}")
    card, error = found.outputs
    assert card["data"][MEDIA]["message"] == "My words."
    assert card["data"][MEDIA]["mistakes"] == ["my_code"]
    assert (card["metadata"]["autograder"]["line"], found.line) == (2, 2)
    assert error["traceback"] == ["Not right yet: no points for this check so far."]


def test_tracebacks_lead_through_no_file_of_the_grader(try_check):
    wrapped = "try:\n    twice(number)\nexcept TypeError as error:\n    raise ValueError from error"
    for call, name in (("twice(number)", "TypeError"), (wrapped, "ValueError")):
        found = try_check(f"def twice(x):\n    return double(x, x)\n\n{call}")
        said = "".join(found.outputs[-1]["traceback"])
        assert found.outputs[-1]["ename"] == name
        assert "twice" in said and "parts" not in said and "remote" not in said


def test_an_endless_recursion_has_a_traceback(try_check):
    found = try_check("def more(x):\n    return more(x)\n\nmore(1)")
    assert found.outputs[-1]["ename"] == "RecursionError" and found.line == 4


def test_a_picture_of_bytes_is_shown_as_in_a_notebook(try_check):
    found = try_check("display({'text/plain': 'p', 'image/png': b'PNG', 'x/y': {1}}, raw=True)")
    assert found.outputs[0]["data"] == {"text/plain": "p", "image/png": "UE5H", "x/y": "{1}"}


def test_a_check_that_shows_an_error_and_goes_on_has_failed(try_check):
    found = try_check("%%time\nassert False, 'no'")
    assert (found.state, found.reason) == (FAILED, "AssertionError: no")


MEDIA = "application/vnd.keras-shapes.verdict+json"


def test_each_finding_tells_the_line_of_the_check(try_check):
    assert try_check("number").line is None
    assert try_check("number\n\nassert number == 43").line == 3
    assert try_check("def wrong():\n    1 / 0\n\nwrong()").line == 4
    found = try_check("number\ndouble(lambda: 1)")
    assert (found.state, found.line) == (UNDECIDED, 2)


def test_each_display_tells_the_line_of_the_check(try_check):
    show = "def show(x):\n    display({'text/plain': x}, raw=True)\n\nshow('a')\n6 * 7"
    lines = [o["metadata"]["autograder"]["line"] for o in try_check(show).outputs]
    assert lines == [4, 5]


@pytest.mark.parametrize("error", ["SystemExit(0)", "KeyboardInterrupt()", "GeneratorExit()"])
def test_an_answer_that_is_an_error_ends_nothing(try_check, error):
    """nbgrader gives full points to a check without an error among its outputs."""
    found = try_check(f"raise {error}")
    assert (found.state, found.outputs[-1]["output_type"]) == (FAILED, "error")
    assert try_check("assert calls == [1]").state == JUDGED


def test_text_on_stderr_is_dropped(try_check):
    noise = "import os, warnings\nprint(1, file=sys.stderr)\nwarnings.warn('x')\nos.write(2, b'y')"
    assert shown(try_check(noise + ";")) == []


def test_what_is_asked_for_is_the_students_and_nothing_else(try_check):
    found = try_check("assert (truth, number, double(4)) == (42, 42, 8)\nsecret")
    assert found.outputs[-1]["ename"] == "NameError"
    asked = [r["name"] for r in try_check.answers.requests if r["op"] == "get"]
    # `double` is asked for by the lesson's own cell, too, and a call may have changed `number`.
    assert sorted(asked) == ["double", "double", "number", "number"]


def test_the_text_of_a_check_is_not_sent(try_check):
    try_check("xyzzy = 'a hidden token'\nassert double(number) == 84, 'plugh'\nxyzzy")
    sent = json.dumps(try_check.answers.requests)
    assert "number" in sent
    assert not [word for word in ("xyzzy", "hidden", "plugh") if word in sent]


def test_the_lessons_own_cells_run_once_and_may_fail_where_they_are_meant_to(try_check):
    assert try_check("assert calls == [1], calls").state == JUDGED
    assert try_check("assert calls == [1], calls").state == JUDGED


def test_cells_that_lean_on_answers_are_run_with_them(try_check):
    assert try_check("assert doubled == 84").state == JUDGED
    try_check.answers.names["double"] = lambda x: x
    assert try_check("assert doubled == 84").state == JUDGED


def test_what_an_answer_makes_has_no_name_of_a_layer_that_it_was_given(try_check):
    """Else Keras would refuse a model of both, for a name that nobody chose."""
    try_check.answers.names["double"] = lambda layer: keras.layers.Dense(1).name
    given = "keras.layers.Dense(2, name='dense_70000')"
    found = try_check(f"import keras\nassert double({given}) == 'dense_70001'")
    assert found.state == JUDGED, found.outputs


def test_a_model_that_an_earlier_check_has_compiled_is_left(try_check, judge):
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    try_check.answers.names["number"] = model
    evaluate = "import numpy as np\nnumber.evaluate(np.ones((2, 3)), np.ones((2, 1)), verbose=0)"
    assert try_check(evaluate).state == FAILED
    assert try_check("number.compile(loss='mse')").state == JUDGED
    try_check("double(1)")
    assert try_check(evaluate).state == UNDECIDED
    judge.begin_anew()


def test_a_check_that_fails_where_a_layer_is_not_the_same_here_and_there_is_left(try_check, judge):
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])

    def double(x):
        model.trainable = x != 3
        return model if x == 1 else 0

    try_check.answers.names["double"] = double
    ahead = "model = double(1)\nmodel.trainable = {}\nassert double(2) == 1"
    assert try_check(ahead.format(True)).state == FAILED
    found = try_check(ahead.format(False))
    assert (found.state, "which goes on with its own" in found.reason) == (UNDECIDED, True)
    judge.begin_anew()
    behind = "model = double(1)\ndouble({})\nassert model.trainable is {}"
    assert try_check(behind.format(2, True)).state == JUDGED
    found = try_check(behind.format(3, False))
    assert (found.state, "a layer of its own" in found.reason) == (UNDECIDED, True)
    judge.begin_anew()


def test_another_process_of_the_student_is_asked_anew(try_check, judge):
    try_check.answers.names["double"] = lambda x: x
    judge.forget_student()
    assert try_check("assert doubled == 42").state == JUDGED


def test_a_name_that_the_student_lacks_is_no_name(try_check):
    assert try_check("number").state == JUDGED
    del try_check.answers.names["number"]
    found = try_check("number")
    assert (found.state, found.outputs[-1]["ename"]) == (FAILED, "NameError")


def test_no_check_keeps_what_is_the_students(try_check):
    try_check("kept = 1\nnumber")
    assert try_check("kept, 'number' in globals()").outputs[-1]["data"] == {
        "text/plain": "(1, False)"
    }


def test_what_cannot_be_read_is_for_a_person(try_check, judge, monkeypatch):
    def refuse(request, timeout):
        raise Bad("no reply")

    monkeypatch.setattr(try_check.answers, "ask", refuse)
    found = try_check("print('a')\nnumber")
    assert found.state == UNDECIDED
    assert "no reply" in found.reason


def test_arguments_that_cannot_travel_are_for_a_person(try_check):
    found = try_check("print('shown')\ndouble(lambda: 1)")
    assert found.state == UNDECIDED
    assert shown(found) == [("stream", "shown\n")]


@pytest.mark.parametrize("error", [StudentDied("it is gone"), StudentHung("it sleeps")])
@pytest.mark.parametrize("call", ["double(1)", "try:\n    double(1)\nexcept Exception:\n    pass"])
def test_a_student_that_breaks_off_loses_the_check(try_check, error, call):
    assert try_check("double(3)").state == JUDGED
    try_check.answers.breaks = error
    found = try_check(f"{call}\nprint('went on')")
    assert (found.state, found.reason) == (LOST, str(error))
    assert shown(found) == []


# Trouble of its own


def test_a_judge_that_ends_is_started_again(try_check):
    found = try_check("import os\nos._exit(0)")
    assert found.state == UNDECIDED
    assert "gone" in found.reason
    assert try_check("assert calls == [1]").state == JUDGED


def test_a_check_without_an_end_is_for_a_person(try_check):
    assert try_check("1").state == JUDGED
    assert try_check("while True:\n    pass", timeout=1).state == UNDECIDED


def test_a_judge_that_ends_again_and_again_gives_up(try_check, monkeypatch):
    monkeypatch.setattr(process, "RESTARTS", 0)
    assert try_check("import os\nos._exit(0)").state == UNDECIDED
    assert "again and again" in try_check("1").reason


def test_a_judge_that_says_something_else_is_ended(judge, try_check):
    assert try_check("1").state == JUDGED
    judge._pipe.rest = b"[1, 2]\n"
    found = try_check("1")
    assert found.state == UNDECIDED
    assert "something else" in found.reason


@pytest.mark.parametrize(
    "role, source, error, backend",
    [
        ("locked", "1 / 0", "ZeroDivisionError: division by zero", choose),
        ("author", "x = 1 +", "SyntaxError: invalid syntax", warm),
    ],
    ids=["cold", "warm"],
)
def test_a_lesson_that_fails_takes_no_points(role, source, error, backend):
    cells = [(role, "setup", source), ("check", "test", "assert x")]
    with Judge(Lesson(lesson(*cells)), backend()) as judge:
        found = judge.check(judge.lesson.place("test"), "assert x", None)
    assert found.state == UNDECIDED
    assert found.reason.startswith(f"the lesson's own cell setup fails ({error}")
    assert found.reason.endswith("): mend it first")


MARK = "import keras\nkeras.marked = True\nmark = 1"
MARKS = "import keras, os\n[hasattr(keras, 'marked'), 'mark' in globals(), os.path.exists('file')]"
NO_MARKS = [("execute_result", {"text/plain": "[False, False, False]"})]


@pytest.mark.parametrize("spare", long_but([True], [True, False]))
@pytest.mark.parametrize("written", long_but([""], ["", "\nopen('file', 'w').close()"]))
def test_it_begins_anew_as_if_nothing_had_been_judged(spare, written):
    cells = [("locked", "setup", "count = 1"), ("check", "test", "")]
    ask = Answers().ask
    with Judge(Lesson(lesson(*cells)), warm(), spare=spare) as judge:
        place, process = judge.lesson.place("test"), judge._process
        judge.begin_anew()  # to no effect
        assert judge._process is process
        for source in (MARK + written, "count += 1\nassert count == 2\n" + MARK + written):
            assert judge.check(place, source, ask).state == JUDGED
            judge.begin_anew()
            assert shown(judge.check(place, MARKS, ask)) == NO_MARKS
            # What has written a file, which can't be undone, or has no spare is replaced.
            assert (judge._process is process) == (spare and not written)


def test_a_judge_that_is_kept_begins_anew_with_each_submission(tmp_path):
    known, backend, ask = Lesson(lesson(("check", "test", MARK))), warm(), Answers().ask
    place, processes = known.place("test"), set()
    kept.keep()
    try:
        for _ in range(3):
            with kept.judge(known, backend, tmp_path, False, False) as judge:
                assert shown(judge.check(place, MARKS, ask)) == NO_MARKS
                assert judge.check(place, MARK, ask).state == JUDGED
                processes.add(judge._process.pid)
        assert len(processes) == 1
        wrong = kept.judge(known, backend, tmp_path, False, False)
        with pytest.raises(KeyboardInterrupt), wrong as judge:
            raise KeyboardInterrupt
        assert judge._process is None
        (tmp_path / "table.csv").write_text("1")
        with kept.judge(known, backend, tmp_path, False, False) as judge:
            assert "table.csv" in str(shown(judge.check(place, "import os\nos.listdir()", ask)))
    finally:
        kept.let_go()
    assert judge._process is None


def test_a_lesson_without_keras_has_a_judge_without_it():
    asked = "import sys\n'keras' in sys.modules"
    for source, has in (("import numpy", "False"), ("import keras", "True")):
        known = Lesson(lesson(("check", "test", source)))
        with Judge(known, choose()) as judge:
            found = judge.check(known.place("test"), asked, Answers().ask)
        assert shown(found) == [("execute_result", {"text/plain": has})]


FORKS = """
import os, sys
from autograder.grade.run.judge import worker
left, right = os.pipe()
os.write(right, b"123")
worker._go_on_in_a_fork()
number = os.read(left, 1)
if number == b"3":
    print("anew, and once more", flush=True)
    os._exit(0)
for name in sys.argv[1:] if number == b"2" else ():
    open(name, "w").close()
os._exit(worker._AGAIN)
"""


@pytest.mark.parametrize("written", ["", "file", "temporary/file"])
def test_a_process_that_has_written_a_file_does_not_begin_anew(tmp_path, written):
    (tmp_path / "temporary").mkdir()
    environment = {**os.environ, "TMPDIR": str(tmp_path / "temporary")}
    environment["PYTHONPATH"] = str(REPOSITORY)
    command = [sys.executable, "-c", FORKS, *filter(None, [written])]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    # What ends without being told to begin anew is followed by nothing.
    expected = "" if written else "anew, and once more\n"
    assert (done.stdout, done.returncode) == (expected, 1), done.stderr


def test_what_a_box_only_shows_is_not_searched_for_what_was_written(tmp_path):
    (tmp_path / "shown" / "package").mkdir(parents=True)
    for folder in (tmp_path, *tmp_path.parents[:-2]):
        folder.chmod(0o755)
    search = inspect.getsource(worker._files)
    code = f"import os, tempfile\n{search}\nopen('/tmp/written', 'w').close()\nprint(*_files())"
    box = Box(read_only=(tmp_path / "shown",), environment={"TMPDIR": "/tmp"})
    command = Bubblewrap().command([sys.executable, "-c", code], box)
    found = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert "/tmp/written" in found
    assert not any("shown" in path for path in found)


@pytest.mark.long
def test_an_end_is_noticed_though_there_is_a_spare():
    ask = Answers().ask
    with Judge(Lesson(lesson(("check", "test", ""))), warm(), spare=True) as judge:
        place = judge.lesson.place("test")
        for end in ("os._exit(0)", "os._exit(3)", "os.kill(os.getpid(), 9)"):
            judge.begin_anew()
            found = judge.check(place, f"import os\n{end}", ask)
            assert (found.state, "gone" in found.reason) == (UNDECIDED, True)
            assert judge.check(place, "1", ask).state == JUDGED


def test_the_process_sees_no_files_of_the_grader(try_check):
    places = ["/home", "/root", str(REPOSITORY / "solutions")]
    seen = f"import os\n[p for p in {places} if os.path.exists(p)], os.listdir('.')"
    assert "parts" in str(shown(try_check(seen)))
    assert (
        try_check("import socket\nsocket.create_connection(('127.0.0.1', 80), 1)").state == FAILED
    )
    assert try_check("open('/box/parts/grade/judge/process.py')").state == FAILED
