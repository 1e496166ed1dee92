"""The people of a class, each with a browser of their own, and what they do in it."""

import re

from playwright.sync_api import expect

from tests.classroom.hub import PASSWORD

#: Milliseconds to wait for what needs a program to start, on a machine that has much to do.
PATIENCE = 180_000


class Person:
    """Somebody at the hub, in a browser that knows nobody else."""

    def __init__(self, browser, hub, name, pictures):
        self.name, self.hub, self.pictures = name, hub, pictures
        self.page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
        self.page.set_default_timeout(PATIENCE)

    def log_in(self):
        """Log in, and wait until JupyterLab is there."""
        page = self.page
        page.goto(f"{self.hub.address}/hub/login")
        page.get_by_label("Username").fill(self.name)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"**/user/{self.name}/lab**")
        self._menu("Nbgrader").wait_for()

    def choices(self, menu):
        """Open a menu of JupyterLab; return what it offers."""
        self._menu(menu).click()
        labels = self.page.locator(".lm-Menu-itemLabel").filter(visible=True)
        labels.first.wait_for()
        return labels.all_inner_texts()

    def choose(self, menu, item):
        """Choose an item of a menu of JupyterLab, which may be open."""
        label = self.page.locator(".lm-Menu-itemLabel").get_by_text(item, exact=True)
        if not label.is_visible():
            self._menu(menu).click()
        label.click()

    def _menu(self, name):
        return self.page.get_by_role("menubar").get_by_text(name, exact=True)

    def picture(self, what):
        """Keep a picture of what is to be seen."""
        self.page.screenshot(path=self.pictures / f"{self.name}-{what}.png")


class Instructor(Person):
    """Teaches, in formgrader."""

    @property
    def formgrader(self):
        """What is inside formgrader's tab."""
        return self.page.frame_locator("#formgrader-iframe iframe")

    def open_formgrader(self):
        self.choose("Nbgrader", "Formgrader")

    def press(self, column, row):
        """Press the button in a column of the row that holds a text; return what it leads to."""
        self._row(row).locator(f"td.{column} a").click()
        dialogue = self.formgrader.get_by_role("dialog")
        dialogue.wait_for()
        told = dialogue.inner_text()
        self.picture(f"{column}-{row}")
        dialogue.get_by_role("button", name="OK").click()
        dialogue.wait_for(state="detached")
        return told

    def go_back(self):
        """Go to the page with all lessons."""
        self.formgrader.get_by_role("link", name="Manage Assignments").first.click()

    def wait_for(self, column, row, text):
        """Wait until a column of a row says something."""
        expect(self._row(row).locator(f"td.{column}")).to_have_text(text, timeout=PATIENCE)

    def open_submissions(self, lesson):
        """Go to the page with everybody's submissions of a lesson."""
        self._row(lesson).locator("td.num-submissions a").click()

    def _row(self, text):
        return self.formgrader.locator("#main-table tr").filter(has_text=text)


class Student(Person):
    """Learns: fetches lessons, answers, validates, hands in, reads feedback."""

    def open_assignments(self):
        self.choose("Nbgrader", "Assignment List")

    def wait_until(self, state, lesson):
        """Wait until a lesson stands in one of the lists: released, fetched or submitted."""
        self._listed(state, lesson).wait_for()

    def press(self, button, state, lesson):
        """Press a lesson's button in one of the lists."""
        self._listed(state, lesson).get_by_role("button", name=button).click()

    def _listed(self, state, lesson):
        items = self.page.locator(f"#{state}_assignments_list .list_item:not(.nested_list_item)")
        return items.filter(has_text=lesson)

    def open_notebook(self, lesson):
        self._open(lesson)
        self._open(f"{lesson}.ipynb")
        self.page.locator(".jp-NotebookPanel .jp-CodeCell").first.wait_for()

    def _open(self, name):
        """Open a file or folder from the list on the left."""
        self.page.get_by_role(
            "listitem", name=re.compile(f"^Name: {re.escape(name)}\\b")
        ).dblclick()

    def answer(self, before, source):
        """Type an answer into the cell that holds `before`."""
        cell = self.page.locator(".jp-CodeCell .cm-content").filter(has_text=before)
        cell.scroll_into_view_if_needed()
        cell.click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(source)

    def validate(self):
        """Press Validate; return what it says."""
        self.page.locator(".validate-button").get_by_text("Validate").click()
        dialogue = self.page.get_by_role("dialog")
        dialogue.wait_for()
        told = dialogue.inner_text()
        self.picture("validate")
        dialogue.get_by_role("button", name="OK").click()
        return told

    def read_feedback(self, lesson, message):
        """Fetch the feedback, open it and look for a message in it; return its text."""
        self.go_to("Assignments")
        self.press("Fetch Feedback", "submitted", lesson)
        self.page.get_by_text("(view feedback)").click()
        self._open(f"{lesson}.html")
        page = self.page.frame_locator(".jp-HTMLViewer iframe").locator("body")
        page.get_by_text(message).first.scroll_into_view_if_needed()
        self.picture("feedback")
        return page.inner_text()

    def go_to(self, tab):
        """Bring a tab of JupyterLab to the front."""
        self.page.get_by_role("tab", name=tab).click()

    def status_at(self, path):
        """Return what the hub answers to this person's browser, as an HTTP status."""
        return self.page.request.get(f"{self.hub.address}{path}").status
