"""How the gradebooks of learning platforms look, as the platforms export and import them."""

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import UserError


@dataclass
class Sheet:
    """The table that a platform has exported: its headings, and the rows below."""

    heads: list
    rows: list
    delimiter: str


class Platform:
    """A learning platform.

    keys: {heading: the properties of our Student that may stand below it}. export: how to get the
    file.
    """

    name = export = ""
    keys = {}

    def read(self, path):
        """Return the Sheet in a file that the platform has exported."""
        try:
            text = Path(path).read_text("utf-8-sig")
            delimiter = max(",;\t", key=text.partition("\n")[0].count)
            rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
        except OSError as error:
            raise UserError(f"{path} can't be read: {error.strerror}") from None
        except UnicodeDecodeError:
            raise UserError(f"{path} is no text in UTF-8: save it as CSV UTF-8") from None
        except csv.Error as error:
            raise UserError(f"{path} can't be read as a table: {error}") from None
        heads = [head.strip() for head in rows[0]] if rows else []
        if not self.is_export(heads):
            keys = ", ".join(self.keys)
            raise UserError(
                f"{path} is no gradebook exported by {self.name} with English headings ({keys}): "
                f"{self.export}"
            )
        # A line may be shorter than the headings.
        rows = [row + [""] * (len(heads) - len(row)) for row in rows[1:] if any(row)]
        return Sheet(heads, rows, delimiter)

    def name_of(self, heads, row):
        """Return what to call the person in a row of whom nothing else is known."""
        values = (row[number] for number, head in enumerate(heads) if head in self.keys)
        return next(filter(None, reversed([value.strip() for value in values])), row[0])


class Canvas(Platform):
    """Canvas, which wants its own first columns back, in their order."""

    name = "Canvas"
    export = "choose Grades > Export in Canvas"
    keys = {"ID": ("lms_user_id",), "SIS User ID": ("id",), "SIS Login ID": ("id", "email")}

    def is_export(self, heads):
        """Tell whether headings are Canvas's."""
        begins = heads[:2] == ["Student", "ID"] or heads[:3] == ["LastName", "FirstName", "ID"]
        return begins and "Section" in heads

    def identity(self, heads):
        """Return the numbers of the columns that say who somebody is."""
        return list(range(heads.index("Section") + 1))

    def is_of(self, head, title):
        """Tell whether a heading, such as Title (1234), is that of a column."""
        return bool(re.fullmatch(rf"{re.escape(title)}(?: \(\d+\))?", head))

    def has_worths(self, row):
        """Tell whether a row says how many points each column counts."""
        return "Points Possible" in row[0]

    def is_person(self, row):
        """Tell whether a row is a student's, and not one of the two that may stand above."""
        return not self.has_worths(row) and bool(row[0].strip())


class Moodle(Platform):
    """Moodle, where people choose the columns when they import."""

    name = "Moodle"
    export = "choose Grades > Export > Plain text file in Moodle"
    keys = {"ID number": ("id",), "Username": ("id",), "Email address": ("email", "id")}
    _names = ("First name", "Surname", "Last name")

    def is_export(self, heads):
        """Tell whether headings are Moodle's."""
        return any(head in self.keys for head in heads)

    def identity(self, heads):
        """Return the numbers of the columns that say who somebody is."""
        wanted = (*self._names, *self.keys)
        return [number for number, head in enumerate(heads) if head in wanted]

    def is_of(self, head, title):
        """Tell whether a heading, such as Assignment: Title (Real), is that of a column."""
        return bool(re.fullmatch(rf"(?:[^:]+: ?)?{re.escape(title)}(?: \(Real\))?", head))

    def has_worths(self, row):
        """Tell whether a row says how many points each column counts; none does."""
        return False

    def is_person(self, row):
        """Tell whether a row is a student's; all are."""
        return True


PLATFORMS = {"canvas": Canvas(), "moodle": Moodle()}
