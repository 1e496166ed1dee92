"""Marks in the shape in which a learning platform's gradebook imports them.

The file that the platform itself has exported says who is who, and what its columns are called.
Of it come back the columns that tell people apart and those of the lessons, with only the rows
that get a mark: what is not in an imported file stays as it is on the platform. An empty cell
would not, so a cell without a mark keeps what the platform had in it.

A student is found by an id or an address that is the same on both sides, never by name.
"""

from collections import Counter
from dataclasses import dataclass

from autograder.errors import UserError
from autograder.reports.marks import GRADED, NOT_GRADED, NOT_HANDED_IN, WAITS
from autograder.reports.tables import as_csv, defused

#: Why a student is left out; what somebody can mend comes first.
_SEVERAL = "more than one row fits"
_SHARED = "the row fits another student as well"
_NONE = "no row has this id or address"
_DOUBTS = (_SEVERAL, _SHARED, _NONE)
#: How many names a sentence lists at most.
_MOST_NAMES = 20


@dataclass(frozen=True)
class Import:
    """A file to be imported. told: sentences on who and what is not in it, or only with a doubt.

    given: how many students get a mark; missing: how many have one and are not in the file.
    """

    text: str
    told: list
    given: int
    missing: int


@dataclass(frozen=True)
class _Item:
    """What a column is for: a lesson or an exercise. points: {student: points that are settled}."""

    name: str
    title: str
    worth: float
    points: dict


@dataclass(frozen=True)
class _Column:
    """A column of the file. number: in the exported one, None for a new one."""

    item: _Item
    head: str
    number: int | None

    def cell(self, student, row):
        """Return what stands in a student's row."""
        return self.item.points.get(student, self.before(row))

    def before(self, row):
        """Return what the platform had in a row."""
        return "" if self.number is None else row[self.number]


def for_platform(platform, lessons, path, per_exercise=False, columns=None):
    """Return an Import of marks, matched against a file that the platform has exported.

    Args:
        platform: of `platforms`.
        lessons: list of LessonMarks.
        path: the exported file.
        per_exercise: give a column to each exercise instead of each lesson.
        columns: {lesson, or lesson/exercise: heading} where the platform has another name.
    """
    sheet = platform.read(path)
    students = {work.student.id: work.student for le in lessons for work in le.works}
    rows, doubts = match(platform, sheet, students.values())
    items = [item for lesson in lessons for item in _items(lesson, per_exercise)]
    filled = [_column(platform, sheet, item, path) for item in _named(items, columns or {})]
    with_marks = {student for item in items for student in item.points}
    missing = sorted(with_marks & doubts.keys())
    given = [student for student in rows if student in with_marks]
    text, odd = _table(platform, sheet, filled, {student: rows[student] for student in given})
    told = list(_on_doubts({student: doubts[student] for student in missing}))
    told += [*_on_works(lessons, rows), *_on_strangers(platform, sheet, students.values(), path)]
    told += [*_on_columns(platform, sheet, filled), *odd]
    return Import(text, told, len(given), len(missing))


def match(platform, sheet, students):
    """Return ({student's id: row}, {student's id: why there is none, of `_DOUBTS`})."""
    found, doubts = {}, {}
    for student, rows in fitting(platform, sheet, students).items():
        if len(rows) == 1:
            found[student] = rows[0]
        else:
            doubts[student] = _SEVERAL if rows else _NONE
    for row, count in Counter(map(id, found.values())).items():
        for student in [who for who in found if id(found[who]) == row] if count > 1 else ():
            doubts[student] = _SHARED
            del found[student]
    return found, doubts


def fitting(platform, sheet, students):
    """Return {student's id: the rows that have one of the student's ids or addresses}."""
    index = {}
    for row in filter(platform.is_person, sheet.rows):
        for head, value in zip(sheet.heads, row, strict=False):
            for kind in platform.keys.get(head, ()) if value.strip() else ():
                index.setdefault((kind, _key(value)), {})[id(row)] = row
    found = {}
    for student in students:
        rows = {}
        for kind in {kind for kinds in platform.keys.values() for kind in kinds}:
            if value := getattr(student, kind):
                rows |= index.get((kind, _key(value)), {})
        found[student.id] = list(rows.values())
    return found


def _key(value):
    return value.strip().casefold()


# What is to be told, and in which columns.


