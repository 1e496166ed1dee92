"""The words that people read are spelled right: lessons, pages, and what the checks say."""

import re
from pathlib import Path

import pytest
from spellchecker import SpellChecker

from autograder.author.lesson import read_lesson
from autograder.learn.mistakes import rules
from tests.lessons.pages import prose

ROOT = Path(__file__).parents[1]
FOLDERS = ("docs", "examples", "findings")
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
PAGES += sorted(page for folder in FOLDERS for page in (ROOT / folder).glob("*.md"))
LESSONS = sorted(p for place in ("", "examples") for p in (ROOT / place).glob("solutions/*.py"))
#: Names, terms and British spellings, one to a line.
OWN_WORDS = (ROOT / "tests" / "words.txt").read_text(encoding="utf-8").split()
_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['’](?=[^\W\d_]))*")


@pytest.fixture(scope="module")
def dictionary():
    known = SpellChecker()
    known.word_frequency.load_words(OWN_WORDS)
    return known


def unknown(dictionary, text):
    words = {word.replace("’", "'") for word in _WORD.findall(prose(text))}
    stems = {re.sub(r"'s$", "", word) for word in words}
    # Names of classes and abbreviations have capitals inside.
    plain = [word for word in stems if len(word) > 1 and word[1:] == word[1:].lower()]
    return sorted(dictionary.unknown(plain))


def text_of(lesson):
    cells = read_lesson(lesson, ROOT).cells
    return "\n".join(cell.source for cell in cells if cell.kind == "markdown")


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)
def test_lessons(dictionary, lesson):
    assert unknown(dictionary, text_of(lesson)) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_pages(dictionary, page):
    assert unknown(dictionary, page.read_text(encoding="utf-8")) == []


def test_what_the_rules_say(dictionary):
    said = {r.code: f"{r.belief}. {r.truth}. {r.hint}" for r in rules() if not r.own}
    found = {code: unknown(dictionary, text) for code, text in said.items()}
    assert {code: words for code, words in found.items() if words} == {}


def test_the_list_holds_no_word_twice_and_is_sorted():
    assert sorted(set(OWN_WORDS), key=str.lower) == OWN_WORDS
