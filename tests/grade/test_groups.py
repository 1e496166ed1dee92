"""Which hand-in counts for whom, by groups.csv and by what lies in submitted/."""

import pytest

from autograder.errors import UserError
from autograder.grade.book import groups

LESSON = "01_some_topic"


@pytest.fixture
def hand_ins(tmp_path):
    """Return a function that lays out folders, {who: (text, time)}, and shares them in groups."""

    def make(listed, **handed_in):
        file = tmp_path / groups.FILE
        file.write_text(listed, "utf-8")
        folders = {}
        for who, (text, time) in handed_in.items():
            folders[who] = tmp_path / "submitted" / who / LESSON
            folders[who].mkdir(parents=True)
            (folders[who] / f"{LESSON}.ipynb").write_text(text)
            if time:
                (folders[who] / "timestamp.txt").write_text(time)
        found = groups.shared(folders, groups.read(file, LESSON))
        return found, {who: folder.parent.name for who, folder in found.folders.items()}

    return make


RED = "group,id\nred,eve\nred,fay\n"
MORNING, EVENING = "2030-03-18 08:00:00 UTC", "2030-03-18 20:00:00 UTC"


def test_one_hand_in_counts_for_all_of_a_group(hand_ins):
    found, whose = hand_ins(RED, ada=("1", MORNING), eve=("2", MORNING))
    assert whose == {"ada": "ada", "eve": "eve", "fay": "eve"}
    assert (found.doubts, found.passed_over, found.members) == ({}, set(), {"eve", "fay"})


def test_a_hand_in_under_the_name_of_the_group(hand_ins):
    _, whose = hand_ins(RED, red=("1", MORNING))
    assert whose == {"eve": "red", "fay": "red"}


def test_of_several_the_latest_counts(hand_ins):
    found, whose = hand_ins(RED, eve=("1", EVENING), fay=("2", MORNING))
    assert whose == {"eve": "eve", "fay": "eve"}
    assert found.passed_over == {"fay"}


@pytest.mark.parametrize("times", [(None, MORNING), (None, None), (MORNING, MORNING)])
def test_where_it_is_not_known_which_is_the_latest_nobody_is_graded(hand_ins, times):
    found, whose = hand_ins(RED, eve=("1", times[0]), fay=("2", times[1]))
    assert whose.keys() == found.doubts.keys() == {"eve", "fay"}
    assert "has handed in 2 times" in found.doubts["eve"]


def test_the_same_handed_in_twice_is_no_doubt(hand_ins):
    found, whose = hand_ins(RED, eve=("1", None), fay=("1", None))
    assert (found.doubts, set(whose.values())) == ({}, {"eve"})


def test_a_group_that_handed_in_nothing(hand_ins):
    assert hand_ins(RED, ada=("1", None))[1] == {"ada": "ada"}


def test_groups_of_a_lesson(hand_ins):
    listed = f"id;group;lesson\neve;red;{LESSON}\nfay;red;{LESSON}\nada;red;02_other\n"
    assert hand_ins(listed, eve=("1", None))[1] == {"eve": "eve", "fay": "eve"}


def test_without_a_file_everybody_is_alone(tmp_path):
    assert groups.read(tmp_path / groups.FILE, LESSON) == {}


@pytest.mark.parametrize(
    "listed, said",
    [
        ("team,name\nred,eve\n", "has no columns group and id"),
        ("group,id\nred,\n", "line 2: a group and an id are needed"),
        ("group,id\nred,eve\nblue,eve\n", "line 3: eve is in red as well"),
    ],
)
def test_a_file_with_a_fault_is_told(hand_ins, listed, said):
    with pytest.raises(UserError, match=said):
        hand_ins(listed)
