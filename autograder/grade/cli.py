"""The instructor's commands: `autograder course`, `autograder grade`, `autograder sandbox`."""

import argparse
import gc
import json
import os
from pathlib import Path

from autograder import junit
from autograder.grade import course


def add_commands(commands):
    """Add `course`, `grade` and `sandbox` to the subparsers of the command `autograder`."""
    _add_course(commands)
    _add_grade(commands)
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
        help="a lesson of the course, as 01_some_topic (default: all lessons)",
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
        default=course.REPOSITORY,
        help="the folder with solutions/ in it (default: the repository of this command)",
    )
    parser.add_argument("--json", action="store_true", help="print as JSON what was done")
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
    parser.set_defaults(run=run_sandbox)


def run_sandbox(args):
    """Print what a sandbox promises and lacks."""
    from autograder.grade.sandbox import choose

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
        "changed is left, so that a run which was interrupted can be taken up again. The exit "
        "status is 0 when all are graded, and 1 when some are not.",
    )
    add_grading_options(parser)
    parser.add_argument("--junit", metavar="FILE", type=Path, help="write JUnit XML as well")
    parser.set_defaults(run=run_grade)


def add_grading_options(parser):
    """Add what every command takes that grades."""
    parser.add_argument("directory", metavar="COURSE", type=Path, help="the course directory")
    parser.add_argument("lesson", metavar="LESSON", help="the lesson, as 01_some_topic")
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
        "--jobs",
        metavar="N",
        type=_jobs,
        default=_cores(),
        help="how many submissions are run at a time (default: %(default)s, one for each core)",
    )
    parser.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="let the workers of this Dask scheduler run them, as tcp://host:8786",
    )
    parser.add_argument("--json", action="store_true", help="print a JSON object a line")
    parser.add_argument("--force", action="store_true", help="grade again what has not changed")


def grading_options(args):
    """Return the options for `grading.grade`."""
    names = "force", "jobs", "scheduler", "sandbox", "trust_students", "two_pass"
    return {name: getattr(args, name) for name in names}


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
