"""The step of nbgrader's autograde that runs a repaired notebook.

`JudgedExecute` stands for nbgrader's Execute: a student's cells run in one process, check cells in
another (see `student.session` and `judge.process`), or, where the lesson needs it, among them (see
`ways` and `inside`). What becomes of a check is noted in its cell (`findings`).
"""

import contextlib
import functools
import json
import os
import shutil
import stat
import tempfile
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

import nbformat
from nbgrader import utils
from nbgrader.preprocessors import ClearHiddenTests, Execute, NbGraderPreprocessor
from traitlets import Bool, Dict, Integer, List, Tuple, Unicode, default

from autograder.errors import UserError
from autograder.grade.handed_in import defuse
from autograder.grade.handed_in.expected import as_generated, from_notebook, read_edition
from autograder.grade.run import findings, inside, preload, ways
from autograder.grade.run.effects import effects_of
from autograder.grade.run.hidden import FAILED_AGAIN, NOT_DECIDED, hidden_lines, without_lines
from autograder.grade.run.judge import kept
from autograder.grade.run.judge.names import ANSWER, AUTHOR, CHECK, Lesson
from autograder.grade.run.judge.process import JUDGED, LOST, UNDECIDED, Finding, JudgeDied
from autograder.grade.run.points import as_display
from autograder.grade.run.sandbox import Limits, choose, warmed
from autograder.grade.run.slice import Slice, slice_of
from autograder.grade.run.student.outputs import error_output, stored
from autograder.grade.run.student.session import RESTARTS, StudentSession
from autograder.progress import owner

#: For a submission after the other a sandbox is tried out but once in a process.
_choose_once = functools.cache(choose)
#: In the metadata of a notebook that has one of two passes behind it: a `_Seen` as plain data.
HALF = "autograder_half"
#: In the metadata of a notebook: a sentence on which of its cells were run.
RAN = "autograder_ran"
#: From here on, seeds for answers in a check: in a notebook they don't draw what it has drawn.
SEEDS_OF_ANSWERS = 1_000_000
#: What nbgrader puts into a submission's folder.
_NOT_HANDED_IN = ("timestamp.txt", "submission_secret.txt")


