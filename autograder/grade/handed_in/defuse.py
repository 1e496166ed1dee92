"""Make what a student wrote or printed safe to show in a page: text stays, nothing acts.

Text is changed as little as possible and everywhere alike, in code and in prose, so that nothing
depends on how a program reads Markdown.
"""

import base64
import binascii
import re
import struct

MOST_TEXT = 100_000
MOST_SENTENCE = 600
MOST_PIXELS = 25_000_000

# No HTML begins at a "<" with a blank behind it: neither in prose, nor in code, nor in formulas.
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
# The places in Markdown where an address comes: after "](" and after "]:". Bounded, for the time.
_ADDRESS = re.compile(r"\](?=[(:]\s{0,20}(\S{0,300}))")
# One of the web, or one that names no protocol, not even in disguise.
_SAFE_ADDRESS = re.compile(r"(?:https?://|mailto:)[^\s\\]*|[^\s\\:&<>]+")
_CODE_FENCE = re.compile(r"(?<![`~])(`{3,}|~{3,})[ \t]*([^\s`~][^\n]*)")
_LANGUAGES = {"python", "py", "python3", "ipython", "ipython3", "text", "json", "bash"}
# What MathJax knows beyond formulas: links, attributes, loading and naming of commands.
_TEX = re.compile(
    r"\\(?=(?:href|url|require|class|cssId|style|data|bbox|html\w*|unicode|csname|includegraphics"
    r"|def|let|newcommand|renewcommand|newenvironment)(?![A-Za-z]))"
)

# Where Markdown's images, addresses and blocks of code begin.
_BRACKET = re.compile(r"!(?=\[)|\](?=[(:\[])")
_FENCE = re.compile(r"`{3,}|~{3,}")
# What HTML would take for its own, and what it looks like.
_LOOKS = str.maketrans({"<": "‹", ">": "›", "&": "＆", '"': "”"})

_PNG = b"\x89PNG\r\n\x1a\n"
_CHUNKS = (b"IHDR", b"PLTE", b"tRNS", b"gAMA", b"sRGB", b"pHYs", b"IDAT", b"IEND")


def markdown(text):
    """Return Markdown without HTML, images, addresses that run something, and diagrams."""
    text = _TAG.sub("< ", text)
    text = text.replace("![", r"!\[")
    text = _ADDRESS.sub(_checked_address, text)
    text = _CODE_FENCE.sub(_checked_fence, text)
    return _TEX.sub(r"\\ ", text)


def sentence(text):
    """Return words that a student may have had a hand in, fit for a reason or a comment of ours.

    They are stored so. One line, of bounded length, and harmless wherever it is read: as plain
    text, on a terminal, as HTML, and as Markdown with HTML in it, which is how nbgrader shows
    comments. To do it twice changes nothing.
    """
    text = " ".join(str(text).split())
    text = text if len(text) <= MOST_SENTENCE else f"{text[: MOST_SENTENCE - 3]}..."
    text = "".join(c if c.isprintable() else "?" for c in text).translate(_LOOKS)
    return _TEX.sub(r"\\ ", _FENCE.sub("'", _BRACKET.sub(r"\g<0> ", text)))


def shown(name):
    """Return a name that somebody else chose, fit to stand in a sentence."""
    name = sentence(name).replace("`", "'")
    return name if len(name) <= 60 else f"{name[:40]}...{name[-15:]}"


def printed(text):
    """Return text without anything that a terminal obeys, its lines kept."""
    return "".join(c if c.isprintable() or c == "\n" else "?" for c in text)


def _checked_address(match):
    safe = match[1] and _SAFE_ADDRESS.fullmatch(match[1])
    return "]" if safe else "]\\"


def _checked_fence(match):
    fence, info = match.groups()
    return match[0] if info.strip() in _LANGUAGES else f"{fence}text {info}"


def output(found):
    """Return an output of a student's cell reduced to text and PNG; None if nothing is left."""
    kind = found.get("output_type")
    if kind == "stream":
        name = "stderr" if found.get("name") == "stderr" else "stdout"
        return {"output_type": "stream", "name": name, "text": _text(found.get("text"))}
    if kind == "error":
        lines = found.get("traceback")
        lines = lines if isinstance(lines, list) else []
        return {
            "output_type": "error",
            "ename": _text(found.get("ename"))[:200],
            "evalue": _text(found.get("evalue")),
            "traceback": [_text(line) for line in lines[:100]],
        }
    if kind in ("display_data", "execute_result"):
        return _display(kind, found.get("data"))
    return None


def _display(kind, data):
    data = data if isinstance(data, dict) else {}
    kept = {"text/plain": _text(data["text/plain"])} if "text/plain" in data else {}
    picture = png(data.get("image/png"))
    if picture:
        kept["image/png"] = picture
    if not kept:
        return None
    shown = {"output_type": kind, "data": kept, "metadata": {}}
    return shown | {"execution_count": None} if kind == "execute_result" else shown


def _text(value):
    if isinstance(value, list):
        value = "".join(part for part in value if isinstance(part, str))
    text = value if isinstance(value, str) else ""
    text = text.encode("utf-8", "replace").decode()
    return text if len(text) <= MOST_TEXT else text[:MOST_TEXT] + "\n[the rest was cut off]\n"


def png(encoded):
    """Return a PNG (base64) rebuilt from its picture alone, or None if it isn't a sound one."""
    if isinstance(encoded, list):
        encoded = "".join(part for part in encoded if isinstance(part, str))
    if not isinstance(encoded, str):
        return None
    try:
        data = base64.b64decode("".join(encoded.split()), validate=True)
        picture = _rebuilt(data)
    except (ValueError, binascii.Error, struct.error):
        return None
    return base64.b64encode(picture).decode()


def _rebuilt(data):
    """Return the PNG in `data` without comments and without what stands behind its end."""
    if not data.startswith(_PNG):
        raise ValueError("no PNG")
    kept, place, kinds = [_PNG], len(_PNG), []
    while not kinds or kinds[-1] != b"IEND":
        length, kind = struct.unpack_from(">I4s", data, place)
        body = data[place + 8 : place + 8 + length]
        (checksum,) = struct.unpack_from(">I", data, place + 8 + length)
        if checksum != binascii.crc32(kind + body):
            raise ValueError("damaged")
        if not kinds and not _sound_header(kind, body):
            raise ValueError("no header, or too large")
        if kind in _CHUNKS:
            kept.append(data[place : place + 12 + length])
        kinds.append(kind)
        place += 12 + length
    if b"IDAT" not in kinds:
        raise ValueError("no picture")
    return b"".join(kept)


def _sound_header(kind, body):
    if kind != b"IHDR" or len(body) != 13:
        return False
    width, height = struct.unpack_from(">II", body)
    return 0 < width * height <= MOST_PIXELS
