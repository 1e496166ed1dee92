"""The report on a class of 200 says what was planted in it, to people and to programs."""

import csv
import io
import json
import random
from collections import Counter

import numpy as np
import pytest

from autograder.cli import main
from autograder.grade.book.opened import OpenedCourse
from autograder.learn.mistakes import rules
from autograder.reports.edition import read_edition
from autograder.reports.export import as_csv
from autograder.reports.insight import correlation
from autograder.reports.marks import read_marks, read_verdict
from autograder.reports.report import as_data, report
from autograder.states import MEDIA_TYPE, NOT_ATTEMPTED, PARTLY, RIGHT, WRONG
from tests.grade.classroom import REPOSITORY
from tests.reports.pages import Page
from tests.reports.synthetic import SMALL, Answer, Planted

SWALLOWS, LEFT_OUT, SAME = "flatten_swallows_batch", "batch_left_out", "same_padding"
WAITING = Answer(reason="it was not run, for the student's process died")
ROWS = (("Flatten", "(6,)", "?"),)

#: What is planted: {check: {answer: how many of those who are graded}}; all others are right.
PLAN = {
    "test_flat_shape": {
        Answer(WRONG, (SWALLOWS,), rows=ROWS, message="<b>Because</b>"): 70,
        Answer(WRONG, (f"{SAME} + {SWALLOWS}",)): 6,
        Answer(WRONG, (SWALLOWS, LEFT_OUT)): 10,
        Answer(WRONG, ("form",), message="It is <i>no</i> shape."): 5,
        Answer(NOT_ATTEMPTED): 7,
    },
    "test_build_model": {
        Answer(WRONG, ("dense_flattens",)): 20,
        Answer(WRONG, (SWALLOWS,)): 8,
        WAITING: 4,
    },
    "test_build_model_layers": {Answer(PARTLY, share=0.5): 31},
    "test_say_seven": {Answer(WRONG): 13},
}
ABSENT, REFUSED, ALL = 12, 3, 200
FORM = "the answer has another form than was asked for"
NASTY = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def planted():
    """Return the class: {student: {check: Answer}} of those who are graded."""
    rng = random.Random(5)
    students = [f"student{number:03}" for number in range(ALL - ABSENT - REFUSED)]
    answers = {student: {} for student in students}
    for check, plan in PLAN.items():
        chosen = iter(rng.sample(students, sum(plan.values())))
        for answer, count in plan.items():
            for _ in range(count):
                answers[next(chosen)][check] = answer
    return answers


@pytest.fixture(scope="module")
def lessons(shared, planted):
    named = {"first_name": NASTY, "last_name": "O'\"Neil & Söhne"}
    shared.add(*(Planted(student, answers, **named) for student, answers in planted.items()))
    shared.add(*(Planted(f"absent{number}", None) for number in range(ABSENT)))
    shared.add(*(Planted(f"refused{n}", refused=f"<img src=x{n}>") for n in range(REFUSED)))
    return read_marks(OpenedCourse(shared.directory))


@pytest.fixture(scope="module")
def text(shared, lessons):
    return report(OpenedCourse(shared.directory), lessons)


@pytest.fixture(scope="module")
def page(text):
    return Page(text)


def with_mistake(planted, *codes):
    """Return the students with one of these answers."""
    return {
        student
        for student, answers in planted.items()
        if any(answer.mistakes in codes for answer in answers.values())
    }


def test_the_beliefs_are_those_that_were_planted(planted, page):
    sure = with_mistake(planted, (SWALLOWS,), (f"{SAME} + {SWALLOWS}",))
    perhaps = with_mistake(planted, (SWALLOWS, LEFT_OUT))
    attempted = {
        student
        for student, answers in planted.items()
        if answers.get("test_flat_shape", Answer()).state != NOT_ATTEMPTED
    }
    # Nobody left the other exercise with this belief untouched.
    answered = len(planted)
    rows = {row[0].split()[-1]: row[1:] for row in page.table("All beliefs")}
    assert rows == {
        SWALLOWS: [
            f"{100 * len(sure) / answered:.0f} %",
            str(len(sure)),
            str(len(perhaps - sure)),
            str(answered),
            "flat_shape (86), build_model (8)",
        ],
        "dense_flattens": ["11 %", "20", "0", "185", "build_model (20)"],
        SAME: [f"{600 / len(attempted):.0f} %", "6", "0", str(len(attempted)), "flat_shape (6)"],
        LEFT_OUT: ["0 %", "0", "10", str(len(attempted)), "flat_shape (10)"],
    }


