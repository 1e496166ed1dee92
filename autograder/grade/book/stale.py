"""Whether a lesson's source is newer than what the gradebook knows and students got of it."""

import logging

import nbformat
from nbgrader.converters import GenerateAssignment
from nbgrader.preprocessors import InstantiateTests, SaveCells
from traitlets import import_item

from autograder.grade.book import generated
from autograder.grade.handed_in.defuse import shown
from autograder.grade.handed_in.expected import squeezed
from autograder.grade.run.files import read_files

_SILENT = logging.getLogger("autograder.grade.quiet")


def notes(course, lesson, notebooks):
    """Return sentences on a lesson that was changed and not generated again.

    Args:
        course: an OpenedCourse.
        lesson: name of the lesson.
        notebooks: {name: its cells as the gradebook and the released notebook have them, a list of
            `expected.LessonCell`}.
    """
    return [said for each in notebooks.items() for said in _notes(course, lesson, *each)]


def _notes(course, lesson, notebook, cells):
    path = course.folder("source", ".", lesson) / f"{notebook}.ipynb"
    try:
        source = _prepared(course, lesson, path)
    except Exception:  # whatever it is, `nbgrader generate_assignment` says it better
        return []
    marked = {name: cell for cell in source if (name := _grade_id(cell))}
    known = {cell.grade_id: cell for cell in cells if cell.grade_id}
    if lost := sorted(marked.keys() ^ known.keys()):
        return [
            f"{path} has other cells than the gradebook knows ({_some(lost)}): it is graded as it "
            "was generated, and nbgrader takes cells in or out only before anybody is graded."
        ]
    changed = [name for name, cell in marked.items() if _differs(cell, known[name])]
    whose = "the gradebook knows" if changed else "was handed out"
    if (course.folder("release", ".", lesson) / f"{notebook}.ipynb").is_file():
        changed += [*_other_cells(source, cells), *_other_files(course, lesson)]
    if not changed:
        return []
    return [
        f"{path} is newer than what {whose} ({_some(changed)}): it is graded as it was "
        f"generated; run `nbgrader generate_assignment {lesson} --force` and grade again."
    ]


def _prepared(course, lesson, path):
    """Return the cells of a source as `nbgrader generate_assignment` would note them."""
    converter = GenerateAssignment(coursedir=course.places, config=course.config, log=_SILENT)
    notebook = nbformat.read(path, as_version=4)
    names = {"assignment": lesson, "notebook": path.stem, "student": "."}
    resources = {"nbgrader": {**names, "db_url": course.places.db_url}}
    for step in converter.preprocessors:
        step = import_item(step) if isinstance(step, str) else step
        if issubclass(step, SaveCells):
            break
        if not issubclass(step, InstantiateTests):  # it would run the lesson
            made = step(parent=converter, config=course.config, log=_SILENT)
            notebook, resources = made(notebook, resources)
    return notebook.cells


def _grade_id(cell):
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def _other_cells(source, cells):
    """Yield in words the code cells that nobody is graded on, and that were handed out otherwise.

    Words of the lesson change no mark.
    """
    new = [squeezed(c.source) for c in source if c.cell_type == "code" and not _grade_id(c)]
    old = [squeezed(c.source) for c in cells if c.kind == "code" and not c.grade_id]
    for text in dict.fromkeys([*new, *old]):
        if new.count(text) != old.count(text):
            yield f"the cell `{shown(text.partition(chr(10))[0])}`"


def _other_files(course, lesson):
    """Yield the names of files that students got otherwise."""
    source = read_files(course.folder("source", ".", lesson))
    for name, content in generated.released(course, lesson).items():
        if source.get(name, content) != content:
            yield name


def _differs(cell, known):
    """Tell whether a cell of the source is another than the gradebook has."""
    marks = cell.metadata.nbgrader
    is_graded = marks.get("grade") or marks.get("task")
    if is_graded and float(marks.points) != known.marks.get("points"):
        return True
    if InstantiateTests.autotest_delimiter.default_value in cell.source:
        return False  # nbgrader writes the test when it generates the lesson
    return cell.cell_type != known.kind or squeezed(cell.source) != squeezed(known.source)


def _some(names):
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if names[5:] else "")
