"""What students do to notebooks, by accident or not, and what is graded then."""

import copy
import dataclasses
import random

import nbformat
import pytest
from nbgrader.nbgraderformat import MetadataValidator
from nbgrader.utils import compute_checksum, determine_grade

from autograder.grade.handed_in.expected import LessonCell
from autograder.grade.handed_in.repair import belongs, repair
from tests.grade import sent
from tests.grade.classroom import REPOSITORY
from tests.grade.sent import ANSWERS, answered, code, duplicate, find, markdown, place_of, retype

LESSONS = sorted(path.stem for path in (REPOSITORY / "notebooks").glob("[0-9]*_*.ipynb"))


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


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        ("size = 4\nprint(size, size * 2)", True),
        ("print(3)", True),
        ("size = 3\nprint(size, size * 2)\nsize = 5", True),
        ("size=3  # three\nprint(size,size*2)\nprint('mine')", False),
        ("", False),
        ("size = 3\nprint(size)", False),
    ],
)
def test_an_example_that_checks_use_and_that_is_another_is_told(text, is_told):
    lesson = sent.expected()
    place = next(n for n, cell in enumerate(lesson) if cell.grade_id == "test_say_seven")
    uses = lesson[place].source.replace("seven == 7", "seven == size + 4")
    lesson[place] = dataclasses.replace(lesson[place], source=uses)
    notebook = answered()
    example = next(cell for cell in notebook["cells"] if cell["id"] == "example")
    example["source"] = text
    told = {"cell example": ["Its text isn't the lesson's, whose own size the checks use."]}
    assert graded(notebook, lesson)[1] == (told if is_told else {})
    assert graded(notebook)[1] == {}  # where no check uses it


# A lesson that was changed after it had been handed out.


def handed_out(notebook):
    """Return a notebook with the checksums that nbgrader notes when it makes a release."""
    notebook = nbformat.from_dict(copy.deepcopy(notebook))
    for cell in notebook.cells:
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader["checksum"] = compute_checksum(cell)
    return sent.plain(notebook)


def mended(**changes):
    """Return the lesson's cells with another check than the one that was handed out."""
    lesson = sent.expected()
    place = next(n for n, cell in enumerate(lesson) if cell.grade_id == "test_say_seven")
    cell = lesson[place]
    points = {"nbgrader": cell.marks | changes}
    text = {"source": "assert say_seven() == 7", "given": "assert say_seven() == 7"}
    lesson[place] = dataclasses.replace(cell, **text, metadata={**cell.metadata, **points})
    return lesson


@pytest.mark.parametrize("changes", [{}, {"points": 3.0}])
def test_who_has_the_old_edition_of_a_mended_check_is_not_told_of_having_changed_it(changes):
    notebook = answered(notebook=handed_out(sent.learner()))
    result, told = graded(notebook, mended(**changes))
    assert told == {}
    assert sent.texts(result)["test_say_seven"] == "assert say_seven() == 7"


def test_who_has_changed_a_check_is_told_so_all_the_same():
    notebook = answered(notebook=handed_out(sent.learner()))
    find(notebook, "test_say_seven")["source"] = "pass"
    _, told = graded(notebook, mended())
    assert "its text was not the lesson's" in told["test_say_seven"][0]


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


# Answers where no check sees them.


def elsewhere(notebook, expected=None):
    """Return {cell: checks left to a person} of the remarks on a notebook."""
    remarks = repair(notebook, expected or sent.expected())[1]
    return {remark.cell: remark.checks for remark in remarks if remark.checks}


LEFT = {"build_model": ("test_build_model", "test_build_model_layers")}


