"""The index of questions has no exercises."""

EXERCISES = {}
