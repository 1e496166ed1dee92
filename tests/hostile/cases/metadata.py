"""What nbgrader notes in cells, tags, and what a notebook says of itself."""

import copy

from tests.hostile.cases import FLAGGED, GRADED, case
from tests.hostile.submission import marks, new_cell, retype


@case()
def m01_points(s):
    """The checks are worth 500 points each."""
    for cell in s.checks():
        marks(cell)["points"] = 500


def _empty_copies(s, offset):
    for cell in s.checks():
        double = copy.deepcopy(cell) | {"id": f"double-{marks(cell)['grade_id']}", "source": "pass"}
        s.cells.insert(s.cells.index(cell) + offset, double)


@case()
def m02_doubles_behind(s):
    """Behind each check stands another one of its name that does nothing."""
    _empty_copies(s, 1)


@case()
def m03_doubles_before(s):
    """The same, before each check."""
    _empty_copies(s, 0)


@case()
def m04_edited_checks(s):
    """The checks do nothing."""
    for cell in s.checks():
        cell["source"] = "pass"


@case()
def m05_stripped_checks(s):
    """The checks have lost their marks, and do nothing."""
    for cell in s.checks():
        cell["metadata"], cell["source"] = {}, "pass"


@case()
def m06_deleted_checks(s):
    """The checks were deleted."""
    for cell in s.checks():
        s.cells.remove(cell)


@case()
def m07_checks_as_answers(s):
    """The checks are marked as answers."""
    for cell in s.checks():
        marks(cell).update(solution=True, locked=False)
        cell["source"] = "pass"


@case()
def m08_raw_checks(s):
    """The checks are raw cells."""
    for cell in s.checks():
        retype(cell, "raw")


@case()
def m09_invented_check(s):
    """A check of one's own, worth 100 points."""
    cell = s.last("pass")
    cell["metadata"] = {"nbgrader": copy.deepcopy(marks(s.find("test_model")))}
    marks(cell).update(grade_id="bonus", points=100)


@case()
def m10_renamed_checks(s):
    """The checks have other names, and do nothing."""
    for cell in s.checks():
        marks(cell)["grade_id"] += "_x"
        cell["source"] = "pass"


@case()
def m11_skip_tag(s):
    """A tag by which cells aren't run is on every check."""
    for cell in s.checks():
        cell["metadata"]["tags"] = ["skip-execution"]


@case()
def m12_raises_tag(s):
    """A tag by which cells may raise is on every check."""
    s.as_seen()
    for cell in s.checks():
        cell["metadata"]["tags"] = ["raises-exception", "remove-output"]


@case()
def m13_grade_false(s):
    """The checks are marked as not graded."""
    for cell in s.checks():
        marks(cell)["grade"] = False


@case()
def m14_tasks(s):
    """The checks are marked as tasks."""
    for cell in s.checks():
        marks(cell)["task"] = True


@case()
def m15_graded_answers(s):
    """The answers are marked as graded by hand, 50 points each."""
    for name in ("flat_shape", "model", "conv_out", "scores"):
        marks(s.find(name)).update(grade=True, points=50)


@case(points=10)
def m16_early_time(s):
    """Right; the file that says when it was handed in says the year 2000."""
    s.right()
    s.file("timestamp.txt", "2000-01-01 00:00:00.000000 UTC")


@case()
def m17_script(s):
    """Scripts in text cells, in HTML that a cell displays, and in saved outputs."""
    s.last("<script>hostile()</script> <img src=x onerror='hostile()'>", kind="markdown")
    s.last("[click](javascript:hostile()) <svg/onload=hostile()>", kind="markdown")
    s.last("<math><mtext></p><style><!--</style><img src=x onerror=hostile()>", kind="raw")
    s.own(
        "from IPython.display import *\n"
        "display(HTML('<script>hostile()</script>'), Javascript('hostile()'))\n"
        "display(Markdown('<img src=x onerror=hostile()>'))\n"
        "display(SVG(data='<svg onload=\"hostile()\"/>'))\n"
        "display(Latex(r'$\\href{javascript:hostile()}{x}$'))\n"
        "print('\\x1b[31m</span><script>hostile()</script>\\x1b]8;;javascript:hostile()\\x07')"
    )
    s.find("model")["outputs"] = [
        {
            "output_type": "display_data",
            "metadata": {},
            "data": {"text/html": "<script>hostile()</script>"},
        }
    ]


@case()
def m18_kernel_command(s):
    """The name of the kernel is a path, an option, a command."""
    s.notebook["metadata"]["kernelspec"] = {
        "name": "../../../../tmp/evil --debug; touch pwned.txt",
        "display_name": "$(touch pwned.txt)",
        "language": "python",
        "argv": ["touch", "pwned.txt"],
    }


@case()
def m19_saved_results(s):
    """The checks hold saved outputs: a verdict that says right, and a result of 3 points."""
    for cell in s.checks():
        cell["outputs"] = [
            {
                "output_type": "execute_result",
                "metadata": {},
                "data": {"text/plain": "3"},
                "execution_count": 1,
            }
        ]
        cell["metadata"]["autograder"] = {"state": "right", "reason": "", "points": 3}
        cell["metadata"]["deletable"] = False
    s.notebook["metadata"]["autograder"] = {"remarks": [], "graded": True, "points": 10}


@case(may=(GRADED, FLAGGED))  # what stood under the name of a check may be what an answer needs
def m20_answer_is_check(s):
    """Answer cells have the names of checks, and checks those of answers."""
    for name in ("flat_shape", "conv_out"):
        answer, check = s.find(name), s.find(f"test_{name}")
        marks(answer)["grade_id"], marks(check)["grade_id"] = f"test_{name}", name
        check["source"] = "pass"


@case(points=3)
def m21_hidden_markers(s):
    """Answers hold the words that begin hidden tests and solutions, and never end them."""
    s.right("conv_out")
    s.find("conv_out")["source"] += "\n### BEGIN HIDDEN TESTS\n### BEGIN SOLUTION\n"
    s.answer(scores="### END SOLUTION\n### BEGIN HIDDEN TESTS\n### END HIDDEN TESTS\nscores = 3")
    s.last("### BEGIN MARK SCHEME\n### BEGIN HIDDEN TESTS", kind="markdown")
    s.own("### BEGIN HIDDEN TESTS\n### AUTOTEST conv_out(1)\n### HASHED AUTOTEST")


@case()
def m22_odd_names(s):
    """Marks whose names are objects, empty, very long, markup, or of another place."""
    odd = [{"a": 1}, "", "x" * 5000, "<script>hostile()</script>", "../../alice", None, 7, ["l"]]
    for name in odd:
        cell = new_cell("pass")
        cell["metadata"]["nbgrader"] = {**marks(s.find("test_model")), "grade_id": name}
        s.cells.append(cell)
    marks(s.find("flat_shape"))["grade_id"] = {"grade_id": "flat_shape"}
