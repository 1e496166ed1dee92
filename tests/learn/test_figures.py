"""Figures carry their words, made from the same data, and draw the same picture each time.

Every figure is measured: no text is small, clipped, covered by another or faint on its ground.
"""

import functools
import itertools
import random
import re
from pathlib import Path

import keras
import matplotlib
import numpy as np
import pytest
from keras import layers
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import rgb_to_hsv, to_rgb
from matplotlib.patches import Rectangle

from autograder.learn import (
    check_shape,
    draw_averages,
    draw_batch,
    draw_bills,
    draw_block_diagonal,
    draw_coincidence,
    draw_contract,
    draw_dense_rows,
    draw_elements,
    draw_flatten,
    draw_images,
    draw_orders,
    draw_origin,
    draw_pairs,
    draw_reach,
    draw_scores,
    draw_shapes,
    draw_shares,
    draw_skips,
    draw_steps,
    draw_tables,
    draw_targets,
    figures,
)
from autograder.learn.figures import draw_two_ways
from autograder.learn.figures.picture import FRONT, PAPER, SIDE, TOP, colour, ink_on, shade
from autograder.learn.verdict import Row
from tests.circles import long_but

RNG = np.random.default_rng(0)


def chain(*stack):
    return keras.Sequential([keras.Input((32, 32, 3)), *stack])


def network(head):
    return chain(layers.Conv2D(16, 3), layers.MaxPooling2D(), head, layers.Dense(10))


def functional(*shape):
    given = keras.Input(shape)
    return keras.Model(given, layers.Dense(4)(given))


def long_chain():
    norm = layers.BatchNormalization()
    return draw_shapes(
        chain(layers.Conv2D(256, 3), norm, layers.GlobalAveragePooling2D(), layers.Dense(9))
    )


def shortcut():
    given = keras.Input((8, 8, 4), name="start")
    inner = layers.Conv2D(4, 3, padding="same", name="first")(given)
    inner = layers.Conv2D(4, 3, padding="same", name="second")(inner)
    return keras.Model(given, layers.Add(name="sum")([given, inner, inner]))


SHARES = np.array([[0.2, 0.5, 0.3], [0.1, 0.2, 0.7], [0.6, 0.15, 0.25]])


def rows_in(samples, *batches):
    """Return what a Dataset of rows of seven numbers would give, batched so many times."""
    found = [np.zeros(7)] * samples
    for size in batches:
        parts = [found[i : i + size] for i in range(0, len(found), size)]
        found = [np.array(part) for part in parts if len({x.shape for x in part}) == 1]
    return [(x, 0) for x in found]


WAYS = tuple(
    Row(name, "(None, 128, 128, 16)", "(None, 126, 126, 16)")
    for name in ("Conv2D", "Conv2DTranspose", "GlobalAveragePooling2D", "Dropout", "Dense")
)
FED = [(1, 3, 2), (7, 3, 2), (3, 2), (16, 224, 224, 3)]

