"""The packages that a notebook imports, and that are there or not where it is graded."""

import ast
import re
import sys
import warnings
from importlib import metadata
from importlib.machinery import PathFinder
from pathlib import Path

from autograder.grade.handed_in.defuse import shown
from autograder.grade.handed_in.expected import MAGIC, checks_of, defined_names
from autograder.grade.handed_in.repair import Remark

OURS = {"autograder", "ipykernel_launcher", "sitecustomize", "usercustomize"}
_LIBRARIES = ("site-packages", "dist-packages")
_OF_MODULES = ("", ".py", ".so", ".pyd")
_IMPORT_ERRORS = {"ImportError", "ModuleNotFoundError", "Exception"}


def is_installed(name):
    """Tell whether Python or a library brings a module of this name, such as `google.colab`."""
    top, *rest = name.split(".")
    # This package is shown to a box wherever it lies, as after `pip install -e`.
    if top in sys.stdlib_module_names or top == __package__.partition(".")[0]:
        return True
    # Not what is importable from where we stand, which may be the folder that is looked at.
    spec = PathFinder.find_spec(top, [e for e in sys.path if Path(e).name in _LIBRARIES])
    if spec and spec.loader is None and rest:  # a folder that several packages share
        return bool(PathFinder.find_spec(".".join([top, rest[0]]), spec.submodule_search_locations))
    return bool(spec)


def installed():
    """Return {name: version} of the packages that are installed here."""
    found = {d.metadata["Name"]: d.version for d in metadata.distributions()}
    return dict(sorted(found.items(), key=lambda item: str(item[0]).lower()))


def beyond(cells, expected, beside=()):
    """Yield sentences on packages that are installed here, and that the course doesn't bring."""
    brought = _brought()
    if not brought:
        return
    given = {cell.id: cell.source for cell in expected}
    theirs = [c for c in cells if c["cell_type"] == "code" and given.get(c["id"]) != c["source"]]
    known = _modules(given.values()) | modules_in(beside) | OURS
    known |= sys.stdlib_module_names
    used = sorted(_modules(cell["source"] for cell in theirs) - known)
    if not used:
        return
    by_module = metadata.packages_distributions()
    for name in used:
        if by_module.get(name) and not brought & set(map(_normal, by_module[name])):
            yield (
                f"The package {shown(name)} is installed here, but the course doesn't bring it: "
                "ask whether it is there where this is graded."
            )


def _modules(sources):
    found = (module for source in sources for module, _ in _imports(source))
    return {module.partition(".")[0] for module in found}


def _brought():
    """Return the names of the packages that come with this one."""
    found, left = set(), ["keras-shapes"]
    while left:
        name = _normal(left.pop())
        if name not in found:
            try:
                needed = metadata.requires(name) or []
            except metadata.PackageNotFoundError:
                continue
            found.add(name)
            left += [re.match(r"[\w.-]+", one)[0] for one in needed if "extra ==" not in one]
    return found


def _normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def modules_in(files):
    """Return the names of the modules and folders that these paths go through.

    A lesson may put any folder beside it into `sys.path`, so it doesn't matter how deep they lie.
    """
    parts = {part for name in files for part in Path(name).parts}
    return {part.partition(".")[0] for part in parts if Path(part).suffix in _OF_MODULES}


def paths_in(folder):
    """Return the paths of what lies in a folder and in its folders, as seen from it."""
    folder = Path(folder)
    found = [*folder.glob("*"), *folder.glob("*/*")]
    return sorted(str(path.relative_to(folder)) for path in found)


def missing(cells, expected, beside=(), here="where this is graded"):
    """Return remarks on packages that cells of a student import, and that aren't there.

    Args:
        cells: of the repaired notebook.
        expected: the lesson's.
        beside: names of files and folders that lie beside the notebook, or paths from there.
        here: where they aren't, in words.
    """
    own = modules_in(beside) | OURS
    given = {cell.id: cell.source for cell in expected}
    found = {}  # {package: (where first, all the names that are lost by it)}
    for number, cell in enumerate(cells, 1):
        if cell["cell_type"] != "code" or given.get(cell["id"]) == cell["source"]:
            continue
        for module, bound in _imports(cell["source"]):
            if module.partition(".")[0] in own or is_installed(module):
                continue
            where = _grade_id(cell) or f"cell {number}"
            _, lost = found.setdefault(_package(module), (where, set()))
            lost |= bound | set(defined_names(cell["source"])) | {_grade_id(cell)}
    return [
        Remark(
            where,
            f"The package {shown(name)} isn't installed {here}{_or_file(name)}, so what needs it "
            "can't run. Do without it, or ask for it (`autograder sandbox --packages` lists what "
            "is there).",
            _checks(cells, expected, lost),
        )
        for name, (where, lost) in found.items()
    ]


def _or_file(name):
    """Return words on the file that may have been meant instead."""
    return f", and no {shown(name)}.py lies beside the notebook" if "." not in name else ""


def _package(module):
    top, *rest = module.split(".")
    shared = rest and PathFinder.find_spec(top, [e for e in sys.path if Path(e).name in _LIBRARIES])
    return f"{top}.{rest[0]}" if shared else top


def _grade_id(cell):
    return (cell["metadata"].get("nbgrader") or {}).get("grade_id")


def _checks(cells, expected, lost):
    """Return the checks of the answers that need one of these names, or are in a cell lost."""
    texts = {_grade_id(cell): cell["source"] for cell in cells}
    return tuple(
        expected[place].grade_id
        for answer, places in checks_of(expected).items()
        if answer in lost or lost & set(re.findall(r"\w+", texts.get(answer, "")))
        for place in places
    )


def _imports(source):
    """Yield (module, the names that are bound by it) for the imports of a cell, but for tries."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of escape sequences
            tree = ast.parse(MAGIC.sub(r"\1pass", source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    tried = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.Try) and any(map(_catches, node.handlers))
        for part in node.body
        for inner in ast.walk(part)
    }
    for node in ast.walk(tree):
        if id(node) in tried:
            continue
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, {alias.asname or alias.name.partition(".")[0]}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = {alias.asname or alias.name for alias in node.names}
            yield node.module, names
            if "." not in node.module:  # from google import colab
                for alias in node.names:
                    yield f"{node.module}.{alias.name}", names


def _catches(handler):
    return handler.type is None or any(
        isinstance(node, ast.Name) and node.id in _IMPORT_ERRORS for node in ast.walk(handler.type)
    )
