"""Under which name a student hands in."""

import os

c = get_config()  # noqa: F821 (nbgrader provides it)

# The name at the hub, which need not be the name of the account that the server runs under.
if "JUPYTERHUB_USER" in os.environ:
    c.CourseDirectory.student_id = os.environ["JUPYTERHUB_USER"]
