"""Data that doesn't fit the input which a model declares."""

from dataclasses import dataclass

from autograder.learn.mistakes.causes.words import STREAMS, feeds, fits, named


@dataclass(frozen=True)
class Clash:
    """Data that a model's declared input doesn't take.

    got, declared: both with the batch axis. data: the Data, or None. label: how to call the data.
    of: the name of the input, where there are several. labels: the number of targets, or None.
    """

    got: tuple
    declared: tuple
    data: object = None
    label: str = "the data"
    of: str = ""
    labels: int | None = None
    source: str = ""

    @property
    def said(self):
        """The start of what happened: both shapes."""
        where = f" for its input `{self.of}`" if self.of else ""
        return (
            f"{self.label[0].upper()}{self.label[1:]} has the shape {self.got}, and the model "
            f"takes {self.declared}{where}"
        )

    def mended(self, got=None, declared=None):
        """Tell whether the model would take the data if either had another shape."""
        return _taken(got or self.got, declared or self.declared)

    def one_sample(self, got):
        """Tell whether a batch of one sample, of this shape, is taken and has as many targets."""
        return self.mended(got=got) and self.labels in (None, 1)


def clash(facts):
    """Return the first Clash between data and a model's declared input, or None."""
    model = facts.model
    if model is None or not model.inputs or _elsewhere(facts):
        return None
    for feed, label in feeds(facts, "data"):
        for got, declared, data, of in _pairs(feed.x, model, facts):
            if got is not None and not _taken(got, declared):
                n = feed.y.shape[0] if feed.y.shape else None
                arrives = got[0] is None and data is not None and data.source == "array"
                call = named(data, "what arrives" if arrives else label)
                if label != "the data" and data is not None and data.name:
                    call = f"{label} {call}"
                source = data.source if data is not None else ""
                return Clash(tuple(got), tuple(declared), data, call, of, n, source)
    return None


def _elsewhere(facts):
    """Tell whether the error is surely not about what is fed."""
    told = "must have the same" in facts.text or facts.inside and _of_own_steps(facts)
    return facts.did in ("build", "load_weights", "") or told


def _of_own_steps(facts):
    """Tell whether a step of the person's own failed, which makes of the data what it likes."""
    refused = "xpected shape" in facts.text or "incompatible with the layer" in facts.whole
    return facts.model.own_steps and not refused


def _pairs(x, model, facts):
    several = len(model.inputs) > 1
    if not several:
        shape = x.shape
        if shape is None or x.source in (*STREAMS, "list"):
            met = facts.fed or (facts.received[0] if facts.received else None)
            shape = met if _met_first(facts) else shape
        yield shape, (None, *model.inputs[0][1:]), x.one, ""
        return
    inputs = [(None, *shape[1:]) for shape in model.inputs]  # the batch's size: see stateful_batch
    by_name = dict(zip(model.names, inputs, strict=True))
    if x.structure == "dict":
        both = [
            (i.shape, by_name[k], i, k)
            for k, i in zip(x.keys, x.items, strict=True)
            if k in by_name
        ]
    else:
        both = [(i.shape, d, i, n) for i, d, n in zip(x.items, inputs, model.names, strict=False)]
    yield from both


def _met_first(facts):
    """Tell whether the shape in the message is that of the data."""
    first = facts.model.layers[0].name if facts.model.layers else ""
    at = facts.layer.name if facts.layer else ""
    return "Invalid input shape" in facts.text or "xpected shape" in facts.text or at == first


def _taken(got, declared):
    return fits(as_taken(got, declared), declared)


def as_taken(got, declared):
    """Return the shape that data have inside of a model: Keras adds or drops a last axis of 1."""
    if len(got) == len(declared) + 1 and got[-1] == 1:
        return tuple(got[:-1])
    return (*got, 1) if len(got) == len(declared) - 1 and declared[-1] == 1 else tuple(got)
