"""What axe-core says of a page's accessibility, as far as it is ours."""

from axe_playwright_python.sync_playwright import Axe

from tests.browser.server import DARK, LIGHT

_AXE = Axe()
# JupyterLab's own menus, bars, editors, prompts and dialogs are not ours to mend, and are left
# out: what we answer for in a notebook is the text that was rendered, and what cells put out.
NOTEBOOK = {
    "include": [[".jp-Notebook .jp-MarkdownOutput"], [".jp-Notebook .jp-OutputArea-output"]]
}
#: What a theme can break in a page that is accessible in another one.
OF_COLOURS = ["color-contrast", "link-in-text-block"]
#: The rules that are tried in each theme.
RULES = {LIGHT: None, DARK: OF_COLOURS}


def assert_accessible(page, within=None, rules=None):
    """Fail if axe finds anything in a page, or in a part of it, or if it compared no colours.

    within: which part, in axe's own words. rules: those that are tried; all, if nothing is said.
    """
    options = {"runOnly": {"type": "rule", "values": rules}} if rules else None
    found = _AXE.run(page, context=within, options=options).response
    compared = [rule for rule in found["passes"] if rule["id"] == "color-contrast"]
    assert compared, "axe saw no text to compare with its background"
    faults = [
        f"{fault['impact']}: {fault['id']} at {node['target']}\n{node['html'][:300]}\n"
        f"{node['failureSummary']}"
        for fault in found["violations"]
        for node in fault["nodes"]
    ]
    assert not faults, "\n\n".join(faults)
