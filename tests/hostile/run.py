"""Try the whole corpus on our grader and on nbgrader's own, and print one table.

    python -m tests.hostile.run [--grader ours|stock|both] [--case NAME ...] [--jobs 2]
    python -m tests.hostile.run --page LOG ...

A line is printed as soon as a case is done. A run of the whole corpus on both graders writes
docs/hostile.md, with one beside the other. So does `--page`, from what runs have printed into
files: a later line on a case replaces an earlier one, and one on the page already.
"""

import argparse
import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path

from tests.hostile import world
from tests.hostile.cases import CLASSES, load
from tests.hostile.judgement import faults, is_stolen, said

PAGE = Path(__file__).resolve().parents[2] / "docs" / "hostile.md"
_WELL = "as it should be"
_ROW = re.compile(r"\| `(\w+)` \| .* \| (.*?) \| (.*?) \| (.*?) \|")
_LINE = re.compile(r"(ours|stock) +(\w+) +(\S.*?) +\d+ s  (.*)")
#: What `judgement` says about points; all else is about the state of the world.
_OF_POINTS = re.compile(r"[\d.]+ points (?:stolen|lost)|(?:not )?graded|.* left to a person")
_TITLES = {world.OURS: "`autograder grade`", world.STOCK: "`nbgrader autograde`"}


def main(arguments=None):
    """Run what is asked for; return 1 if anything happened with our grader that may not."""
    args = _arguments(arguments)
    if args.page:
        return write_page(line for log in args.page for line in log.read_text().splitlines())
    cases, lines = chosen(args.case), []
    graders = [world.OURS, world.STOCK] if args.grader == "both" else [args.grader]
    found, began = {}, time.monotonic()
    for case, grader, outcome in outcomes(cases, graders, args.jobs, args.together):
        found[case.name, grader] = outcome
        wrong = "; ".join(faults(case, outcome)) or _WELL
        line = f"{grader:<6} {case.name:<34} {said(outcome):<22} {outcome.seconds:4.0f} s  {wrong}"
        lines.append(line)
        print(line, flush=True)
    print(*summary(cases, graders, found, time.monotonic() - began), sep="\n")
    if graders == [world.OURS, world.STOCK] and not args.case:
        write_page(lines)
    return int(any(faults(c, found[c.name, g]) for c in cases for g in graders if g == world.OURS))


def _arguments(arguments):
    parser = argparse.ArgumentParser(prog="python -m tests.hostile.run", description=__doc__)
    parser.add_argument("--grader", choices=["ours", "stock", "both"], default="ours")
    parser.add_argument("--case", nargs="+", default=[], help="names, or their beginnings")
    parser.add_argument("--page", nargs="+", type=Path, help="files with the lines of runs")
    parser.add_argument("--jobs", type=int, default=2, help="how many at once")
    parser.add_argument(
        "--together",
        type=int,
        default=1,
        help="how many cases are one class, which saves time (our grader only)",
    )
    return parser.parse_args(arguments)


def chosen(beginnings):
    """Return the cases whose names begin with one of these, or all of them."""
    cases = [c for name, c in load().items() if name.startswith(tuple(beginnings) or "")]
    order = list(CLASSES)
    return sorted(cases, key=lambda case: (order.index(case.name[0]), case.name))


def classes(cases, size):
    """Return the cases in lists of up to this size that can be graded together."""
    found = []
    for _, some in groupby(sorted(cases, key=_kind), key=_kind):
        some = list(some)
        found += [some[n : n + size] for n in range(0, len(some), size)]
    return found


def _kind(case):
    return case.two_pass, case.slow


def outcomes(cases, graders, jobs=2, together=1):
    """Yield (case, grader, outcome) as they come."""
    with ExitStack() as stack:
        pool = stack.enter_context(ThreadPoolExecutor(jobs))
        work = {}
        for grader in graders:
            one = stack.enter_context(world.made(grader))
            for some in classes(cases, together if grader == world.OURS else 1):
                work[pool.submit(graded, one, some)] = some, grader
        for future in as_completed(work):
            some, grader = work[future]
            for case in some:
                yield case, grader, future.result()[case.name]


def graded(one, cases):
    """Return {name: Outcome} of cases that are graded together.

    If something happened to others, which all are blamed for, each case is graded once more by
    itself, to tell whose doing it was.
    """
    found = one.grade(cases)
    if len(cases) > 1 and set.intersection(*(set(found[c.name].problems) for c in cases)):
        return {case.name: one.grade([case])[case.name] for case in cases}
    return found


