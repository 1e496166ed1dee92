"""Keep warnings and log lines out of a cell's output, and hand them over as notes.

nbgrader gives no points to a graded cell in which any text reached stderr, and Keras warns of
`input_shape=`, a perfectly right answer. So a check runs its work inside `hushed()`, and what
would have been printed becomes a note on the verdict.
"""

import contextlib
import io
import logging
import os
import re
import sys
import tempfile
import warnings
from dataclasses import dataclass, field


@dataclass
class Noise:
    """What was said on stderr while `hushed()` was active."""

    warnings: list = field(default_factory=list)
    text: str = ""

    def notes(self):
        """Return one short sentence for each different warning or line."""
        notes = [_note(str(w.message)) for w in self.warnings]
        # Lines of TensorFlow's C++ log say nothing about the learner's work.
        lines = [line for line in self.text.splitlines() if line.strip() and not _LOG.match(line)]
        lines = [line for line in lines if "retracing" not in line]  # TensorFlow's own business
        if lines:
            notes.append("Your code also wrote to stderr: " + _shorten(lines[-1]))
        return tuple(dict.fromkeys(filter(None, notes)))


_LOG = re.compile(r"[IWE]\d{4} |WARNING: All log messages before absl|\d{4}-\d\d-\d\d .*: [IWE] ")


def _note(message):
    """Return a warning as a sentence for the learner."""
    if "Do not pass an `input_shape`" in message:
        return (
            "`input_shape=` on a layer works and costs nothing, but Keras 3 warns of it: "
            "put `keras.Input(shape=...)` first instead."
        )
    if "`input_shape` is deprecated" in message:
        return "`InputLayer(input_shape=...)` is the old spelling; Keras 3 calls it `shape=`."
    if "The structure of `inputs` doesn't match" in message:
        if re.search(r"Expected: \['\w+'\]\s", message):
            return ""  # a list of one input and the input itself are the same to everybody
        return (
            "A model was handed its data in another structure than it declares, a list for an "
            "array say; Keras warns of it and goes on."
        )
    return "A warning, which costs nothing: " + _shorten(message)


def _shorten(text, limit=160):
    text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 1] + "…"


def hold_back_retracing():
    """Keep TensorFlow from telling that it traces a function anew, which is its own business.

    After how many models it does so depends on all that ran before, so it comes and goes.
    """
    logger = logging.getLogger("tensorflow")
    logger.addFilter(lambda record: "retracing" not in record.getMessage())


@contextlib.contextmanager
def hushed():
    """Collect warnings and everything written to stderr, by Python or below it.

    Yields a `Noise`, complete when the block ends. In a kernel three doors lead to a cell's
    stderr: the name `sys.stderr`, a reference to that stream which somebody took earlier (a
    logging handler), and file descriptor 2 (TensorFlow's C++ log). All three are shut.
    """
    noise, text = Noise(), io.StringIO()
    with (
        warnings.catch_warnings(record=True) as caught,
        _descriptor(text),
        _stream_hook(sys.stderr, text),
        contextlib.redirect_stderr(text),
        _tensorflow_logger(),
    ):
        # "always": Python's default shows a warning once, so the second check would miss it.
        warnings.simplefilter("always")
        try:
            yield noise
        finally:
            noise.warnings = list(caught)
    noise.text = text.getvalue()


@contextlib.contextmanager
def unwarned():
    """Ignore warnings: what a check tries of its own says nothing about the learner's work."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@contextlib.contextmanager
def _descriptor(text):
    """Send file descriptor 2 to a temporary file, and its text to `text` at the end."""
    saved = os.dup(2)
    with tempfile.TemporaryFile() as sink:
        os.dup2(sink.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(saved, 2)
            os.close(saved)
            sink.seek(0)
            text.write(sink.read().decode(errors="replace"))


@contextlib.contextmanager
def _tensorflow_logger():
    """Keep the warnings of TensorFlow's logger back, such as the one on retracing.

    They say nothing about the learner's work, and its handler writes to stdout in a notebook, or
    to a stream of the process that a kernel was forked from.
    """
    logger = logging.getLogger("tensorflow")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)


@contextlib.contextmanager
def _stream_hook(stream, text):
    """Divert what is written to ipykernel's own stderr stream through an older reference.

    ipykernel offers a hook on each message of the stream; hooks belong to the thread that
    sends, so it is registered and removed there. Other streams are left alone.
    """
    if not (hasattr(stream, "register_hook") and hasattr(stream, "pub_thread")):
        yield
        return

    def divert(message):
        text.write(message["content"]["text"])
        return None  # nothing is sent

    stream.flush()
    stream.pub_thread.schedule(lambda: stream.register_hook(divert))
    try:
        yield
    finally:
        stream.flush()
        stream.pub_thread.schedule(lambda: stream.unregister_hook(divert))
