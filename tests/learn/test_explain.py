"""An explanation reads well, covers what a course uses, and never disagrees with Keras."""

import html.parser
import re
import warnings

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from keras import layers

from autograder.learn import explain
from tests.examples import tried_on


def why(layer, *shapes):
    """Return the sentences about one layer on inputs of these shapes."""
    (line,) = explain(layer, list(shapes) if len(shapes) > 1 else shapes[0]).lines
    return line.why


WORDS = {
    "dense_on_rows": (
        lambda: why(layers.Dense(16), (None, 3, 2)),
        "Dense acts on the last axis only, 2 → 16. One 2 × 16 kernel shared by 3 rows and 16 "
        "biases: 2 × 16 + 16 = 48.",
    ),
    "dense_on_features": (
        lambda: why(layers.Dense(1, use_bias=False), (None, 512)),
        "The one unit looks at all 512 features of a sample. One 512 × 1 kernel, no bias: "
        "512 × 1 = 512.",
    ),
    "einsum_dense": (
        lambda: why(layers.EinsumDense("abc,cd->abd", (None, 7), bias_axes="d"), (None, 3, 2)),
        "By its equation abc,cd->abd, it sums over c and makes d; the other axes stay. "
        "A kernel of 2 × 7 and biases along d: 2 × 7 + 7 = 21.",
    ),
    "conv": (
        lambda: why(layers.Conv2D(32, 3), (None, 28, 28, 1)),
        "32 filters give 32 channels; height and width: (28 - 3) / 1 + 1 = 26. Each filter has "
        "3 × 3 × 1 weights and one bias: 3 × 3 × 1 × 32 + 32 = 320.",
    ),
    "conv_same_strided": (
        lambda: why(layers.Conv2D(4, 3, strides=2, padding="same"), (None, 9, 6, 5)),
        '4 filters give 4 channels; height: 9 / 2 rounded up = 5, by padding="same", width: '
        '6 / 2 = 3, by padding="same". Each filter has 3 × 3 × 5 weights and one bias: '
        "3 × 3 × 5 × 4 + 4 = 184.",
    ),
    "conv_dilated": (
        lambda: why(layers.Conv1D(4, 3, dilation_rate=2), (None, 10, 6)),
        "4 filters give 4 channels; length: (10 - 5) / 1 + 1 = 6 (kernel of 3 spread over 5 by "
        "dilation). Each filter has 3 × 6 weights and one bias: 3 × 6 × 4 + 4 = 76.",
    ),
    "depthwise": (
        lambda: why(layers.DepthwiseConv2D(3, padding="same"), (None, 8, 8, 5)),
        "Each channel is filtered alone and gives one, 5 × 1 = 5; height and width: 8, kept by "
        'padding="same". Each filter has 3 × 3 weights and one bias: 3 × 3 × 5 × 1 + 5 = 50.',
    ),
    "transposed": (
        lambda: why(layers.Conv2DTranspose(8, 3, strides=2, padding="same"), (None, 7, 7, 4)),
        "A convolution turned round, from small to large. 8 filters give 8 channels; height and "
        "width: 7 × 2 = 14. Each filter has 3 × 3 × 4 weights and one bias: 3 × 3 × 4 × 8 + 8 = "
        "296.",
    ),
    "pooling_rounded": (
        lambda: why(layers.MaxPooling2D(2), (None, 11, 11, 64)),
        "Keeps the largest number of each 2 × 2 window, channel by channel; height and width: "
        "(11 - 2) / 2 rounded down + 1 = 5. No weights.",
    ),
    "global_pooling": (
        lambda: why(layers.GlobalAveragePooling2D(), (None, 7, 5, 64)),
        "Keeps the average of each channel over its 7 × 5 = 35 positions; height and width are "
        "gone. No weights.",
    ),
    "up_sampling": (
        lambda: why(layers.UpSampling2D((2, 3)), (None, 4, 4, 1)),
        "Repeats each number, channel by channel; height: 4 × 2 = 8, width: 4 × 3 = 12. "
        "No weights.",
    ),
    "zero_padding": (
        lambda: why(layers.ZeroPadding2D(1), (None, 4, 4, 1)),
        "Puts zeros around; height and width: 4 + 1 + 1 = 6. No weights.",
    ),
    "cropping": (
        lambda: why(layers.Cropping1D((1, 2)), (None, 9, 4)),
        "Cuts the edges off; length: 9 - 1 - 2 = 6. No weights.",
    ),
    "flatten": (
        lambda: why(layers.Flatten(), (None, 3, 16)),
        "Flatten unrolls each sample row by row into 3 × 16 = 48 features; the batch axis stays. "
        "No weights.",
    ),
    "reshape": (
        lambda: why(layers.Reshape((3, -1)), (None, 12)),
        "The same 12 numbers in the same order, cut anew as 3 × 4; for -1 Keras finds 12 / 3 = 4; "
        "the batch stays. No weights.",
    ),
    "permute": (
        lambda: why(layers.Permute((2, 1)), (None, 3, 2)),
        "Puts the axes in the order 2, 1; the batch, axis 0, stays first. No weights.",
    ),
    "repeat_vector": (
        lambda: why(layers.RepeatVector(5), (None, 8)),
        "Repeats the 8 features 5 times, along a new axis after the batch. No weights.",
    ),
    "embedding": (
        lambda: why(layers.Embedding(1000, 16), (None, 20)),
        "Looks up each integer, which becomes 16 numbers, a new last axis. A table with a row "
        "for each integer from 0 to 999: 1000 × 16 = 16,000.",
    ),
    "lstm": (
        lambda: why(layers.LSTM(64), (None, 100, 32)),
        "Reads the 100 steps in turn and gives the 64 numbers of the last one "
        "(return_sequences=False). Four sets of weights (three gates and the new memory), each for "
        "the 32 features and for the 64 numbers of the step before, with a bias for each unit: "
        "4 × 32 × 64 + 4 × 64 × 64 + 4 × 64 = 24,832.",
    ),
    "gru": (
        lambda: why(layers.GRU(8, return_sequences=True), (None, None, 4)),
        "Reads all steps in turn and gives 8 numbers at each (return_sequences=True). Three sets "
        "of weights (two gates and the new state), each for the 4 features and for the 8 numbers "
        "of the step before, with two biases for each unit (reset_after=True): "
        "3 × 4 × 8 + 3 × 8 × 8 + 2 × 3 × 8 = 336.",
    ),
    "bidirectional": (
        lambda: why(layers.Bidirectional(layers.SimpleRNN(5)), (None, 7, 3)),
        "One SimpleRNN reads forwards, one backwards; their outputs are joined, 5 + 5 = 10. Two "
        "SimpleRNNs, each with one set of weights for the 3 features and for the 5 numbers of "
        "the step before, with a bias for each unit: 2 × (3 × 5 + 5 × 5 + 5) = 90.",
    ),
    "time_distributed": (
        lambda: why(layers.TimeDistributed(layers.Dense(8)), (None, 10, 32)),
        "Applies one Dense to each of the 10 steps: (None, 32) → (None, 8). One Dense for all "
        "steps: one 32 × 8 kernel and 8 biases: 32 × 8 + 8 = 264.",
    ),
    "batch_normalization": (
        lambda: why(layers.BatchNormalization(), (None, 8, 8, 16)),
        "Centres and scales each of the 16 channels; the shape stays. A scale, an offset, a "
        "moving mean and a moving variance for each channel, the moving ones averaged, not "
        "trained: 4 × 16 = 64.",
    ),
    "rescaling": (
        lambda: why(layers.Rescaling(1 / 255), (None, 4)),
        "Multiplies each number by 1/255; the shape stays. No weights.",
    ),
    "softmax": (
        lambda: why(layers.Activation("softmax"), (None, 4)),
        "Applies softmax, so that each row sums to 1; the shape stays. No weights.",
    ),
    "concatenate": (
        lambda: why(layers.Concatenate(), (None, 3), (None, 4)),
        "Joins its inputs along the last axis, 3 + 4 = 7; the other axes stay. No weights.",
    ),
    "dot": (
        lambda: why(layers.Dot(axes=1), (None, 8), (None, 8)),
        "Multiplies its inputs pair by pair along the axis of 8 and sums up: one number a sample "
        "is left. No weights.",
    ),
    "lambda": (
        lambda: why(layers.Lambda(lambda x: x[:, :2]), (None, 8)),
        "Lambda runs a function that somebody wrote, and I cannot read it; Keras says (None, 2). "
        "No weights.",
    ),
}


