"""Only layers and models that are on the list are put together, and none that is too large."""

import copy
import inspect
import re

import keras
import numpy as np
import pytest
from keras import layers

from autograder.grade.run import vetting, wire
from autograder.grade.run.vetting import Refused, rebuild_layer, rebuild_model


def config_of(thing):
    """Return a configuration as it arrives: without what compiling left."""
    config = keras.saving.serialize_keras_object(thing)
    config.pop("compile_config", None)
    return copy.deepcopy(config)


def functional(*stack, shape=(6, 5)):
    x = start = keras.Input(shape)
    for layer in stack:
        x = layer(x)
    return keras.Model(start, x)


def sequential(*stack, shape=(6, 5)):
    return keras.Sequential([keras.Input(shape), *stack])


def two_heads():
    a, b = keras.Input((4, 4, 1), name="a"), keras.Input((3,), name="b")
    x = layers.Concatenate()([layers.Flatten()(a / 255 - 1), keras.ops.expand_dims(b, 1)[:, -1]])
    return keras.Model({"a": a, "b": b}, [layers.Dense(2)(x), keras.ops.mean(x, axis=-1)])


def attention():
    x = keras.Input((6, 5))
    return keras.Model(x, layers.MultiHeadAttention(2, 3)(x, x))


MODELS = [
    lambda: sequential(layers.Flatten(), layers.Dense(4, "relu"), layers.Dropout(0.5)),
    lambda: sequential(layers.Bidirectional(layers.GRU(3)), layers.BatchNormalization()),
    lambda: sequential(layers.TimeDistributed(layers.Dense(3)), layers.PReLU()),
    lambda: sequential(layers.RNN(layers.LSTMCell(4)), layers.LayerNormalization()),
    lambda: sequential(layers.EinsumDense("nrf,rfu->nu", 16, bias_axes="u")),
    lambda: sequential(layers.SeparableConv2D(3, 2), layers.ZeroPadding2D(1), shape=(8, 8, 2)),
    lambda: sequential(layers.Embedding(30, 3), layers.LSTM(2), shape=(7,)),
    lambda: sequential(sequential(layers.Flatten()), layers.Dense(3)),
    lambda: functional(layers.Conv1D(3, 2), layers.GroupNormalization(1), layers.Flatten()),
    lambda: functional(layers.Dense(3, kernel_regularizer="l2", kernel_constraint="non_neg")),
    two_heads,
    attention,
]


def fed(model):
    rng = np.random.default_rng(0)
    draw = {x.name: rng.integers(0, 9, size=(3, *x.shape[1:])) for x in model.inputs}
    arrays = {name: array.astype("float32") for name, array in draw.items()}
    return model(arrays if len(arrays) > 1 else next(iter(arrays.values())))


@pytest.mark.parametrize("make", MODELS)
def test_models_are_put_together_again(make):
    model = make()
    again = rebuild_model(config_of(model), model.get_weights())
    assert type(again) is type(model)
    for got, want in zip(
        keras.tree.flatten(fed(again)), keras.tree.flatten(fed(model)), strict=True
    ):
        np.testing.assert_allclose(got, want, rtol=1e-5, atol=1e-6)


def test_a_configuration_goes_back_as_keras_would_write_it():
    model = sequential(layers.Flatten(), layers.Dense(4, "relu"))
    again = rebuild_model(config_of(model), model.get_weights())
    assert vetting.plain(config_of(again)) == config_of(model)
    copied = keras.models.clone_model(again)
    assert copied.count_params() == model.count_params()


def test_what_is_not_built_is_built_by_its_first_call():
    model = rebuild_model(config_of(keras.Sequential([layers.Flatten(), layers.Dense(3)])))
    assert not model.built and model(np.ones((2, 3, 4))).shape == (2, 3)
    layer = rebuild_layer(config_of(layers.Dense(3)))
    assert not layer.built and layer(np.ones((2, 4))).shape == (2, 3)


