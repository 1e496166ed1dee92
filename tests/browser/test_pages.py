"""The pages that `autograder report` writes, on a desk and on a phone."""

import pytest

from autograder.cli import main
from autograder.states import NOT_ATTEMPTED, PARTLY, WRONG
from tests.browser.axe import assert_accessible
from tests.grade.classroom import REPOSITORY
from tests.reports.synthetic import Answer, Planted, SyntheticCourse

pytestmark = pytest.mark.browser

LESSON = "01_input_vs_flatten"
SCREENS = {"desk": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
ROWS = (("Input", "(None, 10, 10, 64)", "(None, 10, 10, 64)"), ("Flatten", "(None, 800)", "?"))
ANSWERS = {
    "test_flat_shape": Answer(WRONG, ("same_padding",), rows=ROWS, message="`same`"),
    "test_poster_shape": Answer(WRONG, ("batch_left_out",)),
    "test_seven_shape": Answer(WRONG, ("none_survives", "batch_left_out")),
    "test_feature_shape": Answer(WRONG, ("form",), message="That is `text`, and no shape."),
    "test_array_shape": Answer(NOT_ATTEMPTED),
    "test_three_shapes": Answer(PARTLY, share=2 / 3),
    "test_flatten": Answer(reason="it was not run, for the student's process died"),
}


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The folder with both pages: on a class of twelve, and on the exercises themselves."""
    folder = tmp_path_factory.mktemp("pages")
    course = SyntheticCourse(folder / "course", REPOSITORY, LESSON)
    names = list(ANSWERS)
    course.add(
        *(
            Planted(f"student{n}", {name: ANSWERS[name] for name in names[n % 4 :: 2]})
            for n in range(12)
        ),
        Planted("absent", None),
        Planted("refused", refused="it is no notebook"),
    )
    main(["report", str(course.directory), "-o", str(folder / "report.html")])
    main(["report", "--quality", "-o", str(folder / "quality.html")])
    return folder


@pytest.mark.parametrize(
    "name, screen",
    [
        ("report", "desk"),
        ("quality", "phone"),
        pytest.param("report", "phone", marks=pytest.mark.long),
        pytest.param("quality", "desk", marks=pytest.mark.long),
    ],
)
def test_page(browser, written, name, screen, pictures):
    # The page allows no script to run in it; axe is one.
    context = browser.new_context(viewport=SCREENS[screen], bypass_csp=True)
    page, faults = context.new_page(), []
    page.on("console", lambda message: faults.append(message.text))
    page.goto((written / f"{name}.html").as_uri())
    page.screenshot(path=pictures / f"{name}-{screen}.png", full_page=True)
    assert_accessible(page)
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= SCREENS[screen]["width"], "the page has to be moved sideways"
    images = page.locator("img").evaluate_all("all => all.map(i => [i.naturalWidth, i.alt])")
    assert images and all(size and alt for size, alt in images)
    assert faults == []
    context.close()