@pytest.mark.parametrize("name", WORDS)
def test_words(name):
    said, wanted = WORDS[name]
    assert said() == wanted


class MyLayer(keras.Layer):
    def build(self, shape):
        self.kernel = self.add_weight(shape=(shape[-1], 5))
        self.offset = self.add_weight(shape=(5,))

    def call(self, x):
        return x @ self.kernel + self.offset


class MyDense(layers.Dense):
    def call(self, x):
        return super().call(x)[..., :1]

    def compute_output_shape(self, shape):
        return (*shape[:-1], 1)


def test_an_unknown_layer_is_told_as_keras_tells_it():
    assert why(MyLayer(), (None, 2)) == (
        "MyLayer is not a layer I know; Keras says (None, 5), 15 parameters: 2 × 5 + 5 = 15."
    )


def test_a_layer_built_on_a_known_one_is_not_taken_for_it():
    assert why(MyDense(4), (None, 2)) == (
        "MyDense is built on Dense, but I do not know it; Keras says (None, 1), 12 parameters: "
        "2 × 4 + 4 = 12."
    )


def test_what_is_at_odds_with_keras_is_left_out():
    layer = layers.Conv2DTranspose(1, 3, strides=2)
    layer.compute_output_shape = lambda shape: (None, 11, 11, 1)
    layer.build((None, 4, 4, 1))
    assert explain(layer).lines[0].why == (
        "A convolution turned round, from small to large; axis 1 goes from 4 to 11 and axis 2 goes "
        "from 4 to 11, the other axes stay. Weights: 3 × 3 × 1 × 1 + 1 = 10."
    )


