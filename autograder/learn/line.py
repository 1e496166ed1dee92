"""One line of an explanation."""

from dataclasses import dataclass

from autograder.learn.reasons import listed, written


@dataclass(frozen=True)
class Line:
    """One call of a layer.

    name, kind: the layer's name and class. before, after: the shapes in and out, the batch axis
    included; a tuple of shapes where there are several, None where they are not known. count:
    its parameters; None if it is not built. why: the reasons, in a sentence or two. takes: the
    names of the layers it reads, where that is not just the line before. turn: 2 for
    the second call of a layer, and so on. shared: whether an earlier line has counted its weights.
    level: 1 for what is inside of the last line of level 0, and so on. size: how many calls are
    told together.
    """

    name: str
    kind: str
    before: tuple | None
    after: tuple | None
    count: int | None
    why: str
    takes: tuple = ()
    turn: int = 1
    shared: bool = False
    level: int = 0
    size: int = 1

    @property
    def called(self):
        """The layer's name and class, and from the second call on which call it is."""
        return f"{self.name} ({self.kind}{f', call {self.turn}' * (self.turn > 1)})"

    @property
    def shapes(self):
        """The way from shape to shape, written out; empty if the layer is not built."""
        if self.before is None:
            return ""
        # What starts a graph, such as an InputLayer, reads nothing.
        start = f"{written(self.before)} → " if self.before else ""
        return start + written(self.after)

    @property
    def said(self):
        """The number of parameters, written out."""
        if self.count is None:
            return "not built"
        return "shared" if self.shared else f"{self.count:,}"

    @property
    def origin(self):
        """Which layers it reads, where that is not just the line before; else empty."""
        return f"reads {listed(self.takes)}" if self.takes else ""

    def __str__(self):
        shapes = f": {self.shapes}" if self.shapes else ""
        return f"{self.called}{shapes}. {self.why}"
