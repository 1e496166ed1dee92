"""The rules of a lesson: each finds one kind of fault and says how to mend it.

A rule of the text takes a lesson, a rule of an edition takes the lesson and that edition. All
yield faults.
"""

import ast
import re

import nbformat
from nbgrader.nbgraderformat import MetadataValidator, ValidationError
from nbgrader.utils import determine_grade, is_grade

from autograder.author import editions, leaks
from autograder.author.lesson import LEVELS, OPTIONS, OPTIONS_HELP, ROLES
from autograder.author.regions import HIDDEN, SOLUTION, prediction, scan
from autograder.states import RIGHT, verdict_in

_NAME = re.compile(r"[A-Za-z0-9_-]+")
_LONGEST_ID = 56  # a notebook's cell ids have at most 64 characters, ours add a number
_COUNTS = re.compile(r"(\d+) exercises? · (\d+(?:\.\d+)?) points? · \d+ minutes?")
_EMPTY_ALT = re.compile(r"!\[\s*\]\s*[(\[]")
_IMG = re.compile(r"<img\b[^>]*>", re.IGNORECASE)
_ALT = re.compile(r"""\balt\s*=\s*("\s*[^"\s]|'\s*[^'\s]|[^"'\s>])""", re.IGNORECASE)


# --- the cells' options ---------------------------------------------------------------------


def unknown_option(lesson):
    """Find options that are none of ours."""
    for cell in lesson.cells:
        for name, value in cell.options.items():
            if name == "incorrectly_encoded_metadata":
                yield lesson.fault(
                    cell, f"the cell options cannot be read: {value}; {OPTIONS_HELP}"
                )
            elif name == "title":
                yield lesson.fault(cell, f"unknown cell option '{value}'; {OPTIONS_HELP}")
            elif name not in OPTIONS:
                yield lesson.fault(cell, f"unknown cell option '{name}'; {OPTIONS_HELP}")


def option_that_does_not_fit(lesson):
    """Find options that contradict each other or their cell."""
    for cell in lesson.cells:
        roles = [role for role in ROLES if role in cell.options]
        if len(roles) > 1:
            yield lesson.fault(cell, f"a cell has one role, not {' and '.join(roles)}; split it")
        if cell.kind != "code" and cell.role in ("answer", "check"):
            yield lesson.fault(
                cell, f'{cell.role}="..." needs code; take [{cell.kind}] out of the marker line'
            )
        if cell.kind == "raw" and cell.role == "essay":
            yield lesson.fault(cell, "an essay is written in a text or code cell; write [markdown]")
        for name, homes in (("aspect", ("check",)), ("points", ("check", "essay"))):
            if name in cell.options and cell.role not in homes:
                yield lesson.fault(cell, f"only a check cell has {name}; move it to the check")


def level_out_of_range(lesson):
    """Find levels that stand elsewhere than at an answer, or are none."""
    for cell in lesson.cells:
        if "level" in cell.options and cell.role not in ("answer", "essay"):
            yield lesson.fault(cell, "only an answer cell has a level; move it to the answer")
        elif cell.options.get("level", 1) not in LEVELS:
            yield lesson.fault(
                cell,
                f"level={cell.options['level']!r} is no level; write level=1 (read it off), "
                "level=2 (work it out) or level=3 (design it)",
            )


def name_that_nbgrader_refuses(lesson):
    """Find names that nbgrader or the notebook format would refuse as an id."""
    for cell in lesson.cells:
        for option in (*ROLES, "aspect"):
            name = cell.options.get(option, "none")
            if not isinstance(name, str) or not _NAME.fullmatch(name):
                yield lesson.fault(
                    cell, f'{option}={name!r} is no name; write {option}="letters_digits_and_-"'
                )
        if cell.role and len(cell.label) > _LONGEST_ID:
            yield lesson.fault(
                cell, f"the id has {len(cell.label)} characters; {_LONGEST_ID} are allowed"
            )


def duplicate_id(lesson):
    """Find cells that would have the same id in nbgrader."""
    first = {}
    for cell in lesson.cells:
        if cell.grade_id is None:
            continue
        if cell.label in first:
            more = " or give the check an aspect" if cell.role == "check" else ""
            yield lesson.fault(
                cell,
                f"the id '{cell.label}' is taken by the cell in line {first[cell.label]}; "
                f"rename one{more}",
            )
        first.setdefault(cell.label, cell.line)


# --- regions --------------------------------------------------------------------------------


def marker_out_of_place(lesson):
    """Find BEGIN and END markers without partner, or in a cell that they do not belong in."""
    homes = ((SOLUTION, ("answer", "essay")), (HIDDEN, ("check",)))
    for cell in lesson.cells:
        for markers, roles in homes:
            regions, wrong = scan(cell.source, markers)
            for row, sentence in wrong:
                yield lesson.fault(cell, f"{sentence}; write both, each once per region", row)
            if cell.role not in roles:
                for region in regions:
                    yield lesson.fault(
                        cell,
                        f'{markers[0]} belongs in a cell with {roles[0]}="..."; give this cell '
                        "that option or take the markers out",
                        region.row,
                    )