def two_branches():
    left, right = keras.Input((8,), name="left"), keras.Input((8,), name="right")
    shared = layers.Dense(4, name="shared")
    joined = layers.Concatenate(name="joined")([shared(left), shared(right)])
    twice = layers.Add(name="twice")([joined, joined])
    mean = keras.ops.mean(twice, axis=1)
    return keras.Model([left, right], [layers.Dense(2, name="end")(joined), mean], name="pair")


def test_branches_shared_layers_and_operations():
    said = {line.called: line for line in explain(two_branches()).lines}
    assert list(said)[:6] == [
        "left (InputLayer)",
        "shared (Dense)",
        "right (InputLayer)",
        "shared (Dense, call 2)",
        "joined (Concatenate)",
        "end (Dense)",
    ]
    again = said["shared (Dense, call 2)"]
    assert again.shared and again.why.endswith("The same layer as above, with the same weights.")
    assert said["joined (Concatenate)"].why.startswith("Joins shared and shared (call 2) along")
    assert said["twice (Add)"].why.startswith("Adds joined, 2 times, number by number")
    (mean,) = [line for line in said.values() if line.kind == "operation Mean"]
    assert mean.why == "Takes the mean over the last axis, 8 numbers; it is gone. No weights."
    assert mean.takes == ()


def test_a_line_says_what_it_reads_unless_that_is_the_line_before():
    x = layers.Dense(4, name="a")(keras.Input((8,)))
    model = keras.Model(x._keras_history.operation.input, [layers.Dense(3)(x), layers.Dense(2)(x)])
    text = str(explain(model))
    assert text.count("reads a") == 1
    assert "(Dense) · reads a\n    (None, 4) → (None, 2)   10 parameters" in text


def test_a_model_as_a_layer():
    inner = keras.Sequential([keras.Input((8,)), layers.Dense(4), layers.Dense(2)], name="inner")
    x = keras.Input((8,))
    line = explain(keras.Model(x, inner(x))).lines[-1]
    assert line.why == (
        'A model used as one layer, 2 layers inside: explain(model, find="inner", depth=2) goes '
        "through them. All the weights inside it: 46."
    )
    assert (line.before, line.after, line.count) == ((None, 8), (None, 2), 46)


def test_masks_that_keras_works_out_are_no_lines():
    words = keras.Input((None,))
    x = layers.LSTM(3)(layers.Embedding(10, 4, mask_zero=True)(words))
    kinds = [line.kind for line in explain(keras.Model(words, x)).lines]
    assert kinds == ["InputLayer", "Embedding", "LSTM"]


def test_a_model_without_input_says_how_to_give_it_one():
    model = keras.Sequential([layers.Dense(3), layers.Flatten()], name="bare")
    said = explain(model)
    assert [line.count for line in said.lines] == [None, None]
    assert said.notes == (
        "This model has not met an input yet, so it has no shapes and no weights. To build it, "
        "make a keras.Input its first layer, call it on data, or let explain try it on a shape: "
        "explain(model, (None, ...)).",
    )
    assert "not built" in str(said) and "not built" in said.as_html()