def summary(cases, graders, found, seconds):
    """Yield the last lines: counts for each grader."""
    for grader in graders:
        mine = [(case, found[case.name, grader]) for case in cases]
        stolen = sum(is_stolen(case, outcome) for case, outcome in mine)
        wrong = sum(bool(faults(case, outcome)) for case, outcome in mine)
        yield f"{grader}: {len(mine)} cases, {stolen} stole points, {wrong} not as they should be"
    yield f"{seconds:.0f} seconds"


_PAGE = """\
# Hostile and awkward submissions

What becomes of {count} submissions, with this grader and with nbgrader's own `autograde`. Each is
handed in by a student between two others: one who is graded already, and one who comes next. The
lesson is worth {points} points.

- **Should be**: the points that were earned. "Rejected" means that a reason is told and nothing
  is graded; "or by hand" that a person may have to look at it, with the reason.
- In bold stands what must not happen: points that weren't earned, points or marks lost, anything
  that changed, ran on, was sent or was told to the student.
- nbgrader says itself that it doesn't protect against unsafe code. It ran here within a sandbox,
  with limits and {cell} seconds for a cell. That its feedback shows hidden tests to everybody is
  left out.

Made by `python -m tests.hostile.run --grader both`; `tests/hostile/` holds the submissions.

| | {ours} | {stock} |
|---|---|---|
{counts}
"""


def write_page(lines):
    """Write docs/hostile.md from the lines that runs have printed; return an exit status."""
    found = on_page(PAGE.read_text("utf-8"))
    for line in lines:
        if match := _LINE.fullmatch(line):
            grader, name, told, wrong = match.groups()
            found[name, grader] = told, [] if wrong == _WELL else wrong.split("; ")
    cases = chosen([])
    missing = [(c.name, g) for c in cases for g in _TITLES if (c.name, g) not in found]
    if missing:
        print(f"{len(missing)} results are missing, as that of {missing[0]}", file=sys.stderr)
        return 1
    PAGE.write_text(page(cases, found).replace(f"{world.REPOSITORY}/", ""), "utf-8")
    return 0


def on_page(text):
    """Return {(case, grader): (what became of it, faults)} of a page, where a case is as it was."""
    should = {case.name: case.should_be() for case in chosen([])}
    found = {}
    for name, was, *cells in filter(None, map(_row, text.splitlines())):
        for grader, cell in zip(_TITLES, cells, strict=True) if should.get(name) == was else ():
            told, _, wrong = cell.partition("; **")
            found[name, grader] = told, wrong.removesuffix("**").split("; ") if wrong else []
    return found


def _row(line):
    match = _ROW.fullmatch(line.replace("\\|", "\0"))
    return match and [part.replace("\0", "|").replace("&lt;", "<") for part in match.groups()]


def page(cases, found):
    """Return the page with both graders side by side.

    found: {(case, grader): (what became of it, faults)}.
    """
    ours, stock = (_TITLES[grader] for grader in (world.OURS, world.STOCK))
    text = _PAGE.format(
        count=len(cases),
        points=world.lesson.ALL,
        cell=world.CELL,
        ours=ours,
        stock=stock,
        counts="\n".join(_counts(cases, found)),
    )
    for letter, title in CLASSES.items():
        some = [case for case in cases if case.name[0] == letter]
        text += f"\n## {title[0].upper()}{title[1:]}\n\n"
        text += f"| case | what | should be | {ours} | {stock} |\n|---|---|---|---|---|\n"
        for case in some:
            cells = [_cell(*found[case.name, grader]) for grader in _TITLES]
            row = [f"`{case.name}`", case.about, case.should_be(), *cells]
            text += f"| {' | '.join(_escaped(cell) for cell in row)} |\n"
    return text


def _counts(cases, found):
    def count(what, grader):
        return sum(bool(what(case, found[case.name, grader][1])) for case in cases)

    for title, what in (
        ("points that weren't earned", lambda case, wrong: any("stolen" in w for w in wrong)),
        (
            "others or their files changed, lost or read; or the machine left otherwise",
            lambda case, wrong: any(not _OF_POINTS.fullmatch(w) for w in wrong),
        ),
        ("an honest student lost points", lambda case, wrong: case.name[0] == "h" and wrong),
        ("anything not as it should be", lambda case, wrong: wrong),
    ):
        yield f"| {title} | {count(what, world.OURS)} | {count(what, world.STOCK)} |"


def _cell(told, wrong):
    return f"{told}{'; **' + '; '.join(wrong) + '**' if wrong else ''}"


def _escaped(text):
    return text.replace("|", "\\|").replace("<", "&lt;")


if __name__ == "__main__":
    sys.exit(main())
