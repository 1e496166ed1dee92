"""Checks judged inside: in the student's kernel, with the meaning that nbgrader gives them.

All code cells run in their order in one kernel in the sandbox, the locked ones and the checks with
the text that the gradebook has. What comes in is the repaired notebook and a session of its own;
what goes out is a `Finding` on each check. Hidden lines run only in a walk of which nothing is
shown but points.

The machine, other students, the gradebook and what is shown of hidden tests are as safe as ever.
But whoever writes the answers could forge the points of such a check, for it runs among them.
What is cheap is undone or seen (see `student.guard`); what isn't is why such checks are marked.
"""

import tokenize
from dataclasses import dataclass, field, replace
from pathlib import Path

from IPython.core.displayhook import DisplayHook

from autograder.grade.handed_in import defuse
from autograder.grade.run import findings
from autograder.grade.run.hidden import (
    BEGIN,
    END,
    NOT_ACCEPTED,
    NOT_DECIDED,
    hidden_lines,
    without_lines,
)
from autograder.grade.run.judge.names import ANSWER, AUTHOR, CHECK
from autograder.grade.run.judge.process import FAILED, JUDGED, LOST, UNDECIDED, Finding
from autograder.grade.run.points import as_display
from autograder.grade.run.student import guard
from autograder.grade.run.student.outputs import error_output
from autograder.grade.run.student.session import StudentDied, StudentHung
from autograder.grade.run.ways import INSIDE
from autograder.grade.run.wire import Bad

RESULT = "execute_result"
#: What the agent of such a session is asked first; and in a pass of which nothing is shown.
FIRST = ({"op": "watch", "source": Path(guard.__file__).read_text(encoding="utf-8")},)
UNSEEN = (*FIRST, {"op": "brief"})


