"""The drill: its puzzles, its steering, its record, and the two ways to use it."""

import itertools
import json
import random
import sys

import keras
import numpy as np
import pytest
from keras import layers

from autograder.learn import Drill
from autograder.learn.drill.breaks import Break, Breaks, check_breaks
from autograder.learn.drill.puzzles import LEVELS, TOPICS, because, draw
from autograder.learn.quiet import hushed
from tests.circles import long_but
from tests.examples import share

EACH, FEW = 8, 2  # puzzles for each topic and level
DRAWN = {}


def drawn(topic, level):
    """Return some puzzles; they are drawn once."""
    if (topic, level) not in DRAWN:
        rngs = [random.Random(f"{topic} {level} {i}") for i in range(EACH)]
        with hushed():
            DRAWN[topic, level] = [draw(topic, level, rng) for rng in rngs]
    return DRAWN[topic, level]


def tried(topic, level):
    """Return those of them on which Keras is asked, for which it takes a while: all, or a few."""
    return drawn(topic, level)[: EACH if share() == 1 else FEW]


every_kind = pytest.mark.parametrize("level", LEVELS)
every_topic = pytest.mark.parametrize("topic", TOPICS)


# --- puzzles ----------------------------------------------------------------------------------


@pytest.mark.examples
@every_topic
@every_kind
def test_what_keras_says_is_right(topic, level):
    for puzzle in tried(topic, level):
        assert puzzle.judge(puzzle.truth).state == "right", puzzle


@pytest.mark.examples
@every_topic
@every_kind
def test_the_truth_is_what_the_shown_code_does(topic, level):
    for puzzle in tried(topic, level):
        assert BY_RUNNING[puzzle.kind](puzzle) == puzzle.truth, puzzle


def run_code(code):
    names = {"keras": keras, "layers": layers, "np": np}
    with hushed():
        exec(code, names)
    return names


def run_shape(puzzle):
    return tuple(run_code(puzzle.code)["x"].shape)


def run_count(puzzle):
    model = run_code(puzzle.code)["model"]
    marked = [i for i, line in enumerate(puzzle.code.split("\n")) if "# this one" in line]
    return model.layers[marked[0] - 2].count_params() if marked else model.count_params()


def run_accepts(puzzle):
    model = run_code(puzzle.code)["model"]
    return [is_taken(model, shape) for _, _, shape in puzzle.choices]


def is_taken(model, shape):
    try:
        with hushed():
            model(np.zeros(shape))
    except (ValueError, TypeError):
        return False
    return True


def run_breaks(puzzle):
    names = {"keras": keras, "layers": layers}
    for i, line in enumerate(puzzle.code.split("\n")):
        try:
            exec(line, names)
        except (ValueError, TypeError):
            # Which reason is named is Keras's affair; the line is what can be seen.
            return Break(i - 1, puzzle.truth.reason)
    return Break()


BY_RUNNING = {
    "shape": run_shape,
    "count": run_count,
    "accepts": run_accepts,
    "breaks": run_breaks,
}


@every_topic
def test_an_answer_that_a_rule_leads_to_is_wrong_and_is_explained(topic):
    for puzzle in (drawn(topic, level)[0] for level in LEVELS):
        for code, answer in puzzle.traps.items():
            verdict = puzzle.judge(answer)
            assert verdict.state == "wrong", (puzzle, code)
            assert verdict.mistakes and verdict.hint, (puzzle, code)


@every_topic
def test_puzzles_grow_with_the_level(topic):
    def longest(level):
        return max(puzzle.code.count("\n") for puzzle in drawn(topic, level))

    assert longest(1) < longest(5) or topic == "input"
    assert len({puzzle.as_text() for puzzle in drawn(topic, 3)}) == EACH


@every_topic
def test_the_model_takes_in_what_the_code_says(topic):
    for puzzle in (p for level in LEVELS for p in drawn(topic, level)):
        if "keras.Input" in puzzle.code and puzzle.kind == "count":
            assert puzzle.model.input_shape[0] is None, puzzle.code


