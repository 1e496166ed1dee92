"""The drill: puzzles without end, drawn at random, that come back to what went wrong."""

from autograder.learn.drill.session import Drill

__all__ = ["Drill"]
