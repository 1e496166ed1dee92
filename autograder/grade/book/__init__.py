"""The course's books: configuration, gradebook, journal and ledger, nbgrader's steps, and feedback.

In comes what was handed in and what became of each check. Out go marks, remarks and pages, as
nbgrader keeps them. What stands above, `grading`, `course`, `collect`, `cli` and `screen`, is never
imported here.
"""
