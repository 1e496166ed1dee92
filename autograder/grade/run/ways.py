"""Two ways to judge a check, chosen for each before anybody is graded.

Apart: in a process that never held a student's code (see `judge`). Inside: in the student's own
kernel, as nbgrader does it (see `inside`). A check is judged apart if it can be read off the
lesson that it means the same there: it calls functions of the student's with plain values, and
compares plain values, and does nothing else. Where this can't be seen, it is judged inside, so
that nobody loses or gains a point by where a check runs.

A lesson that imports `autograder.learn` is written for the judge. All its checks are judged apart,
and what can't be goes to a person.
"""

import ast
import builtins
import re
from functools import lru_cache

from autograder.grade.run.judge.names import ANSWER, AUTHOR, CHECK

APART, INSIDE = "apart", "inside"

#: Builtins that only look at what they are given, and make something new.
_BUILTINS = """
    abs all any ascii bin bool bytes complex dict divmod enumerate float format frozenset hex int
    isinstance len list max min oct ord chr pow print range repr reversed round set sorted str sum
    tuple type zip
"""
_PURE = frozenset(_BUILTINS.split())
_PLAIN_TYPES = (bool, int, float, complex, str, bytes, tuple, list, dict, set, frozenset)
_PLAIN_TYPES = frozenset(kind.__name__ for kind in _PLAIN_TYPES)
#: Of NumPy, the same; of `math`, everything.
_OF_NUMPY = """
    abs absolute all allclose any arange argmax argmin argsort around array array_equal asarray ceil
    concatenate cos cumsum diag dot e exp eye float32 float64 floor full identity inf int32 int64
    isclose isfinite isinf isnan linspace log log10 log2 matmul max mean median min nan ndarray
    ndim ones outer pi prod round shape sign sin size sort sqrt std sum tan transpose unique var
    vstack hstack zeros
    testing.assert_allclose testing.assert_almost_equal testing.assert_array_almost_equal
    testing.assert_array_equal testing.assert_equal
    linalg.det linalg.inv linalg.norm linalg.solve
"""
_LIBRARIES = {"math": None, "numpy": frozenset(_OF_NUMPY.split())}
_NUMBERS = frozenset(f"{top}.{name}" for top in _LIBRARIES for name in ("pi", "e", "inf", "nan"))
#: Methods and parts of plain values that leave them as they are.
_PARTS = frozenset(("shape", "ndim", "size", "dtype", "T", "real", "imag"))
_METHODS = """
    all any astype capitalize count endswith find flatten format get index isalpha isdigit islower
    isupper items join keys lower lstrip max mean min ravel replace reshape round rstrip split
    splitlines startswith std strip sum title tolist transpose upper values
"""
_KEPT = frozenset(_METHODS.split())
_FOR_APART = re.compile(r"^\s*(?:from|import)\s+autograder\.learn\b", re.MULTILINE)


def is_for_apart(lesson):
    """Tell whether a lesson is written for the judge: a cell that is no answer imports `learn`."""
    return any(c.role != ANSWER and _FOR_APART.search(c.source) for c in lesson.cells)


@lru_cache(maxsize=8)  # it is asked for each student
def inside(lesson):
    """Return {check: why it is judged inside}, a phrase each; the other checks are judged apart."""
    if is_for_apart(lesson):
        return {}
    found = {cell.name: _why(lesson, cell) for cell in lesson.cells if cell.role == CHECK}
    return {name: why for name, why in found.items() if why}


def _why(lesson, cell):
    try:
        tree = ast.parse(cell.source)
        _Reader(lesson, cell).read(tree.body)
    except SyntaxError:
        return "it is more than Python"
    except _Inside as found:
        return str(found)
    return None


class _Inside(Exception):
    """A check does something that may mean something else apart; says what."""


