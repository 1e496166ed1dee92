"""The page of short answers has no exercises."""

EXERCISES = {}
