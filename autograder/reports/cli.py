"""The commands `export`, `report`, `regrade` and `validate`."""

import json
import sys
from pathlib import Path

from autograder import annotations, junit
from autograder.errors import UserError
from autograder.grade import cli as grade
from autograder.grade.handed_in.expected import REPOSITORY

FORMATS = ("csv", "json", "canvas", "moodle")


def add_commands(commands):
    """Add them to the subparsers of the command `autograder`."""
    _add_export(commands)
    _add_report(commands)
    _add_regrade(commands)
    _add_validate(commands)


def _add_course(parser):
    parser.add_argument("directory", metavar="COURSE", type=Path, help="the course directory")


def _add_output(parser, unasked):
    told = f"where to write it (default: {unasked})"
    parser.add_argument("-o", "--output", metavar="FILE", type=Path, help=told)


def _read(args):
    """Return (the opened course, its LessonMarks)."""
    # They take seconds to load, which other commands do without.
    from autograder.grade.book.opened import OpenedCourse
    from autograder.reports.marks import read_marks

    course = OpenedCourse(args.directory)
    return course, read_marks(course, args.lessons)


# export


def _add_export(commands):
    parser = commands.add_parser(
        "export",
        help="write the marks as a table, also for Canvas and Moodle",
        description="Write the marks of a course as CSV or JSON, or in the shape in which Canvas "
        "and Moodle import them. What a spreadsheet would take for a formula is marked as text by "
        "an apostrophe. For Canvas and Moodle, students are matched by ids and addresses against "
        "the gradebook that was exported there; who can't be matched is named, and the exit status "
        "is then 1.",
    )
    _add_course(parser)
    parser.add_argument(
        "lessons",
        metavar="LESSON",
        nargs="*",
        help="only these, such as 01_some_topic (default: all)",
    )
    parser.add_argument("--format", choices=FORMATS, help="default: csv, or json with --json")
    parser.add_argument("--json", action="store_true", help="the same as --format json")
    parser.add_argument(
        "--per-exercise",
        action="store_true",
        help="write a line or a column for each exercise, with its state and mistakes",
    )
    parser.add_argument(
        "--lms", metavar="FILE", type=Path, help="the gradebook that Canvas or Moodle exported"
    )
    parser.add_argument(
        "--column",
        metavar=("LESSON", "HEADING"),
        dest="columns",
        nargs=2,
        action="append",
        default=[],
        help="the heading of a LESSON, or of a LESSON/EXERCISE, there, if it is another than here; "
        "with Moodle in another language also that of id and of email",
    )
    parser.add_argument(
        "--section", metavar="NAME", default="", help="only those in this section of Canvas"
    )
    parser.add_argument(
        "--keep", action="store_true", help="keep the marks that Canvas or Moodle already has"
    )
    _add_output(parser, "it is printed")
    parser.set_defaults(run=run_export)


def run_export(args):
    """Write the marks; return the exit status."""
    kind = args.format or ("json" if args.json else "csv")
    if args.json and kind != "json":
        raise UserError(f"choose --json or --format {kind}, not both")
    _check_lms(args, kind)
    course, lessons = _read(args)
    from autograder.reports import export

    if kind in ("canvas", "moodle"):
        return _export_for_platform(args, kind, lessons)
    if kind == "json":
        text = json.dumps(export.as_data(course, lessons), indent=1) + "\n"
    else:
        text = export.as_csv(lessons, args.per_exercise)
    _put(text, args.output)
    return 0


def _check_lms(args, kind):
    is_for_platform = kind in ("canvas", "moodle")
    if is_for_platform and not args.lms:
        raise UserError(
            f"--format {kind} needs the gradebook that {kind.title()} exported, as --lms FILE: "
            "nobody can be matched without it"
        )
    if not is_for_platform and (args.lms or args.columns or args.keep):
        raise UserError("--lms, --column and --keep go with --format canvas or moodle")
    if args.section and kind != "canvas":
        raise UserError("--section goes with --format canvas")


