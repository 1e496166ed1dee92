"""Each fault is found where it is, alone, and stops the build of its lesson."""

import pytest

from autograder.author.build import build_lesson, check_lesson

from .conftest import FIXTURES, repository, snapshot

# fixture: line, cell, and words of the sentence
FAULTS = {
    "answer_name_used_elsewhere": (7, "2", "'one' is the name of the answer in line 10"),
    "answer_without_check": (14, "two", "no cell checks this answer"),
    "answer_without_solution": (6, "one", "no solution region"),
    "check_in_text": (14, "test_one_text", "take [markdown] out"),
    "check_without_answer": (14, "test_two", 'no cell has answer="two"'),
    "check_without_points": (11, "test_one", "add points=1"),
    "counts_missing": (1, "1", "add `1 exercise · 1 point · 45 minutes`"),
    "duplicate_ids": (14, "test_one", "taken by the cell in line 11"),
    "essay_in_raw": (14, "why_twice", "write [markdown]"),
    "essay_with_a_check": (21, "test_why_twice", "'why_twice' is an essay, which a person grades"),
    "essay_without_points": (14, "why_twice", "an essay has points; add points=1"),
    "essay_without_region": (14, "why_twice", "an essay has one solution region"),
    "hidden_tests_outside_check": (10, "one", 'belongs in a cell with check="..."'),
    "html_image_without_alt": (16, "4", 'alt="what it shows"'),
    "image_without_alt": (17, "4", "![what it shows](...)"),
    "leaking_essay": (29, "6", "a sentence of the sample answer of 'why_twice'"),
    "leaking_hidden_test": (18, "4", "a line of the hidden tests of 'test_one'"),
    "leaking_prediction": (16, "4", "the predicted value of 'one'"),
    "leaking_solution": (20, "4", "a line of the solution of 'one'"),
    "level_on_a_check": (11, "test_one", "only an answer cell has a level"),
    "level_out_of_range": (6, "one", "level=4 is no level"),
    "long_name": (14, "a_name_that_goes_on_and_on_until_no_notebook", "56 are allowed"),
    "missing_begin": (13, "test_one", "END HIDDEN TESTS without BEGIN HIDDEN TESTS"),
    "missing_end": (7, "one", "BEGIN SOLUTION without END SOLUTION"),
    "missing_title": (1, "1", "`# Title`"),
    "name_with_a_space": (14, "my setup", "locked='my setup' is no name"),
    "no_points_at_all": (11, "test_one", "points=0 is no positive number"),
    "part_of_points_unread": (20, "test_one", "a cell's last line only, outside of any `if`"),
    "points_on_an_answer": (6, "one", "only a check cell has points"),
    "points_said_twice": (20, "test_one", "points=2, the marker line points=1"),
    "points_that_are_no_number": (11, "test_one", "points='1' is no positive number"),
    "points_that_do_not_add_up": (4, "1", "it holds 1 exercise · 1 point"),
    "prediction_beside_another": (10, "one", "split the cell"),
    "prediction_of_two_names": (7, "one", "exactly one assignment to one name"),
    "refused_by_nbgrader": (14, "4", "Mark scheme region"),
    "rule_in_an_open_cell": (20, "4", "checks that are judged apart do without it"),
    "solution_outside_answer": (16, "4", 'belongs in a cell with answer="..."'),
    "two_roles": (11, "test_one", "not check and locked"),
    "unknown_option": (6, "one", "unknown cell option 'graded'"),
    "unreadable_option": (14, "4", "the cell options cannot be read: locked="),
}
FAULTS_WHEN_RUN = {
    "cell_that_never_ran": (14, "4", "never ran"),
    "cell_that_raises": (17, "4", "ZeroDivisionError: division by zero"),
    "failing_check": (11, "test_one", "0 of 1 points (AssertionError: it is not two)"),
    "figure_without_alt": (17, "5", "a picture without alt text"),
    "noisy_check": (14, "test_one", "0 of 1 points (it wrote to stderr)"),
    "partial_credit": (11, "test_one", "0.5 of 1 points"),
    "points_of_numpy": (
        11,
        "test_one",
        "ends in np.float64(0.5), in which",
    ),
    "question_without_form": (
        22,
        "test_one",
        "0 of 1 points (This check can't make sense of your answer (AttributeError: 'Next' object",
    ),
}


def assert_one_fault(outcome, line, cell, words):
    (fault,) = outcome.faults
    assert (fault.file, fault.line) == ("solutions/01_lesson.py", line)
    assert fault.cell.startswith(cell)
    assert words in fault.sentence
    assert str(fault).startswith(f"solutions/01_lesson.py:{line}: cell {cell}")


@pytest.mark.parametrize("name", FAULTS)
def test_fault_in_the_text(name, tmp_path):
    text = repository(tmp_path, name)
    before = snapshot(tmp_path)
    outcome = build_lesson(text, tmp_path)
    assert_one_fault(outcome, *FAULTS[name])
    assert outcome.executed == 0
    assert snapshot(tmp_path) == before
    assert check_lesson(text, tmp_path) == [str(outcome.faults[0])]


@pytest.mark.parametrize("name", FAULTS_WHEN_RUN)
def test_fault_when_run(name, tmp_path):
    text = repository(tmp_path, name)
    before = snapshot(tmp_path)
    assert_one_fault(build_lesson(text, tmp_path), *FAULTS_WHEN_RUN[name])
    assert snapshot(tmp_path) == before


def test_options_that_the_notebook_format_refuses(tmp_path):
    text = repository(tmp_path, "tags_that_are_no_list")
    (fault,) = build_lesson(text, tmp_path).faults
    assert str(fault).startswith("solutions/01_lesson.py:14: the cell options cannot be read")
    assert 'tags=["word"]' in str(fault)


def test_text_that_is_not_utf8(tmp_path):
    text = repository(tmp_path, "sound")
    text.write_bytes("# %% [markdown]\n# # Größe\n".encode("latin-1"))
    (fault,) = build_lesson(text, tmp_path).faults
    assert "not UTF-8" in str(fault)


def test_bad_syntax_is_told_with_the_line_of_the_lesson_alone(tmp_path):
    text = repository(tmp_path, "cell_that_raises")
    source = text.read_text(encoding="utf-8").replace("divide(one)", "from math pi")
    text.write_text(source, encoding="utf-8")
    (fault,) = build_lesson(text, tmp_path).faults
    assert fault.line == source[: source.index("from math")].count("\n") + 1
    assert "it raises SyntaxError: invalid syntax; mend it" in str(fault)


def test_each_fixture_is_tried():
    tried = {*FAULTS, *FAULTS_WHEN_RUN, "tags_that_are_no_list", "sound", "essay"}
    assert tried == {path.stem for path in FIXTURES.glob("*.py")}


def test_all_faults_are_told_together(tmp_path):
    text = repository(tmp_path, "image_without_alt")
    for old, new in ((" points=1", ""), ("# # One", "# One"), ("# A picture", "# # A picture")):
        text.write_text(text.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    faults = build_lesson(text, tmp_path).faults
    assert [fault.line for fault in faults] == [1, 11, 17]


def test_faulty_stored_outputs_are_told_without_running(built):
    notebook = built.solved.read_text(encoding="utf-8")
    built.solved.write_text(notebook.replace('"alt": "a dot"', '"alt": ""'), encoding="utf-8")
    (line,) = check_lesson(built.text, built.root)
    assert "a picture without alt text" in line
    assert built.runs() == 1
