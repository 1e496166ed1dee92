"""What a student wrote into cells of the lesson that are locked, where answers may need it.

Such a cell gets the lesson's own text back, so an import or a helper function in it is gone. The
checks of answers that may need it are for a person to look at, if they lose points. What was only
to be looked at (a comment, a `print`, another `assert`) is nobody's concern.
"""

import ast
import builtins
import re
from dataclasses import dataclass

from autograder.grade.handed_in.defuse import shown
from autograder.grade.handed_in.expected import bound_names, checks_of, read_names, statements_of

#: Methods that are called to look at something, as a rule.
_LOOKS = {"describe", "head", "hist", "info", "plot", "show", "summary", "tail", "value_counts"}
#: Functions of Python's own that may change something; all others are taken for looks.
_ACTS = {"__import__", "delattr", "eval", "exec", "next", "setattr"}
#: Stands for the names that a statement may bind without saying which; and such statements.
_ANY = "*"
_BINDS_ANY = re.compile(r"^%run .*|^from [\w.]+ import \*$|\b(?:exec|globals)\(", re.MULTILINE)
#: Names go on through so many functions that call one another, wherever these stand.
_STEPS = 3
#: How many names a sentence has.
_TOLD = 3


@dataclass(frozen=True)
class _Gone:
    """A statement that is gone: the names that it bound, and those whose objects it may change."""

    bound: set
    changed: set


@dataclass(frozen=True)
class _Code:
    """A code cell of the notebook that is graded; of a student's own, `role` is "own"."""

    grade_id: str | None
    role: str
    statements: frozenset
    reads: frozenset
    binds: frozenset
    imports: frozenset


def needed(matching, cells, told=()):
    """Yield (cell, sentence, checks) for each locked cell that had held what answers may need.

    Args:
        matching: of the student's cells with the lesson's.
        cells: of the notebook that is graded, in which the lesson's own text has been put back.
        told: checks that are left to a person for another reason.
    """
    places = [place for place, cell in enumerate(matching.expected) if _lacks(matching, place)]
    if not places:
        return
    codes = _codes(cells, matching.expected)
    owned = checks_of(matching.expected)
    for place in places:
        cell = matching.expected[place]
        names, users = _users(cell, _gone(matching, place), codes, matching.expected)
        checks = _checks(users, owned, matching.expected)
        if set(checks) - set(told):
            exercises = [code for code in users if code.role in ("answer", "check")]
            used = [c.grade_id for c in exercises if c.role == "answer" or c.reads & names]
            gone = _listed(names - {_ANY}) or "what gives names that aren't told"
            sentence = (
                f"{gone} stood in the locked cell {cell.grade_id}, whose own text was put back, "
                f"and {_listed(used)} may need it. Write it into the cell of the answer."
            )
            yield cell.grade_id, sentence, checks


def _checks(users, owned, expected):
    """Return the names of the checks among cells, and of those of the answers among them."""
    found = [code.grade_id for code in users if code.role == "check"]
    answers = [code.grade_id for code in users if code.role == "answer"]
    found += [expected[check].grade_id for answer in answers for check in owned[answer]]
    return tuple(dict.fromkeys(found))


def _listed(names):
    names = sorted(names)
    return ", ".join(map(shown, names[:_TOLD])) + (", ..." if names[_TOLD:] else "")


def _lacks(matching, place):
    """Tell whether a student had other code in a locked cell."""
    cell, found = matching.expected[place], matching.found.get(place)
    if cell.role not in ("check", "locked") or not found:
        return False
    sent = matching.cells[found[0]]
    return sent["cell_type"] == "code" and not cell.is_given(sent["source"])


def _gone(matching, place):
    """Return {statement: _Gone} of what stood in a locked cell, and isn't the lesson's."""
    cell = matching.expected[place]
    ours = statements_of(cell.source) if cell.kind == "code" else set()
    text = matching.cells[matching.found[place][0]]["source"]
    theirs = statements_of(text) | {one for one in text.splitlines() if one.startswith("%run ")}
    return {one: _Gone(_bound(one), _changed(one)) for one in theirs - ours}


def _bound(statement):
    return bound_names(statement) | ({_ANY} if _BINDS_ANY.search(statement) else set())


def _codes(cells, expected):
    known = {cell.id: cell for cell in expected}
    return [_code(c["source"], known.get(c["id"])) for c in cells if c["cell_type"] == "code"]


def _code(text, cell):
    """Return the _Code of a text; cell: the lesson's, None for one of a student's own."""
    role = cell.role if cell else "own"
    is_written = role == "own" or role == "answer" and not cell.is_unanswered(text)
    reads = read_names(text) | ({_ANY} if is_written else set())
    statements = statements_of(text)
    imports = [bound_names(s) for s in statements if s.startswith(("import ", "from "))]
    facts = statements, reads, bound_names(text), set().union(*imports)
    return _Code(cell and cell.grade_id, role, *map(frozenset, facts))


def _users(cell, gone, codes, expected):
    """Return (names, cells): what is gone from a locked cell, and the cells that may need it.

    A function may be called long after it was made, so names count wherever they stood; changes
    count for what comes after them.
    """
    ours = bound_names(cell.source)
    lessons = set().union(*(bound_names(c.source) for c in expected if c.role != "answer"))
    names, users, reached = set(), {}, set()
    for _ in range(_STEPS):
        above, is_below = set(), False
        for number, code in enumerate(codes):
            if code.grade_id == cell.grade_id and code.role == cell.role:
                is_below = True
            if code.role != "check":  # of what a check binds, answers see nothing
                above |= code.statements
            # What stands above as well isn't gone, unless the lesson's text undoes it.
            left = [g for s, g in gone.items() if s not in above or g.bound & ours]
            lost = _lost(code, left, is_below, lessons)
            if lost or code.reads & reached:
                names |= lost
                users[number] = code
                reached |= code.binds if code.role != "check" else set()
    return names, list(users.values())


def _lost(code, left, is_below, lessons):
    """Return the names of what is gone that a cell may need.

    left: what is gone for it. is_below: whether it stands below. lessons: names that are no answer.
    """
    bound = set().union(*(one.bound for one in left))
    if code.role == "check":  # another helper of the checks' own is nobody's answer
        return code.reads & bound - lessons
    changed = set().union(*(one.changed for one in left)) if is_below else set()
    return code.reads & (bound | changed) | code.imports & changed


def _changed(statement):
    """Return the names whose objects a statement may change."""
    try:
        tree = ast.parse(statement)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    parts = [n for n in ast.walk(tree) if isinstance(n, (ast.Attribute, ast.Subscript))]
    set_ = [_root(n) for n in parts if not isinstance(n.ctx, ast.Load)]
    calls = [n.value for n in ast.walk(tree) if isinstance(n, ast.Expr)]
    calls = [call for call in calls if isinstance(call, ast.Call) and not _is_look(call)]
    for call in calls:
        receiver = [call.func.value] if isinstance(call.func, ast.Attribute) else []
        given = [*receiver, *call.args, *(keyword.value for keyword in call.keywords)]
        set_ += [n.id for one in given for n in ast.walk(one) if isinstance(n, ast.Name)]
    return set(filter(None, set_))


def _is_look(call):
    """Tell whether a statement that is a call is there to show something."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr in _LOOKS
    name = getattr(call.func, "id", None)
    return name == "display" or (hasattr(builtins, name or "") and name not in _ACTS)


def _root(node):
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return getattr(node, "id", None)
