"""What is written in another way than Keras wants it: symbols, weights, metrics."""

import re

from autograder.learn.mistakes.causes.clashes import clash
from autograder.learn.mistakes.causes.pairs import TRAINS, pair
from autograder.learn.mistakes.causes.words import sizes, two_shapes, wrote
from autograder.learn.mistakes.rule import Found, also, fault, given, in_text, in_whole

_SYMBOLIC = (
    "KerasTensor is symbolic",
    "KerasTensor cannot be used as input to a TensorFlow function",
    "A KerasTensor cannot be used",
)


@fault(
    belief="a loss may use whatever tensor of the model it likes",
    truth="the tensors of which a model was put together stand for shapes, and never get numbers: "
    "in training a loss gets targets and outputs, and nothing else",
    hint="look for a name in your loss that is none of its arguments.",
)
def graph_tensor_in_training(facts):
    """def vae_loss(x, out), which uses z_mean of the Functional model."""
    symbolic = any(p in facts.whole for p in _SYMBOLIC)
    if not symbolic or facts.did not in TRAINS or "calling" in facts.whole:
        return None
    model = facts.model
    whose = (
        f"the loss `{model.loss}`, a function of your own,"
        if model is not None and model.own_loss and not own_metric(model)
        else "a loss, metric or step of your own"
    )
    return Found(
        f"While `{facts.did}` was at work, {whose} met a KerasTensor: a tensor from where the "
        "model was put together, which has a shape and no numbers.",
        "Let it use its arguments alone, `(y_true, y_pred)`. What needs a tensor from inside of "
        "the model goes into the `call` of a layer that takes this tensor, `self.add_loss(...)`, "
        "or into a `train_step`.",
    )


@fault(
    belief="a function that Keras calls in training gets numbers",
    truth="Keras calls losses, metrics and steps once, to make a graph of them, and then their "
    "tensors have a shape and no numbers yet",
    hint="look for what asks a tensor for its numbers: `.numpy()`, NumPy, `if`, `float()`.",
)
def numbers_in_a_graph(facts):
    """y_pred.numpy() in a metric of one's own, or if y_pred > 0.5."""
    asked = re.search(
        r"'SymbolicTensor' object has no attribute 'numpy'|Tracer has no attribute numpy"
        r"|TracerArrayConversionError",
        f"{facts.kind} {facts.text}",
    )
    judged = re.search(
        r"as a Python `bool` is not allowed|TracerBoolConversionError",
        f"{facts.kind} {facts.text}",
    )
    if not (asked or judged) or not facts.inside or facts.did not in (*TRAINS, "predict"):
        return None
    what = "asks a tensor for its numbers, `.numpy()`" if asked else "decides by a tensor's numbers"
    how = (
        "Take the functions of `keras.ops` in the place of NumPy's"
        if asked
        else "Take `ops.where(condition, a, b)`, which chooses number by number, in the place of "
        "`if`"
    )
    return Found(
        f"`{facts.within}` {what}, while `{facts.did}` makes a graph of it.",
        f"{how}; or `compile(..., run_eagerly=True)`, which is slower, and calls it with numbers.",
    )


@also("fault", "numpy_on_symbolic")
def _(facts):
    """np.log1p(keras.Input((28, 28)))."""
    text = facts.whole.split("Arguments received by")[0]
    own_lambda = "Lambda" in text and "infer the shape" in text
    if own_lambda and _told_by_itself(facts.text):
        return None
    typed = facts.kind in ("TypeError", "NotImplementedError", "AttributeError")
    typed = typed and "KerasTensor" in text and "not callable" not in text
    typed = typed and "has no attribute" not in text or "no attribute 'numpy'" in text
    if not own_lambda and not typed and not any(p in text for p in _SYMBOLIC):
        return None
    used = re.search(r"\b((?:np|numpy|tf|torch|jnp|K)\.[\w.]+)\(", wrote(facts))
    name = used[1] if used and "no attribute 'numpy'" not in text else ""
    plain = name.split(".")[-1]
    same = _in_ops(plain)
    if own_lambda:
        return Found(
            "The function in the Lambda could not be tried on a symbolic tensor, so the shape of "
            "what it gives isn't known: while a model is put together the batch size is None"
            + (f", and `{name}` needs numbers." if name else "."),
            "Use functions of `keras.ops` in the Lambda, with -1 for the batch size "
            "(`keras.ops.reshape(x, (-1, 9, 1))`), or a layer made for it, such as `Reshape`; or "
            "tell the shape: `output_shape=`.",
        )
    if "Iterating over" in text:
        return Found(
            "A line goes through a symbolic tensor, or takes it apart as if it were several: while "
            "a model is put together it is one tensor, a KerasTensor.",
            "Take its parts by an index behind the batch, `x[:, 0]`, or by `keras.ops.unstack(x, "
            "axis=1)`; a recurrent layer gives its states beside its output with "
            "`return_state=True` alone.",
        )
    what = f"`{name}` was called on" if name else "A function of NumPy or the backend was called on"
    if typed and not name:
        what = "Numbers were asked for, by Python itself, of"
    return Found(
        f"{what} a symbolic tensor, a KerasTensor: while a model is put together it has a shape "
        "and no numbers yet.",
        (f"Take `keras.ops.{same}`, " if same else "Take the function of `keras.ops` for it, ")
        + "which works on both; or put the computation inside a layer's `call`.",
    )


