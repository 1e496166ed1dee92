"""How tests are shared out among processes: those of a file together, unless they say otherwise.

(For pytest's `--dist loadgroup`.) What is set up for a file is then set up once.
"""

import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(item.location[0]))
