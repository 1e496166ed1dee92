"""What can be known of an error, as plain data: the call, the data, the model, the line.

Facts are worked out once, from the frames that the error carries: Keras's own wrapper keeps one
with the call (model, x, y and the rest). Nothing is run again, no array is changed, and what is
kept of an array is its shape and a few numbers.
"""

import contextlib
import inspect
import linecache
import os
import re
import sysconfig
import traceback
from dataclasses import dataclass, field, replace

import keras

from autograder.learn.messages import plain, tidy
from autograder.learn.mistakes.causes.clashes import as_taken
from autograder.learn.mistakes.causes.words import shape_in, two_shapes
from autograder.learn.why.data import NOTHING, Data, Feed, Named, Parts, feed_of, parts_of, shape_of
from autograder.learn.why.layers import Layer, Way, layer_of, model_of, way_through, way_to

#: The methods of a model that take data.
FEEDS = ("fit", "evaluate", "predict", "train_on_batch", "test_on_batch", "predict_on_batch")
#: So many arrays of the person's own are kept in mind, by name and shape.
MOST_ARRAYS = 60

_NOT_THEIRS = (
    *(os.path.normcase(p) for p in set(sysconfig.get_paths().values()) if "scripts" not in p),
    *(f"{os.sep}{name}{os.sep}" for name in ("site-packages", "dist-packages")),
    os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))) + os.sep,
    "<frozen",
    "<string>",
    "<__array_function__",
)


@dataclass(frozen=True)
class Line:
    """A line of the person's own code. file: its name without folders; "" in a notebook."""

    number: int
    source: str
    file: str = ""

    def __str__(self):
        where = f"line {self.number}" + (f" of {self.file}" if self.file else "")
        return f"{where}: `{self.source}`" if self.source else where


@dataclass(frozen=True)
class Facts:
    """All that is known of an error.

    kind, text: its type and what it says, tidied. whole: the text with Keras's list of arguments.
    line: where in the person's code. did: the method that was called ("fit", "__call__", ...),
    or "". model: Model, or None. feed: what the model was given; checked: the validation data.
    fed: the shape that arrived, where the message tells. layer: the Layer that refused;
    received: the shapes it was given. way: how these came about. mine: names of the person's
    arrays with their shapes; symbols: of their KerasTensors. options: the other
    arguments of the call; class_weight as True. in_keras: whether Keras, or what it calculates
    with, raised it. inside: whether the line is one of a call, train_step, loss or the like of the
    person's own, which Keras has called; within: the name of the function that it stands in.
    checking: whether it was in the validation within a `fit`.
    measured: the metric or loss that compared targets with outputs when it failed. turned: whether
    what was given as the ends of a model is connected the other way round. alike: whether a tensor
    was given as both ends of it. ends: where the ends aren't connected, the Inputs that the outputs
    come from, and those that were given: two dicts of names and shapes.
    asked: the Layer of the person's that the line calls, where what it gives was taken apart
    wrongly. held: arguments of the person's function that are a tuple or list of arrays, with the
    number that they hold.
    """

    kind: str
    text: str
    whole: str = ""
    line: Line | None = None
    did: str = ""
    model: object = None
    feed: Feed = Feed()
    checked: Feed = Feed()
    fed: tuple | None = None
    layer: Layer | None = None
    received: tuple = ()
    way: Way = Way()
    mine: dict = field(default_factory=dict)
    symbols: dict = field(default_factory=dict)
    batch_size: int | None = None
    split: float = 0.0
    earlier: Way | None = None
    options: dict = field(default_factory=dict)
    in_keras: bool = False
    inside: bool = False
    within: str = ""
    checking: bool = False
    measured: object = None
    turned: bool = False
    alike: bool = False
    ends: tuple = ()
    asked: object = None
    held: dict = field(default_factory=dict)

    @property
    def met(self):
        """Which layer refused and what made its input, as the rules on texts want it."""
        if self.layer is None:
            return ""
        makers = self.way.steps[-1].kind if self.way.steps else "data"
        return f" [{self.layer.kind} on {makers}]"

    @property
    def about_shapes(self):
        """Whether Keras, or what it calculates with, refused a shape."""
        text = re.sub(r"Could not automatically infer.*?Error encountered:", "", self.text)
        said = re.search(r"shape|dimension|ndim|rank|\baxis\b|axes", text) is not None
        return self.in_keras and said

    @property
    def target(self):
        """The shape of the targets that a loss or metric met, from its message, or None."""
        # JAX multiplies the targets by what a loss has summed over the outputs.
        jax = r"Incompatible shapes for broadcasting: shapes="
        summed = self.did in FEEDS and self.model is not None and not self.model.own_loss
        return shape_in(self.text, r"target\.shape=") or (
            shape_in(self.text, jax) if summed else None
        )

    @property
    def output(self):
        """The shape of the outputs that a loss or metric met, from its message, or None."""
        return shape_in(self.text, r"output\.shape=")


