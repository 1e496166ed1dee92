"""Large models in few lines: what repeats is told once, what belongs together is one block."""

import itertools
import os
from collections import Counter
from dataclasses import dataclass, replace

from keras import layers

from autograder.learn.calls import is_shape
from autograder.learn.line import Line
from autograder.learn.reasons import listed, many

#: The longest stretch of layers that is looked for again, and the most lines of blocks.
STRETCH, BLOCKS = 60, 20
NORMALIZATIONS = (
    layers.BatchNormalization,
    layers.LayerNormalization,
    layers.GroupNormalization,
    layers.RMSNormalization,
)


@dataclass
class Part:
    """Calls that follow one another. times: how often the first of them come in a row.

    alike: whether the shapes are the same each time. name: of its one layer, what all names begin
    with, or the first and the last. sources: the names of the parts that it reads.
    """

    calls: list
    lines: list
    times: int = 1
    alike: bool = True
    name: str = ""
    sources: tuple = ()

    turn = 1

    @property
    def each(self):
        """How many calls there are each time."""
        return len(self.calls) // self.times

    @property
    def kind(self):
        """The class of its one layer, or how many there are."""
        if len(self.calls) == 1:
            return self.lines[0].kind
        times = f"{self.times} × " if self.times > 1 else ""
        return f"{times}{many(self.each, 'layer')}"

    @property
    def count(self):
        """How many parameters its layers have, each counted once."""
        return sum(line.count or 0 for line in self.lines if not line.shared)

    @property
    def after(self):
        """The shape that comes out at its end."""
        return self.calls[-1].after

    @property
    def start(self):
        """What the names of its layers begin with, if that tells them from others."""
        names = [call.name for call in self.calls]
        start = os.path.commonprefix(names).rpartition("_")[0]
        numbered = any(character.isdigit() for character in start)
        return start if numbered and all(name[len(start)] == "_" for name in names) else ""

    def line(self):
        """Return it as one Line."""
        first = self.lines[0]
        if len(self.calls) == 1:
            return first
        kinds = Counter(line.kind.removeprefix("operation ") for line in self.lines[: self.each])
        why = listed([f"{n} × {kind}" if n > 1 else kind for kind, n in kinds.items()])
        if self.times > 1:
            sizes = "the same shapes" if self.alike else "other sizes"
            why = f"{self.times} times in a row, each time with {sizes}: {why}"
        size = len(self.calls)
        return Line(
            self.name, self.kind, first.before, self.after, self.count, f"{why}.", size=size
        )

    def opened(self):
        """Return the Lines of the first time, and one for all the others."""
        if self.times == 1:
            return self.lines
        rest = Part(self.calls[self.each :], self.lines[self.each :])
        same = "the same layer" if self.each == 1 else f"the same {self.each} layers"
        more = f"{same}, {many(self.times - 1, 'more time')}"
        why = "Layers and shapes as above."
        (rest,) = _named([rest])
        line = replace(rest.line(), name=rest.name, kind=more, why=why, size=len(rest.calls))
        return [*self.lines[: self.each], line]


def fold(calls, lines, fits):
    """Return fewer Lines for the Lines of Calls, until `fits` says that they are few enough."""
    singles = [Part([call], [line]) for call, line in zip(calls, lines, strict=True)]
    found = [line for part in _repeats(singles, calls) for line in part.opened()]
    if fits(found):
        return found
    for parts in _ways(singles, calls):
        found = [part.line() for part in _named(parts)]
        if fits(found):
            break
    return found


def blocks(calls, lines, most):
    """Return Parts for a figure, at most so many, each with the names of what it reads."""
    singles = [Part([call], [line]) for call, line in zip(calls, lines, strict=True)]
    parts = next((p for p in _ways(singles, calls) if len(p) <= most), None)
    parts = _named(parts or _merged(singles, most))
    where = {call.name: part.name for part in parts for call in part.calls}
    for part in parts:
        read = [where[source] for call in part.calls for source in call.sources]
        part.sources = tuple(name for name in dict.fromkeys(read) if name != part.name)
    return parts


def _ways(singles, calls):
    """Yield Parts, ever fewer."""
    whole = _blocks(_groups(singles), calls)
    yield _repeats(whole, calls)
    yield _repeats(_repeats(whole, calls), calls, strict=False)
    yield _repeats(_merged(whole, BLOCKS), calls)


def _named(parts):
    """Give each part a name that no other one has."""
    starts = [part.start for part in parts]
    for part, start in zip(parts, starts, strict=True):
        names = [call.name for call in part.calls]
        others = [call.name for other in parts if other is not part for call in other.calls]
        alone = start and not any(name.startswith(f"{start}_") for name in others)
        part.name = start if alone else f"{names[0]} … {names[-1]}"
        part.name = names[0] if len(names) == 1 else part.name
    return parts