def test_puzzles_are_about_their_topic():
    words = {"flatten": "Flatten", "convolution": "Conv", "pooling": "Pooling", "dense": "Dense"}
    words |= {"recurrent": ("LSTM", "GRU", "RNN"), "embedding": "Embedding"}
    for topic, word in words.items():
        for puzzle in drawn(topic, 3):
            some = (word,) if isinstance(word, str) else word
            assert puzzle.kind == "breaks" or any(w in puzzle.code for w in some)


def test_every_choice_is_offered_once_and_the_truth_is_among_them():
    found = [p for t in TOPICS for n in LEVELS for p in drawn(t, n) if p.kind == "breaks"]
    assert len(found) > 20
    for puzzle in found:
        values = [value for _, _, value in puzzle.choices]
        assert values.count(puzzle.truth) == 1 and len(set(values)) == len(values) > 2
    reasons = {puzzle.truth.reason for puzzle in found}
    assert len(reasons) >= 5 and "other" not in reasons


def test_a_puzzle_reads_as_text_and_as_html():
    puzzle = next(p for n in LEVELS for p in drawn("convolution", n) if 'padding="same"' in p.code)
    assert puzzle.code.split("\n")[0] in puzzle.as_text()
    assert "padding=&quot;same&quot;" in puzzle.as_html()
    assert "role='group'" in puzzle.as_html()
    assert repr(puzzle) == puzzle.as_text()


def test_drawing_does_not_count_as_making_unnamed_layers():
    keras.utils.clear_session()
    with hushed():
        for topic in TOPICS:
            draw(topic, 2, random.Random(1))
    assert layers.Conv2D(2, 2).name == "conv2d"
    assert keras.Sequential().name == "sequential"


# --- what breaks ------------------------------------------------------------------------------

BREAKS = [
    ((None, 28, 28), [layers.Conv2D(4, 3)], Break(0, "few"), "channel_axis_added"),
    (
        (None, 9, 9, 2),
        [layers.Flatten(), layers.MaxPooling2D(2)],
        Break(1, "few"),
        "any_rank_taken",
    ),
    ((None, 9, 9, 2), [layers.LSTM(4)], Break(0, "many"), "any_rank_taken"),
    ((None, 4, 4, 2), [layers.Conv2D(4, 5)], Break(0, "window"), "window_cut_to_size"),
    ((None, 11), [layers.Reshape((3, 4))], Break(0, "fit"), "reshape_fills_up"),
    (
        (None, None, 2),
        [layers.Flatten(), layers.Dense(4)],
        Break(1, "open"),
        "every_size_may_be_open",
    ),
]


@pytest.mark.parametrize("start, stack, truth, code", BREAKS)
def test_why_a_layer_refuses_what_arrives(start, stack, truth, code):
    question = Breaks(start, tuple(stack))
    assert question.truth == truth and question.error is not None
    assert check_breaks.judge(truth, of=question).state == "right"
    verdict = check_breaks.judge(Break(), of=question)
    assert verdict.state == "wrong" and code in verdict.mistakes
    assert not stack[-1].weights, "the layers that are asked about stay as they are"


def test_why_counts_the_axes():
    breaks = Breaks((None, 8, 8), (layers.Conv2D(4, 3),))
    assert breaks.counted == ", 3 in place of at least 4 with the batch"
    breaks = Breaks((None, 8, 8, 3), (layers.LSTM(4),))
    assert breaks.counted == ", 4 in place of 3 with the batch"
    assert Breaks((None, 8, 8, 3), (layers.Flatten(),)).counted == ""