FIGURES = {
    "flatten": lambda: draw_flatten(2, 3, 2),
    "flatten, most": lambda: draw_flatten(1, 6, 5),
    "orders": lambda: draw_orders(),
    "orders, most": lambda: draw_orders(4, 4, 2),
    "shapes": lambda: draw_shapes(network(layers.Flatten())),
    "shapes, two rows": long_chain,
    "shapes, branched": lambda: draw_shapes(shortcut()),
    "two ways": lambda: draw_two_ways(WAYS),
    "batch": lambda: draw_batch(),
    "batch, most": lambda: draw_batch((100, 224, 224, 1)),
    "images": lambda: draw_images({"one": np.full((4, 9, 3), 0.5), "two": np.eye(5)}),
    "images, most": lambda: draw_images({f"a long title {i}": np.eye(i) for i in range(1, 13)}),
    "rows": lambda: draw_dense_rows(),
    "rows, most": lambda: draw_dense_rows(5, 6, 6),
    "rows, least": lambda: draw_dense_rows(1, 1, 1),
    "blocks": lambda: draw_block_diagonal(np.arange(8).reshape(2, 4) - 3.5, 3),
    "blocks, large cells": lambda: draw_block_diagonal(-np.ones((2, 2)), 2),
    "coincidence": lambda: draw_coincidence(),
    "coincidence, most": lambda: draw_coincidence(100, 20, 12),
    "contract": lambda: draw_contract({"one": functional(3, 2)}, FED),
    "contract, most": lambda: draw_contract(
        {f"a model with a name {i}": functional(224, 224, 3) for i in range(4)}, FED
    ),
    "bills": lambda: draw_bills({"Flatten": network(layers.Flatten())}),
    "bills, two": lambda: draw_bills(
        {"a": network(layers.Flatten()), "b": network(layers.GlobalAveragePooling2D())}
    ),
    "scores": lambda: draw_scores({"Flatten": {"seen": 1.0, "new": 0.1}}),
    "scores, most": lambda: draw_scores(
        {f"group {i}": {"seen": 1 - i / 9, "new": 0.875} for i in range(6)}
    ),
    "steps": lambda: draw_steps(),
    "steps, most": lambda: draw_steps(8, 6, 6, True),
    "origin": draw_origin,
    "pairs": lambda: draw_pairs(),
    "pairs, most": lambda: draw_pairs((8,), (8, 1, 1)),
    "averages": lambda: draw_averages(),
    "averages, most": lambda: draw_averages(5, 6, 5),
    "averages, least": lambda: draw_averages(1, 1, 1),
    "targets": lambda: draw_targets(np.array([0, 2, 1]), SHARES),
    "targets, most": lambda: draw_targets(np.arange(8) % 6, np.full((8, 6), 1 / 6)),
    "elements": lambda: draw_elements({"batch(8)": rows_in(20, 8), "twice": rows_in(20, 8, 2)}),
    "elements, most": lambda: draw_elements({f"a long title {i}": rows_in(24) for i in range(5)}),
    "skips": lambda: draw_skips(23, 24),
    "skips, most": lambda: draw_skips(1023, 1024, times=3),
    "tables": lambda: draw_tables({"weights": np.eye(4), "losses": np.ones((4, 4))}, "sample"),
    "tables, most": lambda: draw_tables(dict.fromkeys("abc", np.full((7, 4), -1.25)), "query step"),
    "shares": lambda: draw_shares(),
    "shares, most": lambda: draw_shares((-8.75, 8.75, 0.0, 1.25, -1.25)),
    "shares, least": lambda: draw_shares((0.0,)),
    "reach": lambda: draw_reach(layers.Conv1D(4, 3, padding="same"), (6, 2)),
    "reach, most": lambda: draw_reach(layers.Flatten(), (8, 4)),
}

#: Each of their texts is compared with each other one, and those are hundreds.
MANY_TEXTS = {"orders, most", "reach, most", "pairs, most"}
every_figure = pytest.mark.parametrize("name", FIGURES)
small_figures = long_but([name for name in FIGURES if not name.endswith("most")], FIGURES)


def texts(picture):
    """Return the texts of a figure, each with its box in pixels."""
    drawn = FigureCanvasAgg(picture.figure)
    drawn.draw()
    found = [t for axes in picture.figure.axes for t in axes.texts if t.get_text()]
    return [(t, t.get_window_extent(drawn.get_renderer())) for t in found]


def rectangles(picture, face=None):
    """Return the rectangles of a figure, of one colour or all."""
    found = [p for p in picture.figure.axes[0].patches if isinstance(p, Rectangle)]
    return [p for p in found if face is None or p.get_facecolor()[:3] == to_rgb(face)]


