"""Nothing that a student wrote or printed acts in the page that others open."""

import base64
import functools
import io
import logging
import struct
import zlib
from html.parser import HTMLParser

import nbformat
import pytest
from matplotlib import pyplot
from nbconvert import HTMLExporter
from nbconvert.filters import markdown2html
from nbformat import v4

from autograder import junit
from autograder.grade.book.converter import _Printed
from autograder.grade.handed_in import defuse, intake

ACTIVE = [
    "<script>alert(1)</script>",
    "<SCRIPT\n>alert(1)</SCRIPT>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<iframe src='//evil.example'></iframe>",
    "<style>@import url(//evil.example/x.css)</style>",
    "<base href='//evil.example'>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<!--><script>alert(1)</script>-->",
    "<?xml <script>alert(1)</script>",
    "<a href='javascript:alert(1)'>x</a>",
    "<javascript:alert(1)>",
    "[x](javascript:alert(1))",
    "[x]( \n javascript:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](< javascript:alert(1)>)",
    "[x](JaVaScRiPt:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](java&Tab;script:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](javascript&#58;alert(1))",
    "[x](java&#115;cript&#x3a;alert(1))",
    "[x](\\javascript:alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](vbscript:x)",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](file:///etc/passwd)",
    "[a[b](https://x.example)](javascript:alert(1))",
    "[x](https://x.example)[y](javascript:alert(1))",
    "[x](" + " " * 40 + "javascript:alert(1))",
    "[x][r]\n\n[r]: javascript:alert(1)",
    "[x][r]\n\n[r]:\n  javascript:alert(1)",
    "[x][r]\n\n> [r]: <javascript:alert(1)>",
    "- [x][r]\n- [r]: javascript:alert(1)",
    "![x](https://evil.example/track.png)",
    "![x](attachment:missing.png)",
    "![x][r]\n\n[r]: https://evil.example/track.png",
    "[![x](https://evil.example/a.png)](javascript:alert(1))",
    "!\\![x](https://evil.example/track.png)",
    "!\\[x](javascript:alert(1))",
    "![x](solutions.png)",
    '```mermaid\ngraph TD\nA[<img src=x onerror=alert(1)>]\nclick A "javascript:alert(1)"\n```',
    "~~~ mermaid\n</pre><script>alert(1)</script>\n~~~",
    "> ```mermaid\n> x\n> ```",
    "- ~~~~\tmermaid x\n  y",
    "# <script>alert(1)</script>",
    "| a |\n|---|\n| <script>alert(1)</script> |",
    "`</code><script>alert(1)</script>`",
    "$x<script>alert(1)</script>$",
    "\\begin{x}</p><script>alert(1)</script>\\end{x}",
]


#: What acts on a terminal, or hides what stands there.
TERMINAL = ["\x1b]0;title\x07", "\x1b[2J", "\x9b2J", "a\rb", "\u202eabc", "\u200b", "\ud800", "\0"]