def test_what_is_made_later_has_no_name_of_a_layer_that_came():
    """Else Keras would refuse a model of both, for a name that nobody chose."""
    keras.utils.clear_session()
    came = sequential(layers.Dense(2, name="dense_7"), layers.ReLU(name="re_lu"))
    config = config_of(came)
    keras.utils.clear_session()
    again = rebuild_model(config, came.get_weights())
    made = [layers.ReLU(), *(layers.Dense(1) for _ in range(9))]
    model = keras.Sequential([again.inputs[0], *again.layers, *made])
    assert len({layer.name for layer in model.layers}) == 12


def test_what_compiling_left_is_dropped():
    model = sequential(layers.Dense(2))
    model.compile("adam", "mse")
    config = keras.saving.serialize_keras_object(model)
    config["compile_config"] = {"optimizer": {"module": "os", "class_name": "system"}}
    assert not rebuild_model(config, model.get_weights()).compiled


def test_weights_have_to_fit():
    with pytest.raises(Refused, match="fit"):
        rebuild_layer(config_of(layers.Dense(3)), [np.ones((2, 3))])
    model = sequential(layers.Flatten(), layers.Dense(4))
    with pytest.raises(Refused, match="fit"):
        rebuild_model(config_of(model), model.get_weights()[:1])


def dense(**changes):
    config = config_of(layers.Dense(3))
    config["config"] |= changes.pop("config", {})
    return {**config, **changes}


def around(entry):
    """Return the configuration of a Sequential that holds this entry."""
    config = config_of(sequential(layers.Dense(2)))
    config["config"]["layers"].append(entry)
    return config


def deep(depth):
    inner = 1
    for _ in range(depth):
        inner = [inner]
    return inner


ACTIVATION = {"class_name": "function", "config": "system", "registered_name": "system"}
LAMBDA = {"class_name": "__lambda__", "config": {"code": "4wAA", "defaults": None}}
FORGED = [
    dense(module="os", class_name="system"),
    dense(module="keras.src.layers.core.dense"),
    dense(module="keras.utils", class_name="get_file"),
    dense(class_name="Lambda"),
    dense(class_name="TFSMLayer"),
    dense(class_name=["Dense"]),
    dense(registered_name="autograder>Bounded"),
    dense(registered_name="package>Dense"),
    {"module": "keras.layers", "class_name": "Dense", "config": 3},
    dense(config={"function": LAMBDA}),
    dense(config={"units": 9_999_999}),
    dense(config={"units": 10**4000}),
    dense(config={"units": object()}),
    dense(config={"activation": "system"}),
    dense(config={"activation": LAMBDA}),
    dense(config={"activation": {**ACTIVATION, "module": "os"}}),
    dense(config={"activation": {**ACTIVATION, "module": "builtins"}}),
    dense(config={"kernel_initializer": {**ACTIVATION, "module": "os"}}),
    dense(
        config={
            "kernel_initializer": {
                "module": "autograder",
                "class_name": "Bounded",
                "config": {"initializer": "zeros", "budget": 1},
                "registered_name": "autograder>Bounded",
            }
        }
    ),
    dense(config={"bias_regularizer": {"module": "keras.utils", "class_name": "get_file"}}),
    dense(config={"dtype": {"module": "os", "class_name": "DTypePolicy", "config": {}}}),
    dense(config={"name": "x" * 1000}),
    dense(config={"units": deep(100)}),
    dense(config={"units": [1] * 100_000}),
    dense(config={"shared": "x"}),
    dense(shared_object_id=3),
    dense(build_config={"input_shape": [None, 10**9]}),
    dense(build_config={"input_shape": {"class_name": "__typespec__", "config": []}}),
    config_of(layers.UpSampling2D(10_000)),
    config_of(layers.ZeroPadding2D(50_000)),
    config_of(layers.Resizing(10**6, 10**6)),
    config_of(layers.LSTM(3, stateful=True)),
    config_of(layers.LSTM(3, unroll=True)),
    {"class_name": "__held__", "facts": 3, "config": {}},
    None,
    [],
    "Dense",
]


