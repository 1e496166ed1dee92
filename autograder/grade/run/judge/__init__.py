"""The judge's side of grading: check cells, and what they see of a student's answers."""
