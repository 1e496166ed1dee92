"""Which of a test's parameters are tried by `make test`, and which are left to `make test-all`."""

import pytest


def long_but(quick, names):
    """Return names as parameters, of which all are long but those in `quick`."""
    return [pytest.param(n, marks=[] if n in quick else [pytest.mark.long]) for n in names]
