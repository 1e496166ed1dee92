"""The style that all lessons keep: short cells, a question or picture in each section, terms
explained before they are used, and no number in the text that no cell has shown."""

import ast
import itertools
import operator
import re

import pytest

from autograder.author.lesson import LEVELS, read_lesson
from autograder.author.regions import SOLUTION, scan
from tests.lessons.pages import LESSONS, ROOT, prose, sections

LONGEST = 15
#: The closing sections, which look back.
CLOSING = ("What the posts say, and what is true", "What you saw")

#: Words that a newcomer can't know. Each is set in bold where it is explained.
TERMS = {
    "KerasTensor": r"KerasTensors?",
    "batch axis": r"batch (axis|size)",
    "row-major": r"row-major",
    "filter": r"filters?",
    "padding": r"padding|padded",
    "pooling": r"pooling|pooled",
    "parameters": r"parameters?",
    "kernel": r"kernels?",
    "bias": r"bias(es)?",
    "rank": r"ranks?",
    "mask": r"masks?|masking|masked",
    "Functional": r"Functional",
    "Sequential": r"Sequential",
    "cast": r"casts?",
    "broadcasting": r"broadcasting|broadcasts?",
    "softmax": r"softmax",
    "loss": r"loss(es)?",
    "epoch": r"epochs?",
    "recurrent": r"recurrent",
    "overfitting": r"overfit(s|ting)?",
    "global pooling": r"global (average |max )?pooling",
    "einsum": r"einsum",
    "stride": r"strides?",
    "symbolic": r"symbolic",
}

_NUMBER = re.compile(r"(?<![\w.,])\d{1,3}(?:,\d{3})+(?![\d])|(?<![\w.,])\d+(?:\.\d+)?")
_EXPRESSION = r"[\d,.()+\-−×/ ]*\d[\d,.()+\-−×/ ]*"
_EQUATION = re.compile(rf"{_EXPRESSION}(?:={_EXPRESSION})+")
#: Smaller numbers are counted on fingers.
SMALL = 12


def cells(lesson):
    return read_lesson(ROOT / "solutions" / f"{lesson}.py", ROOT).cells


@pytest.mark.parametrize("lesson", LESSONS)
def test_no_code_cell_is_long(lesson):
    long = {}
    for cell in cells(lesson):
        hidden = sum(region.code.count("\n") + 1 for region in scan(cell.source, SOLUTION)[0])
        lines = len([line for line in cell.source.split("\n") if line.strip()]) - hidden
        if cell.kind == "code" and lines > LONGEST:
            long[cell.line] = lines
    assert long == {}


@pytest.mark.parametrize("lesson", LESSONS)
def test_each_exercise_has_a_level(lesson):
    answers = [cell for cell in cells(lesson) if cell.role == "answer"]
    assert [c.label for c in answers if c.options.get("level") not in LEVELS] == []


@pytest.mark.parametrize("lesson", LESSONS)
def test_each_exercise_has_two_folded_hints(lesson):
    """They stand between the heading of the exercise and its answer cell."""
    missing = []
    for section in sections(lesson):
        above = ""
        for part in section.parts:
            above += part.source if part.kind == "markdown" else ""
            if part.exercise:
                hints = re.findall(r"<summary>(A hint|A bigger hint)</summary>", above)
                missing += [] if hints == ["A hint", "A bigger hint"] else [part.cell]
    assert missing == []


@pytest.mark.parametrize("lesson", LESSONS)
def test_each_section_asks_or_shows(lesson):
    found = sections(lesson)[1:]
    silent = [
        section.title
        for i, section in enumerate(found)
        if section.depth > 1
        and section.title not in CLOSING
        and not any(map(_asks_or_shows, [section, *_inside(section, found[i + 1 :])]))
    ]
    assert silent == []


def _inside(section, after):
    """Return the sections within a section: those that follow with deeper headings."""
    return itertools.takewhile(lambda other: other.depth > section.depth, after)


