"""The instructor's command: `autograder course`."""

from pathlib import Path

from autograder.grade import course


def add_commands(commands):
    """Add `course` to the subparsers of the command `autograder`."""
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
    print(course.report(laid_out))
    return 0