def answer_without_solution(lesson):
    """Find answer cells whose solution would be shipped, as nothing marks it."""
    for cell in lesson.role("answer"):
        if SOLUTION[0] not in cell.source:
            yield lesson.fault(
                cell,
                "no solution region; put ### BEGIN SOLUTION and ### END SOLUTION around what "
                "the learner is to write",
            )
    for cell in lesson.role("essay"):
        if len(scan(cell.source, SOLUTION)[0]) != 1:  # without it the question would be lost
            yield lesson.fault(
                cell,
                "an essay has one solution region, where the learner is to write; put "
                "### BEGIN SOLUTION and ### END SOLUTION there, around a sample answer or nothing",
            )


def prediction_that_is_no_assignment(lesson):
    """Find regions at the top level of a cell that do not assign one name."""
    for cell in lesson.role("answer"):
        regions, _ = scan(cell.source, SOLUTION)
        loose = [region for region in regions if not region.indented]
        if loose and len(regions) > 1:
            yield lesson.fault(
                cell, "a prediction is alone in its cell; split the cell", regions[1].row
            )
        elif loose and prediction(loose[0].code) is None:
            yield lesson.fault(
                cell,
                "a solution region at the top level of a cell is a prediction: exactly one "
                "assignment to one name; indent the region if it is the body of a function",
                loose[0].row,
            )


def answer_name_used_elsewhere(lesson):
    """Find other cells that assign an answer's name: a check would judge what they left there."""
    owners = {name: cell for cell in lesson.role("answer") for name, _ in _assigned(cell.source)}
    for cell in lesson.cells:
        if cell.kind != "code":
            continue
        for name, row in _assigned(cell.source):
            owner = owners.get(name)
            if owner is not None and owner is not cell:
                yield lesson.fault(
                    cell,
                    f"'{name}' is the name of the answer in line {owner.line}; an answer cell "
                    "that was not run would be judged by this value: rename one",
                    row,
                )


def _assigned(source):
    """Yield each name that a cell assigns at its top level, with its row (from 0)."""
    todo = _parsed(source).body
    while todo:
        node = todo.pop(0)
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            yield node.name, node.lineno - 1
            continue  # names inside are its own
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, node.lineno - 1
        if not isinstance(node, (ast.Lambda, ast.ListComp, ast.GeneratorExp, ast.DictComp)):
            todo += ast.iter_child_nodes(node)


def rule_in_an_open_cell(lesson):
    """Find mistaken rules where learners can edit them: a check that is judged apart has none."""
    for cell in lesson.cells:
        if cell.kind != "code" or cell.role:
            continue
        for node in _parsed(cell.source).body:
            for call in getattr(node, "decorator_list", ()):
                if isinstance(call, ast.Call) and ast.unparse(call.func).split(".")[-1] == "rule":
                    yield lesson.fault(
                        cell,
                        f"the mistaken rule {node.name} is in a cell that learners can edit, so "
                        'checks that are judged apart do without it; write locked="rules"',
                        node.lineno - 1,
                    )


# --- exercises and points -------------------------------------------------------------------


def check_without_answer(lesson):
    """Find checks of an answer that does not exist."""
    answers = {cell.label for cell in lesson.role("answer")}
    for cell in lesson.role("check"):
        name = cell.options["check"]
        if any(str(name) == essay.label for essay in lesson.role("essay")):
            yield lesson.fault(
                cell, f"'{name}' is an essay, which a person grades; take this check out"
            )
        elif str(name) not in answers:
            yield lesson.fault(cell, f'no cell has answer="{name}"; name the one it checks')


def answer_without_check(lesson):
    """Find answers that nothing checks."""
    checked = {str(cell.options["check"]) for cell in lesson.role("check")}
    for cell in lesson.role("answer"):
        if cell.label not in checked:
            yield lesson.fault(
                cell, f'no cell checks this answer; add one with check="{cell.label}" points=1'
            )


def _has_points(cell):
    points = cell.options.get("points")
    return isinstance(points, (int, float)) and not isinstance(points, bool) and points > 0


def check_without_points(lesson):
    """Find checks and essays whose points are missing or no positive number."""
    for cell in [*lesson.role("check"), *lesson.role("essay")]:
        if "points" not in cell.options:
            a = "an essay" if cell.role == "essay" else "a check"
            yield lesson.fault(cell, f"{a} has points; add points=1 to its marker line")
        elif not _has_points(cell):
            points = cell.options["points"]
            yield lesson.fault(cell, f"points={points!r} is no positive number; write points=1")