@pytest.mark.parametrize(
    "batch, declared, taken, words",
    [
        ((2, 3, 1), (None, 3), True, "2 samples; Keras drops the axis of size 1"),
        ((2,), (None, 1), True, "2 samples; Keras adds an axis of size 1 at the end"),
        ((7, 3), (None, 3), True, "7 samples of that shape"),
        ((1, 3), (None, 3), True, "one sample of that shape"),
        ((7, 1, 4), (None, 4, 1), True, "doesn't compare the sizes"),
        ((4, 1), (None, 4, 1), False, "one sample without a batch axis"),
        ((2, 3, 5), (None, 3), False, "3 axes in place of 2"),
        ((2, 4), (None, 3), False, "samples of shape (4,) in place of (3,)"),
    ],
)
def test_why_a_batch_is_taken_or_refused(batch, declared, taken, words):
    assert words in because(batch, declared, taken)


def test_dense_after_feature_maps_breaks_nothing():
    question = Breaks((None, 9, 9, 2), (layers.MaxPooling2D(2), layers.Dense(4)))
    assert question.truth == Break() and question.error is None
    verdict = check_breaks.judge(Break(1, "many"), of=question)
    assert verdict.mistakes == ("dense_needs_flat_input",)


def test_a_belief_about_shapes_shows_in_what_breaks():
    """Who thinks that Flatten keeps the channels thinks that a Conv1D fits after it."""
    question = Breaks((None, 9, 9, 2), (layers.Flatten(), layers.Conv1D(4, 3)))
    assert question.truth == Break(1, "few")
    assert "flatten_keeps_channels" in check_breaks.judge(Break(), of=question).mistakes


def test_a_choice_without_a_belief_behind_it_gets_a_hint():
    question = Breaks((None, 9, 9, 2), (layers.Flatten(), layers.Dense(4)))
    verdict = check_breaks.judge(Break(0, "window"), of=question)
    assert verdict.state == "wrong" and verdict.mistakes == () and verdict.hint


# --- seed and steering ------------------------------------------------------------------------


def puzzles(seed, answer=None, number=8, **options):
    """Return (drill, puzzles), each answered by answer(puzzle, i)."""
    drill = Drill(seed=seed, record=None, **options)
    seen = []
    for i in range(number):
        seen.append(drill.draw())
        if answer:
            drill.judge(answer(seen[-1], i))
    return drill, seen


def believer(code, until):
    """Answer as someone who holds a belief for a while, and then knows better."""
    return lambda puzzle, i: puzzle.traps.get(code, puzzle.truth) if i < until else puzzle.truth


def test_the_same_seed_gives_the_same_puzzles():
    first, again = ([p.as_text() for p in puzzles(7)[1]] for _ in range(2))
    assert first == again
    assert first != [p.as_text() for p in puzzles(8)[1]]


def test_the_same_seed_and_answers_give_the_same_puzzles():
    runs = [
        puzzles(3, believer("bias_forgotten", 5), 5, topics=["dense"], level=1)[1] for _ in range(2)
    ]
    assert [p.as_text() for p in runs[0]] == [p.as_text() for p in runs[1]]


def test_no_puzzle_comes_twice_in_a_row():
    _, seen = puzzles(1, number=12, topics="embedding", level=1)
    assert len({p.as_text() for p in seen}) == 12


@pytest.mark.parametrize("code", long_but(["bias_forgotten"], ["same_padding", "bias_forgotten"]))
def test_the_drill_comes_back_to_what_went_wrong_and_lets_go_of_it(code):
    seeds, half = range(2), 12

    def share(seen):
        return sum(code in p.traps for p in seen) / len(seen)

    random_ones = [p for s in seeds for p in puzzles(s, None, 2 * half, level=1)[1]]
    runs = [puzzles(s, believer(code, half), 2 * half, level=1) for s in seeds]
    misled = share([p for _, seen in runs for p in seen[:half]])
    after = share([p for _, seen in runs for p in seen[half:]])
    assert misled > 1.5 * share(random_ones), "more of what went wrong"
    assert after < misled, "fewer once it goes right"


