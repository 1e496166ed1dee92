"""What students do to notebooks, by accident or not, and what is graded then."""

import copy
import random

import nbformat
import pytest
from nbgrader.nbgraderformat import MetadataValidator

from autograder.grade.repair import belongs, repair
from tests.grade import sent
from tests.grade.classroom import REPOSITORY
from tests.grade.sent import ANSWERS, answered, code, duplicate, find, markdown, place_of, retype

LESSONS = sorted(path.stem for path in (REPOSITORY / "notebooks").glob("[0-9][0-9]_*.ipynb"))


def graded(notebook, expected=None):
    """Repair a notebook; return (notebook, {cell: sentences}). It is valid whatever came in."""
    before = copy.deepcopy(notebook)
    result, remarks = repair(notebook, expected or sent.expected())
    assert notebook == before
    nbformat.validate(result)
    MetadataValidator().validate_nb(result)
    told = {}
    for remark in remarks:
        told.setdefault(remark.cell, []).append(remark.sentence)
    return result, told


def assert_graded_as_sent(notebook, *remarked):
    """The notebook is graded like an untouched one with the same answers; remarks are on these."""
    result, told = graded(notebook)
    assert result == graded(answered())[0]
    assert set(told) == set(remarked)
    return told


def test_answers_stand_in_the_lessons_cells_and_nothing_is_remarked():
    result, told = graded(answered())
    assert told == {}
    assert [cell.id for cell in result.cells] == [cell.id for cell in sent.expected()]
    assert {name: sent.texts(result)[name] for name in ANSWERS} == ANSWERS
    assert "hidden_model" in sent.texts(result)["test_build_model"]
    assert result.metadata.kernelspec.name == "python3"


def test_learner_edition_comes_back_as_it_was_given():
    result, told = graded(sent.learner())
    assert told == {}
    assert {cell.id: cell.source for cell in result.cells} == {
        cell.id: cell.source for cell in sent.expected()
    }


# Accidents.


@pytest.mark.parametrize("name", ["test_flat_shape", "setup", "test_build_model"])
def test_copied_locked_cell_counts_once(name):
    notebook = answered()
    duplicate(notebook, name)
    told = assert_graded_as_sent(notebook, name)
    assert "2 times" in told[name][0]


def test_changed_copy_of_a_check_is_the_students_own_cell():
    notebook = answered()
    duplicate(notebook, "test_flat_shape", source="print(flat_shape)")
    result, told = graded(notebook)
    own = [cell for cell in result.cells if cell.id.startswith("own-")]
    assert [(cell.source, cell.metadata) for cell in own] == [("print(flat_shape)", {})]
    assert "times" in told["test_flat_shape"][0]
    assert (
        sent.texts(result)["test_flat_shape"]
        == sent.texts(graded(answered())[0])["test_flat_shape"]
    )


@pytest.mark.parametrize("touched_first", [True, False])
def test_of_two_answer_cells_the_touched_one_counts(touched_first):
    notebook = sent.learner()
    stub = find(notebook, "build_model")["source"]
    answered(notebook=notebook)
    other = duplicate(notebook, "build_model", source=stub)
    if not touched_first:
        first = find(notebook, "build_model")
        first["source"], other["source"] = other["source"], first["source"]
    told = assert_graded_as_sent(notebook, "build_model")
    assert "worked on" in told["build_model"][0]


def test_of_two_touched_answers_the_later_counts():
    notebook = answered()
    duplicate(notebook, "say_seven")
    find(notebook, "say_seven")["source"] = "def say_seven():\n    return 8"
    told = assert_graded_as_sent(notebook, "say_seven")
    assert "the last one was taken" in told["say_seven"][0]


@pytest.mark.parametrize("name", ["setup", "test_flat_shape", "test_say_seven"])
def test_deleted_locked_cell_is_put_back(name):
    notebook = answered()
    notebook["cells"].remove(find(notebook, name))
    assert_graded_as_sent(notebook, name)


def test_deleted_answer_cell_is_not_attempted():
    notebook = answered()
    notebook["cells"].remove(find(notebook, "build_model"))
    result, told = graded(notebook)
    assert sent.texts(result)["build_model"] == sent.texts(sent.learner())["build_model"]
    assert set(told) == {"build_model"}
    assert "not attempted" in told["build_model"][0]


def test_emptied_answer_cell_is_not_attempted():
    result, _ = graded(answered(ANSWERS | {"flat_shape": "\n  \n"}))
    assert sent.texts(result)["flat_shape"] == sent.texts(sent.learner())["flat_shape"]


def test_deleted_example_is_put_back():
    notebook = answered()
    notebook["cells"] = [cell for cell in notebook["cells"] if cell["id"] != "example"]
    assert_graded_as_sent(notebook, "cell example")


