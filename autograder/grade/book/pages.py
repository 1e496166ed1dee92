"""Pages that show what students wrote: feedback, and a submission in formgrader.

Programs that make HTML of Markdown or colour code look for patterns, and for some texts that takes
them longer than anybody can wait. So each text has a share of the time that its page has for texts,
and is shown as it was written if that is not enough; and a page of feedback has a time of its own,
so that all others are made.
"""

import signal
import threading
import time
from contextlib import contextmanager
from html import escape

from nbconvert.exporters import HTMLExporter
from nbconvert.filters import Highlight2HTML
from nbconvert.utils.base import NbConvertBase
from traitlets import Float, Integer

from autograder.errors import UserError


class TooSlow(BaseException):
    """Something has taken too long. (No Exception: libraries go on after those.)"""


@contextmanager
def time_limit(seconds):
    """Raise TooSlow in what takes longer, where this can be: in a main thread, not on Windows.

    Limits may be nested.
    """
    is_main = threading.current_thread() is threading.main_thread()
    if not is_main or not hasattr(signal, "setitimer"):
        yield
        return
    limit = TooSlow()

    def stop(*_):
        raise limit

    began = time.monotonic()
    before = signal.signal(signal.SIGALRM, stop)
    # Again and again, for an error in what collects garbage is lost.
    left, again = signal.setitimer(signal.ITIMER_REAL, seconds, 0.5)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        if left:
            left = max(left - (time.monotonic() - began), 0.001)
            signal.setitimer(signal.ITIMER_REAL, left, again)


class _Text(NbConvertBase):
    """A filter of nbconvert, which gets the context in which a page is made."""

    jinja_pass_arg = HTMLExporter.markdown2html.jinja_pass_arg

    most = Integer(100_000, help="characters of a text that are made HTML of").tag(config=True)
    seconds = Float(20, help="for all texts of a page together").tag(config=True)

    def __call__(self, context, source, *args, **options):
        """Return the HTML of a text; what takes too long, or is too long, as it was written."""
        if len(source) > self.most:
            return _as_written(f"{source[: self.most]}\n[the rest was cut off]\n")
        left = context["resources"].get("seconds_for_texts", self.seconds)
        began = time.monotonic()
        try:
            with time_limit(left / 2):
                return self.shown(context, source, *args, **options)
        except TooSlow:
            self.log.warning("A text took too long to be made HTML of: it is shown as written.")
            return _as_written(source)
        finally:
            left -= time.monotonic() - began
            context["resources"]["seconds_for_texts"] = max(left, 0.1)


def _as_written(text):
    return f"<pre>{escape(text)}</pre>"


class Markdown(_Text):
    """The filter `markdown2html`."""

    def shown(self, context, source):
        """Return the HTML as the exporter itself makes it."""
        return self.parent.markdown2html(context, source)


class Code(_Text):
    """The filter `highlight_code`."""

    def shown(self, context, source, language=None, metadata=None):
        """Return the HTML as nbconvert itself makes it."""
        return Highlight2HTML(parent=self.parent)(source, language, metadata)


class FeedbackPage(HTMLExporter):
    """Makes a page of feedback, within a time."""

    seconds = Float(60, help="that the page of a student may take").tag(config=True)

    def from_filename(self, filename, resources=None, **options):
        """Return the page of a graded notebook, as nbconvert does.

        Raises:
            UserError: It took too long. (nbgrader logs that, and goes on with the others.)
        """
        try:
            with time_limit(self.seconds):
                return super().from_filename(filename, resources, **options)
        except TooSlow:
            names = resources["nbgrader"]
            student, lesson = names["student"], names["assignment"]
            raise UserError(
                f"the feedback of {student} for {lesson} was not made, for it takes longer than "
                f"{self.seconds:g} seconds: shorten the texts in {filename}, or raise "
                "c.FeedbackPage.seconds in nbgrader_config.py, and run "
                f"`nbgrader generate_feedback {lesson} --student {student}`"
            ) from None
