"""Figures carry their words, made from the same data, and draw the same picture each time."""

import keras
from keras import layers

from autograder.learn import draw_flatten, draw_shapes


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