def test_changed_example_stays_changed():
    notebook = answered()
    cell = next(cell for cell in notebook["cells"] if cell["id"] == "example")
    cell["source"], cell["id"] = "size = 5\nprint(size, size * 2)", "new-id"
    result, told = graded(notebook)
    assert told == {}
    assert [c.source for c in result.cells if c.id == "example"] == [cell["source"]]
    assert len(result.cells) == len(sent.expected())


@pytest.mark.parametrize("line", [1, 2])
@pytest.mark.parametrize("with_metadata", [True, False])
@pytest.mark.parametrize("strip_first", [True, False])
def test_split_answer_is_joined(line, with_metadata, strip_first):
    notebook = answered()
    cell, lines = find(notebook, "build_model"), ANSWERS["build_model"].split("\n")
    below = duplicate(notebook, "build_model", source="\n".join(lines[line:]))
    cell["source"] = "\n".join(lines[:line])
    if not with_metadata:
        (cell if strip_first else below)["metadata"] = {}
    result, told = graded(notebook)
    assert result == graded(answered())[0]
    assert "put together" in told["build_model"][0]


def test_cells_that_merely_follow_an_answer_are_not_joined():
    notebook = answered()
    notebook["cells"].insert(place_of(notebook, "flat_shape") + 1, code("print(flat_shape)"))
    result, told = graded(notebook)
    assert told == {}
    assert sent.texts(result)["flat_shape"] == ANSWERS["flat_shape"]
    below = result.cells[place_of(result, "flat_shape") + 1]
    assert (below.source, below.metadata) == ("print(flat_shape)", {})


@pytest.mark.parametrize("into", ["flat_shape", "say_seven"])
@pytest.mark.parametrize("turned", [False, True])
def test_merged_answers_are_taken_apart(into, turned):
    notebook = answered()
    names = ["flat_shape", "say_seven"]
    parts = [ANSWERS[name] for name in names]
    find(notebook, into)["source"] = "\n\n".join(reversed(parts) if turned else parts)
    (other,) = set(names) - {into}
    notebook["cells"].remove(find(notebook, other))
    result, told = graded(notebook)
    assert {name: sent.texts(result)[name].strip() for name in ANSWERS} == ANSWERS
    assert set(told) == {other}


def test_three_answers_in_one_cell_are_taken_apart_with_their_comments():
    notebook = answered()
    parts = [f"# {name}\n{source}" for name, source in ANSWERS.items()]
    for name in ("build_model", "say_seven"):
        notebook["cells"].remove(find(notebook, name))
    find(notebook, "flat_shape")["source"] = "\n\n".join(parts)
    result, _ = graded(notebook)
    assert [sent.texts(result)[name].strip() for name in ANSWERS] == parts


def test_answers_that_share_a_statement_stay_in_the_first_cell():
    notebook = answered()
    notebook["cells"].remove(find(notebook, "flat_shape"))
    both = "flat_shape, say_seven = (None, 6), lambda: 7"
    find(notebook, "say_seven")["source"] = both
    texts = sent.texts(graded(notebook)[0])
    assert texts["flat_shape"] == both
    assert texts["say_seven"].startswith("#") and "\n" not in texts["say_seven"]


def test_check_merged_into_an_answer_is_put_back():
    notebook = answered()
    check = find(notebook, "test_flat_shape")
    find(notebook, "flat_shape")["source"] += "\n" + check["source"]
    notebook["cells"].remove(check)
    assert_graded_as_sent(notebook, "test_flat_shape")


def test_answer_written_over_a_check_is_moved():
    notebook = answered()
    find(notebook, "test_flat_shape")["source"] = ANSWERS["flat_shape"]
    notebook["cells"].remove(find(notebook, "flat_shape"))
    assert_graded_as_sent(notebook, "flat_shape", "test_flat_shape")


@pytest.mark.parametrize("kind", ["markdown", "raw"])
@pytest.mark.parametrize("name", ["say_seven", "test_say_seven"])
@pytest.mark.parametrize("mark", ["kept", "lost"])
def test_retyped_cell_is_turned_back(kind, name, mark):
    notebook = answered()
    cell = find(notebook, name)
    retype(cell, kind)
    if mark == "lost":
        cell["metadata"], cell["id"] = {}, "new-id"
    result, told = graded(notebook)
    assert result == graded(answered())[0]
    assert "type" in told[name][0]


def strip(notebook, ids=True):
    for number, cell in enumerate(notebook["cells"]):
        cell["metadata"] = {}
        if ids:
            cell["id"] = f"new-{number}"
    return notebook