class JudgedExecute(NbGraderPreprocessor):
    """Run a student's cells in a sandbox, and check cells in a clean process of their own."""

    sandbox = Unicode(
        "", help="which sandbox to use (default: the first full one that works here)"
    ).tag(config=True)
    trust_students = Bool(False, help="run students' code without any protection").tag(config=True)
    warm = Bool(
        True,
        help="fork kernels and judges from a process in which Keras is already there (in a sandbox "
        "of bubblewrap), so that they start in a fraction of a second",
    ).tag(config=True)
    two_pass = Bool(
        True,
        help="run a notebook twice: once for all that is shown, with the checks that students can "
        "see, and once more, in a fresh kernel whose outputs are dropped, for the hidden tests; so "
        "no argument of theirs can be told on. Without it grading takes less time",
    ).tag(config=True)
    apart = Bool(
        False,
        help="do one of the two passes, and the other one when the notebook comes again: so "
        "whoever grades many at a time can see to it that hidden tests run with nothing else",
    ).tag(config=True)
    thorough = Bool(
        True,
        help="run all cells of each notebook. Without it, those of the lesson are left out on "
        "which no answer depends, as far as that can be told, and grading takes less time",
    ).tag(config=True)
    apart_only = Bool(
        False,
        help="leave to a person each check that can only be judged inside, that is, in the "
        "student's own kernel, where an answer could forge its points",
    ).tag(config=True)
    all_inside = Bool(False, help="judge each check inside").tag(config=True)
    inside = Dict(
        {}, help="checks to be judged inside, beyond those that are anyway, as {check: why}"
    ).tag(config=True)
    doubted = List(
        Unicode(), help="checks that the solution fails: who fails them is left to a person"
    ).tag(config=True)
    hidden = Tuple(
        Unicode(),
        Unicode(),
        help="what a line holds that begins hidden tests, and one that ends them (default: what "
        "nbgrader's ClearHiddenTests goes by)",
    ).tag(config=True)
    timeout = Integer(
        help="seconds that a student's cell may take (default: what nbgrader's Execute has, and "
        "120 at least)"
    ).tag(config=True)
    check_timeout = Integer(help="seconds that a check may take (default: the same)").tag(
        config=True
    )
    limits = Dict(
        {}, help="how much a student's code may use, as {'memory': bytes, 'cpu': seconds, ...}"
    ).tag(config=True)
    edition = Unicode(
        "",
        help="the lesson's solved notebook (default: the one in the course's source directory)",
    ).tag(config=True)

    @default("hidden")
    def _as_cleared(self):
        step = ClearHiddenTests(config=self.config)
        return step.begin_test_delimeter, step.end_test_delimeter

    @default("timeout")
    def _as_executed(self):
        return max(120, Execute(config=self.config).timeout or 0)

    @default("check_timeout")
    def _as_executed_too(self):
        return self._as_executed()

    def preprocess(self, nb, resources):
        """Return the notebook with the outputs of all its code cells."""
        lesson, folder = self._lesson_and_folder(nb, resources)
        had_first = HALF in nb.metadata
        before = _Seen(**nb.metadata.pop(HALF)) if had_first else None
        with contextlib.ExitStack() as stack:
            theirs, ours = (stack.enter_context(tempfile.TemporaryDirectory()) for _ in range(2))
            copy_files(resources["metadata"]["path"], theirs)
            copy_files(folder, ours)
            passes = _Passes(self, nb, lesson, theirs, ours, stack)
            before = before or passes.first()
            is_left = before.left or before.left_inside
            if is_left and self.apart and not had_first:
                nb.metadata[HALF] = asdict(before)
                return nb, resources
            if is_left:
                passes.second(before)
        findings.doubt(nb, self.doubted)
        nb.metadata[RAN] = passes.told()
        self.log.info("%s", nb.metadata[RAN])
        return nb, resources

    def chosen(self, choose=choose):
        """Return the sandbox of the configuration; raise UserError where there is none."""
        if self.trust_students and self.sandbox:
            raise UserError("JudgedExecute: choose either trust_students or a sandbox, not both")
        return choose("trusted" if self.trust_students else self.sandbox or None)

    def backend(self, modules=None):
        """Return that sandbox, with libraries already imported where that can be.

        modules: as `sandbox.warmed` takes them.
        """
        backend = self.chosen(_choose_once)
        return warmed(backend, self.log, modules) if self.warm else backend

    def _lesson_and_folder(self, nb, resources):
        """Return the Lesson, and the folder with its files."""
        if self.edition:
            edition = Path(self.edition)
            return _lesson(json.dumps(read_edition(edition))), edition.parent
        names = resources["nbgrader"]
        course = self.parent.parent.coursedir  # of the converter whose exporter this is a step of
        source, release = (
            Path(course.format_path(directory, ".", names["assignment"]))
            for directory in (course.source_directory, course.release_directory)
        )
        name = f"{names['notebook']}.ipynb"
        solved = read_edition(source / name)
        if not (release / name).is_file():
            return Lesson(solved), source
        # As it was generated; the source may have been changed since. (Of its files, nbgrader
        # gives students those of the source.)
        ours = {_name(cell): cell.source for cell in nb.cells if not utils.is_solution(cell)}
        cells = [
            replace(cell, source=ours.get(cell.grade_id, cell.source))
            for cell in from_notebook(read_edition(release / name))
        ]
        return Lesson(as_generated(solved, cells)), source


@functools.lru_cache(maxsize=8)
def _lesson(edition):
    """Return the Lesson of an edition, given as JSON; the same one for a whole class."""
    return Lesson(json.loads(edition))


