"""Hidden tests stay out of feedback."""

import re

import pytest
from nbconvert.filters import markdown2html
from nbformat.v4 import new_code_cell, new_notebook, new_output
from traitlets.config import Config

from autograder.grade.book.feedback import HideTests, TellRemarks
from autograder.grade.run.hidden import NOT_ACCEPTED
from autograder.states import MEDIA_TYPE

HIDDEN = "### BEGIN HIDDEN TESTS\nassert secret == 1\n### END HIDDEN TESTS"


def check_cell(source, *outputs, **noted):
    found = cell(source, grade=True, outputs=outputs)
    found.metadata["autograder"] = noted
    return found


def error(*traceback):
    return new_output("error", ename="AssertionError", evalue="no 409", traceback=[*traceback])


def raised_in(line):
    place = f"Cell \x1b[92mIn[5]\x1b[39m\x1b[92m, line {line}\x1b[39m"
    return error("----", "AssertionError  Traceback", place, "AssertionError: no 409")


def verdict(state, line):
    data = {"text/plain": "409 is wrong", MEDIA_TYPE: {"state": state}}
    return new_output("display_data", data=data, metadata={"autograder": {"line": line}})


def cell(source, outputs=(), **roles):
    flags = {"schema_version": 3, "grade": False, "solution": False, "locked": False, "task": False}
    metadata = {"nbgrader": {"grade_id": "x", "points": 1, **flags, **roles}}
    return new_code_cell(source, metadata=metadata, outputs=list(outputs))


def hide(cell):
    notebook, _ = HideTests().preprocess(new_notebook(cells=[cell]), {})
    return notebook.cells[0]


def test_the_source_of_hidden_tests_is_left_out():
    assert hide(check_cell(f"check(x)\n{HIDDEN}\nlast(x)")).source == "check(x)\nlast(x)"


@pytest.mark.parametrize("line", [2, 3, 4])
def test_an_error_in_a_hidden_line_is_told_in_other_words(line):
    (output,) = hide(check_cell(f"check(x)\n{HIDDEN}", raised_in(line))).outputs
    assert "409" not in str(output)
    assert "hidden test" in output.evalue


def test_feedback_goes_by_the_courses_own_marks():
    config = Config()
    config.ClearHiddenTests.begin_test_delimeter = "KEEP FROM"
    config.ClearHiddenTests.end_test_delimeter = "KEEP UNTIL"
    source = "check(x)\n# KEEP FROM\nassert secret == 1\n# KEEP UNTIL"
    notebook = new_notebook(cells=[check_cell(source, raised_in(3))])
    (seen,) = HideTests(config=config).preprocess(notebook, {})[0].cells
    assert seen.source == "check(x)"
    assert "409" not in str(seen.outputs) and "hidden test" in seen.outputs[0].evalue


@pytest.mark.parametrize("line", [1, 5])
def test_an_error_in_another_line_loses_its_quotations_only(line):
    (output,) = hide(check_cell(f"check(x)\n{HIDDEN}\nlast(x)", raised_in(line))).outputs
    assert output.traceback == ["AssertionError: no 409"]
    assert output.evalue == "no 409"


def test_an_error_of_which_no_line_is_known_is_told_in_other_words():
    (output,) = hide(check_cell(HIDDEN, error("AssertionError: no 409"))).outputs
    assert "409" not in str(output)


def test_an_error_that_claims_another_line_too_is_told_in_other_words():
    lines = raised_in(3).traceback[:-1]
    (output,) = hide(check_cell(f"check(x)\n{HIDDEN}", error(*lines, "Cell In[5], line 1"))).outputs
    assert "409" not in str(output)


def test_what_the_grader_itself_says_is_left():
    said = new_output("error", ename="StudentDied", evalue="it ended", traceback=["it ended"])
    (output,) = hide(check_cell(HIDDEN, said, state="lost", told="it ended")).outputs
    assert output.evalue == "it ended"


def test_verdicts_of_hidden_lines_are_told_in_other_words():
    source = f"check(x)\n{HIDDEN}"
    outputs = verdict("right", 1), verdict("right", 3), verdict("wrong", 3)
    seen, hidden = hide(check_cell(source, *outputs)).outputs
    assert seen.data["text/plain"] == "409 is wrong"
    assert "hidden test" in hidden.data["text/plain"]
    assert "409" not in str(hidden)


def test_verdicts_of_hidden_lines_can_be_shown():
    notebook = new_notebook(cells=[check_cell(HIDDEN, verdict("wrong", 2))])
    HideTests(show_verdicts=True).preprocess(notebook, {})
    assert notebook.cells[0].outputs[0].data["text/plain"] == "409 is wrong"


def test_text_is_left_out_where_no_line_tells_who_printed_it():
    printed = new_output("stream", text="409")
    assert hide(check_cell(HIDDEN, printed)).outputs == []
    assert hide(check_cell("check(x)", printed)).outputs == [printed]


def test_the_traceback_of_a_check_without_hidden_tests_is_left():
    output = raised_in(1)
    assert hide(check_cell("check(x)", output)).outputs == [output]


def test_a_student_who_writes_the_delimiter_gets_feedback():
    answer = "x = 1  ### BEGIN HIDDEN TESTS"
    assert hide(cell(answer, solution=True)).source == answer
    assert hide(new_code_cell(answer)).source == answer


def test_an_error_without_a_quotation_is_told_by_the_line_that_the_grader_noted():
    source = f"check(x)\n{HIDDEN}"
    (output,) = hide(check_cell(source, error("NotRight: no points so far"), line=1)).outputs
    assert output.traceback == ["NotRight: no points so far"]
    (output,) = hide(check_cell(source, error("NotRight: no points so far"), line=3)).outputs
    assert output.evalue == NOT_ACCEPTED


def test_a_hidden_test_is_told_of_once():
    outputs = [verdict("right", 1), verdict("wrong", 3), error("NotRight: 409")]
    shown = hide(check_cell(f"check(x)\n{HIDDEN}", *outputs, line=3)).outputs
    assert [output.output_type for output in shown] == ["display_data", "error"]
    assert str(shown).count(NOT_ACCEPTED[:30]) == len({"evalue", "traceback"})


def test_remarks_are_told_first_and_do_nothing():
    remarks = [
        {"cell": "test_x", "sentence": "It was there twice; the second one was left out."},
        {"cell": "<script>hostile()</script>", "sentence": "![](x) `y` [z](javascript:1)"},
    ]
    notebook = new_notebook(cells=[cell("x = 1")], metadata={"autograder": {"remarks": remarks}})
    told = TellRemarks().preprocess(notebook, {})[0].cells[0].source
    assert "It was there twice" in told
    page = markdown2html(told)
    assert not re.search(r"<(script|img|a|code)\b", page)
    assert "`y`" in page and "[z]" in page
    assert len(TellRemarks().preprocess(new_notebook(cells=[cell("x = 1")]), {})[0].cells) == 1
