"""Who may import whom: the three rooms of the package."""

import ast
import sys
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "autograder"
LEARNERS_LIBRARIES = {"numpy", "keras", "matplotlib", "IPython"}


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
    assert {
        (file, name) for file, name in imports("learn") if name.split(".")[0] not in allowed
    } == (set())


def test_author_and_grade_do_not_import_each_other():
    assert of_room(imports("author"), "grade") == set()
    assert of_room(imports("grade"), "author") == set()