@dataclass
class Walk:
    """Runs a notebook's code cells in one kernel; `run` goes through them.

    Attributes:
        cells: The notebook's code cells.
        lesson: The `names.Lesson`.
        session: The StudentSession; it has run nothing.
        seconds: How many a cell may take, and a check.
        open_only: Whether hidden lines are left out.
        apart: Judges checks apart that this kernel's answers are asked about, and runs nothing of
            them here; None where there are none.
        skipped: The ids of cells that are not run, for they ended an earlier kernel.
        hidden: What a line holds that begins hidden tests, and one that ends them.
        found: {check: Finding}, so far.
        outputs: {id of a cell: its outputs}, so far.
        ended: The ids of cells that died or took too long.
    """

    cells: list
    lesson: object
    session: object
    seconds: tuple
    open_only: bool
    apart: object = None
    skipped: frozenset = frozenset()
    hidden: tuple = (BEGIN, END)
    found: dict = field(default_factory=dict)
    outputs: dict = field(default_factory=dict)
    ended: set = field(default_factory=set)

    def run(self):
        """Run all cells, as far as the kernel lives; return the walk."""
        for cell in self.cells:
            name = _name(cell)
            if name in self.skipped:
                continue
            place = self.lesson.place(name)
            if self.apart and self.apart.judges(name):
                self.apart.judge_one(cell)
                continue
            if place and place.role == CHECK:
                self.found[name] = self._judged(cell, name, place)
            else:
                if self.apart and place and place.role == ANSWER:
                    self.apart.before_answer(place)
                self._run(name, cell.source, self.seconds[0])
            if place and place.role in (CHECK, AUTHOR):
                self._note(sorted(place.names.binds), "ast_node_interactivity" in cell.source)
            if not self.session.alive and self.session.restart_and_replay() and self.apart:
                self.apart.judge.forget_student()
        return self

    def _note(self, names, shows):
        """Let the guard take note of what a cell of the lesson has bound."""
        if names or shows:
            self._ask({"op": "note", "names": names, "shows": shows})

    def _run(self, name, source, seconds):
        self.outputs[name] = self.session.run(source, seconds, name)
        if self.session.hung or not self.session.alive:
            self.ended.add(name)
        return self.outputs[name]

    def _judged(self, cell, name, place):
        if not self.session.alive:
            return Finding(UNDECIDED, f"it was not run, for {self.session.reason}")
        source = cell.source
        if self.open_only:
            source = without_lines(source, hidden_lines(source, *self.hidden))
        watched = self._watched(place)
        restore = {"op": "restore", "names": watched, "shows": _shows(source)}
        replaced = _names(self._ask(restore))
        outputs = self._run(name, source, self.seconds[1])
        if self.session.hung:
            return Finding(LOST, f"it took longer than {self.seconds[1]:g} seconds", outputs)
        if not self.session.alive:
            return Finding(LOST, self.session.reason, outputs)
        if replaced:
            return _replaced(replaced, outputs)
        errors = [output for output in outputs if output["output_type"] == "error"]
        if errors or self.session.failed:
            said = f"{errors[0]['ename']}: {errors[0]['evalue']}"[:300] if errors else "it failed"
            return Finding(FAILED, said, outputs)
        return self._given(outputs, set(watched) - place.names.binds)

    def _given(self, outputs, watched):
        """Return the Finding on a check that has come to its end, by the value of its last line."""
        shown = [o["data"].get("text/plain") for o in outputs if o["output_type"] == RESULT]
        text = shown[-1] or "" if shown else ""
        told = self._ask({"op": "gave", "names": sorted(watched), "text": text})
        value, replaced = told if type(told) is list and len(told) == 2 else (None, None)
        if type(replaced) is not list or type(value) not in (type(None), int, float, str):
            return Finding(UNDECIDED, "it can't be told what its last line gives", outputs)
        if replaced := _names(replaced):
            return _replaced(replaced, outputs)
        return Finding(JUDGED, None, outputs, value=value[:80] if type(value) is str else value)

    # What came of it

    def show(self):
        """Put what the cells have shown into the notebook, but for the checks'."""
        ran = [cell for cell in self.cells if _name(cell) in self.outputs]
        for count, cell in enumerate((c for c in ran if _name(c) not in self.found), 1):
            cell.execution_count = count
            cell.outputs = findings.as_nodes(self.outputs[_name(cell)])

    def settle(self, wanted, answers, is_second=False):
        """Write what was found of some checks into their cells; return those not yet decided.

        What comes after a hidden line in an earlier pass, without it, is no verdict.

        Args:
            wanted: The ids of the checks.
            answers: The answer cells of the notebook.
            is_second: Whether nothing of this walk may be shown but points.
        """
        left, is_after_hidden = [], False
        for cell in self.cells:
            name = _name(cell)
            place = self.lesson.place(name)
            if not place or place.role != CHECK:
                continue
            is_after_hidden = is_after_hidden or bool(hidden_lines(cell.source, *self.hidden))
            if name not in wanted or name not in self.found:
                continue
            found = self.found[name]
            if self.open_only and is_after_hidden and found.state in (JUDGED, FAILED):
                left.append(name)
                cell.outputs = findings.as_nodes(found.outputs)
                cell.metadata["autograder"] = {"reason": "its hidden tests were not run"}
                continue
            found = findings.settled(found, cell.metadata.nbgrader.points)
            found = replace(found, reason=found.reason and defuse.sentence(found.reason))
            outputs = _shown(cell, found) if is_second else found.outputs
            told = NOT_DECIDED if is_second else found.reason
            findings.write(cell, found, outputs, told, answers, way=INSIDE)
        return left

    def _watched(self, place):
        """Return the names that a check uses and that no answer is to bind.

        The lesson itself has bound them last, or they are builtins that its cells use.
        """
        ours = [cell for cell in self.lesson.cells if cell.role in (AUTHOR, CHECK)]
        of_python = set().union(*(cell.names.builtins for cell in ours))
        owners = {name: self.lesson.owner(name, place) for name in place.names.reads | of_python}
        return [
            name
            for name, owner in sorted(owners.items())
            if (owner in ours if owner else name in of_python)
        ]

    def _ask(self, request):
        """Ask the guard; return what it tells, which may be anything."""
        try:
            return self.session.ask(request).get("value")
        except (StudentDied, StudentHung, Bad):
            return None  # what comes next will tell


def _shows(source):
    """Tell whether IPython is to show the value of a cell's last line, if it has one."""
    try:
        is_quiet = DisplayHook.semicolon_at_end_of_expression(source)
    except (tokenize.TokenError, SyntaxError):  # no plain Python, such as a magic
        is_quiet = False
    return bool(source.strip()) and not is_quiet


def _names(told):
    """Return the names that the guard tells of."""
    names = told if type(told) is list else []
    return [defuse.printed(name[:80]) for name in names if type(name) is str][:20]


def _replaced(names, outputs):
    told = ", ".join(names[:3])
    return Finding(UNDECIDED, f"the notebook replaces {told}, which checks rely on", outputs)


def _shown(cell, found):
    """Return what the first pass has shown of a check, and what the second makes of it.

    Of what its outputs say, everything may have been chosen by a process that knows hidden tests.
    """
    errors = [output for output in cell.outputs if output.output_type == "error"]
    shown = [as_display(output) for output in cell.outputs if output not in errors]
    if found.state != FAILED:
        return shown
    return [*shown, *(errors or [error_output("HiddenTest", NOT_ACCEPTED)])]


def _name(cell):
    return cell.metadata.get("nbgrader", {}).get("grade_id") or cell.get("id")
