"""How a wrong result is related to the right one, whatever it was meant for."""

import numpy as np
import pytest

from autograder.learn.relations import FACTS, first_wrong, related

RNG = np.random.default_rng(0)
WANT = RNG.normal(size=(4, 3, 5)).astype("float32")
GIVEN = RNG.normal(size=(4, 6)).astype("float32")

RELATIONS = {
    "off_by_a_factor": 12 * WANT,
    "all_zero": 0 * WANT,
    "off_by_a_number": WANT - 3,
    "activation_added": np.maximum(0, WANT),
    "wrong_addend": WANT + np.arange(5),
    "axis_backwards": WANT[:, ::-1],
    "numbers_out_of_place": RNG.permutation(WANT.ravel()).reshape(WANT.shape),
    "axis_of_one": WANT[:, None],
    "axes_not_kept": WANT.reshape(4, 15),
    "axes_in_other_order": WANT.transpose(1, 0, 2),
    "axis_reduced": WANT.sum(axis=1),
    "part_of_it": WANT[:, :2],
    "more_than_asked": np.concatenate([WANT, WANT[:1]], axis=0),
    "one_number": np.argmax(WANT),
    "given_back": GIVEN[..., None],
    "samples_lost": RNG.normal(size=(3, 4, 5)),
}


@pytest.mark.parametrize("code", RELATIONS)
def test_a_relation_is_told_and_nothing_of_what_is_right(code):
    found = related(RELATIONS[code], WANT, [GIVEN])
    assert found.codes == (code,)
    assert found.hint
    assert f"{WANT.flat[0]:.3f}" not in found.message
    assert code in FACTS or code == "activation_added"


def test_nothing_is_told_of_what_has_nothing_to_do_with_it():
    assert related(RNG.normal(size=WANT.shape), WANT, [GIVEN]) is None
    assert related("text", WANT) is None
    assert related(np.full(WANT.shape, np.nan), WANT) is None


def test_a_softmax_over_one_unit_is_not_said_to_be_missing():
    ones = np.ones((4, 1))
    assert related(np.array([[2.0], [0.0], [1.0], [5.0]]), ones) is None


def test_a_single_row_proves_no_wrong_addend():
    assert related(WANT[:1, 0] + RNG.normal(size=5), WANT[:1, 0]) is None


def test_equal_numbers_are_no_part_of_others():
    assert related(np.full(4, WANT[0, 0, 0]), WANT[:, 0]) is None
    assert related(np.zeros(4), WANT).codes == ("all_zero",)
    assert related(np.ones((4, 2)), np.ones((4, 3))).codes == ("part_of_it",)


def test_how_many_come_out_is_told_of_a_row_as_well():
    found = related(RNG.normal(size=3), RNG.normal(size=6), [np.arange(6)])
    assert found.codes == ("samples_lost",)
    assert "samples" not in found.message


def test_the_first_place_that_is_wrong():
    got = WANT.copy()
    got[2, 1, 3:] += 1
    said = first_wrong(got, WANT)
    assert said == " 58 of 60 are right; the first that isn't stands at (2, 1, 3), counted from 0."
    assert first_wrong(WANT + 1, WANT) == first_wrong(WANT[0], WANT) == ""
    assert " at 1, counted" in first_wrong([7, 0], [7, 8])
