"""Which names a cell reads, binds and touches; and which of a lesson's own cells a judge needs.

A judge runs check cells, and of the lesson's own cells (neither answers nor checks) only those
that matter to them:

- the locked ones, always: the setup is among them;
- those that bind a name that a check reads, and those that touch one: they call a method of it,
  hand it to a function, or set a part of it;
- the same for every name that those cells read in turn.

A name belongs to whoever binds it last before the place where it is read. What belongs to an
answer is the student's: the judge asks for it. What belongs to the lesson is never asked for, so
no student can put something else in its place.
"""

import ast
import builtins
import re
import symtable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from IPython.core.inputtransformer2 import TransformerManager

from autograder.grade.handed_in.expected import defined_names

AUTHOR, ANSWER, CHECK = "author", "answer", "check"

#: Functions that leave their arguments as they are.
_HARMLESS = (print, len, type, isinstance, repr, str, tuple, list, sorted, id)
_TARGETS = (ast.For, ast.AsyncFor, ast.With, ast.AsyncWith, ast.Try, ast.If, ast.While)


@dataclass
class Names:
    """What a cell does with global names: reads (before it binds them itself), binds, touches.

    changes: of the names it touches, those of which it sets a part. builtins: those it reads.
    """

    reads: set = field(default_factory=set)
    binds: set = field(default_factory=set)
    touches: set = field(default_factory=set)
    changes: set = field(default_factory=set)
    imports: set = field(default_factory=set)
    builtins: set = field(default_factory=set)


@lru_cache(maxsize=1000)  # the cells of a lesson are the same for a whole class
def names_in(source):
    """Return the Names of a cell's source, which may hold IPython's magics."""
    found = Names()
    try:
        tree = parsed(source)
    except SyntaxError:  # whoever runs the cell will say so
        found.binds = _meant(source)
        return found
    for statement in tree.body:
        reads, binds = _global_names(statement)
        reads = reads - found.binds - _bound_first(statement)
        found.builtins |= reads & set(dir(builtins))
        found.reads |= reads - found.builtins
        found.binds |= binds
    for node in ast.walk(tree):
        found.changes |= _changed(node)
        found.touches |= _changed(node) | _handed_over(node)
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            found.imports |= {(a.asname or a.name).split(".")[0] for a in node.names}
    return found


def parsed(source):
    """Return the syntax tree of a cell's source, which may hold IPython's magics."""
    return ast.parse(TransformerManager().transform_cell(source))


def _meant(source):
    """Return the names that a cell which can't be parsed means to bind, as far as can be seen."""
    text = re.sub(r"^[ \t]+", "", source, flags=re.MULTILINE)
    imports = re.findall(r"^(?:from\b.*)?\bimport\b(.*)", text, re.MULTILINE)
    return set(defined_names(text)) | set(re.findall(r"[^\W\d]\w*", " ".join(imports)))


def _global_names(statement):
    """Return the global names that a statement reads, and those that it binds."""
    table = symtable.symtable(ast.unparse(statement), "cell", "exec")
    symbols = table.get_symbols()
    reads = {s.get_name() for s in symbols if s.is_referenced()}
    if isinstance(statement, ast.AugAssign):
        reads |= {n.id for n in [statement.target] if isinstance(n, ast.Name)}
    binds = {s.get_name() for s in symbols if s.is_assigned() or s.is_imported()}
    inner = table.get_children()
    while inner:
        table = inner.pop()
        inner += table.get_children()
        for symbol in table.get_symbols():
            if symbol.is_global() and symbol.is_referenced():
                reads.add(symbol.get_name())
            if symbol.is_declared_global() and symbol.is_assigned():
                binds.add(symbol.get_name())
    return reads, binds


def _bound_first(statement):
    """Return names that a loop, a `with` or an `except` binds before its body reads them."""
    found = set()
    for node in ast.walk(statement) if isinstance(statement, _TARGETS) else ():
        targets = [getattr(node, "target", None), getattr(node, "optional_vars", None)]
        for target in targets if not isinstance(node, ast.AugAssign) else ():
            found |= {n.id for n in ast.walk(target) if _is_stored(n)} if target else set()
        if isinstance(node, ast.ExceptHandler) and node.name:
            found.add(node.name)
    return found


def _is_stored(node):
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)


