"""How the gradebooks of learning platforms look, as the platforms export and import them."""

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import UserError


@dataclass
class Sheet:
    """The table that a platform has exported: its headings, and the rows below.

    keys: {heading: the properties of our Student that may stand below it}.
    """

    heads: list
    rows: list
    delimiter: str
    keys: dict


class Platform:
    """A learning platform.

    keys: {heading, in small letters: the properties of our Student that may stand below it}.
    named: {name by which --column tells of a heading of another language: such properties}.
    export: how to get the file.
    """

    name = export = ""
    keys, named = {}, {}
    #: What stands in a cell of somebody who is excused, whatever the mark.
    excused = None

    def read(self, path, columns=None):
        """Return the Sheet in a file that the platform has exported.

        columns: {name of `named`: heading}, where the file has others than we know.
        """
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
        keys = {head: self.keys[_small(head)] for head in heads if _small(head) in self.keys}
        for name, head in (columns or {}).items():
            if head not in heads:
                raise UserError(f"--column {name}: {path} has no column {head!r}")
            keys[head] = self.named[name]
        if not keys or not self.is_export(heads):
            there = ", ".join(heads[:8]) + (", ..." if heads[8:] else "")
            raise UserError(
                f"{path} is no gradebook exported by {self.name}, or in another language (its "
                f"headings: {there}): {self.export}{self._advice()}"
            )
        # A line may be shorter than the headings.
        rows = [row + [""] * (len(heads) - len(row)) for row in rows[1:] if any(row)]
        return Sheet(heads, rows, delimiter, keys)

    def _advice(self):
        said = " or ".join(f"--column {name} HEADING" for name in self.named)
        return f"; say what tells people apart with {said}" if said else ""

    def name_of(self, sheet, row):
        """Return what to call the person in a row of whom nothing else is known."""
        values = (row[number] for number, head in enumerate(sheet.heads) if head in sheet.keys)
        return next(filter(None, reversed([value.strip() for value in values])), row[0])


def _small(head):
    """Return a heading as it is looked up."""
    return head.strip().casefold()


def _headings(text):
    """Return the headings in a text, which has a bar between two."""
    return text.split("|")


_TEST_STUDENT = "Student, Test"

# Moodle's headings in English, German, French, Spanish, Italian, Dutch and Portuguese.
_IDS = _headings(
    "id number|id-nummer|matrikelnummer|numéro d'identification|numéro d’identification|"
    "número de id|número de identificación|codice identificativo|número de identificação|"
    "username|anmeldename|nom d'utilisateur|nom d’utilisateur|nombre de usuario|nome utente|"
    "gebruikersnaam|nome de utilizador|nome de usuário"
)
_ADDRESSES = _headings(
    "email address|e-mail address|email|e-mail|e-mail-adresse|adresse de courriel|adresse e-mail|"
    "dirección de correo|dirección email|correo electrónico|indirizzo email|e-mailadres|"
    "endereço de email|endereço de e-mail"
)
_NAMES = _headings(
    "first name|surname|last name|vorname|nachname|prénom|nom|nom de famille|nombre|apellido(s)|"
    "apellidos|nome|cognome|voornaam|achternaam|apelido|sobrenome"
)
#: What Moodle adds to the heading of a column that holds no points.
_NO_POINTS = _headings(
    "percentage|letter|feedback|prozentsatz|prozent|notenstufe|buchstabe|rückmeldung|pourcentage|"
    "lettre|porcentaje|letra|retroalimentación|percentuale|lettera|percentagem|porcentagem"
)


class Canvas(Platform):
    """Canvas, which wants its own first columns back, in their order."""

    name = "Canvas"
    export = "choose Grades > Export in Canvas"
    keys = {"id": ("lms_user_id",), "sis user id": ("id",), "sis login id": ("id", "email")}
    excused = "EX"

    def is_export(self, heads):
        """Tell whether headings are Canvas's."""
        begins = heads[:2] == ["Student", "ID"] or heads[:3] == ["LastName", "FirstName", "ID"]
        return begins and "Section" in heads

    def identity(self, sheet):
        """Return the numbers of the columns that say who somebody is."""
        return list(range(sheet.heads.index("Section") + 1))

    def sections(self, sheet, row):
        """Return the names of the sections that somebody is in."""
        names = row[sheet.heads.index("Section")].strip()
        return {names, *re.split(r", (?:and )?| and ", names)}

    def is_of(self, head, title):
        """Tell whether a heading, such as Title (1234), is that of a column."""
        return bool(re.fullmatch(rf"{re.escape(title)}(?: \(\d+\))?", head))

    def has_worths(self, row):
        """Tell whether a row says how many points each column counts."""
        return "Points Possible" in row[0]

    def is_person(self, sheet, row):
        """Tell whether a row is a student's.

        Two that may stand above are not, and the one that Canvas has for the teacher's own view.
        """
        names = row[0].strip() if sheet.heads[0] == "Student" else ", ".join(row[:2])
        known = (
            row[sheet.heads.index("SIS User ID")].strip() if "SIS User ID" in sheet.heads else ""
        )
        is_test = names == _TEST_STUDENT and not known
        return not self.has_worths(row) and bool(row[0].strip()) and not is_test


class Moodle(Platform):
    """Moodle, where people choose the columns when they import."""

    name = "Moodle"
    export = "choose Grades > Export > Plain text file in Moodle"
    keys = {
        **dict.fromkeys(_IDS, ("id",)),
        **dict.fromkeys(_ADDRESSES, ("email", "id")),
    }
    named = {"id": ("id",), "email": ("email", "id")}

    def is_export(self, heads):
        """Tell whether headings can be Moodle's; any can that tell people apart."""
        return True

    def identity(self, sheet):
        """Return the numbers of the columns that say who somebody is."""
        return [
            number
            for number, head in enumerate(sheet.heads)
            if head in sheet.keys or _small(head) in _NAMES
        ]

    def sections(self, sheet, row):
        """Return the names of the sections that somebody is in; none are told."""
        return set()

    def is_of(self, head, title):
        """Tell whether a heading, such as Assignment: Title (Real), is that of a column."""
        found = re.fullmatch(rf"(?:[^:]+: ?)?{re.escape(title)}(?: \(([^()]*)\))?", head)
        return bool(found) and _small(found[1] or "") not in _NO_POINTS

    def has_worths(self, row):
        """Tell whether a row says how many points each column counts; none does."""
        return False

    def is_person(self, sheet, row):
        """Tell whether a row is a student's; all are."""
        return True


PLATFORMS = {"canvas": Canvas(), "moodle": Moodle()}
