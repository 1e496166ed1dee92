"""Marks in the shape in which a learning platform's gradebook imports them.

The file that the platform itself has exported says who is who, and what its columns are called.
Of it come back the columns that tell people apart and those of the lessons, with only the rows
that get a mark: what is not in an imported file stays as it is on the platform. An empty cell
would not, so a cell without a mark keeps what the platform had in it, and so does that of
somebody who is excused there. Which marks the file would change is told.

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
_ELSEWHERE = "no row has this id or address, perhaps for want of other sections"
_DOUBTS = (_SEVERAL, _SHARED, _NONE, _ELSEWHERE)
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

    def cell(self, student, row, rules):
        """Return what stands in a student's row."""
        return self.item.points[student] if self.gives(student, row, rules) else self.before(row)

    def gives(self, student, row, rules):
        """Tell whether a student gets a mark here, and doesn't keep what the platform had."""
        return student in self.item.points and not rules.keeps(self.before(row))

    def before(self, row):
        """Return what the platform had in a row."""
        return "" if self.number is None else row[self.number]


@dataclass(frozen=True)
class _Rules:
    """Which cells stay as they are. excused: what stands there of who is excused, or None."""

    excused: str | None
    keep: bool

    def is_excused(self, before):
        """Tell whether a cell says that somebody is excused."""
        return self.excused is not None and before.strip().upper() == self.excused

    def keeps(self, before):
        """Tell whether a cell keeps what the platform had in it."""
        return self.is_excused(before) or (self.keep and _has_mark(before))


def _has_mark(before):
    """Tell whether a platform's cell holds a mark; Moodle has - for none."""
    return before.strip() not in ("", "-", "–")


def for_platform(platform, lessons, path, per_exercise=False, columns=None, keep=False, section=""):
    """Return an Import of marks, matched against a file that the platform has exported.

    Args:
        platform: of `platforms`.
        lessons: list of LessonMarks.
        path: the exported file.
        per_exercise: give a column to each exercise instead of each lesson.
        columns: {lesson, or lesson/exercise: heading} where the platform has another name; and
            {name of `platform.named`: heading} where it has another language.
        keep: whether marks that are there already stay.
        section: only who is in this section.
    """
    columns, rules = columns or {}, _Rules(platform.excused, keep)
    keys = {name: head for name, head in columns.items() if name in platform.named}
    sheet = platform.read(path, keys)
    students = {work.student.id: work.student for le in lessons for work in le.works}
    rows, doubts = match(platform, sheet, students.values())
    if section:
        rows, doubts = _in_section(platform, sheet, section, rows, doubts, path)
    items = [item for lesson in lessons for item in _items(lesson, per_exercise)]
    asked = {name: head for name, head in columns.items() if name not in keys}
    filled = [_column(platform, sheet, item, path) for item in _named(items, asked)]
    with_marks = {student for item in items for student in item.points}
    missing = sorted(with_marks & doubts.keys())
    given = {student: rows[student] for student in rows if student in with_marks}
    marked = [{who for who in given if c.gives(who, given[who], rules)} for c in filled]
    text, odd = _table(platform, sheet, filled, given, rules)
    told = list(_on_doubts({student: doubts[student] for student in missing}))
    told += [*_on_works(lessons, rows), *_on_strangers(platform, sheet, students.values(), path)]
    told += [*_on_columns(platform, sheet, filled), *_on_changes(platform, filled, given, rules)]
    told += [*_on_extra_credit(filled, marked), *odd]
    told += _on_penalties(lessons, given) if per_exercise else []
    lost = sum(doubts[who] != _ELSEWHERE for who in missing)
    return Import(text, told, len(set().union(*marked)), lost)


