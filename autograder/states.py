"""The four states of a verdict, and how each looks; read without loading Keras."""

RIGHT = "right"
PARTLY = "partly right"
WRONG = "wrong"
NOT_ATTEMPTED = "not attempted"

#: The media type under which a verdict lies, as data, in a notebook's outputs.
MEDIA_TYPE = "application/vnd.keras-shapes.verdict+json"

#: Sign, headline and edge colour. The sign and the words carry the meaning; the colour repeats it.
LOOKS = {
    RIGHT: ("✔", "Right", "#2e8b57"),
    PARTLY: ("◐", "Partly right", "#b8860b"),
    WRONG: ("✘", "Not right yet", "#c0504d"),
    NOT_ATTEMPTED: ("○", "Not attempted", "#708090"),
}