def own_metric(model):
    """Tell whether a metric is a function, which may well be the person's own."""
    return any(kind == "function" for _, kind in model.measures)


def _told_by_itself(text):
    """Tell whether it was a shape that a Lambda's function refused, not the symbolic tensor."""
    return re.search(
        r"positional argument|out of bounds|must be equal|broadcast|range \[|rank|divisible|Cannot "
        r"(?:squeeze|reshape)|same (?:shape|length)|dimension",
        text.partition("Lambda layer.")[2],
    )


@also("fault", "call_takes_one")
def _(facts):
    """Lambda(lambda a, b: a + b)([x, y])."""
    told = re.search(
        r"Lambda.*missing (\d+) required positional arguments?: '(\w+)'", facts.text
    ) or re.search(r"Lambda.*missing a required argument: ()'(\w+)'", facts.text)
    if not told:
        return None
    return Found(
        "The function in the Lambda takes more than one argument, and a Lambda hands everything "
        f"over as one, a list where it is called on several: nothing is left for `{told[2]}`.",
        "Let it take one argument and take that apart: `lambda both: both[0] + both[1]`.",
    )


def _in_ops(name):
    import keras

    return name if name and hasattr(keras.ops, name) else ""


@fault(
    belief="weights fit any layer of the same kind",
    truth="a layer's weights have the sizes that its input and its units gave them when it was "
    "built, and only arrays of these shapes go in",
    hint="print [w.shape for w in layer.weights] beside the shapes of your arrays.",
)
def weights_shape(facts):
    """Embedding(43, 10, weights=[m]) for a matrix (412, 40); load_weights of another model."""
    text = facts.whole
    shape = r"(\([\d, None]*\))"
    given = re.search(
        rf"[Ll]ayer (\S+) weight shape {shape} is not compatible with provided weight shape "
        rf"{shape}",
        text,
    )
    if given:
        layer = facts.layer
        table = layer is not None and layer.family == "embedding" or "embedding" in given[1]
        return Found(
            f"The layer `{given[1]}` has weights of the shape {given[2]}, and the matrix that "
            f"should go in has the shape {given[3]}.",
            _brought_to(sizes(given[2]), sizes(given[3]), table),
        )
    loaded = re.search(
        rf"object <(\w+) name=(\w+).*?variable\.shape={shape}, Received: value\.shape={shape}", text
    )
    if loaded:
        kind, name, want, got = loaded.groups()
        return Found(
            f"The weights don't fit the model: `{name}` ({kind}) has weights of the shape {want}, "
            f"and the saved ones have {got}. They come from another layer, with other sizes.",
            "Build the model just as it was when its weights were saved: the same input shape, "
            f"units and filters; {_axis_told(want, got)}or load with `skip_mismatch=True` to leave "
            "out what doesn't fit.",
        )
    count = re.search(
        r"(?:weight list of length|expecting) (\d+).*?(?:expecting|received|length) (\d+) weights?",
        text,
    )
    if "set_weights" in text and count and "expecting 0" not in text:
        return Found(
            f"`set_weights` was given another number of arrays than the layer has weights "
            f"({count[1]} and {count[2]}).",
            "Hand over one array for each weight, in the order and shapes of `get_weights()`: for "
            "Dense the kernel and the bias.",
        )
    layer = facts.layer
    both = two_shapes(facts.text)
    if layer is not None and layer.family == "embedding" and both is not None:
        table = (layer.get("input_dim"), layer.get("output_dim"))
        matrix = next((s for s in both if s != table and len(s) == 2), None)
        if table in both and matrix is not None:
            return Found(
                f"The table of `{layer.name}` has {table[0]} rows of {table[1]} numbers, and the "
                f"matrix that it begins with has the shape {matrix}.",
                f"Make the table as large as the matrix: `Embedding{matrix}`; a row for unknown "
                "or padded words counts as well.",
            )
    legacy = re.search(
        rf"Shape mismatch in layer #\d+ \(named (\w+)\).*?Weight expects shape {shape}\. "
        rf"Received saved weight with shape {shape}",
        text,
    )
    if legacy:
        name, want, got = legacy.groups()
        return Found(
            f"The weights don't fit the model: `{name}` has weights of the shape {want}, and the "
            f"saved ones have {got}. They come from a layer of other sizes.",
            "Build the model just as it was when its weights were saved: the same input shape, "
            f"units and filters; {_axis_told(want, got)}or leave out what doesn't fit, by "
            "`by_name=True, skip_mismatch=True`.",
        )
    many = re.search(r"Model expected (\d+) layers, found (\d+) saved layers", text)
    if many:
        return Found(
            f"The weights don't fit the model: it has {many[1]} layers with weights, and "
            f"{many[2]} were saved.",
            "Build the model just as it was when its weights were saved, layer by layer; or load "
            "only layers of the same names, `by_name=True`.",
        )
    put = re.search(rf"must match\. variable\.shape={shape}, Received: value\.shape={shape}", text)
    if put:
        return Found(
            f"A weight of the shape {put[1]} was to become an array of the shape {put[2]}: only an "
            "array of its own shape goes in.",
            "Give the layer the sizes of the array, or bring the array to the weight's shape.",
        )
    layers = re.search(r"Layer '?(\w+)'? expected (\d+) variables, but received (\d+)", text)
    if layers:
        return Found(
            f"The weights don't fit the model: the layer `{layers[1]}` has {layers[2]} weights, "
            f"and the file holds {layers[3]} for it; it was saved from another layer.",
            "Build the model just as it was when its weights were saved, layer by layer.",
        )
    return None