@pytest.mark.parametrize("kind", ["code", "markdown"])
@pytest.mark.parametrize("place", ["top", "above", "below its check", "end", "in its check"])
@pytest.mark.parametrize("own", ["as given", "emptied", "commented"])
def test_answer_that_its_check_does_not_see_is_left_to_a_person(place, own, kind):
    notebook = answered({name: ANSWERS[name] for name in ("flat_shape", "say_seven")})
    cell = find(notebook, "build_model")
    cell["source"] = {
        "as given": cell["source"],
        "emptied": " ",
        "commented": f"{cell['source']}  # see below",
    }[own]
    if place == "in its check":
        check = find(notebook, "test_build_model")
        check["source"] = f"{ANSWERS['build_model']}\n{check['source']}"
    else:
        number = {
            "top": 0,
            "above": place_of(notebook, "build_model"),
            "below its check": place_of(notebook, "test_build_model") + 1,
            "end": len(notebook["cells"]),
        }[place]
        mine = code(ANSWERS["build_model"])
        retype(mine, kind)
        notebook["cells"].insert(number, mine)
    assert elsewhere(notebook) == LEFT
    (told,) = graded(notebook)[1]["build_model"]
    assert told.startswith("build_model stands in cell ") and "Write it into that cell." in told


@pytest.mark.parametrize(
    "written",
    [
        "(seven, say_seven), y = ((7, len), 1), 2",
        "seven = 7; say_seven = lambda: 7",
        "seven = say_seven = lambda: 7",
        "*say_seven, = 3, 4",
        "if True:\n    def say_seven():\n        return 7",
        "    say_seven = lambda: 7",
        "from builtins import sum as say_seven",
        "print(say_seven := 7)",
        "%time say_seven = len",
        "%%time\n%matplotlib inline\nfor say_seven in [len]: pass",
        "def answer():\n    global say_seven\n    say_seven = len\nanswer()",
        "say_seven = lambda: (7",
    ],
)
def test_an_answer_at_the_end_is_seen_in_whatever_way_it_is_given(written):
    notebook = answered({name: ANSWERS[name] for name in ("flat_shape", "build_model")})
    notebook["cells"].append(code(written))
    assert elsewhere(notebook) == {"say_seven": ("test_say_seven",)}


def test_what_a_cell_at_the_end_only_uses_is_no_answer():
    notebook = answered({name: ANSWERS[name] for name in ("flat_shape", "build_model")})
    mine = "import keras\nsay_seven()\ndef f():\n    say_seven = 1\nx = {'say_seven': keras}"
    notebook["cells"].append(code(mine))
    assert elsewhere(notebook) == {}


def test_answer_between_its_cell_and_its_check_is_judged():
    notebook = answered({"flat_shape": ANSWERS["flat_shape"]})
    for name in ("build_model", "say_seven"):
        mine = code(ANSWERS[name], f"mine-{name}")
        notebook["cells"].insert(place_of(notebook, name) + 1, mine)
    notebook["cells"].append(code("def say_seven():\n    return 'a draft'", "draft"))
    assert elsewhere(notebook) == {}


def test_cells_beside_an_answer_that_is_there_are_nobodys_concern():
    notebook = answered()
    notebook["cells"].append(code("def say_seven():\n    return 8", "draft"))
    assert graded(notebook)[1] == {}


def test_copies_of_what_was_handed_out_are_no_answers():
    notebook = sent.learner()
    for name in ANSWERS:
        notebook["cells"].append(code(find(notebook, name)["source"], f"mine-{name}"))
    assert elsewhere(notebook) == {}


def test_answer_in_the_cell_of_another_answer_is_left_to_a_person():
    notebook = answered({"flat_shape": "\n".join(ANSWERS.values())})
    notebook["cells"].remove(find(notebook, "say_seven"))
    assert elsewhere(notebook) == LEFT  # and say_seven, whose cell is missing, is taken from there


def test_an_answer_without_a_name_is_known_by_the_names_that_its_check_uses():
    stub = "# YOUR CODE HERE\nraise NotImplementedError()"
    notebook = sent.learner()
    find(notebook, "flat_shape")["source"] = stub
    expected = sent.from_notebook(copy.deepcopy(notebook))
    notebook["cells"].append(code("flat_shape = (None, 6)"))
    assert elsewhere(notebook, expected) == {"flat_shape": ("test_flat_shape",)}
    find(notebook, "flat_shape")["source"] = "flat_shape = (6,)"
    assert elsewhere(notebook, expected) == {}


def test_checks_of_ordinary_names_are_of_the_answer_above():
    notebook = sent.learner()
    for number, cell in enumerate(notebook["cells"]):
        if sent.name_of(cell):
            cell["metadata"]["nbgrader"]["grade_id"] = f"cell-{number}"
    expected = sent.from_notebook(copy.deepcopy(notebook))
    notebook["cells"].append(code(ANSWERS["build_model"]))
    ((answer, checks),) = elsewhere(notebook, expected).items()
    names = [cell.grade_id for cell in expected]
    assert [names.index(name) - names.index(answer) for name in checks] == [1, 2]


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


