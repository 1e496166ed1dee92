"""Folders as students hand them in, by accident or not, and what is read of them."""

import copy
import json
import os
import socket
import stat
import subprocess
import sys

import nbformat
import pytest

from autograder.grade.handed_in import intake, slim
from autograder.grade.handed_in.intake import Rejected, read_submission
from autograder.grade.handed_in.repair import repair
from autograder.grade.handed_in.times import read_time
from tests.grade import sent
from tests.grade.sent import ANSWERS, LESSON, answered, code

NAME = f"{LESSON}.ipynb"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "sent").mkdir()
    return tmp_path / "sent"


def write(folder, notebook=None, name=NAME, **how):
    text = json.dumps(notebook or answered(), **({"ensure_ascii": False} | how))
    (folder / name).write_text(text, encoding="utf-8", newline="")
    return folder / name


def read(folder, **kwargs):
    return read_submission(folder, LESSON, "mallory", folder.parent / "staging", **kwargs)


def told(submission):
    return {remark.cell: remark.sentence for remark in submission.remarks}


def assert_answered(submission, *remarked):
    """All answers arrived, and the remarks are on these."""
    nbformat.validate(submission.notebook)
    result, remarks = repair(submission.notebook, sent.expected())
    assert {name: sent.texts(result)[name] for name in ANSWERS} == ANSWERS
    assert remarks == []
    assert set(told(submission)) == set(remarked)


def assert_rejected(folder, *words, **kwargs):
    with pytest.raises(Rejected) as caught:
        read(folder, **kwargs)
    reason = caught.value.reason
    assert all(word in reason for word in words), reason
    assert reason.endswith(".") and "\n" not in reason and len(reason) < 300


def test_notebook_and_files_are_read(folder):
    write(folder)
    (folder / "helper.py").write_text("x = 1")
    (folder / "data").mkdir()
    (folder / "data" / "photo.npy").write_bytes(b"\x00\x01")
    submission = read(folder)
    assert_answered(submission)
    assert (submission.student, submission.lesson) == ("mallory", LESSON)
    copies = {name: path.read_bytes() for name, path in submission.files.items()}
    assert copies == {"helper.py": b"x = 1", "data/photo.npy": b"\x00\x01"}
    assert all(path.parent == folder.parent / "staging" for path in submission.files.values())


# What may be wrong inside the file.


def test_windows_line_ends(folder):
    notebook = answered()
    for cell in notebook["cells"]:
        cell["source"] = cell["source"].replace("\n", "\r\n").splitlines(keepends=True)
    path = write(folder, notebook, indent=1)
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert_answered(read(folder))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252"])
def test_encodings(folder, encoding):
    notebook = answered()
    notebook["cells"].append(code("# größer"))
    (folder / NAME).write_bytes(json.dumps(notebook, ensure_ascii=False).encode(encoding))
    submission = read(folder)
    assert submission.notebook.cells[-1].source == "# größer"
    assert_answered(submission, *([] if encoding == "utf-8-sig" else [NAME]))


@pytest.mark.parametrize("sheets", [1, 2])
def test_format_3(folder, sheets):
    cells = copy.deepcopy(answered()["cells"])
    for cell in cells:
        if cell["cell_type"] == "code":
            cell["input"] = cell.pop("source").splitlines(keepends=True)
            cell |= {"language": "python", "collapsed": False, "prompt_number": 1}
            cell.pop("execution_count")
    parts = [cells] if sheets == 1 else [cells[:5], cells[5:]]
    write(folder, {"nbformat": 3, "metadata": {}, "worksheets": [{"cells": p} for p in parts]})
    assert_answered(read(folder))


def test_minor_version_that_is_not_known(folder):
    write(folder, answered() | {"nbformat_minor": 77})
    assert_answered(read(folder))


def test_outputs_attachments_and_widgets_are_left_behind(folder):
    notebook = answered()
    much = {"output_type": "stream", "name": "stdout", "text": "x" * 50_000_000}
    notebook["cells"][1]["outputs"] = [much]
    notebook["cells"][0]["attachments"] = {"a.svg": {"image/svg+xml": "<svg onload=1>"}}
    notebook["metadata"]["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": {}}}
    write(folder, notebook)
    submission = read(folder)
    assert_answered(submission)
    assert len(json.dumps(submission.notebook)) < 20_000
    assert all("attachments" not in cell for cell in submission.notebook.cells)
    assert submission.notebook.metadata == {}


