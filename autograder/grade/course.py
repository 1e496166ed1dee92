"""Lay out an nbgrader course directory from the solved editions of the lessons."""

import json
import os
import re
import shlex
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path

from autograder.errors import UserError
from autograder.grade.book import configuration
from autograder.grade.handed_in.expected import REPOSITORY
from autograder.grade.handed_in.others import is_used
from autograder.progress import NUMBERED

COURSE_ID = "keras_shapes"
#: What the learner edition doesn't hold.
_HIDDEN = re.compile(r"### BEGIN (SOLUTION|HIDDEN TESTS).*?### END \1", re.DOTALL)
_OF_HIDDEN = (
    "only a solution or a hidden test names it, and `nbgrader generate_assignment` hands it out: "
    "to keep it back, add it to c.CourseDirectory.ignore"
)
#: A lesson's text, a file of answers to try, or one of the system's.
_NO_FILE = re.compile(r"\d\d[a-z]?_.*\.py$|answers_.*\.py$|[._]")


@dataclass
class Course:
    """A course directory that has been laid out, and what was done to each of its files."""

    directory: Path
    course_id: str
    exchange: Path | None
    lessons: list
    done: list = field(default_factory=list)  # (what was done, file, remark)


def lay_out(directory, root=REPOSITORY, lessons=None, course_id=COURSE_ID, exchange=None):
    """Write the configuration and the lessons' sources into `directory`; return a Course.

    May be run again: a file that is as it would be written is left, a lesson's source that is
    not is kept in `kept/` before it is replaced, and a configuration that exists is left alone.
    """
    try:
        root = root.expanduser().resolve()
        directory = directory.expanduser().resolve()
        exchange = exchange and exchange.expanduser().resolve()
        _check_course_id(course_id)
        _check_directory(directory, root)
        _check_exchange(exchange, directory, root)
        editions = [_solved_edition(root, name) for name in _lesson_names(root, lessons)]
        course = Course(directory, course_id, exchange, [edition.stem for edition in editions])
        _write_course(course, editions)
    except OSError as error:
        raise UserError(
            f"cannot write {error.filename or directory}: {error.strerror}; "
            "choose a folder that you may write to."
        ) from error
    return course


def _check_course_id(course_id):
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]*", course_id):
        raise UserError(
            f"--course-id {course_id!r} cannot name a folder of the exchange: "
            "use letters, digits, _, - and . only."
        )


def _check_directory(directory, root):
    if directory.is_relative_to(root):
        raise UserError(
            f"{directory} is inside the repository {root}, where solutions and marks might be "
            "published with it: choose a course directory outside."
        )
    if directory.exists() and not directory.is_dir():
        raise UserError(f"{directory} is a file: choose another name for the course directory.")
    if re.search(r"[*?\[\]]", str(directory)):
        raise UserError(
            f"{directory} has one of * ? [ ] in its name, which nbgrader takes for a pattern: "
            "choose another name for the course directory."
        )


def _check_exchange(exchange, directory, root):
    if exchange is None:
        return
    if exchange.is_relative_to(directory) or exchange.is_relative_to(root):
        raise UserError(
            f"--exchange {exchange} would let every student write into the course directory or "
            "the repository: choose a folder outside both."
        )
    if exchange.exists() and not exchange.is_dir():
        raise UserError(f"--exchange {exchange} is a file: name a folder.")


def _lesson_names(root, lessons):
    if lessons:
        names = {Path(lesson).stem for lesson in lessons}
    else:
        found = (root / "solutions").glob("*.*")
        names = {path.stem for path in found if NUMBERED.match(path.name)}
    if not names:
        raise UserError(f"there are no lessons in {root / 'solutions'}: name another --root.")
    return sorted(names)


def _solved_edition(root, name):
    edition = root / "solutions" / f"{name}.ipynb"
    if edition.is_file():
        return edition
    if edition.with_suffix(".py").is_file():
        raise UserError(f"{edition} has not been built: run `autograder build {name}` first.")
    known = ", ".join(_lesson_names(root, None))
    raise UserError(f"there is no lesson {name!r} in {edition.parent}, only {known}.")


def _write_course(course, editions):
    if not course.directory.exists():
        course.directory.mkdir(parents=True)
        course.directory.chmod(0o700)  # it holds the solutions, and later the marks
    if course.exchange and not course.exchange.exists():
        course.exchange.mkdir(parents=True)
        # What nbgrader asks for: everyone hands in here. But only who made the course's folder
        # can rename or remove it (the sticky bit), or put another in its place.
        course.exchange.chmod(0o1777)
    _write_configuration(course)
    for edition in editions:
        _write_source(course, edition)


def _write_configuration(course):
    file = course.directory / "nbgrader_config.py"
    text = configuration.text(course.course_id, course.exchange)
    if not file.exists():
        _write(file, text.encode())
        course.done.append(("written", file, ""))
    elif file.read_bytes() == text.encode():
        course.done.append(("unchanged", file, ""))
    else:
        remark = (
            "it is yours, or was written with other options, and those given now were not "
            "applied; remove it to have it written anew"
        )
        course.done.append(("left alone", file, remark))


def _write_source(course, edition):
    folder = course.directory / "source" / edition.stem
    for path, remark in [(edition, ""), *_used_by(edition)]:
        _put(course, folder / path.relative_to(edition.parent), path.read_bytes(), remark)


