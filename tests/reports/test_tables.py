"""Tables read back as they were, and no spreadsheet runs anything in them."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.reports.tables import as_columns, as_csv, defused, from_csv, plain

#: All of Unicode, often what is special in a table; but NUL and surrogates are in no gradebook.
LETTERS = st.one_of(
    st.sampled_from("=+-@\t\r\n'\",;| ＝＠🙂é\u202e"), st.characters(exclude_categories=["Cs"])
).filter(lambda letter: letter != "\0")
TEXTS = st.text(LETTERS, max_size=20)


def first_run(text):
    """Return what a spreadsheet looks at: the first letter that it doesn't skip."""
    return text.lstrip(" \t\r\n\v\f\u00a0")[:1]


@given(st.lists(st.lists(TEXTS, min_size=2, max_size=5), min_size=1, max_size=5))
def test_what_is_read_is_what_was_written(rows):
    assert from_csv(as_csv(rows)) == rows


@given(st.lists(st.lists(TEXTS, min_size=3, max_size=3), min_size=1), st.sampled_from(",;\t"))
def test_other_programs_read_as_many_cells(rows, delimiter):
    read = list(csv.reader(io.StringIO(as_csv(rows, delimiter), newline=""), delimiter=delimiter))
    assert [len(row) for row in read] == [3] * len(rows)


@given(TEXTS)
def test_nothing_begins_as_a_formula_does(text):
    assert first_run(defused(text)) not in (*"=+-@＝＋－＠",)
    assert not defused(text).startswith(("\t", "\r", "\n"))


@given(TEXTS)
def test_an_apostrophe_is_taken_off_again(text):
    assert plain(defused(text)) == text


@pytest.mark.parametrize("name", ["O'Neil", "'quoted'", "Anne-Marie", "7", "", "a=b"])
def test_ordinary_names_stay_as_they_are(name):
    assert defused(name) == name


def test_numbers_are_no_formulas():
    assert as_csv([[-1.5, 1 / 3, 2.0, None, True]]) == "-1.5,0.3333,2,,True\r\n"


def test_columns_that_are_looked_up_stay_as_they_are():
    assert as_csv([["=a", "=b"]], kept=[1]) == "'=a,=b\r\n"


def test_headings():
    assert as_columns([{"b": 2, "a": "x"}], ["a", "b"]) == "a,b\r\nx,2\r\n"