@pytest.mark.parametrize("ids", [True, False])
def test_cells_without_metadata_are_found(ids):
    assert_graded_as_sent(strip(answered(), ids), "notebook")


def test_renamed_cells_are_found():
    notebook = answered()
    for number, cell in enumerate(notebook["cells"]):
        cell["id"] = f"new-{number}"
        if sent.name_of(cell):
            cell["metadata"]["nbgrader"]["grade_id"] = f"cell-{number}"
    assert_graded_as_sent(notebook, "notebook")


def test_renamed_function_without_metadata_is_found_by_its_neighbours():
    other = ANSWERS["build_model"].replace("build_model", "make_model")
    notebook = strip(answered(ANSWERS | {"build_model": other}))
    assert sent.texts(graded(notebook)[0])["build_model"] == other


@pytest.mark.parametrize("seed", range(5))
def test_moved_cells_are_graded_in_the_lessons_order(seed):
    notebook = answered()
    random.Random(seed).shuffle(notebook["cells"])
    assert_graded_as_sent(notebook, "notebook")


def test_students_own_cells_stay_behind_their_neighbours_without_marks():
    notebook = answered()
    notebook["cells"].insert(0, code("import math", "a"))
    extra = code("helper = 1", "b", tags=["skip-execution"])
    notebook["cells"].insert(place_of(notebook, "build_model"), extra)
    notebook["cells"].append(markdown("Done.", "c"))
    result, told = graded(notebook)
    assert told == {}
    assert [result.cells[0].source, result.cells[-1].source] == ["import math", "Done."]
    above = result.cells[place_of(result, "build_model") - 1]
    assert (above.source, above.metadata) == ("helper = 1", {})


def test_notebook_without_cells_or_of_something_else_is_not_attempted():
    for cells in ([], [code("x = 1"), markdown("# Another")]):
        notebook = sent.learner() | {"cells": cells}
        result, told = graded(notebook)
        assert sent.texts(result) == sent.texts(graded(sent.learner())[0])
        assert list(told) == ["notebook"] and "None of" in told["notebook"][0]


@pytest.mark.parametrize("kind", ["code", "markdown"])
def test_answer_in_words_is_kept_and_defused(kind):
    notebook = sent.learner()
    marks = {"grade_id": "why", "grade": True, "solution": True, "locked": False, "task": False}
    marks |= {"schema_version": 3, "points": 2}
    notebook["cells"].append(markdown("YOUR ANSWER HERE", "why"))
    notebook["cells"][-1]["metadata"] = {"nbgrader": marks}
    expected = sent.from_notebook(copy.deepcopy(notebook))
    cell = notebook["cells"][-1]
    cell["source"] = "Because <script>alert(1)</script> it is so."
    retype(cell, kind)
    strip(notebook)
    result, _ = graded(notebook, expected)
    assert result.cells[-1].source == "Because < script>alert(1)< /script> it is so."
    assert result.cells[-1].cell_type == "markdown"


# Ill will.


FORGED = [
    {"points": 500},
    {"points": "many"},
    {"grade": True},
    {"grade": False},
    {"solution": True},
    {"solution": False},
    {"locked": False},
    {"task": True},
    {"schema_version": 0},
    {"schema_version": 99},
    {"schema_version": "x"},
]


@pytest.mark.parametrize("flags", FORGED, ids=str)
def test_forged_marks_do_not_count(flags):
    notebook = answered()
    for cell in notebook["cells"]:
        if sent.name_of(cell):
            cell["metadata"]["nbgrader"] |= flags
    result, told = graded(notebook)
    assert result == graded(answered())[0]
    assert all("notes" in said for sentences in told.values() for said in sentences) and told


def test_invented_exercise_gives_no_points():
    notebook = answered()
    marks = find(notebook, "test_say_seven")["metadata"]["nbgrader"]
    bonus = marks | {"grade_id": "bonus", "points": 100}
    notebook["cells"].append(code("pass", "bonus", nbgrader=bonus))
    result, told = graded(notebook)
    assert result.cells[-1].metadata == {}
    assert "no points" in told["notebook"][0]


@pytest.mark.parametrize("tag", ["skip-execution", "raises-exception", "remove-cell"])
def test_tags_are_the_lessons(tag):
    notebook = answered()
    for cell in notebook["cells"]:
        cell["metadata"]["tags"] = [tag]
    assert_graded_as_sent(notebook)


@pytest.mark.parametrize("name", ["setup", "test_flat_shape", "test_build_model"])
@pytest.mark.parametrize("source", ["pass", "", "assert True  # ok"])
def test_changed_locked_text_is_put_back(name, source):
    notebook = answered()
    find(notebook, name)["source"] = source
    told = assert_graded_as_sent(notebook, name)
    assert "put back" in told[name][0]


