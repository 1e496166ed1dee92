"""A student's process that is none: the agent in this process, with JSON in between."""

import ast
import functools
import json

import keras

from autograder.grade.run.judge.remote import Student, Undecided
from autograder.grade.run.student import agent, agent_sources
from autograder.learn.verdict import CheckFailed, Verdict
from tests.lessons.conftest import run_cell

HEAD = """
import collections, functools, math, warnings
import keras, numpy as np, tensorflow as tf
from keras import layers
from autograder.learn import *
from autograder.learn.checks import check_transfer
"""

#: What chance begins with before each check, so that a check draws the same model each time; and
#: not the one that a lesson draws, which begins with another seed.
SEED = 77

# Its sources are long, and here they are loaded again and again.
agent.compile = functools.cache(compile)


class Loopback:
    """The agent, made from its source, for objects in `names`; and the judge's view of them.

    twist: twist(request, reply) returns what comes in the place of a reply: a forger's work.
    """

    def __init__(self, names, twist=None):
        self.agent = agent.loaded(*agent_sources(), names)
        self.student, self.twist, self.requests = Student(self.ask), twist, []

    def ask(self, request):
        """Return the agent's reply, after both have been through JSON."""
        said = json.loads(json.dumps(request, allow_nan=False))
        self.requests.append(said)
        reply = json.loads(json.dumps(self.agent.answer(said), allow_nan=False))
        return self.twist(said, reply) if self.twist else reply


def named(source):
    """Return the names that a cell of source leaves."""
    names = {"__name__": "__main__"}
    exec(HEAD + source, names)
    return names


def student_with(source, twist=None):
    """Return the judge's view of a notebook of one cell."""
    return Loopback(named(source), twist).student


def value_of(source):
    """Return the judge's view of the value of an expression."""
    return student_with(f"a = {source}").value("a")


def forged(reply):
    """Return what the judge makes of this reply to a question for a name."""
    return Student(lambda request: reply).value("a")


def said_of(check, names, shown):
    """Return what a check cell with these names shows, or the error that it ends with."""
    shown.clear()
    exec(HEAD + "keras.utils.set_random_seed(0)", names)
    try:
        exec(check, names)
    except CheckFailed:
        pass
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return [told for told in shown if isinstance(told, Verdict)]


def judged(book, exercise, source, cells):
    """Try an answer as `Workbook.try_answer` does, but with the answer at the far end.

    cells: how many of the check cells are run.
    """
    names = dict(book.names)
    run_cell(source, names)
    student = Loopback(names).student
    ours = {k: v for k, v in book.names.items() if k not in book.exercises()}
    results = []
    for cell in book.checks(exercise)[:cells]:
        used = {n.id for n in ast.walk(ast.parse(cell.source)) if isinstance(n, ast.Name)}
        try:
            ours |= {n: student.value(n) for n in sorted(used & set(book.exercises()))}
            keras.utils.set_random_seed(SEED)
            results.append(book._try_check(cell, ours))
        except Undecided as undecided:
            results.append(([undecided], 0, cell.metadata.nbgrader.points))
        student.forget()
    return results
