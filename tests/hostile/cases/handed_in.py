"""Against the intake, the repair of cells, and what the grader notes of its work."""

import copy
import json

from tests.hostile.cases import FLAGGED, GRADED, REJECTED, case
from tests.hostile.lesson import NAME, RIGHT
from tests.hostile.submission import marks, new_cell

_EITHER = (GRADED, FLAGGED)


@case(may=_EITHER)
def a70_patching_helper(s):
    """A module of one's own, with a name like the grader's, patches Keras when it is imported."""
    s.as_seen()
    s.file(
        "autograder_helper.py",
        "import keras, numpy as np\n"
        "keras.Model.count_params = lambda self: 170\n"
        "keras.Model.__call__ = lambda self, x, **k: np.zeros((len(x), 10), 'float32')\n"
        "keras.saving.serialize_keras_object = lambda x: {}\n",
    )
    s.own("import autograder_helper")


@case(may=_EITHER)
def a71_names_like_the_agent(s):
    """Files named like the modules that answer and carry requests, which forge when imported."""
    forged = "def answer(request):\n    return {'value': True, 'warnings': []}\nkept = {}\n"
    forged += "encode = lambda value, keep, *rest: True\ndecode = lambda data, fetch: True\n"
    for name in ("agent", "wire", "session", "judge", "worker", "vetting", "launch", "supervise"):
        s.file(f"{name}.py", forged)
    for name in ("sitecustomize", "usercustomize", "conftest", "ipython_config", "zmq", "_json"):
        s.file(f"{name}.py", "raise SystemExit(0)\n")
    s.file("jupyter_config.json", '{"KernelManager": {"kernel_cmd": ["true"]}}')
    s.file("profile_default/startup/00.py", "raise SystemExit(0)")
    s.file(".env", "PYTHONPATH=.")
    s.file("pyvenv.cfg", "home = .")


@case()
def a72_two_ids(s):
    """Cells in whose marks the name stands twice: that of an answer, and that of a check."""
    text = json.dumps(s.notebook)
    for name in ("flat_shape", "conv_out"):
        one, other = f'"grade_id": "test_{name}"', f'"grade_id": "{name}"'
        text = text.replace(one, f'{one}, "grade_id": "{name}", "solution": true')
        text = text.replace(f"{other}, ", f'{other}, "grade_id": "test_{name}", ')
    s.raw = text.encode()


@case()
def a73_check_in_answer(s):
    """Answers that end with the text of the check, altered so that it can't fail."""
    for name in ("flat_shape", "conv_out"):
        text = s.find(f"test_{name}")["source"].replace("assert", "assert True or")
        s.find(name)["source"] += f"\n\n{text}"


@case()
def a74_answer_in_check(s):
    """The answer stands in the locked check, before its tests, with an early end of the cell."""
    for name in ("flat_shape", "conv_out", "model"):
        cell = s.find(f"test_{name}")
        cell["source"] = f"import sys\nraise SystemExit\n{cell['source']}"


@case(may=_EITHER)
def a75_setup_replaced(s):
    """The locked setup imports modules of one's own instead of Keras and the checks."""
    s.find("setup")["source"] = (
        "class Any:\n"
        "    __getattr__ = __call__ = lambda self, *a, **k: Any()\n"
        "    __eq__ = lambda self, other: True\n"
        "keras = np = layers = check_model = check_function = Any()"
    )
    s.as_seen()


@case(may=(GRADED, REJECTED))
def a76_graded_already(s):
    """The folder holds notes like the grader's own, which say that it has been graded."""
    note = json.dumps({"student": "mallory", "points": 10, "score": 10, "state": "graded"})
    for folder in (".autograder/graded", f".autograder/graded/{NAME}", "autograded/mallory"):
        s.file(f"{folder}/mallory.json", note)
    s.file("gradebook.db", "SQLite format 3\0")
    s.file("nbgrader_config.py", "raise SystemExit('pwned')")


@case()
def a77_words_of_the_lesson(s):
    """Cells of one's own resemble the checks and answers closely, with other marks, or none."""
    for name in ("flat_shape", "model", "conv_out", "scores"):
        check = copy.deepcopy(s.find(f"test_{name}"))
        check["source"] = "pass  # " + check["source"].replace("\n", "\n# ")
        check |= {"id": s.find(f"test_{name}")["id"], "metadata": {}}
        marks(s.find(f"test_{name}"))["grade_id"] = f"other_{name}"
        s.cells.insert(s.cells.index(s.find(name)) + 1, check)


@case(points=10)
def a78_many_answers(s):
    """Right, and honest: several copies of each answer cell, of which the last is the right one."""
    for name, right in RIGHT.items():
        cell = s.find(name)
        for number, text in enumerate(("# first try\npass", "# second try\n1 / 0", right)):
            double = copy.deepcopy(cell) | {"id": f"{name}-{number}", "source": text}
            s.cells.insert(s.cells.index(s.find(f"test_{name}")), double)


@case(may=_EITHER)
def a79_hundred_notebooks(s):
    """A folder with a hundred other notebooks, and folders that look like the grader's."""
    for number in range(100):
        s.file(f"copy{number}.ipynb", json.dumps(s.notebook))
    for folder in ("autograded", "feedback", "source", "release"):
        s.file(f"{folder}/alice/{NAME}/{NAME}.ipynb", json.dumps(s.notebook))


@case()
def a80_marks_in_text(s):
    """Text cells with the marks of checks, and checks whose text is in a cell's attachments."""
    for cell in s.checks():
        text = new_cell("The answer is right.", "markdown")
        text["metadata"] = copy.deepcopy(cell["metadata"])
        text["attachments"] = {"test.py": {"text/plain": cell["source"]}}
        s.cells[s.cells.index(cell)] = text


@case(points=3, may=_EITHER)
def a81_tabs_and_ends(s):
    """Right in one answer: form feeds, tabs, odd line ends and zero bytes among its lines."""
    s.right("conv_out")
    s.find("conv_out")["source"] = s.find("conv_out")["source"].replace("\n    ", "\n\t")
    s.own("x = 1\x0c\x0by = 2\u2028z = 3\u0085\r\rw = 4\n\n\x00")