@pytest.mark.parametrize("below", [True, False])
def test_second_cell_under_a_checks_name_does_not_replace_it(below):
    notebook = answered()
    check = find(notebook, "test_say_seven")
    duplicate(notebook, "test_say_seven", source="pass")
    if not below:
        copied = notebook["cells"].pop(place_of(notebook, "test_say_seven") + 1)
        notebook["cells"].insert(notebook["cells"].index(check), copied)
    result, _ = graded(notebook)
    assert sent.texts(result) == sent.texts(graded(answered())[0])


def test_ids_that_are_all_alike_do_no_harm():
    notebook = answered()
    for cell in notebook["cells"]:
        cell["id"] = "setup"
    assert_graded_as_sent(notebook)


def test_active_text_of_students_is_defused_and_the_lessons_own_is_not():
    notebook = answered()
    notebook["cells"].append(markdown("<img src=x onerror=alert(1)>", "m"))
    notebook["cells"].append({**markdown("<script>1</script>", "r"), "cell_type": "raw"})
    for cell in notebook["cells"]:
        if cell["id"] == "note":
            cell["source"] += "<b onclick=x>"
    result, _ = graded(notebook)
    assert all("<s" not in c.source and "<i" not in c.source for c in result.cells[-2:])
    assert "< b" in next(c.source for c in result.cells if c.id == "note")
    lesson = sent.expected()
    lesson[2] = type(lesson[2])("note", "markdown", "<b>own</b>", "<b>own</b>")
    notebook = sent.learner()
    notebook["cells"][2]["source"] = "<b>own</b>"
    assert graded(notebook, lesson)[0].cells[2].source == "<b>own</b>"


@pytest.mark.parametrize("text", ["\u202eshape", "x = 'ש\u200b\u200d'", "größe = '🧮'", "# \u2028"])
def test_any_letters_are_kept(text):
    answers = ANSWERS | {"flat_shape": f"{ANSWERS['flat_shape']}\n{text}"}
    result, told = graded(answered(answers))
    assert sent.texts(result)["flat_shape"] == answers["flat_shape"]
    assert told == {}


def test_long_and_many_cells_take_bounded_work():
    notebook = answered()
    hard = [
        "a," * 90_000,
        "\n" * 180_000,
        "def " * 40_000,
        "x" * 190_000,
        "](" * 90_000,
        "`" * 190_000,
    ]
    notebook["cells"] += [code(text, f"h{n}") for n, text in enumerate(hard)]
    notebook["cells"] += [markdown(text, f"m{n}") for n, text in enumerate(hard)]
    notebook["cells"] += [code(f"x{n} = {n}", f"x{n}") for n in range(1900)]
    strip(notebook)
    assert {n: sent.texts(graded(notebook)[0])[n] for n in ANSWERS} == ANSWERS


# The lessons themselves.


@pytest.fixture(scope="module", params=LESSONS)
def lesson(request):
    """Return (the lesson's cells, a notebook with its solutions as answers, the same repaired)."""
    room = REPOSITORY / "solutions" / f"{request.param}.ipynb"
    solved = nbformat.read(room, as_version=4)
    for cell in solved.cells:
        cell.pop("outputs", None) if cell.cell_type != "code" else cell.update(outputs=[])
    expected = sent.expected(solved)
    answers = {
        cell.metadata.nbgrader.grade_id: cell.source
        for cell in solved.cells
        if cell.metadata.get("nbgrader", {}).get("solution")
    }
    notebook = answered(answers, sent.learner(solved))
    return expected, notebook, graded(notebook, expected)[0]


@pytest.mark.parametrize("ids", [True, False])
def test_every_lesson_is_recognised_without_any_metadata(lesson, ids):
    expected, notebook, untouched = lesson
    stripped = strip(copy.deepcopy(notebook), ids)
    assert belongs(stripped["cells"], expected)
    assert graded(stripped, expected)[0] == untouched


def test_every_lesson_is_put_into_order(lesson):
    expected, notebook, untouched = lesson
    shuffled = copy.deepcopy(notebook)
    random.Random(1).shuffle(shuffled["cells"])
    assert graded(shuffled, expected)[0] == untouched


def test_every_lesson_stands_copies_of_all_its_cells(lesson):
    expected, notebook, untouched = lesson
    copied = copy.deepcopy(notebook)
    copied["cells"] = [
        one
        for cell in copied["cells"]
        for one in (
            [cell, {**cell, "id": cell["id"][:50] + "-copy"}] if sent.name_of(cell) else [cell]
        )
    ]
    assert graded(copied, expected)[0] == untouched
