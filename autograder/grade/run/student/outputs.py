"""What a student's cell put out, as far as it is kept: a bounded amount of text and pictures."""

import json

from autograder.grade.handed_in import defuse

#: Bytes that are kept of a cell's outputs, and how many outputs.
KEPT, MANY = 200_000, 500
_KINDS = ("stream", "display_data", "execute_result", "error")
#: What is told above what a cell shows that was not run, and where there is nothing to show.
NOT_RUN = "[Not run again. In the lesson it shows:]\n"
NOR_SHOWN = "[Not run: no answer depends on it.]\n"
_CUT = "\n[the rest was cut off]\n"


def error_output(name, said):
    """Return an error of ours as an output."""
    return {
        "output_type": "error",
        "ename": name,
        "evalue": said,
        "traceback": [f"{name}: {said}"],
    }


def stored(outputs):
    """Return what is shown below a cell that was not run: what the lesson itself shows there."""
    kept = Outputs(KEPT)
    for output in outputs:
        kept.add(output["output_type"], output)
    told = NOT_RUN if kept.kept else NOR_SHOWN
    return [{"output_type": "stream", "name": "stdout", "text": told}, *kept.kept]


class Outputs:
    """Collects the outputs of one cell as nbformat has them; what is too much is left out."""

    def __init__(self, most):
        """Begin with nothing.

        Args:
            most: Bytes after which it is a flood.
        """
        self.kept = []
        self._most, self._seen, self._used = most, 0, 0
        self._is_cut = self._clears = False

    @property
    def is_flood(self):
        """Whether more came than anybody prints by mistake."""
        return self._seen > self._most

    def add(self, kind, content):
        """Take in a message of a kernel, whose content may be anything."""
        self._seen += len(json.dumps(content))
        if kind == "clear_output":
            self._clears = True
            return
        found = defuse.output({"output_type": kind, **content}) if kind in _KINDS else None
        if found is None:
            return
        if self._clears:
            self._clears, self._used, self._is_cut = False, 0, False
            self.kept.clear()
        self._keep(found)

    def add_error(self, name, said):
        """Add an error of ours, for which there is always room."""
        self.kept.append(error_output(name, said))

    def _keep(self, found):
        room = KEPT - self._used
        size = len(json.dumps(found))
        if self._is_cut or size > room or len(self.kept) >= MANY:
            self._cut(found, room)
            return
        self._used += size
        last = self.kept[-1] if self.kept else {}
        both = {"stream"} == {found["output_type"], last.get("output_type")}
        if both and found["name"] == last["name"]:
            last["text"] += found["text"]
        else:
            self.kept.append(found)

    def _cut(self, found, room):
        """Keep the beginning of a text that is too long, and say that it was cut."""
        if self._is_cut:
            return
        self._is_cut = True
        text = found["text"][: max(room, 0)] if found["output_type"] == "stream" else ""
        name = found.get("name", "stdout")
        self.kept.append({"output_type": "stream", "name": name, "text": text + _CUT})
