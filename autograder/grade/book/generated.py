"""The files of a lesson as they were when it was generated, whatever has become of its source.

What students have worked with lies in release/, what they are asked stands in the gradebook. A
judge that took its own part from a source that was changed meanwhile would ask for other things.
"""

import json

from autograder.grade.handed_in.expected import as_generated, read_edition
from autograder.grade.run.files import read_files


def files(course, lesson, notebooks):
    """Return (files for the judge, files that students got beside their notebook).

    Both are {name: content}; the solved notebooks are among the first.

    Args:
        course: an OpenedCourse.
        lesson: name of the lesson.
        notebooks: {name: its cells as the gradebook has them, a list of `expected.LessonCell`}.
    """
    source = course.folder("source", ".", lesson)
    given = released(course, lesson)
    solved = {
        f"{name}.ipynb": json.dumps(as_generated(read_edition(source / f"{name}.ipynb"), cells))
        for name, cells in notebooks.items()
    }
    solved = {name: text.encode() for name, text in solved.items()}
    return {**read_files(source), **given, **solved}, given


def released(course, lesson):
    """Return the files that students got beside their notebook, {name: content}."""
    found = read_files(course.folder("release", ".", lesson))
    return {name: content for name, content in found.items() if not name.endswith(".ipynb")}
