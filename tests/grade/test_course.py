"""`autograder course`: what it writes, what it keeps, what it refuses."""

import json
import stat

import pytest

from autograder import cli
from autograder.grade import course as laying_out
from autograder.grade.book import steps
from tests.grade.classroom import use_stock_steps

LESSON = "01_some_topic"


@pytest.fixture
def root(tmp_path):
    """A repository with one lesson that has been built."""
    solutions = tmp_path / "repository" / "solutions"
    solutions.mkdir(parents=True)
    (solutions / f"{LESSON}.py").write_text("# %% [markdown]\n# # Some topic\n")
    (solutions / f"{LESSON}.ipynb").write_text("the solved edition\n")
    return solutions.parent


@pytest.fixture
def course(tmp_path):
    return tmp_path / "course"


@pytest.fixture
def source(course):
    return course / "source" / LESSON / f"{LESSON}.ipynb"


@pytest.fixture
def run(root, course, capsys):
    """Run `autograder course`; return its exit status and what it printed."""

    def run(*options, directory=course):
        status = cli.main(["course", str(directory), "--root", str(root), *map(str, options)])
        printed = capsys.readouterr()
        return status, printed.out + printed.err

    return run


def refusal(result):
    """Return the sentence of a command that has refused."""
    status, printed = result
    assert status == 1
    assert printed.startswith("autograder: ") and printed.count("\n") == 1
    return printed


