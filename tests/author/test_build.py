"""Building: stable bytes, nothing run in vain, nothing lost."""

import contextlib
import difflib
import json
import os
import subprocess
import sys
from dataclasses import replace

import nbformat
import pytest
from nbformat import v4

from autograder.author import editions
from autograder.author.build import build_lesson, check_lesson, find_orphans
from autograder.author.editions import solved_edition
from autograder.author.lesson import read_lesson
from autograder.author.links import lead_to_cells
from autograder.errors import UserError

from .conftest import edit, repository, snapshot


def read(path):
    return nbformat.read(path, as_version=4)


def changed_lines(before, after):
    """Return the lines that went and the lines that came between two texts."""
    lines = list(difflib.ndiff(before.splitlines(), after.splitlines()))
    return [[line[2:] for line in lines if line.startswith(sign)] for sign in "-+"]


# --- links and folded checks -------------------------------------------------------------------


def test_a_link_to_a_heading_leads_to_its_cell(tmp_path):
    (tmp_path / "02_other.py").write_text(
        "# %% [markdown]\n# # Other\n\n# %% locked='setup'\n1\n\n"
        "# %% [markdown]\n# Text.\n#\n# ## Who asks `shape`, and why?\n"
    )
    told = "[a](02_other.ipynb#Who-asks-shape,-and-why?) [b](02_other.ipynb#Nobody) [c](#Who)"
    notebook = v4.new_notebook(cells=[v4.new_markdown_cell(told), v4.new_code_cell(told)])
    lead_to_cells(notebook, tmp_path)
    text, code = (cell.source for cell in notebook.cells)
    assert text == "[a](02_other.ipynb#cell-id=setup-1) [b](02_other.ipynb#Nobody) [c](#Who)"
    assert code == told


def test_a_check_that_works_the_answer_out_is_folded(tmp_path):
    text = repository(tmp_path, "sound")
    lesson = read_lesson(text, tmp_path)
    checks = [cell for cell in lesson.cells if cell.role == "check"]
    defines = [replace(checks[0], source="def twice(x):\n    return 2 * x\n" + checks[0].source)]
    cells = solved_edition(replace(lesson, cells=[*checks[1:], *defines])).cells
    hidden = [cell.metadata.get("jupyter", {}).get("source_hidden", False) for cell in cells]
    assert hidden == [False] * (len(checks) - 1) + [True]


# --- the solved edition -----------------------------------------------------------------------


def test_built_twice_the_bytes_are_identical(built):
    before = snapshot(built.root / "notebooks") | {built.solved: built.solved.read_bytes()}
    outcome = built.build(force=True)
    assert (outcome.executed, outcome.written) == (9, [])
    assert built.runs() == 2
    assert {path: path.read_bytes() for path in before} == before


def test_solved_edition_is_in_normal_form(built_once):
    text = built_once.solved.read_text(encoding="utf-8")
    notebook = read(built_once.solved)
    nbformat.validate(notebook)
    assert text.endswith("}\n") and not text.endswith("\n\n")
    assert text == json.dumps(json.loads(text), indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    assert set(notebook.metadata) == {"kernelspec", "language_info", "keras_shapes"}
    assert "version" not in notebook.metadata.language_info
    assert {key for cell in notebook.cells for key in cell.metadata} == {"nbgrader", "tags"}
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, 10))


def test_outputs_are_in_normal_form(built_once):
    cells = {cell.id: cell for cell in read(built_once.solved).cells}
    streams = [(output.name, output.text) for output in cells["setup"].outputs]
    assert streams == [("stdout", "ready\nsteady\n"), ("stderr", "noise\n")]
    (error,) = cells["errors-1"].outputs
    assert (error.ename, error.traceback) == ("TypeError", [])
    assert "NoneType" in error.evalue


