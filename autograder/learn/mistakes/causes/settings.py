"""Settings of a layer or model that don't go with each other, or with what arrives."""

import inspect
import re

import keras

from autograder.learn.mistakes.causes.words import axes, number, rows_normalized, sizes, wrote
from autograder.learn.mistakes.rule import Found, also, fault, given, in_text, in_whole


@fault(
    belief="a kernel has as many numbers as the data has axes",
    truth="it has one for each axis along which the layer goes: Conv1D one, Conv2D two, Conv3D "
    "three; the channels aren't among them",
    hint="count the axes between the batch and the channels.",
)
@given(
    in_text(r"The `(\w+)` argument must be a tuple of (\d+) integers\. Received \w+=(\([^)]*\))")
)
def numbers_for_axes(facts, told):
    """Conv2D(8, (3, 3, 3)); MaxPooling1D((2, 2))."""
    name, n, given = told[1], int(told[2]), sizes(told[3])
    kind = facts.layer.kind if facts.layer is not None else ""
    kind = kind or next(iter(re.findall(r"\b(\w+\dD\w*)\(", wrote(facts))), "The layer")
    called = f"`{kind}`" if kind != "The layer" else kind
    other = re.sub(r"\dD", f"{len(given)}D", kind)
    how = f"Give {number(n, 'number')}: `{name}={given[:n] if n > 1 else given[0]}`"
    change = len(given) in (1, 2, 3) and "D" in kind and other != kind
    return Found(
        f"{called} goes along {axes(n)}, and `{name}` has {number(len(given), 'number')}, {given}.",
        how + (f"; or take `{other}`, if it is to go along {axes(len(given))}." if change else "."),
    )


@fault(
    belief="steps of more than 1 go with a kernel that is spread out",
    truth="a convolution takes `strides` or `dilation_rate` of more than 1, not both",
    hint="set one of the two to 1.",
)
@given(in_text(r"`strides > 1` not supported.*strides=(\([^)]*\)) and dilation_rate=(\([^)]*\))"))
def stride_and_dilation(facts, told):
    """Conv2D(4, 3, strides=2, dilation_rate=2)."""
    return Found(
        f"A convolution was given `strides={told[1]}` and `dilation_rate={told[2]}`, and only one "
        "of the two may be more than 1.",
        "Set one of them to 1; to make maps smaller as well, put a pooling behind it.",
    )


@fault(
    belief="a size may be anything",
    truth="the number of units, filters or rows of a layer is one whole number above 0",
    hint="print the value, and its type().",
)
@given(
    in_text(
        r"(?:invalid value for )?`?(\w+)`?(?:, expected| must be) a (?:strictly )?positive "
        r"integer\. Received:? \w+=(.+?)(?: \(of type .*)?$"
    )
)
def size_no_number(facts, told):
    """Dense((3,)), Dense(0), Embedding(None, 8)."""
    if re.fullmatch(r"\d+\.\d*|'.*'", told[2]):
        return None
    name, value = told.groups()
    if re.fullmatch(r"[1-9]\d*", value) or "KerasTensor" in value:
        return None
    whole = re.fullmatch(r"[(\[](\d+),?[)\]]", value)
    return Found(
        f"`{name}` is {value}, and has to be one whole number above 0.",
        f"Write the number alone: `{name}={whole[1]}`."
        if whole
        else "Look at how the number is worked out: a size that is left open is None, and `//` "
        "gives 0 where the first number is the smaller one.",
    )


@also("fault", "reshape_product")
def _(facts):
    """Reshape((-1, -1))."""
    two = re.search(r"at most one unknown dimension \(-1\).*target_shape=(\([^)]*\))", facts.text)
    if two:
        return Found(
            f"`Reshape` is asked for {two[1]}: only one size can be worked out from the others, "
            "so -1 may stand only once.",
            "Write the other sizes down. The batch is no part of the shape, and needs no -1.",
        )
    return None


