"""Causes of errors: rules on facts, see autograder/learn/why/facts.py.

A rule of the kind "fault" is f(facts) -> Found, or None where it isn't the cause. It says what
happened with the person's own numbers, and only what these numbers show. Rules are asked in the
order of the imports below: what a program does first fails first, and the particular comes before
the general.
"""

from autograder.learn.mistakes.causes import spelled, settings, kernels  # noqa: F401, I001  (order matters)
from autograder.learn.mistakes.causes import loops, sources, handed, fed, stacked, merged  # noqa: F401, I001
from autograder.learn.mistakes.causes import targets, arrays, numbers, silent  # noqa: F401, I001