def test_a_wrong_answer_raises_and_right_ones_lower_a_rule():
    drill = Drill(topics="convolution", level=2, seed=0, record=None)
    shaky = []
    while len(shaky) < 3:
        puzzle = drill.draw()
        if "same_padding" in puzzle.traps and puzzle.kind == "shape":
            drill.judge(puzzle.traps["same_padding"] if not shaky else puzzle.truth)
            shaky.append(drill.record.shaky().get("same_padding", 0))
    assert shaky[0] > shaky[1] > shaky[2] == 0


def test_only_the_first_answer_to_a_puzzle_counts():
    drill, (puzzle,) = puzzles(5, number=1)
    drill.judge(next(iter(puzzle.traps.values())))
    assert drill.judge(puzzle.truth).state == "right"
    assert (drill.record.answered, drill.record.right) == (1, 0)


def test_a_puzzle_that_was_explained_counts_no_more():
    drill, (puzzle,) = puzzles(5, number=1)
    drill.explain()
    assert drill.judge(puzzle.truth).state == "right"
    assert drill.record.answered == 0


# --- answers ----------------------------------------------------------------------------------


def puzzle_of(kind):
    return next(p for t in TOPICS for n in LEVELS for p in drawn(t, n) if p.kind == kind)


def drill_at(kind):
    drill = Drill(seed=0, record=None)
    drill.draw()
    drill.puzzle = puzzle_of(kind)
    return drill


@pytest.mark.parametrize(
    "kind, write",
    [
        ("shape", str),
        ("shape", lambda truth: f" {str(truth)[1:-1]} "),
        ("shape", lambda truth: str(truth).replace("None", "none")),
        ("shape", lambda truth: str(list(truth))),
        ("count", "{:,}".format),
        ("count", str),
        ("count", "{} - 2 + 2 × 1".format),
        ("shape", lambda truth: f"{str(truth)[:-1].rstrip(',')} + 2 * 2 - 4,)"),
        ("accepts", str),
        ("accepts", lambda truth: " ".join(itertools.compress("abcd", truth)) or "-"),
        ("breaks", lambda truth: choice(truth)),
        ("breaks", lambda truth: f" {choice(truth).upper()}. "),
    ],
)
def test_typed_answers_are_read(kind, write):
    drill = drill_at(kind)
    assert drill.judge(write(drill.puzzle.truth)).state == "right"


def choice(truth):
    return next(c for c, _, value in puzzle_of("breaks").choices if value == truth)


@pytest.mark.parametrize("kind", ["shape", "count", "accepts", "breaks"])
@pytest.mark.parametrize(
    "text",
    ["", "(None, ", "None 5", "(None, height)", "z", "__import__('os').getcwd()", "(" * 10_000]
    + ["[" * 150, "1" * 5_000, "((1, 2), 3)", "'?'", "{1: 2}", "\0"],
)
def test_what_cannot_be_read_costs_nothing(kind, text):
    drill = drill_at(kind)
    verdict = drill.judge(text)
    assert verdict.state == "not attempted" and verdict.message
    assert drill.record.answered == 0
    assert drill.judge(drill.puzzle.truth).state == "right" and drill.record.answered == 1


@pytest.mark.parametrize("kind", ["shape", "count", "accepts", "breaks"])
@pytest.mark.parametrize("value", [None, ..., 2.5, True, {}, object(), ("a",)])
def test_what_is_no_answer_costs_nothing(kind, value):
    drill = drill_at(kind)
    assert drill.judge(value).state == "not attempted"
    assert drill.record.answered == 0


def test_answering_before_there_is_a_puzzle():
    drill = Drill(record=None)
    assert drill.judge((None, 5)).state == "not attempted"
    assert "no puzzle yet" in drill.explain()[0]


@pytest.mark.parametrize(
    "options, words",
    [
        ({"topics": ["flaten"]}, "Did you mean 'flatten'?"),
        ({"topics": "sums"}, "There are input, flatten"),
        ({"topics": []}, "at least one topic"),
        ({"level": 6}, "from 1 to 5; 6 is not"),
    ],
)
def test_topics_and_levels_that_do_not_exist(options, words):
    with pytest.raises(ValueError, match=".*") as told:
        Drill(record=None, **options)
    assert words in str(told.value)