@fault(
    belief="a number in parentheses is a tuple",
    truth="only the comma makes a tuple of one entry, as in `(7,)`",
    hint="ask Python for type((7)) and for type((7,)).",
)
def number_in_parentheses(facts):
    """Reshape((20)); Permute(1)."""
    layer = facts.layer
    one = "'int' object is not iterable" in facts.text and facts.kind == "TypeError"
    made = re.search(r"\b(Reshape|Permute)\(", wrote(facts))
    if (
        not one
        or not facts.in_keras
        or not (made or layer is not None and layer.family == "reshape")
    ):
        return None
    return Found(
        f"`{made[1] if made else layer.kind}` takes a tuple of sizes and was given one number.",
        "Write a tuple, with its comma: `Reshape((n,))`.",
    )


@fault(
    belief="RepeatVector repeats whatever comes",
    truth="it makes steps of one row for each sample, so it takes two axes: samples and features",
    hint="read the shape that arrives: are there steps already?",
)
def steps_repeated(facts):
    """RepeatVector behind LSTM(return_sequences=True), or on a sequence."""
    layer = facts.layer
    if layer is None or layer.kind != "RepeatVector" or not facts.received:
        return None
    shape, before = facts.received[0], facts.way.maker
    if len(shape) == 2:
        return None
    steps = before is not None and before.family == "recurrent"
    return Found(
        f"`RepeatVector` takes one row for each sample (2 axes), and {shape} arrives: "
        f"{axes(len(shape))}, {shape[1]} steps already."
        if len(shape) == 3
        else f"`RepeatVector` takes one row for each sample (2 axes), and {shape} arrives: "
        f"{axes(len(shape))}.",
        f"Leave `return_sequences=True` out of `{before.name}`, so that it gives one row for each "
        "sample; or leave `RepeatVector` out, if its steps are wanted."
        if steps
        else "Make a row of each sample first, by `Flatten()`, a global pooling or a recurrent "
        "layer; or leave `RepeatVector` out.",
    )


@also("fault", "padding_as_number")
@given(in_text(r"'(?:int|bool)' object has no attribute 'lower'"))
def _(facts, told):
    """Conv2D(32, 3, padding=1)."""
    if "padding" not in wrote(facts) or not facts.in_keras:
        return None
    return Found(
        "`padding=` was given a number, or True, and it takes a word.",
        'Write `padding="same"`, which keeps the size, or `padding="valid"`, which cuts the edges '
        "off; a `ZeroPadding` layer adds a number of rows.",
    )