@pytest.mark.parametrize("config", FORGED)
def test_what_is_not_on_the_list_is_refused(config, monkeypatch):
    asked = []  # an error would look like a refusal
    monkeypatch.setattr(
        keras.saving, "deserialize_keras_object", lambda *args, **_: asked.append(args)
    )
    with pytest.raises(Refused):
        rebuild_layer(config)
    with pytest.raises(Refused):
        rebuild_model(around(config))
    wrapped = config_of(layers.TimeDistributed(layers.Dense(3)))
    wrapped["config"]["layer"] = config
    if config is not None:
        with pytest.raises(Refused):
            rebuild_layer(wrapped)
    assert not asked, "Keras was asked to put it together"


def test_no_layer_beyond_the_list_is_taken():
    """Whatever settings it has: one of them reads a file."""
    others = {name for name, thing in vars(layers).items() if isinstance(thing, type)}
    others -= wire.LAYERS
    assert {"TFSMLayer", "Lambda", "Wrapper"} <= others
    for name in others:
        with pytest.raises(Refused, match="not on the list of layers"):
            vetting.vet_layer({"module": "keras.layers", "class_name": name, "config": {}})


def test_arguments_within_a_graph_are_looked_at_too():
    config = config_of(functional(layers.Dense(3)))
    node = config["config"]["layers"][1]["inbound_nodes"][0]
    for forged in (LAMBDA, {**ACTIVATION, "module": "os"}, np.ones(3), 10**9, deep(100)):
        node["kwargs"] = {"mask": forged}
        with pytest.raises(Refused):
            vetting.vet_model(config)


def test_operations_that_run_functions_are_not_taken():
    for name in ("Map", "Cond", "WhileLoop", "VectorizedMap", "Operation"):
        config = {"module": "keras.src.ops.core", "class_name": name, "config": {"name": "x"}}
        with pytest.raises(Refused, match=name):
            vetting.vet_layer({**config, "registered_name": name})


@pytest.mark.parametrize("initialiser", [None, "zeros", {}])
def test_no_memory_is_taken_for_too_many_parameters(initialiser):
    """Of 8 × 10⁹ parameters: without a bound, 32 GB would be asked for here."""
    config = config_of(sequential(layers.Dense(2), layers.Dense(2), shape=(3,)))
    for entry in config["config"]["layers"][1:]:
        entry["config"]["units"] = 90_000
        entry.pop("build_config")
        if initialiser == {}:
            del entry["config"]["kernel_initializer"]
        elif initialiser:
            entry["config"]["kernel_initializer"] = initialiser
    with pytest.raises(Refused, match="parameters"):
        rebuild_model(config)


def test_parameters_of_all_layers_are_counted_together():
    config = config_of(sequential(*(layers.Dense(2) for _ in range(4)), shape=(3,)))
    for entry in config["config"]["layers"][1:]:
        entry["config"]["units"] = 3_000
        entry.pop("build_config")
    with pytest.raises(Refused, match="parameters"):
        rebuild_model(config)


def test_a_layer_may_not_give_too_many_numbers():
    config = config_of(functional(layers.UpSampling2D(2), layers.UpSampling2D(2), shape=(9, 9, 1)))
    for entry in config["config"]["layers"][1:]:
        entry["config"]["size"] = [64, 64]
    config["config"]["layers"][0]["config"]["batch_shape"] = [None, 9_000, 9_000, 1]
    with pytest.raises(Refused):
        rebuild_model(config)


@pytest.mark.parametrize("units", [90_000, 7_000])
def test_a_model_that_grows_later_is_stopped_then(units):
    class Stop(BaseException):
        pass

    config = config_of(keras.Sequential([layers.Dense(units), layers.Dense(units)]))
    model = rebuild_model(config, later=Stop)
    with pytest.raises(Stop):
        model(np.ones((1, 3)))


def attended(layer):
    x = keras.Input((6, 5))
    takes_two = isinstance(layer, (layers.MultiHeadAttention, layers.GroupQueryAttention))
    return keras.Model(x, layer(x, x) if takes_two else layer([x, x]))