def points_said_twice(lesson):
    """Find check calls whose `points=` differs from their cell's."""
    for cell in lesson.role("check"):
        for keyword in _keywords(_parsed(cell.source), "points"):
            said = keyword.value
            if isinstance(said, ast.Constant) and said.value != cell.options.get("points"):
                yield lesson.fault(
                    cell,
                    f"the call says points={said.value}, the marker line "
                    f"points={cell.options.get('points')}; make them equal",
                    said.lineno - 1,
                )


def part_of_points_unread(lesson):
    """Find lines that can give part of the points where nbgrader doesn't read it and counts all.

    It reads the value of a cell's last line, if that is an expression, and no `if` or loop.
    """
    for cell in lesson.role("check"):
        body = _parsed(cell.source).body
        read = body[-1] if body else None
        for line in (node for node in body for node in ast.walk(node)):
            is_dropped = isinstance(line, ast.Expr) and line is not read
            if is_dropped and next(_keywords(line.value, "points"), None):
                yield lesson.fault(
                    cell,
                    "this line can give part of the points, which nbgrader reads in a cell's last "
                    "line only, outside of any `if`: move it there, with hidden tests above it, or "
                    "take points= out of it, for all or nothing",
                    line.lineno - 1,
                )


def _keywords(tree, name):
    """Yield the keyword arguments of this name in the calls of some code."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from (keyword for keyword in node.keywords if keyword.arg == name)


def _parsed(source):
    """Return the syntax tree of a cell, an empty one if it isn't plain Python."""
    try:
        return ast.parse(source)
    except SyntaxError:  # a cell with a magic, or one that will be told of when it runs
        return ast.Module([], [])


def points_that_do_not_add_up(lesson):
    """Compare the counts that the first text cell announces with the lesson's.

    A page without exercises needs none.
    """
    worth = [*lesson.role("check"), *lesson.role("essay")]
    if not all(map(_has_points, worth)):
        return  # told by another rule; the sum would only add noise
    exercises = len(lesson.exercises)
    points = round(sum(cell.options["points"] for cell in worth), 6)
    right = f"{_plural(exercises, 'exercise')} · {_plural(points, 'point')}"
    first = next((cell for cell in lesson.cells if cell.kind == "markdown"), lesson.cells[0])
    said = _COUNTS.search(first.source)
    if said is None and worth:
        yield lesson.fault(
            first, f"the first text cell says what the lesson holds; add `{right} · 45 minutes`"
        )
    elif said and (int(said[1]), float(said[2])) != (exercises, points):
        row = first.source[: said.start()].count("\n")
        yield lesson.fault(first, f"the lesson announces `{said[0]}`; it holds {right}", row)


def _plural(number, word):
    return f"{number:g} {word}" + ("" if number == 1 else "s")


# --- text and pictures ----------------------------------------------------------------------


def missing_title(lesson):
    """Find a lesson that does not begin with its title."""
    first = lesson.cells[0]
    if first.kind != "markdown" or not re.search(r"^# \S", first.source, re.MULTILINE):
        yield lesson.fault(first, "the first cell is a text cell with the title, `# Title`; add it")


def image_without_alt(lesson):
    """Find images in the text that say nothing to those who cannot see them."""
    for cell in lesson.cells:
        if cell.kind != "markdown":
            continue
        images = [(found, "![what it shows](...)") for found in _EMPTY_ALT.finditer(cell.source)]
        for found in _IMG.finditer(cell.source):
            if not _ALT.search(found[0]):
                images.append((found, '<img alt="what it shows" ...>'))
        for found, remedy in images:
            row = cell.source[: found.start()].count("\n")
            yield lesson.fault(cell, f"image without alt text; write {remedy}", row)


# --- the learner edition --------------------------------------------------------------------


def refused_by_nbgrader(lesson, solved):
    """Turn what nbgrader itself objects to into a fault, cell by cell."""
    for cell, node in zip(lesson.cells, solved.cells, strict=True):
        _, refusal = _learner_edition(nbformat.from_dict({**solved, "cells": [node]}))
        if refusal:
            yield lesson.fault(cell, f"nbgrader refuses the {refusal}")


def _learner_edition(notebook):
    """Return (the learner edition, None), or (None, what nbgrader objects to in the notebook)."""
    validator = MetadataValidator()
    try:
        for cell in notebook.cells:
            validator.validate_cell(cell)
        return editions.learner_edition(notebook), None
    except ValidationError as error:
        return None, f"cell's options: {error.message}"
    except RuntimeError as error:
        return None, f"cell: {' '.join(str(error).split())}"