def test_a_belief_is_told_in_the_words_of_its_rule(planted, page):
    rule = next(rule for rule in rules() if rule.code == SWALLOWS)
    sure = with_mistake(planted, (SWALLOWS,), (f"{SAME} + {SWALLOWS}",))
    told = " ".join(page.text.split())
    assert f"{100 * len(sure) / 185:.0f} % think that {rule.belief}" in told
    assert f"In truth: {rule.truth}." in told and f"To try: {rule.hint}" in told
    assert page.table("One such answer, to flat_shape") == [["Flatten", "(6,)", "?"]]


def test_what_has_no_belief_is_listed_apart(page):
    assert page.table("Mistakes behind which no belief is known") == [
        [FORM, "5", "flat_shape (5)", "It is <i>no</i> shape."]
    ]


def test_the_exercises_have_the_numbers_that_were_planted(planted, page):
    rows = {row[0].split()[0]: row[1:] for row in page.table("The exercises in the order")}
    layers = sum(
        answers.get("test_build_model_layers", Answer()).state == PARTLY
        and answers.get("test_build_model") is not WAITING
        for answers in planted.values()
    )
    whole = sum(
        answers.get("test_build_model", Answer()).state == WRONG
        and answers.get("test_build_model_layers", Answer()).state == RIGHT
        for answers in planted.values()
    )
    partly = layers + whole
    numbers = {name: list(map(int, row[1:6])) for name, row in rows.items()}
    assert numbers == {
        "flat_shape": [87, 0, 91, 7, 0],
        "build_model": [185 - 4 - partly, partly, 0, 0, 4],
        "say_seven": [172, 0, 13, 0, 0],
    }
    assert rows["flat_shape"][-1] == "Flatten gives a one-dimensional result (86)"


def test_difficulty_and_discrimination(planted, page):
    worths = {"test_flat_shape": 1, "test_build_model": 2, "test_build_model_layers": 4}
    worths |= {"test_say_seven": 1}
    points = np.array(
        [
            [worth * _share(answers.get(check, Answer())) for check, worth in worths.items()]
            for answers in planted.values()
        ]
    )
    decided = np.array(
        [answers.get("test_build_model") is not WAITING for answers in planted.values()]
    )
    exercises = {
        "flat_shape": (points[:, 0], points[:, 1:].sum(1), 1, slice(None)),
        "build_model": (points[:, 1] + points[:, 2], points[:, 0] + points[:, 3], 6, decided),
        "say_seven": (points[:, 3], points[:, :3].sum(1), 1, slice(None)),
    }
    rows = {row[0].split()[0]: row[7:9] for row in page.table("The exercises in the order")}
    for name, (mine, rest, worth, who) in exercises.items():
        r = np.corrcoef(mine[who], rest[who])[0, 1]
        expected = [f"{100 * mine[who].mean() / worth:.0f} %", f"{r:.2f}".replace("-", "−")]
        assert rows[name] == expected, name


def _share(answer):
    return 0 if answer.reason else {RIGHT: 1, PARTLY: answer.share}.get(answer.state, 0)


def test_scores_and_what_is_left_to_do(lessons, page):
    shares = [work.score / 8 for work in lessons[0].graded()]
    counts = Counter(min(int(10 * share), 9) for share in shares)
    (row,) = page.table("The same as numbers")
    assert row == ["students", *(str(counts[k]) for k in range(10))]
    told = " ".join(page.text.split())
    assert "188 of 200" in told and "185" in told
    assert f"Nothing handed in: {ABSENT} of {ALL}: absent0, absent1" in told
    assert len(page.table("What could not be graded")) == REFUSED
    waiting = page.table("What a person has to look at")
    assert len(waiting) == 4
    assert waiting[0][1:] == ["build_model", f"test_build_model: {WAITING.reason}"]


