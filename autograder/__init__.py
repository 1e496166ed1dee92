"""Keras Shapes: lessons on tensor shapes that grade themselves.

Three rooms: `learn` is what a lesson imports, `author` builds the editions of a lesson from
its text, `grade` serves a class with nbgrader.
"""