def _changed(node):
    """Return the names of whose objects a node of a syntax tree sets a part."""
    if isinstance(node, (ast.Attribute, ast.Subscript)) and not isinstance(node.ctx, ast.Load):
        return _roots([node])
    return _roots([node.target]) if isinstance(node, ast.AugAssign) else set()


def _handed_over(node):
    """Return the names whose objects a call may change."""
    if not isinstance(node, ast.Call):
        return set()
    if isinstance(node.func, ast.Name) and node.func.id in {f.__name__ for f in _HARMLESS}:
        return set()
    receiver = [node.func] if isinstance(node.func, ast.Attribute) else []
    return _roots([*receiver, *node.args, *(keyword.value for keyword in node.keywords)])


def _roots(expressions):
    """Return the names at the beginning of `name`, `*name`, `name.part` and `name[part]`."""
    found = set()
    for expression in expressions:
        while isinstance(expression, (ast.Attribute, ast.Subscript, ast.Starred)):
            expression = expression.value
        if isinstance(expression, ast.Name):
            found.add(expression.id)
    return found


@dataclass
class Cell:
    """A code cell of a lesson, as the judge knows it.

    id: of the notebook's cell. role: AUTHOR, ANSWER or CHECK. number: its place among the code
    cells. may_fail: whether it may raise an error, as an example of one does. outputs: what the
    lesson shows below it.
    """

    id: str
    role: str
    source: str
    number: int = 0
    name: str | None = None
    locked: bool = False
    may_fail: bool = False
    outputs: list = field(default_factory=list)

    @cached_property
    def names(self):
        """The Names of the cell."""
        return names_in(self.source)

    @property
    def binds(self):
        """The names that belong to the cell from there on."""
        if self.role != ANSWER:
            return self.names.binds
        # An answer to "change this object" binds nothing; what it sets parts of is the student's.
        return self.names.binds | self.names.changes


class Lesson:
    """The code cells of a lesson's solved edition, and who owns which name where."""

    def __init__(self, notebook):
        codes = (cell for cell in notebook["cells"] if cell["cell_type"] == "code")
        self.cells = [_cell(number, cell) for number, cell in enumerate(codes)]
        self.needed = self._needed()

    def place(self, name):
        """Return the cell with this id, of nbgrader's or of the notebook's; None if none has."""
        return next((cell for cell in self.cells if name in (cell.name, cell.id)), None)

    def owner(self, name, before):
        """Return the cell that binds a name last before a cell, None if there is none."""
        cells = reversed(self.cells[: before.number])
        return next((cell for cell in cells if name in cell.binds), None)

    def asked_for(self, names, cell):
        """Return which of the names are the student's at a cell, in alphabetical order."""
        owners = ((name, self.owner(name, cell)) for name in sorted(names))
        return [name for name, owner in owners if owner and owner.role == ANSWER]

    def leans_on_answers(self, cell):
        """Tell whether what a cell of the lesson does depends on an answer."""
        owners = filter(None, (self.owner(name, cell) for name in cell.names.reads))
        return any(
            owner.role == ANSWER or (owner.role == AUTHOR and self.leans_on_answers(owner))
            for owner in owners
        )

    def _needed(self):
        """Return the numbers of the lesson's own cells that a judge runs."""
        imported = set().union(*(c.names.imports for c in self.cells if c.role != ANSWER))
        wanted, needed = set(), set()
        for cell in reversed(self.cells):
            touched = (cell.names.touches - imported) | cell.binds
            if cell.role == ANSWER:
                wanted -= cell.binds
            elif cell.role == CHECK or cell.locked or touched & wanted:
                needed |= {cell.number} if cell.role == AUTHOR else set()
                wanted = (wanted - cell.binds) | cell.names.reads
        return needed


def _cell(number, cell):
    marks = cell.get("metadata", {}).get("nbgrader") or {}
    role = ANSWER if marks.get("solution") else CHECK if marks.get("grade") else AUTHOR
    tags = cell.get("metadata", {}).get("tags") or ()
    return Cell(
        id=cell.get("id", f"cell-{number}"),
        role=role,
        source=cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"]),
        number=number,
        name=marks.get("grade_id"),
        locked=role == AUTHOR and bool(marks.get("locked")),
        may_fail="raises-exception" in tags,
        outputs=cell.get("outputs") or [] if role == AUTHOR else [],
    )
