"""The four states of a verdict, and how each looks; read without loading Keras."""

RIGHT = "right"
PARTLY = "partly right"
WRONG = "wrong"
NOT_ATTEMPTED = "not attempted"

#: The media type under which a verdict lies, as data, in a notebook's outputs.
MEDIA_TYPE = "application/vnd.keras-shapes.verdict+json"


def verdict_in(cell):
    """Return the last verdict that a graded check cell shows, as data; {} if there is none.

    A check that calls an answer which nobody has written ends before it has one.
    """
    shown = [output.get("data", {}).get(MEDIA_TYPE) for output in cell.get("outputs", [])]
    found = next((data for data in reversed(shown) if isinstance(data, dict)), {})
    if not found and cell["metadata"].get("autograder", {}).get("untouched"):
        return {"state": NOT_ATTEMPTED}
    return found


#: Sign, headline and edge colour. The sign and the words carry the meaning; the colour repeats it.
LOOKS = {
    RIGHT: ("✔", "Right", "#2e8b57"),
    PARTLY: ("◐", "Partly right", "#b8860b"),
    WRONG: ("✘", "Not right yet", "#c0504d"),
    NOT_ATTEMPTED: ("○", "Not attempted", "#708090"),
}


def why_by_hand(reason, waits):
    """Return why a person has to look at a check or an essay.

    Args:
        reason: why it could not be judged; None or empty if it could, or is for a person by nature.
        waits: whether nobody has given its points, neither a person nor the grader.
    """
    return (reason or "nobody has marked it yet") if waits else "it was graded by hand before"