@fault(
    belief="Bidirectional and TimeDistributed wrap any layer alike",
    truth="Bidirectional wraps a recurrent layer, which it runs forwards and backwards",
    hint="which layer is in its brackets?",
)
def wrapped_layer(facts):
    """Bidirectional(Dense(3))."""
    inner = re.search(r"Bidirectional\((?:\w+\.)*([A-Z]\w+)\(", wrote(facts))
    recurrent = ("LSTM", "GRU", "SimpleRNN", "RNN", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D")
    if not inner or inner[1] in recurrent or "deserialized" not in facts.text:
        return None
    return Found(
        f"`Bidirectional` runs a recurrent layer forwards and backwards, and `{inner[1]}` is none.",
        f"Leave `Bidirectional` out around `{inner[1]}`; for each step of a sequence, "
        "`TimeDistributed` applies it.",
    )


@fault(
    belief="Permute may leave axes out",
    truth="it names every axis of a sample once, counted from 1; the batch isn't named",
    hint="count the axes of one sample, and those that you name.",
)
def permuted_axes(facts):
    """Permute((2, 1)) on pictures."""
    layer = facts.layer
    if layer is None or layer.kind != "Permute" or not facts.received or "ndim" not in facts.text:
        return None
    shape, dims = facts.received[0], layer.get("dims") or ()
    if len(shape) - 1 == len(dims):
        return None
    return Found(
        f"`Permute({tuple(dims)})` names {axes(len(dims))}, and {shape} arrives, whose samples "
        f"have {len(shape) - 1}.",
        "Name each of them once, counted from 1 without the batch: "
        f"`Permute({tuple(range(len(shape) - 1, 0, -1))})` turns them all round.",
    )


@also("fault", "batch_is_permuted")
def _(facts):
    """Permute((0, 2, 1))."""
    told = re.search(r"for Permute Layer.*start from 1\. Received dims=(\([\d, ]*\))", facts.text)
    dims = sizes(told[1]) if told else ()
    if sorted(dims) != list(range(len(dims))) or dims[:1] != (0,) or len(dims) < 3:
        return None
    return Found(
        f"`Permute({dims})` names an axis 0, and the axes of a sample are counted from 1; the "
        "batch stays where it is.",
        f"Leave the batch out: `Permute({dims[1:]})`.",
    )


_LISTED = ("Attention", "AdditiveAttention")


def _attends_to_one(facts):
    """Tell whether an attention layer lacks what is compared with its query."""
    layer = facts.layer
    if layer is None or layer.family != "attention" or not facts.received:
        return False
    missing = r"missing (?:a|\d+) required (?:positional )?arguments?: '(value|key|query)'"
    return "must be called on a list of inputs" in facts.text or (
        re.search(missing, facts.text) is not None
    )


@fault(
    belief="all attention layers are called alike",
    truth="Attention and AdditiveAttention take one list, `[query, value]`, MultiHeadAttention and "
    "GroupQueryAttention take `query` and `value` one after the other",
    hint="read in `help` how the layer is called.",
)
def attention_called(facts):
    """Attention()(query, value); MultiHeadAttention(2, 4)([query, value])."""
    layer = facts.layer
    if not _attends_to_one(facts) or len(facts.received) < 2:
        return None
    listed, line = layer.kind in _LISTED, wrote(facts)
    if "mask" in line or "return_" in line or not listed and "([" not in line:
        return None
    shapes = " and ".join(map(str, facts.received[:2]))
    return Found(
        f"`{layer.kind}` was given {shapes} "
        + (
            "as arguments of their own, and takes them in one list."
            if listed
            else "in one list, and takes them as arguments of their own."
        ),
        f"Call it on a list: `{layer.kind}()([query, value])`."
        if listed
        else f"Leave the brackets out: `{layer.name}(query, value)`.",
    )


@fault(
    belief="attention takes one tensor",
    truth="it compares a query with values: it takes two tensors or three, and for "
    "self-attention the same one twice",
    hint="read in `help` how the layer is called.",
)
def attention_inputs(facts):
    """MultiHeadAttention(2, 4)(x); Attention()(x)."""
    layer = facts.layer
    if not _attends_to_one(facts):
        return None
    listed = layer.kind in _LISTED
    shapes = ", ".join(map(str, facts.received[:3]))
    return Found(
        f"`{layer.kind}` compares a query with values, and was given {shapes}"
        + (" alone." if len(facts.received) == 1 else ", and lacks one of the two."),
        f"Call it on a list: `{layer.kind}()([query, value])`, or `([x, x])` for self-attention."
        if listed
        else f"Hand over two tensors: `{layer.name}(query, value)`, or `{layer.name}(x, x)` for "
        "self-attention.",
    )


@also("fault", "attention_inputs")
@given(
    in_text(
        r"`value` and `key`, except the last one, must be equal\. Received: value_shape="
        r"(\([^)]*\)) and key_shape=(\([^)]*\))"
    )
)
def _(facts, told):
    """MultiHeadAttention(2, 4)(query, value, key) with keys of another length."""
    return Found(
        f"The values have the shape {told[1]} and the keys {told[2]}: there is one value for each "
        "key, so both have as many steps.",
        "Take both from the same sequence; the arguments come in the order `query, value, key`, "
        "and without `key` the values serve as keys.",
    )


@fault(
    belief="attention compares vectors of any two sizes",
    truth="it multiplies queries and keys number by number, so each has as many numbers",
    hint="print the shapes of query and value.",
)
def attention_widths(facts):
    """Attention()([decoder states of 64 numbers, encoder states of 128])."""
    layer, shapes = facts.layer, facts.received
    if layer is None or layer.kind not in _LISTED or len(shapes) < 2 or "mask" in facts.text:
        return None
    query, key = shapes[0], shapes[-1]  # the keys come last, if they are handed over at all
    if len(query) != 3 or len(key) != 3 or None in (query[2], key[2]) or query[2] == key[2]:
        return None
    return Found(
        f"`{layer.kind}` compares each query, of {query[2]} numbers, with each key, of {key[2]}: "
        f"{query} beside {key}. The two must have as many.",
        f"Bring both to one size: as many units in what gives the queries, {key[2]}, or a "
        f"`Dense({key[2]})` behind it; a Bidirectional layer gives twice its units.",
    )


@also("fault", "groups_of_channels")
def _(facts):
    """GroupNormalization(groups=32) on 12 channels; heads of grouped attention."""
    told = re.search(
        r"Number of groups \((\d+)\) (?:cannot be more than|must be a multiple of) the number of "
        r"channels \((\d+)\)",
        facts.text,
    )
    if told:
        return Found(
            f"`GroupNormalization` has `groups={told[1]}`, and {told[2]} channels arrive, which "
            "can't be put into as many equal groups.",
            f"Take a number of groups that divides {told[2]}: `groups=-1` makes one of each "
            "channel.",
        )
    if "`num_query_heads` must be divisible by `num_key_value_heads`" in facts.text:
        return Found(
            "`GroupQueryAttention` shares its key heads among the query heads, and their number "
            "doesn't divide evenly.",
            "Take a `num_query_heads` that is a multiple of `num_key_value_heads`.",
        )
    return None


@also("fault", "channel_order")
def _(facts):
    """BatchNormalization(axis=1), met by maps of other sizes."""
    layer = facts.layer
    if layer is None or not facts.received or not rows_normalized(layer, facts.received[0]):
        return None
    shape, others = facts.received[0], facts.model.layers if facts.model is not None else ()
    first = any(x.get("data_format") == "channels_first" for x in others)
    if first or not layer.weights or layer.weights[0][0] == shape[1]:
        return None
    return Found(
        f"`{layer.name}` works along axis 1, and has a mean for each of its {layer.weights[0][0]} "
        f"entries; {shape} arrives, with {shape[1]}. That axis holds the rows: the channels, of "
        f"which there are {shape[-1]}, are on the last.",
        f"Leave `axis=1` out of `{layer.kind}`: by itself it takes the last axis, that of the "
        "channels, and the maps may be of any size.",
    )


@also("fault", "stateful_batch")
@given(in_text(r"batch size must be static.*sequence\.shape=(\([^)]*\))"))
def _(facts, told):
    """LSTM(4, stateful=True) behind an Input without a batch size."""
    shape = sizes(told[1])
    return Found(
        f"A stateful layer keeps a state for each sample of a batch, so it must know how many "
        f"there are, and {shape} arrives, with an open batch size.",
        f"Say the batch size in the Input: `keras.Input(batch_shape=(32, "
        f"{', '.join(map(str, shape[1:]))}))`, and give every batch that size; or leave "
        "`stateful=True` out.",
    )


@fault(
    belief="a layer for text or numbers knows its data beforehand",
    truth="it has to see them once: `adapt` finds the words, the mean or the limits",
    hint="look for a call of adapt before the line that fails.",
)
def not_adapted(facts):
    """TextVectorization()(texts) without adapt."""
    layer = facts.layer
    said = "Table not initialized" in facts.whole or "call `adapt(" in facts.whole
    if not said:
        return None
    what = f"`{layer.name}` ({layer.kind})" if layer is not None else "The layer"
    return Found(
        f"{what} hasn't seen any data yet: it has no vocabulary, mean or limits.",
        "Call `layer.adapt(train_data)` once, before the model is used, or give them when you make "
        "it (`vocabulary=`, `mean=`, `bin_boundaries=`).",
    )


@fault(
    belief="TextVectorization takes a table of texts",
    truth="it takes one text for each sample, of shape (n,) or (n, 1)",
    hint="print the shape of your texts.",
)
@given(
    in_whole(
        r"input rank must be 1 or the last shape dimension must be 1\. Received: inputs\.shape="
        r"(\([^)]*\))"
    )
)
def texts_in_columns(facts, told):
    """TextVectorization().adapt(array of two columns)."""
    return Found(
        f"`TextVectorization` takes one text for each sample, and texts of the shape {told[1]} "
        f"arrive: {sizes(told[1])[-1]} in each row.",
        "Give each column a layer of its own, `texts[:, 0]`, or join the texts of a row with "
        "`np.char.add` or `tf.strings.join`.",
    )


@fault(
    belief="a ready-made model takes any shape and any number of classes",
    truth="its weights were trained for certain sizes: 3 channels, and with its top also one "
    "image size and 1000 classes",
    hint="read in `help` what include_top, input_shape and classes say.",
)
def pretrained_form(facts):
    """VGG16(weights="imagenet", input_shape=(96, 96, 1)), or with classes=5."""
    text = facts.text
    channels = re.search(
        r"The input must have (\d) channels; Received `input_shape=(\([^)]*\))`", text
    )
    if channels:
        return Found(
            f"The trained weights are for {channels[1]} channels (colour), and "
            f"`input_shape={channels[2]}` was asked for.",
            "Repeat the grey channel three times before the model: `np.repeat(x, 3, axis=-1)`, or "
            "a layer `Concatenate()([x, x, x])`; or train from the start, with `weights=None`.",
        )
    top = re.search(
        r"`input_shape` should be (\([^)]*\))\.\s+Received: input_shape=(\([^)]*\))", text
    )
    if top:
        return Found(
            f"With its top and its trained weights the model takes {top[1]} only, and "
            f"`input_shape={top[2]}` was asked for: its last layers were trained for that size.",
            "Leave the top out, `include_top=False`, and put your own pooling and Dense behind "
            f"it; or resize the images to {top[1]}.",
        )
    classes = re.search(r"`classes` should be 1000\. +Received `?classes=(\d+)", text)
    if classes:
        return Found(
            f"With its top and its trained weights the model knows 1000 classes, and "
            f"`classes={classes[1]}` was asked for.",
            f"Leave the top out, `include_top=False, pooling='avg'`, and put "
            f"`Dense({classes[1]}, activation='softmax')` behind it.",
        )
    if "`input_shape` must be a tuple of three integers" in text:
        return Found(
            "`input_shape` of a ready-made model has three sizes: height, width and channels, "
            "without the batch.",
            "Write all three, such as `input_shape=(96, 96, 3)`; grey images are repeated to "
            "three channels.",
        )
    return None


# Older spellings

#: What an older Keras called by other names, as arguments.
_RENAMED = {
    "border_mode": "padding",
    "subsample": "strides",
    "nb_filter": "filters",
    "nb_row": "kernel_size",
    "nb_col": "kernel_size",
    "filter_length": "kernel_size",
    "pool_length": "pool_size",
    "init": "kernel_initializer",
    "inner_init": "recurrent_initializer",
    "inner_activation": "recurrent_activation",
    "W_regularizer": "kernel_regularizer",
    "b_regularizer": "bias_regularizer",
    "dim_ordering": "data_format",
    "dropout_W": "dropout",
    "dropout_U": "recurrent_dropout",
    "nb_epoch": "epochs",
    "p": "rate",
    "bias": "use_bias",
}


@fault(
    belief="an argument that an older Keras took is still taken",
    truth="Keras 2 and 3 renamed many arguments, and refuse the old names",
    hint="print the names that help() lists for the arguments.",
)
def renamed_argument(facts):
    """LSTM(3, batch_input_shape=(2, 5, 3)); Conv2D(8, 3, border_mode="same")."""
    told = re.search(r"Unrecognized keyword arguments passed to (\w+): \{(.*)\}", facts.whole)
    single = re.search(
        r"(\w+)\.__init__\(\) got an unexpected keyword argument '(\w+)'", facts.whole
    )
    if not told and not single:
        return None
    kind = (told or single)[1]
    takes = _arguments(kind)
    if takes is None or single and takes[1]:
        return None  # a class of the person's own: Keras's own says so in its own words
    names = re.findall(r"'(\w+)': ", told[2]) if told else [single[2]]
    shape = re.search(r"'batch_input_shape': (\([^)]*\))", told[2]) if told else None
    if shape or "batch_input_shape" in names:
        said = shape[1] if shape else "(32, ...)"
        return Found(
            f"`{kind}` was given `batch_input_shape`, which Keras 3 doesn't take: the shape of "
            "the input, with its batch size, is said by an Input.",
            f"Put `keras.Input(batch_shape={said})` first in the Sequential, and leave the "
            "argument out.",
        )
    if "weights" in names:
        return Found(
            f"`{kind}` was given `weights=`, which Keras 3 doesn't take.",
            "Build the layer, then `layer.set_weights([...])`; or give an initializer: "
            "`kernel_initializer=keras.initializers.Constant(matrix)`.",
        )
    new = {n: _RENAMED[n] for n in names if _RENAMED.get(n) in takes[0]}
    if not new:
        return None
    return Found(
        f"`{kind}` was given {', '.join(f'`{n}`' for n in new)}, names of an older Keras.",
        f"Write {', '.join(f'`{v}=` for `{k}=`' for k, v in new.items())}.",
    )


#: Where Keras keeps its classes.
_PARTS = (keras, keras.layers, keras.optimizers, keras.losses, keras.metrics, keras.callbacks)


def _arguments(kind):
    """Return what a class of Keras takes, and if it takes further ones by name; None if none is."""
    found = next((getattr(part, kind) for part in _PARTS if hasattr(part, kind)), None)
    if not isinstance(found, type):
        return None
    known = inspect.signature(found.__init__).parameters.values()
    return [p.name for p in known], any(p.kind is p.VAR_KEYWORD for p in known)


#: Names that are gone, and what takes their place.
_GONE = {
    "merge": "`Concatenate()([a, b])`, `Add()([a, b])` and their like",
    "Merge": "`Concatenate()([a, b])`, `Add()([a, b])` and their like",
    "Convolution2D": "`Conv2D`",
    "Convolution1D": "`Conv1D`",
    "CuDNNLSTM": "`LSTM`",
    "CuDNNGRU": "`GRU`",
    "LocallyConnected1D": "a `Conv1D`, or a layer of your own",
    "LocallyConnected2D": "a `Conv2D`, or a layer of your own",
    "AtrousConvolution2D": "`Conv2D(..., dilation_rate=2)`",
    "TimeDistributedDense": "`Dense`, which works on every step",
    "MaxoutDense": "a layer of your own",
    "Highway": "a layer of your own",
}


#: Methods of models that are gone.
_METHODS = {
    "fit_generator": "`fit`, which takes generators as well",
    "evaluate_generator": "`evaluate`, which takes generators as well",
    "predict_generator": "`predict`, which takes generators as well",
    "predict_classes": "`np.argmax(model.predict(x), axis=-1)`, or `model.predict(x) > 0.5` for "
    "one sigmoid unit",
    "predict_proba": "`predict`",
}


@fault(
    belief="what an older Keras had is still there",
    truth="Keras 3 has left out what is in `keras.ops` now, or has another name",
    hint="look for the name with dir().",
)
def gone_from_keras(facts):
    """keras.layers.merge, K.sum, tensor.get_shape()."""
    if facts.kind != "AttributeError":
        return None
    gone = re.search(
        r"module 'keras[\w.]*?(\.backend|\.layers)?' has no attribute '(\w+)'", facts.text
    )
    symbol = re.search(r"'KerasTensor' object has no attribute '(\w+)'", facts.text)
    if symbol and symbol[1] in ("get_shape", "_keras_shape", "set_shape", "int_shape"):
        return Found(
            f"`{symbol[1]}` belongs to tensors of an older Keras or of TensorFlow; this is a "
            "KerasTensor.",
            "Ask for `x.shape`, a tuple with the batch in front.",
        )
    of_layer = re.search(
        r"'(\w+)' object has no attribute '(input_shape|output_shape|get_(?:in|out)put_shape_at)'",
        facts.text,
    )
    if of_layer and hasattr(keras.layers, of_layer[1]):
        end = "input" if "input" in of_layer[2] else "output"
        return Found(
            f"Layers have no `{of_layer[2]}` in Keras 3; this is a `{of_layer[1]}`.",
            f"Ask for the shape of its tensor: `layer.{end}.shape`, a tuple with the batch in "
            "front.",
        )
    method = re.search(r"'(\w+)' object has no attribute '(\w+)'", facts.text)
    if method and method[2] in _METHODS and facts.model and facts.model.kind == method[1]:
        return Found(f"Models have no `{method[2]}` in Keras 3.", f"Take {_METHODS[method[2]]}.")
    if not gone:
        return None
    where, name = gone.groups()
    if where == ".backend":
        same = {"int_shape": "shape", "concatenate": "concatenate", "sqrt": "sqrt"}.get(name, name)
        if hasattr(keras.ops, same):
            return Found(
                f"`keras.backend.{name}` is gone from Keras 3: such functions are in `keras.ops` "
                "now.",
                f"Take `keras.ops.{same}`.",
            )
        return None
    if name not in _GONE:
        return None
    return Found(f"Keras 3 has no `{name}`.", f"Take {_GONE[name]}.")
