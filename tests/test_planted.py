"""The faults of `tests.planted` can be planted, and what should find them is there."""

import os
import re

import pytest

from tests.planted import CHOSEN, FAULTS, PLANTED, ROOT, planted

IS_PLANTED = pytest.mark.skipif(bool(os.environ.get(PLANTED)), reason="a fault is planted now")


@IS_PLANTED
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_each_has_its_place(fault):
    """Its text occurs once; the tests that should find it have the names that it gives.

    And `make test` runs them.
    """
    assert (ROOT / fault.file).read_text(encoding="utf-8").count(fault.old) == 1
    assert fault.old != fault.new
    if fault.finds.startswith("tests/"):
        file, _, test = fault.finds.partition("::")
        text = (ROOT / file).read_text(encoding="utf-8")
        name = test.partition("[")[0]
        assert f"def {name}" in text
        assert not name or not re.search(rf"^@pytest\.mark\.long\n(@.*\n)*def {name}\(", text, re.M)


def test_names_are_unique():
    assert len({fault.name for fault in FAULTS}) == len(FAULTS) >= 22


@IS_PLANTED
def test_what_is_planted_is_taken_out_again():
    file = ROOT / FAULTS[0].file
    before = file.read_bytes()
    with pytest.raises(KeyboardInterrupt), planted(FAULTS[0]):
        assert file.read_bytes() != before
        raise KeyboardInterrupt
    assert file.read_bytes() == before


def test_the_same_tests_are_chosen_as_by_the_makefile():
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert f"test: CHOSEN := {CHOSEN}\n" in text
