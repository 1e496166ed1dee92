"""The page about the drill has no exercises."""

EXERCISES = {}