@pytest.mark.parametrize(
    "spec", [{"name": "ir", "language": "R"}, {"name": "/bin/sh"}, {"name": "--x"}]
)
def test_other_kernels_are_remarked(folder, spec):
    notebook = answered()
    notebook["metadata"]["kernelspec"] = spec
    write(folder, notebook)
    submission = read(folder)
    assert_answered(submission, NAME)
    assert "Python 3" in told(submission)[NAME]


@pytest.mark.parametrize(
    "spec", [None, {}, 7, {"name": ["x"]}, {"name": "mine", "language": "python"}]
)
def test_no_or_another_python_kernel_is_well(folder, spec):
    notebook = answered()
    notebook["metadata"]["kernelspec"] = spec
    write(folder, notebook)
    assert_answered(read(folder))


def test_equal_and_missing_ids_are_made_different(folder):
    notebook = answered()
    for cell in notebook["cells"]:
        cell["id"] = "same"
    del notebook["cells"][0]["id"]
    write(folder, notebook)
    assert_answered(read(folder))


def test_marks_that_are_no_marks(folder):
    notebook = answered()
    strange = [7, [], {"grade_id": 7}, {"grade_id": "x" * 10**6}, {"points": {"a": []}}, None, "x"]
    for value in strange:
        notebook["cells"].append(code("mine = 1", nbgrader=value))
    notebook["cells"] += [{"cell_type": "code", "source": "", "metadata": 7}, {"metadata": []}]
    notebook["cells"] += [{"cell_type": "bogus", "source": "x"}, {"cell_type": 4}]
    write(folder, notebook)
    assert_answered(read(folder))


def test_letters_that_no_file_can_hold_are_replaced(folder):
    write(folder, answered(ANSWERS | {"flat_shape": "x = '\ud800\x00\x1b[31m'"}), ensure_ascii=True)
    text = read(folder).notebook.cells[sent.place_of(answered(), "flat_shape")].source
    assert text == "x = '\ufffd\ufffd\ufffd[31m'"


@pytest.mark.parametrize("text", ["\u202eabc", "שלום", "a\u200bb\u200d", "🧮", "日本"])
def test_all_other_letters_are_kept(folder, text):
    notebook = answered()
    notebook["cells"].append(code(f"# {text}"))
    write(folder, notebook)
    assert read(folder).notebook.cells[-1].source == f"# {text}"


