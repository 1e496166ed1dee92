"""Tells whether a check spells out all that it compares an answer with.

Where it does, an answer that changes the check's own values can't be accepted for that alone: what
these, and what it returns, have to come to is written in the check. What isn't known here to be so
may compute with what was changed.
"""

import ast
import types

import numpy as np

#: Builtins that look at one thing.
_LOOKS = """
    abs bool bytes dict float frozenset int len list max min repr round set sorted str sum tuple
    type
"""
_LOOKS = frozenset(_LOOKS.split())
#: Functions of NumPy that make an array of what is spelled out, and those that compare two.
_MADE = ("arange", "array", "eye", "full", "ones", "zeros")
_COMPARED = ("allclose", "array_equal")
#: Classes of the lesson's own values that do nothing of their own.
_PLAIN = (bool, int, float, str, bytes, bytearray, tuple, list, dict, set, frozenset, np.ndarray)
_ASSERTED = ("assert_allclose", "assert_array_equal", "assert_equal", "assert_array_almost_equal")


def is_spelled_out(source, answers, namespace):
    """Tell whether all that a check compares is compared with constants.

    Args:
        source: The check's text.
        answers: The names in it that are the student's.
        namespace: The names that it sees, after it was run.
    """
    try:
        statements = ast.parse(source).body
    except SyntaxError:  # it is more than Python
        return False
    reader = _Reader(answers, namespace)
    if not all(map(reader.statement, statements)):
        return False
    last = statements[-1] if statements else None
    return not isinstance(last, ast.Expr) or reader.asserts(last.value)  # others may give points


class _Reader:
    def __init__(self, answers, namespace):
        self.answers, self.bound, self.namespace = set(answers), set(), namespace

    def statement(self, node):
        if isinstance(node, ast.Assert):
            return self.holds(node.test)
        if isinstance(node, ast.Assign):
            targets = [n for target in node.targets for n in ast.walk(target)]
            fine = all(isinstance(n, (ast.Name, ast.Tuple, ast.Store)) for n in targets)
            names = {n.id for n in targets if isinstance(n, ast.Name)}
            fine = fine and not names & (_LOOKS | self.answers) and self.looks(node.value)
            self.bound |= names
            return fine
        if isinstance(node, ast.Import):
            return all(alias.name == "numpy" for alias in node.names)
        if not isinstance(node, ast.Expr):
            return isinstance(node, ast.Pass)
        return self.asserts(node.value) or self.does(node.value)

    def asserts(self, node):
        """Tell whether it is `np.testing.assert_...`, of one thing that is looked at."""
        is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        module = node.func.value if is_call else None
        if not (isinstance(module, ast.Attribute) and module.attr == "testing"):
            return False
        return self.numpys(module.value) and node.func.attr in _ASSERTED and self.compares(node)

    def does(self, node):
        """Tell whether it is a call of something, of which nothing is looked at."""
        if not isinstance(node, ast.Call):
            return self.looks(node)
        method = isinstance(node.func, ast.Attribute) and not self.module(node.func.value)
        if not method:
            return self.looks(node)
        return self.looks(node.func.value) and all(map(self.looks, _arguments(node)))

    def holds(self, node):
        """Tell whether a condition only compares what is looked at with constants."""
        if isinstance(node, ast.BoolOp):
            return all(map(self.holds, node.values))
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return self.holds(node.operand)
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            return self.all_but_one(sides)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            is_known = self.numpys(node.func.value) and node.func.attr in _COMPARED
            return is_known and self.compares(node)
        return False

    def compares(self, node):
        return self.all_but_one(_arguments(node))

    def all_but_one(self, nodes):
        left = [node for node in nodes if not self.spelled(node)]
        return len(left) <= 1 and all(map(self.looks, left))

    def looks(self, node):
        """Tell whether an expression looks at one thing, or calls an answer."""
        if self.spelled(node):
            return True
        if isinstance(node, ast.Name):
            is_plain = type(self.namespace.get(node.id)) in _PLAIN
            return node.id in self.answers | self.bound or is_plain
        if isinstance(node, ast.Attribute):
            return self.looks(node.value)
        if isinstance(node, ast.Subscript):
            return self.looks(node.value) and self.spelled(node.slice)
        if not isinstance(node, ast.Call):
            return False
        function, arguments = node.func, _arguments(node)
        if isinstance(function, ast.Name) and function.id in self.answers:
            return all(map(self.looks, arguments))
        if isinstance(function, ast.Name):
            known = function.id in _LOOKS and function.id not in self.namespace
            known = known or (function.id == "type" and len(arguments) == 1)
            return known and len(arguments) == 1 and self.looks(arguments[0])
        is_method = isinstance(function, ast.Attribute)
        return is_method and self.looks(function.value) and all(map(self.spelled, arguments))

    def spelled(self, node):
        """Tell whether an expression is a constant, or made of such."""
        if isinstance(node, ast.Call):
            made = isinstance(node.func, ast.Attribute) and node.func.attr in _MADE
            known = made and self.numpys(node.func.value)
            return known and all(map(self.spelled, _arguments(node)))
        if isinstance(node, ast.Dict):
            return None not in node.keys and all(map(self.spelled, [*node.keys, *node.values]))
        kinds = (ast.Tuple, ast.List, ast.Set, ast.UnaryOp, ast.BinOp, ast.Slice)
        inner = [n for n in ast.iter_child_nodes(node) if isinstance(n, ast.expr)]
        return isinstance(node, (ast.Constant, *kinds)) and all(map(self.spelled, inner))

    def module(self, node):
        known = self.namespace.get(node.id) if isinstance(node, ast.Name) else None
        return isinstance(known, types.ModuleType)

    def numpys(self, node):
        return self.module(node) and self.namespace[node.id].__name__ == "numpy"


def _arguments(call):
    """Return the arguments of a call; a list or dictionary of them is none that can be read."""
    return [*call.args, *(keyword.value for keyword in call.keywords)]