def test_options_become_nbgrader_metadata(built_once):
    cells = {cell.id: cell for cell in read(built_once.solved).cells}
    base = {"schema_version": 3, "task": False}
    assert cells["double"].metadata == {
        "nbgrader": base | {"grade_id": "double", "grade": False, "solution": True, "locked": False}
    }
    assert cells["test_double_text"].metadata == {
        "nbgrader": base
        | {"grade_id": "test_double_text", "grade": True, "solution": False, "locked": True}
        | {"points": 0.5},
        "tags": ["slow", "raises-exception"],
    }
    assert cells["errors"].cell_type == "markdown"
    assert cells["errors"].metadata.nbgrader.locked


def test_ids_name_the_nearest_cell_above(built_once):
    assert [cell.id for cell in read(built_once.solved).cells] == [
        *("start-1", "setup", "setup-1", "doubled", "test_doubled", "test_doubled-1"),
        *("test_doubled-2", "double", "test_double", "test_double_text"),
        *("errors", "errors-1", "errors-2", "errors-3"),
    ]


@pytest.mark.long
def test_nbval_accepts_the_solved_edition(built):
    command = ("-m", "pytest", "--nbval", "-q", "-p", "no:cacheprovider", str(built.solved))
    done = subprocess.run([sys.executable, *command], capture_output=True, text=True, check=False)
    assert "9 passed" in done.stdout, done.stdout


# --- only what changed ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "old, new",
    [("Think before you run", "Ponder before you run"), ("## How to double", "## How you double")],
)
def test_one_word_gives_a_diff_of_one_line(built, old, new):
    before = built.solved.read_text(encoding="utf-8")
    edit(built.text, old, new)
    outcome = built.build()
    assert outcome.executed == 0 and built.runs() == 1
    gone, come = changed_lines(before, built.solved.read_text(encoding="utf-8"))
    assert len(gone) == len(come) == 1
    assert old in gone[0] and new in come[0]
    assert new in built.learner.read_text(encoding="utf-8")


def test_current_lesson_is_not_touched(built):
    before = snapshot(built.root)
    outcome = built.build()
    assert (outcome.executed, outcome.written, outcome.notes) == (0, [], [])
    assert snapshot(built.root) == before


def test_changed_code_runs(built):
    edit(built.text, '"steady"', '"go"')
    assert built.build().executed == 9
    assert built.runs() == 2
    assert read(built.solved).cells[1].outputs[0].text == "ready\ngo\n"


def test_changed_points_do_not_run(built):
    edit(built.text, "points=3", "points=2")
    edit(built.text, "4.5 points", "3.5 points")
    assert built.build().executed == 0
    assert read(built.solved).cells[8].metadata.nbgrader.points == 2


def test_changed_tags_and_checks_library_run(built, tmp_path, monkeypatch):
    solved = read(built.solved)
    digests = {editions.executed_digest(solved)}
    solved.cells[1].metadata.tags = ["slow"]
    digests.add(editions.executed_digest(solved))
    (tmp_path / "checks.py").write_text("# other checks\n")
    monkeypatch.setattr(editions, "_LIBRARY", tmp_path)
    digests.add(editions.executed_digest(solved))
    assert len(digests) == 3
    assert built.build().executed == 9


def test_solved_edition_that_cannot_be_read_is_built_anew(built):
    before = built.solved.read_bytes()
    built.solved.write_text("<<<<<<< ours\n")
    assert built.build().executed == 9
    assert built.solved.read_bytes() == before


# --- the learner edition ----------------------------------------------------------------------


def test_learner_edition_holds_no_answer(built_once):
    text = built_once.learner.read_text(encoding="utf-8")
    notebook = read(built_once.learner)
    nbformat.validate(notebook)
    sources = {cell.id: cell.source for cell in notebook.cells}
    assert sources["doubled"] == "doubled = ...  # a tuple of two numbers"
    assert sources["double"] == (
        'def double(thing):\n    """Return twice the thing."""\n'
        "    # YOUR CODE HERE\n    raise NotImplementedError()"
    )
    assert sources["test_double"] == "assert double(2) == 4"
    for secret in ("1280", "thing + thing", "-8", "SOLUTION", "HIDDEN", "executed"):
        assert secret not in text
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in notebook.cells)
    assert list(notebook.metadata.keras_shapes) == ["edition"]