BROKEN = {
    "empty": (b"", "is empty"),
    "blank": (b" \n", "is empty"),
    "zeros": (b"\x00" * 1000, "is empty"),
    "truncated": (json.dumps(answered(), indent=1).encode()[:-300], "breaks off in line"),
    "half a string": (b'{"cells": "abc', "breaks off"),
    "text": (b"Hello, this is my homework", "not JSON"),
    "a program": (b"\x7fELF\x01\x02\xff\xfe" * 100, "not JSON"),
    "deep lists": (b"[" * 1_000_000, "deeply"),
    "deep objects": (b'{"a":' * 200_000, "deeply"),
    "long number": (b'{"nbformat": ' + b"9" * 100_000 + b"}", "too long"),
    "a list": (b"[1, 2]", "no notebook"),
    "null": (b"null", "no notebook"),
    "format 99": (b'{"nbformat": 99, "cells": []}', "format 99"),
    "format 2": (b'{"nbformat": 2, "worksheets": []}', "format 2"),
    "format x": (b'{"nbformat": "x", "cells": []}', "unknown"),
    "cells are an object": (b'{"nbformat": 4, "cells": {}}', "no list of cells"),
    "no cells": (b'{"nbformat": 4}', "no list of cells"),
    "cell is a number": (b'{"nbformat": 4, "cells": [5]}', "Cell 1"),
    "source is a number": (
        b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": 5}]}',
        "cell 1 is not text",
    ),
    "source is a list of numbers": (
        b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": [5]}]}',
        "cell 1 is not text",
    ),
    "worksheets are a number": (b'{"nbformat": 3, "worksheets": 5}', "no list of cells"),
    "too many cells": (b'{"cells": [' + b"{}," * 3000 + b"{}]}", "2000 cells"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_broken_files_are_rejected_with_a_reason(folder, case):
    content, words = BROKEN[case]
    (folder / NAME).write_bytes(content)
    assert_rejected(folder, NAME, words)


def test_file_that_is_too_large_is_not_even_read(folder, monkeypatch):
    monkeypatch.setattr(intake, "_parsed_elsewhere", None)
    with open(folder / NAME, "wb") as file:
        file.truncate(10**12)
    assert_rejected(folder, "60 MB", "Clear the outputs")


def test_much_text_is_bounded(folder):
    long = answered()
    long["cells"].append(code("#" * 300_000))
    write(folder, long)
    submission = read(folder)
    assert len(submission.notebook.cells[-1].source) == slim.MOST_CHARACTERS_OF_A_CELL
    assert_answered(submission, NAME)
    long["cells"] += [code("#" * 199_000)] * 25
    write(folder, long)
    assert_rejected(folder, "million characters")


def run_slim(program, content=b""):
    """Run a program in a process like that of the parser; return what it printed."""
    program = f"import resource, runpy, sys; slim = runpy.run_path(sys.argv[1])\n{program}"
    command = [sys.executable, "-I", "-S", "-c", program, slim.__file__]
    return subprocess.run(command, input=content, capture_output=True).stdout.decode()


def test_parser_that_runs_out_of_memory_says_so():
    program = "resource.setrlimit(resource.RLIMIT_AS, (10**8, 10**8)); slim['main']()"
    content = b'{"cells": [' + b"[{}]," * 1_000_000 + b"0]}"
    assert "too intricate" in json.loads(run_slim(program, content))["refused"]


def test_parser_has_limits_and_nothing_of_ours():
    program = (
        "slim['main']()\n"
        "limits = [getattr(resource, f'RLIMIT_{n}') for n in ('AS', 'FSIZE', 'CORE', 'CPU')]\n"
        "print(*(resource.getrlimit(limit)[1] for limit in limits))\n"
        "print([m for m in sys.modules if m.split('.')[0] in ('autograder', 'nbformat')])"
    )
    assert run_slim(program, b"{}").endswith(f"{1 << 30} 0 0 30\n[]\n")


def test_parser_that_dies_or_says_nonsense_is_a_rejection(folder, tmp_path, monkeypatch):
    write(folder)
    for number, program in enumerate(["import os; os.abort()", "print('{')", "print('[' * 10**6)"]):
        fake = tmp_path / f"fake{number}.py"
        fake.write_text(program)
        monkeypatch.setattr(slim, "__file__", str(fake))
        assert_rejected(folder, "can't be read")


def test_parser_that_says_too_much_is_not_listened_to(folder, tmp_path, monkeypatch):
    write(folder)
    fake = tmp_path / "fake.py"
    fake.write_text("print('{\"refused\": \"It is so.\"}' + 2000 * ' ')")
    monkeypatch.setattr(slim, "__file__", str(fake))
    assert_rejected(folder, "It is so")
    monkeypatch.setattr(intake, "_MOST_BYTES_OF_ANSWER", 1000)
    assert_rejected(folder, "too much memory")


def test_parser_that_takes_too_long_is_ended(folder, monkeypatch):
    class OfNoTime:
        """A clock by which time is over at once."""

        def __init__(self, seconds, end):
            self.start, self.cancel = end, lambda: None

    write(folder)
    monkeypatch.setattr(intake.threading, "Timer", OfNoTime)
    assert_rejected(folder, "takes too long")


# What may be wrong with the file itself.


def make_fifo(path, tmp_path):
    os.mkfifo(path)


def make_socket(path, tmp_path):
    here = os.getcwd()
    os.chdir(path.parent)  # the path of a socket must be short
    try:
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(path.name)
    finally:
        os.chdir(here)


def make_folder(path, tmp_path):
    path.mkdir()


def make_link(path, tmp_path):
    path.symlink_to(write(tmp_path, name="target"))


def make_link_to_nothing(path, tmp_path):
    path.symlink_to(tmp_path / "nothing")


def make_link_to_zeros(path, tmp_path):
    path.symlink_to("/dev/zero")


def make_hard_link(path, tmp_path):
    path.hardlink_to(write(tmp_path, name="target"))


SPECIAL = {
    "pipe": make_fifo,
    "socket": make_socket,
    "folder": make_folder,
    "link": make_link,
    "a link": make_link_to_nothing,
    "a link,": make_link_to_zeros,
    "hard link": make_hard_link,
}


@pytest.mark.parametrize("words", SPECIAL)
def test_notebook_that_is_no_file_is_rejected(folder, tmp_path, words):
    SPECIAL[words](folder / NAME, tmp_path)
    assert_rejected(folder, NAME, words, "Hand in the file itself")


@pytest.mark.parametrize("words", [words for words in SPECIAL if words != "folder"])
def test_data_that_are_no_file_are_left_out(folder, tmp_path, words):
    write(folder)
    SPECIAL[words](folder / "data.txt", tmp_path)
    submission = read(folder)
    assert_answered(submission, "data.txt")
    assert words in told(submission)["data.txt"] and submission.files == {}


def test_device_is_never_opened():
    with pytest.raises(Rejected, match="is a device"):
        intake.read_notebook("/dev/zero")


def test_file_that_is_exchanged_for_a_link_is_not_read(folder, tmp_path, monkeypatch):
    path, target = write(folder), write(tmp_path, name="target")
    open_it = os.open

    def open_late(name, *args, **kwargs):
        if name == NAME:
            path.unlink()
            path.symlink_to(target)
        return open_it(name, *args, **kwargs)

    monkeypatch.setattr(os, "open", open_late)
    assert_rejected(folder, NAME)


def test_file_that_is_exchanged_for_a_pipe_makes_nobody_wait(folder, monkeypatch):
    path, open_it = write(folder), os.open

    def open_late(name, *args, **kwargs):
        if name == NAME:
            path.unlink()
            os.mkfifo(path)
            assert args[0] & os.O_NONBLOCK  # else it would wait for somebody who writes
        return open_it(name, *args, **kwargs)

    monkeypatch.setattr(os, "open", open_late)
    assert_rejected(folder, "pipe")


def test_folder_that_is_a_link_or_absent(folder, tmp_path):
    write(folder)
    (tmp_path / "link").symlink_to(folder)
    with pytest.raises(Rejected, match="link"):
        read_submission(tmp_path / "link", LESSON, "x", tmp_path / "staging")
    with pytest.raises(Rejected, match="No such file"):
        read_submission(tmp_path / "nothing", LESSON, "x", tmp_path / "staging")


def test_students_folder_that_is_a_link_is_rejected(tmp_path):
    theirs = tmp_path / "zoe" / LESSON
    theirs.mkdir(parents=True)
    write(theirs)
    (tmp_path / "mallory").symlink_to(tmp_path / "zoe")
    with pytest.raises(Rejected, match="mallory .* link"):
        read_submission(tmp_path / "mallory" / LESSON, LESSON, "mallory", tmp_path / "staging")
    assert intake.fingerprint(tmp_path / "mallory" / LESSON) is None


def test_folder_in_the_folder_that_is_a_link_is_left_out(folder, tmp_path):
    write(folder)
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "gradebook.db").write_text("secret")
    (folder / "data").symlink_to(tmp_path / "secret")
    submission = read(folder)
    assert_answered(submission, "data")
    assert submission.files == {}


# Names.


@pytest.mark.parametrize(
    "name", [f"{LESSON} (1).ipynb", "mine.IPYNB", f"{NAME}.txt", f"{NAME}.json"]
)
def test_only_notebook_under_another_name_is_taken(folder, name):
    write(folder, name=name)
    submission = read(folder, expected=sent.expected())
    assert_answered(submission, name)
    assert NAME in told(submission)[name]
    assert submission.files == {}
    assert told(read_submission(folder, LESSON, "x", folder.parent / "other")) == told(submission)


def test_another_lesson_under_another_name_is_rejected(folder):
    write(folder, {"nbformat": 4, "cells": [code("x = 1")]}, name="mine.ipynb")
    assert_rejected(folder, "mine.ipynb", NAME, expected=sent.expected())
    assert_rejected(folder, "mine.ipynb", NAME)


def test_two_notebooks(folder):
    write(folder, name="a.ipynb")
    write(folder, name="b.ipynb")
    assert_rejected(folder, "2 notebooks", NAME)
    write(folder)
    submission = read(folder)
    assert_answered(submission, "a.ipynb, b.ipynb")
    assert submission.files == {}


def test_copies_of_conflicts_and_checkpoints_are_ignored(folder):
    write(folder)
    (folder / ".ipynb_checkpoints").mkdir()
    write(folder / ".ipynb_checkpoints", name=f"{LESSON}-checkpoint.ipynb")
    for name in (
        f"{LESSON} (conflicted copy 2026-11-20).ipynb",
        f"{LESSON}.sync-conflict-20261120-1.ipynb",
        f"{LESSON}-Copy1.ipynb",
        f"~{NAME}",
        f".{NAME}",
        f"{NAME}~",
    ):
        write(folder, {"cells": []}, name=name)
    submission = read(folder)
    assert_answered(submission)
    assert submission.files == {}


def left_to_a_person(submission):
    return {remark.cell: remark.checks for remark in submission.remarks if remark.checks}


CHECKS = ("test_flat_shape", "test_build_model", "test_build_model_layers", "test_say_seven")


@pytest.mark.parametrize(
    "name", [f"{LESSON}-Copy1.ipynb", f"{LESSON} (1).ipynb", "mine.ipynb", "old/homework.ipynb"]
)
def test_answers_in_another_notebook_are_left_to_a_person(folder, name):
    write(folder, sent.learner())
    (folder / name).parent.mkdir(exist_ok=True)
    write(folder, name=name)
    submission = read(folder, expected=sent.expected())
    assert left_to_a_person(submission) == {name: CHECKS}
    assert any("holds answers that" in remark.sentence for remark in submission.remarks)


def test_only_answers_that_the_graded_notebook_lacks_count(folder):
    write(folder, answered({name: ANSWERS[name] for name in ("flat_shape", "build_model")}))
    write(folder, name="mine.ipynb")
    assert left_to_a_person(read(folder, expected=sent.expected())) == {
        "mine.ipynb": ("test_say_seven",)
    }


def test_an_essay_in_another_notebook_is_told(folder):
    notebook = sent.learner()
    marks = {"grade_id": "why", "grade": True, "solution": True, "locked": False, "task": False}
    essay = sent.markdown("YOUR ANSWER HERE", "why")
    essay["metadata"] = {"nbgrader": marks | {"schema_version": 3, "points": 2}}
    notebook["cells"].append(essay)
    expected = sent.from_notebook(copy.deepcopy(notebook))
    write(folder, notebook)
    notebook["cells"][-1] = essay | {"source": "Because it is so."}
    write(folder, notebook, name="mine.ipynb")
    assert left_to_a_person(read(folder, expected=expected)) == {"mine.ipynb": ("why",)}


def test_other_notebooks_without_answers_are_left_to_nobody(folder):
    write(folder, sent.learner())
    for name in (f"{LESSON}-Copy1.ipynb", "a.ipynb"):
        write(folder, sent.learner(), name=name)
    write(folder, {"nbformat": 4, "cells": [code("x = 1")]}, name="b.ipynb")
    write(folder, name=".hidden.ipynb")
    assert left_to_a_person(read(folder, expected=sent.expected())) == {}


@pytest.mark.parametrize("how", ["broken", "link", "many"])
def test_what_could_not_be_looked_at_is_left_to_a_person_where_there_is_no_answer(folder, how):
    write(folder, sent.learner())
    if how == "many":
        for number in range(7):
            write(folder, sent.learner(), name=f"{number}.ipynb")
    elif how == "link":
        (folder / "a.ipynb").symlink_to(folder / NAME)
    else:
        (folder / "a.ipynb").write_text("{")
    submission = read(folder, expected=sent.expected())
    assert list(left_to_a_person(submission).values()) == [CHECKS]
    write(folder, answered({"flat_shape": "flat_shape = 6"}))
    assert (
        left_to_a_person(
            read_submission(folder, LESSON, "x", folder.parent / "other", sent.expected())
        )
        == {}
    )


@pytest.mark.parametrize("name", ["Answers.ZIP", "mine.tar.gz", "page.html", "a.pdf", "size.py"])
def test_a_file_that_cannot_be_graded_beside_no_answer_is_left_to_a_person(folder, name):
    write(folder, sent.learner())
    for other in (name, "data.csv", ".hidden.zip"):
        (folder / other).write_bytes(b"")
    (remark,) = [r for r in read(folder, expected=sent.expected()).remarks if r.checks]
    assert (remark.cell, remark.checks) == (name, CHECKS)
    assert "holds no answer. " in remark.sentence
    assert remark.sentence.endswith(f", as {NAME}.")


@pytest.mark.parametrize("how", ["answered", "used"])
def test_a_file_of_the_lesson_or_beside_an_answer_is_left_to_nobody(folder, how):
    notebook = sent.learner()
    notebook["cells"].append(code("from helper import x\nopen('data.zip')", "uses"))
    expected = sent.from_notebook(copy.deepcopy(notebook))
    for name in ("helper.py", "data.zip", "nbgrader_config.py"):
        (folder / name).write_bytes(b"")
    if how == "answered":
        notebook = answered({"flat_shape": "flat_shape = 6"}, notebook)
        (folder / "other.zip").write_bytes(b"")
    write(folder, notebook)
    assert left_to_a_person(read(folder, expected=expected)) == {}


def test_a_file_that_was_given_out_with_the_notebook_is_left_to_nobody(folder):
    write(folder, sent.learner())
    (folder / "tools.py").write_bytes(b"")
    submission = read(folder, expected=sent.expected(), given=["tools.py"])
    assert left_to_a_person(submission) == {} and "tools.py" in submission.files


def other_lesson():
    """Return another lesson, whose setup is the same."""
    notebook = answered()
    for cell in notebook["cells"]:
        if (name := sent.name_of(cell)) and name != "setup":
            cell["metadata"]["nbgrader"]["grade_id"] = f"{name}_of_another"
            cell |= {"id": f"other-{cell['id']}", "source": f"# {cell['source'][::-1]}"}
    return notebook


def test_another_lesson_under_this_name_is_rejected(folder):
    write(folder, other_lesson())
    names = {sent.name_of(cell) for cell in other_lesson()["cells"]}
    known = {"91_other": names - {None, "setup"}, LESSON: set(CHECKS)}
    assert_rejected(folder, "the lesson 91_other", expected=sent.expected(), lessons=known)
    assert_rejected(folder, "another lesson (build_model_of_another, ", expected=sent.expected())
    (folder / NAME).rename(folder / "mine.ipynb")
    assert_rejected(folder, "the lesson 91_other", expected=sent.expected(), lessons=known)


def test_empty_folder(folder):
    assert_rejected(folder, "no notebook", NAME)
    (folder / "homework.txt").write_text("x")
    assert_rejected(folder, "no notebook", "homework.txt", NAME)


@pytest.mark.parametrize(
    ("name", "words"),
    [("homework.zip", "Unpack"), ("a.HTML", "web page"), ("a.py", "program"), ("a.pdf", "PDF")],
)
def test_what_is_there_instead_of_a_notebook_is_told(folder, name, words):
    (folder / name).write_text("x")
    (folder / "timestamp.txt").write_text("2030-01-01 12:00:00 UTC")
    assert_rejected(folder, f"only {name}. ", words, NAME)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04...", "zip archive. Unpack"),
        (b"\n<!DOCTYPE html><html>", "web page"),
        (b"%PDF-1.7", "PDF"),
    ],
)
def test_file_of_another_kind_under_the_notebooks_name(folder, content, words):
    (folder / NAME).write_bytes(content)
    assert_rejected(folder, words, "and" if b"PK" in content else "JupyterLab")