def _brought_to(want, got, table):
    """Return how an array comes into a weight of another shape. table: of an Embedding."""
    if len(got) == 4 and sorted(got) == sorted(want):
        return (
            "The two have the same sizes in another order. PyTorch keeps a kernel as (out, in, "
            "height, width), and Keras as (height, width, in, out): `np.transpose(kernel, (2, 3, "
            "1, 0))`."
        )
    if len(got) == 2 and got[::-1] == want:
        return "The two have the same sizes in the other order: turn the matrix, `.T`."
    if table and len(got) == 2 and (got[0] + 1, got[1]) == want:
        return (
            "The matrix has one row less than the table, as where the words are counted from 1 and "
            f"row 0, for the padding, was left out: begin with `np.zeros({want})`, and write the "
            "row of each word at its number."
        )
    if table and len(got) == 2:
        rows = ", ".join(map(str, got))
        return f"Make the table as large as the matrix, rows and columns: `Embedding({rows})`."
    return "Give the layer the sizes of the weights, or weights of the layer's shapes."


def _axis_told(want, got):
    a, b = re.findall(r"\d+", want), re.findall(r"\d+", got)
    if len(a) == len(b) == 4 and a[2] != b[2] and a[3] == b[3]:
        return f"here the number of channels that come in differs, {b[2]} when saved; "
    return ""


@also("fault", "none_in_a_sum")
def _(facts):
    """np.zeros((x.shape[0], 4)) on a KerasTensor, whose batch size is None."""
    if facts.kind != "TypeError" or "NoneType" not in facts.text:
        return None
    for name, at in re.findall(r"\b(\w+)\.shape\b(?:\[(-?\d+)\]|(?!\[))", wrote(facts)):
        at = at or "0"
        shape = facts.symbols.get(name)
        if shape and -len(shape) <= int(at) < len(shape) and shape[int(at)] is None:
            which = "the number of samples" if int(at) in (0, -len(shape)) else "a size left open"
            return Found(
                f"`{name}` has the shape {shape}, and `{name}.shape[{at}]` is None, {which}: it "
                "isn't known while the model is put together.",
                f"Take `keras.ops.shape({name})[{at}]` in a layer's `call`, where the batch is "
                "there; make constants of the shape of a tensor with `keras.ops.zeros_like` or "
                "`ones_like`; let reshapes find the batch by -1.",
            )
    return None


