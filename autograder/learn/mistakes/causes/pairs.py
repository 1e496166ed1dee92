"""Outputs and the targets that a loss compares them with."""

from dataclasses import dataclass, replace

from autograder.learn.mistakes.causes.clashes import clash
from autograder.learn.mistakes.causes.words import feeds, fits, product, sample, two_shapes

ROWS = ("categorical_crossentropy", "kl_divergence", "categorical_focal_crossentropy")
SPARSE = "sparse_categorical_crossentropy"
BINARY = ("binary_crossentropy", "binary_focal_crossentropy")
TRAINS = ("fit", "evaluate", "train_on_batch", "test_on_batch")


@dataclass(frozen=True)
class Pair:
    """An output and its target, which don't fit together.

    target, output: shapes with the batch axis. data: the targets' Data, or None. loss: its name.
    last: the layer that makes the output; way: all that lead to it. label: how to call the target.
    """

    target: tuple
    output: tuple
    loss: str
    facts: object
    data: object = None
    label: str = "the targets"
    name: str = ""

    @property
    def last(self):
        """The last layer that does more than activate; None where not known."""
        model = self.facts.model
        if model is not None and len(model.outputs) > 1:
            return next((s for s in reversed(self.way) if s.family != "same"), None)
        return model.last if model else None

    @property
    def way(self):
        """The layers that lead to the output."""
        model = self.facts.model
        if model is not None and self.name in model.ways:
            return model.ways[self.name].steps
        return (model.way.steps or model.layers) if model else ()

    @property
    def ordered(self):
        """Whether it is known in which order the layers are called."""
        model = self.facts.model
        return model is not None and (bool(model.way.steps) or model.kind == "Sequential")

    @property
    def said(self):
        """The start of what happened: both shapes."""
        of = f" for the output `{self.name}`" if self.name else ""
        return (
            f"The model gives {self.output}{of}, and {self.label} "
            f"{'has' if self.label.startswith('`') else 'have'} the shape {self.target}"
        )

    @property
    def checked(self):
        """Whether the targets are those of the validation data; those for training fit, then."""
        return self.label.startswith("the validation")

    @property
    def classes(self):
        """Whether the loss is one for classes, as rows or as numbers."""
        return self.loss in ROWS or self.loss == SPARSE

    @property
    def whole(self):
        """Whether the targets are whole numbers; True where their numbers aren't known."""
        return self.data is None or self.data.low is None or self.data.whole

    def sample(self):
        """Return the shapes of one target and one output, as the loss brings them to one rank."""
        t, o = sample(self.target), sample(self.output)
        if self.loss == SPARSE:
            return (t[:-1] if len(t) == len(o) and t[-1] == 1 else t), o
        if len(t) == len(o) + 1 and t[-1] == 1:
            t = t[:-1]
        elif len(o) == len(t) + 1 and o[-1] == 1:
            t = (*t, 1)
        return t, o

    def agree(self):
        """Tell whether the loss can compare the two."""
        t, o = self.sample()
        return fits(t, o[:-1]) if self.loss == SPARSE else fits(t, o)

    def mended(self, **changes):
        """Tell whether the loss can compare the two after a change of target, output or loss."""
        return replace(self, **changes).agree()


def pair(facts):
    """Return the first Pair of an output and a target that don't fit, or None."""
    if _in_layer(facts):
        return None
    direct = facts.target is not None and facts.output is not None
    if facts.did not in TRAINS and not direct:
        return None
    own = facts.inside and facts.model is not None and facts.model.own_steps
    if own and not direct and "compile_loss" not in facts.whole:
        return None  # what is compared there need not be what was handed over
    if facts.model is not None and facts.did in TRAINS and clash(facts) is not None and not direct:
        return None
    found = next((p for p in pairs(facts, direct) if not p.agree()), None)
    return found if found is None or _met(found, facts) else None


def _met(p, facts):
    """Tell whether it may be this pair that failed; a loss of one's own compares as it likes."""
    if facts.model is None or not facts.model.own_loss:
        return True
    both = two_shapes(facts.text)
    if "LogicalAnd" in facts.whole:  # a metric counts so, such as Precision
        return False
    if both is None:
        return facts.target is not None or facts.output is not None
    alike = [fits(s[1:], p.target[1:]) for s in both], [fits(s[1:], p.output[1:]) for s in both]
    rolled = {product(s) for s in both} == {_numbers(p.target, p), _numbers(p.output, p)}
    return (any(alike[0]) and any(alike[1])) or rolled