def files(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_lays_out_a_course(run, course, source):
    status, printed = run()
    assert status == 0
    assert files(course) == ["nbgrader_config.py", f"source/{LESSON}/{LESSON}.ipynb"]
    assert source.read_text() == "the solved edition\n"
    assert "'keras_shapes'" in (course / "nbgrader_config.py").read_text()


def test_says_what_comes_next_in_order(run):
    _, printed = run()
    steps = ["nbgrader db student import roster.csv"]
    steps += ["nbgrader generate_assignment", "nbgrader release_assignment", "nbgrader collect"]
    steps += [f"autograder grade . {LESSON}", "nbgrader generate_feedback"]
    steps += ["nbgrader release_feedback", "nbgrader export"]
    steps += ["nbgrader fetch_assignment", "autograder doctor", "nbgrader submit"]
    steps += ["nbgrader fetch_feedback"]
    places = [printed.index(step) for step in steps]
    assert places == sorted(places)


def test_a_course_is_closed_to_others_and_the_exchange_open(run, course, tmp_path):
    exchange = tmp_path / "exchange"
    assert run("--exchange", exchange)[0] == 0
    assert stat.S_IMODE(course.stat().st_mode) == 0o700
    assert stat.S_IMODE(exchange.stat().st_mode) == 0o1777


def test_the_mode_of_a_folder_that_exists_is_left(run, course, tmp_path):
    exchange = tmp_path / "exchange"
    for folder in (course, exchange):
        folder.mkdir()
        folder.chmod(0o750)
    assert run("--exchange", exchange)[0] == 0
    assert [stat.S_IMODE(folder.stat().st_mode) for folder in (course, exchange)] == [0o750] * 2


def test_course_id_and_exchange_go_into_the_configuration(run, course, tmp_path):
    assert run("--course-id", "shapes-2", "--exchange", tmp_path / "exchange")[0] == 0
    values = loaded(course)
    assert values.CourseDirectory.course_id == "shapes-2"
    assert values.Exchange.root == str(tmp_path / "exchange")


def test_the_configuration_leaves_nbgraders_own_exchange(run, course):
    run()
    assert "root" not in loaded(course).Exchange


def test_the_configuration_puts_our_step_in_place_of_nbgraders(run, course):
    from nbgrader.converters import GenerateAssignment
    from nbgrader.preprocessors import ClearSolutions

    from autograder.author import clear

    run()
    steps = loaded(course).GenerateAssignment.preprocessors
    stock = GenerateAssignment.preprocessors.default()
    assert ClearSolutions in stock
    assert steps == [clear.ClearSolutions if step is ClearSolutions else step for step in stock]


def test_the_configuration_lets_nbgrader_grade_in_a_sandbox(run, course):
    run()
    assert loaded(course).Autograde.sanitize_preprocessors == steps.SANITIZE
    assert steps.EXECUTE in loaded(course).Autograde.autograde_preprocessors
    assert callable(loaded(course).Autograde.pre_convert_hook)
    assert loaded(course).GenerateFeedback.exporter_class == steps.PAGE
    assert loaded(course).HTMLExporter.filters.to_dict() == {"update": steps.FILTERS}
    use_stock_steps(course)
    assert "Autograde" not in loaded(course)


def loaded(course):
    """Return what nbgrader reads from the configuration of a course."""
    from traitlets.config.loader import PyFileConfigLoader

    return PyFileConfigLoader("nbgrader_config.py", path=str(course)).load_config()


def test_run_again_changes_nothing(run, course):
    run()
    before = {path: (course / path).stat().st_mtime_ns for path in files(course)}
    status, printed = run()
    assert status == 0 and printed.count("unchanged") == 2
    assert {path: (course / path).stat().st_mtime_ns for path in files(course)} == before


def test_edits_of_a_source_are_kept_each_time(run, root, course, source):
    run()
    for number, edit in enumerate(["first edit", "second edit"], start=1):
        source.write_text(edit)
        status, printed = run()
        kept = course / "kept" / f"{LESSON}.before-{number}.ipynb"
        assert status == 0 and f"kept/{kept.name}" in printed
        assert kept.read_text() == edit
        assert source.read_text() == "the solved edition\n"
    assert (course / "kept" / f"{LESSON}.before-1.ipynb").read_text() == "first edit"


def test_files_that_a_lesson_uses_come_with_it(run, root, course):
    source = ['open("numbers.csv")\nimport helper\n', "Path('pictures') / name\n"]
    hidden = "### BEGIN HIDDEN TESTS\nopen('secret.csv')\n### END HIDDEN TESTS"
    no_files = ["drill.py", "drill.ipynb", f"answers_{LESSON}.py"]
    cells = [{"source": source}, {"source": hidden}, {"source": ", ".join(no_files)}]
    (root / "solutions" / f"{LESSON}.ipynb").write_text(json.dumps({"cells": cells}))
    used = ["deeper.py", "helper.py", "numbers.csv", "pictures/a.png", "secret.csv"]
    for name in [*used, *no_files, "more_numbers.csv", "__pycache__/helper.pyc", ".hidden"]:
        file = root / "solutions" / name
        file.parent.mkdir(exist_ok=True)
        file.write_text("import deeper" if name == "helper.py" else name)
    _, printed = run()
    assert files(course / "source" / LESSON) == sorted([f"{LESSON}.ipynb", *used])
    (told,) = [line for line in printed.splitlines() if "c.CourseDirectory.ignore" in line]
    assert f"source/{LESSON}/secret.csv" in told
    (root / "solutions" / "numbers.csv").write_text("others by now")
    assert "kept/numbers.before-1.csv" in run()[1]


def test_a_changed_configuration_is_left_alone_and_said_so(run, course):
    run()
    configuration = course / "nbgrader_config.py"
    configuration.write_text("c = get_config()\n")
    status, printed = run("--course-id", "another")
    assert status == 0
    assert "left alone nbgrader_config.py" in printed
    assert configuration.read_text() == "c = get_config()\n"


def test_a_lesson_is_added_to_a_course_with_options_of_its_own(run, root, course, tmp_path):
    run("--course-id", "mine", "--exchange", tmp_path / "exchange")
    before = (course / "nbgrader_config.py").read_text()
    (root / "solutions" / "02_another.ipynb").write_text("another\n")
    run("--lesson", "02_another")
    assert (course / "nbgrader_config.py").read_text() == before
    assert (course / "source" / "02_another" / "02_another.ipynb").exists()


def test_a_lesson_between_two_others_comes_with_them(run, root, course):
    (root / "solutions" / f"{LESSON[:2]}b_between.ipynb").write_text("between\n")
    run()
    assert sorted(path.name for path in (course / "source").iterdir()) == [
        LESSON,
        f"{LESSON[:2]}b_between",
    ]


def test_only_the_lessons_that_are_named(run, root, course):
    (root / "solutions" / "02_another.ipynb").write_text("another\n")
    run("--lesson", "solutions/02_another.py")
    assert files(course / "source") == ["02_another/02_another.ipynb"]


def test_refuses_a_course_in_the_repository(run, root):
    sentence = refusal(run(directory=root / "course"))
    assert "inside the repository" in sentence
    assert not (root / "course").exists()


def test_refuses_a_link_into_the_repository(run, root, tmp_path):
    (tmp_path / "link").symlink_to(root)
    assert "inside the repository" in refusal(run(directory=tmp_path / "link" / "course"))


def test_knows_its_own_repository(capsys):
    inside = laying_out.REPOSITORY / "course"
    assert cli.main(["course", str(inside)]) == 1
    assert "inside the repository" in capsys.readouterr().err
    assert not inside.exists()


def test_refuses_a_file(run, course):
    course.write_text("a file")
    assert "is a file" in refusal(run())
    assert course.read_text() == "a file"


def test_refuses_a_name_that_nbgrader_takes_for_a_pattern(run, tmp_path):
    assert "pattern" in refusal(run(directory=tmp_path / "course [2]"))


@pytest.mark.parametrize("name", ["x" * 300, "file/course"])
def test_a_directory_that_cannot_be_written(run, tmp_path, name):
    (tmp_path / "file").write_text("a file")
    assert "cannot write" in refusal(run(directory=tmp_path / name))


def test_a_source_folder_that_cannot_be_written(run, course):
    course.mkdir()
    (course / "source").write_text("a file")
    assert f"cannot write {course / 'source'}" in refusal(run())


def test_names_the_command_for_a_lesson_that_is_not_built(run, root, course):
    (root / "solutions" / "02_another.py").write_text("# %%\n")
    assert "autograder build 02_another" in refusal(run())
    assert not course.exists()


def test_names_the_lessons_there_are(run, course):
    sentence = refusal(run("--lesson", "03_nothing"))
    assert "'03_nothing'" in sentence and LESSON in sentence
    assert not course.exists()


def test_a_root_without_lessons(run, tmp_path):
    assert "no lessons" in refusal(run("--root", tmp_path / "elsewhere"))


@pytest.mark.parametrize("course_id", ["a/b", "a b", "", ".."])
def test_refuses_a_course_id_that_is_no_folder(run, course, course_id):
    assert "--course-id" in refusal(run("--course-id", course_id))
    assert not course.exists()


@pytest.mark.parametrize("inside", ["course", "course/exchange", "repository/exchange"])
def test_refuses_an_exchange_where_students_have_no_business(run, tmp_path, course, inside):
    assert "outside both" in refusal(run("--exchange", tmp_path / inside))
    assert not course.exists()


def test_refuses_an_exchange_that_is_a_file(run, tmp_path):
    (tmp_path / "exchange").write_text("a file")
    assert "is a file" in refusal(run("--exchange", tmp_path / "exchange"))
