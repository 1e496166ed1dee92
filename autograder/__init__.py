"""Keras Shapes: lessons on tensor shapes that grade themselves.

Three rooms: `learn` is what a lesson imports, `author` builds the editions of a lesson from
its text, `grade` serves a class with nbgrader.
"""


def load_ipython_extension(shell):
    """Explain, in a notebook, cells that fail over a shape: `%load_ext autograder`."""
    from autograder.watch import load

    load(shell)


def unload_ipython_extension(shell):
    """Take the explanations back: `%unload_ext autograder`."""
    from autograder.watch import unload

    unload(shell)