def _in_section(platform, sheet, section, rows, doubts, path):
    """Return (rows, doubts) of one section only.

    Whoever has no row is missing where the file holds other sections as well; where it holds this
    one alone, they may be in another.
    """
    people = [row for row in sheet.rows if platform.is_person(sheet, row)]
    inside = [row for row in people if section in platform.sections(sheet, row)]
    if not inside:
        there = sorted(set().union(*(platform.sections(sheet, row) for row in people)) - {""})
        raise UserError(f"{path} has nobody in a section {section!r}, only in {', '.join(there)}")
    mine = {id(row) for row in inside}
    sheet.rows = [row for row in sheet.rows if row not in people or id(row) in mine]
    if len(inside) == len(people):
        doubts = {who: _ELSEWHERE if why == _NONE else why for who, why in doubts.items()}
    return {student: row for student, row in rows.items() if id(row) in mine}, doubts


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
    for row in sheet.rows:
        if not platform.is_person(sheet, row):
            continue
        for head, value in zip(sheet.heads, row, strict=False):
            for kind in sheet.keys.get(head, ()) if value.strip() else ():
                index.setdefault((kind, _key(value)), {})[id(row)] = row
    found = {}
    for student in students:
        rows = {}
        for kind in {kind for kinds in sheet.keys.values() for kind in kinds}:
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
    found = exact or [
        n
        for n, head in enumerate(sheet.heads)
        if platform.is_of(head, title) and not any("%" in row[n] for row in sheet.rows)
    ]
    if len(found) > 1:
        both = ", ".join(sheet.heads[number] for number in found)
        raise UserError(f"{path} has several columns {title}: choose one with --column ({both})")
    if found:
        return _Column(item, sheet.heads[found[0]], found[0])
    if asked:
        raise UserError(f"--column {item.name}: {path} has no column {asked!r}")
    return _Column(item, title, None)


def _table(platform, sheet, columns, rows, rules):
    """Return the text of the file, and sentences on what a spreadsheet would run in it."""
    identity = platform.identity(sheet)
    table = [[sheet.heads[n] for n in identity] + [column.head for column in columns]]
    for row in sheet.rows:
        if platform.has_worths(row):
            worths = [column.before(row) or column.item.worth for column in columns]
            table.append([row[n] for n in identity] + worths)
    for student, row in rows.items():
        cells = [column.cell(student, row, rules) for column in columns]
        table.append([row[n] for n in identity] + cells)
    keys = [place for place, n in enumerate(identity) if sheet.heads[n] in sheet.keys]
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
    people = [row for row in sheet.rows if platform.is_person(sheet, row)]
    strangers = [platform.name_of(sheet, row) for row in people if id(row) not in known]
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


def _on_changes(platform, columns, rows, rules):
    """Yield sentences on marks that the platform has already, and on who is excused there."""
    for column in columns:
        marks = {who: column.before(row) for who, row in rows.items() if who in column.item.points}
        excused = [who for who, before in marks.items() if rules.is_excused(before)]
        if excused:
            yield f"{column.head}: excused in {platform.name}, and stays so: {_some(excused)}"
        others = [
            f"{who} {before.strip()} → {column.item.points[who]:g}"
            for who, before in marks.items()
            if _has_mark(before)
            and not rules.is_excused(before)
            and not _is_same(before, column.item.points[who])
        ]
        if others and rules.keep:
            yield f"{column.head}: kept, though we have another mark: {_some(others)}"
        elif others:
            yield f"{column.head}: changes marks that are there: {_some(others)} (not with --keep)"


def _is_same(before, points):
    """Tell whether a platform's cell, in whatever language, holds these points."""
    try:
        return abs(float(before.strip().replace(",", ".")) - points) < 0.005
    except ValueError:
        return False


def _on_extra_credit(columns, marked):
    """Yield sentences on marks above the maximum. marked: who gets one, for each column."""
    for column, students in zip(columns, marked, strict=True):
        item = column.item
        if above := sorted(who for who in students if item.points[who] > item.worth):
            yield (
                f"{item.name}: more than {item.worth:g} points, by extra credit, for "
                f"{_some(above)}: see that the platform takes that"
            )


def _on_penalties(lessons, rows):
    """Yield sentences on penalties, which columns of exercises don't show."""
    for lesson in lessons:
        works = [work for work in lesson.works if work.state == GRADED and work.student.id in rows]
        if less := [f"{w.student.id} {w.score - w.raw:g}" for w in works if w.score != w.raw]:
            yield f"{lesson.name}: what lateness costs is in no column: {_some(less)}"


def _some(names):
    more = len(names) - _MOST_NAMES
    return ", ".join(names[:_MOST_NAMES]) + (f" and {more} more" if more > 0 else "")
