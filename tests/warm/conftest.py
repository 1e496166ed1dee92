import sys

import pytest

from autograder.warm import provisioner

#: Elsewhere nothing is forked; all kernels are ordinary ones.
collect_ignore_glob = [] if sys.platform.startswith("linux") else ["*"]


@pytest.fixture(scope="package", autouse=True)
def parent_of_our_own():
    """These tests look at it, and kill it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(provisioner, "_parent", None)
        yield
