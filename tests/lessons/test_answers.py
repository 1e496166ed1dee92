"""Every exercise of every lesson, tried with right answers, the gap, and known mistakes."""

from dataclasses import replace

import pytest

from autograder.reports import workbook
from tests.lessons.conftest import LESSONS, ROOT, answers, workbook_of

#: Exercises on which each try takes long, for networks are trained, or are run over sequences and
#: pictures. Of each the first right answer and the first wrong one are tried each time.
SLOW = [
    *("any_length", "what_trains", "classifier", "fitting"),
    *("adapted", "all_at_once", "autoencoder", "built_counts", "grey_reader", "head_counts"),
    *("joined", "mended", "own_model", "padded_model", "peek", "photo_model", "predict_rows"),
    *("scaled_input", "sensor_model", "small_unet", "three_spellings", "under_budget", "upright"),
]
#: Of these a right answer takes longest; nbval tries the lesson's own.
SLOWEST = ["classifier"]


def param(lesson, *more, id, long=False):
    """Return the parameters of a test; those of a lesson are tried in the same process."""
    marks = [pytest.mark.xdist_group(f"answers to {lesson}")] + [pytest.mark.long] * long
    return pytest.param(lesson, *more, id=id, marks=marks)


EACH = [param(lesson, id=lesson) for lesson in LESSONS]
EXERCISES = [
    param(lesson, name, id=f"{lesson}-{name}", long=name in SLOW)
    for lesson in LESSONS
    for name in answers(lesson)
]
RIGHT = [
    param(
        lesson,
        name,
        source,
        id=f"{lesson}-{name}-{i}",
        long=i > (name not in SLOWEST) and name in SLOW,
    )
    for lesson in LESSONS
    for name, exercise in answers(lesson).items()
    for i, source in enumerate(exercise.right, 1)
]
WRONG = [
    param(lesson, name, source, code, id=f"{lesson}-{name}-{code}", long=i > 1 and name in SLOW)
    for lesson in LESSONS
    for name, exercise in answers(lesson).items()
    for i, (source, code) in enumerate(exercise.wrong, 1)
]


@pytest.mark.parametrize("lesson", EACH)
def test_every_exercise_has_answers_to_try(lesson):
    assert list(answers(lesson)) == workbook_of(lesson).exercises()
    for name, exercise in answers(lesson).items():
        assert len(exercise.right) >= 2, f"{name} needs two right spellings"
        assert exercise.wrong, f"{name} needs a known mistake"


@pytest.mark.parametrize("lesson, exercise, source", RIGHT)
def test_right_answers_earn_all_points(lesson, exercise, source):
    assert workbook_of(lesson).try_answer(exercise, source).fault == ""


@pytest.mark.parametrize("lesson, exercise, source, code", WRONG)
def test_known_mistakes_are_named(lesson, exercise, source, code):
    trial = workbook_of(lesson).try_answer(exercise, source, code)
    assert trial.fault == ""
    assert trial.failed.state in ("wrong", "partly right")
    assert trial.failed.hint


@pytest.mark.parametrize("lesson, exercise, source, code", WRONG)
def test_no_message_tells_the_answer(lesson, exercise, source, code):
    trial = workbook_of(lesson).try_answer(exercise, source, code)
    assert not workbook.tells_answer(trial, answers(lesson)[exercise].right[0])


@pytest.mark.parametrize("lesson, exercise", EXERCISES)
def test_mistakes_of_an_exercise_read_differently(lesson, exercise):
    wrong = {exercise: replace(answers(lesson)[exercise], right=[])}
    assert workbook.read_alike(workbook.try_all(workbook_of(lesson), wrong)) == []


@pytest.mark.long
@pytest.mark.parametrize("lesson", EACH)
def test_after_the_whole_lesson_answers_get_the_same(lesson):
    """What is left out of a workbook changes nothing."""
    whole = workbook.open_workbook(ROOT / "solutions" / f"{lesson}.ipynb")
    assert list(map(told, workbook.try_all(whole, answers(lesson)))) == list(
        map(told, workbook.try_all(workbook_of(lesson), answers(lesson)))
    )


def told(trial):
    """Return what came of a trial, but for the numbers that Keras gives to layers."""
    failed = trial.failed
    return trial.earned, trial.error, failed and (failed.state, failed.mistakes)
