"""JupyterLab as a person uses it: a notebook is opened, run, answered, saved, looked at."""

import json
import re

import nbformat
from nbformat import v4
from playwright.sync_api import expect

from tests.browser.server import DARK, LIGHT, TOKEN

#: How long to wait for what a kernel does, in milliseconds: TensorFlow is slow to load.
KERNEL = 300_000
#: The same for what JupyterLab itself does.
SOON = 180_000
WIDTH, HEIGHT = 1200, 1000
#: More pixels than any lesson is high.
ENOUGH = 30_000

expect.set_options(timeout=SOON)


def write_notebook(path, title, sources):
    """Write a notebook of a title and these cells of code, each of which may raise an error."""
    cells = [v4.new_code_cell(each, metadata={"tags": ["raises-exception"]}) for each in sources]
    kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    cells.insert(0, v4.new_markdown_cell(f"# {title}"))
    nbformat.write(v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)
    return path


class Lab:
    """A browser's page with JupyterLab in it, which is loaded once: that takes seconds.

    faults: the errors on its console.
    """

    def __init__(self, context, server):
        self.context, self.server, self.faults = context, server, []
        self._begin()

    def _begin(self):
        self.is_loaded = False
        self.page = self.context.new_page()
        self.page.set_default_timeout(SOON)
        self.page.on("console", self._listen)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))

    def _listen(self, message):
        if message.type == "error":
            self.faults.append(f"{message.text} ({message.location.get('url', '')})")

    def open(self, path, theme=LIGHT):
        """Open a notebook file below the server's root, and nothing else; return its Notebook."""
        place = path.relative_to(self.server.root).as_posix()
        self.page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
        if self.is_loaded:
            self.choose("File", "Open from Path…")
            self.page.get_by_role("dialog").get_by_role("textbox").fill(place)
            self.page.keyboard.press("Enter")
        else:
            self.page.goto(f"{self.server.address}/lab/tree/{place}?reset&token={TOKEN}")
        notebook = Notebook(self.page, path)
        notebook.wait_until_open()
        self.use_theme(theme)
        if not self.is_loaded:
            # JupyterLab's body has no height and hides what is outside it. Browsers don't apply
            # that, but axe does, and then compares no colours at all.
            self.page.add_style_tag(content="body { overflow: visible !important; }")
            self.is_loaded = True
        return notebook

    def close_all(self):
        """Close each notebook without saving it, and end its kernel, which holds TensorFlow."""
        dialog = self.page.get_by_role("dialog")
        if dialog.count() or not self.is_loaded:  # a test has failed, and left it like that
            self.page.close()
            self.server.end_kernels()
            return self._begin()
        panels = self.page.locator(".jp-NotebookPanel")
        for left in reversed(range(panels.count())):
            self.choose("File", "Close and Shut Down Notebook…")
            dialog.get_by_role("button", name="OK").click()
            expect(panels).to_have_count(left)

    def use_theme(self, name):
        """Choose a theme in JupyterLab's menu, unless it is the one that is used."""
        body = self.page.locator("body")
        if body.get_attribute("data-jp-theme-name") != name:
            self.choose("Settings", "Theme", name)
        expect(body).to_have_attribute("data-jp-theme-name", name)
        # Its style sheet may come later than its name.
        paper = {LIGHT: "rgb(255, 255, 255)", DARK: "rgb(17, 17, 17)"}[name]
        expect(self.page.locator(".jp-Notebook")).to_have_css("background-color", paper)
        # Until then it covers the page.
        expect(self.page.locator("#jupyterlab-splash")).to_have_count(0)

    def choose(self, menu, *items):
        """Click through JupyterLab's menus."""
        self.page.get_by_role("menubar").get_by_text(menu, exact=True).click()
        for item in items:
            label = self.page.locator(".lm-Menu-itemLabel").get_by_text(item, exact=True)
            label.last.click()