@pytest.fixture(scope="module")
def essays(library, tmp_path_factory):
    """Return the folder of a built lesson with a free-text exercise in words, and one in code."""
    root = tmp_path_factory.mktemp("essays")
    text = repository(root, "essay")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(editions, "_LIBRARY", library)
        assert build_lesson(text, root).faults == []
    return root


def essay_cells(root, folder):
    notebook = nbformat.read(root / folder / "01_lesson.ipynb", as_version=4)
    marked = [cell for cell in notebook.cells if "nbgrader" in cell.metadata]
    return [cell for cell in marked if cell.metadata.nbgrader.grade_id in ("why_twice", "a_sketch")]


def test_an_essay_is_graded_by_hand_and_its_sample_answer_stays_with_the_author(essays):
    words, code = essay_cells(essays, "notebooks")
    for cell, points in ((words, 3), (code, 4)):
        marks = cell.metadata.nbgrader
        assert (marks.grade, marks.solution, marks.locked, marks.task) == (True, True, False, False)
        assert marks.points == points
        assert cell.source.endswith("YOUR ANSWER HERE")
        assert "raises-exception" not in cell.metadata.get("tags", [])
    assert words.source.startswith("Why does doubling twice")
    assert code.source == "# Sketch in code how you would undo it.\n# YOUR ANSWER HERE"
    solved, sketched = essay_cells(essays, "solutions")
    assert "Two times two is four" in solved.source
    assert sketched.outputs[0].text == "[2, 640]\n"
    assert solved.metadata.keras_shapes.level == 2


def test_essays_are_built_byte_for_byte_alike(essays):
    before = snapshot(essays)
    assert build_lesson(essays / "solutions" / "01_lesson.py", essays, force=True).written == []
    assert snapshot(essays) == before


def test_learner_edition_follows_from_the_solved_edition_alone(built_once):
    learner = editions.to_text(editions.learner_edition(read(built_once.solved)))
    assert learner == built_once.learner.read_text(encoding="utf-8")


