"""Formgrader opens a course and lists its lessons, in a real Jupyter server."""

import contextlib
import json
import re
import subprocess
import sys
import threading
import urllib.error
import urllib.request

import pytest

from tests.grade import small_lesson
from tests.grade.classroom import Person, find_lesson, lay_out

TOKEN = "a-token-of-this-test"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The address of a Jupyter server that runs in a course directory."""
    folder = tmp_path_factory.mktemp("formgrader")
    instructor = Person(folder / "instructor", work=folder / "course")
    lesson = find_lesson(small_lesson.NAME, tmp_path_factory.mktemp("lesson"))
    lay_out(lesson, instructor.work)
    with serve(instructor) as address:
        yield address


@contextlib.contextmanager
def serve(person):
    command = [sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root", "--port=0"]
    process = subprocess.Popen(
        [*command, f"--IdentityProvider.token={TOKEN}"],
        cwd=person.work,
        env=person.environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    # Should the server never answer, this ends it, and with it all that waits for it below.
    limit = threading.Timer(900, process.kill)
    limit.start()
    try:
        address = address_in_log(process)
        wait_for_answer(process, address)
        yield address
    finally:
        limit.cancel()
        process.terminate()
        process.wait(timeout=300)


def address_in_log(process):
    """Read the server's log until it says where it is; go on reading, so that it can write."""
    log = []
    for line in process.stderr:
        log.append(line)
        if found := re.search(r"http://127\.0\.0\.1:\d+", line):
            threading.Thread(target=process.stderr.read, daemon=True).start()
            return found[0]
    raise AssertionError("the server did not start:\n" + "".join(log))


def wait_for_answer(process, address):
    """Return when the server answers; it says where it is shortly before it listens."""
    while process.poll() is None:
        try:
            get(f"{address}/api")
        except urllib.error.URLError:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=0.2)
        else:
            return
    raise AssertionError("the server has ended")


def get(url, token=TOKEN, method="GET", data=None):
    """Return the body of what a server answers. data: what is sent, as JSON."""
    headers = {"Authorization": f"token {token}", "Content-Type": "application/json"}
    body = None if data is None else json.dumps(data).encode()
    request = urllib.request.Request(url, body, headers, method=method)
    with urllib.request.urlopen(request, timeout=600) as answer:
        assert answer.status == 200
        return answer.read().decode()


@pytest.mark.long
def test_formgrader_opens(server):
    assert "<title>nbgrader formgrade</title>" in get(f"{server}/formgrader")


@pytest.mark.long
def test_the_lesson_is_listed(server):
    (assignment,) = json.loads(get(f"{server}/formgrader/api/assignments"))
    assert assignment["name"] == small_lesson.NAME
    assert assignment["status"] == "draft"


@pytest.mark.long
def test_not_without_the_token(server):
    assert small_lesson.NAME not in get(f"{server}/formgrader/api/assignments", token="wrong")