def test_nothing_that_students_wrote_becomes_part_of_the_page(text, page):
    assert "script" not in {tag for tag, _ in page.tags}
    assert NASTY in page.text and "<img src=x0>" in page.text and "<script" not in text
    # "message" of a belief whose rows are shown, and of a slip.
    assert "<i>no</i>" in page.text


def test_the_page_asks_the_network_for_nothing(text, page):
    (policy,) = [m["content"] for m in page.of("meta") if "http-equiv" in m]
    assert policy.startswith("default-src 'none'")
    addresses = [a.get("src") or a.get("srcset") for a in page.of("img") + page.of("source")]
    assert addresses and all(address.startswith("data:image/") for address in addresses)
    assert not page.of("link") and "url(" not in text and "@import" not in text


def test_the_page_reads_aloud(page):
    assert page.of("html") == [{"lang": "en"}]
    assert all(image["alt"] for image in page.of("img"))
    assert len(page.of("table")) == len(page.tables) == len(page.of("caption"))
    assert all(head.get("scope") in ("col", "row") for head in page.of("th"))
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    targets = [a["href"].removeprefix("#") for a in page.of("a")]
    targets += [section["aria-labelledby"] for section in page.of("section")]
    assert len(ids) == len(set(ids)) and set(targets) <= set(ids)
    levels = [int(tag[1]) for tag, _ in page.tags if tag in ("h1", "h2", "h3")]
    assert levels[0] == 1 and all(
        after - before <= 1 for before, after in zip(levels, levels[1:], strict=False)
    )


def test_names_can_be_left_out(shared, lessons):
    text = report(OpenedCourse(shared.directory), lessons, names=False)
    page = Page(text)
    assert not any(who in text for who in ("student0", "absent", "refused0", "Neil"))
    assert page.table("What a person has to look at") == [
        ["build_model", "4", f"test_build_model: {WAITING.reason}"]
    ]


