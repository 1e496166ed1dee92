"""A page of HTML as a test reads it."""

from html.parser import HTMLParser

_VOID = {"meta", "img", "source", "br", "link", "input", "hr"}


class Page(HTMLParser):
    """What is in a page. tables: {caption: rows of cells, as text}; tags: (name, attributes)."""

    def __init__(self, text):
        super().__init__()
        self.tables, self.tags, self.open, self.text = {}, [], [], ""
        self._rows = self._caption = self._cell = None
        self.feed(text)
        self.close()
        assert self.open == [], "a tag is not closed"

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in _VOID:
            self.open.append(tag)
        if tag == "table":
            self._rows, self._caption = [], ""
        elif tag == "tr":
            self._rows.append([])
        elif tag in ("td", "th"):
            self._cell = ""
        elif tag == "br":
            self.handle_data(" ")

    def handle_endtag(self, tag):
        assert self.open.pop() == tag
        if tag == "table":
            self.tables[self._caption] = self._rows
        elif tag in ("td", "th"):
            self._rows[-1].append(" ".join(self._cell.split()))
            self._cell = None

    def handle_data(self, data):
        if "style" in self.open:
            return
        self.text += data
        if "caption" in self.open:
            self._caption += data
        if self._cell is not None:
            self._cell += data

    def table(self, beginning):
        """Return the rows below the headings of the table whose caption begins so."""
        (rows,) = (rows for caption, rows in self.tables.items() if caption.startswith(beginning))
        return rows[1:]

    def of(self, name):
        """Return the attributes of all tags of a name."""
        return [attributes for tag, attributes in self.tags if tag == name]
