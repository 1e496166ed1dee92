"""What a cell does beyond itself, as far as can be read off its text; none of it is run.

`judge.names` knows which names a cell reads, binds and touches. To leave cells out of a run, more
has to be known: which names its functions read when they are called later, which objects may be
parts of one another, and whether it does something that can't be read off names at all.
"""

import ast
import builtins
import re
from dataclasses import dataclass, field
from functools import lru_cache

from autograder.grade.run.judge.names import names_in, parsed

#: Stands among the names for the files that cells write and read, and for settings of libraries.
FILES, SETTINGS = "<files>", "<settings>"
#: Stands among the words for a text that may name an inner part of something.
INNER = "<inner>"

#: What these do to names or objects, nobody can tell from the text.
_UNREADABLE = """
    exec eval globals locals vars dir setattr delattr __import__ __builtins__ breakpoint input
    get_ipython In Out exit quit id hash memoryview
"""
_UNREADABLE = frozenset(_UNREADABLE.split())
#: Under such names IPython keeps what cells have given.
_KEPT = re.compile(r"_+i*\d*|_[iod]h")
#: Parts with two underscores that tell, or hand on, and change nothing.
_HARMLESS_PARTS = frozenset(("__name__", "__doc__", "__init__", "__call__", "__module__"))
#: Builtins and functions that make something new of what they are given, and leave it as it is.
_FRESH = """
    print len type isinstance repr str int float bool abs round sum min max range reads
    ones zeros full arange linspace eye array random normal integers standard_normal uniform
    choice permutation astype copy shape
"""
_FRESH = frozenset(_FRESH.split())
_AT_FILES = """
    open read write save load dump mkdir mkdtemp unlink glob rename remove rmdir rmtree touch tofile
    fromfile genfromtxt iterdir chdir cwd symlink copyfile exists savez to_csv imread imsave
"""
_AT_FILES = frozenset(_AT_FILES.split())
_AT_FILES_TOO = ("read_", "write_", "save_", "load_", "open_", "from_file", "is_file", "is_dir")
#: Functions of a library that change how it goes on, but for its seeds, which every cell gets anew.
_SETTING = ("set_", "enable_", "disable_", "register", "use", "simplefilter", "filterwarnings")
_FILTERS = ("simplefilter", "filterwarnings")
_SEEDS = ("set_random_seed", "set_seed")
_LIBRARIES = ("keras", "tf", "tensorflow", "np", "numpy", "plt", "matplotlib", "mpl", "warnings")
#: What tells the names that Keras numbers in the order in which things are made; and such a name.
_NUMBERED = ("name", "get_layer", "get_config", "to_json", "path")
_NUMBER = re.compile(r"[a-z]\w*_\d+")


@dataclass(frozen=True)
class Effects:
    """What a cell does.

    Attributes:
        reads: Names that it reads, before it binds them itself.
        late: Names that its functions read, whenever they are called.
        binds: Names that it may bind.
        sure: Those that it binds whatever happens, as long as it raises no error.
        touches: Names whose objects it may change.
        changes: Those of which it sets a part.
        together: Sets of names whose objects may be parts of one another from then on.
        imports: {name: what it stands for}.
        made: Names that it binds by `def` and `class`.
        words: All names and parts that stand in it.
        has_inner: Whether it asks for parts whose names begin with an underscore.
        numbered: Whether it asks for names that Keras numbers as things are made.
        unreadable: Why its effects can't be read off, None if they can.
    """

    reads: frozenset = frozenset()
    late: frozenset = frozenset()
    binds: frozenset = frozenset()
    sure: frozenset = frozenset()
    touches: frozenset = frozenset()
    changes: frozenset = frozenset()
    together: tuple = ()
    imports: dict = field(default_factory=dict)
    made: frozenset = frozenset()
    words: frozenset = frozenset()
    has_inner: bool = False
    numbered: bool = False
    unreadable: str | None = None


@lru_cache(maxsize=2000)  # most cells are the same for a whole class
def effects_of(source):
    """Return the Effects of a cell's source."""
    try:
        tree = parsed(source)
        known = names_in(source)
        reader = _Reader()
        reader.visit(tree)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return Effects(unreadable="it can't be read as Python")
    walrus = {n.target.id for n in ast.walk(tree) if isinstance(n, ast.NamedExpr)}
    pseudo = _pseudo(tree, reader)
    return Effects(
        reads=frozenset(known.reads | pseudo | {SETTINGS}),
        late=frozenset(reader.late),
        binds=frozenset(known.binds | walrus),
        sure=frozenset(_sure(tree)),
        touches=frozenset(reader.touched | reader.changed | reader.late | pseudo),
        changes=frozenset(reader.changed),
        together=tuple(map(frozenset, reader.together)),
        imports=reader.imports,
        made=frozenset(_made(tree)),
        words=frozenset(reader.words),
        has_inner=reader.has_inner,
        numbered=reader.numbered,
        unreadable=reader.unreadable,
    )


