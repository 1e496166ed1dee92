"""Grades with our grader, then makes the feedback: one process for both, to save time.

It is started with orders in JSON: course, lesson, students, options, and a file for the events.
"""

import json
import os
import sys

from nbgrader.apps.api import NbGraderAPI
from nbgrader.apps.baseapp import NbGrader

from autograder.grade.grading import grade


def main(orders):
    """Grade, note the events, and make the feedback of those who were graded."""
    students = []
    with open(orders["events"], "w") as events:
        grading = grade(orders["course"], orders["lesson"], orders["students"], **orders["options"])
        for event in grading:
            print(json.dumps(event), file=events, flush=True)
            if event["event"] == "done" and event["state"] == "graded":
                students.append(event["student"])
    give_feedback(orders["course"], orders["lesson"], students)


def give_feedback(course, lesson, students):
    """Do what `nbgrader generate_feedback` does, for these students."""
    os.chdir(course)
    app = NbGrader()
    app.initialize([], root=course)
    api = NbGraderAPI(app.coursedir, config=app.config)
    for student in students:
        result = api.generate_feedback(lesson, student)
        if not result["success"]:
            print(f"no feedback for {student}: {result.get('error')} {result.get('log')}")


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