# Essays


@pytest.mark.parametrize(
    "text, is_kept",
    [("", True), (" \n", True), ("Because.", True), ("YOUR ANSWER HERE", False)],
)
@pytest.mark.parametrize("kind", ["markdown", "code"])
def test_an_essay_is_as_it_was_handed_in_so_that_nbgrader_knows_whether_it_was_touched(
    kind, text, is_kept
):
    flags = {"grade": True, "solution": True, "locked": False, "task": False, "points": 2}
    marks = {"nbgrader": {"schema_version": 3, "grade_id": "essay", "cell_type": kind, **flags}}
    given = LessonCell("essay", kind, "YOUR ANSWER HERE", "YOUR ANSWER HERE", marks)
    cell = {"id": "essay", "cell_type": kind, "metadata": marks, "source": text}
    result, _ = repair({"cells": [cell]}, [given])
    (essay,) = result.cells
    as_given = nbformat.from_dict({**essay, "source": given.source})
    essay.metadata.nbgrader["checksum"] = compute_checksum(as_given)
    assert essay.source == text
    assert determine_grade(essay) == ((None if is_kept else 0), 2)


def with_essay(kind):
    """Return (cells of a lesson that ends with an essay, a notebook with its answers but that)."""
    flags = {"grade": True, "solution": True, "locked": False, "task": False, "points": 2}
    marks = {"nbgrader": {"schema_version": 3, "grade_id": "essay", "cell_type": kind, **flags}}
    question = LessonCell("question", "markdown", "Why?\n\nSay it.", "Why?\n\nSay it.")
    given = LessonCell("essay", kind, "YOUR ANSWER HERE", "YOUR ANSWER HERE", marks)
    notebook = answered()
    cell = {**code(given.source, "essay"), "metadata": marks}
    retype(cell, kind)
    notebook["cells"] += [markdown(question.source, "question"), cell]
    return [*sent.expected(), question, given], notebook


@pytest.mark.parametrize("kind", ["markdown", "code"])
@pytest.mark.parametrize(
    "place, cell",
    [
        (0, markdown("It is why.")),
        (-1, markdown("It is why.")),
        (None, markdown("It is why.")),
        (None, code("x = 'It is why.'")),
        (1, code("It is why.")),
        (1, code("# It is why.")),
    ],
)
def test_words_elsewhere_are_left_to_a_person_where_an_essay_is_untouched(kind, place, cell):
    expected, notebook = with_essay(kind)
    place = len(notebook["cells"]) if place is None else place
    notebook["cells"].insert(place, cell)
    assert elsewhere(notebook, expected) == {"essay": ("essay",)}
    assert (
        f"cell {notebook['cells'].index(cell) + 1} of" in graded(notebook, expected)[1]["essay"][0]
    )


def test_words_below_the_question_of_an_untouched_essay_are_left_to_a_person():
    expected, notebook = with_essay("markdown")
    notebook["cells"][-2]["source"] += "\n\nIt is why."
    assert elsewhere(notebook, expected) == {"essay": ("essay",)}


@pytest.mark.parametrize(
    "answer, own, question",
    [
        ("YOUR ANSWER HERE", code("x = 3\nprint(x)"), "Why?\n\nSay it."),
        ("YOUR ANSWER HERE", markdown(" \n"), "Why?\n\nSay it."),
        ("YOUR ANSWER HERE", markdown("Why?\n\nSay it."), "Why?\n\nSay it."),
        ("YOUR ANSWER HERE", code("x = 3"), "An older edition asks: why?"),
        ("It is why.", markdown("A note."), "Why?\n\nSay it."),
    ],
)
def test_nobody_looks_at_an_essay_where_no_words_may_be_it(answer, own, question):
    expected, notebook = with_essay("markdown")
    notebook["cells"][-2]["source"], notebook["cells"][-1]["source"] = question, answer
    notebook["cells"].insert(1, own)
    assert elsewhere(notebook, expected) == {}