def test_the_command(shared, lessons, tmp_path, capsys):
    file = tmp_path / "page.html"
    assert main(["report", str(shared.directory), SMALL, "--no-names", "-o", str(file)]) == 0
    assert Page(file.read_text("utf-8")).of("title")
    capsys.readouterr()
    assert main(["report", str(shared.directory), "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["beliefs"][0]["code"] == SWALLOWS
    assert data["lessons"][0]["students"] == {
        "graded": 181,
        "waits for a person": 4,
        "not handed in": ABSENT,
        "not graded": REFUSED,
    }
    assert "student0" not in json.dumps(data)


def test_a_class_of_nobody_and_one_of_one(synthetic):
    course = OpenedCourse(synthetic.directory)
    assert "Nobody's work has been graded." in report(course, read_marks(course))
    synthetic.add(Planted("only"))
    rows = Page(report(course, read_marks(course))).table("The exercises in the order")
    assert [row[7:9] for row in rows] == [["100 %", "–"]] * 3


def test_correlation():
    assert correlation([1, 1], [0, 1]) is None  # too few
    assert correlation([1, 1, 1], [0, 1, 2]) is None  # all alike
    assert correlation([0, 1, 1], [0, 2, 2]) == pytest.approx(1)


def test_a_lesson_gives_its_titles_and_the_figure_of_the_part_that_an_exercise_is_in():
    edition = read_edition(REPOSITORY / "solutions" / "05_dense_without_flatten.ipynb")
    assert edition.title == "Dense without Flatten: who sees which numbers?"
    assert edition.exercises["coincidence"] == "Predict: five rows"
    # The figure comes after the answer; and a part without one gives none.
    assert "48" in edition.figures["coincidence"].alt
    assert "rows_shape" not in edition.figures
    assert edition.figures["who_sees_whom"].source.startswith("data:image/png;base64,")


def test_an_edition_takes_no_more_of_a_picture_than_itself_and_its_words(tmp_path):
    shown = '<img alt="&lt;b&gt; two" src="data:image/png;base64,AAAA" onerror="evil()">'
    shown += '<img alt="no" src="http://example.org/x.png"><img src="data:image/png;base64,BBBB">'
    cells = [
        {"cell_type": "markdown", "source": ["# One `two`\n", "## Three"]},
        {"cell_type": "code", "metadata": {"nbgrader": {"grade_id": "a", "solution": True}}},
        {"cell_type": "code", "outputs": [{"data": {"text/html": [shown]}}]},
    ]
    file = tmp_path / "lesson.ipynb"
    file.write_text(json.dumps({"cells": cells}))
    edition = read_edition(file)
    assert (edition.title, edition.exercises) == ("One two", {"a": "Three"})
    figure = edition.figures["a"]
    assert (figure.alt, figure.source) == ("<b> two", "data:image/png;base64,AAAA")


def test_a_broken_or_missing_edition_costs_only_the_titles(tmp_path):
    (tmp_path / "broken.ipynb").write_text("{")
    for name in ("broken", "missing"):
        edition = read_edition(tmp_path / f"{name}.ipynb")
        assert (edition.exercises, edition.place("x")) == ({}, 0)


def test_a_verdict_that_a_student_forged_is_bounded():
    """In a course without our judge, a student's own code may have written it."""
    forged = {"state": "<b>", "mistakes": ["x" * 10_000] * 99, "rows": [{"layer": 7}] * 99}
    cell = {"outputs": [{"data": {MEDIA_TYPE: forged}}], "metadata": {}}
    verdict = read_verdict(cell)
    assert verdict.state is None
    assert (len(verdict.mistakes), len(verdict.mistakes[0]), len(verdict.rows)) == (12, 2000, 20)
    assert verdict.rows[0] == ("7", "", "")


def test_a_title_is_a_heading_and_nothing_that_looks_like_one(tmp_path):
    essay = {"grade_id": "essay", "solution": True, "grade": True}
    task = {"grade_id": "plot", "task": True}
    cells = [
        {"cell_type": "markdown", "source": "# Title\n\n## In words\n\n```\n# no heading\n```\n"},
        {
            "cell_type": "markdown",
            "metadata": {"nbgrader": essay},
            "source": "### BEGIN SOLUTION\nIt flattens.\n### END SOLUTION\n## What I think",
        },
        {
            "cell_type": "markdown",
            "metadata": {"nbgrader": task},
            "source": "### Draw it ###\n=== BEGIN MARK SCHEME ===\n## Two\n=== END MARK SCHEME ===",
        },
    ]
    file = tmp_path / "lesson.ipynb"
    file.write_text(json.dumps({"cells": cells}))
    edition = read_edition(file, ("essay", "plot"))
    assert (edition.title, edition.exercises) == (
        "Title",
        {"essay": "In words", "plot": "Draw it"},
    )


def test_an_essay_has_the_heading_of_its_own_question(tmp_path):
    source = "## In words\nWhy?\n\n### BEGIN SOLUTION\n# So\n### END SOLUTION"
    essay = {"grade_id": "why_sums", "solution": True, "grade": True}
    cells = [
        {"cell_type": "markdown", "source": "# Title\n\n## Sums"},
        {"cell_type": "markdown", "metadata": {"nbgrader": essay}, "source": source},
    ]
    file = tmp_path / "lesson.ipynb"
    file.write_text(json.dumps({"cells": cells}))
    assert read_edition(file, ("why_sums",)).exercises == {"why_sums": "In words"}


def test_what_is_not_graded_yet_is_told_from_what_cannot_be(synthetic):
    synthetic.add(Planted("broken", refused="It is no notebook."), Planted("new", refused=" "))
    (synthetic.directory / ".autograder" / "graded" / SMALL / "new.json").unlink()
    course = OpenedCourse(synthetic.directory)
    page = Page(report(course, read_marks(course)))
    assert page.table("What could not be graded") == [["broken", "It is no notebook."]]
    assert "Handed in and not graded yet: 1: new." in " ".join(page.text.split())


def test_a_mistake_without_a_belief_is_told_in_words(synthetic):
    synthetic.add(Planted("ada", {"test_flat_shape": Answer(WRONG, ("output_shape",))}))
    course = OpenedCourse(synthetic.directory)
    rows = Page(report(course, read_marks(course))).table("The exercises in the order")
    assert rows[0][-1] == "the output has another shape (1)"


def test_a_lesson_s_own_rule_is_told_in_its_own_words(synthetic):
    source = synthetic.directory / "source" / synthetic.lesson / f"{synthetic.lesson}.ipynb"
    notebook = json.loads(source.read_text("utf-8"))
    rule = (
        "%matplotlib inline\n@learn.rule('layer', belief='tea '\n  'is wet', truth='it is <dry>.',"
        " hint='drink it.')\ndef _wet(layer, before, after):\n    return None\n"
        "@rule('layer', belief=f'{1}', truth='', hint='')\ndef not_literal(*given): pass"
    )
    notebook["cells"][0] = {"cell_type": "code", "metadata": {}, "outputs": [], "source": [rule]}
    source.write_text(json.dumps(notebook), "utf-8")
    synthetic.add(Planted("ada", {"test_flat_shape": Answer(WRONG, ("wet",))}))
    course = OpenedCourse(synthetic.directory)
    lessons = read_marks(course)
    assert set(lessons[0].edition.rules) == {"wet"}
    page = Page(report(course, lessons))
    assert page.table("The exercises in the order")[0][-1] == "tea is wet (1)"
    assert "think that tea is wet" in page.text and "it is <dry>." in page.text
    (belief,) = as_data(course, lessons)["beliefs"]
    assert (belief["code"], belief["belief"]) == ("wet", "tea is wet")


def test_an_exercise_is_hard_if_it_is_whatever_those_get_who_wait(synthetic):
    plan = {"ada": WAITING, "bo": WAITING, "cy": Answer(NOT_ATTEMPTED)}
    checks = ("test_say_seven", "test_flat_shape")
    for name, answer in plan.items():
        untouched = Answer(NOT_ATTEMPTED)
        synthetic.add(Planted(name, dict(zip(checks, (answer, untouched), strict=True))))
    course = OpenedCourse(synthetic.directory)
    page = Page(report(course, read_marks(course)))
    rows = {row[0]: row for row in page.table("The exercises in the order")}
    hard = [name.split()[0] for name in rows if "hard for this class" in name]
    assert hard == ["flat_shape"], rows


def test_extra_credit_in_the_report(synthetic):
    synthetic.add(Planted("ada", {"test_say_seven": Answer(extra=4)}), Planted("bo"))
    course = OpenedCourse(synthetic.directory)
    page = Page(report(course, read_marks(course)))
    assert "125 %" in " ".join(page.text.split())  # the mean of 12 and 8 of 8
    assert page.table("The same as numbers") == [["students", *["0"] * 9, "2"]]
    assert {row[7] for row in page.table("The exercises in the order")} == {"100 %"}


def test_what_was_judged_inside_is_marked(synthetic):
    synthetic.add(Planted("ada"))
    file = synthetic.directory / "autograded" / "ada" / SMALL / f"{SMALL}.ipynb"
    graded = json.loads(file.read_text())
    for cell in graded["cells"]:
        if cell["metadata"]["nbgrader"]["grade_id"] == "test_flat_shape":
            cell["metadata"].setdefault("autograder", {})["way"] = "inside"
    file.write_text(json.dumps(graded))
    course = OpenedCourse(synthetic.directory)
    lessons = read_marks(course)
    page = Page(report(course, lessons))
    assert "could forge its points: flat_shape." in " ".join(page.text.split())
    head, *lines = csv.reader(io.StringIO(as_csv(lessons, per_exercise=True)))
    told = {line[head.index("exercise")]: line[head.index("judged_inside")] for line in lines}
    assert told == {"flat_shape": "True", "build_model": "False", "say_seven": "False"}


def test_a_change_of_points_makes_no_right_answer_partly_right(synthetic):
    synthetic.add(Planted("ada"))
    file = synthetic.directory / "autograded" / "ada" / SMALL / f"{SMALL}.ipynb"
    graded = json.loads(file.read_text())
    for cell in graded["cells"]:
        name = cell["metadata"]["nbgrader"]["grade_id"]
        cell["metadata"]["nbgrader"]["points"] = synthetic.checks()[name]
    file.write_text(json.dumps(graded))
    with synthetic.gradebook() as book:
        book.find_grade_cell("test_say_seven", SMALL, SMALL).max_score = 3
        book.db.commit()
    (lesson,) = read_marks(OpenedCourse(synthetic.directory))
    (mark,) = lesson.works[0].exercises[2].marks
    assert (mark.points, mark.worth, mark.state) == (1, 3, RIGHT)
