"""The two editions of a lesson as notebooks: made, compared and written byte for byte alike."""

import copy
import hashlib
import itertools
import json
import logging
import os
import re
from pathlib import Path

import nbformat
from nbformat import v4
from nbgrader import preprocessors

from autograder.author.clear import ClearSolutions
from autograder.author.lesson import HARD, STAR
from autograder.errors import UserError

# Read as text, never imported here: importing it loads Keras.
_LIBRARY = Path(__file__).parents[1] / "learn"

KERNEL = "python3"
#: nbval's tag for a cell whose output may differ from run to run: it isn't stored either.
VARIES = "nbval-ignore-output"
_HEADING = re.compile(r"^#{2,6} .+$", re.MULTILINE)
_FUNCTION = re.compile(r"^[ \t]*def ", re.MULTILINE)
_KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": KERNEL}
# As the kernel says it, but for the version, which differs from one machine to the next.
_LANGUAGE_INFO = {
    "codemirror_mode": {"name": "ipython", "version": 3},
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
}

# The steps of nbgrader's GenerateAssignment, in its order, less those that need a gradebook or
# a file that we do not have (SaveCells, IncludeHeaderFooter, InstantiateTests).
_LEARNER_STEPS = (
    preprocessors.LockCells,
    ClearSolutions,
    preprocessors.ClearOutput,
    preprocessors.CheckCellMetadata,
    preprocessors.ComputeChecksums,
    preprocessors.ClearHiddenTests,
    preprocessors.ClearMarkScheme,
    preprocessors.ComputeChecksums,
    preprocessors.CheckCellMetadata,
)
# nbgrader logs what it raises; we tell the author once, in our own words.
SILENT = logging.Logger("nbgrader, silent", level=logging.CRITICAL + 1)


def solved_edition(lesson):
    """Return the solved edition of a lesson, not executed yet."""
    make = {"code": v4.new_code_cell, "markdown": v4.new_markdown_cell, "raw": v4.new_raw_cell}
    notebook = v4.new_notebook(nbformat_minor=5)
    parts = zip(lesson.cells, _starred(lesson.cells), cell_ids(lesson.cells), strict=True)
    for cell, source, cell_id in parts:
        notebook.cells.append(make[cell.kind](source, id=cell_id, metadata=_metadata(cell)))
    normalise(notebook)
    notebook.metadata["keras_shapes"] = {"executed": executed_digest(notebook)}
    return notebook


def learner_edition(solved):
    """Return the learner edition; it follows from the solved edition alone."""
    learner, resources = copy.deepcopy(solved), {}
    for step in _LEARNER_STEPS:
        learner, resources = step(log=SILENT).preprocess(learner, resources)
    learner.metadata["keras_shapes"] = {"edition": edition_digest(learner)}
    return learner


def _starred(cells):
    """Return the sources of cells, with a star at the heading above each hard exercise."""
    sources = [cell.source for cell in cells]
    for number, cell in enumerate(cells):
        if cell.options.get("level") != HARD:
            continue
        for above in range(number, -1, -1):
            headings = _HEADING.findall(sources[above]) if cells[above].kind == "markdown" else []
            if headings:
                before, after = sources[above].rsplit(headings[-1], 1)
                sources[above] = before + headings[-1] + STAR + after
                break
    return sources


def cell_ids(cells):
    """Yield an id for each cell: nbgrader's own, else the nearest id above and a number.

    Ids made from headings would change with a word in a heading, those made from positions with
    each new cell; these change only near the place where a cell comes or goes.
    """
    above, number = "start", 0
    taken = {cell.grade_id for cell in cells}
    for cell in cells:
        if cell.grade_id:
            above, number = cell.grade_id, 0
            yield cell.grade_id
            continue
        number += 1
        while f"{above}-{number}" in taken:
            number += 1
        taken.add(f"{above}-{number}")
        yield f"{above}-{number}"


def _metadata(cell):
    """Return a cell's notebook metadata: the short options, expanded to nbgrader's."""
    metadata = {}
    tags = list(cell.options.get("tags", []))
    if cell.role:
        metadata["nbgrader"] = {
            "schema_version": 3,
            "grade_id": cell.grade_id,
            "grade": cell.role in ("check", "essay"),
            "locked": cell.role not in ("answer", "essay"),
            "solution": cell.role in ("answer", "essay"),
            "task": False,
        }
    if cell.role in ("check", "essay"):
        metadata["nbgrader"]["points"] = cell.options.get("points")
    if cell.role == "check":
        # "Run All" goes on past a check that fails.
        tags += ["raises-exception"] if "raises-exception" not in tags else []
        if _FUNCTION.search(cell.source):
            # It works the answer out, where somebody who hasn't answered yet would read it.
            metadata["jupyter"] = {"source_hidden": True}
    if "level" in cell.options:
        metadata["keras_shapes"] = {"level": cell.options["level"]}
    if tags:
        metadata["tags"] = tags
    return metadata