def _numbers(shape, p):
    """Return how many numbers a batch holds that a loss has made one row of."""
    n = p.target[0] or 0
    return product((min(n, p.facts.batch_size or 32), *shape[1:])) if None not in shape[1:] else 0


def _in_layer(facts):
    text = facts.whole
    return "Exception encountered when calling" in text or "incompatible with the layer" in text


def pairs(facts, direct):
    """Yield the Pairs of outputs and targets. direct: whether a loss tells both shapes."""
    model = facts.model
    if model is None or not model.outputs or facts.did not in TRAINS:
        if direct:
            loss = loss_of(model) if facts.did in TRAINS else ""
            y = facts.feed.y.one
            data = y if y and y.shape and len(y.shape) == len(facts.target) else None
            target = data.shape if data else facts.target
            if _other_batch(target, facts.output):
                return
            yield Pair(target, facts.output, loss or _loss_said(facts), facts, data, _label(data))
        elif (output := _subtracted(facts)) is not None:
            y = facts.feed.y.one
            yield Pair(y.shape, output, loss_of(model), facts, y, _label(y))
        return
    for feed, label in feeds(facts, "targets"):
        yield from _outputs(facts, model, feed, label)


def _subtracted(facts):
    """Return the output of a model of one's own that a loss of Keras's has subtracted, or None."""
    both, y, model = two_shapes(facts.text), facts.feed.y.shape, facts.model
    if not both or not y or "{{node compile_loss/" not in facts.whole or facts.inside:
        return None
    if model is None or model.own_loss or facts.did not in TRAINS:
        return None
    others = [s for s in both if not fits(s[1:], y[1:])]
    return others[0] if len(others) == 1 else None


def _other_batch(target, output):
    """Tell whether targets and outputs are of two batches, of different numbers of samples."""
    n, m = (target or (None,))[0], (output or (None,))[0]
    return None not in (n, m) and n != m and n not in output[1:]


def _outputs(facts, model, feed, label):
    for i, (name, output) in enumerate(zip(model.out_names, model.outputs, strict=False)):
        several = len(model.outputs) > 1
        data = _target(feed.y, name, i, several)
        shape = data.shape if data is not None else None
        told = label == "the targets" or facts.checking and feed.x.source != "array"
        if shape is None and not several and told and facts.target:
            shape = facts.target
            if facts.output and len(facts.output) == len(output):
                output = facts.output
        if shape is None:
            continue
        if not several and facts.output and fits(facts.output[1:], output[1:]):
            output = (output[0], *facts.output[1:])  # sizes that the model leaves open
        end = facts.way.end[0] if facts.way.end and facts.layer is None else ()
        if not several and None in output[1:] and fits(end[1:], output[1:]):
            output = (output[0], *end[1:])
        loss = loss_of(model, name, i)
        call = _label(data, label)
        yield Pair(shape, output, loss, facts, data, call, name if several else "")


def _label(data, label="the targets"):
    if data is None or not data.name:
        return label
    return f"`{data.name}`" if label == "the targets" else f"{label} `{data.name}`"


def _target(y, name, i, several):
    if not y:
        return None
    if y.structure == "dict":
        return y.items[y.keys.index(name)] if name in y.keys else None
    if y.structure == "list" and several:
        return y.items[i] if i < len(y.items) else None
    return None if several else y.one


def loss_of(model, name="", i=0):
    """Return the name of the loss of an output, or ""."""
    loss = model.loss if model else None
    if isinstance(loss, dict):
        return loss.get(name) or ""
    if isinstance(loss, list):
        return (loss[i] if i < len(loss) else "") or ""
    return loss or ""


def _loss_said(facts):
    text = facts.line.source if facts.line else ""
    known = (SPARSE, *ROWS, *BINARY)
    for name in known:
        if name in text or name.title().replace("_", "") in text:
            return name
    if facts.measured is not None and facts.measured.name in known:
        return facts.measured.name
    return SPARSE if "target.ndim - 1" in facts.text else ""
