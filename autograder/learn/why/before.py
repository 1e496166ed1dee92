"""Before a model is trained: what of data, targets, loss and metrics doesn't fit together.

Shapes and a bounded sample of values are looked at; nothing is trained, and nothing is run.
"""

import contextlib
from dataclasses import replace

import keras

from autograder.learn.calls import Call, calls_of, is_shape
from autograder.learn.diagnose import diagnose_fault, diagnose_silent
from autograder.learn.inside import followed
from autograder.learn.mistakes.causes.clashes import as_taken
from autograder.learn.quiet import unwarned
from autograder.learn.why.card import Why
from autograder.learn.why.data import NOTHING, feed_of, shape_of
from autograder.learn.why.facts import Facts
from autograder.learn.why.layers import family_of, layer_of, model_of, way_through


def is_data(thing):
    """Tell whether something is data, and no shape: an array, a Dataset, a dict or list of them."""
    if thing is None or is_shape(thing) or isinstance(thing, keras.KerasTensor):
        return False
    if isinstance(thing, dict):
        thing = list(thing.values())
    if isinstance(thing, (list, tuple)):
        return any(shape_of(x) is not None for x in thing)
    streams = ("element_spec", "__next__")
    return (
        shape_of(thing) is not None
        or any(hasattr(thing, s) for s in streams)
        or any(c.__name__ == "PyDataset" for c in type(thing).__mro__)
    )


@unwarned()
def compare(model, x, y=None):
    """Return what doesn't fit between a model and the data that it is to be trained on.

    x: an array, a list or dict of arrays, or a tf.data.Dataset. y: the targets, likewise.
    """
    known = model_of(model)
    feed = feed_of(x, y, None, NOTHING)
    if not known.outputs:
        known = replace(known, outputs=_outputs(model), out_names=("output",))
    known = replace(known, within=_within(model))
    facts = Facts("", "", did="fit" if feed.y else "predict", model=known, feed=feed)
    way = layer = None
    if known.chain and feed.x.shape:
        with contextlib.suppress(Exception):  # a layer that can't be asked
            declared = known.inputs[0] if known.inputs else feed.x.shape
            way, layer = way_through(known.chain, as_taken(feed.x.shape, declared))
    facts = replace(facts, model=replace(known, chain=()), layer=layer)
    facts = replace(facts, way=way) if way is not None else facts
    silent = diagnose_silent(facts)
    if _refused(facts):  # then no loss gets to see what the model gives
        silent = tuple((r, f) for r, f in silent if r.code != "silent_broadcast")
    codes = {rule.code for rule, _ in silent}
    failing = () if codes & _SILENT else diagnose_fault(facts)
    causes = [*failing, *((r, f) for r, f in silent if r.code not in {q.code for q, _ in failing})]
    return Comparison(facts, tuple(causes), failing=len(failing))


def _outputs(model):
    """Return the shape that a model of one's own gives, followed on shapes; () if it can't be."""
    way = followed(Call(model, (), None)) if model.built else None
    one = way is not None and is_shape(way.after)
    return ((None, *way.after[1:]),) if one and len(way.after) else ()


def _within(model):
    """Return the Layers, and operations, inside of layers of the person's own."""
    with contextlib.suppress(Exception):  # what somebody wrote may fail in any way
        calls = _opened(calls_of(model) or [Call(model, (), None)])
        return tuple(layer_of(c.layer, c.befores, c.after) for c in calls)
    return ()


def _opened(calls):
    """Yield the Calls inside of layers and models of the person's own, as deep as they go."""
    for call in calls:
        own = family_of(call.layer) in ("own", "model") and not calls_of(call.layer)
        way = followed(call) if own else None
        if way is not None:
            yield from way.calls
            yield from _opened(way.calls)


def _refused(facts):
    """Tell whether the samples have another number of axes than the model's only input."""
    given, declared = facts.feed.x.shape, facts.model.inputs
    one = bool(given) and len(declared) == 1
    return one and len(as_taken(given, declared[0])) != len(declared[0])


#: Where one of these holds, no error comes.
_SILENT = {"silent_broadcast", "other_size_taken", "list_input"}


class Comparison(Why):
    """What of model, data and targets doesn't fit. Print it, or leave it at the end of a cell."""

    def __init__(self, facts, causes, failing):
        super().__init__(facts, causes)
        object.__setattr__(self, "failing", failing)

    def _parts(self):
        yield "What meets", tuple(self._meets())
        if not self.causes:
            yield "", "I see nothing in these shapes and values that doesn't fit."
            return
        for i, (rule, found) in enumerate(self.causes):
            head = "What will not fit" if i < self.failing else "What goes wrong in silence"
            told = found.happened
            if rule.truth:
                told += f"\n{rule.truth[0].upper()}{rule.truth[1:]}."
            yield head, told
            yield "What to change", found.change

    def _meets(self):
        facts, model = self.facts, self.facts.model
        for label, parts in (("x", facts.feed.x), ("y", facts.feed.y)):
            for key, item in zip(parts.keys, parts.items, strict=False):
                name = f"{label}[{key!r}]" if len(parts.items) > 1 else label
                yield name, f"{item.shape} {item.dtype}".strip() + _span(item)
        for name, shape in zip(model.names, model.inputs, strict=True):
            yield _which("input", name, model.inputs), str(shape)
        for name, shape in zip(model.out_names, model.outputs, strict=False):
            yield _which("output", name, model.outputs), str(shape)
        if model.softmax:
            yield "last activation", model.softmax
        if model.compiled:
            yield "loss", str(model.loss) + ", from logits" * model.logits
            if model.metrics:
                yield "metrics", str(model.metrics)


def _span(item):
    lost = f", {item.lost:,} nan or infinite" * bool(item.lost)
    if item.low is None:
        return lost
    kind = "one-hot, " if item.one_hot else "whole numbers, " if item.whole else ""
    return f", {kind}{item.low:g} to {item.high:g}{lost}"


def _which(word, name, several):
    return word if len(several) == 1 else f"{word} {name}"
