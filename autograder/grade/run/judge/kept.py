"""One judge for many submissions: each is judged by a fork of a process that has run nothing.

To start such a process, and a box for it, takes longer than most checks do. Whoever carries out
many tasks says `keep`; otherwise each submission has a judge of its own.
"""

import threading
from contextlib import ExitStack, contextmanager

from autograder.grade.run.files import read_files
from autograder.grade.run.judge.process import Judge

# A box ends with the thread that has started it.
_own = threading.local()


class _Kept:
    """The judge that was used last, and what it was made for."""

    judge, made_for = None, None

    def close(self):
        """End it."""
        if self.judge:
            self.judge.close()
        self.judge = self.made_for = None


def keep():
    """Let this thread keep its judge from one submission to the next, until `let_go`."""
    _own.kept = _Kept()


def let_go():
    """End the judge that this thread keeps."""
    if kept := _own.__dict__.pop("kept", None):
        kept.close()


@contextmanager
def judge(lesson, backend, files, spare, plain):
    """Yield a `Judge` that has run nothing; what it takes, see there."""
    kept = getattr(_own, "kept", None)
    with ExitStack() as stack:
        if kept is None:
            judge = Judge(lesson, backend, files, spare=spare, plain=plain)
            yield stack.enter_context(judge)
            return
        made_for = lesson, backend, read_files(files), plain
        if made_for != kept.made_for:
            kept.close()
            kept.judge = Judge(lesson, backend, files, spare=True, plain=plain)
            kept.judge.start()
            kept.made_for = made_for
        kept.judge.files = files  # for each submission they lie elsewhere
        stack.callback(kept.close)  # after an error, nobody knows what it is at
        yield kept.judge
        kept.judge.begin_anew()
        stack.pop_all()