# --- cells and buttons ------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["shape", "count", "accepts", "breaks"])
def test_why_tells_the_answer(kind):
    drill = drill_at(kind)
    text, as_html = drill.explain()
    truth = drill.puzzle.truth
    words = {"shape": str(truth), "count": f"{truth:,}" if kind == "count" else ""}
    assert words.get(kind, "") in text
    assert "<p" in as_html and len(text) > 20


def test_every_puzzle_can_be_explained():
    drill = Drill(record=None)
    for topic in TOPICS:
        for level in (2, 5):
            for drill.puzzle in drawn(topic, level):
                assert drill.explain()[0]


def test_the_drill_in_plain_cells(capsys):
    drill = Drill(topics=["flatten", "convolution"], level=2, seed=7, record=None)
    drill.next()
    assert drill.puzzle.code.split("\n")[0] in capsys.readouterr().out
    drill.answer(next(iter(drill.puzzle.traps.values())))
    assert "Not right yet" in capsys.readouterr().out
    drill.why()
    assert "Keras" in capsys.readouterr().out
    drill.progress()
    out = capsys.readouterr().out
    assert "1 puzzle answered, 0 right." in out and "shaky" in out


def test_the_report_shows_beliefs_in_words():
    drill, _ = puzzles(0, believer("same_padding", 9), 9, topics="convolution", level=1)
    text, as_html = drill.report()
    assert "a convolution keeps height and width" in text
    assert "<th scope='row'" in as_html and "a convolution keeps height and width" in as_html


def test_the_drill_with_buttons():
    drill = Drill(topics="dense", level=2, seed=3, record=None)
    box = drill.play()
    panel = drill.panel
    assert panel.field in box.children[1].children
    first = panel.puzzle.value
    assert drill.puzzle.as_html() in first and panel.feedback.value == ""

    panel.field.value = "no idea"
    panel.buttons["Answer"].click()
    assert "cost nothing" in panel.feedback.value and drill.record.answered == 0

    panel.field.value = str(drill.puzzle.truth)
    panel.field._handle_custom_msg({"event": "submit"}, [])  # what the browser sends for Enter
    assert "Right." in panel.feedback.value and drill.record.right == 1

    panel.buttons["Why"].click()
    assert "Keras" in panel.feedback.value

    panel.buttons["Progress"].click()
    assert "1 puzzle answered, 1 right." in panel.feedback.value

    panel.buttons["Next"].click()
    assert panel.puzzle.value != first
    assert panel.field.value == panel.feedback.value == ""


def test_the_buttons_tell_when_nothing_can_be_written(tmp_path):
    drill = Drill(topics="dense", level=2, seed=3, record=tmp_path / "gone" / "record.json")
    drill.play()
    drill.panel.field.value = str(drill.puzzle.truth)
    drill.panel.buttons["Answer"].click()
    said = drill.panel.feedback.value
    assert "Right." in said and "nothing is written down in this session" in said
    drill.panel.buttons["Answer"].click()
    assert "nothing is written down" not in drill.panel.feedback.value