@dataclass(frozen=True)
class _Seen:
    """What the first of two passes leaves to the second.

    Attributes:
        ended: The ids of cells that died or took too long.
        left: The ids of checks of which the hidden tests are still to be run, apart.
        left_inside: Of those that are to be judged inside, in the second pass.
        doubt: Why all cells were run, None if some were left out.
    """

    ended: list
    left: list
    left_inside: list
    doubt: str | None = None


class _Passes:
    """The two passes of a notebook; in each of them checks are judged apart, then inside.

    What turns out to be of a kind that doesn't travel is judged inside as well, unless the lesson
    is written for the judge.
    """

    def __init__(self, settings, nb, lesson, theirs, ours, stack):
        """Make passes of a JudgedExecute, with the folders of what both sides see."""
        self.settings, self.nb, self.lesson = settings, nb, lesson
        self.backend = settings.backend(preload.modules(lesson))
        self.theirs, self.ours, self.stack = theirs, ours, stack
        self.codes = [cell for cell in nb.cells if cell.cell_type == "code"]
        self.checks = [_name(cell) for cell in self.codes if _is_check(cell)]
        self.answers = [cell for cell in nb.cells if utils.is_solution(cell)]
        why = {**ways.inside(lesson), **settings.inside}
        why |= dict.fromkeys(self.checks, "all are") if settings.all_inside else {}
        self.planned = {name: why[name] for name in self.checks if name in why}
        self.judge, self.is_strict = None, not ways.is_for_apart(lesson)
        self.may_be_inside = self.is_strict and not settings.apart_only
        self.shares_kernel = self._shares_kernel()
        self.slice = self._slice()

    def _shares_kernel(self):
        """Tell whether one kernel does for checks of both ways, each carried out where it stands.

        Not where a cell needs what a check binds that is judged apart, and so doesn't run there;
        nor with Keras, whose seeds are set for checks that are judged apart, and for them alone.
        """
        apart = [self.lesson.place(name) for name in self.checks if name not in self.planned]
        if not (apart and self.planned and all(apart) and self.may_be_inside):
            return False
        if preload.modules(self.lesson) is None:
            return False
        ours = set().union(*(c.names.imports for c in self.lesson.cells if c.role == AUTHOR))
        bound = set().union(*(c.binds - (c.names.imports & ours) for c in apart))
        if not bound:
            return True
        names = {cell.name for cell in apart}
        others = [cell for cell in self.codes if _name(cell) not in names]
        return not any(self._may_need(cell, bound) for cell in others)

    def _may_need(self, cell, names):
        """Tell whether a cell may need one of these names, as far as its text tells."""
        place = self.lesson.place(_name(cell))
        if place and place.role in (AUTHOR, CHECK):
            return bool((place.names.reads | place.names.builtins) & names)
        found = effects_of(cell.source)
        return bool(found.unreadable or (found.reads | found.late | found.touches) & names)

    def _slice(self):
        if self.settings.thorough:
            return Slice(doubt="that is the setting")
        if self.planned:
            return Slice(doubt="checks are judged among the cells")
        return slice_of(self.lesson, [(_name(cell), cell.source) for cell in self.codes])

    def told(self):
        """Return a sentence on which cells were run."""
        if self.slice.doubt:
            return f"All cells were run: {defuse.sentence(self.slice.doubt)}."
        count = len(self.slice.skipped)
        return f"{count} cells of the lesson were not run, since no answer depends on them."

    def first(self):
        """Do the first pass; return what is left to the second."""
        names, apart, open_only = list(self.planned), _Seen([], [], []), self.settings.two_pass
        if self.shares_kernel:
            return self._together(open_only=open_only)
        if not names or set(self.checks) - set(names) or self.settings.apart_only:
            apart, fallen = self._apart(open_only=open_only)
            names += fallen
        if self.settings.apart_only:
            self._leave(names)
        elif names:
            ended, left = self._inside(names, open_only=open_only)
            return replace(apart, ended=sorted({*apart.ended, *ended}), left_inside=left)
        return apart

    def _leave(self, names):
        """Leave checks to a person that are never judged inside."""
        for cell in self.codes:
            if (name := _name(cell)) in names:
                reason = f"it can only be judged inside ({self.planned[name]}), which was forbidden"
                findings.write(cell, Finding(UNDECIDED, reason), [], reason, self.answers)

    def second(self, before):
        """Do the second pass."""
        wanted = before.left_inside
        if before.doubt:
            self.slice = Slice(doubt=before.doubt)
        if before.left:
            self._begin_anew()
            if wanted and self.shares_kernel:
                self._together(before=before)
                return
            wanted = [*wanted, *self._apart(before=before)[1]]
        if wanted:
            self._inside(wanted, before=before)

    def _begin_anew(self):
        """Have a judge that has run nothing."""
        if self.judge:
            self.judge.begin_anew()
        else:
            spare = self.settings.two_pass and not self.settings.apart
            one = self.lesson, self.backend, self.ours, spare, self.is_strict
            self.judge = self.stack.enter_context(kept.judge(*one))

    def _together(self, open_only=False, before=None):
        """Judge in one kernel, each check in its way; return the `_Seen`."""
        wanted = before.left_inside if before else list(self.planned)
        if not self.judge:
            self._begin_anew()
        with self._session(first=inside.UNSEEN if before else inside.FIRST) as student:
            apart = _Walk(self, student, open_only=open_only, before=before)
            walk = self._walk(student, open_only, before, apart).run()
        if not before:
            walk.show()
        ended, left = walk.ended, walk.settle(wanted, self.answers, is_second=bool(before))
        if apart.fallen:
            others, more = self._inside(apart.fallen, open_only=open_only, before=before)
            ended, left = ended | others, [*left, *more]
        return _Seen(sorted(ended), sorted(apart.left), left, self.slice.doubt)

    def _session(self, **options):
        return StudentSession(self.backend, self.theirs, _limits(self.settings.limits), **options)

    def _walk(self, student, open_only, before, apart=None):
        seconds = self.settings.timeout, self.settings.check_timeout
        skipped = frozenset(before.ended if before else ())
        notebook = self.codes, self.lesson, student, seconds, open_only, apart, skipped
        return inside.Walk(*notebook, hidden=self.settings.hidden)

    def _apart(self, **options):
        """Judge apart; return the `_Seen`, and the checks that can't be judged so."""
        if not self.judge:
            self._begin_anew()
        as_before = [(cell, cell.outputs, dict(cell.metadata)) for cell in self.codes]
        with self._session() as student:
            walk = _Walk(self, student, **options)
            walk.run()
        if self.slice.skipped and walk.strayed:  # perhaps for want of what was left out
            self.slice = Slice(doubt=walk.strayed)
            self.judge.begin_anew()
            for cell, outputs, metadata in as_before:
                cell.outputs, cell.metadata = outputs, nbformat.from_dict(metadata)
            return self._apart(**options)
        return _Seen(sorted(walk.ended), sorted(walk.left), [], self.slice.doubt), walk.fallen

    def _inside(self, wanted, open_only=False, before=None):
        """Judge checks inside; return the ids of cells that ended, and the checks that are left."""
        with self._session(first=inside.UNSEEN if before else inside.FIRST) as student:
            walk = self._walk(student, open_only, before).run()
        if not before and not self.judge:  # else all that is shown is there
            walk.show()
        return walk.ended, walk.settle(wanted, self.answers, is_second=bool(before))