def _put(course, file, content, remark):
    if not file.exists():
        _write(file, content)
        course.done.append(("written", file, remark))
    elif file.read_bytes() == content:
        course.done.append(("unchanged", file, ""))
    else:
        kept = _keep(course.directory, file)
        _write(file, content)
        remark = f"the old one is {kept.relative_to(course.directory)}; generate with --force"
        course.done.append(("replaced", file, remark))


def _used_by(edition):
    """Yield (path, remark) of the files beside an edition that its lesson names or imports."""
    try:
        cells = json.loads(edition.read_text("utf-8"))["cells"]
        text = "\n".join("".join(cell["source"]) for cell in cells)
    except (ValueError, KeyError, TypeError):
        return  # nbgrader says what is wrong with it
    left, open_text = set(_others(edition.parent)), _HIDDEN.sub("", text)
    while found := [path for path in sorted(left) if _names(text, path, edition.parent)]:
        left -= set(found)
        for path in found:
            is_open = _names(open_text, path, edition.parent)
            yield path, "" if is_open else _OF_HIDDEN
            if path.suffix == ".py":  # which may use others
                more = f"\n{path.read_text('utf-8')}"
                text, open_text = text + more, open_text + more * is_open


def _others(folder):
    """Yield the files below a folder of lessons that belong to no lesson as its text or tests."""
    for path in folder.rglob("*"):
        parts = path.relative_to(folder).parts
        is_lesson = path.suffix == ".ipynb" or path.with_suffix(".ipynb").exists()
        is_left = _NO_FILE.match(path.name) or any(part[0] in "._" for part in parts[:-1])
        if path.is_file() and not (is_lesson or is_left):
            yield path


def _names(text, path, folder):
    """Tell whether a text names a file or a folder that it lies in, or imports it."""
    if is_used(path.name, text):
        return True
    top = re.escape(path.relative_to(folder).parts[0])
    told = rf"[\"']{top}[\"'/]|\b(?:import|from)[ \t]+{top}\b"
    return path.parent != folder and bool(re.search(told, text))


def _keep(directory, file):
    """Copy a source to kept/, which nbgrader doesn't look into, under a name not yet taken."""
    number = 1
    while (kept := directory / "kept" / f"{file.stem}.before-{number}{file.suffix}").exists():
        number += 1
    kept.parent.mkdir(exist_ok=True)
    shutil.copy2(file, kept)
    return kept


def _write(file, content):
    """Write a file so that there is never half of it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    temporary = file.with_name(f".{file.name}.new")
    temporary.write_bytes(content)
    os.replace(temporary, file)


def as_dict(course):
    """Return what `lay_out` did as JSON-ready data."""
    return {
        "directory": str(course.directory),
        "course_id": course.course_id,
        "exchange": course.exchange and str(course.exchange),
        "lessons": course.lessons,
        "files": [
            {"file": str(file.relative_to(course.directory)), "state": what, "remark": remark}
            for what, file, remark in course.done
        ],
    }


def report(course):
    """Return what to print after `lay_out`: what was done, and the commands that come next."""
    lines = [f"Course directory {course.directory}"]
    for what, file, remark in course.done:
        name = file.relative_to(course.directory)
        lines.append(f"  {what:<10} {name}" + (f"  ({remark})" if remark else ""))
    every = " (the same for each lesson)" if len(course.lessons) > 1 else ""
    lines += ["", f"Next, in this order{every}:", *_instructors_steps(course)]
    # The course id and the exchange of a configuration that was left alone are not known here.
    if course.done[0][0] != "left alone":
        lines += ["", "Students, each in a folder of their own:", *_students_steps(course)]
    return "\n".join(lines)


def _instructors_steps(course):
    lesson = course.lessons[0]
    steps = [
        (f"cd {shlex.quote(str(course.directory))}", ""),
        ("nbgrader db student import roster.csv", "you write it: id,first_name,last_name,email"),
        (f"nbgrader generate_assignment {lesson}", "takes the solutions out"),
        (f"nbgrader release_assignment {lesson}", "puts it into the exchange"),
        (f"nbgrader collect {lesson}", "when students have submitted"),
        (f"autograder grade . {lesson}", "runs and marks every submission, in a sandbox"),
        ("jupyter lab", "menu Nbgrader > Formgrader: see and correct marks"),
        (f"nbgrader generate_feedback {lesson}", ""),
        (f"nbgrader release_feedback {lesson}", ""),
        ("nbgrader export", "writes grades.csv"),
    ]
    if shutil.which("nbgrader") is None:
        activate = Path(sys.prefix) / "bin" / "activate"
        steps.insert(0, (f"source {shlex.quote(str(activate))}", "where nbgrader is installed"))
    return [f"  {command:<52} {'# ' * bool(remark)}{remark}".rstrip() for command, remark in steps]


def _students_steps(course):
    options = f"{course.lessons[0]} --course {course.course_id}"
    if course.exchange:
        options += f" --Exchange.root={shlex.quote(str(course.exchange))}"
    steps = [f"nbgrader {step} {options}" for step in ("fetch_assignment", "submit")]
    steps.insert(1, f"autograder doctor {course.lessons[0]}/{course.lessons[0]}.ipynb")
    steps.append(f"nbgrader fetch_feedback {options}")
    return [f"  {step}" for step in steps]