def _groups(parts):
    """Put each layer that only goes over numbers to the layer before it, padding to the next.

    Groups in a chain whose names begin alike, such as block_1_expand and block_1_project, go
    together too.
    """
    groups = []
    for part in parts:
        call, last = part.calls[0], groups[-1] if groups else None
        if last and call.sources == (last.calls[-1].name,) and _joins(last, call):
            groups[-1] = _joined([last, part])
        else:
            groups.append(part)
    found = groups[:1]
    for group in groups[1:]:
        both = _joined([found[-1], group])
        if (
            both.start
            and both.start == (found[-1].start or both.start)
            and both.start in (found[-1].start, group.start)
        ):
            found[-1] = both
        else:
            found.append(group)
    return found


def _joins(group, call):
    inputs, pads = layers.InputLayer, (layers.ZeroPadding1D, layers.ZeroPadding2D)
    before = group.calls[-1].layer
    if isinstance(before, inputs) or isinstance(call.layer, pads):
        return False
    if isinstance(before, pads):
        return True
    weights = getattr(call.layer, "weights", None)
    plain = not weights or isinstance(call.layer, NORMALIZATIONS)
    return plain and call.before == call.after


def _joined(parts, times=1, alike=True):
    calls = [call for part in parts for call in part.calls]
    return Part(calls, [line for part in parts for line in part.lines], times, alike)


def _blocks(parts, calls):
    """Put together what lies between places where one tensor alone goes on."""
    last_read, found, block = {}, [], []
    for i, call in enumerate(calls):
        last_read |= dict.fromkeys(call.sources, i)
    place = {call.name: i for i, call in enumerate(calls)}
    alive = set()
    for part in parts:
        block.append(part)
        end = place[part.calls[-1].name]
        alive |= {call.name for call in part.calls}
        alive = {name for name in alive if last_read.get(name, -1) > end}
        if alive <= {part.calls[-1].name}:
            found.append(block)
            block = []
    found += [block] * bool(block)
    # What holds half of the model together is no block of it.
    large = max(len(calls) / 2, 12)
    whole = [b for b in found if sum(len(p.calls) for p in b) <= large]
    return [p for b in found for p in ([_joined(b)] if len(b) > 1 and b in whole else b)]


def _repeats(parts, calls, strict=True):
    """Put together stretches of parts that come several times in a row."""
    place = {call.name: i for i, call in enumerate(calls)}
    marks = [_mark(part, place, strict) for part in parts]
    found, i = [], 0
    while i < len(parts):
        length, times = _longest(marks, i)
        if times > 1:
            stretch = parts[i : i + length * times]
            n = sum(len(part.calls) for part in stretch[:length])
            times = sum(len(part.calls) for part in stretch) // n
            found.append(_joined(stretch, times, strict and all(p.alike for p in stretch)))
        else:
            found.append(parts[i])
        i += length * times
    return found


def _longest(marks, i):
    """Return the length of the stretch at `i` that saves most by coming again, and how often."""
    best = 1, 1
    for length in range(1, min(STRETCH, (len(marks) - i) // 2) + 1):
        times = 1
        while marks[i : i + length] == marks[i + length * times : i + length * (times + 1)]:
            times += 1
        if length * (times - 1) > best[0] * (best[1] - 1):
            best = length, times
    return best


def _mark(part, place, strict):
    """Return what makes a part the same as another one."""
    mark = []
    for call, line in zip(part.calls, part.lines, strict=True):
        back = tuple(place[call.name] - place[s] for s in call.sources if s in place)
        sizes = (line.before, line.after, line.count) if strict else ()
        mark.append((line.kind, sizes, back if len(part.calls) == 1 else len(back)))
    return part.times, tuple(mark)


def _merged(parts, most):
    """Put neighbours together until there are so few, those of the same height and width first."""
    parts = list(parts)
    costs = [_cost(a, b) for a, b in itertools.pairwise(parts)]
    while len(parts) > most:
        i = costs.index(min(costs))
        parts[i : i + 2] = [_joined(parts[i : i + 2])]
        around = range(max(i - 1, 0), min(i + 1, len(parts) - 1))
        costs[max(i - 1, 0) : i + 2] = [_cost(parts[j], parts[j + 1]) for j in around]
    return parts


def _cost(a, b):
    inputs = isinstance(a.calls[-1].layer, layers.InputLayer)
    return inputs, _space(a.after) != _space(b.after), len(a.calls) + len(b.calls)


def _space(shape):
    """Return the sizes of a shape's axes between batch and features, of several the first's."""
    if shape is not None and shape and not is_shape(shape):
        shape = shape[0]
    return shape and shape[1:-1]
