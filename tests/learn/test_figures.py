"""Figures carry their words, made from the same data, and draw the same picture each time."""

import keras
from keras import layers

from autograder.learn import check_shape, draw_flatten, draw_shapes
from autograder.learn.figures import draw_two_ways
from autograder.learn.verdict import Row


def picture():
    x = layers.Conv2D(4, 3)(keras.Input((8, 6, 2)))
    return draw_shapes(layers.Flatten()(x))


def test_shapes_are_told_in_words():
    alt = picture().alt
    assert "Input (None, 8, 6, 2)" in alt
    assert "Conv2D (76 parameters) gives (None, 6, 4, 4)" in alt
    assert "Flatten (0 parameters) gives (None, 96)" in alt


def test_flatten_is_told_in_words():
    assert "row 1, column 0: 4, 5" in draw_flatten(2, 2, 2).alt


def test_alt_text_reaches_the_page():
    bundle = draw_flatten(1, 2, 2)._repr_mimebundle_()
    assert f'alt="{bundle["text/plain"]}"'.replace("'", "&#x27;") in bundle["text/html"]
    assert "image/png" not in bundle  # JupyterLab would show it without its words


def test_a_picture_is_the_same_bytes_each_time():
    assert picture().png() == picture().png()


def test_two_ways_are_drawn_as_far_as_the_verdict_tells_them():
    x = layers.Flatten()(layers.Conv2D(4, 3)(keras.Input((8, 6, 2))))
    rows = check_shape.judge((None, 8 * 6 * 4), of=x).rows
    picture = draw_two_ways(rows)
    assert "Conv2D: your way (None, 8, 6, 4), Keras (None, 6, 4, 4)" in picture.alt
    assert "(None, 96)" not in picture.alt
    assert picture.png()


def test_rows_of_numbers_are_not_drawn():
    assert draw_two_ways((Row("Dense", "2 × 16 = 32", "?"),)) is None
    assert draw_two_ways(()) is None