def facts_of(error):
    """Return the Facts of an error. Never raises: what can't be had is left out."""
    whole = plain(_said(error))
    frames = _frames(error)
    raised = [f for f, _ in traceback.walk_tb(_origin(error).__traceback__)]
    inner = raised[-1].f_code.co_filename if raised else ""
    text = tidy(_said(error))
    if "infer the shape of the Lambda's output" in text:
        text += f" {tidy(_said(_first(error)))}"  # Keras leaves out what the function said
    first = _first(error)
    if "symbolic tf.Tensor" in text and first is not error and two_shapes(tidy(_said(first))):
        # A tensor and an array that didn't fit: then TensorFlow asked NumPy, which can't do it.
        text = tidy(_said(first))
    facts = Facts(type(error).__name__, text, whole, in_keras=_is_library(inner))
    theirs = [(f, n) for f, n in frames if is_theirs(f.f_code.co_filename)]
    for step in (_placed, _called, _refused, _shaped, _ended, _compared):
        with contextlib.suppress(Exception):  # a stranger's objects may fail in any way
            facts = step(facts, frames, theirs)
    if facts.model is not None:  # from here on plain data: nothing of the person's is kept alive
        facts = replace(facts, model=replace(facts.model, chain=()))
    return facts


def is_theirs(path):
    """Tell whether a file is the person's own: no library's, and none of ours."""
    path = os.path.normcase(path)
    if path.endswith((".pyx", ".pxd")):  # compiled: no path tells whose it is
        return False
    if "__autograph_generated_file" in path:  # TensorFlow's own spelling of a function
        return False
    return not any(part in path if part[0] in f"{os.sep}<" else False for part in _NOT_THEIRS)


def _is_library(path):
    """Tell whether a file belongs to Keras or to what it calculates with."""
    names = ("keras", "tensorflow", "jax", "torch", "optree", "jaxlib", "h5py")
    return any(f"{os.sep}{n}{os.sep}" in path for n in names)


def _said(error):
    try:
        return str(error)
    except Exception:
        return ""


def _first(error):
    """Return the error that an error came from, by however many steps."""
    for _ in range(8):
        if error.__context__ is None:
            break
        error = error.__context__
    return error


def _origin(error):
    """Return the error that Keras wrapped in others, which repeat what it says."""
    for _ in range(8):
        inner = error.__cause__ or error.__context__
        if inner is None or not _said(inner) or _said(inner) not in _said(error):
            break
        error = inner
    return error


def _frames(error):
    """Return the frames of an error and of what it came from, outermost first."""
    frames, seen = [], set()
    while error is not None and id(error) not in seen and len(seen) < 5:
        seen.add(id(error))
        frames += [p for p in traceback.walk_tb(error.__traceback__) if p not in frames]
        error = error.__cause__ or error.__context__
    return frames


# Where


def _placed(facts, frames, theirs):
    if not theirs:
        return facts
    frame, number = theirs[-1]
    path = frame.f_code.co_filename
    source = linecache.getline(path, number, frame.f_globals).strip()
    notebook = "ipykernel" in path or path.startswith("<")
    line = Line(number, source.rstrip(), "" if notebook else os.path.basename(path))
    symbols = {n: tuple(v.shape) for n, v in _names(theirs) if isinstance(v, keras.KerasTensor)}
    first = next((i for i, (f, _) in enumerate(frames) if _is_keras(f)), len(frames))
    inside = any(f is frame for f, _ in frames[first:])
    within = frame.f_code.co_name
    arrays, held = _arrays(theirs), _held(frame)
    asked = _asked(frame, source) if "values to unpack" in facts.text else None
    facts = replace(facts, line=line, mine=arrays, inside=inside, within=within, symbols=symbols)
    return replace(facts, asked=asked, held=held)


