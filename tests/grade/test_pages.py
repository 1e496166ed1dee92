"""A text that takes a program too long costs its own page at most, and mostly only its looks.

What is slow here are stand-ins, which wait for something that never comes.
"""

import signal
import threading

import nbformat
import pytest
from nbconvert.exporters import HTMLExporter
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.converters import GenerateFeedback
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets.config import Config

from autograder.grade.book import pages, steps
from autograder.grade.book.pages import TooSlow, time_limit

SLOW = "<slow> text"


def wait_for_ever():
    assert signal.getitimer(signal.ITIMER_REAL)[0], "nothing limits the time"
    signal.raise_signal(signal.SIGALRM)  # so that nobody has to wait until it's over
    threading.Event().wait()


def configured(**values):
    config = Config()
    steps.use(config)
    for name, value in values.items():
        config[name].merge(value)
    return config


def page_of(*cells, **values):
    exporter = HTMLExporter(config=configured(**values), template_name="basic")
    return exporter.from_notebook_node(new_notebook(cells=list(cells)))[0]


@pytest.fixture
def slow(monkeypatch):
    """Let everything that makes HTML of a text wait for ever at one."""

    def waiting(original):
        def shown(self, context, source, *args, **options):
            return wait_for_ever() if source == SLOW else original(self, context, source, *args)

        return shown

    for kind in (pages.Markdown, pages.Code):
        monkeypatch.setattr(kind, "shown", waiting(kind.shown))


@pytest.mark.parametrize("new_cell", [new_markdown_cell, new_code_cell])
def test_a_text_that_takes_too_long_is_shown_as_it_was_written(slow, new_cell):
    cells = [new_cell(SLOW), new_cell(SLOW), new_markdown_cell("**quick**"), new_code_cell("1 + 1")]
    page = page_of(*cells)
    assert page.count("<pre>&lt;slow&gt; text</pre>") == 2
    assert "<strong>quick</strong>" in page and 'class="mi"' in page


def test_many_of_them_take_no_longer_than_a_page_may(monkeypatch):
    clock, limits = [0.0], []

    class Limited:
        def __init__(self, seconds):
            limits.append(seconds)

        def __enter__(self):
            clock[0] += limits[-1]
            raise TooSlow

        def __exit__(self, *_):
            """Never come here."""

    monkeypatch.setattr(pages, "time_limit", Limited)
    monkeypatch.setattr(pages.time, "monotonic", lambda: clock[0])
    page_of(*(new_markdown_cell(SLOW) for _ in range(30)), Markdown={"seconds": 20})
    assert limits[:3] == [10, 5, 2.5]
    assert sum(limits) < 20 + 30 * 0.05


@pytest.mark.parametrize("new_cell", [new_markdown_cell, new_code_cell])
def test_a_text_that_is_too_long_is_cut_and_shown_as_it_was_written(new_cell):
    page = page_of(new_cell("**a** " * 1000), Markdown={"most": 60}, Code={"most": 60})
    assert "**a**" in page and "the rest was cut off" in page
    assert page.count("**a**") == 10


def test_other_texts_look_as_without_limits():
    cells = [new_markdown_cell("# A *title*\n\n$x^2$"), new_code_cell("x = '<b>'  # a comment")]
    plain = HTMLExporter(template_name="basic").from_notebook_node(new_notebook(cells=cells))[0]
    assert page_of(*cells) == plain


def test_limits_can_be_nested():
    with pytest.raises(TooSlow), time_limit(1000):
        with pytest.raises(TooSlow), time_limit(0.01):
            threading.Event().wait()
        wait_for_ever()


def test_a_limit_within_another_does_not_prolong_it():
    with pytest.raises(TooSlow), time_limit(0.01):
        with pytest.raises(TooSlow), time_limit(0.02):
            threading.Event().wait()
        threading.Event().wait()


def test_a_limit_ends_with_what_it_is_for():
    before = signal.getsignal(signal.SIGALRM)
    with time_limit(1000):
        assert signal.getitimer(signal.ITIMER_REAL)[0]
    assert not signal.getitimer(signal.ITIMER_REAL)[0]
    assert signal.getsignal(signal.SIGALRM) == before


class WaitsForOne(NbGraderPreprocessor):
    """Waits for ever at the notebook of one student."""

    def preprocess(self, nb, resources):
        if resources["nbgrader"]["student"] == "slow":
            wait_for_ever()
        return nb, resources


def test_a_page_that_takes_too_long_is_told_and_all_others_are_made(tmp_path, caplog):
    for student in ("anna", "slow", "zoe"):
        file = tmp_path / "autograded" / student / "lesson" / "lesson.ipynb"
        file.parent.mkdir(parents=True)
        nbformat.write(new_notebook(cells=[new_markdown_cell(f"I am {student}")]), file)
    config = configured(HTMLExporter={"template_name": "basic"})
    config.CourseDirectory.root = str(tmp_path)
    config.GenerateFeedback.preprocessors = [WaitsForOne]
    course = CourseDirectory(config=config, assignment_id="lesson")
    with pytest.raises(NbGraderException):
        GenerateFeedback(coursedir=course, config=config).start()
    made = [path.parts[-3] for path in sorted((tmp_path / "feedback").rglob("*.html"))]
    assert made == ["anna", "zoe"]
    told = [line for line in caplog.text.splitlines() if "was not made" in line]
    assert len(told) == 1 and "the feedback of slow for lesson" in told[0]
    assert "nbgrader generate_feedback lesson --student slow" in told[0]