def _asks_or_shows(section):
    asks = "?" in prose(section.texts())
    return asks or any(part.picture or part.exercise for part in section.parts)


def test_terms_are_explained_before_they_are_used():
    """In bold, in the section of their first use."""
    early = {}
    for term, pattern in TERMS.items():
        word = re.compile(rf"\b({pattern})\b")
        for lesson in LESSONS:
            if not lesson[0].isdigit():
                continue
            hit = next((s for s in sections(lesson)[1:] if _uses(word, s)), None)
            if hit is None:
                continue
            bold = re.search(rf"\*\*[^*]*\b({pattern})\b[^*]*\*\*", hit.texts(), re.IGNORECASE)
            if not bold:
                early[term] = f"{lesson}: {hit.title}"
            break
        else:
            early[term] = "is used nowhere"
    assert early == {}


def _uses(word, section):
    """Tell whether a section uses a word; the names of pages that it links to don't count."""
    text = re.sub(r"\[[^\]]*\]\(", "](", section.texts())
    return section.depth > 1 and word.search(prose(text))


# The index quotes titles and messages, which tests of its own look up.
@pytest.mark.parametrize("lesson", [lesson for lesson in LESSONS if lesson != "questions"])
def test_numbers_in_the_text_come_from_cells(lesson):
    """Each is the result of a cell, or in one; arithmetic in the text is worked out here."""
    found = sections(lesson)
    shown = set()
    for section in found:
        for part in section.parts:
            if part.kind == "code":
                shown |= set(map(_plain, _NUMBER.findall(part.source + "\n" + part.outputs)))
    loose = []
    for section in found:
        for part in section.parts:
            if part.kind == "markdown":
                text = _without_equations(part.source)
                loose += [n for n in _NUMBER.findall(text) if _unshown(n, shown)]
    assert loose == []


def _plain(number):
    return number.replace(",", "")


def _unshown(number, shown):
    return float(_plain(number)) > SMALL and _plain(number) not in shown


def _without_equations(text):
    """Return text without links, counts and equations; an equation has to hold."""
    text = re.sub(r"\]\([^)]*\)|&#\d+;", " ", text)
    text = re.sub(r"\d+ exercises? · .*minutes?", " ", text)
    text = re.sub(r"\b\d+ (seconds|minutes)\b|\b(in|since|from|of|and|until) 20\d\d\b", " ", text)
    for equation in _EQUATION.findall(text):
        values = {_value(side) for side in equation.split("=")}
        assert len(values) == 1, f"{equation.strip()} does not hold"
    return _EQUATION.sub(" ", text)


_OPERATIONS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def _value(side):
    """Work out sums and products such as 3 × 3 × 64 + 1."""
    side = side.replace(",", "").replace("×", "*").replace("−", "-").strip().rstrip(". ")
    opened = side.count("(") - side.count(")")
    side = side.rstrip(")") + ")" * (side.count(")") + min(opened, 0)) if opened < 0 else side
    return _work_out(ast.parse(side.lstrip("( ") if opened > 0 else side, mode="eval").body)


def _work_out(node):
    if isinstance(node, ast.BinOp):
        return _OPERATIONS[type(node.op)](_work_out(node.left), _work_out(node.right))
    if isinstance(node, ast.UnaryOp):
        return -_work_out(node.operand)
    return ast.literal_eval(node)


@pytest.mark.parametrize("path", sorted((ROOT / "solutions").glob("*.py")), ids=lambda p: p.stem)
def test_links_in_a_sentence_are_bold(path):
    """JupyterLab tells links by their colour alone, which not everybody sees."""
    lines = [t for t in path.read_text("utf-8").splitlines() if re.match(r"# [^|]", t)]
    text = "\n".join(lines)
    plain = re.findall(r"(?<!\*\*)\[[^\[\]|]+\]\((?:#|[0-9a-z_]+\.ipynb)[^)]*\)", text)
    assert plain == []
