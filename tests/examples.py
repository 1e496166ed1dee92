"""On how many examples hypothesis tries a test: all in the profile "large", else a twentieth.

The profiles are in conftest.py; `pytest --hypothesis-profile=large` chooses one.
"""

from hypothesis import settings

#: Fewer would try nothing.
FEWEST = 3


def share():
    """Return the part of a test's examples that are tried in this run."""
    return settings.default.max_examples / settings.get_profile("large").max_examples


def tried_on(most):
    """Return hypothesis settings to try a test on so many examples, or a part of them."""
    return settings(max_examples=max(FEWEST, round(most * share())))