def test_stock_nbgrader_makes_the_same_cells(built_once, tmp_path):
    source = tmp_path / "source" / "doubling"
    source.mkdir(parents=True)
    (source / "lesson.ipynb").write_bytes(built_once.solved.read_bytes())
    (tmp_path / "nbgrader_config.py").write_text(
        "from nbgrader.preprocessors import *\n"
        "from autograder.author import clear\n"
        "c = get_config()\n"
        "c.GenerateAssignment.preprocessors = [IncludeHeaderFooter, InstantiateTests, LockCells,"
        " clear.ClearSolutions, ClearOutput, CheckCellMetadata, ComputeChecksums, SaveCells,"
        " ClearHiddenTests, ClearMarkScheme, ComputeChecksums, CheckCellMetadata]\n"
    )
    command = ("-m", "nbgrader", "generate_assignment", "doubling", "--no-db")
    done = subprocess.run(
        [sys.executable, *command], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    released = read(tmp_path / "release" / "doubling" / "lesson.ipynb")
    assert released.cells == read(built_once.learner).cells


# --- a learner's own work ---------------------------------------------------------------------


def write_answer(path):
    notebook = read(path)
    notebook.cells[3].source = "doubled = (4, 4)"
    nbformat.write(notebook, path)


def run_a_cell(path):
    notebook = read(path)
    notebook.cells[1].outputs = [nbformat.v4.new_output("stream", text="ready\n")]
    nbformat.write(notebook, path)


def break_off(path):
    path.write_text(path.read_text(encoding="utf-8")[:500], encoding="utf-8")


@pytest.mark.parametrize("work", [write_answer, run_a_cell, break_off])
def test_own_work_is_kept(built, work):
    work(built.learner)
    mine = built.learner.read_bytes()
    edit(built.text, "Think before", "Ponder before")
    outcome = built.build()
    assert built.learner.read_bytes() == mine
    assert "Ponder before" in built.beside.read_text(encoding="utf-8")
    assert outcome.notes == [
        "notebooks/01_lesson.ipynb holds your own work and was kept: "
        "the new edition is notebooks/01_lesson.new.ipynb"
    ]
    (line,) = check_lesson(built.text, built.root)
    assert line == (
        "notebooks/01_lesson.ipynb holds your own work: move it to another name to keep it, "
        "then run `autograder build 01_lesson`"
    )
    assert find_orphans(built.root) == []


def test_own_work_in_the_new_edition_is_kept_too(built):
    write_answer(built.learner)
    built.build()
    write_answer(built.beside)
    edit(built.text, "Think before", "Ponder before")
    mine = snapshot(built.root / "notebooks")
    (note,) = built.build().notes
    assert "both hold your own work" in note
    assert snapshot(built.root / "notebooks") == mine


def test_notebook_that_was_only_opened_and_saved_is_built_over(built):
    before = built.learner.read_bytes()
    notebook = read(built.learner)
    notebook.metadata.language_info.version = "3.12.1"
    nbformat.write(notebook, built.learner)
    assert check_lesson(built.text, built.root) == [
        "notebooks/01_lesson.ipynb is stale: run `autograder build 01_lesson`"
    ]
    assert built.build().written == [built.learner]
    assert built.learner.read_bytes() == before


# --- checking ---------------------------------------------------------------------------------


def test_check_of_a_current_lesson(built):
    before = snapshot(built.root)
    assert check_lesson(built.text, built.root) == []
    assert find_orphans(built.root) == []
    assert snapshot(built.root) == before


@pytest.mark.parametrize("old, new", [("Think", "Ponder"), ('"steady"', '"go"')])
def test_check_names_stale_files_and_the_command(built, old, new):
    edit(built.text, old, new)
    before = snapshot(built.root)
    assert check_lesson(built.text, built.root)[0] == (
        "solutions/01_lesson.ipynb is stale: run `autograder build 01_lesson`"
    )
    assert snapshot(built.root) == before


def test_check_names_missing_files(built):
    built.solved.unlink()
    built.learner.unlink()
    assert check_lesson(built.text, built.root) == [
        f"{folder}/01_lesson.ipynb is missing: run `autograder build 01_lesson`"
        for folder in ("solutions", "notebooks")
    ]


def test_check_names_notebooks_without_a_text(built):
    built.text.rename(built.text.with_name("02_renamed.py"))
    solved, learner = find_orphans(built.root)
    assert solved.startswith("solutions/01_lesson.ipynb belongs to no lesson")
    assert learner.startswith("notebooks/01_lesson.ipynb belongs to no lesson")
    assert "solutions/01_lesson.py" in learner


# --- interrupted ------------------------------------------------------------------------------


# A kernel knows who has started it.
INTERRUPTS = """\
import os, signal

os.kill(int(os.environ["JPY_PARENT_PID"]), signal.SIGINT)"""


def test_interrupted_build_writes_nothing(tmp_path):
    text = repository(tmp_path, "sound")
    edit(text, 'print("ready")', INTERRUPTS)
    edit(text, 'print("steady")', "signal.pause()")
    command = (sys.executable, "-m", "autograder.cli", "build", "--root", str(tmp_path))
    ordinary = {**os.environ, "JUPYTER_DEFAULT_PROVISIONER_NAME": "local-provisioner"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=ordinary)
    assert done.returncode == 130
    assert "interrupted; nothing is half-written" in done.stderr
    assert "Traceback" not in done.stderr
    left = {path.name for path in snapshot(tmp_path)}
    assert left == {"01_lesson.py", "runs.txt"}


def test_failing_write_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "lesson.ipynb"
    path.write_text("old")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(UserError, match="cannot be written: No space left on device"):
        editions.write(path, "new")
    assert snapshot(tmp_path) == {path: b"old"}


def test_interrupted_build_keeps_the_old_editions(built):
    before = snapshot(built.root)

    def interrupted():
        raise KeyboardInterrupt

    @contextlib.contextmanager
    def progress(stem, total):
        yield interrupted

    with pytest.raises(KeyboardInterrupt):
        built.build(force=True, progress=progress)
    after = snapshot(built.root)
    assert {path for path in before if before[path] != after[path]} == {
        built.root / "solutions" / "runs.txt"
    }
    assert set(after) == set(before)
