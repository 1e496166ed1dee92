"""Write the cards of docs/why.md anew: python -m tests.learn.why.page."""

import functools
import inspect
import re
import textwrap
from pathlib import Path

import keras

from autograder.learn import why
from tests.learn.why.faults import FAULTS

PAGE = Path(__file__).parents[3] / "docs" / "why.md"
TITLES = {
    "channels_first_data": "Pictures with the channels first",
    "one_picture": "A single picture",
    "samples_declared": "The shape of the whole array",
    "dataset_of_samples": "A dataset without batches",
    "lstm_on_the_last_state": "Layers that go along steps",
    "dense_on_a_sequence": "An answer for each step",
    "whole_numbers_in_validation": "Whole numbers for one-hot rows",
    "counted_from_one": "Classes counted from 1",
    "skip_of_an_odd_size": "A skip connection of an odd size",
    "decoder_too_small": "A decoder that gives another size",
}
BEGIN, END = "<!-- cards: begin -->", "<!-- cards: end -->"


@functools.cache
def card_of(name):
    """Return the card of a fault."""
    function, _ = FAULTS[name]
    keras.utils.clear_session()
    try:
        function()
    except Exception as error:
        return why(error)
    raise AssertionError(f"{name} raised nothing")


def cards():
    """Return the cards of the page, in Markdown."""
    parts = []
    for name, title in TITLES.items():
        function, _ = FAULTS[name]
        told = str(card_of(name))
        told = re.sub(r"Line \d+ of faults\.py", "Line", told)
        source = textwrap.dedent(inspect.getsource(function).split(":\n", 1)[1])
        parts.append(f"### {title}\n\n```python\n{source.rstrip()}\n```\n\n```text\n{told}\n```")
    return "\n\n".join(parts)


def renewed(text):
    """Return the page's text with the cards of today."""
    before, rest = text.split(BEGIN)
    return f"{before}{BEGIN}\n\n{cards()}\n\n{END}{rest.split(END)[1]}"


if __name__ == "__main__":
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