@pytest.mark.parametrize("name", [NAME, "mine.ipynb"])
@pytest.mark.parametrize("place", [LESSON, "homework/week 1"])
def test_notebook_in_a_folder_is_taken(folder, place, name):
    below = folder / place
    below.mkdir(parents=True)
    write(below, name=name)
    (below / "data.csv").write_text("1")
    (folder / "outside.csv").write_text("2")
    (folder / "timestamp.txt").write_text("2030-01-01 12:00:00 UTC")
    submission = read(folder, expected=sent.expected())
    assert_answered(submission, place, *([name] if name != NAME else []))
    assert list(submission.files) == ["data.csv"]
    assert submission.timestamp.year == 2030


def test_notebooks_in_several_folders_are_rejected(folder):
    for name in "ab":
        (folder / name).mkdir()
        write(folder / name)
    assert_rejected(folder, f"a/{NAME}, b/{NAME}", "hand in the one")


def test_notebook_in_a_folder_is_looked_for_with_bounds(folder, tmp_path):
    deep = folder / "a" / "b" / "c" / "d" / "e" / "f"
    deep.mkdir(parents=True)
    write(deep)
    (tmp_path / "other").mkdir()
    write(tmp_path / "other")
    (folder / "link").symlink_to(tmp_path / "other")
    (folder / ".hidden").mkdir()
    write(folder / ".hidden")
    assert_rejected(folder, "no notebook", "only a, link")


