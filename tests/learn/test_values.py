"""Text, dictionaries, sets and tables are compared sensibly, and no message tells the answer."""

import math
import types

import numpy as np
import pytest

from autograder.learn import check_function
from autograder.learn.values import agree, difference


class Frame:
    """Stands for a DataFrame: what is asked of one, and no more."""

    def __init__(self, rows, index=None):
        self.rows, self.columns = rows, list(rows[0])
        self.index = types.SimpleNamespace(names=[index])

    def to_dict(self, orient):
        assert orient == "records"
        return self.rows

    def reset_index(self):
        (name,) = self.index.names
        return Frame([{name: i, **row} for i, row in enumerate(self.rows)])


ROWS = [{"word": "tea", "n": 2.0}, {"word": "milk", "n": math.nan}]
TURNED = [dict(reversed(row.items())) for row in ROWS]


@pytest.mark.parametrize(
    "got, want",
    [
        ("a line \r\nand more\n", "a line\nand more"),
        ("cafe\u0301", "caf\xe9"),
        ({"b": 1, "a": np.int64(2)}, {"a": 2, "b": 1}),
        ({"a": np.array([1.0, 2])}, {"a": [1, 2]} | {"a": np.array([1, 2.0000001])}),
        ({1, 2}, frozenset({2, 1})),
        (TURNED, ROWS),
        (Frame(TURNED), ROWS),
        (ROWS, Frame(TURNED)),
        ([{"id": 0, "a": 1}], Frame([{"a": 1}], index="id")),
        (["a", ("b", 1)], ("a", ["b", 1])),
        (None, math.nan),
        (2.0000001, 2.0),
        (np.arange(3), np.arange(3)),
    ],
)
def test_the_same(got, want):
    assert agree(got, want)


@pytest.mark.parametrize(
    "got, want, said",
    [
        ("Tea", "tea", "only capital and small letters"),
        ("t ea", "tea", "only its blanks and line ends"),
        ("one two", "one two three", "right as far as it goes"),
        ("one two three", "one two", "is too much"),
        ("one\ntwo", "one\nten", "is right up to 'one\\nt' of line 2, but not 'wo' behind it"),
        ("x", "three", "from its first letter on"),
        ("", "three", "it is empty"),
        (3, "three", "it is a whole number, and asked for is a text"),
        ({"a": 1, "c": 1}, {"a": 1, "b": 1}, "the key 'c' doesn't belong in it"),
        ({"a": 1}, {"a": 1, "b": 1}, "a key is missing"),
        ({"1": 1}, {1: 1}, "right but for their type: '1' is a text"),
        ({"a": {"b": 4}}, {"a": {"b": 7}}, "under the key 'a', under the key 'b', 4 isn't right"),
        ([("a", 1)], {"a": 1}, "it is a list, and asked for is a dictionary"),
        ({1, 5}, {1, 2}, "5 doesn't belong in it"),
        (ROWS[:1], ROWS, "it has 1 row, and should"),
        (ROWS[::-1], ROWS, "not in this order"),
        ([{"word": "tea"}, {"word": "milk"}], ROWS, "a column is missing"),
        ([row | {"m": 1} for row in ROWS], ROWS, "the column 'm' doesn't belong"),
        (
            [ROWS[0], {"word": "milk", "n": 5.0}],
            Frame(ROWS),
            "in row 2, column 'n', 5.0 isn't right",
        ),
        (["a", "c"], ["a", "b"], "in entry 2, it isn't right from its first letter on, 'c'"),
        (["a"], ["a", "b"], "it has 1 entry, and should"),
    ],
)
def test_where_they_differ_is_told_and_not_the_answer(got, want, said):
    assert not agree(got, want)
    told = difference(got, want)
    assert said in told
    assert not any(secret in told for secret in ("'ten", "7", "milk"))


@pytest.mark.parametrize(
    "got, want",
    [
        ("3", 3.0),
        (["1"], [1.0]),
        (100_001, 100_000),
        ("a", 1),
        ([[1], [1, 2]], np.eye(2)),
        (1, "1"),
    ],
)
def test_not_the_same(got, want):
    assert not agree(got, want)


def counted(text):
    return {word: text.split().count(word) for word in text.split()}


def test_a_function_of_texts_is_checked():
    on = ["tea and tea", "milk"]
    right = check_function.judge(lambda t: dict(sorted(counted(t).items())), like=counted, on=on)
    assert (right.state, right.message) == ("right", "It gives what it should, all 2 times.")
    wrong = check_function.judge(lambda t: counted(t) | {"and": 5}, like=counted, on=on)
    assert wrong.mistakes == ("wrong_value",)
    assert wrong.message == (
        "<lambda>('tea and tea') gives something else than it should: under the key 'and', 5 "
        "isn't right."
    )
    same = check_function.judge(lambda t: "tea", like=lambda t: t, on=on)
    assert same.mistakes == ("argument_ignored",)


def test_a_function_of_numbers_is_told_its_call():
    wrong = check_function.judge(lambda a, b: a + b, like=lambda a, b: a * b, on=[(2, 3)])
    assert wrong.message == "<lambda>(2, 3) gives 5, which isn't right."


def test_rows_with_words_in_them_are_told_as_they_are_and_not_by_a_shape():
    def last_of_each(rows):
        return dict(rows)

    def sums(rows):
        return {word: sum(n for other, n in rows if other == word) for word, _ in rows}

    on = [[("tea", 2), ("milk", 3)], [("tea", 2), ("tea", 3)]]
    said = check_function.judge(last_of_each, like=sums, on=on).message
    assert said.startswith("last_of_each([('tea', 2), ('tea', 3)]) gives something else")
    assert "shape" not in said
