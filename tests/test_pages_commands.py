"""Each command that a page names exists, with its options."""

import re
from itertools import takewhile
from pathlib import Path

import pytest

from autograder.cli import parser

ROOT = Path(__file__).parents[1]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]
TARGETS = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
#: Code between backticks, on a line, and lines of a block.
_CODE = re.compile(r"^```\w*\n(.*?)^```|(?<!`)`([^`]+)`(?!`)", re.M | re.S)


def commands(page, program):
    """Yield what stands behind a program's name, where a line of a page's code begins with it."""
    for block, span in _CODE.findall(page.read_text(encoding="utf-8")):
        for line in block.replace("\\\n", " ").split("\n") if block else [" ".join(span.split())]:
            if found := re.match(rf"(?:\S*/)?{program} ([^#|;&]*)", line):
                yield found[1]


def options():
    """Return {command of autograder: its options}."""
    (found,) = [a for a in parser()._actions if hasattr(a, "choices") and a.choices]
    return {name: set(each._option_string_actions) for name, each in found.choices.items()}


def own(words):
    """Return those of a command's words that are for it: `why` hands on what follows a script."""
    if words[0] != "why":
        return words
    return list(takewhile(lambda word: not word.endswith(".py"), words))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_of_the_autograder(page):
    known = options()
    for said in commands(page, "autograder"):
        words = re.split(r"\s{3,}", said)[0].split() or [""]
        assert words[0] in known, said
        named = {w.split("=")[0].strip("[],") for w in own(words) if w.startswith("--")}
        assert named <= known[words[0]], said


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_of_make(page):
    for said in commands(page, "make"):
        assert (said.split() or [""])[0] in TARGETS, said


def test_they_are_seen():
    seen = [said.split()[0] for page in PAGES for said in commands(page, "autograder")]
    assert {"build", "course", "grade", "export", "report", "regrade", "progress"} <= set(seen)
    assert {"lab", "test", "course"} <= {s.split()[0] for s in commands(ROOT / "README.md", "make")}