SHADOWS = [
    "keras.py",
    "random.py",
    "numpy.py",
    "ipykernel_launcher.py",
    "sitecustomize.py",
    "usercustomize.py",
    "autograder.py",
    "fast.so",
    "fast.cpython-311-x86_64-linux-gnu.so",
    "fast.pyd",
    "a.pth",
    "helper.pyc",
    "jupyter_config.json",
    "jupyter_server_config.py",
    "ipython_config.py",
    "ipython_kernel_config.py",
    "nbgrader_config.py",
    ".hidden",
    ".ipython/profile_default/startup/a.py",
    ".jupyter/jupyter_config.json",
    "autograder/__init__.py",
    "autograder/data.csv",
    "profile_default/startup/a.py",
    "keras/__init__.py",
    "x" * 210,
    "new\nline",
]


@pytest.mark.parametrize("name", SHADOWS)
def test_files_that_would_stand_in_the_way_are_left_out(folder, name):
    write(folder)
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("raise SystemExit")
    submission = read(folder)
    assert submission.files == {}
    (said,) = told(submission).items()
    assert said[0].isprintable() and len(said[0]) <= 60
    assert said[1].endswith("It was left out.")
    assert_answered(submission, said[0])


@pytest.mark.parametrize("names", [(LESSON,), (LESSON, "other")])
def test_nothing_is_said_of_a_file_of_the_lesson_that_is_put_there_anyway(folder, names):
    for name in names:
        write(folder, name=f"{name}.ipynb")
    (folder / "code").mkdir()
    for name in ("utilities.py", "mine.py"):
        (folder / "code" / name).touch()
    expected = dict.fromkeys(names, sent.expected())
    submission = read(folder, expected=expected, given=["code/utilities.py"])
    assert submission.files == {} and set(told(submission)) == {"code/mine.py"}