def luminance(colour):
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return float(np.dot(parts, (0.2126, 0.7152, 0.0722)))


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def turned(colour):
    """Return a colour as a dark theme shows it: inverted, and then its hue brought back."""
    inverted = 1 - np.array(to_rgb(colour))
    # The matrix of hue-rotate(180deg), from the standard on filters.
    weights = np.array((0.213, 0.715, 0.072))
    return np.clip(2 * inverted @ weights - inverted, 0, 1)


def extents(picture):
    """Return the rectangles of each of a figure's axes, each with its edges in pixels."""
    return {
        axes: [(p, p.get_window_extent().extents) for p in axes.patches if isinstance(p, Rectangle)]
        for axes in picture.figure.axes
    }


def ground(text, box, rectangles):
    """Return the colour behind a text, and the pattern on it."""
    if text.get_bbox_patch() is not None:
        return text.get_bbox_patch().get_facecolor()[:3], None
    x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
    under = [p for p, (x0, y0, x1, y1) in rectangles if x0 <= x <= x1 and y0 <= y <= y1]
    return (under[-1].get_facecolor()[:3], under[-1].get_hatch()) if under else (PAPER, None)


@functools.cache
def made(name):
    keras.utils.clear_session()
    return FIGURES[name]()


@functools.cache
def texts_of(name):
    return texts(made(name))


@pytest.mark.parametrize("name", small_figures)
def test_a_picture_is_the_same_words_and_bytes_each_time(name):
    keras.utils.clear_session()
    again = FIGURES[name]()
    assert isinstance(again, figures.Picture)
    assert again.alt == made(name).alt
    assert again.png(dpi=40) == made(name).png(dpi=40)


@pytest.mark.parametrize("name", long_but(FIGURES.keys() - MANY_TEXTS, FIGURES))
def test_all_texts_can_be_read(name):
    picture = made(name)
    wide, high = picture.figure.get_size_inches() * picture.figure.dpi
    assert 110 * wide / picture.figure.dpi <= 900
    found, behind = texts_of(name), extents(picture)
    assert found
    for text, box in found:
        said = text.get_text()
        assert text.get_fontsize() >= 8, said
        inside = box.x0 >= 0 and box.y0 >= 0 and box.x1 <= wide and box.y1 <= high
        assert inside, f"{said!r} is clipped"
        face, hatch = ground(text, box, behind[text.axes])
        assert contrast(text.get_color(), face) >= 4.5, said
        if not picture.as_it_is:
            assert contrast(turned(text.get_color()), turned(face)) >= 4.5, said
        assert not hatch, f"{said!r} stands on a pattern"
    edges = [(text, *box.extents.tolist()) for text, box in found]
    for (text, *one), (other, *two) in itertools.combinations(edges, 2):
        (left, low, right, high), (x0, y0, x1, y1) = one, two
        apart = right < x0 or x1 < left or high < y0 or y1 < low
        assert apart, f"{text.get_text()!r} covers {other.get_text()!r}"


@every_figure
def test_the_words_name_the_numbers_that_are_drawn(name):
    picture = made(name)
    said = set(re.findall(r"\d[\d,.]*(?<![,.])", picture.alt))
    # Left out: ticks of a scale, running numbers, sums, shares, and the weights of a kernel.
    scales = re.compile(
        r"^([1-9]\d?0*(,\d00)?(,000)*|0\.25|0\.5|0\.75|0|(to )?−?\d\.\d\d?)$"
        r"|^(row|step|sample|query|unit) |×| %"
    )
    for text, _ in texts_of(name):
        if not scales.search(text.get_text()):
            drawn = set(re.findall(r"\d[\d,.]*(?<![,.])", text.get_text()))
            assert drawn <= said or "…" in text.get_text(), text.get_text()


def test_neighbours_of_an_order_differ_in_grey():
    for total in (2, 6, 12, 16):
        greys = [luminance(shade(k, total)) ** (1 / 2.2) for k in range(total)]
        assert all(b - a > 0.02 for a, b in itertools.pairwise(greys))


