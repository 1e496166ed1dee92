"""SECURITY.md says what the back-ends say, and names tests that exist."""

import re
from pathlib import Path

import pytest

from autograder.grade.run.sandbox import BACKENDS, landlock
from autograder.grade.run.sandbox.warm import Warm

REPOSITORY = Path(__file__).resolve().parents[3]
PAGE = " ".join((REPOSITORY / "SECURITY.md").read_text(encoding="utf-8").split())


@pytest.mark.parametrize("version", [1, 6], ids=["old kernel", "new kernel"])
@pytest.mark.parametrize("name", BACKENDS)
def test_what_a_back_end_promises_and_lacks_stands_in_its_section(name, version, monkeypatch):
    monkeypatch.setattr(landlock, "landlock_version", lambda: version)
    backend = BACKENDS[name]()
    section = PAGE.split(f"### {name} ")[1].split(" ## ")[0].split(" ### ")[0]
    said = [*backend.promises, *backend.lacks, *(Warm.lacks if name == Warm.name else [])]
    assert [phrase for phrase in said if f"- {phrase}" not in section] == []


def test_the_tests_that_it_names_exist():
    named = re.findall(r"`(tests/[\w/.]+)`", PAGE)
    assert len(named) > 10
    assert [path for path in named if not (REPOSITORY / path).exists()] == []