LORA = {"lora_rank": 2}
#: A model with each layer that has weights, and with each of its settings that makes more.
WEIGHTY = {
    "AdditiveAttention": [lambda: attended(layers.AdditiveAttention())],
    "Attention": [
        lambda: attended(layers.Attention(use_scale=True)),
        lambda: attended(layers.Attention(score_mode="concat")),
    ],
    "BatchNormalization": [
        lambda: sequential(layers.BatchNormalization()),
        lambda: sequential(layers.BatchNormalization(renorm=True)),
    ],
    "Conv1D": [lambda more=more: sequential(layers.Conv1D(4, 2, **more)) for more in ({}, LORA)],
    "Conv1DTranspose": [lambda: sequential(layers.Conv1DTranspose(4, 2))],
    "Conv2D": [
        lambda more=more: sequential(layers.Conv2D(4, 2, **more), shape=(6, 5, 3))
        for more in ({}, LORA)
    ],
    "Conv2DTranspose": [lambda: sequential(layers.Conv2DTranspose(4, 2), shape=(6, 5, 3))],
    "Conv3D": [
        lambda more=more: sequential(layers.Conv3D(4, 2, **more), shape=(6, 5, 4, 3))
        for more in ({}, LORA)
    ],
    "Conv3DTranspose": [lambda: sequential(layers.Conv3DTranspose(4, 2), shape=(6, 5, 4, 3))],
    "ConvLSTM1D": [lambda: sequential(layers.ConvLSTM1D(2, 2), shape=(4, 6, 3))],
    "ConvLSTM2D": [lambda: sequential(layers.ConvLSTM2D(2, 2), shape=(4, 6, 5, 3))],
    "ConvLSTM3D": [lambda: sequential(layers.ConvLSTM3D(2, 2), shape=(3, 4, 4, 4, 3))],
    "Dense": [lambda more=more: sequential(layers.Dense(4, **more)) for more in ({}, LORA)],
    "DepthwiseConv1D": [lambda: sequential(layers.DepthwiseConv1D(2))],
    "DepthwiseConv2D": [lambda: sequential(layers.DepthwiseConv2D(2), shape=(6, 5, 3))],
    "EinsumDense": [
        lambda more=more: sequential(
            layers.EinsumDense("nrf,fu->nru", (6, 4), bias_axes="u", **more)
        )
        for more in ({}, LORA)
    ],
    "Embedding": [
        lambda more=more: sequential(layers.Embedding(30, 3, **more), shape=(7,))
        for more in ({}, LORA)
    ],
    "GRU": [
        lambda: sequential(layers.GRU(3)),
        lambda: sequential(layers.GRU(3, reset_after=False)),
    ],
    "GRUCell": [lambda: sequential(layers.RNN(layers.GRUCell(3)))],
    "GroupNormalization": [lambda: sequential(layers.GroupNormalization(1))],
    "GroupQueryAttention": [
        lambda more=more: attended(layers.GroupQueryAttention(3, 4, 2, **more))
        for more in ({}, {"use_gate": True})
    ],
    "LSTM": [lambda: sequential(layers.LSTM(3))],
    "LSTMCell": [
        lambda: sequential(layers.RNN([layers.LSTMCell(3), layers.LSTMCell(2)])),
    ],
    "LayerNormalization": [lambda: sequential(layers.LayerNormalization(axis=[1, 2]))],
    "MultiHeadAttention": [
        lambda more=more: attended(layers.MultiHeadAttention(2, 3, **more))
        for more in ({}, {"use_gate": True, "value_dim": 4, "output_shape": 7})
    ],
    "PReLU": [lambda: sequential(layers.PReLU())],
    "RMSNormalization": [lambda: sequential(layers.RMSNormalization(axis=[1, 2]))],
    "SeparableConv1D": [lambda: sequential(layers.SeparableConv1D(4, 2))],
    "SeparableConv2D": [lambda: sequential(layers.SeparableConv2D(4, 2), shape=(6, 5, 3))],
    "SimpleRNN": [lambda: sequential(layers.TimeDistributed(layers.SimpleRNN(3)), shape=(2, 6, 5))],
    "SimpleRNNCell": [lambda: sequential(layers.RNN(layers.SimpleRNNCell(3)))],
}
#: Layers whose weights are those of others: of their cell, and of the layer that they hold.
OF_OTHERS = {"RNN", "StackedRNNCells", "Bidirectional", "TimeDistributed"}


