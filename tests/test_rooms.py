"""Who may import whom: the three rooms of the package."""

import ast
import sys
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "autograder"
LEARNERS_LIBRARIES = {"numpy", "keras", "matplotlib", "IPython"}
# Imported only when somebody asks for the drill's buttons.
ON_DEMAND = {("panel.py", "ipywidgets")}


def imports(room):
    """Return (file, module) for each import in a room, wherever in the file it stands."""
    found = set()
    for path in (PACKAGE / room).rglob("*.py"):
        package = ["autograder", *path.relative_to(PACKAGE).parent.parts]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {(path.name, alias.name) for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                base = package[: len(package) - node.level + 1] if node.level else []
                module = ".".join([*base, *([node.module] if node.module else [])])
                found |= {(path.name, f"{module}.{alias.name}") for alias in node.names}
    assert found, f"no import found in {room}"
    return found


def of_room(found, room):
    return {(file, name) for file, name in found if (name + ".").startswith(f"autograder.{room}.")}


def test_learn_imports_nothing_from_the_other_rooms():
    found = imports("learn")
    assert of_room(found, "author") == of_room(found, "grade") == set()


def test_learn_imports_little():
    allowed = LEARNERS_LIBRARIES | set(sys.stdlib_module_names) | {"autograder"}
    others = {(f, name) for f, name in imports("learn") if name.split(".")[0] not in allowed}
    assert others == ON_DEMAND


def test_what_is_loaded_on_demand_is_no_part_of_loading_learn():
    modules = {file.removesuffix(".py") for file, _ in ON_DEMAND}
    for path in (PACKAGE / "learn").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        loaded = [node for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))]
        named = {part for node in loaded for part in ast.unparse(node).replace(".", " ").split()}
        assert not named & modules, path.name


def test_author_and_grade_do_not_import_each_other():
    assert of_room(imports("author"), "grade") == set()
    assert of_room(imports("grade"), "author") == set()


def test_warm_imports_nothing_from_the_other_rooms():
    found = imports("warm")
    assert of_room(found, "author") == of_room(found, "grade") == of_room(found, "learn") == set()
