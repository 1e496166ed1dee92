"""JupyterHub for a class on one machine; docs/classroom.md says how to set it up.

Everybody has an account of their own on the machine, and logs in with its password.
"""

import csv
import os
import sys
from pathlib import Path

c = get_config()  # noqa: F821 (JupyterHub provides it)

HERE = Path(__file__).resolve().parent
#: Who teaches. There may be several, each with a course directory of their own.
INSTRUCTORS = {"instructor"}
#: Who learns: the column `id` of the table that nbgrader takes names from, too.
with open(HERE / "roster.csv", newline="", encoding="utf-8") as roster:
    STUDENTS = {line["id"] for line in csv.DictReader(roster)}

# Only these get in. Whoever else has an account on this machine does not.
c.JupyterHub.authenticator_class = "pam"
c.Authenticator.allowed_users = INSTRUCTORS | STUDENTS

# Put a web server with a certificate before it (nginx, Caddy), or give JupyterHub one, with
# c.JupyterHub.ssl_key and ssl_cert. Without either, passwords cross the network in the clear.
c.JupyterHub.bind_url = "http://127.0.0.1:8000"

# The hub's own programs, JupyterLab and its kernels all come from the environment of the course.
PROGRAMS = Path(sys.prefix) / "bin"
c.Spawner.cmd = [str(PROGRAMS / "jupyterhub-singleuser")]
c.Spawner.default_url = "/lab"
# The first server of the day may have to read TensorFlow from a cold disk.
c.Spawner.start_timeout = 120
c.Spawner.http_timeout = 120


def configuration(spawner):
    """Return the folders in which a person's Jupyter looks for its configuration."""
    role = "instructor" if spawner.user.name in INSTRUCTORS else "student"
    return os.pathsep.join(str(HERE / "etc" / name) for name in (role, "everyone"))


c.Spawner.environment = {
    "JUPYTER_CONFIG_PATH": configuration,
    "PATH": f"{PROGRAMS}:/usr/local/bin:/usr/bin:/bin",
}