@fault(
    belief="a saved model brings the code of its layers with it",
    truth="a file holds the name of each class, and what the class does has to be there when the "
    "model is loaded",
    hint="look for classes and functions of your own in the model that you saved.",
)
@given(
    in_whole(
        r"Could not locate (class|function) '(?:\w+>)?(\w+)'|Unknown (layer|loss|metric)[^:]*: "
        r"'(\w+)'"
    )
)
def class_not_known(facts, told):
    """load_model("m.keras") of a model with a layer of one's own."""
    what, name = (g for g in told.groups() if g)
    return Found(
        f"The file names the {what} `{name}`, and Keras doesn't know one of this name: it is of "
        "your own, or of another library or version.",
        f'Tell it: `load_model(..., custom_objects={{"{name}": {name}}})`; or put '
        "`@keras.saving.register_keras_serializable()` above it, before the model is saved and "
        "before it is loaded.",
    )


@fault(
    belief="a metric turns class numbers and outputs into each other",
    truth="metrics such as Precision compare number by number, so labels need a place for each "
    "output",
    hint="print the shape of the labels beside model.output_shape.",
)
def metric_shapes(facts):
    """metrics=[Precision()] for whole-number labels and three outputs."""
    model, y = facts.model, facts.feed.y.one
    said = re.search(
        r"[Ii]ncompatible|broadcast|must match|must be equal|expects 2D inputs|segment_ids|be rank"
        r"|at least rank",
        facts.whole,
    )
    if facts.inside or not said or facts.did not in TRAINS:
        return None
    if "Exception encountered when calling" in facts.whole:
        return None  # a layer failed
    if model is None or len(model.outputs) != 1:
        return None
    if clash(facts) is not None or pair(facts) is not None or y is None or not y.shape:
        return None
    names = [m for m in _flat(model.metrics) if _by_number(m.lower())]
    k = model.outputs[0][-1]
    numbers = len(y.shape) == len(model.outputs[0]) - 1 or y.shape[-1] == 1
    unions = [m for m in _flat(model.metrics) if re.match(r"mean_?io_?u|io_?u", m.lower())]
    if unions and numbers and k and k > 1:
        return Found(
            f"The metric `{unions[0]}` compares numbers of classes, and the model gives {k} "
            f"outputs in the place of each label: {model.outputs[0]} beside {y.shape}.",
            f"Let the metric find the class by itself: `MeanIoU(num_classes={k}, "
            "sparse_y_pred=False)`.",
        )
    if not names or not numbers or not k or k == 1:
        return None
    sparse = str(model.loss).startswith("sparse")
    return Found(
        f"The metric {', '.join(f'`{n}`' for n in names)} compares the {k} outputs with the labels "
        f"number by number, and the labels, of shape {y.shape}, are whole numbers, one for each "
        "sample.",
        "Make the labels one-hot, `keras.utils.to_categorical(y)`"
        + (", with `categorical_crossentropy`" if sparse else "")
        + '; or take a metric for whole-number labels, such as "sparse_categorical_accuracy".',
    )


#: Metrics that want a label for each output.
_BY_NUMBER = ("precision", "recall", "auc", "f1", "fbeta", "true", "false", "binary", "sensitivity")


def _by_number(metric):
    rows = metric.startswith(("categorical", "top_k_categorical", "topkcategorical"))
    return rows or metric.split("_")[0] in _BY_NUMBER


def _flat(metrics):
    if isinstance(metrics, dict):
        metrics = list(metrics.values())
    if isinstance(metrics, (list, tuple)):
        return [m for part in metrics for m in _flat(part)]
    return [str(metrics)] if metrics else []