def test_without_ipywidgets_the_plain_way_is_named(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    monkeypatch.delitem(sys.modules, "autograder.learn.drill.panel", raising=False)
    assert Drill(record=None).play() is None
    assert "drill.next()" in capsys.readouterr().out


# --- the record -------------------------------------------------------------------------------


@pytest.fixture
def file(tmp_path):
    return tmp_path / "record.json"


def answered(file, wrong=True):
    """Return a drill in which one puzzle was answered."""
    drill = Drill(topics="flatten", level=2, seed=1, record=file)
    puzzle = drill.draw()
    drill.judge(next(iter(puzzle.traps.values())) if wrong else puzzle.truth)
    return drill


def test_the_record_survives_a_restart(file):
    before = answered(file).record
    after = Drill(record=file).record
    assert after.shaky() == before.shaky() != {}
    assert after.rules == before.rules and after.answered == 1


def test_a_deleted_record_is_forgotten_at_once(file):
    drill = answered(file)
    assert drill.record.shaky()
    file.unlink()
    assert "0 puzzles answered" in drill.report()[0] and not drill.record.shaky()
    drill.judge(drill.draw().truth)
    assert json.loads(file.read_text(encoding="utf-8"))["answered"] == 1


def test_the_record_can_be_read_by_people(file):
    answered(file)
    text = file.read_text(encoding="utf-8")
    data = json.loads(text)
    assert data["version"] == 1 and "yours" in data["about"]
    assert all(entry["belief"] for entry in data["rules"].values())
    assert text.count("\n") > 10


def test_the_record_stays_where_it_was(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "elsewhere").mkdir()
    drill = Drill(topics="flatten", seed=1)
    monkeypatch.chdir("elsewhere")
    drill.judge(drill.draw().truth)
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == [
        "keras_shapes_drill.json"
    ]
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_two_notebooks_share_a_record(file):
    first, second = answered(file), answered(file, wrong=False)
    first.judge(first.draw().truth)
    assert json.loads(file.read_text(encoding="utf-8"))["answered"] == 3
    assert second.record.answered == 2


BROKEN = {
    "empty": "",
    "no_json": "{'version': 1",
    "a_list": "[]",
    "another_version": '{"version": 2, "answered": 0, "right": 0, "rules": {}}',
    "no_rules": '{"version": 1, "answered": 0, "right": 0}',
    "a_negative_number": '{"version": 1, "answered": -1, "right": 0, "rules": {}}',
    "a_number_in_words": '{"version": 1, "answered": 0, "right": 0, "rules": {"x": {"met": "a"}}}',
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_a_record_that_cannot_be_understood_is_kept_aside(file, content, capsys):
    for number in (1, 2):
        file.write_text(content, encoding="utf-8")
        answered(file)
        aside = file.with_name(f"record.kept-{number}.json")
        assert aside.name in capsys.readouterr().out
        assert aside.read_text(encoding="utf-8") == content
        assert json.loads(file.read_text(encoding="utf-8"))["answered"] == 1


def test_a_record_that_is_no_text_is_kept_aside(file):
    file.write_bytes(b"\xff\xfe\x00")
    answered(file)
    assert file.with_name("record.kept-1.json").read_bytes() == b"\xff\xfe\x00"


def test_a_record_that_cannot_be_read_is_left_alone(file, capsys):
    file.mkdir()
    assert answered(file).record.answered == 1
    assert "nothing is written down" in capsys.readouterr().out
    assert file.is_dir() and list(file.parent.iterdir()) == [file]


def test_a_record_that_cannot_be_written_is_told_of_once(tmp_path, capsys):
    drill = Drill(topics="flatten", seed=1, record=tmp_path / "nowhere" / "record.json")
    for _ in range(2):
        drill.draw()
        drill.answer(drill.puzzle.truth)
    assert capsys.readouterr().out.count("can't be written") == 1
    assert drill.record.answered == 2 and list(tmp_path.iterdir()) == []


def test_nothing_half_written_is_left(file, monkeypatch):
    answered(file)
    before = file.read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("autograder.learn.drill.record.os.replace", full)
    answered(file)
    assert file.read_bytes() == before and list(file.parent.iterdir()) == [file]


def test_no_record_keeps_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    answered(None)
    assert list(tmp_path.iterdir()) == []


def test_rules_that_are_gone_are_remembered_but_not_shown(file):
    answered(file)
    data = json.loads(file.read_text(encoding="utf-8"))
    data["rules"]["no_such_rule"] = {"met": 3, "right": 1, "misled": 2, "shaky": 4}
    file.write_text(json.dumps(data), encoding="utf-8")
    drill = answered(file)
    assert drill.record.rules["no_such_rule"].shaky == 4
    assert "no_such_rule" not in drill.report()[0]