class _Walk:
    """Goes through a notebook once, with one session of a student and a judge.

    Attributes:
        ended, left: As `_Seen` has them, so far.
        fallen: The ids of checks that have met what can't be judged apart.
        strayed: What has gone wrong that might not have if all cells had been run; None if nothing.
    """

    def __init__(self, passes, session, open_only=False, before=None):
        """Make a walk.

        Args:
            passes: The _Passes that it belongs to, with a judge that has run nothing.
            session: Of the student; it neither.
            open_only: Whether hidden tests are left out, so that whatever is said can be shown.
            before: What the walk with open tests only, which all that is shown comes from, has
                left (`_Seen`).
        """
        self.passes, self.settings, self.nb = passes, passes.settings, passes.nb
        self.lesson, self.judge, self.session = passes.lesson, passes.judge, session
        self.open_only, self.before, self.fallen = open_only, before, []
        self.ended, self.left, self.count = set(), set(), 0
        self.strayed = self.skipped = None
        self.answers = [cell.metadata.nbgrader.grade_id for cell in passes.answers]

    def run(self):
        """Run all code cells, as far as they are for this walk."""
        for cell in self._cells():
            if not _is_check(cell):
                self._run(cell)
            elif not self.before and _name(cell) in self.passes.planned:
                continue
            elif not self.before or _name(cell) in self.before.left:
                self._judge(cell)
            elif self._matters(cell):
                self._run_again(cell)

    # For checks that are judged apart while others run in the same kernel (see `inside`).

    def judges(self, name):
        """Tell whether a cell is a check that is judged apart."""
        is_left = self.before and name in self.before.left_inside
        return name in self.passes.checks and name not in self.passes.planned and not is_left

    def judge_one(self, cell):
        """Judge a check, if that is still to be done."""
        if not self.before or _name(cell) in self.before.left:
            self._judge(cell)
        else:
            self._run_again(cell)

    def before_answer(self, place):
        """Let the judge run what comes before an answer."""
        with contextlib.suppress(JudgeDied):  # the next check will tell
            self.judge.catch_up(place, self._ask, self.settings.check_timeout)

    def _cells(self):
        """Return the code cells, up to the last one that this walk is for."""
        cells = [cell for cell in self.nb.cells if cell.cell_type == "code"]
        if self.before:
            while _name(cells[-1]) not in self.before.left:
                cells.pop()
        return cells

    def _run(self, cell):
        name = _name(cell)
        place = self.lesson.place(name)
        if place and place.role == ANSWER:
            self.before_answer(place)
        if self.before and name in self.before.ended:
            return
        if name in self.passes.slice.skipped:
            self.skipped = place.number
            if not self.before:
                cell.execution_count, cell.outputs = None, findings.as_nodes(stored(place.outputs))
            return
        # The lesson's cells draw the same random numbers here and in the judge's process; and an
        # answer the same whether the cell above it was run or not.
        seed = place.number if place and place.role == AUTHOR else self.skipped
        self.skipped = None
        outputs = self.session.run(cell.source, self.settings.timeout, name, seed)
        if not self.before:
            self.count += 1
            cell.execution_count = self.count
            cell.outputs = [nbformat.from_dict(output) for output in outputs]
        if self.session.hung or not self.session.alive:
            self.ended.add(name)
        elif self.session.failed and not (place and place.role == AUTHOR and place.may_fail):
            self.strayed = self.strayed or f"cell {name} raised an error"
        self._survive()

    def _judge(self, cell):
        name, hidden = cell.metadata.nbgrader.grade_id, self._hidden_lines(cell.source)
        found = self._found(cell)
        # In a reason can stand what the student's process has said.
        found = replace(found, reason=found.reason and defuse.sentence(found.reason))
        is_odd = found.state == UNDECIDED and not found.is_of_judge  # in a way that may be usual
        if is_odd and self.session.alive and self.passes.may_be_inside:
            self.fallen.append(name)
        elif self.open_only and hidden and found.state == JUDGED:
            self.left.add(name)
            cell.outputs = findings.as_nodes(found.outputs)
            cell.metadata["autograder"] = {"reason": "its hidden tests were not run"}
        else:
            self._settle(cell, found, hidden)
        self._survive(without=owner(name, self.answers))

    def _hidden_lines(self, source):
        return hidden_lines(source, *self.settings.hidden)

    def _settle(self, cell, found, hidden):
        """Note in a check cell what was found, and write its points as nbgrader reads them."""
        found = findings.settled(found, cell.metadata.nbgrader.points)
        name = cell.metadata.nbgrader.grade_id
        self.settings.log.debug("%s: %s %s", name, found.state, found.reason or "")
        outputs = _of_hidden(found, hidden) if self.before else found.outputs
        # What the first pass has shown says nothing of the points.
        before = map(as_display, cell.outputs) if self.before else ()
        # Of what became of a hidden test, students see these words; see `feedback`.
        is_hidden = self.before or found.line in hidden
        told = NOT_DECIDED if is_hidden else found.reason
        findings.write(cell, found, [*before, *outputs], told, self.passes.answers)

    def _matters(self, cell):
        """Tell whether later checks may need what a check does of which all is known.

        It may define what they use. It may also call functions that keep count of their calls; but
        in a lesson written for the judge that is left out, for the time it takes: where later
        checks need it, the lesson's solution fails them, too, and nobody loses points.
        """
        place = self.lesson.place(_name(cell))
        if self.passes.is_strict:
            return _name(cell) not in self.passes.planned
        return bool(place and place.binds)

    def _run_again(self, cell):
        """Run a check once more for what it does, unless it had ended the student's process."""
        if cell.metadata.get("autograder", {}).get("state") != LOST:
            self._found(cell)
            self._survive()

    def _found(self, cell):
        """Return the Finding on a check."""
        place = self.lesson.place(cell.metadata.nbgrader.grade_id)
        if not place:
            return Finding(UNDECIDED, "the lesson's source has no such check")
        if not self.session.alive:
            return Finding(UNDECIDED, f"it was not run, for {self.session.reason}")
        if not self.passes.shares_kernel:
            self.session.seed(SEEDS_OF_ANSWERS + place.number)
        self.skipped = None
        source = cell.source
        if self.open_only:
            source = without_lines(source, self._hidden_lines(source))
        return self.judge.check(place, source, self._ask, self.settings.check_timeout)

    def _ask(self, request, timeout=60):
        """Ask the student's process; take note of a name that it lacks."""
        reply = self.session.ask(request, timeout)
        if isinstance(error := reply.get("error"), dict) and error.get("type") == "NameError":
            self.strayed = self.strayed or "a function of it lacks a name"
        return reply

    def _survive(self, without=None):
        """Get another kernel for one that died, so that the exercises to come can be judged.

        So too for one whose memory is taken, by the answer that has just been judged.
        """
        crowded = without and self.session.restarts < RESTARTS and self.session.is_crowded()
        if (not self.session.alive or crowded) and self.session.restart_and_replay(without):
            self.judge.forget_student()


