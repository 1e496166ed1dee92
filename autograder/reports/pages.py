"""How pages are made: one file of HTML without scripts, which asks no network for anything."""

import os
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from autograder.errors import UserError


def render(template, **values):
    """Return a page. All values are escaped, whoever wrote them."""
    return _environment().get_template(template).render(**values)


@cache
def _environment():
    environment = Environment(
        loader=PackageLoader("autograder.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"inline": inline, "percent": percent, "number": number}
    return environment


def inline(text):
    """Return text as HTML, with `code` between backticks."""
    pieces = str(text).split("`")
    code = Markup("<code>{}</code>")
    return Markup("").join(
        code.format(piece) if place % 2 else escape(piece) for place, piece in enumerate(pieces)
    )


def percent(share):
    """Return a share of 1 as people read it; the blank does not break."""
    return "–" if share is None else f"{100 * share:.0f}\N{NO-BREAK SPACE}%"


def number(value, digits=2):
    """Return a number with a real minus sign, or a dash where there is none."""
    return "–" if value is None else f"{value:.{digits}f}".replace("-", "−")


def write(path, text):
    """Write a file so that there is never half of it; only its owner may read it."""
    path = Path(path)
    temporary = path.with_name(f".{path.name}.new")
    try:
        with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(text.encode())
        os.replace(temporary, path)
    except OSError as error:
        raise UserError(f"can't write {path}: {error.strerror}") from None
