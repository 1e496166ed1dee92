"""Looks after what checks rely on, from within the student's kernel, where checks run inside.

Loaded there with the agent. What a student rebinds in `builtins` is put back before a check runs;
what else would turn a check's verdict around is told: functions and modules of the lesson's own
that have been rebound, functions of libraries that were replaced by the notebook's, and IPython's
own ways of running a cell. What the last line of a check gives is kept as it comes about, whatever
becomes of its display. It holds against what takes a line or two; a determined student can do away
with it, as with anything that runs in the same process.
"""

import ast
import builtins
import sys
import types

#: What checks are wont to ask whether an answer is right.
_TRUSTED = ("math", "numpy", "numpy.testing", "numpy.linalg", "unittest", "unittest.case")
_TRUSTED += ("unittest.mock", "pandas", "pandas.testing", "inspect", "pytest", "operator")
_SHELL = ("run_cell", "run_code", "run_ast_nodes", "showtraceback", "transform_cell")
_SHELL += ("transform_ast", "_showtraceback", "run_cell_async", "do_execute")
RUNS, SHOWS = "how IPython runs a cell", "what IPython shows of a cell"
_KINDS = (types.FunctionType, types.BuiltinFunctionType, types.ModuleType, type)
#: By what name a check calls `Guard.keep`.
_KEEP = "_autograder_keep"


class Guard:
    """Remembers how things were."""

    def __init__(self, names):
        """names: the namespace of the notebook."""
        self.names, self.noted = names, {}
        self.builtins = dict(vars(builtins))
        self.ran, self.is_next, self.kept = None, False, None
        _shell().events.register("post_run_cell", self._after)
        _shell().ast_transformers.append(self)
        self.ways = self._ways()

    def _after(self, ran):
        self.ran = ran

    def visit(self, tree):
        """Have the value of a check's last line pass by `keep`; IPython shows every cell's tree."""
        if self.is_next:
            self.is_next, last = False, tree.body[-1] if tree.body else None
            if isinstance(last, ast.Expr) and self.ways[SHOWS][0] != "none":
                self.names[_KEEP], self.kept = self.keep, []
                last.value = ast.Call(ast.Name(_KEEP, ast.Load()), [last.value], [])
        return tree

    def keep(self, value):
        """Keep what the last line of a check gives, and give it."""
        self.kept.append(value)
        return value

    def note(self, names, shows=False):
        """Take note of what these names stand for now, if it is code.

        shows: Whether the lesson's cell has just set what IPython shows of a cell.
        """
        if shows:
            self.ways[SHOWS] = self._ways()[SHOWS]
        for name in names:
            thing = self.names.get(name)
            self.noted.pop(name, None)
            if isinstance(thing, _KINDS):
                self.noted[name] = thing

    def restore(self, names, shows):
        """Put builtins back; return what else is no longer as it was, of these names and others.

        shows: Whether the check that is next is to show what its last line gives.
        """
        now = vars(builtins)
        for name, thing in self.builtins.items():
            if now.get(name) is not thing and name != "_":
                now[name] = thing
        self.ran, self.is_next, self.kept = None, shows, None
        return self.changed(names)

    def result(self):
        """Return what the last line of the check gave; if that is no value, what was shown."""
        self.names.pop(_KEEP, None)
        is_kept = self.kept is None or len(self.kept) == 1
        if self.ran is None or self.is_next or not is_kept:
            raise RuntimeError("it can't be seen what the cell gave")
        return self.ran.result if self.kept is None else self.kept[0]

    def changed(self, names):
        """Return what is no longer as it was, of these names and others, but for builtins."""
        found = [n for n in names if n in self.noted and self.names.get(n) is not self.noted[n]]
        found += [f"{module}.{name}" for module, name in self._replaced()]
        found += [n for n in names if n not in self.noted and self._hides_builtin(n)]
        now = self._ways()
        found += [way for way in now if now[way] != self.ways[way]]
        return found

    def _replaced(self):
        """Yield (module, name) of functions of libraries that are the notebook's now."""
        for module in filter(sys.modules.get, _TRUSTED):
            for owner, parts in _parts(module, vars(sys.modules[module])):
                for name, thing in list(parts.items()):
                    if _is_of_notebook(thing):
                        yield owner, name

    def _hides_builtin(self, name):
        """Tell whether a name of a builtin stands for something else than that or its like."""
        thing, usual = self.names.get(name), self.builtins.get(name)
        if usual is None or thing is usual or not callable(thing):
            return False
        is_other = isinstance(thing, _KINDS) and getattr(thing, "__name__", name) != name
        return is_other or getattr(thing, "__module__", None) == "__main__"

    def _ways(self):
        """Return what says how a cell is run, and what is shown of it."""
        shell = _shell()
        own = [name for name in _SHELL if name in vars(shell)]
        own += [name for name in _SHELL if _is_of_notebook(getattr(type(shell), name, None))]
        listed = [shell.ast_transformers, shell.input_transformers_post]
        listed += [shell.input_transformers_cleanup, shell.custom_exceptions]
        hook = shell.displayhook
        shows = [name for name, thing in _all_parts(hook) if _is_of_notebook(thing)]
        is_hook = shell.display_trap.hook is hook
        return {
            RUNS: (own, [[id(one) for one in each] for each in listed]),
            SHOWS: (shell.ast_node_interactivity, is_hook, shows),
        }


def _shell():
    from IPython import get_ipython

    return get_ipython()


def _all_parts(thing):
    """Yield (name, part) of an object, and of all its classes."""
    for each in (thing, *type(thing).__mro__):
        yield from getattr(each, "__dict__", {}).items()


def _parts(module, parts):
    yield module, parts
    if module == "unittest.case":
        yield "TestCase", vars(parts["TestCase"])


def _is_of_notebook(thing):
    return isinstance(thing, types.FunctionType) and thing.__module__ == "__main__"
