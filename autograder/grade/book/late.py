"""Penalties for lateness: what they are made from, and how they are worked out anew.

nbgrader takes a penalty off when it grades, and never again: not when the due day is moved, nor
when a student gets an extension or a person's points. Its own step does it here as well, with the
plugin that the course's configuration names; no notebook is run for it.
"""

import inspect

from nbformat.v4 import new_notebook
from nbgrader.plugins import BasePlugin
from nbgrader.preprocessors import AssignLatePenalties
from traitlets import TraitError

from autograder.errors import UserError
from autograder.grade.book import journal
from autograder.grade.book.converter import LOG


def penalise(course, lesson, student):
    """Write down a student's penalty as it is by now."""
    with course.gradebook() as gradebook:
        notebooks = [each.name for each in gradebook.find_assignment(lesson).notebooks]
    names = {"assignment": lesson, "student": student, "db_url": course.places.db_url}
    for notebook in notebooks:
        step = AssignLatePenalties(config=course.config, log=LOG)
        step.preprocess(new_notebook(), {"nbgrader": {**names, "notebook": notebook}})


def plugin(course):
    """Return the digest of the plugin that works out penalties: its text and its settings."""
    try:
        step = AssignLatePenalties(config=course.config, log=LOG)
        step.init_plugin()
    except (TraitError, ImportError, AttributeError, TypeError) as error:
        raise UserError(f"{course.configuration} can't be used: {error}") from None
    kind, settings = type(step.plugin_inst), step.plugin_inst.trait_values(config=True)
    ours = [one for one in kind.__mro__ if issubclass(one, BasePlugin) and one is not BasePlugin]
    things = [thing for one in ours for thing in (inspect.getmodule(one), *vars(one).values())]
    return journal.digest(
        kind.__qualname__, sorted(map(repr, settings.items())), sorted(map(_text, things))
    )


def _text(thing):
    """Return the source of a module or function; "" where it has none."""
    try:
        return inspect.getsource(thing)
    except (OSError, TypeError):
        return ""
