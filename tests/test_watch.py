"""`%load_ext autograder` in a shell of IPython, and `autograder why SCRIPT`."""

import gc
import subprocess
import sys

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

FAILS = "keras.Sequential([keras.Input((28, 28)), keras.layers.Conv2D(3, 3)])"
SAID = "The images have no axis for channels"


@pytest.fixture
def shell():
    made = InteractiveShell()
    made.run_cell("%load_ext autograder")
    yield made
    made.run_cell("%unload_ext autograder")


def output(shell, source):
    """Return what a cell shows: its traceback and, below it, a card."""
    with capture_output() as seen:
        shell.run_cell(source)
    return seen.stdout + "".join(str(o.data["text/plain"]) for o in seen.outputs)


def test_a_card_stands_below_the_traceback_and_comes_back(shell):
    shell.run_cell("import keras")
    assert SAID in output(shell, FAILS)
    assert SAID in output(shell, "%why")


def test_other_errors_and_cells_that_work_show_nothing_more(shell):
    shell.run_cell("import keras")
    for source in ("1 / 0", "nothing_of_that_name", "{}['a']", "x = 1", "int('seven')"):
        assert "What happened" not in output(shell, source)
        assert "What is known" not in output(shell, source)


def test_loaded_twice_it_shows_one_card(shell):
    shell.run_cell("%reload_ext autograder")
    shell.run_cell("import keras")
    assert output(shell, FAILS).count("role='note'") == 1


def test_no_array_lives_longer_than_without_it(shell):
    shell.run_cell("import keras, numpy, weakref\nkept = []")
    data = "x = numpy.zeros((3, 5))\n    kept.append(weakref.ref(x))"
    model = "keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])"
    cell = f"def fails():\n    {data}\n    {model}.predict(x, verbose=0)\nfails()"
    assert "the data has 5 columns" in " ".join(output(shell, cell).split())
    shell.run_cell("1 / 0")  # Python and IPython keep the last error, with its frames
    gc.collect()
    assert shell.user_ns["kept"][0]() is None


def run_why(tmp_path, source, *args):
    script = tmp_path / "train.py"
    script.write_text(source)
    command = [sys.executable, "-m", "autograder.cli", "why", str(script), *args]
    return subprocess.run(command, capture_output=True, text=True)


def test_a_script_that_fails_is_explained_below_its_traceback(tmp_path):
    done = run_why(tmp_path, f"import keras\n{FAILS}\n")
    assert done.returncode == 1
    assert 'train.py", line 2, in <module>' in done.stderr
    assert "autograder/script.py" not in done.stderr
    assert done.stderr.index("Traceback") < done.stderr.index("Line 2 of train.py")


def test_a_script_has_its_arguments_and_its_own_exit_status(tmp_path):
    source = "import sys\nprint(sys.argv[1:])\nsys.exit(int(sys.argv[2]))\n"
    done = run_why(tmp_path, source, "--units", "7")
    assert (done.returncode, done.stdout) == (7, "['--units', '7']\n")


def test_an_error_of_another_kind_is_left_as_it_is(tmp_path):
    done = run_why(tmp_path, "1 / 0\n")
    assert done.returncode == 1
    assert done.stderr.strip().endswith("ZeroDivisionError: division by zero")


def test_a_script_that_is_not_there_is_told_in_a_sentence(tmp_path):
    command = [sys.executable, "-m", "autograder.cli", "why", str(tmp_path / "no.py")]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 1 and "there is no such file" in done.stderr