def test_name_that_is_no_text_is_left_out(folder):
    write(folder)
    with open(os.fsencode(folder) + b"/\xff\xfe.csv", "w") as file:
        file.write("x")
    submission = read(folder)
    assert submission.files == {} and len(submission.remarks) == 1
    json.dumps(told(submission)).encode()


@pytest.mark.parametrize(
    "name", ["helper.py", "shapes_util.py", "data.csv", "notes/a b.txt", "keras/x.csv"]
)
def test_ordinary_files_are_taken(folder, name):
    write(folder)
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text("x")
    submission = read(folder)
    assert_answered(submission)
    assert list(submission.files) == [name]


def test_litter_is_left_out_without_a_word(folder):
    write(folder)
    for name in (".DS_Store", "Thumbs.db", "submission_secret.txt", ".gitignore"):
        (folder / name).write_text("x")
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "helper.cpython-311.pyc").write_text("x")
    submission = read(folder)
    assert_answered(submission)
    assert submission.files == {}


# Numbers and sizes.


def test_number_of_files_is_bounded(folder):
    write(folder)
    for number in range(10_000):
        (folder / f"{number:05}.txt").touch()
    submission = read(folder)
    assert_answered(submission, "the folder")
    assert len(submission.files) == intake.MOST_FILES
    assert str(intake.MOST_FILES) in told(submission)["the folder"]