def test_fills_differ_in_grey():
    greys = sorted(luminance(colour) ** (1 / 2.2) for colour in (SIDE, FRONT, TOP, PAPER))
    assert all(b - a > 0.1 for a, b in itertools.pairwise(greys))


def test_a_number_stands_out_from_every_colour():
    for share in np.linspace(0, 1, 101):
        face, ink = colour(share)[:3], ink_on(colour(share)[:3])
        assert min(contrast(ink, face), contrast(turned(ink), turned(face))) >= 4.5


def test_in_a_dark_theme_colours_keep_their_hues_and_figures_of_things_stay():
    for one in (FRONT, SIDE, TOP, shade(1, 6), shade(4, 6)):
        before, after = (rgb_to_hsv(rgb)[0] for rgb in (to_rgb(one), turned(one)))
        assert abs(before - after) < 0.05
    assert "invert" in made("shapes").as_html()
    assert "invert" not in figures.draw_images({"a leaf": np.zeros((2, 2, 3))}).as_html()


def test_figures_need_no_pyplot():
    for file in Path(figures.__file__).parent.glob("*.py"):
        assert "pyplot" not in file.read_text("utf-8")


def test_a_figure_leaves_names_and_random_numbers_alone():
    keras.utils.clear_session()
    keras.utils.set_random_seed(0)
    state = random.getstate()
    draw_origin()
    draw_dense_rows()
    draw_coincidence()
    draw_batch()
    draw_steps()
    draw_block_diagonal(np.eye(2), 2)
    assert random.getstate() == state
    assert layers.Dense(1).name == "dense"


def test_alt_text_reaches_the_page():
    bundle = draw_flatten(1, 2, 2)._repr_mimebundle_()
    assert f'alt="{bundle["text/plain"]}"'.replace("'", "&#x27;") in bundle["text/html"]
    assert "image/png" not in bundle  # JupyterLab would show it without its words


def test_shapes_are_told_in_words():
    x = layers.Conv2D(4, 3)(keras.Input((8, 6, 2)))
    alt = draw_shapes(layers.Flatten()(x)).alt
    assert "Input (None, 8, 6, 2)" in alt
    assert "Conv2D (76 parameters) gives (None, 6, 4, 4)" in alt
    assert "Flatten (0 parameters) gives (None, 96)" in alt


def test_five_small_stages_stand_in_one_row():
    one = draw_shapes(network(layers.Flatten())).figure.get_size_inches()
    two = long_chain().figure.get_size_inches()
    assert two[1] == 2 * one[1]


def test_layers_that_branch_are_drawn_with_what_they_read():
    alt = draw_shapes(shortcut()).alt
    assert "second (Conv2D) reads first, gives (None, 8, 8, 4), 148 parameters" in alt
    assert re.search(r"sum \(Add\) reads start, second and second", alt)
    assert len(rectangles(draw_shapes(shortcut()))) == 4


def test_a_model_too_large_for_a_figure_is_refused():
    given = keras.Input((2,))
    model = keras.Model(given, [layers.Dense(1)(given) for _ in range(6)])
    with pytest.raises(ValueError, match="too large for a figure"):
        draw_shapes(model)


def test_two_ways_are_drawn_as_far_as_the_verdict_tells_them():
    x = layers.Flatten()(layers.Conv2D(4, 3)(keras.Input((9, 6, 2))))
    rows = check_shape.judge((None, 9 * 6 * 4), of=x).rows
    picture = draw_two_ways(rows)
    assert "Input: your way (None, 9, 6, 2), Keras (None, 9, 6, 2)" in picture.alt
    assert "Conv2D: your way (None, 9, 6, 4), Keras …" in picture.alt
    assert "(None, 7, 4, 4)" not in picture.alt and "(None, 112)" not in picture.alt
    assert picture.png()


