"""Lessons to build: the fixtures, each alone in a repository of its own."""

import shutil
from pathlib import Path

import pytest

from autograder.author import editions
from autograder.author.build import build_lesson

FIXTURES = Path(__file__).parent / "fixtures"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Let one process try all of these, so that the lesson that most of them need is built once."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.xdist_group("lessons that are built"))


def repository(folder, fixture, stem="01_lesson"):
    """Lay out a repository with one fixture as its lesson; return the lesson's text."""
    (folder / "solutions").mkdir(parents=True, exist_ok=True)
    text = folder / "solutions" / f"{stem}.py"
    shutil.copyfile(FIXTURES / f"{fixture}.py", text)
    return text


def edit(path, old, new):
    """Replace the one place in a file that holds `old`."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def snapshot(folder):
    """Return what each file below a folder holds."""
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


class Repository:
    """A built repository with the sound lesson, and its files."""

    def __init__(self, root):
        self.root = root
        self.text = root / "solutions" / "01_lesson.py"
        self.solved = root / "solutions" / "01_lesson.ipynb"
        self.learner = root / "notebooks" / "01_lesson.ipynb"
        self.beside = root / "notebooks" / "01_lesson.new.ipynb"

    def build(self, **options):
        return build_lesson(self.text, self.root, **options)

    def runs(self):
        """Return how often a kernel has run the lesson, as its first code cell wrote down."""
        return (self.root / "solutions" / "runs.txt").read_text().count("run")


@pytest.fixture(scope="session")
def library(tmp_path_factory):
    """Return a checks' library that nobody edits while the tests run; these lessons use none."""
    return tmp_path_factory.mktemp("learn")


@pytest.fixture(autouse=True)
def use_library(library, monkeypatch):
    monkeypatch.setattr(editions, "_LIBRARY", library)


@pytest.fixture(autouse=True)
def not_on_github(monkeypatch):
    """There, faults are annotations as well."""
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)


@pytest.fixture(scope="session")
def built_once(library, tmp_path_factory):
    built = Repository(tmp_path_factory.mktemp("built"))
    repository(built.root, "sound")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(editions, "_LIBRARY", library)
        outcome = built.build()
    assert not outcome.faults
    assert outcome.written == [built.solved, built.learner]
    return built


@pytest.fixture
def built(built_once, tmp_path):
    """Return a copy of the built repository that the test may change."""
    shutil.copytree(built_once.root, tmp_path / "repository")
    return Repository(tmp_path / "repository")