def _of_hidden(found, hidden):
    """Return those outputs of a check that hidden tests are behind.

    By now the student's process has seen what hidden tests ask; of all else that a check says, it
    may have chosen the words.
    """
    kept = []
    for output in found.outputs:
        kind = output["output_type"]
        if kind == "error" and found.line not in hidden:
            kept.append(error_output("CheckFailed", FAILED_AGAIN))
        elif kind == "error" or (kind == "display_data" and _line(output) in hidden):
            kept.append(output)
    return kept


def _line(output):
    return output["metadata"].get("autograder", {}).get("line")


def _is_check(cell):
    return utils.is_grade(cell) and not utils.is_solution(cell)


def _name(cell):
    return cell.metadata.get("nbgrader", {}).get("grade_id") or cell.get("id")


def _limits(wanted):
    known = {field.name for field in fields(Limits)}
    if unknown := sorted(set(wanted) - known):
        raise UserError(f"JudgedExecute.limits: there is no limit {unknown[0]!r} ({sorted(known)})")
    return Limits(**wanted)


def copy_files(source, target):
    """Copy the regular files of a folder, but for notebooks: those hold the hidden tests."""
    for folder, folders, names in os.walk(source):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            path = Path(folder) / name
            taken = not name.endswith(".ipynb") and name not in _NOT_HANDED_IN
            if taken and stat.S_ISREG(path.lstat().st_mode):
                copy = Path(target) / path.relative_to(source)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, copy)