def _export_for_platform(args, kind, lessons):
    from autograder.reports.lms import for_platform
    from autograder.reports.platforms import PLATFORMS

    platform, columns = PLATFORMS[kind], dict(args.columns)
    made = for_platform(
        platform, lessons, args.lms, args.per_exercise, columns, args.keep, args.section
    )
    _put(made.text, args.output)
    for sentence in made.told:
        print(f"autograder: {sentence}", file=sys.stderr)
    lost = f"; {made.missing} with marks are left out" if made.missing else ""
    given = "1 student gets" if made.given == 1 else f"{made.given} students get"
    wrote = f"wrote {args.output}: " if args.output else ""
    print(f"autograder: {wrote}{given} marks{lost}", file=sys.stderr)
    return 1 if made.missing else 0


def _put(text, file):
    """Write a text to a file, or print it."""
    from autograder.reports import pages

    if file:
        pages.write(file, text)
        return
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", newline="")
    if sys.stdout.isatty():  # which would obey what stands in a student's name or a folder's
        text = "".join(c if c.isprintable() or c in "\r\n\t" else "?" for c in text)
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise UserError(f"the output can't be written: {error.strerror}") from None


# report


def _add_report(commands):
    parser = commands.add_parser(
        "report",
        help="show how a class did, and what it believes, as a page",
        description="Write one page of HTML, which needs no network and prints well: how the class "
        "did in each exercise, which mistaken beliefs are behind the wrong answers, how hard each "
        "exercise was, and what is left to be done.",
    )
    parser.add_argument(
        "directory", metavar="COURSE", type=Path, nargs="?", help="the course directory"
    )
    parser.add_argument(
        "lessons",
        metavar="LESSON",
        nargs="*",
        help="only these, such as 01_some_topic (default: all)",
    )
    parser.add_argument("--no-names", action="store_true", help="name no students")
    parser.add_argument("--json", action="store_true", help="write the numbers as JSON instead")
    parser.add_argument(
        "--quality",
        action="store_true",
        help="report on the exercises themselves instead: how they are tried by the tests",
    )
    parser.add_argument(
        "--root",
        metavar="DIR",
        type=Path,
        default=REPOSITORY,
        help="for --quality: the repository (default: that of this command)",
    )
    _add_output(parser, "report.html or quality.html here; JSON is printed")
    parser.set_defaults(run=run_report)


def run_report(args):
    """Write the page; return the exit status."""
    if bool(args.directory) == args.quality:
        raise UserError("name a course directory, or give --quality, which needs none")
    text, name = _quality(args) if args.quality else _report(args)
    file = args.output or (None if args.json else Path(name))
    _put(text, file)
    if file:
        print(f"wrote {file}")
    return 0


def _report(args):
    from autograder.reports.report import as_data, report

    course, lessons = _read(args)
    if args.json:
        return json.dumps(as_data(course, lessons), indent=1) + "\n", ""
    return report(course, lessons, not args.no_names), "report.html"


def _quality(args):
    from autograder.reports.quality import as_data, quality

    if args.json:
        return json.dumps(as_data(args.root), indent=1) + "\n", ""
    return quality(args.root), "quality.html"


# regrade


def _add_regrade(commands):
    parser = commands.add_parser(
        "regrade",
        help="grade again, and say who changes, by how much and why",
        description="Grade a lesson again after a check was mended or a library changed, and say "
        "whose marks change. With --dry-run nothing is written: all is done on a copy. Points that "
        "a person gave stay, and nbgrader asks that person to look again.",
    )
    grade.add_grading_options(parser)
    parser.add_argument(
        "--dry-run", action="store_true", help="write nothing, only say what would change"
    )
    parser.set_defaults(run=run_regrade)


def run_regrade(args):
    """Grade again and tell the changes; return the exit status."""
    from autograder.grade import screen
    from autograder.reports import regrade

    again = regrade.dry_run if args.dry_run else regrade.regrade
    events = again(args.directory, args.lesson, args.students, **grade.grading_options(args))
    if args.json:
        last = screen.show_json(events)
    else:
        kept = []
        screen.show(regrade.without_changes(events, kept))
        (last,) = kept
        print(regrade.as_text(last, args.dry_run))
    return 1 if any("reason" in change for change in last["changes"]) else 0