def test_all_layers_with_weights_are_tried():
    def text(name):
        classes = getattr(layers, name).__mro__
        ours = [c for c in classes if c.__module__.startswith("keras.src.layers")]
        return "".join(inspect.getsource(c) for c in ours if c is not keras.Layer)

    found = {name for name in wire.LAYERS if re.search("add_weight|_initializer", text(name))}
    assert found - OF_OTHERS == set(WEIGHTY)


def without_initialisers(config):
    """Return a configuration in which no weight has an initialiser of its own."""
    if isinstance(config, dict):
        return {
            key: None if key.endswith("_initializer") else without_initialisers(value)
            for key, value in config.items()
        }
    return list(map(without_initialisers, config)) if isinstance(config, list) else config


def unbuilt(config):
    """Return a configuration whose layers are built when they are called."""
    if isinstance(config, dict):
        left_out = ("build_config", "build_input_shape")
        return {key: unbuilt(value) for key, value in config.items() if key not in left_out}
    if isinstance(config, list):
        return [unbuilt(e) for e in config if not is_input(e)]
    return config


def is_input(entry):
    return isinstance(entry, dict) and entry.get("class_name") == "InputLayer"


@pytest.mark.parametrize("name", WEIGHTY)
def test_each_weight_is_counted_before_it_is_made(name, monkeypatch):
    for make in WEIGHTY[name]:
        model = make()
        config, count = config_of(model), model.count_params()
        monkeypatch.setattr(vetting, "PARAMETERS", count)
        assert rebuild_model(config, model.get_weights()).count_params() == count
        monkeypatch.setattr(vetting, "PARAMETERS", count - 1)
        with pytest.raises(Refused, match="parameters"):
            rebuild_model(config, model.get_weights())
        with pytest.raises(Refused):  # some layers fail without initialisers
            rebuild_model(without_initialisers(config), model.get_weights())


@pytest.mark.parametrize("name", WEIGHTY)
def test_each_weight_that_is_made_later_is_counted_then(name, monkeypatch):
    class Stop(BaseException):
        pass

    for make in WEIGHTY[name]:
        model = make()
        if not isinstance(model, keras.Sequential):
            continue  # a graph is built when it is put together
        config, count = unbuilt(config_of(model)), model.count_params()
        x = np.ones((1, *model.input_shape[1:]))
        monkeypatch.setattr(vetting, "PARAMETERS", -(-count // 2))
        assert rebuild_model(config, later=Stop)(x) is not None
        monkeypatch.setattr(vetting, "PARAMETERS", (count - 1) // 2)
        with pytest.raises(Stop):
            rebuild_model(config, later=Stop)(x)
        with pytest.raises((Stop, TypeError)):  # some layers fail without initialisers
            rebuild_model(without_initialisers(config), later=Stop)(x)


@pytest.mark.parametrize("dtype", ["int8_from_float32", "int4_from_float32", "float8_from_float32"])
def test_weights_of_a_quantised_layer_are_counted(dtype, monkeypatch):
    config = config_of(sequential(layers.Dense(40)))
    config["config"]["layers"][1]["config"]["dtype"] = dtype
    monkeypatch.setattr(vetting, "PARAMETERS", 99)
    with pytest.raises(Refused, match="parameters"):
        rebuild_model(config)


@pytest.mark.parametrize(
    "layer",
    [layers.Bidirectional(layers.GRU(3)), layers.TimeDistributed(layers.Dense(3))],
)
def test_weights_of_a_layer_within_a_layer_are_counted(layer, monkeypatch):
    model = sequential(layer)
    monkeypatch.setattr(vetting, "PARAMETERS", model.count_params() - 1)
    for config in (config_of(model), without_initialisers(config_of(model))):
        with pytest.raises(Refused, match="parameters"):
            rebuild_model(config, model.get_weights())


def test_keras_counts_nothing_afterwards():
    before = keras.Layer.add_weight
    with pytest.raises(Refused):
        rebuild_model(config_of(sequential(layers.Dense(2))), [np.ones(3)])
    assert keras.Layer.add_weight is before
