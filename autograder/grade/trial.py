"""A lesson tried on itself before anybody is graded: its solved and its released edition.

The first is to get full marks and the second none, apart and inside alike. Where that isn't so,
the instructor is told which check does what; a check that is failed apart alone is judged inside;
and one that its own solution fails takes nobody's points: who fails it is left to a person.
"""

import json
import re
from dataclasses import asdict, dataclass, field, replace

import nbformat
from nbgrader.utils import is_grade, is_solution

from autograder.grade.handed_in import defuse
from autograder.grade.handed_in.packages import is_installed, modules_in
from autograder.grade.handed_in.repair import repair
from autograder.grade.run import ways
from autograder.grade.run.points import found_points, read_points, undecided
from autograder.grade.run.preload import imported


@dataclass
class Trial:
    """What came of a trial.

    Attributes:
        doubted: The checks that the solution fails.
        inside: {check: why it is judged inside}, beyond those of `ways`.
        notes: Sentences for the instructor.
    """

    doubted: list = field(default_factory=list)
    inside: dict = field(default_factory=dict)
    notes: list = field(default_factory=list)


def remembered(file, keys, make):
    """Return the Trial that a file holds for these keys; make and write it if it holds none."""
    try:
        known = json.loads(file.read_text("utf-8"))
        if known["keys"] == keys:
            return Trial(**known["trial"])
    except (OSError, ValueError, KeyError, TypeError):
        pass  # it is made anew
    trial = make()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"keys": keys, "trial": asdict(trial)}, indent=1), "utf-8")
    return trial


def tried(editions, released, lessons, run, files=()):
    """Return the Trial of a lesson.

    Args:
        editions, released: {notebook: what is in its solved file, and in its released one}; of
            the second, those that there are.
        lessons: {notebook: its `names.Lesson`}.
        run: run(notebooks, **settings) returns them executed, {notebook: NotebookNode}.
        files: The names of what lies beside the notebooks.
    """
    trial = Trial(notes=_of_packages(lessons, files))
    wanted = {n: nb for n, nb in editions.items() if not _was_tried(nb, lessons[n])}
    if not wanted:
        return trial
    solved, inside = run(wanted), {}
    if both := {n: nb for n, nb in wanted.items() if _has_both_ways(lessons[n])}:
        inside = run(both, all_inside=True)
    for name, notebook in solved.items():
        other = {_id(cell): cell for cell in _checks(inside.get(name, {"cells": []}))}
        for cell in _checks(notebook):
            _look_at(trial, cell, other.get(_id(cell)))
    untouched = run({n: nb for n, nb in released.items() if n in wanted})
    for notebook in untouched.values():
        for cell in _checks(notebook):
            if found_points(cell):
                worth, points = cell.metadata.nbgrader.points, found_points(cell)
                said = f"{_id(cell)} gives {points:g} of {worth:g} points to an untouched notebook."
                trial.notes.append(said)
    return trial


def _look_at(trial, cell, other):
    """Note in a trial what the solution got in a check, and what if it was judged inside."""
    if _is_full(cell):
        if other is not None and not _is_full(other):
            said = f"{_id(cell)} accepts the solution apart, and not in the notebook itself"
            trial.notes.append(f"{said} ({_why(other)}): it is judged apart.")
    elif other is not None and _is_full(other):
        trial.inside[_id(cell)] = "apart it doesn't accept the solution"
        trial.notes.append(f"{_id(cell)} is judged inside: apart it doesn't accept the solution.")
    else:
        trial.doubted.append(_id(cell))
        trial.notes.append(
            f"The solution doesn't pass {_id(cell)} ({_why(cell)}): who doesn't pass it either is "
            "left to you. Mend the check or the solution, generate the lesson and grade again."
        )


def _is_full(cell):
    return not undecided(cell) and read_points(cell) == cell.metadata.nbgrader.points


def _why(cell):
    found = cell.metadata.get("autograder", {})
    return defuse.sentence(found.get("reason") or f"{read_points(cell):g} points")


def _has_both_ways(lesson):
    inside = ways.inside(lesson)
    checks = [cell.name for cell in lesson.cells if cell.role == "check"]
    return not ways.is_for_apart(lesson) and any(name not in inside for name in checks)


def _was_tried(notebook, lesson):
    """Tell whether a lesson for the judge holds the outputs of a run in which all checks passed."""
    return ways.is_for_apart(lesson) and all(
        cell.execution_count and read_points(cell) == cell.metadata.nbgrader.points
        for cell in _checks(notebook)
    )


def _checks(notebook):
    cells = (cell for cell in notebook["cells"] if cell.cell_type == "code")
    return [cell for cell in cells if is_grade(cell) and not is_solution(cell)]


def _id(cell):
    return cell.metadata.nbgrader.grade_id


def _of_packages(lessons, files):
    """Return sentences on packages that a lesson's own cells need and that aren't here."""
    sources = [cell.source for lesson in lessons.values() for cell in lesson.cells]
    files = [*files, *re.findall(r"^%%writefile\s+(\S+)", "\n".join(sources), re.MULTILINE)]
    own, found = modules_in(files), {}
    for name, lesson in lessons.items():
        for cell in lesson.cells:
            for module in imported(cell):
                top = module.partition(".")[0]
                if top not in own and not is_installed(top):
                    found.setdefault(top, []).append(cell.name or f"{name}, cell {cell.number + 1}")
    return [
        f"The package {top} isn't installed here, and these cells import it: "
        f"{', '.join(dict.fromkeys(cells))}."
        for top, cells in found.items()
    ]


def as_submitted(notebook, expected, kernelspec):
    """Return a solved or released notebook as if it had been handed in, repaired."""
    cells = [
        {
            "id": cell.get("id", f"cell-{number}"),
            "cell_type": cell["cell_type"],
            "source": cell["source"],
            "metadata": {k: v for k, v in cell["metadata"].items() if k == "nbgrader"},
        }
        for number, cell in enumerate(notebook["cells"])
    ]
    return repair({"cells": cells}, expected, kernelspec)[0]


def carried_out(task, submit):
    """Return the notebooks of a task, executed, {name: NotebookNode}."""
    notebooks, is_half = submit(task).result()
    if is_half:
        notebooks, _ = submit(replace(task, notebooks=notebooks)).result()
    return {name: nbformat.from_dict(json.loads(text)) for name, text in notebooks.items()}