# validate


def _add_validate(commands):
    parser = commands.add_parser(
        "validate",
        help="say whether notebooks pass their checks",
        description="Run notebooks and their checks as the grader does, with hidden tests where "
        "the lesson's solved notebook is at hand, and say which checks pass. The exit status is 0 "
        "when all do. Nothing is changed. The notebook's code runs with your rights, as when you "
        "run it yourself: for somebody else's, choose a sandbox. With --answers, right and wrong "
        "answers to a lesson's exercises are tried instead: the right ones should earn all points, "
        "the wrong ones should lose some and be named by their mistake.",
    )
    parser.add_argument(
        "notebooks", metavar="NOTEBOOK", type=Path, nargs="*", help="the notebooks' files"
    )
    parser.add_argument(
        "--answers",
        metavar="FILE",
        type=Path,
        action="append",
        default=[],
        help="answers_NN_topic.py, with right and wrong answers to solutions/NN_topic.ipynb; "
        "may be given several times",
    )
    parser.add_argument(
        "--table",
        metavar="FILE",
        type=Path,
        help="with --answers: write a page with all exercises of the repository, and how many "
        "answers are tried on each",
    )
    parser.add_argument(
        "--lesson-root",
        metavar="DIR",
        type=Path,
        default=REPOSITORY,
        help="where the lessons are: the folder with solutions/ in it, or a course directory "
        "(default: the repository of this command)",
    )
    parser.add_argument(
        "--sandbox",
        metavar="NAME",
        default="trusted",
        help="run them in one: bubblewrap, container or landlock (default: in none)",
    )
    parser.add_argument("--json", action="store_true", help="print it as JSON")
    parser.add_argument("--junit", metavar="FILE", type=Path, help="write JUnit XML as well")
    parser.add_argument(
        "--github",
        action="store_true",
        help="print annotations for GitHub as well (always in GitHub Actions)",
    )
    parser.set_defaults(run=run_validate)


def run_validate(args):
    """Validate notebooks; return the exit status."""
    if args.answers:
        return _try_answers(args)
    if not args.notebooks or args.table:
        raise UserError("name a notebook to validate; or a file of answers, by --answers FILE")
    from autograder.reports import validate as room

    done = []
    for notebook in args.notebooks:
        done.append(room.validate(notebook, args.lesson_root, args.sandbox))
        if not args.json:
            print(room.as_text(done[-1]), flush=True)
        # With JSON they would be in its way; GitHub reads them from stderr as well.
        for line in room.as_annotations(done[-1]) if annotations.wanted(args.github) else ():
            print(line, file=sys.stderr if args.json else sys.stdout, flush=True)
    if args.json:
        print(json.dumps([validation.as_dict() for validation in done], indent=1))
    if args.junit:
        junit.write(args.junit, {each.notebook: room.as_cases(each) for each in done})
    return 0 if all(validation.passes for validation in done) else 1


def _try_answers(args):
    """Try files of answers; return the exit status."""
    from autograder.reports import tried

    if args.notebooks and (len(args.notebooks), len(args.answers)) != (1, 1):
        raise UserError("with --answers name one notebook, for one file of answers, or none")
    done = []
    for file in args.answers:
        notebook = (
            args.notebooks[0] if args.notebooks else tried.notebook_for(file, args.lesson_root)
        )
        done.append(tried.try_answers(file, notebook))
        if not args.json:
            print(tried.as_text(done[-1]), flush=True)
    if args.json:
        print(json.dumps([each.as_dict() for each in done], indent=1))
    if args.junit:
        junit.write(args.junit, {each.file: tried.as_cases(each) for each in done})
    if args.table:
        _put(tried.as_table(done[0], args.table), args.table)
    return 1 if any(each.faults for each in done) else 0
