"""What students hand in, from a folder or a download to a notebook that may be graded.

In comes what a stranger wrote, and what the lesson's cells must be (`expected`). Out goes a
repaired notebook of the lesson's own cells with the student's answers, and remarks on what was
found. Nothing here runs a student's code, or imports from the rooms `run` and `book`.
"""