def _held(frame):
    """Return the arguments of a function that are a tuple or list of arrays, and of how many."""
    names = frame.f_code.co_varnames[: frame.f_code.co_argcount]
    given = {k: v for k in names if isinstance(v := frame.f_locals.get(k), (tuple, list)) and v}
    return {k: len(v) for k, v in given.items() if all(shape_of(x) is not None for x in v[:9])}


def _asked(frame, source):
    """Return the Layer that a line calls by a name, `rnn(x)` or `self.rnn(x)`; or None."""
    for owner, name in re.findall(r"(self\.)?\b(\w+)\(", source):
        here = vars(frame.f_locals.get("self")) if owner else frame.f_globals | frame.f_locals
        if isinstance(here.get(name), keras.Layer):
            return layer_of(here[name])
    return None


def _arrays(theirs):
    """Return the shapes of arrays in the person's frames by name, the innermost first."""
    found = {}
    for name, value in _names(theirs):
        shape = shape_of(value)
        if shape is not None and not isinstance(value, keras.KerasTensor):
            found.setdefault(name, shape)
        if len(found) >= MOST_ARRAYS:
            break
    return found


def _names(theirs):
    """Yield the person's variables: of each frame its own, then the globals that it uses."""
    for frame, _ in reversed(theirs):
        yield from list(frame.f_locals.items())
        used = [n for n in frame.f_code.co_names if n in frame.f_globals]
        yield from ((n, frame.f_globals[n]) for n in used)
    top = theirs[0][0].f_globals
    for name in list(top):
        if not name.startswith("_"):
            yield name, top[name]


def _ended(facts, frames, theirs):
    """Tell whether a graph that isn't connected would be, had its ends been exchanged."""
    if "is not connected to" not in facts.text:
        return facts
    # Keras makes copies of `inputs` and `outputs`; under these names it keeps what it was given.
    given = next(f.f_locals for f, _ in frames if "flat_inputs" in f.f_locals)
    if {id(x) for x in given["flat_inputs"]} & {id(x) for x in given["flat_outputs"]}:
        return replace(facts, alike=True)
    begun = [s for s in way_to(given["flat_outputs"]).steps if s.family == "input"]
    ends = {s.name: s.after for s in begun}, {x.name: tuple(x.shape) for x in given["flat_inputs"]}
    with contextlib.suppress(Exception):
        keras.Function(given["flat_outputs"], given["flat_inputs"])  # raises if it isn't so
        return replace(facts, turned=True)
    return replace(facts, ends=ends)


@dataclass(frozen=True)
class Measured:
    """A metric or loss of Keras's that failed on what it was to compare.

    kind, name: its class, or the function, and its name. target, output: the shapes it was given.
    numbers: whether it takes outputs for numbers of classes.
    """

    kind: str
    name: str
    target: tuple
    output: tuple
    numbers: bool = False


_COMPARING = tuple(os.path.join("keras", "src", part, "") for part in ("metrics", "losses"))


def _compared(facts, frames, theirs):
    """Add the metric or loss that compared two shapes when it failed."""
    comparing = [f for f, _ in frames if any(p in f.f_code.co_filename for p in _COMPARING)]
    comparing = [f for f in comparing if {"y_true", "y_pred"} <= set(f.f_locals)]
    if not comparing:
        return facts
    metric = (f for f in comparing if isinstance(f.f_locals.get("self"), keras.metrics.Metric))
    frame = next(metric, comparing[0])
    of, function = frame.f_locals.get("self"), frame.f_code.co_name
    target, output = (shape_of(frame.f_locals[name]) for name in ("y_true", "y_pred"))
    if target is None or output is None:
        return facts
    kind = function if of is None else type(of).__name__
    numbers = bool(getattr(of, "sparse_y_pred", False))
    told = Measured(kind, getattr(of, "name", function), target, output, numbers)
    return replace(facts, measured=told)


# What was called, with what


@dataclass(frozen=True)
class _Call:
    of: object
    name: str
    given: dict


def _calls(frames):
    """Yield the calls of Keras's objects that the frames tell of."""
    for frame, _ in frames:
        here = frame.f_locals
        if frame.f_code.co_name == "error_handler" and isinstance(here.get("args"), tuple):
            if here["args"] and callable(here.get("fn")):
                yield _bound(here["fn"], here["args"], here.get("kwargs") or {})
        elif "self" in frame.f_code.co_freevars:  # a function within a call, on a part of what came
            continue
        elif isinstance(here.get("self"), keras.Layer) and _is_keras(frame):
            yield _Call(here["self"], frame.f_code.co_name, dict(here))