class _Reader:
    """Reads a check, and raises `_Inside` at the first thing that isn't known to be the same.

    What is followed: which names are the student's, and whether they are called or looked at; how
    many results of calls are there at once, which might be one and the same object; and that
    nothing is handed over that is looked at again afterwards.
    """

    def __init__(self, lesson, cell):
        self.lesson, self.cell = lesson, cell
        self.own, self.constant = set(), set()  # names of the check's; those that can't change
        self.libraries = {}  # name: the path in a library that it stands for
        self.called, self.looked_at, self.kept = set(), set(), False

    def read(self, statements):
        """Read all statements of the check."""
        self.students = self._students(ast.Module(statements, []))
        self.block(statements)
        if self.called and self.looked_at:
            raise _Inside("it calls functions and looks at values, which they may change")
        if self.kept and self.calls(ast.Module(statements, [])) > 1:
            raise _Inside("it keeps what a call gave while it calls again")

    def _students(self, tree):
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        return set(self.lesson.asked_for(names, self.cell))

    def block(self, statements):
        for statement in statements:
            reader = getattr(self, f"do_{type(statement).__name__.lower()}", None)
            if reader is None:
                raise _Inside(f"it has a statement ({type(statement).__name__.lower()}) of its own")
            reader(statement)

    # Statements

    def do_assert(self, node):
        self.value(node.test)
        if node.msg:
            self.value(node.msg)

    def do_expr(self, node):
        self.value(node.value)

    def do_pass(self, node):
        """Nothing happens."""

    def do_assign(self, node):
        self.value(node.value)
        self.kept = self.kept or self.calls(node.value) > 0
        for target in node.targets:
            self.bind(target, _is_constant(node.value))

    def do_if(self, node):
        self.value(node.test)
        self.block(node.body)
        self.block(node.orelse)

    def do_for(self, node):
        self.value(node.iter)
        if self.calls(node.iter):
            raise _Inside("it goes through what a call gives")
        self.bind(node.target, self._gives_constants(node.iter))
        before = self.kept
        self.kept = False
        self.block(node.body)
        if self.kept:
            raise _Inside("it keeps what a call gave while it calls again")
        self.kept = before
        self.block(node.orelse)

    def do_import(self, node):
        for alias in node.names:
            if alias.name not in _LIBRARIES or (not alias.asname and "." in alias.name):
                raise _Inside(f"it imports {alias.name}")
            self.own.discard(alias.asname or alias.name)

    def do_importfrom(self, node):
        for alias in node.names:
            if not _is_pure(f"{node.module}.{alias.name}"):
                raise _Inside(f"it imports {alias.name} from {node.module}")

    def bind(self, target, constant):
        if isinstance(target, (ast.Tuple, ast.List)):
            for part in target.elts:
                self.bind(part, constant)
            return
        if not isinstance(target, ast.Name):
            raise _Inside("it changes a part of something")
        if target.id in self.students:
            raise _Inside(f"it gives {target.id}, which is the answer's, another value")
        self.own.add(target.id)
        (self.constant.add if constant else self.constant.discard)(target.id)

    # Values

    def value(self, node):
        """Read an expression."""
        lets_go = isinstance(node, (ast.BoolOp, ast.UnaryOp, ast.IfExp, ast.Call))
        if not lets_go and self.calls(node) > 1:
            raise _Inside("it holds what two calls gave at once")
        reader = getattr(self, f"of_{type(node).__name__.lower()}", None)
        if reader is None:
            raise _Inside(f"it has an expression ({type(node).__name__.lower()}) of its own")
        reader(node)

    def values(self, nodes):
        for node in nodes:
            if node is not None:
                self.value(node)

    def of_constant(self, node):
        """It is what it is."""

    def of_name(self, node):
        if node.id in self.students:
            self.looked_at.add(node.id)
        elif node.id not in self.own and not self.library(node) and node.id not in _PLAIN_TYPES:
            raise _Inside(f"it uses {node.id}, of which only the notebook knows what it is")

    def of_tuple(self, node):
        self.values(node.elts)

    of_list = of_set = of_tuple

    def of_dict(self, node):
        if None in node.keys:
            raise _Inside("it puts together dictionaries")
        self.values([*node.keys, *node.values])

    def of_boolop(self, node):
        self.values(node.values)

    def of_unaryop(self, node):
        self.value(node.operand)

    def of_binop(self, node):
        self.values([node.left, node.right])

    def of_ifexp(self, node):
        self.values([node.test, node.body, node.orelse])

    def of_compare(self, node):
        sides = [node.left, *node.comparators]
        for op, left, right in zip(node.ops, sides, sides[1:], strict=False):
            if isinstance(op, (ast.Is, ast.IsNot)) and not (_is_single(left) or _is_single(right)):
                raise _Inside("it asks whether two things are the same one")
            found = [self.held(left), self.held(right)]
            if all(found) and len(set.union(*found)) > 1:
                raise _Inside("it compares two values of the answer, which may share a part")
        self.values(sides)

    def held(self, node):
        """Return the names of the student's values that may be, or lie in, what is compared.

        Lists and their like take a part for equal to itself, whatever it is: an array, a NaN.
        Apart, each value has parts of its own.
        """
        if isinstance(node, ast.Call):
            copies = isinstance(node.func, ast.Name) and node.func.id in (*_PLAIN_TYPES, "sorted")
            inner = node.args if copies else []
        elif isinstance(node, ast.Subscript):
            inner = [node.value]
        elif isinstance(node, (ast.Tuple, ast.List, ast.Set, ast.Dict, ast.BoolOp, ast.IfExp)):
            inner = ast.iter_child_nodes(node)
        else:
            inner = []
        own = {node.id} & self.students if isinstance(node, ast.Name) else set()
        return own.union(*map(self.held, inner))

    def of_subscript(self, node):
        self.values([node.value, node.slice])

    def of_slice(self, node):
        self.values([node.lower, node.upper, node.step])

    def of_joinedstr(self, node):
        self.values(node.values)

    def of_formattedvalue(self, node):
        self.values([node.value, node.format_spec])

    def of_attribute(self, node):
        if not self.library(node):
            if node.attr not in _PARTS:
                raise _Inside(f"it asks for .{node.attr} of a value")
            self.value(node.value)

    def comprehension(self, node):
        for part in node.generators:
            self.value(part.iter)
            if self.calls(part.iter):
                raise _Inside("it goes through what a call gives")
            self.bind(part.target, self._gives_constants(part.iter))
            self.values(part.ifs)
        kinds = (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,)
        self.values(kinds)
        if self.calls(node):
            raise _Inside("it holds what several calls gave at once")

    of_listcomp = of_setcomp = of_dictcomp = of_generatorexp = comprehension

    def of_call(self, node):
        if any(keyword.arg is None for keyword in node.keywords):
            raise _Inside("it hands over a dictionary of arguments")
        arguments = [*node.args, *(keyword.value for keyword in node.keywords)]
        function = node.func
        if isinstance(function, ast.Name) and function.id in self.students:
            self.called.add(function.id)
            if not all(map(self.is_fresh, arguments)):
                raise _Inside(f"it hands {function.id} something that may be changed or looked at")
            return
        if sum(map(self.calls, arguments)) > 1:
            raise _Inside("it holds what two calls gave at once")
        if self._asks_one_by_one(node):
            return
        if not self._is_pure(function):
            raise _Inside(f"it calls {ast.unparse(function)[:60]}")
        self.values(arguments)

    def _asks_one_by_one(self, node):
        """Read `all(... for ...)` or `any`, which let go of each result before the next call."""
        is_one = isinstance(node.func, ast.Name) and node.func.id in ("all", "any")
        if not is_one or len(node.args) != 1 or not isinstance(node.args[0], ast.GeneratorExp):
            return False
        for part in node.args[0].generators:
            self.value(part.iter)
            if self.calls(part.iter):
                raise _Inside("it goes through what a call gives")
            self.bind(part.target, self._gives_constants(part.iter))
            self.values(part.ifs)
        self.value(node.args[0].elt)
        return True

    def _is_pure(self, function):
        if isinstance(function, ast.Name):
            is_builtin = function.id in _PURE and not self._is_rebound(function.id)
            return is_builtin or bool(self.library(function))
        if isinstance(function, ast.Attribute):
            if self.library(function):
                return True
            if function.attr in _KEPT:
                self.value(function.value)
                return True
        return False

    def _is_rebound(self, name):
        return name in self.own or self.lesson.owner(name, self.cell) is not None

    def library(self, node):
        """Return the path in a library of what only looks, that an expression stands for."""
        parts = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name) or node.id in self.own or node.id in self.students:
            return None
        if (origin := self._imported(node.id)) is None:
            return None
        path = ".".join([origin, *reversed(parts)])
        return path if path in _LIBRARIES or _is_pure(path) else None

    def _imported(self, name):
        """Return what a name stands for that the check or a cell of the lesson has imported."""
        owner = self.lesson.owner(name, self.cell)
        for cell in (self.cell, owner):
            if cell is not None and (cell is self.cell or cell.role == AUTHOR):
                found = _imports(cell.source).get(name)
                if found is not None:
                    return found
        return None

    def is_fresh(self, node):
        """Tell whether nobody else can get hold of what an argument gives, or it can't change."""
        if isinstance(node, ast.Constant):
            return True
        if isinstance(node, ast.Name):
            return node.id in self.constant
        if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
            return all(map(self.is_fresh, node.elts))
        if isinstance(node, ast.Dict):
            return None not in node.keys and all(map(self.is_fresh, [*node.keys, *node.values]))
        if isinstance(node, ast.UnaryOp):
            return self.is_fresh(node.operand)
        if isinstance(node, ast.BinOp):
            return self.is_fresh(node.left) and self.is_fresh(node.right)
        if isinstance(node, ast.Call) and not self.calls(node):
            new = isinstance(node.func, ast.Name) and node.func.id in ("range", *_PLAIN_TYPES)
            path = self.library(node.func)
            made = path and path.removeprefix("numpy.") in ("array", "arange", "linspace", *_MADE)
            arguments = [*node.args, *(keyword.value for keyword in node.keywords)]
            return bool(new or made) and all(map(self._is_fresh_or_type, arguments))
        return self.library(node) in _NUMBERS

    def _is_fresh_or_type(self, node):
        is_type = isinstance(node, ast.Name) and node.id in _PLAIN_TYPES
        return is_type or self.is_fresh(node)

    def _gives_constants(self, node):
        """Tell whether going through something gives only what can't change."""
        if _is_constant(node) or (isinstance(node, ast.Name) and node.id in self.constant):
            return True
        if isinstance(node, (ast.List, ast.Set)):
            return all(map(_is_constant, node.elts))
        if isinstance(node, ast.Dict):
            return all(map(_is_constant, node.keys))
        named = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        if named and node.func.id in ("range", "zip", "enumerate", "reversed", "sorted"):
            return node.func.id == "range" or all(map(self._gives_constants, node.args))
        return False

    def calls(self, tree):
        """Return how many calls of the student's functions an expression holds."""
        nodes = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
        return sum(isinstance(n.func, ast.Name) and n.func.id in self.students for n in nodes)