def test_an_answer_that_cannot_be_drawn_is_written():
    """A question mark stands for what Keras says, never for the learner's own answer."""
    x = layers.Flatten()(layers.Conv2D(4, 3)(keras.Input((9, 6, 2))))
    (axes,) = draw_two_ways(check_shape.judge((9 * 6 * 4,), of=x).rows).figure.axes
    written = [text.get_text() for text in axes.texts]
    assert "(216,)" in written and written.count("?") == 2


def test_rows_of_numbers_are_not_drawn():
    assert draw_two_ways((Row("Dense", "2 × 16 = 32", "?"),)) is None
    assert draw_two_ways(()) is None


def test_flatten_and_the_other_orders():
    assert "row 1, column 0: 4, 5" in draw_flatten(2, 2, 2).alt
    assert not any("channel" in text.get_text() for text, _ in texts(draw_flatten(3, 2, 1)))
    alt = draw_orders(2, 2, 2).alt
    flat = np.asarray(layers.Flatten()(np.arange(8).reshape(1, 2, 2, 2)))[0].astype(int)
    assert f"as Flatten does: {', '.join(map(str, flat))}." in alt
    assert "(channels first): 0, 2, 4, 6, 1, 3, 5, 7." in alt
    assert "Column by column: 0, 1, 4, 5, 2, 3, 6, 7." in alt
    assert len(rectangles(draw_orders(2, 2, 2))) == 4 * 8


def test_a_bare_array_is_a_batch():
    alt = draw_batch((3, 3, 128)).alt
    assert "any number of samples of shape (1152,), together (None, 1152)" in alt
    assert "3 samples of shape (384,), together (3, 384)" in alt


def test_images_tell_shape_and_values():
    alt = draw_images({"grey": np.eye(3)[..., None], "bytes": np.full((2, 4, 3), 255)}).alt
    assert "grey: (3, 3), 0 to 1" in alt
    assert "bytes: (2, 4, 3), 255 to 255" in alt


def test_dense_rows_and_the_belief():
    picture = draw_dense_rows(3, 2, 4)
    assert "(None, 3, 2) gives (None, 3, 4), with 12 parameters" in picture.alt
    assert "all 6 numbers meet all 4 results, which would take 28 parameters" in picture.alt
    lines = [x for x in picture.figure.axes[0].lines if len(x.get_xdata()) == 2]
    assert len(lines) == 6 * 4 + 1  # the web, and the line between the halves
    assert len(rectangles(picture)) == 3 * (2 + 4) + 3 * 2 + 1  # cells, rows and the kernel


def test_a_block_diagonal_kernel_does_what_dense_does():
    dense = layers.Dense(4, use_bias=False)
    x = RNG.normal(size=(2, 3, 5)).astype("float32")
    y = np.asarray(dense(x)).reshape(2, -1)
    picture = draw_block_diagonal(dense.kernel, 3)
    assert np.allclose(x.reshape(2, -1) @ np.kron(np.eye(3), np.asarray(dense.kernel)), y, 0, 1e-5)
    assert "makes (15, 12): 20 weights, each used 3 times; 120 zeros" in picture.alt
    assert "full kernel (15, 12): 180 weights, no zeros" in picture.alt
    hatched = [p for p in rectangles(picture) if p.get_hatch()]
    assert (len(hatched), len(rectangles(picture))) == (120, 2 * 180 + 2)  # two of them in the key


def test_a_coincidence_happens_once():
    alt = draw_coincidence(16, 2, 6).alt
    assert "3 rows: 48 and 48; 4 rows: 48 and 64" in alt
    assert "They agree at 3 rows only." in alt
    assert "They agree nowhere here." in draw_coincidence(16, 2, 2).alt
    assert "1 row: 32 and 16;" in draw_coincidence(16, 1, 2).alt


