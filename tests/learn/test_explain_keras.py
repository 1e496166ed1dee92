"""Every layer class, every operation and large models of Keras are explained, as Keras counts."""

import keras
import numpy as np
import pytest
from keras import layers, ops

from autograder.learn import explain, reasons
from autograder.learn.calls import made_by
from autograder.learn.reasons.operations import OPERATIONS as KNOWN
from autograder.learn.reasons.plain import plain_reason
from tests.circles import long_but
from tests.learn.everything import LAYERS, called, layer_classes, operations
from tests.learn.test_explain import why, wrong_sums


def shapes_of(tensors):
    """Return the shapes as a Line has them."""
    shapes = tuple(tuple(x.shape) for x in keras.tree.flatten(tensors))
    return shapes[0] if len(shapes) == 1 else shapes


def test_no_layer_class_is_left_out():
    assert set(layer_classes()) <= set(LAYERS), "tests/learn/everything.py calls each of them"


@pytest.mark.parametrize("name", layer_classes())
def test_a_layer_class_is_explained(name, monkeypatch):
    kind, plain = layer_classes()[name], []

    def seen(name, call):
        plain.append(type(call.layer))
        return plain_reason(name, call)

    monkeypatch.setattr(reasons, "plain_reason", seen)
    for call in LAYERS[name]:
        made = call(kind)
        layer, _ = made_by(keras.tree.flatten(made)[0])
        (line,) = explain(layer).lines
        assert line.after == shapes_of(made)
        assert line.count == layer.count_params()
        assert "I know" not in line.why and "inside of Keras" not in line.why
        assert not wrong_sums(line.why)
    own = len(LAYERS[name]) - plain.count(kind)
    assert own or kind not in reasons.reason.registry, "its own reason never agrees with Keras"


@pytest.mark.parametrize("name", operations())
def test_an_operation_is_explained(name):
    tensors = called(name, operations()[name])
    operation, _ = made_by(tensors[0])
    line = explain(tensors[0]).lines[-1]
    assert type(operation).__name__.lower() in KNOWN
    assert line.kind == f"operation {type(operation).__name__}"
    assert line.after == shapes_of(operation.output)
    assert line.why.endswith("No weights.") and not wrong_sums(line.why)


APPLICATIONS = (
    "ConvNeXtTiny DenseNet121 EfficientNetB0 EfficientNetV2B0 InceptionResNetV2 InceptionV3 "
    "MobileNet MobileNetV2 MobileNetV3Small NASNetMobile ResNet50 ResNet50V2 Xception"
)


@pytest.mark.parametrize("name", long_but(["MobileNet", "ResNet50V2"], APPLICATIONS.split()))
def test_a_large_model_is_told_in_sixty_lines(name):
    # No numbers are drawn for the weights: nothing is computed here.
    with keras.StatelessScope(initialize_variables=False):
        model = getattr(keras.applications, name)(weights=None, classes=10)
    high = told(model).draw().figure.get_size_inches()[1]
    assert high < 11.3, "higher than a page"
    keras.utils.clear_session()


def told(model, most=60):
    """Assert that a model is explained in so many lines of text, with Keras's own numbers."""
    said = explain(model)
    assert len(str(said).splitlines()) <= most
    assert f"In all {model.count_params():,} parameter" in said.notes[0]
    assert sum(line.size for line in said.lines if not line.level) >= len(model.layers)
    assert sum(line.count or 0 for line in said.lines) >= model.count_params()
    assert not wrong_sums(" ".join(line.why for line in said.lines))
    return said


