"""A student's words come into reasons, comments and remarks, and do nothing in any page."""

import inspect
import json
import re
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect

from autograder.cli import main
from autograder.grade import grading
from autograder.grade.run.execute import _Walk
from autograder.grade.run.judge.process import UNDECIDED, Finding
from autograder.grade.run.student.outputs import error_output
from tests.browser.lab import SOON
from tests.grade import small_lesson
from tests.grade.classroom import Person, find_lesson, lay_out
from tests.grade.stand_in import StandIn
from tests.grade.test_formgrader import TOKEN, get, serve
from tests.hostile import world
from tests.hostile.run import chosen, classes

pytestmark = [pytest.mark.browser, pytest.mark.sandbox]

NAME = small_lesson.NAME
ACTS = "<script>document.title='acted'</script><img src=x onerror=\"document.title='acted'\">"
WORDS = f"{ACTS} ![x](x.png) [here](javascript:document.title='acted') </textarea>{ACTS}"
#: What stands in the submissions of the corpus that would act in a page.
ACTING = re.compile(r"hostile\(|_ACTS")


class Nobody:
    """Stands for lesson, session and judge: all that is found is a student's words."""

    alive, ask, restarts = True, None, 0

    def is_crowded(self):
        return False

    def place(self, name):
        return SimpleNamespace(number=0)

    def seed(self, number):
        pass

    def check(self, *_):
        return Finding(UNDECIDED, f"ValueError: {WORDS}", [error_output("ValueError", WORDS)])


class Telling(StandIn):
    """Leaves all to a person, for reasons that a student has worded."""

    def preprocess(self, nb, resources):
        known = {"settings": self, "nb": nb, "lesson": Nobody(), "judge": Nobody(), "answers": []}
        passes = SimpleNamespace(**known, may_be_inside=False, shares_kernel=False)
        walk = _Walk(passes, Nobody())
        for cell in nb.cells:
            if cell.metadata.get("nbgrader", {}).get("grade"):
                walk._judge(cell)
        return nb, resources


@pytest.fixture(scope="module")
def instructor(tmp_path_factory):
    """Somebody whose course has been graded, with feedback and report."""
    folder = tmp_path_factory.mktemp("instructor")
    instructor = Person(folder / "home", work=folder / "course")
    lay_out(find_lesson(NAME, tmp_path_factory.mktemp("lesson")), instructor.work)
    instructor.nbgrader("generate_assignment", NAME)
    released = (instructor.work / "release" / NAME / f"{NAME}.ipynb").read_text()
    for student in ("ada", "bo"):
        submitted = instructor.work / "submitted" / student / NAME
        submitted.mkdir(parents=True)
        (submitted / f"{NAME}.ipynb").write_text(released)
        (submitted / "<img src=x onerror=document.title='acted'>.ipynb").write_text("{}")
        (submitted / ".<script>document.title='acted'<").write_text("")
    (submitted / f"{NAME}.ipynb").write_text(f"no notebook {ACTS}")
    events = grading.grade(instructor.work, NAME, execute=Telling)
    done = [event for event in events if event["event"] == "done"]
    assert [event["state"] for event in done] == ["graded", "not graded"], done
    instructor.nbgrader("generate_feedback", NAME)
    assert main(["report", str(instructor.work), "-o", str(instructor.work / "report.html")]) == 0
    return instructor


@pytest.fixture
def page(browser):
    page = browser.new_page(extra_http_headers={"Authorization": f"token {TOKEN}"})
    page.set_default_timeout(SOON)
    # Formulas are drawn by a program from the network, which isn't waited for.
    elsewhere = re.compile(r"https?://(?!127\.0\.0\.1[:/])")
    page.route(elsewhere, lambda route: route.abort())
    yield page
    page.close()


def does_nothing(page):
    """Tell whether nothing of the words acts in a page that has been loaded."""
    active = "script:text('acted'), img[src='x'], img[src='x.png'], a[href^='javascript:doc']"
    return page.title() != "acted" and page.locator(active).count() == 0


def test_feedback_and_report_do_nothing(page, instructor):
    feedback = instructor.work / "feedback" / "ada" / NAME / f"{NAME}.html"
    for file in (feedback, instructor.work / "report.html"):
        page.goto(file.as_uri())
        assert does_nothing(page), file
        assert "document.title=" in page.locator("body").inner_text()  # it is told, as text


def test_formgrader_does_nothing(page, instructor):
    with serve(instructor) as address:
        (found,) = json.loads(get(f"{address}/formgrader/api/submitted_notebooks/{NAME}/{NAME}"))
        page.goto(f"{address}/formgrader/submissions/{found['id']}")
        box = page.locator("textarea.comment").first
        expect(box).to_have_attribute("placeholder", re.compile("To be graded by a person"))
        assert does_nothing(page)


@pytest.mark.long
def test_feedback_on_the_hostile_does_nothing(page, tmp_path):
    """Pages of all submissions of the corpus that hold what would call `hostile()`."""
    page.add_init_script("window.acted = 0; window.hostile = () => { window.acted += 1 }")
    acting = [case for case in chosen([]) if ACTING.search(inspect.getsource(case.write))]
    with world.made(world.OURS) as one:
        found = {name: o for some in classes(acting, 12) for name, o in one.grade(some).items()}
    pages = {name: outcome.feedback for name, outcome in found.items() if outcome.feedback}
    assert len(pages) >= 5
    for name, text in pages.items():
        (tmp_path / f"{name}.html").write_text(text, "utf-8")
        page.goto((tmp_path / f"{name}.html").as_uri())
        assert page.locator("a[href^='javascript:']").count() == 0, name
        assert page.evaluate("window.acted") == 0, name
    page.set_content("<script>hostile()</script>")
    assert page.evaluate("window.acted") == 1


def test_a_page_would_act_if_words_were_not_made_harmless(page):
    page.set_content(f"<title>page</title>{WORDS}")
    page.wait_for_function("document.title == 'acted'")
    assert not does_nothing(page)
