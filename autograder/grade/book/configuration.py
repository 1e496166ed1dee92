"""The text of the nbgrader_config.py that a new course gets."""

_TEXT = """\
# nbgrader's configuration for this course. nbgrader reads it when one of its commands is run in
# this folder. The file is yours to change: `autograder course` writes it once and then leaves
# it alone.
import os
import sys

from nbgrader.converters import GenerateAssignment, GenerateFeedback
from nbgrader.preprocessors import ClearSolutions

import autograder.author.clear
from autograder.grade.book import steps
from autograder.grade.book.feedback import HideTests, TellRemarks

c = get_config()  # noqa: F821  (nbgrader provides it)

# nbgrader starts a program, alembic, that is installed beside it, and finds it only where the
# environment is active. With this line `.venv/bin/nbgrader` works too.
os.environ["PATH"] = os.path.dirname(sys.executable) + os.pathsep + os.environ["PATH"]

# The name of the course in the exchange. Students name it with --course, or in a configuration
# of their own. Choose it before the first release.
c.CourseDirectory.course_id = {course_id!r}

# The course directory is the folder of this file, wherever it is moved.
c.CourseDirectory.root = os.path.dirname(os.path.abspath(__file__))

# The folder through which assignments, submissions and feedback travel. It must be the same for
# everyone in the class.
{exchange}

# nbgrader's own steps from source/ to release/, except that a prediction is cleared to
# `name = ...` rather than to a line that raises an error.
c.GenerateAssignment.preprocessors = [
    autograder.author.clear.ClearSolutions if step is ClearSolutions else step
    for step in GenerateAssignment.preprocessors.default()
]

# What students send is run in a sandbox, and checked in a process of its own: by `autograder
# grade`, and with this line also by `nbgrader autograde` and formgrader's button.
steps.use(c)

# Where no sandbox works, all three say so and grade nothing. To have it otherwise, choose one:
# c.JudgedExecute.sandbox = "landlock"  # works in more places and protects less
# c.JudgedExecute.trust_students = True  # no sandbox: students' code may do whatever you may
# Or put a # before steps.use(c), and `nbgrader autograde` and the button do as nbgrader does: no
# sandbox either, and checks that a student's code can tamper with.

# c.JudgedExecute.two_pass = False  # less time, but students can print what hidden tests ask
# c.JudgedExecute.thorough = False  # less time: no cell on which no answer depends is run
# c.JudgedExecute.timeout = 120  # seconds that a student's cell may take
# c.JudgedExecute.check_timeout = 120  # seconds that a check may take
# c.FeedbackPage.seconds = 60  # that it may take to make a student's page of feedback

# nbgrader gives 0 points to a check that wrote anything to stderr, and Keras and TensorFlow warn
# there about things which are no mistakes. Such text is dropped before the points are counted.
# Errors are not concerned: they are no text on stderr.
c.IgnorePattern.enabled = True
c.IgnorePattern.pattern = r"(?s)."  # any text

# Where nbgrader itself runs a notebook, as in `nbgrader validate`: seconds that one cell may take;
# the first one imports TensorFlow. A cell that takes longer is stopped, gets 0 points, and the
# next one runs.
c.Execute.timeout = 120

# Seconds to wait for the output of a cell that has run, and for a kernel to start. More than
# nbgrader's own, so that a busy machine costs nobody a point.
c.Execute.iopub_timeout = 30
c.Execute.startup_timeout = 120

# Hidden tests come back into a submission when it is graded. Take them out of the feedback, and
# tell in it first what was noticed of a notebook, and mended.
c.GenerateFeedback.preprocessors = [
    TellRemarks, HideTests, *GenerateFeedback.preprocessors.default()
]

# Nobody else on this machine can read along between nbgrader and a kernel. (Without this line
# each kernel warns that they could.)
c.KernelManager.transport_encryption = "auto"
"""


def text(course_id, exchange=None):
    """Return nbgrader_config.py for a course; without `exchange`, nbgrader's own default holds."""
    if exchange is None:
        line = '# c.Exchange.root = "/usr/local/share/nbgrader/exchange"  # the default'
    else:
        line = f"c.Exchange.root = {str(exchange)!r}"
    return _TEXT.format(course_id=course_id, exchange=line)