class Block(layers.Layer):
    """A block of a transformer, as people write it."""

    def __init__(self, width, **options):
        super().__init__(**options)
        self.attend = layers.MultiHeadAttention(2, width // 2)
        self.norms = [layers.LayerNormalization(), layers.LayerNormalization()]
        self.feed = keras.Sequential([layers.Dense(4 * width, "relu"), layers.Dense(width)])

    def call(self, x):
        x = self.norms[0](x + self.attend(x, x, use_causal_mask=True))
        return self.norms[1](x + self.feed(x))


def transformer():
    ids = keras.Input((32,), dtype="int32")
    x = layers.Embedding(50, 8, name="words")(ids)
    for i in range(6):
        x = Block(8, name=f"block_{i}")(x)
    return keras.Model(ids, layers.Dense(50)(x), name="transformer")


def u_net():
    start = keras.Input((64, 64, 1))
    x, kept = start, []
    for filters in (4, 8, 16, 32):
        for _ in range(2):
            x = layers.Conv2D(filters, 3, padding="same")(x)
            x = layers.ReLU()(layers.BatchNormalization()(x))
        kept.append(x)
        x = layers.MaxPooling2D()(x)
    for filters in (32, 16, 8, 4):
        x = layers.Concatenate()([layers.Conv2DTranspose(filters, 2, 2)(x), kept.pop()])
        for _ in range(2):
            x = layers.Conv2D(filters, 3, padding="same")(x)
            x = layers.ReLU()(layers.BatchNormalization()(x))
    return keras.Model(start, layers.Conv2D(1, 1)(x))


class Sampling(layers.Layer):
    def call(self, inputs):
        mean, spread = inputs
        return mean + ops.exp(spread / 2) * keras.random.normal(ops.shape(mean))


class VAE(keras.Model):
    def __init__(self):
        super().__init__(name="vae")
        self.flat, self.encode = layers.Flatten(), layers.Dense(16, "relu")
        self.mean, self.spread = layers.Dense(2, name="mean"), layers.Dense(2, name="spread")
        self.sample, self.decode = Sampling(), keras.Sequential([layers.Dense(784)])

    def call(self, x):
        h = self.encode(self.flat(x))
        mean, spread = self.mean(h), self.spread(h)
        self.add_loss(ops.mean(ops.square(mean) + ops.exp(spread) - spread - 1))
        return self.decode(self.sample([mean, spread]))


def vae():
    model = VAE()
    model(np.zeros((2, 28, 28, 1)))
    return model


def siamese():
    inside = [keras.Input((8,)), layers.Dense(4), layers.Dense(2)]
    encoder = keras.Sequential(inside, name="encoder")
    ends = {name: keras.Input((8,), name=name) for name in ("left", "right")}
    apart = ops.abs(encoder(ends["left"]) - encoder(ends["right"]))
    return keras.Model(ends, layers.Dense(1)(apart), name="siamese")


def seq2seq():
    read, wrote = keras.Input((None,), name="read"), keras.Input((None,), name="wrote")
    words = layers.Embedding(50, 8, mask_zero=True)
    _, *state = layers.LSTM(4, return_state=True, name="reader")(words(read))
    x = layers.LSTM(4, return_sequences=True, name="writer")(words(wrote), initial_state=state)
    return keras.Model([read, wrote], layers.Dense(50)(x))


@pytest.mark.parametrize("make", [transformer, u_net, vae, siamese, seq2seq])
def test_what_people_build_is_told_in_sixty_lines(make):
    told(make())


def test_states_that_are_handed_over_are_told():
    said = {line.name: line for line in explain(seq2seq(), lines=None).lines}
    assert "its state comes out too" in said["reader"].why
    assert "it starts from the state that it is given" in said["writer"].why


def test_a_layer_of_ones_own_is_opened():
    model = transformer()
    said = explain(model, find="block_3", depth=2)
    kinds = [line.kind for line in said.lines]
    assert kinds[:3] == ["Block", "MultiHeadAttention", "operation Add"]
    assert "that come no later (use_causal_mask=True)" in said.lines[1].why
    assert said.lines[2].why.startswith("Adds the input and multi_head_attention")
    deeper = explain(model, find="query")
    assert [line.name.split("/")[0] for line in deeper.lines] == [f"block_{i}" for i in range(6)]
    with pytest.raises(ValueError, match="No layer of .* has 'convolution' in its name or class"):
        explain(model, find="convolution")


class Counting(layers.Layer):
    """A layer that counts its calls, in a variable."""

    def build(self, shape):
        self.count = self.add_weight(shape=(), initializer="zeros", trainable=False)

    def call(self, x):
        self.count.assign(self.count + 1)
        return layers.ReLU(name="same")(x)


def test_opening_changes_no_variable():
    layer = Counting()
    layer(np.zeros((2, 3)))
    assert [line.kind for line in explain(layer, depth=2).lines] == ["Counting", "ReLU"]
    assert layer.count.numpy() == 1


def test_opening_leaves_no_trace():
    model = vae()
    known = model._flatten_layers()
    before = [(len(x._inbound_nodes), len(x._outbound_nodes), len(vars(x))) for x in known]
    name = layers.Add().name
    explain(model, depth=None)
    assert [(len(x._inbound_nodes), len(x._outbound_nodes), len(vars(x))) for x in known] == before
    assert int(layers.Add().name.split("_")[1]) == int(f"{name}_0".split("_")[1]) + 1


def test_inputs_in_a_dictionary():
    class Both(keras.Model):
        def __init__(self):
            super().__init__(name="both")
            self.left, self.right = layers.Dense(4, name="one"), layers.Dense(4, name="two")

        def call(self, x):
            return {"sum": self.left(x["left"]) + self.right(x["right"]), "left": x["left"]}

    said = explain(Both(), {"left": (None, 3), "right": (None, 5)})
    assert said.title == 'Both "both": (None, 3), (None, 5) → (None, 3), (None, 4)'
    assert said.lines[1].origin == "reads the input right"


def test_what_data_give_is_told_where_keras_says_something_else():
    told = "Keras says (None, 9, 4) beforehand, but data give (None, 9, 2)."
    assert told in why(layers.Activation("glu"), (None, 9, 4))
    assert "data give (None, 2)" in why(layers.Dense(4, activation="glu"), (None, 6))
    assert "data give" not in why(layers.Dense(4, activation="gelu"), (None, 6))
    together = explain(ops.corrcoef(keras.Input((4,)))).lines[-1].why
    assert together == "Gives how rows go together: a row and a column for each. No weights."
    x = keras.Input((4, 6))
    assert explain(ops.quantile(x, 0.5, axis=-1)).lines[-1].why == (
        "Takes the number that so many are below over the last axis, 6 numbers; it is gone. "
        "No weights."
    )
    both = explain(ops.quantile(x, [0.1, 0.5], axis=1)).lines[-1]
    assert both.after == (2, None, 6) and "a new first axis has an entry for each" in both.why
    ways = layers.LSTM(3), layers.GRU(5, go_backwards=True)
    said = why(layers.Bidirectional(ways[0], backward_layer=ways[1]), (None, 9, 4))
    assert "Keras says (None, 6) beforehand, but data give (None, 8)." in said
    assert "one GRU of 5 units backwards" in said


def test_adapted_and_quantised_layers_are_counted_as_keras_counts():
    for change in (
        lambda layer: layer.enable_lora(2),
        lambda layer: layer.quantize("int8"),
        lambda layer: layer.quantize("int4"),
    ):
        layer = layers.Dense(6)
        layer.build((None, 8))
        change(layer)
        (line,) = explain(layer).lines
        assert line.count == layer.count_params()
        assert "One 8 × 6 kernel and 6 biases" not in line.why and not wrong_sums(line.why)


def test_a_model_that_failed_half_way_tells_how_far_it_came():
    model = keras.Sequential([keras.Input((28, 28, 1)), layers.Conv2D(4, 3)])
    with pytest.raises(ValueError):
        model.add(layers.LSTM(3))
    said = explain(model)
    assert "has not met an input" not in str(said)
    assert said.lines[0].after == (None, 26, 26, 4)
    assert "it would get (None, 26, 26, 4) from conv2d" in said.lines[1].why
    assert "expected ndim=3, found ndim=4" in said.lines[1].why
    assert said.notes[0].startswith("This model is built in part and has no output")


def test_a_layer_that_keeps_no_shape_is_told_too_where_a_model_failed():
    model = keras.Sequential([keras.Input((8, 8, 1)), layers.MaxPooling2D(4)])
    with pytest.raises(ValueError):
        model.add(layers.Dense(2, name="end"))
        model.add(layers.LSTM(3))
    said = explain(model)
    assert said.lines[0].after == (None, 2, 2, 1)
    assert "it would get (None, 2, 2, 2) from end" in said.lines[2].why


def test_a_call_that_says_training_is_told_so():
    start = keras.Input((4,))
    said = explain(keras.Model(start, layers.Dropout(0.5)(start, training=True)))
    assert said.lines[-1].why.startswith("Always, by training=True, sets each number to 0")


def test_weights_that_two_layers_share_count_once():
    first = layers.Dense(4, name="first")
    start = keras.Input((5, 4))
    model = keras.Model(start, layers.TimeDistributed(first, name="steps")(first(start)))
    said = {line.name: line for line in explain(model).lines}
    assert said["steps"].said == "shared"
    assert said["steps"].why.endswith("Its weights are those of a layer above.")
    assert explain(model).notes == ("In all 20 parameters.",)


def test_what_repeats_is_told_once():
    start = keras.Input((8,))
    x = start
    for _ in range(30):
        x = layers.Dense(8)(layers.LayerNormalization()(x))
    said = explain(keras.Model(start, x))
    assert any(
        "30 times in a row" in line.why or "29 more times" in line.kind for line in said.lines
    )
    assert len(explain(keras.Model(start, x), lines=None).lines) == 61
