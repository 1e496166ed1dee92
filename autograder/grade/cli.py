"""The instructor's commands: `autograder course`, `collect`, `grade` and `sandbox`."""

import argparse
import gc
import json
import os
from pathlib import Path

from autograder import junit
from autograder.errors import UserError
from autograder.grade import course
from autograder.grade.handed_in.expected import REPOSITORY


def add_commands(commands):
    """Add the commands to the subparsers of the command `autograder`."""
    _add_course(commands)
    _add_collect(commands)
    _add_grade(commands)
    _add_award(commands)
    _add_sandbox(commands)


def _add_course(commands):
    parser = commands.add_parser(
        "course",
        help="lay out an nbgrader course directory with the lessons in it",
        description="Lay out an nbgrader course directory, outside the repository: configuration "
        "and solved lessons. nbgrader's own commands do the rest. Run it again to add lessons; "
        "what you changed in the course directory is kept.",
    )
    parser.add_argument("directory", metavar="DIR", type=Path, help="the course directory")
    parser.add_argument(
        "--lesson",
        metavar="LESSON",
        dest="lessons",
        nargs="+",
        action="extend",
        help="a lesson of the course, such as 01_some_topic (default: all lessons)",
    )
    parser.add_argument(
        "--course-id",
        metavar="ID",
        default=course.COURSE_ID,
        help="the name of the course in the exchange (default: %(default)s)",
    )
    parser.add_argument(
        "--exchange",
        metavar="DIR",
        type=Path,
        help="the folder through which instructor and students exchange files "
        "(default: nbgrader's own, /usr/local/share/nbgrader/exchange)",
    )
    parser.add_argument(
        "--root",
        metavar="DIR",
        type=Path,
        default=REPOSITORY,
        help="the folder with solutions/ in it (default: the repository of this command)",
    )
    parser.add_argument("--json", action="store_true", help="print what was done as JSON")
    parser.set_defaults(run=run)


def run(args):
    """Lay out the course, then say what was done and which commands come next."""
    laid_out = course.lay_out(
        args.directory,
        root=args.root,
        lessons=args.lessons,
        course_id=args.course_id,
        exchange=args.exchange,
    )
    if args.json:
        print(json.dumps(course.as_dict(laid_out), indent=1))
    else:
        print(course.report(laid_out))
    return 0


def _add_collect(commands):
    parser = commands.add_parser(
        "collect",
        help="take in what students handed in by an LMS",
        description="Put what was downloaded from Canvas, Moodle, Blackboard, Brightspace or Sakai "
        "into the course directory, where `autograder grade` finds it. Students are recognised by "
        "the files' names, held against nbgrader's own roster (lms_user_id, names, email). What "
        "was handed in before is kept. For other names of files set "
        "FileNameCollectorPlugin.named_regexp, as for `nbgrader zip_collect`. The exit status is "
        "1 when something could not be collected.",
    )
    parser.add_argument(
        "downloads",
        metavar="DOWNLOAD",
        type=Path,
        nargs="+",
        help="the zip file, or the folder in which it was unpacked",
    )
    parser.add_argument(
        "--course",
        metavar="DIR",
        type=Path,
        default=Path(),
        help="the course directory (default: this folder)",
    )
    parser.add_argument(
        "--lesson",
        metavar="LESSON",
        help="the lesson, such as 01_some_topic (default: the one after which the notebooks are "
        "named)",
    )
    parser.add_argument(
        "--timezone",
        metavar="ZONE",
        help="the zone of the times in the files' names, such as Europe/Berlin (default: the "
        "course's Exchange.timezone, or else UTC)",
    )
    parser.add_argument("--dry-run", action="store_true", help="say only what would be done")
    parser.add_argument("--json", action="store_true", help="print it as JSON, an object per line")
    parser.set_defaults(run=run_collect)


def run_collect(args):
    """Collect, and tell what becomes of each student's files; return the exit status."""
    from autograder.grade import collect  # takes seconds to load, as nbgrader does

    options = {"dry_run": args.dry_run, "zone": args.timezone}
    events = collect.collect(args.downloads, args.course, args.lesson, **options)
    return collect.show(events, args.json, args.dry_run)


def _add_sandbox(commands):
    parser = commands.add_parser(
        "sandbox",
        help="tell which sandbox works here, and what it protects from",
        description="Tell in which sandbox `autograder grade` would run students' code here, what "
        "that promises and what it doesn't. The exit status is 1 if none works.",
    )
    parser.add_argument(
        "name", metavar="NAME", nargs="?", help="bubblewrap, container or landlock (default: any)"
    )
    parser.add_argument(
        "--packages",
        action="store_true",
        help="instead, list the Python packages that notebooks can import where they are graded",
    )
    parser.set_defaults(run=run_sandbox)


def run_sandbox(args):
    """Print what a sandbox promises and lacks, or which packages there are in it."""
    if args.packages:
        from autograder.grade.handed_in.packages import installed

        print(*(f"{name} {version}" for name, version in installed().items()), sep="\n")
        return 0
    from autograder.grade.run.sandbox import choose

    backend = choose(args.name)
    print(f"The sandbox {backend.name} works here. It promises:")
    print(*(f"  - {promise}" for promise in backend.promises), sep="\n")
    print("Know that:")
    print(*(f"  - {lack}" for lack in backend.lacks), sep="\n")
    return 0


def _add_grade(commands):
    parser = commands.add_parser(
        "grade",
        help="grade what students handed in, in a sandbox",
        description="Grade what nbgrader has collected, into nbgrader's own gradebook. Students' "
        "code runs in a sandbox, and apart from the checks. What has been graded and hasn't "
        "changed is left as it is, so that a run which was interrupted can be taken up again. The "
        "exit status is 0 when all are graded, and 1 when some are not.",
    )
    add_grading_options(parser)
    parser.add_argument("--junit", metavar="FILE", type=Path, help="write JUnit XML as well")
    parser.set_defaults(run=run_grade)


