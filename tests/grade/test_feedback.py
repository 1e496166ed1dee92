"""Hidden tests stay out of feedback."""

from nbformat.v4 import new_code_cell, new_notebook, new_output

from autograder.grade.feedback import HideTests

HIDDEN = "### BEGIN HIDDEN TESTS\nassert secret == 1\n### END HIDDEN TESTS"


def check_cell(source, traceback):
    error = new_output("error", ename="AssertionError", evalue="no", traceback=traceback)
    return cell(source, grade=True, outputs=[error])


def cell(source, outputs=(), **roles):
    flags = {"schema_version": 3, "grade": False, "solution": False, "locked": False, "task": False}
    metadata = {"nbgrader": {"grade_id": "x", "points": 1, **flags, **roles}}
    return new_code_cell(source, metadata=metadata, outputs=list(outputs))


def hide(cell):
    notebook, _ = HideTests().preprocess(new_notebook(cells=[cell]), {})
    return notebook.cells[0]


def test_source_and_traceback():
    traceback = [
        "----",
        "AssertionError  Traceback",
        "----> assert secret == 1",
        "AssertionError: no",
    ]
    hidden = hide(check_cell(f"check(x)\n{HIDDEN}", traceback))
    assert hidden.source == "check(x)"
    assert hidden.outputs[0].traceback == ["AssertionError: no"]


def test_the_traceback_of_a_check_without_hidden_tests_is_left():
    traceback = ["----", "----> check(x)", "AssertionError: no"]
    assert hide(check_cell("check(x)", traceback)).outputs[0].traceback == traceback


def test_a_student_who_writes_the_delimiter_gets_feedback():
    answer = "x = 1  ### BEGIN HIDDEN TESTS"
    assert hide(cell(answer, solution=True)).source == answer
    assert hide(new_code_cell(answer)).source == answer
