"""A model's summary in a notebook is as readable in the light theme as in the dark one."""

import re

import pytest
from IPython.core.formatters import DisplayFormatter
from rich.console import Console
from rich.jupyter import JupyterRenderable, _render_segments

from autograder.learn.summaries import uncolour_summaries


@pytest.fixture
def shown():
    """What IPython makes of a table as Keras's summary() writes it."""
    console = Console(force_jupyter=False, highlight=False, width=60)
    marked = "[bold]Layer (type)[/] conv2d ([color(33)]Conv2D[/]) ([bold color(45)]None[/], 26)"
    page = _render_segments(console.render(console.render_str(marked)))
    assert "color: #" in page
    formatter = DisplayFormatter()
    uncolour_summaries(formatter)
    return formatter.format(JupyterRenderable(page, "as text"))[0]


def test_no_colour_is_left_and_bold_is(shown):
    assert "color" not in shown["text/html"]
    assert shown["text/html"].count("font-weight: bold") == 2


def test_no_word_is_lost(shown):
    words = re.sub(r"<[^>]+>", "", shown["text/html"])
    assert words.strip() == "Layer (type) conv2d (Conv2D) (None, 26)"
    assert shown["text/plain"] == "as text"


def test_outside_a_notebook_nothing_happens():
    uncolour_summaries()
