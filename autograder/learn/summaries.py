"""Show Keras's `summary()` in a notebook without its colours.

Keras writes the table with rich, in bright colours that are made for a black terminal: `None` is
light blue, 1.7 to 1 against a white page, where 4.5 to 1 is readable. No colour reads well on both
the light and the dark theme, and here they carry no meaning.
"""

import re

from IPython.core.getipython import get_ipython

_COLOUR = re.compile(r"(?:text-decoration-)?color: #[0-9a-f]{6}(?:; )?")


def uncolour_summaries(formatter=None):
    """Have IPython leave the colours out of what rich shows in a notebook.

    formatter: IPython's DisplayFormatter; by default the one of this notebook, if it is one.
    """
    if formatter is None and (shell := get_ipython()):
        formatter = shell.display_formatter
    if formatter is not None:
        by_name = formatter.mimebundle_formatter.for_type_by_name
        by_name("rich.jupyter", "JupyterRenderable", _without_colours)


def _without_colours(shown, include=None, exclude=None):
    bundle = shown._repr_mimebundle_(include or (), exclude or ())
    if "text/html" in bundle:
        page = _COLOUR.sub("", bundle["text/html"])
        bundle["text/html"] = re.sub(r'<span style="">(.*?)</span>', r"\1", page, flags=re.DOTALL)
    return bundle
