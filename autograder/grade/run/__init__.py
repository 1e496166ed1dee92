"""Running a repaired notebook: the student's cells in a box, the checks in another process.

In comes a notebook from `handed_in`. Out goes the same one with its outputs, and a finding on each
check. Nothing here knows a gradebook, or imports from the room `book`.
"""