_MADE = ("ones", "zeros", "eye", "full", "identity", "float32", "float64", "int32", "int64")


def _imports(source):
    """Return {name: its path} of what the statements of a cell import."""
    try:
        tree = ast.parse(source)
    except SyntaxError:  # magics, which the judge's own cells may hold
        return {}
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            tops = (alias.name.split(".")[0] for alias in node.names)
            found |= {
                a.asname or top: a.name if a.asname else top
                for a, top in zip(node.names, tops, strict=True)
            }
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found |= {a.asname or a.name: f"{node.module}.{a.name}" for a in node.names}
    return found


def _is_pure(path):
    """Tell whether a path in a library is of what only looks at what it is given."""
    top, _, rest = path.partition(".")
    if top not in _LIBRARIES or not rest:
        return False
    return _LIBRARIES[top] is None or rest in _LIBRARIES[top]


def _is_constant(node):
    """Tell whether an expression gives what nothing can change: numbers, texts, tuples of such."""
    if isinstance(node, ast.Tuple):
        return all(map(_is_constant, node.elts))
    if isinstance(node, ast.UnaryOp):
        return _is_constant(node.operand)
    if isinstance(node, ast.BinOp):
        return _is_constant(node.left) and _is_constant(node.right)
    return isinstance(node, ast.Constant)


def _is_single(node):
    """Tell whether there is only one of what an expression gives."""
    if isinstance(node, ast.Name):
        return node.id in _PLAIN_TYPES and hasattr(builtins, node.id)
    return isinstance(node, ast.Constant) and (node.value is None or type(node.value) is bool)