class Notebook:
    """The notebook in front. Cells are asked for by their ids, or places, in its file."""

    def __init__(self, page, path):
        self.page = page
        self.panel = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
        self.cells = json.loads(path.read_text("utf-8"))["cells"]
        metadata = (cell["metadata"].get("nbgrader") or {} for cell in self.cells)
        self._places = {m["grade_id"]: i for i, m in enumerate(metadata) if "grade_id" in m}

    def wait_until_open(self):
        """Wait until all cells are there, all text is rendered and the kernel is ready."""
        texts = sum(cell["cell_type"] == "markdown" for cell in self.cells)
        expect(self.panel.locator(".jp-Cell")).to_have_count(len(self.cells))
        rendered = self.panel.locator(".jp-MarkdownOutput:not(:empty)")
        expect(rendered).to_have_count(texts)
        self.wait_until_idle()

    def wait_until_idle(self):
        """Wait until nothing is running or waiting for its turn."""
        idle = self.panel.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]")
        expect(idle).to_have_count(1, timeout=KERNEL)
        expect(self.panel.locator(".jp-InputPrompt", has_text="[*]")).to_have_count(0)

    def place(self, which):
        """Return the place of the cell with this id, or at this place."""
        return self._places[which] if isinstance(which, str) else which % len(self.cells)

    def cell(self, which):
        """Return the cell with this id, or at this place."""
        return self.panel.locator(".jp-Cell").nth(self.place(which))

    def outputs(self, which):
        """Return what a cell has put out."""
        return self.cell(which).locator(".jp-OutputArea-output")

    def write(self, which, source):
        """Type a new source into a cell, in place of what is there."""
        cell = self.cell(which)
        cell.scroll_into_view_if_needed()
        cell.locator(".cm-content").click()
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.insert_text(source)

    def run(self, which, source=None):
        """Run a cell with Shift + Enter, after writing `source` into it; return its outputs."""
        if source is None:
            self.cell(which).scroll_into_view_if_needed()
            self.cell(which).locator(".cm-content").click()
        else:
            self.write(which, source)
        prompt = self.cell(which).locator(".jp-InputPrompt")
        before = prompt.text_content()
        self.page.keyboard.press("Shift+Enter")
        expect(prompt).not_to_have_text(before)
        expect(prompt).to_have_text(re.compile(r"^\[\d+\]"), timeout=KERNEL)
        self.wait_until_idle()
        return self.outputs(which)

    def run_all(self, lab):
        """Run all cells, by JupyterLab's menu."""
        lab.choose("Run", "Run All Cells")
        last = max(i for i, cell in enumerate(self.cells) if cell["cell_type"] == "code")
        prompt = self.cell(last).locator(".jp-InputPrompt")
        expect(prompt).to_have_text(re.compile(r"^\[\d+\]"), timeout=KERNEL)
        self.wait_until_idle()

    def save(self):
        """Save with Ctrl + S, and wait until it has been."""
        self.cell(0).click()
        self.page.keyboard.press("ControlOrMeta+s")
        expect(self.page.locator(".lm-TabBar-tab.jp-mod-current.jp-mod-dirty")).to_have_count(0)

    def lay_open(self):
        """Make the window as high as the notebook: axe passes over what is out of sight."""
        # JupyterLab only guesses how high a cell is that was never in sight.
        self._make_window(ENOUGH)
        high = self.panel.locator(".jp-Cell").evaluate_all(
            "cells => cells.at(-1).getBoundingClientRect().bottom"
            " - cells[0].getBoundingClientRect().top"
        )
        self._make_window(int(high) + 150)

    def _make_window(self, high):
        self.page.set_viewport_size({"width": WIDTH, "height": high})
        self.panel.locator(".jp-WindowedPanel-outer").evaluate("outer => outer.scrollTop = 0")
        for place in (0, -1):
            expect(self.cell(place)).to_be_in_viewport()

    def images(self):
        """Return of each image in an output how many pixels it has and shows, and its words."""
        return self.panel.locator(".jp-OutputArea-output img").evaluate_all(
            "images => images.map(image => ({wide: image.naturalWidth, "
            "shown: image.getBoundingClientRect().width, alt: image.alt}))"
        )