def test_number_of_remarks_is_bounded(folder):
    write(folder)
    for number in range(150):
        (folder / f"{number}.so").touch()
    remarks = read(folder).remarks
    assert len(remarks) == intake.MOST_REMARKS + 1
    assert "120 more" in remarks[-1].sentence


def test_size_of_files_is_bounded(folder):
    write(folder)
    for name, size in {
        "a.bin": 10**12,
        "b.bin": 15_000_000,
        "c.bin": 6_000_000,
        "d.bin": 9,
    }.items():
        with open(folder / name, "wb") as file:
            file.truncate(size)
    submission = read(folder)
    assert_answered(submission, "a.bin", "c.bin")
    assert {name: path.stat().st_size for name, path in submission.files.items()} == {
        "b.bin": 15_000_000,
        "d.bin": 9,
    }


def test_depth_of_folders_is_bounded(folder):
    write(folder)
    deep = folder / "a" / "b" / "c" / "d"
    (deep / "e").mkdir(parents=True)
    (deep / "near.txt").write_text("x")
    (deep / "e" / "far.txt").write_text("x")
    submission = read(folder)
    assert_answered(submission, "a/b/c/d/e")
    assert list(submission.files) == ["a/b/c/d/near.txt"]


def test_nothing_in_the_students_folder_is_changed(folder):
    write(folder)
    (folder / "helper.py").write_text("x")
    os.chmod(folder, 0o555)
    before = {p: (p.stat().st_mtime_ns, stat.S_IMODE(p.stat().st_mode)) for p in folder.iterdir()}
    read(folder)
    assert {
        p: (p.stat().st_mtime_ns, stat.S_IMODE(p.stat().st_mode)) for p in folder.iterdir()
    } == before


# The time.


def test_time_is_read(folder):
    write(folder)
    (folder / "timestamp.txt").write_text("2000-01-01 12:00:00.000000 UTC\n")
    submission = read(folder)
    assert_answered(submission)
    assert submission.timestamp.isoformat() == "2000-01-01T12:00:00"
    assert submission.files == {}


@pytest.mark.parametrize(
    ("zone", "hour"),
    [
        ("", 12),
        ("UTC", 12),
        ("CET", 11),
        ("CEST", 10),
        ("EDT", 16),
        ("EST", 17),
        ("PST", 20),
        ("AEST", 2),
        ("JST", 3),
        ("Europe/Berlin", 10),
        ("America/New_York", 16),
        ("Asia/Kolkata", 6),
        ("+0200", 10),
        ("+02:00", 10),
        ("UTC+2", 10),
    ],
)
def test_time_zones_are_known(folder, zone, hour):
    write(folder)
    (folder / "timestamp.txt").write_text(f"2030-07-01 12:00:00.000000 {zone}")
    submission = read(folder)
    assert_answered(submission)
    assert (submission.timestamp.day, submission.timestamp.hour) == (1, hour)