def test_a_contract_is_found_out_by_trying():
    unbuilt = keras.Sequential([layers.Flatten(), layers.Dense(2)])
    alt = draw_contract({"strict": functional(3, 2), "open": unbuilt}, [(5, 3, 2), (3, 2)]).alt
    assert (
        "strict, made for (None, 3, 2): (5, 3, 2) accepted, gives (5, 3, 4); (3, 2) refused" in alt
    )
    assert "open, made for no shape yet: (5, 3, 2) accepted, gives (5, 2); (3, 2) accepted" in alt
    assert not unbuilt.built
    picture = draw_contract({"strict": functional(3, 2)}, [(5, 3, 2), (3, 2), (4, 4)])
    assert [p.get_hatch() for p in rectangles(picture)] == ["", "////", "////"]


def test_bills_add_up():
    alt = draw_bills({"Flatten": network(layers.Flatten())}).alt
    assert "Conv2D 448, MaxPooling2D 0, Flatten 0, Dense 36,010; 36,458 in all" in alt
    assert len(rectangles(draw_bills({"Flatten": network(layers.Flatten())}))) == 2


def test_scores_are_told():
    picture = draw_scores({"Flatten": {"seen": 1.0, "new": 0.1}, "Pooling": {"new": 0.97}})
    assert "Flatten: seen 1.00, new 0.10; Pooling: new 0.97" in picture.alt
    assert len(rectangles(picture)) == 3 + 2  # bars, and the legend


def test_steps_return_the_last_or_every_output():
    assert "(None, 2) comes out (return_sequences=False): only the last output" in draw_steps().alt
    every = draw_steps(4, 3, 2, sequences=True)
    assert "(None, 4, 2) comes out (return_sequences=True): every output leaves" in every.alt
    assert len(rectangles(draw_steps(4, 3, 2), SIDE)) == 2
    assert len(rectangles(every, SIDE)) == 4 * 2


def test_the_origin_of_an_input():
    alt = draw_origin().alt
    assert "keras.Input is a function. It makes an InputLayer, a layer with 0 parameters" in alt
    assert "Functional: model.layers shows the InputLayer" in alt
    assert "Sequential: model.layers shows no InputLayer" in alt


def test_reach_is_found_out_by_changing_rows():
    dense = layers.Dense(3)
    alt = draw_reach(dense, (4, 2)).alt
    assert "input row 1 reaches output row 1;" in alt
    assert not dense.built
    alt = draw_reach(layers.LSTM(2, return_sequences=True), (3, 2)).alt
    assert "input row 0 reaches output rows 0, 1, 2; input row 1 reaches output rows 1, 2;" in alt
    assert "input row 2 reaches output numbers 4, 5." in draw_reach(layers.Flatten(), (3, 2)).alt
    assert "input row 0 reaches no output row" in draw_reach(layers.Cropping1D((1, 0)), (2, 2)).alt


