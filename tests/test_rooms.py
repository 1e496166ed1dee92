"""Who may import whom: the three rooms of the package, and the page that shows them."""

import ast
import functools
import re
import sys
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "autograder"
HOUSE = (PACKAGE.parent / "docs" / "house.md").read_text(encoding="utf-8")
LEARNERS_LIBRARIES = {"numpy", "keras", "matplotlib", "IPython"}
# Imported only when somebody asks for the drill's buttons.
ON_DEMAND = {("panel.py", "ipywidgets")}


@functools.cache
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


def test_the_rooms_of_grading_build_on_one_another():
    # `cli`, `grading` and others that stand above may use them all.
    rooms = ["handed_in", "run", "book"]
    above = sorted(p.stem for p in (PACKAGE / "grade").glob("*.py") if p.stem != "__init__")
    for place, room in enumerate(rooms):
        found = {(file, f"{name}.") for file, name in imports(f"grade/{room}")}
        higher = tuple(f"autograder.grade.{name}." for name in rooms[place + 1 :] + above)
        assert {(file, name) for file, name in found if name.startswith(higher)} == set()


def arrows(rooms, where=""):
    """Return {(room, room that it imports)} among some rooms, which lie in a folder."""
    name = f"{where}/{{}}" if where else "{}"
    return {
        (room, other)
        for room in rooms
        for other in rooms
        if other != room
        and of_room(imports(name.format(room)), name.format(other).replace("/", "."))
    }


def test_the_picture_of_the_house_shows_what_is_imported():
    whole, grading = re.findall(r"```mermaid\n(.*?)```", HOUSE, re.DOTALL)
    drawn = [set(re.findall(r"(\w+) --> (\w+)", picture)) for picture in (whole, grading)]
    folders = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert drawn[0] == arrows(folders) and {room for pair in drawn[0] for room in pair} == folders
    assert drawn[1] == arrows({"handed_in", "run", "book"}, "grade")


def test_what_the_page_on_the_house_names_is_there():
    named = re.findall(r"\| `(\w[\w/]*\.py)` \| `([\w.]+)` \|", HOUSE)
    assert len(named) > 25
    for file, name in named:
        body = ast.parse((PACKAGE / file).read_text(encoding="utf-8")).body
        for part in name.split("."):
            found = [node for node in body if getattr(node, "name", None) == part]
            assert found, f"{file} has no {name}"
            body = found[0].body


def test_the_commands_on_the_page_name_tests_that_are_there():
    tried = re.findall(r"\| `[^`|]*?(tests/[\w/.]+)[^`|]*` \|$", HOUSE, re.MULTILINE)
    assert len(tried) == 5
    assert [path for path in tried if not (PACKAGE.parent / path).exists()] == []