def test_an_unbuilt_model_is_tried_out_on_a_copy():
    model = keras.Sequential([layers.Dense(3), layers.Flatten()])
    assert [line.after for line in explain(model, (None, 5, 2)).lines] == [(None, 5, 3), (None, 15)]
    assert not model.built and not model.layers[0].built


def test_a_layer_is_tried_out_on_a_copy():
    layer = layers.Dense(3)
    assert explain(layer, (None, 2)).lines[0].count == 9
    assert not layer.built
    assert "not built" in str(explain(layer))


def test_a_layer_of_a_graph_needs_no_shape():
    layer = layers.Dense(3)
    layer(keras.Input((5, 2)))
    assert explain(layer).lines[0].after == (None, 5, 3)


def test_a_tensor_stands_for_all_that_leads_to_it():
    x = layers.Flatten()(layers.Dense(3)(keras.Input((5, 2))))
    assert [line.kind for line in explain(x).lines] == ["InputLayer", "Dense", "Flatten"]


class Subclassed(keras.Model):
    def __init__(self):
        super().__init__(name="own")
        self.wide, self.flat, self.end = layers.Dense(3), layers.Flatten(), layers.Dense(4)
        self.unused = layers.Dense(9)

    def call(self, x):
        return self.end(self.flat(self.wide(x)))


def test_a_subclassed_model_is_explained_layer_by_layer():
    model = Subclassed()
    model(np.zeros((2, 5, 2)))
    said = explain(model)
    assert [line.after for line in said.lines] == [(2, 5, 3), (2, 15), (2, 4), None]
    assert [line.count for line in said.lines] == [9, 0, 64, None]
    assert said.notes[0] == "In all 73 parameters."
    assert said.title == 'Subclassed "own": (2, 5, 2) → (2, 4)'
    assert "was followed on shapes" in said.notes[-1]
    assert "Dense (9 parameters) gives (2, 5, 3)" in said.draw().alt


def test_a_subclassed_model_can_be_tried_on_a_shape():
    assert explain(Subclassed(), (None, 5, 2)).lines[2].after == (None, 4)
    assert "has not met an input yet" in str(explain(Subclassed()))


def test_what_cannot_be_explained_is_refused_in_a_sentence():
    with pytest.raises(TypeError, match="takes a Keras model, layer or KerasTensor; this is a str"):
        explain("Dense")
    with pytest.raises(ValueError, match=r"Conv2D does not take \(28, 28, 1\).*batch axis"):
        explain(layers.Conv2D(3, 3), (28, 28, 1))
    with pytest.raises(ValueError, match="has an input already"):
        explain(keras.Sequential([keras.Input((3,)), layers.Dense(1)]), (None, 4))


def test_totals_tell_what_is_not_trained():
    model = keras.Sequential([keras.Input((4,)), layers.Dense(2), layers.BatchNormalization()])
    assert explain(model).notes == ("In all 18 parameters: 14 trained, 4 not.",)


def test_a_chain_is_drawn():
    model = keras.Sequential([keras.Input((5, 2)), layers.Dense(3), layers.Flatten()])
    assert "Flatten (0 parameters) gives (None, 15)" in explain(model).draw().alt
    assert "Dense" in explain(layers.Dense(2), (None, 4)).draw().alt


def test_branches_are_drawn():
    alt = explain(two_branches()).draw().alt
    assert "Concatenate" in alt or "Add" in alt
    assert alt.count(" reads ") >= 2


def test_what_has_no_figure_says_so_without_a_stack_trace():
    with pytest.raises(ValueError, match="There is no figure for this") as caught:
        explain(layers.Dense(2)).draw()
    assert caught.value._render_traceback_() == [str(caught.value)]