def tree_of(source):
    """Return a text that is the same for cells that differ in blanks and comments alone."""
    try:
        return ast.dump(parsed(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return source.strip()


def _sure(tree):
    for statement in tree.body:
        targets = []
        if isinstance(statement, ast.Assign):
            targets = statement.targets
        elif isinstance(statement, ast.AnnAssign) and statement.value:
            targets = [statement.target]
        elif isinstance(statement, (ast.Import, ast.ImportFrom)):
            yield from _imported(statement)
        for target in targets:
            parts = target.elts if isinstance(target, (ast.Tuple, ast.List)) else [target]
            yield from (part.id for part in parts if isinstance(part, ast.Name))
    yield from _made(tree)


def _made(tree):
    kinds = ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef
    return {statement.name for statement in tree.body if isinstance(statement, kinds)}


def _imported(node):
    """Return {name: what it stands for} of an import."""
    if isinstance(node, ast.Import):
        names = [(a, a.name if a.asname else a.name.split(".")[0]) for a in node.names]
        return {alias.asname or name: name for alias, name in names}
    return {a.asname or a.name: f"{node.module}.{a.name}" for a in node.names}


def _pseudo(tree, reader):
    """Return what stands for files and settings, if a cell has to do with them."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    names = {name for name in map(_called, calls) if name} | (reader.words & {"open"})
    found = {FILES} if any(n in _AT_FILES or n.startswith(_AT_FILES_TOO) for n in names) else set()
    libraries = {*_LIBRARIES, *reader.imports}
    undone = {id(node) for block in ast.walk(tree) if _restores(block) for node in ast.walk(block)}
    calls = [c for c in calls if id(c) not in undone or not (_called(c) or "").endswith(_FILTERS)]
    return found | ({SETTINGS} if any(_is_setting(call, libraries) for call in calls) else set())


def _restores(block):
    """Tell whether a block puts the filters of warnings back."""
    items = block.items if isinstance(block, ast.With) else ()
    return any(_called(item.context_expr) == "catch_warnings" for item in items)


def _is_setting(call, libraries):
    """Tell whether a call changes how a library goes on; objects have methods of such names."""
    name, path = _called(call) or "", call.func
    while isinstance(path, ast.Attribute):
        path = path.value
    is_of_library = isinstance(path, ast.Name) and path.id in libraries
    return is_of_library and name.startswith(_SETTING) and name not in _SEEDS


def _called(node):
    """Return the last name of a function that is called, None for another node."""
    if not isinstance(node, ast.Call):
        return None
    return getattr(node.func, "attr", None) or getattr(node.func, "id", None)


class _Reader(ast.NodeVisitor):
    """Goes through a cell, and tells names of the notebook from those of its functions."""

    def __init__(self):
        self.scopes, self.is_late = [], False
        self.late, self.touched, self.together = set(), set(), []
        self.imports, self.words, self.unreadable = {}, set(), None
        self.numbered, self.has_inner, self.changed = False, False, set()

    # Scopes

    def visit_FunctionDef(self, node):
        self.words.add(node.name)
        arguments = node.args
        for part in (*node.decorator_list, *arguments.defaults, *arguments.kw_defaults):
            if part:
                self.visit(part)
        self._inside(_locals(node), node.body, late=True)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Lambda(self, node):
        for part in (*node.args.defaults, *node.args.kw_defaults):
            if part:
                self.visit(part)
        self._inside(_locals(node), [node.body], late=True)

    def _visit_comprehension(self, node):
        late = isinstance(node, ast.GeneratorExp)
        bound = {n.id for part in node.generators for n in _stored(part.target)}
        for part in node.generators:
            self._join(part.target, part.iter)
        self._inside(bound, list(ast.iter_child_nodes(node)), late)

    visit_ListComp = visit_SetComp = visit_DictComp = _visit_comprehension
    visit_GeneratorExp = _visit_comprehension

    def _inside(self, names, nodes, late):
        before, self.is_late = self.is_late, self.is_late or late
        self.scopes.append(names)
        for node in nodes:
            self.visit(node)
        self.scopes.pop()
        self.is_late = before

    def _of_notebook(self, node):
        """Return the names of the notebook in an expression."""
        found = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
        return found - set().union(*self.scopes) - set(dir(builtins))

    # What happens

    def visit_Name(self, node):
        self.words.add(node.id)
        if node.id in _UNREADABLE:
            self._give_up(f"it uses {node.id}")
        if self.is_late and isinstance(node.ctx, ast.Load):
            self.late |= self._of_notebook(node)
        elif isinstance(node.ctx, ast.Del):
            self._give_up("it deletes a name")
        is_local = any(node.id in names for names in self.scopes)
        if isinstance(node.ctx, ast.Load) and _KEPT.fullmatch(node.id) and not is_local:
            self._give_up(f"it uses {node.id}")

    def visit_Attribute(self, node):
        self.words.add(node.attr)
        self._part(node.attr)
        self._change(node)
        self.numbered = self.numbered or (node.attr in _NUMBERED and not self.is_late)
        self.generic_visit(node)

    def visit_Subscript(self, node):
        self._change(node)
        self.generic_visit(node)

    def _change(self, node):
        if not isinstance(node.ctx, ast.Load):
            while isinstance(node, (ast.Attribute, ast.Subscript)):
                node = node.value
            self.changed |= self._of_notebook(node)

    def visit_Constant(self, node):
        text = node.value if isinstance(node.value, str) else ""
        self.numbered = self.numbered or bool(_NUMBER.fullmatch(text))
        self.words |= {INNER} if "__" in text else set()

    def _part(self, name):
        is_inner = name.startswith("_") and name not in _HARMLESS_PARTS
        self.has_inner = self.has_inner or is_inner
        is_odd = name.startswith("__") and name not in _HARMLESS_PARTS
        if is_odd or name in ("system", "run_cell", "modules", "f_globals", "f_back"):
            self._give_up(f"it uses {name}")

    def visit_Global(self, node):
        self._give_up("a function of it binds names of the notebook")

    def visit_Import(self, node):
        self.imports |= _imported(node)
        self.words |= {part for alias in node.names for part in alias.name.split(".")}

    def visit_ImportFrom(self, node):
        if any(alias.name == "*" for alias in node.names):
            self._give_up("it imports * from a module")
        self.words |= {alias.name for alias in node.names} | set((node.module or "").split("."))
        self.imports |= _imported(node)

    def visit_Call(self, node):
        name = _called(node)
        if isinstance(node.func, ast.Name) and name in ("getattr", "hasattr"):
            told = node.args[1] if len(node.args) > 1 else None
            if isinstance(told, ast.Constant) and isinstance(told.value, str):
                self.words.add(told.value)
                self._part(told.value)
            else:
                self._give_up(f"it uses {name} with a name that is made up as it runs")
        if name == "get_layer" and any(isinstance(one, ast.Constant) for one in node.args):
            self.numbered = True
        receiver = [node.func.value] if isinstance(node.func, ast.Attribute) else []
        parts = [*receiver, *node.args, *(keyword.value for keyword in node.keywords)]
        if not (isinstance(node.func, ast.Name) and name in _FRESH):
            found = set().union(*map(self._of_notebook, parts))
            self.touched |= found
            if name not in _FRESH:
                self.together.append(found)
        self.generic_visit(node)

    def _join(self, target, value):
        names = self._of_notebook(target) | self._held(value)
        self.together.append(names)

    def _held(self, value):
        """Return the names whose objects may be in what an expression gives."""
        if isinstance(value, (ast.Compare, ast.JoinedStr, ast.Constant)):
            return set()
        if isinstance(value, ast.Call) and _called(value) in _FRESH:
            return set()
        return self._of_notebook(value)

    def visit_Assign(self, node):
        for target in node.targets:
            self._join(target, node.value)
        self.generic_visit(node)

    def visit_AnnAssign(self, node):
        if node.value:
            self._join(node.target, node.value)
        self.generic_visit(node)

    def visit_AugAssign(self, node):
        self._join(node.target, node.value)
        if isinstance(node.target, ast.Name):
            self.changed |= self._of_notebook(node.target)
        self.generic_visit(node)

    def visit_NamedExpr(self, node):
        self._join(node.target, node.value)
        self.generic_visit(node)

    def visit_For(self, node):
        self._join(node.target, node.iter)
        self.generic_visit(node)

    visit_AsyncFor = visit_For

    def visit_withitem(self, node):
        if node.optional_vars:
            self._join(node.optional_vars, node.context_expr)
        self.generic_visit(node)

    def _give_up(self, why):
        self.unreadable = self.unreadable or why


def _stored(node):
    return [n for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]


def _locals(function):
    """Return the names that belong to a function itself."""
    arguments = function.args
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    every += [one for one in (arguments.vararg, arguments.kwarg) if one]
    found = {argument.arg for argument in every}
    body = function.body if isinstance(function.body, list) else [function.body]
    for node in (part for statement in body for part in ast.walk(statement)):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            found |= set(_imported(node))
        elif isinstance(node, ast.ExceptHandler) and node.name:
            found.add(node.name)
    return found
