"""A class that outgrows one machine or one file: Dask's workers, and a gradebook on PostgreSQL.

Both are the real thing: a scheduler with two workers in processes of their own, and a server.
"""

import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

import pytest
from nbgrader.api import Gradebook

from autograder.grade import grading
from tests.circles import long_but
from tests.grade.small_lesson import NAME
from tests.grade.stand_in import StandIn
from tests.grade.test_grading import laid_out, nbgrader  # noqa: F401 (the first is a fixture)

pytestmark = pytest.mark.sandbox


@pytest.fixture(scope="module")
def large(laid_out, tmp_path_factory):  # noqa: F811
    """A class of five."""
    course = laid_out.copy(tmp_path_factory.mktemp("large") / "course")
    for name in ("all_right", "half_right"):
        folder = course.directory / "submitted" / f"another_{name}"
        shutil.copytree(course.submission(name).parent.parent, folder)
    shutil.rmtree(course.submission("broken_file").parent.parent)
    return course


@pytest.fixture(scope="module", params=long_but([StandIn], [StandIn, grading.JudgedExecute]))
def execute(request):
    """What is run of each notebook: nothing each time, all in the long tests."""
    return request.param


@pytest.fixture(scope="module")
def alone(large, execute, tmp_path_factory):
    """The class, graded by one process."""
    course = large.copy(tmp_path_factory.mktemp("alone") / "course")
    assert set(course.states(execute=execute, two_pass=False).values()) == {"graded"}
    return course


# Dask


@pytest.fixture
def cluster():
    from distributed import LocalCluster

    options = {"n_workers": 2, "threads_per_worker": 1, "processes": True}
    # Dask sets some variables here, too, and leaves them.
    with mock.patch.dict(os.environ), LocalCluster(dashboard_address=None, **options) as made:
        yield made


def test_workers_give_the_same_gradebook_though_one_is_killed(
    large, alone, execute, cluster, tmp_path
):
    course = large.copy(tmp_path / "course")
    address = cluster.scheduler_address
    events = grading.grade(
        course.directory, NAME, execute=execute, scheduler=address, two_pass=False
    )
    killed, states = None, {}
    for event in events:
        if event["event"] == "done":
            states[event["student"]] = event["state"]
            if killed is None:  # both are at work now
                killed = next(iter(cluster.workers.values())).pid
                os.kill(killed, signal.SIGKILL)
    assert killed
    assert states == dict.fromkeys(alone.rows()[3], "graded")
    assert course.rows() == alone.rows()
    assert course.files("autograded").keys() == alone.files("autograded").keys()


# PostgreSQL


@pytest.fixture(scope="module")
def server():
    """Yield the folder of the socket of a PostgreSQL server, which has a user "postgres"."""
    # Where pytest keeps its folders, nobody but its own user may pass.
    with tempfile.TemporaryDirectory() as folder, started_postgres(Path(folder)) as socket:
        yield socket


@contextmanager
def started_postgres(folder):
    programs = _programs_of_postgres()
    user = []
    if os.geteuid() == 0:  # as root it refuses to start
        user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        shutil.chown(folder, "postgres", "postgres")

    def run(program, *arguments):
        command = [*user, str(programs / program), "-D", str(folder / "data"), *arguments]
        subprocess.run(
            command, check=True, stdout=subprocess.DEVNULL, cwd=folder, env={"LANG": "C"}
        )

    run("initdb", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-sync")
    options = f"-k {folder} -c listen_addresses='' -c fsync=off"
    run("pg_ctl", "start", "--wait", "-o", options, "-l", str(folder / "log"))
    try:
        yield folder
    finally:
        run("pg_ctl", "stop", "--mode=immediate")


def _programs_of_postgres():
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    path = found[-1] if found else shutil.which("pg_ctl")
    if not path:
        pytest.skip("PostgreSQL is not installed (Debian, Ubuntu: apt-get install postgresql)")
    return Path(path).parent


@pytest.mark.parametrize("jobs", long_but([2], [1, 2]))
def test_postgresql_gives_the_same_marks(large, server, tmp_path, jobs):
    url = f"postgresql+psycopg://postgres@/jobs{jobs}?host={server}"
    createdb = ["createdb", "--host", server, "--username", "postgres", f"jobs{jobs}"]
    subprocess.run(createdb, check=True)
    course = large.copy(tmp_path / "course")
    (course.directory / "gradebook.db").unlink()
    with open(course.directory / "nbgrader_config.py", "a") as file:
        file.write(f"\nc.CourseDirectory.db_url = {url!r}\n")
    nbgrader(course, "generate_assignment", NAME, "--force")
    states = course.states(execute=StandIn, jobs=jobs)
    assert set(states.values()) == {"graded"}
    assert not (course.directory / "gradebook.db").exists()
    with Gradebook(url, "keras_shapes") as book:
        marks = {
            (s.student.id, g.name): g.auto_score
            for s in book.assignment_submissions(NAME)
            for n in s.notebooks
            for g in n.grades
        }
    on_sqlite = large.copy(tmp_path / "on_sqlite")
    on_sqlite.grade()
    grades, *_ = on_sqlite.rows()
    assert marks == {key: score for key, (score, *_) in grades.items()}
