"""What is printed of a student while a class is graded."""

import pytest

from autograder.grade.grading import GRADED, UNCHANGED
from autograder.grade.screen import lines


@pytest.mark.parametrize("state", [GRADED, UNCHANGED])
def test_a_hand_in_time_that_nobody_can_read_is_told_each_time(state):
    said = "'whenever' is no time, so it isn't known when this was handed in."
    event = {"student": "ada", "number": 1, "of": 1, "state": state, "checks": []}
    event |= {"points": 2, "max_points": 2, "raw_points": 2, "penalty": 0, "open_points": 0}
    about = [{"cell": "timestamp.txt", "sentence": said}, {"cell": "size", "sentence": "Odd."}]
    _, *more = lines({**event, "remarks": about})
    assert more == [f"      timestamp.txt: {said}"]
    assert len(lines({**event, "remarks": about[1:]})) == 1