def _is_keras(frame):
    return f"{os.sep}keras{os.sep}src{os.sep}" in frame.f_code.co_filename


def _bound(function, args, kwargs):
    try:
        given = dict(inspect.signature(function).bind_partial(*args, **kwargs).arguments)
    except (TypeError, ValueError):
        given = dict(kwargs)
    for nested in ("args", "kwargs"):
        extra = given.pop(nested, None)
        if isinstance(extra, dict):
            given.update(extra)
        elif extra:
            given.setdefault("inputs", extra[0] if len(extra) == 1 else list(extra))
    return _Call(args[0], getattr(function, "__name__", ""), given)


def _called(facts, frames, theirs):
    calls = list(_calls(frames))
    if facts.inside and (name := _CALLS_ANEW.search(facts.line.source)):
        of = theirs[-1][0].f_locals.get("self")
        model = of if isinstance(of, keras.Model) else getattr(of, "model", None)
        known = model_of(model) if isinstance(model, keras.Model) else None
        unseen = Feed(Parts("one", ("",), (Data(None),)))
        return replace(facts, did=name[1], model=known, feed=unseen, inside=False)
    fed = next((c for c in calls if c.name in FEEDS and isinstance(c.of, keras.Model)), None)
    call = fed or next((c for c in calls if isinstance(c.of, keras.Model)), None)
    names = Named([(n, v) for n, v in _names(theirs)]) if theirs else NOTHING
    if call is None:
        owner = next((c.of for c in calls if isinstance(c.of, keras.Layer)), None)
        model = owner or _model_at_hand(theirs)
        known = model_of(model) if isinstance(model, keras.Model) else None
        return replace(facts, did=calls[0].name if calls else "", model=known)
    facts = replace(facts, did=call.name, model=model_of(call.of))
    if call.name in FEEDS:
        given = call.given
        options = {
            k: v for k, v in given.items() if isinstance(v, (int, float, str, bool)) and k != "self"
        }
        if given.get("class_weight") is not None:
            options["class_weight"] = True
        checked = feed_of(given.get("validation_data"), None, None, names)
        return replace(
            facts,
            feed=feed_of(given.get("x"), given.get("y"), given.get("sample_weight"), names),
            checked=checked,
            batch_size=given.get("batch_size"),
            split=given.get("validation_split") or 0.0,
            options=options,
            checking=call.name == "fit" and _validating(call.of),
        )
    if call.name not in ("__call__", "call"):
        return facts
    inputs = next((v for k, v in call.given.items() if k not in ("self", "kwargs")), None)
    return replace(facts, feed=Feed(parts_of(inputs, names)))


#: A callback, say, that calls a model while it is trained: Keras leaves no trace of that call.
_CALLS_ANEW = re.compile(rf"\.({'|'.join(FEEDS)})\(")


def _validating(model):
    """Tell whether training had come to a validation; Keras makes one of these for the first."""
    if keras.backend.backend() == "jax":  # the iterator is taken away again there
        return getattr(model, "test_function", None) is not None
    return getattr(model, "_eval_epoch_iterator", None) is not None


def _model_at_hand(theirs):
    """Return the one model in the person's innermost frame, if there is just one."""
    found = {}
    for _, value in _names(theirs[-1:]) if theirs else ():
        if isinstance(value, keras.Model):
            found[id(value)] = value
    return next(iter(found.values())) if len(found) == 1 else None


# Who refused, and how it came to that


