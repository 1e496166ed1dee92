"""The text is read as jupytext reads it, with the lines of its cells."""

import re

from autograder.author.clear import ClearSolutions
from autograder.author.editions import cell_ids, solved_edition
from autograder.author.lesson import read_lesson

TEXT = '''\
# %% [markdown]
# # Title

# %% locked="setup" tags=["a"]
marker = """
# %% not a marker
"""


# %% [markdown]
"""
Quoted *text*
"""

# %% check="x" aspect="sum" points=1.5
1
'''


def test_cells_know_their_lines(tmp_path):
    path = tmp_path / "text.py"
    path.write_text(TEXT, encoding="utf-8")
    title, setup, quoted, check = read_lesson(path, tmp_path).cells
    assert [cell.line for cell in (title, setup, quoted, check)] == [1, 4, 10, 15]
    assert [cell.start for cell in (title, setup, quoted, check)] == [2, 5, 12, 16]
    assert setup.source == 'marker = """\n# %% not a marker\n"""'
    assert setup.options == {"locked": "setup", "tags": ["a"]}
    assert quoted.source == "Quoted *text*"
    assert (check.grade_id, check.options["points"]) == ("test_x_sum", 1.5)


def test_line_ends_do_not_matter(tmp_path):
    (tmp_path / "unix.py").write_bytes(TEXT.encode())
    (tmp_path / "windows.py").write_bytes(TEXT.replace("\n", "\r\n").encode())
    unix, windows = (read_lesson(tmp_path / f"{name}.py", tmp_path) for name in ("unix", "windows"))
    assert unix.cells == windows.cells


def test_ids_are_unique_even_where_names_look_like_ours(tmp_path):
    path = tmp_path / "text.py"
    path.write_text('# %%\n1\n# %% locked="start-2"\n2\n# %% locked="start"\n3\n# %%\n4\n# %%\n5\n')
    ids = list(cell_ids(read_lesson(path, tmp_path).cells))
    assert ids == ["start-1", "start-2", "start", "start-3", "start-4"]


def stub(source):
    """Return what ClearSolutions leaves of an answer cell."""
    from nbformat.v4 import new_code_cell, new_notebook

    metadata = {"nbgrader": {"solution": True, "grade": False, "locked": False}}
    notebook = new_notebook(cells=[new_code_cell(source, metadata=metadata)])
    clear = ClearSolutions()
    usual = dict(clear.code_stub)
    notebook, _ = clear.preprocess(notebook, {})
    assert clear.code_stub == usual
    return notebook.cells[0].source


def test_stub_of_a_prediction():
    region = "### BEGIN SOLUTION\n{}\n### END SOLUTION"
    assert stub(region.format("n = 512  # a number")) == "n = ...  # a number"
    assert stub(region.format("n = 512")) == "n = ..."
    assert stub(region.format("# as it is\nn = (\n    1,  # one\n    2,\n)  # a tuple")) == (
        "n = ...  # a tuple"
    )
    assert stub("# Think.\n" + region.format("n = '#'  # text") + "\nprint(n)") == (
        "# Think.\nn = ...  # text\nprint(n)"
    )


def test_stub_of_a_function():
    source = "def f():\n    ### BEGIN SOLUTION\n    n = 1\n    ### END SOLUTION"
    assert stub(source) == "def f():\n    # YOUR CODE HERE\n    raise NotImplementedError()"


def test_a_hard_exercise_has_a_star_at_its_heading(tmp_path):
    path = tmp_path / "text.py"
    path.write_text(
        "# %% [markdown]\n# # Title\n#\n# ## Idea\n#\n# ### Build: it\n#\n# Do it.\n#\n"
        "# ```python\n# # a comment\n# ```\n\n# %%\n1\n\n"
        '# %% answer="hard" level=3\nhard = 1\n\n# %% [markdown]\n# ### Build: more\n\n'
        '# %% answer="easy" level=2\neasy = 1\n',
        encoding="utf-8",
    )
    first, *_, last, _ = solved_edition(read_lesson(path, tmp_path)).cells
    assert re.findall(r"^#+ .*★", first.source, re.M) == ["### Build: it ★"]
    assert "★" not in last.source