class Cells(html.parser.HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.scopes, self.open = [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        if tag == "th":
            self.scopes.append(dict(attrs).get("scope"))
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_html_is_a_table_that_a_screen_reader_can_read():
    page = explain(two_branches())._repr_html_()
    cells = Cells(page)
    assert cells.open == []
    assert cells.scopes == ["col"] * 4 + ["row"] * 8
    assert "color" not in page  # it takes the colours of the theme
    assert "<caption" in page and "In all 54 parameters." in page
    assert page.count("<code style='white-space:nowrap'>") >= 14, "a line may end within a shape"


def test_text_keeps_to_its_width():
    text = explain(two_branches()).as_text(width=60)
    assert max(map(len, text.splitlines())) <= 80  # shapes are not broken
    assert text.startswith('Functional "pair": (None, 8), (None, 8) → (None, 2), (None,)')


# Against Keras itself, on models nobody wrote. The strategies choose; layers are made in the test,
# as making one takes a seed.


@st.composite
def image_layers(draw):
    n, k, s = draw(st.integers(1, 6)), draw(st.integers(1, 4)), draw(st.integers(1, 3))
    padding, flag = draw(st.sampled_from(["valid", "same"])), draw(st.booleans())
    window = {"strides": s, "padding": padding}
    return draw(
        st.sampled_from(
            [
                lambda: layers.Conv2D(n, (k, s), **window, use_bias=flag),
                lambda: layers.Conv2D(n, k, dilation_rate=s, padding=padding),
                lambda: layers.Conv2D(6, k, groups=2, activation="relu"),
                lambda: layers.Conv2DTranspose(n, k, **window),
                lambda: layers.DepthwiseConv2D(k, **window, depth_multiplier=s, use_bias=flag),
                lambda: layers.SeparableConv2D(n, k, **window, depth_multiplier=s),
                lambda: layers.MaxPooling2D(k, **window),
                lambda: layers.AveragePooling2D(k),
                lambda: layers.GlobalAveragePooling2D(keepdims=flag),
                lambda: layers.GlobalMaxPooling2D(),
                lambda: layers.UpSampling2D((k, s)),
                lambda: layers.ZeroPadding2D(((k, 0), (s, 1))),
                lambda: layers.Cropping2D(((1, 0), (0, s))),
                lambda: layers.BatchNormalization(scale=flag),
                lambda: layers.Permute((3, 1, 2)),
                lambda: layers.Resizing(k, s),
                lambda: layers.RandomFlip(),
                lambda: layers.TimeDistributed(layers.Dense(n)),
            ]
        )
    )


@st.composite
def sequence_layers(draw):
    n, k, s = draw(st.integers(1, 6)), draw(st.integers(1, 4)), draw(st.integers(1, 3))
    rnn = draw(st.sampled_from([layers.SimpleRNN, layers.LSTM, layers.GRU]))
    every, flag = draw(st.booleans()), draw(st.booleans())
    mode = draw(st.sampled_from(["concat", "sum", "ave"]))
    return draw(
        st.sampled_from(
            [
                lambda: layers.Conv1D(n, k, strides=s, padding="causal", use_bias=flag),
                lambda: layers.Conv1D(n, k, dilation_rate=s),
                lambda: layers.Conv1DTranspose(n, k, strides=s),
                lambda: layers.MaxPooling1D(k, padding="same"),
                lambda: layers.GlobalMaxPooling1D(),
                lambda: layers.UpSampling1D(s),
                lambda: layers.ZeroPadding1D(k),
                lambda: layers.Cropping1D(1),
                lambda: rnn(n, return_sequences=every, use_bias=flag),
                lambda: layers.GRU(n, reset_after=every),
                lambda: layers.Bidirectional(rnn(n, return_sequences=every), merge_mode=mode),
                lambda: layers.TimeDistributed(layers.Dense(n, use_bias=flag)),
                lambda: layers.Permute((2, 1)),
                lambda: layers.Masking(),
                lambda: layers.EinsumDense("abc,cd->abd", (None, n), bias_axes="d"),
            ]
        )
    )


@st.composite
def any_layers(draw):
    n = draw(st.integers(1, 6))
    return draw(
        st.sampled_from(
            [
                lambda: layers.Dense(n),
                lambda: layers.Dense(n, use_bias=False, activation="softmax"),
                lambda: layers.Flatten(),
                lambda: layers.Reshape((-1,)),
                lambda: layers.Reshape((1, -1)),
                lambda: layers.RepeatVector(n),
                lambda: layers.Embedding(9, n),
                lambda: layers.LayerNormalization(),
                lambda: layers.UnitNormalization(),
                lambda: layers.Dropout(0.5),
                lambda: layers.Activation("tanh"),
                lambda: layers.ReLU(),
                lambda: layers.PReLU(),
                lambda: layers.Softmax(),
                lambda: layers.Rescaling(1 / 255, offset=n),
                lambda: layers.Identity(),
                lambda: layers.Lambda(lambda x: x * 2),
                lambda: MyLayer(),
            ]
        )
    )


MERGES = st.sampled_from([layers.Concatenate, layers.Add, layers.Multiply, layers.Subtract])
STARTS = st.sampled_from(
    [(6,), (1,), (7, 4), (None, 3), (9, 8, 3), (5, 6, 2), (None, None, 2), (4, 3, 2, 2)]
)


def some_model(data):
    """Return a random model: layers that fit, now and then a branch, a shared layer, an op."""
    inputs = [keras.Input(data.draw(STARTS))]
    ends = list(inputs)
    for _ in range(data.draw(st.integers(1, 7))):
        x, other = data.draw(st.sampled_from(ends[-3:])), data.draw(st.sampled_from(ends))
        try:
            ends.append(some_step(data, x, other))
        except (ArithmeticError, IndexError, NotImplementedError, TypeError, ValueError):
            continue  # Keras refuses this layer here
    return keras.Model(inputs, data.draw(st.sampled_from([ends[-1], ends[-2:]])))


def some_step(data, x, other):
    """Return what one more layer makes of `x`."""
    fitting = {3: sequence_layers(), 4: image_layers()}.get(len(x.shape), any_layers())
    how = data.draw(st.integers(0, 9))
    if how < 6:
        return data.draw(st.one_of(fitting, any_layers()))()(x)
    if how == 6:
        return data.draw(MERGES)()([x, other])
    if how == 7:
        return keras.ops.abs(x) + other
    if how == 8 and not isinstance(x._keras_history.operation, layers.InputLayer):
        return x._keras_history.operation(x)  # the same layer again
    inside = [keras.Input(x.shape[1:]), data.draw(fitting)(), data.draw(any_layers())()]
    return keras.Sequential(inside)(x)


@pytest.mark.examples
@tried_on(300)
@given(st.data())
def test_an_explanation_never_disagrees_with_keras(data):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Keras warns of masks that a layer does not hand on
        model = some_model(data)
    agree(explain(model), model)
    for inner in model.layers:
        if isinstance(inner, keras.Model):
            agree(explain(inner), inner)


def agree(said, model):
    known = {layer.name: layer for layer in model.layers}
    told = [line for line in said.lines if not line.kind.startswith("operation")]
    assert {line.name for line in told} == set(known)
    for line in told:
        layer = known[line.name]
        assert line.count == layer.count_params()
        again = sum(line.name == other.name for other in told) > 1
        wanted = called_on(layer, line.before) if again else tuple(layer.output.shape)
        assert line.after == wanted
    for line in said.lines:
        assert not wrong_sums(line.why)
        assert "not with these settings" not in line.why
        assert ("a layer I know" in line.why) == (line.kind == "MyLayer")
    assert sum(line.count for line in said.lines if not line.shared) == model.count_params()
    assert f"In all {model.count_params():,} parameter" in said.notes[0]
    assert said.as_text() and Cells(said.as_html()).open == []
    assert said.chain is None or said.draw().alt


def called_on(layer, before):
    """Return the shape that Keras makes of a shape, or several, with a layer."""
    many = isinstance(before[0], tuple)
    tensors = [keras.KerasTensor(shape) for shape in (before if many else [before])]
    return tuple(layer.compute_output_spec(tensors if many else tensors[0]).shape)


SUM = re.compile(r"((?:[\d(](?:[\d ×+()/-]|rounded (?:down|up))*)) = ([\d,]+)")


def wrong_sums(text):
    """Return the sums in a text that do not come to what it says."""
    text = re.sub(r"shape=|\(None[^)]*\)", "", text)
    return [found[0] for found in SUM.finditer(text) if not comes_to(*found.groups())]


def comes_to(said, result):
    said = said.replace("×", "*").replace("/ ", "// ")
    said = re.sub(r"(\d+) // (\d+) rounded up", r"-(-\1 // \2)", said)
    return eval(said.replace("rounded down", "")) == int(result.replace(",", ""))


def test_wrong_sums_are_seen():
    assert (
        wrong_sums("height: (11 - 2) / 2 rounded down + 1 = 5, width: 9 / 2 rounded up = 5.") == []
    )
    assert wrong_sums("height: 2 × (3 × 4 + 1) = 25.") == ["2 × (3 × 4 + 1) = 25"]
    assert wrong_sums("biases: 1,000 × 16 = 16,000 and 9 / 2 rounded up = 4")