def add_grading_options(parser):
    """Add what every command takes that grades."""
    parser.add_argument("directory", metavar="COURSE", type=Path, help="the course directory")
    parser.add_argument("lesson", metavar="LESSON", help="the lesson, such as 01_some_topic")
    parser.add_argument(
        "--student",
        metavar="ID",
        dest="students",
        nargs="+",
        action="extend",
        help="grade only these (default: everybody who handed in)",
    )
    protection = parser.add_mutually_exclusive_group()
    protection.add_argument(
        "--sandbox",
        "--backend",
        metavar="NAME",
        help="bubblewrap, container, or landlock, which protects less (default: the first of "
        "the first two that works here)",
    )
    protection.add_argument(
        "--trust-students",
        action="store_const",
        const=True,
        help="use no sandbox: students' code can do whatever you can do on this machine, with "
        "marks, files and the network",
    )
    parser.add_argument(
        "--two-pass",
        action=argparse.BooleanOptionalAction,
        help="run each notebook twice, so that no student can print what hidden tests ask "
        "(default: as the course's configuration says, or else yes)",
    )
    parser.add_argument(
        "--apart-only",
        action="store_const",
        const=True,
        help="leave to a person each check that can only be judged in the student's own kernel, "
        "where an answer could forge its points",
    )
    parser.add_argument(
        "--thorough",
        action=argparse.BooleanOptionalAction,
        help="run all cells of each notebook, or leave those of the lesson out on which no answer "
        "depends, as far as that can be told, and take less time (default: as the course's "
        "configuration says, or else run all)",
    )
    parser.add_argument(
        "--jobs",
        metavar="N",
        type=_jobs,
        default=_cores(),
        help="how many submissions are run at a time (default: %(default)s, one for each core)",
    )
    parser.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="run them on the workers of this Dask scheduler, such as tcp://host:8786",
    )
    parser.add_argument("--json", action="store_true", help="print it as JSON, an object per line")
    parser.add_argument("--force", action="store_true", help="grade again what has not changed")


def grading_options(args):
    """Return the options for `grading.grade`."""
    names = "force", "jobs", "scheduler", "sandbox", "trust_students", "two_pass", "apart_only"
    names += ("thorough",)
    return {name: getattr(args, name) for name in names}


def _add_award(commands):
    parser = commands.add_parser(
        "award",
        help="give everybody points for an exercise, where its question was a bad one",
        description="Give everybody points for an exercise, whatever their answers, in nbgrader's "
        "gradebook: at once to those who are graded already, and to others when they are graded. "
        "What a person gives in formgrader afterwards counts before it.",
    )
    parser.add_argument("directory", metavar="COURSE", type=Path, help="the course directory")
    parser.add_argument("lesson", metavar="LESSON", help="the lesson, such as 01_some_topic")
    parser.add_argument("exercise", metavar="EXERCISE", help="the exercise, or one of its checks")
    much = parser.add_mutually_exclusive_group(required=True)
    much.add_argument("--full", action="store_true", help="give all points of the exercise")
    much.add_argument(
        "--points",
        metavar="N",
        type=_points,
        help="give everybody so many points more, as extra credit",
    )
    much.add_argument("--undo", action="store_true", help="take back what was given")
    parser.add_argument("--reason", metavar="TEXT", help="why; students read it in their feedback")
    parser.add_argument("--json", action="store_true", help="print it as JSON")
    parser.set_defaults(run=run_award)


def _points(text):
    try:
        points = float(text)
    except ValueError:
        points = 0.0
    if not 0 < points < 1e6:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of points: give one above 0")
    return points


def run_award(args):
    """Give points to everybody, or take them back; return the exit status."""
    if not args.undo and not (args.reason or "").strip():
        raise UserError("say why, with --reason: students read it in their feedback")
    from autograder.grade.book import awards
    from autograder.grade.book.opened import OpenedCourse, told_of_database
    from autograder.grade.grading import alone

    opened = OpenedCourse(args.directory)
    where = opened, args.lesson, args.exercise
    with alone(opened.directory), told_of_database(opened.places.db_url):
        if args.undo:
            students = awards.take_back(*where)
        else:
            students = awards.award(*where, args.points, args.reason.strip())
    if args.json:
        print(json.dumps({"exercise": args.exercise, "students": students}))
    else:
        much = "full points" if args.full else f"{args.points:g} more points" if args.points else ""
        told = f"have {much} for {args.exercise}" if much else f"have the award for {args.exercise}"
        count = "1 student" if len(students) == 1 else f"{len(students)} students"
        print(f"{count} no longer {told}." if args.undo else f"{count} {told}.")
    return 0


def _cores():
    """Return how many cores this process may use."""
    # macOS and Windows can't tell.
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _jobs(text):
    if not text.isdecimal() or not 1 <= int(text) <= 1000:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of jobs: give one from 1 to 1000")
    return int(text)


def run_grade(args):
    """Grade, and tell what becomes of each student; return the exit status."""
    # Both take seconds to load, which other commands do without.
    from autograder.grade import grading, screen

    gc.freeze()  # what has been imported stays, and needn't be looked through for garbage
    events = grading.grade(args.directory, args.lesson, args.students, **grading_options(args))
    if args.junit:
        events = junit.recorded(events, args.junit)
    last = screen.show_json(events) if args.json else screen.show(events)
    return 1 if last["counts"][grading.NOT_GRADED] else 0
