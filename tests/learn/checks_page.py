"""What authors of lessons may use, as a page. Writes docs/checks.md.

    python -m tests.learn.checks_page
    python -m tests.learn.checks_page check_shape   print the docstring with what its examples give

All of it comes from docstrings, whose examples are run: what stands below each is the card that a
learner would get.
"""

import contextlib
import doctest
import inspect
import io
import re
import sys
from pathlib import Path

import keras
import numpy as np

from autograder import learn
from autograder.learn import figures, mistakes, predictions, questions
from autograder.learn.mistakes import rule as register
from autograder.learn.models import judge_model, judge_models
from autograder.learn.verdict import CheckFailed
from tests.learn import small_lesson

PAGE = Path(__file__).parents[2] / "docs" / "checks.md"

CHECKS = [getattr(learn, name) for name in learn.__all__ if name.startswith("check_")]
QUESTIONS = [
    getattr(learn, name)
    for name in learn.__all__
    if getattr(getattr(learn, name), "__module__", "") in (predictions.__name__, questions.__name__)
]
FIGURES = [getattr(figures, name) for name in learn.__all__ if name.startswith("draw_")]
MESSAGES = [learn.Verdict, learn.deliver, learn.CheckFailed]
#: All whose examples are run.
TRIED = [*CHECKS, *MESSAGES, learn.rule]


def filled(thing):
    """Return the docstring of a thing with what its examples give, in the place of what it says."""
    names = {**vars(learn), "keras": keras, "layers": keras.layers, "np": np}
    known = list(register._REGISTER)
    try:
        return "".join(_filled(inspect.getdoc(thing), names))
    finally:
        register._REGISTER[:] = known


def _filled(doc, names):
    for part in doctest.DocTestParser().parse(doc):
        if isinstance(part, str):
            yield part
            continue
        indent = " " * part.indent
        lines = part.source.splitlines()
        yield "".join(f"{indent}{sign} {line}".rstrip() + "\n" for sign, line in _signed(lines))
        for line in _given(part.source, names).splitlines():
            yield indent + (line or "<BLANKLINE>") + "\n"


def _signed(lines):
    return [("..." if number else ">>>", line) for number, line in enumerate(lines)]


def _given(source, names):
    """Return what a cell shows: its card, and the value of its last line."""
    shown = io.StringIO()
    with contextlib.redirect_stdout(shown), contextlib.suppress(CheckFailed):
        exec(compile(source, "<example>", "single"), names)
    return shown.getvalue()


def as_page():
    """Return the page."""
    said = [
        "# Checks, questions, messages and rules for lessons of one's own",
        "Written by `python -m tests.learn.checks_page` from the package itself; do not edit. A "
        "test runs the examples: what stands below each is the card that a learner gets.",
        _text(inspect.getdoc(learn)),
        "## From a text to the marks",
        small_lesson.as_section(),
        "## The checks",
        *(_section(check) for check in CHECKS),
        "### What a model can be asked for",
        _text(inspect.getdoc(judge_model)).partition("\n\n")[2],
        "And several models, by `check_models`:",
        _text(inspect.getdoc(judge_models)).partition("\n\n")[2],
        "## Questions",
        "For `check_prediction`, `check_numbers` and, of the first kinds, `check_shape`. In "
        "brackets stands the form of an answer.",
        "\n".join(map(_question, QUESTIONS)),
        "## Messages of one's own, and partial credit",
        *(_section(thing) for thing in MESSAGES),
        "## Rules of one's own",
        _section(learn.rule),
        "All kinds of rules, as the package itself uses them:",
        _kinds(inspect.getdoc(mistakes)),
        "## Figures",
        "Each gives a picture that a cell shows as its last line, with a text for those who can't "
        "see it.",
        "\n".join(f"- `{_call(draw)}`: {_first(draw)}" for draw in FIGURES),
    ]
    return "\n\n".join(part.strip("\n") for part in said) + "\n"


def _section(thing):
    return f"### `{_call(thing)}`\n\n{_text(inspect.getdoc(thing))}"


def _call(thing):
    """Return how a thing is called: its name, and what it takes."""
    takes = inspect.signature(thing).parameters.values()
    written = [str(p.replace(annotation=p.empty)) for p in takes]
    if thing in CHECKS:  # the options of a model come last
        written.insert(len(written) - written[-1].startswith("**"), "points=None")
    return f"{thing.__name__}({', '.join(written)})"


def _first(thing):
    return inspect.getdoc(thing).split("\n\n")[0].replace("\n", " ")


def _question(kind):
    form = f" [{kind.form}]" if hasattr(kind, "form") else ""
    return (
        f"- `{_call(kind)}`: {inspect.getdoc(kind)}".replace("\n\n", " ").replace("\n", " ") + form
    )


def _text(doc):
    """Return a docstring as Markdown: its arguments as a list, its examples as code."""
    words, _, examples = doc.partition("Examples:\n")
    words, _, args = words.partition("Args:\n")
    args, *more = re.split(r"\n\n(?=\S)", args, maxsplit=1)
    args = re.sub(r"^    (\*?\w+): ", r"- `\1`: ", args, flags=re.MULTILINE)
    args = re.sub(r"^        ", "  ", args, flags=re.MULTILINE)
    parts = [words, args, *more, *_examples(inspect.cleandoc(examples))]
    return "\n\n".join(part.strip("\n") for part in parts if part.strip())


def _examples(doc):
    """Yield the examples of a docstring, without the prompts, each with what it gives."""
    code = []
    for example in doctest.DocTestParser().get_examples(doc):
        code.append(example.source.rstrip())
        if example.want:
            card = example.want.replace("<BLANKLINE>", "").strip("\n")
            yield "```python\n" + "\n".join(code) + f"\n```\n```text\n{card}\n```"
            code = []


def _kinds(doc):
    listed = doc[doc.index('- "layer"') : doc.index("All but errors")]
    return re.sub(r"\bf\([^)]*\)", r"`\g<0>`", listed)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        print(filled(getattr(learn, name)))
    if not sys.argv[1:]:
        PAGE.write_text(as_page(), encoding="utf-8")
        print(f"wrote {PAGE}")
