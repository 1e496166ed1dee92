"""A verdict is data, and reads well as text and as HTML."""

import json
import re

import pytest

from autograder.learn.verdict import CheckFailed, Row, Verdict, deliver

FULL = Verdict(
    "wrong", "You wrote `<b>`.", ("a_code",), (Row("Dense", "(1,)", "?"),), "try it.", ("a note",)
)


def test_verdict_is_json():
    assert json.loads(json.dumps(FULL.as_dict()))["rows"] == [
        {"layer": "Dense", "yours": "(1,)", "keras": "?"}
    ]


def test_html_escapes_what_the_learner_wrote():
    assert "&lt;b&gt;</code>" in FULL.as_html() and "`" not in FULL.as_html()
    assert "<b>Try:</b>" in FULL.as_html()


def test_a_shape_stays_on_one_line_and_a_long_line_of_code_may_be_wrapped():
    line = "model.fit(x, y, batch_size=4, epochs=3, validation_split=0.25)"
    page = Verdict("wrong", f"`(None, 8, 2)` is what `{line}` met.").as_html()
    assert "<code style='white-space:nowrap'>(None, 8, 2)</code>" in page
    assert f"<code style='overflow-wrap:anywhere'>{line}</code>" in page


def test_text_has_all_parts_and_short_lines():
    text = FULL.as_text(width=60)
    assert all(part in text for part in ("Not right yet", "Dense", "Try: try it.", "Note: a note"))
    assert max(map(len, text.splitlines())) <= 60


@pytest.mark.parametrize(
    "state, words",
    [("right", "Right"), ("partly right", "Partly right"), ("wrong", "Not right yet"),
     ("not attempted", "Not attempted")],
)  # fmt: skip
def test_states_are_told_in_words_not_only_in_colour(state, words):
    assert words in Verdict(state, "m").as_text() and words in Verdict(state, "m").as_html()


def test_points_follow_the_state(capsys):
    assert deliver(Verdict("right", "m")) is None
    assert deliver(Verdict("partly right", "m", share=0.5), points=3) == 1.5
    for state in ("wrong", "not attempted", "partly right"):
        with pytest.raises(CheckFailed):
            deliver(Verdict(state, "m", share=0.5))


def test_a_word_does_as_well_as_a_tuple_of_it_and_a_text_as_its_verdict():
    assert Verdict("wrong", "m", "a_code", notes="a note") == Verdict(
        "wrong", "m", ("a_code",), notes=("a note",)
    )
    assert CheckFailed("It is no tuple.").verdict == Verdict("wrong", "It is no tuple.")


def test_a_state_that_does_not_exist_is_told():
    with pytest.raises(ValueError, match="RIGHT, PARTLY, WRONG or NOT_ATTEMPTED.*not 'WRONG'"):
        Verdict("WRONG", "m")


def test_validate_gets_the_whole_message(monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")
    assert "Try: try it." in "\n".join(CheckFailed(FULL)._render_traceback_())
    monkeypatch.delenv("NBGRADER_EXECUTION")
    assert len(CheckFailed(FULL)._render_traceback_()) == 1


def test_a_screen_reader_is_told_what_the_card_is_and_whose_each_number():
    page = FULL.as_html()
    assert re.search("<div role='note' aria-label='Not right yet' ", page)
    assert re.findall("<th scope='(col|row)'[^>]*>(.*?)</th>", page) == [
        ("col", "layer"),
        ("col", "the way you answered"),
        ("col", "Keras"),
        ("row", "Dense"),
    ]
