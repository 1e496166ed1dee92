"""A lesson on something else, in a repository of one's own: its answers are tried as ours are."""

import json
import os
import xml.etree.ElementTree as ElementTree

import nbformat
import pytest

from autograder.cli import main
from autograder.learn import Verdict
from autograder.progress import progress
from autograder.reports.exercises import read_lines
from autograder.reports.quality import quality
from autograder.reports.tried import try_answers
from autograder.reports.workbook import Trial, read_alike, tells_answer
from autograder.states import WRONG
from tests.reports import own_lesson
from tests.reports.own_lesson import ANSWERS


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    """A repository with one built lesson, and a file of answers to it."""
    return own_lesson.repository(tmp_path_factory.mktemp("own"))


def tried(repository, capsys, *options, answers=ANSWERS):
    """Return (exit status, what is printed) of trying some answers."""
    file = repository / "tests" / "answers_01_sums.py"
    file.write_text(answers, encoding="utf-8")
    try:
        status = main(["validate", "--answers", str(file), *map(str, options)])
    finally:
        file.write_text(ANSWERS, encoding="utf-8")
    return status, capsys.readouterr().out


def test_all_answers_get_what_they_should(repository, capsys, tmp_path):
    report, table = tmp_path / "report.xml", repository / "docs.md"
    before = dict(os.environ)
    status, out = tried(repository, capsys, "--junit", report, "--table", table)
    # A kernel that is started later draws as ever.
    assert dict(os.environ) == before
    assert (status, out.splitlines()[1]) == (
        0,
        "  4 right and 7 wrong answers: each gets what it should",
    )
    assert ElementTree.parse(report).getroot().get("failures") == "0"
    rows = [line for line in table.read_text(encoding="utf-8").splitlines() if "01_sums" in line]
    assert rows == [
        "| [01_sums](notebooks/01_sums.ipynb) | `sum_shape` | predict | 1 | 1 | 2 | 2 | 2 |",
        "| [01_sums](notebooks/01_sums.ipynb) | `column_sums` | build | – | 2 | 1 | 2 | 2 |",
        "| [01_sums](notebooks/01_sums.ipynb) | `drinks` | build | 2 | 3 | 1 | 3 | 2 |",
        "| [01_sums](notebooks/01_sums.ipynb) | `why_sums` | essay | – | 3 | – | – | – |",
    ]


@pytest.mark.parametrize(
    "old, new, said",
    [
        ('"sum_shape = [3, 4]"', '"sum_shape = [4, 3]"', "it should be right, and gets 0 of 1"),
        (
            '("sum_shape = (4, 3)", "")',
            '("sum_shape = (3, 4)", "")',
            "it should be wrong, and gets 1",
        ),
        (
            '"rows_summed")',
            '"other")',
            "should be named other, and is named rows_summed (no rule is called other)",
        ),
        ('"sum_shape = [3, 4]"', '"sum_shape = 1 / 0"', "its cell raises ZeroDivisionError"),
        ('"drinks": E', '"food": E', "drinks: nothing is tried on it"),
        ('"drinks": E', '"food": E', "food: the lesson has no such answer cell"),
    ],
)
def test_what_they_should_not_get_is_told(repository, capsys, old, new, said):
    status, out = tried(repository, capsys, answers=ANSWERS.replace(old, new))
    assert status == 1
    assert said in out and "to be mended" in out
    status, out = tried(repository, capsys, "--json", answers=ANSWERS.replace(old, new))
    (found,) = json.loads(out)
    assert not found["passes"] and any(
        said.split(": ")[-1] in f["sentence"] for f in found["faults"]
    )


@pytest.mark.parametrize(
    "check, said",
    [
        ("check_shape(sum_shape, of=np.zeros((3, 4)))", []),
        ("assert sum_shape == (3, 4)", []),
        ("assert sum_shape != (4, 3)", ["as it is handed out, it gets 1 of 1 points"]),
        (
            "if not isinstance(sum_shape, tuple):\n    raise CheckFailed('It is no tuple.')",
            [
                "as it is handed out, it is told: It is no tuple. Begin the check with what says "
                "NOT_ATTEMPTED where nobody has written an answer"
            ],
        ),
    ],
)
def test_what_nobody_has_answered_is_not_told_to_be_wrong(repository, tmp_path, check, said):
    lesson = nbformat.read(repository / "solutions" / "01_sums.ipynb", as_version=4)
    next(cell for cell in lesson.cells if cell.id == "test_sum_shape").source = check
    nbformat.write(lesson, tmp_path / "01_sums.ipynb")
    source = 'EXERCISES = {"sum_shape": Exercise(right=["sum_shape = (3, 4)"], wrong=[])}'
    file = tmp_path / "answers_01_sums.py"
    file.write_text(f"from autograder.answers import Exercise\n{source}\n", encoding="utf-8")
    found = try_answers(file, tmp_path / "01_sums.ipynb").faults
    assert [fault.sentence for fault in found if "handed out" in fault.sentence] == said