def solution_that_leaks(lesson, learner):
    """Find solutions, hidden tests and predicted values that learners could read."""
    secrets = list(leaks.secrets(lesson))
    for cell, node in zip(lesson.cells, learner.cells, strict=True):
        told = set()
        for secret in secrets:
            row = leaks.find(secret, node.source)
            if row is None or (secret.owner, row) in told:
                continue
            told.add((secret.owner, row))
            yield lesson.fault(
                cell,
                f"the learner edition shows {secret.what} of '{secret.owner}' here "
                f"(`{secret.text}`); reword this cell or the exercise",
                _row_in_text(cell, node.source.split("\n")[row]),
            )


def _row_in_text(cell, line):
    """Return the row of a learner's line in the text of the cell, None if it is a stub's."""
    lines = cell.source.split("\n")
    return lines.index(line) if line in lines else None


# --- the executed edition -------------------------------------------------------------------


def cell_that_never_ran(lesson, solved):
    """Find code cells without execution count: nbval passes on them without comparing."""
    for cell, node in zip(lesson.cells, solved.cells, strict=True):
        if node.cell_type == "code" and node.execution_count is None:
            yield lesson.fault(
                cell, "this cell never ran; take it out if it is empty, or its skip-execution tag"
            )


def check_short_of_full_marks(lesson, solved):
    """Find checks that do not give full marks to the lesson's own solution."""
    for cell, node in zip(lesson.cells, solved.cells, strict=True):
        if not is_grade(node) or cell.role == "essay":
            continue
        try:
            score, points = determine_grade(node, editions.SILENT)
        except (KeyError, ValueError) as error:
            yield lesson.fault(cell, f"nbgrader cannot read the check's points: {error}")
            continue
        if number := _numpy_number(node):
            yield lesson.fault(
                cell,
                f"the check ends in {number}, in which nbgrader reads no points, so that anything "
                "earns them all; end it in float(…) of it, or in a line that gives nothing",
            )
        elif score < points:
            yield lesson.fault(
                cell,
                f"the check gives the solution {score:g} of {points:g} points{_reason(node)}; "
                "mend the solution or the check",
            )


def _numpy_number(node):
    """Return what a cell's last line gives if it is a number of NumPy's, as text; else None."""
    for output in node.outputs:
        text = output.get("data", {}).get("text/plain", "")
        if output.output_type == "execute_result" and re.fullmatch(r"np\.\w+\([^()]*\)", text):
            return text
    return None


def _reason(node):
    found = verdict_in(node)
    if found.get("message") and found["state"] != RIGHT:
        return f" ({found['message'].rstrip('.')})"
    for output in node.outputs:
        if output.output_type == "error":
            return f" ({output.ename}: {output.evalue})"
        if output.output_type == "stream" and output.name == "stderr":
            return " (it wrote to stderr)"
    return ""


def figure_without_alt(lesson, solved):
    """Find pictures among the outputs that say nothing to those who cannot see them."""
    for cell, node in zip(lesson.cells, solved.cells, strict=True):
        for output in node.get("outputs", []):
            for kind in output.get("data", {}):
                alt = output.metadata.get(kind, {}).get("alt", "")
                if kind.startswith("image/") and not str(alt).strip():
                    yield lesson.fault(
                        cell,
                        f"a picture without alt text; display it with "
                        f'metadata={{"{kind}": {{"alt": "what it shows"}}}}',
                    )


# Without these in order there is no learner edition to look at.
STRUCTURE = (
    unknown_option,
    option_that_does_not_fit,
    level_out_of_range,
    name_that_nbgrader_refuses,
    duplicate_id,
    marker_out_of_place,
    answer_without_solution,
    prediction_that_is_no_assignment,
    check_without_points,
)
TEXT = (
    check_without_answer,
    answer_without_check,
    answer_name_used_elsewhere,
    rule_in_an_open_cell,
    points_said_twice,
    part_of_points_unread,
    points_that_do_not_add_up,
    missing_title,
    image_without_alt,
)
OUTPUTS = (cell_that_never_ran, check_short_of_full_marks, figure_without_alt)


def before_running(lesson):
    """Return all faults of a lesson that show without running it."""
    structure = _all(STRUCTURE, lesson)
    faults = structure + _all(TEXT, lesson)
    if not structure:
        solved = editions.solved_edition(lesson)
        learner, refusal = _learner_edition(solved)
        if refusal:  # of the whole, which takes far less time than to ask of each cell
            refused = list(refused_by_nbgrader(lesson, solved))
            faults += refused or [lesson.fault(lesson.cells[0], f"nbgrader refuses a {refusal}")]
        else:
            faults += solution_that_leaks(lesson, learner)
    return sorted(faults, key=lambda fault: fault.line)


def after_running(lesson, solved):
    """Return all faults that show in the executed solved edition."""
    return sorted(_all(OUTPUTS, lesson, solved), key=lambda fault: fault.line)


def _all(rules, *subjects):
    return [fault for rule in rules for fault in rule(*subjects)]