class Page(HTMLParser):
    """Collects what would act in a page."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.links = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        if tag in {"script", "iframe", "object", "embed", "style", "base", "meta", "link", "form"}:
            self.found.append(tag)
        if tag in {"img", "svg", "video", "audio", "details"} or ("class", "mermaid") in attrs:
            self.found.append(tag)
        for name, value in attrs:
            if name.startswith("on") or name in {"src", "srcset", "style", "action"}:
                self.found.append(f"{tag} {name}")
            if name == "href":
                self.links.append(value)


@functools.cache
def exporter():
    """Return what makes pages; to read its templates takes longer than a page."""
    made = HTMLExporter(template_name="classic")
    made.exclude_input_prompt = True
    return made


def rendered(cell):
    """Return what stands in the body of the page that nbconvert makes of one cell."""
    html, _ = exporter().from_notebook_node(v4.new_notebook(cells=[cell]))
    return html[html.index("<body") :].split("</main>")[0].split("<div", 2)[-1]


@pytest.mark.parametrize("text", ACTIVE)
@pytest.mark.parametrize("new_cell", [v4.new_markdown_cell, v4.new_raw_cell])
def test_nothing_acts_in_a_page(text, new_cell):
    text = text.replace("\x01", "\ufffd")  # as intake hands it on
    page = Page("<div" + rendered(new_cell(f"Before.\n\n{defuse.markdown(text)}\n\nAfter.")))
    assert page.found == []
    safe = ("https://", "#", "http://")
    assert [link for link in page.links if not link.startswith(safe)] == []


@pytest.mark.parametrize("text", [*ACTIVE, *TERMINAL, "&lt;b&gt;", '" onclick="x', "x" * 10_000])
def test_a_sentence_is_harmless_as_text_and_in_every_page(text):
    said = defuse.sentence(f"to look at {text} fails")
    assert said.isprintable() and len(said) <= defuse.MOST_SENTENCE + 50
    assert defuse.sentence(said) == said
    for html in (
        said,
        markdown2html(f"To be graded by a person. x: {said}"),
        f'<i title="{said}">',
    ):
        page = Page(html)
        assert page.found == []
        assert [link for link in page.links if not link.startswith(("https://", "http://"))] == []
    assert "<" not in said and "&" not in said


@pytest.mark.parametrize(
    "text",
    [
        "what the function returns can't be handed over: a dict has a key of type frozenset",
        "the layer flip can't be put together here (RandomFlip is not on the list of layers)",
        "test_flat_shape: the answer's shape is (None, 3), its parts [1, 2]; `x[0]` is 5 %",
    ],
)
def test_ordinary_sentences_stay_as_they_are(text):
    assert defuse.sentence(text) == text


def test_a_sentence_stays_legible():
    assert defuse.sentence("expected <class 'A'> & \n 'B'") == "expected ‹class 'A'› ＆ 'B'"


@pytest.mark.parametrize("text", TERMINAL)
def test_no_terminal_obeys_what_is_printed(text):
    line, other = defuse.printed(f"{text}\nnext").split("\n")
    assert line.isprintable() and other == "next"


@pytest.mark.parametrize("text", [*TERMINAL, *ACTIVE[:3]])
def test_no_terminal_and_no_page_obeys_a_log_a_name_or_junit(text):
    record = logging.LogRecord("x", logging.INFO, "", 0, "said: %s", (text,), None)
    xml = junit.as_xml({text: [junit.Case(text, text, junit.ERROR, text)]})
    told = [_Printed("%(message)s").format(record), intake.shown(text), xml]
    assert all("".join(said.splitlines()).isprintable() for said in told)
    assert not any("<script" in said.lower() for said in told[1:])


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (ACTIVE[0], "script"),
        ("<img src=x onerror=alert(1)>", "img onerror"),
        ("![x](https://evil.example/track.png)", "img src"),
        ("```mermaid\n<b onclick=x>\n```", "b onclick"),
        ("[x](javascript:alert(1))", "javascript:alert(1)"),
    ],
)
def test_the_page_would_show_it_if_it_did_act(text, what):
    page = Page("<div" + rendered(v4.new_markdown_cell(text)))
    assert what in page.found + page.links


@pytest.mark.parametrize(
    "text",
    [
        "# A heading\n\n- one\n- *two*\n\n> quoted, 3 < 4 and 5 > 4, a <= b",
        "`x[0]` and `(None, 3)` and `a < b`",
        "```python\nfor i in x[1:]:\n    print(i)\n```",
        "```\nplain\n```",
        "[a link](https://keras.io/api/layers/?x=1&y=2#top), [next](02_how.ipynb).",
        "$$y = \\max(0, x W + b) \\quad x < 0$$",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "größer 🧮 שלום",
    ],
)
def test_ordinary_text_stays_as_it_is(text):
    assert defuse.markdown(text) == text


def test_active_text_stays_legible():
    assert defuse.markdown("if a<b: <b>x</b>") == "if a< b: < b>x< /b>"


@pytest.mark.parametrize("name", ["href", "require", "class", "style", "csname", "def", "unicode"])
def test_commands_of_mathjax_are_cut(name):
    assert (
        defuse.markdown(f"$\\{name}{{javascript:x}}{{y}}$") == f"$\\ {name}{{javascript:x}}{{y}}$"
    )
    assert defuse.markdown(f"$\\{name}x$") == f"$\\{name}x$"


def picture():
    """Return a PNG as the kernel sends it."""
    figure, axes = pyplot.subplots(figsize=(1, 1))
    axes.plot([1, 2])
    file = io.BytesIO()
    figure.savefig(file, format="png", metadata={"Comment": "<script>"})
    pyplot.close(figure)
    return file.getvalue()


def encoded(data):
    return base64.b64encode(data).decode()


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def test_picture_is_kept_without_comments_and_what_follows_it():
    data = picture()
    assert b"<script>" in data
    rebuilt = base64.b64decode(defuse.png(encoded(data + b"PK\x03\x04 another file")))
    assert b"<script>" not in rebuilt and rebuilt.endswith(chunk(b"IEND", b""))
    before, after = (pyplot.imread(io.BytesIO(d)) for d in (data, rebuilt))
    assert (before == after).all()


def test_picture_in_lines_is_kept():
    lines = encoded(picture())
    lines = [lines[i : i + 76] + "\n" for i in range(0, len(lines), 76)]
    assert defuse.png(lines) == defuse.png("".join(lines)) == defuse.png(encoded(picture()))


def header(width, height):
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))


_SIGN = b"\x89PNG\r\n\x1a\n"
NO_PICTURES = {
    "text": b"<script>alert(1)</script>",
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "only the sign": _SIGN,
    "broken off": picture()[:-20],
    "damaged": picture()[:60] + b"x" + picture()[61:],
    "html behind the sign": _SIGN + b"<script>alert(1)</script>",
    "huge": _SIGN + header(10**5, 10**5) + chunk(b"IDAT", b"") + chunk(b"IEND", b""),
    "no header": _SIGN + chunk(b"IDAT", b"") + chunk(b"IEND", b""),
    "no data": _SIGN + header(1, 1) + chunk(b"IEND", b""),
    "long chunk": _SIGN + b"\xff\xff\xff\xffIHDR",
}


@pytest.mark.parametrize("case", NO_PICTURES)
def test_no_picture(case):
    assert defuse.png(encoded(NO_PICTURES[case])) is None


@pytest.mark.parametrize("value", [None, 7, {}, "", "!!!", "aGk=", [7], "é"])
def test_no_picture_at_all(value):
    assert defuse.png(value) is None


def test_outputs_are_text_and_pictures_only():
    data = {
        "text/plain": "7",
        "text/html": "<script>1</script>",
        "image/png": encoded(picture()),
        "image/svg+xml": "<svg onload=1>",
        "application/javascript": "alert(1)",
        "application/vnd.jupyter.widget-view+json": {},
    }
    kept = defuse.output({"output_type": "display_data", "data": data, "metadata": {"x": 1}})
    assert set(kept["data"]) == {"text/plain", "image/png"}
    assert kept["metadata"] == {}


OUTPUTS = [
    {"output_type": "stream", "name": "stdout", "text": ["a", "b"]},
    {"output_type": "stream", "name": {"x": 1}, "text": {"x": 1}},
    {"output_type": "error", "ename": "E", "evalue": "e" * 10**6, "traceback": ["t"] * 10**4},
    {"output_type": "error", "ename": 1, "evalue": None, "traceback": 7},
    {"output_type": "execute_result", "data": {"text/plain": "\ud800"}, "execution_count": "x"},
    {"output_type": "display_data", "data": {"text/plain": 7}},
    {"output_type": "update_display_data", "data": {"text/plain": "x"}},
    {"output_type": "display_data", "data": "text"},
    {"output_type": "display_data", "data": {"text/html": "x"}},
    {},
]


def test_any_output_becomes_a_valid_one_of_bounded_size():
    kept = [output for output in map(defuse.output, OUTPUTS) if output]
    assert len(kept) == 6
    outputs = [nbformat.from_dict(output) for output in kept]
    notebook = v4.new_notebook(cells=[v4.new_code_cell(outputs=outputs)])
    nbformat.validate(notebook)
    assert len(nbformat.writes(notebook).encode()) < 500_000