@fault(
    belief="a model can be built again for another input",
    truth="weights are made once, for the input that a model met first",
    hint="print model.input_shape before the line that fails.",
)
@given(
    in_text(r"already been configured to use input shape (\([^)]*\)).*with input_shape (\([^)]*\))")
)
def built_twice(facts, told):
    """model.build((None, 8)) on a model that has an Input of 7."""
    return Found(
        f"The model was built for inputs of the shape {told[1]}, and is to be built again for "
        f"{told[2]}: its first layer has weights of the first size.",
        "Make a new model for the other shape; or declare the right one from the start, by the "
        "Input, and leave `build` out.",
    )


@also("fault", "several_inputs")
def _(facts):
    """Sequential([Input((4,)), Dense(3), Input((3,)), Dense(1)])."""
    configured = "already been configured to use input shape" in facts.text
    further = "InputLayer has no positional arguments" in facts.text
    if not configured and not further:
        return None
    return Found(
        "A Sequential was given an Input further down in its list, or a second one: it has one "
        "input, said first.",
        "Keep the first Input, and leave the others out: the shapes further down follow from it.",
    )


#: What Keras says of a class that was handed over.
_A_CLASS = "of type <class 'type'>"


@also("fault", "class_for_layer")
def _(facts):
    """layers.Flatten(x), where layers.Flatten()(x) was meant."""
    text = facts.whole.lower()
    made = re.search(r"\b(?:layers?\.)?([A-Z]\w+)\((\w+)\)", wrote(facts))
    swallowed = "kerastensor" in text and facts.layer is None or "data_format=<kerastensor" in text
    listed = "only instances of `keras.layer` can be added" in text and _A_CLASS in text
    if listed:
        return Found(
            "The list of layers holds a class, without parentheses, in the place of a layer.",
            "Make a layer of it: `Flatten()`, with parentheses, in the place of `Flatten`.",
        )
    if not swallowed or not made or "must be" not in text and "invalid" not in text:
        return None
    name, given = made.groups()
    return Found(
        f"`{name}({given})` makes a layer and takes `{given}` for a setting of it; it isn't the "
        "layer called on the tensor.",
        f"Make the layer first, with its own settings, then call it: `{name}(...)({given})`.",
    )


@also("fault", "layer_handed_over")
@given(in_text(r"Only input tensors may be passed.*: <(\w+) name=\w+, built="))
def _(facts, told):
    """x = layers.Attention([h, h]); layers.Dense(1)(x)."""
    kind = told[1]
    if kind in ("Sequential", "Functional", "Model"):
        return Found(
            f"A model, a `{kind}`, stands where a tensor belongs.",
            "To go on from what the model gives, call the layer on its output, `model.outputs[0]`, "
            "and begin with `model.inputs`; or call the model on a tensor: `x = model(x)`.",
        )
    return Found(
        f"A layer, `{kind}`, stands where a tensor belongs: it was made, and not called.",
        f"Call it on a tensor, and hand on what it gives: `x = {kind}(...)(x)`. The first brackets "
        "take settings, the second ones tensors (of several, a list: "
        f"`{kind}()([a, b])`).",
    )


@fault(
    belief="a Sequential or layer has an input and an output from the start",
    truth="it has them once it has been called on a tensor, or made with an Input",
    hint="print model.built before the line that fails.",
)
@given(in_whole(r"The layer (\w+) has never been called and thus has no defined (input|output)"))
def never_called(facts, told):
    """keras.Model(base.input, ...) where base is a Sequential that was never called."""
    name, end = told.groups()
    return Found(
        f"`{name}` has never been called on a tensor, so it has no `.{end}`.",
        f"Take `model.{end}s` of a Sequential that begins with an Input, and the `.output` of one "
        "of its layers, `model.layers[-1].output`; or call it first: `x = keras.Input(...)`, "
        f"`y = {name}(x)`, `keras.Model(x, y)`.",
    )


@also("fault", "layer_for_tensor")
def _(facts):
    """keras.Model(i, layers.Dense(1))."""
    text = facts.text
    if "values must be KerasTensors" in text and "invalid value None" not in text:
        which = "inputs" if "`inputs`" in text else "outputs"
        return Found(
            f"`keras.Model` was given {which} that aren't KerasTensors: a layer, or data, where "
            "the tensor belongs that `keras.Input` or a called layer gives.",
            "Give `keras.Model` what `keras.Input(...)` gives as inputs, and what the last layer "
            "gives when it is called, `Dense(1)(h)`, as outputs.",
        )
    return None