@pytest.mark.parametrize(
    "cell, old, new, said",
    [
        ("setup", "(axis=1)", "(axis=one)", "its rule raises NameError: name 'one' is not defined"),
        ("setup", "(table)", "(table, axis)", "its rule raises TypeError: rows_summed() missing 1"),
        (
            "test_column_sums",
            'about="column_sums"',
            'about="columns"',
            "its rule is about 'column_sums', and this check asks no such rules",
        ),
        ("setup", "(axis=1)", "(axis=1) + 1", None),
    ],
)
def test_it_is_told_why_a_rule_did_not_name_a_mistake(repository, tmp_path, cell, old, new, said):
    lesson = nbformat.read(repository / "solutions" / "01_sums.ipynb", as_version=4)
    changed = next(each for each in lesson.cells if each.id == cell)
    changed.source = changed.source.replace(old, new)
    nbformat.write(lesson, tmp_path / "01_sums.ipynb")
    file = repository / "tests" / "answers_01_sums.py"
    (fault,) = try_answers(file, tmp_path / "01_sums.ipynb").faults
    assert "should be named rows_summed, and is named " in fault.sentence
    assert (said in fault.sentence) if said else (" (" not in fault.sentence.split(". ")[0])


def test_messages_of_different_mistakes_read_differently():
    verdict = Verdict(WRONG, "No.", ("one", "two"))
    first, same, other = (
        Trial("a", source, code, (((verdict,), 0, 1),))
        for source, code in (("x", "one"), ("y", "one"), ("z", "two"))
    )
    assert read_alike([first, same, other]) == [same, other]
    assert read_alike([first, same, other], by_mistake=True) == [other]


def test_a_message_that_tells_the_answer_is_found():
    told = Verdict(WRONG, "It is (3, 4), not (4, 3).")
    trial = Trial("a", "a = (4, 3)", "one", (((told,), 0, 1),))
    assert tells_answer(trial, "a = (3, 4)")
    assert not tells_answer(trial, "a = (4, 3)")


@pytest.mark.parametrize(
    "arguments, said",
    [
        (["--answers", "answers_02_none.py"], "there is no solutions/02_none.ipynb"),
        (["--answers", "mine.py"], "call it answers_NN_topic.py"),
        (["--table", "page.md"], "name a notebook to validate"),
        ([], "name a notebook to validate"),
    ],
)
def test_what_is_missing_is_told_in_a_sentence(tmp_path, capsys, monkeypatch, arguments, said):
    monkeypatch.chdir(tmp_path)
    assert main(["validate", "--lesson-root", str(tmp_path), *arguments]) == 1
    told = capsys.readouterr().err
    assert said in told and told.count("\n") == 1


@pytest.mark.parametrize("source", ["1 / 0", "EXERCISES = {'a': 1}", "", "EXERCISES = ("])
def test_a_file_that_holds_no_answers_is_told(repository, tmp_path, capsys, source):
    file = tmp_path / "answers_01_sums.py"
    file.write_text(source)
    solved = repository / "solutions" / "01_sums.ipynb"
    assert main(["validate", str(solved), "--answers", str(file)]) == 1
    assert str(file) in capsys.readouterr().err


def test_the_report_on_quality_needs_no_file_of_ours(repository):
    page = quality(repository)
    assert "Sums of columns" in page and "column_sums" in page
    assert "make tables" not in page and 'id="rules"' not in page
    assert [line.kind for line in read_lines(repository)] == ["predict", "build", "build", "essay"]


def test_an_answer_in_words_is_written_or_not_and_never_next_once_it_is(repository):
    file = repository / "notebooks" / "01_sums.ipynb"
    given = file.read_text(encoding="utf-8")
    (lesson,) = progress(file.parent).lessons
    assert [(e.name, e.state, e.worth) for e in lesson.exercises][-1] == (
        "why_sums",
        "not attempted",
        3,
    )
    assert lesson.worth == 9
    try:
        file.write_text(given.replace("YOUR ANSWER HERE", "They are added."), encoding="utf-8")
        found = progress(file.parent)
    finally:
        file.write_text(given, encoding="utf-8")
    assert found.lessons[0].exercises[-1].state == "written"
    assert "○○○✎  0 of 9 points" in found.as_text()
    assert "✎ written, for a person to grade" in found.as_text()
    assert found.next()[1].name == "sum_shape"
    assert "why_sums: written, for a person to grade" in found.as_html()
