"""The worked examples of lessons on something else: built, their answers tried, and graded."""

import re
import shutil
from pathlib import Path

import pytest

from autograder.answers import read_answers
from autograder.author.build import build_lesson
from autograder.cli import main
from autograder.reports import workbook
from tests.grade.classroom import Lesson, School

EXAMPLES = Path(__file__).parents[1] / "examples"
BROADCASTING, EMBEDDING = "01_broadcasting", "02_embedding"


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A copy of the examples, with both editions built."""
    folder = tmp_path_factory.mktemp("examples") / "examples"
    shutil.copytree(EXAMPLES, folder, ignore=shutil.ignore_patterns("*.ipynb"))
    for text in sorted((folder / "solutions").glob("*.py")):
        assert [str(fault) for fault in build_lesson(text, folder).faults] == []
    return folder


@pytest.mark.parametrize("name", [BROADCASTING, EMBEDDING])
def test_each_answer_gets_what_it_should(root, name, monkeypatch, capsys):
    tried, try_all = [], workbook.try_all
    monkeypatch.setattr(workbook, "try_all", lambda *given: tried.extend(try_all(*given)) or tried)
    status = main(["validate", "--answers", str(root / f"answers_{name}.py")])
    assert status == 0, capsys.readouterr().out
    text = (EXAMPLES / "solutions" / f"{name}.py").read_text(encoding="utf-8")
    own = re.findall(r"@rule\(.*?\n\)\ndef (\w+)", text, re.DOTALL)
    assert own and set(own) <= {trial.code for trial in tried}
    # Of Keras nothing is said where NumPy was asked.
    said = text + str([trial.results for trial in tried])
    assert ("keras" in said.lower()) == (name == EMBEDDING)


@pytest.mark.long
@pytest.mark.sandbox
@pytest.mark.parametrize("name", [BROADCASTING, EMBEDDING])
def test_a_submission_is_graded(root, name, tmp_path):
    lesson = Lesson(name, root, read_answers(root / f"answers_{name}.py"))
    school = School(lesson, tmp_path)
    school.lay_out()
    school.bring("half_right", lesson.answers_half_right())
    school.autograder_grade()
    points = school.autograded("half_right")
    assert {check for check, got in points.items() if not got} == {
        f"test_{exercise}" for exercise in lesson.half_wrong()
    }