REFUSED = {
    "draws at most 32 numbers": lambda: draw_orders(6, 6, 2),
    "draws height from 1 to 6, not 7": lambda: draw_flatten(7, 1, 1),
    "draws rows from 1 to 5, not 0": lambda: draw_dense_rows(rows=0),
    "two to four sizes": lambda: draw_batch((3,)),
    "at most 10,000,000 numbers": lambda: draw_batch((1000, 1000, 1000)),
    "a dictionary of 1 to 12 pictures": lambda: draw_images([np.eye(2)]),
    "'x' has the shape (3,), and a picture needs": lambda: draw_images({"x": np.ones(3)}),
    "'x' is not made of numbers": lambda: draw_images({"x": np.array([["a", "b"]])}),
    "takes a kernel (features, units)": lambda: draw_block_diagonal(np.ones((9, 9)), 9),
    "too long to stand beside": lambda: draw_coincidence(1000, 1000, 12),
    "a list of 1 to 10 shapes": lambda: draw_contract({"x": functional(2)}, []),
    "'x' has no weights to count yet": lambda: draw_bills({"x": keras.Sequential()}),
    "room for 30 layers": lambda: draw_bills({"x": chain(*[layers.ReLU() for _ in range(31)])}),
    "accuracies from 0 to 1": lambda: draw_scores({"x": {"seen": 97}}),
    "room for 16 bars": lambda: draw_scores({i: dict.fromkeys("abc", 1) for i in range(6)}),
    "tells 4 kinds apart": lambda: draw_scores({"x": dict.fromkeys("abcde", 0.5)}),
    "draws steps from 1 to 8, not 9": lambda: draw_steps(9),
    "two shapes of as many samples": lambda: draw_pairs((4, 2), (4,)),
    "draws samples from 1 to 8, not 0": lambda: draw_pairs((), (4,)),
    "draws steps from 1 to 6, not 7": lambda: draw_averages(steps=7),
    "takes classes (n,) and outputs (n, k)": lambda: draw_targets(np.eye(3), SHARES),
    "whole-number classes from 0 to 2": lambda: draw_targets(np.array([1, 2, 3]), SHARES),
    "draws up to 24 samples": lambda: draw_elements({"x": rows_in(32, 8)}),
    "3 can't be halved 2 times": lambda: draw_skips(3),
    "draws sizes from 1 to 2, not 3": lambda: draw_skips(8, 12, 16),
    "draws columns from 1 to 4, not 5": lambda: draw_tables(dict.fromkeys("abc", np.eye(5))),
    "'x' has to be a table of numbers": lambda: draw_tables({"x": np.arange(3)}),
    "up to 5 scores between −9 and 9": lambda: draw_shares((1.0, 20.0)),
    "sample of 1 to 16 rows": lambda: draw_reach(layers.Dense(1), (17, 2)),
    "at most 32 output rows": lambda: draw_reach(layers.UpSampling1D(3), (16, 2)),
    "Conv2D does not take samples of shape (4, 2)": lambda: draw_reach(layers.Conv2D(1, 1), (4, 2)),
}


def test_a_loss_is_drawn_as_it_is_computed():
    assert draw_pairs((4, 1), (4, 1)).alt.count("each target meets its own output") == 2
    assert "(3, 1) − (3,) is (3, 3), 9 differences" in draw_pairs((3, 1), (3,)).alt
    assert "losses of shape (2, 3)" in draw_averages(2, 3, 4).alt
    assert "softmax 0.84, 0.11, 0.04" in draw_shares().alt
    assert "weights, (2, 2): 1 0; 0 1" in draw_tables({"weights": np.eye(2)}).alt


def test_pairs_lie_as_numpy_lays_them():
    """A column of outputs goes down, and the targets lie across it."""

    def named(picture):
        found = {text.get_text(): text.get_position()[0] for text in picture.figure.axes[0].texts}
        return min(("targets", "outputs"), key=lambda name: found[name])

    assert named(draw_pairs((4,), (4, 1))) == "outputs"
    assert named(draw_pairs((4, 1), (4,))) == "targets"


def test_what_meets_is_drawn_as_it_is_computed():
    assert "framed are the shares of these classes: 0.20, 0.70, 0.15." in made("targets").alt
    said = made("elements").alt
    assert "3 elements: (8, 7) (4, 7)" in said and "2 elements: (2, 8, 7) (1, 4, 7)" in said
    one, other = made("skips").alt.split("Down by pooling")[1:]
    assert "23 does not meet 20, 11 does not meet 10" in one and "24 meets 24" in other


@pytest.mark.parametrize("match", REFUSED)
def test_what_cannot_be_drawn_is_refused_in_a_sentence(match):
    with pytest.raises(ValueError, match=re.escape(match)) as caught:
        REFUSED[match]()
    assert re.fullmatch(r"[^\n]{20,240}\.", str(caught.value))
    assert caught.value._render_traceback_() == [str(caught.value)]


def test_the_look_of_a_learner_stays_his_own():
    before = dict(matplotlib.rcParams)
    draw_steps().png()
    assert dict(matplotlib.rcParams) == before