def _refused(facts, frames, theirs):
    calls = [c for c in _calls(frames) if isinstance(c.of, keras.Layer)]
    for frame, _ in reversed(frames):  # a Sequential that is being built
        here = frame.f_locals
        if frame.f_code.co_name == "build" and isinstance(here.get("layer"), keras.Layer):
            given = keras.tree.flatten(here.get("x"))
            symbolic = all(isinstance(t, keras.KerasTensor) for t in given)
            way = way_to(given) if given and symbolic else Way()
            model = facts.model or model_of(here.get("self"))
            layer = layer_of(here["layer"])
            return replace(facts, layer=layer, received=way.end, way=way, model=model, did="build")
    inner = [c for c in calls if not isinstance(c.of, keras.Model) and not _is_cell(c.of)]
    if inner:
        at = inner[-1].of
        at = next((c.of for c in inner if _wraps(c.of, at)), at)
        last = next((c for c in inner if c.of is at and c.name == "__call__"), inner[-1])
        tensors = _tensors(last.given)
        shapes = tuple(filter(None, (shape_of(t) for t in tensors)))
        symbolic = [t for t in tensors if isinstance(t, keras.KerasTensor)]
        way = way_to(symbolic) if symbolic else Way()
        earlier = _earlier(last.of) if last.of.built else None
        did = facts.did if facts.did in FEEDS else "call"
        return replace(
            facts,
            layer=layer_of(last.of),
            received=shapes,
            way=way,
            earlier=earlier,
            did=did,
            feed=facts.feed if facts.feed.x or symbolic else _first_given(inner, tensors),
        )
    models = [c.of for c in calls if isinstance(c.of, keras.Model)]
    named = re.search(r"layer ['\"]([\w/]+)['\"]|calling (\w+)\.call", plain(facts.whole))
    layer = named and models and _find(models[0], named[1], named[2], facts)
    return replace(facts, layer=layer_of(layer)) if layer is not None else facts


def _first_given(calls, tensors):
    """Return the Feed of the outermost call of a layer, within which the others are."""
    given = _tensors(calls[0].given) if calls[0].name == "__call__" else tensors
    return Feed(parts_of(given or tensors, NOTHING))


def _wraps(outer, layer):
    return isinstance(outer, keras.layers.TimeDistributed) and outer.layer is layer


def _is_cell(layer):
    return type(layer).__name__.endswith("Cell")


def _tensors(given):
    """Return what a layer was called on: all that has a shape."""
    found = []
    for key, value in given.items():
        if key != "self":
            found += [v for v in keras.tree.flatten(value) if shape_of(v) is not None]
    return found


def _earlier(layer):
    """Return the Way to the first call of a layer in a graph, or None."""
    nodes = getattr(layer, "_inbound_nodes", [])
    given = (
        keras.tree.flatten((nodes[0].arguments.args, nodes[0].arguments.kwargs)) if nodes else []
    )
    given = [x for x in given if isinstance(x, keras.KerasTensor)]
    return way_to(given) if given else None


def _find(model, name, kind, facts):
    """Return the layer of a model that a message names, or one of a kind if there is just one."""
    every = [x for x in model._flatten_layers() if x is not model]
    if name:
        return next((x for x in every if x.name == name), None)
    of_cell = re.sub(r"Cell$", "", kind or "")  # of a recurrent layer it is the cell that is named
    kinds = [x for x in every if type(x).__name__ == of_cell]
    return kinds[0] if len(kinds) == 1 else None


def _shaped(facts, frames, theirs):
    """Add the shapes that a message tells, and the way through a model that was fed."""
    text = facts.text
    patterns = (
        r"incompatible shape",
        r"found shape=",
        r"Full shape received:",
        r"received input with shape",
        r"input of shape",
        r"inputs shape=",
        r"Received: inputs\.shape=",
    )
    fed = next(filter(None, (shape_in(text, p) for p in patterns)), None)
    facts = replace(facts, fed=fed)
    if facts.layer is not None and not fed:
        listed = rf"Arguments received by {facts.layer.kind}\.call\(\):.*?shape="
        fed = shape_in(facts.whole, listed)
    if fed and not facts.received and facts.layer is not None:
        facts = replace(facts, received=(fed,))
    if not facts.way.steps and facts.model is not None and facts.model.chain:
        shape = facts.feed.x.shape if facts.feed.x else None
        one = facts.feed.x.one
        numbers = one is not None and one.dtype not in ("object", "text", "lists")
        refused = re.search(r"expected shape=|Invalid input shape", text)  # by the Input itself
        if shape and numbers and not refused and facts.did != "build":
            shape = as_taken(shape, facts.model.inputs[0]) if facts.model.inputs else shape
            way, layer = way_through(facts.model.chain, shape)
            # Other data than x may have been refused: only what stands before it is sure.
            names = [s.name for s in way.steps]
            if facts.layer is not None and facts.layer.name in names:
                way = replace(way, steps=way.steps[: names.index(facts.layer.name)])
            facts = replace(facts, way=way)
            if facts.layer is None and layer is not None:
                facts = replace(facts, layer=layer)
            if not facts.received and layer is not None and facts.layer.name == layer.name:
                facts = replace(facts, received=(way.end or (shape,)))
    return facts
