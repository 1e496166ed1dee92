"""Errors that are told to a person in one sentence, without a traceback."""


class UserError(Exception):
    """A fault that the reader can mend: the sentence names the file or option and says how."""

    def _render_traceback_(self):
        # What IPython shows in a notebook: the sentence, without the way that led there.
        return [f"{self}."]