@pytest.mark.parametrize(
    "zone",
    ["IST", "CST", "CDT", "BST", "AST", "XYZ", "MESZ", "Mars/Olympus_Mons", "../../etc/passwd"],
)
def test_time_zone_that_is_not_known_or_not_clear_is_remarked(folder, zone):
    write(folder)
    (folder / "timestamp.txt").write_text(f"2030-07-01 12:00:00.000000 {zone}")
    submission = read(folder)
    assert_answered(submission, "timestamp.txt")
    assert submission.timestamp is None


def test_the_courses_zone_tells_what_an_abbreviation_means(folder):
    write(folder)
    (folder / "timestamp.txt").write_text("2030-07-01 12:00:00.000000 IST")
    for number, (zone, time) in enumerate(
        [("Asia/Kolkata", "06:30"), ("Europe/Dublin", "11:00"), ("Europe/Berlin", None)]
    ):
        submission = read_submission(folder, LESSON, "x", folder.parent / f"{number}", zone=zone)
        assert (submission.timestamp and f"{submission.timestamp:%H:%M}") == time


@pytest.mark.parametrize(
    ("text", "zone", "time"),
    [
        ("2030-01-10 12:00 CST", "America/Chicago", "18:00"),
        ("2030-07-10 12:00 CST", "America/Chicago", "18:00"),
        ("2030-01-10 12:00 CST", "Asia/Shanghai", "04:00"),
        ("2030-07-10 12:00 BST", "Europe/London", "11:00"),
        ("2030-10-27 02:30 CEST", "Europe/Berlin", "00:30"),  # which comes twice, without its zone
        ("2030-10-27 02:30 CET", "Europe/Berlin", "01:30"),
    ],
)
def test_an_abbreviation_of_the_courses_zone_is_clear(text, zone, time):
    assert f"{read_time(text, zone):%H:%M}" == time


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("03/04/2030 12:00", "which number is the day"),
        ("03.04.2030 12:00 UTC", "which number is the day"),
        ("03-04-05 12:00 +0000", "which number is the day"),
        ("12:00 UTC", "which day"),
        ("July 2030 12:00", "which day"),
        ("2030-10-27 02:30 Europe/Berlin", "02:30 came twice"),
        ("2030-03-31 02:30 Europe/Berlin", "02:30 was left out"),
        ("2030-10-27 02:30", "02:30 came twice"),
    ],
)
def test_a_time_that_may_be_two_is_none(text, said):
    with pytest.raises(ValueError, match=said):
        read_time(text, "Europe/Berlin", unnamed="Europe/Berlin")


@pytest.mark.parametrize(
    "text", ["13/04/2030", "4/13/2030", "2030/04/13", "20300413", "13 Apr 2030"]
)
def test_a_date_that_can_be_read_in_one_way_only(text):
    assert f"{read_time(f'{text} 12:00'):%d.%m.%y %H}" == "13.04.30 12"


@pytest.mark.parametrize(
    "text", ["", "soon", "99999999999999999999", "2026-13-77 99:99:99 UTC", "\x00"]
)
def test_time_that_is_none(folder, text):
    write(folder)
    (folder / "timestamp.txt").write_text(text)
    submission = read(folder)
    assert_answered(submission, "timestamp.txt")
    assert submission.timestamp is None


def test_time_in_a_pipe(folder):
    write(folder)
    os.mkfifo(folder / "timestamp.txt")
    assert_answered(read(folder), "timestamp.txt")


def test_the_secret_of_the_feedback_is_read(folder):
    write(folder)
    (folder / "submission_secret.txt").write_text("0123456789abcdef" * 8)
    submission = read(folder)
    assert submission.secret == "0123456789abcdef" * 8
    assert submission.files == {}


@pytest.mark.parametrize("secret", [None, b"", b"\xff\xfe", b"two\nlines"])
def test_a_secret_that_nbgrader_could_not_use_is_none(folder, secret):
    write(folder)
    if secret is not None:
        (folder / "submission_secret.txt").write_bytes(secret)
    submission = read(folder)
    assert_answered(submission)
    assert submission.secret is None


def test_a_secret_that_is_a_link_is_none(folder, tmp_path):
    write(folder)
    (tmp_path / "theirs").write_text("a-secret")
    (folder / "submission_secret.txt").symlink_to(tmp_path / "theirs")
    assert read(folder).secret is None
