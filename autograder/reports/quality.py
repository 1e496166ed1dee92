"""The report on the course itself: what the tests try on each exercise, and on each rule."""

from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from itertools import groupby

from autograder.errors import UserError
from autograder.reports import charts, pages
from autograder.reports.edition import read_edition
from autograder.reports.exercises import read_lines

#: How many lines the tables of the weakest have.
_MOST = 10


@dataclass(frozen=True)
class TriedRule:
    """A mistaken rule: how often a diagnosis names it, of so many answers."""

    code: str
    asked: str
    tried: int
    alone: int
    tied: int
    lost: int
    others: str


def quality(root):
    """Return the page on the course in a copy of the repository."""
    exercises, rules = _read(root)
    tried = [each for each in exercises if each.kind != "essay"]
    hardest = sorted(rules, key=lambda rule: (rule.alone / max(1, rule.tried), rule.code))
    by_lesson = groupby(exercises, key=lambda each: each.lesson)
    return pages.render(
        "quality.html",
        made=datetime.now(timezone.utc),
        exercises=exercises,
        rules=rules,
        thin=sorted(tried, key=lambda each: (each.codes, each.wrong, each.right))[:_MOST],
        codes=len({rule.code for rule in rules}),
        hardest=hardest[:_MOST],
        lessons=[_lesson(root, name, list(mine)) for name, mine in by_lesson],
    )


def as_data(root):
    """Return the same as JSON-ready data."""
    exercises, rules = _read(root)
    return {"exercises": list(map(asdict, exercises)), "rules": list(map(asdict, rules))}


def _read(root):
    page = root / "docs" / "confusion.md"  # on the rules of this package; other courses have none
    return read_lines(root), [_rule(row) for row in _table(page, 8)] if page.exists() else []


def _lesson(root, name, exercises):
    edition = read_edition(root / "solutions" / f"{name}.ipynb")
    titles = {each.name: edition.exercises.get(each.name) or each.name for each in exercises}
    rows = [(titles[each.name], each.right, each.wrong) for each in exercises]
    least = min(exercises, key=lambda each: each.wrong)
    alt = (
        f"Two bars for each exercise of {name}: right spellings and wrong answers that are tried. "
        f"The fewest wrong answers, {least.wrong}, has {titles[least.name]}."
    )
    return {
        "name": name,
        "title": edition.title or name,
        "titles": titles,
        "exercises": exercises,
        "chart": charts.pairs_chart(rows, ("right spellings", "wrong answers"), alt),
    }


def _table(path, wide):
    """Return the rows of the table on a page that the tests have written, cell by cell."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except OSError as error:
        raise UserError(
            f"{path} can't be read ({error.strerror}): run `make tables` in the repository"
        ) from None
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if "|" in line]
    rows = [row for row in cells[2:] if len(row) == wide]
    if not rows:
        raise UserError(f"{path} holds no table as `make tables` writes it: run it again")
    return rows


def _rule(row):
    code, asked, *numbers, _, others = row
    return TriedRule(code.strip("`"), asked, *map(int, numbers), others)
