"""`%load_ext autograder`: a card below the traceback of a cell that failed, and `%why`.

Nothing here imports Keras, or anything that does, before a cell has failed in which Keras had
been imported: which backend it is to use is the person's choice.
"""

import sys


class Watch:
    """Looks at how each cell of an IPython shell ended."""

    def __init__(self, shell):
        self.shell = shell
        self.last = None

    def cell_ended(self, result):
        """Show the card of a cell that failed, if there is anything to say; else nothing."""
        error = result.error_in_exec
        if error is None or "keras" not in sys.modules:
            return
        try:
            self.last = _explained(error)
            if self.last.speaks:
                _show(self.last)
        except Exception:  # a card is an extra: it never makes a cell's failure worse
            self.last = None

    def why(self, line=""):
        """Show once more why the last cell that failed did so: %why."""
        from autograder.learn.why import why

        _show(self.last if self.last is not None else why())


def load(shell):
    """Begin to watch an IPython shell, and give it the magic %why; once only."""
    if getattr(shell, "_keras_shapes_watch", None) is not None:
        return
    watch = Watch(shell)
    shell._keras_shapes_watch = watch
    shell.events.register("post_run_cell", watch.cell_ended)
    shell.register_magic_function(watch.why, "line", "why")


def unload(shell):
    """Stop watching an IPython shell."""
    watch = getattr(shell, "_keras_shapes_watch", None)
    if watch is not None:
        shell.events.unregister("post_run_cell", watch.cell_ended)
        shell.magics_manager.magics["line"].pop("why", None)
        shell._keras_shapes_watch = None


def _explained(error):
    from autograder.learn.why import explain_error

    return explain_error(error)


def _show(card):
    from IPython.display import display

    display({"text/plain": card.as_text(), "text/html": card.as_html()}, raw=True)
