"""What the answers of a lesson are written in."""

from autograder.answers import Exercise

__all__ = ["Exercise"]
