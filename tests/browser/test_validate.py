"""nbgrader's button Validate tells a learner the truth."""

import pytest
from playwright.sync_api import expect

from tests.browser.lab import KERNEL

pytestmark = pytest.mark.browser

NOISY = """def batch_of_one(sample):
    import sys, warnings
    print("This is no error.", file=sys.stderr)
    warnings.warn("Nor is this.")
    return sample[np.newaxis]"""


def validate(lab, picture):
    """Press the button; return what the dialogue says, after closing it."""
    lab.page.locator(".validate-button").get_by_text("Validate", exact=True).click()
    dialogue = lab.page.get_by_role("dialog")
    expect(dialogue).to_contain_text("Validation Results", timeout=KERNEL)
    lab.page.screenshot(path=picture)
    said = dialogue.inner_text()
    dialogue.get_by_role("button", name="OK").click()
    expect(dialogue).to_have_count(0)
    return said


def test_it_says_what_is_not_right_and_then_that_all_is(lab, server, pictures):
    folder = server.copy("notebooks", "validated")
    notebook = lab.open(folder / "00_start_here.ipynb")
    notebook.write("framed_shape", "framed_shape = (5, 9, 7, 3)")
    notebook.write("batch_of_one", NOISY)
    said = validate(lab, pictures / "validate-wrong.png")
    assert said.count("The following cell failed") == 1
    assert "✘ Not right yet. Your answer is (5, 9, 7, 3)." in said

    notebook.write("framed_shape", "framed_shape = (5, 10, 8, 3)")
    said = validate(lab, pictures / "validate-right.png")
    assert "Success! Your notebook passes all the tests." in said


@pytest.mark.long
def test_what_is_untouched_is_not_attempted(lab, server, pictures):
    lab.open(server.copy("notebooks", "untouched") / "00_start_here.ipynb")
    said = validate(lab, pictures / "validate-untouched.png")
    assert said.count("The following cell failed") == 2
    assert said.count("○ Not attempted.") == 2


@pytest.mark.long
def test_partly_right_is_not_all_right(lab, server, pictures):
    folder = server.copy("solutions", "partly")
    notebook = lab.open(folder / "01_input_vs_flatten.ipynb")
    notebook.write("three_shapes", "three_shapes = [(None, 28, 28, 6), (None, 14, 14, 6), (6,)]")
    said = validate(lab, pictures / "validate-partly.png")
    assert said.count("The following cell failed") == 1
    assert "Partial credit" in said