def _items(lesson, per_exercise):
    """Yield the _Items of a lesson."""
    settled = [work for work in lesson.works if work.state == GRADED]
    if not per_exercise:
        points = {work.student.id: work.score for work in settled}
        yield _Item(lesson.name, lesson.name, lesson.worth, points)
        return
    for place, (name, worth) in enumerate(lesson.exercises.items()):
        points = {work.student.id: work.exercises[place].points for work in settled}
        yield _Item(f"{lesson.name}/{name}", f"{lesson.name} {name}", worth, points)


def _named(items, columns):
    """Return [(item, heading that was asked for, or None)]."""
    names = [item.name for item in items]
    for name in columns:
        if name not in names:
            raise UserError(f"--column {name}: there is no such column, only {', '.join(names)}")
    return [(item, columns.get(item.name)) for item in items]


def _column(platform, sheet, item, path):
    """Return the _Column of an item."""
    item, asked = item
    title = asked or item.title
    exact = [n for n, head in enumerate(sheet.heads) if head == title]
    found = exact or [n for n, head in enumerate(sheet.heads) if platform.is_of(head, title)]
    if len(found) > 1:
        both = ", ".join(sheet.heads[number] for number in found)
        raise UserError(f"{path} has several columns {title}: choose one with --column ({both})")
    if found:
        return _Column(item, sheet.heads[found[0]], found[0])
    if asked:
        raise UserError(f"--column {item.name}: {path} has no column {asked!r}")
    return _Column(item, title, None)


def _table(platform, sheet, columns, rows):
    """Return the text of the file, and sentences on what a spreadsheet would run in it."""
    identity = platform.identity(sheet.heads)
    table = [[sheet.heads[n] for n in identity] + [column.head for column in columns]]
    for row in sheet.rows:
        if platform.has_worths(row):
            worths = [column.before(row) or column.item.worth for column in columns]
            table.append([row[n] for n in identity] + worths)
    for student, row in rows.items():
        cells = [column.cell(student, row) for column in columns]
        table.append([row[n] for n in identity] + cells)
    keys = [place for place, n in enumerate(identity) if sheet.heads[n] in platform.keys]
    odd = any(defused(row[n]) != row[n] for row in table for n in keys)
    told = (
        "an id or an address in it begins as a formula does, and had to stay so: do not open the "
        "file with a spreadsheet"
    )
    return as_csv(table, sheet.delimiter, keys), [told] * odd


# What is told besides.


def _on_doubts(doubts):
    """Yield sentences on students who have marks and are left out."""
    for why in _DOUBTS:
        if who := sorted(student for student in doubts if doubts[student] == why):
            yield f"{why}, so left out: {_some(who)}"


def _on_works(lessons, rows):
    """Yield sentences on work that has no settled mark, of the students who have a row."""
    for lesson in lessons:
        for state, why in (
            (WAITS, "a person still has to judge some of it"),
            (NOT_GRADED, "it was not graded"),
            (NOT_HANDED_IN, "nothing was handed in"),
        ):
            who = [work.student.id for work in lesson.works if work.state == state]
            who = [student for student in who if student in rows]
            if who:
                yield f"{lesson.name} stays as it is for {_some(who)}: {why}"


def _on_strangers(platform, sheet, students, path):
    """Yield a sentence on the people of whom the course knows nothing."""
    known = {id(row) for rows in fitting(platform, sheet, students).values() for row in rows}
    people = [row for row in sheet.rows if platform.is_person(row)]
    strangers = [platform.name_of(sheet.heads, row) for row in people if id(row) not in known]
    if strangers:
        yield f"{path} has people whom the course doesn't know, left out: {_some(strangers)}"


def _on_columns(platform, sheet, columns):
    """Yield sentences on columns that are new, or that count other points."""
    worths = next((row for row in sheet.rows if platform.has_worths(row)), None)
    for column in columns:
        name, worth = column.item.name, column.item.worth
        if column.number is None:
            yield (
                f"{column.head!r} is a new column, worth {worth:g} points: where {platform.name} "
                f"has one already, name it with --column {name} HEADING"
            )
        elif worths and column.before(worths).strip() not in ("", f"{worth:g}", f"{worth:.2f}"):
            had = column.before(worths).strip()
            yield f"{column.head}: {platform.name} says {had} points, the gradebook {worth:g}"


def _some(names):
    more = len(names) - _MOST_NAMES
    return ", ".join(names[:_MOST_NAMES]) + (f" and {more} more" if more > 0 else "")
