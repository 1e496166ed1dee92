"""`autograder validate` says what the grader will say, and fails when a check does."""

import json
import xml.etree.ElementTree as ElementTree

import nbformat
import pytest

from autograder import annotations, junit
from autograder.cli import main
from autograder.errors import UserError
from autograder.grade.handed_in.repair import Remark
from autograder.reports import validate
from autograder.reports.marks import WAITS
from autograder.reports.validate import Found, Validation
from autograder.states import NOT_ATTEMPTED, PARTLY, RIGHT
from tests.grade import small_lesson
from tests.grade.classroom import School, find_lesson
from tests.reports.synthetic import SMALL


@pytest.fixture(scope="module")
def school(tmp_path_factory):
    """A class that `autograder grade` has graded."""
    lesson = find_lesson(SMALL, tmp_path_factory.mktemp("lesson"))
    school = School(lesson, tmp_path_factory.mktemp("school"))
    school.lay_out()
    for name, answers in school.answers.items():
        school.bring(name, answers)
    school.autograder_grade()
    return school


@pytest.mark.long
@pytest.mark.sandbox
@pytest.mark.parametrize("name", ["all_right", "half_right", "untouched"])
def test_it_agrees_with_the_grader_also_on_hidden_tests(school, name, capsys):
    """half_right passes all of a check that it can see, and fails in the hidden part."""
    status = main(
        ["validate", str(school.brought(name)), "--lesson-root", str(school.course), "--json"]
    )
    (found,) = json.loads(capsys.readouterr().out)
    points = {check["check"]: check["points"] for check in found["found"]}
    assert points == school.autograded(name)
    assert status == (0 if name == "all_right" else 1)
    assert found["passes"] == (name == "all_right")


@pytest.mark.long
@pytest.mark.sandbox
def test_a_solved_notebook_that_belongs_to_no_lesson_is_its_own_edition(tmp_path, capsys):
    path = tmp_path / "being_written.ipynb"
    nbformat.write(small_lesson.notebook(), path)
    before = path.read_bytes()
    assert main(["validate", str(path), "--lesson-root", str(tmp_path)]) == 0
    assert "4 of 4 checks pass, 8 of 8 points" in capsys.readouterr().out
    assert path.read_bytes() == before


