"""Hidden tests of one submission run only while no pass of another runs that is shown."""

from concurrent.futures import Future
from contextlib import nullcontext
from dataclasses import dataclass
from types import SimpleNamespace
from unittest.mock import MagicMock

import pytest

from autograder.cli import parser
from autograder.grade import grading
from autograder.grade.cli import grading_options
from autograder.grade.run import work
from autograder.grade.run.execute import JudgedExecute


@dataclass
class Task:
    """A stand-in for `work.Task`, with so many passes; `notebooks` says which one is next."""

    student: str
    passes: int = 2
    notebooks: str = "first"


class Machine:
    """Does tasks, the last that was submitted first, and notes what runs at the same time."""

    def __init__(self, most=2, deaths=()):
        self.most, self.deaths = most, list(deaths)
        self.running, self.together, self.begun = {}, set(), []

    def submit(self, task):
        future = Future()
        self.running[future] = task
        self.begun.append((task.student, task.notebooks))
        self.together.add(frozenset(one.notebooks for one in self.running.values()))
        return future

    def wait(self, futures, return_when):
        assert set(futures) == set(self.running)
        future, task = self.running.popitem()
        if (task.student, task.notebooks) in self.deaths:
            self.deaths.remove((task.student, task.notebooks))
            future.set_exception(RuntimeError())
        else:
            future.set_result(("second", task.passes == 2 and task.notebooks == "first"))
        return SimpleNamespace(done=[future])

    def grade(self, tasks, monkeypatch):
        """Grade as `grading` does; return who is done, in order."""
        monkeypatch.setattr(work, "wait", self.wait)
        turns, left, done = work.Turns(self.submit, self.most), iter(tasks), []
        while True:
            while turns.has_room and (task := next(left, None)):
                turns.begin(SimpleNamespace(task=task))
            if turns.is_over:
                return done
            for one, future in turns.ended():
                if future.exception():
                    turns.begin(one)
                else:
                    done.append(one.task.student)


@pytest.mark.parametrize("most", [1, 2, 5, 100])
@pytest.mark.parametrize("deaths", [[], [("7", "first"), ("7", "second"), ("19", "second")]])
def test_first_and_second_passes_never_run_together(most, deaths, monkeypatch):
    machine = Machine(most, deaths)
    tasks = [Task(f"{number}", passes=1 + number % 3 % 2) for number in range(60)]
    done = machine.grade(tasks, monkeypatch)
    assert sorted(done) == sorted(task.student for task in tasks)
    assert machine.together == {frozenset({"first"}), frozenset({"second"})}
    assert len(machine.begun) == 60 + 20 + len(deaths)


def test_the_first_are_done_before_all_have_begun(monkeypatch):
    """A run that is killed has lost the first passes that it has done together, no more."""
    machine = Machine(most=2)
    machine.grade([Task(f"{number}") for number in range(100)], monkeypatch)
    passes = [which for _, which in machine.begun]
    assert passes.index("second") <= work.TOGETHER * 2 + 2


def test_what_has_one_pass_need_not_wait(monkeypatch):
    machine = Machine(most=2)
    tasks = [Task(f"{number}", passes=1) for number in range(5)]
    assert len(machine.grade(tasks, monkeypatch)) == len(machine.begun) == 5


def test_two_passes_are_what_nobody_has_to_ask_for():
    assert JudgedExecute().two_pass
    asked = parser().parse_args(["grade", ".", "lesson"])
    assert grading_options(asked)["two_pass"] in (True, None)


@pytest.mark.parametrize("most", [1, 2, 8])
def test_where_several_are_graded_at_a_time_a_task_is_one_pass(most, monkeypatch):
    seen = []

    class Run:
        def __init__(self, course, lesson, settings, submit):
            seen.append(settings.apart)

        def start(self, wanted):
            return {"event": "start"}

        def students(self, *_):
            return []

    replaced = {
        "OpenedCourse": MagicMock(),
        "alone": MagicMock(),
        "_wanted": lambda *_: {},
        "_lessons": lambda *_: [],
        "_settings": lambda *_: SimpleNamespace(apart=None),
        "_Run": Run,
    }
    for name, thing in replaced.items():
        monkeypatch.setattr(grading, name, thing)
    monkeypatch.setattr(work, "executor", lambda *_: nullcontext((None, most)))
    list(grading.grade("course", "lesson", jobs=most))
    assert seen == [most > 1]