def executed_digest(notebook):
    """Return the digest of all that outputs depend on: code, tags and the checks' library."""
    code = [
        [cell.source, cell.metadata.get("tags", [])]
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]
    library = [
        [path.relative_to(_LIBRARY).as_posix(), path.read_text(encoding="utf-8")]
        for path in sorted(_LIBRARY.rglob("*.py"))
    ]
    return _digest([code, library])


def edition_digest(notebook):
    """Return the digest of the cells as they were given to the learner."""
    return _digest([[cell.cell_type, cell.source, cell.metadata] for cell in notebook.cells])


def _digest(data):
    text = json.dumps(data, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]


def is_pristine(learner):
    """Tell whether a learner edition is as it was built: nothing written, nothing run."""
    stamp = learner.metadata.get("keras_shapes")
    return (
        isinstance(stamp, dict)
        and stamp.get("edition") == edition_digest(learner)
        and not any(cell.get("outputs") for cell in learner.cells)
    )


def reuse_outputs(notebook, stored):
    """Give the notebook the outputs of a stored edition that ran the same code.

    Returns whether that could be done; if not, the notebook is left as it was.
    """
    stamp = notebook.metadata["keras_shapes"]
    if stored is None or stored.metadata.get("keras_shapes") != stamp:
        return False
    mine = [cell for cell in notebook.cells if cell.cell_type == "code"]
    theirs = [cell for cell in stored.cells if cell.cell_type == "code"]
    if [cell.source for cell in mine] != [cell.source for cell in theirs]:
        return False
    for new, old in zip(mine, theirs, strict=True):
        new.outputs, new.execution_count = old.outputs, old.execution_count
    return True


def normalise(notebook):
    """Bring metadata and outputs to the one form that is stored."""
    stamp = notebook.metadata.get("keras_shapes")
    notebook.metadata = nbformat.from_dict(
        {"kernelspec": _KERNELSPEC, "language_info": _LANGUAGE_INFO}
    )
    if stamp:
        notebook.metadata["keras_shapes"] = stamp
    for cell in notebook.cells:
        if cell.cell_type == "code":
            varies = VARIES in cell.metadata.get("tags", [])
            cell.outputs = [] if varies else _merge_streams(cell.outputs)
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                # Paths and colours of one machine. nbval does not compare it; it does compare
                # ename and evalue, so these stay as they are.
                output.traceback = []


def _merge_streams(outputs):
    """Merge neighbouring stream outputs; stdout first, as kernels mix the two by chance."""
    merged = []
    for is_stream, group in itertools.groupby(outputs, lambda out: out.output_type == "stream"):
        group = list(group)
        if not is_stream:
            merged += group
            continue
        for name in ("stdout", "stderr"):
            text = "".join(output.text for output in group if output.name == name)
            if text:
                merged.append(v4.new_output("stream", name=name, text=text))
    return merged


def read_notebook(path):
    """Return the notebook in a file, None if there is no notebook that can be read."""
    try:
        text = Path(path).read_text(encoding="utf-8")
        data = nbformat.from_dict(json.loads(text))
        if not isinstance(data, dict) or data.get("nbformat") != 4:
            return None
        nbformat.validate(data)
        return v4.reads(text)
    except (OSError, ValueError, nbformat.ValidationError):
        return None


def to_text(notebook):
    """Return the notebook's file as text, the same for the same notebook."""
    return nbformat.writes(notebook, version=4).rstrip("\n") + "\n"


def holds(path, text):
    """Tell whether a file holds just this text, whatever its line ends."""
    try:
        return Path(path).read_text(encoding="utf-8") == text
    except (OSError, ValueError):
        return False


def write(path, text):
    """Write a file whole or not at all; return whether it had to be written."""
    path = Path(path)
    if holds(path, text):
        return False
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(exist_ok=True)
        part.write_text(text, encoding="utf-8", newline="\n")
        os.replace(part, path)
    except OSError as error:
        raise UserError(f"{path} cannot be written: {error.strerror}") from None
    finally:
        part.unlink(missing_ok=True)
    return True
