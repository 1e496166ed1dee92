"""What an instructor reads and hands on: exported marks, the report on a class, regrading.

All of it is read from nbgrader's gradebook and from the notebooks that were graded. Nothing else
in the package imports this one, except for the command line.
"""