def test_a_notebook_that_is_none_is_told(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    path = tmp_path / f"{SMALL}.ipynb"
    path.write_text("<html>")
    report = tmp_path / "report.xml"
    assert main(["validate", str(path), "--junit", str(report)]) == 1
    out = capsys.readouterr().out
    assert "It was not run: " in out
    assert f"::error file={SMALL}.ipynb,title={SMALL}::" in out
    assert ElementTree.parse(report).getroot().get("errors") == "1"


@pytest.mark.parametrize(
    "name, said",
    [("missing.ipynb", "there is no file"), ("empty.ipynb", "has no checks")],
)
def test_a_fault_is_told_in_a_sentence(tmp_path, capsys, name, said):
    nbformat.write(nbformat.v4.new_notebook(), tmp_path / "empty.ipynb")
    assert main(["validate", str(tmp_path / name), "--lesson-root", str(tmp_path)]) == 1
    told = capsys.readouterr().err
    assert said in told and told.count("\n") == 1


# How it is told.


FOUND = [
    Found("flat", "test_flat", RIGHT, 1, 1, line=9),
    Found("flat", "test_flat_hidden", RIGHT, 0, 1),
    Found("model", "test_model", PARTLY, 1.5, 2, ("one + two",), "100 % is\nmore: a, b", 12),
    Found("other", "test_other", NOT_ATTEMPTED, 0, 1),
    Found("dead", "test_dead", WAITS, 0, 1, (), "it was not run\x1b[2J, for ::stop-commands::x"),
]
DONE = Validation("work/01_some.ipynb", "01_some", FOUND, [Remark("notebook", "Moved.")])


def test_only_full_points_pass():
    assert [found.passes for found in FOUND] == [True, False, False, False, False]
    assert not DONE.passes and Validation("a", "a", FOUND[:1]).passes
    assert not Validation("a", "a", refused="It is too large.").passes


def test_text():
    assert validate.as_text(DONE).splitlines() == [
        "work/01_some.ipynb",
        "  notebook: Moved.",
        "  ✔ flat (test_flat_hidden): right, 0 of 1 points",
        "  ◐ model (test_model): partly right, 1.5 of 2 points",
        "      – 100 % is more: a, b",
        "  ○ other (test_other): not attempted, 0 of 1 points",
        "  dead (test_dead): waits for a person, 0 of 1 points",
        "      – it was not run?[2J, for ::stop-commands::x",
        "  1 of 5 checks pass, 2.5 of 6 points",
    ]


def test_answers_in_words_are_left_to_a_person():
    found = Validation("a.ipynb", "a", FOUND[:1], by_hand={"why": 3.0, "how": 1.5})
    assert found.passes and found.as_dict()["by_hand"] == {"why": 3.0, "how": 1.5}
    assert (
        validate.as_text(found).splitlines()[-1] == "  left to a person: why, how, worth 4.5 more"
    )
    assert [case.outcome for case in validate.as_cases(found)] == [junit.PASSED] + [
        junit.SKIPPED
    ] * 2


def test_annotations_name_lesson_and_exercise_and_stay_on_their_lines(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    lines = validate.as_annotations(DONE)
    assert lines[1] == (
        "::error file=work/01_some.ipynb,line=12,title=01_some%3A model::"
        "test_model gives 1.5 of 2 points, partly right. 100 %25 is%0Amore: a, b"
    )
    assert len(lines) == 4 and not any("\n" in line for line in lines)


@pytest.mark.parametrize(
    "value, asked, wanted", [(None, False, False), ("true", False, True), (None, True, True)]
)
def test_annotations_come_when_asked_for_and_always_on_github(monkeypatch, value, asked, wanted):
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    if value:
        monkeypatch.setenv("GITHUB_ACTIONS", value)
    assert annotations.wanted(asked) == wanted


def test_junit():
    root = ElementTree.fromstring(junit.as_xml({"work/01_some.ipynb": validate.as_cases(DONE)}))
    assert dict(root.attrib) == {"tests": "5", "failures": "3", "errors": "1", "skipped": "0"}
    cases = {case.get("name"): case for case in root.iter("testcase")}
    assert cases["test_model"].get("classname") == "01_some.model"
    assert "100 % is" in cases["test_model"].find("failure").get("message")
    # XML knows no escape character, however it is written.
    assert "\ufffd[2J" in cases["test_dead"].find("error").get("message")
    assert len(cases["test_flat"]) == 0


def test_junit_of_grading(tmp_path):
    check = {"check": "a", "points": 1, "max_points": 2, "state": "wrong", "mistakes": ["x"]}
    check |= {"by_hand": False, "reason": ""}
    checks = [
        check,
        {**check, "check": "b", "points": 2, "state": RIGHT},
        {**check, "check": "c", "state": NOT_ATTEMPTED, "points": 0},
        {**check, "check": "d", "by_hand": True, "reason": "it died"},
        {**check, "check": "e", "state": None, "mistakes": [], "points": 0},
    ]
    events = [
        {"event": "start", "lesson": SMALL},
        {"event": "begin", "student": "ada"},
        {"event": "done", "student": "ada", "state": "graded", "checks": checks},
        {"event": "done", "student": "bo", "state": "not graded", "reason": "It is no notebook."},
        {"event": "end"},
    ]
    file = tmp_path / "junit.xml"
    assert list(junit.recorded(iter(events), file)) == events
    root = ElementTree.parse(file).getroot()
    assert [suite.get("name") for suite in root] == [f"{SMALL}: ada", f"{SMALL}: bo"]
    told = {
        case.get("name"): (case[0].tag, case[0].get("message"))
        for case in root.iter("testcase")
        if len(case)
    }
    assert told == {
        "a": ("failure", "1 of 2 points, wrong: x"),
        "c": ("skipped", "not attempted"),
        "d": ("skipped", "a person has to judge it: it died"),
        "e": ("failure", "0 of 2 points, wrong"),
        "the notebook": ("error", "It is no notebook."),
    }


def test_junit_that_cannot_be_written_is_told(tmp_path):
    with pytest.raises(UserError, match="can't write --junit"):
        junit.write(tmp_path / "no" / "such.xml", {})
